//! The project, incidents and goals by hand: what is delivered, when it is complete, and what counts as met.

use handover::run::trace::trace;

use super::story;
use crate::support::{DAYS_PER_MONTH, assert_near, scenario, simulate, team_of};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";
const ONE_BY_ONE: &str =
    "hiring.staff.recruiters = 1\nhiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]";

/// Returns four people who join on days 10, 20, 30 and 40, over three months; `rest` is at the top level.
fn four(rest: &str) -> String {
    team_of(4, 3, &format!("{rest}\n[organisation.x]\n{ONE_BY_ONE}"))
}

#[test]
fn the_project_is_complete_within_a_state() {
    // 10, 30 and 60 FTE-days are delivered by days 20, 30 and 40, 265 by the horizon of day 91.25.
    let day = |size: &str| simulate(&four(&format!("project.size_fte_days = {size}")), 1).one("project_day");
    for (size, expected) in [
        ("0.5", 10.5),
        ("10", 20.0),
        ("15", 22.5),
        ("30", 30.0),
        ("50", 30.0 + 20.0 / 3.0),
        ("60", 40.0),
        ("61", 40.25),
        ("265", 91.25),
    ] {
        assert_near(size, day(size), expected, 1e-12);
    }
    assert!(day("265.001").is_infinite(), "never");
    assert!(simulate(&four(""), 1).one("project_day").is_nan(), "there is no project");
}

#[test]
fn a_project_does_not_grow_while_nobody_is_there() {
    // Two until day 50, nobody until day 130, then two again: 100 FTE-days by day 50, 130 by day 145.
    let text = team_of(
        2,
        6,
        "project.size_fte_days = 130\n[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 80 }]\n\
         attrition.tenure_days = 1000\n[[strategy.s.initial]]\nrole = 'a'\nheadcount = 2\ntenure_days = 950",
    );
    assert_near("project_day", simulate(&text, 1).one("project_day"), 145.0, 1e-12);
    let exact = text.replace("= 130", "= 100");
    assert_near("project_day", simulate(&exact, 1).one("project_day"), 50.0, 1e-12);
}

/// Four from day 0 on, and incidents that take 7 FTE-days each.
fn with_incidents() -> String {
    team_of(
        4,
        12,
        &format!(
            "project.size_fte_days = 900\noperations = {{ incidents_per_month = 2, effort_days = 7, half_life_months = 6 }}\n\
             [organisation.x]\n{AT_ONCE}"
        ),
    )
}

/// Returns the days of the incidents.
fn incidents() -> Vec<f64> {
    let scenario = scenario(&with_incidents());
    let rows = trace(&scenario, 0, scenario.seed, 0).rows;
    let incidents = rows.iter().filter(|row| row.event == "incident");
    incidents.inspect(|row| assert_eq!(row.detail, "7 FTE-days")).map(|row| row.day).collect()
}

/// Returns what is delivered by a day: four a day, less 7 for each incident.
fn delivered_by(day: f64, incidents: &[f64]) -> f64 {
    incidents.iter().filter(|&&incident| incident < day).fold(4.0 * day, |delivered, _| delivered - 7.0)
}

#[test]
fn each_incident_takes_its_effort_out_of_what_was_delivered_and_not_of_the_output() {
    let days = incidents();
    assert!(days.len() > 5, "{days:?}");
    let results = simulate(&with_incidents(), 1);
    assert_near("incidents", results.one("incidents"), f64::from(u32::try_from(days.len()).unwrap()), 0.0);
    assert_near("effective_fte_days", results.one("effective_fte_days"), 1460.0, 1e-9);
    assert_near("delivered_fte_days", results.one("delivered_fte_days"), delivered_by(365.0, &days), 1e-9);
    assert_near("shortfall_fte_days", results.one("shortfall_fte_days"), 0.0, 0.0);
    for (month, delivered) in (1..).zip(results.months("delivered_fte_days", 1..=12)) {
        let expected = delivered_by(f64::from(month) * DAYS_PER_MONTH, &days);
        assert_near(&format!("delivered by month end {month}"), delivered, expected, 1e-9);
    }
}

#[test]
fn incidents_put_the_project_off() {
    // Without incidents it is complete on day 225. Each one before that day delays it by 7/4 days, during which more
    // may come.
    let days = incidents();
    let mut expected = 225.0;
    for day in &days {
        if *day < expected {
            expected += 7.0 / 4.0;
        }
    }
    assert!(expected > 230.0, "{days:?}");
    assert_near("project_day", simulate(&with_incidents(), 1).one("project_day"), expected, 1e-9);
}

/// Returns whether each goal is met. A goal is measure, bound and due date.
fn met(text: &str, goals: &[(&str, &str, &str)]) -> Vec<f64> {
    let goal = |(index, (measure, bound, due)): (usize, &(&str, &str, &str))| {
        format!("[[goal]]\nname = 'goal {index}'\nmeasure = '{measure}'\n{bound}\n{due}\n")
    };
    let goals_text: String = goals.iter().enumerate().map(goal).collect();
    let text = format!("{text}\n{goals_text}");
    let scenario = scenario(&text);
    let settings = handover::run::Settings { seed: scenario.seed, replications: 1, strategies: vec![0], independent: false };
    let collected = handover::run::run(&scenario, &settings, &handover::run::Session::default()).expect("nobody stops it");
    let values = |index| collected.response(0, &format!("goal {index}")).expect("a goal is a response")[0];
    (0..goals.len()).map(values).collect()
}

/// Asserts whether each goal is met. A goal is measure, bound and due date.
#[track_caller]
fn assert_met(text: &str, goals: &[((&str, &str, &str), bool)]) {
    let written: Vec<_> = goals.iter().map(|(goal, _)| *goal).collect();
    for ((goal, expected), found) in goals.iter().zip(met(text, &written)) {
        assert_eq!(found > 0.5, *expected, "{goal:?}");
    }
}

#[test]
fn at_least_by_a_month_is_met_once_it_was_reached() {
    // 3 are there at month end 1, 4 from month end 2 on.
    assert_met(
        &four("knowledge_days = 100"),
        &[
            (("headcount", "at_least = 3", "by_month = 1"), true),
            (("headcount", "at_least = 3.01", "by_month = 1"), false),
            (("headcount", "at_least = 4", "by_month = 1"), false),
            (("headcount", "at_least = 4", "by_month = 1.9"), false),
            (("headcount", "at_least = 4", "by_month = 2"), true),
            (("headcount", "at_least = 4.5", "by_month = 3"), false),
            (("headcount", "at_least = 5", "by_month = 3"), false),
            (("effective_fte", "at_least = 4", "by_month = 2"), true),
            // 30 + 3 * 0.4167 on day 30.4167; 60 + 4 * 20.833 on day 60.833.
            (("delivered_fte_days", "at_least = 31.25", "by_month = 1"), true),
            (("delivered_fte_days", "at_least = 31.26", "by_month = 1"), false),
            (("delivered_fte_days", "at_least = 143.3", "by_month = 2"), true),
            (("delivered_fte_days", "at_least = 143.4", "by_month = 2"), false),
            // Tenures of 20.4, 10.4 and 0.4 days at month end 1: (1 - exp(-0.204167) + ...) / 4.
            (("knowledge", "at_least = 0.0719", "by_month = 1"), true),
            (("knowledge", "at_least = 0.0721", "by_month = 1"), false),
        ],
    );
}

#[test]
fn at_most_by_a_month_is_met_at_every_month_end_up_to_it() {
    assert_met(
        &four(""),
        &[
            (("headcount", "at_most = 3", "by_month = 1"), true),
            (("headcount", "at_most = 2.99", "by_month = 1"), false),
            (("headcount", "at_most = 3", "by_month = 1.99"), true),
            (("headcount", "at_most = 3", "by_month = 2"), false),
            (("headcount", "at_most = 4", "by_month = 3"), true),
            (("delivered_fte_days", "at_most = 265", "by_month = 3"), true),
            (("delivered_fte_days", "at_most = 264.99", "by_month = 3"), false),
        ],
    );
}

/// Returns a team with these headcounts at the ends of months 1, 2, ...: each change is made half a month before, at once.
fn path(headcounts: &[u32]) -> String {
    let step = |(month, heads): (usize, &u32)| format!("{{ month = {month}.5, value = {heads} }}");
    let steps: Vec<String> = headcounts.iter().enumerate().map(step).collect();
    let months = u32::try_from(headcounts.len()).expect("they are few");
    team_of(0, months, &format!("[organisation.x]\n{AT_ONCE}"))
        .replace("demand.a = 0", &format!("demand.a = [{{ month = 0, value = 0 }}, {}]", steps.join(", ")))
}

#[test]
fn a_headcount_that_was_reached_and_lost_is_there_by_the_month_and_not_in_it() {
    // 36 are there in months 7 to 9, and 35 in month 12.
    let text = path(&[10, 20, 30, 34, 35, 35, 36, 37, 36, 35, 34, 35]);
    assert_met(
        &text,
        &[
            (("headcount", "at_least = 36", "by_month = 12"), true),
            (("headcount", "at_least = 36", "at_month = 12"), false),
            (("headcount", "at_least = 36", "by_month = 6.9"), false),
            (("headcount", "at_least = 36", "at_month = 7.9"), true),
            (("headcount", "at_least = 35", "at_month = 12"), true),
            (("headcount", "at_least = 37", "at_month = 9.99"), false),
            (("headcount", "at_most = 35", "at_month = 12"), true),
            (("headcount", "at_most = 35", "by_month = 12"), false),
            (("headcount", "at_most = 35", "by_month = 6.5"), true),
            (("headcount", "at_most = 34", "at_month = 12"), false),
        ],
    );
}

#[test]
fn month_ends_in_a_row_end_with_the_month_or_lie_anywhere_up_to_it() {
    let text = path(&[10, 20, 30, 34, 35, 35, 36, 37, 36, 35, 34, 35]);
    assert_met(
        &text,
        &[
            (("headcount", "at_least = 36", "by_month = 12\nfor_months = 3"), true),
            (("headcount", "at_least = 36", "by_month = 12\nfor_months = 4"), false),
            (("headcount", "at_least = 36", "by_month = 9\nfor_months = 3"), true),
            (("headcount", "at_least = 36", "by_month = 8.9\nfor_months = 3"), false),
            (("headcount", "at_least = 36", "at_month = 9\nfor_months = 3"), true),
            (("headcount", "at_least = 36", "at_month = 10\nfor_months = 3"), false),
            (("headcount", "at_least = 36", "at_month = 9\nfor_months = 4"), false),
            (("headcount", "at_most = 35", "at_month = 12\nfor_months = 3"), true),
            (("headcount", "at_most = 35", "at_month = 12\nfor_months = 4"), false),
            (("headcount", "at_most = 35", "at_month = 6\nfor_months = 6"), true),
            (("headcount", "at_least = 10", "at_month = 12\nfor_months = 12"), true),
            (("headcount", "at_least = 11", "at_month = 12\nfor_months = 12"), false),
        ],
    );
}

#[test]
fn goals_are_about_any_measure() {
    // 1 is wanted from month 0.5 on, 3 from month 1.5 on; it takes 10 days to hire them.
    let text = path(&[1, 3, 3])
        .replace("takes_days = 0", "takes_days = 10")
        .replace("[organisation.x]\n", "[organisation.x]\nown = true\ncost.per_head_month = 6\n");
    assert_met(
        &text,
        &[
            (("wanted", "at_least = 3", "at_month = 2"), true),
            (("wanted", "at_least = 3", "at_month = 1"), false),
            (("open_requisitions", "at_most = 0", "by_month = 3"), true),
            (("joins", "at_least = 2", "at_month = 2"), true),
            (("joins", "at_least = 1", "at_month = 3"), false),
            (("leaves", "at_most = 0", "by_month = 3"), true),
            // Three are there throughout month 3.
            (("month_cost", "at_most = 18", "at_month = 3"), true),
            (("month_cost", "at_most = 17.99", "at_month = 3"), false),
        ],
    );
}

#[test]
fn what_happens_between_month_ends_is_not_seen() {
    // 5 until day 45, then 2: five at month end 1, two from month end 2 on. What happens in between is not observed.
    let text = team_of(5, 4, &format!("[organisation.x]\n{AT_ONCE}"))
        .replace("demand.a = 5", "demand.a = [{ month = 0, value = 5 }, { month = 1.5, value = 2 }, { month = 2.2, value = 9 }, { month = 2.8, value = 2 }]");
    assert_eq!(story(&text, &["released"]).len(), 10);
    assert_met(
        &text,
        &[
            (("headcount", "at_least = 5", "by_month = 4"), true),
            (("headcount", "at_most = 4", "by_month = 4"), false),
            (("headcount", "at_least = 6", "by_month = 4"), false),
            (("headcount", "at_most = 5", "by_month = 4"), true),
        ],
    );
}
