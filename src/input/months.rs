//! The months of a scenario: when each ends.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::engine::Ticks;
use crate::report::dates::date_of;

/// Days in a year of `MONTHS_PER_YEAR` months of equal length.
pub const DAYS_PER_YEAR: f64 = 365.0;
/// Months in a year.
pub const MONTHS_PER_YEAR: f64 = 12.0;
/// Days in a month as a duration, and in each month of `months = "equal"`.
pub const DAYS_PER_MONTH: f64 = DAYS_PER_YEAR / MONTHS_PER_YEAR;
/// The last month whose end is looked up in the calendar. It lies beyond every horizon.
const LAST: u32 = 2400;

/// How long the months of a scenario are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthLength {
    /// As in the calendar, counted from the start.
    Calendar,
    /// 365/12 days each.
    Equal,
}

/// When the months of a scenario end: MODEL, first section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanMonths {
    /// The date of day 0.
    pub start: Date,
    /// The length of the months.
    pub length: MonthLength,
    /// The calendar month in which fiscal years begin, from 1.
    pub fiscal_year_starts: i8,
}

impl Default for PlanMonths {
    fn default() -> Self {
        Self::new(Date::constant(2000, 1, 1), MonthLength::Equal)
    }
}

impl PlanMonths {
    /// Returns months of some length from a start. Fiscal years begin in the month of the start.
    #[must_use]
    pub fn new(start: Date, length: MonthLength) -> Self {
        Self { start, length, fiscal_year_starts: start.month() }
    }

    /// Returns the month ends, up to that of month `last`.
    #[must_use]
    pub fn ends(self, last: u32) -> Ticks {
        match self.length {
            MonthLength::Equal => Ticks::new(MONTHS_PER_YEAR, DAYS_PER_YEAR, last),
            MonthLength::Calendar => Ticks::on_days((0..=last).map(|month| self.days_until(self.first_after(month)))),
        }
    }

    /// Returns the day of an instant given in months. One that is not whole lies in proportion between two month ends.
    #[must_use]
    pub fn day(self, month: f64) -> f64 {
        let in_calendar = month.min(LAST.into());
        match self.length {
            MonthLength::Equal => month * DAYS_PER_YEAR / MONTHS_PER_YEAR,
            MonthLength::Calendar => {
                let ended = in_calendar.floor();
                let [end, next] = [ended, ended + 1.0].map(|month| self.end(month));
                end + (in_calendar - ended) * (next - end) + (month - in_calendar) * DAYS_PER_MONTH
            }
        }
    }

    /// Returns the instant at which a date begins, in days and in months. Both are negative before the start.
    #[must_use]
    pub fn instant(self, date: Date) -> Moment {
        let day = f64::from(date.since(self.start).map_or(0, |span| span.get_days()));
        let month = match self.length {
            MonthLength::Equal => day / DAYS_PER_MONTH,
            MonthLength::Calendar if day < 0.0 => day / DAYS_PER_MONTH,
            MonthLength::Calendar => {
                let ended = f64::from(self.ended(day));
                let [end, next] = [ended, ended + 1.0].map(|month| self.end(month));
                ended + (day - end) / (next - end)
            }
        };
        Moment { month, day }
    }

    /// Returns the number of months that have ended by a day, 0 or later.
    #[must_use]
    pub fn ended(self, day: f64) -> u32 {
        match self.length {
            MonthLength::Equal => whole(day * MONTHS_PER_YEAR / DAYS_PER_YEAR),
            MonthLength::Calendar => {
                // No month has less than 28 days, and 12 have at least 365.
                let most = whole(day * MONTHS_PER_YEAR / DAYS_PER_YEAR) + 1;
                (0..=most).rev().find(|&month| self.end(month.into()) <= day + 1e-9).unwrap_or(0)
            }
        }
    }

    /// Returns the date of the last day that begins before the end of a month, from 1.
    #[must_use]
    pub fn last_date(self, month: u32) -> Date {
        self.date(self.day(month.into()).ceil() - 1.0)
    }

    /// Returns the date of a day; the last date of the calendar if it lies beyond.
    #[must_use]
    pub fn date(self, day: f64) -> Date {
        date_of(self.start, day)
    }

    /// Returns the fiscal year that begins in this year of the calendar. None if it is over before the start.
    #[must_use]
    pub fn fiscal_year(self, year: i16) -> Option<FiscalYear> {
        let years = i32::from(year) - i32::from(self.start.year());
        // Month 1 is the calendar month of the start, wherever in it that is.
        let before = years * 12 + i32::from(self.fiscal_year_starts) - i32::from(self.start.month());
        let to = u32::try_from(before + 12).ok().filter(|&to| to > 0)?;
        Some(FiscalYear { year, from: u32::try_from(before + 1).map_or(1, |from| from.max(1)), to })
    }

    /// Returns the fiscal years of the first months, up to month `last`. The last one may be cut short.
    pub fn fiscal_years(self, last: u32) -> impl Iterator<Item = FiscalYear> {
        let years = (self.start.year() - 1..).filter_map(move |year| self.fiscal_year(year));
        years.take_while(move |year| year.from <= last).map(move |year| FiscalYear { to: year.to.min(last), ..year })
    }

    /// Returns the date on which the next month begins.
    fn first_after(self, month: u32) -> Date {
        self.start.checked_add(i64::from(month).months()).unwrap_or(Date::MAX)
    }

    fn days_until(self, date: Date) -> u32 {
        date.since(self.start).ok().and_then(|span| u32::try_from(span.get_days()).ok()).unwrap_or(0)
    }

    /// Returns the day on which a whole month of the calendar ends.
    fn end(self, month: f64) -> f64 {
        f64::from(self.days_until(self.first_after(whole(month))))
    }
}

/// A fiscal year, by the year of the calendar in which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiscalYear {
    /// The year in which it begins.
    pub year: i16,
    /// Its first month after the start, from 1.
    pub from: u32,
    /// Its last month.
    pub to: u32,
}

/// Returns the largest whole number not above a number that is not negative, up to rounding.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "larger ones saturate")]
pub(super) fn whole(number: f64) -> u32 {
    (number + 1e-9).floor() as u32
}

/// An instant, 0 or later: a number of months, or a TOML date, whose beginning is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Months after the start. Those of a date lie in proportion between two month ends.
    pub month: f64,
    /// Days after the start.
    pub day: f64,
}

impl Moment {
    /// The start.
    pub const START: Self = Self { month: 0.0, day: 0.0 };
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as civil;

    use super::*;

    fn calendar(start: Date) -> PlanMonths {
        PlanMonths::new(start, MonthLength::Calendar)
    }

    #[test]
    fn months_end_as_in_the_calendar_leap_years_included() {
        let ends = calendar(civil(2027, 1, 1)).ends(24);
        let lengths: Vec<f64> = (1..=24).map(|month| ends.length_days(month)).collect();
        assert_eq!(lengths[..12], [31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0]);
        assert_eq!((lengths[13], ends.end().days()), (29.0, 731.0));
    }

    #[test]
    fn a_month_without_the_day_of_the_start_ends_on_its_last_day() {
        let months = calendar(civil(2027, 1, 31));
        let firsts = [1, 2, 3, 13].map(|month| months.date(months.day(f64::from(month))));
        assert_eq!(firsts, [civil(2027, 2, 28), civil(2027, 3, 31), civil(2027, 4, 30), civil(2028, 2, 29)]);
    }

    #[test]
    fn instants_between_month_ends_lie_in_proportion() {
        let months = calendar(civil(2027, 1, 1));
        assert_eq!([0.5, 1.0, 1.5].map(|month| months.day(month).to_bits()), [15.5, 31.0, 45.0].map(f64::to_bits));
        assert_eq!(months.instant(civil(2027, 2, 15)), Moment { month: 1.5, day: 45.0 });
        assert_eq!(months.instant(civil(2028, 1, 1)), Moment { month: 12.0, day: 365.0 });
        assert!(months.instant(civil(2026, 12, 31)).day < 0.0);
        let equal = PlanMonths { length: MonthLength::Equal, ..months };
        assert_eq!([6.0, 12.0].map(|month| equal.day(month).to_bits()), [182.5, 365.0].map(f64::to_bits));
    }

    #[test]
    fn every_date_is_found_again_from_its_months() {
        for (length, day) in [(MonthLength::Calendar, 15), (MonthLength::Calendar, 31), (MonthLength::Equal, 1)] {
            let months = PlanMonths::new(civil(2027, 1, day), length);
            for after in 0..3000 {
                let date = months.date(f64::from(after));
                let Moment { month, day } = months.instant(date);
                assert!(
                    (months.day(month) - f64::from(after)).abs() < 1e-9 && (day - f64::from(after)).abs() < 1e-9,
                    "{date}"
                );
            }
        }
    }

    #[test]
    fn a_fiscal_year_has_the_twelve_months_from_its_first() {
        let years = |months: PlanMonths, last| -> Vec<_> {
            months.fiscal_years(last).map(|FiscalYear { year, from, to }| (year, from, to)).collect()
        };
        let from_may = calendar(civil(2027, 5, 15));
        assert_eq!(years(from_may, 30), [(2027, 1, 12), (2028, 13, 24), (2029, 25, 30)]);
        let of_calendar = PlanMonths { fiscal_year_starts: 1, ..from_may };
        assert_eq!(years(of_calendar, 20), [(2027, 1, 8), (2028, 9, 20)]);
        let from_october = PlanMonths { fiscal_year_starts: 10, ..from_may };
        assert_eq!(years(from_october, 18), [(2026, 1, 5), (2027, 6, 17), (2028, 18, 18)]);
        assert_eq!((from_october.fiscal_year(2025), of_calendar.fiscal_year(2026)), (None, None));
    }

    #[test]
    fn beyond_the_calendar_instants_still_rise() {
        let months = calendar(civil(2999, 12, 31));
        let days = [1200.0, 2400.0, 2400.5, 1e12].map(|month| months.day(month));
        assert!(days.windows(2).all(|pair| pair[0] < pair[1]), "{days:?}");
    }

    #[test]
    fn the_last_date_of_a_month_is_the_last_day_that_begins_before_its_end() {
        let months = calendar(civil(2027, 1, 1));
        assert_eq!(
            [1, 12, 14].map(|month| months.last_date(month)),
            [civil(2027, 1, 31), civil(2027, 12, 31), civil(2028, 2, 29)]
        );
        let equal = PlanMonths { length: MonthLength::Equal, ..months };
        assert_eq!(
            [1, 2, 12].map(|month| equal.last_date(month)),
            [civil(2027, 1, 31), civil(2027, 3, 2), civil(2027, 12, 31)]
        );
    }
}
