//! Operations: incidents are a Poisson process whose rate falls with maturity and rises with rookies (MODEL section 5).
//!
//! The rate changes with every joiner. So candidates come at a rate that it cannot exceed, and each is an incident with a
//! probability equal to the current rate over this bound (thinning: Lewis and Shedler 1979).

use crate::engine::{Slot, Time};
use crate::maths::ln;
use crate::random::{DrawKey, Purpose};
use crate::world::{DAYS_PER_MONTH, Operations as Table};

use super::fact::Fact;
use super::{Event, Observer, Simulation};

/// When the n-th candidate comes, and whether it is an incident.
const INCIDENT: Purpose = Purpose::named("operations.incident");
const EFFORT: Purpose = Purpose::named("operations.effort");

/// The state of operations.
#[derive(Debug)]
pub(super) struct Operations {
    /// Candidates so far. They need more than 32 bits: a scenario may have 10^8 per month.
    candidates: u64,
    /// The rate at which the next candidate comes, per day.
    bound_per_day: f64,
    pub(super) next: Slot,
    /// Whether it would be an incident.
    luck: f64,
    /// The maturity at some instant. From there it grows with time. None before the first organisation is set up.
    matured: Option<(f64, Time)>,
}

impl Default for Operations {
    fn default() -> Self {
        Self { candidates: 0, bound_per_day: 0.0, next: Slot::NONE, luck: 0.0, matured: None }
    }
}

impl Operations {
    /// Returns the team's maturity: months since the first organisation was set up, minus the setbacks of transfers.
    fn maturity_months(&self, now: Time) -> f64 {
        self.matured.map_or(0.0, |(months, since)| months + now.days_since(since) / DAYS_PER_MONTH)
    }
}

impl Simulation<'_> {
    pub(super) fn schedule_candidate(&mut self) {
        if let Some(table) = &self.world.operations {
            self.schedule_next(table, self.incidents_per_day(table));
        }
    }

    /// Returns the rate of incidents now, without rookies.
    fn incidents_per_day(&self, table: &Table) -> f64 {
        table.incidents_per_day(self.operations.maturity_months(self.calendar.now()))
    }

    /// Schedules the next candidate, given the rate without rookies.
    fn schedule_next(&mut self, table: &Table, per_day: f64) {
        // Maturity only grows until the next transfer, and the rate is highest either with rookies only or with none.
        self.operations.bound_per_day = table.with_rookies(per_day, 0.0).max(table.with_rookies(per_day, 1.0));
        self.operations.next = Slot::NONE;
        if self.operations.bound_per_day > 0.0 {
            let [wait, luck] = self.draws.for_world(self.operations.candidates, DrawKey::of(INCIDENT));
            self.operations.luck = luck;
            self.operations.next = self.calendar.schedule_in(-ln(wait) / self.operations.bound_per_day, Event::Candidate);
        }
    }

    /// Decides whether a candidate is an incident, and schedules the next.
    pub(super) fn judge_candidate(&mut self, observer: &mut impl Observer) {
        let Some(table) = &self.world.operations else { return };
        let per_day = self.incidents_per_day(table);
        let per_day_now = table.with_rookies(per_day, self.team.rookie_share());
        if self.team.headcount() > 0 && self.operations.luck * self.operations.bound_per_day < per_day_now {
            let luck = || self.draws.for_world(self.operations.candidates, DrawKey::of(EFFORT))[0];
            let effort_days = table.effort_days.draw(luck);
            self.tell(Fact::Incident(effort_days), observer);
        }
        self.operations.candidates += 1;
        self.schedule_next(table, per_day);
    }

    /// The first organisation is set up.
    pub(super) fn begin_to_mature(&mut self) {
        let now = self.calendar.now();
        self.operations.matured.get_or_insert((0.0, now));
    }

    /// A transfer takes back some maturity.
    pub(super) fn set_back(&mut self) {
        // Without a setback, incidents continue as before.
        let table = self.world.operations.as_ref().filter(|table| table.transfer_setback_months > 0.0);
        let Some(table) = table else { return };
        let now = self.calendar.now();
        let months = (self.operations.maturity_months(now) - table.transfer_setback_months).max(0.0);
        self.operations.matured = self.operations.matured.map(|_| (months, now));
        self.operations.candidates += 1;
        self.schedule_next(table, self.incidents_per_day(table));
    }
}
