//! `handover status`: which replications of a run or of its shards are there, and which are missing.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::experiment::Label;
use crate::report::number::readable;
use crate::run::{Shard, blocks_of};

use super::failure::{Failure, print};
use super::journals::{Index, Journal, Journals, as_text, ranges, replications_in};
use super::output::manifest;

/// Version of the shape of the JSON.
const JSON_VERSION: u32 = 1;
/// Letters of a checksum that are shown.
const SHOWN: usize = 12;

/// Arguments of `handover status`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders that `handover run` has written or is writing
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Prints JSON instead
    #[arg(long)]
    json: bool,
}

/// How far one run is, over all of its folders.
struct Progress {
    label: Label,
    journals: usize,
    damaged: u32,
    duplicates: u32,
    /// Blocks that are missing.
    missing: Vec<u32>,
}

/// Carries out the command. A status of 3 says that something is missing.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut found = Journals::default();
    let (mut finished, mut partial) = (Vec::new(), Vec::new());
    for folder in &arguments.folders {
        if !folder.is_dir() {
            let message = format!("{}: expected a folder that `handover run` has written", folder.display());
            return Err(Failure::Usage(message));
        }
        found.add(folder)?;
        match manifest(folder).map(|manifest| (manifest.replications, manifest.partial)) {
            Some((_, Some(found))) => partial.push((folder, found)),
            Some((replications, None)) => finished.push((folder, replications)),
            None => {}
        }
    }
    let runs = runs(found.readable)?;
    if runs.is_empty() && finished.is_empty() && partial.is_empty() {
        let folders: Vec<String> = arguments.folders.iter().map(|folder| folder.display().to_string()).collect();
        return Err(Failure::Usage(format!("{}: neither results nor blocks of a run are there", folders.join(", "))));
    }
    if arguments.json {
        let finished: Vec<Json> = finished
            .iter()
            .map(|(folder, replications)| json!({ "folder": folder, "replications": replications }))
            .collect();
        let partial: Vec<Json> = partial
            .iter()
            .map(|(folder, there)| json!({ "folder": folder, "replications": there.replications, "of": there.of }))
            .collect();
        let runs: Vec<Json> = runs.iter().map(Progress::as_json).collect();
        let all = json!({
            "version": JSON_VERSION, "finished": finished, "partial": partial, "runs": runs, "unreadable": found.unreadable,
        });
        print(&format!("{all:#}\n"))?;
    } else {
        let mut text = String::new();
        for (folder, replications) in &finished {
            text += &format!("{}: finished, {} replications\n", folder.display(), readable((*replications).into()));
        }
        for (folder, there) in &partial {
            text += &format!("{}: partial results, {there}\n", folder.display());
        }
        runs.iter().for_each(|run| text += &run.as_text());
        found.unreadable.iter().for_each(|path| text += &format!("{}: is no journal of blocks\n", path.display()));
        print(&text)?;
    }
    // Blocks say more of what is there than the partial results that were made of some.
    let is_incomplete = runs.iter().any(|run| !run.missing.is_empty()) || (runs.is_empty() && !partial.is_empty());
    if !is_incomplete { Ok(()) } else { Err(Failure::Partial("not all replications are there".to_owned())) }
}

/// The runs that some journals are of.
fn runs(journals: Vec<Journal>) -> Result<Vec<Progress>, Failure> {
    let mut groups: Vec<Vec<Journal>> = Vec::new();
    for journal in journals {
        match groups.iter_mut().find(|group| group[0].label.other_results(&journal.label).is_empty()) {
            Some(group) => group.push(journal),
            None => groups.push(vec![journal]),
        }
    }
    groups.iter().map(|group| Progress::of(group)).collect()
}

impl Progress {
    fn of(journals: &[Journal]) -> Result<Self, Failure> {
        let index = Index::of(journals)?;
        // A run that is no shard may have gone on with the blocks of shards.
        let label = journals.iter().find(|journal| journal.label.shards().is_some()).unwrap_or(&journals[0]).label.clone();
        let replications = label.replications();
        Ok(Self {
            journals: journals.len(),
            damaged: journals.iter().map(|journal| journal.damaged).sum(),
            duplicates: index.duplicates,
            missing: index.missing(0..blocks_of(replications), replications),
            label,
        })
    }

    /// Replications that are missing, as ranges.
    fn ranges(&self) -> Vec<std::ops::Range<u32>> {
        replications_in(&self.missing, self.label.replications())
    }

    fn kept(&self) -> u32 {
        self.label.replications() - self.ranges().iter().map(|range| range.len() as u32).sum::<u32>()
    }

    /// Numbers of the shards of which something is missing, as a job array takes them; none if there are no shards.
    fn shards(&self) -> Option<String> {
        let of = self.label.shards()?;
        let is_missing = |index: &u32| {
            let blocks = Shard::new(*index, of).map_or(0..0, |shard| shard.blocks(self.label.replications()));
            self.missing[self.missing.partition_point(|&block| block < blocks.start)..]
                .first()
                .is_some_and(|&block| block < blocks.end)
        };
        Some(as_text(&ranges((0..of).filter(is_missing))))
    }

    fn as_text(&self) -> String {
        let label = &self.label;
        let checksum: String = label.scenario_sha256().chars().take(SHOWN).collect();
        let mut text = format!(
            "{}: {} of {} replications are kept\n  scenario {checksum}, seed {}, version {}; strategies: {}\n",
            label.title(),
            readable(self.kept().into()),
            readable(label.replications().into()),
            label.seed(),
            label.version(),
            label.strategies().join(", "),
        );
        let mut line = |what: &str, value: &str| text += &format!("  {what}: {value}\n");
        line("journals", &self.journals.to_string());
        if self.duplicates > 0 {
            line("blocks that are there more than once", &self.duplicates.to_string());
        }
        if self.damaged > 0 {
            line("places cut off or damaged", &self.damaged.to_string());
        }
        if !self.missing.is_empty() {
            line("missing replications", &as_text(&self.ranges()));
            if let (Some(shards), Some(of)) = (self.shards(), label.shards()) {
                line(&format!("missing shards of {of}"), &format!("--array={shards}"));
            }
        }
        text
    }

    fn as_json(&self) -> Json {
        let label = &self.label;
        let ranges = self.ranges();
        json!({
            "title": label.title(),
            "scenario_sha256": label.scenario_sha256(),
            "seed": label.seed(),
            "program_version": label.version(),
            "strategies": label.strategies(),
            "replications": label.replications(),
            "kept": self.kept(),
            "missing": ranges.iter().map(|range| json!([range.start, range.end - 1])).collect::<Vec<_>>(),
            "shards": label.shards(),
            "missing_shards": self.shards(),
            "journals": self.journals,
            "duplicates": self.duplicates,
            "damaged": self.damaged,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_job_arrays() {
        let text = |numbers: &[u32]| as_text(&ranges(numbers.iter().copied()));
        assert_eq!(text(&[0, 1, 2, 5, 7, 8]), "0-2,5,7-8");
        assert_eq!(text(&[]), "");
        assert_eq!(replications_in(&[0, 1, 3], 1000), [0..512, 768..1000]);
    }
}
