//! The charts of a sweep: curves over the levels of a factor, heat maps over two, effects, and a tornado.

use crate::report::chart::{
    Axis, Chart, EffectDot, EffectPanel, EffectRow, Effects, Heading, HeatMap, HeatPanel, LevelCurve, LevelCurves,
    LevelPanel, Magnitude, Tornado, TornadoEnd, TornadoPanel, TornadoRow,
};
use crate::report::number::{percent_within, readable_within};
use crate::response::{ResponseId, Unit};
use crate::scenario::{Arrangement, DesignFactor};

use super::super::charts::{ChartOrReason, Drawing};
use super::super::estimates::{Estimate, NONE};
use super::super::figures::KEY_FIGURES;
use super::effects::Effect;
use super::tornado::End;
use super::words::higher_is_better;
use super::{PointId, Swept, unquoted};

/// Panels of a chart: more have no room on a page.
const PANELS_AT_MOST: usize = 12;
/// Bars of a tornado.
const BARS_AT_MOST: usize = 20;
/// Letters of a title that have room on two lines.
const MOST_LETTERS: usize = 150;
/// The smallest difference that a title tells, as a share of the larger value; of shares, as a difference of shares.
const MATTERS: f64 = 0.01;

/// The charts, in the order of the report.
pub(super) const CHARTS: &[Drawing<Swept>] = &[
    Drawing {
        name: "goals",
        caption: "Share of simulations in which each goal is met, with its confidence interval, at each point. The dashed line \
                  is the probability that a gate requires; a frame marks the points that are shown to reach it.",
        make: |swept| over_levels(swept, ("How likely each goal is met", "Share of simulations that meet each goal"), true),
    },
    Drawing {
        name: "responses",
        caption: "Means with their confidence intervals. A day that does not come within the horizon counts as the horizon.",
        make: |swept| over_levels(swept, ("What each level costs and brings", "Means over the simulations"), false),
    },
    Drawing {
        name: "effects",
        caption: "For each level of each factor: the mean over all points that have it, less the mean over all points, with its \
                  confidence interval.",
        make: effects,
    },
    Drawing {
        name: "tornado",
        caption: "How much each factor changes alone, all else as in the scenario: its two levels that change most, with the \
                  confidence interval of the change. The widest bars come first.",
        make: tornado,
    },
];

/// What is shown, goals or responses.
fn shown(swept: &Swept, are_goals: bool) -> Vec<ResponseId> {
    let is_goal = |response: &ResponseId| swept.base().about(*response).unit == Unit::Met;
    swept.shown().into_iter().filter(|response| is_goal(response) == are_goals).collect()
}

fn over_levels(swept: &Swept, (plain, subtitle): (&str, &str), are_goals: bool) -> ChartOrReason {
    let shown = shown(swept, are_goals);
    let heading = Heading::new(title(levels_finding(swept, &shown), plain)).with_subtitle(subtitle);
    if shown.is_empty() {
        return Err(if are_goals { "the scenario has no goals" } else { "no response changes" });
    }
    match (swept.study.design.arrangement, swept.study.design.factors.len()) {
        (Arrangement::OneAtATime, _) => Err("each factor is varied alone: see the tornado"),
        (_, 0) => Err("nothing is varied"),
        (_, 1) => Ok(Box::new(curves(swept, heading, &shown))),
        (Arrangement::Listed, _) => Err("the points are no combinations of levels"),
        (Arrangement::AllCombinations, _) => Ok(heat_maps(swept, heading, &shown)),
    }
}

/// The colour of a strategy, which is its place in the scenario.
fn slot(swept: &Swept, strategy: &str) -> usize {
    swept.study.names_of(|_| true).iter().position(|name| name == strategy).unwrap_or_default()
}

/// What people call a strategy.
fn title_of<'s>(swept: &'s Swept, strategy: &'s str) -> &'s str {
    let base = &swept.base().study;
    let position = base.names().into_iter().position(|name| name == strategy);
    position.map_or(strategy, |position| base.title(position))
}

/// What people call a response, and its unit.
fn panel_title(swept: &Swept, response: ResponseId) -> (String, String) {
    let figure = KEY_FIGURES.iter().find(|figure| figure.response == response);
    let name = figure.map_or(swept.base().about(response).name.as_str(), |figure| figure.title);
    (name.to_owned(), swept.quantity(response).unit.to_owned())
}

/// The same of a strategy, where there are several.
fn title_with(swept: &Swept, name: &str, strategy: &str) -> String {
    if swept.strategies().len() > 1 { format!("{name}, {}", title_of(swept, strategy)) } else { name.to_owned() }
}

/// Returns a finding that has room on two lines; the plain title if there is none.
fn title(finding: Option<String>, plain: &str) -> String {
    finding.filter(|finding| finding.chars().count() <= MOST_LETTERS).unwrap_or_else(|| plain.to_owned())
}

/// An estimate with its unit, in three digits and no more than its interval bears.
fn amount(swept: &Swept, response: ResponseId, (value, half_width): (f64, f64)) -> String {
    let quantity = swept.quantity(response);
    if quantity.is_share {
        return percent_within(value, half_width);
    }
    let Magnitude { unit, factor } = Magnitude::of(quantity.unit, value);
    let value = readable_within(factor * value, factor * half_width.max(0.1 * value.abs()), 3);
    format!("{value} {unit}")
}

/// The least and the greatest estimate of a response of a strategy, with their points, if they differ by what matters.
fn extremes(swept: &Swept, response: ResponseId, strategy: &str) -> Option<[(PointId, Estimate); 2]> {
    let estimates = (0..swept.points.len()).filter_map(|point| Some((point, *swept.estimate(point, strategy, response)?)));
    let estimates: Vec<(PointId, Estimate)> = estimates.collect();
    let by_mean = |one: &&(PointId, Estimate), other: &&(PointId, Estimate)| one.1.mean.total_cmp(&other.1.mean);
    // Of points with the same estimate the first counts.
    let (least, most) = (*estimates.iter().min_by(by_mean)?, *estimates.iter().rev().max_by(by_mean)?);
    let scale = if swept.quantity(response).is_share { 1.0 } else { least.1.mean.abs().max(most.1.mean.abs()) };
    let matters = most.1.mean - least.1.mean >= MATTERS * scale && least.1.high < most.1.low;
    matters.then_some([least, most])
}

/// Between which values the first response that changes lies, and at which points: of the strategy in which it changes most.
fn levels_finding(swept: &Swept, shown: &[ResponseId]) -> Option<String> {
    let strategies = swept.strategies();
    let span = |[low, high]: &[(PointId, Estimate); 2]| high.1.mean - low.1.mean;
    let of = |response: ResponseId| {
        let found = strategies.iter().filter_map(|strategy| Some((strategy, extremes(swept, response, strategy)?)));
        found.reduce(|widest, next| if span(&next.1) > span(&widest.1) { next } else { widest })
    };
    let Some((response, (strategy, ends))) = shown.iter().find_map(|&response| Some((response, of(response)?))) else {
        return Some("No level makes a difference that matters".to_owned());
    };
    let [low, high] = ends.map(|(point, estimate)| {
        let half_width = (estimate.high - estimate.low) / 2.0;
        format!("{} at {}", amount(swept, response, (estimate.mean, half_width)), swept.point_in_words(point))
    });
    let name = panel_title(swept, response).0;
    let is_goal = swept.base().about(response).unit == Unit::Met;
    let name = if is_goal { format!("“{name}”") } else { name };
    Some(format!("{}: {low}, {high}", title_with(swept, &name, strategy)))
}

/// Which factor changes a response of a strategy most, by the widest span of its effects that are shown, if that matters.
fn widest_effect(swept: &Swept, response: ResponseId, effects: &[&Effect]) -> Option<String> {
    let factors = &swept.study.design.factors;
    let span = |factor: &DesignFactor| {
        let shown = effects.iter().filter(|effect| effect.factor == factor.name && (effect.low > 0.0 || effect.high < 0.0));
        let ends = shown.fold((0.0, 0.0), |(low, high): (f64, f64), one| (low.min(one.effect), high.max(one.effect)));
        ends.1 - ends.0
    };
    let widest = factors.iter().max_by(|one, other| span(one).total_cmp(&span(other))).filter(|_| factors.len() > 1)?;
    let largest = effects.iter().map(|effect| effect.mean.abs()).fold(0.0, f64::max);
    let scale = if swept.quantity(response).is_share { 1.0 } else { largest };
    let is_large = span(widest) >= MATTERS * scale && span(widest) > 0.0;
    let strategy = &effects.first()?.strategy;
    is_large.then(|| depends_most(swept, &widest.name, (response, strategy)))
}

fn depends_most(swept: &Swept, factor: &str, (response, strategy): (ResponseId, &str)) -> String {
    let with = if swept.strategies().len() > 1 { format!(" with {}", title_of(swept, strategy)) } else { String::new() };
    format!("“{}” depends most on {factor}{with}", panel_title(swept, response).0)
}

fn required(swept: &Swept, response: ResponseId) -> Option<f64> {
    let name = &swept.base().about(response).name;
    swept.base().study.goals().iter().find(|goal| goal.name == *name)?.probability
}

fn labels(levels: &[String]) -> Vec<String> {
    levels.iter().map(|level| unquoted(level).to_owned()).collect()
}

fn curves(swept: &Swept, heading: Heading, shown: &[ResponseId]) -> LevelCurves {
    let points = &swept.study.design.points;
    let panel = |&response: &ResponseId| {
        let curve = |name: &String| {
            let at = |of: fn(&Estimate) -> f64| {
                (0..points.len()).map(|point| swept.estimate(point, name, response).map_or(NONE, of)).collect()
            };
            let (values, low, high) = (at(|found| found.mean), at(|found| found.low), at(|found| found.high));
            LevelCurve { name: title_of(swept, name).to_owned(), slot: slot(swept, name), values, low, high }
        };
        let (title, unit) = panel_title(swept, response);
        LevelPanel {
            title,
            unit,
            is_share: swept.quantity(response).is_share,
            required: required(swept, response),
            curves: swept.strategies().iter().map(curve).collect(),
        }
    };
    LevelCurves {
        heading,
        factor: swept.study.design.factors[0].name.clone(),
        levels: points.iter().map(|point| unquoted(&point.levels[0]).to_owned()).collect(),
        panels: shown.iter().take(PANELS_AT_MOST).map(panel).collect(),
    }
}

/// The last two factors across and down, a panel for each response, strategy and combination of the others.
fn heat_maps(swept: &Swept, heading: Heading, shown: &[ResponseId]) -> Box<dyn Chart> {
    let design = &swept.study.design;
    let (before, last) = design.factors.split_at(design.factors.len() - 2);
    let (down, across) = (&last[0], &last[1]);
    let cells = down.levels.len() * across.levels.len();
    let (strategies, maps) = (swept.strategies(), swept.points.len() / cells);
    let mut panels = Vec::new();
    for &response in shown {
        for strategy in &strategies {
            for map in 0..maps {
                let first = map * cells;
                let at = |row: usize, column: usize| -> PointId { first + row * across.levels.len() + column };
                let estimate = |row, column| swept.estimate(at(row, column), strategy, response);
                let grid = |value: &dyn Fn(usize, usize) -> f64| -> Vec<Vec<f64>> {
                    let row = |row: usize| (0..across.levels.len()).map(|column| value(row, column)).collect();
                    (0..down.levels.len()).map(row).collect()
                };
                let required = required(swept, response);
                let is_met = |row: usize, column: usize| {
                    required.is_some_and(|required| estimate(row, column).is_some_and(|found| found.low >= required))
                };
                let (name, unit) = panel_title(swept, response);
                let of_strategy = title_with(swept, &name, strategy);
                let fixed = before.iter().zip(&design.points[first].levels);
                let fixed: String = fixed.map(|(factor, level)| format!(", {} {}", factor.name, unquoted(level))).collect();
                panels.push(HeatPanel {
                    title: format!("{of_strategy}{fixed}"),
                    unit,
                    is_share: swept.quantity(response).is_share,
                    higher_is_better: higher_is_better(swept.base(), response),
                    values: grid(&|row, column| estimate(row, column).map_or(NONE, |found| found.mean)),
                    framed: (0..down.levels.len())
                        .map(|row| (0..across.levels.len()).map(|column| is_met(row, column)).collect())
                        .collect(),
                });
            }
        }
    }
    let left_out = panels.len().saturating_sub(PANELS_AT_MOST);
    panels.truncate(PANELS_AT_MOST);
    let note =
        if left_out > 0 { format!("{left_out} more maps have no room here: see summary.csv.") } else { String::new() };
    Box::new(HeatMap {
        heading: heading.with_note(note),
        across: Axis { name: across.name.clone(), levels: labels(&across.levels) },
        down: Axis { name: down.name.clone(), levels: labels(&down.levels) },
        panels,
    })
}

fn effects(swept: &Swept) -> ChartOrReason {
    if swept.effects.is_empty() {
        return Err("effects are those of all combinations of levels, of strategies that are the same at all points");
    }
    let (mut panels, mut unchanged, mut finding) = (Vec::new(), 0, None);
    let strategies = swept.strategies();
    for response in swept.shown() {
        let (name, unit) = (&swept.base().about(response).name, panel_title(swept, response).1);
        for strategy in &strategies {
            let of_it = swept.effects.iter().filter(|effect| effect.strategy == *strategy && effect.response == *name);
            let of_it: Vec<_> = of_it.filter(|effect| !effect.level.is_empty()).collect();
            let row = |factor: &DesignFactor| EffectRow {
                factor: factor.name.clone(),
                dots: of_it
                    .iter()
                    .filter(|effect| effect.factor == factor.name)
                    .map(|effect| EffectDot {
                        level: unquoted(&effect.level).to_owned(),
                        effect: effect.effect,
                        low: effect.low,
                        high: effect.high,
                    })
                    .collect(),
            };
            finding = finding.or_else(|| widest_effect(swept, response, &of_it));
            if of_it.iter().all(|effect| effect.effect.abs() <= 0.0) {
                unchanged += usize::from(!of_it.is_empty());
            } else {
                panels.push(EffectPanel {
                    title: title_with(swept, &panel_title(swept, response).0, strategy),
                    unit: unit.clone(),
                    is_share: swept.quantity(response).is_share,
                    rows: swept.study.design.factors.iter().map(row).collect(),
                });
            }
        }
    }
    let mut notes = Vec::new();
    if unchanged > 0 {
        notes.push(format!("Nothing changes in {unchanged} of {}, which are not shown.", unchanged + panels.len()));
    }
    if panels.len() > PANELS_AT_MOST {
        notes.push(format!("{} more have no room here: see effects.csv.", panels.len() - PANELS_AT_MOST));
    }
    panels.truncate(PANELS_AT_MOST);
    if panels.is_empty() {
        Err("what is shown does not change, or is not defined at every point")
    } else {
        let heading = Heading::new(title(finding, "What each level changes"))
            .with_subtitle("Mean at each level less the mean of all points")
            .with_note(notes.join(" "));
        Ok(Box::new(Effects { heading, panels }))
    }
}

fn tornado(swept: &Swept) -> ChartOrReason {
    if swept.study.design.arrangement != Arrangement::OneAtATime {
        return Err("a tornado is of factors that are varied one at a time");
    }
    let (mut panels, mut finding) = (Vec::new(), None);
    let strategies = swept.base().study.names();
    for response in swept.shown() {
        let (name, unit) = panel_title(swept, response);
        for (position, strategy) in strategies.iter().enumerate() {
            let end = |end: &End| TornadoEnd { level: end.level.clone(), change: end.change, low: end.low, high: end.high };
            let bars = swept.bars_of(position, response);
            let rows: Vec<TornadoRow> = bars
                .iter()
                .take(BARS_AT_MOST)
                .map(|bar| TornadoRow {
                    name: swept.study.design.factors[bar.factor].name.clone(),
                    low: end(&bar.low),
                    high: end(&bar.high),
                })
                .collect();
            let Some(first) = bars.first().filter(|first| first.swing > 0.0) else { continue };
            let title = title_with(swept, &name, strategy);
            let factor = &swept.study.design.factors[first.factor].name;
            let widest = || depends_most(swept, factor, (response, strategy));
            finding = finding.or_else(|| first.is_shown().then(widest));
            panels.push(TornadoPanel {
                title,
                unit: unit.clone(),
                is_share: swept.quantity(response).is_share,
                base: first.base,
                rows,
            });
        }
    }
    panels.truncate(PANELS_AT_MOST);
    if panels.is_empty() {
        return Err("nothing changes");
    }
    let heading = Heading::new(title(finding, "What each factor changes alone"))
        .with_subtitle("Change of the mean when one factor alone goes to another level");
    Ok(Box::new(Tornado { heading, panels }))
}
