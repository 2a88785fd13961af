//! Risk: the venture fails and the client leaves the market, or the organisation in charge collapses (MODEL section 8).

use crate::engine::Ticket;
use crate::maths::ln;
use crate::random::{Draw, Purpose};
use crate::world::{DAYS_PER_YEAR, Strategy, World};

use super::fact::{Cause, Fact};
use super::process::{Context, Process};

const EXIT: Purpose = Purpose::named("market.exit");
/// When the n-th organisation in charge collapses, by the number of its earlier collapses.
const COLLAPSE: Purpose = Purpose::named("organisation.collapse");

/// The process of risk.
#[derive(Debug)]
pub(super) struct Risk {
    /// Organisations that have been in charge before the current one.
    charges: u32,
    /// Collapses of the current one.
    collapses: u32,
    collapse: Ticket,
}

/// An event of risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The venture fails.
    Exit,
    /// The organisation in charge collapses.
    Collapse,
}

impl Process for Risk {
    type Event = Event;

    fn new(_world: &World, _strategy: &Strategy) -> Self {
        Self { charges: 0, collapses: 0, collapse: Ticket::NONE }
    }

    fn clear(&mut self) {
        *self = Self { charges: 0, collapses: 0, collapse: Ticket::NONE };
    }

    fn start(&mut self, cx: &mut Context<'_, Event>) {
        let exit = cx.world().market.map_or(0.0, |market| market.exit_hazard_per_year);
        if exit > 0.0 {
            let [luck, _] = cx.draw_for_world(0, Draw::of(EXIT));
            cx.schedule_in(days(luck, exit), Event::Exit);
        }
        self.schedule_collapse(cx);
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Event>) {
        match event {
            Event::Exit => {
                cx.emit(Fact::MarketExited);
                clear_out(Cause::Exit, cx);
            }
            Event::Collapse => {
                cx.emit(Fact::Collapsed(cx.team().in_charge()));
                if let Some((rescue, _)) = cx.rescue() {
                    cx.emit(Fact::TransferBegan(rescue));
                } else {
                    clear_out(Cause::Collapse, cx);
                    self.collapses += 1;
                    self.schedule_collapse(cx);
                }
            }
        }
    }

    #[inline(always)]
    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Event>) {
        if let Fact::TransferBegan(_) = fact {
            cx.cancel(self.collapse);
            self.charges += 1;
            self.collapses = 0;
            self.schedule_collapse(cx);
        }
    }
}

impl Risk {
    fn schedule_collapse(&mut self, cx: &mut Context<'_, Event>) {
        let hazard = cx.organisation(cx.team().in_charge()).failure_hazard_per_year;
        self.collapse = if hazard > 0.0 {
            let [luck, _] = cx.draw_for_world(self.charges.into(), Draw::of(COLLAPSE).attempt(self.collapses));
            cx.schedule_in(days(luck, hazard), Event::Collapse)
        } else {
            Ticket::NONE
        };
    }
}

fn days(luck: f64, hazard_per_year: f64) -> f64 {
    -ln(luck) / (hazard_per_year / DAYS_PER_YEAR)
}

/// Cancels all requisitions, and lets everyone present leave at once.
fn clear_out(cause: Cause, cx: &mut Context<'_, Event>) {
    let team = cx.team();
    for (seat, _) in team.requisitions() {
        cx.emit(Fact::RequisitionCancelled(seat));
    }
    for (person, _) in team.present() {
        cx.emit(Fact::Left(person, cause));
    }
}
