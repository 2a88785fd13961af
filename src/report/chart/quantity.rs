//! What a panel shows: a number with a unit, or a share of the replications, as text and on an axis.

use super::super::number::{readable, short_percent};

/// How the numbers of a panel are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantity<'u> {
    /// Of the values; a share has none.
    pub(super) unit: &'u str,
    /// Whether the values are shares, 0 to 1.
    pub(super) is_share: bool,
}

impl Quantity<'_> {
    /// What an axis counts in: a share in percent.
    pub(super) fn on_axis(self, value: f64) -> f64 {
        if self.is_share { 100.0 * value } else { value }
    }

    /// Unit of an axis of values.
    pub(super) fn unit(&self) -> &str {
        if self.is_share { "%" } else { self.unit }
    }

    /// Unit of an axis of differences.
    pub(super) fn unit_of_changes(&self) -> &str {
        if self.is_share { "percentage points" } else { self.unit }
    }

    /// A value, without its unit unless it is a share.
    pub(super) fn value(self, value: f64) -> String {
        match value {
            value if value.is_nan() => "no value".to_owned(),
            value if self.is_share && value.is_finite() => short_percent(value),
            value => readable(value),
        }
    }

    /// A value with its unit.
    pub(super) fn value_with_unit(self, value: f64) -> String {
        if self.is_share || self.unit.is_empty() || value.is_nan() {
            self.value(value)
        } else {
            format!("{} {}", readable(value), self.unit)
        }
    }

    /// A difference with its sign and without its unit: of shares in percentage points.
    pub(super) fn change(self, change: f64) -> String {
        if !change.is_finite() {
            return "no value".to_owned();
        }
        let sign = if change > 0.0 { "+" } else { "" };
        let points = short_percent(change.abs());
        let minus = if change < 0.0 { "-" } else { "" };
        if self.is_share {
            format!("{sign}{minus}{}", points.trim_end_matches(" %"))
        } else {
            format!("{sign}{}", readable(change))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percents_and_their_differences_points() {
        let share = Quantity { unit: "", is_share: true };
        assert_eq!((share.value(0.7056).as_str(), share.change(-0.123).as_str()), ("70.6 %", "-12.3"));
        assert_eq!((share.unit(), share.unit_of_changes()), ("%", "percentage points"));
        let cost = Quantity { unit: "kEUR", is_share: false };
        assert_eq!((cost.value_with_unit(1802.3), cost.change(310.0)), ("1,802 kEUR".to_owned(), "+310".to_owned()));
        assert_eq!((cost.change(f64::NAN), cost.value_with_unit(f64::NAN)), ("no value".to_owned(), "no value".to_owned()));
        assert_eq!((share.value(f64::NAN).as_str(), share.value(f64::INFINITY).as_str()), ("no value", "∞"));
    }
}
