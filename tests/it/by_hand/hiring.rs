//! Hiring by hand: who is served first, where failures go, how stages share staff.

use super::{NEVER_PASSES, story, story_of};
use crate::support::{assert_near, simulate, team_of, text};

#[test]
fn staff_serves_by_priority_and_then_by_arrival() {
    // Roles of equal priority, a and c, keep the order in which they are listed; b goes first.
    let text = text(
        3,
        "role = [{ name = 'a', priority = 1 }, { name = 'b', priority = -1 }, { name = 'c', priority = 1 }]\n\
         demand = { a = 2, b = 2, c = 1 }\n[organisation.x.hiring]\nstaff.recruiters = 1\n\
         stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]",
    );
    assert_eq!(
        story(&text, &["requisition_opened"]),
        ["b0", "b1", "a0", "a1", "c0"].map(|seat| format!("0 requisition_opened {seat}"))
    );
    assert_eq!(
        story(&text, &["stage_began", "joined"]),
        [
            "0 stage_began b0 search",
            "10 joined b0",
            "10 stage_began b1 search",
            "20 joined b1",
            "20 stage_began a0 search",
            "30 joined a0",
            "30 stage_began a1 search",
            "40 joined a1",
            "40 stage_began c0 search",
            "50 joined c0",
        ]
    );
    assert_near("mean_fill_days", simulate(&text, 1).one("mean_fill_days"), 30.0, 0.0);
}

#[test]
fn a_failure_returns_to_the_tail_before_the_freed_unit_is_given_out() {
    let stages = format!("stages = [{{ name = 'search', uses = 'recruiters', takes_days = 10, {NEVER_PASSES} }}]");
    let organisation = format!("[organisation.x.hiring]\nstaff.recruiters = 1\n{stages}");
    assert_eq!(
        story(&team_of(3, 2, &organisation), &["stage_began"]),
        ["0", "10", "20", "30", "40", "50", "60"]
            .iter()
            .zip([0, 1, 2, 0, 1, 2, 0])
            .map(|(day, seat)| format!("{day} stage_began a{seat} search"))
            .collect::<Vec<_>>()
    );
    // A candidate of a more urgent role queues ahead of all others at once, and takes the unit that it has just freed.
    let roles = "role = [{ name = 'a', priority = 1 }, { name = 'b', priority = 0 }]\ndemand = { a = 3, b = 1 }\n";
    assert_eq!(
        story(&text(1, &format!("{roles}{organisation}")), &["stage_began"]),
        ["0", "10", "20", "30"].map(|day| format!("{day} stage_began b0 search"))
    );
}

#[test]
fn a_failure_in_a_later_stage_goes_to_the_tail_of_the_first() {
    // Everybody fails after a notice period of 5 days, during which the next searches continue.
    let text = team_of(
        3,
        2,
        &format!(
            "[organisation.x.hiring]\nstaff.recruiters = 1\nstages = [\n\
             {{ name = 'search', uses = 'recruiters', takes_days = 10 }},\n{{ name = 'notice', takes_days = 5, {NEVER_PASSES} }}]"
        ),
    );
    assert_eq!(
        story(&text, &["stage_began", "candidate_failed"])[..12],
        [
            "0 stage_began a0 search",
            "10 stage_began a0 notice",
            "10 stage_began a1 search",
            "15 candidate_failed a0 notice",
            "20 stage_began a1 notice",
            "20 stage_began a2 search",
            "25 candidate_failed a1 notice",
            "30 stage_began a2 notice",
            "30 stage_began a0 search",
            "35 candidate_failed a2 notice",
            "40 stage_began a0 notice",
            "40 stage_began a1 search",
        ]
    );
}

#[test]
fn stages_that_use_the_same_staff_share_it_first_come_first_served() {
    // One recruiter for both stages: a requisition that has finished the first queues for the second behind those that
    // wait for the first since day 0.
    let text = team_of(
        2,
        3,
        "[organisation.x.hiring]\nstaff.recruiters = 1\nstages = [\n\
         { name = 'search', uses = 'recruiters', takes_days = 10 },\n{ name = 'talks', uses = 'recruiters', takes_days = 5 }]",
    );
    assert_eq!(
        story(&text, &["stage_queued", "stage_began", "joined"]),
        [
            "0 stage_queued a0 search",
            "0 stage_queued a1 search",
            "0 stage_began a0 search",
            "10 stage_queued a0 talks",
            "10 stage_began a1 search",
            "20 stage_queued a1 talks",
            "20 stage_began a0 talks",
            "25 joined a0",
            "25 stage_began a1 talks",
            "30 joined a1",
        ]
    );
}

#[test]
fn each_staff_has_a_queue_of_its_own_and_stages_without_staff_do_not_wait() {
    // Three searches at once, talks one by one, then 2 days that need nobody.
    let text = team_of(
        3,
        2,
        "[organisation.x.hiring]\nstaff = { recruiters = 3, managers = 1 }\nstages = [\n\
         { name = 'search', uses = 'recruiters', takes_days = 10 },\n{ name = 'talks', uses = 'managers', takes_days = 4 },\n\
         { name = 'signing', takes_days = 2 }]",
    );
    assert_eq!(
        story(&text, &["stage_began", "joined"]),
        [
            "0 stage_began a0 search",
            "0 stage_began a1 search",
            "0 stage_began a2 search",
            "10 stage_began a0 talks",
            "14 stage_began a0 signing",
            "14 stage_began a1 talks",
            "16 joined a0",
            "18 stage_began a1 signing",
            "18 stage_began a2 talks",
            "20 joined a1",
            "22 stage_began a2 signing",
            "24 joined a2",
        ]
    );
}

#[test]
fn events_of_one_instant_come_in_the_order_in_which_they_were_scheduled() {
    // The stage of a1 begins after that of a0; both end on day 10. The short stage of b0, begun on day 9, ends then too.
    let text = text(
        1,
        "role = [{ name = 'a' }, { name = 'b' }]\ndemand = { a = 2, b = 1 }\n[organisation.x.hiring]\nstages = [\n\
         { name = 'search', takes_days = 4, takes_days_by_role = { b = 9 } },\n\
         { name = 'notice', takes_days = 6, takes_days_by_role = { b = 1 } }]",
    );
    assert_eq!(story(&text, &["joined"]), ["10 joined a0", "10 joined a1", "10 joined b0"]);
}

#[test]
fn an_organisation_without_a_pipeline_leaves_requisitions_open() {
    let results = simulate(&team_of(3, 6, "[organisation.x]"), 1);
    assert_eq!(results.months("open_requisitions", 1..=6), [3.0; 6]);
    for response in ["joins", "leaves", "effective_fte_days", "staffed_share"] {
        assert_near(response, results.one(response), 0.0, 0.0);
    }
    for response in ["first_join_day", "half_staffed_day", "staffed_day", "effective_day"] {
        assert!(results.one(response).is_infinite(), "{response} is never");
    }
    for response in ["mean_fill_days", "vacant_days_per_join", "attrition_rate", "project_day"] {
        assert!(results.one(response).is_nan(), "{response} is undefined");
    }
    for (response, expected) in [("open_at_end", 3.0), ("vacant_days", 3.0 * 182.5), ("head_days", 0.0), ("fill_days", 0.0)]
    {
        assert_near(response, results.one(response), expected, 1e-9);
    }
}

#[test]
fn requisitions_open_once_the_employer_is_set_up() {
    let organisation = "[organisation.x]\nsetup_days = 50\nhiring.stages = [{ name = 'search', takes_days = 10 }]";
    let text = team_of(2, 3, organisation);
    assert_eq!(
        story(&text, &["organisation_started", "organisation_ready", "requisition_opened", "joined"]),
        [
            "0 organisation_started",
            "50 organisation_ready",
            "50 requisition_opened a0",
            "50 requisition_opened a1",
            "60 joined a0",
            "60 joined a1",
        ]
    );
    let results = simulate(&text, 1);
    assert_eq!(results.months("open_requisitions", 1..=3), [0.0, 0.0, 0.0]);
    assert_eq!(results.months("wanted", 1..=3), [2.0; 3]);
    assert_near("mean_fill_days", results.one("mean_fill_days"), 10.0, 0.0);
}

#[test]
fn an_organisation_like_another_takes_what_it_does_not_give_itself() {
    // A given table is used whole: y has its own stages, and no recruiters; it takes the set-up from x.
    let text = team_of(
        2,
        3,
        "[strategy.t]\nemployer = 'y'\n[organisation.x]\nsetup_days = 5\nhiring.staff.recruiters = 1\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]\n\
         [organisation.y]\nlike = 'x'\nhiring.stages = [{ name = 'search', takes_days = 20 }]",
    );
    assert_eq!(story_of(&text, 0, &["joined"]), ["15 joined a0", "25 joined a1"]);
    assert_eq!(story_of(&text, 1, &["joined"]), ["25 joined a0", "25 joined a1"]);
}

#[test]
fn a_failed_candidate_sends_the_requisition_back_to_the_stage_that_is_named() {
    // One manager: a0 and a1 come to the talks on day 10. Each failure joins the tail of that queue, not of the search.
    let stages = format!(
        "{{ name = 'search', takes_days = 10 }}, \
         {{ name = 'talks', uses = 'managers', takes_days = 20, {NEVER_PASSES}, on_fail = 'talks' }}"
    );
    let text = team_of(2, 3, &format!("[organisation.x]\nhiring.staff.managers = 1\nhiring.stages = [{stages}]"));
    assert_eq!(
        story(&text, &["stage_began", "candidate_failed", "stage_queued"]),
        [
            "0 stage_began a0 search",
            "0 stage_began a1 search",
            "10 stage_queued a0 talks",
            "10 stage_began a0 talks",
            "10 stage_queued a1 talks",
            "30 candidate_failed a0 talks",
            "30 stage_queued a0 talks",
            "30 stage_began a1 talks",
            "50 candidate_failed a1 talks",
            "50 stage_queued a1 talks",
            "50 stage_began a0 talks",
            "70 candidate_failed a0 talks",
            "70 stage_queued a0 talks",
            "70 stage_began a1 talks",
            "90 candidate_failed a1 talks",
            "90 stage_queued a1 talks",
            "90 stage_began a0 talks",
        ]
    );
    // After a transfer the receiver's first stage is next, whatever is named.
    let transfer = "[organisation.y]\nhiring.stages = [{ name = 'first', takes_days = 5 }]\n\
                    [[strategy.s.transfer]]\nto = 'y'\nmonth = 0.5";
    let text =
        team_of(1, 3, &format!("[organisation.x]\nhiring.staff.managers = 1\nhiring.stages = [{stages}]\n{transfer}"));
    assert_eq!(
        story(&text, &["candidate_failed", "requisition_moved", "stage_began", "joined"])[2..],
        ["30 candidate_failed a0 talks", "30 requisition_moved a0", "30 stage_began a0 first", "35 joined a0"]
    );
}

#[test]
fn waits_and_units_in_use_are_counted_by_the_day() {
    // One recruiter fills a seat every 10 days; the others wait, 20 and 10 days. One mentor for 20 days each: the second
    // to join waits 10 days, the third 20. A second recruiter comes on day 91.25 and has nothing to do.
    let text = team_of(
        3,
        6,
        "[organisation.x]\nhiring.staff.recruiters = [{ month = 0, value = 1 }, { month = 3, value = 2 }]\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]\n\
         onboarding = { waiting = 0, mentored = 0.5, mentored_days = 20, mentor_slots = 1 }",
    );
    let results = simulate(&text, 1);
    for (response, expected) in [
        ("waiting_staff_days", 30.0),
        ("waiting_mentor_days", 30.0),
        ("staff_busy_days", 30.0),
        ("staff_days", 91.25 + 2.0 * 91.25),
        ("staff_busy_share", 30.0 / 273.75),
    ] {
        assert_near(response, results.one(response), expected, 1e-12);
    }
    // Units count while their organisation is active. x hands over on day 45.625, when 5 days of a search are over.
    let text = team_of(
        1,
        3,
        "[organisation.x]\nhiring.staff.recruiters = 2\n\
         hiring.stages = [{ name = 'wait', takes_days = 40.625 }, { name = 'search', uses = 'recruiters', takes_days = 20 }]\n\
         [organisation.y]\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 1.5",
    );
    let results = simulate(&text, 1);
    for (response, expected) in [("staff_busy_days", 5.0), ("staff_days", 91.25), ("joins", 1.0)] {
        assert_near(response, results.one(response), expected, 1e-9);
    }
}
