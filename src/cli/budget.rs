//! Estimates the cost of a run. `check` prints it, and other commands refuse what the machine lacks.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value as Json, json};

use crate::report::number::readable;
use crate::run::Settings;
use crate::run::size::Size;
use crate::scenario::Scenario;

use super::failure::Failure;

/// Hours above which a run needs consent.
const HOURS_AT_MOST: f64 = 24.0;
/// Bytes of memory assumed if the system does not report how much is available.
const USUAL_MEMORY_BYTES: f64 = 16.0 * 1024.0 * 1024.0 * 1024.0;
/// How to make a run smaller.
const SMALLER: &str = "reduce the replications (-n), the horizon, the people or the strategies (--strategy)";

/// Consent to run whatever it takes.
#[derive(Debug, clap::Args)]
pub(super) struct Consent {
    /// Run even if the estimate exceeds the limits
    #[arg(long)]
    yes: bool,
}

/// The size of a run, with the time it takes on this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    pub(super) size: Size,
    /// Seconds on one thread.
    pub(super) seconds: f64,
}

impl Estimate {
    /// Returns the estimates by simulating a few replications.
    pub(super) fn of(scenario: &Scenario, settings: &Settings) -> Self {
        let begin = Instant::now();
        let size = Size::of(scenario, settings);
        let seconds = begin.elapsed().as_secs_f64() * size.all_steps() / size.probed_steps.max(1.0);
        Self { size, seconds }
    }
}

/// The cost of a command.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    /// Hours; none if the command has a time limit.
    pub(super) hours: Option<f64>,
    pub(super) memory_bytes: f64,
    pub(super) disk_bytes: f64,
}

impl Consent {
    /// Fails if a command that writes to this folder costs more than is available. With consent, estimates nothing.
    pub(super) fn refuse(&self, cost: impl FnOnce() -> Cost, folder: &Path) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        let cost = cost();
        let mut messages = Vec::new();
        if let Some(hours) = cost.hours.filter(|&hours| hours > HOURS_AT_MOST) {
            messages.push(format!("{}, more than {HOURS_AT_MOST} hours", duration(hours * 3600.0)));
        }
        let memory = available_memory().unwrap_or(USUAL_MEMORY_BYTES);
        if cost.memory_bytes > memory {
            messages.push(format!("{} of memory, but only {} are available", amount(cost.memory_bytes), amount(memory)));
        }
        if let Some(free) = free_disk(folder).filter(|&free| cost.disk_bytes > free) {
            messages.push(format!("{} of disk, but only {} are free", amount(cost.disk_bytes), amount(free)));
        }
        if messages.is_empty() {
            return Ok(());
        }
        let message = format!("this would take about {}; {SMALLER}, or pass --yes to run it anyway", messages.join("; "));
        Err(Failure::Usage(message))
    }
}

/// Returns the size of a run in a sentence.
pub(super) fn in_words(Estimate { size, seconds }: &Estimate) -> String {
    let strategies = if size.strategies == 1 { "1 strategy".to_owned() } else { format!("{} strategies", size.strategies) };
    let replications = readable(size.replications.into());
    format!(
        "estimate: {replications} replications of {strategies} take about {} on one thread, {} of memory and, until the results \
         are complete, {} of disk",
        duration(*seconds),
        amount(size.memory_bytes(1)),
        amount(size.disk_bytes)
    )
}

/// Returns the size of a run for programs.
pub(super) fn as_json(Estimate { size, seconds }: &Estimate) -> Json {
    json!({
        "replications": size.replications,
        "strategies": size.strategies,
        "events_per_replication": size.events.round(),
        "seconds_on_one_thread": seconds,
        "memory_bytes_on_one_thread": size.memory_bytes(1).round(),
        "disk_bytes": size.disk_bytes.round(),
    })
}

/// Rounds to two digits, which is more than an estimate justifies.
fn rounded(value: f64) -> f64 {
    let mut unit = 0.1;
    while value >= 100.0 * unit {
        unit *= 10.0;
    }
    (value / unit).round() * unit
}

/// Returns a number in the largest unit that leaves 1 or more.
fn with_unit(value: f64, units: &[(f64, &str)]) -> String {
    let rounded = rounded(value);
    let (size, name) = units.iter().rev().find(|(size, _)| rounded >= *size).unwrap_or(&units[0]);
    format!("{} {name}", readable(self::rounded(rounded / size)))
}

pub(super) fn duration(seconds: f64) -> String {
    let units = [(1.0, "s"), (60.0, "minutes"), (3600.0, "hours"), (86_400.0, "days"), (31_536_000.0, "years")];
    // One minute, hour, day or year is shown in the next smaller unit.
    let units: Vec<(f64, &str)> = units.into_iter().filter(|(size, _)| *size <= 1.0 || seconds >= 2.0 * size).collect();
    if seconds < 1.0 { "a second".to_owned() } else { with_unit(seconds, &units) }
}

pub(super) fn amount(bytes: f64) -> String {
    with_unit(bytes.max(1e6), &[(1e6, "MB"), (1e9, "GB"), (1e12, "TB"), (1e15, "PB")])
}

/// Returns the bytes of memory that are available, if the system reports it.
fn available_memory() -> Option<f64> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let line = read("/proc/meminfo")?.lines().find_map(|line| line.strip_prefix("MemAvailable:").map(str::to_owned))?;
    let available = 1024.0 * line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()?;
    // A container may have less than its machine.
    let number = |path: &str| read(path)?.trim().parse::<f64>().ok();
    let of_group = number("/sys/fs/cgroup/memory.max").zip(number("/sys/fs/cgroup/memory.current"));
    let of_group = of_group.map_or(f64::INFINITY, |(most, used)| (most - used).max(0.0));
    Some(available.min(of_group).min(allowed_memory().unwrap_or(f64::INFINITY)))
}

/// Returns the bytes that a limit of the shell (`ulimit -v`) leaves, if there is one.
#[cfg(unix)]
fn allowed_memory() -> Option<f64> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::As).current?;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let used = status.lines().find_map(|line| line.strip_prefix("VmSize:")).map(|line| line.trim().trim_end_matches("kB"));
    let used = used.and_then(|kilobytes| kilobytes.trim().parse::<f64>().ok()).unwrap_or_default();
    Some((limit as f64 - 1024.0 * used).max(0.0))
}

/// Returns the bytes that a limit leaves. This system cannot be asked.
#[cfg(not(unix))]
fn allowed_memory() -> Option<f64> {
    None
}

/// Returns the free bytes where a folder is, or will be created.
#[cfg(unix)]
fn free_disk(folder: &Path) -> Option<f64> {
    let absolute = std::path::absolute(folder).ok()?;
    let there = absolute.ancestors().find(|path| path.exists())?;
    // A system folder such as /proc has no blocks at all.
    let about = rustix::fs::statvfs(there).ok().filter(|about| about.f_blocks > 0)?;
    Some(about.f_bavail as f64 * about.f_frsize as f64)
}

/// Returns the free bytes where a folder is. This system cannot be asked.
#[cfg(not(unix))]
fn free_disk(_folder: &Path) -> Option<f64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_told_in_two_digits_and_units_that_fit() {
        assert_eq!(
            [0.2, 1.26, 95.0, 130.0, 7300.0, 200_000.0].map(duration),
            ["a second", "1.3 s", "95 s", "2.2 minutes", "2 hours", "2.3 days"]
        );
        assert_eq!([3.0, 41_234_567.0, 1.42e11, 9.96e11].map(amount), ["1 MB", "41 MB", "140 GB", "1 TB"]);
    }

    #[test]
    fn what_there_is_not_is_refused_unless_consented_to() {
        let (asking, consenting) = (Consent { yes: false }, Consent { yes: true });
        let large = Cost { hours: Some(25.0), memory_bytes: 1e18, disk_bytes: 1e24 };
        let Err(Failure::Usage(message)) = asking.refuse(|| large, Path::new(".")) else { panic!("it is refused") };
        for part in ["25 hours, more than 24 hours", "PB of memory, but", "of disk, but", "-n", "--yes"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        assert!(consenting.refuse(|| unreachable!("nothing is estimated"), Path::new(".")).is_ok());
        assert!(asking.refuse(|| Cost { hours: None, memory_bytes: 1e6, disk_bytes: 1e3 }, Path::new(".")).is_ok());
        assert!(asking.refuse(|| Cost { hours: Some(23.0), ..Cost::default() }, Path::new("not/there/yet")).is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_says_what_it_has() {
        assert!(available_memory().is_some_and(|bytes| bytes > 1e6));
        assert!(free_disk(Path::new("not/there/yet")).is_some_and(|bytes| bytes >= 0.0));
    }
}
