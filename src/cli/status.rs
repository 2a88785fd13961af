//! `handover status`: which replications of a run or of its shards are there, and which are missing.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::{Value as Json, json};

use crate::experiment::{Manifest, Record};
use crate::report::number::readable;
use crate::run::{Shard, Stretch};

use super::block_files;
use super::failure::{Failure, print};
use super::found::{Found, as_text, ranges};
use super::output::manifest;

/// Version of the shape of the JSON.
const JSON_VERSION: u32 = 2;
/// Letters of a checksum that are shown.
const SHOWN: usize = 12;
/// Levels of folders that are looked through for results.
const LEVELS: u32 = 3;

/// Arguments of `handover status`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders that `handover run` or `handover sweep` has written or is writing
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Prints JSON instead
    #[arg(long)]
    json: bool,
}

/// How far one study is, over all of its folders.
struct Progress {
    record: Record,
    points: usize,
    damaged: usize,
    duplicates: usize,
    /// What is missing.
    missing: Vec<Stretch>,
}

/// Carries out the command. A status of 3 says that something is missing.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut found = Found::default();
    let (mut finished, mut partial) = (Vec::new(), Vec::new());
    let folders = arguments.folders.iter().map(|folder| within(folder)).collect::<Result<Vec<_>, _>>()?.concat();
    for folder in &folders {
        found.add(folder)?;
        match manifest(folder) {
            Some(Manifest { partial: Some(found), .. }) => partial.push((folder, found)),
            Some(Manifest { replications, design, .. }) => {
                finished.push((folder, design.map_or(1, |design| design.design.points.len()), replications));
            }
            None => {}
        }
    }
    let studies = studies(&found)?;
    if studies.is_empty() && finished.is_empty() && partial.is_empty() {
        let folders: Vec<String> = arguments.folders.iter().map(|folder| folder.display().to_string()).collect();
        return Err(Failure::Usage(format!("{}: neither results nor blocks of a run are there", folders.join(", "))));
    }
    if arguments.json {
        let finished: Vec<Json> = finished
            .iter()
            .map(
                |(folder, points, replications)| json!({ "folder": folder, "points": points, "replications": replications }),
            )
            .collect();
        let partial: Vec<Json> = partial
            .iter()
            .map(|(folder, there)| json!({ "folder": folder, "replications": there.replications, "of": there.of }))
            .collect();
        let studies: Vec<Json> = studies.iter().map(Progress::as_json).collect();
        let all = json!({
            "version": JSON_VERSION, "finished": finished, "partial": partial, "studies": studies,
            "unreadable": found.unreadable,
        });
        print(&format!("{all:#}\n"))?;
    } else {
        let mut text = String::new();
        for (folder, points, replications) in &finished {
            let points = if *points == 1 { String::new() } else { format!("{} points, ", readable(*points as f64)) };
            text += &format!("{}: finished, {points}{} replications\n", folder.display(), readable((*replications).into()));
        }
        for (folder, there) in &partial {
            text += &format!("{}: partial results, {there}\n", folder.display());
        }
        studies.iter().for_each(|study| text += &study.as_text());
        found.unreadable.iter().for_each(|path| text += &format!("{}: is no record of a study\n", path.display()));
        print(&text)?;
    }
    // Blocks say more of what is there than the partial results that were made of some.
    let is_incomplete = studies.iter().any(|study| !study.missing.is_empty()) || (studies.is_empty() && !partial.is_empty());
    if !is_incomplete { Ok(()) } else { Err(Failure::Partial("not all replications are there".to_owned())) }
}

/// Returns a folder if it is one of results, and else the folders of results within it, sorted.
fn within(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        let message = format!("{}: expected a folder that `handover run` or `handover sweep` has written", folder.display());
        return Err(Failure::Usage(message));
    }
    let mut all = Vec::new();
    gather(folder, LEVELS, &mut all).map_err(|error| Failure::reading(folder, &error))?;
    Ok(if all.is_empty() { vec![folder.to_owned()] } else { all })
}

fn gather(folder: &Path, levels: u32, all: &mut Vec<PathBuf>) -> io::Result<()> {
    if manifest(folder).is_some() || block_files::folder(folder).is_dir() {
        all.push(folder.to_owned());
        return Ok(());
    }
    if levels == 0 {
        return Ok(());
    }
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let mut folders: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.into_iter().try_for_each(|folder| gather(&folder, levels - 1, all))
}

/// The studies of some records, each once.
fn studies(found: &Found) -> Result<Vec<Progress>, Failure> {
    let mut studies: Vec<Progress> = Vec::new();
    for (path, record) in &found.records {
        match studies.iter_mut().find(|study| study.record.other_results(record).is_empty()) {
            // A study that was not cut up may have gone on with the blocks of shards.
            Some(study) if study.record.shards().is_none() => study.record = record.clone(),
            Some(_) => {}
            None => studies.push(Progress::of(path, record, found)?),
        }
    }
    Ok(studies)
}

impl Progress {
    fn of(path: &Path, record: &Record, found: &Found) -> Result<Self, Failure> {
        let question = record.question().map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        let (plan, content) = question.plan();
        Ok(Self {
            points: plan.points(),
            damaged: found.damaged.len(),
            duplicates: found.duplicates(&plan),
            missing: found.missing(&plan, content, &question.stretches()),
            record: record.clone(),
        })
    }

    fn all(&self) -> u64 {
        self.points as u64 * u64::from(self.record.replications())
    }

    fn kept(&self) -> u64 {
        self.all() - self.missing.iter().map(|stretch| stretch.replications.len() as u64).sum::<u64>()
    }

    /// Numbers of the shards of which something is missing, as a job array takes them; none if there are no shards.
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

    /// What is missing: replications, at some points or at the only one.
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
            "{}: {} of {} replications are kept\n  scenario {checksum}, seed {}, version {}; strategies: {}{of}\n",
            record.title(),
            readable(self.kept() as f64),
            readable(self.all() as f64),
            record.seed(),
            record.version(),
            record.strategies().join(", "),
        );
        let mut line = |what: &str, value: &str| text += &format!("  {what}: {value}\n");
        if self.duplicates > 0 {
            line("blocks that are there more than once", &self.duplicates.to_string());
        }
        if self.damaged > 0 {
            line("blocks cut off or damaged", &self.damaged.to_string());
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
            "kept": self.kept(),
            "missing": self.missing.iter().map(missing).collect::<Vec<_>>(),
            "shards": record.shards(),
            "missing_shards": self.shards(),
            "duplicates": self.duplicates,
            "damaged": self.damaged,
        })
    }
}
