//! What a run has given so far: blocks merged in their order.

use crate::money::Kind;
use crate::response::{MEASURES, PHASES, columns};
use crate::scenario::Scenario;
use crate::stats::{Counts, Sketch, Tally, quantiles_in_place};

use super::Settings;
use super::block::{Block, StrategyBlock, is_whole};
use super::break_even::pairs;

/// Replications for which memory is taken at once; for more it grows as they come.
const RESERVED_AT_MOST: u32 = 1 << 17;

/// Replications up to which the quantiles of month-end measures are exact. Beyond, their values are not kept: the quantiles
/// then lie within [`Sketch::RELATIVE_ERROR`] of the exact ones. Those of responses are always exact.
pub const EXACT_MONTHS_AT_MOST: u32 = 100_000;

/// How far a quantile of a month-end measure may lie from the exact one after so many replications, as a share of it.
#[must_use]
pub fn month_quantile_error(replications: u32) -> f64 {
    if replications > EXACT_MONTHS_AT_MOST { Sketch::RELATIVE_ERROR } else { 0.0 }
}

/// All results of a run.
#[derive(Clone, Debug)]
pub struct Collected {
    /// Names of the responses and goals.
    names: Vec<String>,
    /// In the order of the settings.
    pub strategies: Vec<StrategyResults>,
    /// For each of the [ordered pairs](super::break_even::pairs): replications that break even in each month, and never.
    pub break_even: Vec<Vec<u64>>,
}

/// The results of one strategy.
#[derive(Clone, Debug)]
pub struct StrategyResults {
    /// The values of each response, by replication; NaN where it did not come about.
    pub responses: Vec<Vec<f64>>,
    /// Moments of each response.
    pub response_tallies: Vec<Tally>,
    /// Begin and end of each phase, by replication.
    pub phases: Vec<Vec<f64>>,
    /// Events, month ends among them.
    pub events: u64,
    /// Goal by goal and month by month, the replications in which it is met by the end of the month.
    pub goal_counts: Vec<u64>,
    /// Moments of client cost, by kind (as in [`Kind::ALL`](crate::money::Kind::ALL)) and month.
    pub cost_tallies: Vec<Tally>,
    months: usize,
    replications: u32,
    series: Vec<Series>,
}

/// The values of one measure at one month end.
#[derive(Clone, Debug)]
struct Series {
    tally: Tally,
    values: Values,
}

#[derive(Clone, Debug)]
enum Values {
    Whole(Counts),
    Any(Vec<f64>),
    Many(Sketch),
}

impl Collected {
    /// Nothing yet.
    #[must_use]
    pub fn new(scenario: &Scenario, settings: &Settings) -> Self {
        let strategy = || StrategyResults::new(scenario, settings.replications);
        Self {
            names: columns(&scenario.world).into_iter().map(|column| column.name).collect(),
            strategies: settings.strategies.iter().map(|_| strategy()).collect(),
            break_even: pairs(settings.strategies.len())
                .map(|_| vec![0; scenario.world.horizon_months as usize + 1])
                .collect(),
        }
    }

    /// Adds the next block.
    pub fn add(&mut self, block: &Block) {
        for (strategy, block) in self.strategies.iter_mut().zip(&block.strategies) {
            strategy.add(block);
        }
        for (counts, later) in self.break_even.iter_mut().zip(&block.break_even) {
            counts.iter_mut().zip(later).for_each(|(count, &later)| *count += u64::from(later));
        }
    }

    /// The values of a response or goal, by its name, for a strategy, by its position among those simulated.
    #[must_use]
    pub fn response(&self, strategy: usize, name: &str) -> Option<&[f64]> {
        let position = self.names.iter().position(|known| known == name)?;
        self.strategies.get(strategy).map(|results| results.responses[position].as_slice())
    }
}

impl StrategyResults {
    /// Nothing yet of so many replications, or more.
    fn new(scenario: &Scenario, replications: u32) -> Self {
        let months = scenario.world.horizon_months as usize;
        let columns = columns(&scenario.world).len();
        let column = || Vec::with_capacity(replications.min(RESERVED_AT_MOST) as usize);
        let values = |measure| match is_whole(measure) {
            true => Values::Whole(Counts::default()),
            false if replications > EXACT_MONTHS_AT_MOST => Values::Many(Sketch::default()),
            false => Values::Any(column()),
        };
        let series = |at: usize| Series { tally: Tally::default(), values: values(at / months) };
        Self {
            responses: (0..columns).map(|_| column()).collect(),
            response_tallies: vec![Tally::default(); columns],
            phases: (0..2 * PHASES.len()).map(|_| column()).collect(),
            events: 0,
            goal_counts: vec![0; scenario.world.goals.len() * months],
            cost_tallies: vec![Tally::default(); Kind::ALL.len() * months],
            months,
            replications: 0,
            series: (0..MEASURES.len() * months).map(series).collect(),
        }
    }

    fn add(&mut self, block: &StrategyBlock) {
        append(&mut self.responses, &block.responses, block.replications);
        append(&mut self.phases, &block.phases, block.replications);
        for (tally, later) in self.response_tallies.iter_mut().zip(&block.response_tallies) {
            tally.merge(later);
        }
        self.replications += block.replications as u32;
        // Whether a run was known to become this long or has grown so, the counts are the same.
        if self.replications > EXACT_MONTHS_AT_MOST {
            self.series.iter_mut().for_each(|series| series.values.stop_keeping());
        }
        let columns = block.series.chunks(block.replications).zip(&block.series_tallies);
        for (series, (values, tally)) in self.series.iter_mut().zip(columns) {
            series.tally.merge(tally);
            series.values.add(values);
        }
        for (tally, later) in self.cost_tallies.iter_mut().zip(&block.cost_tallies) {
            tally.merge(later);
        }
        for (count, &later) in self.goal_counts.iter_mut().zip(&block.goal_counts) {
            *count += u64::from(later);
        }
        self.events += block.events;
    }

    /// Moments and quantiles of a measure (by position) at a month end (from 1).
    #[must_use]
    pub fn at_month(&self, measure: usize, month: usize, shares: &[f64]) -> (Tally, Vec<f64>) {
        let series = &self.series[measure * self.months + month - 1];
        (series.tally, series.values.quantiles(shares))
    }
}

impl Values {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole measures count people")]
    fn add(&mut self, values: &[f64]) {
        match self {
            Values::Whole(counts) => values.iter().for_each(|&value| counts.add(value as u32)),
            Values::Any(all) => all.extend_from_slice(values),
            Values::Many(sketch) => sketch.add(values),
        }
    }

    fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        match self {
            Values::Whole(counts) => shares.iter().map(|&share| counts.quantile(share).unwrap_or(f64::NAN)).collect(),
            Values::Any(all) => quantiles_in_place(&mut all.clone(), shares),
            Values::Many(sketch) => sketch.quantiles(shares),
        }
    }

    /// From now on counts values by their leading bits rather than keeping them.
    fn stop_keeping(&mut self) {
        if let Values::Any(all) = self {
            let mut sketch = Sketch::default();
            sketch.add(all);
            *self = Values::Many(sketch);
        }
    }
}

fn append(columns: &mut [Vec<f64>], values: &[f64], count: usize) {
    for (column, values) in columns.iter_mut().zip(values.chunks(count)) {
        column.extend_from_slice(values);
    }
}
