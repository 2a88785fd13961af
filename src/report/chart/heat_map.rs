//! A heat map: a value for each pair of levels of two factors, a panel for each response or goal.

use plotters::style::text_anchor::HPos;

use super::super::drawing::axis::Range;
use super::super::drawing::canvas::{Area, Canvas, Letters, Size};
use super::super::drawing::frame::{Key, LABEL_FACE, SMALL_FACE, Swatch, frame, keys, lines_of_keys};
use super::super::drawing::lettering::Face;
use super::super::drawing::level_axis::{LevelAxis, with_room};
use super::super::drawing::theme::{HEATS, INK, LABEL, LINE, MARGIN, MUTED, SMALL, heat};
use super::super::number::readable_column;
use super::super::quantity::Quantity;
use super::heat_cells::{Cell, FRAME, GAP, Layout, outline};
use super::panels::{Grid, panel_title, panel_title_height};
use super::{Chart, Heading, sentences};

/// Heights of a cell: at best, and with hundreds of levels.
const CELL: f64 = 30.0;
const LEAST_CELL: f64 = 5.0;
/// Height that the cells of a panel share if they are many.
const ALL_CELLS: f64 = 640.0;
/// Width of a cell that has room for its number.
const WIDE_CELL: f64 = 52.0;
/// Width of a panel that always has room.
const NARROWEST: f64 = 280.0;
/// Cells smaller than this are framed together.
const SMALL_CELL: f64 = 20.0;
/// Height of the name of the factor above the levels that go down.
const NAME: f64 = 18.0;
/// Share of the width of a panel that the levels that go down take at most.
const MOST_OF_WIDTH: f64 = 0.3;
/// From one line of the label of a level that goes down to the next.
const LINE_DOWN: f64 = 14.0;
/// The scale of colours below a panel: its height, and the length of a step.
const SCALE: f64 = 24.0;
const SCALE_STEP: f64 = 14.0;
/// More cells than this have no words under the pointer, and more than this are not all described.
const MOST_TOLD: usize = 2000;
const MOST_DESCRIBED: usize = 40;

/// Values over two factors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatMap {
    /// What stands above it.
    pub heading: Heading,
    /// The factor whose levels go from left to right.
    pub across: Axis,
    /// The factor whose levels go from top to bottom.
    pub down: Axis,
    /// One for each response or goal.
    pub panels: Vec<HeatPanel>,
}

/// A factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// What it is called.
    pub name: String,
    /// Its levels, in their order.
    pub levels: Vec<String>,
}

/// One response or goal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatPanel {
    /// Stands above the panel.
    pub title: String,
    /// Unit of the values; a share needs none.
    pub unit: String,
    /// Whether the values are shares, 0 to 1.
    pub is_share: bool,
    /// Which values are strongly coloured: the better ones, or the higher ones if none are better.
    pub higher_is_better: Option<bool>,
    /// Values by level down, then across; `NaN` or nothing leaves a cell hatched.
    pub values: Vec<Vec<f64>>,
    /// Whether what is required is met in a cell, by level down, then across; may be empty.
    pub framed: Vec<Vec<bool>>,
}

impl Chart for HeatMap {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let panels = sentences(&self.panels, |panel| (panel.title_with_unit(), self.words(panel)));
        let (across, down) = (&self.across.name, &self.down.name);
        format!("{}, by {down} (down) and {across} (across). {panels}", self.heading.sentence())
    }

    fn size(&self, width: u32) -> Size {
        let whole = f64::from(width);
        let lines = lines_of_keys(whole, &self.keys(Digits::None)) as f64;
        let top = self.heading.height(width, &[]) + lines * LINE;
        Size { width, height: (top + 10.0 + self.grid(whole).height()).ceil() as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let grid = self.grid(canvas.area().width());
        // Without keys cells are higher by little, and have room for the same numbers.
        let room = grid.areas(canvas.area(), top + LINE);
        let cells = self.panels.iter().zip(&room).map(|(panel, area)| panel.digits(&self.layout(panel, *area)));
        let digits = cells.max().unwrap_or(Digits::All);
        let top = keys(canvas, top, &self.keys(digits));
        for (panel, area) in self.panels.iter().zip(grid.areas(canvas.area(), top)) {
            self.panel(canvas, panel, area, digits);
        }
    }
}

/// How many digits of a number a cell has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Digits {
    All,
    Few,
    None,
}

impl HeatMap {
    fn grid(&self, width: f64) -> Grid {
        let wide = self.across.levels.len() as f64 * WIDE_CELL + 50.0;
        let narrowest = wide.clamp(NARROWEST, 0.55 * width.max(NARROWEST / 0.55));
        Grid::new(self.panels.len(), (width, narrowest), |index, width| {
            let count = self.down.levels.len().max(1) as f64;
            let cells = count * (ALL_CELLS / count).clamp(LEAST_CELL, CELL);
            let step = (width - self.labels(width)) / self.across.levels.len().max(1) as f64;
            let title = panel_title_height(&self.panels[index].title, width);
            title + NAME + cells + self.axis(0.0).height(step) + SCALE
        })
    }

    fn axis(&self, labels: f64) -> LevelAxis<'_> {
        LevelAxis { name: &self.across.name, levels: &self.across.levels, slack: (labels, MARGIN - 2.0) }
    }

    /// Room for the levels that go down, in a panel of this width.
    fn labels(&self, width: f64) -> f64 {
        let lines = self.down.levels.iter().flat_map(|level| self.lines_down(level, width));
        lines.map(|line| LABEL_FACE.width(&line)).fold(0.0, f64::max) + 8.0
    }

    /// The lines of the label of a level that goes down, in a panel of this width.
    fn lines_down(&self, level: &str, width: f64) -> Vec<String> {
        let is_high = self.down.levels.len() as f64 * CELL <= ALL_CELLS;
        LABEL_FACE.wrap(level, MOST_OF_WIDTH * width, if is_high { 2 } else { 1 })
    }

    fn layout(&self, panel: &HeatPanel, area: Area) -> Layout {
        let left = area.left + self.labels(area.width());
        let counts = [&self.across, &self.down].map(|axis| axis.levels.len().max(1) as f64);
        let width = (area.right - left) / counts[0];
        let top = area.top + panel_title_height(&panel.title, area.width()) + NAME;
        let bottom = (area.bottom - self.axis(0.0).height(width) - SCALE).max(top);
        Layout { area: Area::new((left, top), (area.right, bottom)), cell: (width, (bottom - top) / counts[1]) }
    }

    /// Numbers of all cells, down and across, of their values, if they have some, and whether they are framed.
    fn cells<'p>(&'p self, panel: &'p HeatPanel) -> impl Iterator<Item = (usize, usize, f64, bool)> + 'p {
        let across = self.across.levels.len();
        let pairs = (0..self.down.levels.len()).flat_map(move |down| (0..across).map(move |across| (down, across)));
        pairs.map(|(down, across)| {
            let value = panel.values.get(down).and_then(|row| row.get(across)).copied().unwrap_or(f64::NAN);
            (down, across, value, panel.is_framed(down, across))
        })
    }

    fn keys(&self, digits: Digits) -> Vec<Key> {
        let any = |is: fn(f64, bool) -> bool| {
            self.panels.iter().any(|panel| self.cells(panel).any(|(_, _, value, is_framed)| is(value, is_framed)))
        };
        let mut keys = Vec::new();
        if any(|_, is_framed| is_framed) {
            keys.push(Key::new(Swatch::Frame(FRAME), "requirement met"));
        }
        if any(|value, _| !value.is_finite()) {
            keys.push(Key::new(Swatch::Hatched, "no value"));
        }
        match digits {
            Digits::All => {}
            Digits::Few if self.panels.iter().all(|panel| panel.is_share) => {
                keys.push(Key::new(Swatch::None, "Numbers are whole percents"));
            }
            Digits::Few => keys.push(Key::new(Swatch::None, "Numbers are rounded (k: thousand, M: million)")),
            Digits::None => keys.push(Key::new(Swatch::None, "The cells are too small for their numbers")),
        }
        keys
    }

    fn place(&self, down: usize, across: usize) -> String {
        format!("{} {}, {} {}", self.down.name, self.down.levels[down], self.across.name, self.across.levels[across])
    }

    /// The values of a panel, or what stands out among them.
    fn words(&self, panel: &HeatPanel) -> String {
        let cells: Vec<_> = self.cells(panel).collect();
        let met = cells.iter().filter(|cell| cell.3).count();
        let met = if met > 0 { format!("; requirement met in {met} of {} cells", cells.len()) } else { String::new() };
        let state = |(down, across, value, _): &(usize, usize, f64, bool)| {
            format!("{} at {}", panel.quantity().value(*value), self.place(*down, *across))
        };
        if cells.len() <= MOST_DESCRIBED {
            let value = |(_, _, value, is_framed): &(usize, usize, f64, bool)| {
                format!("{}{}", panel.quantity().value(*value), if *is_framed { " (met)" } else { "" })
            };
            let row = |(level, cells): (&String, &[_])| {
                format!("{} {level}: {}", self.down.name, cells.iter().map(value).collect::<Vec<_>>().join(", "))
            };
            let rows = self.down.levels.iter().zip(cells.chunks(self.across.levels.len().max(1)));
            let across = format!("for {} {}: ", self.across.name, self.across.levels.join(", "));
            return across + &rows.map(row).collect::<Vec<_>>().join("; ") + &met;
        }
        let known = || cells.iter().filter(|cell| cell.2.is_finite());
        let (low, high) = (known().min_by(|a, b| a.2.total_cmp(&b.2)), known().max_by(|a, b| a.2.total_cmp(&b.2)));
        match (low, high) {
            (Some(low), Some(high)) => format!("lowest {}; highest {}{met}", state(low), state(high)),
            _ => "no value".to_owned(),
        }
    }

    fn panel(&self, canvas: &mut Canvas, panel: &HeatPanel, area: Area, digits: Digits) {
        let title = panel_title(canvas, area, &panel.title);
        let layout = self.layout(panel, area);
        let name = SMALL_FACE.fit(&self.down.name, area.width());
        canvas.text((area.left, title + 12.0), &name, Letters::new(SMALL_FACE, MUTED));
        self.labels_down(canvas, &layout, area.width());
        let range = panel.range();
        let texts = panel.texts(digits);
        let is_told = self.across.levels.len() * self.down.levels.len() <= MOST_TOLD;
        let mut cells: Vec<_> = self.cells(panel).collect();
        if !is_told {
            // Cells of one colour that follow each other are one shape.
            cells.sort_by_key(|(_, _, value, _)| panel.step(*value, range));
        }
        for (down, across, value, is_framed) in cells {
            let cell = Cell { area: layout.cell(down, across), gap: layout.gap(), value, is_framed };
            let text = texts.get(down).and_then(|row| row.get(across)).map_or("", String::as_str);
            if is_told {
                let words = format!("{}: {}", self.place(down, across), panel.quantity().value_with_unit(value));
                canvas.described(&words, |canvas| cell.draw(canvas, panel.step(value, range), text));
            } else {
                cell.draw(canvas, panel.step(value, range), text);
            }
        }
        self.frames(canvas, panel, &layout);
        let labels = layout.area.left - area.left;
        let centres: Vec<f64> =
            (0..self.across.levels.len()).map(|index| layout.area.left + (index as f64 + 0.5) * layout.cell.0).collect();
        self.axis(labels).draw(canvas, layout.area, &centres);
        panel.scale(canvas, Area::new((area.left, area.bottom - SCALE), (area.right, area.bottom)), range);
    }

    /// Frames on the gaps: around every cell, or around all that are side by side if cells are small.
    fn frames(&self, canvas: &mut Canvas, panel: &HeatPanel, layout: &Layout) {
        let (downs, acrosses) = (self.down.levels.len(), self.across.levels.len());
        let is_framed = |down: Option<usize>, across: Option<usize>| {
            let both = down.zip(across).filter(|(down, across)| *down < downs && *across < acrosses);
            both.is_some_and(|(down, across)| panel.is_framed(down, across))
        };
        let is_small = layout.cell.0.min(layout.cell.1) < SMALL_CELL;
        for (down, across, _, _) in self.cells(panel).filter(|cell| cell.3) {
            let cell = layout.cell(down, across);
            if !is_small {
                frame(canvas, cell, FRAME);
                continue;
            }
            let neighbours = [
                is_framed(down.checked_sub(1), Some(across)),
                is_framed(Some(down + 1), Some(across)),
                is_framed(Some(down), across.checked_sub(1)),
                is_framed(Some(down), Some(across + 1)),
            ];
            outline(canvas, cell, neighbours);
        }
    }

    fn labels_down(&self, canvas: &mut Canvas, layout: &Layout, width: f64) {
        let count = self.down.levels.len();
        let centres: Vec<f64> = (0..count).map(|index| layout.area.top + (index as f64 + 0.5) * layout.cell.1).collect();
        let lines: Vec<Vec<String>> = self.down.levels.iter().map(|level| self.lines_down(level, width)).collect();
        let heights: Vec<f64> = lines.iter().map(|lines| lines.len() as f64 * LINE_DOWN).collect();
        let kept = with_room(&centres, &heights, 0.0);
        let letters = Letters::new(LABEL_FACE, INK).anchored(HPos::Right);
        for index in (0..count).filter(|index| kept[*index]) {
            let mut y = centres[index] - heights[index] / 2.0 + LINE_DOWN / 2.0 + 0.36 * LABEL;
            for line in &lines[index] {
                canvas.text((layout.area.left - 8.0, y), line, letters);
                y += LINE_DOWN;
            }
        }
    }
}

impl HeatPanel {
    fn quantity(&self) -> Quantity<'_> {
        Quantity { unit: &self.unit, is_share: self.is_share }
    }

    fn title_with_unit(&self) -> String {
        if self.is_share || self.unit.is_empty() { self.title.clone() } else { format!("{}, in {}", self.title, self.unit) }
    }

    fn is_framed(&self, down: usize, across: usize) -> bool {
        self.framed.get(down).and_then(|row| row.get(across)).copied().unwrap_or(false)
    }

    /// What the colours range over.
    fn range(&self) -> Range {
        if self.is_share { Range::new(0.0, 1.0) } else { Range::of(self.values.iter().flatten().copied()) }
    }

    /// The step of the scale of colours for a value; none if there is no value.
    fn step(&self, value: f64, range: Range) -> Option<usize> {
        let share = ((value - range.low) / range.length()).clamp(0.0, 1.0);
        let strength = if self.higher_is_better == Some(false) { 1.0 - share } else { share };
        value.is_finite().then_some((strength * HEATS as f64) as usize).map(|step| step.min(HEATS - 1))
    }

    /// What stands in the cells, by level down, then across.
    fn texts(&self, digits: Digits) -> Vec<Vec<String>> {
        let all: Vec<f64> = self.values.iter().flatten().copied().collect();
        let mut texts = match digits {
            Digits::None => return Vec::new(),
            Digits::Few => all.iter().map(|value| self.quantity().few(*value)).collect(),
            Digits::All if self.is_share => all.iter().map(|value| self.quantity().value(*value)).collect(),
            Digits::All => readable_column(&all),
        };
        texts.iter_mut().zip(&all).filter(|(_, value)| value.is_nan()).for_each(|(text, _)| text.clear());
        let mut texts = texts.into_iter();
        self.values.iter().map(|row| texts.by_ref().take(row.len()).collect()).collect()
    }

    /// How many digits its cells have room for.
    fn digits(&self, layout: &Layout) -> Digits {
        let (width, height) = layout.cell;
        if height < SMALL + GAP || width < SMALL + GAP {
            return Digits::None;
        }
        let fits = |digits: &Digits| {
            let texts = self.texts(*digits);
            let widest = texts.iter().flatten().map(|text| Face::bold(SMALL).width(text)).fold(0.0, f64::max);
            widest + GAP + 5.0 <= width
        };
        [Digits::All, Digits::Few].into_iter().find(fits).unwrap_or(Digits::None)
    }

    /// Draws the colours from weak to strong, between the values that they stand for.
    fn scale(&self, canvas: &mut Canvas, area: Area, range: Range) {
        let (weak, strong) =
            if self.higher_is_better == Some(false) { (range.high, range.low) } else { (range.low, range.high) };
        let rounded = |value: f64| if self.is_share { value } else { format!("{value:.2e}").parse().unwrap_or(value) };
        let weak = self.quantity().value(rounded(weak));
        let better = if self.higher_is_better.is_some() { " (better)" } else { "" };
        let strong = format!("{}{better}", self.quantity().value_with_unit(rounded(strong)));
        let y = area.bottom - 6.0;
        let letters = Letters::new(SMALL_FACE, MUTED);
        let weak = SMALL_FACE.fit(&weak, 0.25 * area.width());
        canvas.text((area.left, y), &weak, letters);
        let mut left = area.left + SMALL_FACE.width(&weak) + 6.0;
        let step = SCALE_STEP.min(0.3 * area.width() / HEATS as f64);
        for index in 0..HEATS {
            canvas.rectangle(Area::new((left, y - 10.0), (left + step, y + 1.0)), heat(index).0, 1.0);
            left += step;
        }
        canvas.text((left + 6.0, y), &SMALL_FACE.fit(&strong, area.right - left - 6.0), letters);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Theme;

    fn map(values: &[Vec<f64>]) -> HeatMap {
        let axis = |name: &str, count: usize| Axis {
            name: name.into(),
            levels: (1..=count).map(|level| level.to_string()).collect(),
        };
        let framed = values.iter().map(|row| row.iter().map(|value| *value >= 0.9).collect()).collect();
        let panel = HeatPanel {
            title: "54 by month 18".into(),
            is_share: true,
            higher_is_better: Some(true),
            values: values.to_vec(),
            framed,
            ..HeatPanel::default()
        };
        HeatMap {
            heading: Heading::new("Recruiters and month"),
            across: axis("month", values.first().map_or(0, Vec::len)),
            down: axis("recruiters", values.len()),
            panels: vec![panel],
        }
    }

    #[test]
    fn the_description_has_every_cell_of_a_small_map() {
        assert_eq!(
            map(&[vec![0.5, f64::NAN], vec![0.7, 0.95]]).description(),
            "Recruiters and month, by recruiters (down) and month (across). 54 by month 18: \
             for month 1, 2: recruiters 1: 50 %, no value; recruiters 2: 70 %, 95 % (met); requirement met in 1 of 4 cells."
        );
    }

    #[test]
    fn the_description_of_a_large_map_has_its_ends() {
        let values: Vec<Vec<f64>> =
            (0..10).map(|row| (0..10).map(|column| f64::from(row * 10 + column) / 99.0).collect()).collect();
        let description = map(&values).description();
        assert!(description.contains("lowest 0 % at recruiters 1, month 1; highest 100 % at recruiters 10, month 10"));
        assert!(description.ends_with("requirement met in 10 of 100 cells."), "{description}");
    }

    #[test]
    fn better_values_are_stronger() {
        let panel = |higher_is_better| HeatPanel { higher_is_better, ..HeatPanel::default() };
        let range = Range::new(0.0, 90.0);
        let steps = |panel: HeatPanel| [0.0, 45.0, 90.0].map(|value| panel.step(value, range));
        assert_eq!(steps(panel(None)), [Some(0), Some(4), Some(8)]);
        assert_eq!(steps(panel(Some(false))), [Some(8), Some(4), Some(0)]);
        assert_eq!(panel(None).step(f64::NAN, range), None);
    }

    #[test]
    fn numbers_are_shorter_in_smaller_cells() {
        let is_said = |across: usize, down: usize| {
            let map = map(&vec![vec![0.123; across]; down]);
            let svg = map.svg(map.size(800), Theme::Print);
            (svg.contains("12.3 %</text>"), svg.contains(">12</text>"), svg.contains("too small"))
        };
        assert_eq!(is_said(4, 9), (true, false, false));
        assert_eq!(is_said(25, 8), (false, true, false));
        assert_eq!(is_said(100, 8), (false, false, true));
    }
}
