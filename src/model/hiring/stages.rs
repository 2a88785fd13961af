//! Stages and staff of the pipelines of all organisations, stored together so that lookups are local.

use crate::engine::{Place, Resource};
use crate::input::duration::Duration;
use crate::random::{DrawKey, Purpose};
use crate::world::{OrganisationId, RoleId, StageTable, World, role_id};

use super::{SeatId, Stage, TENURE};

/// Length of a stage, and whether its candidate passes: the two numbers of one draw, by stage and try.
pub(super) const FIRST_STAGE: DrawKey = DrawKey::of(Purpose::named("hiring.stage"));
/// A stage of no pipeline.
static NOTHING: Rule = Rule { staff: None, is_last: false, fails_to: 0, ahead: [Ahead { draw: FIRST_STAGE, tries: 0 }; 2] };
/// The bit that the rest of the staff share.
const OTHERS: usize = 63;

/// A stage of a pipeline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// The position of its staff among all staff.
    pub(super) staff: Option<usize>,
    pub(super) is_last: bool,
    /// The position of the stage to which a failed candidate's requisition returns.
    pub(super) fails_to: u16,
    /// What is drawn ahead for the next step, by whether the candidate passes.
    pub(super) ahead: [Ahead; 2],
}

/// What a stage is for a role.
#[derive(Clone, Debug)]
pub(super) struct OfRole {
    pub(super) takes_days: Duration,
    pub(super) pass: f64,
}

/// The draw of a step that is yet to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead {
    pub(super) draw: DrawKey,
    /// Which tries number its attempts: those of the stage, or none.
    pub(super) tries: u16,
}

impl Ahead {
    fn stage(index: u16) -> Self {
        Self { draw: FIRST_STAGE.index(index), tries: index }
    }

    /// The tenure has no tries, so it is numbered by what comes behind those of the last stage.
    fn tenure(most: usize) -> Self {
        Self { draw: DrawKey::of(TENURE), tries: as_index(most) }
    }
}

impl OfRole {
    fn new(stage: Option<&StageTable>, role: RoleId) -> Self {
        let takes_days = stage.map(|stage| stage.takes_days_by_role.get(role).unwrap_or(&stage.takes_days));
        Self {
            takes_days: takes_days.cloned().unwrap_or_else(Duration::zero),
            pass: stage.map_or(0.0, |stage| stage.pass_of(Some(role))),
        }
    }
}

fn as_index(index: usize) -> u16 {
    u16::try_from(index).expect("the number of stages is bounded")
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
    by_role: Vec<OfRole>,
}

impl Stages {
    pub(super) fn new(world: &World) -> Self {
        let hiring = || world.organisations.iter().map(|organisation| organisation.hiring.as_ref());
        let most = hiring().flatten().map(|table| table.stages.len()).max().unwrap_or(0);
        let roles = world.roles.len();
        let mut stages = Self { most, roles, rules: Vec::new(), by_role: Vec::new() };
        let mut first_staff = 0;
        for table in hiring() {
            let given = table.map_or(&[][..], |table| &table.stages);
            for index in 0..most {
                let stage = given.get(index);
                let is_last = index + 1 == given.len();
                let fails_to = as_index(stage.map_or(0, |stage| stage.fails_to));
                let after = if is_last { Ahead::tenure(most) } else { Ahead::stage(as_index(index + 1)) };
                stages.rules.push(Rule {
                    ahead: [Ahead::stage(fails_to), after],
                    staff: stage.and_then(|stage| stage.staff).map(|staff| first_staff + staff),
                    is_last,
                    fails_to,
                });
                stages.by_role.extend((0..roles).map(role_id).map(|role| OfRole::new(stage, role)));
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
    pub(super) fn rule(&self, stage: Stage) -> &Rule {
        self.rules.get(self.position(stage)).unwrap_or(&NOTHING)
    }

    #[inline]
    pub(super) fn of_role(&self, stage: Stage, role: RoleId) -> &OfRole {
        &self.by_role[self.position(stage) * self.roles + usize::from(role.0)]
    }
}

/// The staff of all pipelines.
#[derive(Debug)]
pub(super) struct AllStaff {
    /// By organisation and position.
    units: Vec<Resource<SeatId>>,
    /// One bit for each of the first staff, and the last bit for all others: whether a free unit may meet a requisition.
    may_serve: u64,
    /// The units of each staff at the start.
    capacities: Vec<u32>,
    /// The position of the first staff of each organisation.
    first: Vec<usize>,
}

impl AllStaff {
    pub(super) fn new(world: &World) -> Self {
        let mut all = Self { units: Vec::new(), may_serve: 0, capacities: Vec::new(), first: Vec::new() };
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
        self.may_serve = 0;
    }

    /// Changes the units of an organisation's staff at this position.
    pub(super) fn set_capacity(&mut self, organisation: OrganisationId, position: u16, capacity: u32) {
        let staff = self.first[usize::from(organisation.0)] + usize::from(position);
        self.units[staff].set_capacity(capacity);
        self.note(staff);
    }

    /// Lets a requisition wait for a unit.
    #[inline]
    pub(super) fn queue(&mut self, staff: usize, rank: usize, seat: SeatId) -> Place {
        let place = self.units[staff].queue(rank, seat);
        self.note(staff);
        place
    }

    /// Frees a unit.
    #[inline]
    pub(super) fn release(&mut self, staff: usize) {
        self.units[staff].release();
        self.note(staff);
    }

    /// Removes a requisition that waits.
    pub(super) fn renege(&mut self, staff: usize, rank: usize, place: Place) {
        self.units[staff].renege(rank, place);
    }

    #[inline]
    fn note(&mut self, staff: usize) {
        self.may_serve |= u64::from(self.units[staff].is_ready()) << staff.min(OTHERS);
    }

    /// Gives a free unit to the next requisition in line, of the first staff that has both.
    #[inline]
    pub(super) fn seize_next(&mut self) -> Option<SeatId> {
        while self.may_serve != 0 {
            let staff = self.may_serve.trailing_zeros() as usize;
            let next = if staff == OTHERS {
                self.units[staff..].iter_mut().find_map(Resource::seize_next)
            } else {
                self.units[staff].seize_next()
            };
            if next.is_some() {
                return next;
            }
            self.may_serve &= self.may_serve - 1;
        }
        None
    }
}
