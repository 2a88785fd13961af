//! What stands above rows of data: names, and words beside them, or below them where they have no room.

use plotters::style::text_anchor::HPos;

use super::super::escape::one_line;
use super::canvas::{Area, Canvas, Letters};
use super::frame::{SMALL_FACE, label};
use super::lettering::Face;
use super::theme::MUTED;

/// From the top of a row to the baseline of its name, and to the end of one line.
const BASELINE: f64 = 14.0;
const FIRST: f64 = 20.0;
/// From one line to the next.
const LINE: f64 = 15.0;
/// Lines that a name may take.
const MOST_LINES: usize = 2;
/// Between a name and its words.
const GAP: f64 = 16.0;

/// How all rows of a chart have their names and words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RowHeads {
    face: Face,
    name_lines: usize,
    /// Whether words have a separate line.
    is_below: bool,
}

impl RowHeads {
    /// Heads with letters of this face for rows of this width, with these names and words.
    pub(crate) fn new<'n>(rows: impl Iterator<Item = (&'n str, String)>, face: Face, width: f64) -> Self {
        let rows: Vec<(String, String)> = rows.map(|(name, words)| (one_line(name), words)).collect();
        let is_beside = |(name, words): &(String, String)| {
            let gap = if words.is_empty() { 0.0 } else { GAP };
            face.width(name) + gap + SMALL_FACE.width(words) <= width
        };
        if rows.iter().all(is_beside) {
            return Self { face, name_lines: 1, is_below: false };
        }
        let lines = rows.iter().map(|(name, _)| face.wrap(name, width, MOST_LINES).len());
        let is_below = rows.iter().any(|(_, words)| !words.is_empty());
        Self { face, name_lines: lines.max().unwrap_or(1), is_below }
    }

    /// Height that they take above the data of each row.
    pub(crate) fn height(self) -> f64 {
        FIRST + LINE * (self.name_lines - 1) as f64 + if self.is_below { LINE } else { 0.0 }
    }

    /// Writes the name of a row from `area.top` down, with the words.
    pub(crate) fn draw(self, canvas: &mut Canvas, area: Area, (name, letters): (&str, Letters), words: &str) {
        let lines = self.face.wrap(name, area.width(), self.name_lines);
        // What takes fewer lines than others stands directly above its data.
        let unused = self.name_lines - lines.len() + usize::from(self.is_below && words.is_empty());
        let mut y = area.top + BASELINE + LINE * unused as f64;
        for line in lines {
            label(canvas, (area.left, y), &line, letters);
            y += LINE;
        }
        let words = SMALL_FACE.fit(words, area.width());
        let small = Letters::new(SMALL_FACE, MUTED);
        if words.is_empty() {
        } else if self.is_below {
            label(canvas, (area.left, y), &words, small);
        } else {
            label(canvas, (area.right, y - LINE), &words, small.anchored(HPos::Right));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_below_names_that_leave_them_no_room() {
        let heads = |name: &'static str, words: &str, width: f64| {
            let heads =
                RowHeads::new([(name, words.to_owned()), ("BOT", String::new())].into_iter(), Face::bold(13.0), width);
            (heads.name_lines, heads.is_below, heads.height())
        };
        assert_eq!(heads("Own centre", "15.5 in all", 300.0), (1, false, 20.0));
        assert_eq!(heads("Own centre", "15.5 in all", 120.0), (1, true, 35.0));
        assert_eq!(heads("Own centre in the second city", "15.5 in all", 150.0), (2, true, 50.0));
        assert_eq!(heads("Own centre in the second city", "", 150.0), (2, false, 35.0));
    }
}
