//! Effects: how far each level of each factor moves a quantity from its average over all points, a panel for each quantity.

use std::borrow::Cow;

use super::super::drawing::axis::{Range, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{Key, SMALL_FACE, Swatch, row_heading};
use super::super::drawing::lettering::Face;
use super::super::drawing::level_axis::with_room;
use super::super::drawing::theme::{AXIS, DARK, INK, MUTED, SMALL};
use super::super::escape::one_line;
use super::super::quantity::Quantity;
use super::panels::{Beside, Rows, words_above};
use super::{Chart, Heading, sentences};

/// Height of the name of a factor, and of a level if they are few.
const NAME: f64 = 24.0;
const LANE: f64 = 15.0;
/// Height that the levels of a factor share if they are many.
const ALL_LANES: f64 = 300.0;
/// Radius of a dot, and width of a whisker.
const DOT: f64 = 4.0;
const WHISKER: f64 = 2.0;
/// Between a whisker and its label.
const SPACE: f64 = 7.0;
const ZERO: Pen = Pen::dashed(INK, 1.25, (2.0, 2.5));
const AVERAGE: &str = "average of all points";
/// Levels of a factor that a description names at most.
const MOST_TOLD: usize = 12;

/// Effects on several quantities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// What stands above it.
    pub heading: Heading,
    /// One for each quantity.
    pub panels: Vec<EffectPanel>,
}

/// Effects on one quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EffectPanel {
    /// Stands above the panel.
    pub title: String,
    /// Unit of the quantity; a share needs none.
    pub unit: String,
    /// Whether the quantity is a share: its effects are then shown in percentage points.
    pub is_share: bool,
    /// One for each factor.
    pub rows: Vec<EffectRow>,
}

/// A factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EffectRow {
    /// What it is called.
    pub factor: String,
    /// One for each level, in their order.
    pub dots: Vec<EffectDot>,
}

/// The effect of a level: how far the mean of the points that have it is from the mean of all; `NaN` if it is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EffectDot {
    /// The level.
    pub level: String,
    /// Its effect.
    pub effect: f64,
    /// Lower limit of the confidence interval of the effect.
    pub low: f64,
    /// Upper limit of the confidence interval of the effect.
    pub high: f64,
}

impl Chart for Effects {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let panels = sentences(&self.panels, |panel| {
            let rows: Vec<String> = panel.rows().iter().map(|row| row.words(panel.quantity())).collect();
            (panel.quantity().title_of_changes(&panel.title, ""), rows.join("; "))
        });
        format!("{}, as differences from the {AVERAGE}. {panels}", self.heading.sentence())
    }

    fn note(&self) -> Cow<'_, str> {
        EffectPanel::note(&self.panels, &self.heading)
    }

    fn size(&self, width: u32) -> Size {
        EffectPanel::size_of(&self.panels, &self.heading, width, &keys_of_marks())
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        EffectPanel::draw_all(&self.panels, canvas, top, &keys_of_marks());
    }
}

fn keys_of_marks() -> Vec<Key> {
    vec![Key::new(Swatch::Dot(DARK), "effect of a level with its confidence interval")]
}

impl EffectPanel {
    fn quantity(&self) -> Quantity<'_> {
        Quantity { unit: &self.unit, is_share: self.is_share }
    }

    /// The factors that are shown.
    fn rows(&self) -> &[EffectRow] {
        &self.rows[..self.rows.len().min(Self::MOST_ROWS)]
    }

    /// The range of the axis, in its unit.
    fn values(&self) -> Range {
        let values = self.rows().iter().flat_map(|row| &row.dots).flat_map(|dot| [dot.effect, dot.low, dot.high]);
        Range::of(values.map(|value| self.quantity().on_axis(value)).chain([0.0]))
    }
}

impl Rows for EffectPanel {
    const NARROWEST: f64 = 320.0;
    const MOST_ROWS: usize = 30;

    fn title(&self) -> &str {
        &self.title
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn rows_height(&self) -> f64 {
        self.rows().iter().map(EffectRow::height).sum::<f64>().max(LANE)
    }

    fn draw(&self, canvas: &mut Canvas, area: Area) {
        let (quantity, x) = (self.quantity(), self.values());
        let labels: Vec<Beside> = self.rows().iter().flat_map(|row| row.labels(quantity, x)).collect();
        let scales = self.axis(canvas, area, (x, quantity.unit_of_changes()), &labels);
        let zero = scales.place_x(0.0);
        canvas.line(&[(zero, scales.area.top - 4.0), (zero, scales.area.bottom)], ZERO);
        words_above(canvas, &scales, area, (zero, AVERAGE));
        let lanes = self.lanes(&scales, area, self.rows().iter().map(EffectRow::height));
        for (index, (row, area)) in self.rows().iter().zip(lanes).enumerate() {
            if index > 0 {
                canvas.line(&[(area.left, area.top), (area.right, area.top)], Pen::solid(AXIS, 0.5));
            }
            row.draw(canvas, &scales, Row { quantity, area });
        }
    }
}

/// Where a factor is drawn, and what its effects are on.
struct Row<'q> {
    quantity: Quantity<'q>,
    area: Area,
}

impl EffectRow {
    fn height(&self) -> f64 {
        NAME + (self.dots.len().max(1) as f64 * LANE).min(ALL_LANES) + 4.0
    }

    /// The effects of its levels, or of some of them.
    fn words(&self, quantity: Quantity<'_>) -> String {
        let every = self.dots.len().div_ceil(MOST_TOLD).max(1);
        let shown = |(_, dot): (usize, &EffectDot)| format!("{} at {}", dot.words(quantity), dot.level);
        let last = self.dots.len().saturating_sub(1);
        let dots = self.dots.iter().enumerate().filter(|(index, _)| index.is_multiple_of(every) || *index == last);
        format!("{} {}", self.factor, dots.map(shown).collect::<Vec<_>>().join(", "))
    }

    /// Its smallest and its largest effect.
    fn span(&self, quantity: Quantity<'_>) -> String {
        let known: Vec<f64> = self.dots.iter().map(|dot| dot.effect).filter(|effect| effect.is_finite()).collect();
        let (low, high) =
            (known.iter().copied().fold(f64::INFINITY, f64::min), known.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        match known.len() {
            0 => "no value".to_owned(),
            1 => quantity.change(low),
            _ => format!("{} to {}", quantity.change(low), quantity.change(high)),
        }
    }

    fn draw(&self, canvas: &mut Canvas, scales: &Scales, row: Row<'_>) {
        let name = (self.factor.as_str(), Letters::new(Face::bold(SMALL), INK));
        row_heading(canvas, (row.area, row.area.top + 16.0), name, &self.span(row.quantity));
        let top = row.area.top + NAME;
        let lane = (row.area.bottom - 4.0 - top) / self.dots.len().max(1) as f64;
        let centres: Vec<f64> = (0..self.dots.len()).map(|index| top + (index as f64 + 0.5) * lane).collect();
        let kept = with_room(&centres, &vec![SMALL; self.dots.len()], 0.5);
        let labels = self.labels(row.quantity, scales.x);
        for (index, dot) in self.dots.iter().enumerate() {
            let words = format!("{} {}: {}", self.factor, dot.level, dot.words(row.quantity));
            canvas.described(&words, |canvas| {
                dot.draw(canvas, scales, (row.quantity, (centres[index], lane)));
                if kept[index] {
                    dot.label(canvas, scales, (labels[index], row.area, centres[index]));
                }
            });
        }
    }

    /// Where the labels of the levels are: each beyond its interval as seen from 0, or all at the left if they are many.
    fn labels(&self, quantity: Quantity<'_>, range: Range) -> Vec<Beside> {
        let is_dense = self.dots.len() as f64 * LANE > ALL_LANES;
        let beside = |dot: &EffectDot| match (is_dense, dot.beside(quantity)) {
            (true, beside) => Beside { value: range.low, is_right: false, ..beside },
            (false, beside) => beside,
        };
        self.dots.iter().map(beside).collect()
    }
}

impl EffectDot {
    /// The effect with its interval.
    fn words(&self, quantity: Quantity<'_>) -> String {
        quantity.change_within(self.effect, (self.low, self.high))
    }

    /// The level, or that it has no value.
    fn text(&self) -> String {
        let text = if self.effect.is_finite() { self.level.clone() } else { format!("{}: no value", self.level) };
        one_line(&text)
    }

    /// Where its label is: beyond its interval, as seen from 0.
    fn beside(&self, quantity: Quantity<'_>) -> Beside {
        let is_right = self.effect >= 0.0 || !self.effect.is_finite();
        let ends = [self.effect, self.low, self.high].map(|end| if end.is_finite() { end } else { self.effect });
        let outermost = ends.into_iter().reduce(if is_right { f64::max } else { f64::min }).unwrap_or(self.effect);
        let value = if self.effect.is_finite() { quantity.on_axis(outermost) } else { 0.0 };
        Beside { value, is_right, length: SMALL_FACE.width(&self.text()) + SPACE }
    }

    fn draw(&self, canvas: &mut Canvas, scales: &Scales, (quantity, (y, lane)): (Quantity<'_>, (f64, f64))) {
        if !self.effect.is_finite() {
            return;
        }
        let place = |value: f64| scales.place_x(quantity.on_axis(value));
        let radius = DOT.min(0.45 * lane);
        if self.low.is_finite() && self.high.is_finite() {
            let (left, right) = (place(self.low), place(self.high));
            let pen = Pen::solid(DARK, WHISKER.min(radius));
            canvas.line(&[(left, y), (right, y)], pen);
            for end in [left, right] {
                canvas.line(&[(end, y - radius), (end, y + radius)], Pen { width: pen.width.min(1.5), ..pen });
            }
        }
        canvas.disc((place(self.effect), y), radius, DARK);
    }

    fn label(&self, canvas: &mut Canvas, scales: &Scales, (beside, area, y): (Beside, Area, f64)) {
        let colour = if self.effect.is_finite() { INK } else { MUTED };
        beside.draw(canvas, scales, (area, y, SPACE), (&self.text(), colour));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(level: &str, effect: f64) -> EffectDot {
        EffectDot { level: level.into(), effect, low: effect - 0.02, high: effect + 0.02 }
    }

    fn effects() -> Effects {
        let dots = vec![dot("4", -0.65), dot("9", 0.3), dot("11", f64::NAN)];
        let row = EffectRow { factor: "recruiters".into(), dots };
        let panel =
            EffectPanel { title: "54 by month 18".into(), is_share: true, rows: vec![row], ..EffectPanel::default() };
        Effects { heading: Heading::new("What matters"), panels: vec![panel] }
    }

    #[test]
    fn the_description_has_effects_and_intervals() {
        assert_eq!(
            effects().description(),
            "What matters, as differences from the average of all points. 54 by month 18, in percentage points: \
             recruiters -65 (-67 to -63) at 4, +30 (+28 to +32) at 9, no value at 11."
        );
        assert_eq!(effects().panels[0].rows[0].span(effects().panels[0].quantity()), "-65 to +30");
    }

    #[test]
    fn labels_are_beyond_the_intervals() {
        let quantity = Quantity { unit: "", is_share: true };
        let place = |dot: &EffectDot| (dot.beside(quantity).value, dot.beside(quantity).is_right);
        let dots = &effects().panels[0].rows[0].dots;
        let (left, right, none) = (place(&dots[0]), place(&dots[1]), place(&dots[2]));
        assert!((left.0 + 67.0).abs() < 1e-9 && !left.1 && (right.0 - 32.0).abs() < 1e-9 && right.1);
        assert_eq!(none, (0.0, true));
    }

    #[test]
    fn a_factor_with_hundreds_of_levels_stays_on_a_page() {
        let row = EffectRow { factor: "many".into(), dots: vec![dot("1", 0.1); 500] };
        assert!(row.height() < 400.0);
    }
}
