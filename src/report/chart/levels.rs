//! Curves over levels: how responses and probabilities change with one factor, a panel for each and a curve for each strategy.

use super::super::drawing::axis::{Range, RoundAxis, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{Key, SMALL_FACE, Swatch, keys, label, value_axis, value_axis_width};
use super::super::drawing::level_axis::{LevelAxis, places, widest_word};
use super::super::drawing::place::Obstacles;
use super::super::drawing::theme::{self, BAND_90, INK, MARGIN, MUTED};
use super::super::quantity::Quantity;
use super::panels::{Grid, panel_title, panel_title_height, parted_band, parted_line, shared_dash};
use super::{Chart, Heading, LEAST_OF_PANELS, sentences};

const CURVE: f64 = 2.25;
/// Radius of the disc at a level, and the least distance of levels for which there are discs.
const DISC: f64 = 3.25;
const DISCS_APART: f64 = 10.0;
/// With more curves than this, intervals lie on top of each other and hide what they should show.
const FEW: usize = 5;
const REQUIRED: Pen = Pen::dashed(INK, 1.25, (6.0, 3.5));
/// A panel narrower than this has no room for its axes.
const NARROWEST: f64 = 225.0;
/// Height of what a panel draws its curves in, alone and among others.
const ALONE: f64 = 240.0;
const AMONG_OTHERS: f64 = 170.0;
/// Height of the unit above the axis.
const UNIT: f64 = 28.0;
/// Values whose range is a smaller share of them than this are drawn on an axis that does not begin at 0.
const NARROW: f64 = 0.25;
/// Steps of a value axis, about.
const STEPS: usize = 5;
/// Levels that a description names at most.
const MOST_TOLD: usize = 15;

/// Responses and probabilities over the levels of one factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelCurves {
    /// What stands above it.
    pub heading: Heading,
    /// Label of the axis of the levels.
    pub factor: String,
    /// The levels in their order: to scale if all are numbers, otherwise at equal distances.
    pub levels: Vec<String>,
    /// One for each response or goal.
    pub panels: Vec<LevelPanel>,
}

/// One response or goal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelPanel {
    /// Stands above the panel.
    pub title: String,
    /// Unit of the values; a share needs none.
    pub unit: String,
    /// Whether the values are shares, 0 to 1, which are drawn on an axis from 0 to 100 %.
    pub is_share: bool,
    /// The value that is asked for, if one is.
    pub required: Option<f64>,
    /// One for each strategy.
    pub curves: Vec<LevelCurve>,
}

/// The values of one strategy: all lists are parallel to the levels; `NaN` leaves a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelCurve {
    /// Name of the strategy; may be empty if there is only one.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// The values.
    pub values: Vec<f64>,
    /// Lower limits of their confidence intervals; may be empty.
    pub low: Vec<f64>,
    /// Upper limits of their confidence intervals; may be empty.
    pub high: Vec<f64>,
}

impl Chart for LevelCurves {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let panels = sentences(&self.panels, |panel| {
            let required = panel.required.filter(|value| value.is_finite());
            let required = required.map(|value| format!("required {}", panel.quantity().value_with_unit(value)));
            let curves = panel.curves.iter().map(|curve| self.words(panel, curve));
            let words: Vec<String> = required.into_iter().chain(curves).collect();
            (panel.title_with_unit(), words.join("; "))
        });
        format!("{}, by {}. {panels}", self.heading.sentence(), self.factor)
    }

    fn size(&self, width: u32) -> Size {
        let top = self.heading.height(width, &self.keys());
        Size { width, height: (top + 10.0 + self.grid(f64::from(width)).height()).ceil() as u32 }
    }

    fn least_height(&self) -> f64 {
        LEAST_OF_PANELS
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &self.keys());
        let areas = self.grid(canvas.area().width()).areas(canvas.area(), top);
        for (panel, area) in self.panels.iter().zip(areas) {
            self.panel(canvas, panel, area);
        }
    }
}

impl LevelCurves {
    fn grid(&self, width: f64) -> Grid {
        let plot = if self.panels.len() < 2 { ALONE } else { AMONG_OTHERS };
        // Words break at spaces only: the longest one decides.
        let words = 60.0 + 1.1 * widest_word(&self.levels) * self.levels.len().saturating_sub(1) as f64;
        let narrowest = words.clamp(NARROWEST, width.max(NARROWEST));
        Grid::new(self.panels.len(), (width, narrowest), |index, width| {
            let panel = &self.panels[index];
            let room = width - value_axis_width(&panel.axis().ticks);
            panel_title_height(&panel.title, width) + UNIT + plot + self.axis(0.0).height(self.step(room))
        })
    }

    /// The axis of a panel whose plot begins so far right of its left edge.
    fn axis(&self, labels: f64) -> LevelAxis<'_> {
        LevelAxis { name: &self.factor, levels: &self.levels, slack: (labels, MARGIN - 2.0) }
    }

    /// How far levels that are nearest to each other are apart on an axis of this length in pixels.
    fn step(&self, length: f64) -> f64 {
        let (places, range) = places(&self.levels);
        let mut sorted = places;
        sorted.sort_by(f64::total_cmp);
        let least = sorted.windows(2).map(|pair| pair[1] - pair[0]).fold(range.length(), f64::min);
        least / range.length() * length
    }

    fn keys(&self) -> Vec<Key> {
        let mut curves: Vec<&LevelCurve> = Vec::new();
        for curve in self.panels.iter().flat_map(|panel| &panel.curves).filter(|curve| !curve.name.is_empty()) {
            if !curves.iter().any(|known| known.slot == curve.slot) {
                curves.push(curve);
            }
        }
        curves.sort_by_key(|curve| curve.slot);
        let key =
            |curve: &&LevelCurve| Key::new(Swatch::Line(curve.pen(CURVE)), curve.name.as_str()).of_strategy(curve.slot);
        let mut keys: Vec<Key> = curves.iter().map(key).collect();
        if self.panels.iter().any(LevelPanel::has_bands) {
            keys.push(Key::new(Swatch::Block(MUTED, BAND_90), "confidence interval"));
        }
        keys
    }

    /// The values of a curve, or some of them, with their levels.
    fn words(&self, panel: &LevelPanel, curve: &LevelCurve) -> String {
        let every = self.levels.len().div_ceil(MOST_TOLD).max(1);
        let last = self.levels.len().saturating_sub(1);
        let pairs = self.levels.iter().zip(&curve.values).enumerate();
        let shown = pairs.filter(|(index, _)| index.is_multiple_of(every) || *index == last);
        let shown = shown.map(|(_, (level, value))| match value.is_finite() {
            true => format!("{} at {level}", panel.quantity().value(*value)),
            false => format!("no value at {level}"),
        });
        let shown: Vec<String> = shown.collect();
        format!("{} {}", curve.name, if shown.is_empty() { "no value".to_owned() } else { shown.join(", ") })
            .trim()
            .to_owned()
    }

    fn panel(&self, canvas: &mut Canvas, panel: &LevelPanel, area: Area) {
        let RoundAxis { range: values, ticks } = panel.axis();
        let labels = value_axis_width(&ticks);
        let top = panel_title(canvas, area, &panel.title);
        let unit = SMALL_FACE.fit(&panel.unit_of_axis(values), area.width());
        canvas.text((area.left, top + 13.0), &unit, Letters::new(SMALL_FACE, MUTED));
        let step = self.step(area.width() - labels);
        let axis = self.axis(labels);
        let plot = Area::new((area.left + labels, top + UNIT), (area.right, area.bottom - axis.height(step)));
        let (places, range) = places(&self.levels);
        let scales = Scales { area: plot, x: range, y: values };
        value_axis(canvas, &scales, &ticks, true);
        let centres: Vec<f64> = places.iter().map(|place| scales.place_x(*place)).collect();
        axis.draw(canvas, plot, &centres);
        if let Some(required) = panel.required.filter(|value| value.is_finite()) {
            let y = scales.place_y(required);
            canvas.line(&[(plot.left, y), (plot.right, y)], REQUIRED);
        }
        panel.draw_curves(
            canvas,
            &scales,
            &Points { levels: &self.levels, places: &places, has_discs: step >= DISCS_APART },
        );
        panel.label_required(canvas, &scales, &places);
    }
}

/// The levels of a panel.
struct Points<'l> {
    levels: &'l [String],
    places: &'l [f64],
    has_discs: bool,
}

impl LevelPanel {
    fn quantity(&self) -> Quantity<'_> {
        Quantity { unit: &self.unit, is_share: self.is_share }
    }

    fn title_with_unit(&self) -> String {
        if self.is_share || self.unit.is_empty() { self.title.clone() } else { format!("{}, in {}", self.title, self.unit) }
    }

    fn has_bands(&self) -> bool {
        self.curves.len() <= FEW && self.curves.iter().any(|curve| !curve.low.is_empty())
    }

    /// The range of the value axis: with 0, unless the values differ by little.
    fn values(&self) -> Range {
        if self.is_share {
            return Range::new(0.0, 1.0);
        }
        let limits = |curve: &'_ LevelCurve| -> Vec<f64> {
            let limits = if self.has_bands() { [&curve.low[..], &curve.high[..]].concat() } else { Vec::new() };
            [&curve.values[..], &limits].concat()
        };
        let all: Vec<f64> =
            self.curves.iter().flat_map(limits).chain(self.required).filter(|value| value.is_finite()).collect();
        let data = Range::of(all.iter().copied());
        let largest = data.low.abs().max(data.high.abs());
        let is_narrow = data.length() < NARROW * largest && all.iter().any(|value| (value - data.high).abs() <= 0.0);
        if is_narrow { data } else { data.with(0.0) }
    }

    fn axis(&self) -> RoundAxis {
        if self.is_share {
            return RoundAxis::of_shares(&[0.0, 0.25, 0.5, 0.75, 1.0]);
        }
        RoundAxis::new(self.values(), STEPS, 1.0)
    }

    /// The unit as it stands above the axis, which says so if it does not begin at 0.
    fn unit_of_axis(&self, values: Range) -> String {
        let from = if values.low > 0.0 || values.high < 0.0 { "axis not from 0" } else { "" };
        let unit = if self.is_share { "" } else { self.unit.as_str() };
        [unit, from].iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join("; ")
    }

    fn draw_curves(&self, canvas: &mut Canvas, scales: &Scales, points: &Points<'_>) {
        for curve in self.curves.iter().filter(|_| self.has_bands()) {
            let (low, high) = (sorted(points.places, &curve.low), sorted(points.places, &curve.high));
            let colour = theme::strategy(curve.slot).line;
            canvas.strategy(curve.slot, |canvas| {
                parted_band(canvas, scales, (&low.0, (&low.1, &high.1)), (colour, BAND_90));
            });
        }
        for (index, curve) in self.curves.iter().enumerate() {
            let is_same = |other: &&LevelCurve| other.values == curve.values;
            let (below, all) =
                (self.curves[..index].iter().filter(is_same).count(), self.curves.iter().filter(is_same).count());
            let pen = if all > 1 { Pen { dash: shared_dash(below, all), ..curve.pen(CURVE) } } else { curve.pen(CURVE) };
            // A disc that is seen around those that will be drawn on it.
            let radius = DISC + 1.5 * all.saturating_sub(below + 1).min(3) as f64;
            let (places, values) = sorted(points.places, &curve.values);
            canvas.strategy(curve.slot, |canvas| {
                parted_line(canvas, scales, (&places, &values), (pen, radius));
                curve.draw_discs(canvas, scales, points, (self.quantity(), radius));
            });
        }
    }

    /// Writes what is required beside its line, where the fewest curves are behind it.
    fn label_required(&self, canvas: &mut Canvas, scales: &Scales, places: &[f64]) {
        let Some(required) = self.required.filter(|value| value.is_finite()) else { return };
        let area = scales.area;
        let text = SMALL_FACE.fit(&format!("required {}", self.quantity().value(required)), area.width() - 12.0);
        let width = SMALL_FACE.width(&text);
        let line = scales.place_y(required);
        let baselines = [line - 5.0, line + 15.0];
        let lefts = [area.left + 6.0, area.right - width - 6.0, (area.left + area.right - width) / 2.0];
        let boxes = lefts
            .iter()
            .flat_map(|left| baselines.map(|baseline| Area::new((*left, baseline - 12.0), (left + width, baseline + 3.0))));
        let mut obstacles = Obstacles::new(Area { top: area.top - 14.0, ..area });
        for curve in &self.curves {
            for values in [&curve.values, &curve.low, &curve.high] {
                let (places, values) = sorted(places, values);
                let points: Vec<_> = places.iter().zip(&values).map(|(place, value)| scales.place(*place, *value)).collect();
                obstacles.add_line(&points);
            }
        }
        if let Some(place) = obstacles.best(boxes, (area.left, line)) {
            label(canvas, (place.left, place.bottom - 3.0), &text, Letters::new(SMALL_FACE, INK));
        }
    }
}

impl LevelCurve {
    fn pen(&self, width: f64) -> Pen {
        let hue = theme::strategy(self.slot);
        Pen { colour: hue.line, width, dash: hue.dash }
    }

    fn draw_discs(&self, canvas: &mut Canvas, scales: &Scales, points: &Points<'_>, (quantity, radius): (Quantity, f64)) {
        for (index, (place, value)) in points.places.iter().zip(&self.values).enumerate() {
            if !(points.has_discs && value.is_finite()) {
                continue;
            }
            let interval = match (self.low.get(index), self.high.get(index)) {
                (Some(low), Some(high)) => format!(" ({} to {})", quantity.value(*low), quantity.value(*high)),
                _ => String::new(),
            };
            let words = format!("{}: {}{interval}", points.levels[index], quantity.value_with_unit(*value));
            let words = if self.name.is_empty() { words } else { format!("{}, {words}", self.name) };
            let colour = theme::strategy(self.slot).line;
            canvas.described(&words, |canvas| canvas.disc(scales.place(*place, *value), radius, colour));
        }
    }
}

/// Places and values from left to right.
fn sorted(places: &[f64], values: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut pairs: Vec<(f64, f64)> = places.iter().copied().zip(values.iter().copied()).collect();
    pairs.sort_by(|one, other| one.0.total_cmp(&other.0));
    pairs.into_iter().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Theme;

    fn curves(levels: &[&str], values: &[f64]) -> LevelCurves {
        let curve = LevelCurve { name: "bot".into(), values: values.to_vec(), ..LevelCurve::default() };
        let panel = LevelPanel {
            title: "54 by month 18".into(),
            is_share: true,
            required: Some(0.9),
            curves: vec![curve],
            ..LevelPanel::default()
        };
        LevelCurves {
            heading: Heading::new("How many recruiters?"),
            factor: "recruiters".into(),
            levels: levels.iter().map(|level| (*level).to_owned()).collect(),
            panels: vec![panel],
        }
    }

    #[test]
    fn the_description_has_values_with_their_levels_and_what_is_required() {
        assert_eq!(
            curves(&["5", "6", "7"], &[0.2143, 0.7056, f64::NAN]).description(),
            "How many recruiters?, by recruiters. 54 by month 18: required 90 %; \
             bot 21.4 % at 5, 70.6 % at 6, no value at 7."
        );
    }

    #[test]
    fn a_long_description_tells_some_levels_and_the_last() {
        let levels: Vec<String> = (0..100).map(|level| level.to_string()).collect();
        let names: Vec<&str> = levels.iter().map(String::as_str).collect();
        let description = curves(&names, &[0.5; 100]).description();
        assert!(description.matches(" at ").count() <= MOST_TOLD + 1 && description.contains("at 99."), "{description}");
    }

    #[test]
    fn a_level_without_a_value_parts_the_line() {
        let parts = |values: &[f64]| {
            let svg = curves(&["1", "2", "3", "4", "5"], values).svg(Size::default(), Theme::Print);
            let colour = format!("stroke=\"{}\"", theme::strategy(0).line);
            let lines = svg.split_once("<g><title>").map_or(svg.as_str(), |(before, _)| before);
            lines.lines().filter(|line| line.starts_with("<polyline") && line.contains(&colour)).count()
        };
        assert_eq!(parts(&[0.1, 0.2, 0.3, 0.4, 0.5]), 2, "key and line");
        assert_eq!(parts(&[0.1, 0.2, f64::NAN, 0.4, 0.5]), 3);
    }

    #[test]
    fn an_axis_that_does_not_begin_at_0_says_so() {
        let panel = |values: &[f64]| LevelPanel {
            unit: "kEUR".into(),
            curves: vec![LevelCurve { values: values.to_vec(), ..LevelCurve::default() }],
            ..LevelPanel::default()
        };
        let unit = |values: &[f64]| panel(values).unit_of_axis(panel(values).values());
        assert_eq!(unit(&[1300.0, 2100.0]), "kEUR");
        assert_eq!(unit(&[1900.0, 2100.0]), "kEUR; axis not from 0");
        assert_eq!(unit(&[7.0, 7.0]), "kEUR");
        assert_eq!(unit(&[-7.0, f64::NAN]), "kEUR");
    }
}
