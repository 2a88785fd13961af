//! Hiring: a requisition takes a person from the bench, or passes the stages of a pipeline. There it waits for staff, and
//! fails or brings a person.

mod stages;

use crate::engine::{Slot, Time};
use crate::random::{DrawKey, Purpose};
use crate::world::{Brand, Hiring as Table, HiringAfter, Member, OrganisationId, RoleId, World};

use super::attrition::TENURE;
use super::fact::{Fact, SeatId, Stage, TransferId};
use super::team::Course;
use super::{Event, Observer, Simulation};
use stages::{AllStaff, FIRST_STAGE, Rule, Stages};

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

/// One less than the number of the first try of what has no tries, which is 0.
const UNTRIED: u32 = u32::MAX;

/// The state of hiring, except for that of each requisition.
#[derive(Debug)]
pub(super) struct Hiring {
    pipelines: Vec<Option<Pipeline>>,
    stages: Stages,
    staff: AllStaff,
    ranks: Vec<usize>,
    /// Tries of each stage, by role, seat and stage. Behind the last stage comes [`UNTRIED`].
    tries: Vec<Vec<u32>>,
    /// The requisitions that move in a transfer, with their order of opening.
    moving: Vec<(u32, SeatId)>,
}

impl Hiring {
    pub(super) fn new(world: &World) -> Self {
        let hiring = world.organisations.iter().map(|organisation| organisation.hiring.as_ref());
        Self {
            pipelines: hiring.map(|table| table.map(|table| Pipeline::new(table, world))).collect(),
            stages: Stages::new(world),
            staff: AllStaff::new(world),
            ranks: world.roles.iter().map(|role| role.rank).collect(),
            tries: world.roles.iter().map(|_| Vec::new()).collect(),
            moving: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.pipelines.iter_mut().flatten().for_each(Pipeline::clear);
        self.staff.clear();
        self.tries.iter_mut().for_each(Vec::clear);
    }

    fn pipeline(&mut self, organisation: OrganisationId) -> Option<&mut Pipeline> {
        self.pipelines[usize::from(organisation.0)].as_mut()
    }

    /// Forgets the tries of the seat's requisition before.
    #[inline]
    fn forget_tries(&mut self, seat: SeatId) {
        let (tries, most) = (&mut self.tries[usize::from(seat.role.0)], self.stages.most());
        let from = seat.number as usize * (most + 1);
        if tries.len() <= from {
            tries.resize(from + most + 1, 0);
        }
        tries[from..from + most].fill(0);
        tries[from + most] = UNTRIED;
    }

    /// Returns the tries of the stages of a seat's requisition.
    #[inline]
    fn tries(&mut self, seat: SeatId) -> &mut [u32] {
        let width = self.stages.most() + 1;
        &mut self.tries[usize::from(seat.role.0)][seat.number as usize * width..][..width]
    }
}

impl Simulation<'_> {
    pub(super) fn schedule_capacities(&mut self) {
        for (organisation, about) in (0..).map(OrganisationId).zip(&self.world.organisations) {
            let staff = about.hiring.iter().flat_map(|hiring| (0..).zip(&hiring.staff));
            for (position, staff) in staff {
                for (step, (from, _)) in (0..).zip(staff.steps.iter()).filter(|(_, (from, _))| from.day > 0.0) {
                    self.calendar.schedule_at(Time::from_days(from.day), Event::Capacity(organisation, position, step));
                }
            }
        }
    }

    pub(super) fn change_capacity(
        &mut self,
        organisation: OrganisationId,
        staff: u16,
        step: u16,
        observer: &mut impl Observer,
    ) {
        let hiring = self.world.organisation(organisation).hiring.as_ref();
        let steps = hiring.and_then(|hiring| hiring.staff.get(usize::from(staff))).map(|staff| &staff.steps);
        let Some((_, capacity)) = steps.and_then(|steps| steps.iter().nth(usize::from(step))) else { return };
        self.hiring.staff.set_capacity(organisation, staff, capacity.units);
        self.tell(Fact::CapacityChanged(organisation, staff, capacity.units), observer);
    }

    /// Opens a requisition for a vacant seat.
    #[inline(always)]
    pub(super) fn open(&mut self, seat: SeatId, observer: &mut impl Observer) {
        self.announce(seat, observer);
        self.send_out(seat, observer);
    }

    /// Opens a requisition that is in no stage yet.
    #[inline(always)]
    pub(super) fn announce(&mut self, seat: SeatId, observer: &mut impl Observer) {
        self.tell(Fact::RequisitionOpened(seat), observer);
        self.hiring.forget_tries(seat);
    }

    /// Lets a new requisition take a person from the bench, or enter its first stage.
    #[inline(always)]
    pub(super) fn send_out(&mut self, seat: SeatId, observer: &mut impl Observer) {
        self.draw_first_stage(seat);
        if !self.take_from_bench(seat, observer) {
            self.enter(seat, Stage { organisation: self.team.hiring_for(seat.role), index: 0 }, observer);
        }
    }

    /// Opens a requisition for a person who has signed an offer, and joins on a day whatever happens to the pipeline.
    pub(super) fn promise(&mut self, seat: SeatId, member: &Member, observer: &mut impl Observer) {
        self.announce(seat, observer);
        let next = self.calendar.schedule_at(Time::from_days(member.joined_day), Event::BenchReady(seat));
        let luck = self.draws.for_requisition(seat, self.team.seat(seat), DrawKey::of(TENURE));
        let requisition = self.team.requisition_mut(seat);
        (requisition.next, requisition.luck) = (next, luck);
        self.tell(Fact::OfferSigned(seat, member.fte), observer);
    }

    /// Draws the random numbers of the next try of the first stage.
    fn draw_first_stage(&mut self, seat: SeatId) {
        let tries = self.hiring.tries(seat);
        let draw = FIRST_STAGE.attempt(tries[0].wrapping_add(1));
        let luck = self.draws.for_requisition(seat, self.team.seat(seat), draw);
        self.team.requisition_mut(seat).luck = luck;
    }

    /// Cancels a requisition.
    pub(super) fn cancel(&mut self, seat: SeatId, observer: &mut impl Observer) {
        self.tell(Fact::RequisitionCancelled(seat), observer);
        self.withdraw(seat);
    }

    /// Fills a new requisition from the bench, if possible. Returns whether it did.
    fn take_from_bench(&mut self, seat: SeatId, observer: &mut impl Observer) -> bool {
        let organisation = self.team.hiring_for(seat.role);
        let hiring = self.world.organisation(organisation).hiring.as_ref();
        let Some(bench) = hiring.and_then(|hiring| hiring.bench.as_ref()) else { return false };
        let stock = self.hiring.pipeline(organisation).map(|pipeline| &mut pipeline.bench[usize::from(seat.role.0)]);
        let Some(stock) = stock.filter(|stock| **stock > 0) else { return false };
        *stock -= 1;
        let [ready, refill] = self.draws.for_requisition(seat, self.team.seat(seat), DrawKey::of(BENCH));
        let next = self.calendar.schedule_in(bench.ready_days.draw(|| ready), Event::BenchReady(seat));
        let refilled = Event::BenchRefilled(organisation, seat.role);
        self.calendar.schedule_in(bench.refill_days.draw(|| refill), refilled);
        let luck = self.draws.for_requisition(seat, self.team.seat(seat), DrawKey::of(TENURE));
        let requisition = self.team.requisition_mut(seat);
        (requisition.next, requisition.luck) = (next, luck);
        self.tell(Fact::BenchTaken(seat, organisation), observer);
        true
    }

    pub(super) fn refill_bench(&mut self, organisation: OrganisationId, role: RoleId, observer: &mut impl Observer) {
        if let Some(pipeline) = self.hiring.pipeline(organisation) {
            pipeline.bench[usize::from(role.0)] += 1;
            self.tell(Fact::BenchRefilled(organisation, role), observer);
        }
    }

    /// Moves a requisition to a stage: it waits for staff, or work starts at once if the stage uses none.
    #[inline(always)]
    fn enter(&mut self, seat: SeatId, stage: Stage, observer: &mut impl Observer) {
        if stage.index == 0 && !self.team.is_ready(stage.organisation) {
            self.hold(seat, stage);
        } else if let Some(staff) = self.hiring.stages.rule(stage).staff {
            let place = self.hiring.staff.queue(staff, self.hiring.ranks[usize::from(seat.role.0)], seat);
            self.team.requisition_mut(seat).course = Course::Queued(place);
            self.tell(Fact::StageQueued(seat, stage), observer);
        } else if self.hiring.pipelines[usize::from(stage.organisation.0)].is_some() {
            self.begin(seat, stage, observer);
        }
        // Without a pipeline, the requisition stays open and in no stage.
    }

    /// Lets a requisition wait until the organisation is set up.
    #[cold]
    fn hold(&mut self, seat: SeatId, stage: Stage) {
        if let Some(pipeline) = self.hiring.pipeline(stage.organisation) {
            pipeline.held.push(Some(seat));
            let place = pipeline.held.len() - 1;
            let requisition = self.team.requisition_mut(seat);
            (requisition.stage, requisition.course) = (stage, Course::Held(place));
        }
    }

    /// Admits the requisitions that waited for an organisation to be set up.
    pub(super) fn admit_held(&mut self, organisation: OrganisationId, observer: &mut impl Observer) {
        let Some(pipeline) = self.hiring.pipeline(organisation) else { return };
        let mut held = std::mem::take(&mut pipeline.held);
        for seat in held.drain(..).flatten() {
            self.enter(seat, Stage { organisation, index: 0 }, observer);
        }
        if let Some(pipeline) = self.hiring.pipeline(organisation) {
            pipeline.held = held;
        }
    }

    /// Assigns free units of staff to the next requisitions in line.
    #[inline(always)]
    pub(super) fn assign_units(&mut self, observer: &mut impl Observer) {
        while let Some(seat) = self.hiring.staff.seize_next() {
            self.begin(seat, self.team.seat(seat).requisition.stage, observer);
        }
    }

    #[inline(always)]
    fn begin(&mut self, seat: SeatId, stage: Stage, observer: &mut impl Observer) {
        let place = self.team.seat(seat);
        let [length, luck] = place.requisition.luck;
        let of_role = self.hiring.stages.of_role(stage, seat.role);
        let passes = luck < of_role.pass;
        let mut days = of_role.takes_days.quantile(length);
        let ahead = self.hiring.stages.rule(stage).ahead[usize::from(passes)];
        let tries = self.hiring.tries(seat);
        tries[usize::from(stage.index)] += 1;
        let attempt = tries[usize::from(ahead.tries)].wrapping_add(1);
        let ahead = self.draws.for_requisition(seat, place, ahead.draw.attempt(attempt));
        if stage.index == 0
            && let Some(pipeline) = &self.hiring.pipelines[usize::from(stage.organisation.0)]
            && let Some(brand) = pipeline.brand
        {
            days *= brand.factor(self.team.joined(stage.organisation));
        }
        let next = self.calendar.schedule_in(days, Event::StageEnded(seat));
        let requisition = self.team.requisition_mut(seat);
        (requisition.next, requisition.passes, requisition.luck) = (next, passes, ahead);
        self.tell(Fact::StageBegan(seat, stage), observer);
    }

    #[inline(always)]
    pub(super) fn end_stage(&mut self, seat: SeatId, observer: &mut impl Observer) {
        let requisition = &self.team.seat(seat).requisition;
        let (stage, passes) = (requisition.stage, requisition.passes);
        let Rule { staff, is_last, .. } = *self.hiring.stages.rule(stage);
        if let Some(staff) = staff {
            self.hiring.staff.release(staff);
        }
        if !passes {
            self.fail(seat, stage, observer);
        } else if is_last {
            self.join(seat, observer);
        } else {
            self.enter(seat, Stage { index: stage.index + 1, ..stage }, observer);
        }
    }

    /// A candidate fails: the requisition returns to the stage that the failed one names, or goes to the first stage of the
    /// organisation that hires now.
    #[inline(always)]
    fn fail(&mut self, seat: SeatId, stage: Stage, observer: &mut impl Observer) {
        self.tell(Fact::CandidateFailed(seat, stage), observer);
        self.reconsider_surplus();
        let hiring = self.team.hiring_for(seat.role);
        let mut index = self.hiring.stages.rule(stage).fails_to;
        if hiring != stage.organisation {
            self.tell(Fact::RequisitionMoved(seat, hiring), observer);
            if index != 0 {
                // What was drawn ahead was for another stage.
                self.draw_first_stage(seat);
            }
            index = 0;
        }
        self.enter(seat, Stage { organisation: hiring, index }, observer);
    }

    /// The requisition of a seat is filled.
    #[inline(always)]
    pub(super) fn join(&mut self, seat: SeatId, observer: &mut impl Observer) {
        let [quantile, _] = self.team.seat(seat).requisition.luck;
        self.tell(Fact::Joined(seat), observer);
        self.reconsider_surplus();
        self.welcome(seat, 0.0, quantile);
    }

    /// Moves requisitions in their first stage, or waiting for it, to the receiver's first stage, in order of opening.
    pub(super) fn move_requisitions(&mut self, transfer: TransferId, observer: &mut impl Observer) {
        let parameters = self.strategy.transfer(transfer.0);
        if parameters.hiring_after == HiringAfter::Sender {
            return;
        }
        let mut moving = std::mem::take(&mut self.hiring.moving);
        moving.clear();
        let is_moving = |stage: Stage| stage.index == 0 && stage.organisation != parameters.to;
        let open = self.team.requisitions().filter(|(_, requisition)| !requisition.is_promised());
        let open = open.filter(|(seat, open)| is_moving(open.stage) && self.reaches(transfer, seat.role));
        moving.extend(open.map(|(seat, open)| (open.order, seat)));
        moving.sort_unstable();
        for &(_, seat) in &moving {
            self.withdraw(seat);
            // What was drawn ahead was for the stage after.
            self.draw_first_stage(seat);
        }
        for &(_, seat) in &moving {
            self.tell(Fact::RequisitionMoved(seat, parameters.to), observer);
            self.enter(seat, Stage { organisation: parameters.to, index: 0 }, observer);
        }
        self.hiring.moving = moving;
    }

    /// Takes a requisition out of the stage that it is in or waits for.
    fn withdraw(&mut self, seat: SeatId) {
        let requisition = &mut self.team.seat_mut(seat).requisition;
        requisition.next = Slot::NONE;
        let staff = self.hiring.stages.rule(requisition.stage).staff;
        match std::mem::replace(&mut requisition.course, Course::Nowhere) {
            Course::Nowhere | Course::FromBench | Course::Signed { .. } => {}
            Course::AtWork => {
                if let Some(staff) = staff {
                    self.hiring.staff.release(staff);
                }
            }
            Course::Queued(place) => {
                if let Some(staff) = staff {
                    self.hiring.staff.renege(staff, self.hiring.ranks[usize::from(seat.role.0)], place);
                }
            }
            Course::Held(place) => {
                let organisation = requisition.stage.organisation;
                if let Some(pipeline) = self.hiring.pipeline(organisation) {
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
