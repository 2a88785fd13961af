//! Initial people by hand: who is there on day 0, and what their tenure counts for.

use handover::maths::exp;

use super::{output, story};
use crate::support::{DAYS_PER_MONTH, assert_near, simulate, team_of, text};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";

/// Initial people of the role `a` with these tenures, one table each.
fn found(tenures: &[u32]) -> String {
    let table = |tenure: &u32| format!("[[strategy.s.initial]]\nrole = 'a'\nheadcount = 1\ntenure_days = {tenure}\n");
    tenures.iter().map(table).collect()
}

#[test]
fn initial_people_fill_the_first_seats_and_count_as_present_not_as_hired() {
    let text = text(
        3,
        "role = [{ name = 'a' }, { name = 'b' }]\ndemand = { a = 3, b = 2 }\n\
         [organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 20 }]\n\
         [[strategy.s.initial]]\nrole = 'b'\nheadcount = 2\ntenure_days = 90\n\
         [[strategy.s.initial]]\nrole = 'a'\nheadcount = 1\n[[strategy.s.initial]]\nrole = 'a'\nheadcount = 1\ntenure_days = 7.5",
    );
    assert_eq!(
        story(&text, &["was_there", "requisition_opened", "joined"]),
        [
            "0 was_there b0 90 days",
            "0 was_there b1 90 days",
            "0 was_there a0 0 days",
            "0 was_there a1 7.5 days",
            "0 requisition_opened a2",
            "20 joined a2",
        ]
    );
    let results = simulate(&text, 1);
    for (response, expected) in [
        ("joins", 1.0),
        ("leaves", 0.0),
        ("mean_fill_days", 20.0),
        ("first_join_day", 20.0),
        ("half_staffed_day", 0.0),
        ("staffed_day", 20.0),
        ("delivered_fte_days", 5.0 * 91.25 - 20.0),
    ] {
        assert_near(response, results.one(response), expected, 1e-9);
    }
    assert_eq!(results.months("headcount", 1..=3), [5.0; 3]);
    assert_eq!(results.months("joins", 1..=3), [1.0, 0.0, 0.0]);
}

#[test]
fn they_are_there_before_their_employer_is_set_up() {
    let text = team_of(2, 6, &format!("[organisation.x]\nsetup_days = 50\n{AT_ONCE}\n{}", found(&[0])));
    assert_eq!(output(&text), [(0.0, 1.0), (50.0, 2.0)]);
}

#[test]
fn those_who_are_more_than_wanted_are_released_at_once_newest_first() {
    // Tenure decides, not the order of the list; with equal tenure the later in the list is the newer.
    let text = team_of(2, 3, &format!("[organisation.x]\n{AT_ONCE}\n{}", found(&[10, 200, 100])));
    assert_eq!(story(&text, &["requisition_opened", "released", "left"]), ["0 released a0", "0 left a0 release"]);
    let text = team_of(2, 3, &format!("[organisation.x]\n{AT_ONCE}\n{}", found(&[10, 10, 10])));
    assert_eq!(story(&text, &["released"]), ["0 released a2"]);
}

#[test]
fn those_who_are_not_wanted_yet_are_released_on_day_0_whether_their_employer_is_set_up_or_not() {
    // Nobody is wanted before month 3; x is set up on day 20.
    for setup in ["", "setup_days = 20\n"] {
        let text = team_of(0, 6, &format!("[organisation.x]\n{setup}{AT_ONCE}\n{}", found(&[40, 50])))
            .replace("demand.a = 0", "demand.a = [{ month = 3, value = 1 }]");
        assert_eq!(
            story(&text, &["released", "left", "joined"]),
            ["0 released a0", "0 left a0 release", "0 released a1", "0 left a1 release", "91.25 joined a0"]
        );
    }
}

#[test]
fn a_time_to_quit_that_they_have_outlived_comes_today_and_what_is_left_of_it_in_time() {
    // All quit after 100 days: of tenures 150, 100 and 40 two have reached that, and the third does on day 60.
    let text =
        team_of(3, 4, &format!("[organisation.x]\n{AT_ONCE}\nattrition.tenure_days = 100\n{}", found(&[150, 40, 100])));
    assert_eq!(
        story(&text, &["was_there", "notice_given", "joined"]),
        [
            "0 was_there a0 150 days",
            "0 was_there a1 40 days",
            "0 was_there a2 100 days",
            "0 notice_given a0 tenure",
            "0 notice_given a2 tenure",
            "0 joined a0",
            "0 joined a2",
            "60 notice_given a1 tenure",
            "60 joined a1",
            "100 notice_given a0 tenure",
            "100 notice_given a2 tenure",
            "100 joined a0",
            "100 joined a2",
        ]
    );
}

#[test]
fn waves_reach_those_of_longest_tenure_first_initial_or_not() {
    // Tenures of 100, 300 and 200 days on day 0; a3 joins that day.
    let text = team_of(
        4,
        6,
        &format!(
            "[organisation.x]\n{AT_ONCE}\n[organisation.y]\n{AT_ONCE}\n{}[[strategy.s.transfer]]\nto = 'y'\nmonth = 3\n\
             waves = [0.25, 0.25, 0.25, 0.25]\nwave_gap_days = 10",
            found(&[100, 300, 200])
        ),
    );
    assert_eq!(
        story(&text, &["accepted"]),
        ["91.25 accepted a1", "101.25 accepted a2", "111.25 accepted a0", "121.25 accepted a3"]
    );
    assert_near("offered", simulate(&text, 1).one("offered"), 4.0, 0.0);
}

#[test]
fn they_are_past_onboarding_and_mentor_from_the_start() {
    // A slot for each productive person: three wait for the one initial person; on day 20 there are two slots.
    let onboarding =
        "onboarding = { waiting = 0, mentored = 0.5, mentored_days = 20, mentor_slots = { per_productive = 1 } }";
    let text = team_of(4, 2, &format!("[organisation.x]\n{AT_ONCE}\n{onboarding}\n{}", found(&[0])));
    assert_eq!(
        story(&text, &["mentoring_began"]),
        ["0 mentoring_began a1", "20 mentoring_began a2", "20 mentoring_began a3"]
    );
    assert_eq!(output(&text), [(0.0, 1.5), (20.0, 3.0), (40.0, 4.0)]);
}

#[test]
fn knowledge_grows_with_tenure_and_goes_with_those_who_leave() {
    // Of 3 wanted two are there, since 50 and 10 days before day 0; all quit 130 days after joining, and are replaced 70
    // days later. What each knows: 1 - exp(-tenure / 100).
    let text = team_of(
        3,
        6,
        &format!(
            "knowledge_days = 100\n[organisation.x]\nhiring.stages = [{{ name = 'search', takes_days = 70 }}]\n\
             attrition.tenure_days = 130\n{}",
            found(&[50, 10])
        ),
    );
    let known = |day: f64, joined: &[f64]| joined.iter().map(|joined| 1.0 - exp(-(day - joined) / 100.0)).sum::<f64>() / 3.0;
    // On day 80 a0 leaves, on day 120 a1; their successors come on days 150 and 190, a2 came on day 70.
    let joined: [&[f64]; 6] = [&[-50.0, -10.0], &[-50.0, -10.0], &[-10.0, 70.0], &[70.0], &[70.0, 150.0], &[70.0, 150.0]];
    let knowledge = simulate(&text, 1).months("knowledge", 1..=6);
    for (month, (value, joined)) in (1_u32..).zip(knowledge.into_iter().zip(joined)) {
        let expected = known(f64::from(month) * DAYS_PER_MONTH, joined);
        assert_near(&format!("knowledge at month end {month}"), value, expected, 1e-12);
    }
}

#[test]
fn nobody_knows_anything_while_nobody_is_wanted() {
    // Released people stay for 100 days, and with one wanted they know more than one person could.
    let text =
        team_of(0, 5, &format!("[organisation.x]\n{AT_ONCE}\nattrition.release_notice_days = 100\n{}", found(&[900, 900])))
            .replace(
                "demand.a = 0",
                "demand.a = [{ month = 0, value = 2 }, { month = 1, value = 1 }, { month = 2.5, value = 0 }]",
            );
    let of_each = |day: f64| 1.0 - exp(-(900.0 + day) / 365.0);
    let knowledge = simulate(&text, 1).months("knowledge", 1..=5);
    let expected = [of_each(DAYS_PER_MONTH), 2.0 * of_each(2.0 * DAYS_PER_MONTH), 0.0, 0.0, 0.0];
    for (month, (value, expected)) in (1..).zip(knowledge.into_iter().zip(expected)) {
        assert_near(&format!("knowledge at month end {month}"), value, expected, 1e-12);
    }
}
