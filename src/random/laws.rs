//! The distributions with a closed form, or nearly so: how each turns a tail into a value.

use std::hint::select_unpredictable;

use super::tail::{Form, Tail};
use crate::maths::{
    IncompleteBeta, IncompleteGamma, exp, exp_m1, gamma, ln, ln_1p, ln_gamma_1p, normal_cdf, normal_survival, pow,
};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Constant {
    pub(super) value: f64,
}

impl Form for Constant {
    fn at(&self, _: Tail) -> f64 {
        self.value
    }
    fn survival(&self, t: f64) -> f64 {
        if t < self.value { 1.0 } else { 0.0 }
    }
    fn mean(&self) -> f64 {
        self.value
    }
    fn variance(&self) -> f64 {
        0.0
    }
    fn maximum(&self) -> f64 {
        self.value
    }
}

/// Uniform between `min` < `max`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Uniform {
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Form for Uniform {
    #[inline]
    fn at(&self, tail: Tail) -> f64 {
        let width = self.max - self.min;
        match tail {
            Tail::Lower(p) => self.min + width * p,
            Tail::Upper(q) => self.max - width * q,
        }
    }
    #[inline]
    fn below(&self, p: f64) -> f64 {
        let width = self.max - self.min;
        select_unpredictable(p <= 0.5, self.min + width * p, self.max - width * (1.0 - p))
    }
    fn survival(&self, t: f64) -> f64 {
        ((self.max - t) / (self.max - self.min)).clamp(0.0, 1.0)
    }
    fn cdf(&self, t: f64) -> f64 {
        ((t - self.min) / (self.max - self.min)).clamp(0.0, 1.0)
    }
    fn mean(&self) -> f64 {
        0.5 * self.min + 0.5 * self.max
    }
    fn variance(&self) -> f64 {
        let width = self.max - self.min;
        width * width / 12.0
    }
    fn maximum(&self) -> f64 {
        self.max
    }
}

/// Rises from `min` to `mode`, then falls to `max` > `min`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Triangular {
    min: f64,
    mode: f64,
    max: f64,
    /// The probability of a value below the mode.
    rising: f64,
    /// sqrt((max - min) (mode - min)).
    left: f64,
    /// sqrt((max - min) (max - mode)).
    right: f64,
}

impl Triangular {
    pub(super) fn new(min: f64, mode: f64, max: f64) -> Self {
        let side = |length: f64| (max - min).sqrt() * length.sqrt();
        let rising = (mode - min) / (max - min);
        Triangular { min, mode, max, rising, left: side(mode - min), right: side(max - mode) }
    }

    /// Returns the value with probability `p` of not being above it, and `q` of being.
    #[inline]
    fn between(&self, p: f64, q: f64) -> f64 {
        let is_rising = p <= self.rising;
        let end = select_unpredictable(is_rising, self.min, self.max);
        let slope = select_unpredictable(is_rising, self.left, -self.right);
        end + slope * select_unpredictable(is_rising, p, q).sqrt()
    }
}

impl Form for Triangular {
    #[inline]
    fn at(&self, tail: Tail) -> f64 {
        let (p, q) = match tail {
            Tail::Lower(p) => (p, 1.0 - p),
            Tail::Upper(q) => (1.0 - q, q),
        };
        self.between(p, q)
    }
    #[inline]
    fn below(&self, p: f64) -> f64 {
        self.between(p, 1.0 - p)
    }
    fn survival(&self, t: f64) -> f64 {
        if t >= self.max {
            return 0.0;
        }
        if t <= self.mode {
            return 1.0 - self.cdf(t);
        }
        let root = (self.max - t) / self.right;
        root * root
    }
    fn cdf(&self, t: f64) -> f64 {
        if t >= self.max {
            return 1.0;
        }
        if t > self.mode {
            return 1.0 - self.survival(t);
        }
        // If mode = min, the whole rise is one point of probability 0.
        if t <= self.min {
            return 0.0;
        }
        let root = (t - self.min) / self.left;
        root * root
    }
    fn mean(&self) -> f64 {
        self.min / 3.0 + self.mode / 3.0 + self.max / 3.0
    }
    fn variance(&self) -> f64 {
        let (left, right) = (self.mode - self.min, self.max - self.mode);
        (left * left + left * right + right * right) / 18.0
    }
    fn maximum(&self) -> f64 {
        self.max
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exponential {
    pub(super) mean: f64,
}

impl Form for Exponential {
    #[inline]
    fn at(&self, tail: Tail) -> f64 {
        self.mean * tail.exponential()
    }
    fn survival(&self, t: f64) -> f64 {
        exp(-t / self.mean)
    }
    fn cdf(&self, t: f64) -> f64 {
        -exp_m1(-t / self.mean)
    }
    fn mean(&self) -> f64 {
        self.mean
    }
    fn variance(&self) -> f64 {
        self.mean * self.mean
    }
}

/// exp of a normal variable with standard deviation `sigma`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lognormal {
    median: f64,
    sigma: f64,
    mean: f64,
    cv: f64,
}

impl Lognormal {
    /// sigma^2 = ln(1 + cv^2) and median = mean / sqrt(1 + cv^2).
    pub(super) fn of_mean(mean: f64, cv: f64) -> Self {
        // Beyond this, 1 + cv^2 equals cv^2, and the latter might overflow.
        let (spread, variance) = if cv < 1e9 { ((1.0 + cv * cv).sqrt(), ln_1p(cv * cv)) } else { (cv, 2.0 * ln(cv)) };
        // Keep it above 0, so that a division by it gives a number.
        let median = (mean / spread).max(f64::MIN_POSITIVE);
        Lognormal { median, sigma: variance.sqrt(), mean, cv }
    }

    pub(super) fn of_median(median: f64, sigma: f64) -> Self {
        let variance = sigma * sigma;
        Lognormal { median, sigma, mean: median * exp(0.5 * variance), cv: exp_m1(variance).sqrt() }
    }
}

impl Form for Lognormal {
    #[inline]
    fn at(&self, tail: Tail) -> f64 {
        self.median * exp(self.sigma * tail.normal())
    }
    fn survival(&self, t: f64) -> f64 {
        normal_survival(ln(t / self.median) / self.sigma)
    }
    fn cdf(&self, t: f64) -> f64 {
        normal_cdf(ln(t / self.median) / self.sigma)
    }
    fn mean(&self) -> f64 {
        self.mean
    }
    fn variance(&self) -> f64 {
        let sd = self.mean * self.cv;
        sd * sd
    }
}

/// P(T > t) = exp(-(t / scale)^shape).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weibull {
    shape: f64,
    scale: f64,
    one_over_shape: f64,
}

impl Weibull {
    pub(super) fn new(shape: f64, scale: f64) -> Self {
        Weibull { shape, scale, one_over_shape: 1.0 / shape }
    }
}

impl Form for Weibull {
    #[inline]
    fn at(&self, tail: Tail) -> f64 {
        self.scale * pow(tail.exponential(), self.one_over_shape)
    }
    fn survival(&self, t: f64) -> f64 {
        exp(-pow(t / self.scale, self.shape))
    }
    fn cdf(&self, t: f64) -> f64 {
        -exp_m1(-pow(t / self.scale, self.shape))
    }
    fn mean(&self) -> f64 {
        self.scale * gamma(1.0 + self.one_over_shape)
    }
    /// mean^2 (Γ(1 + 2/k) / Γ(1 + 1/k)^2 - 1), computed so that the difference keeps its digits for large k.
    fn variance(&self) -> f64 {
        let h = self.one_over_shape;
        let mean = self.mean();
        mean * mean * exp_m1(ln_gamma_1p(2.0 * h) - 2.0 * ln_gamma_1p(h))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gamma {
    mean: f64,
    cv: f64,
    scale: f64,
    /// Boxed, because it is much larger than all other distributions.
    shape: Box<IncompleteGamma>,
}

impl Gamma {
    /// Shape 1 / cv^2 and scale mean cv^2.
    pub(super) fn new(mean: f64, cv: f64) -> Self {
        let variance = cv * cv;
        Gamma { mean, cv, scale: mean * variance, shape: Box::new(IncompleteGamma::new(1.0 / variance)) }
    }
}

impl Form for Gamma {
    fn at(&self, tail: Tail) -> f64 {
        self.scale
            * match tail {
                Tail::Lower(p) => self.shape.p_inverse(p),
                Tail::Upper(q) => self.shape.q_inverse(q),
            }
    }
    fn survival(&self, t: f64) -> f64 {
        self.shape.q(t / self.scale)
    }
    fn cdf(&self, t: f64) -> f64 {
        self.shape.p(t / self.scale)
    }
    fn mean(&self) -> f64 {
        self.mean
    }
    fn variance(&self) -> f64 {
        let sd = self.mean * self.cv;
        sd * sd
    }
}

/// A beta variable, stretched over `min` to `max` > `min`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BetaPert {
    min: f64,
    mode: f64,
    max: f64,
    beta: IncompleteBeta,
}

impl BetaPert {
    /// Malcolm, Roseboom, Clark and Fazar 1959: shapes 1 + 4 (mode - min) / (max - min) and 1 + 4 (max - mode) / (max - min).
    pub(super) fn new(min: f64, mode: f64, max: f64) -> Self {
        let width = max - min;
        let beta = IncompleteBeta::new(1.0 + 4.0 * ((mode - min) / width), 1.0 + 4.0 * ((max - mode) / width));
        BetaPert { min, mode, max, beta }
    }

    /// Returns the position of t in the range, as a share from the left and from the right.
    fn place(&self, t: f64) -> (f64, f64) {
        let width = self.max - self.min;
        ((t - self.min) / width, (self.max - t) / width)
    }
}

impl Form for BetaPert {
    fn at(&self, tail: Tail) -> f64 {
        let (x, y) = match tail {
            Tail::Lower(p) => self.beta.lower(p),
            Tail::Upper(q) => self.beta.upper(q),
        };
        let width = self.max - self.min;
        if x < y { self.min + width * x } else { self.max - width * y }
    }
    fn survival(&self, t: f64) -> f64 {
        let (x, y) = self.place(t);
        self.beta.q(x, y)
    }
    fn cdf(&self, t: f64) -> f64 {
        let (x, y) = self.place(t);
        self.beta.p(x, y)
    }
    fn mean(&self) -> f64 {
        self.min / 6.0 + self.mode / 1.5 + self.max / 6.0
    }
    /// (max - min)^2 a b / ((a + b)^2 (a + b + 1)) with a + b = 6.
    fn variance(&self) -> f64 {
        let width = self.max - self.min;
        let (left, right) = (width + 4.0 * (self.mode - self.min), width + 4.0 * (self.max - self.mode));
        left * right / 252.0
    }
    fn maximum(&self) -> f64 {
        self.max
    }
}
