//! Once warm, a replication allocates nothing. This test has a binary of its own because it counts every allocation.

use std::alloc::System;

use handover::model::Simulation;
use handover::response::Responses;
use handover::scenario::Scenario;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations of so many replications after so many others.
fn allocations(overrides: &[&str], warm_up: u32, replications: u32) -> usize {
    let overrides: Vec<String> = overrides.iter().map(|&set| set.to_owned()).collect();
    let scenario = Scenario::parse(include_str!("../scenarios/ramp100.toml"), &overrides).expect("the scenario is good");
    let strategy = &scenario.strategies[0];

    let mut responses = Responses::new(&scenario.world, strategy, 1);
    let mut simulation = Simulation::new(&scenario.world, strategy, 1);
    let mut values = Vec::with_capacity(1000);
    let mut replicate = |replication| {
        simulation.replicate(replication, &mut responses);
        values.clear();
        responses.values(&mut values);
        responses.phases(&mut values);
    };
    (0..warm_up).for_each(&mut replicate);
    let region = Region::new(ALLOCATOR);
    (warm_up..warm_up + replications).for_each(&mut replicate);
    let change = region.change();
    change.allocations + change.reallocations
}

#[test]
fn a_warm_replication_allocates_nothing() {
    // Memory grows while replications reach further than those before: rarely after the first few hundred.
    assert!(allocations(&[], 0, 1) > 0, "the first replication allocates, so the count counts");
    let receiver =
        ["strategy.bot.transfer.0.hiring_after=\"receiver\"", "organisation.builder.attrition.leave_notice_days=30"];
    for overrides in [&[][..], &receiver[..]] {
        let count = allocations(overrides, 1000, 1000);
        assert!(count <= 5, "{count} allocations in 1000 warm replications");
    }
}
