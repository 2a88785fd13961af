//! The normal law given that it is not negative.

use super::tail::{Form, Tail};
use crate::maths::{
    MILLS_FRACTION_FROM, exp, exp_m1, ln_1p, mills_fraction, normal_cdf, normal_density, normal_quantile, normal_survival,
    pow,
};

/// Below, d is a distance above 0 in standard deviations, and e the hazard gathered on the way, -ln P(T > t), which has
/// all its digits in either tail. Where 0 is many standard deviations above the mean, z and its bound are almost equal and
/// their difference would have none, so d is then worked out from e alone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TruncatedNormal {
    mean: f64,
    sd: f64,
    /// Where 0 is on the standard normal scale: -mean / sd.
    bound: f64,
    /// The standard normal's probability below the bound.
    below: f64,
    /// The standard normal's probability above the bound.
    above: f64,
    /// d as a power series of e, from e^1.
    series: [f64; TERMS],
    /// The largest e at which the series is exact to the last digits.
    reach: f64,
}

impl TruncatedNormal {
    /// For a finite mean of at least -1e8 sd, and sd > 0.
    pub(super) fn new(mean: f64, sd: f64) -> Self {
        let bound = -mean / sd;
        let series = series(bound);
        let last = series[TERMS - 1].abs().max(series[TERMS - 2].abs() * 1e-2);
        let reach = if bound < -9.0 { 0.0 } else { pow(1e-17 * series[0] / last, 1.0 / (TERMS as f64 - 1.0)) };
        TruncatedNormal { mean, sd, bound, below: normal_cdf(bound), above: normal_survival(bound), series, reach }
    }

    fn is_far(&self) -> bool {
        self.bound > MILLS_FRACTION_FROM
    }

    /// The value with that tail of the standard normal's part above the bound.
    fn near(&self, tail: Tail) -> f64 {
        let z = match tail {
            Tail::Upper(q) => -normal_quantile(q * self.above),
            Tail::Lower(p) if self.below + p * self.above <= 0.5 => normal_quantile(self.below + p * self.above),
            Tail::Lower(p) => -normal_quantile((1.0 - p) * self.above),
        };
        (self.mean + self.sd * z).max(0.0)
    }

    /// d from e: the two are related by dd/de = R(bound + d), Mills's ratio, and R'(x) = x R(x) - 1.
    fn far(&self, e: f64) -> f64 {
        let hazard = self.bound + mills_fraction(self.bound).0;
        let mut d = 2.0 * e / (hazard + (hazard * hazard + 2.0 * e).sqrt());
        for _ in 0..MOST_STEPS {
            let x = self.bound + d;
            let k = mills_fraction(x).0;
            let ratio = 1.0 / (x + k);
            let miss = e - self.gathered(d);
            let step = ratio * miss * (1.0 - 0.5 * k * ratio * miss);
            d += step;
            // The error left is of the third order.
            if step.abs() <= 1e-6 * d {
                break;
            }
        }
        d
    }

    /// e from d, far from the mean: bound d + d^2 / 2 + ln(R(bound) / R(bound + d)).
    fn gathered(&self, d: f64) -> f64 {
        let k = mills_fraction(self.bound).0;
        let rise = d + (mills_fraction(self.bound + d).0 - k);
        (self.bound + 0.5 * d) * d + ln_1p(rise / (self.bound + k))
    }
}

impl Form for TruncatedNormal {
    fn at(&self, tail: Tail) -> f64 {
        let e = tail.exponential();
        if e < self.reach {
            return self.sd * (e * self.series.iter().rev().fold(0.0, |sum, term| sum * e + term));
        }
        if self.is_far() { self.sd * self.far(e) } else { self.near(tail) }
    }
    fn survival(&self, t: f64) -> f64 {
        if self.is_far() {
            return exp(-self.gathered(t / self.sd));
        }
        (normal_survival((t - self.mean) / self.sd) / self.above).min(1.0)
    }
    fn cdf(&self, t: f64) -> f64 {
        if self.is_far() {
            return -exp_m1(-self.gathered(t / self.sd));
        }
        1.0 - self.survival(t)
    }
    /// mean + sd h, where h is the hazard at the bound: Johnson, Kotz and Balakrishnan 1994, volume 1, equation 13.134.
    fn mean(&self) -> f64 {
        if self.is_far() {
            return self.sd * mills_fraction(self.bound).0;
        }
        self.mean + self.sd * (normal_density(self.bound) / self.above)
    }
    /// sd^2 (1 - h (h - bound)): the same, equation 13.135. Far from the mean h - bound = k1 = 1 / (bound + k2), which
    /// makes it sd^2 k1 (k2 - k1).
    fn variance(&self) -> f64 {
        let square = self.sd * self.sd;
        if self.is_far() {
            let (first, second) = mills_fraction(self.bound);
            return square * first * (second - first);
        }
        let hazard = normal_density(self.bound) / self.above;
        if hazard > 0.0 { square * (1.0 - hazard * (hazard - self.bound)) } else { square }
    }
}

/// The series of d in e. With x = bound + d and y = R(x): x' = y and y' = y (x y - 1).
fn series(bound: f64) -> [f64; TERMS] {
    let (mut x, mut y, mut v) = ([0.0; TERMS + 1], [0.0; TERMS], [0.0; TERMS]);
    x[0] = bound;
    (y[0], v[0]) = if bound > MILLS_FRACTION_FROM {
        let k = mills_fraction(bound).0;
        (1.0 / (bound + k), -k / (bound + k))
    } else {
        let ratio = normal_survival(bound) / normal_density(bound);
        (ratio, bound * ratio - 1.0)
    };
    for n in 0..TERMS {
        x[n + 1] = y[n] / (n as f64 + 1.0);
        if n + 1 < TERMS {
            y[n + 1] = (0..=n).map(|i| y[i] * v[n - i]).sum::<f64>() / (n as f64 + 1.0);
            v[n + 1] = (0..=n + 1).map(|i| x[i] * y[n + 1 - i]).sum();
        }
    }
    std::array::from_fn(|n| x[n + 1])
}

const TERMS: usize = 10;
/// Three are usual.
const MOST_STEPS: usize = 20;
