//! Demand: the people present at the start, the wanted headcounts, and the balance between them and staying people plus open
//! requisitions.

use std::cmp::Reverse;

use crate::maths::ln;
use crate::random::{Draw, Purpose};
use crate::world::{DAYS_PER_YEAR, HEADCOUNT_AT_MOST, RoleId, Strategy, World, month_instant, role_id};

use super::fact::{Cause, Fact, PersonId, SeatId};
use super::process::{Context, Process};
use super::team::{Standing, Team};

/// When a shock comes after the one before, and its factor.
const SHOCK: Purpose = Purpose::named("demand.shock");
/// Below this number of joiners of a role, none is dropped from the list: the memory saved is not worth the time.
const JOINERS_AT_LEAST: usize = 1024;
const INITIAL_TENURE: Purpose = Purpose::named("initial.tenure");

/// The process of demand.
#[derive(Debug)]
pub(super) struct Demand {
    order: Vec<RoleId>,
    /// Months after the start at which wanted headcounts change, in order.
    months: Vec<f64>,
    /// The latest of these months.
    month: f64,
    /// The product of the shocks so far.
    factor: f64,
    /// The cap on compounding shocks: at this factor the highest demand of all roles together is a million people.
    factor_at_most: f64,
    unbalanced: bool,
    /// Whether bound requisitions exceed what is wanted.
    has_surplus: bool,
    /// The number of people placed at the start, by role.
    initial: Vec<u32>,
    requisitions: Vec<(Reverse<u32>, SeatId)>,
    /// The people of each role who have joined and may still stay.
    joiners: Vec<Joiners>,
}

/// Everyone who has joined a role, including those who have left since. It is sorted by day and order of joining when
/// needed.
#[derive(Debug)]
struct Joiners {
    people: Vec<(f64, u32, PersonId)>,
    is_unsorted: bool,
    /// The number of entries at which those who have left are dropped.
    forget_at: usize,
}

impl Joiners {
    const NOBODY: Self = Self { people: Vec::new(), is_unsorted: false, forget_at: JOINERS_AT_LEAST };
}

/// Whether a person who joined is present and, as far as is known, will stay.
fn may_stay(&(_, order, person): &(f64, u32, PersonId), team: &Team) -> bool {
    let about = team.person(person);
    about.order == order && about.standing == Standing::Staying
}

/// An event of demand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Event {
    /// The wanted headcounts with a step in this month change.
    Step(f64),
    /// The n-th shock, from 0.
    Shock(u32),
}

impl Process for Demand {
    type Event = Event;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        let mut months: Vec<f64> = world.demand.iter().flat_map(crate::world::Wanted::months).collect();
        months.retain(|&month| month > 0.0);
        months.sort_by(f64::total_cmp);
        months.dedup();
        Self {
            order: world.roles_by_priority(),
            months,
            month: 0.0,
            factor: 1.0,
            factor_at_most: f64::from(HEADCOUNT_AT_MOST) / world.highest_demand(),
            unbalanced: false,
            has_surplus: false,
            initial: vec![0; world.roles.len()],
            requisitions: Vec::new(),
            joiners: world.roles.iter().map(|_| Joiners::NOBODY).collect(),
        }
    }

    fn clear(&mut self) {
        (self.month, self.factor) = (0.0, 1.0);
        (self.unbalanced, self.has_surplus) = (false, false);
        self.initial.fill(0);
        for joiners in &mut self.joiners {
            joiners.people.clear();
            joiners.is_unsorted = false;
            joiners.forget_at = JOINERS_AT_LEAST;
        }
    }

    fn start(&mut self, cx: &mut Context<'_, Event>) {
        self.place_initial_people(cx);
        self.step(0.0, cx);
        for &month in &self.months {
            cx.schedule_at(month_instant(month), Event::Step(month));
        }
        schedule_shock(0, cx);
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Event>) {
        match event {
            Event::Step(month) => self.step(month, cx),
            Event::Shock(number) => {
                self.shock(number, cx);
                schedule_shock(number + 1, cx);
            }
        }
    }

    #[inline(always)]
    fn react(&mut self, fact: Fact, cx: &mut Context<'_, Event>) {
        if let Fact::WasThere(seat, _) | Fact::Joined(seat) = fact {
            let person = cx.team().holder(seat);
            let about = cx.team().person(person);
            let joiners = &mut self.joiners[usize::from(seat.role.0)];
            joiners.people.push((about.joined_day, about.order, person));
            // People present from the start may have joined in any order.
            joiners.is_unsorted |= matches!(fact, Fact::WasThere(..));
            // However many people come and go, memory is only kept for those who may still stay.
            if joiners.people.len() >= joiners.forget_at {
                joiners.people.retain(|joiner| may_stay(joiner, cx.team()));
                joiners.forget_at = (2 * joiners.people.len()).max(JOINERS_AT_LEAST);
            }
        }
        self.unbalanced |= match fact {
            Fact::WasThere(..)
            | Fact::WantedChanged(..)
            | Fact::OrganisationReady(_)
            | Fact::TransferBegan(_)
            | Fact::NoticeGiven(..)
            | Fact::Refused(..)
            | Fact::Left(_, Cause::Collapse) => true,
            Fact::Joined(_) | Fact::CandidateFailed(..) => self.has_surplus,
            _ => false,
        };
    }

    #[inline(always)]
    fn rest(&mut self, cx: &mut Context<'_, Event>) {
        if std::mem::take(&mut self.unbalanced) {
            self.balance(cx);
        }
    }
}

impl Demand {
    /// Opens missing requisitions, and removes surplus ones or people.
    fn balance(&mut self, cx: &mut Context<'_, Event>) {
        self.has_surplus = false;
        let team = cx.team();
        let may_open = team.is_ready(team.hiring()) && team.is_ready(team.in_charge());
        for index in 0..self.order.len() {
            let role = self.order[index];
            let (staying, open) = cx.team().staying_and_open(role);
            let wanted = cx.team().wanted_in(role);
            if staying + open > wanted {
                self.reduce(role, staying + open - wanted, cx);
            } else if may_open {
                for seat in team.vacant_seats(role).take((wanted - staying - open) as usize) {
                    cx.emit(Fact::RequisitionOpened(seat));
                }
            }
        }
    }

    /// Places the people who are present from the start in the first seats of their roles.
    fn place_initial_people(&mut self, cx: &mut Context<'_, Event>) {
        for initial in &cx.strategy().initial {
            for _ in 0..initial.headcount {
                let placed = &mut self.initial[usize::from(initial.role.0)];
                let seat = SeatId { role: initial.role, number: *placed };
                *placed += 1;
                let luck = || cx.draw_for_initial(seat, Draw::of(INITIAL_TENURE))[0];
                let tenure_days = initial.tenure_days.draw(luck);
                cx.emit(Fact::WasThere(seat, tenure_days));
            }
        }
    }

    /// Applies all changes of one instant together. The vacancies that they leave are then filled in order of priority.
    #[expect(clippy::float_cmp, reason = "the month is one of those given")]
    fn step(&mut self, month: f64, cx: &mut Context<'_, Event>) {
        self.month = month;
        for (index, demand) in cx.world().demand.iter().enumerate() {
            if demand.months().any(|from| from == month) {
                cx.emit(Fact::WantedChanged(role_id(index), demand.shocked_at(month, self.factor)));
            }
        }
    }

    /// Multiplies all later wanted headcounts by a shock.
    fn shock(&mut self, number: u32, cx: &mut Context<'_, Event>) {
        let Some(shock) = &cx.world().demand_shock else { return };
        let factor = shock.factor.draw(|| cx.draw_for_world(number.into(), Draw::of(SHOCK))[1]);
        self.factor = (self.factor * factor).min(self.factor_at_most);
        cx.emit(Fact::DemandShocked(factor));
        for (index, demand) in cx.world().demand.iter().enumerate() {
            let wanted = demand.shocked_at(self.month, self.factor);
            if wanted != cx.team().wanted_in(role_id(index)) {
                cx.emit(Fact::WantedChanged(role_id(index), wanted));
            }
        }
    }

    /// Reduces a role by its surplus: cancels requisitions, newest first, then releases people, newest first.
    fn reduce(&mut self, role: RoleId, surplus: u32, cx: &mut Context<'_, Event>) {
        let team = cx.team();
        self.requisitions.clear();
        if team.cancellable(role) > 0 {
            let of_role = team.requisitions().filter(|(seat, requisition)| seat.role == role && !requisition.is_bound);
            self.requisitions.extend(of_role.map(|(seat, requisition)| (Reverse(requisition.order), seat)));
            self.requisitions.sort_unstable();
            self.requisitions.truncate(surplus as usize);
        }
        for &(_, seat) in &self.requisitions {
            cx.emit(Fact::RequisitionCancelled(seat));
        }
        let (staying, _) = team.staying_and_open(role);
        let released = staying.saturating_sub(team.wanted_in(role)).min(surplus);
        if released > 0 {
            self.release(role, released as usize, cx);
        }
        self.has_surplus |= surplus as usize > self.requisitions.len() + released as usize;
    }

    fn release(&mut self, role: RoleId, count: usize, cx: &mut Context<'_, Event>) {
        let Joiners { people, is_unsorted, .. } = &mut self.joiners[usize::from(role.0)];
        if std::mem::take(is_unsorted) {
            people.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        for _ in 0..count {
            // People who have left, or are about to, are skipped for good.
            let Some(newest) = people.iter().rposition(|joiner| may_stay(joiner, cx.team())) else { return };
            let person = people[newest].2;
            people.truncate(newest);
            cx.emit(Fact::Released(person));
        }
    }
}

fn schedule_shock(number: u32, cx: &mut Context<'_, Event>) {
    let Some(shock) = &cx.world().demand_shock else { return };
    if shock.per_year > 0.0 {
        let [luck, _] = cx.draw_for_world(number.into(), Draw::of(SHOCK));
        cx.schedule_in(-ln(luck) / (shock.per_year / DAYS_PER_YEAR), Event::Shock(number));
    }
}
