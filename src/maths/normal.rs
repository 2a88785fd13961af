//! The normal distribution.

use super::{erfc, exp, ln};
use std::f64::consts::FRAC_1_SQRT_2;

/// Returns P(Z <= x) of a standard normal Z. The relative error is below 1e-15 down to 1e-300.
#[inline]
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    normal_survival(-x)
}

/// Returns P(Z > x) of a standard normal Z, as accurate as [`normal_cdf`].
#[must_use]
pub fn normal_survival(x: f64) -> f64 {
    if x.abs() > 40.0 {
        return if x > 0.0 { 0.0 } else { 1.0 };
    }
    // erfc(y) multiplies a relative error of y by 2 y^2, so correct for what rounding x / sqrt(2) cut off.
    let y = x * FRAC_1_SQRT_2;
    let cut = cut_off(x, y);
    0.5 * erfc(y) - cut * FRAC_1_SQRT_PI * exp(-y * y)
}

/// Returns x / sqrt(2) - y, where y is the rounded product: Dekker 1971, section 5.
fn cut_off(x: f64, y: f64) -> f64 {
    const SPLITTER: f64 = 134_217_729.0;
    const HIGH: f64 = 0.707_106_769_084_930_4;
    const LOW: f64 = FRAC_1_SQRT_2 - HIGH;
    /// 1 / sqrt(2) minus the nearest `f64`.
    const REST: f64 = -4.833_646_656_726_457e-17;
    let shifted = SPLITTER * x;
    let high = shifted - (shifted - x);
    let low = x - high;
    (((high * HIGH - y) + high * LOW) + low * HIGH) + low * LOW + x * REST
}

/// Returns the density of a standard normal at x.
#[inline]
#[must_use]
pub fn normal_density(x: f64) -> f64 {
    FRAC_1_SQRT_TAU * exp(-0.5 * x * x)
}

/// Returns the x with P(Z <= x) = p, for p strictly inside (0, 1). The relative error is below 1e-15.
///
/// For an upper tail q call `-normal_quantile(q)`, not `normal_quantile(1.0 - q)`, which loses the digits of q. Wichura
/// 1988, "Algorithm AS 241: the percentage points of the normal distribution", PPND16.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&MIDDLE, 0.180_625 - q * q);
    }
    let r = (-ln(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let x = if r <= 5.0 { ratio(&TAIL, r - 1.6) } else { ratio(&FAR_TAIL, r - 5.0) };
    if q < 0.0 { -x } else { x }
}

fn ratio((numerator, denominator): &([f64; 8], [f64; 8]), r: f64) -> f64 {
    let value = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * r + term);
    value(numerator) / value(denominator)
}

/// Coefficients of Wichura 1988: a and b.
const MIDDLE: ([f64; 8], [f64; 8]) = (
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
);
/// Coefficients of Wichura 1988: c and d.
const TAIL: ([f64; 8], [f64; 8]) = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);
/// Coefficients of Wichura 1988: e and f.
const FAR_TAIL: ([f64; 8], [f64; 8]) = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_7e-15,
    ],
);
const FRAC_1_SQRT_PI: f64 = 0.564_189_583_547_756_3;
const FRAC_1_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// The least x for which the error bound of [`mills_fraction`] holds.
pub const MILLS_FRACTION_FROM: f64 = 4.0;

/// Returns the first two tails k1, k2 of the continued fraction of Mills's ratio, for x >= [`MILLS_FRACTION_FROM`]: P(Z > x)
/// / density(x) = 1 / (x + k1), k1 = 1 / (x + k2), k2 = 2 / (x + k3), ... The relative error is below 1e-15.
///
/// Laplace 1805; Abramowitz and Stegun 1964, 26.2.14.
#[must_use]
pub fn mills_fraction(x: f64) -> (f64, f64) {
    let mut tail = 0.0;
    let mut n = if x < 8.0 { 70.0 } else { 30.0 };
    while n > 2.0 {
        tail = n / (x + tail);
        n -= 1.0;
    }
    let second = 2.0 / (x + tail);
    (1.0 / (x + second), second)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    /// Reference values here and in the sibling files: mpmath 1.3, 60 digits.
    #[test]
    fn probabilities_are_accurate_to_the_last_digits_far_into_the_tail() {
        let cases = [
            (-37.0, 5.725571222524577e-300),
            (-20.5, 1.0764673258790961e-93),
            (-8.0, 6.220960574271784e-16),
            (-5.3, 5.790134039964594e-8),
            (-1.0, 0.15865525393145705),
            (-0.1, 0.460172162722971),
            (0.7, 0.758036347776927),
            (2.5, 0.9937903346742238),
        ];
        for (x, p) in cases {
            assert_close(normal_cdf(x), p, 1e-15);
            assert_close(normal_survival(-x), p, 1e-15);
        }
        assert_close(normal_cdf(50.0), 1.0, 0.0);
        assert_close(normal_survival(50.0), 0.0, 0.0);
    }

    #[test]
    fn quantiles_are_accurate_to_the_last_digits_far_into_the_tail() {
        let cases = [
            (1.0e-300, -37.0470962993612),
            (1.0e-100, -21.273453560965326),
            (1.0e-20, -9.262340089798407),
            (1.0e-10, -6.361340902404057),
            (0.001, -3.0902323061678136),
            (0.02, -2.053748910631823),
            (0.075, -1.439531470938456),
            (0.3, -0.5244005127080408),
            (0.499, -0.002506630899571766),
        ];
        for (p, x) in cases {
            assert_close(normal_quantile(p), x, 1e-15);
        }
        assert_close(normal_quantile(0.5), 0.0, 0.0);
    }

    #[test]
    fn quantiles_of_the_upper_half_mirror_those_of_the_lower() {
        for k in 1..512 {
            let p = f64::from(k) / 1024.0;
            assert_close(normal_quantile(1.0 - p), -normal_quantile(p), 0.0);
            assert_close(normal_cdf(normal_quantile(p)), p, 4e-15);
        }
    }

    #[test]
    fn the_fraction_gives_mills_ratio() {
        for k in 0..200 {
            let x = MILLS_FRACTION_FROM + 0.05 * f64::from(k);
            let (first, second) = mills_fraction(x);
            assert_close(normal_survival(x) * (x + first), normal_density(x), 3e-14);
            assert_close(first * (x + second), 1.0, 1e-15);
        }
    }
}
