//! Ranges: the bounds of each kind of number, in one place for the reader, its messages, the schema and the manual.

use std::fmt;

use serde_json::{Value as Json, json};

/// The largest length of time and the largest amount. It keeps all arithmetic far from infinity.
pub(super) const LARGEST: f64 = 1e12;

/// The numbers from one bound to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    least: f64,
    /// Whether the lower bound itself is excluded.
    is_open: bool,
    most: f64,
}

impl Range {
    /// Returns the range from `least` to `most`, both included.
    #[must_use]
    pub(super) const fn from(least: f64, most: f64) -> Self {
        Self { least, is_open: false, most }
    }

    /// Returns the range above `bound`, which is excluded, up to `most`, which is included.
    #[must_use]
    pub(super) const fn above(bound: f64, most: f64) -> Self {
        Self { least: bound, is_open: true, most }
    }

    /// Whether a number is in the range.
    #[must_use]
    pub(super) fn contains(self, number: f64) -> bool {
        let is_above = if self.is_open { number > self.least } else { number >= self.least };
        is_above && number <= self.most
    }

    /// Whether its numbers are shares of a whole.
    #[must_use]
    pub(super) fn is_of_shares(self) -> bool {
        self.least >= 0.0 && (self.most - 1.0).abs() < f64::EPSILON
    }

    /// Returns the JSON Schema of its numbers.
    #[must_use]
    pub(super) fn schema(self) -> Json {
        let least = if self.is_open { "exclusiveMinimum" } else { "minimum" };
        json!({ "type": "number", least: self.least, "maximum": self.most })
    }
}

/// Writes what is expected, for messages.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { least, most, .. } = self;
        match (self.is_open, *most >= LARGEST) {
            (false, false) => write!(f, "{least} to {most}"),
            (false, true) => write!(f, "{least} or more, at most {most:e}"),
            (true, false) => write!(f, "more than {least}, up to {most}"),
            (true, true) => write!(f, "more than {least}, at most {most:e}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_exact_and_shown() {
        let (closed, open) = (Range::from(0.0, 1.0), Range::above(-1.0, LARGEST));
        assert!(closed.contains(0.0) && closed.contains(1.0) && open.contains((-1.0_f64).next_up()));
        assert!(!closed.contains(0.0_f64.next_down()) && !closed.contains(1.0_f64.next_up()) && !open.contains(-1.0));
        assert!(![f64::NAN, f64::INFINITY].into_iter().any(|number| closed.contains(number) || open.contains(number)));
        assert_eq!(closed.to_string(), "0 to 1");
        assert_eq!(open.to_string(), "more than -1, at most 1e12");
        assert_eq!(open.schema(), json!({ "type": "number", "exclusiveMinimum": -1.0, "maximum": 1e12 }));
    }
}
