//! Golden values: the exact means of all responses of the benchmark scenario.
//!
//! A change of this snapshot is value-breaking: the same scenario and seed give other numbers than before. Say so in
//! the commit and in CHANGELOG. (Adding or removing a response is not: only its line changes.)

use handover::response::specs;

use crate::support::simulate;

#[test]
fn ramp100_gives_the_same_means_to_the_last_digit() {
    let results = simulate(include_str!("../../scenarios/ramp100.toml"), 100);
    let line = |name: &str| results.tally(name).mean().map_or(format!("{name}: empty"), |mean| format!("{name}: {mean:?}"));
    let lines: Vec<String> = specs().map(|spec| line(spec.name)).collect();
    insta::with_settings!({ description => "ramp100, 100 replications, seed 1; a change of a number is value-breaking" }, {
        insta::assert_snapshot!("ramp100_means", lines.join("\n"));
    });
}
