//! A block of replications. It depends on scenario, seed and range alone, so any machine can compute it.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::engine::Time;
use crate::model::{Fact, Observer, Simulation, Team};
use crate::response::{PHASES, ResponseId, Responses, Rules};
use crate::scenario::Scenario;
use crate::stats::Tally;

/// Replications in a block; the last block may have fewer. Results depend on it, because sums are taken block by block.
pub const BLOCK_REPLICATIONS: u32 = 256;

/// Returns the number of blocks for a number of replications.
#[must_use]
pub fn blocks_of(replications: u32) -> u32 {
    replications.div_ceil(BLOCK_REPLICATIONS)
}

/// Returns the replications of a block, by its number, given the number of all replications.
#[must_use]
pub fn replications_of(block: u32, replications: u32) -> Range<u32> {
    let begin = block * BLOCK_REPLICATIONS;
    begin..replications.min(begin.saturating_add(BLOCK_REPLICATIONS))
}

/// Content of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Content {
    /// Responses with their moments, enough to compare design points.
    Responses,
    /// Also month-end measures, phases, goals by month and costs.
    Everything,
}

/// Results of the replications of a block, for one strategy at one design point.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Replications in the block.
    pub replications: usize,
    /// Responses: all replications of the first, then of the next.
    #[serde(with = "super::packed::numbers")]
    pub responses: Vec<f64>,
    /// Moments of each response: of min(T, H) for a date.
    pub response_tallies: Vec<Tally>,
    /// Events, including month ends.
    pub events: u64,
    /// Results by month, if they are kept.
    pub months: Option<Months>,
}

/// Results of the replications of a block by month, and the days of their phases.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Months {
    /// Month-end values: all replications of the first month of the first series, then of its second month, and so on.
    #[serde(with = "super::packed::series")]
    pub series: Vec<f64>,
    /// Moments of each series and month.
    pub series_tallies: Vec<Tally>,
    /// Begin and end of each phase, in the layout of the responses.
    #[serde(with = "super::packed::numbers")]
    pub phases: Vec<f64>,
    /// For each goal, the replications in which the bound holds at each month end, then those in which the goal would
    /// be met if it were due.
    pub goal_counts: Vec<u32>,
    /// Month ends that each replication survives.
    pub survived: Vec<u32>,
    /// Moments of client cost by kind and month.
    pub cost_tallies: Vec<Tally>,
    /// Moments of the people whom each organisation employs, by month, if several take part.
    pub employed_tallies: Vec<Tally>,
}

impl Block {
    /// Returns the values of a response, replication by replication.
    pub(super) fn response(&self, response: ResponseId) -> &[f64] {
        &self.responses[response.position() * self.replications..][..self.replications]
    }

    /// Returns the content.
    #[must_use]
    pub fn content(&self) -> Content {
        if self.months.is_some() { Content::Everything } else { Content::Responses }
    }

    /// Returns the block reduced to this content.
    #[must_use]
    pub fn with(self, content: Content) -> Self {
        let months = self.months.filter(|_| content == Content::Everything);
        Self { months, ..self }
    }
}

/// Computes blocks of a strategy, and reuses its memory from one to the next.
#[derive(Debug)]
pub struct Worker<'s> {
    rules: Rules,
    goal_counts: usize,
    simulation: Simulation<'s>,
    responses: Responses,
    values: Vec<f64>,
}

impl<'s> Worker<'s> {
    /// Returns a worker for a strategy, by its position in the scenario, under a seed.
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

    /// Simulates these replications. Returns none if stopped before the end.
    pub fn compute(&mut self, replications: Range<u32>, stop: &AtomicBool) -> Option<Block> {
        let part = self.simulate(replications, stop)?;
        Some(self.block(vec![part]))
    }

    /// Simulates these replications as a part of a block. Returns none if stopped before the end.
    pub(super) fn simulate(&mut self, replications: Range<u32>, stop: &AtomicBool) -> Option<Part> {
        let Self { rules, goal_counts, simulation, responses, values } = self;
        let count = replications.len();
        let of = |width: usize| Columns::new(width, count);
        let (mut singles, mut phases) = (of(rules.columns()), of(2 * PHASES.len()));
        let (mut series, mut costs) = (of(responses.series().len()), of(responses.costs().len()));
        let mut employed = of(responses.employed().len());
        let (mut goal_counts, mut survived, mut events) = (vec![0; *goal_counts], Vec::with_capacity(count), 0);
        for replication in replications {
            events += simulation.replicate(replication, &mut Stoppable { responses, stop });
            // A replication that was stopped does not count.
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
            employed.add(responses.employed());
            responses.count_goals(&mut goal_counts);
            survived.push(responses.survived_months());
        }
        let columns = [singles, phases, series, costs, employed].map(Columns::finish);
        Some(Part { count, columns, goal_counts, survived, events })
    }

    /// Returns the block of consecutive parts. It does not depend on how the block is cut, because moments are taken of
    /// whole columns.
    pub(super) fn block(&self, mut parts: Vec<Part>) -> Block {
        let count: usize = parts.iter().map(|part| part.count).sum();
        let tallies = |columns: &[f64]| columns.chunks(count).map(Tally::of).collect();
        let [responses, phases, series, costs, employed] = [0, 1, 2, 3, 4].map(|kind| joined(&mut parts, kind));
        let mut goal_counts = vec![0; self.goal_counts];
        for part in &parts {
            goal_counts.iter_mut().zip(&part.goal_counts).for_each(|(sum, count)| *sum += count);
        }
        let months = Months {
            series_tallies: tallies(&series),
            series,
            phases,
            goal_counts,
            survived: parts.iter().flat_map(|part| &part.survived).copied().collect(),
            cost_tallies: tallies(&costs),
            employed_tallies: tallies(&employed),
        };
        let rules = &self.rules;
        let column = |response: ResponseId| &responses[response.position() * count..][..count];
        let moments = |response| Tally::of(&rules.restricted(response, column));
        let response_tallies = ResponseId::all(rules.columns()).map(moments).collect();
        let events = parts.iter().map(|part| part.events).sum();
        Block { replications: count, responses, response_tallies, events, months: Some(months) }
    }
}

/// Consecutive replications of a block: its only ones, or those of one of several threads.
#[derive(Debug)]
pub(super) struct Part {
    count: usize,
    /// Responses, phases, month-end values, costs and people by employer, each by column.
    columns: [Vec<f64>; 5],
    goal_counts: Vec<u32>,
    survived: Vec<u32>,
    events: u64,
}

/// Returns the columns of a kind, with the values of all parts one after the other.
fn joined(parts: &mut [Part], kind: usize) -> Vec<f64> {
    if let [only] = parts {
        return std::mem::take(&mut only.columns[kind]);
    }
    let width = parts.first().map_or(0, |part| part.columns[kind].len() / part.count.max(1));
    let of_column = |column: usize| {
        let parts = parts.iter();
        parts.flat_map(move |part| &part.columns[kind][column * part.count..][..part.count])
    };
    (0..width).flat_map(of_column).copied().collect()
}

/// Responses that observe a replication until it ends or is stopped: a replication of an enormous team may take long.
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
    fn measured_interval(&mut self, team: &Team, from: Time, until: Time) {
        self.responses.measured_interval(team, from, until);
    }

    #[inline]
    fn state_interval(&mut self, team: &Team, from: Time, until: Time) {
        self.responses.state_interval(team, from, until);
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
    fn is_done(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Values of replications, collected by row and stored by column.
///
/// Rows are transposed eight at a time. Then each write to a column fills a cache line; one value at a time would load
/// a cache line for each.
struct Columns {
    columns: Vec<f64>,
    count: usize,
    /// Rows already in the columns.
    done: usize,
    width: usize,
    /// Rows that are not transposed yet.
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
