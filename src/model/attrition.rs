//! Attrition: why and when people give notice, and when they leave after it.

use crate::engine::{Slot, Time};
use crate::input::duration::Duration;
use crate::maths::ln;
use crate::random::{DrawKey, Purpose};
use crate::world::{Attrition as Table, DAYS_PER_YEAR, OrganisationId, RoleId, World};

use super::fact::{Cause, Fact, PersonId, SeatId, TransferId};
use super::team::Person;
use super::{Event, Observer, Simulation};

pub(super) const TENURE: Purpose = Purpose::named("attrition.tenure");
const HAZARDS: Purpose = Purpose::named("attrition.hazards");
/// When a person may burn out, and whether they do, by try.
const BURNOUT: Purpose = Purpose::named("attrition.burnout");
const SHOCK: Purpose = Purpose::named("attrition.shock");
const NOTICE: Purpose = Purpose::named("attrition.notice");
const RELEASE: Purpose = Purpose::named("attrition.release");

/// A person's hazards other than tenure. They are kept only if some organisation has any.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Clocks {
    early: Clock,
    rotation: Clock,
    /// The next time at which they may burn out. Its hazard is the one that holds if there is no output at all.
    burnout: Clock,
    burnout_tries: u32,
}

/// A hazard that may change with the employer. It strikes when the integral of the hazard reaches a unit exponential.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Clock {
    hazard: Hazard,
    /// The tenure from which the current hazard applies, in days.
    from_days: f64,
    /// The remainder of the exponential at that tenure.
    left: f64,
}

/// A hazard that is constant up to some tenure.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hazard {
    per_day: f64,
    until_days: f64,
}

impl Hazard {
    const NONE: Hazard = Hazard { per_day: 0.0, until_days: f64::INFINITY };

    fn early(attrition: Option<&Table>) -> Self {
        attrition.map_or(Self::NONE, |p| Self { per_day: p.early_hazard_per_year / DAYS_PER_YEAR, until_days: p.early_days })
    }

    fn burnout(attrition: Option<&Table>) -> Self {
        attrition.map_or(Self::NONE, |p| Self { per_day: p.burnout_hazard_per_year / DAYS_PER_YEAR, ..Self::NONE })
    }

    fn rotation(attrition: Option<&Table>) -> Self {
        attrition.map_or(Self::NONE, |p| Self { per_day: p.rotation_hazard_per_year / DAYS_PER_YEAR, ..Self::NONE })
    }
}

impl Clock {
    fn new(from_days: f64, luck: f64, hazard: Hazard) -> Self {
        Self { hazard, from_days, left: if hazard.per_day > 0.0 { -ln(luck) } else { f64::INFINITY } }
    }

    /// Returns the tenure in days at which it strikes. Infinite if it never does.
    fn strikes_days(&self) -> f64 {
        let Hazard { per_day, until_days } = self.hazard;
        let days = self.from_days + self.left / per_day;
        if per_day > 0.0 && days < until_days { days } else { f64::INFINITY }
    }

    /// Applies the same random number to another hazard from this tenure on. An unchanged hazard changes nothing, to the
    /// bit.
    fn change(&mut self, tenure_days: f64, luck: f64, hazard: Hazard) {
        if hazard == self.hazard {
            return;
        }
        let before = if self.left.is_finite() { self.left } else { -ln(luck) };
        let ran_days = (tenure_days.min(self.hazard.until_days) - self.from_days).max(0.0);
        self.left = (before - self.hazard.per_day * ran_days).max(0.0);
        self.from_days = tenure_days;
        self.hazard = hazard;
    }
}

/// The state of attrition.
#[derive(Debug)]
pub(super) struct Attrition {
    has_hazards: bool,
    has_burnout: bool,
    /// By person number. Unused if there are no hazards at all.
    clocks: Vec<Clocks>,
}

impl Attrition {
    pub(super) fn new(world: &World) -> Self {
        let hazardous = |p: &Table| p.early_hazard_per_year > 0.0 || p.rotation_hazard_per_year > 0.0;
        let tables = || world.organisations.iter().flat_map(|organisation| &organisation.attrition).flat_map(Table::all);
        let has_hazards = tables().any(hazardous);
        let has_burnout = tables().any(|p| p.burnout_hazard_per_year > 0.0);
        Self { has_hazards, has_burnout, clocks: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        self.clocks.clear();
    }

    /// Whether there are hazards other than tenure and shocks.
    fn has_clocks(&self) -> bool {
        self.has_hazards || self.has_burnout
    }
}

impl Simulation<'_> {
    /// Does all that follows when a person comes, with a tenure if they are present from the start, and with the random
    /// number of the rest of it.
    #[inline(always)]
    pub(super) fn welcome(&mut self, seat: SeatId, age_days: f64, quantile: f64) {
        let person = self.team.holder(seat);
        self.note_joiner(seat.role, person);
        self.onboard(person);
        self.begin_tenure(person, age_days, quantile);
    }

    #[inline(always)]
    fn begin_tenure(&mut self, id: PersonId, age_days: f64, quantile: f64) {
        let person = self.team.person_mut(id);
        let parameters = self.world.organisation(person.employer).attrition_of(person.seat.role);
        let tenure = parameters.and_then(|parameters| parameters.tenure_days.as_ref());
        // A person present from the start has outlived a share of the distribution.
        let survival = if age_days > 0.0 { survival(tenure, age_days) * quantile } else { quantile };
        person.survival = survival;
        person.tenure_days = if survival > 0.0 { remaining(tenure, survival, age_days) } else { age_days };
        person.shock = None;
        if self.attrition.has_clocks() {
            self.start_clocks(id, age_days);
        }
        self.schedule_quit(id);
    }

    #[inline(never)]
    fn start_clocks(&mut self, id: PersonId, age_days: f64) {
        let index = id.0 as usize;
        let person = self.team.person(id);
        let parameters = self.world.organisation(person.employer).attrition_of(person.seat.role);
        let [early_luck, rotation_luck] = self.draw_hazards(person);
        let [burnout_luck, _] = self.draw_burnout(person, 0);
        let clocks = Clocks {
            early: Clock::new(age_days, early_luck, Hazard::early(parameters)),
            rotation: Clock::new(age_days, rotation_luck, Hazard::rotation(parameters)),
            burnout: Clock::new(age_days, burnout_luck, Hazard::burnout(parameters)),
            burnout_tries: 0,
        };
        if index >= self.attrition.clocks.len() {
            self.attrition.clocks.resize(index + 1, clocks);
        }
        self.attrition.clocks[index] = clocks;
    }

    /// Returns the random numbers for a person's early and rotation hazards. They are drawn only if some organisation has
    /// such a hazard.
    fn draw_hazards(&self, person: &Person) -> [f64; 2] {
        if self.attrition.has_hazards { self.draws.for_person(person, DrawKey::of(HAZARDS)) } else { [1.0; 2] }
    }

    /// Returns the random numbers for when a person may burn out next, and whether they do. They are drawn only if some
    /// organisation has burnout.
    fn draw_burnout(&self, person: &Person, tries: u32) -> [f64; 2] {
        let draw = DrawKey::of(BURNOUT).attempt(tries);
        if self.attrition.has_burnout { self.draws.for_person(person, draw) } else { [1.0; 2] }
    }

    /// Schedules the cause that comes first.
    #[inline(always)]
    fn schedule_quit(&mut self, id: PersonId) {
        let person = self.team.person_mut(id);
        let mut first = (person.tenure_days, Cause::Tenure);
        if self.attrition.has_clocks() {
            let Clocks { early, rotation, burnout, .. } = &self.attrition.clocks[id.0 as usize];
            for (clock, cause) in [(early, Cause::Early), (rotation, Cause::Rotation), (burnout, Cause::Burnout)] {
                let days = clock.strikes_days();
                first = if days < first.0 { (days, cause) } else { first };
            }
        }
        // Under a new distribution, the person's time may already have passed.
        let now = self.calendar.now();
        let mut first = (Time::from_days((person.joined_day + first.0).max(now.days())), first.1);
        if let Some(shock) = person.shock.filter(|&shock| shock < first.0) {
            first = (shock.max(now), Cause::Shock);
        }
        person.cause = first.1;
        person.exit = self.calendar.schedule_at(first.0, Event::Quit(id));
    }

    /// The time has come for a person to give notice.
    #[inline(always)]
    pub(super) fn quit(&mut self, id: PersonId, observer: &mut impl Observer) {
        let cause = self.team.person(id).cause;
        if cause != Cause::Burnout || self.burns_out(id) {
            self.give_notice(id, cause, observer);
        }
    }

    /// Lets a person burn out with a probability equal to the missing share of the wanted output. Returns whether they do.
    ///
    /// This hazard changes with every change of the team. So each person's clock runs at the highest possible hazard, and
    /// its strikes are thinned (Lewis and Shedler 1979).
    #[inline(never)]
    fn burns_out(&mut self, id: PersonId) -> bool {
        let index = id.0 as usize;
        let person = self.team.person(id);
        let tries = self.attrition.clocks[index].burnout_tries;
        let [_, chance] = self.draw_burnout(person, tries);
        let wanted = self.team.wanted_fte();
        let missing = if wanted > 0.0 { (1.0 - self.team.effective_fte() / wanted).max(0.0) } else { 0.0 };
        if chance < missing {
            return true;
        }
        let age_days = self.calendar.now().days() - person.joined_day;
        let [next, _] = self.draw_burnout(person, tries + 1);
        let clocks = &mut self.attrition.clocks[index];
        clocks.burnout = Clock::new(age_days, next, clocks.burnout.hazard);
        clocks.burnout_tries = tries + 1;
        self.schedule_quit(id);
        false
    }

    /// A leaver gives notice: they no longer stay, their seat is vacant, and the notice period begins.
    #[inline(always)]
    fn give_notice(&mut self, id: PersonId, cause: Cause, observer: &mut impl Observer) {
        self.tell(Fact::NoticeGiven(id, cause), observer);
        self.consider_place(id, observer);
        self.unbalance();
        self.drop_out(id);
        self.serve_notice(id, cause, observer);
    }

    /// Releases a person because fewer are wanted.
    pub(super) fn release(&mut self, id: PersonId, observer: &mut impl Observer) {
        self.tell(Fact::Released(id), observer);
        self.drop_out(id);
        self.serve_notice(id, Cause::Release, observer);
    }

    #[inline(always)]
    fn serve_notice(&mut self, id: PersonId, cause: Cause, observer: &mut impl Observer) {
        let person = self.team.person(id);
        let days = self.world.organisation(person.employer).attrition_of(person.seat.role).map_or(0.0, |parameters| {
            let (days, purpose) = match cause {
                Cause::Release => (&parameters.release_notice_days, RELEASE),
                _ => (&parameters.leave_notice_days, NOTICE),
            };
            days.draw(|| self.draws.for_person(person, DrawKey::of(purpose))[0])
        });
        self.leave_in(id, days, cause, observer);
    }

    /// Lets a person who will not stay leave in some days, or at once.
    pub(super) fn leave_in(&mut self, id: PersonId, days: f64, cause: Cause, observer: &mut impl Observer) {
        if days > 0.0 {
            let slot = self.calendar.schedule_in(days, Event::Leave(id));
            let person = self.team.person_mut(id);
            (person.exit, person.cause) = (slot, cause);
        } else {
            self.leave(id, cause, observer);
        }
    }

    /// A person leaves.
    pub(super) fn leave(&mut self, id: PersonId, cause: Cause, observer: &mut impl Observer) {
        self.team.person_mut(id).exit = Slot::NONE;
        self.tell(Fact::Left(id, cause), observer);
        if cause == Cause::Collapse {
            self.unbalance();
        }
    }

    /// Applies the receiver's causes to an accepter, with the accepter's existing random numbers: MODEL section 7.
    pub(super) fn change_employer(&mut self, id: PersonId, from: OrganisationId, transfer: TransferId) {
        let parameters = self.strategy.transfer(transfer.0);
        let world = self.world;
        let now = self.calendar.now();
        let person = self.team.person_mut(id);
        let before = world.organisation(from).attrition_of(person.seat.role);
        let after = world.organisation(parameters.to).attrition_of(person.seat.role);
        let age_days = now.days() - person.joined_day;
        let unchanged = (person.survival, person.tenure_days, person.shock);
        change_law(person, age_days, before, after);
        if parameters.shock_hazard_per_year > 0.0 {
            let [chance, _] = self.draws.for_person(person, DrawKey::of(SHOCK).index(transfer.0));
            let days = -ln(chance) / (parameters.shock_hazard_per_year / DAYS_PER_YEAR);
            let shock = (days < parameters.shock_days).then(|| now.after(days));
            person.shock = [person.shock, shock].into_iter().flatten().min();
        }
        let has_same_luck = (person.survival, person.tenure_days, person.shock) == unchanged;
        let has_same_clocks = !self.attrition.has_clocks() || self.change_clocks(id, age_days, after);
        // An event that stays at its instant must keep its place among the events of that instant.
        if !(has_same_luck && has_same_clocks) {
            self.schedule_quit(id);
        }
    }

    /// Applies the causes of their new role to a person who was of another: MODEL section 1.
    pub(super) fn change_role(&mut self, id: PersonId, from: RoleId) {
        let now = self.calendar.now();
        let person = self.team.person_mut(id);
        let of_employer = self.world.organisation(person.employer);
        let (before, after) = (of_employer.attrition_of(from), of_employer.attrition_of(person.seat.role));
        let age_days = now.days() - person.joined_day;
        let unchanged = (person.survival, person.tenure_days);
        change_law(person, age_days, before, after);
        let has_same_law = (person.survival, person.tenure_days) == unchanged;
        let has_same_clocks = !self.attrition.has_clocks() || self.change_clocks(id, age_days, after);
        if !(has_same_law && has_same_clocks) {
            self.schedule_quit(id);
        }
    }

    /// Applies a person's random numbers to the hazards of another employer or role. Returns whether this changes nothing.
    fn change_clocks(&mut self, id: PersonId, age_days: f64, to: Option<&Table>) -> bool {
        let person = self.team.person(id);
        let [early_luck, rotation_luck] = self.draw_hazards(person);
        let [burnout_luck, _] = self.draw_burnout(person, self.attrition.clocks[id.0 as usize].burnout_tries);
        let clocks = &mut self.attrition.clocks[id.0 as usize];
        let before = *clocks;
        clocks.early.change(age_days, early_luck, Hazard::early(to));
        clocks.rotation.change(age_days, rotation_luck, Hazard::rotation(to));
        clocks.burnout.change(age_days, burnout_luck, Hazard::burnout(to));
        *clocks == before
    }
}

/// Changes the time at which a person quits to what it is under another distribution of tenure.
fn change_law(person: &mut Person, age_days: f64, before: Option<&Table>, after: Option<&Table>) {
    let (old, new) = (before.and_then(|p| p.tenure_days.as_ref()), after.and_then(|p| p.tenure_days.as_ref()));
    if old != new {
        let (before, after) = (survival(old, age_days), survival(new, age_days));
        // The share of the old distribution that reaches this age is 0 only by rounding.
        person.survival = if before > 0.0 { after * person.survival / before } else { 0.0 };
        person.tenure_days = if person.survival > 0.0 { remaining(new, person.survival, age_days) } else { age_days };
    }
}

/// Returns the share of people who still stay at an age.
fn survival(tenure: Option<&Duration>, age_days: f64) -> f64 {
    tenure.map_or(1.0, |tenure| tenure.survival(age_days))
}

/// Returns the least t with S(t) <= q, which is 0 for q at or above 1.
fn at_survival(tenure: &Duration, survival: f64) -> f64 {
    if survival >= 1.0 { 0.0 } else { tenure.at_survival(survival) }
}

/// Returns the tenure at which a person with a tenure of `age_days` gives notice under a new distribution.
fn remaining(tenure: Option<&Duration>, survival: f64, age_days: f64) -> f64 {
    tenure.map_or(f64::INFINITY, |tenure| at_survival(tenure, survival).max(age_days))
}
