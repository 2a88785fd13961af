//! Processes: what they are, and what they may access.

use std::marker::PhantomData;

use crate::engine::{Calendar, Ticket, Time};
use crate::random::{Draw, Entity, Family, Purpose};
use crate::world::{Organisation, OrganisationId, RoleId, Strategy, Transfer, World};

use super::Event;
use super::fact::{Fact, PersonId, SeatId, TransferId};
use super::team::Team;

/// Whether the client exercises its option on a transfer, by the position of the transfer.
const EXERCISE: Purpose = Purpose::named("transfer.exercise");

/// One kind of change. Processes never call each other, and communicate only through facts.
///
/// After each event, the emitted facts are settled one by one, each with all its consequences before the next. Then
/// [`Process::rest`] is called for every process, until none has anything to add.
pub(super) trait Process: Sized {
    /// An event that this process schedules.
    type Event: Into<Event>;

    /// Allocates the memory that all replications of a strategy share.
    fn new(world: &World, strategy: &Strategy) -> Self;

    /// Clears the replication before. All processes clear before any starts.
    fn clear(&mut self);

    /// Starts the process.
    fn start(&mut self, cx: &mut Context<'_, Self::Event>);

    /// Handles an event of this process that is due.
    fn handle(&mut self, event: Self::Event, cx: &mut Context<'_, Self::Event>);

    /// Reacts to a fact that the team already reflects.
    fn react(&mut self, _fact: Fact, _cx: &mut Context<'_, Self::Event>) {}

    /// Reacts to the end of a month, after it was measured. Events of this instant come after it.
    fn month_ended(&mut self, _month: u32, _cx: &mut Context<'_, Self::Event>) {}

    /// Acts on the state as a whole once all facts are settled, for instance balances it or assigns free units.
    fn rest(&mut self, _cx: &mut Context<'_, Self::Event>) {}
}

/// The random numbers of one replication. Each is found by its key, independent of other draws.
#[derive(Debug)]
pub(super) struct Draws {
    by_role: Vec<Family>,
    organisations: Family,
    world: Family,
    replication: u32,
}

impl Draws {
    pub(super) fn new(seed: u64, world: &World) -> Self {
        Self {
            by_role: world.roles.iter().map(|role| Family::new(seed, &format!("role {}", role.name))).collect(),
            organisations: Family::new(seed, "organisations"),
            world: Family::new(seed, "world"),
            replication: 0,
        }
    }

    pub(super) fn select(&mut self, replication: u32) {
        self.replication = replication;
    }
}

/// What all processes see and none changes.
#[derive(Debug)]
pub(super) struct View<'w> {
    pub(super) world: &'w World,
    pub(super) strategy: &'w Strategy,
    pub(super) team: Team,
    pub(super) draws: Draws,
}

/// What all processes add to.
#[derive(Debug)]
pub(super) struct Agenda {
    pub(super) calendar: Calendar<Event>,
    /// Facts that are not settled yet, with the next one last.
    pub(super) pending: Vec<Fact>,
}

/// What a process may access: the clock, the team (read only), facts to emit, its own events, named random numbers.
///
/// It holds only two pointers, because one is made for each process that reacts to a fact.
pub(super) struct Context<'a, E> {
    pub(super) view: &'a View<'a>,
    pub(super) agenda: &'a mut Agenda,
    pub(super) kind: PhantomData<E>,
}

impl<'a, E: Into<Event>> Context<'a, E> {
    /// Returns what all strategies have in common.
    pub(super) fn world(&self) -> &'a World {
        self.view.world
    }

    /// Returns the simulated strategy.
    pub(super) fn strategy(&self) -> &'a Strategy {
        self.view.strategy
    }

    /// Returns the team as it is after the facts so far.
    pub(super) fn team(&self) -> &'a Team {
        &self.view.team
    }

    /// Returns the parameters of an organisation.
    pub(super) fn organisation(&self, id: OrganisationId) -> &'a Organisation {
        self.view.world.organisation(id)
    }

    /// Returns the current time.
    pub(super) fn now(&self) -> Time {
        self.agenda.calendar.now()
    }

    /// Emits a fact, which is settled after the process has returned.
    pub(super) fn emit(&mut self, fact: Fact) {
        self.agenda.pending.push(fact);
    }

    /// Schedules one of the process's own events.
    pub(super) fn schedule_at(&mut self, time: Time, event: E) -> Ticket {
        self.agenda.calendar.schedule_at(time, event.into())
    }

    /// Schedules one of the process's own events in `days` days from now.
    pub(super) fn schedule_in(&mut self, days: f64, event: E) -> Ticket {
        self.agenda.calendar.schedule_in(days, event.into())
    }

    /// Cancels an event, if it is still pending.
    pub(super) fn cancel(&mut self, ticket: Ticket) {
        self.agenda.calendar.cancel(ticket);
    }

    /// Returns two uniform numbers for a purpose of the open requisition of a seat.
    pub(super) fn draw_for_requisition(&self, seat: SeatId, draw: Draw) -> [f64; 2] {
        self.draw(seat.role, seat.number, self.view.team.seat(seat).requisitions, draw)
    }

    /// Returns two uniform numbers for a purpose of a person, keyed by the requisition that brought them.
    pub(super) fn draw_for_person(&self, person: PersonId, draw: Draw) -> [f64; 2] {
        let person = self.view.team.person(person);
        self.draw(person.seat.role, person.seat.number, person.requisition, draw)
    }

    /// Returns two uniform numbers for a purpose of a person present from the start, keyed by their seat.
    pub(super) fn draw_for_initial(&self, seat: SeatId, draw: Draw) -> [f64; 2] {
        self.draw(seat.role, seat.number, 0, draw)
    }

    /// Returns two uniform numbers for a purpose that all strategies share, for instance the n-th shock or incident.
    pub(super) fn draw_for_world(&self, number: u64, draw: Draw) -> [f64; 2] {
        self.view.draws.world.pair(self.view.draws.replication, Entity::numbered(number), draw)
    }

    /// Whether the client exercises its options on a listed transfer and all before it.
    pub(super) fn is_taken_up(&self, transfer: TransferId) -> bool {
        let transfers = self.strategy().transfers.iter().zip(0..=transfer.0);
        transfers.into_iter().all(|(parameters, index)| {
            parameters.exercise >= 1.0 || self.draw_for_world(0, Draw::of(EXERCISE).index(index))[0] < parameters.exercise
        })
    }

    /// Returns the transfer that rescues the team if the organisation in charge collapses now.
    pub(super) fn rescue(&self) -> Option<(TransferId, &'a Transfer)> {
        let rescue = self.strategy().rescue.as_ref().filter(|rescue| rescue.to != self.team().in_charge())?;
        let position = u16::try_from(self.strategy().transfers.len()).expect("the number of transfers is bounded");
        Some((TransferId(position), rescue))
    }

    /// Returns a uniform number for a purpose of an organisation that starts, keyed by its part in the strategy.
    pub(super) fn draw_for_start(&self, part: u32, draw: Draw) -> f64 {
        self.view.draws.organisations.pair(self.view.draws.replication, Entity::numbered(part.into()), draw)[0]
    }

    fn draw(&self, role: RoleId, seat: u32, requisition: u32, draw: Draw) -> [f64; 2] {
        self.view.draws.by_role[usize::from(role.0)].pair(self.view.draws.replication, Entity { seat, requisition }, draw)
    }
}
