//! Dates: when the first person joins, and when the team is staffed and effective.

use crate::engine::Time;
use crate::model::{Fact, Team};
use crate::world::Project;

use super::output::Delivered;
use super::{Better, Frame, Group, Nature, Spec, Unit, threshold};

/// The day of an event that has not happened yet.
const NEVER: f64 = f64::INFINITY;

/// Shares of the highest wanted headcount or output that count as half staffed, staffed and effective.
const HALF: f64 = 0.5;
pub(super) const STAFFED: f64 = 0.9;

#[derive(Debug)]
pub(super) struct Dates {
    half_headcount: f64,
    staffed_headcount: f64,
    effective_fte: f64,
    first_join: f64,
    half_staffed: f64,
    staffed: f64,
    effective: f64,
    project: Option<Completion>,
    /// Whether anyone is ever wanted, and any output. If not, the dates are undefined.
    is_asked_for: (bool, bool),
}

/// The project, and when enough output is delivered for it.
#[derive(Debug)]
struct Completion {
    size_fte_days: f64,
    delivered: Delivered,
    day: f64,
}

impl Dates {
    pub(super) fn new(frame: &Frame<'_>) -> Self {
        let day = NEVER;
        let (highest_wanted, highest_wanted_fte) = frame.world.highest_wanted();
        let wanted = f64::from(highest_wanted);
        let project =
            |project: Project| Completion { size_fte_days: project.size_fte_days, delivered: Delivered::default(), day };
        // If nobody is ever wanted, nothing is reached.
        let share = |share: f64, of: f64| if of > 0.0 { threshold(share * of) } else { f64::INFINITY };
        Self {
            half_headcount: share(HALF, wanted),
            staffed_headcount: share(STAFFED, wanted),
            effective_fte: share(STAFFED, highest_wanted_fte),
            first_join: day,
            half_staffed: day,
            staffed: day,
            effective: day,
            project: frame.world.project.map(project),
            is_asked_for: (wanted > 0.0, highest_wanted_fte > 0.0),
        }
    }

    pub(super) fn staffed_day(&self) -> f64 {
        self.staffed
    }
}

impl Group for Dates {
    const SPECS: &'static [Spec] = &[
        Spec {
            name: "first_join_day",
            unit: Unit::Day,
            nature: Nature::DATE,
            better: Better::Lower,
            help: "day on which the first person joined",
        },
        Spec {
            name: "half_staffed_day",
            unit: Unit::Day,
            nature: Nature::DATE,
            better: Better::Lower,
            help: "day on which headcount first reached 50 % of the highest wanted",
        },
        Spec {
            name: "staffed_day",
            unit: Unit::Day,
            nature: Nature::DATE,
            better: Better::Lower,
            help: "day on which headcount first reached 90 % of the highest wanted",
        },
        Spec {
            name: "effective_day",
            unit: Unit::Day,
            nature: Nature::DATE,
            better: Better::Lower,
            help: "day on which effective FTE first reached 90 % of the highest wanted output",
        },
        Spec {
            name: "project_day",
            unit: Unit::Day,
            nature: Nature::DATE,
            better: Better::Lower,
            help: "day on which what was delivered first reached the project's size",
        },
    ];

    fn start(&mut self, _replication: u32) {
        (self.first_join, self.half_staffed, self.staffed, self.effective) = (NEVER, NEVER, NEVER, NEVER);
        if let Some(project) = &mut self.project {
            (project.delivered, project.day) = (Delivered::default(), NEVER);
        }
    }

    #[inline]
    fn measured_interval(&mut self, team: &Team, from: Time, until: Time) {
        let headcount = f64::from(team.headcount());
        if self.half_staffed.is_infinite() && headcount >= self.half_headcount {
            self.half_staffed = from.days();
        }
        if self.staffed.is_infinite() && headcount >= self.staffed_headcount {
            self.staffed = from.days();
        }
        if self.effective.is_infinite() && team.effective_fte() >= self.effective_fte {
            self.effective = from.days();
        }
        if let Some(project) = &mut self.project {
            project.hold(team.effective_fte(), from, until);
        }
    }

    #[inline(always)]
    fn happened(&mut self, fact: Fact, _team: &Team, now: Time) {
        if self.first_join.is_infinite() && matches!(fact, Fact::Joined(_)) {
            self.first_join = now.days();
        }
        if let Some(project) = &mut self.project {
            project.delivered.happened(fact);
        }
    }

    fn values(&self, values: &mut Vec<f64>) {
        let project = self.project.as_ref().map_or(f64::NAN, |project| project.day);
        let (somebody, output) = self.is_asked_for;
        let asked = |is_asked_for: bool, day: f64| if is_asked_for { day } else { f64::NAN };
        values.extend([self.first_join, self.half_staffed, self.staffed].map(|day| asked(somebody, day)));
        values.extend([asked(output, self.effective), project]);
    }
}

impl Completion {
    fn hold(&mut self, effective_fte: f64, from: Time, until: Time) {
        self.delivered.set(effective_fte, from.days());
        // Delivered output grows linearly since effective output last changed, however often something else happened.
        let (before, since_day) = self.delivered.before_stretch();
        let missing = self.size_fte_days - before;
        if self.day.is_infinite() && effective_fte * (until.days() - since_day) >= threshold(missing) {
            // Never before this interval. It is its start if nothing was missing by then.
            self.day = (since_day + missing / effective_fte).max(from.days()).min(until.days());
        }
    }
}
