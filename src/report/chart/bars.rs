//! Bars: what an amount is made of in all, a bar for each strategy.

use plotters::style::text_anchor::HPos;

use super::super::drawing::axis::{Range, RoundAxis, Scales};
use super::super::drawing::canvas::{Area, Canvas, Letters, Pen, Size};
use super::super::drawing::frame::{BOTTOM_AXIS, Key, SMALL_FACE, Swatch, axis_across, bottom_axis, keys};
use super::super::drawing::lettering::Face;
use super::super::drawing::row_heads::RowHeads;
use super::super::drawing::theme::{self, AXIS, LABEL, MARGIN, WHITE};
use super::super::number::{fixed, readable};
use super::magnitude::Magnitude;
use super::{Chart, Heading, sentences};

/// Height of a bar, and of the gap below it.
const BAR: f64 = 22.0;
const GAP: f64 = 10.0;
/// Of the panel from both edges.
const SIDE: f64 = MARGIN + 6.0;

/// An amount by parts, for each strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// What stands above it.
    pub heading: Heading,
    /// Unit of the amount.
    pub unit: String,
    /// Names of the parts, from the axis outwards.
    pub parts: Vec<String>,
    /// One bar each.
    pub strategies: Vec<StrategyBar>,
}

/// The amounts of one strategy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrategyBar {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// An amount for each part; negative ones go to the left of the axis.
    pub amounts: Vec<f64>,
}

impl StrategyBar {
    fn known(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.amounts.iter().copied().enumerate().filter(|(_, amount)| amount.abs() < 1e300 && *amount != 0.0)
    }

    fn total(&self) -> f64 {
        self.known().map(|(_, amount)| amount).sum()
    }

    /// Where the bar ends on both sides of the axis.
    fn ends(&self) -> [f64; 2] {
        let side =
            |is_right: bool| self.known().map(|(_, amount)| amount).filter(|amount| (*amount > 0.0) == is_right).sum();
        [side(false), side(true)]
    }
}

impl Chart for Bars {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let part = |(index, amount): (usize, f64)| {
            format!("{} {}", self.parts.get(index).map_or("", String::as_str), readable(amount))
        };
        let strategies = sentences(&self.strategies, |strategy| {
            let parts: Vec<String> = strategy.known().map(part).collect();
            let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
            (&strategy.name, format!("{} in all{parts}", readable(strategy.total())))
        });
        format!("{}, in {}. {strategies}", self.heading.sentence(), self.unit)
    }

    fn size(&self, width: u32) -> Size {
        let top = self.heading.height(width, &self.keys());
        let heads = self.heads(f64::from(width) - 2.0 * SIDE);
        let rows = self.strategies.len().max(1) as f64 * (heads.height() + BAR + GAP);
        Size { width, height: (top + 12.0 + rows + BOTTOM_AXIS) as u32 }
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &self.keys());
        let whole = canvas.area();
        let area = Area::new((SIDE, top + 4.0), (whole.right - SIDE, whole.bottom - BOTTOM_AXIS - 4.0));
        let data = self.values();
        let Magnitude { unit, factor } = Magnitude::of(&self.unit, data.high.max(-data.low));
        let RoundAxis { range: x, ticks } = axis_across(data, area.width(), factor);
        let scales = Scales { area, x, y: Range::new(0.0, 1.0) };
        bottom_axis(canvas, &scales, &ticks, &unit);
        // Below the names, which begin on it.
        let zero = scales.place_x(0.0);
        canvas.line(&[(zero, area.top), (zero, area.bottom)], Pen::solid(AXIS, 1.0));
        let heads = self.heads(area.width());
        let text = self.text();
        let step = (area.bottom - area.top) / self.strategies.len().max(1) as f64;
        let mut y = area.top;
        for strategy in &self.strategies {
            let top = y + (step - heads.height() - BAR).max(0.0) / 2.0;
            let look = Look { parts: &self.parts, heads, text: &text };
            canvas.strategy(strategy.slot, |canvas| strategy.draw(canvas, &scales, look, top));
            y += step;
        }
    }
}

/// How the bars are drawn.
#[derive(Clone, Copy)]
struct Look<'b> {
    parts: &'b [String],
    heads: RowHeads,
    /// An amount as text.
    text: &'b dyn Fn(f64) -> String,
}

impl Bars {
    /// An amount with three digits of the largest, in the unit of the axis.
    fn text(&self) -> impl Fn(f64) -> String {
        let data = self.values();
        let largest = data.high.max(-data.low);
        let factor = Magnitude::of(&self.unit, largest).factor;
        let decimals = [100.0, 10.0, 1.0].iter().position(|least| factor * largest >= *least).unwrap_or(3);
        move |amount: f64| fixed(factor * amount, decimals)
    }

    /// Names, with totals beside them.
    fn heads(&self, width: f64) -> RowHeads {
        let text = self.text();
        let rows = self.strategies.iter().map(|strategy| (strategy.name.as_str(), in_all(&text(strategy.total()))));
        RowHeads::new(rows, Face::bold(LABEL), width)
    }

    fn keys(&self) -> Vec<Key> {
        let is_there = |part: usize| self.strategies.iter().any(|strategy| strategy.known().any(|(index, _)| index == part));
        let parts = self.parts.iter().enumerate().filter(|&(part, _)| is_there(part));
        parts.map(|(part, name)| Key::new(Swatch::Block(theme::part(part).0, 1.0), name.as_str())).collect()
    }

    fn values(&self) -> Range {
        Range::of(self.strategies.iter().flat_map(StrategyBar::ends).chain([0.0]))
    }
}

impl StrategyBar {
    fn draw(&self, canvas: &mut Canvas, scales: &Scales, look: Look<'_>, top: f64) {
        let letters = Letters::new(Face::bold(LABEL), theme::strategy(self.slot).text);
        look.heads.draw(canvas, Area { top, ..scales.area }, (&self.name, letters), &in_all(&(look.text)(self.total())));
        let top = top + look.heads.height();
        let (mut left, mut right) = (0.0, 0.0);
        for (part, amount) in self.known() {
            let end = if amount > 0.0 { &mut right } else { &mut left };
            let from = scales.place_x(*end);
            *end += amount;
            let until = scales.place_x(*end);
            let bar = Area::new((from.min(until), top), (from.max(until), top + BAR));
            let words = format!("{}: {}", look.parts.get(part).map_or("", String::as_str), readable(amount));
            let (colour, letters) = theme::part(part);
            canvas.described(&words, |canvas| canvas.rectangle(bar, colour, 1.0));
            // Parts stay apart also where shades of grey are alike.
            canvas.line(&[(until, bar.top), (until, bar.bottom)], Pen::solid(WHITE, 1.0));
            let value = (look.text)(amount);
            if SMALL_FACE.width(&value) + 8.0 <= bar.width() {
                let letters = Letters::new(SMALL_FACE, letters).anchored(HPos::Center);
                let middle = ((bar.left + bar.right) / 2.0, (bar.top + bar.bottom) / 2.0 + 0.36 * SMALL_FACE.size);
                canvas.text(middle, &value, letters);
            }
        }
    }
}

fn in_all(total: &str) -> String {
    format!("{total} in all")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Theme;

    fn bars(amounts: &[f64]) -> Bars {
        Bars {
            heading: Heading::new("Cost"),
            unit: "EUR".into(),
            parts: vec!["bills".into(), "credits".into(), "pay".into()],
            strategies: vec![StrategyBar { name: "bot".into(), slot: 0, amounts: amounts.to_vec() }],
        }
    }

    #[test]
    fn bars_are_as_long_as_their_amounts_on_both_sides_of_the_axis() {
        let bars = bars(&[30.0, -10.0, 20.0]);
        assert_eq!(bars.strategies[0].ends().to_vec(), [-10.0, 50.0]);
        assert_eq!(bars.description(), "Cost, in EUR. bot: 40 in all: bills 30, credits -10, pay 20.");
        let svg = bars.svg(bars.size(800), Theme::Print);
        let width = |part: usize| {
            let theme::Colour(red, green, blue) = theme::part(part).0;
            let colour = format!("fill=\"#{red:02X}{green:02X}{blue:02X}\"");
            let path = svg.lines().rfind(|line| line.contains(&colour)).expect("it is drawn");
            let width =
                path.split_once("\"M").and_then(|(_, rest)| rest.split_once('h')?.1.split_once('v')).expect("a width").0;
            width.parse::<f64>().expect("a number")
        };
        assert!((width(0) / width(1) - 3.0).abs() < 0.01 && (width(2) / width(1) - 2.0).abs() < 0.01, "{svg}");
    }

    #[test]
    fn parts_of_which_there_is_nothing_have_no_key() {
        assert_eq!(bars(&[1.0, 0.0, f64::NAN]).keys().len(), 1);
        assert_eq!(bars(&[]).description(), "Cost, in EUR. bot: 0 in all.");
    }
}
