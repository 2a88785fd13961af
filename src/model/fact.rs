//! The vocabulary that processes share: people, seats and stages, and the facts about them.

use crate::world::{OrganisationId, RoleId};

/// A transfer, by its position in the strategy. The rescue follows the transfers of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TransferId(pub u16);

/// A seat of a role. It also identifies its open requisition: a seat has at most one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeatId {
    /// The role.
    pub role: RoleId,
    /// Number of the seat within the role, from 0.
    pub number: u32,
}

/// A person who has joined and not left. The number is reused afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonId(pub u32);

/// A stage of an organisation's hiring pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The organisation whose pipeline it is.
    pub organisation: OrganisationId,
    /// The position of the stage, from 0.
    pub index: u16,
}

/// Why a person leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The tenure that was drawn at joining is over.
    Tenure,
    /// The additional hazard of the first days of tenure.
    Early,
    /// The employer moves people elsewhere.
    Rotation,
    /// Too few people for the work.
    Burnout,
    /// The hazard that a transfer adds for some time.
    Shock,
    /// The person refused the offer of a transfer.
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

    /// Returns the word that scenarios, traces and responses use.
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

    /// Whether the person left by choice or was moved by their employer. An attrition rate counts these causes.
    #[must_use]
    pub fn is_quit(self) -> bool {
        self.is_attrition() || matches!(self, Cause::Shock | Cause::Refusal)
    }

    /// Whether it is one of the four causes of everyday attrition, which a guarantee covers: MODEL section 6.
    #[must_use]
    pub fn is_attrition(self) -> bool {
        matches!(self, Cause::Tenure | Cause::Early | Cause::Rotation | Cause::Burnout)
    }
}

/// Progress in onboarding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waits for a mentor slot.
    Waiting,
    /// Holds a mentor slot.
    Mentored,
    /// In the step after mentoring with this position in `then`.
    Then(u16),
    /// Past onboarding.
    Full,
}

/// Something that has just happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// An organisation has started to set up.
    OrganisationStarted(OrganisationId),
    /// An organisation is set up.
    OrganisationReady(OrganisationId),
    /// An organisation is no longer active.
    OrganisationStopped(OrganisationId),
    /// The organisation in charge has collapsed.
    Collapsed(OrganisationId),
    /// The venture has failed and the client leaves: everything is over.
    MarketExited,
    /// A shock has multiplied all later wanted headcounts by this factor.
    DemandShocked(f64),
    /// The wanted headcount of a role is now this.
    WantedChanged(RoleId, u32),
    /// A person is present from the start.
    WasThere {
        /// Their seat.
        seat: SeatId,
        /// Their tenure, in days.
        tenure_days: f64,
        /// What they work, as a share of full time.
        fte: f64,
    },
    /// A person who is present from the start has given notice before it.
    HadGivenNotice(PersonId),
    /// A requisition has opened for a seat.
    RequisitionOpened(SeatId),
    /// A requisition was cancelled because fewer people are wanted, or everything is over.
    RequisitionCancelled(SeatId),
    /// The requisition of a seat is that of a person who has signed an offer, and will work this share of full time.
    OfferSigned(SeatId, f64),
    /// A requisition has taken a person from the bench.
    BenchTaken(SeatId, OrganisationId),
    /// The bench of an organisation has one more person of a role.
    BenchRefilled(OrganisationId, RoleId),
    /// The staff of an organisation, by position, can now work on this many requisitions.
    CapacityChanged(OrganisationId, u16, u32),
    /// A requisition has started to wait for the staff of a stage.
    StageQueued(SeatId, Stage),
    /// Work on a requisition has started in a stage.
    StageBegan(SeatId, Stage),
    /// The candidate has failed at the end of a stage.
    CandidateFailed(SeatId, Stage),
    /// A requisition has moved to the pipeline of an organisation.
    RequisitionMoved(SeatId, OrganisationId),
    /// The requisition of a seat is filled: the person has joined.
    Joined(SeatId),
    /// A person has moved from the seat that they held into the open requisition of another.
    Promoted {
        /// The person.
        person: PersonId,
        /// The seat that they have left.
        from: SeatId,
        /// The seat that they hold now.
        to: SeatId,
    },
    /// A person has received a mentor slot.
    MentoringBegan(PersonId),
    /// A person has reached a later phase of onboarding.
    PhaseReached(PersonId, Phase),
    /// A person has given notice.
    NoticeGiven(PersonId, Cause),
    /// The place of a person who has given notice or refused a transfer will not be filled again.
    PlaceLapsed(PersonId),
    /// A person was released because fewer people are wanted.
    Released(PersonId),
    /// A person has left.
    Left(PersonId, Cause),
    /// The client has not exercised its option: this transfer and later ones will not happen.
    OptionDropped(TransferId),
    /// The team was not ready by the latest month: this transfer and later ones will not happen.
    TransferExtended(TransferId),
    /// A rescue has made a transfer, or the rest of it, pointless.
    TransferLapsed(TransferId),
    /// The first wave of a transfer has started: its receiver is in charge.
    TransferBegan(TransferId),
    /// A person has accepted the offer of a transfer, and the receiver now employs them.
    Accepted(PersonId, TransferId),
    /// A person has refused the offer of a transfer.
    Refused(PersonId, TransferId),
    /// The disruption of a transfer has ended for a person.
    DisruptionEnded(PersonId, TransferId),
    /// The last wave of a transfer is done.
    TransferCompleted(TransferId),
    /// An incident has subtracted this many FTE-days from the output delivered.
    Incident(f64),
}

impl Fact {
    /// Whether it may change a measured quantity: headcount, wanted headcount, output, or output delivered.
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
                | Fact::OfferSigned(..)
                | Fact::BenchTaken(..)
                | Fact::BenchRefilled(..)
                | Fact::CapacityChanged(..)
                | Fact::StageQueued(..)
                | Fact::StageBegan(..)
                | Fact::CandidateFailed(..)
                | Fact::RequisitionMoved(..)
                | Fact::PlaceLapsed(_)
                | Fact::OptionDropped(_)
                | Fact::TransferExtended(_)
                | Fact::TransferLapsed(_)
                | Fact::TransferCompleted(_)
        )
    }
}
