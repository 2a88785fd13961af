//! Days since a start, as dates on an axis.

use jiff::{ToSpan as _, civil::Date};

use super::super::dates::{date, date_text, month_text};
use super::axis::{Range, Tick};

/// Steps from which a calendar axis chooses, in months.
const STEPS: [i32; 10] = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
/// Steps of months since the start.
const MONTH_STEPS: [i32; 18] = [1, 2, 3, 4, 6, 10, 12, 15, 18, 20, 24, 30, 36, 48, 60, 120, 240, 600];
/// Share of an axis by which its last tick may lie beyond its end, as a month end of equal months may.
const BEYOND: f64 = 0.005;
/// The mean Gregorian month, in days.
const MONTH: f64 = 30.436_875;

/// First days of months, as many as are readable: quarters from January, halves, years.
pub(crate) fn date_ticks(start: Date, days: Range, is_readable: &dyn Fn(&[Tick]) -> bool) -> Vec<Tick> {
    if days.length() / MONTH < 2.5 {
        return week_ticks(start, days, is_readable);
    }
    let ticks = |step: i32, label: fn(Date) -> String| -> Vec<Tick> {
        firsts_of_months(start, days, step).map(|(at, date)| Tick { at, label: label(date) }).collect()
    };
    let year = |date: Date| date.year().to_string();
    let of_step = |step: i32| {
        let years = (step >= 12).then(|| ticks(step, year));
        [Some(ticks(step, month_text)), years].into_iter().flatten().find(|ticks| is_readable(ticks))
    };
    STEPS.into_iter().find_map(of_step).unwrap_or_default()
}

/// Whole months since the start, as many as are readable and best those that the axis ends with; the first one says `month`.
pub(crate) fn month_ticks(start: Date, days: Range, is_readable: &dyn Fn(&[Tick]) -> bool) -> Vec<Tick> {
    if date(start, days.low).is_none() {
        return Vec::new();
    }
    let steps = || MONTH_STEPS.into_iter().map(|step| (step, whole_months(start, days, step)));
    let Some((least, ticks)) = steps().find(|(_, ticks)| is_readable(ticks)) else { return Vec::new() };
    let ends = |ticks: &[Tick]| ticks.last().is_some_and(|tick| tick.at >= days.high - BEYOND * days.length());
    steps().find(|(step, ticks)| (least..2 * least).contains(step) && ends(ticks)).map_or(ticks, |(_, ticks)| ticks)
}

fn whole_months(start: Date, days: Range, step: i32) -> Vec<Tick> {
    let first = (days.low / MONTH / f64::from(step) - 1.0).ceil().max(0.0) as i64;
    let mut ticks: Vec<Tick> = (first..first + 100)
        .map(|index| index * i64::from(step))
        .map_while(|month| Some((month, start.checked_add(month.months()).ok()?)))
        .map(|(month, date)| Tick { at: days_between(start, date), label: month.to_string() })
        .skip_while(|tick| tick.at < days.low)
        .take_while(|tick| tick.at <= days.high + BEYOND * days.length())
        .collect();
    if let Some(first) = ticks.first_mut() {
        first.label.insert_str(0, "month ");
    }
    ticks
}

/// Ticks for spans of weeks: the start of days, every day, week or fortnight.
fn week_ticks(start: Date, days: Range, is_readable: &dyn Fn(&[Tick]) -> bool) -> Vec<Tick> {
    let first = days.low.ceil();
    let ticks = |step: f64| -> Vec<Tick> {
        let places = (0..100).map(|index| first + f64::from(index) * step).take_while(|at| *at <= days.high);
        places.map(|at| Tick { at, label: date_text(start, at) }).collect()
    };
    [1.0, 2.0, 7.0, 14.0, 28.0, 56.0].into_iter().map(ticks).find(|ticks| is_readable(ticks)).unwrap_or_default()
}

fn firsts_of_months(start: Date, days: Range, step: i32) -> impl Iterator<Item = (f64, Date)> {
    let first = date(start, days.low).and_then(|date| aligned(date, step));
    let next = move |date: &Date| date.checked_add(step.months()).ok();
    std::iter::successors(first, next)
        .map(move |date| (days_between(start, date), date))
        .skip_while(move |(at, _)| *at < days.low)
        .take_while(move |(at, _)| *at <= days.high + BEYOND * days.length())
        .take(200)
}

/// The last first of a month at or before `date` whose number of months since year 0 is a multiple of `step`.
fn aligned(date: Date, step: i32) -> Option<Date> {
    let months = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    let months = months.div_euclid(step) * step;
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, 1).ok()
}

fn days_between(start: Date, date: Date) -> f64 {
    f64::from(date.since(start).map_or(0, |span| span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as civil;
    use proptest::prelude::*;

    /// Labels have room if these are no more.
    fn ticks(start: Date, low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
        let ticks = date_ticks(start, Range::new(low, high), &|ticks| ticks.len() <= most);
        ticks.into_iter().map(|tick| (tick.at, tick.label)).collect()
    }

    fn labels(start: Date, high: f64, most: usize) -> Vec<String> {
        ticks(start, 0.0, high, most).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn years_are_januaries() {
        let years = ticks(civil(2027, 3, 15), 0.0, 1000.0, 3);
        let days: Vec<f64> = years.iter().map(|(at, _)| *at).collect();
        assert_eq!(days, [292.0, 658.0], "15 March 2027 to 1 January 2028 and 2029, with a leap year between");
        assert_eq!(years[0].1, "Jan 2028");
        let no_months = |ticks: &[Tick]| ticks.iter().all(|tick| tick.label.len() == 4);
        assert_eq!(date_ticks(civil(2027, 3, 15), Range::new(0.0, 1000.0), &no_months)[0].label, "2028");
    }

    #[test]
    fn more_room_gives_quarters() {
        assert_eq!(labels(civil(2027, 1, 1), 360.0, 4), ["Jan 2027", "Apr 2027", "Jul 2027", "Oct 2027"]);
    }

    #[test]
    fn an_axis_of_equal_months_ends_with_its_last_date() {
        assert_eq!(labels(civil(2027, 1, 1), 1825.0, 6).last().expect("dates"), "Jan 2032", "which is day 1826");
    }

    #[test]
    fn a_few_weeks_have_days() {
        assert_eq!(labels(civil(2027, 2, 25), 20.0, 4), ["25 Feb 2027", "4 Mar 2027", "11 Mar 2027"]);
    }

    #[test]
    fn months_are_counted_from_the_start_to_the_end() {
        let ticks = |most: usize| month_ticks(civil(2027, 1, 1), Range::new(0.0, 1826.0), &|ticks| ticks.len() <= most);
        let labels = |most: usize| -> Vec<String> { ticks(most).into_iter().map(|tick| tick.label).collect() };
        assert_eq!(labels(11)[..3], ["month 0", "6", "12"]);
        assert!((ticks(11)[1].at - 181.0).abs() < 1e-9);
        assert_eq!(labels(4), ["month 0", "20", "40", "60"], "and not 18, 36, 54");
    }

    proptest! {
        #[test]
        fn no_range_panics(low in any::<f64>(), high in any::<f64>(), most in 0_usize..200, year in -9999_i16..=9999) {
            let days = Range::of([low, high]);
            let is_readable = |ticks: &[Tick]| ticks.len() <= most;
            prop_assert!(date_ticks(civil(year, 12, 31), days, &is_readable).len() <= 200);
            prop_assert!(month_ticks(civil(year, 1, 1), days, &is_readable).len() <= 200);
            date_text(civil(year, 6, 30), low);
        }
    }
}
