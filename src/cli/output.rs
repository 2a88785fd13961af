//! What becomes of results: the files, charts and report of a folder, the summary, and the gates.

use std::path::Path;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::experiment::{FILES, Manifest, Results, as_json, statement, summary_table};
use crate::input::diagnostic::visible;
use crate::report::number::percent;
use crate::report::text;

use super::failure::{Failure, note, print};
use super::folder::{self, Folder, MANIFEST};
use super::pictures::{self, Selection};
use super::signals::Signals;
use super::tables::{self, Tables};
use super::usage;

/// Options of commands that write results.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// Threads that compute; the results do not depend on it [default: one for each core]
    #[arg(long, value_name = "T", value_parser = usage::threads, allow_negative_numbers = true)]
    threads: Option<u16>,
    /// Overwrites the results of an earlier run in that folder
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    tables: Tables,
    #[command(flatten)]
    pictures: Selection,
    /// Prints the summary as JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Prints neither summary nor progress
    #[arg(short, long)]
    pub(super) quiet: bool,
}

impl Output {
    /// The threads that compute, for the simulation and for what follows it.
    pub(super) fn pool(&self) -> Result<ThreadPool, Failure> {
        let threads = self.threads.map_or(0, usize::from);
        let no_threads = |error| Failure::Output(format!("cannot start threads: {error}"));
        ThreadPoolBuilder::new().num_threads(threads).build_global().map_err(no_threads)?;
        ThreadPoolBuilder::new().num_threads(threads).build().map_err(no_threads)
    }

    /// How many threads compute.
    pub(super) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.map_or_else(cores, usize::from)
    }

    /// Refuses charts that there are not, and formats that do not go together.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.tables.check()?;
        self.pictures.drawings().map(drop)
    }

    /// Whether all tables that are asked for are in a folder.
    pub(super) fn is_there(&self, path: &Path) -> bool {
        self.tables.wanted().all(|name| path.join(name).exists())
    }

    /// Opens the folder of the results; files there may be overwritten if they are the command's own.
    pub(super) fn folder(&self, path: &Path, is_ours: bool) -> Result<Folder, Failure> {
        Folder::open(path, &file_names(), self.force || is_ours)
    }

    /// Removes what killed runs have left in a folder whose results are complete.
    pub(super) fn sweep(&self, path: &Path) {
        folder::sweep(path, &file_names());
    }

    /// Writes all files of results and gives them their names; what is said of charts that were asked for and not drawn.
    pub(super) fn write(&self, results: &Results, mut folder: Folder, signals: &Signals) -> Result<Vec<String>, Failure> {
        let (files, manifest) = FILES.split_at(FILES.len() - 1);
        for (name, write) in files {
            folder.write(name, signals, |out| write(results, out))?;
        }
        self.tables.write(results, &mut folder, signals)?;
        let absent = self.pictures.write(results, &mut folder, signals)?;
        // The manifest comes last: a folder that has it is complete.
        for (name, write) in manifest {
            folder.write(name, signals, |out| write(results, out))?;
        }
        folder.finish(signals)?;
        Ok(absent)
    }

    /// Prints the summary, and says where the results are.
    pub(super) fn tell(&self, results: &Results, folder: &Path, remarks: &[String]) -> Result<(), Failure> {
        if self.json {
            let json =
                serde_json::to_string_pretty(&as_json(results)).map_err(|error| Failure::Output(error.to_string()))?;
            print(&format!("{json}\n"))?;
        } else if !self.quiet {
            let table = text::render(&summary_table(results), None);
            let statement: String = statement(results).iter().map(|sentence| format!("\n{sentence}")).collect();
            print(&format!("{}\n{statement}\n", table.trim_end()))?;
        }
        self.say(&format!("results: {}", folder.display()));
        remarks.iter().for_each(|remark| self.say(remark));
        Ok(())
    }

    /// Says something on standard error, unless told to be quiet.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            note(&visible(text));
        }
    }
}

/// A goal with `probability` is a gate: the lower confidence limit must reach it.
pub(super) fn check_gates(results: &Results) -> Result<(), Failure> {
    let missed = |(strategy, position): (usize, usize)| {
        let goal = &results.study.scenario.world.goals[position];
        // Rounded down: what falls short is not shown as reached.
        let low = (1000.0 * results.goal(strategy, position).low).floor() / 10.0;
        let required = percent(goal.probability.unwrap_or(f64::NAN));
        let (strategy, name) = (visible(results.study.name(strategy)), visible(&goal.name));
        format!("gate not met: {strategy}: {name}: at least {low} % likely, {required} % required")
    };
    let missed: Vec<String> = results.gates_missed().into_iter().map(missed).collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Gate(missed.join("\n"))) }
}

/// The manifest of a folder, if its results are complete and can be read.
pub(super) fn manifest(folder: &Path) -> Option<Manifest> {
    serde_json::from_slice(&std::fs::read(folder.join(MANIFEST)).ok()?).ok()
}

/// The results of a folder that a run has written.
pub(super) fn read(folder: &Path) -> Result<Results, Failure> {
    let results = crate::experiment::files::read(|name| std::fs::File::open(folder.join(name)));
    results.map_err(|error| Failure::Usage(format!("{}: {error}", folder.display())))
}

/// All files that a run may write, the manifest last.
fn file_names() -> Vec<String> {
    let mut names = pictures::file_names();
    names.extend(tables::file_names());
    names.extend(FILES.iter().map(|(name, _)| (*name).to_owned()));
    names
}
