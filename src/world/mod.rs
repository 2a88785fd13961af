//! What is simulated: roles, demand, organisations and strategies, each table described once, checked and ready.
//!
//! The tables know nothing of how they are simulated: the processes of `model` read them.

mod attrition;
mod communication;
mod contract;
mod cost;
mod demand;
mod factor;
mod goal;
mod hiring;
mod ids;
mod market;
mod measure;
mod onboarding;
mod operations;
mod organisation;
mod role;
mod setup;
mod strategy;
mod transfer;

use crate::engine::{Ticks, Time};
use crate::input::number::{Heads, MOST_PER_YEAR};

pub use attrition::Attrition;
pub use communication::Communication;
pub use contract::{Billing, Contract, StaffingCredit};
pub use cost::Cost;
pub use demand::{DemandShock, HEADCOUNT_AT_MOST, Wanted};
pub use factor::{FILE, Factor, LEVELS_AT_MOST, problem_of_name};
pub use goal::{Bound, Due, Goal};
pub use hiring::{Bench, Brand, Capacity, Hiring, Staff, StageTable};
pub use ids::{OrganisationId, RoleId, role_id};
pub use market::Market;
pub use measure::{MEASURES, Measure, MeasureId, Unit, is_same};
pub use onboarding::{Onboarding, Slots, Step};
pub use operations::{Operations, Project};
pub use organisation::Organisation;
pub use role::{ByRole, Role};
pub use setup::Setup;
pub use strategy::{Initial, Strategy};
pub use transfer::{HiringAfter, Latest, Ready, Transfer, Trigger};

/// Days in `MONTHS_PER_YEAR` months.
pub const DAYS_PER_YEAR: f64 = 365.0;
/// Months in a year.
pub const MONTHS_PER_YEAR: f64 = 12.0;

/// The longest horizon.
pub const HORIZON_MONTHS_AT_MOST: u32 = 1200;
/// Shocks, collapses and strikes of burnout are numbered with 32 bits. They are 10^8 on average at most, and their number is
/// Poisson: ten times as many never come.
const _: () = assert!(
    10.0 * MOST_PER_YEAR * HORIZON_MONTHS_AT_MOST as f64 / MONTHS_PER_YEAR < u32::MAX as f64,
    "what strikes at a hazard could be too much for its numbers"
);

/// Days in a month.
pub const DAYS_PER_MONTH: f64 = DAYS_PER_YEAR / MONTHS_PER_YEAR;

/// What comes so often a month, per day.
#[must_use]
pub fn per_day_of_month(per_month: f64) -> f64 {
    per_month * MONTHS_PER_YEAR / DAYS_PER_YEAR
}

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
    /// Shocks that change them.
    pub demand_shock: Option<DemandShock>,
    /// Loss of output by communication.
    pub communication: Option<Communication>,
    /// Incidents of the operation.
    pub operations: Option<Operations>,
    /// A piece of work to complete.
    pub project: Option<Project>,
    /// The risk that the venture fails.
    pub market: Option<Market>,
    /// Days of tenure after which somebody knows 63 % of what there is to know.
    pub knowledge_days: f64,
    /// What a month of one productive person is worth.
    pub value_per_fte_month: Option<f64>,
    /// By how much money of a year later is worth less.
    pub discount_rate_per_year: f64,
    /// Label of amounts of money.
    pub currency: String,
    /// What the planner wants to reach.
    pub goals: Vec<Goal>,
    /// The organisations.
    pub organisations: Vec<Organisation>,
}

impl World {
    /// The month ends of a replication.
    #[must_use]
    pub fn month_ends(&self) -> Ticks {
        Ticks::new(MONTHS_PER_YEAR, DAYS_PER_YEAR, self.horizon_months)
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

    /// The highest wanted headcount of all roles together at any time, and the highest wanted output in FTE, shocks aside.
    #[must_use]
    pub fn highest_wanted(&self) -> (u32, f64) {
        let mut months: Vec<f64> = self.demand.iter().flat_map(Wanted::months).collect();
        months.retain(|&month| month < f64::from(self.horizon_months));
        let heads = |&month: &f64| self.demand.iter().map(|role| role.at(month)).sum::<u32>();
        let of_role = |(demand, role): (&Wanted, &Role), month| f64::from(demand.at(month)) * role.output;
        let output = |&month: &f64| self.demand.iter().zip(&self.roles).map(|both| of_role(both, month)).sum::<f64>();
        (months.iter().map(heads).max().unwrap_or(0), months.iter().map(output).fold(0.0, f64::max))
    }

    /// The highest demand of all roles together at any time, as given and not rounded, shocks aside.
    #[must_use]
    pub fn highest_demand(&self) -> f64 {
        let mut months: Vec<f64> = self.demand.iter().flat_map(Wanted::months).collect();
        months.sort_by(f64::total_cmp);
        months.dedup();
        let all = |&month: &f64| self.demand.iter().filter_map(|role| role.0.at(month)).map(Heads::value).sum::<f64>();
        months.iter().map(all).fold(0.0, f64::max)
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
