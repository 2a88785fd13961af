//! The statement: what the results say, in sentences with numbers, made of the results alone.

use crate::report::number::{readable, short_percent};
use crate::response::{Better, ResponseColumn, Unit};
use crate::stats::quantiles_in_place;

use super::estimates::{Results, share_of};
use super::rows::{BestRow, BreakEvenRow, ComparisonRow, GoalRow, SummaryRow};

/// Responses that a decision is about, in the order in which they are told; goals come before them.
const DECISIVE: [&str; 6] =
    ["staffed_day", "delivered_fte_days", "staffed_share", "client_cost", "client_cost_npv", "net_npv"];

/// Share of the replications whose cost is at most what is told as the cost in a bad case.
const BAD_CASE: f64 = 0.9;

/// What the results say: which strategy wins on each goal and decisive response and by how much, what each costs, when one
/// breaks even with another, and what the risks are.
#[must_use]
pub fn statement(results: &Results) -> Vec<String> {
    let columns = results.study.columns();
    let mut sentences: Vec<String> = headline(results, &columns).into_iter().collect();
    for goal in &results.study.scenario.world.goals {
        sentences.push(goal_sentence(results, &goal.name));
    }
    for column in DECISIVE.iter().filter_map(|name| columns.iter().find(|column| column.name == *name)) {
        sentences.extend(response_sentence(results, column));
    }
    if has_cost(results) {
        sentences.extend(results.study.names().iter().map(|name| cost_sentence(results, name)));
        sentences.extend(break_even_sentences(results));
    }
    sentences.extend(risk_sentence(results));
    sentences
}

/// Which strategy is significantly the best, and in what.
fn headline(results: &Results, columns: &[ResponseColumn]) -> Option<String> {
    let goals = results.study.scenario.world.goals.iter().map(|goal| goal.name.as_str());
    let told: Vec<&str> = goals.chain(DECISIVE).filter(|name| columns.iter().any(|column| column.name == *name)).collect();
    let of_strategy = |name: &&str| {
        let won: Vec<String> =
            told.iter().filter(|told| winner(results, told) == Some(name)).map(|told| quoted(told)).collect();
        (!won.is_empty()).then(|| format!("{name} in {}", won.join(", ")))
    };
    let won: Vec<String> = results.study.names().iter().filter_map(of_strategy).collect();
    (!won.is_empty()).then(|| format!("Significantly the best: {}.", won.join("; ")))
}

/// A response by its name, a goal in quotation marks.
fn quoted(name: &str) -> String {
    if DECISIVE.contains(&name) { name.to_owned() } else { format!("\"{name}\"") }
}

/// The strategy that is significantly the best in a response or goal; none if there is no such.
fn winner<'r>(results: &'r Results, response: &str) -> Option<&'r str> {
    match candidates(results, response)?.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

fn row<'r>(results: &'r Results, strategy: &str, response: &str) -> Option<&'r SummaryRow> {
    results.summary.iter().find(|row| row.strategy == strategy && row.response == response)
}

fn has_cost(results: &Results) -> bool {
    results.summary.iter().any(|row| row.response == "client_cost" && row.mean != 0.0)
}

/// Names as a sentence lists them.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// How likely each strategy meets a goal, and whether one is significantly the likeliest.
fn goal_sentence(results: &Results, goal: &str) -> String {
    let rows: Vec<&GoalRow> = results.goals.iter().filter(|row| row.goal == goal).collect();
    let likely = |row: &&GoalRow| {
        let required = match row.met {
            Some(true) => format!(", reaching the {} required", short_percent(row.required)),
            Some(false) => format!(", missing the {} required", short_percent(row.required)),
            None => String::new(),
        };
        let (low, high) = (short_percent(row.ci_low), short_percent(row.ci_high));
        format!("{} {} ({low} to {high}){required}", row.strategy, short_percent(row.probability))
    };
    let shares: Vec<String> = rows.iter().map(likely).collect();
    format!("Goal \"{goal}\" is met with a probability of: {}. {}", shares.join("; "), verdict(results, goal, "likeliest"))
        .trim_end()
        .to_owned()
}

/// The strategies than which no other is significantly better in a response; none with one strategy.
fn candidates<'r>(results: &'r Results, response: &str) -> Option<Vec<&'r str>> {
    let rows: Vec<&BestRow> = results.best.iter().filter(|row| row.response == response).collect();
    if rows.len() < 2 || rows.iter().any(|row| row.mcb_low.is_nan()) {
        return None;
    }
    // Whose limits end at 0 and lie on the bad side of it, others are better.
    let higher = results.study.columns().iter().any(|column| column.name == response && column.better == Better::Higher);
    let may_be_best = |row: &&&BestRow| {
        if higher { row.mcb_high > 0.0 || row.mcb_low >= 0.0 } else { row.mcb_low < 0.0 || row.mcb_high <= 0.0 }
    };
    Some(rows.iter().filter(may_be_best).map(|row| row.strategy.as_str()).collect())
}

/// Who is significantly the best in a response; empty with one strategy.
fn verdict(results: &Results, response: &str, word: &str) -> String {
    match candidates(results, response).as_deref() {
        None => String::new(),
        Some([best]) => format!("{best} is significantly the {word}."),
        Some(several) if several.len() < results.study.names().len() && !several.is_empty() => {
            format!("No significant difference between {}, the {word}.", list(several))
        }
        Some(_) => "No significant difference between them.".to_owned(),
    }
}

/// The mean of a decisive response of each strategy, and by how much the best is ahead of the next.
fn response_sentence(results: &Results, column: &ResponseColumn) -> Option<String> {
    let names = results.study.names();
    let mut known: Vec<(&str, &SummaryRow)> =
        names.iter().filter_map(|name| Some((*name, row(results, name, &column.name)?))).collect();
    known.retain(|(_, row)| row.n > 0);
    if known.len() < 2 || known.iter().all(|(_, row)| row.mean == 0.0) {
        return None;
    }
    let sign = if column.better == Better::Higher { -1.0 } else { 1.0 };
    known.sort_by(|a, b| (sign * a.1.mean).total_cmp(&(sign * b.1.mean)));
    let unit = if column.unit == Unit::Share { String::new() } else { format!(" {}", column.unit_name) };
    let value = |(name, row): &(&str, &SummaryRow)| {
        let all = row.n + row.missing;
        let share = if row.missing > 0 {
            format!(" in the {} that have one", short_percent(share_of(row.n, all)))
        } else {
            String::new()
        };
        format!("{name} {}{unit}{share}", readable(row.mean))
    };
    let values: Vec<String> = known.iter().map(value).collect();
    let ahead = difference(results, column, known[0].0, known[1].0).map_or(String::new(), |row| {
        let where_both = if known[..2].iter().any(|(_, row)| row.missing > 0) { " Where both have one:" } else { "" };
        if row.ci_low <= 0.0 && row.ci_high >= 0.0 {
            return format!("{where_both} No significant difference between {} and {}.", known[0].0, known[1].0);
        }
        let (low, high) = (row.ci_low.abs().min(row.ci_high.abs()), row.ci_low.abs().max(row.ci_high.abs()));
        let is_ahead = (sign * row.mean_difference).is_sign_negative();
        let (ahead, behind) = if is_ahead { (known[0].0, known[1].0) } else { (known[1].0, known[0].0) };
        let difference = readable(row.mean_difference.abs());
        format!("{where_both} {ahead} is ahead of {behind} by {difference}{unit} ({} to {}).", readable(low), readable(high))
    });
    Some(format!("Mean {}: {}.{ahead}", column.name, values.join("; ")))
}

fn difference<'r>(results: &'r Results, column: &ResponseColumn, one: &str, other: &str) -> Option<&'r ComparisonRow> {
    let is_it = |row: &&ComparisonRow| row.response == column.name && row.strategy == one && row.baseline == other;
    results.comparison.iter().find(is_it).filter(|row| row.n > 0 && !row.ci_low.is_nan())
}

/// What a strategy costs on average and in a bad case.
fn cost_sentence(results: &Results, strategy: &str) -> String {
    let currency = &results.study.scenario.world.currency;
    let names = results.study.names();
    let column = results.study.columns().iter().position(|column| column.name == "client_cost");
    let values = names
        .iter()
        .position(|name| *name == strategy)
        .zip(column)
        .map_or_else(Vec::new, |(strategy, column)| results.responses[strategy][column].clone());
    let bad = quantiles_in_place(&mut values.clone(), &[BAD_CASE])[0];
    let mean = row(results, strategy, "client_cost").map_or(f64::NAN, |row| row.mean);
    format!(
        "{strategy} costs the client {} {currency} on average, and at most {} {currency} in nine of ten replications.",
        readable(mean),
        readable(bad)
    )
}

/// When the cost of one strategy falls below that of another for good: one sentence for each pair, told from the side that
/// breaks even more often.
fn break_even_sentences(results: &Results) -> Vec<String> {
    let rows = |one: &str, other: &str| -> Vec<&BreakEvenRow> {
        results.break_even.iter().filter(|row| row.strategy == one && row.baseline == other).collect()
    };
    let never = |rows: &[&BreakEvenRow]| rows.last().map_or(1.0, |row| row.share);
    let names = results.study.names();
    let mut sentences = Vec::new();
    for (index, one) in names.iter().enumerate() {
        for other in &names[index + 1..] {
            let (there, back) = (rows(one, other), rows(other, one));
            let (one, other, rows) = if never(&there) <= never(&back) { (one, other, there) } else { (other, one, back) };
            sentences.extend(break_even_sentence(one, other, &rows));
        }
    }
    sentences
}

fn break_even_sentence(one: &str, other: &str, rows: &[&BreakEvenRow]) -> Option<String> {
    let (never, months) = rows.split_last()?;
    let reached = 1.0 - never.share;
    let mut sum = 0.0;
    let median = months.iter().find(|row| {
        sum += row.share;
        sum >= reached / 2.0
    })?;
    let share = short_percent(reached);
    (reached > 0.0).then(|| {
        format!("{one} has cost less than {other} for good in {share} of the replications: in the median of these from month {} on.", median.month)
    })
}

fn risk_sentence(results: &Results) -> Option<String> {
    let risk = |outcome: &str, words: &str| {
        let of = |name: &&str| {
            let row = row(results, name, outcome)?;
            (row.mean > 0.0).then(|| format!("{name} {}", short_percent(row.mean)))
        };
        let shares: Vec<String> = results.study.names().iter().filter_map(of).collect();
        (!shares.is_empty()).then(|| format!("{words}: {}", shares.join(", ")))
    };
    let risks = [
        risk("outcome_exited", "the client leaves the market"),
        risk("outcome_rescued", "a rescue is needed"),
        risk("outcome_extended", "the transfer never comes as the team is not ready in time"),
    ];
    let missed = |goal: &crate::world::Goal| {
        let of = |row: &GoalRow| format!("{} {}", row.strategy, short_percent(1.0 - row.probability));
        let rows = results.goals.iter().filter(|row| row.goal == goal.name);
        format!("\"{}\" is missed: {}", goal.name, rows.map(of).collect::<Vec<_>>().join(", "))
    };
    let missed = results.study.scenario.world.goals.iter().map(missed);
    let risks: Vec<String> = risks.into_iter().flatten().chain(missed).collect();
    (!risks.is_empty()).then(|| format!("Risks, as shares of the replications: {}.", risks.join("; ")))
}
