//! Usage errors with suggestions, and parsers of option values.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::experiment::Matters;
use crate::input::diagnostic::nearest;
use crate::report::escape::is_invisible;
use crate::run::Shard;
use crate::stats::Confidence;

use super::failure::{Failure, note};

/// Names of our commands in other programs.
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

/// Environment variables with the task number of a job array: Slurm, and indexed jobs of Kubernetes.
const ARRAY_TASKS: [&str; 2] = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"];
/// The longest time limit: a year.
const LONGEST_SECONDS: u64 = 366 * 24 * 3600;

/// Prints a usage error with suggestions, or the requested help or version. Returns the exit status.
pub(super) fn report(error: Error, commands: &Command) -> Result<u8, Failure> {
    let error = with_help(error, commands);
    // If standard error is closed, nobody notices.
    // Arguments may hold what a terminal would obey. Then they are shown without colours.
    let is_odd = |argument: OsString| argument.to_string_lossy().chars().any(is_invisible);
    let printed = if error.use_stderr() && std::env::args_os().any(is_odd) {
        note(error.render().to_string().trim_end());
        Ok(())
    } else {
        error.print().and_then(|()| std::io::stdout().flush())
    };
    if !error.use_stderr() {
        printed.map_err(|error| Failure::printing(&error))?;
    }
    Ok(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Adds suggestions to a usage error.
fn with_help(mut error: Error, commands: &Command) -> Error {
    match (error.kind(), given(&error)) {
        (ErrorKind::InvalidSubcommand, Some(name)) => {
            error.remove(ContextKind::SuggestedSubcommand);
            tip(&mut error, command_meant(&name, commands));
        }
        (ErrorKind::UnknownArgument, Some(option)) => {
            let Some(option) = option.strip_prefix("--").filter(|option| !option.is_empty()) else { return error };
            let owners = owners(option, commands);
            // One letter more or less is a slip, not the option of another command.
            let is_slip = |meant: &str| meant.contains(option) || option.contains(meant.trim_start_matches('-'));
            let suggested = error.get(ContextKind::SuggestedArg);
            let is_misspelt = matches!(suggested, Some(ContextValue::String(meant)) if is_slip(meant));
            if !owners.is_empty() && !is_misspelt {
                error.remove(ContextKind::SuggestedArg);
                tip(&mut error, format!("it is an option of {}", owners.join(", ")));
            } else if error.get(ContextKind::SuggestedArg).is_none() {
                tip(&mut error, "'--help' lists the options".to_owned());
            }
        }
        _ => {}
    }
    error
}

/// Returns the command or option that was given.
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

/// Returns a suggestion for an unknown command.
fn command_meant(name: &str, commands: &Command) -> String {
    let names: Vec<&str> = commands.get_subcommands().map(Command::get_name).collect();
    let path = Path::new(name);
    if path.is_dir() {
        return format!("to redraw the charts and report of a result folder: handover report {name}");
    }
    if path.is_file() || path.extension().is_some_and(|extension| extension == "toml") {
        return format!("to simulate a scenario: handover run {name}");
    }
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, ours)| *ours);
    // Of two equally near commands, the one used more often wins.
    match elsewhere.or_else(|| nearest(name, names.iter().rev().copied())) {
        Some(meant) => format!("did you mean 'handover {meant}'?"),
        None => format!("the commands are {}", names.join(", ")),
    }
}

/// Returns the commands that have an option.
fn owners(option: &str, commands: &Command) -> Vec<String> {
    let name = option.split('=').next().unwrap_or(option);
    let has = |command: &&Command| command.get_arguments().any(|argument| argument.get_long() == Some(name));
    commands.get_subcommands().filter(has).map(|command| format!("'handover {}'", command.get_name())).collect()
}

/// Parses a whole number in a range.
pub(super) fn whole<N: FromStr + PartialOrd + Display>(text: &str, range: &RangeInclusive<N>) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("expected a whole number from {} to {}", range.start(), range.end()))
}

/// Parses a number of replications.
pub(super) fn replications(text: &str) -> Result<u32, String> {
    whole(text, &(1..=1_000_000_000))
}

/// Parses the number of a replication.
pub(super) fn replication(text: &str) -> Result<u32, String> {
    whole(text, &(0..=u32::MAX))
}

/// Parses a seed.
pub(super) fn seed(text: &str) -> Result<u64, String> {
    whole(text, &(0..=u64::MAX))
}

/// Parses the level of confidence intervals.
pub(super) fn confidence(text: &str) -> Result<Confidence, String> {
    let level: f64 = text.parse().map_err(|_| "expected a number between 0 and 1".to_owned())?;
    Confidence::new(level).map_err(|error| error.to_string())
}

/// Refuses to draw unknown numbers, which this version cannot do.
pub(super) fn refuse_uncertain(is_asked: bool) -> Result<(), Failure> {
    if !is_asked {
        return Ok(());
    }
    Err(Failure::Usage("--uncertain: this version cannot draw unknown numbers at random yet".into()))
}

/// Parses a number of threads.
pub(super) fn threads(text: &str) -> Result<u16, String> {
    whole(text, &(1..=1024))
}

/// Parses a shard such as 3/8, or auto/8 for the task of a job array.
pub(super) fn shard(text: &str) -> Result<Shard, String> {
    let expected = "expected K/N, shard K (from 0) of N, e.g. 0/8 or auto/8";
    let (index, of) = text.split_once('/').ok_or(expected)?;
    let of = whole(of, &(1..=Shard::MOST)).map_err(|range| format!("{expected}; of N, {range}"))?;
    if index != "auto" {
        return Shard::new(index.parse().map_err(|_| expected)?, of);
    }
    let set = |name: &&str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let task = ARRAY_TASKS.iter().find_map(|name| Some((name, set(name)?)));
    let (name, index) = task.ok_or_else(|| format!("auto: neither {} is set", ARRAY_TASKS.join(" nor ")))?;
    let shard = index.parse().map_err(|_| "not a number".to_owned()).and_then(|index| Shard::new(index, of));
    shard.map_err(|error| format!("auto: {name} is {index:?}: {error}"))
}

/// Parses the smallest share that matters, 0 to 1.
pub(super) fn matters(text: &str) -> Result<Matters, String> {
    let share = text.parse().ok().and_then(Matters::new);
    share.ok_or_else(|| "expected a share from 0 to 1, e.g. 0.01 for one percent".to_owned())
}

/// Parses a length of time such as 90s, 30m or 1h30m.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let expected = "expected whole hours, minutes and seconds, each with its unit, e.g. 90s, 30m or 1h30m, from 1s to 8784h";
    let (mut seconds, mut number, mut units) = (0_u64, String::new(), "hms");
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        // Each unit at most once, the largest first.
        let (_, after) = units.split_once(letter).ok_or(expected)?;
        let factor = match letter {
            'h' => 3600,
            'm' => 60,
            _ => 1,
        };
        units = after;
        let part = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or(expected)?;
        seconds = seconds.checked_add(part).ok_or(expected)?;
        number.clear();
    }
    if !number.is_empty() || seconds == 0 || seconds > LONGEST_SECONDS {
        return Err(expected.to_owned());
    }
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units() {
        let seconds = |text: &str| time(text).map(|time| time.as_secs()).ok();
        assert_eq!(["90s", "30m", "1h30m", "2h", "1h1m1s"].map(seconds), [90, 1800, 5400, 7200, 3661].map(Some));
        for bad in
            ["", "30", "0s", "m", "1m1h", "1m1m", "-1s", "1.5h", "1d", "99999999999999999999h", "9999999h", "\u{663}s"]
        {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn shards_are_read_with_their_number() {
        assert_eq!(shard("3/8"), Shard::new(3, 8));
        for bad in ["", "3", "/8", "3/", "8/8", "-1/8", "3/8/9", "a/8", "0/0", " 1/8", "automatic/8"] {
            assert!(shard(bad).is_err(), "{bad}");
        }
        assert!(shard("0/99999999999999999999").is_err_and(|error| error.ends_with("a whole number from 1 to 1000000")));
    }
}
