//! `handover merge`: puts the shards of a study together, to the results that one machine would have given.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::experiment::{Document, Partial, Question, Record, Results, Study, Sweep, SweepStudy, Swept};
use crate::run::size::Size;
use crate::run::{
    BLOCK_REPLICATIONS, Block, BlockKey, Collecting, Content, Experiment, Plan, Shape, Store, Worker, blocks_of,
    replications_of,
};

use super::budget::{Consent, Taken};
use super::failure::Failure;
use super::folder::is_unfinished;
use super::found::{Found, as_text, ranges};
use super::output::{Output, judge, manifest};
use super::session::Means;
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
    let path = match (&arguments.out, arguments.folders.as_slice()) {
        (Some(out), _) => out,
        (None, [folder]) => folder,
        (None, _) => return Err(Failure::Usage("give the folder for the results with --out".into())),
    };
    output.start_threads()?;
    let found = found(&arguments.folders, output)?;
    let (record_path, record) = &found.records[0];
    let question = record.question().map_err(|error| Failure::Usage(format!("{}: {error}", record_path.display())))?;
    match question {
        Question::Run(whole) => merge_run(arguments, *whole, found, path, &signals),
        Question::Sweep(study, plan) => merge_sweep(arguments, (*study, plan), found, path, &signals),
    }
}

fn merge_run(arguments: &Arguments, whole: Study, found: Found, path: &Path, signals: &Signals) -> Result<(), Failure> {
    let output = &arguments.output;
    output.check::<Results>()?;
    let experiment = Collecting::new(&whole.scenario, &whole.settings, None);
    let ((plan, content), stretches) = (experiment.plan(), experiment.next());
    let missing: Vec<Range<u32>> =
        found.missing(&plan, content, &stretches).into_iter().map(|stretch| stretch.replications).collect();
    refuse_missing(&missing, whole.settings.replications, arguments.partial)?;
    let study = without(&whole, &missing);
    // Nothing is simulated, but the results have their size.
    let taken = || {
        let size = Size::of(&study.scenario, &study.settings);
        Taken { hours: None, memory_bytes: size.memory_bytes(output.threads()), disk_bytes: size.result_bytes }
    };
    arguments.consent.refuse(taken, path)?;
    let folder = output.folder::<Results>(path, gives_way(&study, path))?;
    let present = Arc::new(Present::new(found, &whole, plan, &missing));
    let means = Means { output, signals, time_limit: None };
    let outcome = means.assemble(Collecting::new(&study.scenario, &study.settings, None), present)?;
    let results = output.with_matters(Results::estimate(study, outcome.collected).with_runs(outcome.runs));
    finish(arguments, &results, folder, path, signals)
}

fn merge_sweep(
    arguments: &Arguments,
    (study, plan): (SweepStudy, Arc<Plan>),
    found: Found,
    path: &Path,
    signals: &Signals,
) -> Result<(), Failure> {
    let output = &arguments.output;
    output.check::<Swept>()?;
    if arguments.partial {
        let message = "--partial is for runs: a sweep has results of all of its points or none; run the same \
                       `handover sweep` in the folder of the blocks to compute those that are missing";
        return Err(Failure::Usage(message.into()));
    }
    let missing = found.missing(&plan, Content::Responses, &study.stretches());
    if !missing.is_empty() {
        let mut points: Vec<u32> = missing.iter().map(|stretch| stretch.point as u32).collect();
        points.dedup();
        return Err(Failure::Partial(format!(
            "points {} of {} are not complete; `handover status` says which shards are missing",
            as_text(&ranges(points)),
            plan.points()
        )));
    }
    let is_again = is_unfinished(path) && manifest(path).is_some_and(|there| there == study.manifest());
    let folder = output.folder::<Swept>(path, is_again)?;
    let means = Means { output, signals, time_limit: None };
    let swept = means.assemble(Sweep::new(study, plan), Arc::new(found))?;
    let swept = swept.map_err(|error| Failure::Output(error.to_string()))?;
    finish(arguments, &swept, folder, path, signals)
}

/// Writes what was merged, and tells it.
fn finish<D: Document>(
    arguments: &Arguments,
    document: &D,
    folder: super::folder::Folder,
    path: &Path,
    signals: &Signals,
) -> Result<(), Failure> {
    let absent = arguments.output.write(document, folder, signals)?;
    arguments.output.tell(document, path, &absent)?;
    judge(document)
}

/// The study of the replications that are there.
fn without(whole: &Study, missing: &[Range<u32>]) -> Study {
    let mut study = whole.clone();
    if !missing.is_empty() {
        let partial = Partial::new(whole.settings.replications, missing.to_vec());
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
    Record::of(&same, None).is_of(&there)
}

/// The blocks that are there, one after the other as if none were missing.
struct Present {
    found: Found,
    /// Their replications.
    ranges: Vec<Range<u32>>,
    /// What they are of.
    whole: Study,
    plan: Arc<Plan>,
}

impl Present {
    fn new(found: Found, whole: &Study, plan: Arc<Plan>, missing: &[Range<u32>]) -> Self {
        let of = whole.settings.replications;
        let is_there = |range: &Range<u32>| !missing.iter().any(|missing| missing.contains(&range.start));
        let ranges = (0..blocks_of(of)).map(|block| replications_of(block, of)).filter(is_there).collect();
        Self { found, ranges, whole: whole.clone(), plan }
    }
}

impl Store for Present {
    fn find(&self, key: &BlockKey, content: Content, shape: &Shape) -> Option<Block> {
        let replications = self.ranges.get((key.replications.start / BLOCK_REPLICATIONS) as usize)?.clone();
        let meant = BlockKey { replications, ..key.clone() };
        // Whoever computes again a block that was lost meanwhile does not know which replications are meant.
        let compute = || {
            let is_it =
                |strategy: &&crate::run::PlannedStrategy| strategy.identity == key.identity && strategy.seed == key.seed;
            let strategy = self.plan.strategies(0).iter().find(is_it)?;
            let mut worker = Worker::new(&self.whole.scenario, strategy.position, strategy.seed);
            worker.compute(meant.replications.clone(), &false.into())
        };
        self.found.find(&meant, content, shape).or_else(compute)
    }

    fn keep(&self, _: &BlockKey, _: &Block) -> io::Result<()> {
        Ok(())
    }
}

/// What is in all folders, of the same study.
fn found(folders: &[PathBuf], output: &Output) -> Result<Found, Failure> {
    let mut found = Found::default();
    for folder in folders {
        let before = found.records.len();
        if !folder.exists() {
            return Err(Failure::Usage(format!("{}: there is no such folder", folder.display())));
        }
        found.add(folder)?;
        if found.records.len() == before {
            if let Some(unreadable) = found.unreadable.first() {
                let message = format!("{}: is no record of a study", unreadable.display());
                return Err(Failure::Usage(format!("{message}; run the command again that began it")));
            }
            let message = format!(
                "{}: expected a folder that `handover run --shard` has written: no blocks are kept in it",
                folder.display()
            );
            return Err(Failure::Usage(message));
        }
    }
    let say = |path: &PathBuf, what: &str| output.say(&format!("{}: {what}", path.display()));
    found.unreadable.iter().for_each(|path| say(path, "is no record of a study, left out"));
    let (first_path, first) = &found.records[0];
    for (path, other) in &found.records {
        let differences = first.other_results(other);
        if !differences.is_empty() {
            let (one, other) = (first_path.display(), path.display());
            return Err(Failure::Usage(format!("{one} and {other} are not of the same study: {}", differences.join("; "))));
        }
    }
    found.damaged.iter().for_each(|path| say(path, "cut off or damaged; left out"));
    Ok(found)
}

/// Fails if some replications are missing, unless partial results are asked for and there is anything to make them of.
fn refuse_missing(missing: &[Range<u32>], replications: u32, may_be_partial: bool) -> Result<(), Failure> {
    let count: usize = missing.iter().map(Range::len).sum();
    if count == 0 || (may_be_partial && count < replications as usize) {
        return Ok(());
    }
    if may_be_partial {
        return Err(Failure::Partial(format!("none of {replications} replications is there yet; no results are written")));
    }
    Err(Failure::Partial(format!(
        "replications {} of {replications} are missing; `handover status` says of which shards, and --partial makes results of \
         the others",
        as_text(missing)
    )))
}
