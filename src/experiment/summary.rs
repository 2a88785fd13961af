//! The summary: a table for the terminal, and the same as JSON.

use serde_json::{Value as Json, json};

use crate::report::number::{percent, readable};
use crate::report::{Cell, Column, Table};

use super::estimates::Results;
use super::files::Manifest;
use super::rows::SummaryRow;

/// The responses for a terminal: of one strategy with their quantiles, of several side by side.
#[must_use]
pub fn summary_table(results: &Results) -> Table {
    let names = results.study.names();
    let title =
        format!("{}: {} replications", results.study.scenario.title, readable(results.study.settings.replications.into()));
    match names.as_slice() {
        [name] => Table { title, ..strategy_table(results, name) },
        _ => Table { title, ..side_by_side(results, &names) },
    }
}

/// The responses of a strategy: mean, half-width of its confidence interval, quantiles, and replications without it.
pub(super) fn strategy_table(results: &Results, strategy: &str) -> Table {
    let percent = percent(results.study.confidence.level());
    let half_width = format!("± {percent} %");
    let numbers = ["mean", half_width.as_str(), "p5", "p50", "p95", "missing"];
    let words = ["response", "unit"].into_iter().map(Column::text);
    let columns = words.chain(numbers.into_iter().map(|name| Column::number(name, ""))).collect();
    let row = |row: &SummaryRow| {
        let numbers = [row.mean, two_digits(half_width_of(row)), row.p5, row.p50, row.p95].map(number);
        let words = [Cell::from(row.response.as_str()), Cell::from(row.unit.as_str())];
        words.into_iter().chain(numbers).chain([missing(row)]).collect()
    };
    let rows = results.summary.iter().filter(|row| row.strategy == strategy).map(row).collect();
    Table { title: strategy.to_owned(), columns, rows }
}

/// Mean and half-width; where the response is missing from some replications, the share that has it.
#[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
fn in_short(row: &SummaryRow) -> String {
    // Rounded down: what is missing somewhere is not 100 %.
    let percent = (1000.0 * row.n as f64 / (row.n + row.missing) as f64).floor() / 10.0;
    let share = if row.missing > 0 { format!(" in {percent} %") } else { String::new() };
    format!("{} ± {}{share}", readable(row.mean), readable(two_digits(half_width_of(row))))
}

/// A precision, to two significant digits: more say nothing.
fn two_digits(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

/// Means of all strategies, each with the half-width of its confidence interval.
fn side_by_side(results: &Results, names: &[&str]) -> Table {
    let words = ["response", "unit"].into_iter().map(Column::text);
    let columns = words.chain(names.iter().map(|name| Column::number(*name, ""))).collect();
    let of_first = results.summary.iter().filter(|row| names.first() == Some(&row.strategy.as_str()));
    let estimate = |name: &str, response: &str| {
        let row = results.summary.iter().find(|row| row.strategy == name && row.response == response);
        row.filter(|row| !row.mean.is_nan()).map_or(Cell::Empty, |row| Cell::from(in_short(row)))
    };
    let row = |first: &SummaryRow| {
        let words = [Cell::from(first.response.as_str()), Cell::from(first.unit.as_str())];
        words.into_iter().chain(names.iter().map(|name| estimate(name, &first.response))).collect()
    };
    Table { title: String::new(), columns, rows: of_first.map(row).collect() }
}

fn half_width_of(row: &SummaryRow) -> f64 {
    (row.ci_high - row.ci_low) / 2.0
}

fn number(value: f64) -> Cell {
    if value.is_nan() { Cell::Empty } else { Cell::from(readable(value)) }
}

#[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
fn missing(row: &SummaryRow) -> Cell {
    if row.missing > 0 { number(row.missing as f64) } else { Cell::Empty }
}

/// The summary as JSON: what the study was, and every row of `summary.csv` and of `goals.csv`.
#[must_use]
pub fn as_json(results: &Results) -> Json {
    json!({ "format": 1, "manifest": Manifest::of(&results.study), "summary": results.summary, "goals": results.goals })
}
