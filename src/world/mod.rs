//! The subject of a simulation: roles, demand, organisations and strategies. Each table is described once, checked and
//! ready.
//!
//! The tables do not know how they are simulated: the processes of `model` read them.

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
mod people;
mod role;
mod series;
mod setup;
mod strategy;
mod transfer;

use crate::engine::Ticks;
use crate::input::months::PlanMonths;
use crate::input::number::{Heads, MOST_PER_YEAR};

pub use crate::input::months::{DAYS_PER_MONTH, DAYS_PER_YEAR, MONTHS_PER_YEAR};
pub use attrition::{Attrition, Surplus};
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
pub use people::{Member, People};
pub use role::{ByRole, Promotion, Role};
pub use series::{ROLE_MEASURES, SeriesId};
pub use setup::Setup;
pub use strategy::{Initial, Strategy};
pub use transfer::{HiringAfter, Latest, Ready, Transfer, Trigger};

/// The longest horizon, in months.
pub const HORIZON_MONTHS_AT_MOST: u32 = 1200;
/// Shocks, collapses and burnout strikes have 32-bit numbers. At most 10^8 of them occur on average, and their count is
/// Poisson, so ten times as many never occur.
const _: () = assert!(
    10.0 * MOST_PER_YEAR * HORIZON_MONTHS_AT_MOST as f64 / MONTHS_PER_YEAR < u32::MAX as f64,
    "events of a hazard could exceed their 32-bit numbers"
);

/// Everything that the strategies of a scenario have in common.
#[derive(Clone, Debug)]
pub struct World {
    /// When months end.
    pub months: PlanMonths,
    /// The length of a replication, in months.
    pub horizon_months: u32,
    /// The roles.
    pub roles: Vec<Role>,
    /// Wanted headcount of each role.
    pub demand: Vec<Wanted>,
    /// The shocks that change the wanted headcount.
    pub demand_shock: Option<DemandShock>,
    /// The loss of output by communication.
    pub communication: Option<Communication>,
    /// Incidents of the operation.
    pub operations: Option<Operations>,
    /// A piece of work to complete.
    pub project: Option<Project>,
    /// The risk that the venture fails.
    pub market: Option<Market>,
    /// Days of tenure after which a person knows 63 % of all there is to know.
    pub knowledge_days: f64,
    /// The value of one month of work of a productive person.
    pub value_per_fte_month: Option<f64>,
    /// The annual rate at which later money is discounted.
    pub discount_rate_per_year: f64,
    /// The label of amounts of money.
    pub currency: String,
    /// The goals of the planner.
    pub goals: Vec<Goal>,
    /// The organisations.
    pub organisations: Vec<Organisation>,
}

impl World {
    /// Whether market exit or a collapse may end the venture under a strategy before the horizon.
    #[must_use]
    pub fn may_end(&self, strategy: &Strategy) -> bool {
        let may_exit = self.market.is_some_and(|market| market.exit_hazard_per_year > 0.0);
        let may_collapse = |(id, organisation): (u16, &Organisation)| {
            organisation.failure_hazard_per_year > 0.0 && strategy.may_take_charge(OrganisationId(id))
        };
        may_exit || (0..).zip(&self.organisations).any(may_collapse)
    }

    /// Returns the month ends of a replication.
    #[must_use]
    pub fn month_ends(&self) -> Ticks {
        self.months.ends(self.horizon_months)
    }

    /// Returns the length of a replication, in days.
    #[must_use]
    pub fn horizon_days(&self) -> f64 {
        self.months.day(self.horizon_months.into())
    }

    /// Returns an organisation.
    #[must_use]
    pub fn organisation(&self, id: OrganisationId) -> &Organisation {
        &self.organisations[usize::from(id.0)]
    }

    /// Returns a role.
    #[must_use]
    pub fn role(&self, id: RoleId) -> &Role {
        &self.roles[usize::from(id.0)]
    }

    /// Returns the highest wanted headcount of all roles together at any time, and the highest wanted output in FTE, without
    /// shocks.
    #[must_use]
    pub fn highest_wanted(&self) -> (u32, f64) {
        let mut days: Vec<f64> = self.demand.iter().flat_map(Wanted::days).collect();
        let end = self.horizon_days();
        days.retain(|&day| day < end);
        let heads = |&day: &f64| self.demand.iter().map(|role| role.at(day)).sum::<u32>();
        let of_role = |(demand, role): (&Wanted, &Role), day| f64::from(demand.at(day)) * role.output;
        let output = |&day: &f64| self.demand.iter().zip(&self.roles).map(|both| of_role(both, day)).sum::<f64>();
        (days.iter().map(heads).max().unwrap_or(0), days.iter().map(output).fold(0.0, f64::max))
    }

    /// Returns the highest wanted headcount of a role at any time, without shocks.
    #[must_use]
    pub fn highest_wanted_in(&self, role: RoleId) -> u32 {
        let (demand, end) = (&self.demand[usize::from(role.0)], self.horizon_days());
        demand.days().filter(|&day| day < end).map(|day| demand.at(day)).max().unwrap_or(0)
    }

    /// Returns the highest demand of all roles together at any time, without shocks and without rounding.
    #[must_use]
    pub fn highest_demand(&self) -> f64 {
        let mut days: Vec<f64> = self.demand.iter().flat_map(Wanted::days).collect();
        days.sort_by(f64::total_cmp);
        days.dedup();
        let all = |&day: &f64| self.demand.iter().filter_map(|role| role.0.at(day)).map(Heads::value).sum::<f64>();
        days.iter().map(all).fold(0.0, f64::max)
    }

    /// Returns the roles in the order in which they hire: by priority, then as in the scenario.
    #[must_use]
    pub fn roles_by_priority(&self) -> Vec<RoleId> {
        let mut roles: Vec<RoleId> = (0..self.roles.len()).map(role_id).collect();
        roles.sort_by_key(|&role| (self.role(role).rank, role));
        roles
    }

    /// Returns the number of distinct priorities.
    #[must_use]
    pub fn ranks(&self) -> usize {
        self.roles.iter().map(|role| role.rank + 1).max().unwrap_or(1)
    }
}
