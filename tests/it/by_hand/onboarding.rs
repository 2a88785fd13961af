//! Onboarding by hand: the mentor queue, slots and load, steps, who drops out.

use super::{output, story};
use crate::support::{assert_near, simulate, team_of, text};

/// Asserts that effective output has these levels, each from a day on.
fn assert_output(text: &str, expected: &[(f64, f64)]) {
    let output = output(text);
    assert_eq!(output.len(), expected.len(), "{output:?}");
    for ((day, effective), (expected_day, expected)) in output.into_iter().zip(expected) {
        assert_near("day", day, *expected_day, 0.0);
        assert_near("effective FTE", effective, *expected, 1e-12);
    }
}

#[test]
fn mentors_serve_in_order_of_joining_and_a_slot_of_a_leaver_passes_on_at_once() {
    // One mentor slot of 25 days, one recruiter of 10 days; everybody gives notice 45 days after joining.
    let text = team_of(
        3,
        4,
        "[organisation.x]\nhiring.staff.recruiters = 1\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]\n\
         onboarding = { waiting = 0.25, mentored = 0.5, mentored_days = 25, mentor_slots = 1 }\nattrition.tenure_days = 45",
    );
    assert_eq!(
        story(&text, &["joined", "mentoring_began", "phase_reached", "notice_given"]),
        [
            "10 joined a0",
            "10 mentoring_began a0",
            "20 joined a1",
            "30 joined a2",
            "35 phase_reached a0 full",
            "35 mentoring_began a1",
            "55 notice_given a0 tenure",
            "60 phase_reached a1 full",
            "60 mentoring_began a2",
            "65 notice_given a1 tenure",
            "65 joined a0",
            // The slot passes on in the middle of the mentoring of a2; a1, who joins at the same instant, is later.
            "75 notice_given a2 tenure",
            "75 mentoring_began a0",
            "75 joined a1",
            "85 joined a2",
            "100 phase_reached a0 full",
            "100 mentoring_began a1",
            "110 notice_given a0 tenure",
            "120 notice_given a1 tenure",
            "120 mentoring_began a2",
            "120 joined a0",
        ]
    );
    // FTE-days of each person up to day 121.67, in order of joining.
    let people = [
        0.5 * 25.0 + 20.0,
        0.25 * 15.0 + 0.5 * 25.0 + 5.0,
        0.25 * 30.0 + 0.5 * 15.0,
        0.25 * 10.0 + 0.5 * 25.0 + 10.0,
        0.25 * 25.0 + 0.5 * 20.0,
        0.25 * 35.0 + 0.5 * (5.0 / 3.0),
        0.25 * (5.0 / 3.0),
    ];
    assert_near("effective_fte_days", simulate(&text, 1).one("effective_fte_days"), people.iter().sum(), 1e-9);
}

#[test]
fn levels_output_and_load_multiply_and_add_as_the_formula_says() {
    // Output 1.2; mentored at 0.5 for 20 days with a load of 0.1, then 10 days at 0.7 and 10 at 0.9.
    let text = team_of(
        1,
        2,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 5 }]\n\
         onboarding = { waiting = 0.2, mentored = 0.5, mentored_days = 20, mentor_load = 0.1, \
         then = [{ level = 0.7, days = 10 }, { level = 0.9, days = 10 }] }",
    )
    .replace("name = 'a' }]", "name = 'a', output = 1.2 }]");
    assert_eq!(output(&text), [(0.0, 0.0), (5.0, 0.5), (25.0, 0.84), (35.0, 1.08), (45.0, 1.2)]);
    assert_eq!(
        story(&text, &["phase_reached"]),
        ["25 phase_reached a0 step 1", "35 phase_reached a0 step 2", "45 phase_reached a0 full"]
    );
    let results = simulate(&text, 1);
    let days = 20.0 * 0.5 + 10.0 * 0.84 + 10.0 * 1.08 + (365.0 / 6.0 - 45.0) * 1.2;
    assert_near("effective_fte_days", results.one("effective_fte_days"), days, 1e-9);
    // 90 % of the wanted output of 1.2 FTE are 1.08: reached on day 35.
    assert_near("effective_day", results.one("effective_day"), 35.0, 0.0);
    assert_near("shortfall_fte_days", results.one("shortfall_fte_days"), 1.2 * 365.0 / 6.0 - days, 1e-9);
}

#[test]
fn mentoring_can_take_all_output_but_not_more() {
    let text = team_of(
        2,
        1,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         onboarding = { waiting = 0, mentored = 0.5, mentored_days = 10, mentor_slots = 1, mentor_load = 2 }",
    );
    // 0.5 - 2 while the first is mentored; 1 + 0.5 - 2 while the second is; 2 from day 20 on.
    assert_eq!(output(&text), [(0.0, 0.0), (20.0, 2.0)]);
}

#[test]
fn slots_follow_the_productive_and_nobody_is_interrupted_when_they_fall() {
    // Half a slot for each productive person, rounded down, at least 1. One joins each day from day 1 to 6, is mentored
    // for 10 days, and gives notice 47 days after joining. On day 41 four are productive: two begin. From day 48 on
    // they leave; the two continue until day 51, when the slots are back to one.
    let text = team_of(
        6,
        2,
        "[organisation.x]\nhiring.staff.recruiters = 1\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 1 }]\n\
         onboarding = { waiting = 0, mentored = 0.5, mentored_days = 10, mentor_slots = { per_productive = 0.5, at_least = 1 } }\n\
         attrition.tenure_days = 47",
    );
    let story = story(&text, &["mentoring_began", "phase_reached", "notice_given"]);
    assert_eq!(
        story[..18],
        [
            "1 mentoring_began a0",
            "11 phase_reached a0 full",
            "11 mentoring_began a1",
            "21 phase_reached a1 full",
            "21 mentoring_began a2",
            "31 phase_reached a2 full",
            "31 mentoring_began a3",
            "41 phase_reached a3 full",
            "41 mentoring_began a4",
            "41 mentoring_began a5",
            "48 notice_given a0 tenure",
            "49 notice_given a1 tenure",
            "50 notice_given a2 tenure",
            "51 notice_given a3 tenure",
            "51 phase_reached a4 full",
            "51 phase_reached a5 full",
            "51 mentoring_began a0",
            "52 notice_given a4 tenure",
        ]
    );
}

#[test]
fn without_slots_everybody_waits() {
    let text = team_of(
        4,
        2,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         onboarding = { waiting = 0.25, mentored = 0.5, mentored_days = 10, mentor_slots = { per_productive = 1 } }",
    );
    // Nobody is productive, so nobody can mentor: a slot for each productive person makes none.
    assert_eq!(output(&text), [(0.0, 1.0)]);
    assert!(story(&text, &["mentoring_began"]).is_empty());
}

#[test]
fn whoever_waits_at_level_1_counts_as_productive() {
    let text = team_of(
        4,
        2,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         onboarding = { waiting = 1, mentored = 0.5, mentored_days = 10, mentor_slots = { per_productive = 0.25 } }",
    );
    // Four wait at level 1: one slot. With one mentored, three are left: no slot for the next until that one is done.
    assert_eq!(
        story(&text, &["mentoring_began"])[..3],
        ["0 mentoring_began a0", "10 mentoring_began a1", "20 mentoring_began a2"]
    );
}

#[test]
fn whoever_gives_notice_stays_at_the_level_they_had() {
    // Gives notice on day 30, in the middle of a step at 0.6, and serves 40 days at half of that: 0.3 alongside the
    // successor, who is mentored at 0.4 from day 30 to 50 and then reaches the step.
    let text = team_of(
        1,
        2,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         onboarding = { waiting = 0.1, mentored = 0.4, mentored_days = 20, then = [{ level = 0.6, days = 20 }] }\n\
         attrition = { tenure_days = 30, leave_notice_days = 40, notice_level = 0.5 }",
    );
    let expected = [(0.0, 0.4), (20.0, 0.6), (30.0, 0.3 + 0.4), (50.0, 0.3 + 0.6), (60.0, 0.3 + 0.3 + 0.4)];
    assert_output(&text, &expected);
}

#[test]
fn a_role_has_its_own_levels_and_durations_and_shares_the_slots() {
    // One slot: a0 is mentored from day 0 to 30 at 0.5, then b0 for 10 days at 0.8. Then a takes a step, and b does not.
    let text = text(
        2,
        "role = [{ name = 'a' }, { name = 'b' }]\ndemand = { a = 1, b = 1 }\n[organisation.x]\n\
         hiring.stages = [{ name = 'search', takes_days = 0 }]\n[organisation.x.onboarding]\n\
         waiting = 0.1\nmentored = 0.5\nmentored_days = 30\nmentor_slots = 1\nthen = [{ level = 0.9, days = 20 }]\n\
         role.b = { waiting = 0.2, mentored = 0.8, mentored_days = 10, then = [] }",
    );
    let expected = [(0.0, 0.7), (30.0, 0.9 + 0.8), (40.0, 0.9 + 1.0), (50.0, 2.0)];
    assert_output(&text, &expected);
}

#[test]
fn a_level_above_1_counts_as_productive() {
    // Three wait at 1.5, and mentor: one slot for every two productive people.
    let text = team_of(
        3,
        2,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         onboarding = { waiting = 1.5, mentored = 0.5, mentored_days = 10, mentor_slots = { per_productive = 0.5 } }",
    );
    assert_eq!(
        story(&text, &["mentoring_began"]),
        ["0 mentoring_began a0", "10 mentoring_began a1", "20 mentoring_began a2"]
    );
}
