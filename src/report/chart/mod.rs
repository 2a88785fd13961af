//! Charts: each file is one chart, its data and how it is drawn.
//!
//! A new chart is one new file and its lines in this list.

mod distribution;
mod fan;
mod panels;
mod seats;
mod stack;

pub use distribution::{DayDistribution, StrategyDays};
pub use fan::{Fan, Step, StrategyFan, Transfer};
pub use seats::{Row, Seats, Span, State};
pub use stack::{Stack, StrategyStack};

pub use super::drawing::canvas::{Canvas, Size};
use super::drawing::{canvas, frame::heading};

/// Something to be drawn.
pub trait Chart {
    /// Stable stem for the name of a file.
    fn name(&self) -> &str;

    /// What the chart shows, in a few words; stands above it.
    fn title(&self) -> String;

    /// What the chart says, for those who do not see it.
    fn description(&self) -> String;

    /// A second line below the title, often empty.
    fn subtitle(&self) -> String {
        String::new()
    }

    /// The size that suits the data on a page of this width in pixels.
    fn size(&self, width: u32) -> Size;

    /// Draws everything but the title, from `top` down.
    fn draw(&self, canvas: &mut Canvas<'_>, top: f64);

    /// The chart as SVG, of any size; see [`Chart::size`] for a good one.
    fn svg(&self, size: Size) -> String {
        canvas::svg(size, &self.title(), &self.description(), |canvas| {
            let top = heading(canvas, &self.title(), &self.subtitle());
            self.draw(canvas, top);
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;
    use resvg::usvg;

    use super::*;

    const START: Date = date(2027, 1, 1);

    fn fan(name: &str, values: &[f64], count: usize) -> Fan {
        let list = || values.to_vec();
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        let transfer = Some(Transfer { median_day: at(0), p5_day: at(1), p95_day: at(2) });
        let (days, p5, p25, p50, p75, p95) = (list(), list(), list(), list(), list(), list());
        let strategy = StrategyFan { name: name.into(), days, p5, p25, p50, p75, p95, transfer };
        let wanted = vec![Step { from_day: at(0), value: at(1) }; 2];
        let strategies = vec![strategy; count];
        Fan {
            name: "fan".into(),
            title: name.into(),
            note: name.into(),
            unit: name.into(),
            start: START,
            strategies,
            wanted,
        }
    }

    fn days(name: &str, values: &[f64], count: usize) -> DayDistribution {
        let strategy = StrategyDays { name: name.into(), days: values.to_vec(), not_reached: count };
        DayDistribution {
            name: "days".into(),
            title: name.into(),
            event: name.into(),
            start: START,
            horizon_days: values.first().copied().unwrap_or(365.0),
            strategies: vec![strategy; count],
        }
    }

    fn seats(name: &str, values: &[f64], count: usize) -> Seats {
        let spans = values.windows(2).map(|pair| Span { from_day: pair[0], until_day: pair[1], state: count % 3 });
        let row = Row { label: name.into(), group: name.into(), spans: spans.collect() };
        Seats {
            name: "seats".into(),
            title: name.into(),
            start: START,
            horizon_days: values.first().copied().unwrap_or(365.0),
            transfer_day: values.last().copied(),
            states: vec![State { name: name.into(), slot: count, is_beside: count.is_multiple_of(2) }; 2],
            rows: vec![row; count * 40],
        }
    }

    fn stack(name: &str, values: &[f64], count: usize) -> Stack {
        let amounts = vec![values.iter().rev().copied().collect(), values.to_vec()];
        let strategy = StrategyStack { name: name.into(), days: values.to_vec(), amounts };
        Stack {
            name: "stack".into(),
            title: name.into(),
            note: name.into(),
            unit: name.into(),
            start: START,
            parts: vec![name.into(); 2],
            strategies: vec![strategy; count],
        }
    }

    fn all(name: &str, values: &[f64], count: usize) -> [Box<dyn Chart>; 4] {
        [
            Box::new(fan(name, values, count)),
            Box::new(days(name, values, count)),
            Box::new(seats(name, values, count)),
            Box::new(stack(name, values, count)),
        ]
    }

    fn check(chart: &dyn Chart) {
        for size in [chart.size(800), chart.size(390), Size { width: 1, height: 1 }] {
            let svg = chart.svg(size);
            assert_eq!(svg, chart.svg(size));
            assert!(usvg::roxmltree::Document::parse(&svg).is_ok(), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
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
                assert!(!chart.svg(Size::default()).contains("<script"));
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
    fn every_chart_becomes_a_png() {
        for chart in all("Łódź ≥ 3 → δ", &[0.0, 31.0, 59.0, 400.0], 2) {
            let png = crate::report::png(&chart.svg(Size::default()), 0.5).expect("an SVG");
            assert!(png.starts_with(b"\x89PNG"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
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
