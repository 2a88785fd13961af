//! Hiring: requisitions pass the stages of a pipeline, wait for its staff, and fail or bring somebody.

use crate::engine::{Resource, Ticket};
use crate::input::duration::Duration;
use crate::random::{Draw, Purpose};
use crate::world::{Hiring as Table, HiringAfter, OrganisationId, StageTable, Strategy, World};

use super::fact::{Fact, SeatId, Stage, TransferId};
use super::process::{Context, Process};

/// Length of a stage, and whether its candidate passes: two numbers of one draw, by stage and try.
const STAGE: Purpose = Purpose::named("hiring.stage");

/// The pipeline of one organisation, with its samplers spread over the roles.
#[derive(Debug)]
struct Pipeline {
    staff: Vec<Resource<SeatId>>,
    capacities: Vec<u32>,
    stages: Vec<StageRule>,
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
    stage: Stage,
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

/// A stage of the requisition of a seat ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StageEnded(SeatId);

impl Process for Hiring {
    type Event = StageEnded;

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

    fn start(&mut self, _cx: &mut Context<'_, StageEnded>) {}

    fn handle(&mut self, StageEnded(seat): StageEnded, cx: &mut Context<'_, StageEnded>) {
        let Some(Progress { stage, passes, .. }) = self.progress_mut(seat).take() else { return };
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

    fn react(&mut self, fact: Fact, cx: &mut Context<'_, StageEnded>) {
        match fact {
            Fact::RequisitionOpened(seat) => {
                self.forget_tries(seat);
                self.enter(seat, Stage { organisation: cx.team().hiring(), index: 0 }, cx);
            }
            Fact::TransferBegan(transfer) => self.hand_over(transfer, cx),
            _ => {}
        }
    }

    fn rest(&mut self, cx: &mut Context<'_, StageEnded>) {
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
    fn enter(&mut self, seat: SeatId, stage: Stage, cx: &mut Context<'_, StageEnded>) {
        let rank = self.ranks[usize::from(seat.role.0)];
        let progress = Progress { stage, ticket: Ticket::NONE, is_at_work: false, passes: false };
        *self.progress_mut(seat) = Some(progress);
        // Without a pipeline the requisition stays open.
        let Some(pipeline) = self.pipeline(stage.organisation) else { return };
        match pipeline.stages[usize::from(stage.index)].staff {
            Some(staff) => {
                pipeline.staff[staff].queue(rank, seat);
                self.may_serve = true;
                cx.emit(Fact::StageQueued(seat, stage));
            }
            None => self.begin(seat, cx),
        }
    }

    fn begin(&mut self, seat: SeatId, cx: &mut Context<'_, StageEnded>) {
        let Some(Progress { stage, .. }) = *self.progress_mut(seat) else { return };
        let attempt = self.count_try(seat, stage);
        let [length, luck] = cx.draw_for_requisition(seat, Draw::of(STAGE).index(stage.index).attempt(attempt));
        let Some(pipeline) = self.pipeline(stage.organisation) else { return };
        let rule = &pipeline.stages[usize::from(stage.index)];
        let days = rule.takes_days[usize::from(seat.role.0)].quantile(length);
        let passes = luck < rule.pass;
        let ticket = cx.schedule_in(days, StageEnded(seat));
        *self.progress_mut(seat) = Some(Progress { stage, ticket, is_at_work: true, passes });
        cx.emit(Fact::StageBegan(seat, stage));
    }

    /// Requisitions in their first stage or waiting for it go to the receiver's first queue, in the order of opening.
    fn hand_over(&mut self, transfer: TransferId, cx: &mut Context<'_, StageEnded>) {
        let parameters = &cx.strategy().transfers[usize::from(transfer.0)];
        if parameters.hiring_after == HiringAfter::Sender {
            return;
        }
        let mut moving = std::mem::take(&mut self.moving);
        moving.clear();
        for (seat, requisition) in cx.team().requisitions() {
            let stage = self.progress_mut(seat).map(|progress| progress.stage);
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
    fn withdraw(&mut self, seat: SeatId, cx: &mut Context<'_, StageEnded>) {
        let Some(progress) = self.progress_mut(seat).take() else { return };
        let rank = self.ranks[usize::from(seat.role.0)];
        cx.cancel(progress.ticket);
        self.may_serve = true;
        if let Some(pipeline) = self.pipeline(progress.stage.organisation) {
            if progress.is_at_work {
                pipeline.release(progress.stage);
            } else if let Some(staff) = pipeline.stages[usize::from(progress.stage.index)].staff {
                pipeline.staff[staff].renege(rank, seat);
            }
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
        let capacities: Vec<u32> = table.staff.iter().map(|staff| staff.capacity).collect();
        Self {
            staff: capacities.iter().map(|&capacity| Resource::new(capacity, world.ranks())).collect(),
            stages: table.stages.iter().map(stage).collect(),
            capacities,
        }
    }

    fn clear(&mut self) {
        for (staff, &capacity) in self.staff.iter_mut().zip(&self.capacities) {
            staff.clear(capacity);
        }
    }

    fn release(&mut self, stage: Stage) {
        if let Some(staff) = self.stages[usize::from(stage.index)].staff {
            self.staff[staff].release();
        }
    }
}
