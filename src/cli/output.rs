//! Output of results: the files, charts and report of a folder, the summary, and the gates.

use std::path::Path;

use rayon::ThreadPoolBuilder;

use crate::experiment::{CORRECTED, Document, Format, Manifest, Matters, ResultFile, Results, Seal, Swept};
use crate::report::text;

use super::failure::{Failure, note, print, print_json};
use super::files::{MANIFEST, TRACE};
use super::folder::{self, Folder};
use super::pictures::{self, REPORT, Selection};
use super::signals::Signals;
use super::tables::Tables;
use super::usage;
use super::verified;

/// Columns of a terminal that does not report its width, and the fewest columns for layout.
const USUAL_WIDTH: usize = 80;
const NARROWEST: usize = 40;
/// The rows of all replications, which are read one by one.
const REPLICATIONS: &str = "replications.csv";
/// What to do if results were changed.
const OVERWRITE: &str = "pass --force to compute them again, or choose another folder";
/// Explains the mark of the best.
const BEST: &str = "* better than the rest by a difference that matters; several share it where they do not differ. \
                    ± half a confidence interval.";

/// Options of commands that write results.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// Use this many threads; the results do not depend on it [default: one for each core]
    #[arg(long, value_name = "T", value_parser = usage::threads, allow_negative_numbers = true)]
    threads: Option<u16>,
    /// Overwrite the results of an earlier run in the folder
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    tables: Tables,
    #[command(flatten)]
    pictures: Selection,
    /// Print every response instead of the key figures
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Ignore differences below this share of the larger value (for shares: below this difference)
    #[arg(long, value_name = "SHARE", default_value = "0.01", value_parser = usage::matters, allow_negative_numbers = true)]
    pub(super) matters: Matters,
    /// Print the summary as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Print no results and no progress
    #[arg(short, long)]
    pub(super) quiet: bool,
}

impl Output {
    /// Starts the threads for the simulation and what follows it.
    pub(super) fn start_threads(&self) -> Result<(), Failure> {
        let started = ThreadPoolBuilder::new().num_threads(self.threads.map_or(0, usize::from)).build_global();
        started.map_err(|error| Failure::Output(format!("cannot start threads: {error}")))
    }

    /// Returns the number of threads.
    pub(super) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.map_or_else(cores, usize::from)
    }

    /// Refuses charts that a document of this kind does not have, and formats that do not go together.
    pub(super) fn check<D: Document>(&self) -> Result<(), Failure> {
        self.tables.check()?;
        self.pictures.drawings::<D>().map(drop)
    }

    /// Returns whether the results in a folder also have the tables in all requested formats; `has` says which files such
    /// results have.
    pub(super) fn is_there<D: Document>(&self, path: &Path, has: impl Fn(&str) -> bool) -> bool {
        let Ok(Some((seal, _))) = verified::seal(path) else { return false };
        let is_sealed = |name: &str| seal.files.iter().any(|file| file.name == name);
        let is_wanted = |format| format != Format::Csv && self.tables.is_wanted(format);
        let mut wanted = D::FILES.iter().filter(|file| is_wanted(file.format) && has(file.name));
        wanted.all(|file| is_sealed(file.name))
    }

    /// Returns the manifest of the results in a folder, if there are any. With `--force`, a manifest that was changed is
    /// as good as none.
    pub(super) fn manifest(&self, path: &Path) -> Result<Option<Manifest>, Failure> {
        match verified::seal(path) {
            Err(_) | Ok(Some((_, false))) if self.force => Ok(None),
            Ok(Some((_, false))) => Err(verified::refusal(path, &[format!("{MANIFEST} was changed")], OVERWRITE)),
            seal => Ok(seal?.map(|(seal, _)| seal.manifest)),
        }
    }

    /// Fails if files of results that are to stay have changed since they were written.
    pub(super) fn verify(&self, path: &Path) -> Result<(), Failure> {
        let Some(seal) = verified::seal(path)? else { return Ok(()) };
        let changes = verified::changes(path, &seal, &all_file_names(), |_| true)?;
        if changes.is_empty() { Ok(()) } else { Err(verified::refusal(path, &changes, OVERWRITE)) }
    }

    /// Opens the folder of the results. Files there may be overwritten if they belong to the command.
    pub(super) fn folder(&self, path: &Path, is_ours: bool) -> Result<Folder, Failure> {
        Folder::open(path, &all_file_names(), self.force || is_ours)
    }

    /// Removes what killed runs have left in a folder whose results are complete.
    pub(super) fn sweep<D: Document>(&self, path: &Path) {
        folder::sweep(path, &file_names::<D>());
    }

    /// Writes all files of a document. Returns why requested charts are not drawn.
    pub(super) fn write<D: Document>(
        &self,
        document: &D,
        mut folder: Folder,
        signals: &Signals,
    ) -> Result<Vec<String>, Failure> {
        let wanted = |file: &&ResultFile<D>| document.has(file.name) && self.tables.is_wanted(file.format);
        for file in D::FILES.iter().filter(wanted).filter(|file| file.name != MANIFEST) {
            folder.write(file.name, signals, |out| file.write(document, out))?;
        }
        let absent = self.pictures.write(document, &[], &mut folder, signals)?;
        // The manifest comes last: a folder that has it is complete.
        let seal = Seal::new(document.manifest(), folder.records());
        folder.write(MANIFEST, signals, |out| out.write_all(seal.text().as_bytes()))?;
        folder.finish(signals)?;
        Ok(absent)
    }

    /// Prints the summary and the path of the results.
    pub(super) fn print_answer<D: Document>(&self, document: &D, folder: &Path, remarks: &[String]) -> Result<(), Failure> {
        if self.json {
            self.say(&format!("results: {}", folder.display()));
            print_json(&document.json())?;
        } else if !self.quiet {
            let answer = Answer { document, is_all: self.all, width: width() };
            print(&format!("{}\n{}\n", answer.text(), folder.join(REPORT).display()))?;
        }
        remarks.iter().for_each(|remark| self.say(remark));
        Ok(())
    }

    /// Returns a document that calls a difference one where the options say so.
    pub(super) fn with_matters<D: Document>(&self, mut document: D) -> D {
        document.set_matters(self.matters);
        document
    }

    /// Prints a note to standard error, unless `--quiet` is given.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            note(text);
        }
    }
}

/// The printed answer of a document.
struct Answer<'d, D> {
    document: &'d D,
    /// Whether to print every response.
    is_all: bool,
    width: usize,
}

impl<D: Document> Answer<'_, D> {
    /// Returns the heading, the verdict and the tables, and with every response the rest of the statement.
    fn text(&self) -> String {
        let statement = self.document.statement();
        let tables = if self.is_all { self.document.all_tables() } else { self.document.key_tables() };
        let lines = |sentences: &[String]| -> String { sentences.iter().map(|sentence| self.paragraph(sentence)).collect() };
        let mut text = format!("{}\n", self.paragraph(&self.document.heading()));
        if !statement.verdict.is_empty() {
            text += &format!("{}\n", lines(&statement.verdict));
        }
        for table in &tables {
            text += &format!("{}\n", text::render(table, self.width));
        }
        if text::has_best(&tables) {
            text += &format!("{}\n", self.paragraph(BEST));
        }
        if text::has_corrected(&tables) {
            text += &format!("{}\n", self.paragraph(CORRECTED));
        }
        if self.is_all {
            for (title, sentences) in statement.spoken() {
                text += &format!("{title}\n{}\n", lines(sentences));
            }
        }
        text.trim_end().to_owned() + "\n"
    }

    fn paragraph(&self, text: &str) -> String {
        text::wrap(text, self.width)
    }
}

/// Returns the width of the terminal, or the usual width if there is none.
fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.or_else(of_terminal).unwrap_or(USUAL_WIDTH).max(NARROWEST)
}

/// A goal with `probability` is a gate: the lower confidence limit must reach it.
pub(super) fn check_gates<D: Document>(document: &D) -> Result<(), Failure> {
    let missed: Vec<String> = document.gates_missed().iter().map(|gate| format!("gate not met: {gate}")).collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Gate(missed.join("\n"))) }
}

/// Judges a document by its gates. Missing replications weigh more than a missed gate, but both are reported.
pub(super) fn judge<D: Document>(document: &D) -> Result<(), Failure> {
    let gates = check_gates(document);
    let Some(partial) = document.partial() else { return gates };
    if let Err(gate) = gates {
        gate.print();
    }
    Err(Failure::Partial(format!("partial results: {partial}; merge again when more are there")))
}

/// Reads the document in a folder that a command has written.
pub(super) fn read<D: Document>(folder: &Path) -> Result<D, Failure> {
    let document = D::read(|name| verified::table(&folder.join(name), name != REPLICATIONS));
    document.map_err(|error| Failure::Usage(format!("{}: {error}", folder.display())))
}

/// Returns all files that a command which was killed in a result folder may have been about to write.
pub(super) fn journal_names() -> Vec<String> {
    all_file_names().into_iter().chain(TRACE.map(str::to_owned)).collect()
}

/// Returns all files that commands may write as results. Those of one kind replace those of another.
pub(super) fn all_file_names() -> Vec<String> {
    let mut names = file_names::<Results>();
    let more: Vec<String> = file_names::<Swept>().into_iter().filter(|name| !names.contains(name)).collect();
    names.extend(more);
    names
}

/// Returns all files that a command may write, the manifest last.
pub(super) fn file_names<D: Document>() -> Vec<String> {
    let files = D::FILES.iter().map(|file| file.name.to_owned());
    pictures::file_names::<D>().into_iter().chain(files).collect()
}
