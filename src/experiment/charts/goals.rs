//! The chart of goals: how likely each is reached, by month.

use crate::report::chart::{Curve, CurvePanel, Curves, Heading};
use crate::world::{Goal, month_instant};

use super::super::estimates::Results;
use super::{Drawing, month_ends, strategies};

pub(super) const GOALS: Drawing = Drawing {
    name: "goals",
    question: "How likely is each goal met, and by when?",
    caption: "Share of the replications in which each goal is met by the end of each month, as if that were its last, with \
              the confidence interval of that share for up to five strategies. The dashed line is the probability that a gate requires.",
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
        heading: Heading::new("How likely each goal is met by the end of a month"),
        start: results.study.scenario.start,
        days: month_ends(results),
        panels: results.study.scenario.world.goals.iter().map(|goal| panel(results, goal)).collect(),
    }
}

fn panel(results: &Results, goal: &Goal) -> CurvePanel {
    let curve = |(slot, name): (usize, &str)| {
        let mut curve = Curve { name: name.to_owned(), slot, ..Curve::default() };
        for row in results.goal_months.iter().filter(|row| row.strategy == name && row.goal == goal.name) {
            curve.shares.push(row.probability);
            curve.low.push(row.ci_low);
            curve.high.push(row.ci_high);
        }
        curve
    };
    let due = goal.due.month();
    let is_before_the_end = due < f64::from(results.study.scenario.world.horizon_months);
    CurvePanel {
        name: goal.name.clone(),
        slot: None,
        required: goal.probability,
        due_day: is_before_the_end.then(|| month_instant(due).days()),
        curves: strategies(results).map(curve).collect(),
    }
}
