//! Reads scenario files, with the overrides of the command line.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use crate::front::{read_files, read_text, read_text_from, refuse_other_text};
use crate::input::Diagnostics;
use crate::input::diagnostic::name_help;
use crate::report::escape;
use crate::scenario::{Refusal, Scenario, notes};

use super::failure::{Failure, colour, note};

/// A scenario and its overrides.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Source {
    /// Read this scenario file; - is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Change one value (dotted path and TOML value), e.g. strategy.bot.transfer.0.month=30
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,
    /// Refuse a scenario in which anything is worth a second look
    #[arg(long)]
    strict: bool,
}

impl Source {
    /// Reads and checks the scenario.
    pub(super) fn scenario(&self) -> Result<Scenario, Failure> {
        self.checked()?.map_err(|mistakes| self.failure(&mistakes))
    }

    /// Reads the scenario, which may have mistakes. The outer failure means that there is nothing to check.
    pub(super) fn checked(&self) -> Result<Result<Scenario, Box<Diagnostics>>, Failure> {
        let text = read(&self.file)?;
        refuse_other_text(&text, &self.file.display().to_string()).map_err(|unread| Failure::Usage(unread.to_string()))?;
        let files = read_files(&text, &self.file).map_err(|unread| {
            Failure::Usage(format!("{}: names people in a file that cannot be used: {unread}", self.file.display()))
        })?;
        match Scenario::parse_with(&text, &self.overrides, &files) {
            Ok(scenario) => self.second_look(&scenario).map(|()| Ok(scenario)),
            Err(Refusal::Mistakes(mistakes)) => Ok(Err(mistakes)),
            Err(Refusal::Override(bad)) => Err(Failure::Usage(bad.to_string())),
        }
    }

    /// Refuses a scenario in which anything is worth a second look, if asked to be strict.
    fn second_look(&self, scenario: &Scenario) -> Result<(), Failure> {
        let doubts = if self.strict { doubts(scenario) } else { Vec::new() };
        if doubts.is_empty() {
            return Ok(());
        }
        let lines: String = doubts.iter().map(|doubt| format!("\n  {doubt}")).collect();
        let message = format!("{}: worth a second look, which --strict refuses:{lines}", self.file.display());
        Err(Failure::Rendered(escape::visible(&message)))
    }

    /// Returns the scenario with another seed.
    pub(super) fn with_seed(&self, scenario: &Scenario, seed: u64) -> Result<Scenario, Failure> {
        scenario.with_overrides(&[format!("seed={seed}")]).map_err(|refused| match refused {
            Refusal::Mistakes(mistakes) => self.failure(&mistakes),
            Refusal::Override(bad) => Failure::Usage(bad.to_string()),
        })
    }

    /// Returns mistakes as a failure, rendered for standard error.
    pub(super) fn failure(&self, mistakes: &Diagnostics) -> Failure {
        Failure::Rendered(mistakes.render(&self.file.display().to_string(), colour()))
    }

    /// Refuses an output folder in which the changed scenario would overwrite its own file.
    pub(super) fn keep_out_of(&self, folder: &Path) -> Result<(), Failure> {
        let written = folder.join("scenario.toml").canonicalize();
        let is_same = written.is_ok_and(|written| self.file.canonicalize().is_ok_and(|file| file == written));
        if is_same && !self.overrides.is_empty() {
            let message = format!(
                "{} would be overwritten by its own changed copy; choose another folder with --out",
                self.file.display()
            );
            return Err(Failure::Usage(message));
        }
        Ok(())
    }

    /// Returns the default folder for results of this scenario: `results/` and the name of its file.
    pub(super) fn folder(&self, ending: &str) -> PathBuf {
        let mut name = folder_name(&self.file);
        name.push(ending);
        Path::new("results").join(name)
    }
}

/// One or several scenarios, and their common overrides.
#[derive(Debug, clap::Args)]
pub(super) struct Sources {
    /// Read these scenario files: a run writes a folder for each, a sweep compares them; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Change one value (dotted path and TOML value), e.g. strategy.bot.transfer.0.month=30
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,
    /// Refuse scenarios in which anything is worth a second look
    #[arg(long)]
    strict: bool,
}

impl Sources {
    /// Returns each file as a source.
    pub(super) fn each(&self) -> Vec<Source> {
        let source = |file: &PathBuf| Source { file: file.clone(), overrides: self.overrides.clone(), strict: self.strict };
        self.files.iter().map(source).collect()
    }

    /// Returns the paths of the files, for the command that reproduces their results.
    pub(super) fn recorded(&self) -> crate::experiment::Sources {
        let files = self.files.iter().map(|file| file.display().to_string()).collect();
        crate::experiment::Sources { files, set: self.overrides.clone() }
    }

    /// Reads and checks all scenarios, each with the name of its file. Reports the mistakes of all at once.
    pub(super) fn scenarios(&self) -> Result<Vec<(String, Scenario)>, Failure> {
        let (mut scenarios, mut messages) = (Vec::new(), Vec::new());
        for source in self.each() {
            match source.checked()? {
                Ok(scenario) => scenarios.push((self.label(&source.file), scenario)),
                Err(mistakes) => messages.push(mistakes.render(&source.file.display().to_string(), colour())),
            }
        }
        if messages.is_empty() { Ok(scenarios) } else { Err(Failure::Rendered(messages.join("\n"))) }
    }

    /// Returns the name of a file without its extension, if no other has the same, else its path.
    fn label(&self, file: &Path) -> String {
        let stem = |file: &Path| file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let own = stem(file);
        let is_single = self.files.iter().filter(|other| stem(other) == own).count() == 1;
        if is_single { own } else { file.display().to_string() }
    }

    /// Returns the default folder for results of the first scenario.
    pub(super) fn folder(&self, ending: &str) -> PathBuf {
        self.each()[0].folder(ending)
    }

    /// Returns a folder for the results of each scenario, named after its file.
    pub(super) fn folders(&self, out: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
        let folder = |file: &PathBuf| out.unwrap_or(Path::new("results")).join(folder_name(file));
        let folders: Vec<PathBuf> = self.files.iter().map(folder).collect();
        for (index, folder) in folders.iter().enumerate() {
            if folders[..index].contains(folder) {
                let message = format!(
                    "{}: another scenario file has the same name, so both would write to {}",
                    self.files[index].display(),
                    folder.display()
                );
                return Err(Failure::Usage(message));
            }
        }
        Ok(folders)
    }

    /// Refuses an output folder in which a changed scenario would overwrite its own file.
    pub(super) fn keep_out_of(&self, folder: &Path) -> Result<(), Failure> {
        self.each().iter().try_for_each(|source| source.keep_out_of(folder))
    }
}

/// Returns the name of the folder of a file's results: that of the file, without its ending unless `.` or `..` is left.
fn folder_name(file: &Path) -> OsString {
    if file == Path::new(STANDARD_INPUT) {
        return "stdin".into();
    }
    let stem = file.file_stem().unwrap_or_default();
    let is_folder = Path::new(stem).components().eq([Component::Normal(stem)]);
    if is_folder { stem.to_owned() } else { file.file_name().unwrap_or_default().to_owned() }
}

/// Returns what is worth a second look before anything is simulated: what overrides have removed, then the notes.
pub(super) fn doubts(scenario: &Scenario) -> Vec<String> {
    scenario.dropped().iter().cloned().chain(notes(scenario)).collect()
}

/// Prints a note of what overrides have removed from the scenario.
pub(super) fn say_dropped(scenario: &Scenario) {
    scenario.dropped().iter().for_each(|dropped| note(&format!("note: {dropped}")));
}

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";

/// Reads a text file, or standard input.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    if path == Path::new(STANDARD_INPUT) {
        // It can be read once only.
        static TEXT: OnceLock<Result<String, String>> = OnceLock::new();
        let read = || read_text_from(std::io::stdin().lock(), "standard input").map_err(|unread| unread.to_string());
        return TEXT.get_or_init(read).clone().map_err(Failure::Usage);
    }
    read_text(path).map_err(|unread| {
        let help = if unread.is_missing { neighbour(path) } else { String::new() };
        Failure::Usage(format!("{unread}{help}"))
    })
}

/// Returns a hint at a scenario file with a similar name in the same folder.
fn neighbour(path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| PathBuf::from(entry.file_name()));
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut names: Vec<String> =
        entries.filter(|name| name.extension().is_some_and(|e| e == "toml")).map(|name| stem(&name)).collect();
    names.sort();
    let nearest = crate::input::diagnostic::nearest(&stem(path), names.iter().map(String::as_str));
    nearest.map_or_else(String::new, |name| {
        format!("; did you mean {}?", path.with_file_name(format!("{name}.toml")).display())
    })
}

/// Returns the positions of the named strategies, or of all. Refuses names that the scenario does not have.
pub(super) fn positions(scenario: &Scenario, names: &[String]) -> Result<Vec<usize>, Failure> {
    if names.is_empty() {
        return Ok((0..scenario.strategies.len()).collect());
    }
    let mut positions = names.iter().map(|name| position(scenario, name)).collect::<Result<Vec<_>, _>>()?;
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

/// Returns the position of a strategy in the scenario.
pub(super) fn position(scenario: &Scenario, name: &str) -> Result<usize, Failure> {
    scenario.strategies.iter().position(|strategy| strategy.name == name).ok_or_else(|| {
        let known: Vec<&str> = scenario.strategies.iter().map(|strategy| strategy.name.as_str()).collect();
        unknown("strategy", name, &known)
    })
}

/// Returns the failure of a name that the scenario does not have.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> Failure {
    let help = name_help(name, known).map_or_else(String::new, |help| format!("; {help}"));
    Failure::Usage(format!("the scenario has no {what} {name:?}{help}"))
}
