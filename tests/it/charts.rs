//! Charts: which there are, that they show what the result files hold, and how they can be drawn.

use std::collections::BTreeMap;

use handover::experiment::{Document, Results};
use handover::report::number::{readable, readable_within, short_percent};

use super::program::{Folder, PLAIN, RICH, edited};

/// The charts of any scenario with money, goals, several strategies and a transfer. Names of files that others may link to:
/// none goes or is called otherwise without need.
const NAMES: [&str; 15] = [
    "phases",
    "headcount",
    "employers",
    "effective_fte",
    "staffed_day",
    "goals",
    "attrition",
    "handover",
    "month_cost",
    "month_cost_range",
    "client_cost",
    "cost_breakdown",
    "cost_distribution",
    "difference",
    "break_even",
];

/// Those that need neither.
const ALWAYS: [&str; 4] = ["effective_fte", "headcount", "phases", "staffed_day"];

/// Lines of one strategy in the colours of print.
const COLOURS: [&str; 3] = ["#0072B2", "#D55E00", "#009E73"];

/// One strategy, nobody who leaves, no money, no goal, no transfer.
const BARE: &str = r#"title = "Nothing happens"
start = 2027-01-01
months = "equal"
horizon_months = 12
role = [{ name = "engineer" }]
demand.engineer = 5
strategy.own.employer = "owner"

[organisation.owner.hiring]
stages = [{ name = "search", takes_days = 30 }]
"#;

/// A result folder with all charts as SVG.
fn drawn(scenario: &str, arguments: &[&str]) -> Folder {
    let folder = Folder::with(scenario);
    folder.succeed(&[&["run", "scenario.toml", "-o", "out", "--chart-format", "svg", "-q"], arguments].concat());
    folder
}

fn svg(folder: &Folder, name: &str) -> String {
    folder.text(&format!("out/charts/{name}.svg"))
}

/// What a chart says of itself, which is all that it shows in words.
fn described(folder: &Folder, name: &str) -> String {
    let svg = svg(folder, name);
    let (_, rest) = svg.split_once("<desc>").expect("every chart has a description");
    rest.split_once("</desc>").expect("it ends").0.to_owned()
}

/// The charts that are there.
fn charts(folder: &Folder) -> Vec<String> {
    let names = folder.files("out").into_iter();
    names.filter_map(|name| Some(name.strip_prefix("charts/")?.strip_suffix(".svg")?.to_owned())).collect()
}

/// Rows of a result file, by column.
/// The rows of a result file, those of single roles left out.
fn rows(folder: &Folder, name: &str) -> Vec<BTreeMap<String, String>> {
    let bytes = folder.bytes(&format!("out/{name}"));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Result<Vec<BTreeMap<String, String>>, _> = reader.deserialize().collect();
    let rows = rows.unwrap_or_else(|error| panic!("{name}: {error}"));
    rows.into_iter().filter(|row| row.get("role").is_none_or(String::is_empty)).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// A number of `summary.csv`.
fn summary(folder: &Folder, strategy: &str, response: &str, column: &str) -> f64 {
    let rows = rows(folder, "summary.csv");
    let row = rows.iter().find(|row| row["strategy"] == strategy && row["response"] == response);
    number(row.unwrap_or_else(|| panic!("no {response} of {strategy}")), column)
}

/// People who leave in a year for each 100 that are there.
fn leavers(folder: &Folder, strategy: &str, leaves: &str) -> f64 {
    100.0 * summary(folder, strategy, leaves, "mean") / (summary(folder, strategy, "head_days", "mean") / 365.0)
}

fn assert_says(described: &str, words: &str) {
    assert!(described.contains(words), "{words:?} is not in:\n{described}");
}

#[test]
fn charts_keep_their_names() {
    assert!(Results::CHARTS.iter().map(|drawing| drawing.name).eq(NAMES));
    let mut sorted: Vec<&str> = NAMES.to_vec();
    sorted.sort_unstable();
    assert_eq!(charts(&drawn(RICH, &["-n", "30"])), sorted, "a rich scenario has something to show in each of them");
}

#[test]
fn a_chart_without_anything_to_show_is_not_drawn_and_says_why_if_it_was_asked_for() {
    let folder = Folder::with(BARE);
    let run = |charts: &str, more: &[&str]| {
        let arguments =
            ["run", "scenario.toml", "-o", "out", "-n", "3", "--force", "--chart-format", "svg", "--charts", charts];
        folder.succeed(&[&arguments, more].concat()).err
    };
    assert_eq!(run("all", &[]), "");
    assert_eq!(charts(&folder), ALWAYS);
    assert!(!folder.text("out/report.html").contains("never pays"), "the report passes over them too");
    assert_eq!(folder.text("out/report.html").matches("<figcaption>").count(), ALWAYS.len());
    let absent: Vec<&str> = NAMES.into_iter().filter(|name| !ALWAYS.contains(name)).collect();
    let asked = format!("{},headcount", absent.join(","));
    let reasons = "\
        chart employers is not drawn: no strategy has several employers\n\
        chart goals is not drawn: the scenario has no goals\n\
        chart attrition is not drawn: nobody leaves\n\
        chart handover is not drawn: no team with output is transferred\n\
        chart month_cost is not drawn: the client never pays anything\n\
        chart month_cost_range is not drawn: the client never pays anything\n\
        chart client_cost is not drawn: the client never pays anything\n\
        chart cost_breakdown is not drawn: the client never pays anything\n\
        chart cost_distribution is not drawn: the client never pays anything\n\
        chart difference is not drawn: there is one strategy only\n\
        chart break_even is not drawn: there is one strategy only\n";
    assert_eq!(run(&asked, &[]), reasons);
    assert_eq!(charts(&folder), ["headcount"]);
    assert_eq!(run(&asked, &["-q"]), "");
    let told = folder.succeed(&["report", "out", "--charts", "goals"]).err;
    assert_eq!(told, "chart goals is not drawn: the scenario has no goals\ncharts and report: out\n");
}

#[test]
fn bars_are_the_means_of_the_summary() {
    let folder = drawn(RICH, &["-n", "40"]);
    for strategy in ["bot", "in_house"] {
        let of = |response: &str| readable(summary(&folder, strategy, response, "mean"));
        let cost = described(&folder, "cost_breakdown");
        assert_says(&cost, &format!("own pay {}", of("cost_pay")));
        let leaves = described(&folder, "attrition");
        assert_says(&leaves, &format!("quit {}", readable(leavers(&folder, strategy, "leaves_tenure"))));
        // The parts are summed here and are one response there: a total differs in its last bits alone.
        assert_says(&leaves, &format!("{strategy}: {} in all", readable(leavers(&folder, strategy, "leaves"))));
    }
}

#[test]
fn histograms_have_the_quantiles_of_the_summary() {
    let folder = drawn(RICH, &["-n", "40"]);
    let span = |strategy: &str, response: &str, times: f64| {
        let of = |column: &str| {
            let quantile = summary(&folder, strategy, response, column);
            if quantile.is_infinite() { "never".to_owned() } else { readable(times * quantile) }
        };
        format!("median {}, 90 % from {} to {}", of("p50"), of("p5"), of("p95"))
    };
    let cost = described(&folder, "cost_distribution");
    for strategy in ["bot", "in_house"] {
        assert_says(&cost, &format!("{strategy}: In all: {}", span(strategy, "client_cost", 1.0)));
        assert_says(&cost, &span(strategy, "cost_per_fte_month", 1.0));
    }
    let handover = described(&folder, "handover");
    assert_says(&handover, &span("bot", "trough_share", 100.0));
    assert_says(&handover, &span("bot", "recovery_days", 1.0));
    assert!(!handover.contains("in_house"), "who is never transferred has no row: {handover}");
}

#[test]
fn differences_are_those_of_the_comparison_with_the_baseline() {
    let folder = drawn(RICH, &["-n", "40", "--baseline", "in_house"]);
    let described = described(&folder, "difference");
    let rows = rows(&folder, "comparison.csv");
    let mut compared = 0;
    for response in ["staffed_day", "delivered_fte_days", "leaves", "client_cost"] {
        let is_it = |row: &&BTreeMap<String, String>| row["response"] == response && row["baseline"] == "in_house";
        for row in rows.iter().filter(is_it) {
            let mean = number(row, "mean_difference");
            let sign = if mean > 0.0 { "+" } else { "" };
            let [low, high] = ["ci_low", "ci_high"].map(|column| number(row, column));
            let [mean, low, high] = [mean, low, high].map(|value| readable_within(value, (high - low) / 2.0, 4));
            assert_says(&described, &format!("{sign}{mean} ({low} to {high})"));
            compared += 1;
        }
    }
    assert_eq!(compared, 8, "two strategies and four responses");
    assert!(!described.contains("; in_house ") && !described.contains(": in_house "), "{described}");
}

#[test]
fn probabilities_are_those_of_the_goals_and_of_break_even() {
    let folder = drawn(RICH, &["-n", "40"]);
    let goals = described(&folder, "goals");
    for row in rows(&folder, "goals_timeline.csv").iter().filter(|row| row["month"] == "36" && row["strategy"] == "bot") {
        assert_says(&goals, &format!("{}: bot {}", row["goal"], short_percent(number(row, "met"))));
    }
    let even = described(&folder, "break_even");
    for row in rows(&folder, "breakeven.csv").iter().filter(|row| row["month"] == "never" && row["baseline"] == "bot") {
        let share = short_percent(1.0 - number(row, "share"));
        let (_, panels) = even.split_once("ahead of bot:").expect("a panel for the baseline");
        let panel = panels.split("ahead of").next().expect("it has curves");
        assert_says(panel, &format!("{} {share}", row["strategy"]));
    }
}

#[test]
fn phases_have_the_dates_and_shares_of_their_file() {
    let folder = drawn(RICH, &["-n", "40"]);
    let described = described(&folder, "phases");
    let start = jiff::civil::date(2027, 3, 1);
    let mut told = 0;
    for row in rows(&folder, "phases.csv").iter().filter(|row| row["n"] != "0" && row["strategy"] == "bot") {
        let date = |column: &str| {
            let date = start.checked_add(jiff::Span::new().days(number(row, column).floor() as i64)).expect("a date");
            date.strftime("%-d %b %Y").to_string()
        };
        let share = number(row, "n") / 40.0;
        let often = if share < 1.0 { format!(" in {}", short_percent(share)) } else { String::new() };
        let words = format!("{}{often} from {} to {}", row["phase"], date("begin_p50"), date("end_p50"));
        assert_says(&described, &words);
        told += 1;
    }
    assert!(told >= 4, "{described}");
}

#[test]
fn bands_of_money_are_those_of_the_timeline() {
    let folder = drawn(RICH, &["-n", "40"]);
    for (chart, measure) in [("month_cost_range", "month_cost"), ("client_cost", "client_cost")] {
        let described = described(&folder, chart);
        let is_last = |row: &&BTreeMap<String, String>| {
            row["month"] == "36" && row["measure"] == measure && row["given"] == "surviving"
        };
        for row in rows(&folder, "timeline.csv").iter().filter(is_last) {
            let [p5, p50, p95] = ["p5", "p50", "p95"].map(|column| readable(number(row, column)));
            assert_says(&described, &format!("{}: median {p50} (90 %: {p5} to {p95})", row["strategy"]));
        }
    }
}

#[test]
fn a_strategy_has_the_same_colour_alone_and_among_others_in_every_chart() {
    let among = drawn(PLAIN, &["-n", "10"]);
    let alone = drawn(PLAIN, &["-n", "10", "--strategy", "in_house"]);
    for chart in ["headcount", "effective_fte", "staffed_day"] {
        assert!(svg(&among, chart).contains(COLOURS[0]) && svg(&among, chart).contains(COLOURS[1]), "{chart}");
        assert!(!svg(&alone, chart).contains(COLOURS[0]) && svg(&alone, chart).contains(COLOURS[1]), "{chart}");
    }
    assert!(svg(&among, "handover").contains(COLOURS[0]) && !svg(&among, "handover").contains(COLOURS[1]));
    assert!(svg(&among, "difference").contains(COLOURS[1]) && !svg(&among, "difference").contains(COLOURS[0]));
}

#[test]
fn every_chart_has_the_size_that_is_asked_for() {
    for (size, width, height) in [("480x300", 480, 300), ("320x200", 320, 200), ("1920x1080", 1920, 1080)] {
        let folder = drawn(RICH, &["-n", "5", "--chart-size", size]);
        for name in charts(&folder) {
            let begin = format!("width=\"{width}\" height=\"{height}\" viewBox=\"0 0 ");
            let svg = svg(&folder, &name);
            let (_, rest) = svg.split_once(&begin).unwrap_or_else(|| panic!("{name} {size}: {}", &svg[..200]));
            let mut sides =
                rest.split('"').next().expect("a view").split(' ').map(|side| side.parse::<u32>().expect("pixels"));
            let (across, down) = (sides.next().expect("a width"), sides.next().expect("a height"));
            assert_eq!(across * height, down * width, "{name} {size}: nothing is stretched");
        }
    }
}

#[test]
fn sizes_and_themes_that_cannot_be_drawn_are_refused() {
    let folder = Folder::with(PLAIN);
    for size in
        ["800", "800x", "x450", "800x450x2", "0x0", "319x450", "800x199", "4001x450", "800x3001", "-800x450", "8e2x450"]
    {
        let told = folder.run(&["run", "scenario.toml", "-o", "out", &format!("--chart-size={size}")]);
        assert_eq!(told.status, Some(2), "{size}: {}", told.err);
        assert_says(&told.err, "expected WIDTHxHEIGHT in pixels, 320 to 4000 by 200 to 3000, e.g. 800x450");
    }
    for (charts, message) in [
        ("all,hedcount", "no chart named \"hedcount\"; did you mean `headcount`?"),
        ("all,none", "none cannot be combined with other names"),
        ("breakeven", "did you mean `break_even`?"),
    ] {
        let told = folder.run(&["report", "out", "--charts", charts]);
        assert_eq!(told.status, Some(2), "{charts}: {}", told.err);
        assert_says(&told.err, message);
    }
    let told = folder.run(&["run", "scenario.toml", "-o", "out", "--theme", "scren"]);
    assert_eq!(told.status, Some(2));
    assert_says(&told.err, "'screen'");
    assert!(folder.files("").iter().all(|name| !name.starts_with("out")), "nothing was simulated");
}

#[test]
fn a_screen_is_dark_and_paper_is_white() {
    let paper = drawn(RICH, &["-n", "5"]);
    let screen = drawn(RICH, &["-n", "5", "--theme", "screen"]);
    for name in charts(&paper) {
        let ground = |folder: &Folder| {
            let svg = svg(folder, &name);
            let first = svg.lines().find(|line| line.starts_with("<rect")).expect("the ground comes first").to_owned();
            first.split_once("fill=\"").and_then(|(_, rest)| rest.split_once('"')).expect("a colour").0.to_owned()
        };
        assert_eq!((ground(&paper).as_str(), ground(&screen).as_str()), ("#FFFFFF", "#16191D"), "{name}");
        assert!(!svg(&screen, &name).contains("#282C34"), "{name}: no ink of paper is left");
        assert_eq!(described(&paper, &name), described(&screen, &name));
    }
    assert!(paper.bytes("out/report.html") == screen.bytes("out/report.html"), "the page has its own look");
}

#[test]
fn long_names_many_months_and_what_never_happens_can_be_drawn() {
    let name = "a strategy whose name is far longer than any sensible picture has room for in one line";
    let more = format!("\n[strategy.\"{name}\"]\nemployer = \"owner\"\n");
    let goal = "\n[[goal]]\nname = \"nobody gets here\"\nmeasure = \"headcount\"\nat_least = 500\nby_month = 100\n";
    let text = edited(PLAIN, "horizon_months = 24", "horizon_months = 240") + &more + goal;
    let folder = drawn(&text, &["-n", "5"]);
    assert_says(&described(&folder, "goals"), "nobody gets here: bot 0 %");
    assert_says(&described(&folder, "headcount"), name);
    for chart in charts(&folder) {
        let svg = svg(&folder, &chart);
        let texts = svg.split("<text ").skip(1).filter_map(|text| Some(text.split_once('>')?.1.split_once('<')?.0));
        let longest = texts.map(|text| text.chars().count()).max().unwrap_or(0);
        assert!(longest < 130, "{chart}: {longest} letters in one line");
    }
}

/// The title of a chart.
fn title(folder: &Folder, name: &str) -> String {
    let svg = svg(folder, name);
    let title = svg.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).expect("every chart has one").0;
    title.replace("&#39;", "'").replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")
}

/// The numbers of a text, each with what half a unit of its last digit is.
fn numbers(text: &str) -> Vec<(f64, f64)> {
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    let words = text.split(|letter: char| !is_part(letter)).map(|word| word.trim_matches(['.', ',']));
    let number = |word: &str| {
        let plain = word.replace(',', "");
        let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let zeros = plain.len() - plain.trim_end_matches('0').len();
        let place = if decimals > 0 { -(decimals as i32) } else { zeros as i32 };
        Some((plain.parse().ok()?, 0.51 * format!("1e{place}").parse::<f64>().ok()?))
    };
    words.filter_map(number).collect()
}

/// Asserts that each number of a title is one of these, rounded.
fn assert_numbers(folder: &Folder, name: &str, known: &[f64]) {
    let title = title(folder, name);
    // What money is told in may be thousands or millions.
    let known = || known.iter().flat_map(|value| [*value, value / 1000.0]);
    for (number, half) in numbers(&title) {
        let closest = known().map(|known| (known.abs() - number).abs()).fold(f64::INFINITY, f64::min);
        assert!(closest <= half, "{number} of {title:?} is not in {:?}", known().collect::<Vec<_>>());
    }
    assert!(!numbers(&title).is_empty(), "{title:?}");
}

const STRATEGIES: [&str; 3] = ["bot", "in_house", "augmentation"];

#[test]
fn titles_have_the_numbers_of_the_files() {
    let folder = drawn(RICH, &["-n", "200"]);
    let of = |response: &str, column: &str| STRATEGIES.map(|strategy| summary(&folder, strategy, response, column));
    let months = |measure: &str, column: &str| -> Vec<Vec<f64>> {
        let of = |strategy: &str| {
            let rows = rows(&folder, "timeline.csv").into_iter();
            // Medians are of ventures that survive, means of all.
            let given = if column == "mean" { "" } else { "surviving" };
            let is_it = |row: &BTreeMap<String, String>| {
                row["strategy"] == strategy && row["measure"] == measure && row["given"] == given
            };
            let rows = rows.filter(is_it);
            rows.map(|row| number(&row, column)).collect()
        };
        STRATEGIES.iter().map(|strategy| of(strategy)).collect()
    };
    let last = |measure: &str| months(measure, "p50").into_iter().filter_map(|values| values.last().copied()).collect();
    let dearest: Vec<f64> =
        months("month_cost", "mean").into_iter().map(|values| values.into_iter().fold(0.0, f64::max)).collect();
    assert_numbers(&folder, "month_cost", &dearest);
    let last_costs: Vec<f64> = last("month_cost");
    assert_numbers(&folder, "month_cost_range", &last_costs);
    let heads: Vec<f64> = last("headcount");
    assert_numbers(&folder, "headcount", &[heads, vec![8.0]].concat());
    assert_numbers(&folder, "cost_distribution", &[&of("client_cost", "p95")[..], &[20.0]].concat());
    let leavers = STRATEGIES.map(|strategy| leavers(&folder, strategy, "leaves"));
    assert_numbers(&folder, "attrition", &[&leavers[..], &[100.0]].concat());
    // Without a transfer there is neither.
    let transferred = |response: &str| -> Vec<f64> {
        let rows = rows(&folder, "summary.csv").into_iter();
        rows.filter(|row| row["response"] == response && row["n"] != "0").map(|row| number(&row, "p50")).collect()
    };
    let troughs: Vec<f64> = transferred("trough_share").into_iter().map(|share| 100.0 * share).collect();
    assert_numbers(&folder, "handover", &[troughs, transferred("recovery_days"), vec![95.0]].concat());
    let goals: Vec<f64> = rows(&folder, "goals.csv").iter().map(|row| 100.0 * number(row, "probability")).collect();
    assert_numbers(&folder, "goals", &goals);
    assert_numbers(&folder, "effective_fte", &goals);
    let differences: Vec<f64> = rows(&folder, "comparison.csv")
        .iter()
        .filter(|row| ["client_cost", "staffed_day"].contains(&row["response"].as_str()))
        .flat_map(|row| [number(row, "mean_difference"), number(row, "mean_difference") / (365.0 / 12.0)])
        .collect();
    assert_numbers(&folder, "client_cost", &[&differences[..], &of("client_cost", "mean")].concat());
    assert_numbers(&folder, "difference", &differences);
}

#[test]
fn titles_have_the_dates_of_the_files() {
    let folder = drawn(RICH, &["-n", "200"]);
    let start = jiff::civil::date(2027, 3, 1);
    let month = |day: f64| {
        let date = start.checked_add(jiff::Span::new().days(day.floor() as i64)).expect("a date");
        date.strftime("%b %Y").to_string()
    };
    for strategy in STRATEGIES {
        assert_says(&title(&folder, "staffed_day"), &month(summary(&folder, strategy, "staffed_day", "p50")));
    }
    for row in rows(&folder, "phases.csv").iter().filter(|row| row["phase"] == "operating") {
        assert_says(&title(&folder, "phases"), &month(number(row, "begin_p50")));
    }
}

/// The month named is the first at whose end half of the replications are ahead for good, as in the file.
#[test]
fn the_title_of_break_even_names_the_month_of_the_file() {
    let scenario = BARE.replace("months = \"equal\"\n", "").replace(
        "strategy.own.employer = \"owner\"",
        "strategy.own.employer = \"owner\"\nstrategy.rented.employer = \"vendor\"\n\
         strategy.rented.contract.vendor.rate_per_month.engineer = 5\norganisation.vendor.like = \"owner\"\n\
         organisation.vendor.own = false\norganisation.owner.own = true\n\
         organisation.owner.cost = { salary_per_year.engineer = 24, setup = 60 }",
    );
    let folder = drawn(&scenario, &["-n", "5", "--charts", "break_even"]);
    let ahead = rows(&folder, "breakeven.csv");
    let is_first =
        |row: &&BTreeMap<String, String>| row["strategy"] == "own" && row["month"] != "never" && number(row, "share") > 0.5;
    let month = number(ahead.iter().find(is_first).expect("own is ahead in the end"), "month");
    // Set-up costs 12 each for five people, a month of each 2 instead of 5, from 31 January on: ahead after four such months.
    assert_eq!(month.to_bits(), 5.0_f64.to_bits(), "{ahead:?}");
    assert_eq!(title(&folder, "break_even"), "In half of the simulations own stays cheaper than rented from May 2027");
}

#[test]
fn titles_are_right_for_one_strategy_for_equal_ones_and_for_what_never_comes() {
    let alone = drawn(RICH, &["-n", "40", "--strategy", "bot"]);
    for name in charts(&alone) {
        let title = title(&alone, &name);
        assert!(
            !title.contains(" with bot") && !title.contains("strateg") && !title.contains("costs least"),
            "{name}: {title}"
        );
    }
    assert_says(&title(&alone, "client_cost"), "The client pays ");
    let equal = drawn(
        &(PLAIN.to_owned() + "\n[strategy.again]\nemployer = \"owner\"\n"),
        &["-n", "20", "--strategy", "in_house", "--strategy", "again"],
    );
    assert_says(&title(&equal, "staffed_day"), " with both strategies");
    assert_eq!(title(&equal, "difference"), "again and in_house are about the same in time");
    let labels = svg(&equal, "headcount");
    let texts: Vec<&str> =
        labels.split("<text ").skip(1).filter_map(|text| Some(text.split_once('>')?.1.split_once('<')?.0)).collect();
    let at = texts.iter().position(|text| *text == "in_house").expect("it has a label");
    assert_eq!(texts[at..at + 3], ["in_house", "=", "again"], "one label for lines that cannot be told apart");
    let never = edited(PLAIN, "engineer = 5", "engineer = 500");
    assert_eq!(title(&drawn(&never, &["-n", "5"]), "staffed_day"), "No strategy staffs the team in half of the simulations");
    let never_alone = drawn(&never, &["-n", "5", "--strategy", "in_house"]);
    assert_eq!(title(&never_alone, "staffed_day"), "The team is not staffed in half of the simulations");
}

/// Whether a drawing has this label, on one line or two.
fn has_label(drawing: &str, label: &str) -> bool {
    let has = |line: &str| drawing.contains(&format!(">{line}</text>"));
    has(label) || label.match_indices(' ').any(|(at, _)| has(&label[..at]) && has(&label[at + 1..]))
}

#[test]
fn goals_are_marked_in_the_charts_of_their_measures() {
    let folder = drawn(RICH, &["-n", "40"]);
    for (chart, goals) in [
        ("headcount", &["eight people by month 15", "never crowded"][..]),
        ("effective_fte", &["they do the work"]),
        ("client_cost", &["at most so much"]),
    ] {
        for goal in goals {
            assert!(has_label(&svg(&folder, chart), goal), "{chart}: {goal}");
            assert_says(&described(&folder, chart), &format!("&quot;{goal}&quot; is met in: bot "));
        }
    }
}

#[test]
fn distributions_reach_all_but_half_a_percent_of_either_side() {
    let folder = drawn(RICH, &["-n", "400"]);
    for chart in ["cost_distribution", "handover"] {
        for words in svg(&folder, chart).split(" lie beyond the axis").map(|text| text.rsplit('>').next().expect("a text")) {
            let Some((beyond, all)) = words.split_once(" of ") else { continue };
            let [beyond, all] = [beyond, all].map(|count| count.replace(',', "").parse::<f64>().expect("a number"));
            assert!(beyond <= 2.0 * (0.005 * all).floor(), "{chart}: {words}");
        }
    }
}

#[test]
fn what_every_chart_says_stays_as_it_is() {
    let folder = drawn(RICH, &["-n", "40"]);
    let said: Vec<String> = NAMES.iter().map(|name| format!("{name}: {}", described(&folder, name))).collect();
    insta::assert_snapshot!(said.join("\n\n"));
}
