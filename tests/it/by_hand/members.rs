//! People one by one, by hand: where they are in onboarding, signed offers, last days and part time.

use super::story;
use crate::support::{Results, assert_near, scenario, simulate, text};

/// One of long tenure, one who has given notice after 20 days, and one who joins on 1 February. A fourth is hired.
const PEOPLE: &str = "role = [{ name = 'a' }]\ndemand.a = 3\n\
    [organisation.x]\nown = true\nhiring.stages = [{ name = 'search', takes_days = 60 }]\n\
    onboarding = { waiting = 0, mentored = 0.5, mentored_days = 30, then = [{ level = 0.8, days = 40 }], mentor_slots = 1 }\n\
    attrition.notice_level = 0.5\n\
    [organisation.x.cost]\nsalary_per_year.a = 36_500\nhire = 0.1\nonboarding = 50\nper_head_month = 30.416666666666668\n\
    [strategy.s]\nemployer = 'x'\npeople = [\n\
    { role = 'a', joined = 2026-01-01 },\n\
    { role = 'a', joined = 2026-12-12, last_day = 2027-01-15, fte = 0.5 },\n\
    { role = 'a', joined = 2027-02-01, fte = 0.6 },\n]";

/// Returns a scenario of one strategy, which the rest describes.
fn of(months: u32, rest: &str) -> String {
    text(months, rest).replace("strategy.s.employer = 'x'\n", "")
}

#[test]
fn people_of_a_list_are_where_their_dates_put_them() {
    let results = simulate(&of(6, PEOPLE), 1);
    assert_eq!(results.months("headcount", 1..=6), [1.0, 3.0, 3.0, 3.0, 3.0, 3.0]);
    assert_eq!(results.months("wanted", 1..=2), [3.0, 3.0]);
    for (response, expected) in [("joins", 2.0), ("leaves", 1.0), ("leaves_tenure", 1.0), ("open_at_end", 0.0)] {
        assert_near(response, results.one(response), expected, 0.0);
    }
    // The first all the time, the second for 15 days, the third from day 31, the fourth from day 60 on.
    let days = [182.5, 15.0, 151.5, 122.5];
    assert_near("head_days", results.one("head_days"), days.iter().sum(), 1e-9);
    // The leaver is in their mentored phase, in half time and on notice. The third is mentored until day 61, and the fourth
    // waits for that.
    let third = 0.6 * (0.5 * 30.0 + 0.8 * 40.0 + 81.5);
    let fourth = 0.5 * 30.0 + 0.8 * 40.0 + 51.5;
    let output = days[0] + 0.5 * 0.5 * 0.5 * days[1] + third + fourth;
    assert_near("effective_fte_days", results.one("effective_fte_days"), output, 1e-9);
    assert_near("waiting_mentor_days", results.one("waiting_mentor_days"), 1.0, 1e-9);
    // Salaries of 100 a day, a desk of 1 a day for each head.
    let pay = 100.0 * (days[0] + 0.5 * days[1] + 0.6 * days[2] + days[3]);
    assert_near("cost_pay", results.one("cost_pay"), pay, 1e-6);
    assert_near("cost_place", results.one("cost_place"), days.iter().sum(), 1e-6);
    assert_near("cost_hiring", results.one("cost_hiring"), 3_650.0 * 1.6 + 2.0 * 50.0, 1e-6);
}

#[test]
fn a_list_as_a_table_of_cells_says_the_same() {
    let rows = "people = '''\nrole;joined;last_day;fte\na;2026-01-01;;\na;2026-12-12;2027-01-15;0,5\na;2027-02-01;;0,6\n'''";
    let (list, table) = (of(6, PEOPLE), of(6, &PEOPLE[..PEOPLE.find("people").expect("it is there")]) + rows);
    let values = |results: &Results| ["client_cost", "effective_fte_days"].map(|response| results.one(response).to_bits());
    assert_eq!(values(&simulate(&list, 1)), values(&simulate(&table, 1)));
}

#[test]
fn a_last_day_at_the_end_of_a_month_is_over_before_the_month_ends() {
    let people = "role = [{ name = 'a' }]\ndemand.a = 1\n[organisation.x]\n[strategy.s]\nemployer = 'x'\n\
                  people = [{ role = 'a', joined = 2020-01-01, last_day = 2027-01-31 }, { role = 'a', joined = 2020-01-01 }]";
    let calendar = of(3, people).replace("months = 'equal'\n", "");
    let results = simulate(&calendar, 1);
    assert_eq!(results.months("headcount", 1..=3), [1.0, 1.0, 1.0]);
    assert_eq!(results.months("leaves", 1..=3), [1.0, 0.0, 0.0]);
    let events = ["was_there", "had_given_notice", "left"];
    let expected = ["0 was_there a0 2,557 days", "0 had_given_notice a0", "0 was_there a1 2,557 days", "31 left a0 tenure"];
    assert_eq!(story(&calendar, &events), expected);
}

#[test]
fn a_signed_offer_joins_whatever_is_wanted_and_set_up_and_the_newest_is_released() {
    // Two are wanted and two are there; the third joins on day 10, before the employer is set up, and is released.
    let text = of(
        2,
        "role = [{ name = 'a' }]\ndemand.a = 2\n\
         [organisation.x]\nsetup_days = 40\nhiring.stages = [{ name = 'search', takes_days = 5 }]\n\
         [strategy.s]\nemployer = 'x'\ninitial = [{ role = 'a', headcount = 1 }]\n\
         people = [{ role = 'a', joined = 2027-01-11 }, { role = 'a', joined = 2026-12-30 }]",
    );
    let events = ["was_there", "requisition_opened", "offer_signed", "joined", "released", "left"];
    let expected = [
        "0 was_there a0 0 days",
        "0 was_there a1 2 days",
        "0 requisition_opened a2",
        "0 offer_signed a2",
        "10 joined a2",
        "10 released a2",
        "10 left a2 release",
    ];
    assert_eq!(story(&text, &events), expected);
}

#[test]
fn who_is_still_mentored_holds_a_slot_even_if_there_are_fewer() {
    // Two are mentored since 10 and 20 days, with one slot; whoever joins waits until both have ended.
    let text = of(
        3,
        "role = [{ name = 'a' }]\ndemand.a = 3\n\
         [organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 1 }]\n\
         onboarding = { waiting = 0, mentored = 0, mentored_days = 30, mentor_slots = 1 }\n\
         [strategy.s]\nemployer = 'x'\n\
         people = [{ role = 'a', joined = 2026-12-22 }, { role = 'a', joined = 2026-12-12 }]",
    );
    let expected = [
        "0 mentoring_began a0",
        "0 mentoring_began a1",
        "1 joined a2",
        "10 phase_reached a1 full",
        "20 phase_reached a0 full",
        "20 mentoring_began a2",
        "50 phase_reached a2 full",
    ];
    assert_eq!(story(&text, &["mentoring_began", "phase_reached", "joined"]), expected);
}

#[test]
fn people_in_part_time_are_billed_in_proportion_and_count_as_one_head() {
    // A rate of 120 a day, and a minimum of three heads: one is missing.
    let text = of(
        1,
        "role = [{ name = 'a' }]\ndemand.a = 2\n[organisation.x]\n[strategy.s]\nemployer = 'x'\n\
         contract.x = { rate_per_month.a = 3_650, minimum_headcount = 3 }\n\
         people = [{ role = 'a', joined = 2026-01-01, fte = 0.5 }, { role = 'a', joined = 2026-01-01 }]",
    );
    let results = simulate(&text, 1);
    // 1.5 rates for two heads, and the same for each missing head as for each of them on average.
    assert_near("cost_bills", results.one("cost_bills"), 3_650.0 * (1.5 + 0.75), 1e-6);
    assert_near("effective_fte_days", results.one("effective_fte_days"), 1.5 * 365.0 / 12.0, 1e-9);
}

#[test]
fn the_text_as_run_holds_the_people_of_a_file() {
    let text = of(6, &PEOPLE[..PEOPLE.find("people").expect("it is there")]) + "people = 'people.csv' # as of today\n";
    let files = handover::input::Files::from([("people.csv".to_owned(), "role,joined\na,2026-01-01\n".to_owned())]);
    let scenario_of = |text: &str| handover::scenario::Scenario::parse_with(text, &[], &files);
    let read = scenario_of(&text).expect("it is good");
    assert!(read.text().contains("people = '''\nrole,joined\na,2026-01-01\n''' # as of today"), "{}", read.text());
    assert_eq!((read.strategies[0].people.0.len(), scenario(read.text()).sha256()), (1, read.sha256()));
}
