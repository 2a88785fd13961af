//! Risk by hand: what a collapse, a rescue and the client's exit do on the day they happen.
//!
//! The day is random. The test takes the first seed with a day in the wanted span; all else follows from the day.

use handover::run::trace::{Row, trace};

use crate::support::{assert_near, scenario, simulate, team_of};

/// A story with the day of its only event of some kind.
struct Tale {
    text: String,
    day: f64,
    rows: Vec<Row>,
}

/// Traces a scenario with the first seed for which the event happens once, within these days.
fn run_to_end(text: &str, event: &str, (from, until): (f64, f64)) -> Tale {
    for seed in 1..5_000 {
        let text = format!("seed = {seed}\n{text}");
        let scenario = scenario(&text);
        let rows = trace(&scenario, 0, scenario.seed, 0).rows;
        let days: Vec<f64> = rows.iter().filter(|row| row.event == event).map(|row| row.day).collect();
        if let [day] = days[..]
            && (from..until).contains(&day)
        {
            return Tale { text, day, rows };
        }
    }
    panic!("no seed gives one {event} from day {from} to {until}");
}

impl Tale {
    /// Asserts what happened of these kinds from the day on: the days since, what, to whom.
    #[track_caller]
    fn assert_follows(&self, events: &[&str], expected: &[(f64, &str)]) {
        let told = self.rows.iter().filter(|row| row.day >= self.day && events.contains(&row.event));
        let told: Vec<(f64, String)> = told.map(|row| (row.day - self.day, about(row))).collect();
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for ((later, what), (expected_later, expected)) in told.iter().zip(expected) {
            assert_eq!(what, expected, "{told:?}");
            assert_near(what, *later, *expected_later, 1e-9);
        }
    }
}

fn about(row: &Row) -> String {
    let seat = row.seat.map_or_else(String::new, |seat| format!("{}{seat}", row.role));
    let words = [row.event, &seat, &row.organisation, &row.detail];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

const EVENTS: &[&str] = &[
    "collapsed",
    "market_exited",
    "requisition_cancelled",
    "requisition_opened",
    "requisition_moved",
    "organisation_started",
    "organisation_ready",
    "organisation_stopped",
    "transfer_began",
    "transfer_lapsed",
    "transfer_completed",
    "stage_began",
    "accepted",
    "refused",
    "joined",
    "left",
];

/// Searches of 20 days, one after the other, then a notice period of 30 days.
const ONE_BY_ONE: &str = "hiring.staff.recruiters = 1\n\
    hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 20 }, { name = 'notice', takes_days = 30 }]";
const FRAIL: &str = "failure_hazard_per_year = 2";

/// Three are wanted, and when the event comes a0 has joined, a1 is in its notice period and a2 in its search.
fn three(months: u32, rest: &str) -> String {
    team_of(3, months, &format!("[organisation.x]\nsetup_days = 10\n{ONE_BY_ONE}\n{FRAIL}\n{rest}"))
}

/// From day 60 a0 is there; from day 70 on a2 would be in its notice period too.
const AMID_HIRING: (f64, f64) = (61.0, 69.0);

#[test]
fn a_collapse_sends_everyone_away_and_the_organisation_sets_up_again() {
    let tale = run_to_end(&three(12, ""), "collapsed", AMID_HIRING);
    tale.assert_follows(
        EVENTS,
        &[
            (0.0, "collapsed x"),
            (0.0, "organisation_started x"),
            (0.0, "requisition_cancelled a1"),
            (0.0, "requisition_cancelled a2"),
            (0.0, "left a0 x collapse"),
            (10.0, "organisation_ready x"),
            (10.0, "requisition_opened a0"),
            (10.0, "requisition_opened a1"),
            (10.0, "requisition_opened a2"),
            (10.0, "stage_began a0 x search"),
            (30.0, "stage_began a0 x notice"),
            (30.0, "stage_began a1 x search"),
            (50.0, "stage_began a1 x notice"),
            (50.0, "stage_began a2 x search"),
            (60.0, "joined a0 x"),
            (70.0, "stage_began a2 x notice"),
            (80.0, "joined a1 x"),
            (100.0, "joined a2 x"),
        ],
    );
    let results = simulate(&tale.text, 1);
    for (response, expected) in [("leaves_collapse", 1.0), ("leaves", 1.0), ("joins", 4.0), ("outcome", 0.0)] {
        assert_near(response, results.one(response), expected, 0.0);
    }
    // a0 from day 60 to the collapse; then three from 60, 80 and 100 days after it.
    let left = 365.0 - tale.day;
    let expected = tale.day - 60.0 + (left - 60.0) + (left - 80.0) + (left - 100.0);
    assert_near("delivered_fte_days", results.one("delivered_fte_days"), expected, 1e-9);
}

#[test]
fn a_rescuer_takes_over_that_day_and_hires_once_it_is_set_up() {
    let rescue = "[organisation.r]\nsetup_days = 40\nhiring.stages = [{ name = 'hunt', takes_days = 5 }]\n\
                  [strategy.s.rescue]\nto = 'r'";
    // The person in the notice period of x joins r; the search moves and waits.
    let tale = run_to_end(&three(12, rescue), "collapsed", AMID_HIRING);
    let notice_ends = 80.0 - tale.day;
    tale.assert_follows(
        EVENTS,
        &[
            (0.0, "collapsed x"),
            (0.0, "organisation_started r"),
            (0.0, "transfer_began r"),
            (0.0, "requisition_moved a2 r"),
            (0.0, "accepted a0 r"),
            (0.0, "transfer_completed r"),
            (0.0, "organisation_stopped x"),
            (notice_ends, "joined a1 r"),
            (40.0, "organisation_ready r"),
            (40.0, "stage_began a2 r hunt"),
            (45.0, "joined a2 r"),
        ],
    );
    let results = simulate(&tale.text, 1);
    assert_near("outcome", results.one("outcome"), 3.0, 0.0);
    assert_near("leaves", results.one("leaves"), 0.0, 0.0);
    for response in ["transfer_day", "offered", "accepted", "retained_6m", "trough_share", "recovery_days"] {
        assert!(results.one(response).is_nan(), "a rescue is no handover: {response}");
    }
}

#[test]
fn whoever_refuses_a_rescue_leaves_at_once() {
    let rescue = "[organisation.r]\nsetup_days = 40\nhiring.stages = [{ name = 'hunt', takes_days = 5 }]\n\
                  [strategy.s.rescue]\nto = 'r'\nacceptance = 0";
    let tale = run_to_end(&three(12, rescue), "collapsed", AMID_HIRING);
    tale.assert_follows(
        &["accepted", "refused", "left", "requisition_opened", "joined"],
        &[
            (0.0, "refused a0 x"),
            (0.0, "left a0 x refusal"),
            (80.0 - tale.day, "joined a1 r"),
            (40.0, "requisition_opened a0"),
            (45.0, "joined a2 r"),
            (45.0, "joined a0 r"),
        ],
    );
    let results = simulate(&tale.text, 1);
    assert_near("leaves_refusal", results.one("leaves_refusal"), 1.0, 0.0);
    assert_near("leaves_collapse", results.one("leaves_collapse"), 0.0, 0.0);
}

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";

#[test]
fn a_rescue_ends_the_waves_to_come_and_later_transfers_to_the_rescuer() {
    // y is in charge from day 91.25 on and collapses before the second wave of day 391.25. The people of x and of y
    // transfer to r. The transfer to z takes place at month 15; that to r, which would have come after, does not.
    let text = team_of(
        2,
        24,
        &format!(
            "[organisation.x]\n{AT_ONCE}\n[organisation.y]\n{AT_ONCE}\n{FRAIL}\n[organisation.z]\n{AT_ONCE}\n[organisation.r]\n{AT_ONCE}\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 3\nwaves = [0.5, 0.5]\nwave_gap_days = 300\n\
             [[strategy.s.transfer]]\nto = 'z'\nmonth = 15\n[[strategy.s.transfer]]\nto = 'r'\nmonth = 18\n\
             [strategy.s.rescue]\nto = 'r'"
        ),
    );
    let tale = run_to_end(&text, "collapsed", (100.0, 300.0));
    let until_month = |month: f64| month * 365.0 / 12.0 - tale.day;
    tale.assert_follows(
        EVENTS,
        &[
            (0.0, "collapsed y"),
            (0.0, "organisation_started r"),
            (0.0, "organisation_ready r"),
            (0.0, "transfer_lapsed y"),
            (0.0, "transfer_lapsed r"),
            (0.0, "transfer_began r"),
            (0.0, "accepted a0 r"),
            (0.0, "accepted a1 r"),
            (0.0, "transfer_completed r"),
            (0.0, "organisation_stopped x"),
            (0.0, "organisation_stopped y"),
            (until_month(9.0), "organisation_started z"),
            (until_month(9.0), "organisation_ready z"),
            (until_month(15.0), "transfer_began z"),
            (until_month(15.0), "accepted a0 z"),
            (until_month(15.0), "accepted a1 z"),
            (until_month(15.0), "transfer_completed z"),
            (until_month(15.0), "organisation_stopped r"),
        ],
    );
    let results = simulate(&tale.text, 1);
    for (response, expected) in [("transfer_day", 91.25), ("offered", 1.0), ("accepted", 1.0), ("outcome", 3.0)] {
        assert_near(response, results.one(response), expected, 0.0);
    }
}

#[test]
fn a_rescuer_that_collapses_itself_has_nobody_to_rescue_it() {
    // x hands over to r, which is frail and in charge from day 91.25 on: everyone present leaves, including those
    // serving notice.
    let text = team_of(
        2,
        8,
        &format!(
            "[organisation.x]\n{AT_ONCE}\n[organisation.r]\n{AT_ONCE}\nsetup_days = 30\n{FRAIL}\n\
             attrition = {{ tenure_days = 100, leave_notice_days = 80 }}\n\
             [[strategy.s.transfer]]\nto = 'r'\nmonth = 3\n[strategy.s.rescue]\nto = 'r'"
        ),
    );
    let tale = run_to_end(&text, "collapsed", (101.0, 113.0));
    tale.assert_follows(
        &["organisation_started", "organisation_ready", "left", "joined"],
        &[
            (0.0, "organisation_started r"),
            (0.0, "left a0 r collapse"),
            (0.0, "left a1 r collapse"),
            (0.0, "left a0 r collapse"),
            (0.0, "left a1 r collapse"),
            (30.0, "organisation_ready r"),
            (30.0, "joined a0 r"),
            (30.0, "joined a1 r"),
            (130.0, "joined a0 r"),
            (130.0, "joined a1 r"),
        ],
    );
    let results = simulate(&tale.text, 1);
    assert_near("leaves_collapse", results.one("leaves_collapse"), 4.0, 0.0);
    assert_near("outcome", results.one("outcome"), 1.0, 0.0);
}

#[test]
fn the_exit_of_the_client_ends_everything() {
    let text = format!("market.exit_hazard_per_year = 2\n{}", three(12, "").replace(FRAIL, ""));
    let tale = run_to_end(&text, "market_exited", AMID_HIRING);
    tale.assert_follows(
        EVENTS,
        &[
            (0.0, "market_exited"),
            (0.0, "requisition_cancelled a1"),
            (0.0, "requisition_cancelled a2"),
            (0.0, "left a0 x exit"),
        ],
    );
    assert!(tale.rows.iter().all(|row| row.day <= tale.day), "nothing happens afterwards");
    let results = simulate(&tale.text, 1);
    for (response, expected) in [
        ("joins", 1.0),
        ("leaves", 1.0),
        ("leaves_exit", 1.0),
        ("outcome", 4.0),
        ("wanted_fte_days", 3.0 * tale.day),
        ("effective_fte_days", tale.day - 60.0),
        ("delivered_fte_days", tale.day - 60.0),
        ("shortfall_fte_days", 3.0 * tale.day - (tale.day - 60.0)),
        ("staffed_share", 0.0),
    ] {
        assert_near(response, results.one(response), expected, 1e-9);
    }
    for measure in ["wanted", "headcount", "effective_fte", "open_requisitions", "joins", "knowledge"] {
        assert_eq!(results.months(measure, 3..=12), [0.0; 10], "{measure}");
    }
    assert_eq!(results.months("wanted", 1..=2), [3.0; 2]);
    let delivered = results.months("delivered_fte_days", 12..=12)[0];
    assert_near("delivered by the end", delivered, tale.day - 60.0, 1e-9);
}

#[test]
fn with_the_client_go_all_who_are_present_and_no_transfer_comes_after() {
    // Both gave notice on day 100 and are there until day 180, alongside their successors.
    let text = team_of(
        2,
        12,
        &format!(
            "market.exit_hazard_per_year = 2\n[organisation.x]\n{AT_ONCE}\n\
             attrition = {{ tenure_days = 100, leave_notice_days = 80 }}\n[organisation.y]\n{AT_ONCE}\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 9\n[[strategy.s.transfer]]\nto = 'x'\nmonth = 11"
        ),
    );
    let tale = run_to_end(&text, "market_exited", (101.0, 179.0));
    tale.assert_follows(
        EVENTS,
        &[
            (0.0, "market_exited"),
            (0.0, "left a0 x exit"),
            (0.0, "left a1 x exit"),
            (0.0, "left a0 x exit"),
            (0.0, "left a1 x exit"),
        ],
    );
    let results = simulate(&tale.text, 1);
    assert_near("leaves_exit", results.one("leaves_exit"), 4.0, 0.0);
    assert_near("leaves_tenure", results.one("leaves_tenure"), 0.0, 0.0);
    assert_near("outcome", results.one("outcome"), 4.0, 0.0);
    assert!(results.one("transfer_day").is_infinite(), "never");
    assert_near("staffed_share", results.one("staffed_share"), 1.0, 0.0);
}

#[test]
fn a_transfer_to_whoever_has_come_to_be_in_charge_lapses_when_it_falls_due() {
    // x collapses in its first minutes and z rescues it, so the transfer to z lapses at once: y is followed by y.
    let text = "title = 'T'\nstart = 2027-01-01\nmonths = 'equal'\nhorizon_months = 12\nrole = [{ name = 'a' }]\ndemand.a = 1\n\
        [organisation.x]\nfailure_hazard_per_year = 1e6\n[organisation.y]\n[organisation.z]\n\
        [strategy.s]\nemployer = 'x'\nrescue.to = 'z'\n\
        transfer = [{ to = 'y', month = 3 }, { to = 'z', month = 6 }, { to = 'y', month = 9 }]";
    let scenario = crate::support::scenario(text);
    let rows = ::handover::run::trace::trace(&scenario, 0, 1, 0).rows;
    let told: Vec<(f64, &str, &str)> = rows
        .iter()
        .filter(|row| matches!(row.event, "transfer_began" | "transfer_lapsed"))
        .map(|row| (row.day.floor(), row.event, row.organisation.as_str()))
        .collect();
    let expected = [
        (0.0, "transfer_lapsed", "z"),
        (0.0, "transfer_began", "z"),
        (91.0, "transfer_began", "y"),
        (273.0, "transfer_lapsed", "y"),
    ];
    assert_eq!(told, expected);
}
