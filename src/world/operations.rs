//! Operations: incidents, which are the faults of a young operation.

use crate::input::duration::Duration;
use crate::input::number::{Factor, FteDays, Months, PerMonth, PositiveMonths, Probability};
use crate::input::{Fields, Table};
use crate::maths::exp;

/// `[operations]`.
#[derive(Clone, Debug)]
pub struct Operations {
    /// Incidents per month of a new operation.
    pub incidents_per_month: f64,
    /// FTE-days that an incident subtracts from the output delivered.
    pub effort_days: Duration,
    /// Share of the incidents that never goes away.
    pub floor: f64,
    /// Months of maturity in which the rest halves. Infinite if it stays.
    pub half_life_months: f64,
    /// Factor on incidents if everyone is below level 1.
    pub rookie_factor: f64,
    /// Months of maturity that a transfer costs.
    pub transfer_setback_months: f64,
}

impl Table for Operations {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let factor = |value: Option<Factor>| value.map_or(1.0, Factor::value);
        Self {
            incidents_per_month: fields
                .optional_or("incidents_per_month", "0", "incidents per month of a new operation")
                .map_or(0.0, PerMonth::value),
            effort_days: fields.or(
                "effort_days",
                Duration::zero(),
                "FTE-days that each incident subtracts from the output delivered",
            ),
            floor: fields
                .optional_or("floor", "0", "share of the incidents that never goes away")
                .map_or(0.0, Probability::value),
            half_life_months: fields
                .optional_or::<PositiveMonths>("half_life_months", "infinite", "months of maturity in which the rest halves")
                .map_or(f64::INFINITY, PositiveMonths::value),
            rookie_factor: factor(fields.optional_or(
                "rookie_factor",
                "1",
                "factor on incidents if everyone present is below level 1",
            )),
            transfer_setback_months: fields
                .optional_or("transfer_setback_months", "0", "months of maturity that each transfer costs")
                .map_or(0.0, Months::value),
        }
    }
}

impl Operations {
    /// Returns the incidents per day at a maturity, if `rookie_share` of the people present is below level 1: MODEL section
    /// 5.
    #[must_use]
    pub fn incidents_per_day(&self, maturity_months: f64) -> f64 {
        let young = if self.half_life_months.is_finite() {
            exp(-std::f64::consts::LN_2 * maturity_months / self.half_life_months)
        } else {
            1.0
        };
        self.incidents_per_month / super::DAYS_PER_MONTH * (self.floor + (1.0 - self.floor) * young)
    }

    /// Returns a rate of incidents without rookies, raised by their share.
    #[must_use]
    pub fn with_rookies(&self, per_day: f64, rookie_share: f64) -> f64 {
        per_day * (1.0 + (self.rookie_factor - 1.0) * rookie_share)
    }
}

/// `[project]`: a piece of work that is eventually complete.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Project {
    /// Its size in FTE-days.
    pub size_fte_days: f64,
}

impl Table for Project {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let size: FteDays =
            fields.required("size_fte_days", "size of the project: the FTE-days to deliver until it is complete");
        Self { size_fte_days: size.value() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incidents_halve_towards_their_floor_and_rookies_add_to_them() {
        let operations = Operations {
            incidents_per_month: 10.0,
            effort_days: Duration::zero(),
            floor: 0.2,
            half_life_months: 8.0,
            rookie_factor: 2.0,
            transfer_setback_months: 4.0,
        };
        let per_month =
            |maturity, rookies| operations.with_rookies(operations.incidents_per_day(maturity), rookies) * 365.0 / 12.0;
        assert!((per_month(0.0, 0.0) - 10.0).abs() < 1e-12);
        // 10 (0.2 + 0.8 / 2) and 10 (0.2 + 0.8 / 8) (1 + 0.25)
        assert!((per_month(8.0, 0.0) - 6.0).abs() < 1e-12);
        assert!((per_month(24.0, 0.25) - 3.75).abs() < 1e-12);
    }
}
