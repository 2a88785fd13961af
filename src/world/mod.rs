//! What is simulated: roles, demand, organisations and strategies, each table described once, checked and ready.
//!
//! The tables know nothing of how they are simulated: the processes of `model` read them.

mod attrition;
mod communication;
mod demand;
mod hiring;
mod ids;
mod onboarding;
mod organisation;
mod role;
mod setup;
mod strategy;
mod transfer;

use crate::engine::{Ticks, Time};

pub use attrition::Attrition;
pub use communication::Communication;
pub use demand::Wanted;
pub use hiring::{Hiring, Staff, StageTable};
pub use ids::{OrganisationId, RoleId, role_id};
pub use onboarding::{Onboarding, Slots, Step};
pub use organisation::Organisation;
pub use role::{ByRole, Role};
pub use setup::Setup;
pub use strategy::Strategy;
pub use transfer::{HiringAfter, Transfer};

/// Days in `MONTHS_PER_YEAR` months.
pub const DAYS_PER_YEAR: f64 = 365.0;
/// Months in a year.
pub const MONTHS_PER_YEAR: f64 = 12.0;

/// The instant that lies so many months after the start.
#[must_use]
pub fn month_instant(month: f64) -> Time {
    Time::from_days(month * DAYS_PER_YEAR / MONTHS_PER_YEAR)
}

/// All that the strategies of a scenario have in common.
#[derive(Clone, Debug)]
pub struct World {
    /// Months until the end.
    pub horizon_months: u32,
    /// The roles.
    pub roles: Vec<Role>,
    /// Wanted headcount of each role.
    pub demand: Vec<Wanted>,
    /// Loss of output by communication.
    pub communication: Option<Communication>,
    /// The organisations.
    pub organisations: Vec<Organisation>,
}

impl World {
    /// The month ends of a replication.
    #[must_use]
    pub fn month_ends(&self) -> Ticks {
        Ticks { days: DAYS_PER_YEAR, every: MONTHS_PER_YEAR, last: self.horizon_months }
    }

    /// An organisation.
    #[must_use]
    pub fn organisation(&self, id: OrganisationId) -> &Organisation {
        &self.organisations[usize::from(id.0)]
    }

    /// A role.
    #[must_use]
    pub fn role(&self, id: RoleId) -> &Role {
        &self.roles[usize::from(id.0)]
    }

    /// Ids of the roles in the order in which they hire: by priority, then as in the scenario.
    #[must_use]
    pub fn roles_by_priority(&self) -> Vec<RoleId> {
        let mut roles: Vec<RoleId> = (0..self.roles.len()).map(role_id).collect();
        roles.sort_by_key(|&role| (self.role(role).rank, role));
        roles
    }

    /// Number of distinct priorities.
    #[must_use]
    pub fn ranks(&self) -> usize {
        self.roles.iter().map(|role| role.rank + 1).max().unwrap_or(1)
    }
}
