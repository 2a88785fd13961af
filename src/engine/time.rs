//! Instants on the time axis of a replication, and the regular ticks (month ends) that divide it.

use std::cmp::Ordering;

/// Instants closer than this to a tick count as that tick, in days.
const TICK_TOLERANCE_DAYS: f64 = 1e-9;
/// Distance from a whole number of ticks beyond which an instant is none, whatever rounding does to so many ticks as there
/// are numbers for.
const NEAR: f64 = 1e-5;

/// An instant, in days since the start of the replication: never negative, never NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time(f64);

impl Time {
    /// The start of a replication.
    pub const START: Time = Time(0.0);

    /// The instant so many `days` after the start.
    ///
    /// # Panics
    /// If `days` is negative or NaN, which no checked scenario can bring about.
    #[must_use]
    pub fn from_days(days: f64) -> Self {
        assert!(days >= 0.0, "an instant lies {days} days after the start");
        // Adding zero turns -0.0, whose bits would sort last, into 0.0.
        Self(days + 0.0)
    }

    /// Days since the start.
    #[must_use]
    pub fn days(self) -> f64 {
        self.0
    }

    /// Days from `earlier` to this instant.
    #[must_use]
    pub fn days_since(self, earlier: Time) -> f64 {
        self.0 - earlier.0
    }

    /// The instant `days` later.
    #[must_use]
    pub fn after(self, days: f64) -> Self {
        Self::from_days(self.0 + days)
    }

    /// Bits that sort as the instants do: true of all doubles that are not negative.
    pub(super) fn sortable(self) -> u64 {
        self.0.to_bits()
    }

    /// The instant that has these sortable bits.
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

/// Regular ticks: number k (from 1) comes at k * `days` / `every` days; the last one ends the replication.
#[derive(Clone, Copy, Debug)]
pub struct Ticks {
    /// Days in which `every` ticks come.
    days: f64,
    /// Ticks in so many `days`.
    every: f64,
    per_day: f64,
    /// Number of the last tick.
    pub last: u32,
}

impl Ticks {
    /// `every` ticks in so many `days`, the last of which has this number.
    #[must_use]
    pub const fn new(every: f64, days: f64, last: u32) -> Self {
        Self { days, every, per_day: every / days, last }
    }

    /// The instant of tick `number`.
    #[must_use]
    pub fn at(&self, number: u32) -> Time {
        Time(f64::from(number) * self.days / self.every)
    }

    /// The instant itself, or the tick that it is as good as equal to.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the instant lies before the last tick")]
    pub fn snap(&self, time: Time) -> Time {
        // Few instants lie near a tick, and it takes no division to see that one does not.
        let ticks = time.0 * self.per_day;
        // Rounding by way of a whole number takes two instructions; `round` is a call on the oldest processors.
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
