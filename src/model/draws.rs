//! The random numbers of one replication. Each is found by its key, independent of other draws.

use crate::random::{DrawKey, Entity, Family, Purpose};
use crate::world::{RoleId, Strategy, World};

use super::fact::{SeatId, TransferId};
use super::team::{Person, Seat};

/// Whether the client exercises its option on a transfer, by the position of the transfer.
const EXERCISE: Purpose = Purpose::named("transfer.exercise");

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

    /// Returns two uniform numbers for a purpose of the latest requisition of a seat.
    #[inline]
    pub(super) fn for_requisition(&self, id: SeatId, seat: &Seat, draw: DrawKey) -> [f64; 2] {
        self.draw(id.role, id.number, seat.requisitions, draw)
    }

    /// Returns two uniform numbers for a purpose of a person, keyed by the requisition that brought them.
    #[inline]
    pub(super) fn for_person(&self, person: &Person, draw: DrawKey) -> [f64; 2] {
        self.draw(person.seat.role, person.seat.number, person.requisition, draw)
    }

    /// Returns two uniform numbers for a purpose of a person present from the start, keyed by their seat.
    pub(super) fn for_initial(&self, seat: SeatId, draw: DrawKey) -> [f64; 2] {
        self.draw(seat.role, seat.number, 0, draw)
    }

    /// Returns two uniform numbers for a purpose that all strategies share, for instance the n-th shock or incident.
    pub(super) fn for_world(&self, number: u64, draw: DrawKey) -> [f64; 2] {
        self.world.pair(self.replication, Entity::numbered(number), draw)
    }

    /// Returns a uniform number for a purpose of an organisation that starts, keyed by its part in the strategy.
    pub(super) fn for_start(&self, part: u32, draw: DrawKey) -> f64 {
        self.organisations.pair(self.replication, Entity::numbered(part.into()), draw)[0]
    }

    /// Whether the client exercises its options on a listed transfer and all before it.
    pub(super) fn is_taken_up(&self, transfer: TransferId, strategy: &Strategy) -> bool {
        let transfers = strategy.transfers.iter().zip(0..=transfer.0);
        transfers.into_iter().all(|(parameters, index)| {
            parameters.exercise >= 1.0 || self.for_world(0, DrawKey::of(EXERCISE).index(index))[0] < parameters.exercise
        })
    }

    #[inline]
    fn draw(&self, role: RoleId, seat: u32, requisition: u32, draw: DrawKey) -> [f64; 2] {
        self.by_role[usize::from(role.0)].pair(self.replication, Entity { seat, requisition }, draw)
    }
}
