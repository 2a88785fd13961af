//! Prices: those of a day, rises on anniversaries, and exchange rates.

use crate::engine::Time;
use crate::input::number::Amount;
use crate::input::steps::Steps;
use crate::maths::{exp, normal_quantile};
use crate::random::{Draw, Entity, Family, Purpose};
use crate::world::{DAYS_PER_MONTH, MONTHS_PER_YEAR};

/// Where the growth of an exchange rate ends, lest amounts leave the range of numbers.
const LARGEST_RATE: f64 = 1e50;
/// One standard normal a month, shared by all organisations and strategies.
const EXCHANGE: Purpose = Purpose::named("money.exchange");

/// The month in which an instant lies, for steps: what rounding takes away from a step's own instant is given back.
pub(super) fn month_of(now: Time) -> f64 {
    now.days() / DAYS_PER_MONTH + 1e-9
}

/// The price of a day.
pub(super) fn price(steps: &Steps<Amount>, now: Time) -> f64 {
    steps.at(month_of(now)).map_or(0.0, Amount::value)
}

/// The factor by which prices have risen in a month (from 1): (1 + rate) to the power of the whole years that have passed.
pub(super) fn risen(rate_per_year: f64, month: u32) -> f64 {
    (0..(month - 1) / 12).fold(1.0, |factor, _| factor * (1.0 + rate_per_year))
}

/// The exchange rate of one organisation: a geometric Brownian motion in steps of a month.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchange {
    pub(super) volatility_per_year: f64,
    pub(super) drift_per_year: f64,
}

impl Exchange {
    /// The rate of a month (from 1), given the sum of the standard normals of the steps so far; 1 in the first month.
    pub(super) fn rate(self, month: u32, normals: f64) -> f64 {
        let years = f64::from(month - 1) / MONTHS_PER_YEAR;
        let drift = self.drift_per_year - self.volatility_per_year * self.volatility_per_year / 2.0;
        exp(drift * years + self.volatility_per_year * normals / MONTHS_PER_YEAR.sqrt()).min(LARGEST_RATE)
    }
}

/// The common luck of all exchange rates.
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
        let entity = Entity { seat: 0, requisition: month };
        self.sum += normal_quantile(self.family.uniform(self.replication, entity, Draw::of(EXCHANGE)));
    }
}
