//! Head-days: the integral over time of a number of people.

use crate::engine::Time;

/// A number of people, and its integral since it was last taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heads {
    count: f64,
    since_day: f64,
    days: f64,
}

impl Heads {
    /// Some come or, negative, go.
    pub(super) fn change(&mut self, by: f64, now: Time) {
        self.set(self.count + by, now);
    }

    /// There are so many now.
    pub(super) fn set(&mut self, count: f64, now: Time) {
        self.advance(now);
        self.count = count;
    }

    fn advance(&mut self, now: Time) {
        self.days += self.count * (now.days() - self.since_day);
        self.since_day = now.days();
    }

    /// Takes the head-days until now; those to come are counted anew.
    pub(super) fn take_days(&mut self, now: Time) -> f64 {
        self.advance(now);
        std::mem::take(&mut self.days)
    }
}
