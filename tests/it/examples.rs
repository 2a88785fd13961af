//! The examples run, from the root of the project as `cargo run --example` does.

#[path = "../../examples/how_many_recruiters.rs"]
mod how_many_recruiters;

use handover::{CLIENT_COST, Error, Run, Scenario, Sweep};

#[test]
fn a_study_in_a_few_lines_of_rust_runs() {
    how_many_recruiters::main().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_a_program_asks_in_vain_is_told() {
    let plan = Scenario::read("scenarios/ramp100.toml").expect("it is a scenario");
    let told = |error: Error| error.to_string();
    let none = Scenario::read("scenarios/ramp101.toml").map(drop).map_err(told);
    assert!(none.is_err_and(|told| told.starts_with("scenarios/ramp101.toml: cannot be read: ")));
    let bad = plan.with("demand.engineer", -1).map(drop).map_err(told);
    assert!(bad.is_err_and(|told| told.contains("demand.engineer=-1")));
    let run = Run::of(&plan).replications(20);
    let unknown = run.clone().strategy("bott").perform().map(drop).map_err(told);
    assert!(unknown.is_err_and(|told| told.starts_with("no strategy \"bott\" was simulated; did you mean `bot`?")));
    let results = run.perform().expect("nobody stops it");
    let unknown = results.difference("bot", "in_house", CLIENT_COST).map(drop);
    assert!(unknown.is_err_and(|unknown| unknown.to_string().contains("in_house")));
    let vain = Sweep::of(&plan).vary("recruitors=2..3").perform().map(drop).map_err(told);
    assert!(vain.is_err_and(|told| told.contains("recruitors")));
}

#[test]
fn text_dates_and_numbers_are_put_into_a_scenario_as_toml_has_them() {
    let plan = Scenario::read("scenarios/ramp100.toml").expect("it is a scenario");
    let changed = plan.with("title", "Two \"quotes\"").expect("it is a title");
    let changed = changed.with("start", jiff::civil::date(2031, 2, 3)).expect("it is a date");
    let changed = changed.with("discount_rate_per_year", 1e-3).and_then(|plan| plan.with("organisation.owner.own", true));
    let changed = changed.expect("they are values");
    assert_eq!((changed.title.as_str(), changed.start().to_string().as_str()), ("Two \"quotes\"", "2031-02-03"));
    assert!((changed.world.discount_rate_per_year - 1e-3).abs() < 1e-18);
}
