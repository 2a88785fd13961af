//! Cumulative distribution of a day over simulations: how probable it is that something has happened by a date.

use jiff::civil::Date;

use super::super::dates::date_text;
use super::super::drawing::axis::{Range, RoundAxis, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Point, Size};
use super::super::drawing::frame::{DATE_AXIS, DateAxis, NARROW, SMALL_FACE, Swatch, swatch, value_axis, value_axis_width};
use super::super::drawing::lettering::Face;
use super::super::drawing::theme::{self, AXIS, Colour, Hue, LABEL, MARGIN, MUTED, WHITE};
use super::super::number::short_percent;
use super::panels::shared_dash;
use super::{Chart, Heading, sentences};

/// Width of the list beside the panel.
const LIST: f64 = 196.0;
const CURVE: f64 = 2.25;
/// Up to this many strategies are listed with all their numbers.
const FEW: usize = 5;
/// From one strategy of the list to the next, and from line to line within one.
const NAME_STEP: f64 = 23.0;
const FACT_STEP: f64 = 15.0;
/// Letters of names, lines that one may take, and from line to line.
const NAME: Face = Face::bold(LABEL);
const NAME_LINES: usize = 3;
const LINE_STEP: f64 = 16.0;

/// The day on which something happens, for each strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct DayDistribution {
    /// What stands above it.
    pub heading: Heading,
    /// Day 0.
    pub start: Date,
    /// Length of a simulation in days.
    pub horizon_days: f64,
    /// One curve each.
    pub strategies: Vec<StrategyDays>,
}

/// The days of one strategy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrategyDays {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// Days since the start, one for each simulation in which it happened, in any order; `NaN` counts as not reached.
    pub days: Vec<f64>,
    /// Simulations in which it did not happen within the horizon.
    pub not_reached: usize,
}

impl Chart for DayDistribution {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let curves = self.curves();
        let strategies = sentences(&curves, |curve| (curve.name, self.words(curve, ", ")));
        format!("{}. {strategies}", self.heading.sentence())
    }

    fn size(&self, width: u32) -> Size {
        let list = self.list_height(&self.curves(), list_room(f64::from(width)));
        let panel = if f64::from(width) < NARROW { 300.0 + list } else { (list + 40.0).max(370.0) };
        Size { width, height: (self.heading.height(width, &[]) + panel).ceil() as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let curves = self.curves();
        let whole = canvas.area();
        let is_narrow = whole.width() < NARROW;
        let RoundAxis { range: y, ticks } = RoundAxis::of_shares(&[0.0, 0.25, 0.5, 0.75, 0.9, 1.0]);
        let left = MARGIN + value_axis_width(&ticks);
        let (right, below) = if is_narrow {
            (whole.right - 34.0, self.list_height(&curves, list_room(whole.width())))
        } else {
            (whole.right - LIST - MARGIN - 20.0, 0.0)
        };
        let bottom = whole.bottom - 6.0 - DATE_AXIS - below;
        let area = Area::new((left, top + 16.0), (right, bottom));
        let scales = Scales { area, x: self.days(&curves), y };
        value_axis(canvas, &scales, &ticks, true);
        for share in [0.5, 0.9] {
            let y = scales.place_y(share);
            canvas.line(&[(left, y), (right, y)], Pen::dashed(AXIS, 1.0, (3.0, 3.0)));
        }
        DateAxis { start: self.start, slack: 24.0, grid: true }.draw(canvas, &scales);
        for (index, curve) in curves.iter().enumerate() {
            let (below, all) = (curve.same(&curves[..index]), curve.same(&curves));
            let pen = if all > 1 { Pen { dash: shared_dash(below, all), ..curve.pen() } } else { curve.pen() };
            let words = format!("{}: {}", curve.name, self.words(curve, ", "));
            canvas.strategy(curve.slot, |canvas| canvas.described(&words, |canvas| curve.draw(canvas, &scales, pen)));
        }
        for curve in &curves {
            canvas.strategy(curve.slot, |canvas| curve.draw_dots(canvas, &scales));
        }
        let list = if is_narrow { (left, area.bottom + DATE_AXIS + 8.0) } else { (right + 24.0, area.top) };
        self.list(canvas, list, &curves);
    }
}

impl DayDistribution {
    fn curves(&self) -> Vec<Curve<'_>> {
        self.strategies.iter().map(Curve::new).collect()
    }

    /// The days that the curves need, and all up to the horizon where one does not reach it.
    fn days(&self, curves: &[Curve<'_>]) -> Range {
        let seen = || curves.iter().flat_map(|curve| curve.days.iter().copied());
        if seen().next().is_none() {
            return Range::of([0.0, self.horizon_days]);
        }
        let first = seen().fold(f64::INFINITY, f64::min);
        let last = seen().fold(0.0, f64::max);
        let margin = (0.06 * (last - first)).max(20.0);
        let missed = curves.iter().any(|curve| curve.days.len() < curve.count);
        let horizon = Some(self.horizon_days).filter(|day| missed && day.is_finite() && *day > last);
        let high = horizon.unwrap_or(last + margin);
        let is_late = high - first < 0.4 * high;
        let low = if is_late { first - 2.0 * margin } else { 0.0 };
        Range::of([low.clamp(0.0, first.max(0.0)), high])
    }

    /// What is worth knowing of one curve, in words.
    fn facts(&self, curve: &Curve<'_>) -> Vec<Fact> {
        if curve.count == 0 {
            return vec![Fact::of("no simulations")];
        }
        if curve.days.is_empty() {
            return vec![Fact::of("never within the horizon")];
        }
        let by = |dot: Dot| match curve.quantile(dot.share()) {
            Some(day) => {
                let text = format!("{} by {}", short_percent(dot.share()), date_text(self.start, day));
                Fact { dot: Some(dot), text }
            }
            None => Fact::of(format!("{} not reached", short_percent(dot.share()))),
        };
        let mut facts = vec![by(Dot::Half)];
        if self.strategies.len() <= FEW {
            facts.push(by(Dot::NineTenths));
        }
        if curve.days.len() < curve.count {
            let missing = (curve.count - curve.days.len()) as f64 / curve.count as f64;
            facts.push(Fact::of(format!("{} not within the horizon", short_percent(missing))));
        }
        facts
    }

    fn words(&self, curve: &Curve<'_>, between: &str) -> String {
        let facts: Vec<String> = self.facts(curve).into_iter().map(|fact| fact.text).collect();
        facts.join(between)
    }

    /// Height of the list, with names that take at most so much room.
    fn list_height(&self, curves: &[Curve<'_>], room: f64) -> f64 {
        let group = |group: &Vec<&Curve<'_>>| {
            let lines: usize = group.iter().map(|curve| curve.lines(room).len()).sum();
            NAME_STEP + LINE_STEP * (lines - 1) as f64 + FACT_STEP * self.facts(group[0]).len() as f64
        };
        groups(curves).iter().map(group).sum()
    }

    /// The names of the strategies, each with what is known of it; those whose curves are the same have it together.
    fn list(&self, canvas: &mut Canvas, (left, top): Point, curves: &[Curve<'_>]) {
        let room = list_room(canvas.area().width());
        let mut y = top + 4.0;
        for group in groups(curves) {
            for (index, curve) in group.iter().enumerate() {
                canvas.strategy(curve.slot, |canvas| {
                    swatch(canvas, (left, y), Swatch::Line(curve.pen()));
                    for (line, text) in curve.lines(room).iter().enumerate() {
                        y += if line > 0 { LINE_STEP } else { 0.0 };
                        let text = if index > 0 && line == 0 { format!("= {text}") } else { text.clone() };
                        canvas.text((left + 26.0, y + 4.5), &text, Letters::new(NAME, curve.hue.text));
                    }
                });
                y += if index + 1 < group.len() { LINE_STEP } else { 0.0 };
            }
            canvas.strategy(group[0].slot, |canvas| {
                for fact in self.facts(group[0]) {
                    y += FACT_STEP;
                    if let Some(dot) = fact.dot {
                        dot.draw(canvas, (left + 10.0, y), group[0].hue.line);
                    }
                    let text = SMALL_FACE.fit(&fact.text, room);
                    canvas.text((left + 26.0, y + 4.5), &text, Letters::new(SMALL_FACE, MUTED));
                }
            });
            y += NAME_STEP;
        }
    }
}

/// Room for the names of the list on a picture of this width.
fn list_room(width: f64) -> f64 {
    if width < NARROW { width - 2.0 * MARGIN - 72.0 } else { LIST - 30.0 }
}

/// Strategies whose curves are the same, in the order of their first ones.
fn groups<'c, 'd>(curves: &'c [Curve<'d>]) -> Vec<Vec<&'c Curve<'d>>> {
    let mut groups: Vec<Vec<&Curve<'_>>> = Vec::new();
    for curve in curves {
        match groups.iter_mut().find(|group| group[0].is_same(curve)) {
            Some(group) => group.push(curve),
            None => groups.push(vec![curve]),
        }
    }
    groups
}

/// A line of the list, with the mark in the chart that it explains.
struct Fact {
    dot: Option<Dot>,
    text: String,
}

impl Fact {
    fn of(text: impl Into<String>) -> Self {
        Self { dot: None, text: text.into() }
    }
}

/// A mark on a curve.
#[derive(Clone, Copy)]
enum Dot {
    Half,
    NineTenths,
}

impl Dot {
    fn share(self) -> f64 {
        match self {
            Self::Half => 0.5,
            Self::NineTenths => 0.9,
        }
    }

    fn draw(self, canvas: &mut Canvas, at: Point, colour: Colour) {
        canvas.disc(at, 4.5, colour);
        if let Self::NineTenths = self {
            canvas.disc(at, 2.5, WHITE);
        }
    }
}

/// One strategy's curve.
struct Curve<'d> {
    name: &'d str,
    slot: usize,
    hue: Hue,
    /// Ascending.
    days: Vec<f64>,
    /// Simulations, those that did not reach it included.
    count: usize,
}

impl<'d> Curve<'d> {
    fn new(strategy: &'d StrategyDays) -> Self {
        let mut days: Vec<f64> = strategy.days.iter().copied().filter(|day| day.is_finite()).collect();
        days.sort_by(f64::total_cmp);
        let count = strategy.days.len().saturating_add(strategy.not_reached);
        Self { name: &strategy.name, slot: strategy.slot, hue: theme::strategy(strategy.slot), days, count }
    }

    fn pen(&self) -> Pen {
        Pen { colour: self.hue.line, width: CURVE, dash: self.hue.dash }
    }

    fn is_same(&self, other: &Self) -> bool {
        other.days == self.days && other.count == self.count
    }

    /// How many of these curves are the same.
    fn same(&self, curves: &[Self]) -> usize {
        curves.iter().filter(|other| self.is_same(other)).count()
    }

    /// The lines of its name, with room for what says that it is the same as another.
    fn lines(&self, room: f64) -> Vec<String> {
        NAME.wrap(self.name, room - NAME.width("= "), NAME_LINES)
    }

    /// The first day by which this share of all simulations has reached it.
    fn quantile(&self, share: f64) -> Option<f64> {
        let rank = (share * self.count as f64).ceil().max(1.0) as usize;
        self.days.get(rank - 1).copied()
    }

    fn share_by(&self, day: f64) -> f64 {
        self.days.partition_point(|other| *other <= day) as f64 / self.count.max(1) as f64
    }

    /// One point for each half pixel in which the share changes.
    fn draw(&self, canvas: &mut Canvas, scales: &Scales, pen: Pen) {
        let columns = (scales.area.width() * 2.0).clamp(1.0, 20_000.0) as u32;
        let day = |column: u32| scales.x.low + scales.x.length() * f64::from(column) / f64::from(columns);
        let (mut share, mut flat) = (self.share_by(day(0)), false);
        let mut line = vec![(day(0), share)];
        for column in 1..=columns {
            let next = self.share_by(day(column));
            if next > share {
                if flat {
                    line.push((day(column - 1), share));
                }
                line.push((day(column), next));
            }
            flat = next <= share;
            share = next;
        }
        line.push((scales.x.high, share));
        canvas.curve(scales, &line, pen);
    }

    /// Points where half and nine tenths are reached; a line leads from the first to its date.
    fn draw_dots(&self, canvas: &mut Canvas, scales: &Scales) {
        for dot in [Dot::Half, Dot::NineTenths] {
            let Some((x, y)) = self.quantile(dot.share()).map(|day| scales.place(day, dot.share())) else {
                continue;
            };
            if let Dot::Half = dot {
                canvas.line(&[(x, y), (x, scales.area.bottom)], Pen::dashed(self.hue.line, 1.0, (2.0, 2.5)));
            }
            dot.draw(canvas, (x, y), self.hue.line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn chart(strategies: Vec<StrategyDays>) -> DayDistribution {
        DayDistribution {
            heading: Heading::new("When the team is staffed"),
            start: date(2027, 1, 1),
            horizon_days: 365.0,
            strategies,
        }
    }

    fn strategy(days: &[f64], not_reached: usize) -> StrategyDays {
        StrategyDays { name: "captive".into(), slot: 0, days: days.to_vec(), not_reached }
    }

    #[test]
    fn quantiles_count_replications_that_never_reach_it() {
        let strategies = [strategy(&[31.0, 0.0, 59.0], 1), strategy(&[], 4), strategy(&[], 0), strategy(&[0.0], 49)];
        let chart = chart(strategies.to_vec());
        let facts: Vec<String> = chart.curves().iter().map(|curve| chart.words(curve, "; ")).collect();
        assert_eq!(
            facts,
            [
                "50 % by 1 Feb 2027; 90 % not reached; 25 % not within the horizon",
                "never within the horizon",
                "no simulations",
                "50 % not reached; 90 % not reached; 98 % not within the horizon",
            ]
        );
    }

    #[test]
    fn strategies_whose_curves_are_the_same_are_listed_together() {
        let named = |name: &str, slot: usize, days: &[f64]| StrategyDays { name: name.into(), slot, ..strategy(days, 0) };
        let chart = chart(vec![named("bot", 0, &[31.0]), named("own", 1, &[59.0]), named("agency", 2, &[31.0])]);
        let svg = chart.svg(chart.size(800), super::super::Theme::Print);
        let texts: Vec<&str> =
            svg.split("<text ").skip(1).filter_map(|text| Some(text.split_once('>')?.1.split_once('<')?.0)).collect();
        let at = |text: &str| texts.iter().position(|other| *other == text).unwrap_or_else(|| panic!("{text}: {texts:?}"));
        assert_eq!([at("= agency"), at("50 % by 1 Feb 2027")], [at("bot") + 1, at("bot") + 2]);
        assert!(svg.contains("stroke-dasharray=\"64 64\""), "both colours are seen");
    }

    #[test]
    fn the_axis_shows_the_days_that_matter() {
        let days = |strategy: StrategyDays| {
            let chart = chart(vec![strategy]);
            let curves = chart.curves();
            let range = chart.days(&curves);
            (range.low, range.high)
        };
        assert_eq!(days(strategy(&[100.0, 200.0], 0)), (0.0, 220.0));
        assert_eq!(days(strategy(&[300.0; 5], 0)), (260.0, 320.0));
        assert_eq!(days(strategy(&[100.0], 1)), (0.0, 365.0));
        assert_eq!(days(strategy(&[], 3)), (0.0, 365.0));
        assert_eq!(days(strategy(&[f64::NAN], 3)), (0.0, 365.0));
    }
}
