//! The charts of a study, made of what its result files hold.

use crate::money::Kind;
use crate::report::chart::{Chart, DayDistribution, Fan, Stack, Step, StrategyDays, StrategyFan, StrategyStack, Transfer};
use crate::report::number::short_percent;
use crate::response::MEASURES;
use crate::world::month_instant;

use super::estimates::Results;

/// Makes one chart of results.
type Make = fn(&Results) -> Box<dyn Chart>;

/// The charts: their names, which are those of their files, and what makes them.
pub const CHARTS: [(&str, Make); 5] = [
    ("headcount", |results| Box::new(fan(results, "headcount", "Headcount by month", headcount_wanted(results)))),
    ("effective_fte", |results| {
        Box::new(fan(results, "effective_fte", "Effective output by month", output_wanted(results)))
    }),
    ("staffed_day", |results| Box::new(staffed_day(results))),
    ("month_cost", |results| Box::new(month_cost(results))),
    ("client_cost", |results| Box::new(fan(results, "client_cost", "What the client has paid so far", Vec::new()))),
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
        note: note(results),
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

/// What each kind of client cost is called.
fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Bills => "bills of vendors",
        Kind::Fees => "fees",
        Kind::Oversight => "oversight",
        Kind::Bonus => "retention bonuses",
        Kind::Pay => "own pay",
        Kind::Place => "own places",
        Kind::Hiring => "own hiring",
        Kind::StartEnd => "own start and end",
    }
}

fn month_cost(results: &Results) -> Stack {
    let months = results.study.scenario.world.horizon_months;
    let strategy = |name: &str| {
        let of_kind = |kind: Kind| {
            let rows = results.costs.iter().filter(|row| row.strategy == name && row.kind == kind.name());
            rows.map(|row| row.mean).collect()
        };
        StrategyStack {
            name: name.to_owned(),
            days: (1..=months).map(|month| month_instant(month.into()).days()).collect(),
            amounts: Kind::ALL.into_iter().map(of_kind).collect(),
        }
    };
    Stack {
        name: "month_cost".to_owned(),
        title: "What the client pays each month, on average".to_owned(),
        note: note(results),
        unit: results.study.scenario.world.currency.clone(),
        start: results.study.scenario.start,
        parts: Kind::ALL.into_iter().map(|kind| kind_words(kind).to_owned()).collect(),
        strategies: results.study.names().into_iter().map(strategy).collect(),
    }
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
