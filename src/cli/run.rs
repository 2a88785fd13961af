//! `handover run`: simulates every strategy and writes results, charts and report.

use std::path::{Path, PathBuf};

use rayon::ThreadPoolBuilder;

use crate::experiment::{FILES, Results, Study, as_json, statement, summary_table};
use crate::input::diagnostic::visible;
use crate::report::number::percent;
use crate::report::text;
use crate::run::precision::{Precision, Verdict};
use crate::run::{Collected, Settings, run as simulate, run_until_precise};
use crate::scenario::Scenario;
use crate::stats::Confidence;

use super::failure::{Failure, note, print};
use super::folder::Folder;
use super::pictures::{self, Selection};
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
    /// Threads that simulate; the results do not depend on it [default: one for each core]
    #[arg(long, value_name = "T", value_parser = usage::threads, allow_negative_numbers = true)]
    threads: Option<u16>,
    /// Folder for the results [default: results/ and the name of the scenario file]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Overwrites the results of an earlier run in that folder
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    pictures: Selection,
    /// The strategy that the others are compared with [default: the first]
    #[arg(long, value_name = "S")]
    baseline: Option<String>,
    /// Level of the confidence intervals
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = confidence, allow_negative_numbers = true)]
    confidence: Confidence,
    /// Prints the summary as JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Prints neither summary nor progress
    #[arg(short, long)]
    quiet: bool,
}

fn confidence(text: &str) -> Result<Confidence, String> {
    let level: f64 = text.parse().map_err(|_| "expected a number between 0 and 1".to_owned())?;
    Confidence::new(level).map_err(|error| error.to_string())
}

/// Carries out the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let scenario = arguments.source.scenario()?;
    let study = study(arguments, scenario)?;
    let precision = arguments.wanted.precision(&study.scenario, study.confidence, study.settings.replications)?;
    arguments.pictures.drawings()?;
    let path = arguments.out.clone().unwrap_or_else(|| arguments.source.folder(""));
    arguments.source.keep_out_of(&path)?;
    let mut folder = Folder::open(&path, &file_names(), arguments.force)?;
    let (results, verdict) = compute(arguments, study, precision.as_ref(), &signals)?;
    let (files, manifest) = FILES.split_at(FILES.len() - 1);
    for (name, write) in files {
        folder.write(name, &signals, |out| write(&results, out))?;
    }
    let absent = arguments.pictures.write(&results, &mut folder, &signals)?;
    // The manifest comes last: a folder that has it is complete.
    for (name, write) in manifest {
        folder.write(name, &signals, |out| write(&results, out))?;
    }
    folder.finish(&signals)?;
    tell(arguments, &results, &path)?;
    absent.iter().filter(|_| !arguments.quiet).for_each(|reason| note(reason));
    let judged =
        precision.as_ref().zip(verdict.as_ref()).map_or(Ok(()), |judged| check_precision(arguments, &results, judged));
    match (check_gates(&results), judged) {
        // A gate that is not met weighs more, but both are told.
        (Err(gate), Err(imprecise)) => {
            imprecise.tell();
            Err(gate)
        }
        (gates, judged) => gates.and(judged),
    }
}

/// Says how many replications it took, or what is not as precise as asked for.
fn check_precision(arguments: &Arguments, results: &Results, judged: (&Precision, &Verdict)) -> Result<(), Failure> {
    let (precision, verdict) = judged;
    if !verdict.is_precise() {
        let study = &results.study;
        return Err(precision::missed(&study.scenario, &study.names(), precision, verdict));
    }
    if !arguments.quiet {
        note(&precision::reached(precision, verdict));
    }
    Ok(())
}

/// A goal with `probability` is a gate: the lower confidence limit must reach it.
fn check_gates(results: &Results) -> Result<(), Failure> {
    let missed = results.goals.iter().filter(|goal| goal.met == Some(false));
    let told: Vec<String> = missed
        .map(|goal| {
            // Rounded down: what falls short is not shown as reached.
            let (low, required) = ((1000.0 * goal.ci_low).floor() / 10.0, percent(goal.required));
            let (strategy, name) = (visible(&goal.strategy), visible(&goal.goal));
            format!("gate not met: {strategy}: {name}: at least {low} % likely, {required} % required")
        })
        .collect();
    if told.is_empty() { Ok(()) } else { Err(Failure::Gate(told.join("\n"))) }
}

/// All files that a run may write, the manifest last.
fn file_names() -> Vec<String> {
    let mut names = pictures::file_names();
    names.extend(FILES.iter().map(|(name, _)| (*name).to_owned()));
    names
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
    Ok(Study { scenario, settings, confidence: arguments.confidence, baseline })
}

/// Simulates; with a wish for precision the study becomes one of as many replications as that took.
fn compute(
    arguments: &Arguments,
    mut study: Study,
    precision: Option<&Precision>,
    signals: &Signals,
) -> Result<(Results, Option<Verdict>), Failure> {
    let threads = arguments.threads.map_or(0, usize::from);
    let no_threads = |error| Failure::Output(format!("cannot start threads: {error}"));
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().map_err(no_threads)?;
    // For what follows the simulation.
    ThreadPoolBuilder::new().num_threads(threads).build_global().map_err(no_threads)?;
    let bar = progress::bar(study.settings.replications, arguments.quiet);
    let (scenario, settings) = (&study.scenario, &study.settings);
    let computed: Result<(Collected, Option<Verdict>), _> = match precision {
        None => simulate(scenario, settings, &pool, signals.stop(), |done| bar.set_position(done.into()))
            .map(|collected| (collected, None)),
        Some(precision) => run_until_precise(scenario, settings, precision, (&pool, signals.stop()), |done, next| {
            bar.set_length(next.into());
            bar.set_position(done.into());
        })
        .map(|(collected, verdict)| (collected, Some(verdict))),
    };
    bar.finish_and_clear();
    let (collected, verdict) = computed.map_err(|_| signals.failure())?;
    if let Some(verdict) = &verdict {
        study.settings.replications = verdict.replications;
    }
    Ok((Results::estimate(study, collected), verdict))
}

fn tell(arguments: &Arguments, results: &Results, folder: &Path) -> Result<(), Failure> {
    if arguments.json {
        let json = serde_json::to_string_pretty(&as_json(results)).map_err(|error| Failure::Output(error.to_string()))?;
        print(&format!("{json}\n"))?;
    } else if !arguments.quiet {
        let table = text::render(&summary_table(results), None);
        let statement: String = statement(results).iter().map(|sentence| format!("\n{sentence}")).collect();
        print(&format!("{}\n{statement}\n", table.trim_end()))?;
    }
    if !arguments.quiet {
        note(&format!("results: {}", folder.display()));
    }
    Ok(())
}
