//! The words in which processes speak to each other: who and what there is, and what has just happened.

use crate::world::{OrganisationId, RoleId};

/// A transfer, by its position in the strategy; the rescue comes after those of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TransferId(pub u16);

/// A seat of a role. It names its open requisition too: a seat has one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeatId {
    /// The role.
    pub role: RoleId,
    /// Number of the seat within the role, from 0.
    pub number: u32,
}

/// Somebody who has joined and not left; the number is used again afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonId(pub u32);

/// A stage of an organisation's hiring pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Whose pipeline.
    pub organisation: OrganisationId,
    /// Position of the stage, from 0.
    pub index: u16,
}

/// Why somebody leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The time to quit drawn at joining has passed.
    Tenure,
    /// The additional hazard of the first days.
    Early,
    /// The employer moves people elsewhere.
    Rotation,
    /// Too few people for the work.
    Burnout,
    /// The hazard that a transfer adds for some time.
    Shock,
    /// The offer of a transfer was refused.
    Refusal,
    /// Fewer people are wanted.
    Release,
    /// The client has left the market.
    Exit,
    /// The organisation in charge has collapsed.
    Collapse,
}

impl Cause {
    /// All causes, in the order of the responses.
    pub const ALL: [Cause; 9] = [
        Cause::Tenure,
        Cause::Early,
        Cause::Rotation,
        Cause::Burnout,
        Cause::Shock,
        Cause::Refusal,
        Cause::Release,
        Cause::Exit,
        Cause::Collapse,
    ];

    /// The word that scenarios, traces and responses use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Cause::Tenure => "tenure",
            Cause::Early => "early",
            Cause::Rotation => "rotation",
            Cause::Burnout => "burnout",
            Cause::Shock => "shock",
            Cause::Refusal => "refusal",
            Cause::Release => "release",
            Cause::Exit => "exit",
            Cause::Collapse => "collapse",
        }
    }

    /// Whether somebody left of their own choice or was moved by their employer: what an attrition rate counts.
    #[must_use]
    pub fn is_quit(self) -> bool {
        self.is_attrition() || matches!(self, Cause::Shock | Cause::Refusal)
    }

    /// Whether it is one of the four of everyday attrition, for which a guarantee holds: MODEL section 6.
    #[must_use]
    pub fn is_attrition(self) -> bool {
        matches!(self, Cause::Tenure | Cause::Early | Cause::Rotation | Cause::Burnout)
    }
}

/// Where somebody stands in onboarding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waits for a mentor slot.
    Waiting,
    /// Holds a mentor slot.
    Mentored,
    /// In the step after mentoring that has this position in `then`.
    Then(u16),
    /// Past onboarding.
    Full,
}

/// Something that has just happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// An organisation has begun to set up.
    OrganisationStarted(OrganisationId),
    /// An organisation is set up.
    OrganisationReady(OrganisationId),
    /// An organisation is no longer active.
    OrganisationStopped(OrganisationId),
    /// The organisation in charge has collapsed.
    Collapsed(OrganisationId),
    /// The venture has failed and the client leaves: all is over.
    MarketExited,
    /// A shock has multiplied every later wanted headcount by this.
    DemandShocked(f64),
    /// The wanted headcount of a role has become this.
    WantedChanged(RoleId, u32),
    /// Somebody is there from the start, for a seat, with a tenure in days.
    WasThere(SeatId, f64),
    /// A requisition was opened for a seat.
    RequisitionOpened(SeatId),
    /// A requisition was cancelled: fewer are wanted, or all is over.
    RequisitionCancelled(SeatId),
    /// A requisition has taken somebody from the bench.
    BenchTaken(SeatId, OrganisationId),
    /// The bench of an organisation has one more of a role.
    BenchRefilled(OrganisationId, RoleId),
    /// The staff of an organisation, by position, can now work on so many requisitions.
    CapacityChanged(OrganisationId, u16, u32),
    /// A requisition has begun to wait for staff of a stage.
    StageQueued(SeatId, Stage),
    /// Work on a requisition has begun in a stage.
    StageBegan(SeatId, Stage),
    /// The candidate failed at the end of a stage.
    CandidateFailed(SeatId, Stage),
    /// A requisition has gone over to the pipeline of an organisation.
    RequisitionMoved(SeatId, OrganisationId),
    /// The requisition of a seat was filled: the person has joined.
    Joined(SeatId),
    /// Somebody was given a mentor slot.
    MentoringBegan(PersonId),
    /// Somebody has come to a later phase of onboarding.
    PhaseReached(PersonId, Phase),
    /// Somebody has given notice.
    NoticeGiven(PersonId, Cause),
    /// Somebody was released: fewer are wanted.
    Released(PersonId),
    /// Somebody has left.
    Left(PersonId, Cause),
    /// The client has not taken up its option: this transfer and later ones will not take place.
    OptionDropped(TransferId),
    /// The team was not ready by the latest month: this transfer and later ones will not take place.
    TransferExtended(TransferId),
    /// A rescue has made a transfer, or what was left of it, pointless.
    TransferLapsed(TransferId),
    /// The first wave of a transfer has begun: its receiver is in charge.
    TransferBegan(TransferId),
    /// Somebody has accepted the offer of a transfer, and the receiver employs them.
    Accepted(PersonId, TransferId),
    /// Somebody has refused the offer of a transfer.
    Refused(PersonId, TransferId),
    /// The disruption of a transfer is over for somebody.
    DisruptionEnded(PersonId, TransferId),
    /// The last wave of a transfer is done.
    TransferCompleted(TransferId),
    /// An incident has taken so many FTE-days out of what was delivered.
    Incident(f64),
}

impl Fact {
    /// Whether it may change what is measured: headcount, wanted headcount, output, or what was delivered.
    #[inline(always)]
    pub(super) fn is_measured(self) -> bool {
        !matches!(
            self,
            Fact::OrganisationStarted(_)
                | Fact::OrganisationReady(_)
                | Fact::OrganisationStopped(_)
                | Fact::Collapsed(_)
                | Fact::DemandShocked(_)
                | Fact::RequisitionOpened(_)
                | Fact::RequisitionCancelled(_)
                | Fact::BenchTaken(..)
                | Fact::BenchRefilled(..)
                | Fact::CapacityChanged(..)
                | Fact::StageQueued(..)
                | Fact::StageBegan(..)
                | Fact::CandidateFailed(..)
                | Fact::RequisitionMoved(..)
                | Fact::OptionDropped(_)
                | Fact::TransferExtended(_)
                | Fact::TransferLapsed(_)
                | Fact::TransferCompleted(_)
        )
    }
}

/// Does something with a fact, once for each kind: the compiler then knows the kind, and of everyone who hears of facts only
/// what is meant for this kind is left. One jump a fact instead of one for each who hears of it.
macro_rules! by_kind {
    ($fact:ident => $done:expr, [$($kind:ident($($field:ident),*))*]) => {
        match $fact {
            Fact::MarketExited => {
                let $fact = Fact::MarketExited;
                $done
            }
            $(Fact::$kind($($field),*) => {
                let $fact = Fact::$kind($($field),*);
                $done
            })*
        }
    };
    ($fact:ident => $done:expr) => {
        $crate::model::fact::by_kind!($fact => $done, [
            OrganisationStarted(a)
            OrganisationReady(a)
            OrganisationStopped(a)
            Collapsed(a)
            DemandShocked(a)
            WantedChanged(a, b)
            WasThere(a, b)
            RequisitionOpened(a)
            RequisitionCancelled(a)
            BenchTaken(a, b)
            BenchRefilled(a, b)
            CapacityChanged(a, b, c)
            StageQueued(a, b)
            StageBegan(a, b)
            CandidateFailed(a, b)
            RequisitionMoved(a, b)
            Joined(a)
            MentoringBegan(a)
            PhaseReached(a, b)
            NoticeGiven(a, b)
            Released(a)
            Left(a, b)
            OptionDropped(a)
            TransferExtended(a)
            TransferLapsed(a)
            TransferBegan(a)
            Accepted(a, b)
            Refused(a, b)
            DisruptionEnded(a, b)
            TransferCompleted(a)
            Incident(a)
        ])
    };
}

pub(super) use by_kind;
