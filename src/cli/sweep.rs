//! `handover sweep`: runs the strategies at each point of a design.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use crate::experiment::{Manifest, Record, SWEEP_AT_MOST, SWEEP_USUALLY, Sweep, SweepStudy, Swept};
use crate::report::number::readable;
use crate::run::{Content, Plan, Settings, Work};
use crate::scenario::{BadVariation, Design, Scenario, Variation, notes};

use super::budget::{self, Cost, Estimate};
use super::failure::{Failure, colour};
use super::naming::recover;
use super::output::{self, read};
use super::signals::Signals;
use super::simulating::Simulating;
use super::source::{Sources, read as read_file, unknown};
use super::study_blocks::StudyBlocks;
use super::usage;

/// Most invalid points that are reported.
const BAD_AT_MOST: usize = 20;
/// Most points whose notes are printed.
const NOTED_AT_MOST: usize = 200;
/// Points that are probed for their size.
const PROBED_POINTS: usize = 4;

/// Arguments of `handover sweep`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: Sources,
    /// Vary a factor of the file, or KEY over the levels A..B, A..B:STEP or V,V,V; NAME names it; repeatable [default: all
    /// factors of the file]
    #[arg(long, value_name = "[NAME:]KEY=LEVELS")]
    vary: Vec<String>,
    /// Read points from this table: a column for each factor or key, a row for each point
    #[arg(long, value_name = "FILE")]
    points: Option<PathBuf>,
    /// Combine the levels of several factors in this way
    #[arg(long, value_name = "DESIGN", default_value = "all-combinations")]
    design: DesignKind,
    /// Read more factors from this file
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// Compare the other points with this one, e.g. recruiters=5,transfer=25 [default: the scenario's own values]
    #[arg(long, value_name = "LEVELS")]
    base: Option<String>,
    /// Run this many replications of each strategy at each point
    #[arg(short = 'n', long, value_name = "N", default_value_t = SWEEP_USUALLY, value_parser = replications, allow_negative_numbers = true)]
    replications: u32,
    /// Chart and print these responses beside the goals [default: staffed_day and client_cost]
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    responses: Vec<String>,
    /// Keep all replications in replications.csv, or whole blocks, which `handover run` can use
    #[arg(long, value_name = "WHAT")]
    keep: Vec<Keep>,
    /// Write results to this folder [default: results/NAME-sweep for NAME.toml]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    simulating: Simulating,
}

/// How levels are combined into points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DesignKind {
    /// Every level of every factor with every other
    AllCombinations,
    /// One factor at a time, the others as in the scenario
    OneAtATime,
}

/// What is kept in addition to the usual files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Keep {
    /// A row for each replication of each point.
    Replications,
    /// Blocks with month-end measures and costs.
    Blocks,
}

fn replications(text: &str) -> Result<u32, String> {
    usage::whole(text, &(1..=SWEEP_AT_MOST))
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let output = &arguments.simulating.output;
    arguments.simulating.check()?;
    output.check::<Swept>()?;
    output.start_threads()?;
    let study = study(arguments)?;
    let plan = Arc::new(study.plan().map_err(|bad| refused(&bad))?);
    let path = arguments.out.clone().unwrap_or_else(|| arguments.sources.folder("-sweep"));
    arguments.sources.keep_out_of(&path)?;
    keep_out_of(arguments, &path)?;
    let content = if arguments.keep.contains(&Keep::Blocks) { Content::Everything } else { Content::Responses };
    let stretches = match arguments.simulating.shard {
        Some(shard) => shard.stretches(plan.points(), study.replications),
        None => study.stretches(),
    };
    let work = Work::new(&plan, stretches.clone());
    let record = Record::new(study.manifest(), arguments.simulating.shard);
    let blocks = Arc::new(StudyBlocks::open(&path, record, Arc::clone(&plan), Some(work.clone()))?);
    let execution = arguments.simulating.execution(&signals);
    let is_unfinished = recover(&path, &output::journal_names())?;
    let there = output.manifest(&path)?;
    if arguments.simulating.shard.is_some() {
        if there.is_some() && !output.force {
            let message = format!("{} already holds finished results; choose another folder for the shard", path.display());
            return Err(Failure::Output(message));
        }
        say(arguments, &study, (&plan, &work), &blocks, &path)?;
        fs::create_dir_all(&path).map_err(|error| Failure::writing(&path, &error))?;
        execution.fill((plan, content), stretches, &blocks)?;
        blocks.leave()?;
        output.say(&format!("shard done: {}; run `handover merge` when all shards are done", blocks.share()));
        return Ok(());
    }
    let is_complete = there.as_ref() == Some(&study.manifest()) && output.is_there::<Swept>(&path, |file| study.has(file));
    if is_complete && (arguments.simulating.resume || is_unfinished || (blocks.has_record() && !output.force)) {
        output.verify(&path)?;
        let swept: Swept = read(&path)?;
        output.sweep::<Swept>(&path);
        blocks.finish_and_keep()?;
        return output.print_answer(&swept, &path, &["the results were already complete".to_owned()]);
    }
    let smaller = if output.force { None } else { smaller(there.as_ref(), &study, is_complete, &path)? };
    let folder = output.folder(&path, smaller.is_some())?;
    say(arguments, &study, (&plan, &work), &blocks, &path)?;
    if let Some(smaller) = smaller {
        let [there, here] = [smaller, study.replications].map(|count| readable(count.into()));
        output.say(&format!("{}: extending the sweep from {there} to {here} replications at each point", path.display()));
    }
    let swept = execution.perform(Sweep::new(study, plan).keeping(content), &blocks)?;
    let swept = swept.map_err(|error| Failure::Output(error.to_string()))?;
    let absent = output.write(&swept, folder, &signals).map_err(|failure| blocks.unwritten(failure))?;
    blocks.finish_and_keep()?;
    output.print_answer(&swept, &path, &absent)
}

/// Returns the replications at each point of results that this sweep extends, if there are any. Refuses all other
/// results.
fn smaller(there: Option<&Manifest>, study: &SweepStudy, is_complete: bool, path: &Path) -> Result<Option<u32>, Failure> {
    let Some(there) = there else { return Ok(None) };
    let is_alike = SweepStudy { replications: there.replications, ..study.clone() }.manifest() == *there;
    let [here, count] = [study.replications, there.replications].map(|count| readable(count.into()));
    let (has, help) = if !is_alike {
        ("other results".to_owned(), "choose another folder with --out, or pass --force to replace them")
    } else if is_complete {
        ("the results of this sweep".to_owned(), "pass --resume to keep them, or --force to compute them again")
    } else if there.replications > study.replications {
        let has = format!("{count} replications at each point, more than {here}");
        (has, "choose another folder with --out, or pass --force to replace them")
    } else {
        return Ok((there.replications < study.replications).then_some(there.replications));
    };
    Err(Failure::Output(format!("{} already holds {has}; {help}", path.display())))
}

/// Returns the study of the arguments.
fn study(arguments: &Arguments) -> Result<SweepStudy, Failure> {
    let files = arguments.sources.scenarios()?;
    let text = |path: &Option<PathBuf>| path.as_ref().map(|path| named(path)).transpose();
    let variation = Variation {
        vary: arguments.vary.clone(),
        points: text(&arguments.points)?,
        with: text(&arguments.with)?,
        one_at_a_time: arguments.design == DesignKind::OneAtATime,
        base: arguments.base.clone(),
    };
    let design = Design::of(&files, &variation).map_err(|bad| refused(&bad))?;
    let wanted = &arguments.simulating.strategy;
    refuse_names("strategy", wanted, &files, |scenario| {
        scenario.strategies.iter().map(|strategy| strategy.name.clone()).collect()
    })?;
    refuse_names("response or goal", &arguments.responses, &files, |scenario| {
        let columns = crate::response::columns(&scenario.world).into_iter();
        columns.filter(|column| column.unit != crate::response::Unit::Outcome).map(|column| column.name).collect()
    })?;
    refuse_columns(arguments, &design, &files)?;
    let study = SweepStudy {
        seed: arguments.simulating.seed.unwrap_or(files[0].1.seed),
        files: Arc::new(files),
        variation,
        sources: arguments.sources.recorded(),
        design: Arc::new(design),
        replications: arguments.replications,
        strategies: arguments.simulating.strategy.clone(),
        independent: arguments.simulating.independent,
        confidence: arguments.simulating.confidence,
        responses: arguments.responses.clone(),
        keeps_replications: arguments.keep.contains(&Keep::Replications),
    };
    let has_none =
        |(_, scenario): &&(String, Scenario)| !scenario.strategies.iter().any(|strategy| study.wants(&strategy.name));
    match study.files.iter().find(has_none) {
        Some((label, _)) => Err(Failure::Usage(format!("{label} has none of the strategies {}", wanted.join(", ")))),
        None => Ok(study),
    }
}

/// Refuses a factor with the name of a column of `replications.csv`, if that file is written.
fn refuse_columns(arguments: &Arguments, design: &Design, files: &[(String, Scenario)]) -> Result<(), Failure> {
    let columns = files.iter().flat_map(|(_, scenario)| crate::response::columns(&scenario.world));
    let columns: BTreeSet<String> = columns.map(|column| column.name).collect();
    let clash = design.factors.iter().find(|factor| columns.contains(&factor.name));
    match clash.filter(|_| arguments.keep.contains(&Keep::Replications)) {
        Some(factor) => {
            let message = format!("the factor {:?} has the same name as a column of replications.csv", factor.name);
            Err(Failure::Usage(format!("{message}; rename it with --vary NAME:KEY=LEVELS")))
        }
        None => Ok(()),
    }
}

/// Refuses a folder in which results would overwrite an input file.
fn keep_out_of(arguments: &Arguments, folder: &Path) -> Result<(), Failure> {
    let here = folder.canonicalize().ok();
    for given in [&arguments.points, &arguments.with].into_iter().flatten() {
        let given = given.canonicalize().unwrap_or_else(|_| given.clone());
        let name = given.file_name().unwrap_or_default().to_string_lossy();
        if here.as_deref() == given.parent() && output::file_names::<Swept>().iter().any(|own| *own == name) {
            let message = format!("{} would be overwritten by a result; choose another folder with --out", given.display());
            return Err(Failure::Usage(message));
        }
    }
    Ok(())
}

/// Returns a file and its text.
fn named(path: &Path) -> Result<(String, String), Failure> {
    Ok((path.display().to_string(), read_file(path)?))
}

/// Refuses names that no scenario has.
fn refuse_names(
    what: &str,
    names: &[String],
    files: &[(String, Scenario)],
    known: impl Fn(&Scenario) -> Vec<String>,
) -> Result<(), Failure> {
    let known: Vec<String> = files.iter().flat_map(|(_, scenario)| known(scenario)).collect();
    let Some(name) = names.iter().find(|name| !known.contains(name)) else { return Ok(()) };
    Err(unknown(what, name, &known.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// Returns the failure of an invalid variation, with a limited number of points.
fn refused(bad: &[BadVariation]) -> Failure {
    let mut text = BadVariation::render_all(&bad[..bad.len().min(BAD_AT_MOST)], colour());
    if bad.len() > BAD_AT_MOST {
        text += &format!("\n... and {} more invalid points", bad.len() - BAD_AT_MOST);
    }
    Failure::Rendered(text)
}

/// Returns a note on files whose seed differs from that of the first, which is used for all.
fn other_seeds(arguments: &Arguments, study: &SweepStudy) -> Option<String> {
    let (label, first) = &study.files[0];
    let (other, scenario) = study.files.iter().find(|(_, scenario)| scenario.seed != first.seed)?;
    let message = format!("{other} has seed {}, but all files use seed {} of {label}", scenario.seed, first.seed);
    arguments.simulating.seed.is_none().then_some(message)
}

/// Prints the cost of a sweep and notes on its scenarios. Refuses what the machine cannot hold.
fn say(
    arguments: &Arguments,
    study: &SweepStudy,
    (plan, work): (&Plan, &Work),
    blocks: &StudyBlocks,
    path: &Path,
) -> Result<(), Failure> {
    let output = &arguments.simulating.output;
    let scenario = study.scenario();
    let noted = (0..plan.points()).step_by(plan.points().div_ceil(NOTED_AT_MOST));
    let mut all: Vec<String> = notes(scenario);
    all.extend(other_seeds(arguments, study));
    all.extend(scenario.dropped().iter().cloned());
    all.extend(noted.flat_map(|point| plan.scenario(point).dropped().to_vec()));
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|note| seen.insert(note.clone())).for_each(|note| output.say(&format!("note: {note}")));
    let (threads, missing) = (output.threads(), blocks.missing_share());
    let (mut seconds, mut memory_bytes, mut disk_bytes, mut probed) = (0.0, 0.0, 0.0, 0.0);
    let (mut kept_bytes, mut result_bytes) = (0.0, 0.0);
    for point in (0..plan.points()).step_by(plan.points().div_ceil(PROBED_POINTS)) {
        let scenario = plan.scenario(point);
        let strategies = plan.strategies(point).iter().map(|strategy| strategy.position).collect();
        let settings = Settings { seed: study.seed, replications: study.replications, strategies, independent: false };
        let estimate = Estimate::of(&scenario, &settings);
        let size = estimate.size;
        seconds += estimate.seconds;
        memory_bytes = size.memory_bytes(threads).max(memory_bytes);
        disk_bytes += size.response_bytes;
        let [kept, result] = size.point_bytes;
        (kept_bytes, result_bytes) = (kept_bytes + kept, result_bytes + result);
        probed += 1.0;
    }
    let points = plan.points() as f64 / probed;
    let seconds = missing * points * seconds / threads as f64;
    // A shard leaves the results to `merge`.
    let is_shard = arguments.simulating.shard.is_some();
    let points_reported = if is_shard { 0.0 } else { points };
    let memory_bytes = memory_bytes + points_reported * kept_bytes;
    let disk_bytes = missing * points * disk_bytes + points_reported * result_bytes;
    output.say(&format!(
        "sweep: {} points, {} replications of strategies, {} on {threads} threads, {} of memory, {} of disk",
        readable(plan.points() as f64),
        readable(work.amount() as f64),
        budget::duration(seconds),
        budget::amount(memory_bytes),
        budget::amount(disk_bytes)
    ));
    let hours = arguments.simulating.time_limit.is_none().then_some(seconds / 3600.0);
    arguments.simulating.consent.refuse(|| Cost { hours, memory_bytes, disk_bytes }, path)
}
