//! Days since a start, as dates on an axis.

use jiff::{ToSpan as _, civil::Date};

use super::{
    axis::{Range, Tick},
    lettering::Face,
};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Steps from which a calendar axis chooses, in months.
const STEPS: [i32; 10] = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
/// Space between two labels, in pixels.
const SPACE: f64 = 14.0;
/// The mean Gregorian month, in days.
const MONTH: f64 = 30.436_875;

/// The date that is so many days after `start`, at the day's beginning; none outside of the calendar.
pub(crate) fn date(start: Date, days: f64) -> Option<Date> {
    if days.abs() < 7_300_000.0 { start.checked_add((days.floor() as i64).days()).ok() } else { None }
}

/// `14 Mar 2028`; a day outside of the calendar as its number.
pub(crate) fn date_text(start: Date, days: f64) -> String {
    match date(start, days) {
        Some(date) => format!("{} {}", date.day(), month_text(date)),
        None => format!("day {}", super::super::number::readable(days.round())),
    }
}

/// `Mar 2028`
pub(crate) fn month_text(date: Date) -> String {
    format!("{} {}", MONTHS[usize::from(date.month().unsigned_abs()) - 1], date.year())
}

/// First days of months, as many as `width` pixels have room for: quarters from January, halves, years.
pub(crate) fn date_ticks(start: Date, days: Range, width: f64, face: Face) -> Vec<Tick> {
    let months = days.length() / MONTH;
    if months < 2.5 {
        return week_ticks(start, days, width, face);
    }
    let fits = |step: i32, label: &str, space: f64| months / f64::from(step) * (face.width(label) + space) <= width;
    let full = |step: i32| fits(step, "Mar 2028", SPACE);
    let step = STEPS.into_iter().find(|step| full(*step) || (*step >= 12 && fits(*step, "2028", 0.6 * SPACE)));
    let step = step.unwrap_or(STEPS[STEPS.len() - 1]);
    let years_only = step >= 12 && !full(step);
    let label = |date: Date| {
        if years_only { date.year().to_string() } else { month_text(date) }
    };
    firsts_of_months(start, days, step).map(|(at, date)| Tick { at, label: label(date) }).collect()
}

/// Whole months since the start, every year or half-year, to be set below the dates; the first one says `month`.
pub(crate) fn month_ticks(start: Date, days: Range, width: f64, face: Face) -> Vec<Tick> {
    let months = days.length() / MONTH;
    // The first label is the longest, and may be pushed to the right by the edge of the panel.
    let space = face.width("month 0") + 0.3 * SPACE;
    let fits = |step: &i32| months / f64::from(*step) * space <= width;
    let step = [1, 3, 6, 12, 24, 60, 120].into_iter().find(fits);
    let (Some(step), Some(_)) = (step, date(start, days.low)) else {
        return Vec::new();
    };
    let first = (days.low / MONTH / f64::from(step) - 1.0).ceil().max(0.0) as i64;
    let mut ticks: Vec<Tick> = (first..first + 100)
        .map(|index| index * i64::from(step))
        .map_while(|month| Some((month, start.checked_add(month.months()).ok()?)))
        .map(|(month, date)| Tick { at: days_between(start, date), label: month.to_string() })
        .skip_while(|tick| tick.at < days.low)
        .take_while(|tick| tick.at <= days.high)
        .collect();
    if let Some(first) = ticks.first_mut() {
        first.label.insert_str(0, "month ");
    }
    ticks
}

/// Ticks for spans of weeks: the start of days, every day, week or fortnight.
fn week_ticks(start: Date, days: Range, width: f64, face: Face) -> Vec<Tick> {
    let space = face.width("28 Mar 2028") + SPACE;
    let steps = [1.0, 2.0, 7.0, 14.0, 28.0];
    let step = steps.into_iter().find(|step| days.length() / step * space <= width).unwrap_or(56.0);
    let first = days.low.ceil();
    (0..100)
        .map(|index| first + f64::from(index) * step)
        .take_while(|at| *at <= days.high)
        .map(|at| Tick { at, label: date_text(start, at) })
        .collect()
}

fn firsts_of_months(start: Date, days: Range, step: i32) -> impl Iterator<Item = (f64, Date)> {
    let first = date(start, days.low).and_then(|date| aligned(date, step));
    let next = move |date: &Date| date.checked_add(step.months()).ok();
    std::iter::successors(first, next)
        .map(move |date| (days_between(start, date), date))
        .skip_while(move |(at, _)| *at < days.low)
        .take_while(move |(at, _)| *at <= days.high)
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

    const FACE: Face = Face::regular(12.0);

    fn ticks(start: Date, low: f64, high: f64, width: f64) -> Vec<(f64, String)> {
        date_ticks(start, Range::new(low, high), width, FACE).into_iter().map(|tick| (tick.at, tick.label)).collect()
    }

    #[test]
    fn years_are_januaries() {
        let years = ticks(civil(2027, 3, 15), 0.0, 1000.0, 300.0);
        let days: Vec<f64> = years.iter().map(|(at, _)| *at).collect();
        assert_eq!(days, [292.0, 658.0], "15 March 2027 to 1 January 2028 and 2029, with a leap year between");
        assert_eq!(years[0].1, "Jan 2028");
        assert_eq!(ticks(civil(2027, 3, 15), 0.0, 1000.0, 130.0)[0].1, "2028");
    }

    #[test]
    fn more_room_gives_quarters() {
        let labels: Vec<String> = ticks(civil(2027, 1, 1), 0.0, 364.0, 400.0).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["Jan 2027", "Apr 2027", "Jul 2027", "Oct 2027"]);
    }

    #[test]
    fn a_few_weeks_have_days() {
        let labels: Vec<String> = ticks(civil(2027, 2, 25), 0.0, 20.0, 400.0).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["25 Feb 2027", "4 Mar 2027", "11 Mar 2027"]);
    }

    #[test]
    fn months_are_counted_from_the_start() {
        let ticks = month_ticks(civil(2027, 1, 1), Range::new(0.0, 1826.0), 900.0, FACE);
        let labels: Vec<String> = ticks.iter().map(|tick| format!("{} {}", tick.at, tick.label)).collect();
        assert_eq!(labels[..3], ["0 month 0", "181 6", "365 12"]);
        assert_eq!(labels.len(), 11);
    }

    proptest! {
        #[test]
        fn no_range_panics(low in any::<f64>(), high in any::<f64>(), width in any::<f64>(), year in -9999_i16..=9999) {
            let days = Range::of([low, high]);
            prop_assert!(date_ticks(civil(year, 12, 31), days, width, FACE).len() <= 200);
            prop_assert!(month_ticks(civil(year, 1, 1), days, width, FACE).len() <= 200);
            date_text(civil(year, 6, 30), low);
        }
    }
}
