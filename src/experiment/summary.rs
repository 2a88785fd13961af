//! The summary: every response for the terminal, group by group, and the same as JSON.

use serde_json::{Value as Json, json};

use crate::report::number::{corrected_range, percent, percent_range, readable, short_percent};
use crate::report::{Cell, Column, Table};
use crate::response::{ALL, GROUPS, Nature, Unit};

use super::digest::two_digits;
use super::estimates::{Estimate, Results, share_of};
use super::manifest::Manifest;
use super::reported::ReportedId;
use super::statement::statement;
use super::table::ResultTable;
use super::tables;

/// Returns a line on what was simulated.
#[must_use]
pub(super) fn heading(results: &Results) -> String {
    let count = |count: u32| readable(count.into());
    let study = &results.study;
    let of = study.origin.partial.as_ref().map_or_else(String::new, |partial| format!(" of {}", count(partial.of)));
    let replications = count(study.settings.replications);
    let each = match study.settings.strategies.len() {
        1 => String::new(),
        strategies => format!(" of each of {strategies} strategies"),
    };
    format!("{}: {replications}{of} replications{each}", study.scenario.title)
}

/// Returns every response that says something, in a table for each group: one strategy with its quantiles, or several
/// side by side.
#[must_use]
pub(super) fn all_tables(results: &Results) -> Vec<Table> {
    let table = |(group, rows): (&str, Vec<ReportedId>)| {
        let rows: Vec<ReportedId> = rows.into_iter().filter(|reported| says_something(results, *reported)).collect();
        let table = match results.study.settings.strategies.len() {
            1 => responses_of(results, 0, &rows),
            _ => side_by_side(results, &rows),
        };
        (!rows.is_empty()).then(|| Table { title: capitalised(group), ..table })
    };
    groups(results).into_iter().filter_map(table).collect()
}

/// Returns the rows of the summary by group.
fn groups(results: &Results) -> Vec<(&'static str, Vec<ReportedId>)> {
    let mut ends = Vec::new();
    let mut end = 0;
    for (name, specs) in GROUPS.iter().zip(ALL) {
        end += specs.len();
        ends.push((*name, end));
    }
    let group = |reported: &ReportedId| {
        let response = reported.parts().0;
        let of_response = ends.iter().find(|(_, end)| response.position() < *end).map(|(name, _)| *name);
        of_response.unwrap_or(if results.about(response).role.is_some() { "by role" } else { "goals" })
    };
    let mut groups: Vec<(&'static str, Vec<ReportedId>)> = Vec::new();
    for reported in ReportedId::all(results.observations.about().len()) {
        match groups.last_mut() {
            Some((name, rows)) if *name == group(&reported) => rows.push(reported),
            _ => groups.push((group(&reported), vec![reported])),
        }
    }
    groups
}

/// Returns whether a row is neither zero nor undefined under every strategy.
fn says_something(results: &Results, reported: ReportedId) -> bool {
    (0..results.study.settings.strategies.len()).any(|strategy| {
        let estimate = results.reported(strategy, reported);
        let is_goal = results.about(reported.parts().0).unit == Unit::Met;
        !estimate.mean.is_nan() && (is_goal || estimate.mean.abs() > 0.0 || estimate.sd > 0.0)
    })
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Returns whether a row of the summary is a share of the replications.
fn is_probability(results: &Results, reported: ReportedId) -> bool {
    let (response, outcome) = reported.parts();
    outcome.is_some() || results.about(response).unit == Unit::Met
}

/// Returns all responses of a strategy that say something.
pub(super) fn strategy_table(results: &Results, strategy: usize) -> Table {
    let rows = ReportedId::all(results.observations.about().len()).filter(|reported| says_something(results, *reported));
    Table { title: results.study.title(strategy).to_owned(), ..responses_of(results, strategy, &rows.collect::<Vec<_>>()) }
}

/// Returns some responses of a strategy: the estimate with its confidence interval, quantiles, and replications without
/// a value.
fn responses_of(results: &Results, strategy: usize, reported: &[ReportedId]) -> Table {
    let percent = percent(results.study.confidence.level());
    let interval = format!("{percent} % interval");
    let words = ["response", "unit"].into_iter().map(Column::text);
    let numbers = ["estimate", interval.as_str(), "p5", "p50", "p95"].map(|name| Column::number(name, ""));
    let row = |reported: ReportedId| {
        let estimate = results.reported(strategy, reported);
        let [p5, _, p50, _, p95] = estimate.quantiles.map(quantile);
        let (mean, limits) = if is_probability(results, reported) {
            (short_percent(estimate.mean), percent_range(estimate.low, estimate.high))
        } else {
            (readable(estimate.mean), precision(estimate))
        };
        let cell = |text: String, value: f64| if value.is_nan() { Cell::Empty } else { Cell::from(text) };
        let (mean, limits) = (cell(mean, estimate.mean), cell(limits, estimate.low));
        let quantiles =
            if is_probability(results, reported) { [Cell::Empty, Cell::Empty, Cell::Empty] } else { [p5, p50, p95] };
        let [p5, p50, p95] = quantiles;
        vec![
            Cell::from(results.reported_name(reported).into_owned()),
            Cell::from(results.reported_unit(reported).into_owned()),
            mean,
            limits,
            p5,
            p50,
            p95,
            without(results, reported, estimate),
        ]
    };
    let columns = words.chain(numbers).chain([Column::text("without")]).collect();
    Table { title: String::new(), columns, rows: reported.iter().copied().map(row).collect() }
}

/// Returns a quantile for people: a day may be never.
fn quantile(value: f64) -> Cell {
    if value.is_nan() {
        Cell::Empty
    } else if value.is_infinite() {
        Cell::from("never")
    } else {
        Cell::from(readable(value))
    }
}

/// Returns how many replications have no value, and why.
#[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
fn without(results: &Results, reported: ReportedId, estimate: &Estimate) -> Cell {
    let undefined = u64::from(results.study.settings.replications).saturating_sub(estimate.n + estimate.missing);
    let (never, undefined) = match results.about(reported.parts().0).nature {
        Nature::Date { .. } => (estimate.missing, undefined),
        _ => (0, estimate.missing),
    };
    let said = [(never, "never"), (undefined, "undefined")];
    let said = said.into_iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = said.map(|(count, word)| format!("{} {word}", readable(count as f64))).collect();
    if words.is_empty() { Cell::Empty } else { Cell::from(words.join(", ")) }
}

/// Returns the estimate and its precision: limits for a probability, also the share that reaches it for a date.
fn in_short(results: &Results, reported: ReportedId, estimate: &Estimate) -> String {
    if is_probability(results, reported) {
        return format!("{} ({})", short_percent(estimate.mean), percent_range(estimate.low, estimate.high));
    }
    // Rounded down: what is missing somewhere is not 100 %.
    let share = readable((1000.0 * share_of(estimate.n, estimate.n + estimate.missing)).floor() / 10.0);
    let partly = match results.about(reported.parts().0).nature {
        _ if estimate.missing == 0 => String::new(),
        Nature::Date { .. } => format!(", {share} % reached"),
        Nature::Ratio(_) => String::new(),
        Nature::Number => format!(" in {share} %"),
    };
    match estimate.method.is_corrected() {
        false => format!("{} {}{partly}", readable(estimate.mean), precision(estimate)),
        true => format!("{}{partly}, {}", readable(estimate.mean), precision(estimate)),
    }
}

/// Returns the half-width of an interval, or its limits if the mean is not in the middle.
fn precision(estimate: &Estimate) -> String {
    if estimate.method.is_corrected() {
        return corrected_range(estimate.low, estimate.high);
    }
    format!("± {}", readable(two_digits((estimate.high - estimate.low) / 2.0)))
}

/// Returns all strategies side by side, each with its precision.
fn side_by_side(results: &Results, reported: &[ReportedId]) -> Table {
    let words = ["response", "unit"].into_iter().map(Column::text);
    let columns = words.chain(results.study.titles().into_iter().map(|title| Column::number(title, ""))).collect();
    let row = |reported: ReportedId| {
        let words = [results.reported_name(reported), results.reported_unit(reported)];
        let cell = |strategy: usize| {
            let estimate = results.reported(strategy, reported);
            if estimate.mean.is_nan() { Cell::Empty } else { Cell::from(in_short(results, reported, estimate)) }
        };
        let strategies = (0..results.study.settings.strategies.len()).map(cell);
        words.map(|word| Cell::from(word.into_owned())).into_iter().chain(strategies).collect()
    };
    Table { title: String::new(), columns, rows: reported.iter().copied().map(row).collect() }
}

/// Returns the summary as JSON: the study, the statement, and every row of `summary.csv` and `goals.csv`.
#[must_use]
pub(super) fn as_json(results: &Results) -> Json {
    let (summary, goals) = (tables::SUMMARY.json(results), tables::GOALS.json(results));
    let statement = statement(results).json();
    json!({
        "format": 4, "manifest": Manifest::of(&results.study), "statement": statement, "summary": summary, "goals": goals,
    })
}
