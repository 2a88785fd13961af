//! Fan chart: how a quantity develops, with bands that hold half and nine tenths of the replications.

use jiff::civil::Date;

use super::super::drawing::axis::{Range, Scales, round_ticks};
use super::super::drawing::calendar::date_text;
use super::super::drawing::canvas::{Canvas, Pen, Point, Size};
use super::super::drawing::frame::{DateAxis, Key, MARK, MARK_BAND, Mark, SMALL_FACE, Swatch, keys, value_axis_width};
use super::super::drawing::theme::{self, AXIS, BAND_50, BAND_90, Hue, INK, MUTED};
use super::super::number::readable;
use super::panels::{Panels, TICKS, ValueAxis, one_at_least, parted_band, parted_line};
use super::{Chart, Heading, LEAST_OF_PANELS, Live, LivePanel, LiveSeries, sentences};

const MEDIAN: f64 = 2.25;
const WANTED: Pen = Pen::dashed(INK, 1.5, (6.0, 3.5));

/// A quantity at month ends, for each strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// What stands above it.
    pub heading: Heading,
    /// Unit of the quantity, such as `people`.
    pub unit: String,
    /// Day 0.
    pub start: Date,
    /// One panel each.
    pub strategies: Vec<StrategyFan>,
    /// What is wanted of the quantity, drawn as steps; may be empty.
    pub wanted: Vec<Step>,
}

/// How the quantity develops under one strategy: all lists are parallel to `days`; `NaN` leaves a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrategyFan {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// Days since the start, ascending.
    pub days: Vec<f64>,
    /// Quantiles over replications on these days.
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

/// The day of the transfer, over replications; days since the start.
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

impl Chart for Fan {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let strategies = sentences(&self.strategies, |strategy| (&strategy.name, self.words(strategy)));
        let (title, unit) = (&self.heading.title, &self.unit);
        format!("{title}, in {unit}: median and bands of 50 % and 90 % of the replications. {strategies}")
    }

    fn live(&self) -> Option<Live> {
        let series = |strategy: &StrategyFan| LiveSeries {
            slot: strategy.slot,
            line: strategy.p50.clone(),
            bands: vec![[strategy.p25.clone(), strategy.p75.clone()], [strategy.p5.clone(), strategy.p95.clone()]],
            beside: Vec::new(),
            transfer: strategy.transfer,
        };
        let panel = LivePanel {
            wanted: self.wanted.clone(),
            series: self.strategies.iter().map(series).collect(),
            ..LivePanel::default()
        };
        Some(Live {
            heading: self.heading.clone(),
            unit: self.unit.clone(),
            words: vec!["median", "half of the replications", "9 of 10 replications"],
            start: self.start,
            days: self.strategies.first()?.days.clone(),
            panels: vec![panel],
        })
    }

    fn size(&self, width: u32) -> Size {
        Panels::new(self.strategies.len(), f64::from(width)).size(width, &self.heading.note, &self.keys())
    }

    fn least_height(&self) -> f64 {
        LEAST_OF_PANELS
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &self.keys());
        let (days, values) = (self.days(), self.values());
        let ticks = round_ticks(values, TICKS);
        let panels = Panels::new(self.strategies.len(), canvas.area().width());
        let nobody = StrategyFan::default();
        for (index, strategy) in one_at_least(&self.strategies, &nobody).iter().enumerate() {
            let area = panels.area(index, canvas.area(), top, value_axis_width(&ticks));
            let panel = Panel {
                fan: self,
                strategy,
                hue: theme::strategy(strategy.slot),
                scales: Scales { area, x: days, y: values },
                slack: panels.slack(),
            };
            let is_labelled = panels.is_first_of_row(index);
            let axis = ValueAxis { ticks: &ticks, unit: &self.unit, is_labelled };
            canvas.strategy(strategy.slot, |canvas| panel.draw(canvas, &axis));
        }
    }
}

impl Fan {
    fn transfers(&self) -> impl Iterator<Item = Transfer> {
        self.strategies.iter().filter_map(|strategy| strategy.transfer)
    }

    fn keys(&self) -> Vec<Key> {
        let hue = if let [only] = &self.strategies[..] { theme::strategy(only.slot).line } else { MUTED };
        let mut keys = vec![
            Key::new(Swatch::Line(Pen::solid(hue, MEDIAN)), "median"),
            Key::new(Swatch::Block(hue, BAND_90 + BAND_50 - BAND_90 * BAND_50), "half of the replications"),
            Key::new(Swatch::Block(hue, BAND_90), "9 of 10 replications"),
        ];
        if !self.wanted.is_empty() {
            keys.push(Key::new(Swatch::Line(WANTED), "wanted by plan"));
        }
        let varies = |transfer: Transfer| transfer.p95_day - transfer.p5_day >= 1.0;
        if self.transfers().any(varies) {
            keys.push(Key::new(Swatch::Upright(MARK), "median transfer"));
            keys.push(Key::new(Swatch::Block(INK, MARK_BAND), "9 of 10 transfers"));
        }
        keys
    }

    fn days(&self) -> Range {
        let days = self.strategies.iter().flat_map(|strategy| &strategy.days);
        Range::of(days.copied()).with(0.0)
    }

    /// All data, and 0.
    fn values(&self) -> Range {
        let lists = |strategy: &StrategyFan| [&strategy.p5[..], &strategy.p50, &strategy.p95].concat();
        let wanted = self.wanted.iter().map(|step| step.value);
        let values = self.strategies.iter().flat_map(lists).chain(wanted);
        Panels::values(values)
    }

    /// What it came to at the last.
    fn words(&self, strategy: &StrategyFan) -> String {
        let last = strategy.p50.iter().zip(&strategy.days).rposition(|(value, _)| value.is_finite());
        let Some(last) = last else {
            return "no values".to_owned();
        };
        let at = |list: &[f64]| readable(list.get(last).copied().unwrap_or(f64::NAN));
        let transfer = strategy
            .transfer
            .map_or(String::new(), |transfer| format!(", transfer {}", date_text(self.start, transfer.median_day)));
        let day = date_text(self.start, strategy.days[last]);
        let (p5, p50, p95) = (at(&strategy.p5), at(&strategy.p50), at(&strategy.p95));
        format!("median {p50} (90 %: {p5} to {p95}) on {day}{transfer}")
    }
}

/// Where one strategy is drawn.
struct Panel<'f> {
    fan: &'f Fan,
    strategy: &'f StrategyFan,
    hue: Hue,
    scales: Scales,
    /// How far its dates may stand out.
    slack: f64,
}

impl Panel<'_> {
    fn draw(&self, canvas: &mut Canvas, axis: &ValueAxis<'_>) {
        let area = self.scales.area;
        let unit_end = Panels::heading(canvas, &self.scales, (&self.strategy.name, self.hue), axis);
        let label = self.transfer_label();
        let mark = self.strategy.transfer.map(|transfer| Mark {
            day: transfer.median_day,
            between: Some((transfer.p5_day, transfer.p95_day)),
            label: &label,
            left: if axis.is_labelled { unit_end + 10.0 } else { 0.0 },
        });
        if let Some(mark) = &mark {
            mark.draw_band(canvas, &self.scales);
        }
        self.band(canvas, (&self.strategy.p5, &self.strategy.p95), BAND_90);
        self.band(canvas, (&self.strategy.p25, &self.strategy.p75), BAND_50);
        if let Some(mark) = &mark {
            mark.draw_line(canvas, &self.scales);
        }
        self.wanted(canvas);
        self.median(canvas);
        if self.scales.y.low < 0.0 {
            let zero = self.scales.place_y(0.0);
            canvas.line(&[(area.left, zero), (area.right, zero)], Pen::solid(AXIS, 1.0));
        }
        DateAxis { start: self.fan.start, slack: self.slack, grid: false }.draw(canvas, &self.scales);
    }

    /// With its date, where the panel has room for it.
    fn transfer_label(&self) -> String {
        let day = self.strategy.transfer.map_or(0.0, |transfer| transfer.median_day);
        let long = format!("transfer {}", date_text(self.fan.start, day));
        let room = self.scales.area.width() * 0.45;
        if SMALL_FACE.width(&long) <= room { long } else { SMALL_FACE.fit("transfer", room) }
    }

    fn band(&self, canvas: &mut Canvas, limits: (&[f64], &[f64]), opacity: f64) {
        parted_band(canvas, &self.scales, (&self.strategy.days, limits), (self.hue.line, opacity));
    }

    fn median(&self, canvas: &mut Canvas) {
        let pen = Pen::solid(self.hue.line, MEDIAN);
        parted_line(canvas, &self.scales, (&self.strategy.days, &self.strategy.p50), (pen, MEDIAN));
    }

    fn wanted(&self, canvas: &mut Canvas) {
        let last = self.scales.x.high;
        let known = |step: &&Step| step.from_day <= last && step.value.is_finite();
        let mut line: Vec<Point> = Vec::new();
        for step in self.fan.wanted.iter().filter(known) {
            line.extend(line.last().map(|(_, before)| (step.from_day, *before)));
            line.push((step.from_day, step.value));
        }
        line.extend(line.last().map(|(_, value)| (last, *value)));
        canvas.curve(&self.scales, &line, WANTED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Theme;
    use jiff::civil::date;

    fn fan(strategies: Vec<StrategyFan>) -> Fan {
        let wanted = vec![Step { from_day: 0.0, value: 5.0 }, Step { from_day: 31.0, value: 10.0 }];
        Fan { heading: Heading::new("Headcount"), unit: "people".into(), start: date(2027, 1, 1), strategies, wanted }
    }

    fn strategy() -> StrategyFan {
        let transfer = Some(Transfer { median_day: 31.0, p5_day: 20.0, p95_day: 40.0 });
        let days = vec![0.0, 31.0, 59.0];
        let [p5, p25, p50, p75, p95] = [1.0, 2.0, 3.0, 4.0, 5.0].map(|value| vec![0.0, value, 2.0 * value]);
        StrategyFan { name: "captive".into(), slot: 0, days, p5, p25, p50, p75, p95, transfer }
    }

    #[test]
    fn the_description_has_the_last_values_and_the_transfer() {
        assert_eq!(
            fan(vec![strategy()]).description(),
            "Headcount, in people: median and bands of 50 % and 90 % of the replications. \
             captive: median 6 (90 %: 2 to 10) on 1 Mar 2027, transfer 1 Feb 2027."
        );
    }

    #[test]
    fn a_gap_parts_the_line() {
        let mut broken = strategy();
        broken.p50[1] = f64::NAN;
        let svg = fan(vec![broken]).svg(Size::default(), Theme::Print);
        assert_eq!(svg.matches("<circle").count(), 2);
    }
}
