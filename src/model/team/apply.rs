//! How each fact changes the team.

use crate::engine::Time;
use crate::model::fact::{Fact, PersonId, Phase, SeatId, Stage, TransferId};
use crate::world::{HiringAfter, RoleId};

use super::output::in_fte;
use super::{Holding, Person, Requisition, Seat, Standing, Team};

impl Team {
    /// Makes the team what a fact says that it is, at an instant.
    pub fn apply(&mut self, fact: Fact, now: Time) {
        match fact {
            Fact::OrganisationReady(organisation) => self.ready[usize::from(organisation.0)] = true,
            Fact::WantedChanged(role, wanted) => self.want(role, wanted),
            Fact::RequisitionOpened(seat) => self.open(seat, now),
            Fact::StageQueued(seat, stage) => self.place(seat, stage, false),
            Fact::StageBegan(seat, stage) => self.place(seat, stage, true),
            Fact::Joined(seat) => self.join(seat, now),
            Fact::MentoringBegan(person) => self.reach(person, Phase::Mentored),
            Fact::PhaseReached(person, phase) => self.reach(person, phase),
            Fact::NoticeGiven(person, _) => self.stop_staying(person, Standing::ServingNotice),
            Fact::Refused(person, _) => self.stop_staying(person, Standing::Refuser),
            Fact::Left(person, _) => self.leave(person),
            Fact::TransferBegan(transfer) => self.hand_over(transfer),
            Fact::Accepted(person, transfer) => self.accept(person, transfer),
            Fact::DisruptionEnded(person, transfer) => self.end_disruption(person, transfer),
            Fact::OrganisationStarted(_)
            | Fact::CandidateFailed(..)
            | Fact::RequisitionMoved(..)
            | Fact::TransferCompleted(_) => {}
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

    fn open(&mut self, seat: SeatId, now: Time) {
        let state = &mut self.roles[usize::from(seat.role.0)];
        let requisition = Requisition { opened_at: now, order: self.opened, stage: None, at_work: false };
        let number = seat.number as usize;
        if number == state.seats.len() {
            state.seats.push(Seat { holding: Holding::Vacant, requisitions: 0, requisition });
        }
        let place = &mut state.seats[number];
        assert!(place.holding == Holding::Vacant, "a requisition was opened for {seat:?}, which is not vacant");
        *place = Seat { holding: Holding::Requisition, requisitions: place.requisitions + 1, requisition };
        state.vacancies.fill(seat.number);
        state.open += 1;
        self.open += 1;
        self.opened += 1;
    }

    fn place(&mut self, seat: SeatId, stage: Stage, at_work: bool) {
        let place = &mut self.roles[usize::from(seat.role.0)].seats[seat.number as usize];
        assert!(place.holding == Holding::Requisition, "{seat:?} is in a pipeline without a requisition");
        place.requisition.stage = Some(stage);
        place.requisition.at_work = at_work;
    }

    fn join(&mut self, seat: SeatId, now: Time) {
        let id =
            self.free.pop().unwrap_or_else(|| PersonId(u32::try_from(self.people.len()).expect("people fit into memory")));
        let state = &mut self.roles[usize::from(seat.role.0)];
        let place = &mut state.seats[seat.number as usize];
        assert!(place.holding == Holding::Requisition, "somebody joined {seat:?} without a requisition");
        place.holding = Holding::Person(id);
        state.open -= 1;
        state.staying += 1;
        let onboards = self.rules.world.organisation(self.in_charge).onboarding.is_some();
        let person = Person {
            seat,
            requisition: place.requisitions,
            employer: self.in_charge,
            joined: self.in_charge,
            joined_at: now,
            order: self.joins,
            phase: if onboards { Phase::Waiting } else { Phase::Full },
            standing: Standing::Staying,
            disruptions: 0,
            level: 0.0,
            output: 0,
        };
        match self.people.get_mut(id.0 as usize) {
            Some(place) => *place = person,
            None => self.people.push(person),
        }
        self.open -= 1;
        self.joins += 1;
        self.headcount += 1;
        self.productive += u32::from(self.is_productive(&person));
        self.weigh(id);
    }

    fn reach(&mut self, id: PersonId, phase: Phase) {
        let person = self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} goes on in onboarding without staying");
        self.mentored -= u32::from(person.phase == Phase::Mentored);
        self.mentored += u32::from(phase == Phase::Mentored);
        self.productive -= u32::from(self.is_productive(&person));
        let person = &mut self.people[id.0 as usize];
        person.phase = phase;
        let person = *person;
        self.productive += u32::from(self.is_productive(&person));
        self.weigh(id);
    }

    fn stop_staying(&mut self, id: PersonId, standing: Standing) {
        let person = self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} goes, and was not staying");
        let state = &mut self.roles[usize::from(person.seat.role.0)];
        state.seats[person.seat.number as usize].holding = Holding::Vacant;
        state.vacancies.empty(person.seat.number);
        state.staying -= 1;
        self.productive -= u32::from(self.is_productive(&person));
        self.mentored -= u32::from(person.phase == Phase::Mentored);
        self.people[id.0 as usize].standing = standing;
        self.weigh(id);
    }

    fn leave(&mut self, id: PersonId) {
        let person = &mut self.people[id.0 as usize];
        assert!(
            matches!(person.standing, Standing::ServingNotice | Standing::Refuser),
            "{id:?} left and was {:?}",
            person.standing
        );
        person.standing = Standing::Gone;
        self.output -= person.output;
        self.free.push(id);
        self.leaves += 1;
        self.headcount -= 1;
        self.refresh();
    }

    fn hand_over(&mut self, transfer: TransferId) {
        let parameters = &self.rules.strategy.transfers[usize::from(transfer.0)];
        self.in_charge = parameters.to;
        if parameters.hiring_after == HiringAfter::Receiver {
            self.hiring = parameters.to;
        }
        // Levels are those of the organisation in charge.
        self.productive = 0;
        for index in 0..self.people.len() {
            let person = self.people[index];
            self.productive += u32::from(person.standing == Standing::Staying && self.is_productive(&person));
            if person.standing != Standing::Gone {
                self.weigh(PersonId(u32::try_from(index).expect("people fit into memory")));
            }
        }
        self.refresh();
    }

    fn accept(&mut self, id: PersonId, transfer: TransferId) {
        let parameters = &self.rules.strategy.transfers[usize::from(transfer.0)];
        let person = &mut self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} accepted an offer without staying");
        person.employer = parameters.to;
        if parameters.disruption_days > 0.0 {
            person.disruptions |= 1 << transfer.0;
        }
        self.weigh(id);
    }

    fn end_disruption(&mut self, id: PersonId, transfer: TransferId) {
        self.people[id.0 as usize].disruptions &= !(1 << transfer.0);
        self.weigh(id);
    }
}
