//! The difference between two columns whose values form pairs.

use super::{Confidence, Interval, Sample, Sketch, Tally};
use std::cmp::Ordering;

/// A summary of the differences a - b, over the pairs in which neither value is missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// The number of complete pairs, at least 1.
    pub n: u64,
    /// The number of pairs left out because `a`, `b` or both are missing.
    pub missing: u64,
    /// The mean of a - b. None if there are infinite differences of both signs.
    pub mean_difference: Option<f64>,
    /// The standard error of the mean difference. None below two pairs, or with an infinite difference.
    pub se: Option<f64>,
    /// The [interval](Interval::mean) of the mean difference. None if `se` is none.
    pub interval: Option<Interval>,
    /// The skewness of the differences. None without spread.
    pub skewness: Option<f64>,
    /// The share (0 to 1) of the pairs with a < b.
    pub p_lower: f64,
    /// The share (0 to 1) of the pairs with a = b.
    pub p_equal: f64,
    /// The 5 % quantile of a - b.
    pub p5: f64,
    /// The median of a - b.
    pub p50: f64,
    /// The 95 % quantile of a - b.
    pub p95: f64,
    /// (var a + var b) / var(a - b): how many times more independent replications the same precision would take. None below
    /// two pairs, if the difference is constant (except for rounding), or with infinite values.
    pub variance_ratio: Option<f64>,
}

impl Paired {
    /// Compares two columns of equal length, paired by index. None without a complete pair.
    pub fn of(a: &[f64], b: &[f64], confidence: Confidence) -> Option<Paired> {
        assert!(a.len() == b.len(), "columns of {} and {} values do not pair", a.len(), b.len());
        let (pairs, differences) = PairedTally::of(a, b);
        let sample = Sample::from_vec(differences);
        pairs.paired(|share| sample.quantile(share), confidence)
    }

    /// Turns the comparison of a with b into that of b with a.
    #[must_use]
    pub fn reversed(self) -> Paired {
        // Not a minus sign, which could give a negative zero.
        let reversed = |value: f64| 0.0 - value;
        Paired {
            mean_difference: self.mean_difference.map(reversed),
            interval: self.interval.map(|Interval { low, high }| Interval { low: reversed(high), high: reversed(low) }),
            skewness: self.skewness.map(reversed),
            p_lower: self.p_higher(),
            p5: reversed(self.p95),
            p50: reversed(self.p50),
            p95: reversed(self.p5),
            ..self
        }
    }

    /// Returns the interval of the mean difference of two columns of equal length. None below two complete pairs.
    #[must_use]
    pub fn interval_of(a: &[f64], b: &[f64], confidence: Confidence) -> Option<Interval> {
        let (of_a, of_b) = complete(a, b);
        let differences: Vec<f64> = of_a.iter().zip(&of_b).map(|(&a, &b)| difference(a, b)).collect();
        Interval::mean(&Tally::of(&differences), confidence)
    }

    /// Returns the share (0 to 1) of the pairs with a > b.
    fn p_higher(&self) -> f64 {
        // Shares are multiples of 1 / n, so remove the rounding error of the subtraction.
        ((1.0 - self.p_lower - self.p_equal) * self.n as f64).round() / self.n as f64
    }
}

/// A summary of pairs that are not kept, except for quantiles.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct PairedTally {
    rows: u64,
    of_a: Tally,
    of_b: Tally,
    difference: Tally,
    lower: u64,
    equal: u64,
}

impl PairedTally {
    /// Summarises pairs, and returns their differences.
    fn of(a: &[f64], b: &[f64]) -> (Self, Vec<f64>) {
        let (of_a, of_b) = complete(a, b);
        let differences: Vec<f64> = of_a.iter().zip(&of_b).map(|(&a, &b)| difference(a, b)).collect();
        let count = |order: Ordering| differences.iter().filter(|value| value.partial_cmp(&&0.0) == Some(order)).count();
        let tally = Self {
            rows: a.len() as u64,
            of_a: Tally::of(&of_a),
            of_b: Tally::of(&of_b),
            difference: Tally::of(&differences),
            lower: count(Ordering::Less) as u64,
            equal: count(Ordering::Equal) as u64,
        };
        (tally, differences)
    }

    /// Adds further pairs.
    fn merge(&mut self, later: &Self) {
        self.rows += later.rows;
        self.of_a.merge(&later.of_a);
        self.of_b.merge(&later.of_b);
        self.difference.merge(&later.difference);
        self.lower += later.lower;
        self.equal += later.equal;
    }

    fn paired(&self, quantile: impl Fn(f64) -> Option<f64>, confidence: Confidence) -> Option<Paired> {
        let tally = &self.difference;
        let share = |count: u64| count as f64 / tally.count() as f64;
        Some(Paired {
            n: tally.count(),
            missing: self.rows - tally.count(),
            mean_difference: tally.mean(),
            se: tally.standard_error(),
            interval: Interval::mean(tally, confidence),
            skewness: tally.skewness(),
            p_lower: share(self.lower),
            p_equal: share(self.equal),
            p5: quantile(0.05)?,
            p50: quantile(0.5)?,
            p95: quantile(0.95)?,
            variance_ratio: variance_ratio(&self.of_a, &self.of_b, tally),
        })
    }
}

/// The pairs of two columns that are too long to keep, added block by block. The quantiles of their differences are within
/// [`Sketch::RELATIVE_ERROR`] of the exact ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CountedPairs {
    tally: PairedTally,
    differences: Sketch,
}

impl CountedPairs {
    /// Adds a further block of pairs.
    pub fn add(&mut self, a: &[f64], b: &[f64]) {
        let (tally, differences) = PairedTally::of(a, b);
        self.tally.merge(&tally);
        self.differences.add(&differences);
    }

    /// Returns their comparison. None without a complete pair.
    #[must_use]
    pub fn paired(&self, confidence: Confidence) -> Option<Paired> {
        self.tally.paired(|share| self.differences.quantile(share), confidence)
    }
}

/// Returns the values of two columns in the rows in which neither is missing.
fn complete(a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let complete = |(&a, &b): (&f64, &f64)| (!a.is_nan() && !b.is_nan()).then_some((a, b));
    a.iter().zip(b).filter_map(complete).unzip()
}

/// A difference below this share of the compared values is rounding.
const NO_DIFFERENCE: f64 = 1e-12;

/// Returns the difference between two values, or 0 if it is only rounding. Equal values differ by 0 even if they are
/// infinite, where the plain difference would be NaN, which means missing.
pub(super) fn difference(a: f64, b: f64) -> f64 {
    if a.partial_cmp(&b) == Some(Ordering::Equal) {
        return 0.0;
    }
    let apart = a - b;
    if apart.abs() <= NO_DIFFERENCE * f64::min(a.abs().max(b.abs()), f64::MAX) { 0.0 } else { apart }
}

/// The variance of a difference, as a share of the variances of its parts, up to which it may be due to rounding alone.
const ROUNDING: f64 = 1e-24;

fn variance_ratio(a: &Tally, b: &Tally, difference: &Tally) -> Option<f64> {
    let apart = a.variance()? + b.variance()?;
    // The variance of a constant difference is rounding only.
    difference.variance().filter(|&together| together > apart * ROUNDING).map(|together| apart / together)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Generator, assert_close};
    use super::*;

    const MISSING: f64 = f64::NAN;

    fn compare(a: &[f64], b: &[f64]) -> Option<Paired> {
        Paired::of(a, b, Confidence::new(0.95).expect("a valid level"))
    }

    #[test]
    fn a_comparison_worked_by_hand() {
        // Complete pairs: (1, 2) (4, 4) (9, 6) (2, 4), with differences -1 0 3 -2, mean 0 and squares 14.
        let paired = compare(&[1.0, MISSING, 4.0, 9.0, 2.0, 5.0], &[2.0, 3.0, 4.0, 6.0, 4.0, MISSING]).expect("pairs");
        assert_eq!((paired.n, paired.missing, paired.mean_difference), (4, 2, Some(0.0)));
        assert_eq!((Some(paired.p_lower), Some(paired.p_equal)), (Some(0.5), Some(0.25)));
        // Variance 14 / 3, so se = sqrt(14 / 12); cubes -1 0 27 -8 of sum 18, so the skewness is (18 / 4) / (14 / 4)^(3/2).
        assert_close(paired.se.expect("pairs"), (14.0_f64 / 12.0).sqrt(), 1e-15);
        assert_close(paired.skewness.expect("pairs"), 4.5 / 3.5_f64.sqrt() / 3.5, 1e-14);
        // -2 -1 1 2 is not skewed: se = sqrt(10 / 12), and t with 3 degrees of freedom at 0.975 is 3.1824463053 (tables).
        let even = compare(&[-2.0, -1.0, 1.0, 2.0], &[0.0; 4]).expect("pairs");
        assert_close(even.interval.expect("pairs").high, 3.182_446_305_3 * (10.0_f64 / 12.0).sqrt(), 1e-10);
        // Of -2 -1 0 3: the median is -0.5; 0.15 steps above -2; 2.85 steps, 0.85 of the way from 0 to 3. Roundings of
        // 2^-53.
        assert_close(paired.p50, -0.5, 1e-15);
        assert_close(paired.p5, -1.85, 1e-15);
        assert_close(paired.p95, 2.55, 1e-15);
        // var a = 38 / 3 (1 4 9 2, mean 4), var b = 8 / 3 (2 4 6 4, mean 4).
        assert_close(paired.variance_ratio.expect("pairs"), 46.0 / 14.0, 1e-15);
    }

    #[test]
    fn without_a_complete_pair_there_is_no_comparison_and_one_pair_has_no_spread() {
        assert_eq!(compare(&[], &[]), None);
        assert_eq!(compare(&[1.0, MISSING], &[MISSING, 1.0]), None);
        let one = compare(&[3.0], &[1.0]).expect("a pair");
        assert_eq!((one.n, one.mean_difference, Some(one.p95)), (1, Some(2.0), Some(2.0)));
        assert_eq!((one.se, one.interval, one.variance_ratio), (None, None, None));
    }

    #[test]
    fn a_constant_difference_has_no_variance_ratio() {
        let paired = compare(&[1.0, 2.0, 5.0], &[0.0, 1.0, 4.0]).expect("pairs");
        assert_eq!((paired.se, paired.variance_ratio), (Some(0.0), None));
        assert_eq!(paired.interval, Some(Interval { low: 1.0, high: 1.0 }));
    }

    #[test]
    fn swapping_the_columns_mirrors_the_comparison() {
        let mut generator = Generator(4);
        let a: Vec<f64> = (0..101).map(|_| generator.normal()).collect();
        let b: Vec<f64> = (0..101).map(|_| generator.normal()).collect();
        let (ab, ba) = (compare(&a, &b).expect("pairs"), compare(&b, &a).expect("pairs"));
        assert_eq!((ab.mean_difference, ab.se), (ba.mean_difference.map(|mean| -mean), ba.se));
        assert_close(ab.p_lower, 1.0 - ba.p_lower, 1e-15);
        assert_close(ab.p5, -ba.p95, 1e-15);
        assert_close(ab.variance_ratio.expect("pairs"), ba.variance_ratio.expect("pairs"), 1e-15);
    }

    #[test]
    fn shared_noise_shows_as_a_variance_ratio() {
        // a = x + u, b = x + v with var x = 9 and var u = var v = 1: (10 + 10) / 2 = 10. The ratio of 20000 pairs has a
        // relative standard error below sqrt(2 / 20000) + sqrt(2 / 20000) = 0.02. The test allows four of them.
        let mut generator = Generator(5);
        let shared: Vec<f64> = (0..20_000).map(|_| 3.0 * generator.normal()).collect();
        let a: Vec<f64> = shared.iter().map(|x| x + generator.normal()).collect();
        let b: Vec<f64> = shared.iter().map(|x| x + generator.normal()).collect();
        let paired = compare(&a, &b).expect("pairs");
        assert_close(paired.variance_ratio.expect("pairs"), 10.0, 0.08);
        assert!(paired.interval.expect("pairs").half_width() < 0.0201, "1.96 sqrt(2 / 20000) = 0.0196, plus sampling error");
    }

    #[test]
    fn counted_pairs_compare_nearly_like_kept_ones() {
        let mut generator = Generator(6);
        let mut column = |shift: f64| -> Vec<f64> {
            (0..5000).map(|row| if row % 7 == 0 { MISSING } else { (generator.normal() + shift).max(-1.0) }).collect()
        };
        let (a, b) = (column(0.0), column(0.5));
        let mut counted = CountedPairs::default();
        a.chunks(256).zip(b.chunks(256)).for_each(|(a, b)| counted.add(a, b));
        let (exact, near) = (compare(&a, &b).expect("pairs"), counted.paired(Confidence::new(0.95).expect("a valid level")));
        let near = near.expect("pairs");
        assert_eq!((exact.n, exact.missing), (near.n, near.missing));
        assert_eq!((Some(exact.p_lower), Some(exact.p_equal)), (Some(near.p_lower), Some(near.p_equal)));
        assert!(exact.p_equal > 0.0);
        // Sums in blocks round differently, by about 20 times 2^-53.
        let alike =
            |exact: Option<f64>, near: Option<f64>| assert_close(exact.expect("a value"), near.expect("a value"), 1e-13);
        alike(exact.mean_difference, near.mean_difference);
        alike(exact.se, near.se);
        alike(exact.variance_ratio, near.variance_ratio);
        for (exact, near) in [(exact.p5, near.p5), (exact.p50, near.p50), (exact.p95, near.p95)] {
            assert!((exact - near).abs() <= exact.abs() * Sketch::RELATIVE_ERROR * 1.01, "{exact} {near}");
        }
        assert_eq!(CountedPairs::default().paired(Confidence::new(0.95).expect("a valid level")), None);
    }

    #[test]
    fn a_reversed_comparison_equals_that_of_swapped_columns() {
        let (a, b) = ([1.0, MISSING, 4.0, 9.0, 2.0, 5.0], [2.0, 3.0, 4.0, 6.0, 4.0, MISSING]);
        let (reversed, swapped) = (compare(&a, &b).expect("pairs").reversed(), compare(&b, &a).expect("pairs"));
        assert_eq!(
            (reversed.n, reversed.missing, reversed.mean_difference),
            (swapped.n, swapped.missing, swapped.mean_difference)
        );
        assert_eq!(
            (reversed.interval, reversed.se, reversed.skewness, reversed.variance_ratio),
            (swapped.interval, swapped.se, swapped.skewness, swapped.variance_ratio)
        );
        assert_eq!((Some(reversed.p_lower), Some(reversed.p_equal)), (Some(swapped.p_lower), Some(swapped.p_equal)));
        for (reversed, swapped) in [(reversed.p5, swapped.p5), (reversed.p50, swapped.p50), (reversed.p95, swapped.p95)] {
            assert_close(reversed, swapped, 1e-15);
        }
    }

    #[test]
    fn values_that_differ_by_rounding_alone_are_equal() {
        let (a, b) = ([0.1 + 0.2, 1e9, 5.0, 0.0], [0.3, 1e9 + 1e-4, 5.0 + 1e-11, 0.0]);
        let paired = compare(&a, &b).expect("pairs");
        assert_eq!((Some(paired.p_lower), Some(paired.p_equal)), (Some(0.25), Some(0.75)));
        assert_close(paired.mean_difference.expect("pairs"), -1e-11 / 4.0, 1e-4);
        assert_eq!(Some(difference(f64::MAX, f64::INFINITY)), Some(f64::NEG_INFINITY));
    }

    #[test]
    fn equal_infinities_differ_by_zero() {
        let paired = compare(&[f64::INFINITY, 1.0, 2.0], &[f64::INFINITY, 2.0, 2.0]).expect("pairs");
        assert_eq!((paired.n, paired.mean_difference, Some(paired.p_equal)), (3, Some(-1.0 / 3.0), Some(2.0 / 3.0)));
        assert_eq!(paired.variance_ratio, None);
        let apart = compare(&[f64::INFINITY, 1.0], &[1.0, f64::INFINITY]).expect("pairs");
        assert_eq!((apart.mean_difference, apart.se, Some(apart.p_lower)), (None, None, Some(0.5)));
    }
}
