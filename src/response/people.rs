//! People: who joined, who left and why, and how long requisitions were open.

use crate::engine::Time;
use crate::model::team::Person;
use crate::model::{Cause, Fact, Team};

use super::{Better, Frame, Group, Nature, Ratio, Spec, Unit};

#[derive(Debug, Default)]
pub(super) struct People {
    joins: u32,
    leaves: [u32; Cause::ALL.len()],
    fill_days: f64,
    /// Days of presence of those who have left, and at the horizon of everyone.
    head_days: f64,
    /// Days of requisitions that are closed, and at the horizon of all.
    vacant_days: f64,
    open_at_end: u32,
    promotions: u32,
    waiting_staff: CountDays,
    waiting_mentor: CountDays,
    staff_busy: CountDays,
    staff: CountDays,
    incidents: u32,
}

impl People {
    pub(super) fn new(_frame: &Frame<'_>) -> Self {
        Self::default()
    }

    /// Notes how many requisitions wait for staff, and how much of it is in use.
    #[inline]
    fn note_staff(&mut self, team: &Team, now: Time) {
        self.waiting_staff.set(team.waiting_for_staff(), now);
        self.staff_busy.set(team.staff_busy(), now);
    }

    #[inline]
    fn note_mentors(&mut self, team: &Team, now: Time) {
        self.waiting_mentor.set(team.waiting_for_mentor(), now);
    }
}

/// The integral of a count over time. Each change is one term: the part of the integral that it adds from day 0 on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CountDays {
    count: u32,
    /// The integral, less that of the current count from day 0 on.
    days: f64,
}

impl CountDays {
    /// Returns the count.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Sets the count from an instant on.
    #[inline]
    pub(super) fn set(&mut self, count: u32, now: Time) {
        if count != self.count {
            self.days += (f64::from(self.count) - f64::from(count)) * now.days();
            self.count = count;
        }
    }

    /// Returns the integral up to an instant.
    pub(super) fn days_until(mut self, now: Time) -> f64 {
        self.end(now);
        self.days
    }

    /// Ends the integral at an instant.
    fn end(&mut self, now: Time) {
        self.set(0, now);
    }
}

impl Group for People {
    const SPECS: &'static [Spec] = &[
        Spec {
            name: "joins",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Neither,
            help: "people who joined",
        },
        Spec { name: "leaves", unit: Unit::People, nature: Nature::Number, better: Better::Lower, help: "people who left" },
        Spec {
            name: "leaves_tenure",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who left because their time to quit had come",
        },
        Spec {
            name: "leaves_early",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who left by the additional hazard of the first days",
        },
        Spec {
            name: "leaves_rotation",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people whom their employer moved elsewhere",
        },
        Spec {
            name: "leaves_burnout",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who left because too few did the work",
        },
        Spec {
            name: "leaves_shock",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who left by the additional hazard after a transfer",
        },
        Spec {
            name: "leaves_refusal",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who left because they refused a transfer",
        },
        Spec {
            name: "leaves_release",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who were released because fewer were wanted",
        },
        Spec {
            name: "leaves_exit",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who left because the client left the market",
        },
        Spec {
            name: "leaves_collapse",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who left because the organisation in charge collapsed",
        },
        Spec {
            name: "head_days",
            unit: Unit::HeadDays,
            nature: Nature::Number,
            better: Better::Neither,
            help: "integral of headcount over time",
        },
        Spec {
            name: "fill_days",
            unit: Unit::RequisitionDays,
            nature: Nature::Number,
            better: Better::Neither,
            help: "days from opening a requisition to joining, summed over those who joined",
        },
        Spec {
            name: "mean_fill_days",
            unit: Unit::Day,
            nature: Nature::Ratio(Ratio::of("fill_days", "joins")),
            better: Better::Neither,
            help: "mean time to fill of those who joined: fill_days over joins; requisitions still open do not count, see vacant_days_per_join",
        },
        Spec {
            name: "vacant_days_per_join",
            unit: Unit::Day,
            nature: Nature::Ratio(Ratio::of("vacant_days", "joins")),
            better: Better::Lower,
            help: "days vacant for each person who joined: vacant_days over joins; requisitions still open count with their age",
        },
        Spec {
            name: "vacant_days",
            unit: Unit::RequisitionDays,
            nature: Nature::Number,
            better: Better::Lower,
            help: "integral of open requisitions over time",
        },
        Spec {
            name: "open_at_end",
            unit: Unit::Requisitions,
            nature: Nature::Number,
            better: Better::Lower,
            help: "requisitions still open at the horizon",
        },
        Spec {
            name: "promotions",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Neither,
            help: "people who moved into an open requisition of another role",
        },
        Spec {
            name: "quits",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Lower,
            help: "people who left by tenure, early, rotation, burnout, shock or refusal",
        },
        Spec {
            name: "attrition_rate",
            unit: Unit::PerYear,
            nature: Nature::Ratio(Ratio { times: 365, ..Ratio::of("quits", "head_days") }),
            better: Better::Lower,
            help: "attrition as personnel departments report it: quits in a year over average headcount, 365 * quits / head_days",
        },
        Spec {
            name: "waiting_staff_days",
            unit: Unit::RequisitionDays,
            nature: Nature::Number,
            better: Better::Lower,
            help: "integral of requisitions that wait for hiring staff",
        },
        Spec {
            name: "waiting_mentor_days",
            unit: Unit::HeadDays,
            nature: Nature::Number,
            better: Better::Lower,
            help: "integral of people who wait for a mentor",
        },
        Spec {
            name: "staff_busy_days",
            unit: Unit::UnitDays,
            nature: Nature::Number,
            better: Better::Neither,
            help: "integral of units of hiring staff in use, while their organisation is active",
        },
        Spec {
            name: "staff_days",
            unit: Unit::UnitDays,
            nature: Nature::Number,
            better: Better::Neither,
            help: "integral of all units of hiring staff, while their organisation is active",
        },
        Spec {
            name: "staff_busy_share",
            unit: Unit::Share,
            nature: Nature::Ratio(Ratio::of("staff_busy_days", "staff_days")),
            better: Better::Neither,
            help: "share of the hiring staff that is in use: staff_busy_days over staff_days",
        },
        Spec {
            name: "incidents",
            unit: Unit::Incidents,
            nature: Nature::Number,
            better: Better::Lower,
            help: "incidents of the operation",
        },
    ];

    fn start(&mut self, _replication: u32) {
        *self = Self::default();
    }

    #[inline(always)]
    fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        match fact {
            Fact::Joined(seat) => {
                self.note_staff(team, now);
                self.note_mentors(team, now);
                let days = now.days_since(team.seat(seat).requisition.opened_at);
                self.joins += 1;
                self.fill_days += days;
                self.vacant_days += days;
            }
            Fact::RequisitionCancelled(seat) => {
                self.note_staff(team, now);
                self.vacant_days += now.days_since(team.seat(seat).requisition.opened_at);
            }
            Fact::Left(person, cause) => {
                self.note_mentors(team, now);
                self.leaves[cause as usize] += 1;
                self.head_days += days_present(team.person(person), now);
            }
            Fact::StageQueued(..) | Fact::StageBegan(..) | Fact::CandidateFailed(..) | Fact::RequisitionMoved(..) => {
                self.note_staff(team, now);
            }
            Fact::MentoringBegan(_) | Fact::NoticeGiven(..) | Fact::Refused(..) | Fact::Released(_) => {
                self.note_mentors(team, now);
            }
            Fact::CapacityChanged(..) | Fact::OrganisationStarted(_) | Fact::OrganisationStopped(_) | Fact::MarketExited => {
                self.staff.set(team.staff_units(), now);
                self.staff_busy.set(team.staff_busy(), now);
            }
            Fact::Promoted { .. } => {
                self.note_mentors(team, now);
                self.promotions += 1;
            }
            Fact::Incident(_) => self.incidents += 1,
            _ => {}
        }
    }

    fn ended(&mut self, team: &Team, now: Time) {
        self.head_days += team.present().map(|(_, person)| days_present(person, now)).sum::<f64>();
        self.vacant_days += team.requisitions().map(|(_, requisition)| now.days_since(requisition.opened_at)).sum::<f64>();
        self.open_at_end = team.open_requisitions();
        let waits = [&mut self.waiting_staff, &mut self.waiting_mentor, &mut self.staff_busy, &mut self.staff];
        waits.into_iter().for_each(|count| count.end(now));
    }

    fn values(&self, values: &mut Vec<f64>) {
        let joins = f64::from(self.joins);
        values.extend([joins, f64::from(self.leaves.iter().sum::<u32>())]);
        values.extend(self.leaves.iter().map(|&leaves| f64::from(leaves)));
        let quits = Cause::ALL.into_iter().filter(|cause| cause.is_quit()).map(|cause| self.leaves[cause as usize]);
        let quits = f64::from(quits.sum::<u32>());
        let per = |amount: f64, of: f64| if of > 0.0 { amount / of } else { f64::NAN };
        values.extend([self.head_days, self.fill_days, per(self.fill_days, joins), per(self.vacant_days, joins)]);
        values.extend([self.vacant_days, f64::from(self.open_at_end), f64::from(self.promotions)]);
        values.extend([quits, per(365.0 * quits, self.head_days)]);
        let (busy, staff) = (self.staff_busy.days, self.staff.days);
        values.extend([self.waiting_staff.days, self.waiting_mentor.days]);
        values.extend([busy, staff, per(busy, staff), self.incidents.into()]);
    }
}

/// Returns the days of presence since day 0.
fn days_present(person: &Person, now: Time) -> f64 {
    now.days() - person.joined_day.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_its_response_in_the_order_of_the_causes() {
        let names: Vec<&str> = People::SPECS.iter().filter_map(|spec| spec.name.strip_prefix("leaves_")).collect();
        assert_eq!(names, Cause::ALL.map(Cause::name));
        assert!(Cause::ALL.iter().enumerate().all(|(position, &cause)| cause as usize == position));
    }
}
