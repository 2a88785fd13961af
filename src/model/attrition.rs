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
/// When somebody may burn out, and whether they do, by try.
const BURNOUT: Purpose = Purpose::named("attrition.burnout");
const SHOCK: Purpose = Purpose::named("attrition.shock");
const NOTICE: Purpose = Purpose::named("attrition.notice");
const RELEASE: Purpose = Purpose::named("attrition.release");

/// What remains of somebody's luck, carried from employer to employer.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Luck {
    employer: OrganisationId,
    /// The share of people with the present tenure distribution who stay at least as long.
    survival: f64,
    /// Tenure at which they give notice by the tenure distribution, in days.
    tenure_days: f64,
    /// The transfer whose shock applies, and when its cause would strike.
    shock: Option<Time>,
}

/// The hazards of somebody besides tenure: kept only where some organisation has any.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Clocks {
    early: Clock,
    rotation: Clock,
    /// The next time at which they may burn out; the hazard is the one with no output at all.
    burnout: Clock,
    burnout_tries: u32,
}

/// A hazard that may change with the employer: it strikes when the integral of the hazard reaches a unit exponential.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Clock {
    hazard: Hazard,
    /// Tenure from which the present hazard applies, in days.
    from_days: f64,
    /// What was left of the exponential at that tenure.
    left: f64,
}

/// A hazard that is constant until some tenure.
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

    /// Tenure in days at which it strikes; infinite if it never does.
    fn strikes_days(&self) -> f64 {
        let Hazard { per_day, until_days } = self.hazard;
        let days = self.from_days + self.left / per_day;
        if per_day > 0.0 && days < until_days { days } else { f64::INFINITY }
    }

    /// The same luck under another hazard from this tenure on. An unchanged hazard changes nothing, to the bit.
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

/// The process.
#[derive(Debug)]
pub(super) struct Attrition {
    has_hazards: bool,
    has_burnout: bool,
    luck: Vec<Luck>,
    /// By person; of no meaning where there are no hazards at all.
    clocks: Vec<Clocks>,
    /// The next event of each person: they give notice, or they leave.
    tickets: Vec<Ticket>,
}

/// What attrition schedules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Somebody gives notice.
    Quit(PersonId, Cause),
    /// Somebody leaves after their notice.
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
    /// Draws the luck of somebody who has joined, or who is there from the start with a tenure.
    fn begin(&mut self, person: PersonId, age_days: f64, cx: &mut Context<'_, Event>) {
        let index = person.0 as usize;
        let [quantile, _] = cx.draw_for_person(person, Draw::of(TENURE));
        let employer = cx.team().person(person).employer;
        let parameters = cx.organisation(employer).attrition.as_ref();
        let tenure = parameters.and_then(|parameters| parameters.tenure_days.as_ref());
        // Whoever is there from the start has outlived a share of the distribution.
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

    /// Whether there are hazards besides tenure and shocks.
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

    /// The luck of somebody's early and rotation hazards; not drawn where no organisation has such a hazard.
    fn draw_hazards(&self, person: PersonId, cx: &Context<'_, Event>) -> [f64; 2] {
        if self.has_hazards { cx.draw_for_person(person, Draw::of(HAZARDS)) } else { [1.0; 2] }
    }

    /// When somebody may burn out next, and whether they do; not drawn where nobody does.
    fn draw_burnout(&self, person: PersonId, tries: u32, cx: &Context<'_, Event>) -> [f64; 2] {
        if self.has_burnout { cx.draw_for_person(person, Draw::of(BURNOUT).attempt(tries)) } else { [1.0; 2] }
    }

    /// Somebody burns out with the probability that is the share of the wanted output that is missing; else they go on.
    ///
    /// The hazard changes with every change of the team, so each person's clock runs at the highest that it may be, and
    /// strikes are thinned out (Lewis and Shedler 1979).
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

    /// Schedules whichever cause comes first.
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
        // Under a new distribution somebody's time may have come already.
        let now = cx.now();
        let mut first = (Time::from_days((about.joined_day + first.0).max(now.days())), first.1);
        if let Some(shock) = luck.shock.filter(|&shock| shock < first.0) {
            first = (shock.max(now), Cause::Shock);
        }
        self.tickets[person.0 as usize] = cx.schedule_at(first.0, Event::Quit(person, first.1));
    }

    /// An accepter's causes become those of the receiver, with the luck that they have: MODEL section 7.
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
            // Somebody of this age has outlived a share of the old distribution that cannot be 0 but by rounding.
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
        // What stays at its instant keeps its place among the events of that instant.
        if !(has_same_luck && has_same_clocks) {
            cx.cancel(self.tickets[index]);
            self.schedule(person, cx);
        }
    }

    /// The same luck under the hazards of another employer; whether that changes nothing.
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

/// The share that is still there at an age.
fn survival(tenure: Option<&Duration>, age_days: f64) -> f64 {
    tenure.map_or(1.0, |tenure| tenure.survival(age_days))
}

/// The least t with S(t) <= q; 0 for q at or above 1.
fn at_survival(tenure: &Duration, survival: f64) -> f64 {
    if survival >= 1.0 { 0.0 } else { tenure.at_survival(survival) }
}

/// The tenure at which somebody of a tenure of `age_days` gives notice under a new distribution.
fn remaining(tenure: Option<&Duration>, survival: f64, age_days: f64) -> f64 {
    tenure.map_or(f64::INFINITY, |tenure| at_survival(tenure, survival).max(age_days))
}
