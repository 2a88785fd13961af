//! Once warm, a replication allocates nothing. This test has a binary of its own because it counts every allocation.

use std::alloc::System;

use handover::model::Simulation;
use handover::response::Responses;
use handover::scenario::Scenario;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const RAMP100: &str = include_str!("../scenarios/ramp100.toml");
const SIXTY_ENGINEERS: &str = include_str!("../scenarios/sixty_engineers.toml");

/// Reads a scenario with overrides.
fn scenario(text: &str, overrides: &[&str]) -> Scenario {
    let overrides: Vec<String> = overrides.iter().map(|&set| set.to_owned()).collect();
    Scenario::parse(text, &overrides).expect("the scenario is good")
}

/// Allocations of so many replications of a strategy, by position, after so many others.
fn allocations(scenario: &Scenario, strategy: usize, warm_up: u32, replications: u32) -> usize {
    let strategy = &scenario.strategies[strategy];
    let mut responses = Responses::new(&scenario.world, strategy, 1);
    let mut simulation = Simulation::new(&scenario.world, strategy, 1);
    let mut values = Vec::with_capacity(1000);
    let mut goals = vec![0; scenario.world.goals.len() * scenario.world.horizon_months as usize];
    let mut sums = [0.0; 2];
    let mut replicate = |replication| {
        simulation.replicate(replication, &mut responses);
        values.clear();
        responses.values(&mut values);
        responses.phases(&mut values);
        responses.count_goals(&mut goals);
        sums[0] += responses.series().iter().sum::<f64>();
        sums[1] += responses.costs().iter().sum::<f64>();
    };
    (0..warm_up).for_each(&mut replicate);
    let region = Region::new(ALLOCATOR);
    (warm_up..warm_up + replications).for_each(&mut replicate);
    let change = region.change();
    assert!(sums[0] > 0.0, "something was measured");
    change.allocations + change.reallocations
}

// One test: another beside it, or its end, would be counted too.
#[test]
fn a_warm_replication_allocates_nothing() {
    // Memory grows while replications reach further than those before: rarely after the first few hundred.
    let plain = scenario(RAMP100, &[]);
    assert!(allocations(&plain, 0, 0, 1) > 0, "the first replication allocates, so the count counts");
    let receiver = scenario(
        RAMP100,
        &["strategy.bot.transfer.0.hiring_after=\"receiver\"", "organisation.builder.attrition.leave_notice_days=30"],
    );
    let sixty = scenario(SIXTY_ENGINEERS, &[]);
    // What the reference scenario leaves out: a rescue, people who are there from the start, prices of every kind.
    let rescued = scenario(
        SIXTY_ENGINEERS,
        &[
            "organisation.vendor.failure_hazard_per_year=0.3",
            "strategy.bot.rescue={ to = \"client\", acceptance = 0.8 }",
            "strategy.augmentation.initial=[{ role = \"senior\", headcount = 3, tenure_days = 100 }]",
            "strategy.augmentation.contract.vendor.minimum_headcount=70",
            "project={ size_fte_days = 9000 }",
        ],
    );
    let scenarios = [("ramp100", plain), ("receiver", receiver), ("sixty engineers", sixty), ("with a rescue", rescued)];
    for (name, scenario) in scenarios {
        for (position, strategy) in scenario.strategies.iter().enumerate() {
            let count = allocations(&scenario, position, 1000, 1000);
            println!("{name}, {}: {count} allocations in 1000 warm replications", strategy.name);
            assert!(count <= 5, "{name}, {}: {count} allocations in 1000 warm replications", strategy.name);
        }
    }
}
