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

use fact::by_kind;
use process::{Agenda, Context, Draws, Process, View};

/// Sees what happens in a replication.
pub trait Observer {
    /// The replication of this number starts: forget the one before.
    fn start(&mut self, replication: u32);

    /// Since `from` headcount, wanted headcount and output were as they are, until now; told before something happens that
    /// may change one of them or what was delivered, and at month ends. Never called for states that lasted no time.
    fn held(&mut self, team: &Team, from: Time, until: Time);

    /// The clock goes on: since `from` the team was as it is in all respects, until now.
    #[inline]
    fn passed(&mut self, _team: &Team, _from: Time, _until: Time) {}

    /// Something has just happened; the team shows it already.
    fn happened(&mut self, fact: Fact, team: &Team, now: Time);

    /// A month (from 1) has ended; events of the same instant come after it.
    fn month_ended(&mut self, month: u32, team: &Team, now: Time);

    /// Asked before each event: whether the rest of the replication is of no interest. It then ends where it is.
    #[inline]
    fn is_enough(&self) -> bool {
        false
    }
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

            /// Lets each process rest in turn, until one has something to say.
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

/// What follows once facts are settled.
#[derive(Clone, Copy)]
enum Then {
    /// The next process starts.
    GoOn,
    /// The processes rest.
    Rest,
}

/// Simulates replications of one strategy, one after the other.
#[derive(Debug)]
pub struct Simulation<'w> {
    view: View<'w>,
    agenda: Agenda,
    processes: Processes,
    /// Up to when the observer knows what was measured.
    held_until: Time,
}

impl<'w> Simulation<'w> {
    /// Prepares to simulate a strategy.
    #[must_use]
    pub fn new(world: &'w World, strategy: &'w Strategy, seed: u64) -> Self {
        Self {
            view: View { world, strategy, team: Team::new(world, strategy), draws: Draws::new(seed, world) },
            agenda: Agenda { calendar: Calendar::new(world.month_ends()), pending: Vec::new() },
            processes: Processes::new(world, strategy),
            held_until: Time::START,
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
        self.held_until = Time::START;
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
                    self.tell_held(observer);
                    self.view.team.learn(now);
                    observer.month_ended(month, &self.view.team, now);
                    // The last month end ends the run: nothing begins at it.
                    if month < self.view.world.horizon_months {
                        self.end_month(month);
                    }
                }
                Step::End => return events,
            }
            events += 1;
        }
    }

    /// Settles the facts that an event brought about in the order in which they were emitted, each with all its
    /// consequences before the next; then lets the processes rest, until none has anything to add.
    #[inline(always)]
    fn settle(&mut self, observer: &mut impl Observer, then: Then) {
        loop {
            self.put_in_order(0);
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

    /// Settles what one process started with. Seldom, so out of line: then the loop above is the only one that takes it in.
    #[inline(never)]
    fn settle_start(&mut self, observer: &mut impl Observer) {
        self.settle(observer, Then::GoOn);
    }

    #[inline(always)]
    fn settle_one(&mut self, fact: Fact, observer: &mut impl Observer) {
        if fact.is_measured() {
            self.tell_held(observer);
        }
        let now = self.agenda.calendar.now();
        self.view.team.apply(fact, now);
        observer.happened(fact, &self.view.team, now);
        let waiting = self.agenda.pending.len();
        self.react(fact);
        self.put_in_order(waiting);
    }

    /// Of the facts that were emitted after the first so many, the first is the next.
    #[inline(always)]
    fn put_in_order(&mut self, waiting: usize) {
        if self.agenda.pending.len() > waiting + 1 {
            self.agenda.pending[waiting..].reverse();
        }
    }

    /// Tells what was measured since it was told last.
    #[inline]
    fn tell_held(&mut self, observer: &mut impl Observer) {
        let (from, now) = (self.held_until, self.agenda.calendar.now());
        if now > from {
            self.held_until = now;
            observer.held(&self.view.team, from, now);
        }
    }

    /// The processes, and a context that any of them may be given.
    #[inline]
    fn parts<E>(&mut self) -> (&mut Processes, Context<'_, E>) {
        (&mut self.processes, Context { view: &self.view, agenda: &mut self.agenda, kind: PhantomData })
    }
}
