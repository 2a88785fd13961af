//! What the ledger knows about each person, and the bonuses promised for them.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::engine::Time;
use crate::model::PersonId;

/// The ledger's record of a person. The person's number is reused after they have left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// The position of their employer.
    pub(super) employer: usize,
    pub(super) role: usize,
    pub(super) order: u32,
    /// When the current employer began to employ them.
    pub(super) employed_from: Time,
    pub(super) is_present: bool,
    /// Whether the amount billed for them will be credited.
    pub(super) is_guaranteed: bool,
    /// What they work, as a share of full time.
    pub(super) fte: f64,
    /// What the current employer has billed for them in roles that they had before.
    pub(super) billed_before: f64,
}

/// The records of everyone who has joined, by person number.
#[derive(Debug, Default)]
pub(super) struct People(Vec<Known>);

impl People {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Records a person who has joined.
    pub(super) fn note(&mut self, person: PersonId, known: Known) {
        let index = person.0 as usize;
        if index < self.0.len() {
            self.0[index] = known;
        } else {
            // Numbers are assigned in order.
            self.0.push(known);
        }
    }

    pub(super) fn get(&self, person: PersonId) -> Known {
        self.0[person.0 as usize]
    }

    pub(super) fn get_mut(&mut self, person: PersonId) -> &mut Known {
        &mut self.0[person.0 as usize]
    }
}

/// A bonus that is due if the person is still present.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bonus {
    pub(super) due: Time,
    pub(super) person: PersonId,
    pub(super) order: u32,
    /// The position of the organisation under whose contract it is paid.
    pub(super) contract: usize,
    pub(super) amount: f64,
}

/// The promised bonuses, with the next due one on top.
#[derive(Debug, Default)]
pub(super) struct Bonuses(BinaryHeap<Bonus>);

impl Bonuses {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn promise(&mut self, bonus: Bonus) {
        self.0.push(bonus);
    }

    /// Removes and returns a bonus that is due before `before`. A person who leaves at the due instant itself is no longer present.
    #[inline]
    pub(super) fn take_due(&mut self, before: Time) -> Option<Bonus> {
        if self.0.peek()?.due < before { self.0.pop() } else { None }
    }
}

impl Bonus {
    /// Returns the sort key. No two bonuses share it.
    fn key(&self) -> (Reverse<Time>, u32, usize) {
        (Reverse(self.due), self.order, self.contract)
    }
}

impl PartialEq for Bonus {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Bonus {}

impl PartialOrd for Bonus {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bonus {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
