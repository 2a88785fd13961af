//! Hiring: requisitions pass the stages of a pipeline, wait for its staff, and fail or bring somebody.

use crate::engine::{Resource, Ticket};
use crate::input::duration::Duration;
use crate::input::number::{Factor, Probability, Whole};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};
use crate::random::{Draw, Purpose};
use serde_json::{Value as Json, json};

use super::fact::{Fact, OrganisationId, SeatId, Stage, TransferId};
use super::process::{Context, Process};
use super::transfer::HiringAfter;
use super::world::{ByRole, Strategy, World};

/// Length of a stage, and whether its candidate passes: two numbers of one draw, by stage and try.
const STAGE: Purpose = Purpose::named("hiring.stage");

/// Candidates that may begin for each who joins, on average: beyond, hiring would never end for practical purposes.
const CANDIDATES_AT_MOST: f64 = 1e6;

/// Most stages that a pipeline may have.
const STAGES_AT_MOST: usize = 64;

/// `[organisation.X.hiring]`.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// Staff that stages use: names and how many requisitions they can work on at once.
    pub staff: Vec<Staff>,
    /// The stages, in order.
    pub stages: Vec<StageParameters>,
}

/// Staff of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Staff {
    /// Its name, e.g. `recruiters`.
    pub name: String,
    /// Requisitions that all of it can work on at once.
    pub capacity: u32,
}

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub struct StageParameters {
    /// Its name.
    pub name: String,
    /// How long it takes.
    pub takes_days: Duration,
    /// How long it takes for some roles.
    pub takes_days_by_role: ByRole<Duration>,
    /// Probability that the candidate passes.
    pub pass: f64,
    /// The staff of which it holds one unit, by name.
    uses: Option<String>,
    /// The staff of which it holds one unit, by position.
    pub staff: Option<usize>,
}

impl Table for Parameters {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        fields.not_yet(&["brand", "bench", "bench_ready_days", "bench_refill_days"]);
        let StaffTable(staff) = fields
            .optional_or("staff", "no staff", "named capacities that stages use, e.g. { recruiters = 6 }")
            .unwrap_or_default();
        let mut stages: Vec<StageParameters> =
            fields.required("stages", "the stages that a requisition passes, in order, until somebody joins");
        if (stages.is_empty() && fields.has("stages")) || stages.len() > STAGES_AT_MOST {
            let message = format!("{} stages found, expected 1 to {STAGES_AT_MOST}", stages.len());
            fields.refuse("stages", message, None);
        }
        let candidates: f64 = stages.iter().map(|stage| 1.0 / stage.pass).product();
        if candidates.is_finite() && candidates > CANDIDATES_AT_MOST {
            let message =
                format!("{candidates:.3e} candidates would begin for each who joins, expected {CANDIDATES_AT_MOST} at most");
            fields.refuse("stages", message, Some("raise `pass` of the stages".into()));
        }
        for (index, stage) in stages.iter_mut().enumerate() {
            stage.staff = match_staff(stage, index, &staff, fields);
        }
        Self { staff, stages }
    }
}

/// The position of the staff that a stage uses, which must exist and have a capacity.
fn match_staff(stage: &StageParameters, index: usize, staff: &[Staff], fields: &mut Fields<'_, '_>) -> Option<usize> {
    let uses = stage.uses.as_deref()?;
    let position = staff.iter().position(|staff| staff.name == uses);
    match position.map(|position| staff[position].capacity) {
        None => {
            let names: Vec<&str> = staff.iter().map(|staff| staff.name.as_str()).collect();
            let help = crate::input::diagnostic::name_help(uses, &names);
            fields.refuse_item(("stages", index, "uses"), format!("there is no staff named {uses:?}"), help);
        }
        Some(0) => {
            let message = format!("staff {uses:?} has a capacity of 0: the stage can never begin");
            fields.refuse_item(("stages", index, "uses"), message, None);
        }
        Some(_) => {}
    }
    position
}

impl Table for StageParameters {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let pass: Probability = fields
            .optional_or("pass", "1", "probability that the candidate passes; who fails returns to the first stage")
            .unwrap_or_else(Probability::stand_in);
        if pass.value() <= 0.0 {
            fields.refuse("pass", "0 means that the stage can never be passed: expected more than 0, up to 1", None);
        }
        Self {
            name: fields.required("name", "the name of the stage, e.g. \"search\""),
            takes_days: fields.required("takes_days", "how long the stage takes, in days"),
            takes_days_by_role: fields
                .optional_or(
                    "takes_days_by_role",
                    "takes_days for every role",
                    "how long the stage takes for some roles, in days",
                )
                .unwrap_or_default(),
            pass: pass.value(),
            uses: fields.optional("uses", "the staff of which the stage holds one unit for its whole duration"),
            staff: None,
        }
    }
}

/// `staff = { recruiters = 6, agencies = { count = 2, each_handles = 8 } }`.
#[derive(Default)]
struct StaffTable(Vec<Staff>);

impl Value for StaffTable {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(section) = node.section() else {
            reader.expected(node, "a table of named capacities, e.g. { recruiters = 6 }");
            return None;
        };
        let mut staff = Vec::new();
        for entry in &section.entries {
            let read = |reader: &mut Reader<'_>| Capacity::read(&entry.node, reader);
            let capacity = reader.under(format!(".{}", entry.key), read);
            // One that could not be read is there all the same: a stage may use it.
            staff.push(Staff { name: entry.key.clone(), capacity: capacity.map_or(1, |capacity| capacity.0) });
        }
        Some(Self(staff))
    }

    fn stand_in() -> Self {
        Self::default()
    }

    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": Capacity::schema() })
    }
}

struct Capacity(u32);

/// `{ count, each_handles }`.
struct Team {
    count: Whole<0, 1_000_000>,
    each_handles: Factor,
}

impl Table for Team {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            count: fields.required("count", "how many there are"),
            each_handles: fields.or("each_handles", Factor::stand_in(), "requisitions on which each works at once"),
        }
    }
}

impl Value for Capacity {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 1e9, not negative")]
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.tree {
            Tree::Table(_) => {
                let team: Team = reader.table(node)?;
                // The product of, say, 3 and 2.4 falls a hair short of what it should be.
                let capacity = f64::from(team.count.count()) * team.each_handles.value();
                Some(Self((capacity + 1e-9).floor() as u32))
            }
            Tree::List(_) => {
                reader.refuse(
                    &node.place,
                    "capacities in steps are not supported yet by this version",
                    Some("give one number".into()),
                );
                None
            }
            _ => Whole::<0, 1_000_000>::read(node, reader).map(|count| Self(count.count())),
        }
    }

    fn stand_in() -> Self {
        Self(1)
    }

    fn schema() -> Json {
        json!({ "oneOf": [Whole::<0, 1_000_000>::schema(), Team::schema()] })
    }
}

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
    /// Requisitions that go over in a transfer, by order of opening.
    moving: Vec<(u32, SeatId)>,
}

/// A stage of the requisition of a seat ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StageEnded(SeatId);

impl Process for Hiring {
    type Event = StageEnded;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        let pipeline = |parameters: &Parameters| Pipeline::new(parameters, world);
        let stages = |parameters: &Parameters| parameters.stages.len();
        let hiring = || world.organisations.iter().map(|organisation| organisation.hiring.as_ref());
        Self {
            pipelines: hiring().map(|parameters| parameters.map(pipeline)).collect(),
            ranks: world.roles.iter().map(|role| role.rank).collect(),
            progress: world.roles.iter().map(|_| Vec::new()).collect(),
            tries: world.roles.iter().map(|_| Vec::new()).collect(),
            most_stages: hiring().flatten().map(stages).max().unwrap_or(0),
            moving: Vec::new(),
        }
    }

    fn start(&mut self, _cx: &mut Context<'_, StageEnded>) {
        self.pipelines.iter_mut().flatten().for_each(Pipeline::clear);
        self.progress.iter_mut().for_each(Vec::clear);
        self.tries.iter_mut().for_each(Vec::clear);
    }

    fn handle(&mut self, StageEnded(seat): StageEnded, cx: &mut Context<'_, StageEnded>) {
        let Some(Progress { stage, passes, .. }) = self.progress_mut(seat).take() else { return };
        let Some(pipeline) = self.pipeline(stage.organisation) else { return };
        let is_last = usize::from(stage.index) + 1 == pipeline.stages.len();
        pipeline.release(stage);
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
    fn new(parameters: &Parameters, world: &World) -> Self {
        let stage = |stage: &StageParameters| StageRule {
            takes_days: stage.takes_days_by_role.spread(world.roles.len(), &stage.takes_days),
            pass: stage.pass,
            staff: stage.staff,
        };
        let capacities: Vec<u32> = parameters.staff.iter().map(|staff| staff.capacity).collect();
        Self {
            staff: capacities.iter().map(|&capacity| Resource::new(capacity, world.ranks())).collect(),
            stages: parameters.stages.iter().map(stage).collect(),
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
