//! Phases: the stages of a strategy that its timeline shows.

use crate::engine::Time;
use crate::model::Fact;
use crate::world::{OrganisationId, Strategy};

/// The phases, in order: until the employer is set up; until the team is staffed; until the transfer; from the first
/// wave to the last; after the last.
pub const PHASES: [&str; 5] = ["setting up", "building", "operating", "transfer", "after transfer"];
/// Position of the transfer among them.
pub(crate) const TRANSFER_PHASE: usize = 3;

#[derive(Debug)]
pub(super) struct Phases {
    employer: OrganisationId,
    ready: f64,
    begun: f64,
    completed: f64,
}

impl Phases {
    pub(super) fn new(strategy: &Strategy) -> Self {
        Self { employer: strategy.employer, ready: f64::NAN, begun: f64::NAN, completed: f64::NAN }
    }

    pub(super) fn start(&mut self) {
        (self.ready, self.begun, self.completed) = (f64::NAN, f64::NAN, f64::NAN);
    }

    #[inline(always)]
    pub(super) fn happened(&mut self, fact: Fact, now: Time) {
        let mark = match fact {
            Fact::OrganisationReady(organisation) if organisation == self.employer => &mut self.ready,
            Fact::TransferBegan(_) => &mut self.begun,
            Fact::TransferCompleted(_) => &mut self.completed,
            _ => return,
        };
        // `min` skips NaN: the first time counts.
        *mark = mark.min(now.days());
    }

    /// Adds the begin and end of each phase in turn, in days. A phase that did not begin is NaN twice. One that has not
    /// ended ends at the horizon.
    pub(super) fn values(&self, staffed: f64, horizon: f64, days: &mut Vec<f64>) {
        // The team may transfer before it is staffed. Then it never operates.
        let operating = if staffed >= self.begun { f64::NAN } else { staffed };
        let marks = [0.0, self.ready, operating, self.begun, self.completed];
        for (phase, &begin) in marks.iter().enumerate() {
            // `min` skips NaN.
            let end = marks[phase + 1..].iter().copied().fold(horizon, f64::min);
            days.extend(if begin <= end { [begin, end] } else { [f64::NAN; 2] });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phases(ready: f64, begun: f64, completed: f64, staffed: f64) -> Vec<f64> {
        let mut days = Vec::new();
        Phases { employer: OrganisationId(0), ready, begun, completed }.values(staffed, 1000.0, &mut days);
        days
    }

    #[test]
    fn phases_follow_each_other() {
        assert_eq!(phases(10.0, 700.0, 760.0, 300.0), [0.0, 10.0, 10.0, 300.0, 300.0, 700.0, 700.0, 760.0, 760.0, 1000.0]);
    }

    #[test]
    fn a_team_that_is_never_staffed_is_built_until_the_end() {
        let days = phases(10.0, f64::NAN, f64::NAN, f64::NAN);
        assert_eq!(days[..4], [0.0, 10.0, 10.0, 1000.0]);
        assert!(days[4..].iter().all(|day| day.is_nan()));
    }

    #[test]
    fn a_team_that_goes_over_before_it_is_staffed_never_operates() {
        let days = phases(10.0, 100.0, 100.0, 300.0);
        assert_eq!(days[..4], [0.0, 10.0, 10.0, 100.0]);
        assert!(days[4].is_nan() && days[5].is_nan());
        assert_eq!(days[6..], [100.0, 100.0, 100.0, 1000.0]);
    }
}
