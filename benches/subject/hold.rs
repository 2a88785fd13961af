//! The hold model: take the next event and schedule another one, to the end of a replication, then start the next one.

use std::hint::black_box;

use handover::engine::{Calendar, Due, Step, Time};
use handover::random::{DrawKey, Entity, Family, Purpose};

/// Mean time to an event in days: with 300 pending, one step in sixteen is then a month end, as in `ramp100`.
pub(crate) const MEAN_DAYS: f64 = 570.0;
/// Months in a replication: eight times the mean time to an event. Later events never happen, and are not kept.
pub(crate) const MONTHS: u32 = 150;
/// The same in days.
pub(crate) const END_DAYS: f64 = MONTHS as f64 * 365.0 / 12.0;
/// Times drawn in advance, too many for any processor to predict.
const TIMES: u32 = 1 << 18;

/// Keeps pending events in order: by time, and ties by order of scheduling.
pub(crate) trait Pending {
    /// Returns to the start with nothing pending.
    fn clear(&mut self);
    /// Schedules an event at a time in days, before the end.
    fn schedule(&mut self, at: f64, event: u32);
    /// Removes the next event, and returns it with its time in days. None if none is pending.
    fn take(&mut self) -> Option<(f64, u32)>;
}

impl Pending for Calendar<u32> {
    fn clear(&mut self) {
        self.clear();
    }

    fn schedule(&mut self, at: f64, event: u32) {
        self.schedule_at(Time::from_days(at), event);
    }

    fn take(&mut self) -> Option<(f64, u32)> {
        loop {
            match self.advance() {
                Step::Event(Due { event, time, .. }) => {
                    self.reach(time);
                    return Some((time.days(), event));
                }
                Step::Tick(_) => {}
                Step::End => return None,
            }
        }
    }
}

/// Times to events, drawn in advance so that drawing is not measured. They repeat without end.
#[derive(Debug)]
pub(crate) struct Times {
    days: Vec<f64>,
    at: usize,
}

impl Times {
    /// Draws the times by a function of two uniform numbers that returns days.
    pub(crate) fn draw(law: impl Fn(f64, f64) -> f64) -> Self {
        let family = Family::new(1, "calendar");
        let [first, second] = ["bench.calendar", "bench.choice"].map(|name| DrawKey::of(Purpose::named(name)));
        let uniform = |at, draw| family.uniform(at, Entity::default(), draw);
        let days = (0..TIMES).map(|at| law(uniform(at, first), uniform(at, second))).collect();
        Self { days, at: 0 }
    }

    fn next(&mut self) -> f64 {
        let days = self.days[self.at];
        self.at = (self.at + 1) % self.days.len();
        days
    }
}

/// The model with a number of events pending at the start of each replication.
#[derive(Debug)]
pub(crate) struct Hold {
    /// Times to events.
    pub(crate) times: Times,
    /// Events at the start.
    pub(crate) pending: u32,
}

impl Hold {
    /// Takes this many events, in as many replications as needed, and calls `taken` for each with its time.
    #[inline]
    pub(crate) fn take<P: Pending>(&mut self, calendar: &mut P, events: u64, mut taken: impl FnMut(f64, u32)) {
        let mut count = 0;
        while count < events {
            let Some((now, event)) = calendar.take() else {
                calendar.clear();
                for event in 0..self.pending {
                    self.schedule(calendar, 0.0, event);
                }
                continue;
            };
            taken(now, event);
            count += 1;
            self.schedule(calendar, now, black_box(event));
        }
    }

    #[inline]
    fn schedule<P: Pending>(&mut self, calendar: &mut P, now: f64, event: u32) {
        let at = now + self.times.next();
        if at < END_DAYS {
            calendar.schedule(at, event);
        }
    }
}
