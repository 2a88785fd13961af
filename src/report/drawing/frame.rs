//! What stands around the data of a chart: title, keys, axes, marks.
//!
//! Meshes of plotters do not serve here: their labels leave what is cut at the edges to the reader and know no second line of
//! months, and their round values come from logarithms, whose last bit depends on the platform.

use jiff::civil::Date;
use plotters::style::text_anchor::HPos;

use super::axis::{Range, Scales, Tick, round_ticks};
use super::calendar::{date_ticks, month_ticks};
use super::canvas::{Area, Canvas, Letters, Pen, Point};
use super::lettering::Face;
use super::theme::{AXIS, Colour, GRID, INK, LABEL, LINE, MARGIN, MUTED, SMALL, TITLE, WHITE};

pub(crate) const LABEL_FACE: Face = Face::regular(LABEL);
pub(crate) const SMALL_FACE: Face = Face::regular(SMALL);
/// What letters of this size must be lowered by to be centred on a line.
const HALF_DIGIT: f64 = 0.36;
/// Height that dates and months take below a panel.
pub(crate) const DATE_AXIS: f64 = 42.0;

/// What a colour or a line in the chart stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) swatch: Swatch,
    pub(crate) label: String,
    /// The number of the strategy that it stands for, if it does.
    pub(crate) strategy: Option<usize>,
}

/// A sample of what a key explains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Swatch {
    Line(Pen),
    Upright(Pen),
    Block(Colour, f64),
    Frame(Pen),
    /// A dot on a whisker.
    Dot(Colour),
    /// What has no value.
    Hatched,
    /// Words alone.
    None,
}

impl Key {
    pub(crate) fn new(swatch: Swatch, label: impl Into<String>) -> Self {
        Self { swatch, label: label.into(), strategy: None }
    }

    /// Goes when the strategy with this number is hidden.
    pub(crate) fn of_strategy(self, slot: usize) -> Self {
        Self { strategy: Some(slot), ..self }
    }

    /// Draws it below `y`, as far as `right`.
    fn draw(&self, canvas: &mut Canvas, (x, y): Point, right: f64) {
        swatch(canvas, (x, y + LINE / 2.0), self.swatch);
        let indent = self.indent();
        let label = SMALL_FACE.fit(&self.label, right - x - indent);
        canvas.text((x + indent, y + LINE / 2.0 + SMALL * HALF_DIGIT), &label, Letters::new(SMALL_FACE, MUTED));
    }

    fn width(&self) -> f64 {
        self.indent() + SMALL_FACE.width(&self.label)
    }

    /// Width of the sample and of what is between it and the words.
    fn indent(&self) -> f64 {
        if self.swatch == Swatch::None { 0.0 } else { 26.0 }
    }
}

/// Writes title and, smaller, subtitle; gives the line below them.
pub(crate) fn heading(canvas: &mut Canvas, title: &str, subtitle: &str) -> f64 {
    let room = canvas.area().width() - 2.0 * MARGIN;
    let mut y = MARGIN;
    for line in Face::bold(TITLE).wrap(title, room, 2) {
        y += TITLE * 1.15;
        canvas.text((MARGIN, y - 4.0), &line, Letters::new(Face::bold(TITLE), INK));
    }
    if !subtitle.is_empty() {
        for line in LABEL_FACE.wrap(subtitle, room, 3) {
            y += LINE;
            canvas.text((MARGIN, y), &line, Letters::new(LABEL_FACE, MUTED));
        }
    }
    y + 6.0
}

/// Height that [`heading`] takes on a picture of this width.
pub(crate) fn heading_height(width: f64, title: &str, subtitle: &str) -> f64 {
    let room = width - 2.0 * MARGIN;
    let lines = |face: Face, text: &str, most| if text.is_empty() { 0.0 } else { face.wrap(text, room, most).len() as f64 };
    MARGIN + TITLE * 1.15 * lines(Face::bold(TITLE), title, 2) + LINE * lines(LABEL_FACE, subtitle, 3) + 6.0
}

/// Writes text in a panel so that lines behind it do not run through its letters.
pub(crate) fn label(canvas: &mut Canvas, at: Point, text: &str, letters: Letters) {
    let width = letters.face.width(text);
    let left = match letters.anchor {
        HPos::Left => at.0,
        HPos::Center => at.0 - width / 2.0,
        HPos::Right => at.0 - width,
    };
    let size = letters.face.size;
    let behind = Area::new((left - 3.0, at.1 - 0.9 * size), (left + width + 3.0, at.1 + 0.3 * size));
    canvas.rectangle(behind, WHITE, 0.85);
    canvas.text(at, text, letters);
}

/// Writes the name above a row of data as wide as `area`, and words at its right; the name has the room that they leave it.
pub(crate) fn row_heading(canvas: &mut Canvas, (area, baseline): (Area, f64), name: (&str, Letters), words: &str) {
    let (name, letters) = name;
    let name = letters.face.fit(name, area.width() - SMALL_FACE.width(words) - 16.0);
    label(canvas, (area.left, baseline), &name, letters);
    label(canvas, (area.right, baseline), words, Letters::new(SMALL_FACE, MUTED).anchored(HPos::Right));
}

/// Writes keys side by side, in as many lines as they need; gives the line below them.
pub(crate) fn keys(canvas: &mut Canvas, top: f64, keys: &[Key]) -> f64 {
    let right = canvas.area().right - MARGIN;
    let (mut x, mut y) = (MARGIN, top);
    for key in keys {
        if x > MARGIN && x + key.width() > right {
            (x, y) = (MARGIN, y + LINE);
        }
        match key.strategy {
            Some(slot) => canvas.strategy(slot, |canvas| key.draw(canvas, (x, y), right)),
            None => key.draw(canvas, (x, y), right),
        }
        x += key.width() + 18.0;
    }
    if keys.is_empty() { y } else { y + LINE + 4.0 }
}

/// Lines that [`keys`] takes on a picture of this width.
pub(crate) fn lines_of_keys(width: f64, keys: &[Key]) -> usize {
    let (mut x, mut lines) = (MARGIN, 1);
    for key in keys {
        if x > MARGIN && x + key.width() > width - MARGIN {
            (x, lines) = (MARGIN, lines + 1);
        }
        x += key.width() + 18.0;
    }
    lines
}

/// Draws a sample 20 pixels wide, with its left end in the middle at `at`.
pub(crate) fn swatch(canvas: &mut Canvas, (x, y): Point, swatch: Swatch) {
    match swatch {
        Swatch::Line(pen) => canvas.line(&[(x, y), (x + 20.0, y)], pen),
        Swatch::Upright(pen) => canvas.line(&[(x + 10.0, y - 7.0), (x + 10.0, y + 7.0)], pen),
        Swatch::Block(colour, opacity) => {
            canvas.rectangle(Area { left: x, top: y - 6.0, right: x + 20.0, bottom: y + 6.0 }, colour, opacity);
        }
        Swatch::Frame(pen) => frame(canvas, Area::new((x + 1.0, y - 6.0), (x + 19.0, y + 6.0)), pen),
        Swatch::Dot(colour) => {
            let pen = Pen::solid(colour, 2.0);
            canvas.line(&[(x + 1.0, y), (x + 19.0, y)], pen);
            for end in [x + 1.0, x + 19.0] {
                canvas.line(&[(end, y - 4.0), (end, y + 4.0)], pen);
            }
            canvas.disc((x + 10.0, y), 4.0, colour);
        }
        Swatch::None => {}
        Swatch::Hatched => hatched(canvas, Area::new((x, y - 6.0), (x + 20.0, y + 6.0))),
    }
}

/// Draws a line around an area.
pub(crate) fn frame(canvas: &mut Canvas, area: Area, pen: Pen) {
    let Area { left, top, right, bottom } = area;
    // Half way along a side, where the two ends of the line meet, no corner shows a notch.
    let middle = (left + right) / 2.0;
    canvas.line(&[(middle, top), (right, top), (right, bottom), (left, bottom), (left, top), (middle, top)], pen);
}

/// Fills an area with slanted lines: it has no value.
pub(crate) fn hatched(canvas: &mut Canvas, area: Area) {
    const STEP: f64 = 6.0;
    canvas.rectangle(area, GRID, 0.5);
    let (width, height) = (area.width(), area.bottom - area.top);
    let mut along = STEP;
    while along < width + height {
        let from = (area.left + along.min(width), area.top + (along - width).max(0.0));
        let until = (area.left + (along - height).max(0.0), area.top + along.min(height));
        canvas.line(&[from, until], Pen::solid(AXIS, 0.75));
        along += STEP;
    }
}

/// Draws lines across the panel at `ticks`, with their labels at the left if they are wanted.
pub(crate) fn value_axis(canvas: &mut Canvas, scales: &Scales, ticks: &[Tick], labelled: bool) {
    let area = scales.area;
    for tick in ticks {
        let y = scales.place_y(tick.at);
        canvas.line(&[(area.left, y), (area.right, y)], Pen::solid(GRID, 1.0));
        if labelled {
            let letters = Letters::new(LABEL_FACE, MUTED).anchored(HPos::Right);
            canvas.text((area.left - 8.0, y + LABEL * HALF_DIGIT), &tick.label, letters);
        }
    }
}

/// Height that values and their unit take below a panel.
pub(crate) const BOTTOM_AXIS: f64 = 40.0;

/// Draws lines down the panel at round values, their labels below it, and the unit below them.
pub(crate) fn bottom_axis(canvas: &mut Canvas, scales: &Scales, unit: &str) {
    let area = scales.area;
    for tick in ticks_across(scales.x, area.width()) {
        let x = scales.place_x(tick.at);
        canvas.line(&[(x, area.top), (x, area.bottom)], Pen::solid(GRID, 1.0));
        let width = LABEL_FACE.width(&tick.label);
        let centre = clamped(x, area.left - MARGIN + width / 2.0, area.right + MARGIN - width / 2.0);
        canvas.text((centre, area.bottom + 17.0), &tick.label, Letters::new(LABEL_FACE, INK).anchored(HPos::Center));
    }
    canvas.line(&[(area.left, area.bottom), (area.right, area.bottom)], Pen::solid(AXIS, 1.0));
    let unit = SMALL_FACE.fit(unit, area.width());
    canvas.text((area.right, area.bottom + 33.0), &unit, Letters::new(SMALL_FACE, MUTED).anchored(HPos::Right));
}

/// As many round values as have room side by side.
fn ticks_across(values: Range, width: f64) -> Vec<Tick> {
    let fits = |ticks: &Vec<Tick>| {
        let widest = ticks.iter().map(|tick| LABEL_FACE.width(&tick.label)).fold(0.0, f64::max);
        (widest + 16.0) * ticks.len() as f64 <= width + 2.0 * MARGIN
    };
    (1..=8).rev().map(|wanted| round_ticks(values, wanted)).find(fits).unwrap_or_default()
}

/// Room that the labels of a value axis take at the left of a panel.
pub(crate) fn value_axis_width(ticks: &[Tick]) -> f64 {
    ticks.iter().map(|tick| LABEL_FACE.width(&tick.label)).fold(0.0, f64::max) + 8.0
}

/// Dates below a panel, and months since the start below them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DateAxis {
    pub(crate) start: Date,
    /// How far labels may stand out at the left and at the right.
    pub(crate) slack: f64,
    /// Whether dates have thin lines through the panel.
    pub(crate) grid: bool,
}

impl DateAxis {
    pub(crate) fn draw(&self, canvas: &mut Canvas, scales: &Scales) {
        let area = scales.area;
        let bottom = area.bottom;
        canvas.line(&[(area.left, bottom), (area.right, bottom)], Pen::solid(AXIS, 1.0));
        let dates = Letters::new(LABEL_FACE, INK);
        for tick in date_ticks(self.start, scales.x, area.width(), LABEL_FACE) {
            let x = scales.place_x(tick.at);
            if self.grid {
                canvas.line(&[(x, area.top), (x, bottom)], Pen::solid(GRID, 1.0));
            }
            canvas.line(&[(x, bottom), (x, bottom + 5.0)], Pen::solid(AXIS, 1.0));
            canvas.text(
                (self.centre(x, area, dates.face.width(&tick.label)), bottom + 19.0),
                &tick.label,
                dates.anchored(HPos::Center),
            );
        }
        let months = Letters::new(SMALL_FACE, MUTED).anchored(HPos::Center);
        for tick in month_ticks(self.start, scales.x, area.width(), SMALL_FACE) {
            let x = self.centre(scales.place_x(tick.at), area, months.face.width(&tick.label));
            canvas.text((x, bottom + 35.0), &tick.label, months);
        }
    }

    /// A label is centred below its tick, but not beyond the panel and its slack.
    fn centre(&self, x: f64, area: Area, width: f64) -> f64 {
        clamped(x, area.left - self.slack + width / 2.0, area.right + self.slack - width / 2.0)
    }
}

/// Nearest to `x` between two places, or at the second where there is no room between them.
pub(crate) fn clamped(x: f64, from: f64, until: f64) -> f64 {
    x.max(from).min(until)
}

/// Height that the label of a [`Mark`] takes above a panel.
pub(crate) const MARK_LABEL: f64 = 20.0;

/// A day that deserves a line, and the days between which it lies in nine of ten replications.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark<'l> {
    pub(crate) day: f64,
    pub(crate) between: Option<(f64, f64)>,
    pub(crate) label: &'l str,
    /// The label keeps to the right of this.
    pub(crate) left: f64,
}

pub(crate) const MARK: Pen = Pen::dashed(INK, 1.25, (2.0, 2.5));
pub(crate) const MARK_BAND: f64 = 0.09;

impl Mark<'_> {
    /// Draws the pale band, which belongs behind the data.
    pub(crate) fn draw_band(&self, canvas: &mut Canvas, scales: &Scales) {
        if let Some((from, until)) = self.between {
            let (left, right) = (scales.place_x(from), scales.place_x(until));
            if right - left > 1.0 {
                canvas.rectangle(Area { left, right, ..scales.area }, INK, MARK_BAND);
            }
        }
    }

    /// Draws the line, and its label above the panel.
    pub(crate) fn draw_line(&self, canvas: &mut Canvas, scales: &Scales) {
        if !(scales.x.low..=scales.x.high).contains(&self.day) {
            return;
        }
        let area = scales.area;
        let x = scales.place_x(self.day);
        canvas.line(&[(x, area.top - 4.0), (x, area.bottom)], MARK);
        let width = SMALL_FACE.width(self.label);
        let centre = clamped(x, area.left.max(self.left) + width / 2.0, area.right - width / 2.0);
        let letters = Letters::new(SMALL_FACE, INK).anchored(HPos::Center);
        canvas.text((centre, area.top - 8.0), self.label, letters);
    }
}
