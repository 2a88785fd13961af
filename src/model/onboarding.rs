//! Onboarding: joiners wait for a mentor slot, are mentored, and reach full productivity in steps.

use crate::engine::{Resource, Slot};
use crate::random::{DrawKey, Purpose};
use crate::world::{Slots, World};

use super::fact::{Fact, PersonId, Phase};
use super::team::Team;
use super::{Event, Observer, Simulation};

const MENTORED: Purpose = Purpose::named("onboarding.mentored");
const THEN: Purpose = Purpose::named("onboarding.then");

/// The state of onboarding.
#[derive(Debug)]
pub(super) struct Onboarding {
    /// By organisation in charge.
    slots: Vec<Slots>,
    mentors: Resource<PersonId>,
}

impl Onboarding {
    pub(super) fn new(world: &World) -> Self {
        let onboarding = world.organisations.iter().map(|organisation| organisation.onboarding.as_ref());
        let slots = onboarding.map(|onboarding| onboarding.map_or(Slots::Unlimited, |table| table.mentor_slots)).collect();
        Self { slots, mentors: Resource::new(0, 1) }
    }

    pub(super) fn clear(&mut self) {
        self.mentors.clear(0);
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

impl Simulation<'_> {
    /// Lets a person who has just joined wait for a mentor, unless they need none.
    #[inline(always)]
    pub(super) fn onboard(&mut self, id: PersonId) {
        let person = self.team.person_mut(id);
        if person.phase == Phase::Waiting {
            [person.luck, _] = self.draws.for_person(person, DrawKey::of(MENTORED));
            person.place = self.onboarding.mentors.queue(0, id);
        }
    }

    /// Gives a free slot to the next person in line. One at a time, because a person who takes a slot may change how many
    /// there are. Returns whether anyone got one.
    #[inline(always)]
    pub(super) fn give_slot(&mut self, observer: &mut impl Observer) -> bool {
        if !self.onboarding.mentors.is_wanted() {
            return false;
        }
        let slots = slots(self.onboarding.slots[usize::from(self.team.in_charge().0)], &self.team);
        self.onboarding.mentors.set_capacity(slots);
        let Some(next) = self.onboarding.mentors.seize_next() else { return false };
        self.begin_mentoring(next, observer);
        true
    }

    #[inline(always)]
    fn begin_mentoring(&mut self, id: PersonId, observer: &mut impl Observer) {
        let person = self.team.person(id);
        let joined = self.world.organisation(person.joined);
        let onboarding = joined.onboarding_of(person.seat.role);
        let days = onboarding.map_or(0.0, |onboarding| onboarding.mentored_days.quantile(person.luck));
        self.end_phase_in(id, days);
        self.tell(Fact::MentoringBegan(id), observer);
    }

    #[inline(always)]
    fn end_phase_in(&mut self, id: PersonId, days: f64) {
        self.team.person_mut(id).phase_end = self.calendar.schedule_in(days, Event::PhaseEnded(id));
    }

    pub(super) fn end_phase(&mut self, id: PersonId, observer: &mut impl Observer) {
        let next = match self.team.person(id).phase {
            Phase::Mentored => {
                self.onboarding.mentors.release();
                0
            }
            Phase::Then(step) => step + 1,
            Phase::Waiting | Phase::Full => return,
        };
        self.begin_step(id, next, observer);
    }

    /// Starts the step after mentoring with this position. After the last step, the person is past onboarding.
    #[inline(always)]
    fn begin_step(&mut self, id: PersonId, step: u16, observer: &mut impl Observer) {
        let person = self.team.person(id);
        let onboarding = self.world.organisation(person.joined).onboarding_of(person.seat.role);
        let days = onboarding.and_then(|onboarding| onboarding.then.get(usize::from(step))).map(|step| &step.days);
        if let Some(days) = days {
            let days = days.draw(|| self.draws.for_person(person, DrawKey::of(THEN).index(step))[0]);
            self.end_phase_in(id, days);
            self.tell(Fact::PhaseReached(id, Phase::Then(step)), observer);
        } else {
            self.tell(Fact::PhaseReached(id, Phase::Full), observer);
        }
    }

    /// Puts a person who is present from the start where they would be had they begun to be mentored on the day on which
    /// they joined. Someone who is still mentored holds a slot, even if there are fewer.
    pub(super) fn resume_onboarding(&mut self, id: PersonId, tenure_days: f64, observer: &mut impl Observer) {
        let person = self.team.person(id);
        let in_charge = self.world.organisation(self.team.in_charge());
        let onboarding = self.world.organisation(person.joined).onboarding_of(person.seat.role);
        let Some(onboarding) = onboarding.filter(|_| in_charge.onboarding.is_some()) else { return };
        let [luck, _] = self.draws.for_person(person, DrawKey::of(MENTORED));
        let mut left = onboarding.mentored_days.quantile(luck) - tenure_days;
        if left > 0.0 {
            self.onboarding.mentors.seize();
            self.end_phase_in(id, left);
            self.tell(Fact::MentoringBegan(id), observer);
            return;
        }
        for (step, about) in (0..).zip(&onboarding.then) {
            let person = self.team.person(id);
            left += about.days.draw(|| self.draws.for_person(person, DrawKey::of(THEN).index(step))[0]);
            if left > 0.0 {
                self.end_phase_in(id, left);
                self.tell(Fact::PhaseReached(id, Phase::Then(step)), observer);
                return;
            }
        }
    }

    /// Takes a person who stops staying out of the line, or from their mentor. Onboarding does not continue.
    pub(super) fn drop_out(&mut self, id: PersonId) {
        let person = self.team.person_mut(id);
        person.phase_end = Slot::NONE;
        match person.phase {
            Phase::Waiting => self.onboarding.mentors.renege(0, person.place),
            Phase::Mentored => self.onboarding.mentors.release(),
            Phase::Then(_) | Phase::Full => {}
        }
    }
}
