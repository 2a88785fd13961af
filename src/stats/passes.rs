//! The two passes over one block of a column: sums and extremes, then powers of the deviations.

use super::double::{Double, two_sum};

/// Sums are kept in lanes, so that the compiler may use vector instructions without changing the order of additions.
const LANES: usize = 4;

/// Sums of powers of the deviations from the mean.
pub(super) struct Powers {
    pub(super) squares: f64,
    pub(super) cubes: f64,
}

/// Everything but the powers. The sum includes its rounding errors.
pub(super) struct FirstPass {
    pub(super) present: f64,
    pub(super) sum: Double,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl FirstPass {
    pub(super) fn over(values: &[f64]) -> FirstPass {
        let mut present = [0.0; LANES];
        let mut sums = [0.0; LANES];
        let mut errors = [0.0; LANES];
        let mut min = [f64::INFINITY; LANES];
        let mut max = [f64::NEG_INFINITY; LANES];
        each(values, |lane, value| {
            let (one, term) = if value.is_nan() { (0.0, 0.0) } else { (1.0, value) };
            present[lane] += one;
            let (sum, error) = two_sum(sums[lane], term);
            sums[lane] = sum;
            errors[lane] += error;
            min[lane] = lower(min[lane], value);
            max[lane] = higher(max[lane], value);
        });
        let lanes = sums.into_iter().zip(errors).map(|(sum, error)| Double::new(sum, error));
        FirstPass {
            present: present.into_iter().sum(),
            sum: lanes.fold(Double::from(0.0), Double::plus),
            min: min.into_iter().fold(f64::INFINITY, lower),
            max: max.into_iter().fold(f64::NEG_INFINITY, higher),
        }
    }
}

/// Computes the second pass: the sum of squared deviations from the rounded mean, minus n e^2, which the rounding error e of
/// the mean adds. This is the corrected two-pass algorithm of Chan, Golub and LeVeque 1983, which takes e from the sum of
/// the deviations; here e is known. The cubes are not corrected: e changes the skewness by 3 e / sd.
pub(super) fn powers(values: &[f64], mean: Double, present: f64) -> Powers {
    let (centre, error) = (mean.value(), mean.error());
    let (mut squares, mut cubes) = ([0.0; LANES], [0.0; LANES]);
    each(values, |lane, value| {
        let deviation = if value.is_nan() { 0.0 } else { value - centre };
        let square = deviation * deviation;
        squares[lane] += square;
        cubes[lane] += square * deviation;
    });
    let around_centre: f64 = squares.into_iter().sum();
    let squares = around_centre - present * (error * error);
    // Rounding may leave it slightly below 0. A NaN, from an infinite value, must stay.
    let squares = if squares < 0.0 { 0.0 } else { squares };
    Powers { squares, cubes: cubes.into_iter().sum() }
}

fn each(values: &[f64], mut visit: impl FnMut(usize, f64)) {
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &value) in chunk.iter().enumerate() {
            visit(lane, value);
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        visit(lane, value);
    }
}

/// Returns the lower number, keeping the first of 0 and -0, and ignoring a NaN. `f64::min` may return either zero, depending
/// on the processor.
pub(super) fn lower(so_far: f64, value: f64) -> f64 {
    if value < so_far { value } else { so_far }
}

pub(super) fn higher(so_far: f64, value: f64) -> f64 {
    if value > so_far { value } else { so_far }
}
