//! The responses of a handover by hand: the trough, recovery, retention, disruption.

use super::output;
use crate::support::{Results, assert_near, simulate, team_of};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";

/// Returns a team that is there from day 0 and transfers from `x` to `y` on day 91.25.
fn handed_over(people: u32, months: u32, (receiver, transfer): (&str, &str)) -> String {
    team_of(
        people,
        months,
        &format!(
            "[organisation.x]\n{AT_ONCE}\n[organisation.y]\n{receiver}\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 3\n{transfer}"
        ),
    )
}

fn trough_and_recovery(results: &Results) -> (f64, f64) {
    (results.one("trough_share"), results.one("recovery_days"))
}

#[test]
fn recovery_counts_from_the_earliest_lowest_point_of_180_days() {
    let disrupted = |waves: &str, gap: u32, months: u32| {
        let transfer = format!("waves = {waves}\nwave_gap_days = {gap}\ndisruption = 0.5\ndisruption_days = 30");
        let results = simulate(&handed_over(10, months, (AT_ONCE, &transfer)), 1);
        trough_and_recovery(&results)
    };
    // 7.5 of 10 from day 0 to 30 and again from day 60 to 90: the earliest of the lowest points counts.
    assert_eq!(disrupted("[0.5, 0.5]", 60, 12), (0.75, 30.0));
    // 8, then 7: recovered only after the second wave.
    assert_eq!(disrupted("[0.4, 0.6]", 60, 12), (0.7, 90.0));
    // 7, then 8: the first is the lower.
    assert_eq!(disrupted("[0.6, 0.4]", 60, 12), (0.7, 30.0));
    // A fall that comes after more than 180 days is not seen; one that comes on day 179 is, and its recovery too.
    assert_eq!(disrupted("[0.4, 0.6]", 200, 12), (0.8, 30.0));
    assert_eq!(disrupted("[0.4, 0.6]", 179, 12), (0.7, 209.0));
    // 9.5 are 95 %: not below it.
    assert_eq!(disrupted("[0.1, 0.9]", 200, 12), (0.95, 0.0));
    // The horizon on day 182.5 cuts both: the second wave has begun on day 151.25, and not ended.
    let (trough, recovery) = disrupted("[0.4, 0.6]", 80, 6);
    assert_near("trough_share", trough, 0.7, 0.0);
    assert!(recovery.is_infinite(), "never");
}

#[test]
fn a_team_that_does_not_come_back_has_no_recovery() {
    let transfer = "acceptance = 0";
    let results = simulate(&handed_over(10, 12, ("hiring.stages = [{ name = 'search', takes_days = 1e6 }]", transfer)), 1);
    let (trough, recovery) = trough_and_recovery(&results);
    assert_near("trough_share", trough, 0.0, 0.0);
    assert!(recovery.is_infinite(), "never");
    assert_near("effective_fte_days", results.one("effective_fte_days"), 912.5, 1e-9);
    assert_eq!(results.months("open_requisitions", 3..=4), [0.0, 10.0]);
}

#[test]
fn a_gap_that_is_filled_within_the_instant_is_no_dip() {
    let results = simulate(&handed_over(10, 12, (AT_ONCE, "acceptance = 0")), 1);
    assert_eq!(trough_and_recovery(&results), (1.0, 0.0));
    assert_near("leaves_refusal", results.one("leaves_refusal"), 10.0, 0.0);
}

#[test]
fn disruption_is_of_the_accepters_and_multiplies_with_the_notice_level() {
    // The receiver's people quit 100 days after joining and serve 20 days at half their output. On day 91.25 output is
    // halved for 30 days. On day 100 both give notice: a quarter each, alongside two successors who are not disrupted.
    let receiver = format!("{AT_ONCE}\nattrition = {{ tenure_days = 100, leave_notice_days = 20, notice_level = 0.5 }}");
    let text = handed_over(2, 6, (&receiver, "disruption = 0.5\ndisruption_days = 30"));
    assert_eq!(output(&text), [(0.0, 2.0), (91.25, 1.0), (100.0, 2.5), (120.0, 2.0)]);
    let results = simulate(&text, 1);
    assert_eq!(trough_and_recovery(&results), (0.5, 8.75));
    assert!(results.one("retained_6m").is_nan(), "182.5 days after day 91.25 lie past the horizon");
}

#[test]
fn output_above_1_is_a_rise_and_no_dip() {
    let text = handed_over(2, 6, (AT_ONCE, "disruption = 1.5\ndisruption_days = 30"));
    assert_eq!(output(&text), [(0.0, 2.0), (91.25, 3.0), (121.25, 2.0)]);
    assert_eq!(trough_and_recovery(&simulate(&text, 1)), (1.0, 0.0));
}

#[test]
fn retention_counts_departures_after_each_acceptance() {
    // Four people there since day 0, of whom two transfer on day 91.25 and two on day 121.25. The receiver's tenure of
    // 260 days ends on day 260; after 10 days of notice they depart on day 270: 178.75 and 148.75 days after accepting.
    let retained = |tenure: f64, months: u32| {
        let receiver = format!("{AT_ONCE}\nattrition = {{ tenure_days = {tenure}, leave_notice_days = 10 }}");
        let results = simulate(&handed_over(4, months, (&receiver, "waves = [0.5, 0.5]\nwave_gap_days = 30")), 1);
        (results.one("retained_6m"), results.one("retained_12m"))
    };
    assert_eq!(retained(260.0, 24), (0.0, 0.0));
    // Departure on day 290: 198.75 days after the first acceptances, 168.75 after the second.
    assert_eq!(retained(280.0, 24), (0.5, 0.0));
    // On day 310 and later six months have passed for all; on day 460 twelve for the first two.
    assert_eq!(retained(300.0, 24), (1.0, 0.0));
    assert_eq!(retained(450.0, 24), (1.0, 0.5));
    assert_eq!(retained(500.0, 24), (1.0, 1.0));
    // Day 121.25 + 365 lies past a horizon of 15 months, though 91.25 + 365 does not; day 121.25 + 182.5 does not.
    let (six, twelve) = retained(300.0, 15);
    assert_near("retained_6m", six, 1.0, 0.0);
    assert!(twelve.is_nan());
}

#[test]
fn what_happens_exactly_at_the_horizon_is_within_it() {
    // Accepted on day 91.25; the horizon of 15 months is day 456.25.
    let results = simulate(&handed_over(4, 15, (AT_ONCE, "")), 1);
    assert_near("retained_12m", results.one("retained_12m"), 1.0, 0.0);
}

#[test]
fn the_output_just_before_is_that_of_the_state_before_the_instant() {
    // Two more are wanted, and there, at the instant of the transfer: from 2 to 4.
    let text = handed_over(2, 12, (AT_ONCE, ""))
        .replace("demand.a = 2", "demand.a = [{ month = 0, value = 2 }, { month = 3, value = 4 }]");
    assert_eq!(output(&text), [(0.0, 2.0), (91.25, 4.0)]);
    assert_eq!(trough_and_recovery(&simulate(&text, 1)), (2.0, 0.0));
}
