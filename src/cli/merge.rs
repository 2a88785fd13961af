//! `handover merge`: merges the shards of a study into the results that one machine would give.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::experiment::{Document, Partial, Question, Record, Results, Study, Sweep, SweepStudy, Swept};
use crate::run::size::Size;
use crate::run::{
    BLOCK_REPLICATIONS, Block, BlockKey, Content, Experiment, Plan, Shape, SinglePoint, Store, Worker, blocks_of,
    replications_of,
};

use super::block_source::{BlockSource, as_text, ranges};
use super::budget::{Consent, Cost};
use super::execution::Execution;
use super::failure::Failure;
use super::files::MANIFEST;
use super::naming::recover;
use super::output::{Output, journal_names, judge};
use super::signals::Signals;

/// Arguments of `handover merge`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Merge these folders of `handover run --shard`, in any order, or one of an interrupted run
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Write results to this folder [default: DIR, if there is only one]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write results from the existing replications, with status 3 if some are missing
    #[arg(long)]
    partial: bool,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let output = &arguments.output;
    let path = match (&arguments.out, arguments.folders.as_slice()) {
        (Some(out), _) => out,
        (None, [folder]) => folder,
        (None, _) => return Err(Failure::Usage("pass --out with the folder for the results".into())),
    };
    output.start_threads()?;
    let blocks = read_blocks(&arguments.folders, output)?;
    let (record_path, record) = &blocks.records[0];
    let question = record.question().map_err(|error| Failure::Usage(format!("{}: {error}", record_path.display())))?;
    match question {
        Question::Run(whole) => merge_run(arguments, *whole, blocks, path, &signals),
        Question::Sweep(study, plan) => merge_sweep(arguments, (*study, plan), blocks, path, &signals),
    }
}

fn merge_run(
    arguments: &Arguments,
    whole: Study,
    blocks: BlockSource,
    path: &Path,
    signals: &Signals,
) -> Result<(), Failure> {
    let output = &arguments.output;
    output.check::<Results>()?;
    let experiment = SinglePoint::new(&whole.scenario, &whole.settings, None);
    let ((plan, content), stretches) = (experiment.plan(), experiment.next());
    let missing: Vec<Range<u32>> =
        blocks.missing(&plan, content, &stretches).into_iter().map(|stretch| stretch.replications).collect();
    refuse_missing(&missing, whole.settings.replications, arguments.partial)?;
    let study = without(&whole, &missing);
    // Nothing is simulated, but the results have their size.
    let cost = || {
        let size = Size::of(&study.scenario, &study.settings);
        Cost { hours: None, memory_bytes: size.memory_bytes(output.threads()), disk_bytes: size.result_bytes }
    };
    arguments.consent.refuse(cost, path)?;
    let folder = output.folder(path, gives_way(&study, path, output)?)?;
    let present = Arc::new(Present::new(blocks, &whole, plan, &missing));
    let execution = Execution { output, signals, time_limit: None };
    let outcome = execution.assemble(SinglePoint::new(&study.scenario, &study.settings, None), present)?;
    let results = output.with_matters(Results::estimate(study, outcome.results).with_runs(outcome.runs));
    finish(arguments, &results, folder, path, signals)
}

fn merge_sweep(
    arguments: &Arguments,
    (study, plan): (SweepStudy, Arc<Plan>),
    blocks: BlockSource,
    path: &Path,
    signals: &Signals,
) -> Result<(), Failure> {
    let output = &arguments.output;
    output.check::<Swept>()?;
    if arguments.partial {
        let message = "--partial is for runs: a sweep needs all of its points; run the same `handover sweep` in the \
                       folder of the blocks to compute the missing ones";
        return Err(Failure::Usage(message.into()));
    }
    let missing = blocks.missing(&plan, Content::Responses, &study.stretches());
    if !missing.is_empty() {
        let mut points: Vec<u32> = missing.iter().map(|stretch| stretch.point as u32).collect();
        points.dedup();
        return Err(Failure::Partial(format!(
            "points {} of {} are incomplete; `handover status` lists the missing shards",
            as_text(&ranges(points)),
            plan.points()
        )));
    }
    let is_unfinished = recover(path, &journal_names())?;
    let is_again = is_unfinished && output.manifest(path)?.is_some_and(|there| there == study.manifest());
    let folder = output.folder(path, is_again)?;
    let execution = Execution { output, signals, time_limit: None };
    let swept = execution.assemble(Sweep::new(study, plan), Arc::new(blocks))?;
    let swept = swept.map_err(|error| Failure::Output(error.to_string()))?;
    finish(arguments, &swept, folder, path, signals)
}

/// Writes and prints the merged results.
fn finish<D: Document>(
    arguments: &Arguments,
    document: &D,
    folder: super::folder::Folder,
    path: &Path,
    signals: &Signals,
) -> Result<(), Failure> {
    let absent = arguments.output.write(document, folder, signals)?;
    arguments.output.print_answer(document, path, &absent)?;
    judge(document)
}

/// Returns the study reduced to the replications that are done.
fn without(whole: &Study, missing: &[Range<u32>]) -> Study {
    let mut study = whole.clone();
    if !missing.is_empty() {
        let partial = Partial::new(whole.settings.replications, missing.to_vec());
        study.settings.replications = partial.replications;
        study.origin.partial = Some(partial);
    }
    study
}

/// Returns whether the results in a folder may be replaced by those of a study. They may if they are partial results of
/// the same run with no more replications, or the same results from a merge that was killed at the very end.
fn gives_way(study: &Study, path: &Path, output: &Output) -> Result<bool, Failure> {
    let is_unfinished = recover(path, &journal_names())?;
    let Some(there) = output.manifest(path)? else { return Ok(false) };
    let mut same = study.clone();
    if there.partial.is_some() && there.replications <= study.settings.replications {
        same.settings.replications = there.replications;
        same.origin.partial.clone_from(&there.partial);
    } else if !is_unfinished {
        return Ok(false);
    }
    let is_same = Record::of(&same, None).is_of(&there);
    if is_same && !output.force {
        output.verify(path)?;
    }
    Ok(is_same)
}

/// The existing blocks, numbered as if none were missing.
struct Present {
    blocks: BlockSource,
    /// Their replications.
    ranges: Vec<Range<u32>>,
    /// The whole study.
    whole: Study,
    plan: Arc<Plan>,
}

impl Present {
    fn new(blocks: BlockSource, whole: &Study, plan: Arc<Plan>, missing: &[Range<u32>]) -> Self {
        let of = whole.settings.replications;
        let is_there = |range: &Range<u32>| !missing.iter().any(|missing| missing.contains(&range.start));
        let ranges = (0..blocks_of(of)).map(|block| replications_of(block, of)).filter(is_there).collect();
        Self { blocks, ranges, whole: whole.clone(), plan }
    }
}

impl Store for Present {
    fn find(&self, key: &BlockKey, content: Content, shape: &Shape) -> Option<Block> {
        let replications = self.ranges.get((key.replications.start / BLOCK_REPLICATIONS) as usize)?.clone();
        let meant = BlockKey { replications, ..key.clone() };
        // If a block was lost meanwhile, computing it again needs its true replications.
        let compute = || {
            let is_it =
                |strategy: &&crate::run::PlannedStrategy| strategy.identity == key.identity && strategy.seed == key.seed;
            let strategy = self.plan.strategies(0).iter().find(is_it)?;
            let mut worker = Worker::new(&self.whole.scenario, strategy.position, strategy.seed);
            worker.compute(meant.replications.clone(), &false.into())
        };
        self.blocks.find(&meant, content, shape).or_else(compute)
    }

    fn keep(&self, _: &BlockKey, _: &Block) -> io::Result<()> {
        Ok(())
    }
}

/// Reads the blocks in all folders, which must belong to the same study.
fn read_blocks(folders: &[PathBuf], output: &Output) -> Result<BlockSource, Failure> {
    let mut blocks = BlockSource::default();
    for folder in folders {
        let before = blocks.records.len();
        if !folder.exists() {
            return Err(Failure::Usage(format!("{}: no such folder", folder.display())));
        }
        recover(folder, &journal_names())?;
        blocks.add(folder)?;
        if blocks.records.len() == before {
            if let Some(unreadable) = blocks.unreadable.first() {
                let message = format!("{}: not a record of a study", unreadable.display());
                return Err(Failure::Usage(format!("{message}; run the original command again")));
            }
            output.verify(folder)?;
            let message = if folder.join(MANIFEST).exists() {
                "its results are complete, so there is nothing to merge"
            } else {
                "expected a folder written by `handover run --shard`; it holds no blocks"
            };
            let message = format!("{}: {message}", folder.display());
            return Err(Failure::Usage(message));
        }
    }
    let say = |path: &PathBuf, what: &str| output.say(&format!("{}: {what}", path.display()));
    blocks.unreadable.iter().for_each(|path| say(path, "not a record of a study; skipped"));
    let (first_path, first) = &blocks.records[0];
    for (path, other) in &blocks.records {
        let differences = first.other_results(other);
        if !differences.is_empty() {
            let (one, other) = (first_path.display(), path.display());
            return Err(Failure::Usage(format!(
                "{one} and {other} belong to different studies: {}",
                differences.join("; ")
            )));
        }
    }
    blocks.damaged.iter().for_each(|path| say(path, "truncated or damaged; skipped"));
    Ok(blocks)
}

/// Fails if some replications are missing, unless partial results are requested and some replications are done.
fn refuse_missing(missing: &[Range<u32>], replications: u32, may_be_partial: bool) -> Result<(), Failure> {
    let count: usize = missing.iter().map(Range::len).sum();
    if count == 0 || (may_be_partial && count < replications as usize) {
        return Ok(());
    }
    if may_be_partial {
        return Err(Failure::Partial(format!(
            "none of the {replications} replications is done yet; no results are written"
        )));
    }
    Err(Failure::Partial(format!(
        "replications {} of {replications} are missing; `handover status` lists their shards, and --partial writes results \
         from the others",
        as_text(missing)
    )))
}
