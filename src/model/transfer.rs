//! Transfer: control and people go over to another organisation, in waves.

use crate::input::Value;
use crate::input::number::Probability;
use crate::random::{Draw, Purpose};
use crate::world::{Strategy, Transfer as Table, World, month_instant};

use super::fact::{Cause, Fact, PersonId, TransferId};
use super::process::{Context, Process};
use super::team::Standing;

const ACCEPTANCE: Purpose = Purpose::named("transfer.acceptance");
const OVERLAP: Purpose = Purpose::named("transfer.overlap");

/// The process.
#[derive(Debug)]
pub(super) struct Transfer {
    /// A transfer that has fallen due before its receiver was set up.
    delayed: Option<TransferId>,
    /// Who was staying at the first wave, longest tenure first; with their order of joining, as ids are used again.
    line: Vec<(PersonId, u32)>,
    /// How many of the line the waves so far have reached.
    reached: usize,
    acceptance: Vec<Vec<Probability>>,
}

/// What transfers schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A transfer falls due.
    Due(TransferId),
    /// A wave after the first.
    Wave(TransferId, u16),
    /// Somebody who has refused leaves.
    RefuserLeaves(PersonId),
    /// The disruption is over for whoever had this place in the order of joining.
    DisruptionEnds(PersonId, u32, TransferId),
}

impl Process for Transfer {
    type Event = Event;

    fn new(world: &World, strategy: &Strategy) -> Self {
        let acceptance = |p: &Table| {
            let other = Probability::new(p.acceptance).unwrap_or(Probability::stand_in());
            p.acceptance_by_role.spread(world.roles.len(), &other)
        };
        Self { delayed: None, line: Vec::new(), reached: 0, acceptance: strategy.transfers.iter().map(acceptance).collect() }
    }

    fn clear(&mut self) {
        self.delayed = None;
        self.line.clear();
        self.reached = 0;
    }

    fn start(&mut self, cx: &mut Context<'_, Event>) {
        if let Some(first) = cx.strategy().transfers.first() {
            cx.schedule_at(month_instant(first.month), Event::Due(TransferId(0)));
        }
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Event>) {
        match event {
            Event::Due(transfer) if cx.team().is_ready(parameters(transfer, cx).to) => {
                cx.emit(Fact::TransferBegan(transfer))
            }
            Event::Due(transfer) => self.delayed = Some(transfer),
            Event::Wave(transfer, wave) => self.offer(transfer, wave, cx),
            Event::RefuserLeaves(person) => cx.emit(Fact::Left(person, Cause::Refusal)),
            Event::DisruptionEnds(person, order, transfer) => {
                let about = cx.team().person(person);
                if about.order == order && about.standing != Standing::Gone {
                    cx.emit(Fact::DisruptionEnded(person, transfer));
                }
            }
        }
    }

    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Event>) {
        match fact {
            Fact::OrganisationReady(organisation) => {
                if let Some(transfer) = self.delayed.take_if(|transfer| parameters(*transfer, cx).to == organisation) {
                    cx.emit(Fact::TransferBegan(transfer));
                }
            }
            Fact::TransferBegan(transfer) => self.begin(transfer, cx),
            Fact::Accepted(person, transfer) => disrupt(person, transfer, cx),
            Fact::Refused(person, transfer) => self.see_off(person, transfer, cx),
            _ => {}
        }
    }
}

fn parameters<'a>(transfer: TransferId, cx: &Context<'a, Event>) -> &'a Table {
    &cx.strategy().transfers[usize::from(transfer.0)]
}

fn disrupt(person: PersonId, transfer: TransferId, cx: &mut Context<'_, Event>) {
    let days = parameters(transfer, cx).disruption_days;
    if days > 0.0 {
        let order = cx.team().person(person).order;
        cx.schedule_in(days, Event::DisruptionEnds(person, order, transfer));
    }
}

impl Transfer {
    fn begin(&mut self, transfer: TransferId, cx: &mut Context<'_, Event>) {
        // The order of joining is the order of tenure, and settles its ties.
        self.line.clear();
        self.line.extend(cx.team().staying().map(|(person, about)| (person, about.order)));
        self.line.sort_unstable_by_key(|&(_, order)| order);
        self.reached = 0;
        self.offer(transfer, 0, cx);
        let waves = u16::try_from(parameters(transfer, cx).waves.len()).expect("the number of waves is bounded");
        for wave in 1..waves {
            cx.schedule_in(parameters(transfer, cx).wave_gap_days * f64::from(wave), Event::Wave(transfer, wave));
        }
    }

    /// Makes the offers of one wave.
    fn offer(&mut self, transfer: TransferId, wave: u16, cx: &mut Context<'_, Event>) {
        let parameters = parameters(transfer, cx);
        let end = parameters.reach(usize::from(wave), self.line.len());
        for &(person, order) in &self.line[self.reached.min(end)..end] {
            let about = cx.team().person(person);
            if about.order != order || about.standing != Standing::Staying {
                continue;
            }
            let acceptance = self.acceptance[usize::from(transfer.0)][usize::from(about.seat.role.0)];
            let [luck, _] = cx.draw_for_person(person, Draw::of(ACCEPTANCE).index(transfer.0));
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

    /// A refuser leaves, at once or after an overlap.
    fn see_off(&mut self, person: PersonId, transfer: TransferId, cx: &mut Context<'_, Event>) {
        let luck = || cx.draw_for_person(person, Draw::of(OVERLAP).index(transfer.0))[0];
        let days = parameters(transfer, cx).refuser_stays_days.draw(luck);
        if days > 0.0 {
            cx.schedule_in(days, Event::RefuserLeaves(person));
        } else {
            cx.emit(Fact::Left(person, Cause::Refusal));
        }
    }
}
