//! Transfer: control and people move to another organisation, in waves.

use crate::engine::Ticket;
use crate::input::Value;
use crate::input::number::Probability;
use crate::random::{Draw, Purpose};
use crate::world::{Latest, Ready, Strategy, Transfer as Table, Trigger, World, month_instant};

use super::fact::{Cause, Fact, PersonId, TransferId};
use super::process::{Context, Process};
use super::team::{Progress, Standing, Team};

const ACCEPTANCE: Purpose = Purpose::named("transfer.acceptance");
const OVERLAP: Purpose = Purpose::named("transfer.overlap");

/// The process of transfers.
#[derive(Debug)]
pub(super) struct Transfer {
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
    /// The transfer that has started and is not complete, and its remaining waves.
    current: Option<TransferId>,
    waves: Vec<Ticket>,
    rescues: u32,
    /// By transfer, with the rescue last, and by role.
    acceptance: Vec<Vec<Probability>>,
}

/// An event of transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A transfer is due, or the wait for the team to be ready ends.
    Due(TransferId),
    /// A wave after the first.
    Wave(TransferId, u16),
    /// A person who refused leaves. They are identified by their order of joining.
    RefuserLeaves(PersonId, u32),
    /// The disruption ends for a person, who is identified by their order of joining.
    DisruptionEnds(PersonId, u32, TransferId),
}

impl Process for Transfer {
    type Event = Event;

    fn new(world: &World, strategy: &Strategy) -> Self {
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
            waves: Vec::new(),
            rescues: 0,
            acceptance: strategy.transfers.iter().chain(&strategy.rescue).map(acceptance).collect(),
        }
    }

    fn clear(&mut self) {
        self.is_due.fill(false);
        self.streaks.fill(0);
        self.may_begin = false;
        self.line.clear();
        (self.reached, self.current, self.rescues) = (0, None, 0);
        self.waves.clear();
    }

    fn start(&mut self, cx: &mut Context<'_, Event>) {
        for (transfer, parameters) in listed(cx) {
            if !cx.is_taken_up(transfer) {
                cx.emit(Fact::OptionDropped(transfer));
                return;
            }
            match &parameters.trigger {
                Trigger::Month(month) => {
                    cx.schedule_at(month_instant(*month), Event::Due(transfer));
                }
                Trigger::Ready(Ready { latest: Some(latest), .. }) => {
                    cx.schedule_at(month_instant(latest.month), Event::Due(transfer));
                }
                Trigger::Ready(_) => {}
            }
        }
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Event>) {
        match event {
            Event::Due(transfer) => self.fall_due(transfer, cx),
            Event::Wave(transfer, wave) => self.offer(transfer, wave, cx),
            Event::RefuserLeaves(person, order) => {
                if is_present(person, order, cx) {
                    cx.emit(Fact::Left(person, Cause::Refusal));
                }
            }
            Event::DisruptionEnds(person, order, transfer) => {
                if is_present(person, order, cx) {
                    cx.emit(Fact::DisruptionEnded(person, transfer));
                }
            }
        }
    }

    /// Checks whether the team is ready for the transfers that wait for it.
    fn month_ended(&mut self, month: u32, cx: &mut Context<'_, Event>) {
        for (transfer, parameters) in listed(cx) {
            let Trigger::Ready(ready) = &parameters.trigger else { continue };
            let index = usize::from(transfer.0);
            self.streaks[index] = if is_ready(ready, cx.team()) { self.streaks[index] + 1 } else { 0 };
            let is_early = f64::from(month) < ready.earliest_month;
            // A transfer that is due before the previous one is complete starts when that is complete.
            if self.streaks[index] >= ready.for_months && !is_early && cx.team().progress(transfer) == Progress::Ahead {
                self.is_due[index] = true;
                self.may_begin = true;
            }
        }
    }

    #[inline(always)]
    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Event>) {
        match fact {
            Fact::OrganisationReady(_) => self.may_begin = true,
            Fact::TransferCompleted(_) | Fact::TransferLapsed(_) => {
                self.current = None;
                self.may_begin = true;
            }
            Fact::Collapsed(_) => self.lapse_transfers(cx),
            Fact::TransferBegan(transfer) => self.begin(transfer, cx),
            Fact::Accepted(person, transfer) => disrupt(person, transfer, cx),
            Fact::Refused(person, transfer) => self.part_with_refuser(person, transfer, cx),
            _ => {}
        }
    }

    #[inline(always)]
    fn rest(&mut self, cx: &mut Context<'_, Event>) {
        if std::mem::take(&mut self.may_begin) {
            self.begin_next(cx);
        }
    }
}

/// Returns the transfers of the list.
fn listed<'a>(cx: &Context<'a, Event>) -> impl Iterator<Item = (TransferId, &'a Table)> + use<'a> {
    (0..).map(TransferId).zip(&cx.strategy().transfers)
}

/// Whether a listed transfer is the first one that has not started, and the one before it is complete.
fn is_next(transfer: TransferId, cx: &Context<'_, Event>) -> bool {
    let is_over = |before: u16| cx.team().progress(TransferId(before)) == Progress::Over;
    cx.team().progress(transfer) == Progress::Ahead && transfer.0.checked_sub(1).is_none_or(is_over)
}

/// Whether every given share holds now. Never while nobody is wanted.
fn is_ready(ready: &Ready, team: &Team) -> bool {
    let holds = |share: Option<f64>, value: f64, of: f64| share.is_none_or(|share| value >= share * of - 1e-9);
    team.wanted() > 0
        && holds(ready.headcount_share, team.headcount().into(), team.wanted().into())
        && holds(ready.effective_share, team.effective_fte(), team.wanted_fte())
        && holds(ready.knowledge_share, team.knowledge(), 1.0)
}

fn is_present(person: PersonId, order: u32, cx: &Context<'_, Event>) -> bool {
    let about = cx.team().person(person);
    about.order == order && about.standing != Standing::Gone
}

fn parameters<'a>(transfer: TransferId, cx: &Context<'a, Event>) -> &'a Table {
    cx.strategy().transfer(transfer.0)
}

fn disrupt(person: PersonId, transfer: TransferId, cx: &mut Context<'_, Event>) {
    let days = parameters(transfer, cx).disruption_days;
    if days > 0.0 {
        let order = cx.team().person(person).order;
        cx.schedule_in(days, Event::DisruptionEnds(person, order, transfer));
    }
}

impl Transfer {
    /// Starts the next transfer if it is due and its receiver is set up. After a rescue, the receiver may already be in
    /// charge. Then there is nothing to hand over.
    fn begin_next(&mut self, cx: &mut Context<'_, Event>) {
        let next = listed(cx).find(|&(transfer, _)| is_next(transfer, cx));
        if let Some((transfer, parameters)) = next
            && self.is_due[usize::from(transfer.0)]
        {
            if parameters.to == cx.team().in_charge() {
                cx.emit(Fact::TransferLapsed(transfer));
            } else if cx.team().is_ready(parameters.to) {
                cx.emit(Fact::TransferBegan(transfer));
            }
        }
    }

    fn fall_due(&mut self, transfer: TransferId, cx: &mut Context<'_, Event>) {
        let is_due = &mut self.is_due[usize::from(transfer.0)];
        if cx.team().progress(transfer) != Progress::Ahead || *is_due {
            return;
        }
        if let Trigger::Ready(Ready { latest: Some(Latest { extends: true, .. }), .. }) = parameters(transfer, cx).trigger {
            cx.emit(Fact::TransferExtended(transfer));
        } else {
            *is_due = true;
            self.may_begin = true;
        }
    }

    /// Lets the rest of the current transfer, and later transfers to the rescuer, lapse because of a rescue.
    fn lapse_transfers(&mut self, cx: &mut Context<'_, Event>) {
        let Some((_, rescue)) = cx.rescue() else { return };
        self.waves.drain(..).for_each(|wave| cx.cancel(wave));
        if let Some(transfer) = self.current.take() {
            cx.emit(Fact::TransferLapsed(transfer));
        }
        for (transfer, parameters) in listed(cx) {
            if parameters.to == rescue.to && cx.team().progress(transfer) == Progress::Ahead {
                cx.emit(Fact::TransferLapsed(transfer));
            }
        }
    }

    fn begin(&mut self, transfer: TransferId, cx: &mut Context<'_, Event>) {
        let parameters = parameters(transfer, cx);
        self.rescues += u32::from(!cx.strategy().is_listed(transfer.0));
        self.current = Some(transfer);
        let of_others = cx.team().staying().filter(|(_, about)| about.employer != parameters.to);
        self.line.clear();
        self.line.extend(of_others.map(|(person, about)| (person, about.order)));
        let joined_day = |person: PersonId| cx.team().person(person).joined_day;
        self.line.sort_unstable_by(|a, b| joined_day(a.0).total_cmp(&joined_day(b.0)).then(a.1.cmp(&b.1)));
        self.reached = 0;
        self.waves.clear();
        self.offer(transfer, 0, cx);
        let waves = u16::try_from(parameters.waves.len()).expect("the number of waves is bounded");
        for wave in 1..waves {
            let ticket = cx.schedule_in(parameters.wave_gap_days * f64::from(wave), Event::Wave(transfer, wave));
            self.waves.push(ticket);
        }
    }

    /// Makes the offers of one wave.
    fn offer(&mut self, transfer: TransferId, wave: u16, cx: &mut Context<'_, Event>) {
        let parameters = parameters(transfer, cx);
        let end = parameters.reach(usize::from(wave), self.line.len());
        // Listed transfers are keyed by their numbers. A rescue has the last number of all, whatever transfers there are,
        // and may recur.
        let (index, again) = if cx.strategy().is_listed(transfer.0) { (transfer.0, 0) } else { (u16::MAX, self.rescues) };
        for &(person, order) in &self.line[self.reached.min(end)..end] {
            let about = cx.team().person(person);
            if about.order != order || about.standing != Standing::Staying {
                continue;
            }
            let acceptance = self.acceptance[usize::from(transfer.0)][usize::from(about.seat.role.0)];
            let [luck, _] = cx.draw_for_person(person, Draw::of(ACCEPTANCE).index(index).attempt(again));
            if luck < acceptance.value() {
                cx.emit(Fact::Accepted(person, transfer));
            } else {
                cx.emit(Fact::Refused(person, transfer));
            }
        }
        self.reached = end;
        if usize::from(wave) + 1 == parameters.waves.len() {
            cx.emit(Fact::TransferCompleted(transfer));
        }
    }

    /// Lets a person who refused leave, at once or after an overlap.
    fn part_with_refuser(&mut self, person: PersonId, transfer: TransferId, cx: &mut Context<'_, Event>) {
        let luck = || cx.draw_for_person(person, Draw::of(OVERLAP).index(transfer.0))[0];
        let days = parameters(transfer, cx).refuser_stays_days.draw(luck);
        if days > 0.0 {
            let order = cx.team().person(person).order;
            cx.schedule_in(days, Event::RefuserLeaves(person, order));
        } else {
            cx.emit(Fact::Left(person, Cause::Refusal));
        }
    }
}
