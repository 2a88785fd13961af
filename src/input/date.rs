//! Dates: the day on which a scenario starts, and the reason why a date does not exist.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::document::{Node, Tree, shortened};
use super::fields::Value;
use super::reader::Reader;

/// The first and last year in which a scenario may start.
const YEARS: [i16; 2] = [1900, 2999];

/// The date of day 0: a TOML date from 1900 to 2999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartDate(pub Date);

/// Reads a TOML date without a time, from 1900 to 2999.
pub(super) fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Date> {
    let [first, last] = YEARS;
    let what = "a date without quotes and without a time, e.g. 2027-01-01";
    let Tree::Date(toml::value::Datetime { date: Some(date), time: None, offset: None }) = node.tree else {
        reader.expected(node, what);
        return None;
    };
    let part = |number: u8| i8::try_from(number).unwrap_or(0);
    let year = i16::try_from(date.year).ok().filter(|year| (first..=last).contains(year));
    let date = year.and_then(|year| Date::new(year, part(date.month), part(date.day)).ok());
    if date.is_none() {
        reader.expected(node, &format!("{what}, from {first} to {last}"));
    }
    date
}

impl Value for StartDate {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        read(node, reader).map(Self)
    }

    fn stand_in() -> Self {
        Self(Date::constant(2000, 1, 1))
    }

    fn schema() -> Json {
        let [first, last] = YEARS;
        json!({
            "type": "string",
            "format": "date",
            "formatMinimum": format!("{first}-01-01"),
            "formatMaximum": format!("{last}-12-31"),
        })
    }
}

/// Returns what is wrong with a value that starts like a date but that TOML cannot read. None if it does not start like one.
#[must_use]
pub fn no_date(value: &str) -> Option<String> {
    let (date, time) = value.split_once(['T', 't', ' ']).unwrap_or((value, ""));
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let are_digits =
        [year, month, day].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !are_digits || parts.next().is_some() {
        return None;
    }
    if [year, month, day].map(str::len) != [4, 2, 2] {
        let expected = "expected a year of four digits, a month and a day of two, e.g. 2027-01-31";
        return Some(format!("{} is not a date: {expected}", shortened(date)));
    }
    let Ok(first) = Date::new(year.parse().ok()?, month.parse().ok()?, 1) else {
        return Some(format!("{date} is not a date: a year has months 01 to 12"));
    };
    match day.parse::<i8>().ok()? {
        0 => Some(format!("{date} is not a date: the first day of a month is 01")),
        day if day > first.days_in_month() => {
            Some(format!("{date} is not a date: {} has {} days", first.strftime("%B %Y"), first.days_in_month()))
        }
        _ if time.is_empty() || time.starts_with('#') => None,
        _ => Some(format!("{} is not a time of day, expected a date without one: {date}", shortened(time))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_are_refused_with_the_reason() {
        for year in [1900, 2000, 2027, 2028] {
            for month in 0..=99 {
                for day in 0..=99 {
                    let text = format!("{year}-{month:02}-{day:02}");
                    let exists = Date::new(year, month, day).is_ok();
                    let said = no_date(&text);
                    assert_eq!(said.is_none(), exists, "{text}: {said:?}");
                    assert!(said.is_none_or(|said| said.starts_with(&format!("{text} is not a date: "))), "{text}");
                }
            }
        }
    }

    #[test]
    fn the_reason_is_in_a_planners_words() {
        let cases = [
            ("2027-02-29", "2027-02-29 is not a date: February 2027 has 28 days"),
            ("1900-02-29", "1900-02-29 is not a date: February 1900 has 28 days"),
            ("2028-02-30T08:00:00", "2028-02-30 is not a date: February 2028 has 29 days"),
            ("2027-04-31", "2027-04-31 is not a date: April 2027 has 30 days"),
            ("2027-13-01", "2027-13-01 is not a date: a year has months 01 to 12"),
            ("2027-01-00", "2027-01-00 is not a date: the first day of a month is 01"),
            (
                "2027-1-1",
                "2027-1-1 is not a date: expected a year of four digits, a month and a day of two, e.g. 2027-01-31",
            ),
            ("2027-01-01T25:00:00", "25:00:00 is not a time of day, expected a date without one: 2027-01-01"),
        ];
        for (value, expected) in cases {
            assert_eq!(no_date(value).as_deref(), Some(expected));
        }
    }

    #[test]
    fn values_that_do_not_start_like_a_date_are_ignored() {
        for value in ["", "5", "-5-3-1", "a-b-c", "1-2", "2027-01-01", "2027-01-01-01", "1e-5"] {
            assert_eq!(no_date(value), None, "{value}");
        }
    }
}
