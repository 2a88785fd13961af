//! The report page of a sweep: the question, the table, the charts, and the command that runs each point alone.

use crate::report::{Block, Figure, Page, Section};
use crate::scenario::{in_words, notes};

use super::super::charts::Drawing;
use super::charts::CHARTS;
use super::words::{statement, table};
use super::{PointId, Swept};

/// Points in the table of the page.
const POINTS_AT_MOST: usize = 200;

pub(super) fn page(swept: &Swept) -> Page {
    let scenario = swept.study.scenario();
    let sentences = statement(swept).into_iter().map(|sentence| (1, sentence)).collect();
    let answer = Section { title: "The answer".into(), blocks: vec![Block::List(sentences)] };
    let points = Section { title: "The points".into(), blocks: points(swept) };
    let figure = |drawing: &Drawing<Swept>| {
        let chart = (drawing.make)(swept).ok()?;
        Some(Block::Figure(Figure::new(chart.as_ref(), drawing.question, drawing.caption)))
    };
    let figures = Section { title: "Charts".into(), blocks: CHARTS.iter().filter_map(figure).collect() };
    let mut sections: Vec<Section> = second_look(swept).into_iter().collect();
    sections.push(answer);
    sections.extend((!figures.blocks.is_empty()).then_some(figures));
    sections.extend([points, alone(swept), assumptions(swept), reproduction(swept)]);
    Page {
        title: scenario.title.clone(),
        lead: vec![swept.question()],
        strategies: swept.study.names_of(|_| true).into_iter().enumerate().collect(),
        sections,
    }
}

/// What in the scenario is worth a second look before its results are believed, if anything.
fn second_look(swept: &Swept) -> Option<Section> {
    let notes: Vec<(usize, String)> = notes(swept.study.scenario()).into_iter().map(|note| (1, note)).collect();
    let title = "Worth a second look".to_owned();
    (!notes.is_empty()).then(|| Section { title, blocks: vec![Block::List(notes)] })
}

fn points(swept: &Swept) -> Vec<Block> {
    let table = Block::Table(table(swept, POINTS_AT_MOST));
    let all = swept.points.len();
    let note = format!(
        "Means over the replications; of goals the share in which they are met, with its interval. All responses of all points: \
         summary.csv and goals.csv; each point against the base point ({}), replication by replication: differences.csv.",
        swept.point_in_words(swept.study.design.base)
    );
    let cut = format!("The first {POINTS_AT_MOST} of {all} points.");
    let cut = (all > POINTS_AT_MOST).then_some(Block::Paragraph(cut));
    [Block::Paragraph(note), table].into_iter().chain(cut).collect()
}

/// The command that runs each point alone.
fn alone(swept: &Swept) -> Section {
    let command = |point: PointId| (swept.point_in_words(point), swept.command_of(point));
    let points = (0..swept.points.len().min(POINTS_AT_MOST)).map(command).collect();
    let note = "Each point gives the same numbers alone, with all that a run reports:".to_owned();
    Section { title: "A point alone".into(), blocks: vec![Block::Paragraph(note), Block::Definitions(points)] }
}

fn assumptions(swept: &Swept) -> Section {
    let lines = in_words(swept.study.scenario()).into_iter().map(|line| (line.depth + 1, line.text)).collect();
    Section { title: "Assumptions".into(), blocks: vec![Block::List(lines)] }
}

fn reproduction(swept: &Swept) -> Section {
    let manifest = swept.manifest();
    let terms = [
        ("program", format!("{} {}", manifest.program, manifest.version)),
        ("scenario", format!("SHA-256 {}", manifest.scenario_sha256)),
        ("seed", manifest.seed.to_string()),
        ("replications", manifest.replications.to_string()),
    ];
    let terms = terms.map(|(term, meaning)| (term.to_owned(), meaning)).into_iter().collect();
    let place = if swept.study.is_of_one_file() { "In this folder:" } else { "In the folder where it was first run:" };
    let blocks = vec![Block::Paragraph(place.to_owned()), Block::Code(manifest.command), Block::Definitions(terms)];
    Section { title: "To compute it again".into(), blocks }
}
