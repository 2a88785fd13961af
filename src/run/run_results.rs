//! Results of a run so far: blocks merged in order.

use crate::money::Kind;
use crate::response::{PHASES, ResponseId, SeriesId};
use crate::scenario::Scenario;
use crate::stats::{Column, Confidence, Counts, RatioEstimate, Sketch, Tally};

use super::Settings;
use super::block::{Block, Content};
use super::break_even::BreakEven;
use super::month_values::Values;
use super::observations::{Observations, Ratios};
use super::surviving::Surviving;
use super::years::Years;

/// Largest number of replications with exact quantiles. Beyond it, no values are kept, and quantiles lie within
/// [`Sketch::RELATIVE_ERROR`] of the exact ones.
pub const EXACT_AT_MOST: u32 = 100_000;

/// Returns the largest relative error of a quantile after this number of replications.
#[must_use]
pub fn quantile_error(replications: u32) -> f64 {
    if replications > EXACT_AT_MOST { Sketch::RELATIVE_ERROR } else { 0.0 }
}

/// All results of a run.
#[derive(Clone, Debug)]
pub struct RunResults {
    /// Responses of all replications.
    pub observations: Observations,
    /// Results of each strategy, in the order of the settings.
    pub strategies: Vec<StrategyResults>,
    /// The month from which each strategy stays ahead of each other one.
    pub break_even: BreakEven,
    /// Whether values are counted and no longer kept.
    is_counted: bool,
    replications: u32,
}

/// The results of one strategy.
#[derive(Clone, Debug)]
pub struct StrategyResults {
    /// Moments of each response: of min(T, H) for a date.
    pub response_tallies: Vec<Tally>,
    ratios: Ratios,
    /// Begin and end of each phase, by replication.
    pub phases: Vec<Column>,
    /// Events, including month ends.
    pub events: u64,
    /// For each goal, the replications in which the bound holds at each month end, then those in which the goal would
    /// be met if it were due.
    pub goal_counts: Vec<u64>,
    /// Moments of client cost, by kind (as in [`Kind::ALL`](crate::money::Kind::ALL)) and month.
    pub cost_tallies: Vec<Tally>,
    /// Moments of the people whom each organisation employs, by month, if several take part.
    pub employed_tallies: Vec<Tally>,
    months: usize,
    series: Vec<Series>,
    /// Client cost by fiscal year.
    years: Option<Years>,
    /// Values of the replications that survive, if the venture may end before the horizon.
    surviving: Option<Surviving>,
}

/// The values of one series at one month end.
#[derive(Clone, Debug)]
struct Series {
    tally: Tally,
    values: Values,
}

impl RunResults {
    /// Returns empty results, to be filled with blocks of this content.
    #[must_use]
    pub fn new(scenario: &Scenario, settings: &Settings, content: Content) -> Self {
        let is_counted = settings.replications > EXACT_AT_MOST;
        let room = if is_counted { None } else { Some(settings.replications as usize) };
        let observations = Observations::new(scenario, settings.strategies.len(), room);
        let strategy = |strategy: usize| {
            let about = &scenario.strategies[strategy];
            let employers = about.employers(scenario.world.organisations.len()).len();
            let rest = (content, scenario.world.may_end(about), employers);
            StrategyResults::new(scenario, &observations, room, rest)
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
        // The counts are the same whether a run was planned to be this long or grew to it.
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

    /// Returns the number of replications of each strategy.
    #[must_use]
    pub fn replications(&self) -> u32 {
        self.replications
    }

    /// Returns the values of a response or goal, by name, for a strategy, by its position among those simulated; none
    /// if there are too many to keep, or there is no such response.
    #[must_use]
    pub fn response(&self, strategy: usize, name: &str) -> Option<&[f64]> {
        self.column(strategy, name)?.as_kept()
    }

    /// Returns the values of a response or goal, kept or counted.
    #[must_use]
    pub fn column(&self, strategy: usize, name: &str) -> Option<&Column> {
        let response = self.named(name)?;
        (strategy < self.strategies.len()).then(|| self.observations.column(strategy, response))
    }

    /// Returns the response or goal with a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<ResponseId> {
        let columns = self.observations.about();
        ResponseId::all(columns.len()).zip(columns).find(|(_, column)| column.name == name).map(|(id, _)| id)
    }
}

impl StrategyResults {
    /// Returns empty results, with room for this number of replications, or for counting only.
    fn new(
        scenario: &Scenario,
        observations: &Observations,
        room: Option<usize>,
        (content, may_end, employers): (Content, bool, usize),
    ) -> Self {
        let is_all = content == Content::Everything;
        let months = scenario.world.horizon_months as usize;
        // Values by month are empty if blocks do not have them.
        let kept = |count: usize| if is_all { count } else { 0 };
        let column = || room.map_or_else(Column::counted, |room| Column::Kept(Vec::with_capacity(room)));
        let values =
            |series: SeriesId| if series.is_whole() { Values::Whole(Counts::default()) } else { Values::Any(column()) };
        let series = |at: SeriesId| Series { tally: Tally::default(), values: values(at) };
        let roles = scenario.world.roles.len();
        Self {
            response_tallies: vec![Tally::default(); observations.rules().columns()],
            ratios: Ratios::new(observations.rules()),
            phases: (0..kept(2 * PHASES.len())).map(|_| column()).collect(),
            events: 0,
            goal_counts: vec![0; kept(scenario.world.goals.len() * 2 * months)],
            cost_tallies: vec![Tally::default(); kept(Kind::ALL.len() * months)],
            employed_tallies: vec![Tally::default(); kept(employers * months)],
            months,
            years: is_all.then(|| Years::new(&scenario.world, column)),
            surviving: (is_all && may_end).then(|| Surviving::new((roles, months), room.is_some())),
            series: SeriesId::all(roles).flat_map(|at| (0..kept(months)).map(move |_| series(at))).collect(),
        }
    }

    /// Returns a ratio with its precision; none if the response is not a ratio, or its denominators add up to 0.
    #[must_use]
    pub fn ratio(&self, response: ResponseId, confidence: Confidence) -> Option<RatioEstimate> {
        self.ratios.estimate(response, confidence)
    }

    fn stop_keeping(&mut self) {
        if let Some(surviving) = &mut self.surviving {
            surviving.stop_keeping(self.series.iter().map(|series| &series.values));
        }
        self.years.iter_mut().for_each(Years::stop_keeping);
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
        if let Some(years) = &mut self.years {
            years.add(months, block.replications);
        }
        for (tally, later) in self.cost_tallies.iter_mut().zip(&months.cost_tallies) {
            tally.merge(later);
        }
        for (tally, later) in self.employed_tallies.iter_mut().zip(&months.employed_tallies) {
            tally.merge(later);
        }
        for (count, &later) in self.goal_counts.iter_mut().zip(&months.goal_counts) {
            *count += u64::from(later);
        }
    }

    /// Returns whether there are values by month.
    #[must_use]
    pub fn has_months(&self) -> bool {
        !self.series.is_empty()
    }

    /// Returns moments and quantiles of a series at a month end (from 1) over the replications in which the venture
    /// has not ended by then; none if it cannot end.
    #[must_use]
    pub fn surviving_at(&self, series: impl Into<SeriesId>, month: usize, shares: &[f64]) -> Option<(Tally, Vec<f64>)> {
        let at = series.into().position() * self.months + month - 1;
        Some(self.surviving.as_ref()?.at(at, &self.series[at].values, shares))
    }

    /// Returns moments and quantiles of client cost in each fiscal year of the horizon.
    #[must_use]
    pub fn by_year(&self, shares: &[f64]) -> Vec<(Tally, Vec<f64>)> {
        self.years.as_ref().map_or_else(Vec::new, |years| years.estimates(shares))
    }

    /// Returns the moments and quantiles of a series at a month end (from 1).
    #[must_use]
    pub fn at_month(&self, series: impl Into<SeriesId>, month: usize, shares: &[f64]) -> (Tally, Vec<f64>) {
        let series = &self.series[series.into().position() * self.months + month - 1];
        (series.tally, series.values.quantiles(shares))
    }
}

fn append(columns: &mut [Column], values: &[f64], count: usize) {
    for (column, values) in columns.iter_mut().zip(values.chunks(count)) {
        column.add(values);
    }
}
