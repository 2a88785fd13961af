//! The statement: what the results say, in sentences with numbers, made of the results alone.

use crate::report::number::{percent, percent_range, readable, short_percent};
use crate::response::{Better, EXITED, EXTENDED, Nature, RESCUED, ResponseColumn, ResponseId, Unit};
use crate::run::break_even::Yardstick;
use crate::world::Goal;

use super::estimates::{Estimate, Probability, ReportedId, Results, share_of};
use super::figures::{KEY_FIGURES, KeyFigure};
use super::study::date_of;

/// Share of the replications whose cost is at most what is called the cost in a bad case.
const BAD_CASE: f64 = 0.9;

/// Of more strategies than this, only pairs with the baseline are mentioned.
const FEW: usize = 4;

/// What the results say: which strategy wins on each goal and decisive response and by how much, what each costs, when one
/// breaks even with another, and what the risks are.
#[must_use]
pub(super) fn statement(results: &Results) -> Vec<String> {
    let mut sentences = winners(results);
    for (position, goal) in results.study.goals().iter().enumerate() {
        sentences.push(goal_sentence(results, position, goal));
    }
    for figure in decisive() {
        let column = results.about(figure.response);
        sentences.extend(Spoken { results, figure, column }.sentence());
        if figure.response == ResponseId::CLIENT_COST && has_cost(results) {
            sentences.push(bad_case(results));
        }
    }
    if has_cost(results) {
        sentences.extend(break_even_sentences(results));
    }
    sentences.extend(risk_sentence(results));
    if sentences.iter().any(|sentence| sentence.contains('(')) {
        let level = percent(results.study.confidence.level());
        sentences.push(format!("Brackets: {level} % confidence intervals."));
    }
    sentences
}

/// A day for people: the date, or never.
fn day(results: &Results, day: f64) -> String {
    if day.is_finite() { date_of(results.study.scenario.start, day).to_string() } else { "never".to_owned() }
}

/// Responses that a decision is about, in the order in which they are mentioned; goals come before them.
fn decisive() -> impl Iterator<Item = &'static KeyFigure> {
    KEY_FIGURES.iter().filter(|figure| figure.is_decisive)
}

/// Who is significantly the best, and in what: a sentence for each strategy that is.
fn winners(results: &Results) -> Vec<String> {
    let goals = results.study.goals().iter().enumerate();
    let goals = goals.map(|(position, goal)| (ResponseId::goal(position), format!("\"{}\"", goal.name)));
    // Cost as a whole is least where least is delivered: what decides is what an FTE-month costs.
    let others = decisive().filter(|figure| figure.response != ResponseId::CLIENT_COST);
    let about = goals.chain(others.map(|figure| (figure.response, figure.words())));
    let won: Vec<(Option<Vec<usize>>, String)> =
        about.map(|(response, words)| (candidates(results, response), words)).collect();
    let of_strategy = |strategy: usize| {
        let won = won.iter().filter(|(candidates, _)| candidates.as_deref() == Some(&[strategy]));
        let won: Vec<&str> = won.map(|(_, words)| words.as_str()).collect();
        (!won.is_empty()).then(|| format!("{} is significantly the best in {}.", results.study.name(strategy), list(&won)))
    };
    strategies(results).filter_map(of_strategy).collect()
}

fn strategies(results: &Results) -> std::ops::Range<usize> {
    0..results.study.settings.strategies.len()
}

fn has_cost(results: &Results) -> bool {
    strategies(results).any(|strategy| results.response(strategy, ResponseId::CLIENT_COST).mean != 0.0)
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
fn goal_sentence(results: &Results, position: usize, goal: &Goal) -> String {
    let likely = |strategy: usize| {
        let Probability { share, low, high } = results.goal(strategy, position);
        let required = goal.probability.map_or_else(String::new, |required| {
            let verb = if low >= required { "reaching" } else { "missing" };
            format!(", {verb} the {} required", short_percent(required))
        });
        let (name, share, range) = (results.study.name(strategy), short_percent(share), percent_range(low, high));
        format!("{name} {share} ({range}){required}")
    };
    let shares: Vec<String> = strategies(results).map(likely).collect();
    let verdict = verdict(results, ResponseId::goal(position));
    let (name, meaning) = (&goal.name, goal.meaning());
    format!("Goal \"{name}\", {meaning}: {}. {verdict}", shares.join("; ")).trim_end().to_owned()
}

/// The strategies than which no other is significantly better in a response; none if it is not ranked.
fn candidates(results: &Results, response: ResponseId) -> Option<Vec<usize>> {
    let best = results.best(response).filter(|best| best.iter().all(|best| !best.low.is_nan()))?;
    // Whose limits end at 0 and lie on the bad side of it, others are better.
    let higher = results.about(response).better == Better::Higher;
    let may_be_best = |strategy: &usize| {
        let (low, high) = (best[*strategy].low, best[*strategy].high);
        if higher { high > 0.0 || low >= 0.0 } else { low < 0.0 || high <= 0.0 }
    };
    Some(strategies(results).filter(may_be_best).collect())
}

/// Who is significantly the likeliest to meet a goal; empty with one strategy.
fn verdict(results: &Results, goal: ResponseId) -> String {
    match candidates(results, goal).as_deref() {
        None => String::new(),
        Some([best]) => format!("{} is significantly the likeliest.", results.study.name(*best)),
        Some(several) if several.len() < strategies(results).len() && !several.is_empty() => {
            let names: Vec<&str> = several.iter().map(|&strategy| results.study.name(strategy)).collect();
            format!("{} are about equally likely, and likelier than the others.", list(&names))
        }
        Some(_) => "No significant difference between them.".to_owned(),
    }
}

/// A decisive response of all strategies.
struct Spoken<'r> {
    results: &'r Results,
    figure: &'static KeyFigure,
    column: &'r ResponseColumn,
}

impl Spoken<'_> {
    /// The estimate of each strategy, the best first, and by how much that is ahead of the next.
    fn sentence(&self) -> Option<String> {
        let estimate = |strategy| self.results.response(strategy, self.figure.response);
        let mut known: Vec<usize> = strategies(self.results).filter(|&strategy| !estimate(strategy).mean.is_nan()).collect();
        if known.is_empty() || known.iter().all(|&strategy| estimate(strategy).mean == 0.0) {
            return None;
        }
        known.sort_by(|&a, &b| (self.sign() * estimate(a).mean).total_cmp(&(self.sign() * estimate(b).mean)));
        let values: Vec<String> = known.iter().map(|&strategy| self.value(strategy, estimate(strategy))).collect();
        let ahead = if let [best, next, ..] = known[..] { self.ahead(best, next) } else { String::new() };
        let how = if self.is_date() { "" } else { ", on average" };
        Some(format!("{}{how}: {}.{ahead}", self.figure.title, values.join("; ")))
    }

    /// What makes low values the best ones.
    fn sign(&self) -> f64 {
        if self.column.better == Better::Higher { -1.0 } else { 1.0 }
    }

    /// Whether it is an instant.
    fn is_date(&self) -> bool {
        matches!(self.column.nature, Nature::Date { since: None })
    }

    fn value(&self, strategy: usize, estimate: &Estimate) -> String {
        let name = self.results.study.name(strategy);
        if !self.is_date() {
            return format!("{name} {}", self.amount(estimate.mean));
        }
        let share = short_percent(share_of(estimate.n, estimate.n + estimate.missing));
        let [_, _, median, _, p95] = estimate.quantiles.map(|quantile| day(self.results, quantile));
        match (estimate.n, estimate.quantiles[2].is_finite()) {
            (0, _) => format!("{name} never in any replication"),
            (_, false) => format!("{name} in {share} of the replications only"),
            (_, true) if median == p95 => format!("{name} by {median}"),
            (_, true) if estimate.quantiles[4].is_finite() => {
                format!("{name} by {median} in half of the replications, by {p95} in 95 %")
            }
            (_, true) => format!("{name} by {median} in half of the replications, ever in {share}"),
        }
    }

    fn amount(&self, value: f64) -> String {
        match self.column.unit {
            Unit::Share => short_percent(value),
            _ => format!("{} {}", readable(value), self.column.unit_name),
        }
    }

    /// How far two estimates are from each other, without a unit: percentage points and days to a tenth.
    fn distance(&self, value: f64) -> String {
        match self.column.unit {
            Unit::Share => readable((1000.0 * value).round() / 10.0),
            Unit::Day => readable((10.0 * value).round() / 10.0),
            _ => readable(value),
        }
    }

    /// By how much the best is ahead of the next, if it is.
    fn ahead(&self, best: usize, next: usize) -> String {
        let Some(row) = self.results.difference_of(self.figure.response, (best, next)) else { return String::new() };
        let [best, next] = [best, next].map(|strategy| self.results.study.name(strategy));
        if row.low.is_nan() {
            return String::new();
        }
        if row.low == 0.0 && row.high == 0.0 {
            return format!(" No difference between {best} and {next} in any replication.");
        }
        if row.low <= 0.0 && row.high >= 0.0 {
            return format!(" No significant difference between {best} and {next}.");
        }
        let is_ahead = (self.sign() * row.mean).is_sign_negative();
        let (ahead, behind) = if is_ahead { (best, next) } else { (next, best) };
        let limits = [row.low.abs().min(row.high.abs()), row.low.abs().max(row.high.abs())];
        let [low, high] = limits.map(|limit| self.distance(limit));
        let by = self.distance(row.mean.abs());
        let unit = if self.column.unit == Unit::Share { "percentage points" } else { &self.column.unit_name };
        let side = match self.column.better {
            _ if self.is_date() => "earlier than",
            Better::Higher => "above",
            _ => "below",
        };
        let how = if self.is_date() { " on average, counting never as the horizon" } else { "" };
        format!(" {ahead} is {by} {unit} ({low} to {high}) {side} {behind}{how}.")
    }
}

/// What each strategy costs in a bad case, the cheapest first.
fn bad_case(results: &Results) -> String {
    let cost = |strategy| results.observations.column(strategy, ResponseId::CLIENT_COST).quantiles(&[BAD_CASE])[0];
    let mut costs: Vec<(f64, usize)> = strategies(results).map(|strategy| (cost(strategy), strategy)).collect();
    costs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let currency = &results.study.scenario.world.currency;
    let cost = |(cost, strategy): &(f64, usize)| format!("{} {} {currency}", results.study.name(*strategy), readable(*cost));
    let costs: Vec<String> = costs.iter().map(cost).collect();
    format!("In nine of ten replications the client pays at most: {}.", costs.join("; "))
}

/// When one strategy pulls ahead of another for good: a sentence for each pair of few strategies, and for each pair of many with
/// the baseline; from the side that breaks even more often.
fn break_even_sentences(results: &Results) -> Vec<String> {
    let mut sentences = Vec::new();
    for one in strategies(results) {
        let is_mentioned =
            |other: &usize| results.study.names().len() <= FEW || [one, *other].contains(&results.study.baseline);
        for other in (one + 1..results.study.names().len()).filter(is_mentioned) {
            let (there, back) = (breaks_even(results, (one, other)), breaks_even(results, (other, one)));
            let pair = if there >= back { (one, other) } else { (other, one) };
            sentences.extend(break_even_sentence(results, pair));
        }
    }
    sentences
}

/// The share of the replications in which a strategy breaks even with another; none if that is not known.
fn breaks_even(results: &Results, pair: (usize, usize)) -> Option<f64> {
    results.break_even.get(&pair)?.last().map(|never| 1.0 - never)
}

fn break_even_sentence(results: &Results, (one, other): (usize, usize)) -> Option<String> {
    let (never, months) = results.break_even.get(&(one, other))?.split_last()?;
    let reached = 1.0 - never;
    // Over all replications, like the median of any date: never is later than all.
    let mut sum = 0.0;
    let median = months.iter().position(|share| {
        sum += share;
        sum >= 0.5 - 1e-12
    });
    let how = match Yardstick::of(&results.study.scenario.world) {
        Yardstick::NetValue { .. } => "has more net value to show",
        Yardstick::UnitCost => "costs less per FTE-day delivered",
    };
    let back = breaks_even(results, (other, one)).unwrap_or(0.0);
    let [one, other] = [one, other].map(|strategy| results.study.name(strategy));
    let in_share = if *never <= 0.0 {
        "in every replication".to_owned()
    } else {
        let back = if back > 0.0 { format!("; the other way round in {}", short_percent(back)) } else { String::new() };
        format!("in {} of the replications{back}", short_percent(reached))
    };
    let from = match median {
        Some(month) => format!("From month {} (median) to the end", month + 1),
        None => "From some month to the end".to_owned(),
    };
    (reached > 0.0).then(|| format!("{from}, {one} {how} than {other}, {in_share}."))
}

fn risk_sentence(results: &Results) -> Option<String> {
    let risk = |outcome: usize, words: &str| {
        let share = |strategy| results.reported(strategy, ReportedId::outcome(outcome)).mean;
        let shares: Vec<(&str, f64)> = strategies(results).map(|id| (results.study.name(id), share(id))).collect();
        let is_there = shares.iter().any(|(_, share)| *share > 0.0);
        is_there.then(|| format!("{words}: {}", by_strategy(&shares)))
    };
    let risks = [
        risk(EXITED, "the client leaves the market"),
        risk(RESCUED, "a rescue is needed"),
        risk(EXTENDED, "the transfer never takes place as the team is not ready in time"),
    ];
    let missed = |(position, goal): (usize, &Goal)| {
        let share = |strategy| 1.0 - results.goal(strategy, position).share;
        let shares: Vec<(&str, f64)> = strategies(results).map(|id| (results.study.name(id), share(id))).collect();
        format!("\"{}\" is missed: {}", goal.name, by_strategy(&shares))
    };
    let missed = results.study.goals().iter().enumerate().map(missed);
    let risks: Vec<String> = risks.into_iter().flatten().chain(missed).collect();
    (!risks.is_empty()).then(|| format!("Risks, as shares of the replications: {}.", risks.join("; ")))
}

/// The share of each strategy; those that have the same are mentioned together.
fn by_strategy(shares: &[(&str, f64)]) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, share) in shares {
        let share = short_percent(*share);
        match groups.iter_mut().find(|(known, _)| *known == share) {
            Some((_, names)) => names.push(name),
            None => groups.push((share, vec![name])),
        }
    }
    match &groups[..] {
        [(share, names)] if names.len() > 1 => format!("{share} under each strategy"),
        _ => groups.iter().map(|(share, names)| format!("{} {share}", list(names))).collect::<Vec<_>>().join(", "),
    }
}
