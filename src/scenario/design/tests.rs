//! Tests of designs: their points, and the messages about invalid requests.

use super::*;

const PLAN: &str = r#"title = "Plan"
start = 2027-01-01
horizon_months = 36
role = [{ name = "engineer" }]
demand.engineer = 5

[organisation.builder.hiring]
staff = { recruiters = { count = 2, each_handles = 8 } }
stages = [{ name = "search", uses = "recruiters", takes_days = 30, pass = 0.7 }]

[organisation.owner]
like = "builder"

[strategy.bot]
employer = "builder"

[[strategy.bot.transfer]]
to = "owner"
month = 24
prepare_month = 18
"#;
const FACTORS: &str = r#"
[[factor]]
name = "recruiters"
key = "recruiters.count"
levels = { from = 1, to = 3, step = 1 }

[[factor]]
name = "transfer"
key = "transfer.0.month"
levels = [12, 24.0, 30]
also = { "strategy.bot.transfer.0.prepare_month" = [6, 18, 24] }
"#;

fn files(texts: &[(&str, &str)]) -> Vec<(String, Scenario)> {
    let file = |(label, text): &(&str, &str)| {
        let scenario = Scenario::parse(text, &[]).unwrap_or_else(|refused| panic!("{refused}"));
        ((*label).to_owned(), scenario)
    };
    texts.iter().map(file).collect()
}

fn plan() -> Vec<(String, Scenario)> {
    files(&[("plan.toml", &format!("{PLAN}{FACTORS}"))])
}

fn vary(arguments: &[&str]) -> Variation {
    Variation { vary: arguments.iter().map(|&argument| argument.to_owned()).collect(), ..Variation::default() }
}

fn points(text: &str) -> Variation {
    Variation { points: Some(("design.csv".to_owned(), text.to_owned())), ..Variation::default() }
}

fn made(files: &[(String, Scenario)], asked: &Variation) -> Design {
    let design = Design::of(files, asked).unwrap_or_else(|bad| panic!("{}", BadVariation::render_all(&bad, false)));
    for (index, point) in design.points.iter().enumerate() {
        assert_eq!(point.levels.len(), design.factors.len());
        assert_eq!(design.check(files, index).map(|bad| bad.to_string()), None);
    }
    design
}

fn refused(files: &[(String, Scenario)], asked: &Variation) -> String {
    let bad = Design::of(files, asked).expect_err("the design is invalid");
    BadVariation::render_all(&bad, false)
}

fn levels(design: &Design) -> Vec<String> {
    design.points.iter().map(|point| point.levels.join(" ")).collect()
}

#[test]
fn all_factors_of_the_file_give_all_combinations_with_the_first_varying_slowest() {
    let design = made(&plan(), &Variation::default());
    let expected = ["1 12", "1 24.0", "1 30", "2 12", "2 24.0", "2 30", "3 12", "3 24.0", "3 30"];
    assert_eq!(levels(&design), expected);
    assert_eq!((design.arrangement, design.base), (Arrangement::AllCombinations, 4));
    let keys = ["organisation.builder.hiring.staff.recruiters.count", "strategy.bot.transfer.0.month"];
    assert_eq!(design.factors.iter().flat_map(|factor| factor.keys.clone()).collect::<Vec<_>>(), keys);
    let set = [
        "organisation.builder.hiring.staff.recruiters.count=1",
        "strategy.bot.transfer.0.month=30",
        "strategy.bot.transfer.0.prepare_month=24",
    ];
    assert_eq!(design.points[2].set, set);
    assert_eq!(design.levels_of(2), "recruiters=1,transfer=30");
    let scenario = design.points[2].scenario(&plan()).expect("it is valid");
    assert_eq!(scenario.overrides(), set);
    assert!((scenario.strategies[0].transfers[0].prepare.month - 24.0).abs() < 1e-12);
}

#[test]
fn arguments_take_factors_by_name_or_by_key_and_give_them_other_levels() {
    let one = |argument: &str| {
        let design = made(&plan(), &vary(&[argument]));
        let [factor] = design.factors.as_slice() else { panic!("{design:?}") };
        format!("{} {} {} base {}", factor.name, factor.keys.join("+"), factor.levels.join(" "), design.base)
    };
    let count = "organisation.builder.hiring.staff.recruiters.count";
    assert_eq!(one("recruiters"), format!("recruiters {count} 1 2 3 base 1"));
    assert_eq!(one("recruiters=2..6:2"), format!("recruiters {count} 2 4 6 base 0"));
    assert_eq!(one("recruiters.count = 1,2"), format!("recruiters.count {count} 1 2 base 1"));
    assert_eq!(one("month=12,24.0"), "month strategy.bot.transfer.0.month 12 24.0 base 1");
    assert_eq!(one("people:recruiters=[4]"), format!("people {count} 4 base 0"));
    assert_eq!(one("our people: recruiters.count=4,5"), format!("our people {count} 4 5 base 0"));
    assert_eq!(one("pass=0.6..0.8:0.1"), "pass organisation.builder.hiring.stages.0.pass 0.6 0.7 0.8 base 1");
    let new = "organisation.builder.setup_days";
    assert_eq!(one(&format!("{new}=0,10")), format!("{new} {new} 0 10 base 0"), "a key may be new");
    assert_eq!(one("staff.recruiters={ count = 3 },{ count = 4 }").split(' ').next(), Some("staff.recruiters"));
    assert_eq!(one("transfer=13,14,15"), "transfer strategy.bot.transfer.0.month 13 14 15 base 0");
}

#[test]
fn one_at_a_time_begins_with_the_scenario_and_repeats_nothing() {
    let asked = Variation { one_at_a_time: true, ..vary(&["recruiters", "transfer", "organisation.owner.setup_days=0,10"]) };
    let design = made(&plan(), &asked);
    let expected = ["2 24 default", "1 24 default", "3 24 default", "2 12 default", "2 30 default", "2 24 0", "2 24 10"];
    assert_eq!(levels(&design), expected);
    assert!(design.points[0].set.is_empty() && design.base == 0);
    assert_eq!(design.points[6].set, ["organisation.owner.setup_days=10"]);
}

#[test]
fn listed_points_have_a_row_each() {
    let text = "recruiters, transfer,pass,\"receiver:to\"\r\n2,24.0,0.7,\"\"\"owner\"\"\"\r\n\r\n1,12,0.8,'owner'\n";
    let design = made(&plan(), &points(text));
    assert_eq!(levels(&design), ["2 24.0 0.7 \"owner\"", "1 12 0.8 \"owner\""]);
    assert_eq!((design.arrangement, design.base), (Arrangement::Listed, 0));
    assert_eq!(design.factors[3].levels, ["\"owner\""]);
    assert_eq!(design.points[1].set[2], "strategy.bot.transfer.0.prepare_month=6", "the `also` key is set too");
    let many: String = (0..1200).map(|index| format!("0.{index:04}\n")).collect();
    let design = Design::of(&plan(), &points(&format!("pass\n{many}"))).expect("levels are as many as points");
    assert_eq!((design.points.len(), design.factors[0].levels.len()), (1200, 1200));
}

#[test]
fn all_mistakes_of_a_table_of_points_are_reported_at_once() {
    let said = |text: &str| refused(&plan(), &points(text));
    let shown = said("recruiters,passs,transfer\n2,0.7,13\n\nx,,24\n1,0.5\n");
    for part in [
        "error: `passs`: unknown key\n --> design.csv:1:12",
        "did you mean `organisation.builder.hiring.stages.0.pass`?",
        "error: `transfer`: 13 is not a level of this factor, which also sets other keys\n --> design.csv:2:7",
        "its levels are 12, 24.0, 30",
        "error: `recruiters`: \"x\" is not a TOML value; a text needs quotes: '\"...\"'\n --> design.csv:4:1",
        "error: `passs`: nothing found, expected a value\n --> design.csv:4:3",
        "error: 2 cells found, expected 3: one for each column\n --> design.csv:5:1",
        "5 mistakes found",
    ] {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
    for (text, part) in [
        ("", "the file has no lines"),
        ("recruiters\n\n", "no point found"),
        ("recruiters;pass\n1;2", "a semicolon found among the columns"),
        ("recruiters,recruiters\n1,2\n", "another factor has this name"),
        ("recruiters,recruiters.count\n1,2\n", "is set by factor \"recruiters\" too"),
        ("recruiters,mean\n1,2\n", "\"mean\" is a column of the result files already"),
        ("recruiters,\n1,2\n", "no key found"),
        ("seed\n1\n", "this is not a decision"),
    ] {
        let shown = said(text);
        assert!(shown.contains(part), "{text:?}: {shown}");
    }
    let many = "1\n".repeat(POINTS_AT_MOST + 1);
    assert!(said(&format!("recruiters\n{many}")).contains("more than 10000 points found"));
    let beside = Variation { vary: vec!["pass=1".to_owned()], one_at_a_time: true, ..points("recruiters\n1\n") };
    let shown = refused(&plan(), &beside);
    assert!(shown.contains("nothing else to vary\n --> --vary:1:1") && shown.contains("no other design"), "{shown}");
}

#[test]
fn too_many_points_are_refused_before_they_are_made() {
    let said = |arguments: &[&str]| refused(&plan(), &vary(arguments));
    let shown = said(&["recruiters=1..1000", "pass=0.001..1:0.001", "month=1..1000"]);
    assert!(
        shown.contains("1000000000 points found, expected at most 10000: 1000 recruiters x 1000 pass x 1000 month"),
        "{shown}"
    );
    let arguments: Vec<String> = (0..21)
        .map(|index| {
            format!("strategy.s{index}.employer=[{}]", (0..1000).map(|n| n.to_string()).collect::<Vec<_>>().join(","))
        })
        .collect();
    let shown = said(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(shown.contains("21 factors found, expected at most 20"), "{shown}");
    assert!(shown.contains(&format!("{} points found", u128::MAX)), "it saturates: {shown}");
    let alone = Variation { one_at_a_time: true, ..vary(&["recruiters=1..1000", "pass=0.001..1:0.001", "month=1..1000"]) };
    assert!(
        Design::of(&plan(), &alone).is_ok_and(|design| design.points.len() == 2998),
        "two levels are the scenario's own"
    );
    let none = refused(&files(&[("plan.toml", PLAN)]), &Variation::default());
    assert!(none.contains("nothing to vary: plan.toml has no [[factor]]") && none.contains("--vary KEY=LEVELS"), "{none}");
}

#[test]
fn factors_that_meet_are_refused() {
    let said = refused(&plan(), &vary(&["recruiters", "recruiters.count=7", "staff={ recruiters = 3 }", "recruiters=4"]));
    for part in [
        "error: `recruiters.count`: `organisation.builder.hiring.staff.recruiters.count` is set by factor \"recruiters\" too",
        "which factor \"recruiters\" sets, contain each other",
        "error: `recruiters`: another factor has this name",
    ] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
}

#[test]
fn a_file_beside_the_scenario_has_further_factors() {
    let with = |text: &str| Variation { with: Some(("study.toml".to_owned(), text.to_owned())), ..Variation::default() };
    let files = files(&[("plan.toml", PLAN)]);
    let design = made(&files, &with("[[factor]]\nname = 'pass'\nkey = 'stages.0.pass'\nlevels = [0.6, 0.7]\n"));
    assert_eq!((levels(&design), design.base), (vec!["0.6".to_owned(), "0.7".to_owned()], 1));
    let text =
        "[[factor]]\nname = 'pass'\nkey = 'stages.0.pas'\nlevels = []\n[[uncertain]]\nname = 'x'\n[demand]\nengineer = 3\n";
    let said = refused(&files, &with(text));
    for part in [
        "error: `factor[0].key`: `stages.0.pas` is not a key of the scenario, nor the end of one\n --> study.toml:3:7",
        "did you mean `organisation.builder.hiring.stages.0.pass`?",
        "error: `factor[0].levels`: an empty list found",
        "error: `uncertain`: not available yet",
        "error: `demand`: unknown key",
        "4 mistakes found",
    ] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
    let broken = refused(&files, &with("[[factor]\nname = 3"));
    assert!(broken.contains("--> study.toml:1:"), "{broken}");
    let twice = refused(&plan(), &with("[[factor]]\nname = 'transfer'\nkey = 'pass'\nlevels = [1]\n"));
    assert!(twice.contains("`transfer`: the scenario has a factor of this name too\n --> study.toml:2:8"), "{twice}");
}

#[test]
fn several_files_are_the_levels_of_a_factor() {
    let first = format!("{PLAN}{FACTORS}");
    let second = first.replace("count = 2", "count = 3");
    let both = files(&[("october.toml", &first), ("november.toml", &second)]);
    let design = made(&both, &vary(&["recruiters=2,3"]));
    assert_eq!(levels(&design), ["october.toml 2", "october.toml 3", "november.toml 2", "november.toml 3"]);
    assert_eq!((design.points[2].file, design.base), (1, 0));
    assert_eq!(
        design.factors[0],
        DesignFactor {
            name: "file".to_owned(),
            keys: vec![],
            levels: vec!["october.toml".to_owned(), "november.toml".to_owned()],
            also: vec![],
        }
    );
    let alone = Variation { one_at_a_time: true, ..vary(&["recruiters"]) };
    let expected = ["october.toml 2", "november.toml 3", "october.toml 1", "october.toml 3"];
    assert_eq!(levels(&made(&both, &alone)), expected);
    let plain = files(&[("a.toml", PLAN), ("b.toml", PLAN)]);
    assert_eq!(levels(&made(&plain, &Variation::default())), ["a.toml", "b.toml"], "several files alone are a study");
    let based = Variation { base: Some("file=november.toml".to_owned()), ..vary(&["recruiters=2,3"]) };
    assert_eq!(made(&both, &based).base, 3);
}

#[test]
fn differences_between_files_are_reported() {
    let first = format!("{PLAN}{FACTORS}");
    let other =
        |second: &str, asked: &Variation| refused(&files(&[("october.toml", &first), ("november.toml", second)]), asked);
    assert!(other(PLAN, &vary(&["recruiters"])).contains("`recruiters`: november.toml has no factor of this name"));
    let levels = first.replace("to = 3", "to = 4");
    let said = other(&levels, &Variation::default());
    assert!(said.contains("the factor has other levels in november.toml\n  --> october.toml:"), "{said}");
    assert!(said.contains("say which: --vary recruiters=LEVELS"), "{said}");
    let renamed = first.replace("builder", "vendor");
    assert!(other(&renamed, &vary(&["recruiters"])).contains("sets other keys in november.toml"));
    let said = other(&renamed, &vary(&["pass=0.5,0.6"]));
    assert!(said.contains("and `organisation.builder.hiring.stages.0.pass` in october.toml (in november.toml)"), "{said}");
    let twice = files(&[("a.toml", PLAN), ("a.toml", PLAN)]);
    assert!(refused(&twice, &Variation::default()).contains("a.toml is given twice"));
}

#[test]
fn the_base_is_found_by_its_levels() {
    let based = |base: &str| Variation { base: Some(base.to_owned()), ..Variation::default() };
    let base = |text: &str| made(&plan(), &based(text)).base;
    assert_eq!(base("recruiters=3, transfer=12.0"), 6);
    assert_eq!(base("transfer=30"), 5, "other levels are as in the scenario");
    let said = |text: &str| refused(&plan(), &based(text));
    let unknown = said("recruiters=9,tranfer=12,pass");
    for part in [
        "error: `recruiters`: \"9\" is not a level of this factor\n --> --base:1:12",
        "there are 1, 2, 3",
        "there is no factor \"tranfer\" in this study",
        "did you mean `transfer`?",
        "expected NAME=LEVEL",
    ] {
        assert!(unknown.contains(part), "{part:?} is not in\n{unknown}");
    }
    let other = Variation { base: Some("recruiters=5".to_owned()), ..vary(&["recruiters=5,6", "transfer=1,2,3"]) };
    let said = refused(&plan(), &other);
    assert!(said.contains("3 points have these levels") && said.contains("give the level of transfer too"), "{said}");
    let none = Variation { base: Some("recruiters=1,transfer=30".to_owned()), one_at_a_time: true, ..Variation::default() };
    assert!(refused(&plan(), &none).contains("no point has these levels"));
}

#[test]
fn an_invalid_point_is_reported_with_its_levels() {
    let files = plan();
    let design = Design::of(&files, &vary(&["recruiters=1,0.4", "demand.engineer=-1..28"])).expect("it is a design");
    let bad: Vec<BadVariation> = (0..design.points.len()).filter_map(|point| design.check(&files, point)).collect();
    assert_eq!(bad.len(), 32);
    assert_eq!(
        bad[0].to_string(),
        "error: `demand.engineer`: -1 is not a number of people: expected 0 to 1000000\n --> point 0:1:30\n  |\n\
         1 | recruiters=1,demand.engineer=-1\n  |                              ^^"
    );
    let all = BadVariation::render_all(&bad, false);
    assert_eq!(all.matches("error: ").count(), 22, "two points have two mistakes each");
    assert!(all.contains("... and 12 more points are no valid scenario\n"), "{all}");
}
