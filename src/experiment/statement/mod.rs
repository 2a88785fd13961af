//! The statement: the results in sentences, with numbers from the result files.

mod beyond;
mod trade_offs;
mod verdict;

use crate::report::number::{percent_within, readable_within};
use crate::response::{Nature, ResponseColumn, ResponseId, Unit};

use super::document::Statement;
use super::estimates::{Estimate, Results};

/// Returns the statement of the results.
#[must_use]
pub(super) fn statement(results: &Results) -> Statement {
    let reading = Reading::of(results);
    let verdict = reading.verdict();
    Statement {
        verdict: verdict.sentences,
        parts: vec![
            ("Trade-offs", reading.trade_offs()),
            ("Goals", reading.goals(verdict.goal)),
            ("Risks", reading.risks()),
            ("What to look at next", reading.next()),
        ],
    }
}

/// The results as the sentences use them.
struct Reading<'r> {
    results: &'r Results,
    /// The response that strategies are compared by.
    value: ResponseId,
    /// The strategies that lead in it.
    leaders: Vec<usize>,
}

impl<'r> Reading<'r> {
    fn of(results: &'r Results) -> Self {
        let is_there = |response: &ResponseId| {
            strategies(results).any(|strategy| results.response(strategy, *response).mean.abs() > 0.0)
        };
        // Total cost is lowest where least is delivered. So net value decides, or else the cost of an FTE-month.
        let yardsticks = [ResponseId::NET_NPV, ResponseId::COST_PER_FTE_MONTH];
        let value = yardsticks.into_iter().find(is_there).unwrap_or(ResponseId::DELIVERED_FTE_MONTHS);
        let leaders = results.leaders(value);
        Self { results, value, leaders }
    }

    fn title(&self, strategy: usize) -> &'r str {
        self.results.study.title(strategy)
    }

    fn has_cost(&self) -> bool {
        strategies(self.results).any(|strategy| self.results.response(strategy, ResponseId::CLIENT_COST).mean.abs() > 0.0)
    }

    /// Returns the estimate of a response with its unit, and no more digits than its interval bears.
    fn amount(&self, strategy: usize, response: ResponseId) -> String {
        with_unit(self.results.about(response), self.results.response(strategy, response))
    }

    /// Returns the share of the replications in which a goal is met.
    fn likely(&self, strategy: usize, goal: usize) -> String {
        let met = self.results.goal(strategy, goal);
        percent_within(met.share, (met.high - met.low) / 2.0)
    }

    /// Returns the strategy that others are compared with: the only one that leads in value, else the baseline.
    fn reference(&self) -> usize {
        if let [leader] = self.leaders[..] { leader } else { self.results.study.baseline }
    }
}

fn strategies(results: &Results) -> std::ops::Range<usize> {
    0..results.study.settings.strategies.len()
}

/// Returns an estimate with its unit, and no more digits than its interval bears.
fn with_unit(about: &ResponseColumn, estimate: &Estimate) -> String {
    let half_width = (estimate.high - estimate.low) / 2.0;
    match about.unit {
        Unit::Share | Unit::Met => percent_within(estimate.mean, half_width),
        _ => format!("{} {}", rounded(estimate.mean, half_width), about.unit_name),
    }
}

/// Returns a number for a sentence, with three digits at most.
fn rounded(value: f64, half_width: f64) -> String {
    readable_within(value, half_width, 3)
}

/// Returns whether a response is an instant.
fn is_instant(about: &ResponseColumn) -> bool {
    matches!(about.nature, Nature::Date { since: None })
}

/// Returns names as a sentence lists them.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
