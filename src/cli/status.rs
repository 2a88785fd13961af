//! `handover status`: shows which replications of a run or its shards exist and which are missing.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io, thread};

use serde_json::{Value as Json, json};

use crate::experiment::{Manifest, Partial, Record, Seal};
use crate::report::number::readable;
use crate::run::{Shard, Stretch};

use super::block_files;
use super::block_source::{BlockSource, as_text, ranges};
use super::failure::{Failure, print, print_json, shown};
use super::files::MANIFEST;
use super::naming::{is_unfinished, recover, why_unfinished};
use super::output::{all_file_names, journal_names};
use super::verified;

/// Version of the JSON output.
const JSON_VERSION: u32 = 2;
/// Digits of a checksum that are shown.
const SHOWN: usize = 12;
/// How often results that are about to get their names are looked at, and how long apart.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);
/// Levels of folders that are searched for results.
const LEVELS: u32 = 3;

/// A manifest, and whether it is as it was written.
type Sealed = (Seal, bool);

/// Arguments of `handover status`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Inspect these folders of `handover run` or `handover sweep`, finished or not
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Progress of one study, over all of its folders.
struct Progress {
    record: Record,
    points: usize,
    damaged: usize,
    duplicates: usize,
    /// Missing replications.
    missing: Vec<Stretch>,
}

/// What was found in some folders.
#[derive(Default)]
struct Found {
    folders: Vec<PathBuf>,
    blocks: BlockSource,
    /// Folders of finished results, with their points and replications.
    finished: Vec<(PathBuf, usize, u32)>,
    partial: Vec<(PathBuf, Partial)>,
    /// Folders that were changed, and how.
    changed: Vec<(PathBuf, Vec<String>)>,
    /// Why the results of other folders cannot be read.
    invalid: Vec<String>,
}

impl Found {
    fn add(&mut self, folder: &Path) -> Result<(), Failure> {
        // A folder that may not be written is shown as it is.
        let _ = recover(folder, &journal_names());
        self.blocks.add(folder)?;
        self.folders.push(folder.to_owned());
        // One that cannot be read must not hide the others.
        let (seal, changes) = match inspected(folder) {
            Ok(None) => return Ok(()),
            Ok(Some(inspected)) => inspected,
            Err(failure) => {
                self.invalid.push(failure.message().to_owned());
                return Ok(());
            }
        };
        if !changes.is_empty() {
            self.changed.push((folder.to_owned(), changes));
        }
        match seal.0.manifest {
            Manifest { partial: Some(there), .. } => self.partial.push((folder.to_owned(), there)),
            Manifest { replications, design, .. } => {
                let points = design.map_or(1, |design| design.design.points.len());
                self.finished.push((folder.to_owned(), points, replications));
            }
        }
        Ok(())
    }

    fn as_json(&self, studies: &[Progress]) -> Json {
        let name = |folder: &Path| folder.to_string_lossy().into_owned();
        let finished = self.finished.iter();
        let partial = self.partial.iter();
        let changed = self.changed.iter();
        json!({
            "version": JSON_VERSION,
            "finished": finished.map(|(folder, points, replications)| {
                json!({ "folder": name(folder), "points": points, "replications": replications })
            }).collect::<Vec<_>>(),
            "partial": partial.map(|(folder, there)| {
                json!({ "folder": name(folder), "replications": there.replications, "of": there.of })
            }).collect::<Vec<_>>(),
            "studies": studies.iter().map(Progress::as_json).collect::<Vec<_>>(),
            "unreadable": texts(&self.blocks.unreadable),
            "changed": changed.map(|(folder, changes)| json!({ "folder": name(folder), "changes": changes })).collect::<Vec<_>>(),
            "invalid": self.invalid,
        })
    }

    fn as_text(&self, studies: &[Progress]) -> String {
        let mut text = String::new();
        for (folder, points, replications) in &self.finished {
            let points = if *points == 1 { String::new() } else { format!("{} points, ", readable(*points as f64)) };
            text += &format!("{}: finished, {points}{} replications\n", shown(folder), readable((*replications).into()));
        }
        for (folder, there) in &self.partial {
            text += &format!("{}: partial results, {there}\n", shown(folder));
        }
        for (folder, changes) in &self.changed {
            text += &format!("{}: changed since the run: {}\n", shown(folder), changes.join(", "));
        }
        self.invalid.iter().for_each(|message| text += &format!("{message}\n"));
        for why in self.folders.iter().filter_map(|folder| why_unfinished(folder, &journal_names())) {
            text += &format!("{why}\n");
        }
        studies.iter().for_each(|study| text += &study.as_text());
        self.blocks.unreadable.iter().for_each(|path| text += &format!("{}: not a record of a study\n", path.display()));
        text
    }
}

/// Runs the command. A status of 3 means that something is missing.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut found = Found::default();
    let folders = arguments.folders.iter().map(|folder| within(folder)).collect::<Result<Vec<_>, _>>()?.concat();
    folders.iter().try_for_each(|folder| found.add(folder))?;
    let studies = studies(&found.blocks)?;
    let Found { finished, partial, changed, invalid, .. } = &found;
    if studies.is_empty() && finished.is_empty() && partial.is_empty() && invalid.is_empty() {
        let folders: Vec<String> = arguments.folders.iter().map(|folder| shown(folder).to_string()).collect();
        return Err(Failure::Usage(format!("no run found in {}", folders.join(", "))));
    }
    if arguments.json {
        print_json(&found.as_json(&studies))?
    } else {
        print(&found.as_text(&studies))?
    }
    if !changed.is_empty() {
        return Err(Failure::Untrue("some results were changed since the run".to_owned()));
    }
    if !invalid.is_empty() {
        return Err(Failure::Untrue("some results cannot be read".to_owned()));
    }
    // Blocks are more up to date than partial results made from some of them.
    let is_incomplete = folders.iter().any(|folder| is_unfinished(folder))
        || studies.iter().any(|study| !study.missing.is_empty())
        || (studies.is_empty() && !partial.is_empty());
    if !is_incomplete { Ok(()) } else { Err(Failure::Partial("some replications are missing".to_owned())) }
}

/// Returns the manifest of a folder, and what was changed there; none if it has no results. A command that is just naming
/// its files changes nothing: it is waited for.
fn inspected(folder: &Path) -> Result<Option<(Sealed, Vec<String>)>, Failure> {
    let mut tries = 0;
    loop {
        let Some(seal) = verified::seal(folder)? else { return Ok(None) };
        let changes = verified::changes(folder, &seal, &all_file_names(), |_| true)?;
        let is_settled = || Ok(!is_unfinished(folder) && verified::seal(folder)?.is_some_and(|now| now == seal));
        tries += 1;
        if changes.is_empty() || tries == TRIES || is_settled()? {
            return Ok(Some((seal, changes)));
        }
        thread::sleep(PAUSE);
    }
}

/// Returns a folder if it is a result folder, else the result folders within it, sorted.
fn within(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        let message = format!("{}: expected a folder written by `handover run` or `handover sweep`", shown(folder));
        return Err(Failure::Usage(message));
    }
    let mut all = Vec::new();
    gather(folder, LEVELS, &mut all).map_err(|error| Failure::reading(folder, &error))?;
    Ok(if all.is_empty() { vec![folder.to_owned()] } else { all })
}

fn gather(folder: &Path, levels: u32, all: &mut Vec<PathBuf>) -> io::Result<()> {
    if folder.join(MANIFEST).is_file() || is_unfinished(folder) || block_files::folder(folder).is_dir() {
        all.push(folder.to_owned());
        return Ok(());
    }
    if levels == 0 {
        return Ok(());
    }
    let entries = match fs::read_dir(folder) {
        // Somebody has removed it since it was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?.collect::<io::Result<Vec<_>>>()?,
    };
    let mut folders: Vec<PathBuf> =
        entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir() && !path.is_symlink()).collect();
    folders.sort();
    folders.into_iter().try_for_each(|folder| gather(&folder, levels - 1, all))
}

/// Returns the studies of some records, each once.
fn studies(blocks: &BlockSource) -> Result<Vec<Progress>, Failure> {
    let mut studies: Vec<Progress> = Vec::new();
    for (path, record) in &blocks.records {
        match studies.iter_mut().find(|study| study.record.other_results(record).is_empty()) {
            // A study without shards may have resumed from the blocks of shards.
            Some(study) if study.record.shards().is_none() => study.record = record.clone(),
            Some(_) => {}
            None => studies.push(Progress::of(path, record, blocks)?),
        }
    }
    Ok(studies)
}

impl Progress {
    fn of(path: &Path, record: &Record, blocks: &BlockSource) -> Result<Self, Failure> {
        let question = record.question().map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        let (plan, content) = question.plan();
        Ok(Self {
            points: plan.points(),
            damaged: blocks.damaged.len(),
            duplicates: blocks.duplicates(&plan),
            missing: blocks.missing(&plan, content, &question.stretches()),
            record: record.clone(),
        })
    }

    fn all(&self) -> u64 {
        self.points as u64 * u64::from(self.record.replications())
    }

    fn done(&self) -> u64 {
        self.all() - self.missing.iter().map(|stretch| stretch.replications.len() as u64).sum::<u64>()
    }

    /// Returns the numbers of the shards with missing replications, in the form of job arrays; none if there are no
    /// shards.
    fn shards(&self) -> Option<String> {
        let of = self.record.shards()?;
        let is_missing = |index: &u32| {
            let stretches = Shard::new(*index, of)
                .map_or_else(|_| Vec::new(), |shard| shard.stretches(self.points, self.record.replications()));
            let meets = |one: &Stretch, other: &Stretch| {
                one.point == other.point
                    && one.replications.start < other.replications.end
                    && other.replications.start < one.replications.end
            };
            stretches.iter().any(|stretch| self.missing.iter().any(|missing| meets(stretch, missing)))
        };
        Some(as_text(&ranges((0..of).filter(is_missing))))
    }

    /// Returns what is missing: points, or the replications of the only point.
    fn missing_in_words(&self) -> String {
        if self.points == 1 {
            let ranges: Vec<_> = self.missing.iter().map(|stretch| stretch.replications.clone()).collect();
            return as_text(&ranges);
        }
        let mut points: Vec<u32> = self.missing.iter().map(|stretch| stretch.point as u32).collect();
        points.dedup();
        as_text(&ranges(points))
    }

    fn as_text(&self) -> String {
        let record = &self.record;
        let checksum: String = record.scenario_sha256().chars().take(SHOWN).collect();
        let of = if self.points == 1 { String::new() } else { format!(", {} points", self.points) };
        let mut text = format!(
            "{}: {} of {} replications are done\n  scenario {checksum}, seed {}, version {}; strategies: {}{of}\n",
            record.title(),
            readable(self.done() as f64),
            readable(self.all() as f64),
            record.seed(),
            record.version(),
            record.strategies().join(", "),
        );
        let mut line = |what: &str, value: &str| text += &format!("  {what}: {value}\n");
        if self.duplicates > 0 {
            line("duplicate blocks", &self.duplicates.to_string());
        }
        if self.damaged > 0 {
            line("truncated or damaged blocks", &self.damaged.to_string());
        }
        if !self.missing.is_empty() {
            line(if self.points == 1 { "missing replications" } else { "missing points" }, &self.missing_in_words());
            if let (Some(shards), Some(of)) = (self.shards(), record.shards()) {
                line(&format!("missing shards of {of}"), &format!("--array={shards}"));
            }
        }
        text
    }

    fn as_json(&self) -> Json {
        let record = &self.record;
        let missing = |stretch: &Stretch| json!({ "point": stretch.point, "first": stretch.replications.start, "last": stretch.replications.end - 1 });
        json!({
            "title": record.title(),
            "scenario_sha256": record.scenario_sha256(),
            "seed": record.seed(),
            "program_version": record.version(),
            "strategies": record.strategies(),
            "points": self.points,
            "replications": record.replications(),
            "kept": self.done(),
            "missing": self.missing.iter().map(missing).collect::<Vec<_>>(),
            "shards": record.shards(),
            "missing_shards": self.shards(),
            "duplicates": self.duplicates,
            "damaged": self.damaged,
        })
    }
}

/// Returns paths as texts: a path need not be Unicode.
fn texts(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
}
