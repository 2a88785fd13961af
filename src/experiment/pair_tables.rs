//! The result tables that compare strategies.

use std::borrow::Cow;

use crate::report::cells::Kind;
use crate::response::{ResponseId, Unit};
use crate::run::break_even::Yardstick;

use super::estimates::{BestEstimate, Difference, NO_DIFFERENCE, NONE, Results};
use super::table::{Cell, CellValue, Column, CountedIn, TableOf, text};
use super::tables::{BY_UNIT, INTERVAL, PLAIN, REPLICATIONS, SHARE, SKEWNESS_OF_DIFFERENCES, each, strategies};

/// A response, a strategy, the strategy subtracted from it, and the difference.
pub(super) struct PairRow(ResponseId, usize, usize, Difference);

macro_rules! of_difference {
    ($name:literal, $meaning:expr, $kind:ident, $counted_in:expr, $($field:tt)+) => {
        Column {
            name: $name,
            meaning: $meaning,
            kind: Kind::$kind,
            counted_in: $counted_in,
            get: |_, row| row.3.$($field)+.cell(),
            set: Some(|results, row, text| {
                let read = results.differences.entry((row.0, row.1, row.2)).or_insert(NO_DIFFERENCE);
                read.$($field)+.read(text)
            }),
        }
    };
}

/// Each response of two strategies with common random numbers.
pub(super) const COMPARISON: TableOf<Results, PairRow> = TableOf {
    rows: |results| {
        use rayon::prelude::*;
        let rows: Vec<(ResponseId, (usize, usize))> = compared(results);
        let row = |&(response, pair): &(ResponseId, (usize, usize))| {
            Some(PairRow(response, pair.0, pair.1, results.difference_of(response, pair)?))
        };
        rows.par_iter().filter_map(row).collect()
    },
    about: "A response of two strategies under the same luck",
    may_skip: false,
    columns: &[
        text!("response", "the response or goal", |results, row| results.about(row.0).name.as_str()),
        text!("unit", "its unit", |results, row| results.about(row.0).unit_name.as_str()),
        text!("strategy", "the strategy", |results, row| results.study.name(row.1)),
        text!("baseline", "the strategy that it is compared with", |results, row| results.study.name(row.2)),
        of_difference!("n", "replications compared", Count, REPLICATIONS, n),
        of_difference!("mean_difference", "mean of the differences, replication by replication", Number, BY_UNIT, mean),
        of_difference!("se", "standard error of that mean", Number, BY_UNIT, se),
        of_difference!("ci_low", "lower limit of the confidence interval of that mean", Number, BY_UNIT, low),
        of_difference!("ci_high", "upper limit of the confidence interval of that mean", Number, BY_UNIT, high),
        of_difference!("p_lower", "share of the replications in which the strategy is lower", Number, SHARE, p_lower),
        of_difference!("p_equal", "share of the replications in which both are equal", Number, SHARE, p_equal),
        of_difference!("p5", "5 % quantile of the differences", Number, BY_UNIT, quantiles[0]),
        of_difference!("p50", "median of the differences", Number, BY_UNIT, quantiles[1]),
        of_difference!("p95", "95 % quantile of the differences", Number, BY_UNIT, quantiles[2]),
        of_difference!(
            "variance_ratio",
            "how many times the variance of the mean difference would be as large without common random numbers",
            Number,
            CountedIn::Name("ratio"),
            variance_ratio
        ),
        of_difference!("interval", INTERVAL, Text, CountedIn::Nothing, method),
        of_difference!("skewness", SKEWNESS_OF_DIFFERENCES, Number, PLAIN, skewness),
    ],
};

/// The same table for reading, if differences cannot be computed again.
pub(super) const COMPARISON_READ: TableOf<Results, PairRow> = TableOf {
    rows: |results| {
        let row = |(response, (one, other))| PairRow(response, one, other, NO_DIFFERENCE);
        compared(results).into_iter().map(row).collect()
    },
    may_skip: true,
    ..COMPARISON
};

/// Returns the pairs to compare in each response except the outcome.
fn compared(results: &Results) -> Vec<(ResponseId, (usize, usize))> {
    let about = results.observations.about();
    let responses = ResponseId::all(about.len()).filter(|id| about[id.position()].unit != Unit::Outcome);
    each(responses, results.study.pairs()).collect()
}

/// A response, a strategy, and how it compares with the best of the others.
pub(super) struct BestRow(ResponseId, usize, BestEstimate);

const NOT_RANKED: BestEstimate = BestEstimate { p_best: NONE, low: NONE, high: NONE };

macro_rules! of_best {
    ($name:literal, $meaning:literal, $counted_in:expr, $field:ident) => {
        Column {
            name: $name,
            meaning: $meaning,
            kind: Kind::Number,
            counted_in: $counted_in,
            get: |_, row| row.2.$field.cell(),
            set: Some(|results, row, text| {
                let strategies = results.study.settings.strategies.len();
                let read = results.best.entry(row.0).or_insert_with(|| vec![NOT_RANKED; strategies]);
                read[row.1].$field.read(text)
            }),
        }
    };
}

/// How each strategy compares with the best of the others in each ranked response.
pub(super) const BEST: TableOf<Results, BestRow> = TableOf {
    rows: |results| {
        use rayon::prelude::*;
        let responses: Vec<ResponseId> = ResponseId::all(results.observations.about().len()).collect();
        let ranked = |&response: &ResponseId| Some((response, results.best(response)?));
        let ranked: Vec<(ResponseId, Vec<BestEstimate>)> = responses.par_iter().filter_map(ranked).collect();
        let rows = |(response, best): (ResponseId, Vec<BestEstimate>)| {
            best.into_iter().enumerate().map(move |(strategy, best)| BestRow(response, strategy, best))
        };
        ranked.into_iter().flat_map(rows).collect()
    },
    about: "How a strategy stands to the best of the others in a response or goal",
    may_skip: false,
    columns: &[
        text!("response", "the response or goal", |results, row| results.about(row.0).name.as_str()),
        text!("strategy", "the strategy", |results, row| results.study.name(row.1)),
        of_best!("p_best", "share of the replications in which it is the best; empty for a ratio", SHARE, p_best),
        of_best!(
            "mcb_low",
            "lower limit of the difference of its mean to the best mean of the others, for all strategies at once",
            CountedIn::Column("response"),
            low
        ),
        of_best!("mcb_high", "upper limit of that difference", CountedIn::Column("response"), high),
    ],
};

/// The same table for reading, if it cannot be computed again.
pub(super) const BEST_READ: TableOf<Results, BestRow> = TableOf {
    rows: |results| {
        let row = |(response, strategy)| BestRow(response, strategy, NOT_RANKED);
        each(ResponseId::all(results.observations.about().len()), strategies(results)).map(row).collect()
    },
    may_skip: true,
    ..BEST
};

/// When each strategy breaks even with each other one.
pub(super) const BREAK_EVEN: TableOf<Results, ((usize, usize), usize)> = TableOf {
    rows: |results| each(results.study.pairs(), 0..=results.study.months()).collect(),
    about: "When a strategy breaks even with another",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0.0)),
        text!("baseline", "the strategy that it is compared with", |results, row| results.study.name(row.0.1)),
        text!("measure", "what being ahead means: `net_value` or `unit_cost`", |results, _row| Yardstick::of(
            &results.study.scenario.world
        )
        .name()),
        Column {
            name: "month",
            meaning: "number of the month from which it is ahead, to the end; or `never`",
            kind: Kind::Text,
            counted_in: CountedIn::Nothing,
            get: |results, row| {
                let month = row.1 + 1;
                match month > results.study.months() {
                    true => Cell::Text(Cow::from("never")),
                    false => Cell::Typed(Cow::from(month.to_string()), month as f64),
                }
            },
            set: None,
        },
        Column {
            name: "share",
            meaning: "share of the replications",
            kind: Kind::Number,
            counted_in: SHARE,
            get: |results, row| Cell::Number(results.break_even[&row.0][row.1]),
            set: Some(|results, row, text| {
                results.break_even.get_mut(&row.0).is_some_and(|shares| shares[row.1].read(text))
            }),
        },
    ],
};
