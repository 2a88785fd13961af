//! Onboarding: joiners wait for a mentor slot, are mentored, and reach full productivity in steps.

use crate::engine::{Place, Resource, Ticket};
use crate::random::{Draw, Purpose};
use crate::world::{Slots, Strategy, World};

use super::fact::{Cause, Fact, PersonId, Phase};
use super::process::{Context, Process};
use super::team::Team;

const MENTORED: Purpose = Purpose::named("onboarding.mentored");
const THEN: Purpose = Purpose::named("onboarding.then");

/// What a person in onboarding waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engagement {
    None,
    Queue(Place),
    Slot(Ticket),
    Step(Ticket),
}

/// The process of onboarding.
#[derive(Debug)]
pub(super) struct Onboarding {
    /// By organisation in charge.
    slots: Vec<Slots>,
    mentors: Resource<PersonId>,
    engagements: Vec<Engagement>,
}

/// The current phase of a person ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PhaseEnded(PersonId);

impl Process for Onboarding {
    type Event = PhaseEnded;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        let onboarding = world.organisations.iter().map(|organisation| organisation.onboarding.as_ref());
        let slots = onboarding.map(|onboarding| onboarding.map_or(Slots::Unlimited, |table| table.mentor_slots)).collect();
        Self { slots, mentors: Resource::new(0, 1), engagements: Vec::new() }
    }

    fn clear(&mut self) {
        self.mentors.clear(0);
        self.engagements.clear();
    }

    fn start(&mut self, _cx: &mut Context<'_, PhaseEnded>) {}

    fn handle(&mut self, PhaseEnded(person): PhaseEnded, cx: &mut Context<'_, PhaseEnded>) {
        let next = match cx.team().person(person).phase {
            Phase::Mentored => {
                self.mentors.release();
                0
            }
            Phase::Then(step) => step + 1,
            Phase::Waiting | Phase::Full => return,
        };
        self.begin_step(person, next, cx);
    }

    #[inline(always)]
    fn react(&mut self, fact: Fact, cx: &mut Context<'_, PhaseEnded>) {
        match fact {
            Fact::Joined(seat) | Fact::WasThere(seat, _) => self.enqueue(cx.team().holder(seat), cx),
            Fact::NoticeGiven(person, _)
            | Fact::Refused(person, _)
            | Fact::Released(person)
            | Fact::Left(person, Cause::Exit | Cause::Collapse) => self.drop_out(person, cx),
            _ => {}
        }
    }

    #[inline(always)]
    fn rest(&mut self, cx: &mut Context<'_, PhaseEnded>) {
        if self.mentors.is_wanted() {
            self.give_slot(cx);
        }
    }
}

/// Returns how many people may be mentored now.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most a million people with a factor of at most 1000"
)]
#[inline]
fn slots(slots: Slots, team: &Team) -> u32 {
    match slots {
        Slots::Unlimited => u32::MAX,
        Slots::Fixed(slots) => slots,
        Slots::PerProductive { per_productive, at_least } => {
            // 0.1 times 30 is slightly below 3.
            let slots = (per_productive * f64::from(team.productive()) + 1e-9) as u32;
            slots.max(at_least)
        }
    }
}

impl Onboarding {
    /// Gives a free slot to the next person in line. One at a time, because a person who takes a slot may change how many
    /// there are.
    fn give_slot(&mut self, cx: &mut Context<'_, PhaseEnded>) {
        self.mentors.set_capacity(slots(self.slots[usize::from(cx.team().in_charge().0)], cx.team()));
        if let Some(person) = self.mentors.seize_next() {
            self.begin_mentoring(person, cx);
        }
    }

    fn engage(&mut self, person: PersonId, engagement: Engagement) {
        let index = person.0 as usize;
        if index >= self.engagements.len() {
            self.engagements.resize(index + 1, Engagement::None);
        }
        self.engagements[index] = engagement;
    }

    fn enqueue(&mut self, person: PersonId, cx: &mut Context<'_, PhaseEnded>) {
        if cx.team().person(person).phase == Phase::Waiting {
            let place = self.mentors.queue(0, person);
            self.engage(person, Engagement::Queue(place));
        } else {
            self.engage(person, Engagement::None);
        }
    }

    fn begin_mentoring(&mut self, person: PersonId, cx: &mut Context<'_, PhaseEnded>) {
        let [luck, _] = cx.draw_for_person(person, Draw::of(MENTORED));
        let joined = cx.organisation(cx.team().person(person).joined);
        let days = joined.onboarding.as_ref().map_or(0.0, |onboarding| onboarding.mentored_days.quantile(luck));
        let ticket = cx.schedule_in(days, PhaseEnded(person));
        self.engage(person, Engagement::Slot(ticket));
        cx.emit(Fact::MentoringBegan(person));
    }

    /// Starts the step after mentoring with this position. After the last step, the person is past onboarding.
    fn begin_step(&mut self, person: PersonId, step: u16, cx: &mut Context<'_, PhaseEnded>) {
        let joined = cx.organisation(cx.team().person(person).joined);
        let days =
            joined.onboarding.as_ref().and_then(|onboarding| onboarding.then.get(usize::from(step))).map(|step| &step.days);
        if let Some(days) = days {
            let days = days.draw(|| cx.draw_for_person(person, Draw::of(THEN).index(step))[0]);
            let ticket = cx.schedule_in(days, PhaseEnded(person));
            self.engage(person, Engagement::Step(ticket));
            cx.emit(Fact::PhaseReached(person, Phase::Then(step)));
        } else {
            self.engage(person, Engagement::None);
            cx.emit(Fact::PhaseReached(person, Phase::Full));
        }
    }

    /// Removes a person who no longer stays from the queue, slot or step.
    fn drop_out(&mut self, person: PersonId, cx: &mut Context<'_, PhaseEnded>) {
        match std::mem::replace(&mut self.engagements[person.0 as usize], Engagement::None) {
            Engagement::None => {}
            Engagement::Queue(place) => self.mentors.renege(0, place),
            Engagement::Slot(ticket) => {
                cx.cancel(ticket);
                self.mentors.release();
            }
            Engagement::Step(ticket) => cx.cancel(ticket),
        }
    }
}
