//! An auditor of people: who is there, their onboarding, offers, departures, output and knowledge.

use std::collections::BTreeMap;

use handover::engine::Time;
use handover::input::duration::Duration;
use handover::maths::exp;
use handover::model::{Cause, Fact, PersonId, Phase, SeatId, Team, TransferId};
use handover::world::{Attrition, Onboarding, OrganisationId, Promotion, RoleId, Slots, Transfer, World};

use super::windows::{TOLERANCE_DAYS, Timed, Windows, bounds, is_moment};

/// What the books know of a person present.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) seat: SeatId,
    pub(super) order: u32,
    joined_day: f64,
    fte: f64,
    employer: OrganisationId,
    /// The organisation that they joined.
    joined: OrganisationId,
    phase: Phase,
    /// Accepted transfers, with the last day of the shock of each.
    shocks: Vec<f64>,
    /// Transfers whose disruption they feel.
    disruptions: Vec<(TransferId, f64)>,
    /// Why they leave.
    pub(super) cause: Option<Cause>,
    /// The level that they had when they stopped staying.
    last_level: f64,
}

/// The offers of the transfer under way.
struct Offers<'s> {
    transfer: TransferId,
    parameters: &'s Transfer,
    began: Time,
    /// Who was staying at the first wave, longest tenure first.
    line: Vec<(PersonId, u32)>,
    /// How many of the line have been asked or skipped.
    asked: usize,
}

/// The books on people.
pub(super) struct People<'s> {
    world: &'s World,
    pub(super) present: BTreeMap<PersonId, Known>,
    /// Who waits for a mentor.
    waiting: Vec<PersonId>,
    entered: u32,
    pub(super) joins: u32,
    /// People who were there from the start.
    pub(super) initial: u32,
    /// People who left, by cause.
    pub(super) causes: [u32; Cause::ALL.len()],
    /// People who have joined each organisation.
    pub(super) joined: Vec<u32>,
    offers: Option<Offers<'s>>,
    /// Effective FTE and wanted output after the fact before.
    output_before: (f64, f64),
}

impl<'s> People<'s> {
    pub(super) fn new(world: &'s World) -> Self {
        Self {
            world,
            present: BTreeMap::new(),
            waiting: Vec::new(),
            entered: 0,
            joins: 0,
            initial: 0,
            causes: [0; Cause::ALL.len()],
            joined: vec![0; world.organisations.len()],
            offers: None,
            output_before: (0.0, 0.0),
        }
    }

    pub(super) fn attrition(&self, organisation: OrganisationId, role: RoleId) -> Option<&'s Attrition> {
        self.world.organisation(organisation).attrition_of(role)
    }

    /// Returns what holds for somebody with their employer.
    pub(super) fn attrition_of(&self, person: PersonId) -> Option<&'s Attrition> {
        let known = &self.present[&person];
        self.attrition(known.employer, known.seat.role)
    }

    fn onboarding(&self, organisation: OrganisationId) -> Option<&'s Onboarding> {
        self.world.organisation(organisation).onboarding.as_ref()
    }

    /// Returns what holds for a role.
    fn onboarding_of(&self, organisation: OrganisationId, role: RoleId) -> Option<&'s Onboarding> {
        self.world.organisation(organisation).onboarding_of(role)
    }

    pub(super) fn known(&mut self, person: PersonId) -> &mut Known {
        self.present.get_mut(&person).expect("they are present")
    }

    /// Returns the people present of whom something is true.
    pub(super) fn count(&self, counts: impl Fn(&Known) -> bool) -> usize {
        self.present.values().filter(|known| counts(known)).count()
    }

    fn mentored(&self) -> usize {
        self.count(|known| known.phase == Phase::Mentored && known.cause.is_none())
    }

    /// Records a person who enters: hired, or there from the start with a tenure. They work a share of full time.
    pub(super) fn enter(
        &mut self,
        (seat, tenure_days, fte): (SeatId, Option<f64>, f64),
        (employer, in_charge): (OrganisationId, OrganisationId),
        team: &Team,
        at: (Time, &mut Windows),
    ) {
        let (now, windows) = at;
        let person = team.holder(seat);
        let has_mentors = self.onboarding(in_charge).is_some() && self.onboarding(employer).is_some();
        let onboards = tenure_days.is_none() && has_mentors;
        let phase = if onboards { Phase::Waiting } else { Phase::Full };
        if onboards {
            self.waiting.push(person);
        }
        let joined_day = now.days() - tenure_days.unwrap_or(0.0);
        let known = Known {
            seat,
            order: self.entered,
            joined_day,
            fte,
            employer,
            joined: employer,
            phase,
            shocks: Vec::new(),
            disruptions: Vec::new(),
            cause: None,
            last_level: 1.0,
        };
        let about = team.person(person);
        assert_eq!(
            (about.employer, about.joined, about.order, about.seat, about.phase),
            (employer, employer, known.order, seat, phase)
        );
        assert!((about.fte - fte).abs() < 1e-12, "{person:?} works {fte}");
        assert!((about.joined_day - joined_day).abs() < 1e-9, "{person:?} joined on {joined_day}");
        assert!(self.present.insert(person, known).is_none(), "{person:?} is there already");
        self.entered += 1;
        self.joins += u32::from(tenure_days.is_none());
        self.initial += u32::from(tenure_days.is_some());
        self.joined[usize::from(employer.0)] += 1;
        self.expect_tenure(person, now, windows);
    }

    /// Records when a person quits by the tenure distribution of their employer.
    fn expect_tenure(&mut self, person: PersonId, now: Time, windows: &mut Windows) {
        let joined_day = self.known(person).joined_day;
        windows.drop(Timed::Tenure(person));
        if let Some(tenure) = self.attrition_of(person).and_then(|attrition| attrition.tenure_days.as_ref()) {
            let day = |tenure: f64| (joined_day + tenure).max(now.days());
            let (least, greatest) = bounds(tenure);
            windows.begin_between(Timed::Tenure(person), (day(least), day(greatest)));
        }
    }

    /// Records the place in onboarding of a person who has been there since before the start.
    fn resume(&mut self, person: PersonId, phase: Phase, windows: &mut Windows) {
        let known = &self.present[&person];
        assert_eq!(known.phase, Phase::Full, "{person:?} is in onboarding already");
        let onboarding = self.onboarding_of(known.joined, known.seat.role).expect("they joined somebody with mentors");
        let steps = if let Phase::Then(step) = phase { usize::from(step) + 1 } else { 0 };
        let lengths = onboarding.then[..steps].iter().map(|step| &step.days).chain([&onboarding.mentored_days]);
        let sum = |(least, greatest): (f64, f64), (shorter, longer): (f64, f64)| (least + shorter, greatest + longer);
        let (least, greatest) = lengths.map(bounds).fold((0.0, 0.0), sum);
        windows.begin_between(Timed::Phase(person), (known.joined_day + least, known.joined_day + greatest));
        self.known(person).phase = phase;
    }

    /// Records that a person had given notice before the start, and leaves on a day.
    pub(super) fn go_by(&mut self, person: PersonId, gone_day: f64, in_charge: OrganisationId, windows: &mut Windows) {
        self.stop_staying(person, Cause::Tenure, in_charge, windows);
        windows.begin_between(Timed::Leaving(person), (gone_day, gone_day));
    }

    /// Returns who is promoted from a role by an employer, if anyone is: the one with the longest tenure.
    pub(super) fn next_promoted(
        &self,
        (promotion, employer): (&Promotion, OrganisationId),
        in_charge: OrganisationId,
        now: Time,
    ) -> Option<PersonId> {
        let may_be = |known: &Known| {
            known.cause.is_none()
                && known.seat.role == promotion.from
                && known.employer == employer
                && self.level(known, in_charge) >= 1.0 - 1e-12
                && now.days() - known.joined_day >= promotion.after_days - 1e-9
        };
        let candidates = self.present.iter().filter(|(_, known)| may_be(known));
        let longest = candidates.min_by(|(_, a), (_, b)| a.joined_day.total_cmp(&b.joined_day).then(a.order.cmp(&b.order)));
        longest.map(|(&person, _)| person)
    }

    /// Records a person who has moved into another role.
    pub(super) fn promote(&mut self, person: PersonId, to: SeatId, at: (Time, &mut Windows)) {
        let (now, windows) = at;
        self.waiting.retain(|other| *other != person);
        windows.drop(Timed::Phase(person));
        let known = self.known(person);
        known.phase = Phase::Full;
        let (employer, from) = (known.employer, std::mem::replace(&mut known.seat, to));
        let law = |role| self.attrition(employer, role).and_then(|attrition| attrition.tenure_days.as_ref());
        if law(from.role) != law(to.role) && !windows.is_due(Timed::Tenure(person), now) {
            self.expect_tenure(person, now, windows);
        }
    }

    pub(super) fn mentor(&mut self, person: PersonId, in_charge: OrganisationId, at: (Time, &mut Windows)) {
        let (now, windows) = at;
        assert!(self.mentored() < self.slots(in_charge), "there is no slot for {person:?}");
        assert_eq!(self.waiting.remove(0), person, "mentors serve in order of joining");
        let known = self.known(person);
        known.phase = Phase::Mentored;
        let (joined, role) = (known.joined, known.seat.role);
        let days = &self.onboarding_of(joined, role).expect("who waits joined somebody with mentors").mentored_days;
        windows.begin(Timed::Phase(person), now, days, 1.0);
    }

    /// Checks that a person reaches the phase after theirs in time.
    pub(super) fn reach(&mut self, person: PersonId, phase: Phase, at: (Time, &mut Windows)) {
        let (now, windows) = at;
        windows.end(Timed::Phase(person), now);
        let known = self.known(person);
        let step = match known.phase {
            Phase::Mentored => 0,
            Phase::Then(step) => step + 1,
            other => panic!("{person:?} goes on from {other:?}"),
        };
        known.phase = phase;
        let (joined, role) = (known.joined, known.seat.role);
        let then = self.onboarding_of(joined, role).and_then(|onboarding| onboarding.then.get(usize::from(step)));
        assert_eq!(phase, then.map_or(Phase::Full, |_| Phase::Then(step)), "the next phase of {person:?}");
        if let Some(then) = then {
            windows.begin(Timed::Phase(person), now, &then.days, 1.0);
        }
    }

    /// Staying people at level 1.
    fn productive(&self, in_charge: OrganisationId) -> usize {
        self.count(|known| known.cause.is_none() && self.level(known, in_charge) >= 1.0 - 1e-12)
    }

    /// Mentor slots of the organisation in charge.
    fn slots(&self, in_charge: OrganisationId) -> usize {
        let Some(onboarding) = self.onboarding(in_charge) else { return usize::MAX };
        match onboarding.mentor_slots {
            Slots::Unlimited => usize::MAX,
            Slots::Fixed(slots) => slots as usize,
            Slots::PerProductive { per_productive, at_least } => {
                ((per_productive * self.productive(in_charge) as f64 + 1e-9).floor() as usize).max(at_least as usize)
            }
        }
    }

    /// Returns the level of somebody's phase under the organisation in charge.
    fn level(&self, known: &Known, in_charge: OrganisationId) -> f64 {
        match (self.onboarding_of(in_charge, known.seat.role), known.phase) {
            (Some(onboarding), Phase::Waiting) => onboarding.waiting,
            (Some(onboarding), Phase::Mentored) => onboarding.mentored,
            (Some(onboarding), Phase::Then(step)) => onboarding.then.get(usize::from(step)).map_or(1.0, |step| step.level),
            _ => 1.0,
        }
    }

    fn stop_staying(&mut self, person: PersonId, cause: Cause, in_charge: OrganisationId, windows: &mut Windows) {
        self.waiting.retain(|other| *other != person);
        [Timed::Tenure(person), Timed::Phase(person)].into_iter().for_each(|timed| windows.drop(timed));
        let level = self.level(&self.present[&person], in_charge);
        let known = self.known(person);
        known.last_level = level;
        assert!(known.cause.replace(cause).is_none(), "{person:?} goes already");
    }

    /// Records a person who stops staying: by notice, release or refusal.
    pub(super) fn go(&mut self, person: PersonId, cause: Cause, in_charge: OrganisationId, at: (Time, &mut Windows)) {
        let (now, windows) = at;
        self.check_cause(person, cause, now, windows);
        self.stop_staying(person, cause, in_charge, windows);
        let none = Duration::zero();
        let attrition = self.attrition_of(person);
        let days = match cause {
            Cause::Refusal => &self.offers.as_ref().expect("a transfer is under way").parameters.refuser_stays_days,
            Cause::Release => attrition.map_or(&none, |attrition| &attrition.release_notice_days),
            _ => attrition.map_or(&none, |attrition| &attrition.leave_notice_days),
        };
        windows.begin(Timed::Leaving(person), now, days, 1.0);
    }

    /// Whether somebody may go for this reason now.
    fn check_cause(&self, person: PersonId, cause: Cause, now: Time, windows: &mut Windows) {
        let known = &self.present[&person];
        let tenure = now.days() - known.joined_day;
        let (effective, wanted) = self.output_before;
        let attrition = self.attrition_of(person);
        let can_be = match cause {
            Cause::Tenure => {
                windows.end(Timed::Tenure(person), now);
                true
            }
            Cause::Early => {
                attrition.is_some_and(|a| a.early_hazard_per_year > 0.0 && tenure < a.early_days + TOLERANCE_DAYS)
            }
            Cause::Rotation => attrition.is_some_and(|attrition| attrition.rotation_hazard_per_year > 0.0),
            Cause::Burnout => attrition.is_some_and(|a| a.burnout_hazard_per_year > 0.0) && effective < wanted,
            Cause::Shock => known.shocks.iter().any(|&last| now.days() <= last + TOLERANCE_DAYS),
            Cause::Refusal | Cause::Release => true,
            Cause::Exit | Cause::Collapse => false,
        };
        assert!(can_be, "{known:?} goes because of {cause:?}");
    }

    /// Records a person who leaves. A person who is cleared out leaves at once, whatever they were about to do.
    pub(super) fn leave(&mut self, person: PersonId, cause: Cause, in_charge: OrganisationId, at: (Time, &mut Windows)) {
        let (now, windows) = at;
        if matches!(cause, Cause::Exit | Cause::Collapse) {
            if self.present[&person].cause.is_none() {
                self.stop_staying(person, cause, in_charge, windows);
            }
            windows.drop(Timed::Leaving(person));
        } else {
            assert_eq!(self.present[&person].cause, Some(cause), "people leave for the reason for which they go");
            windows.end(Timed::Leaving(person), now);
        }
        let known = self.present.remove(&person).expect("whoever leaves was there");
        known.disruptions.iter().for_each(|&(transfer, _)| windows.drop(Timed::Disruption(person, transfer)));
        self.causes[cause as usize] += 1;
    }

    /// Records the first wave: staying people join the line, except those whom the receiver already employs.
    pub(super) fn line_up(
        &mut self,
        transfer: TransferId,
        parameters: &'s Transfer,
        reaches: impl Fn(RoleId) -> bool,
        now: Time,
    ) {
        let mut line: Vec<_> = self
            .present
            .iter()
            .filter(|(_, known)| known.cause.is_none() && known.employer != parameters.to && reaches(known.seat.role))
            .map(|(&person, known)| (known.joined_day, known.order, person))
            .collect();
        line.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let line = line.into_iter().map(|(_, order, person)| (person, order)).collect();
        self.offers = Some(Offers { transfer, parameters, began: now, line, asked: 0 });
    }

    fn stays(&self, (person, order): (PersonId, u32)) -> bool {
        self.present.get(&person).is_some_and(|known| known.order == order && known.cause.is_none())
    }

    /// Checks an offer: the person is the next in line who stays, and a wave has reached them.
    pub(super) fn ask(&mut self, person: PersonId, transfer: TransferId, now: Time) {
        let offers = self.offers.as_ref().expect("a transfer is under way");
        assert_eq!(offers.transfer, transfer);
        let next = (offers.asked..offers.line.len()).find(|&position| self.stays(offers.line[position]));
        let next = next.expect("somebody is left to ask");
        assert_eq!(offers.line[next].0, person, "longest tenure first, each once");
        assert!(next < offers.reach(now.days()), "{person:?} is asked before their wave");
        self.offers.as_mut().expect("a transfer is under way").asked = next + 1;
    }

    /// Returns the probability with which somebody accepts the transfer under way.
    pub(super) fn acceptance(&self, person: PersonId) -> f64 {
        let parameters = self.offers.as_ref().expect("a transfer is under way").parameters;
        let role = self.present[&person].seat.role;
        let by_role = parameters.acceptance_by_role.0.iter().find(|(given, _)| *given == role);
        by_role.map_or(parameters.acceptance, |(_, acceptance)| acceptance.value())
    }

    pub(super) fn accept(
        &mut self,
        person: PersonId,
        transfer: TransferId,
        parameters: &Transfer,
        at: (Time, &mut Windows),
    ) {
        let (now, windows) = at;
        let role = self.present[&person].seat.role;
        let attrition = |organisation: OrganisationId| self.attrition(organisation, role);
        let tenure_of = |organisation| attrition(organisation).and_then(|attrition| attrition.tenure_days.as_ref());
        let is_same = tenure_of(self.present[&person].employer) == tenure_of(parameters.to);
        let known = self.known(person);
        known.employer = parameters.to;
        if parameters.shock_hazard_per_year > 0.0 {
            known.shocks.push(now.days() + parameters.shock_days);
        }
        if parameters.disruption_days > 0.0 {
            known.disruptions.push((transfer, parameters.disruption));
            let day = now.days() + parameters.disruption_days;
            windows.begin_between(Timed::Disruption(person, transfer), (day, day));
        }
        self.joined[usize::from(parameters.to.0)] += 1;
        // A person whose time has come gives notice that day, even if a receiver takes them over at that instant.
        if !is_same && !windows.is_due(Timed::Tenure(person), now) {
            self.expect_tenure(person, now, windows);
        }
    }

    pub(super) fn end_disruption(&mut self, person: PersonId, transfer: TransferId, at: (Time, &mut Windows)) {
        at.1.end(Timed::Disruption(person, transfer), at.0);
        self.known(person).disruptions.retain(|&(other, _)| other != transfer);
    }

    /// Checks the last wave: it is due, and everyone has been asked.
    pub(super) fn complete(&mut self, transfer: TransferId, now: Time) {
        let offers = self.offers.take().expect("a transfer is under way");
        let last = offers.began.days() + offers.parameters.wave_gap_days * (offers.parameters.waves.len() - 1) as f64;
        assert!(
            offers.transfer == transfer && (now.days() - last).abs() < TOLERANCE_DAYS,
            "{transfer:?} is complete at {now:?}"
        );
        assert!(!offers.line[offers.asked..].iter().any(|&one| self.stays(one)), "somebody was not asked");
    }

    /// Records that the transfer under way lapses.
    pub(super) fn lapse(&mut self, transfer: TransferId) {
        self.offers.take_if(|offers| offers.transfer == transfer);
    }

    /// Remembers the state of the team until the next fact.
    pub(super) fn remember(&mut self, team: &Team) {
        self.output_before = (team.effective_fte(), team.wanted_fte());
    }

    /// Checks, once all is settled, that nobody waits for a free mentor, and waves have reached all they should.
    pub(super) fn held(&self, in_charge: OrganisationId, from: Time, until: Time) {
        assert!(
            self.waiting.is_empty() || self.mentored() >= self.slots(in_charge),
            "{:?} wait for free mentors",
            self.waiting
        );
        if let Some(offers) = self.offers.as_ref().filter(|_| !is_moment(from, until)) {
            let reached = offers.reach(from.days());
            let is_forgotten = |&one: &(PersonId, u32)| self.stays(one);
            assert!(
                !offers.line[offers.asked.min(reached)..reached].iter().any(is_forgotten),
                "a wave has passed somebody over"
            );
        }
    }

    /// Checks effective FTE, by the formula, and its parts.
    pub(super) fn check_output(&self, in_charge: OrganisationId, team: &Team) {
        let of_one = |known: &Known| {
            let serves_notice = !matches!(known.cause, None | Some(Cause::Refusal | Cause::Release));
            let attrition = self.attrition(known.employer, known.seat.role).filter(|_| serves_notice);
            let notice = attrition.map_or(1.0, |attrition| attrition.notice_level);
            let disruption: f64 = known.disruptions.iter().map(|(_, disruption)| disruption).product();
            self.world.role(known.seat.role).output * self.level_of(known, in_charge) * notice * disruption * known.fte
        };
        let output: f64 = self.present.values().map(of_one).sum();
        let load = self.onboarding(in_charge).map_or(0.0, |onboarding| onboarding.mentor_load) * self.mentored() as f64;
        let headcount = u32::try_from(self.present.len()).expect("there are few");
        let factor = self.world.communication.map_or(1.0, |communication| communication.factor(headcount));
        let expected = ((output - load) * factor).max(0.0);
        assert!((team.effective_fte() - expected).abs() < 1e-6, "{} FTE, expected {expected}", team.effective_fte());
        assert_eq!(team.productive() as usize, self.productive(in_charge), "staying people at level 1");
        let rookies = self.count(|known| self.level_of(known, in_charge) < 1.0);
        let share = if headcount == 0 { 0.0 } else { rookies as f64 / f64::from(headcount) };
        assert!((team.rookie_share() - share).abs() < 1e-12, "{} rookies, expected {share}", team.rookie_share());
    }

    /// Returns the level at which a person works. A person who is leaving keeps the last one.
    fn level_of(&self, known: &Known, in_charge: OrganisationId) -> f64 {
        if known.cause.is_some() { known.last_level } else { self.level(known, in_charge) }
    }

    /// Knowledge, by the formula.
    pub(super) fn knowledge(&self, now: Time, wanted: u32) -> f64 {
        let of_one = |known: &Known| 1.0 - exp(-(now.days() - known.joined_day) / self.world.knowledge_days);
        if wanted == 0 { 0.0 } else { self.present.values().map(of_one).sum::<f64>() / f64::from(wanted) }
    }

    /// Checks that counts of the team equal those of the books.
    pub(super) fn check_counts(&self, team: &Team) {
        let leaves: u32 = self.causes.iter().sum();
        assert_eq!((team.joins(), team.leaves()), (self.joins, leaves));
        assert_eq!(team.headcount(), self.initial + self.joins - leaves, "whoever came has left or is there");
        assert_eq!(team.headcount() as usize, self.present.len());
        assert_eq!(team.mentored() as usize, self.mentored());
        assert_eq!(team.staying().count(), self.count(|known| known.cause.is_none()));
        for (organisation, &joined) in (0..).map(OrganisationId).zip(&self.joined) {
            assert_eq!(team.joined(organisation), joined, "people who joined {organisation:?}");
        }
    }

    /// Returns the newest staying person of a role, with their joining day and their place in the order of joining.
    pub(super) fn newest(&self, role: RoleId) -> Option<PersonId> {
        let of_role = self.present.iter().filter(|(_, known)| known.cause.is_none() && known.seat.role == role);
        let newest = of_role.max_by(|(_, a), (_, b)| a.joined_day.total_cmp(&b.joined_day).then(a.order.cmp(&b.order)));
        newest.map(|(&person, _)| person)
    }

    /// Observes facts of onboarding.
    pub(super) fn see_onboarding(&mut self, fact: Fact, in_charge: OrganisationId, at: (Time, &mut Windows)) {
        let is_resumed = |person: PersonId| at.0 == Time::START && self.present[&person].phase == Phase::Full;
        match fact {
            Fact::MentoringBegan(person) if is_resumed(person) => self.resume(person, Phase::Mentored, at.1),
            Fact::PhaseReached(person, phase) if is_resumed(person) => self.resume(person, phase, at.1),
            Fact::MentoringBegan(person) => self.mentor(person, in_charge, at),
            Fact::PhaseReached(person, phase) => self.reach(person, phase, at),
            _ => {}
        }
    }
}

impl Offers<'_> {
    /// Returns how many of the line the waves up to a day reach: a share of it, rounded half up.
    fn reach(&self, day: f64) -> usize {
        let mut share = 0.0;
        let mut reached = 0;
        for (wave, of_wave) in self.parameters.waves.iter().enumerate() {
            share += of_wave;
            if self.began.days() + self.parameters.wave_gap_days * wave as f64 <= day + 1e-8 {
                reached = (self.line.len() as f64 * share + 0.5 + 1e-9).floor() as usize;
            }
        }
        reached.min(self.line.len())
    }
}
