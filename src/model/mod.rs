//! The team and the processes that change it: MODEL sections 1 to 8.
//!
//! [`Simulation`] runs one replication after the other of one strategy, reusing its memory. A process sees the clock and
//! the team, emits facts and schedules its own events; an [`Observer`] sees everything and changes nothing.

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

use process::{Agenda, Context, Draws, Process, View};

/// Sees what happens in a replication.
pub trait Observer {
    /// The replication of this number starts: forget the one before.
    fn start(&mut self, replication: u32);

    /// Since `from` the team was as it is, until now; never called for states that lasted no time.
    fn held(&mut self, team: &Team, from: Time, until: Time);

    /// Something has just happened; the team shows it already.
    fn happened(&mut self, fact: Fact, team: &Team, now: Time);

    /// A month (from 1) has ended; events of the same instant come after it.
    fn month_ended(&mut self, month: u32, team: &Team, now: Time);
}

/// Makes the enum of all events and the dispatch to all processes out of one list. The order of the list is the order in
/// which processes start, react and rest.
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
                    self.settle(observer);
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

            #[inline]
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

            /// Lets each process rest in turn, until one has something to say.
            #[inline]
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

/// Simulates replications of one strategy, one after the other.
#[derive(Debug)]
pub struct Simulation<'w> {
    view: View<'w>,
    agenda: Agenda,
    processes: Processes,
}

impl<'w> Simulation<'w> {
    /// Prepares to simulate a strategy.
    #[must_use]
    pub fn new(world: &'w World, strategy: &'w Strategy, seed: u64) -> Self {
        Self {
            view: View { world, strategy, team: Team::new(world, strategy), draws: Draws::new(seed, world) },
            agenda: Agenda { calendar: Calendar::new(world.month_ends()), pending: Vec::new() },
            processes: Processes::new(world, strategy),
        }
    }

    /// Simulates one replication from start to end and shows it to the observer; the number of events that it took, month
    /// ends among them. What happens is a function of scenario, seed and number of the replication alone.
    pub fn replicate(&mut self, replication: u32, observer: &mut impl Observer) -> u64 {
        self.agenda.calendar.clear();
        self.agenda.pending.clear();
        self.view.team.clear();
        self.view.draws.select(replication);
        self.processes.clear();
        observer.start(replication);
        self.start(observer);
        self.come_to_rest(observer);
        let mut events = 0;
        loop {
            let before = self.agenda.calendar.now();
            let step = self.agenda.calendar.advance();
            let now = self.agenda.calendar.now();
            if now > before {
                observer.held(&self.view.team, before, now);
            }
            match step {
                Step::Event(event) => {
                    self.dispatch(event);
                    self.settle(observer);
                    self.come_to_rest(observer);
                    if self.view.team.is_over() {
                        self.agenda.calendar.abandon();
                    }
                }
                Step::Tick(month) => {
                    self.view.team.learn(now);
                    observer.month_ended(month, &self.view.team, now);
                    // The last month end ends the run: nothing begins at it.
                    if month < self.view.world.horizon_months {
                        self.end_month(month);
                        self.settle(observer);
                        self.come_to_rest(observer);
                    }
                }
                Step::End => return events,
            }
            events += 1;
        }
    }

    /// Settles the facts that an event brought about in the order in which they were emitted, each with all its
    /// consequences before the next.
    fn settle(&mut self, observer: &mut impl Observer) {
        self.agenda.pending.reverse();
        while let Some(fact) = self.agenda.pending.pop() {
            let now = self.agenda.calendar.now();
            self.view.team.apply(fact, now);
            observer.happened(fact, &self.view.team, now);
            let waiting = self.agenda.pending.len();
            self.react(fact);
            self.agenda.pending[waiting..].reverse();
        }
    }

    fn come_to_rest(&mut self, observer: &mut impl Observer) {
        loop {
            self.rest();
            if self.agenda.pending.is_empty() {
                return;
            }
            self.settle(observer);
        }
    }

    /// The processes, and a context that any of them may be given.
    #[inline]
    fn parts<E>(&mut self) -> (&mut Processes, Context<'_, E>) {
        (&mut self.processes, Context { view: &self.view, agenda: &mut self.agenda, kind: PhantomData })
    }
}
