//! `handover merge`: puts the shards of a run together, to the results that one machine would have given.

use std::path::PathBuf;
use std::sync::Arc;

use crate::experiment::{Results, Source};
use crate::run::size::Size;
use crate::run::{Means, blocks_of, run as simulate};

use super::blocks::Blocks;
use super::budget::{Consent, Taken};
use super::failure::Failure;
use super::journals::{Index, Journal, Journals, as_text, replications_in};
use super::output::{Output, check_gates};
use super::progress;
use super::signals::Signals;

/// Arguments of `handover merge`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders that `handover run --shard` has written, in any order; or that of a run that was interrupted
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Folder for the results [default: DIR, if it is one]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
}

/// Carries out the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let output = &arguments.output;
    output.check()?;
    let path = match (&arguments.out, arguments.folders.as_slice()) {
        (Some(out), _) => out,
        (None, [folder]) => folder,
        (None, _) => return Err(Failure::Usage("give the folder for the results with --out".into())),
    };
    let journals = journals(&arguments.folders, output)?;
    let study = journals[0].label.study();
    let study = study.map_err(|error| Failure::Usage(format!("{}: {error}", journals[0].path.display())))?;
    complete(&journals, study.settings.replications)?;
    // Nothing is simulated, but the results have their size.
    let taken = || {
        let size = Size::of(&study.scenario, &study.settings);
        Taken { hours: None, memory_bytes: size.memory_bytes(output.threads()), disk_bytes: size.result_bytes }
    };
    arguments.consent.refuse(taken, path)?;
    let blocks = Arc::new(Blocks::assembled(path, &study, journals)?);
    let folder = output.folder(path, blocks.has_begun() && arguments.folders.contains(path))?;
    let bar = progress::bar(study.settings.replications, output.quiet);
    let pool = output.pool()?;
    let means = Means { pool: &pool, stop: signals.stop(), store: &*blocks };
    let collected = simulate(&study.scenario, &study.settings, means, |done| bar.set_position(done.into()));
    bar.finish_and_clear();
    let results = Results::estimate(study, collected.map_err(|_| signals.failure())?);
    let results = results.with_source(Source::new(Arc::clone(&blocks) as _));
    let absent = output.write(&results, folder, &signals)?;
    output.tell(&results, path, &absent)?;
    check_gates(&results)
}

/// The journals of all folders, all of the same run.
fn journals(folders: &[PathBuf], output: &Output) -> Result<Vec<Journal>, Failure> {
    let mut found = Journals::default();
    for folder in folders {
        let before = found.readable.len();
        if !folder.exists() {
            return Err(Failure::Usage(format!("{}: there is no such folder", folder.display())));
        }
        found.add(folder)?;
        if found.readable.len() == before {
            let message = format!(
                "{}: expected a folder that `handover run --shard` has written: no blocks are kept in it",
                folder.display()
            );
            return Err(Failure::Usage(message));
        }
    }
    found.unreadable.iter().for_each(|path| output.say(&format!("{}: is no journal of blocks, left out", path.display())));
    let first = &found.readable[0];
    for other in &found.readable {
        let differences = first.label.other_results(&other.label);
        if !differences.is_empty() {
            let (one, other) = (first.path.display(), other.path.display());
            return Err(Failure::Usage(format!("{one} and {other} are not of the same run: {}", differences.join("; "))));
        }
        if other.damaged > 0 {
            output.say(&format!("{}: cut off or damaged; what was lost is left out", other.path.display()));
        }
    }
    Ok(found.readable)
}

/// Fails unless all replications are there.
fn complete(journals: &[Journal], replications: u32) -> Result<(), Failure> {
    let index = Index::of(journals)?;
    let missing = index.missing(0..blocks_of(replications), replications);
    if missing.is_empty() {
        return Ok(());
    }
    let ranges = as_text(&replications_in(&missing, replications));
    let message = format!("replications {ranges} of {replications} are missing; `handover status` says of which shards");
    Err(Failure::Partial(message))
}
