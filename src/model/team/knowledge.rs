//! What people know: it grows with tenure, and is worked out at month ends (MODEL section 5).

use crate::engine::Time;
use crate::maths::exp;
use crate::model::fact::PersonId;

use super::{Standing, Team};

/// By person: the share of what there is to know that they do not know.
#[derive(Debug, Default)]
pub(super) struct Ignorance {
    /// At the latest month end; 1 of whoever has left, and of no meaning for newcomers.
    share: Vec<f64>,
    /// What a month leaves of it; 1 of whoever has left.
    left_by_month: Vec<f64>,
    /// Who has come since the latest month end.
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
    /// Somebody has come, and counts from the next month end on.
    pub(super) fn enrol(&mut self, id: PersonId) {
        let (ignorance, index) = (&mut self.ignorance, id.0 as usize);
        if index == ignorance.share.len() {
            ignorance.share.push(1.0);
            ignorance.left_by_month.push(1.0);
        }
        ignorance.left_by_month[index] = self.rules.ignorance_left_by_month;
        ignorance.newcomers.push(id);
    }

    /// Somebody has left, and what they know with them.
    pub(super) fn retire(&mut self, id: PersonId) {
        self.ignorance.share[id.0 as usize] = 1.0;
        self.ignorance.left_by_month[id.0 as usize] = 1.0;
    }

    /// Works out knowledge at a month end.
    pub(in crate::model) fn learn(&mut self, now: Time) {
        let Ignorance { share, left_by_month, newcomers } = &mut self.ignorance;
        // What is left to learn shrinks by the same factor every month.
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

/// What is known in all, summed in four lanes, so that one addition need not wait for the one before.
fn in_lanes(share: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (fours, rest) = share.as_chunks::<4>();
    for four in fours {
        lanes.iter_mut().zip(four).for_each(|(lane, share)| *lane += 1.0 - share);
    }
    lanes.iter_mut().zip(rest).for_each(|(lane, share)| *lane += 1.0 - share);
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}
