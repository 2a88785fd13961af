//! The event calendar under the hold model: take the next event, schedule another; as many pending as in `ramp100`.

use std::cell::Cell;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use handover::engine::{Calendar, Step, Ticks};
use handover::random::{Distribution, Draw, Entity, Family, Purpose};

/// Events pending at any time.
const PENDING: u32 = 300;
/// Events taken in one iteration.
const HOLDS: u64 = 5_000;
/// Mean time to an event in days: about one step in sixteen is then a month end, as in `ramp100`.
const MEAN_DAYS: f64 = 570.0;
/// Times drawn beforehand: so many that no processor learns them by heart.
const TIMES: usize = 1 << 18;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let times = Times::draw();
    let mut group = criterion.benchmark_group("calendar");
    group.throughput(Throughput::Elements(HOLDS));
    group.bench_function("hold", |bencher| {
        bencher.iter_batched_ref(|| filled(&times), |calendar| hold(calendar, &times), BatchSize::LargeInput);
    });
    group.bench_function("hold and cancel", |bencher| {
        bencher.iter_batched_ref(|| filled(&times), |calendar| hold_and_cancel(calendar, &times), BatchSize::LargeInput);
    });
    group.finish();
    criterion.final_summary();
}

/// Times to events, drawn beforehand so that drawing is not measured, and handed out without end.
struct Times {
    days: Vec<f64>,
    at: Cell<usize>,
}

impl Times {
    fn draw() -> Self {
        let law = Distribution::exponential(MEAN_DAYS).expect("the mean is above 0");
        let family = Family::new(1, "calendar");
        let draw = Draw::of(Purpose::named("bench.calendar"));
        let days = (0..TIMES as u32).map(|at| law.quantile(family.uniform(at, Entity::default(), draw))).collect();
        Self { days, at: Cell::new(0) }
    }

    fn next(&self) -> f64 {
        let at = self.at.get();
        self.at.set((at + 1) % TIMES);
        self.days[at]
    }
}

fn filled(times: &Times) -> Calendar<u32> {
    let mut calendar = Calendar::new(Ticks::new(12.0, 365.0, u32::MAX));
    for event in 0..PENDING {
        calendar.schedule_in(times.next(), event);
    }
    calendar
}

fn hold(calendar: &mut Calendar<u32>, times: &Times) {
    let mut taken = 0;
    while taken < HOLDS {
        if let Step::Event(event) = calendar.advance() {
            taken += 1;
            calendar.schedule_in(times.next(), black_box(event));
        }
    }
}

/// Each event schedules a second one and cancels it, as plans are that are overtaken.
fn hold_and_cancel(calendar: &mut Calendar<u32>, times: &Times) {
    let mut taken = 0;
    while taken < HOLDS {
        if let Step::Event(event) = calendar.advance() {
            taken += 1;
            calendar.schedule_in(times.next(), black_box(event));
            let overtaken = calendar.schedule_in(times.next(), event);
            calendar.cancel(overtaken);
        }
    }
}
