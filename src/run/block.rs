//! A block of replications: computed anywhere, by scenario, seed and range alone.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::engine::Time;
use crate::model::{Fact, Observer, Simulation, Team};
use crate::response::{MEASURES, PHASES, ResponseId, Responses, Rules};
use crate::scenario::Scenario;
use crate::stats::Tally;

/// Replications in a block; the last may have fewer. Part of the meaning of results: sums are taken block by block.
pub const BLOCK_REPLICATIONS: u32 = 256;

/// The number of blocks that so many replications are cut into.
#[must_use]
pub fn blocks_of(replications: u32) -> u32 {
    replications.div_ceil(BLOCK_REPLICATIONS)
}

/// The replications of a block, by its number, of so many in all.
#[must_use]
pub fn replications_of(block: u32, replications: u32) -> Range<u32> {
    let begin = block * BLOCK_REPLICATIONS;
    begin..replications.min(begin.saturating_add(BLOCK_REPLICATIONS))
}

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Content {
    /// Responses with their moments: all that comparing design points takes.
    Responses,
    /// Month-end measures, phases, goals by month and costs too.
    Everything,
}

/// What the replications of a block gave, of one strategy at one design point.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Replications in the block.
    pub replications: usize,
    /// Responses: all replications of the first, then of the next.
    #[serde(with = "super::packed::numbers")]
    pub responses: Vec<f64>,
    /// Moments of each response: of a date those of min(T, H).
    pub response_tallies: Vec<Tally>,
    /// Events, month ends among them.
    pub events: u64,
    /// The rest, if it is kept.
    pub months: Option<Months>,
}

/// What the replications of a block gave by month, and when their phases were.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Months {
    /// Month-end values: all replications of the first measure's first month, of its second, ...
    #[serde(with = "super::packed::series")]
    pub series: Vec<f64>,
    /// Moments of each measure and month.
    pub series_tallies: Vec<Tally>,
    /// Begin and end of each phase, laid out as the responses are.
    #[serde(with = "super::packed::numbers")]
    pub phases: Vec<f64>,
    /// Goal by goal, the replications in which the bound holds at each month end, then those in which the goal is met were it
    /// due then.
    pub goal_counts: Vec<u32>,
    /// Month ends that each replication survives.
    pub survived: Vec<u32>,
    /// Moments of client cost by kind and month.
    pub cost_tallies: Vec<Tally>,
}

impl Block {
    /// The values of a response, replication by replication.
    pub(super) fn response(&self, response: ResponseId) -> &[f64] {
        &self.responses[response.position() * self.replications..][..self.replications]
    }

    /// What it holds.
    #[must_use]
    pub fn content(&self) -> Content {
        if self.months.is_some() { Content::Everything } else { Content::Responses }
    }

    /// The same with no more than that.
    #[must_use]
    pub fn with(self, content: Content) -> Self {
        let months = self.months.filter(|_| content == Content::Everything);
        Self { months, ..self }
    }
}

/// Computes blocks of a strategy; keeps its memory from one to the next.
#[derive(Debug)]
pub struct Worker<'s> {
    rules: Rules,
    goal_counts: usize,
    simulation: Simulation<'s>,
    responses: Responses,
    values: Vec<f64>,
}

impl<'s> Worker<'s> {
    /// A worker for a strategy, by its position in the scenario, under a seed.
    #[must_use]
    pub fn new(scenario: &'s Scenario, strategy: usize, seed: u64) -> Self {
        let (world, strategy) = (&scenario.world, &scenario.strategies[strategy]);
        Self {
            rules: Rules::new(world),
            goal_counts: world.goals.len() * 2 * world.horizon_months as usize,
            simulation: Simulation::new(world, strategy, seed),
            responses: Responses::new(world, strategy, seed),
            values: Vec::new(),
        }
    }

    /// Simulates these replications; none if told to stop before the end.
    pub fn compute(&mut self, replications: Range<u32>, stop: &AtomicBool) -> Option<Block> {
        let Self { rules, goal_counts, simulation, responses, values } = self;
        let count = replications.len();
        let of = |width: usize| Columns::new(width, count);
        let (mut singles, mut phases) = (of(rules.columns()), of(2 * PHASES.len()));
        let (mut series, mut costs) = (of(responses.series().len()), of(responses.costs().len()));
        let (mut goal_counts, mut survived, mut events) = (vec![0; *goal_counts], Vec::with_capacity(count), 0);
        for replication in replications {
            events += simulation.replicate(replication, &mut Stoppable { responses, stop });
            // What was stopped within it is none.
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            values.clear();
            responses.values(values);
            singles.add(values);
            values.clear();
            responses.phases(values);
            phases.add(values);
            series.add(responses.series());
            costs.add(responses.costs());
            responses.count_goals(&mut goal_counts);
            survived.push(responses.survived_months());
        }
        let tallies = |columns: &[f64]| columns.chunks(count).map(Tally::of).collect();
        let series = series.finish();
        let months = Months {
            series_tallies: tallies(&series),
            series,
            phases: phases.finish(),
            goal_counts,
            survived,
            cost_tallies: tallies(&costs.finish()),
        };
        let responses = singles.finish();
        let column = |response: ResponseId| &responses[response.position() * count..][..count];
        let moments = |response| Tally::of(&rules.restricted(response, column));
        let response_tallies = ResponseId::all(rules.columns()).map(moments).collect();
        Some(Block { replications: count, responses, response_tallies, events, months: Some(months) })
    }
}

/// Responses that watch a replication until it is over, or told to stop: one of an enormous team may take long.
struct Stoppable<'r> {
    responses: &'r mut Responses,
    stop: &'r AtomicBool,
}

impl Observer for Stoppable<'_> {
    #[inline]
    fn start(&mut self, replication: u32) {
        self.responses.start(replication);
    }

    #[inline]
    fn held(&mut self, team: &Team, from: Time, until: Time) {
        self.responses.held(team, from, until);
    }

    #[inline]
    fn passed(&mut self, team: &Team, from: Time, until: Time) {
        self.responses.passed(team, from, until);
    }

    #[inline]
    fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        self.responses.happened(fact, team, now);
    }

    #[inline]
    fn month_ended(&mut self, month: u32, team: &Team, now: Time) {
        self.responses.month_ended(month, team, now);
    }

    #[inline]
    fn is_enough(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Values of replications, one row each, put into columns.
///
/// Rows are turned eight at a time: then each stretch of a column that is written fills a cache line, where one value at a
/// time would fetch a line for each.
struct Columns {
    columns: Vec<f64>,
    count: usize,
    /// Rows in the columns already.
    done: usize,
    width: usize,
    /// Rows that wait to be turned.
    rows: Vec<f64>,
}

impl Columns {
    const ROWS: usize = 8;

    fn new(width: usize, count: usize) -> Self {
        let rows = Vec::with_capacity(width * Self::ROWS);
        Self { columns: vec![f64::NAN; width * count], count, done: 0, width, rows }
    }

    fn add(&mut self, row: &[f64]) {
        self.rows.extend_from_slice(row);
        if self.rows.len() == self.width * Self::ROWS {
            self.turn();
        }
    }

    fn turn(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        let rows = self.rows.len() / self.width;
        for (column, values) in self.columns.chunks_mut(self.count).enumerate() {
            let places = &mut values[self.done..self.done + rows];
            places.iter_mut().zip(self.rows[column..].iter().step_by(self.width)).for_each(|(place, &value)| *place = value);
        }
        self.done += rows;
        self.rows.clear();
    }

    fn finish(mut self) -> Vec<f64> {
        self.turn();
        self.columns
    }
}

/// Positions of the measures that are whole numbers.
pub(super) fn is_whole(measure: usize) -> bool {
    MEASURES[measure].is_whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns_whatever_their_number() {
        for count in [1, 7, 8, 9, 24] {
            let mut columns = Columns::new(3, count);
            let value = |row: usize, column: usize| (10 * row + column) as f64;
            (0..count).for_each(|row| columns.add(&[value(row, 0), value(row, 1), value(row, 2)]));
            let expected: Vec<f64> = (0..3).flat_map(|column| (0..count).map(move |row| value(row, column))).collect();
            assert_eq!(columns.finish(), expected);
        }
        assert!(Columns::new(0, 5).finish().is_empty());
    }
}
