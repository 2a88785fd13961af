//! Ratios of expectations, and the difference of two such ratios, estimated from co-moments of columns.

use super::double::Double;
use super::{Confidence, Interval, Tally};
use crate::maths::student_t_quantile;

/// Means and co-moments of several columns, taken row by row, from blocks computed anywhere and merged in order. Every row
/// has a value in every column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comoments<const K: usize> {
    rows: u64,
    sums: [Double; K],
    /// Sums of the products of the deviations from the means.
    products: [[f64; K]; K],
}

/// A ratio, or the difference of two ratios, with its precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioEstimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error by the delta method. None below two rows.
    pub se: Option<f64>,
    /// Student's t interval. None below two rows.
    pub interval: Option<Interval>,
}

/// The co-moments for two ratios that share their random numbers: numerator and denominator of the first, then of the
/// second.
pub type RatioPair = Comoments<4>;

impl<const K: usize> Default for Comoments<K> {
    fn default() -> Self {
        Self { rows: 0, sums: [Double::from(0.0); K], products: [[0.0; K]; K] }
    }
}

impl<const K: usize> Comoments<K> {
    /// Adds a further block of rows, one slice per column: the pairwise update of Chan, Golub and LeVeque (1983), for
    /// products of two deviations.
    ///
    /// # Panics
    /// If the columns differ in length.
    pub fn add(&mut self, columns: [&[f64]; K]) {
        let rows = columns[0].len();
        assert!(columns.iter().all(|column| column.len() == rows), "the columns of a block differ in length");
        if rows == 0 {
            return;
        }
        let tallies = columns.map(Tally::of);
        let means = tallies.map(|tally| tally.mean().unwrap_or(f64::NAN));
        let (before, after) = (self.rows as f64, rows as f64);
        let apart: [f64; K] = std::array::from_fn(|k| if self.rows == 0 { 0.0 } else { means[k] - self.mean(k) });
        for (i, j) in (0..K).flat_map(|i| (0..K).map(move |j| (i, j))) {
            let deviations = columns[i].iter().zip(columns[j]).map(|(a, b)| (a - means[i]) * (b - means[j]));
            let between = apart[i] * apart[j] * (before * (after / (before + after)));
            self.products[i][j] += deviations.sum::<f64>() + between;
        }
        for (sum, tally) in self.sums.iter_mut().zip(tallies) {
            *sum = sum.plus(tally.sum());
        }
        self.rows += rows as u64;
    }

    fn mean(&self, column: usize) -> f64 {
        self.sums[column].value() / self.rows as f64
    }

    /// Returns the variance of the weighted sum of the columns. None below two rows. If the columns cancel up to rounding,
    /// it is 0.
    fn variance_of(&self, weights: [f64; K]) -> Option<f64> {
        /// Products of rounded deviations have a relative error of about 1e-15.
        const ROUNDING: f64 = 1e-14;
        let (mut sum, mut size) = (0.0, 0.0);
        for (i, j) in (0..K).flat_map(|i| (0..K).map(move |j| (i, j))) {
            let term = weights[i] * weights[j] * self.products[i][j];
            sum += term;
            size += f64::abs(term);
        }
        let sum = if sum <= ROUNDING * size { 0.0 } else { sum };
        (self.rows >= 2 && sum.is_finite()).then(|| sum / (self.rows - 1) as f64)
    }

    /// Returns a value with its precision, from the variance of its influence values: what each row adds to it.
    fn estimate(&self, value: f64, influence: [f64; K], confidence: Confidence) -> RatioEstimate {
        let se = self.variance_of(influence).map(|variance| (variance / self.rows as f64).sqrt());
        let interval = se.map(|se| {
            let half_width = -student_t_quantile(confidence.risk() / 2.0, (self.rows - 1) as f64) * se;
            Interval { low: value - half_width, high: value + half_width }
        });
        RatioEstimate { value, se, interval }
    }
}

impl Comoments<2> {
    /// Returns `times` the ratio of the means of the first and the second column. None if the second sums to 0.
    ///
    /// By the delta method, a row adds (N - R D) / mean(D) (Cochran 1977, section 6.3).
    #[must_use]
    pub fn ratio(&self, times: f64, confidence: Confidence) -> Option<RatioEstimate> {
        let (value, influence) = influence(self, [0, 1], times)?;
        Some(self.estimate(value, influence, confidence))
    }
}

impl RatioPair {
    /// Returns the first ratio minus the second, with (var a + var b) / var(a - b) of their influence values. None if either
    /// ratio is undefined.
    #[must_use]
    pub fn difference(&self, times: f64, confidence: Confidence) -> Option<(RatioEstimate, Option<f64>)> {
        let (one, [a, b]) = influence(self, [0, 1], times)?;
        let (other, [c, d]) = influence(self, [2, 3], times)?;
        let estimate = self.estimate(super::paired::difference(one, other), [a, b, -c, -d], confidence);
        let apart = self.variance_of([a, b, 0.0, 0.0])? + self.variance_of([0.0, 0.0, c, d])?;
        let together = self.variance_of([a, b, -c, -d]).filter(|&together| together > 0.0);
        Some((estimate, together.map(|together| apart / together)))
    }
}

/// Returns a ratio, and the weights of numerator and denominator in what a row adds to it.
fn influence<const K: usize>(
    moments: &Comoments<K>,
    [numerator, denominator]: [usize; 2],
    times: f64,
) -> Option<(f64, [f64; 2])> {
    let below = moments.mean(denominator);
    let value = times * (moments.mean(numerator) / below);
    (below != 0.0 && value.is_finite()).then(|| (value, [times / below, -value / below]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Generator, assert_close};
    use super::*;

    fn at(level: f64) -> Confidence {
        Confidence::new(level).expect("a valid level")
    }

    fn blocks<const K: usize>(columns: [&[f64]; K], size: usize) -> Comoments<K> {
        let mut moments = Comoments::default();
        for begin in (0..columns[0].len()).step_by(size) {
            moments.add(columns.map(|column| &column[begin..column.len().min(begin + size)]));
        }
        moments
    }

    #[test]
    fn a_ratio_worked_by_hand() {
        // N = 2 6 4, D = 1 2 0: R = 12 / 3 = 4; N - R D = -2 -2 4 with squares 24, mean D = 1.
        let moments = blocks([&[2.0, 6.0, 4.0], &[1.0, 2.0, 0.0]], 3);
        let estimate = moments.ratio(1.0, at(0.95)).expect("the denominators add up to 3");
        assert_close(estimate.value, 4.0, 1e-15);
        assert_close(estimate.se.expect("three rows"), (24.0_f64 / 2.0 / 3.0).sqrt(), 1e-14);
        // t with 2 degrees of freedom at 0.975 is 4.3026527297 (tables).
        assert_close(estimate.interval.expect("three rows").half_width(), 4.302_652_729_7 * 2.0, 1e-10);
        assert_close(moments.ratio(365.0, at(0.95)).and_then(|ratio| ratio.se).expect("rows"), 730.0, 1e-14);
        assert!(blocks([&[1.0, 2.0], &[0.0, 0.0]], 2).ratio(1.0, at(0.95)).is_none());
        assert!(Comoments::<2>::default().ratio(1.0, at(0.95)).is_none());
        assert_eq!(blocks([&[1.0], &[2.0]], 1).ratio(1.0, at(0.95)).expect("a ratio").se, None);
    }

    #[test]
    fn blocks_add_up_to_all_rows() {
        let mut generator = Generator(3);
        let one: Vec<f64> = (0..1000).map(|_| 1e6 + generator.normal()).collect();
        let other: Vec<f64> = one.iter().map(|value| 2.0 * value + generator.normal()).collect();
        let whole = blocks([&one, &other], 1000).ratio(1.0, at(0.95)).expect("a ratio");
        for size in [1, 7, 256] {
            let cut = blocks([&one, &other], size).ratio(1.0, at(0.95)).expect("a ratio");
            assert_close(cut.value, whole.value, 1e-15);
            assert_close(cut.se.expect("rows"), whole.se.expect("rows"), 1e-6);
        }
    }

    #[test]
    fn ratios_that_are_equal_or_differ_by_a_constant_have_no_spread() {
        let mut generator = Generator(5);
        let days: Vec<f64> = (0..600).map(|_| 300.0 + 50.0 * generator.normal()).collect();
        let cost: Vec<f64> = days.iter().map(|days| 7.0 * days).collect();
        let dearer: Vec<f64> = days.iter().map(|days| 7.5 * days).collect();
        let (same, ratio) = blocks([&cost, &days, &cost, &days], 256).difference(1.0, at(0.95)).expect("ratios");
        assert_eq!((same.value, same.se, ratio), (0.0, Some(0.0), None));
        let (apart, ratio) = blocks([&dearer, &days, &cost, &days], 256).difference(1.0, at(0.95)).expect("ratios");
        assert_close(apart.value, 0.5, 1e-12);
        assert_eq!((apart.se, ratio), (Some(0.0), None));
    }

    /// N = 2 D + noise, with skewed D: 4,000 experiments of 200 rows, with a ratio and the paired difference of two ratios
    /// that share a common part. Coverage of 95 % has a standard error of 0.0034. A standard error 15 % too small would
    /// cover 91 %.
    #[test]
    fn ratios_and_their_differences_are_covered_as_often_as_stated() {
        let mut generator = Generator(8);
        let (mut covered, mut of_difference, mut narrow) = (0, 0, 0);
        for _ in 0..4000 {
            let mut columns = [const { Vec::new() }; 4];
            for _ in 0..200 {
                let (common, below) = (generator.normal(), 1.0 - generator.uniform().max(1e-9));
                let other = 0.5 + below * generator.uniform();
                columns[0].push(2.0 * below + 0.5 * common + 0.3 * generator.normal());
                columns[1].push(below);
                columns[2].push(3.0 * other + 0.5 * common + 0.3 * generator.normal());
                columns[3].push(other);
            }
            let [a, b, c, d] = &columns;
            let ratio = blocks([a, b], 256).ratio(1.0, at(0.95)).expect("a ratio").interval.expect("rows");
            let (difference, _) = blocks([a, b, c, d], 256).difference(1.0, at(0.95)).expect("ratios");
            let difference = difference.interval.expect("rows");
            covered += u32::from(ratio.contains(2.0));
            of_difference += u32::from(difference.contains(-1.0));
            narrow += u32::from((difference.low + difference.high + 2.0).abs() < 0.8 * 2.0 * difference.half_width());
        }
        for share in [covered, of_difference].map(|count| f64::from(count) / 4000.0) {
            assert!((share - 0.95).abs() < 4.0 * 0.0034, "{share}");
        }
        assert!(f64::from(narrow) / 4000.0 < 0.93, "intervals of 0.8 of the width would be noticed: {narrow}");
    }
}
