//! The charts of a sweep: curves over the levels of a factor, heat maps over two, effects, and a tornado.

use crate::report::chart::{
    Axis, Chart, EffectDot, EffectPanel, EffectRow, Effects, Heading, HeatMap, HeatPanel, LevelCurve, LevelCurves,
    LevelPanel, Tornado, TornadoEnd, TornadoPanel, TornadoRow,
};
use crate::response::{ResponseId, Unit};
use crate::scenario::Arrangement;

use super::super::charts::{ChartOrReason, Drawing};
use super::super::estimates::NONE;
use super::tornado::End;
use super::words::higher_is_better;
use super::{PointId, Swept, unquoted};

/// Panels of a chart: more have no room on a page.
const PANELS_AT_MOST: usize = 12;
/// Bars of a tornado.
const BARS_AT_MOST: usize = 20;

/// The charts, in the order of the report.
pub(super) const CHARTS: &[Drawing<Swept>] = &[
    Drawing {
        name: "goals",
        caption: "Share of the replications in which each goal is met, with its confidence interval, at each point. The dashed \
                  line is the probability that a gate requires; a frame marks the points that are shown to reach it.",
        make: |swept| over_levels(swept, "How likely each goal is met", true),
    },
    Drawing {
        name: "responses",
        caption: "Means over the replications with their confidence intervals. A day that does not come within the horizon counts \
                  as the horizon.",
        make: |swept| over_levels(swept, "What each level costs and brings", false),
    },
    Drawing {
        name: "effects",
        caption: "For each level of each factor the mean over all points that have it, less the mean over all points, with its \
                  confidence interval.",
        make: effects,
    },
    Drawing {
        name: "tornado",
        caption: "What the levels of each factor change that change most, each alone, with the confidence interval of the \
                  change. The widest bars come first.",
        make: tornado,
    },
];

/// What is shown, goals or responses.
fn shown(swept: &Swept, are_goals: bool) -> Vec<ResponseId> {
    let is_goal = |response: &ResponseId| swept.base().about(*response).unit == Unit::Met;
    swept.shown().into_iter().filter(|response| is_goal(response) == are_goals).collect()
}

fn over_levels(swept: &Swept, title: &str, are_goals: bool) -> ChartOrReason {
    let shown = shown(swept, are_goals);
    if shown.is_empty() {
        return Err(if are_goals { "the scenario has no goals" } else { "no response changes" });
    }
    match (swept.study.design.arrangement, swept.study.design.factors.len()) {
        (Arrangement::OneAtATime, _) => Err("each factor is varied alone: see the tornado"),
        (_, 0) => Err("nothing is varied"),
        (_, 1) => Ok(Box::new(curves(swept, title, &shown))),
        (Arrangement::Listed, _) => Err("the points are no combinations of levels"),
        (Arrangement::AllCombinations, _) => Ok(heat_maps(swept, title, &shown)),
    }
}

/// The colour of a strategy, which is its place in the scenario.
fn slot(swept: &Swept, strategy: &str) -> usize {
    swept.study.names_of(|_| true).iter().position(|name| name == strategy).unwrap_or_default()
}

fn panel_title(swept: &Swept, response: ResponseId) -> (String, String) {
    let about = swept.base().about(response);
    (about.name.clone(), swept.quantity(response).unit.to_owned())
}

fn required(swept: &Swept, response: ResponseId) -> Option<f64> {
    let name = &swept.base().about(response).name;
    swept.base().study.goals().iter().find(|goal| goal.name == *name)?.probability
}

fn labels(levels: &[String]) -> Vec<String> {
    levels.iter().map(|level| unquoted(level).to_owned()).collect()
}

fn curves(swept: &Swept, title: &str, shown: &[ResponseId]) -> LevelCurves {
    let points = &swept.study.design.points;
    let panel = |&response: &ResponseId| {
        let curve = |name: &String| {
            let at = |of: fn(&super::super::estimates::Estimate) -> f64| {
                (0..points.len()).map(|point| swept.estimate(point, name, response).map_or(NONE, of)).collect()
            };
            let (values, low, high) = (at(|found| found.mean), at(|found| found.low), at(|found| found.high));
            LevelCurve { name: name.to_owned(), slot: slot(swept, name), values, low, high }
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
        heading: Heading::new(title),
        factor: swept.study.design.factors[0].name.clone(),
        levels: points.iter().map(|point| unquoted(&point.levels[0]).to_owned()).collect(),
        panels: shown.iter().take(PANELS_AT_MOST).map(panel).collect(),
    }
}

/// The last two factors across and down, a panel for each response, strategy and combination of the others.
fn heat_maps(swept: &Swept, title: &str, shown: &[ResponseId]) -> Box<dyn Chart> {
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
                let of_strategy = if strategies.len() > 1 { format!("{name}, {strategy}") } else { name };
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
    let note = if left_out > 0 { format!("{left_out} more maps have no room here: see summary.csv") } else { String::new() };
    Box::new(HeatMap {
        heading: Heading::new(title).with_note(note),
        across: Axis { name: across.name.clone(), levels: labels(&across.levels) },
        down: Axis { name: down.name.clone(), levels: labels(&down.levels) },
        panels,
    })
}

fn effects(swept: &Swept) -> ChartOrReason {
    if swept.effects.is_empty() {
        return Err("effects are those of all combinations of levels, of strategies that are the same at all points");
    }
    let (mut panels, mut unchanged) = (Vec::new(), 0);
    let strategies = swept.strategies();
    for response in swept.shown() {
        let (name, unit) = panel_title(swept, response);
        for strategy in &strategies {
            let of_it = swept.effects.iter().filter(|effect| effect.strategy == *strategy && effect.response == name);
            let of_it: Vec<_> = of_it.filter(|effect| !effect.level.is_empty()).collect();
            let row = |factor: &crate::scenario::DesignFactor| EffectRow {
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
            if of_it.iter().all(|effect| effect.effect.abs() <= 0.0) {
                unchanged += usize::from(!of_it.is_empty());
            } else {
                panels.push(EffectPanel {
                    title: if strategies.len() > 1 { format!("{name}, {strategy}") } else { name.clone() },
                    unit: unit.clone(),
                    is_share: swept.quantity(response).is_share,
                    rows: swept.study.design.factors.iter().map(row).collect(),
                });
            }
        }
    }
    let mut notes = Vec::new();
    if unchanged > 0 {
        notes.push(format!("not shown as nothing changes: {unchanged} of {}", unchanged + panels.len()));
    }
    if panels.len() > PANELS_AT_MOST {
        notes.push(format!("{} more have no room here: see effects.csv", panels.len() - PANELS_AT_MOST));
    }
    panels.truncate(PANELS_AT_MOST);
    if panels.is_empty() {
        Err("what is shown does not change, or is not defined at every point")
    } else {
        Ok(Box::new(Effects { heading: Heading::new("What each level changes").with_note(notes.join("; ")), panels }))
    }
}

fn tornado(swept: &Swept) -> ChartOrReason {
    if swept.study.design.arrangement != Arrangement::OneAtATime {
        return Err("a tornado is of factors that are varied one at a time");
    }
    let mut panels = Vec::new();
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
            if let Some(first) = bars.first() {
                panels.push(TornadoPanel {
                    title: if strategies.len() > 1 { format!("{name}, {strategy}") } else { name.clone() },
                    unit: unit.clone(),
                    is_share: swept.quantity(response).is_share,
                    base: first.base,
                    rows,
                });
            }
        }
    }
    panels.truncate(PANELS_AT_MOST);
    if panels.is_empty() {
        Err("nothing changes")
    } else {
        Ok(Box::new(Tornado { heading: Heading::new("What each factor changes alone"), panels }))
    }
}
