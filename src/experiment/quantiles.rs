//! Quantiles of the responses, with limits that hold whatever the distribution.

use rayon::prelude::*;

use crate::response::{ResponseColumn, Unit};
use crate::run::StrategyResults;
use crate::stats::{BoundedQuantile, Column};

use super::estimates::Study;
use super::rows::QuantileRow;

/// The shares of the replications that lie below.
const SHARES: [f64; 6] = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95];

/// The quantiles of each response of a strategy.
pub(super) fn quantiles(name: &str, results: &StrategyResults, study: &Study) -> Vec<QuantileRow> {
    let of_column = |(column, values): (&ResponseColumn, &Column)| {
        let quantiles = values.bounded_quantiles(&SHARES, study.confidence);
        let row = |(share, quantile): (f64, BoundedQuantile)| QuantileRow {
            strategy: name.to_owned(),
            response: column.name.clone(),
            share,
            value: quantile.value,
            ci_low: quantile.low.unwrap_or(f64::NAN),
            ci_high: quantile.high.unwrap_or(f64::NAN),
        };
        SHARES.into_iter().zip(quantiles).map(row).collect::<Vec<_>>()
    };
    let columns = study.columns();
    let columns = columns.par_iter().zip(&results.responses).filter(|(column, _)| has_quantiles(column));
    columns.flat_map_iter(of_column).collect()
}

/// How many rows a study has.
pub(super) fn rows(study: &Study) -> usize {
    let responses = study.columns().into_iter().filter(has_quantiles).count();
    study.settings.strategies.len() * responses * SHARES.len()
}

/// Whether a goal is met, and how a replication ended, are no amounts: they have shares and no quantiles.
fn has_quantiles(column: &ResponseColumn) -> bool {
    !matches!(column.unit, Unit::Met | Unit::Outcome)
}
