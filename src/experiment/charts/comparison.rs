//! Charts that hold strategies against each other: differences to the baseline, and break-even.

use crate::report::chart::{Curve, CurvePanel, Curves, Difference, DifferencePanel, Differences, Heading};
use crate::report::number::percent;

use crate::response::Unit;
use crate::run::break_even::Yardstick;

use super::super::estimates::Results;
use super::super::figures::{KEY_FIGURES, KeyFigure};
use super::cost::{NOTHING_PAID, is_paid};
use super::{Drawing, Drawn, month_ends, strategies};

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
        if chart.panels.is_empty() {
            Err("no response is defined in all replications of two strategies")
        } else {
            Ok(Box::new(chart))
        }
    },
};

pub(super) const BREAK_EVEN: Drawing = Drawing {
    name: "break_even",
    question: "When does one strategy pull ahead of another for good?",
    caption: "Share of the replications in which a strategy has broken even with another by each month: from then on, to the \
              end, its net value so far is higher, or, where output has no value in money, its cost per FTE-day delivered so \
              far is lower.",
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

/// Differences to the baseline in what can be compared; those of money where there is some.
fn differences(results: &Results) -> Differences {
    let baseline = results.study.baseline;
    let panel = |&KeyFigure { response, title, .. }: &KeyFigure| {
        let row = |Drawn { strategy, slot, name }: Drawn<'_>| {
            let difference = results.difference_of(response, (strategy, baseline))?;
            let [p5, _, p95] = difference.quantiles;
            let (mean, low, high) = (difference.mean, difference.low, difference.high);
            Some(Difference { name: name.to_owned(), slot, mean, low, high, p5, p95 })
        };
        let others = strategies(results).filter(|drawn| drawn.strategy != baseline);
        let rows: Vec<Difference> = others.filter_map(row).collect();
        let unit = results.about(response).unit_name.clone();
        (!rows.is_empty()).then(|| DifferencePanel { title: title.to_owned(), unit, rows })
    };
    let has_money = is_paid(results);
    let is_money = |figure: &KeyFigure| matches!(results.about(figure.response).unit, Unit::Money | Unit::MoneyPerFteMonth);
    let is_shown = |figure: &&KeyFigure| figure.is_compared && (has_money || !is_money(figure));
    let (name, level) = (results.study.name(baseline), percent(results.study.confidence.level()));
    Differences {
        heading: Heading::new(format!("Difference to {name}")).with_note(format!(
            "Negative is less or earlier than {name}; a date that never comes counts as the horizon; intervals of {level} %"
        )),
        panels: KEY_FIGURES.iter().filter(is_shown).filter_map(panel).collect(),
    }
}

/// A panel for each strategy that others are compared with, with these in it.
fn break_even(results: &Results) -> Curves {
    let yardstick = Yardstick::of(&results.study.scenario.world);
    let (word, note) = match yardstick {
        Yardstick::NetValue { .. } => ("ahead of", "more net value so far than the other, from that month on to the end"),
        Yardstick::UnitCost => ("cheaper than", "less cost per FTE-day delivered so far, from that month on to the end"),
    };
    let curve = |baseline: usize| {
        move |Drawn { strategy, slot, name }: Drawn<'_>| {
            let shares = broken_even(results, (strategy, baseline))?;
            Some(Curve { name: name.to_owned(), slot, shares, ..Curve::default() })
        }
    };
    let panel = |drawn: Drawn<'_>| {
        let curves: Vec<Curve> = strategies(results).filter_map(curve(drawn.strategy)).collect();
        let name = format!("{word} {}", drawn.name);
        (!curves.is_empty()).then(|| CurvePanel { name, slot: Some(drawn.slot), curves, ..CurvePanel::default() })
    };
    Curves {
        heading: Heading::new("When one strategy breaks even with another")
            .with_note(format!("Share of the replications by month: {note}")),
        start: results.study.scenario.start,
        days: month_ends(results),
        panels: strategies(results).filter_map(panel).collect(),
    }
}

/// The share of the replications in which a strategy has broken even with another by the end of each month; none of a pair
/// that is not compared.
fn broken_even(results: &Results, pair: (usize, usize)) -> Option<Vec<f64>> {
    let (_, months) = results.break_even.get(&pair)?.split_last()?;
    let so_far = |sum: &mut f64, share: &f64| {
        *sum += share;
        Some(*sum)
    };
    Some(months.iter().scan(0.0, so_far).collect())
}
