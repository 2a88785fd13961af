//! Count, mean, spread, skewness and extremes of a column, from blocks computed anywhere and merged in order.

use serde::{Deserialize, Serialize};

use super::double::Double;
use super::passes::{FirstPass, Powers, higher, lower, powers};

/// A summary of a column of numbers that is not kept. NaN is a missing value, counted separately and otherwise left out.
///
/// The last bits of the spread depend on how the column was split into blocks: always split it in the same way, and merge in
/// order. A column whose sum exceeds the largest `f64` counts as infinite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    present: u64,
    missing: u64,
    /// The sum instead of the mean, because sums merge without a division: 0.95 of a thousand stays 0.95 to the bit.
    sum: Double,
    /// The sum of the squared deviations from the mean. Not finite if a value is not.
    squares: f64,
    /// The sum of the cubed deviations from the mean. Not finite if a value is not.
    cubes: f64,
    /// +infinity while there are no values.
    min: f64,
    /// -infinity while there are no values.
    max: f64,
}

impl Tally {
    /// Returns the tally of one block of values. It makes two passes, so the block should fit into the processor's cache.
    pub fn of(values: &[f64]) -> Tally {
        let first = FirstPass::over(values);
        let present = first.present as u64;
        let missing = values.len() as u64 - present;
        if present == 0 {
            return Tally { missing, ..Tally::default() };
        }
        let Powers { squares, cubes } = powers(values, first.sum.over(first.present), first.present);
        Tally { present, missing, sum: first.sum, squares, cubes, min: first.min, max: first.max }
    }

    /// Returns the tally of `ones` ones among `values` zeros and ones.
    pub fn of_ones(ones: u64, values: u64) -> Tally {
        if values == 0 {
            return Tally::default();
        }
        // k (n - k) / n: the squared deviations of k ones and n - k zeros from their mean.
        let zeros = values - ones;
        let squares = ones as f64 * (zeros as f64 / values as f64);
        // k (n - k) (n - 2 k) / n^2, likewise.
        let cubes = squares * ((zeros as f64 - ones as f64) / values as f64);
        let (min, max) = (if ones == values { 1.0 } else { 0.0 }, if ones > 0 { 1.0 } else { 0.0 });
        Tally { present: values, missing: 0, sum: Double::of_parts(ones as f64, 0.0), squares, cubes, min, max }
    }

    /// Adds the next block. Merging an empty tally changes no bit of mean, spread and extremes.
    pub fn merge(&mut self, later: &Tally) {
        let missing = self.missing + later.missing;
        if self.present == 0 {
            *self = *later;
        } else if later.present > 0 {
            self.absorb(later);
        }
        self.missing = missing;
    }

    /// Applies the pairwise update of Chan, Golub and LeVeque (1983): for parts of m and n values whose means differ by d,
    /// the squares grow by d^2 m n / (m + n). With squares A and B, the cubes grow by d^3 m n (m - n) / (m + n)^2 +
    /// 3 d (m B - n A) / (m + n) (Pébay 2008, equation 2.4).
    fn absorb(&mut self, later: &Tally) {
        let (before, after) = (self.present as f64, later.present as f64);
        let apart = later.sum.over(after).minus(self.sum.over(before)).value();
        let all = before + after;
        let of_means = apart * apart * before * (after / all) * (apart * ((before - after) / all));
        let of_squares = 3.0 * apart * ((before / all) * later.squares - (after / all) * self.squares);
        self.cubes += later.cubes + of_means + of_squares;
        self.squares += later.squares + apart * apart * (before * (after / (before + after)));
        self.sum = self.sum.plus(later.sum);
        self.present += later.present;
        self.min = lower(self.min, later.min);
        self.max = higher(self.max, later.max);
    }

    /// Returns the sum of the values.
    pub(super) fn sum(&self) -> Double {
        self.sum
    }

    /// Returns the number of values that are not missing.
    pub fn count(&self) -> u64 {
        self.present
    }

    /// Returns the number of missing values.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// Returns the mean, in the unit of the values. It is infinite if a value is. None without values, or with infinities of
    /// both signs.
    pub fn mean(&self) -> Option<f64> {
        let mean = self.sum.value() / self.present as f64;
        (!mean.is_nan()).then_some(mean)
    }

    /// Returns the variance with divisor n - 1. None below two values, or if a value is infinite.
    pub fn variance(&self) -> Option<f64> {
        let exists = self.present >= 2 && self.squares.is_finite();
        exists.then(|| self.squares / (self.present - 1) as f64)
    }

    /// Returns the standard deviation, the root of [`Tally::variance`].
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Returns the standard error of the mean, sd / sqrt(n).
    pub fn standard_error(&self) -> Option<f64> {
        self.sd().map(|sd| sd / (self.present as f64).sqrt())
    }

    /// Returns the skewness g1 = m3 / m2^(3/2), from the central moments with divisor n. None below two values, without
    /// spread, or if a moment is not finite.
    pub fn skewness(&self) -> Option<f64> {
        skewness(self.present as f64, self.squares, self.cubes)
    }

    /// Returns all its numbers, bit by bit.
    pub fn to_bits(&self) -> [u64; 8] {
        let Tally { present, missing, sum, squares, cubes, min, max } = *self;
        let [high, low, squares, cubes, min, max] = [sum.value(), sum.error(), squares, cubes, min, max].map(f64::to_bits);
        [present, missing, high, low, squares, cubes, min, max]
    }

    /// Returns the smallest value.
    pub fn min(&self) -> Option<f64> {
        (self.present > 0).then_some(self.min)
    }

    /// Returns the largest value.
    pub fn max(&self) -> Option<f64> {
        (self.present > 0).then_some(self.max)
    }
}

impl Default for Tally {
    /// Returns the tally of no values.
    fn default() -> Tally {
        let (min, max) = (f64::INFINITY, f64::NEG_INFINITY);
        Tally { present: 0, missing: 0, sum: Double::from(0.0), squares: 0.0, cubes: 0.0, min, max }
    }
}

/// Returns the skewness of `n` values from the sums of their squared and cubed deviations. None without spread, or if a
/// sum is not finite.
pub(super) fn skewness(n: f64, squares: f64, cubes: f64) -> Option<f64> {
    let variance = squares / n;
    // In this order, so that neither huge nor tiny values leave the range of numbers.
    let skewness = cubes / n / variance / variance.sqrt();
    (n >= 2.0 && squares > 0.0 && skewness.is_finite()).then_some(skewness)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_close, seeded};
    use super::*;
    use proptest::prelude::*;

    /// Nine digits, the requirement for hard data.
    const NINE_DIGITS: f64 = 0.5e-9;

    /// Large values close together: they differ in the ninth digit.
    fn hard_data() -> Vec<f64> {
        let mut values = vec![10_000_000.2];
        (0..500).for_each(|_| values.extend([10_000_000.1, 10_000_000.3]));
        values
    }

    /// Returns the mean and variance of values that are multiples of 2^-29 (all f64 from 2^23 to 2^24 are). They are exact
    /// in integers, relative to the first value, and each final division rounds once.
    fn exact(values: &[f64]) -> (f64, f64) {
        let unit = f64::from(1 << 29);
        let first = values[0];
        let whole: Vec<i128> = values.iter().map(|value| ((value - first) * unit) as i128).collect();
        assert!(whole.iter().zip(values).all(|(&w, &v)| (first + w as f64 / unit).to_bits() == v.to_bits()));
        let n = values.len() as i128;
        let sum: i128 = whole.iter().sum();
        let squares = n * whole.iter().map(|w| w * w).sum::<i128>() - sum * sum;
        let mean = first + sum as f64 / (n as f64 * unit);
        (mean, squares as f64 / ((n * (n - 1)) as f64 * unit * unit))
    }

    fn merged<'v>(blocks: impl IntoIterator<Item = &'v [f64]>) -> Tally {
        let mut all = Tally::default();
        blocks.into_iter().for_each(|block| all.merge(&Tally::of(block)));
        all
    }

    /// Returns the blocks that start at the given places.
    fn split<'v>(values: &'v [f64], cuts: &[usize]) -> Vec<&'v [f64]> {
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (values.len() + 1)).collect();
        places.extend([0, values.len()]);
        places.sort_unstable();
        places.windows(2).map(|pair| &values[pair[0]..pair[1]]).collect()
    }

    fn assert_nine_digits(tally: &Tally, values: &[f64]) {
        let (mean, variance) = exact(values);
        // The reference rounds twice by 2^-53 of the mean, the tally once.
        assert_close(tally.mean().expect("values"), mean, 4e-16);
        assert_close(tally.variance().expect("two values"), variance, NINE_DIGITS);
    }

    #[test]
    fn a_column_worked_by_hand() {
        // Mean 5, squared deviations 9 1 1 1 0 0 4 16 with sum 32.
        let tally = Tally::of(&[2.0, 4.0, f64::NAN, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!((tally.count(), tally.missing()), (8, 1));
        assert_eq!((tally.mean(), tally.variance()), (Some(5.0), Some(32.0 / 7.0)));
        assert_eq!(tally.standard_error(), Some((32.0_f64 / 7.0).sqrt() / 8.0_f64.sqrt()));
        assert_eq!((tally.min(), tally.max()), (Some(2.0), Some(9.0)));
    }

    #[test]
    fn the_skewness_worked_by_hand_and_of_ones() {
        // Mean 2, squares 1 1 1 9 of sum 12, cubes -1 -1 -1 27 of sum 24: (24 / 4) / 3^(3/2) = 2 / sqrt(3).
        let tally = Tally::of(&[1.0, 1.0, f64::NAN, 1.0, 5.0]);
        assert_close(tally.skewness().expect("four values"), 2.0 / 3.0_f64.sqrt(), 1e-15);
        let ones: Vec<f64> = (0..40).map(|row| if row < 3 { 1.0 } else { 0.0 }).collect();
        let by_count = Tally::of_ones(3, 40).skewness().expect("both occur");
        assert_close(Tally::of(&ones).skewness().expect("both occur"), by_count, 1e-13);
        // (q - p) / sqrt(p q).
        assert_close(by_count, 34.0 / (3.0_f64 * 37.0).sqrt(), 1e-14);
        for none in [&[][..], &[3.0], &[0.1; 9], &[1.0, f64::INFINITY], &[1e200, -1e200, 3e200]] {
            assert_eq!(Tally::of(none).skewness(), None, "{none:?}");
        }
    }

    #[test]
    fn no_values_have_no_mean_and_one_value_has_no_variance() {
        let none = Tally::of(&[f64::NAN, f64::NAN]);
        assert_eq!((none.count(), none.missing(), none.mean(), none.min(), none.max()), (0, 2, None, None, None));
        let one = Tally::of(&[3.0]);
        assert_eq!((one.mean(), one.variance(), one.sd(), one.standard_error()), (Some(3.0), None, None, None));
    }

    #[test]
    fn a_constant_column_has_no_spread_at_all() {
        let tally = merged([[0.1; 7].as_slice(), &[0.1; 300], &[0.1]]);
        assert_eq!((tally.mean(), tally.variance()), (Some(0.1), Some(0.0)));
    }

    #[test]
    fn hard_data_keep_nine_digits_in_one_block_in_blocks_and_as_singles() {
        let values = hard_data();
        let (mean, variance) = exact(&values);
        // 10000000.1 and 10000000.3 are off by up to 2^-30, so the variance is near 0.01, but not equal to it.
        assert!((mean - 10_000_000.2).abs() < 1e-9 && (variance - 0.01).abs() < 1e-9, "{mean} {variance}");
        for size in [1, 2, 3, 7, 100, 256, 1001] {
            assert_nine_digits(&merged(values.chunks(size)), &values);
        }
    }

    #[test]
    fn a_share_keeps_every_bit_however_it_is_split() {
        let mut values = [1.0; 1000];
        values[100..150].fill(0.0);
        for size in [1, 3, 256, 1000] {
            assert_eq!(merged(values.chunks(size)).mean(), Some(0.95), "{size}");
        }
    }

    #[test]
    fn a_million_singles_drift_less_than_twelve_digits() {
        // 0 to 999999: mean (N - 1) / 2 and variance N (N + 1) / 12. Each merge rounds the squares by at most 2^-53: 1e-10
        // if all errors had the same sign. 1e-12 is ten times their random sum.
        let mut all = Tally::default();
        (0..1_000_000).for_each(|value| all.merge(&Tally::of(&[f64::from(value)])));
        assert_close(all.mean().expect("values"), 499_999.5, 1e-15);
        assert_close(all.variance().expect("values"), 1_000_000.0 * 1_000_001.0 / 12.0, 1e-12);
    }

    #[test]
    fn merging_an_empty_tally_changes_no_bit() {
        let tally = Tally::of(&hard_data());
        let mut before = Tally::default();
        before.merge(&tally);
        let mut after = tally;
        after.merge(&Tally::default());
        assert_eq!((before, after), (tally, tally));
        after.merge(&Tally::of(&[f64::NAN]));
        assert_eq!(after, Tally { missing: 1, ..tally });
    }

    #[test]
    fn infinite_values_give_an_infinite_mean_and_no_variance() {
        for split in [1, 2, 5] {
            let tally = merged([1.0, f64::INFINITY, 2.0, 3.0, 4.0].chunks(split));
            assert_eq!((tally.mean(), tally.variance(), tally.sd()), (Some(f64::INFINITY), None, None));
            let tally = merged([f64::NEG_INFINITY, f64::INFINITY, 2.0, 3.0].chunks(split));
            assert_eq!((tally.count(), tally.mean(), tally.max()), (4, None, Some(f64::INFINITY)));
            let huge = merged([f64::MAX, f64::MAX, -f64::MAX].chunks(split));
            assert_eq!((huge.min(), huge.max()), (Some(-f64::MAX), Some(f64::MAX)));
        }
    }

    fn column() -> impl Strategy<Value = Vec<f64>> {
        let value = prop_oneof![9 => -1e6_f64..1e6, 1 => Just(f64::NAN)];
        prop::collection::vec(value, 0..600)
    }

    proptest! {
        #![proptest_config(seeded(200))]

        #[test]
        fn hard_data_keep_nine_digits_however_they_are_split(
            cuts in prop::collection::vec(0_usize..2000, 0..60),
        ) {
            let values = hard_data();
            assert_nine_digits(&merged(split(&values, &cuts)), &values);
        }

        #[test]
        fn any_column_gives_the_same_however_it_is_split(
            values in column(),
            cuts in prop::collection::vec(0_usize..600, 0..20),
        ) {
            let (whole, parts) = (Tally::of(&values), merged(split(&values, &cuts)));
            prop_assert_eq!((whole.count(), whole.missing()), (parts.count(), parts.missing()));
            prop_assert_eq!((whole.min(), whole.max()), (parts.min(), parts.max()));
            // The sums have 104 bits, so their quotients differ in the last bit at most.
            if let (Some(whole), Some(parts)) = (whole.mean(), parts.mean()) {
                assert_close(parts, whole, 3e-16);
            }
            if let (Some(whole), Some(parts)) = (whole.variance(), parts.variance()) {
                assert_close(parts, whole, 1e-12);
            }
            // Cubes of both signs cancel, so the tolerance is absolute.
            if let (Some(whole), Some(parts)) = (whole.skewness(), parts.skewness()) {
                prop_assert!((whole - parts).abs() < 1e-11, "{} {}", whole, parts);
            }
        }
    }
}
