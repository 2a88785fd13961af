//! Several transfers by hand: their order, who is active between them, options that are not taken up, and whose
//! pipeline serves.

use handover::run::trace::trace;

use super::story;
use crate::support::{assert_near, scenario, simulate, team_of};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";

/// Returns a team that `x` builds; the other organisations and the transfers are given.
fn built_by_x(people: u32, months: u32, (organisations, transfers): (&str, &str)) -> String {
    team_of(people, months, &format!("[organisation.x]\n{organisations}\n{transfers}"))
}

fn transfer(to: &str, rest: &str) -> String {
    format!("[[strategy.s.transfer]]\nto = '{to}'\n{rest}\n")
}

/// Returns what happened to organisations and transfers, and to which.
fn chronicle(text: &str) -> Vec<String> {
    let scenario = scenario(text);
    let rows = trace(&scenario, 0, scenario.seed, 0).rows;
    let concerned =
        |event: &str| event.starts_with("organisation_") || event.starts_with("transfer_") || event == "option_dropped";
    let told = rows.iter().filter(|row| concerned(row.event));
    told.map(|row| format!("{} {} {}", row.day, row.event, row.organisation)).collect()
}

/// Returns what happened to requisitions and people, and in whose pipeline or employment.
fn pipelines(text: &str, events: &[&str]) -> Vec<String> {
    let scenario = scenario(text);
    let rows = trace(&scenario, 0, scenario.seed, 0).rows;
    let told = rows.iter().filter(|row| events.contains(&row.event));
    told.map(|row| format!("{} {} {}{} {}", row.day, row.event, row.role, row.seat.unwrap_or(99), row.organisation))
        .collect()
}

#[test]
fn a_transfer_that_falls_due_before_the_one_before_is_complete_begins_when_it_is() {
    // The first has waves on days 91.25 and 191.25; the second falls due on day 121.67.
    let organisations = format!("{AT_ONCE}\n[organisation.y]\n{AT_ONCE}\n[organisation.z]\n{AT_ONCE}");
    let transfers = transfer("y", "month = 3\nwaves = [0.5, 0.5]\nwave_gap_days = 100") + &transfer("z", "month = 4");
    let text = built_by_x(2, 18, (&organisations, &transfers));
    assert_eq!(
        pipelines(&text, &["transfer_began", "accepted", "transfer_completed"]),
        [
            "91.25 transfer_began 99 y",
            "91.25 accepted a0 y",
            "191.25 accepted a1 y",
            "191.25 transfer_completed 99 y",
            "191.25 transfer_began 99 z",
            "191.25 accepted a0 z",
            "191.25 accepted a1 z",
            "191.25 transfer_completed 99 z",
        ]
    );
    // The responses of the handover are those of the first.
    let results = simulate(&text, 1);
    for (response, expected) in
        [("transfer_day", 91.25), ("offered", 2.0), ("accepted", 2.0), ("retained_6m", 1.0), ("outcome", 1.0)]
    {
        assert_near(response, results.one(response), expected, 0.0);
    }
    assert!(results.one("retained_12m").is_nan(), "a year after day 191.25 lies past the horizon");
}

#[test]
fn it_waits_for_both_the_one_before_and_its_receiver() {
    let organisations = format!("{AT_ONCE}\n[organisation.y]\n{AT_ONCE}\n[organisation.z]\n{AT_ONCE}\nsetup_days = 150");
    let waves = "month = 3\nwaves = [0.5, 0.5]\nwave_gap_days = 20";
    let begins = |second: &str| {
        let text = built_by_x(2, 24, (&organisations, &(transfer("y", waves) + &transfer("z", second))));
        story(&text, &["transfer_began"])[1].clone()
    };
    assert_eq!(begins("month = 3"), "150 transfer_began");
    assert_eq!(begins("month = 3\nprepare_month = 3"), "241.25 transfer_began");
    assert_eq!(begins("month = 0"), "150 transfer_began");
    assert_eq!(begins("month = 9"), "273.75 transfer_began");
}

#[test]
fn a_second_for_which_the_team_is_ready_before_the_first_is_complete_begins_when_that_is() {
    // The team is ready from month end 1 on; the first transfer is complete on day 111.25, between month ends 3 and 4.
    let organisations = format!("{AT_ONCE}\n[organisation.y]\n{AT_ONCE}\n[organisation.z]\n{AT_ONCE}");
    let waves = "month = 3\nwaves = [0.5, 0.5]\nwave_gap_days = 20";
    let begins = |ready: &str, if_not_ready: &str| {
        let second = transfer("z", &format!("ready = {{ headcount_share = 1, {ready} }}\nif_not_ready = '{if_not_ready}'"));
        let text = built_by_x(2, 12, (&organisations, &(transfer("y", waves) + &second)));
        story(&text, &["transfer_began"])[1].clone()
    };
    assert_eq!(begins("for_months = 1", "transfer"), "111.25 transfer_began");
    assert_eq!(begins("for_months = 3, latest_month = 3.5", "extend"), "111.25 transfer_began");
    assert_eq!(begins("for_months = 6", "transfer"), "182.5 transfer_began");
    assert_eq!(begins("for_months = 1, earliest_month = 5.5", "transfer"), "182.5 transfer_began");
}

#[test]
fn an_organisation_that_has_handed_over_stops_and_sets_up_anew_when_it_prepares_again() {
    let organisations = format!("{AT_ONCE}\nsetup_days = 50\n[organisation.y]\n{AT_ONCE}\nsetup_days = 20");
    let transfers = transfer("y", "month = 3") + &transfer("x", "month = 12");
    let text = built_by_x(2, 24, (&organisations, &transfers));
    assert_eq!(
        chronicle(&text),
        [
            "0 organisation_started x",
            "0 organisation_started y",
            "20 organisation_ready y",
            "50 organisation_ready x",
            "91.25 transfer_began y",
            "91.25 transfer_completed y",
            "91.25 organisation_stopped x",
            "182.5 organisation_started x",
            "232.5 organisation_ready x",
            "365 transfer_began x",
            "365 transfer_completed x",
            "365 organisation_stopped y",
        ]
    );
    // Prepared before it has handed over, it continues.
    let transfers = transfer("y", "month = 3") + &transfer("x", "month = 6\nprepare_month = 1");
    let text = built_by_x(2, 24, (&organisations, &transfers));
    assert_eq!(
        chronicle(&text)[4..],
        [
            "91.25 transfer_began y",
            "91.25 transfer_completed y",
            "182.5 transfer_began x",
            "182.5 transfer_completed x",
            "182.5 organisation_stopped y",
        ]
    );
}

#[test]
fn an_organisation_stops_with_the_last_wave() {
    let organisations = format!("{AT_ONCE}\n[organisation.y]\n{AT_ONCE}");
    let text = built_by_x(2, 12, (&organisations, &transfer("y", "month = 6\nwaves = [0.5, 0.5]\nwave_gap_days = 30")));
    assert_eq!(
        chronicle(&text)[2..],
        [
            "0 organisation_started y",
            "0 organisation_ready y",
            "182.5 transfer_began y",
            "212.5 transfer_completed y",
            "212.5 organisation_stopped x",
        ]
    );
}

#[test]
fn an_option_that_is_not_taken_up_ends_it_and_all_later_ones() {
    let organisations = format!("{AT_ONCE}\n[organisation.y]\n{AT_ONCE}\n[organisation.z]\n{AT_ONCE}");
    let transfers = transfer("y", "month = 3\nexercise = 0") + &transfer("z", "month = 6");
    let text = built_by_x(2, 12, (&organisations, &transfers));
    assert_eq!(chronicle(&text), ["0 organisation_started x", "0 organisation_ready x", "0 option_dropped y"]);
    let results = simulate(&text, 1);
    assert_near("outcome", results.one("outcome"), 0.0, 0.0);
    assert!(results.one("transfer_day").is_infinite(), "never");
    assert_near("delivered_fte_days", results.one("delivered_fte_days"), 730.0, 0.0);
    // The second only: the first takes place.
    let transfers = transfer("y", "month = 3") + &transfer("z", "month = 6\nexercise = 0");
    let text = built_by_x(2, 12, (&organisations, &transfers));
    assert_eq!(
        chronicle(&text)[2..],
        [
            "0 organisation_started y",
            "0 organisation_ready y",
            "0 option_dropped z",
            "91.25 transfer_began y",
            "91.25 transfer_completed y",
            "91.25 organisation_stopped x",
        ]
    );
    assert_near("outcome", simulate(&text, 1).one("outcome"), 1.0, 0.0);
}

/// Returns transfers at months 3 and 6, and one more person wanted at each of months 1.5, 4.5 and 7.5.
fn served_by(first: &str, second: &str) -> String {
    let stages = |days: u32| format!("hiring.stages = [{{ name = 'search', takes_days = {days} }}]");
    let organisations = format!("{}\n[organisation.y]\n{}\n[organisation.z]\n{}", stages(20), stages(25), stages(30));
    let transfers = transfer("y", &format!("month = 3\nhiring_after = '{first}'"))
        + &transfer("z", &format!("month = 6\nhiring_after = '{second}'"));
    let wanted = "demand.a = [{ month = 1.5, value = 1 }, { month = 4.5, value = 2 }, { month = 5.8, value = 3 }, { month = 7.5, value = 4 }]";
    built_by_x(0, 12, (&organisations, &transfers)).replace("demand.a = 0", wanted)
}

#[test]
fn a_pipeline_that_serves_on_keeps_its_organisation_active() {
    let events = ["stage_began", "requisition_moved", "joined"];
    let opened_late = 5.8 * 365.0 / 12.0;
    // x hires until z takes over: the search that began there before month 6 then moves to z.
    let text = served_by("sender", "receiver");
    assert_eq!(
        pipelines(&text, &events),
        [
            "45.625 stage_began a0 x".to_owned(),
            "65.625 joined a0 x".into(),
            "136.875 stage_began a1 x".into(),
            "156.875 joined a1 y".into(),
            format!("{opened_late} stage_began a2 x"),
            "182.5 requisition_moved a2 z".into(),
            "182.5 stage_began a2 z".into(),
            "212.5 joined a2 z".into(),
            "228.125 stage_began a3 z".into(),
            "258.125 joined a3 z".into(),
        ]
    );
    assert_eq!(
        chronicle(&text)[6..],
        [
            "91.25 transfer_began y",
            "91.25 transfer_completed y",
            "182.5 transfer_began z",
            "182.5 transfer_completed z",
            "182.5 organisation_stopped x",
            "182.5 organisation_stopped y",
        ]
    );
}

#[test]
fn a_pipeline_serves_on_as_before_through_a_second_transfer_too() {
    // The sender of the second transfer is y; the pipeline that serves is that of x.
    let text = served_by("sender", "sender");
    let joined = pipelines(&text, &["joined"]);
    let late = 5.8 * 365.0 / 12.0 + 20.0;
    assert_eq!(
        joined,
        [
            "65.625 joined a0 x".to_owned(),
            "156.875 joined a1 y".into(),
            format!("{late} joined a2 z"),
            "248.125 joined a3 z".into()
        ]
    );
    assert_eq!(
        chronicle(&text)[6..].iter().filter(|line| line.contains("stopped")).collect::<Vec<_>>(),
        ["182.5 organisation_stopped y"]
    );
    // With the receiver's first, that of y continues to serve.
    let text = served_by("receiver", "sender");
    assert_eq!(pipelines(&text, &["joined"])[3], "253.125 joined a3 z");
    assert_eq!(
        chronicle(&text)[6..].iter().filter(|line| line.contains("stopped")).collect::<Vec<_>>(),
        ["91.25 organisation_stopped x"]
    );
}

#[test]
fn an_organisation_that_hands_over_before_it_is_set_up_begins_anew_when_it_prepares_again() {
    // x would be set up on day 100, but has handed over by then; started again at month 2, it takes another 100 days.
    let organisations = format!("{AT_ONCE}\nsetup_days = 100\n[organisation.y]\n{AT_ONCE}");
    let transfers = transfer("y", "month = 1.5") + &transfer("x", "month = 5\nprepare_month = 3");
    let text = built_by_x(2, 12, (&organisations, &transfers));
    assert_eq!(
        chronicle(&text),
        [
            "0 organisation_started x",
            "0 organisation_started y",
            "0 organisation_ready y",
            "45.625 transfer_began y",
            "45.625 transfer_completed y",
            "45.625 organisation_stopped x",
            "91.25 organisation_started x",
            "191.25 organisation_ready x",
            "191.25 transfer_began x",
            "191.25 transfer_completed x",
            "191.25 organisation_stopped y",
        ]
    );
}
