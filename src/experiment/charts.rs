//! The charts of a study, made of what its result files hold.

use crate::report::chart::{Chart, DayDistribution, Fan, Step, StrategyDays, StrategyFan, Transfer};
use crate::response::MEASURES;
use crate::world::month_instant;

use super::estimates::Results;

/// Makes one chart of results.
type Make = fn(&Results) -> Box<dyn Chart>;

/// The charts: their names, which are those of their files, and what makes them.
pub const CHARTS: [(&str, Make); 3] = [
    ("headcount", |results| Box::new(fan(results, "headcount", "Headcount by month", headcount_wanted(results)))),
    ("effective_fte", |results| {
        Box::new(fan(results, "effective_fte", "Effective output by month", output_wanted(results)))
    }),
    ("staffed_day", |results| Box::new(staffed_day(results))),
];

/// The charts that were asked for by name, in the order of [`CHARTS`].
#[must_use]
pub fn charts(results: &Results, names: &[&str]) -> Vec<Box<dyn Chart>> {
    CHARTS.iter().filter(|(name, _)| names.contains(name)).map(|(_, make)| make(results)).collect()
}

fn fan(results: &Results, measure: &str, title: &str, wanted: Vec<Step>) -> Fan {
    let strategies = results.study.names();
    let currency = &results.study.scenario.world.currency;
    let about = MEASURES.iter().find(|known| known.name == measure);
    let unit = about.map_or_else(String::new, |known| known.unit.name(currency));
    Fan {
        name: measure.to_owned(),
        title: title.to_owned(),
        unit,
        start: results.study.scenario.start,
        strategies: strategies.iter().map(|name| strategy_fan(results, name, measure)).collect(),
        wanted,
    }
}

fn strategy_fan(results: &Results, strategy: &str, measure: &str) -> StrategyFan {
    let mut fan = StrategyFan { name: strategy.to_owned(), transfer: transfer(results, strategy), ..StrategyFan::default() };
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
    let row = results.summary.iter().find(|row| row.strategy == strategy && row.response == "transfer_day")?;
    (row.n > 0).then_some(Transfer { median_day: row.p50, p5_day: row.p5, p95_day: row.p95 })
}

/// Steps of the wanted headcount of all roles, each worth so many units per head.
fn wanted(results: &Results, worth: impl Fn(usize) -> f64) -> Vec<Step> {
    let world = &results.study.scenario.world;
    let mut months: Vec<f64> =
        world.demand.iter().flat_map(|role| role.steps().map(|(month, _)| month)).chain([0.0]).collect();
    months.sort_by(f64::total_cmp);
    months.dedup();
    months.retain(|&month| month < f64::from(world.horizon_months));
    let value = |month| (0..world.roles.len()).map(|role| f64::from(world.demand[role].at(month)) * worth(role)).sum();
    months.into_iter().map(|month| Step { from_day: month_instant(month).days(), value: value(month) }).collect()
}

fn headcount_wanted(results: &Results) -> Vec<Step> {
    wanted(results, |_| 1.0)
}

fn output_wanted(results: &Results) -> Vec<Step> {
    wanted(results, |role| results.study.scenario.world.roles[role].output)
}

fn staffed_day(results: &Results) -> DayDistribution {
    let position = results.study.columns().iter().position(|column| column.name == "staffed_day");
    let days = |strategy: usize| position.map_or(&[][..], |position| results.responses[strategy][position].as_slice());
    let strategy = |(index, name): (usize, &str)| StrategyDays {
        name: name.to_owned(),
        days: days(index).iter().copied().filter(|day| !day.is_nan()).collect(),
        not_reached: days(index).iter().filter(|day| day.is_nan()).count(),
    };
    let world = &results.study.scenario.world;
    DayDistribution {
        name: "staffed_day".to_owned(),
        title: "When the team is staffed".to_owned(),
        event: "headcount has reached 90 % of the highest wanted".to_owned(),
        start: results.study.scenario.start,
        horizon_days: world.month_ends().at(world.horizon_months).days(),
        strategies: results.study.names().into_iter().enumerate().map(strategy).collect(),
    }
}
