//! `handover new`: writes a commented scenario to start from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::input::diagnostic::name_help;
use crate::scenario::{PRESETS, Preset, SCHEMA_FILE, schema};

use super::failure::{Failure, note, print};
use super::folder::Folder;
use super::signals::Signals;

/// Arguments of `handover new`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Start from this preset [default with FILE: the first of the list]
    #[arg(short, long, value_name = "NAME")]
    preset: Option<String>,
    /// List the presets (the default without a preset and a file)
    #[arg(long, conflicts_with_all = ["preset", "file", "with_schema", "force"])]
    list: bool,
    /// Write the scenario to this file [default: print it]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Write the JSON Schema beside it, where editors look for it
    #[arg(long, requires = "file")]
    with_schema: bool,
    /// Overwrite existing files
    #[arg(long, requires = "file")]
    force: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let preset = match (&arguments.preset, &arguments.file) {
        (Some(name), _) => named(name)?,
        (None, Some(_)) if !arguments.list => PRESETS[0],
        (None, _) => return print(&list()),
    };
    match &arguments.file {
        None => print(&preset.text()),
        Some(path) => write(arguments, preset, path),
    }
}

/// Returns the preset with a name. A dash may replace an underscore.
fn named(name: &str) -> Result<Preset, Failure> {
    let plain = name.replace('-', "_");
    PRESETS.iter().find(|preset| preset.name == plain).copied().ok_or_else(|| {
        let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        let help = name_help(&plain, &names).map_or_else(String::new, |help| format!("; {help}"));
        Failure::Usage(format!("--preset: there is no preset named {name:?}{help}"))
    })
}

fn list() -> String {
    let longest = PRESETS.iter().map(|preset| preset.name.len()).max().unwrap_or_default();
    let line = |preset: &Preset| format!("{:longest$}  {}\n", preset.name, preset.question());
    let lines: String = PRESETS.iter().map(line).collect();
    format!("{lines}\nhandover new --preset {} my-team.toml writes the first to a file\n", PRESETS[0].name)
}

fn write(arguments: &Arguments, preset: Preset, path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::Usage(format!("{}: is a directory, expected the name of a file", path.display())));
    }
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(Failure::Usage(format!("{}: expected the name of a file", path.display())));
    };
    let parent = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut files = vec![(name, preset.text())];
    if arguments.with_schema {
        let text = format!("{:#}\n", schema());
        // One schema serves all scenarios of a folder.
        if fs::read_to_string(parent.join(SCHEMA_FILE)).ok().as_ref() != Some(&text) {
            files.push((SCHEMA_FILE, text));
        }
    }
    let signals = Signals::listen();
    if let Some((there, _)) = files.iter().find(|(name, _)| !arguments.force && parent.join(name).exists()) {
        let there = path.with_file_name(there);
        let message = format!("{} already exists; pass --force to overwrite, or choose another name", there.display());
        return Err(Failure::Output(message));
    }
    let names: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut folder = Folder::open(parent, &names, arguments.force)?;
    for (name, text) in files {
        folder.write(name, &signals, |out| out.write_all(text.as_bytes()))?;
    }
    folder.finish(&signals)?;
    note(&format!("scenario: {} (preset {})", path.display(), preset.name));
    note(&format!("what it means: handover check {}", path.display()));
    Ok(())
}
