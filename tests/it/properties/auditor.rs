//! An auditor of replications: keeps books of its own from the facts, and compares them with the team after each of them.

use std::collections::{BTreeMap, BTreeSet};

use handover::engine::Time;
use handover::model::{Cause, Fact, PersonId, Phase, SeatId, Team};
use handover::world::{OrganisationId, Slots, Strategy, World};

use super::pipelines::Pipelines;

/// What the books say of somebody present.
#[derive(Clone, Copy, Debug)]
struct Known {
    seat: SeatId,
    order: u32,
    joined_at: Time,
    employer: OrganisationId,
    phase: Phase,
    accepted_at: Option<Time>,
    is_disrupted: bool,
    /// Why they go.
    cause: Option<Cause>,
    /// The level that they had when they gave notice or refused.
    last_level: Option<f64>,
}

/// The books of one replication.
pub(super) struct Auditor<'s> {
    world: &'s World,
    strategy: &'s Strategy,
    now: Time,
    latest_fact: Option<Time>,
    month: u32,
    pipelines: Pipelines,
    present: BTreeMap<PersonId, Known>,
    /// Seats with a staying holder, or with a requisition.
    held: BTreeSet<SeatId>,
    open: BTreeSet<SeatId>,
    /// Who waits for a mentor.
    waiting: Vec<PersonId>,
    joins: u32,
    /// People who left, by cause.
    pub(super) causes: [u32; Cause::ALL.len()],
    /// When the transfer began, and how many had joined by then.
    transfer: Option<(Time, u32)>,
    latest_offer: Option<u32>,
}

impl<'s> Auditor<'s> {
    /// Empty books.
    pub(super) fn new(world: &'s World, strategy: &'s Strategy) -> Self {
        Self {
            world,
            strategy,
            now: Time::START,
            latest_fact: None,
            month: 0,
            pipelines: Pipelines::default(),
            present: BTreeMap::new(),
            held: BTreeSet::new(),
            open: BTreeSet::new(),
            waiting: Vec::new(),
            joins: 0,
            causes: [0; Cause::ALL.len()],
            transfer: None,
            latest_offer: None,
        }
    }

    /// A state has lasted: nothing overlaps, nothing is left out, and the team is balanced.
    pub(super) fn held(&mut self, team: &Team, from: Time, until: Time) {
        assert!(from == self.now && from < until, "a state lasted from {from:?} to {until:?}, and it was {:?}", self.now);
        self.now = until;
        self.check_balance(team);
        self.check_output(team);
        self.pipelines.rest(team, self.world);
        let mentored = self.count(|known| known.phase == Phase::Mentored && known.cause.is_none());
        assert!(self.waiting.is_empty() || mentored >= self.slots(team), "{:?} wait for free mentors", self.waiting);
    }

    /// A month has ended, before whatever happens at that instant.
    pub(super) fn month_ended(&mut self, month: u32, team: &Team, now: Time) {
        self.month += 1;
        assert_eq!((month, now.days().to_bits()), (self.month, (f64::from(month) * 365.0 / 12.0).to_bits()));
        assert!(now == self.now && self.latest_fact.is_none_or(|latest| latest < now), "a month end comes first");
        assert_eq!(team.headcount() as usize, self.present.len());
    }

    /// Something has happened.
    pub(super) fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        assert_eq!(now, self.now, "facts come in order of time, and each lasting state is shown");
        self.latest_fact = Some(now);
        self.pipelines.see(fact, team, self.world);
        match fact {
            Fact::RequisitionOpened(seat) => self.open(seat),
            Fact::Joined(seat) => self.join(seat, team),
            Fact::MentoringBegan(person) => self.mentor(person, team),
            Fact::PhaseReached(person, phase) => self.known(person).phase = phase,
            Fact::NoticeGiven(person, cause) => self.give_notice(person, cause),
            Fact::Refused(person, _) => {
                self.offer(person);
                self.stop_staying(person, Cause::Refusal);
            }
            Fact::Accepted(person, _) => self.accept(person),
            Fact::DisruptionEnded(person, _) => self.known(person).is_disrupted = false,
            Fact::TransferBegan(_) => self.transfer(team),
            Fact::Left(person, cause) => {
                let known = self.present.remove(&person).expect("whoever leaves was there");
                assert_eq!(known.cause, Some(cause), "people leave for the reason for which they go");
                self.causes[cause as usize] += 1;
            }
            _ => {}
        }
        self.check_counts(team);
    }

    fn known(&mut self, person: PersonId) -> &mut Known {
        self.present.get_mut(&person).expect("they are present")
    }

    fn count(&self, counts: impl Fn(&Known) -> bool) -> usize {
        self.present.values().filter(|known| counts(known)).count()
    }

    fn open(&mut self, seat: SeatId) {
        let is_taken = |number| [&self.held, &self.open].iter().any(|seats| seats.contains(&SeatId { number, ..seat }));
        assert!((0..seat.number).all(is_taken) && !is_taken(seat.number), "{seat:?} is not the lowest vacant seat");
        self.open.insert(seat);
    }

    fn join(&mut self, seat: SeatId, team: &Team) {
        assert!(self.open.remove(&seat), "{seat:?} was not open");
        self.held.insert(seat);
        let person = team.holder(seat);
        let employer = self.in_charge();
        let phase = if self.world.organisation(employer).onboarding.is_some() { Phase::Waiting } else { Phase::Full };
        if phase == Phase::Waiting {
            self.waiting.push(person);
        }
        let order = self.joins;
        let known = Known {
            seat,
            order,
            joined_at: self.now,
            employer,
            phase,
            accepted_at: None,
            is_disrupted: false,
            cause: None,
            last_level: None,
        };
        assert!(self.present.insert(person, known).is_none(), "{person:?} is there already");
        self.joins += 1;
        let about = team.person(person);
        assert_eq!((about.employer, about.order, about.seat, about.phase), (employer, order, seat, phase));
    }

    fn in_charge(&self) -> OrganisationId {
        self.transfer.map_or(self.strategy.employer, |_| self.strategy.transfers[0].to)
    }

    fn mentor(&mut self, person: PersonId, team: &Team) {
        let mentored = self.count(|known| known.phase == Phase::Mentored && known.cause.is_none());
        assert!(mentored < self.slots(team), "there is no slot for {person:?}");
        assert_eq!(self.waiting.remove(0), person, "mentors serve in order of joining");
        self.known(person).phase = Phase::Mentored;
    }

    /// Mentor slots; nobody is at level 1 while waiting or mentored in these scenarios.
    fn slots(&self, team: &Team) -> usize {
        let Some(onboarding) = &self.world.organisation(self.in_charge()).onboarding else { return usize::MAX };
        match onboarding.mentor_slots {
            Slots::Unlimited => usize::MAX,
            Slots::Fixed(slots) => slots as usize,
            Slots::PerProductive { per_productive, at_least } => {
                (((per_productive * f64::from(team.productive())) + 1e-9).floor() as usize).max(at_least as usize)
            }
        }
    }

    fn stop_staying(&mut self, person: PersonId, cause: Cause) {
        self.waiting.retain(|other| *other != person);
        let phase = self.known(person).phase;
        let level = self.level(phase);
        let known = self.known(person);
        known.last_level = Some(level);
        assert!(known.cause.replace(cause).is_none(), "{person:?} goes already");
        let seat = known.seat;
        assert!(self.held.remove(&seat));
    }

    fn give_notice(&mut self, person: PersonId, cause: Cause) {
        self.stop_staying(person, cause);
        let known = *self.known(person);
        let tenure = self.now.days_since(known.joined_at);
        let attrition = self.world.organisation(known.employer).attrition.as_ref();
        let can_be = match cause {
            Cause::Tenure => attrition.is_some_and(|attrition| attrition.tenure_days.is_some()),
            Cause::Early => attrition.is_some_and(|a| a.early_hazard_per_year > 0.0 && tenure < a.early_days + 1e-8),
            Cause::Rotation => attrition.is_some_and(|attrition| attrition.rotation_hazard_per_year > 0.0),
            Cause::Shock => known
                .accepted_at
                .is_some_and(|accepted_at| self.now.days_since(accepted_at) < self.strategy.transfers[0].shock_days + 1e-8),
            Cause::Burnout => attrition.is_some_and(|attrition| attrition.burnout_hazard_per_year > 0.0),
            Cause::Refusal | Cause::Release | Cause::Exit | Cause::Collapse => false,
        };
        assert!(can_be, "{known:?} gave notice because of {cause:?}");
    }

    fn offer(&mut self, person: PersonId) {
        let known = *self.known(person);
        let (_, joined_before) = self.transfer.expect("the transfer has begun");
        assert!(known.order < joined_before, "whoever joins after the first wave receives no offer");
        assert!(known.cause.is_none() && known.employer == self.strategy.employer, "an offer to {known:?}");
        assert!(self.latest_offer.is_none_or(|latest| latest < known.order), "longest tenure first, each once");
        self.latest_offer = Some(known.order);
    }

    fn accept(&mut self, person: PersonId) {
        self.offer(person);
        let (now, transfer) = (self.now, &self.strategy.transfers[0]);
        let known = self.known(person);
        known.employer = transfer.to;
        known.accepted_at = Some(now);
        known.is_disrupted = transfer.disruption_days > 0.0;
    }

    fn transfer(&mut self, team: &Team) {
        assert!(self.transfer.is_none(), "a transfer takes place once");
        self.transfer = Some((self.now, self.joins));
        let transfer = &self.strategy.transfers[0];
        assert!(team.is_ready(transfer.to), "the receiver is set up");
        assert!(self.now.days() >= transfer.trigger.earliest_month() * 365.0 / 12.0 - 1e-8, "the transfer came too early");
        assert_eq!(team.in_charge(), transfer.to);
    }

    /// Counts of the team are those of the books, after every fact.
    fn check_counts(&self, team: &Team) {
        let leaves: u32 = self.causes.iter().sum();
        assert_eq!((team.joins(), team.leaves()), (self.joins, leaves));
        assert_eq!(team.headcount(), self.joins - leaves, "headcount = joins - leaves");
        assert_eq!(team.headcount() as usize, self.present.len());
        assert_eq!(team.open_requisitions() as usize, self.open.len());
        assert_eq!(team.staying().count(), self.held.len());
        assert_eq!(team.mentored() as usize, self.count(|known| known.phase == Phase::Mentored && known.cause.is_none()));
    }

    /// Staying people + open requisitions = wanted, role by role, once there is a pipeline.
    fn check_balance(&self, team: &Team) {
        for (index, role) in self.world.roles.iter().enumerate() {
            let id = handover::world::role_id(index);
            let staying = self.held.iter().filter(|seat| seat.role == id).count();
            let open = self.open.iter().filter(|seat| seat.role == id).count();
            let wanted = if team.is_ready(team.hiring()) { team.wanted_in(id) as usize } else { 0 };
            assert_eq!(staying + open, wanted, "{} staying and {open} open of {}", staying, role.name);
        }
    }

    /// The level of a phase under the organisation in charge.
    fn level(&self, phase: Phase) -> f64 {
        let onboarding = self.world.organisation(self.in_charge()).onboarding.as_ref();
        match (onboarding, phase) {
            (Some(onboarding), Phase::Waiting) => onboarding.waiting,
            (Some(onboarding), Phase::Mentored) => onboarding.mentored,
            (Some(onboarding), Phase::Then(step)) => onboarding.then.get(usize::from(step)).map_or(1.0, |step| step.level),
            _ => 1.0,
        }
    }

    /// Effective FTE, by the formula.
    fn check_output(&self, team: &Team) {
        let of_one = |known: &Known| {
            let serves_notice = known.cause.is_some_and(|cause| cause != Cause::Refusal);
            let attrition = self.world.organisation(known.employer).attrition.as_ref();
            let notice = attrition.filter(|_| serves_notice).map_or(1.0, |attrition| attrition.notice_level);
            let disruption = if known.is_disrupted { self.strategy.transfers[0].disruption } else { 1.0 };
            let level = known.last_level.unwrap_or_else(|| self.level(known.phase));
            self.world.role(known.seat.role).output * level * notice * disruption
        };
        let output: f64 = self.present.values().map(of_one).sum();
        let onboarding = self.world.organisation(self.in_charge()).onboarding.as_ref();
        let load = onboarding.map_or(0.0, |onboarding| onboarding.mentor_load) * f64::from(team.mentored());
        let factor = self.world.communication.map_or(1.0, |communication| communication.factor(team.headcount()));
        let expected = ((output - load) * factor).max(0.0);
        assert!((team.effective_fte() - expected).abs() < 1e-6, "{} FTE, expected {expected}", team.effective_fte());
        let is_productive = |known: &Known| known.cause.is_none() && (self.level(known.phase) - 1.0).abs() < 1e-12;
        assert_eq!(team.productive() as usize, self.count(is_productive), "staying people at level 1");
    }
}
