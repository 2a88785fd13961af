//! An auditor of pipelines: who is in which stage or comes from the bench, and who waits, from the facts alone.

use std::collections::BTreeMap;

use handover::engine::Time;
use handover::model::team::Requisition;
use handover::model::{Fact, SeatId, Stage, Team};
use handover::world::{Bench, Hiring, OrganisationId, RoleId, StageTable, World};

use super::organisations::Organisations;
use super::windows::{TOLERANCE_DAYS, Timed, Windows, bounds, is_moment};

/// Staff of an organisation, by position.
type StaffId = (OrganisationId, usize);

/// Where a requisition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nowhere: it has just opened or moved, or waits for an organisation to be set up, or there is no pipeline.
    Outside,
    /// Waits for staff of a stage.
    Waits(Stage),
    /// At work in a stage.
    Works(Stage),
    /// A person from the bench of an organisation is on their way.
    Bench(OrganisationId),
    /// A person who has signed an offer is on their way.
    Signed,
}

/// Where each requisition is, and who waits for which staff.
pub(super) struct Pipelines<'s> {
    world: &'s World,
    /// Each open requisition, with its place in the order of opening.
    places: BTreeMap<SeatId, (u32, Place)>,
    opened: u32,
    /// Requisitions that are outside, in the order in which they got there.
    outside: Vec<SeatId>,
    /// The latest of them by the last fact on hiring, or expected.
    latest: Option<SeatId>,
    /// Those who wait, in order of arrival, with their rank.
    queues: BTreeMap<StaffId, Vec<(usize, SeatId)>>,
    busy: BTreeMap<StaffId, u32>,
    /// The stage to which each requisition returns whose candidate has just failed.
    returns: BTreeMap<SeatId, Stage>,
    capacities: BTreeMap<StaffId, u32>,
    /// People on each bench.
    stock: BTreeMap<(OrganisationId, RoleId), u32>,
    /// When people taken from a bench are replaced: the earliest and the latest day of each.
    refills: Vec<(OrganisationId, RoleId, f64, f64)>,
    /// The requisition that must take somebody from the bench with the next fact.
    takes: Option<SeatId>,
    /// The order of opening of the one that has moved last in the transfer that has begun.
    moved: Option<u32>,
}

fn position(id: OrganisationId) -> usize {
    usize::from(id.0)
}

impl<'s> Pipelines<'s> {
    pub(super) fn new(world: &'s World) -> Self {
        let mut new = Self {
            world,
            places: BTreeMap::new(),
            opened: 0,
            outside: Vec::new(),
            latest: None,
            queues: BTreeMap::new(),
            busy: BTreeMap::new(),
            returns: BTreeMap::new(),
            capacities: BTreeMap::new(),
            stock: BTreeMap::new(),
            refills: Vec::new(),
            takes: None,
            moved: None,
        };
        for id in (0..world.organisations.len()).map(|index| OrganisationId(u16::try_from(index).expect("there are few"))) {
            let Some(hiring) = new.hiring(id) else { continue };
            for index in 0..hiring.staff.len() {
                new.capacities.insert((id, index), capacity_at(hiring, index, 0.0));
            }
            for (role, heads) in hiring.bench.iter().flat_map(|bench| &bench.stock.0) {
                new.stock.insert((id, *role), *heads);
            }
        }
        new
    }

    fn hiring(&self, id: OrganisationId) -> Option<&'s Hiring> {
        self.world.organisations[position(id)].hiring.as_ref()
    }

    fn bench(&self, id: OrganisationId) -> &'s Bench {
        self.hiring(id).and_then(|hiring| hiring.bench.as_ref()).expect("there is a bench")
    }

    fn stage(&self, stage: Stage) -> &'s StageTable {
        &self.hiring(stage.organisation).expect("a stage has a pipeline").stages[usize::from(stage.index)]
    }

    fn staff_of(&self, stage: Stage) -> Option<StaffId> {
        self.stage(stage).staff.map(|staff| (stage.organisation, staff))
    }

    fn is_last(&self, stage: Stage) -> bool {
        let stages = self.hiring(stage.organisation).map_or(0, |hiring| hiring.stages.len());
        usize::from(stage.index) + 1 == stages
    }

    /// Observes a fact, which must fit the earlier ones. `joined` counts who has joined an organisation.
    pub(super) fn see(&mut self, fact: Fact, books: &Organisations<'_>, joined: &[u32], at: (Time, &mut Windows)) {
        if let Some(seat) = self.takes.take() {
            let is_filled = match fact {
                Fact::BenchTaken(taken, _) | Fact::OfferSigned(taken, _) | Fact::Promoted { to: taken, .. } => taken == seat,
                _ => false,
            };
            assert!(is_filled, "{seat:?} takes nobody from the bench");
        } else {
            assert!(!matches!(fact, Fact::BenchTaken(..)), "{fact:?} with nobody there");
        }
        let (now, windows) = at;
        match fact {
            Fact::RequisitionOpened(seat) => self.open(seat, books),
            Fact::RequisitionCancelled(seat) => {
                self.take_out(seat, None, windows);
                self.forget(seat);
            }
            Fact::OfferSigned(seat, _) => self.put(seat, Place::Signed),
            Fact::Promoted { to, .. } => {
                assert_eq!(self.place(to), Place::Outside, "{to:?} was somewhere");
                self.forget(to);
            }
            Fact::BenchTaken(seat, organisation) => self.take(seat, organisation, now, windows),
            Fact::BenchRefilled(organisation, role) => self.refill(organisation, role, now),
            Fact::CapacityChanged(organisation, staff, units) => {
                self.capacities.insert((organisation, usize::from(staff)), units);
            }
            Fact::StageQueued(seat, stage) => self.queue(seat, stage, books, (now, windows)),
            Fact::StageBegan(seat, stage) => self.begin(seat, stage, (books, joined), (now, windows)),
            Fact::CandidateFailed(seat, stage) => {
                assert_eq!(self.places[&seat].1, Place::Works(stage), "who fails was at work");
                let table = self.stage(stage);
                let of_role = table.pass_by_role.0.iter().find(|(role, _)| *role == seat.role);
                assert!(of_role.map_or(table.pass, |(_, pass)| pass.value()) < 1.0, "nobody fails in {stage:?}");
                self.take_out(seat, Some(now), windows);
                let index = u16::try_from(table.fails_to).expect("there are few");
                self.returns.insert(seat, Stage { index, ..stage });
                self.latest = Some(seat);
            }
            Fact::TransferBegan(_) => self.moved = None,
            Fact::RequisitionMoved(seat, to) => self.relocate(seat, to, books, windows),
            Fact::Joined(seat) => self.join(seat, now, windows),
            _ => {}
        }
    }

    fn open(&mut self, seat: SeatId, books: &Organisations<'_>) {
        let is_new = self.places.insert(seat, (self.opened, Place::Outside)).is_none();
        assert!(is_new, "{seat:?} is in a pipeline already");
        self.opened += 1;
        self.outside.push(seat);
        self.latest = Some(seat);
        if self.stock.get(&(books.hiring_for(seat.role), seat.role)).is_some_and(|&stock| stock > 0) {
            self.takes = Some(seat);
        }
    }

    fn take(&mut self, seat: SeatId, organisation: OrganisationId, now: Time, windows: &mut Windows) {
        *self.stock.get_mut(&(organisation, seat.role)).expect("there is somebody") -= 1;
        let bench = self.bench(organisation);
        let (least, greatest) = bounds(&bench.refill_days);
        self.refills.push((organisation, seat.role, now.days() + least, now.days() + greatest));
        windows.begin(Timed::Bench(seat), now, &bench.ready_days, 1.0);
        self.put(seat, Place::Bench(organisation));
    }

    /// Adds a person to a bench: each person taken is replaced once.
    fn refill(&mut self, organisation: OrganisationId, role: RoleId, now: Time) {
        let is_one = |&(by, of, earliest, latest): &(OrganisationId, RoleId, f64, f64)| {
            let is_within = now.days() >= earliest - TOLERANCE_DAYS && now.days() <= latest + TOLERANCE_DAYS;
            (by, of) == (organisation, role) && is_within
        };
        let refill = self.refills.iter().position(is_one).expect("somebody was taken, and not yet replaced");
        self.refills.remove(refill);
        *self.stock.get_mut(&(organisation, role)).expect("there is a bench") += 1;
    }

    fn place(&self, seat: SeatId) -> Place {
        self.places.get(&seat).unwrap_or_else(|| panic!("{seat:?} is not open")).1
    }

    fn put(&mut self, seat: SeatId, place: Place) {
        self.outside.retain(|other| *other != seat);
        self.places.get_mut(&seat).expect("it is open").1 = place;
    }

    fn forget(&mut self, seat: SeatId) {
        self.outside.retain(|other| *other != seat);
        self.latest.take_if(|latest| *latest == seat);
        self.returns.remove(&seat);
        self.places.remove(&seat);
    }

    /// Checks that the stage follows the last, or is a first stage of the pipeline that serves, which those who have
    /// been outside longest enter first.
    fn check_order(&mut self, seat: SeatId, stage: Stage, books: &Organisations<'_>) {
        let expected = match self.place(seat) {
            Place::Works(before) => {
                assert_eq!(before.organisation, stage.organisation, "{seat:?} goes from {before:?} to {stage:?}");
                before.index + 1
            }
            Place::Outside => {
                assert!(
                    self.latest.take() == Some(seat) || self.outside.first() == Some(&seat),
                    "{seat:?} before {:?}",
                    self.outside
                );
                assert_eq!(stage.organisation, books.hiring_for(seat.role), "{seat:?} enters the pipeline that serves");
                let index = self.returns.remove(&seat).map_or(0, |stage| stage.index);
                // Where work was under way when a rescuer began to set up anew, it goes on.
                assert!(index > 0 || books.is_ready(stage.organisation), "{seat:?} enters a pipeline that is not set up");
                index
            }
            other => panic!("{seat:?} goes from {other:?} to {stage:?}"),
        };
        assert_eq!(stage.index, expected, "{seat:?} skips a stage");
    }

    fn queue(&mut self, seat: SeatId, stage: Stage, books: &Organisations<'_>, at: (Time, &mut Windows)) {
        self.check_order(seat, stage, books);
        self.take_out(seat, Some(at.0), at.1);
        let staff = self.staff_of(stage).expect("only stages with staff have a queue");
        self.queues.entry(staff).or_default().push((self.world.role(seat.role).rank, seat));
        self.put(seat, Place::Waits(stage));
    }

    fn begin(&mut self, seat: SeatId, stage: Stage, books: (&Organisations<'_>, &[u32]), at: (Time, &mut Windows)) {
        let (now, windows) = at;
        if let Some(staff) = self.staff_of(stage) {
            assert_eq!(self.place(seat), Place::Waits(stage), "a stage with staff begins from its queue");
            let queue = self.queues.get_mut(&staff).expect("somebody waits");
            // The first of the lowest rank: `min_by_key` gives the first of equals.
            let next = queue.iter().enumerate().min_by_key(|(_, (rank, _))| *rank).expect("somebody waits").0;
            assert_eq!(queue[next].1, seat, "{seat:?} was served before its turn in {queue:?}");
            queue.remove(next);
            let busy = self.busy.entry(staff).or_default();
            *busy += 1;
            assert!(*busy <= self.capacities[&staff], "{busy} at work in {stage:?}");
        } else {
            self.check_order(seat, stage, books.0);
            self.take_out(seat, Some(now), windows);
        }
        let table = self.stage(stage);
        let by_role = table.takes_days_by_role.0.iter().find(|(role, _)| *role == seat.role);
        let brand = self.hiring(stage.organisation).and_then(|hiring| hiring.brand).filter(|_| stage.index == 0);
        let factor = brand.map_or(1.0, |brand| brand.factor(books.1[position(stage.organisation)]));
        windows.begin(Timed::Stage(seat), now, by_role.map_or(&table.takes_days, |(_, days)| days), factor);
        self.put(seat, Place::Works(stage));
    }

    /// Moves a requisition: at the first wave, in the order of opening, from its first stage; or after failing.
    fn relocate(&mut self, seat: SeatId, to: OrganisationId, books: &Organisations<'_>, windows: &mut Windows) {
        assert_eq!(to, books.hiring_for(seat.role), "requisitions move to the pipeline that serves");
        let (order, place) = self.places[&seat];
        match place {
            Place::Waits(stage) | Place::Works(stage) => {
                assert!(stage.index == 0 && stage.organisation != to, "{seat:?} moved from {stage:?}");
            }
            Place::Outside => {}
            Place::Bench(_) | Place::Signed => panic!("{seat:?} moved, and is filled"),
        }
        if self.latest != Some(seat) {
            assert!(self.moved.is_none_or(|moved| moved < order), "{seat:?} moved before one that was opened before");
            self.moved = Some(order);
        }
        self.take_out(seat, None, windows);
        self.returns.remove(&seat);
        self.put(seat, Place::Outside);
        self.outside.push(seat);
        self.latest = Some(seat);
    }

    fn join(&mut self, seat: SeatId, now: Time, windows: &mut Windows) {
        match self.place(seat) {
            Place::Works(stage) => assert!(self.is_last(stage), "{seat:?} joined from {stage:?}"),
            Place::Bench(_) | Place::Signed => windows.end(Timed::Bench(seat), now),
            other => panic!("{seat:?} joined from {other:?}"),
        }
        self.take_out(seat, Some(now), windows);
        self.forget(seat);
    }

    /// Removes a requisition from its place: because it ends at an instant, or because it is taken out.
    fn take_out(&mut self, seat: SeatId, ends: Option<Time>, windows: &mut Windows) {
        let place = self.place(seat);
        match (place, ends) {
            (Place::Works(_), Some(now)) => windows.end(Timed::Stage(seat), now),
            _ => [Timed::Stage(seat), Timed::Bench(seat)].into_iter().for_each(|timed| windows.drop(timed)),
        }
        let staff = match place {
            Place::Waits(stage) | Place::Works(stage) => self.staff_of(stage),
            Place::Outside | Place::Bench(_) | Place::Signed => None,
        };
        if let Some(staff) = staff {
            if matches!(place, Place::Works(_)) {
                *self.busy.get_mut(&staff).expect("work has begun") -= 1;
            } else {
                self.queues.get_mut(&staff).expect("somebody waits").retain(|(_, other)| *other != seat);
            }
        }
        if !matches!(place, Place::Outside) {
            self.put(seat, Place::Outside);
            self.outside.push(seat);
        }
    }

    /// Returns whether a requisition may be cancelled: neither at work in its last stage nor filled from the bench.
    pub(super) fn is_cancellable(&self, seat: SeatId) -> bool {
        match self.place(seat) {
            Place::Outside | Place::Waits(_) => true,
            Place::Works(stage) => !self.is_last(stage),
            Place::Bench(_) | Place::Signed => false,
        }
    }

    /// Returns the order of opening of an open requisition.
    pub(super) fn order(&self, seat: SeatId) -> u32 {
        self.places[&seat].0
    }

    /// Returns the open requisitions.
    pub(super) fn open_seats(&self) -> impl Iterator<Item = SeatId> + '_ {
        self.places.keys().copied()
    }

    /// Ends everything: nothing is refilled from here on.
    pub(super) fn end(&mut self) {
        self.refills.clear();
    }

    /// Checks, once all is settled, that nobody waits for free staff, capacities are those in force, and each
    /// requisition of a pipeline that is set up is in one of its stages.
    pub(super) fn held(&self, team: &Team, books: &Organisations<'_>, from: Time, until: Time) {
        for (&(id, index), &capacity) in &self.capacities {
            let in_force = self.hiring(id).map_or(0, |hiring| capacity_at(hiring, index, from.days()));
            let is_current = team.is_over() || capacity == in_force || is_moment(from, until);
            assert!(is_current, "{capacity} at work at once on {from:?}, expected {in_force}");
        }
        for (staff, queue) in &self.queues {
            let busy = self.busy.get(staff).copied().unwrap_or(0);
            assert!(queue.is_empty() || busy >= self.capacities[staff], "{queue:?} wait for {staff:?} and {busy} are busy");
        }
        for &(organisation, role, _, latest) in &self.refills {
            assert!(until.days() <= latest + TOLERANCE_DAYS, "{role:?} of {organisation:?} was due by {latest}");
        }
        assert_eq!(team.requisitions().count(), self.places.len());
        for (seat, requisition) in team.requisitions() {
            self.check_requisition(seat, requisition, books);
        }
    }

    fn check_requisition(&self, seat: SeatId, requisition: &Requisition, books: &Organisations<'_>) {
        let (order, place) = self.places[&seat];
        let (stage, is_at_work) = match place {
            Place::Waits(stage) => (Some(stage), false),
            Place::Works(stage) => (Some(stage), true),
            Place::Outside | Place::Bench(_) | Place::Signed => (None, false),
        };
        assert_eq!(
            (requisition.order, requisition.stage(), requisition.is_at_work()),
            (order, stage, is_at_work),
            "{seat:?} {place:?}"
        );
        assert_eq!(requisition.is_promised(), matches!(place, Place::Bench(_) | Place::Signed), "{seat:?} {place:?}");
        assert_eq!(!requisition.is_bound, self.is_cancellable(seat), "{seat:?} {place:?}");
        if let Some(stage) = stage.filter(|stage| stage.index == 0) {
            assert_eq!(stage.organisation, books.hiring_for(seat.role), "{seat:?} is in a first stage that serves no more");
        }
        let hiring = books.hiring_for(seat.role);
        let is_served = self.hiring(hiring).is_some() && books.is_ready(hiring);
        assert!(place != Place::Outside || !is_served, "{seat:?} is open and in no stage");
    }
}

/// Returns how many requisitions staff may work on at once on a day.
fn capacity_at(hiring: &Hiring, index: usize, day: f64) -> u32 {
    let steps = hiring.staff[index].steps.iter().take_while(|(from, _)| from.day <= day + TOLERANCE_DAYS / 10.0);
    steps.last().map_or(0, |(_, capacity)| capacity.units)
}
