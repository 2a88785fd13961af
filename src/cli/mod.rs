//! The command line: arguments, files, signals and printing. All input and output is here, in one file per command.

mod block_files;
mod block_source;
mod budget;
mod check;
mod completions;
mod execution;
mod failure;
mod files;
mod folder;
mod man;
mod merge;
mod naming;
mod new;
mod output;
mod pictures;
mod precision;
mod progress;
mod report;
mod run;
mod schema;
mod signals;
mod simulating;
mod source;
mod status;
mod study_blocks;
mod sweep;
mod tables;
mod trace;
mod usage;
mod verified;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use failure::Failure;

/// Simulate how a team is built, run and handed over, and see in numbers when build-operate-transfer pays.
#[derive(Debug, Parser)]
#[command(name = "handover", version = env!("HANDOVER_VERSION"), max_term_width = 100, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented scenario to start from
    New(new::Arguments),
    /// Run every strategy and write results, charts and a report
    Run(run::Arguments),
    /// Run every combination of factor levels and compare the strategies at each
    Sweep(sweep::Arguments),
    /// Check a scenario and explain it in plain words
    Check(check::Arguments),
    /// Trace one replication: an event log and a chart of every seat
    Trace(trace::Arguments),
    /// Merge shards into the results that one machine would give
    Merge(merge::Arguments),
    /// Show which replications of a run or its shards exist and which are missing
    Status(status::Arguments),
    /// Redraw the charts and report of a result folder without simulating
    Report(report::Arguments),
    /// Check this program against known truths
    Verify(verify::Arguments),
    /// Print the JSON Schema of scenarios for editors
    Schema,
    /// Print a shell completion script
    Completions(completions::Arguments),
    /// Print the manual page, or write the pages of all commands
    Man(man::Arguments),
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let status = match Arguments::try_parse() {
        Ok(arguments) => carry_out(arguments.command).map(|()| 0),
        Err(error) => usage::report(error, &command()),
    };
    ExitCode::from(status.unwrap_or_else(|failure| {
        failure.print();
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

/// Returns all commands with their options.
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
