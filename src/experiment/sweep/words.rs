//! What a sweep says: a table for a terminal, and sentences.

use crate::report::number::{percent, percent_range, readable, short_percent};
use crate::report::{Cell, Column, Table};
use crate::response::{Better, Nature, ResponseId, Unit};
use crate::scenario::Arrangement;

use super::super::estimates::{Estimate, Results};
use super::super::statement::list;
use super::{PointId, Swept, unquoted};

/// Points that a terminal shows at most.
const SHOWN_AT_MOST: usize = 60;
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
        let named = ResponseId::all(about.len()).filter(|id| self.study.responses.contains(&about[id.position()].name));
        // Of what is the same everywhere there is nothing to show.
        let says_something = |response: &ResponseId| {
            let means = (0..self.points.len()).flat_map(|point| self.means_at(point, *response));
            means.into_iter().any(|mean| !mean.is_nan() && mean.abs() > 0.0)
        };
        let responses: Vec<ResponseId> = if self.study.responses.is_empty() {
            USUAL.into_iter().filter(says_something).collect()
        } else {
            named.collect()
        };
        let mut shown: Vec<ResponseId> = goals.chain(responses).collect();
        shown.dedup();
        shown
    }

    fn means_at(&self, point: PointId, response: ResponseId) -> Vec<f64> {
        let results = &self.points[point];
        (0..results.study.settings.strategies.len()).map(|strategy| results.response(strategy, response).mean).collect()
    }

    /// Names of the strategies of the base point.
    pub(super) fn strategies(&self) -> Vec<&str> {
        self.base().study.names()
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

    /// Whether a response is a goal, met or not.
    pub(super) fn is_share(&self, response: ResponseId) -> bool {
        matches!(self.base().about(response).unit, Unit::Met | Unit::Share)
    }

    /// A value of a response for people.
    pub(super) fn readable(&self, response: ResponseId, value: f64) -> String {
        if self.is_share(response) { short_percent(value) } else { readable(value) }
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

/// A row for each point and strategy: levels, goals and responses.
pub(super) fn summary(swept: &Swept) -> Table {
    table(swept, SHOWN_AT_MOST)
}

/// The same for so many points at most.
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
    let response = |&response: &ResponseId| {
        let about = swept.base().about(response);
        let unit = if swept.is_share(response) { "" } else { about.unit_name.as_str() };
        Column::number(&about.name, unit)
    };
    let strategy = (strategies.len() > 1).then(|| Column::text("strategy"));
    let columns = factors.chain(strategy).chain(shown.iter().map(response)).collect();
    let row = |point: PointId, strategy: &str| {
        let levels = design.points[point].levels.iter().map(|level| Cell::from(unquoted(level)));
        let name = (strategies.len() > 1).then(|| Cell::from(strategy));
        let cell = |&response: &ResponseId| match swept.estimate(point, strategy, response) {
            Some(estimate) if swept.is_share(response) => {
                Cell::from(format!("{} ({})", short_percent(estimate.mean), percent_range(estimate.low, estimate.high)))
            }
            Some(estimate) => Cell::from(readable(estimate.mean)),
            None => Cell::Empty,
        };
        levels.chain(name).chain(shown.iter().map(cell)).collect()
    };
    let points = 0..swept.points.len().min(at_most);
    let rows = points.flat_map(|point| strategies.iter().map(move |strategy| (point, *strategy)));
    let replications = readable(swept.study.replications.into());
    let count = readable(swept.points.len() as f64);
    let title = format!("{}: {count} points, {replications} replications each", swept.study.scenario().title);
    Table { title, columns, rows: rows.map(|(point, strategy)| row(point, strategy)).collect() }
}

/// What the sweep says, in sentences.
pub(super) fn statement(swept: &Swept) -> Vec<String> {
    let mut sentences = Vec::new();
    if swept.points.len() > SHOWN_AT_MOST {
        let all = readable(swept.points.len() as f64);
        sentences
            .push(format!("The first {SHOWN_AT_MOST} of {all} points are shown; summary.csv and goals.csv have them all."));
    }
    for response in swept.shown() {
        for strategy in swept.strategies() {
            sentences.extend(extremes(swept, strategy, response));
            sentences.extend(enough(swept, strategy, response));
        }
    }
    if swept.study.design.arrangement == Arrangement::OneAtATime {
        sentences.extend(swept.shown().into_iter().flat_map(|response| tornado_sentences(swept, response)));
    }
    let level = percent(swept.study.confidence.level());
    sentences.push(format!("Brackets: {level} % confidence intervals, of each point alone."));
    sentences
}

/// Where a response is least and greatest.
fn extremes(swept: &Swept, strategy: &str, response: ResponseId) -> Option<String> {
    let mean = |point: PointId| Some((point, swept.estimate(point, strategy, response)?.mean));
    let means: Vec<(PointId, f64)> = (0..swept.points.len()).filter_map(mean).collect();
    let least = means.iter().min_by(|one, other| one.1.total_cmp(&other.1))?;
    let most = means.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let about = swept.base().about(response);
    let name = if about.unit == Unit::Met { format!("\"{}\"", about.name) } else { about.name.clone() };
    let value = |value: f64| swept.readable(response, value);
    let unit = if swept.is_share(response) { String::new() } else { format!(" {}", about.unit_name) };
    if least.1.total_cmp(&most.1).is_eq() {
        return Some(format!("{strategy}: {name} is {}{unit} at every point.", value(least.1)));
    }
    Some(format!(
        "{strategy}: {name} goes from {} at {} to {}{unit} at {}.",
        value(least.1),
        swept.point_in_words(least.0),
        value(most.1),
        swept.point_in_words(most.0),
    ))
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

/// Which factors change a response most.
fn tornado_sentences(swept: &Swept, response: ResponseId) -> Vec<String> {
    let sentence = |(strategy, name): (usize, &str)| {
        let bars = swept.bars_of(strategy, response);
        let told: Vec<String> = bars
            .iter()
            .filter(|bar| bar.swing > 0.0)
            .take(BARS)
            .map(|bar| format!("{} by {}", swept.study.design.factors[bar.factor].name, swept.readable(response, bar.swing)))
            .collect();
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        let about = swept.base().about(response);
        (!told.is_empty()).then(|| format!("{name}: {} changes most with {}.", about.name, list(&told)))
    };
    swept.strategies().into_iter().enumerate().filter_map(sentence).collect()
}

/// Whether more of a response is better, or less; none if neither.
pub(super) fn higher_is_better(results: &Results, response: ResponseId) -> Option<bool> {
    match results.about(response).better {
        Better::Higher => Some(true),
        Better::Lower => Some(false),
        Better::Neither => None,
    }
}
