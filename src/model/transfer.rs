//! Transfer: control and people move to another organisation, in waves.

use crate::engine::{Slot, Time};
use crate::input::Value;
use crate::input::number::Probability;
use crate::random::{DrawKey, Purpose};
use crate::world::{Latest, Ready, RoleId, Strategy, Transfer as Table, Trigger, World};

use super::fact::{Cause, Fact, PersonId, TransferId};
use super::team::{Progress, Standing, Team};
use super::{Event, Observer, Simulation};

const ACCEPTANCE: Purpose = Purpose::named("transfer.acceptance");
const OVERLAP: Purpose = Purpose::named("transfer.overlap");

/// The state of transfers.
#[derive(Debug)]
pub(super) struct Transfers {
    /// Listed transfers that are due.
    is_due: Vec<bool>,
    /// For each transfer, the consecutive month ends at which the team was ready.
    streaks: Vec<u32>,
    may_begin: bool,
    /// The people who were staying at the first wave, longest tenure first. Their order of joining is included, because ids
    /// are reused.
    line: Vec<(PersonId, u32)>,
    /// How many of the line the waves so far have reached.
    reached: usize,
    /// The transfer that has started and is not complete.
    current: Option<TransferId>,
    /// For each transfer that began, in order, whether the rest of it lapsed.
    has_lapsed: Vec<bool>,
    rescues: u32,
    /// By transfer, with the rescue last, and by role.
    acceptance: Vec<Vec<Probability>>,
}

impl Transfers {
    pub(super) fn new(world: &World, strategy: &Strategy) -> Self {
        let acceptance = |p: &Table| {
            let other = Probability::new(p.acceptance).unwrap_or(Probability::stand_in());
            p.acceptance_by_role.spread(world.roles.len(), &other)
        };
        let listed = strategy.transfers.len();
        Self {
            is_due: vec![false; listed],
            streaks: vec![0; listed],
            may_begin: false,
            line: Vec::new(),
            reached: 0,
            current: None,
            has_lapsed: Vec::new(),
            rescues: 0,
            acceptance: strategy.transfers.iter().chain(&strategy.rescue).map(acceptance).collect(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.is_due.fill(false);
        self.streaks.fill(0);
        self.may_begin = false;
        self.line.clear();
        (self.reached, self.current, self.rescues) = (0, None, 0);
        self.has_lapsed.clear();
    }

    /// Whether the waves of the n-th transfer that began still happen.
    pub(super) fn awaits(&self, start: u32) -> bool {
        !self.has_lapsed[start as usize]
    }
}

/// Returns the transfers of the list.
fn listed(strategy: &Strategy) -> impl Iterator<Item = (TransferId, &Table)> {
    (0..).map(TransferId).zip(&strategy.transfers)
}

/// Whether a listed transfer is the first one that has not started, and the one before it is complete.
fn is_next(transfer: TransferId, team: &Team) -> bool {
    let is_over = |before: u16| team.progress(TransferId(before)) == Progress::Over;
    team.progress(transfer) == Progress::Ahead && transfer.0.checked_sub(1).is_none_or(is_over)
}

/// Whether every given share holds now. Never while nobody is wanted.
fn is_ready(ready: &Ready, team: &Team) -> bool {
    let holds = |share: Option<f64>, value: f64, of: f64| share.is_none_or(|share| value >= share * of - 1e-9);
    team.wanted() > 0
        && holds(ready.headcount_share, team.headcount().into(), team.wanted().into())
        && holds(ready.effective_share, team.effective_fte(), team.wanted_fte())
        && holds(ready.knowledge_share, team.knowledge(), 1.0)
}

impl Simulation<'_> {
    pub(super) fn schedule_transfers(&mut self) {
        for (transfer, parameters) in listed(self.strategy) {
            if !self.draws.is_taken_up(transfer, self.strategy) {
                return;
            }
            match &parameters.trigger {
                Trigger::At(at) => {
                    self.calendar.schedule_at(Time::from_days(at.day), Event::Due(transfer));
                }
                Trigger::Ready(Ready { latest: Some(latest), .. }) => {
                    self.calendar.schedule_at(Time::from_days(latest.at.day), Event::Due(transfer));
                }
                Trigger::Ready(_) => {}
            }
        }
    }

    /// The client does not take up its option: this transfer and all later ones do not happen.
    pub(super) fn drop_options(&mut self, observer: &mut impl Observer) {
        if let Some((transfer, _)) =
            listed(self.strategy).find(|&(transfer, _)| !self.draws.is_taken_up(transfer, self.strategy))
        {
            self.tell(Fact::OptionDropped(transfer), observer);
        }
    }

    /// Checks at a month end whether the team is ready for the transfers that wait for it.
    pub(super) fn check_readiness(&mut self) {
        for (transfer, parameters) in listed(self.strategy) {
            let Trigger::Ready(ready) = &parameters.trigger else { continue };
            let state = &mut self.transfers;
            let index = usize::from(transfer.0);
            state.streaks[index] = if is_ready(ready, &self.team) { state.streaks[index] + 1 } else { 0 };
            let is_early = self.calendar.now().days() < ready.earliest.day - 1e-9;
            // A transfer that is due before the previous one is complete starts when that is complete.
            if state.streaks[index] >= ready.for_months && !is_early && self.team.progress(transfer) == Progress::Ahead {
                state.is_due[index] = true;
                state.may_begin = true;
            }
        }
    }

    pub(super) fn fall_due(&mut self, transfer: TransferId, observer: &mut impl Observer) {
        let is_due = &mut self.transfers.is_due[usize::from(transfer.0)];
        if self.team.progress(transfer) != Progress::Ahead || *is_due {
            return;
        }
        let trigger = &self.strategy.transfer(transfer.0).trigger;
        if let Trigger::Ready(Ready { latest: Some(Latest { extends: true, .. }), .. }) = trigger {
            self.tell(Fact::TransferExtended(transfer), observer);
            self.stop_preparing();
        } else {
            *is_due = true;
            self.transfers.may_begin = true;
        }
    }

    /// A transfer may now begin that could not before.
    pub(super) fn reconsider_transfers(&mut self) {
        self.transfers.may_begin = true;
    }

    /// Starts the next transfer if it is due and its receiver is set up. Returns whether one started or lapsed.
    #[inline(always)]
    pub(super) fn begin_transfer(&mut self, observer: &mut impl Observer) -> bool {
        std::mem::take(&mut self.transfers.may_begin) && self.begin_next(observer)
    }

    /// After a rescue, the receiver may already be in charge. Then there is nothing to hand over.
    #[inline(never)]
    fn begin_next(&mut self, observer: &mut impl Observer) -> bool {
        let next = listed(self.strategy).find(|&(transfer, _)| is_next(transfer, &self.team));
        let Some((transfer, parameters)) = next.filter(|(transfer, _)| self.transfers.is_due[usize::from(transfer.0)])
        else {
            return false;
        };
        if parameters.to == self.team.in_charge() {
            self.lapse(transfer, observer);
        } else if self.team.is_ready(parameters.to) {
            self.hand_over(transfer, observer);
        } else {
            return false;
        }
        true
    }

    fn lapse(&mut self, transfer: TransferId, observer: &mut impl Observer) {
        self.tell(Fact::TransferLapsed(transfer), observer);
        self.end_transfer(transfer);
    }

    fn end_transfer(&mut self, transfer: TransferId) {
        self.dismiss_sender(transfer);
        self.transfers.current = None;
        self.transfers.may_begin = true;
    }

    /// Lets the rest of the current transfer, and later transfers to the rescuer, lapse because of a rescue.
    pub(super) fn lapse_transfers(&mut self, observer: &mut impl Observer) {
        let Some((_, rescue)) = self.rescue() else { return };
        if let Some(transfer) = self.transfers.current.take() {
            if let Some(has_lapsed) = self.transfers.has_lapsed.last_mut() {
                *has_lapsed = true;
            }
            self.lapse(transfer, observer);
        }
        for (transfer, parameters) in listed(self.strategy) {
            if parameters.to == rescue.to && self.team.progress(transfer) == Progress::Ahead {
                self.lapse(transfer, observer);
            }
        }
    }

    /// Starts a transfer: the receiver takes charge, and the first wave of people gets offers.
    #[inline(never)]
    pub(super) fn hand_over(&mut self, transfer: TransferId, observer: &mut impl Observer) {
        let sender = self.team.in_charge();
        self.tell(Fact::TransferBegan(transfer), observer);
        self.note_sender(transfer, sender);
        self.unbalance();
        self.change_risk();
        self.move_requisitions(transfer, observer);
        self.begin_waves(transfer);
        self.set_back();
        self.offer(transfer, 0, observer);
    }

    /// Whether a transfer has begun that may still reach people of a role.
    pub(super) fn is_handing_over(&self, role: RoleId) -> bool {
        self.transfers.current.is_some_and(|transfer| self.reaches(transfer, role))
    }

    /// Whether people and requisitions of a role take part in a transfer that has begun: others employ the rest, and stay.
    pub(super) fn reaches(&self, transfer: TransferId, role: RoleId) -> bool {
        let is_rescue = !self.strategy.is_listed(transfer.0);
        // A rescuer stands in the place of whom it rescues.
        let is_rescuer = |employer| is_rescue && employer == self.strategy.transfer(transfer.0).to;
        self.team.fixed_employer(role).is_none_or(is_rescuer)
    }

    fn begin_waves(&mut self, transfer: TransferId) {
        let parameters = self.strategy.transfer(transfer.0);
        let state = &mut self.transfers;
        state.rescues += u32::from(!self.strategy.is_listed(transfer.0));
        state.current = Some(transfer);
        let of_others = self.team.staying().filter(|(_, about)| about.employer != parameters.to);
        let mut line = std::mem::take(&mut state.line);
        line.clear();
        line.extend(
            of_others.filter(|(_, about)| self.reaches(transfer, about.seat.role)).map(|(id, about)| (id, about.order)),
        );
        let joined_day = |person: PersonId| self.team.person(person).joined_day;
        line.sort_unstable_by(|a, b| joined_day(a.0).total_cmp(&joined_day(b.0)).then(a.1.cmp(&b.1)));
        let state = &mut self.transfers;
        (state.line, state.reached) = (line, 0);
        let start = u32::try_from(state.has_lapsed.len()).expect("the number of transfers is bounded");
        state.has_lapsed.push(false);
        let waves = u16::try_from(parameters.waves.len()).expect("the number of waves is bounded");
        for wave in 1..waves {
            self.calendar.schedule_in(parameters.wave_gap_days * f64::from(wave), Event::Wave(transfer, wave, start));
        }
    }

    /// Makes the offers of one wave.
    pub(super) fn offer(&mut self, transfer: TransferId, wave: u16, observer: &mut impl Observer) {
        let parameters = self.strategy.transfer(transfer.0);
        let end = parameters.reach(usize::from(wave), self.transfers.line.len());
        // Listed transfers are keyed by their numbers. A rescue has the last number of all, whatever transfers there are,
        // and may recur.
        let is_listed = self.strategy.is_listed(transfer.0);
        let (index, again) = if is_listed { (transfer.0, 0) } else { (u16::MAX, self.transfers.rescues) };
        let draw = DrawKey::of(ACCEPTANCE).index(index).attempt(again);
        for place in self.transfers.reached.min(end)..end {
            let (id, order) = self.transfers.line[place];
            let person = self.team.person(id);
            if person.order != order || person.standing != Standing::Staying {
                continue;
            }
            let acceptance = self.transfers.acceptance[usize::from(transfer.0)][usize::from(person.seat.role.0)];
            let [luck, _] = self.draws.for_person(person, draw);
            if luck < acceptance.value() {
                self.accept(id, transfer, observer);
            } else {
                self.refuse(id, transfer, observer);
            }
        }
        self.transfers.reached = end;
        if usize::from(wave) + 1 == parameters.waves.len() {
            self.tell(Fact::TransferCompleted(transfer), observer);
            self.end_transfer(transfer);
        }
    }

    fn accept(&mut self, id: PersonId, transfer: TransferId, observer: &mut impl Observer) {
        let from = self.team.person(id).employer;
        self.tell(Fact::Accepted(id, transfer), observer);
        self.change_employer(id, from, transfer);
        let days = self.strategy.transfer(transfer.0).disruption_days;
        if days > 0.0 {
            let order = self.team.person(id).order;
            self.calendar.schedule_in(days, Event::DisruptionEnds(id, order, transfer));
        }
    }

    pub(super) fn end_disruption(&mut self, id: PersonId, order: u32, transfer: TransferId, observer: &mut impl Observer) {
        let person = self.team.person(id);
        if person.order == order && person.standing != Standing::Gone {
            self.tell(Fact::DisruptionEnded(id, transfer), observer);
        }
    }

    /// Lets a person who refuses leave, at once or after an overlap.
    fn refuse(&mut self, id: PersonId, transfer: TransferId, observer: &mut impl Observer) {
        self.tell(Fact::Refused(id, transfer), observer);
        self.consider_place(id, observer);
        self.unbalance();
        self.drop_out(id);
        let person = self.team.person_mut(id);
        person.exit = Slot::NONE;
        let luck = || self.draws.for_person(person, DrawKey::of(OVERLAP).index(transfer.0))[0];
        let days = self.strategy.transfer(transfer.0).refuser_stays_days.draw(luck);
        self.leave_in(id, days, Cause::Refusal, observer);
    }
}
