//! Goals: how likely each is met, in time and by each month.

use crate::run::StrategyResults;
use crate::stats::{Column, Interval};

use super::estimates::{Study, month_end, share_of};
use super::rows::{GoalMonthRow, GoalRow};

/// How likely a strategy meets each goal.
pub(super) fn reached(name: &str, results: &StrategyResults, study: &Study) -> Vec<GoalRow> {
    let goals = &study.scenario.world.goals;
    let columns = &results.responses[results.responses.len() - goals.len()..];
    let row = |(goal, values): (&crate::world::Goal, &Column)| {
        let (met, all) = (values.count_of(1.0), values.len());
        let interval = Interval::proportion(met, all, study.confidence);
        GoalRow {
            strategy: name.to_owned(),
            goal: goal.name.clone(),
            probability: share_of(met, all),
            ci_low: interval.low,
            ci_high: interval.high,
            required: goal.probability.unwrap_or(f64::NAN),
            met: goal.probability.map(|required| interval.low >= required),
        }
    };
    goals.iter().zip(columns).map(row).collect()
}

/// How likely a strategy meets each goal were it due at each month end.
pub(super) fn by_month(name: &str, results: &StrategyResults, study: &Study) -> Vec<GoalMonthRow> {
    let months = study.scenario.world.horizon_months;
    let replications = u64::from(study.settings.replications);
    // Each goal has counts of the months in which its bound holds, then of those in which it would be met.
    let counts = results.goal_counts.chunks(2 * months as usize).map(|counts| &counts[months as usize..]);
    let goals = study.scenario.world.goals.iter().zip(counts);
    let row = |goal: &str, (month, &met): (u32, &u64)| {
        let interval = Interval::proportion(met, replications, study.confidence);
        GoalMonthRow {
            strategy: name.to_owned(),
            goal: goal.to_owned(),
            month,
            date: month_end(study.scenario.start, month).to_string(),
            probability: share_of(met, replications),
            ci_low: interval.low,
            ci_high: interval.high,
        }
    };
    goals.flat_map(|(goal, counts)| (1..).zip(counts).map(move |month| row(&goal.name, month))).collect()
}
