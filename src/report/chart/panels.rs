//! Panels: one for each strategy or quantity, side by side as far as there is room.

use std::borrow::Cow;

use plotters::element::Polygon;
use plotters::style::Color as _;
use plotters::style::text_anchor::HPos;

use super::super::drawing::axis::{Range, RoundAxis, Scales, Tick};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Point, Size};
use super::super::drawing::frame::{
    BOTTOM_AXIS, DATE_AXIS, Key, LABEL_FACE, MARK_LABEL, SMALL_FACE, axis_across, bottom_axis, clamped, keys, label,
    value_axis,
};
use super::super::drawing::lettering::Face;
use super::super::drawing::theme::{Colour, Dash, Hue, INK, LABEL, LINE, MARGIN, MUTED};
use super::Heading;

/// A panel narrower than this has no room for its dates.
const NARROWEST: f64 = 180.0;
/// Between two panels.
const GAP: f64 = 40.0;
/// Letters of the name above a panel, and lines that it may take.
const NAME: Face = Face::bold(LABEL);
const NAME_LINES: usize = 2;

/// What is drawn, or nothing in a single panel where there is none.
pub(super) fn one_at_least<'p, P>(panels: &'p [P], nothing: &'p P) -> &'p [P] {
    if panels.is_empty() { std::slice::from_ref(nothing) } else { panels }
}

/// Dashes of a line that coincides with others: how many are drawn below it, and how many there are in all. Each shows.
pub(super) fn shared_dash(below: usize, all: usize) -> Option<Dash> {
    const DASH: f64 = 8.0;
    (below > 0).then(|| (DASH * (all - below) as f64, DASH * below as f64))
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
    /// Lines that the names above them may take.
    name_lines: usize,
}

impl Panels {
    /// Panels with these names on a picture of this width in pixels.
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>, width: f64) -> Self {
        let names: Vec<&str> = names.collect();
        let count = names.len().max(1);
        let most = if count <= 4 { count } else { 3 };
        let columns = ((width - 60.0) / NARROWEST).clamp(1.0, most as f64) as usize;
        // As few rows as there must be, and these as even as they can be.
        let columns = count.div_ceil(count.div_ceil(columns));
        let panel = (width - 100.0) / columns as f64 - if columns > 1 { GAP } else { 0.0 };
        let name_lines = names.iter().map(|name| NAME.wrap(name, panel, NAME_LINES).len()).max().unwrap_or(1);
        Self { columns, rows: count.div_ceil(columns), name_lines }
    }

    /// Height of the names above the panels.
    fn names(self) -> f64 {
        LINE * self.name_lines as f64
    }

    /// The size that suits them, with what stands above.
    pub(super) fn size(self, width: u32, heading: &Heading, keys: &[Key]) -> Size {
        let panel = if self.rows < 2 { 330.0 } else { 260.0 };
        let panel = panel + self.names() - LINE;
        Size { width, height: (heading.height(width, keys) + self.rows as f64 * panel + 6.0).ceil() as u32 }
    }

    /// Where the data of a panel is drawn, below `top` and right of the labels of the value axis.
    pub(super) fn area(self, index: usize, whole: Area, top: f64, labels: f64) -> Area {
        let left = MARGIN + labels;
        let width = (whole.right - 36.0 - left - GAP * (self.columns as f64 - 1.0)) / self.columns as f64;
        let height = (whole.bottom - 6.0 - top) / self.rows as f64;
        let left = left + (index % self.columns) as f64 * (width + GAP);
        let top = top + (index / self.columns) as f64 * height;
        Area::new((left, top + self.names() + MARK_LABEL), (left + width, top + height - DATE_AXIS))
    }

    /// Writes the name above a panel and draws its value axis, with unit and labels where they are wanted; where the unit ends.
    pub(super) fn heading(
        self,
        canvas: &mut Canvas,
        scales: &Scales,
        (name, hue): (&str, Hue),
        axis: &ValueAxis<'_>,
    ) -> f64 {
        let area = scales.area;
        let lines = NAME.wrap(name, area.width(), self.name_lines);
        let first = area.top - MARK_LABEL - 4.0 - LINE * lines.len().saturating_sub(1) as f64;
        for (index, line) in lines.iter().enumerate() {
            canvas.text((area.left, first + LINE * index as f64), line, Letters::new(NAME, hue.text));
        }
        Self::axis(canvas, scales, axis)
    }

    /// Draws the value axis of a panel, with unit and labels where they are wanted; where the unit ends.
    pub(super) fn axis(canvas: &mut Canvas, scales: &Scales, axis: &ValueAxis<'_>) -> f64 {
        let area = scales.area;
        value_axis(canvas, scales, axis.ticks, axis.is_labelled);
        if !axis.is_labelled {
            return 0.0;
        }
        let unit = LABEL_FACE.fit(axis.unit, area.width() / 2.0);
        canvas.text((MARGIN, area.top - 12.0), &unit, Letters::new(LABEL_FACE, MUTED));
        MARGIN + LABEL_FACE.width(&unit)
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

/// From one line of the title of a panel to the next.
const TITLE_LINE: f64 = 17.0;
/// Lines that the title of a panel may take.
const TITLE_LINES: usize = 2;
/// Between panels below each other.
const GAP_DOWN: f64 = 12.0;

/// Panels, each with its own axes and height, side by side as far as there is room.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    columns: usize,
    count: usize,
    /// Of a panel.
    width: f64,
    /// Of the rows of panels.
    heights: Vec<f64>,
}

impl Grid {
    /// Returns this many panels on a picture of this width in pixels, none narrower than this; `height` suits a width.
    pub(super) fn new(count: usize, (whole, narrowest): (f64, f64), height: impl Fn(usize, f64) -> f64) -> Self {
        let room = whole - 2.0 * MARGIN;
        let most = ((room + GAP) / (narrowest + GAP)).clamp(1.0, count.max(1) as f64) as usize;
        // As few rows as there must be, and these as even as they can be.
        let columns = count.max(1).div_ceil(count.max(1).div_ceil(most));
        let width = (room - GAP * (columns as f64 - 1.0)) / columns as f64;
        let indices: Vec<usize> = (0..count).collect();
        let highest = |row: &[usize]| row.iter().map(|index| height(*index, width)).fold(0.0, f64::max) + GAP_DOWN;
        Self { columns, count, width, heights: indices.chunks(columns).map(highest).collect() }
    }

    /// Height that suits them all.
    pub(super) fn height(&self) -> f64 {
        self.heights.iter().sum()
    }

    /// Where each panel is, below `top`: what is more or less than the best height is shared out among the rows.
    pub(super) fn areas(&self, whole: Area, top: f64) -> Vec<Area> {
        let stretch = (whole.bottom - top).max(1.0) / self.height().max(1.0);
        let mut areas = Vec::with_capacity(self.count);
        let mut y = top;
        for (row, height) in self.heights.iter().enumerate() {
            let bottom = y + height * stretch;
            for column in 0..self.columns.min(self.count - row * self.columns) {
                let left = MARGIN + column as f64 * (self.width + GAP);
                areas.push(Area::new((left, y), (left + self.width, bottom - GAP_DOWN)));
            }
            y = bottom;
        }
        areas
    }
}

/// Height of the words above the line that the values of [`Rows`] are seen from.
const WORDS: f64 = 20.0;

/// A panel with rows below each other, one for each factor, above an axis that they share.
pub(super) trait Rows {
    /// A panel narrower than this has no room for its labels.
    const NARROWEST: f64;
    /// Rows that are shown at most.
    const MOST_ROWS: usize;

    /// What stands above the panel.
    fn title(&self) -> &str;
    /// Rows that there are, shown or not.
    fn count(&self) -> usize;
    /// Height that suits the rows that are shown.
    fn rows_height(&self) -> f64;
    /// Draws the panel.
    fn draw(&self, canvas: &mut Canvas, area: Area);

    /// The note of a chart of such panels, and how many rows are shown if that is not all.
    fn note<'h>(panels: &[Self], heading: &'h Heading) -> Cow<'h, str>
    where
        Self: Sized,
    {
        let most = panels.iter().map(Self::count).max().unwrap_or(0);
        if most <= Self::MOST_ROWS {
            return Cow::Borrowed(&heading.note);
        }
        let shown = format!("The first {} of {most} factors", Self::MOST_ROWS);
        let both = [&heading.note, &shown].into_iter().filter(|text| !text.is_empty());
        Cow::Owned(both.map(|text| text.trim_end_matches('.')).collect::<Vec<_>>().join(". "))
    }

    /// The size that suits a chart of such panels, with these keys above.
    fn size_of(panels: &[Self], heading: &Heading, width: u32, keys: &[Key]) -> Size
    where
        Self: Sized,
    {
        let top = heading.clone().with_note(Self::note(panels, heading)).height(width, keys);
        Size { width, height: (top + 10.0 + grid(panels, f64::from(width)).height()).ceil() as u32 }
    }

    /// Draws all panels, below the keys.
    fn draw_all(panels: &[Self], canvas: &mut Canvas, top: f64, of_marks: &[Key])
    where
        Self: Sized,
    {
        let top = keys(canvas, top, of_marks);
        let areas = grid(panels, canvas.area().width()).areas(canvas.area(), top);
        for (panel, area) in panels.iter().zip(areas) {
            panel.draw(canvas, area);
        }
    }

    /// Writes the title and draws the axis of a range with its unit; where the values of the rows are, with room for these
    /// labels beside them.
    fn axis(&self, canvas: &mut Canvas, area: Area, (x, unit): (Range, &str), labels: &[Beside]) -> Scales {
        let top = panel_title(canvas, area, self.title()) + WORDS;
        let RoundAxis { range: x, ticks } = axis_across(x, (1.0 - 2.0 * MOST_BESIDE) * area.width(), 1.0);
        let (left, right) = room_beside(area.width() - 12.0, x, labels);
        let plot = Area::new((area.left + 6.0 + left, top), (area.right - 6.0 - right, area.bottom - BOTTOM_AXIS));
        let scales = Scales { area: plot, x, y: Range::new(0.0, 1.0) };
        bottom_axis(canvas, &scales, &ticks, unit);
        scales
    }

    /// Shares the height of the plot out among rows of these heights.
    fn lanes(&self, scales: &Scales, area: Area, heights: impl Iterator<Item = f64>) -> Vec<Area> {
        let stretch = (scales.area.bottom - scales.area.top) / self.rows_height();
        let mut y = scales.area.top;
        let lane = |height: f64| {
            let top = y;
            y += height * stretch;
            Area { top, bottom: y, ..area }
        };
        heights.map(lane).collect()
    }
}

fn grid<P: Rows>(panels: &[P], width: f64) -> Grid {
    Grid::new(panels.len(), (width, P::NARROWEST), |index, width| {
        panel_title_height(panels[index].title(), width) + WORDS + panels[index].rows_height() + BOTTOM_AXIS
    })
}

/// Writes words above a line that goes up from the plot, within the panel.
pub(super) fn words_above(canvas: &mut Canvas, scales: &Scales, area: Area, (x, words): (f64, &str)) {
    let words = SMALL_FACE.fit(words, area.width());
    let half = SMALL_FACE.width(&words) / 2.0;
    let centre = clamped(x, area.left + half, area.right - half);
    canvas.text((centre, scales.area.top - 8.0), &words, Letters::new(SMALL_FACE, INK).anchored(HPos::Center));
}

/// Share of the width of a panel that labels beside its values take at most on either side.
const MOST_BESIDE: f64 = 0.3;

/// A label beside a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside {
    pub(super) value: f64,
    pub(super) is_right: bool,
    /// Its length in pixels, with the gap before it.
    pub(super) length: f64,
}

impl Beside {
    /// Writes the label in the middle of `y`, this far from its value, and cut at the edges of the panel.
    pub(super) fn draw(
        self,
        canvas: &mut Canvas,
        scales: &Scales,
        (area, y, space): (Area, f64, f64),
        (text, colour): (&str, Colour),
    ) {
        let x = scales.place_x(self.value);
        let (x, room, anchor) = if self.is_right {
            (x + space, area.right - x - space, HPos::Left)
        } else {
            (x - space, x - space - area.left, HPos::Right)
        };
        let letters = Letters::new(SMALL_FACE, colour).anchored(anchor);
        label(canvas, (x, y + 0.36 * SMALL_FACE.size), &SMALL_FACE.fit(text, room), letters);
    }
}

/// Room at the left and at the right of the plot in a panel of this width, so that all labels beside values have theirs.
pub(super) fn room_beside(width: f64, range: Range, labels: &[Beside]) -> (f64, f64) {
    const ROUNDS: usize = 8;
    let most = MOST_BESIDE * width;
    let (mut left, mut right): (f64, f64) = (0.0, 0.0);
    // Room on one side moves the values of the other.
    for _ in 0..ROUNDS {
        let plot = width - left - right;
        for label in labels.iter().filter(|label| label.value.is_finite()) {
            let place = ((label.value - range.low) / range.length()).clamp(0.0, 1.0) * plot;
            if label.is_right {
                right = right.max(place + label.length - plot).min(most);
            } else {
                left = left.max(label.length - place).min(most);
            }
        }
    }
    (left, right)
}

/// Writes the title at the top of a panel; gives the line below it.
pub(super) fn panel_title(canvas: &mut Canvas, area: Area, title: &str) -> f64 {
    let face = Face::bold(LABEL);
    let mut y = area.top;
    for line in face.wrap(title, area.width(), TITLE_LINES).iter().filter(|line| !line.is_empty()) {
        y += TITLE_LINE;
        canvas.text((area.left, y - 4.0), line, Letters::new(face, INK));
    }
    y
}

/// Height that [`panel_title`] takes in a panel of this width.
pub(super) fn panel_title_height(title: &str, width: f64) -> f64 {
    let lines = Face::bold(LABEL).wrap(title, width, TITLE_LINES);
    TITLE_LINE * lines.iter().filter(|line| !line.is_empty()).count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_beside_values_have_room() {
        let label = |value: f64, is_right: bool| Beside { value, is_right, length: 50.0 };
        let range = Range::new(0.0, 10.0);
        let (left, right) = room_beside(400.0, range, &[label(10.0, true), label(1.0, false), label(f64::NAN, false)]);
        let plot = 400.0 - left - right;
        assert!((right - 50.0).abs() < 0.1 && left + 0.1 * plot >= 49.0 && left < 50.0, "{left} {right}");
        assert_eq!(room_beside(400.0, range, &[label(5.0, true), label(5.0, false)]), (0.0, 0.0));
        assert_eq!(room_beside(100.0, range, &[label(10.0, true)]), (0.0, MOST_BESIDE * 100.0));
    }

    #[test]
    fn a_grid_has_even_rows_and_fills_its_room() {
        let columns = |count: usize, width: f64| Grid::new(count, (width, 225.0), |_, _| 100.0).columns;
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|count| columns(count, 800.0)), [1, 1, 2, 3, 2, 3, 3]);
        assert_eq!(columns(4, 390.0), 1);
        let grid = Grid::new(3, (800.0, 300.0), |index, _| 100.0 + index as f64);
        assert!((grid.height() - (101.0 + 102.0 + 2.0 * GAP_DOWN)).abs() < 1e-9);
        let whole = Area::new((0.0, 0.0), (800.0, 50.0 + 2.0 * grid.height()));
        let areas = grid.areas(whole, 50.0);
        assert!((areas[2].bottom + GAP_DOWN - whole.bottom).abs() < 1e-9 && areas[1].left > areas[0].right);
    }

    #[test]
    fn up_to_four_panels_are_side_by_side_and_more_in_rows_of_three() {
        let panels = |count: usize, width: f64| Panels::new(std::iter::repeat_n("BOT", count), width);
        let columns = |count: usize, width: f64| panels(count, width).columns;
        assert_eq!([0, 1, 2, 4, 5, 9].map(|count| columns(count, 800.0)), [1, 1, 2, 4, 3, 3]);
        assert_eq!(columns(3, 390.0), 1);
        let height = |count: usize| panels(count, 800.0).size(800, &Heading::default(), &[]).height;
        assert!(height(5) > height(3));
    }
}
