//! The report page of a sweep: the question, the table, the charts, and the command that runs each point alone.

use crate::report::{Block, Figure, Page, Section};
use crate::scenario::in_words;

use super::super::charts::Drawing;
use super::super::page::{changes, said, second_look};
use super::charts::CHARTS;
use super::words::{statement, table};
use super::{PointId, Swept};

/// Points in the table of the page.
const POINTS_AT_MOST: usize = 200;

pub(super) fn page(swept: &Swept) -> Page {
    let scenario = swept.study.scenario();
    let statement = statement(swept);
    let points = Section { title: "The points".into(), blocks: points(swept) };
    let figure = |drawing: &Drawing<Swept>| {
        let chart = (drawing.make)(swept).ok()?;
        Some(Block::Figure(Figure::new(chart.as_ref(), drawing.caption)))
    };
    let figures = Section { title: "Charts".into(), blocks: CHARTS.iter().filter_map(figure).collect() };
    let sections = [said(&statement), figures, points];
    Page {
        title: scenario.title.clone(),
        lead: vec![swept.question()],
        notices: changes(scenario).into_iter().chain(second_look(scenario)).collect(),
        verdict: statement.verdict,
        overview: Vec::new(),
        strategies: swept.study.names_of(|_| true).into_iter().enumerate().collect(),
        sections: sections.into_iter().filter(|section| !section.blocks.is_empty()).collect(),
        appendix: vec![alone(swept), assumptions(swept), reproduction(swept)],
    }
}

fn points(swept: &Swept) -> Vec<Block> {
    let table = Block::Table(table(swept, POINTS_AT_MOST));
    let all = swept.points.len();
    let note = format!(
        "Means over the replications; for goals, the share that meets them, with its interval. All responses of all points: \
         summary.csv and goals.csv; each point against the base point ({}), replication by replication: differences.csv.",
        swept.point_in_words(swept.study.design.base)
    );
    let cut = format!("The first {POINTS_AT_MOST} of {all} points.");
    let cut = (all > POINTS_AT_MOST).then_some(Block::Paragraph(cut));
    [Block::Paragraph(note), table].into_iter().chain(cut).collect()
}

/// Returns the commands that run each point alone.
fn alone(swept: &Swept) -> Section {
    let command = |point: PointId| (swept.point_in_words(point), swept.command_of(point));
    let points = (0..swept.points.len().min(POINTS_AT_MOST)).map(command).collect();
    let note = "Run one point alone to get all that a run reports, with the same numbers:".to_owned();
    Section { title: "Run one point alone".into(), blocks: vec![Block::Paragraph(note), Block::Definitions(points)] }
}

fn assumptions(swept: &Swept) -> Section {
    let lines = in_words(swept.study.scenario()).into_iter().map(|line| (line.depth + 1, line.text)).collect();
    Section { title: "Assumptions".into(), blocks: vec![Block::List(lines)] }
}

fn reproduction(swept: &Swept) -> Section {
    let manifest = swept.study.manifest();
    let terms = [
        ("program", format!("{} {}", manifest.program, manifest.version)),
        ("scenario", format!("SHA-256 {}", manifest.scenario_sha256)),
        ("seed", manifest.seed.to_string()),
        ("replications", manifest.replications.to_string()),
    ];
    let terms = terms.map(|(term, meaning)| (term.to_owned(), meaning)).into_iter().collect();
    let place = if swept.study.is_of_one_file() { "In this folder:" } else { "In the folder where it was first run:" };
    let blocks = vec![Block::Paragraph(place.to_owned()), Block::Code(manifest.command), Block::Definitions(terms)];
    Section { title: "Reproduce these results".into(), blocks }
}
