//! Roles: the responses that are also reported by role, if there are several roles.

use crate::engine::Time;
use crate::model::{Fact, Team};
use crate::world::{ROLE_MEASURES, Role, RoleId, World, role_id};

use super::people::CountDays;
use super::{Nature, Spec, dates, specs, threshold};

/// The responses of each role, by the names of those of all roles, in the order of the files.
pub(super) const NAMES: [&str; 9] =
    ["staffed_day", "joins", "leaves", "promotions", "quits", "head_days", "fill_days", "mean_fill_days", "attrition_rate"];

/// Returns the column of a role in the files.
pub(super) fn column_name(response: &str, role: &str) -> String {
    format!("{response}[{role}]")
}

/// Returns the specifications of the responses of a role. Their natures name responses of the same role.
pub(super) fn role_specs() -> impl Iterator<Item = &'static Spec> {
    NAMES.iter().filter_map(|name| specs().find(|spec| spec.name == *name))
}

/// Returns the names of the responses of each role. There are none if there is only one role.
pub(super) fn role_columns(roles: &[Role]) -> impl Iterator<Item = (&Role, &'static Spec)> {
    let several = if roles.len() > 1 { roles } else { &[] };
    several.iter().flat_map(|role| role_specs().map(move |spec| (role, spec)))
}

/// Returns the nature of a response of a role, whose columns start at this position.
pub(super) fn nature_of_role(nature: &Nature<&'static str>, first: usize) -> Nature {
    nature.map(|name| {
        let position = NAMES.iter().position(|known| *known == name);
        super::ResponseId::FIRST.after(first + position.unwrap_or_else(|| unreachable!("{name} is not kept by role")))
    })
}

/// What is observed of each role. Nothing if there is only one role.
#[derive(Debug)]
pub(super) struct Roles {
    roles: Vec<OfRole>,
    /// Whether the headcount of a role that is not staffed has risen since the last measured interval.
    may_be_staffed: bool,
}

#[derive(Clone, Copy, Debug)]
struct OfRole {
    /// The headcount at which the role is staffed. Infinite if it is never wanted.
    staffed_headcount: f64,
    staffed_day: f64,
    headcount: CountDays,
    joins: u32,
    leaves: u32,
    promotions: u32,
    quits: u32,
    fill_days: f64,
    /// Joins and leaves up to the latest month end.
    so_far: (u32, u32),
}

impl OfRole {
    fn new(staffed_headcount: f64) -> Self {
        Self {
            staffed_headcount,
            staffed_day: f64::INFINITY,
            headcount: CountDays::default(),
            joins: 0,
            leaves: 0,
            promotions: 0,
            quits: 0,
            fill_days: 0.0,
            so_far: (0, 0),
        }
    }

    fn change(&mut self, headcount: u32, now: Time) {
        self.headcount.set(headcount, now);
    }
}

impl Roles {
    pub(super) fn new(world: &World) -> Self {
        let staffed = |role: usize| match world.highest_wanted_in(role_id(role)) {
            0 => f64::INFINITY,
            wanted => threshold(dates::STAFFED * f64::from(wanted)),
        };
        let roles = if world.roles.len() > 1 { world.roles.len() } else { 0 };
        Self { roles: (0..roles).map(|role| OfRole::new(staffed(role))).collect(), may_be_staffed: false }
    }

    pub(super) fn start(&mut self) {
        self.roles.iter_mut().for_each(|role| *role = OfRole::new(role.staffed_headcount));
        self.may_be_staffed = false;
    }

    #[inline]
    pub(super) fn measured_interval(&mut self, from: Time) {
        if std::mem::take(&mut self.may_be_staffed) {
            self.note_staffed(from);
        }
    }

    #[inline(never)]
    fn note_staffed(&mut self, from: Time) {
        for role in &mut self.roles {
            if role.staffed_day.is_infinite() && f64::from(role.headcount.count()) >= role.staffed_headcount {
                role.staffed_day = from.days();
            }
        }
    }

    #[inline(always)]
    pub(super) fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        let is_move = matches!(fact, Fact::WasThere { .. } | Fact::Joined(_) | Fact::Promoted { .. } | Fact::Left(..));
        if is_move && !self.roles.is_empty() {
            self.count(fact, team, now);
        }
    }

    #[inline(never)]
    fn count(&mut self, fact: Fact, team: &Team, now: Time) {
        match fact {
            Fact::WasThere { seat, .. } => self.come(seat.role, now),
            Fact::Joined(seat) => {
                self.come(seat.role, now);
                let role = self.role_mut(seat.role);
                role.joins += 1;
                role.fill_days += now.days_since(team.seat(seat).requisition.opened_at);
            }
            Fact::Promoted { from, to, .. } => {
                let role = self.role_mut(from.role);
                role.change(role.headcount.count() - 1, now);
                self.come(to.role, now);
                self.role_mut(to.role).promotions += 1;
            }
            Fact::Left(person, cause) => {
                let role = self.role_mut(team.person(person).seat.role);
                role.change(role.headcount.count() - 1, now);
                role.leaves += 1;
                role.quits += u32::from(cause.is_quit());
            }
            _ => {}
        }
    }

    fn come(&mut self, role: RoleId, now: Time) {
        let role = self.role_mut(role);
        role.change(role.headcount.count() + 1, now);
        self.may_be_staffed |= role.staffed_day.is_infinite();
    }

    fn role_mut(&mut self, role: RoleId) -> &mut OfRole {
        &mut self.roles[usize::from(role.0)]
    }

    /// Observes a month end. Returns the values of [`ROLE_MEASURES`], role by role.
    pub(super) fn month_ended<'t>(&'t mut self, team: &'t Team) -> impl Iterator<Item = f64> + 't {
        self.roles.iter_mut().enumerate().flat_map(|(index, role)| {
            let (joins, leaves) = std::mem::replace(&mut role.so_far, (role.joins, role.leaves));
            let (_, open) = team.staying_and_open(role_id(index));
            let values: [u32; ROLE_MEASURES.len()] =
                [team.wanted_in(role_id(index)), role.headcount.count(), open, role.joins - joins, role.leaves - leaves];
            values.map(f64::from)
        })
    }

    /// Adds the values of the replication, which has just ended now.
    pub(super) fn values(&self, end: Time, values: &mut Vec<f64>) {
        let per = |amount: f64, of: f64| if of > 0.0 { amount / of } else { f64::NAN };
        for role in &self.roles {
            let staffed_day = if role.staffed_headcount.is_finite() { role.staffed_day } else { f64::NAN };
            let [joins, leaves, promotions, quits] = [role.joins, role.leaves, role.promotions, role.quits].map(f64::from);
            let head_days = role.headcount.days_until(end);
            values.extend([staffed_day, joins, leaves, promotions, quits, head_days, role.fill_days]);
            values.extend([per(role.fill_days, joins), per(365.0 * quits, head_days)]);
        }
    }
}
