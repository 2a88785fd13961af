//! Hiring: a requisition takes a person from the bench, or passes the stages of a pipeline. There it waits for staff, and
//! fails or brings a person.

mod stages;

use crate::engine::{Place, Ticket};
use crate::random::{Draw, Purpose};
use crate::world::{Brand, Hiring as Table, HiringAfter, OrganisationId, RoleId, Strategy, World, month_instant};

use super::fact::{Fact, SeatId, Stage, TransferId};
use super::process::{Context, Process};
use stages::{AllStaff, Rule, Stages};

/// Length of a stage, and whether its candidate passes: the two numbers of one draw, by stage and try.
const STAGE: Purpose = Purpose::named("hiring.stage");
/// Time from the bench to joining, and time until a replacement is on the bench.
const BENCH: Purpose = Purpose::named("hiring.bench");

/// The state of an organisation's pipeline, except for its stages.
#[derive(Debug)]
struct Pipeline {
    brand: Option<Brand>,
    /// People of each role on the bench now, and at the start.
    bench: Vec<u32>,
    full_bench: Vec<u32>,
    /// Requisitions that wait for the organisation to be set up. A withdrawn one leaves a gap.
    held: Vec<Option<SeatId>>,
}

/// The state of an open requisition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nowhere: there is none, or its organisation has no pipeline.
    Nowhere,
    /// It waits, at this position, for the organisation to be set up.
    Held(usize),
    /// It waits for staff.
    Queued(Place),
    /// Work on it is under way.
    AtWork(Ticket),
    /// A person from the bench is about to join.
    FromBench(Ticket),
}

/// The progress of a seat's requisition.
#[derive(Clone, Copy, Debug)]
struct Progress {
    stage: Stage,
    state: State,
    /// Whether the candidate of the current stage will pass.
    passes: bool,
}

/// The process of hiring.
#[derive(Debug)]
pub(super) struct Hiring {
    pipelines: Vec<Option<Pipeline>>,
    stages: Stages,
    staff: AllStaff,
    ranks: Vec<usize>,
    /// By role and seat.
    progress: Vec<Vec<Progress>>,
    /// Tries of each stage, by role, seat and stage.
    tries: Vec<Vec<u32>>,
    /// Whether a unit was freed or a requisition queued since free units were last assigned.
    may_serve: bool,
    /// The requisitions that move in a transfer, with their order of opening.
    moving: Vec<(u32, SeatId)>,
}

/// An event of hiring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A stage of a seat's requisition ends.
    StageEnded(SeatId),
    /// A person from the bench is ready to join.
    BenchReady(SeatId),
    /// The bench of an organisation gets a replacement of a role.
    BenchRefilled(OrganisationId, RoleId),
    /// Staff, by position, reaches the step of its capacity with this position.
    Capacity(OrganisationId, u16, u16),
}

impl Process for Hiring {
    type Event = Event;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        let hiring = world.organisations.iter().map(|organisation| organisation.hiring.as_ref());
        Self {
            pipelines: hiring.map(|table| table.map(|table| Pipeline::new(table, world))).collect(),
            stages: Stages::new(world),
            staff: AllStaff::new(world),
            ranks: world.roles.iter().map(|role| role.rank).collect(),
            progress: world.roles.iter().map(|_| Vec::new()).collect(),
            tries: world.roles.iter().map(|_| Vec::new()).collect(),
            may_serve: false,
            moving: Vec::new(),
        }
    }

    fn clear(&mut self) {
        self.pipelines.iter_mut().flatten().for_each(Pipeline::clear);
        self.staff.clear();
        self.may_serve = false;
        self.progress.iter_mut().for_each(Vec::clear);
        self.tries.iter_mut().for_each(Vec::clear);
    }

    fn start(&mut self, cx: &mut Context<'_, Event>) {
        for (organisation, about) in (0..).map(OrganisationId).zip(&cx.world().organisations) {
            let staff = about.hiring.iter().flat_map(|hiring| (0..).zip(&hiring.staff));
            for (position, staff) in staff {
                for (step, (month, _)) in (0..).zip(staff.steps.iter()).filter(|&(_, (month, _))| month > 0.0) {
                    cx.schedule_at(month_instant(month), Event::Capacity(organisation, position, step));
                }
            }
        }
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Event>) {
        match event {
            Event::StageEnded(seat) => self.end_stage(seat, cx),
            Event::BenchReady(seat) => {
                self.progress_mut(seat).state = State::Nowhere;
                cx.emit(Fact::Joined(seat));
            }
            Event::BenchRefilled(organisation, role) => {
                if let Some(pipeline) = self.pipeline(organisation) {
                    pipeline.bench[usize::from(role.0)] += 1;
                    cx.emit(Fact::BenchRefilled(organisation, role));
                }
            }
            Event::Capacity(organisation, staff, step) => self.change_capacity(organisation, staff, step, cx),
        }
    }

    #[inline(always)]
    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Event>) {
        match fact {
            Fact::RequisitionOpened(seat) => {
                self.open(seat);
                if !self.take_from_bench(seat, cx) {
                    self.enter(seat, Stage { organisation: cx.team().hiring(), index: 0 }, cx);
                }
            }
            Fact::RequisitionCancelled(seat) => self.withdraw(seat, cx),
            Fact::OrganisationReady(organisation) => self.admit_held(organisation, cx),
            Fact::TransferBegan(transfer) => self.hand_over(transfer, cx),
            _ => {}
        }
    }

    #[inline(always)]
    fn rest(&mut self, cx: &mut Context<'_, Event>) {
        if std::mem::take(&mut self.may_serve) {
            self.assign_units(cx);
        }
    }
}

impl Hiring {
    /// Assigns free units of staff to the next requisitions in line.
    fn assign_units(&mut self, cx: &mut Context<'_, Event>) {
        for staff in 0..self.staff.units.len() {
            while let Some(seat) = self.staff.units[staff].seize_next() {
                self.begin(seat, cx);
            }
        }
    }

    fn end_stage(&mut self, seat: SeatId, cx: &mut Context<'_, Event>) {
        let progress = self.progress_mut(seat);
        progress.state = State::Nowhere;
        let Progress { stage, passes, .. } = *progress;
        let rule = self.stages.rule(stage);
        self.release(rule);
        if !passes {
            cx.emit(Fact::CandidateFailed(seat, stage));
            let hiring = cx.team().hiring();
            if hiring != stage.organisation {
                cx.emit(Fact::RequisitionMoved(seat, hiring));
            }
            self.enter(seat, Stage { organisation: hiring, index: 0 }, cx);
        } else if rule.is_last {
            cx.emit(Fact::Joined(seat));
        } else {
            self.enter(seat, Stage { index: stage.index + 1, ..stage }, cx);
        }
    }

    fn change_capacity(&mut self, organisation: OrganisationId, staff: u16, step: u16, cx: &mut Context<'_, Event>) {
        let hiring = cx.organisation(organisation).hiring.as_ref();
        let steps = hiring.and_then(|hiring| hiring.staff.get(usize::from(staff))).map(|staff| &staff.steps);
        let Some((_, capacity)) = steps.and_then(|steps| steps.iter().nth(usize::from(step))) else { return };
        self.staff.of(organisation, staff).set_capacity(capacity.units);
        self.may_serve = true;
        cx.emit(Fact::CapacityChanged(organisation, staff, capacity.units));
    }

    /// Fills a new requisition from the bench, if possible. Returns whether it did.
    fn take_from_bench(&mut self, seat: SeatId, cx: &mut Context<'_, Event>) -> bool {
        let organisation = cx.team().hiring();
        let Some(bench) = cx.organisation(organisation).hiring.as_ref().and_then(|hiring| hiring.bench.as_ref()) else {
            return false;
        };
        let stock = self.pipeline(organisation).map(|pipeline| &mut pipeline.bench[usize::from(seat.role.0)]);
        let Some(stock) = stock.filter(|stock| **stock > 0) else { return false };
        *stock -= 1;
        let [ready, refill] = cx.draw_for_requisition(seat, Draw::of(BENCH));
        let ticket = cx.schedule_in(bench.ready_days.draw(|| ready), Event::BenchReady(seat));
        cx.schedule_in(bench.refill_days.draw(|| refill), Event::BenchRefilled(organisation, seat.role));
        self.progress_mut(seat).state = State::FromBench(ticket);
        cx.emit(Fact::BenchTaken(seat, organisation));
        true
    }

    /// Admits the requisitions that waited for an organisation to be set up.
    fn admit_held(&mut self, organisation: OrganisationId, cx: &mut Context<'_, Event>) {
        let Some(pipeline) = self.pipeline(organisation) else { return };
        let mut held = std::mem::take(&mut pipeline.held);
        for seat in held.drain(..).flatten() {
            self.enter(seat, Stage { organisation, index: 0 }, cx);
        }
        if let Some(pipeline) = self.pipeline(organisation) {
            pipeline.held = held;
        }
    }

    fn pipeline(&mut self, organisation: OrganisationId) -> Option<&mut Pipeline> {
        self.pipelines[usize::from(organisation.0)].as_mut()
    }

    #[inline]
    fn progress_mut(&mut self, seat: SeatId) -> &mut Progress {
        &mut self.progress[usize::from(seat.role.0)][seat.number as usize]
    }

    /// Frees the unit of staff that worked in a stage.
    #[inline]
    fn release(&mut self, rule: Rule) {
        if let Some(staff) = rule.staff {
            self.staff.units[staff].release();
            self.may_serve = true;
        }
    }

    /// Resets the progress and the tries of a requisition that opens.
    fn open(&mut self, seat: SeatId) {
        let (role, number) = (usize::from(seat.role.0), seat.number as usize);
        let stage = Stage { organisation: OrganisationId(0), index: 0 };
        let progress = Progress { stage, state: State::Nowhere, passes: false };
        let (seats, tries) = (&mut self.progress[role], &mut self.tries[role]);
        if number >= seats.len() {
            seats.resize(number + 1, progress);
            tries.resize((number + 1) * self.stages.most(), 0);
        }
        seats[number] = progress;
        tries[number * self.stages.most()..][..self.stages.most()].fill(0);
    }

    /// Moves a requisition to a stage: it waits for staff, or work starts at once if the stage uses none.
    fn enter(&mut self, seat: SeatId, stage: Stage, cx: &mut Context<'_, Event>) {
        let is_ready = stage.index > 0 || cx.team().is_ready(stage.organisation);
        let staff = self.stages.rule(stage).staff;
        self.progress_mut(seat).stage = stage;
        if !is_ready {
            if let Some(pipeline) = self.pipeline(stage.organisation) {
                pipeline.held.push(Some(seat));
                let place = pipeline.held.len() - 1;
                self.progress_mut(seat).state = State::Held(place);
            }
        } else if let Some(staff) = staff {
            let place = self.staff.units[staff].queue(self.ranks[usize::from(seat.role.0)], seat);
            self.progress_mut(seat).state = State::Queued(place);
            self.may_serve = true;
            cx.emit(Fact::StageQueued(seat, stage));
        } else if self.pipelines[usize::from(stage.organisation.0)].is_some() {
            self.begin(seat, cx);
        }
        // Without a pipeline, the requisition stays open and in no stage.
    }

    fn begin(&mut self, seat: SeatId, cx: &mut Context<'_, Event>) {
        let role = usize::from(seat.role.0);
        let progress = &mut self.progress[role][seat.number as usize];
        let stage = progress.stage;
        let tries = &mut self.tries[role][seat.number as usize * self.stages.most() + usize::from(stage.index)];
        *tries += 1;
        let [length, luck] = cx.draw_for_requisition(seat, Draw::of(STAGE).index(stage.index).attempt(*tries));
        let mut days = self.stages.takes_days(stage, seat.role).quantile(length);
        if stage.index == 0
            && let Some(brand) =
                self.pipelines[usize::from(stage.organisation.0)].as_ref().and_then(|pipeline| pipeline.brand)
        {
            days *= brand.factor(cx.team().joined(stage.organisation));
        }
        progress.passes = luck < self.stages.rule(stage).pass;
        progress.state = State::AtWork(cx.schedule_in(days, Event::StageEnded(seat)));
        cx.emit(Fact::StageBegan(seat, stage));
    }

    /// Moves requisitions in their first stage, or waiting for it, to the receiver's first stage, in order of opening.
    fn hand_over(&mut self, transfer: TransferId, cx: &mut Context<'_, Event>) {
        let parameters = cx.strategy().transfer(transfer.0);
        if parameters.hiring_after == HiringAfter::Sender {
            return;
        }
        let mut moving = std::mem::take(&mut self.moving);
        moving.clear();
        for (seat, requisition) in cx.team().requisitions() {
            let Progress { stage, state, .. } = *self.progress_mut(seat);
            if !matches!(state, State::FromBench(_)) && stage.index == 0 && stage.organisation != parameters.to {
                moving.push((requisition.order, seat));
            }
        }
        moving.sort_unstable();
        for &(_, seat) in &moving {
            self.withdraw(seat, cx);
        }
        for &(_, seat) in &moving {
            cx.emit(Fact::RequisitionMoved(seat, parameters.to));
            self.enter(seat, Stage { organisation: parameters.to, index: 0 }, cx);
        }
        self.moving = moving;
    }

    /// Takes a requisition out of the stage that it is in or waits for.
    fn withdraw(&mut self, seat: SeatId, cx: &mut Context<'_, Event>) {
        let progress = self.progress_mut(seat);
        let Progress { stage, state, .. } = *progress;
        progress.state = State::Nowhere;
        match state {
            State::Nowhere => {}
            State::FromBench(ticket) => cx.cancel(ticket),
            State::AtWork(ticket) => {
                cx.cancel(ticket);
                self.release(self.stages.rule(stage));
            }
            State::Queued(place) => {
                if let Some(staff) = self.stages.rule(stage).staff {
                    self.staff.units[staff].renege(self.ranks[usize::from(seat.role.0)], place);
                }
            }
            State::Held(place) => {
                if let Some(pipeline) = self.pipeline(stage.organisation) {
                    pipeline.held[place] = None;
                }
            }
        }
    }
}

impl Pipeline {
    fn new(table: &Table, world: &World) -> Self {
        let stock = table.bench.as_ref().map(|bench| bench.stock.spread(world.roles.len(), &0));
        let full_bench = stock.unwrap_or_else(|| vec![0; world.roles.len()]);
        Self { brand: table.brand, bench: full_bench.clone(), full_bench, held: Vec::new() }
    }

    fn clear(&mut self) {
        self.bench.copy_from_slice(&self.full_bench);
        self.held.clear();
    }
}
