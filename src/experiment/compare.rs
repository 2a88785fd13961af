//! Comparison of strategies: the answer of `handover run` as a document.

use std::io::{self, BufReader, Read};

use serde_json::Value as Json;

#[cfg(feature = "report")]
use crate::report::Page;
use crate::report::Table;
use crate::report::number::percent;
use crate::run::{EXACT_AT_MOST, Observations};
use crate::scenario::Scenario;

#[cfg(feature = "report")]
use super::charts::{CHARTS, Drawing};
use super::document::{Document, Folder, ResultFile, Statement, Unreadable, Writing, refuse};
use super::estimates::Results;
#[cfg(feature = "report")]
use super::format::Format;
use super::manifest::{Manifest, study};
use super::matters::Matters;
#[cfg(feature = "report")]
use super::page::page;
use super::statement::statement;
use super::summary::{all_tables, as_json, heading};
use super::table::{Reported, ResultTable};
#[cfg(feature = "report")]
use super::workbook;
use super::{digest, pair_tables, replications, tables};

/// The result files of a comparison, in the order of writing.
const FILES: &[ResultFile<Results>] = &[
    ResultFile::own("scenario.toml", |results, out| out.write_all(results.study.scenario.text().as_bytes())),
    ResultFile::own("replications.csv", replications::write_csv),
    ResultFile::csv("summary.csv", &tables::SUMMARY),
    ResultFile::csv("quantiles.csv", &tables::QUANTILES),
    ResultFile::csv("timeline.csv", &tables::TIMELINE),
    ResultFile::csv("comparison.csv", &pair_tables::COMPARISON),
    ResultFile::csv("best.csv", &pair_tables::BEST),
    ResultFile::csv("breakeven.csv", &pair_tables::BREAK_EVEN),
    ResultFile::csv("goals.csv", &tables::GOALS),
    ResultFile::csv("goals_timeline.csv", &tables::GOALS_TIMELINE),
    ResultFile::csv("costs.csv", &tables::COSTS),
    ResultFile::csv("costs_by_year.csv", &tables::COSTS_BY_YEAR),
    ResultFile::csv("employers.csv", &tables::EMPLOYERS),
    ResultFile::csv("phases.csv", &tables::PHASES_TABLE),
    #[cfg(feature = "report")]
    ResultFile::own_in(Format::Parquet, "replications.parquet", replications::write_parquet),
    ResultFile::parquet("summary.parquet", &tables::SUMMARY),
    ResultFile::parquet("quantiles.parquet", &tables::QUANTILES),
    ResultFile::parquet("timeline.parquet", &tables::TIMELINE),
    ResultFile::parquet("comparison.parquet", &pair_tables::COMPARISON),
    ResultFile::parquet("best.parquet", &pair_tables::BEST),
    ResultFile::parquet("breakeven.parquet", &pair_tables::BREAK_EVEN),
    ResultFile::parquet("goals.parquet", &tables::GOALS),
    ResultFile::parquet("goals_timeline.parquet", &tables::GOALS_TIMELINE),
    ResultFile::parquet("costs.parquet", &tables::COSTS),
    ResultFile::parquet("costs_by_year.parquet", &tables::COSTS_BY_YEAR),
    ResultFile::parquet("employers.parquet", &tables::EMPLOYERS),
    ResultFile::parquet("phases.parquet", &tables::PHASES_TABLE),
    #[cfg(feature = "report")]
    ResultFile::own_in(Format::Xlsx, "results.xlsx", |results, out| {
        workbook::write(results, &results.manifest(), SHEETS, out)
    }),
    ResultFile::manifest(),
];

/// The sheets of the workbook, in the order in which a planner needs them.
#[cfg(feature = "report")]
const SHEETS: &workbook::Sheets<Results> = &[
    ("summary", &tables::SUMMARY),
    ("goals", &tables::GOALS),
    ("goals_timeline", &tables::GOALS_TIMELINE),
    ("timeline", &tables::TIMELINE),
    ("comparison", &pair_tables::COMPARISON),
    ("best", &pair_tables::BEST),
    ("breakeven", &pair_tables::BREAK_EVEN),
    ("costs", &tables::COSTS),
    ("costs_by_year", &tables::COSTS_BY_YEAR),
    ("employers", &tables::EMPLOYERS),
    ("phases", &tables::PHASES_TABLE),
];

/// Tables that are read back in another form than they are written.
const READ: [(&str, &dyn ResultTable<Results>); 2] =
    [("comparison.csv", &pair_tables::COMPARISON_READ), ("best.csv", &pair_tables::BEST_READ)];

impl Document for Results {
    const FILES: &'static [ResultFile<Self>] = FILES;
    #[cfg(feature = "report")]
    const CHARTS: &'static [Drawing<Self>] = CHARTS;

    #[cfg(feature = "report")]
    fn page(&self) -> Page {
        page(self)
    }

    fn set_matters(&mut self, matters: Matters) {
        self.study.matters = matters;
    }

    fn heading(&self) -> String {
        heading(self)
    }

    fn key_tables(&self) -> Vec<Table> {
        digest::goals(self).into_iter().chain([digest::figures(self)]).collect()
    }

    fn all_tables(&self) -> Vec<Table> {
        all_tables(self)
    }

    fn statement(&self) -> Statement {
        statement(self)
    }

    fn json(&self) -> Json {
        as_json(self)
    }

    fn gates_missed(&self) -> Vec<String> {
        let told = |(strategy, position): (usize, usize)| {
            let goal = &self.study.scenario.world.goals[position];
            // Rounded down: a gate that is missed must not look reached.
            let low = (1000.0 * self.goal(strategy, position).low).floor() / 10.0;
            let required = percent(goal.probability.unwrap_or(f64::NAN));
            format!("{}: {}: at least {low} % likely, {required} % required", self.study.name(strategy), goal.name)
        };
        self.missed().into_iter().map(told).collect()
    }

    fn partial(&self) -> Option<String> {
        self.study.origin.partial.as_ref().map(ToString::to_string)
    }

    fn read<R: Read>(open: impl Fn(&str) -> io::Result<R>) -> Result<Self, Unreadable> {
        read(open)
    }
}

impl Reported for Results {
    fn manifest(&self) -> Manifest {
        Manifest::of(&self.study)
    }

    fn currency(&self) -> &str {
        &self.study.scenario.world.currency
    }
}

/// Reads the results of a comparison back.
pub(super) fn read<R: Read>(open: impl Fn(&str) -> io::Result<R>) -> Result<Results, Unreadable> {
    let folder = Folder(open);
    let manifest = folder.manifest()?;
    let text = String::from_utf8(folder.load("scenario.toml")?).map_err(|error| refuse("scenario.toml", error))?;
    let scenario = Scenario::parse(&text, &[]).map_err(|error| refuse("scenario.toml", error))?;
    let scenario = scenario.made_by(&manifest.overrides);
    if scenario.sha256() != manifest.scenario_sha256 {
        let message = "changed since the run: its SHA-256 differs from the one in manifest.json";
        return Err(refuse("scenario.toml", message));
    }
    let study = study(scenario, &manifest).map_err(|message| refuse("manifest.json", message))?;
    let file = "replications.csv";
    let columns = replications::read_csv(BufReader::with_capacity(1 << 16, folder.open(file)?), &study);
    let columns = columns.map_err(|message| refuse(file, message))?;
    let observations = Observations::of_columns(&study.scenario, columns);
    let mut results = Results::unread(study, observations);
    // If the replications are kept, strategies are compared on demand.
    let is_long = results.study.settings.replications > EXACT_AT_MOST;
    for file in FILES {
        let Writing::Csv(table) = file.writing else { continue };
        match READ.iter().find(|(name, _)| *name == file.name) {
            None => folder.read(file.name, table, &mut results)?,
            Some((_, table)) if is_long => folder.read(file.name, *table, &mut results)?,
            Some(_) => {}
        }
    }
    Ok(results)
}
