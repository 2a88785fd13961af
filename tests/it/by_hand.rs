//! Scenarios without chance, computed by hand: every day, every count, every FTE-day (closed form 5 of the model).
//!
//! A story is the trace, line by line: the day, what happened, to which role and seat, and the detail. Days are exact:
//! a quarter of a year is 91.25 days, and months that are not a multiple of it are written as the nearest double.

mod bench;
mod calendar;
mod careers;
mod demand;
mod handover;
mod hiring;
mod hybrid;
mod members;
mod money;
mod onboarding;
mod people;
mod project_goals;
mod ready;
mod release;
mod risk;
mod several;
mod start;
mod transfer;
mod years;

use ::handover::run::trace::{Row, trace};

use crate::support::scenario;

/// A stage that all candidates of these tests fail: passing takes luck that comes once in a million tries.
const NEVER_PASSES: &str = "pass = 1e-6";

/// Returns the events of these kinds in the first strategy.
fn story(text: &str, events: &[&str]) -> Vec<String> {
    story_of(text, 0, events)
}

/// Returns the events of these kinds in a strategy, by position.
fn story_of(text: &str, strategy: usize, events: &[&str]) -> Vec<String> {
    let scenario = scenario(text);
    let rows = trace(&scenario, strategy, scenario.seed, 0).rows;
    rows.iter().filter(|row| events.contains(&row.event)).map(line).collect()
}

fn line(row: &Row) -> String {
    let mut line = format!("{} {}", row.day, row.event);
    if let Some(seat) = row.seat {
        line += &format!(" {}{seat}", row.role);
    }
    if !row.detail.is_empty() {
        line += &format!(" {}", row.detail);
    }
    line
}

/// Returns effective FTE after each change: the day and the value.
fn output(text: &str) -> Vec<(f64, f64)> {
    let scenario = scenario(text);
    let mut output: Vec<(f64, f64)> = Vec::new();
    for row in trace(&scenario, 0, scenario.seed, 0).rows {
        match output.last_mut() {
            // Changes at one instant count together.
            Some(last) if last.0.to_bits() == row.day.to_bits() => last.1 = row.effective_fte,
            Some(last) if last.1.to_bits() == row.effective_fte.to_bits() => {}
            _ => output.push((row.day, row.effective_fte)),
        }
    }
    output.dedup_by(|later, earlier| later.1.to_bits() == earlier.1.to_bits());
    output
}
