//! Responses: what a replication reports at its end, and what is measured at each month end (MODEL section 11).
//!
//! Each file holds one group of responses: their specifications, and the observer that computes their values.

mod dates;
mod goals;
mod handover;
mod money;
mod nature;
mod outcome;
mod output;
mod people;
mod phases;
mod roles;
mod survival;

use crate::engine::{Ticks, Time};
use crate::model::{Fact, Observer, Team};
use crate::money::Kind;
use crate::world::{OrganisationId, Role, Strategy, World};

pub use crate::world::{MEASURES, Measure, MeasureId, SeriesId, Unit};
pub use nature::{Nature, Ratio, ResponseId, Rules};
pub use outcome::{EXITED, EXTENDED, OUTCOMES, RESCUED};
pub use phases::PHASES;
pub(crate) use phases::TRANSFER_PHASE;

/// A column of `replications.csv`: a response, or a goal of the scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseColumn {
    /// Name, with that of its role.
    pub name: String,
    /// Role. None for all roles together.
    pub role: Option<String>,
    /// Unit.
    pub unit: Unit,
    /// Unit in words.
    pub unit_name: String,
    /// Kind of quantity.
    pub nature: Nature,
    /// Which values are better.
    pub better: Better,
    /// Meaning.
    pub help: String,
}

/// A response: one number per replication.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Name in the files.
    pub name: &'static str,
    /// Unit.
    pub unit: Unit,
    /// Kind of quantity; it names other responses.
    pub nature: Nature<&'static str>,
    /// Which values are better.
    pub better: Better,
    /// Meaning.
    pub help: &'static str,
}

/// Which values of a response are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Low values, such as costs.
    Lower,
    /// High values, such as output.
    Higher,
    /// Neither: it is part of something, or a fact about the strategy.
    Neither,
}

/// What the groups need to know of a run before it starts.
#[derive(Clone, Copy)]
struct Frame<'w> {
    world: &'w World,
    strategy: &'w Strategy,
    seed: u64,
}

/// A group of responses. A date that never comes is infinite; an undefined value is NaN.
trait Group {
    /// Responses of the group, in the order of the files.
    const SPECS: &'static [Spec];

    fn start(&mut self, replication: u32);

    fn measured_interval(&mut self, _team: &Team, _from: Time, _until: Time) {}

    fn happened(&mut self, _fact: Fact, _team: &Team, _now: Time) {}

    /// Observes the horizon.
    fn ended(&mut self, _team: &Team, _now: Time) {}

    /// Adds the values of the replication that has just ended.
    fn values(&self, values: &mut Vec<f64>);
}

/// Returns the least value that counts as reaching a bound, allowing for rounding.
fn threshold(bound: f64) -> f64 {
    bound - 1e-9 * bound.abs().max(1.0)
}

macro_rules! groups {
    ($($name:ident: $group:ty;)*) => {
        /// All responses of a replication, computed by observing it.
        #[derive(Debug)]
        pub struct Responses {
            months: usize,
            ends: Ticks,
            phases: phases::Phases,
            survival: survival::Survival,
            goals: goals::Goals,
            roles: roles::Roles,
            /// Client cost by kind, then month.
            costs: Vec<f64>,
            /// The organisations that take part, if they are several, and how many people each employs, then by month.
            organisations: Vec<OrganisationId>,
            employed: Vec<f64>,
            /// Month-end values by series, then month.
            series: Vec<f64>,
            so_far: (u32, u32),
            $($name: $group,)*
        }

        /// All responses, in the order of the files.
        pub const ALL: &[&[Spec]] = &[$(<$group as Group>::SPECS),*];

        /// Names of the groups of [`ALL`].
        pub const GROUPS: &[&str] = &[$(stringify!($name)),*];

        impl Responses {
            /// Prepares to observe replications of a strategy under a seed.
            #[must_use]
            pub fn new(world: &World, strategy: &Strategy, seed: u64) -> Self {
                let frame = Frame { world, strategy, seed };
                let months = world.horizon_months as usize;
                let organisations = strategy.employers(world.organisations.len());
                Self {
                    months,
                    ends: world.month_ends(),
                    phases: phases::Phases::new(strategy),
                    survival: survival::Survival::new(strategy),
                    goals: goals::Goals::new(&frame),
                    costs: vec![0.0; months * Kind::ALL.len()],
                    roles: roles::Roles::new(world),
                    employed: vec![0.0; months * organisations.len()],
                    organisations,
                    series: vec![0.0; months * SeriesId::count(world.roles.len())],
                    so_far: (0, 0),
                    $($name: <$group>::new(&frame),)*
                }
            }

            /// Adds the values of the replication that has just ended, in the order of [`columns`].
            pub fn values(&self, values: &mut Vec<f64>) {
                $(self.$name.values(values);)*
                self.goals.values(values);
                self.roles.values(self.ends.end(), values);
            }
        }

        impl Observer for Responses {
            fn start(&mut self, replication: u32) {
                self.so_far = (0, 0);
                self.phases.start();
                self.survival.start();
                self.goals.start();
                self.roles.start();
                $(self.$name.start(replication);)*
            }

            #[inline]
            fn measured_interval(&mut self, team: &Team, from: Time, until: Time) {
                self.roles.measured_interval(from);
                $(self.$name.measured_interval(team, from, until);)*
            }

            #[inline(always)]
            fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
                self.phases.happened(fact, now);
                self.survival.happened(fact);
                self.roles.happened(fact, team, now);
                $(self.$name.happened(fact, team, now);)*
            }

            fn month_ended(&mut self, month: u32, team: &Team, now: Time) {
                let fte_months = self.output.month_ended(self.ends.length_days(month));
                self.money.month_ended(month, now, fte_months);
                self.survival.month_ended();
                self.measure(month, team);
                if month as usize == self.months {
                    $(self.$name.ended(team, now);)*
                }
            }
        }
    };
}

groups! {
    dates: dates::Dates;
    output: output::Output;
    people: people::People;
    handover: handover::Handover;
    money: money::Money;
    outcome: outcome::Outcome;
}

impl Responses {
    /// Returns the month-end values of the replication that has just ended, by series, then month.
    #[must_use]
    pub fn series(&self) -> &[f64] {
        &self.series
    }

    /// Adds the day on which each of [`PHASES`] began and ended in the replication that has just ended; NaN if it did
    /// not.
    pub fn phases(&self, days: &mut Vec<f64>) {
        self.phases.values(self.dates.staffed_day(), self.ends.end().days(), days);
    }

    /// Returns the number of month ends that the venture survived in the replication that has just ended. That is all
    /// of them, unless market exit or a collapse without rescue ended it.
    #[must_use]
    pub fn survived_months(&self) -> u32 {
        self.survival.months()
    }

    /// Returns client cost of the replication that has just ended, by kind, then month.
    #[must_use]
    pub fn costs(&self) -> &[f64] {
        &self.costs
    }

    /// Returns how many people each organisation that takes part employs at each month end of the replication that has just
    /// ended, by organisation, then month. It is empty if there is only one.
    #[must_use]
    pub fn employed(&self) -> &[f64] {
        &self.employed
    }

    /// Adds to the counts, goal by goal: the months in which the bound held in the replication that has just ended,
    /// then the months in which the goal would be met if it were due.
    pub fn count_goals(&self, counts: &mut [u32]) {
        self.goals.count(counts);
    }

    fn measure(&mut self, month: u32, team: &Team) {
        let (joins, leaves) = self.so_far;
        let values: [f64; MEASURES.len()] = [
            team.wanted().into(),
            team.headcount().into(),
            team.effective_fte(),
            self.output.delivered_fte_days(),
            team.open_requisitions().into(),
            (team.joins() - joins).into(),
            (team.leaves() - leaves).into(),
            team.knowledge(),
            self.money.month_cost(),
            self.money.client_cost(),
        ];
        let (at, months) = (month as usize - 1, self.months);
        self.so_far = (team.joins(), team.leaves());
        for (series, value) in values.into_iter().chain(self.roles.month_ended(team)).enumerate() {
            self.series[series * months + at] = value;
        }
        self.goals.month_ended(month, |series| self.series[series.position() * months + at]);
        for (place, &organisation) in self.organisations.iter().enumerate() {
            self.employed[place * months + at] = team.employed(organisation).into();
        }
        for (kind, &amount) in self.money.month_cost_by_kind().iter().enumerate() {
            self.costs[kind * months + at] = amount;
        }
    }
}

/// Returns all columns of `replications.csv` after strategy and replication: the responses, one for each goal, and the
/// responses of each role if there are several.
#[must_use]
pub fn columns(world: &World) -> Vec<ResponseColumn> {
    let response = |spec: &Spec| ResponseColumn {
        name: spec.name.to_owned(),
        role: None,
        unit: spec.unit,
        unit_name: spec.unit.name(&world.currency),
        nature: spec.nature.resolved(),
        better: spec.better,
        help: spec.help.to_owned(),
    };
    let goal = |goal: &crate::world::Goal| ResponseColumn {
        name: goal.name.clone(),
        role: None,
        unit: Unit::Met,
        unit_name: Unit::Met.name(&world.currency),
        nature: Nature::Number,
        better: Better::Higher,
        help: format!("1 if {}", goal.in_words()),
    };
    let mut columns: Vec<ResponseColumn> = specs().map(response).chain(world.goals.iter().map(goal)).collect();
    let first = columns.len();
    for (index, (role, spec)) in roles::role_columns(&world.roles).enumerate() {
        let first = first + index - index % roles::NAMES.len();
        columns.push(ResponseColumn {
            name: roles::column_name(spec.name, &role.name),
            role: Some(role.name.clone()),
            nature: roles::nature_of_role(&spec.nature, first),
            help: format!("{}: {}", role.name, spec.help),
            ..response(spec)
        });
    }
    columns
}

/// Returns the names of the columns of responses, those of roles included.
pub fn response_columns(roles: &[Role]) -> impl Iterator<Item = String> {
    let of_roles = roles::role_columns(roles).map(|(role, spec)| roles::column_name(spec.name, &role.name));
    specs().map(|spec| spec.name.to_owned()).chain(of_roles)
}

impl ResponseColumn {
    /// Returns its name without that of its role.
    #[must_use]
    pub fn name_in_role(&self) -> &str {
        let of_role = self.role.as_ref().and_then(|role| self.name.strip_suffix(&roles::column_name("", role)));
        of_role.unwrap_or(&self.name)
    }
}

/// Returns the responses that every scenario has, in the order of the files.
pub fn specs() -> impl Iterator<Item = &'static Spec> {
    ALL.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_well_formed() {
        let mut names: Vec<&str> = specs().map(|spec| spec.name).collect();
        assert!(
            names
                .iter()
                .all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'))
        );
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_product_that_rounding_makes_too_large_is_reached() {
        assert!(55.0 >= threshold(0.55 * 100.0), "0.55 * 100 is a hair above 55");
        assert!(54.0 < threshold(0.55 * 100.0));
    }
}
