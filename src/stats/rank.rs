//! Distribution-free limits of a quantile: the values of an ordered sample that bound it (David and Nagaraja 2003, section
//! 7.1).
//!
//! Of n independent values, the number that do not exceed the quantile of share p is binomial (n, p) if the distribution is
//! continuous. If it is not, the limits below hold with at least the stated probability. Ranks count from 1, so a limit is
//! `sorted()[rank - 1]` of a [`Sample`](super::Sample).

use super::Confidence;

/// Returns the smallest rank whose value is, at this confidence, at least the quantile of share `p` (0 to 1). None if even
/// the largest of `n` values is not.
pub fn upper_rank(n: usize, p: f64, confidence: Confidence) -> Option<usize> {
    Binomial::new(n, p).upper(confidence.risk())
}

/// Returns the largest rank whose value is, at this confidence, at most the quantile of share `p` (0 to 1). None if even the
/// smallest of `n` values is not.
pub fn lower_rank(n: usize, p: f64, confidence: Confidence) -> Option<usize> {
    Binomial::new(n, p).lower(confidence.risk())
}

/// Returns the lower and upper rank whose values enclose the quantile of share `p` (0 to 1) at this confidence. Each side
/// has half of the risk, and is none if no value bounds it.
pub fn quantile_ranks(n: usize, p: f64, confidence: Confidence) -> (Option<usize>, Option<usize>) {
    let law = Binomial::new(n, p);
    let risk = confidence.risk() / 2.0;
    (law.lower(risk), law.upper(risk))
}

/// Probabilities below this, relative to the mode, are left out on each side. It is far below any risk, which is at least
/// 2^-54.
const NEGLIGIBLE: f64 = 1e-40;

/// A probability may exceed a risk by this factor: 1 - 0.9 is not the double 0.1, and recurrences of up to 10,000 steps (n =
/// 10^6) round by about 1e-13.
const ROUNDING: f64 = 1.0 + 1e-12;

/// The probabilities of 0 to n successes, without the negligible ones.
struct Binomial {
    n: usize,
    /// The number of successes for `probabilities[0]`.
    first: usize,
    probabilities: Vec<f64>,
}

impl Binomial {
    /// Applies the recurrence f(k + 1) / f(k) = (n - k) / (k + 1) p / (1 - p), from the mode to both sides. It needs no
    /// logarithm and does not underflow. It spans about 27 standard deviations, which is 13,500 steps for a million values.
    fn new(n: usize, p: f64) -> Binomial {
        assert!((0.0..=1.0).contains(&p), "{p} is not a share: expected 0 to 1");
        let mode = (((n + 1) as f64 * p) as usize).min(n);
        let odds = p / (1.0 - p);
        let mut probabilities = walk((0..mode).rev(), |k| (k + 1) as f64 / ((n - k) as f64 * odds));
        let first = mode - probabilities.len();
        probabilities.reverse();
        probabilities.push(1.0);
        probabilities.extend(walk(mode + 1..=n, |k| (n + 1 - k) as f64 * odds / k as f64));
        let total: f64 = probabilities.iter().sum();
        probabilities.iter_mut().for_each(|weight| *weight /= total);
        Binomial { n, first, probabilities }
    }

    /// Returns the smallest rank r, from 1, with P(successes >= r) <= risk.
    fn upper(&self, risk: f64) -> Option<usize> {
        let above = within(self.probabilities.iter().rev(), risk);
        let rank = self.first + self.probabilities.len() - above;
        Some(rank.max(1)).filter(|&rank| rank <= self.n)
    }

    /// Returns the largest rank r, up to n, with P(successes < r) <= risk.
    fn lower(&self, risk: f64) -> Option<usize> {
        let rank = self.first + within(self.probabilities.iter(), risk);
        Some(rank.min(self.n)).filter(|&rank| rank > 0)
    }
}

/// Returns the weights of consecutive counts, up to the first negligible one. Each weight is the one before times a ratio,
/// starting from a weight of 1.
fn walk(counts: impl Iterator<Item = usize>, ratio: impl Fn(usize) -> f64) -> Vec<f64> {
    let next = |weight: &mut f64, k| {
        *weight *= ratio(k);
        (*weight > NEGLIGIBLE).then_some(*weight)
    };
    counts.scan(1.0, next).collect()
}

/// Returns how many leading probabilities add up to no more than a risk.
fn within<'p>(probabilities: impl Iterator<Item = &'p f64>, risk: f64) -> usize {
    let sums = probabilities.scan(0.0, |sum, &probability| {
        *sum += probability;
        Some(*sum)
    });
    sums.take_while(|&sum| sum <= risk * ROUNDING).count()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Generator;
    use super::*;
    use statrs::distribution::{Binomial as Reference, DiscreteCDF};

    fn at(level: f64) -> Confidence {
        Confidence::new(level).expect("a valid level")
    }

    #[test]
    fn the_95_percent_quantile_has_an_upper_limit_from_59_values() {
        // 0.95^58 = 0.0510 and 0.95^59 = 0.0485.
        assert_eq!(upper_rank(58, 0.95, at(0.95)), None);
        assert_eq!(upper_rank(59, 0.95, at(0.95)), Some(59));
        assert_eq!(lower_rank(59, 0.05, at(0.95)), Some(1));
        assert_eq!(lower_rank(58, 0.05, at(0.95)), None);
    }

    #[test]
    fn limits_at_95_of_95_percent_match_wilks() {
        // The sample sizes from which the 2nd to 5th largest value is sufficient: 93, 124, 153, 181 (Wilks 1941; used in
        // nuclear safety), and 299 for the largest at 99 %.
        for (n, rank) in [(93, 92), (124, 122), (153, 150), (181, 177)] {
            assert_eq!((upper_rank(n, 0.95, at(0.95)), upper_rank(n - 1, 0.95, at(0.95))), (Some(rank), Some(rank)), "{n}");
        }
        assert_eq!((upper_rank(298, 0.99, at(0.95)), upper_rank(299, 0.99, at(0.95))), (None, Some(299)));
    }

    #[test]
    fn ranks_of_a_median_worked_by_hand() {
        // Of 10 values: P(B <= 1) = 11 / 1024 <= 0.025 < 56 / 1024 = P(B <= 2). Of 5: 1 / 32 >
        // 0.025; of 6: 1 / 64.
        assert_eq!(quantile_ranks(10, 0.5, at(0.95)), (Some(2), Some(9)));
        assert_eq!(quantile_ranks(5, 0.5, at(0.95)), (None, None));
        assert_eq!(quantile_ranks(6, 0.5, at(0.95)), (Some(1), Some(6)));
    }

    #[test]
    fn ranks_of_a_median_agree_with_binomial_coefficients() {
        // Row n of Pascal's triangle over 2^n, in integers. At 95 %, a tail may have a probability of 1/20.
        let mut row = vec![1_u64];
        for n in 1..=50_usize {
            let middle = row.windows(2).map(|pair| pair[0] + pair[1]);
            row = [1].into_iter().chain(middle).chain([1]).collect();
            let tail = |rank: usize| row[..rank].iter().sum::<u64>();
            let lower = (1..=n).rev().find(|&rank| 20 * tail(rank) <= 1 << n);
            assert_eq!(lower_rank(n, 0.5, at(0.95)), lower, "{n}");
            let upper = lower.map(|rank| n + 1 - rank);
            assert_eq!(upper_rank(n, 0.5, at(0.95)), upper, "{n}");
        }
    }

    #[test]
    fn the_quantiles_0_and_1_are_bounded_on_one_side_only() {
        assert_eq!(quantile_ranks(9, 0.0, at(0.9)), (None, Some(1)));
        assert_eq!(quantile_ranks(9, 1.0, at(0.9)), (Some(9), None));
        assert_eq!(quantile_ranks(0, 0.5, at(0.9)), (None, None));
    }

    #[test]
    fn a_risk_that_is_met_exactly_is_met() {
        // One value exceeds the quantile of share 0.1 with probability 0.9, and is below that of share 0.9 with probability
        // 0.9.
        assert_eq!((upper_rank(1, 0.1, at(0.9)), lower_rank(1, 0.9, at(0.9))), (Some(1), Some(1)));
        assert_eq!(quantile_ranks(2, 0.5, at(0.5)), (Some(1), Some(2)));
    }

    #[test]
    fn probabilities_agree_with_statrs_where_a_rank_changes() {
        // statrs uses the incomplete beta function, accurate to about 1e-10 for a million values.
        for (n, p, level) in [(1000, 0.95, 0.95), (10_000, 0.5, 0.99), (1_000_000, 0.9, 0.95), (1_000_000, 1e-5, 0.999)] {
            let law = Reference::new(p, n as u64).expect("a valid distribution");
            let upper = upper_rank(n, p, at(level)).expect("closed");
            let below = |rank: usize| law.cdf(rank as u64 - 1);
            assert!(below(upper) >= level - 1e-9 && below(upper - 1) < level + 1e-9, "n {n}, p {p}: {upper}");
            let lower = lower_rank(n, p, at(level)).unwrap_or(0);
            assert!(lower == 0 || below(lower) <= 1.0 - level + 1e-9, "n {n}, p {p}: {lower}");
            assert!(below(lower + 1) > 1.0 - level - 1e-9, "n {n}, p {p}: {lower}");
        }
    }

    #[test]
    fn lower_ranks_mirror_upper_ranks() {
        // 1/4 and 3/4 are exact in binary.
        for n in [1, 7, 20, 100, 12_345] {
            for level in [0.5, 0.9, 0.999, 1.0 - 1e-15] {
                let mirrored = upper_rank(n, 0.75, at(level)).map(|rank| n + 1 - rank);
                assert_eq!(lower_rank(n, 0.25, at(level)), mirrored, "n {n}, level {level}");
            }
        }
    }

    #[test]
    fn levels_next_to_0_and_1_give_ranks_within_the_sample() {
        for n in [1, 2, 1000] {
            for level in [f64::MIN_POSITIVE, 1e-15, 1.0 - f64::EPSILON / 2.0] {
                for p in [0.0, 1e-300, 0.3, 1.0 - 1e-16, 1.0] {
                    let (low, high) = quantile_ranks(n, p, at(level));
                    let single = [lower_rank(n, p, at(level)), upper_rank(n, p, at(level))];
                    let mut closed = [low, high].into_iter().chain(single).flatten();
                    assert!(closed.all(|rank| (1..=n).contains(&rank)), "{n} {level} {p}");
                }
            }
        }
    }

    #[test]
    fn a_quantile_is_covered_at_least_as_often_as_stated() {
        // The quantile 0.9 of a uniform distribution is 0.9. For 100 values at 90 %, the coverage of 20000 samples is within
        // four standard errors, 4 sqrt(0.9 x 0.1 / 20000) = 0.0085, of the exact P(lower <= B < upper).
        let (lower, upper) = quantile_ranks(100, 0.9, at(0.9));
        let (lower, upper) = (lower.expect("closed"), upper.expect("closed"));
        let law = Reference::new(0.9, 100).expect("a valid distribution");
        let exact = law.cdf(upper as u64 - 1) - law.cdf(lower as u64 - 1);
        let mut generator = Generator(3);
        let mut below = || (0..100).filter(|_| generator.uniform() < 0.9).count();
        let covered = (0..20_000).filter(|_| (lower..upper).contains(&below())).count();
        assert!(exact >= 0.9 && (covered as f64 / 20_000.0 - exact).abs() < 0.0085, "{covered} of 20000, exactly {exact}");
    }
}
