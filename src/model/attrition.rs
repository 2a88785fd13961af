//! Attrition: why and when people give notice, and when they leave after it.

use crate::engine::{Ticket, Time};
use crate::input::duration::Duration;
use crate::maths::ln;
use crate::random::{Draw, Purpose};
use crate::world::{Attrition as Table, DAYS_PER_YEAR, OrganisationId, Strategy, World};

use super::fact::{Cause, Fact, PersonId, TransferId};
use super::process::{Context, Process};

const TENURE: Purpose = Purpose::named("attrition.tenure");
const HAZARDS: Purpose = Purpose::named("attrition.hazards");
/// When a person may burn out, and whether they do, by try.
const BURNOUT: Purpose = Purpose::named("attrition.burnout");
const SHOCK: Purpose = Purpose::named("attrition.shock");
const NOTICE: Purpose = Purpose::named("attrition.notice");
const RELEASE: Purpose = Purpose::named("attrition.release");

/// The random numbers of a person, which go with them from employer to employer.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Luck {
    employer: OrganisationId,
    /// The share of people with the current tenure distribution who stay at least as long.
    survival: f64,
    /// The tenure at which they give notice by the tenure distribution, in days.
    tenure_days: f64,
    /// When the shock of a transfer strikes, if it does.
    shock: Option<Time>,
}

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

/// The process of attrition.
#[derive(Debug)]
pub(super) struct Attrition {
    has_hazards: bool,
    has_burnout: bool,
    luck: Vec<Luck>,
    /// By person number. Unused if there are no hazards at all.
    clocks: Vec<Clocks>,
    /// The next event of each person: giving notice or leaving.
    tickets: Vec<Ticket>,
}

/// An event of attrition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A person gives notice.
    Quit(PersonId, Cause),
    /// A person leaves at the end of their notice period.
    Leave(PersonId, Cause),
}

impl Process for Attrition {
    type Event = Event;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        let hazardous = |p: &Table| p.early_hazard_per_year > 0.0 || p.rotation_hazard_per_year > 0.0;
        let tables = || world.organisations.iter().filter_map(|organisation| organisation.attrition.as_ref());
        let has_hazards = tables().any(hazardous);
        let has_burnout = tables().any(|p| p.burnout_hazard_per_year > 0.0);
        Self { has_hazards, has_burnout, luck: Vec::new(), clocks: Vec::new(), tickets: Vec::new() }
    }

    fn clear(&mut self) {
        self.luck.clear();
        self.clocks.clear();
        self.tickets.clear();
    }

    fn start(&mut self, _cx: &mut Context<'_, Event>) {}

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Event>) {
        match event {
            Event::Quit(person, Cause::Burnout) => self.try_burnout(person, cx),
            Event::Quit(person, cause) => cx.emit(Fact::NoticeGiven(person, cause)),
            Event::Leave(person, cause) => cx.emit(Fact::Left(person, cause)),
        }
    }

    #[inline(always)]
    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Event>) {
        match fact {
            Fact::Joined(seat) => self.begin(cx.team().holder(seat), 0.0, cx),
            Fact::WasThere(seat, tenure_days) => self.begin(cx.team().holder(seat), tenure_days, cx),
            Fact::Accepted(person, transfer) => self.change_employer(person, transfer, cx),
            Fact::NoticeGiven(person, cause) => self.serve_notice(person, cause, cx),
            Fact::Released(person) => self.serve_notice(person, Cause::Release, cx),
            Fact::Refused(person, _) | Fact::Left(person, _) => cx.cancel(self.tickets[person.0 as usize]),
            _ => {}
        }
    }
}

impl Attrition {
    /// Draws the random numbers of a person who has just joined, or who is present from the start with a tenure.
    fn begin(&mut self, person: PersonId, age_days: f64, cx: &mut Context<'_, Event>) {
        let index = person.0 as usize;
        let [quantile, _] = cx.draw_for_person(person, Draw::of(TENURE));
        let employer = cx.team().person(person).employer;
        let parameters = cx.organisation(employer).attrition.as_ref();
        let tenure = parameters.and_then(|parameters| parameters.tenure_days.as_ref());
        // A person present from the start has outlived a share of the distribution.
        let survival = if age_days > 0.0 { survival(tenure, age_days) * quantile } else { quantile };
        let luck = Luck {
            employer,
            survival,
            tenure_days: if survival > 0.0 { remaining(tenure, survival, age_days) } else { age_days },
            shock: None,
        };
        if index >= self.luck.len() {
            self.luck.resize(index + 1, luck);
            self.tickets.resize(index + 1, Ticket::NONE);
        }
        self.luck[index] = luck;
        if self.has_clocks() {
            self.start_clocks(person, age_days, cx);
        }
        self.schedule(person, cx);
    }

    /// Whether there are hazards other than tenure and shocks.
    fn has_clocks(&self) -> bool {
        self.has_hazards || self.has_burnout
    }

    fn start_clocks(&mut self, person: PersonId, age_days: f64, cx: &mut Context<'_, Event>) {
        let index = person.0 as usize;
        let parameters = cx.organisation(cx.team().person(person).employer).attrition.as_ref();
        let [early_luck, rotation_luck] = self.draw_hazards(person, cx);
        let [burnout_luck, _] = self.draw_burnout(person, 0, cx);
        let clocks = Clocks {
            early: Clock::new(age_days, early_luck, Hazard::early(parameters)),
            rotation: Clock::new(age_days, rotation_luck, Hazard::rotation(parameters)),
            burnout: Clock::new(age_days, burnout_luck, Hazard::burnout(parameters)),
            burnout_tries: 0,
        };
        if index >= self.clocks.len() {
            self.clocks.resize(index + 1, clocks);
        }
        self.clocks[index] = clocks;
    }

    /// Returns the random numbers for a person's early and rotation hazards. They are drawn only if some organisation has
    /// such a hazard.
    fn draw_hazards(&self, person: PersonId, cx: &Context<'_, Event>) -> [f64; 2] {
        if self.has_hazards { cx.draw_for_person(person, Draw::of(HAZARDS)) } else { [1.0; 2] }
    }

    /// Returns the random numbers for when a person may burn out next, and whether they do. They are drawn only if some
    /// organisation has burnout.
    fn draw_burnout(&self, person: PersonId, tries: u32, cx: &Context<'_, Event>) -> [f64; 2] {
        if self.has_burnout { cx.draw_for_person(person, Draw::of(BURNOUT).attempt(tries)) } else { [1.0; 2] }
    }

    /// Lets a person burn out with a probability equal to the missing share of the wanted output.
    ///
    /// This hazard changes with every change of the team. So each person's clock runs at the highest possible hazard, and
    /// its strikes are thinned (Lewis and Shedler 1979).
    fn try_burnout(&mut self, person: PersonId, cx: &mut Context<'_, Event>) {
        let index = person.0 as usize;
        let tries = self.clocks[index].burnout_tries;
        let [_, chance] = self.draw_burnout(person, tries, cx);
        let team = cx.team();
        let wanted = team.wanted_fte();
        let missing = if wanted > 0.0 { (1.0 - team.effective_fte() / wanted).max(0.0) } else { 0.0 };
        if chance < missing {
            cx.emit(Fact::NoticeGiven(person, Cause::Burnout));
            return;
        }
        let age_days = cx.now().days() - team.person(person).joined_day;
        let [next, _] = self.draw_burnout(person, tries + 1, cx);
        let clocks = &mut self.clocks[index];
        clocks.burnout = Clock::new(age_days, next, clocks.burnout.hazard);
        clocks.burnout_tries = tries + 1;
        self.schedule(person, cx);
    }

    /// Schedules the cause that comes first.
    fn schedule(&mut self, person: PersonId, cx: &mut Context<'_, Event>) {
        let luck = &self.luck[person.0 as usize];
        let about = cx.team().person(person);
        let mut first = (luck.tenure_days, Cause::Tenure);
        if self.has_clocks() {
            let Clocks { early, rotation, burnout, .. } = &self.clocks[person.0 as usize];
            for (clock, cause) in [(early, Cause::Early), (rotation, Cause::Rotation), (burnout, Cause::Burnout)] {
                let days = clock.strikes_days();
                first = if days < first.0 { (days, cause) } else { first };
            }
        }
        // Under a new distribution, the person's time may already have passed.
        let now = cx.now();
        let mut first = (Time::from_days((about.joined_day + first.0).max(now.days())), first.1);
        if let Some(shock) = luck.shock.filter(|&shock| shock < first.0) {
            first = (shock.max(now), Cause::Shock);
        }
        self.tickets[person.0 as usize] = cx.schedule_at(first.0, Event::Quit(person, first.1));
    }

    /// Applies the receiver's causes to an accepter, with the accepter's existing random numbers: MODEL section 7.
    fn change_employer(&mut self, person: PersonId, transfer: TransferId, cx: &mut Context<'_, Event>) {
        let parameters = cx.strategy().transfer(transfer.0);
        let index = person.0 as usize;
        let age_days = cx.now().days() - cx.team().person(person).joined_day;
        let before = cx.organisation(self.luck[index].employer).attrition.as_ref();
        let after = cx.organisation(parameters.to).attrition.as_ref();
        let luck = &mut self.luck[index];
        luck.employer = parameters.to;
        let unchanged = *luck;
        let (old, new) = (before.and_then(|p| p.tenure_days.as_ref()), after.and_then(|p| p.tenure_days.as_ref()));
        if old != new {
            let (before, after) = (survival(old, age_days), survival(new, age_days));
            // The share of the old distribution that reaches this age is 0 only by rounding.
            luck.survival = if before > 0.0 { after * luck.survival / before } else { 0.0 };
            luck.tenure_days = if luck.survival > 0.0 { remaining(new, luck.survival, age_days) } else { age_days };
        }
        let shock = if parameters.shock_hazard_per_year > 0.0 {
            let [chance, _] = cx.draw_for_person(person, Draw::of(SHOCK).index(transfer.0));
            let days = -ln(chance) / (parameters.shock_hazard_per_year / DAYS_PER_YEAR);
            (days < parameters.shock_days).then(|| cx.now().after(days))
        } else {
            None
        };
        let luck = &mut self.luck[index];
        luck.shock = [luck.shock, shock].into_iter().flatten().min();
        let has_same_luck = *luck == unchanged;
        let has_same_clocks = !self.has_clocks() || self.change_clocks(person, age_days, after, cx);
        // An event that stays at its instant must keep its place among the events of that instant.
        if !(has_same_luck && has_same_clocks) {
            cx.cancel(self.tickets[index]);
            self.schedule(person, cx);
        }
    }

    /// Applies a person's random numbers to the hazards of another employer. Returns whether this changes nothing.
    fn change_clocks(&mut self, person: PersonId, age_days: f64, to: Option<&Table>, cx: &Context<'_, Event>) -> bool {
        let [early_luck, rotation_luck] = self.draw_hazards(person, cx);
        let clocks = &self.clocks[person.0 as usize];
        let [burnout_luck, _] = self.draw_burnout(person, clocks.burnout_tries, cx);
        let clocks = &mut self.clocks[person.0 as usize];
        let before = *clocks;
        clocks.early.change(age_days, early_luck, Hazard::early(to));
        clocks.rotation.change(age_days, rotation_luck, Hazard::rotation(to));
        clocks.burnout.change(age_days, burnout_luck, Hazard::burnout(to));
        *clocks == before
    }

    fn serve_notice(&mut self, person: PersonId, cause: Cause, cx: &mut Context<'_, Event>) {
        let index = person.0 as usize;
        cx.cancel(self.tickets[index]);
        self.tickets[index] = Ticket::NONE;
        let employer = cx.team().person(person).employer;
        let days = cx.organisation(employer).attrition.as_ref().map_or(0.0, |parameters| {
            let (days, purpose) = match cause {
                Cause::Release => (&parameters.release_notice_days, RELEASE),
                _ => (&parameters.leave_notice_days, NOTICE),
            };
            days.draw(|| cx.draw_for_person(person, Draw::of(purpose))[0])
        });
        if days > 0.0 {
            self.tickets[index] = cx.schedule_in(days, Event::Leave(person, cause));
        } else {
            cx.emit(Fact::Left(person, cause));
        }
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
