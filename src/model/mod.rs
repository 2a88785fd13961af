//! The team and the processes that change it: MODEL sections 1 to 8.
//!
//! [`Simulation`] runs replications of one strategy one after another, and reuses its memory. A process sees the clock and
//! the team, emits facts and schedules its own events. An [`Observer`] sees everything and changes nothing.

use std::marker::PhantomData;

use crate::engine::{Calendar, Step, Time};
use crate::world::{Strategy, World};

mod attrition;
mod demand;
pub mod fact;
mod hiring;
mod onboarding;
mod operations;
mod process;
mod risk;
mod setup;
pub mod team;
mod transfer;

pub use fact::{Cause, Fact, PersonId, Phase, SeatId, Stage, TransferId};
pub use team::Team;

use fact::by_kind;
use process::{Agenda, Context, Draws, Process, View};

/// Observes a replication.
pub trait Observer {
    /// Starts a replication, so forget the one before.
    fn start(&mut self, replication: u32);

    /// Reports that headcount, wanted headcount and output were constant from `from` until now. It is called before a fact
    /// that may change one of them or the output delivered, and at month ends. It is never called for intervals of length 0.
    fn held(&mut self, team: &Team, from: Time, until: Time);

    /// Reports that the clock advances, and that the whole state of the team was constant from `from` until now.
    #[inline]
    fn passed(&mut self, _team: &Team, _from: Time, _until: Time) {}

    /// Reports a fact that the team already reflects.
    fn happened(&mut self, fact: Fact, team: &Team, now: Time);

    /// Reports the end of a month (from 1). Events of the same instant come after it.
    fn month_ended(&mut self, month: u32, team: &Team, now: Time);

    /// Whether the rest of the replication is of no interest. It is asked before each event, and ends the replication.
    #[inline]
    fn is_enough(&self) -> bool {
        false
    }
}

/// Generates the enum of all events, and the dispatch to all processes, from one list. Processes start, react and rest in
/// the order of the list.
macro_rules! processes {
    ($($name:ident: $process:ty, $event:ty;)*) => {
        /// An event of any process.
        #[expect(non_camel_case_types, reason = "named as the processes are")]
        #[derive(Clone, Copy, Debug, PartialEq)]
        enum Event { $($name($event),)* }

        $(impl From<$event> for Event {
            fn from(event: $event) -> Self {
                Self::$name(event)
            }
        })*

        #[derive(Debug)]
        struct Processes { $($name: $process,)* }

        impl Processes {
            fn new(world: &World, strategy: &Strategy) -> Self {
                Self { $($name: <$process as Process>::new(world, strategy),)* }
            }

            fn clear(&mut self) {
                $(self.$name.clear();)*
            }
        }

        impl Simulation<'_> {
            fn start(&mut self, observer: &mut impl Observer) {
                $({
                    let (processes, mut cx) = self.parts();
                    processes.$name.start(&mut cx);
                    self.settle_start(observer);
                })*
            }

            #[inline]
            fn dispatch(&mut self, event: Event) {
                match event {
                    $(Event::$name(event) => {
                        let (processes, mut cx) = self.parts();
                        processes.$name.handle(event, &mut cx);
                    })*
                }
            }

            #[inline(always)]
            fn react(&mut self, fact: Fact) {
                $({
                    let (processes, mut cx) = self.parts();
                    processes.$name.react(fact, &mut cx);
                })*
            }

            fn end_month(&mut self, month: u32) {
                $({
                    let (processes, mut cx) = self.parts();
                    processes.$name.month_ended(month, &mut cx);
                })*
            }

            /// Lets each process rest in turn, until one of them emits a fact.
            #[inline(always)]
            fn rest(&mut self) {
                $(if self.agenda.pending.is_empty() {
                    let (processes, mut cx) = self.parts();
                    processes.$name.rest(&mut cx);
                })*
            }
        }
    };
}

processes! {
    setup: setup::Setup, setup::Event;
    demand: demand::Demand, demand::Event;
    risk: risk::Risk, risk::Event;
    hiring: hiring::Hiring, hiring::Event;
    onboarding: onboarding::Onboarding, onboarding::PhaseEnded;
    attrition: attrition::Attrition, attrition::Event;
    transfer: transfer::Transfer, transfer::Event;
    operations: operations::Operations, operations::Candidate;
}

/// What happens once the facts are settled.
#[derive(Clone, Copy)]
enum Then {
    /// The next process starts.
    StartNext,
    /// The processes rest.
    Rest,
}

/// Simulates replications of one strategy, one after another.
#[derive(Debug)]
pub struct Simulation<'w> {
    view: View<'w>,
    agenda: Agenda,
    processes: Processes,
    /// The time up to which the observer knows the measured quantities.
    reported_until: Time,
}

impl<'w> Simulation<'w> {
    /// Returns a simulation of a strategy under a seed.
    #[must_use]
    pub fn new(world: &'w World, strategy: &'w Strategy, seed: u64) -> Self {
        Self {
            view: View { world, strategy, team: Team::new(world, strategy), draws: Draws::new(seed, world) },
            agenda: Agenda { calendar: Calendar::new(world.month_ends()), pending: Vec::new() },
            processes: Processes::new(world, strategy),
            reported_until: Time::START,
        }
    }

    /// Simulates one replication from start to end, and shows it to the observer. Returns the number of events, including
    /// month ends. The outcome depends only on scenario, seed and number of the replication.
    pub fn replicate(&mut self, replication: u32, observer: &mut impl Observer) -> u64 {
        self.agenda.calendar.clear();
        self.agenda.pending.clear();
        self.view.team.clear();
        self.view.draws.select(replication);
        self.processes.clear();
        self.reported_until = Time::START;
        observer.start(replication);
        self.start(observer);
        let mut events = 0;
        loop {
            self.settle(observer, Then::Rest);
            if self.view.team.is_over() {
                self.agenda.calendar.abandon();
            }
            if observer.is_enough() {
                return events;
            }
            let before = self.agenda.calendar.now();
            let step = self.agenda.calendar.advance();
            let now = self.agenda.calendar.now();
            if now > before {
                observer.passed(&self.view.team, before, now);
            }
            match step {
                Step::Event(event) => self.dispatch(event),
                Step::Tick(month) => {
                    self.report_held(observer);
                    self.view.team.learn(now);
                    observer.month_ended(month, &self.view.team, now);
                    // The last month end ends the run: nothing starts at it.
                    if month < self.view.world.horizon_months {
                        self.end_month(month);
                    }
                }
                Step::End => return events,
            }
            events += 1;
        }
    }

    /// Settles the emitted facts in their order, each with all its consequences before the next. Then lets the processes
    /// rest, until none has anything to add.
    #[inline(always)]
    fn settle(&mut self, observer: &mut impl Observer, then: Then) {
        loop {
            self.reverse_new(0);
            while let Some(fact) = self.agenda.pending.pop() {
                by_kind!(fact => self.settle_one(fact, observer));
            }
            if let Then::Rest = then {
                self.rest();
            }
            if self.agenda.pending.is_empty() {
                return;
            }
        }
    }

    /// Settles what one process emitted at the start. It is rarely called and kept out of line, so that only the loop above
    /// inlines `settle`.
    #[inline(never)]
    fn settle_start(&mut self, observer: &mut impl Observer) {
        self.settle(observer, Then::StartNext);
    }

    #[inline(always)]
    fn settle_one(&mut self, fact: Fact, observer: &mut impl Observer) {
        if fact.is_measured() {
            self.report_held(observer);
        }
        let now = self.agenda.calendar.now();
        self.view.team.apply(fact, now);
        observer.happened(fact, &self.view.team, now);
        let waiting = self.agenda.pending.len();
        self.react(fact);
        self.reverse_new(waiting);
    }

    /// Reverses the newly emitted facts, so that the first of them is popped first.
    #[inline(always)]
    fn reverse_new(&mut self, waiting: usize) {
        if self.agenda.pending.len() > waiting + 1 {
            self.agenda.pending[waiting..].reverse();
        }
    }

    /// Reports the measured quantities since the last report.
    #[inline]
    fn report_held(&mut self, observer: &mut impl Observer) {
        let (from, now) = (self.reported_until, self.agenda.calendar.now());
        if now > from {
            self.reported_until = now;
            observer.held(&self.view.team, from, now);
        }
    }

    /// Returns the processes, and a context for any of them.
    #[inline]
    fn parts<E>(&mut self) -> (&mut Processes, Context<'_, E>) {
        (&mut self.processes, Context { view: &self.view, agenda: &mut self.agenda, kind: PhantomData })
    }
}
