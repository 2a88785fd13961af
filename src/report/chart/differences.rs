//! Differences: how much strategies differ from another one, a panel for each quantity.

use super::super::drawing::axis::{Range, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{BOTTOM_AXIS, Key, SMALL_FACE, Swatch, bottom_axis, keys, row_heading};
use super::super::drawing::lettering::Face;
use super::super::drawing::theme::{self, BAND_50, INK, LABEL, MARGIN, MUTED};
use super::super::number::readable;
use super::{Chart, Heading, sentences};

/// A panel narrower than this has no room for its values.
const NARROWEST: f64 = 300.0;
const GAP: f64 = 36.0;
/// Height of a strategy, and of the title of a panel.
const ROW: f64 = 40.0;
const TITLE: f64 = 22.0;
const INTERVAL: f64 = 3.0;
const SPREAD: f64 = 9.0;
/// Half the height of the stroke of a mean.
const MEAN: f64 = 7.5;
const ZERO: Pen = Pen::dashed(INK, 1.25, (2.0, 2.5));
const ROOM: f64 = 0.06;

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
    /// 5 % quantile of single replications.
    pub p5: f64,
    /// 95 % quantile of single replications.
    pub p95: f64,
}

impl Chart for Differences {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let panels = sentences(&self.panels, |panel| {
            let rows: Vec<String> = panel.rows.iter().map(|row| format!("{} {}", row.name, row.words())).collect();
            (format!("{}, in {}", panel.title, panel.unit), rows.join("; "))
        });
        format!("{}. {panels}", self.heading.title)
    }

    fn size(&self, width: u32) -> Size {
        let top = self.heading.height(width, &keys_of_marks());
        let rows: f64 = self.heights(columns(f64::from(width))).iter().sum();
        Size { width, height: (top + 10.0 + rows) as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &keys_of_marks());
        let whole = canvas.area();
        let columns = columns(whole.width());
        let heights = self.heights(columns);
        // What is more or less than the best height is shared out among the rows of panels.
        let stretch = (whole.bottom - 6.0 - top) / heights.iter().sum::<f64>().max(1.0);
        let width = (whole.width() - 2.0 * MARGIN - 12.0 - GAP * (columns as f64 - 1.0)) / columns as f64;
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

fn columns(width: f64) -> usize {
    if width >= 2.0 * NARROWEST + GAP { 2 } else { 1 }
}

fn keys_of_marks() -> Vec<Key> {
    vec![
        Key::new(Swatch::Line(Pen::solid(MUTED, INTERVAL)), "mean difference with its confidence interval"),
        Key::new(Swatch::Block(MUTED, BAND_50), "9 of 10 replications"),
        Key::new(Swatch::Upright(ZERO), "no difference"),
    ]
}

impl Differences {
    /// Heights of the rows of panels that suit them.
    fn heights(&self, columns: usize) -> Vec<f64> {
        let height = |panels: &[DifferencePanel]| {
            let most = panels.iter().map(|panel| panel.rows.len()).max().unwrap_or(0);
            TITLE + most as f64 * ROW + BOTTOM_AXIS + 8.0
        };
        self.panels.chunks(columns).map(height).collect()
    }
}

impl DifferencePanel {
    fn values(&self) -> Range {
        let values = self.rows.iter().flat_map(|row| [row.mean, row.low, row.high, row.p5, row.p95]);
        let data = Range::of(values.chain([0.0]));
        let room = ROOM * data.length();
        Range::new(data.low - room, data.high + room)
    }

    fn draw(&self, canvas: &mut Canvas, area: Area) {
        let face = Face::bold(LABEL);
        canvas.text((area.left, area.top - 7.0), &face.fit(&self.title, area.width()), Letters::new(face, INK));
        let scales = Scales { area, x: self.values(), y: Range::new(0.0, 1.0) };
        bottom_axis(canvas, &scales, &self.unit);
        let zero = scales.place_x(0.0);
        canvas.line(&[(zero, area.top), (zero, area.bottom)], ZERO);
        let step = (area.bottom - area.top) / self.rows.len().max(1) as f64;
        for (index, row) in self.rows.iter().enumerate() {
            let place = (area.top + index as f64 * step, step);
            let words = format!("{}: {}", row.name, row.words());
            canvas.strategy(row.slot, |canvas| canvas.told(&words, |canvas| row.draw(canvas, &scales, place)));
        }
    }
}

impl Difference {
    /// The mean with its interval.
    fn words(&self) -> String {
        if self.mean.is_finite() {
            let sign = if self.mean > 0.0 { "+" } else { "" };
            format!("{sign}{} ({} to {})", readable(self.mean), readable(self.low), readable(self.high))
        } else {
            "no value in both".to_owned()
        }
    }

    fn draw(&self, canvas: &mut Canvas, scales: &Scales, (top, height): (f64, f64)) {
        let area = scales.area;
        let hue = theme::strategy(self.slot);
        let face = Face::bold(SMALL_FACE.size);
        let sign = if self.mean > 0.0 { "+" } else { "" };
        let value = if self.mean.is_finite() { format!("{sign}{}", readable(self.mean)) } else { self.words() };
        row_heading(canvas, (area, top + 14.0), (&self.name, Letters::new(face, hue.text)), &value);
        let y = top + 0.5 * (16.0 + height);
        if self.p5.is_finite() && self.p95.is_finite() {
            let (left, right) = (scales.place_x(self.p5), scales.place_x(self.p95));
            canvas.rectangle(Area::new((left, y - SPREAD / 2.0), (right, y + SPREAD / 2.0)), hue.line, BAND_50);
        }
        if self.low.is_finite() && self.high.is_finite() {
            let (left, right) = (scales.place_x(self.low), scales.place_x(self.high));
            canvas.line(&[(left, y), (right, y)], Pen::solid(hue.line, INTERVAL));
        }
        if self.mean.is_finite() {
            // A stroke, and not a dot, which would hide a narrow interval.
            let x = scales.place_x(self.mean);
            canvas.line(&[(x, y - MEAN), (x, y + MEAN)], Pen::solid(hue.line, 2.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences() -> Differences {
        let row = |name: &str, mean: f64| Difference {
            name: name.into(),
            slot: 1,
            mean,
            low: mean - 1.0,
            high: mean + 1.0,
            p5: mean - 5.0,
            p95: mean + 5.0,
        };
        let panel = |title: &str, means: [f64; 2]| DifferencePanel {
            title: title.into(),
            unit: "days".into(),
            rows: vec![row("own", means[0]), row("hired", means[1])],
        };
        Differences {
            heading: Heading::new("Difference to bot"),
            panels: vec![panel("staffed", [10.0, -3.0]), panel("productive", [f64::NAN; 2])],
        }
    }

    #[test]
    fn the_description_has_means_and_intervals() {
        assert_eq!(
            differences().description(),
            "Difference to bot. staffed, in days: own +10 (9 to 11); hired -3 (-4 to -2). \
             productive, in days: own no value in both; hired no value in both."
        );
    }

    #[test]
    fn the_axis_holds_nothing_and_all_differences() {
        let range = differences().panels[0].values();
        assert!(range.low < -8.0 && range.high > 15.0);
        let beside = &differences().panels[1];
        let range = beside.values();
        assert!(range.low < 0.0 && range.high > 0.0, "{range:?}");
    }
}
