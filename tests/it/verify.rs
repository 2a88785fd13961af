//! `handover verify`: known truths hold under several seeds, and its output.

use std::time::Duration;

use handover::experiment::{CASES, Case, CaseRun, Check};
use handover::run::{Session, Settings, run};
use handover::scenario::Scenario;
use serde_json::Value as Json;

use super::program::{Exit, Folder, is_thorough, run_to_end};
use super::reference::assert_validation_page;

/// It may take two minutes; the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(600);

/// Checks that must exist.
const NAMES: [&str; 20] = [
    "day on which b0 joins",
    "by hand: staffed_day",
    "by hand: effective_fte_days",
    "to the cent: client_cost",
    "loss of a team of 5 (%)",
    "loss of a team of 30 (%)",
    "binomial headcount, month 6: mean",
    "binomial headcount, month 6: variance",
    "machine repair M/M/2//8: mean",
    "M/M/6//100, headcount in month 12",
    "M/M/6//100, headcount in month 60",
    "tries per join, geometric",
    "survivors of 20 after a year: mean",
    "renewals per seat by month 12",
    "renewals per seat by month 60",
    "share of time a seat is taken",
    "accepters of 60 at 0.93: mean",
    "at least 54 of 60 accept",
    "at least 57 of 60 accept",
    "shock survived for 182.5 days",
];

fn verify(arguments: &[&str]) -> Exit {
    let folder = Folder::new();
    let told = run_to_end(folder.command(&[&["verify"], arguments].concat()).timeout(PATIENCE));
    assert_eq!(told.status, Some(0), "{}\n{}", told.out, told.err);
    assert_eq!(folder.files(""), [""; 0], "it writes no file");
    assert_eq!(told.err, "");
    told
}

#[test]
fn known_truths_hold_and_stand_in_a_table() {
    let told = verify(&["--seed", "2"]);
    assert!(told.out.starts_with("Known truths, seed 2\n"), "{}", told.out);
    let heading = told.out.lines().find(|line| line.starts_with("check ")).unwrap_or_default();
    for column in ["value", "truth", "standard error", "z", "notices (%)", "verdict"] {
        assert!(heading.contains(column), "{column}: {heading}");
    }
    for name in NAMES {
        let line = told.out.lines().find(|line| line.starts_with(name));
        assert!(line.is_some_and(|line| line.ends_with("holds")), "{name}:\n{}", told.out);
    }
}

#[test]
fn truths_of_the_manual_are_renewed_from_json_and_every_check_would_notice_a_small_bias() {
    let json: Json = serde_json::from_str(&verify(&["--json"]).out).expect("it is JSON");
    assert_eq!((&json["format"], &json["seed"], &json["holds"]), (&1.into(), &1.into(), &true.into()));
    assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
    let checks = json["checks"].as_array().expect("a list");
    let names: Vec<&str> = checks.iter().filter_map(|check| check["name"].as_str()).collect();
    assert!(NAMES.iter().all(|name| names.contains(name)), "{names:?}");
    assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)), "names are unique: {names:?}");
    for check in checks {
        assert!(check["value"].is_f64() && check["truth"].is_f64(), "{check}");
        assert_eq!(check["holds"], true);
        assert_eq!(check["standard_error"].is_null(), check["z"].is_null() && check["notices"].is_null(), "{check}");
        // A variance that is 4 % off is a standard deviation that is 2 % off.
        let name = check["name"].as_str().unwrap_or_default();
        let least = if name.ends_with("variance") { 0.0404 } else { 0.02 };
        assert!(check["notices"].as_f64().is_none_or(|share| share <= least), "{check}");
    }
    assert_validation_page(checks);
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("it can be read");
    assert!(readme.contains(&format!("runs {} of these checks", checks.len())), "the README counts them");
}

/// A third seed takes as long as the others, so it is for thorough runs.
#[test]
fn a_quiet_check_says_nothing_when_all_holds() {
    if !is_thorough() {
        println!("skipped: this run is not thorough");
        return;
    }
    assert_eq!(verify(&["--quiet", "--seed", "3"]).out, "");
}

#[test]
fn its_scenarios_can_be_run_with_any_seed() {
    assert!(CASES.iter().copied().flatten().all(|case| case.replications > 0 && !case.scenarios().is_empty()));
    let told = Folder::new().run(&["verify", "--seed", "-1"]);
    assert_eq!(told.status, Some(2), "{}", told.err);
}

/// Returns the checks that fail when the texts of the cases have these faults: each replaces one text by another.
fn failing(fault: &[(&str, &str)]) -> Vec<String> {
    let has_fault = |scenario: &Scenario| fault.iter().all(|(from, _)| scenario.text().contains(from));
    let with_fault = |scenario: &Scenario| {
        let text = fault.iter().fold(scenario.text().to_owned(), |text, (from, to)| text.replace(from, to));
        Scenario::parse(&text, &[]).expect("it is a scenario still")
    };
    let find = |scenario: Scenario, replications: u32| {
        let settings = Settings { seed: 1, replications, strategies: vec![0], independent: false };
        let results = run(&scenario, &settings, &Session::default()).expect("nobody stops it");
        CaseRun { scenario, results }
    };
    let of_case = |case: &Case| {
        let scenarios = case.scenarios();
        if !scenarios.iter().any(has_fault) {
            return Vec::new();
        }
        let runs: Vec<CaseRun> = scenarios.iter().map(|scenario| find(with_fault(scenario), case.replications)).collect();
        case.checks(&runs)
    };
    let checks: Vec<Check> = CASES.iter().copied().flatten().flat_map(of_case).collect();
    assert!(!checks.is_empty(), "no case has {fault:?}");
    checks.iter().filter(|check| !check.holds()).map(|check| check.name.clone()).collect()
}

#[test]
fn a_queue_in_the_wrong_order_is_noticed() {
    let names = failing(&[("priority = 1", "priority = -1")]);
    assert!(names.iter().any(|name| name.starts_with("day on which")), "{names:?}");
}

#[test]
fn months_that_are_one_off_are_noticed() {
    let names = failing(&[("month = 6", "month = 7")]);
    assert!(names.iter().any(|name| name == "to the cent: client_cost"), "{names:?}");
}

#[test]
fn mean_and_median_exchanged_are_noticed() {
    // The law with that median, and sigma = sqrt(ln(1 + 0.7^2)).
    let names = failing(&[("'lognormal', mean = ", "'lognormal', median = "), ("cv = 0.7", "sigma = 0.631_472_6")]);
    assert!(names.iter().any(|name| name == "share of time a seat is taken"), "{names:?}");
}

#[test]
fn without_a_fault_nothing_fails() {
    assert_eq!(failing(&[("month = 6", "month = 6")]), Vec::<String>::new());
    assert_eq!(failing(&[("priority = 1", "priority = 1")]), Vec::<String>::new());
}
