//! Labels at the right ends of lines, in their colours: pushed apart so that none covers another.

use super::canvas::{Area, Canvas, Letters, Pen, Point};
use super::lettering::Face;
use super::theme::{Colour, MUTED};

/// Between the end of a line and its label, where leaders are drawn.
const GUTTER: f64 = 16.0;
/// From one line of a label to the next, as a share of the size of its letters.
const LINE: f64 = 1.2;
/// Between two labels below each other.
const APART: f64 = 3.0;
/// A label that is moved by less than this needs no leader.
const NEAR: f64 = 4.0;
/// Lines that a name may take.
const MOST_LINES: usize = 5;
/// What stands between names of the same line.
const SAME: &str = "= ";

/// What a line is called: lines that cannot be distinguished share a label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EndLabel {
    /// Where the line ends.
    pub(crate) at: Point,
    /// One for each line that ends there.
    pub(crate) names: Vec<Name>,
}

/// The name of a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// Of its letters and of its leader.
    pub(crate) colours: (Colour, Colour),
    /// The number of the strategy, if it is one.
    pub(crate) slot: Option<usize>,
}

/// Labels in a separate column.
#[derive(Clone, Debug)]
pub(crate) struct EndLabels {
    face: Face,
    labels: Vec<EndLabel>,
    /// Of the column, with the gutter at its left.
    width: f64,
}

/// A part of a line of a label: its place from the left, and its text.
struct Piece<'l> {
    name: &'l Name,
    left: f64,
    text: String,
    colour: Colour,
}

impl EndLabels {
    /// Labels in a column of at most this many pixels.
    pub(crate) fn new(labels: Vec<EndLabel>, face: Face, most: f64) -> Self {
        let widest = labels.iter().map(|label| label.on_one_line(face)).fold(0.0, f64::max);
        let width = if labels.is_empty() { 0.0 } else { (widest.ceil() + GUTTER).min(most) };
        Self { face, labels, width }
    }

    /// Width that the column takes at the right of the panel.
    pub(crate) fn width(&self) -> f64 {
        self.width
    }

    /// Writes the labels beside the panel.
    pub(crate) fn draw(&self, canvas: &mut Canvas, area: Area) {
        let room = self.width - GUTTER;
        let step = LINE * self.face.size;
        let (top, bottom) = (area.top - step, area.bottom + step / 2.0);
        let height = |most: usize| -> f64 {
            self.labels.iter().map(|label| label.lines(self.face, room, most).len() as f64 * step + APART).sum()
        };
        let most = (1..=MOST_LINES).rev().find(|most| height(*most) <= bottom - top).unwrap_or(1);
        let texts: Vec<Vec<Vec<Piece<'_>>>> = self.labels.iter().map(|label| label.lines(self.face, room, most)).collect();
        let heights: Vec<f64> = texts.iter().map(|lines| lines.len() as f64 * step + APART).collect();
        let ends: Vec<f64> = self.labels.iter().map(|label| label.at.1).collect();
        let centres = spread(&ends, &heights, (top, bottom));
        let left = area.right + GUTTER;
        for ((label, lines), centre) in self.labels.iter().zip(&texts).zip(centres) {
            label.leader(canvas, (left, centre), area.right);
            let first = centre - (lines.len() as f64 / 2.0 - 0.5) * step + 0.36 * self.face.size;
            for (index, line) in lines.iter().enumerate() {
                for piece in line {
                    let at = (left + piece.left, first + index as f64 * step);
                    // Names of strategies stand out from what is no strategy.
                    let letters = Letters::new(Face { bold: piece.name.slot.is_some(), ..self.face }, piece.colour);
                    piece.name.draw(canvas, |canvas| canvas.text(at, &piece.text, letters));
                }
            }
        }
    }
}

impl Name {
    /// Draws what belongs to it, so that a page can hide it together with its strategy.
    fn draw(&self, canvas: &mut Canvas, draw: impl FnOnce(&mut Canvas)) {
        match self.slot {
            Some(slot) => canvas.strategy(slot, draw),
            None => draw(canvas),
        }
    }
}

impl EndLabel {
    /// Width of all its names on one line.
    fn on_one_line(&self, face: Face) -> f64 {
        let between = face.width(&format!(" {SAME}")) * self.names.len().saturating_sub(1) as f64;
        self.names.iter().map(|name| face.width(&name.text)).sum::<f64>() + between
    }

    /// All names on one line if there is room, otherwise each on at most this many separate lines.
    fn lines(&self, face: Face, room: f64, most: usize) -> Vec<Vec<Piece<'_>>> {
        let same = |index: usize| if index > 0 { SAME } else { "" };
        if self.on_one_line(face) <= room {
            let mut left = 0.0;
            let mut line = Vec::new();
            for (index, name) in self.names.iter().enumerate() {
                if index > 0 {
                    let text = SAME.trim_end().to_owned();
                    line.push(Piece { name, left: left + face.width(" "), text, colour: MUTED });
                    left += face.width(&format!(" {SAME}"));
                }
                line.push(Piece { name, left, text: face.fit(&name.text, room), colour: name.colours.0 });
                left += face.width(&name.text);
            }
            return vec![line];
        }
        let mut lines = Vec::new();
        for (index, name) in self.names.iter().enumerate() {
            let indent = face.width(same(index));
            for (number, text) in face.wrap(&name.text, room - indent, most).into_iter().enumerate() {
                let equals = Piece { name, left: 0.0, text: same(index).trim_end().to_owned(), colour: MUTED };
                let piece = Piece { name, left: indent, text, colour: name.colours.0 };
                lines.push(if number == 0 && index > 0 { vec![equals, piece] } else { vec![piece] });
            }
        }
        lines
    }

    /// A thin line from the end of the line to a label that stands elsewhere.
    fn leader(&self, canvas: &mut Canvas, (left, centre): Point, right: f64) {
        let (x, y) = self.at;
        let is_beside = right - x < NEAR && (centre - y).abs() < NEAR;
        if let Some(name) = self.names.first().filter(|_| !is_beside) {
            let pen = Pen::solid(name.colours.1, 0.75);
            name.draw(canvas, |canvas| canvas.line(&[(x.min(right) + 2.0, y), (left - 3.0, centre)], pen));
        }
    }
}

/// Returns centres of spans of these lengths that do not overlap and lie between two ends as far as there is room: as near to
/// where they are wanted as can be (least squares, by pooling adjacent violators).
pub(crate) fn spread(wanted: &[f64], lengths: &[f64], (from, until): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|one, other| wanted[*one].total_cmp(&wanted[*other]));
    // Each block: the sum of the wanted places of its spans less what lies before them in it, and how many these are.
    let mut blocks: Vec<(f64, usize, f64)> = Vec::new();
    for &index in &order {
        let length = lengths[index];
        let mut block = (wanted[index] - length / 2.0, 1, length);
        while let Some(&(sum, count, before)) = blocks.last() {
            let [start, next] = [sum / count as f64, block.0 / block.1 as f64];
            if start + before <= next {
                break;
            }
            block = (sum + block.0 - before * block.1 as f64, count + block.1, before + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let mut centres = vec![0.0; wanted.len()];
    let mut spans = order.into_iter();
    let mut free = from;
    let mut rest: f64 = lengths.iter().sum();
    for (sum, count, length) in blocks {
        // What comes later needs its room too.
        let mut at = (sum / count as f64).min(until - rest).max(free);
        rest -= length;
        free = at + length;
        for index in spans.by_ref().take(count) {
            centres[index] = at + lengths[index] / 2.0;
            at += lengths[index];
        }
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_with_room_stay_where_they_are() {
        assert_eq!(spread(&[50.0, 10.0], &[20.0, 20.0], (0.0, 100.0)), [50.0, 10.0]);
        assert_eq!(spread(&[], &[], (0.0, 100.0)), Vec::<f64>::new());
    }

    #[test]
    fn labels_on_top_of_each_other_are_moved_by_equal_amounts() {
        assert_eq!(spread(&[50.0, 50.0], &[20.0, 20.0], (0.0, 100.0)), [40.0, 60.0]);
        assert_eq!(spread(&[50.0, 56.0, 20.0], &[20.0, 20.0, 10.0], (0.0, 100.0)), [43.0, 63.0, 20.0]);
        // The first two push the third: 30, 50, 70 are nearest to 45, 50, 55.
        assert_eq!(spread(&[45.0, 50.0, 55.0], &[20.0, 20.0, 20.0], (0.0, 100.0)), [30.0, 50.0, 70.0]);
    }

    #[test]
    fn labels_stay_between_the_ends() {
        assert_eq!(spread(&[0.0, 2.0], &[20.0, 20.0], (0.0, 100.0)), [10.0, 30.0]);
        assert_eq!(spread(&[99.0, 100.0], &[20.0, 20.0], (0.0, 100.0)), [70.0, 90.0]);
    }

    #[test]
    fn names_of_one_line_are_joined_or_stacked() {
        let name = |text: &str, slot: usize| Name { text: text.into(), colours: (MUTED, MUTED), slot: Some(slot) };
        let label = EndLabel { at: (0.0, 0.0), names: vec![name("BOT", 0), name("Staff augmentation", 2)] };
        let face = Face::bold(13.0);
        let texts = |room: f64| -> Vec<Vec<String>> {
            let lines = label.lines(face, room, 3);
            lines.iter().map(|line| line.iter().map(|piece| piece.text.clone()).collect()).collect()
        };
        assert_eq!(texts(300.0), [["BOT", "=", "Staff augmentation"]]);
        assert_eq!(texts(110.0), [vec!["BOT"], vec!["=", "Staff"], vec!["augmentation"]]);
    }

    proptest! {
        #[test]
        fn no_two_labels_overlap(
            places in prop::collection::vec((-50.0..400.0_f64, 5.0..40.0_f64), 0..9),
        ) {
            let (wanted, lengths): (Vec<f64>, Vec<f64>) = places.into_iter().unzip();
            let centres = spread(&wanted, &lengths, (0.0, 360.0));
            for one in 0..centres.len() {
                prop_assert!(centres[one] - lengths[one] / 2.0 >= -1e-9 && centres[one] + lengths[one] / 2.0 <= 360.0 + 1e-9);
                for other in 0..one {
                    let apart = (centres[one] - centres[other]).abs();
                    prop_assert!(apart >= (lengths[one] + lengths[other]) / 2.0 - 1e-9, "{centres:?}");
                }
            }
        }
    }
}
