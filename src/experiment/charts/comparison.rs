//! Charts that hold strategies against each other: differences to the baseline, and break-even.

use crate::report::chart::{Curve, CurvePanel, Curves, Difference, DifferencePanel, Differences, Heading};
use crate::report::number::percent;

use super::super::estimates::Results;
use super::super::figures::{KEY_FIGURES, KeyFigure};
use super::super::rows::ComparisonRow;
use super::cost::{NOTHING_PAID, is_paid};
use super::{Drawing, month_ends, strategies};

pub(super) const DIFFERENCE: Drawing = Drawing {
    name: "difference",
    question: "How do the strategies differ?",
    caption: "Difference of each strategy to the baseline, replication by replication: the mean with its confidence interval, \
              and the middle 90 % of the replications.",
    make: |results| {
        if is_alone(results) {
            return Err(ONE_STRATEGY);
        }
        let chart = differences(results);
        if chart.panels.is_empty() { Err("no response came about in two strategies") } else { Ok(Box::new(chart)) }
    },
};

pub(super) const BREAK_EVEN: Drawing = Drawing {
    name: "break_even",
    question: "When has one strategy cost less than another, for good?",
    caption: "Share of the replications in which a strategy has broken even with another by each month: from then on it has cost \
              the client less so far, to the end.",
    make: |results| {
        if is_alone(results) {
            Err(ONE_STRATEGY)
        } else if is_paid(results) {
            Ok(Box::new(break_even(results)))
        } else {
            Err(NOTHING_PAID)
        }
    },
};

const ONE_STRATEGY: &str = "there is one strategy only";

fn is_alone(results: &Results) -> bool {
    results.study.settings.strategies.len() < 2
}

/// Differences in what came about in some strategy and the baseline; those of money where there is some.
fn differences(results: &Results) -> Differences {
    let names = results.study.names();
    let baseline = names[results.study.baseline];
    let panel = |KeyFigure { response, title, .. }: &KeyFigure| {
        let find = |name: &str| {
            let is_it = |row: &&ComparisonRow| row.response == *response && row.strategy == name && row.baseline == baseline;
            results.comparison.iter().find(is_it)
        };
        let others = strategies(results).filter(|(_, name)| *name != baseline);
        let rows: Vec<_> = others.filter_map(|(slot, name)| Some((slot, find(name)?))).collect();
        let unit = rows.iter().find(|(_, row)| row.n > 0).map(|(_, row)| row.unit.clone())?;
        let rows = rows.into_iter().map(|(slot, row)| Difference {
            name: row.strategy.clone(),
            slot,
            mean: row.mean_difference,
            low: row.ci_low,
            high: row.ci_high,
            p5: row.p5,
            p95: row.p95,
        });
        Some(DifferencePanel { title: (*title).to_owned(), unit, rows: rows.collect() })
    };
    let has_money = is_paid(results);
    let is_shown = |figure: &&KeyFigure| figure.is_compared && (has_money || !figure.response.contains("cost"));
    let level = percent(results.study.confidence.level());
    Differences {
        heading: Heading::new(format!("Difference to {baseline}"))
            .with_note(format!("Negative is less or earlier than {baseline}; the intervals have the level {level} %")),
        panels: KEY_FIGURES.iter().filter(is_shown).filter_map(panel).collect(),
    }
}

/// A panel for each strategy, with the others in it.
fn break_even(results: &Results) -> Curves {
    let panel = |(slot, baseline): (usize, &str)| CurvePanel {
        name: format!("cheaper than {baseline}"),
        slot: Some(slot),
        curves: strategies(results)
            .filter(|(_, name)| *name != baseline)
            .map(|(slot, name)| Curve {
                name: name.to_owned(),
                slot,
                shares: broken_even(results, name, baseline),
                ..Curve::default()
            })
            .collect(),
        ..CurvePanel::default()
    };
    Curves {
        heading: Heading::new("From when a strategy has cost less than another, to the end")
            .with_note("Share of the replications in which it has broken even by the end of a month"),
        start: results.study.scenario.start,
        days: month_ends(results),
        panels: strategies(results).map(panel).collect(),
    }
}

/// The share of the replications in which a strategy has broken even with another by the end of each month.
fn broken_even(results: &Results, strategy: &str, baseline: &str) -> Vec<f64> {
    let rows = results.break_even.iter().filter(|row| row.strategy == strategy && row.baseline == baseline);
    let months = results.study.scenario.world.horizon_months as usize;
    let mut so_far = 0.0;
    rows.take(months)
        .map(|row| {
            so_far += row.share;
            so_far
        })
        .collect()
}
