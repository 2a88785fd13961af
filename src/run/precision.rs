//! Sequential stopping: a run continues until its estimates reach the requested precision.
//!
//! Precision is judged at fixed numbers of replications, on blocks merged in order. So the end of a run depends on
//! scenario, seed and requested precision, never on the number of threads. Its results equal, to the bit, those of a
//! run with that many replications.
//!
//! A run that stops as soon as its interval looks narrow tends to stop when it underestimates the spread by chance. Its
//! intervals then cover the truth less often than they claim. Two rules keep that effect small. No run is judged before
//! [`FIRST_CHECK`] replications. By then the standard deviation is known to a few per cent and the required number of
//! replications to twice that, so little is left to chance. (Chow and Robbins 1965 show that the level becomes exact as
//! the requested width shrinks.) And a run is judged only after every further eighth, not after every block. Few checks
//! give few chances to stop too early, and no run takes more than an eighth beyond what it needs.

use crate::response::{Nature, ResponseId, columns};
use crate::scenario::Scenario;
use crate::stats::{Confidence, Interval};

use super::{BLOCK_REPLICATIONS, RunResults};

/// The fewest replications after which precision is judged.
pub const FIRST_CHECK: u32 = 2 * BLOCK_REPLICATIONS;

/// The precision that is requested of a run.
#[derive(Clone, Debug)]
pub struct Precision {
    /// Largest half-width of each confidence interval: a share of the absolute value of a mean or quantile, or the
    /// half-width itself for a probability.
    pub half_width: f64,
    /// Level of the confidence intervals.
    pub confidence: Confidence,
    /// Estimates that must be that precise, for every strategy.
    pub targets: Vec<Target>,
    /// Replications after which the run stops regardless.
    pub at_most: u32,
}

/// An estimate whose precision is requested.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Response or goal.
    pub response: ResponseId,
    /// Kind of estimate.
    pub what: Quantity,
}

/// Kind of estimate of a response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// Mean, with limits by Student's t: of min(T, H) for a date, or the ratio of the means for a ratio.
    Mean,
    /// Probability that a goal is met, with limits by Wilson's score.
    Probability,
    /// Quantile at a share, with limits by order statistics.
    Quantile(f64),
}

/// How precise a run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Replications of each strategy.
    pub replications: u32,
    /// Estimates that are not precise enough yet.
    pub missing: Vec<Shortfall>,
}

/// An estimate that misses the requested precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortfall {
    /// Position of the strategy among those simulated.
    pub strategy: usize,
    /// The estimate.
    pub target: Target,
    /// Half-width reached, in the terms of [`Precision::half_width`]; none if there is no interval, or if the value is
    /// 0 and no share of it exists.
    pub half_width: Option<f64>,
}

impl Precision {
    /// Returns the next number of replications at which to judge: the first whole number of blocks from `wanted` on, or
    /// from an eighth beyond those `done`, but never beyond the end.
    pub(super) fn next_check(&self, done: u32, wanted: u32) -> u32 {
        let least = if done == 0 { wanted.max(FIRST_CHECK) } else { done.saturating_add((done / 8).max(1)) };
        let blocks = least.div_ceil(BLOCK_REPLICATIONS);
        blocks.saturating_mul(BLOCK_REPLICATIONS).min(self.at_most)
    }

    /// Returns whether precision is judged after this number of replications.
    pub(super) fn is_check(&self, done: u32, wanted: u32) -> bool {
        let mut check = self.next_check(0, wanted);
        while check < done {
            check = self.next_check(check, wanted);
        }
        check == done
    }

    /// Judges the results of a run so far.
    ///
    /// Skips a response that is undefined in all replications of a strategy if another strategy has it. Otherwise the
    /// transfer of a strategy without one would never become precise.
    pub(super) fn judge(&self, results: &RunResults, replications: u32) -> Verdict {
        let observations = &results.observations;
        let exists = |strategy: usize, target: &Target| observations.column(strategy, target.response).present() > 0;
        let mut missing = Vec::new();
        for &target in &self.targets {
            let strategies = 0..results.strategies.len();
            let nowhere = !strategies.clone().any(|strategy| exists(strategy, &target));
            for strategy in strategies.filter(|&strategy| nowhere || exists(strategy, &target)) {
                let half_width = self.half_width_of(results, strategy, target);
                if half_width.is_none_or(|half_width| half_width > self.half_width) {
                    missing.push(Shortfall { strategy, target, half_width });
                }
            }
        }
        Verdict { replications, missing }
    }

    fn half_width_of(&self, results: &RunResults, strategy: usize, target: Target) -> Option<f64> {
        let (results, observations) = (&results.strategies[strategy], &results.observations);
        let values = observations.column(strategy, target.response);
        match (target.what, observations.rules().nature(target.response)) {
            (Quantity::Mean, Nature::Ratio(_)) => {
                let ratio = results.ratio(target.response, self.confidence)?;
                relative(ratio.interval?.half_width(), ratio.value)
            }
            (Quantity::Mean, _) => {
                let tally = &results.response_tallies[target.response.position()];
                relative(Interval::mean(tally, self.confidence)?.half_width(), tally.mean()?)
            }
            (Quantity::Probability, _) => {
                Some(Interval::proportion(values.count_of(1.0), values.len(), self.confidence).half_width())
            }
            (Quantity::Quantile(share), _) => {
                let quantile = values.bounded_quantiles(&[share], self.confidence)[0];
                relative(quantile.half_width()?, quantile.value)
            }
        }
    }
}

impl Verdict {
    /// Returns whether every estimate is precise enough.
    #[must_use]
    pub fn is_precise(&self) -> bool {
        self.missing.is_empty()
    }
}

impl Shortfall {
    /// Returns the response or goal as on the command line: `client_cost`, or `staffed_day:p95`.
    #[must_use]
    pub fn name(&self, scenario: &Scenario) -> String {
        let name = columns(&scenario.world).into_iter().nth(self.target.response.position()).map(|column| column.name);
        let name = name.unwrap_or_default();
        match self.target.what {
            // Three decimals, without the rounding of a division by 100.
            Quantity::Quantile(share) => format!("{name}:p{}", (1e5 * share).round() / 1e3),
            Quantity::Mean | Quantity::Probability => name,
        }
    }
}

/// Returns a half-width as a share of a value; none for 0, unless the half-width is 0 too.
fn relative(half_width: f64, value: f64) -> Option<f64> {
    if half_width == 0.0 { Some(0.0) } else { Some(half_width / value.abs()).filter(|share| share.is_finite()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn precision(at_most: u32) -> Precision {
        let confidence = Confidence::new(0.95).expect("a level");
        Precision { half_width: 0.1, confidence, targets: Vec::new(), at_most }
    }

    #[test]
    fn checks_are_at_whole_blocks_an_eighth_apart_and_at_the_end() {
        let checks = |wanted, at_most| {
            let mut checks = vec![precision(at_most).next_check(0, wanted)];
            while checks[checks.len() - 1] < at_most {
                checks.push(precision(at_most).next_check(checks[checks.len() - 1], wanted));
            }
            checks
        };
        assert_eq!(checks(1, 1500), [512, 768, 1024, 1280, 1500]);
        assert_eq!(checks(10_000, 13_000), [10_240, 11_520, 13_000]);
        assert_eq!(checks(100, 300), [300]);
        assert_eq!(precision(u32::MAX).next_check(4_000_000_000, 1), u32::MAX);
    }

    #[test]
    fn a_share_of_nothing_is_no_precision_unless_nothing_varies() {
        assert_eq!((relative(0.0, 0.0), relative(0.1, 0.0)), (Some(0.0), None));
        assert_eq!((relative(1.0, -4.0), relative(0.0, 7.0)), (Some(0.25), Some(0.0)));
    }
}
