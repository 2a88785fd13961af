//! Who pays what in a strategy, in words: contracts of vendors, and the client's own organisations.

use crate::input::number::Amount;
use crate::input::steps::Steps;
use crate::world::{Billing, Contract, OrganisationId, Strategy};

use super::Words;
use super::given::Given;
use super::given::Step::Key;
use super::phrases::{number, percent, row, steps};

/// The optional keys of a contract, in words.
const LEFT_OUT: [(&str, &str); 12] = [
    ("fee_month", "monthly fee"),
    ("rate_rise_per_year", "rise of rates and fee"),
    ("minimum_headcount", "minimum headcount"),
    ("staffing_credit", "staffing credit"),
    ("guarantee_days", "guarantee"),
    ("setup_fee", "setup fee"),
    ("termination_months", "payment at market exit"),
    ("transfer_fee", "transfer fee"),
    ("transfer_fee_per_head", "transfer fee per head"),
    ("transfer_fee_salary_months", "transfer fee by salary"),
    ("oversight_month", "oversight"),
    ("retention_bonus", "retention bonus"),
];

impl Words<'_> {
    /// Describes what the client pays for one organisation of a strategy.
    pub(super) fn payments(&mut self, strategy: &Strategy, organisation: OrganisationId) {
        let name = self.name(organisation);
        let about = self.scenario.world.organisation(organisation);
        match strategy.contract(organisation) {
            Some(contract) => self.contract(contract, strategy, name),
            None if about.own && about.cost.is_some() => {
                self.say(1, format!("the client pays the cost of employment of {name}: see organisation {name}"));
            }
            None if about.own => self.say(1, format!("{name} belongs to the client and costs nothing (no [cost])")),
            None => self.say(1, format!("the client pays {name} nothing: there is no contract")),
        }
    }

    fn contract(&mut self, contract: &Contract, strategy: &Strategy, name: &str) {
        let given = self.given(&[Key("strategy"), Key(&strategy.name), Key("contract"), Key(name)]);
        self.say(1, format!("the client pays {name} by contract, in {}:", self.currency()));
        self.bill(contract, name, &given);
        let amounts = |amount: &Steps<Amount>| steps(amount, |amount| number(amount.value()));
        if given.has("setup_fee") {
            self.say(2, format!("setup fee on the day it starts: {}", amounts(&contract.setup_fee)));
        }
        if given.has("transfer_fee") {
            self.say(2, format!("transfer fee on the day of the first wave: {}", amounts(&contract.transfer_fee)));
        }
        if given.has("transfer_fee_per_head") {
            let fee = amounts(&contract.transfer_fee_per_head);
            self.say(2, format!("transfer fee for each person who accepts: {fee}"));
        }
        if given.has("transfer_fee_salary_months") {
            let months = steps(&contract.transfer_fee_salary_months, |months| number(months.value()));
            self.say(2, format!("and of each person's salary, as {name} pays it, by months: {months}"));
        }
        if given.has("termination_months") {
            let months = number(contract.termination_months);
            self.say(2, format!("if the client leaves the market: {months} times the bill of the month before"));
        }
        if given.has("oversight_month") || given.has("retention_bonus") {
            self.say(1, format!("the client also pays, but not to {name}:"));
        }
        if given.has("oversight_month") {
            self.say(2, format!("oversight, per month while it is in charge: {}", amounts(&contract.oversight_month)));
        }
        if given.has("retention_bonus") {
            let months = format!("{} months{}", number(contract.retention_months), given.mark("retention_months"));
            let bonus = amounts(&contract.retention_bonus);
            self.say(2, format!("retention bonus for each person who accepts and is still present {months} later: {bonus}"));
        }
        for left_out in given.left_out(&LEFT_OUT) {
            self.say(1, format!("not agreed: {left_out}"));
        }
    }

    /// Describes the monthly bill.
    fn bill(&mut self, contract: &Contract, name: &str, given: &Given<'_>) {
        match &contract.billing {
            Billing::CostPlus(share) => {
                let share = steps(share, |share| percent(share.value()));
                self.say(2, format!("each month the cost of employment of {name}, plus {share}"));
            }
            Billing::Rates(_) if !given.has("rate_per_month") => {
                self.say(2, format!("nothing for the people of {name}: neither rates nor cost plus (default)"));
            }
            Billing::Rates(rates) => {
                self.say(2, format!("each month a rate for each person of {name}:"));
                for (role, rate) in &rates.0 {
                    self.say(3, format!("{}: {}", self.role(*role), steps(rate, |rate| number(rate.value()))));
                }
            }
        }
        if given.has("fee_month") {
            let fee = steps(&contract.fee_month, |amount| number(amount.value()));
            self.say(2, format!("a fee each month while it is in charge: {fee}"));
        }
        if given.has("rate_rise_per_year") {
            let rise = percent(contract.rate_rise_per_year);
            self.say(2, format!("rates and fee rise by {rise} on each anniversary of the start"));
        }
        if let Some(minimum) = &contract.minimum_headcount {
            let minimum = steps(minimum, |heads| number(heads.value()));
            self.say(2, format!("minimum headcount billed while it is in charge: {minimum}"));
        }
        if let Some(credit) = contract.staffing_credit {
            let (below, share) = (percent(credit.below), percent(credit.share));
            self.say(
                2,
                format!("a month with less than {below} of the wanted head-days is credited with {share} of its bill"),
            );
        }
        if given.has("guarantee_days") {
            let within = number(contract.guarantee_days);
            self.say(
                2,
                format!("everything billed for a person who gives notice within {within} days of joining is credited"),
            );
        }
    }

    /// Describes the total of what the client pays, on one line.
    pub(super) fn sum(&mut self, strategy: &Strategy, organisations: &[OrganisationId]) {
        let is_own = |id: &&OrganisationId| self.scenario.world.organisation(**id).own;
        let own: Vec<&str> = organisations.iter().filter(is_own).map(|id| self.name(*id)).collect();
        let has_contract = |id: &&OrganisationId| strategy.contract(**id).is_some();
        let vendors: Vec<&str> = organisations.iter().filter(has_contract).map(|id| self.name(*id)).collect();
        let mut parts = Vec::new();
        if !vendors.is_empty() {
            parts.push(format!("the contract payments to {}", row(&vendors)));
        }
        if !own.is_empty() {
            parts.push(format!("the cost of employment of {}", row(&own)));
        }
        let sum = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", and ") };
        self.say(1, format!("client cost is {sum}"));
    }
}
