//! The statement: what the results say, in sentences with numbers, made of the results alone.

use crate::report::number::{percent, readable, short_percent};
use crate::response::{Better, ResponseColumn, Unit};

use super::estimates::{Results, date_of, share_of};
use super::figures::{KEY_FIGURES, KeyFigure};
use super::rows::{BestRow, BreakEvenRow, ComparisonRow, GoalRow, SummaryRow};

/// The response whose bad case is told.
const COST: &str = "client_cost";
/// Share of the replications whose cost is at most what is told as the cost in a bad case.
const BAD_CASE: f64 = 0.9;

/// Of more strategies than this, only pairs with the baseline are told.
const FEW: usize = 4;

/// What the results say: which strategy wins on each goal and decisive response and by how much, what each costs, when one
/// breaks even with another, and what the risks are.
#[must_use]
pub fn statement(results: &Results) -> Vec<String> {
    let columns = results.study.columns();
    let mut sentences = winners(results);
    for goal in &results.study.scenario.world.goals {
        sentences.push(goal_sentence(results, &goal.name));
    }
    for figure in decisive() {
        let column = columns.iter().find(|column| column.name == figure.response && column.unit != Unit::Met);
        sentences.extend(column.and_then(|column| Told { results, figure, column }.sentence()));
        if figure.response == COST && has_cost(results) {
            sentences.push(bad_case(results));
        }
    }
    if has_cost(results) {
        sentences.extend(break_even_sentences(results));
    }
    sentences.extend(risk_sentence(results));
    if sentences.iter().any(|sentence| sentence.contains('(')) {
        let level = percent(results.study.confidence.level());
        sentences.push(format!("In brackets: confidence intervals of the level {level} %."));
    }
    sentences
}

/// Responses that a decision is about, in the order in which they are told; goals come before them.
fn decisive() -> impl Iterator<Item = &'static KeyFigure> {
    KEY_FIGURES.iter().filter(|figure| figure.is_told)
}

/// Who is significantly the best, and in what: a sentence for each strategy that is.
fn winners(results: &Results) -> Vec<String> {
    let goals = results.study.scenario.world.goals.iter().map(|goal| (goal.name.as_str(), format!("\"{}\"", goal.name)));
    let told: Vec<(&str, String)> = goals.chain(decisive().map(|figure| (figure.response, figure.words()))).collect();
    let of_strategy = |name: &&str| {
        let won = told.iter().filter(|(response, _)| winner(results, response) == Some(name));
        let won: Vec<&str> = won.map(|(_, words)| words.as_str()).collect();
        (!won.is_empty()).then(|| format!("{name} is significantly the best in {}.", list(&won)))
    };
    results.study.names().iter().filter_map(of_strategy).collect()
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
    results.summary.iter().any(|row| row.response == COST && row.mean != 0.0)
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

/// A decisive response of all strategies.
struct Told<'r> {
    results: &'r Results,
    figure: &'static KeyFigure,
    column: &'r ResponseColumn,
}

impl Told<'_> {
    /// The mean of each strategy, the best first, and by how much that is ahead of the next.
    fn sentence(&self) -> Option<String> {
        let names = self.results.study.names();
        let rows = names.iter().filter_map(|name| Some((*name, row(self.results, name, &self.column.name)?)));
        let (mut known, never): (Vec<_>, Vec<_>) = rows.partition(|(_, row)| row.n > 0);
        if known.is_empty() && self.is_date() {
            return Some(format!("{}: never in any replication.", self.figure.title));
        }
        if known.iter().all(|(_, row)| row.mean == 0.0) {
            return None;
        }
        known.sort_by(|a, b| (self.sign() * a.1.mean).total_cmp(&(self.sign() * b.1.mean)));
        let never = never.iter().map(|(name, _)| format!("{name} never"));
        let values: Vec<String> = known.iter().map(|(name, row)| self.value(name, row)).chain(never).collect();
        let ahead = if let [best, next, ..] = known[..] { self.ahead(best, next) } else { String::new() };
        Some(format!("{}, on average: {}.{ahead}", self.figure.title, values.join("; ")))
    }

    /// What makes low values the best ones.
    fn sign(&self) -> f64 {
        if self.column.better == Better::Higher { -1.0 } else { 1.0 }
    }

    /// Whether it is an instant, and not a length of time.
    fn is_date(&self) -> bool {
        self.column.unit == Unit::Day && self.column.name.ends_with("_day")
    }

    fn value(&self, name: &str, row: &SummaryRow) -> String {
        let amount = if self.is_date() {
            let date = date_of(self.results.study.scenario.start, row.mean);
            format!("on {date}, day {}", readable(row.mean.round()))
        } else {
            self.amount(row.mean)
        };
        let share = short_percent(share_of(row.n, row.n + row.missing));
        let known =
            if row.missing > 0 { format!(", in the {share} of the replications that reach it") } else { String::new() };
        format!("{name} {amount}{known}")
    }

    fn amount(&self, value: f64) -> String {
        match self.column.unit {
            Unit::Share => short_percent(value),
            _ => format!("{} {}", readable(value), self.column.unit_name),
        }
    }

    /// How far two means are from each other, without a unit: percentage points and days to a tenth.
    fn distance(&self, value: f64) -> String {
        match self.column.unit {
            Unit::Share => readable((1000.0 * value).round() / 10.0),
            Unit::Day => readable((10.0 * value).round() / 10.0),
            _ => readable(value),
        }
    }

    /// By how much the best is ahead of the next, if it is.
    fn ahead(&self, (best, of_best): (&str, &SummaryRow), (next, of_next): (&str, &SummaryRow)) -> String {
        let Some(row) = difference(self.results, self.column, best, next) else { return String::new() };
        let is_partial = of_best.missing + of_next.missing > 0;
        let (where_both, no) = if is_partial { ("Where both reach it, ", "there is no") } else { ("", "No") };
        if row.ci_low == 0.0 && row.ci_high == 0.0 {
            return format!(" {where_both}{no} difference between {best} and {next} in any replication.");
        }
        if row.ci_low <= 0.0 && row.ci_high >= 0.0 {
            return format!(" {where_both}{no} significant difference between {best} and {next}.");
        }
        let is_ahead = (self.sign() * row.mean_difference).is_sign_negative();
        let (ahead, behind) = if is_ahead { (best, next) } else { (next, best) };
        let limits = [row.ci_low.abs().min(row.ci_high.abs()), row.ci_low.abs().max(row.ci_high.abs())];
        let [low, high] = limits.map(|limit| self.distance(limit));
        let by = self.distance(row.mean_difference.abs());
        let unit = if self.column.unit == Unit::Share { "percentage points" } else { &self.column.unit_name };
        let side = match self.column.better {
            _ if self.is_date() => "before",
            Better::Higher => "above",
            _ => "below",
        };
        format!(" {where_both}{ahead} is {by} {unit} ({low} to {high}) {side} {behind}.")
    }
}

fn difference<'r>(results: &'r Results, column: &ResponseColumn, one: &str, other: &str) -> Option<&'r ComparisonRow> {
    let is_it = |row: &&ComparisonRow| row.response == column.name && row.strategy == one && row.baseline == other;
    results.comparison.iter().find(is_it).filter(|row| row.n > 0 && !row.ci_low.is_nan())
}

/// What each strategy costs in a bad case, the cheapest first.
fn bad_case(results: &Results) -> String {
    let column = results.study.columns().iter().position(|column| column.name == COST);
    let of = |(strategy, name): (usize, &str)| {
        let cost = column.map_or(f64::NAN, |column| results.responses[strategy][column].quantiles(&[BAD_CASE])[0]);
        (cost, name.to_owned())
    };
    let mut costs: Vec<(f64, String)> = results.study.names().into_iter().enumerate().map(of).collect();
    costs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let currency = &results.study.scenario.world.currency;
    let costs: Vec<String> = costs.iter().map(|(cost, name)| format!("{name} {} {currency}", readable(*cost))).collect();
    format!("In nine of ten replications the client pays at most: {}.", costs.join("; "))
}

/// When the cost of one strategy falls below that of another for good: a sentence for each pair of few strategies, and for
/// each pair of many with the baseline; told from the side that breaks even more often.
fn break_even_sentences(results: &Results) -> Vec<String> {
    let rows = |one: &str, other: &str| -> Vec<&BreakEvenRow> {
        results.break_even.iter().filter(|row| row.strategy == one && row.baseline == other).collect()
    };
    let never = |rows: &[&BreakEvenRow]| rows.last().map_or(1.0, |row| row.share);
    let names = results.study.names();
    let mut sentences = Vec::new();
    for (index, one) in names.iter().enumerate() {
        let is_told = |other: &usize| names.len() <= FEW || [index, *other].contains(&results.study.baseline);
        for other in (index + 1..names.len()).filter(is_told) {
            let other = &names[other];
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
        format!("{one} has cost the client less than {other} for good in {share} of the replications: in the median of these from month {} on.", median.month)
    })
}

fn risk_sentence(results: &Results) -> Option<String> {
    let names = results.study.names();
    let risk = |outcome: &str, words: &str| {
        let share = |name: &&str| row(results, name, outcome).map_or(0.0, |row| row.mean);
        let shares: Vec<(&str, f64)> = names.iter().map(|name| (*name, share(name))).collect();
        let is_there = shares.iter().any(|(_, share)| *share > 0.0);
        is_there.then(|| format!("{words}: {}", by_strategy(&shares)))
    };
    let risks = [
        risk("outcome_exited", "the client leaves the market"),
        risk("outcome_rescued", "a rescue is needed"),
        risk("outcome_extended", "the transfer never comes as the team is not ready in time"),
    ];
    let missed = |goal: &crate::world::Goal| {
        let rows = results.goals.iter().filter(|row| row.goal == goal.name);
        let shares: Vec<(&str, f64)> = rows.map(|row| (row.strategy.as_str(), 1.0 - row.probability)).collect();
        format!("\"{}\" is missed: {}", goal.name, by_strategy(&shares))
    };
    let missed = results.study.scenario.world.goals.iter().map(missed);
    let risks: Vec<String> = risks.into_iter().flatten().chain(missed).collect();
    (!risks.is_empty()).then(|| format!("Risks, as shares of the replications: {}.", risks.join("; ")))
}

/// The share of each strategy; those that have the same are told together.
fn by_strategy(shares: &[(&str, f64)]) -> String {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, share) in shares {
        let share = short_percent(*share);
        match told.iter_mut().find(|(known, _)| *known == share) {
            Some((_, names)) => names.push(name),
            None => told.push((share, vec![name])),
        }
    }
    match &told[..] {
        [(share, names)] if names.len() > 1 => format!("{share} under each strategy"),
        _ => told.iter().map(|(share, names)| format!("{} {share}", list(names))).collect::<Vec<_>>().join(", "),
    }
}
