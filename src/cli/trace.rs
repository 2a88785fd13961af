//! `handover trace`: traces one replication as an event log and a chart of every seat.

use std::path::PathBuf;

use crate::experiment::{seat_chart, write_ledger, write_trace};
use crate::run::Settings;
use crate::run::size::Size;
use crate::run::trace::trace;

use super::budget::{Consent, Cost};
use super::failure::{Failure, note};
use super::files::TRACE;
use super::folder::Folder;
use super::naming::recover;
use super::output::journal_names;
use super::pictures::{Format, Look, draw_chart, write_files};
use super::signals::Signals;
use super::source::{Source, position, say_dropped};
use super::usage;

/// The event log, the ledger, and the stem of the files of the seat chart.
const LOG: &str = TRACE[0];
const LEDGER: &str = TRACE[1];
const CHART: &str = "seats";

/// Arguments of `handover trace`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Trace this strategy [default: the first of the scenario]
    #[arg(long, value_name = "S")]
    strategy: Option<String>,
    /// Trace the replication with this number, from 0
    #[arg(long, value_name = "I", default_value_t = 0, value_parser = usage::replication, allow_negative_numbers = true)]
    replication: u32,
    /// Set the seed of all random numbers, 0 or more [default: from the scenario]
    #[arg(long, value_name = "S", value_parser = usage::seed, allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Write the files to this folder [default: results/NAME-trace for NAME.toml]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Overwrite an earlier trace in the folder
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    consent: Consent,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let scenario = arguments.source.scenario()?;
    let strategy = arguments.strategy.as_ref().map_or(Ok(0), |name| position(&scenario, name))?;
    let path = arguments.out.clone().unwrap_or_else(|| arguments.source.folder("-trace"));
    let cost = || {
        let settings = Settings { seed: scenario.seed, replications: 1, strategies: vec![strategy], independent: false };
        Cost { memory_bytes: Size::of(&scenario, &settings).trace_bytes(), ..Cost::default() }
    };
    arguments.consent.refuse(cost, &path)?;
    recover(&path, &journal_names())?;
    let mut folder = Folder::open(&path, &TRACE.map(str::to_owned), arguments.force)?;
    say_dropped(&scenario);
    let trace = trace(&scenario, strategy, arguments.seed.unwrap_or(scenario.seed), arguments.replication);
    folder.write(LOG, &signals, |out| write_trace(&trace, scenario.start(), out))?;
    folder.write(LEDGER, &signals, |out| write_ledger(&trace, &scenario, out))?;
    let chart = seat_chart(&trace, &scenario, &scenario.strategies[strategy].name, arguments.replication);
    let files = draw_chart(&chart, (CHART, &[Format::Svg, Format::Png]), Look::PLAIN, &signals)?;
    write_files(&files, (&mut folder, &signals))?;
    folder.finish(&signals)?;
    note(&format!("{} events: {}", trace.rows.len(), path.display()));
    Ok(())
}
