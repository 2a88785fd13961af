//! Once warm, a replication allocates nothing. This test has a binary of its own because it counts every allocation.

#[path = "../benches/subject/reference.rs"]
mod reference;
#[path = "../benches/subject/warm.rs"]
mod warm;

use std::alloc::System;

use handover::scenario::Scenario;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use reference::scenario;
use warm::Replications;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations of so many replications of a strategy, by position, after so many others.
fn allocations(scenario: &Scenario, strategy: usize, warm_up: u32, replications: u32) -> usize {
    let mut warm = Replications::new(scenario, strategy);
    for _ in 0..warm_up {
        warm.replicate();
    }
    let region = Region::new(ALLOCATOR);
    let events: u64 = (0..replications).map(|_| warm.replicate()).sum();
    let change = region.change();
    assert!(events > 0, "something happened");
    change.allocations + change.reallocations
}

// One test: another beside it, or its end, would be counted too.
#[test]
fn a_warm_replication_allocates_nothing() {
    // Memory grows while replications reach further than those before: rarely after the first few hundred.
    let plain = scenario("ramp100", &[]);
    assert!(allocations(&plain, 0, 0, 1) > 0, "the first replication allocates, so the count counts");
    let receiver = scenario(
        "ramp100",
        &["strategy.bot.transfer.0.hiring_after=\"receiver\"", "organisation.builder.attrition.leave_notice_days=30"],
    );
    let sixty = scenario("sixty_engineers", &[]);
    // What the reference scenario leaves out: a rescue, people who are there from the start, prices of every kind.
    let rescued = scenario(
        "sixty_engineers",
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
