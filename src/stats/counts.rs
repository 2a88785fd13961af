//! An exact histogram of whole numbers.

use super::quantile::{between, place};
use std::collections::VecDeque;

/// How often each whole number was seen. It takes 8 bytes for each number from the smallest to the largest seen.
///
/// All arithmetic is exact in integers until the last division, so the order of adding and merging does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The number that `counts[0]` counts.
    first: u32,
    /// A deque, because it grows at both ends. The counts at both ends are above 0.
    counts: VecDeque<u64>,
    total: u64,
}

impl Counts {
    /// Counts a value once.
    pub fn add(&mut self, value: u32) {
        self.add_times(value, 1);
    }

    /// Adds the counts of another histogram.
    pub fn merge(&mut self, other: &Counts) {
        for (value, times) in other.seen() {
            self.add_times(value, times);
        }
    }

    fn add_times(&mut self, value: u32, times: u64) {
        if self.counts.is_empty() {
            self.first = value;
        }
        while value < self.first {
            self.counts.push_front(0);
            self.first -= 1;
        }
        let index = (value - self.first) as usize;
        if index >= self.counts.len() {
            self.counts.resize(index + 1, 0);
        }
        self.counts[index] += times;
        self.total += times;
    }

    /// Returns each value seen, with its count, in ascending order.
    pub fn seen(&self) -> impl Iterator<Item = (u32, u64)> {
        let seen = (0..).zip(&self.counts).filter(|&(_, &times)| times > 0);
        seen.map(|(above, &times)| (self.first + above, times))
    }

    /// Returns the number of values counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Returns the value below which a share `p` (0 to 1) lies. It equals that of a [`Sample`](super::Sample) of the same
    /// values to the bit.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let (rank, part) = place(self.total, p)?;
        let low = self.of_rank(rank);
        Some(if part > 0.0 { between(low, self.of_rank(rank + 1), part) } else { low })
    }

    /// Returns the value at a rank, from 0, in ascending order.
    fn of_rank(&self, rank: u64) -> f64 {
        let mut up_to = 0;
        let at_rank = |&(_, times): &(u32, u64)| {
            up_to += times;
            up_to > rank
        };
        let (value, _) = self.seen().find(at_rank).expect("ranks are below the total");
        f64::from(value)
    }

    /// Returns the share (0 to 1) of values that are at least `value`. None without values.
    pub fn share_at_least(&self, value: u32) -> Option<f64> {
        let below = value.saturating_sub(self.first) as usize;
        let at_least: u64 = self.counts.iter().skip(below).sum();
        (self.total > 0).then(|| at_least as f64 / self.total as f64)
    }

    /// Returns the mean. None without values.
    pub fn mean(&self) -> Option<f64> {
        let (sum, _) = self.sums();
        let total = u128::from(self.total);
        (total > 0).then(|| (sum + u128::from(self.first) * total) as f64 / total as f64)
    }

    /// Returns the standard deviation with divisor n - 1. None below two values.
    pub fn sd(&self) -> Option<f64> {
        let (sum, squares) = self.sums();
        let total = u128::from(self.total);
        // n sum x^2 - (sum x)^2 fits as long as n times the range is below 2^64, for instance a billion values with a range
        // of 10^10.
        let spread = || (total * squares - sum * sum) as f64;
        (total >= 2).then(|| (spread() / (total as f64 * (total - 1) as f64)).sqrt())
    }

    /// Returns the sum and the sum of squares of the values, each relative to `first`.
    fn sums(&self) -> (u128, u128) {
        self.seen().fold((0, 0), |(sum, squares), (value, times)| {
            let above = u128::from(value - self.first);
            let times = u128::from(times);
            (sum + times * above, squares + times * above * above)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_close, seeded};
    use super::super::{Sample, Tally};
    use super::*;
    use proptest::prelude::*;

    fn counted(values: &[u32]) -> Counts {
        let mut counts = Counts::default();
        values.iter().for_each(|&value| counts.add(value));
        counts
    }

    #[test]
    fn a_histogram_worked_by_hand() {
        // Sum 40 over 8; squared deviations from 5: 9 1 1 1 0 0 4 16, sum 32.
        let counts = counted(&[5, 4, 9, 2, 4, 7, 5, 4]);
        assert_eq!(counts.seen().collect::<Vec<_>>(), [(2, 1), (4, 3), (5, 2), (7, 1), (9, 1)]);
        assert_eq!((counts.total(), counts.mean(), counts.sd()), (8, Some(5.0), Some((32.0_f64 / 7.0).sqrt())));
        // Ranks 3 and 4 (from 0) of 2 4 4 4 5 5 7 9.
        assert_eq!((counts.quantile(0.0), counts.quantile(0.5), counts.quantile(1.0)), (Some(2.0), Some(4.5), Some(9.0)));
        assert_eq!((counts.share_at_least(5), counts.share_at_least(0)), (Some(0.5), Some(1.0)));
        assert_eq!((counts.share_at_least(6), counts.share_at_least(10)), (Some(0.25), Some(0.0)));
    }

    #[test]
    fn memory_follows_the_range_and_not_the_size_of_the_values() {
        let counts = counted(&[u32::MAX - 1, u32::MAX - 3, u32::MAX]);
        assert_eq!((counts.counts.len(), counts.first), (4, u32::MAX - 3));
        assert_eq!((counts.quantile(1.0), counts.share_at_least(u32::MAX)), (Some(f64::from(u32::MAX)), Some(1.0 / 3.0)));
    }

    #[test]
    fn no_values_have_no_mean_and_one_value_has_no_spread() {
        let none = Counts::default();
        assert_eq!((none.mean(), none.sd(), none.quantile(0.5), none.share_at_least(0)), (None, None, None, None));
        let one = counted(&[3]);
        assert_eq!((one.mean(), one.sd(), one.quantile(0.2)), (Some(3.0), None, Some(3.0)));
    }

    #[test]
    fn a_billion_values_do_not_overflow() {
        let mut counts = Counts::default();
        counts.add_times(0, 1_000_000_000);
        counts.add_times(100_000, 1_000_000_000);
        // Half of them at each end of the range: sd = 50000 sqrt(n / (n - 1)). A few roundings of 2^-53.
        assert_eq!(counts.mean(), Some(50_000.0));
        assert_close(counts.sd().expect("values"), 50_000.0 * (2e9_f64 / (2e9 - 1.0)).sqrt(), 1e-15);
    }

    proptest! {
        #![proptest_config(seeded(300))]

        #[test]
        fn quantiles_equal_those_of_a_sample_to_the_bit(
            values in prop::collection::vec(90_u32..140, 1..200),
            p in 0.0_f64..=1.0,
        ) {
            let sample = Sample::of(values.iter().map(|&value| f64::from(value)));
            let found = counted(&values).quantile(p).map(f64::to_bits);
            prop_assert_eq!(found, sample.quantile(p).map(f64::to_bits));
        }

        #[test]
        fn mean_and_sd_match_those_of_a_tally(values in prop::collection::vec(0_u32..1000, 2..200)) {
            let column: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
            let (counts, tally) = (counted(&values), Tally::of(&column));
            // 200 roundings of 2^-53 in the tally.
            assert_close(counts.mean().expect("values"), tally.mean().expect("values"), 3e-14);
            assert_close(counts.sd().expect("values"), tally.sd().expect("values"), 3e-14);
        }

        #[test]
        fn merging_in_either_order_equals_adding_all(
            some in prop::collection::vec(0_u32..300, 0..50),
            others in prop::collection::vec(200_u32..500, 0..50),
        ) {
            let (a, b) = (counted(&some), counted(&others));
            let (mut ab, mut ba) = (a.clone(), b.clone());
            ab.merge(&b);
            ba.merge(&a);
            let all = counted(&[some, others].concat());
            prop_assert_eq!(&ab, &all);
            prop_assert_eq!(&ba, &all);
        }
    }
}
