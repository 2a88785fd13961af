//! Hiring: requisitions take somebody from the bench, or pass the stages of a pipeline, wait for its staff, and fail or
//! bring somebody.

use crate::engine::{Resource, Ticket};
use crate::input::duration::Duration;
use crate::random::{Draw, Purpose};
use crate::world::{
    Brand, Hiring as Table, HiringAfter, OrganisationId, RoleId, Staff, StageTable, Strategy, World, month_instant,
};

use super::fact::{Fact, SeatId, Stage, TransferId};
use super::process::{Context, Process};

/// Length of a stage, and whether its candidate passes: two numbers of one draw, by stage and try.
const STAGE: Purpose = Purpose::named("hiring.stage");
/// Time from the bench to joining, and until there is another on it.
const BENCH: Purpose = Purpose::named("hiring.bench");

/// The pipeline of one organisation, with its samplers spread over the roles.
#[derive(Debug)]
struct Pipeline {
    staff: Vec<Resource<SeatId>>,
    /// Units of each staff at the start.
    capacities: Vec<u32>,
    stages: Vec<StageRule>,
    brand: Option<Brand>,
    /// People of each role on the bench, and at first.
    bench: Vec<u32>,
    full_bench: Vec<u32>,
    /// Requisitions that wait for the organisation to be set up.
    held: Vec<SeatId>,
}

#[derive(Debug)]
struct StageRule {
    takes_days: Vec<Duration>,
    pass: f64,
    staff: Option<usize>,
}

/// How far the requisition of a seat has come.
#[derive(Clone, Copy, Debug)]
struct Progress {
    /// None if somebody from the bench is on their way.
    stage: Option<Stage>,
    ticket: Ticket,
    is_at_work: bool,
    passes: bool,
}

/// The process.
#[derive(Debug)]
pub(super) struct Hiring {
    pipelines: Vec<Option<Pipeline>>,
    ranks: Vec<usize>,
    /// By role and seat.
    progress: Vec<Vec<Option<Progress>>>,
    /// Tries of each stage, by role, seat and stage.
    tries: Vec<Vec<u32>>,
    most_stages: usize,
    /// Whether a unit was freed or a requisition queued since free units were given out.
    may_serve: bool,
    /// Requisitions that go over in a transfer, by order of opening.
    moving: Vec<(u32, SeatId)>,
}

/// What hiring schedules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A stage of the requisition of a seat ends.
    StageEnded(SeatId),
    /// Somebody from the bench is ready to join.
    BenchReady(SeatId),
    /// There is another of a role on the bench of an organisation.
    BenchRefilled(OrganisationId, RoleId),
    /// Staff, by position, comes to the step of its capacity that has this position.
    Capacity(OrganisationId, u16, u16),
}

impl Process for Hiring {
    type Event = Event;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        let pipeline = |table: &Table| Pipeline::new(table, world);
        let stages = |table: &Table| table.stages.len();
        let hiring = || world.organisations.iter().map(|organisation| organisation.hiring.as_ref());
        Self {
            pipelines: hiring().map(|parameters| parameters.map(pipeline)).collect(),
            ranks: world.roles.iter().map(|role| role.rank).collect(),
            progress: world.roles.iter().map(|_| Vec::new()).collect(),
            tries: world.roles.iter().map(|_| Vec::new()).collect(),
            most_stages: hiring().flatten().map(stages).max().unwrap_or(0),
            may_serve: false,
            moving: Vec::new(),
        }
    }

    fn clear(&mut self) {
        self.pipelines.iter_mut().flatten().for_each(Pipeline::clear);
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
                *self.progress_mut(seat) = None;
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

    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Event>) {
        match fact {
            Fact::RequisitionOpened(seat) => {
                self.forget_tries(seat);
                if !self.take_from_bench(seat, cx) {
                    self.enter(seat, Stage { organisation: cx.team().hiring(), index: 0 }, cx);
                }
            }
            Fact::RequisitionCancelled(seat) => self.withdraw(seat, cx),
            Fact::OrganisationReady(organisation) => self.let_in(organisation, cx),
            Fact::TransferBegan(transfer) => self.hand_over(transfer, cx),
            _ => {}
        }
    }

    fn rest(&mut self, cx: &mut Context<'_, Event>) {
        if !std::mem::take(&mut self.may_serve) {
            return;
        }
        for organisation in 0..self.pipelines.len() {
            for staff in 0..self.pipelines[organisation].as_ref().map_or(0, |pipeline| pipeline.staff.len()) {
                while let Some(seat) = self.next_for(organisation, staff) {
                    self.begin(seat, cx);
                }
            }
        }
    }
}

impl Hiring {
    fn end_stage(&mut self, seat: SeatId, cx: &mut Context<'_, Event>) {
        let Some(Progress { stage: Some(stage), passes, .. }) = self.progress_mut(seat).take() else { return };
        let Some(pipeline) = self.pipeline(stage.organisation) else { return };
        let is_last = usize::from(stage.index) + 1 == pipeline.stages.len();
        pipeline.release(stage);
        self.may_serve = true;
        if !passes {
            cx.emit(Fact::CandidateFailed(seat, stage));
            let hiring = cx.team().hiring();
            if hiring != stage.organisation {
                cx.emit(Fact::RequisitionMoved(seat, hiring));
            }
            self.enter(seat, Stage { organisation: hiring, index: 0 }, cx);
        } else if is_last {
            cx.emit(Fact::Joined(seat));
        } else {
            self.enter(seat, Stage { index: stage.index + 1, ..stage }, cx);
        }
    }

    fn change_capacity(&mut self, organisation: OrganisationId, staff: u16, step: u16, cx: &mut Context<'_, Event>) {
        let hiring = cx.organisation(organisation).hiring.as_ref();
        let steps = hiring.and_then(|hiring| hiring.staff.get(usize::from(staff))).map(|staff| &staff.steps);
        let Some((_, capacity)) = steps.and_then(|steps| steps.iter().nth(usize::from(step))) else { return };
        let Some(pipeline) = self.pipeline(organisation) else { return };
        pipeline.staff[usize::from(staff)].set_capacity(capacity.units);
        self.may_serve = true;
        cx.emit(Fact::CapacityChanged(organisation, staff, capacity.units));
    }

    /// A requisition that has just opened takes somebody from the bench, if there is somebody.
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
        *self.progress_mut(seat) = Some(Progress { stage: None, ticket, is_at_work: true, passes: true });
        cx.emit(Fact::BenchTaken(seat, organisation));
        true
    }

    /// Requisitions that have waited for an organisation to be set up come in.
    fn let_in(&mut self, organisation: OrganisationId, cx: &mut Context<'_, Event>) {
        let Some(pipeline) = self.pipeline(organisation) else { return };
        let mut held = std::mem::take(&mut pipeline.held);
        for seat in held.drain(..) {
            self.enter(seat, Stage { organisation, index: 0 }, cx);
        }
        if let Some(pipeline) = self.pipeline(organisation) {
            pipeline.held = held;
        }
    }

    fn pipeline(&mut self, organisation: OrganisationId) -> Option<&mut Pipeline> {
        self.pipelines[usize::from(organisation.0)].as_mut()
    }

    fn next_for(&mut self, organisation: usize, staff: usize) -> Option<SeatId> {
        self.pipelines[organisation].as_mut()?.staff[staff].seize_next()
    }

    fn progress_mut(&mut self, seat: SeatId) -> &mut Option<Progress> {
        let seats = &mut self.progress[usize::from(seat.role.0)];
        let number = seat.number as usize;
        if number >= seats.len() {
            seats.resize(number + 1, None);
        }
        &mut seats[number]
    }

    fn forget_tries(&mut self, seat: SeatId) {
        let tries = &mut self.tries[usize::from(seat.role.0)];
        let first = seat.number as usize * self.most_stages;
        let end = first + self.most_stages;
        if end > tries.len() {
            tries.resize(end, 0);
        }
        tries[first..end].fill(0);
    }

    fn count_try(&mut self, seat: SeatId, stage: Stage) -> u32 {
        let index = seat.number as usize * self.most_stages + usize::from(stage.index);
        let tries = &mut self.tries[usize::from(seat.role.0)][index];
        *tries += 1;
        *tries
    }

    /// A requisition comes to a stage: it waits for staff, or work begins at once if the stage uses none.
    fn enter(&mut self, seat: SeatId, stage: Stage, cx: &mut Context<'_, Event>) {
        let rank = self.ranks[usize::from(seat.role.0)];
        let progress = Progress { stage: Some(stage), ticket: Ticket::NONE, is_at_work: false, passes: false };
        *self.progress_mut(seat) = Some(progress);
        let is_held = stage.index == 0 && !cx.team().is_ready(stage.organisation);
        // Without a pipeline the requisition stays open.
        let Some(pipeline) = self.pipeline(stage.organisation) else { return };
        if is_held {
            pipeline.held.push(seat);
            return;
        }
        match pipeline.stages[usize::from(stage.index)].staff {
            Some(staff) => {
                pipeline.staff[staff].queue(rank, seat);
                self.may_serve = true;
                cx.emit(Fact::StageQueued(seat, stage));
            }
            None => self.begin(seat, cx),
        }
    }

    fn begin(&mut self, seat: SeatId, cx: &mut Context<'_, Event>) {
        let Some(Progress { stage: Some(stage), .. }) = *self.progress_mut(seat) else { return };
        let attempt = self.count_try(seat, stage);
        let [length, luck] = cx.draw_for_requisition(seat, Draw::of(STAGE).index(stage.index).attempt(attempt));
        let Some(pipeline) = self.pipeline(stage.organisation) else { return };
        let rule = &pipeline.stages[usize::from(stage.index)];
        let mut days = rule.takes_days[usize::from(seat.role.0)].quantile(length);
        if let Some(brand) = pipeline.brand.filter(|_| stage.index == 0) {
            days *= brand.factor(cx.team().joined(stage.organisation));
        }
        let passes = luck < rule.pass;
        let ticket = cx.schedule_in(days, Event::StageEnded(seat));
        *self.progress_mut(seat) = Some(Progress { stage: Some(stage), ticket, is_at_work: true, passes });
        cx.emit(Fact::StageBegan(seat, stage));
    }

    /// Requisitions in their first stage or waiting for it go to the receiver's first queue, in the order of opening.
    fn hand_over(&mut self, transfer: TransferId, cx: &mut Context<'_, Event>) {
        let parameters = cx.strategy().transfer(transfer.0);
        if parameters.hiring_after == HiringAfter::Sender {
            return;
        }
        let mut moving = std::mem::take(&mut self.moving);
        moving.clear();
        for (seat, requisition) in cx.team().requisitions() {
            let stage = self.progress_mut(seat).and_then(|progress| progress.stage);
            if stage.is_some_and(|stage| stage.index == 0 && stage.organisation != parameters.to) {
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
        let Some(progress) = self.progress_mut(seat).take() else { return };
        let rank = self.ranks[usize::from(seat.role.0)];
        cx.cancel(progress.ticket);
        self.may_serve = true;
        let Some(stage) = progress.stage else { return };
        let Some(pipeline) = self.pipeline(stage.organisation) else { return };
        if progress.is_at_work {
            pipeline.release(stage);
        } else if let Some(position) = pipeline.held.iter().position(|&held| held == seat) {
            pipeline.held.remove(position);
        } else if let Some(staff) = pipeline.stages[usize::from(stage.index)].staff {
            pipeline.staff[staff].renege(rank, seat);
        }
    }
}

impl Pipeline {
    fn new(table: &Table, world: &World) -> Self {
        let stage = |stage: &StageTable| StageRule {
            takes_days: stage.takes_days_by_role.spread(world.roles.len(), &stage.takes_days),
            pass: stage.pass,
            staff: stage.staff,
        };
        let at_first = |staff: &Staff| staff.steps.at(0.0).map_or(0, |capacity| capacity.units);
        let capacities: Vec<u32> = table.staff.iter().map(at_first).collect();
        let stock = table.bench.as_ref().map(|bench| bench.stock.spread(world.roles.len(), &0));
        let full_bench = stock.unwrap_or_else(|| vec![0; world.roles.len()]);
        Self {
            staff: capacities.iter().map(|&capacity| Resource::new(capacity, world.ranks())).collect(),
            stages: table.stages.iter().map(stage).collect(),
            capacities,
            brand: table.brand,
            bench: full_bench.clone(),
            full_bench,
            held: Vec::new(),
        }
    }

    fn clear(&mut self) {
        for (staff, &capacity) in self.staff.iter_mut().zip(&self.capacities) {
            staff.clear(capacity);
        }
        self.bench.copy_from_slice(&self.full_bench);
        self.held.clear();
    }

    fn release(&mut self, stage: Stage) {
        if let Some(staff) = self.stages[usize::from(stage.index)].staff {
            self.staff[staff].release();
        }
    }
}
