//! The bills of a vendor under its contract.

use crate::engine::Time;
use crate::input::Value;
use crate::input::months::Moment;
use crate::input::number::{Amount, Heads as HeadsNumber, Markup};
use crate::input::steps::Steps;
use crate::world::{Billing, Contract, StaffingCredit};

use super::item::{COSTS, Item};
use super::organisation::Books;
use super::price::{price, risen};

/// One contract during a replication.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) contract: Contract,
    /// Rates by role, if people are billed by rates.
    rates: Option<Vec<Steps<Amount>>>,
    /// Factor by which fee and rates have risen in the current month.
    rise: f64,
    /// Length of the current month.
    month_days: f64,
    /// What has accrued since the month began while the vendor is in charge.
    charge: Charge,
    /// The cost of employment already billed since the month began.
    billed_cost: f64,
    /// The amount billed for people's pay since the month began: by rates, or salary and overhead with the margin.
    billed_pay: f64,
    /// The bill of the month before, without credits.
    pub(super) bill_before: f64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Charge {
    head_days: f64,
    wanted_days: f64,
    minimum_days: f64,
}

/// The days in charge, with the head-days of everyone present and of the wanted headcount in that time.
#[derive(Clone, Copy, Debug)]
pub(super) struct InCharge {
    pub(super) days: f64,
    pub(super) head_days: f64,
    pub(super) wanted_days: f64,
}

impl Account {
    pub(super) fn new(contract: &Contract, roles: usize) -> Self {
        let nothing = Steps::constant(Amount::stand_in());
        let rates = match &contract.billing {
            Billing::Rates(by_role) => Some(by_role.spread(roles, &nothing)),
            Billing::CostPlus(_) => None,
        };
        Self {
            contract: contract.clone(),
            rates,
            rise: 1.0,
            month_days: f64::NAN,
            charge: Charge::default(),
            billed_cost: 0.0,
            billed_pay: 0.0,
            bill_before: 0.0,
        }
    }

    pub(super) fn start(&mut self) {
        self.bill_before = 0.0;
    }

    /// Begins a month (from 1) of this length: prices may rise.
    pub(super) fn begin_month(&mut self, month: u32, month_days: f64) {
        self.month_days = month_days;
        self.rise = risen(self.contract.rate_rise_per_year, month);
        self.charge = Charge::default();
        (self.billed_cost, self.billed_pay) = (0.0, 0.0);
    }

    /// Returns the instants at which prices change.
    pub(super) fn changes(contract: &Contract) -> impl Iterator<Item = Moment> + '_ {
        let lumps = [
            &contract.fee_month,
            &contract.setup_fee,
            &contract.transfer_fee,
            &contract.transfer_fee_per_head,
            &contract.oversight_month,
            &contract.retention_bonus,
        ];
        let (rates, share) = match &contract.billing {
            Billing::Rates(by_role) => (by_role.0.as_slice(), None),
            Billing::CostPlus(share) => (&[][..], Some(share)),
        };
        let prices = lumps.into_iter().chain(rates.iter().map(|(_, rate)| rate));
        let salaries = contract.transfer_fee_salary_months.iter().map(|(from, _)| from);
        let share = share.into_iter().flat_map(Steps::iter).map(|(from, _)| from);
        let minimum = contract.minimum_headcount.iter().flat_map(Steps::iter).map(|(from, _)| from);
        prices.flat_map(Steps::iter).map(|(from, _)| from).chain(share).chain(minimum).chain(salaries)
    }

    /// Returns the amount billed per day for a person of a role.
    pub(super) fn pay_per_day(&self, books: &Books, role: usize, now: Time) -> f64 {
        match &self.rates {
            Some(rates) => self.rise * price(&rates[role], now) / self.month_days,
            None => (1.0 + self.share(now)) * books.pay_per_day(role),
        }
    }

    /// Returns the margin on cost.
    fn share(&self, now: Time) -> f64 {
        match &self.contract.billing {
            Billing::CostPlus(share) => share.at(now.days()).map_or(0.0, Markup::value),
            Billing::Rates(_) => 0.0,
        }
    }

    /// Bills what has accrued since the segment began at `from`. `days` are the head-days of the vendor's people by role.
    pub(super) fn close_segment(&mut self, from: Time, days: &[f64], charge: Option<InCharge>, books: &mut Books) {
        let pay: f64 = (0..days.len()).map(|role| days[role] * self.pay_per_day(books, role, from)).sum();
        self.billed_pay += pay;
        if self.rates.is_some() {
            books.amounts[Item::Rates as usize] += pay;
        } else {
            let cost = costs(books);
            books.amounts[Item::CostPlus as usize] += (1.0 + self.share(from)) * (cost - self.billed_cost);
            self.billed_cost = cost;
        }
        let Some(charge) = charge else { return };
        self.charge.head_days += charge.head_days;
        self.charge.wanted_days += charge.wanted_days;
        let minimum = self.contract.minimum_headcount.as_ref().and_then(|minimum| minimum.at(from.days()));
        self.charge.minimum_days += charge.days * minimum.map_or(0.0, HeadsNumber::value);
        let per_day = |steps| price(steps, from) / self.month_days;
        books.amounts[Item::FeeMonth as usize] += self.rise * charge.days * per_day(&self.contract.fee_month);
        books.amounts[Item::Oversight as usize] += charge.days * per_day(&self.contract.oversight_month);
    }

    /// Completes the month's bill: adds what is missing to the minimum, and the credit for low staffing.
    pub(super) fn close_month(&mut self, books: &mut Books) {
        let Charge { head_days, wanted_days, minimum_days } = self.charge;
        let missing_days = (minimum_days - head_days).max(0.0);
        if missing_days > 0.0 && books.people_days > 0.0 {
            books.amounts[Item::Minimum as usize] += missing_days * self.billed_pay / books.people_days;
        }
        let billed = [Item::FeeMonth, Item::Rates, Item::CostPlus, Item::Minimum];
        let bill: f64 = billed.iter().map(|&item| books.amounts[item as usize]).sum();
        if let Some(StaffingCredit { below, share }) = self.contract.staffing_credit
            && wanted_days > 0.0
            && head_days < (below - 1e-9) * wanted_days
        {
            books.amounts[Item::StaffingCredit as usize] -= share * bill;
        }
        self.bill_before = bill;
    }
}

/// Returns the cost of employment of the month so far.
pub(super) fn costs(books: &Books) -> f64 {
    books.amounts[..COSTS].iter().sum()
}
