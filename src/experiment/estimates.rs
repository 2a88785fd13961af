//! From what a run gave to what is said of it: estimates with their precision.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::money::Kind;
use crate::response::{Better, MEASURES, MeasureId, Nature, OUTCOMES, PHASES, ResponseColumn, ResponseId, Unit, columns};
use crate::run::break_even::pairs;
use crate::run::{Collected, Observations, Settings, StrategyResults};
use crate::scenario::Scenario;
use crate::stats::{Best, Column, Confidence, Interval, Paired, Tally};
use crate::world::{Goal, month_instant};

use super::{Origin, Source};

/// Shares of the quantiles of each response and month-end measure.
const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
const PHASE_SHARES: [f64; 3] = [0.05, 0.5, 0.95];
/// Shares of the quantiles that have limits.
pub(super) const BOUNDED_SHARES: [f64; 6] = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95];
/// Strategies up to which all pairs are compared unless another choice is made.
const ALL_PAIRS_AT_MOST: usize = 20;

/// What is studied, and how it is reported.
#[derive(Clone, Debug)]
pub struct Study {
    /// The scenario.
    pub scenario: Scenario,
    /// What was computed.
    pub settings: Settings,
    /// Level of the confidence intervals.
    pub confidence: Confidence,
    /// The strategy (by position among those simulated) that the others are compared with.
    pub baseline: usize,
    /// Which pairs of strategies the result files compare.
    pub pairs: Pairs,
    /// What its results come from, if not from a fixed number of replications.
    pub origin: Origin,
}

/// Which pairs of strategies the result files compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// Each strategy with each other one.
    All,
    /// Each strategy with the baseline.
    Baseline,
}

impl Pairs {
    /// What so many strategies have unless another choice is made.
    #[must_use]
    pub fn of(strategies: usize) -> Self {
        if strategies <= ALL_PAIRS_AT_MOST { Self::All } else { Self::Baseline }
    }

    /// Its name, as the command line has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Baseline => "baseline",
        }
    }
}

/// All that the result files of a study hold.
#[derive(Clone, Debug)]
pub struct Results {
    /// What was studied.
    pub study: Study,
    /// The responses of all replications.
    pub observations: Observations,
    /// Where these are found again, if they are too many to be kept.
    pub source: Source,
    /// What is said of each strategy.
    pub(super) strategies: Vec<StrategyEstimates>,
    /// How each strategy stands to the best of the others, response by response, where that was read.
    pub(super) best: BTreeMap<ResponseId, Vec<BestEstimate>>,
    /// The share of the replications in which a strategy breaks even with another in each month, then that of never.
    pub(super) break_even: BTreeMap<(usize, usize), Vec<f64>>,
    /// Differences that were read, where they cannot be computed.
    pub(super) differences: BTreeMap<(ResponseId, usize, usize), Difference>,
}

/// What is said of one strategy.
#[derive(Clone, Debug)]
pub(super) struct StrategyEstimates {
    /// By [`ReportedId`].
    pub(super) reported: Vec<Estimate>,
    /// By response, then by [`BOUNDED_SHARES`]; none of what has no quantiles.
    pub(super) quantiles: Vec<Vec<QuantileEstimate>>,
    /// By measure, then by month.
    pub(super) months: Vec<Vec<MonthEstimate>>,
    /// By phase.
    pub(super) phases: Vec<PhaseEstimate>,
    /// By goal.
    pub(super) goals: Vec<GoalEstimate>,
    /// By kind, then by month.
    pub(super) costs: Vec<Vec<CostEstimate>>,
}

/// A row of the summary: a response or goal, or the share of one of the [`OUTCOMES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportedId(usize);

impl ReportedId {
    /// The row of a response or goal; of the outcome its first.
    #[must_use]
    pub fn of(response: ResponseId) -> Self {
        let position = response.position();
        Self(if position > ResponseId::OUTCOME.position() { position + OUTCOMES.len() - 1 } else { position })
    }

    /// The row of the share of an outcome.
    #[must_use]
    pub fn outcome(outcome: usize) -> Self {
        Self(ResponseId::OUTCOME.position() + outcome)
    }

    /// All rows of a scenario that has so many columns, in the order of the files.
    pub(super) fn all(columns: usize) -> impl Iterator<Item = Self> + Clone {
        (0..columns + OUTCOMES.len() - 1).map(Self)
    }

    /// Its position among the rows of a strategy.
    pub(super) fn position(self) -> usize {
        self.0
    }

    /// The response or goal that it is about, and the outcome whose share it is.
    pub(super) fn parts(self) -> (ResponseId, Option<usize>) {
        let first = ResponseId::OUTCOME.position();
        match self.0.checked_sub(first) {
            None => (ResponseId::FIRST.after(self.0), None),
            Some(outcome) if outcome < OUTCOMES.len() => (ResponseId::OUTCOME, Some(outcome)),
            Some(beyond) => (ResponseId::OUTCOME.after(beyond + 1 - OUTCOMES.len()), None),
        }
    }
}

/// What the replications say of a response; NaN is undefined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Replications in which it is defined; of a date those that reach it.
    pub n: u64,
    /// The others.
    pub missing: u64,
    /// The mean where it is defined; of a date that of min(T, H), of a ratio the ratio of the means.
    pub mean: f64,
    /// Standard deviation of what is averaged; of a ratio that of its values by replication.
    pub sd: f64,
    /// Standard error of the mean.
    pub se: f64,
    /// Lower limit of the confidence interval of the mean.
    pub low: f64,
    /// Upper limit of the confidence interval of the mean.
    pub high: f64,
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

/// A phase: the replications in which it took place, and the quantiles 5, 50 and 95 % of the days of its begin and end.
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
    /// How likely it is met.
    pub(super) met: Probability,
    /// Whether the lower limit reaches the required probability; none if the goal is no gate.
    pub(super) is_gate_met: Option<bool>,
    /// By month: how likely the bound holds at its end, and how likely the goal would be met were it due then.
    pub(super) months: Vec<[Probability; 2]>,
}

/// Client cost of one kind in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CostEstimate {
    pub(super) mean: f64,
    pub(super) sd: f64,
}

/// How a strategy stands to the best of the others: the share of the replications in which it is the best, and limits of the
/// difference of its mean to the best mean of the others.
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
    /// Share of the replications in which the strategy is lower.
    pub p_lower: f64,
    /// Share of the replications in which both are equal.
    pub p_equal: f64,
    /// Quantiles 5, 50 and 95 % of the differences.
    pub quantiles: [f64; 3],
    /// How many times the variance of the mean difference would be as large without common random numbers.
    pub variance_ratio: f64,
}

const NONE: f64 = f64::NAN;
const NO_PROBABILITY: Probability = Probability { share: NONE, low: NONE, high: NONE };
const NO_ESTIMATE: Estimate = Estimate {
    n: 0,
    missing: 0,
    mean: NONE,
    sd: NONE,
    se: NONE,
    low: NONE,
    high: NONE,
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
    p_lower: NONE,
    p_equal: NONE,
    quantiles: [NONE; 3],
    variance_ratio: NONE,
};

impl Study {
    /// A study whose result files compare the pairs that so many strategies usually have.
    #[must_use]
    pub fn new(scenario: Scenario, settings: Settings, confidence: Confidence, baseline: usize) -> Self {
        let pairs = Pairs::of(settings.strategies.len());
        Self { scenario, settings, confidence, baseline, pairs, origin: Origin::default() }
    }

    /// Names of the strategies simulated, in the order of the files.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        (0..self.settings.strategies.len()).map(|strategy| self.name(strategy)).collect()
    }

    /// The name of a strategy, by its position among those simulated.
    #[must_use]
    pub fn name(&self, strategy: usize) -> &str {
        &self.scenario.strategies[self.settings.strategies[strategy]].name
    }

    /// The responses and goals, in the order of the files.
    #[must_use]
    pub fn columns(&self) -> Vec<ResponseColumn> {
        columns(&self.scenario.world)
    }

    /// The pairs of strategies that the result files compare: the second is subtracted.
    #[must_use]
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let is_wanted = |pair: &(usize, usize)| self.pairs == Pairs::All || pair.1 == self.baseline;
        pairs(self.settings.strategies.len()).filter(is_wanted).collect()
    }

    /// The goals of the scenario.
    pub(super) fn goals(&self) -> &[Goal] {
        &self.scenario.world.goals
    }

    /// How many months there are.
    pub(super) fn months(&self) -> usize {
        self.scenario.world.horizon_months as usize
    }

    /// The date on which a month (from 1) ends.
    pub(super) fn month_end(&self, month: usize) -> Date {
        #[expect(clippy::cast_precision_loss, reason = "months are few")]
        date_of(self.scenario.start, month_instant(month as f64).days())
    }
}

/// Whether quantiles of a response are reported: whether a goal is met, and how a replication ended, are no amounts.
pub(super) fn has_quantiles(column: &ResponseColumn) -> bool {
    !matches!(column.unit, Unit::Met | Unit::Outcome)
}

impl Results {
    /// Estimates all that is reported.
    #[must_use]
    pub fn estimate(study: Study, collected: Collected) -> Self {
        let Collected { observations, strategies, break_even, .. } = collected;
        let estimate = |strategy: usize| estimate_strategy((strategy, &strategies[strategy]), &observations, &study);
        let estimates = (0..strategies.len()).map(estimate).collect();
        #[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
        let shares = |counts: &[u64]| -> Vec<f64> {
            counts.iter().map(|&count| count as f64 / f64::from(study.settings.replications)).collect()
        };
        Self {
            strategies: estimates,
            best: BTreeMap::new(),
            break_even: study.pairs().into_iter().map(|pair| (pair, shares(break_even.counts(pair)))).collect(),
            differences: BTreeMap::new(),
            source: Source::default(),
            observations,
            study,
        }
    }

    /// Results that say nothing yet, to be read from files.
    pub(super) fn unread(study: Study, observations: Observations) -> Self {
        let strategies = study.settings.strategies.len();
        Self {
            strategies: vec![StrategyEstimates::unread(&study, &observations); strategies],
            best: BTreeMap::new(),
            break_even: study.pairs().into_iter().map(|pair| (pair, vec![NONE; study.months() + 1])).collect(),
            differences: BTreeMap::new(),
            source: Source::default(),
            observations,
            study,
        }
    }

    /// The same results, whose replications are found in the blocks of a store.
    #[must_use]
    pub fn with_source(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// What the replications of a strategy, by its position among those simulated, say of a response.
    #[must_use]
    pub fn reported(&self, strategy: usize, reported: ReportedId) -> &Estimate {
        &self.strategies[strategy].reported[reported.position()]
    }

    /// The same of a response or goal.
    #[must_use]
    pub fn response(&self, strategy: usize, response: ResponseId) -> &Estimate {
        self.reported(strategy, ReportedId::of(response))
    }

    /// What a response is.
    #[must_use]
    pub fn about(&self, response: ResponseId) -> &ResponseColumn {
        &self.observations.about()[response.position()]
    }

    /// A strategy less another in a response; none where they cannot be compared.
    #[must_use]
    pub fn difference(&self, response: ResponseId, (one, other): (usize, usize)) -> Option<Difference> {
        let read = |one, other| self.differences.get(&(response, one, other)).copied();
        let computed = || self.observations.difference(response, (one, other), self.study.confidence).map(Difference::from);
        read(one, other).or_else(|| read(other, one).map(Difference::reversed)).or_else(computed)
    }

    /// How each strategy stands to the best of the others in a response; none if neither low nor high values are wished for, if
    /// there is one strategy, or if it is undefined somewhere.
    pub(super) fn best(&self, response: ResponseId) -> Option<Vec<BestEstimate>> {
        let better = self.about(response).better;
        if better == Better::Neither || self.observations.strategies() < 2 {
            return None;
        }
        let compute = || self.observations.best(response, self.study.confidence, better == Better::Higher);
        let read = self.best.get(&response).cloned();
        read.or_else(|| Some(compute()?.into_iter().map(BestEstimate::from).collect()))
    }

    /// How likely a strategy meets a goal, by its position.
    #[must_use]
    pub fn goal(&self, strategy: usize, goal: usize) -> Probability {
        self.strategies[strategy].goals[goal].met
    }

    /// Gates that are not met: strategy and goal, by their positions.
    #[must_use]
    pub fn gates_missed(&self) -> Vec<(usize, usize)> {
        let goals = |(strategy, estimates): (usize, &StrategyEstimates)| -> Vec<(usize, usize)> {
            let missed = |goal: &usize| estimates.goals[*goal].is_gate_met == Some(false);
            (0..estimates.goals.len()).filter(missed).map(|goal| (strategy, goal)).collect()
        };
        self.strategies.iter().enumerate().flat_map(goals).collect()
    }
}

impl StrategyEstimates {
    fn unread(study: &Study, observations: &Observations) -> Self {
        let columns = observations.about();
        let (months, quantile) = (study.months(), QuantileEstimate { value: NONE, low: NONE, high: NONE });
        let month = MonthEstimate { mean: NONE, sd: NONE, quantiles: [NONE; 5] };
        let quantiles = |column| if has_quantiles(column) { vec![quantile; BOUNDED_SHARES.len()] } else { Vec::new() };
        Self {
            reported: vec![NO_ESTIMATE; ReportedId::all(columns.len()).count()],
            quantiles: columns.iter().map(quantiles).collect(),
            months: vec![vec![month; months]; MEASURES.len()],
            phases: vec![PhaseEstimate { n: 0, begin: [NONE; 3], end: [NONE; 3] }; PHASES.len()],
            goals: vec![
                GoalEstimate { met: NO_PROBABILITY, is_gate_met: None, months: vec![[NO_PROBABILITY; 2]; months] };
                study.goals().len()
            ],
            costs: vec![vec![CostEstimate { mean: NONE, sd: NONE }; months]; Kind::ALL.len()],
        }
    }
}

impl Probability {
    fn of(hits: u64, all: u64, confidence: Confidence) -> Self {
        let Interval { low, high } = Interval::proportion(hits, all, confidence);
        Self { share: share_of(hits, all), low, high }
    }
}

impl From<Best> for BestEstimate {
    fn from(best: Best) -> Self {
        let (low, high) = best.difference.unwrap_or((NONE, NONE));
        Self { p_best: best.p_best.unwrap_or(NONE), low, high }
    }
}

impl From<Paired> for Difference {
    fn from(paired: Paired) -> Self {
        let or_none = |value: Option<f64>| value.unwrap_or(NONE);
        Self {
            n: paired.n,
            mean: or_none(paired.mean_difference),
            se: or_none(paired.se),
            low: or_none(paired.interval.map(|interval| interval.low)),
            high: or_none(paired.interval.map(|interval| interval.high)),
            p_lower: paired.p_lower,
            p_equal: paired.p_equal,
            quantiles: [paired.p5, paired.p50, paired.p95],
            variance_ratio: or_none(paired.variance_ratio),
        }
    }
}

impl Difference {
    /// The other strategy less this one.
    fn reversed(self) -> Self {
        let reversed = |value: f64| 0.0 - value;
        let [p5, p50, p95] = self.quantiles.map(reversed);
        Self {
            mean: reversed(self.mean),
            low: reversed(self.high),
            high: reversed(self.low),
            p_lower: 1.0 - self.p_lower - self.p_equal,
            quantiles: [p95, p50, p5],
            ..self
        }
    }
}

/// The share that a number of replications is of all of them.
#[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
pub(super) fn share_of(count: u64, all: u64) -> f64 {
    count as f64 / all as f64
}

/// Days that are more than the calendar has, in both directions, and that a span of days can still hold.
const DAYS_AT_MOST: f64 = 7_300_000.0;

/// The date of an instant; the last that the calendar has, if it lies beyond, as only in what strangers have written.
#[expect(clippy::cast_possible_truncation, reason = "days beyond the calendar are cut")]
pub(super) fn date_of(start: Date, days: f64) -> Date {
    start.checked_add((days.floor().clamp(-DAYS_AT_MOST, DAYS_AT_MOST) as i64).days()).unwrap_or(Date::MAX)
}

fn estimate_strategy(
    (strategy, results): (usize, &StrategyResults),
    observations: &Observations,
    study: &Study,
) -> StrategyEstimates {
    let about = observations.about();
    let reported: Vec<ReportedId> = ReportedId::all(about.len()).collect();
    let quantiles = |(column, values): (&ResponseColumn, &Column)| {
        if has_quantiles(column) { bounded(values, study.confidence) } else { Vec::new() }
    };
    let month = |measure: MeasureId, month: usize| {
        let (tally, quantiles) = results.at_month(measure, month, &SHARES);
        let quantiles = std::array::from_fn(|share| quantiles[share]);
        MonthEstimate { mean: tally.mean().unwrap_or(NONE), sd: tally.sd().unwrap_or(NONE), quantiles }
    };
    let measures: Vec<MeasureId> = MeasureId::all().collect();
    let cost = |tally: &Tally| CostEstimate { mean: tally.mean().unwrap_or(NONE), sd: tally.sd().unwrap_or(NONE) };
    StrategyEstimates {
        reported: reported
            .par_iter()
            .map(|&reported| estimate((strategy, results), observations, (reported, study.confidence)))
            .collect(),
        quantiles: about.par_iter().zip(observations.columns(strategy)).map(quantiles).collect(),
        months: measures.par_iter().map(|&id| (1..=study.months()).map(|at| month(id, at)).collect()).collect(),
        phases: results.phases.chunks(2).map(phase).collect(),
        goals: goals((strategy, results), observations, study),
        costs: results.cost_tallies.chunks(study.months()).map(|months| months.iter().map(cost).collect()).collect(),
    }
}

/// What is said of a response follows from its nature, here and nowhere else.
fn estimate(
    (strategy, results): (usize, &StrategyResults),
    observations: &Observations,
    (reported, confidence): (ReportedId, Confidence),
) -> Estimate {
    let (response, outcome) = reported.parts();
    let (values, tally) = (observations.column(strategy, response), &results.response_tallies[response.position()]);
    let about = &observations.about()[response.position()];
    if let Some(outcome) = outcome {
        #[expect(clippy::cast_precision_loss, reason = "outcomes are few")]
        let (hits, tally) = hits(values, outcome as f64);
        return of_tally(&tally, &hits, proportion(&hits, confidence));
    }
    match about.nature {
        _ if about.unit == Unit::Met => of_tally(tally, values, proportion(values, confidence)),
        Nature::Number => of_tally(tally, values, Interval::mean(tally, confidence)),
        Nature::Date { .. } => {
            let never = values.count_of(f64::INFINITY);
            let (min, max) = values.range().unwrap_or((NONE, NONE));
            let restricted = of_tally(tally, values, Interval::mean(tally, confidence));
            let reached = values.present() - never;
            Estimate { n: reached, missing: values.len() - reached, min, max, ..restricted }
        }
        Nature::Ratio(_) => {
            let by_replication = of_tally(tally, values, None);
            let Some(ratio) = results.ratio(response, confidence) else {
                return Estimate { mean: NONE, se: NONE, ..by_replication };
            };
            let (low, high) = ratio.interval.map_or((NONE, NONE), |interval| (interval.low, interval.high));
            Estimate { mean: ratio.value, se: ratio.se.unwrap_or(NONE), low, high, ..by_replication }
        }
    }
}

/// The interval of the share of ones.
fn proportion(values: &Column, confidence: Confidence) -> Option<Interval> {
    Some(Interval::proportion(values.count_of(1.0), values.len(), confidence))
}

/// For each value 1 where it is the one wanted, else 0; and their moments.
#[expect(clippy::float_cmp, reason = "outcomes are small whole numbers")]
fn hits(values: &Column, wanted: f64) -> (Column, Tally) {
    if let Some(values) = values.as_kept() {
        let hits: Vec<f64> = values.iter().map(|&value| f64::from(u8::from(value == wanted))).collect();
        let tally = Tally::of(&hits);
        return (Column::Kept(hits), tally);
    }
    let (all, hits) = (values.len(), values.count_of(wanted));
    (Column::of_counts(&[(0.0, all - hits), (1.0, hits)]), Tally::of_ones(hits, all))
}

fn of_tally(tally: &Tally, values: &Column, interval: Option<Interval>) -> Estimate {
    let quantiles = values.quantiles(&SHARES);
    let or_none = |value: Option<f64>| value.unwrap_or(NONE);
    Estimate {
        n: tally.count(),
        missing: tally.missing(),
        mean: or_none(tally.mean()),
        sd: or_none(tally.sd()),
        se: or_none(tally.standard_error()),
        low: or_none(interval.map(|interval| interval.low)),
        high: or_none(interval.map(|interval| interval.high)),
        min: or_none(tally.min()),
        quantiles: std::array::from_fn(|share| quantiles[share]),
        max: or_none(tally.max()),
    }
}

fn bounded(values: &Column, confidence: Confidence) -> Vec<QuantileEstimate> {
    let quantiles = values.bounded_quantiles(&BOUNDED_SHARES, confidence).into_iter();
    let or_none = |limit: Option<f64>| limit.unwrap_or(NONE);
    quantiles
        .map(|found| QuantileEstimate { value: found.value, low: or_none(found.low), high: or_none(found.high) })
        .collect()
}

fn phase(days: &[Column]) -> PhaseEstimate {
    let quantiles = |column: &Column| {
        let quantiles = column.quantiles(&PHASE_SHARES);
        std::array::from_fn(|share| quantiles[share])
    };
    PhaseEstimate { n: days[0].present(), begin: quantiles(&days[0]), end: quantiles(&days[1]) }
}

fn goals((strategy, results): (usize, &StrategyResults), observations: &Observations, study: &Study) -> Vec<GoalEstimate> {
    let (months, all) = (study.months(), u64::from(study.settings.replications));
    let of_goal = |(position, goal): (usize, &Goal)| {
        let values = observations.column(strategy, ResponseId::goal(position));
        let met = Probability::of(values.count_of(1.0), values.len(), study.confidence);
        let (holds, would_be_met) = results.goal_counts[position * 2 * months..][..2 * months].split_at(months);
        let month = |(&holds, &met): (&u64, &u64)| [holds, met].map(|hits| Probability::of(hits, all, study.confidence));
        GoalEstimate {
            met,
            is_gate_met: goal.probability.map(|required| met.low >= required),
            months: holds.iter().zip(would_be_met).map(month).collect(),
        }
    };
    study.goals().iter().enumerate().map(of_goal).collect()
}
