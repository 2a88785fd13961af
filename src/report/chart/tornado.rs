//! A tornado: how far each factor moves a quantity when it alone goes to its low and to its high level, a panel for each quantity.

use std::borrow::Cow;

use super::super::drawing::axis::{Range, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{Key, SMALL_FACE, Swatch, row_heading};
use super::super::drawing::lettering::Face;
use super::super::drawing::theme::{Colour, DARK, INK, PALE, SMALL, WHITE};
use super::super::escape::one_line;
use super::super::quantity::Quantity;
use super::panels::{Beside, Rows, words_above};
use super::{Chart, Heading, sentences};

/// Height of a factor: its name, its bars, and the gap below them.
const NAME: f64 = 20.0;
const BAR: f64 = 18.0;
/// Two bars on the same side, or with whiskers over each other, are below each other, each as high as its label.
const TWO_BARS: f64 = 28.0;
const BELOW: f64 = 8.0;
/// Colours of the bars of the low and of the high level: apart in lightness.
const LOW: Colour = PALE;
const HIGH: Colour = DARK;
/// Between a bar or its whisker and its label.
const SPACE: f64 = 6.0;
const WHISKER: f64 = 1.5;
const BASE: Pen = Pen::solid(INK, 1.25);

/// How single factors move several quantities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tornado {
    /// What stands above it.
    pub heading: Heading,
    /// One for each quantity.
    pub panels: Vec<TornadoPanel>,
}

/// How single factors move one quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TornadoPanel {
    /// Stands above the panel.
    pub title: String,
    /// Unit of the quantity; a share needs none.
    pub unit: String,
    /// Whether the quantity is a share: changes are then in percentage points.
    pub is_share: bool,
    /// The value when no factor is moved.
    pub base: f64,
    /// One for each factor, from top to bottom.
    pub rows: Vec<TornadoRow>,
}

/// A factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TornadoRow {
    /// What it is called.
    pub name: String,
    /// At its low level.
    pub low: TornadoEnd,
    /// At its high level.
    pub high: TornadoEnd,
}

/// The quantity at one level of a factor; `NaN` if it is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TornadoEnd {
    /// The level.
    pub level: String,
    /// Difference from the base value.
    pub change: f64,
    /// Lower limit of the confidence interval of that difference.
    pub low: f64,
    /// Upper limit of the confidence interval of that difference.
    pub high: f64,
}

impl Chart for Tornado {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let panels = sentences(&self.panels, |panel| {
            let quantity = panel.quantity();
            let rows = panel.rows().iter().map(|row| row.words(quantity));
            let base = format!("base {}", quantity.value_with_unit(panel.base));
            let words: Vec<String> = [base].into_iter().chain(rows).collect();
            (quantity.title_of_changes(&panel.title, "changes "), words.join("; "))
        });
        format!("{}. {panels}", self.heading.sentence())
    }

    fn note(&self) -> Cow<'_, str> {
        TornadoPanel::note(&self.panels, &self.heading)
    }

    fn size(&self, width: u32) -> Size {
        TornadoPanel::size_of(&self.panels, &self.heading, width, &keys_of_marks())
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        TornadoPanel::draw_all(&self.panels, canvas, top, &keys_of_marks());
    }
}

fn keys_of_marks() -> Vec<Key> {
    vec![
        Key::new(Swatch::Block(LOW, 1.0), "first level"),
        Key::new(Swatch::Block(HIGH, 1.0), "second level"),
        Key::new(Swatch::Line(Pen::solid(INK, WHISKER)), "confidence interval of the change"),
    ]
}

impl TornadoPanel {
    fn quantity(&self) -> Quantity<'_> {
        Quantity { unit: &self.unit, is_share: self.is_share }
    }

    /// The factors that are shown.
    fn rows(&self) -> &[TornadoRow] {
        &self.rows[..self.rows.len().min(Self::MOST_ROWS)]
    }

    /// The base value; 0 if it is not known.
    fn known_base(&self) -> f64 {
        if self.base.abs() < 1e300 { self.base } else { 0.0 }
    }

    /// A change as the value on the axis that it leads to.
    fn on_axis(&self, change: f64) -> f64 {
        self.quantity().on_axis(self.known_base() + change)
    }

    /// The range of the axis, in its unit.
    fn values(&self) -> Range {
        let ends = self.rows().iter().flat_map(|row| [&row.low, &row.high]);
        let changes = ends.flat_map(|end| [end.change, end.low, end.high]).chain([0.0]);
        Range::of(changes.map(|change| self.on_axis(change)))
    }

    fn draw_base(&self, canvas: &mut Canvas, scales: &Scales, area: Area) {
        let (x, top) = (scales.place_x(self.on_axis(0.0)), scales.area.top);
        canvas.line(&[(x, top - 4.0), (x, top + 1.0)], BASE);
        words_above(canvas, scales, area, (x, &format!("base {}", self.quantity().value_with_unit(self.base))));
    }

    fn row(&self, canvas: &mut Canvas, row: &TornadoRow, scales: &Scales, area: Area) {
        let quantity = self.quantity();
        let base = scales.place_x(self.on_axis(0.0));
        // Below the name, whose ground covers it.
        canvas.line(&[(base, area.top), (base, area.bottom)], BASE);
        let [first, second] = [&row.low, &row.high].map(|end| quantity.change(end.change));
        let words = format!("first {first}, second {second}");
        row_heading(canvas, (area, area.top + 14.0), (&row.name, Letters::new(Face::bold(SMALL), INK)), &words);
        let (top, bottom) = (area.top + NAME, area.bottom - BELOW);
        let height = bottom - top;
        let lanes =
            if row.is_split() { [(top, top + height / 2.0), (top + height / 2.0, bottom)] } else { [(top, bottom); 2] };
        for ((end, is_right, colour), lane) in row.ends().into_iter().zip(lanes) {
            let words = format!("{} {}", row.name, end.words(quantity));
            canvas.described(&words, |canvas| self.end(canvas, (scales, area), (end, is_right, colour), lane));
        }
    }

    /// Draws the bar of a level, its whisker and its label.
    fn end(
        &self,
        canvas: &mut Canvas,
        (scales, area): (&Scales, Area),
        (end, is_right, colour): (&TornadoEnd, bool, Colour),
        (top, bottom): (f64, f64),
    ) {
        let (base, y) = (scales.place_x(self.on_axis(0.0)), (top + bottom) / 2.0);
        if end.change.is_finite() {
            let x = scales.place_x(self.on_axis(end.change));
            let gap = if bottom - top < BAR { 1.0 } else { 0.0 };
            canvas.rectangle(Area::new((base.min(x), top + gap), (base.max(x), bottom - gap)), colour, 1.0);
        }
        if end.change.is_finite() && end.low.is_finite() && end.high.is_finite() {
            let (left, right) = (scales.place_x(self.on_axis(end.low)), scales.place_x(self.on_axis(end.high)));
            let cap = 4.0_f64.min(0.35 * (bottom - top)).max(0.0);
            // Light below dark, to be seen on every bar.
            for (colour, width) in [(WHITE, WHISKER + 2.0), (INK, WHISKER)] {
                let pen = Pen::solid(colour, width);
                canvas.line(&[(left, y), (right, y)], pen);
                for x in [left, right] {
                    canvas.line(&[(x, y - cap), (x, y + cap)], pen);
                }
            }
        }
        self.beside(end, is_right).draw(canvas, scales, (area, y, SPACE), (&end.text(), INK));
    }

    /// Where the label of a level is: beyond its bar and its interval.
    fn beside(&self, end: &TornadoEnd, is_right: bool) -> Beside {
        let change = if end.change.is_finite() { end.change } else { 0.0 };
        let ends = [0.0, change, end.low, end.high].map(|value| if value.is_finite() { value } else { change });
        let outermost = ends.into_iter().reduce(if is_right { f64::max } else { f64::min }).unwrap_or(change);
        Beside { value: self.on_axis(outermost), is_right, length: SMALL_FACE.width(&end.text()) + SPACE }
    }
}

impl Rows for TornadoPanel {
    const NARROWEST: f64 = 330.0;
    const MOST_ROWS: usize = 40;

    fn title(&self) -> &str {
        &self.title
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn rows_height(&self) -> f64 {
        self.rows().iter().map(TornadoRow::height).sum::<f64>().max(BAR)
    }

    fn draw(&self, canvas: &mut Canvas, area: Area) {
        let beside = |row: &TornadoRow| row.ends().map(|(end, is_right, _)| self.beside(end, is_right));
        let labels: Vec<Beside> = self.rows().iter().flat_map(beside).collect();
        let scales = self.axis(canvas, area, (self.values(), self.quantity().unit()), &labels);
        let lanes = self.lanes(&scales, area, self.rows().iter().map(TornadoRow::height));
        for (row, area) in self.rows().iter().zip(lanes) {
            self.row(canvas, row, &scales, area);
        }
        self.draw_base(canvas, &scales, area);
    }
}

impl TornadoRow {
    fn height(&self) -> f64 {
        NAME + if self.is_split() { TWO_BARS } else { BAR } + BELOW
    }

    /// Whether the bars are below each other, because both are on the same side or their intervals overlap.
    fn is_split(&self) -> bool {
        let [low, high] = self.sides();
        low == high || (self.low.low <= self.high.high && self.high.low <= self.low.high)
    }

    /// Whether the bars of the low and of the high level go to the right; what has no length goes where the other does not.
    fn sides(&self) -> [bool; 2] {
        let side = |end: &TornadoEnd| (end.change.abs() > 0.0 && !end.change.is_nan()).then_some(end.change > 0.0);
        match (side(&self.low), side(&self.high)) {
            (Some(low), Some(high)) => [low, high],
            (Some(low), None) => [low, !low],
            (None, Some(high)) => [!high, high],
            (None, None) => [false, true],
        }
    }

    /// Both levels, the sides of their bars, and their colours.
    fn ends(&self) -> [(&TornadoEnd, bool, Colour); 2] {
        let [low, high] = self.sides();
        [(&self.low, low, LOW), (&self.high, high, HIGH)]
    }

    fn words(&self, quantity: Quantity<'_>) -> String {
        format!("{} {}, {}", self.name, self.low.words(quantity), self.high.words(quantity))
    }
}

impl TornadoEnd {
    /// The level with its change and the interval of that.
    fn words(&self, quantity: Quantity<'_>) -> String {
        format!("at {}: {}", self.level, quantity.change_within(self.change, (self.low, self.high)))
    }

    /// The level, or that it has no value.
    fn text(&self) -> String {
        let text = if self.change.is_finite() { self.level.clone() } else { format!("{}: no value", self.level) };
        one_line(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(level: &str, change: f64) -> TornadoEnd {
        TornadoEnd { level: level.into(), change, low: change - 10.0, high: change + 10.0 }
    }

    fn row(low: f64, high: f64) -> TornadoRow {
        TornadoRow { name: "monthly fee".into(), low: end("4,000", low), high: end("6,000", high) }
    }

    #[test]
    fn the_description_has_changes_and_intervals() {
        let panel = TornadoPanel {
            title: "client cost".into(),
            unit: "kEUR".into(),
            base: 1802.0,
            rows: vec![row(-210.0, 310.0)],
            ..TornadoPanel::default()
        };
        let tornado = Tornado { heading: Heading::new("What matters"), panels: vec![panel] };
        assert_eq!(
            tornado.description(),
            "What matters. client cost, changes in kEUR: base 1,802 kEUR; \
             monthly fee at 4,000: -210 (-220 to -200), at 6,000: +310 (+300 to +320)."
        );
    }

    #[test]
    fn bars_on_the_same_side_or_with_intervals_that_overlap_are_below_each_other() {
        assert!(row(20.0, 310.0).is_split() && row(-20.0, -1.0).is_split());
        assert!(!row(-20.0, 310.0).is_split() && !row(20.0, -310.0).is_split() && row(-5.0, 5.0).is_split());
        for (low, high, sides) in [(0.0, 5.0, [false, true]), (5.0, f64::NAN, [true, false]), (0.0, 0.0, [false, true])] {
            assert_eq!(row(low, high).sides(), sides);
        }
        assert!(row(20.0, 310.0).height() > row(-20.0, 310.0).height());
    }

    #[test]
    fn the_first_of_many_factors_are_shown_and_the_note_says_so() {
        let tornado = |count: usize| {
            let panel = TornadoPanel { rows: vec![row(-20.0, 310.0); count], ..TornadoPanel::default() };
            Tornado { heading: Heading::new("Cost").with_note("Each alone."), panels: vec![panel] }
        };
        assert_eq!(tornado(TornadoPanel::MOST_ROWS).note(), "Each alone.");
        assert_eq!(tornado(300).note(), "Each alone. The first 40 of 300 factors");
        assert!(tornado(300).size(800).height < 60 + tornado(TornadoPanel::MOST_ROWS).size(800).height);
    }

    #[test]
    fn labels_are_beyond_bars_and_whiskers() {
        let panel = TornadoPanel { base: 100.0, ..TornadoPanel::default() };
        let value = |change: f64, is_right: bool| panel.beside(&end("6", change), is_right).value;
        assert!((value(50.0, true) - 160.0).abs() < 1e-9 && (value(-50.0, false) - 40.0).abs() < 1e-9);
        assert!((value(2.0, true) - 112.0).abs() < 1e-9 && (value(f64::NAN, true) - 100.0).abs() < 10.1);
    }
}
