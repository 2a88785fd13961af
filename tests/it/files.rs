//! The result files: their columns, their agreement with each other, with the library and with their own metadata, and
//! that charts and report can be made from them again.

use std::collections::BTreeMap;

use handover::maths::exp;
use handover::model::{Fact, Team};
use handover::response::{MEASURES, OUTCOMES, PHASES, ResponseColumn, Unit, columns, specs};
use handover::run::{RunResults, Session, Settings, run};
use handover::scenario::Scenario;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, StudentsT};

use super::program::{BINARY, Folder, PLAIN, RESULTS, RICH, STEADY, edited, manifest_of, run_to_end};
use super::support::{Seen, watch};

/// The responses of MODEL section 11, in their order.
const RESPONSES: &str = "first_join_day half_staffed_day staffed_day effective_day project_day \
    effective_fte_days delivered_fte_days delivered_fte_months wanted_fte_days shortfall_fte_days staffed_share \
    joins leaves leaves_tenure leaves_early leaves_rotation leaves_burnout leaves_shock leaves_refusal leaves_release \
    leaves_exit leaves_collapse head_days fill_days mean_fill_days vacant_days_per_join vacant_days open_at_end promotions quits \
    attrition_rate waiting_staff_days waiting_mentor_days staff_busy_days staff_days staff_busy_share incidents \
    transfer_day offered accepted retained_6m retained_12m trough_share recovery_days \
    client_cost client_cost_npv vendor_margin cost_per_fte_month peak_month_cost value_npv net_npv \
    cost_bills cost_fees cost_oversight cost_bonus cost_pay cost_place cost_hiring cost_start_end outcome";

/// The responses that are also reported by role, in their order.
const BY_ROLE: &str = "staffed_day joins leaves promotions quits head_days fill_days mean_fill_days attrition_rate";

/// The measures at month ends, in their order.
const MEASURE_NAMES: &str = "wanted headcount effective_fte delivered_fte_days open_requisitions joins leaves knowledge \
    month_cost client_cost";

const SUMMARY: &str = "strategy,role,response,unit,nature,n,missing,mean,sd,se,ci_low,ci_high,min,p5,p25,p50,p75,p95,max,\
    interval,skewness";
const QUANTILES: &str = "strategy,response,share,value,ci_low,ci_high";
const TIMELINE: &str = "strategy,role,given,month,date,measure,mean,sd,p5,p25,p50,p75,p95";
const COMPARISON: &str = "response,unit,strategy,baseline,n,mean_difference,se,ci_low,ci_high,p_lower,p_equal,p5,p50,p95,\
    variance_ratio,interval,skewness";
const BEST: &str = "response,strategy,p_best,mcb_low,mcb_high";
const BREAK_EVEN: &str = "strategy,baseline,measure,month,share";
const GOALS: &str = "strategy,goal,probability,ci_low,ci_high,required,met";
const GOAL_MONTHS: &str = "strategy,goal,month,date,holds,holds_low,holds_high,met,met_low,met_high";
const COSTS: &str = "strategy,month,date,kind,mean,sd";
const COSTS_BY_YEAR: &str = "strategy,year,months,date,mean,p5,p50,p95";
const EMPLOYERS: &str = "strategy,organisation,month,date,mean";
const PHASE_COLUMNS: &str = "strategy,phase,n,begin_p5,begin_p50,begin_p95,end_p5,end_p50,end_p95";

/// Sums of some hundred doubles differ by the order of summation within this share of the largest.
const ROUNDING: f64 = 1e-12;

/// Length of the scenario [`RICH`], in days and in months.
const HORIZON_DAYS: f64 = 1095.0;
const MONTHS: u32 = 36;

/// A goal of [`RICH`]: its name, its measure, whether it is `at_least`, its bound, its month and `probability`.
type Goal = (&'static str, &'static str, bool, f64, f64, Option<f64>);

/// The goals of [`RICH`].
const GOALS_OF_RICH: [Goal; 8] = [
    ("eight people by month 15", "headcount", true, 8.0, 15.0, None),
    ("some work by the end", "delivered_fte_days", true, 500.0, 36.0, Some(0.05)),
    ("never crowded", "headcount", false, 11.0, 30.0, None),
    ("at most so much", "client_cost", false, 1200.0, 36.0, Some(0.0)),
    ("they know the work", "knowledge", true, 0.55, 20.5, None),
    ("they do the work", "effective_fte", true, 8.0, 24.0, None),
    (OF_LEADS, "headcount", true, 1.0, 12.0, None),
    (OF_A_YEAR, "client_cost", false, 400.0, 28.0, None),
];
/// The goal that has `at_month`, and `for_months = 2`; all others have `by_month`.
const AT_MONTH: &str = "they do the work";
/// The goal of one role in a month, and that of the fiscal year that ends with month 28.
const OF_LEADS: &str = "a lead in the first year";
const OF_A_YEAR: &str = "within the budget of the year";
/// Kinds of client cost, in the order of the files.
const KINDS: [&str; 8] = ["bills", "fees", "oversight", "bonus", "pay", "place", "hiring", "start_end"];

/// Runs a scenario with these arguments, without charts.
fn results(scenario: &str, arguments: &[&str]) -> Folder {
    let folder = Folder::with(scenario);
    folder.succeed(&[&["run", "scenario.toml", "-o", "out", "--charts", "none"], arguments].concat());
    folder
}

/// A CSV file: rows by name of column.
struct Rows {
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Rows {
    fn of(folder: &Folder, name: &str) -> Self {
        let bytes = folder.bytes(name);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().expect("the file has a header").iter().map(str::to_owned).collect();
        let rows = reader.records().collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { header, rows }
    }

    fn column(&self, name: &str) -> usize {
        self.header.iter().position(|header| header == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    fn text<'r>(&self, row: &'r csv::StringRecord, name: &str) -> &'r str {
        &row[self.column(name)]
    }

    /// Returns a number; NaN for an empty cell.
    fn number(&self, row: &csv::StringRecord, name: &str) -> f64 {
        number(self.text(row, name))
    }

    fn filter<'r>(&'r self, name: &str, value: &str) -> Vec<&'r csv::StringRecord> {
        self.rows.iter().filter(|row| self.text(row, name) == value).collect()
    }

    /// Returns the values of a column in rows where another column holds this.
    fn numbers(&self, name: &str, of: (&str, &str)) -> Vec<f64> {
        self.filter(of.0, of.1).into_iter().map(|row| self.number(row, name)).collect()
    }
}

fn number(cell: &str) -> f64 {
    if cell.is_empty() { f64::NAN } else { cell.parse().unwrap_or_else(|_| panic!("{cell:?} is not a number")) }
}

fn present(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|value| !value.is_nan()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() as f64 - 1.0)
}

/// Type 7 of Hyndman and Fan (1996); NaN of no values.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = last as f64 * share;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    // Never if the upper one is.
    if high > low { low + (high - low) * place.fract() } else { low }
}

fn scale(values: &[f64]) -> f64 {
    values.iter().filter(|value| value.is_finite()).fold(0.0, |largest, value| value.abs().max(largest))
}

/// Numerators and denominators of the ratios, and what their quotient is multiplied by.
const RATIOS: [(&str, &str, &str, f64); 5] = [
    ("mean_fill_days", "fill_days", "joins", 1.0),
    ("vacant_days_per_join", "vacant_days", "joins", 1.0),
    ("attrition_rate", "quits", "head_days", 365.0),
    ("staff_busy_share", "staff_busy_days", "staff_days", 1.0),
    ("cost_per_fte_month", "client_cost", "delivered_fte_months", 1.0),
];

/// Returns a response without its role, and the role in brackets.
fn parts(response: &str) -> (&str, &str) {
    response.split_at(response.find('[').unwrap_or(response.len()))
}

fn ratio(response: &str) -> Option<(String, String, f64)> {
    let (response, role) = parts(response);
    let known = RATIOS.iter().find(|(name, ..)| *name == response);
    known.map(|(_, numerator, denominator, times)| (format!("{numerator}{role}"), format!("{denominator}{role}"), *times))
}

fn is_date(response: &str) -> bool {
    parts(response).0.ends_with("_day") || response == "recovery_days"
}

/// Returns the values of a response of a strategy from which moments are computed: min(T, H) for a date.
fn restricted(replications: &Rows, response: &str, strategy: &str) -> Vec<f64> {
    let all = replications.numbers(response, ("strategy", strategy));
    let since = match response {
        "recovery_days" => replications.numbers("transfer_day", ("strategy", strategy)),
        _ => vec![0.0; all.len()],
    };
    let most = since.iter().map(|since| HORIZON_DAYS - since);
    all.iter().zip(most).map(|(&value, most)| if is_date(response) && value > most { most } else { value }).collect()
}

/// Returns a ratio of means and the contribution of each replication to it: its influence value.
fn influence(
    replications: &Rows,
    (numerator, denominator, times): &(String, String, f64),
    strategy: &str,
) -> (f64, Vec<f64>) {
    let [above, below] = [numerator, denominator].map(|name| replications.numbers(name, ("strategy", strategy)));
    let value = times * mean(&above) / mean(&below);
    let scale = mean(&below);
    (value, above.iter().zip(&below).map(|(above, below)| (times * above - value * below) / scale).collect())
}

/// Asserts that both are missing, or differ by no more than a share of a scale.
fn assert_near(found: f64, expected: f64, tolerance: f64, what: &str) {
    let is_same = (found.is_nan() && expected.is_nan()) || found.to_bits() == expected.to_bits();
    let is_near = is_same || (found - expected).abs() <= tolerance;
    assert!(is_near, "{what}: {found} found, {expected} expected within {tolerance}");
}

fn names() -> [&'static str; 3] {
    ["bot", "in_house", "augmentation"]
}

/// Returns the columns of `replications.csv` after strategy and replication.
fn columns_of_rich() -> Vec<ResponseColumn> {
    columns(&Scenario::parse(RICH, &[]).expect("the scenario is good").world)
}

/// Returns the same run by the library.
fn computed(scenario: &str, replications: u32) -> (Scenario, RunResults) {
    let scenario = Scenario::parse(scenario, &[]).expect("the scenario is good");
    let strategies = (0..scenario.strategies.len()).collect();
    let settings = Settings { seed: scenario.seed, replications, strategies, independent: false };
    let collected = run(&scenario, &settings, &Session::default()).expect("nobody stops it");
    (scenario, collected)
}

#[test]
fn headers_are_those_of_the_interface() {
    let folder = results(RICH, &["-n", "3"]);
    let header = |name: &str| folder.text(name).lines().next().unwrap_or_default().to_owned();
    assert_eq!(header("out/summary.csv"), SUMMARY);
    assert_eq!(header("out/quantiles.csv"), QUANTILES);
    assert_eq!(header("out/timeline.csv"), TIMELINE);
    assert_eq!(header("out/comparison.csv"), COMPARISON);
    assert_eq!(header("out/best.csv"), BEST);
    assert_eq!(header("out/breakeven.csv"), BREAK_EVEN);
    assert_eq!(header("out/goals.csv"), GOALS);
    assert_eq!(header("out/goals_timeline.csv"), GOAL_MONTHS);
    assert_eq!(header("out/costs.csv"), COSTS);
    assert_eq!(header("out/costs_by_year.csv"), COSTS_BY_YEAR);
    assert_eq!(header("out/employers.csv"), EMPLOYERS);
    assert_eq!(header("out/phases.csv"), PHASE_COLUMNS);
    assert!(specs().map(|spec| spec.name).eq(RESPONSES.split_whitespace()), "the responses of the model, in its order");
    let goals = GOALS_OF_RICH.map(|goal| goal.0);
    let of_all = ["strategy", "replication"].into_iter().chain(RESPONSES.split_whitespace()).chain(goals);
    let of_roles = ["lead", "engineer"]
        .into_iter()
        .flat_map(|role| BY_ROLE.split_whitespace().map(move |name| format!("{name}[{role}]")));
    let expected: Vec<String> = of_all.map(str::to_owned).chain(of_roles).collect();
    assert_eq!(header("out/replications.csv"), expected.join(","));
}

#[test]
fn headers_are_there_even_if_there_is_nothing_to_tell() {
    let folder = results(PLAIN, &["-n", "1", "--strategy", "bot"]);
    assert_eq!(folder.text("out/comparison.csv").lines().collect::<Vec<_>>(), [COMPARISON]);
    assert_eq!(folder.text("out/best.csv").lines().collect::<Vec<_>>(), [BEST]);
    assert_eq!(folder.text("out/breakeven.csv").lines().collect::<Vec<_>>(), [BREAK_EVEN]);
    assert_eq!(folder.text("out/goals.csv").lines().collect::<Vec<_>>(), [GOALS]);
    assert_eq!(folder.text("out/goals_timeline.csv").lines().collect::<Vec<_>>(), [GOAL_MONTHS]);
}

#[test]
fn replications_are_to_the_bit_what_the_library_computes() {
    let folder = results(RICH, &["-n", "300"]);
    let file = Rows::of(&folder, "out/replications.csv");
    let (scenario, collected) = computed(RICH, 300);
    let columns = columns(&scenario.world);
    assert_eq!(file.header.len(), 2 + columns.len());
    assert_eq!(file.rows.len(), 3 * 300);
    for (index, row) in file.rows.iter().enumerate() {
        let (strategy, replication) = (index / 300, index % 300);
        assert_eq!(file.text(row, "strategy"), names()[strategy]);
        assert_eq!(file.text(row, "replication"), replication.to_string());
        for (position, column) in columns.iter().enumerate() {
            let expected = collected.observations.columns(strategy)[position].as_kept().expect("few are kept")[replication];
            let cell = file.text(row, &column.name);
            if column.unit == Unit::Outcome {
                assert_eq!(cell, OUTCOMES[expected as usize]);
            } else if expected.is_nan() {
                assert_eq!(cell, "", "{}", column.name);
            } else {
                assert_eq!(number(cell).to_bits(), expected.to_bits(), "{} of {replication}: {cell}", column.name);
            }
        }
    }
}

#[test]
fn the_summary_is_that_of_the_replications() {
    let folder = results(RICH, &["-n", "300", "--confidence", "0.9"]);
    let (file, replications) = (Rows::of(&folder, "out/summary.csv"), Rows::of(&folder, "out/replications.csv"));
    let mut expected = Vec::new();
    for strategy in names() {
        for column in columns_of_rich() {
            match column.unit {
                Unit::Outcome => {
                    expected.extend(OUTCOMES.map(|outcome| (strategy, format!("outcome_{outcome}"), Unit::Share)));
                }
                unit => expected.push((strategy, column.name, unit)),
            }
        }
    }
    assert_eq!(file.rows.len(), expected.len());
    for (row, (strategy, response, unit)) in file.rows.iter().zip(expected) {
        assert_eq!((file.text(row, "strategy"), summarised(&file, row)), (strategy, response.clone()));
        assert_eq!(file.text(row, "unit"), unit.name("kUSD"));
        match (response.strip_prefix("outcome_"), ratio(&response)) {
            (Some(outcome), _) => check_outcome(&file, row, &replications, (strategy, outcome)),
            (_, Some(parts)) => check_ratio(&file, row, influence(&replications, &parts, strategy)),
            _ => check_summary(&file, row, &replications, unit),
        }
        let nature = if is_date(&response) {
            "date"
        } else if ratio(&response).is_some() {
            "ratio"
        } else {
            "number"
        };
        assert_eq!(file.text(row, "nature"), nature, "{response}");
    }
}

/// Returns the interval of a mean from `values`, around `centre`, and its method: Student's, or if their skewness g1 is at
/// least sqrt(n) / 5, Hall's. His transformation x + b (x^2 / 3 + 1 / 6) + b^2 x^3 / 27, with b = g1 / sqrt(n), is inverted
/// by bisection.
fn interval(values: &[f64], centre: f64, quantile: f64) -> (f64, f64, &'static str) {
    let n = values.len() as f64;
    if values.len() < 2 {
        return (f64::NAN, f64::NAN, "");
    }
    // The quantile of Student's t in `statrs` is good to about nine digits.
    let t = StudentsT::new(0.0, 1.0, n - 1.0).expect("degrees of freedom").inverse_cdf(quantile);
    let se = (variance(values) / n).sqrt();
    let middle = mean(values);
    let moment = |of: fn(f64) -> f64| values.iter().map(|value| of(value - middle)).sum::<f64>() / n;
    let second = moment(|apart| apart * apart);
    let b = moment(|apart| apart * apart * apart) / second / second.sqrt() / n.sqrt();
    if b.is_nan() || b.abs() < 0.2 {
        return (centre - t * se, centre + t * se, "student");
    }
    let inverse = |wanted: f64| {
        let (mut low, mut high) = (-1e3, 1e3);
        for _ in 0..200 {
            let x = (low + high) / 2.0;
            let transformed = x + b * (x * x / 3.0 + 1.0 / 6.0) + b * b * x * x * x / 27.0;
            if transformed < wanted { low = x } else { high = x }
        }
        (low + high) / 2.0
    };
    (centre - inverse(t) * se, centre - inverse(-t) * se, "hall")
}

/// Returns the response of a row of the summary, as `replications.csv` names it.
fn summarised(file: &Rows, row: &csv::StringRecord) -> String {
    let (response, role) = (file.text(row, "response"), file.text(row, "role"));
    if role.is_empty() { response.to_owned() } else { format!("{response}[{role}]") }
}

/// The ratio of the means, with the standard error of its influence numbers.
fn check_ratio(file: &Rows, row: &csv::StringRecord, (value, influence): (f64, Vec<f64>)) {
    let what = format!("{} of {}", file.text(row, "response"), file.text(row, "strategy"));
    let n = influence.len() as f64;
    let se = (variance(&influence) / n).sqrt();
    let (low, high, _) = interval(&influence, value, 0.95);
    assert_near(file.number(row, "mean"), value, ROUNDING * value.abs(), &what);
    assert_near(file.number(row, "se"), se, 1e-9 * value.abs(), &what);
    assert_near(file.number(row, "ci_low"), low, 1e-7 * value.abs(), &what);
    assert_near(file.number(row, "ci_high"), high, 1e-7 * value.abs(), &what);
}

fn check_summary(file: &Rows, row: &csv::StringRecord, replications: &Rows, unit: Unit) {
    let (strategy, response) = (file.text(row, "strategy"), summarised(file, row));
    let (response, what) = (response.as_str(), |column: &str| format!("{column} of {response} of {strategy}"));
    let all = replications.numbers(response, ("strategy", strategy));
    let ever = all.iter().filter(|value| value.is_finite()).count();
    // Defined values: never counts as the horizon except in the quantiles.
    let (values, days) = (present(&restricted(replications, response, strategy)), present(&all));
    let n = values.len() as f64;
    assert_eq!(file.text(row, "n"), ever.to_string());
    let is_missing = |value: &&f64| if is_date(response) { value.is_infinite() } else { !value.is_finite() };
    assert_eq!(file.text(row, "missing"), all.iter().filter(is_missing).count().to_string());
    let sd = if values.len() > 1 { variance(&values).sqrt() } else { f64::NAN };
    let of_rank = |share| quantile(&days, share);
    let expected = [
        ("mean", mean(&values)),
        ("sd", sd),
        ("se", sd / n.sqrt()),
        ("min", of_rank(0.0)),
        ("p5", of_rank(0.05)),
        ("p25", of_rank(0.25)),
        ("p50", of_rank(0.5)),
        ("p75", of_rank(0.75)),
        ("p95", of_rank(0.95)),
        ("max", of_rank(1.0)),
    ];
    for (column, expected) in expected {
        assert_near(file.number(row, column), expected, ROUNDING * scale(&values), &what(column));
    }
    if unit == Unit::Met {
        let (low, high) = wilson(values.iter().sum(), n, 1.644_853_626_951_472_2);
        assert_near(file.number(row, "ci_low"), low, ROUNDING, &what("ci_low"));
        assert_near(file.number(row, "ci_high"), high, ROUNDING, &what("ci_high"));
        return;
    }
    let (low, high, method) = interval(&values, mean(&values), 0.95);
    let tolerance = 1e-7 * (high - low) + ROUNDING * scale(&values);
    assert_near(file.number(row, "ci_low"), low, tolerance, &what("ci_low"));
    assert_near(file.number(row, "ci_high"), high, tolerance, &what("ci_high"));
    if sd > 1e-9 * scale(&values) {
        assert_eq!(file.text(row, "interval"), method, "{}", what("interval"));
    }
}

#[test]
fn quantiles_and_their_limits_are_those_of_the_replications() {
    // At 90 % the limits of the 95 % quantile are closed from 59 values on.
    for (n, is_closed) in [(58, false), (59, true), (300, true)] {
        let folder = results(RICH, &["-n", &n.to_string(), "--confidence", "0.9"]);
        let (file, replications) = (Rows::of(&folder, "out/quantiles.csv"), Rows::of(&folder, "out/replications.csv"));
        let mut rows = file.rows.iter();
        for strategy in names() {
            let about = columns_of_rich();
            let amounts = about.iter().filter(|column| !matches!(column.unit, Unit::Outcome | Unit::Met));
            for response in amounts.map(|column| column.name.as_str()) {
                // Never is a value, the largest.
                let mut values = present(&replications.numbers(response, ("strategy", strategy)));
                values.sort_by(f64::total_cmp);
                for share in [0.05, 0.25, 0.5, 0.75, 0.9, 0.95] {
                    let row = rows.next().expect("a row for each");
                    assert_eq!((file.text(row, "strategy"), file.text(row, "response")), (strategy, response));
                    assert_eq!(file.text(row, "share"), share.to_string());
                    check_quantile(&file, row, &values, share);
                }
                let last = file.filter("response", response).into_iter().rfind(|row| file.text(row, "strategy") == strategy);
                let high = file.number(last.expect("there is one"), "ci_high");
                assert!(values.len() < n || high.is_nan() != is_closed, "{response} of {strategy}: {high}");
            }
        }
        assert_eq!(rows.count(), 0);
    }
}

/// The limits are the values of the innermost ranks outside of which the quantile lies with at most 5 % on either side.
fn check_quantile(file: &Rows, row: &csv::StringRecord, sorted: &[f64], share: f64) {
    let what = format!("quantile {share} of {} of {}", file.text(row, "response"), file.text(row, "strategy"));
    assert_near(file.number(row, "value"), quantile(sorted, share), ROUNDING * scale(sorted), &what);
    let law = Binomial::new(share, sorted.len() as u64).expect("a law");
    // The quantile lies below the value of rank r if at least r values fall short of it.
    let is_low = |&rank: &usize| law.cdf(rank as u64 - 1) <= 0.05;
    let is_high = |&rank: &usize| law.sf(rank as u64 - 1) <= 0.05;
    let value = |rank: Option<usize>| rank.map_or(f64::NAN, |rank| sorted[rank - 1]);
    assert_near(file.number(row, "ci_low"), value((1..=sorted.len()).rev().find(is_low)), 0.0, &what);
    assert_near(file.number(row, "ci_high"), value((1..=sorted.len()).find(is_high)), 0.0, &what);
}

/// The share of an outcome, with the score interval of Wilson (1927).
fn check_outcome(file: &Rows, row: &csv::StringRecord, replications: &Rows, (strategy, outcome): (&str, &str)) {
    let all = replications.filter("strategy", strategy);
    let hits = all.iter().filter(|row| replications.text(row, "outcome") == outcome).count() as f64;
    let n = all.len() as f64;
    let (low, high) = wilson(hits, n, 1.644_853_626_951_472_2);
    assert_near(file.number(row, "mean"), hits / n, ROUNDING, outcome);
    assert_near(file.number(row, "ci_low"), low, ROUNDING, outcome);
    assert_near(file.number(row, "ci_high"), high, ROUNDING, outcome);
}

/// Returns the score interval of Wilson (1927) for a share.
fn wilson(hits: f64, n: f64, z: f64) -> (f64, f64) {
    let share = hits / n;
    let centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half_width = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
    (centre - half_width, centre + half_width)
}

#[test]
fn the_comparison_has_every_ordered_pair_and_is_that_of_the_replications() {
    let folder = results(RICH, &["-n", "300"]);
    let (file, replications) = (Rows::of(&folder, "out/comparison.csv"), Rows::of(&folder, "out/replications.csv"));
    let mut found = BTreeMap::new();
    for row in &file.rows {
        let key = ["response", "strategy", "baseline"].map(|column| file.text(row, column).to_owned());
        assert!(found.insert(key.clone(), row).is_none(), "{key:?} twice");
    }
    let mut left_out = 0;
    for column in columns_of_rich().iter().filter(|column| column.unit != Unit::Outcome) {
        for strategy in names() {
            for baseline in names().into_iter().filter(|baseline| *baseline != strategy) {
                let key = [column.name.as_str(), strategy, baseline].map(str::to_owned);
                let values = |name| restricted(&replications, &column.name, name);
                let is_undefined =
                    [strategy, baseline].into_iter().any(|name| values(name).iter().any(|value| value.is_nan()));
                match found.remove(&key) {
                    Some(row) if ratio(&column.name).is_some() => check_ratios(&file, row, &replications),
                    Some(row) => {
                        assert!(!is_undefined, "{key:?}");
                        assert_eq!(file.text(row, "unit"), column.unit.name("kUSD"));
                        check_comparison(&file, row, &values(strategy), &values(baseline));
                    }
                    None => {
                        assert!(is_undefined && ratio(&column.name).is_none(), "no row for {key:?}");
                        left_out += 1;
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:?}");
    assert!(left_out >= 6 * 6, "{left_out} pairs are undefined somewhere");
}

/// The difference of two ratios of means, with the standard error of the differences of their influence numbers.
fn check_ratios(file: &Rows, row: &csv::StringRecord, replications: &Rows) {
    let [response, strategy, baseline] = ["response", "strategy", "baseline"].map(|column| file.text(row, column));
    let parts = ratio(response).expect("it is a ratio");
    let (one, of_one) = influence(replications, &parts, strategy);
    let (other, of_other) = influence(replications, &parts, baseline);
    let apart: Vec<f64> = of_one.iter().zip(&of_other).map(|(one, other)| one - other).collect();
    let (what, n) = (format!("{response} of {strategy} and {baseline}"), apart.len() as f64);
    let se = (variance(&apart) / n).sqrt();
    assert_eq!(file.text(row, "n"), apart.len().to_string());
    assert_near(file.number(row, "mean_difference"), one - other, 1e-9 * one.abs(), &what);
    assert_near(file.number(row, "se"), se, 1e-6 * se + 1e-9 * one.abs(), &what);
    let (low, high, _) = interval(&apart, one - other, 0.975);
    assert_near(file.number(row, "ci_low"), low, 1e-6 * (high - low) + 1e-9 * one.abs(), &what);
    assert_near(file.number(row, "ci_high"), high, 1e-6 * (high - low) + 1e-9 * one.abs(), &what);
    let ratio = (variance(&of_one) + variance(&of_other)) / variance(&apart);
    if se > 1e-9 * one.abs() {
        assert_near(file.number(row, "variance_ratio"), ratio, 1e-6 * ratio, &what);
    }
    let values = |name| replications.numbers(response, ("strategy", name));
    let both: Vec<(f64, f64)> =
        values(strategy).into_iter().zip(values(baseline)).filter(|(one, other)| !(one - other).is_nan()).collect();
    let lower = both.iter().filter(|(one, other)| other - one > 1e-12 * one.abs().max(other.abs())).count();
    assert_near(file.number(row, "p_lower"), lower as f64 / both.len() as f64, ROUNDING, &what);
}

fn check_comparison(file: &Rows, row: &csv::StringRecord, of_strategy: &[f64], of_baseline: &[f64]) {
    let what = |column: &str| format!("{column} of {} of {}", file.text(row, "response"), file.text(row, "strategy"));
    let is_complete = |pair: &(&f64, &f64)| !pair.0.is_nan() && !pair.1.is_nan();
    let (a, b): (Vec<f64>, Vec<f64>) = of_strategy.iter().zip(of_baseline).filter(is_complete).unzip();
    // What remains after rounding is not a difference.
    let apart = |(a, b): (&f64, &f64)| if (a - b).abs() <= 1e-12 * a.abs().max(b.abs()) { 0.0 } else { a - b };
    let differences: Vec<f64> = a.iter().zip(&b).map(apart).collect();
    let n = differences.len() as f64;
    assert_eq!(file.text(row, "n"), differences.len().to_string());
    let share = |is: fn(f64) -> bool| differences.iter().filter(|difference| is(**difference)).count() as f64 / n;
    let spread = variance(&differences);
    let (low, high, _) = interval(&differences, mean(&differences), 0.975);
    let tolerance = ROUNDING * scale(&a).max(scale(&b));
    let expected = [
        ("mean_difference", mean(&differences), tolerance),
        ("se", (spread / n).sqrt(), tolerance),
        ("ci_low", low, tolerance + 1e-7 * (high - low)),
        ("ci_high", high, tolerance + 1e-7 * (high - low)),
        ("p_lower", share(|difference| difference < 0.0), ROUNDING),
        ("p_equal", share(|difference| difference == 0.0), ROUNDING),
        ("p5", quantile(&differences, 0.05), tolerance),
        ("p50", quantile(&differences, 0.5), tolerance),
        ("p95", quantile(&differences, 0.95), tolerance),
    ];
    for (column, expected, tolerance) in expected {
        assert_near(file.number(row, column), expected, tolerance.max(f64::MIN_POSITIVE), &what(column));
    }
    let ratio = (variance(&a) + variance(&b)) / spread;
    // What remains of equal values after rounding is not a spread.
    let ratio = if spread.sqrt() > tolerance { ratio } else { f64::NAN };
    assert_near(file.number(row, "variance_ratio"), ratio, 1e-9 * ratio.abs(), &what("variance_ratio"));
}

#[test]
fn the_timeline_has_every_month_and_measure_of_every_strategy() {
    let folder = results(RICH, &["-n", "50"]);
    let file = Rows::of(&folder, "out/timeline.csv");
    let measures: Vec<&str> = MEASURE_NAMES.split_whitespace().collect();
    assert_eq!(measures, MEASURES.map(|measure| measure.name), "the measures of the model, in its order");
    let mut rows = file.rows.iter();
    // Any venture of this scenario may end early.
    for (strategy, given) in names().into_iter().flat_map(|strategy| [(strategy, ""), (strategy, "surviving")]) {
        for month in 1..=36 {
            let of_all = measures.iter().map(|measure| ("", *measure));
            let kept = ["wanted", "headcount", "open_requisitions", "joins", "leaves"];
            let of_roles = ["lead", "engineer"].into_iter().flat_map(|role| kept.map(|measure| (role, measure)));
            for (role, measure) in of_all.chain(of_roles) {
                let row = rows.next().expect("a row for each");
                let found = ["strategy", "role", "given", "month", "date", "measure"].map(|column| file.text(row, column));
                assert_eq!(found, [strategy, role, given, &month.to_string(), &month_end(month), measure]);
                let shares = ["p5", "p25", "p50", "p75", "p95"].map(|column| file.number(row, column));
                // An incident can take more than was delivered, and a credit more than is billed.
                let may_fall_below = ["delivered_fte_days", "month_cost", "client_cost"].contains(&measure);
                assert!(shares.is_sorted() && (shares[0] >= 0.0 || may_fall_below), "{row:?}");
                assert!(file.number(row, "sd") >= 0.0, "{row:?}");
            }
        }
    }
    assert!(rows.next().is_none());
}

/// The line of RICH that says how many leads are wanted.
const LEADS: &str = "lead = [{ month = 0, value = 2 }, { month = 2028-06-01, value = 3 }, { month = 27, value = 1 }]";

/// Returns the last day that begins before the end of a month of 365/12 days.
fn month_end(month: i64) -> String {
    let days = (month * 365 - 1) / 12;
    Date::constant(2027, 3, 1).checked_add(days.days()).expect("a date").to_string()
}

/// Means of a measure of a strategy, month by month.
fn series(timeline: &Rows, strategy: &str, measure: &str) -> Vec<f64> {
    let rows = timeline.filter("strategy", strategy).into_iter().filter(|row| timeline.text(row, "given").is_empty());
    let rows = rows.filter(|row| timeline.text(row, "role").is_empty());
    rows.filter(|row| timeline.text(row, "measure") == measure).map(|row| timeline.number(row, "mean")).collect()
}

/// Returns the mean of a response of a strategy.
fn mean_of(summary: &Rows, strategy: &str, response: &str) -> f64 {
    let rows = summary.filter("strategy", strategy);
    let row = rows.into_iter().find(|row| summary.text(row, "response") == response);
    summary.number(row.unwrap_or_else(|| panic!("no row for {response}")), "mean")
}

#[test]
fn the_timeline_ends_where_the_replications_do() {
    let folder = results(RICH, &[&["-n", "50"][..], &STEADY].concat());
    let (file, summary) = (Rows::of(&folder, "out/timeline.csv"), Rows::of(&folder, "out/summary.csv"));
    for strategy in names() {
        let series = |measure: &str| series(&file, strategy, measure);
        let response = |name: &str| mean_of(&summary, strategy, name);
        let tolerance = ROUNDING * response("delivered_fte_days");
        assert_near(series("delivered_fte_days")[35], response("delivered_fte_days"), tolerance, "delivered");
        // Means of whole numbers: sums of 36 of them, below a thousand.
        let (joins, leaves) = (response("joins"), response("leaves"));
        assert_near(series("joins").iter().sum(), joins, 1e-9, "joins");
        assert_near(series("leaves").iter().sum(), leaves, 1e-9, "leaves");
        let initial = if strategy == "bot" { 0.0 } else { 3.0 };
        assert_near(series("headcount")[35], initial + joins - leaves, 1e-9, "headcount");
        let wanted = series("wanted");
        // Month ends come before anything else at their instant: the step of month 6 shows from the next one on. The lead of
        // 2028-06-01 comes on day 458, in month 16.
        let heads = |month| match month {
            1..=6 => 6.0,
            7..=15 => 10.0,
            16..=27 => 11.0,
            _ => 9.0,
        };
        let expected: Vec<f64> = (1..=36).map(heads).collect();
        assert_eq!(wanted, expected);
        let month = HORIZON_DAYS / 36.0;
        let leads = 2.0 * 458.0 + 3.0 * (27.0 * month - 458.0) + 9.0 * month;
        let engineers = (6.0 * 4.0 + 30.0 * 8.0) * month;
        assert_near(response("wanted_fte_days"), 1.2 * leads + engineers, 1e-9, "wanted FTE-days");
    }
}

#[test]
fn costs_by_year_and_people_by_employer_add_up() {
    let folder = results(RICH, &["-n", "100"]);
    let [years, employers, timeline, summary, replications] =
        ["costs_by_year.csv", "employers.csv", "timeline.csv", "summary.csv", "replications.csv"]
            .map(|name| Rows::of(&folder, &format!("out/{name}")));
    for strategy in names() {
        // From March 2027 to February 2030, in fiscal years from July on.
        let rows = years.filter("strategy", strategy);
        let about: Vec<[&str; 3]> =
            rows.iter().map(|row| ["year", "months", "date"].map(|column| years.text(row, column))).collect();
        let expected = [
            ["2026", "4", "2027-06-30"],
            ["2027", "12", "2028-06-29"],
            ["2028", "12", "2029-06-29"],
            ["2029", "8", "2030-02-27"],
        ];
        assert_eq!(about, expected);
        let total: f64 = rows.iter().map(|row| years.number(row, "mean")).sum();
        let cost = mean_of(&summary, strategy, "client_cost");
        assert_near(total, cost, ROUNDING * 10.0 * cost.abs(), strategy);
        // The goal on 2028 is met as often as its cost is within 400.
        let met = mean(&replications.numbers(OF_A_YEAR, ("strategy", strategy)));
        for (share, quantile) in [(0.05, "p5"), (0.5, "p50"), (0.95, "p95")] {
            let within = years.number(rows[2], quantile) <= 400.0;
            assert!(if within { met >= share - 0.01 } else { met <= share + 0.01 }, "{strategy}: {met}, {quantile}");
        }
        let mut heads = vec![0.0; MONTHS as usize];
        for row in employers.filter("strategy", strategy) {
            heads[employers.number(row, "month") as usize - 1] += employers.number(row, "mean");
        }
        let expected: Vec<f64> = timeline
            .filter("strategy", strategy)
            .into_iter()
            .filter(|row| ["role", "given"].iter().all(|column| timeline.text(row, column).is_empty()))
            .filter(|row| timeline.text(row, "measure") == "headcount")
            .map(|row| timeline.number(row, "mean"))
            .collect();
        // There is no row for the only organisation of a strategy.
        let expected = if strategy == "in_house" { vec![0.0; expected.len()] } else { expected };
        heads.iter().zip(expected).for_each(|(found, expected)| assert_near(*found, expected, 1e-9, strategy));
    }
}

#[test]
fn nobody_is_wanted_nor_there_nor_paid_after_market_exit() {
    let folder = Folder::with(RICH);
    let sets = ["--set", "market.exit_hazard_per_year=100", "--set", "goal.1.probability=0"];
    folder.succeed(&[&["run", "scenario.toml", "-n", "50", "-o", "out", "--charts", "none"], &sets[..]].concat());
    let (file, summary) = (Rows::of(&folder, "out/timeline.csv"), Rows::of(&folder, "out/summary.csv"));
    for strategy in names() {
        assert_near(mean_of(&summary, strategy, "outcome_exited"), 1.0, 0.0, strategy);
        for measure in ["wanted", "headcount", "effective_fte", "open_requisitions", "joins", "knowledge", "month_cost"] {
            // By then (1 - exp(-100 / 12))^150 = 0.96 of such runs have lost every client; and of this seed all have.
            let after = &series(&file, strategy, measure)[1..];
            assert!(after.iter().all(|mean| *mean == 0.0), "{measure} of {strategy}: {after:?}");
        }
    }
}

#[test]
fn knowledge_is_that_of_the_people_who_are_there() {
    let folder = results(RICH, &["-n", "50"]);
    let file = Rows::of(&folder, "out/timeline.csv");
    let scenario = Scenario::parse(RICH, &[]).expect("the scenario is good");
    for (strategy, name) in names().into_iter().enumerate() {
        let mut joined_days = BTreeMap::new();
        let mut sums = vec![0.0; MONTHS as usize];
        watch(&scenario, strategy, 50, |seen| match seen {
            Seen::Start => joined_days.clear(),
            Seen::Fact(Fact::Joined(seat), team, now) => {
                joined_days.insert(team.holder(seat), now.days());
            }
            Seen::Fact(Fact::WasThere { seat, tenure_days, .. }, team, _) => {
                joined_days.insert(team.holder(seat), -tenure_days);
            }
            Seen::Fact(Fact::Left(person, _), _, _) => {
                joined_days.remove(&person);
            }
            Seen::Month(month, team, now) if team.wanted() > 0 => {
                let known = joined_days.values().map(|joined| 1.0 - exp(-(now.days() - joined) / 270.0));
                sums[month as usize - 1] += known.sum::<f64>() / f64::from(team.wanted());
            }
            _ => {}
        });
        let found = series(&file, name, "knowledge");
        assert!(found[35] > 0.3, "{name}: {found:?}");
        for (month, (found, sum)) in found.iter().zip(sums).enumerate() {
            // The sum is kept up to date from fact to fact, where its last bits add up.
            assert_near(*found, sum / 50.0, 1e-9, &format!("knowledge of {name} after {} months", month + 1));
        }
    }
}

/// Returns the measure of a goal at a month end, for measures that the team itself shows.
fn shown(measure: &str, team: &Team) -> Option<f64> {
    match measure {
        "headcount" => Some(team.headcount().into()),
        "knowledge" => Some(team.knowledge()),
        "effective_fte" => Some(team.effective_fte()),
        _ => None,
    }
}

#[test]
fn goals_are_those_of_the_replications_and_of_the_month_ends() {
    let folder = results(RICH, &["-n", "200", "--confidence", "0.9"]);
    let (file, replications) = (Rows::of(&folder, "out/goals.csv"), Rows::of(&folder, "out/replications.csv"));
    assert_eq!(file.rows.len(), 3 * GOALS_OF_RICH.len());
    let scenario = Scenario::parse(RICH, &[]).expect("the scenario is good");
    let mut uncertain = 0;
    for (index, row) in file.rows.iter().enumerate() {
        let (strategy, goal) = (index / GOALS_OF_RICH.len(), GOALS_OF_RICH[index % GOALS_OF_RICH.len()]);
        assert_eq!([file.text(row, "strategy"), file.text(row, "goal")], [names()[strategy], goal.0]);
        let column = replications.numbers(goal.0, ("strategy", names()[strategy]));
        assert!(column.len() == 200 && column.iter().all(|met| [0.0, 1.0].contains(met)), "{column:?}");
        check_goal(&file, row, column.iter().sum(), (200.0, 1.644_853_626_951_472_2), goal.5);
        uncertain += usize::from(column.contains(&0.0) && column.contains(&1.0));
        let is_at = goal.0 == AT_MONTH;
        let mut met = Vec::new();
        watch(&scenario, strategy, 200, |seen| match seen {
            Seen::Start => met.push(!goal.2 || is_at),
            Seen::Month(12, team, _) if goal.0 == OF_LEADS => {
                let leads = team.present().filter(|(_, person)| person.seat.role.0 == 0).count();
                *met.last_mut().expect("a replication has started") = leads >= 1;
            }
            Seen::Month(..) if goal.0 == OF_LEADS => {}
            Seen::Month(month, team, _) if f64::from(month) <= goal.4 && (!is_at || f64::from(month) > goal.4 - 2.0) => {
                let Some(value) = shown(goal.1, team) else { return };
                let holds = if goal.2 { value >= goal.3 } else { value <= goal.3 };
                let last = met.last_mut().expect("a replication has started");
                *last = if goal.2 && !is_at { *last || holds } else { *last && holds };
            }
            _ => {}
        });
        if ["headcount", "knowledge", "effective_fte"].contains(&goal.1) {
            let met: Vec<f64> = met.into_iter().map(|met| f64::from(u8::from(met))).collect();
            assert_eq!(met, column, "{} of {}", goal.0, names()[strategy]);
        }
    }
    assert!(uncertain >= 9, "only {uncertain} of 24 are neither sure nor impossible");
}

fn check_goal(file: &Rows, row: &csv::StringRecord, hits: f64, (n, z): (f64, f64), required: Option<f64>) {
    let (low, high) = wilson(hits, n, z);
    assert_near(file.number(row, "probability"), hits / n, ROUNDING, "probability");
    assert_near(file.number(row, "ci_low"), low, ROUNDING, "ci_low");
    assert_near(file.number(row, "ci_high"), high, ROUNDING, "ci_high");
    assert_near(file.number(row, "required"), required.unwrap_or(f64::NAN), 0.0, "required");
    let met = required.map_or("", |required| if low >= required { "true" } else { "false" });
    assert_eq!(file.text(row, "met"), met, "{row:?}");
}

#[test]
fn a_gate_is_met_when_the_lower_limit_reaches_it() {
    // 1 of 1 has a lower limit of 1 / (1 + z^2) = 0.2065.
    for (required, met) in [("0.2", "true"), ("0.21", "false")] {
        let folder = Folder::with(PLAIN);
        let goal =
            format!("goal=[{{ name = 'g', measure = 'headcount', at_least = 0, by_month = 1, probability = {required} }}]");
        let told = folder.run(&["run", "scenario.toml", "-n", "1", "-o", "out", "--charts", "none", "--set", &goal]);
        assert_eq!(told.status, Some(if met == "true" { 0 } else { 4 }), "{}", told.err);
        assert_eq!(told.err.matches("gate not met").count(), if met == "true" { 0 } else { 2 }, "{}", told.err);
        let file = Rows::of(&folder, "out/goals.csv");
        assert_eq!(file.rows.len(), 2);
        assert!(file.rows.iter().all(|row| file.text(row, "met") == met && file.text(row, "required") == required));
    }
}

#[test]
fn goals_month_by_month_are_those_that_are_due_and_rise_or_fall_only_if_they_are_due_by_a_month() {
    let folder = results(RICH, &["-n", "200"]);
    let (file, goals) = (Rows::of(&folder, "out/goals_timeline.csv"), Rows::of(&folder, "out/goals.csv"));
    assert_eq!(file.rows.len(), goals.rows.len() * MONTHS as usize);
    let mut moves = 0;
    for ((index, goal), months) in goals.rows.iter().enumerate().zip(file.rows.chunks(MONTHS as usize)) {
        let (name, _, is_at_least, _, due, _) = GOALS_OF_RICH[index % GOALS_OF_RICH.len()];
        for (row, month) in months.iter().zip(1..) {
            let found = ["strategy", "goal", "month", "date"].map(|column| file.text(row, column));
            let [strategy, goal] = ["strategy", "goal"].map(|column| goals.text(goal, column));
            assert_eq!(found, [strategy, goal, &month.to_string(), &month_end(month)]);
            for column in ["holds", "met"] {
                let hits = (file.number(row, column) * 200.0).round();
                let (low, high) = wilson(hits, 200.0, 1.959_963_984_540_054);
                assert_near(file.number(row, column), hits / 200.0, ROUNDING, column);
                assert_near(file.number(row, &format!("{column}_low")), low, ROUNDING, column);
                assert_near(file.number(row, &format!("{column}_high")), high, ROUNDING, column);
            }
            // A goal that must hold once is met by at least as many as hold it now; one that must hold always, by at
            // most as many.
            let [holds, met] = ["holds", "met"].map(|column| file.number(row, column));
            let counts_once = [AT_MONTH, OF_LEADS].contains(&name);
            assert!(if is_at_least && !counts_once { holds <= met } else { met <= holds }, "{row:?}");
        }
        let at_due = &months[due.floor() as usize - 1];
        for (by_month, column) in [("met", "probability"), ("met_low", "ci_low"), ("met_high", "ci_high")] {
            let (found, expected) = (file.number(at_due, by_month), goals.number(goal, column));
            assert_eq!(found.to_bits(), expected.to_bits(), "{column} of {goal:?}");
        }
        let probabilities: Vec<f64> = months.iter().map(|row| file.number(row, "met")).collect();
        let is_in_order = if is_at_least { probabilities.is_sorted() } else { probabilities.iter().rev().is_sorted() };
        assert!(name == OF_LEADS || is_in_order != (name == AT_MONTH), "{goal:?}: {probabilities:?}");
        moves += usize::from(probabilities[0].to_bits() != probabilities[35].to_bits());
    }
    assert!(moves >= 12, "only {moves} of 24 change at all");
}

#[test]
fn the_best_is_best_in_the_replications_and_its_limits_hold_the_differences_of_the_means() {
    let folder = results(RICH, &["-n", "200"]);
    let [file, summary, replications] =
        ["best.csv", "summary.csv", "replications.csv"].map(|name| Rows::of(&folder, &format!("out/{name}")));
    for (response, sign) in [("client_cost", -1.0), ("delivered_fte_days", 1.0), ("never crowded", 1.0)] {
        let values = names().map(|name| replications.numbers(response, ("strategy", name)));
        let means = names().map(|name| mean_of(&summary, name, response));
        let rows = file.filter("response", response);
        assert_eq!(rows.len(), 3, "{response}");
        for (index, row) in rows.into_iter().enumerate() {
            assert_eq!(file.text(row, "strategy"), names()[index]);
            let best = |row: usize| (0..3).map(|of| sign * values[of][row]).fold(f64::NEG_INFINITY, f64::max);
            let is_best = |of: usize, row: usize| sign * values[of][row] >= best(row);
            let won = |row: usize| {
                let winners = (0..3).filter(|&of| is_best(of, row)).count();
                if is_best(index, row) { 1.0 / winners as f64 } else { 0.0 }
            };
            assert_near(file.number(row, "p_best"), (0..200).map(won).sum::<f64>() / 200.0, ROUNDING, "p_best");
            let of_others = (0..3).filter(|&of| of != index).map(|of| sign * means[of]);
            let difference = means[index] - sign * of_others.fold(f64::NEG_INFINITY, f64::max);
            let (low, high) = (file.number(row, "mcb_low"), file.number(row, "mcb_high"));
            assert!(low <= difference && difference <= high && low <= 0.0 && high >= 0.0, "{response}: {row:?}");
        }
    }
    let wished = file.rows.len() / 3;
    assert!(file.filter("response", "transfer_day").is_empty() && wished > 20, "{wished} responses have a best");
}

#[test]
fn the_month_of_break_even_is_a_distribution() {
    let folder = results(RICH, &["-n", "200"]);
    let file = Rows::of(&folder, "out/breakeven.csv");
    assert_eq!(file.rows.len(), 6 * (MONTHS as usize + 1));
    let replications = Rows::of(&folder, "out/replications.csv");
    // The scenario gives output a value in money.
    let value = |name: &str| replications.numbers("net_npv", ("strategy", name));
    for pair in file.rows.chunks(MONTHS as usize + 1) {
        let shares: Vec<f64> = pair.iter().map(|row| file.number(row, "share")).collect();
        assert_near(shares.iter().sum(), 1.0, ROUNDING, "all shares");
        assert_eq!(file.text(&pair[0], "month"), "1");
        assert_eq!(file.text(&pair[MONTHS as usize], "month"), "never");
        assert_eq!(file.text(&pair[0], "measure"), "net_value");
        // A strategy that is worth more in the end has broken even in some month.
        let [one, other] = ["strategy", "baseline"].map(|column| value(file.text(&pair[0], column)));
        let ahead = one.iter().zip(&other).filter(|(one, other)| one > other).count();
        assert_near(1.0 - shares[MONTHS as usize], ahead as f64 / 200.0, 1e-9, "who breaks even");
    }
}

#[test]
fn costs_add_up_to_what_the_client_pays() {
    let folder = results(RICH, &["-n", "200"]);
    let [file, summary, timeline] =
        ["costs.csv", "summary.csv", "timeline.csv"].map(|name| Rows::of(&folder, &format!("out/{name}")));
    let mut rows = file.rows.iter();
    for strategy in names() {
        let mut by_kind = [0.0; KINDS.len()];
        let (by_month, so_far) = (series(&timeline, strategy, "month_cost"), series(&timeline, strategy, "client_cost"));
        let response = |name: &str| mean_of(&summary, strategy, name);
        // Credits make amounts of either sign: their scale is that of all that is paid.
        let tolerance = 1e-9 * so_far[35].abs();
        let mut sum = 0.0;
        for month in 1..=i64::from(MONTHS) {
            let mut of_month = 0.0;
            for (kind, so_far) in KINDS.iter().zip(&mut by_kind) {
                let row = rows.next().expect("a row for each");
                let found = ["strategy", "month", "date", "kind"].map(|column| file.text(row, column));
                assert_eq!(found, [strategy, &month.to_string(), &month_end(month), kind]);
                assert!(file.number(row, "sd") >= 0.0, "{row:?}");
                of_month += file.number(row, "mean");
                *so_far += file.number(row, "mean");
            }
            sum += of_month;
            assert_near(by_month[month as usize - 1], of_month, tolerance, "month_cost");
            assert_near(so_far[month as usize - 1], sum, tolerance, "client_cost so far");
        }
        assert_near(response("client_cost"), sum, tolerance, "client_cost");
        for (kind, sum) in KINDS.iter().zip(by_kind) {
            assert_near(response(&format!("cost_{kind}")), sum, tolerance, kind);
            let is_paid_for = match strategy {
                "bot" => true,
                "in_house" => ["pay", "place", "hiring", "start_end"].contains(kind),
                // The client pays its own leads.
                _ => *kind != "bonus",
            };
            assert_eq!(sum != 0.0, is_paid_for, "{kind} of {strategy}: {sum}");
        }
    }
    assert!(rows.next().is_none());
}

#[test]
fn phases_follow_each_other() {
    // Nothing prevents anyone from transferring.
    let sets = [
        "--set",
        "organisation.vendor.failure_hazard_per_year=0",
        "--set",
        "strategy.bot.transfer.0.if_not_ready='transfer'",
        "--set",
        "strategy.bot.transfer.0.exercise=1",
    ];
    let folder = results(RICH, &[&["-n", "300"][..], &STEADY, &sets].concat());
    let (file, replications) = (Rows::of(&folder, "out/phases.csv"), Rows::of(&folder, "out/replications.csv"));
    assert_eq!(file.rows.len(), 3 * PHASES.len());
    for (index, row) in file.rows.iter().enumerate() {
        assert_eq!(file.text(row, "strategy"), names()[index / PHASES.len()]);
        assert_eq!(file.text(row, "phase"), PHASES[index % PHASES.len()]);
        let begin = ["begin_p5", "begin_p50", "begin_p95"].map(|column| file.number(row, column));
        let end = ["end_p5", "end_p50", "end_p95"].map(|column| file.number(row, column));
        let is_absent = begin.iter().chain(&end).all(|day| day.is_nan());
        let is_ordered = begin.is_sorted() && end.is_sorted() && begin.iter().zip(&end).all(|(begin, end)| begin <= end);
        let n = file.number(row, "n");
        assert!((0.0..=300.0).contains(&n) && (n == 0.0) == is_absent, "{row:?}");
        assert!(is_absent || (is_ordered && begin[0] >= 0.0 && end[2] <= HORIZON_DAYS), "{row:?}");
        if index % PHASES.len() > 2 {
            assert_eq!(is_absent, names()[index / PHASES.len()] != "bot", "{row:?}");
        }
    }
    let days = |phase: usize, edge: &str| {
        ["p5", "p50", "p95"].map(|share| file.number(&file.rows[phase], &format!("{edge}_{share}")).to_bits())
    };
    let transfer = replications.numbers("transfer_day", ("strategy", "bot"));
    assert_eq!(transfer.len(), 300, "every replication has its transfer");
    let quantiles = [0.05, 0.5, 0.95].map(|share| quantile(&transfer, share).to_bits());
    assert_eq!(days(0, "begin"), [0.0_f64.to_bits(); 3]);
    assert_eq!(days(0, "end"), days(1, "begin"), "building begins when setting up ends");
    assert_eq!(days(3, "begin"), quantiles, "the transfer begins on the transfer day");
    assert_eq!(days(3, "end"), days(4, "begin"), "what comes after begins when the transfer ends");
    assert_eq!(days(4, "end"), [HORIZON_DAYS.to_bits(); 3]);
}

#[test]
fn the_manifest_says_what_was_run() {
    let folder = results(
        RICH,
        &[
            "-n",
            "3",
            "--seed",
            "99",
            "--set",
            "demand.lead=3",
            "--strategy",
            "in_house",
            "--strategy",
            "bot",
            "--baseline",
            "in_house",
            "--confidence",
            "0.9",
        ],
    );
    let text = folder.text("out/scenario.toml");
    assert_eq!(text, edited(RICH, LEADS, "lead = 3"), "the scenario as run, and nothing else changed in it");
    let manifest: Json = serde_json::from_slice(&folder.bytes("out/manifest.json")).expect("it is JSON");
    let hash: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = [
        ("program", "handover".into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("title", "Every key and every law".into()),
        ("scenario_sha256", hash.into()),
        ("scenario", text.clone().into()),
        ("seed", 99.into()),
        ("independent", false.into()),
        ("replications", 3.into()),
        ("confidence", 0.9.into()),
        ("strategies", serde_json::json!(["bot", "in_house"])),
        ("baseline", "in_house".into()),
        ("pairs", "all".into()),
    ];
    for (key, value) in expected {
        assert_eq!(manifest[key], value, "{key}");
    }
    let command = "handover run scenario.toml --set demand.lead=3 --replications 3 --seed 99 --strategy bot --strategy in_house \
        --confidence 0.9 --baseline in_house";
    assert_eq!(manifest["command"], command);
    let columns = |list: &str| -> Vec<[String; 3]> {
        let about = |about: &Json| ["name", "unit", "meaning"].map(|key| about[key].as_str().unwrap_or_default().to_owned());
        manifest[list].as_array().expect("a list").iter().map(about).collect()
    };
    let of_rich = |column: ResponseColumn| [column.name, column.unit.name("kUSD"), column.help];
    assert_eq!(columns("responses"), columns_of_rich().into_iter().map(of_rich).collect::<Vec<_>>());
    let measures = MEASURES.map(|measure| [measure.name.to_owned(), measure.unit.name("kUSD"), measure.help.to_owned()]);
    assert_eq!(columns("measures"), measures);
}

/// Runs the command of a manifest in its folder like a shell. Returns the folder that it writes.
fn reproduce(folder: &Folder) -> String {
    let manifest: Json = serde_json::from_slice(&folder.bytes("out/manifest.json")).expect("it is JSON");
    let command = manifest["command"].as_str().expect("a command");
    let mut shell =
        folder.command_of("sh", &["-c", &format!("cd out && handover() {{ \"{BINARY}\" \"$@\"; }} && {command}")]);
    let told = run_to_end(&mut shell);
    assert_eq!(told.status, Some(0), "{command}: {}", told.err);
    "out/results/scenario".to_owned()
}

fn assert_same_files(folder: &Folder, one: &str, other: &str) {
    let files: Vec<String> = folder.files(one).into_iter().filter(|name| !name.starts_with("results/")).collect();
    assert_eq!(files, folder.files(other));
    for name in files {
        let is_same = folder.bytes(&format!("{one}/{name}")) == folder.bytes(&format!("{other}/{name}"));
        assert!(is_same, "{name} is another in {other}");
    }
}

#[test]
fn the_command_of_the_manifest_reproduces_every_byte() {
    let folder = Folder::with(RICH);
    folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "40", "--seed", "5", "--threads", "1"]);
    let again = reproduce(&folder);
    assert_same_files(&folder, "out", &again);
}

#[test]
fn the_command_of_the_manifest_reproduces_strategies_baseline_and_confidence() {
    let folder = Folder::with(RICH);
    let arguments = ["--strategy", "bot", "--strategy", "augmentation", "--baseline", "augmentation"];
    folder.succeed(&[&["run", "scenario.toml", "-o", "out", "-n", "40", "--confidence", "0.8"], &arguments[..]].concat());
    let again = reproduce(&folder);
    assert_same_files(&folder, "out", &again);
}

#[test]
fn the_command_of_the_manifest_reproduces_every_byte_of_a_run_with_overrides() {
    let folder = Folder::with(RICH);
    folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "40", "--set", "demand.lead=3", "--set", "seed=8"]);
    let again = reproduce(&folder);
    assert_same_files(&folder, "out", &again);
}

#[test]
fn strategies_may_have_luck_of_their_own_which_depends_on_their_name_alone() {
    let folder = Folder::with(PLAIN);
    let run = |arguments: &[&str]| {
        folder.succeed(&[&["run", "scenario.toml", "-o", "out", "--force", "-n", "300"], arguments].concat());
        folder.text("out/replications.csv")
    };
    let rows = |text: &str, strategy: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with(strategy)).map(str::to_owned).collect()
    };
    let common = run(&[]);
    let alone = run(&["--independent", "--strategy", "in_house"]);
    let independent = run(&["--independent"]);
    assert_eq!(rows(&independent, "in_house,"), rows(&alone, "in_house,"), "it does not depend on who runs beside it");
    for strategy in ["bot,", "in_house,"] {
        let (one, other) = (rows(&independent, strategy), rows(&common, strategy));
        assert_eq!(one.len(), 300);
        let alike = one.iter().zip(&other).filter(|(one, other)| one == other).count();
        assert!(alike < 100, "{alike} replications of {strategy} are as before");
    }
    let manifest: Json = serde_json::from_slice(&folder.bytes("out/manifest.json")).expect("it is JSON");
    assert_eq!(manifest["independent"], true);
    assert!(folder.text("out/report.html").contains("--independent"));
    assert!(folder.text("out/report.html").contains("each strategy has its own (independent)"));
    let again = reproduce(&folder);
    assert_same_files(&folder, "out", &again);
}

#[test]
fn names_that_mean_something_to_shells_spreadsheets_and_browsers_are_harmless() {
    let names = ["=1+1", "'quoted'", "$(touch x) `touch x`", "a,b \\\"c\\\"", "<script>&amp;"];
    let mut scenario = PLAIN.to_owned();
    for name in names {
        scenario += &format!("\n[strategy.\"{name}\"]\nemployer = \"owner\"\n");
        let goal = "measure = \"headcount\"\nat_least = 5\nby_month = 12";
        scenario += &format!("\n[[goal]]\nname = \"{name}\"\n{goal}\n");
    }
    let folder = Folder::with(&scenario);
    let chosen = ["--strategy", "=1+1", "--strategy", "'quoted'", "--strategy", "$(touch x) `touch x`"];
    let more = ["--strategy", "a,b \"c\"", "--strategy", "<script>&amp;", "--baseline", "'quoted'"];
    folder.succeed(&[&["run", "scenario.toml", "-o", "out"], &chosen[..], &more[..]].concat());
    let again = reproduce(&folder);
    assert_same_files(&folder, "out", &again);
    assert!(!folder.path("out/x").exists(), "the shell ran a name");
    for name in RESULTS.into_iter().filter(|name| name.ends_with(".csv")) {
        let Rows { header, rows } = Rows::of(&folder, &format!("out/{name}"));
        let is_formula =
            |cell: &str| cell.starts_with(['=', '+', '@']) || (cell.starts_with('-') && cell.parse::<f64>().is_err());
        assert!(!header.iter().any(|cell| is_formula(cell)), "{name}: {header:?}");
        for row in rows {
            assert!(!row.iter().any(is_formula), "{name}: {row:?}");
        }
    }
    let report = folder.text("out/report.html");
    assert!(report.contains("&lt;script&gt;&amp;amp;") && !report.contains("<script>&amp;"));
    assert_redrawn(&folder, &[]);
}

/// Returns a scenario in which every kind of name begins like this.
fn named(lead: &str) -> String {
    let scenario = edited(PLAIN, "title = \"Five people\"", &format!("title = \"{lead}title\""));
    let scenario = edited(&scenario, "{ name = \"search\"", &format!("{{ name = \"{lead}search\""));
    let scenario = scenario.replace("[strategy.bot]", &format!("[strategy.\"{lead}bot\"]"));
    let scenario = scenario.replace("[[strategy.bot.transfer]]", &format!("[[strategy.\"{lead}bot\".transfer]]"));
    let scenario = scenario.replace("name = \"engineer\"", &format!("name = \"{lead}engineer\""));
    let scenario = scenario.replace("engineer = 5", &format!("\"{lead}engineer\" = 5"));
    let scenario = scenario.replace("[organisation.builder.hiring]", &format!("[organisation.\"{lead}builder\".hiring]"));
    let scenario = scenario.replace("\"builder\"", &format!("\"{lead}builder\""));
    let scenario = edited(&scenario, "start = ", &format!("currency = \"{lead}HYPERLINK(A1)\"\nstart = "));
    format!("{scenario}\n[[goal]]\nname = \"{lead}goal\"\nmeasure = \"headcount\"\nat_least = 5\nby_month = 12\n")
}

#[test]
fn no_name_of_any_kind_is_a_formula_in_any_file() {
    for lead in ["=", "+", "-", "@"] {
        let folder = Folder::with(&named(lead));
        folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "3", "--charts", "none"]);
        folder.succeed(&["trace", "scenario.toml", "-o", "trace"]);
        let mut seen = 0;
        let results = RESULTS.into_iter().map(|name| format!("out/{name}"));
        for name in results.chain(["trace/trace.csv", "trace/ledger.csv"].map(str::to_owned)) {
            if !name.ends_with(".csv") {
                continue;
            }
            let Rows { header, rows } = Rows::of(&folder, &name);
            let is_money = name.ends_with("summary.csv") || name.ends_with("comparison.csv");
            let currency = format!("'{lead}HYPERLINK(A1)");
            assert!(!is_money || rows.iter().flatten().any(|cell| cell == currency), "{name} has no unit {currency}");
            for cell in header.iter().map(String::as_str).chain(rows.iter().flatten()) {
                assert!(!cell.starts_with(lead) || cell.parse::<f64>().is_ok(), "{name}: {cell}");
                seen += usize::from(cell.starts_with(&format!("'{lead}")));
            }
        }
        assert!(seen > 100, "{lead} was to be marked: {seen}");
    }
    // Other beginnings are not names at all.
    for lead in ["\\t", "\\r", "\\u0000", "\\u3000", "\\u2800", "\\uE000", "\\U00013430"] {
        let told = Folder::with(&named(lead)).run(&["run", "scenario.toml"]);
        let count = told.err.matches("an invisible character (U+").count();
        assert!(told.status == Some(2) && count >= 6, "{lead}: {}", told.err);
    }
}

#[test]
fn a_name_like_an_option_is_reproduced() {
    let folder = Folder::with(&format!("{PLAIN}\n[strategy.-n]\nemployer = \"owner\"\n"));
    folder.succeed(&["run", "scenario.toml", "-o", "out", "--strategy=-n", "--strategy=bot", "--baseline=-n"]);
    let again = reproduce(&folder);
    assert_same_files(&folder, "out", &again);
}

/// Asserts that deleted charts and report are restored exactly.
fn assert_redrawn(folder: &Folder, look: &[&str]) {
    let files: Vec<String> = folder.files("out").into_iter().filter(|name| !name.starts_with("results/")).collect();
    let before: Vec<Vec<u8>> = files.iter().map(|name| folder.bytes(&format!("out/{name}"))).collect();
    std::fs::remove_dir_all(folder.path("out/charts")).expect("there are charts");
    std::fs::remove_file(folder.path("out/report.html")).expect("there is a report");
    folder.succeed(&[&["report", "out"], look].concat());
    for (name, before) in files.iter().zip(before) {
        assert!(before == folder.bytes(&format!("out/{name}")), "{name} has become another");
    }
}

#[test]
fn charts_and_report_are_drawn_again_to_the_byte() {
    let small: &[&str] = &["--theme", "screen", "--chart-size", "480x300"];
    for (confidence, look) in [("0.95", &[][..]), ("0.8123456789012345", small)] {
        let folder = Folder::with(RICH);
        let run = ["run", "scenario.toml", "-o", "out", "-n", "60", "--confidence", confidence, "--set", "demand.lead=3"];
        folder.succeed(&[&run, look].concat());
        let before = folder.files("out");
        assert_redrawn(&folder, look);
        assert_eq!(folder.files("out"), before);
    }
}

#[test]
fn a_result_folder_that_lost_something_is_refused() {
    let folder = results(RICH, &["-n", "20"]);
    let files: Vec<(&str, String)> = RESULTS.iter().map(|&name| (name, folder.text(&format!("out/{name}")))).collect();
    let mut accepted = Vec::new();
    // Strategies are compared from their replications, while these are kept.
    let compared = ["comparison.csv", "best.csv"];
    for (name, text) in files.iter().filter(|(name, _)| !compared.contains(name)) {
        let lines: Vec<&str> = text.lines().collect();
        let without = |line: usize| [&lines[..line], &lines[line + 1..]].concat().join("\n") + "\n";
        let mut damaged = vec![("empty", String::new()), ("cut in half", text[..text.len() / 2].to_owned())];
        if name.ends_with(".csv") {
            damaged.push(("without its last row", without(lines.len() - 1)));
            damaged.push(("without its second row", without(2)));
            let cells = lines[1].rsplit_once(',').map_or("?", |(before, _)| before);
            let changed = format!("{cells},?");
            damaged.push((
                "with a cell that is no value",
                [&lines[..1], &[changed.as_str()], &lines[2..]].concat().join("\n") + "\n",
            ));
            damaged.push(("without its header", without(0)));
            damaged.push(("only its header", format!("{}\n", lines[0])));
        }
        for (what, damaged) in damaged {
            folder.write(&format!("out/{name}"), damaged);
            let told = folder.run(&["report", "out", "--unverified", "--charts", "headcount", "--chart-format", "svg"]);
            assert!(!told.err.contains("panicked"), "{name} {what}: {}", told.err);
            let is_placed = what != "with a cell that is no value" || told.err.contains("line 2: ");
            if told.status != Some(2) || !told.err.contains(name) || !is_placed {
                accepted.push(format!("{name} {what}: status {:?} {}", told.status, told.err));
            }
        }
        std::fs::remove_file(folder.path(&format!("out/{name}"))).expect("it is there");
        let told = folder.run(&["report", "out"]);
        assert!(told.status == Some(2) && told.err.contains(name), "{name} deleted: {told:?}");
        folder.write(&format!("out/{name}"), text);
    }
    for name in compared {
        std::fs::remove_file(folder.path(&format!("out/{name}"))).expect("it is there");
    }
    folder.succeed(&["report", "out", "--unverified"]);
    assert!(accepted.is_empty(), "{}", accepted.join("\n"));
}

#[test]
fn charts_are_those_asked_for_in_the_formats_asked_for() {
    let folder = Folder::with(PLAIN);
    // Those that have something to show.
    let names = ["phases", "headcount", "employers", "effective_fte", "staffed_day", "attrition", "handover", "difference"];
    let draw = |arguments: &[&str]| {
        folder.succeed(&[&["run", "scenario.toml", "-o", "out", "-n", "5", "--force", "-q"], arguments].concat());
        let files = folder.files("out");
        let others: Vec<String> = files.iter().filter(|name| !RESULTS.contains(&name.as_str())).cloned().collect();
        assert_eq!(files.len() - others.len(), RESULTS.len(), "{files:?}");
        others
    };
    let files = |names: &[&str], formats: &[&str]| {
        let mut files: Vec<String> =
            names.iter().flat_map(|name| formats.iter().map(move |format| format!("charts/{name}.{format}"))).collect();
        files.push("report.html".to_owned());
        files.sort();
        files
    };
    assert_eq!(draw(&[]), files(&names, &["svg", "png"]));
    assert_eq!(draw(&["--charts", "all"]), files(&names, &["svg", "png"]));
    assert_eq!(draw(&["--charts", "headcount"]), files(&["headcount"], &["svg", "png"]), "the others are gone");
    assert_eq!(
        draw(&["--charts", "staffed_day,headcount", "--chart-format", "svg"]),
        files(&["headcount", "staffed_day"], &["svg"])
    );
    assert_eq!(draw(&["--charts", "headcount", "--chart-format", "png,png"]), files(&["headcount"], &["png"]));
    assert_eq!(draw(&["--charts", "none"]), Vec::<String>::new());
}

#[test]
fn no_file_holds_a_path_a_time_of_day_or_anything_else_of_the_machine() {
    let folder = Folder::new();
    folder.write("a_name_of_its_own.toml", RICH);
    folder.succeed(&["run", "a_name_of_its_own.toml", "-o", "a_folder_of_its_own", "-n", "20", "--threads", "3"]);
    folder.succeed(&["trace", "a_name_of_its_own.toml", "-o", "a_folder_of_its_own"]);
    let path = folder.path("");
    let own = path.file_name().expect("it has a name").to_string_lossy().into_owned();
    for name in folder.files("a_folder_of_its_own") {
        let bytes = folder.bytes(&format!("a_folder_of_its_own/{name}"));
        let text = String::from_utf8_lossy(&bytes);
        for word in
            [own.as_str(), "of_its_own", env!("CARGO_MANIFEST_DIR"), "threads", concat!("/ho", "me/"), concat!("/tm", "p/")]
        {
            assert!(!text.contains(word), "{name} holds {word:?}");
        }
        if name.ends_with(".png") {
            assert_eq!(chunks(&bytes), ["IHDR", "IDAT", "IEND"], "{name}: no chunk of text or time");
        } else {
            assert!(!holds_time(&bytes), "{name} holds a time of day");
        }
    }
}

/// Returns the kinds of the chunks of a PNG file, with repeated neighbours once.
fn chunks(bytes: &[u8]) -> Vec<String> {
    let mut chunks = Vec::new();
    let mut at = 8;
    while at + 8 <= bytes.len() {
        let length: [u8; 4] = bytes[at..at + 4].try_into().expect("four bytes");
        chunks.push(String::from_utf8_lossy(&bytes[at + 4..at + 8]).into_owned());
        at += 12 + u32::from_be_bytes(length) as usize;
    }
    chunks.dedup();
    chunks
}

/// Returns whether a text holds something like 12:34:56.
fn holds_time(bytes: &[u8]) -> bool {
    let shape = |window: &[u8]| {
        window.iter().enumerate().all(|(at, byte)| if at % 3 == 2 { *byte == b':' } else { byte.is_ascii_digit() })
    };
    bytes.windows(8).any(shape)
}

#[test]
fn the_summary_as_json_is_that_of_the_file() {
    let folder = Folder::with(RICH);
    let told = folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "30", "--charts", "none", "--json"]);
    let json: Json = serde_json::from_str(&told.out).expect("standard output is JSON");
    assert_eq!(json["manifest"], manifest_of(&folder, "out"));
    let file = Rows::of(&folder, "out/summary.csv");
    let rows = json["summary"].as_array().expect("a list");
    assert_eq!(rows.len(), file.rows.len());
    for (found, row) in rows.iter().zip(&file.rows) {
        let keys: Vec<&str> = found.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys.join(","), SUMMARY);
        for (key, cell) in file.header.iter().zip(row) {
            match &found[key] {
                Json::Null => assert_eq!(cell, "", "{key}"),
                Json::String(text) => assert_eq!(cell, text, "{key}"),
                // Reading JSON may round the last bit another way.
                value => assert_near(
                    value.as_f64().expect("a number"),
                    number(cell),
                    4.0 * f64::EPSILON * number(cell).abs(),
                    key,
                ),
            }
        }
    }
}

#[test]
fn a_trace_counts_what_it_tells() {
    let folder = Folder::with(RICH);
    folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "4", "--charts", "none"]);
    let replications = Rows::of(&folder, "out/replications.csv");
    for strategy in names() {
        for replication in 0..4 {
            let number = replication.to_string();
            folder.succeed(&[
                "trace",
                "scenario.toml",
                "--strategy",
                strategy,
                "--replication",
                &number,
                "-o",
                "trace",
                "--force",
            ]);
            assert_eq!(folder.files("trace"), ["ledger.csv", "seats.png", "seats.svg", "trace.csv"]);
            let trace = Rows::of(&folder, "trace/trace.csv");
            assert_eq!(
                trace.header.join(","),
                "day,date,event,organisation,role,seat,requisition,detail,headcount,open_requisitions,mentored,effective_fte"
            );
            recount(&trace);
            let row = replications.filter("strategy", strategy)[replication];
            agree(&trace, &replications, row);
            balance(&Rows::of(&folder, "trace/ledger.csv"), &replications, row);
        }
    }
}

/// Recounts people, requisitions and mentored people from the events.
fn recount(trace: &Rows) {
    let (mut headcount, mut open, mut opened) = (0_i64, 0_i64, Vec::new());
    let mut day = 0.0;
    for row in &trace.rows {
        let requisition = ["role", "seat", "requisition"].map(|column| trace.text(row, column));
        match trace.text(row, "event") {
            "was_there" => headcount += 1,
            "requisition_opened" => {
                open += 1;
                opened.push(requisition);
            }
            "requisition_cancelled" | "promoted" => open -= 1,
            "joined" => {
                (headcount, open) = (headcount + 1, open - 1);
                assert!(opened.contains(&requisition), "{row:?} without a requisition");
            }
            "left" => headcount -= 1,
            _ => {}
        }
        assert_eq!(trace.text(row, "headcount"), headcount.to_string(), "{row:?}");
        assert_eq!(trace.text(row, "open_requisitions"), open.to_string(), "{row:?}");
        assert!(trace.number(row, "day") >= day, "{row:?} after day {day}");
        day = trace.number(row, "day");
        let date = Date::constant(2027, 3, 1).checked_add((day.floor() as i64).days()).expect("a date");
        assert_eq!(trace.text(row, "date"), date.to_string());
        assert!(trace.number(row, "effective_fte") >= 0.0 && trace.number(row, "mentored") <= headcount as f64, "{row:?}");
    }
}

/// Asserts that a trace shows what the same replication of a run counted.
fn agree(trace: &Rows, replications: &Rows, row: &csv::StringRecord) {
    // The responses cover the first planned transfer, that to the client; the others go to the buyer.
    let is_told = |row: &&csv::StringRecord| {
        let is_of_transfer = ["accepted", "transfer_began"].contains(&trace.text(row, "event"));
        !is_of_transfer || trace.text(row, "organisation") == "client"
    };
    let events = |event: &str| trace.filter("event", event).into_iter().filter(is_told).collect::<Vec<_>>();
    for (event, response) in [("joined", "joins"), ("left", "leaves"), ("accepted", "accepted"), ("incident", "incidents")] {
        let expected = replications.number(row, response);
        let expected = if expected.is_nan() { 0.0 } else { expected };
        assert_near(events(event).len() as f64, expected, 0.0, response);
    }
    for (event, response) in [("joined", "first_join_day"), ("transfer_began", "transfer_day")] {
        let day = events(event).first().map_or(f64::INFINITY, |row| trace.number(row, "day"));
        let expected = replications.number(row, response);
        // A strategy without transfers has no day of one.
        let is_undefined = response == "transfer_day" && replications.text(row, "strategy") != "bot";
        assert_near(if is_undefined { f64::NAN } else { day }, expected, 0.0, response);
    }
    let refusals = events("left").into_iter().filter(|row| trace.text(row, "detail") == "refusal").count();
    assert_near(refusals as f64, replications.number(row, "leaves_refusal"), 0.0, "leaves_refusal");
}

/// Asserts that a ledger holds what the client paid in the same replication of a run, month by month.
fn balance(ledger: &Rows, replications: &Rows, row: &csv::StringRecord) {
    assert_eq!(ledger.header.join(","), "month,date,organisation,item,amount,client_pays");
    let mut months = [0.0; MONTHS as usize];
    for entry in &ledger.rows {
        let month = ledger.number(entry, "month") as usize;
        assert_eq!(ledger.text(entry, "date"), month_end(month as i64), "{entry:?}");
        if ledger.text(entry, "client_pays") == "true" {
            months[month - 1] += ledger.number(entry, "amount");
        }
    }
    let (paid, peak) = (months.iter().sum(), months.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let cost = replications.number(row, "client_cost");
    assert!(cost > 0.0, "the client pays something");
    assert_near(paid, cost, 1e-9 * cost, "client_cost");
    assert_near(peak, replications.number(row, "peak_month_cost"), 1e-9 * cost, "peak_month_cost");
}

#[test]
fn the_first_line_may_name_a_schema() {
    let folder = results(&format!("#:schema ../handover.schema.json\n{PLAIN}"), &[]);
    let plain = results(PLAIN, &[]);
    assert!(folder.text("out/scenario.toml").starts_with("#:schema "));
    assert_eq!(folder.text("out/replications.csv"), plain.text("out/replications.csv"));
}

#[test]
fn one_replication_has_a_mean_and_no_spread() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "1"]);
    let file = Rows::of(&folder, "out/summary.csv");
    for row in file.filter("n", "1").into_iter().filter(|row| !file.text(row, "response").starts_with("outcome_")) {
        assert!(!file.text(row, "mean").is_empty());
        assert!(["sd", "se", "ci_low", "ci_high"].iter().all(|column| file.text(row, column).is_empty()), "{row:?}");
    }
    assert_redrawn(&folder, &[]);
}
