//! Replications on one thread, with all responses and month-end measures: the speed of the whole model. Then the same in
//! blocks, which also gather the outcomes.

#[path = "subject/reference.rs"]
mod reference;
#[path = "subject/warm.rs"]
mod warm;

use std::sync::atomic::AtomicBool;

use criterion::{Criterion, Throughput};
use handover::run::{BLOCK_REPLICATIONS, Block, Worker};
use handover::scenario::Scenario;

use reference::scenario;
use warm::Replications;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for name in ["ramp100", "sixty_engineers"] {
        let scenario = scenario(name, &[]);
        one_by_one(&mut criterion, name, &scenario);
        in_blocks(&mut criterion, name, &scenario);
    }
    criterion.final_summary();
}

/// Runs replication after replication of each strategy, each with different random numbers.
fn one_by_one(criterion: &mut Criterion, name: &str, scenario: &Scenario) {
    let mut group = criterion.benchmark_group("replication");
    group.throughput(Throughput::Elements(1));
    for (position, strategy) in scenario.strategies.iter().enumerate() {
        let mut warm = Replications::new(scenario, position);
        group.bench_function(format!("{name}, {}", strategy.name), |bencher| bencher.iter(|| warm.replicate()));
    }
    group.finish();
}

/// Computes the same block of replications of all strategies, over and over.
fn in_blocks(criterion: &mut Criterion, name: &str, scenario: &Scenario) {
    let worker = |strategy| Worker::new(scenario, strategy, scenario.seed);
    let mut workers: Vec<Worker<'_>> = (0..scenario.strategies.len()).map(worker).collect();
    let replications = u64::from(BLOCK_REPLICATIONS) * workers.len() as u64;
    let stop = AtomicBool::new(false);
    let mut group = criterion.benchmark_group("block");
    group.sample_size(20).throughput(Throughput::Elements(replications));
    group.bench_function(name, |bencher| {
        let mut blocks = || workers.iter_mut().map(|worker| worker.compute(0..BLOCK_REPLICATIONS, &stop)).collect();
        bencher.iter_with_large_drop(|| -> Vec<Option<Block>> { blocks() });
    });
    group.finish();
}
