//! Numbers with a meaning. Each kind refuses values outside its range while it is read.

use std::fmt;

use serde_json::{Value as Json, json};

use crate::random::written;

use super::document::{Node, Tree};
use super::fields::Value;
use super::range::{LARGEST, Range};
use super::reader::Reader;

/// Defines a kind of number: its name, its range, and a hint that messages add.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident { is: $what:literal, range: $range:expr, hint: $hint:literal, stand_in: $stand_in:literal })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            const RANGE: Range = $range;

            /// Parses the number.
            ///
            /// # Errors
            /// Returns what was expected if the number is outside the range.
            pub fn new(number: f64) -> Result<Self, String> {
                if Self::RANGE.contains(number) {
                    // Adding zero turns -0.0 into 0.0.
                    Ok(Self(number + 0.0))
                } else {
                    Err(format!("{} is not {}: expected {}{}", written(number), $what, Self::RANGE, $hint))
                }
            }

            /// Returns the number.
            #[must_use]
            pub fn value(self) -> f64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Value for $name {
            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let Some(number) = node.number() else {
                    let message = format!("{} found, expected {} ({}{})", node.in_words(), $what, Self::RANGE, $hint);
                    reader.refuse(&node.place, message, of_date(&node.tree, $what));
                    return None;
                };
                let help = of_percent(number, Self::RANGE);
                Self::new(number).map_err(|message| reader.refuse(&node.place, message, help)).ok()
            }

            fn stand_in() -> Self {
                Self($stand_in)
            }

            fn schema() -> Json {
                Self::RANGE.schema()
            }
        }
    )* };
}

/// Returns the help for a date in place of a number.
fn of_date(tree: &Tree, what: &str) -> Option<String> {
    let is_length = what.contains("months") || what.contains("days");
    (matches!(tree, Tree::Date(_)) && is_length)
        .then(|| "this is a length of time, not an instant: give a number".to_owned())
}

/// Returns the help for percents in place of a share.
fn of_percent(number: f64, range: Range) -> Option<String> {
    let share = number / 100.0;
    (range.is_of_shares() && number >= 2.0 && range.contains(share))
        .then(|| format!("{} % is written {}", written(number), written(share)))
}

/// The highest rate of a hazard, per year.
pub const MOST_PER_YEAR: f64 = 1e6;

numbers! {
    /// A probability or a share: 0 to 1.
    Probability { is: "a probability or share", range: Range::from(0.0, 1.0), hint: "", stand_in: 1.0 }
    /// A probability of passing: more than 0, up to 1.
    Chance { is: "a chance of passing", range: Range::above(0.0, 1.0), hint: "", stand_in: 1.0 }
    /// A fixed length of time in days: 0 or more.
    Days { is: "a length of time in days", range: Range::from(0.0, LARGEST), hint: "", stand_in: 0.0 }
    /// A fixed length of time in days: more than 0.
    PositiveDays { is: "a length of time in days", range: Range::above(0.0, LARGEST), hint: "", stand_in: 1.0 }
    /// A point in time or a length of time in months (of 365/12 days): 0 or more.
    Months { is: "a number of months", range: Range::from(0.0, LARGEST), hint: "", stand_in: 0.0 }
    /// A length of time in months (of 365/12 days): more than 0.
    PositiveMonths { is: "a number of months", range: Range::above(0.0, LARGEST), hint: "", stand_in: 1.0 }
    /// A hazard: events per year, 0 or more.
    PerYear { is: "a rate per year", range: Range::from(0.0, MOST_PER_YEAR), hint: "", stand_in: 0.0 }
    /// A rate per month of 365/12 days: 0 or more.
    PerMonth { is: "a rate per month", range: Range::from(0.0, 1e5), hint: "", stand_in: 0.0 }
    /// A piece of work in FTE-days: more than 0.
    FteDays { is: "a piece of work in FTE-days", range: Range::above(0.0, LARGEST), hint: "", stand_in: 1.0 }
    /// A surcharge, as a share of an amount: 0 to 10.
    Markup { is: "a share of an amount", range: Range::from(0.0, 10.0), hint: " (0.2 is 20 %)", stand_in: 0.0 }
    /// A margin, as a share of a bill: 0 to 0.9.
    Margin { is: "a share of a bill", range: Range::from(0.0, 0.9), hint: " (0.2 is 20 %)", stand_in: 0.0 }
    /// A weight, level or coefficient: 0 or more.
    Factor { is: "a factor", range: Range::from(0.0, 1000.0), hint: "", stand_in: 1.0 }
    /// A level of output, or a factor on it: 0 to 2.
    Level { is: "a level", range: Range::from(0.0, 2.0), hint: "", stand_in: 1.0 }
    /// An amount of money: 0 or more.
    Amount { is: "an amount of money", range: Range::from(0.0, LARGEST), hint: "", stand_in: 0.0 }
    /// A bound of a measure: 0 or more.
    Quantity { is: "a bound", range: Range::from(0.0, LARGEST), hint: "", stand_in: 0.0 }
    /// A relative change per year: -0.5 to 3. Beyond that, amounts of a century leave the range of numbers.
    Growth { is: "a relative change per year", range: Range::from(-0.5, 3.0), hint: " (0.05 is 5 %)", stand_in: 0.0 }
    /// A volatility per year: 0 to 5.
    Volatility { is: "a volatility per year", range: Range::from(0.0, 5.0), hint: " (0.1 is 10 %)", stand_in: 0.0 }
    /// A number of people or slots that may have a fraction: 0 or more.
    Heads { is: "a number of people", range: Range::from(0.0, 1e6), hint: "", stand_in: 0.0 }
    /// A number of people that may have a fraction: more than 0.
    PositiveHeads { is: "a number of people", range: Range::above(0.0, 1e6), hint: "", stand_in: 1.0 }
}

/// Whole numbers up to this one are exact as doubles.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Margin {
    /// Returns the same margin as a share of the cost.
    #[must_use]
    pub fn of_cost(self) -> Markup {
        Markup(self.0 / (1.0 - self.0))
    }
}

/// A whole number from `LOW` to `HIGH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole<const LOW: i64, const HIGH: i64>(i64);

impl<const LOW: i64, const HIGH: i64> Whole<LOW, HIGH> {
    /// Parses the number.
    ///
    /// # Errors
    /// Returns what was expected if the number is outside the range.
    pub fn new(number: i64) -> Result<Self, String> {
        if (LOW..=HIGH).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("{number} is out of range: expected a whole number from {LOW} to {HIGH}"))
        }
    }

    /// Returns the number.
    #[must_use]
    pub fn value(self) -> i64 {
        self.0
    }

    /// Returns the number as a count.
    ///
    /// # Panics
    /// If the kind allows negative numbers or numbers beyond 32 bits.
    #[must_use]
    pub fn count(self) -> u32 {
        u32::try_from(self.0).expect("the range of the kind fits into 32 bits")
    }
}

impl<const LOW: i64, const HIGH: i64> fmt::Display for Whole<LOW, HIGH> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const LOW: i64, const HIGH: i64> Value for Whole<LOW, HIGH> {
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and exact")]
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let number = match node.tree {
            Tree::Whole(number) => number,
            // 1e4, and 12.0.
            Tree::Number(number) if number.fract() == 0.0 && number.abs() <= EXACT => number as i64,
            _ => {
                reader.expected(node, &format!("a whole number from {LOW} to {HIGH}"));
                return None;
            }
        };
        Self::new(number).map_err(|message| reader.refuse(&node.place, message, None)).ok()
    }

    fn stand_in() -> Self {
        Self(LOW)
    }

    fn schema() -> Json {
        json!({ "type": "integer", "minimum": LOW, "maximum": HIGH })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_refuses_numbers_outside_its_range() {
        assert_eq!(Probability::new(1.75).unwrap_err(), "1.75 is not a probability or share: expected 0 to 1");
        for bad in [f64::NAN, f64::INFINITY, -0.001, 1e13] {
            assert!(Days::new(bad).is_err(), "{bad}");
            assert!(Probability::new(bad).is_err(), "{bad}");
        }
        assert!(Whole::<1, 9>::new(0).is_err() && Whole::<1, 9>::new(9).is_ok());
    }

    #[test]
    fn minus_zero_becomes_zero() {
        assert!(Days::new(-0.0).unwrap().value().is_sign_positive());
    }
}
