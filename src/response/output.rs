//! Output: what the team delivered, what was wanted, and the shortfall.

use crate::engine::Time;
use crate::model::{Fact, Team};
use crate::stats::TimeIntegral;

use super::{Better, Frame, Group, Nature, Spec, Unit, threshold};
use crate::world::DAYS_PER_MONTH;

/// Share of the wanted headcount from which the team counts as staffed.
const STAFFED: f64 = 0.95;

/// Delivered output: the integral of effective FTE, less the effort of incidents.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    effective: TimeIntegral,
    effort_days: f64,
}

impl Delivered {
    pub(super) fn hold(&mut self, effective_fte: f64, from: Time, until: Time) {
        self.effective.hold(effective_fte, from.days(), until.days());
    }

    /// Returns the output delivered before the current level of effective output began, less the effort of all
    /// incidents so far, and the day on which that level began.
    pub(super) fn before_stretch(&self) -> (f64, f64) {
        let (effective, since_day) = self.effective.before_stretch();
        (effective - self.effort_days, since_day)
    }

    #[inline(always)]
    pub(super) fn happened(&mut self, fact: Fact) {
        if let Fact::Incident(effort_days) = fact {
            self.effort_days += effort_days;
        }
    }

    pub(super) fn fte_days(&self) -> f64 {
        self.effective.total() - self.effort_days
    }
}

#[derive(Debug, Default)]
pub(super) struct Output {
    delivered: Delivered,
    wanted: TimeIntegral,
    shortfall: TimeIntegral,
    days_wanted: TimeIntegral,
    days_staffed: TimeIntegral,
}

impl Output {
    pub(super) fn new(_frame: &Frame<'_>) -> Self {
        Self::default()
    }

    /// Returns the output delivered so far, in FTE-days.
    pub(super) fn delivered_fte_days(&self) -> f64 {
        self.delivered.fte_days()
    }
}

impl Group for Output {
    const SPECS: &'static [Spec] = &[
        Spec {
            name: "effective_fte_days",
            unit: Unit::FteDays,
            nature: Nature::Number,
            better: Better::Higher,
            help: "integral of effective FTE over time",
        },
        Spec {
            name: "delivered_fte_days",
            unit: Unit::FteDays,
            nature: Nature::Number,
            better: Better::Higher,
            help: "output delivered: effective FTE-days less the effort of incidents",
        },
        Spec {
            name: "delivered_fte_months",
            unit: Unit::FteMonths,
            nature: Nature::Number,
            better: Better::Higher,
            help: "output delivered, in months",
        },
        Spec {
            name: "wanted_fte_days",
            unit: Unit::FteDays,
            nature: Nature::Number,
            better: Better::Neither,
            help: "integral of wanted output over time",
        },
        Spec {
            name: "shortfall_fte_days",
            unit: Unit::FteDays,
            nature: Nature::Number,
            better: Better::Lower,
            help: "integral of the shortfall of effective FTE below wanted output",
        },
        Spec {
            name: "staffed_share",
            unit: Unit::Share,
            nature: Nature::Number,
            better: Better::Higher,
            help: "share of the time with someone wanted in which headcount was at least 95 % of it",
        },
    ];

    fn start(&mut self, _replication: u32) {
        *self = Self::default();
    }

    fn measured_interval(&mut self, team: &Team, from: Time, until: Time) {
        let (effective, wanted) = (team.effective_fte(), team.wanted_fte());
        self.delivered.hold(effective, from, until);
        let (from, until) = (from.days(), until.days());
        self.wanted.hold(wanted, from, until);
        self.shortfall.hold((wanted - effective).max(0.0), from, until);
        let is_wanted = team.wanted() > 0;
        let is_staffed = is_wanted && f64::from(team.headcount()) >= threshold(STAFFED * f64::from(team.wanted()));
        self.days_wanted.hold(f64::from(u8::from(is_wanted)), from, until);
        self.days_staffed.hold(f64::from(u8::from(is_staffed)), from, until);
    }

    #[inline(always)]
    fn happened(&mut self, fact: Fact, _team: &Team, _now: Time) {
        self.delivered.happened(fact);
    }

    fn values(&self, values: &mut Vec<f64>) {
        let effective = self.delivered.effective.total();
        // 0 / 0 is NaN: nobody was ever wanted.
        let staffed = self.days_staffed.total() / self.days_wanted.total();
        let delivered = self.delivered_fte_days();
        values.extend([effective, delivered, delivered / DAYS_PER_MONTH]);
        values.extend([self.wanted.total(), self.shortfall.total(), staffed]);
    }
}
