//! The charts of a study, made of what its result files hold: a file for each group of them, and their list.

mod comparison;
mod cost;
mod goals;
mod handover;
mod team;

use std::borrow::Cow;

use crate::report::chart::{Chart, Fan, Heading, Step, StrategyFan, Transfer, Values};
use crate::report::number::short_percent;
use crate::response::{EXITED, MeasureId, ResponseId, TRANSFER_PHASE};
use crate::world::month_instant;

use super::estimates::{ReportedId, Results};

/// A chart, or why the results have nothing to show in it: a clause such as `no transfer took place`.
pub type ChartOrReason = Result<Box<dyn Chart>, &'static str>;

/// A chart that can be drawn of a document.
pub struct Drawing<D = Results> {
    /// Its name, which is that of its files.
    pub name: &'static str,
    /// The question that it answers.
    pub question: &'static str,
    /// What it shows, in a sentence or two.
    pub caption: &'static str,
    /// Makes it.
    pub make: fn(&D) -> ChartOrReason,
}

/// The charts, in the order of the report.
pub(super) const CHARTS: &[Drawing] = &[
    handover::PHASES,
    team::HEADCOUNT,
    team::EFFECTIVE_FTE,
    team::STAFFED_DAY,
    goals::GOALS,
    team::ATTRITION,
    handover::HANDOVER,
    cost::MONTH_COST,
    cost::MONTH_COST_RANGE,
    cost::CLIENT_COST,
    cost::COST_BREAKDOWN,
    cost::COST_DISTRIBUTION,
    comparison::DIFFERENCE,
    comparison::BREAK_EVEN,
];

/// A strategy that was simulated.
#[derive(Clone, Copy)]
struct Drawn<'r> {
    /// Its position among those simulated.
    strategy: usize,
    /// The number of its colour, which is its place in the scenario.
    slot: usize,
    name: &'r str,
}

/// The strategies simulated.
fn strategies(results: &Results) -> impl Iterator<Item = Drawn<'_>> {
    let slots = results.study.settings.strategies.iter().enumerate();
    slots.map(|(strategy, &slot)| Drawn { strategy, slot, name: results.study.title(strategy) })
}

/// The values of a response in all replications of a strategy: NaN where undefined, infinite where a date never comes. Of a
/// long run they are fewer, that spread alike.
fn replications(results: &Results, strategy: usize, response: ResponseId) -> Cow<'_, [f64]> {
    results.observations.column(strategy, response).drawn()
}

/// The values of a response for a histogram, each so many times as large.
fn values(results: &Results, strategy: usize, response: ResponseId, times: f64) -> Values {
    let all = replications(results, strategy, response);
    let known: Vec<f64> = all.iter().copied().filter(|value| value.is_finite()).map(|value| times * value).collect();
    let [p5, _, p50, _, p95] = results.response(strategy, response).quantiles.map(|value| times * value);
    let never = all.iter().filter(|value| value.is_infinite()).count();
    Values { p5, p50, p95, never, missing: all.len() - known.len() - never, values: known }
}

/// A measure of `timeline.csv` as a fan.
fn fan(results: &Results, measure: MeasureId, title: &str, wanted: Vec<Step>) -> Fan {
    Fan {
        heading: Heading::new(title).with_note(note(results, measure)),
        unit: measure.about().unit.name(&results.study.scenario.world.currency),
        start: results.study.scenario.start,
        strategies: strategies(results).map(|strategy| strategy_fan(results, strategy, measure)).collect(),
        wanted,
    }
}

fn strategy_fan(results: &Results, Drawn { strategy, slot, name }: Drawn<'_>, measure: MeasureId) -> StrategyFan {
    let months = &results.strategies[strategy].timelines[0][measure.position()];
    let quantile = |share: usize| months.iter().map(|month| month.quantiles[share]).collect();
    StrategyFan {
        name: name.to_owned(),
        slot,
        transfer: transfer(results, strategy),
        days: month_ends(results),
        p5: quantile(0),
        p25: quantile(1),
        p50: quantile(2),
        p75: quantile(3),
        p95: quantile(4),
    }
}

/// When the first transfer takes place, in the replications in which one does; none if these are fewer than half.
fn transfer(results: &Results, strategy: usize) -> Option<Transfer> {
    let day = results.response(strategy, ResponseId::TRANSFER_DAY);
    let [p5_day, median_day, p95_day] = results.strategies[strategy].phases[TRANSFER_PHASE].begin;
    (day.n > 0 && day.n >= day.missing).then_some(Transfer { median_day, p5_day, p95_day })
}

/// Ends of all months, in days since the start.
fn month_ends(results: &Results) -> Vec<f64> {
    (1..=results.study.scenario.world.horizon_months).map(|month| month_instant(month.into()).days()).collect()
}

/// Why a measure may fall to 0, or stay what it is.
fn note(results: &Results, measure: MeasureId) -> String {
    let exits = strategies(results).map(|drawn| results.reported(drawn.strategy, ReportedId::outcome(EXITED)).mean);
    let most = exits.fold(0.0, f64::max);
    if most > 0.0 {
        let what = if measure == MeasureId::CLIENT_COST { "nothing more is paid" } else { "all is 0" };
        format!("After a market exit {what}: in {} of the replications by the end", short_percent(most))
    } else {
        String::new()
    }
}
