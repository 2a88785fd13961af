//! Cost: what it costs an organisation to employ people.

use crate::input::number::{Amount, Growth, Markup, Months, Volatility};
use crate::input::steps::Steps;
use crate::input::{Fields, Node, Reader, Table, Value};

use super::role::ByRole;

/// `[organisation.X.cost]`: MODEL section 9. Amounts are in prices of the first year.
#[derive(Clone, Debug)]
pub struct Cost {
    /// Salary of each role, per year and person, before any rise.
    pub salary_per_year: ByRole<Steps<Amount>>,
    /// Surcharge on salaries, as a share of them.
    pub overhead: f64,
    /// Workplace, tools and the like, per month and person.
    pub per_head_month: f64,
    /// Fixed cost per month while the organisation is active.
    pub fixed_month: f64,
    /// Cost per year of the hiring staff while the organisation is active: the name of each staff, and the amount per
    /// member.
    pub staff_per_year: Vec<(String, f64)>,
    /// Cost of a start of the organisation.
    pub setup: f64,
    /// Cost per hire, as a share of the annual salary.
    pub hire: f64,
    /// Cost of onboarding one person.
    pub onboarding: f64,
    /// Monthly salaries paid per released person, and to everyone at market exit.
    pub severance_months: f64,
    /// Cost of market exit if the organisation is active.
    pub exit: f64,
    /// Annual rise of all these amounts, on each anniversary of day 0.
    pub wage_rise_per_year: f64,
    /// Standard deviation of the logarithm of the exchange rate over a year.
    pub fx_volatility_per_year: f64,
    /// Growth rate of the mean exchange rate, per year.
    pub fx_drift_per_year: f64,
}

impl Table for Cost {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let amount = |amount: Option<Amount>| amount.map_or(0.0, Amount::value);
        let growth = |growth: Option<Growth>| growth.map_or(0.0, Growth::value);
        Self {
            salary_per_year: fields
                .optional_or("salary_per_year", "0", "salary per person and year, by role")
                .unwrap_or_default(),
            overhead: fields
                .optional_or("overhead", "0", "surcharge on salaries, as a share of them (0.2 is 20 %)")
                .map_or(0.0, Markup::value),
            per_head_month: amount(fields.optional_or("per_head_month", "0", "workplace and tools, per person and month")),
            fixed_month: amount(fields.optional_or("fixed_month", "0", "cost per month while the organisation is active")),
            staff_per_year: fields
                .optional_or(
                    "staff_per_year",
                    "0",
                    "cost per year of each member of the hiring staff, while the organisation is active",
                )
                .map_or_else(Vec::new, |StaffCost(staff)| staff),
            setup: amount(fields.optional_or("setup", "0", "paid when the organisation starts")),
            hire: fields
                .optional_or("hire", "0", "cost per person hired by its pipeline, as a share of the annual salary")
                .map_or(0.0, Markup::value),
            onboarding: amount(fields.optional_or("onboarding", "0", "cost per person hired into the organisation")),
            severance_months: fields
                .optional_or(
                    "severance_months",
                    "0",
                    "monthly salaries per person released, and per person present at market exit",
                )
                .map_or(0.0, Months::value),
            exit: amount(fields.optional_or("exit", "0", "paid at market exit if the organisation is active")),
            wage_rise_per_year: growth(fields.optional_or(
                "wage_rise_per_year",
                "0",
                "by how much all these amounts rise on each anniversary of the start (0.05 is 5 %)",
            )),
            fx_volatility_per_year: fields
                .optional_or(
                    "fx_volatility_per_year",
                    "0",
                    "volatility of the exchange rate that applies to all these amounts (0.1 is 10 %)",
                )
                .map_or(0.0, Volatility::value),
            fx_drift_per_year: growth(fields.optional_or(
                "fx_drift_per_year",
                "0",
                "growth of the mean exchange rate: exp(drift * years)",
            )),
        }
    }
}

/// `staff_per_year = { recruiters = 18 }`. The names are those of the organisation's hiring staff.
struct StaffCost(Vec<(String, f64)>);

impl Value for StaffCost {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(section) = node.section() else {
            reader.expected(node, "a table of hiring staff with cost per year, e.g. { recruiters = 18 }");
            return None;
        };
        let mut costs = Vec::new();
        for entry in &section.entries {
            let cost = reader.under(format!(".{}", entry.key), |reader| Amount::read(&entry.node, reader));
            costs.push((entry.key.clone(), cost.map_or(0.0, Amount::value)));
        }
        Some(Self(costs))
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> serde_json::Value {
        serde_json::json!({ "type": "object", "additionalProperties": Amount::schema() })
    }
}
