//! Output: what the team delivered, what was wanted, and the shortfall.

use crate::engine::Time;
use crate::model::{Fact, Team};
use crate::stats::TimeIntegral;

use super::{Better, Frame, Group, Nature, Spec, Unit, threshold};

/// Share of the wanted headcount from which the team counts as staffed.
const STAFFED: f64 = 0.95;

/// Delivered output: the integral of effective FTE, less the effort of incidents.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    effective: TimeIntegral,
    effort_days: f64,
}

impl Delivered {
    /// Effective output has this level from a day on.
    #[inline]
    pub(super) fn set(&mut self, effective_fte: f64, day: f64) {
        self.effective.set(effective_fte, day);
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

    fn fte_days(&self, until_day: f64) -> f64 {
        self.effective.total(until_day) - self.effort_days
    }
}

#[derive(Debug, Default)]
pub(super) struct Output {
    /// The end of the latest interval.
    until_day: f64,
    delivered: Delivered,
    wanted: TimeIntegral,
    shortfall: TimeIntegral,
    days_wanted: TimeIntegral,
    days_staffed: TimeIntegral,
    /// The latest wanted headcount, and the headcount from which the team is then staffed.
    wanted_headcount: u32,
    staffed_headcount: f64,
    /// What was delivered by the latest month end.
    delivered_fte_days: f64,
    delivered_fte_months: f64,
}

impl Output {
    /// Closes a month of this many days. Returns the FTE-months delivered in it.
    pub(super) fn month_ended(&mut self, month_days: f64) -> f64 {
        let delivered = self.delivered_fte_days();
        let fte_months = (delivered - self.delivered_fte_days) / month_days;
        self.delivered_fte_days = delivered;
        self.delivered_fte_months += fte_months;
        fte_months
    }

    pub(super) fn new(_frame: &Frame<'_>) -> Self {
        Self::default()
    }

    /// Returns the output delivered so far, in FTE-days.
    pub(super) fn delivered_fte_days(&self) -> f64 {
        self.delivered.fte_days(self.until_day)
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

    #[inline]
    fn measured_interval(&mut self, team: &Team, from: Time, until: Time) {
        let (effective, wanted, day) = (team.effective_fte(), team.wanted_fte(), from.days());
        self.until_day = until.days();
        self.delivered.set(effective, day);
        self.wanted.set(wanted, day);
        self.shortfall.set((wanted - effective).max(0.0), day);
        if team.wanted() != self.wanted_headcount {
            self.wanted_headcount = team.wanted();
            self.staffed_headcount = threshold(STAFFED * f64::from(team.wanted()));
            self.days_wanted.set(f64::from(u8::from(team.wanted() > 0)), day);
        }
        let is_staffed = team.wanted() > 0 && f64::from(team.headcount()) >= self.staffed_headcount;
        self.days_staffed.set(f64::from(u8::from(is_staffed)), day);
    }

    #[inline(always)]
    fn happened(&mut self, fact: Fact, _team: &Team, _now: Time) {
        self.delivered.happened(fact);
    }

    fn values(&self, values: &mut Vec<f64>) {
        let effective = self.delivered.effective.total(self.until_day);
        // 0 / 0 is NaN: nobody was ever wanted.
        let staffed = self.days_staffed.total(self.until_day) / self.days_wanted.total(self.until_day);
        let delivered = self.delivered_fte_days();
        values.extend([effective, delivered, self.delivered_fte_months]);
        values.extend([self.wanted.total(self.until_day), self.shortfall.total(self.until_day), staffed]);
    }
}
