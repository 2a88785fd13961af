//! What the ledger knows of each person, and what was promised for them.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::engine::Time;
use crate::model::PersonId;

/// Somebody, by their number, which is used again once they have left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Position of their employer.
    pub(super) employer: usize,
    pub(super) role: usize,
    pub(super) order: u32,
    /// When this employer began to employ them.
    pub(super) employed_from: Time,
    pub(super) is_present: bool,
    /// Whether what was billed for them will be credited.
    pub(super) is_guaranteed: bool,
}

/// Everyone who has joined.
#[derive(Debug, Default)]
pub(super) struct People(Vec<Known>);

impl People {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Notes somebody who has come.
    pub(super) fn note(&mut self, person: PersonId, known: Known) {
        let index = person.0 as usize;
        if index < self.0.len() {
            self.0[index] = known;
        } else {
            // Numbers are given in order.
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

/// A bonus that falls due if somebody is still present.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bonus {
    pub(super) due: Time,
    pub(super) person: PersonId,
    pub(super) order: u32,
    /// Position of the organisation under whose contract it is paid.
    pub(super) contract: usize,
    pub(super) amount: f64,
}

/// Bonuses that were promised, the next to fall due on top.
#[derive(Debug, Default)]
pub(super) struct Bonuses(BinaryHeap<Bonus>);

impl Bonuses {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn promise(&mut self, bonus: Bonus) {
        self.0.push(bonus);
    }

    /// Takes one that falls due before then: whoever departs at the due instant itself is no longer there.
    #[inline]
    pub(super) fn take_due(&mut self, before: Time) -> Option<Bonus> {
        if self.0.peek()?.due < before { self.0.pop() } else { None }
    }
}

impl Bonus {
    /// What bonuses are sorted by; no two are alike in it.
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
