//! Mistakes in a command: what may have been meant, and numbers of options.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::input::diagnostic::nearest;

/// What other programs call our commands.
const ELSEWHERE: [(&str, &str); 8] = [
    ("simulate", "run"),
    ("start", "run"),
    ("validate", "check"),
    ("lint", "check"),
    ("init", "new"),
    ("plot", "report"),
    ("completion", "completions"),
    ("version", "--version"),
];

/// A mistake in a command, with what may have been meant.
pub(super) fn with_help(mut error: Error, commands: &Command) -> Error {
    match (error.kind(), given(&error)) {
        (ErrorKind::InvalidSubcommand, Some(name)) => {
            error.remove(ContextKind::SuggestedSubcommand);
            tip(&mut error, command_meant(&name, commands));
        }
        (ErrorKind::UnknownArgument, Some(option)) if error.get(ContextKind::SuggestedArg).is_none() => {
            if let Some(option) = option.strip_prefix("--").filter(|option| !option.is_empty()) {
                tip(&mut error, option_elsewhere(option, commands));
            }
        }
        _ => {}
    }
    error
}

/// The command or option that was given.
fn given(error: &Error) -> Option<String> {
    let kinds = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg];
    kinds.into_iter().find_map(|kind| match error.get(kind) {
        Some(ContextValue::String(given)) => Some(given.clone()),
        _ => None,
    })
}

fn tip(error: &mut Error, text: String) {
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(text)]));
}

/// What may have been meant by a command that there is not.
fn command_meant(name: &str, commands: &Command) -> String {
    let names: Vec<&str> = commands.get_subcommands().map(Command::get_name).collect();
    let path = Path::new(name);
    if path.is_dir() {
        return format!("to draw charts and report of a result folder again: handover report {name}");
    }
    if path.is_file() || path.extension().is_some_and(|extension| extension == "toml") {
        return format!("to simulate a scenario: handover run {name}");
    }
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, ours)| *ours);
    // Of two that are as near, the one that is needed more often is meant.
    match elsewhere.or_else(|| nearest(name, names.iter().rev().copied())) {
        Some(meant) => format!("did you mean 'handover {meant}'?"),
        None => format!("the commands are {}", names.join(", ")),
    }
}

/// Which commands have an option, or what to ask.
fn option_elsewhere(option: &str, commands: &Command) -> String {
    let name = option.split('=').next().unwrap_or(option);
    let has = |command: &&Command| command.get_arguments().any(|argument| argument.get_long() == Some(name));
    let owners: Vec<String> =
        commands.get_subcommands().filter(has).map(|command| format!("'handover {}'", command.get_name())).collect();
    if owners.is_empty() {
        "'--help' lists the options".to_owned()
    } else {
        format!("it is an option of {}", owners.join(", "))
    }
}

/// The whole number of an option, in a range.
pub(super) fn whole<N: FromStr + PartialOrd + Display>(text: &str, range: &RangeInclusive<N>) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("expected a whole number from {} to {}", range.start(), range.end()))
}

/// A number of replications.
pub(super) fn replications(text: &str) -> Result<u32, String> {
    whole(text, &(1..=1_000_000_000))
}

/// The number of a replication.
pub(super) fn replication(text: &str) -> Result<u32, String> {
    whole(text, &(0..=u32::MAX))
}

/// A seed.
pub(super) fn seed(text: &str) -> Result<u64, String> {
    whole(text, &(0..=u64::MAX))
}

/// A number of threads.
pub(super) fn threads(text: &str) -> Result<u16, String> {
    whole(text, &(1..=1024))
}
