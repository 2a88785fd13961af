//! What it costs one organisation to employ people.

use crate::engine::Time;
use crate::input::Value;
use crate::input::number::Amount;
use crate::input::steps::Steps;
use crate::world::{Capacity, Cost, MONTHS_PER_YEAR, Organisation};

use super::heads::Heads;
use super::item::{Amounts, ITEMS, Item};
use super::price::{Exchange, price, risen};

/// The books of one organisation: its people, and the amounts of the current month.
#[derive(Debug)]
pub(super) struct Books {
    pub(super) own: bool,
    /// The people it employs, by role, each as the share of full time that they work.
    heads: Vec<Heads>,
    /// What is missing to a whole person for each.
    part_time: Heads,
    /// Their head-days since the month began.
    pub(super) people_days: f64,
    pub(super) is_active: bool,
    pub(super) amounts: Amounts,
    costs: Option<Costs>,
}

/// The prices of an organisation with `[organisation.X.cost]`.
#[derive(Debug)]
struct Costs {
    table: Cost,
    /// By role, as of the current segment.
    salary_per_month: Vec<f64>,
    /// By role, if some of them change.
    salaries: Vec<Steps<Amount>>,
    /// For each paid staff: its capacity in steps, and the cost per member and month.
    staff: Vec<(Steps<Capacity>, f64)>,
    exchange: Exchange,
    /// Factor of wage rise and exchange rate in the current month.
    factor: f64,
    /// Length of the current month.
    month_days: f64,
}

impl Books {
    pub(super) fn new(organisation: &Organisation, roles: usize) -> Self {
        Self {
            own: organisation.own,
            heads: vec![Heads::default(); roles],
            part_time: Heads::default(),
            people_days: 0.0,
            is_active: false,
            amounts: [0.0; ITEMS],
            costs: organisation.cost.as_ref().map(|table| Costs::new(table, organisation, roles)),
        }
    }

    pub(super) fn start(&mut self) {
        self.heads.fill(Heads::default());
        self.part_time = Heads::default();
        if let Some(costs) = &mut self.costs {
            costs.set_salaries(Time::START);
        }
        (self.people_days, self.is_active) = (0.0, false);
        self.amounts = [0.0; ITEMS];
    }

    /// Adds people of a role who work a share of full time, or removes them if negative.
    #[inline]
    pub(super) fn change(&mut self, (role, fte): (usize, f64), by: f64, now: Time) {
        self.heads[role].change(by * fte, now);
        if fte < 1.0 {
            self.part_time.change(by * (1.0 - fte), now);
        }
    }

    /// Whether it has any cost.
    pub(super) fn has_costs(&self) -> bool {
        self.costs.is_some()
    }

    /// Whether its exchange rate is random.
    pub(super) fn has_volatility(&self) -> bool {
        self.costs.as_ref().is_some_and(|costs| costs.exchange.volatility_per_year > 0.0)
    }

    /// Begins a month (from 1) of this length: prices may rise, and the exchange rate moves.
    pub(super) fn begin_month(&mut self, month: u32, month_days: f64, normals: f64) {
        self.people_days = 0.0;
        self.amounts = [0.0; ITEMS];
        if let Some(costs) = &mut self.costs {
            costs.month_days = month_days;
            costs.factor = risen(costs.table.wage_rise_per_year, month) * costs.exchange.rate(month, normals);
        }
    }

    /// Books what has accrued since the segment began at `from`, in which no price changed. Writes the head-days by role to
    /// `days`, those of people in part time in proportion.
    pub(super) fn close_segment(&mut self, from: Time, now: Time, days: &mut [f64]) {
        for (days, heads) in days.iter_mut().zip(&mut self.heads) {
            *days = heads.take_days(now);
        }
        let head_days = days.iter().sum::<f64>() + self.part_time.take_days(now);
        self.people_days += head_days;
        let Some(costs) = &mut self.costs else { return };
        let (table, factor) = (&costs.table, costs.factor);
        // Prices per month, times this, are amounts.
        let months = |days: f64| days / costs.month_days;
        let mut add = |item: Item, amount: f64| self.amounts[item as usize] += amount;
        let salaries: f64 = days.iter().zip(&costs.salary_per_month).map(|(&days, salary)| months(days) * salary).sum();
        add(Item::Salary, factor * salaries);
        add(Item::Overhead, factor * salaries * table.overhead);
        add(Item::PerHead, factor * months(head_days) * table.per_head_month);
        if self.is_active {
            let active = months(now.days_since(from));
            let count = |steps: &Steps<Capacity>| steps.at(from.days()).map_or(0.0, |capacity| f64::from(capacity.count));
            let staff: f64 = costs.staff.iter().map(|(steps, per_month)| count(steps) * per_month).sum();
            add(Item::Fixed, factor * active * table.fixed_month);
            add(Item::Staff, factor * active * staff);
        }
        costs.set_salaries(now);
    }

    /// Books a lump sum at today's prices.
    pub(super) fn book(&mut self, item: Item, amount: impl FnOnce(&Cost) -> f64) {
        if let Some(costs) = &self.costs {
            self.amounts[item as usize] += costs.factor * amount(&costs.table);
        }
    }

    /// Books a share of the annual salary of a person of a role who works a share of full time.
    pub(super) fn book_salaries(&mut self, item: Item, (role, fte): (usize, f64), years: impl FnOnce(&Cost) -> f64) {
        let salary_per_year = self.salary_per_year((role, fte));
        if let Some(costs) = &self.costs {
            self.amounts[item as usize] += salary_per_year * years(&costs.table);
        }
    }

    /// Returns today's annual salary of a person of a role who works a share of full time.
    pub(super) fn salary_per_year(&self, (role, fte): (usize, f64)) -> f64 {
        let of_role = |costs: &Costs| costs.factor * (fte * costs.salary_per_month[role] * MONTHS_PER_YEAR);
        self.costs.as_ref().map_or(0.0, of_role)
    }

    /// Returns salary and overhead of a person of a role, per day.
    pub(super) fn pay_per_day(&self, role: usize) -> f64 {
        self.costs.as_ref().map_or(0.0, |costs| {
            costs.factor * costs.salary_per_month[role] / costs.month_days * (1.0 + costs.table.overhead)
        })
    }
}

/// Returns the salary per month at an instant.
fn per_month(steps: &Steps<Amount>, now: Time) -> f64 {
    price(steps, now) / MONTHS_PER_YEAR
}

impl Costs {
    /// Applies the salaries from an instant on, if they change at all.
    fn set_salaries(&mut self, now: Time) {
        for (salary, steps) in self.salary_per_month.iter_mut().zip(&self.salaries) {
            *salary = per_month(steps, now);
        }
    }

    fn new(table: &Cost, organisation: &Organisation, roles: usize) -> Self {
        let salaries = table.salary_per_year.spread(roles, &Steps::constant(Amount::stand_in()));
        let change = salaries.iter().any(|steps| steps.iter().any(|(from, _)| from.day > 0.0));
        let staff = organisation.hiring.iter().flat_map(|hiring| &hiring.staff);
        let paid = staff.filter_map(|staff| {
            let (_, per_year) = table.staff_per_year.iter().find(|(name, _)| *name == staff.name)?;
            Some((staff.steps.clone(), per_year / MONTHS_PER_YEAR))
        });
        Self {
            salary_per_month: salaries.iter().map(|steps| per_month(steps, Time::START)).collect(),
            salaries: if change { salaries } else { Vec::new() },
            staff: paid.collect(),
            exchange: Exchange {
                volatility_per_year: table.fx_volatility_per_year,
                drift_per_year: table.fx_drift_per_year,
            },
            factor: 1.0,
            month_days: f64::NAN,
            table: table.clone(),
        }
    }
}
