//! Money: what the client pays and for what, what vendors keep, and what the output is worth (MODEL section 9).

use crate::engine::Time;
use crate::maths::{exp, ln_1p};
use crate::model::{Fact, Team};
use crate::money::{Kind, Ledger};
use crate::world::MONTHS_PER_YEAR;

use super::{Better, Frame, Group, Nature, Ratio, Spec, Unit};

#[derive(Debug)]
pub(super) struct Money {
    ledger: Ledger,
    /// Discount factor of a month.
    discount_per_month: f64,
    value_per_fte_month: f64,
    discount: f64,
    /// FTE-months delivered by the latest month end.
    delivered_fte_months: f64,
    client_cost: f64,
    client_cost_npv: f64,
    vendor_margin: f64,
    peak_month_cost: f64,
    value_npv: f64,
    by_kind: [f64; Kind::ALL.len()],
}

impl Money {
    pub(super) fn new(frame: &Frame<'_>) -> Self {
        Self {
            ledger: Ledger::new(frame.world, frame.strategy, frame.seed),
            discount_per_month: exp(-ln_1p(frame.world.discount_rate_per_year) / MONTHS_PER_YEAR),
            value_per_fte_month: frame.world.value_per_fte_month.unwrap_or(f64::NAN),
            discount: 1.0,
            delivered_fte_months: 0.0,
            client_cost: 0.0,
            client_cost_npv: 0.0,
            vendor_margin: 0.0,
            peak_month_cost: f64::NEG_INFINITY,
            value_npv: 0.0,
            by_kind: [0.0; Kind::ALL.len()],
        }
    }

    /// Closes the books of a month, in which this number of FTE-months was delivered.
    pub(super) fn month_ended(&mut self, month: u32, now: Time, fte_months: f64) {
        self.ledger.month_ended(month, now);
        self.discount *= self.discount_per_month;
        self.delivered_fte_months += fte_months;
        self.value_npv += self.discount * self.value_per_fte_month * fte_months;
        let books = self.ledger.month();
        self.client_cost += books.client_cost;
        self.client_cost_npv += self.discount * books.client_cost;
        self.vendor_margin += books.contract_payments - books.vendor_cost;
        self.peak_month_cost = self.peak_month_cost.max(books.client_cost);
        for (sum, amount) in self.by_kind.iter_mut().zip(books.by_kind) {
            *sum += amount;
        }
    }

    /// Returns client cost of the latest month.
    pub(super) fn month_cost(&self) -> f64 {
        self.ledger.month().client_cost
    }

    /// Returns client cost of the latest month, by kind.
    pub(super) fn month_cost_by_kind(&self) -> &[f64; Kind::ALL.len()] {
        &self.ledger.month().by_kind
    }

    /// Returns client cost so far.
    pub(super) fn client_cost(&self) -> f64 {
        self.client_cost
    }
}

const fn cost(name: &'static str, better: Better, help: &'static str) -> Spec {
    Spec { name, unit: Unit::Money, nature: Nature::Number, better, help }
}

impl Group for Money {
    const SPECS: &'static [Spec] = &[
        cost(
            "client_cost",
            Better::Lower,
            "what the client pays in all: bills, fees, oversight, bonuses, and its own organisations",
        ),
        cost("client_cost_npv", Better::Lower, "client cost, discounted to the start"),
        cost(
            "vendor_margin",
            Better::Neither,
            "what vendors with a contract are paid, less what employing people costs them",
        ),
        Spec {
            name: "cost_per_fte_month",
            unit: Unit::MoneyPerFteMonth,
            nature: Nature::Ratio(Ratio::of("client_cost", "delivered_fte_months")),
            better: Better::Lower,
            help: "client cost over delivered FTE-months; empty if nothing was delivered",
        },
        cost("peak_month_cost", Better::Lower, "highest client cost of a month"),
        cost(
            "value_npv",
            Better::Higher,
            "value of what was delivered, discounted to the start; empty without value_per_fte_month",
        ),
        cost("net_npv", Better::Higher, "value less client cost, both discounted to the start"),
        cost("cost_bills", Better::Neither, "part of client cost: bills of vendors, less credits"),
        cost("cost_fees", Better::Neither, "part of client cost: set-up, transfer and termination fees"),
        cost("cost_oversight", Better::Neither, "part of client cost: overseeing vendors"),
        cost("cost_bonus", Better::Neither, "part of client cost: retention bonuses"),
        cost("cost_pay", Better::Neither, "part of client cost: salaries and overhead of own organisations"),
        cost("cost_place", Better::Neither, "part of client cost: places and fixed cost of own organisations"),
        cost(
            "cost_hiring",
            Better::Neither,
            "part of client cost: hiring, onboarding and hiring staff of own organisations",
        ),
        cost("cost_start_end", Better::Neither, "part of client cost: set-up, severance and exit of own organisations"),
    ];

    fn start(&mut self, replication: u32) {
        self.ledger.start(replication);
        self.discount = 1.0;
        self.delivered_fte_months = 0.0;
        (self.client_cost, self.client_cost_npv, self.vendor_margin) = (0.0, 0.0, 0.0);
        (self.peak_month_cost, self.value_npv) = (f64::NEG_INFINITY, 0.0);
        self.by_kind = [0.0; Kind::ALL.len()];
    }

    #[inline(always)]
    fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        self.ledger.happened(fact, team, now);
    }

    fn values(&self, values: &mut Vec<f64>) {
        let fte_months = self.delivered_fte_months;
        let per_fte_month = if fte_months > 0.0 { self.client_cost / fte_months } else { f64::NAN };
        values.extend([self.client_cost, self.client_cost_npv, self.vendor_margin, per_fte_month, self.peak_month_cost]);
        values.extend([self.value_npv, self.value_npv - self.client_cost_npv]);
        values.extend(self.by_kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_response_in_the_order_of_the_kinds() {
        let names: Vec<&str> = Money::SPECS.iter().filter_map(|spec| spec.name.strip_prefix("cost_")).collect();
        assert_eq!(names[1..], Kind::ALL.map(Kind::name));
    }
}
