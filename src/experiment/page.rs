//! The report page: what was studied, what came out, and on which assumptions.

use crate::report::number::{percent, readable, short_percent};
use crate::report::{Block, Cell, Column, Estimate, EstimateRow, Estimates, Figure, Page, Section, Table};
use crate::response::{ResponseColumn, Unit};
use crate::scenario::{in_words, notes, remarks};
use crate::world::Goal;

use super::charts::CHARTS;
use super::estimates::{Results, date_of, share_of};
use super::figures::KEY_FIGURES;
use super::files::Manifest;
use super::rows::{ComparisonRow, GoalRow, SummaryRow};
use super::statement::{list, statement};
use super::summary::strategy_table;

/// What is simulated, for people; its last section says what is not.
const MODEL: &str = include_str!("../../docs/model.md");
/// More strategies than this have no room side by side on a page of A4.
const MOST_SIDE_BY_SIDE: usize = 4;
/// The heading of that section.
const LEFT_OUT: &str = "## What is left out";

/// The whole report.
#[must_use]
pub fn page(results: &Results) -> Page {
    let manifest = Manifest::of(&results.study);
    let mut sections: Vec<Section> = second_look(results).into_iter().collect();
    sections.extend([answer(results), key_figures(results)]);
    if !results.goals.is_empty() {
        sections.push(goals(results));
    }
    sections.push(figures(results));
    if results.study.names().len() > 1 {
        sections.push(comparison(results));
    }
    sections.extend([summary(results), responses(&manifest), assumptions(results), left_out(), reproduction(&manifest)]);
    let names = results.study.names().into_iter().map(str::to_owned);
    Page {
        title: results.study.scenario.title.clone(),
        lead: vec![question(results)],
        strategies: results.study.settings.strategies.iter().copied().zip(names).collect(),
        sections,
    }
}

/// What was asked, in a sentence.
fn question(results: &Results) -> String {
    let scenario = &results.study.scenario;
    let (heads, _) = scenario.world.highest_wanted();
    let names = results.study.names();
    let among = match names.as_slice() {
        [only] => format!("what comes of the strategy {only}"),
        several => format!("which of the strategies {} does it best", list(several)),
    };
    let times = readable(results.study.settings.replications.into());
    let simulated = if names.len() == 1 { "It" } else { "Each strategy" };
    format!(
        "How does a team of up to {heads} people build up, work and get handed over in the {} months from {}, and {among}? \
         {simulated} was simulated {times} times.",
        scenario.world.horizon_months, scenario.start,
    )
}

/// What in the scenario is worth a second look before its results are believed, if anything.
fn second_look(results: &Results) -> Option<Section> {
    let notes: Vec<(usize, String)> = notes(&results.study.scenario).into_iter().map(|note| (1, note)).collect();
    let title = "Worth a second look".to_owned();
    (!notes.is_empty()).then(|| Section { title, blocks: vec![Block::List(notes)] })
}

/// What came out, in sentences.
fn answer(results: &Results) -> Section {
    let stated = statement(results);
    let told = results.study.names().into_iter().map(|name| sentence(results, name));
    let points = stated.into_iter().chain(told).map(|sentence| (1, sentence)).collect();
    Section { title: "The answer".into(), blocks: vec![Block::List(points)] }
}

/// Means of what a decision is about, with their intervals.
fn key_figures(results: &Results) -> Section {
    let names = results.study.names();
    let columns = results.study.columns();
    let goal = |column: &&ResponseColumn| column.unit == Unit::Met;
    let goals = columns.iter().filter(goal).map(|column| (column, column.name.as_str()));
    let find = |name: &str| columns.iter().find(|column| column.name == name && column.unit != Unit::Met);
    let others = KEY_FIGURES.iter().filter_map(|figure| Some((find(figure.response)?, figure.title)));
    let about: Vec<_> = goals.chain(others).collect();
    let told = |row: &EstimateRow| row.cells.iter().flatten().any(|cell| cell.mean != 0.0 || row.is_share);
    let estimates = |names: &[&str]| {
        let rows = about.iter().map(|&(column, title)| key_figure(results, names, (column, title)));
        let columns = names.iter().map(|&name| name.to_owned()).collect();
        Block::Estimates(Estimates { columns, rows: rows.filter(told).collect() })
    };
    let level = percent(results.study.confidence.level());
    let note = format!(
        "Mean over the replications, its {level} % confidence interval below it, and, where it did not come about in all of them, the \
         share of the replications that it is a mean of. The interval says how precisely the simulation knows the mean, not how right the \
         assumptions are."
    );
    Section {
        title: "Key figures".into(),
        blocks: side_by_side(&names).map(estimates).chain([Block::Paragraph(note)]).collect(),
    }
}

/// Strategies that a table has room for beside each other on paper; more of them are shared out evenly among several.
fn side_by_side<'n>(names: &'n [&'n str]) -> impl Iterator<Item = &'n [&'n str]> {
    let tables = names.len().div_ceil(MOST_SIDE_BY_SIDE).max(1);
    names.chunks(names.len().div_ceil(tables).max(1))
}

fn key_figure(results: &Results, names: &[&str], (column, title): (&ResponseColumn, &str)) -> EstimateRow {
    let estimate = |row: &SummaryRow| Estimate {
        mean: row.mean,
        limits: [row.ci_low, row.ci_high],
        of: share_of(row.n, row.n + row.missing),
    };
    let cell = |name: &str| {
        let mut rows = results.summary.iter().filter(|row| row.strategy == name && row.response == column.name);
        // A goal may have the name of a response.
        rows.find(|row| row.unit == column.unit_name && row.n > 0).map(estimate)
    };
    let is_goal = column.unit == Unit::Met;
    EstimateRow {
        name: title.to_owned(),
        note: if is_goal { "goal met".to_owned() } else { format!("{}, {}", column.name, column.unit_name) },
        is_share: is_goal || column.unit == Unit::Share,
        cells: names.iter().copied().map(cell).collect(),
    }
}

/// What came out for one strategy.
fn sentence(results: &Results, strategy: &str) -> String {
    let find = |response: &str| results.summary.iter().find(|row| row.strategy == strategy && row.response == response);
    let mut parts = Vec::new();
    if let Some(staffed) = find("staffed_day") {
        parts.push(staffed_words(staffed, results));
    }
    if let (Some(transfer), Some(accepted), Some(offered)) = (find("transfer_day"), find("accepted"), find("offered"))
        && transfer.n > 0
        && offered.mean > 0.0
    {
        let share = short_percent(accepted.mean / offered.mean);
        let [accepted, offered] = [accepted, offered].map(|row| readable(row.mean));
        parts.push(format!("on average {accepted} of {offered} people, which is {share}, accept to go over"));
    }
    if let Some(dip) = find("dip_share").filter(|row| row.n > 0) {
        parts.push(format!(
            "after the transfer, effective output falls to {} of what it was, in the median",
            short_percent(dip.p50)
        ));
    }
    format!("{strategy}: {}.", parts.join("; "))
}

fn staffed_words(row: &SummaryRow, results: &Results) -> String {
    let all = row.n + row.missing;
    let share = short_percent(share_of(row.n, all.max(1)));
    if row.n == 0 {
        return "headcount never reaches 90 % of the highest wanted".to_owned();
    }
    let date = |day: f64| date_of(results.study.scenario.start, day);
    format!(
        "headcount reaches 90 % of the highest wanted in {share} of the replications, in the median of these on {}, and between {} and {} in 9 of 10 of them",
        date(row.p50),
        date(row.p5),
        date(row.p95)
    )
}

/// The charts that have something to show.
fn figures(results: &Results) -> Section {
    let drawn = CHARTS.iter().filter_map(|drawing| Some((drawing, (drawing.make)(results).ok()?)));
    let figures =
        drawn.map(|(drawing, chart)| Block::Figure(Figure::new(chart.as_ref(), drawing.question, drawing.caption)));
    Section { title: "Charts".into(), blocks: figures.collect() }
}

/// How likely each strategy meets each goal.
fn goals(results: &Results) -> Section {
    let names = results.study.names();
    let of = |strategy: &str, goal: &str| {
        let row = results.goals.iter().find(|row| row.strategy == strategy && row.goal == goal);
        row.map_or(Cell::Empty, |row| Cell::from(likely(row)))
    };
    let about = &results.study.scenario.world.goals;
    let table = |names: &[&str]| {
        let row = |goal: &Goal| {
            let cells = names.iter().map(|name| of(name, &goal.name));
            [Cell::from(goal.name.as_str())].into_iter().chain(cells).collect()
        };
        let columns = [Column::text("goal")].into_iter().chain(names.iter().map(|name| Column::number(*name, "")));
        Block::Table(Table { title: String::new(), columns: columns.collect(), rows: about.iter().map(row).collect() })
    };
    let level = percent(results.study.confidence.level());
    let note = format!(
        "Share of the replications in which the goal is met, with its {level} % confidence interval. \
         A goal with a required probability is met if the lower limit reaches it."
    );
    Section { title: "Goals".into(), blocks: side_by_side(&names).map(table).chain([Block::Paragraph(note)]).collect() }
}

/// A probability in percent with its interval, and the verdict where one was asked for.
fn likely(row: &GoalRow) -> String {
    let verdict = match row.met {
        Some(true) => format!(", reaches {}", short_percent(row.required)),
        Some(false) => format!(", misses {}", short_percent(row.required)),
        None => String::new(),
    };
    let [share, low, high] = [row.probability, row.ci_low, row.ci_high].map(short_percent);
    format!("{share} ({low} to {high}){verdict}")
}

fn summary(results: &Results) -> Section {
    let percent = percent(results.study.confidence.level());
    let note = format!(
        "Mean over replications with the half-width of its {percent} % confidence interval, and quantiles of single replications. \
         Missing: replications in which the response did not come about, which the other numbers leave out."
    );
    let tables = results.study.names().into_iter().map(|name| Block::Table(strategy_table(results, name)));
    Section { title: "All responses".into(), blocks: tables.chain([Block::Paragraph(note)]).collect() }
}

fn comparison(results: &Results) -> Section {
    let names = results.study.names();
    let baseline = names[results.study.baseline];
    let row = |row: &ComparisonRow| {
        let number = |value: f64| if value.is_nan() { Cell::Empty } else { Cell::from(readable(value)) };
        vec![
            Cell::from(row.response.as_str()),
            Cell::from(row.unit.as_str()),
            Cell::from(row.strategy.as_str()),
            number(row.mean_difference),
            number(row.ci_low),
            number(row.ci_high),
            number(row.p_lower),
        ]
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
    // A difference without any spread around 0 is one of no replication.
    let differs = |row: &&ComparisonRow| row.mean_difference != 0.0 || row.ci_low != 0.0 || row.ci_high != 0.0;
    let rows = results.comparison.iter().filter(|row| row.baseline == baseline && row.n > 0).filter(differs).map(row);
    let luck = if results.study.settings.independent { "each under luck of its own" } else { "under the same luck" };
    let note = format!(
        "Mean of the differences to {baseline}, replication by replication {luck}, with the limits of its confidence interval; \
         and the share of the replications in which the strategy is lower. What differs in no replication is left out."
    );
    let table = Table { title: format!("Difference to {baseline}"), columns, rows: rows.collect() };
    Section { title: format!("Compared with {baseline}"), blocks: vec![Block::Table(table), Block::Paragraph(note)] }
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

/// What the model does not know.
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
