//! The charts of a study, made of what its result files hold: a file for each group of them, and their list.

mod comparison;
mod cost;
mod finding;
mod goals;
mod handover;
mod team;

use std::borrow::Cow;

use crate::report::chart::{Chart, Fan, Heading, Step, StrategyFan, Target, Transfer, Values};
use crate::report::number::percent_within;
use crate::response::{EXITED, MeasureId, ResponseId, TRANSFER_PHASE};
use crate::world::{Bound, Goal};

use super::estimates::{MonthEstimate, Results};
use super::reported::ReportedId;
use finding::{half_width, share};

/// A chart, or why the results have nothing to show in it: a clause such as `no transfer took place`.
pub type ChartOrReason = Result<Box<dyn Chart>, &'static str>;

/// A chart that can be drawn of a document.
pub struct Drawing<D = Results> {
    /// Its name, which is that of its files.
    pub name: &'static str,
    /// What it shows, in a sentence or two.
    pub caption: &'static str,
    /// Makes it.
    pub make: fn(&D) -> ChartOrReason,
}

/// The charts, in the order of the report.
pub(super) const CHARTS: &[Drawing] = &[
    handover::PHASES,
    team::HEADCOUNT,
    team::EMPLOYERS,
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

/// The values of a response for a histogram, each this many times as large.
fn values(results: &Results, strategy: usize, response: ResponseId, times: f64) -> Values {
    let all = replications(results, strategy, response);
    let known: Vec<f64> = all.iter().copied().filter(|value| value.is_finite()).map(|value| times * value).collect();
    let [p5, _, p50, _, p95] = results.response(strategy, response).quantiles.map(|value| times * value);
    let never = all.iter().filter(|value| value.is_infinite()).count();
    Values { p5, p50, p95, never, missing: all.len() - known.len() - never, values: known }
}

/// A measure of `timeline.csv` as a fan.
fn fan(results: &Results, measure: MeasureId, (title, what): (String, &str), wanted: Vec<Step>) -> Fan {
    let strategies: Vec<StrategyFan> =
        strategies(results).map(|strategy| strategy_fan(results, strategy, measure)).collect();
    let survivors = if is_of_survivors(results) { ", ventures that survive" } else { "" };
    let subtitle = format!("{what}{survivors}: {}", Fan::bands_in_words(strategies.len()));
    let has_transfer = strategies.iter().any(|strategy| strategy.transfer.is_some());
    let transfer = has_transfer.then(|| "Dotted: median transfer; the bar above spans 90 % of transfers.".to_owned());
    let notes: Vec<String> = [transfer, ends_early(results)].into_iter().flatten().collect();
    Fan {
        heading: Heading::new(title).with_subtitle(subtitle).with_note(notes.join(" ")),
        unit: measure.about().unit.name(&results.study.scenario.world.currency),
        start: results.study.scenario.start(),
        strategies,
        wanted,
        targets: targets(results, measure),
    }
}

/// The months of a measure that fans draw: of the ventures that have not ended by then, where a venture may end.
fn months(results: &Results, strategy: usize, measure: MeasureId) -> &[MonthEstimate] {
    let [all, surviving] = &results.strategies[strategy].timelines;
    surviving.get(measure.position()).unwrap_or(&all[measure.position()])
}

/// Whether the months that fans draw are those of survivors.
fn is_of_survivors(results: &Results) -> bool {
    results.strategies.iter().any(|strategy| !strategy.timelines[1].is_empty())
}

fn strategy_fan(results: &Results, Drawn { strategy, slot, name }: Drawn<'_>, measure: MeasureId) -> StrategyFan {
    let months = months(results, strategy, measure);
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

/// Goals and budgets on a measure.
fn targets(results: &Results, measure: MeasureId) -> Vec<Target> {
    let target = |(position, goal): (usize, &Goal)| {
        let (Bound::AtLeast(level) | Bound::AtMost(level)) = goal.bound;
        let met = |Drawn { strategy, slot, .. }: Drawn<'_>| (slot, share(&results.goal(strategy, position)));
        let world = &results.study.scenario.world;
        Target {
            name: goal.name.clone(),
            level,
            due_day: world.months.day(goal.due.month_end().min(world.horizon_months).into()),
            met: strategies(results).map(met).collect(),
        }
    };
    results.study.goals().iter().enumerate().filter(|(_, goal)| goal.is_on(measure)).map(target).collect()
}

/// When the first transfer takes place, in the replications in which one does; none if these are fewer than half.
fn transfer(results: &Results, strategy: usize) -> Option<Transfer> {
    let day = results.response(strategy, ResponseId::TRANSFER_DAY);
    let [p5_day, median_day, p95_day] = results.strategies[strategy].phases[TRANSFER_PHASE].begin;
    (day.n > 0 && day.n >= day.missing).then_some(Transfer { median_day, p5_day, p95_day })
}

/// Ends of all months, in days since the start.
fn month_ends(results: &Results) -> Vec<f64> {
    let world = &results.study.scenario.world;
    (1..=world.horizon_months).map(|month| world.months.day(month.into())).collect()
}

/// The value of a measure at the last month end, as a median.
fn last_median(results: &Results, strategy: usize, measure: MeasureId) -> f64 {
    months(results, strategy, measure).last().map_or(f64::NAN, |month| month.quantiles[2])
}

/// How many ventures end early because the client leaves the market.
fn ends_early(results: &Results) -> Option<String> {
    let exits = strategies(results).map(|drawn| results.reported(drawn.strategy, ReportedId::outcome(EXITED)));
    let most = exits.max_by(|one, other| one.mean.total_cmp(&other.mean)).filter(|most| most.mean > 0.0)?;
    Some(format!("{} of ventures end early: the client leaves the market.", percent_within(most.mean, half_width(most))))
}
