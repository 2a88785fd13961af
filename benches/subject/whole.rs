//! Runs of the whole program in a separate process, with their time and memory.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// One run: `handover run` with its options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// The name of the scenario.
    pub(crate) scenario: &'static str,
    /// Replications of each strategy.
    pub(crate) replications: u32,
    /// The number of threads that simulate.
    pub(crate) threads: u32,
    /// The charts that are drawn: `all` or `none`.
    pub(crate) charts: &'static str,
}

/// The cost of a run.
#[derive(Clone, Copy, Debug)]
struct RunCost {
    wall_seconds: f64,
    processor_seconds: f64,
    peak_kilobytes: f64,
}

/// Runs this often and selects the run with the median wall time. Returns the cells of a row, from wall time to replications
/// per second.
pub(crate) fn whole(run: &Run, times: usize) -> String {
    let mut all = Vec::new();
    for _ in 0..times {
        match take(run) {
            Ok(cost) => all.push(cost),
            Err(why) => return why,
        }
    }
    all.sort_by(|a, b| a.wall_seconds.total_cmp(&b.wall_seconds));
    let RunCost { wall_seconds, processor_seconds, peak_kilobytes } = all[times / 2];
    let strategies = if run.scenario == "sixty_engineers" { 3.0 } else { 1.0 };
    let rate = strategies * f64::from(run.replications) / wall_seconds;
    let megabytes = peak_kilobytes * 1024.0 / 1e6;
    format!("{wall_seconds:.2} s | {processor_seconds:.2} s | {megabytes:.0} MB | {}", grouped(rate as u64))
}

/// Runs the program once under GNU `time`, which reports its processor time and its peak memory.
fn take(run: &Run) -> Result<RunCost, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (times_file, results) = (folder.join("time.txt"), folder.join("timed"));
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{}.toml", run.scenario));
    let mut command = Command::new("time");
    command.args(["-f", "%U %S %M", "-o"]).arg(&times_file).arg(env!("CARGO_BIN_EXE_handover"));
    command.arg("run").arg(scenario).args(["--quiet", "--force", "--out"]).arg(&results);
    command.args(["--charts", run.charts, "--threads", &run.threads.to_string()]);
    command.args(["--replications", &run.replications.to_string()]);
    let begin = Instant::now();
    let status = command.status().map_err(|error| format!("not measured: GNU time cannot be started: {error}"))?;
    let wall_seconds = begin.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("not measured: {status}"));
    }
    let text = fs::read_to_string(&times_file).map_err(|error| format!("not measured: {error}"))?;
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [user, system, peak_kilobytes] = numbers[..] else { return Err(format!("not measured: {text}")) };
    Ok(RunCost { wall_seconds, processor_seconds: user + system, peak_kilobytes })
}

/// Formats a whole number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join(",")
}
