//! Transfer by hand: when, who, in which order; requisitions and levels that transfer.

use super::{NEVER_PASSES, line, output, story};
use crate::support::{assert_near, scenario, simulate, team_of, text};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";
const ONE_BY_ONE: &str =
    "hiring.staff.recruiters = 1\nhiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]";

/// Returns a team that `x` builds and hands over to `y`.
fn handed_over(people: u32, months: u32, (sender, receiver, transfer): (&str, &str, &str)) -> String {
    team_of(
        people,
        months,
        &format!("[organisation.x]\n{sender}\n[organisation.y]\n{receiver}\n[[strategy.s.transfer]]\nto = 'y'\n{transfer}"),
    )
}

/// Who joined, and which organisation.
fn employers(text: &str) -> Vec<String> {
    let scenario = scenario(text);
    let rows = handover::run::trace::trace(&scenario, 0, scenario.seed, 0).rows;
    rows.iter().filter(|row| row.event == "joined").map(|row| format!("{} {}", line(row), row.organisation)).collect()
}

#[test]
fn waves_reach_the_longest_tenures_first_and_round_half_up() {
    // Of 7 people 3.5 are 4, 5.6 are 6. They joined one by one.
    let text = handed_over(7, 6, (ONE_BY_ONE, AT_ONCE, "month = 3\nwaves = [0.5, 0.3, 0.2]\nwave_gap_days = 30"));
    assert_eq!(
        story(&text, &["transfer_began", "accepted", "transfer_completed"]),
        [
            "91.25 transfer_began",
            "91.25 accepted a0",
            "91.25 accepted a1",
            "91.25 accepted a2",
            "91.25 accepted a3",
            "121.25 accepted a4",
            "121.25 accepted a5",
            "151.25 accepted a6",
            "151.25 transfer_completed",
        ]
    );
    // Of 5 people, 0.7 are 3.5, rounded to 4. And 0.9 are 4.5, rounded to 5, though 0.7 + 0.2 is slightly less in
    // doubles.
    let text = handed_over(5, 6, (AT_ONCE, AT_ONCE, "month = 3\nwaves = [0.7, 0.2, 0.1]\nwave_gap_days = 10"));
    let reached: Vec<usize> = ["91.25", "101.25", "111.25"]
        .iter()
        .map(|day| story(&text, &["accepted"]).iter().filter(|line| line.starts_with(&format!("{day} "))).count())
        .collect();
    assert_eq!(reached, [4, 1, 0]);
    assert_eq!(story(&text, &["transfer_completed"]), ["111.25 transfer_completed"]);
}

#[test]
fn tenure_counts_and_not_the_role_or_the_seat() {
    // b is hired first. Those of equal tenure transfer in the order of joining.
    let roles = "role = [{ name = 'a', priority = 1 }, { name = 'b', priority = 0 }]\ndemand = { a = 2, b = 2 }";
    let organisations = |hiring: &str| {
        format!(
            "{roles}\n[organisation.x]\n{hiring}\n[organisation.y]\n{AT_ONCE}\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 3\nwaves = [0.5, 0.25, 0.25]\nwave_gap_days = 5"
        )
    };
    for hiring in [ONE_BY_ONE, AT_ONCE] {
        assert_eq!(
            story(&text(6, &organisations(hiring)), &["accepted"]),
            ["91.25 accepted b0", "91.25 accepted b1", "96.25 accepted a0", "101.25 accepted a1"]
        );
    }
}

#[test]
fn whoever_goes_between_waves_is_passed_over_and_newcomers_get_no_offer() {
    // All of x quit 100 days after joining, those of y never. a0 transfers on day 91.25; a1 quits on day 100 and is
    // replaced at once by a person who joins y and is not part of the second wave.
    let attrition = format!("{AT_ONCE}\nattrition.tenure_days = 100");
    let text = handed_over(2, 6, (&attrition, AT_ONCE, "month = 3\nwaves = [0.5, 0.5]\nwave_gap_days = 20"));
    assert_eq!(
        story(&text, &["transfer_began", "accepted", "refused", "notice_given", "transfer_completed"]),
        ["91.25 transfer_began", "91.25 accepted a0", "100 notice_given a1 tenure", "111.25 transfer_completed"]
    );
    assert_eq!(employers(&text), ["0 joined a0 x", "0 joined a1 x", "100 joined a1 y"]);
    let results = simulate(&text, 1);
    for (response, expected) in [("offered", 1.0), ("accepted", 1.0), ("transfer_day", 91.25), ("leaves", 1.0)] {
        assert_near(response, results.one(response), expected, 0.0);
    }
}

#[test]
fn whoever_has_given_notice_before_gets_no_offer_and_leaves_under_the_senders_rules() {
    // Notice from day 80 to 110 at the sender's level 0.5, alongside successors, who are offered the transfer.
    let sender = format!("{AT_ONCE}\nattrition = {{ tenure_days = 80, leave_notice_days = 30, notice_level = 0.5 }}");
    let receiver = format!("{AT_ONCE}\nattrition = {{ leave_notice_days = 5, notice_level = 0 }}");
    let text = handed_over(2, 6, (&sender, &receiver, "month = 3"));
    assert_eq!(story(&text, &["left"]), ["110 left a0 tenure", "110 left a1 tenure"]);
    assert_eq!(output(&text), [(0.0, 2.0), (80.0, 3.0), (110.0, 2.0)]);
    let results = simulate(&text, 1);
    assert_near("offered", results.one("offered"), 2.0, 0.0);
    assert_near("joins", results.one("joins"), 4.0, 0.0);
}

#[test]
fn refusers_overlap_with_their_successors_at_full_output() {
    // A refuser has not given notice: neither notice level nor notice period apply.
    let organisation = format!("{AT_ONCE}\nattrition = {{ leave_notice_days = 7, notice_level = 0.1 }}");
    let text = handed_over(3, 6, (&organisation, &organisation, "month = 3\nacceptance = 0\nrefuser_stays_days = 20"));
    assert_eq!(
        story(&text, &["refused", "requisition_opened", "left"])[3..],
        [
            "91.25 refused a0",
            "91.25 refused a1",
            "91.25 refused a2",
            "91.25 requisition_opened a0",
            "91.25 requisition_opened a1",
            "91.25 requisition_opened a2",
            "111.25 left a0 refusal",
            "111.25 left a1 refusal",
            "111.25 left a2 refusal",
        ]
    );
    assert_eq!(output(&text), [(0.0, 3.0), (91.25, 6.0), (111.25, 3.0)]);
    let results = simulate(&text, 1);
    for (response, expected) in [
        ("offered", 3.0),
        ("accepted", 0.0),
        ("leaves_refusal", 3.0),
        ("leaves", 3.0),
        ("trough_share", 1.0),
        ("recovery_days", 0.0),
    ] {
        assert_near(response, results.one(response), expected, 1e-15);
    }
    assert!(results.one("retained_6m").is_nan(), "nobody accepted");
}

#[test]
fn places_of_refusers_are_opened_in_order_of_priority() {
    let text = text(
        6,
        &format!(
            "role = [{{ name = 'a', priority = 1 }}, {{ name = 'b', priority = 0 }}]\ndemand = {{ a = 2, b = 2 }}\n\
             [organisation.x]\n{AT_ONCE}\n[organisation.y]\n{ONE_BY_ONE}\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 3\nacceptance = 0"
        ),
    );
    let story = story(&text, &["requisition_opened", "joined"]);
    assert_eq!(story[8..12], ["b0", "b1", "a0", "a1"].map(|seat| format!("91.25 requisition_opened {seat}")));
    assert_eq!(story[12..], ["101.25 joined b0", "111.25 joined b1", "121.25 joined a0", "131.25 joined a1"]);
}

#[test]
fn requisitions_in_their_first_stage_go_over_and_later_ones_finish() {
    // a0 has joined; a1 is in its notice period; a2 is in its search; a3 waits for the recruiter.
    let sender = "hiring.staff.recruiters = 1\nhiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 40 }, \
                  { name = 'notice', takes_days = 20 }]";
    let receiver = "hiring.staff.agents = 1\nhiring.stages = [{ name = 'hunt', uses = 'agents', takes_days = 10 }, \
                    { name = 'talks', takes_days = 5 }]";
    let text = handed_over(4, 6, (sender, receiver, "month = 3"));
    assert_eq!(
        story(&text, &["requisition_moved", "stage_queued", "stage_began", "joined"])[4..],
        [
            "0 stage_began a0 search",
            "40 stage_began a0 notice",
            "40 stage_began a1 search",
            "60 joined a0",
            "80 stage_began a1 notice",
            "80 stage_began a2 search",
            "91.25 requisition_moved a2",
            "91.25 stage_queued a2 hunt",
            "91.25 requisition_moved a3",
            "91.25 stage_queued a3 hunt",
            "91.25 stage_began a2 hunt",
            "100 joined a1",
            "101.25 stage_began a2 talks",
            "101.25 stage_began a3 hunt",
            "106.25 joined a2",
            "111.25 stage_began a3 talks",
            "116.25 joined a3",
        ]
    );
    assert_eq!(employers(&text), ["60 joined a0 x", "100 joined a1 y", "106.25 joined a2 y", "116.25 joined a3 y"]);
    // All were opened on day 0.
    let fill_days = (60.0 + 100.0 + 106.25 + 116.25) / 4.0;
    assert_near("mean_fill_days", simulate(&text, 1).one("mean_fill_days"), fill_days, 0.0);
    // With the sender's pipeline serving on, searches continue as if nothing had happened; new people join the
    // receiver.
    let text = handed_over(4, 8, (sender, receiver, "month = 3\nhiring_after = 'sender'"));
    assert!(story(&text, &["requisition_moved"]).is_empty());
    assert_eq!(employers(&text), ["60 joined a0 x", "100 joined a1 y", "140 joined a2 y", "180 joined a3 y"]);
}

#[test]
fn requisitions_go_over_in_the_order_in_which_they_were_opened() {
    // All searches of the sender fail. On day 91.25 a2 is at work, and a0 and a1 queue behind.
    let sender = format!(
        "hiring.staff.recruiters = 1\nhiring.stages = [{{ name = 'search', uses = 'recruiters', takes_days = 40, {NEVER_PASSES} }}]"
    );
    let text = handed_over(3, 6, (&sender, ONE_BY_ONE, "month = 3"));
    assert_eq!(story(&text, &["joined"]), ["101.25 joined a0", "111.25 joined a1", "121.25 joined a2"]);
    // The receiver's queue has its priorities too.
    let text = crate::support::text(
        6,
        &format!(
            "role = [{{ name = 'a', priority = 0 }}, {{ name = 'b', priority = 0 }}, {{ name = 'c', priority = -1 }}]\n\
             demand = {{ a = 1, b = 1, c = [{{ month = 2, value = 1 }}] }}\n[organisation.x]\n{sender}\n\
             [organisation.y]\n{ONE_BY_ONE}\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 3"
        ),
    );
    assert_eq!(story(&text, &["joined"]), ["101.25 joined c0", "111.25 joined a0", "121.25 joined b0"]);
}

#[test]
fn a_failure_after_the_transfer_goes_to_the_receiver_unless_the_sender_serves_on() {
    let sender = format!(
        "hiring.stages = [{{ name = 'search', takes_days = 10 }}, {{ name = 'notice', takes_days = 100, {NEVER_PASSES} }}]"
    );
    let events = ["requisition_moved", "stage_began", "candidate_failed", "joined"];
    let text = handed_over(1, 6, (&sender, ONE_BY_ONE, "month = 3"));
    assert_eq!(
        story(&text, &events),
        [
            "0 stage_began a0 search",
            "10 stage_began a0 notice",
            "110 candidate_failed a0 notice",
            "110 requisition_moved a0",
            "110 stage_began a0 search",
            "120 joined a0",
        ]
    );
    let text = handed_over(1, 6, (&sender, ONE_BY_ONE, "month = 3\nhiring_after = 'sender'"));
    assert_eq!(
        story(&text, &events)[2..],
        ["110 candidate_failed a0 notice", "110 stage_began a0 search", "120 stage_began a0 notice"]
    );
}

#[test]
fn the_receiver_prepares_six_months_before_and_the_transfer_waits_for_it() {
    let day = |transfer: &str| {
        let text = handed_over(1, 12, (AT_ONCE, &format!("{AT_ONCE}\nsetup_days = 200"), transfer));
        simulate(&text, 1).one("transfer_day")
    };
    // Starts at month 3, is set up on day 291.25.
    assert_near("month 9", day("month = 9"), 291.25, 0.0);
    // Starts on day 0 at the earliest.
    assert_near("month 3", day("month = 3"), 200.0, 0.0);
    assert_near("prepared in month 1.5", day("month = 9\nprepare_month = 1.5"), 273.75, 0.0);
    assert_near("prepared late", day("month = 3\nprepare_month = 4.5"), 136.875 + 200.0, 0.0);
    // Set up at the instant at which it falls due, and never within the horizon.
    let text = handed_over(1, 12, (AT_ONCE, &format!("{AT_ONCE}\nsetup_days = 182.5"), "month = 9"));
    assert_near("just in time", simulate(&text, 1).one("transfer_day"), 273.75, 0.0);
    let text = handed_over(1, 12, (AT_ONCE, &format!("{AT_ONCE}\nsetup_days = 1000"), "month = 9"));
    assert!(simulate(&text, 1).one("transfer_day").is_infinite());
}

#[test]
fn a_transfer_at_the_start_finds_nobody_and_one_at_the_end_does_not_take_place() {
    let results = simulate(&handed_over(2, 6, (AT_ONCE, AT_ONCE, "month = 0")), 1);
    for (response, expected) in
        [("transfer_day", 0.0), ("offered", 0.0), ("accepted", 0.0), ("outcome", 1.0), ("joins", 2.0)]
    {
        assert_near(response, results.one(response), expected, 0.0);
    }
    for response in ["retained_6m", "trough_share", "recovery_days"] {
        assert!(results.one(response).is_nan(), "{response}");
    }
    let results = simulate(&handed_over(2, 6, (AT_ONCE, AT_ONCE, "month = 6")), 1);
    assert!(results.one("transfer_day").is_infinite(), "never");
    for response in ["offered", "accepted", "retained_6m", "trough_share", "recovery_days"] {
        assert!(results.one(response).is_nan(), "{response}");
    }
    assert_near("outcome", results.one("outcome"), 0.0, 0.0);
}

#[test]
fn a_time_to_quit_that_does_not_vary_goes_over_as_it_is_or_is_due_today() {
    let notices = |sender: &str, receiver: &str| {
        let attrition = |days: &str| {
            format!("{AT_ONCE}\n{}", if days.is_empty() { String::new() } else { format!("attrition.tenure_days = {days}") })
        };
        story(&handed_over(1, 9, (&attrition(sender), &attrition(receiver), "month = 3")), &["notice_given"])
    };
    assert_eq!(notices("100", "200"), ["200 notice_given a0 tenure"]);
    assert_eq!(
        notices("100", "80"),
        ["91.25 notice_given a0 tenure", "171.25 notice_given a0 tenure", "251.25 notice_given a0 tenure"]
    );
    assert_eq!(notices("", "150"), ["150 notice_given a0 tenure"]);
    assert!(notices("100", "").is_empty());
    assert_eq!(notices("100", "100"), ["100 notice_given a0 tenure", "200 notice_given a0 tenure"]);
}

#[test]
fn levels_are_those_of_the_receiver_and_lengths_those_of_the_organisation_joined() {
    let sender = format!(
        "{AT_ONCE}\nonboarding = {{ waiting = 0.2, mentored = 0.4, mentored_days = 30, \
         then = [{{ level = 0.6, days = 40 }}, {{ level = 0.8, days = 40 }}] }}"
    );
    let receiver = format!(
        "{AT_ONCE}\nonboarding = {{ waiting = 0.3, mentored = 0.5, mentored_days = 10, then = [{{ level = 0.7, days = 5 }}] }}"
    );
    // On day 91.25 in the second step, which the receiver does not have: level 1.
    let text = handed_over(1, 6, (&sender, &receiver, "month = 3"));
    assert_eq!(output(&text), [(0.0, 0.4), (30.0, 0.6), (70.0, 0.8), (91.25, 1.0)]);
    assert_eq!(story(&text, &["phase_reached"])[2..], ["110 phase_reached a0 full"]);
    // On day 45.625 in the first step: the receiver's level until day 70.
    let text = handed_over(1, 6, (&sender, &receiver, "month = 1.5"));
    assert_eq!(output(&text), [(0.0, 0.4), (30.0, 0.6), (45.625, 0.7), (70.0, 1.0)]);
    // Still waiting on day 91.25, because the sender has no slots: mentored by the receiver for the sender's 30 days.
    let no_slots = sender.replace("mentored_days = 30", "mentored_days = 30, mentor_slots = 0");
    let text = handed_over(1, 6, (&no_slots, &receiver, "month = 3"));
    assert_eq!(output(&text), [(0.0, 0.2), (91.25, 0.5), (121.25, 0.7), (161.25, 1.0)]);
    // Conversely, a person who waits at the transfer keeps waiting, at the receiver's level.
    let text =
        handed_over(1, 6, (&no_slots, &receiver.replace("mentored_days", "mentor_slots = 0, mentored_days"), "month = 3"));
    assert_eq!(output(&text), [(0.0, 0.2), (91.25, 0.3)]);
    // Without onboarding everyone is at level 1.
    let text = handed_over(1, 6, (&sender, AT_ONCE, "month = 1.5"));
    assert_eq!(output(&text), [(0.0, 0.4), (30.0, 0.6), (45.625, 1.0)]);
    // The receiver's load, while a person is mentored.
    let text =
        handed_over(1, 6, (&sender, &receiver.replace("mentored_days", "mentor_load = 0.25, mentored_days"), "month = 0.6"));
    assert_eq!(output(&text), [(0.0, 0.4), (18.25, 0.25), (30.0, 0.7), (70.0, 1.0)]);
    // A person who joined an organisation without onboarding needs none.
    let text = handed_over(1, 6, (AT_ONCE, &receiver, "month = 1.5"));
    assert_eq!(output(&text), [(0.0, 1.0)]);
}

#[test]
fn who_joins_after_the_first_wave_is_onboarded_by_the_receivers_lengths() {
    // The sender's pipeline still brings them: the search that was opened on day 0 ends on day 100.
    let onboarding = |days: u32| format!("onboarding = {{ waiting = 0, mentored = 0.5, mentored_days = {days} }}");
    let sender = format!("hiring.stages = [{{ name = 'search', takes_days = 100 }}]\n{}", onboarding(10));
    let receiver = format!("{AT_ONCE}\n{}", onboarding(25));
    let text = handed_over(1, 6, (&sender, &receiver, "month = 3\nhiring_after = 'sender'"));
    assert_eq!(output(&text), [(0.0, 0.0), (100.0, 0.5), (125.0, 1.0)]);
}

#[test]
fn whoever_serves_notice_at_a_transfer_keeps_the_level_that_they_had() {
    // The first gives notice on day 80 in the step at 0.6 and stays until 140; the successor is in that step from day 90.
    // From day 91.25 the receiver's 0.2 holds for the successor alone.
    let sender = format!(
        "{AT_ONCE}\nonboarding = {{ waiting = 0.5, mentored = 0.5, mentored_days = 10, then = [{{ level = 0.6, days = 500 }}] }}\n\
         attrition = {{ tenure_days = 80, leave_notice_days = 60 }}"
    );
    let receiver = format!(
        "{AT_ONCE}\nonboarding = {{ waiting = 0, mentored = 0.1, mentored_days = 10, then = [{{ level = 0.2, days = 5 }}] }}"
    );
    let text = text(
        6,
        &format!(
            "role = [{{ name = 'a' }}]\ndemand.a = 1\n[organisation.x]\n{sender}\n[organisation.y]\n{receiver}\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 3"
        ),
    );
    assert_eq!(output(&text), [(0.0, 0.5), (10.0, 0.6), (80.0, 1.1), (90.0, 1.2), (91.25, 0.8), (140.0, 0.2)]);
}

#[test]
fn a_refuser_drops_out_of_queue_and_slot_and_keeps_the_level() {
    // b, hired first, refuses: b0 holds the only slot, b1 waits, then a0 and a1. The slot passes to a0. Until day 101.25 b0
    // is present at 0.5 and b1 at 0.25, and the load of 0.1 is that of a0 alone. The new b0 and b1 queue behind a1.
    let organisation = format!(
        "{AT_ONCE}\nonboarding = {{ waiting = 0.25, mentored = 0.5, mentored_days = 100, mentor_slots = 1, mentor_load = 0.1 }}"
    );
    let text = text(
        6,
        &format!(
            "role = [{{ name = 'a', priority = 1 }}, {{ name = 'b', priority = 0 }}]\ndemand = {{ a = 2, b = 2 }}\n\
             [organisation.x]\n{organisation}\n[organisation.y]\nlike = 'x'\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 3\n\
             acceptance_by_role.b = 0\nrefuser_stays_days = 10"
        ),
    );
    assert_eq!(story(&text, &["mentoring_began"]), ["0 mentoring_began b0", "91.25 mentoring_began a0"]);
    assert_eq!(output(&text), [(0.0, 1.15), (91.25, 1.9), (101.25, 1.15)]);
}

#[test]
fn a_step_that_the_receiver_does_not_have_counts_as_level_1_for_its_slots() {
    // By day 91.25 a0 and a1 are in their second step; a2 is mentored, the others wait. The receiver has a slot for each
    // productive person, now two: a3 begins at once, a4 when a2 is done.
    let sender = format!(
        "{AT_ONCE}\nonboarding = {{ waiting = 0.2, mentored = 0.4, mentored_days = 40, mentor_slots = 1, \
         then = [{{ level = 0.6, days = 10 }}, {{ level = 0.8, days = 200 }}] }}"
    );
    let receiver = format!(
        "{AT_ONCE}\nonboarding = {{ waiting = 0.2, mentored = 0.4, mentored_days = 10, mentor_slots = {{ per_productive = 1 }}, \
         then = [{{ level = 0.6, days = 10 }}] }}"
    );
    assert_eq!(
        story(&handed_over(6, 5, (&sender, &receiver, "month = 3")), &["mentoring_began"]),
        [
            "0 mentoring_began a0",
            "40 mentoring_began a1",
            "80 mentoring_began a2",
            "91.25 mentoring_began a3",
            "120 mentoring_began a4",
            // From day 130 on a2 is in a step that the receiver does not have: a third slot.
            "130 mentoring_began a5",
        ]
    );
}

#[test]
fn who_joins_at_the_instant_of_the_transfer_joins_the_receiver() {
    // The transfer was scheduled first. A later stage ends on day 91.25; a first stage of that length is lost.
    let later = "hiring.stages = [{ name = 'search', takes_days = 50 }, { name = 'notice', takes_days = 41.25 }]";
    let text = handed_over(1, 6, (later, ONE_BY_ONE, "month = 3"));
    assert_eq!(employers(&text), ["91.25 joined a0 y"]);
    assert_near("offered", simulate(&text, 1).one("offered"), 0.0, 0.0);
    let first = "hiring.stages = [{ name = 'search', takes_days = 91.25 }]";
    let text = handed_over(1, 6, (first, ONE_BY_ONE, "month = 3"));
    assert_eq!(employers(&text), ["101.25 joined a0 y"]);
}
