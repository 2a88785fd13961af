//! Promotion: places that are filled from another role, and the requisitions that follow.

use crate::random::{DrawKey, Purpose};
use crate::world::{Promotion, RoleId};

use super::index_of;
use crate::model::fact::{Fact, PersonId, SeatId};
use crate::model::{Observer, Simulation};

/// Whether a requisition is filled from another role, if anyone may be promoted.
const PROMOTED: Purpose = Purpose::named("demand.promoted");

impl Simulation<'_> {
    /// Opens the requisitions that promotions leave behind, which may be filled by promotion in turn.
    #[inline(never)]
    pub(super) fn follow_promoted(&mut self, observer: &mut impl Observer) {
        while let Some(&role) =
            self.demand.order.iter().find(|&&role| std::mem::take(&mut self.demand.promoted[index_of(role)]) > 0)
        {
            let (staying, open) = self.team.staying_and_open(role);
            let missing = self.team.wanted_in(role).saturating_sub(staying + open);
            for _ in 0..if self.may_open(role) { missing } else { 0 } {
                self.fill(role, observer);
            }
        }
    }

    #[inline(never)]
    pub(super) fn promote_or_open(&mut self, seat: SeatId, promotion: &Promotion, observer: &mut impl Observer) {
        self.announce(seat, observer);
        let [luck, _] = self.draws.for_requisition(seat, self.team.seat(seat), DrawKey::of(PROMOTED));
        match self.next_promoted(seat.role, promotion).filter(|_| luck < promotion.share) {
            Some(person) => self.promote(person, seat, observer),
            None => self.send_out(seat, observer),
        }
    }

    /// Returns who may be promoted into a role: the one with the longest tenure.
    fn next_promoted(&mut self, role: RoleId, promotion: &Promotion) -> Option<PersonId> {
        // Whom a transfer may still reach does not move.
        if self.is_handing_over(promotion.from) {
            return None;
        }
        let team = &self.team;
        let employer = team.fixed_employer(role).unwrap_or(team.in_charge());
        let since_day = self.calendar.now().days() - promotion.after_days + 1e-9;
        self.demand.joiners[index_of(promotion.from)].oldest_first(team).find(|&id| {
            let person = team.person(id);
            person.employer == employer && person.is_at_full_level() && person.joined_day <= since_day
        })
    }

    fn promote(&mut self, person: PersonId, to: SeatId, observer: &mut impl Observer) {
        let from = self.team.person(person).seat;
        self.drop_out(person);
        self.tell(Fact::Promoted { person, from, to }, observer);
        self.note_any_order(to.role);
        self.note_joiner(to.role, person);
        self.change_role(person, from.role);
        self.demand.promoted[index_of(from.role)] += 1;
    }
}
