//! `handover run`: runs every strategy and writes results, charts and a report.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use crate::experiment::{Manifest, Pairs, Record, Results, Study};
use crate::report::number::readable;
use crate::run::precision::{Precision, Verdict};
use crate::run::{Experiment, Settings, Shard, SinglePoint, Work};
use crate::scenario::Scenario;

use super::budget::{Cost, Estimate};
use super::failure::Failure;
use super::naming::recover;
use super::output::{check_gates, journal_names, read};
use super::precision::{self, Wanted};
use super::signals::Signals;
use super::simulating::Simulating;
use super::source::{Sources, doubts, position, positions};
use super::study_blocks::StudyBlocks;
use super::usage;

/// Arguments of `handover run`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: Sources,
    /// Run this many replications of each strategy [default: from the scenario]
    #[arg(short = 'n', long, value_name = "N", value_parser = usage::replications, allow_negative_numbers = true)]
    replications: Option<u32>,
    /// Write to this folder, or to a folder in it for each of several scenarios [default: results/NAME for NAME.toml]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    wanted: Wanted,
    /// Compare the other strategies with this one [default: the first]
    #[arg(long, value_name = "S")]
    baseline: Option<String>,
    /// Compare all pairs of strategies, or each with the baseline [default: all up to 20 strategies, then baseline]
    #[arg(long, value_name = "PAIRS")]
    pairs: Option<PairsArgument>,
    #[command(flatten)]
    simulating: Simulating,
}

/// Which pairs of strategies are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PairsArgument {
    /// Each strategy with every other
    All,
    /// Each strategy with the baseline
    Baseline,
}

impl From<PairsArgument> for Pairs {
    fn from(wanted: PairsArgument) -> Self {
        match wanted {
            PairsArgument::All => Self::All,
            PairsArgument::Baseline => Self::Baseline,
        }
    }
}

/// Runs the command: each scenario into a separate folder.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    arguments.simulating.check()?;
    arguments.simulating.output.check::<Results>()?;
    // Report the mistakes of all before simulating any.
    let scenarios = arguments.sources.scenarios()?;
    arguments.simulating.output.start_threads()?;
    if let [(_, scenario)] = scenarios.as_slice() {
        let path = arguments.out.clone().unwrap_or_else(|| arguments.sources.folder(""));
        return run_one(arguments, scenario.clone(), &path, &signals);
    }
    if arguments.simulating.output.json {
        let message = "--json prints one object for one scenario; compare several with `handover sweep --json`";
        return Err(Failure::Usage(message.to_owned()));
    }
    let mut failures: Vec<Failure> = Vec::new();
    for (path, (_, scenario)) in arguments.sources.folders(arguments.out.as_deref())?.iter().zip(scenarios) {
        match run_one(arguments, scenario, path, &signals) {
            Ok(()) => {}
            Err(failure @ (Failure::Signal(..) | Failure::Partial(_) | Failure::ReaderGone)) => return Err(failure),
            Err(failure) => failures.push(failure),
        }
    }
    // A failed write weighs more than a missed gate, but all are reported.
    failures.sort_by_key(Failure::status);
    let mut failures = failures.into_iter();
    let first = failures.next();
    failures.for_each(|failure| failure.print());
    first.map_or(Ok(()), Err)
}

fn run_one(arguments: &Arguments, scenario: Scenario, path: &Path, signals: &Signals) -> Result<(), Failure> {
    let mut study = study(arguments, scenario)?;
    let precision = arguments.wanted.precision(&study.scenario, study.confidence, study.settings.replications)?;
    let (precision, record) = precision.unzip();
    study.origin.precision = record;
    arguments.sources.keep_out_of(path)?;
    let is_unfinished = recover(path, &journal_names())?;
    if let (Some(shard), None) = (arguments.simulating.shard, &precision) {
        return run_shard(arguments, &study, shard, path, signals);
    }
    let output = &arguments.simulating.output;
    let experiment = SinglePoint::new(&study.scenario, &study.settings, precision.clone());
    let (plan, _) = experiment.plan();
    let work = precision.is_none().then(|| Work::new(&plan, experiment.next()));
    let blocks = Arc::new(StudyBlocks::open(path, Record::of(&study, None), plan, work)?);
    // If its folder of blocks still exists, it was killed at its end, or a larger run has left them. If all of its
    // blocks are there too, --force costs no simulation.
    let is_again = arguments.simulating.resume
        || is_unfinished
        || (blocks.has_folder() && !(arguments.simulating.output.force && blocks.is_all_there()));
    if is_again && is_complete(arguments, &study, path)? {
        output.verify(path)?;
        let results: Results = arguments.simulating.output.with_matters(read(path)?);
        arguments.simulating.output.sweep::<Results>(path);
        keep_larger(arguments, &blocks, &results)?;
        arguments.simulating.output.print_answer(&results, path, &["the results were already complete".to_owned()])?;
        return judge(arguments, &results, precision.as_ref());
    }
    let at_most = precision.as_ref().map_or(study.settings.replications, |precision| precision.at_most);
    refuse_size(arguments, &study, &blocks, false, path)?;
    let smaller = smaller_results(&study, (&blocks, at_most), output.manifest(path)?);
    if smaller.is_some() && !output.force {
        output.verify(path)?;
    }
    let folder = output.folder(path, smaller.is_some())?;
    say_notes(arguments, &study.scenario);
    let outcome = arguments.simulating.execution(signals).perform(experiment, &blocks)?;
    if let Some((precision, verdict)) = precision.as_ref().zip(outcome.verdict) {
        let missed = precision::record(&study, precision, &verdict);
        study.settings.replications = verdict.replications;
        study.origin.precision.iter_mut().for_each(|record| record.missed.clone_from(&missed));
    }
    let results = Results::estimate(study, outcome.results).with_runs(outcome.runs);
    let results = arguments.simulating.output.with_matters(results);
    give_way(arguments, &results, smaller, path)?;
    let written = arguments.simulating.output.write(&results, folder, signals);
    let absent = written.map_err(|failure| blocks.unwritten(failure))?;
    keep_larger(arguments, &blocks, &results)?;
    arguments.simulating.output.print_answer(&results, path, &absent)?;
    judge(arguments, &results, precision.as_ref())
}

/// Returns whether the results of the study already exist. Only they know how many replications the precision took, and
/// what missed it.
fn is_complete(arguments: &Arguments, study: &Study, path: &Path) -> Result<bool, Failure> {
    let output = &arguments.simulating.output;
    let Some(manifest) = output.manifest(path)?.filter(|_| output.is_there::<Results>(path, |_| true)) else {
        return Ok(false);
    };
    let mut study = study.clone();
    if let (Some(wanted), Some(found)) = (&mut study.origin.precision, &manifest.precision) {
        wanted.missed.clone_from(&found.missed);
        study.settings.replications = manifest.replications;
    }
    Ok(Record::of(&study, None).is_of(&manifest))
}

/// Returns the number of replications of results that may be replaced. The blocks beside them show that they are of the
/// same run, which now has more.
fn smaller_results(study: &Study, (blocks, at_most): (&StudyBlocks, u32), there: Option<Manifest>) -> Option<u32> {
    let there = there.filter(|_| blocks.has_begun())?;
    let replications = there.replications;
    let is_same_run = Record::of(study, None).other_values(&Record::of_results(there)).is_empty();
    (is_same_run && replications < at_most).then_some(replications)
}

/// Announces that smaller results are replaced. A run that turned out not to be larger leaves them alone.
fn give_way(arguments: &Arguments, results: &Results, smaller: Option<u32>, path: &Path) -> Result<(), Failure> {
    let Some(smaller) = smaller.filter(|_| !arguments.simulating.output.force) else { return Ok(()) };
    let [there, here] = [smaller, results.study.settings.replications].map(|count| readable(count.into()));
    let path = path.display();
    if results.study.settings.replications <= smaller {
        return Err(Failure::Output(format!(
            "{path} holds results of {there} replications, but this run needed only {here}; pass --force to overwrite, \
             or choose another folder"
        )));
    }
    let said =
        format!("{path}: replacing the results of {there} replications with those of {here} replications of the same run");
    arguments.simulating.output.say(&said);
    Ok(())
}

/// Removes the blocks of complete results, unless a larger run can resume from some.
fn keep_larger(arguments: &Arguments, blocks: &StudyBlocks, results: &Results) -> Result<(), Failure> {
    if let Some(said) = blocks.finish(results.study.settings.replications)? {
        arguments.simulating.output.say(&said);
    }
    Ok(())
}

/// Judges finished results by their gates and by the requested precision.
fn judge(arguments: &Arguments, results: &Results, precision: Option<&Precision>) -> Result<(), Failure> {
    let verdict = precision.and_then(|precision| Some((precision, precision::verdict(&results.study, precision)?)));
    let judged = verdict.map_or(Ok(()), |(precision, verdict)| check_precision(arguments, results, (precision, &verdict)));
    match (check_gates(results), judged) {
        // A missed gate weighs more, but both are reported.
        (Err(gate), Err(imprecise)) => {
            imprecise.print();
            Err(gate)
        }
        (gates, judged) => gates.and(judged),
    }
}

/// Refuses a run that the machine cannot hold. If it resumes, only the missing part takes time and disk.
fn refuse_size(
    arguments: &Arguments,
    study: &Study,
    blocks: &StudyBlocks,
    is_shard: bool,
    path: &Path,
) -> Result<(), Failure> {
    let cost = || {
        let Estimate { size, seconds } = Estimate::of(&study.scenario, &study.settings);
        let size = if is_shard { size.of_blocks() } else { size };
        let (threads, missing) = (arguments.simulating.output.threads(), blocks.missing_share());
        Cost {
            // A time limit ends it cleanly.
            hours: arguments.simulating.time_limit.is_none().then_some(missing * seconds / 3600.0 / threads as f64),
            memory_bytes: size.memory_bytes(threads),
            disk_bytes: missing * size.disk_bytes,
        }
    };
    arguments.simulating.consent.refuse(cost, path)
}

/// Prints notes on the scenario before anything is simulated, while it can still be corrected.
fn say_notes(arguments: &Arguments, scenario: &Scenario) {
    doubts(scenario).iter().for_each(|note| arguments.simulating.output.say(&format!("note: {note}")));
}

/// Computes one shard, which leaves only its blocks.
fn run_shard(arguments: &Arguments, study: &Study, shard: Shard, path: &Path, signals: &Signals) -> Result<(), Failure> {
    let output = &arguments.simulating.output;
    let there = output.manifest(path)?;
    if there.is_some_and(|there| there.partial.is_none()) && !output.force {
        if arguments.simulating.resume && is_complete(arguments, study, path)? {
            output.verify(path)?;
            output.say(&format!("the results of all shards are already complete: {}", path.display()));
            return Ok(());
        }
        let message = format!("{} already holds finished results; choose another folder for the shard", path.display());
        return Err(Failure::Output(message));
    }
    let (plan, content) = SinglePoint::new(&study.scenario, &study.settings, None).plan();
    let stretches = shard.stretches(plan.points(), study.settings.replications);
    let work = Work::new(&plan, stretches.clone());
    let blocks = Arc::new(StudyBlocks::open(path, Record::of(study, Some(shard)), Arc::clone(&plan), Some(work))?);
    let part = stretches.iter().map(|stretch| stretch.replications.len() as u32).sum();
    let settings = Settings { replications: part, ..study.settings.clone() };
    refuse_size(arguments, &Study { settings, ..study.clone() }, &blocks, true, path)?;
    // Find out now, not after the simulation, whether files can be written.
    fs::create_dir_all(path).map_err(|error| Failure::writing(path, &error))?;
    say_notes(arguments, &study.scenario);
    arguments.simulating.execution(signals).fill((plan, content), stretches, &blocks)?;
    blocks.leave()?;
    output.say(&format!("shard {shard}: {}; run `handover merge` when all shards are done", blocks.share()));
    Ok(())
}

/// Prints how many replications the precision took, or fails with what missed it.
fn check_precision(arguments: &Arguments, results: &Results, judged: (&Precision, &Verdict)) -> Result<(), Failure> {
    let (precision, verdict) = judged;
    if !verdict.is_precise() {
        let study = &results.study;
        return Err(precision::missed(&study.scenario, &study.names(), precision, verdict));
    }
    arguments.simulating.output.say(&precision::reached(precision, verdict));
    Ok(())
}

fn study(arguments: &Arguments, scenario: Scenario) -> Result<Study, Failure> {
    let strategies = positions(&scenario, &arguments.simulating.strategy)?;
    let baseline = match &arguments.baseline {
        None => 0,
        Some(name) => {
            let wanted = position(&scenario, name)?;
            let among = strategies.iter().position(|&strategy| strategy == wanted);
            among.ok_or_else(|| Failure::Usage(format!("--baseline {name:?} is not among the simulated strategies")))?
        }
    };
    let settings = Settings {
        seed: arguments.simulating.seed.unwrap_or(scenario.seed),
        replications: arguments.replications.unwrap_or(scenario.replications),
        strategies,
        independent: arguments.simulating.independent,
    };
    let study = Study::new(scenario, settings, arguments.simulating.confidence, baseline);
    let pairs = arguments.pairs.map_or(study.pairs, Pairs::from);
    Ok(Study { pairs, ..study })
}
