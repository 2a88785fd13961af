//! Knowledge: it grows with tenure, and is computed at month ends (MODEL section 5).

use crate::engine::Time;
use crate::maths::exp;
use crate::model::fact::PersonId;

use super::{Standing, Team};

/// By person number: the share of all there is to know that the person does not know.
#[derive(Debug, Default)]
pub(super) struct Ignorance {
    /// The share at the latest month end. 1 for people who have left, and unused for newcomers.
    share: Vec<f64>,
    /// The factor per month on the share. 1 for people who have left.
    left_by_month: Vec<f64>,
    /// People who have joined since the latest month end.
    newcomers: Vec<PersonId>,
}

impl Ignorance {
    pub(super) fn clear(&mut self) {
        self.share.clear();
        self.left_by_month.clear();
        self.newcomers.clear();
    }
}

impl Team {
    /// Adds a new person, who counts from the next month end.
    pub(super) fn enrol(&mut self, id: PersonId) {
        let (ignorance, index) = (&mut self.ignorance, id.0 as usize);
        if index == ignorance.share.len() {
            ignorance.share.push(1.0);
            ignorance.left_by_month.push(1.0);
        }
        ignorance.left_by_month[index] = self.rules.ignorance_left_by_month;
        ignorance.newcomers.push(id);
    }

    /// Removes the knowledge of a person who has left.
    pub(super) fn retire(&mut self, id: PersonId) {
        self.ignorance.share[id.0 as usize] = 1.0;
        self.ignorance.left_by_month[id.0 as usize] = 1.0;
    }

    /// Computes knowledge at a month end.
    pub(in crate::model) fn learn(&mut self, now: Time) {
        let Ignorance { share, left_by_month, newcomers } = &mut self.ignorance;
        // The share that remains to be learned shrinks by the same factor every month.
        for (share, left) in share.iter_mut().zip(left_by_month) {
            *share *= *left;
        }
        for id in newcomers.drain(..) {
            let person = &self.people[id.0 as usize];
            if person.standing != Standing::Gone {
                let days = now.days() - person.joined_day;
                share[id.0 as usize] = exp(-days / self.rules.knowledge_days);
            }
        }
        let known = in_lanes(share);
        self.knowledge = if self.wanted == 0 { 0.0 } else { known / f64::from(self.wanted) };
    }
}

/// Returns the total knowledge. It is summed in four lanes, so that an addition need not wait for the one before.
fn in_lanes(share: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (fours, rest) = share.as_chunks::<4>();
    for four in fours {
        lanes.iter_mut().zip(four).for_each(|(lane, share)| *lane += 1.0 - share);
    }
    lanes.iter_mut().zip(rest).for_each(|(lane, share)| *lane += 1.0 - share);
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}
