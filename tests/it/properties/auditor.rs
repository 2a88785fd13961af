//! An auditor of replications: keeps its own books from the facts, and compares them with the team after each fact.

use std::collections::{BTreeMap, BTreeSet};

use handover::engine::Time;
use handover::input::months::Moment;
use handover::model::{Cause, Fact, PersonId, SeatId, Team, TransferId};
use handover::world::{Member, RoleId, Strategy, Surplus, World, role_id};

use super::organisations::Organisations;
use super::people::People;
use super::pipelines::Pipelines;
use super::windows::{TOLERANCE_DAYS, Timed, Windows, bounds, is_moment};

/// The books of one replication.
pub(super) struct Auditor<'s> {
    world: &'s World,
    strategy: &'s Strategy,
    now: Time,
    latest_fact: Option<Time>,
    month: u32,
    windows: Windows,
    organisations: Organisations<'s>,
    pipelines: Pipelines<'s>,
    people: People<'s>,
    /// Seats with a staying holder.
    held: BTreeSet<SeatId>,
    /// Wanted headcount of each role, and the product of all shocks.
    wanted: Vec<u32>,
    factor: f64,
    /// Places of each role that are not filled again, and whose place must lapse with the next fact.
    lapsed: Vec<u32>,
    lapses: Option<PersonId>,
    /// People of the list who have been placed, and those who had given notice.
    placed: usize,
    last_days: BTreeMap<u32, f64>,
    /// Offers of the list that have been signed, and the share of full time of those who have not joined.
    signed: usize,
    offers: BTreeMap<SeatId, f64>,
    /// The requisition that has just opened, if its role is filled from another, and who is next.
    promotes: Option<(SeatId, Option<PersonId>)>,
    /// Requisitions of each role that promotions will open once all others are.
    followers: Vec<usize>,
    /// People and seats that a collapse clears out, but has not cleared yet.
    cleared: (BTreeSet<PersonId>, BTreeSet<SeatId>),
    is_collapsing: bool,
    is_over: bool,
    /// Measurements of each state with a duration since the last report, with its begin and end.
    untold: Vec<([f64; 4], Time, Time)>,
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
            windows: Windows::default(),
            organisations: Organisations::new(world, strategy),
            pipelines: Pipelines::new(world),
            people: People::new(world),
            held: BTreeSet::new(),
            wanted: vec![0; world.roles.len()],
            factor: 1.0,
            lapsed: vec![0; world.roles.len()],
            lapses: None,
            placed: 0,
            last_days: BTreeMap::new(),
            signed: 0,
            offers: BTreeMap::new(),
            promotes: None,
            followers: vec![0; world.roles.len()],
            cleared: (BTreeSet::new(), BTreeSet::new()),
            is_collapsing: false,
            is_over: false,
            untold: Vec::new(),
        }
    }

    /// Asserts that states are reported without a gap, and that each was measured the same throughout.
    pub(super) fn measured(&mut self, team: &Team, (from, until): (Time, Time)) {
        assert!(from < until && until == self.now);
        let told = measures(team);
        let mut begin = from;
        for (measured, since, end) in self.untold.drain(..) {
            assert_eq!((measured, since), (told, begin), "of what is told from {from:?} to {until:?}");
            begin = end;
        }
        assert_eq!(begin, until);
    }

    /// Checks a state with a duration: nothing overlaps, is left out or overdue, and the team is balanced.
    pub(super) fn held(&mut self, team: &Team, from: Time, until: Time) {
        assert!(from == self.now && from < until, "a state lasted from {from:?} to {until:?}, and it was {:?}", self.now);
        self.now = until;
        self.untold.push((measures(team), from, until));
        self.end_collapse();
        self.followers.fill(0);
        self.check_balance(team, (from, until));
        self.people.check_output(self.organisations.in_charge, team);
        self.pipelines.held(team, &self.organisations, from, until);
        self.windows.held(until);
        if self.is_over {
            let left = (team.headcount(), team.wanted(), team.open_requisitions(), team.mentored());
            assert_eq!(left, (0, 0, 0, 0), "nothing is left after market exit");
            assert!(team.effective_fte().abs() < f64::EPSILON && team.wanted_fte().abs() < f64::EPSILON);
        } else {
            self.people.held(self.organisations.in_charge, from, until);
            self.organisations.held(from, until);
        }
    }

    /// Observes a month end, which comes before anything else at that instant.
    pub(super) fn month_ended(&mut self, month: u32, team: &Team, now: Time) {
        self.month += 1;
        assert_eq!((month, now.days().to_bits()), (self.month, self.world.months.day(month.into()).to_bits()));
        assert!(now == self.now && self.latest_fact.is_none_or(|latest| latest < now), "a month end comes first");
        let knowledge = self.people.knowledge(now, team.wanted());
        assert!((team.knowledge() - knowledge).abs() < 1e-9, "knowledge {}, expected {knowledge}", team.knowledge());
        self.organisations.month_ended(now, team, knowledge);
    }

    /// Observes a fact.
    pub(super) fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        assert_eq!(now, self.now, "facts come in order of time, and each lasting state is shown");
        let end = self.world.horizon_days();
        assert!(now.days() < end, "{fact:?} at the end of the run");
        let clears = matches!(fact, Fact::RequisitionCancelled(_) | Fact::Left(_, Cause::Exit));
        assert!(!self.is_over || clears, "{fact:?} after market exit");
        if !self.ends_last_day(fact) {
            self.latest_fact = Some(now);
        }
        self.check_promotion(fact);
        if let Some(person) = self.lapses.take() {
            assert_eq!(fact, Fact::PlaceLapsed(person), "no place is ever filled again");
        }
        if matches!(fact, Fact::RequisitionOpened(_) | Fact::TransferBegan(_)) {
            self.end_collapse();
        }
        match fact {
            Fact::RequisitionOpened(seat) => {
                self.check_opening(seat);
                self.expect_promotion(seat);
            }
            Fact::RequisitionCancelled(seat) => {
                self.check_cancelling(seat);
                self.offers.remove(&seat);
            }
            _ => {}
        }
        let joined = self.people.joined.clone();
        self.pipelines.see(fact, &self.organisations, &joined, (now, &mut self.windows));
        self.see_risk(fact);
        self.see_people(fact, team);
        self.organisations.see(fact, now, &mut self.windows);
        if let Fact::TransferBegan(transfer) = fact {
            // Whom it concerns is known once it has begun.
            let books = &self.organisations;
            let parameters = books.transfer(transfer);
            self.people.line_up(transfer, parameters, |role| books.reaches(transfer, role), now);
        }
        if !self.is_over {
            self.organisations.check(team);
        }
        self.people.check_counts(team);
        assert_eq!(team.open_requisitions() as usize, self.pipelines.open_seats().count());
        assert_eq!(team.staying().count(), self.held.len());
        self.people.remember(team);
    }

    fn see_people(&mut self, fact: Fact, team: &Team) {
        let (now, in_charge) = (self.now, self.organisations.in_charge);
        let employer = |seat: SeatId| self.organisations.employer_of(seat.role);
        let at = (now, &mut self.windows);
        match fact {
            Fact::WasThere { seat, tenure_days, fte } => {
                assert!(now == Time::START && self.held.insert(seat), "{seat:?} is held already");
                self.people.enter((seat, Some(tenure_days), fte), (employer(seat), in_charge), team, at);
                self.place(seat, tenure_days, fte);
            }
            Fact::HadGivenNotice(person) => self.had_given_notice(person),
            Fact::OfferSigned(seat, fte) => self.sign(seat, fte),
            Fact::Joined(seat) => {
                assert!(self.held.insert(seat), "{seat:?} is held already");
                let fte = self.offers.remove(&seat).unwrap_or(1.0);
                self.people.enter((seat, None, fte), (employer(seat), in_charge), team, at);
            }
            Fact::Promoted { person, from, to } => {
                assert!(self.held.remove(&from) && self.held.insert(to), "{to:?} is held already");
                self.people.promote(person, to, at);
                self.followers[usize::from(from.role.0)] += 1;
            }
            Fact::NoticeGiven(person, cause) => {
                assert!(!matches!(cause, Cause::Refusal | Cause::Release), "{cause:?} comes without notice");
                self.held.remove(&self.people.known(person).seat);
                self.people.go(person, cause, in_charge, at);
                self.consider_place(person);
            }
            Fact::PlaceLapsed(person) => self.lapse(person),
            Fact::Released(person) => self.release(person),
            Fact::Refused(person, transfer) => self.refuse(person, transfer),
            Fact::Left(person, cause) => self.leave(person, cause),
            Fact::Accepted(person, transfer) => {
                assert!(self.people.acceptance(person) > 0.0, "{person:?} accepts");
                self.people.ask(person, transfer, now);
                self.people.accept(person, transfer, self.organisations.transfer(transfer), at);
            }
            Fact::DisruptionEnded(person, transfer) => self.people.end_disruption(person, transfer, at),
            Fact::TransferCompleted(transfer) => self.people.complete(transfer, now),
            Fact::TransferLapsed(transfer) => self.people.lapse(transfer),
            _ => self.people.see_onboarding(fact, in_charge, at),
        }
    }

    /// Checks a person who is there from the start against the list, which comes after the others.
    fn place(&mut self, seat: SeatId, tenure_days: f64, fte: f64) {
        let initial: u32 = self.strategy.initial.iter().map(|initial| initial.headcount).sum();
        if self.people.initial <= initial {
            assert!(fte >= 1.0, "{seat:?} works full time");
            return;
        }
        let member = self.listed(Member::is_present)[self.placed];
        assert_eq!((member.role, member.fte.to_bits()), (seat.role, fte.to_bits()), "person {} of the list", self.placed);
        assert!((tenure_days + member.joined_day).abs() < 1e-9, "person {} of the list", self.placed);
        self.placed += 1;
    }

    fn listed(&self, is_meant: fn(&Member) -> bool) -> Vec<&'s Member> {
        self.strategy.people.0.iter().filter(|member| is_meant(member)).collect()
    }

    fn had_given_notice(&mut self, person: PersonId) {
        let member = self.listed(Member::is_present)[self.placed - 1];
        let gone_day = member.gone_day.expect("they have a last day");
        let known = self.people.known(person);
        let (seat, order) = (known.seat, known.order);
        self.held.remove(&seat);
        self.last_days.insert(order, gone_day);
        self.people.go_by(person, gone_day, self.organisations.in_charge, &mut self.windows);
    }

    /// Whether a fact is the departure of somebody whose last day is over: a month end of that instant comes after it.
    fn ends_last_day(&mut self, fact: Fact) -> bool {
        let Fact::Left(person, Cause::Tenure) = fact else { return false };
        let order = self.people.known(person).order;
        self.last_days.contains_key(&order)
    }

    fn offers_listed(&self) -> usize {
        self.strategy.people.0.iter().filter(|member| !member.is_present()).count()
    }

    fn sign(&mut self, seat: SeatId, fte: f64) {
        let member = self.listed(|member| !member.is_present())[self.signed];
        assert_eq!((self.now, member.role, member.fte.to_bits()), (Time::START, seat.role, fte.to_bits()));
        self.windows.begin_between(Timed::Bench(seat), (member.joined_day, member.joined_day));
        self.offers.insert(seat, fte);
        self.signed += 1;
    }

    /// Notes who would be promoted into a requisition that opens.
    fn expect_promotion(&mut self, seat: SeatId) {
        let promotion = self.world.role(seat.role).promotion.filter(|_| self.signed == self.offers_listed());
        self.promotes = promotion.map(|promotion| {
            let employer = self.organisations.employer_of(seat.role);
            let is_stopped = self.organisations.is_handing_over(promotion.from);
            let next = self.people.next_promoted((&promotion, employer), self.organisations.in_charge, self.now);
            (seat, next.filter(|_| !is_stopped))
        });
    }

    /// Checks whether a requisition that has just opened is filled from another role as it should.
    fn check_promotion(&mut self, fact: Fact) {
        let expected = self.promotes.take();
        match (fact, expected) {
            (Fact::Promoted { person, to, .. }, Some((seat, next))) => {
                assert_eq!((Some(person), to), (next, seat), "the one with the longest tenure moves");
                let share = self.world.role(seat.role).promotion.map_or(0.0, |promotion| promotion.share);
                assert!(share > 0.0, "{person:?} is promoted");
            }
            (Fact::Promoted { person, .. }, None) => panic!("{person:?} is promoted for no reason"),
            (_, Some((seat, Some(next)))) => {
                let share = self.world.role(seat.role).promotion.map_or(0.0, |promotion| promotion.share);
                assert!(share < 1.0, "{next:?} is not promoted into {seat:?}");
            }
            _ => {}
        }
    }

    fn refuse(&mut self, person: PersonId, transfer: TransferId) {
        assert!(self.people.acceptance(person) < 1.0, "{person:?} refuses");
        self.people.ask(person, transfer, self.now);
        self.held.remove(&self.people.known(person).seat);
        self.people.go(person, Cause::Refusal, self.organisations.in_charge, (self.now, &mut self.windows));
        self.consider_place(person);
    }

    fn replace_share(&self, person: PersonId) -> f64 {
        self.people.attrition_of(person).map_or(1.0, |attrition| attrition.replace_share)
    }

    /// Whether fewer of a role stay than are wanted.
    fn is_short(&self, role: RoleId) -> bool {
        self.staying_and_open(role).0 < self.wanted_in(role)
    }

    /// Expects that the place of a person who has given notice or refused lapses, if it certainly does.
    fn consider_place(&mut self, person: PersonId) {
        let role = self.people.known(person).seat.role;
        self.lapses = (self.is_short(role) && self.replace_share(person) <= 0.0).then_some(person);
    }

    /// Checks that a place may lapse: of a person who has given notice or refused, where fewer stay than are wanted.
    fn lapse(&mut self, person: PersonId) {
        let known = self.people.known(person);
        let (role, cause) = (known.seat.role, known.cause);
        assert!(cause.is_some_and(|cause| cause != Cause::Release), "{person:?} stays, or was released");
        assert!(self.is_short(role) && self.replace_share(person) < 1.0, "the place of {person:?} is filled again");
        self.lapsed[usize::from(role.0)] += 1;
    }

    /// Whether nobody of a role is released.
    fn waits(&self, role: RoleId) -> bool {
        let attrition = self.people.attrition(self.organisations.in_charge, role);
        attrition.is_some_and(|attrition| attrition.surplus == Surplus::Wait)
    }

    /// Checks a release: the newest of a role with too many people, once no requisition is left that may be cancelled.
    fn release(&mut self, person: PersonId) {
        let seat = self.people.known(person).seat;
        let (staying, _) = self.staying_and_open(seat.role);
        assert!(!self.waits(seat.role), "{person:?} is released, and a surplus waits");
        assert!(staying > self.wanted_in(seat.role), "{person:?} is released, and no more stay than are wanted");
        assert!(
            !self.of_role(seat.role).any(|seat| self.pipelines.is_cancellable(seat)),
            "requisitions are cancelled first"
        );
        assert_eq!(self.people.newest(seat.role), Some(person), "the newest are released first");
        self.held.remove(&seat);
        self.people.go(person, Cause::Release, self.organisations.in_charge, (self.now, &mut self.windows));
    }

    fn leave(&mut self, person: PersonId, cause: Cause) {
        match cause {
            Cause::Exit => assert!(self.is_over, "{person:?} leaves as at market exit"),
            Cause::Collapse => {
                assert!(self.is_collapsing && self.cleared.0.remove(&person), "{person:?} leaves as at a collapse");
            }
            _ => {}
        }
        let known = self.people.known(person);
        if known.cause.is_none() {
            let seat = known.seat;
            self.held.remove(&seat);
        }
        self.people.leave(person, cause, self.organisations.in_charge, (self.now, &mut self.windows));
    }

    /// Observes what changes the world: shocks, incidents, collapse and exit.
    fn see_risk(&mut self, fact: Fact) {
        match fact {
            Fact::DemandShocked(factor) => {
                let shock = self.world.demand_shock.as_ref().expect("there are shocks");
                let (least, greatest) = bounds(&shock.factor);
                assert!(shock.per_year > 0.0 && (least..=greatest).contains(&factor), "a shock by {factor}");
                self.factor *= factor;
            }
            Fact::WantedChanged(role, wanted) => {
                assert_eq!(wanted, self.demand(role, self.now), "the wanted headcount of {role:?}");
                self.wanted[usize::from(role.0)] = wanted;
            }
            Fact::Incident(effort) => {
                let operations = self.world.operations.as_ref().expect("there are incidents");
                let (least, greatest) = bounds(&operations.effort_days);
                assert!(
                    operations.incidents_per_month > 0.0 && (least..=greatest).contains(&effort),
                    "an effort of {effort}"
                );
                assert!(!self.people.present.is_empty(), "an incident while nobody is present");
            }
            Fact::Collapsed(_) if self.organisations.rescuer().is_none() => {
                self.is_collapsing = true;
                let books = &self.organisations;
                let people = self.people.present.iter().filter(|(_, known)| !books.is_passed_by(known.seat.role));
                let seats = self.pipelines.open_seats().filter(|seat| !books.is_passed_by(seat.role));
                self.cleared = (people.map(|(&person, _)| person).collect(), seats.collect());
            }
            Fact::MarketExited => {
                let hazard = self.world.market.map_or(0.0, |market| market.exit_hazard_per_year);
                assert!(hazard > 0.0 && !self.is_over, "market exit with hazard {hazard}");
                self.is_over = true;
                self.wanted.fill(0);
                self.windows.clear();
                self.pipelines.end();
            }
            _ => {}
        }
    }

    /// Checks that after a collapse without a rescue nobody is left, and no requisition.
    fn end_collapse(&mut self) {
        if std::mem::take(&mut self.is_collapsing) {
            assert!(self.cleared.0.is_empty() && self.cleared.1.is_empty(), "{:?} outlast a collapse", self.cleared);
            self.organisations.forget_collapse();
        }
    }

    /// Returns the wanted headcount of a role at an instant: its step, times all shocks, rounded half up, less the places
    /// that are not filled again.
    fn demand(&self, role: RoleId, now: Time) -> u32 {
        let by_now = |(from, _): &(Moment, _)| from.day <= now.days() + TOLERANCE_DAYS / 10.0;
        let heads = self.world.demand[usize::from(role.0)].0.iter().take_while(by_now).last();
        let heads = heads.map_or(0, |(_, heads)| (heads.value() * self.factor + 0.5 + 1e-9).floor() as u32);
        heads.saturating_sub(self.lapsed[usize::from(role.0)])
    }

    fn wanted_in(&self, role: RoleId) -> usize {
        self.wanted[usize::from(role.0)] as usize
    }

    /// Open requisitions of a role.
    fn of_role(&self, role: RoleId) -> impl Iterator<Item = SeatId> + '_ {
        self.pipelines.open_seats().filter(move |seat| seat.role == role)
    }

    fn staying_and_open(&self, role: RoleId) -> (usize, usize) {
        (self.held.iter().filter(|seat| seat.role == role).count(), self.of_role(role).count())
    }

    /// Checks an opening: the lowest vacant seat, where too few stay, roles of higher priority first.
    fn check_opening(&self, seat: SeatId) {
        let taken: BTreeSet<SeatId> = self.of_role(seat.role).chain(self.held.iter().copied()).collect();
        let is_taken = |number| taken.contains(&SeatId { number, ..seat });
        assert!((0..seat.number).all(is_taken) && !is_taken(seat.number), "{seat:?} is not the lowest vacant seat");
        if self.signed < self.offers_listed() {
            return;
        }
        assert!(self.organisations.may_open(seat.role), "{seat:?} opens before all is set up");
        let lacking = |role: RoleId| {
            let (staying, open) = self.staying_and_open(role);
            self.wanted_in(role).saturating_sub(staying + open)
        };
        // Those that promotions open come after all others.
        let lacks = |role: RoleId| lacking(role) > self.followers[usize::from(role.0)] && self.organisations.may_open(role);
        assert!(lacking(seat.role) > 0, "{seat:?} opens, and is not wanted");
        if !lacks(seat.role) {
            assert!(!(0..self.world.roles.len()).map(role_id).any(lacks), "{seat:?} opens before those of other roles");
            return;
        }
        let place = |role: RoleId| (self.world.role(role).rank, role);
        let is_first =
            (0..self.world.roles.len()).map(role_id).all(|other| place(other) >= place(seat.role) || !lacks(other));
        assert!(is_first, "{seat:?} opens before a role that comes first");
    }

    /// Checks a cancellation where there are too many: the newest that may be cancelled.
    fn check_cancelling(&mut self, seat: SeatId) {
        if self.is_over || self.is_collapsing && self.cleared.1.remove(&seat) {
            return;
        }
        let (staying, open) = self.staying_and_open(seat.role);
        assert!(staying + open > self.wanted_in(seat.role), "{seat:?} is cancelled, and is wanted");
        assert!(self.pipelines.is_cancellable(seat), "{seat:?} is cancelled, and comes soon");
        let order = self.pipelines.order(seat);
        let is_newest = self
            .of_role(seat.role)
            .all(|other| !self.pipelines.is_cancellable(other) || self.pipelines.order(other) <= order);
        assert!(is_newest, "{seat:?} is not the newest that may be cancelled");
    }

    /// Checks that staying people + open requisitions = wanted, role by role: fewer only before all is set up, more
    /// only by requisitions that end soon.
    fn check_balance(&self, team: &Team, (from, until): (Time, Time)) {
        for role in (0..self.world.roles.len()).map(role_id) {
            let (staying, open) = self.staying_and_open(role);
            let wanted = self.wanted_in(role);
            assert_eq!((team.staying_and_open(role), team.wanted_in(role)), ((staying as u32, open as u32), wanted as u32));
            let is_current = wanted == self.demand(role, from) as usize;
            assert!(self.is_over || is_current || is_moment(from, until), "{wanted} wanted on {from:?}");
            let is_balanced = if staying + open < wanted {
                !self.organisations.may_open(role)
            } else {
                let is_surplus = (staying <= wanted || self.waits(role))
                    && !self.of_role(role).any(|seat| self.pipelines.is_cancellable(seat));
                staying + open == wanted || is_surplus
            };
            assert!(is_balanced, "{staying} staying and {open} open of {role:?}, and {wanted} wanted, on {from:?}");
        }
    }
}

fn measures(team: &Team) -> [f64; 4] {
    [team.headcount().into(), team.wanted().into(), team.wanted_fte(), team.effective_fte()]
}
