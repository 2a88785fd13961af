//! Contract: what the client pays a vendor.

use serde_json::{Value as Json, json};

use crate::input::number::{Amount, Days, Growth, Heads, Margin, Markup, Months, Probability};
use crate::input::steps::Steps;
use crate::input::values::by_name;
use crate::input::{Fields, Node, Reader, Table, Value};

use super::ids::{OrganisationId, organisation_id};
use super::role::ByRole;

/// The default number of months after which a retention bonus is due.
const USUAL_RETENTION_MONTHS: f64 = 12.0;

/// `[strategy.Y.contract.X]`: MODEL section 9. Prices are steps, and each price holds from its month on.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Fee per month in charge.
    pub fee_month: Steps<Amount>,
    /// How the vendor bills its people.
    pub billing: Billing,
    /// Annual rise of `fee_month` and the rates, on each anniversary of day 0.
    pub rate_rise_per_year: f64,
    /// The least headcount that is billed while the vendor is in charge.
    pub minimum_headcount: Option<Steps<Heads>>,
    /// The credit for months with too few people.
    pub staffing_credit: Option<StaffingCredit>,
    /// People who give notice within this many days of joining are credited.
    pub guarantee_days: f64,
    /// Paid on the day the vendor starts.
    pub setup_fee: Steps<Amount>,
    /// Paid at market exit: this many times the bill of the month before.
    pub termination_months: f64,
    /// Paid on the day of the first wave when the vendor hands over.
    pub transfer_fee: Steps<Amount>,
    /// Paid per accepter when the vendor hands over.
    pub transfer_fee_per_head: Steps<Amount>,
    /// Paid per accepter when the vendor hands over: this many monthly salaries of theirs.
    pub transfer_fee_salary_months: Steps<Months>,
    /// The client's cost of overseeing the vendor, per month while it is in charge.
    pub oversight_month: Steps<Amount>,
    /// Paid by the client per accepter who is still present after `retention_months`.
    pub retention_bonus: Steps<Amount>,
    /// Months after accepting when the bonus is due.
    pub retention_months: f64,
}

/// How a vendor bills its people.
#[derive(Clone, Debug)]
pub enum Billing {
    /// A rate per person and month, by role.
    Rates(ByRole<Steps<Amount>>),
    /// The cost of employment, plus a share of it.
    CostPlus(Steps<Markup>),
}

/// `staffing_credit = { below, share }`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StaffingCredit {
    /// Share of the wanted head-days below which a month is credited.
    pub below: f64,
    /// Share of the bill that is credited.
    pub share: f64,
}

impl Table for StaffingCredit {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            below: fields
                .required::<Probability>("below", "share of the wanted head-days below which a month is credited")
                .value(),
            share: fields.required::<Probability>("share", "share of the month's bill that is credited").value(),
        }
    }
}

impl Table for Contract {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let none = || Steps::constant(Amount::stand_in());
        let contract = Self {
            fee_month: price(fields, "fee_month", "fee per month while the vendor is in charge"),
            billing: billing(fields),
            rate_rise_per_year: fields
                .optional_or(
                    "rate_rise_per_year",
                    "0",
                    "by how much fee_month and rate_per_month rise on each anniversary of the start (0.05 is 5 %)",
                )
                .map_or(0.0, Growth::value),
            minimum_headcount: fields
                .optional("minimum_headcount", "minimum number of people billed while the vendor is in charge"),
            staffing_credit: fields.optional("staffing_credit", "credit for months with too few people: { below, share }"),
            guarantee_days: fields
                .optional_or("guarantee_days", "0", "people who give notice within this many days of joining are credited")
                .map_or(0.0, Days::value),
            setup_fee: price(fields, "setup_fee", "paid on the day the vendor starts"),
            termination_months: fields
                .optional_or("termination_months", "0", "paid at market exit: this many times the bill of the month before")
                .map_or(0.0, Months::value),
            transfer_fee: price(fields, "transfer_fee", "paid on the first wave day when the vendor hands over"),
            transfer_fee_per_head: price(
                fields,
                "transfer_fee_per_head",
                "paid per person who accepts when the vendor hands over",
            ),
            transfer_fee_salary_months: fields
                .optional_or(
                    "transfer_fee_salary_months",
                    "0",
                    "the same as monthly salaries of the person, which the vendor's `cost` gives",
                )
                .unwrap_or_else(|| Steps::constant(Months::stand_in())),
            oversight_month: price(
                fields,
                "oversight_month",
                "the client's cost of overseeing the vendor, per month while it is in charge",
            ),
            retention_bonus: fields
                .optional_or("retention_bonus", "0", "paid per accepter who is still present after retention_months")
                .unwrap_or_else(none),
            retention_months: fields
                .optional_or("retention_months", "12", "months after accepting when the bonus is due")
                .map_or(USUAL_RETENTION_MONTHS, Months::value),
        };
        if fields.has("retention_months") && !fields.has("retention_bonus") {
            let help = "give `retention_bonus`, the amount per accepter".to_owned();
            fields.refuse("retention_months", "has no effect without `retention_bonus`", Some(help));
        }
        contract
    }
}

fn price(fields: &mut Fields<'_, '_>, name: &'static str, help: &'static str) -> Steps<Amount> {
    fields.optional_or(name, "0", help).unwrap_or_else(|| Steps::constant(Amount::stand_in()))
}

fn billing(fields: &mut Fields<'_, '_>) -> Billing {
    let rates = fields.optional_or("rate_per_month", "0", "price per person and month for the vendor's people, by role");
    let cost_plus = fields
        .optional("cost_plus", "instead of rates: the vendor's cost of employment, plus this share of it (0.15 is 15 %)");
    let margin: Option<Steps<Margin>> = fields.optional(
        "margin",
        "instead of cost_plus: the vendor's margin as a share of its bill; a margin of 0.2 is a cost_plus of 0.25",
    );
    let given = ["rate_per_month", "cost_plus", "margin"].into_iter().filter(|key| fields.has(key));
    for key in given.skip(1).collect::<Vec<_>>() {
        let message =
            "people are billed by `rate_per_month`, by `cost_plus` or by `margin`: two of them contradict each other";
        fields.refuse(key, message, Some("keep one of them".to_owned()));
    }
    match cost_plus.or_else(|| margin.map(|margin| margin.map(Margin::of_cost))) {
        Some(share) => Billing::CostPlus(share),
        None => Billing::Rates(rates.unwrap_or_default()),
    }
}

/// `contract.X = { ... }` for each vendor X.
pub(super) struct Contracts(pub(super) Vec<(OrganisationId, Contract)>);

impl Value for Contracts {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let contracts = by_name(node, reader, "organisation")?;
        Some(Self(contracts.into_iter().map(|(position, contract)| (organisation_id(position), contract)).collect()))
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": Contract::schema() })
    }
}
