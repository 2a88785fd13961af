//! The project, incidents and goals by hand: what is delivered, when it is enough, and what counts as met.

use handover::run::trace::trace;

use super::story;
use crate::support::{DAYS_PER_MONTH, assert_near, scenario, simulate, team_of};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";
const ONE_BY_ONE: &str =
    "hiring.staff.recruiters = 1\nhiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]";

/// Four who join on days 10, 20, 30 and 40, over three months; `rest` stands at the top level.
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
    assert!(day("265.001").is_nan());
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

/// The days of the incidents.
fn incidents() -> Vec<f64> {
    let scenario = scenario(&with_incidents());
    let rows = trace(&scenario, 0, scenario.seed, 0).rows;
    let incidents = rows.iter().filter(|row| row.event == "incident");
    incidents.inspect(|row| assert_eq!(row.detail, "7 FTE-days")).map(|row| row.day).collect()
}

/// What is delivered by a day: four a day, less 7 for each incident.
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
    // Without incidents it is complete on day 225; each before that day puts it off by 7/4 days, in which more may come.
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

/// Whether each goal is met: each is written as measure, bound and month.
fn met(text: &str, goals: &[(&str, &str, &str)]) -> Vec<f64> {
    let goal = |(index, (measure, bound, month)): (usize, &(&str, &str, &str))| {
        format!("[[goal]]\nname = 'goal {index}'\nmeasure = '{measure}'\n{bound}\nby_month = {month}\n")
    };
    let goals_text: String = goals.iter().enumerate().map(goal).collect();
    let text = format!("{text}\n{goals_text}");
    let scenario = scenario(&text);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread can be started");
    let settings = handover::run::Settings { seed: scenario.seed, replications: 1, strategies: vec![0], independent: false };
    let stop = std::sync::atomic::AtomicBool::new(false);
    let collected = handover::run::run(
        &scenario,
        &settings,
        handover::run::Means { pool: &pool, stop: &stop, store: &handover::run::Forgetful },
        |_| {},
    )
    .expect("nobody stops it");
    let values = |index| collected.response(0, &format!("goal {index}")).expect("a goal is a response")[0];
    (0..goals.len()).map(values).collect()
}

#[test]
fn at_least_is_met_at_some_month_end_up_to_its_month() {
    // 3 are there at month end 1, 4 from month end 2 on.
    let goals = [
        (("headcount", "at_least = 3", "1"), 1.0),
        (("headcount", "at_least = 3.01", "1"), 0.0),
        (("headcount", "at_least = 4", "1"), 0.0),
        (("headcount", "at_least = 4", "1.9"), 0.0),
        (("headcount", "at_least = 4", "2"), 1.0),
        (("headcount", "at_least = 4.5", "3"), 0.0),
        (("headcount", "at_least = 5", "3"), 0.0),
        (("effective_fte", "at_least = 4", "2"), 1.0),
        // 30 + 3 * 0.4167 on day 30.4167; 60 + 4 * 20.833 on day 60.833.
        (("delivered_fte_days", "at_least = 31.25", "1"), 1.0),
        (("delivered_fte_days", "at_least = 31.26", "1"), 0.0),
        (("delivered_fte_days", "at_least = 143.3", "2"), 1.0),
        (("delivered_fte_days", "at_least = 143.4", "2"), 0.0),
        // Tenures of 20.4, 10.4 and 0.4 days at month end 1: (1 - exp(-0.204167) + ...) / 4.
        (("knowledge", "at_least = 0.0719", "1"), 1.0),
        (("knowledge", "at_least = 0.0721", "1"), 0.0),
    ];
    let expected: Vec<f64> = goals.iter().map(|(_, met)| *met).collect();
    let goals: Vec<_> = goals.iter().map(|(goal, _)| *goal).collect();
    assert_eq!(met(&four("knowledge_days = 100"), &goals), expected);
}

#[test]
fn at_most_is_met_at_every_month_end_up_to_its_month() {
    let goals = [
        (("headcount", "at_most = 3", "1"), 1.0),
        (("headcount", "at_most = 2.99", "1"), 0.0),
        (("headcount", "at_most = 3", "1.99"), 1.0),
        (("headcount", "at_most = 3", "2"), 0.0),
        (("headcount", "at_most = 4", "3"), 1.0),
        (("delivered_fte_days", "at_most = 265", "3"), 1.0),
        (("delivered_fte_days", "at_most = 264.99", "3"), 0.0),
    ];
    let expected: Vec<f64> = goals.iter().map(|(_, met)| *met).collect();
    let goals: Vec<_> = goals.iter().map(|(goal, _)| *goal).collect();
    assert_eq!(met(&four(""), &goals), expected);
}

#[test]
fn what_was_reached_once_stays_met_and_what_was_missed_once_stays_missed() {
    // 5 until day 45, then 2: at month end 1 five, from month end 2 on two; in between nothing is seen.
    let text = team_of(5, 4, &format!("[organisation.x]\n{AT_ONCE}"))
        .replace("demand.a = 5", "demand.a = [{ month = 0, value = 5 }, { month = 1.5, value = 2 }, { month = 2.2, value = 9 }, { month = 2.8, value = 2 }]");
    assert_eq!(story(&text, &["released"]).len(), 10);
    let goals = [
        ("headcount", "at_least = 5", "4"),
        ("headcount", "at_most = 4", "4"),
        ("headcount", "at_least = 6", "4"),
        ("headcount", "at_most = 5", "4"),
    ];
    assert_eq!(met(&text, &goals), [1.0, 0.0, 0.0, 1.0]);
}
