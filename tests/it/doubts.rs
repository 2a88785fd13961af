//! Numbers that are allowed but unusual are doubted, `--strict` refuses them, and a scenario may come from standard input.

use super::program::{Folder, PLAIN, edited, run_to_end};

/// What to change in the scenario, and what `check` must say of it.
const DOUBTS: [(&str, &str, &str); 17] = [
    (
        "engineer = 5",
        "engineer = 4.6",
        "demand.engineer: 4.6 is rounded to 5; people who work part time go into `people`, with `fte`",
    ),
    (
        "[demand]",
        "[[role]]\nname = \"Engineer\"\n[demand]",
        "role \"Engineer\" and role \"engineer\" look alike; is one of them a misspelling?",
    ),
    (
        "[strategy.in_house]\nemployer = \"owner\"",
        "[strategy.in_house]\nemployer = \"owner\"\ninitial = [{ role = 'engineer', headcount = 4 }]\n\
         people = [{ role = 'engineer', joined = 2027-02-01 }, { role = 'engineer', joined = 2027-03-01 }]",
        "strategy in_house: 6 of engineer are present or have signed an offer, but 5 are wanted on day 0: the newest one is released",
    ),
    (
        "start = 2027-01-01",
        "start = 2027-01-15",
        "start: it is not the first of a month, so months run as from 2027-01-15 to 2027-02-14",
    ),
    (
        "[demand]",
        "[market]\nexit_hazard_per_year = 5\n[demand]",
        "market.exit_hazard_per_year: 5 a year is 500 % a year; was 0.05 meant?",
    ),
    ("seed = 1", "discount_rate_per_year = 0.8", "discount_rate_per_year: 0.8 a year is 80 % a year"),
    (
        "[organisation.owner]",
        "[organisation.builder.attrition]\nattrition_per_year = 20\n[organisation.owner]",
        "organisation builder: attrition.attrition_per_year: 20 a year is 2,000 % a year; was 0.2 meant?",
    ),
    (
        "[organisation.owner]",
        "[organisation.builder.attrition]\ntenure_days = { dist = 'exponential', mean = 36 }\n[organisation.owner]",
        "organisation builder: attrition.tenure_days: people stay 36 days on average; was that meant in months?",
    ),
    (
        "[organisation.owner]",
        "[organisation.builder.attrition]\nrelease_notice_days = 60\n[organisation.owner]\nattrition.leave_notice_days = 4",
        "organisation owner: leave_notice_days is 4 days, beside 60 of builder; is it in weeks or months?",
    ),
    ("pass = 0.75", "pass = 0.04", "only 4 % of the candidates pass \"search\"; is that the share that fails?"),
    (
        "[organisation.owner]",
        "[organisation.builder.cost]\nsalary_per_year.engineer = 90\n[organisation.owner]\ncost.salary_per_year.engineer = 7.5",
        "salary_per_year of engineer: 7.5 at owner, 90 at builder; are both per year, and in EUR?",
    ),
    (
        "[organisation.owner]",
        "[organisation.builder.cost]\nwage_rise_per_year = 3\nsalary_per_year.engineer = 90\n[organisation.owner]",
        "organisation builder: wage_rise_per_year: 3 a year is 300 % a year; was 0.03 meant?",
    ),
    (
        "[demand]",
        "[[goal]]\nname = 'all'\nmeasure = 'headcount'\nat_least = 6\nat_month = 12\n[demand]",
        "goal \"all\": it asks for 6, but demand never exceeds 5",
    ),
    ("month = 12", "month = 12\nprepare_month = 14", "transfer to owner: prepare_month comes after the transfer"),
    (
        "acceptance = 0.9",
        "shock_hazard_per_year = 25\nshock_days = 90",
        "transfer to owner: shock_hazard_per_year: 25 a year is 2,500 % a year",
    ),
    (
        "[organisation.owner]",
        "[organisation.builder.attrition]\ntenure_days = { dist = 'empirical', values = [200, 400] }\n[organisation.owner]",
        "",
    ),
    (
        "[strategy.in_house]\nemployer = \"owner\"",
        "[organisation.owner.attrition]\ntenure_days = { dist = 'empirical', values = [200, 400] }\n\
         [strategy.in_house]\nemployer = \"owner\"\ninitial = [{ role = 'engineer', headcount = 2, tenure_days = 500 }]",
        "strategy in_house: 2 of engineer leave on day 0, as nobody stays longer than 400 days",
    ),
];

#[test]
fn unusual_numbers_are_doubted_with_what_was_probably_meant() {
    let whole = Folder::with(PLAIN).succeed(&["check", "scenario.toml"]).out;
    for (from, to, expected) in DOUBTS {
        let folder = Folder::with(&edited(PLAIN, from, to));
        let told = folder.succeed(&["check", "scenario.toml"]).out;
        let (_, notes) = told.split_once("worth a second look:\n").unwrap_or_default();
        assert!(notes.contains(expected) && !whole.contains(expected) | expected.is_empty(), "{expected}:\n{notes}");
        let strict = folder.run(&["check", "scenario.toml", "--strict"]);
        assert_eq!(strict.status, Some(if notes.is_empty() { 0 } else { 2 }), "{to}: {strict:?}");
        assert!(strict.err.contains(expected), "{strict:?}");
    }
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml", "--strict", "-n", "5", "-o", "out", "--charts", "none"]);
    folder.write("odd.toml", edited(PLAIN, "pass = 0.75", "pass = 0.04"));
    let refused = folder.run(&["run", "scenario.toml", "odd.toml", "--strict", "-o", "both", "--charts", "none"]);
    assert_eq!(refused.status, Some(2), "{refused:?}");
    assert!(refused.err.contains("odd.toml: worth a second look, which --strict refuses:"), "{refused:?}");
    assert!(!folder.path("both").exists(), "nothing was simulated");
}

#[test]
fn a_scenario_may_come_from_standard_input() {
    let folder = Folder::new();
    let plain = edited(PLAIN, "replications = 20", "replications = 2e1");
    let told = run_to_end(folder.command(&["run", "-", "--charts", "none", "-q"]).write_stdin(plain.as_str()));
    assert_eq!(told.status, Some(0), "{told:?}");
    folder.write("stdin.toml", &plain);
    folder.succeed(&["run", "stdin.toml", "-o", "file", "--charts", "none", "-q"]);
    assert_eq!(folder.bytes("results/stdin/replications.csv"), folder.bytes("file/replications.csv"));
    let told = run_to_end(folder.command(&["check", "-"]).write_stdin("title = 5\n"));
    assert_eq!(told.status, Some(2), "{told:?}");
    let told = run_to_end(folder.command(&["check", "-"]).write_stdin(""));
    assert!(told.status == Some(2) && told.err.contains("standard input: is empty"), "{told:?}");
}
