//! What the ledger knows of each person, and what was promised for them.

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

/// Bonuses that were promised.
#[derive(Debug, Default)]
pub(super) struct Bonuses {
    promised: Vec<Bonus>,
    /// When the first falls due; none if there is none.
    next: Option<Time>,
}

impl Bonuses {
    pub(super) fn clear(&mut self) {
        self.promised.clear();
        self.next = None;
    }

    pub(super) fn promise(&mut self, bonus: Bonus) {
        self.next = Some(self.next.map_or(bonus.due, |next| next.min(bonus.due)));
        self.promised.push(bonus);
    }

    /// Whether one falls due before then: whoever departs at the due instant itself is no longer there.
    pub(super) fn is_due(&self, before: Time) -> bool {
        self.next.is_some_and(|next| next < before)
    }

    /// Takes one that falls due before then.
    pub(super) fn take_due(&mut self, before: Time) -> Option<Bonus> {
        let position = self.promised.iter().position(|bonus| bonus.due < before);
        let bonus = position.map(|position| self.promised.swap_remove(position));
        if bonus.is_none() {
            self.next = self.promised.iter().map(|bonus| bonus.due).min();
        }
        bonus
    }
}
