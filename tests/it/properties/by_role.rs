//! A chronicle by role: who is present in each role in each state, and what its responses and month ends are.

use std::collections::BTreeMap;

use handover::model::{Fact, SeatId, Team};
use handover::world::{RoleId, World, role_id};

use crate::support::Seen;

/// What is told of one role.
#[derive(Clone, Debug, Default)]
struct OfRole {
    /// Begin, end and headcount of each state.
    states: Vec<(f64, f64, f64)>,
    joins: f64,
    leaves: f64,
    promotions: f64,
    quits: f64,
    fill_days: f64,
    so_far: (f64, f64),
    months: Vec<[f64; 5]>,
}

/// A chronicle of all roles.
pub(super) struct ByRole<'w> {
    world: &'w World,
    roles: Vec<OfRole>,
    opened: BTreeMap<SeatId, f64>,
}

impl<'w> ByRole<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self { world, roles: vec![OfRole::default(); world.roles.len()], opened: BTreeMap::new() }
    }

    fn role(&mut self, role: RoleId) -> &mut OfRole {
        &mut self.roles[usize::from(role.0)]
    }

    pub(super) fn write(&mut self, seen: &Seen<'_>) {
        match seen {
            Seen::Start | Seen::Measured(..) => {}
            Seen::Held(team, from, until) => {
                for role in (0..self.roles.len()).map(role_id) {
                    let state = (from.days(), until.days(), heads(team, role));
                    self.role(role).states.push(state);
                }
            }
            Seen::Fact(fact, team, now) => self.write_fact(*fact, team, now.days()),
            Seen::Month(_, team, _) => {
                for role in (0..self.roles.len()).map(role_id) {
                    let (_, open) = team.staying_and_open(role);
                    let (heads, of_role) = (heads(team, role), self.role(role));
                    let (joins, leaves) = (of_role.joins - of_role.so_far.0, of_role.leaves - of_role.so_far.1);
                    of_role.months.push([team.wanted_in(role).into(), heads, open.into(), joins, leaves]);
                    of_role.so_far = (of_role.joins, of_role.leaves);
                }
            }
        }
    }

    fn write_fact(&mut self, fact: Fact, team: &Team, day: f64) {
        match fact {
            Fact::RequisitionOpened(seat) => {
                self.opened.insert(seat, day);
            }
            Fact::Joined(seat) => {
                let days = day - self.opened[&seat];
                let role = self.role(seat.role);
                (role.joins, role.fill_days) = (role.joins + 1.0, role.fill_days + days);
            }
            Fact::Promoted { to, .. } => self.role(to.role).promotions += 1.0,
            Fact::Left(person, cause) => {
                let role = self.role(team.person(person).seat.role);
                role.leaves += 1.0;
                role.quits += f64::from(u8::from(cause.is_quit()));
            }
            _ => {}
        }
    }

    /// Returns the responses of each role, as the files name them; NaN for an empty one.
    pub(super) fn responses(&self) -> Vec<(String, f64)> {
        let per = |amount: f64, of: f64| if of > 0.0 { amount / of } else { f64::NAN };
        let of_role = |(index, role): (usize, &OfRole)| {
            let head_days: f64 = role.states.iter().map(|(from, until, heads)| heads * (until - from)).sum();
            let responses = [
                ("staffed_day", self.staffed_day(index)),
                ("joins", role.joins),
                ("leaves", role.leaves),
                ("promotions", role.promotions),
                ("quits", role.quits),
                ("head_days", head_days),
                ("fill_days", role.fill_days),
                ("mean_fill_days", per(role.fill_days, role.joins)),
                ("attrition_rate", per(365.0 * role.quits, head_days)),
            ];
            let name = &self.world.roles[index].name;
            responses.map(|(response, value)| (format!("{response}[{name}]"), value))
        };
        self.roles.iter().enumerate().flat_map(of_role).collect()
    }

    fn staffed_day(&self, role: usize) -> f64 {
        let horizon = self.world.horizon_days();
        let steps = self.world.demand[role].0.iter().filter(|(from, _)| from.day < horizon);
        let highest = steps.map(|(_, heads)| (heads.value() + 0.5 + 1e-9).floor()).fold(0.0, f64::max);
        if highest <= 0.0 {
            return f64::NAN;
        }
        let reached = self.roles[role].states.iter().find(|(.., heads)| *heads >= 0.9 * highest - 1e-8);
        reached.map_or(f64::INFINITY, |(from, ..)| *from)
    }

    /// Returns wanted headcount, headcount, open requisitions, joins and leaves of a role at each month end.
    pub(super) fn months(&self, role: RoleId) -> &[[f64; 5]] {
        &self.roles[usize::from(role.0)].months
    }
}

fn heads(team: &Team, role: RoleId) -> f64 {
    team.present().filter(|(_, person)| person.seat.role == role).count() as f64
}
