//! `handover completions`: prints a shell completion script.

use clap_complete::{Shell, generate};

use super::failure::{Failure, print};

/// Arguments of `handover completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print the script for this shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut super::command(), "handover", &mut script);
    print(&String::from_utf8_lossy(&script))
}
