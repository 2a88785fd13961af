//! `handover report`: draws charts and report of a result folder again.

use std::path::PathBuf;

use crate::experiment::{Document, Matters, Results, Swept};

use super::failure::{Failure, note};
use super::folder::{Folder, MANIFEST};
use super::output::{manifest, read};
use super::pictures::{Selection, file_names};
use super::signals::Signals;
use super::usage;

/// Arguments of `handover report`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A folder that `handover run` or `handover sweep` has written
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Call a difference better or worse only from this share of the larger value on; of shares from this difference on
    #[arg(long, value_name = "SHARE", default_value = "0.01", value_parser = usage::matters, allow_negative_numbers = true)]
    matters: Matters,
    #[command(flatten)]
    pictures: Selection,
}

/// Carries out the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let path = &arguments.folder;
    let is_sweep = manifest(path).is_some_and(|manifest| manifest.design.is_some());
    if is_sweep {
        arguments.pictures.drawings::<Swept>()?;
    } else {
        arguments.pictures.drawings::<Results>()?;
    }
    if !path.is_dir() {
        return Err(Failure::Usage(format!(
            "{}: expected a folder that `handover run` or `handover sweep` has written",
            path.display()
        )));
    }
    if !path.join(MANIFEST).is_file() {
        let message = format!(
            "{}: expected a folder that `handover run` or `handover sweep` has written: it has no manifest.json",
            path.display()
        );
        return Err(Failure::Usage(message));
    }
    let absent = if is_sweep { draw::<Swept>(arguments, &signals)? } else { draw::<Results>(arguments, &signals)? };
    absent.iter().for_each(|reason| note(reason));
    note(&format!("charts and report: {}", path.display()));
    Ok(())
}

fn draw<D: Document>(arguments: &Arguments, signals: &Signals) -> Result<Vec<String>, Failure> {
    let mut document: D = read(&arguments.folder)?;
    document.set_matters(arguments.matters);
    let mut folder = Folder::open(&arguments.folder, &file_names::<D>(), true)?;
    let absent = arguments.pictures.write(&document, &mut folder, signals)?;
    folder.finish(signals)?;
    Ok(absent)
}
