//! The statement: sentences with numbers, made of the results and of nothing else.

use handover::response::specs;

use super::program::{Folder, PLAIN, RICH, edited};

/// What the program says below its table.
fn sentences(scenario: &str, replications: &str) -> Vec<String> {
    let folder = Folder::with(scenario);
    let told = folder.run(&["run", "scenario.toml", "-n", replications, "-o", "out", "--charts", "none"]);
    assert_eq!(told.status, Some(0), "{}", told.err);
    let (_, statement) = told.out.rsplit_once("\n\n").expect("an empty line is between table and statement");
    statement.lines().map(str::to_owned).collect()
}

/// The one sentence that begins so.
fn that_begins<'s>(sentences: &'s [String], begin: &str) -> &'s str {
    let found: Vec<&String> = sentences.iter().filter(|sentence| sentence.starts_with(begin)).collect();
    assert_eq!(found.len(), 1, "{begin}: {sentences:#?}");
    found[0]
}

/// An own team of ten from the start, a cheaper one of the same size, and one of five; nothing is left to chance.
const TEAMS: &str = r#"title = "Three teams"
start = 2027-01-01
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
employer = "dear"
initial = [{ role = "a", headcount = 10 }]
[strategy.cheap]
employer = "cheap"
initial = [{ role = "a", headcount = 10 }]
[strategy.small]
employer = "dear"
initial = [{ role = "a", headcount = 5 }]
"#;

#[test]
fn who_wins_by_how_much_what_it_costs_and_when_it_breaks_even_is_said_in_numbers() {
    let said = sentences(TEAMS, "20");
    let ten = that_begins(&said, "Goal \"ten\"");
    assert!(ten.contains("dear 100 % (83.9 to 100 %); cheap 100 %") && ten.contains("small 0 % (0 to 16.1 %)"), "{ten}");
    assert!(ten.ends_with(" dear and cheap are about equally likely, and likelier than the others."), "{ten}");
    that_begins(&said, "Team staffed: dear by 2027-01-01; cheap by 2027-01-01; small never in any replication.");
    let delivered = that_begins(&said, "Output delivered, on average:");
    assert!(delivered.contains("dear 3,650 FTE-days; cheap 3,650 FTE-days; small 1,825 FTE-days"), "{delivered}");
    assert!(delivered.ends_with("No difference between dear and cheap in any replication."), "{delivered}");
    // 1,000 against 700 + 100 and 500.
    let cost = that_begins(&said, "Client cost, on average:");
    assert!(cost.contains("small 500 kEUR; cheap 800 kEUR; dear 1,000 kEUR"), "{cost}");
    assert!(cost.contains("small is 300 kEUR (300 to 300) below cheap."), "{cost}");
    let bad = "In nine of ten replications the client pays at most: small 500 kEUR; cheap 800 kEUR; dear 1,000 kEUR.";
    that_begins(&said, bad);
    // 100 / 12 a month against 70 / 12 and 100 at once, for the same output: lower from month 5 on, as after four months
    // 333.3 is equal to 333.3. Half the output for half the cost is no gain.
    that_begins(
        &said,
        "From month 5 (median) to the end, cheap costs less per FTE-day delivered than dear, in every replication.",
    );
    assert!(!said.iter().any(|sentence| sentence.contains("small costs less per FTE-day delivered than dear")), "{said:#?}");
    let risks = that_begins(&said, "Risks");
    assert!(risks.ends_with(
        "\"ten\" is missed: dear and cheap 0 %, small 100 %; \"cheap\" is missed: dear 100 %, cheap and small 0 %."
    ));
    assert_eq!(
        said[0], "cheap is significantly the best in client cost per FTE-month delivered.",
        "the least output is not the best for costing least"
    );
}

#[test]
fn equal_strategies_show_no_difference() {
    let twice = edited(PLAIN, "[strategy.in_house]", "[strategy.again]\nemployer = \"owner\"\n\n[strategy.in_house]");
    let said = sentences(&twice, "50");
    let folder = Folder::with(&twice);
    let told = folder.succeed(&[
        "run",
        "scenario.toml",
        "-n",
        "50",
        "--charts",
        "none",
        "--strategy",
        "again",
        "--strategy",
        "in_house",
    ]);
    assert!(told.out.contains("No difference between again and in_house in any replication."), "{}", told.out);
    assert!(!told.out.contains(" above ") && !told.out.contains(" below "), "{}", told.out);
    assert!(said.iter().any(|sentence| sentence.starts_with("Output delivered, on average: ")), "{said:#?}");
}

#[test]
fn one_strategy_is_compared_with_nothing() {
    let folder = Folder::with(TEAMS);
    let told = folder.succeed(&["run", "scenario.toml", "--charts", "none", "--strategy", "cheap"]);
    assert!(
        told.out.contains("Goal \"ten\", people present at least 10") && told.out.contains(": cheap 100 % (83.9 to 100 %)."),
        "{}",
        told.out
    );
    for word in ["above", "below", "ifference", "significant", "less than"] {
        let (_, statement) = told.out.rsplit_once("\n\nGoal ").expect("the statement begins with a goal");
        assert!(!statement.contains(word), "{}", told.out);
    }
}

#[test]
fn risks_are_told_as_shares() {
    let risky = format!("{TEAMS}\n[market]\nexit_hazard_per_year = 1.0\n");
    let said = sentences(&risky, "400");
    let risks = that_begins(&said, "Risks");
    assert!(risks.contains(" under each strategy;"), "the same luck for all: {risks}");
    // 1 - exp(-1) = 63.2 %, with a standard error of 2.4 %.
    let share = risks.split("leaves the market: ").nth(1).and_then(|rest| rest.split(' ').next());
    let share: f64 = share.expect("a share").parse().expect("a number");
    assert!((share - 63.2).abs() < 4.0 * 2.4, "{risks}");
}

/// The responses have titles: the statement has no need of the names that the files give them.
#[test]
fn the_statement_speaks_of_no_name_of_a_file() {
    let said = sentences(RICH, "60");
    let names: Vec<&str> = specs().map(|spec| spec.name).filter(|name| name.contains('_')).collect();
    assert!(names.len() > 30 && said.len() > 5, "{said:#?}");
    for sentence in said.iter().filter(|sentence| !sentence.starts_with("results:")) {
        assert!(!names.iter().any(|name| sentence.contains(name)), "{sentence}");
    }
    let staffed = that_begins(&said, "Team staffed: ");
    assert!(staffed.contains(" by 20") && staffed.contains(" of the replications"), "{staffed}");
}

/// Two strategies that are the same throughout do not make a third one the best.
#[test]
fn equals_do_not_make_another_one_the_best() {
    let twin = "\n[strategy.twin]\nemployer = \"cheap\"\ninitial = [{ role = \"a\", headcount = 10 }]\n";
    let said = sentences(&format!("{TEAMS}{twin}"), "20");
    let ten = that_begins(&said, "Goal \"ten\"");
    assert!(ten.ends_with(" dear, cheap and twin are about equally likely, and likelier than the others."), "{ten}");
    let cheap = that_begins(&said, "Goal \"cheap\"");
    assert!(cheap.ends_with(" cheap, small and twin are about equally likely, and likelier than the others."), "{cheap}");
    assert!(!said.iter().any(|sentence| sentence.contains(" the best in ")), "{said:#?}");
}

/// Of five strategies there are ten pairs, four of them with the baseline.
#[test]
fn of_many_strategies_break_even_is_told_against_the_baseline() {
    let more =
        |name: &str| format!("\n[strategy.{name}]\nemployer = \"cheap\"\ninitial = [{{ role = \"a\", headcount = 10 }}]\n");
    let said = sentences(&format!("{TEAMS}{}{}", more("fourth"), more("fifth")), "20");
    let pairs: Vec<&String> =
        said.iter().filter(|sentence| sentence.contains(" costs less per FTE-day delivered than ")).collect();
    assert_eq!(pairs.len(), 3, "all but small, whose output costs as much: {said:#?}");
    assert!(pairs.iter().all(|pair| pair.contains("delivered than dear")), "{pairs:#?}");
}
