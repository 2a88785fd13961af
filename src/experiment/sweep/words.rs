//! What a sweep says: a table for a terminal, and sentences.

use crate::report::number::{percent, percent_range, readable, short_percent};
use crate::report::quantity::Quantity;
use crate::report::{Cell, Column, Table};
use crate::response::{Better, Nature, ResponseId, Unit};
use crate::scenario::Arrangement;

use super::super::document::Statement;
use super::super::estimates::{Estimate, Results};
use super::super::statement::list;
use super::tornado::Bar;
use super::{PointId, Swept, unquoted};

/// Points that a terminal shows at most.
const SHOWN_AT_MOST: usize = 60;
/// What is said of a day that does not come within the horizon in any replication.
const NEVER: &str = "never";
/// Bars of a tornado that are told in a sentence.
const BARS: usize = 3;

/// Responses that are charted and printed unless others are asked for.
const USUAL: [ResponseId; 2] = [ResponseId::STAFFED_DAY, ResponseId::CLIENT_COST];

impl Swept {
    /// The goals, and the responses that are shown of them all: by position in the base point.
    pub(super) fn shown(&self) -> Vec<ResponseId> {
        let base = self.base();
        let about = base.observations.about();
        let goals = (0..base.study.goals().len()).map(ResponseId::goal);
        let is_named = |id: &ResponseId| {
            let about = &about[id.position()];
            about.unit != Unit::Met && self.study.responses.contains(&about.name)
        };
        // Of what is the same everywhere there is nothing to show.
        let says_something = |response: &ResponseId| {
            let means = (0..self.points.len()).flat_map(|point| self.means_at(point, *response));
            means.into_iter().any(|mean| !mean.is_nan() && mean.abs() > 0.0)
        };
        let responses: Vec<ResponseId> = if self.study.responses.is_empty() {
            USUAL.into_iter().filter(says_something).collect()
        } else {
            ResponseId::all(about.len()).filter(is_named).collect()
        };
        goals.chain(responses).collect()
    }

    fn means_at(&self, point: PointId, response: ResponseId) -> Vec<f64> {
        let results = &self.points[point];
        (0..results.study.settings.strategies.len()).map(|strategy| results.response(strategy, response).mean).collect()
    }

    /// Names of the strategies of all points, those of the first file first.
    pub(super) fn strategies(&self) -> Vec<String> {
        self.study.strategy_names()
    }

    /// How the values of a response are read.
    pub(super) fn quantity(&self, response: ResponseId) -> Quantity<'_> {
        let about = self.base().about(response);
        let is_share = matches!(about.unit, Unit::Met | Unit::Share);
        Quantity { unit: if is_share { "" } else { &about.unit_name }, is_share }
    }

    /// An estimate in a sentence, with its unit.
    fn value(&self, response: ResponseId, estimate: &Estimate) -> String {
        self.in_words(response, estimate, self.quantity(response).value_with_unit(estimate.mean))
    }

    /// What is said of an estimate whose mean is this text. A day that does not come within the horizon in some replications,
    /// which count as the horizon, is told with the share in which it comes.
    fn in_words(&self, response: ResponseId, estimate: &Estimate, mean: String) -> String {
        let is_date = matches!(self.base().about(response).nature, Nature::Date { .. });
        let all = u64::from(self.study.replications);
        match estimate.missing {
            missing if is_date && missing == all => NEVER.to_owned(),
            missing if is_date && missing > 0 => {
                format!("{mean} ({} reached)", short_percent(1.0 - missing as f64 / all as f64))
            }
            _ => mean,
        }
    }

    /// What a point says of a response of a strategy of this name; none where it has neither, or a number that is undefined
    /// in some replications.
    pub(super) fn estimate(&self, point: PointId, strategy: &str, response: ResponseId) -> Option<&Estimate> {
        let results = &self.points[point];
        let position = results.study.names().iter().position(|name| *name == strategy)?;
        let name = &self.base().about(response).name;
        let about = results.observations.about();
        let response = ResponseId::all(about.len()).find(|id| about[id.position()].name == *name)?;
        let estimate = results.response(position, response);
        let is_number = matches!(about[response.position()].nature, Nature::Number);
        (!is_number || estimate.missing == 0).then_some(estimate).filter(|estimate| !estimate.mean.is_nan())
    }

    /// The levels of a point in a few words: `recruiters 5, transfer 25`.
    pub(super) fn point_in_words(&self, point: PointId) -> String {
        let factors = self.study.design.factors.iter().zip(&self.study.design.points[point].levels);
        factors.map(|(factor, level)| format!("{} {}", factor.name, unquoted(level))).collect::<Vec<_>>().join(", ")
    }

    /// What was asked, in a sentence.
    pub(super) fn question(&self) -> String {
        let design = &self.study.design;
        let names: Vec<&str> = design.factors.iter().map(|factor| factor.name.as_str()).collect();
        let how = match design.arrangement {
            Arrangement::AllCombinations if names.len() > 1 => "All combinations of their levels were simulated",
            Arrangement::AllCombinations => "Each of its levels was simulated",
            Arrangement::OneAtATime => "Each level was simulated alone, all else as in the scenario",
            Arrangement::Listed => "The points that were listed were simulated",
        };
        format!(
            "What changes with {}? {how}: {} points, {} replications of each strategy at each, all under the same luck.",
            list(&names),
            readable(self.points.len() as f64),
            readable(self.study.replications.into()),
        )
    }
}

/// A row for each point and strategy, for a terminal: levels, goals and responses.
pub(super) fn key_table(swept: &Swept) -> Table {
    table(swept, SHOWN_AT_MOST)
}

/// What was simulated, in a line.
pub(super) fn heading(swept: &Swept) -> String {
    let replications = readable(swept.study.replications.into());
    let count = readable(swept.points.len() as f64);
    format!("{}: {count} points, {replications} replications each", swept.study.scenario().title)
}

/// A row for each of so many points at most, and each strategy.
pub(super) fn table(swept: &Swept, at_most: usize) -> Table {
    let (shown, strategies) = (swept.shown(), swept.strategies());
    let design = &swept.study.design;
    let factors = design.factors.iter().enumerate();
    let factors =
        factors.map(
            |(position, factor)| {
                if swept.is_numeric(position) { Column::number(&factor.name, "") } else { Column::text(&factor.name) }
            },
        );
    let response =
        |&response: &ResponseId| Column::number(&swept.base().about(response).name, swept.quantity(response).unit);
    let strategy = (strategies.len() > 1).then(|| Column::text("strategy"));
    let columns = factors.chain(strategy).chain(shown.iter().map(response)).collect();
    let row = |point: PointId, strategy: &str| {
        let levels = design.points[point].levels.iter().map(|level| Cell::from(unquoted(level)));
        let name = (strategies.len() > 1).then(|| Cell::from(strategy));
        let cell = |&response: &ResponseId| match swept.estimate(point, strategy, response) {
            Some(estimate) if swept.quantity(response).is_share => {
                Cell::from(format!("{} ({})", short_percent(estimate.mean), percent_range(estimate.low, estimate.high)))
            }
            Some(estimate) => Cell::from(swept.in_words(response, estimate, readable(estimate.mean))),
            None => Cell::Empty,
        };
        levels.chain(name).chain(shown.iter().map(cell)).collect()
    };
    let points = 0..swept.points.len().min(at_most);
    let rows = points.flat_map(|point| strategies.iter().map(move |strategy| (point, strategy.as_str())));
    Table { title: String::new(), columns, rows: rows.map(|(point, strategy)| row(point, strategy)).collect() }
}

/// Sentences of a verdict.
const VERDICT: usize = 3;

/// What the sweep says, in sentences: how the first of the responses changes, then the others.
pub(super) fn statement(swept: &Swept) -> Statement {
    let mut changes = Vec::new();
    for response in swept.shown() {
        changes.extend(unchanged(swept, response));
        for strategy in swept.strategies() {
            changes.extend(change(swept, &strategy, response));
            changes.extend(enough(swept, &strategy, response));
        }
    }
    if swept.study.design.arrangement == Arrangement::OneAtATime {
        changes.extend(swept.shown().into_iter().flat_map(|response| tornado_sentences(swept, response)));
    }
    let rest = changes.split_off(changes.len().min(VERDICT));
    Statement { verdict: changes, parts: vec![("What else changes", rest), ("How to read this", notes(swept))] }
}

/// What a reader of the tables must know.
fn notes(swept: &Swept) -> Vec<String> {
    let all = readable(swept.points.len() as f64);
    let cut = (swept.points.len() > SHOWN_AT_MOST).then(|| {
        format!("The terminal shows the first {SHOWN_AT_MOST} of {all} points; summary.csv and goals.csv have them all.")
    });
    let base = format!(
        "Changes and differences.csv compare with the base point: {}.",
        swept.point_in_words(swept.study.design.base)
    );
    let level = percent(swept.study.confidence.level());
    let brackets = format!("Brackets: {level} % confidence intervals, for each point alone.");
    cut.into_iter().chain([base, brackets]).collect()
}

/// The points of a response with its estimates of a strategy, the least first and the greatest last.
fn in_order<'s>(swept: &'s Swept, strategy: &str, response: ResponseId) -> Vec<(PointId, &'s Estimate)> {
    let estimate = |point: PointId| Some((point, swept.estimate(point, strategy, response)?));
    let mut estimates: Vec<(PointId, &Estimate)> = (0..swept.points.len()).filter_map(estimate).collect();
    estimates.sort_by(|one, other| one.1.mean.total_cmp(&other.1.mean));
    estimates
}

fn is_same(estimates: &[(PointId, &Estimate)]) -> bool {
    let ends = estimates.first().zip(estimates.last());
    ends.is_some_and(|(least, most)| least.1.mean.total_cmp(&most.1.mean).is_eq())
}

/// A response as a sentence names it: a goal in quotes.
fn named(swept: &Swept, response: ResponseId) -> String {
    let about = swept.base().about(response);
    if about.unit == Unit::Met { format!("\"{}\"", about.name) } else { about.name.clone() }
}

/// With which strategies a response is the same everywhere.
fn unchanged(swept: &Swept, response: ResponseId) -> Option<String> {
    let same = |strategy: String| {
        let estimates = in_order(swept, &strategy, response);
        let value = estimates.first().map(|(_, estimate)| swept.value(response, estimate))?;
        let points = match estimates.len() {
            all if all == swept.points.len() => String::new(),
            1 => " (at 1 point)".to_owned(),
            some => format!(" (at {some} points)"),
        };
        is_same(&estimates).then(|| format!("{value} with {strategy}{points}"))
    };
    let same: Vec<String> = swept.strategies().into_iter().filter_map(same).collect();
    let told: Vec<&str> = same.iter().map(String::as_str).collect();
    (!told.is_empty()).then(|| format!("{} does not change: {}.", named(swept, response), list(&told)))
}

/// How a response changes: between two points by how much, else where it is lowest and highest.
fn change(swept: &Swept, strategy: &str, response: ResponseId) -> Option<String> {
    let estimates = in_order(swept, strategy, response);
    let (&(lowest, least), &(highest, most)) = estimates.first().zip(estimates.last())?;
    if is_same(&estimates) {
        return None;
    }
    let name = named(swept, response);
    let base = swept.study.design.base;
    let [low, high] = [least, most].map(|estimate| swept.value(response, estimate));
    let [at_low, at_high] = [lowest, highest].map(|point| swept.point_in_words(point));
    if swept.points.len() > 2 {
        return Some(format!("{strategy}: {name} is lowest, {low}, at {at_low}, and highest, {high}, at {at_high}."));
    }
    let (other, verb, before, after) =
        if lowest == base { (highest, "rises", low, high) } else { (lowest, "falls", high, low) };
    let position = swept.points[other].study.names().iter().position(|name| *name == strategy)?;
    let found = swept.difference(&(other, position, response));
    let quantity = swept.quantity(response);
    let [mean, one, two] = [found.mean, found.low, found.high].map(|value| quantity.on_axis(value).abs());
    let limits = format!(" ({} to {})", readable(one.min(two)), readable(one.max(two)));
    let is_sure = found.low * found.high > 0.0;
    let (limits, chance) = if is_sure { (limits.as_str(), "") } else { ("", ", which may be chance") };
    let by = format!("{}{limits} {}{chance}", readable(mean), quantity.unit_of_changes());
    let place = swept.point_in_words(other);
    Some(format!("{strategy}: {name} {verb} by {by}, from {before} to {after}, at {place}."))
}

/// At which points a gate is met for sure, if the response is one.
fn enough(swept: &Swept, strategy: &str, response: ResponseId) -> Option<String> {
    let base = swept.base();
    let name = &base.about(response).name;
    let required = base.study.goals().iter().find(|goal| goal.name == *name)?.probability?;
    let reaches =
        |&point: &PointId| swept.estimate(point, strategy, response).is_some_and(|estimate| estimate.low >= required);
    let points: Vec<PointId> = (0..swept.points.len()).filter(reaches).collect();
    let wanted = short_percent(required);
    Some(match points.as_slice() {
        [] => format!("{strategy}: no point is shown to reach the {wanted} that \"{name}\" requires."),
        all if all.len() == swept.points.len() => {
            format!("{strategy}: every point is shown to reach the {wanted} that \"{name}\" requires.")
        }
        [first, ..] => format!(
            "{strategy}: {} of {} points are shown to reach the {wanted} that \"{name}\" requires, the first at {}.",
            points.len(),
            swept.points.len(),
            swept.point_in_words(*first),
        ),
    })
}

/// Which factors change a response most, of those whose change is shown not to be chance.
fn tornado_sentences(swept: &Swept, response: ResponseId) -> Vec<String> {
    let quantity = swept.quantity(response);
    let swing = |bar: &Bar| {
        let (value, unit) = (readable(quantity.on_axis(bar.swing)), quantity.unit_of_changes());
        format!("{} (by {value} {unit})", swept.study.design.factors[bar.factor].name)
    };
    let sentence = |(strategy, name): (usize, &str)| {
        let bars = swept.bars_of(strategy, response);
        let told: Vec<String> = bars.iter().filter(|bar| bar.is_shown()).take(BARS).map(swing).collect();
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        (!told.is_empty()).then(|| format!("{name}: {} changes most with {}.", named(swept, response), list(&told)))
    };
    swept.base().study.names().into_iter().enumerate().filter_map(sentence).collect()
}

/// Whether more of a response is better, or less; none if neither.
pub(super) fn higher_is_better(results: &Results, response: ResponseId) -> Option<bool> {
    match results.about(response).better {
        Better::Higher => Some(true),
        Better::Lower => Some(false),
        Better::Neither => None,
    }
}
