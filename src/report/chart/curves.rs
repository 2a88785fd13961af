//! Curves: how a probability develops, a panel for each of some events and a curve in it for each strategy.

use jiff::civil::Date;

use super::super::dates::month_end_text;
use super::super::drawing::axis::{Range, RoundAxis, Scales};
use super::super::drawing::canvas::{Canvas, Pen, Size};
use super::super::drawing::frame::{DateAxis, Key, Mark, SMALL_FACE, Swatch, keys, value_axis_width};
use super::super::drawing::theme::{self, BAND_90, Hue, INK, MUTED};
use super::super::number::short_percent;
use super::panels::{Panels, ValueAxis, one_at_least, parted_band, parted_line, shared_dash};
use super::{Chart, Heading, LEAST_OF_PANELS, Live, LivePanel, LiveSeries, sentences};

const CURVE: f64 = 2.25;
/// With more strategies than this, intervals lie on top of each other and hide what they should show.
const FEW: usize = 5;
/// A line beside a curve, in the colour of that.
const BESIDE: Pen = Pen::solid(INK, 0.9);
const REQUIRED: Pen = Pen::dashed(INK, 1.25, (6.0, 3.5));

/// Probabilities at month ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// What stands above it.
    pub heading: Heading,
    /// Day 0.
    pub start: Date,
    /// Days since the start to which the probabilities belong, ascending.
    pub days: Vec<f64>,
    /// One panel each.
    pub panels: Vec<CurvePanel>,
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CurvePanel {
    /// Stands above the panel.
    pub name: String,
    /// Number of the colour of that, if it is a strategy.
    pub slot: Option<usize>,
    /// The probability that is asked for, if one is.
    pub required: Option<f64>,
    /// The day by which the event is wanted, if there is one.
    pub due_day: Option<f64>,
    /// One for each strategy.
    pub curves: Vec<Curve>,
}

/// How probable the event is under one strategy: all lists are parallel to the days; `NaN` leaves a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// The probability, 0 to 1.
    pub shares: Vec<f64>,
    /// Lower limit of its confidence interval; may be empty.
    pub low: Vec<f64>,
    /// Upper limit of its confidence interval; may be empty.
    pub high: Vec<f64>,
    /// Another probability, drawn as a thin line beside it; may be empty.
    pub beside: Vec<f64>,
}

impl Chart for Curves {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let curve = |curve: &Curve| {
            let last = curve.shares.iter().rfind(|share| share.is_finite());
            format!("{} {}", curve.name, last.map_or_else(|| "no value".to_owned(), |share| short_percent(*share)))
        };
        let panels = sentences(&self.panels, |panel| {
            let curves: Vec<String> = panel.curves.iter().map(curve).collect();
            (&panel.name, curves.join(", "))
        });
        format!("{}; at the end: {panels}", self.heading.sentence())
    }

    fn live(&self) -> Option<Live> {
        let series = |curve: &Curve| LiveSeries {
            slot: curve.slot,
            line: curve.shares.clone(),
            bands: if curve.low.is_empty() { Vec::new() } else { vec![[curve.low.clone(), curve.high.clone()]] },
            beside: curve.beside.clone(),
            transfer: None,
        };
        let panel = |panel: &CurvePanel| LivePanel {
            name: panel.name.clone(),
            wanted: Vec::new(),
            targets: Vec::new(),
            required: panel.required.filter(|share| share.is_finite()),
            due_day: panel.due_day,
            series: panel.curves.iter().map(series).collect(),
        };
        let has_bands = self.panels.iter().flat_map(|panel| &panel.curves).any(|curve| !curve.low.is_empty());
        Some(Live {
            heading: self.heading.clone(),
            unit: String::new(),
            words: match (has_bands, self.has_beside()) {
                (_, true) => vec!["met if due then", "confidence interval", "holds in that month"],
                (true, false) => vec!["share", "confidence interval"],
                (false, false) => vec!["share"],
            },
            start: self.start,
            days: self.days.clone(),
            panels: self.panels.iter().map(panel).collect(),
        })
    }

    fn size(&self, width: u32) -> Size {
        self.panels(f64::from(width)).size(width, &self.heading, &self.keys())
    }

    fn least_height(&self) -> f64 {
        LEAST_OF_PANELS
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &self.keys());
        let days = Range::of(self.days.iter().copied()).with(0.0);
        let RoundAxis { range: y, ticks } = RoundAxis::of_shares(&[0.0, 0.25, 0.5, 0.75, 1.0]);
        let panels = self.panels(canvas.area().width());
        let nothing = CurvePanel::default();
        for (index, panel) in one_at_least(&self.panels, &nothing).iter().enumerate() {
            let area = panels.area(index, canvas.area(), top, value_axis_width(&ticks));
            let scales = Scales { area, x: days, y };
            let hue = panel.slot.map_or(Hue { line: INK, text: INK, dash: None }, theme::strategy);
            let axis = ValueAxis { ticks: &ticks, unit: "", is_labelled: panels.is_first_of_row(index) };
            let draw = |canvas: &mut Canvas| {
                panels.heading(canvas, &scales, (&panel.name, hue), &axis);
                self.panel(canvas, panel, &scales);
                DateAxis { start: self.start, slack: panels.slack(), grid: false }.draw(canvas, &scales);
            };
            match panel.slot {
                Some(slot) => canvas.strategy(slot, draw),
                None => draw(canvas),
            }
        }
    }
}

impl Curves {
    fn panels(&self, width: f64) -> Panels {
        Panels::new(self.panels.iter().map(|panel| panel.name.as_str()), width)
    }

    /// Whether any curve has a line beside it.
    fn has_beside(&self) -> bool {
        self.panels.iter().flat_map(|panel| &panel.curves).any(|curve| !curve.beside.is_empty())
    }

    fn keys(&self) -> Vec<Key> {
        let mut curves: Vec<&Curve> = Vec::new();
        for curve in self.panels.iter().flat_map(|panel| &panel.curves) {
            if !curves.iter().any(|known| known.slot == curve.slot) {
                curves.push(curve);
            }
        }
        curves.sort_by_key(|curve| curve.slot);
        let mut keys: Vec<Key> = curves
            .iter()
            .map(|curve| Key::new(Swatch::Line(curve.pen(CURVE)), curve.name.as_str()).of_strategy(curve.slot))
            .collect();
        if self.has_beside() {
            keys.push(Key::new(Swatch::Line(Pen { colour: MUTED, ..BESIDE }), "bound holds in that month (thin)"));
        }
        if self.panels.iter().any(CurvePanel::has_bands) {
            keys.push(Key::new(Swatch::Block(MUTED, BAND_90), "confidence interval"));
        }
        if self.panels.iter().any(|panel| panel.required.is_some()) {
            keys.push(Key::new(Swatch::Line(REQUIRED), "required"));
        }
        keys
    }

    fn panel(&self, canvas: &mut Canvas, panel: &CurvePanel, scales: &Scales) {
        if let Some(required) = panel.required.filter(|share| share.is_finite()) {
            let y = scales.place_y(required);
            canvas.line(&[(scales.area.left, y), (scales.area.right, y)], REQUIRED);
        }
        if let Some(day) = panel.due_day {
            let long = format!("due {}", month_end_text(self.start, day));
            let room = scales.area.width() * 0.45;
            let label = if SMALL_FACE.width(&long) <= room { long } else { SMALL_FACE.fit("due", room) };
            Mark { day, label: &label, left: 0.0 }.draw_line(canvas, scales);
        }
        for curve in panel.curves.iter().filter(|_| panel.has_bands()) {
            canvas.strategy(curve.slot, |canvas| curve.band(canvas, &self.days, scales));
        }
        for curve in &panel.curves {
            canvas.strategy(curve.slot, |canvas| {
                let pen = Pen { colour: theme::strategy(curve.slot).line, ..BESIDE };
                parted_line(canvas, scales, (&self.days, &curve.beside), (pen, CURVE));
            });
        }
        for (index, curve) in panel.curves.iter().enumerate() {
            let is_same = |other: &&Curve| other.shares == curve.shares;
            let below = panel.curves[..index].iter().filter(is_same).count();
            let all = panel.curves.iter().filter(is_same).count();
            let pen = if all > 1 { Pen { dash: shared_dash(below, all), ..curve.pen(CURVE) } } else { curve.pen(CURVE) };
            canvas.strategy(curve.slot, |canvas| {
                parted_line(canvas, scales, (&self.days, &curve.shares), (pen, CURVE));
            });
        }
    }
}

impl CurvePanel {
    fn has_bands(&self) -> bool {
        self.curves.len() <= FEW && self.curves.iter().any(|curve| !curve.low.is_empty())
    }
}

impl Curve {
    fn pen(&self, width: f64) -> Pen {
        let hue = theme::strategy(self.slot);
        Pen { colour: hue.line, width, dash: hue.dash }
    }

    fn band(&self, canvas: &mut Canvas, days: &[f64], scales: &Scales) {
        parted_band(canvas, scales, (days, (&self.low, &self.high)), (theme::strategy(self.slot).line, BAND_90));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Theme;
    use jiff::civil::date;

    fn curve(name: &str, slot: usize, shares: &[f64]) -> Curve {
        Curve { name: name.into(), slot, shares: shares.to_vec(), ..Curve::default() }
    }

    fn curves() -> Curves {
        let panel = |name: &str, curves| CurvePanel { name: name.into(), curves, ..CurvePanel::default() };
        Curves {
            heading: Heading::new("Goals"),
            start: date(2027, 1, 1),
            days: vec![31.0, 59.0, 90.0],
            panels: vec![
                panel("ten people", vec![curve("bot", 0, &[0.0, 0.5, 1.0]), curve("own", 1, &[0.0, 0.0, 0.0])]),
                panel("cheap", vec![curve("own", 1, &[f64::NAN, 0.25, f64::NAN])]),
            ],
        }
    }

    #[test]
    fn the_description_has_the_last_probabilities() {
        assert_eq!(curves().description(), "Goals; at the end: ten people: bot 100 %, own 0 %. cheap: own 25 %.");
    }

    #[test]
    fn a_strategy_has_one_key_however_many_panels_it_is_in() {
        let labels: Vec<String> = curves().keys().into_iter().map(|key| key.label).collect();
        assert_eq!(labels, ["bot", "own"]);
    }

    #[test]
    fn half_is_half_way_up() {
        let svg = curves().svg(Size::default(), Theme::Print);
        let theme::Colour(red, green, blue) = theme::strategy(0).line;
        let stroke = format!("stroke=\"#{red:02X}{green:02X}{blue:02X}\"");
        let lines = svg.lines().filter(|line| line.starts_with("<polyline") && line.contains(&stroke));
        let points = |line: &str| -> Vec<f64> {
            let points = line.split_once("points=\"").and_then(|(_, rest)| rest.split_once('"')).expect("points").0;
            points.split_whitespace().map(|point| point.split_once(',').expect("two").1.parse().expect("a number")).collect()
        };
        let drawn = lines.map(points).find(|points| points.len() == 3).expect("the curve of three months");
        assert!((drawn[1] - (drawn[0] + drawn[2]) / 2.0).abs() <= 1.0 && drawn[2] < drawn[0], "{drawn:?}");
    }

    #[test]
    fn a_lonely_value_is_a_dot() {
        let svg = curves().svg(Size::default(), Theme::Print);
        assert_eq!(svg.matches("<circle").count(), 1);
    }
}
