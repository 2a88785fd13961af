//! What a run has given so far: blocks merged in their order.

use crate::money::Kind;
use crate::response::{MEASURES, MeasureId, PHASES, ResponseId};
use crate::scenario::Scenario;
use crate::stats::{Column, Confidence, Counts, RatioEstimate, Sketch, Tally};

use super::Settings;
use super::block::{Block, Content, is_whole};
use super::break_even::BreakEven;
use super::observations::{Observations, Ratios};
use super::surviving::Surviving;

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
    /// The responses of all replications.
    pub observations: Observations,
    /// In the order of the settings.
    pub strategies: Vec<StrategyResults>,
    /// When each strategy is ahead of each other one for good.
    pub break_even: BreakEven,
    /// Whether values are counted and no longer kept.
    is_counted: bool,
    replications: u32,
}

/// The results of one strategy.
#[derive(Clone, Debug)]
pub struct StrategyResults {
    /// Moments of each response: of a date those of min(T, H).
    pub response_tallies: Vec<Tally>,
    ratios: Ratios,
    /// Begin and end of each phase, by replication.
    pub phases: Vec<Column>,
    /// Events, month ends among them.
    pub events: u64,
    /// Goal by goal, the replications in which the bound holds at each month end, then those in which the goal is met were it
    /// due then.
    pub goal_counts: Vec<u64>,
    /// Moments of client cost, by kind (as in [`Kind::ALL`](crate::money::Kind::ALL)) and month.
    pub cost_tallies: Vec<Tally>,
    months: usize,
    series: Vec<Series>,
    /// Of the replications that survive, if the venture may end before the horizon.
    surviving: Option<Surviving>,
}

/// The values of one measure at one month end.
#[derive(Clone, Debug)]
struct Series {
    tally: Tally,
    values: Values,
}

#[derive(Clone, Debug)]
pub(super) enum Values {
    Whole(Counts),
    Any(Column),
}

impl Collected {
    /// Nothing yet, to be filled with blocks of that content.
    #[must_use]
    pub fn new(scenario: &Scenario, settings: &Settings, content: Content) -> Self {
        let is_counted = settings.replications > EXACT_AT_MOST;
        let room = if is_counted { None } else { Some(settings.replications as usize) };
        let observations = Observations::new(scenario, settings.strategies.len(), room);
        let strategy = |strategy: usize| {
            let may_end = scenario.world.may_end(&scenario.strategies[strategy]);
            StrategyResults::new(scenario, &observations, room, (content, may_end))
        };
        Self {
            strategies: settings.strategies.iter().map(|&position| strategy(position)).collect(),
            break_even: BreakEven::new(&scenario.world, settings.strategies.len()),
            observations,
            is_counted,
            replications: 0,
        }
    }

    /// Adds the next replications: a block of each strategy.
    pub fn add(&mut self, blocks: &[Block]) {
        let replications = blocks.first().map_or(0, |block| block.replications);
        self.replications += replications as u32;
        // Whether a run was known to become this long or has grown so, the counts are the same.
        if self.replications > EXACT_AT_MOST && !self.is_counted {
            self.is_counted = true;
            self.observations.stop_keeping();
            self.strategies.iter_mut().for_each(StrategyResults::stop_keeping);
        }
        self.observations.add(blocks);
        self.break_even.add(blocks);
        for (strategy, block) in self.strategies.iter_mut().zip(blocks) {
            strategy.add(block);
        }
    }

    /// How many replications of each strategy there are.
    #[must_use]
    pub fn replications(&self) -> u32 {
        self.replications
    }

    /// The values of a response or goal, by its name, for a strategy, by its position among those simulated; none if they are
    /// too many to be kept, or there is no such response.
    #[must_use]
    pub fn response(&self, strategy: usize, name: &str) -> Option<&[f64]> {
        self.column(strategy, name)?.as_kept()
    }

    /// The same, kept or counted.
    #[must_use]
    pub fn column(&self, strategy: usize, name: &str) -> Option<&Column> {
        let response = self.named(name)?;
        (strategy < self.strategies.len()).then(|| self.observations.column(strategy, response))
    }

    /// The response or goal of a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<ResponseId> {
        let columns = self.observations.about();
        ResponseId::all(columns.len()).zip(columns).find(|(_, column)| column.name == name).map(|(id, _)| id)
    }
}

impl StrategyResults {
    /// Nothing yet; with room for so many replications, or, without, none of which is kept.
    fn new(
        scenario: &Scenario,
        observations: &Observations,
        room: Option<usize>,
        (content, may_end): (Content, bool),
    ) -> Self {
        let is_all = content == Content::Everything;
        let months = scenario.world.horizon_months as usize;
        // What is by month is empty where blocks do not have it.
        let kept = |count: usize| if is_all { count } else { 0 };
        let column = || room.map_or_else(Column::counted, |room| Column::Kept(Vec::with_capacity(room)));
        let values = |measure| if is_whole(measure) { Values::Whole(Counts::default()) } else { Values::Any(column()) };
        let series = |at: usize| Series { tally: Tally::default(), values: values(at / months) };
        Self {
            response_tallies: vec![Tally::default(); observations.rules().columns()],
            ratios: Ratios::new(observations.rules()),
            phases: (0..kept(2 * PHASES.len())).map(|_| column()).collect(),
            events: 0,
            goal_counts: vec![0; kept(scenario.world.goals.len() * 2 * months)],
            cost_tallies: vec![Tally::default(); kept(Kind::ALL.len() * months)],
            months,
            surviving: (is_all && may_end).then(|| Surviving::new((MEASURES.len(), months), room.is_some())),
            series: (0..kept(MEASURES.len() * months)).map(series).collect(),
        }
    }

    /// A ratio with its precision; none if it is none, or its denominators add up to 0.
    #[must_use]
    pub fn ratio(&self, response: ResponseId, confidence: Confidence) -> Option<RatioEstimate> {
        self.ratios.estimate(response, confidence)
    }

    fn stop_keeping(&mut self) {
        if let Some(surviving) = &mut self.surviving {
            surviving.stop_keeping(self.series.iter().map(|series| &series.values));
        }
        let months = self.series.iter_mut().filter_map(|series| match &mut series.values {
            Values::Whole(_) => None,
            Values::Any(column) => Some(column),
        });
        self.phases.iter_mut().chain(months).for_each(Column::stop_keeping);
    }

    fn add(&mut self, block: &Block) {
        self.ratios.add(block);
        for (tally, later) in self.response_tallies.iter_mut().zip(&block.response_tallies) {
            tally.merge(later);
        }
        self.events += block.events;
        let Some(months) = &block.months else { return };
        append(&mut self.phases, &months.phases, block.replications);
        let columns = months.series.chunks(block.replications).zip(&months.series_tallies);
        for (series, (values, tally)) in self.series.iter_mut().zip(columns) {
            series.tally.merge(tally);
            series.values.add(values);
        }
        if let Some(surviving) = &mut self.surviving {
            surviving.add(months, block.replications);
        }
        for (tally, later) in self.cost_tallies.iter_mut().zip(&months.cost_tallies) {
            tally.merge(later);
        }
        for (count, &later) in self.goal_counts.iter_mut().zip(&months.goal_counts) {
            *count += u64::from(later);
        }
    }

    /// Whether what is by month is there.
    #[must_use]
    pub fn has_months(&self) -> bool {
        !self.series.is_empty()
    }

    /// Returns moments and quantiles of a measure at a month end (from 1) over the replications in which the venture has not
    /// ended by then; none if it cannot end.
    #[must_use]
    pub fn surviving_at(&self, measure: MeasureId, month: usize, shares: &[f64]) -> Option<(Tally, Vec<f64>)> {
        let at = measure.position() * self.months + month - 1;
        Some(self.surviving.as_ref()?.at(at, &self.series[at].values, shares))
    }

    /// Moments and quantiles of a measure at a month end (from 1).
    #[must_use]
    pub fn at_month(&self, measure: MeasureId, month: usize, shares: &[f64]) -> (Tally, Vec<f64>) {
        let series = &self.series[measure.position() * self.months + month - 1];
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
