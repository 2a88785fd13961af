//! Falling demand by hand: requisitions are cancelled, people are released, newest first.

use super::{NEVER_PASSES, output, story};
use crate::support::{assert_near, simulate, text};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";
const ONE_BY_ONE: &str =
    "hiring.staff.recruiters = 1\nhiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]";

/// Returns a role whose wanted headcount changes at these months.
fn wanted(months: u32, steps: &[(f64, u32)], rest: &str) -> String {
    let step = |(month, value): &(f64, u32)| format!("{{ month = {month}, value = {value} }}");
    let steps: Vec<String> = steps.iter().map(step).collect();
    text(months, &format!("role = [{{ name = 'a' }}]\ndemand.a = [{}]\n{rest}", steps.join(", ")))
}

#[test]
fn requisitions_are_cancelled_in_the_order_in_which_they_were_opened_newest_first() {
    // a2 and a3 are opened on day 91.25; a0 and a1, whose people quit on day 100, later. In their first stage of two
    // all may be cancelled, at work or not; the others continue as if nothing had happened.
    let text = wanted(
        9,
        &[(0.0, 2), (3.0, 4), (4.5, 3), (6.0, 1)],
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 100 }, { name = 'notice', takes_days = 10 }]\n\
         attrition.tenure_days = 100\n[[strategy.s.initial]]\nrole = 'a'\nheadcount = 2",
    );
    assert_eq!(
        story(&text, &["requisition_opened", "requisition_cancelled", "released", "joined"]),
        [
            "91.25 requisition_opened a2",
            "91.25 requisition_opened a3",
            "100 requisition_opened a0",
            "100 requisition_opened a1",
            "136.875 requisition_cancelled a1",
            "182.5 requisition_cancelled a0",
            "182.5 requisition_cancelled a3",
            "201.25 joined a2",
        ]
    );
    let results = simulate(&text, 1);
    assert_eq!(results.months("open_requisitions", 3..=7), [0.0, 4.0, 3.0, 3.0, 0.0]);
    assert_near("mean_fill_days", results.one("mean_fill_days"), 110.0, 0.0);
    assert_near("leaves_release", results.one("leaves_release"), 0.0, 0.0);
}

#[test]
fn whoever_waits_is_cancelled_before_older_work_and_a_cancelled_search_frees_its_recruiter() {
    // a0 joins on day 40, a1 on day 80; a2 is at work, in the only stage and so in the last; a3 and a4 wait.
    let stage = "hiring.staff.recruiters = 1\nhiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 40 }]";
    let text_of_one = wanted(6, &[(0.0, 5), (3.0, 3)], &format!("[organisation.x]\n{stage}"));
    assert_eq!(
        story(&text_of_one, &["requisition_cancelled", "joined"])[2..],
        ["91.25 requisition_cancelled a4", "91.25 requisition_cancelled a3", "120 joined a2"]
    );
    // The search for a role that is no longer wanted ends at once, and the next begins.
    let text = text(
        9,
        "role = [{ name = 'a', priority = 0 }, { name = 'b', priority = 1 }]\n\
         demand = { a = [{ month = 0, value = 1 }, { month = 3, value = 0 }], b = 1 }\n\
         [organisation.x]\nhiring.staff.recruiters = 1\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 100 }, { name = 'notice', takes_days = 10 }]",
    );
    assert_eq!(
        story(&text, &["requisition_cancelled", "stage_began", "joined"]),
        [
            "0 stage_began a0 search",
            "91.25 requisition_cancelled a0",
            "91.25 stage_began b0 search",
            "191.25 stage_began b0 notice",
            "201.25 joined b0",
        ]
    );
}

/// Two who come to their last stage on day 10, of whom one waits there for a manager; nobody is wanted from day 91.25 on.
fn surplus_of_last_stages(pass: &str) -> String {
    wanted(
        6,
        &[(0.0, 2), (3.0, 0)],
        &format!(
            "[organisation.x]\nattrition.release_notice_days = 20\n[organisation.x.hiring]\nstaff.managers = 1\nstages = [\n\
             {{ name = 'search', takes_days = 10 }},\n{{ name = 'talks', uses = 'managers', takes_days = 100{pass} }}]"
        ),
    )
}

#[test]
fn a_last_stage_goes_on_and_whoever_it_brings_is_released() {
    let text = surplus_of_last_stages("");
    let events = ["requisition_opened", "requisition_cancelled", "candidate_failed", "joined", "released", "left"];
    assert_eq!(
        story(&text, &events)[2..],
        ["91.25 requisition_cancelled a1", "110 joined a0", "110 released a0", "130 left a0 release"]
    );
    let results = simulate(&text, 1);
    assert_eq!(results.months("open_requisitions", 1..=6), [2.0, 2.0, 2.0, 0.0, 0.0, 0.0]);
    assert_eq!(results.months("wanted", 1..=6), [2.0, 2.0, 2.0, 0.0, 0.0, 0.0]);
    for (response, expected) in [("joins", 1.0), ("leaves_release", 1.0), ("leaves", 1.0), ("mean_fill_days", 110.0)] {
        assert_near(response, results.one(response), expected, 0.0);
    }
    assert_near("delivered_fte_days", results.one("delivered_fte_days"), 20.0, 1e-12);
}

#[test]
fn a_last_stage_that_fails_is_cancelled() {
    let text = surplus_of_last_stages(&format!(", {NEVER_PASSES}"));
    assert_eq!(
        story(&text, &["requisition_cancelled", "candidate_failed"]),
        ["91.25 requisition_cancelled a1", "110 candidate_failed a0 talks", "110 requisition_cancelled a0"]
    );
    assert_eq!(simulate(&text, 1).months("open_requisitions", 4..=4), [0.0]);
}

#[test]
fn a_surplus_of_last_stages_alone_releases_nobody_until_they_join() {
    // a0 is there; a1 and a2 are in their last stage when one is wanted. On day 110 they join, and each leaves: the
    // newest is the one who has just joined. A person who is wanted again by then stays.
    let stages = "hiring.stages = [{ name = 'search', takes_days = 10 }, { name = 'notice', takes_days = 100 }]";
    let rest = format!("[organisation.x]\n{stages}\n[[strategy.s.initial]]\nrole = 'a'\nheadcount = 1\ntenure_days = 50");
    let events = ["requisition_cancelled", "joined", "released", "left"];
    assert_eq!(
        story(&wanted(6, &[(0.0, 3), (3.0, 1)], &rest), &events),
        [
            "110 joined a1",
            "110 released a1",
            "110 left a1 release",
            "110 joined a2",
            "110 released a2",
            "110 left a2 release",
        ]
    );
    assert_eq!(
        story(&wanted(6, &[(0.0, 3), (3.0, 1), (3.3, 2)], &rest), &events),
        ["110 joined a1", "110 joined a2", "110 released a2", "110 left a2 release"]
    );
}

#[test]
fn the_newest_are_released_and_serve_their_notice_at_the_level_they_had() {
    // They join on days 10, 20, 30; the notice level is for those who give notice themselves.
    let attrition = "attrition = { release_notice_days = 30, leave_notice_days = 7, notice_level = 0.5 }";
    let text = wanted(6, &[(0.0, 3), (3.0, 1)], &format!("[organisation.x]\n{ONE_BY_ONE}\n{attrition}"));
    assert_eq!(
        story(&text, &["released", "left"]),
        ["91.25 released a2", "91.25 released a1", "121.25 left a2 release", "121.25 left a1 release"]
    );
    assert_eq!(output(&text), [(0.0, 0.0), (10.0, 1.0), (20.0, 2.0), (30.0, 3.0), (121.25, 1.0)]);
    let results = simulate(&text, 1);
    for (response, expected) in [("leaves_release", 2.0), ("leaves", 2.0), ("joins", 3.0), ("staffed_share", 152.5 / 182.5)]
    {
        assert_near(response, results.one(response), expected, 1e-15);
    }
    assert_eq!(results.months("headcount", 3..=5), [3.0, 1.0, 1.0]);
    // Those who joined at one instant go in the reverse order of joining, without notice at once.
    let text = wanted(6, &[(0.0, 3), (3.0, 1)], &format!("[organisation.x]\n{AT_ONCE}"));
    assert_eq!(
        story(&text, &["released", "left"]),
        ["91.25 released a2", "91.25 left a2 release", "91.25 released a1", "91.25 left a1 release"]
    );
}

#[test]
fn whoever_is_released_does_not_come_back_when_more_are_wanted_again() {
    // a1 is released on day 91.25 and present until day 191.25; from day 182.5 on two are wanted again.
    let rest = format!("[organisation.x]\n{ONE_BY_ONE}\nattrition.release_notice_days = 100");
    let text = wanted(9, &[(0.0, 2), (3.0, 1), (6.0, 2)], &rest);
    assert_eq!(
        story(&text, &["requisition_opened", "joined", "released", "left"])[4..],
        ["91.25 released a1", "182.5 requisition_opened a1", "191.25 left a1 release", "192.5 joined a1"]
    );
}

#[test]
fn whoever_serves_notice_is_not_released_and_a_release_ends_all_other_plans() {
    // The first gives notice on day 80; the successor, who joins the same day, would give notice on day 160 and is
    // released on day 91.25: both leave for their own cause.
    let attrition = "attrition = { tenure_days = 80, leave_notice_days = 60, release_notice_days = 100 }";
    let text = wanted(12, &[(0.0, 1), (3.0, 0)], &format!("[organisation.x]\n{AT_ONCE}\n{attrition}"));
    assert_eq!(
        story(&text, &["joined", "notice_given", "released", "left"]),
        [
            "0 joined a0",
            "80 notice_given a0 tenure",
            "80 joined a0",
            "91.25 released a0",
            "140 left a0 tenure",
            "191.25 left a0 release",
        ]
    );
    let results = simulate(&text, 1);
    assert_near("leaves_tenure", results.one("leaves_tenure"), 1.0, 0.0);
    assert_near("leaves_release", results.one("leaves_release"), 1.0, 0.0);
}

#[test]
fn whoever_is_released_leaves_the_mentor_to_the_next_in_line() {
    // a0 holds the only slot, b0 waits. On day 91.25 a0 is released, and present for 30 days more at the level they had.
    let onboarding =
        "onboarding = { waiting = 0.25, mentored = 0.5, mentored_days = 200, mentor_slots = 1, mentor_load = 0.1 }";
    let text = text(
        6,
        &format!(
            "role = [{{ name = 'a', priority = 0 }}, {{ name = 'b', priority = 1 }}]\n\
             demand = {{ a = [{{ month = 0, value = 1 }}, {{ month = 3, value = 0 }}], b = 1 }}\n\
             [organisation.x]\n{AT_ONCE}\n{onboarding}\nattrition.release_notice_days = 30"
        ),
    );
    assert_eq!(story(&text, &["mentoring_began"]), ["0 mentoring_began a0", "91.25 mentoring_began b0"]);
    assert_eq!(output(&text), [(0.0, 0.65), (91.25, 0.9), (121.25, 0.4)]);
}

#[test]
fn a_search_that_goes_over_waits_again_and_may_be_cancelled() {
    // At work in the only stage of x until day 91.25; y has no pipeline, so it waits there until nobody is wanted.
    let stage = "hiring.stages = [{ name = 'search', takes_days = 1000 }]";
    let transfer = "[organisation.y]\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 3";
    let text = wanted(9, &[(0.0, 2), (6.0, 1)], &format!("[organisation.x]\n{stage}\n{transfer}"));
    assert_eq!(
        story(&text, &["requisition_moved", "requisition_cancelled"]),
        ["91.25 requisition_moved a0", "91.25 requisition_moved a1", "182.5 requisition_cancelled a1"]
    );
    // So may one that fails and returns there.
    let later = format!(
        "hiring.stages = [{{ name = 'search', takes_days = 10 }}, {{ name = 'notice', takes_days = 100, {NEVER_PASSES} }}]"
    );
    let text = wanted(9, &[(0.0, 2), (6.0, 1)], &format!("[organisation.x]\n{later}\n{transfer}"));
    assert_eq!(
        story(&text, &["candidate_failed", "requisition_cancelled"]),
        ["110 candidate_failed a0 notice", "110 candidate_failed a1 notice", "182.5 requisition_cancelled a1"]
    );
}

/// Two who have been there for 30 days and two who have just joined, of whom one is wanted; people quit after 100 days.
fn surplus_that_waits(rest: &str) -> String {
    wanted(
        6,
        &[(0.0, 1)],
        &format!(
            "[organisation.x]\n{AT_ONCE}\nattrition = {{ tenure_days = 100, surplus = 'wait' }}\n\
             [[strategy.s.initial]]\nrole = 'a'\nheadcount = 2\ntenure_days = 30\n\
             [[strategy.s.initial]]\nrole = 'a'\nheadcount = 2\n{rest}"
        ),
    )
}

#[test]
fn a_surplus_that_waits_shrinks_until_somebody_is_missing() {
    let events = ["requisition_opened", "joined", "released", "left"];
    assert_eq!(
        story(&surplus_that_waits(""), &events),
        [
            "70 left a0 tenure",
            "70 left a1 tenure",
            "100 left a2 tenure",
            "100 left a3 tenure",
            "100 requisition_opened a0",
            "100 joined a0",
        ]
    );
    // An organisation that does not wait releases the rest when it takes charge.
    let transfer = "[organisation.y]\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 3";
    assert_eq!(
        story(&surplus_that_waits(transfer), &events),
        ["70 left a0 tenure", "70 left a1 tenure", "91.25 released a3", "91.25 left a3 release"]
    );
}

#[test]
fn a_place_that_is_not_filled_again_stays_lost_when_more_are_wanted() {
    // Both quit on day 50. Of the four wanted from day 91.25 on, two places are lost; the new people quit on day 141.25.
    let text = wanted(
        6,
        &[(0.0, 2), (3.0, 4)],
        &format!(
            "[organisation.x]\n{AT_ONCE}\nattrition = {{ tenure_days = 50, replace_share = 0 }}\n\
             [[strategy.s.initial]]\nrole = 'a'\nheadcount = 2"
        ),
    );
    assert_eq!(
        story(&text, &["notice_given", "place_lapsed", "wanted_changed", "joined"]),
        [
            "0 wanted_changed 2",
            "50 notice_given a0 tenure",
            "50 place_lapsed a0",
            "50 wanted_changed 1",
            "50 notice_given a1 tenure",
            "50 place_lapsed a1",
            "50 wanted_changed 0",
            "91.25 wanted_changed 2",
            "91.25 joined a0",
            "91.25 joined a1",
            "141.25 notice_given a0 tenure",
            "141.25 place_lapsed a0",
            "141.25 wanted_changed 1",
            "141.25 notice_given a1 tenure",
            "141.25 place_lapsed a1",
            "141.25 wanted_changed 0",
        ]
    );
    assert_eq!(simulate(&text, 1).months("wanted", 1..=6), [2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
}

#[test]
fn a_refuser_s_place_may_be_lost_and_a_surplus_person_s_never_is() {
    // Both refuse; two are wanted, so both places are lost. With one wanted and a surplus that waits, only the second
    // refuser leaves a place behind that is wanted.
    let refusers = |wanted_heads: u32| {
        let rest = format!(
            "[organisation.x]\nattrition = {{ replace_share = 0, surplus = 'wait' }}\n[organisation.y]\n{AT_ONCE}\n\
             [[strategy.s.initial]]\nrole = 'a'\nheadcount = 2\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 3\nacceptance = 0"
        );
        story(&wanted(6, &[(0.0, wanted_heads)], &rest), &["refused", "place_lapsed", "joined"])
    };
    assert_eq!(refusers(2), ["91.25 refused a0", "91.25 place_lapsed a0", "91.25 refused a1", "91.25 place_lapsed a1"]);
    assert_eq!(refusers(1), ["91.25 refused a0", "91.25 refused a1", "91.25 place_lapsed a1"]);
}
