//! A sweep as a document: its files, how they are read back, and its manifest.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use serde_json::{Value as Json, json};

#[cfg(feature = "report")]
use crate::report::Page;
use crate::report::Table;
use crate::run::Observations;
use crate::scenario::{Arrangement, Design, DesignPoint, Scenario, Variation};
use crate::stats::Confidence;

#[cfg(feature = "report")]
use super::super::charts::Drawing;
use super::super::designed::{DesignRecord, Sources};
use super::super::document::{Document, Folder, ResultFile, Statement, Unreadable, refuse};
use super::super::estimates::Results;
#[cfg(feature = "report")]
use super::super::format::Format;
use super::super::manifest::{Manifest, REPLICATIONS_AT_MOST};
use super::super::matters::Matters;
use super::super::study::Study;
use super::super::table::{Cell, Reported, ResultTable};
#[cfg(feature = "report")]
use super::super::workbook;
use super::super::{replications, tables as of_run};
#[cfg(feature = "report")]
use super::charts::CHARTS;
use super::commands::{DESIGN as DESIGN_FILE, FACTORS as FACTORS_FILE};
use super::effects::Effect;
use super::tables::{DIFFERENCES, DIFFERENCES_READ, EFFECTS, OfPoints, POINTS, TORNADO};
use super::{SweepStudy, Swept};

static SUMMARY: OfPoints = OfPoints(&of_run::SUMMARY);
static GOALS: OfPoints = OfPoints(&of_run::GOALS);
static QUANTILES: OfPoints = OfPoints(&of_run::QUANTILES);

const FILES: &[ResultFile<Swept>] = &[
    ResultFile::own("scenario.toml", |swept, out| out.write_all(swept.study.scenario().text().as_bytes())),
    ResultFile::own(FACTORS_FILE, |swept, out| write_given(swept.study.variation.with.as_ref(), out)),
    ResultFile::own(DESIGN_FILE, |swept, out| write_given(swept.study.variation.points.as_ref(), out)),
    ResultFile::csv("points.csv", &POINTS),
    ResultFile::csv("summary.csv", &SUMMARY),
    ResultFile::csv("goals.csv", &GOALS),
    ResultFile::csv("quantiles.csv", &QUANTILES),
    ResultFile::csv("differences.csv", &DIFFERENCES),
    ResultFile::csv("effects.csv", &EFFECTS),
    ResultFile::csv("tornado.csv", &TORNADO),
    ResultFile::own("replications.csv", Swept::write_replications),
    ResultFile::parquet("points.parquet", &POINTS),
    ResultFile::parquet("summary.parquet", &SUMMARY),
    ResultFile::parquet("goals.parquet", &GOALS),
    ResultFile::parquet("quantiles.parquet", &QUANTILES),
    ResultFile::parquet("differences.parquet", &DIFFERENCES),
    ResultFile::parquet("effects.parquet", &EFFECTS),
    ResultFile::parquet("tornado.parquet", &TORNADO),
    #[cfg(feature = "report")]
    ResultFile::own_in(Format::Xlsx, "results.xlsx", |swept, out| workbook::write(swept, &swept.manifest(), SHEETS, out)),
    ResultFile::manifest(),
];

/// The sheets of the workbook, those first that are looked at first.
#[cfg(feature = "report")]
const SHEETS: &workbook::Sheets<Swept> = &[
    ("points", &POINTS),
    ("summary", &SUMMARY),
    ("goals", &GOALS),
    ("differences", &DIFFERENCES),
    ("effects", &EFFECTS),
    ("tornado", &TORNADO),
];

/// Writes the text of a file that was given.
fn write_given(given: Option<&(String, String)>, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(given.map_or("", |(_, text)| text).as_bytes())
}

impl Document for Swept {
    const FILES: &'static [ResultFile<Self>] = FILES;
    #[cfg(feature = "report")]
    const CHARTS: &'static [Drawing<Self>] = CHARTS;

    fn has(&self, file: &str) -> bool {
        self.study.has(file)
    }

    #[cfg(feature = "report")]
    fn page(&self) -> Page {
        super::page::page(self)
    }

    /// A sweep calls nothing better or worse. Its tables hold changes with their intervals.
    fn set_matters(&mut self, _matters: Matters) {}

    fn heading(&self) -> String {
        super::words::heading(self)
    }

    fn key_tables(&self) -> Vec<Table> {
        vec![super::words::key_table(self)]
    }

    fn all_tables(&self) -> Vec<Table> {
        vec![super::words::table(self, usize::MAX)]
    }

    fn statement(&self) -> Statement {
        super::words::statement(self)
    }

    fn json(&self) -> Json {
        json!({
            "format": 2,
            "manifest": self.manifest(),
            "statement": self.statement().json(),
            "points": POINTS.json(self),
            "summary": SUMMARY.json(self),
            "goals": GOALS.json(self),
        })
    }

    /// Returns a sweep asks what happens at each point. A gate that is not met at some of them is an answer, not a failure.
    fn gates_missed(&self) -> Vec<String> {
        Vec::new()
    }

    fn partial(&self) -> Option<String> {
        None
    }

    fn read<R: Read>(open: impl Fn(&str) -> io::Result<R>) -> Result<Self, Unreadable> {
        let folder = Folder(open);
        let manifest = folder.manifest()?;
        let study = SweepStudy::of_manifest(&manifest).map_err(|message| refuse("manifest.json", message))?;
        let plan = study.plan().map_err(|_| refuse("manifest.json", "a point is not a valid scenario in this version"))?;
        let unread = |point: usize| {
            let study = study.study_of(point, plan.scenario(point));
            let observations = Observations::new(&study.scenario, study.settings.strategies.len(), Some(0));
            Results::unread(study, observations).without_replications()
        };
        let points = (0..plan.points()).map(unread).collect();
        let (differences, effects, numeric) = (BTreeMap::new(), Vec::new(), study.numeric());
        let mut swept = Self { study, points, differences, effects, numeric, runs: None };
        folder.read("points.csv", &POINTS, &mut swept)?;
        folder.read("summary.csv", &SUMMARY, &mut swept)?;
        folder.read("goals.csv", &GOALS, &mut swept)?;
        folder.read("quantiles.csv", &QUANTILES, &mut swept)?;
        folder.read("differences.csv", &DIFFERENCES_READ, &mut swept)?;
        if swept.has("effects.csv") {
            let bytes = folder.load("effects.csv")?;
            let rows = csv::Reader::from_reader(bytes.as_slice()).records().count();
            swept.effects = vec![Effect::unread(); rows];
            EFFECTS.read(&mut swept, &bytes).map_err(|message| refuse("effects.csv", message))?;
        }
        Ok(swept)
    }
}

impl Reported for Swept {
    fn manifest(&self) -> Manifest {
        self.study.manifest()
    }

    fn currency(&self) -> &str {
        &self.study.scenario().world.currency
    }
}

impl SweepStudy {
    /// Returns whether its results have a file.
    #[must_use]
    pub fn has(&self, file: &str) -> bool {
        match file.split('.').next().unwrap_or_default() {
            "factors" => self.is_of_one_file() && self.variation.with.is_some(),
            "design" => self.is_of_one_file() && self.variation.points.is_some(),
            "effects" => self.design.arrangement == Arrangement::AllCombinations,
            "tornado" => self.design.arrangement == Arrangement::OneAtATime,
            "replications" => self.keeps_replications,
            _ => true,
        }
    }

    /// Returns the manifest of its results.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        let scenario = Arc::new(self.scenario().clone());
        let settings = self.settings_of(&scenario);
        let study = Study::new(scenario, settings, self.confidence, 0);
        let base = Manifest::of(&study);
        let file = |(label, scenario): &(String, Scenario)| (label.clone(), scenario.text().to_owned());
        let record = DesignRecord {
            design: Design::clone(&self.design),
            variation: self.recorded(),
            sources: if self.is_of_one_file() { Sources::default() } else { self.sources.clone() },
            files: self.files.iter().map(file).collect(),
            responses: self.responses.clone(),
            keeps_replications: self.keeps_replications,
        };
        let command = self.command();
        Manifest { strategies: self.strategy_names(), command, design: Some(record), ..base }
    }

    /// Returns the requested variation, with the names that its files have in the folder.
    fn recorded(&self) -> Variation {
        let mut variation = self.variation.clone();
        if self.is_of_one_file() {
            let given = [(&mut variation.points, DESIGN_FILE), (&mut variation.with, FACTORS_FILE)];
            given.into_iter().for_each(|(given, own)| given.iter_mut().for_each(|(path, _)| own.clone_into(path)));
        }
        variation
    }

    /// Returns the names of all strategies that are simulated at some point.
    pub(super) fn strategy_names(&self) -> Vec<String> {
        self.names_of(|name| self.wants(name))
    }

    /// Returns the names of these strategies of all files.
    pub(super) fn names_of(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for strategy in self.files.iter().flat_map(|(_, scenario)| &scenario.strategies) {
            if is_wanted(&strategy.name) && !names.contains(&strategy.name) {
                names.push(strategy.name.clone());
            }
        }
        names
    }

    /// Returns the study that a manifest describes.
    ///
    /// # Errors
    /// Fails if it is not the manifest of a sweep, or is inconsistent.
    pub fn of_manifest(manifest: &Manifest) -> Result<Self, String> {
        let record = manifest.design.as_ref().ok_or("it is not the manifest of a sweep")?;
        let design = record.design.clone();
        if !(1..=REPLICATIONS_AT_MOST).contains(&manifest.replications) || design.points.is_empty() {
            return Err("it has no points, or no replications".to_owned());
        }
        let file = |(label, text): &(String, String)| {
            let scenario = Scenario::parse(text, &[]).map_err(|error| error.to_string())?;
            Ok((label.clone(), scenario.made_by(&manifest.overrides)))
        };
        let files = record.files.iter().map(file).collect::<Result<Vec<_>, String>>()?;
        let fits = |point: &DesignPoint| point.file < files.len() && point.levels.len() == design.factors.len();
        let all = design.factors.iter().try_fold(1_usize, |all, factor| all.checked_mul(factor.levels.len()));
        let is_whole = design.arrangement != Arrangement::AllCombinations || all == Some(design.points.len());
        if files.is_empty() || design.base >= design.points.len() || !design.points.iter().all(fits) || !is_whole {
            return Err("its points do not fit its factors".to_owned());
        }
        Ok(Self {
            files: Arc::new(files),
            variation: record.variation.clone(),
            sources: record.sources.clone(),
            design: Arc::new(design),
            seed: manifest.seed,
            replications: manifest.replications,
            strategies: manifest.strategies.clone(),
            independent: manifest.independent,
            confidence: Confidence::new(manifest.confidence).map_err(|error| error.to_string())?,
            responses: record.responses.clone(),
            keeps_replications: record.keeps_replications,
        })
    }
}

impl Swept {
    /// Writes the rows of all replications of all points.
    fn write_replications(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let Some(runs) = &self.runs else { return Err(io::Error::other("the replications are not kept")) };
        for point in 0..self.points.len() {
            let results = super::point_of(&self.study, runs, point)?;
            if results.study.columns().len() != self.points[0].observations.about().len() {
                return Err(io::Error::other("points with other goals have other columns; run without --keep replications"));
            }
            if point == 0 {
                let head: Vec<String> = self.point_head().iter().map(|head| head.name.to_string()).collect();
                replications::write_header(&results, &head, out)?;
            }
            let before: Vec<String> = self.point_cells(point).iter().map(Cell::csv).collect();
            replications::write_rows(&results, &before, out)?;
        }
        out.flush()
    }
}
