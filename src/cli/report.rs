//! `handover report`: redraws the charts and report of a result folder.

use std::path::PathBuf;

use crate::experiment::{Document, Matters, Results, Seal, Swept};

use super::failure::{Failure, note};
use super::files::MANIFEST;
use super::folder::Folder;
use super::naming::recover;
use super::output::{all_file_names, read};
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
    recover(path, &all_file_names())?;
    let Some(seal) = verified::seal(path)? else {
        return Err(Failure::Usage(format!("{}: {expected}; it has no {MANIFEST}", path.display())));
    };
    let absent = if seal.0.manifest.design.is_some() {
        draw::<Swept>(arguments, seal, &signals)?
    } else {
        draw::<Results>(arguments, seal, &signals)?
    };
    absent.iter().for_each(|reason| note(reason));
    note(&format!("charts and report: {}", path.display()));
    Ok(())
}

fn draw<D: Document>(arguments: &Arguments, seal: (Seal, bool), signals: &Signals) -> Result<Vec<String>, Failure> {
    arguments.pictures.drawings::<D>()?;
    let path = &arguments.folder;
    let pictures = file_names::<D>();
    let is_picture = |name: &str| pictures.iter().any(|picture| picture == name);
    let changes = verified::changes(path, &seal, |name| !is_picture(name))?;
    if !changes.is_empty() && !arguments.unverified {
        return Err(verified::refusal(path, &changes, "pass --unverified to draw what is there"));
    }
    let mut document: D = read(path)?;
    document.set_matters(arguments.matters);
    let is_sealed = changes.is_empty();
    let names: Vec<String> = pictures.iter().cloned().chain(is_sealed.then(|| MANIFEST.to_owned())).collect();
    let mut folder = Folder::open_beside(path, &names, true)?;
    let notice = (!is_sealed).then(|| verified::notice(&changes));
    let absent = arguments.pictures.write(&document, notice.as_slice(), &mut folder, signals)?;
    if is_sealed {
        let seal = seal.0.with_files(is_picture, folder.records());
        folder.write(MANIFEST, signals, |out| out.write_all(seal.text().as_bytes()))?;
    }
    folder.finish(signals)?;
    Ok(absent)
}
