//! Demand by hand: steps, roles, month ends, seats.

use super::story;
use crate::support::{DAYS_PER_MONTH, assert_near, simulate, team_of, text};

const AT_ONCE: &str = "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n";

#[test]
fn demand_holds_from_its_month_on_and_is_nothing_before() {
    // Rounded half up: 2.5 are 3, 4.49 are 4. Roles are rounded one by one.
    let text = text(
        9,
        &format!(
            "role = [{{ name = 'a', output = 2 }}, {{ name = 'b', output = 0.5 }}]\n\
             demand.a = [{{ month = 3, value = 2.5 }}, {{ month = 6, value = 4.49 }}]\ndemand.b = 0.5\n{AT_ONCE}"
        ),
    );
    let results = simulate(&text, 1);
    // A month end comes before the step of the same instant.
    assert_eq!(results.months("wanted", 1..=9), [1.0, 1.0, 1.0, 4.0, 4.0, 4.0, 5.0, 5.0, 5.0]);
    assert_eq!(results.months("headcount", 1..=9), [1.0, 1.0, 1.0, 4.0, 4.0, 4.0, 5.0, 5.0, 5.0]);
    let quarter = 91.25;
    let wanted = quarter * (0.5 + 6.5 + 8.5);
    assert_near("wanted_fte_days", results.one("wanted_fte_days"), wanted, 1e-9);
    assert_near("effective_fte_days", results.one("effective_fte_days"), wanted, 1e-9);
    assert_near("shortfall_fte_days", results.one("shortfall_fte_days"), 0.0, 0.0);
    // The highest wanted headcount is 5, the highest wanted output 8.5.
    assert_near("half_staffed_day", results.one("half_staffed_day"), quarter, 0.0);
    assert_near("staffed_day", results.one("staffed_day"), 2.0 * quarter, 0.0);
    assert_near("effective_day", results.one("effective_day"), 2.0 * quarter, 0.0);
}

#[test]
fn time_in_which_nobody_is_wanted_is_not_part_of_the_staffed_share() {
    // Wanted from month 3 on; there 10 days later: 172.5 of 182.5 days.
    let text = text(
        9,
        "role = [{ name = 'a' }]\ndemand.a = [{ month = 3, value = 4 }]\n\
         [organisation.x.hiring]\nstages = [{ name = 'search', takes_days = 10 }]",
    );
    let results = simulate(&text, 1);
    assert_near("staffed_share", results.one("staffed_share"), (547.5 / 3.0 - 10.0) / 182.5, 1e-15);
    assert_near("first_join_day", results.one("first_join_day"), 101.25, 0.0);
}

#[test]
fn the_staffed_share_begins_at_95_percent_of_the_wanted_headcount() {
    // One joins each day; 10 of 20 on day 10, 18 on day 18, 19 are 95 % on day 19.
    let text = team_of(
        20,
        12,
        "[organisation.x.hiring]\nstaff.recruiters = 1\nstages = [{ name = 'search', uses = 'recruiters', takes_days = 1 }]",
    );
    let results = simulate(&text, 1);
    assert_near("staffed_share", results.one("staffed_share"), (365.0 - 19.0) / 365.0, 1e-15);
    for (response, day) in
        [("first_join_day", 1.0), ("half_staffed_day", 10.0), ("staffed_day", 18.0), ("effective_day", 18.0)]
    {
        assert_near(response, results.one(response), day, 0.0);
    }
    // 0 for a day, 1 for a day, ..., 19 for a day, then 20: wanted all the time.
    assert_near("delivered_fte_days", results.one("delivered_fte_days"), 190.0 + 20.0 * 345.0, 0.0);
    assert_near("shortfall_fte_days", results.one("shortfall_fte_days"), 210.0, 0.0);
    assert_near("mean_fill_days", results.one("mean_fill_days"), 10.5, 0.0);
}

#[test]
fn a_month_end_comes_before_whatever_else_happens_then() {
    // Days within a billionth of a month end are that month end.
    let headcounts = |days: &str| {
        let organisation = format!("[organisation.x.hiring]\nstages = [{{ name = 'search', takes_days = {days} }}]");
        let results = simulate(&team_of(1, 2, &organisation), 1);
        (results.months("headcount", 1..=2), results.months("joins", 1..=2), results.one("first_join_day"))
    };
    let month = DAYS_PER_MONTH;
    for days in ["30.416666666666668", "30.4166666662", "30.4166666672"] {
        assert_eq!(headcounts(days), (vec![0.0, 1.0], vec![0.0, 1.0], month), "{days}");
    }
    assert_eq!(headcounts("30.4166666650"), (vec![1.0, 1.0], vec![1.0, 0.0], 30.416_666_665));
    assert_eq!(headcounts("30.4166666680"), (vec![0.0, 1.0], vec![0.0, 1.0], 30.416_666_668));
}

#[test]
fn sums_of_lengths_that_come_to_a_month_end_are_that_month_end() {
    // Ten times 9.125 and seven times 365/84: neither sum is exactly a month end.
    for (stages, days) in [(10, 9.125), (7, 365.0 / 84.0)] {
        let stage = |_| format!("{{ name = 's', takes_days = {days} }}");
        let stages: Vec<String> = (0..stages).map(stage).collect();
        let organisation = format!("[organisation.x.hiring]\nstages = [{}]", stages.join(", "));
        let results = simulate(&team_of(1, 4, &organisation), 1);
        let joins = results.months("joins", 1..=4);
        let months = if days > 5.0 { 3.0 } else { 1.0 };
        assert_near("first_join_day", results.one("first_join_day"), months * 365.0 / 12.0, 0.0);
        assert_eq!(joins, if days > 5.0 { [0.0, 0.0, 0.0, 1.0] } else { [0.0, 1.0, 0.0, 0.0] });
    }
}

#[test]
fn what_falls_due_at_the_last_month_end_does_not_happen() {
    let organisation = "[organisation.x.hiring]\nstages = [{ name = 'search', takes_days = 91.25 }]";
    let results = simulate(&team_of(1, 3, organisation), 1);
    assert_near("joins", results.one("joins"), 0.0, 0.0);
    assert!(results.one("first_join_day").is_infinite(), "never");
    assert_eq!(results.months("headcount", 1..=3), [0.0; 3]);
}

#[test]
fn requisitions_take_the_lowest_vacant_seats_and_number_them_by_seat() {
    // a0 and a1 give notice on days 100 and 110; each seat is vacant at once. On day 182.5 two more are wanted.
    let text = text(
        7,
        "role = [{ name = 'a' }]\ndemand.a = [{ month = 0, value = 2 }, { month = 6, value = 4 }]\n\
         [organisation.x]\nhiring.staff.recruiters = 1\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]\n\
         attrition = { tenure_days = 90, leave_notice_days = 30 }",
    );
    assert_eq!(
        story(&text, &["requisition_opened", "joined", "notice_given", "left"]),
        [
            "0 requisition_opened a0",
            "0 requisition_opened a1",
            "10 joined a0",
            "20 joined a1",
            "100 notice_given a0 tenure",
            "100 requisition_opened a0",
            "110 notice_given a1 tenure",
            "110 requisition_opened a1",
            "110 joined a0",
            "120 joined a1",
            "130 left a0 tenure",
            "140 left a1 tenure",
            "182.5 requisition_opened a2",
            "182.5 requisition_opened a3",
            "192.5 joined a2",
            "200 notice_given a0 tenure",
            "200 requisition_opened a0",
            "202.5 joined a3",
            "210 notice_given a1 tenure",
            "210 requisition_opened a1",
            "212.5 joined a0",
        ]
    );
}

#[test]
fn demand_that_rises_for_several_roles_at_one_instant_is_met_in_the_order_of_their_priority() {
    // MODEL section 1: "open requisitions (at one instant in order of role priority, role, seat)". The one recruiter is
    // free when two roles become wanted at month 3; b is more urgent.
    let text = text(
        6,
        "role = [{ name = 'a', priority = 1 }, { name = 'b', priority = 0 }]\n\
         demand.a = [{ month = 3, value = 1 }]\ndemand.b = [{ month = 3, value = 1 }]\n\
         [organisation.x]\nhiring.staff.recruiters = 1\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]",
    );
    assert_eq!(
        story(&text, &["requisition_opened", "stage_began", "joined"]),
        [
            "91.25 requisition_opened b0",
            "91.25 requisition_opened a0",
            "91.25 stage_began b0 search",
            "101.25 joined b0",
            "101.25 stage_began a0 search",
            "111.25 joined a0",
        ]
    );
}
