//! Runs: replications of strategies at design points, in blocks that can be computed anywhere and are taken in their order.
//!
//! An [`Experiment`] says which replications it needs next, and a [`Session`] finds or computes them; what an experiment makes
//! of them is its own affair. [`Collecting`] collects what a single point gives.
//!
//! What is collected in memory grows with the number of replications by what exact quantiles need, and up to [`EXACT_AT_MOST`]
//! replications only: per strategy and replication 8 bytes for each response, for begin and end of each phase, and for each
//! month-end measure of each month that is no whole number. Whole numbers are counted by value. In runs of more replications
//! all numbers are counted by their leading bits, and whoever needs the values again asks the [`Runs`] for them.

mod block;
pub mod break_even;
mod collected;
mod collecting;
mod compared;
mod encoding;
mod observations;
mod packed;
mod plan;
pub mod precision;
mod session;
mod shard;
pub mod size;
mod store;
mod surviving;
pub mod trace;

use crate::random::seed_of_its_own;
use crate::world::Strategy;

pub use block::{BLOCK_REPLICATIONS, Block, Content, Months, Worker, blocks_of, replications_of};
pub use collected::{Collected, EXACT_AT_MOST, StrategyResults, quantile_error};
pub use collecting::{Collecting, Outcome, run};
pub use encoding::{BlockKey, Sealed, Shape, sealed};
pub use observations::Observations;
pub use plan::{Job, Plan, PlannedStrategy, PointId, Stretch, Work, planned};
pub use session::{Ended, Experiment, Progress, Runs, Session};
pub use shard::Shard;
pub use store::{Forgetful, Memory, Store};

/// What a run computes: with the scenario, all that its results depend on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Replications of each strategy.
    pub replications: u32,
    /// Positions of the strategies to simulate.
    pub strategies: Vec<usize>,
    /// Whether each strategy has luck of its own, rather than all of them the same: common random numbers.
    pub independent: bool,
}

impl Settings {
    /// The seed of a strategy. One of its own depends on the strategy's name alone, not on which others run beside it.
    #[must_use]
    pub fn seed_of(&self, strategy: &Strategy) -> u64 {
        if self.independent { seed_of_its_own(self.seed, &strategy.name) } else { self.seed }
    }
}
