//! Risk: the venture fails and the client leaves the market, or the organisation in charge collapses (MODEL section 8).

use crate::engine::Slot;
use crate::maths::ln;
use crate::random::{DrawKey, Purpose};
use crate::world::{DAYS_PER_YEAR, RoleId};

use super::fact::{Cause, Fact, PersonId, SeatId};
use super::team::{Holding, Person, Standing};
use super::{Event, Observer, Simulation};

const EXIT: Purpose = Purpose::named("market.exit");
/// When the n-th organisation in charge collapses, by the number of its earlier collapses.
const COLLAPSE: Purpose = Purpose::named("organisation.collapse");

/// The state of risk.
#[derive(Debug)]
pub(super) struct Risk {
    /// Organisations that have been in charge before the current one.
    charges: u32,
    /// Collapses of the current one.
    collapses: u32,
    pub(super) collapse: Slot,
}

impl Default for Risk {
    fn default() -> Self {
        Self { charges: 0, collapses: 0, collapse: Slot::NONE }
    }
}

impl Simulation<'_> {
    pub(super) fn start_risks(&mut self) {
        let exit = self.world.market.map_or(0.0, |market| market.exit_hazard_per_year);
        if exit > 0.0 {
            let [luck, _] = self.draws.for_world(0, DrawKey::of(EXIT));
            self.calendar.schedule_in(days(luck, exit), Event::Exit);
        }
        self.schedule_collapse();
    }

    fn schedule_collapse(&mut self) {
        let hazard = self.world.organisation(self.team.in_charge()).failure_hazard_per_year;
        self.risk.collapse = if hazard > 0.0 {
            let draw = DrawKey::of(COLLAPSE).attempt(self.risk.collapses);
            let [luck, _] = self.draws.for_world(self.risk.charges.into(), draw);
            self.calendar.schedule_in(days(luck, hazard), Event::Collapse)
        } else {
            Slot::NONE
        };
    }

    /// Schedules the collapse of the organisation that has just taken charge, in place of the one before.
    pub(super) fn change_risk(&mut self) {
        self.risk.charges += 1;
        self.risk.collapses = 0;
        self.schedule_collapse();
    }

    pub(super) fn exit_market(&mut self, observer: &mut impl Observer) {
        self.tell(Fact::MarketExited, observer);
        self.clear_out(Cause::Exit, observer);
    }

    pub(super) fn collapse(&mut self, observer: &mut impl Observer) {
        let organisation = self.team.in_charge();
        if let Some((rescue, _)) = self.rescue() {
            self.tell(Fact::Collapsed(organisation), observer);
            self.recover(organisation, observer);
            self.lapse_transfers(observer);
            self.hand_over(rescue, observer);
        } else {
            self.risk.collapses += 1;
            self.schedule_collapse();
            self.tell(Fact::Collapsed(organisation), observer);
            self.recover(organisation, observer);
            self.clear_out(Cause::Collapse, observer);
        }
    }

    /// Whether the people and requisitions of a role stay: a collapse concerns only those of the organisation in charge.
    fn passes_by(&self, role: RoleId, cause: Cause) -> bool {
        let is_other = |employer| employer != self.team.in_charge();
        cause == Cause::Collapse && self.team.fixed_employer(role).is_some_and(is_other)
    }

    /// Cancels all requisitions, and lets everyone present leave at once.
    fn clear_out(&mut self, cause: Cause, observer: &mut impl Observer) {
        for role in (0..).map(RoleId).take(self.world.roles.len()) {
            if self.passes_by(role, cause) {
                continue;
            }
            for number in 0..self.team.seats_in(role) {
                let seat = SeatId { role, number };
                if self.team.seat(seat).holding == Holding::Requisition {
                    self.cancel(seat, observer);
                }
            }
        }
        for person in (0..self.team.ids()).map(PersonId) {
            let Person { standing, seat, .. } = *self.team.person(person);
            if self.passes_by(seat.role, cause) {
                continue;
            }
            if standing == Standing::Staying {
                self.drop_out(person);
            }
            if standing != Standing::Gone {
                self.leave(person, cause, observer);
            }
        }
    }
}

fn days(luck: f64, hazard_per_year: f64) -> f64 {
    -ln(luck) / (hazard_per_year / DAYS_PER_YEAR)
}
