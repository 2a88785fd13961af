//! The normal distribution.

use super::{erfc, exp, ln};
use std::f64::consts::FRAC_1_SQRT_2;

/// P(Z <= x) of a standard normal Z; relative error below 4e-16 in the middle, and below 2e-15 down to 1e-300.
#[inline]
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    normal_survival(-x)
}

/// P(Z > x) of a standard normal Z, as exact as [`normal_cdf`].
#[must_use]
pub fn normal_survival(x: f64) -> f64 {
    if x.abs() > 40.0 {
        return if x > 0.0 { 0.0 } else { 1.0 };
    }
    // erfc(y) multiplies a relative error of y by 2 y^2, so what rounding x / sqrt(2) has cut off is put back.
    let y = x * FRAC_1_SQRT_2;
    let cut = cut_off(x, y);
    0.5 * erfc(y) - cut * FRAC_1_SQRT_PI * exp(-y * y)
}

/// x / sqrt(2) - y, where y is the rounded product: Dekker 1971, section 5.
fn cut_off(x: f64, y: f64) -> f64 {
    const SPLITTER: f64 = 134_217_729.0;
    const HIGH: f64 = 0.707_106_769_084_930_4;
    const LOW: f64 = FRAC_1_SQRT_2 - HIGH;
    /// 1 / sqrt(2) less its nearest number.
    const REST: f64 = -4.833_646_656_726_457e-17;
    let shifted = SPLITTER * x;
    let high = shifted - (shifted - x);
    let low = x - high;
    (((high * HIGH - y) + high * LOW) + low * HIGH) + low * LOW + x * REST
}

/// The density of a standard normal at x.
#[inline]
#[must_use]
pub fn normal_density(x: f64) -> f64 {
    FRAC_1_SQRT_TAU * exp(-0.5 * x * x)
}

/// The x with P(Z <= x) = p, for p strictly inside (0, 1); relative error below 1e-15.
///
/// For an upper tail q write `-normal_quantile(q)`, not `normal_quantile(1.0 - q)`, which loses the digits of q.
/// Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", PPND16.
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
        3.387_132_872_796_366_608,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083_0e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061_0e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ],
);
/// Coefficients of Wichura 1988: c and d.
const TAIL: ([f64; 8], [f64; 8]) = (
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_90,
        5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_40e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_40,
        6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
);
/// Coefficients of Wichura 1988: e and f.
const FAR_TAIL: ([f64; 8], [f64; 8]) = (
    [
        6.657_904_643_501_103_777_20,
        5.463_784_911_164_114_369_90,
        1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1,
        2.653_218_952_657_612_309_30e-2,
        1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_90e-1,
        1.369_298_809_227_358_053_10e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4,
        1.846_318_317_510_054_681_80e-5,
        1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
);
const FRAC_1_SQRT_PI: f64 = 0.564_189_583_547_756_3;
const FRAC_1_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// The least x for which [`mills_fraction`] holds its bound.
pub const MILLS_FRACTION_FROM: f64 = 4.0;

/// The first two tails k1, k2 of the continued fraction of Mills's ratio, for x >= [`MILLS_FRACTION_FROM`]:
/// P(Z > x) / density(x) = 1 / (x + k1), k1 = 1 / (x + k2), k2 = 2 / (x + k3), ...; relative error below 1e-15.
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
