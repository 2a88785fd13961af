//! People: who joined, who left and why, and how long requisitions were open.

use crate::engine::Time;
use crate::model::{Cause, Fact, Team};

use super::{Better, Frame, Group, Spec, Unit};

#[derive(Debug, Default)]
pub(super) struct People {
    joins: u32,
    leaves: [u32; Cause::ALL.len()],
    fill_days: f64,
    incidents: u32,
}

impl People {
    pub(super) fn new(_frame: &Frame<'_>) -> Self {
        Self::default()
    }
}

impl Group for People {
    const SPECS: &'static [Spec] = &[
        Spec { name: "joins", unit: Unit::People, better: Better::Neither, help: "people who joined" },
        Spec { name: "leaves", unit: Unit::People, better: Better::Lower, help: "people who left" },
        Spec {
            name: "leaves_tenure",
            unit: Unit::People,
            better: Better::Lower,
            help: "people who left because their time to quit had come",
        },
        Spec {
            name: "leaves_early",
            unit: Unit::People,
            better: Better::Lower,
            help: "people who left by the additional hazard of the first days",
        },
        Spec {
            name: "leaves_rotation",
            unit: Unit::People,
            better: Better::Lower,
            help: "people whom their employer moved elsewhere",
        },
        Spec {
            name: "leaves_burnout",
            unit: Unit::People,
            better: Better::Lower,
            help: "people who left because too few did the work",
        },
        Spec {
            name: "leaves_shock",
            unit: Unit::People,
            better: Better::Lower,
            help: "people who left by the additional hazard after a transfer",
        },
        Spec {
            name: "leaves_refusal",
            unit: Unit::People,
            better: Better::Lower,
            help: "people who left because they refused a transfer",
        },
        Spec {
            name: "leaves_release",
            unit: Unit::People,
            better: Better::Lower,
            help: "people who were released because fewer were wanted",
        },
        Spec {
            name: "leaves_exit",
            unit: Unit::People,
            better: Better::Lower,
            help: "people who left because the client left the market",
        },
        Spec {
            name: "leaves_collapse",
            unit: Unit::People,
            better: Better::Lower,
            help: "people who left because the organisation in charge collapsed",
        },
        Spec {
            name: "mean_fill_days",
            unit: Unit::Day,
            better: Better::Lower,
            help: "mean time to fill: from opening a requisition to joining",
        },
        Spec { name: "incidents", unit: Unit::Incidents, better: Better::Lower, help: "incidents of the operation" },
    ];

    fn start(&mut self, _replication: u32) {
        *self = Self::default();
    }

    #[inline(always)]
    fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        match fact {
            Fact::Joined(seat) => {
                self.joins += 1;
                self.fill_days += now.days_since(team.seat(seat).requisition.opened_at);
            }
            Fact::Left(_, cause) => self.leaves[cause as usize] += 1,
            Fact::Incident(_) => self.incidents += 1,
            _ => {}
        }
    }

    fn values(&self, values: &mut Vec<f64>) {
        values.extend([f64::from(self.joins), f64::from(self.leaves.iter().sum::<u32>())]);
        values.extend(self.leaves.iter().map(|&leaves| f64::from(leaves)));
        // 0 / 0 is NaN: nobody joined.
        values.extend([self.fill_days / f64::from(self.joins), f64::from(self.incidents)]);
    }
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
