//! One factor at a time: the levels of each factor with the smallest and the largest change, the widest bars first.

use crate::response::{ResponseId, Unit};

use super::super::estimates::{NO_DIFFERENCE, Results};
use super::{PointId, Swept, unquoted};
use crate::scenario::level_identity;

/// An end of a bar: a level of a factor, with the other factors at the base point.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub(super) level: String,
    pub(super) mean: f64,
    pub(super) change: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The effect of a factor alone on a response of a strategy.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) strategy: usize,
    pub(super) response: ResponseId,
    pub(super) factor: usize,
    pub(super) base_level: String,
    pub(super) base: f64,
    pub(super) low: End,
    pub(super) high: End,
    pub(super) swing: f64,
}

impl Bar {
    /// Returns whether an end shows a significant change: its interval excludes 0.
    pub(super) fn is_shown(&self) -> bool {
        [&self.low, &self.high].into_iter().any(|end| end.low * end.high > 0.0)
    }
}

impl Swept {
    /// Returns the point that others are compared with.
    pub(super) fn base(&self) -> &Results {
        &self.points[self.study.design.base]
    }

    /// Returns the bars of all responses of all strategies, the widest of each response first.
    pub(super) fn bars(&self) -> Vec<Bar> {
        let base = self.base();
        let about = base.observations.about();
        let mut bars = Vec::new();
        for strategy in 0..base.study.settings.strategies.len() {
            for response in ResponseId::all(about.len()).filter(|id| about[id.position()].unit != Unit::Outcome) {
                bars.extend(self.bars_of(strategy, response));
            }
        }
        bars
    }

    /// Returns the bars of a response of a strategy, the widest first.
    pub(super) fn bars_of(&self, strategy: usize, response: ResponseId) -> Vec<Bar> {
        let factors = 0..self.study.design.factors.len();
        let mut bars: Vec<Bar> = factors.filter_map(|factor| self.bar(strategy, response, factor)).collect();
        bars.sort_by(|one, other| other.swing.total_cmp(&one.swing));
        bars
    }

    fn bar(&self, strategy: usize, response: ResponseId, factor: usize) -> Option<Bar> {
        let design = &self.study.design;
        let levels = &design.factors[factor].levels;
        let base_level = design.points[design.base].levels[factor].clone();
        let end = |level: &String| {
            let point = self.alone(factor, level)?;
            let results = &self.points[point];
            let difference = self.differences.get(&(point, strategy, response)).copied().unwrap_or(NO_DIFFERENCE);
            let is_base = point == design.base;
            let or_nothing = |value: f64| if is_base { 0.0 } else { value };
            Some(End {
                level: unquoted(level).to_owned(),
                mean: results.response(strategy, response).mean,
                change: or_nothing(difference.mean),
                low: or_nothing(difference.low),
                high: or_nothing(difference.high),
            })
        };
        let ends: Vec<End> = levels.iter().filter_map(end).filter(|end| !end.change.is_nan()).collect();
        let order = |one: &(usize, &End), other: &(usize, &End)| one.1.change.total_cmp(&other.1.change);
        let (least, _) = ends.iter().enumerate().min_by(order)?;
        let (most, _) = ends.iter().enumerate().max_by(order)?;
        // The ends are in the order of the levels.
        let (low, high) = (ends[least.min(most)].clone(), ends[least.max(most)].clone());
        let swing = low.change.max(high.change).max(0.0) - low.change.min(high.change).min(0.0);
        let base = self.base().response(strategy, response).mean;
        let base_level = unquoted(&base_level).to_owned();
        Some(Bar { strategy, response, factor, base_level, base, low, high, swing })
    }

    /// Returns the point at which a factor has this level and all others are at the base.
    fn alone(&self, factor: usize, level: &str) -> Option<PointId> {
        let design = &self.study.design;
        let base = &design.points[design.base].levels;
        let is_it = |levels: &[String]| {
            levels
                .iter()
                .zip(base)
                .enumerate()
                .all(|(at, (here, of_base))| if at == factor { here == level } else { here == of_base })
        };
        // A level that equals the scenario's value is not repeated: it is the base, however it is typed.
        let as_base = || (level_identity(level) == level_identity(&base[factor])).then_some(design.base);
        design.points.iter().position(|point| is_it(&point.levels)).or_else(as_base)
    }
}
