//! Dates: the day on which a scenario starts.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::document::{Node, Tree};
use super::fields::{Reader, Value};

/// The date of day 0, a TOML date from 1900 to 2999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartDate(pub Date);

impl Value for StartDate {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let what = "a date without quotes and without a time, e.g. 2027-01-01";
        let Tree::Date(toml::value::Datetime { date: Some(date), time: None, offset: None }) = node.tree else {
            reader.expected(node, what);
            return None;
        };
        let part = |number: u8| i8::try_from(number).unwrap_or(0);
        let year = i16::try_from(date.year).ok().filter(|year| (1900..3000).contains(year));
        let date = year.and_then(|year| Date::new(year, part(date.month), part(date.day)).ok());
        if date.is_none() {
            reader.expected(node, &format!("{what}, from 1900 to 2999"));
        }
        date.map(Self)
    }

    fn stand_in() -> Self {
        Self(Date::constant(2000, 1, 1))
    }

    fn schema() -> Json {
        json!({ "type": "string", "format": "date" })
    }
}
