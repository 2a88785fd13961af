//! Instants as a scenario gives them: in months or as dates.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::date::{self, StartDate};
use super::document::{Node, Tree};
use super::fields::Value;
use super::months::{Moment, MonthLength, whole};
use super::number::Months;
use super::reader::Reader;

const LENGTHS: [(&str, MonthLength); 2] = [("calendar", MonthLength::Calendar), ("equal", MonthLength::Equal)];

impl Value for MonthLength {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let meant = LENGTHS.into_iter().find(|(word, _)| matches!(&node.tree, Tree::Text(text) if text == word));
        if meant.is_none() {
            reader.expected(node, "\"calendar\", or \"equal\": every month has 365/12 days");
        }
        meant.map(|(_, length)| length)
    }

    fn stand_in() -> Self {
        Self::Calendar
    }

    fn schema() -> Json {
        json!({ "enum": LENGTHS.map(|(word, _)| word) })
    }
}

impl Moment {
    /// Reads an instant, which as a date may lie before the start.
    pub(super) fn read_any(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let months = reader.months();
        match &node.tree {
            Tree::Date(_) => date::read(node, reader).map(|date| months.instant(date)),
            Tree::Text(text) if text.parse::<Date>().is_ok() => {
                let help = format!("write the date without quotes: {text}");
                reader.refuse(&node.place, "text found, expected a number of months, or a date without quotes", Some(help));
                None
            }
            _ if node.number().is_none() => {
                reader.expected(node, "a number of months after the start, or a date such as 2027-07-01");
                None
            }
            _ => Months::read(node, reader).map(|month| Self { month: month.value(), day: months.day(month.value()) }),
        }
    }
}

impl Value for Moment {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let instant = Self::read_any(node, reader)?;
        if instant.day < 0.0 {
            let message = format!("{} lies before `start`, {}", reader.typed(node), reader.months().start);
            reader.refuse(&node.place, message, None);
            return None;
        }
        Some(instant)
    }

    fn stand_in() -> Self {
        Self::START
    }

    fn schema() -> Json {
        json!({ "oneOf": [Months::schema(), StartDate::schema()] })
    }
}

/// The number of a month end: of months that are not whole the one before, of a date the last one not after its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthEnd(pub u32);

impl Value for MonthEnd {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Moment { month, day } = Moment::read(node, reader)?;
        let is_date = matches!(node.tree, Tree::Date(_));
        Some(Self(if is_date { reader.months().ended(day + 1.0) } else { whole(month) }))
    }

    fn stand_in() -> Self {
        Self(1)
    }

    fn schema() -> Json {
        Moment::schema()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as civil;

    use super::super::months::PlanMonths;
    use super::super::names::Names;
    use super::*;

    fn read<T: Value>(value: &str) -> Result<T, String> {
        let (node, _) = Node::parse(&format!("x = {value}"));
        let names = Names::default().with_months(PlanMonths::new(civil(2027, 1, 1), MonthLength::Calendar));
        let text = format!("x = {value}");
        let mut reader = Reader::new(&names).of_text(&text);
        let read = node.section().and_then(|section| T::read(section.get("x")?, &mut reader));
        let found = reader.finish();
        read.ok_or_else(|| found.iter().map(|diagnostic| diagnostic.message.clone()).collect())
    }

    #[test]
    fn an_instant_is_a_number_of_months_or_a_date() {
        let day = |value| read::<Moment>(value).map(|instant| instant.day);
        assert_eq!((day("1"), day("2027-02-15"), day("0")), (Ok(31.0), Ok(45.0), Ok(0.0)));
        assert_eq!(day("2026-12-31").unwrap_err(), "2026-12-31 lies before `start`, 2027-01-01");
        assert!(day("-1").is_err() && day("2027-02-15T08:00:00").is_err() && day("true").is_err());
        assert!(day("'2027-02-15'").unwrap_err().contains("a date without quotes"));
    }

    #[test]
    fn a_month_end_given_as_a_date_is_the_last_not_after_its_end() {
        let end = |value| read::<MonthEnd>(value).map(|end| end.0);
        let ends = ["24", "24.9", "2028-12-31", "2028-12-30", "2029-01-01", "2027-01-30"].map(end);
        assert_eq!(ends, [Ok(24), Ok(24), Ok(24), Ok(23), Ok(24), Ok(0)]);
    }
}
