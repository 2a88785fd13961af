//! The normal distribution truncated at 0.

use super::tail::{Form, Tail};
use crate::maths::{
    MILLS_FRACTION_FROM, exp, exp_m1, ln_1p, mills_fraction, normal_cdf, normal_density, normal_quantile, normal_survival,
    pow,
};

/// A normal variable, given that it is not negative.
///
/// In this file, d is a distance above 0 in standard deviations, and e is the cumulative hazard up to it, -ln P(T > t). The
/// hazard keeps all its digits in both tails. If 0 is many standard deviations above the mean, z and its bound are almost
/// equal and their difference has no digits left. Then d is computed from e alone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TruncatedNormal {
    mean: f64,
    sd: f64,
    /// 0 on the standard normal scale: -mean / sd.
    bound: f64,
    /// The standard normal probability below the bound.
    below: f64,
    /// The standard normal probability above the bound.
    above: f64,
    /// d as a power series in e, from e^1.
    series: [f64; TERMS],
    /// The largest e up to which the series is accurate to the last digits.
    reach: f64,
}

impl TruncatedNormal {
    /// Takes a finite mean of at least -1e8 sd, and sd > 0.
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

    /// Returns the value at this tail of the part of the standard normal that is above the bound.
    fn near(&self, tail: Tail) -> f64 {
        let z = match tail {
            Tail::Upper(q) => -normal_quantile(q * self.above),
            Tail::Lower(p) if self.below + p * self.above <= 0.5 => normal_quantile(self.below + p * self.above),
            Tail::Lower(p) => -normal_quantile((1.0 - p) * self.above),
        };
        (self.mean + self.sd * z).max(0.0)
    }

    /// Computes d from e. They are related by dd/de = R(bound + d), Mills's ratio, with R'(x) = x R(x) - 1.
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
            // The remaining error is of third order.
            if step.abs() <= 1e-6 * d {
                break;
            }
        }
        d
    }

    /// Computes e from d, far from the mean: bound d + d^2 / 2 + ln(R(bound) / R(bound + d)).
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
    /// sd^2 (1 - h (h - bound)): the same source, equation 13.135. Far from the mean h - bound = k1 = 1 / (bound + k2), so
    /// this becomes sd^2 k1 (k2 - k1).
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

/// Computes the series of d in e. With x = bound + d and y = R(x): x' = y and y' = y (x y - 1).
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
/// Three steps are usual.
const MOST_STEPS: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    /// Bound, and the distance of each tail above 0, in standard deviations: mpmath 1.3, 80 digits.
    #[test]
    fn values_are_exact_however_far_the_mean_is_below_0() {
        for (bound, distances) in DISTANCES {
            let law = TruncatedNormal::new(-bound, 1.0);
            for (tail, d) in TAILS.into_iter().zip(distances) {
                let found = law.at(tail);
                assert!((found / d - 1.0).abs() < 2e-12, "{bound} {tail:?}: {found}, not {d}");
            }
        }
    }

    /// Bound, mean and variance, in standard deviations: mpmath 1.3, 80 digits.
    #[test]
    fn moments_are_exact_however_far_the_mean_is_below_0() {
        let cases = [
            (-9.0, 9.0, 1.0),
            (-3.0, 3.004437839042126, 0.9866667884582592),
            (0.0, 0.7978845608028654, 0.3633802276324187),
            (2.0, 0.37321553282284087, 0.11427910041408126),
            (3.9, 0.23036532090811224, 0.04850706738126478),
            (4.1, 0.22102758358115618, 0.04493371461353473),
            (10.0, 0.09809323396251196, 0.009445377825656262),
            (1000.0, 0.00099999800001, 9.999940000499995e-7),
        ];
        for (bound, mean, variance) in cases {
            let law = TruncatedNormal::new(-bound, 1.0);
            assert!((law.mean() / mean - 1.0).abs() < 1e-13, "{bound}: {}, not {mean}", law.mean());
            assert!((law.variance() / variance - 1.0).abs() < 1e-13, "{bound}: {}, not {variance}", law.variance());
        }
    }

    #[test]
    fn survival_inverts_at_near_and_far_from_the_mean() {
        for bound in [-1e5, -40.0, -9.5, -8.0, -1.0, 0.0, 3.99, 4.01, 50.0, 1e7] {
            let law = TruncatedNormal::new(-2.0 * bound, 2.0);
            for q in [1e-250, 1e-20, 1e-3, 0.2, 0.5] {
                let survival = law.survival(law.at(Tail::Upper(q)));
                // Rounding t changes ln S by the rounding error times the hazard.
                let tolerance = 1e-12 + 1e-15 * bound.abs() * 40.0;
                assert!((survival / q - 1.0).abs() < tolerance, "{bound} {q}: {survival}");
                let cdf = law.cdf(law.at(Tail::Lower(q)));
                assert!((cdf - q).abs() < tolerance, "{bound} {q}: {cdf}");
            }
        }
    }

    const TAILS: [Tail; 6] = [
        Tail::Lower(9.094947017729282e-13),
        Tail::Lower(0.001),
        Tail::Lower(0.3),
        Tail::Upper(0.3),
        Tail::Upper(1.0e-9),
        Tail::Upper(1.0e-200),
    ];
    /// For each bound, the distance at each tail.
    const DISTANCES: [(f64, [f64; 6]); 7] = [
        (
            -9.0,
            [
                1.9522997606077288,
                5.909767693832187,
                8.475599487291959,
                9.524400512708041,
                14.997807015007687,
                39.20559417957964,
            ],
        ),
        (
            -3.0,
            [
                2.04940894173959e-10,
                0.17289526584528564,
                2.4783152685338683,
                3.525565602819352,
                8.998026428811935,
                33.205638851214474,
            ],
        ),
        (
            0.0,
            [
                1.1398825675455558e-12,
                0.0012533144654325546,
                0.3853204664075676,
                1.0364333894937896,
                6.1094102048693975,
                30.22850808071547,
            ],
        ),
        (
            3.9,
            [
                2.2019715717866696e-13,
                0.0002422237121066194,
                0.08551162053547644,
                0.28229746005355205,
                3.546027603027229,
                26.632622518613815,
            ],
        ),
        (
            4.1,
            [
                2.104811145453404e-13,
                0.00023153629873789468,
                0.08180410759864336,
                0.27053049661599143,
                3.456786230182877,
                26.46025992939541,
            ],
        ),
        (
            10.0,
            [
                9.006598381509004e-14,
                9.90776623438625e-5,
                0.03526003959879007,
                0.11853851565709905,
                1.8788791630351496,
                21.917557229768178,
            ],
        ),
        (
            10000.0,
            [
                9.094946926783951e-17,
                1.0005003235735254e-7,
                3.56674939735898e-5,
                0.00012039727850384562,
                0.0020723263482445554,
                0.04605159536189426,
            ],
        ),
    ];
}
