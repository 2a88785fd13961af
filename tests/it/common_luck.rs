//! Common random numbers: strategies have the same luck wherever they correspond, and adding or removing something
//! changes nobody else's.

use std::collections::BTreeMap;

use handover::run::trace::{Row, trace};
use handover::scenario::Scenario;
use handover::stats::{Confidence, Paired};

use crate::support::{Results, as_number, simulate, simulate_with};

/// Returns what happens in a replication of a strategy, by its name.
fn rows(scenario: &Scenario, strategy: &str, replication: u32) -> Vec<Row> {
    let position = scenario.strategies.iter().position(|about| about.name == strategy).expect("there is such a strategy");
    trace(scenario, position, scenario.seed, replication).rows
}

fn parse(text: &str, overrides: &[&str]) -> Scenario {
    let overrides: Vec<String> = overrides.iter().map(|&text| text.to_owned()).collect();
    Scenario::parse(text, &overrides).unwrap_or_else(|refused| panic!("{refused}"))
}

/// Recruiters and mentors for all, and all chance except what links people.
const FREE: &str = r#"
    title = "Free"
    start = 2027-01-01
    months = "equal"
    horizon_months = 48
    role = [{ name = "a" }, { name = "b", output = 1.3 }]
    demand = { a = [{ month = 0, value = 8 }, { month = 9, value = 12 }], b = 6 }
    communication = { coefficient = 0.001, team = 9 }
    market.exit_hazard_per_year = 0.05

    [organisation.x]
    setup_days = { dist = "uniform", min = 10, max = 60 }
    failure_hazard_per_year = 0.1
    [organisation.x.hiring]
    staff = { recruiters = 1000 }
    stages = [
        { name = "search", uses = "recruiters", takes_days = { dist = "gamma", mean = 20, cv = 0.5 }, pass = 0.7 },
        { name = "notice", takes_days = { dist = "empirical", values = [15, 30, 60] }, pass = 0.8 },
    ]
    [organisation.x.onboarding]
    waiting = 0.2
    mentored = 0.5
    mentored_days = { dist = "triangular", min = 10, mode = 20, max = 50 }
    mentor_slots = 1000
    mentor_load = 0.1
    then = [{ level = 0.8, days = { dist = "exponential", mean = 30 } }]
    [organisation.x.attrition]
    tenure_days = { dist = "weibull", shape = 1.2, scale = 500 }
    early_hazard_per_year = 0.4
    early_days = 90
    rotation_hazard_per_year = 0.1
    leave_notice_days = { dist = "uniform", min = 10, max = 60 }
    release_notice_days = { dist = "uniform", min = 10, max = 60 }
    notice_level = 0.6

    [organisation.y]
    like = "x"
    failure_hazard_per_year = 0.2
    [organisation.y.attrition]
    tenure_days = { dist = "lognormal", median = 600, sigma = 1 }
    rotation_hazard_per_year = 0.3
    [organisation.z]
    like = "y"

    [strategy.s]
    employer = "x"
    rescue = { to = "z", acceptance = 0.8 }
    [[strategy.s.transfer]]
    to = "y"
    month = 18
    acceptance = 0.7
    refuser_stays_days = { dist = "uniform", min = 5, max = 40 }
    shock_hazard_per_year = 0.6
    shock_days = 200
    disruption = 0.8
    disruption_days = 60
"#;

/// An occasional shock that removes seats: those of its role decide among themselves who leaves.
const SHOCK: &str = "demand.shock={ per_year = 0.5, factor = { dist = 'uniform', min = 0.6, max = 1.4 } }";

/// The events of each seat, with exact instants.
type Lives = BTreeMap<(String, u32), Vec<(u64, &'static str, String, Option<u32>, String)>>;

fn lives(scenario: &Scenario, replication: u32) -> Lives {
    let mut lives = Lives::new();
    for row in rows(scenario, "s", replication) {
        if let Some(seat) = row.seat {
            let line = (row.day.to_bits(), row.event, row.organisation, row.requisition, row.detail);
            lives.entry((row.role, seat)).or_default().push(line);
        }
    }
    lives
}

/// Asserts that the seats of one scenario have the same events in another one with more seats.
#[track_caller]
fn assert_same_lives(base: &Scenario, other: &Scenario, seats_more: usize) {
    let mut events = 0;
    for replication in 0..60 {
        let (base, other) = (lives(base, replication), lives(other, replication));
        for (seat, life) in &base {
            assert!(other.get(seat) == Some(life), "{seat:?} of replication {replication}");
            events += life.len();
        }
        assert!(other.len() <= base.len() + seats_more);
    }
    assert!(events > 10_000, "{events} events");
}

#[test]
fn a_seat_more_changes_no_event_of_another_seat() {
    let base = parse(FREE, &[]);
    assert_same_lives(&base, &parse(FREE, &["demand.b=7"]), 1);
    assert_same_lives(&base, &parse(FREE, &["demand.a.1.value=15"]), 3);
    // These start earlier what they would have started in month 9; the seats before them continue as they did.
    let earlier = parse(FREE, &["demand.a.0.value=12"]);
    for replication in 0..60 {
        let (base, earlier) = (lives(&base, replication), lives(&earlier, replication));
        let first = |lives: &Lives| {
            lives.clone().into_iter().filter(|((role, seat), _)| role == "b" || *seat < 8).collect::<Vec<_>>()
        };
        assert!(first(&base) == first(&earlier), "replication {replication}");
    }
}

#[test]
fn a_role_more_changes_no_event_of_the_others() {
    let more =
        FREE.replace("role = [", "role = [{ name = 'c', priority = -1 }, ").replace("demand = {", "demand = { c = 5,");
    assert_same_lives(&parse(FREE, &[SHOCK]), &parse(&more, &[SHOCK]), 12);
}

#[test]
fn an_option_that_nobody_uses_changes_no_event() {
    let same = |overrides: &[&str]| {
        let all = [&[SHOCK], overrides].concat();
        assert_same_lives(&parse(FREE, &[SHOCK]), &parse(FREE, &all), 0);
    };
    // An option on a second transfer, back to the first employer, that is not taken up.
    let option = format!("{FREE}\n[[strategy.s.transfer]]\nto = 'x'\nmonth = 30\nexercise = 0");
    assert_same_lives(&parse(FREE, &[SHOCK]), &parse(&option, &[SHOCK]), 0);
    // Other organisations and strategies, and staff, hazards and a bench that only they have.
    same(&[
        "organisation.w={ like = 'y', hiring = { bench = { a = 3 }, stages = [{ name = 'w', takes_days = 1 }] } }",
        "organisation.w.attrition={ burnout_hazard_per_year = 2, early_hazard_per_year = 1, early_days = 9 }",
        "strategy.r={ employer = 'w', transfer = [{ to = 'z', month = 3 }] }",
    ]);
    same(&["organisation.x.hiring.staff.agents=1", "project.size_fte_days=1000", "currency='EUR'"]);
    same(&["goal=[{ name = 'g', measure = 'headcount', at_least = 5, by_month = 9 }]", "knowledge_days=100"]);
    same(&[
        "organisation.x.cost={ salary_per_year = { a = 50, b = 60 }, fx_volatility_per_year = 0.2 }",
        "discount_rate_per_year=0.1",
    ]);
    // Zero hazards, and an acceptance by role that equals that of all.
    same(&["organisation.x.attrition.burnout_hazard_per_year=0", "strategy.s.transfer.0.acceptance_by_role={ a = 0.7 }"]);
}

/// Every feature, with too few recruiters and mentors, and two equal organisations.
const SAME: &str = r#"
    title = "Same"
    start = 2027-01-01
    months = "equal"
    horizon_months = 36
    role = [{ name = "a", priority = 1 }, { name = "b", output = 1.3 }]
    communication = { coefficient = 0.001, team = 9 }
    market.exit_hazard_per_year = 0.05
    project.size_fte_days = 4000
    [demand]
    a = [{ month = 0, value = 8 }, { month = 9, value = 12 }, { month = 24, value = 10 }]
    b = 4
    shock = { per_year = 0.3, factor = { dist = "uniform", min = 0.6, max = 1.4 } }
    [operations]
    incidents_per_month = 2
    effort_days = { dist = "lognormal", mean = 3, cv = 1 }
    floor = 0.3
    half_life_months = 8
    rookie_factor = 2

    [organisation.vendor]
    setup_days = { dist = "uniform", min = 10, max = 90 }
    [organisation.vendor.hiring]
    staff = { recruiters = [{ month = 0, value = 2 }, { month = 12, value = 3 }] }
    bench = { a = 2 }
    bench_ready_days = 10
    bench_refill_days = { dist = "exponential", mean = 60 }
    stages = [
        { name = "search", uses = "recruiters", takes_days = { dist = "gamma", mean = 20, cv = 0.5 }, pass = 0.7 },
        { name = "notice", takes_days = { dist = "empirical", values = [15, 30, 60] }, pass = 0.8 },
    ]
    [organisation.vendor.onboarding]
    waiting = 0.2
    mentored = 0.5
    mentored_days = 20
    mentor_slots = { per_productive = 0.2, at_least = 2 }
    mentor_load = 0.1
    then = [{ level = 0.8, days = { dist = "exponential", mean = 30 } }]
    [organisation.vendor.attrition]
    tenure_days = { dist = "weibull", shape = 1.2, scale = 700 }
    early_hazard_per_year = 0.4
    early_days = 90
    rotation_hazard_per_year = 0.1
    burnout_hazard_per_year = 0.4
    leave_notice_days = { dist = "uniform", min = 10, max = 60 }
    release_notice_days = 30
    notice_level = 0.6

    [organisation.client]
    like = "vendor"

    [strategy.bot]
    employer = "vendor"
    initial = [{ role = "b", headcount = 2, tenure_days = { dist = "exponential", mean = 300 } }]
    [[strategy.bot.transfer]]
    to = "client"
    month = 18
    waves = [0.5, 0.3, 0.2]
    wave_gap_days = 23
    hiring_after = "sender"

    [strategy.in_house]
    employer = "client"
    initial = [{ role = "b", headcount = 2, tenure_days = { dist = "exponential", mean = 300 } }]
"#;

/// Other terms of the transfer: when the team is ready, or never, and with every option.
const TERMS: &str = r#"
    ready = { headcount_share = 0.8, earliest_month = 15, latest_month = 24 }
    prepare_month = 5
    exercise = 0.9
    acceptance = 0.7
    shock_hazard_per_year = 1
    shock_days = 100
    disruption = 0.8
    disruption_days = 50
    waves = [0.5, 0.5]
    wave_gap_days = 30
"#;

/// Returns the events of people, requisitions and the employer, except for the other organisation and the terms of the
/// transfer.
fn told(scenario: &Scenario, strategy: &str, other: &str, replication: u32) -> Vec<Row> {
    let is_aside = |row: &Row| {
        let is_of_transfer = ["option_dropped", "transfer_extended", "transfer_completed", "accepted"].contains(&row.event);
        is_of_transfer || row.seat.is_none() && row.organisation == other && row.event != "transfer_began"
    };
    let kept = rows(scenario, strategy, replication).into_iter().filter(|row| !is_aside(row));
    kept.map(|row| Row { organisation: String::new(), ..row }).collect()
}

#[test]
fn a_transfer_changes_nothing_before_it_takes_place() {
    let terms = "month = 18\n    waves = [0.5, 0.3, 0.2]\n    wave_gap_days = 23\n    hiring_after = \"sender\"\n";
    assert!(SAME.contains(terms));
    let scenario = parse(
        &SAME.replace(terms, TERMS),
        &[
            "organisation.vendor.hiring.brand={ start = 1.5, hires = 10 }",
            "organisation.vendor.failure_hazard_per_year=0.2",
            "operations.transfer_setback_months=3",
        ],
    );
    let (mut events, mut transfers, mut collapses) = (0, 0, 0);
    for replication in 0..1000 {
        let bot = told(&scenario, "bot", "client", replication);
        let in_house = told(&scenario, "in_house", "vendor", replication);
        let until = bot.iter().position(|row| row.event == "transfer_began");
        let before = &bot[..until.unwrap_or(bot.len())];
        let same = if until.is_some() { &in_house[..before.len().min(in_house.len())] } else { &in_house };
        let differ = before.iter().zip(same).find(|(bot, in_house)| bot != in_house);
        assert!(differ.is_none() && before.len() == same.len(), "replication {replication}: {differ:?}");
        events += before.len();
        transfers += usize::from(until.is_some());
        collapses += before.iter().filter(|row| row.event == "collapsed").count();
    }
    assert!(events > 100_000 && transfers > 500 && collapses > 100, "{events} events, {transfers}, {collapses}");
}

/// Responses on dates and output.
const UNMOVED: [&str; 10] = [
    "first_join_day",
    "half_staffed_day",
    "staffed_day",
    "effective_day",
    "project_day",
    "effective_fte_days",
    "delivered_fte_days",
    "wanted_fte_days",
    "shortfall_fte_days",
    "staffed_share",
];

/// Asserts that the same happens to people with and without the transfer, in the same order, and returns it.
fn assert_alike(scenario: &Scenario, replication: u32) -> Vec<Row> {
    let of_people = |strategy, other| {
        let rows = told(scenario, strategy, other, replication).into_iter();
        rows.filter(|row| row.event != "transfer_began").collect::<Vec<_>>()
    };
    let (bot, in_house) = (of_people("bot", "client"), of_people("in_house", "vendor"));
    let differ = bot.iter().zip(&in_house).find(|(bot, in_house)| bot != in_house);
    assert!(differ.is_none() && bot.len() == in_house.len(), "replication {replication}: {differ:?}");
    bot
}

#[test]
fn a_transfer_that_everybody_accepts_to_the_same_organisation_changes_nothing_at_all() {
    let scenario = parse(SAME, &[]);
    let mut accepted = 0;
    for replication in 0..300 {
        assert_alike(&scenario, replication);
        accepted += rows(&scenario, "bot", replication).iter().filter(|row| row.event == "accepted").count();
    }
    assert!(accepted > 1000, "{accepted} people were transferred");
    let results = simulate(SAME, 300);
    for response in UNMOVED {
        let bits =
            |strategy| results.of_strategy(strategy, response).iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert!(bits(0) == bits(1), "{response}");
    }
}

/// Everything lasts a multiple of ten days, so much falls due at the same instants. Then what was scheduled first comes
/// first, and what a transfer leaves unchanged must keep its place.
#[test]
fn such_a_transfer_leaves_the_order_of_ties_as_it_is() {
    let grid = [
        "setup_days=10",
        "hiring.stages.0.takes_days={ dist = 'empirical', values = [10, 20, 30] }",
        "hiring.stages.1.takes_days={ dist = 'empirical', values = [10, 20] }",
        "onboarding.mentored_days={ dist = 'empirical', values = [10, 20] }",
        "onboarding.then.0.days={ dist = 'empirical', values = [10, 30] }",
        "attrition.tenure_days={ dist = 'empirical', values = [100, 200, 300, 400, 500, 600] }",
        "attrition.early_hazard_per_year=0",
        "attrition.rotation_hazard_per_year=0",
        "attrition.burnout_hazard_per_year=0",
        "attrition.leave_notice_days=10",
    ]
    .map(|set| format!("organisation.vendor.{set}"));
    let overrides: Vec<&str> = grid.iter().map(String::as_str).collect();
    let scenario = parse(SAME, &overrides);
    let mut ties = 0;
    for replication in 0..200 {
        let bot = assert_alike(&scenario, replication);
        let is_tie = |pair: &&[Row]| pair[1].day.to_bits() == pair[0].day.to_bits() && pair[1].event == "notice_given";
        ties += bot.windows(2).filter(is_tie).count();
    }
    assert!(ties > 500, "{ties} ties");
}

/// Returns the variance of the differences of two strategies, and the variance ratio.
fn paired(results: &Results, (one, other): (usize, usize), response: &str) -> (f64, f64) {
    let (one, other) = (results.of_strategy(one, response), results.of_strategy(other, response));
    let paired = Paired::of(one, other, Confidence::new(0.95).expect("a level")).expect("there are pairs");
    let se = paired.se.expect("there are at least two");
    (se * se * as_number(paired.n as usize), paired.variance_ratio.expect("they vary"))
}

#[test]
fn common_luck_makes_the_differences_of_the_reference_scenario_vary_less() {
    const REPLICATIONS: u32 = 500;
    let text = include_str!("../../scenarios/sixty_engineers.toml");
    let [common, independent] = [false, true].map(|independent| simulate_with(text, REPLICATIONS, independent));
    for pair in [(0, 1), (0, 2), (1, 2)] {
        for response in ["client_cost", "delivered_fte_days"] {
            let (varies, ratio) = paired(&common, pair, response);
            let (varies_more, about_1) = paired(&independent, pair, response);
            let what = format!("{response} of {pair:?}: {varies} and {varies_more}, ratios {ratio} and {about_1}");
            assert!(varies < varies_more && ratio > 1.5, "{what}");
            // 1 / ratio is 1 less a correlation at most, whose standard error is 1 / sqrt(n).
            assert!((1.0 / about_1 - 1.0).abs() < 4.0 / f64::from(REPLICATIONS).sqrt(), "{what}");
        }
    }
}
