//! `handover man`: manual pages of the program and each command.

use std::path::PathBuf;

use clap_mangen::Man;

use super::failure::{Failure, note, print};
use super::folder::Folder;
use super::signals::Signals;

/// Arguments of `handover man`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write the pages of the program and each command to this folder [default: print that of the program]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Overwrite existing pages
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let pages = pages()?;
    let Some(path) = &arguments.folder else {
        return print(&String::from_utf8_lossy(&pages[0].1));
    };
    let signals = Signals::listen();
    let names: Vec<String> = pages.iter().map(|(name, _)| name.clone()).collect();
    let mut folder = Folder::open(path, &names, arguments.force)?;
    for (name, page) in &pages {
        folder.write(name, &signals, |out| out.write_all(page))?;
    }
    folder.finish(&signals)?;
    note(&format!("manual pages: {}", path.display()));
    Ok(())
}

/// Returns names and texts of all pages, that of the program first.
fn pages() -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut program = super::command().disable_help_subcommand(true);
    // Commands know their full names only after this.
    program.build();
    let commands: Vec<clap::Command> = program.get_subcommands().cloned().collect();
    std::iter::once(program).chain(commands).map(page).collect()
}

fn page(command: clap::Command) -> Result<(String, Vec<u8>), Failure> {
    let man = Man::new(command).source(format!("handover {}", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    man.render(&mut page).map_err(|error| Failure::Output(format!("cannot make {}: {error}", man.get_filename())))?;
    Ok((man.get_filename(), page))
}
