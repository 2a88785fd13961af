//! What a run has given so far: blocks merged in their order.

use crate::money::Kind;
use crate::response::{MEASURES, PHASES, columns};
use crate::scenario::Scenario;
use crate::stats::{Best, Column, Confidence, Counts, Paired, Sketch, Tally};

use super::Settings;
use super::block::{Block, StrategyBlock, is_whole};
use super::break_even::pairs;
use super::compared::Compared;

/// Replications up to which quantiles are exact. Beyond, no value is kept, and the quantiles lie within
/// [`Sketch::RELATIVE_ERROR`] of the exact ones.
pub const EXACT_AT_MOST: u32 = 100_000;

/// How far a quantile may lie from the exact one after so many replications, as a share of it.
#[must_use]
pub fn quantile_error(replications: u32) -> f64 {
    if replications > EXACT_AT_MOST { Sketch::RELATIVE_ERROR } else { 0.0 }
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
    /// Whether values are counted and no longer kept.
    is_counted: bool,
    /// The strategies against each other, once values are no longer kept.
    compared: Compared,
    replications: u32,
}

/// The results of one strategy.
#[derive(Clone, Debug)]
pub struct StrategyResults {
    /// The values of each response, by replication; NaN where it did not come about.
    pub responses: Vec<Column>,
    /// Moments of each response.
    pub response_tallies: Vec<Tally>,
    /// Begin and end of each phase, by replication.
    pub phases: Vec<Column>,
    /// Events, month ends among them.
    pub events: u64,
    /// Goal by goal, the replications in which its bound holds at each month end, then those in which it would be met were it
    /// due then.
    pub goal_counts: Vec<u64>,
    /// Moments of client cost, by kind (as in [`Kind::ALL`](crate::money::Kind::ALL)) and month.
    pub cost_tallies: Vec<Tally>,
    months: usize,
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
    Any(Column),
}

impl Collected {
    /// Nothing yet.
    #[must_use]
    pub fn new(scenario: &Scenario, settings: &Settings) -> Self {
        let is_counted = settings.replications > EXACT_AT_MOST;
        let room = if is_counted { None } else { Some(settings.replications as usize) };
        let strategy = || StrategyResults::new(scenario, room);
        Self {
            names: columns(&scenario.world).into_iter().map(|column| column.name).collect(),
            strategies: settings.strategies.iter().map(|_| strategy()).collect(),
            break_even: pairs(settings.strategies.len())
                .map(|_| vec![0; scenario.world.horizon_months as usize + 1])
                .collect(),
            is_counted,
            compared: Compared::new(scenario, settings.strategies.len()),
            replications: 0,
        }
    }

    /// Adds the next block.
    pub fn add(&mut self, block: &Block) {
        let replications = block.strategies.first().map_or(0, |strategy| strategy.replications);
        self.replications += replications as u32;
        // Whether a run was known to become this long or has grown so, the counts are the same.
        if self.replications > EXACT_AT_MOST && !self.is_counted {
            self.stop_keeping();
        }
        if self.is_counted {
            let strategies = block.strategies.iter();
            let columns: Vec<Vec<&[f64]>> =
                strategies.map(|strategy| strategy.responses.chunks(replications).collect()).collect();
            self.compared.add(&columns);
        }
        for (strategy, block) in self.strategies.iter_mut().zip(&block.strategies) {
            strategy.add(block);
        }
        for (counts, later) in self.break_even.iter_mut().zip(&block.break_even) {
            counts.iter_mut().zip(later).for_each(|(count, &later)| *count += u64::from(later));
        }
    }

    /// From now on counts values, and compares strategies, as blocks come.
    fn stop_keeping(&mut self) {
        self.is_counted = true;
        let strategies = self.strategies.iter();
        let columns: Vec<Vec<&[f64]>> =
            strategies.map(|strategy| strategy.responses.iter().filter_map(Column::as_kept).collect()).collect();
        self.compared.add(&columns);
        self.strategies.iter_mut().for_each(StrategyResults::stop_keeping);
    }

    /// The values of a response or goal, by its name, for a strategy, by its position among those simulated; none if they are
    /// too many to be kept.
    #[must_use]
    pub fn response(&self, strategy: usize, name: &str) -> Option<&[f64]> {
        self.column(strategy, name)?.as_kept()
    }

    /// The same, kept or counted.
    #[must_use]
    pub fn column(&self, strategy: usize, name: &str) -> Option<&Column> {
        let position = self.names.iter().position(|known| known == name)?;
        self.strategies.get(strategy).map(|results| &results.responses[position])
    }

    /// The comparison of a strategy with another in a response, all by position; none without a replication in which both have
    /// it.
    #[must_use]
    pub fn paired(&self, response: usize, (one, other): (usize, usize), confidence: Confidence) -> Option<Paired> {
        match [one, other].map(|strategy| self.strategies[strategy].responses[response].as_kept()) {
            [Some(one), Some(other)] => Paired::of(one, other, confidence),
            _ => self.compared.paired(response, (one, other), confidence),
        }
    }

    /// How each strategy stands to the best of the others in a response; `higher` says whether higher is better.
    #[must_use]
    pub fn best(&self, response: usize, confidence: Confidence, higher: bool) -> Vec<Best> {
        let kept: Option<Vec<&[f64]>> =
            self.strategies.iter().map(|strategy| strategy.responses[response].as_kept()).collect();
        match kept {
            Some(columns) => Best::of(&columns, confidence, higher),
            None => {
                let paired = |one, other, each| self.compared.paired(response, (one, other), each);
                Best::of_wins(self.compared.wins(response), self.strategies.len(), confidence, higher, paired)
            }
        }
    }
}

impl StrategyResults {
    /// Nothing yet; with room for so many replications, or, without, none of which is kept.
    fn new(scenario: &Scenario, room: Option<usize>) -> Self {
        let months = scenario.world.horizon_months as usize;
        let columns = columns(&scenario.world).len();
        let column = || room.map_or_else(Column::counted, |room| Column::Kept(Vec::with_capacity(room)));
        let values = |measure| if is_whole(measure) { Values::Whole(Counts::default()) } else { Values::Any(column()) };
        let series = |at: usize| Series { tally: Tally::default(), values: values(at / months) };
        Self {
            responses: (0..columns).map(|_| column()).collect(),
            response_tallies: vec![Tally::default(); columns],
            phases: (0..2 * PHASES.len()).map(|_| column()).collect(),
            events: 0,
            goal_counts: vec![0; 2 * scenario.world.goals.len() * months],
            cost_tallies: vec![Tally::default(); Kind::ALL.len() * months],
            months,
            series: (0..MEASURES.len() * months).map(series).collect(),
        }
    }

    fn stop_keeping(&mut self) {
        let columns = self.responses.iter_mut().chain(&mut self.phases);
        let months = self.series.iter_mut().filter_map(|series| match &mut series.values {
            Values::Whole(_) => None,
            Values::Any(column) => Some(column),
        });
        columns.chain(months).for_each(Column::stop_keeping);
    }

    fn add(&mut self, block: &StrategyBlock) {
        append(&mut self.responses, &block.responses, block.replications);
        append(&mut self.phases, &block.phases, block.replications);
        for (tally, later) in self.response_tallies.iter_mut().zip(&block.response_tallies) {
            tally.merge(later);
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
            Values::Any(column) => column.add(values),
        }
    }

    fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        match self {
            Values::Whole(counts) => shares.iter().map(|&share| counts.quantile(share).unwrap_or(f64::NAN)).collect(),
            Values::Any(column) => column.quantiles(shares),
        }
    }
}

fn append(columns: &mut [Column], values: &[f64], count: usize) {
    for (column, values) in columns.iter_mut().zip(values.chunks(count)) {
        column.add(values);
    }
}
