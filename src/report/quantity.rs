//! The quantity of a panel: a number with a unit, or a share of the replications, as text and on an axis.

use super::number::{readable, short_percent};

/// How to show the numbers of a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quantity<'u> {
    /// Unit of the values; empty for a share.
    pub(crate) unit: &'u str,
    /// Whether the values are shares, 0 to 1.
    pub(crate) is_share: bool,
}

impl Quantity<'_> {
    /// Returns a value as an axis shows it: a share in per cent.
    pub(crate) fn on_axis(self, value: f64) -> f64 {
        if self.is_share { 100.0 * value } else { value }
    }

    /// Returns the unit of an axis of values.
    pub(crate) fn unit(&self) -> &str {
        if self.is_share { "%" } else { self.unit }
    }

    /// Returns the unit of an axis of differences.
    pub(crate) fn unit_of_changes(&self) -> &str {
        if self.is_share { "percentage points" } else { self.unit }
    }

    /// Returns a value without its unit, except the sign of per cent.
    pub(crate) fn value(self, value: f64) -> String {
        match value {
            value if value.is_nan() => "no value".to_owned(),
            value if self.is_share && value.is_finite() => short_percent(value),
            value => readable(value),
        }
    }

    /// Returns a value without its unit, in few digits: a share in whole per cents.
    pub(crate) fn few(self, value: f64) -> String {
        if self.is_share { few_percent(value) } else { few_digits(value) }
    }

    /// Returns a value with its unit.
    pub(crate) fn value_with_unit(self, value: f64) -> String {
        if self.is_share || self.unit.is_empty() || value.is_nan() {
            self.value(value)
        } else {
            format!("{} {}", readable(value), self.unit)
        }
    }

    /// Returns a difference with its sign and without its unit: for shares in percentage points.
    pub(crate) fn change(self, change: f64) -> String {
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

    /// Returns a difference with the limits of its interval, if they are known.
    pub(crate) fn change_within(self, change: f64, (low, high): (f64, f64)) -> String {
        let is_known = change.is_finite() && low.is_finite() && high.is_finite();
        let limits = || format!(" ({} to {})", self.change(low), self.change(high));
        self.change(change) + &if is_known { limits() } else { String::new() }
    }

    /// Returns the title of a panel of differences, with their unit.
    pub(crate) fn title_of_changes(&self, title: &str, before_unit: &str) -> String {
        let unit = self.unit_of_changes();
        if unit.is_empty() { title.to_owned() } else { format!("{title}, {before_unit}in {unit}") }
    }
}

/// Returns a share in whole per cents, but never as 0 or 100 if it is not.
fn few_percent(share: f64) -> String {
    let percent = 100.0 * share;
    if !percent.is_finite() {
        readable(percent)
    } else if percent > 0.0 && percent < 0.5 {
        "<1".to_owned()
    } else if (99.5..100.0).contains(&percent) {
        ">99".to_owned()
    } else {
        readable(percent.round())
    }
}

/// Returns a value with three digits or without decimals, in thousands or millions if it is large.
fn few_digits(value: f64) -> String {
    let (unit, letter) = match value.abs() {
        size if size >= 999_500.0 => (1e6, "M"),
        size if size >= 9_995.0 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let scaled = value / unit;
    let few = if scaled.abs() >= 100.0 { scaled.round() } else { format!("{scaled:.2e}").parse().unwrap_or(f64::NAN) };
    if value.is_finite() { format!("{}{letter}", readable(few)) } else { readable(value) }
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
        assert_eq!(
            (share.value(f64::NAN).as_str(), share.value(f64::INFINITY).as_str()),
            ("no value", "beyond all numbers")
        );
    }

    #[test]
    fn few_digits_hide_neither_what_is_possible_nor_how_large_it_is() {
        assert_eq!([0.001, 0.5, 0.999, 1.0].map(few_percent), ["<1", "50", ">99", "100"]);
        assert_eq!([7.25, 1802.0, 12_345.0, 1_234_567.0].map(few_digits), ["7.25", "1,802", "12.3k", "1.23M"]);
    }
}
