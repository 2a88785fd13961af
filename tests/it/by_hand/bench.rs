//! The bench, the brand and staff in steps, by hand.

use handover::maths::exp;
use handover::run::trace::trace;

use super::story;
use crate::support::{assert_near, scenario, simulate, team_of, text};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";
/// A search of 100 days, for all at once.
const SLOW: &str = "hiring.stages = [{ name = 'search', takes_days = 100 }]";

/// Returns the days of one kind of events.
fn days_of(text: &str, event: &str) -> Vec<f64> {
    let scenario = scenario(text);
    let rows = trace(&scenario, 0, scenario.seed, 0).rows;
    rows.iter().filter(|row| row.event == event).map(|row| row.day).collect()
}

/// Asserts that days are as expected, except for rounding.
#[track_caller]
fn assert_days(days: &[f64], expected: &[f64]) {
    assert_eq!(days.len(), expected.len(), "{days:?}, expected {expected:?}");
    for (day, expected) in days.iter().zip(expected) {
        assert_near("day", *day, *expected, 1e-9);
    }
}

#[test]
fn requisitions_take_from_the_bench_as_they_open_and_each_taken_is_replaced() {
    // Two of three come from the bench; on day 60 it is full again. All quit 100 days after joining: a0 and a1 on day 114,
    // when both come from the bench again, and a2 on day 200.
    let bench = "hiring.bench.a = 2\nhiring.bench_ready_days = 14\nhiring.bench_refill_days = 60";
    let text = team_of(3, 7, &format!("[organisation.x]\n{SLOW}\n{bench}\nattrition.tenure_days = 100"));
    assert_eq!(
        story(&text, &["bench_taken", "bench_refilled", "stage_began", "joined", "notice_given"]),
        [
            "0 bench_taken a0",
            "0 bench_taken a1",
            "0 stage_began a2 search",
            "14 joined a0",
            "14 joined a1",
            "60 bench_refilled",
            "60 bench_refilled",
            "100 joined a2",
            "114 notice_given a0 tenure",
            "114 bench_taken a0",
            "114 notice_given a1 tenure",
            "114 bench_taken a1",
            "128 joined a0",
            "128 joined a1",
            "174 bench_refilled",
            "174 bench_refilled",
            "200 notice_given a2 tenure",
            "200 bench_taken a2",
        ]
    );
    let results = simulate(&text, 1);
    assert_near("mean_fill_days", results.one("mean_fill_days"), (4.0 * 14.0 + 100.0) / 5.0, 1e-12);
    assert_near("joins", results.one("joins"), 5.0, 0.0);
}

#[test]
fn the_bench_serves_only_at_the_moment_of_opening_and_each_role_has_its_own() {
    // The bench of a is full again on day 10, and a1, opened on day 0, searches on; b has one, c none.
    let text = text(
        5,
        &format!(
            "role = [{{ name = 'a' }}, {{ name = 'b' }}, {{ name = 'c' }}]\ndemand = {{ a = 2, b = 1, c = 1 }}\n\
             [organisation.x]\n{SLOW}\nhiring.bench = {{ a = 1, b = 1 }}\nhiring.bench_ready_days = 5\nhiring.bench_refill_days = 10"
        ),
    );
    assert_eq!(
        story(&text, &["bench_taken", "joined"]),
        ["0 bench_taken a0", "0 bench_taken b0", "5 joined a0", "5 joined b0", "100 joined a1", "100 joined c0"]
    );
}

#[test]
fn whoever_is_on_the_way_from_the_bench_is_not_cancelled() {
    // Nobody is wanted from day 91.25 on: the search for a1 ends, a0 joins on day 120 and is released.
    let stages = "hiring.stages = [{ name = 'search', takes_days = 100 }, { name = 'notice', takes_days = 30 }]";
    let text = team_of(2, 6, &format!("[organisation.x]\n{stages}\nhiring.bench.a = 1\nhiring.bench_ready_days = 120"))
        .replace("demand.a = 2", "demand.a = [{ month = 0, value = 2 }, { month = 3, value = 0 }]");
    assert_eq!(
        story(&text, &["requisition_cancelled", "joined", "released", "left"]),
        ["91.25 requisition_cancelled a1", "120 joined a0", "120 released a0", "120 left a0 release"]
    );
}

#[test]
fn in_a_transfer_they_do_not_move_and_the_receivers_bench_is_for_what_opens_there() {
    // a0 is coming from the bench of x and joins y on day 100. The search for a1 moves to y, where it takes 40 days;
    // the bench of y waits for the requisition that opens on day 200, when a0 gives notice.
    let text = team_of(
        2,
        7,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 1000 }]\nhiring.bench.a = 1\n\
         hiring.bench_ready_days = 100\nhiring.bench_refill_days = 1000\n\
         [organisation.y]\nhiring.stages = [{ name = 'hunt', takes_days = 40 }]\nhiring.bench.a = 1\nhiring.bench_ready_days = 5\n\
         attrition.tenure_days = 100\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 3",
    );
    assert_eq!(
        story(&text, &["requisition_moved", "bench_taken", "bench_refilled", "stage_began", "joined"]),
        [
            "0 bench_taken a0",
            "0 stage_began a1 search",
            "91.25 requisition_moved a1",
            "91.25 stage_began a1 hunt",
            "100 joined a0",
            "131.25 joined a1",
            "200 bench_taken a0",
            "200 bench_refilled",
            "205 joined a0",
        ]
    );
}

#[test]
fn a_newcomer_searches_longer_until_people_have_joined() {
    // A search of 10 days takes 10 (1 + 2 exp(-h / 2)) when h people have joined; the notice period of 5 is not longer. The
    // recruiter begins a search as the one before ends, 5 days before that person joins: h = 0, 0, 1, 2.
    let factor = |joined: f64| 1.0 + 2.0 * exp(-joined / 2.0);
    let hiring = "hiring.staff.recruiters = 1\nhiring.brand = { start = 3, hires = 2 }\nhiring.stages = [\
                  { name = 'search', uses = 'recruiters', takes_days = 10 }, { name = 'notice', takes_days = 5 }]";
    let text = team_of(4, 6, &format!("[organisation.x]\n{hiring}"));
    let mut day = 0.0;
    let mut expected = Vec::new();
    for joined in [0.0, 0.0, 1.0, 2.0] {
        day += 10.0 * factor(joined);
        expected.push(day + 5.0);
    }
    assert_days(&days_of(&text, "joined"), &expected);
    // Two who were there from the start count as joined.
    let initial = "[[strategy.s.initial]]\nrole = 'a'\nheadcount = 2";
    let text = team_of(3, 6, &format!("[organisation.x]\n{hiring}\n{initial}"));
    assert_days(&days_of(&text, "joined"), &[10.0 * factor(2.0) + 5.0]);
}

#[test]
fn whoever_accepts_or_comes_from_the_bench_counts_for_the_brand_of_that_organisation() {
    // y has 3 accepters on day 91.25, when a fourth becomes wanted. Its search begins after they have transferred, and
    // after the one from the bench has been taken, who joins only 10 days later.
    let brand = "hiring.brand = { start = 3, hires = 2 }";
    let text = text(
        9,
        &format!(
            "role = [{{ name = 'a' }}]\ndemand.a = [{{ month = 0, value = 3 }}, {{ month = 3.6, value = 5 }}, {{ month = 6, value = 6 }}]\n\
             [organisation.x]\n{AT_ONCE}\n[organisation.y]\nhiring.stages = [{{ name = 'search', takes_days = 10 }}]\n{brand}\n\
             hiring.bench.a = 1\nhiring.bench_ready_days = 10\nhiring.bench_refill_days = 1000\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 3"
        ),
    );
    let factor = |joined: f64| 1.0 + 2.0 * exp(-joined / 2.0);
    let opened = 3.6 * 365.0 / 12.0;
    let expected = [0.0, 0.0, 0.0, opened + 10.0, opened + 10.0 * factor(3.0), 182.5 + 10.0 * factor(5.0)];
    assert_days(&days_of(&text, "joined"), &expected);
}

#[test]
fn a_search_that_goes_over_begins_at_once_or_when_its_staff_is_given_out() {
    // Three accept on day 91.25, when the search for a fourth moves. Without staff it begins as it moves, when nobody
    // has joined the receiver: 10 days times 3. With staff it begins after the offers: 10 (1 + 2 exp(-3 / 2)).
    let with_staff = ("hiring.staff.recruiters = 5\n", ", uses = 'recruiters'", 1.0 + 2.0 * exp(-1.5));
    for (staff, uses, factor) in [("", "", 3.0), with_staff] {
        let text = text(
            6,
            &format!(
                "role = [{{ name = 'a' }}]\ndemand.a = [{{ month = 0, value = 3 }}, {{ month = 2, value = 4 }}]\n\
                 [organisation.x]\nhiring.stages = [{{ name = 'search', takes_days = 50 }}]\n\
                 [organisation.y]\nhiring.brand = {{ start = 3, hires = 2 }}\n{staff}\
                 hiring.stages = [{{ name = 'search', takes_days = 10{uses} }}]\n\
                 [[strategy.s.transfer]]\nto = 'y'\nmonth = 3"
            ),
        );
        assert_days(&days_of(&text, "joined"), &[50.0, 50.0, 50.0, 91.25 + 10.0 * factor]);
    }
}

#[test]
fn when_a_capacity_falls_work_under_way_is_finished_and_when_it_rises_more_begins_at_once() {
    // Two recruiters, one from day 91.25 on, three from day 182.5 on.
    let text = team_of(
        10,
        8,
        "[organisation.x]\nhiring.staff.recruiters = [{ month = 0, value = 2 }, { month = 3, value = 1 }, { month = 6, value = 3 }]\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 40 }]",
    );
    assert_eq!(
        story(&text, &["stage_began", "capacity_changed"])[4..],
        [
            "80 stage_began a4 search",
            "80 stage_began a5 search",
            "91.25 capacity_changed 1 recruiters",
            "120 stage_began a6 search",
            "160 stage_began a7 search",
            "182.5 capacity_changed 3 recruiters",
            "182.5 stage_began a8 search",
            "182.5 stage_began a9 search",
        ]
    );
    assert_eq!(
        story(&text, &["joined"])[4..],
        ["120 joined a4", "120 joined a5", "160 joined a6", "200 joined a7", "222.5 joined a8", "222.5 joined a9"]
    );
}

#[test]
fn before_its_first_step_there_is_no_staff_and_what_each_handles_counts_in_every_step() {
    // None, then one recruiter for 1.5 requisitions, rounded down, then two for 3.
    let text = team_of(
        5,
        7,
        "[organisation.x]\nhiring.staff.recruiters = { count = [{ month = 3, value = 1 }, { month = 4.5, value = 2 }], each_handles = 1.5 }\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 40 }]",
    );
    assert_eq!(
        story(&text, &["stage_began"]),
        [
            "91.25 stage_began a0 search",
            "131.25 stage_began a1 search",
            "136.875 stage_began a2 search",
            "136.875 stage_began a3 search",
            "171.25 stage_began a4 search",
        ]
    );
}
