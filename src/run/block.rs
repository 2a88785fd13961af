//! A block of replications: computed anywhere, by scenario, seed and range alone.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::engine::Time;
use crate::model::{Fact, Observer, Simulation, Team};
use crate::response::{MEASURES, PHASES, Responses, columns};
use crate::scenario::Scenario;
use crate::stats::Tally;

use super::{Settings, break_even};

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

/// What the replications of a block gave, strategy by strategy.
#[derive(Clone, Debug)]
pub struct Block {
    /// In the order of the settings.
    pub strategies: Vec<StrategyBlock>,
    /// For each of the [ordered pairs](super::break_even::pairs): replications that break even in each month, and never.
    pub break_even: Vec<Vec<u32>>,
}

/// What the replications of a block gave for one strategy.
#[derive(Clone, Debug)]
pub struct StrategyBlock {
    /// Replications in the block.
    pub replications: usize,
    /// Responses: all replications of the first, then of the next.
    pub responses: Vec<f64>,
    /// Moments of each response.
    pub response_tallies: Vec<Tally>,
    /// Month-end values: all replications of the first measure's first month, of its second, ...
    pub series: Vec<f64>,
    /// Moments of each measure and month.
    pub series_tallies: Vec<Tally>,
    /// Begin and end of each phase, laid out as the responses are.
    pub phases: Vec<f64>,
    /// Goal by goal, the replications in which its bound holds at each month end, then those in which it would be met were it
    /// due then.
    pub goal_counts: Vec<u32>,
    /// Moments of client cost by kind and month.
    pub cost_tallies: Vec<Tally>,
    /// Events, month ends among them.
    pub events: u64,
}

/// Computes blocks; keeps its memory from one to the next.
#[derive(Debug)]
pub struct Worker<'s> {
    columns: usize,
    goals: usize,
    months: usize,
    strategies: Vec<(Simulation<'s>, Responses)>,
    values: Vec<f64>,
}

impl<'s> Worker<'s> {
    /// A worker for the strategies of the settings.
    #[must_use]
    pub fn new(scenario: &'s Scenario, settings: &Settings) -> Self {
        let strategy = |&position: &usize| {
            let strategy = &scenario.strategies[position];
            let seed = settings.seed_of(strategy);
            let simulation = Simulation::new(&scenario.world, strategy, seed);
            (simulation, Responses::new(&scenario.world, strategy, seed))
        };
        Self {
            columns: columns(&scenario.world).len(),
            goals: scenario.world.goals.len(),
            months: scenario.world.horizon_months as usize,
            strategies: settings.strategies.iter().map(strategy).collect(),
            values: Vec::new(),
        }
    }

    /// Simulates these replications of each strategy; none if told to stop before the end.
    pub fn compute(&mut self, replications: Range<u32>, stop: &AtomicBool) -> Option<Block> {
        let (values, columns, goals) = (&mut self.values, self.columns, 2 * self.goals * self.months);
        let compute = |(simulation, responses): &mut (Simulation<'_>, Responses)| {
            compute_one((simulation, responses), values, (columns, goals), replications.clone(), stop)
        };
        let strategies: Vec<StrategyBlock> = self.strategies.iter_mut().map(compute).collect::<Option<_>>()?;
        let break_even = break_even::count(&strategies, self.months);
        Some(Block { strategies, break_even })
    }
}

impl StrategyBlock {
    pub(super) fn empty(replications: usize) -> Self {
        Self {
            replications,
            responses: Vec::new(),
            response_tallies: Vec::new(),
            series: Vec::new(),
            series_tallies: Vec::new(),
            phases: Vec::new(),
            goal_counts: Vec::new(),
            cost_tallies: Vec::new(),
            events: 0,
        }
    }
}

/// None if told to stop before the end.
fn compute_one(
    (simulation, responses): (&mut Simulation<'_>, &mut Responses),
    values: &mut Vec<f64>,
    (columns, goals): (usize, usize),
    replications: Range<u32>,
    stop: &AtomicBool,
) -> Option<StrategyBlock> {
    let count = replications.len();
    let of = |width: usize| Columns::new(width, count);
    let (mut singles, mut phases) = (of(columns), of(2 * PHASES.len()));
    let (mut series, mut costs) = (of(responses.series().len()), of(responses.costs().len()));
    let mut block = StrategyBlock { goal_counts: vec![0; goals], ..StrategyBlock::empty(count) };
    for replication in replications {
        block.events += simulation.replicate(replication, &mut Stoppable { responses, stop });
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
        responses.count_goals(&mut block.goal_counts);
    }
    let tallies = |columns: &[f64]| columns.chunks(count).map(Tally::of).collect();
    (block.responses, block.phases, block.series) = (singles.finish(), phases.finish(), series.finish());
    block.response_tallies = tallies(&block.responses);
    block.series_tallies = tallies(&block.series);
    block.cost_tallies = tallies(&costs.finish());
    Some(block)
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
