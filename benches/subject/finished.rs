//! Finished replications of a scenario, computed in advance so that simulating is not measured.

use std::sync::atomic::AtomicBool;

use handover::experiment::{Results, Study};
use handover::run::{BLOCK_REPLICATIONS, Block, Collected, Content, Settings, Worker};
use handover::stats::Confidence;

use super::reference::scenario;

/// Blocks of replications, and their study.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The study that was simulated.
    pub(crate) study: Study,
    /// Its blocks, in their order, with one per strategy.
    pub(crate) blocks: Vec<Vec<Block>>,
}

impl Finished {
    /// Computes this many full blocks of all strategies of a scenario.
    pub(crate) fn compute(name: &str, blocks: u32) -> Self {
        let scenario = scenario(name, &[]);
        let settings = Settings {
            seed: scenario.seed,
            replications: blocks * BLOCK_REPLICATIONS,
            strategies: (0..scenario.strategies.len()).collect(),
            independent: false,
        };
        let worker = |&strategy: &usize| Worker::new(&scenario, strategy, settings.seed);
        let mut workers: Vec<Worker<'_>> = settings.strategies.iter().map(worker).collect();
        let stop = AtomicBool::new(false);
        let block = |block: u32| {
            let range = block * BLOCK_REPLICATIONS..(block + 1) * BLOCK_REPLICATIONS;
            let compute =
                |worker: &mut Worker<'_>| worker.compute(range.clone(), &stop).expect("the computation is never stopped");
            workers.iter_mut().map(compute).collect()
        };
        let blocks = (0..blocks).map(block).collect();
        let confidence = Confidence::new(0.95).expect("the level is between 0 and 1");
        Self { study: Study::new(scenario, settings, confidence, 0), blocks }
    }

    /// Folds all blocks.
    pub(crate) fn fold(&self) -> Collected {
        let mut collected = Collected::new(&self.study.scenario, &self.study.settings, Content::Everything);
        self.blocks.iter().for_each(|block| collected.add(block));
        collected
    }

    /// Returns the results of all blocks.
    pub(crate) fn estimate(&self) -> Results {
        Results::estimate(self.study.clone(), self.fold())
    }
}
