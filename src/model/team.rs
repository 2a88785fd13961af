//! The team as the facts have made it: seats, requisitions, people, and what they put out. Only [`Team::apply`] changes it.

use crate::engine::Time;

use super::fact::{Fact, OrganisationId, PersonId, Phase, RoleId, SeatId, Stage, TransferId};
use super::transfer::HiringAfter;
use super::vacancies::Vacancies;
use super::world::{Strategy, World};

/// Units of output in one FTE. Output is counted in whole billionths of an FTE, each person's rounded to one, so that sums
/// are exact: the same people give the same output whatever happened before, and decimal weights stay decimal.
const UNITS_PER_FTE: f64 = 1e9;

/// Whether somebody counts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Stays until further notice.
    Staying,
    /// Has given notice and is still present.
    ServingNotice,
    /// Has refused a transfer and is still present.
    Refuser,
    /// Has left.
    Gone,
}

/// Somebody on the team.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The seat that they hold, or held while they were staying.
    pub seat: SeatId,
    /// The requisition that brought them: the n-th of the seat, from 1.
    pub requisition: u32,
    /// Who employs them.
    pub employer: OrganisationId,
    /// The organisation that they joined.
    pub joined: OrganisationId,
    /// When they joined.
    pub joined_at: Time,
    /// Their place in the order of joining.
    pub order: u32,
    /// Where they stand in onboarding; after giving notice, where they stood.
    pub phase: Phase,
    /// Whether they count on.
    pub standing: Standing,
    /// Transfers whose disruption they still feel, one bit each.
    disruptions: u64,
    /// Their output in units.
    output: i64,
}

/// An open requisition, or the one before it was filled.
#[derive(Clone, Copy, Debug)]
pub struct Requisition {
    /// When it was opened.
    pub opened_at: Time,
    /// Its place in the order of opening.
    pub order: u32,
    /// Where it is; none until it has entered a pipeline.
    pub stage: Option<Stage>,
    /// Whether it is worked on, as opposed to waiting.
    pub at_work: bool,
}

/// What a seat holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Nothing.
    Vacant,
    /// An open requisition.
    Requisition,
    /// Somebody who is staying.
    Person(PersonId),
}

/// A seat of a role.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// What it holds.
    pub holding: Holding,
    /// Requisitions opened for it so far.
    pub requisitions: u32,
    /// Its latest requisition.
    pub requisition: Requisition,
}

#[derive(Debug)]
struct RoleState {
    seats: Vec<Seat>,
    vacancies: Vacancies,
    wanted: u32,
    staying: u32,
    open: u32,
}

/// The team of one replication.
#[derive(Debug)]
pub struct Team {
    rules: Rules,
    roles: Vec<RoleState>,
    people: Vec<Person>,
    free: Vec<PersonId>,
    ready: Vec<bool>,
    in_charge: OrganisationId,
    hiring: OrganisationId,
    begun: Option<TransferId>,
    headcount: u32,
    wanted: u32,
    open: u32,
    joins: u32,
    leaves: u32,
    opened: u32,
    mentored: u32,
    productive: u32,
    output: i64,
    wanted_output: i64,
    effective_fte: f64,
}

/// The parameters that decide what somebody puts out, and who is in charge.
#[derive(Debug)]
struct Rules {
    world: World,
    strategy: Strategy,
    /// Output in units of one person of each role at level 1.
    role_output: Vec<f64>,
}

impl Team {
    /// The team of a strategy before anything has happened.
    #[must_use]
    pub fn new(world: &World, strategy: &Strategy) -> Self {
        let role = || RoleState { seats: Vec::new(), vacancies: Vacancies::default(), wanted: 0, staying: 0, open: 0 };
        Self {
            roles: world.roles.iter().map(|_| role()).collect(),
            people: Vec::new(),
            free: Vec::new(),
            ready: vec![false; world.organisations.len()],
            in_charge: strategy.employer,
            hiring: strategy.employer,
            begun: None,
            headcount: 0,
            wanted: 0,
            open: 0,
            joins: 0,
            leaves: 0,
            opened: 0,
            mentored: 0,
            productive: 0,
            output: 0,
            wanted_output: 0,
            effective_fte: 0.0,
            rules: Rules {
                world: world.clone(),
                strategy: strategy.clone(),
                role_output: world.roles.iter().map(|role| role.output * UNITS_PER_FTE).collect(),
            },
        }
    }

    /// Back to before anything has happened; keeps its memory.
    pub fn clear(&mut self) {
        for role in &mut self.roles {
            role.seats.clear();
            role.vacancies.clear();
            (role.wanted, role.staying, role.open) = (0, 0, 0);
        }
        self.people.clear();
        self.free.clear();
        self.ready.fill(false);
        (self.in_charge, self.hiring) = (self.rules.strategy.employer, self.rules.strategy.employer);
        self.begun = None;
        (self.headcount, self.wanted, self.open, self.joins, self.leaves) = (0, 0, 0, 0, 0);
        (self.opened, self.mentored, self.productive) = (0, 0, 0);
        (self.output, self.wanted_output, self.effective_fte) = (0, 0, 0.0);
    }

    /// People present.
    #[must_use]
    pub fn headcount(&self) -> u32 {
        self.headcount
    }

    /// Wanted headcount of all roles.
    #[must_use]
    pub fn wanted(&self) -> u32 {
        self.wanted
    }

    /// Wanted output of all roles, in FTE.
    #[must_use]
    pub fn wanted_fte(&self) -> f64 {
        in_fte(self.wanted_output)
    }

    /// Effective output of the people present, in FTE (MODEL section 5).
    #[must_use]
    pub fn effective_fte(&self) -> f64 {
        self.effective_fte
    }

    /// Open requisitions of all roles.
    #[must_use]
    pub fn open_requisitions(&self) -> u32 {
        self.open
    }

    /// People who have joined so far.
    #[must_use]
    pub fn joins(&self) -> u32 {
        self.joins
    }

    /// People who have left so far.
    #[must_use]
    pub fn leaves(&self) -> u32 {
        self.leaves
    }

    /// People who hold a mentor slot.
    #[must_use]
    pub fn mentored(&self) -> u32 {
        self.mentored
    }

    /// Staying people at level 1.
    #[must_use]
    pub fn productive(&self) -> u32 {
        self.productive
    }

    /// The organisation in charge.
    #[must_use]
    pub fn in_charge(&self) -> OrganisationId {
        self.in_charge
    }

    /// The organisation in whose pipeline requisitions are opened.
    #[must_use]
    pub fn hiring(&self) -> OrganisationId {
        self.hiring
    }

    /// Whether an organisation is set up.
    #[must_use]
    pub fn is_ready(&self, organisation: OrganisationId) -> bool {
        self.ready[usize::from(organisation.0)]
    }

    /// The transfer whose first wave was the last to begin.
    #[must_use]
    pub fn begun_transfer(&self) -> Option<TransferId> {
        self.begun
    }

    /// Wanted headcount of a role.
    #[must_use]
    pub fn wanted_in(&self, role: RoleId) -> u32 {
        self.roles[usize::from(role.0)].wanted
    }

    /// Staying people of a role and its open requisitions.
    #[must_use]
    pub fn staying_and_open(&self, role: RoleId) -> (u32, u32) {
        let role = &self.roles[usize::from(role.0)];
        (role.staying, role.open)
    }

    /// The lowest seats of a role with neither a staying holder nor a requisition: as many as asked for, in order.
    pub fn vacant_seats(&self, role: RoleId) -> impl Iterator<Item = SeatId> + '_ {
        self.roles[usize::from(role.0)].vacancies.iter().map(move |number| SeatId { role, number })
    }

    /// A seat that has had a requisition.
    ///
    /// # Panics
    /// If it has never had one.
    #[must_use]
    pub fn seat(&self, seat: SeatId) -> &Seat {
        &self.roles[usize::from(seat.role.0)].seats[seat.number as usize]
    }

    /// Whoever the requisition of this seat has just brought.
    ///
    /// # Panics
    /// If nobody holds the seat.
    #[must_use]
    pub fn holder(&self, seat: SeatId) -> PersonId {
        let Holding::Person(person) = self.seat(seat).holding else { panic!("nobody holds {seat:?}") };
        person
    }

    /// Somebody who has joined; after leaving, until the number is used again, the last that was known of them.
    #[must_use]
    pub fn person(&self, person: PersonId) -> &Person {
        &self.people[person.0 as usize]
    }

    /// Everyone who is staying.
    pub fn staying(&self) -> impl Iterator<Item = (PersonId, &Person)> + '_ {
        self.present().filter(|(_, person)| person.standing == Standing::Staying)
    }

    /// Everyone who is present.
    pub fn present(&self) -> impl Iterator<Item = (PersonId, &Person)> + '_ {
        (0..).map(PersonId).zip(&self.people).filter(|(_, person)| person.standing != Standing::Gone)
    }

    /// All open requisitions, by role and seat.
    pub fn requisitions(&self) -> impl Iterator<Item = (SeatId, &Requisition)> + '_ {
        self.roles.iter().zip((0..).map(RoleId)).flat_map(|(state, role)| {
            let open = state.seats.iter().zip(0..).filter(|(seat, _)| seat.holding == Holding::Requisition);
            open.map(move |(seat, number)| (SeatId { role, number }, &seat.requisition))
        })
    }

    /// Makes the team what a fact says that it is, at an instant.
    pub fn apply(&mut self, fact: Fact, now: Time) {
        match fact {
            Fact::OrganisationReady(organisation) => self.ready[usize::from(organisation.0)] = true,
            Fact::WantedChanged(role, wanted) => self.want(role, wanted),
            Fact::RequisitionOpened(seat) => self.open(seat, now),
            Fact::StageQueued(seat, stage) => self.place(seat, stage, false),
            Fact::StageBegan(seat, stage) => self.place(seat, stage, true),
            Fact::Joined(seat) => self.join(seat, now),
            Fact::MentoringBegan(person) => self.reach(person, Phase::Mentored),
            Fact::PhaseReached(person, phase) => self.reach(person, phase),
            Fact::NoticeGiven(person, _) => self.stop_staying(person, Standing::ServingNotice),
            Fact::Refused(person, _) => self.stop_staying(person, Standing::Refuser),
            Fact::Left(person, _) => self.leave(person),
            Fact::TransferBegan(transfer) => self.hand_over(transfer),
            Fact::Accepted(person, transfer) => self.accept(person, transfer),
            Fact::DisruptionEnded(person, transfer) => self.end_disruption(person, transfer),
            Fact::OrganisationStarted(_)
            | Fact::CandidateFailed(..)
            | Fact::RequisitionMoved(..)
            | Fact::TransferCompleted(_) => {}
        }
    }

    fn want(&mut self, role: RoleId, wanted: u32) {
        let state = &mut self.roles[usize::from(role.0)];
        let units = self.rules.role_output[usize::from(role.0)].round() as i64;
        self.wanted_output += units * (i64::from(wanted) - i64::from(state.wanted));
        self.wanted = self.wanted - state.wanted + wanted;
        state.wanted = wanted;
    }

    fn open(&mut self, seat: SeatId, now: Time) {
        let state = &mut self.roles[usize::from(seat.role.0)];
        let requisition = Requisition { opened_at: now, order: self.opened, stage: None, at_work: false };
        let number = seat.number as usize;
        if number == state.seats.len() {
            state.seats.push(Seat { holding: Holding::Vacant, requisitions: 0, requisition });
        }
        let place = &mut state.seats[number];
        assert!(place.holding == Holding::Vacant, "a requisition was opened for {seat:?}, which is not vacant");
        *place = Seat { holding: Holding::Requisition, requisitions: place.requisitions + 1, requisition };
        state.vacancies.fill(seat.number);
        state.open += 1;
        self.open += 1;
        self.opened += 1;
    }

    fn place(&mut self, seat: SeatId, stage: Stage, at_work: bool) {
        let place = &mut self.roles[usize::from(seat.role.0)].seats[seat.number as usize];
        assert!(place.holding == Holding::Requisition, "{seat:?} is in a pipeline without a requisition");
        place.requisition.stage = Some(stage);
        place.requisition.at_work = at_work;
    }

    fn join(&mut self, seat: SeatId, now: Time) {
        let id =
            self.free.pop().unwrap_or_else(|| PersonId(u32::try_from(self.people.len()).expect("people fit into memory")));
        let state = &mut self.roles[usize::from(seat.role.0)];
        let place = &mut state.seats[seat.number as usize];
        assert!(place.holding == Holding::Requisition, "somebody joined {seat:?} without a requisition");
        place.holding = Holding::Person(id);
        state.open -= 1;
        state.staying += 1;
        let onboards = self.rules.world.organisation(self.in_charge).onboarding.is_some();
        let person = Person {
            seat,
            requisition: place.requisitions,
            employer: self.in_charge,
            joined: self.in_charge,
            joined_at: now,
            order: self.joins,
            phase: if onboards { Phase::Waiting } else { Phase::Full },
            standing: Standing::Staying,
            disruptions: 0,
            output: 0,
        };
        match self.people.get_mut(id.0 as usize) {
            Some(place) => *place = person,
            None => self.people.push(person),
        }
        self.open -= 1;
        self.joins += 1;
        self.headcount += 1;
        self.productive += u32::from(self.is_productive(&person));
        self.weigh(id);
    }

    fn reach(&mut self, id: PersonId, phase: Phase) {
        let person = self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} goes on in onboarding without staying");
        self.mentored -= u32::from(person.phase == Phase::Mentored);
        self.mentored += u32::from(phase == Phase::Mentored);
        self.productive -= u32::from(self.is_productive(&person));
        let person = &mut self.people[id.0 as usize];
        person.phase = phase;
        let person = *person;
        self.productive += u32::from(self.is_productive(&person));
        self.weigh(id);
    }

    fn stop_staying(&mut self, id: PersonId, standing: Standing) {
        let person = self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} goes, and was not staying");
        let state = &mut self.roles[usize::from(person.seat.role.0)];
        state.seats[person.seat.number as usize].holding = Holding::Vacant;
        state.vacancies.empty(person.seat.number);
        state.staying -= 1;
        self.productive -= u32::from(self.is_productive(&person));
        self.mentored -= u32::from(person.phase == Phase::Mentored);
        self.people[id.0 as usize].standing = standing;
        self.weigh(id);
    }

    fn leave(&mut self, id: PersonId) {
        let person = &mut self.people[id.0 as usize];
        assert!(
            matches!(person.standing, Standing::ServingNotice | Standing::Refuser),
            "{id:?} left and was {:?}",
            person.standing
        );
        person.standing = Standing::Gone;
        self.output -= person.output;
        self.free.push(id);
        self.leaves += 1;
        self.headcount -= 1;
        self.refresh();
    }

    fn hand_over(&mut self, transfer: TransferId) {
        let parameters = &self.rules.strategy.transfers[usize::from(transfer.0)];
        self.begun = Some(transfer);
        self.in_charge = parameters.to;
        if parameters.hiring_after == HiringAfter::Receiver {
            self.hiring = parameters.to;
        }
        // Levels are those of the organisation in charge.
        self.productive = 0;
        for index in 0..self.people.len() {
            let person = self.people[index];
            self.productive += u32::from(person.standing == Standing::Staying && self.is_productive(&person));
            if person.standing != Standing::Gone {
                self.weigh(PersonId(u32::try_from(index).expect("people fit into memory")));
            }
        }
        self.refresh();
    }

    fn accept(&mut self, id: PersonId, transfer: TransferId) {
        let parameters = &self.rules.strategy.transfers[usize::from(transfer.0)];
        let person = &mut self.people[id.0 as usize];
        assert!(person.standing == Standing::Staying, "{id:?} accepted an offer without staying");
        person.employer = parameters.to;
        if parameters.disruption_days > 0.0 {
            person.disruptions |= 1 << transfer.0;
        }
        self.weigh(id);
    }

    fn end_disruption(&mut self, id: PersonId, transfer: TransferId) {
        self.people[id.0 as usize].disruptions &= !(1 << transfer.0);
        self.weigh(id);
    }

    /// The level of a phase of onboarding under the organisation in charge.
    fn level(&self, phase: Phase) -> f64 {
        let Some(onboarding) = &self.rules.world.organisation(self.in_charge).onboarding else { return 1.0 };
        match phase {
            Phase::Waiting => onboarding.waiting,
            Phase::Mentored => onboarding.mentored,
            Phase::Then(step) => onboarding.then.get(usize::from(step)).map_or(1.0, |step| step.level),
            Phase::Full => 1.0,
        }
    }

    #[expect(clippy::float_cmp, reason = "level 1 is given as 1, not computed")]
    fn is_productive(&self, person: &Person) -> bool {
        self.level(person.phase) == 1.0
    }

    /// Works out anew what somebody puts out.
    fn weigh(&mut self, id: PersonId) {
        let person = self.people[id.0 as usize];
        let mut weight = self.rules.role_output[usize::from(person.seat.role.0)] * self.level(person.phase);
        if person.standing == Standing::ServingNotice
            && let Some(attrition) = &self.rules.world.organisation(person.employer).attrition
        {
            weight *= attrition.notice_level;
        }
        let mut left = person.disruptions;
        while left != 0 {
            weight *= self.rules.strategy.transfers[left.trailing_zeros() as usize].disruption;
            left &= left - 1;
        }
        let units = weight.round() as i64;
        self.output += units - person.output;
        self.people[id.0 as usize].output = units;
        self.refresh();
    }

    fn refresh(&mut self) {
        let mut units = self.output;
        if let Some(onboarding) = &self.rules.world.organisation(self.in_charge).onboarding {
            units -= onboarding.mentor_load_units(UNITS_PER_FTE) * i64::from(self.mentored);
        }
        let factor = self.rules.world.communication.map_or(1.0, |communication| communication.factor(self.headcount));
        self.effective_fte = (in_fte(units) * factor).max(0.0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "sums of output lie far below 2^53 units")]
fn in_fte(units: i64) -> f64 {
    units as f64 / UNITS_PER_FTE
}
