//! Goals: at which month ends each bound holds, and whether each goal is met (MODEL section 10).

use crate::world::{Bound, Due};

use super::{Frame, MeasureId, SeriesId};

#[derive(Debug)]
pub(super) struct Goals {
    goals: Vec<Goal>,
    months: usize,
    /// For each goal: whether the bound holds at each month end, then whether the goal would be met if it were due
    /// then.
    states: Vec<bool>,
}

#[derive(Debug)]
struct Goal {
    series: SeriesId,
    bound: Bound,
    due: Due,
    for_months: u32,
    /// Consecutive month ends, up to now, at which the bound has held.
    streak: u32,
    /// The longest such streak so far.
    longest: u32,
    /// The amount booked so far in the fiscal year of the goal.
    booked: f64,
}

impl Goals {
    pub(super) fn new(frame: &Frame<'_>) -> Self {
        let goal = |goal: &crate::world::Goal| Goal {
            series: goal.series(frame.world.roles.len()),
            bound: goal.bound,
            due: goal.due,
            for_months: goal.for_months,
            streak: 0,
            longest: 0,
            booked: 0.0,
        };
        Self::of(frame.world.goals.iter().map(goal).collect(), frame.world.horizon_months as usize)
    }

    fn of(goals: Vec<Goal>, months: usize) -> Self {
        Self { states: vec![false; goals.len() * 2 * months], goals, months }
    }

    pub(super) fn start(&mut self) {
        self.goals.iter_mut().for_each(|goal| (goal.streak, goal.longest, goal.booked) = (0, 0, 0.0));
    }

    /// Measures a month end, given the value of each series. Month ends come in order, from 1.
    pub(super) fn month_ended(&mut self, month: u32, value: impl Fn(SeriesId) -> f64) {
        let at = month as usize - 1;
        for (goal, states) in self.goals.iter_mut().zip(self.states.chunks_mut(2 * self.months)) {
            let holds = goal.bound.holds(goal.measured(month, &value));
            states[at] = holds;
            states[self.months + at] = goal.is_met_after(month, holds);
        }
    }

    /// Adds 1 for each goal that is met, else 0.
    pub(super) fn values(&self, values: &mut Vec<f64>) {
        let states = self.goals.iter().zip(self.states.chunks(2 * self.months));
        let is_met = |(goal, states): (&Goal, &[bool])| states[self.months + goal.due.month_end() as usize - 1];
        values.extend(states.map(is_met).map(|is_met| f64::from(u8::from(is_met))));
    }

    /// Adds to the counts, goal by goal: the month ends at which the bound holds, then those at which the goal would be
    /// met if it were due.
    pub(super) fn count(&self, counts: &mut [u32]) {
        counts.iter_mut().zip(&self.states).for_each(|(count, &state)| *count += u32::from(state));
    }
}

impl Goal {
    /// Returns what its bound is for at a month end: a value, or the sum of what is booked in its fiscal year so far.
    fn measured(&mut self, month: u32, value: impl Fn(SeriesId) -> f64) -> f64 {
        let Due::In(year) = self.due else { return value(self.series) };
        if (year.from..=year.to).contains(&month) {
            self.booked += value(MeasureId::MONTH_COST.into());
        }
        self.booked
    }

    /// Returns whether the goal would be met if it were due at this month end, at which the bound holds or not.
    fn is_met_after(&mut self, month: u32, holds: bool) -> bool {
        self.streak = if holds { self.streak + 1 } else { 0 };
        self.longest = self.longest.max(self.streak);
        match (self.due, self.bound) {
            (Due::At(_), _) => self.streak >= self.for_months,
            (Due::By(_), Bound::AtLeast(_)) => self.longest >= self.for_months,
            (Due::By(_), Bound::AtMost(_)) => self.streak == month,
            (Due::In(_), _) => holds,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::input::months::FiscalYear;

    use super::*;

    const LEAST: Bound = Bound::AtLeast(5.0);
    const MOST: Bound = Bound::AtMost(5.0);

    /// Returns, by month end, whether the bound holds and whether the goal would be met, for these headcounts at month
    /// ends.
    fn counts((bound, due, for_months): (Bound, Due, u32), headcounts: &[f64; 6]) -> [Vec<u32>; 2] {
        let series = if let Due::In(_) = due { MeasureId::CLIENT_COST } else { MeasureId::HEADCOUNT }.into();
        let mut goals = Goals::of(vec![Goal { series, bound, due, for_months, streak: 0, longest: 0, booked: 0.0 }], 6);
        // An earlier replication must leave no traces.
        for headcounts in [[5.0; 6], *headcounts] {
            goals.start();
            for (month, headcount) in (1..).zip(headcounts) {
                let is_asked_for =
                    |asked: SeriesId| [MeasureId::HEADCOUNT, MeasureId::MONTH_COST].contains(&asked.measure());
                goals.month_ended(month, |asked| if is_asked_for(asked) { headcount } else { f64::NAN });
            }
        }
        let mut counts = vec![0; 12];
        goals.count(&mut counts);
        let mut values = Vec::new();
        goals.values(&mut values);
        assert_eq!(values, [f64::from(counts[6 + due.month_end() as usize - 1])]);
        [counts[..6].to_vec(), counts[6..].to_vec()]
    }

    const PATH: [f64; 6] = [4.0, 5.0, 3.0, 6.0, 7.0, 2.0];

    #[test]
    fn at_a_month_only_that_month_end_and_those_just_before_it_count() {
        let due = Due::At(2);
        assert_eq!(counts((LEAST, due, 1), &PATH), [[0, 1, 0, 1, 1, 0], [0, 1, 0, 1, 1, 0]]);
        assert_eq!(counts((MOST, due, 1), &PATH), [[1, 1, 1, 0, 0, 1], [1, 1, 1, 0, 0, 1]]);
        assert_eq!(counts((LEAST, due, 2), &PATH), [[0, 1, 0, 1, 1, 0], [0, 0, 0, 0, 1, 0]]);
        assert_eq!(counts((MOST, due, 3), &PATH), [[1, 1, 1, 0, 0, 1], [0, 0, 1, 0, 0, 0]]);
    }

    #[test]
    fn what_is_booked_in_a_fiscal_year_counts_from_its_first_month_to_its_last() {
        let due = Due::In(FiscalYear { year: 2028, from: 2, to: 4 });
        // 0, 5, 8, 14, 14, 14.
        assert_eq!(counts((MOST, due, 1), &PATH), [[1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0]]);
        assert_eq!(counts((Bound::AtLeast(9.0), due, 1), &PATH), [[0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]]);
    }

    #[test]
    fn by_a_month_what_was_reached_stays_met_and_what_was_missed_stays_missed() {
        let due = Due::By(4);
        assert_eq!(counts((LEAST, due, 1), &PATH), [[0, 1, 0, 1, 1, 0], [0, 1, 1, 1, 1, 1]]);
        assert_eq!(counts((LEAST, due, 2), &PATH), [[0, 1, 0, 1, 1, 0], [0, 0, 0, 0, 1, 1]]);
        assert_eq!(counts((LEAST, due, 3), &PATH), [[0, 1, 0, 1, 1, 0], [0; 6]]);
        assert_eq!(counts((MOST, due, 1), &PATH), [[1, 1, 1, 0, 0, 1], [1, 1, 1, 0, 0, 0]]);
    }
}
