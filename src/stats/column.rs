//! A column of numbers for quantiles. The numbers are kept, or, if there are too many, counted in cells.

use std::borrow::Cow;

use super::{BoundedQuantile, Confidence, Sketch, bounded_quantiles_in_place, quantile_ranks, quantiles_in_place};

/// How many values of a counted column charts draw.
const DRAWN: u64 = 100_000;

/// Numbers in their original order, with NaN for a missing value, or an approximate count of each number.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// All numbers. Quantiles are exact.
    Kept(Vec<f64>),
    /// Counts by cell. Quantiles are within [`Sketch::RELATIVE_ERROR`] of the exact ones.
    Counted {
        /// The values that are not missing.
        sketch: Sketch,
        /// The number of missing values.
        missing: u64,
    },
}

impl Column {
    /// Returns an empty column that counts its numbers.
    #[must_use]
    pub fn counted() -> Self {
        Self::Counted { sketch: Sketch::default(), missing: 0 }
    }

    /// Returns a counted column with each number repeated as often as stated.
    #[must_use]
    pub fn of_counts(counts: &[(f64, u64)]) -> Self {
        let mut sketch = Sketch::default();
        counts.iter().for_each(|&(value, times)| sketch.add_times(value, times));
        Self::Counted { sketch, missing: 0 }
    }

    /// Appends numbers.
    pub fn add(&mut self, values: &[f64]) {
        match self {
            Self::Kept(all) => all.extend_from_slice(values),
            Self::Counted { sketch, missing } => {
                let before = sketch.total();
                sketch.add(values);
                *missing += values.len() as u64 - (sketch.total() - before);
            }
        }
    }

    /// Counts the numbers from now on, instead of keeping them.
    pub fn stop_keeping(&mut self) {
        if let Self::Kept(all) = self {
            let mut counted = Self::counted();
            counted.add(all);
            *self = counted;
        }
    }

    /// Returns the number of values, including missing ones.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Kept(all) => all.len() as u64,
            Self::Counted { sketch, missing } => sketch.total() + missing,
        }
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns all numbers, if they are kept.
    #[must_use]
    pub fn as_kept(&self) -> Option<&[f64]> {
        match self {
            Self::Kept(all) => Some(all),
            Self::Counted { .. } => None,
        }
    }

    /// Returns the number of values that are not missing.
    #[must_use]
    pub fn present(&self) -> u64 {
        match self {
            Self::Kept(all) => all.iter().filter(|value| !value.is_nan()).count() as u64,
            Self::Counted { sketch, .. } => sketch.total(),
        }
    }

    /// Returns the smallest and the largest number. None without numbers.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        match self {
            Self::Kept(all) => all.iter().filter(|value| !value.is_nan()).fold(None, |range, &value| {
                let (low, high) = range.unwrap_or((value, value));
                Some((low.min(value), high.max(value)))
            }),
            Self::Counted { sketch, .. } => sketch.range(),
        }
    }

    /// Returns how often a small whole number, or infinity, occurs. It is exact for a column of whole numbers below 4096 in
    /// size.
    #[must_use]
    #[expect(clippy::float_cmp, reason = "whole numbers are exact")]
    pub fn count_of(&self, wanted: f64) -> u64 {
        match self {
            Self::Kept(all) => all.iter().filter(|&&value| value == wanted).count() as u64,
            Self::Counted { sketch, .. } => sketch.count_of(wanted),
        }
    }

    /// Returns the quantiles for several `shares` (each 0 to 1), in their order. NaN (missing) without values.
    #[must_use]
    pub fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        match self {
            Self::Kept(all) => quantiles_in_place(&mut all.clone(), shares),
            Self::Counted { sketch, .. } => sketch.quantiles(shares),
        }
    }

    /// Returns these quantiles with distribution-free limits that split the risk equally.
    #[must_use]
    pub fn bounded_quantiles(&self, shares: &[f64], confidence: Confidence) -> Vec<BoundedQuantile> {
        match self {
            Self::Kept(all) => bounded_quantiles_in_place(&mut all.clone(), shares, confidence),
            Self::Counted { sketch, .. } => {
                let of_rank = |rank: Option<usize>| rank.and_then(|rank| sketch.value_of(rank as u64 - 1));
                let bounded = |&share: &f64| {
                    let (low, high) = quantile_ranks(sketch.total() as usize, share, confidence);
                    BoundedQuantile {
                        value: sketch.quantile(share).unwrap_or(f64::NAN),
                        low: of_rank(low),
                        high: of_rank(high),
                    }
                };
                shares.iter().map(bounded).collect()
            }
        }
    }

    /// Returns the values for a chart: all that are kept or, of a counted column, up to 100,000 at equal steps from the
    /// smallest to the largest, with the right share of missing ones.
    #[must_use]
    #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "small counts")]
    pub fn drawn(&self) -> Cow<'_, [f64]> {
        match self {
            Self::Kept(all) => all.into(),
            Self::Counted { sketch, .. } => {
                let all = self.len().max(1);
                let drawn = all.min(DRAWN);
                let present = (sketch.total() as f64 / all as f64 * drawn as f64).round() as u64;
                let ranks = (0..present)
                    .map(|step| ((2 * step + 1) as u128 * sketch.total() as u128 / (2 * present) as u128) as u64);
                let mut values = sketch.values_of(ranks);
                values.resize(drawn as usize, f64::NAN);
                values.into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Generator;
    use super::*;

    fn both(values: &[f64]) -> (Column, Column) {
        let kept = Column::Kept(values.to_vec());
        let mut counted = kept.clone();
        counted.stop_keeping();
        (kept, counted)
    }

    fn some() -> Vec<f64> {
        let mut generator = Generator(11);
        (0..30_000).map(|at| if at % 5 == 0 { f64::NAN } else { 40.0 + 9.0 * generator.normal() }).collect()
    }

    #[test]
    fn a_counted_column_is_close_to_a_kept_one() {
        let (kept, counted) = both(&some());
        assert_eq!((kept.len(), kept.present()), (counted.len(), counted.present()));
        assert_eq!((counted.len(), counted.present()), (30_000, 24_000));
        let confidence = Confidence::new(0.95).expect("a valid level");
        let shares = [0.0, 0.05, 0.5, 0.95, 1.0];
        let exact = kept.bounded_quantiles(&shares, confidence);
        for (exact, near) in exact.iter().zip(counted.bounded_quantiles(&shares, confidence)) {
            let is_near = |exact: f64, near: f64| (near / exact - 1.0).abs() <= Sketch::RELATIVE_ERROR;
            assert!(is_near(exact.value, near.value), "{exact:?} {near:?}");
            assert_eq!(exact.low.map(|low| is_near(low, near.low.expect("a limit"))), exact.low.map(|_| true));
            assert_eq!(exact.high.map(|high| is_near(high, near.high.expect("a limit"))), exact.high.map(|_| true));
        }
        assert_eq!(
            counted.quantiles(&shares)[2].to_bits(),
            counted.bounded_quantiles(&shares, confidence)[2].value.to_bits()
        );
    }

    #[test]
    fn whole_numbers_are_counted_exactly() {
        let values: Vec<f64> = (0..20_000).map(|at| f64::from(at % 4000)).collect();
        let (kept, counted) = both(&values);
        let shares = [0.0, 0.01, 0.333, 0.5, 0.9, 1.0];
        assert_eq!(kept.quantiles(&shares), counted.quantiles(&shares));
        assert!([0.0, 1.0, 57.0, 3999.0].iter().all(|&value| counted.count_of(value) == 5 && kept.count_of(value) == 5));
        assert_eq!(counted.count_of(4095.0), 0);
        let ones = Column::of_counts(&[(0.0, 3), (1.0, 1)]);
        assert_eq!((ones.len(), ones.count_of(1.0), ones.quantiles(&[0.75, 1.0])), (4, 1, vec![0.25, 1.0]));
    }

    #[test]
    fn drawn_values_spread_like_all_values() {
        let (kept, counted) = both(&some());
        assert_eq!(kept.drawn().len(), 30_000);
        let drawn = counted.drawn();
        assert_eq!((drawn.len(), drawn.iter().filter(|value| value.is_nan()).count()), (30_000, 6_000));
        let of_drawn = quantiles_in_place(&mut drawn.to_vec(), &[0.05, 0.5, 0.95]);
        for (all, drawn) in kept.quantiles(&[0.05, 0.5, 0.95]).iter().zip(of_drawn) {
            assert!((drawn / all - 1.0).abs() <= 2.0 * Sketch::RELATIVE_ERROR, "{drawn} {all}");
        }
        let many = Column::of_counts(&[(1.0, 600_000), (2.0, 200_000)]);
        let drawn = many.drawn();
        assert_eq!((drawn.len(), drawn.iter().filter(|&&value| value > 1.5).count()), (100_000, 25_000));
    }
}
