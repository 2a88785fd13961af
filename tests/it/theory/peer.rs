//! The benchmark scenario against an independent program written for this one model (`native_ramp100`, 20,000
//! replications with other random numbers).

use crate::support::{assert_estimate, mean, simulate};

#[test]
fn ramp100_agrees_with_a_program_written_for_it_alone() {
    // Effective FTE-days, joins, leaves and the day of 90 people.
    let results = simulate(include_str!("../../../scenarios/ramp100.toml"), 6_000);
    // The peer counts the horizon where 90 heads are not reached.
    let censored: Vec<f64> =
        results.of("staffed_day").iter().map(|day| if day.is_infinite() { 1825.0 } else { *day }).collect();
    let published: [(&str, &[f64], f64, f64); 4] = [
        ("effective_fte_days", results.of("effective_fte_days"), 106_055.13, 37.86),
        ("joins", results.of("joins"), 229.3045, 0.0657),
        ("leaves", results.of("leaves"), 140.6302, 0.0689),
        ("staffed_day", &censored, 1358.415, 1.199),
    ];
    for (what, ours, theirs, their_error) in published {
        // Its standard error is that of 20,000 replications; ours of 6,000 is larger by the root of 20/6.
        let error = their_error * (1.0_f64 + 20.0 / 6.0).sqrt();
        assert_estimate(what, mean(ours), theirs, error);
        assert!(6.33 * error <= 0.02 * theirs, "{what}: a bias of 2 % would go unnoticed");
    }
}
