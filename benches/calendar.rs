//! The event calendar under the hold model: take the next event and schedule another one, with as many pending as in
//! `ramp100`. The table `calendars` of the bench `scale` compares it with other designs.

#[path = "subject/hold.rs"]
mod hold;

use criterion::{Criterion, Throughput};
use handover::engine::{Calendar, Ticks};
use handover::random::Distribution;

use hold::{Hold, MEAN_DAYS, MONTHS, Times};

/// Events pending at the start of a replication.
const PENDING: u32 = 300;
/// Events taken per iteration.
const EVENTS: u64 = 5_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let law = Distribution::exponential(MEAN_DAYS).expect("the mean is above 0");
    let mut group = criterion.benchmark_group("calendar");
    group.throughput(Throughput::Elements(EVENTS));
    let mut hold = Hold { times: Times::draw(|uniform, _| law.quantile(uniform)), pending: PENDING };
    let mut calendar = Calendar::new(Ticks::new(12.0, 365.0, MONTHS));
    group.bench_function("hold", |bencher| bencher.iter(|| hold.take(&mut calendar, EVENTS, |_, _| {})));
    group.finish();
    criterion.final_summary();
}
