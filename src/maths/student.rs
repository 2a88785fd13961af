//! Student's t distribution.

use super::beta::IncompleteBeta;
use super::{exp_m1, ln, normal_quantile};

/// Returns P(T <= t) of Student's t with `degrees_of_freedom` > 0. The relative error of the smaller tail is below 1e-13.
#[must_use]
pub fn student_t_cdf(t: f64, degrees_of_freedom: f64) -> f64 {
    let whole = t * t + degrees_of_freedom;
    let beta = IncompleteBeta::new(0.5 * degrees_of_freedom, 0.5);
    let tail = 0.5 * beta.p(degrees_of_freedom / whole, t * (t / whole));
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// Returns the t with P(T <= t) = p, for p strictly inside (0, 1). The relative error is below 1e-14 for 1 to 1e9 degrees of
/// freedom.
///
/// It uses the incomplete beta function: Abramowitz and Stegun 1964, 26.7.1.
#[must_use]
pub fn student_t_quantile(p: f64, degrees_of_freedom: f64) -> f64 {
    let tail = if p > 0.5 { 1.0 - p } else { p };
    let both = 2.0 * tail;
    let beta = IncompleteBeta::new(0.5 * degrees_of_freedom, 0.5);
    let (x, y) = if both <= 0.0 {
        (0.0, 1.0)
    } else if both >= 1.0 {
        (1.0, 0.0)
    } else if both <= 0.5 {
        start(tail, degrees_of_freedom).map_or_else(|| beta.lower(both), |s| beta.lower_from(both, s))
    } else {
        let (y, x) = match start(tail, degrees_of_freedom) {
            None => beta.mirrored().lower(1.0 - both),
            Some(s) => beta.mirrored().lower_from(1.0 - both, -s),
        };
        (x, y)
    };
    let size = (degrees_of_freedom * (y / x)).sqrt();
    if p > 0.5 { size } else { -size }
}

/// Returns a first guess of ln(x / (1 - x)) = ln(degrees of freedom / t^2): Gaver and Kafadar 1984. None below three degrees
/// of freedom.
fn start(tail: f64, degrees_of_freedom: f64) -> Option<f64> {
    if degrees_of_freedom < 3.0 {
        return None;
    }
    let z = normal_quantile(tail);
    let less = degrees_of_freedom - 1.0;
    Some(-ln(exp_m1(z * z * (degrees_of_freedom - 1.5) / (less * less))))
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn quantiles_are_accurate_from_1_to_1e9_degrees_of_freedom() {
        let cases = [
            (0.75, 1.0, 1.0),
            (0.9995, 1.0, 636.6192487687897),
            (0.6, 1.5, 0.3007453925697954),
            (0.975, 2.0, 4.302652729749462),
            (0.995, 4.0, 4.604094871349992),
            (0.975, 9.0, 2.262157162798205),
            (0.95, 99.0, 1.6603911560169904),
            (0.975, 999.0, 1.9623414611334495),
            (0.500001, 30.0, 2.5276002261988227e-6),
            (0.9999995, 30.0, 6.119075620413732),
            (0.975, 1000000.0, 1.9599663568141066),
            (0.995, 1000000000.0, 2.575829308465448),
        ];
        for (p, degrees_of_freedom, t) in cases {
            // 1 - p and 2 p - 1 are exact here, so mirroring loses nothing.
            assert_close(student_t_quantile(p, degrees_of_freedom), t, 1e-14);
            assert_close(student_t_cdf(t, degrees_of_freedom), p, 1e-14);
            assert_close(student_t_cdf(-t, degrees_of_freedom), 1.0 - p, 1e-13);
        }
    }

    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        for p in [1e-12_f64, 0.01, 0.2, 0.4999] {
            let pi = std::f64::consts::PI;
            assert_close(student_t_quantile(p, 1.0), -libm::cos(pi * p) / libm::sin(pi * p), 1e-12);
            let two = (2.0 * p - 1.0) * (0.5 / (p * (1.0 - p))).sqrt();
            assert_close(student_t_quantile(p, 2.0), two, 1e-12);
        }
        assert_close(student_t_quantile(0.5, 7.0), 0.0, 0.0);
    }
}
