//! `handover check`: validates a scenario and says in plain words what it means.

use crate::scenario::in_words;

use super::failure::{Failure, print};
use super::source::Source;

/// Arguments of `handover check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Seed to show instead of that of the scenario
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    seed: Option<u64>,
}

/// Carries out the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut scenario = arguments.source.scenario()?;
    scenario.seed = arguments.seed.unwrap_or(scenario.seed);
    let line = |line: &crate::scenario::Line| {
        let gap = if line.depth == 0 { "\n" } else { "" };
        format!("{gap}{}{}\n", "  ".repeat(line.depth), line.text)
    };
    let text: String = in_words(&scenario).iter().map(line).collect();
    print(&format!("{}\n\nno mistakes found\n", text.trim()))
}
