//! Once warm, a replication allocates nothing, and a long run keeps no more than it says. This test is a separate binary because it counts every allocation.

#[path = "../benches/subject/reference.rs"]
mod reference;
#[path = "../benches/subject/warm.rs"]
mod warm;

use std::alloc::System;

use handover::response::{PHASES, columns};
use handover::run::{Session, Settings, run};
use handover::scenario::Scenario;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use reference::scenario;
use warm::Replications;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Returns the allocations of this many replications of a strategy, by position, after this many others.
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

/// Bytes that a run of a small scenario keeps, and those that all its numbers would need.
fn kept(scenario: &Scenario, replications: u32) -> (f64, f64) {
    let settings = Settings { seed: 1, replications, strategies: vec![0, 1], independent: false };
    let session = Session::default().threads(1);
    let region = Region::new(ALLOCATOR);
    let collected = run(scenario, &settings, &session).expect("nobody stops it");
    let change = region.change();
    let values = columns(&scenario.world).len() + 2 * PHASES.len();
    drop(collected);
    ((change.bytes_allocated - change.bytes_deallocated) as f64, (2 * 8 * values * replications as usize) as f64)
}

// One test: another beside it, or its end, would be counted too.
#[test]
fn a_warm_replication_allocates_nothing_and_a_long_run_keeps_no_replication() {
    warm_replications_allocate_nothing();
    let other = "strategy.other={ employer = \"owner\" }";
    let small = scenario("ramp100", &["demand.engineer=2", "horizon_months=12", "strategy.bot.transfer.0.month=6", other]);
    let ((few, of_few), (shorter, _), (longer, of_longer)) =
        (kept(&small, 1 << 14), kept(&small, 1 << 17), kept(&small, 1 << 18));
    println!("{few} bytes of {of_few}, {shorter}, {longer} of {of_longer}");
    assert!(few > of_few, "{few} bytes, {of_few} of them responses");
    // Twice as many replications reach some cells that were empty, at the far ends: by hundredths of what values would take.
    assert!(longer - shorter < 0.01 * of_longer / 2.0, "{longer} bytes, {shorter} for half as many");
    assert!(longer < 0.05 * of_longer, "{longer} bytes, {of_longer} for exact quantiles");
}

fn warm_replications_allocate_nothing() {
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
