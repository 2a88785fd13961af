//! Incidents in theory: a Poisson process whose rate falls with maturity and rises with rookies.

use handover::maths::exp;
use statrs::distribution::{Discrete, Poisson};

use crate::support::{DAYS_PER_MONTH, assert_distribution, assert_mean, assert_variance, simulate, team_of};

const FLOOR: f64 = 0.2;
const HALF_LIFE: f64 = 5.0;
const PER_MONTH: f64 = 6.0;

const OPERATIONS: &str = "operations = { incidents_per_month = 6, floor = 0.2, half_life_months = 5, \
                          rookie_factor = 3, transfer_setback_months = 4 }";
const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";

/// Returns the expected incidents of a team without rookies while its maturity grows from one month to another.
fn expected(from: f64, until: f64) -> f64 {
    let left = |month: f64| exp(-std::f64::consts::LN_2 * month / HALF_LIFE);
    let young = HALF_LIFE / std::f64::consts::LN_2 * (left(from) - left(until));
    PER_MONTH * (FLOOR * (until - from) + (1.0 - FLOOR) * young)
}

/// Compares the incidents by the horizon with a Poisson law.
#[track_caller]
fn assert_incidents(text: &str, expected: f64) {
    let results = simulate(text, 6_000);
    let incidents = results.of("incidents");
    assert_mean("incidents", incidents, expected);
    let law = Poisson::new(expected).expect("a mean above 0");
    assert_distribution("incidents", incidents, &(0..250).map(|count| law.pmf(count)).collect::<Vec<f64>>());
}

fn initial(people: u32) -> String {
    format!("[[strategy.s.initial]]\nrole = 'a'\nheadcount = {people}")
}

#[test]
fn incidents_halve_down_to_their_floor() {
    // Poisson, with the integral of 6 (0.2 + 0.8 * 2^(-m / 5)) over the months as its mean.
    let text = team_of(4, 24, &format!("{OPERATIONS}\n[organisation.x]\n{AT_ONCE}"));
    assert_incidents(&text, expected(0.0, 24.0));
    // Without a half-life they do not change.
    let steady = text.replace(", half_life_months = 5", "").replace("floor = 0.2", "floor = 0.9");
    assert_incidents(&steady, PER_MONTH * 24.0);
}

#[test]
fn maturity_grows_from_the_day_on_which_the_first_organisation_is_set_up() {
    // People are there from day 0; x is set up after four months.
    let setup = 4.0 * DAYS_PER_MONTH;
    let text = team_of(2, 24, &format!("{OPERATIONS}\n[organisation.x]\nsetup_days = {setup}\n{AT_ONCE}\n{}", initial(2)));
    assert_incidents(&text, 4.0 * PER_MONTH + expected(0.0, 20.0));
    // The receiver, that starts on day 0 too and is set up after a month, is the first.
    let earlier = DAYS_PER_MONTH;
    let text = format!(
        "{text}\n[organisation.y]\nsetup_days = {earlier}\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 24\nprepare_month = 0"
    );
    assert_incidents(&text, PER_MONTH + expected(0.0, 23.0));
}

#[test]
fn there_are_none_while_nobody_is_present() {
    // The first join on day 100; maturity has grown since day 0.
    let text = team_of(
        2,
        24,
        &format!("{OPERATIONS}\n[organisation.x]\nhiring.stages = [{{ name = 'search', takes_days = 100 }}]"),
    );
    assert_incidents(&text, expected(100.0 / DAYS_PER_MONTH, 24.0));
}

#[test]
fn rookies_multiply_incidents_by_their_share_of_those_present() {
    // Two of five are below level 1: 1 + (3 - 1) 2 / 5; the initial people are past onboarding.
    let onboarding = |days: &str| format!("onboarding = {{ waiting = 0, mentored = 0.5, mentored_days = {days} }}");
    let text = |days: &str| {
        team_of(5, 24, &format!("{OPERATIONS}\n[organisation.x]\n{AT_ONCE}\n{}\n{}", onboarding(days), initial(3)))
    };
    assert_incidents(&text("1e6"), 1.8 * expected(0.0, 24.0));
    // For 100 days only.
    let change = 100.0 / DAYS_PER_MONTH;
    assert_incidents(&text("100"), 1.8 * expected(0.0, change) + expected(change, 24.0));
    // A factor below 1 makes them fewer: 1 - 0.75 * 2 / 5.
    assert_incidents(&text("1e6").replace("rookie_factor = 3", "rookie_factor = 0.25"), 0.7 * expected(0.0, 24.0));
}

#[test]
fn everyone_present_counts_among_rookies_staying_or_not() {
    // One of two is a rookie, who is released after three months, and stays for another three at half the level.
    let text = team_of(
        2,
        24,
        &format!(
            "{OPERATIONS}\n[organisation.x]\n{AT_ONCE}\nattrition.release_notice_days = 91.25\n\
             onboarding = {{ waiting = 0, mentored = 0.5, mentored_days = 1e6 }}\n{}",
            initial(1)
        ),
    )
    .replace("demand.a = 2", "demand.a = [{ month = 0, value = 2 }, { month = 3, value = 1 }]");
    assert_incidents(&text, 2.0 * expected(0.0, 6.0) + expected(6.0, 24.0));
}

#[test]
fn each_transfer_takes_back_some_maturity() {
    // At month 6 maturity falls to 2, at month 12 from 8 to 4.
    let text = team_of(
        3,
        24,
        &format!(
            "{OPERATIONS}\n[organisation.x]\n{AT_ONCE}\n[organisation.y]\n{AT_ONCE}\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 6\n[[strategy.s.transfer]]\nto = 'x'\nmonth = 12"
        ),
    );
    assert_incidents(&text, expected(0.0, 6.0) + expected(2.0, 8.0) + expected(4.0, 16.0));
    // Maturity does not fall below 0: at month 3, from 3.
    let soon = text.replace("'y'\nmonth = 6", "'y'\nmonth = 3");
    assert_incidents(&soon, expected(0.0, 3.0) + expected(0.0, 9.0) + expected(5.0, 17.0));
}

#[test]
fn what_incidents_take_adds_up_to_their_number_times_their_mean_effort() {
    // Wald's identity; the variance of such a sum is the number times the mean square.
    let text = team_of(
        30,
        24,
        &format!(
            "{}\n[organisation.x]\n{AT_ONCE}",
            OPERATIONS.replace(" }", ", effort_days = { dist = 'gamma', mean = 3, cv = 0.5 } }",)
        ),
    );
    let results = simulate(&text, 12_000);
    let (effective, delivered) = (results.of("effective_fte_days"), results.of("delivered_fte_days"));
    let efforts: Vec<f64> = effective.iter().zip(delivered).map(|(effective, delivered)| effective - delivered).collect();
    assert_mean("effort", &efforts, 3.0 * expected(0.0, 24.0));
    let results = simulate(&text, 60_000);
    let efforts: Vec<f64> = results.of("delivered_fte_days").iter().map(|delivered| 30.0 * 730.0 - delivered).collect();
    assert_variance("effort", &efforts, (9.0 + 2.25) * expected(0.0, 24.0));
}
