//! Stages and staff of the pipelines of all organisations, stored together so that lookups are local.

use crate::engine::Resource;
use crate::input::duration::Duration;
use crate::world::{OrganisationId, RoleId, StageTable, World};

use super::{SeatId, Stage};

/// A stage of a pipeline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) pass: f64,
    /// The position of its staff among all staff.
    pub(super) staff: Option<usize>,
    pub(super) is_last: bool,
}

/// The stages of all pipelines.
#[derive(Debug)]
pub(super) struct Stages {
    /// The number of stages of the longest pipeline. Every organisation has room for that many.
    most: usize,
    roles: usize,
    /// By organisation and stage. Unused entries do nothing.
    rules: Vec<Rule>,
    /// By organisation, stage and role.
    takes_days: Vec<Duration>,
}

impl Stages {
    pub(super) fn new(world: &World) -> Self {
        let hiring = || world.organisations.iter().map(|organisation| organisation.hiring.as_ref());
        let most = hiring().flatten().map(|table| table.stages.len()).max().unwrap_or(0);
        let roles = world.roles.len();
        let mut stages = Self { most, roles, rules: Vec::new(), takes_days: Vec::new() };
        let mut first_staff = 0;
        for table in hiring() {
            let given = table.map_or(&[][..], |table| &table.stages);
            for index in 0..most {
                let stage = given.get(index);
                stages.rules.push(Rule {
                    pass: stage.map_or(0.0, |stage| stage.pass),
                    staff: stage.and_then(|stage| stage.staff).map(|staff| first_staff + staff),
                    is_last: index + 1 == given.len(),
                });
                let spread = |stage: &StageTable| stage.takes_days_by_role.spread(roles, &stage.takes_days);
                stages.takes_days.extend(stage.map_or_else(|| vec![Duration::zero(); roles], spread));
            }
            first_staff += table.map_or(0, |table| table.staff.len());
        }
        stages
    }

    /// Returns the number of stages of the longest pipeline.
    #[inline]
    pub(super) fn most(&self) -> usize {
        self.most
    }

    #[inline]
    fn position(&self, stage: Stage) -> usize {
        usize::from(stage.organisation.0) * self.most + usize::from(stage.index)
    }

    /// Returns the rule of a stage. If there are no stages at all, it has no staff.
    #[inline]
    pub(super) fn rule(&self, stage: Stage) -> Rule {
        let nothing = Rule { pass: 0.0, staff: None, is_last: false };
        self.rules.get(self.position(stage)).copied().unwrap_or(nothing)
    }

    #[inline]
    pub(super) fn takes_days(&self, stage: Stage, role: RoleId) -> &Duration {
        &self.takes_days[self.position(stage) * self.roles + usize::from(role.0)]
    }
}

/// The staff of all pipelines.
#[derive(Debug)]
pub(super) struct AllStaff {
    /// By organisation and position.
    pub(super) units: Vec<Resource<SeatId>>,
    /// The units of each staff at the start.
    capacities: Vec<u32>,
    /// The position of the first staff of each organisation.
    first: Vec<usize>,
}

impl AllStaff {
    pub(super) fn new(world: &World) -> Self {
        let mut all = Self { units: Vec::new(), capacities: Vec::new(), first: Vec::new() };
        for organisation in &world.organisations {
            all.first.push(all.units.len());
            for staff in organisation.hiring.iter().flat_map(|hiring| &hiring.staff) {
                let capacity = staff.steps.at(0.0).map_or(0, |capacity| capacity.units);
                all.capacities.push(capacity);
                all.units.push(Resource::new(capacity, world.ranks()));
            }
        }
        all
    }

    pub(super) fn clear(&mut self) {
        self.units.iter_mut().zip(&self.capacities).for_each(|(units, &capacity)| units.clear(capacity));
    }

    /// Returns the staff of an organisation at this position.
    pub(super) fn of(&mut self, organisation: OrganisationId, position: u16) -> &mut Resource<SeatId> {
        &mut self.units[self.first[usize::from(organisation.0)] + usize::from(position)]
    }
}
