//! The result files: what each holds, how it is written, and how a folder of them is read back.

use std::borrow::Cow;
use std::io::{self, BufReader, Read, Write};

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::report::csv::{Field, Writer, original};
use crate::response::{MEASURES, Measure, OUTCOMES, ResponseColumn, Unit};
use crate::run::{EXACT_AT_MOST, Settings, quantile_error};
use crate::scenario::Scenario;
use crate::stats::{Column, Confidence};

use super::estimates::{Results, Study};
use super::replications::Gathered;
use super::{Origin, Partial, PrecisionRecord, Source};

/// Writes one result file.
pub type Write1 = fn(&Results, &mut dyn Write) -> io::Result<()>;

/// The result files, in the order in which they are written; the manifest comes last and makes the folder complete.
pub const FILES: [(&str, Write1); 13] = [
    ("scenario.toml", |results, out| out.write_all(results.study.scenario.text().as_bytes())),
    ("replications.csv", write_replications),
    ("summary.csv", |results, out| write_rows(&results.summary, out)),
    ("quantiles.csv", |results, out| write_rows(&results.quantiles, out)),
    ("timeline.csv", |results, out| write_rows(&results.timeline, out)),
    ("comparison.csv", |results, out| write_rows(&results.comparison, out)),
    ("best.csv", |results, out| write_rows(&results.best, out)),
    ("breakeven.csv", |results, out| write_rows(&results.break_even, out)),
    ("goals.csv", |results, out| write_rows(&results.goals, out)),
    ("goals_timeline.csv", |results, out| write_rows(&results.goal_months, out)),
    ("costs.csv", |results, out| write_rows(&results.costs, out)),
    ("phases.csv", |results, out| write_rows(&results.phases, out)),
    ("manifest.json", |results, out| {
        serde_json::to_writer_pretty(&mut *out, &Manifest::of(&results.study))?;
        out.write_all(b"\n")
    }),
];

/// What a result folder is about: `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// Title of the scenario.
    pub title: String,
    /// The scenario as run, changed by the overrides: what `scenario.toml` holds.
    pub scenario: String,
    /// SHA-256 of it.
    pub scenario_sha256: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Whether each strategy has luck of its own, rather than all of them the same.
    pub independent: bool,
    /// Replications of each strategy.
    pub replications: u32,
    /// Level of the confidence intervals.
    pub confidence: f64,
    /// How far a quantile in any file may lie from that of all replications, as a share of it; 0 where they are exact.
    pub quantile_error: f64,
    /// The precision that was asked for, and what missed it; absent if none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionRecord>,
    /// What is missing; absent if all replications were there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<Partial>,
    /// The strategies, in the order of the files.
    pub strategies: Vec<String>,
    /// The strategy that the others are compared with.
    pub baseline: String,
    /// How to compute all this again, from within the folder.
    pub command: String,
    /// Columns of `replications.csv`.
    pub responses: Vec<About>,
    /// Measures of `timeline.csv`.
    pub measures: Vec<About>,
}

/// A column: its name, unit and meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// What it means.
    pub meaning: String,
}

impl Manifest {
    /// The manifest of a study.
    #[must_use]
    pub fn of(study: &Study) -> Self {
        let names = study.names();
        let currency = &study.scenario.world.currency;
        let column = |column: ResponseColumn| About { name: column.name, unit: column.unit_name, meaning: column.help };
        let measure = |measure: &Measure| About {
            name: measure.name.into(),
            unit: measure.unit.name(currency),
            meaning: measure.help.into(),
        };
        Self {
            program: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            title: study.scenario.title.clone(),
            scenario: study.scenario.text().to_owned(),
            scenario_sha256: study.scenario.sha256(),
            seed: study.settings.seed,
            independent: study.settings.independent,
            replications: study.settings.replications,
            confidence: study.confidence.level(),
            quantile_error: quantile_error(study.settings.replications),
            precision: study.origin.precision.clone(),
            partial: study.origin.partial.clone(),
            strategies: names.iter().map(|&name| name.to_owned()).collect(),
            baseline: names.get(study.baseline).copied().unwrap_or_default().to_owned(),
            command: command(study),
            responses: study.columns().into_iter().map(column).collect(),
            measures: MEASURES.iter().map(measure).collect(),
        }
    }
}

/// The command that computes a study again from its `scenario.toml`.
fn command(study: &Study) -> String {
    let Settings { seed, replications, strategies, independent } = &study.settings;
    // No command leaves replications out: the complete run is the nearest.
    let replications = study.origin.partial.as_ref().map_or(replications, |partial| &partial.of);
    let mut command = format!("handover run scenario.toml --replications {replications} --seed {seed}");
    if *independent {
        command += " --independent";
    }
    if strategies.len() < study.scenario.strategies.len() {
        study.names().iter().for_each(|name| command += &option("strategy", name));
    }
    if study.baseline > 0 {
        command += &option("baseline", study.names()[study.baseline]);
    }
    if (study.confidence.level() - 0.95).abs() > 0.0 {
        command += &format!(" --confidence {}", study.confidence.level());
    }
    command
}

/// An option with its value, which must not look like another option.
fn option(name: &str, value: &str) -> String {
    let separator = if value.starts_with('-') { '=' } else { ' ' };
    format!(" --{name}{separator}{}", quoted(value))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn write_rows<R: Serialize + Default>(rows: &[R], out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    for row in rows {
        writer.serialize(row)?;
    }
    if rows.is_empty() {
        // The header comes with the first row: of a row that says nothing, only the header is kept.
        let mut nothing = csv::Writer::from_writer(Vec::new());
        nothing.serialize(R::default())?;
        let nothing = nothing.into_inner().map_err(csv::IntoInnerError::into_error)?;
        let header = nothing.split_inclusive(|&byte| byte == b'\n').next().unwrap_or_default();
        writer.into_inner().map_err(|_| io::ErrorKind::Other)?.write_all(header)?;
        return Ok(());
    }
    writer.flush()
}

/// The columns of the replications, by name.
pub(super) fn header(columns: &[ResponseColumn]) -> impl Iterator<Item = &str> {
    ["strategy", "replication"].into_iter().chain(columns.iter().map(|column| column.name.as_str()))
}

/// Rows are made in parallel, so many at a time, and written in their order: making the digits of numbers takes longer than
/// anything else once all replications are there.
fn write_replications(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    const ROWS: usize = 512;
    const PIECES: usize = 64;
    let about = results.study.columns();
    Writer::new(&mut *out, header(&about))?.finish()?;
    let units: Vec<Unit> = about.iter().map(|column| column.unit).collect();
    let all = results.study.settings.replications as usize;
    for (strategy, name) in results.study.names().into_iter().enumerate() {
        let rows = |piece: usize| -> io::Result<Vec<u8>> {
            let mut writer = Writer::without_header(Vec::new());
            let begin = piece * ROWS;
            let columns = results.replications(strategy, &(begin..all.min(begin + ROWS)))?;
            let count = columns.first().map_or(0, |column| column.len());
            for (row, number) in results.study.origin.numbers(&(begin..begin + count)).into_iter().enumerate() {
                let cell = |(column, &unit): (&Cow<'_, [f64]>, &Unit)| field(column[row], unit);
                let number = Field::Number(number.into());
                writer.row([Field::Text(name), number].into_iter().chain(columns.iter().zip(&units).map(cell)))?;
            }
            writer.finish()
        };
        let pieces: Vec<usize> = (0..all.div_ceil(ROWS)).collect();
        for pieces in pieces.chunks(PIECES) {
            let made: Vec<io::Result<Vec<u8>>> = pieces.par_iter().map(|&piece| rows(piece)).collect();
            made.into_iter().try_for_each(|piece| out.write_all(&piece?))?;
        }
    }
    out.flush()
}

fn field(value: f64, unit: Unit) -> Field<'static> {
    match unit {
        Unit::Outcome => Field::Text(outcome(value)),
        _ => Field::Number(value),
    }
}

/// The name of an outcome.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an outcome is its position")]
pub(super) fn outcome(value: f64) -> &'static str {
    OUTCOMES.get(value as usize).copied().unwrap_or_default()
}

/// Why a result folder cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A file cannot be read at all.
    #[error("{file}: {cause}")]
    Io {
        /// Its name.
        file: &'static str,
        /// What happened.
        cause: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{file}: {message}")]
    Content {
        /// Its name.
        file: &'static str,
        /// What is wrong.
        message: String,
    },
}

/// Reads a result folder back: `open` opens the file of a name.
///
/// # Errors
/// If a file is missing, damaged, or does not fit to the others.
pub fn read<R: Read>(open: impl Fn(&str) -> io::Result<R>) -> Result<Results, Unreadable> {
    let load = |file: &'static str| {
        let mut bytes = Vec::new();
        open(file).and_then(|mut reader| reader.read_to_end(&mut bytes)).map_err(|cause| Unreadable::Io { file, cause })?;
        Ok::<_, Unreadable>(bytes)
    };
    let refuse = |file: &'static str, message: String| Unreadable::Content { file, message };
    let manifest: Manifest =
        serde_json::from_slice(&load("manifest.json")?).map_err(|error| refuse("manifest.json", error.to_string()))?;
    let text = String::from_utf8(load("scenario.toml")?).map_err(|error| refuse("scenario.toml", error.to_string()))?;
    let scenario = Scenario::parse(&text, &[]).map_err(|error| refuse("scenario.toml", error.to_string()))?;
    if scenario.sha256() != manifest.scenario_sha256 {
        return Err(refuse("scenario.toml", "changed since the run: its SHA-256 is not the one of manifest.json".into()));
    }
    let study = study(scenario, &manifest).map_err(|message| refuse("manifest.json", message))?;
    let results = Results {
        responses: {
            let file = "replications.csv";
            let reader = open(file).map_err(|cause| Unreadable::Io { file, cause })?;
            read_replications(BufReader::with_capacity(1 << 16, reader), &study).map_err(|message| refuse(file, message))?
        },
        source: Source::default(),
        summary: read_rows(&load("summary.csv")?).map_err(|error| refuse("summary.csv", error.to_string()))?,
        quantiles: read_rows(&load("quantiles.csv")?).map_err(|error| refuse("quantiles.csv", error.to_string()))?,
        timeline: read_rows(&load("timeline.csv")?).map_err(|error| refuse("timeline.csv", error.to_string()))?,
        comparison: read_rows(&load("comparison.csv")?).map_err(|error| refuse("comparison.csv", error.to_string()))?,
        best: read_rows(&load("best.csv")?).map_err(|error| refuse("best.csv", error.to_string()))?,
        break_even: read_rows(&load("breakeven.csv")?).map_err(|error| refuse("breakeven.csv", error.to_string()))?,
        goals: read_rows(&load("goals.csv")?).map_err(|error| refuse("goals.csv", error.to_string()))?,
        goal_months: read_rows(&load("goals_timeline.csv")?)
            .map_err(|error| refuse("goals_timeline.csv", error.to_string()))?,
        costs: read_rows(&load("costs.csv")?).map_err(|error| refuse("costs.csv", error.to_string()))?,
        phases: read_rows(&load("phases.csv")?).map_err(|error| refuse("phases.csv", error.to_string()))?,
        study,
    };
    match results.incomplete_file() {
        None => Ok(results),
        Some(file) => Err(refuse(file, "does not hold the rows that it should".into())),
    }
}

/// Most replications of a run.
pub(super) const REPLICATIONS_AT_MOST: u32 = 1_000_000_000;

/// What a manifest is about.
pub(super) fn study(scenario: Scenario, manifest: &Manifest) -> Result<Study, String> {
    let position = |name: &String| {
        let found = scenario.strategies.iter().position(|strategy| strategy.name == *name);
        found.ok_or_else(|| format!("the scenario has no strategy {name:?}"))
    };
    let strategies = manifest.strategies.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    if strategies.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err("its strategies are not those of the scenario, in their order and each once".to_owned());
    }
    let replications = manifest.replications;
    if !(1..=REPLICATIONS_AT_MOST).contains(&replications) {
        return Err(format!("{replications} replications, expected 1 to {REPLICATIONS_AT_MOST}"));
    }
    let baseline = manifest.strategies.iter().position(|name| *name == manifest.baseline);
    let fits = |partial: &Partial| partial.replications == replications && partial.is_consistent();
    if !manifest.partial.as_ref().is_none_or(fits) {
        return Err("the replications of `partial` do not add up".to_owned());
    }
    Ok(Study {
        settings: Settings { seed: manifest.seed, replications, strategies, independent: manifest.independent },
        confidence: Confidence::new(manifest.confidence).map_err(|error| error.to_string())?,
        baseline: baseline.ok_or_else(|| format!("{:?} is not one of the strategies", manifest.baseline))?,
        origin: Origin { precision: manifest.precision.clone(), partial: manifest.partial.clone() },
        scenario,
    })
}

fn read_rows<R: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<R>, csv::Error> {
    csv::Reader::from_reader(bytes).deserialize().collect()
}

fn read_replications(reader: impl Read, study: &Study) -> Result<Vec<Vec<Column>>, String> {
    let columns = study.columns();
    let names = study.names();
    let replications = study.settings.replications;
    let gathered = || Gathered::new(columns.len(), replications > EXACT_AT_MOST);
    let mut responses: Vec<Gathered> = names.iter().map(|_| gathered()).collect();
    let mut reader = csv::Reader::from_reader(reader);
    let found = reader.headers().map_err(|error| error.to_string())?;
    if !found.iter().map(original).eq(header(&columns)) {
        return Err("its columns are not those of this version".into());
    }
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(|error| error.to_string())? {
        let name = original(row.get(0).unwrap_or_default());
        let strategy = names.iter().position(|known| *known == name).ok_or_else(|| format!("unknown strategy {name:?}"))?;
        for (position, (cell, about)) in row.iter().skip(2).zip(&columns).enumerate() {
            let value = value(cell, about.unit).ok_or_else(|| format!("{cell:?} is not a value of {}", about.name))?;
            responses[strategy].push(position, value);
        }
    }
    let responses: Vec<Vec<Column>> = responses.into_iter().map(Gathered::finish).collect();
    if responses.iter().any(|strategy| strategy[0].len() != u64::from(replications)) {
        return Err(format!("expected {replications} rows for each strategy"));
    }
    Ok(responses)
}

fn value(cell: &str, unit: Unit) -> Option<f64> {
    match unit {
        Unit::Outcome => {
            OUTCOMES.iter().zip(0_u8..).find(|(outcome, _)| **outcome == cell).map(|(_, position)| position.into())
        }
        _ if cell.is_empty() => Some(f64::NAN),
        _ => cell.parse().ok(),
    }
}
