//! Panels: one for each strategy, side by side as far as there is room.

use plotters::element::Polygon;
use plotters::style::Color as _;

use super::super::drawing::axis::{Range, Scales, Tick};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Point, Size};
use super::super::drawing::frame::{DATE_AXIS, Key, LABEL_FACE, MARK_LABEL, lines_of_keys, value_axis};
use super::super::drawing::lettering::Face;
use super::super::drawing::theme::{Colour, Hue, LABEL, LINE, MARGIN, MUTED};

/// A panel narrower than this has no room for its dates.
const NARROWEST: f64 = 180.0;
/// Between two panels.
const GAP: f64 = 40.0;

/// Share of the values that stays free beyond them.
const ROOM: f64 = 0.03;

/// Lines that a value axis is divided by, about.
pub(super) const TICKS: usize = 6;

/// What is drawn, or nothing in a single panel where there is none.
pub(super) fn one_at_least<'p, P>(panels: &'p [P], nothing: &'p P) -> &'p [P] {
    if panels.is_empty() { std::slice::from_ref(nothing) } else { panels }
}

/// Draws a line through the values on some days, parted where one is not known; a lonely value is a disc of this radius.
pub(super) fn parted_line(
    canvas: &mut Canvas,
    scales: &Scales,
    (days, values): (&[f64], &[f64]),
    (pen, radius): (Pen, f64),
) {
    let points: Vec<Point> = days.iter().copied().zip(values.iter().copied()).collect();
    for run in points.split(|(day, value)| !(day.is_finite() && value.is_finite())) {
        match *run {
            [(day, value)] => canvas.disc(scales.place(day, value), radius, pen.colour),
            _ => canvas.curve(scales, run, pen),
        }
    }
}

/// Fills what lies between lower and upper limits on some days, parted where one is not known.
pub(super) fn parted_band(
    canvas: &mut Canvas,
    scales: &Scales,
    (days, (low, high)): (&[f64], (&[f64], &[f64])),
    (colour, opacity): (Colour, f64),
) {
    let limits: Vec<_> = days.iter().zip(low.iter().zip(high)).collect();
    for run in limits.split(|(day, (low, high))| !(day.is_finite() && low.is_finite() && high.is_finite())) {
        let upper = run.iter().map(|(day, (_, high))| (**day, **high));
        let lower = run.iter().rev().map(|(day, (low, _))| (**day, **low));
        let outline: Vec<Point> = upper.chain(lower).collect();
        canvas.draw(scales, &Polygon::new(outline, colour.mix(opacity)));
    }
}

/// The value axis of a panel.
#[derive(Clone, Copy, Debug)]
pub(super) struct ValueAxis<'a> {
    pub(super) ticks: &'a [Tick],
    pub(super) unit: &'a str,
    /// Whether unit and labels stand beside it.
    pub(super) is_labelled: bool,
}

/// How panels are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panels {
    columns: usize,
    rows: usize,
}

impl Panels {
    /// So many panels on a picture of this width in pixels.
    pub(super) fn new(count: usize, width: f64) -> Self {
        let count = count.max(1);
        let most = if count <= 4 { count } else { 3 };
        let columns = ((width - 60.0) / NARROWEST).clamp(1.0, most as f64) as usize;
        Self { columns, rows: count.div_ceil(columns) }
    }

    /// Fewer of them side by side, but at least two, where names as wide as this in pixels would have no room above them.
    pub(super) fn with_names(self, count: usize, (width, widest): (f64, f64)) -> Self {
        let has_room = |columns: &usize| (width - 100.0) / *columns as f64 - GAP >= widest;
        let columns = (2..=self.columns).rev().find(has_room).unwrap_or(self.columns.min(2));
        Self { columns, rows: count.max(1).div_ceil(columns) }
    }

    /// The size that suits them, with a note and these keys above.
    pub(super) fn size(self, width: u32, note: &str, keys: &[Key]) -> Size {
        let note = if note.is_empty() { 0.0 } else { 1.0 };
        let lines = lines_of_keys(f64::from(width), keys) as f64 - 1.0 + note;
        let panel = if self.rows < 2 { 310.0 } else { 250.0 };
        Size { width, height: (110.0 + lines * LINE + self.rows as f64 * panel) as u32 }
    }

    /// Where the data of a panel is drawn, below `top` and right of the labels of the value axis.
    pub(super) fn area(self, index: usize, whole: Area, top: f64, labels: f64) -> Area {
        let left = MARGIN + labels;
        let width = (whole.right - 36.0 - left - GAP * (self.columns as f64 - 1.0)) / self.columns as f64;
        let height = (whole.bottom - 6.0 - top) / self.rows as f64;
        let left = left + (index % self.columns) as f64 * (width + GAP);
        let top = top + (index / self.columns) as f64 * height;
        Area::new((left, top + LINE + MARK_LABEL), (left + width, top + height - DATE_AXIS))
    }

    /// Writes the name above a panel and draws its value axis, with unit and labels where they are wanted; where the unit ends.
    pub(super) fn heading(canvas: &mut Canvas, scales: &Scales, (name, hue): (&str, Hue), axis: &ValueAxis<'_>) -> f64 {
        let area = scales.area;
        let face = Face::bold(LABEL);
        let name = face.fit(name, area.width());
        canvas.text((area.left, area.top - MARK_LABEL - 4.0), &name, Letters::new(face, hue.text));
        value_axis(canvas, scales, axis.ticks, axis.is_labelled);
        if !axis.is_labelled {
            return 0.0;
        }
        let unit = LABEL_FACE.fit(axis.unit, area.width() / 2.0);
        canvas.text((MARGIN, area.top - 8.0), &unit, Letters::new(LABEL_FACE, MUTED));
        MARGIN + LABEL_FACE.width(&unit)
    }

    /// The range of a value axis that shows all values and 0, with some room beyond them.
    pub(super) fn values(values: impl Iterator<Item = f64>) -> Range {
        let data = Range::of(values.chain([0.0]));
        let room = ROOM * data.length();
        Range::new(if data.low < 0.0 { data.low - room } else { 0.0 }, data.high + room)
    }

    /// Whether the value axis is labelled at this panel.
    pub(super) fn is_first_of_row(self, index: usize) -> bool {
        index.is_multiple_of(self.columns)
    }

    /// How far its dates may stand out.
    pub(super) fn slack(self) -> f64 {
        if self.columns == 1 { 25.0 } else { GAP / 2.0 - 7.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_four_panels_are_side_by_side_and_more_in_rows_of_three() {
        let columns = |count: usize, width: f64| Panels::new(count, width).columns;
        assert_eq!([0, 1, 2, 4, 5, 9].map(|count| columns(count, 800.0)), [1, 1, 2, 4, 3, 3]);
        assert_eq!(columns(3, 390.0), 1);
        let height = |count: usize| Panels::new(count, 800.0).size(800, "", &[]).height;
        assert!(height(5) > height(3));
    }
}
