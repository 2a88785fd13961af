//! Sequential stopping: a run goes on until its estimates are as precise as asked for.
//!
//! Precision is judged at fixed numbers of replications, on blocks merged in their order. So when a run ends depends on
//! scenario, seed and what is asked for, never on the number of threads; and what it gives is, to the bit, what a run of
//! that many replications gives.
//!
//! A run that stops as soon as its interval looks narrow stops rather when it underestimates the spread by chance, and its
//! intervals then hold the truth less often than they say. Two things keep that small. No run is judged before
//! [`FIRST_CHECK`] replications: a standard deviation is by then known to some per cent, and the number of replications
//! asked for to twice that, so there is little left to be lucky with (Chow and Robbins 1965 show that the level becomes
//! exact as the wanted width shrinks). And it is judged after every eighth more only, not after every block: few
//! looks give few chances to stop too early, and still no run takes more than an eighth beyond what it needs.

use crate::response::{Nature, ResponseId, columns};
use crate::scenario::Scenario;
use crate::stats::{Confidence, Interval};

use super::{BLOCK_REPLICATIONS, RunResults};

/// The fewest replications after which precision is judged.
pub const FIRST_CHECK: u32 = 2 * BLOCK_REPLICATIONS;

/// How precise a run is to be.
#[derive(Clone, Debug)]
pub struct Precision {
    /// The half-width of each confidence interval, at most: as a share of the absolute value of a mean or quantile; of a
    /// probability the half-width itself.
    pub half_width: f64,
    /// Level of the confidence intervals.
    pub confidence: Confidence,
    /// What is to be as precise as that, for every strategy.
    pub targets: Vec<Target>,
    /// Replications after which the run ends even so.
    pub at_most: u32,
}

/// Something to be estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The response or goal.
    pub response: ResponseId,
    /// What of it.
    pub what: Estimated,
}

/// What of a response is estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Estimated {
    /// Its mean, with limits by Student's t: of a date that of min(T, H), of a ratio the ratio of the means.
    Mean,
    /// The probability that a goal is met, with limits by Wilson's score.
    Probability,
    /// The quantile of a share, with limits by order statistics.
    Quantile(f64),
}

/// How precise a run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Replications of each strategy.
    pub replications: u32,
    /// What is not yet precise enough.
    pub missing: Vec<Shortfall>,
}

/// An estimate that is not as precise as asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortfall {
    /// Position of the strategy among those simulated.
    pub strategy: usize,
    /// What was to be estimated.
    pub target: Target,
    /// The half-width reached, in the terms of [`Precision::half_width`]; none if there is no interval, or if it is no
    /// share of anything as the value is 0.
    pub half_width: Option<f64>,
}

impl Precision {
    /// The next number of replications at which to judge: the first from `wanted` on, or from an eighth beyond those
    /// `done`, that is a whole number of blocks; but never beyond the end.
    pub(super) fn next_check(&self, done: u32, wanted: u32) -> u32 {
        let least = if done == 0 { wanted.max(FIRST_CHECK) } else { done.saturating_add((done / 8).max(1)) };
        let blocks = least.div_ceil(BLOCK_REPLICATIONS);
        blocks.saturating_mul(BLOCK_REPLICATIONS).min(self.at_most)
    }

    /// Whether precision is judged after so many replications.
    pub(super) fn is_check(&self, done: u32, wanted: u32) -> bool {
        let mut check = self.next_check(0, wanted);
        while check < done {
            check = self.next_check(check, wanted);
        }
        check == done
    }

    /// Judges what a run has given so far.
    ///
    /// A response that is undefined in all replications of a strategy is passed over for that strategy, if another strategy
    /// has it: a transfer of a strategy without one would never become precise.
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
            (Estimated::Mean, Nature::Ratio(_)) => {
                let ratio = results.ratio(target.response, self.confidence)?;
                relative(ratio.interval?.half_width(), ratio.value)
            }
            (Estimated::Mean, _) => {
                let tally = &results.response_tallies[target.response.position()];
                relative(Interval::mean(tally, self.confidence)?.half_width(), tally.mean()?)
            }
            (Estimated::Probability, _) => {
                Some(Interval::proportion(values.count_of(1.0), values.len(), self.confidence).half_width())
            }
            (Estimated::Quantile(share), _) => {
                let quantile = values.bounded_quantiles(&[share], self.confidence)[0];
                relative(quantile.half_width()?, quantile.value)
            }
        }
    }
}

impl Verdict {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_precise(&self) -> bool {
        self.missing.is_empty()
    }
}

impl Shortfall {
    /// The response or goal, in the words of the command line: `client_cost`, or `staffed_day:p95`.
    #[must_use]
    pub fn name(&self, scenario: &Scenario) -> String {
        let name = columns(&scenario.world).into_iter().nth(self.target.response.position()).map(|column| column.name);
        let name = name.unwrap_or_default();
        match self.target.what {
            // Three decimals, less the noise of a division by 100.
            Estimated::Quantile(share) => format!("{name}:p{}", (1e5 * share).round() / 1e3),
            Estimated::Mean | Estimated::Probability => name,
        }
    }
}

/// A half-width as a share of a value; none of 0, unless there is no width either.
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
