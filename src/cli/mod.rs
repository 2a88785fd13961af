//! The command line: arguments, files, signals and printing. All input and output is here; one file a command.

mod check;
mod failure;
mod folder;
mod pictures;
mod precision;
mod progress;
mod report;
mod run;
mod schema;
mod signals;
mod source;
mod trace;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Simulates how a team is built, run and handed over, and says with numbers when build-operate-transfer pays.
#[derive(Debug, Parser)]
#[command(name = "handover", version, max_term_width = 100, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulates every strategy of a scenario; writes results, charts and a report
    Run(run::Arguments),
    /// Checks a scenario and says in plain words what it means
    Check(check::Arguments),
    /// Tells one replication: an event log and a chart of every seat
    Trace(trace::Arguments),
    /// Draws charts and report of a result folder again, without simulating
    Report(report::Arguments),
    /// Runs known truths against this very program
    Verify(verify::Arguments),
    /// Prints the JSON Schema of scenarios, for editors
    Schema,
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Trace(arguments) => trace::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Schema => schema::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.status())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
