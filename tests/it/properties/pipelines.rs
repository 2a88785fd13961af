//! An auditor of pipelines: who is in which stage, told from the facts alone.

use std::collections::BTreeMap;

use handover::model::{Fact, SeatId, Stage, Team};
use handover::world::{OrganisationId, World};

/// Staff of an organisation, by position.
type StaffId = (OrganisationId, usize);

/// Where each requisition is, and who waits for which staff.
#[derive(Default)]
pub(super) struct Pipelines {
    place: BTreeMap<SeatId, (Stage, bool)>,
    /// Those who wait, in order of arrival, with their rank.
    queues: BTreeMap<StaffId, Vec<(usize, SeatId)>>,
    busy: BTreeMap<StaffId, u32>,
}

fn staff_of(stage: Stage, world: &World) -> Option<StaffId> {
    let hiring = world.organisation(stage.organisation).hiring.as_ref().expect("a stage has a pipeline");
    hiring.stages[usize::from(stage.index)].staff.map(|staff| (stage.organisation, staff))
}

fn capacity((organisation, staff): StaffId, world: &World) -> u32 {
    world.organisation(organisation).hiring.as_ref().expect("staff has a pipeline").staff[staff].most_units()
}

impl Pipelines {
    /// Takes note of a fact, which must fit to those before.
    pub(super) fn see(&mut self, fact: Fact, team: &Team, world: &World) {
        match fact {
            Fact::RequisitionOpened(seat) => assert!(!self.place.contains_key(&seat), "{seat:?} is in a pipeline already"),
            Fact::StageQueued(seat, stage) => self.queue(seat, stage, world),
            Fact::StageBegan(seat, stage) => self.begin(seat, stage, world),
            Fact::CandidateFailed(seat, stage) => {
                assert_eq!(self.place.get(&seat), Some(&(stage, true)), "who fails was at work");
                self.take_out(seat, world);
            }
            Fact::RequisitionMoved(seat, to) => {
                assert_eq!(to, team.hiring(), "requisitions move to the pipeline that serves");
                // Who has just failed is in no stage.
                if let Some((stage, _)) = self.place.get(&seat) {
                    assert!(stage.index == 0 && stage.organisation != to, "{seat:?} moved from {stage:?}");
                }
                self.take_out(seat, world);
            }
            Fact::Joined(seat) => {
                let (stage, is_at_work) = self.place[&seat];
                let stages = world.organisation(stage.organisation).hiring.as_ref().map_or(0, |hiring| hiring.stages.len());
                assert!(is_at_work && usize::from(stage.index) + 1 == stages, "{seat:?} joined from {stage:?}");
                self.take_out(seat, world);
            }
            _ => {}
        }
    }

    /// The stage follows upon the last, or is a first one.
    fn check_order(&self, seat: SeatId, stage: Stage) {
        let expected = self.place.get(&seat).map_or(0, |(before, is_at_work)| {
            assert!(before.organisation == stage.organisation && *is_at_work, "{seat:?} goes from {before:?} to {stage:?}");
            before.index + 1
        });
        assert_eq!(stage.index, expected, "{seat:?} skips a stage");
    }

    fn queue(&mut self, seat: SeatId, stage: Stage, world: &World) {
        self.check_order(seat, stage);
        self.take_out(seat, world);
        let staff = staff_of(stage, world).expect("only stages with staff have a queue");
        self.queues.entry(staff).or_default().push((world.role(seat.role).rank, seat));
        self.place.insert(seat, (stage, false));
    }

    fn begin(&mut self, seat: SeatId, stage: Stage, world: &World) {
        let Some(staff) = staff_of(stage, world) else {
            self.check_order(seat, stage);
            self.take_out(seat, world);
            self.place.insert(seat, (stage, true));
            return;
        };
        assert_eq!(self.place.get(&seat), Some(&(stage, false)), "a stage with staff begins from its queue");
        let queue = self.queues.get_mut(&staff).expect("somebody waits");
        // The first of the lowest rank: `min_by_key` gives the first of equals.
        let next = queue.iter().enumerate().min_by_key(|(_, (rank, _))| *rank).expect("somebody waits").0;
        assert_eq!(queue[next].1, seat, "{seat:?} was served before its turn in {queue:?}");
        queue.remove(next);
        let busy = self.busy.entry(staff).or_default();
        *busy += 1;
        assert!(*busy <= capacity(staff, world), "{busy} at work in {stage:?}");
        self.place.insert(seat, (stage, true));
    }

    fn take_out(&mut self, seat: SeatId, world: &World) {
        let Some((stage, is_at_work)) = self.place.remove(&seat) else { return };
        let Some(staff) = staff_of(stage, world) else { return };
        if is_at_work {
            *self.busy.get_mut(&staff).expect("work has begun") -= 1;
        } else {
            self.queues.get_mut(&staff).expect("somebody waits").retain(|(_, other)| *other != seat);
        }
    }

    /// Once all is settled: nobody waits for staff that is free, and each requisition of a pipeline is in one of its stages.
    pub(super) fn rest(&self, team: &Team, world: &World) {
        for (staff, queue) in &self.queues {
            let busy = self.busy.get(staff).copied().unwrap_or(0);
            assert!(queue.is_empty() || busy == capacity(*staff, world), "{queue:?} wait for {staff:?} and {busy} are busy");
        }
        if world.organisation(team.hiring()).hiring.is_some() {
            for (seat, requisition) in team.requisitions() {
                assert_eq!(self.place.get(&seat), requisition.stage.map(|stage| (stage, requisition.at_work)).as_ref());
                assert!(self.place.contains_key(&seat), "{seat:?} is open and in no stage");
            }
        }
    }
}
