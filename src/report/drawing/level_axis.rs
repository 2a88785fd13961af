//! The levels of a factor along an axis: where they are, and which of their labels have room.

use plotters::style::text_anchor::HPos;

use super::super::escape::one_line;
use super::axis::Range;
use super::canvas::{Area, Canvas, Letters, Pen};
use super::frame::{LABEL_FACE, SMALL_FACE, clamped};
use super::theme::{AXIS, INK, MUTED};

/// Between two labels side by side.
const SPACE: f64 = 8.0;
/// Words have at least this room in pixels, or most of them are left out.
const LEAST_ROOM: f64 = 36.0;
/// Lines that the words of a level may take.
const MOST_LINES: usize = 4;
/// From one line of a label to the next.
const LINE: f64 = 15.0;
/// From the axis to the baseline of a label, and from the last line of labels to that of the name.
const LABEL: f64 = 18.0;
const NAME: f64 = 16.0;
/// Below the last line.
const BELOW: f64 = 6.0;

/// Levels from one label to the next, where not all of them have room.
const ROUND: [usize; 16] = [1, 2, 3, 4, 5, 6, 10, 12, 20, 30, 50, 60, 100, 200, 500, 1000];

/// The values of levels, if all are finite numbers.
pub(crate) fn numbers(levels: &[String]) -> Option<Vec<f64>> {
    let number = |level: &String| level.trim().parse::<f64>().ok().filter(|value| value.abs() < 1e300);
    levels.iter().map(number).collect()
}

/// Where levels are: to scale if they are different numbers, otherwise at equal distances; and a range that holds them.
pub(crate) fn places(levels: &[String]) -> (Vec<f64>, Range) {
    let places = numbers(levels).filter(|places| all_differ(places));
    let places = places.unwrap_or_else(|| (0..levels.len()).map(|index| index as f64).collect());
    if let [only] = places[..] {
        return (places, Range::new(only - 1.0, only + 1.0));
    }
    let data = Range::of(places.iter().copied());
    let room = 0.05 * data.length();
    (places, Range::new(data.low - room, data.high + room))
}

fn all_differ(places: &[f64]) -> bool {
    let mut sorted = places.to_vec();
    sorted.sort_by(f64::total_cmp);
    let least = 1e-6 * (sorted.last().unwrap_or(&0.0) - sorted.first().unwrap_or(&0.0));
    sorted.windows(2).all(|pair| pair[1] - pair[0] > least)
}

/// Which of these labels, ascending or descending along a line, can be written so that none overlaps: the first, the last,
/// and those between that have room.
pub(crate) fn with_room(centres: &[f64], lengths: &[f64], space: f64) -> Vec<bool> {
    let mut kept = vec![false; centres.len()];
    let Some(last) = centres.len().checked_sub(1) else { return kept };
    let is_apart =
        |one: usize, other: usize| (centres[one] - centres[other]).abs() >= (lengths[one] + lengths[other]) / 2.0 + space;
    kept[0] = true;
    kept[last] = last == 0 || is_apart(0, last);
    if is_even(centres) {
        // Every second one, or third one, is easier to read than what happens to have room.
        let fits = |every: &usize| (*every..=last).step_by(*every).all(|index| is_apart(index - every, index));
        let every = ROUND.into_iter().find(fits).unwrap_or(last.max(1));
        for index in (every..last).step_by(every) {
            kept[index] = is_apart(index, last);
        }
        return kept;
    }
    let mut before = 0;
    for (index, kept) in kept.iter_mut().enumerate().take(last).skip(1) {
        if is_apart(before, index) && is_apart(index, last) {
            *kept = true;
            before = index;
        }
    }
    kept
}

fn is_even(centres: &[f64]) -> bool {
    let steps = || centres.windows(2).map(|pair| pair[1] - pair[0]);
    let (least, most) = (steps().fold(f64::INFINITY, f64::min), steps().fold(f64::NEG_INFINITY, f64::max));
    most - least < 0.01 * most.abs().max(least.abs())
}

/// Width of the longest word of all levels that are words, in pixels, with what is beside it.
pub(crate) fn widest_word(levels: &[String]) -> f64 {
    if numbers(levels).is_some() {
        return 0.0;
    }
    let levels: Vec<String> = levels.iter().map(|level| one_line(level)).collect();
    levels.iter().flat_map(|level| level.split(' ')).map(|word| LABEL_FACE.width(word) + SPACE).fold(0.0, f64::max)
}

/// A text whose words are broken by hyphens where they are wider than this in pixels.
fn with_broken_words(text: &str, room: f64) -> String {
    const FEWEST: usize = 3;
    let mut pieces: Vec<String> = Vec::new();
    for word in one_line(text).split(' ') {
        let mut rest: Vec<char> = word.chars().collect();
        // Pieces that no line would be left for need not be made.
        while pieces.len() < MOST_LINES && LABEL_FACE.width(&rest.iter().collect::<String>()) > room {
            let piece = |length: usize| rest[..length].iter().collect::<String>() + "-";
            let lengths: Vec<usize> = (FEWEST..=rest.len().saturating_sub(FEWEST)).collect();
            let fitting = lengths.partition_point(|length| LABEL_FACE.width(&piece(*length)) <= room);
            let Some(length) = fitting.checked_sub(1).map(|last| lengths[last]) else { break };
            pieces.push(piece(length));
            rest.drain(..length);
        }
        pieces.push(rest.into_iter().collect());
    }
    pieces.join(" ")
}

/// The levels of a factor below a panel, and its name below them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LevelAxis<'l> {
    pub(crate) name: &'l str,
    pub(crate) levels: &'l [String],
    /// How far labels may stand out at the left and at the right of the panel.
    pub(crate) slack: (f64, f64),
}

impl LevelAxis<'_> {
    /// Height that it takes below a panel whose levels are this far apart.
    pub(crate) fn height(&self, step: f64) -> f64 {
        let lines = self.levels.iter().map(|level| self.lines(level, step).len()).max().unwrap_or(1).max(1);
        LABEL + (lines - 1) as f64 * LINE + NAME + BELOW
    }

    /// The lines of a label: words may take several of them.
    fn lines(&self, level: &str, step: f64) -> Vec<String> {
        let room = step - SPACE;
        if room < LEAST_ROOM || LABEL_FACE.width(&one_line(level)) <= room || numbers(self.levels).is_some() {
            return vec![LABEL_FACE.fit(level, (3.0 * LEAST_ROOM).max(room))];
        }
        LABEL_FACE.wrap(&with_broken_words(level, room), room, MOST_LINES)
    }

    /// Draws the axis with the labels that have room; `centres` are where the levels are, in pixels.
    pub(crate) fn draw(&self, canvas: &mut Canvas, area: Area, centres: &[f64]) {
        let step = centres.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(area.width(), f64::min);
        canvas.line(&[(area.left, area.bottom), (area.right, area.bottom)], Pen::solid(AXIS, 1.0));
        let most = (area.width() + self.slack.0 + self.slack.1 - SPACE) / 2.0;
        let fit = |line: &String| LABEL_FACE.fit(line, most);
        let labels: Vec<Vec<String>> =
            self.levels.iter().map(|level| self.lines(level, step).iter().map(fit).collect()).collect();
        let width = |lines: &Vec<String>| lines.iter().map(|line| LABEL_FACE.width(line)).fold(0.0, f64::max);
        let widths: Vec<f64> = labels.iter().map(width).collect();
        let inside = |(centre, width): (&f64, &f64)| {
            clamped(*centre, area.left - self.slack.0 + width / 2.0, area.right + self.slack.1 - width / 2.0)
        };
        let middles: Vec<f64> = centres.iter().zip(&widths).map(inside).collect();
        let letters = Letters::new(LABEL_FACE, INK).anchored(HPos::Center);
        let mut order: Vec<usize> = (0..middles.len()).collect();
        order.sort_by(|one, other| middles[*one].total_cmp(&middles[*other]));
        let ordered = |values: &[f64]| -> Vec<f64> { order.iter().map(|index| values[*index]).collect() };
        let kept = with_room(&ordered(&middles), &ordered(&widths), SPACE / 2.0);
        for index in order.iter().zip(kept).filter(|(_, is_kept)| *is_kept).map(|(index, _)| *index) {
            canvas.line(&[(centres[index], area.bottom), (centres[index], area.bottom + 4.0)], Pen::solid(AXIS, 1.0));
            for (line, text) in labels[index].iter().enumerate() {
                canvas.text((middles[index], area.bottom + LABEL + line as f64 * LINE), text, letters);
            }
        }
        let most = labels.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let name = SMALL_FACE.fit(self.name, area.width() + self.slack.0);
        let baseline = area.bottom + LABEL + (most - 1) as f64 * LINE + NAME;
        canvas.text((area.right, baseline), &name, Letters::new(SMALL_FACE, MUTED).anchored(HPos::Right));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(levels: &[&str]) -> Vec<String> {
        levels.iter().map(|level| (*level).to_owned()).collect()
    }

    #[test]
    fn numbers_are_to_scale_and_words_at_equal_distances() {
        assert_eq!(places(&texts(&["1", "2", "11"])).0, [1.0, 2.0, 11.0]);
        assert_eq!(places(&texts(&["few", "2", "11"])).0, [0.0, 1.0, 2.0]);
        assert_eq!(places(&texts(&["3", "3"])).0, [0.0, 1.0], "equal numbers would lie on each other");
        assert_eq!(places(&texts(&["nan", "inf"])).0, [0.0, 1.0]);
        let (only, range) = places(&texts(&["7"]));
        assert_eq!((only, range), (vec![7.0], Range::new(6.0, 8.0)), "in the middle");
        assert!(places(&[]).0.is_empty());
    }

    #[test]
    fn labels_without_room_are_left_out_but_not_the_first_and_the_last() {
        let centres: Vec<f64> = (0..10).map(|index| 10.0 * f64::from(index)).collect();
        let kept = |length: f64| -> Vec<usize> {
            let kept = with_room(&centres, &[length; 10], 2.0);
            (0..10).filter(|index| kept[*index]).collect()
        };
        assert_eq!(kept(8.0), (0..10).collect::<Vec<usize>>());
        assert_eq!(kept(25.0), [0, 3, 6, 9]);
        assert_eq!(kept(60.0), [0, 9]);
        assert_eq!(kept(1000.0), [0]);
        assert!(with_room(&[], &[], 2.0).is_empty());
    }

    #[test]
    fn long_words_are_broken_where_they_have_no_room() {
        let broken = with_broken_words("own recruiters only", 55.0);
        assert_eq!(broken.replace("- ", ""), "own recruiters only");
        assert!(broken.contains("- ") && broken.split(' ').all(|word| LABEL_FACE.width(word) <= 55.0), "{broken}");
        assert_eq!(with_broken_words("own recruiters", 200.0), "own recruiters");
    }

    #[test]
    fn words_take_more_lines_where_they_are_narrow() {
        let levels = texts(&["agency and own recruiters", "own"]);
        let axis = LevelAxis { name: "hiring", levels: &levels, slack: (0.0, 0.0) };
        assert!(axis.height(90.0) > axis.height(400.0));
        let levels = texts(&["1000000", "2000000"]);
        let axis = LevelAxis { name: "hiring", levels: &levels, slack: (0.0, 0.0) };
        assert!((axis.height(50.0) - axis.height(400.0)).abs() < 1e-9, "a number is never broken");
    }
}
