//! `handover check`: validates a scenario and explains it in plain words.

use serde_json::{Value as Json, json};

use crate::input::{Diagnostic, Diagnostics};
use crate::run::Settings;
use crate::scenario::{Line, Scenario, in_words, notes};

use super::budget::{self, Estimate};
use super::failure::{Failure, print, print_json};
use super::source::{Source, doubts, say_dropped};
use super::usage;

/// Version of the `--json` output. It increases when programs can no longer rely on its shape.
const FORMAT: u32 = 2;

/// Arguments of `handover check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Show this seed instead of that of the scenario
    #[arg(long, value_name = "S", value_parser = usage::seed, allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Print the explanation, or the mistakes, as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match arguments.source.checked()? {
        Ok(scenario) => {
            let scenario = match arguments.seed {
                None => scenario,
                Some(seed) => arguments.source.with_seed(&scenario, seed)?,
            };
            say_dropped(&scenario);
            if arguments.json { print_json(&understood(&scenario)) } else { print(&explanation(&scenario)) }
        }
        Err(mistakes) => {
            if arguments.json {
                print_json(&refused(&mistakes))?;
            }
            Err(arguments.source.failure(&mistakes))
        }
    }
}

fn explanation(scenario: &Scenario) -> String {
    let line = |line: &Line| {
        let gap = if line.depth == 0 { "\n" } else { "" };
        format!("{gap}{}{}\n", "  ".repeat(line.depth), line.text)
    };
    let text: String = in_words(scenario).iter().map(line).collect();
    let notes: String = notes(scenario).iter().map(|note| format!("  {note}\n")).collect();
    let notes = if notes.is_empty() { notes } else { format!("\nworth a second look:\n{notes}") };
    format!("{}\n\n{}\n\nno mistakes found\n{notes}", text.trim(), budget::in_words(&estimate(scenario)))
}

/// Returns the estimates a run of the scenario as it is.
fn estimate(scenario: &Scenario) -> Estimate {
    let settings = Settings {
        seed: scenario.seed,
        replications: scenario.replications,
        strategies: (0..scenario.strategies.len()).collect(),
        independent: false,
    };
    Estimate::of(scenario, &settings)
}

fn understood(scenario: &Scenario) -> Json {
    let (world, words) = (&scenario.world, in_words(scenario));
    let line = |line: &Line| json!({ "depth": line.depth, "text": line.text });
    json!({
        "format": FORMAT,
        "valid": true,
        "title": scenario.title,
        "start": scenario.start().to_string(),
        "seed": scenario.seed,
        "replications": scenario.replications,
        "sha256": scenario.sha256(),
        "roles": world.roles.iter().map(|role| &role.name).collect::<Vec<_>>(),
        "organisations": world.organisations.iter().map(|organisation| &organisation.name).collect::<Vec<_>>(),
        "strategies": scenario.strategies.iter().map(|strategy| &strategy.name).collect::<Vec<_>>(),
        "words": words.iter().map(line).collect::<Vec<_>>(),
        "notes": doubts(scenario),
        "estimate": budget::as_json(&estimate(scenario)),
        "mistakes": [],
    })
}

fn refused(mistakes: &Diagnostics) -> Json {
    let mistake = |mistake: &Diagnostic| {
        let (line, column) = mistakes.line_and_column(mistake.place.start);
        let is_of_file = mistake.overridden.is_none();
        json!({
            "line": is_of_file.then_some(line),
            "column": is_of_file.then_some(column),
            "set": mistake.overridden.as_ref().map(|overridden| &overridden.given),
            "key": (!mistake.key.is_empty()).then_some(&mistake.key),
            "message": mistake.message,
            "help": mistake.help,
        })
    };
    json!({ "format": FORMAT, "valid": false, "mistakes": mistakes.all.iter().map(mistake).collect::<Vec<_>>() })
}
