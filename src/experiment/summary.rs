//! The summary: a table for the terminal, and the same as JSON.

use serde_json::{Value as Json, json};

use crate::report::number::readable;
use crate::report::{Cell, Column, Table};

use super::estimates::Results;
use super::files::Manifest;
use super::rows::SummaryRow;

/// The responses of all strategies, side by side: mean with half-width of its confidence interval, and the middle 90 %.
#[must_use]
pub fn summary_table(results: &Results) -> Table {
    let names = results.study.names();
    let percent = 100.0 * results.study.confidence.level();
    let mut columns = vec![Column::text("response"), Column::text("unit")];
    for name in &names {
        let heading = |what: &str| if names.len() > 1 { format!("{name}: {what}") } else { what.to_owned() };
        columns.push(Column::number(heading("mean"), ""));
        columns.push(Column::number(format!("± {percent} %"), ""));
        columns.push(Column::number("p5", ""));
        columns.push(Column::number("p50", ""));
        columns.push(Column::number("p95", ""));
        columns.push(Column::number("missing", ""));
    }
    let of_first = results.summary.iter().filter(|row| names.first() == Some(&row.strategy.as_str()));
    let rows = of_first.map(|row| table_row(results, &names, row)).collect();
    let replications = results.study.settings.replications;
    Table { title: format!("{}: {replications} replications", results.study.scenario.title), columns, rows }
}

fn table_row(results: &Results, names: &[&str], first: &SummaryRow) -> Vec<Cell> {
    let mut cells = vec![Cell::from(first.response.as_str()), Cell::from(first.unit.as_str())];
    for name in names {
        let row = results.summary.iter().find(|row| row.strategy == *name && row.response == first.response);
        match row {
            Some(row) => cells.extend(estimate(row)),
            None => cells.extend(std::iter::repeat_n(Cell::Empty, 6)),
        }
    }
    cells
}

fn estimate(row: &SummaryRow) -> [Cell; 6] {
    let number = |value: f64| if value.is_nan() { Cell::Empty } else { Cell::from(readable(value)) };
    #[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
    let missing = if row.missing > 0 { number(row.missing as f64) } else { Cell::Empty };
    [number(row.mean), number((row.ci_high - row.ci_low) / 2.0), number(row.p5), number(row.p50), number(row.p95), missing]
}

/// The summary as JSON: what the study was, and every row of `summary.csv`.
#[must_use]
pub fn as_json(results: &Results) -> Json {
    json!({ "format": 1, "manifest": Manifest::of(&results.study), "summary": results.summary })
}
