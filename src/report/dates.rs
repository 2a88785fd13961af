//! Days since a start, as dates in words.

use jiff::{ToSpan as _, civil::Date};

use super::number::readable;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Returns the date this many days after `start`; none outside the calendar.
pub(crate) fn date(start: Date, days: f64) -> Option<Date> {
    if days.abs() < 7_300_000.0 { start.checked_add((days.floor() as i64).days()).ok() } else { None }
}

/// Returns the date this many days after `start`; the last date of the calendar if it lies beyond, which happens only in
/// files written by others.
pub(crate) fn date_of(start: Date, days: f64) -> Date {
    date(start, days).unwrap_or(Date::MAX)
}

/// `14 Mar 2028`; a day outside of the calendar as its number.
pub(crate) fn date_text(start: Date, days: f64) -> String {
    match date(start, days) {
        Some(date) => format!("{} {}", date.day(), month_text(date)),
        None => format!("day {}", readable(days.round())),
    }
}

/// Whether a word is the name of a month, as these texts write it.
pub(crate) fn is_month(word: &str) -> bool {
    MONTHS.contains(&word)
}

/// `Mar 2028`
pub(crate) fn month_text(date: Date) -> String {
    format!("{} {}", MONTHS[usize::from(date.month().unsigned_abs()) - 1], date.year())
}

/// The name of a month that ends on a day: `Dec 2027` for the one that ends where 1 January 2028 begins. The end of a month
/// of 365/12 days, or of one that begins on the second or third, may lie a few days into the next.
pub(crate) fn month_end_text(start: Date, day: f64) -> String {
    date(start, day - 4.0).map_or_else(|| date_text(start, day), month_text)
}
