//! A point of a distribution, given by the probability on its nearer side, which keeps all its digits.

use crate::maths::{ln, ln_1p, normal_quantile};

/// A point of a distribution by the smaller of its two tails, in (0, 0.5].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Tail {
    /// The probability of not being above the point.
    Lower(f64),
    /// The probability of being above the point.
    Upper(f64),
}

impl Tail {
    /// Returns the point with probability `p` of not being above it. 1 - p is exact for p of at least 1/2 (Sterbenz 1974).
    #[inline]
    pub(super) fn below(p: f64) -> Tail {
        if p <= 0.5 { Tail::Lower(p) } else { Tail::Upper(1.0 - p) }
    }

    /// Returns the point with probability `q` of being above it.
    #[inline]
    pub(super) fn above(q: f64) -> Tail {
        if q < 0.5 { Tail::Upper(q) } else { Tail::Lower(1.0 - q) }
    }

    /// Returns -ln of the probability of being above the point: the point of the standard exponential distribution.
    #[inline]
    pub(super) fn exponential(self) -> f64 {
        match self {
            Tail::Lower(p) => -ln_1p(-p),
            Tail::Upper(q) => -ln(q),
        }
    }

    /// Returns the point of the standard normal distribution.
    #[inline]
    pub(super) fn normal(self) -> f64 {
        match self {
            Tail::Lower(p) => normal_quantile(p),
            Tail::Upper(q) => -normal_quantile(q),
        }
    }
}

/// The functions that every distribution provides.
///
/// `survival` and `cdf` are called within the support only (`0 <= t`), and `at` only for a tail above 0.
pub(super) trait Form {
    /// Returns the least t that has this tail.
    fn at(&self, tail: Tail) -> f64;
    /// Returns the least t with probability `p` of not being above it. Which tail is nearer is a coin toss: a law that is
    /// quick to compute computes both, and does not branch.
    #[inline]
    fn below(&self, p: f64) -> f64 {
        self.at(Tail::below(p))
    }
    /// Returns P(T > t).
    fn survival(&self, t: f64) -> f64;
    /// Returns P(T <= t).
    fn cdf(&self, t: f64) -> f64 {
        1.0 - self.survival(t)
    }
    fn mean(&self) -> f64;
    fn variance(&self) -> f64;
    /// Returns the upper end of the support.
    fn maximum(&self) -> f64 {
        f64::INFINITY
    }
}
