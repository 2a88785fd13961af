//! The command line: arguments, files, signals and printing. All input and output is here; one file a command.

mod block_files;
mod budget;
mod check;
mod completions;
mod failure;
mod folder;
mod found;
mod kept;
mod man;
mod merge;
mod new;
mod output;
mod pictures;
mod precision;
mod progress;
mod report;
mod run;
mod schema;
mod session;
mod signals;
mod simulating;
mod source;
mod status;
mod sweep;
mod tables;
mod trace;
mod usage;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use failure::Failure;

/// Simulates how a team is built, run and handed over, and says with numbers when build-operate-transfer pays.
#[derive(Debug, Parser)]
#[command(name = "handover", version = env!("HANDOVER_VERSION"), max_term_width = 100, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes a commented scenario to start from
    New(new::Arguments),
    /// Simulates every strategy of a scenario; writes results, charts and a report
    Run(run::Arguments),
    /// Simulates each level of what can be decided, and each combination of levels
    Sweep(sweep::Arguments),
    /// Checks a scenario and says in plain words what it means
    Check(check::Arguments),
    /// Tells one replication: an event log and a chart of every seat
    Trace(trace::Arguments),
    /// Puts the shards of a run together, to the results that one machine would have given
    Merge(merge::Arguments),
    /// Says which replications of a run or of its shards are there, and which are missing
    Status(status::Arguments),
    /// Draws charts and report of a result folder again, without simulating
    Report(report::Arguments),
    /// Runs known truths against this very program
    Verify(verify::Arguments),
    /// Prints the JSON Schema of scenarios, for editors
    Schema,
    /// Prints a script with which a shell completes commands and options
    Completions(completions::Arguments),
    /// Prints the manual page, or writes those of all commands
    Man(man::Arguments),
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let status = match Arguments::try_parse() {
        Ok(arguments) => carry_out(arguments.command).map(|()| 0),
        Err(error) => usage::tell(error, &command()),
    };
    ExitCode::from(status.unwrap_or_else(|failure| {
        failure.tell();
        failure.status()
    }))
}

fn carry_out(command: Command) -> Result<(), Failure> {
    match command {
        Command::New(arguments) => new::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Sweep(arguments) => sweep::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Trace(arguments) => trace::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Status(arguments) => status::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Schema => schema::run(),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}

/// All commands with their options.
fn command() -> clap::Command {
    Arguments::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_arguments_are_consistent() {
        super::command().debug_assert();
    }
}
