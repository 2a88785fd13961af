//! Head-days: the integral over time of a number of people.

use crate::engine::Time;

/// A number of people, and its integral since it was last read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heads {
    count: f64,
    since_day: f64,
    days: f64,
}

impl Heads {
    /// Adds people or, if negative, removes them.
    pub(super) fn change(&mut self, by: f64, now: Time) {
        self.set(self.count + by, now);
    }

    /// Sets the number of people.
    pub(super) fn set(&mut self, count: f64, now: Time) {
        self.advance(now);
        self.count = count;
    }

    fn advance(&mut self, now: Time) {
        self.days += self.count * (now.days() - self.since_day);
        self.since_day = now.days();
    }

    /// Returns the head-days until now, and starts a new count.
    pub(super) fn take_days(&mut self, now: Time) -> f64 {
        self.advance(now);
        std::mem::take(&mut self.days)
    }
}
