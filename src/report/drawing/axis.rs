//! Scales and round numbers on them.

use plotters::coord::CoordTranslate;
use plotters_backend::BackendCoord;

use super::super::number;
use super::canvas::{Area, Pixels, Point};
use crate::maths::log10;

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

/// An axis that begins and ends at ticks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RoundAxis {
    pub(crate) range: Range,
    pub(crate) ticks: Vec<Tick>,
}

impl RoundAxis {
    /// Returns the shortest axis of about `wanted` round steps that holds `data`, labelled in a unit of which one of the data
    /// is `factor`.
    pub(crate) fn new(data: Range, wanted: usize, factor: f64) -> Self {
        let shown = Range::new(data.low * factor, data.high * factor).not_empty();
        let (step, decimals) = round_step(shown, wanted);
        let (first, last) = ((shown.low / step + SLACK).floor(), (shown.high / step - SLACK).ceil());
        let at = |index: f64| index * step / factor;
        let ticks = (0..).map(|index| first + f64::from(index)).take_while(|index| *index <= last).take(MOST_TICKS);
        let ticks = ticks.map(|index| Tick { at: at(index), label: label(index * step, decimals) }).collect();
        Self { range: Range::new(at(first), at(last)), ticks }
    }

    /// Returns the axis for values on a scale with room for labels that begins and ends at ticks near the data: of those with
    /// few steps the shortest.
    pub(crate) fn snug(data: Range, factor: f64) -> Self {
        // No step more for what is less than a pixel.
        let seen = Range::new(data.low, data.high - UNSEEN * data.length());
        let axes = || (LEAST_STEPS..=MOST_STEPS).map(|wanted| Self::new(seen, wanted, factor));
        let is_snug = |axis: &Self| axis.range.length() <= SNUG * data.length();
        let shorter = |best: Self, next: Self| if next.range.length() < best.range.length() { next } else { best };
        axes().find(is_snug).or_else(|| axes().reduce(shorter)).unwrap_or_else(|| Self::new(data, LEAST_STEPS, factor))
    }

    /// Returns a logarithmic axis for `data`, which are logarithms to base 10: with ticks at 1, 2 and 5 times powers of ten, or
    /// at powers alone where these have no room.
    pub(crate) fn logarithmic(data: Range, is_readable: impl Fn(&Self) -> bool) -> Self {
        let (first, last) = (data.low.floor() as i32, data.high.ceil() as i32);
        let mark = |(digit, exponent): (u8, i32)| {
            let value: f64 = format!("{digit}e{exponent}").parse().unwrap_or(1.0);
            Tick { at: log10(value), label: number::readable(value) }
        };
        let marks = (first..=last).flat_map(|exponent| [1, 2, 5].map(|digit| (digit, exponent)));
        let marks: Vec<((u8, i32), Tick)> = marks.map(|place| (place, mark(place))).collect();
        let low = marks.iter().rev().map(|(_, tick)| tick.at).find(|at| *at <= data.low + SLACK).unwrap_or(data.low);
        let high = marks.iter().map(|(_, tick)| tick.at).find(|at| *at >= data.high - SLACK).unwrap_or(data.high);
        let with = |most: u8| {
            let shown = marks.iter().filter(|((digit, _), tick)| *digit <= most && (low..=high).contains(&tick.at));
            Self { range: Range::new(low, high).not_empty(), ticks: shown.map(|(_, tick)| tick.clone()).collect() }
        };
        [5, 1].into_iter().map(with).find(is_readable).unwrap_or_else(|| Self { ticks: Vec::new(), ..with(1) })
    }

    /// Shares, in percent.
    pub(crate) fn of_shares(shares: &[f64]) -> Self {
        let ticks = shares.iter().map(|share| Tick { at: *share, label: number::short_percent(*share) }).collect();
        Self { range: Range::new(0.0, 1.0), ticks }
    }
}

/// What rounding may do to a number of steps.
const SLACK: f64 = 1e-9;
/// Steps of an axis, and how much longer than its data one may be to be called snug.
const LEAST_STEPS: usize = 5;
const MOST_STEPS: usize = 9;
const SNUG: f64 = 1.1;
/// Share of an axis that is less than a pixel.
const UNSEEN: f64 = 0.0025;
const MOST_TICKS: usize = 50;

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

    fn labels(low: f64, high: f64, wanted: usize, factor: f64) -> Vec<String> {
        let axis = RoundAxis::new(Range::new(low, high), wanted, factor);
        assert!(axis.range.low <= low && axis.range.high >= high, "{axis:?}");
        axis.ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn an_axis_begins_and_ends_at_round_ticks() {
        assert_eq!(labels(0.0, 57.0, 6, 1.0), ["0", "10", "20", "30", "40", "50", "60"]);
        assert_eq!(labels(0.0, 60.0, 6, 1.0).last().map(String::as_str), Some("60"), "no step more than it takes");
        assert_eq!(labels(0.0, 1.0, 4, 1.0), ["0.0", "0.5", "1.0"]);
        assert_eq!(labels(-3000.0, 8500.0, 6, 1.0), ["-4,000", "-2,000", "0", "2,000", "4,000", "6,000", "8,000", "10,000"]);
        assert_eq!(labels(0.0, 0.003, 3, 1.0), ["0.000", "0.001", "0.002", "0.003"]);
    }

    #[test]
    fn an_axis_is_labelled_in_a_larger_unit() {
        assert_eq!(labels(0.0, 17_517.0, 4, 0.001), ["0", "5", "10", "15", "20"]);
        let axis = RoundAxis::new(Range::new(0.0, 17_517.0), 4, 0.001);
        assert!((axis.ticks[1].at - 5000.0).abs() < 1e-9);
    }

    #[test]
    fn a_value_axis_is_not_much_longer_than_its_data() {
        let ends = |high: f64| RoundAxis::snug(Range::new(0.0, high), 1.0);
        assert_eq!((ends(70.0).range.high, ends(70.0).ticks.len()), (70.0, 8));
        assert_eq!((ends(592.0).range.high, ends(592.0).ticks.len()), (600.0, 4));
        assert_eq!((ends(820.0).range.high, ends(820.0).ticks.len()), (900.0, 10));
        assert!((ends(21.0).range.high - 25.0).abs() < 1e-9, "no round steps come nearer");
        assert!((ends(60.1).range.high - 60.0).abs() < 1e-9, "nobody sees the difference");
    }

    #[test]
    fn a_logarithmic_axis_has_ticks_at_1_2_and_5() {
        let data = Range::new(log10(6.0), log10(180.0));
        let labels = |most: usize| -> Vec<String> {
            let axis = RoundAxis::logarithmic(data, |axis| axis.ticks.len() <= most);
            assert_eq!((axis.range.low, axis.range.high), (log10(5.0), log10(200.0)));
            axis.ticks.into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(9), ["5", "10", "20", "50", "100", "200"]);
        assert_eq!(labels(4), ["10", "100"]);
        assert_eq!(labels(1), [""; 0]);
    }

    #[test]
    fn ranges_hold_finite_values_and_are_never_empty() {
        assert_eq!(Range::of([f64::NAN, 3.0, f64::INFINITY, -1.0]), Range::new(-1.0, 3.0));
        assert_eq!(Range::of([]), Range::new(0.0, 1.0));
        assert_eq!(Range::of([7.0]), Range::new(7.0, 14.0));
    }

    proptest! {
        #[test]
        fn any_range_has_few_ticks_within_it(low in any::<f64>(), high in any::<f64>(), wanted in 0_usize..20) {
            let RoundAxis { range, ticks } = RoundAxis::new(Range::of([low, high]), wanted, 1.0);
            prop_assert!(ticks.len() <= 2 * wanted + 5, "{} ticks for {range:?}", ticks.len());
            prop_assert!(range.length() > 0.0 && ticks.iter().all(|tick| tick.at.is_finite()));
        }
    }
}
