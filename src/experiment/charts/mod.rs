//! The charts of a study, made of what its result files hold: a file for each group of them, and their list.

mod comparison;
mod cost;
mod goals;
mod handover;
mod team;

use std::borrow::Cow;

use crate::report::chart::{Chart, Fan, Heading, Step, StrategyFan, Transfer, Values};
use crate::report::number::short_percent;
use crate::response::MEASURES;
use crate::world::month_instant;

use super::estimates::Results;
use super::rows::SummaryRow;

/// A chart, or why the results have nothing to show in it: a clause such as `no transfer took place`.
pub type Made = Result<Box<dyn Chart>, &'static str>;

/// A chart that can be drawn of results.
#[derive(Clone, Copy)]
pub struct Drawing {
    /// Its name, which is that of its files.
    pub name: &'static str,
    /// The question that it answers.
    pub question: &'static str,
    /// What it shows, in a sentence or two.
    pub caption: &'static str,
    /// Makes it.
    pub make: fn(&Results) -> Made,
}

/// The charts, in the order of the report.
pub const CHARTS: [Drawing; 14] = [
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

/// The strategies simulated: the number of the colour of each, which is its place in the scenario, and its name.
fn strategies(results: &Results) -> impl Iterator<Item = (usize, &str)> {
    results.study.settings.strategies.iter().copied().zip(results.study.names())
}

/// The row of the summary of a response.
fn summary<'r>(results: &'r Results, strategy: &str, response: &str) -> Option<&'r SummaryRow> {
    results.summary.iter().find(|row| row.strategy == strategy && row.response == response)
}

/// The values of a response in all replications of a strategy, by its position among those simulated; NaN where missing.
/// Of a long run they are fewer, that spread alike.
fn replications<'r>(results: &'r Results, strategy: usize, response: &str) -> Cow<'r, [f64]> {
    let position = results.study.columns().iter().position(|column| column.name == response);
    position.map_or(Cow::from(&[][..]), |position| results.responses[strategy][position].drawn())
}

/// The values of a response for a histogram, each so many times as large.
fn values(results: &Results, (index, strategy): (usize, &str), response: &str, times: f64) -> Values {
    let all = replications(results, index, response);
    let known = all.iter().copied().filter(|value| !value.is_nan()).map(|value| times * value);
    let row = summary(results, strategy, response);
    let quantile = |of: fn(&SummaryRow) -> f64| row.map_or(f64::NAN, |row| times * of(row));
    Values {
        values: known.collect(),
        p5: quantile(|row| row.p5),
        p50: quantile(|row| row.p50),
        p95: quantile(|row| row.p95),
        missing: all.iter().filter(|value| value.is_nan()).count(),
    }
}

/// A measure of `timeline.csv` as a fan.
fn fan(results: &Results, measure: &str, title: &str, wanted: Vec<Step>) -> Fan {
    let currency = &results.study.scenario.world.currency;
    let about = MEASURES.iter().find(|known| known.name == measure);
    Fan {
        heading: Heading::new(title).with_note(note(results)),
        unit: about.map_or_else(String::new, |known| known.unit.name(currency)),
        start: results.study.scenario.start,
        strategies: strategies(results).map(|strategy| strategy_fan(results, strategy, measure)).collect(),
        wanted,
    }
}

fn strategy_fan(results: &Results, (slot, strategy): (usize, &str), measure: &str) -> StrategyFan {
    let transfer = transfer(results, strategy);
    let mut fan = StrategyFan { name: strategy.to_owned(), slot, transfer, ..StrategyFan::default() };
    for row in results.timeline.iter().filter(|row| row.strategy == strategy && row.measure == measure) {
        fan.days.push(month_instant(row.month.into()).days());
        fan.p5.push(row.p5);
        fan.p25.push(row.p25);
        fan.p50.push(row.p50);
        fan.p75.push(row.p75);
        fan.p95.push(row.p95);
    }
    fan
}

fn transfer(results: &Results, strategy: &str) -> Option<Transfer> {
    let row = summary(results, strategy, "transfer_day").filter(|row| row.n > 0)?;
    Some(Transfer { median_day: row.p50, p5_day: row.p5, p95_day: row.p95 })
}

/// Ends of all months, in days since the start.
fn month_ends(results: &Results) -> Vec<f64> {
    (1..=results.study.scenario.world.horizon_months).map(|month| month_instant(month.into()).days()).collect()
}

/// Why everything may fall to 0.
fn note(results: &Results) -> String {
    let exits = results.summary.iter().filter(|row| row.response == "outcome_exited").map(|row| row.mean);
    let most = exits.fold(0.0, f64::max);
    if most > 0.0 {
        format!("After a market exit all is 0: in {} of the replications by the end", short_percent(most))
    } else {
        String::new()
    }
}
