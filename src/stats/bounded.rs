//! Quantiles of a column, each with distribution-free limits.

use super::quantile::{at_place, missing_last, needed, place, select};
use super::{Confidence, quantile_ranks};

/// A quantile with the limits of its confidence interval. The limits are values of the sample, selected by
/// [rank](quantile_ranks).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundedQuantile {
    /// The quantile of the sample, as [`Sample`](super::Sample) gives it. NaN without values.
    pub value: f64,
    /// The lower limit. None if there are too few values.
    pub low: Option<f64>,
    /// The upper limit. None if there are too few values.
    pub high: Option<f64>,
}

/// Returns the quantiles for several `shares` (each 0 to 1), in their order, with two-sided limits that split the risk
/// equally. It works by selection, so it reorders `values`. NaN is a missing value.
pub fn bounded_quantiles_in_place(values: &mut [f64], shares: &[f64], confidence: Confidence) -> Vec<BoundedQuantile> {
    let count = missing_last(values);
    let values = &mut values[..count];
    let of_share = |&p: &f64| (place(count as u64, p), quantile_ranks(count, p, confidence));
    let wanted: Vec<_> = shares.iter().map(of_share).collect();
    let mut ranks = Vec::new();
    for (place, (low, high)) in &wanted {
        ranks.extend(place.iter().flat_map(|&(rank, part)| needed(rank, part)));
        ranks.extend([low, high].into_iter().flatten().map(|rank| rank - 1));
    }
    ranks.sort_unstable();
    ranks.dedup();
    select(values, 0, &ranks);
    let values = &*values;
    let of_rank = |rank: Option<usize>| rank.map(|rank| values[rank - 1]);
    let bounded = |(place, (low, high)): (Option<_>, _)| BoundedQuantile {
        value: place.map_or(f64::NAN, |place| at_place(values, place)),
        low: of_rank(low),
        high: of_rank(high),
    };
    wanted.into_iter().map(bounded).collect()
}

impl BoundedQuantile {
    /// Returns half the distance between the limits. None if one of them is open. If both are infinite it is 0, as it is
    /// known that the date never comes.
    pub fn half_width(&self) -> Option<f64> {
        let (low, high) = (self.low?, self.high?);
        Some(if low < high { (high - low) / 2.0 } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sample;
    use super::super::testing::Generator;
    use super::*;

    fn at(level: f64) -> Confidence {
        Confidence::new(level).expect("a valid level")
    }

    #[test]
    fn limits_worked_by_hand() {
        // Of 10 values the median is between the 2nd and the 9th at 95 %. No value bounds the 0.9 quantile from above, since
        // 0.9^10 = 0.35.
        let mut values = [30.0, 10.0, f64::NAN, 50.0, 90.0, 20.0, 100.0, 80.0, 40.0, 70.0, 60.0];
        let found = bounded_quantiles_in_place(&mut values, &[0.5, 0.9], at(0.95));
        assert_eq!(found[0], BoundedQuantile { value: 55.0, low: Some(20.0), high: Some(90.0) });
        assert_eq!((found[0].half_width(), found[1].half_width()), (Some(35.0), None));
        // P(B < 7) = 0.0128 and P(B < 8) = 0.0702 for B binomial (10, 0.9).
        assert_eq!((found[1].low, found[1].high), (Some(70.0), None));
    }

    #[test]
    fn a_date_that_surely_never_comes_has_no_width() {
        let of = |never: usize| {
            let mut days = vec![5.0; 100 - never];
            days.resize(100, f64::INFINITY);
            let found = bounded_quantiles_in_place(&mut days, &[0.5], at(0.95))[0];
            (found.value, found.half_width())
        };
        assert_eq!([of(90), of(52)], [(f64::INFINITY, Some(0.0)), (f64::INFINITY, Some(f64::INFINITY))]);
    }

    #[test]
    fn the_upper_limit_of_the_95_percent_quantile_closes_at_59_values() {
        // 95 % one-sided is 90 % two-sided.
        let of = |n: u32| {
            let mut values: Vec<f64> = (1..=n).map(f64::from).collect();
            bounded_quantiles_in_place(&mut values, &[0.95], at(0.9))[0]
        };
        assert_eq!((of(58).high, of(59).high), (None, Some(59.0)));
    }

    #[test]
    fn without_values_there_are_neither_quantiles_nor_limits() {
        let found = bounded_quantiles_in_place(&mut [f64::NAN], &[0.5], at(0.95))[0];
        assert!(found.value.is_nan() && found.low.is_none() && found.high.is_none());
    }

    #[test]
    fn selection_equals_sorting() {
        let mut generator = Generator(5);
        let shares = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95];
        for n in [1, 2, 40, 1000] {
            let mut values: Vec<f64> = (0..n).map(|_| (10.0 * generator.uniform()).floor()).collect();
            let sample = Sample::of(values.iter().copied());
            let found = bounded_quantiles_in_place(&mut values, &shares, at(0.9));
            for (found, p) in found.iter().zip(shares) {
                let (low, high) = quantile_ranks(n, p, at(0.9));
                let of_rank = |rank: usize| sample.sorted()[rank - 1];
                assert_eq!((found.low, found.high), (low.map(of_rank), high.map(of_rank)), "{n} {p}");
                assert_eq!(Some(found.value), sample.quantile(p), "{n} {p}");
            }
        }
    }
}
