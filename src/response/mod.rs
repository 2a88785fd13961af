//! Responses: what a replication says at its end, and what is measured at each month end (MODEL section 11).
//!
//! Each file holds one group of responses: what they are, and the observer that finds their values.

mod dates;
mod goals;
mod handover;
mod money;
mod nature;
mod outcome;
mod output;
mod people;
mod phases;
mod survival;

use crate::engine::Time;
use crate::model::{Fact, Observer, Team};
use crate::money::Kind;
use crate::world::{Strategy, World};

pub use crate::world::{MEASURES, Measure, MeasureId, Unit};
pub use nature::{Nature, Ratio, ResponseId, Rules};
pub use outcome::{EXITED, EXTENDED, OUTCOMES, RESCUED};
pub use phases::PHASES;
pub(crate) use phases::TRANSFER_PHASE;

/// A column of `replications.csv`: a response, or a goal of the scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseColumn {
    /// Its name.
    pub name: String,
    /// What it is counted in.
    pub unit: Unit,
    /// The same in words.
    pub unit_name: String,
    /// What may be said of it.
    pub nature: Nature,
    /// Which values a planner wishes for.
    pub better: Better,
    /// What it means.
    pub help: String,
}

/// A response: one number per replication.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Its name, as in the files.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What may be said of it; other responses by their names.
    pub nature: Nature<&'static str>,
    /// Which values a planner wishes for.
    pub better: Better,
    /// What it means.
    pub help: &'static str,
}

/// Which values of a response a planner wishes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Low ones, for instance costs.
    Lower,
    /// High ones, for instance output.
    Higher,
    /// It depends: a part of something, or a fact about the strategy.
    Neither,
}

/// What responses are measured against.
#[derive(Clone, Copy)]
struct Frame<'w> {
    world: &'w World,
    strategy: &'w Strategy,
    seed: u64,
}

/// A group of responses. A date that never comes is infinite; a value that is undefined is NaN.
trait Group {
    /// What the group responds, in the order of the files.
    const SPECS: &'static [Spec];

    fn start(&mut self, replication: u32);

    fn held(&mut self, _team: &Team, _from: Time, _until: Time) {}

    fn happened(&mut self, _fact: Fact, _team: &Team, _now: Time) {}

    /// The horizon has come.
    fn ended(&mut self, _team: &Team, _now: Time) {}

    /// Adds the values of the replication that has just ended.
    fn values(&self, values: &mut Vec<f64>);
}

/// The least value that counts as reaching a bound, for what rounding may do to both.
fn threshold(bound: f64) -> f64 {
    bound - 1e-9 * bound.abs().max(1.0)
}

macro_rules! groups {
    ($($name:ident: $group:ty;)*) => {
        /// All responses of a replication, found by watching it.
        #[derive(Debug)]
        pub struct Responses {
            months: usize,
            horizon_days: f64,
            phases: phases::Phases,
            survival: survival::Survival,
            goals: goals::Goals,
            /// Client cost: kind by kind, month by month.
            costs: Vec<f64>,
            /// Month-end values: measure by measure, month by month.
            series: Vec<f64>,
            so_far: (u32, u32),
            $($name: $group,)*
        }

        /// The responses, in the order of the files.
        pub const ALL: &[&[Spec]] = &[$(<$group as Group>::SPECS),*];

        /// What the groups of [`ALL`] are called.
        pub const GROUPS: &[&str] = &[$(stringify!($name)),*];

        impl Responses {
            /// Prepares to watch replications of a strategy under a seed.
            #[must_use]
            pub fn new(world: &World, strategy: &Strategy, seed: u64) -> Self {
                let frame = Frame { world, strategy, seed };
                let months = world.horizon_months as usize;
                let ends = world.month_ends();
                Self {
                    months,
                    horizon_days: ends.at(ends.last).days(),
                    phases: phases::Phases::new(strategy),
                    survival: survival::Survival::new(strategy),
                    goals: goals::Goals::new(&frame),
                    costs: vec![0.0; months * Kind::ALL.len()],
                    series: vec![0.0; months * MEASURES.len()],
                    so_far: (0, 0),
                    $($name: <$group>::new(&frame),)*
                }
            }

            /// The values of the replication that has just ended, in the order of [`columns`].
            pub fn values(&self, values: &mut Vec<f64>) {
                $(self.$name.values(values);)*
                self.goals.values(values);
            }
        }

        impl Observer for Responses {
            fn start(&mut self, replication: u32) {
                self.so_far = (0, 0);
                self.phases.start();
                self.survival.start();
                self.goals.start();
                $(self.$name.start(replication);)*
            }

            #[inline]
            fn held(&mut self, team: &Team, from: Time, until: Time) {
                $(self.$name.held(team, from, until);)*
            }

            #[inline(always)]
            fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
                self.phases.happened(fact, now);
                self.survival.happened(fact);
                $(self.$name.happened(fact, team, now);)*
            }

            fn month_ended(&mut self, month: u32, team: &Team, now: Time) {
                self.money.month_ended(month, now, self.output.delivered_fte_days());
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
    /// The month-end values of the replication that has just ended: those of a measure for all months, then the next.
    #[must_use]
    pub fn series(&self) -> &[f64] {
        &self.series
    }

    /// When each of [`PHASES`] began and ended in the replication that has just ended: days, NaN if it did not.
    pub fn phases(&self, days: &mut Vec<f64>) {
        self.phases.values(self.dates.staffed_day(), self.horizon_days, days);
    }

    /// Returns the number of month ends that the venture survived in the replication that has just ended: all of them, unless
    /// market exit or a collapse that nobody rescues ended it.
    #[must_use]
    pub fn survived_months(&self) -> u32 {
        self.survival.months()
    }

    /// Client cost of the replication that has just ended: that of a kind for all months, then the next.
    #[must_use]
    pub fn costs(&self) -> &[f64] {
        &self.costs
    }

    /// Adds to the counts, goal by goal, whether the bound held in the replication that has just ended: all months, then, for
    /// all months, whether the goal would be met were it due then.
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
        self.goals.month_ended(month, &values);
        let month = month as usize - 1;
        self.so_far = (team.joins(), team.leaves());
        for (measure, value) in values.into_iter().enumerate() {
            self.series[measure * self.months + month] = value;
        }
        for (kind, &amount) in self.money.month_cost_by_kind().iter().enumerate() {
            self.costs[kind * self.months + month] = amount;
        }
    }
}

/// All columns of `replications.csv` after strategy and replication: the responses, then a goal each.
#[must_use]
pub fn columns(world: &World) -> Vec<ResponseColumn> {
    let response = |spec: &Spec| ResponseColumn {
        name: spec.name.to_owned(),
        unit: spec.unit,
        unit_name: spec.unit.name(&world.currency),
        nature: spec.nature.resolved(),
        better: spec.better,
        help: spec.help.to_owned(),
    };
    let goal = |goal: &crate::world::Goal| ResponseColumn {
        name: goal.name.clone(),
        unit: Unit::Met,
        unit_name: Unit::Met.name(&world.currency),
        nature: Nature::Number,
        better: Better::Higher,
        help: format!("1 if {}", goal.in_words()),
    };
    specs().map(response).chain(world.goals.iter().map(goal)).collect()
}

/// The responses that every scenario has, in the order of the files.
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
