//! Charts that hold strategies against each other: differences to the baseline, and break-even.

use crate::report::chart::{Curve, CurvePanel, Curves, Difference, DifferencePanel, Differences, Heading};
use crate::report::number::{percent, readable};
use crate::response::{Better, Nature, ResponseColumn, ResponseId, Unit};
use crate::run::break_even::Yardstick;

use super::super::estimates::{Difference as PairDifference, Results};
use super::super::figures::{KEY_FIGURES, KeyFigure};
use super::cost::{NOTHING_PAID, is_paid};
use super::finding::{all, money, names, time, title};
use super::{Drawing, Drawn, month_ends, strategies};

pub(super) const DIFFERENCE: Drawing = Drawing {
    name: "difference",
    caption: "Difference of each strategy to the baseline under the same luck: the mean with its confidence interval, and the \
              middle 90 % of simulations. Grey: the interval includes 0, or the difference is smaller than 1 % of the larger \
              value.",
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
    caption: "Share of simulations in which a strategy has broken even with another by each month: from then on, to the end, \
              its net value so far is higher. Where output has no value in money, its cost per FTE-day delivered so far is lower.",
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
        let others = strategies(results).filter(|drawn| drawn.strategy != baseline);
        let rows: Vec<Difference> = others.filter_map(|drawn| difference(results, response, drawn)).collect();
        let about = results.about(response);
        let (title, unit) = (title.to_owned(), about.unit_name.clone());
        (!rows.is_empty()).then(|| DifferencePanel { title, unit, sides: sides(about), rows })
    };
    let has_money = is_paid(results);
    let is_money = |figure: &KeyFigure| matches!(results.about(figure.response).unit, Unit::Money | Unit::MoneyPerFteMonth);
    let is_shown = |figure: &&KeyFigure| figure.is_compared && (has_money || !is_money(figure));
    let (name, level) = (results.study.title(baseline), percent(results.study.confidence.level()));
    let n = readable(results.study.settings.replications.into());
    let luck = if results.study.settings.independent { "independent luck" } else { "the same luck" };
    Differences {
        heading: Heading::new(title(differences_findings(results), &format!("How strategies differ from {name}")))
            .with_subtitle(format!(
                "Each strategy less {name}, {n} simulations of each under {luck}; {level} % confidence intervals"
            ))
            .with_note("A date that never comes counts as the end of the simulation."),
        panels: KEY_FIGURES.iter().filter(is_shown).filter_map(panel).collect(),
    }
}

/// The difference of a strategy to the baseline.
fn difference(results: &Results, response: ResponseId, drawn: Drawn<'_>) -> Option<Difference> {
    let pair = (drawn.strategy, results.study.baseline);
    let PairDifference { n, mean, low, high, quantiles: [p5, _, p95], .. } = results.difference_of(response, pair)?;
    let is_usual = n == u64::from(results.study.settings.replications);
    let note = if is_usual { String::new() } else { format!("n = {}", readable(n as f64)) };
    let matters = results.mattering(response, pair).is_some();
    Some(Difference { name: drawn.name.to_owned(), slot: drawn.slot, mean, low, high, p5, p95, matters, note })
}

/// What less and more of a response is, and which of it is better.
fn sides(about: &ResponseColumn) -> [String; 2] {
    let [less, more] = match (about.nature, about.unit) {
        (Nature::Date { .. }, _) => ["earlier", "later"],
        (_, Unit::People | Unit::Requisitions | Unit::Incidents) => ["fewer", "more"],
        (_, Unit::Money | Unit::MoneyPerFteMonth) if about.better == Better::Lower => ["cheaper", "dearer"],
        _ => ["less", "more"],
    };
    match about.better {
        Better::Lower => [format!("{less} (better)"), format!("{more} (worse)")],
        Better::Higher => [format!("{less} (worse)"), format!("{more} (better)")],
        Better::Neither => [less.to_owned(), more.to_owned()],
    }
}

/// How much later and dearer each strategy is than the baseline; then how much dearer alone; then which is the first and the
/// cheapest.
fn differences_findings(results: &Results) -> [Option<String>; 3] {
    let baseline = results.study.baseline;
    let side =
        |difference: &PairDifference, [less, more]: [&'static str; 2]| if difference.mean < 0.0 { less } else { more };
    let half_width = |difference: &PairDifference| (difference.high - difference.low) / 2.0;
    let later = |strategy: usize| {
        let difference = results.mattering(ResponseId::STAFFED_DAY, (strategy, baseline))?;
        Some(format!("{} {}", time(difference.mean, half_width(&difference)), side(&difference, ["earlier", "later"])))
    };
    let dearer = |strategy: usize| {
        let difference = results.mattering(ResponseId::CLIENT_COST, (strategy, baseline))?;
        let amount = money(results, difference.mean.abs(), half_width(&difference));
        Some(format!("{amount} {}", side(&difference, ["cheaper", "dearer"])))
    };
    let both = |strategy: usize| later(strategy).into_iter().chain(dearer(strategy)).collect();
    let best = |response: ResponseId, words: &str| {
        let leaders = results.leaders(response);
        (!leaders.is_empty() && leaders.len() < all(results).len()).then(|| format!("{words}: {}", names(results, &leaders)))
    };
    let first = best(ResponseId::STAFFED_DAY, "staffed first");
    if !is_paid(results) {
        return [compared(results, "about the same in time", both), first, None];
    }
    let cost = |strategy: usize| dearer(strategy).into_iter().collect();
    let best: Vec<String> = [best(ResponseId::CLIENT_COST, "Cheapest"), first].into_iter().flatten().collect();
    [
        compared(results, "about the same in time and cost", both),
        compared(results, "about the same in cost", cost),
        (!best.is_empty()).then(|| best.join("; ")),
    ]
}

/// A sentence on each strategy compared with the baseline, in what these parts say; `same` if they say nothing.
fn compared(results: &Results, same: &str, parts: impl Fn(usize) -> Vec<String>) -> Option<String> {
    let name = results.study.title(results.study.baseline);
    let others: Vec<usize> = all(results).filter(|&strategy| strategy != results.study.baseline).collect();
    let words = |&strategy: &usize| {
        let parts = parts(strategy);
        let parts = if parts.is_empty() { same.to_owned() } else { parts.join(", ") };
        format!("{}: {parts}", results.study.title(strategy))
    };
    match others[..] {
        [] => None,
        [only] if parts(only).is_empty() => Some(format!("{} and {name} are {same}", results.study.title(only))),
        [only] => Some(format!("{} than {name}", words(&only))),
        _ => Some(format!("Compared with {name} – {}", others.iter().map(words).collect::<Vec<_>>().join("; "))),
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
        heading: Heading::new(title(break_even_findings(results, word), "When one strategy breaks even with another"))
            .with_subtitle(format!("Share of simulations by month: {note}")),
        start: results.study.scenario.start(),
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

/// From when a strategy stays ahead of others in half of the simulations, or of how many: of the one that overtakes most.
fn break_even_findings(results: &Results, word: &str) -> [Option<String>; 2] {
    // In a sum of shares, half may be a hair less.
    const HALF: f64 = 0.5 - 1e-12;
    let half_by = |pair: (usize, usize)| broken_even(results, pair)?.iter().position(|share| *share >= HALF);
    let overtaken = |one: usize| -> Vec<(usize, usize)> {
        let others = all(results).filter(|other| *other != one);
        others.filter_map(|other| Some((other, half_by((one, other))?))).collect()
    };
    let best = all(results).rev().max_by_key(|&strategy| overtaken(strategy).len()).unwrap_or_default();
    let overtaken = overtaken(best);
    let words = overtaken.iter().map(|(other, months)| {
        // It is ahead from the end of the month at this position on, and month 1 is at 0.
        let from = results.study.month_name(u32::try_from(months + 1).unwrap_or(u32::MAX));
        format!("{word} {} from {from}", results.study.title(*other))
    });
    let words: Vec<String> = words.collect();
    let others = all(results).len() - 1;
    if words.is_empty() {
        let none = if others == 1 { "Neither strategy is ahead of the other" } else { "No strategy is ahead of another" };
        return [Some(format!("{none} for good in half of the simulations")), None];
    }
    let begin = format!("In half of the simulations {} stays", results.study.title(best));
    let how_many = if words.len() == others { format!("all {others}") } else { format!("{} of {others}", words.len()) };
    let count = format!("{begin} {word} {how_many} others by the end");
    [Some(format!("{begin} {}", words.join(", "))), Some(count)]
}
