//! People by hand: notice periods, overlaps, what is delivered, what counts at month ends.

use super::{output, story};
use crate::support::{assert_near, simulate, team_of, text};

#[test]
fn notice_is_served_beside_the_successor_and_all_days_are_counted() {
    // Joins on day 10, gives notice on 110, leaves on 140; the successors do the same 110, 220 and 330 days later.
    let text = team_of(
        1,
        12,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 10 }]\n\
         attrition = { tenure_days = 100, leave_notice_days = 30, notice_level = 0.5 }",
    );
    assert_eq!(
        story(&text, &["requisition_opened", "joined", "notice_given", "left"])[..8],
        [
            "0 requisition_opened a0",
            "10 joined a0",
            "110 notice_given a0 tenure",
            "110 requisition_opened a0",
            "120 joined a0",
            "140 left a0 tenure",
            "220 notice_given a0 tenure",
            "220 requisition_opened a0",
        ]
    );
    assert_eq!(output(&text)[..6], [(0.0, 0.0), (10.0, 1.0), (110.0, 0.5), (120.0, 1.5), (140.0, 1.0), (220.0, 0.5)]);
    let results = simulate(&text, 1);
    // Three people of 100 days at 1 and 30 at 0.5; a fourth from day 340 to 365.
    assert_near("delivered_fte_days", results.one("delivered_fte_days"), 3.0 * 115.0 + 25.0, 1e-12);
    assert_near("wanted_fte_days", results.one("wanted_fte_days"), 365.0, 1e-12);
    // 10 days with nobody, and thrice 10 days with half a person.
    assert_near("shortfall_fte_days", results.one("shortfall_fte_days"), 25.0, 1e-12);
    assert_near("staffed_share", results.one("staffed_share"), 355.0 / 365.0, 1e-15);
    for (response, expected) in [("joins", 4.0), ("leaves", 3.0), ("leaves_tenure", 3.0), ("mean_fill_days", 10.0)] {
        assert_near(response, results.one(response), expected, 0.0);
    }
    // Month ends 4 (day 121.7) and 8 (day 243.3) fall into overlaps.
    assert_eq!(results.months("headcount", 1..=12), [1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(results.months("leaves", 1..=12), [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
    assert_eq!(results.months("joins", 1..=12), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(results.months("open_requisitions", 1..=12), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    // Delivered by day 121.67: 100 days, 10 halves, and one and a half for the rest.
    assert_near(
        "delivered by month 4",
        results.months("delivered_fte_days", 4..=4)[0],
        105.0 + 1.5 * (365.0 / 3.0 - 120.0),
        1e-9,
    );
}

#[test]
fn a_departure_after_the_horizon_is_not_counted() {
    let text = team_of(
        1,
        6,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         attrition = { tenure_days = 170, leave_notice_days = 12.5 }",
    );
    let results = simulate(&text, 1);
    assert_near("joins", results.one("joins"), 2.0, 0.0);
    assert_near("leaves", results.one("leaves"), 0.0, 0.0);
    assert_eq!(results.months("headcount", 6..=6), [2.0]);
}

#[test]
fn states_that_last_no_time_do_not_count() {
    // Three leave and are replaced on days 50, 100 and 150, in no time.
    let text =
        team_of(3, 6, "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\nattrition.tenure_days = 50");
    let results = simulate(&text, 1);
    for (response, expected) in [
        ("staffed_share", 1.0),
        ("shortfall_fte_days", 0.0),
        ("delivered_fte_days", 3.0 * 182.5),
        ("joins", 12.0),
        ("leaves", 9.0),
        ("mean_fill_days", 0.0),
        ("first_join_day", 0.0),
        ("half_staffed_day", 0.0),
        ("staffed_day", 0.0),
        ("effective_day", 0.0),
    ] {
        assert_near(response, results.one(response), expected, 1e-12);
    }
    // The first to give notice is the first to be replaced, but all searches are scheduled after all quits of that day.
    let quits = |seat: u32| {
        ["notice_given", "left"]
            .map(|event| format!("50 {event} a{seat} tenure"))
            .into_iter()
            .chain([format!("50 requisition_opened a{seat}")])
    };
    let joins = (0..3).map(|seat| format!("50 joined a{seat}"));
    let expected: Vec<String> = (0..3).flat_map(quits).chain(joins).collect();
    let story = story(&text, &["requisition_opened", "joined", "notice_given", "left"]);
    assert_eq!(story[6..18], expected);
}

#[test]
fn communication_counts_everyone_present() {
    // Two work and two serve notice from day 50 to day 70: (2 + 2 * 0.5) (1 - 0.01 * 4^2); before, 2 (1 - 0.01 * 2^2).
    let text = team_of(
        2,
        3,
        "communication.coefficient = 0.01\n[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         attrition = { tenure_days = 50, leave_notice_days = 20, notice_level = 0.5 }",
    );
    let output = output(&text);
    for ((day, effective), expected) in output.iter().zip([(0.0, 1.92), (50.0, 2.52), (70.0, 1.92)]) {
        assert_near("day", *day, expected.0, 0.0);
        assert_near("effective FTE", *effective, expected.1, 1e-12);
    }
    // In teams of 4, ten people lose 0.0006 (4^2 + (10/4 - 1)^2).
    let teams = team_of(
        10,
        1,
        "communication = { coefficient = 0.0006, team = 4 }\n[organisation.x]\nhiring.stages = [{ name = 's', takes_days = 0 }]",
    );
    let effective = simulate(&teams, 1).months("effective_fte", 1..=1)[0];
    assert_near("effective FTE in teams", effective, 10.0 * (1.0 - 0.0006 * 18.25), 1e-12);
    // 41 people and 0.0006 would lose more than all: the factor is at least 0.
    let crowd = team_of(
        41,
        1,
        "communication.coefficient = 0.0006\n[organisation.x]\nhiring.stages = [{ name = 's', takes_days = 0 }]",
    );
    assert_near("effective FTE of a crowd", simulate(&crowd, 1).one("effective_fte_days"), 0.0, 0.0);
}

#[test]
fn people_of_a_role_leave_by_their_own_rules() {
    // a quits after 100 days and stays for 5 more at half; b quits after 60, and stays for 20 more at a quarter.
    let text = text(
        3,
        "role = [{ name = 'a' }, { name = 'b' }]\ndemand = { a = 1, b = 1 }\n[organisation.x]\n\
         hiring.stages = [{ name = 'search', takes_days = 1000 }]\n[organisation.x.attrition]\n\
         tenure_days = 85\nleave_notice_days = 5\nnotice_level = 0.5\n\
         role.b = { tenure_days = 60, leave_notice_days = 20, notice_level = 0.25 }\n\
         [[strategy.s.initial]]\nrole = 'a'\nheadcount = 1\n[[strategy.s.initial]]\nrole = 'b'\nheadcount = 1",
    );
    assert_eq!(
        story(&text, &["notice_given", "left"]),
        ["60 notice_given b0 tenure", "80 left b0 tenure", "85 notice_given a0 tenure", "90 left a0 tenure"]
    );
    assert_eq!(output(&text), [(0.0, 2.0), (60.0, 1.25), (80.0, 1.0), (85.0, 0.5), (90.0, 0.0)]);
}

#[test]
fn an_accepter_changes_to_the_rules_of_their_role() {
    // Tenures are certain, so the new one is that of the receiver: 200 days for a, none for b.
    let text = text(
        12,
        "role = [{ name = 'a' }, { name = 'b' }]\ndemand = { a = 1, b = 1 }\n[organisation.x]\n\
         hiring.stages = [{ name = 'search', takes_days = 0 }]\nattrition = { tenure_days = 100, role.b.tenure_days = 150 }\n\
         [organisation.y]\nattrition = { tenure_days = 200, role.b.attrition_per_year = 0 }\n\
         [[strategy.s.transfer]]\nto = 'y'\nmonth = 3",
    );
    assert_eq!(story(&text, &["notice_given"]), ["200 notice_given a0 tenure"]);
}
