//! Exact decimal numbers, so that steps of 0.1 reach 0.3 and not 0.30000000000000004.

use std::fmt;

use serde_json::{Value as Json, json};

use super::document::{Node, Tree};
use super::fields::Value;
use super::reader::Reader;

/// The most digits of a number on each side of its point.
const DIGITS_AT_MOST: usize = 15;

/// A number with at most 15 digits before its point and 15 behind it.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    /// The number times 10 to the power of `scale`.
    digits: i128,
    scale: u32,
}

impl Decimal {
    /// Parses a number as TOML writes it, without an exponent: `-1_000`, `0.70`. None if it has too many digits or is not a
    /// number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, plain) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(whole, fraction)| (whole, Some(fraction)));
        let digits = |part: &str| {
            let is_sound = part.split('_').all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
            is_sound.then(|| part.replace('_', ""))
        };
        let whole = digits(whole)?;
        let fraction = fraction.map_or(Some(String::new()), digits)?;
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        if whole.len().max(fraction.len()) > DIGITS_AT_MOST {
            return None;
        }
        let magnitude: i128 = format!("0{whole}{fraction}").parse().ok()?;
        let scale = u32::try_from(fraction.len()).ok()?;
        Some(Self { digits: if is_negative { -magnitude } else { magnitude }, scale })
    }

    /// Returns its digits as if it had `scale` of them behind the point.
    fn at_scale(self, scale: u32) -> i128 {
        self.digits * 10_i128.pow(scale - self.scale)
    }

    /// Returns the difference to another number.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self { digits: self.at_scale(scale) - other.at_scale(scale), scale }
    }

    /// Returns the numbers from `from` to `to`, including both ends if they are reached, and at most `at_most`.
    ///
    /// # Errors
    /// Returns what is wrong with the step, or that there are too many numbers.
    pub fn steps(from: Self, to: Self, step: Self, at_most: usize) -> Result<Vec<Self>, String> {
        let scale = from.scale.max(to.scale).max(step.scale);
        let (begin, end, by) = (from.at_scale(scale), to.at_scale(scale), step.at_scale(scale));
        if by == 0 {
            return Err("a step of 0 never gets from one level to the next".to_owned());
        }
        if end != begin && (end > begin) != (by > 0) {
            let sign = if end > begin { "above" } else { "below" };
            return Err(format!("steps of {step} lead from {from} away from {to}: expected a step {sign} 0"));
        }
        let count = (end - begin) / by + 1;
        if count > at_most as i128 {
            return Err(format!("{count} levels from {from} to {to} in steps of {step}, expected at most {at_most}"));
        }
        Ok((0..count).map(|index| Self { digits: begin + index * by, scale }).collect())
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.minus(*other).digits == 0
    }
}

/// Writes the shortest form, without zeros at the end of a fraction.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let places = self.scale as usize;
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

impl Value for Decimal {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        // A number is shown as the shortest decimal that is equal to it, which is the one that was typed.
        let shown = match node.tree {
            Tree::Whole(whole) => whole.to_string(),
            Tree::Number(number) => number.to_string(),
            _ => {
                reader.expected(node, "a number");
                return None;
            }
        };
        let read = Self::parse(&shown);
        if read.is_none() {
            let shown = node.in_words();
            let message = format!("{shown} found: expected one of {DIGITS_AT_MOST} digits before its point and behind it");
            reader.refuse(&node.place, message, None);
        }
        read
    }

    fn stand_in() -> Self {
        Self { digits: 1, scale: 0 }
    }

    fn schema() -> Json {
        json!({ "type": "number" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(from: &str, to: &str, step: &str) -> Result<String, String> {
        let [from, to, step] = [from, to, step].map(|text| Decimal::parse(text).expect("the text is a number"));
        Ok(Decimal::steps(from, to, step, 1000)?.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn steps_are_exact_and_include_both_ends_if_reached() {
        assert_eq!(steps("0.7", "0.9", "0.1").unwrap(), "0.7 0.8 0.9");
        assert_eq!(steps("0.60", "0.8", "0.05").unwrap(), "0.6 0.65 0.7 0.75 0.8");
        assert_eq!(steps("2", "10", "3").unwrap(), "2 5 8");
        assert_eq!(steps("1", "-1", "-0.5").unwrap(), "1 0.5 0 -0.5 -1");
        assert_eq!(steps("-0.1", "0.1", "0.1").unwrap(), "-0.1 0 0.1");
        assert_eq!(steps("5", "5", "1").unwrap(), "5");
        assert_eq!(steps("1_000", "3_000", "1_000").unwrap(), "1000 2000 3000");
    }

    #[test]
    fn steps_that_lead_nowhere_or_too_far_are_refused() {
        assert!(steps("2", "10", "0").unwrap_err().contains("a step of 0"));
        assert!(steps("10", "2", "1").unwrap_err().contains("expected a step below 0"));
        assert!(steps("2", "10", "-1").unwrap_err().contains("expected a step above 0"));
        assert!(steps("0", "999999999999999", "0.000000000000001").unwrap_err().contains("levels"));
        assert_eq!(steps("1", "1000", "1").unwrap().split(' ').count(), 1000);
        assert!(steps("0", "1000", "1").unwrap_err().starts_with("1001 levels from 0 to 1000"));
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let shown = |text: &str| Decimal::parse(text).map(|number| number.to_string());
        assert_eq!(shown("+007.50").as_deref(), Some("7.5"));
        assert_eq!(shown("-0.0").as_deref(), Some("0"));
        for text in ["", "-", ".5", "5.", "1e3", "inf", "0x10", "1__0", "1.2.3", "1234567890123456", "0.1234567890123456"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
