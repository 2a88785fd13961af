//! Effects of levels in a full factorial design, from the blocks of all points.

use std::borrow::Cow;
use std::io;

use rayon::prelude::*;

use crate::response::{Nature, ResponseId, Rules, Unit};
use crate::run::{Block, Job, Runs, blocks_of, replications_of};
use crate::stats::{Factorial, FactorialBlock, Interval, Tally};

use super::super::estimates::{NONE, Results};
use super::super::method::Method;
use super::SweepStudy;

/// An effect this much smaller than the means is rounding.
const DUST: f64 = 1e-13;

/// The effect of a level, or an interaction.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Effect {
    pub(super) strategy: String,
    pub(super) response: String,
    pub(super) unit: String,
    /// The factor, or two with a colon between them.
    pub(super) factor: String,
    /// The level; empty for an interaction.
    pub(super) level: String,
    /// The mean of the response at this level.
    pub(super) mean: f64,
    pub(super) effect: f64,
    pub(super) se: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) method: Method,
}

impl Effect {
    /// Returns an empty effect, to be read from a file.
    pub(super) fn unread() -> Self {
        let nothing = String::new;
        let [strategy, response, unit, factor, level] = [(); 5].map(|()| nothing());
        let (method, [mean, effect, se, low, high]) = (Method::None, [NONE; 5]);
        Self { strategy, response, unit, factor, level, mean, effect, se, low, high, method }
    }
}

/// Returns the effects of all levels on each response of each strategy that is defined at all points.
pub(super) fn effects(study: &SweepStudy, points: &[Results], runs: &Runs) -> io::Result<Vec<Effect>> {
    let first = &points[0];
    let names = |results: &Results| -> Vec<String> { results.study.names().into_iter().map(str::to_owned).collect() };
    let responses =
        |results: &Results| -> Vec<String> { results.observations.about().iter().map(|about| about.name.clone()).collect() };
    // Points with different strategies or goals are not combinations of levels of one thing.
    let is_alike = |other: &Results| names(other) == names(first) && responses(other) == responses(first);
    if !points.iter().all(is_alike) {
        return Ok(Vec::new());
    }
    let levels: Vec<usize> = study.design.factors.iter().map(|factor| factor.levels.len()).collect();
    let about = first.observations.about();
    let mut effects = Vec::new();
    for (strategy, name) in names(first).iter().enumerate() {
        let is_whole = |response: &ResponseId| {
            let of_point = |point: &Results| {
                let estimate = point.response(strategy, *response);
                let may_be_missing = !matches!(about[response.position()].nature, Nature::Number);
                !estimate.mean.is_nan() && (may_be_missing || estimate.missing == 0)
            };
            about[response.position()].unit != Unit::Outcome && points.iter().all(of_point)
        };
        let wanted: Vec<ResponseId> = ResponseId::all(about.len()).filter(is_whole).collect();
        let block = |block: u32| -> io::Result<Vec<(Factorial, FactorialBlock)>> {
            let replications = replications_of(block, study.replications);
            let empty = || {
                let factorial = Factorial::new(levels.clone());
                let sums = factorial.block(replications.len());
                (factorial, sums)
            };
            let mut sums: Vec<_> = wanted.iter().map(|_| empty()).collect();
            for (point, of_point) in points.iter().enumerate() {
                let job = Job { point, strategy, replications: replications.clone() };
                let block = runs.block_of(&job, &of_point.study.scenario)?;
                let rules = of_point.observations.rules();
                for (&response, (factorial, sums)) in wanted.iter().zip(&mut sums) {
                    let values = values(&block, rules, response, (of_point, strategy));
                    factorial.add_point(sums, point, &values);
                }
            }
            Ok(sums)
        };
        let blocks: Vec<_> =
            (0..blocks_of(study.replications)).into_par_iter().map(block).collect::<io::Result<Vec<_>>>()?;
        for (position, &response) in wanted.iter().enumerate() {
            let mut factorial = Factorial::new(levels.clone());
            blocks.iter().for_each(|block| factorial.add_block(&block[position].1));
            let column = &about[response.position()];
            let subject = Subject { study, strategy: name, response: &column.name, unit: &column.unit_name };
            effects.extend(subject.effects(&factorial));
        }
    }
    Ok(effects)
}

/// Returns the values to average: for a ratio its influence values, whose mean is the ratio of the means.
fn values<'b>(
    block: &'b Block,
    rules: &Rules,
    response: ResponseId,
    (results, strategy): (&Results, usize),
) -> Cow<'b, [f64]> {
    let column = |response: ResponseId| &block.responses[response.position() * block.replications..][..block.replications];
    match rules.nature(response) {
        Nature::Ratio(ratio) => {
            let value = results.response(strategy, response).mean;
            let below = results.response(strategy, ratio.denominator).mean;
            let times: f64 = ratio.times.into();
            let influence = |(&above, &under): (&f64, &f64)| value + (times * above - value * under) / below;
            column(ratio.numerator).iter().zip(column(ratio.denominator)).map(influence).collect()
        }
        _ => rules.restricted(response, column),
    }
}

/// Describes effects: the response and the strategy.
struct Subject<'t> {
    study: &'t SweepStudy,
    strategy: &'t str,
    response: &'t str,
    unit: &'t str,
}

impl Subject<'_> {
    fn effects(&self, factorial: &Factorial) -> Vec<Effect> {
        let factors = &self.study.design.factors;
        let mean = |level: usize| factorial.level(0, level).0.mean().unwrap_or_default().abs();
        let scale = (0..factors.first().map_or(0, |factor| factor.levels.len())).map(mean).fold(0.0, f64::max);
        let mut effects = Vec::new();
        for (position, factor) in factors.iter().enumerate() {
            for (level, label) in factor.levels.iter().enumerate() {
                let (mean, effect) = factorial.level(position, level);
                effects.push(self.effect((&factor.name, label), mean.mean().unwrap_or(NONE), effect, scale));
            }
        }
        for ((a, b), interaction) in factorial.interactions() {
            let name = format!("{}:{}", factors[*a].name, factors[*b].name);
            effects.push(self.effect((&name, ""), NONE, interaction, scale));
        }
        effects
    }

    fn effect(&self, (factor, level): (&str, &str), mean: f64, effect: &Tally, scale: f64) -> Effect {
        let interval = Interval::mean(effect, self.study.confidence);
        // What remains of equal means is rounding.
        let is_dust = effect.mean().is_some_and(|found| found.abs() < DUST * scale);
        let of = |value: Option<f64>| if is_dust { 0.0 } else { value.unwrap_or(NONE) };
        Effect {
            strategy: self.strategy.to_owned(),
            response: self.response.to_owned(),
            unit: self.unit.to_owned(),
            factor: factor.to_owned(),
            level: level.to_owned(),
            mean,
            effect: of(effect.mean()),
            se: of(effect.standard_error()),
            low: of(interval.map(|interval| interval.low)),
            high: of(interval.map(|interval| interval.high)),
            method: Method::of_mean(interval, effect.count(), effect.skewness()),
        }
    }
}
