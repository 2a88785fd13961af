//! The people of the start: those who are present, with their tenure and their place in onboarding, those of them who have
//! given notice, and those who have signed an offer (MODEL section 1).

use crate::engine::Time;
use crate::random::{DrawKey, Purpose};
use crate::world::{Member, RoleId, World};

use super::attrition::TENURE;
use super::fact::{Cause, Fact, PersonId, SeatId};
use super::team::Standing;
use super::{Event, Observer, Simulation};

const INITIAL_TENURE: Purpose = Purpose::named("initial.tenure");

/// The state of those who were there at the start.
#[derive(Debug)]
pub(super) struct Initial {
    /// The number of people placed, by role.
    placed: Vec<u32>,
    /// Those who have given notice before the start, with the time at which they are gone, the last to go first. Their order
    /// of joining is included, because ids are reused.
    leaving: Vec<(Time, PersonId, u32)>,
}

impl Initial {
    pub(super) fn new(world: &World) -> Self {
        Self { placed: vec![0; world.roles.len()], leaving: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        self.placed.fill(0);
        self.leaving.clear();
    }
}

impl Simulation<'_> {
    /// Places the people who are present at the start in the first seats of their roles, then opens the requisitions of
    /// those who have signed an offer.
    pub(super) fn place_people(&mut self, observer: &mut impl Observer) {
        let strategy = self.strategy;
        for initial in &strategy.initial {
            for _ in 0..initial.headcount {
                let seat = self.next_seat(initial.role);
                let luck = || self.draws.for_initial(seat, DrawKey::of(INITIAL_TENURE))[0];
                let tenure_days = initial.tenure_days.draw(luck);
                self.place(seat, (tenure_days, 1.0), observer);
                self.stay(seat, tenure_days);
            }
        }
        for member in strategy.people.0.iter().filter(|member| member.is_present()) {
            self.place_member(member, observer);
        }
        for member in strategy.people.0.iter().filter(|member| !member.is_present()) {
            self.promise(self.team.vacant_seat(member.role), member, observer);
        }
        self.initial.leaving.sort_by_key(|&(gone, ..)| gone);
        self.initial.leaving.reverse();
    }

    fn next_seat(&mut self, role: RoleId) -> SeatId {
        let placed = &mut self.initial.placed[usize::from(role.0)];
        let seat = SeatId { role, number: *placed };
        *placed += 1;
        seat
    }

    fn place(&mut self, seat: SeatId, (tenure_days, fte): (f64, f64), observer: &mut impl Observer) {
        self.tell(Fact::WasThere { seat, tenure_days, fte }, observer);
        self.unbalance();
        // They may have joined in any order.
        self.note_any_order(seat.role);
    }

    /// A person who is there stays, until they quit or are released.
    fn stay(&mut self, seat: SeatId, tenure_days: f64) {
        let [quantile, _] = self.draws.for_initial(seat, DrawKey::of(TENURE));
        self.welcome(seat, tenure_days, quantile);
    }

    /// Places a person who is given by name: in onboarding where they would be had they begun to be mentored on the day on
    /// which they joined.
    fn place_member(&mut self, member: &Member, observer: &mut impl Observer) {
        let seat = self.next_seat(member.role);
        let tenure_days = -member.joined_day;
        self.place(seat, (tenure_days, member.fte), observer);
        let person = self.team.holder(seat);
        let Some(gone_day) = member.gone_day else {
            self.stay(seat, tenure_days);
            self.resume_onboarding(person, tenure_days, observer);
            return;
        };
        // Whoever has given notice keeps the level that they had, and is not mentored any more.
        self.resume_onboarding(person, tenure_days, observer);
        self.tell(Fact::HadGivenNotice(person), observer);
        self.drop_out(person);
        self.initial.leaving.push((Time::from_days(gone_day), person, self.team.person(person).order));
    }

    /// Schedules the ends of the last days of all who have given notice.
    pub(super) fn schedule_last_days(&mut self) {
        for gone_day in self.strategy.people.0.iter().filter_map(|member| member.gone_day) {
            self.calendar.schedule_at(Time::from_days(gone_day), Event::LastDaysEnd);
        }
    }

    /// Lets those leave whose last day is over. A month end of that instant comes after them.
    pub(super) fn end_last_days(&mut self, observer: &mut impl Observer) {
        // A month end may be a hair before the day.
        let now = self.calendar.now().after(1e-9);
        while let Some(&(_, person, order)) = self.initial.leaving.last().filter(|&&(gone, ..)| gone <= now) {
            self.initial.leaving.pop();
            let about = self.team.person(person);
            if about.order == order && about.standing != Standing::Gone {
                self.leave(person, Cause::Tenure, observer);
            }
        }
    }
}
