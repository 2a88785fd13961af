//! Results: the estimates of a run with their precision.

use std::collections::BTreeMap;

use crate::money::Kind;
use crate::response::{Better, PHASES, ResponseColumn, ResponseId, SeriesId, Unit};
use crate::run::{Observations, Runs};

use super::method::Method;
use super::reported::ReportedId;
use super::study::Study;

/// Shares of the quantiles that have limits.
pub(super) const BOUNDED_SHARES: [f64; 6] = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95];

/// The share of the replications whose cost is at most that of a bad case.
pub(super) const BAD_CASE: f64 = BOUNDED_SHARES[4];

/// Which replications a month-end estimate covers: all, or those in which the venture has not ended by then.
pub(super) const GIVEN: [&str; 2] = ["", "surviving"];

/// All content of the result files of a study.
#[derive(Clone, Debug)]
pub struct Results {
    /// The study.
    pub study: Study,
    /// The responses of all replications.
    pub observations: Observations,
    /// Source of the replications, if there are too many to keep.
    pub(super) runs: Option<Runs>,
    /// Estimates of each strategy.
    pub(super) strategies: Vec<StrategyEstimates>,
    /// How each strategy compares with the best of the others, by response, if it was read from a file.
    pub(super) best: BTreeMap<ResponseId, Vec<BestEstimate>>,
    /// The share of the replications in which a strategy breaks even with another in each month, then the share of
    /// never.
    pub(super) break_even: BTreeMap<(usize, usize), Vec<f64>>,
    /// Differences read from a file, if they cannot be computed.
    pub(super) differences: BTreeMap<(ResponseId, usize, usize), Difference>,
}

/// Estimates of one strategy.
#[derive(Clone, Debug)]
pub struct StrategyEstimates {
    /// By [`ReportedId`].
    pub(super) reported: Vec<Estimate>,
    /// By response, then by [`BOUNDED_SHARES`]; empty for responses without quantiles.
    pub(super) quantiles: Vec<Vec<QuantileEstimate>>,
    /// By [`GIVEN`], series, then month; empty for survivors if the venture cannot end.
    pub(super) timelines: [Vec<Vec<MonthEstimate>>; 2],
    /// By phase.
    pub(super) phases: Vec<PhaseEstimate>,
    /// By goal.
    pub(super) goals: Vec<GoalEstimate>,
    /// By kind, then by month.
    pub(super) costs: Vec<Vec<CostEstimate>>,
    /// By fiscal year.
    pub(super) years: Vec<YearEstimate>,
    /// People by employer, then by month, on average; empty if there is only one employer.
    pub(super) employed: Vec<Vec<f64>>,
}

/// Estimates of a response; NaN is undefined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Replications that define it; for a date, those that reach it.
    pub n: u64,
    /// Replications that do not define it; for a date, those that never reach it.
    pub missing: u64,
    /// Mean where it is defined: of min(T, H) for a date, the ratio of the means for a ratio.
    pub mean: f64,
    /// Standard deviation of the averaged values; for a ratio, of its values by replication.
    pub sd: f64,
    /// Standard error of the mean.
    pub se: f64,
    /// Lower limit of the confidence interval of the mean.
    pub low: f64,
    /// Upper limit of the confidence interval of the mean.
    pub high: f64,
    /// Method of the interval.
    pub method: Method,
    /// Skewness of the averaged values; for a ratio, of what each replication adds to it.
    pub skewness: f64,
    /// Least value.
    pub min: f64,
    /// Quantiles 5, 25, 50, 75 and 95 %: infinite where a date never comes.
    pub quantiles: [f64; 5],
    /// Greatest value.
    pub max: f64,
}

/// A quantile with its limits; NaN where there are too few replications for one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct QuantileEstimate {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// A month-end measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MonthEstimate {
    pub(super) mean: f64,
    pub(super) sd: f64,
    /// Quantiles 5, 25, 50, 75 and 95 %.
    pub(super) quantiles: [f64; 5],
}

/// A phase: the replications that have it, and the quantiles 5, 50 and 95 % of the days on which it begins and ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PhaseEstimate {
    pub(super) n: u64,
    pub(super) begin: [f64; 3],
    pub(super) end: [f64; 3],
}

/// A probability with its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probability {
    /// The share of the replications.
    pub share: f64,
    /// Lower limit of its confidence interval.
    pub low: f64,
    /// Upper limit of its confidence interval.
    pub high: f64,
}

/// A goal.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GoalEstimate {
    /// Probability of meeting it.
    pub(super) met: Probability,
    /// Whether the lower limit reaches the required probability; none if the goal is not a gate.
    pub(super) is_gate_met: Option<bool>,
    /// By month: the probability that the bound holds at its end, and that the goal would be met if it were due then.
    pub(super) months: Vec<[Probability; 2]>,
}

/// Client cost of one kind in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CostEstimate {
    pub(super) mean: f64,
    pub(super) sd: f64,
}

/// Client cost in a fiscal year: its mean, and its quantiles 5, 50 and 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct YearEstimate {
    pub(super) mean: f64,
    pub(super) quantiles: [f64; 3],
}

/// How a strategy compares with the best of the others: the share of the replications in which it is best, and limits
/// of the difference between its mean and the best mean of the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BestEstimate {
    pub(super) p_best: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// A strategy less another in a response; NaN is undefined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Replications compared.
    pub n: u64,
    /// Mean difference.
    pub mean: f64,
    /// Its standard error.
    pub se: f64,
    /// Lower limit of its confidence interval.
    pub low: f64,
    /// Upper limit of its confidence interval.
    pub high: f64,
    /// Method of the interval.
    pub method: Method,
    /// Skewness of the differences; for a ratio, of what each replication adds to it.
    pub skewness: f64,
    /// Share of the replications in which the strategy is lower.
    pub p_lower: f64,
    /// Share of the replications in which both are equal.
    pub p_equal: f64,
    /// Quantiles 5, 50 and 95 % of the differences.
    pub quantiles: [f64; 3],
    /// Variance of the mean difference with independent random numbers, as a multiple of that with common random
    /// numbers.
    pub variance_ratio: f64,
}

pub(super) const NONE: f64 = f64::NAN;
const NO_PROBABILITY: Probability = Probability { share: NONE, low: NONE, high: NONE };
const NO_ESTIMATE: Estimate = Estimate {
    n: 0,
    missing: 0,
    mean: NONE,
    sd: NONE,
    se: NONE,
    low: NONE,
    high: NONE,
    method: Method::None,
    skewness: NONE,
    min: NONE,
    quantiles: [NONE; 5],
    max: NONE,
};
pub(super) const NO_DIFFERENCE: Difference = Difference {
    n: 0,
    mean: NONE,
    se: NONE,
    low: NONE,
    high: NONE,
    method: Method::None,
    skewness: NONE,
    p_lower: NONE,
    p_equal: NONE,
    quantiles: [NONE; 3],
    variance_ratio: NONE,
};

/// Returns whether quantiles of a response are reported. Goals and outcomes are not amounts and have none.
pub(super) fn has_quantiles(column: &ResponseColumn) -> bool {
    !matches!(column.unit, Unit::Met | Unit::Outcome)
}

impl Results {
    /// Returns empty results, to be filled from files.
    pub(super) fn unread(study: Study, observations: Observations) -> Self {
        let strategies = study.settings.strategies.len();
        Self {
            strategies: (0..strategies).map(|strategy| StrategyEstimates::unread(&study, &observations, strategy)).collect(),
            best: BTreeMap::new(),
            break_even: study.pairs().into_iter().map(|pair| (pair, vec![NONE; study.months() + 1])).collect(),
            differences: BTreeMap::new(),
            runs: None,
            observations,
            study,
        }
    }

    /// Returns the same results, with the runs that hold their replications.
    #[must_use]
    pub fn with_runs(self, runs: Runs) -> Self {
        Self { runs: Some(runs), ..self }
    }

    /// Returns the same estimates without the values of the replications and without monthly values.
    pub(super) fn without_replications(self) -> Self {
        let strip = |strategy: StrategyEstimates| StrategyEstimates {
            timelines: [Vec::new(), Vec::new()],
            phases: Vec::new(),
            costs: Vec::new(),
            years: Vec::new(),
            employed: Vec::new(),
            goals: strategy.goals.into_iter().map(|goal| GoalEstimate { months: Vec::new(), ..goal }).collect(),
            ..strategy
        };
        Self {
            strategies: self.strategies.into_iter().map(strip).collect(),
            break_even: BTreeMap::new(),
            observations: self.observations.without_values(),
            ..self
        }
    }

    /// Returns the estimate of a row of the summary for a strategy, by its position among those simulated.
    #[must_use]
    pub fn reported(&self, strategy: usize, reported: ReportedId) -> &Estimate {
        &self.strategies[strategy].reported[reported.position()]
    }

    /// Returns the estimate of a response or goal.
    #[must_use]
    pub fn response(&self, strategy: usize, response: ResponseId) -> &Estimate {
        self.reported(strategy, ReportedId::of(response))
    }

    /// Returns the description of a response.
    #[must_use]
    pub fn about(&self, response: ResponseId) -> &ResponseColumn {
        &self.observations.about()[response.position()]
    }

    /// Returns a strategy less another in a response, by their positions among those simulated; none if they cannot be
    /// compared.
    #[must_use]
    pub fn difference_of(&self, response: ResponseId, (one, other): (usize, usize)) -> Option<Difference> {
        let read = |one, other| self.differences.get(&(response, one, other)).copied();
        let computed = || self.observations.difference(response, (one, other), self.study.confidence).map(Difference::from);
        read(one, other).or_else(|| read(other, one).map(Difference::reversed)).or_else(computed)
    }

    /// Returns how each strategy compares with the best of the others in a response; none if no values of it are
    /// better, if there is only one strategy, or if it is undefined somewhere.
    pub(super) fn best(&self, response: ResponseId) -> Option<Vec<BestEstimate>> {
        let better = self.about(response).better;
        if better == Better::Neither || self.observations.strategies() < 2 {
            return None;
        }
        let compute = || self.observations.best(response, self.study.confidence, better == Better::Higher);
        let read = self.best.get(&response).cloned();
        read.or_else(|| Some(compute()?.into_iter().map(BestEstimate::from).collect()))
    }

    /// Returns a response in a bad case, with its limits.
    pub(super) fn bad_case(&self, strategy: usize, response: ResponseId) -> QuantileEstimate {
        self.strategies[strategy].quantiles[response.position()][4]
    }

    /// Returns the probability that a strategy meets a goal, by its position.
    #[must_use]
    pub fn goal(&self, strategy: usize, goal: usize) -> Probability {
        self.strategies[strategy].goals[goal].met
    }

    /// Returns the gates that are not met: strategy and goal, by position.
    #[must_use]
    pub fn missed(&self) -> Vec<(usize, usize)> {
        let goals = |(strategy, estimates): (usize, &StrategyEstimates)| -> Vec<(usize, usize)> {
            let missed = |goal: &usize| estimates.goals[*goal].is_gate_met == Some(false);
            (0..estimates.goals.len()).filter(missed).map(|goal| (strategy, goal)).collect()
        };
        self.strategies.iter().enumerate().flat_map(goals).collect()
    }
}

impl StrategyEstimates {
    fn unread(study: &Study, observations: &Observations, strategy: usize) -> Self {
        let columns = observations.about();
        let series = SeriesId::count(study.scenario.world.roles.len());
        let (months, quantile) = (study.months(), QuantileEstimate { value: NONE, low: NONE, high: NONE });
        let month = MonthEstimate { mean: NONE, sd: NONE, quantiles: [NONE; 5] };
        let quantiles = |column| if has_quantiles(column) { vec![quantile; BOUNDED_SHARES.len()] } else { Vec::new() };
        Self {
            reported: vec![NO_ESTIMATE; ReportedId::all(columns.len()).count()],
            quantiles: columns.iter().map(quantiles).collect(),
            timelines: [true, study.may_end(strategy)]
                .map(|is_there| if is_there { vec![vec![month; months]; series] } else { Vec::new() }),
            phases: vec![PhaseEstimate { n: 0, begin: [NONE; 3], end: [NONE; 3] }; PHASES.len()],
            goals: vec![
                GoalEstimate { met: NO_PROBABILITY, is_gate_met: None, months: vec![[NO_PROBABILITY; 2]; months] };
                study.goals().len()
            ],
            costs: vec![vec![CostEstimate { mean: NONE, sd: NONE }; months]; Kind::ALL.len()],
            years: vec![YearEstimate { mean: NONE, quantiles: [NONE; 3] }; study.fiscal_years().len()],
            employed: vec![vec![NONE; months]; study.employers(strategy).len()],
        }
    }
}

impl Difference {
    /// Returns the other strategy less this one.
    fn reversed(self) -> Self {
        let reversed = |value: f64| 0.0 - value;
        let [p5, p50, p95] = self.quantiles.map(reversed);
        Self {
            mean: reversed(self.mean),
            low: reversed(self.high),
            high: reversed(self.low),
            skewness: reversed(self.skewness),
            p_lower: 1.0 - self.p_lower - self.p_equal,
            quantiles: [p95, p50, p5],
            ..self
        }
    }
}

/// Returns a number of replications as a share of all of them.
#[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
pub(super) fn share_of(count: u64, all: u64) -> f64 {
    count as f64 / all as f64
}
