//! Replications of `ramp100` on one thread, with all responses and month-end measures: the speed of the whole model.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use handover::model::Simulation;
use handover::response::Responses;
use handover::scenario::Scenario;

const RAMP100: &str = include_str!("../scenarios/ramp100.toml");

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let scenario = Scenario::parse(RAMP100, &[]).expect("the benchmark scenario is good");
    ramp100(&mut criterion, &scenario);
    criterion.final_summary();
}

/// Replication after replication, each with luck of its own, in memory that is warm.
fn ramp100(criterion: &mut Criterion, scenario: &Scenario) {
    let (world, strategy) = (&scenario.world, &scenario.strategies[0]);
    let mut simulation = Simulation::new(world, strategy, scenario.seed);
    let mut responses = Responses::new(world, strategy, scenario.seed);
    let mut values = Vec::new();
    let mut replications = (0..).cycle();
    let mut group = criterion.benchmark_group("replication");
    group.throughput(Throughput::Elements(1));
    group.bench_function("ramp100", |bencher| {
        bencher.iter(|| {
            let replication = replications.next().expect("they never end");
            let events = simulation.replicate(replication, &mut responses);
            values.clear();
            responses.values(&mut values);
            responses.phases(&mut values);
            black_box((events, values.last().copied(), responses.series().last().copied()))
        });
    });
    group.finish();
}
