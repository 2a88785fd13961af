//! Setting up: an organisation opens requisitions once it is set up.

use crate::random::{Draw, Purpose};
use crate::world::{OrganisationId, Strategy, World, month_instant};

use super::fact::Fact;
use super::process::{Context, Process};

const SETUP: Purpose = Purpose::named("setup.days");

/// The process.
#[derive(Debug)]
pub(super) struct Setup {
    started: Vec<bool>,
    starts: u32,
}

/// What setting up schedules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// An organisation starts to set up.
    Prepare(OrganisationId),
    /// An organisation is set up.
    Done(OrganisationId),
}

impl Process for Setup {
    type Event = Event;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        Self { started: vec![false; world.organisations.len()], starts: 0 }
    }

    fn clear(&mut self) {
        self.started.fill(false);
        self.starts = 0;
    }

    fn start(&mut self, cx: &mut Context<'_, Event>) {
        self.begin(cx.strategy().employer, cx);
        for transfer in &cx.strategy().transfers {
            let instant = month_instant(transfer.prepare_month);
            if transfer.prepare_month > 0.0 {
                cx.schedule_at(instant, Event::Prepare(transfer.to));
            } else {
                self.begin(transfer.to, cx);
            }
        }
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Event>) {
        match event {
            Event::Prepare(organisation) => self.begin(organisation, cx),
            Event::Done(organisation) => cx.emit(Fact::OrganisationReady(organisation)),
        }
    }
}

impl Setup {
    fn begin(&mut self, organisation: OrganisationId, cx: &mut Context<'_, Event>) {
        let started = &mut self.started[usize::from(organisation.0)];
        if *started {
            return;
        }
        *started = true;
        cx.emit(Fact::OrganisationStarted(organisation));
        let days = &cx.organisation(organisation).setup.setup_days;
        let days = days.draw(|| cx.draw_for_start(self.starts, Draw::of(SETUP)));
        self.starts += 1;
        if days > 0.0 {
            cx.schedule_in(days, Event::Done(organisation));
        } else {
            cx.emit(Fact::OrganisationReady(organisation));
        }
    }
}
