//! Demand: the wanted headcounts, and the balance between them and staying people plus open requisitions.

mod promotion;

use std::cmp::Reverse;

use crate::engine::Time;
use crate::maths::ln;
use crate::random::{DrawKey, Purpose};
use crate::world::{DAYS_PER_YEAR, DemandShock, HEADCOUNT_AT_MOST, RoleId, Surplus, World, role_id};

use super::draws::Draws;
use super::fact::{Fact, PersonId, SeatId};
use super::team::{Standing, Team};
use super::{Event, Observer, Simulation};

/// When a shock comes after the one before, and its factor.
const SHOCK: Purpose = Purpose::named("demand.shock");
/// Below this number of joiners of a role, none is dropped from the list: the memory saved is not worth the time.
const JOINERS_AT_LEAST: usize = 1024;
/// Whether the place of a person who leaves is filled again.
const REPLACED: Purpose = Purpose::named("demand.replaced");

/// The state of demand.
#[derive(Debug)]
pub(super) struct Demand {
    order: Vec<RoleId>,
    /// Days on which wanted headcounts change, in order.
    days: Vec<f64>,
    /// The latest of these days.
    day: f64,
    /// The product of the shocks so far.
    factor: f64,
    /// The cap on compounding shocks: at this factor the highest demand of all roles together is a million people.
    factor_at_most: f64,
    is_unbalanced: bool,
    /// Whether bound requisitions exceed what is wanted.
    has_surplus: bool,
    /// The number of places that are not filled again, by role.
    lapsed: Vec<u32>,
    surplus: Vec<(Reverse<u32>, SeatId)>,
    /// The people of each role who have joined and may still stay.
    joiners: Vec<Joiners>,
    /// People of each role whom the current balance has promoted: who follows them is sought after all roles.
    promoted: Vec<u32>,
}

/// Everyone who has joined a role, including those who have left since. It is sorted by day and order of joining when
/// needed.
#[derive(Debug)]
struct Joiners {
    role: RoleId,
    people: Vec<(f64, u32, PersonId)>,
    is_unsorted: bool,
    /// The number of entries at which those who have left are dropped.
    forget_at: usize,
}

impl Joiners {
    fn of(role: RoleId) -> Self {
        Self { role, people: Vec::new(), is_unsorted: false, forget_at: JOINERS_AT_LEAST }
    }

    /// Adds a person who joined last, or at any time if present from the start.
    #[inline]
    fn add(&mut self, id: PersonId, team: &Team) {
        let person = team.person(id);
        self.people.push((person.joined_day, person.order, id));
        // However many people come and go, memory is only kept for those who may still stay.
        if self.people.len() >= self.forget_at {
            self.forget(team);
        }
    }

    #[cold]
    fn forget(&mut self, team: &Team) {
        self.people.retain(|joiner| may_stay(joiner, self.role, team));
        self.forget_at = (2 * self.people.len()).max(JOINERS_AT_LEAST);
    }

    fn sort(&mut self) {
        if std::mem::take(&mut self.is_unsorted) {
            self.people.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
    }

    /// Returns those who may stay, longest tenure first.
    fn oldest_first(&mut self, team: &Team) -> impl Iterator<Item = PersonId> {
        self.sort();
        self.people.iter().filter(|joiner| may_stay(joiner, self.role, team)).map(|&(_, _, id)| id)
    }

    /// Takes out the one who joined last, of those who may stay. People who have left, or are about to, are skipped for
    /// good.
    fn take_newest(&mut self, team: &Team) -> Option<PersonId> {
        self.sort();
        let newest = self.people.iter().rposition(|joiner| may_stay(joiner, self.role, team))?;
        let (_, _, id) = self.people[newest];
        self.people.truncate(newest);
        Some(id)
    }
}

/// Whether a person who joined is present in that role and, as far as is known, will stay.
fn may_stay(&(_, order, person): &(f64, u32, PersonId), role: RoleId, team: &Team) -> bool {
    let about = team.person(person);
    about.order == order && about.standing == Standing::Staying && about.seat.role == role
}

impl Demand {
    pub(super) fn new(world: &World) -> Self {
        let mut days: Vec<f64> = world.demand.iter().flat_map(crate::world::Wanted::days).collect();
        days.retain(|&day| day > 0.0);
        days.sort_by(f64::total_cmp);
        days.dedup();
        Self {
            order: world.roles_by_priority(),
            days,
            day: 0.0,
            factor: 1.0,
            factor_at_most: factor_at_most(world),
            is_unbalanced: false,
            has_surplus: false,
            lapsed: vec![0; world.roles.len()],
            surplus: Vec::new(),
            joiners: (0..world.roles.len()).map(role_id).map(Joiners::of).collect(),
            promoted: vec![0; world.roles.len()],
        }
    }

    pub(super) fn clear(&mut self) {
        (self.day, self.factor) = (0.0, 1.0);
        (self.is_unbalanced, self.has_surplus) = (false, false);
        self.lapsed.fill(0);
        for joiners in &mut self.joiners {
            joiners.people.clear();
            joiners.is_unsorted = false;
            joiners.forget_at = JOINERS_AT_LEAST;
        }
    }
}

/// Returns the highest product of the shocks to demand in the first replications, and at least 1: how much larger than
/// planned the team may get. It takes no simulation.
#[must_use]
pub fn highest_shock(world: &World, seed: u64, replications: u32) -> f64 {
    let Some(shock) = world.demand_shock.as_ref().filter(|shock| shock.per_year > 0.0) else { return 1.0 };
    let factor_at_most = factor_at_most(world);
    let end = world.horizon_days();
    let (mut draws, mut highest) = (Draws::new(seed, world), 1.0);
    for replication in 0..replications {
        draws.select(replication);
        let (mut days, mut factor) = (0.0, 1.0);
        for number in 0.. {
            days += shock_wait_days(number, shock, &draws);
            if days >= end {
                break;
            }
            factor = f64::min(factor * shock_factor(number, shock, &draws), factor_at_most);
            highest = f64::max(highest, factor);
        }
    }
    highest
}

fn index_of(role: RoleId) -> usize {
    usize::from(role.0)
}

/// Returns the cap on compounding shocks.
fn factor_at_most(world: &World) -> f64 {
    f64::from(HEADCOUNT_AT_MOST) / world.highest_demand()
}

/// Returns the days from the shock before, or from the start, to the n-th shock, from 0.
fn shock_wait_days(number: u32, shock: &DemandShock, draws: &Draws) -> f64 {
    let [luck, _] = draws.for_world(number.into(), DrawKey::of(SHOCK));
    -ln(luck) / (shock.per_year / DAYS_PER_YEAR)
}

fn shock_factor(number: u32, shock: &DemandShock, draws: &Draws) -> f64 {
    shock.factor.draw(|| draws.for_world(number.into(), DrawKey::of(SHOCK))[1])
}

impl Simulation<'_> {
    pub(super) fn schedule_demand(&mut self) {
        for (step, &day) in (0..).zip(&self.demand.days) {
            self.calendar.schedule_at(Time::from_days(day), Event::DemandStep(step));
        }
    }

    pub(super) fn start_demand(&mut self, observer: &mut impl Observer) {
        self.schedule_shock(0);
        self.change_wanted(0.0, observer);
    }

    /// Notes a person who has joined, and may be released one day.
    #[inline(always)]
    pub(super) fn note_joiner(&mut self, role: RoleId, person: PersonId) {
        self.demand.joiners[usize::from(role.0)].add(person, &self.team);
    }

    /// Notes that people of a role may not have joined in the order in which they were noted.
    pub(super) fn note_any_order(&mut self, role: RoleId) {
        self.demand.joiners[usize::from(role.0)].is_unsorted = true;
    }

    pub(super) fn step_demand(&mut self, step: u32, observer: &mut impl Observer) {
        let day = self.demand.days[step as usize];
        self.change_wanted(day, observer);
    }

    /// Applies all changes of one instant together. The vacancies that they leave are then filled in order of priority.
    #[expect(clippy::float_cmp, reason = "the day is one of those given")]
    fn change_wanted(&mut self, day: f64, observer: &mut impl Observer) {
        self.demand.day = day;
        for (index, demand) in self.world.demand.iter().enumerate() {
            if demand.days().any(|from| from == day) {
                self.tell(Fact::WantedChanged(role_id(index), self.wanted_now(role_id(index))), observer);
                self.demand.is_unbalanced = true;
            }
        }
    }

    /// Returns the wanted headcount of a role: the demand of this month times all shocks, less the places that are not
    /// filled again.
    fn wanted_now(&self, role: RoleId) -> u32 {
        let index = usize::from(role.0);
        let demand = self.world.demand[index].shocked_at(self.demand.day, self.demand.factor);
        demand.saturating_sub(self.demand.lapsed[index])
    }

    /// Decides whether the place of a person who has just stopped staying is filled again, if fewer stay than are wanted.
    #[inline(always)]
    pub(super) fn consider_place(&mut self, id: PersonId, observer: &mut impl Observer) {
        let person = self.team.person(id);
        let attrition = self.world.organisation(person.employer).attrition_of(person.seat.role);
        let replace_share = attrition.map_or(1.0, |attrition| attrition.replace_share);
        if replace_share < 1.0 {
            self.draw_place(id, replace_share, observer);
        }
    }

    #[inline(never)]
    fn draw_place(&mut self, id: PersonId, replace_share: f64, observer: &mut impl Observer) {
        let person = self.team.person(id);
        let role = person.seat.role;
        let (staying, _) = self.team.staying_and_open(role);
        if staying >= self.team.wanted_in(role) {
            return;
        }
        let [luck, _] = self.draws.for_person(person, DrawKey::of(REPLACED));
        if luck >= replace_share {
            self.demand.lapsed[usize::from(role.0)] += 1;
            self.tell(Fact::PlaceLapsed(id), observer);
            self.tell(Fact::WantedChanged(role, self.wanted_now(role)), observer);
        }
    }

    fn schedule_shock(&mut self, number: u32) {
        let Some(shock) = &self.world.demand_shock else { return };
        if shock.per_year > 0.0 {
            let days = shock_wait_days(number, shock, &self.draws);
            self.calendar.schedule_in(days, Event::DemandShock(number));
        }
    }

    /// Multiplies all later wanted headcounts by a shock.
    pub(super) fn shock_demand(&mut self, number: u32, observer: &mut impl Observer) {
        let Some(shock) = &self.world.demand_shock else { return };
        let factor = shock_factor(number, shock, &self.draws);
        self.demand.factor = (self.demand.factor * factor).min(self.demand.factor_at_most);
        self.tell(Fact::DemandShocked(factor), observer);
        for index in 0..self.world.roles.len() {
            let wanted = self.wanted_now(role_id(index));
            if wanted != self.team.wanted_in(role_id(index)) {
                self.tell(Fact::WantedChanged(role_id(index), wanted), observer);
                self.demand.is_unbalanced = true;
            }
        }
        self.schedule_shock(number + 1);
    }

    /// The wanted headcounts, or the people and requisitions that count towards them, have changed.
    #[inline(always)]
    pub(super) fn unbalance(&mut self) {
        self.demand.is_unbalanced = true;
    }

    /// A requisition that could not be cancelled now can: it counts if there are still too many.
    #[inline(always)]
    pub(super) fn reconsider_surplus(&mut self) {
        self.demand.is_unbalanced |= self.demand.has_surplus;
    }

    /// Opens missing requisitions, and removes surplus ones or people.
    #[inline(always)]
    pub(super) fn balance(&mut self, observer: &mut impl Observer) {
        if std::mem::take(&mut self.demand.is_unbalanced) {
            self.balance_roles(observer);
        }
    }

    #[inline(never)]
    fn balance_roles(&mut self, observer: &mut impl Observer) {
        self.demand.has_surplus = false;
        for index in 0..self.demand.order.len() {
            let role = self.demand.order[index];
            let (staying, open) = self.team.staying_and_open(role);
            let wanted = self.team.wanted_in(role);
            if staying + open > wanted {
                self.reduce(role, staying + open - wanted, observer);
            } else if self.may_open(role) {
                let followers = self.demand.promoted[index_of(role)].min(wanted - staying - open);
                for _ in staying + open..wanted - followers {
                    self.fill(role, observer);
                }
            }
        }
        if self.demand.promoted.iter().any(|&promoted| promoted > 0) {
            self.follow_promoted(observer);
        }
    }

    /// Whether requisitions of a role may be opened: who hires for it is set up.
    fn may_open(&self, role: RoleId) -> bool {
        let team = &self.team;
        let of_charge = || team.is_ready(team.hiring()) && team.is_ready(team.in_charge());
        team.fixed_employer(role).map_or_else(of_charge, |employer| team.is_ready(employer))
    }

    /// Opens a requisition of a role, which somebody of another role may fill at once.
    #[inline(always)]
    fn fill(&mut self, role: RoleId, observer: &mut impl Observer) {
        let seat = self.team.vacant_seat(role);
        match &self.world.role(role).promotion {
            None => self.open(seat, observer),
            Some(promotion) => self.promote_or_open(seat, promotion, observer),
        }
    }

    /// Reduces a role by its surplus: cancels requisitions, newest first, then releases people, newest first, unless the
    /// organisation in charge waits until they leave.
    fn reduce(&mut self, role: RoleId, surplus: u32, observer: &mut impl Observer) {
        let mut chosen = std::mem::take(&mut self.demand.surplus);
        chosen.clear();
        if self.team.cancellable(role) > 0 {
            let open = self.team.requisitions();
            let of_role = open.filter(|(seat, requisition)| seat.role == role && !requisition.is_bound);
            chosen.extend(of_role.map(|(seat, requisition)| (Reverse(requisition.order), seat)));
            chosen.sort_unstable();
            chosen.truncate(surplus as usize);
        }
        for &(_, seat) in &chosen {
            self.cancel(seat, observer);
        }
        let (staying, _) = self.team.staying_and_open(role);
        let attrition = self.world.organisation(self.team.in_charge()).attrition_of(role);
        let released = match attrition.map_or(Surplus::Release, |attrition| attrition.surplus) {
            Surplus::Release => staying.saturating_sub(self.team.wanted_in(role)).min(surplus),
            Surplus::Wait => 0,
        };
        for _ in 0..released {
            let Some(person) = self.demand.joiners[usize::from(role.0)].take_newest(&self.team) else { break };
            self.release(person, observer);
        }
        self.demand.has_surplus |= surplus as usize > chosen.len() + released as usize;
        self.demand.surplus = chosen;
    }
}
