//! `handover verify`: runs known truths against this very program.

use crate::experiment::{CASES, Case, Check, Found, check_table, checks_as_json};
use crate::report::text;
use crate::run::{Session, Settings, run as simulate};
use crate::scenario::Scenario;

use super::failure::{Failure, print};
use super::progress;
use super::signals::Signals;
use super::usage;

/// Arguments of `handover verify`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Seed of all random numbers, 0 or more
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = usage::seed, allow_negative_numbers = true)]
    seed: u64,
    /// Prints the checks as JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Prints neither table nor progress, only what fails
    #[arg(short, long)]
    quiet: bool,
}

/// Carries out the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let signals = Signals::listen();
    let cases = || CASES.iter().copied().flatten();
    let prepared: Vec<(&Case, Vec<Scenario>)> = cases().map(|case| (case, case.scenarios())).collect();
    let bar = progress::bar(
        prepared.iter().map(|(case, scenarios)| scenarios.len() as u64 * u64::from(case.replications)).sum(),
        arguments.quiet,
    );
    let mut checks = Vec::new();
    for (case, scenarios) in prepared {
        let mut found = Vec::new();
        for scenario in scenarios {
            found.push(find(scenario, (arguments.seed, case.replications), &signals)?);
            bar.inc(case.replications.into());
        }
        checks.extend(case.checks(&found));
    }
    bar.finish_and_clear();
    tell(arguments, &checks)?;
    verdict(&checks)
}

fn find(scenario: Scenario, (seed, replications): (u64, u32), signals: &Signals) -> Result<Found, Failure> {
    let settings = Settings { seed, replications, strategies: vec![0], independent: false };
    let session = Session::default().stop(signals.stop());
    let collected = simulate(&scenario, &settings, &session).map_err(|_| signals.failure())?;
    Ok(Found { scenario, collected })
}

fn tell(arguments: &Arguments, checks: &[Check]) -> Result<(), Failure> {
    if arguments.json {
        print(&format!("{:#}\n", checks_as_json(checks, arguments.seed)))
    } else if arguments.quiet {
        Ok(())
    } else {
        let held = checks.iter().filter(|check| check.holds()).count();
        let all = if held == checks.len() { format!("all {held}") } else { format!("{held} of {}", checks.len()) };
        let table = text::render(&check_table(checks, arguments.seed), usize::MAX);
        print(&format!("{table}\n{all} checks hold\n"))
    }
}

fn verdict(checks: &[Check]) -> Result<(), Failure> {
    let failed = checks.iter().filter(|check| !check.holds());
    let told: Vec<String> =
        failed.map(|check| format!("check failed: {}: {}, expected {}", check.name, check.value, check.truth)).collect();
    if told.is_empty() { Ok(()) } else { Err(Failure::Untrue(told.join("\n"))) }
}
