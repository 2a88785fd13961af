//! A solver for points of distributions whose tail has a concave logarithm.

use super::ln;

/// A distribution function at one point s.
pub(super) struct Point {
    /// F(s), increasing in s, with a concave logarithm.
    pub(super) probability: f64,
    /// F'(s).
    pub(super) density: f64,
    /// The derivative of ln F'(s).
    pub(super) slope: f64,
}

/// Returns the s with F(s) = `target`.
///
/// This is Halley's method on ln F, which is nearly straight in the far tail, so a probability of 1e-300 takes no longer
/// than one of 0.1. As ln F is concave, Newton's step from the left never passes the root. A bracket handles the remaining
/// cases.
pub(super) fn solve(target: f64, start: f64, distribution: impl Fn(f64) -> Point) -> f64 {
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut s = start;
    for _ in 0..MOST_STEPS {
        let point = distribution(s);
        let miss = ln(point.probability / target);
        if miss < 0.0 {
            low = s;
        } else {
            high = s;
        }
        let pull = point.density / point.probability;
        let newton = miss / pull;
        let bend = newton * (point.slope - pull);
        let step = if bend.abs() < 1.0 { newton / (1.0 - 0.5 * bend) } else { newton };
        // Where F is flat, at 1, a step would be unbounded.
        let most = 10.0 * (1.0 + s.abs());
        let next = s - step.clamp(-most, most);
        let next = if next >= low && next <= high { next } else { between(low, s, high) };
        // A step of h, in units of the distribution's width, leaves an error of order h^3.
        if (next - s).abs() * (pull + point.slope.abs()) < 1e-6 {
            return next;
        }
        s = next;
    }
    s
}

/// Returns the next point to try if no step can be trusted, for instance because F(s) underflows.
fn between(low: f64, s: f64, high: f64) -> f64 {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => low + 0.5 * (high - low),
        (false, _) => s - 1.0 - s.abs(),
        (_, false) => s + 1.0 + s.abs(),
    }
}

/// A bound that only a bug would reach. Three steps are usual, fifteen are many.
const MOST_STEPS: usize = 400;
