//! Scales and round numbers on them.

use plotters::coord::CoordTranslate;
use plotters_backend::BackendCoord;

use super::super::number;
use super::canvas::{Area, Pixels, Point};

/// A mark on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// Its place, in the quantity of the axis.
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// Lowest and highest value of a quantity; always finite and not empty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Range {
    pub(crate) const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// Holds all finite `values`; 0 to 1 when there are none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut range: Option<Self> = None;
        for value in values.into_iter().filter(|value| value.abs() < 1e300) {
            let so_far = range.unwrap_or(Self { low: value, high: value });
            range = Some(Self { low: so_far.low.min(value), high: so_far.high.max(value) });
        }
        range.unwrap_or(Self { low: 0.0, high: 1.0 }).not_empty()
    }

    /// The same with `value` in it.
    pub(crate) fn with(self, value: f64) -> Self {
        Self::of([self.low, self.high, value])
    }

    pub(crate) fn length(self) -> f64 {
        self.high - self.low
    }

    fn not_empty(self) -> Self {
        let least = self.high.abs().max(1e-9) * 1e-9;
        if self.length() > least { self } else { Self { low: self.low, high: self.low + self.low.abs().max(1.0) } }
    }
}

/// Where days and values are in a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scales {
    pub(crate) area: Area,
    pub(crate) x: Range,
    pub(crate) y: Range,
}

impl CoordTranslate for Scales {
    type From = Point;

    fn translate(&self, (x, y): &Point) -> BackendCoord {
        Pixels.translate(&self.place(*x, *y))
    }
}

impl Scales {
    /// Values outside of the panel are at its edge.
    pub(crate) fn place(&self, x: f64, y: f64) -> Point {
        (self.place_x(x), self.place_y(y))
    }

    pub(crate) fn place_x(&self, x: f64) -> f64 {
        self.area.left + share(self.x, x) * self.area.width()
    }

    pub(crate) fn place_y(&self, y: f64) -> f64 {
        self.area.bottom - share(self.y, y) * (self.area.bottom - self.area.top)
    }
}

fn share(range: Range, value: f64) -> f64 {
    ((value - range.low) / range.length()).clamp(0.0, 1.0)
}

/// About `wanted` round numbers in `range`, labelled with as many decimals as their step needs.
pub(crate) fn round_ticks(range: Range, wanted: usize) -> Vec<Tick> {
    let (step, decimals) = round_step(range, wanted);
    let first = (range.low / step - 1e-9).ceil();
    (0..)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|at| *at <= range.high + step * 1e-9)
        .take(50)
        .map(|at| Tick { at, label: label(at, decimals) })
        .collect()
}

/// 1, 2 or 5 times a power of ten, and the decimals that it needs.
fn round_step(range: Range, wanted: usize) -> (f64, usize) {
    let rough = range.length() / wanted.max(1) as f64;
    let text = format!("{rough:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or(("1", "0"));
    let digits: f64 = digits.parse().unwrap_or(1.0);
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (round, carry) = [(1.0, 0), (2.0, 0), (5.0, 0)].into_iter().find(|(round, _)| digits <= *round).unwrap_or((1.0, 1));
    let step = format!("{round}e{}", exponent + carry).parse().unwrap_or(1.0);
    (step, usize::try_from(-(exponent + carry)).unwrap_or(0))
}

fn label(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e9 || decimals > 6 { number::readable(value) } else { number::fixed(value, decimals) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(low: f64, high: f64, wanted: usize) -> Vec<String> {
        round_ticks(Range::new(low, high), wanted).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(0.0, 57.0, 5), ["0", "20", "40"]);
        assert_eq!(labels(0.0, 1.0, 4), ["0.0", "0.5", "1.0"]);
        assert_eq!(labels(-3000.0, 9000.0, 6), ["-2,000", "0", "2,000", "4,000", "6,000", "8,000"]);
        assert_eq!(labels(0.0, 0.003, 3), ["0.000", "0.001", "0.002", "0.003"]);
    }

    #[test]
    fn ranges_hold_finite_values_and_are_never_empty() {
        assert_eq!(Range::of([f64::NAN, 3.0, f64::INFINITY, -1.0]), Range::new(-1.0, 3.0));
        assert_eq!(Range::of([]), Range::new(0.0, 1.0));
        assert_eq!(Range::of([7.0]), Range::new(7.0, 14.0));
    }

    proptest! {
        #[test]
        fn any_range_has_few_ticks(low in any::<f64>(), high in any::<f64>(), wanted in 0_usize..20) {
            let range = Range::of([low, high]);
            let ticks = round_ticks(range, wanted);
            prop_assert!(ticks.len() <= 2 * wanted + 3, "{} ticks for {range:?}", ticks.len());
            prop_assert!(ticks.iter().all(|tick| tick.at.is_finite()));
        }
    }
}
