//! Fan chart: how a quantity develops, with bands that hold most of the simulations: up to four strategies in one frame, more
//! of them in a panel each.

use jiff::civil::Date;

use super::super::dates::{date_text, month_end_text};
use super::super::drawing::axis::{Range, RoundAxis, Scales};
use super::super::drawing::canvas::{Area, Canvas, Size};
use super::super::drawing::frame::{DATE_AXIS, MARK_LABEL, value_axis_width};
use super::super::drawing::theme::{self, MARGIN};
use super::super::number::readable;
use super::fan_frame::{Frame, Step, StrategyFan};
use super::magnitude::Magnitude;
use super::panels::{Panels, ValueAxis, one_at_least};
use super::target::Target;
use super::{Chart, Heading, LEAST_OF_PANELS, Live, LivePanel, LiveSeries, sentences};

/// More strategies than this cannot be distinguished in one frame.
const OVERLAID_AT_MOST: usize = 4;
/// Height of the frame that strategies share.
const FRAME: f64 = 300.0;

/// A quantity at month ends, for each strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// What stands above it.
    pub heading: Heading,
    /// Unit of the quantity, such as `people`.
    pub unit: String,
    /// Day 0.
    pub start: Date,
    /// One line each.
    pub strategies: Vec<StrategyFan>,
    /// What is wanted of the quantity, drawn as steps; may be empty.
    pub wanted: Vec<Step>,
    /// Goals and budgets; may be empty.
    pub targets: Vec<Target>,
}

impl Chart for Fan {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let strategies = sentences(&self.strategies, |strategy| (&strategy.name, self.words(strategy)));
        let name_of = |slot: usize| {
            let named = self.strategies.iter().find(|strategy| strategy.slot == slot);
            named.map_or_else(String::new, |strategy| strategy.name.clone())
        };
        let targets: String = self.targets.iter().map(|target| format!(" {}.", target.words(name_of))).collect();
        format!("{}, in {}. {strategies}{targets}", self.heading.sentence(), self.unit)
    }

    fn live(&self) -> Option<Live> {
        let series = |strategy: &StrategyFan| {
            let half = [strategy.p25.clone(), strategy.p75.clone()];
            let bands = if self.has_half_bands() { vec![half] } else { Vec::new() };
            LiveSeries {
                slot: strategy.slot,
                line: strategy.p50.clone(),
                bands: bands.into_iter().chain([[strategy.p5.clone(), strategy.p95.clone()]]).collect(),
                beside: Vec::new(),
                transfer: strategy.transfer,
            }
        };
        let panel = LivePanel {
            wanted: self.wanted.clone(),
            targets: self.targets.clone(),
            series: self.strategies.iter().map(series).collect(),
            ..LivePanel::default()
        };
        let half = self.has_half_bands().then_some("half of simulations");
        Some(Live {
            heading: self.heading.clone(),
            unit: self.unit.clone(),
            words: ["median"].into_iter().chain(half).chain(["90 % of simulations"]).collect(),
            start: self.start,
            days: self.strategies.first()?.days.clone(),
            panels: vec![panel],
        })
    }

    fn size(&self, width: u32) -> Size {
        if self.is_overlaid() {
            let height = self.heading.height(width, &[]) + MARK_LABEL + FRAME + DATE_AXIS + 6.0;
            return Size { width, height: height.ceil() as u32 };
        }
        self.panels(f64::from(width)).size(width, &self.heading, &[])
    }

    fn least_height(&self) -> f64 {
        LEAST_OF_PANELS
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let (axis, magnitude) = self.values();
        let drawn = ValueAxis { ticks: &axis.ticks, unit: &magnitude.unit, is_labelled: true };
        if self.is_overlaid() {
            self.draw_overlaid(canvas, top, &drawn, axis.range);
        } else {
            self.draw_panels(canvas, top, &drawn, axis.range);
        }
    }
}

impl Fan {
    /// Returns the bands of a fan of this many strategies, in words.
    #[must_use]
    pub fn bands_in_words(strategies: usize) -> &'static str {
        if (2..=OVERLAID_AT_MOST).contains(&strategies) {
            "median, and band with 90 % of simulations"
        } else {
            "median, and bands with half and 90 % of simulations"
        }
    }

    fn panels(&self, width: f64) -> Panels {
        Panels::new(self.strategies.iter().map(|strategy| strategy.name.as_str()), width)
    }

    fn is_overlaid(&self) -> bool {
        self.strategies.len() <= OVERLAID_AT_MOST
    }

    /// Whether a frame holds one strategy, which leaves room for two bands.
    fn has_half_bands(&self) -> bool {
        self.strategies.len() < 2 || !self.is_overlaid()
    }

    /// All strategies in one frame, with their names at the ends of their lines.
    fn draw_overlaid(&self, canvas: &mut Canvas, top: f64, axis: &ValueAxis<'_>, values: Range) {
        let whole = canvas.area();
        let left = MARGIN + value_axis_width(axis.ticks);
        let frame = |right: f64| {
            let area = Area::new((left, top + MARK_LABEL), (right, whole.bottom - 6.0 - DATE_AXIS));
            self.frame(&self.strategies, Scales { area, x: self.days(), y: values })
        };
        // How high a line ends does not depend on how much room its label takes.
        let column = frame(whole.right).end_labels(whole.width()).width();
        let frame = frame(whole.right - MARGIN - column);
        let unit_end = Panels::axis(canvas, &frame.scales, axis);
        frame.draw(canvas, unit_end, 24.0);
        frame.end_labels(whole.width()).draw(canvas, frame.scales.area);
    }

    fn frame<'f>(&'f self, strategies: &'f [StrategyFan], scales: Scales) -> Frame<'f> {
        let (wanted, targets) = (&self.wanted[..], &self.targets[..]);
        Frame { start: self.start, strategies, wanted, targets, has_names: true, scales }
    }

    fn draw_panels(&self, canvas: &mut Canvas, top: f64, axis: &ValueAxis<'_>, values: Range) {
        let panels = self.panels(canvas.area().width());
        let nobody = StrategyFan::default();
        for (index, strategy) in one_at_least(&self.strategies, &nobody).iter().enumerate() {
            let area = panels.area(index, canvas.area(), top, value_axis_width(axis.ticks));
            let scales = Scales { area, x: self.days(), y: values };
            let frame = Frame { has_names: index == 0, ..self.frame(std::slice::from_ref(strategy), scales) };
            let axis = ValueAxis { is_labelled: panels.is_first_of_row(index), ..*axis };
            canvas.strategy(strategy.slot, |canvas| {
                let unit_end = panels.heading(canvas, &scales, (&strategy.name, theme::strategy(strategy.slot)), &axis);
                frame.draw(canvas, unit_end, panels.slack());
            });
        }
    }

    fn days(&self) -> Range {
        let days = self.strategies.iter().flat_map(|strategy| &strategy.days);
        Range::of(days.copied()).with(0.0)
    }

    /// All data, and 0, in the unit in which they are easy to read.
    fn values(&self) -> (RoundAxis, Magnitude) {
        let lists = |strategy: &StrategyFan| [&strategy.p5[..], &strategy.p50, &strategy.p95].concat();
        let wanted = self.wanted.iter().map(|step| step.value);
        let data = Range::of(self.strategies.iter().flat_map(lists).chain(wanted).chain([0.0]));
        let near = self.targets.iter().filter(|target| target.is_near(data.high)).map(|target| target.level);
        let range = Range::of(near.chain([data.low, data.high]));
        let magnitude = Magnitude::of(&self.unit, range.high.max(-range.low));
        (RoundAxis::snug(range, magnitude.factor), magnitude)
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
        let month = month_end_text(self.start, strategy.days[last]);
        let (p5, p50, p95) = (at(&strategy.p5), at(&strategy.p50), at(&strategy.p95));
        format!("median {p50} (90 %: {p5} to {p95}) in {month}{transfer}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Transfer;
    use super::*;
    use crate::report::chart::Theme;
    use jiff::civil::date;

    fn fan(strategies: Vec<StrategyFan>) -> Fan {
        let wanted = vec![Step { from_day: 0.0, value: 5.0 }, Step { from_day: 31.0, value: 10.0 }];
        let target = Target { name: "ten by March".into(), level: 10.0, due_day: 59.0, met: vec![(0, "25 %".into())] };
        Fan {
            heading: Heading::new("Too few").with_subtitle("Headcount at month ends"),
            unit: "people".into(),
            start: date(2027, 1, 1),
            strategies,
            wanted,
            targets: vec![target],
        }
    }

    fn strategy() -> StrategyFan {
        let transfer = Some(Transfer { median_day: 31.0, p5_day: 20.0, p95_day: 40.0 });
        let days = vec![0.0, 31.0, 59.0];
        let [p5, p25, p50, p75, p95] = [1.0, 2.0, 3.0, 4.0, 5.0].map(|value| vec![0.0, value, 2.0 * value]);
        StrategyFan { name: "captive".into(), slot: 0, days, p5, p25, p50, p75, p95, transfer }
    }

    /// The same in another colour, this many times as high.
    fn other(slot: usize, times: f64) -> StrategyFan {
        let higher = |values: Vec<f64>| values.into_iter().map(|value| times * value).collect();
        let StrategyFan { p5, p50, p95, .. } = strategy();
        let [p5, p50, p95] = [p5, p50, p95].map(higher);
        StrategyFan { name: format!("strategy {slot}"), slot, p5, p50, p95, ..strategy() }
    }

    fn texts(svg: &str) -> Vec<&str> {
        svg.split("<text ").skip(1).filter_map(|text| Some(text.split_once('>')?.1.split_once('<')?.0)).collect()
    }

    #[test]
    fn the_description_has_the_last_values_the_transfer_and_the_goal() {
        assert_eq!(
            fan(vec![strategy()]).description(),
            "Too few. Headcount at month ends, in people. captive: median 6 (90 %: 2 to 10) in Feb 2027, transfer 1 Feb 2027. \
             \"ten by March\" is met in: captive 25 %."
        );
    }

    #[test]
    fn a_gap_parts_the_line() {
        let mut broken = strategy();
        broken.p50[1] = f64::NAN;
        let dots = |strategy: StrategyFan| {
            let colour = theme::strategy(0).line;
            let fan = Fan { targets: Vec::new(), ..fan(vec![strategy]) };
            fan.svg(Size::default(), Theme::Print).matches(&format!("<circle fill=\"{colour}\"")).count()
        };
        assert_eq!((dots(strategy()), dots(broken)), (0, 2));
    }

    #[test]
    fn up_to_four_strategies_share_a_frame_and_have_their_names_once() {
        for count in [1, 2, 4, 5] {
            let fan = fan((0..count).map(|slot| other(slot, 1.0 + slot as f64 / 10.0)).collect());
            let svg = fan.svg(fan.size(800), Theme::Print);
            let texts = texts(&svg);
            assert_eq!(texts.iter().filter(|text| text.starts_with("strategy ")).count(), count);
            let is_labelled = texts.iter().filter(|text| **text == "people").count();
            assert_eq!(is_labelled, if count > 4 { 2 } else { 1 }, "{count}: an axis for each row of panels");
            assert_eq!(texts.contains(&"wanted"), count < 5);
        }
    }

    #[test]
    fn identical_strategies_have_one_label_and_others_have_their_own() {
        let svg = |times: [f64; 3]| {
            let fan = fan((0..3).map(|slot| other(slot, times[slot])).collect());
            fan.svg(fan.size(800), Theme::Print)
        };
        let same = svg([1.0, 2.0, 1.0]);
        let texts_of = texts(&same);
        let at = |text: &str| texts_of.iter().position(|other| *other == text).expect("it is written");
        assert_eq!([at("="), at("strategy 2")], [at("strategy 0") + 1, at("strategy 0") + 2], "{texts_of:?}");
        // 0.001 % of a frame of 300 pixels cannot be seen.
        assert!(texts(&svg([1.0, 2.0, 1.00001])).contains(&"="));
        assert!(!texts(&svg([1.0, 2.0, 1.1])).contains(&"="));
        assert!(same.contains("stroke-dasharray=\"64 64\""), "both colours of the same line are seen");
    }

    #[test]
    fn what_is_far_beyond_the_data_does_not_press_them_together() {
        let mut fan = fan(vec![strategy()]);
        fan.targets[0].level = 500.0;
        assert!((fan.values().0.range.high - 10.0).abs() < 1e-9);
        let svg = fan.svg(fan.size(800), Theme::Print);
        assert!(texts(&svg).contains(&"ten by March (beyond the axis)"), "{:?}", texts(&svg));
        fan.targets[0].level = 15.0;
        assert!((fan.values().0.range.high - 15.0).abs() < 1e-9);
    }
}
