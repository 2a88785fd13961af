//! Charts of the team: how many people there are, what they put out, when the team is staffed, and who leaves.

use crate::model::Cause;
use crate::report::chart::{Bars, DayDistribution, Heading, Step, StrategyBar, StrategyDays};
use crate::response::{MeasureId, ResponseId};
use crate::world::month_instant;

use super::super::estimates::Results;
use super::{Drawing, Drawn, fan, replications, strategies};

pub(super) const HEADCOUNT: Drawing = Drawing {
    name: "headcount",
    question: "How many people are there, and how many are wanted?",
    caption: "People present at month ends. The bands hold 50 % and 90 % of the replications; the dashed line is what is wanted.",
    make: |results| {
        let wanted = wanted(results, |_| 1.0);
        Ok(Box::new(fan(results, MeasureId::HEADCOUNT, "Headcount by month", wanted)))
    },
};

pub(super) const EFFECTIVE_FTE: Drawing = Drawing {
    name: "effective_fte",
    question: "How much work do they do, against what is wanted?",
    caption: "Output at month ends, counted in fully productive people: less for those in onboarding, serving notice or \
              disrupted by a transfer. The dashed line is the wanted output.",
    make: |results| {
        let wanted = wanted(results, |role| results.study.scenario.world.roles[role].output);
        Ok(Box::new(fan(results, MeasureId::EFFECTIVE_FTE, "Effective output by month", wanted)))
    },
};

pub(super) const STAFFED_DAY: Drawing = Drawing {
    name: "staffed_day",
    question: "When is the team staffed?",
    caption: "Share of the replications in which headcount has reached 90 % of the highest wanted by each day.",
    make: |results| Ok(Box::new(staffed_day(results))),
};

pub(super) const ATTRITION: Drawing = Drawing {
    name: "attrition",
    question: "Who leaves, and why?",
    caption: "People who leave by the end, by cause, on average over the replications.",
    make: |results| {
        let chart = attrition(results);
        let leaves = |strategy: &StrategyBar| strategy.amounts.iter().any(|&amount| amount > 0.0);
        if chart.strategies.iter().any(leaves) { Ok(Box::new(chart)) } else { Err("nobody leaves") }
    },
};

/// What each cause of leaving is called, in the order of the causes.
const CAUSES: [&str; Cause::ALL.len()] = [
    "quit in time",
    "quit in the first days",
    "moved elsewhere",
    "burnt out",
    "quit after a transfer",
    "refused a transfer",
    "fewer wanted",
    "market exit",
    "organisation collapsed",
];

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

fn attrition(results: &Results) -> Bars {
    let leaves = |strategy, cause| results.response(strategy, ResponseId::FIRST_LEAVES_CAUSE.after(cause)).mean;
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyBar {
        name: name.to_owned(),
        slot,
        amounts: (0..CAUSES.len()).map(|cause| leaves(strategy, cause)).collect(),
    };
    Bars {
        heading: Heading::new("People who leave, by cause, on average"),
        unit: "people".to_owned(),
        parts: CAUSES.iter().map(|words| (*words).to_owned()).collect(),
        strategies: strategies(results).map(strategy).collect(),
    }
}

fn staffed_day(results: &Results) -> DayDistribution {
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| {
        let days = replications(results, strategy, ResponseId::STAFFED_DAY);
        let reached: Vec<f64> = days.iter().copied().filter(|day| day.is_finite()).collect();
        StrategyDays { name: name.to_owned(), slot, not_reached: days.len() - reached.len(), days: reached }
    };
    let world = &results.study.scenario.world;
    DayDistribution {
        heading: Heading::new("When the team is staffed")
            .with_note("Probability that headcount has reached 90 % of the highest wanted by a date"),
        start: results.study.scenario.start,
        horizon_days: world.month_ends().at(world.horizon_months).days(),
        strategies: strategies(results).map(strategy).collect(),
    }
}
