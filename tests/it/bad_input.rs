//! Messages for scenarios, overrides and arguments that must be refused: all mistakes at once, each with its place and
//! remedy, before anything is simulated or written.
//!
//! The messages are snapshots, one for each group of mistakes.

use std::fmt::Write as _;
use std::fs;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use handover::input::Diagnostic;
use handover::scenario::{Refusal, Scenario};

use super::program::{Exit, Folder, PLAIN, RICH, edited, is_tried};

const THREE_MISTAKES: &str = include_str!("broken/three_mistakes.toml");
const SYNTAX_AND_MEANING: &str = include_str!("broken/syntax_and_meaning.toml");
const SHARED_BY_LIKE: &str = include_str!("broken/shared_by_like.toml");
const TWO_KEYS_MISSING: &str = include_str!("broken/two_keys_missing.toml");
const LONG_LINE: &str = include_str!("broken/long_line.toml");

/// Returns the message for arguments that must be refused, with status 2 and nothing written.
fn refused(folder: &Folder, arguments: &[&str]) -> String {
    let before = folder.files("");
    let Exit { status, out, err } = folder.run(arguments);
    assert_eq!(status, Some(2), "{arguments:?}: {err}{out}");
    assert_eq!(out, "", "{arguments:?}: mistakes go to standard error");
    assert!(!err.contains("panicked"), "{err}");
    assert_eq!(folder.files(""), before, "{arguments:?}: something was written");
    assert!(!folder.path("out").exists(), "{arguments:?}: a folder was made");
    err
}

/// Returns the message for a scenario that must be refused.
fn refusal(scenario: &str, arguments: &[&str]) -> String {
    refused(&Folder::with(scenario), &[&["run", "scenario.toml", "--out", "out"], arguments].concat())
}

/// Returns the messages for a scenario with one passage replaced, for each pair of passages. Each must name a place in
/// the passage.
fn refusals(scenario: &str, edits: &[(&str, &str)]) -> String {
    let mut messages = String::new();
    for (from, to) in edits {
        let message = refusal(&edited(scenario, from, to), &[]);
        let lines = lines_of(scenario, from, to);
        let is_inside = |(line, _): &(usize, usize)| lines.contains(line);
        assert!(places(&message).iter().any(is_inside), "{to:?} is in lines {lines:?}: {message}");
        let _ = writeln!(messages, "######## {}\n{message}", to.escape_debug());
    }
    messages
}

/// Returns the lines (from 1) of a passage that replaces another.
fn lines_of(scenario: &str, from: &str, to: &str) -> RangeInclusive<usize> {
    let before = &scenario[..scenario.find(from).expect("the passage is there")];
    let first = before.matches('\n').count() + 1;
    first..=first + to.trim_end().matches('\n').count()
}

/// Returns the lines and columns that a message names.
fn places(message: &str) -> Vec<(usize, usize)> {
    let place = |line: &str| {
        let mut parts = line.trim().strip_prefix("--> scenario.toml:")?.split([':', ' ']);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    message.lines().filter_map(place).collect()
}

/// Returns the number of mistakes in a message.
fn count(message: &str) -> usize {
    let last = message.trim_end().lines().last().unwrap_or_default();
    let count = last.strip_prefix("scenario.toml: ").and_then(|rest| rest.split(' ').next());
    count.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count in {message}"))
}

#[test]
fn numbers_out_of_range_are_refused() {
    let messages = refusals(
        PLAIN,
        &[
            ("pass = 0.75", "pass = 1.2"),
            ("pass = 0.75", "pass = -0.1"),
            ("pass = 0.75", "pass = 0"),
            ("takes_days = 30", "takes_days = -1"),
            ("engineer = 5", "engineer = -5"),
            ("engineer = 5", "engineer = 2_000_000"),
            ("[demand]\nengineer = 5", "[demand]\nengineer = 0"),
            ("staff = { recruiters = 2 }\nstages = [\n  { name", "staff = { recruiters = 0 }\nstages = [\n  { name"),
            ("recruiters = 2", "recruiters = 2.5"),
            (
                "staff = { recruiters = 2 }\nstages = [\n  { name",
                "staff = { recruiters = { count = 2, each_handles = 0.4 } }\nstages = [\n  { name",
            ),
            ("horizon_months = 24", "horizon_months = 0"),
            ("horizon_months = 24", "horizon_months = 1201"),
            ("horizon_months = 24", "horizon_months = 24.5"),
            ("replications = 20", "replications = 0"),
            ("seed = 1", "seed = -1"),
            ("month = 12", "month = -1"),
            ("month = 12", "month = inf"),
            ("month = 12", "month = nan"),
            ("month = 12", "month = 99999999999999999999"),
            ("month = 12", "month = 1e999"),
            ("acceptance = 0.9", "acceptance = 90"),
        ],
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn numbers_of_onboarding_and_attrition_out_of_range_are_refused() {
    let messages = refusals(
        RICH,
        &[
            ("output = 1.2", "output = -1"),
            ("priority = 1", "priority = 1e6"),
            ("coefficient = 0.0006", "coefficient = -0.1"),
            ("team = 8", "team = 0"),
            ("waiting = 0.25", "waiting = -0.25"),
            ("mentored = 0.5", "mentored = 2.5"),
            ("per_productive = 0.5", "per_productive = -0.5"),
            ("at_least = 2", "at_least = 1.5"),
            ("mentor_load = 0.1", "mentor_load = inf"),
            ("level = 0.8", "level = nan"),
            ("early_hazard_per_year = 0.3", "early_hazard_per_year = -0.3"),
            ("notice_level = 0.7", "notice_level = 7"),
            ("wave_gap_days = 30", "wave_gap_days = -30"),
            ("disruption = 0.85", "disruption = 85"),
        ],
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn values_of_another_type_are_refused() {
    let messages = refusals(
        PLAIN,
        &[
            ("title = \"Five people\"", "title = 5"),
            ("start = 2027-01-01", "start = \"2027-01-01\""),
            ("start = 2027-01-01", "start = 2027-01-01T08:00:00"),
            ("start = 2027-01-01", "start = 08:00:00"),
            ("start = 2027-01-01", "start = 1066-10-14"),
            ("horizon_months = 24", "horizon_months = \"24\""),
            ("[demand]\nengineer = 5\n", "[[demand]]\nengineer = 5\n"),
            ("engineer = 5", "engineer = { month = 0, value = 5 }"),
            ("engineer = 5", "engineer = [5, 6]"),
            ("engineer = 5", "engineer = [{ month = 3, value = 5 }, { month = 3, value = 6 }]"),
            ("recruiters = 2", "recruiters = \"two\""),
            ("takes_days = 30", "takes_days = \"30\""),
            ("takes_days = 30", "takes_days = [30, 40]"),
            ("like = \"builder\"", "like = 3"),
            ("like = \"builder\"", "like = \"builder\"\nown = \"yes\""),
            ("[[strategy.bot.transfer]]", "[strategy.bot.transfer]"),
            ("to = \"owner\"", "to = [\"owner\"]"),
            ("acceptance = 0.9", "acceptance_by_role = 0.9"),
            ("acceptance = 0.9", "hiring_after = \"sendr\""),
            ("acceptance = 0.9", "waves = 1"),
        ],
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn keys_that_do_not_exist_are_refused_with_the_nearest_that_does() {
    let messages = refusals(
        PLAIN,
        &[
            ("seed = 1", "sead = 1"),
            ("seed = 1", "Seed = 1"),
            ("seed = 1", "xyz = 1"),
            ("[demand]", "[demands]"),
            ("name = \"engineer\"", "name = \"engineer\"\noutptu = 1"),
            ("takes_days = 30,", "takes_days = 30, use = \"recruiters\","),
            ("recruiters = 2", "recruiters = { count = 2, handles = 8 }"),
            ("like = \"builder\"", "like = \"builder\"\nhirings = {}"),
            ("employer = \"builder\"", "employer = \"builder\"\ntransfers = []"),
            ("acceptance = 0.9", "acceptence_by_role = { engineer = 0.9 }"),
        ],
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn of_names_that_are_as_near_the_shorter_is_meant() {
    let message = refusal(&edited(PLAIN, "acceptance = 0.9", "accept = 0.9"), &[]);
    assert!(message.contains("did you mean `acceptance`?"), "{message}");
}

#[test]
fn names_of_nothing_are_refused_with_the_nearest_that_exists() {
    let messages = refusals(
        PLAIN,
        &[
            ("to = \"owner\"", "to = \"ownr\""),
            ("to = \"owner\"", "to = \"\""),
            ("to = \"owner\"", "to = \"builder\""),
            ("employer = \"builder\"", "employer = \"bulder\""),
            ("like = \"builder\"", "like = \"bulder\""),
            ("like = \"builder\"", "like = \"owner\""),
            ("uses = \"recruiters\"", "uses = \"recruters\""),
            ("staff = { recruiters = 2 }\nstages = [\n  { name", "staff = {}\nstages = [\n  { name"),
            ("engineer = 5", "engineer = 5\ntester = 2"),
            ("engineer = 5", "enginer = 5"),
            ("acceptance = 0.9", "acceptance_by_role = { enginer = 0.9 }"),
            ("takes_days = 30", "takes_days = 30, takes_days_by_role = { lead = 60 }"),
        ],
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn names_that_nobody_can_read_are_refused() {
    let long = format!("title = \"{}\"", "x".repeat(300));
    let long_organisation = format!("[organisation.{}]\nlike = \"builder\"\n[organisation.owner]", "x".repeat(300));
    let messages = refusals(
        PLAIN,
        &[
            ("title = \"Five people\"", "title = \"\""),
            ("title = \"Five people\"", "title = \"  \""),
            ("title = \"Five people\"", "title = \"a\\u0007b\""),
            ("title = \"Five people\"", "title = \"\"\"two\nlines\"\"\""),
            ("title = \"Five people\"", &long),
            ("[organisation.owner]", &long_organisation),
            ("[organisation.owner]", "[organisation.\"\"]\nlike = \"builder\"\n[organisation.owner]"),
            ("[[role]]\nname = \"engineer\"", "role = []"),
            ("[[role]]\nname", "[[role]]\nname = \"engineer\"\n[[role]]\nname"),
            ("[[role]]", "[[role]]\nname = \"shock\"\n[[role]]"),
        ],
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn names_of_stages_and_staff_are_held_to_the_same_rules() {
    let nameless = [
        ("name = \"search\"", "name = \"\""),
        ("name = \"search\"", "name = \"se\\u001b[31march\""),
        ("recruiters = 2", "recruiters = 2, \"\" = 2"),
        ("recruiters = 2", "recruiters = 2, \"\\u001b[31m\" = 2"),
    ];
    let accepted = |(from, to): &&(&str, &str)| {
        let scenario = edited(PLAIN, from, to);
        Scenario::parse(&scenario, &[]).is_ok()
    };
    let accepted: Vec<&(&str, &str)> = nameless.iter().filter(accepted).collect();
    assert!(accepted.is_empty(), "{accepted:?}");
}

#[test]
fn durations_that_are_no_law_are_refused() {
    let law = |text: &'static str| ("takes_days = 30", text);
    let messages = refusals(
        PLAIN,
        &[
            law("takes_days = {}"),
            law("takes_days = { mean = 3 }"),
            law("takes_days = { dist = 3 }"),
            law("takes_days = { dist = \"lognrmal\", mean = 3, cv = 1 }"),
            law("takes_days = { dist = \"exponential\", mean = -3 }"),
            law("takes_days = { dist = \"exponential\", mean = 0 }"),
            law("takes_days = { dist = \"exponential\", mean = inf }"),
            law("takes_days = { dist = \"exponential\", mean = \"3\" }"),
            law("takes_days = { dist = \"exponential\", rate = 3 }"),
            law("takes_days = { dist = \"lognormal\", mean = 30 }"),
            law("takes_days = { dist = \"lognormal\", mean = 30, cv = -1 }"),
            law("takes_days = { dist = \"lognormal\", mean = 30, sigma = 1 }"),
            law("takes_days = { dist = \"uniform\", min = 5, max = 3 }"),
            law("takes_days = { dist = \"uniform\", min = -5, max = 3 }"),
            law("takes_days = { dist = \"triangular\", min = 3, mode = 9, max = 5 }"),
            law("takes_days = { dist = \"triangular\", min = 3, mode = 1, max = 5 }"),
            law("takes_days = { dist = \"weibull\", shape = 0, scale = 5 }"),
            law("takes_days = { dist = \"gamma\", mean = 5, cv = nan }"),
            law("takes_days = { dist = \"normal\", mean = 5, sd = -1 }"),
            law("takes_days = { dist = \"beta_pert\", min = 3, mode = 1, max = 5 }"),
            law("takes_days = { dist = \"empirical\", values = 3 }"),
            law("takes_days = { dist = \"empirical\", values = [] }"),
            law("takes_days = { dist = \"empirical\", values = [1, \"2\"] }"),
            law("takes_days = { dist = \"empirical\", values = [1, -2] }"),
            law("takes_days = { dist = \"empirical\", values = [1, 2], weights = [1] }"),
            law("takes_days = { dist = \"empirical\", values = [1, 2], weights = [0, 0] }"),
            law("takes_days = { dist = \"empirical\", values = [1, 2], weights = [-1, 2] }"),
            law("takes_days = { dist = \"constant\", value = -1 }"),
        ],
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn transfers_and_pipelines_that_contradict_themselves_are_refused() {
    let messages = refusals(
        PLAIN,
        &[
            ("acceptance = 0.9", "waves = [0.5, 0.3]"),
            ("acceptance = 0.9", "waves = [0.5, 0.6]"),
            ("acceptance = 0.9", "waves = [1.5, -0.5]"),
            ("acceptance = 0.9", "shock_hazard_per_year = 1"),
            ("acceptance = 0.9", "disruption = 0.5"),
            ("like = \"builder\"", "attrition = { early_hazard_per_year = 0.2 }"),
            (
                "stages = [
  { name = \"search\", uses = \"recruiters\", takes_days = 30, pass = 0.75 },",
                "stages = [",
            ),
        ],
    );
    insta::assert_snapshot!(messages);
}

/// Returns the messages for [`RICH`] with passages replaced. Each is one mistake and causes no other.
fn single_refusals(edits: &[(&str, &str)]) -> String {
    for (from, to) in edits {
        let message = refusal(&edited(RICH, from, to), &[]);
        assert_eq!(count(&message), 1, "{to}: {message}");
    }
    refusals(RICH, edits)
}

/// The passages of [`RICH`] on the first transfer and on contracts, which tests replace.
const READY: &str = "ready = { headcount_share = 0.8, effective_share = 0.6, knowledge_share = 0.5, for_months = 2, \
    earliest_month = 14, latest_month = 18 }\nif_not_ready = \"extend\"";
const COST_PLUS: &str = "cost_plus = [{ month = 0, value = 0.15 }, { month = 12, value = 0.12 }]";
const SENDER: &str = "exercise = 0.6\nhiring_after = \"sender\"";
const SALARIES: &str =
    "salary_per_year = { lead = 60, engineer = [{ month = 0, value = 24 }, { month = 2028-04-01, value = 26 }] }";
const RECRUITERS: &str = "recruiters = { count = [{ month = 0, value = 2 }, { month = 9, value = 1 }], each_handles = 2 }";
const BENCH: &str = "bench = { engineer = 1, lead = 1 }";

#[test]
fn numbers_of_the_world_out_of_range_are_refused() {
    let messages = single_refusals(&[
        ("per_year = 0.3\n", "per_year = -0.3\n"),
        ("factor = { dist = \"triangular\", min = 0.8, mode = 1, max = 1.3 }", "factor = -1.1"),
        ("incidents_per_month = 2", "incidents_per_month = -2"),
        ("effort_days = { dist = \"lognormal\", mean = 2, cv = 1 }", "effort_days = -2"),
        ("floor = 0.2", "floor = 1.2"),
        ("half_life_months = 8", "half_life_months = 0"),
        ("half_life_months = 8", "half_life_months = inf"),
        ("rookie_factor = 2", "rookie_factor = -2"),
        ("transfer_setback_months = 4", "transfer_setback_months = -4"),
        ("size_fte_days = 5000", "size_fte_days = 0"),
        ("exit_hazard_per_year = 0.04", "exit_hazard_per_year = -0.04"),
        ("knowledge_days = 270", "knowledge_days = 0"),
        ("knowledge_days = 270", "knowledge_days = -270"),
        ("value_per_fte_month = 9.5", "value_per_fte_month = -9.5"),
        ("discount_rate_per_year = 0.08", "discount_rate_per_year = -1"),
        ("discount_rate_per_year = 0.08", "discount_rate_per_year = 80"),
    ]);
    insta::assert_snapshot!(messages);
}

#[test]
fn numbers_of_organisations_and_strategies_out_of_range_are_refused() {
    let messages = single_refusals(&[
        ("failure_hazard_per_year = 0.05", "failure_hazard_per_year = 5e6"),
        ("burnout_hazard_per_year = 0.4", "burnout_hazard_per_year = -0.4"),
        ("release_notice_days = { dist = \"uniform\", min = 20, max = 40 }", "release_notice_days = -30"),
        ("brand = { start = 1.4, hires = 12 }", "brand = { start = -1, hires = 12 }"),
        ("brand = { start = 1.4, hires = 12 }", "brand = { start = 1.4, hires = 0 }"),
        ("brand = { start = 1.4, hires = 12 }", "brand = { start = 1.4 }"),
        (BENCH, "bench = { engineer = 1.5 }"),
        (BENCH, "bench = { engineer = -1 }"),
        ("bench_ready_days = { dist = \"uniform\", min = 7, max = 21 }", "bench_ready_days = -7"),
        ("headcount = 1, tenure_days = 400", "headcount = 1.5, tenure_days = 400"),
        ("headcount = 1, tenure_days = 400", "headcount = 1, tenure_days = -400"),
        ("exercise = 0.95", "exercise = 95"),
        ("rescue = { to = \"buyer\", acceptance = 0.8 }", "rescue = { to = \"buyer\", acceptance = 80 }"),
        ("headcount_share = 0.8", "headcount_share = -0.8"),
        ("for_months = 2", "for_months = 0"),
        ("earliest_month = 14", "earliest_month = -14"),
        ("latest_month = 18", "latest_month = nan"),
    ]);
    insta::assert_snapshot!(messages);
}

#[test]
fn amounts_and_rates_of_cost_out_of_range_are_refused() {
    let messages = single_refusals(&[
        (SALARIES, "salary_per_year = { lead = -60, engineer = 24 }"),
        ("overhead = 0.2", "overhead = -0.2"),
        ("per_head_month = 0.4", "per_head_month = -0.4"),
        ("fixed_month = 5", "fixed_month = -5"),
        ("staff_per_year = { recruiters = 18, panel = 12 }", "staff_per_year = { recruiters = -18 }"),
        ("setup = 40", "setup = -40"),
        ("setup = 40", "setup = 1e13"),
        ("hire = 0.06", "hire = -0.06"),
        ("onboarding = 0.5\n", "onboarding = -0.5\n"),
        ("severance_months = 2", "severance_months = -2"),
        ("exit = 30", "exit = -30"),
        ("wage_rise_per_year = 0.09", "wage_rise_per_year = -1"),
        ("wage_rise_per_year = 0.09", "wage_rise_per_year = 90"),
        ("fx_volatility_per_year = 0.08", "fx_volatility_per_year = -0.08"),
        ("fx_volatility_per_year = 0.08", "fx_volatility_per_year = 8"),
        ("fx_drift_per_year = -0.03", "fx_drift_per_year = -3"),
    ]);
    insta::assert_snapshot!(messages);
}

#[test]
fn prices_of_contracts_out_of_range_are_refused() {
    let messages = single_refusals(&[
        (COST_PLUS, "cost_plus = -0.15"),
        ("fee_month = [{ month = 0, value = 8 }", "fee_month = [{ month = 0, value = -8 }"),
        ("rate_rise_per_year = 0.05", "rate_rise_per_year = -1"),
        ("minimum_headcount = [{ month = 6, value = 5 }]", "minimum_headcount = -5"),
        ("staffing_credit = { below = 0.85, share = 0.05 }", "staffing_credit = { below = -1, share = 0.05 }"),
        ("staffing_credit = { below = 0.85, share = 0.05 }", "staffing_credit = { below = 0.85, share = 5 }"),
        ("staffing_credit = { below = 0.85, share = 0.05 }", "staffing_credit = { below = 0.85 }"),
        ("guarantee_days = 90", "guarantee_days = -90"),
        ("setup_fee = 50", "setup_fee = -50"),
        ("termination_months = 3", "termination_months = -3"),
        ("transfer_fee = [{ month = 0, value = 60 }", "transfer_fee = [{ month = -1, value = 60 }"),
        ("transfer_fee_per_head = [{ month = 0, value = 10 }", "transfer_fee_per_head = [{ month = 0, value = -10 }"),
        ("oversight_month = 4", "oversight_month = -4"),
        ("retention_bonus = [{ month = 0, value = 6 }", "retention_bonus = [{ month = 0, value = -6 }"),
        ("retention_months = 9", "retention_months = -9"),
        ("rate_per_month = { lead = 7, engineer = 3 }", "rate_per_month = { lead = 7, engineer = -3 }"),
    ]);
    insta::assert_snapshot!(messages);
}

#[test]
fn a_pipeline_that_practically_nobody_passes_is_refused() {
    let parse = |pass: &str| {
        let text = edited(PLAIN, "pass = 0.75", &format!("pass = {pass}"));
        handover::scenario::Scenario::parse(&text, &[]).map(|_| ()).map_err(|refused| refused.to_string())
    };
    assert_eq!(parse("1e-6"), Ok(()));
    // The last one is so small that the number of candidates is infinite.
    for pass in ["9.9e-7", "1e-300", "4.9e-324"] {
        let refused = parse(pass).expect_err(pass);
        assert!(refused.contains("candidates would start for each one who joins, expected at most 1000000"), "{refused}");
    }
}

#[test]
fn goals_that_make_no_sense_are_refused() {
    let first = "[[goal]]\nname = \"eight people by month 15\"\nmeasure = \"headcount\"\nat_least = 8\nby_month = 15";
    let bound = "at_least = 8\nby_month = 15";
    let messages = single_refusals(&[
        (bound, "at_least = 8\nat_most = 9\nby_month = 15"),
        (first, "[[goal]]\nname = \"x\"\nmeasure = \"headcount\"\nby_month = 15"),
        (first, "[[goal]]\nname = \"x\"\nmeasure = \"headcount\"\nat_lest = 8\nby_month = 15"),
        (first, "[[goal]]\nname = \"x\"\nmeasure = \"headcount\"\nat_least = 8"),
        (first, "[[goal]]\nname = \"x\"\nat_least = 8\nby_month = 15"),
        (first, "[[goal]]\nmeasure = \"headcount\"\nat_least = 8\nby_month = 15"),
        (bound, "at_least = -8\nby_month = 15"),
        (bound, "at_least = \"8\"\nby_month = 15"),
        (bound, "at_least = 8\nby_month = 0"),
        (bound, "at_least = 8\nby_month = 0.5"),
        (bound, "at_least = 8\nby_month = 37"),
        (bound, "at_least = 8\nby_month = 15\nprobability = 90"),
        (bound, "at_least = 8\nby_month = 15\nprobabilty = 0.9"),
        (bound, "at_least = 8\nby_month = \"15\""),
        (bound, "at_least = 8\nat_month = 15\nby_month = 15"),
        (bound, "at_least = 8\nin_month = 15"),
        (bound, "at_least = 8\nat_mont = 15"),
        (bound, "at_least = 8\nat_month = 0.99"),
        (bound, "at_least = 8\nat_month = 2031-01-01"),
        (bound, "at_least = 8\nat_month = -1"),
        (bound, "at_least = 8\nat_month = 3.9\nfor_months = 4"),
        (bound, "at_least = 8\nby_month = 3\nfor_months = 4"),
        (bound, "at_least = 8\nby_month = 15\nfor_months = 0"),
        (bound, "at_least = 8\nby_month = 15\nfor_months = 1.5"),
        (bound, "at_least = 8\nby_month = 15\nfor_months = 1201"),
        (bound, "at_most = 8\nby_month = 15\nfor_months = 2"),
        (bound, "at_most = 8\nby_month = 15\nfor_months = 1"),
        ("measure = \"headcount\"", "measure = \"headcout\""),
        ("measure = \"headcount\"", "measure = \"joins_so_far\""),
        ("measure = \"headcount\"", "measure = 8"),
        ("name = \"some work by the end\"", "name = \"eight people by month 15\""),
        ("name = \"some work by the end\"", "name = \"joins\""),
        ("name = \"some work by the end\"", "name = \"strategy\""),
        ("name = \"some work by the end\"", "name = \"\""),
    ]);
    insta::assert_snapshot!(messages);
}

#[test]
fn transfers_that_contradict_themselves_are_refused() {
    let ready = |text: &'static str| (READY, text);
    let messages = single_refusals(&[
        ready("month = 18\nready = { headcount_share = 0.8 }"),
        ready("month = 18\nif_not_ready = \"extend\""),
        ready("month = 18\nif_not_ready = \"transfer\""),
        ready("ready = { headcount_share = 0.8 }\nif_not_ready = \"extend\""),
        ready("ready = { headcount_share = 0.8, earliest_month = 20, latest_month = 14 }"),
        ready("ready = {}"),
        ready("ready = { headcount_share = 80 }"),
        ready("ready = { earliest_month = 14, latest_month = 20 }"),
        ready("ready = { headcont_share = 0.8 }"),
        ready("ready = { headcount_share = 0.8, latest_month = \"20\" }\nif_not_ready = \"extend\""),
        ready("ready = { headcount_share = 0.8, latest_month = 20 }\nif_not_ready = \"extent\""),
        ready("ready = 0.8"),
        ready("mont = 18"),
        ready("redy = { headcount_share = 0.8 }"),
        ("to = \"client\"", "to = \"vendor\""),
        ("to = \"buyer\"\nmonth", "to = \"client\"\nmonth"),
        ("to = \"buyer\"\nmonth", "to = \"byer\"\nmonth"),
        (SENDER, "shock_hazard_per_year = 0.5"),
        (SENDER, "shock_hazard_per_year = 0.5\nshock_days = \"180\""),
        (SENDER, "disruption = 0.9"),
        ("employer = \"client\"\n", "employer = \"client\"\nrescue = { to = \"client\" }\n"),
        ("employer = \"client\"\n", "employer = \"client\"\nrescue = { to = \"clint\" }\n"),
        ("employer = \"client\"\n", "employer = \"client\"\nrescue = {}\n"),
        ("employer = \"client\"\n", "employer = \"client\"\nrescue = \"buyer\"\n"),
        ("{ role = \"lead\", headcount = 1,", "{ role = \"led\", headcount = 1,"),
        ("{ role = \"lead\", headcount = 1,", "{ role = \"lead\","),
    ]);
    insta::assert_snapshot!(messages);
}

#[test]
fn transfers_in_a_circle_are_none_that_stand_still() {
    // Build, operate, transfer, and back again: each receiver differs from the organisation in charge.
    let there_and_back = edited(RICH, "to = \"buyer\"\nmonth", "to = \"vendor\"\nmonth");
    let no_buyer = edited(&there_and_back, "[strategy.bot.contract.buyer]\nrate_per_month = { lead = 7, engineer = 3 }", "");
    Scenario::parse(&no_buyer, &[]).expect("going back is another transfer");
}

#[test]
fn contracts_that_contradict_themselves_are_refused() {
    let buyer = "[strategy.bot.contract.buyer]\nrate_per_month = { lead = 7, engineer = 3 }";
    let messages = single_refusals(&[
        (COST_PLUS, "cost_plus = 0.15\nrate_per_month = { lead = 9 }"),
        (COST_PLUS, "rate_per_month = { led = 9 }"),
        (COST_PLUS, "rate_per_month = 9"),
        (buyer, "[strategy.bot.contract.client]\nrate_per_month = { lead = 7, engineer = 3 }"),
        (buyer, "[strategy.in_house.contract.vendor]\nrate_per_month = { lead = 7, engineer = 3 }"),
        (buyer, "[strategy.bot.contract.byer]\nrate_per_month = { lead = 7, engineer = 3 }"),
        (buyer, "[strategy.bot.contract.buyer]\nretention_months = 9"),
        (buyer, "[strategy.bot.contract.buyer]\nrate_per_mont = { lead = 7 }"),
        (buyer, "[[strategy.bot.contract.buyer]]\nrate_per_month = { lead = 7 }"),
        ("oversight_month = 4", "oversight_month = [{ month = 12, value = 4 }, { month = 6, value = 3 }]"),
        ("oversight_month = 4", "oversight_month = [{ month = 0, value = 4 }, { month = 0, value = 3 }]"),
        ("oversight_month = 4", "oversight_month = []"),
        ("oversight_month = 4", "oversight_month = [{ month = 0 }]"),
        ("oversight_month = 4", "oversight_month = [{ month = 0, valeu = 4 }]"),
        ("oversight_month = 4", "oversight_month = [4]"),
    ]);
    insta::assert_snapshot!(messages);
}

#[test]
fn staff_bench_and_cost_that_contradict_themselves_are_refused() {
    let paid = "staff_per_year = { recruiters = 18, panel = 12 }";
    let messages = single_refusals(&[
        (RECRUITERS, "recruiters = [{ month = 9, value = 2 }, { month = 3, value = 1 }]"),
        (RECRUITERS, "recruiters = [{ month = 0, value = { count = [{ month = 0, value = 2 }], each_handles = 2 } }]"),
        (RECRUITERS, "recruiters = []"),
        (RECRUITERS, "recruiters = { each_handles = 2 }"),
        (RECRUITERS, "recruiters = { count = 2, each_handle = 2 }"),
        (BENCH, "bench = { tester = 1 }"),
        (BENCH, "bench = 3"),
        (paid, "staff_per_year = { recruiters = 18, pannel = 12 }"),
        (paid, "staff_per_year = { sourcers = 18 }"),
        (paid, "staff_per_year = 18"),
        (SALARIES, "salary_per_year = { lead = 60, enginer = 24 }"),
        (SALARIES, "salary_per_year = 60"),
        ("overhead = 0.2", "overheads = 0.2"),
    ]);
    insta::assert_snapshot!(messages);
}

#[test]
fn what_no_longer_fits_is_told_where_it_stands() {
    let edits: [(&str, &str, usize); 7] = [
        // A capacity of 0 forever, and a stage that uses it.
        (RECRUITERS, "recruiters = [{ month = 0, value = 0 }, { month = 9, value = 0 }]", 1),
        (RECRUITERS, "recruiters = { count = [{ month = 0, value = 0 }], each_handles = 2 }", 1),
        // Nothing to be ready, and nothing to refill.
        (BENCH, "", 2),
        // Staff that is paid and that no stage uses.
        ("uses = \"panel\"\ntakes_days = { dist = \"normal\"", "takes_days = { dist = \"normal\"", 1),
        // A transfer without a time.
        (READY, "", 1),
        // The contracts of the vendor, when the vendor belongs to the client.
        ("[organisation.vendor]", "[organisation.vendor]\nown = true", 4),
        // Goals, when the horizon is too near for most.
        ("horizon_months = 36", "horizon_months = 20", 5),
    ];
    let mut messages = String::new();
    for (from, to, mistakes) in edits {
        let message = refusal(&edited(RICH, from, to), &[]);
        assert_eq!(count(&message), mistakes, "{to}: {message}");
        let _ = writeln!(messages, "######## {}\n{message}", to.escape_debug());
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn keys_of_the_whole_model_that_do_not_exist_are_refused_with_the_nearest_that_does() {
    let messages = single_refusals(&[
        ("knowledge_days = 270", "knowlege_days = 270"),
        ("[demand.shock]\nper_year", "[demand.shock]\nper_yaer"),
        ("[demand.shock]", "[demand.shok]"),
        ("rookie_factor = 2", "rooky_factor = 2"),
        ("size_fte_days = 5000", "size_fte_day = 5000"),
        ("exit_hazard_per_year = 0.04", "exit_hazrd_per_year = 0.04"),
        ("[[goal]]", "[[gaol]]"),
        ("failure_hazard_per_year = 0.05", "failure_hazard = 0.05"),
        ("burnout_hazard_per_year = 0.4", "burnout_per_year = 0.4"),
        ("brand = { start = 1.4, hires = 12 }", "brand = { start = 1.4, hires = 12, until = 9 }"),
        ("bench_refill_days", "bench_refil_days"),
        ("rescue = { to = \"buyer\", acceptance = 0.8 }", "rescue = { to = \"buyer\", aceptance = 0.8 }"),
        ("exercise = 0.95", "exercice = 0.95"),
        ("guarantee_days = 90", "garantee_days = 90"),
        ("tenure_days = 400 }", "tenure = 400 }"),
    ]);
    insta::assert_snapshot!(messages);
}

/// Adds the path of each value of a scenario, as an override names it.
pub(crate) fn leaves(value: &toml::Value, path: String, found: &mut Vec<String>) {
    let below = |part: String| if path.is_empty() { part } else { format!("{path}.{part}") };
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                leaves(value, below(key.clone()), found);
            }
        }
        toml::Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                leaves(value, below(index.to_string()), found);
            }
        }
        _ => {}
    }
    if !path.is_empty() {
        found.push(path);
    }
}

/// Values that are rarely valid anywhere.
const HOSTILE: [&str; 18] = [
    "{}",
    "{ a = 1 }",
    "{ dist = 'uniform' }",
    "{ dist = 'uniform', min = {}, max = [] }",
    "{ month = 0, value = 1 }",
    "[]",
    "[[]]",
    "[{}]",
    "[1, 'x', {}]",
    "[{ month = {}, value = [] }]",
    "[{ month = 0, value = { count = {}, each_handles = [] } }]",
    "''",
    "'x'",
    "true",
    "-1",
    "nan",
    "9223372036854775807",
    "2027-01-01T00:00:00Z",
];

#[test]
fn nothing_in_the_place_of_anything_else_makes_the_reader_stumble() {
    let mut keys = Vec::new();
    leaves(&toml::Value::Table(RICH.parse().expect("it is TOML")), String::new(), &mut keys);
    assert!(keys.len() > 250, "{} keys", keys.len());
    let (mut silent, mut beyond, mut case) = (Vec::new(), 0, 0);
    for key in &keys {
        for value in HOSTILE {
            case += 1;
            if !is_tried(case) {
                continue;
            }
            let set = format!("{key}={value}");
            match Scenario::parse(RICH, std::slice::from_ref(&set)) {
                Ok(_) => {}
                // An item that is a table is not replaced as a whole.
                Err(Refusal::Override(_)) => beyond += 1,
                Err(Refusal::Mistakes(mistakes)) => {
                    let said = mistakes.render("scenario.toml", false);
                    let is_said = |mistake: &Diagnostic| {
                        !mistake.key.is_empty() && !mistake.message.is_empty() && said.contains(&mistake.title())
                    };
                    if mistakes.all.is_empty() || !mistakes.all.iter().all(is_said) {
                        silent.push(format!("{set}: {said}"));
                    }
                }
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    assert!(beyond < 20 * HOSTILE.len(), "{beyond} overrides were none");
}

#[test]
fn a_value_of_another_type_is_one_mistake_with_the_key_that_holds_it() {
    let tables = [
        "demand.shock",
        "operations",
        "project",
        "market",
        "goal",
        "organisation.vendor.hiring.brand",
        "organisation.vendor.hiring.bench",
        "organisation.vendor.cost",
        "organisation.vendor.cost.staff_per_year",
        "strategy.bot.rescue",
        "strategy.in_house.initial",
        "strategy.bot.transfer.0.ready",
        "strategy.bot.contract",
        "strategy.bot.contract.vendor",
        "strategy.bot.contract.vendor.staffing_credit",
    ];
    let mut wrong = Vec::new();
    for table in tables {
        for value in ["5", "'x'", "true", "2027-01-01"] {
            let message = refusal(RICH, &["--set", &format!("{table}={value}")]);
            let key = format!("`{}`: ", table.replace(".0", "[0]"));
            if count(&message) != 1 || !message.contains(&key) || !message.contains("found, expected a ") {
                wrong.push(format!("{table}={value}: {message}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_empty_list_of_waves_is_refused() {
    let message = refusal(&edited(PLAIN, "acceptance = 0.9", "waves = []"), &[]);
    assert!(message.contains("`strategy.bot.transfer[0].waves`"), "{message}");
}

#[test]
fn each_broken_scenario_is_told_all_of_its_mistakes_at_once() {
    let scenarios = [THREE_MISTAKES, SYNTAX_AND_MEANING, SHARED_BY_LIKE];
    let messages: Vec<String> = scenarios.iter().map(|scenario| refusal(scenario, &[])).collect();
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn three_mistakes_are_each_told_with_place_underline_and_remedy() {
    let message = refusal(THREE_MISTAKES, &[]);
    assert_eq!(count(&message), 3, "{message}");
    assert_eq!(places(&message), [(5, 1), (11, 12), (17, 12)], "{message}");
    for underlined in ["replicatoins = 100", "engineer = \"5\"", "employer = \"buildr\""] {
        let line = message.lines().position(|line| line.ends_with(underlined)).expect("the line is shown");
        let (shown, marks) =
            (message.lines().nth(line).unwrap_or_default(), message.lines().nth(line + 1).unwrap_or_default());
        let marked: String = shown.chars().zip(marks.chars()).filter(|(_, mark)| *mark == '^').map(|(c, _)| c).collect();
        assert!(["replicatoins", "\"5\"", "\"buildr\""].contains(&marked.as_str()), "{marked:?} in {message}");
    }
    assert!(message.contains("did you mean `replications`?"), "{message}");
    assert!(message.contains("did you mean `builder`?"), "{message}");
}

#[test]
fn a_mistake_that_organisations_share_is_told_once() {
    let message = refusal(SHARED_BY_LIKE, &[]);
    assert_eq!(count(&message), 2, "{message}");
    assert_eq!(places(&message), [(13, 54), (16, 1)], "{message}");
}

#[test]
fn every_key_that_is_missing_is_told() {
    let message = refusal("seed = 1\n", &[]);
    for key in ["title", "start", "horizon_months", "role", "demand", "organisation", "strategy"] {
        assert!(message.contains(&format!("`{key}`: missing")), "{key}: {message}");
    }
    let message = refusal(TWO_KEYS_MISSING, &[]);
    let organisation = "organisation.builder";
    for key in ["hiring.stages[0].name", "hiring.stages[0].takes_days", "onboarding.mentored", "onboarding.mentored_days"] {
        assert!(message.contains(&format!("`{organisation}.{key}`: missing")), "{key}: {message}");
    }
    assert_eq!(count(&message), 4, "{message}");
}

#[test]
fn a_wrong_value_brings_no_other_mistake_with_it() {
    let alone = [
        ("start = 2027-01-01", "start = 2027-02-30"),
        ("engineer = 5", "engineer = [{ month = 0, value = 3 }, { month = 2, value = \"x\" }]"),
        ("engineer = 5", "engineer = [{ month = 1, value = 3 }, { month = \"x\", value = 4 }]"),
        ("{ name = \"search\", uses = \"recruiters\", takes_days = 30, pass = 0.75 },", "5"),
        ("name = \"engineer\"", "nme = \"engineer\""),
        ("name = \"engineer\"", "name = true"),
        ("[[role]]\nname = \"engineer\"", "role = [\"engineer\"]"),
        ("[[role]]", "[role]"),
        ("engineer = 5", "engineer = []"),
        ("month = 12", "month = \"12\""),
        ("[[strategy.bot.transfer]]", "[strategy.bot.transfer]"),
        ("staff = { recruiters = 2 }", "staff = 2"),
    ];
    let more: Vec<String> =
        alone.iter().map(|(from, to)| refusal(&edited(PLAIN, from, to), &[])).filter(|message| count(message) > 1).collect();
    assert!(more.is_empty(), "{}", more.join("\n"));
}

#[test]
fn a_mistake_in_a_long_line_keeps_its_underline_and_its_remedy() {
    let message = refusal(LONG_LINE, &[]);
    assert!(message.contains("^^^"), "{message}");
    assert!(message.contains("did you mean `pass`?"), "{message}");
}

#[test]
fn places_are_right_after_a_byte_order_mark_tabs_wide_letters_and_carriage_returns() {
    let wrong = edited(PLAIN, "to = \"owner\"", "to = \"ownr\"");
    let at = places(&refusal(&wrong, &[]));
    assert_eq!(at, [(26, 6)]);
    assert_eq!(places(&refusal(&format!("\u{feff}{wrong}"), &[])), at);
    assert_eq!(places(&refusal(&wrong.replace('\n', "\r\n"), &[])), at);
    // A column counts characters, whatever their width.
    let shifted = wrong.replace("to = \"ownr\"", "\tto = \"ownr\"");
    assert_eq!(places(&refusal(&shifted, &[])), [(26, 7)]);
    let wide = edited(PLAIN, "{ name = \"search\", uses", "{ name = \"検索🙂\", usess");
    assert_eq!(places(&refusal(&wide, &[])), [(16, 19)]);
}

#[test]
fn no_control_character_of_the_input_reaches_the_terminal() {
    let escape = "\\u001b[31m";
    let scenarios = [
        edited(PLAIN, "name = \"engineer\"", &format!("name = \"eng{escape}ineer\"")),
        edited(PLAIN, "[organisation.owner]", &format!("[organisation.\"ow{escape}ner\"]")),
        edited(PLAIN, "to = \"owner\"", &format!("to = \"ow{escape}ner\"")),
        edited(PLAIN, "uses = \"recruiters\"", &format!("uses = \"{escape}\"")),
        edited(PLAIN, "takes_days = 30", &format!("takes_days = {{ dist = \"{escape}\" }}")),
        edited(PLAIN, "seed = 1", &format!("\"{escape}\" = 1")),
        edited(PLAIN, "seed = 1", "# \u{1b}[31m"),
        edited(PLAIN, "title = \"Five people\"", "title = \"\u{1b}[31m\""),
    ];
    let shows_one = |message: &String| message.chars().any(|c| c.is_control() && c != '\n');
    let mut messages: Vec<String> = scenarios.iter().map(|scenario| refusal(scenario, &[])).collect();
    for set in ["title=\"\u{1b}[31m\"", "\u{1b}[31m=1", "demand.\"\\u001b[31m\"=1", "title=\"\\u001b[31m\""] {
        messages.push(refusal(PLAIN, &["--set", set]));
    }
    messages.push(refusal(PLAIN, &["--strategy", "\u{1b}[31m"]));
    messages.push(refused(&Folder::new(), &["run", "\u{1b}[31m.toml"]));
    let shown: Vec<String> = messages.into_iter().filter(shows_one).map(|message| format!("{message:?}")).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn mistakes_in_overrides_are_shown_where_they_were_given() {
    let sets = [
        "seed",
        "seed=",
        "=3",
        "seed=abc",
        "seed=1 # one",
        "seed=-1",
        "sead=3",
        "a..b=1",
        "title.x=1",
        "strategy.bot.transfer.0=3",
        "strategy.bot.transfer.1.month=3",
        "strategy.bot.transfer.first.month=3",
        "strategy.bot.transfer.0.to=\"nobody\"",
        "strategy.bot.transfer.0.acceptance=1.2",
        "strategy.\"bot\".transfer.0.acceptance = 1.2",
        " demand . engineer = -5",
        "demand.enginer=5",
        "demand={ engineer = 2, tester = 1 }",
        "organisation.builder.hiring.stages.0.pass=0",
        "organisation.builder.hiring.stages.0.takes_days={ dist = \"exponentail\", mean = 3 }",
        "organisation.owner.hiring.staff.recruiters=9",
        "organisation.owner.like=\"owner\"",
        "goal=[{ name = \"x\" }]",
        "organisation.builder.cost.setup=-3",
        "strategy.bot.transfer.0.ready={ headcount_share = 0.9 }",
        "start=\"2027-01-01\"",
        "acceptence=0.8",
        "staff.recruters=3",
        "transfer.0.acceptance=1.2",
        "name=\"x\"",
        "staff=3",
        "uncertain=[{ name = \"x\" }]",
        "factor=[{ name = \"x\", key = \"pas\", levels = [0.5] }]",
    ];
    let mut messages = String::new();
    for set in sets {
        let message = refusal(PLAIN, &["--set", set]);
        assert!(message.contains("--set"), "{set}: {message}");
        assert_eq!(places(&message), [], "{set} is not in the file: {message}");
        let _ = writeln!(messages, "######## {set}\n{message}");
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn mistakes_in_paths_of_overrides_are_told_together_with_those_of_the_file() {
    let wrong = edited(PLAIN, "to = \"owner\"", "to = \"ownr\"");
    let message = refusal(&wrong, &["--set", "name=\"x\"", "--set", "recruters=1", "--set", "acceptance=2"]);
    for part in
        ["\"ownr\"", "`name`: 2 keys of the scenario end like this", "`recruters`: unknown key", "2 is not a probability"]
    {
        assert!(message.contains(part), "{part:?} is not in\n{message}");
    }
    assert_eq!((count(&message), places(&message)), (4, vec![(26, 6)]));
}

/// Returns the plain scenario with factors at its end.
fn with_factors(factors: &str) -> String {
    format!("{PLAIN}{factors}")
}

#[test]
fn factors_that_make_no_sense_are_refused() {
    let factor = "\n[[factor]]\nname = \"transfer\"\nkey = \"transfer.0.month\"\nlevels = [6, 12, 18]\nalso = { acceptance = [0.7, 0.8, 0.9] }\n";
    let scenario = with_factors(factor);
    Folder::with(&scenario).succeed(&["check", "scenario.toml"]);
    let twin = format!("\n{factor}");
    let messages = refusals(
        &scenario,
        &[
            ("\"transfer\"", "\"\""),
            ("\"transfer\"", "\"mean\""),
            ("\"transfer\"", "\"file\""),
            ("\"transfer\"", "\"a=b\""),
            ("\"transfer.0.month\"", "\"transfer.0.mnth\""),
            ("\"transfer.0.month\"", "\"strategy.bot.transfer.1.month\""),
            ("\"transfer.0.month\"", "\"organisation.builder.setup_dyas\""),
            ("\"transfer.0.month\"", "\"name\""),
            ("\"transfer.0.month\"", "\"staff\""),
            ("\"transfer.0.month\"", "\"seed\""),
            ("\"transfer.0.month\"", "\"a..b\""),
            ("\"transfer.0.month\"", "[\"transfer.0.month\", \"pass\", \"month\"]"),
            ("\"transfer.0.month\"", "[]"),
            ("\"transfer.0.month\"", "7"),
            ("[6, 12, 18]", "[]"),
            ("[6, 12, 18]", "[6, 12, 6.0]"),
            ("[6, 12, 18]", "12"),
            ("[6, 12, 18]", "{ from = 6, to = 18 }"),
            ("[6, 12, 18]", "{ from = 6, to = 18, step = -6 }"),
            ("[6, 12, 18]", "{ from = 6, to = 18, step = 0 }"),
            ("[6, 12, 18]", "{ from = 6, to = 1e300, step = 1 }"),
            ("[6, 12, 18]", "{ from = 0, to = 1000, step = 1 }"),
            ("acceptance = [0.7, 0.8, 0.9]", "acceptence = [0.7, 0.8, 0.9]"),
            ("acceptance = [0.7, 0.8, 0.9]", "acceptance = 0.7"),
            ("acceptance = [0.7, 0.8, 0.9]", "acceptance = [0.7, 0.8]"),
            ("acceptance = [0.7, 0.8, 0.9]", "strategy.bot.transfer.0.acceptance = [0.7, 0.8, 0.9]"),
            ("acceptance = [0.7, 0.8, 0.9]", "\"transfer.0.month\" = [6, 12, 18]"),
            ("also =", "alos ="),
            ("also = { acceptance = [0.7, 0.8, 0.9] }\n", twin.as_str()),
        ],
    );
    insta::assert_snapshot!(messages);
    let many: String = (0..21).map(|index| factor.replace("\"transfer\"", &format!("\"f{index}\""))).collect();
    assert!(refusal(&with_factors(&many), &[]).contains("`factor`: 21 factors found, expected at most 20"));
}

#[test]
fn what_is_uncertain_is_known_and_not_there_yet() {
    let message = refusal(&with_factors("\n[[uncertain]]\nname = \"tenure\"\nkey = \"pass\"\n"), &[]);
    assert!(message.contains("`uncertain`: not available yet") && !message.contains("unknown key"), "{message}");
    assert_eq!((count(&message), places(&message)), (1, vec![(33, 3)]), "{message}");
}

#[test]
fn a_number_too_large_in_an_override_is_called_that() {
    let message = refusal(PLAIN, &["--set", "seed=99999999999999999999"]);
    assert!(message.contains("too large") && !message.contains("needs quotes"), "{message}");
}

#[test]
fn a_date_that_does_not_exist_is_told_with_the_reason_wherever_it_is_given() {
    let cases = [
        ("2027-02-29", "2027-02-29 is not a date: February 2027 has 28 days"),
        ("2027-04-31", "2027-04-31 is not a date: April 2027 has 30 days"),
        ("2027-13-01", "2027-13-01 is not a date: a year has months 01 to 12"),
        ("2027-00-10", "2027-00-10 is not a date: a year has months 01 to 12"),
        ("2027-01-00", "2027-01-00 is not a date: the first day of a month is 01"),
        ("2027-01-32", "2027-01-32 is not a date: January 2027 has 31 days"),
        ("2027-1-1", "2027-1-1 is not a date: expected a year of four digits"),
        ("01-01-2027", "01-01-2027 is not a date: expected a year of four digits"),
        ("2027-02-29T08:00:00", "2027-02-29 is not a date: February 2027 has 28 days"),
        ("2027-01-01T25:00:00", "25:00:00 is not a time of day, expected a date without one"),
        ("2027-01-01T08:00:00", "found, expected a date without quotes and without a time, e.g. 2027-01-01"),
        ("\"2027-01-01\"", "found, expected a date without quotes and without a time, e.g. 2027-01-01"),
    ];
    for (date, expected) in cases {
        let in_the_file = refusal(&edited(PLAIN, "start = 2027-01-01", &format!("start = {date}")), &[]);
        let by_set = refusal(PLAIN, &["--set", &format!("start={date}")]);
        for message in [in_the_file, by_set] {
            assert!(message.contains(expected) && !message.contains("too large"), "{date}: {message}");
        }
    }
}

#[test]
fn chances_that_hardly_anybody_ever_has_are_refused() {
    for pass in ["9e-7", "1e-300", "5e-324"] {
        let message = refusal(&edited(PLAIN, "pass = 0.75", &format!("pass = {pass}")), &[]);
        assert!(message.contains("candidates would start for each one who joins"), "{pass}: {message}");
    }
}

#[test]
fn months_are_of_the_calendar_or_equal() {
    let with = |months: &str| edited(PLAIN, "horizon_months", &format!("months = {months}\nhorizon_months"));
    for known in ["\"equal\"", "\"calendar\""] {
        Folder::with(&with(known)).succeed(&["check", "scenario.toml"]);
    }
    for other in ["\"Equal\"", "\"\"", "12", "30.4", "true", "2027-01-01", "[]", "{ equal = true }"] {
        let message = refusal(&with(other), &[]);
        assert!(message.contains("`months`: ") && message.contains("expected \"calendar\", or \"equal\""), "{message}");
        assert_eq!(count(&message), 1, "{message}");
    }
}

#[test]
fn an_attrition_rate_contradicts_a_law_of_tenure() {
    let law = "tenure_days = { dist = \"weibull\", shape = 1.2, scale = 700 }";
    let message = refusal(&edited(RICH, law, &format!("{law}\nattrition_per_year = 0.2")), &[]);
    assert!(message.contains("attrition.attrition_per_year`: contradicts `tenure_days`"), "{message}");
    assert_eq!(count(&message), 1, "{message}");
    for wrong in ["-0.1", "1_000_001", "nan", "\"20 %\"", "{ dist = \"exponential\", mean = 1 }"] {
        let message = refusal(&edited(RICH, law, &format!("attrition_per_year = {wrong}")), &[]);
        assert!(message.contains("a rate per year") && message.contains("0 to 1000000"), "{wrong}: {message}");
    }
}

#[test]
fn a_circle_of_like_is_told_of_the_organisation_whose_line_is_shown() {
    let circle = edited(PLAIN, "like = \"builder\"", "like = \"third\"\n[organisation.third]\nlike = \"owner\"");
    let message = refusal(&circle, &[]);
    for (organisation, line) in [("owner", 20), ("third", 22)] {
        let key = format!("`organisation.{organisation}.like`");
        let shown = message.split("error: ").find(|mistake| places(mistake).iter().any(|place| place.0 == line));
        assert!(shown.is_none_or(|mistake| mistake.starts_with(&key)), "{message}");
    }
}

#[test]
fn mistakes_of_file_and_overrides_are_told_together_each_in_its_own_place() {
    let wrong = edited(PLAIN, "to = \"owner\"", "to = \"ownr\"");
    insta::assert_snapshot!(refusal(&wrong, &["--set", "demand.engineer=-5", "--set", "seed=-1"]));
}

#[test]
fn lines_and_columns_are_those_of_the_file_even_if_overrides_add_to_it() {
    let wrong = edited(PLAIN, "pass = 0.75", "pass = 1.2");
    let wrong = edited(&wrong, "to = \"owner\"", "to = \"ownr\"");
    let at = places(&refusal(&wrong, &[]));
    assert_eq!(at, [(16, 67), (26, 6)]);
    for set in [
        "currency=\"X\"",
        "communication.team=8",
        "organisation.builder.setup_days=30",
        "organisation.builder.hiring.stages.0.takes_days=123456789",
        "organisation.builder.hiring.staff={ recruiters = 2,\n sourcers = 3 }",
        "title=\"another\"",
    ] {
        let message = refusal(&wrong, &["--set", set]);
        assert_eq!(places(&message), at, "{set}: {message}");
    }
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let folder = Folder::with(PLAIN);
    let usages: [&[&str]; 45] = [
        &[],
        &["simulate"],
        &["run"],
        &["run", "scenario.toml", "extra"],
        &["run", "scenario.toml", "-n", "0"],
        &["run", "scenario.toml", "-n", "-5"],
        &["run", "scenario.toml", "-n", "many"],
        &["run", "scenario.toml", "-n", "9999999999"],
        &["run", "scenario.toml", "--seed", "-1"],
        &["run", "scenario.toml", "--seed", "1.5"],
        &["run", "scenario.toml", "--seed", "99999999999999999999"],
        &["run", "scenario.toml", "--strategy", "bt"],
        &["run", "scenario.toml", "--strategy", "Bot"],
        &["run", "scenario.toml", "--baseline", "in_hous"],
        &["run", "scenario.toml", "--strategy", "bot", "--baseline", "in_house"],
        &["run", "scenario.toml", "--format", "parquet"],
        &["run", "scenario.toml", "--format", "csv,parket"],
        &["run", "scenario.toml", "--format", "csv,arrow"],
        &["run", "scenario.toml", "--format", ""],
        &["run", "scenario.toml", "--charts", "hedcount"],
        &["run", "scenario.toml", "--charts", ""],
        &["run", "scenario.toml", "--chart-format", "gif"],
        &["run", "scenario.toml", "--confidence", "1.5"],
        &["run", "scenario.toml", "--confidence", "0"],
        &["run", "scenario.toml", "--confidence", "nan"],
        &["run", "scenario.toml", "--confidence", "95%"],
        &["run", "scenario.toml", "--precision", "0.01"],
        &["run", "scenario.toml", "--response", "joins"],
        &["run", "scenario.toml", "--max-replications", "9"],
        &["run", "scenario.toml", "--precision", "1%", "--response", "joins"],
        &["run", "scenario.toml", "--precision", "0", "--response", "joins"],
        &["run", "scenario.toml", "--precision", "0.1", "--response", "join"],
        &["run", "scenario.toml", "--precision", "0.1", "--response", "outcome"],
        &["run", "scenario.toml", "--precision", "0.1", "--response", "joins:p"],
        &["run", "scenario.toml", "--precision", "0.1", "--response", "joins:p100"],
        &["run", "scenario.toml", "--precision", "0.1", "--response", "joins:p1e1"],
        &["run", "scenario.toml", "--precision", "0.1", "--response", "joins", "--max-replications", "0"],
        &["run", "scenario.toml", "--threads", "0"],
        &["run", "scenario.toml", "--threads", "-1"],
        &["run", "scenario.toml", "--replication", "5"],
        &["run", "scenario.toml", "--out", ""],
        &["trace", "scenario.toml", "--strategy", "in-house"],
        &["trace", "scenario.toml", "--replication", "-1"],
        &["report", "nothing"],
        &["report", "scenario.toml"],
    ];
    let mut messages = String::new();
    for arguments in usages {
        let _ = writeln!(messages, "######## handover {}\n{}", arguments.join(" "), refused(&folder, arguments));
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn all_and_none_among_other_charts_are_no_unknown_names() {
    let folder = Folder::with(PLAIN);
    let message = folder.run(&["run", "scenario.toml", "--charts", "all,headcount", "-o", "out"]).err;
    assert!(!message.contains("no chart named \"all\""), "{message}");
    let message = refusal(PLAIN, &["--charts", "headcount,none"]);
    assert!(!message.contains("no chart named \"none\"; did you mean `none`"), "{message}");
}

#[test]
fn people_and_careers_that_make_no_sense_are_refused() {
    let lead = "{ role = \"lead\", joined = 2024-05-01, fte = 0.8 }";
    let by_role = "employer_by_role = { lead = \"client\" }";
    let promotion = "promote_from = \"engineer\"\npromote_after_days = 300\npromote_share = 0.5";
    let of_a_year = "measure = \"client_cost\"\nat_most = 400\nyear = 2028";
    let messages = single_refusals(&[
        (lead, "{ role = \"leed\", joined = 2024-05-01 }"),
        (lead, "{ role = \"lead\", joined = 2024-05-01, fte = 80 }"),
        (lead, "{ role = \"lead\", joined = 1 }"),
        (lead, "{ role = \"lead\" }"),
        (lead, "{ role = \"lead\", joined = 2024-05-01, last_day = 2024-04-01 }"),
        (lead, "{ role = \"lead\", joined = 2024-05-01, last_day = 2026-04-01 }"),
        (lead, "{ role = \"lead\", joined = 2027-05-01, last_day = 2028-04-01 }"),
        (lead, "{ role = \"lead\", joined = 2024-05-01, left = 2028-04-01 }"),
        (lead, "\"lead\""),
        (by_role, "employer_by_role = { leed = \"client\" }"),
        (by_role, "employer_by_role = { lead = \"clent\" }"),
        (by_role, "employer_by_role = \"client\""),
        (promotion, "promote_from = \"enginer\""),
        (promotion, "promote_from = \"lead\""),
        (promotion, "promote_after_days = 300"),
        (promotion, "promote_from = \"engineer\"\npromote_share = 50"),
        ("fiscal_year_starts = 7", "fiscal_year_starts = 13"),
        (of_a_year, "measure = \"headcount\"\nat_most = 400\nyear = 2028"),
        (of_a_year, "measure = \"client_cost\"\nat_most = 400\nyear = 2031"),
        (of_a_year, "measure = \"client_cost\"\nat_most = 400\nyear = 2028\nfor_months = 2"),
        (of_a_year, "measure = \"client_cost\"\nrole = \"lead\"\nat_most = 400\nat_month = 24"),
        (lead, "{ role = \"lead\", joined = 01.05.2024 }"),
        (lead, "{ role = \"lead\", joined = 2024-02-30 }"),
        ("knowledge_days = 270", "knowledge_days = 2027-09-30"),
    ]);
    insta::assert_snapshot!(messages);
}

/// A list of people in a file has a path, lines and columns of its own.
#[test]
fn lists_of_people_that_make_no_sense_are_refused() {
    let folder = Folder::with(&edited(PLAIN, "employer = \"builder\"", "employer = \"builder\"\npeople = \"people.csv\""));
    let mut messages = refused(&folder, &["run", "scenario.toml", "-o", "out"]);
    let lists: [&[u8]; 14] = [
        b"",
        b"role,joined\n",
        b"rolle,joined\nengineer,2021-04-01\n",
        b"role\nengineer\n",
        b"role,joined,joined\nengineer,2021-04-01,2021-04-01\n",
        b"role,joined\nenginer,2021-04-01\n",
        b"role,joined\nengineer,01.04.2021\nengineer,2021-02-30\nengineer,\n,2021-04-01\n",
        b"role,joined,fte\nengineer,2021-04-01,80\nengineer,2021-04-01,half\nengineer,2021-04-01,0\n",
        b"role,joined,last_day\nengineer,2021-04-01,2020-01-01\nengineer,2021-04-01,2026-01-01\n",
        b"role,joined\n engineer,2021-04-01\n",
        b"role,joined\nengineer,2021-04-01,0.5\n",
        b"role;joined;fte\nengineer;2021-04-01;0,8,1\n",
        b"role,joined\nengin\xe9er,2021-04-01\n",
        b"PK\x03\x04\xff",
    ];
    for list in lists {
        folder.write("people.csv", list);
        let message = folder.run(&["check", "scenario.toml"]);
        let shown = String::from_utf8_lossy(list);
        let _ = writeln!(messages, "######## {} {}\n{}", shown.escape_debug(), message.status.unwrap_or(-1), message.err);
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn files_that_are_no_scenario_are_refused() {
    let folder = Folder::new();
    folder.write("empty.toml", "");
    folder.write("blank.toml", " \n\t\n\r\n");
    folder.write("latin1.toml", b"title = \"K\xfcln\"\n");
    folder.write("second_line.toml", b"title = \"x\"\nstart = \xff\n");
    folder.write("binary.toml", (0..=255).cycle().take(5000).collect::<Vec<u8>>());
    folder.write("nul.toml", "title = \"a\0b\"\n");
    folder.write("json.toml", "{ \"title\": \"x\" }\n");
    folder.write("people.csv", "role;joined\nlead;2021-04-01\n");
    folder.write("plan.xlsx", b"PK\x03\x04\xff");
    folder.write("plan.pdf", b"%PDF-1.7\n\xff");
    folder.write("large.toml", "# comment\n".repeat(1_100_000));
    fs::create_dir(folder.path("folder.toml")).expect("a folder can be made");
    let files = [
        "empty.toml",
        "blank.toml",
        "latin1.toml",
        "second_line.toml",
        "binary.toml",
        "nul.toml",
        "json.toml",
        "people.csv",
        "plan.xlsx",
        "plan.pdf",
        "large.toml",
        "folder.toml",
        "missing.toml",
        "emty.toml",
        "no/such/folder.toml",
        "empty.toml/below",
        "/dev/null",
        "/dev/zero",
    ];
    let mut messages = String::new();
    for file in files {
        let message = refused(&folder, &["run", file, "-o", "out"]);
        assert!(message.contains(file), "{file}: {message}");
        let _ = writeln!(messages, "######## {file}\n{message}");
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn only_comments_are_an_empty_scenario_with_everything_missing() {
    let message = refusal("# nothing yet\n", &[]);
    assert!(message.contains("`title`: missing"), "{message}");
}

#[test]
fn hostile_files_are_refused_soon_and_briefly() {
    let nested = |open: &str, times: usize| format!("a = {}", open.repeat(times));
    let texts = [
        nested("[", 1_000_000),
        nested("{ a = ", 170_000),
        format!("{} = 1", vec!["a"; 500_000].join(".")),
        format!("[{}]", vec!["a"; 500_000].join(".")),
        format!("a = {}{}", "[".repeat(500_000), "]".repeat(500_000)),
        "[".repeat(1_000_000),
        "x\n".repeat(300_000),
        "\"".repeat(300_000),
        (0..60_000).map(|key| format!("k{key} = 1\n")).collect(),
        (0..20_000).map(|key| format!("[[role]]\nname = \"r{key}\"\n")).collect(),
        format!("title = \"{}\"", "é".repeat(500_000)),
        edited(PLAIN, "to = \"owner\"", &format!("to = \"{}\"", "y".repeat(1_000_000))),
    ];
    for text in texts {
        let start: String = text.chars().take(40).collect();
        let begun = Instant::now();
        let message = refusal(&text, &[]);
        // Generous, because the machine may be busy.
        assert!(begun.elapsed() < Duration::from_secs(20), "{start}...: {:?}", begun.elapsed());
        assert!(message.len() < 200_000, "{start}...: {} bytes of message", message.len());
    }
}

#[test]
fn a_long_chain_of_like_is_refused_soon() {
    let link = |organisation| format!("[organisation.o{organisation}]\nlike = \"o{}\"\n", organisation + 1);
    let chain: String = (0..3000).map(link).collect();
    let begun = Instant::now();
    refusal(&format!("{PLAIN}{chain}[organisation.o3000]\nlike = \"builder\"\n"), &[]);
    // A tenth of a megabyte. Generous, because the machine may be busy.
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn hostile_overrides_are_refused() {
    for set in [
        format!("{}=1", vec!["a"; 50_000].join(".")),
        format!("title={}", "[".repeat(100_000)),
        format!("title={}", "{a=".repeat(30_000)),
        format!("{}=1", vec!["a"; 70].join(".")),
        format!("title={}{}", "[".repeat(70), "]".repeat(70)),
        format!("{}=1", "é".repeat(30_000)),
    ] {
        refusal(PLAIN, &["--set", &set]);
    }
}

#[test]
fn every_command_that_reads_a_scenario_refuses_it_alike() {
    let folder = Folder::with(&edited(PLAIN, "to = \"owner\"", "to = \"ownr\""));
    let messages = ["run", "check", "trace"].map(|command| refused(&folder, &[command, "scenario.toml"]));
    assert!(messages[0].contains("ownr") && messages.iter().all(|message| *message == messages[0]), "{messages:#?}");
    assert!(!folder.path("results").exists());
}

#[test]
fn the_library_refuses_with_the_same_words() {
    let wrong = edited(PLAIN, "to = \"owner\"", "to = \"ownr\"");
    let error = Scenario::parse(&wrong, &[]).expect_err("the receiver does not exist").to_string();
    assert_eq!(error.replace("scenario:", "scenario.toml:").trim_end(), refusal(&wrong, &[]).trim_end());
}

#[test]
fn keys_of_roles_and_stages_that_contradict_the_rest_are_refused() {
    let (law, mentored, pass) =
        ("tenure_days = { dist = \"weibull\", shape = 1.2, scale = 700 }", "mentored = 0.5", "pass = 0.9");
    let messages = single_refusals(&[
        (law, "role.lead = { tenure_days = 900, attrition_per_year = 0.2 }"),
        (law, "role.leed.attrition_per_year = 0.2"),
        (law, "role.lead = { early_days = 0, early_hazard_per_year = 1 }"),
        (law, "role.lead.tenure_days = 0"),
        (law, "role.lead.notice_period = 5"),
        (law, "surplus = \"keep\""),
        (law, "replace_share = 1.5"),
        (mentored, "mentored = 0.5\nrole.lead.mentor_slots = 2"),
        (pass, "pass_by_role = { leed = 0.5 }"),
        (pass, "pass_by_role = { lead = 0 }"),
        (pass, "on_fail = \"serch\""),
        ("takes_days = { dist = \"normal\", mean = 10, sd = 6 }", "takes_days = 10\non_fail = \"notice\""),
        ("name = \"notice\"", "name = \"search\"\non_fail = \"search\""),
    ]);
    insta::assert_snapshot!(messages);
    let message = refusal(&edited(RICH, mentored, "role.lead.mentored = 0.5"), &[]);
    assert!(message.contains("`organisation.vendor.onboarding.mentored`: missing: it is given neither"), "{message}");
    assert_eq!(count(&message), 1, "{message}");
    let message = refusal(&edited(RICH, pass, "pass_by_role = { lead = 1e-7 }"), &[]);
    assert!(message.contains("candidates would start for each one who joins"), "{message}");
}

#[test]
fn what_every_role_has_need_not_be_given_for_all() {
    let everywhere = "role = { lead.mentored = 0.6, engineer.mentored = 0.5 }";
    Folder::with(&edited(RICH, "mentored = 0.5", everywhere)).succeed(&["check", "scenario.toml"]);
}
