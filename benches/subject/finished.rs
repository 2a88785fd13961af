//! Finished replications of a scenario, computed beforehand so that simulating is not measured.

use std::sync::atomic::AtomicBool;

use handover::experiment::{Origin, Results, Study};
use handover::run::{BLOCK_REPLICATIONS, Block, Collected, Settings, Worker};
use handover::stats::Confidence;

use super::reference::scenario;

/// Blocks of replications, and what they are about.
#[derive(Debug)]
pub(crate) struct Finished {
    /// What was simulated.
    pub(crate) study: Study,
    /// Its blocks, in their order.
    pub(crate) blocks: Vec<Block>,
}

impl Finished {
    /// So many whole blocks of all strategies of a scenario.
    pub(crate) fn compute(name: &str, blocks: u32) -> Self {
        let scenario = scenario(name, &[]);
        let settings = Settings {
            seed: scenario.seed,
            replications: blocks * BLOCK_REPLICATIONS,
            strategies: (0..scenario.strategies.len()).collect(),
            independent: false,
        };
        let mut worker = Worker::new(&scenario, &settings);
        let stop = AtomicBool::new(false);
        let ranges = (0..blocks).map(|block| block * BLOCK_REPLICATIONS..(block + 1) * BLOCK_REPLICATIONS);
        let blocks = ranges.map(|range| worker.compute(range, &stop).expect("nobody stops it")).collect();
        let confidence = Confidence::new(0.95).expect("it is between 0 and 1");
        Self { study: Study { scenario, settings, confidence, baseline: 0, origin: Origin::default() }, blocks }
    }

    /// All blocks, folded.
    pub(crate) fn fold(&self) -> Collected {
        let mut collected = Collected::new(&self.study.scenario, &self.study.settings);
        self.blocks.iter().for_each(|block| collected.add(block));
        collected
    }

    /// All that is reported of them.
    pub(crate) fn estimate(&self) -> Results {
        Results::estimate(self.study.clone(), self.fold())
    }
}
