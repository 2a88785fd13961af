//! Strips: the phases of a strategy's life on a calendar, a row for each strategy.

use jiff::civil::Date;
use plotters::style::text_anchor::HPos;

use super::super::dates::date_text;
use super::super::drawing::axis::{Range, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{DATE_AXIS, DateAxis, Key, SMALL_FACE, Swatch, keys};
use super::super::drawing::lettering::Face;
use super::super::drawing::row_heads::RowHeads;
use super::super::drawing::theme::{self, INK, LABEL, MARGIN, MUTED};
use super::super::escape::one_line;
use super::super::number::{percent_within, short_percent};
use super::{Chart, Heading, sentences};

/// Height of a strategy without its name: the bar, the thin bar of what is rare, and the spans of dates.
const ROW: f64 = 62.0;
const BAR: f64 = 22.0;
const RARE: f64 = 8.0;
/// Room for half of the last date.
const RIGHT: f64 = 34.0;
/// What takes place in fewer replications is drawn below the bar.
const OFTEN: f64 = 0.5;
/// What takes place more often than this takes place always, for all that a reader needs to know.
const ALWAYS: f64 = 0.99;
/// The line of a span, and the strokes at its ends.
const SPAN: f64 = 3.0;
const CAP: Pen = Pen::solid(INK, 1.25);
const SPAN_STEP: f64 = 7.0;
/// A phase without length is drawn as wide as this.
const NARROWEST: f64 = 3.0;

/// The phases of strategies.
#[derive(Clone, Debug, PartialEq)]
pub struct Strips {
    /// What stands above it.
    pub heading: Heading,
    /// Day 0.
    pub start: Date,
    /// Length of a replication in days.
    pub horizon_days: f64,
    /// Names of the phases in their order.
    pub phases: Vec<String>,
    /// One row each.
    pub strategies: Vec<StrategyStrip>,
}

/// The phases of one strategy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrategyStrip {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// Parallel to the names of phases.
    pub phases: Vec<Phase>,
}

/// When a phase begins and ends: days since the start, as the 5 % quantile, median and 95 % quantile of the replications in
/// which it takes place; `NaN` if there are none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phase {
    /// When it begins.
    pub begin: [f64; 3],
    /// When it ends.
    pub end: [f64; 3],
    /// Share of the replications in which it takes place.
    pub share: f64,
}

impl Phase {
    fn is_known(&self) -> bool {
        self.begin.iter().chain(&self.end).all(|day| day.is_finite()) && self.share > 0.0
    }

    /// Whether its beginnings lie so far apart that it is drawn.
    fn varies(&self) -> bool {
        self.begin[2] - self.begin[0] >= 1.0
    }

    fn is_rare(&self) -> bool {
        self.share < OFTEN
    }
}

impl Chart for Strips {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let strategies = sentences(&self.strategies, |strategy| {
            let known = self.phases.iter().zip(&strategy.phases).filter(|(_, phase)| phase.is_known());
            let phases: Vec<String> = known.map(|(name, phase)| self.words(name, phase)).collect();
            (&strategy.name, phases.join(", "))
        });
        format!("{}. {strategies}", self.heading.sentence())
    }

    fn size(&self, width: u32) -> Size {
        let top = self.heading.height(width, &self.keys());
        let room = f64::from(width) - RIGHT - MARGIN - 10.0;
        let rows = self.strategies.len().max(1) as f64 * (ROW + self.heads(room).height());
        Size { width, height: (top + 14.0 + rows + DATE_AXIS) as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &self.keys());
        let whole = canvas.area();
        let area = Area::new((MARGIN + 10.0, top + 4.0), (whole.right - RIGHT, whole.bottom - 6.0 - DATE_AXIS));
        let scales = Scales { area, x: Range::of([0.0, self.horizon_days.max(1.0)]), y: Range::new(0.0, 1.0) };
        DateAxis { start: self.start, slack: 20.0, grid: true }.draw(canvas, &scales);
        let step = (area.bottom - area.top) / self.strategies.len().max(1) as f64;
        for (index, strategy) in self.strategies.iter().enumerate() {
            let top = area.top + index as f64 * step;
            canvas.strategy(strategy.slot, |canvas| self.row(canvas, strategy, &scales, top));
        }
    }
}

impl StrategyStrip {
    /// The median of the beginnings of what follows a phase in its bar; that of its ends, if nothing does.
    fn shown_until(&self, index: usize) -> f64 {
        let phase = &self.phases[index];
        let later = self.phases[index + 1..].iter().filter(|later| later.is_known() && later.is_rare() == phase.is_rare());
        later.map(|later| later.begin[1]).fold(phase.end[1], f64::min).max(phase.begin[1])
    }
}

impl Strips {
    fn words(&self, name: &str, phase: &Phase) -> String {
        let date = |day: f64| date_text(self.start, day);
        let rarely = if phase.share < 1.0 { format!(" in {}", short_percent(phase.share)) } else { String::new() };
        format!("{name}{rarely} from {} to {}", date(phase.begin[1]), date(phase.end[1]))
    }

    fn keys(&self) -> Vec<Key> {
        let is_there = |index: usize| {
            let phases = self.strategies.iter().filter_map(|strategy| strategy.phases.get(index));
            phases.clone().any(|phase| phase.is_known() && (phase.end[2] > 0.0 || index > 0))
        };
        let shown = self.phases.iter().enumerate().filter(|&(index, _)| is_there(index));
        let mut keys: Vec<Key> = shown
            .map(|(index, name)| Key::new(Swatch::Block(theme::phase(index).0, 1.0), SMALL_FACE.fit(name, 200.0)))
            .collect();
        let mut phases = self.strategies.iter().flat_map(|strategy| &strategy.phases);
        if phases.any(|phase| phase.is_known() && phase.varies()) {
            keys.push(Key::new(Swatch::Line(Pen::solid(MUTED, SPAN)), "90 % of starts"));
        }
        keys
    }

    fn row(&self, canvas: &mut Canvas, strategy: &StrategyStrip, scales: &Scales, top: f64) {
        let area = scales.area;
        let letters = Letters::new(Face::bold(LABEL), theme::strategy(strategy.slot).text);
        let heads = self.heads(area.width());
        heads.draw(canvas, Area { top, ..area }, (&strategy.name, letters), &self.note(strategy));
        let bar = (top + heads.height(), top + heads.height() + BAR);
        let known = || strategy.phases.iter().enumerate().filter(|(_, phase)| phase.is_known());
        // What takes no time is drawn over what follows it.
        let (brief, long): (Vec<_>, Vec<_>) =
            known().partition(|(_, phase)| scales.place_x(phase.end[1]) - scales.place_x(phase.begin[1]) < NARROWEST);
        for (index, phase) in long.into_iter().chain(brief) {
            let lane = if phase.is_rare() { (bar.1 + 1.0, bar.1 + 1.0 + RARE) } else { bar };
            let (left, right) = (scales.place_x(phase.begin[1]), scales.place_x(strategy.shown_until(index)));
            // Setting up may take no time at all; a transfer without length is a separate day.
            let right = if index > 0 { right.max(left + NARROWEST) } else { right };
            let words = self.phases.get(index).map_or(String::new(), |name| self.words(name, phase));
            let bar = Area::new((left, lane.0), (right, lane.1));
            let (colour, letters) = theme::phase(index);
            canvas.described(&words, |canvas| canvas.rectangle(bar, colour, 1.0));
            let name = self.phases.get(index).map_or("", String::as_str);
            if !phase.is_rare() && SMALL_FACE.width(&one_line(name)) + 10.0 <= bar.width() {
                let letters = Letters::new(SMALL_FACE, letters).anchored(HPos::Center);
                let middle = ((bar.left + bar.right) / 2.0, (bar.top + bar.bottom) / 2.0 + 0.36 * SMALL_FACE.size);
                canvas.text(middle, &one_line(name), letters);
            }
        }
        let mut y = bar.1 + RARE + 5.0;
        for (index, phase) in known() {
            let [p5, _, p95] = phase.begin;
            if phase.varies() {
                let (left, right) = (scales.place_x(p5), scales.place_x(p95));
                canvas.line(&[(left, y), (right, y)], Pen::solid(theme::phase(index).0, SPAN));
                for x in [left, right] {
                    canvas.line(&[(x, y - 2.5), (x, y + 2.5)], CAP);
                }
                y += SPAN_STEP;
            }
        }
    }

    /// Names, with notes beside them.
    fn heads(&self, width: f64) -> RowHeads {
        let rows = self.strategies.iter().map(|strategy| (strategy.name.as_str(), self.note(strategy)));
        RowHeads::new(rows, Face::bold(LABEL), width)
    }

    /// What takes place in some simulations only.
    fn note(&self, strategy: &StrategyStrip) -> String {
        let phases = self.phases.iter().zip(&strategy.phases);
        let some = phases.filter(|(_, phase)| phase.is_known() && phase.share < ALWAYS);
        let words: Vec<String> =
            some.map(|(name, phase)| format!("{name} in {}", percent_within(phase.share, 0.01))).collect();
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Theme;
    use jiff::civil::date;

    fn strips() -> Strips {
        let phase = |begin: f64, end: f64, share: f64| Phase { begin: [begin; 3], end: [end; 3], share };
        let phases = vec![phase(0.0, 31.0, 1.0), phase(31.0, 365.0, 0.25), phase(f64::NAN, f64::NAN, 0.0)];
        Strips {
            heading: Heading::new("Phases"),
            start: date(2027, 1, 1),
            horizon_days: 365.0,
            phases: ["setting up", "building", "operating"].map(str::to_owned).to_vec(),
            strategies: vec![StrategyStrip { name: "own".into(), slot: 0, phases }],
        }
    }

    #[test]
    fn the_description_has_dates_and_says_how_often() {
        assert_eq!(
            strips().description(),
            "Phases. own: setting up from 1 Jan 2027 to 1 Feb 2027, building in 25 % from 1 Feb 2027 to 1 Jan 2028."
        );
    }

    #[test]
    fn a_bar_ends_where_the_next_begins() {
        let phase = |begin: f64, end: f64, share: f64| Phase { begin: [begin; 3], end: [end; 3], share };
        let phases = vec![phase(0.0, 300.0, 1.0), phase(100.0, 400.0, 0.2), phase(250.0, 400.0, 0.8)];
        let strip = StrategyStrip { phases, ..StrategyStrip::default() };
        let ends: Vec<f64> = (0..3).map(|index| strip.shown_until(index)).collect();
        assert_eq!(ends, [250.0, 400.0, 400.0]);
    }

    #[test]
    fn a_phase_that_never_takes_place_has_no_key_and_no_bar() {
        let labels: Vec<String> = strips().keys().into_iter().map(|key| key.label).collect();
        assert_eq!(labels, ["setting up", "building"], "and all begin on the same day");
        let mut later = strips();
        later.strategies[0].phases[1].begin[2] += 30.0;
        assert_eq!(later.keys().last().expect("a key").label, "90 % of starts");
        let svg = strips().svg(Size::default(), Theme::Print);
        assert!(!svg.contains("#5F7186"), "{svg}");
    }
}
