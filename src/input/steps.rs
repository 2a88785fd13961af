//! Quantities in steps: a number, or a list of values that each hold from a month on.

use serde_json::{Value as Json, json};

use super::document::{Node, Tree};
use super::fields::{Fields, Reader, Table, Value};
use super::number::Months;

/// A quantity that changes at given months. It has no value before the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps<T> {
    steps: Vec<(Months, T)>,
}

impl<T: Copy> Steps<T> {
    /// Returns a quantity that never changes.
    #[must_use]
    pub fn constant(value: T) -> Self {
        Self { steps: vec![(Months::stand_in(), value)] }
    }

    /// Returns the same steps with each value converted.
    #[must_use]
    pub fn map<U>(&self, what: impl Fn(T) -> U) -> Steps<U> {
        Steps { steps: self.steps.iter().map(|&(month, value)| (month, what(value))).collect() }
    }

    /// Returns the months at which it changes, with the values from then on, in order.
    pub fn iter(&self) -> impl Iterator<Item = (f64, T)> + '_ {
        self.steps.iter().map(|&(month, value)| (month.value(), value))
    }

    /// Returns the value in force at a month. None before the first step.
    #[must_use]
    pub fn at(&self, month: f64) -> Option<T> {
        self.iter().take_while(|&(from, _)| from <= month).last().map(|(_, value)| value)
    }
}

struct StepEntry<T> {
    month: Months,
    value: T,
}

impl<T: Value> Table for StepEntry<T> {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            month: fields.required("month", "the month (0 is the start) from which the value holds"),
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
            if pair[1].month <= pair[0].month {
                let message =
                    format!("month {} comes after month {}: expected months in rising order", pair[1].month, pair[0].month);
                reader.refuse(&later.place, message, Some("sort the steps by month: each holds until the next".to_owned()));
            }
        }
        Some(Self { steps: entries.into_iter().map(|entry| (entry.month, entry.value)).collect() })
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
    use super::super::fields::Names;
    use super::super::number::Heads;
    use super::*;

    fn read(text: &str) -> (Option<Steps<Heads>>, usize) {
        let (node, _) = Node::parse(text);
        let names = Names::default();
        let mut reader = Reader::new(&names);
        let steps = Value::read(node.section().unwrap().get("x").unwrap(), &mut reader);
        (steps, reader.finish().len())
    }

    #[test]
    fn each_step_holds_until_the_next_and_nothing_before_the_first() {
        let steps = read("x = [{ month = 2, value = 5 }, { month = 4.5, value = 3 }]").0.unwrap();
        let at = |month| steps.at(month).map(Heads::value);
        assert_eq!([at(1.9), at(2.0), at(4.4), at(4.5)], [None, Some(5.0), Some(5.0), Some(3.0)]);
    }

    #[test]
    fn months_out_of_order_and_empty_lists_are_refused() {
        assert_eq!(read("x = [{ month = 2, value = 5 }, { month = 2, value = 3 }]").1, 1);
        assert_eq!(read("x = []").1, 1);
    }
}
