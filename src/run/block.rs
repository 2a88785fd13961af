//! A block of replications: computed anywhere, by scenario, seed and range alone.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::Simulation;
use crate::response::{MEASURES, PHASES, Responses, columns};
use crate::scenario::Scenario;
use crate::stats::Tally;

use super::{Settings, break_even};

/// Replications in a block; the last may have fewer. Part of the meaning of results: sums are taken block by block.
pub const BLOCK_REPLICATIONS: u32 = 256;

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
    /// Goal by goal and month by month, the replications in which it is met by the end of the month.
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
        let (values, sizes) = (&mut self.values, (self.columns, self.goals));
        let compute = |(simulation, responses): &mut (Simulation<'_>, Responses)| {
            let mut block = StrategyBlock::new(replications.len(), sizes, responses);
            let is_done = compute_one((simulation, responses), values, (&mut block, replications.clone()), stop);
            is_done.then_some(block)
        };
        let strategies: Vec<StrategyBlock> = self.strategies.iter_mut().map(compute).collect::<Option<_>>()?;
        let break_even = break_even::count(&strategies, self.months);
        Some(Block { strategies, break_even })
    }
}

impl StrategyBlock {
    fn new(replications: usize, (columns, goals): (usize, usize), responses: &Responses) -> Self {
        let months = responses.series().len() / MEASURES.len();
        Self {
            responses: vec![f64::NAN; columns * replications],
            series: vec![f64::NAN; responses.series().len() * replications],
            phases: vec![f64::NAN; 2 * PHASES.len() * replications],
            goal_counts: vec![0; goals * months],
            ..Self::empty(replications)
        }
    }

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

/// False if told to stop before the end.
fn compute_one(
    (simulation, responses): (&mut Simulation<'_>, &mut Responses),
    values: &mut Vec<f64>,
    (block, replications): (&mut StrategyBlock, Range<u32>),
    stop: &AtomicBool,
) -> bool {
    let count = replications.len();
    let mut costs = vec![0.0; responses.costs().len() * count];
    for (at, replication) in replications.enumerate() {
        if stop.load(Ordering::Relaxed) {
            return false;
        }
        block.events += simulation.replicate(replication, responses);
        values.clear();
        responses.values(values);
        scatter(values, &mut block.responses, at, count);
        scatter(responses.series(), &mut block.series, at, count);
        scatter(responses.costs(), &mut costs, at, count);
        responses.count_goals(&mut block.goal_counts);
        values.clear();
        responses.phases(values);
        scatter(values, &mut block.phases, at, count);
    }
    block.response_tallies = block.responses.chunks(count).map(Tally::of).collect();
    block.series_tallies = block.series.chunks(count).map(Tally::of).collect();
    block.cost_tallies = costs.chunks(count).map(Tally::of).collect();
    true
}

/// Puts the values of one replication into their columns.
fn scatter(values: &[f64], columns: &mut [f64], at: usize, count: usize) {
    for (column, &value) in columns.chunks_mut(count).zip(values) {
        column[at] = value;
    }
}

/// Positions of the measures that are whole numbers.
pub(super) fn is_whole(measure: usize) -> bool {
    MEASURES[measure].is_whole
}
