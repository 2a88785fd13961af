//! Distributions of a quantity that is never negative: a duration in days, or a factor.

use std::sync::{Arc, OnceLock};

use super::empirical::Observed;
use super::laws;
use super::normal::TruncatedNormal;
use super::parameters::{BetaPert, Empirical, Gamma, Lognormal, MedianLognormal, Normal, Triangular, Uniform, Weibull};
use super::refusal::{Refusal, check_three, check_values, check_weights, given};
use super::table::Table;
use super::tail::{Form, Tail};

/// The distribution of a quantity T that is never negative, drawn by its quantile.
///
/// One draw is one uniform number, so that the same luck gives comparable values under different laws, and what was drawn
/// can be read under another law later.
#[derive(Debug, Clone)]
pub struct Distribution {
    shape: Shape,
    /// Its quantiles by table, made when the first is asked for; none for a law that is as fast without.
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
    /// Always `value` >= 0.
    pub fn constant(value: f64) -> Result<Self, Refusal> {
        given("value", value).not_negative().map(Self::always)
    }

    /// Even between two values.
    pub fn uniform(Uniform { min, max }: Uniform) -> Result<Self, Refusal> {
        given("min", min).not_negative()?;
        given("max", max).at_least(given("min", min))?;
        if min < max { Ok(Self::of(laws::Uniform { min, max })) } else { Ok(Self::always(min)) }
    }

    /// Rising in a straight line to a mode, then falling.
    pub fn triangular(Triangular { min, mode, max }: Triangular) -> Result<Self, Refusal> {
        check_three(min, mode, max)?;
        if min < max { Ok(Self::of(laws::Triangular::new(min, mode, max))) } else { Ok(Self::always(min)) }
    }

    /// The law without memory, with that mean > 0.
    pub fn exponential(mean: f64) -> Result<Self, Refusal> {
        given("mean", mean).positive()?;
        Ok(Self::of(laws::Exponential { mean }))
    }

    /// The lognormal law of that mean and coefficient of variation.
    pub fn lognormal(Lognormal { mean, cv }: Lognormal) -> Result<Self, Refusal> {
        given("mean", mean).positive()?;
        given("cv", cv).not_negative()?;
        if cv < NO_SPREAD { Ok(Self::always(mean)) } else { Ok(Self::of(laws::Lognormal::of_mean(mean, cv))) }
    }

    /// The lognormal law of that median, and sd of the logarithm.
    pub fn lognormal_of_median(MedianLognormal { median, sigma }: MedianLognormal) -> Result<Self, Refusal> {
        given("median", median).positive()?;
        given("sigma", sigma).not_negative()?;
        if sigma < NO_SPREAD {
            return Ok(Self::always(median));
        }
        Ok(Self::of(laws::Lognormal::of_median(median, sigma)))
    }

    /// The Weibull law.
    pub fn weibull(Weibull { shape, scale }: Weibull) -> Result<Self, Refusal> {
        given("shape", shape).positive()?;
        given("scale", scale).positive()?;
        Ok(Self::of(laws::Weibull::new(shape, scale)))
    }

    /// The gamma law of that mean and coefficient of variation.
    pub fn gamma(Gamma { mean, cv }: Gamma) -> Result<Self, Refusal> {
        given("mean", mean).positive()?;
        given("cv", cv).positive()?;
        given("cv", cv).check(cv <= MOST_CV, || format!("a number above 0, at most {MOST_CV}"))?;
        if cv < NO_SPREAD { Ok(Self::always(mean)) } else { Ok(Self::of(laws::Gamma::new(mean, cv))) }
    }

    /// The normal law given that it is not negative.
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
        // So far out the hazard no longer rises: the law is exponential up to 1 / bound^2.
        let mean = sd / bound;
        if mean > 0.0 { Self::exponential(mean) } else { Ok(Self::always(0.0)) }
    }

    /// The PERT law.
    pub fn beta_pert(BetaPert { min, mode, max }: BetaPert) -> Result<Self, Refusal> {
        check_three(min, mode, max)?;
        if min < max { Ok(Self::of(laws::BetaPert::new(min, mode, max))) } else { Ok(Self::always(min)) }
    }

    /// One of the values given.
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

    /// The value of a quantity that does not vary; none if it does.
    #[inline]
    #[must_use]
    pub fn fixed(&self) -> Option<f64> {
        match &self.shape {
            Shape::Constant(laws::Constant { value }) => Some(*value),
            _ => None,
        }
    }

    /// The least t with P(T <= t) >= p, for p strictly inside (0, 1); finite and never negative.
    #[inline]
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        self.table().and_then(|table| table.below(p)).unwrap_or_else(|| self.exact(Tail::below(p)))
    }

    #[inline]
    fn table(&self) -> Option<&Table> {
        self.table.as_ref()?.get_or_init(|| self.tabulate()).as_ref()
    }

    #[cold]
    fn tabulate(&self) -> Option<Table> {
        Table::of(|tail| self.exact(tail))
    }

    /// The quantile without a table.
    fn exact(&self, tail: Tail) -> f64 {
        self.shape.at(tail).min(f64::MAX)
    }

    /// P(T > t), 1 for t < 0.
    #[must_use]
    pub fn survival(&self, t: f64) -> f64 {
        if t < 0.0 { 1.0 } else { self.shape.survival(t) }
    }

    /// P(T <= t), 0 for t < 0.
    #[must_use]
    pub fn cdf(&self, t: f64) -> f64 {
        if t < 0.0 { 0.0 } else { self.shape.cdf(t) }
    }

    /// The least t >= 0 with P(T > t) <= q: 0 for q >= 1, and [`Distribution::maximum`] for q <= 0.
    ///
    /// `at_survival(1.0 - u)` is `quantile(u)`, bit for bit, where 1 - u is exact; a tiny q keeps all its digits.
    #[inline]
    #[must_use]
    pub fn at_survival(&self, q: f64) -> f64 {
        if q >= 1.0 {
            0.0
        } else if q <= 0.0 {
            self.maximum()
        } else {
            let tail = Tail::above(q);
            self.table().and_then(|table| table.at(tail)).unwrap_or_else(|| self.exact(tail))
        }
    }

    /// Whether it is the exponential law, by which the end is as likely on any day as on any other.
    #[must_use]
    pub fn is_exponential(&self) -> bool {
        matches!(self.shape, Shape::Exponential(_))
    }

    /// The mean of T; infinity where it is too large for a number.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.shape.mean()
    }

    /// The variance of T; infinity where it is too large for a number.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.shape.variance()
    }

    /// The largest value T can take: infinity for a law without an upper end.
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

/// A spread over the mean below this is lost in rounding, even 8 standard deviations out.
const NO_SPREAD: f64 = 1e-17;
/// A gamma law of a larger cv is 0 for all that numbers can tell.
const MOST_CV: f64 = 1e6;
/// Where 1 / bound^2 is a rounding error.
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

    /// The laws as planners use them. Every place of a table lies between those that were looked at when it was made.
    #[test]
    fn quantiles_by_table_are_those_of_the_law() {
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
            let law = law.expect("the parameters are good");
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
    fn values_stay_numbers_where_a_law_leaves_their_range() {
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
