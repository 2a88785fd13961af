//! Quantities in steps: a number, or a list of values that each hold from a month or date on.

use serde_json::{Value as Json, json};

use super::document::{Node, Tree};
use super::fields::{Fields, Table, Value};
use super::months::Moment;
use super::reader::Reader;

/// A quantity that changes at given instants. It has no value before the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps<T> {
    steps: Vec<(Moment, T)>,
}

impl<T: Copy> Steps<T> {
    /// Returns a quantity that never changes.
    #[must_use]
    pub fn constant(value: T) -> Self {
        Self { steps: vec![(Moment::START, value)] }
    }

    /// Returns a quantity that changes at these instants, which are in rising order.
    #[must_use]
    pub fn of(steps: Vec<(Moment, T)>) -> Self {
        Self { steps }
    }

    /// Returns the same steps with each value converted.
    #[must_use]
    pub fn map<U>(&self, what: impl Fn(T) -> U) -> Steps<U> {
        Steps { steps: self.steps.iter().map(|&(from, value)| (from, what(value))).collect() }
    }

    /// Returns the instants at which it changes, with the values from then on, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Moment, T)> + '_ {
        self.steps.iter().copied()
    }

    /// Returns the value in force on a day. None before the first step.
    #[must_use]
    pub fn at(&self, day: f64) -> Option<T> {
        // What is scheduled for a month end happens at it, although its day may be off by rounding.
        self.iter().take_while(|(from, _)| from.day <= day + 1e-9).last().map(|(_, value)| value)
    }
}

struct StepEntry<T> {
    month: AnyMoment,
    value: T,
}

/// The instant of a step, which as a date may lie before the start, and what was typed.
struct AnyMoment {
    instant: Moment,
    typed: String,
}

impl Value for AnyMoment {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let instant = Moment::read_any(node, reader)?;
        let typed = reader.typed(node);
        let typed = if let Tree::Date(_) = node.tree { typed } else { format!("month {typed}") };
        Some(Self { instant, typed })
    }

    fn stand_in() -> Self {
        Self { instant: Moment::START, typed: String::new() }
    }

    fn schema() -> Json {
        Moment::schema()
    }
}

impl<T: Value> Table for StepEntry<T> {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            month: fields.required("month", "the month (0 is the start) or date from which the value holds"),
            value: fields.required("value", "the value from then on"),
        }
    }
}

impl<T: Value + Copy> Value for Steps<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Tree::List(list) = &node.tree else {
            return T::read(node, reader).map(Steps::constant);
        };
        let before = reader.count();
        let entries = Vec::<StepEntry<T>>::read(node, reader)?;
        if entries.is_empty() {
            reader.refuse(&node.place, "an empty list found, expected at least one { month, value }", None);
        }
        if reader.count() > before {
            return None;
        }
        for (pair, later) in entries.windows(2).zip(list.iter().skip(1)) {
            let [before, after] = [&pair[0].month, &pair[1].month];
            if after.instant.day <= before.instant.day {
                let message = format!("{} comes after {}: expected months in rising order", after.typed, before.typed);
                reader.refuse(&later.place, message, Some("sort the steps by month: each holds until the next".to_owned()));
            }
        }
        let step = |entry: StepEntry<T>| {
            let Moment { month, day } = entry.month.instant;
            (Moment { month: month.max(0.0), day: day.max(0.0) }, entry.value)
        };
        Some(Self { steps: entries.into_iter().map(step).collect() })
    }

    fn stand_in() -> Self {
        Steps::constant(T::stand_in())
    }

    fn schema() -> Json {
        json!({ "oneOf": [T::schema(), { "type": "array", "minItems": 1, "items": StepEntry::<T>::schema() }] })
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Names;
    use super::super::number::Heads;
    use super::*;

    fn read(text: &str) -> (Option<Steps<Heads>>, usize) {
        let (node, _) = Node::parse(text);
        let names = Names::default();
        let mut reader = Reader::new(&names).of_text(text);
        let steps = Value::read(node.section().unwrap().get("x").unwrap(), &mut reader);
        (steps, reader.finish().len())
    }

    #[test]
    fn each_step_holds_until_the_next_and_nothing_before_the_first() {
        let steps = read("x = [{ month = 2, value = 5 }, { month = 4.5, value = 3 }]").0.unwrap();
        let at = |month: f64| steps.at(month * 365.0 / 12.0).map(Heads::value);
        assert_eq!([at(1.9), at(2.0), at(4.4), at(4.5)], [None, Some(5.0), Some(5.0), Some(3.0)]);
    }

    #[test]
    fn steps_may_be_dated_and_those_before_the_start_hold_from_it() {
        let dated =
            "x = [{ month = 1999-11-01, value = 5 }, { month = 1999-12-01, value = 4 }, { month = 2000-03-01, value = 3 }]";
        let steps = read(dated).0.unwrap();
        let at = |day| steps.at(day).map(Heads::value);
        assert_eq!([at(0.0), at(59.0), at(60.0)], [Some(4.0), Some(4.0), Some(3.0)]);
    }

    #[test]
    fn months_out_of_order_and_empty_lists_are_refused() {
        assert_eq!(read("x = [{ month = 2, value = 5 }, { month = 2, value = 3 }]").1, 1);
        assert_eq!(read("x = [{ month = 2000-03-01, value = 5 }, { month = 1, value = 3 }]").1, 1);
        assert_eq!(read("x = []").1, 1);
    }
}
