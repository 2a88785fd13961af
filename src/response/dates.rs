//! Dates: when the first person joins, and when the team is staffed and effective.

use crate::engine::Time;
use crate::model::{Fact, Team};

use super::{Frame, Group, Spec, Unit, threshold};

/// Shares of the highest wanted headcount or output that count as half staffed, staffed and effective.
const HALF: f64 = 0.5;
const STAFFED: f64 = 0.9;

#[derive(Debug)]
pub(super) struct Dates {
    half_headcount: f64,
    staffed_headcount: f64,
    effective_fte: f64,
    first_join: f64,
    half_staffed: f64,
    staffed: f64,
    effective: f64,
}

impl Dates {
    pub(super) fn new(frame: &Frame) -> Self {
        let day = f64::NAN;
        let wanted = f64::from(frame.highest_wanted);
        // Where nobody is ever wanted nothing is reached.
        let share = |share: f64, of: f64| if of > 0.0 { threshold(share * of) } else { f64::INFINITY };
        Self {
            half_headcount: share(HALF, wanted),
            staffed_headcount: share(STAFFED, wanted),
            effective_fte: share(STAFFED, frame.highest_wanted_fte),
            first_join: day,
            half_staffed: day,
            staffed: day,
            effective: day,
        }
    }

    pub(super) fn staffed_day(&self) -> f64 {
        self.staffed
    }
}

impl Group for Dates {
    const SPECS: &'static [Spec] = &[
        Spec { name: "first_join_day", unit: Unit::Day, help: "day on which the first person joined" },
        Spec {
            name: "half_staffed_day",
            unit: Unit::Day,
            help: "day on which headcount first reached 50 % of the highest wanted",
        },
        Spec {
            name: "staffed_day",
            unit: Unit::Day,
            help: "day on which headcount first reached 90 % of the highest wanted",
        },
        Spec {
            name: "effective_day",
            unit: Unit::Day,
            help: "day on which effective FTE first reached 90 % of the highest wanted output",
        },
    ];

    fn start(&mut self) {
        (self.first_join, self.half_staffed, self.staffed, self.effective) = (f64::NAN, f64::NAN, f64::NAN, f64::NAN);
    }

    fn held(&mut self, team: &Team, from: Time, _until: Time) {
        let headcount = f64::from(team.headcount());
        if self.half_staffed.is_nan() && headcount >= self.half_headcount {
            self.half_staffed = from.days();
        }
        if self.staffed.is_nan() && headcount >= self.staffed_headcount {
            self.staffed = from.days();
        }
        if self.effective.is_nan() && team.effective_fte() >= self.effective_fte {
            self.effective = from.days();
        }
    }

    fn happened(&mut self, fact: Fact, _team: &Team, now: Time) {
        if self.first_join.is_nan() && matches!(fact, Fact::Joined(_)) {
            self.first_join = now.days();
        }
    }

    fn values(&self, _frame: &Frame, values: &mut Vec<f64>) {
        values.extend([self.first_join, self.half_staffed, self.staffed, self.effective]);
    }
}
