//! The records of a team: people, seats and requisitions.

use crate::engine::{Place, Slot, Time};
use crate::model::fact::{Cause, PersonId, Phase, SeatId, Stage};
use crate::world::OrganisationId;

use super::staffing::Claim;

/// Whether a person will stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Stays until further notice.
    Staying,
    /// Has given notice and is still present.
    ServingNotice,
    /// Has refused a transfer and is still present.
    Refuser,
    /// Was released and is still present.
    Released,
    /// Has left.
    Gone,
}

/// A person on the team: all that any process knows of them. [`Team::apply`](super::Team::apply) changes what others can
/// see. The rest belongs to the process that is named.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The seat that they hold, or held while they were staying.
    pub seat: SeatId,
    /// The requisition that brought them: the n-th of the seat, from 1.
    pub requisition: u32,
    /// Their employer.
    pub employer: OrganisationId,
    /// The organisation that they joined.
    pub joined: OrganisationId,
    /// The day on which they joined. Negative for people present from the start.
    pub joined_day: f64,
    /// Their position in the order of joining. People present from the start come first.
    pub order: u32,
    /// Their phase of onboarding. After giving notice, the last phase that they reached.
    pub phase: Phase,
    /// Whether they will stay.
    pub standing: Standing,
    /// What they work, as a share of full time.
    pub fte: f64,
    /// What multiplies their output: the transfers whose disruption still affects them, one bit each, and part time.
    pub(in crate::model) factors: u64,
    /// Their level of output: that of their phase while they are staying, then the last one.
    pub(in crate::model) level: f64,
    /// Their output in units.
    pub(in crate::model) output: i64,
    /// Attrition: the share of people with their tenure distribution who stay at least as long.
    pub(in crate::model) survival: f64,
    /// Attrition: the tenure at which they give notice by the tenure distribution, in days.
    pub(in crate::model) tenure_days: f64,
    /// Attrition: when the shock of a transfer strikes, if it does.
    pub(in crate::model) shock: Option<Time>,
    /// Attrition: their next event, which is giving notice or leaving.
    pub(in crate::model) exit: Slot,
    /// Attrition: why it happens.
    pub(in crate::model) cause: Cause,
    /// Onboarding: the random number of the time that they are mentored.
    pub(in crate::model) luck: f64,
    /// Onboarding: their place in the line for a mentor, of no meaning after the first phase.
    pub(in crate::model) place: Place,
    /// Onboarding: the event that ends their phase.
    pub(in crate::model) phase_end: Slot,
}

/// Where a requisition is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::model) enum Course {
    /// Nowhere: it is between stages, or its organisation has no pipeline.
    Nowhere,
    /// It waits, in this place, for the organisation to be set up.
    Held(usize),
    /// It waits for staff, in this place of the line.
    Queued(Place),
    /// It is worked on.
    AtWork,
    /// A person from the bench is about to join.
    FromBench,
    /// A person who has signed an offer is about to join.
    Signed { fte: f64 },
}

/// An open requisition, or the latest one of the seat: all that any process knows of it.
/// [`Team::apply`](super::Team::apply) changes what others can see. The rest belongs to hiring.
#[derive(Clone, Copy, Debug)]
pub struct Requisition {
    /// The time of opening.
    pub opened_at: Time,
    /// Its position in the order of opening.
    pub order: u32,
    /// The organisation in whose pipeline it is.
    pub pipeline: OrganisationId,
    /// Whether it can no longer be cancelled if fewer people are wanted, because a person is about to join: MODEL section 1.
    pub is_bound: bool,
    /// What it has of the staff of its stage.
    pub(in crate::model) claim: Claim,
    /// Hiring: whether the candidate of the current stage will pass.
    pub(in crate::model) passes: bool,
    /// Hiring: the random numbers of its next step, drawn one step ahead: of the stage that it will begin next, or of the
    /// tenure of the person that it brings.
    pub(in crate::model) luck: [f64; 2],
    /// Hiring: its next event, the end of a stage or the arrival from the bench.
    pub(in crate::model) next: Slot,
    /// Its stage, or the one that it waits for.
    pub(in crate::model) stage: Stage,
    /// Where it is.
    pub(in crate::model) course: Course,
}

impl Person {
    /// The factor of output that is part time. Others are those of transfers, of which there are fewer.
    pub(super) const PART_TIME: u64 = 1 << 63;
}

impl Requisition {
    /// Returns a requisition that is just opened, in no stage.
    pub(super) fn new(opened_at: Time, order: u32, pipeline: OrganisationId) -> Self {
        let stage = Stage { organisation: pipeline, index: 0 };
        let (next, course) = (Slot::NONE, Course::Nowhere);
        let (is_bound, claim, passes, luck) = (false, Claim::None, false, [0.0; 2]);
        Self { opened_at, order, pipeline, is_bound, claim, passes, luck, next, stage, course }
    }

    /// Returns its stage. None until it has entered one, and while it is between two.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        matches!(self.course, Course::Queued(_) | Course::AtWork).then_some(self.stage)
    }

    /// Whether it is worked on, not waiting.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.course == Course::AtWork
    }

    /// Whether it is filled from the bench or by a signed offer, and so passes no stages.
    #[must_use]
    pub fn is_promised(&self) -> bool {
        matches!(self.course, Course::FromBench | Course::Signed { .. })
    }

    /// Returns what its joiner will work, as a share of full time.
    #[inline]
    pub(super) fn fte(&self) -> f64 {
        if let Course::Signed { fte } = self.course { fte } else { 1.0 }
    }
}

/// What a seat holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Nothing.
    Vacant,
    /// An open requisition.
    Requisition,
    /// A person who is staying.
    Person(PersonId),
}

/// A seat of a role.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// What it holds.
    pub holding: Holding,
    /// Requisitions opened for it so far.
    pub requisitions: u32,
    /// Its latest requisition.
    pub requisition: Requisition,
}

/// The progress of a listed transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has not started.
    Ahead,
    /// Its first wave has happened, but not its last.
    Begun,
    /// It is complete, or it or the rest of it will not happen.
    Over,
}
