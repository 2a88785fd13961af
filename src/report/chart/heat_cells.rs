//! The cells of a heat map: where they are, and how they and their frames are drawn.

use plotters::style::text_anchor::HPos;

use super::super::drawing::canvas::{Area, Canvas, Letters, Pen};
use super::super::drawing::frame::{SMALL_FACE, hatched};
use super::super::drawing::lettering::Face;
use super::super::drawing::theme::{INK, SMALL, heat};

/// Between cells, which is where frames are.
pub(super) const GAP: f64 = 4.0;
pub(super) const FRAME: Pen = Pen::solid(INK, 2.25);
/// Around cells that are framed together.
const OUTLINE: Pen = Pen::solid(INK, 3.0);

/// Where the cells of a panel are.
pub(super) struct Layout {
    pub(super) area: Area,
    /// Width and height of a cell with its gap.
    pub(super) cell: (f64, f64),
}

impl Layout {
    /// The cell with its gap.
    pub(super) fn cell(&self, down: usize, across: usize) -> Area {
        let (width, height) = self.cell;
        let (left, top) = (self.area.left + across as f64 * width, self.area.top + down as f64 * height);
        Area::new((left, top), (left + width, top + height))
    }

    pub(super) fn gap(&self) -> f64 {
        GAP.min(0.2 * self.cell.0.min(self.cell.1))
    }
}

/// A cell with its value.
pub(super) struct Cell {
    pub(super) area: Area,
    pub(super) gap: f64,
    pub(super) value: f64,
    pub(super) is_framed: bool,
}

impl Cell {
    /// Draws it in the colour of this step, with its number; hatched if there is none.
    pub(super) fn draw(&self, canvas: &mut Canvas, step: Option<usize>, text: &str) {
        let Area { left, top, right, bottom } = self.area;
        let half = self.gap / 2.0;
        let inner = Area::new((left + half, top + half), (right - half, bottom - half));
        let colour = match step {
            Some(step) => {
                let (colour, letters) = heat(step);
                canvas.rectangle(inner, colour, 1.0);
                letters
            }
            None => {
                hatched(canvas, inner);
                INK
            }
        };
        if !self.value.is_nan() {
            let face = if self.is_framed { Face::bold(SMALL) } else { SMALL_FACE };
            let letters = Letters::new(face, colour).anchored(HPos::Center);
            canvas.text(((left + right) / 2.0, (top + bottom) / 2.0 + 0.36 * SMALL), text, letters);
        }
    }
}

/// Draws the sides of a cell that are not towards neighbours in the same frame: above, below, at the left, at the right.
pub(super) fn outline(canvas: &mut Canvas, Area { left, top, right, bottom }: Area, neighbours: [bool; 4]) {
    // A little longer than the cell, so that corners are closed.
    let half = OUTLINE.width / 2.0;
    let sides = [
        [(left - half, top), (right + half, top)],
        [(left - half, bottom), (right + half, bottom)],
        [(left, top - half), (left, bottom + half)],
        [(right, top - half), (right, bottom + half)],
    ];
    for (side, _) in sides.iter().zip(neighbours).filter(|(_, is_neighbour)| !is_neighbour) {
        canvas.line(side, OUTLINE);
    }
}
