//! Costs: what the client pays each month, by kind.

use crate::money::Kind;
use crate::run::StrategyResults;
use crate::stats::Tally;

use super::estimates::{Study, month_end};
use super::rows::CostRow;

/// Client cost of a strategy by month and kind.
pub(super) fn by_month(name: &str, results: &StrategyResults, study: &Study) -> Vec<CostRow> {
    let months = study.scenario.world.horizon_months;
    let row = |month: u32, (kind, tallies): (Kind, &[Tally])| {
        let tally = &tallies[month as usize - 1];
        CostRow {
            strategy: name.to_owned(),
            month,
            date: month_end(study.scenario.start, month).to_string(),
            kind: kind.name().to_owned(),
            mean: tally.mean().unwrap_or(f64::NAN),
            sd: tally.sd().unwrap_or(f64::NAN),
        }
    };
    let kinds = || Kind::ALL.into_iter().zip(results.cost_tallies.chunks(months as usize));
    (1..=months).flat_map(|month| kinds().map(move |kind| row(month, kind))).collect()
}
