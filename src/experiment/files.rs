//! The result files: what each holds, how it is written, and how a folder of them is read back.

use std::io::{self, BufReader, Read, Write};

use serde::{Deserialize, Serialize};

use crate::response::{MEASURES, Measure, ResponseColumn};
use crate::run::{EXACT_AT_MOST, Observations, Settings, quantile_error};
use crate::scenario::Scenario;
use crate::stats::Confidence;

use super::estimates::Results;
use super::study::{Pairs, Study};
use super::table::ResultTable;
use super::{Origin, Partial, PrecisionRecord, pair_tables, replications, tables};

/// Writes one result file.
pub type WriteFile = fn(&Results, &mut dyn Write) -> io::Result<()>;

/// The result files, in the order in which they are written; the manifest comes last and makes the folder complete.
pub const FILES: [(&str, WriteFile); 13] = [
    ("scenario.toml", |results, out| out.write_all(results.study.scenario.text().as_bytes())),
    ("replications.csv", replications::write_csv),
    ("summary.csv", |results, out| tables::SUMMARY.csv(results, out)),
    ("quantiles.csv", |results, out| tables::QUANTILES.csv(results, out)),
    ("timeline.csv", |results, out| tables::TIMELINE.csv(results, out)),
    ("comparison.csv", |results, out| pair_tables::COMPARISON.csv(results, out)),
    ("best.csv", |results, out| pair_tables::BEST.csv(results, out)),
    ("breakeven.csv", |results, out| pair_tables::BREAK_EVEN.csv(results, out)),
    ("goals.csv", |results, out| tables::GOALS.csv(results, out)),
    ("goals_timeline.csv", |results, out| tables::GOALS_TIMELINE.csv(results, out)),
    ("costs.csv", |results, out| tables::COSTS.csv(results, out)),
    ("phases.csv", |results, out| tables::PHASES_TABLE.csv(results, out)),
    ("manifest.json", |results, out| {
        serde_json::to_writer_pretty(&mut *out, &Manifest::of(&results.study))?;
        out.write_all(b"\n")
    }),
];

/// The tables as Parquet, in the order of the CSV files that they go with.
pub const TABLES: [(&str, WriteFile); 11] = [
    ("replications.parquet", replications::write_parquet),
    ("summary.parquet", |results, out| tables::SUMMARY.parquet(results, out)),
    ("quantiles.parquet", |results, out| tables::QUANTILES.parquet(results, out)),
    ("timeline.parquet", |results, out| tables::TIMELINE.parquet(results, out)),
    ("comparison.parquet", |results, out| pair_tables::COMPARISON.parquet(results, out)),
    ("best.parquet", |results, out| pair_tables::BEST.parquet(results, out)),
    ("breakeven.parquet", |results, out| pair_tables::BREAK_EVEN.parquet(results, out)),
    ("goals.parquet", |results, out| tables::GOALS.parquet(results, out)),
    ("goals_timeline.parquet", |results, out| tables::GOALS_TIMELINE.parquet(results, out)),
    ("costs.parquet", |results, out| tables::COSTS.parquet(results, out)),
    ("phases.parquet", |results, out| tables::PHASES_TABLE.parquet(results, out)),
];

/// The tables that results are read from again.
const READ: [(&str, &dyn ResultTable); 10] = [
    ("summary.csv", &tables::SUMMARY),
    ("quantiles.csv", &tables::QUANTILES),
    ("timeline.csv", &tables::TIMELINE),
    ("comparison.csv", &pair_tables::COMPARISON_READ),
    ("best.csv", &pair_tables::BEST_READ),
    ("breakeven.csv", &pair_tables::BREAK_EVEN),
    ("goals.csv", &tables::GOALS),
    ("goals_timeline.csv", &tables::GOALS_TIMELINE),
    ("costs.csv", &tables::COSTS),
    ("phases.csv", &tables::PHASES_TABLE),
];

/// What a row of each result table is about, and its columns with their meanings, by the name of the CSV file.
#[must_use]
pub fn tables_in_words() -> Vec<TableInWords> {
    let table = |(file, table): (&'static str, &dyn ResultTable)| {
        let (about, columns) = table.words();
        TableInWords { file, about, columns }
    };
    READ.into_iter().map(table).collect()
}

/// What a result table says of itself.
#[derive(Clone, Debug)]
pub struct TableInWords {
    /// The CSV file.
    pub file: &'static str,
    /// What a row is about.
    pub about: &'static str,
    /// Each column and what it means, in the order of the file.
    pub columns: Vec<(&'static str, &'static str)>,
}

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
    /// Which pairs of strategies are compared: `all`, or those with the `baseline`.
    pub pairs: String,
    /// How to compute all this again, from within the folder.
    pub command: String,
    /// Columns of `replications.csv`.
    pub responses: Vec<About>,
    /// Measures of `timeline.csv`.
    pub measures: Vec<About>,
}

/// A column: its name, unit, nature and meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Its nature: date, ratio or number.
    pub nature: String,
    /// What it means.
    pub meaning: String,
}

impl Manifest {
    /// The manifest of a study.
    #[must_use]
    pub fn of(study: &Study) -> Self {
        let names = study.names();
        let currency = &study.scenario.world.currency;
        let column = |column: ResponseColumn| About {
            name: column.name,
            unit: column.unit_name,
            nature: column.nature.name().to_owned(),
            meaning: column.help,
        };
        let measure = |measure: &Measure| About {
            name: measure.name.into(),
            unit: measure.unit.name(currency),
            nature: "number".to_owned(),
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
            pairs: study.pairs.name().to_owned(),
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
    if study.pairs != Pairs::of(strategies.len()) {
        command += &option("pairs", study.pairs.name());
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
    let file = "replications.csv";
    let reader = open(file).map_err(|cause| Unreadable::Io { file, cause })?;
    let columns = replications::read_csv(BufReader::with_capacity(1 << 16, reader), &study);
    let columns = columns.map_err(|message| refuse(file, message))?;
    let observations = Observations::of_columns(&study.scenario, columns);
    let mut results = Results::unread(study, observations);
    // Where the replications are kept, strategies are compared when that is asked for.
    let is_long = results.study.settings.replications > EXACT_AT_MOST;
    let is_computed = |file: &str| !is_long && ["comparison.csv", "best.csv"].contains(&file);
    for (file, table) in READ.into_iter().filter(|(file, _)| !is_computed(file)) {
        table.read(&mut results, &load(file)?).map_err(|message| refuse(file, message))?;
    }
    Ok(results)
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
    let pairs = [Pairs::All, Pairs::Baseline].into_iter().find(|pairs| pairs.name() == manifest.pairs);
    Ok(Study {
        settings: Settings { seed: manifest.seed, replications, strategies, independent: manifest.independent },
        confidence: Confidence::new(manifest.confidence).map_err(|error| error.to_string())?,
        pairs: pairs.ok_or_else(|| format!("pairs {:?}, expected \"all\" or \"baseline\"", manifest.pairs))?,
        baseline: baseline.ok_or_else(|| format!("{:?} is not one of the strategies", manifest.baseline))?,
        origin: Origin { precision: manifest.precision.clone(), partial: manifest.partial.clone() },
        scenario,
    })
}
