//! Stacked bars: what an amount is made of, month by month.

use jiff::civil::Date;

use super::super::drawing::axis::{Range, RoundAxis, Scales};
use super::super::drawing::canvas::{Area, Canvas, Pen, Size};
use super::super::drawing::frame::{DateAxis, Key, Swatch, keys, value_axis_width};
use super::super::drawing::theme::{self, AXIS};
use super::super::number::readable;
use super::magnitude::Magnitude;
use super::panels::{Panels, ValueAxis, one_at_least};
use super::{Chart, Heading, LEAST_OF_PANELS, sentences};

/// Share of a month that stays free between two bars.
const GAP: f64 = 0.12;

/// An amount by month and part, for each strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// What stands above it.
    pub heading: Heading,
    /// Unit of the amount.
    pub unit: String,
    /// Day 0.
    pub start: Date,
    /// Names of the parts, from the axis outwards.
    pub parts: Vec<String>,
    /// One panel each.
    pub strategies: Vec<StrategyStack>,
}

/// The amounts of one strategy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StrategyStack {
    /// Name of the strategy.
    pub name: String,
    /// Number of its colour, the same in every chart.
    pub slot: usize,
    /// Ends of the months, in days since the start, ascending.
    pub days: Vec<f64>,
    /// Per part, an amount for each month; negative ones are stacked below the axis.
    pub amounts: Vec<Vec<f64>>,
}

impl StrategyStack {
    /// Sums of the amounts above and below the axis, for each month.
    fn heights(&self) -> impl Iterator<Item = [f64; 2]> + '_ {
        (0..self.days.len()).map(|month| {
            let amounts = self.amounts.iter().filter_map(move |part| part.get(month).copied());
            amounts.filter(|amount| amount.is_finite()).fold([0.0, 0.0], |[above, below], amount| {
                if amount >= 0.0 { [above + amount, below] } else { [above, below + amount] }
            })
        })
    }

    fn total(&self, part: usize) -> f64 {
        self.amounts.get(part).map_or(0.0, |amounts| amounts.iter().filter(|amount| amount.is_finite()).sum())
    }
}

impl Chart for Stack {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn description(&self) -> String {
        let part =
            |strategy: &StrategyStack, index: usize| format!("{} {}", self.parts[index], readable(strategy.total(index)));
        let strategies = sentences(&self.strategies, |strategy| {
            let parts: Vec<String> = self.shown().map(|index| part(strategy, index)).collect();
            (&strategy.name, parts.join(", "))
        });
        format!("{}, in {}; in all: {strategies}", self.heading.sentence(), self.unit)
    }

    fn size(&self, width: u32) -> Size {
        self.panels(f64::from(width)).size(width, &self.heading, &self.keys())
    }

    fn least_height(&self) -> f64 {
        LEAST_OF_PANELS
    }

    fn draw(&self, canvas: &mut Canvas, top: f64) {
        let top = keys(canvas, top, &self.keys());
        let days = Range::of(self.strategies.iter().flat_map(|strategy| strategy.days.iter().copied())).with(0.0);
        let data = self.values();
        let Magnitude { unit, factor } = Magnitude::of(&self.unit, data.high.max(-data.low));
        let RoundAxis { range: values, ticks } = RoundAxis::snug(data, factor);
        let panels = self.panels(canvas.area().width());
        let nobody = StrategyStack::default();
        for (index, strategy) in one_at_least(&self.strategies, &nobody).iter().enumerate() {
            let area = panels.area(index, canvas.area(), top, value_axis_width(&ticks));
            let scales = Scales { area, x: days, y: values };
            let dates = DateAxis { start: self.start, slack: panels.slack(), grid: false };
            let panel = Panel { panels, strategy, parts: &self.parts, scales, dates };
            let is_labelled = panels.is_first_of_row(index);
            let axis = ValueAxis { ticks: &ticks, unit: &unit, is_labelled };
            canvas.strategy(strategy.slot, |canvas| panel.draw(canvas, &axis));
        }
    }
}

impl Stack {
    fn panels(&self, width: f64) -> Panels {
        Panels::new(self.strategies.iter().map(|strategy| strategy.name.as_str()), width)
    }

    /// Parts of which there is something.
    fn shown(&self) -> impl Iterator<Item = usize> + '_ {
        let is_there = |part: &usize| {
            let mut amounts = self.strategies.iter().filter_map(|strategy| strategy.amounts.get(*part)).flatten();
            amounts.any(|&amount| amount.is_finite() && amount != 0.0)
        };
        (0..self.parts.len()).filter(is_there)
    }

    fn keys(&self) -> Vec<Key> {
        self.shown().map(|part| Key::new(Swatch::Block(theme::part(part).0, 1.0), self.parts[part].as_str())).collect()
    }

    fn values(&self) -> Range {
        Range::of(self.strategies.iter().flat_map(StrategyStack::heights).flatten().chain([0.0]))
    }
}

/// Where one strategy is drawn.
struct Panel<'s> {
    panels: Panels,
    strategy: &'s StrategyStack,
    /// Names of the parts.
    parts: &'s [String],
    scales: Scales,
    dates: DateAxis,
}

impl Panel<'_> {
    fn draw(&self, canvas: &mut Canvas, axis: &ValueAxis<'_>) {
        let area = self.scales.area;
        let hue = theme::strategy(self.strategy.slot);
        self.panels.heading(canvas, &self.scales, (&self.strategy.name, hue), axis);
        let bars = self.bars();
        for (part, bars) in bars.iter().enumerate().filter(|(_, bars)| !bars.is_empty()) {
            let words = format!(
                "{}: {} in all",
                self.parts.get(part).map_or("", String::as_str),
                readable(self.strategy.total(part))
            );
            canvas.described(&words, |canvas| bars.iter().for_each(|bar| canvas.rectangle(*bar, theme::part(part).0, 1.0)));
        }
        let zero = self.scales.place_y(0.0);
        canvas.line(&[(area.left, zero), (area.right, zero)], Pen::solid(AXIS, 1.0));
        self.dates.draw(canvas, &self.scales);
    }

    /// What is drawn of each part: a bar for each month in which there is something of it, on those of the parts before it.
    fn bars(&self) -> Vec<Vec<Area>> {
        let mut ends = vec![[0.0, 0.0]; self.strategy.days.len()];
        let part = |amounts: &Vec<f64>| {
            let mut bars = Vec::new();
            let mut from_day = 0.0;
            for ((&day, &amount), ends) in self.strategy.days.iter().zip(amounts).zip(&mut ends) {
                let (left, right) = (self.scales.place_x(from_day), self.scales.place_x(day));
                from_day = day;
                if !amount.is_finite() || amount == 0.0 {
                    continue;
                }
                let gap = GAP * (right - left) / 2.0;
                let end = &mut ends[usize::from(amount < 0.0)];
                let from = self.scales.place_y(*end);
                *end += amount;
                let until = self.scales.place_y(*end);
                bars.push(Area { left: left + gap, right: right - gap, top: from.min(until), bottom: from.max(until) });
            }
            bars
        };
        self.strategy.amounts.iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn stack(amounts: Vec<Vec<f64>>) -> Stack {
        let parts = (0..amounts.len()).map(|part| format!("part {part}")).collect();
        let days = vec![31.0, 59.0];
        let strategy = StrategyStack { name: "captive".into(), slot: 0, days, amounts };
        Stack {
            heading: Heading::new("Cost"),
            unit: "EUR".into(),
            start: date(2027, 1, 1),
            parts,
            strategies: vec![strategy],
        }
    }

    #[test]
    fn amounts_are_stacked_away_from_the_axis_on_both_sides() {
        let stack = stack(vec![vec![3.0, 1.0], vec![2.0, -4.0], vec![0.0, -1.0]]);
        let heights: Vec<[f64; 2]> = stack.strategies[0].heights().collect();
        assert_eq!(heights, [[5.0, 0.0], [1.0, -5.0]]);
        let values = stack.values();
        assert_eq!(values, Range::new(-5.0, 5.0));
    }

    #[test]
    fn parts_of_which_there_is_nothing_have_no_key() {
        let stack = stack(vec![vec![3.0, 1.0], vec![0.0, 0.0], vec![f64::NAN, 2.0]]);
        assert_eq!(stack.shown().collect::<Vec<_>>(), [0, 2]);
        assert_eq!(stack.description(), "Cost, in EUR; in all: captive: part 0 4, part 2 2.");
    }
}
