//! Distributions of a quantity that is never negative: a duration in days, or a factor.

use super::empirical::Observed;
use super::laws;
use super::normal::TruncatedNormal;
use super::tail::{Form, Tail};

/// The distribution of a quantity T that is never negative, drawn by its quantile.
///
/// One draw is one uniform number, so that the same luck gives comparable values under different laws, and what was drawn
/// can be read under another law later.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Shape);

/// What is wrong with a parameter.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{value} is not {article} {noun}: expected {expected}")]
pub struct Refusal {
    /// The parameter at fault, as a scenario writes it.
    pub parameter: &'static str,
    value: f64,
    article: &'static str,
    noun: &'static str,
    expected: String,
}

/// From `min` to `max`, all alike: 0 <= min <= max.
#[derive(Debug, Clone, Copy)]
pub struct Uniform {
    /// The least value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
}

/// 0 <= min <= mode <= max.
#[derive(Debug, Clone, Copy)]
pub struct Triangular {
    /// The least value.
    pub min: f64,
    /// The likeliest value.
    pub mode: f64,
    /// The largest value.
    pub max: f64,
}

/// By the moments of the variable itself: mean > 0, cv >= 0.
#[derive(Debug, Clone, Copy)]
pub struct Lognormal {
    /// The mean of the variable.
    pub mean: f64,
    /// Its standard deviation over its mean.
    pub cv: f64,
}

/// By the median and the spread of the logarithm: median > 0, sigma >= 0.
#[derive(Debug, Clone, Copy)]
pub struct MedianLognormal {
    /// The median of the variable.
    pub median: f64,
    /// The standard deviation of its natural logarithm.
    pub sigma: f64,
}

/// P(T > t) = exp(-(t / scale)^shape): shape > 0, scale > 0.
#[derive(Debug, Clone, Copy)]
pub struct Weibull {
    /// The hazard falls with time below 1 and rises above 1.
    pub shape: f64,
    /// The value that 1 / e = 36.8 % exceed.
    pub scale: f64,
}

/// Shape 1 / cv^2 and scale mean cv^2: mean > 0, 0 < cv <= 1e6.
#[derive(Debug, Clone, Copy)]
pub struct Gamma {
    /// The mean.
    pub mean: f64,
    /// The standard deviation over the mean.
    pub cv: f64,
}

/// A normal variable given that it is not negative: any finite mean with sd > 0, or mean >= 0 with sd = 0.
#[derive(Debug, Clone, Copy)]
pub struct Normal {
    /// The mean before negative values are left out.
    pub mean: f64,
    /// The standard deviation before negative values are left out.
    pub sd: f64,
}

/// The PERT law: 0 <= min <= mode <= max.
#[derive(Debug, Clone, Copy)]
pub struct BetaPert {
    /// The least value.
    pub min: f64,
    /// The likeliest value.
    pub mode: f64,
    /// The largest value.
    pub max: f64,
}

/// Observed values, at least one, each >= 0.
#[derive(Debug, Clone, Copy)]
pub struct Empirical<'a> {
    /// What may be drawn, in any order.
    pub values: &'a [f64],
    /// How often, one >= 0 for each value with a sum above 0; all alike if absent.
    pub weights: Option<&'a [f64]>,
}

impl Distribution {
    /// Always `value` >= 0.
    pub fn constant(value: f64) -> Result<Self, Refusal> {
        not_negative("value", value).map(Self::always)
    }

    /// Even between two values.
    pub fn uniform(Uniform { min, max }: Uniform) -> Result<Self, Refusal> {
        not_negative("min", min)?;
        at_least(("max", max), ("min", min))?;
        if min < max { Ok(Distribution(laws::Uniform { min, max }.into())) } else { Ok(Self::always(min)) }
    }

    /// Rising in a straight line to a mode, then falling.
    pub fn triangular(Triangular { min, mode, max }: Triangular) -> Result<Self, Refusal> {
        three(min, mode, max)?;
        if min < max { Ok(Distribution(laws::Triangular::new(min, mode, max).into())) } else { Ok(Self::always(min)) }
    }

    /// The law without memory, with that mean > 0.
    pub fn exponential(mean: f64) -> Result<Self, Refusal> {
        positive("mean", mean)?;
        Ok(Distribution(laws::Exponential { mean }.into()))
    }

    /// The lognormal law of that mean and coefficient of variation.
    pub fn lognormal(Lognormal { mean, cv }: Lognormal) -> Result<Self, Refusal> {
        positive("mean", mean)?;
        not_negative("cv", cv)?;
        if cv < NO_SPREAD { Ok(Self::always(mean)) } else { Ok(Distribution(laws::Lognormal::of_mean(mean, cv).into())) }
    }

    /// The lognormal law of that median, and sd of the logarithm.
    pub fn lognormal_of_median(MedianLognormal { median, sigma }: MedianLognormal) -> Result<Self, Refusal> {
        positive("median", median)?;
        not_negative("sigma", sigma)?;
        if sigma < NO_SPREAD {
            return Ok(Self::always(median));
        }
        Ok(Distribution(laws::Lognormal::of_median(median, sigma).into()))
    }

    /// The Weibull law.
    pub fn weibull(Weibull { shape, scale }: Weibull) -> Result<Self, Refusal> {
        positive("shape", shape)?;
        positive("scale", scale)?;
        Ok(Distribution(laws::Weibull::new(shape, scale).into()))
    }

    /// The gamma law of that mean and coefficient of variation.
    pub fn gamma(Gamma { mean, cv }: Gamma) -> Result<Self, Refusal> {
        positive("mean", mean)?;
        positive("cv", cv)?;
        number("cv", cv, cv <= MOST_CV, || format!("a number above 0, at most {MOST_CV}"))?;
        if cv < NO_SPREAD { Ok(Self::always(mean)) } else { Ok(Distribution(laws::Gamma::new(mean, cv).into())) }
    }

    /// The normal law given that it is not negative.
    pub fn normal(Normal { mean, sd }: Normal) -> Result<Self, Refusal> {
        not_negative("sd", sd)?;
        if sd <= 0.0 {
            return not_negative("mean", mean).map(Self::always);
        }
        number("mean", mean, true, || "a number".to_owned())?;
        let bound = -mean / sd;
        if bound < MOST_BOUND {
            return Ok(Distribution(TruncatedNormal::new(mean, sd).into()));
        }
        // So far out the hazard no longer rises: the law is exponential up to 1 / bound^2.
        let mean = sd / bound;
        if mean > 0.0 { Self::exponential(mean) } else { Ok(Self::always(0.0)) }
    }

    /// The PERT law.
    pub fn beta_pert(BetaPert { min, mode, max }: BetaPert) -> Result<Self, Refusal> {
        three(min, mode, max)?;
        if min < max { Ok(Distribution(laws::BetaPert::new(min, mode, max).into())) } else { Ok(Self::always(min)) }
    }

    /// One of the values given.
    pub fn empirical(Empirical { values, weights }: Empirical<'_>) -> Result<Self, Refusal> {
        let count = values.len() as f64;
        let value = |noun| Name { parameter: "values", noun };
        named(value("number of values"), count, count > 0.0, || "at least 1".to_owned())?;
        for &each in values {
            named(value("value"), each, each >= 0.0, || NOT_BELOW_0.to_owned())?;
        }
        let weighted = match weights {
            None => values.iter().map(|&value| (value, 1.0)).collect(),
            Some(weights) => {
                check_weights(weights, values.len())?;
                values.iter().copied().zip(weights.iter().copied()).collect()
            }
        };
        Ok(Distribution(Observed::new(weighted).into()))
    }

    fn always(value: f64) -> Self {
        Distribution(laws::Constant { value }.into())
    }

    /// The least t with P(T <= t) >= p, for p strictly inside (0, 1); finite and never negative.
    #[inline]
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        self.0.at(Tail::below(p)).min(f64::MAX)
    }

    /// P(T > t), 1 for t < 0.
    #[must_use]
    pub fn survival(&self, t: f64) -> f64 {
        if t < 0.0 { 1.0 } else { self.0.survival(t) }
    }

    /// P(T <= t), 0 for t < 0.
    #[must_use]
    pub fn cdf(&self, t: f64) -> f64 {
        if t < 0.0 { 0.0 } else { self.0.cdf(t) }
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
            self.0.at(Tail::above(q)).min(f64::MAX)
        }
    }

    /// The mean of T; infinity where it is too large for a number.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.0.mean()
    }

    /// The variance of T; infinity where it is too large for a number.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.0.variance()
    }

    /// The largest value T can take: infinity for a law without an upper end.
    #[must_use]
    pub fn maximum(&self) -> f64 {
        self.0.maximum()
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
const ABOVE_0: &str = "a number above 0";
const NOT_BELOW_0: &str = "a number, 0 or more";

fn positive(parameter: &'static str, value: f64) -> Result<f64, Refusal> {
    number(parameter, value, value > 0.0, || ABOVE_0.to_owned())
}

fn not_negative(parameter: &'static str, value: f64) -> Result<f64, Refusal> {
    number(parameter, value, value >= 0.0, || NOT_BELOW_0.to_owned())
}

fn at_least((parameter, value): (&'static str, f64), (other, least): (&str, f64)) -> Result<f64, Refusal> {
    number(parameter, value, value >= least, || format!("at least {other}, which is {least}"))
}

fn three(min: f64, mode: f64, max: f64) -> Result<(), Refusal> {
    not_negative("min", min)?;
    at_least(("mode", mode), ("min", min))?;
    at_least(("max", max), ("mode", mode))?;
    Ok(())
}

fn check_weights(weights: &[f64], count: usize) -> Result<(), Refusal> {
    let weight = |noun| Name { parameter: "weights", noun };
    let given = weights.len() as f64;
    named(weight("number of weights"), given, weights.len() == count, || format!("{count}, one for each value"))?;
    for &each in weights {
        named(weight("weight"), each, each >= 0.0, || NOT_BELOW_0.to_owned())?;
    }
    let sum: f64 = weights.iter().sum();
    named(weight("sum of weights"), sum, sum > 0.0, || ABOVE_0.to_owned())?;
    Ok(())
}

/// The value itself, if it is finite and `holds`.
fn number(parameter: &'static str, value: f64, holds: bool, expected: impl FnOnce() -> String) -> Result<f64, Refusal> {
    named(Name { parameter, noun: parameter }, value, holds, expected)
}

/// The same, where one of a list's members is called `noun`.
fn named(name: Name, value: f64, holds: bool, expected: impl FnOnce() -> String) -> Result<f64, Refusal> {
    if value.is_finite() && holds {
        return Ok(value);
    }
    let article = if name.noun == "sd" { "an" } else { "a" };
    Err(Refusal { parameter: name.parameter, value, article, noun: name.noun, expected: expected() })
}

/// How a scenario writes a parameter, and what a message calls one value of it.
struct Name {
    parameter: &'static str,
    noun: &'static str,
}
