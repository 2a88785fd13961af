//! Demand: how many people are wanted in each role, and the shocks that change it.

use crate::input::duration::Duration;
use crate::input::months::Moment;
use crate::input::number::{Heads, PerYear};
use crate::input::steps::Steps;
use crate::input::{Fields, Table};

/// The most people that may be wanted in all roles together. Compounding shocks are capped here.
pub const HEADCOUNT_AT_MOST: u32 = 1_000_000;

/// The wanted headcount of a role, in steps.
#[derive(Clone, Debug)]
pub struct Wanted(pub Steps<Heads>);

impl Wanted {
    /// Returns the days on which the wanted headcount changes.
    pub fn days(&self) -> impl Iterator<Item = f64> + '_ {
        self.0.iter().map(|(from, _)| from.day)
    }

    /// Returns the wanted headcount from each instant at which it changes, without shocks, rounded half up.
    pub fn steps(&self) -> impl Iterator<Item = (Moment, u32)> + '_ {
        self.0.iter().map(|(from, heads)| (from, rounded(heads.value())))
    }

    /// Returns the wanted headcount on a day, without shocks.
    #[must_use]
    pub fn at(&self, day: f64) -> u32 {
        self.shocked_at(day, 1.0)
    }

    /// Returns the wanted headcount on a day if the shocks so far have multiplied it by `factor`, rounded half up.
    #[must_use]
    pub fn shocked_at(&self, day: f64, factor: f64) -> u32 {
        self.0.at(day).map_or(0, |heads| rounded(heads.value() * factor))
    }
}

/// Rounds half up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "headcounts are between 0 and a million")]
fn rounded(heads: f64) -> u32 {
    // A product that should be 2.5 may be slightly below it.
    (heads + 0.5 + 1e-9).floor().min(f64::from(HEADCOUNT_AT_MOST)) as u32
}

/// `[demand.shock]`: shocks that multiply all later wanted headcounts.
#[derive(Clone, Debug)]
pub struct DemandShock {
    /// Mean number of shocks per year.
    pub per_year: f64,
    /// The factor of each shock.
    pub factor: Duration,
}

impl Table for DemandShock {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            per_year: fields.optional_or("per_year", "0", "shocks per year, on average").map_or(0.0, PerYear::value),
            factor: fields.or(
                "factor",
                Duration::constant(1.0),
                "factor by which a shock multiplies all later wanted headcounts; shocks compound",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_rounded_half_up() {
        assert_eq!([0.49, 0.5, 1.5, 2.5, 2.4999].map(rounded), [0, 1, 2, 3, 2]);
    }

    #[test]
    fn shocks_multiply_before_rounding_and_are_capped() {
        let wanted = Wanted(Steps::constant(Heads::new(2.4).unwrap_or_else(|_| unreachable!("2.4 heads are allowed"))));
        assert_eq!([1.0, 1.25, 1.5].map(|factor| wanted.shocked_at(0.0, factor)), [2, 3, 4]);
        assert_eq!(wanted.shocked_at(3.0, f64::INFINITY), HEADCOUNT_AT_MOST);
    }
}
