//! The team and the processes that change it: MODEL sections 1 to 8.
//!
//! [`Simulation`] runs replications of one strategy one after another, and reuses its memory. Each process has a file with
//! its state and its rules, and adds them to [`Simulation`]. Processes meet in a few verbs: `open`, `enter`, `join`, `quit`,
//! `leave`, `hand_over`. Whatever happens is a [`Fact`]: [`Team::apply`] changes the team accordingly, then an
//! [`Observer`] sees it, and changes nothing. Both are compiled for each kind of fact where it happens, so facts that an
//! observer ignores cost nothing.

use crate::engine::{Calendar, Due, Step, Time};
use crate::world::{OrganisationId, RoleId, Strategy, Transfer, World};

mod attrition;
mod demand;
mod draws;
pub mod fact;
mod hiring;
mod initial;
mod onboarding;
mod operations;
mod risk;
mod setup;
pub mod team;
mod transfer;

pub use demand::highest_shock;
pub use fact::{Cause, Fact, PersonId, Phase, SeatId, Stage, TransferId};
pub use team::Team;

use draws::Draws;

/// Observes a replication.
pub trait Observer {
    /// Starts a replication, so forget the one before.
    fn start(&mut self, _replication: u32) {}

    /// Reports that headcount, wanted headcount and output were constant from `from` until now. It is called before a fact
    /// that may change one of them or the output delivered, and at month ends. It is never called for intervals of length 0.
    #[inline]
    fn measured_interval(&mut self, _team: &Team, _from: Time, _until: Time) {}

    /// Reports that the clock advances, and that the whole state of the team was constant from `from` until now.
    #[inline]
    fn state_interval(&mut self, _team: &Team, _from: Time, _until: Time) {}

    /// Reports a fact that the team already reflects.
    fn happened(&mut self, fact: Fact, team: &Team, now: Time);

    /// Reports the end of a month (from 1). Events of the same instant come after it.
    fn month_ended(&mut self, _month: u32, _team: &Team, _now: Time) {}

    /// Whether the rest of the replication is of no interest. It is asked before each event, and ends the replication.
    #[inline]
    fn is_done(&self) -> bool {
        false
    }
}

/// What is scheduled, and whom it concerns. [`Simulation::happen`] handles it, unless nobody waits for it any more.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    /// An organisation is set up.
    SetUp(OrganisationId),
    /// The receiver of a transfer starts to set up.
    Prepare(TransferId),
    /// Those whose last day is over leave.
    LastDaysEnd,
    /// The wanted headcounts change, by the position of the month.
    DemandStep(u32),
    /// The n-th shock to demand, from 0.
    DemandShock(u32),
    /// The venture fails.
    Exit,
    /// The organisation in charge collapses.
    Collapse,
    /// A stage of a seat's requisition ends.
    StageEnded(SeatId),
    /// A person from the bench, or with a signed offer, joins.
    BenchReady(SeatId),
    /// The bench of an organisation gets a replacement of a role.
    BenchRefilled(OrganisationId, RoleId),
    /// Staff, by position, reaches the step of its capacity with this position.
    Capacity(OrganisationId, u16, u16),
    /// The current phase of a person's onboarding ends.
    PhaseEnded(PersonId),
    /// A person gives notice.
    Quit(PersonId),
    /// A person who will not stay leaves.
    Leave(PersonId),
    /// A transfer is due, or the wait for the team to be ready ends.
    Due(TransferId),
    /// A wave after the first of the n-th transfer that began.
    Wave(TransferId, u16, u32),
    /// The disruption ends for a person, who is identified by their order of joining, as ids are reused.
    DisruptionEnds(PersonId, u32, TransferId),
    /// An incident may happen.
    Candidate,
}

/// Simulates replications of one strategy, one after another.
#[derive(Debug)]
pub struct Simulation<'w> {
    world: &'w World,
    strategy: &'w Strategy,
    calendar: Calendar<Event>,
    draws: Draws,
    team: Team,
    setup: setup::Setup,
    initial: initial::Initial,
    demand: demand::Demand,
    risk: risk::Risk,
    hiring: hiring::Hiring,
    onboarding: onboarding::Onboarding,
    attrition: attrition::Attrition,
    transfers: transfer::Transfers,
    operations: operations::Operations,
    /// The time up to which the observer knows the measured quantities.
    reported_until: Time,
}

impl<'w> Simulation<'w> {
    /// Returns a simulation of a strategy under a seed.
    #[must_use]
    pub fn new(world: &'w World, strategy: &'w Strategy, seed: u64) -> Self {
        Self {
            world,
            strategy,
            calendar: Calendar::new(world.month_ends()),
            draws: Draws::new(seed, world),
            team: Team::new(world, strategy),
            setup: setup::Setup::new(world),
            initial: initial::Initial::new(world),
            demand: demand::Demand::new(world),
            risk: risk::Risk::default(),
            hiring: hiring::Hiring::new(world),
            onboarding: onboarding::Onboarding::new(world),
            attrition: attrition::Attrition::new(world),
            transfers: transfer::Transfers::new(world, strategy),
            operations: operations::Operations::default(),
            reported_until: Time::START,
        }
    }

    /// Simulates one replication from start to end, and shows it to the observer. Returns the number of events, including
    /// month ends. The outcome depends only on scenario, seed and number of the replication.
    pub fn replicate(&mut self, replication: u32, observer: &mut impl Observer) -> u64 {
        self.clear(replication);
        observer.start(replication);
        self.start(observer);
        let mut events = 0;
        loop {
            self.rest(observer);
            if self.team.is_over() {
                self.calendar.abandon();
            }
            if observer.is_done() {
                return events;
            }
            let before = self.calendar.now();
            let step = self.advance();
            let now = self.calendar.now();
            if now > before {
                observer.state_interval(&self.team, before, now);
            }
            match step {
                Step::Event(due) => self.happen(due.event, observer),
                Step::Tick(month) => self.end_month(month, observer),
                Step::End => return events,
            }
            events += 1;
        }
    }

    fn clear(&mut self, replication: u32) {
        self.calendar.clear();
        self.draws.select(replication);
        self.team.clear();
        self.setup.clear();
        self.initial.clear();
        self.demand.clear();
        self.risk = risk::Risk::default();
        self.hiring.clear();
        self.onboarding.clear();
        self.attrition.clear();
        self.transfers.clear();
        self.operations = operations::Operations::default();
        self.reported_until = Time::START;
    }

    fn start(&mut self, observer: &mut impl Observer) {
        // Of several events at one instant, those that the scenario dates come first, in this order.
        self.schedule_last_days();
        self.schedule_demand();
        self.schedule_capacities();
        self.schedule_preparations();
        self.schedule_transfers();
        self.start_organisations(observer);
        self.place_people(observer);
        self.start_demand(observer);
        self.start_risks();
        self.drop_options(observer);
        self.schedule_candidate();
    }

    /// Acts on the state as a whole once all consequences of an event are there, until nothing is left to do.
    #[inline(always)]
    fn rest(&mut self, observer: &mut impl Observer) {
        loop {
            self.stop_organisations(observer);
            self.balance(observer);
            self.assign_units(observer);
            if !self.give_slot(observer) && !self.begin_transfer(observer) {
                return;
            }
        }
    }

    /// Advances the clock to the next step, and skips events that nobody waits for any more.
    #[inline(always)]
    fn advance(&mut self) -> Step<Event> {
        loop {
            match self.calendar.advance() {
                Step::Event(due) if !self.is_awaited(due) => {}
                Step::Event(due) => {
                    self.calendar.reach(due.time);
                    return Step::Event(due);
                }
                step => return step,
            }
        }
    }

    #[inline(always)]
    fn is_awaited(&self, Due { event, slot, .. }: Due<Event>) -> bool {
        match event {
            Event::SetUp(organisation) => self.setup.awaits(organisation, slot),
            Event::Collapse => self.risk.collapse == slot,
            Event::StageEnded(seat) | Event::BenchReady(seat) => self.team.seat(seat).requisition.next == slot,
            Event::PhaseEnded(person) => self.team.person(person).phase_end == slot,
            Event::Quit(person) | Event::Leave(person) => self.team.person(person).exit == slot,
            Event::Wave(_, _, start) => self.transfers.awaits(start),
            Event::Candidate => self.operations.next == slot,
            Event::Prepare(_)
            | Event::LastDaysEnd
            | Event::DemandStep(_)
            | Event::DemandShock(_)
            | Event::Exit
            | Event::BenchRefilled(..)
            | Event::Capacity(..)
            | Event::Due(_)
            | Event::DisruptionEnds(..) => true,
        }
    }

    #[inline(always)]
    fn happen(&mut self, event: Event, observer: &mut impl Observer) {
        match event {
            Event::SetUp(organisation) => self.finish_setup(organisation, observer),
            Event::Prepare(transfer) => self.prepare(transfer, observer),
            Event::LastDaysEnd => self.end_last_days(observer),
            Event::DemandStep(step) => self.step_demand(step, observer),
            Event::DemandShock(number) => self.shock_demand(number, observer),
            Event::Exit => self.exit_market(observer),
            Event::Collapse => self.collapse(observer),
            Event::StageEnded(seat) => self.end_stage(seat, observer),
            Event::BenchReady(seat) => self.join(seat, observer),
            Event::BenchRefilled(organisation, role) => self.refill_bench(organisation, role, observer),
            Event::Capacity(organisation, staff, step) => self.change_capacity(organisation, staff, step, observer),
            Event::PhaseEnded(person) => self.end_phase(person, observer),
            Event::Quit(person) => self.quit(person, observer),
            Event::Leave(person) => self.leave(person, self.team.person(person).cause, observer),
            Event::Due(transfer) => self.fall_due(transfer, observer),
            Event::Wave(transfer, wave, _) => self.offer(transfer, wave, observer),
            Event::DisruptionEnds(person, order, transfer) => self.end_disruption(person, order, transfer, observer),
            Event::Candidate => self.judge_candidate(observer),
        }
    }

    #[inline(never)]
    fn end_month(&mut self, month: u32, observer: &mut impl Observer) {
        let now = self.calendar.now();
        self.end_last_days(observer);
        self.report_held(observer);
        self.team.learn();
        observer.month_ended(month, &self.team, now);
        // The last month end ends the run: nothing starts at it.
        if month < self.world.horizon_months {
            self.check_readiness();
        }
    }

    /// Lets a fact happen: the team reflects it, then the observer sees it. What follows from it is the caller's.
    #[inline(always)]
    fn tell(&mut self, fact: Fact, observer: &mut impl Observer) {
        if fact.is_measured() {
            self.report_held(observer);
        }
        let now = self.calendar.now();
        self.team.apply(fact, now);
        observer.happened(fact, &self.team, now);
    }

    /// Reports the measured quantities since the last report.
    #[inline]
    fn report_held(&mut self, observer: &mut impl Observer) {
        let (from, now) = (self.reported_until, self.calendar.now());
        if now > from {
            self.reported_until = now;
            observer.measured_interval(&self.team, from, now);
        }
    }

    /// Returns the transfer that rescues the team if the organisation in charge collapses now.
    fn rescue(&self) -> Option<(TransferId, &'w Transfer)> {
        let rescue = self.strategy.rescue.as_ref().filter(|rescue| rescue.to != self.team.in_charge())?;
        let position = u16::try_from(self.strategy.transfers.len()).expect("the number of transfers is bounded");
        Some((TransferId(position), rescue))
    }
}
