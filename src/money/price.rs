//! Prices: prices per day, rises on anniversaries, and exchange rates.

use crate::engine::Time;
use crate::input::number::Amount;
use crate::input::steps::Steps;
use crate::maths::{exp, normal_quantile};
use crate::random::{DrawKey, Entity, Family, Purpose};
use crate::world::MONTHS_PER_YEAR;

/// The cap on the growth of an exchange rate, so that amounts stay in the range of numbers.
const LARGEST_RATE: f64 = 1e20;
/// One standard normal per month, shared by all organisations and strategies.
const EXCHANGE: Purpose = Purpose::named("money.exchange");

/// Returns the price in force at an instant.
pub(super) fn price(steps: &Steps<Amount>, now: Time) -> f64 {
    steps.at(now.days()).map_or(0.0, Amount::value)
}

/// Returns the factor by which prices have risen in a month (from 1): (1 + rate) to the power of the full years passed.
pub(super) fn risen(rate_per_year: f64, month: u32) -> f64 {
    (0..(month - 1) / 12).fold(1.0, |factor, _| factor * (1.0 + rate_per_year))
}

/// The exchange rate of one organisation: a geometric Brownian motion in monthly steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchange {
    pub(super) volatility_per_year: f64,
    pub(super) drift_per_year: f64,
}

impl Exchange {
    /// Returns the rate of a month (from 1), given the sum of the standard normals of the steps so far. It is 1 in the first
    /// month.
    pub(super) fn rate(self, month: u32, normals: f64) -> f64 {
        let years = f64::from(month - 1) / MONTHS_PER_YEAR;
        let drift = self.drift_per_year - self.volatility_per_year * self.volatility_per_year / 2.0;
        exp(drift * years + self.volatility_per_year * normals / MONTHS_PER_YEAR.sqrt()).min(LARGEST_RATE)
    }
}

/// The shared random numbers of all exchange rates.
#[derive(Debug)]
pub(super) struct Normals {
    family: Family,
    replication: u32,
    /// Sum of the standard normals so far.
    pub(super) sum: f64,
}

impl Normals {
    pub(super) fn new(seed: u64) -> Self {
        Self { family: Family::new(seed, "world"), replication: 0, sum: 0.0 }
    }

    pub(super) fn start(&mut self, replication: u32) {
        (self.replication, self.sum) = (replication, 0.0);
    }

    /// Adds the step into a month (from 2).
    pub(super) fn step(&mut self, month: u32) {
        let entity = Entity::numbered(month.into());
        self.sum += normal_quantile(self.family.uniform(self.replication, entity, DrawKey::of(EXCHANGE)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maths::ln;
    use crate::stats::Tally;

    #[test]
    fn prices_rise_on_anniversaries() {
        let months = [1, 12, 13, 24, 25, 37];
        let risen = months.map(|month| risen(0.1, month));
        for (found, expected) in risen.into_iter().zip([1.0, 1.0, 1.1, 1.1, 1.21, 1.331]) {
            assert!((found - expected).abs() < 1e-12, "{found}, expected {expected}");
        }
    }

    /// After 24 steps: mean exp(0.06), and a logarithm with a standard deviation of 0.1 sqrt(2) around 0.06 - 0.1^2. A bias
    /// of 2 % in either would be at least 12 standard errors of 40,000 paths.
    #[test]
    fn exchange_rates_have_the_given_mean_and_volatility() {
        let exchange = Exchange { volatility_per_year: 0.1, drift_per_year: 0.03 };
        let mut normals = Normals::new(7);
        let mut rates = Vec::new();
        for replication in 0..40_000 {
            normals.start(replication);
            assert!((exchange.rate(1, normals.sum) - 1.0).abs() < f64::EPSILON, "1 in the first month");
            (2..=25).for_each(|month| normals.step(month));
            rates.push(exchange.rate(25, normals.sum));
        }
        let tally = Tally::of(&rates);
        let (mean, se) = (tally.mean().expect("values"), tally.standard_error().expect("values"));
        assert!((mean - exp(0.06)).abs() < 4.0 * se && 0.02 * exp(0.06) > 6.0 * se, "{mean} +- {se}");
        let logs: Vec<f64> = rates.iter().map(|&rate| ln(rate)).collect();
        let tally = Tally::of(&logs);
        let sd = tally.sd().expect("values");
        let expected = 0.1 * 2.0_f64.sqrt();
        // The standard error of a standard deviation is sd / sqrt(2 n).
        let se = expected / (2.0 * 40_000.0_f64).sqrt();
        assert!((sd - expected).abs() < 4.0 * se && 0.02 * expected > 5.0 * se, "{sd} +- {se}");
        assert!((tally.mean().expect("values") - 0.05).abs() < 4.0 * expected / 200.0);
    }
}
