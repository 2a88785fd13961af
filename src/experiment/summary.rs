//! The summary: a table for the terminal, and the same as JSON.

use serde_json::{Value as Json, json};

use crate::report::number::{percent, percent_range, readable, short_percent};
use crate::report::{Cell, Column, Table};
use crate::response::{Nature, Unit};

use super::estimates::{Estimate, ReportedId, Results, share_of};
use super::manifest::Manifest;
use super::table::ResultTable;
use super::tables;

/// The responses for a terminal: of one strategy with their quantiles, of several side by side.
#[must_use]
pub(super) fn summary_table(results: &Results) -> Table {
    let count = |count: u32| readable(count.into());
    let of = results.study.origin.partial.as_ref().map_or_else(String::new, |partial| format!(" of {}", count(partial.of)));
    let replications = count(results.study.settings.replications);
    let title = format!("{}: {replications}{of} replications", results.study.scenario.title);
    match results.study.settings.strategies.len() {
        1 => Table { title, ..strategy_table(results, 0) },
        _ => Table { title, ..side_by_side(results) },
    }
}

/// Whether a row of the summary is a share of the replications.
fn is_probability(results: &Results, reported: ReportedId) -> bool {
    let (response, outcome) = reported.parts();
    outcome.is_some() || results.about(response).unit == Unit::Met
}

/// The responses of a strategy: the estimate with its confidence interval, quantiles, and replications that have none.
pub(super) fn strategy_table(results: &Results, strategy: usize) -> Table {
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
            (readable(estimate.mean), format!("± {}", readable(two_digits(half_width(estimate)))))
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
    let rows = ReportedId::all(results.observations.about().len()).map(row).collect();
    Table { title: results.study.name(strategy).to_owned(), columns, rows }
}

/// A quantile for people: a day may be never.
fn quantile(value: f64) -> Cell {
    if value.is_nan() {
        Cell::Empty
    } else if value.is_infinite() {
        Cell::from("never")
    } else {
        Cell::from(readable(value))
    }
}

/// How many replications have no value, and why.
#[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
fn without(results: &Results, reported: ReportedId, estimate: &Estimate) -> Cell {
    let undefined = u64::from(results.study.settings.replications) - estimate.n - estimate.missing;
    let (never, undefined) = match results.about(reported.parts().0).nature {
        Nature::Date { .. } => (estimate.missing, undefined),
        _ => (0, estimate.missing),
    };
    let said = [(never, "never"), (undefined, "undefined")];
    let said = said.into_iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = said.map(|(count, word)| format!("{} {word}", readable(count as f64))).collect();
    if words.is_empty() { Cell::Empty } else { Cell::from(words.join(", ")) }
}

/// The estimate and how sure it is: of a probability its limits, of a date the share that reaches it too.
fn in_short(results: &Results, reported: ReportedId, estimate: &Estimate) -> String {
    if is_probability(results, reported) {
        return format!("{} ({})", short_percent(estimate.mean), percent_range(estimate.low, estimate.high));
    }
    // Rounded down: what is not everywhere is not 100 %.
    let share = readable((1000.0 * share_of(estimate.n, estimate.n + estimate.missing)).floor() / 10.0);
    let partly = match results.about(reported.parts().0).nature {
        _ if estimate.missing == 0 => String::new(),
        Nature::Date { .. } => format!(", {share} % reached"),
        Nature::Ratio(_) => String::new(),
        Nature::Number => format!(" in {share} %"),
    };
    format!("{} ± {}{partly}", readable(estimate.mean), readable(two_digits(half_width(estimate))))
}

/// A precision, to two significant digits: more say nothing.
fn two_digits(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

/// All strategies beside each other, each with its precision.
fn side_by_side(results: &Results) -> Table {
    let words = ["response", "unit"].into_iter().map(Column::text);
    let columns = words.chain(results.study.names().into_iter().map(|name| Column::number(name, ""))).collect();
    let row = |reported: ReportedId| {
        let words = [results.reported_name(reported), results.reported_unit(reported)];
        let cell = |strategy: usize| {
            let estimate = results.reported(strategy, reported);
            if estimate.mean.is_nan() { Cell::Empty } else { Cell::from(in_short(results, reported, estimate)) }
        };
        let strategies = (0..results.study.settings.strategies.len()).map(cell);
        words.map(|word| Cell::from(word.into_owned())).into_iter().chain(strategies).collect()
    };
    let rows = ReportedId::all(results.observations.about().len()).map(row).collect();
    Table { title: String::new(), columns, rows }
}

fn half_width(estimate: &Estimate) -> f64 {
    (estimate.high - estimate.low) / 2.0
}

/// The summary as JSON: what the study was, and every row of `summary.csv` and of `goals.csv`.
#[must_use]
pub(super) fn as_json(results: &Results) -> Json {
    let (summary, goals) = (tables::SUMMARY.json(results), tables::GOALS.json(results));
    json!({ "format": 2, "manifest": Manifest::of(&results.study), "summary": summary, "goals": goals })
}
