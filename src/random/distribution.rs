//! Distributions of a quantity that is never negative: a duration in days, or a factor.

use std::sync::{Arc, OnceLock};

use super::empirical::Observed;
use super::laws;
use super::normal::TruncatedNormal;
use super::parameters::{BetaPert, Empirical, Gamma, Lognormal, MedianLognormal, Normal, Triangular, Uniform, Weibull};
use super::refusal::{Refusal, check_three, check_values, check_weights, given};
use super::table::Table;
use super::tail::{Form, Tail};

/// The distribution of a quantity T that is never negative. Values are drawn by its quantile.
///
/// A draw takes one uniform number. So the same luck gives comparable values under different distributions, and a value can
/// be re-expressed under another distribution later.
#[derive(Debug, Clone)]
pub struct Distribution {
    shape: Shape,
    /// Its table of quantiles, built at the first request. None for a distribution that is as fast without one.
    table: Option<Arc<OnceLock<Option<Table>>>>,
}

impl PartialEq for Distribution {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape
    }
}

impl From<Shape> for Distribution {
    fn from(shape: Shape) -> Self {
        let is_fast = matches!(shape, Shape::Constant(_) | Shape::Uniform(_) | Shape::Triangular(_) | Shape::Empirical(_));
        Self { shape, table: (!is_fast).then(Arc::default) }
    }
}

impl Distribution {
    /// Returns the constant distribution. `value` is >= 0.
    pub fn constant(value: f64) -> Result<Self, Refusal> {
        given("value", value).not_negative().map(Self::always)
    }

    /// Returns the uniform distribution.
    pub fn uniform(Uniform { min, max }: Uniform) -> Result<Self, Refusal> {
        given("min", min).not_negative()?;
        given("max", max).at_least(given("min", min))?;
        if min < max { Ok(Self::of(laws::Uniform { min, max })) } else { Ok(Self::always(min)) }
    }

    /// Returns the triangular distribution.
    pub fn triangular(Triangular { min, mode, max }: Triangular) -> Result<Self, Refusal> {
        check_three(min, mode, max)?;
        if min < max { Ok(Self::of(laws::Triangular::new(min, mode, max))) } else { Ok(Self::always(min)) }
    }

    /// Returns the exponential distribution. `mean` is > 0.
    pub fn exponential(mean: f64) -> Result<Self, Refusal> {
        given("mean", mean).positive()?;
        Ok(Self::of(laws::Exponential { mean }))
    }

    /// Returns the lognormal distribution of this mean and coefficient of variation.
    pub fn lognormal(Lognormal { mean, cv }: Lognormal) -> Result<Self, Refusal> {
        given("mean", mean).positive()?;
        given("cv", cv).not_negative()?;
        if cv < NO_SPREAD { Ok(Self::always(mean)) } else { Ok(Self::of(laws::Lognormal::of_mean(mean, cv))) }
    }

    /// Returns the lognormal distribution of this median and standard deviation of the logarithm.
    pub fn lognormal_of_median(MedianLognormal { median, sigma }: MedianLognormal) -> Result<Self, Refusal> {
        given("median", median).positive()?;
        given("sigma", sigma).not_negative()?;
        if sigma < NO_SPREAD {
            return Ok(Self::always(median));
        }
        Ok(Self::of(laws::Lognormal::of_median(median, sigma)))
    }

    /// Returns the Weibull distribution.
    pub fn weibull(Weibull { shape, scale }: Weibull) -> Result<Self, Refusal> {
        given("shape", shape).positive()?;
        given("scale", scale).positive()?;
        Ok(Self::of(laws::Weibull::new(shape, scale)))
    }

    /// Returns the gamma distribution of this mean and coefficient of variation.
    pub fn gamma(Gamma { mean, cv }: Gamma) -> Result<Self, Refusal> {
        given("mean", mean).positive()?;
        given("cv", cv).positive()?;
        given("cv", cv).check(cv <= MOST_CV, || format!("a number above 0, at most {MOST_CV}"))?;
        if cv < NO_SPREAD { Ok(Self::always(mean)) } else { Ok(Self::of(laws::Gamma::new(mean, cv))) }
    }

    /// Returns the normal distribution truncated at 0.
    pub fn normal(Normal { mean, sd }: Normal) -> Result<Self, Refusal> {
        given("sd", sd).not_negative()?;
        if sd <= 0.0 {
            return given("mean", mean).not_negative().map(Self::always);
        }
        given("mean", mean).finite()?;
        let bound = -mean / sd;
        if bound < MOST_BOUND {
            return Ok(Self::of(TruncatedNormal::new(mean, sd)));
        }
        // This far out the hazard is practically constant: up to a relative error of 1 / bound^2, the distribution is
        // exponential.
        let mean = sd / bound;
        if mean > 0.0 { Self::exponential(mean) } else { Ok(Self::always(0.0)) }
    }

    /// Returns the PERT distribution.
    pub fn beta_pert(BetaPert { min, mode, max }: BetaPert) -> Result<Self, Refusal> {
        check_three(min, mode, max)?;
        if min < max { Ok(Self::of(laws::BetaPert::new(min, mode, max))) } else { Ok(Self::always(min)) }
    }

    /// Returns the distribution of the given values.
    pub fn empirical(Empirical { values, weights }: Empirical<'_>) -> Result<Self, Refusal> {
        check_values(values)?;
        let weighted = match weights {
            None => values.iter().map(|&value| (value, 1.0)).collect(),
            Some(weights) => {
                check_weights(weights, values)?;
                values.iter().copied().zip(weights.iter().copied()).collect()
            }
        };
        Ok(Self::of(Observed::new(weighted)))
    }

    fn of(law: impl Into<Shape>) -> Self {
        law.into().into()
    }

    fn always(value: f64) -> Self {
        Self::of(laws::Constant { value })
    }

    /// Returns the value of a quantity that does not vary. None if it varies.
    #[inline]
    #[must_use]
    pub fn fixed(&self) -> Option<f64> {
        match &self.shape {
            Shape::Constant(laws::Constant { value }) => Some(*value),
            _ => None,
        }
    }

    /// Returns the least t with P(T <= t) >= p, for p strictly inside (0, 1). It is finite and never negative.
    #[inline]
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        self.table().and_then(|table| table.below(p)).unwrap_or_else(|| self.shape.below(p).min(f64::MAX))
    }

    #[inline]
    fn table(&self) -> Option<&Table> {
        self.table.as_ref()?.get_or_init(|| self.tabulate()).as_ref()
    }

    #[cold]
    fn tabulate(&self) -> Option<Table> {
        Table::of(|tail| self.exact(tail))
    }

    /// Computes the quantile without a table.
    fn exact(&self, tail: Tail) -> f64 {
        self.shape.at(tail).min(f64::MAX)
    }

    /// Returns P(T > t), which is 1 for t < 0.
    #[must_use]
    pub fn survival(&self, t: f64) -> f64 {
        if t < 0.0 { 1.0 } else { self.shape.survival(t) }
    }

    /// Returns P(T <= t), which is 0 for t < 0.
    #[must_use]
    pub fn cdf(&self, t: f64) -> f64 {
        if t < 0.0 { 0.0 } else { self.shape.cdf(t) }
    }

    /// Returns the least t >= 0 with P(T > t) <= q: 0 for q >= 1, and [`Distribution::maximum`] for q <= 0.
    ///
    /// Where 1 - u is exact, `at_survival(1.0 - u)` equals `quantile(u)` bit for bit. A tiny q keeps all its digits.
    #[inline]
    #[must_use]
    pub fn at_survival(&self, q: f64) -> f64 {
        if q >= 1.0 {
            0.0
        } else if q <= 0.0 {
            self.maximum()
        } else {
            self.table().and_then(|table| table.above(q)).unwrap_or_else(|| self.exact(Tail::above(q)))
        }
    }

    /// Whether this is the exponential distribution, whose hazard is constant.
    #[must_use]
    pub fn is_exponential(&self) -> bool {
        matches!(self.shape, Shape::Exponential(_))
    }

    /// Returns the mean of T. Infinity if it exceeds the range of numbers.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.shape.mean()
    }

    /// Returns the variance of T. Infinity if it exceeds the range of numbers.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.shape.variance()
    }

    /// Returns the largest value of T. Infinity for a distribution without an upper end.
    #[must_use]
    pub fn maximum(&self) -> f64 {
        self.shape.maximum()
    }
}

macro_rules! shapes {
    ($($name:ident($law:ty),)*) => {
        #[derive(Debug, Clone, PartialEq)]
        enum Shape { $($name($law),)* }

        $(impl From<$law> for Shape {
            fn from(law: $law) -> Self {
                Shape::$name(law)
            }
        })*

        impl Form for Shape {
            #[inline]
            fn at(&self, tail: Tail) -> f64 {
                match self { $(Shape::$name(law) => law.at(tail),)* }
            }
            #[inline]
            fn below(&self, p: f64) -> f64 {
                match self { $(Shape::$name(law) => law.below(p),)* }
            }
            fn survival(&self, t: f64) -> f64 {
                match self { $(Shape::$name(law) => law.survival(t),)* }
            }
            fn cdf(&self, t: f64) -> f64 {
                match self { $(Shape::$name(law) => law.cdf(t),)* }
            }
            fn mean(&self) -> f64 {
                match self { $(Shape::$name(law) => law.mean(),)* }
            }
            fn variance(&self) -> f64 {
                match self { $(Shape::$name(law) => law.variance(),)* }
            }
            fn maximum(&self) -> f64 {
                match self { $(Shape::$name(law) => law.maximum(),)* }
            }
        }
    };
}

shapes! {
    Constant(laws::Constant),
    Uniform(laws::Uniform),
    Triangular(laws::Triangular),
    Exponential(laws::Exponential),
    Lognormal(laws::Lognormal),
    Weibull(laws::Weibull),
    Gamma(laws::Gamma),
    Normal(TruncatedNormal),
    BetaPert(laws::BetaPert),
    Empirical(Observed),
}

/// A coefficient of variation below this is lost in rounding, even 8 standard deviations out.
const NO_SPREAD: f64 = 1e-17;
/// A gamma distribution with a larger cv is numerically 0.
const MOST_CV: f64 = 1e6;
/// Beyond this bound, 1 / bound^2 is a rounding error.
const MOST_BOUND: f64 = 1e8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spread_is_a_constant() {
        let constant = Distribution::constant(7.0);
        assert_eq!(Distribution::uniform(Uniform { min: 7.0, max: 7.0 }), constant);
        assert_eq!(Distribution::triangular(Triangular { min: 7.0, mode: 7.0, max: 7.0 }), constant);
        assert_eq!(Distribution::lognormal(Lognormal { mean: 7.0, cv: 0.0 }), constant);
        assert_eq!(Distribution::lognormal_of_median(MedianLognormal { median: 7.0, sigma: 0.0 }), constant);
        assert_eq!(Distribution::normal(Normal { mean: 7.0, sd: 0.0 }), constant);
        assert_eq!(Distribution::beta_pert(BetaPert { min: 7.0, mode: 7.0, max: 7.0 }), constant);
    }

    /// Distributions as planners use them. The tested places of a table lie between those checked when it was built.
    #[test]
    fn quantiles_by_table_match_the_distribution() {
        let laws = [
            Distribution::exponential(600.0),
            Distribution::lognormal(Lognormal { mean: 30.0, cv: 0.6 }),
            Distribution::lognormal_of_median(MedianLognormal { median: 30.0, sigma: 2.0 }),
            Distribution::weibull(Weibull { shape: 1.2, scale: 900.0 }),
            Distribution::weibull(Weibull { shape: 0.5, scale: 900.0 }),
            Distribution::weibull(Weibull { shape: 6.0, scale: 900.0 }),
            Distribution::gamma(Gamma { mean: 40.0, cv: 0.3 }),
            Distribution::gamma(Gamma { mean: 40.0, cv: 1.5 }),
            Distribution::normal(Normal { mean: 60.0, sd: 20.0 }),
            Distribution::beta_pert(BetaPert { min: 30.0, mode: 45.0, max: 90.0 }),
        ];
        for law in laws {
            let law = law.expect("the parameters are valid");
            let mut worst: f64 = 0.0;
            for step in 1..20_000 {
                let p = f64::from(step) / 20_000.0;
                let exact = law.exact(Tail::below(p));
                worst = worst.max((law.quantile(p) - exact).abs() / exact);
            }
            let has_table = law.table.as_ref().and_then(|table| table.get()).is_some_and(Option::is_some);
            assert!(has_table && worst < 1e-12, "{law:?}: {worst:e}, with a table: {has_table}");
        }
    }

    #[test]
    fn values_stay_finite_for_extreme_parameters() {
        let laws = [
            Distribution::weibull(Weibull { shape: 1e-300, scale: 1.0 }),
            Distribution::lognormal_of_median(MedianLognormal { median: 1e300, sigma: 1e300 }),
            Distribution::lognormal(Lognormal { mean: 1e-300, cv: 1e300 }),
            Distribution::gamma(Gamma { mean: 1e300, cv: 1e6 }),
            Distribution::gamma(Gamma { mean: 1e-300, cv: 1e-16 }),
            Distribution::normal(Normal { mean: -1e308, sd: 1e-300 }),
            Distribution::normal(Normal { mean: 1e308, sd: 1e-300 }),
            Distribution::normal(Normal { mean: -1.0, sd: 1e308 }),
            Distribution::exponential(f64::MAX),
        ];
        let least = 1.0 / (1_u64 << 53) as f64;
        for law in laws {
            let law = law.expect("within the parameters' ranges");
            for p in [least, 0.1, 0.5, 0.9, 1.0 - least] {
                let value = law.quantile(p);
                assert!(value.is_finite() && value >= 0.0, "{law:?} at {p}: {value}");
                assert!((0.0..=1.0).contains(&law.survival(value)), "{law:?} at {p}");
            }
            assert!(law.mean() >= 0.0 && law.variance() >= 0.0, "{law:?}");
        }
    }
}
