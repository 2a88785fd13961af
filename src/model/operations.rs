//! Operations: incidents are a Poisson process whose rate falls with maturity and rises with rookies (MODEL section 5).
//!
//! The rate changes with every joiner. So candidates come at a rate that it cannot exceed, and each is an incident with a
//! probability equal to the current rate over this bound (thinning: Lewis and Shedler 1979).

use crate::engine::{Ticket, Time};
use crate::maths::ln;
use crate::random::{Draw, Purpose};
use crate::world::{DAYS_PER_MONTH, Operations as Table, Strategy, World};

use super::fact::Fact;
use super::process::{Context, Process};

/// When the n-th candidate comes, and whether it is an incident.
const INCIDENT: Purpose = Purpose::named("operations.incident");
const EFFORT: Purpose = Purpose::named("operations.effort");

/// The process of operations.
#[derive(Debug)]
pub(super) struct Operations {
    /// Candidates so far. They need more than 32 bits: a scenario may have 10^8 per month.
    candidates: u64,
    /// The rate at which the next candidate comes, per day.
    bound_per_day: f64,
    next: Ticket,
    /// The maturity at some instant. From there it grows with time. None before the first organisation is set up.
    matured: Option<(f64, Time)>,
}

/// A possible incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate;

const NEW: Operations = Operations { candidates: 0, bound_per_day: 0.0, next: Ticket::NONE, matured: None };

impl Process for Operations {
    type Event = Candidate;

    fn new(_world: &World, _strategy: &Strategy) -> Self {
        NEW
    }

    fn clear(&mut self) {
        *self = NEW;
    }

    fn start(&mut self, cx: &mut Context<'_, Candidate>) {
        if let Some(table) = &cx.world().operations {
            self.schedule(table, cx);
        }
    }

    fn handle(&mut self, Candidate: Candidate, cx: &mut Context<'_, Candidate>) {
        let Some(table) = &cx.world().operations else { return };
        let team = cx.team();
        let [_, luck] = cx.draw_for_world(self.candidates, Draw::of(INCIDENT));
        let per_day = table.incidents_per_day(self.maturity_months(cx.now()), team.rookie_share());
        if team.headcount() > 0 && luck * self.bound_per_day < per_day {
            let effort_days = table.effort_days.draw(|| cx.draw_for_world(self.candidates, Draw::of(EFFORT))[0]);
            cx.emit(Fact::Incident(effort_days));
        }
        self.candidates += 1;
        self.schedule(table, cx);
    }

    #[inline(always)]
    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Candidate>) {
        match fact {
            Fact::OrganisationReady(_) if self.matured.is_none() => self.matured = Some((0.0, cx.now())),
            Fact::TransferBegan(_) => {
                // Without a setback, incidents continue as before.
                let table = cx.world().operations.as_ref().filter(|table| table.transfer_setback_months > 0.0);
                let Some(table) = table else { return };
                let months = (self.maturity_months(cx.now()) - table.transfer_setback_months).max(0.0);
                self.matured = self.matured.map(|_| (months, cx.now()));
                cx.cancel(self.next);
                self.candidates += 1;
                self.schedule(table, cx);
            }
            _ => {}
        }
    }
}

impl Operations {
    /// Returns the team's maturity: months since the first organisation was set up, minus the setbacks of transfers.
    fn maturity_months(&self, now: Time) -> f64 {
        self.matured.map_or(0.0, |(months, since)| months + now.days_since(since) / DAYS_PER_MONTH)
    }

    fn schedule(&mut self, table: &Table, cx: &mut Context<'_, Candidate>) {
        // Maturity only grows until the next transfer, and the rate is highest either with rookies only or with none.
        let maturity = self.maturity_months(cx.now());
        self.bound_per_day = table.incidents_per_day(maturity, 0.0).max(table.incidents_per_day(maturity, 1.0));
        self.next = if self.bound_per_day > 0.0 {
            let [luck, _] = cx.draw_for_world(self.candidates, Draw::of(INCIDENT));
            cx.schedule_in(-ln(luck) / self.bound_per_day, Candidate)
        } else {
            Ticket::NONE
        };
    }
}
