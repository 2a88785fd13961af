//! What stands around the data of a chart: title, keys, axes, marks.
//!
//! Meshes of plotters do not serve here: their labels leave what is cut at the edges to the reader and know no second line of
//! months, and their round values come from logarithms, whose last bit depends on the platform.

use jiff::civil::Date;
use plotters::style::text_anchor::HPos;

use super::super::dates::is_month;
use super::axis::{Range, RoundAxis, Scales, Tick};
use super::calendar::{date_ticks, month_ticks};
use super::canvas::{Area, Canvas, Letters, Pen, Point};
use super::lettering::Face;
use super::theme::{AXIS, Colour, GRID, INK, LABEL, LINE, MARGIN, MUTED, SMALL, TITLE, TITLE_NARROW, WHITE};

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

/// Lines that the label of a key may take.
const KEY_LINES: usize = 2;

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
        let mut y = y + LINE / 2.0 + SMALL * HALF_DIGIT;
        for line in self.lines(right - x) {
            canvas.text((x + self.indent(), y), &line, Letters::new(SMALL_FACE, MUTED));
            y += LINE - 3.0;
        }
    }

    /// The lines of its label in so much room; none is longer than a picture is wide.
    fn lines(&self, room: f64) -> Vec<String> {
        SMALL_FACE.wrap(&self.label, room - self.indent(), KEY_LINES)
    }

    fn width(&self) -> f64 {
        self.indent() + SMALL_FACE.width(&self.label)
    }

    /// Width of the sample and of what is between it and the words.
    fn indent(&self) -> f64 {
        if self.swatch == Swatch::None { 0.0 } else { 26.0 }
    }
}

/// Pictures narrower than this have smaller titles, and lists below their panels.
pub(crate) const NARROW: f64 = 560.0;
/// Lines that titles, subtitles and notes may take.
const MOST_LINES: usize = 6;
/// Letters of a unit that stays on the line of its number.
const LONGEST_UNIT: usize = 8;

/// What stands above a chart: the title, and smaller what is drawn and what else a reader must know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Words<'w> {
    pub(crate) title: &'w str,
    pub(crate) subtitle: &'w str,
    pub(crate) note: &'w str,
}

impl Words<'_> {
    /// Each of them with its letters and the distance from line to line.
    fn parts(&self, width: f64) -> [(String, Letters, f64); 3] {
        let size = if width < NARROW { TITLE_NARROW } else { TITLE };
        [
            (glued(self.title), Letters::new(Face::bold(size), INK), 1.2 * size),
            (self.subtitle.to_owned(), Letters::new(LABEL_FACE, MUTED), LINE),
            (self.note.to_owned(), Letters::new(SMALL_FACE, MUTED), LINE - 1.0),
        ]
    }

    /// Writes them; gives the line below them.
    pub(crate) fn draw(&self, canvas: &mut Canvas) -> f64 {
        let width = canvas.area().width();
        let mut y = MARGIN - 4.0;
        for (text, letters, step) in self.parts(width) {
            for line in wrapped(&text, letters, width) {
                y += step;
                canvas.text((MARGIN, y), &line, letters);
            }
        }
        y + 10.0
    }

    /// Height that they take on a picture of this width.
    pub(crate) fn height(&self, width: f64) -> f64 {
        let height = |(text, letters, step): (String, Letters, f64)| step * wrapped(&text, letters, width).len() as f64;
        MARGIN + 6.0 + self.parts(width).into_iter().map(height).sum::<f64>()
    }
}

/// A title in which no line ends between a number and its unit, or within a date.
fn glued(title: &str) -> String {
    let mut words = title.split(' ').peekable();
    let mut glued = String::with_capacity(title.len());
    while let Some(word) = words.next() {
        glued.push_str(word);
        let Some(next) = words.peek() else { break };
        let is_number = word.ends_with(|last: char| last.is_ascii_digit()) && next.len() <= LONGEST_UNIT;
        let is_date = is_month(word) && next.starts_with(|first: char| first.is_ascii_digit());
        let is_amount = ["million", "billion"].contains(&word);
        glued.push(if is_number || is_date || is_amount { '\u{a0}' } else { ' ' });
    }
    glued
}

/// The text in as few lines as it takes; letters as large as those of titles in lines of about the same length.
fn wrapped(text: &str, letters: Letters, width: f64) -> Vec<String> {
    let (face, room) = (letters.face, width - 2.0 * MARGIN);
    if text.is_empty() {
        return Vec::new();
    }
    let lines = |room: f64| face.wrap(text, room, MOST_LINES);
    let count = lines(room).len();
    if !face.bold || count < 2 || count == MOST_LINES {
        return lines(room);
    }
    // Words are no longer than a line, or they would be cut.
    let is_whole = |lines: &[String]| lines.iter().all(|line| !line.ends_with('…'));
    let shares = (0..=10_u8).map(|step| 0.5 + 0.05 * f64::from(step));
    let balanced = shares.map(|share| lines(share * room)).find(|lines| lines.len() == count && is_whole(lines));
    balanced.unwrap_or_else(|| lines(room))
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

/// Share of the width of a row that the words at its right take at most.
const MOST_OF_ROW: f64 = 0.75;

/// Writes the name above a row of data as wide as `area`, and words at its right; the name has the room that they leave it.
pub(crate) fn row_heading(canvas: &mut Canvas, (area, baseline): (Area, f64), name: (&str, Letters), words: &str) {
    let (name, letters) = name;
    let words = SMALL_FACE.fit(words, MOST_OF_ROW * area.width());
    let name = letters.face.fit(name, area.width() - SMALL_FACE.width(&words) - 16.0);
    label(canvas, (area.left, baseline), &name, letters);
    label(canvas, (area.right, baseline), &words, Letters::new(SMALL_FACE, MUTED).anchored(HPos::Right));
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
        y += LINE * (key.lines(right - x).len().max(1) - 1) as f64;
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
        lines += key.lines(width - MARGIN - x).len().max(1) - 1;
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

/// How far labels may stand out of an axis below a panel.
pub(crate) const BESIDE: f64 = 12.0;

/// Draws lines down the panel at `ticks`, their labels below it, and the unit below them.
pub(crate) fn bottom_axis(canvas: &mut Canvas, scales: &Scales, ticks: &[Tick], unit: &str) {
    let area = scales.area;
    for tick in ticks {
        let x = scales.place_x(tick.at);
        canvas.line(&[(x, area.top), (x, area.bottom)], Pen::solid(GRID, 1.0));
        let width = LABEL_FACE.width(&tick.label);
        let centre = clamped(x, area.left - BESIDE + width / 2.0, area.right + BESIDE - width / 2.0);
        canvas.text((centre, area.bottom + 17.0), &tick.label, Letters::new(LABEL_FACE, INK).anchored(HPos::Center));
    }
    canvas.line(&[(area.left, area.bottom), (area.right, area.bottom)], Pen::solid(AXIS, 1.0));
    let unit = SMALL_FACE.fit(unit, area.width());
    canvas.text((area.right, area.bottom + 33.0), &unit, Letters::new(SMALL_FACE, MUTED).anchored(HPos::Right));
}

/// An axis below a panel of this width that holds `data`, with as many round values as have room side by side.
pub(crate) fn axis_across(data: Range, width: f64, factor: f64) -> RoundAxis {
    let fits = |axis: &RoundAxis| {
        let widest = axis.ticks.iter().map(|tick| LABEL_FACE.width(&tick.label)).fold(0.0, f64::max);
        (widest + 16.0) * axis.ticks.len() as f64 <= width + 2.0 * BESIDE
    };
    let axis = |wanted: usize| RoundAxis::new(data, wanted, factor);
    (1..=8).rev().map(axis).find(fits).unwrap_or_else(|| RoundAxis { ticks: Vec::new(), ..axis(1) })
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
        let dates = Letters::new(LABEL_FACE, INK).anchored(HPos::Center);
        let is_readable = |ticks: &[Tick]| self.is_readable(ticks, scales, (LABEL_FACE, 9.0));
        for tick in date_ticks(self.start, scales.x, &is_readable) {
            let x = scales.place_x(tick.at);
            if self.grid {
                canvas.line(&[(x, area.top), (x, bottom)], Pen::solid(GRID, 1.0));
            }
            canvas.line(&[(x, bottom), (x, bottom + 5.0)], Pen::solid(AXIS, 1.0));
            canvas.text((self.centre(&tick, scales, dates.face), bottom + 19.0), &tick.label, dates);
        }
        let months = Letters::new(SMALL_FACE, MUTED).anchored(HPos::Center);
        for tick in month_ticks(self.start, scales.x, &|ticks| self.is_readable(ticks, scales, (SMALL_FACE, 24.0))) {
            canvas.text((self.centre(&tick, scales, months.face), bottom + 35.0), &tick.label, months);
        }
    }

    /// A label is centred below its tick, but not beyond the panel and its slack.
    fn centre(&self, tick: &Tick, scales: &Scales, face: Face) -> f64 {
        let (area, width) = (scales.area, face.width(&tick.label));
        clamped(scales.place_x(tick.at), area.left - self.slack + width / 2.0, area.right + self.slack - width / 2.0)
    }

    /// Whether all labels have room side by side, with so much between them.
    fn is_readable(&self, ticks: &[Tick], scales: &Scales, (face, space): (Face, f64)) -> bool {
        let sides = |tick: &Tick| {
            let (centre, half) = (self.centre(tick, scales, face), face.width(&tick.label) / 2.0);
            (centre - half, centre + half)
        };
        ticks.windows(2).all(|pair| sides(&pair[0]).1 + space <= sides(&pair[1]).0)
    }
}

/// Nearest to `x` between two places, or at the second where there is no room between them.
pub(crate) fn clamped(x: f64, from: f64, until: f64) -> f64 {
    x.max(from).min(until)
}

/// Height that the label of a [`Mark`] takes above a panel.
pub(crate) const MARK_LABEL: f64 = 24.0;

/// A day that deserves a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark<'l> {
    pub(crate) day: f64,
    pub(crate) label: &'l str,
    /// The label keeps to the right of this.
    pub(crate) left: f64,
}

pub(crate) const MARK: Pen = Pen::dashed(INK, 1.25, (2.0, 2.5));

impl Mark<'_> {
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
