//! `handover run`: simulates every strategy and writes results, charts and report.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;

use crate::experiment::{Label, Pairs, Results, Source as Found, Study};
use crate::report::number::readable;
use crate::run::precision::{Precision, Verdict};
use crate::run::size::Size;
use crate::run::{Collected, Ended, Means, Settings, Shard, run as simulate, run_part, run_until_precise};
use crate::scenario::{Scenario, notes};
use crate::stats::Confidence;

use super::blocks::{Blocks, Extent};
use super::budget::{Consent, Taken};
use super::failure::Failure;
use super::folder::MANIFEST;
use super::output::{Output, check_gates, manifest, read};
use super::precision::{self, Wanted};
use super::progress;
use super::signals::Signals;
use super::source::{Source, position, positions};
use super::usage;

/// Arguments of `handover run`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Replications of each strategy [default: those of the scenario]
    #[arg(short = 'n', long, value_name = "N", value_parser = usage::replications, allow_negative_numbers = true)]
    replications: Option<u32>,
    /// Seed of all random numbers, 0 or more [default: that of the scenario]
    #[arg(long, value_name = "S", value_parser = usage::seed, allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Gives each strategy luck of its own, rather than all of them the same
    #[arg(long)]
    independent: bool,
    /// Simulates this strategy only; can be given several times [default: all]
    #[arg(long, value_name = "S")]
    strategy: Vec<String>,
    /// Folder for the results [default: results/ and the name of the scenario file]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    wanted: Wanted,
    /// The strategy that the others are compared with [default: the first]
    #[arg(long, value_name = "S")]
    baseline: Option<String>,
    /// Compare all pairs of strategies, or each with the baseline [default: all up to 20 strategies, then baseline]
    #[arg(long, value_name = "PAIRS")]
    pairs: Option<PairsWanted>,
    /// Level of the confidence intervals
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = confidence, allow_negative_numbers = true)]
    confidence: Confidence,
    /// Is content if the results are there already; a run that was interrupted is gone on with in any case
    #[arg(long)]
    resume: bool,
    /// Computes part K of N of the replications, K from 0, for `handover merge`; K = auto asks the job array that this is
    /// part of
    #[arg(long, value_name = "K/N", allow_hyphen_values = true, value_parser = usage::shard, conflicts_with = "precision")]
    shard: Option<Shard>,
    /// Stops simulating in good order after this time, e.g. 90s, 30m or 1h30m, with status 3; the same command goes on
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = usage::time)]
    time_limit: Option<Duration>,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
}

/// Which pairs of strategies are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PairsWanted {
    /// Each strategy with each other one
    All,
    /// Each strategy with the baseline
    Baseline,
}

impl From<PairsWanted> for Pairs {
    fn from(wanted: PairsWanted) -> Self {
        match wanted {
            PairsWanted::All => Self::All,
            PairsWanted::Baseline => Self::Baseline,
        }
    }
}

fn confidence(text: &str) -> Result<Confidence, String> {
    let level: f64 = text.parse().map_err(|_| "expected a number between 0 and 1".to_owned())?;
    Confidence::new(level).map_err(|error| error.to_string())
}

/// Carries out the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let scenario = arguments.source.scenario()?;
    let mut study = study(arguments, scenario)?;
    let precision = arguments.wanted.precision(&study.scenario, study.confidence, study.settings.replications)?;
    let (precision, record) = precision.unzip();
    study.origin.precision = record;
    arguments.output.check()?;
    let path = arguments.out.clone().unwrap_or_else(|| arguments.source.folder(""));
    arguments.source.keep_out_of(&path)?;
    let extent = Extent {
        at_most: precision.as_ref().map_or(study.settings.replications, |precision| precision.at_most),
        is_known: precision.is_none(),
        shard: arguments.shard,
    };
    if let (Some(shard), None) = (arguments.shard, &precision) {
        return run_shard(arguments, &study, (shard, extent), &path, &signals);
    }
    let blocks = Arc::new(Blocks::open(&path, &study, extent, arguments.output.force)?);
    // With its folder of blocks still there it was killed at its end, or a larger run has left them. Where all of its own
    // are there too, --force costs no simulation.
    let is_again = arguments.resume || (blocks.has_folder() && !(arguments.output.force && blocks.is_all_there()));
    if is_again && is_complete(arguments, &study, &path) {
        let results = read(&path)?;
        arguments.output.sweep(&path);
        keep_larger(arguments, &blocks, &results)?;
        arguments.output.tell(&results, &path, &["they were complete already".to_owned()])?;
        return judge(arguments, &results, precision.as_ref());
    }
    refuse_size(arguments, &study, (&blocks, extent), &path)?;
    let smaller = smaller_results(&study, (&blocks, extent), &path);
    let is_ours = blocks.has_begun() && (smaller.is_some() || !path.join(MANIFEST).exists());
    let folder = arguments.output.folder(&path, is_ours)?;
    say_notes(arguments, &study.scenario);
    let results = compute(arguments, study, precision.as_ref(), (&blocks, &signals))?;
    give_way(arguments, &results, smaller, &path)?;
    let results = results.with_source(Found::new(Arc::clone(&blocks) as _));
    let absent = arguments.output.write(&results, folder, &signals)?;
    keep_larger(arguments, &blocks, &results)?;
    arguments.output.tell(&results, &path, &absent)?;
    judge(arguments, &results, precision.as_ref())
}

/// Whether the results of the study are there already. How many replications precision took is known from them alone, and
/// so is what missed it.
fn is_complete(arguments: &Arguments, study: &Study, path: &Path) -> bool {
    let Some(manifest) = manifest(path).filter(|_| arguments.output.is_there(path)) else { return false };
    let mut study = study.clone();
    if let (Some(wanted), Some(found)) = (&mut study.origin.precision, &manifest.precision) {
        wanted.missed.clone_from(&found.missed);
        study.settings.replications = manifest.replications;
    }
    Label::of(&study, None).is_of(&manifest)
}

/// Returns the number of replications of results that may be replaced: the blocks beside them show that they are of the same
/// run, which now has more.
fn smaller_results(study: &Study, (blocks, extent): (&Blocks, Extent), path: &Path) -> Option<u32> {
    let there = manifest(path).filter(|_| blocks.has_begun())?;
    let replications = there.replications;
    let is_same_run = Label::of(study, None).other_values(&Label::of_results(there)).is_empty();
    (is_same_run && replications < extent.at_most).then_some(replications)
}

/// Says that smaller results are replaced. A run that turned out not to be larger leaves them alone.
fn give_way(arguments: &Arguments, results: &Results, smaller: Option<u32>, path: &Path) -> Result<(), Failure> {
    let Some(smaller) = smaller.filter(|_| !arguments.output.force) else { return Ok(()) };
    let [there, here] = [smaller, results.study.settings.replications].map(|count| readable(count.into()));
    let path = path.display();
    if results.study.settings.replications <= smaller {
        return Err(Failure::Output(format!(
            "{path} holds results of {there} replications, and this run needed only {here}; give --force to overwrite, or \
             name another folder"
        )));
    }
    let said =
        format!("{path}: replacing the results of {there} replications, which the same run gave on its way to {here}");
    arguments.output.say(&said);
    Ok(())
}

/// Removes the blocks of complete results, unless a larger run can go on from some.
fn keep_larger(arguments: &Arguments, blocks: &Blocks, results: &Results) -> Result<(), Failure> {
    if let Some(said) = blocks.finish(results.study.settings.replications)? {
        arguments.output.say(&said);
    }
    Ok(())
}

/// Judges finished results by their gates and by the precision that was asked for.
fn judge(arguments: &Arguments, results: &Results, precision: Option<&Precision>) -> Result<(), Failure> {
    let verdict = precision.and_then(|precision| Some((precision, precision::verdict(&results.study, precision)?)));
    let judged = verdict.map_or(Ok(()), |(precision, verdict)| check_precision(arguments, results, (precision, &verdict)));
    match (check_gates(results), judged) {
        // A gate that is not met weighs more, but both are told.
        (Err(gate), Err(imprecise)) => {
            imprecise.tell();
            Err(gate)
        }
        (gates, judged) => gates.and(judged),
    }
}

/// Refuses what the machine has not got; of a run that goes on, only the rest takes time and disk.
fn refuse_size(arguments: &Arguments, study: &Study, run: (&Blocks, Extent), path: &Path) -> Result<(), Failure> {
    let (blocks, extent) = run;
    let taken = || {
        let replications = if extent.is_known { extent.replications() } else { study.settings.replications };
        let size = Size::of(&study.scenario, &Settings { replications, ..study.settings.clone() });
        let size = if extent.shard.is_some() { size.of_blocks() } else { size };
        let (threads, missing) = (arguments.output.threads(), blocks.missing_share());
        Taken {
            // A limit of time ends it in good order.
            hours: arguments.time_limit.is_none().then_some(missing * size.seconds / 3600.0 / threads as f64),
            memory_bytes: size.memory_bytes(threads),
            disk_bytes: missing * size.disk_bytes,
        }
    };
    arguments.consent.refuse(taken, path)
}

/// Says what is worth a second look while it can still be mended, before anything is simulated.
fn say_notes(arguments: &Arguments, scenario: &Scenario) {
    let all = scenario.dropped().iter().cloned().chain(notes(scenario));
    all.for_each(|note| arguments.output.say(&format!("note: {note}")));
}

/// Computes one shard, whose blocks are all that it leaves.
fn run_shard(
    arguments: &Arguments,
    study: &Study,
    (shard, extent): (Shard, Extent),
    path: &Path,
    signals: &Signals,
) -> Result<(), Failure> {
    let output = &arguments.output;
    let is_partial = || manifest(path).is_some_and(|manifest| manifest.partial.is_some());
    if path.join(MANIFEST).exists() && !output.force && !is_partial() {
        if arguments.resume && is_complete(arguments, study, path) {
            output.say(&format!("the results of all shards are complete already: {}", path.display()));
            return Ok(());
        }
        let message = format!("{} holds finished results already; name another folder for the shard", path.display());
        return Err(Failure::Output(message));
    }
    let blocks = Blocks::open(path, study, extent, output.force)?;
    refuse_size(arguments, study, (&blocks, extent), path)?;
    // Now, not after the simulation, is the time to find out that nothing can be written.
    fs::create_dir_all(path).map_err(|error| Failure::writing(path, &error))?;
    say_notes(arguments, &study.scenario);
    let range = extent.blocks();
    let bar = progress::bar(blocks.total(), output.quiet);
    let pool = output.pool()?;
    in_good_order(&blocks, signals, arguments, |blocks| {
        let means = Means { pool: &pool, stop: signals.stop(), store: blocks };
        let done = run_part((&study.scenario, &study.settings), &range, means, |done| bar.set_position(done.into()));
        bar.finish_and_clear();
        done
    })?;
    blocks.leave()?;
    output.say(&format!("shard {shard}: {}; when all shards are there: handover merge", blocks.kept().share()));
    Ok(())
}

/// Says how many replications it took, or what is not as precise as asked for.
fn check_precision(arguments: &Arguments, results: &Results, judged: (&Precision, &Verdict)) -> Result<(), Failure> {
    let (precision, verdict) = judged;
    if !verdict.is_precise() {
        let study = &results.study;
        return Err(precision::missed(&study.scenario, &study.names(), precision, verdict));
    }
    arguments.output.say(&precision::reached(precision, verdict));
    Ok(())
}

fn study(arguments: &Arguments, scenario: Scenario) -> Result<Study, Failure> {
    let strategies = positions(&scenario, &arguments.strategy)?;
    let baseline = match &arguments.baseline {
        None => 0,
        Some(name) => {
            let wanted = position(&scenario, name)?;
            let among = strategies.iter().position(|&strategy| strategy == wanted);
            among.ok_or_else(|| {
                Failure::Usage(format!("--baseline {name:?} is not among the strategies that are simulated"))
            })?
        }
    };
    let settings = Settings {
        seed: arguments.seed.unwrap_or(scenario.seed),
        replications: arguments.replications.unwrap_or(scenario.replications),
        strategies,
        independent: arguments.independent,
    };
    let study = Study::new(scenario, settings, arguments.confidence, baseline);
    let pairs = arguments.pairs.map_or(study.pairs, Pairs::from);
    Ok(Study { pairs, ..study })
}

/// Simulates; if precision is asked for, the study becomes one of as many replications as that took.
fn compute(
    arguments: &Arguments,
    mut study: Study,
    precision: Option<&Precision>,
    (blocks, signals): (&Blocks, &Signals),
) -> Result<Results, Failure> {
    let pool = arguments.output.pool()?;
    let bar = progress::bar(study.settings.replications, arguments.output.quiet);
    let (collected, verdict): (Collected, Option<Verdict>) = in_good_order(blocks, signals, arguments, |blocks| {
        let (scenario, settings) = (&study.scenario, &study.settings);
        let means = Means { pool: &pool, stop: signals.stop(), store: blocks };
        let computed = match precision {
            None => {
                simulate(scenario, settings, means, |done| bar.set_position(done.into())).map(|collected| (collected, None))
            }
            Some(precision) => run_until_precise(scenario, settings, precision, means, |done, next| {
                bar.set_length(next.into());
                bar.set_position(done.into());
            })
            .map(|(collected, verdict)| (collected, Some(verdict))),
        };
        bar.finish_and_clear();
        computed
    })?;
    if let Some((precision, verdict)) = precision.zip(verdict) {
        let missed = precision::record(&study, precision, &verdict);
        study.settings.replications = verdict.replications;
        study.origin.precision.iter_mut().for_each(|record| record.missed.clone_from(&missed));
    }
    Ok(Results::estimate(study, collected))
}

/// Simulates into blocks, so that what ends it early leaves those that are finished, and says so.
fn in_good_order<T>(
    blocks: &Blocks,
    signals: &Signals,
    arguments: &Arguments,
    simulate: impl FnOnce(&Blocks) -> Result<T, Ended>,
) -> Result<T, Failure> {
    blocks.found().iter().for_each(|said| arguments.output.say(said));
    let kept = blocks.kept();
    signals.leave(move || kept.last_words());
    // What is computed already is not worth stopping for.
    let limit = arguments.time_limit.filter(|_| !blocks.is_all_there()).map(|time| signals.limit(time));
    let simulated = simulate(blocks);
    drop(limit);
    simulated.map_err(|ended| {
        let failure = match ended {
            Ended::Stopped => signals.failure(),
            Ended::NotKept(error) => blocks.failure(&error),
        };
        // Were it to fail, the blocks would still outlive the program.
        let _ = blocks.close();
        failure
    })
}
