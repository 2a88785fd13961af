//! Histograms: how a quantity spreads over simulations, a row for each strategy and a column for each quantity.

use super::super::drawing::axis::{Range, RoundAxis, Scales, Tick};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{
    BESIDE, BOTTOM_AXIS, Key, LABEL_FACE, SMALL_FACE, Swatch, axis_across, bottom_axis, keys, label,
};
use super::super::drawing::lettering::Face;
use super::super::drawing::row_heads::RowHeads;
use super::super::drawing::theme::{self, AXIS, Hue, INK, LABEL, MARGIN, MUTED};
use super::super::number::{readable, short_percent, three_digits};
use super::magnitude::Magnitude;
use super::{Chart, Heading, sentences};
use crate::maths::log10;

/// A column narrower than this has no room for its words: columns then follow below each other.
const NARROWEST: f64 = 300.0;
const GAP: f64 = 44.0;
/// Height of a strategy without words, of a line of words, and of the span below the bars.
const ROW: f64 = 66.0;
const LINE: f64 = 15.0;
const MOST_LINES: usize = 2;
const SPAN: f64 = 10.0;
/// Height of the title of a column.
const TITLE: f64 = 22.0;
/// Bars of a histogram.
const BINS: usize = 48;
const FILL: f64 = 0.55;
/// Share of the simulations on either side that the axis need not show, if it would have to be longer by more than this share
/// for them.
const FAR_OUT: f64 = 0.005;
const WORTH: f64 = 0.1;
/// Values that reach this many times as far as all medians are drawn on a logarithmic axis.
const SKEWED: f64 = 8.0;

/// Quantities of strategies over simulations.
#[derive(Clone, Debug, PartialEq)]
pub struct Histograms {
    /// What stands above it.
    pub heading: Heading,
    /// The quantities.
    pub columns: Vec<Column>,
    /// One row each.
    pub strategies: Vec<StrategyValues>,
}

/// A quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Stands above its column; empty if the title of the chart says it.
    pub title: String,
    /// Its unit.
    pub unit: String,
}

/// What one strategy has of each quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrategyValues {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// Parallel to the quantities.
    pub columns: Vec<Values>,
}

/// The values of a quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// One for each simulation that has one, in any order.
    pub values: Vec<f64>,
    /// 5 % quantile.
    pub p5: f64,
    /// Median.
    pub p50: f64,
    /// 95 % quantile.
    pub p95: f64,
    /// Simulations in which the day never comes.
    pub never: usize,
    /// Simulations in which it is undefined.
    pub missing: usize,
}

impl Chart for Histograms {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let strategies = sentences(&self.strategies, |strategy| {
            let cells = self.columns.iter().zip(&strategy.columns);
            let cells: Vec<String> = cells.map(|(column, values)| column.words(&values.words())).collect();
            (&strategy.name, cells.join("; "))
        });
        format!("{}. {strategies}", self.heading.sentence())
    }

    fn size(&self, width: u32) -> Size {
        let top = self.heading.height(width, &keys_of_marks());
        let blocks = if self.is_side_by_side(f64::from(width)) { 1 } else { self.columns.len() };
        let row = ROW + self.heads(f64::from(width)).height() + LINE * self.lines(f64::from(width)) as f64;
        let block = self.title_height() + self.strategies.len().max(1) as f64 * row + BOTTOM_AXIS + 8.0;
        Size { width, height: (top + 10.0 + blocks as f64 * block) as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &keys_of_marks());
        let whole = canvas.area();
        let (left, right, bottom) = (MARGIN + BESIDE, whole.right - MARGIN - BESIDE, whole.bottom - 6.0);
        let count = self.columns.len().max(1) as f64;
        let is_side_by_side = self.is_side_by_side(whole.width());
        for (index, column) in (0_u8..).zip(&self.columns) {
            let number = f64::from(index);
            let block = if is_side_by_side {
                let width = self.block_width(whole.width());
                let left = left + number * (width + GAP);
                Area::new((left, top), (left + width, bottom))
            } else {
                let height = (bottom - top) / count;
                Area::new((left, top + number * height), (right, top + (number + 1.0) * height))
            };
            self.column(canvas, (usize::from(index), column), block);
        }
    }
}

fn keys_of_marks() -> Vec<Key> {
    vec![
        Key::new(Swatch::Block(MUTED, FILL), "simulations"),
        Key::new(Swatch::Upright(Pen::solid(INK, 1.75)), "median"),
        Key::new(Swatch::Line(Pen::solid(MUTED, 3.0)), "90 % of simulations"),
    ]
}

impl Histograms {
    fn is_side_by_side(&self, width: f64) -> bool {
        let count = self.columns.len() as f64;
        width >= count * NARROWEST + (count - 1.0) * GAP + 2.0 * MARGIN
    }

    /// Width of a column on a picture of this width.
    fn block_width(&self, width: f64) -> f64 {
        let room = width - 2.0 * (MARGIN + BESIDE);
        let count = self.columns.len().max(1) as f64;
        if self.is_side_by_side(width) { (room - GAP * (count - 1.0)) / count } else { room }
    }

    /// Lines that the words of a strategy take on a picture of this width.
    fn lines(&self, width: f64) -> usize {
        let width = self.block_width(width);
        let cells = (0..self.columns.len()).flat_map(|index| self.cells(index).map(move |(_, cell)| (index, cell)));
        let lines =
            cells.map(|(index, cell)| SMALL_FACE.wrap(&cell.short_words(self.factor(index)), width, MOST_LINES).len());
        lines.max().unwrap_or(1)
    }

    /// Names, with what lies beyond the axes beside them, on a picture of this width.
    fn heads(&self, width: f64) -> RowHeads {
        let width = self.block_width(width);
        let cells = (0..self.columns.len()).flat_map(|index| {
            let range = self.axis(index, width).0.range;
            self.cells(index).map(move |(strategy, cell)| (strategy, cell, index, range))
        });
        let rows =
            cells.map(|(strategy, cell, index, range)| (strategy.name.as_str(), self.placed(index, cell).beyond(range)));
        RowHeads::new(rows, Face::bold(LABEL), width)
    }

    /// What strategies have of a quantity.
    fn cells(&self, index: usize) -> impl Iterator<Item = (&StrategyValues, &Values)> {
        self.strategies.iter().filter_map(move |strategy| Some((strategy, strategy.columns.get(index)?)))
    }

    /// The unit in which values of a quantity are easy to read, and whether they are so far apart that only a logarithmic axis
    /// shows them.
    fn reading(&self, index: usize) -> (Magnitude, bool) {
        let values = shown(self.cells(index).map(|(_, cell)| cell));
        let magnitude = Magnitude::of(&self.columns[index].unit, values.high.max(-values.low));
        (magnitude, is_skewed(values, self.cells(index).map(|(_, cell)| cell)))
    }

    fn factor(&self, index: usize) -> f64 {
        self.reading(index).0.factor
    }

    /// The values where they are on the axis of their quantity.
    fn placed(&self, index: usize, cell: &Values) -> Values {
        let (Magnitude { factor, .. }, is_logarithmic) = self.reading(index);
        cell.placed(is_logarithmic, factor)
    }

    /// The axis of a quantity in a column of this width, and what it is counted in.
    fn axis(&self, index: usize, width: f64) -> (RoundAxis, String) {
        let (Magnitude { unit, .. }, is_logarithmic) = self.reading(index);
        let placed: Vec<Values> = self.cells(index).map(|(_, cell)| self.placed(index, cell)).collect();
        let range = shown(placed.iter());
        if is_logarithmic {
            (RoundAxis::logarithmic(range, |axis| has_room(axis, width)), format!("{unit}, logarithmic axis"))
        } else {
            (axis_across(range, width, 1.0), unit)
        }
    }

    fn title_height(&self) -> f64 {
        if self.columns.iter().all(|column| column.title.is_empty()) { 0.0 } else { TITLE }
    }

    fn column(&self, canvas: &mut Canvas, (index, column): (usize, &Column), block: Area) {
        let face = Face::bold(LABEL);
        canvas.text((block.left, block.top + 15.0), &face.fit(&column.title, block.width()), Letters::new(face, INK));
        let area = Area { top: block.top + self.title_height(), bottom: block.bottom - BOTTOM_AXIS - 8.0, ..block };
        let (RoundAxis { range: x, ticks }, unit) = self.axis(index, area.width());
        let scales = Scales { area, x, y: Range::new(0.0, 1.0) };
        bottom_axis(canvas, &scales, &ticks, &unit);
        let whole = canvas.area().width();
        let (heads, lines) = (self.heads(whole), self.lines(whole));
        let step = (area.bottom - area.top) / self.strategies.len().max(1) as f64;
        for (row, (strategy, cell)) in self.cells(index).enumerate() {
            let top = area.top + row as f64 * step;
            let words = top + heads.height();
            let bars = Area { top: words + LINE * lines as f64, bottom: top + step - 4.0 - SPAN, ..area };
            let (hue, drawn) = (theme::strategy(strategy.slot), self.placed(index, cell));
            canvas.strategy(strategy.slot, |canvas| {
                let name = (strategy.name.as_str(), Letters::new(face, hue.text));
                heads.draw(canvas, Area { top, ..area }, name, &drawn.beyond(x));
                let texts = SMALL_FACE.wrap(&cell.short_words(self.factor(index)), area.width(), MOST_LINES);
                for (line, text) in texts.iter().enumerate() {
                    let at = (area.left, words + 10.0 + LINE * line as f64);
                    label(canvas, at, text, Letters::new(SMALL_FACE, MUTED));
                }
                let words = format!("{}: {}", strategy.name, cell.words());
                canvas.described(&words, |canvas| drawn.draw(canvas, &Scales { area: bars, ..scales }, hue));
            });
        }
    }
}

/// Whether the values are so far apart that they are only seen on a logarithmic axis.
fn is_skewed<'v>(range: Range, cells: impl Iterator<Item = &'v Values>) -> bool {
    let medians = cells.map(|cell| cell.p50).filter(|median| median.is_finite());
    let highest = medians.fold(0.0, f64::max);
    range.low > 0.0 && highest > 0.0 && range.high > SKEWED * highest
}

/// Whether the labels of an axis of this length have room side by side.
fn has_room(axis: &RoundAxis, width: f64) -> bool {
    let place = |tick: &Tick| (tick.at - axis.range.low) / axis.range.length() * width;
    let half = |tick: &Tick| LABEL_FACE.width(&tick.label) / 2.0;
    axis.ticks.windows(2).all(|pair| place(&pair[1]) - place(&pair[0]) >= half(&pair[0]) + half(&pair[1]) + 8.0)
}

/// The values that the axis shows: all but a few of the farthest.
fn shown<'v>(cells: impl Iterator<Item = &'v Values>) -> Range {
    let (mut all, mut most): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for cell in cells {
        let mut values: Vec<f64> = cell.known().collect();
        values.sort_by(f64::total_cmp);
        let last = values.len().saturating_sub(1);
        let below = (FAR_OUT * last as f64).floor() as usize;
        all.extend([values.first(), values.last()].into_iter().flatten());
        most.extend([values.get(below), values.get(last - below)].into_iter().flatten());
    }
    let (all, most) = (Range::of(all), Range::of(most));
    let reach = WORTH * most.length();
    let low = if most.low - all.low > reach { most.low } else { all.low };
    let high = if all.high - most.high > reach { most.high } else { all.high };
    Range::new(low, high)
}

impl Column {
    fn words(&self, words: &str) -> String {
        if self.title.is_empty() { words.to_owned() } else { format!("{}: {words}", self.title) }
    }
}

impl Values {
    fn known(&self) -> impl Iterator<Item = f64> + '_ {
        self.values.iter().copied().filter(|value| value.abs() < 1e300)
    }

    fn words(&self) -> String {
        self.words_with(readable)
    }

    /// The same in the unit of the axis and in few digits, for the picture.
    fn short_words(&self, factor: f64) -> String {
        self.words_with(|value| three_digits(factor * value))
    }

    /// The same where they are on the axis.
    fn placed(&self, is_logarithmic: bool, factor: f64) -> Self {
        let place = |value: f64| if is_logarithmic { log10(factor * value) } else { factor * value };
        let values = self.values.iter().copied().map(place).collect();
        let [p5, p50, p95] = [self.p5, self.p50, self.p95].map(place);
        Self { values, p5, p50, p95, never: self.never, missing: self.missing }
    }

    /// The median and the middle 90 % as texts, and what is missing.
    fn words_with(&self, text: impl Fn(f64) -> String) -> String {
        let known = self.known().count();
        if known == 0 {
            return "in no simulation".to_owned();
        }
        let all = (known + self.never + self.missing) as f64;
        let part = |count: usize, word: &str| {
            if count > 0 { format!(", {word} in {}", short_percent(count as f64 / all)) } else { String::new() }
        };
        let (never, missing) = (part(self.never, "never"), part(self.missing, "undefined"));
        let named = |value: f64| if value.is_infinite() { "never".to_owned() } else { text(value) };
        let [p5, p50, p95] = [self.p5, self.p50, self.p95].map(named);
        format!("median {p50}, 90 % from {p5} to {p95}{never}{missing}")
    }

    /// What the axis does not show, in words.
    fn beyond(&self, range: Range) -> String {
        let known = self.known().count();
        let beyond = known - self.counts(range).iter().sum::<usize>();
        if beyond > 0 {
            format!("{} of {} lie beyond the axis", readable(beyond as f64), readable(known as f64))
        } else {
            String::new()
        }
    }

    /// How many values that the axis shows lie in each of the bars, which part the range evenly.
    fn counts(&self, range: Range) -> Vec<usize> {
        let mut counts = vec![0; BINS];
        for value in self.known().filter(|value| (range.low..=range.high).contains(value)) {
            let bin = ((value - range.low) / range.length() * BINS as f64).clamp(0.0, BINS as f64 - 1.0) as usize;
            counts[bin] += 1;
        }
        counts
    }

    fn draw(&self, canvas: &mut Canvas, scales: &Scales, hue: Hue) {
        let area = scales.area;
        let counts = self.counts(scales.x);
        let (top, bottom) = (area.top, area.bottom);
        let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
        let width = area.width() / BINS as f64;
        for (bin, count) in counts.iter().enumerate() {
            let left = area.left + bin as f64 * width;
            let bar = Area::new((left, bottom - (bottom - top) * *count as f64 / most), (left + width - 0.5, bottom));
            canvas.rectangle(bar, hue.line, FILL);
        }
        canvas.line(&[(area.left, bottom), (area.right, bottom)], Pen::solid(AXIS, 1.0));
        if self.p50.is_finite() {
            let x = scales.place_x(self.p50);
            canvas.line(&[(x, top), (x, bottom + 7.0)], Pen::solid(INK, 1.75));
        }
        if self.p5.is_finite() {
            // What never comes lies beyond the end of the axis.
            let (left, right) = (scales.place_x(self.p5), scales.place_x(self.p95).min(area.right));
            let y = bottom + 4.0;
            canvas.line(&[(left, y), (right.max(left + 1.0), y)], Pen::solid(hue.line, 3.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_a_bar() {
        let values = Values { values: vec![0.0, 1.0, 47.0, 48.0, f64::NAN], ..Values::default() };
        let counts = values.counts(Range::new(0.0, 48.0));
        assert_eq!((counts[0], counts[1], counts[46], counts[47]), (1, 1, 0, 2));
    }

    #[test]
    fn the_axis_reaches_all_but_half_a_percent_on_either_side() {
        let cell = |values: Vec<f64>| Values { values, ..Values::default() };
        let mut values: Vec<f64> = (0..1000).map(f64::from).collect();
        assert_eq!(shown([&cell(values.clone())].into_iter()), Range::new(0.0, 999.0), "nothing is far out");
        values.push(1e6);
        let one = cell(values);
        // Of 1,001 values 5 may lie beyond on either side; those at the left are near.
        assert_eq!(shown([&one].into_iter()), Range::new(0.0, 995.0));
        assert_eq!(one.beyond(Range::new(0.0, 1000.0)), "1 of 1,001 lie beyond the axis");
        let other = cell(vec![5000.0; 10]);
        assert!((shown([&one, &other].into_iter()).high - 5000.0).abs() < 1e-9, "each strategy has its own");
    }

    #[test]
    fn values_far_apart_are_seen_on_a_logarithmic_axis() {
        let cell = |p50: f64| Values { p50, ..Values::default() };
        let is_skewed = |low: f64, high: f64| is_skewed(Range::new(low, high), [cell(7.0), cell(8.0)].iter());
        assert!(is_skewed(5.0, 65.0) && !is_skewed(5.0, 63.0) && !is_skewed(0.0, 65.0));
        let placed = Values { values: vec![100.0], p50: 1000.0, ..Values::default() }.placed(true, 0.1);
        assert!((placed.values[0] - 1.0).abs() < 1e-12 && (placed.p50 - 2.0).abs() < 1e-12);
    }

    #[test]
    fn words_say_what_is_missing() {
        let values = Values { values: vec![3.0; 3], p5: 3.0, p50: 3.0, p95: 12_345_678.0, never: 0, missing: 1 };
        assert_eq!(values.words(), "median 3, 90 % from 3 to 12,345,678, undefined in 25 %");
        assert_eq!(values.short_words(1e-6), "median 3e-6, 90 % from 3e-6 to 12.3, undefined in 25 %");
        let seldom = Values { p95: f64::INFINITY, never: 1, missing: 0, ..values };
        assert_eq!(seldom.words(), "median 3, 90 % from 3 to never, never in 25 %");
        assert_eq!(Values::default().words(), "in no simulation");
    }
}
