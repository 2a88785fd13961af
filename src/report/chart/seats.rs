//! Seat chart: what happens to every seat in one replication, a row for each.

use std::borrow::Cow;

use jiff::civil::Date;
use plotters::style::text_anchor::HPos;

use super::super::dates::date_text;
use super::super::drawing::axis::{Range, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{DATE_AXIS, DateAxis, Key, MARK_LABEL, Mark, SMALL_FACE, Swatch, keys};
use super::super::drawing::lettering::Face;
use super::super::drawing::theme::{self, GRID, INK, MARGIN, MUTED, SMALL, WHITE};
use super::{Chart, Heading};

/// More rows than this cannot be distinguished on a page.
const MOST_ROWS: usize = 300;
/// Between two groups.
const GROUP_GAP: f64 = 6.0;
/// Labels of rows keep this distance from each other.
const LABEL_STEP: f64 = 12.0;
/// Room for half of the last date.
const RIGHT: f64 = 34.0;
/// Widest labels of rows and of groups.
const WIDEST: f64 = 150.0;

/// The seats of a team over one replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Seats {
    /// What stands above it.
    pub heading: Heading,
    /// Day 0.
    pub start: Date,
    /// Length of the replication in days.
    pub horizon_days: f64,
    /// When the team was transferred, if it was; days since the start.
    pub transfer_day: Option<f64>,
    /// What a seat can be in; spans refer to this list.
    pub states: Vec<State>,
    /// One for each seat; rows of one group are brought together, in the order in which groups first appear.
    pub rows: Vec<Row>,
}

/// A state of a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Such as `productive`.
    pub name: String,
    /// Colour, from 0: vacant, searching, waiting, in notice period, onboarding, productive, serving notice.
    pub slot: usize,
    /// Whether it lasts alongside the other states of a seat: drawn over the lower half of the row.
    pub is_beside: bool,
}

/// One seat.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Such as the number of the seat.
    pub label: String,
    /// Such as the role.
    pub group: String,
    /// What it was in and when; times without a span are left white.
    pub spans: Vec<Span>,
}

/// A time in one state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Days since the start.
    pub from_day: f64,
    /// Days since the start.
    pub until_day: f64,
    /// Number in the list of states; a span without a state is not drawn.
    pub state: usize,
}

impl Chart for Seats {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn note(&self) -> Cow<'_, str> {
        if self.rows.len() > MOST_ROWS {
            format!("The first {MOST_ROWS} of {} seats", self.rows.len()).into()
        } else {
            Cow::Borrowed(&self.heading.note)
        }
    }

    fn description(&self) -> String {
        let groups: Vec<String> = self.groups().iter().map(|(name, rows)| format!("{} ({})", name, rows.len())).collect();
        let transfer = self.transfer_day.map_or(String::new(), |day| format!(" Transfer {}.", date_text(self.start, day)));
        let states: Vec<&str> = self.states.iter().map(|state| state.name.as_str()).collect();
        format!(
            "{}: one row for each of {} seats, by group: {}. Colours show when a seat is {}.{transfer}",
            self.heading.title,
            self.rows.len().min(MOST_ROWS),
            groups.join(", "),
            states.join(", "),
        )
    }

    fn size(&self, width: u32) -> Size {
        let rows = self.rows.len().clamp(1, MOST_ROWS) as f64;
        let row = (840.0 / rows).clamp(2.75, 18.0);
        let gaps = GROUP_GAP * self.groups().len().saturating_sub(1) as f64;
        let top = self.heading.clone().with_note(self.note()).height(width, &self.keys());
        Size { width, height: (top + 92.0 + rows * row + gaps.min(200.0)).ceil() as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &self.keys()) + 4.0;
        let groups = self.groups();
        let columns = self.columns(&groups, canvas.area().width());
        let whole = canvas.area();
        let head = if self.transfer_day.is_some() { MARK_LABEL } else { 0.0 };
        let area = Area {
            left: columns.right,
            top: top + head,
            right: whole.right - RIGHT,
            bottom: whole.bottom - 6.0 - DATE_AXIS,
        };
        let days = Range::of([0.0, self.horizon_days.max(1.0)]);
        let scales = Scales { area, x: days, y: Range { low: 0.0, high: 1.0 } };
        DateAxis { start: self.start, slack: 28.0, grid: true }.draw(canvas, &scales);
        let layout = Layout::new(&groups, area.top + 3.0, area.bottom - 4.0);
        self.labels(canvas, &groups, &layout, columns);
        let mut y = layout.top;
        for (_, rows) in &groups {
            for row in rows {
                self.row(canvas, row, &scales, (y, y + layout.row));
                y += layout.row;
            }
            y += layout.gap;
        }
        if let Some(day) = self.transfer_day.filter(|day| (days.low..=days.high).contains(day)) {
            // Dots of ink would not be seen on the darker states.
            let x = scales.place_x(day);
            canvas.line(&[(x, area.top), (x, area.bottom)], Pen::solid(WHITE, 2.5));
            Mark { day, label: "transfer", left: 0.0 }.draw_line(canvas, &scales);
        }
    }
}

/// Where labels end: of groups at the left, of rows right of them.
#[derive(Clone, Copy)]
struct Columns {
    groups: f64,
    right: f64,
}

/// Heights, in pixels.
struct Layout {
    top: f64,
    row: f64,
    gap: f64,
}

impl Layout {
    fn new(groups: &[(&str, Vec<&Row>)], top: f64, bottom: f64) -> Self {
        let rows: usize = groups.iter().map(|(_, rows)| rows.len()).sum();
        let gaps = groups.len().saturating_sub(1) as f64;
        let gap = GROUP_GAP.min(0.25 * (bottom - top) / gaps.max(1.0));
        let row = ((bottom - top - gaps * gap) / rows.max(1) as f64).clamp(0.0, 26.0);
        Self { top, row, gap }
    }
}

impl Seats {
    /// The rows that are shown, by group.
    fn groups(&self) -> Vec<(&str, Vec<&Row>)> {
        let mut groups: Vec<(&str, Vec<&Row>)> = Vec::new();
        for row in self.rows.iter().take(MOST_ROWS) {
            match groups.iter_mut().find(|(name, _)| *name == row.group) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((&row.group, vec![row])),
            }
        }
        groups
    }

    fn keys(&self) -> Vec<Key> {
        let key =
            |state: &State| Key::new(Swatch::Block(theme::state(state.slot), 1.0), SMALL_FACE.fit(&state.name, WIDEST));
        let is_used = |index: usize| self.rows.iter().flat_map(|row| &row.spans).any(|span| span.state == index);
        self.states.iter().enumerate().filter(|&(index, _)| is_used(index)).map(|(_, state)| key(state)).collect()
    }

    fn columns(&self, groups: &[(&str, Vec<&Row>)], width: f64) -> Columns {
        let room = WIDEST.min(width * 0.2);
        let group = groups.iter().map(|(name, _)| GROUP_FACE.width(&GROUP_FACE.fit(name, room))).fold(0.0, f64::max);
        let labels = groups.iter().flat_map(|(_, rows)| rows);
        let label = labels.map(|row| SMALL_FACE.width(&SMALL_FACE.fit(&row.label, room))).fold(0.0, f64::max);
        let groups = MARGIN + group;
        Columns { groups, right: groups + if group > 0.0 { 12.0 } else { 0.0 } + label + 8.0 }
    }

    fn labels(&self, canvas: &mut Canvas, groups: &[(&str, Vec<&Row>)], layout: &Layout, columns: Columns) {
        let every = (LABEL_STEP / layout.row.max(0.01)).ceil().max(1.0) as usize;
        let (mut y, mut free, mut last) = (layout.top, layout.top, 0.0);
        for (index, (name, rows)) in groups.iter().enumerate() {
            if index > 0 {
                let line = y - layout.gap / 2.0;
                canvas.line(&[(MARGIN, line), (canvas.area().right - RIGHT, line)], Pen::solid(GRID, 1.0));
            }
            let middle = |row: usize| y + (row as f64 + 0.5) * layout.row + SMALL * 0.36;
            if y >= free - 0.5 {
                let baseline = middle(0).max(y + SMALL * 0.8);
                canvas.text(
                    (MARGIN, baseline),
                    &GROUP_FACE.fit(name, columns.groups - MARGIN + 1.0),
                    Letters::new(GROUP_FACE, INK),
                );
            }
            for (row, seat) in rows.iter().enumerate().step_by(every) {
                if middle(row) >= last + LABEL_STEP - 1.0 {
                    last = middle(row);
                    let label = SMALL_FACE.fit(&seat.label, columns.right - columns.groups - 19.0);
                    let letters = Letters::new(SMALL_FACE, MUTED).anchored(HPos::Right);
                    canvas.text((columns.right - 8.0, middle(row)), &label, letters);
                }
            }
            free = free.max(y + LABEL_STEP);
            y += layout.row * rows.len() as f64 + layout.gap;
        }
    }

    fn row(&self, canvas: &mut Canvas, row: &Row, scales: &Scales, (top, bottom): (f64, f64)) {
        // Where rows are too low for air between them they overlap a little, so that no seam shines through.
        let air = if bottom - top > 4.5 { 0.1 * (bottom - top) } else { -0.1 };
        for is_beside in [false, true] {
            let top = if is_beside { (top + bottom) / 2.0 } else { top + air };
            for span in &row.spans {
                let Some(state) = self.states.get(span.state).filter(|state| state.is_beside == is_beside) else {
                    continue;
                };
                let (left, right) = (scales.place_x(span.from_day), scales.place_x(span.until_day));
                if right <= left || span.from_day.is_nan() || span.until_day.is_nan() {
                    continue;
                }
                let area = Area { left, top, right, bottom: bottom - air };
                canvas.rectangle(area, theme::state(state.slot), 1.0);
            }
        }
    }
}

const GROUP_FACE: Face = Face::bold(SMALL);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Theme;
    use jiff::civil::date;

    fn seats(count: usize) -> Seats {
        let span = Span { from_day: 10.0, until_day: 300.0, state: 0 };
        let row = |index: usize| Row {
            label: index.to_string(),
            group: ["developer", "tester"][index % 2].into(),
            spans: vec![span],
        };
        Seats {
            heading: Heading::new("Seats"),
            start: date(2027, 1, 1),
            horizon_days: 365.0,
            transfer_day: Some(180.0),
            states: vec![State { name: "productive".into(), slot: 5, is_beside: false }],
            rows: (0..count).map(row).collect(),
        }
    }

    #[test]
    fn rows_of_a_group_come_together() {
        let seats = seats(5);
        let groups = seats.groups();
        let labels: Vec<(&str, Vec<&str>)> =
            groups.iter().map(|(name, rows)| (*name, rows.iter().map(|row| row.label.as_str()).collect())).collect();
        assert_eq!(labels, [("developer", vec!["0", "2", "4"]), ("tester", vec!["1", "3"])]);
    }

    #[test]
    fn too_many_seats_are_cut_and_said_to_be() {
        assert_eq!(seats(300).note(), "");
        let many = seats(301);
        assert_eq!(many.note(), "The first 300 of 301 seats");
        let svg = many.svg(many.size(800), Theme::Print);
        let filled = svg.lines().filter(|line| line.contains("fill=\"#2E7D74\""));
        // Bars that follow each other are one path, in which each begins with an M.
        let bars = filled.map(|line| line.matches('M').count().max(1)).sum::<usize>();
        assert_eq!(bars, 301, "300 rows and a key");
    }
}
