//! Setting up: organisations start, are set up, and stop being active after they have handed over.

use crate::engine::Ticket;
use crate::random::{Draw, Purpose};
use crate::world::{OrganisationId, Strategy, World, month_instant};

use super::fact::{Fact, TransferId};
use super::process::{Context, Process};
use super::team::Progress;

const SETUP: Purpose = Purpose::named("setup.days");

/// The process of setting up.
#[derive(Debug)]
pub(super) struct Setup {
    collapses: u32,
    /// Whether each organisation is active.
    is_active: Vec<bool>,
    /// The event that ends setting up, for each organisation.
    tickets: Vec<Ticket>,
    /// Whether each organisation has completed a transfer to another since it started.
    has_handed_over: Vec<bool>,
    /// The organisations that handed over in transfers that are not complete yet, with these transfers.
    senders: Vec<(TransferId, OrganisationId)>,
    in_charge: OrganisationId,
    employer: OrganisationId,
    may_stop: bool,
}

/// An event of setting up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The receiver of a transfer starts to set up.
    Prepare(TransferId),
    /// An organisation is set up.
    Done(OrganisationId),
}

/// Why an organisation starts. It keys the random numbers, so that an additional or earlier receiver does not shift those of
/// others.
#[derive(Clone, Copy, Debug)]
struct Start {
    /// 0 for the employer and for an organisation that starts after a collapse, else the number of the transfer, from 1.
    part: u32,
    /// The number of the collapse after which it starts, from 1. Else 0.
    collapses: u32,
}

impl Start {
    const OF_EMPLOYER: Start = Start { part: 0, collapses: 0 };

    fn of_receiver(transfer: TransferId) -> Self {
        Self { part: u32::from(transfer.0) + 1, collapses: 0 }
    }
}

impl Process for Setup {
    type Event = Event;

    fn new(world: &World, strategy: &Strategy) -> Self {
        let organisations = world.organisations.len();
        Self {
            collapses: 0,
            is_active: vec![false; organisations],
            tickets: vec![Ticket::NONE; organisations],
            has_handed_over: vec![false; organisations],
            senders: Vec::with_capacity(strategy.transfers.len() + 1),
            in_charge: strategy.employer,
            employer: strategy.employer,
            may_stop: false,
        }
    }

    fn clear(&mut self) {
        self.collapses = 0;
        self.is_active.fill(false);
        self.tickets.fill(Ticket::NONE);
        self.has_handed_over.fill(false);
        self.senders.clear();
        self.in_charge = self.employer;
        self.may_stop = false;
    }

    fn start(&mut self, cx: &mut Context<'_, Event>) {
        self.begin(self.employer, Start::OF_EMPLOYER, cx);
        for (transfer, parameters) in (0..).map(TransferId).zip(&cx.strategy().transfers) {
            if !cx.is_taken_up(transfer) {
                break;
            }
            if parameters.prepare_month > 0.0 {
                cx.schedule_at(month_instant(parameters.prepare_month), Event::Prepare(transfer));
            } else if !self.is_active[usize::from(parameters.to.0)] {
                self.begin(parameters.to, Start::of_receiver(transfer), cx);
            }
        }
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Event>) {
        match event {
            Event::Prepare(transfer) => {
                let to = cx.strategy().transfer(transfer.0).to;
                if cx.team().progress(transfer) == Progress::Ahead && !self.is_active[usize::from(to.0)] {
                    self.begin(to, Start::of_receiver(transfer), cx);
                }
            }
            Event::Done(organisation) => cx.emit(Fact::OrganisationReady(organisation)),
        }
    }

    #[inline(always)]
    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Event>) {
        match fact {
            Fact::Collapsed(organisation) => self.recover(organisation, cx),
            Fact::TransferBegan(transfer) => {
                let to = cx.team().in_charge();
                self.senders.push((transfer, self.in_charge));
                self.has_handed_over[usize::from(to.0)] = false;
                self.in_charge = to;
                self.may_stop = true;
            }
            Fact::TransferCompleted(transfer) | Fact::TransferLapsed(transfer) => {
                if let Some(position) = self.senders.iter().position(|&(begun, _)| begun == transfer) {
                    let (_, sender) = self.senders.swap_remove(position);
                    self.has_handed_over[usize::from(sender.0)] = sender != self.in_charge;
                }
                self.may_stop = true;
            }
            // No organisation prepares for it any more.
            Fact::TransferExtended(_) => self.may_stop = true,
            _ => {}
        }
    }

    #[inline(always)]
    fn rest(&mut self, cx: &mut Context<'_, Event>) {
        if std::mem::take(&mut self.may_stop) {
            self.stop_finished(cx);
        }
    }
}

/// Whether an organisation that has handed over is still needed: it hires, is in charge again, or prepares to be.
fn is_needed(organisation: OrganisationId, cx: &Context<'_, Event>) -> bool {
    let team = cx.team();
    let prepares = |(transfer, parameters): (TransferId, &crate::world::Transfer)| {
        parameters.to == organisation
            && team.progress(transfer) == Progress::Ahead
            && month_instant(parameters.prepare_month) <= cx.now()
    };
    team.hiring() == organisation
        || team.in_charge() == organisation
        || (0..).map(TransferId).zip(&cx.strategy().transfers).any(prepares)
}

impl Setup {
    fn stop_finished(&mut self, cx: &mut Context<'_, Event>) {
        let organisations = (0..).map(OrganisationId).zip(&mut self.is_active).zip(&self.has_handed_over).zip(&self.tickets);
        for (((organisation, is_active), &has_handed_over), &setting_up) in organisations {
            if has_handed_over && *is_active && !is_needed(organisation, cx) {
                *is_active = false;
                // It may have handed over before it was set up.
                cx.cancel(setting_up);
                cx.emit(Fact::OrganisationStopped(organisation));
            }
        }
    }

    fn begin(&mut self, organisation: OrganisationId, start: Start, cx: &mut Context<'_, Event>) {
        let index = usize::from(organisation.0);
        (self.is_active[index], self.has_handed_over[index]) = (true, false);
        cx.emit(Fact::OrganisationStarted(organisation));
        let days = &cx.organisation(organisation).setup.setup_days;
        let days = days.draw(|| cx.draw_for_start(start.part, Draw::of(SETUP).attempt(start.collapses)));
        if days > 0.0 {
            self.tickets[index] = cx.schedule_in(days, Event::Done(organisation));
        } else {
            cx.emit(Fact::OrganisationReady(organisation));
        }
    }

    /// Starts the rescuer after a collapse, unless it is already active. Without a rescuer, the organisation sets up again.
    fn recover(&mut self, organisation: OrganisationId, cx: &mut Context<'_, Event>) {
        self.collapses += 1;
        let start = Start { collapses: self.collapses, ..Start::OF_EMPLOYER };
        match cx.rescue() {
            Some((_, rescue)) if self.is_active[usize::from(rescue.to.0)] => {}
            Some((_, rescue)) => self.begin(rescue.to, start, cx),
            None => {
                cx.cancel(self.tickets[usize::from(organisation.0)]);
                self.begin(organisation, start, cx);
            }
        }
    }
}
