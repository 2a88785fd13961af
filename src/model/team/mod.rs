//! The team as the result of all facts: seats, requisitions, people, and their output. Only [`Team::apply`] changes it.

mod apply;
mod knowledge;
mod output;
mod records;
mod staffing;
mod vacancies;

use crate::world::{HEADCOUNT_AT_MOST, OrganisationId, RoleId, Strategy, World, role_id};

use super::fact::{PersonId, SeatId, TransferId};
use knowledge::Ignorance;
use output::Rules;
pub(super) use records::Course;
pub use records::{Holding, Person, Progress, Requisition, Seat, Standing};
use staffing::Staffing;
use vacancies::Vacancies;

/// The most requisitions of a replication. Below it, the numbers of requisitions per seat, joiners and leavers also fit into
/// 32 bits, including people present from the start. Beyond it, the random numbers of the first requisitions would repeat.
const REQUISITIONS_AT_MOST: u32 = u32::MAX - HEADCOUNT_AT_MOST;

#[derive(Debug)]
struct RoleState {
    seats: Vec<Seat>,
    vacancies: Vacancies,
    wanted: u32,
    staying: u32,
    open: u32,
    /// Open requisitions that are bound.
    bound: u32,
    /// Who employs its people, if that does not go by the organisation in charge.
    employer: Option<OrganisationId>,
}

/// The team of one replication.
#[derive(Debug)]
pub struct Team {
    rules: Rules,
    roles: Vec<RoleState>,
    people: Vec<Person>,
    free: Vec<PersonId>,
    ignorance: Ignorance,
    active: Vec<bool>,
    ready: Vec<bool>,
    staffing: Staffing,
    /// The number of people who have joined each organisation.
    joined: Vec<u32>,
    /// The number of people present whom each organisation employs.
    employed: Vec<u32>,
    transfers: Vec<Progress>,
    in_charge: OrganisationId,
    hiring: OrganisationId,
    is_over: bool,
    entered: u32,
    rookies: u32,
    knowledge: f64,
    headcount: u32,
    wanted: u32,
    open: u32,
    joins: u32,
    leaves: u32,
    opened: u32,
    waiting: u32,
    mentored: u32,
    productive: u32,
    output: i64,
    wanted_output: i64,
    wanted_fte: f64,
    effective_fte: f64,
}

impl Team {
    /// Returns the team of a strategy before the first fact.
    #[must_use]
    pub fn new(world: &World, strategy: &Strategy) -> Self {
        let role = |role| RoleState {
            seats: Vec::new(),
            vacancies: Vacancies::default(),
            wanted: 0,
            staying: 0,
            open: 0,
            bound: 0,
            employer: strategy.employer_by_role.get(role).copied(),
        };
        Self {
            roles: (0..world.roles.len()).map(role_id).map(role).collect(),
            people: Vec::new(),
            free: Vec::new(),
            ignorance: Ignorance::new(world.month_ends(), world.knowledge_days),
            active: vec![false; world.organisations.len()],
            ready: vec![false; world.organisations.len()],
            staffing: Staffing::new(world),
            joined: vec![0; world.organisations.len()],
            employed: vec![0; world.organisations.len()],
            transfers: vec![Progress::Ahead; strategy.transfers.len()],
            in_charge: strategy.employer,
            hiring: strategy.employer,
            is_over: false,
            entered: 0,
            rookies: 0,
            knowledge: 0.0,
            headcount: 0,
            wanted: 0,
            open: 0,
            joins: 0,
            leaves: 0,
            opened: 0,
            waiting: 0,
            mentored: 0,
            productive: 0,
            output: 0,
            wanted_output: 0,
            wanted_fte: 0.0,
            effective_fte: 0.0,
            rules: Rules::new(world, strategy),
        }
    }

    /// Returns to the state before the first fact, and keeps the memory.
    pub fn clear(&mut self) {
        for (role, &employer) in self.roles.iter_mut().zip(&self.rules.employers) {
            role.seats.clear();
            role.vacancies.clear();
            role.employer = employer;
            (role.wanted, role.staying, role.open, role.bound) = (0, 0, 0, 0);
        }
        self.people.clear();
        self.free.clear();
        self.ignorance.clear();
        self.active.fill(false);
        self.ready.fill(false);
        self.staffing.clear();
        self.joined.fill(0);
        self.employed.fill(0);
        self.transfers.fill(Progress::Ahead);
        (self.is_over, self.entered, self.rookies, self.knowledge) = (false, 0, 0, 0.0);
        (self.in_charge, self.hiring) = (self.rules.employer, self.rules.employer);
        (self.headcount, self.wanted, self.open, self.joins, self.leaves) = (0, 0, 0, 0, 0);
        (self.opened, self.waiting, self.mentored, self.productive) = (0, 0, 0, 0);
        (self.output, self.wanted_output) = (0, 0);
        (self.wanted_fte, self.effective_fte) = (0.0, 0.0);
    }

    /// Returns the number of people present.
    #[must_use]
    pub fn headcount(&self) -> u32 {
        self.headcount
    }

    /// Returns the wanted headcount of all roles.
    #[must_use]
    pub fn wanted(&self) -> u32 {
        self.wanted
    }

    /// Returns the wanted output of all roles, in FTE.
    #[must_use]
    pub fn wanted_fte(&self) -> f64 {
        self.wanted_fte
    }

    /// Returns the effective output of the people present, in FTE (MODEL section 5).
    #[must_use]
    pub fn effective_fte(&self) -> f64 {
        self.effective_fte
    }

    /// Returns the share of the people present who work below level 1. It is 0 while nobody is present.
    #[must_use]
    pub fn rookie_share(&self) -> f64 {
        if self.headcount == 0 { 0.0 } else { f64::from(self.rookies) / f64::from(self.headcount) }
    }

    /// Returns the knowledge at the latest month end: MODEL section 5.
    #[must_use]
    pub fn knowledge(&self) -> f64 {
        self.knowledge
    }

    /// Whether the client has left the market.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Returns how many people have joined an organisation: hired, accepted in a transfer, or present from the start.
    #[must_use]
    pub fn joined(&self, organisation: OrganisationId) -> u32 {
        self.joined[usize::from(organisation.0)]
    }

    /// Returns how many people present an organisation employs.
    #[must_use]
    pub fn employed(&self, organisation: OrganisationId) -> u32 {
        self.employed[usize::from(organisation.0)]
    }

    /// Returns the progress of a listed transfer.
    #[must_use]
    pub fn progress(&self, transfer: TransferId) -> Progress {
        self.transfers[usize::from(transfer.0)]
    }

    /// Returns the number of open requisitions of all roles.
    #[must_use]
    pub fn open_requisitions(&self) -> u32 {
        self.open
    }

    /// Returns the number of people who have joined so far.
    #[must_use]
    pub fn joins(&self) -> u32 {
        self.joins
    }

    /// Returns the number of people who have left so far.
    #[must_use]
    pub fn leaves(&self) -> u32 {
        self.leaves
    }

    /// Returns the number of requisitions that wait for staff.
    #[must_use]
    pub fn waiting_for_staff(&self) -> u32 {
        self.staffing.waiting
    }

    /// Returns how many requisitions the staff of all active organisations can work on at once.
    #[must_use]
    pub fn staff_units(&self) -> u32 {
        self.staffing.active_units
    }

    /// Returns how many requisitions the staff of all active organisations works on.
    #[must_use]
    pub fn staff_busy(&self) -> u32 {
        self.staffing.active_busy
    }

    /// Returns the number of people who wait for a mentor.
    #[must_use]
    pub fn waiting_for_mentor(&self) -> u32 {
        self.waiting
    }

    /// Returns the number of people who hold a mentor slot.
    #[must_use]
    pub fn mentored(&self) -> u32 {
        self.mentored
    }

    /// Returns the number of staying people at level 1.
    #[must_use]
    pub fn productive(&self) -> u32 {
        self.productive
    }

    /// Returns the organisation in charge.
    #[must_use]
    pub fn in_charge(&self) -> OrganisationId {
        self.in_charge
    }

    /// Returns the organisation in whose pipeline requisitions are opened, unless it is another one for their role.
    #[must_use]
    pub fn hiring(&self) -> OrganisationId {
        self.hiring
    }

    /// Returns the organisation in whose pipeline requisitions of a role are opened.
    #[inline]
    #[must_use]
    pub fn hiring_for(&self, role: RoleId) -> OrganisationId {
        self.fixed_employer(role).unwrap_or(self.hiring)
    }

    /// Returns who employs the people of a role, if that does not go by the organisation in charge.
    #[inline]
    #[must_use]
    pub fn fixed_employer(&self, role: RoleId) -> Option<OrganisationId> {
        self.roles[usize::from(role.0)].employer
    }

    /// Whether an organisation employs the people of some role no matter which is in charge.
    #[must_use]
    pub fn is_fixed_employer(&self, organisation: OrganisationId) -> bool {
        self.roles.iter().any(|role| role.employer == Some(organisation))
    }

    /// Whether an organisation is active: from its start until it has handed over and opens no more requisitions.
    #[must_use]
    pub fn is_active(&self, organisation: OrganisationId) -> bool {
        self.active[usize::from(organisation.0)]
    }

    /// Whether an organisation is set up.
    #[must_use]
    pub fn is_ready(&self, organisation: OrganisationId) -> bool {
        self.ready[usize::from(organisation.0)]
    }

    /// Returns the wanted headcount of a role.
    #[must_use]
    pub fn wanted_in(&self, role: RoleId) -> u32 {
        self.roles[usize::from(role.0)].wanted
    }

    /// Returns the number of staying people of a role, and of its open requisitions.
    #[must_use]
    pub fn staying_and_open(&self, role: RoleId) -> (u32, u32) {
        let role = &self.roles[usize::from(role.0)];
        (role.staying, role.open)
    }

    /// Returns the lowest seat of a role with neither a staying holder nor a requisition.
    #[must_use]
    pub fn vacant_seat(&self, role: RoleId) -> SeatId {
        SeatId { role, number: self.roles[usize::from(role.0)].vacancies.lowest() }
    }

    /// Returns the number of seats of a role that have been used.
    pub(super) fn seats_in(&self, role: RoleId) -> u32 {
        u32::try_from(self.roles[usize::from(role.0)].seats.len()).expect("a seat number fits into 32 bits")
    }

    /// Returns the number of ids of people that have been used.
    pub(super) fn ids(&self) -> u32 {
        u32::try_from(self.people.len()).expect("the number of people is bounded by memory")
    }

    /// Returns a seat that has been used.
    ///
    /// # Panics
    /// If the seat was never used.
    #[must_use]
    pub fn seat(&self, seat: SeatId) -> &Seat {
        &self.roles[usize::from(seat.role.0)].seats[seat.number as usize]
    }

    #[inline]
    pub(super) fn seat_mut(&mut self, seat: SeatId) -> &mut Seat {
        &mut self.roles[usize::from(seat.role.0)].seats[seat.number as usize]
    }

    #[inline]
    pub(super) fn requisition_mut(&mut self, seat: SeatId) -> &mut Requisition {
        &mut self.seat_mut(seat).requisition
    }

    #[inline]
    pub(super) fn person_mut(&mut self, person: PersonId) -> &mut Person {
        &mut self.people[person.0 as usize]
    }

    /// Returns the person that the requisition of this seat has just brought.
    ///
    /// # Panics
    /// If nobody holds the seat.
    #[must_use]
    pub fn holder(&self, seat: SeatId) -> PersonId {
        let Holding::Person(person) = self.seat(seat).holding else { panic!("nobody holds {seat:?}") };
        person
    }

    /// Returns a person who has joined. After they leave, and until the number is reused, it is their last state.
    #[must_use]
    pub fn person(&self, person: PersonId) -> &Person {
        &self.people[person.0 as usize]
    }

    /// Returns everyone who is staying.
    pub fn staying(&self) -> impl Iterator<Item = (PersonId, &Person)> + '_ {
        self.present().filter(|(_, person)| person.standing == Standing::Staying)
    }

    /// Returns everyone who is present.
    pub fn present(&self) -> impl Iterator<Item = (PersonId, &Person)> + '_ {
        (0..).map(PersonId).zip(&self.people).filter(|(_, person)| person.standing != Standing::Gone)
    }

    /// Returns the number of open requisitions of a role that may be cancelled if fewer people are wanted.
    #[must_use]
    pub fn cancellable(&self, role: RoleId) -> u32 {
        let role = &self.roles[usize::from(role.0)];
        role.open - role.bound
    }

    /// Returns all open requisitions, by role and seat.
    pub fn requisitions(&self) -> impl Iterator<Item = (SeatId, &Requisition)> + '_ {
        self.roles.iter().zip((0..).map(RoleId)).flat_map(|(state, role)| {
            let open = state.seats.iter().zip(0..).filter(|(seat, _)| seat.holding == Holding::Requisition);
            open.map(move |(seat, number)| (SeatId { role, number }, &seat.requisition))
        })
    }
}
