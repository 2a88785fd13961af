//! What a goal asks of a quantity: a level up to the day on which it is due, with the shares that meet it.

use super::super::drawing::axis::Scales;
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Point};
use super::super::drawing::frame::SMALL_FACE;
use super::super::drawing::lettering::Face;
use super::super::drawing::place::Obstacles;
use super::super::drawing::theme::{self, Colour, INK, SMALL, WHITE};
use super::super::escape::one_line;

const LEVEL: Pen = Pen::solid(INK, 1.25);
const DOT: f64 = 4.0;
/// Between the level and its label.
const GAP: f64 = 7.0;
/// From one line of the label to the next.
const STEP: f64 = 15.0;
/// From one place for a label to the next along the level.
const ALONG: f64 = 12.0;
/// Steps in which the whole panel is searched for a place.
const EVERYWHERE: u8 = 8;
const NAME: Face = Face::bold(SMALL);
/// Between two shares.
const BETWEEN: f64 = 6.0;
/// Share of the length of a name that a line of two may take.
const HALF: f64 = 0.62;
/// A level this many times as high as all data is not drawn: a label says that it is beyond the chart.
const FAR: f64 = 1.6;

/// A goal, or a budget.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    /// What it is called.
    pub name: String,
    /// The level, in the unit of the chart.
    pub level: f64,
    /// The day on which it is due.
    pub due_day: f64,
    /// The share of the simulations in which it is met, as text, by the number of each strategy.
    pub met: Vec<(usize, String)>,
}

/// A piece of a line of a label.
struct Piece {
    text: String,
    colour: Colour,
    slot: Option<usize>,
}

impl Target {
    /// Whether it is near enough to data up to this value to be drawn on the same axis.
    pub(super) fn is_near(&self, highest: f64) -> bool {
        self.level.is_finite() && (highest <= 0.0 || self.level <= FAR * highest)
    }

    /// The words for it where it cannot be drawn.
    pub(super) fn words(&self, name_of: impl Fn(usize) -> String) -> String {
        let met: Vec<String> = self.met.iter().map(|(slot, share)| format!("{} {share}", name_of(*slot))).collect();
        format!("\"{}\" is met in: {}", self.name, met.join(", "))
    }

    /// Draws the level up to the day on which it is due, if the axis shows it.
    pub(super) fn draw_level(&self, canvas: &mut Canvas, scales: &Scales, obstacles: &mut Obstacles) {
        let (x, y) = scales.place(self.due_day, self.level);
        let line = [(scales.area.left, y), (x, y)];
        if self.is_seen(scales) {
            canvas.line(&line, LEVEL);
            canvas.disc((x, y), DOT + 1.5, WHITE);
            canvas.disc((x, y), DOT, INK);
            obstacles.add_line(&line);
            obstacles.add_label(Area::new((x - DOT, y - DOT), (x + DOT, y + DOT)));
        }
    }

    fn is_seen(&self, scales: &Scales) -> bool {
        self.level <= scales.y.high
    }

    /// Writes its name and the shares that meet it, where the panel has room.
    pub(super) fn draw_label(&self, canvas: &mut Canvas, scales: &Scales, obstacles: &mut Obstacles) {
        let area = scales.area;
        let name = match (self.is_seen(scales), self.name.is_empty()) {
            (false, false) => format!("{} (beyond the axis)", self.name),
            (false, true) => "beyond the axis".to_owned(),
            (true, _) => self.name.clone(),
        };
        let met = self.pieces();
        let at = scales.place(self.due_day, self.level);
        let shapes = [(area.width() - 12.0, 1), (NAME.width(&one_line(&name)) * HALF, 2)];
        let shape = |(room, lines): (f64, usize)| NAME.wrap(&name, room.min(area.width() - 12.0), lines);
        let shapes = shapes.map(|shape_of| if name.is_empty() { Vec::new() } else { shape(shape_of) });
        let size = |lines: &Vec<String>| {
            let widest = lines.iter().map(|line| NAME.width(line)).fold(length(&met), f64::max);
            (widest, STEP * (lines.len() + usize::from(!met.is_empty())) as f64)
        };
        let places = shapes.iter().flat_map(|lines| places(area, at, size(lines)));
        let Some(place) = obstacles.best(places, at) else { return };
        let lines = shapes.iter().rev().find(|lines| place.bottom - place.top >= size(lines).1 - 0.5).unwrap_or(&shapes[0]);
        obstacles.add_label(place);
        canvas.rectangle(Area { left: place.left - 3.0, right: place.right + 3.0, ..place }, WHITE, 0.85);
        let mut y = place.top + 12.0;
        for line in lines {
            canvas.text((place.left, y), line, Letters::new(NAME, INK));
            y += STEP;
        }
        let mut left = place.left;
        for piece in met {
            let (at, letters) = ((left, y), Letters::new(SMALL_FACE, piece.colour));
            left += SMALL_FACE.width(&piece.text) + BETWEEN;
            match piece.slot {
                Some(slot) => canvas.strategy(slot, |canvas| canvas.text(at, &piece.text, letters)),
                None => canvas.text(at, &piece.text, letters),
            }
        }
    }

    /// The shares that meet it, each in the colour of its strategy.
    fn pieces(&self) -> Vec<Piece> {
        let share = |(slot, share): &(usize, String)| Piece {
            text: share.clone(),
            colour: theme::strategy(*slot).text,
            slot: Some(*slot),
        };
        let words = self.met.first().map(|_| Piece { text: "met in".to_owned(), colour: INK, slot: None });
        words.into_iter().chain(self.met.iter().map(share)).collect()
    }
}

/// Width of pieces side by side.
fn length(pieces: &[Piece]) -> f64 {
    let widths = pieces.iter().map(|piece| SMALL_FACE.width(&piece.text));
    widths.sum::<f64>() + BETWEEN * pieces.len().saturating_sub(1) as f64
}

/// Where a label of this size could stand: along the level, above it and below it, beyond its end, or somewhere in the panel.
fn places(area: Area, (x, y): Point, (width, height): (f64, f64)) -> Vec<Area> {
    let rows = [y + GAP - 1.0, y - GAP - height, y + GAP + height, y - GAP - 2.0 * height];
    let ends = ((x - width - area.left) / ALONG).clamp(0.0, 100.0) as u32;
    let along = (0..=ends).map(|step| x - width - ALONG * f64::from(step));
    let lefts = along.chain([x + GAP + DOT, x - width / 2.0, area.left + 6.0, area.right - width - 4.0]);
    let beside = [x + GAP + DOT, x - GAP - DOT - width].map(|left| (left, y - height / 2.0));
    let share = |step: u8| f64::from(step) / f64::from(EVERYWHERE);
    let (across, down) = (area.width() - width - 8.0, area.bottom - area.top - height - 8.0);
    let somewhere = (0..=EVERYWHERE).flat_map(|row| (0..=EVERYWHERE).map(move |column| (row, column)));
    let somewhere =
        somewhere.map(|(row, column)| (area.left + 4.0 + share(column) * across, area.top + 4.0 + share(row) * down));
    let all = lefts.flat_map(|left| rows.map(|top| (left, top))).chain(beside).chain(somewhere);
    all.map(|(left, top)| Area::new((left, top), (left + width, top + height))).collect()
}
