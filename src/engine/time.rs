//! Instants on the time axis of a replication, and the ticks (month ends) that divide it.

use std::cmp::Ordering;

/// Instants closer than this to a tick count as that tick, in days.
const TICK_TOLERANCE_DAYS: f64 = 1e-9;
/// An instant further than this from a whole number of units is not a tick. The margin exceeds the rounding error of any such
/// number.
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

/// Ticks, which divide the time axis. Each lies at a multiple of a unit: a day, for example. The last tick ends the replication.
#[derive(Clone, Debug)]
pub struct Ticks {
    /// The day of each tick. The first is tick 0, the start.
    days: Box<[f64]>,
    /// The same in units.
    units: Box<[u32]>,
    /// Days of some units, and how many these are.
    unit: (f64, f64),
    per_day: f64,
    /// Number of the last tick.
    pub last: u32,
}

impl Ticks {
    /// Returns ticks of which `every` occur in `days` days, up to tick number `last`. Tick k is at day k * `days` / `every`.
    #[must_use]
    pub fn new(every: f64, days: f64, last: u32) -> Self {
        Self::of((0..=last).collect(), (days, every))
    }

    /// Returns ticks on whole days, in rising order. The first is day 0.
    #[must_use]
    pub fn on_days(days: impl IntoIterator<Item = u32>) -> Self {
        Self::of(days.into_iter().collect(), (1.0, 1.0))
    }

    fn of(units: Box<[u32]>, unit: (f64, f64)) -> Self {
        let (days, every) = unit;
        let last = u32::try_from(units.len().saturating_sub(1)).unwrap_or(u32::MAX);
        Self { days: units.iter().map(|&units| edge(units, unit)).collect(), units, unit, per_day: every / days, last }
    }

    /// Returns the units from the start to a tick.
    ///
    /// # Panics
    /// If there is no such tick.
    #[must_use]
    pub fn units(&self, number: u32) -> u32 {
        self.units[number as usize]
    }

    /// Returns the instant at which this number of units has passed.
    #[must_use]
    pub fn edge(&self, units: u32) -> Time {
        Time(edge(units, self.unit))
    }

    /// Returns the instant of tick `number`, from 0 to the last.
    ///
    /// # Panics
    /// If there is no such tick.
    #[must_use]
    pub fn at(&self, number: u32) -> Time {
        Time(self.days[number as usize])
    }

    /// Returns the instant of the last tick.
    #[must_use]
    pub fn end(&self) -> Time {
        self.at(self.last)
    }

    /// Returns the days from the tick before to tick `number`, from 1.
    ///
    /// # Panics
    /// If there is no such tick.
    #[must_use]
    pub fn length_days(&self, number: u32) -> f64 {
        self.days[number as usize] - self.days[number as usize - 1]
    }

    /// Returns the tick that is within the tolerance of `time`, else `time` itself.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "larger instants saturate")]
    pub fn snap(&self, time: Time) -> Time {
        // Few instants are near a tick, and no division is needed to rule that out.
        let units = time.0 * self.per_day;
        // Adding one half and truncating takes two instructions. `round` is a function call on the oldest processors.
        let number = (units + 0.5) as u32;
        if (units - f64::from(number)).abs() > NEAR { time } else { self.nearest(time) }
    }

    fn nearest(&self, time: Time) -> Time {
        let index = self.days.partition_point(|&day| day < time.0 - TICK_TOLERANCE_DAYS);
        match self.days.get(index) {
            Some(&day) if day <= time.0 + TICK_TOLERANCE_DAYS => Time(day),
            _ => time,
        }
    }
}

fn edge(units: u32, (days, every): (f64, f64)) -> f64 {
    f64::from(units) * days / every
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_are_exactly_a_year() {
        let months = Ticks::new(12.0, 365.0, 60);
        assert_eq!(months.at(12), Time::from_days(365.0));
        assert_eq!(months.end(), Time::from_days(1825.0));
    }

    #[test]
    fn instants_close_to_a_tick_are_that_tick_and_others_stay() {
        let months = Ticks::new(12.0, 365.0, 60);
        let sum_of_steps = (0..7).fold(0.0, |days, _| days + 365.0 / 12.0);
        assert_eq!(months.snap(Time::from_days(sum_of_steps)), months.at(7));
        assert_eq!(months.snap(Time::from_days(365.0 + 0.9e-9)), months.at(12));
        assert_eq!(months.snap(Time::START), Time::START);
        for off in [365.0 + 1.1e-9, 365.0 - 1.1e-9, 31.0, 1e300] {
            assert_eq!(months.snap(Time::from_days(off)).days().to_bits(), off.to_bits(), "{off}");
        }
    }

    #[test]
    fn ticks_on_whole_days_need_not_be_regular() {
        let months = Ticks::on_days([0, 31, 59, 90]);
        assert_eq!((months.last, months.length_days(2).to_bits()), (3, 28.0_f64.to_bits()));
        for (day, snapped) in [(59.0 - 0.9e-9, 59.0), (58.0, 58.0), (60.0 + 1e-10, 60.0 + 1e-10), (90.0, 90.0), (1e9, 1e9)] {
            assert_eq!(months.snap(Time::from_days(day)).days().to_bits(), f64::to_bits(snapped), "{day}");
        }
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
