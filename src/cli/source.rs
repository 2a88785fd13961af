//! Reading a scenario file, with the overrides of the command line.

use std::path::{Path, PathBuf};

use crate::front::read_text;
use crate::input::Diagnostics;
use crate::input::diagnostic::{name_help, visible};
use crate::scenario::{Refused, Scenario};

use super::failure::{Failure, colour, note};

/// Which scenario, and what is changed in it.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Source {
    /// Read this scenario file
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Change one value (dotted path and TOML value), e.g. strategy.bot.transfer.0.month=30
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,
}

impl Source {
    /// Reads and checks the scenario.
    pub(super) fn scenario(&self) -> Result<Scenario, Failure> {
        self.checked()?.map_err(|mistakes| self.failure(&mistakes))
    }

    /// Reads the scenario, which may have mistakes; the outer failure is that there is none to be checked.
    pub(super) fn checked(&self) -> Result<Result<Scenario, Box<Diagnostics>>, Failure> {
        let text = read(&self.file)?;
        match Scenario::parse(&text, &self.overrides) {
            Ok(scenario) => Ok(Ok(scenario)),
            Err(Refused::Mistakes(mistakes)) => Ok(Err(mistakes)),
            Err(Refused::Override(bad)) => Err(Failure::Usage(bad.to_string())),
        }
    }

    /// The scenario under another seed.
    pub(super) fn with_seed(&self, scenario: &Scenario, seed: u64) -> Result<Scenario, Failure> {
        scenario.with_overrides(&[format!("seed={seed}")]).map_err(|refused| match refused {
            Refused::Mistakes(mistakes) => self.failure(&mistakes),
            Refused::Override(bad) => Failure::Usage(bad.to_string()),
        })
    }

    /// Mistakes as they are told on standard error.
    pub(super) fn failure(&self, mistakes: &Diagnostics) -> Failure {
        Failure::Rendered(mistakes.render(&self.file.display().to_string(), colour()))
    }

    /// Refuses an output folder in which the changed scenario would overwrite the file that it was read from.
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

    /// A folder for results of this scenario: `results/` and the name of its file.
    pub(super) fn folder(&self, ending: &str) -> PathBuf {
        let mut name = self.file.file_stem().unwrap_or_default().to_owned();
        name.push(ending);
        Path::new("results").join(name)
    }
}

/// Which scenarios, one or several, and what is changed in all of them.
#[derive(Debug, clap::Args)]
pub(super) struct Sources {
    /// Read these scenario files: a run writes a folder for each, a sweep compares them
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Change one value (dotted path and TOML value), e.g. strategy.bot.transfer.0.month=30
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,
}

impl Sources {
    /// The files one by one.
    pub(super) fn each(&self) -> Vec<Source> {
        let source = |file: &PathBuf| Source { file: file.clone(), overrides: self.overrides.clone() };
        self.files.iter().map(source).collect()
    }

    /// Where the files are, for the command that computes their results again.
    pub(super) fn recorded(&self) -> crate::experiment::Sources {
        let files = self.files.iter().map(|file| file.display().to_string()).collect();
        crate::experiment::Sources { files, set: self.overrides.clone() }
    }

    /// Reads and checks all scenarios, each with the name of its file; the mistakes of all are told at once.
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

    /// The name of a file without its ending, if no other has the same, else its path.
    fn label(&self, file: &Path) -> String {
        let stem = |file: &Path| file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let own = stem(file);
        let is_single = self.files.iter().filter(|other| stem(other) == own).count() == 1;
        if is_single { own } else { file.display().to_string() }
    }

    /// A folder for results of the first scenario: `results/` and the name of its file.
    pub(super) fn folder(&self, ending: &str) -> PathBuf {
        self.each()[0].folder(ending)
    }

    /// A folder for the results of each scenario, named after its file.
    pub(super) fn folders(&self, out: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
        let folder = |file: &PathBuf| out.unwrap_or(Path::new("results")).join(file.file_stem().unwrap_or_default());
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

    /// Refuses an output folder in which a changed scenario would overwrite the file that it was read from.
    pub(super) fn keep_out_of(&self, folder: &Path) -> Result<(), Failure> {
        self.each().iter().try_for_each(|source| source.keep_out_of(folder))
    }
}

/// Says on standard error what overrides have dropped of the scenario.
pub(super) fn say_dropped(scenario: &Scenario) {
    scenario.dropped().iter().for_each(|dropped| note(&visible(&format!("note: {dropped}"))));
}

/// Reads a text file.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    read_text(path).map_err(|unread| {
        let help = if unread.is_missing { neighbour(path) } else { String::new() };
        Failure::Usage(format!("{unread}{help}"))
    })
}

/// A scenario file of a like name in the same folder, as a hint.
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

/// The positions of the strategies named, or of all; those of the scenario are the only ones allowed.
pub(super) fn positions(scenario: &Scenario, names: &[String]) -> Result<Vec<usize>, Failure> {
    if names.is_empty() {
        return Ok((0..scenario.strategies.len()).collect());
    }
    let mut positions = names.iter().map(|name| position(scenario, name)).collect::<Result<Vec<_>, _>>()?;
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

/// The position of a strategy in the scenario.
pub(super) fn position(scenario: &Scenario, name: &str) -> Result<usize, Failure> {
    scenario.strategies.iter().position(|strategy| strategy.name == name).ok_or_else(|| {
        let known: Vec<&str> = scenario.strategies.iter().map(|strategy| strategy.name.as_str()).collect();
        unknown("strategy", name, &known)
    })
}

/// The failure of a name that the scenario does not have.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> Failure {
    let help = name_help(name, known).map_or_else(String::new, |help| format!("; {help}"));
    Failure::Usage(format!("the scenario has no {what} {name:?}{help}"))
}
