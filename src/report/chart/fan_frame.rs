//! A frame of a fan chart: bands, lines, what is wanted, goals and transfers of the strategies in it.

use std::ops::Range as Indices;

use jiff::civil::Date;
use plotters::style::text_anchor::HPos;

use super::super::dates::{date, date_text, month_text};
use super::super::drawing::axis::Scales;
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Point};
use super::super::drawing::end_labels::{EndLabel, EndLabels, Name, spread};
use super::super::drawing::frame::{DateAxis, MARK, NARROW, SMALL_FACE};
use super::super::drawing::lettering::Face;
use super::super::drawing::place::Obstacles;
use super::super::drawing::theme::{self, AXIS, BAND_50, BAND_90, INK, LABEL, SMALL};
use super::panels::{parted_band, parted_line, shared_dash};
use super::target::Target;

const MEDIAN: f64 = 2.25;
const WANTED: Pen = Pen::dashed(INK, 1.5, (6.0, 3.5));
/// Lines no further from each other than this, in pixels, are one.
const PRECISION: f64 = 0.6;
/// Share of the width that names at the ends of lines take at most, and what they take on a narrow picture.
const MOST_OF_WIDTH: f64 = 0.27;
const LEAST_COLUMN: f64 = 112.0;

/// How the quantity develops under one strategy: all lists are parallel to `days`; `NaN` leaves a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrategyFan {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// Days since the start, ascending.
    pub days: Vec<f64>,
    /// Quantiles over the simulations on these days.
    pub p5: Vec<f64>,
    /// Lower quartile.
    pub p25: Vec<f64>,
    /// Median.
    pub p50: Vec<f64>,
    /// Upper quartile.
    pub p75: Vec<f64>,
    /// 95 % quantile.
    pub p95: Vec<f64>,
    /// When the team is transferred, if it is.
    pub transfer: Option<Transfer>,
}

/// The day of the transfer, over the simulations; days since the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transfer {
    /// Median.
    pub median_day: f64,
    /// 5 % quantile.
    pub p5_day: f64,
    /// 95 % quantile.
    pub p95_day: f64,
}

/// From this day on, this value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Days since the start, ascending from step to step.
    pub from_day: f64,
    /// Value in the unit of the chart.
    pub value: f64,
}

/// Where some strategies are drawn.
pub(super) struct Frame<'f> {
    pub(super) start: Date,
    pub(super) strategies: &'f [StrategyFan],
    pub(super) wanted: &'f [Step],
    pub(super) targets: &'f [Target],
    /// Whether goals have their names, or other frames say them.
    pub(super) has_names: bool,
    pub(super) scales: Scales,
}

impl Frame<'_> {
    /// Draws all but the value axis, whose unit ends here above the frame, and the names; dates may stand out so far.
    pub(super) fn draw(&self, canvas: &mut Canvas, unit_end: f64, slack: f64) {
        let mut obstacles = Obstacles::new(self.scales.area);
        self.bands(canvas);
        self.transfers(canvas, unit_end, &mut obstacles);
        self.medians(canvas, &mut obstacles);
        self.wanted(canvas, &mut obstacles);
        let area = self.scales.area;
        if self.scales.y.low < 0.0 {
            let zero = self.scales.place_y(0.0);
            canvas.line(&[(area.left, zero), (area.right, zero)], Pen::solid(AXIS, 1.0));
        }
        DateAxis { start: self.start, slack, grid: false }.draw(canvas, &self.scales);
        self.targets.iter().for_each(|target| target.draw_level(canvas, &self.scales, &mut obstacles));
        for target in self.targets {
            let shown = |(slot, _): &&(usize, String)| self.strategies.iter().any(|strategy| strategy.slot == *slot);
            let met = target.met.iter().filter(shown).cloned().collect();
            let name = if self.has_names { target.name.clone() } else { String::new() };
            Target { name, met, ..*target }.draw_label(canvas, &self.scales, &mut obstacles);
        }
    }

    /// The names at the ends of the lines, on a picture of this width.
    pub(super) fn end_labels(&self, width: f64) -> EndLabels {
        let is_narrow = width < NARROW;
        let face = Face::bold(if is_narrow { SMALL } else { LABEL });
        let end = |line: &[Option<Point>]| line.iter().rev().flatten().next().copied();
        let lines = self.lines();
        let mut labels: Vec<EndLabel> = Vec::new();
        for group in self.identical(&lines) {
            let Some(at) = end(&lines[group[0]]) else { continue };
            let name = |&index: &usize| {
                let StrategyFan { name, slot, .. } = &self.strategies[index];
                let hue = theme::strategy(*slot);
                Name { text: name.clone(), colours: (hue.text, hue.line), slot: Some(*slot) }
            };
            labels.push(EndLabel { at, names: group.iter().map(name).collect() });
        }
        if let Some(&(day, value)) = self.wanted_line().last() {
            let name = Name { text: "wanted".to_owned(), colours: (INK, INK), slot: None };
            labels.push(EndLabel { at: self.scales.place(day, value), names: vec![name] });
        }
        EndLabels::new(labels, face, (MOST_OF_WIDTH * width).max(LEAST_COLUMN))
    }

    /// The medians in pixels; none where there is no value.
    fn lines(&self) -> Vec<Vec<Option<Point>>> {
        self.strategies.iter().map(|strategy| self.placed(&strategy.days, &strategy.p50)).collect()
    }

    fn placed(&self, days: &[f64], values: &[f64]) -> Vec<Option<Point>> {
        let place =
            |(day, value): (&f64, &f64)| (day.is_finite() && value.is_finite()).then(|| self.scales.place(*day, *value));
        days.iter().zip(values).map(place).collect()
    }

    /// Strategies whose medians and bands cannot be distinguished, in the order of their first ones.
    fn identical(&self, lines: &[Vec<Option<Point>>]) -> Vec<Vec<usize>> {
        let limits: Vec<[Vec<Option<Point>>; 2]> = self
            .strategies
            .iter()
            .map(|strategy| [&strategy.p5, &strategy.p95].map(|values| self.placed(&strategy.days, values)))
            .collect();
        let same = |one: &[Option<Point>], other: &[Option<Point>]| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| coincide(*one, *other))
        };
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for index in 0..lines.len() {
            let is_same = |group: &&mut Vec<usize>| {
                let first = group[0];
                same(&lines[first], &lines[index]) && (0..2).all(|limit| same(&limits[first][limit], &limits[index][limit]))
            };
            match groups.iter_mut().find(is_same) {
                Some(group) => group.push(index),
                None => groups.push(vec![index]),
            }
        }
        groups
    }

    fn bands(&self, canvas: &mut Canvas) {
        for strategy in self.strategies {
            let colour = theme::strategy(strategy.slot).line;
            let mut band = |limits: (&[f64], &[f64]), opacity: f64| {
                canvas.strategy(strategy.slot, |canvas| {
                    parted_band(canvas, &self.scales, (&strategy.days, limits), (colour, opacity));
                });
            };
            band((&strategy.p5, &strategy.p95), BAND_90);
            if self.strategies.len() < 2 {
                band((&strategy.p25, &strategy.p75), BAND_50);
            }
        }
    }

    /// The medians; where several coincide, each is seen in its dashes.
    fn medians(&self, canvas: &mut Canvas, obstacles: &mut Obstacles) {
        let lines = self.lines();
        for (index, strategy) in self.strategies.iter().enumerate() {
            let pen = Pen::solid(theme::strategy(strategy.slot).line, MEDIAN);
            canvas.strategy(strategy.slot, |canvas| {
                for (months, (below, all)) in shared_runs(&lines, index) {
                    let dash = shared_dash(below, all);
                    let days = strategy.days.get(months.clone()).unwrap_or_default();
                    let values = strategy.p50.get(months).unwrap_or_default();
                    parted_line(canvas, &self.scales, (days, values), (Pen { dash, ..pen }, MEDIAN));
                }
            });
            lines[index].split(Option::is_none).for_each(|run| {
                obstacles.add_line(&run.iter().flatten().copied().collect::<Vec<_>>());
            });
        }
    }

    /// The corners of what is wanted, as days and values.
    fn wanted_line(&self) -> Vec<Point> {
        let last = self.scales.x.high;
        let known = |step: &&Step| step.from_day <= last && step.value.is_finite();
        let mut line: Vec<Point> = Vec::new();
        for step in self.wanted.iter().filter(known) {
            line.extend(line.last().map(|(_, before)| (step.from_day, *before)));
            line.push((step.from_day, step.value));
        }
        line.extend(line.last().map(|(_, value)| (last, *value)));
        line
    }

    fn wanted(&self, canvas: &mut Canvas, obstacles: &mut Obstacles) {
        let line = self.wanted_line();
        canvas.curve(&self.scales, &line, WANTED);
        obstacles.add_line(&line.iter().map(|(day, value)| self.scales.place(*day, *value)).collect::<Vec<_>>());
    }

    /// The median days of transfers with the days between which most lie, and their dates above the frame.
    fn transfers(&self, canvas: &mut Canvas, unit_end: f64, obstacles: &mut Obstacles) {
        let area = self.scales.area;
        let days = self.scales.x;
        let transfers = self.strategies.iter().filter_map(|strategy| Some((strategy.slot, strategy.transfer?)));
        let seen: Vec<_> = transfers.filter(|(_, transfer)| (days.low..=days.high).contains(&transfer.median_day)).collect();
        let room = (area.right - area.left.max(unit_end + 10.0)) / seen.len().max(1) as f64;
        let texts: Vec<String> = seen.iter().map(|(_, transfer)| self.date_of(transfer.median_day, room)).collect();
        let widths: Vec<f64> = texts.iter().map(|text| SMALL_FACE.width(text) + 8.0).collect();
        let places: Vec<f64> = seen.iter().map(|(_, transfer)| self.scales.place_x(transfer.median_day)).collect();
        let centres = spread(&places, &widths, (area.left.max(unit_end + 10.0), area.right + 4.0));
        for (index, (slot, transfer)) in seen.iter().enumerate() {
            let hue = theme::strategy(*slot);
            canvas.strategy(*slot, |canvas| {
                let [left, right] = [transfer.p5_day, transfer.p95_day].map(|day| self.scales.place_x(day));
                if right - left > 1.0 {
                    canvas.rectangle(Area { left, right, top: area.top - 3.0, bottom: area.top + 2.0 }, hue.line, 0.8);
                }
                let x = places[index];
                obstacles.add_line(&[(x, area.top), (x, area.bottom)]);
                canvas.line(&[(x, area.top - 4.0), (x, area.bottom)], Pen { colour: hue.line, ..MARK });
                let letters = Letters::new(SMALL_FACE, hue.text).anchored(HPos::Center);
                canvas.text((centres[index], area.top - 8.0), &texts[index], letters);
            });
        }
    }

    /// `transfer 28 Feb 2029`, or less where there is less room.
    fn date_of(&self, day: f64, room: f64) -> String {
        let start = self.start;
        let month = date(start, day).map_or_else(|| date_text(start, day), month_text);
        let texts = [format!("transfer {}", date_text(start, day)), format!("transfer {month}"), month];
        texts
            .into_iter()
            .find(|text| SMALL_FACE.width(text) + 8.0 <= room)
            .unwrap_or_else(|| SMALL_FACE.fit("transfer", room - 8.0))
    }
}

/// Whether two ends cannot be distinguished.
fn coincide(one: Option<Point>, other: Option<Point>) -> bool {
    match (one, other) {
        (Some((x, y)), Some((other_x, other_y))) => (x - other_x).abs() < PRECISION && (y - other_y).abs() < PRECISION,
        (None, None) => true,
        _ => false,
    }
}

/// The parts of a line, as months, with how many lines coincide with it there: those drawn before it, and all with it.
fn shared_runs(lines: &[Vec<Option<Point>>], index: usize) -> Vec<(Indices<usize>, (usize, usize))> {
    let line = &lines[index];
    let at = |other: usize, month: usize| lines[other].get(month).copied().flatten();
    let shares = |other: &usize, month: usize| {
        [month, month + 1].iter().all(|&end| line[end].is_some() && coincide(line[end], at(*other, end)))
    };
    let mut runs: Vec<(Indices<usize>, (usize, usize))> = Vec::new();
    for month in 0..line.len().saturating_sub(1) {
        let below = (0..index).filter(|other| shares(other, month)).count();
        let above = (index + 1..lines.len()).filter(|other| shares(other, month)).count();
        // A line that is drawn first is solid, whatever will be drawn on it.
        let shared = if below > 0 { (below, below + above + 1) } else { (0, 1) };
        match runs.last_mut().filter(|(_, before)| *before == shared) {
            Some((months, _)) => months.end = month + 2,
            None => runs.push((month..month + 2, shared)),
        }
    }
    if runs.is_empty() { vec![(0..line.len(), (0, 1))] } else { runs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_shared_where_they_coincide() {
        let line = |values: &[f64]| -> Vec<Option<Point>> {
            (0..).zip(values).map(|(month, value)| value.is_finite().then_some((10.0 * f64::from(month), *value))).collect()
        };
        let lines = [line(&[1.0, 2.0, 3.0, 4.0]), line(&[1.2, 2.0, 3.0, 9.0]), line(&[1.0, 2.0, 7.0, f64::NAN])];
        assert_eq!(shared_runs(&lines, 0), [(0..4, (0, 1))]);
        assert_eq!(shared_runs(&lines, 1), [(0..2, (1, 3)), (1..3, (1, 2)), (2..4, (0, 1))]);
        assert_eq!(shared_runs(&lines, 2), [(0..2, (2, 3)), (1..4, (0, 1))]);
        assert_eq!(shared_runs(&[line(&[5.0])], 0), [(0..1, (0, 1))], "a lonely value is no line, and is drawn");
    }
}
