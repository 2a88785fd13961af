//! Differences: how much strategies differ from another one, a panel for each quantity.

use plotters::style::text_anchor::HPos;

use super::super::drawing::axis::{Range, RoundAxis, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{BOTTOM_AXIS, Key, SMALL_FACE, Swatch, axis_across, bottom_axis, keys};
use super::super::drawing::lettering::Face;
use super::super::drawing::row_heads::RowHeads;
use super::super::drawing::theme::{self, AXIS, BAND_50, Colour, INK, LABEL, MARGIN, MUTED, SMALL};
use super::super::escape::one_line;
use super::super::number::readable_within;
use super::magnitude::Magnitude;
use super::{Chart, Heading, sentences};

/// A panel narrower than this has no room for its values.
const NARROWEST: f64 = 300.0;
const GAP: f64 = 44.0;
/// Height of a strategy without its name, and of the title of a panel.
const ROW: f64 = 20.0;
const TITLE: f64 = 22.0;
const NAME: Face = Face::bold(SMALL);
const INTERVAL: f64 = 3.0;
const SPREAD: f64 = 9.0;
/// Half the height of the stroke of a mean.
const MEAN: f64 = 7.5;
const ZERO: Pen = Pen::dashed(INK, 1.25, (2.0, 2.5));
/// The words for a difference that does not matter.
const SAME: &str = "about the same";

/// Differences in several quantities.
#[derive(Clone, Debug, PartialEq)]
pub struct Differences {
    /// What stands above it.
    pub heading: Heading,
    /// One panel each.
    pub panels: Vec<DifferencePanel>,
}

/// Differences in one quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DifferencePanel {
    /// The quantity.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// What negative and what positive differences are: `earlier (better)`, `later (worse)`.
    pub sides: [String; 2],
    /// One for each strategy.
    pub rows: Vec<Difference>,
}

/// The difference of one strategy; all `NaN` if it is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// Mean.
    pub mean: f64,
    /// Lower limit of the confidence interval of the mean.
    pub low: f64,
    /// Upper limit of the confidence interval of the mean.
    pub high: f64,
    /// 5 % quantile of single simulations.
    pub p5: f64,
    /// 95 % quantile of single simulations.
    pub p95: f64,
    /// Whether it is sure and large enough to matter.
    pub matters: bool,
    /// What else must be known of it, such as a number of simulations unlike that of the others; may be empty.
    pub note: String,
}

impl Chart for Differences {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let panels = sentences(&self.panels, |panel| {
            let rows: Vec<String> = panel.rows.iter().map(|row| format!("{} {}", row.name, row.words(1.0))).collect();
            let [less, more] = &panel.sides;
            (format!("{}, in {}, negative is {less}, positive is {more}", panel.title, panel.unit), rows.join("; "))
        });
        format!("{}. {panels}", self.heading.sentence())
    }

    fn size(&self, width: u32) -> Size {
        let top = self.heading.height(width, &keys_of_marks());
        let rows: f64 = self.heights(f64::from(width)).iter().sum();
        Size { width, height: (top + 10.0 + rows) as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &keys_of_marks());
        let whole = canvas.area();
        let columns = columns(whole.width());
        let heights = self.heights(whole.width());
        // What is more or less than the best height is shared out among the rows of panels.
        let stretch = (whole.bottom - 6.0 - top) / heights.iter().sum::<f64>().max(1.0);
        let width = panel_width(whole.width());
        let mut y = top;
        for (row, panels) in self.panels.chunks(columns).enumerate() {
            let bottom = y + heights[row] * stretch;
            for (column, panel) in panels.iter().enumerate() {
                let left = MARGIN + 6.0 + column as f64 * (width + GAP);
                let area = Area::new((left, y + TITLE), (left + width, bottom - BOTTOM_AXIS - 8.0));
                panel.draw(canvas, area);
            }
            y = bottom;
        }
    }
}

/// Width of a panel on a picture of this width.
fn panel_width(width: f64) -> f64 {
    let columns = columns(width) as f64;
    (width - 2.0 * MARGIN - 12.0 - GAP * (columns - 1.0)) / columns
}

fn columns(width: f64) -> usize {
    if width >= 2.0 * NARROWEST + GAP { 2 } else { 1 }
}

fn keys_of_marks() -> Vec<Key> {
    vec![
        Key::new(Swatch::Line(Pen::solid(MUTED, INTERVAL)), "mean difference with its confidence interval"),
        Key::new(Swatch::Block(MUTED, BAND_50), "90 % of simulations"),
        Key::new(Swatch::Upright(ZERO), "no difference"),
    ]
}

impl Differences {
    /// Heights of the rows of panels that suit them on a picture of this width.
    fn heights(&self, width: f64) -> Vec<f64> {
        let height = |panel: &DifferencePanel| {
            let row = ROW + panel.heads(panel_width(width)).height();
            TITLE + panel.rows.len() as f64 * row + BOTTOM_AXIS + 8.0
        };
        let highest = |panels: &[DifferencePanel]| panels.iter().map(height).fold(0.0, f64::max);
        self.panels.chunks(columns(width)).map(highest).collect()
    }
}

impl DifferencePanel {
    /// What values are multiplied by to be easy to read, and the unit that they have then.
    fn magnitude(&self) -> Magnitude {
        let values = self.values();
        Magnitude::of(&self.unit, values.high.max(-values.low))
    }

    /// Names, with values beside them.
    fn heads(&self, width: f64) -> RowHeads {
        let factor = self.magnitude().factor;
        RowHeads::new(self.rows.iter().map(|row| (row.name.as_str(), row.words(factor))), NAME, width)
    }

    fn values(&self) -> Range {
        let values = self.rows.iter().flat_map(|row| [row.mean, row.low, row.high, row.p5, row.p95]);
        Range::of(values.chain([0.0]))
    }

    fn draw(&self, canvas: &mut Canvas, area: Area) {
        let Magnitude { unit, factor } = self.magnitude();
        self.title(canvas, area, &unit);
        let RoundAxis { range: x, ticks } = axis_across(self.values(), area.width(), factor);
        let scales = Scales { area, x, y: Range::new(0.0, 1.0) };
        bottom_axis(canvas, &scales, &ticks, "");
        self.draw_sides(canvas, &scales);
        let zero = scales.place_x(0.0);
        canvas.line(&[(zero, area.top), (zero, area.bottom)], ZERO);
        let step = (area.bottom - area.top) / self.rows.len().max(1) as f64;
        for (index, row) in self.rows.iter().enumerate() {
            let place = (area.top + index as f64 * step, step);
            let words = format!("{}: {}", row.name, row.words(1.0));
            let look = Look { factor, heads: self.heads(area.width()) };
            canvas.strategy(row.slot, |canvas| canvas.described(&words, |canvas| row.draw(canvas, &scales, place, look)));
        }
    }

    fn title(&self, canvas: &mut Canvas, area: Area, unit: &str) {
        let face = Face::bold(LABEL);
        let title = face.fit(&self.title, area.width());
        canvas.text((area.left, area.top - 7.0), &title, Letters::new(face, INK));
        let left = area.left + face.width(&title) + 8.0;
        let room = area.right - left;
        let short = unit.split(' ').next().unwrap_or_default();
        let unit = if SMALL_FACE.width(&one_line(unit)) <= room { unit } else { short };
        canvas.text((left, area.top - 7.0), &SMALL_FACE.fit(unit, room), Letters::new(SMALL_FACE, MUTED));
    }

    /// Says below the axis which side is which.
    fn draw_sides(&self, canvas: &mut Canvas, scales: &Scales) {
        let area = scales.area;
        let [less, more] = &self.sides;
        let room = area.width() / 2.0 - 6.0;
        let y = area.bottom + 34.0;
        let letters = Letters::new(SMALL_FACE, INK);
        if scales.x.low < 0.0 {
            canvas.text((area.left, y), &SMALL_FACE.fit(&format!("← {less}"), room), letters);
        }
        if scales.x.high > 0.0 {
            canvas.text((area.right, y), &SMALL_FACE.fit(&format!("{more} →"), room), letters.anchored(HPos::Right));
        }
    }
}

/// How a row is drawn: what its values are multiplied by, and where they stand.
#[derive(Clone, Copy)]
struct Look {
    factor: f64,
    heads: RowHeads,
}

impl Difference {
    /// The mean with its interval, multiplied by this; with no more digits than the interval bears.
    fn words(&self, factor: f64) -> String {
        if !self.mean.is_finite() {
            return "no value in both".to_owned();
        }
        let half_width = factor * (self.high - self.low) / 2.0;
        let rounded = |value: f64| readable_within(factor * value, half_width, 4);
        let sign = if self.mean > 0.0 { "+" } else { "" };
        let [mean, low, high] = [self.mean, self.low, self.high].map(rounded);
        let value = if half_width > 0.0 { format!("{sign}{mean} ({low} to {high})") } else { format!("{sign}{mean}") };
        let note = if self.note.is_empty() { String::new() } else { format!(", {}", self.note) };
        if self.matters { format!("{value}{note}") } else { format!("{SAME}: {value}{note}") }
    }

    /// Colours of lines and of letters: grey, if it does not matter.
    fn colours(&self) -> (Colour, Colour) {
        let hue = theme::strategy(self.slot);
        if self.matters { (hue.line, hue.text) } else { (AXIS, MUTED) }
    }

    fn draw(&self, canvas: &mut Canvas, scales: &Scales, (top, height): (f64, f64), look: Look) {
        let area = scales.area;
        let (line, text) = self.colours();
        let name = (self.name.as_str(), Letters::new(NAME, text));
        look.heads.draw(canvas, Area { top, ..area }, name, &self.words(look.factor));
        let y = top + 0.5 * (look.heads.height() - 4.0 + height);
        if self.p5.is_finite() && self.p95.is_finite() {
            let (left, right) = (scales.place_x(self.p5), scales.place_x(self.p95));
            canvas.rectangle(Area::new((left, y - SPREAD / 2.0), (right, y + SPREAD / 2.0)), line, BAND_50);
        }
        if self.low.is_finite() && self.high.is_finite() {
            let (left, right) = (scales.place_x(self.low), scales.place_x(self.high));
            canvas.line(&[(left, y), (right, y)], Pen::solid(line, INTERVAL));
        }
        if self.mean.is_finite() {
            // A stroke, and not a dot, which would hide a narrow interval.
            let x = scales.place_x(self.mean);
            canvas.line(&[(x, y - MEAN), (x, y + MEAN)], Pen::solid(line, 2.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, mean: f64, half_width: f64) -> Difference {
        let (low, high, p5, p95) = (mean - half_width, mean + half_width, mean - 5.0, mean + 5.0);
        Difference { name: name.into(), slot: 1, mean, low, high, p5, p95, matters: true, note: String::new() }
    }

    fn panel(title: &str, rows: Vec<Difference>) -> DifferencePanel {
        let sides = ["earlier (better)", "later (worse)"].map(str::to_owned);
        DifferencePanel { title: title.into(), unit: "days".into(), sides, rows }
    }

    #[test]
    fn the_description_has_means_and_intervals_and_says_which_side_is_which() {
        let same = Difference { matters: false, ..row("hired", -3.0, 1.0) };
        let unknown = row("own", f64::NAN, 1.0);
        let heading = Heading::new("Own is later").with_subtitle("Difference to bot");
        let differences = Differences {
            heading,
            panels: vec![panel("staffed", vec![row("own", 10.0, 1.0), same]), panel("done", vec![unknown])],
        };
        assert_eq!(
            differences.description(),
            "Own is later. Difference to bot. \
             staffed, in days, negative is earlier (better), positive is later (worse): own +10.0 (9.0 to 11.0); \
             hired about the same: -3.0 (-4.0 to -2.0). \
             done, in days, negative is earlier (better), positive is later (worse): own no value in both."
        );
    }

    #[test]
    fn no_digit_is_told_that_the_interval_does_not_bear() {
        assert_eq!(row("own", 308.91, 12.4).words(1.0), "+309 (297 to 321)");
        assert_eq!(row("own", -3053.2, 21.9).words(0.001), "-3.053 (-3.075 to -3.031)");
        assert_eq!(row("own", 0.425_61, 0.032_1).words(1.0), "+0.426 (0.394 to 0.458)");
        assert_eq!(row("own", 0.0, 0.0).words(1.0), "0");
        let note = Difference { note: "n = 1,957".into(), ..row("own", 7.0, 1.0) };
        assert_eq!(note.words(1.0), "+7.0 (6.0 to 8.0), n = 1,957");
    }

    #[test]
    fn what_does_not_matter_is_grey() {
        let same = Difference { matters: false, ..row("own", 10.0, 1.0) };
        assert_eq!(same.colours(), (AXIS, MUTED));
        assert_eq!(row("own", 10.0, 1.0).colours(), (theme::strategy(1).line, theme::strategy(1).text));
    }

    #[test]
    fn the_axis_holds_nothing_and_all_differences() {
        let range = panel("staffed", vec![row("own", 10.0, 1.0), row("hired", -3.0, 1.0)]).values();
        assert_eq!(range, Range::new(-8.0, 15.0));
    }
}
