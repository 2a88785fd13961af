//! The statement: sentences with numbers that come from the results alone.

use handover::response::specs;
use serde_json::Value as Json;

use super::program::{Folder, PLAIN, RICH, edited};

/// The sentences of a run: the verdict, and all others by heading.
struct Said {
    verdict: Vec<String>,
    parts: Vec<(String, Vec<String>)>,
}

impl Said {
    fn of(scenario: &str, more: &[&str]) -> Self {
        let folder = Folder::with(scenario);
        let told = folder.run(&[&["run", "scenario.toml", "-o", "out", "--charts", "none", "--json"], more].concat());
        assert!(matches!(told.status, Some(0 | 4)), "{}", told.err);
        let json: Json = serde_json::from_str(&told.out).expect("it is JSON");
        let sentences = |list: &Json| -> Vec<String> {
            list.as_array().expect("a list").iter().map(|one| one.as_str().expect("a sentence").to_owned()).collect()
        };
        let part = |part: &Json| (part["title"].as_str().expect("a heading").to_owned(), sentences(&part["sentences"]));
        let statement = &json["statement"];
        Self {
            verdict: sentences(&statement["verdict"]),
            parts: statement["parts"].as_array().expect("a list").iter().map(part).collect(),
        }
    }

    fn part(&self, title: &str) -> &[String] {
        self.parts.iter().find(|(known, _)| known == title).map_or(&[], |(_, sentences)| sentences)
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.verdict.iter().chain(self.parts.iter().flat_map(|(_, sentences)| sentences))
    }
}

/// An own team of ten from the start, a cheaper one of the same size, and one of five, without chance.
const TEAMS: &str = r#"title = "Three teams"
start = 2027-01-01
months = "equal"
horizon_months = 12
replications = 20
currency = "kEUR"
role = [{ name = "a" }]
demand.a = 10
[[goal]]
name = "ten"
measure = "headcount"
at_least = 10
by_month = 12
[[goal]]
name = "cheap"
measure = "client_cost"
at_most = 800
by_month = 12
[organisation.dear]
own = true
cost.salary_per_year.a = 100
[organisation.cheap]
own = true
cost = { salary_per_year = { a = 70 }, setup = 100 }
[strategy.dear]
title = "Dear team"
employer = "dear"
initial = [{ role = "a", headcount = 10 }]
[strategy.cheap]
employer = "cheap"
initial = [{ role = "a", headcount = 10 }]
[strategy.small]
employer = "dear"
initial = [{ role = "a", headcount = 5 }]
"#;

/// 1,000 for 120 FTE-months, 700 + 100 for as many, 500 for half.
#[test]
fn the_best_value_is_chosen_and_weighed_against_the_others() {
    let said = Said::of(TEAMS, &[]);
    assert_eq!(
        said.verdict,
        [
            "cheap is the cheapest for what it delivers: 6.667 kEUR per FTE-month.",
            "No other strategy is likelier to meet any of the goals."
        ]
    );
    // 100 / 12 a month against 70 / 12 and 100 at once, for the same output: lower from month 5 on, as after four months
    // 333.3 is equal to 333.3. Half the output for half the cost is no gain.
    assert_eq!(
        said.part("Trade-offs"),
        [
            "Compared with cheap, Dear team costs 200 kEUR more.",
            "Compared with cheap, small is never fully staffed, delivers 60 FTE-months less and costs 300 kEUR less.",
            "From month 5 (median), cheap stays cheaper per FTE-month than Dear team, in every simulation.",
            "From month 5 (median), cheap stays cheaper per FTE-month than small, in every simulation.",
        ]
    );
    assert_eq!(
        said.part("Goals"),
        [
            "\"ten\" is met in 100 % of simulations with Dear team and cheap, 0 % with small.",
            "\"cheap\" is met in 100 % of simulations with cheap and small, 0 % with Dear team."
        ]
    );
    assert_eq!(said.part("Risks"), [""; 0], "nothing is left to chance");
}

/// With a value of output, net value decides. A goal that its leader misses is reported with who meets it, and at what
/// price.
#[test]
fn a_goal_that_the_best_value_misses_is_told_with_who_meets_it() {
    let valued = edited(TEAMS, "currency", "value_per_fte_month = 7\ncurrency");
    // 120 * 7 - 800 = 40, 120 * 7 - 1,000 = -160, 60 * 7 - 500 = -80.
    let said = Said::of(&valued, &[]);
    assert_eq!(said.verdict[0], "cheap is the best value: 40 kEUR net, at 6.667 kEUR per FTE-month.");
    let late = edited(&valued, "at_most = 800", "at_most = 600");
    let said = Said::of(&late, &[]);
    assert_eq!(
        said.verdict[1..],
        [
            "But it never meets \"cheap\"; small does in 100 % of simulations.",
            "If that goal comes first, choose small, at 8.333 kEUR per FTE-month."
        ]
    );
    assert_eq!(said.part("Goals").len(), 1, "the verdict has told the other one");
    let poor = edited(TEAMS, "currency", "value_per_fte_month = 6\ncurrency");
    let said = Said::of(&poor, &[]);
    assert_eq!(
        said.verdict[0],
        "No strategy earns more than it costs; cheap loses least: -80 kEUR net, at 6.667 kEUR per FTE-month."
    );
}

#[test]
fn equal_strategies_show_no_difference() {
    let twice = edited(PLAIN, "[strategy.in_house]", "[strategy.again]\nemployer = \"owner\"\n\n[strategy.in_house]");
    let said = Said::of(&twice, &["-n", "50", "--strategy", "again", "--strategy", "in_house"]);
    assert_eq!(said.verdict[0], "again and in_house are about the same in output delivered.");
    assert_eq!(said.part("Trade-offs")[0], "in_house and again are about the same in dates, output and cost.");
}

/// Two strategies that are the same throughout share the first place.
#[test]
fn equals_do_not_make_another_one_the_best() {
    let twin = "\n[strategy.twin]\nemployer = \"cheap\"\ninitial = [{ role = \"a\", headcount = 10 }]\n";
    let said = Said::of(&format!("{TEAMS}{twin}"), &[]);
    assert_eq!(
        said.verdict[0],
        "cheap (6.667 kEUR per FTE-month) and twin (6.667 kEUR per FTE-month) are the best value, and about the same in cost per \
         FTE-month."
    );
    assert_eq!(said.verdict[1], "Dear team (100 %), cheap (100 %) and twin (100 %) are the likeliest to meet \"ten\".");
}

/// A difference smaller than what matters is not a win: 70 against 70.5 is 0.7 per cent.
#[test]
fn a_difference_matters_from_one_percent_on_or_from_what_is_asked_for() {
    let near = edited(TEAMS, "setup = 100 }", "setup = 0 }").replace("salary_per_year.a = 100", "salary_per_year.a = 70.5");
    let pair = ["--strategy", "dear", "--strategy", "cheap"];
    let said = Said::of(&near, &pair);
    assert_eq!(said.verdict[0], "Dear team and cheap are about the same in cost per FTE-month.");
    let said = Said::of(&near, &[&pair[..], &["--matters", "0.005"]].concat());
    assert!(said.verdict[0].starts_with("cheap is the cheapest for what it delivers: 5.833"), "{:?}", said.verdict);
    let folder = Folder::with(&near);
    let told = folder.run(&["run", "scenario.toml", "--matters", "2"]);
    assert!(told.status == Some(2) && told.err.contains("expected a share from 0 to 1"), "{}", told.err);
}

/// `--matters` changes no table and no manifest.
#[test]
fn what_matters_touches_no_file_but_the_report() {
    let folder = Folder::with(TEAMS);
    for (out, share) in [("usual", "0.01"), ("all", "0"), ("none", "1")] {
        folder.succeed(&["run", "scenario.toml", "-q", "--charts", "none", "--matters", share, "-o", out]);
    }
    for file in ["summary.csv", "comparison.csv", "best.csv", "goals.csv", "manifest.json"] {
        let usual = folder.text(&format!("usual/{file}"));
        assert!(["all", "none"].iter().all(|out| folder.text(&format!("{out}/{file}")) == usual), "{file}");
    }
}

#[test]
fn one_strategy_is_compared_with_nothing() {
    let said = Said::of(TEAMS, &["--strategy", "cheap"]);
    assert_eq!(
        said.verdict,
        [
            "cheap delivers 120 FTE-months for 800 kEUR: 6.667 kEUR per FTE-month.",
            "It meets \"ten\" in 100 % and \"cheap\" in 100 % of simulations."
        ]
    );
    for word in ["Compared", "than", "same", "best"] {
        assert!(said.all().all(|sentence| !sentence.contains(word)), "{word}");
    }
}

#[test]
fn risks_are_told_as_shares() {
    let said = Said::of(&format!("{TEAMS}\n[market]\nexit_hazard_per_year = 1.0\n"), &["-n", "400"]);
    let risk = &said.part("Risks")[0];
    // Common random numbers: 1 - exp(-1) = 63.2 %, with a standard error of 2.4 %.
    let share =
        risk.strip_prefix("The client leaves the market early in ").and_then(|rest| rest.strip_suffix(" % of simulations."));
    let share: f64 = share.unwrap_or_else(|| panic!("{risk}")).parse().expect("a number");
    assert!((share - 63.2).abs() < 4.0 * 2.4, "{risk}");
}

/// A verdict has at most three sentences, no name of a file, and no number from another sentence.
#[test]
fn the_statement_is_short_plain_and_says_nothing_twice() {
    let sixty = include_str!("../../scenarios/sixty_engineers.toml");
    for scenario in [RICH, sixty] {
        let said = Said::of(scenario, &["-n", "200"]);
        assert!((1..=3).contains(&said.verdict.len()), "{:?}", said.verdict);
        let names: Vec<&str> = specs().map(|spec| spec.name).filter(|name| name.contains('_')).collect();
        assert!(names.len() > 30 && said.all().count() > 5);
        for sentence in said.all() {
            assert!(!names.iter().any(|name| sentence.contains(name)), "{sentence}");
        }
        let exact = |sentence: &String| -> Vec<String> {
            let words = sentence.split(|letter: char| !(letter.is_ascii_digit() || ",.".contains(letter)));
            let words = words.map(|word| word.trim_matches([',', '.'])).filter(|word| word.len() > 3);
            words.map(str::to_owned).collect()
        };
        let mut numbers: Vec<String> = said.all().flat_map(exact).collect();
        let count = numbers.len();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "a number is told twice: {:?}", said.all().collect::<Vec<_>>());
    }
}

/// Of many strategies the first ones are compared, each once.
#[test]
fn of_many_strategies_three_are_weighed() {
    let more =
        |name: &str| format!("\n[strategy.{name}]\nemployer = \"dear\"\ninitial = [{{ role = \"a\", headcount = 7 }}]\n");
    let said = Said::of(&format!("{TEAMS}{}{}", more("fourth"), more("fifth")), &[]);
    let weighed = said.part("Trade-offs").iter().filter(|sentence| sentence.starts_with("Compared with cheap, ")).count();
    assert_eq!(weighed, 3, "{:?}", said.part("Trade-offs"));
}
