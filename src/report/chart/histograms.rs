//! Histograms: how a quantity spreads over replications, a row for each strategy and a column for each quantity.

use super::super::drawing::axis::{Range, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{BOTTOM_AXIS, Key, SMALL_FACE, Swatch, bottom_axis, keys, label, row_heading};
use super::super::drawing::lettering::Face;
use super::super::drawing::theme::{self, AXIS, Hue, INK, LABEL, MARGIN, MUTED};
use super::super::number::{readable, short_percent};
use super::{Chart, Heading, sentences};

/// A column narrower than this has no room for its words: columns then follow below each other.
const NARROWEST: f64 = 300.0;
const GAP: f64 = 36.0;
/// Height of a strategy, of its name and words above the bars, and of the span below them.
const ROW: f64 = 104.0;
const NAME: f64 = 38.0;
const SPAN: f64 = 10.0;
/// Height of the title of a column.
const TITLE: f64 = 22.0;
/// Bars of a histogram.
const BINS: usize = 48;
const ROOM: f64 = 0.02;
const FILL: f64 = 0.55;
/// Share of the replications on either side that the axis need not show, if it would have to be longer by more than this
/// share for them.
const FAR_OUT: f64 = 0.03;
const WORTH: f64 = 0.25;

/// Quantities of strategies over replications.
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
    /// One for each replication that has one, in any order.
    pub values: Vec<f64>,
    /// 5 % quantile.
    pub p5: f64,
    /// Median.
    pub p50: f64,
    /// 95 % quantile.
    pub p95: f64,
    /// Replications in which the day never comes.
    pub never: usize,
    /// Replications in which it is undefined.
    pub missing: usize,
}

impl Chart for Histograms {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let strategies = sentences(&self.strategies, |strategy| {
            let cells = self.columns.iter().zip(&strategy.columns);
            let cells: Vec<String> = cells.map(|(column, values)| column.told(&values.words())).collect();
            (&strategy.name, cells.join("; "))
        });
        format!("{}. {strategies}", self.heading.title)
    }

    fn size(&self, width: u32) -> Size {
        let top = self.heading.height(width, &keys_of_marks());
        let blocks = if self.is_side_by_side(f64::from(width)) { 1 } else { self.columns.len() };
        let block = self.title_height() + self.strategies.len().max(1) as f64 * ROW + BOTTOM_AXIS + 8.0;
        Size { width, height: (top + 10.0 + blocks as f64 * block) as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &keys_of_marks());
        let whole = canvas.area();
        let (left, right, bottom) = (MARGIN + 6.0, whole.right - MARGIN - 6.0, whole.bottom - 6.0);
        let count = self.columns.len().max(1) as f64;
        let is_side_by_side = self.is_side_by_side(whole.width());
        for (index, column) in (0_u8..).zip(&self.columns) {
            let number = f64::from(index);
            let block = if is_side_by_side {
                let width = (right - left - GAP * (count - 1.0)) / count;
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
        Key::new(Swatch::Block(MUTED, FILL), "replications"),
        Key::new(Swatch::Upright(Pen::solid(INK, 1.75)), "median"),
        Key::new(Swatch::Line(Pen::solid(MUTED, 3.0)), "9 of 10 replications"),
    ]
}

impl Histograms {
    fn is_side_by_side(&self, width: f64) -> bool {
        let count = self.columns.len() as f64;
        width >= count * NARROWEST + (count - 1.0) * GAP + 2.0 * MARGIN
    }

    fn title_height(&self) -> f64 {
        if self.columns.iter().all(|column| column.title.is_empty()) { 0.0 } else { TITLE }
    }

    fn column(&self, canvas: &mut Canvas, (index, column): (usize, &Column), block: Area) {
        let face = Face::bold(LABEL);
        canvas.text((block.left, block.top + 15.0), &face.fit(&column.title, block.width()), Letters::new(face, INK));
        let area = Area { top: block.top + self.title_height(), bottom: block.bottom - BOTTOM_AXIS - 8.0, ..block };
        let cells = || self.strategies.iter().filter_map(move |strategy| Some((strategy, strategy.columns.get(index)?)));
        let x = axis(cells().map(|(_, cell)| cell));
        let scales = Scales { area, x, y: Range::new(0.0, 1.0) };
        bottom_axis(canvas, &scales, &column.unit);
        let step = (area.bottom - area.top) / self.strategies.len().max(1) as f64;
        for (row, (strategy, cell)) in cells().enumerate() {
            let top = area.top + row as f64 * step;
            let place = Scales { area: Area { top, bottom: top + step - 4.0, ..area }, ..scales };
            let beyond = cell.beyond(x);
            let hue = theme::strategy(strategy.slot);
            canvas.strategy(strategy.slot, |canvas| {
                row_heading(canvas, (area, top + 15.0), (&strategy.name, Letters::new(face, hue.text)), &beyond);
                canvas.told(&format!("{}: {}", strategy.name, cell.words()), |canvas| cell.draw(canvas, &place, hue));
            });
        }
    }
}

/// The values that the axis shows: all but a few far out.
fn axis<'v>(cells: impl Iterator<Item = &'v Values>) -> Range {
    let (mut all, mut most): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for cell in cells {
        let mut values: Vec<f64> = cell.known().collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values.get((share * values.len() as f64) as usize).copied();
        all.extend([values.first(), values.last()].into_iter().flatten());
        most.extend([at(FAR_OUT), at(1.0 - FAR_OUT)].into_iter().flatten());
    }
    let (all, most) = (Range::of(all), Range::of(most));
    let reach = WORTH * most.length();
    let low = if most.low - all.low > reach { most.low } else { all.low };
    let high = if all.high - most.high > reach { most.high } else { all.high };
    let room = ROOM * (high - low);
    Range::new(if low >= 0.0 { (low - room).max(0.0) } else { low - room }, high + room)
}

impl Column {
    fn told(&self, words: &str) -> String {
        if self.title.is_empty() { words.to_owned() } else { format!("{}: {words}", self.title) }
    }
}

impl Values {
    fn known(&self) -> impl Iterator<Item = f64> + '_ {
        self.values.iter().copied().filter(|value| value.abs() < 1e300)
    }

    fn words(&self) -> String {
        let known = self.known().count();
        if known == 0 {
            return "in no replication".to_owned();
        }
        let all = (known + self.never + self.missing) as f64;
        let part = |count: usize, word: &str| {
            if count > 0 { format!(", {word} in {}", short_percent(count as f64 / all)) } else { String::new() }
        };
        let (never, missing) = (part(self.never, "never"), part(self.missing, "none"));
        let [p5, p50, p95] = [self.p5, self.p50, self.p95].map(rough);
        format!("median {p50}, 90 % from {p5} to {p95}{never}{missing}")
    }

    /// What the axis does not show, in words.
    fn beyond(&self, range: Range) -> String {
        let known = self.known().count();
        let beyond = known - self.counts(range).iter().sum::<usize>();
        let share = beyond as f64 / known.max(1) as f64;
        if beyond > 0 { format!("{} beyond the axis", short_percent(share)) } else { String::new() }
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
        let words = SMALL_FACE.fit(&self.words(), area.width());
        label(canvas, (area.left, area.top + 31.0), &words, Letters::new(SMALL_FACE, MUTED));
        let (top, bottom) = (area.top + NAME, area.bottom - SPAN);
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

/// A number of a text in a picture: large ones without digits that nobody reads.
fn rough(value: f64) -> String {
    if value.is_infinite() {
        "never".to_owned()
    } else if value.abs() >= 1e6 {
        format!("{} million", readable(value.round() / 1e6))
    } else {
        readable(value)
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
    fn a_few_values_far_out_do_not_press_the_others_together() {
        let mut values: Vec<f64> = (0..1000).map(f64::from).collect();
        values.push(1e6);
        let cell = Values { values, ..Values::default() };
        let range = axis([&cell].into_iter());
        assert!(range.high < 1100.0, "{range:?}");
        let shown: usize = cell.counts(range).iter().sum();
        assert!(shown >= 960, "{shown}");
        assert_eq!(cell.beyond(range), format!("{} beyond the axis", short_percent((1001 - shown) as f64 / 1001.0)));
        let near = Values { values: (0..1000).map(f64::from).collect(), ..Values::default() };
        assert!(axis([&near].into_iter()).high > 999.0);
    }

    #[test]
    fn words_say_what_is_missing() {
        let values = Values { values: vec![3.0; 3], p5: 3.0, p50: 3.0, p95: 12_345_678.0, never: 0, missing: 1 };
        assert_eq!(values.words(), "median 3, 90 % from 3 to 12.35 million, none in 25 %");
        let seldom = Values { p95: f64::INFINITY, never: 1, missing: 0, ..values };
        assert_eq!(seldom.words(), "median 3, 90 % from 3 to never, never in 25 %");
        assert_eq!(Values::default().words(), "in no replication");
    }
}
