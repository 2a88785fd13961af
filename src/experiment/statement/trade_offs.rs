//! Trade-offs: what one strategy gains over another, what that costs, and when it becomes the better one.

use crate::report::number::{readable, short_percent};
use crate::response::ResponseId;
use crate::run::break_even::Yardstick;
use crate::world::DAYS_PER_MONTH;

use super::super::estimates::Difference;
use super::{Reading, is_instant, list, rounded, strategies};

/// Strategies that are compared with the reference.
const OTHERS: usize = 3;
/// Differences in time of at least this are given in months.
const MONTHS_FROM_DAYS: f64 = 61.0;
/// Smallest share of the replications that makes a break-even worth a sentence.
const LIKELY: f64 = 0.5;

impl Reading<'_> {
    /// Returns how the other strategies compare with the one of the best value, and when one stays ahead of another.
    pub(super) fn trade_offs(&self) -> Vec<String> {
        let reference = self.reference();
        let others: Vec<usize> = strategies(self.results).filter(|&other| other != reference).take(OTHERS).collect();
        let differences = others.iter().map(|&other| self.trade_off(other, reference));
        let break_even = others.iter().filter_map(|&other| {
            let (there, back) = (self.breaks_even((reference, other)), self.breaks_even((other, reference)));
            let pair = if there >= back { (reference, other) } else { (other, reference) };
            self.break_even(pair)
        });
        differences.chain(break_even).collect()
    }

    fn trade_off(&self, other: usize, reference: usize) -> String {
        let pair = (other, reference);
        let changes = [
            self.staffed(pair),
            self.changed(ResponseId::DELIVERED_FTE_MONTHS, pair, |output, less| {
                format!("delivers {output} {}", if less { "less" } else { "more" })
            }),
            self.changed(ResponseId::CLIENT_COST, pair, |cost, less| {
                format!("costs {cost} {}", if less { "less" } else { "more" })
            }),
        ];
        let changes: Vec<&str> = changes.iter().flatten().map(String::as_str).collect();
        let [other, reference] = [other, reference].map(|strategy| self.title(strategy));
        if changes.is_empty() {
            format!("{other} and {reference} are about the same in dates, output and cost.")
        } else {
            format!("Compared with {reference}, {other} {}.", list(&changes))
        }
    }

    /// Returns when one strategy is staffed compared with another. A team that is never staffed is not late.
    fn staffed(&self, (other, reference): (usize, usize)) -> Option<String> {
        let reached = |strategy: usize| self.results.response(strategy, ResponseId::STAFFED_DAY).n > 0;
        match (reached(other), reached(reference)) {
            (true, true) => self.changed(ResponseId::STAFFED_DAY, (other, reference), |time, less| {
                format!("is staffed {time} {}", if less { "earlier" } else { "later" })
            }),
            (false, true) => Some("is never fully staffed".to_owned()),
            _ => None,
        }
    }

    /// Returns a difference that matters, in words. `say` gets its size with the unit and whether the first strategy
    /// has less.
    fn changed(&self, response: ResponseId, pair: (usize, usize), say: impl Fn(&str, bool) -> String) -> Option<String> {
        let difference = self.results.mattering(response, pair)?;
        let about = self.results.about(response);
        let amount = match self.months_apart(&difference) {
            Some(months) if is_instant(about) => months,
            _ => format!("{} {}", size(&difference), about.unit_name),
        };
        Some(say(&amount, difference.mean < 0.0))
    }

    fn months_apart(&self, days: &Difference) -> Option<String> {
        let months = (10.0 * days.mean.abs() / DAYS_PER_MONTH).round() / 10.0;
        (days.mean.abs() >= MONTHS_FROM_DAYS).then(|| format!("{} months", readable(months)))
    }

    /// Returns the share of the replications in which a strategy breaks even with another; none if that is not known.
    fn breaks_even(&self, pair: (usize, usize)) -> Option<f64> {
        self.results.break_even.get(&pair)?.last().map(|never| 1.0 - never)
    }

    fn break_even(&self, (one, other): (usize, usize)) -> Option<String> {
        let (never, months) = self.results.break_even.get(&(one, other))?.split_last()?;
        let reached = 1.0 - never;
        // Over all replications, like the median of any date: never is later than all.
        let mut sum = 0.0;
        let median = months.iter().position(|share| {
            sum += share;
            sum >= LIKELY - 1e-12
        })?;
        let how = match Yardstick::of(&self.results.study.scenario.world) {
            Yardstick::NetValue { .. } => "ahead of",
            Yardstick::UnitCost => "cheaper per FTE-month than",
        };
        let [one, other] = [one, other].map(|strategy| self.title(strategy));
        let share = if *never <= 0.0 {
            "in every simulation".to_owned()
        } else {
            format!("in {} of simulations", short_percent(reached))
        };
        Some(format!("From month {} (median), {one} stays {how} {other}, {share}.", median + 1))
    }
}

/// Returns the size of a difference, with no more digits than its interval bears.
fn size(difference: &Difference) -> String {
    rounded(difference.mean.abs(), (difference.high - difference.low) / 2.0)
}
