//! Exact quantiles of a sample by linear interpolation: type 7 of Hyndman and Fan (1996), the default in R and NumPy.

/// A sample in ascending order, for any number of quantiles. NaN is a missing value and left out.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    sorted: Vec<f64>,
    missing: usize,
}

impl Sample {
    /// Sorts the given values into a sample.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Sample {
        Sample::from_vec(values.into_iter().collect())
    }

    /// Sorts the given values into a sample, in place.
    pub fn from_vec(mut values: Vec<f64>) -> Sample {
        let all = values.len();
        values.retain(|value| !value.is_nan());
        values.sort_unstable_by(f64::total_cmp);
        Sample { missing: all - values.len(), sorted: values }
    }

    /// Returns the value below which a share `p` (0 to 1) of the sample lies. None without values.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let (rank, part) = place(self.sorted.len() as u64, p)?;
        let low = self.sorted[rank as usize];
        Some(if part > 0.0 { between(low, self.sorted[rank as usize + 1], part) } else { low })
    }

    /// Returns the quantiles for several `shares` (each 0 to 1), in their order. NaN (missing) without values.
    pub fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        shares.iter().map(|&p| self.quantile(p).unwrap_or(f64::NAN)).collect()
    }

    /// Returns the number of values that are not missing.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// Returns the number of missing values.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Returns the values in ascending order. The value of rank r (from 1) is at index r - 1.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }
}

/// Returns the quantiles for several `shares` (each 0 to 1), in their order. They equal those of [`Sample`] to the bit, but
/// come from selection instead of sorting. The values are reordered. NaN is a missing value, and without values all
/// quantiles are NaN.
pub fn quantiles_in_place(values: &mut [f64], shares: &[f64]) -> Vec<f64> {
    let count = missing_last(values);
    let values = &mut values[..count];
    let places: Vec<_> = shares.iter().map(|&p| place(count as u64, p)).collect();
    let mut ranks: Vec<usize> = places.iter().flatten().flat_map(|&(rank, part)| needed(rank, part)).collect();
    ranks.sort_unstable();
    ranks.dedup();
    select(values, 0, &ranks);
    places.into_iter().map(|place| place.map_or(f64::NAN, |place| at_place(values, place))).collect()
}

/// Returns the quantile at a place, from values that are in order at the ranks it [needs](needed).
pub(super) fn at_place(values: &[f64], (rank, part): (u64, f64)) -> f64 {
    match needed(rank, part).next_back() {
        Some(next) if part > 0.0 => between(values[rank as usize], values[next], part),
        _ => values[rank as usize],
    }
}

/// Returns the place of the quantile `p` in an ascending sample of `count` values: a rank from 0, and the part (0 to below
/// 1) of the way to the next rank. The part is above 0 only if there is a next rank.
pub(super) fn place(count: u64, p: f64) -> Option<(u64, f64)> {
    assert!((0.0..=1.0).contains(&p), "{p} is not a share: expected 0 to 1");
    // Hyndman and Fan (1996), definition 7: the quantile is (n - 1) p steps above the smallest value.
    let steps = count.checked_sub(1)? as f64 * p;
    Some((steps as u64, steps - steps.floor()))
}

/// Returns the value a `part` (0 to below 1) of the way from `low` to `high`. It is never outside them, never decreases as
/// `part` grows, and is exact for equal neighbours.
pub(super) fn between(low: f64, high: f64, part: f64) -> f64 {
    let gap = high - low;
    if part <= 0.0 || high <= low || low == f64::NEG_INFINITY {
        low
    } else if gap.is_finite() {
        (low + part * gap).min(high)
    } else {
        // The gap overflows, or `high` is infinite. Then the ends differ in sign, or the sum is infinite in any case.
        low * (1.0 - part) + high * part
    }
}

/// Returns the ranks, from 0, that a place is between.
pub(super) fn needed(rank: u64, part: f64) -> std::ops::RangeInclusive<usize> {
    let rank = rank as usize;
    rank..=rank + usize::from(part > 0.0)
}

/// Moves the missing values to the end, and returns the number of others.
pub(super) fn missing_last(values: &mut [f64]) -> usize {
    let mut present = 0;
    for index in 0..values.len() {
        if !values[index].is_nan() {
            values.swap(present, index);
            present += 1;
        }
    }
    present
}

/// Moves the values of the given ascending ranks to their positions. `values` starts at rank `first`. The middle rank splits
/// the values for the ranks on either side, so k ranks cost log k passes.
pub(super) fn select(values: &mut [f64], first: usize, ranks: &[usize]) {
    let (below, rest) = ranks.split_at(ranks.len() / 2);
    let Some((&middle, above)) = rest.split_first() else {
        return;
    };
    let (left, _, right) = values.select_nth_unstable_by(middle - first, f64::total_cmp);
    select(left, first, below);
    select(right, middle + 1, above);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Generator, seeded};
    use super::*;
    use proptest::prelude::*;

    const FIVE: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

    fn bits(values: &[f64]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn quantiles_worked_by_hand() {
        // Of 10 20 30 40 the quantile 0.25 is 0.75 steps above 10. R: quantile(c(10, 20, 30, 40), c(.25, .5, .9)).
        let sample = Sample::of([40.0, f64::NAN, 10.0, 30.0, 20.0]);
        assert_eq!((sample.count(), sample.missing()), (4, 1));
        assert_eq!(sample.sorted(), [10.0, 20.0, 30.0, 40.0]);
        assert_eq!((sample.quantile(0.25), sample.quantile(0.5)), (Some(17.5), Some(25.0)));
        assert_eq!((sample.quantile(0.0), sample.quantile(1.0)), (Some(10.0), Some(40.0)));
        // 0.9 x 3 is not 2.7 to the last bit, so the quantile is not exactly 37: the spacing of f64 there is 7e-15.
        assert!((sample.quantile(0.9).expect("values") - 37.0).abs() < 2e-14);
    }

    #[test]
    fn one_value_is_every_quantile_and_no_values_have_none() {
        let one = Sample::from_vec(vec![7.5]);
        assert_eq!(one.quantiles(&[0.0, 0.3, 1.0]), [7.5; 3]);
        assert_eq!(Sample::of([f64::NAN]).quantile(0.5), None);
        assert!(quantiles_in_place(&mut [f64::NAN], &[0.5])[0].is_nan());
        assert!(quantiles_in_place(&mut [], &[]).is_empty());
    }

    #[test]
    fn equal_neighbours_give_exactly_their_value() {
        let sample = Sample::of([0.1, 0.1, 0.1, 0.3]);
        for p in [0.1, 0.2, 0.37, 0.5, 0.6] {
            assert_eq!(sample.quantile(p), Some(0.1), "{p}");
        }
    }

    #[test]
    fn infinite_values_sort_like_others() {
        let sample = Sample::of([f64::INFINITY, 1.0, f64::NEG_INFINITY]);
        assert_eq!(sample.quantiles(&[0.0, 0.25, 0.5]), [f64::NEG_INFINITY, f64::NEG_INFINITY, 1.0]);
        assert_eq!(sample.quantile(0.75), Some(f64::INFINITY));
        assert_eq!(Sample::of([f64::NEG_INFINITY, f64::INFINITY]).quantile(0.5), Some(f64::NEG_INFINITY));
        assert_eq!(Sample::of([-f64::MAX, f64::MAX]).quantile(0.5), Some(0.0));
    }

    #[test]
    fn selection_of_ten_thousand_values_equals_sorting_to_the_bit() {
        let mut generator = Generator(7);
        let mut values: Vec<f64> = (0..10_000).map(|_| generator.normal()).collect();
        let sorted = Sample::of(values.iter().copied()).quantiles(&FIVE);
        assert_eq!(bits(&quantiles_in_place(&mut values, &FIVE)), bits(&sorted));
        // The median of 10000 standard normal values has a standard error of sqrt(pi / 2) / 100 = 0.0125. The test allows
        // four of them.
        assert!(sorted[2].abs() < 0.05, "{}", sorted[2]);
    }

    fn columns() -> impl Strategy<Value = Vec<f64>> {
        let value = prop_oneof![
            4 => -1e3_f64..1e3,
            4 => (-3_i32..3).prop_map(f64::from),
            1 => prop::num::f64::ANY,
            1 => Just(-0.0),
        ];
        prop::collection::vec(value, 0..80)
    }

    fn share() -> impl Strategy<Value = f64> {
        prop_oneof![0.0_f64..=1.0, Just(0.0), Just(0.5), Just(1.0)]
    }

    proptest! {
        #![proptest_config(seeded(500))]

        #[test]
        fn selection_equals_sorting_to_the_bit(
            mut values in columns(),
            shares in prop::collection::vec(share(), 0..9),
        ) {
            let sorted = Sample::of(values.iter().copied()).quantiles(&shares);
            prop_assert_eq!(bits(&quantiles_in_place(&mut values, &shares)), bits(&sorted));
        }

        #[test]
        fn quantiles_never_decrease_as_the_share_grows(
            values in columns(),
            mut shares in prop::collection::vec(share(), 2..40),
        ) {
            shares.sort_unstable_by(f64::total_cmp);
            let quantiles = Sample::from_vec(values).quantiles(&shares);
            let none = quantiles.iter().all(|value| value.is_nan());
            prop_assert!(none || quantiles.is_sorted(), "{quantiles:?}");
        }
    }
}
