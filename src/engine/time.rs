//! Instants on the time axis of a replication, and the regular ticks (month ends) that divide it.

use std::cmp::Ordering;

/// Instants closer than this to a tick count as that tick, in days.
const TICK_TOLERANCE_DAYS: f64 = 1e-9;
/// An instant further than this from a whole number of ticks is not a tick. The margin exceeds the rounding error of any
/// tick number.
const NEAR: f64 = 1e-5;

/// An instant, in days since the start of the replication: never negative, never NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time(f64);

impl Time {
    /// The start of a replication.
    pub const START: Time = Time(0.0);

    /// Returns the instant `days` days after the start.
    ///
    /// # Panics
    /// If `days` is negative or NaN, which cannot happen in a checked scenario.
    #[must_use]
    pub fn from_days(days: f64) -> Self {
        assert!(days >= 0.0, "an instant lies {days} days after the start");
        // Adding zero turns -0.0, whose bits would sort last, into 0.0.
        Self(days + 0.0)
    }

    /// Returns the days since the start.
    #[must_use]
    pub fn days(self) -> f64 {
        self.0
    }

    /// Returns the days from `earlier` to this instant.
    #[must_use]
    pub fn days_since(self, earlier: Time) -> f64 {
        self.0 - earlier.0
    }

    /// Returns the instant `days` later.
    #[must_use]
    pub fn after(self, days: f64) -> Self {
        Self::from_days(self.0 + days)
    }

    /// Returns bits that sort in order of time. This holds for all non-negative doubles.
    pub(super) fn sortable(self) -> u64 {
        self.0.to_bits()
    }

    /// Returns the instant of these sortable bits.
    pub(super) fn from_sortable(bits: u64) -> Self {
        Self(f64::from_bits(bits))
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sortable().cmp(&other.sortable())
    }
}

/// Regular ticks. Tick k (from 1) is at day k * `days` / `every`. The last tick ends the replication.
#[derive(Clone, Copy, Debug)]
pub struct Ticks {
    /// Days that `every` ticks take.
    days: f64,
    /// Ticks per `days` days.
    every: f64,
    per_day: f64,
    /// Number of the last tick.
    pub last: u32,
}

impl Ticks {
    /// Returns ticks of which `every` occur in `days` days, up to tick number `last`.
    #[must_use]
    pub const fn new(every: f64, days: f64, last: u32) -> Self {
        Self { days, every, per_day: every / days, last }
    }

    /// Returns the instant of tick `number`.
    #[must_use]
    pub fn at(&self, number: u32) -> Time {
        Time(f64::from(number) * self.days / self.every)
    }

    /// Returns the tick that is within the tolerance of `time`, else `time` itself.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the instant lies before the last tick")]
    pub fn snap(&self, time: Time) -> Time {
        // Few instants are near a tick, and no division is needed to rule that out.
        let ticks = time.0 * self.per_day;
        // Adding one half and truncating takes two instructions. `round` is a function call on the oldest processors.
        let number = (ticks + 0.5) as u32;
        if (ticks - f64::from(number)).abs() > NEAR {
            return time;
        }
        let nearest = self.at(number);
        if (time.0 - nearest.0).abs() <= TICK_TOLERANCE_DAYS { nearest } else { time }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTHS: Ticks = Ticks::new(12.0, 365.0, 60);

    #[test]
    fn twelve_months_are_exactly_a_year() {
        assert_eq!(MONTHS.at(12), Time::from_days(365.0));
        assert_eq!(MONTHS.at(60), Time::from_days(1825.0));
    }

    #[test]
    fn instants_close_to_a_tick_are_that_tick_and_others_stay() {
        let sum_of_steps = (0..7).fold(0.0, |days, _| days + 365.0 / 12.0);
        assert_eq!(MONTHS.snap(Time::from_days(sum_of_steps)), MONTHS.at(7));
        assert_eq!(MONTHS.snap(Time::from_days(365.0 + 0.9e-9)), MONTHS.at(12));
        let off = Time::from_days(365.0 + 1.1e-9);
        assert_eq!(MONTHS.snap(off), off);
        assert_eq!(MONTHS.snap(Time::START), Time::START);
    }

    #[test]
    fn instants_sort_by_their_bits() {
        let days = [0.0, f64::MIN_POSITIVE, 1e-9, 1.0, 1.0 + f64::EPSILON, 1e6, f64::INFINITY];
        for pair in days.windows(2) {
            assert!(Time::from_days(pair[0]) < Time::from_days(pair[1]));
        }
        assert_eq!(Time::from_days(-0.0).sortable(), Time::START.sortable());
    }
}
