//! The report page: the question, the results and the assumptions.

use std::ops::Range;

use crate::report::number::{percent, readable};
use crate::report::text::has_corrected;
use crate::report::{Block, Cell, Column, Estimate, EstimateRow, Estimates, Figure, Notice, Page, Section, Table};
use crate::response::{Nature, ResponseId, Unit};
use crate::scenario::{Scenario, in_words, notes, remarks};

use super::charts::{CHARTS, Drawing};
use super::digest;
use super::document::Statement;
use super::estimates::{Results, share_of};
use super::figures::KEY_FIGURES;
use super::manifest::Manifest;
use super::method::CORRECTED;
use super::statement::{list, statement};
use super::summary::strategy_table;

/// The description of the model, for people. Its last section lists what is left out.
const MODEL: &str = include_str!("../../docs/model.md");
/// Most strategies that fit side by side on an A4 page.
const MOST_SIDE_BY_SIDE: usize = 4;
/// Most strategies whose responses are all on the page.
const MOST_IN_DETAIL: usize = 20;
/// The heading of that section.
const LEFT_OUT: &str = "## What is left out";

/// The charts of the first screen, the best first. The first that has something to show is used.
const FIRST: [&str; 2] = ["effective_fte", "headcount"];

/// Returns the whole report.
#[must_use]
pub(super) fn page(results: &Results) -> Page {
    let manifest = Manifest::of(&results.study);
    let statement = statement(results);
    let first = FIRST.iter().find_map(|name| first(results, CHARTS.iter().find(|drawing| drawing.name == *name)?));
    let goals = digest::goals(results).into_iter().flat_map(|table| table.side_by_side(MOST_SIDE_BY_SIDE));
    let left = goals.map(Block::Table).chain(key_tables(results)).collect();
    let sections = [said(&statement), figures(results)];
    let appendix = [
        key_figures(results),
        comparison(results),
        summary(results),
        responses(&manifest),
        assumptions(results),
        left_out(),
        reproduction(&manifest),
    ];
    Page {
        title: results.study.scenario.title.clone(),
        lead: vec![question(results)],
        notices: partial_note(results)
            .into_iter()
            .chain(changes(&results.study.scenario))
            .chain(second_look(&results.study.scenario))
            .collect(),
        verdict: statement.verdict,
        overview: [left].into_iter().chain(first.map(|first| vec![first])).collect(),
        strategies: results
            .study
            .settings
            .strategies
            .iter()
            .copied()
            .zip(results.study.titles().into_iter().map(str::to_owned))
            .collect(),
        sections: sections.into_iter().filter(|section| !section.blocks.is_empty()).collect(),
        appendix: appendix.into_iter().filter(|section| !section.blocks.is_empty()).collect(),
    }
}

/// Returns the question in a sentence.
fn question(results: &Results) -> String {
    let scenario = &results.study.scenario;
    let (heads, _) = scenario.world.highest_wanted();
    let titles = results.study.titles();
    let what = match titles.as_slice() {
        [only] => format!("What does {only} achieve"),
        several => format!("Which is best: {}", either(several)),
    };
    let times = readable(results.study.settings.replications.into());
    format!(
        "{what}, for a team of up to {heads} over {} months from {}? {times} simulations{}.",
        scenario.world.horizon_months,
        scenario.start().strftime("%b %Y"),
        if titles.len() == 1 { "" } else { " of each" },
    )
}

/// Returns names as a question lists them.
fn either(names: &[&str]) -> String {
    match names {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        _ => list(names),
    }
}

/// Returns a notice of missing replications, if any.
fn partial_note(results: &Results) -> Option<Notice> {
    let partial = results.study.origin.partial.as_ref()?;
    Some(Notice { title: format!("These results are partial: {partial}."), points: Vec::new() })
}

/// Returns a notice of the overrides from the command line, if any.
pub(super) fn changes(scenario: &Scenario) -> Option<Notice> {
    let overrides = scenario.overrides();
    let title = format!("Changed on the command line: {}.", overrides.join("; "));
    (!overrides.is_empty()).then(|| Notice { title, points: Vec::new() })
}

/// Returns a notice of what in the scenario is worth a second look before its results are trusted, if anything.
pub(super) fn second_look(scenario: &Scenario) -> Option<Notice> {
    let points = notes(scenario);
    let title = match points.len() {
        1 => "1 thing in the scenario is worth a second look".to_owned(),
        several => format!("{several} things in the scenario are worth a second look"),
    };
    (!points.is_empty()).then_some(Notice { title, points })
}

/// Returns the parts of the statement after its verdict.
pub(super) fn said(statement: &Statement) -> Section {
    let part = |(title, sentences): (&'static str, &[String])| {
        let points = sentences.iter().map(|sentence| (1, sentence.clone())).collect();
        [Block::Heading(title.to_owned()), Block::List(points)]
    };
    Section { title: "What it means".into(), blocks: statement.spoken().flat_map(part).collect() }
}

/// Returns the key figures of all strategies side by side, and how to read them.
fn key_tables(results: &Results) -> Vec<Block> {
    let level = percent(results.study.confidence.level());
    let best =
        if results.study.names().len() > 1 { "Bold: better than the rest by a difference that matters. " } else { "" };
    let figures = digest::figures(results);
    let corrected = if has_corrected(std::slice::from_ref(&figures)) { format!(" {CORRECTED}") } else { String::new() };
    let note = format!(
        "{best}±: half of a {level} % confidence interval, which says how precisely the simulation knows a mean.{corrected}"
    );
    let tables = figures.side_by_side(MOST_SIDE_BY_SIDE).into_iter().map(Block::Table);
    tables.chain([Block::Note(note)]).collect()
}

/// Returns the estimates that matter to a decision, with their intervals.
fn key_figures(results: &Results) -> Section {
    let goals = results.study.goals().iter().enumerate();
    let goals = goals.map(|(position, goal)| (ResponseId::goal(position), goal.name.as_str()));
    let about: Vec<_> = goals.chain(KEY_FIGURES.iter().map(|figure| (figure.response, figure.title))).collect();
    let says_something = |row: &EstimateRow| row.cells.iter().flatten().any(|cell| cell.mean != 0.0 || row.is_share);
    let estimates = |strategies: Range<usize>| {
        let columns = strategies.clone().map(|strategy| results.study.title(strategy).to_owned()).collect();
        let rows = about.iter().map(|&about| key_figure(results, strategies.clone(), about));
        Block::Estimates(Estimates { columns, rows: rows.filter(says_something).collect() })
    };
    let level = percent(results.study.confidence.level());
    let note = format!(
        "Mean over the replications with its {level} % confidence interval below it. A day that does not come within the horizon \
         counts as the horizon, and the share of the replications that reach it is given; a cost per FTE-month is all that is \
         spent over all that is delivered. The interval says how precisely the simulation knows the mean, not how right the \
         assumptions are. {CORRECTED}"
    );
    Section {
        title: "Estimates with their intervals".into(),
        blocks: side_by_side(results).map(estimates).chain([Block::Paragraph(note)]).collect(),
    }
}

/// Returns groups of strategies that fit side by side on paper, evenly distributed.
fn side_by_side(results: &Results) -> impl Iterator<Item = Range<usize>> {
    let all = results.study.settings.strategies.len();
    let tables = all.div_ceil(MOST_SIDE_BY_SIDE).max(1);
    let each = all.div_ceil(tables).max(1);
    (0..all).step_by(each).map(move |first| first..all.min(first + each))
}

fn key_figure(results: &Results, strategies: Range<usize>, (response, title): (ResponseId, &str)) -> EstimateRow {
    let about = results.about(response);
    let cell = |strategy: usize| {
        let row = results.response(strategy, response);
        let of = if let Nature::Ratio(_) = about.nature { 1.0 } else { share_of(row.n, row.n + row.missing) };
        (!row.mean.is_nan()).then_some(Estimate {
            mean: row.mean,
            limits: [row.low, row.high],
            is_corrected: row.method.is_corrected(),
            of,
        })
    };
    let is_goal = about.unit == Unit::Met;
    EstimateRow {
        name: title.to_owned(),
        note: if is_goal { "goal met".to_owned() } else { format!("{}, {}", about.name, about.unit_name) },
        is_share: is_goal || about.unit == Unit::Share,
        share_word: if let Nature::Date { .. } = about.nature { "reached in" } else { "in" },
        cells: strategies.map(cell).collect(),
    }
}

/// Returns the chart of the first screen, if it has something to show.
fn first(results: &Results, drawing: &Drawing) -> Option<Block> {
    let chart = (drawing.make)(results).ok()?;
    Some(Block::Figure(Figure::beside(chart.as_ref(), drawing.caption)))
}

/// Returns a chart, if it has something to show.
fn figure(results: &Results, drawing: &Drawing) -> Option<Block> {
    let chart = (drawing.make)(results).ok()?;
    Some(Block::Figure(Figure::new(chart.as_ref(), drawing.caption)))
}

/// Returns the charts that have something to show, except the one on the first screen.
fn figures(results: &Results) -> Section {
    let mut drawn: Vec<(&str, Block)> =
        CHARTS.iter().filter_map(|drawing| Some((drawing.name, figure(results, drawing)?))).collect();
    if let Some(first) = FIRST.iter().find(|name| drawn.iter().any(|(drawn, _)| drawn == *name)) {
        drawn.retain(|(name, _)| name != first);
    }
    Section { title: "Charts".into(), blocks: drawn.into_iter().map(|(_, block)| block).collect() }
}

fn summary(results: &Results) -> Section {
    let percent = percent(results.study.confidence.level());
    let note = format!(
        "Estimate with its {percent} % confidence interval, and quantiles of single replications. The estimate of a date is the mean \
         of min(T, H), H the horizon, and its quantiles are over all replications; that of a ratio is the ratio of the means. Without: \
         replications in which a date never comes, or in which the response is undefined, which the estimate of a number then \
         leaves out. {CORRECTED}"
    );
    let all = results.study.settings.strategies.len();
    let tables = (0..all.min(MOST_IN_DETAIL)).map(|strategy| Block::Table(strategy_table(results, strategy)));
    let cut = format!("These are the first {MOST_IN_DETAIL} of {all} strategies. summary.csv has all.");
    let cut = (all > MOST_IN_DETAIL).then_some(Block::Paragraph(cut));
    Section { title: "All responses".into(), blocks: tables.chain(cut).chain([Block::Paragraph(note)]).collect() }
}

fn comparison(results: &Results) -> Section {
    let baseline = results.study.baseline;
    let name = results.study.title(baseline);
    if results.study.names().len() == 1 {
        return Section::default();
    }
    // A difference without any spread around 0 comes from no replication.
    let row = |(response, strategy): (ResponseId, usize)| {
        let row = results.difference_of(response, (strategy, baseline))?;
        let number = |value: f64| if value.is_nan() { Cell::Empty } else { Cell::from(readable(value)) };
        let about = results.about(response);
        let words = [about.name.as_str(), about.unit_name.as_str(), results.study.title(strategy)].map(Cell::from);
        let [mean, low, high, p_lower] = [row.mean, row.low, row.high, row.p_lower].map(number);
        let high = if row.method.is_corrected() { Cell::from(format!("{} ≈", readable(row.high))) } else { high };
        let numbers = [mean, low, high, p_lower];
        (row.mean != 0.0 || row.low != 0.0 || row.high != 0.0).then(|| words.into_iter().chain(numbers).collect())
    };
    let columns = vec![
        Column::text("response"),
        Column::text("unit"),
        Column::text("strategy"),
        Column::number("mean difference", ""),
        Column::number("from", ""),
        Column::number("to", ""),
        Column::number("share lower", ""),
    ];
    let strategies = 0..results.study.settings.strategies.len().min(MOST_IN_DETAIL);
    let responses =
        ResponseId::all(results.observations.about().len()).filter(|&id| results.about(id).unit != Unit::Outcome);
    let others = |response| strategies.clone().filter(move |&other| other != baseline).map(move |other| (response, other));
    let rows = responses.flat_map(others).filter_map(row);
    let luck = if results.study.settings.independent { "with independent random numbers" } else { "under the same luck" };
    let note = format!(
        "Mean difference to {name}, replication by replication {luck}, with the limits of its confidence interval, and the share of \
         the replications in which the strategy is lower. A date that never comes counts as the horizon; a ratio is compared as a \
         ratio of means. What differs in no replication, or is undefined in some, is left out. {CORRECTED}"
    );
    let table = Table { title: format!("Difference to {name}"), columns, rows: rows.collect() };
    let cut = format!("These are the first {MOST_IN_DETAIL} strategies. comparison.csv has all.");
    let cut = (results.study.names().len() > MOST_IN_DETAIL).then_some(Block::Paragraph(cut));
    let blocks = [Block::Table(table)].into_iter().chain(cut).chain([Block::Paragraph(note)]).collect();
    Section { title: format!("Compared with {name}"), blocks }
}

fn responses(manifest: &Manifest) -> Section {
    let about = manifest.responses.iter().map(|about| (format!("{} ({})", about.name, about.unit), about.meaning.clone()));
    Section { title: "What the responses mean".into(), blocks: vec![Block::Definitions(about.collect())] }
}

fn assumptions(results: &Results) -> Section {
    let mut blocks = Vec::new();
    let mut points: Vec<(usize, String)> = Vec::new();
    for line in in_words(&results.study.scenario) {
        if line.depth == 0 {
            if !points.is_empty() {
                blocks.push(Block::List(std::mem::take(&mut points)));
            }
            blocks.push(Block::Paragraph(line.text));
        } else {
            points.push((line.depth, line.text));
        }
    }
    blocks.push(Block::List(points));
    let remarks = remarks(&results.study.scenario);
    if !remarks.is_empty() {
        blocks
            .push(Block::Paragraph("Sources and remarks of the scenario's author, by the key that each stands at:".into()));
        blocks.push(Block::Definitions(remarks));
    }
    blocks.push(Block::Paragraph("The scenario as run, with its units in the names of the keys:".into()));
    blocks.push(Block::Code(results.study.scenario.text().to_owned()));
    Section { title: "Assumptions".into(), blocks }
}

/// Returns what the model leaves out.
fn left_out() -> Section {
    let (_, section) = MODEL.split_once(LEFT_OUT).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default().trim();
    let points =
        section.split("\n- ").map(|point| point.trim_start_matches("- ").split_whitespace().collect::<Vec<_>>().join(" "));
    let points = points.filter(|point| !point.is_empty()).map(|point| (1, point)).collect();
    Section { title: "What is not modelled".into(), blocks: vec![Block::List(points)] }
}

fn reproduction(manifest: &Manifest) -> Section {
    let luck = if manifest.independent {
        "each strategy has its own (independent)"
    } else {
        "the same for all strategies (common random numbers)"
    };
    let mut rows = vec![
        ("Program".to_owned(), format!("{} {}", manifest.program, manifest.version)),
        ("Seed".to_owned(), manifest.seed.to_string()),
        ("Luck".to_owned(), luck.to_owned()),
        ("Replications of each strategy".to_owned(), manifest.replications.to_string()),
        ("SHA-256 of scenario.toml".to_owned(), manifest.scenario_sha256.clone()),
    ];
    if manifest.quantile_error > 0.0 {
        let error = format!("within {} % of the exact ones", readable(percent(manifest.quantile_error)));
        rows.push(("Quantiles".to_owned(), error));
    }
    Section {
        title: "How to reproduce".into(),
        blocks: vec![Block::Code(manifest.command.clone()), Block::Definitions(rows)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_a_list_of_sentences() {
        let Some(Block::List(points)) = left_out().blocks.into_iter().next() else { panic!("it is a list") };
        assert!(points.len() >= 5, "{points:?}");
        assert!(
            points.iter().all(|(_, point)| point.ends_with('.') && !point.contains('\n') && point.len() < 200),
            "{points:?}"
        );
    }
}
