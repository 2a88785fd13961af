//! What people know: it grows with tenure, and is worked out at month ends (MODEL section 5).

use crate::engine::Time;
use crate::maths::exp;

use super::{Standing, Team};

impl Team {
    /// Works out knowledge at a month end.
    pub(in crate::model) fn learn(&mut self, now: Time) {
        let days = self.rules.world.knowledge_days;
        let people = self.people.iter().zip(&mut self.ignorance).filter(|(person, _)| person.standing != Standing::Gone);
        let mut known = 0.0;
        for (person, ignorance) in people {
            // What is left to learn shrinks by the same factor every month.
            *ignorance = if ignorance.is_nan() {
                exp(-(now.days() - person.joined_day) / days)
            } else {
                *ignorance * self.rules.ignorance_left_by_month
            };
            known += 1.0 - *ignorance;
        }
        self.knowledge = if self.wanted == 0 { 0.0 } else { known / f64::from(self.wanted) };
    }
}
