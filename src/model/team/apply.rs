//! How each fact changes the team.

use crate::engine::{Place, Slot, Time};
use crate::model::fact::{Cause, Fact, PersonId, Phase, SeatId, Stage, TransferId};
use crate::world::{OrganisationId, RoleId};

use super::output::in_fte;
use super::{Course, Holding, Person, Progress, REQUISITIONS_AT_MOST, Requisition, Seat, Standing, Team};

impl Team {
    /// Updates the team with a fact at an instant.
    #[inline(always)]
    pub fn apply(&mut self, fact: Fact, now: Time) {
        match fact {
            Fact::OrganisationStarted(organisation) => self.start(organisation),
            Fact::OrganisationReady(organisation) => self.ready[usize::from(organisation.0)] = true,
            Fact::OrganisationStopped(organisation) => self.stop(organisation),
            Fact::MarketExited => self.end(),
            Fact::WantedChanged(role, wanted) => self.want(role, wanted),
            Fact::WasThere { seat, tenure_days, fte } => self.place_initial(seat, tenure_days, fte),
            Fact::HadGivenNotice(person) => self.stop_staying(person, Standing::ServingNotice),
            Fact::RequisitionOpened(seat) => self.open(seat, now),
            Fact::RequisitionCancelled(seat) => self.cancel(seat),
            Fact::OfferSigned(seat, fte) => self.promise(seat, Course::Signed { fte }),
            Fact::BenchTaken(seat, _) => self.promise(seat, Course::FromBench),
            Fact::CapacityChanged(organisation, staff, units) => {
                self.staffing.set_units((organisation, staff), units, &self.active);
            }
            Fact::StageQueued(seat, stage) => self.place(seat, stage, false),
            Fact::StageBegan(seat, stage) => self.place(seat, stage, true),
            Fact::CandidateFailed(seat, _) => self.send_back(seat),
            Fact::RequisitionMoved(seat, to) => {
                self.send_back(seat);
                let requisition = self.requisition_mut(seat);
                (requisition.pipeline, requisition.stage) = (to, Stage { organisation: to, index: 0 });
            }
            Fact::Joined(seat) => self.join(seat, now),
            Fact::Promoted { person, to, .. } => self.promote(person, to),
            Fact::MentoringBegan(person) => self.reach(person, Phase::Mentored),
            Fact::PhaseReached(person, phase) => self.reach(person, phase),
            Fact::NoticeGiven(person, _) => self.stop_staying(person, Standing::ServingNotice),
            Fact::Refused(person, _) => self.stop_staying(person, Standing::Refuser),
            Fact::Released(person) => self.stop_staying(person, Standing::Released),
            Fact::Left(person, _) => self.leave(person),
            Fact::OptionDropped(transfer) | Fact::TransferExtended(transfer) => self.call_off(transfer),
            Fact::TransferLapsed(transfer) | Fact::TransferCompleted(transfer) => self.mark(transfer, Progress::Over),
            Fact::TransferBegan(transfer) => self.hand_over(transfer),
            Fact::Accepted(person, transfer) => self.accept(person, transfer),
            Fact::DisruptionEnded(person, transfer) => self.end_disruption(person, transfer),
            Fact::Collapsed(_)
            | Fact::DemandShocked(_)
            | Fact::PlaceLapsed(_)
            | Fact::BenchRefilled(..)
            | Fact::Incident(_) => {}
        }
        if fact.is_measured() {
            self.refresh();
        }
    }

    fn start(&mut self, organisation: OrganisationId) {
        self.active[usize::from(organisation.0)] = true;
        self.ready[usize::from(organisation.0)] = false;
        self.staffing.recount(&self.active);
    }

    fn stop(&mut self, organisation: OrganisationId) {
        self.active[usize::from(organisation.0)] = false;
        self.ready[usize::from(organisation.0)] = false;
        self.staffing.recount(&self.active);
    }

    /// Ends all demand.
    fn end(&mut self) {
        self.is_over = true;
        self.active.fill(false);
        self.ready.fill(false);
        self.staffing.recount(&self.active);
        self.roles.iter_mut().for_each(|role| role.wanted = 0);
        (self.wanted, self.wanted_output, self.wanted_fte) = (0, 0, 0.0);
    }

    /// Drops this transfer and all later ones.
    fn call_off(&mut self, transfer: TransferId) {
        self.transfers[usize::from(transfer.0)..].fill(Progress::Over);
    }

    /// Records the progress of a listed transfer. The rescue has no record, because it may recur.
    fn mark(&mut self, transfer: TransferId, progress: Progress) {
        if let Some(place) = self.transfers.get_mut(usize::from(transfer.0)) {
            *place = progress;
        }
    }

    fn want(&mut self, role: RoleId, wanted: u32) {
        let state = &mut self.roles[usize::from(role.0)];
        let units = self.rules.role_output[usize::from(role.0)].round() as i64;
        self.wanted_output += units * (i64::from(wanted) - i64::from(state.wanted));
        self.wanted_fte = in_fte(self.wanted_output);
        self.wanted = self.wanted - state.wanted + wanted;
        state.wanted = wanted;
    }

    /// Returns a vacant seat, marked as filled, and creates it if needed.
    fn prepare(&mut self, seat: SeatId) -> &mut Seat {
        let state = &mut self.roles[usize::from(seat.role.0)];
        let number = seat.number as usize;
        if number == state.seats.len() {
            let requisition = Requisition::new(Time::START, 0, state.employer.unwrap_or(self.hiring));
            state.seats.push(Seat { holding: Holding::Vacant, requisitions: 0, requisition });
        }
        let place = &mut state.seats[number];
        assert!(place.holding == Holding::Vacant, "{seat:?} is needed but not vacant");
        state.vacancies.fill(seat.number);
        place
    }

    fn open(&mut self, seat: SeatId, now: Time) {
        let requisition = Requisition::new(now, self.opened, self.hiring_for(seat.role));
        let place = self.prepare(seat);
        *place = Seat { holding: Holding::Requisition, requisitions: place.requisitions + 1, requisition };
        self.roles[usize::from(seat.role.0)].open += 1;
        self.open += 1;
        self.opened = after(self.opened);
    }

    fn cancel(&mut self, seat: SeatId) {
        let state = &mut self.roles[usize::from(seat.role.0)];
        let place = &mut state.seats[seat.number as usize];
        assert!(place.holding == Holding::Requisition, "{seat:?} has no requisition to cancel");
        place.holding = Holding::Vacant;
        self.staffing.drop_claim(&mut place.requisition, &self.active);
        state.bound -= u32::from(place.requisition.is_bound);
        state.vacancies.empty(seat.number);
        state.open -= 1;
        self.open -= 1;
    }

    /// A person is about to join.
    fn promise(&mut self, seat: SeatId, course: Course) {
        let requisition = self.requisition_mut(seat);
        (requisition.course, requisition.is_bound) = (course, true);
        self.roles[usize::from(seat.role.0)].bound += 1;
    }

    /// Places a requisition in a stage. Where it waits, hiring knows.
    #[inline(always)]
    fn place(&mut self, seat: SeatId, stage: Stage, at_work: bool) {
        let stages = self.rules.organisations[usize::from(stage.organisation.0)].stages;
        let state = &mut self.roles[usize::from(seat.role.0)];
        let place = &mut state.seats[seat.number as usize];
        assert!(place.holding == Holding::Requisition, "{seat:?} is in a pipeline without a requisition");
        let requisition = &mut place.requisition;
        let is_bound = at_work && usize::from(stage.index) + 1 == stages;
        state.bound += u32::from(is_bound);
        state.bound -= u32::from(std::mem::replace(&mut requisition.is_bound, is_bound));
        let claim = self.staffing.claim(stage, at_work);
        self.staffing.replace(requisition, (stage, claim), &self.active);
        requisition.stage = stage;
        if at_work {
            requisition.course = Course::AtWork;
        }
    }

    /// Takes a requisition out of its stage. It has none until it enters the next one, for which it may have to wait.
    #[inline]
    fn send_back(&mut self, seat: SeatId) {
        let state = &mut self.roles[usize::from(seat.role.0)];
        let requisition = &mut state.seats[seat.number as usize].requisition;
        requisition.course = Course::Nowhere;
        self.staffing.drop_claim(requisition, &self.active);
        state.bound -= u32::from(std::mem::replace(&mut requisition.is_bound, false));
    }

    fn join(&mut self, seat: SeatId, now: Time) {
        let state = &mut self.roles[usize::from(seat.role.0)];
        let place = &mut state.seats[seat.number as usize];
        assert!(place.holding == Holding::Requisition, "a person joined {seat:?} without a requisition");
        let requisition = place.requisitions;
        let fte = place.requisition.fte();
        self.staffing.drop_claim(&mut place.requisition, &self.active);
        state.bound -= u32::from(place.requisition.is_bound);
        state.open -= 1;
        self.open -= 1;
        self.joins += 1;
        let of_employer = state.employer.is_none_or(|employer| self.rules.organisations[usize::from(employer.0)].onboards);
        let onboards = of_employer && self.rules_in_charge().onboards;
        let phase = if onboards { Phase::Waiting } else { Phase::Full };
        self.enter(seat, requisition, phase, (now.days(), fte));
    }

    /// Moves a person into the open requisition of another seat. Their onboarding is over.
    fn promote(&mut self, id: PersonId, to: SeatId) {
        let state = &mut self.roles[usize::from(to.role.0)];
        let place = &mut state.seats[to.number as usize];
        assert!(place.holding == Holding::Requisition, "{id:?} moves into {to:?} without a requisition");
        place.holding = Holding::Person(id);
        let requisition = place.requisitions;
        state.open -= 1;
        state.staying += 1;
        self.open -= 1;
        let person = &mut self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} is promoted without staying");
        self.waiting -= u32::from(person.phase == Phase::Waiting);
        self.mentored -= u32::from(person.phase == Phase::Mentored);
        self.productive -= u32::from(person.is_at_full_level());
        person.phase = Phase::Full;
        let from = std::mem::replace(&mut person.seat, to);
        person.requisition = requisition;
        let state = &mut self.roles[usize::from(from.role.0)];
        state.seats[from.number as usize].holding = Holding::Vacant;
        state.vacancies.empty(from.number);
        state.staying -= 1;
        self.productive += u32::from(self.weigh(id));
    }

    /// Places a person who is present from the start.
    fn place_initial(&mut self, seat: SeatId, tenure_days: f64, fte: f64) {
        self.prepare(seat);
        self.enter(seat, 0, Phase::Full, (-tenure_days, fte));
    }

    fn enter(&mut self, seat: SeatId, requisition: u32, phase: Phase, (joined_day, fte): (f64, f64)) {
        let id = self.free.pop().unwrap_or_else(|| {
            PersonId(u32::try_from(self.people.len()).expect("the number of people is bounded by memory"))
        });
        let employer = self.fixed_employer(seat.role).unwrap_or(self.in_charge);
        let person = Person {
            seat,
            requisition,
            employer,
            joined: employer,
            joined_day,
            order: self.entered,
            phase,
            standing: Standing::Staying,
            fte,
            factors: if fte < 1.0 { Person::PART_TIME } else { 0 },
            level: 1.0,
            output: 0,
            survival: 1.0,
            tenure_days: f64::INFINITY,
            shock: None,
            exit: Slot::NONE,
            cause: Cause::Tenure,
            luck: 0.0,
            place: Place::default(),
            phase_end: Slot::NONE,
        };
        match self.people.get_mut(id.0 as usize) {
            Some(place) => *place = person,
            None => self.people.push(person),
        }
        self.enrol(joined_day);
        let state = &mut self.roles[usize::from(seat.role.0)];
        state.seats[seat.number as usize].holding = Holding::Person(id);
        state.staying += 1;
        self.joined[usize::from(employer.0)] += 1;
        self.employed[usize::from(employer.0)] += 1;
        self.entered += 1;
        self.headcount += 1;
        self.waiting += u32::from(phase == Phase::Waiting);
        self.productive += u32::from(self.weigh(id));
    }

    fn reach(&mut self, id: PersonId, phase: Phase) {
        let person = &mut self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} continues onboarding without staying");
        let before = std::mem::replace(&mut person.phase, phase);
        self.waiting -= u32::from(before == Phase::Waiting);
        self.mentored -= u32::from(before == Phase::Mentored);
        self.mentored += u32::from(phase == Phase::Mentored);
        self.productive -= u32::from(person.is_at_full_level());
        self.productive += u32::from(self.weigh(id));
    }

    fn stop_staying(&mut self, id: PersonId, standing: Standing) {
        let person = &mut self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} stops staying, but was not staying");
        person.standing = standing;
        let seat = person.seat;
        self.productive -= u32::from(person.is_at_full_level());
        self.waiting -= u32::from(person.phase == Phase::Waiting);
        self.mentored -= u32::from(person.phase == Phase::Mentored);
        let state = &mut self.roles[usize::from(seat.role.0)];
        state.seats[seat.number as usize].holding = Holding::Vacant;
        state.vacancies.empty(seat.number);
        state.staying -= 1;
        self.weigh(id);
    }

    fn leave(&mut self, id: PersonId) {
        if self.people[id.0 as usize].standing == Standing::Staying {
            self.stop_staying(id, Standing::Released);
        }
        let person = &mut self.people[id.0 as usize];
        assert!(person.standing != Standing::Gone, "{id:?} leaves, but is already gone");
        person.standing = Standing::Gone;
        self.output -= person.output;
        self.rookies -= u32::from(person.level < 1.0);
        let joined_day = person.joined_day;
        self.employed[usize::from(person.employer.0)] -= 1;
        self.free.push(id);
        self.leaves += 1;
        self.headcount -= 1;
        self.retire(joined_day);
    }

    fn hand_over(&mut self, transfer: TransferId) {
        self.mark(transfer, Progress::Begun);
        let rules = &self.rules.transfers[usize::from(transfer.0)];
        // A rescuer stands in the place of the organisation that has collapsed, wherever that was.
        for role in self.roles.iter_mut().filter(|role| rules.is_rescue && role.employer == Some(self.in_charge)) {
            role.employer = Some(rules.to);
        }
        self.in_charge = rules.to;
        if rules.receiver_hires {
            self.hiring = rules.to;
        }
        // Levels are those of the organisation in charge.
        self.productive = 0;
        for index in 0..self.people.len() {
            let standing = self.people[index].standing;
            if standing != Standing::Gone {
                let is_at_full_level =
                    self.weigh(PersonId(u32::try_from(index).expect("the number of people is bounded by memory")));
                self.productive += u32::from(standing == Standing::Staying && is_at_full_level);
            }
        }
    }

    fn accept(&mut self, id: PersonId, transfer: TransferId) {
        let rules = &self.rules.transfers[usize::from(transfer.0)];
        let person = &mut self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} accepted an offer without staying");
        let from = std::mem::replace(&mut person.employer, rules.to);
        self.employed[usize::from(from.0)] -= 1;
        self.employed[usize::from(rules.to.0)] += 1;
        if rules.disrupts {
            person.factors |= 1 << transfer.0;
        }
        self.joined[usize::from(rules.to.0)] += 1;
        self.weigh(id);
    }

    fn end_disruption(&mut self, id: PersonId, transfer: TransferId) {
        self.people[id.0 as usize].factors &= !(1 << transfer.0);
        self.weigh(id);
    }
}

/// Returns the number after the number of this requisition.
///
/// # Panics
/// If the numbers run out: the random numbers of earlier requisitions would repeat.
fn after(order: u32) -> u32 {
    assert!(order < REQUISITIONS_AT_MOST, "a replication opens more than {REQUISITIONS_AT_MOST} requisitions");
    order + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::HEADCOUNT_AT_MOST;

    #[test]
    fn the_number_of_a_requisition_is_never_reused() {
        assert_eq!([after(0), after(REQUISITIONS_AT_MOST - 1)], [1, REQUISITIONS_AT_MOST]);
        assert!(std::panic::catch_unwind(|| after(REQUISITIONS_AT_MOST)).is_err());
        // Nor is a position in the order of joining, including people present from the start.
        assert!(REQUISITIONS_AT_MOST.checked_add(HEADCOUNT_AT_MOST).is_some());
    }
}
