//! Goals: whether and when each is met (MODEL section 10).

use crate::world::Bound;

use super::{Frame, MEASURES};

#[derive(Debug)]
pub(super) struct Goals(Vec<Goal>);

#[derive(Debug)]
struct Goal {
    /// Position of its measure among the month-end measures.
    measure: usize,
    bound: Bound,
    /// The last month whose end counts.
    by_month: f64,
    /// The first month at whose end an `at_least` was reached, or an `at_most` missed.
    first: Option<u32>,
}

impl Goals {
    pub(super) fn new(frame: &Frame<'_>) -> Self {
        let goal = |goal: &crate::world::Goal| Goal {
            measure: MEASURES.iter().position(|measure| measure.name == goal.measure.name).unwrap_or(usize::MAX),
            bound: goal.bound,
            by_month: goal.by_month,
            first: None,
        };
        Self(frame.world.goals.iter().map(goal).collect())
    }

    pub(super) fn start(&mut self) {
        self.0.iter_mut().for_each(|goal| goal.first = None);
    }

    pub(super) fn month_ended(&mut self, month: u32, measures: &[f64; MEASURES.len()]) {
        for goal in self.0.iter_mut().filter(|goal| goal.first.is_none()) {
            let holds = goal.bound.holds(measures[goal.measure]);
            if holds == matches!(goal.bound, Bound::AtLeast(_)) {
                goal.first = Some(month);
            }
        }
    }

    /// Whether each goal is met: 1 or 0.
    pub(super) fn values(&self, values: &mut Vec<f64>) {
        values.extend(self.0.iter().map(|goal| f64::from(u8::from(goal.is_met_by(goal.by_month)))));
    }

    /// Counts, goal by goal and month by month, whether it is met by the end of the month, as if that were its last.
    pub(super) fn count(&self, months: usize, counts: &mut [u32]) {
        for (goal, counts) in self.0.iter().zip(counts.chunks_mut(2 * months)) {
            for (month, count) in (1_u32..).zip(&mut counts[months..]) {
                *count += u32::from(goal.is_met_by(month.into()));
            }
        }
    }
}

impl Goal {
    fn is_met_by(&self, month: f64) -> bool {
        let has_come = self.first.is_some_and(|first| f64::from(first) <= month + 1e-9);
        has_come == matches!(self.bound, Bound::AtLeast(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Headcounts at month ends.
    fn goal(bound: Bound, headcounts: &[f64]) -> Goals {
        let measure = MEASURES.iter().position(|measure| measure.name == "headcount").expect("there is such a measure");
        let mut goals = Goals(vec![Goal { measure, bound, by_month: 2.0, first: None }]);
        for (month, &headcount) in (1..).zip(headcounts) {
            let mut measures = [0.0; MEASURES.len()];
            measures[measure] = headcount;
            goals.month_ended(month, &measures);
        }
        goals
    }

    fn met_by_month(goals: &Goals) -> Vec<u32> {
        let mut counts = vec![0; 4];
        goals.count(4, &mut counts);
        counts
    }

    #[test]
    fn at_least_is_met_once_and_at_most_until_missed() {
        let reached = goal(Bound::AtLeast(5.0), &[4.0, 5.0, 3.0, 6.0]);
        assert_eq!(met_by_month(&reached), [0, 1, 1, 1]);
        let kept = goal(Bound::AtMost(5.0), &[4.0, 5.0, 6.0, 3.0]);
        assert_eq!(met_by_month(&kept), [1, 1, 0, 0]);
        let mut values = Vec::new();
        reached.values(&mut values);
        kept.values(&mut values);
        goal(Bound::AtLeast(5.0), &[4.0, 4.0, 5.0]).values(&mut values);
        assert_eq!(values, [1.0, 1.0, 0.0], "month 3 comes too late");
    }
}
