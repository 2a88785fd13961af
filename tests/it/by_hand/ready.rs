//! Transfers of a team that is ready, by hand: when it is, and what happens when it is not.

use super::story;
use crate::support::{assert_near, simulate, team_of, text};

/// One joins every 10 days: 3 by the first month end, then 6, 9 and 10 of 10.
const ONE_BY_ONE: &str =
    "hiring.staff.recruiters = 1\nhiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]";
const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";

/// Returns ten people who are hired one by one and transfer to `y`.
fn ten(receiver: &str, transfer: &str) -> String {
    team_of(
        10,
        12,
        &format!(
            "[organisation.x]\n{ONE_BY_ONE}\n[organisation.y]\n{receiver}\n[[strategy.s.transfer]]\nto = 'y'\n{transfer}"
        ),
    )
}

fn transfer_day(text: &str) -> f64 {
    simulate(text, 1).one("transfer_day")
}

/// Returns the month at whose end a transfer took place.
fn transfer_month(ready: &str) -> f64 {
    transfer_day(&ten(AT_ONCE, &format!("ready = {{ {ready} }}"))) * 12.0 / 365.0
}

#[track_caller]
fn assert_month(ready: &str, expected: f64) {
    assert_near(ready, transfer_month(ready), expected, 1e-12);
}

#[test]
fn a_team_is_ready_at_the_first_month_end_at_which_the_share_holds() {
    assert_month("headcount_share = 0.3", 1.0);
    assert_month("headcount_share = 0.31", 2.0);
    // Exactly 9 of 10.
    assert_month("headcount_share = 0.9", 3.0);
    assert_month("headcount_share = 0.91", 4.0);
    // Nobody ever has full knowledge; day 0 is not a month end.
    assert!(transfer_month("knowledge_share = 1").is_infinite());
    assert_month("headcount_share = 0", 1.0);
}

#[test]
fn shares_must_hold_at_so_many_month_ends_in_a_row() {
    assert_month("headcount_share = 0.9, for_months = 2", 4.0);
    assert_month("headcount_share = 0.9, for_months = 5", 7.0);
    assert!(
        transfer_month("headcount_share = 0.9, for_months = 10").is_infinite(),
        "the horizon ends at month 12, before it falls due"
    );
    // Twenty are wanted over month end 4, so earlier month ends no longer count.
    let ready = ten(AT_ONCE, "ready = { headcount_share = 0.9, for_months = 2 }").replace(
        "demand.a = 10",
        "demand.a = [{ month = 0, value = 10 }, { month = 3.5, value = 20 }, { month = 4.5, value = 10 }]",
    );
    assert_near("transfer_day", transfer_day(&ready), 182.5, 0.0);
}

#[test]
fn months_before_the_earliest_count_for_the_streak() {
    assert_month("headcount_share = 0.9, earliest_month = 2", 3.0);
    assert_month("headcount_share = 0.9, earliest_month = 3", 3.0);
    assert_month("headcount_share = 0.9, earliest_month = 4.2", 5.0);
    assert_month("headcount_share = 0.9, earliest_month = 5, for_months = 3", 5.0);
    assert_month("headcount_share = 0.9, earliest_month = 5, for_months = 4", 6.0);
}

#[test]
fn at_the_latest_month_the_team_goes_over_as_it_is() {
    // A month end that is the latest month comes first; a month that is not a month end counts too.
    let late = |latest: &str, if_not_ready: &str| {
        let text = ten(AT_ONCE, &format!("ready = {{ headcount_share = 0.9, latest_month = {latest} }}\n{if_not_ready}"));
        let results = simulate(&text, 1);
        (results.one("transfer_day"), results.one("offered"), results.one("outcome"))
    };
    assert_eq!(late("1.5", ""), (45.625, 4.0, 1.0));
    assert_eq!(late("1.5", "if_not_ready = 'transfer'"), (45.625, 4.0, 1.0));
    assert_eq!(late("3", ""), (91.25, 9.0, 1.0));
    assert_eq!(late("3", "if_not_ready = 'extend'"), (91.25, 9.0, 1.0));
    assert_eq!(late("6", "if_not_ready = 'extend'"), (91.25, 9.0, 1.0));
}

#[test]
fn or_it_stays_for_good() {
    // Not ready on day 45.625, and not checked again; the second transfer does not take place either.
    let extend = "ready = { headcount_share = 0.9, latest_month = 1.5 }\nif_not_ready = 'extend'\n\
                  [[strategy.s.transfer]]\nto = 'x'\nmonth = 8";
    let text = ten(AT_ONCE, extend);
    assert_eq!(story(&text, &["transfer_extended", "transfer_began"]), ["45.625 transfer_extended"]);
    let results = simulate(&text, 1);
    assert_near("outcome", results.one("outcome"), 2.0, 0.0);
    assert!(results.one("transfer_day").is_infinite(), "never");
    for response in ["offered", "accepted", "retained_6m", "trough_share"] {
        assert!(results.one(response).is_nan(), "{response}");
    }
    assert_near("headcount", results.months("headcount", 12..=12)[0], 10.0, 0.0);
}

#[test]
fn knowledge_and_effective_output_count_as_headcount_does() {
    // Two people who are there from day 0 have the share of knowledge 1 - exp(-t / 100): a half after 69.3 days, 0.6
    // after 91.6. They are at 0.5 until day 100. With several shares the last one decides.
    let month = |ready: &str| {
        let text = team_of(
            2,
            12,
            &format!(
                "knowledge_days = 100\n[organisation.x]\n{AT_ONCE}\n\
                 onboarding = {{ waiting = 0, mentored = 0.5, mentored_days = 100 }}\n\
                 [organisation.y]\n{AT_ONCE}\n[[strategy.s.transfer]]\nto = 'y'\nready = {{ {ready} }}"
            ),
        );
        transfer_day(&text) * 12.0 / 365.0
    };
    for (ready, expected) in [
        ("knowledge_share = 0.5", 3.0),
        ("knowledge_share = 0.6", 4.0),
        ("knowledge_share = 0.95", 10.0),
        ("effective_share = 0.5", 1.0),
        ("effective_share = 0.51", 4.0),
        ("effective_share = 0.51, knowledge_share = 0.5, headcount_share = 1", 4.0),
        ("effective_share = 0.51, knowledge_share = 0.7, headcount_share = 1", 4.0),
        ("effective_share = 0.51, knowledge_share = 0.8, headcount_share = 1", 6.0),
    ] {
        assert_near(ready, month(ready), expected, 1e-12);
    }
}

#[test]
fn a_team_of_which_nobody_is_wanted_is_not_ready() {
    let text = text(
        6,
        &format!(
            "role = [{{ name = 'a' }}]\ndemand.a = [{{ month = 3, value = 2 }}]\n[organisation.x]\n{AT_ONCE}\n[organisation.y]\n\
             [[strategy.s.transfer]]\nto = 'y'\nready = {{ headcount_share = 0 }}"
        ),
    );
    assert_near("transfer_day", transfer_day(&text), 4.0 * 365.0 / 12.0, 1e-12);
}

#[test]
fn the_receiver_starts_six_months_before_the_earliest_month_and_the_transfer_waits_for_it() {
    // Ready at month end 3. The receiver takes 200 days from day 0; the team is not checked again, though twenty are
    // wanted by then.
    let receiver = format!("{AT_ONCE}\nsetup_days = 200");
    let twenty = "demand.a = [{ month = 0, value = 10 }, { month = 5, value = 20 }]";
    let text = ten(&receiver, "ready = { headcount_share = 0.9 }").replace("demand.a = 10", twenty);
    assert_near("transfer_day", transfer_day(&text), 200.0, 0.0);
    // Started at month 1.5 for an earliest month of 7.5, at which the team is ready.
    let text = ten(&receiver, "ready = { headcount_share = 0.9, earliest_month = 7.5 }");
    assert_eq!(
        story(&text, &["organisation_started", "organisation_ready", "transfer_began"]),
        [
            "0 organisation_started",
            "0 organisation_ready",
            "45.625 organisation_started",
            "245.625 organisation_ready",
            "245.625 transfer_began",
        ]
    );
    // At the latest month the receiver is not set up any further. The transfer takes place when it is.
    let text = ten(&receiver, "ready = { knowledge_share = 1, latest_month = 4 }");
    assert_near("transfer_day", transfer_day(&text), 200.0, 0.0);
    // Due before the latest month, and under way when that month comes: not extended.
    let extend = "ready = { headcount_share = 0.9, latest_month = 4 }\nif_not_ready = 'extend'";
    let results = simulate(&ten(&receiver, extend), 1);
    assert_near("transfer_day", results.one("transfer_day"), 200.0, 0.0);
    assert_near("outcome", results.one("outcome"), 1.0, 0.0);
}

#[test]
fn readiness_is_seen_before_anything_else_of_that_instant() {
    // The fourth joins at the instant of month end 1, and that is after it: 3 of 4 are there. At month end 2 all are.
    let text = team_of(
        4,
        6,
        &format!(
            "[organisation.x]\nhiring.stages = [{{ name = 'search', takes_days = {} }}]\n[organisation.y]\n{AT_ONCE}\n\
             [[strategy.s.initial]]\nrole = 'a'\nheadcount = 3\n\
             [[strategy.s.transfer]]\nto = 'y'\nready = {{ headcount_share = 1 }}",
            365.0 / 12.0
        ),
    );
    assert_near("transfer_day", transfer_day(&text), 2.0 * 365.0 / 12.0, 1e-12);
}
