//! `handover merge`: puts the shards of a run together, to the results that one machine would have given.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::experiment::{Label, Partial, Results, Source, Study};
use crate::run::size::Size;
use crate::run::{BLOCK_REPLICATIONS, Block, Means, Store, Worker, blocks_of, replications_of, run as simulate};

use super::blocks::Blocks;
use super::budget::{Consent, Taken};
use super::failure::Failure;
use super::folder::{MANIFEST, is_unfinished};
use super::journals::{Index, Journal, Journals, as_text, replications_in};
use super::output::{Output, check_gates, manifest};
use super::progress;
use super::signals::Signals;

/// Arguments of `handover merge`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders that `handover run --shard` has written, in any order; or that of a run that was interrupted
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Folder for the results [default: DIR, if it is one]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Make results of the replications that are there, with status 3 if some are missing
    #[arg(long)]
    partial: bool,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
}

/// Carries out the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let output = &arguments.output;
    output.check()?;
    let path = match (&arguments.out, arguments.folders.as_slice()) {
        (Some(out), _) => out,
        (None, [folder]) => folder,
        (None, _) => return Err(Failure::Usage("give the folder for the results with --out".into())),
    };
    let journals = journals(&arguments.folders, output)?;
    let whole = journals[0].label.study();
    let whole = whole.map_err(|error| Failure::Usage(format!("{}: {error}", journals[0].path.display())))?;
    let missing = missing(&journals, whole.settings.replications, arguments.partial)?;
    let study = without(&whole, &missing);
    // Nothing is simulated, but the results have their size.
    let taken = || {
        let size = Size::of(&study.scenario, &study.settings);
        Taken { hours: None, memory_bytes: size.memory_bytes(output.threads()), disk_bytes: size.result_bytes }
    };
    arguments.consent.refuse(taken, path)?;
    let is_own_folder = arguments.folders.contains(path) && !path.join(MANIFEST).exists();
    let folder = output.folder(path, is_own_folder || gives_way(&study, path))?;
    let present = Arc::new(Present::new(path, whole, journals, &missing)?);
    let bar = progress::bar(study.settings.replications, output.quiet);
    let pool = output.pool()?;
    let means = Means { pool: &pool, stop: signals.stop(), store: &*present };
    let collected = simulate(&study.scenario, &study.settings, means, |done| bar.set_position(done.into()));
    bar.finish_and_clear();
    let results = Results::estimate(study, collected.map_err(|_| signals.failure())?);
    let results = results.with_source(Source::new(present));
    let absent = output.write(&results, folder, &signals)?;
    output.tell(&results, path, &absent)?;
    judge(&results)
}

/// Judges results by their gates; that some are missing weighs more, but both are told.
fn judge(results: &Results) -> Result<(), Failure> {
    let gates = check_gates(results);
    let Some(partial) = &results.study.origin.partial else { return gates };
    if let Err(gate) = gates {
        gate.tell();
    }
    Err(Failure::Partial(format!("partial results: {partial}; merge again when more are there")))
}

/// The study of the replications that are there.
fn without(whole: &Study, missing: &[u32]) -> Study {
    let of = whole.settings.replications;
    let mut study = whole.clone();
    if !missing.is_empty() {
        let partial = Partial::new(of, replications_in(missing, of));
        study.settings.replications = partial.replications;
        study.origin.partial = Some(partial);
    }
    study
}

/// Whether the results in a folder may be replaced by those of a study: they are partial results of the same run, of no more
/// replications; or they are the same results, and the merge that wrote them was killed at its very end.
fn gives_way(study: &Study, path: &Path) -> bool {
    let Some(there) = manifest(path) else { return false };
    let mut same = study.clone();
    if there.partial.is_some() && there.replications <= study.settings.replications {
        same.settings.replications = there.replications;
        same.origin.partial.clone_from(&there.partial);
    } else if !is_unfinished(path) {
        return false;
    }
    Label::of(&same, None).is_of(&there)
}

/// The blocks that are there, one after the other as if none were missing.
#[derive(Debug)]
struct Present {
    blocks: Blocks,
    /// Their replications.
    ranges: Vec<Range<u32>>,
    /// What they are of.
    whole: Study,
}

impl Present {
    fn new(path: &Path, whole: Study, journals: Vec<Journal>, missing: &[u32]) -> Result<Self, Failure> {
        let of = whole.settings.replications;
        let is_there = |block: &u32| missing.binary_search(block).is_err();
        let ranges = (0..blocks_of(of)).filter(is_there).map(|block| replications_of(block, of)).collect();
        Ok(Self { blocks: Blocks::assembled(path, &whole, journals)?, ranges, whole })
    }
}

impl Store for Present {
    fn find(&self, place: &Range<u32>) -> Option<Block> {
        let replications = self.ranges.get((place.start / BLOCK_REPLICATIONS) as usize)?;
        // Whoever computes again a block that was lost meanwhile does not know which replications are meant.
        let compute =
            || Worker::new(&self.whole.scenario, &self.whole.settings).compute(replications.clone(), &false.into());
        self.blocks.find(replications).or_else(compute)
    }

    fn keep(&self, _: &Range<u32>, _: &Block) -> io::Result<()> {
        Ok(())
    }
}

/// The journals of all folders, all of the same run.
fn journals(folders: &[PathBuf], output: &Output) -> Result<Vec<Journal>, Failure> {
    let mut found = Journals::default();
    for folder in folders {
        let before = found.readable.len();
        if !folder.exists() {
            return Err(Failure::Usage(format!("{}: there is no such folder", folder.display())));
        }
        found.add(folder)?;
        if found.readable.len() == before {
            let message = format!(
                "{}: expected a folder that `handover run --shard` has written: no blocks are kept in it",
                folder.display()
            );
            return Err(Failure::Usage(message));
        }
    }
    found.unreadable.iter().for_each(|path| output.say(&format!("{}: is no journal of blocks, left out", path.display())));
    let first = &found.readable[0];
    for other in &found.readable {
        let differences = first.label.other_results(&other.label);
        if !differences.is_empty() {
            let (one, other) = (first.path.display(), other.path.display());
            return Err(Failure::Usage(format!("{one} and {other} are not of the same run: {}", differences.join("; "))));
        }
        if other.damaged > 0 {
            output.say(&format!("{}: cut off or damaged; what was lost is left out", other.path.display()));
        }
    }
    Ok(found.readable)
}

/// The blocks that are missing; fails if there are some, unless partial results are asked for and there is anything to make
/// them of.
fn missing(journals: &[Journal], replications: u32, may_be_partial: bool) -> Result<Vec<u32>, Failure> {
    let index = Index::of(journals)?;
    let blocks = 0..blocks_of(replications);
    let missing = index.missing(blocks.clone(), replications);
    if missing.is_empty() || (may_be_partial && missing.len() < blocks.len()) {
        return Ok(missing);
    }
    if may_be_partial {
        return Err(Failure::Partial(format!("none of {replications} replications is there yet; no results are written")));
    }
    let ranges = as_text(&replications_in(&missing, replications));
    Err(Failure::Partial(format!(
        "replications {ranges} of {replications} are missing; `handover status` says of which shards, and --partial makes \
         results of the others"
    )))
}
