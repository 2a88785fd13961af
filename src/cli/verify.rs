//! `handover verify`: checks this program against known truths.

use crate::experiment::{CASES, Case, CaseRun, Check, check_table, checks_as_json};
use crate::report::text;
use crate::run::{Session, Settings, run as simulate};
use crate::scenario::Scenario;

use super::failure::{Failure, print, print_json};
use super::progress;
use super::signals::Signals;
use super::usage;

/// Arguments of `handover verify`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Set the seed of all random numbers, 0 or more
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = usage::seed, allow_negative_numbers = true)]
    seed: u64,
    /// Print the checks as JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Print no table and no progress, only failures
    #[arg(short, long)]
    quiet: bool,
}

/// Runs the command.
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
        let mut runs = Vec::new();
        for scenario in scenarios {
            runs.push(simulate_case(scenario, (arguments.seed, case.replications), &signals)?);
            bar.inc(case.replications.into());
        }
        checks.extend(case.checks(&runs));
    }
    bar.finish_and_clear();
    report_checks(arguments, &checks)?;
    verdict(&checks)
}

fn simulate_case(scenario: Scenario, (seed, replications): (u64, u32), signals: &Signals) -> Result<CaseRun, Failure> {
    let settings = Settings { seed, replications, strategies: vec![0], independent: false };
    let session = Session::default().stop(signals.stop());
    let results = simulate(&scenario, &settings, &session).map_err(|_| signals.failure())?;
    Ok(CaseRun { scenario, results })
}

fn report_checks(arguments: &Arguments, checks: &[Check]) -> Result<(), Failure> {
    if arguments.json {
        print_json(&checks_as_json(checks, arguments.seed))
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
    let messages: Vec<String> =
        failed.map(|check| format!("check failed: {}: {}, expected {}", check.name, check.value, check.truth)).collect();
    if messages.is_empty() { Ok(()) } else { Err(Failure::Untrue(messages.join("\n"))) }
}
