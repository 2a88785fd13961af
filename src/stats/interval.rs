//! Confidence intervals of a mean and of a proportion.

use super::Tally;
use crate::maths::{cbrt, normal_quantile, student_t_quantile};

/// A level of confidence, strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl std::fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The refusal of a number that is not a confidence level.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{0} is not a confidence level: expected a number between 0 and 1")]
pub struct NotAConfidenceLevel(f64);

impl Confidence {
    /// The default level: 95 %.
    pub const USUAL: Confidence = Confidence(0.95);

    /// Returns a level of confidence.
    ///
    /// # Errors
    /// [`NotAConfidenceLevel`] if `level` is not strictly between 0 and 1.
    pub fn new(level: f64) -> Result<Confidence, NotAConfidenceLevel> {
        match level > 0.0 && level < 1.0 {
            true => Ok(Confidence(level)),
            false => Err(NotAConfidenceLevel(level)),
        }
    }

    /// Returns the level as a number: 0.95 for 95 %.
    pub fn level(self) -> f64 {
        self.0
    }

    /// Returns the risk of a one-sided statement, 1 - level. An interval has half of it on each side. The risk is always
    /// above 0, while (1 + level) / 2 may round to 1, so quantiles are taken in the lower tail.
    pub(super) fn risk(self) -> f64 {
        1.0 - self.0
    }
}

/// A range of numbers, including its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Returns the interval of the population mean: Student's, or Hall's if the values [are skewed](is_skewed). None
    /// below two values, or if a value is infinite.
    pub fn mean(tally: &Tally, confidence: Confidence) -> Option<Interval> {
        let (mean, standard_error) = (tally.mean()?, tally.standard_error()?);
        Some(Interval::around(mean, standard_error, (tally.count(), tally.skewness()), confidence))
    }

    /// Returns the interval of an estimate with a standard error, from the number of values averaged, at least 2, and
    /// their skewness: Student's, or Hall's if they [are skewed](is_skewed).
    pub(super) fn around(
        estimate: f64,
        standard_error: f64,
        (n, skewness): (u64, Option<f64>),
        confidence: Confidence,
    ) -> Interval {
        let t = -student_t_quantile(confidence.risk() / 2.0, (n - 1) as f64);
        match skewness.filter(|&skewness| is_skewed(n, skewness)) {
            None => Interval { low: estimate - t * standard_error, high: estimate + t * standard_error },
            Some(skewness) => {
                let bias = skewness / (n as f64).sqrt();
                let end = |t: f64| estimate - standard_error * untransformed(t, bias);
                // At a low level of confidence, the interval would lie beside the estimate, nearer to the median of its law.
                Interval { low: end(t).min(estimate), high: end(-t).max(estimate) }
            }
        }
    }

    /// Returns the score interval of a probability (Wilson 1927), from `successes` in `n` independent attempts. It is 0 to 1
    /// without attempts.
    pub fn proportion(successes: u64, n: u64, confidence: Confidence) -> Interval {
        assert!(successes <= n, "{successes} successes in {n} attempts");
        if n == 0 {
            return Interval { low: 0.0, high: 1.0 };
        }
        let z = -normal_quantile(confidence.risk() / 2.0);
        let (hits, misses, count) = (successes as f64, (n - successes) as f64, n as f64);
        let half_width = z * (hits * misses / count + z * z / 4.0).sqrt();
        let end = |side: f64| ((hits + z * z / 2.0 + side) / (count + z * z)).clamp(0.0, 1.0);
        // The formula gives 0 and 1 here too, except for rounding.
        let low = if successes == 0 { 0.0 } else { end(-half_width) };
        let high = if successes == n { 1.0 } else { end(half_width) };
        Interval { low, high }
    }

    /// Returns half the distance between the ends.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Whether a number is in the range.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Whether values are too skewed for Student's interval of their mean. Cochran (1977, *Sampling Techniques*, 3rd edition,
/// section 2.15) trusts a 95 % interval if n > 25 G1^2. It then misses the mean in at most 6 % of the cases.
pub fn is_skewed(n: u64, skewness: f64) -> bool {
    n as f64 <= 25.0 * skewness * skewness
}

/// Inverts the cubic transformation of Hall (1992, *On the removal of skewness by transformation*, Journal of the Royal
/// Statistical Society B 54), which makes the studentised mean T symmetric: g(T) = T + b (T^2 / 3 + 1 / 6) +
/// b^2 T^3 / 27, with b = skewness / sqrt(n). It is monotone, so the ends of the interval never cross.
fn untransformed(t: f64, bias: f64) -> f64 {
    3.0 / bias * (cbrt(1.0 + bias * (t - bias / 6.0)) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Generator, assert_close};
    use super::*;
    use statrs::distribution::{Binomial, Discrete};

    fn at(level: f64) -> Confidence {
        Confidence::new(level).expect("a valid level")
    }

    #[test]
    fn levels_outside_0_to_1_are_refused() {
        for level in [0.0, 1.0, -0.5, 1.2, 95.0, f64::NAN, f64::INFINITY] {
            assert!(Confidence::new(level).is_err(), "{level}");
        }
        let refusal = Confidence::new(1.2).expect_err("above 1");
        assert_eq!(refusal.to_string(), "1.2 is not a confidence level: expected a number between 0 and 1");
        assert_eq!(Confidence::new(0.95).map(|confidence| confidence.level()), Ok(0.95));
    }

    #[test]
    fn the_interval_of_a_mean_worked_by_hand() {
        // 1 to 5: mean 3, sd sqrt(2.5), standard error sqrt(0.5); t with 4 degrees of freedom at 0.975 is 2.7764451052
        // (tables).
        let interval = Interval::mean(&Tally::of(&[1.0, 2.0, 3.0, 4.0, 5.0]), at(0.95)).expect("five values");
        assert_close(interval.half_width(), 2.776_445_105_2 * 0.5_f64.sqrt(), 1e-10);
        assert_close(interval.low + interval.high, 6.0, 1e-15);
    }

    #[test]
    fn one_value_or_an_infinite_one_has_no_interval() {
        assert_eq!(Interval::mean(&Tally::of(&[1.0]), at(0.95)), None);
        assert_eq!(Interval::mean(&Tally::of(&[1.0, f64::INFINITY]), at(0.95)), None);
    }

    #[test]
    fn equal_values_have_an_interval_of_no_width() {
        let interval = Interval::mean(&Tally::of(&[0.1; 9]), at(0.99));
        assert_eq!(interval, Some(Interval { low: 0.1, high: 0.1 }));
    }

    #[test]
    fn the_interval_of_950_in_1000_matches_its_published_value() {
        // Published to six decimals.
        let interval = Interval::proportion(950, 1000, at(0.95));
        assert!((interval.low - 0.934_686).abs() < 5e-7 && (interval.high - 0.961_870).abs() < 5e-7, "{interval:?}");
    }

    #[test]
    fn no_success_and_only_successes_touch_their_end_exactly() {
        // Wilson's bound for no success in n is z^2 / (n + z^2); z = 1.959963985 at 95 %.
        let z = 1.959_963_984_540_054_f64;
        let none = Interval::proportion(0, 10, at(0.95));
        assert_eq!(none.low.to_bits(), 0.0_f64.to_bits());
        assert_close(none.high, z * z / (10.0 + z * z), 1e-12);
        let all = Interval::proportion(10, 10, at(0.95));
        assert_eq!(all.high.to_bits(), 1.0_f64.to_bits());
        assert_close(all.low, 10.0 / (10.0 + z * z), 1e-12);
        assert_eq!(Interval::proportion(0, 0, at(0.95)), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn proportions_stay_within_0_and_1_and_around_their_estimate() {
        for n in [1_u64, 2, 7, 1000, 1_000_000_000_000] {
            for successes in [0, 1, n / 2, n - 1, n] {
                for level in [1e-12, 0.5, 0.95, 1.0 - 1e-16] {
                    let interval = Interval::proportion(successes, n, at(level));
                    let share = successes as f64 / n as f64;
                    assert!(0.0 <= interval.low && interval.high <= 1.0, "{successes} of {n}: {interval:?}");
                    // Three roundings.
                    assert!(interval.low <= share + 4e-16 && share <= interval.high + 4e-16, "{share}: {interval:?}");
                }
            }
        }
    }

    #[test]
    fn a_mean_is_covered_as_often_as_stated() {
        // 20000 intervals of 5 normal values: standard error sqrt(0.9 x 0.1 / 20000) = 0.0021, times four is 0.0085. The
        // normal quantile instead of t would cover 0.825.
        let mut generator = Generator(1);
        let mut covered = 0;
        for _ in 0..20_000 {
            let values: Vec<f64> = (0..5).map(|_| 10.0 + 3.0 * generator.normal()).collect();
            let interval = Interval::mean(&Tally::of(&values), at(0.9)).expect("five values");
            covered += u32::from(interval.contains(10.0));
        }
        let share = f64::from(covered) / 20_000.0;
        assert!((share - 0.9).abs() < 0.0085, "{share}");
    }

    #[test]
    fn the_transformation_is_inverted() {
        for bias in [-0.9, -0.3, 0.21, 1.0] {
            for t in [-4.0, -1.96, 0.0, 1.96, 4.0] {
                let x = untransformed(t, bias);
                let back = x + bias * (x * x / 3.0 + 1.0 / 6.0) + bias * bias * (x * x * x) / 27.0;
                assert!((back - t).abs() < 1e-12, "{bias} {t}: {back}");
                // Mirrored to the bit, so that b - a has the mirrored interval of a - b.
                assert_eq!(untransformed(-t, -bias).to_bits(), (-x).to_bits());
            }
        }
    }

    #[test]
    fn skewed_values_have_a_longer_side_towards_their_tail() {
        // One of 20 is 20, the others are 0: skewness 18 / sqrt(19), and 25 times its square is 426.
        let values: Vec<f64> = (0..20).map(|row| if row == 7 { 20.0 } else { 0.0 }).collect();
        let tally = Tally::of(&values);
        assert!(is_skewed(20, tally.skewness().expect("two values")) && !is_skewed(427, 18.0 / 19.0_f64.sqrt()));
        let interval = Interval::mean(&tally, at(0.95)).expect("twenty values");
        let student = student_t_quantile(0.975, 19.0) * tally.standard_error().expect("twenty values");
        assert!(interval.high - 1.0 > 2.0 * student && 1.0 - interval.low < student, "{interval:?}");
        let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
        let mirrored = Interval::mean(&Tally::of(&mirrored), at(0.95)).expect("twenty values");
        assert_eq!(mirrored, Interval { low: -interval.high, high: -interval.low });
    }

    /// Means of 200 lognormal values with sigma 1.5, 2,000 times. Student's interval covers 88 %, Hall's 92 %. The standard
    /// error is 0.7 % without and 0.5 % of the difference with common values, so 2 % of difference are 4 of them.
    #[test]
    fn means_of_heavy_tails_are_covered_more_often_than_by_student() {
        let mut generator = Generator(9);
        let truth = crate::maths::exp(1.125);
        let (mut covered, mut by_student) = (0, 0);
        for _ in 0..2000 {
            let values: Vec<f64> = (0..200).map(|_| crate::maths::exp(1.5 * generator.normal())).collect();
            let tally = Tally::of(&values);
            let interval = Interval::mean(&tally, at(0.95)).expect("200 values");
            let half_width = -student_t_quantile(0.025, 199.0) * tally.standard_error().expect("200 values");
            covered += u32::from(interval.contains(truth));
            by_student += u32::from((tally.mean().expect("200 values") - truth).abs() <= half_width);
        }
        let [covered, by_student] = [covered, by_student].map(|count| f64::from(count) / 2000.0);
        assert!(covered > by_student + 0.02, "{covered} {by_student}");
    }

    #[test]
    fn a_proportion_is_covered_as_often_as_enumeration_says() {
        // The exact coverage sums the binomial probabilities of the counts whose interval contains p. Counts are whole, so
        // it fluctuates around 0.95. Four standard errors of 20000 intervals: 4 sqrt(0.95 x 0.05 / 20000) = 0.0062.
        let mut generator = Generator(2);
        for (n, p) in [(50_u64, 0.1), (200, 0.3), (1000, 0.95)] {
            let holds: Vec<bool> = (0..=n).map(|hits| Interval::proportion(hits, n, at(0.95)).contains(p)).collect();
            let law = Binomial::new(p, n).expect("a valid distribution");
            let exact: f64 = (0..=n).filter(|&hits| holds[hits as usize]).map(|hits| law.pmf(hits)).sum();
            assert!((exact - 0.95).abs() < 0.021, "n {n}, p {p}: {exact}");
            let covered = (0..20_000).filter(|_| holds[(0..n).filter(|_| generator.uniform() < p).count()]).count();
            assert!((covered as f64 / 20_000.0 - exact).abs() < 0.0062, "n {n}, p {p}: {covered} of 20000, exactly {exact}");
        }
    }
}
