//! Instructions of a warm replication, counted by valgrind. The count is the same on a busy machine as on a quiet one.
//!
//! A program that counts starts itself twice under valgrind, with few and with more replications. The difference is that of
//! the replications alone: start-up, reading the scenario and the first allocations cancel out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::reference::scenario;
use super::warm::Replications;

/// The first argument of the program when it is being counted.
const REPLICATE: &str = "replicate";
/// The name of the tool that counts.
const VALGRIND: &str = "valgrind";

/// The subject of a count: a strategy of a scenario with overrides.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The name of the scenario.
    pub(crate) scenario: &'static str,
    /// The name of the strategy.
    pub(crate) strategy: &'static str,
    /// Overrides, each `KEY=VALUE`.
    pub(crate) overrides: Vec<String>,
}

/// The result of a count, as means per replication.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    /// Events, including month ends.
    pub(crate) events: f64,
    /// Instructions.
    pub(crate) instructions: f64,
}

impl Count {
    /// Returns the instructions per event.
    pub(crate) fn per_event(self) -> f64 {
        self.instructions / self.events
    }
}

/// Replicates if this program was started to be counted. Returns whether it was.
pub(crate) fn was_replicated() -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, name, strategy, replications, overrides @ ..] = arguments.as_slice() else { return false };
    if command != REPLICATE {
        return false;
    }
    let overrides: Vec<&str> = overrides.iter().map(String::as_str).collect();
    let scenario = scenario(name, &overrides);
    let position = scenario.strategies.iter().position(|known| known.name == *strategy).expect("the strategy is known");
    let mut warm = Replications::new(&scenario, position);
    let replications: u32 = replications.parse().expect("the number of replications is a number");
    let events: u64 = (0..replications).map(|_| warm.replicate()).sum();
    println!("{events}");
    true
}

/// Returns the version of valgrind. None if it cannot be started.
pub(crate) fn valgrind_version() -> Option<String> {
    let output = Command::new(VALGRIND).arg("--version").output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// Counts this many replications, after others that warm up the memory. The profile of all of them is written to `profile`.
pub(crate) fn count(subject: &Subject, warm_up: u32, replications: u32, profile: &Path) -> Result<Count, String> {
    let few = count_all(subject, warm_up, profile)?;
    let more = count_all(subject, warm_up + replications, profile)?;
    let mean = |few: u64, more: u64| (more - few) as f64 / f64::from(replications);
    Ok(Count { events: mean(few.0, more.0), instructions: mean(few.1, more.1) })
}

/// Returns the file for the profile of this name.
pub(crate) fn profile(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.callgrind"))
}

/// Returns events and instructions of a whole program that runs this many replications.
fn count_all(subject: &Subject, replications: u32, profile: &Path) -> Result<(u64, u64), String> {
    let program = std::env::current_exe().map_err(|error| format!("this program does not know its path: {error}"))?;
    let output = Command::new(VALGRIND)
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program)
        .args([REPLICATE, subject.scenario, subject.strategy, &replications.to_string()])
        .args(&subject.overrides)
        .output()
        .map_err(|error| format!("{VALGRIND} cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("{VALGRIND} failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let events = String::from_utf8_lossy(&output.stdout).trim().parse();
    let written = fs::read_to_string(profile).map_err(|error| format!("{}: {error}", profile.display()))?;
    let instructions = written.lines().find_map(|line| line.strip_prefix("totals: ")).and_then(|total| total.parse().ok());
    events.ok().zip(instructions).ok_or_else(|| format!("{}: there is no total", profile.display()))
}
