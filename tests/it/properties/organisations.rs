//! An auditor of organisations: which are active, set up, in charge and hiring, and which transfer takes place when.

use handover::engine::Time;
use handover::model::{Fact, Team, TransferId};
use handover::world::{HiringAfter, OrganisationId, Ready, RoleId, Strategy, Transfer, Trigger, World, role_id};

use super::windows::{TOLERANCE_DAYS, Timed, Windows};

/// Progress of a planned transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Ahead,
    Begun,
    Over,
}

/// The books on organisations and transfers.
pub(super) struct Organisations<'s> {
    world: &'s World,
    strategy: &'s Strategy,
    active: Vec<bool>,
    ready: Vec<bool>,
    /// Whether a transfer away from it is complete since it started.
    has_handed_over: Vec<bool>,
    pub(super) in_charge: OrganisationId,
    pub(super) hiring: OrganisationId,
    /// Who employs the people of each role whoever is in charge.
    fixed: Vec<Option<OrganisationId>>,
    transfers: Vec<Progress>,
    /// Ready-triggered transfers that have fallen due, and consecutive month ends at which each was ready.
    is_due: Vec<bool>,
    streaks: Vec<u32>,
    /// The transfer under way, and who hands over.
    current: Option<(TransferId, OrganisationId)>,
    /// The organisation that has collapsed at this instant.
    collapsed: Option<OrganisationId>,
}

/// Returns who employs the people of a role from the start to the end, as the scenario has it.
fn fixed_employer(strategy: &Strategy, role: RoleId) -> Option<OrganisationId> {
    strategy.employer_by_role.0.iter().find(|(given, _)| *given == role).map(|(_, employer)| *employer)
}

fn is_close(now: Time, day: f64) -> bool {
    (now.days() - day).abs() < TOLERANCE_DAYS
}

impl<'s> Organisations<'s> {
    pub(super) fn new(world: &'s World, strategy: &'s Strategy) -> Self {
        let organisations = world.organisations.len();
        let transfers = strategy.transfers.len();
        Self {
            world,
            strategy,
            active: vec![false; organisations],
            ready: vec![false; organisations],
            has_handed_over: vec![false; organisations],
            in_charge: strategy.employer,
            hiring: strategy.employer,
            fixed: (0..world.roles.len()).map(|role| fixed_employer(strategy, role_id(role))).collect(),
            transfers: vec![Progress::Ahead; transfers],
            is_due: vec![false; transfers],
            streaks: vec![0; transfers],
            current: None,
            collapsed: None,
        }
    }

    /// Observes a fact, which must fit the earlier ones.
    pub(super) fn see(&mut self, fact: Fact, now: Time, windows: &mut Windows) {
        match fact {
            Fact::OrganisationStarted(organisation) => self.start(organisation, now, windows),
            Fact::OrganisationReady(organisation) => {
                windows.end(Timed::Setup(organisation), now);
                let index = usize::from(organisation.0);
                assert!(self.active[index] && !self.ready[index], "{organisation:?} is set up without setting up");
                self.ready[index] = true;
            }
            Fact::OrganisationStopped(organisation) => self.stop(organisation, now, windows),
            Fact::Collapsed(organisation) => {
                assert_eq!(organisation, self.in_charge, "only who is in charge collapses");
                assert!(self.world.organisation(organisation).failure_hazard_per_year > 0.0);
                self.collapsed = Some(organisation);
            }
            Fact::OptionDropped(transfer) => {
                let exercise = self.strategy.transfers[usize::from(transfer.0)].exercise;
                assert!(now == Time::START && exercise < 1.0, "an option with {exercise} was dropped at {now:?}");
                self.call_off(transfer);
                self.check_dropped(usize::from(transfer.0));
            }
            Fact::TransferExtended(transfer) => self.extend(transfer, now),
            Fact::TransferLapsed(transfer) => self.lapse(transfer, now),
            Fact::TransferBegan(transfer) => self.begin(transfer, now),
            Fact::TransferCompleted(transfer) => {
                let current = self.current.map(|(current, _)| current);
                assert_eq!(current, Some(transfer), "only the transfer under way is completed");
                self.finish();
            }
            _ => {}
        }
    }

    /// Returns a transfer by its id; the rescue comes after the planned ones.
    pub(super) fn transfer(&self, transfer: TransferId) -> &'s Transfer {
        let rescue = || self.strategy.rescue.as_ref().expect("there is a rescue");
        self.strategy.transfers.get(usize::from(transfer.0)).unwrap_or_else(rescue)
    }

    pub(super) fn is_ready(&self, organisation: OrganisationId) -> bool {
        self.ready[usize::from(organisation.0)]
    }

    fn fixed(&self, role: RoleId) -> Option<OrganisationId> {
        self.fixed[usize::from(role.0)]
    }

    /// Returns who employs the joiners of a role.
    pub(super) fn employer_of(&self, role: RoleId) -> OrganisationId {
        self.fixed(role).unwrap_or(self.in_charge)
    }

    /// Returns whose pipeline serves a role.
    pub(super) fn hiring_for(&self, role: RoleId) -> OrganisationId {
        self.fixed(role).unwrap_or(self.hiring)
    }

    /// Returns whether requisitions of a role may be opened.
    pub(super) fn may_open(&self, role: RoleId) -> bool {
        match self.fixed(role) {
            Some(employer) => self.is_ready(employer),
            None => self.is_ready(self.hiring) && self.is_ready(self.in_charge),
        }
    }

    /// Returns whether the transfer that has begun concerns a role: others have an employer who keeps them.
    pub(super) fn reaches(&self, transfer: TransferId, role: RoleId) -> bool {
        let is_rescue = usize::from(transfer.0) >= self.transfers.len();
        self.fixed(role).is_none_or(|employer| is_rescue && employer == self.transfer(transfer).to)
    }

    /// Returns whether a transfer under way may still ask people of a role.
    pub(super) fn is_handing_over(&self, role: RoleId) -> bool {
        self.current.is_some_and(|(transfer, _)| self.reaches(transfer, role))
    }

    /// Returns whether people of a role stay when the organisation in charge collapses.
    pub(super) fn is_passed_by(&self, role: RoleId) -> bool {
        self.fixed(role).is_some_and(|employer| employer != self.in_charge)
    }

    /// Returns the rescuer, if the organisation in charge collapses.
    pub(super) fn rescuer(&self) -> Option<OrganisationId> {
        self.strategy.rescue.as_ref().map(|rescue| rescue.to).filter(|&to| to != self.in_charge)
    }

    fn listed(&self) -> impl Iterator<Item = (usize, &'s Transfer)> + use<'s> {
        self.strategy.transfers.iter().enumerate()
    }

    /// Returns the planned transfer that comes next, once the one before it is over.
    fn next(&self) -> Option<usize> {
        self.transfers
            .iter()
            .position(|&progress| progress != Progress::Over)
            .filter(|&next| self.transfers[next] == Progress::Ahead)
    }

    fn start(&mut self, organisation: OrganisationId, now: Time, windows: &mut Windows) {
        let index = usize::from(organisation.0);
        let is_prepared = |(position, transfer): (usize, &Transfer)| {
            transfer.to == organisation && self.transfers[position] == Progress::Ahead && is_close(now, transfer.prepare.day)
        };
        let collapsed = self.collapsed.map(|_| self.rescuer());
        let sets_up_again = collapsed == Some(None) && organisation == self.in_charge;
        let is_first = organisation == self.strategy.employer || self.fixed.contains(&Some(organisation));
        let is_called =
            now == Time::START && is_first || collapsed == Some(Some(organisation)) || self.listed().any(is_prepared);
        assert!(sets_up_again || is_called && !self.active[index], "{organisation:?} starts at {now:?} for no reason");
        if sets_up_again {
            windows.drop(Timed::Setup(organisation));
        }
        (self.active[index], self.ready[index], self.has_handed_over[index]) = (true, false, false);
        windows.begin(Timed::Setup(organisation), now, &self.world.organisation(organisation).setup.setup_days, 1.0);
    }

    /// Returns whether an organisation that has handed over continues.
    fn is_needed(&self, organisation: OrganisationId, day: f64) -> bool {
        let prepares = |(position, transfer): (usize, &Transfer)| {
            transfer.to == organisation && self.transfers[position] == Progress::Ahead && transfer.prepare.day <= day
        };
        [self.in_charge, self.hiring].contains(&organisation)
            || self.fixed.contains(&Some(organisation))
            || self.listed().any(prepares)
    }

    fn stop(&mut self, organisation: OrganisationId, now: Time, windows: &mut Windows) {
        let index = usize::from(organisation.0);
        assert!(self.active[index] && self.has_handed_over[index], "{organisation:?} stops, and has not handed over");
        assert!(!self.is_needed(organisation, now.days() - TOLERANCE_DAYS), "{organisation:?} stops, and is needed");
        (self.active[index], self.ready[index]) = (false, false);
        windows.drop(Timed::Setup(organisation));
    }

    fn call_off(&mut self, transfer: TransferId) {
        let first = usize::from(transfer.0);
        assert_eq!(self.transfers[first], Progress::Ahead, "{transfer:?} is called off late");
        assert!(!self.transfers[first..].contains(&Progress::Begun), "a later one than {transfer:?} has begun");
        self.transfers[first..].fill(Progress::Over);
    }

    /// Checks that receivers of transfers that will not take place do not start.
    fn check_dropped(&self, first: usize) {
        for (_, transfer) in self.listed().skip(first) {
            let takes_part = |(position, other): (usize, &Transfer)| position < first && other.to == transfer.to;
            let is_first = transfer.to == self.strategy.employer || self.fixed.contains(&Some(transfer.to));
            let may_start = is_first || self.listed().any(takes_part);
            assert!(
                may_start || !self.active[usize::from(transfer.to.0)],
                "a receiver whose option was dropped has started"
            );
        }
    }

    fn extend(&mut self, transfer: TransferId, now: Time) {
        let position = usize::from(transfer.0);
        let Trigger::Ready(Ready { latest: Some(latest), .. }) = &self.strategy.transfers[position].trigger else {
            panic!("{transfer:?} does not wait for the team to be ready until some month")
        };
        assert!(latest.extends && is_close(now, latest.at.day) && !self.is_due[position], "{transfer:?} is extended");
        self.call_off(transfer);
    }

    fn lapse(&mut self, transfer: TransferId, now: Time) {
        let position = usize::from(transfer.0);
        if self.collapsed.is_none() {
            assert_eq!(self.next(), Some(position), "{transfer:?} lapses without a collapse");
            assert!(self.has_fallen_due(position, now.days() + TOLERANCE_DAYS), "{transfer:?} lapses too early");
            assert_eq!(
                self.transfer(transfer).to,
                self.in_charge,
                "{transfer:?} lapses, and there is something to hand over"
            );
            self.transfers[position] = Progress::Over;
            return;
        }
        let rescuer = self.rescuer().expect("a transfer lapses for a rescue");
        if self.current.is_some_and(|(current, _)| current == transfer) {
            self.finish();
        } else {
            assert_eq!(self.transfers[position], Progress::Ahead, "{transfer:?} lapses");
            assert_eq!(self.strategy.transfers[position].to, rescuer, "only transfers to the rescuer lapse");
            self.transfers[position] = Progress::Over;
        }
    }

    fn begin(&mut self, transfer: TransferId, now: Time) {
        let position = usize::from(transfer.0);
        let to = self.transfer(transfer).to;
        assert!(self.current.is_none(), "{transfer:?} begins before the one before is complete");
        if position < self.transfers.len() {
            assert_eq!(self.next(), Some(position), "transfers take place in order");
            assert!(self.has_fallen_due(position, now.days() + TOLERANCE_DAYS), "{transfer:?} came too early, at {now:?}");
            assert!(self.is_ready(to) && to != self.in_charge, "the receiver is set up, and not in charge yet");
            self.transfers[position] = Progress::Begun;
        } else {
            assert!(self.collapsed.take().is_some(), "a rescue without a collapse");
            assert!(to != self.in_charge && self.active[usize::from(to.0)], "the rescuer has started");
            assert!(
                self.listed().all(|(position, transfer)| transfer.to != to || self.transfers[position] != Progress::Ahead)
            );
        }
        if position >= self.transfers.len() {
            let collapsed = Some(self.in_charge);
            self.fixed.iter_mut().filter(|fixed| **fixed == collapsed).for_each(|fixed| *fixed = Some(to));
        }
        self.current = Some((transfer, self.in_charge));
        self.has_handed_over[usize::from(to.0)] = false;
        self.in_charge = to;
        if self.transfer(transfer).hiring_after == HiringAfter::Receiver {
            self.hiring = to;
        }
    }

    /// Ends the transfer under way: it is complete, or the rest of it lapses.
    fn finish(&mut self) {
        let (transfer, sender) = self.current.take().expect("a transfer is under way");
        if let Some(progress) = self.transfers.get_mut(usize::from(transfer.0)) {
            *progress = Progress::Over;
        }
        self.has_handed_over[usize::from(sender.0)] = sender != self.in_charge;
    }

    /// Returns whether a transfer of the list has fallen due by a day.
    fn has_fallen_due(&self, position: usize, day: f64) -> bool {
        match &self.strategy.transfers[position].trigger {
            Trigger::At(at) => at.day <= day,
            Trigger::Ready(ready) => {
                let is_late = ready.latest.is_some_and(|latest| !latest.extends && latest.at.day <= day);
                self.is_due[position] || is_late
            }
        }
    }

    /// Observes a month end: is the team ready for the transfers that wait for it?
    pub(super) fn month_ended(&mut self, now: Time, team: &Team, knowledge: f64) {
        for (position, transfer) in self.listed() {
            let Trigger::Ready(ready) = &transfer.trigger else { continue };
            let holds = |share: Option<f64>, value: f64, of: f64| share.is_none_or(|share| value >= share * of - 1e-9);
            let is_ready = team.wanted() > 0
                && holds(ready.headcount_share, team.headcount().into(), team.wanted().into())
                && holds(ready.effective_share, team.effective_fte(), team.wanted_fte())
                && holds(ready.knowledge_share, knowledge, 1.0);
            self.streaks[position] = if is_ready { self.streaks[position] + 1 } else { 0 };
            let is_late_enough = now.days() >= ready.earliest.day - TOLERANCE_DAYS;
            self.is_due[position] |= is_late_enough && self.streaks[position] >= ready.for_months;
        }
    }

    /// Checks, once all is settled, that everything due before the end of this state has happened.
    pub(super) fn held(&self, from: Time, until: Time) {
        assert!(self.collapsed.is_none(), "a collapse without its consequences");
        let before = until.days() - TOLERANCE_DAYS;
        if let Some(next) = self.next() {
            let to = self.strategy.transfers[next].to;
            let is_missed = self.has_fallen_due(next, before) && self.is_ready(to);
            assert!(!is_missed, "transfer {next} is due on {from:?} and does not begin");
        }
        for (position, transfer) in self.listed().filter(|&(position, _)| self.transfers[position] == Progress::Ahead) {
            let is_prepared = transfer.prepare.day >= before || self.active[usize::from(transfer.to.0)];
            assert!(is_prepared, "the receiver of transfer {position} does not prepare at {from:?}");
            if let Trigger::Ready(Ready { latest: Some(latest), .. }) = &transfer.trigger {
                let waits = !latest.extends || self.is_due[position] || latest.at.day >= before;
                assert!(waits, "transfer {position} still waits at {from:?}");
            }
        }
        for (index, organisation) in self.world.organisations.iter().enumerate() {
            let id = OrganisationId(u16::try_from(index).expect("there are few"));
            let should_stop =
                self.active[index] && self.has_handed_over[index] && !self.is_needed(id, from.days() + TOLERANCE_DAYS);
            assert!(!should_stop, "{} goes on at {from:?} and has handed over", organisation.name);
        }
    }

    /// Records that the consequences of a collapse without a rescue are done.
    pub(super) fn forget_collapse(&mut self) {
        self.collapsed = None;
    }

    /// Checks that the team agrees with the books.
    pub(super) fn check(&self, team: &Team) {
        assert_eq!((team.in_charge(), team.hiring()), (self.in_charge, self.hiring));
        for role in (0..self.fixed.len()).map(role_id) {
            assert_eq!(team.fixed_employer(role), self.fixed(role), "{role:?}");
        }
        for (index, organisation) in self.world.organisations.iter().enumerate() {
            let id = OrganisationId(u16::try_from(index).expect("there are few"));
            let (active, ready) = (team.is_active(id), team.is_ready(id));
            assert_eq!((active, ready), (self.active[index], self.ready[index]), "{}", organisation.name);
        }
    }
}
