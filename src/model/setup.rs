//! Setting up: organisations start, are set up, and stop being active after they have handed over.

use crate::engine::{Slot, Time};
use crate::random::{DrawKey, Purpose};
use crate::world::{OrganisationId, RoleId, World};

use super::draws::Draws;
use super::fact::{Fact, SeatId, TransferId};
use super::team::Progress;
use super::{Event, Observer, Simulation};

const SETUP: Purpose = Purpose::named("setup.days");

/// The state of setting up.
#[derive(Debug)]
pub(super) struct Setup {
    collapses: u32,
    /// The event that ends setting up, for each organisation.
    ends: Vec<Slot>,
    /// Whether each organisation has completed a transfer to another since it started.
    has_handed_over: Vec<bool>,
    /// The organisations that handed over in transfers that are not complete yet, with these transfers.
    senders: Vec<(TransferId, OrganisationId)>,
    may_stop: bool,
}

/// Why an organisation starts. It keys the random numbers, so that an additional or earlier receiver or role does not
/// shift those of others.
#[derive(Clone, Copy, Debug)]
enum Start {
    /// As the employer; or, after this number of collapses, in the place of the one that collapsed.
    Employer { collapses: u32 },
    /// As the employer of a role.
    OfRole(RoleId),
    /// To receive the team.
    Receiver(TransferId),
}

impl Start {
    fn luck(self, draws: &Draws) -> f64 {
        let draw = DrawKey::of(SETUP);
        match self {
            Self::Employer { collapses } => draws.for_start(0, draw.attempt(collapses)),
            Self::Receiver(transfer) => draws.for_start(u32::from(transfer.0) + 1, draw),
            Self::OfRole(role) => draws.for_initial(SeatId { role, number: 0 }, draw)[0],
        }
    }
}

impl Setup {
    pub(super) fn new(world: &World) -> Self {
        let organisations = world.organisations.len();
        Self {
            collapses: 0,
            ends: vec![Slot::NONE; organisations],
            has_handed_over: vec![false; organisations],
            senders: Vec::new(),
            may_stop: false,
        }
    }

    pub(super) fn clear(&mut self) {
        self.collapses = 0;
        self.ends.fill(Slot::NONE);
        self.has_handed_over.fill(false);
        self.senders.clear();
        self.may_stop = false;
    }

    pub(super) fn awaits(&self, organisation: OrganisationId, slot: Slot) -> bool {
        self.ends[usize::from(organisation.0)] == slot
    }
}

impl Simulation<'_> {
    pub(super) fn start_organisations(&mut self, observer: &mut impl Observer) {
        let strategy = self.strategy;
        self.start_organisation(strategy.employer, Start::Employer { collapses: 0 }, observer);
        for &(role, employer) in &strategy.employer_by_role.0 {
            if !self.team.is_active(employer) {
                self.start_organisation(employer, Start::OfRole(role), observer);
            }
        }
        for (transfer, parameters) in (0..).map(TransferId).zip(&strategy.transfers) {
            if !self.draws.is_taken_up(transfer, strategy) {
                break;
            }
            if parameters.prepare.day <= 0.0 && !self.team.is_active(parameters.to) {
                self.start_organisation(parameters.to, Start::Receiver(transfer), observer);
            }
        }
    }

    /// Schedules when the receivers start that do not at once.
    pub(super) fn schedule_preparations(&mut self) {
        for (transfer, parameters) in (0..).map(TransferId).zip(&self.strategy.transfers) {
            if !self.draws.is_taken_up(transfer, self.strategy) {
                break;
            }
            if parameters.prepare.day > 0.0 {
                self.calendar.schedule_at(Time::from_days(parameters.prepare.day), Event::Prepare(transfer));
            }
        }
    }

    pub(super) fn prepare(&mut self, transfer: TransferId, observer: &mut impl Observer) {
        let to = self.strategy.transfer(transfer.0).to;
        if self.team.progress(transfer) == Progress::Ahead && !self.team.is_active(to) {
            self.start_organisation(to, Start::Receiver(transfer), observer);
        }
    }

    fn start_organisation(&mut self, organisation: OrganisationId, start: Start, observer: &mut impl Observer) {
        let index = usize::from(organisation.0);
        self.setup.has_handed_over[index] = false;
        self.setup.ends[index] = Slot::NONE;
        self.tell(Fact::OrganisationStarted(organisation), observer);
        let days = &self.world.organisation(organisation).setup.setup_days;
        let days = days.draw(|| start.luck(&self.draws));
        if days > 0.0 {
            self.setup.ends[index] = self.calendar.schedule_in(days, Event::SetUp(organisation));
        } else {
            self.finish_setup(organisation, observer);
        }
    }

    pub(super) fn finish_setup(&mut self, organisation: OrganisationId, observer: &mut impl Observer) {
        self.tell(Fact::OrganisationReady(organisation), observer);
        self.unbalance();
        self.admit_held(organisation, observer);
        self.reconsider_transfers();
        self.begin_to_mature();
    }

    /// Starts the rescuer after a collapse, unless it is already active. Without a rescuer, the organisation sets up again.
    pub(super) fn recover(&mut self, organisation: OrganisationId, observer: &mut impl Observer) {
        self.setup.collapses += 1;
        let start = Start::Employer { collapses: self.setup.collapses };
        match self.rescue() {
            Some((_, rescue)) if self.team.is_active(rescue.to) => {}
            Some((_, rescue)) => self.start_organisation(rescue.to, start, observer),
            None => self.start_organisation(organisation, start, observer),
        }
    }

    /// Remembers who hands over in a transfer that has just begun, as the sender may stop once it is complete.
    pub(super) fn note_sender(&mut self, transfer: TransferId, sender: OrganisationId) {
        self.setup.senders.push((transfer, sender));
        self.setup.has_handed_over[usize::from(self.team.in_charge().0)] = false;
        self.setup.may_stop = true;
    }

    /// A transfer is over, so its sender may stop.
    pub(super) fn dismiss_sender(&mut self, transfer: TransferId) {
        if let Some(position) = self.setup.senders.iter().position(|&(begun, _)| begun == transfer) {
            let (_, sender) = self.setup.senders.swap_remove(position);
            self.setup.has_handed_over[usize::from(sender.0)] = sender != self.team.in_charge();
        }
        self.setup.may_stop = true;
    }

    /// Nobody prepares for a transfer any more.
    pub(super) fn stop_preparing(&mut self) {
        self.setup.may_stop = true;
    }

    #[inline(always)]
    pub(super) fn stop_organisations(&mut self, observer: &mut impl Observer) {
        if std::mem::take(&mut self.setup.may_stop) {
            self.stop_finished(observer);
        }
    }

    #[inline(never)]
    fn stop_finished(&mut self, observer: &mut impl Observer) {
        for (index, organisation) in (0..self.world.organisations.len()).zip((0..).map(OrganisationId)) {
            if self.setup.has_handed_over[index] && self.team.is_active(organisation) && !self.is_needed(organisation) {
                // It may have handed over before it was set up.
                self.setup.ends[index] = Slot::NONE;
                self.tell(Fact::OrganisationStopped(organisation), observer);
            }
        }
    }

    /// Whether an organisation that has handed over is still needed: it employs a role, hires, is in charge again, or prepares
    /// to be.
    fn is_needed(&self, organisation: OrganisationId) -> bool {
        let team = &self.team;
        let prepares = |(transfer, parameters): (TransferId, &crate::world::Transfer)| {
            parameters.to == organisation
                && team.progress(transfer) == Progress::Ahead
                && parameters.prepare.day <= self.calendar.now().days()
        };
        team.is_fixed_employer(organisation)
            || team.hiring() == organisation
            || team.in_charge() == organisation
            || (0..).map(TransferId).zip(&self.strategy.transfers).any(prepares)
    }
}
