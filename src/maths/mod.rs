//! The single home of transcendental functions, with the same bits on every platform.
//!
//! `f64::ln` and its like call the C library of the machine. Its last bit differs between systems, and even between
//! processors if it uses fused multiply-add. Everything here calls the crate `libm` by name, and otherwise uses only `+ - *
//! /` and `sqrt`, which IEEE 754 rounds correctly everywhere.

mod beta;
mod gamma;
mod normal;
mod root;
mod student;

pub use beta::{IncompleteBeta, beta_p, beta_p_inverse, beta_q};
pub use gamma::{IncompleteGamma, gamma_p, gamma_p_inverse, gamma_q, gamma_q_inverse};
pub use normal::{MILLS_FRACTION_FROM, mills_fraction, normal_cdf, normal_density, normal_quantile, normal_survival};
pub use student::{student_t_cdf, student_t_quantile};

/// Returns the natural logarithm.
#[inline]
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Returns ln(1 + x), accurate to the last digits for small x.
#[inline]
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Returns the logarithm to base 10.
#[inline]
#[must_use]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// Returns e to the power of x.
#[inline]
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Returns exp(x) - 1, accurate to the last digits for small x.
#[inline]
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Returns x to the power of y.
#[inline]
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Returns the cube root of x.
#[inline]
#[must_use]
pub fn cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}

/// Returns the error function of x.
#[inline]
#[must_use]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// Returns 1 - erf(x), accurate to the last digits for large x.
#[inline]
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Returns the gamma function of x.
#[inline]
#[must_use]
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// Returns ln Γ(x) for x > 0.
#[inline]
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Returns ln Γ(1 + x) for x > -1, accurate to the last digits for small x, where 1 + x would lose them.
#[must_use]
pub fn ln_gamma_1p(x: f64) -> f64 {
    if x.abs() > 0.5 {
        return ln_gamma(1.0 + x);
    }
    // Abramowitz and Stegun 1964, 6.1.33.
    let mut sum = 0.0;
    for (n, zeta) in (2_u32..28).zip(ZETA_MINUS_1).rev() {
        let sign = if n % 2 == 0 { 1.0 } else { -1.0 };
        sum = sum * x + sign * zeta / f64::from(n);
    }
    (sum * x + (1.0 - EULER)) * x - ln_1p(x)
}

/// Returns u - ln(1 + u) for u > -1, which is never negative. The relative error is below 1e-15 for |u| <= 0.5, and below
/// 2e-15 elsewhere.
#[must_use]
pub fn log_excess(u: f64) -> f64 {
    if u.abs() > 0.5 {
        return u - ln_1p(u);
    }
    // With s = u / (2 + u), ln(1 + u) = 2 (s + s^3/3 + s^5/5 + ...) and u - 2 s = u s.
    let s = u / (2.0 + u);
    let square = s * s;
    let mut sum = 0.0;
    let mut n = if u.abs() > 0.1 { 35.0 } else { 13.0 };
    while n > 2.0 {
        sum = sum * square + 1.0 / n;
        n -= 2.0;
    }
    s * (u - 2.0 * square * sum)
}

/// Returns the deviance of `value` from a positive `reference`: value - reference - reference ln(value / reference). The
/// caller passes `difference` = value - reference with more digits than the subtraction would give.
fn deviance(value: f64, reference: f64, difference: f64) -> f64 {
    if difference.abs() < 0.5 * reference {
        reference * log_excess(difference / reference)
    } else {
        difference - reference * ln(value / reference)
    }
}

/// Returns Γ(a) over its Stirling approximation, sqrt(2π/a) (a/e)^a, for a > 0. The relative error is below 5e-15.
fn gamma_star(a: f64) -> f64 {
    if a < 12.0 {
        return gamma(a) * (a / std::f64::consts::TAU).sqrt() * exp(a) * pow(a, -a);
    }
    // Abramowitz and Stegun 1964, 6.1.41.
    let square = 1.0 / (a * a);
    let sum = STIRLING.iter().rev().fold(0.0, |sum, term| sum * square + term);
    exp(sum / a)
}

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// ζ(n) - 1 for n = 2, 3, ...
const ZETA_MINUS_1: [f64; 26] = [
    6.449_340_668_482_264e-1,
    2.020_569_031_595_943e-1,
    8.232_323_371_113_819e-2,
    3.692_775_514_336_993e-2,
    1.734_306_198_444_914e-2,
    8.349_277_381_922_827e-3,
    4.077_356_197_944_339e-3,
    2.008_392_826_082_214_3e-3,
    9.945_751_278_180_853e-4,
    4.941_886_041_194_645e-4,
    2.460_865_533_080_483e-4,
    1.227_133_475_784_891_5e-4,
    6.124_813_505_870_483e-5,
    3.058_823_630_702_049e-5,
    1.528_225_940_865_187e-5,
    7.637_197_637_899_763e-6,
    3.817_293_264_999_84e-6,
    1.908_212_716_553_939e-6,
    9.539_620_338_727_96e-7,
    4.769_329_867_878_066e-7,
    2.384_505_027_277_33e-7,
    1.192_199_259_653_110_6e-7,
    5.960_818_905_125_948e-8,
    2.980_350_351_465_228e-8,
    1.490_155_482_836_504e-8,
    7.450_711_789_835_428e-9,
];

/// The coefficients of 1/a, 1/a^3, ... in Stirling's series of ln Γ(a).
const STIRLING: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
];

#[cfg(test)]
fn assert_close(found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs();
    assert!(error <= tolerance * expected.abs(), "{found:e} is not {expected:e}: off by {:e}", error / expected.abs());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_gives_factorials() {
        let mut factorial = 1.0;
        for n in 1..25 {
            factorial *= f64::from(n);
            assert_close(gamma(f64::from(n) + 1.0), factorial, 2e-15);
            assert_close(ln_gamma_1p(f64::from(n)), ln(factorial), 1e-15);
        }
    }

    #[test]
    fn ln_gamma_keeps_its_digits_next_to_1() {
        // -γ x + π^2 / 12 x^2 - ζ(3) / 3 x^3.
        for x in [1e-12_f64, -1e-9, 1e-6] {
            let square = std::f64::consts::PI * std::f64::consts::PI / 12.0;
            let expected = x * (-EULER + x * (square - x * 0.400_685_634_386_531_4));
            assert_close(ln_gamma_1p(x), expected, 1e-15);
        }
        assert_close(ln_gamma_1p(0.5), 0.5 * ln(std::f64::consts::PI) - std::f64::consts::LN_2, 2e-15);
        assert_close(ln_gamma_1p(0.500_001), ln_gamma(1.500_001), 2e-15);
    }

    #[test]
    fn log_excess_keeps_its_digits_next_to_0() {
        for u in [1e-12_f64, -1e-9, 1e-5] {
            assert_close(log_excess(u), u * u * (0.5 - u * (1.0 / 3.0 - u / 4.0)), 1e-15);
        }
        for u in [-0.9, -0.500_1, -0.499_9, -0.11, 0.1, 0.3, 0.499_9, 0.500_1, 7.0] {
            assert_close(log_excess(u), u - ln_1p(u), 1e-14);
        }
    }

    #[test]
    fn stirling_and_the_gamma_function_agree() {
        assert_close(gamma_star(12.0), gamma(12.0) / ((TAU / 12.0).sqrt() * pow(12.0 / E, 12.0)), 1e-14);
        assert_close(gamma_star(0.5), (0.5 * E).sqrt(), 1e-15);
    }

    use std::f64::consts::{E, TAU};
}
