//! What a chart gives a page to draw it anew, with values under the pointer: the data of the picture, and no drawing.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::super::escape::one_line;
use super::{Heading, Step, Target, Transfer};

/// Significant digits of a number on the page, where four are shown.
const DIGITS: usize = 6;
const SECONDS_PER_DAY: f64 = 86_400.0;

/// Quantities over time that a page draws, one panel of them at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// What stands above it.
    pub heading: Heading,
    /// Unit of all values; empty for shares of the simulations.
    pub unit: String,
    /// What the lines and the bands around them are, from the line to the widest: `median`, `90 % of simulations`; then
    /// what the lines beside them are, if there are any.
    pub words: Vec<&'static str>,
    /// Day 0.
    pub start: Date,
    /// Days since the start to which the values belong, ascending.
    pub days: Vec<f64>,
    /// What a reader may choose between.
    pub panels: Vec<LivePanel>,
}

/// What is seen at the same time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LivePanel {
    /// What it is called among the panels.
    pub name: String,
    /// What is wanted of the quantity from which day on; may be empty.
    pub wanted: Vec<Step>,
    /// Goals and budgets; may be empty.
    pub targets: Vec<Target>,
    /// The value that is asked for at all times, if one is.
    pub required: Option<f64>,
    /// The day on which something is due, if there is one.
    pub due_day: Option<f64>,
    /// One for each strategy.
    pub series: Vec<LiveSeries>,
}

/// The quantity under one strategy: all lists are parallel to the days; `NaN` leaves a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveSeries {
    /// Number of the strategy.
    pub slot: usize,
    /// The line.
    pub line: Vec<f64>,
    /// Bands around it, each by its lower and upper limits, from the narrowest to the widest.
    pub bands: Vec<[Vec<f64>; 2]>,
    /// A thin line beside it; may be empty.
    pub beside: Vec<f64>,
    /// When the team is transferred, if it is.
    pub transfer: Option<Transfer>,
}

impl Live {
    /// The data for the script of the page, with times as seconds since 1970 in UTC.
    pub(in crate::report) fn json(&self) -> Json {
        let time = |day: f64| json!(self.seconds(day));
        let step = |step: &Step| json!([time(step.from_day), number(step.value)]);
        let target = |target: &Target| json!([number(target.level), time(target.due_day), one_line(&target.name)]);
        let transfer = |transfer: Transfer| json!([transfer.median_day, transfer.p5_day, transfer.p95_day].map(time));
        let series = |series: &LiveSeries| {
            json!({
                "slot": series.slot,
                "line": numbers(&series.line),
                "bands": series.bands.iter().map(|band| json!([numbers(&band[0]), numbers(&band[1])])).collect::<Vec<_>>(),
                "beside": numbers(&series.beside),
                "transfer": series.transfer.map(transfer),
            })
        };
        let panel = |panel: &LivePanel| {
            json!({
                "name": one_line(&panel.name),
                "wanted": panel.wanted.iter().map(step).collect::<Vec<_>>(),
                "targets": panel.targets.iter().map(target).collect::<Vec<_>>(),
                "required": panel.required.map(number),
                "due": panel.due_day.map(time),
                "series": panel.series.iter().map(series).collect::<Vec<_>>(),
            })
        };
        json!({
            "title": one_line(&self.heading.title),
            "subtitle": one_line(&self.heading.subtitle),
            "note": one_line(&self.heading.note),
            "unit": one_line(&self.unit),
            "words": self.words,
            "start": time(0.0),
            "times": self.days.iter().copied().map(time).collect::<Vec<_>>(),
            "panels": self.panels.iter().map(panel).collect::<Vec<_>>(),
        })
    }

    /// The instant in seconds since 1970; the start, if it is no number.
    fn seconds(&self, day: f64) -> i64 {
        let epoch = Date::constant(1970, 1, 1);
        let days = epoch.until(self.start).map_or(0, |span| i64::from(span.get_days()));
        let day = if day.is_finite() { day.clamp(-4e6, 4e6) } else { 0.0 };
        days * SECONDS_PER_DAY as i64 + (day * SECONDS_PER_DAY).round() as i64
    }
}

fn numbers(values: &[f64]) -> Vec<Json> {
    values.iter().copied().map(number).collect()
}

/// A number as short as is exact enough to be shown; nothing, where there is none.
fn number(value: f64) -> Json {
    let rounded: f64 = format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(f64::NAN);
    let is_whole = rounded.fract() == 0.0 && rounded.abs() < 1e15;
    if is_whole { json!(rounded as i64) } else { json!(rounded) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_are_short_and_gaps_are_null() {
        let shown = json!(numbers(&[1.0, 1.0 / 3.0, 1_234_567.8, f64::NAN, f64::INFINITY, -0.0, 1e-9])).to_string();
        assert_eq!(shown, "[1,0.333333,1234570,null,null,0,1e-9]");
    }

    #[test]
    fn times_are_those_of_the_calendar_in_utc() {
        let live = |start| Live {
            heading: Heading::default(),
            unit: String::new(),
            words: Vec::new(),
            start,
            days: Vec::new(),
            panels: Vec::new(),
        };
        assert_eq!(live(date(1970, 1, 2)).seconds(0.5), 129_600);
        assert_eq!(live(date(2027, 1, 1)).seconds(0.0), 1_798_761_600);
        assert_eq!(live(date(1969, 12, 31)).seconds(f64::NAN), -86_400);
    }
}
