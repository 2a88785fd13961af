//! The hiring staff: how many requisitions wait for a unit, how many units are in use, and how many there are.

use crate::model::fact::Stage;
use crate::world::{OrganisationId, World};

use super::Requisition;

/// What a requisition has of the staff of its stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) enum Claim {
    /// Nothing: it is in no stage, or in one without staff.
    None,
    /// It waits for a unit.
    Waiting,
    /// It holds a unit.
    Holding,
}

/// Counts of units and of those who wait for them. Units count while their organisation is active.
#[derive(Debug)]
pub(super) struct Staffing {
    /// By organisation, one bit for each stage that uses staff.
    stages: Vec<u64>,
    /// By organisation: the units of its staff at the start, and now.
    units_at_first: Vec<Vec<u32>>,
    units: Vec<Vec<u32>>,
    /// By organisation: the units in use.
    busy: Vec<u32>,
    pub(super) waiting: u32,
    pub(super) active_units: u32,
    pub(super) active_busy: u32,
}

impl Staffing {
    pub(super) fn new(world: &World) -> Self {
        let mut new = Self {
            stages: Vec::new(),
            units_at_first: Vec::new(),
            units: Vec::new(),
            busy: vec![0; world.organisations.len()],
            waiting: 0,
            active_units: 0,
            active_busy: 0,
        };
        for organisation in &world.organisations {
            let stages = organisation.hiring.iter().flat_map(|hiring| &hiring.stages).enumerate();
            let used = stages.map(|(index, stage)| u64::from(stage.staff.is_some()) << index);
            new.stages.push(used.sum());
            let staff = organisation.hiring.iter().flat_map(|hiring| &hiring.staff);
            new.units_at_first.push(staff.map(|staff| staff.steps.at(0.0).map_or(0, |capacity| capacity.units)).collect());
        }
        new.units.clone_from(&new.units_at_first);
        new
    }

    pub(super) fn clear(&mut self) {
        self.units.clone_from(&self.units_at_first);
        self.busy.fill(0);
        (self.waiting, self.active_units, self.active_busy) = (0, 0, 0);
    }

    /// Changes the units of an organisation's staff at this position.
    pub(super) fn set_units(&mut self, (organisation, staff): (OrganisationId, u16), units: u32, active: &[bool]) {
        self.units[usize::from(organisation.0)][usize::from(staff)] = units;
        self.recount(active);
    }

    /// Counts the units of the organisations that are active.
    pub(super) fn recount(&mut self, active: &[bool]) {
        let is_active = |index: &usize| active[*index];
        self.active_units = (0..active.len()).filter(is_active).flat_map(|index| &self.units[index]).sum();
        self.active_busy = (0..active.len()).filter(is_active).map(|index| self.busy[index]).sum();
    }

    /// Returns what a requisition has of the staff of a stage while it waits for it or is at work in it.
    #[inline(always)]
    pub(super) fn claim(&self, stage: Stage, at_work: bool) -> Claim {
        let uses_staff = self.stages[usize::from(stage.organisation.0)] >> stage.index & 1 == 1;
        match (uses_staff, at_work) {
            (false, _) => Claim::None,
            (true, false) => Claim::Waiting,
            (true, true) => Claim::Holding,
        }
    }

    /// Replaces the claim of a requisition in its stage by one in another.
    #[inline(always)]
    pub(super) fn replace(&mut self, requisition: &mut Requisition, (stage, claim): (Stage, Claim), active: &[bool]) {
        let before = std::mem::replace(&mut requisition.claim, claim);
        self.waiting += u32::from(claim == Claim::Waiting);
        self.waiting -= u32::from(before == Claim::Waiting);
        if before == Claim::Holding {
            let organisation = usize::from(requisition.stage.organisation.0);
            self.busy[organisation] -= 1;
            self.active_busy -= u32::from(active[organisation]);
        }
        if claim == Claim::Holding {
            let organisation = usize::from(stage.organisation.0);
            self.busy[organisation] += 1;
            self.active_busy += u32::from(active[organisation]);
        }
    }

    /// Takes the claim of a requisition away.
    #[inline]
    pub(super) fn drop_claim(&mut self, requisition: &mut Requisition, active: &[bool]) {
        if requisition.claim != Claim::None {
            self.replace(requisition, (requisition.stage, Claim::None), active);
        }
    }
}
