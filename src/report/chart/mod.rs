//! Charts: each file is one chart, its data and how it is drawn.
//!
//! A new chart is one new file and its lines in this list.

mod bars;
mod curves;
mod differences;
mod distribution;
mod effects;
mod fan;
mod fan_frame;
mod heading;
mod heat_cells;
mod heat_map;
mod histograms;
mod levels;
mod live;
mod magnitude;
mod panels;
mod seats;
mod stack;
mod strips;
mod target;
mod tornado;

use std::borrow::Cow;

pub use bars::{Bars, StrategyBar};
pub use curves::{Curve, CurvePanel, Curves};
pub use differences::{Difference, DifferencePanel, Differences};
pub use distribution::{DayDistribution, StrategyDays};
pub use effects::{EffectDot, EffectPanel, EffectRow, Effects};
pub use fan::Fan;
pub use fan_frame::{Step, StrategyFan, Transfer};
pub use heading::Heading;
pub use heat_map::{Axis, HeatMap, HeatPanel};
pub use histograms::{Column, Histograms, StrategyValues, Values};
pub use levels::{LevelCurve, LevelCurves, LevelPanel};
pub use live::{Live, LivePanel, LiveSeries};
pub use magnitude::Magnitude;
pub use seats::{Row, Seats, Span, State};
pub use stack::{Stack, StrategyStack};
pub use strips::{Phase, StrategyStrip, Strips};
pub use target::Target;
pub use tornado::{Tornado, TornadoEnd, TornadoPanel, TornadoRow};

use super::drawing::canvas::{self, Sheet};
pub use super::drawing::canvas::{Canvas, Size};
pub use super::drawing::theme::Theme;
use heading::sentences;

/// Wider pictures than this are drawn larger, and not with more room.
const WIDTH: u32 = 800;
/// Share of the height that suits a chart of panels that it can do with.
const LEAST_OF_PANELS: f64 = 0.75;
/// Eighths of a pixel of a chart that a pixel of its picture holds at most.
const SMALLEST: u32 = 48;

/// Something to be drawn.
pub trait Chart {
    /// What the chart shows, in a few words, and what a reader must know of it.
    fn heading(&self) -> &Heading;

    /// What the chart says, for those who do not see it.
    fn description(&self) -> String;

    /// What stands below the subtitle, often nothing: the note of the heading, unless there is more to say.
    fn note(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.heading().note)
    }

    /// Its data, for a page to draw it anew; none if it stays a picture.
    fn live(&self) -> Option<Live> {
        None
    }

    /// The size that suits the data on a page of this width in pixels.
    fn size(&self, width: u32) -> Size;

    /// Share of the height that suits it that the chart can do with; on less it is drawn smaller, so that nothing overlaps.
    fn least_height(&self) -> f64 {
        0.97
    }

    /// Draws everything but the title, from `top` down.
    fn draw(&self, canvas: &mut Canvas, top: f64);

    /// The chart as SVG, of any size; see [`Chart::size`] for a good one.
    fn svg(&self, size: Size, theme: Theme) -> String {
        let size = size.bounded();
        let eighths = eighths(size, |width| self.least_height() * f64::from(self.size(width).height));
        canvas::svg(Sheet { size, eighths, theme }, &self.heading().title, &self.description(), |canvas| {
            let top = self.heading().words(&self.note()).draw(canvas);
            self.draw(canvas, top);
        })
    }
}

/// How large a chart is drawn on a picture of this size: as large as leaves it room enough.
fn eighths(size: Size, least_height: impl Fn(u32) -> f64) -> u32 {
    let across = |eighths: u32| u64::from(size.width) * u64::from(eighths) / 8;
    let largest = (8 * WIDTH).div_ceil(size.width.max(1)).clamp(1, 8);
    let has_room = |eighths: &u32| {
        let least = least_height(u32::try_from(across(*eighths)).unwrap_or(u32::MAX));
        f64::from(size.height) * f64::from(*eighths) / 8.0 >= least
    };
    (largest..SMALLEST).find(has_room).unwrap_or(SMALLEST)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;
    use resvg::usvg;

    use super::super::drawing::lettering::Face;
    use super::*;

    const START: Date = date(2027, 1, 1);

    fn fan(name: &str, values: &[f64], count: usize) -> Fan {
        let list = || values.to_vec();
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        let transfer = Some(Transfer { median_day: at(0), p5_day: at(1), p95_day: at(2) });
        let (days, p5, p25, p50, p75, p95) = (list(), list(), list(), list(), list(), list());
        let strategy = StrategyFan { name: name.into(), slot: count, days, p5, p25, p50, p75, p95, transfer };
        let wanted = vec![Step { from_day: at(0), value: at(1) }; 2];
        let strategies = vec![strategy; count];
        let met = (0..count).map(|slot| (slot, name.to_owned())).collect();
        let target = Target { name: name.into(), level: at(1), due_day: at(2), met };
        let heading = Heading::new(name).with_subtitle(name).with_note(name);
        Fan { heading, unit: name.into(), start: START, strategies, wanted, targets: vec![target; 2] }
    }

    fn days(name: &str, values: &[f64], count: usize) -> DayDistribution {
        let strategy = StrategyDays { name: name.into(), slot: count, days: values.to_vec(), not_reached: count };
        DayDistribution {
            heading: Heading::new(name).with_note(name),
            start: START,
            horizon_days: values.first().copied().unwrap_or(365.0),
            strategies: vec![strategy; count],
        }
    }

    fn seats(name: &str, values: &[f64], count: usize) -> Seats {
        let spans = values.windows(2).map(|pair| Span { from_day: pair[0], until_day: pair[1], state: count % 3 });
        let row = Row { label: name.into(), group: name.into(), spans: spans.collect() };
        Seats {
            heading: Heading::new(name).with_note(name),
            start: START,
            horizon_days: values.first().copied().unwrap_or(365.0),
            transfer_day: values.last().copied(),
            states: vec![State { name: name.into(), slot: count, is_beside: count.is_multiple_of(2) }; 2],
            rows: vec![row; count * 40],
        }
    }

    fn stack(name: &str, values: &[f64], count: usize) -> Stack {
        let amounts = vec![values.iter().rev().copied().collect(), values.to_vec()];
        let strategy = StrategyStack { name: name.into(), slot: count, days: values.to_vec(), amounts };
        Stack {
            heading: Heading::new(name).with_note(name),
            unit: name.into(),
            start: START,
            parts: vec![name.into(); 2],
            strategies: vec![strategy; count],
        }
    }

    fn bars(name: &str, values: &[f64], count: usize) -> Bars {
        let strategy = StrategyBar { name: name.into(), slot: count, amounts: values.to_vec() };
        Bars {
            heading: Heading::new(name).with_note(name),
            unit: name.into(),
            parts: vec![name.into(); values.len()],
            strategies: vec![strategy; count],
        }
    }

    fn curves(name: &str, values: &[f64], count: usize) -> Curves {
        let list = || values.to_vec();
        let curve = Curve { name: name.into(), slot: count, shares: list(), low: list(), high: list(), beside: list() };
        let panel = CurvePanel {
            name: name.into(),
            slot: Some(count).filter(|count| count.is_multiple_of(2)),
            curves: vec![curve; count],
            required: values.first().copied(),
            due_day: values.last().copied(),
        };
        Curves { heading: Heading::new(name).with_note(name), start: START, days: list(), panels: vec![panel; count] }
    }

    fn differences(name: &str, values: &[f64], count: usize) -> Differences {
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        let (mean, low, high, p5, p95) = (at(0), at(1), at(2), at(3), at(0));
        let (matters, note) = (count.is_multiple_of(2), name.to_owned());
        let row = Difference { name: name.into(), slot: count, mean, low, high, p5, p95, matters, note };
        let sides = [name.to_owned(), name.to_owned()];
        let panel = DifferencePanel { title: name.into(), unit: name.into(), sides, rows: vec![row; count] };
        Differences { heading: Heading::new(name).with_note(name), panels: vec![panel; count] }
    }

    fn histograms(name: &str, values: &[f64], count: usize) -> Histograms {
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        let cell = Values { values: values.to_vec(), p5: at(0), p50: at(1), p95: at(2), never: count, missing: count };
        let strategy = StrategyValues { name: name.into(), slot: count, columns: vec![cell; 2] };
        Histograms {
            heading: Heading::new(name).with_note(name),
            columns: vec![Column { title: name.into(), unit: name.into() }; 2],
            strategies: vec![strategy; count],
        }
    }

    fn strips(name: &str, values: &[f64], count: usize) -> Strips {
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        let phase = Phase { begin: [at(0), at(1), at(2)], end: [at(1), at(2), at(3)], share: at(0) };
        let strategy = StrategyStrip { name: name.into(), slot: count, phases: vec![phase; 3] };
        Strips {
            heading: Heading::new(name).with_note(name),
            start: START,
            horizon_days: at(3),
            phases: vec![name.into(); 3],
            strategies: vec![strategy; count],
        }
    }

    /// Levels that are numbers, or a name.
    fn level_names(name: &str, values: &[f64]) -> Vec<String> {
        let level = |(index, value): (usize, &f64)| match index % 3 {
            0 if name.len() > 4 => name.to_owned(),
            _ if value.is_finite() => value.to_string(),
            _ => "odd".to_owned(),
        };
        values.iter().enumerate().map(level).collect()
    }

    fn levels(name: &str, values: &[f64], count: usize) -> LevelCurves {
        let list = || values.to_vec();
        let curve = LevelCurve { name: name.into(), slot: count, values: list(), low: list(), high: list() };
        let panel = LevelPanel {
            title: name.into(),
            unit: name.into(),
            is_share: count.is_multiple_of(2),
            required: values.last().copied(),
            curves: vec![curve; count],
        };
        let heading = Heading::new(name).with_note(name);
        LevelCurves { heading, factor: name.into(), levels: level_names(name, values), panels: vec![panel; count] }
    }

    fn heat_map(name: &str, values: &[f64], count: usize) -> HeatMap {
        let axis = Axis { name: name.into(), levels: level_names(name, values) };
        let panel = HeatPanel {
            title: name.into(),
            unit: name.into(),
            is_share: count.is_multiple_of(2),
            higher_is_better: [None, Some(true), Some(false)][count % 3],
            values: vec![values.to_vec(); values.len()],
            framed: vec![values.iter().map(|value| *value > 0.0).collect(); count],
        };
        HeatMap { heading: Heading::new(name).with_note(name), across: axis.clone(), down: axis, panels: vec![panel; count] }
    }

    fn effects(name: &str, values: &[f64], count: usize) -> Effects {
        let dot = |(index, effect): (usize, &f64)| {
            let at = |index: usize| values.get(index).copied().unwrap_or(*effect);
            EffectDot { level: name.into(), effect: *effect, low: at(index + 1), high: at(index + 2) }
        };
        let row = EffectRow { factor: name.into(), dots: values.iter().enumerate().map(dot).collect() };
        let (is_share, rows) = (count.is_multiple_of(2), vec![row; count]);
        let panel = EffectPanel { title: name.into(), unit: name.into(), is_share, rows };
        Effects { heading: Heading::new(name).with_note(name), panels: vec![panel; count] }
    }

    fn tornado(name: &str, values: &[f64], count: usize) -> Tornado {
        let end = |change: f64| TornadoEnd { level: name.into(), change, low: change, high: -change };
        let row = |pair: &[f64]| TornadoRow { name: name.into(), low: end(pair[0]), high: end(pair[1]) };
        let panel = TornadoPanel {
            title: name.into(),
            unit: name.into(),
            is_share: count.is_multiple_of(2),
            base: values.first().copied().unwrap_or(0.0),
            rows: values.windows(2).map(row).collect(),
        };
        Tornado { heading: Heading::new(name).with_note(name), panels: vec![panel; count] }
    }

    fn of_experiments(name: &str, values: &[f64], count: usize) -> [Box<dyn Chart>; 4] {
        [
            Box::new(levels(name, values, count)),
            Box::new(heat_map(name, values, count)),
            Box::new(effects(name, values, count)),
            Box::new(tornado(name, values, count)),
        ]
    }

    fn all(name: &str, values: &[f64], count: usize) -> Vec<Box<dyn Chart>> {
        let others: [Box<dyn Chart>; 9] = [
            Box::new(bars(name, values, count)),
            Box::new(curves(name, values, count)),
            Box::new(differences(name, values, count)),
            Box::new(histograms(name, values, count)),
            Box::new(strips(name, values, count)),
            Box::new(fan(name, values, count)),
            Box::new(days(name, values, count)),
            Box::new(seats(name, values, count)),
            Box::new(stack(name, values, count)),
        ];
        others.into_iter().chain(of_experiments(name, values, count)).collect()
    }

    /// Where texts are, with the texts, in eighths of a pixel.
    fn texts(svg: &str) -> Vec<(canvas::Area, String)> {
        let document = usvg::roxmltree::Document::parse(svg).expect("it is XML");
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        let place = |node: usvg::roxmltree::Node<'_, '_>| {
            let number = |name: &str| node.attribute(name).and_then(|text| text.parse::<f64>().ok()).expect("a number");
            let (x, y, size) = (number("x"), number("y"), number("font-size"));
            let text = node.text().unwrap_or_default().to_owned();
            let width = Face { size, bold: node.attribute("font-weight").is_some() }.width(&text);
            let left = match node.attribute("text-anchor") {
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                _ => x,
            };
            (canvas::Area::new((left, y - 0.75 * size), (left + width, y + 0.05 * size)), text)
        };
        texts.map(place).collect()
    }

    /// Asserts that no text is cut off by the edge of the picture, and that no two overlap.
    fn check_texts(chart: &dyn Chart, width: u32) {
        let size = chart.size(width);
        let svg = chart.svg(size, Theme::Print);
        let texts = texts(&svg);
        let ends = svg.split_once("viewBox=\"0 0 ").and_then(|(_, rest)| rest.split_once('"')?.0.split_once(' '));
        let (right, bottom) = ends.expect("it has a view box");
        let [right, bottom] = [right, bottom].map(|end| end.parse::<f64>().expect("a number"));
        for (index, (one, text)) in texts.iter().enumerate() {
            let is_inside = one.left >= 0.0 && one.right <= right && one.top >= 0.0 && one.bottom <= bottom;
            assert!(is_inside, "{text:?} is cut off at {one:?} on {size:?}");
            for (other, over) in &texts[..index] {
                let is_apart =
                    one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
                assert!(is_apart, "{text:?} at {one:?} lies on {over:?} at {other:?} on {size:?}");
            }
        }
    }

    fn check(chart: &dyn Chart) {
        for size in [chart.size(800), chart.size(390), Size { width: 1, height: 1 }] {
            let svg = chart.svg(size, Theme::Print);
            assert_eq!(svg, chart.svg(size, Theme::Print));
            assert!(usvg::roxmltree::Document::parse(&svg).is_ok(), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn a_chart_is_drawn_as_large_as_leaves_it_room() {
        let of = |width: u32, height: u32| eighths(Size { width, height }, |width| f64::from(400 + 40_000 / width.max(1)));
        assert_eq!(of(800, 450), 8, "what suits it");
        assert_eq!(of(400, 500), 8, "no larger on a narrow one");
        assert_eq!(of(1600, 900), 4, "twice as large on one twice as wide");
        assert_eq!(of(400, 225), 16, "half as large where it needs 450 pixels");
        assert_eq!(of(400, 300), 13, "12 eighths would leave 450 pixels to a chart of 466");
        assert_eq!(of(1, 1), SMALLEST);
    }

    #[test]
    fn hostile_names_stay_text() {
        let names = [
            "<script>alert(1)</script>",
            "\"'&amp;]]><!--",
            "\u{0}\u{1b}[31m\u{FFFF}\n\r\t",
            "\u{202E}\u{5d0}\u{5d1}\u{5d2} \u{627}\u{644}",
            "e\u{301}\u{301}\u{301}\u{200D}\u{1F468}\u{200D}\u{1F469}",
            &"long name ".repeat(20),
            "",
        ];
        for name in names {
            for chart in all(name, &[0.0, 31.0, 59.0, 400.0], 3) {
                check(chart.as_ref());
                assert!(!chart.svg(Size::default(), Theme::Screen).contains("<script"));
            }
        }
    }

    #[test]
    fn empty_and_odd_numbers_can_be_drawn() {
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, -0.0, f64::MIN_POSITIVE, -5.0];
        for count in [0, 1, 9] {
            for values in [&odd[..], &[], &[7.0; 3], &[f64::MAX, f64::MIN], &[f64::NAN; 4], &[-1.0, -3.0]] {
                all("name", values, count).iter().for_each(|chart| check(chart.as_ref()));
            }
        }
    }

    #[test]
    fn charts_of_experiments_have_no_text_cut_off_and_none_on_another() {
        let rising: Vec<f64> = (0..300).map(|index| f64::from(index) / 7.0).collect();
        let mixed = [-3.0, 12.5, f64::NAN, -7.25, 1_234_567.0, 0.0, f64::INFINITY, 3.5];
        let lists: [&[f64]; 7] = [&[], &[0.5], &[-0.2, 0.7], &rising[..5], &rising[..40], &mixed, &[0.0; 6]];
        let check_all = |name: &str, values: &[f64], count: usize| {
            for chart in of_experiments(name, values, count) {
                [800, 390].into_iter().for_each(|width| check_texts(chart.as_ref(), width));
            }
        };
        for name in ["own", "agency and own recruiters together", &"long name ".repeat(30), &"unbroken".repeat(30), ""] {
            lists.iter().for_each(|values| [1, 2, 3].into_iter().for_each(|count| check_all(name, values, count)));
        }
        check_all("own", &rising, 1);
        check_all("agency and own recruiters", &rising[..120], 5);
    }

    /// A fan of strategies that rise to different heights, or to the same, with goals, transfers and what is wanted.
    fn rising(name: &str, count: usize, apart: f64) -> Fan {
        let days: Vec<f64> = (1..=60).map(|month| 30.4 * f64::from(month)).collect();
        let strategy = |slot: usize| {
            let height = 50.0 - apart * slot as f64;
            let at = |share: f64| days.iter().map(|day| share * height * (day / 900.0).min(1.0)).collect::<Vec<f64>>();
            let [p5, p25, p50, p75, p95] = [0.8, 0.9, 1.0, 1.05, 1.1].map(at);
            let day = 600.0 + 100.0 * slot as f64;
            let transfer = Some(Transfer { median_day: day, p5_day: day - 90.0, p95_day: day + 90.0 });
            StrategyFan { name: format!("{name} {slot}"), slot, days: days.clone(), p5, p25, p50, p75, p95, transfer }
        };
        let step = |from_day: f64, value: f64| Step { from_day, value };
        let target = |level: f64, due_day: f64| Target {
            name: format!("{level} {name}"),
            level,
            due_day,
            met: (0..count).map(|slot| (slot, "79 %".to_owned())).collect(),
        };
        Fan {
            heading: Heading::new(format!("{name} rises")).with_subtitle(name).with_note(name),
            unit: "people".into(),
            start: START,
            strategies: (0..count).map(strategy).collect(),
            wanted: vec![step(0.0, 20.0), step(365.0, 54.0)],
            targets: vec![target(40.0, 730.0), target(48.0, 1460.0)],
        }
    }

    #[test]
    fn names_at_the_ends_of_lines_do_not_overlap_and_are_not_cut_off() {
        let long = "Build, operate and transfer with the vendor of our headquarter";
        for name in ["BOT", "Staff augmentation", &long[..60]] {
            for (count, apart) in [(1, 0.0), (2, 0.5), (3, 0.1), (4, 0.0), (4, 2.0), (4, 12.0), (6, 3.0)] {
                [800, 390].into_iter().for_each(|width| check_texts(&rising(name, count, apart), width));
            }
        }
    }

    #[test]
    fn charts_of_a_study_have_no_text_cut_off_and_none_on_another() {
        let values = [1.0, 20.0, 300.0, 1234.5];
        for name in ["BOT", "Build, operate and transfer with a vendor, then our own centre"] {
            for count in [1, 2, 4] {
                let charts: [Box<dyn Chart>; 5] = [
                    Box::new(bars(name, &values, count)),
                    Box::new(differences(name, &values, count)),
                    Box::new(histograms(name, &values, count)),
                    Box::new(stack(name, &values, count)),
                    Box::new(curves(name, &[0.1, 0.5, 0.9], count)),
                ];
                charts.iter().for_each(|chart| [800, 390].into_iter().for_each(|width| check_texts(chart.as_ref(), width)));
            }
        }
    }

    #[test]
    fn hundreds_of_rows_and_levels_can_be_drawn_on_both_themes() {
        let values: Vec<f64> = (0..400).map(|index| f64::from(index % 37) - 5.0).collect();
        for chart in of_experiments("recruiters", &values, 2) {
            check(chart.as_ref());
            let [print, screen] = [Theme::Print, Theme::Screen].map(|theme| chart.svg(Size::default(), theme));
            assert!(print != screen && print.matches("<text").count() == screen.matches("<text").count());
        }
    }

    #[test]
    fn every_chart_becomes_a_png() {
        for chart in all("Łódź ≥ 3 → δ", &[0.0, 31.0, 59.0, 400.0], 2) {
            let png = crate::report::png(&chart.svg(Size::default(), Theme::Print), 0.5).expect("an SVG");
            assert!(png.starts_with(b"\x89PNG"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn any_data_can_be_drawn(name in any::<String>(), values in prop::collection::vec(any::<f64>(), 0..12), count in 0_usize..5) {
            all(&name, &values, count).iter().for_each(|chart| check(chart.as_ref()));
        }

        #[test]
        fn likely_data_can_be_drawn(values in prop::collection::vec(0.0..2000.0, 0..30), count in 0_usize..10) {
            all("name", &values, count).iter().for_each(|chart| check(chart.as_ref()));
        }
    }
}
