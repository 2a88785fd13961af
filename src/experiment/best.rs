//! Which strategy is best, and when one has cost less than another.

use rayon::prelude::*;

use crate::response::{Better, ResponseColumn};
use crate::run::Collected;
use crate::run::break_even::pairs;
use crate::stats::Best;

use super::estimates::{Study, share_of};
use super::rows::{BestRow, BreakEvenRow};

/// What `month` says where a strategy never breaks even.
const NEVER: &str = "never";

/// How each strategy stands to the best of the others, in each response of which low or high values are wished for.
pub(super) fn best(study: &Study, collected: &Collected) -> Vec<BestRow> {
    let names = study.names();
    if names.len() < 2 {
        return Vec::new();
    }
    let rows = |(position, column): (usize, &ResponseColumn)| {
        let best = collected.best(position, study.confidence, column.better == Better::Higher);
        let row = |(name, best): (&&str, Best)| BestRow {
            response: column.name.clone(),
            strategy: (*name).to_owned(),
            p_best: best.p_best.unwrap_or(f64::NAN),
            mcb_low: best.difference.map_or(f64::NAN, |(low, _)| low),
            mcb_high: best.difference.map_or(f64::NAN, |(_, high)| high),
        };
        names.iter().zip(best).map(row).collect::<Vec<_>>()
    };
    let columns = study.columns();
    columns.par_iter().enumerate().filter(|(_, column)| column.better != Better::Neither).flat_map_iter(rows).collect()
}

/// The distribution of the month in which each strategy breaks even with each other one.
pub(super) fn break_even(study: &Study, collected: &Collected) -> Vec<BreakEvenRow> {
    let names = study.names();
    let months = study.scenario.world.horizon_months;
    let labels = || (1..=months).map(|month| month.to_string()).chain([NEVER.to_owned()]);
    let of_pair = |((one, other), counts): ((usize, usize), &Vec<u64>)| -> Vec<BreakEvenRow> {
        let row = |(month, &count): (String, &u64)| BreakEvenRow {
            strategy: names[one].to_owned(),
            baseline: names[other].to_owned(),
            month,
            share: share_of(count, study.settings.replications.into()),
        };
        labels().zip(counts).map(row).collect()
    };
    pairs(names.len()).zip(&collected.break_even).flat_map(of_pair).collect()
}
