//! The chart of goals: how likely each is met, by month.

use crate::report::chart::{Curve, CurvePanel, Curves, Heading};
use crate::world::Goal;

use super::super::estimates::{Probability, Results};
use super::finding::{Values, title};
use super::{Drawing, Drawn, month_ends, strategies};

pub(super) const GOALS: Drawing = Drawing {
    name: "goals",
    caption: "Share of simulations that would meet each goal if it were due at the end of each month, with its confidence \
              interval for up to five strategies. The thin line is the share in which the bound holds in that month. The \
              dashed line is the probability that a gate requires.",
    make: |results| {
        if results.study.scenario.world.goals.is_empty() {
            Err("the scenario has no goals")
        } else {
            Ok(Box::new(goals(results)))
        }
    },
};

fn goals(results: &Results) -> Curves {
    Curves {
        heading: Heading::new(title(goals_findings(results), "How likely each goal is met"))
            .with_subtitle("Share of simulations that would meet each goal if it were due at the end of that month"),
        start: results.study.scenario.start(),
        days: month_ends(results),
        panels: results.study.goals().iter().enumerate().map(|goal| panel(results, goal)).collect(),
    }
}

/// How likely each strategy meets the only goal, or the one that it meets least.
fn goals_findings(results: &Results) -> [Option<String>; 2] {
    let goals = results.study.goals();
    let least = |strategy: usize| {
        let met = (0..goals.len()).map(|goal| results.goal(strategy, goal));
        met.min_by(|one, other| one.share.total_cmp(&other.share)).unwrap_or(NOT_KNOWN)
    };
    Values::shares(results, least).say(|met| match goals {
        [only] => format!("“{}” is met in {met}", only.name),
        _ => format!("Each goal is met in at least {met}"),
    })
}

const NOT_KNOWN: Probability = Probability { share: f64::NAN, low: f64::NAN, high: f64::NAN };

fn panel(results: &Results, (position, goal): (usize, &Goal)) -> CurvePanel {
    let curve = |Drawn { strategy, slot, name }: Drawn<'_>| {
        let months = &results.strategies[strategy].goals[position].months;
        let met = |of: fn(&Probability) -> f64| months.iter().map(|[_, met]| of(met)).collect();
        Curve {
            name: name.to_owned(),
            slot,
            shares: met(|met| met.share),
            low: met(|met| met.low),
            high: met(|met| met.high),
            beside: months.iter().map(|[holds, _]| holds.share).collect(),
        }
    };
    let world = &results.study.scenario.world;
    let due = goal.due.month_end();
    CurvePanel {
        name: goal.name.clone(),
        slot: None,
        required: goal.probability,
        due_day: (due < world.horizon_months).then(|| world.months.day(due.into())),
        curves: strategies(results).map(curve).collect(),
    }
}
