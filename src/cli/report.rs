//! `handover report`: redraws the charts and report of a result folder.

use std::path::PathBuf;

use crate::experiment::{Document, Matters, Results, Swept};

use super::failure::{Failure, note};
use super::files::MANIFEST;
use super::folder::Folder;
use super::naming::recover;
use super::output::{all_file_names, journal_names, read};
use super::pictures::{Selection, file_names};
use super::signals::Signals;
use super::usage;
use super::verified;

/// Arguments of `handover report`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Redraw this folder, written by `handover run` or `handover sweep`
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Ignore differences below this share of the larger value (for shares: below this difference)
    #[arg(long, value_name = "SHARE", default_value = "0.01", value_parser = usage::matters, allow_negative_numbers = true)]
    matters: Matters,
    /// Draw even if files have changed since the run; the report says so
    #[arg(long)]
    unverified: bool,
    #[command(flatten)]
    pictures: Selection,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let path = &arguments.folder;
    let expected = "expected a folder written by `handover run` or `handover sweep`";
    if !path.is_dir() {
        arguments.pictures.drawings::<Results>()?;
        return Err(Failure::Usage(format!("{}: {expected}", path.display())));
    }
    recover(path, &journal_names())?;
    let Some((seal, _)) = verified::seal(path)? else {
        return Err(Failure::Usage(format!("{}: {expected}; it has no {MANIFEST}", path.display())));
    };
    let is_sweep = seal.manifest.design.is_some();
    let absent = if is_sweep { draw::<Swept>(arguments, &signals)? } else { draw::<Results>(arguments, &signals)? };
    absent.iter().for_each(|reason| note(reason));
    note(&format!("charts and report: {}", path.display()));
    Ok(())
}

fn draw<D: Document>(arguments: &Arguments, signals: &Signals) -> Result<Vec<String>, Failure> {
    arguments.pictures.drawings::<D>()?;
    let path = &arguments.folder;
    let (pictures, known) = (file_names::<D>(), all_file_names());
    let is_picture = |name: &str| pictures.iter().any(|picture| picture == name);
    // Opened first: if other results appear from here on, this command writes nothing.
    let names: Vec<String> = pictures.iter().cloned().chain([MANIFEST.to_owned()]).collect();
    let mut folder = Folder::open(path, &names, true)?;
    let seal = verified::seal(path)?.ok_or_else(|| Failure::Usage(format!("{}: its results are gone", path.display())))?;
    let changes = verified::changes(path, &seal, &known, |name| !is_picture(name))?;
    let is_sealed = changes.is_empty();
    if !is_sealed && !arguments.unverified {
        return Err(verified::refusal(path, &changes, "pass --unverified to draw what is there"));
    }
    if seal.0.manifest.version != env!("CARGO_PKG_VERSION") && !arguments.unverified {
        let (folder, version) = (path.display(), &seal.0.manifest.version);
        return Err(Failure::Usage(format!(
            "{folder}: written by version {version}; use that version, or pass --unverified"
        )));
    }
    let mut document: D = read(path)?;
    document.set_matters(arguments.matters);
    let notice = (!is_sealed).then(|| verified::notice(&changes));
    let absent = arguments.pictures.write(&document, notice.as_slice(), &mut folder, signals)?;
    // What is not verified gets no new checksums.
    let text = if is_sealed { seal.0.with_files(is_picture, folder.records()).text() } else { verified::text(path)? };
    folder.write(MANIFEST, signals, |out| out.write_all(text.as_bytes()))?;
    folder.finish(signals)?;
    Ok(absent)
}
