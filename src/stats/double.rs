//! Numbers with twice the precision of `f64`: unevaluated sums of two `f64`.

use serde::{Deserialize, Serialize};

/// Returns the rounded sum of two numbers and its rounding error, exactly: `a + b = sum + error` (Knuth 1997, section 4.2.2,
/// theorem B). It takes six additions and no branch, whichever number is larger.
#[inline]
pub(super) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    let of_a = sum - of_b;
    (sum, (a - of_a) + (b - of_b))
}

/// Returns the rounded product of two numbers and its rounding error, exactly unless a part overflows or underflows (Dekker
/// 1971, with Veltkamp's split). A fused multiply-add would take one step, but not every processor has it.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

/// Splits a number into a sum of two with 26 bits each.
fn halves(a: f64) -> (f64, f64) {
    let shifted = 134_217_729.0 * a; // 2^27 + 1
    let high = shifted - (shifted - a);
    (high, a - high)
}

/// `high + low` with about 106 bits. `high` is the nearest `f64` to the sum. `low` is 0 if it would not be finite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Double {
    high: f64,
    low: f64,
}

impl Double {
    /// Returns the exact sum of a number and its correction. The correction is ignored if either is not finite.
    pub(super) fn new(number: f64, correction: f64) -> Double {
        let (high, low) = two_sum(number, correction);
        if low.is_finite() { Double { high, low } } else { Double::from(number) }
    }

    /// Returns the number with this value and this error, as read from another one.
    pub(super) fn of_parts(value: f64, error: f64) -> Double {
        Double { high: value, low: error }
    }

    /// Returns the nearest `f64`.
    pub(super) fn value(self) -> f64 {
        self.high
    }

    /// Returns the difference between the number and its nearest `f64`.
    pub(super) fn error(self) -> f64 {
        self.low
    }

    /// Returns the sum, within 2^-104 of the larger term (Dekker 1971, with the errors of both parts).
    pub(super) fn plus(self, other: Double) -> Double {
        let (high, error) = two_sum(self.high, other.high);
        let (low, rest) = two_sum(self.low, other.low);
        let sum = Double::new(high, error + low);
        Double::new(sum.high, sum.low + rest)
    }

    /// Returns the difference, as accurate as the sum.
    pub(super) fn minus(self, other: Double) -> Double {
        self.plus(Double { high: -other.high, low: -other.low })
    }

    /// Returns the quotient, within a relative error of 2^-103: a first quotient, plus the quotient of its remainder.
    pub(super) fn over(self, divisor: f64) -> Double {
        let quotient = self.high / divisor;
        let (product, error) = two_product(quotient, divisor);
        let rest = ((self.high - product) - error) + self.low;
        Double::new(quotient, rest / divisor)
    }
}

impl From<f64> for Double {
    fn from(high: f64) -> Double {
        Double { high, low: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_two_keeps_its_rounding_error() {
        // The spacing of f64 at 2^53 is 2, so the 1 is all error (ties go to the even neighbour,
        // which is 2^53).
        let large = 9_007_199_254_740_992.0;
        assert_eq!(Some(two_sum(large, 1.0)), Some((large, 1.0)));
        assert_eq!(Some(two_sum(1.0, large)), Some((large, 1.0)));
    }

    #[test]
    fn a_small_term_added_to_a_large_number_is_recovered() {
        let small = 1e-9;
        let sum = Double::from(1e16).plus(Double::from(small));
        assert_eq!(sum.value().to_bits(), 1e16_f64.to_bits());
        assert_eq!(sum.minus(Double::from(1e16)).value().to_bits(), small.to_bits());
    }

    #[test]
    fn a_product_of_two_keeps_its_rounding_error() {
        // (2^27 + 1)^2 = 2^54 + 2^28 + 1 takes 55 bits, so the 1 is all error.
        let (product, error) = two_product(134_217_729.0, 134_217_729.0);
        assert_eq!(Some((product, error)), Some((18_014_398_777_917_440.0, 1.0)));
    }

    #[test]
    fn a_quotient_times_its_divisor_is_the_dividend() {
        // The error of a third is 1/3 - 0.333... = 2^-54 / 3, and 3 (a third + error) = 1.
        let third = Double::from(1.0).over(3.0);
        let (product, error) = two_product(third.value(), 3.0);
        assert_eq!(Some(product), Some(1.0));
        assert!((error + 3.0 * third.error()).abs() < 1e-32, "{third:?}");
        let sevenths = Double::from(0.1).plus(Double::from(0.6)).over(7.0);
        let again = (0..7).fold(Double::from(0.0), |sum, _| sum.plus(sevenths));
        let left = again.minus(Double::from(0.1)).minus(Double::from(0.6)).value();
        assert!(left.abs() < 1e-31, "{left:e}");
    }

    #[test]
    fn infinite_sums_stay_infinite() {
        let infinite = Double::from(f64::INFINITY);
        assert_eq!(infinite.plus(Double::from(1.0)), infinite);
        assert_eq!(Double::from(f64::MAX).plus(Double::from(f64::MAX)), infinite);
        assert!(infinite.minus(infinite).value().is_nan());
        assert_eq!(infinite.over(2.0), infinite);
        assert_eq!(Double::from(f64::MAX).over(1.0), Double::from(f64::MAX));
    }
}
