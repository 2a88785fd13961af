//! Estimation: turns the replications into estimates, by the nature of each response.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::response::{Nature, ResponseColumn, ResponseId, SeriesId, Unit};
use crate::run::{Observations, RunResults, StrategyResults};
use crate::stats::{Best, Column, Confidence, Interval, Paired, Tally};
use crate::world::Goal;

use super::estimates::{
    BOUNDED_SHARES, BestEstimate, CostEstimate, Difference, Estimate, GoalEstimate, MonthEstimate, NONE, PhaseEstimate,
    Probability, QuantileEstimate, Results, StrategyEstimates, YearEstimate, has_quantiles, share_of,
};
use super::method::Method;
use super::reported::ReportedId;
use super::study::Study;

/// Shares of the quantiles of each response and month-end measure.
const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// Shares of the quantiles of when a phase begins and ends, and of the cost of a year.
const FEW_SHARES: [f64; 3] = [0.05, 0.5, 0.95];

impl Results {
    /// Returns the estimates all reported quantities.
    #[must_use]
    pub fn estimate(study: Study, results: RunResults) -> Self {
        let RunResults { observations, strategies, break_even, .. } = results;
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
            runs: None,
            observations,
            study,
        }
    }
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
    let of_month = |(tally, quantiles): (Tally, Vec<f64>)| {
        let quantiles = std::array::from_fn(|share| quantiles[share]);
        MonthEstimate { mean: tally.mean().unwrap_or(NONE), sd: tally.sd().unwrap_or(NONE), quantiles }
    };
    let month = |series: SeriesId, month: usize| of_month(results.at_month(series, month, &SHARES));
    let surviving = |series: SeriesId| {
        let months = (1..=study.months()).map(|month| results.surviving_at(series, month, &SHARES).map(of_month));
        months.collect::<Option<Vec<_>>>()
    };
    let roles = study.scenario.world.roles.len();
    let series: Vec<SeriesId> = SeriesId::all(roles).filter(|_| results.has_months()).collect();
    let cost = |tally: &Tally| CostEstimate { mean: tally.mean().unwrap_or(NONE), sd: tally.sd().unwrap_or(NONE) };
    StrategyEstimates {
        reported: reported
            .par_iter()
            .map(|&reported| estimate((strategy, results), observations, (reported, study.confidence)))
            .collect(),
        quantiles: about.par_iter().zip(observations.columns(strategy)).map(quantiles).collect(),
        timelines: [
            series.par_iter().map(|&id| (1..=study.months()).map(|at| month(id, at)).collect()).collect(),
            series.par_iter().map(|&id| surviving(id)).collect::<Option<_>>().unwrap_or_default(),
        ],
        phases: results.phases.chunks(2).map(phase).collect(),
        goals: goals((strategy, results), observations, study),
        costs: results.cost_tallies.chunks(study.months()).map(|months| months.iter().map(cost).collect()).collect(),
        employed: results.employed_tallies.chunks(study.months()).map(means).collect(),
        years: results.by_year(&FEW_SHARES).into_iter().map(year).collect(),
    }
}

/// Returns the estimates a response by its nature. This is the only place that does.
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
        return of_tally(&tally, &hits, (proportion(&hits, confidence), Method::Wilson));
    }
    let of_mean = || {
        let interval = Interval::mean(tally, confidence);
        (interval, Method::of_mean(interval, tally.count(), tally.skewness()))
    };
    match about.nature {
        _ if about.unit == Unit::Met => of_tally(tally, values, (proportion(values, confidence), Method::Wilson)),
        Nature::Number => of_tally(tally, values, of_mean()),
        Nature::Date { .. } => {
            let never = values.count_of(f64::INFINITY);
            let (min, max) = values.range().unwrap_or((NONE, NONE));
            let restricted = of_tally(tally, values, of_mean());
            let reached = values.present() - never;
            Estimate { n: reached, missing: never, min, max, ..restricted }
        }
        Nature::Ratio(_) => {
            let by_replication =
                Estimate { mean: NONE, se: NONE, skewness: NONE, ..of_tally(tally, values, (None, Method::None)) };
            let Some(ratio) = results.ratio(response, confidence) else { return by_replication };
            let (low, high) = ratio.interval.map_or((NONE, NONE), |interval| (interval.low, interval.high));
            Estimate {
                mean: ratio.value,
                se: ratio.se.unwrap_or(NONE),
                low,
                high,
                method: Method::of_mean(ratio.interval, values.len(), ratio.skewness),
                skewness: ratio.skewness.unwrap_or(NONE),
                ..by_replication
            }
        }
    }
}

/// Returns the confidence interval of the share of ones.
fn proportion(values: &Column, confidence: Confidence) -> Option<Interval> {
    Some(Interval::proportion(values.count_of(1.0), values.len(), confidence))
}

/// Returns 1 for each value that equals the wanted one, else 0, and their moments.
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

fn of_tally(tally: &Tally, values: &Column, (interval, method): (Option<Interval>, Method)) -> Estimate {
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
        method,
        skewness: or_none(tally.skewness()),
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

fn means(months: &[Tally]) -> Vec<f64> {
    months.iter().map(|tally| tally.mean().unwrap_or(NONE)).collect()
}

fn year((tally, quantiles): (Tally, Vec<f64>)) -> YearEstimate {
    YearEstimate { mean: tally.mean().unwrap_or(NONE), quantiles: std::array::from_fn(|share| quantiles[share]) }
}

fn phase(days: &[Column]) -> PhaseEstimate {
    let quantiles = |column: &Column| {
        let quantiles = column.quantiles(&FEW_SHARES);
        std::array::from_fn(|share| quantiles[share])
    };
    PhaseEstimate { n: days[0].present(), begin: quantiles(&days[0]), end: quantiles(&days[1]) }
}

fn goals((strategy, results): (usize, &StrategyResults), observations: &Observations, study: &Study) -> Vec<GoalEstimate> {
    let (months, all) = (study.months(), u64::from(study.settings.replications));
    let of_goal = |(position, goal): (usize, &Goal)| {
        let values = observations.column(strategy, ResponseId::goal(position));
        let met = Probability::of(values.count_of(1.0), values.len(), study.confidence);
        let counts = results.goal_counts.get(position * 2 * months..(position + 1) * 2 * months).unwrap_or_default();
        let (holds, would_be_met) = counts.split_at(counts.len() / 2);
        let month = |(&holds, &met): (&u64, &u64)| [holds, met].map(|hits| Probability::of(hits, all, study.confidence));
        GoalEstimate {
            met,
            is_gate_met: goal.probability.map(|required| met.low >= required),
            months: holds.iter().zip(would_be_met).map(month).collect(),
        }
    };
    study.goals().iter().enumerate().map(of_goal).collect()
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
            method: Method::of_mean(paired.interval, paired.n, paired.skewness),
            skewness: or_none(paired.skewness),
            p_lower: paired.p_lower,
            p_equal: paired.p_equal,
            quantiles: [paired.p5, paired.p50, paired.p95],
            variance_ratio: or_none(paired.variance_ratio),
        }
    }
}

impl Probability {
    fn of(hits: u64, all: u64, confidence: Confidence) -> Self {
        let Interval { low, high } = Interval::proportion(hits, all, confidence);
        Self { share: share_of(hits, all), low, high }
    }
}
