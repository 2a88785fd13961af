//! The digest: goals and key figures of all strategies side by side, for the terminal and the top of the report.

use crate::report::number::{corrected_range, percent_within, readable, readable_within, short_percent};
use crate::report::{Cell, Column, Table};
use crate::response::{EXITED, ResponseId, Unit};
use crate::world::Goal;

use super::estimates::{Estimate, Results, share_of};
use super::reported::ReportedId;
use crate::report::dates::date_of;

/// Most digits of a number in a table.
const DIGITS: i32 = 4;

/// A row of the key figures.
#[derive(Clone, Copy)]
enum Figure {
    /// A response: quantiles of a date, else the mean.
    Of(ResponseId),
    /// What a response is in a bad case.
    BadCase(ResponseId),
    /// The share of an outcome.
    Outcome(usize),
}

/// The key figures, in the order of a plan: when, how much, at what cost, and with whom.
const FIGURES: [(Figure, &str); 10] = [
    (Figure::Of(ResponseId::STAFFED_DAY), "Team staffed"),
    (Figure::Of(ResponseId::EFFECTIVE_DAY), "Full output reached"),
    (Figure::Of(ResponseId::DELIVERED_FTE_MONTHS), "Output delivered"),
    (Figure::Of(ResponseId::STAFFED_SHARE), "Time with a full team"),
    (Figure::Of(ResponseId::CLIENT_COST), "Client cost"),
    (Figure::BadCase(ResponseId::CLIENT_COST), "Client cost, 1 in 10 exceeds"),
    (Figure::Of(ResponseId::COST_PER_FTE_MONTH), "Cost per FTE-month"),
    (Figure::Of(ResponseId::NET_NPV), "Net value"),
    (Figure::Of(ResponseId::ATTRITION_RATE), "Attrition per year"),
    (Figure::Outcome(EXITED), "Venture ends early"),
];

/// Returns the probability of each goal under each strategy; none without goals.
pub(super) fn goals(results: &Results) -> Option<Table> {
    let row = |(position, goal): (usize, &Goal)| {
        let cell = |strategy: usize| {
            let is_best = results.is_ahead(ResponseId::goal(position), strategy);
            Cell::Lines(likely(results, strategy, position), is_best)
        };
        let needed = goal.probability.map(|required| format!(" (needs {})", short_percent(required)));
        let name = Cell::from(format!("{}{}", goal.name, needed.unwrap_or_default()));
        [name].into_iter().chain(strategies(results).map(cell)).collect()
    };
    let rows: Vec<Vec<Cell>> = results.study.goals().iter().enumerate().map(row).collect();
    (!rows.is_empty()).then(|| Table { title: String::new(), columns: columns(results, "Goal met in"), rows })
}

/// Returns the key figures: means, and for dates the days by which half and nine in ten of the replications reach them.
pub(super) fn figures(results: &Results) -> Table {
    let row = |&(figure, name): &(Figure, &str)| {
        let cells: Vec<Cell> = strategies(results).map(|strategy| cell(results, figure, strategy)).collect();
        let unit = match figure {
            Figure::Of(response) | Figure::BadCase(response) => unit(results, response),
            Figure::Outcome(_) => None,
        };
        let name = unit.map_or_else(|| name.to_owned(), |unit| format!("{name}, {unit}"));
        let says_something = cells.iter().any(|cell| *cell != Cell::Empty);
        says_something.then(|| [Cell::from(name)].into_iter().chain(cells).collect())
    };
    Table { title: String::new(), columns: columns(results, "Key figure"), rows: FIGURES.iter().filter_map(row).collect() }
}

fn strategies(results: &Results) -> std::ops::Range<usize> {
    0..results.study.settings.strategies.len()
}

fn columns(results: &Results, first: &str) -> Vec<Column> {
    let titles = results.study.titles().into_iter().map(|title| Column::number(title, ""));
    [Column::text(first)].into_iter().chain(titles).collect()
}

/// Returns the share of the replications that meet a goal with its half-width, and whether it is enough for a gate.
fn likely(results: &Results, strategy: usize, position: usize) -> Vec<String> {
    let met = results.goal(strategy, position);
    let half_width = (met.high - met.low) / 2.0;
    let share = percent_within(met.share, half_width);
    let gate =
        results.study.goals()[position].probability.map(|required| if met.low >= required { "enough" } else { "too few" });
    let precision = met.share > 0.0 && met.share < 1.0 && half_width.is_finite() && half_width >= 0.005;
    let share = if precision { format!("{share} ±{}", readable((100.0 * half_width).round())) } else { share };
    [share].into_iter().chain(gate.map(str::to_owned)).collect()
}

/// Returns the unit of a figure; none for a date or a share, which show their own.
fn unit(results: &Results, response: ResponseId) -> Option<&str> {
    let about = results.about(response);
    match about.unit {
        Unit::Day | Unit::Share | Unit::PerYear => None,
        Unit::MoneyPerFteMonth => Some(&results.study.scenario.world.currency),
        _ => Some(&about.unit_name),
    }
}

fn cell(results: &Results, figure: Figure, strategy: usize) -> Cell {
    match figure {
        Figure::Of(response) => {
            let estimate = results.response(strategy, response);
            // Total cost is lowest where least is delivered, which is not a win.
            let is_best = response != ResponseId::CLIENT_COST && results.is_ahead(response, strategy);
            let lines = match results.about(response).unit {
                Unit::Day => date(results, strategy, response),
                Unit::Share | Unit::PerYear => vec![percent_within(estimate.mean, half_width(estimate))],
                _ if estimate.method.is_corrected() => {
                    let mean = readable_within(estimate.mean, half_width(estimate), DIGITS);
                    vec![mean, corrected_range(estimate.low, estimate.high)]
                }
                _ => vec![with_precision(estimate.mean, half_width(estimate))],
            };
            let says_something = !estimate.mean.is_nan() && (estimate.mean.abs() > 0.0 || estimate.high > 0.0);
            if says_something { Cell::Lines(lines, is_best) } else { Cell::Empty }
        }
        Figure::BadCase(response) => {
            let bound = results.bad_case(strategy, response);
            let says_something = !bound.value.is_nan() && bound.value.abs() > 0.0;
            let text = readable_within(bound.value, (bound.high - bound.low) / 2.0, DIGITS);
            if says_something { Cell::Lines(vec![text], false) } else { Cell::Empty }
        }
        Figure::Outcome(outcome) => {
            let estimate = results.reported(strategy, ReportedId::outcome(outcome));
            let share = percent_within(estimate.mean, half_width(estimate));
            if estimate.mean > 0.0 { Cell::Lines(vec![share], false) } else { Cell::Empty }
        }
    }
}

fn half_width(estimate: &Estimate) -> f64 {
    (estimate.high - estimate.low) / 2.0
}

/// Returns a mean with its half-width: `15,160 ±400`.
fn with_precision(mean: f64, half_width: f64) -> String {
    let shown = readable_within(mean, half_width, DIGITS);
    if half_width > 0.0 { format!("{shown} ±{}", readable(two_digits(half_width))) } else { shown }
}

/// Rounds a half-width to two significant digits, which is all it bears.
pub(super) fn two_digits(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

/// Returns the days by which half and nine in ten of the replications reach a date, and how many never do.
fn date(results: &Results, strategy: usize, response: ResponseId) -> Vec<String> {
    let estimate = results.response(strategy, response);
    let never = share_of(estimate.missing, estimate.n + estimate.missing);
    let month = |day: f64| date_of(results.study.scenario.start(), day).strftime("%b %Y").to_string();
    let [median, nine_in_ten] = [estimate.quantiles[2], results.bad_case(strategy, response).value];
    let end = || results.study.month_name(results.study.scenario.world.horizon_months);
    if estimate.n == 0 {
        return vec!["never".to_owned()];
    }
    if median.is_infinite() {
        return vec![format!("{} by {}", percent_within(1.0 - never, 0.01), end())];
    }
    let half = month(median);
    if nine_in_ten.is_finite() && month(nine_in_ten) == half && never <= 0.0 {
        return vec![format!("by {half}")];
    }
    let nine_in_ten = nine_in_ten.is_finite().then(|| format!("90 % by {}", month(nine_in_ten)));
    let never = (never > 0.0).then(|| format!("{} never", percent_within(never, 0.01)));
    [Some(format!("half by {half}")), nine_in_ten, never].into_iter().flatten().collect()
}
