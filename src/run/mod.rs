//! Runs: replications of strategies at design points, in blocks that any machine can compute and that are merged in
//! order.
//!
//! An [`Experiment`] says which replications it needs next. A [`Session`] loads or computes them. The experiment
//! decides what to do with them. [`SinglePoint`] gathers the results of a single point.
//!
//! Memory grows with the number of replications only by what exact quantiles need, and only up to [`EXACT_AT_MOST`]
//! replications. Per strategy and replication it is 8 bytes for each response, for begin and end of each phase, and for
//! each month-end measure of each month that is not a whole number. Whole numbers are counted by value. In longer runs
//! all numbers are counted by their leading bits. Code that needs the values again reads them from the [`Runs`].

mod block;
pub mod break_even;
mod comparison;
mod encoding;
mod month_values;
mod observations;
mod packed;
mod plan;
pub mod precision;
mod run_results;
mod session;
mod shard;
mod single_point;
pub mod size;
mod store;
mod surviving;
pub mod trace;
mod years;

use crate::random::derived_seed;
use crate::world::Strategy;

pub use block::{BLOCK_REPLICATIONS, Block, Content, Months, Worker, blocks_of, replications_of};
pub use encoding::{BlockKey, Sealed, Shape, sealed};
pub use observations::Observations;
pub use plan::{Job, Plan, PlannedStrategy, PointId, Stretch, Work, planned};
pub use run_results::{EXACT_AT_MOST, RunResults, StrategyResults, quantile_error};
pub use session::{Ended, Experiment, Progress, Runs, Session};
pub use shard::Shard;
pub use single_point::{Outcome, SinglePoint, run};
pub use store::{Memory, NoStore, Store};

/// What a run computes. With the scenario, it determines all results.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Replications of each strategy.
    pub replications: u32,
    /// Positions of the strategies to simulate.
    pub strategies: Vec<usize>,
    /// Whether each strategy uses independent random numbers instead of common random numbers.
    pub independent: bool,
}

impl Settings {
    /// Returns the seed of a strategy. An independent seed depends on the name of the strategy alone, not on the others
    /// in the run.
    #[must_use]
    pub fn seed_of(&self, strategy: &Strategy) -> u64 {
        if self.independent { derived_seed(self.seed, &strategy.name) } else { self.seed }
    }
}
