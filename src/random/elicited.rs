//! Distributions given by what people say: nine times in ten between these two values.

use crate::maths::{exp, ln, normal_quantile, normal_survival};

use super::Distribution;
use super::parameters::{Between, MedianLognormal, Normal, Uniform};
use super::refusal::{Refusal, given};

/// The standard normal quantile of 95 %.
const Z95: f64 = 1.644_853_626_951_472_7;
/// The most standard deviations by which the mean of a normal that is cut at 0 may lie below the cut.
const FARTHEST_BOUND: f64 = 30.0;

/// Halvings after which a bracket of such bounds is as narrow as numbers can be.
const HALVINGS: u32 = 100;

impl Distribution {
    /// Returns the uniform distribution of which 5 % lie below `p5` and 5 % above `p95`: it is wider by an eighteenth of their
    /// distance on either side.
    pub fn uniform_between(between: Between) -> Result<Self, Refusal> {
        let Between { p5, p95 } = between.checked()?;
        let beyond = (p95 - p5) / 18.0;
        let least = beyond * (1.0 - 1e-12);
        given("p5", p5).check(p5 >= least, || format!("at least {beyond}, so that no value is below 0"))?;
        Self::uniform(Uniform { min: (p5 - beyond).max(0.0), max: p95 + beyond })
    }

    /// Returns the lognormal distribution of which 5 % lie below `p5` and 5 % above `p95`.
    pub fn lognormal_between(between: Between) -> Result<Self, Refusal> {
        let Between { p5, p95 } = between.checked()?;
        given("p5", p5).positive()?;
        let (low, high) = (ln(p5), ln(p95));
        let median = exp(0.5 * (low + high));
        Self::lognormal_of_median(MedianLognormal { median, sigma: (high - low) / (2.0 * Z95) })
    }

    /// Returns the normal distribution, cut at 0, of which 5 % lie below `p5` and 5 % above `p95` after the cut.
    ///
    /// With b = -mean / sd the two are sd (z(0.05) - b) and sd (z(0.95) - b), where z(p) is the standard normal quantile of p
    /// given more than b. Their ratio falls as b rises, which finds b.
    pub fn normal_between(between: Between) -> Result<Self, Refusal> {
        let Between { p5, p95 } = between.checked()?;
        if p95 <= 0.0 || p95 - p5 <= 1e-9 * p95 {
            return Self::constant(0.5 * (p5 + p95));
        }
        let distances = |bound: f64| {
            let above = normal_survival(bound);
            [0.95, 0.05].map(|share| -normal_quantile(share * above) - bound)
        };
        let ratio = |bound: f64| {
            let [low, high] = distances(bound);
            low / high
        };
        let least = ratio(FARTHEST_BOUND) * p95;
        given("p5", p5).check(p5 >= least, || format!("at least {least}, as a normal is never further below p95"))?;
        // Without the cut, b would be this, and the cut only raises it.
        let mut low = -Z95 * (p95 + p5) / (p95 - p5) - 1.0;
        let mut high = FARTHEST_BOUND;
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if ratio(middle) > p5 / p95 { low = middle } else { high = middle }
        }
        let [_, distance] = distances(low);
        let sd = p95 / distance;
        Self::normal(Normal { mean: -low * sd, sd })
    }
}

impl Between {
    fn checked(self) -> Result<Self, Refusal> {
        let p5 = given("p5", self.p5);
        p5.not_negative()?;
        given("p95", self.p95).at_least(p5)?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-300), "{found}, expected {expected}");
    }

    #[test]
    fn nine_in_ten_values_lie_between() {
        for (p5, p95) in [(10.0, 90.0), (30.0, 55.0), (20.0, 20.5), (50.0, 2_000.0), (1e-6, 1e-5)] {
            let between = || Between { p5, p95 };
            let laws = [Distribution::lognormal_between(between()), Distribution::normal_between(between())];
            for law in laws.into_iter().chain([Distribution::uniform_between(between())]).flatten() {
                near(law.quantile(0.05), p5, 1e-8);
                near(law.quantile(0.95), p95, 1e-8);
            }
        }
    }

    #[test]
    fn parameters_are_those_of_closed_forms() {
        let between = || Between { p5: 10.0, p95: 90.0 };
        let lognormal = Distribution::lognormal_between(between()).unwrap();
        near(lognormal.quantile(0.5), 30.0, 1e-12);
        near(ln(lognormal.quantile(normal_survival(-1.0)) / 30.0), 0.667_909, 1e-6);
        let uniform = Distribution::uniform_between(between()).unwrap();
        near(uniform.quantile(1e-12), 5.555_556, 1e-6);
        near(uniform.maximum(), 94.444_444, 1e-8);
        // Far above the cut, the normal is the whole one: mean (p5 + p95) / 2, sd (p95 - p5) / 3.289707.
        let normal = Distribution::normal_between(Between { p5: 1010.0, p95: 1090.0 }).unwrap();
        near(normal.mean(), 1050.0, 1e-12);
        near(normal.variance().sqrt(), 24.318_273, 1e-7);
    }

    #[test]
    fn what_no_distribution_can_be_is_refused() {
        let said = |refused: Result<Distribution, Refusal>| refused.expect_err("it cannot be").to_string();
        let between = |p5, p95| Between { p5, p95 };
        assert!(said(Distribution::uniform_between(between(1.0, 90.0))).contains("so that no value is below 0"));
        assert!(said(Distribution::normal_between(between(0.1, 90.0))).contains("never further below p95"));
        assert!(said(Distribution::lognormal_between(between(0.0, 90.0))).contains("above 0"));
        assert!(said(Distribution::lognormal_between(between(9.0, 3.0))).contains("at least p5, which is 9"));
        assert!(said(Distribution::normal_between(between(-1.0, 3.0))).contains("0 or more"));
        assert_eq!(Distribution::normal_between(between(5.0, 5.0)).unwrap().fixed(), Some(5.0));
    }
}
