//! The program as the tests run it: with its arguments, in a separate folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

/// A small scenario in which only passing and accepting are random.
pub(crate) const PLAIN: &str = r#"title = "Five people"
start = 2027-01-01
horizon_months = 24
seed = 1
replications = 20

[[role]]
name = "engineer"

[demand]
engineer = 5

[organisation.builder.hiring]
staff = { recruiters = 2 }
stages = [
  { name = "search", uses = "recruiters", takes_days = 30, pass = 0.75 },
]

[organisation.owner]
like = "builder"

[strategy.bot]
employer = "builder"

[[strategy.bot.transfer]]
to = "owner"
month = 12
acceptance = 0.9

[strategy.in_house]
employer = "owner"
"#;

/// A scenario with every key, every law, transfers, a rescue, and contracts of both kinds.
pub(crate) const RICH: &str = r#"title = "Every key and every law"
start = 2027-03-01
months = "equal"
fiscal_year_starts = 7
horizon_months = 36
seed = 7
replications = 400
currency = "kUSD"
knowledge_days = 270
value_per_fte_month = 9.5
discount_rate_per_year = 0.08

[[role]]
name = "lead"
output = 1.2
promote_from = "engineer"
promote_after_days = 300
promote_share = 0.5

[[role]]
name = "engineer"
priority = 1

[demand]
lead = [{ month = 0, value = 2 }, { month = 2028-06-01, value = 3 }, { month = 27, value = 1 }]
engineer = { hires = [4, 0, 0, 0, 0, 0, 4] }

[demand.shock]
per_year = 0.3
factor = { dist = "triangular", min = 0.8, mode = 1, max = 1.3 }

[communication]
coefficient = 0.0006
team = 8

[operations]
incidents_per_month = 2
effort_days = { dist = "lognormal", mean = 2, cv = 1 }
floor = 0.2
half_life_months = 8
rookie_factor = 2
transfer_setback_months = 4

[project]
size_fte_days = 5000

[market]
exit_hazard_per_year = 0.04

[[goal]]
name = "eight people by month 15"
measure = "headcount"
at_least = 8
by_month = 15

[[goal]]
name = "some work by the end"
measure = "delivered_fte_days"
at_least = 500
by_month = 36
probability = 0.05

[[goal]]
name = "never crowded"
measure = "headcount"
at_most = 11
by_month = 30

[[goal]]
name = "at most so much"
measure = "client_cost"
at_most = 1_200
by_month = 36
probability = 0

[[goal]]
name = "they know the work"
measure = "knowledge"
at_least = 0.55
by_month = 20.5

[[goal]]
name = "they do the work"
measure = "effective_fte"
at_least = 8
at_month = 24
for_months = 2

[[goal]]
name = "a lead in the first year"
measure = "headcount"
role = "lead"
at_least = 1
at_month = 12

[[goal]]
name = "within the budget of the year"
measure = "client_cost"
at_most = 400
year = 2028

[organisation.vendor]
title = "The vendor"
setup_days = { dist = "triangular", min = 14, mode = 21, max = 45 }
failure_hazard_per_year = 0.05

[organisation.vendor.hiring]
staff = { recruiters = { count = [{ month = 0, value = 2 }, { month = 9, value = 1 }], each_handles = 2 }, panel = 3 }
bench = { engineer = 1, lead = 1 }
bench_ready_days = { dist = "uniform", min = 7, max = 21 }
bench_refill_days = { dist = "exponential", mean = 60 }
brand = { start = 1.4, hires = 12 }

[[organisation.vendor.hiring.stages]]
name = "search"
uses = "recruiters"
takes_days = { dist = "lognormal", median = 30, sigma = 0.5 }
takes_days_by_role = { lead = { dist = "gamma", mean = 50, cv = 0.7 } }
pass = 0.8

[[organisation.vendor.hiring.stages]]
name = "interviews"
uses = "panel"
takes_days = { dist = "normal", mean = 10, sd = 6 }

[[organisation.vendor.hiring.stages]]
name = "notice"
takes_days = { dist = "empirical", values = [15, 30, 60, 90], weights = [10, 30, 35, 25] }
pass = 0.9

[organisation.vendor.onboarding]
waiting = 0.25
mentored = 0.5
mentored_days = { dist = "beta_pert", min = 20, mode = 40, max = 90 }
mentor_slots = { per_productive = 0.5, at_least = 2 }
mentor_load = 0.1
then = [{ level = 0.8, days = { dist = "uniform", min = 20, max = 60 } }]

[organisation.vendor.attrition]
tenure_days = { dist = "weibull", shape = 1.2, scale = 700 }
early_hazard_per_year = 0.3
early_days = 90
rotation_hazard_per_year = 0.05
burnout_hazard_per_year = 0.4
leave_notice_days = { dist = "constant", value = 30 }
notice_level = 0.7
release_notice_days = { dist = "uniform", min = 20, max = 40 }

[organisation.vendor.cost]
salary_per_year = { lead = 60, engineer = [{ month = 0, value = 24 }, { month = 2028-04-01, value = 26 }] }
overhead = 0.2
per_head_month = 0.4
fixed_month = 5
staff_per_year = { recruiters = 18, panel = 12 }
setup = 40
hire = 0.06
onboarding = 0.5
severance_months = 2
exit = 30
wage_rise_per_year = 0.09
fx_volatility_per_year = 0.08
fx_drift_per_year = -0.03

[organisation.client]
own = true
like = "vendor"
setup_days = { dist = "exponential", mean = 40 }

[organisation.client.hiring]
staff = { recruiters = [{ month = 0, value = { count = 1, each_handles = 3 } }, { month = 12, value = 4 }], panel = 2 }
brand = { start = 1.5, hires = 25 }

[[organisation.client.hiring.stages]]
name = "search"
uses = "recruiters"
takes_days = { dist = "lognormal", median = 35, sigma = 0.6 }

[[organisation.client.hiring.stages]]
name = "interviews"
uses = "panel"
takes_days = 10
pass = 0.7

[organisation.client.attrition]
tenure_days = { dist = "lognormal", mean = 900, cv = 1.1 }
leave_notice_days = 45
notice_level = 0.6

[organisation.buyer]
like = "vendor"
failure_hazard_per_year = 0.1

[organisation.idle.hiring]
staff = { recruiters = 1, panel = 1 }
stages = [
  { name = "talks", uses = "panel", takes_days = 5 },
  { name = "offer", uses = "recruiters", takes_days = 10, pass = 0.8, pass_by_role = { lead = 0.6 }, on_fail = "offer" },
]

[organisation.idle.onboarding]
waiting = 0.2
mentored = 0.4
mentored_days = 40
role.lead = { waiting = 0.3, mentored = 0.6, mentored_days = 20, then = [{ level = 0.9, days = 30 }] }

[organisation.idle.attrition]
attrition_per_year = 0.2
surplus = "wait"
replace_share = 0.8
role.engineer.tenure_days = 900

[organisation.idle.attrition.role.lead]
attrition_per_year = 0.1
early_hazard_per_year = 0.2
early_days = 60
rotation_hazard_per_year = 0.02
burnout_hazard_per_year = 0.1
leave_notice_days = 60
notice_level = 0.9
release_notice_days = 30
surplus = "release"
replace_share = 0.9

[strategy.bot]
title = "bot"
employer = "vendor"
rescue = { to = "buyer", acceptance = 0.8 }

[[strategy.bot.transfer]]
to = "client"
ready = { headcount_share = 0.8, effective_share = 0.6, knowledge_share = 0.5, for_months = 2, earliest_month = 14, latest_month = 18 }
if_not_ready = "extend"
exercise = 0.95
waves = [0.5, 0.3, 0.2]
wave_gap_days = 30
acceptance = 0.9
acceptance_by_role = { lead = 0.95 }
refuser_stays_days = { dist = "uniform", min = 10, max = 40 }
shock_hazard_per_year = 0.5
shock_days = 180
disruption = 0.85
disruption_days = 60
hiring_after = "receiver"

[[strategy.bot.transfer]]
to = "buyer"
month = 28
prepare_month = 25
exercise = 0.6
hiring_after = "sender"

[strategy.bot.contract.vendor]
cost_plus = [{ month = 0, value = 0.15 }, { month = 12, value = 0.12 }]
fee_month = [{ month = 0, value = 8 }, { month = 12, value = 6 }]
rate_rise_per_year = 0.05
minimum_headcount = [{ month = 6, value = 5 }]
staffing_credit = { below = 0.85, share = 0.05 }
guarantee_days = 90
setup_fee = 50
termination_months = 3
transfer_fee = [{ month = 0, value = 60 }, { month = 18, value = 40 }]
transfer_fee_per_head = [{ month = 0, value = 10 }, { month = 18, value = 5 }]
transfer_fee_salary_months = [{ month = 0, value = 1.5 }, { month = 20, value = 1 }]
oversight_month = 4
retention_bonus = [{ month = 0, value = 6 }, { month = 18, value = 4 }]
retention_months = 9

[strategy.bot.contract.buyer]
rate_per_month = { lead = 7, engineer = 3 }

[strategy.in_house]
employer = "client"
initial = [
  { role = "lead", headcount = 1, tenure_days = 400 },
  { role = "engineer", headcount = 2, tenure_days = { dist = "exponential", mean = 200 } },
]

[strategy.augmentation]
employer = "vendor"
employer_by_role = { lead = "client" }
people = [
  { role = "lead", joined = 2024-05-01, fte = 0.8 },
  { role = "engineer", joined = 2027-02-01 },
  { role = "engineer", joined = 2020-01-01, last_day = 2027-06-30 },
  { role = "engineer", joined = 2027-04-15 },
]
rescue = { to = "buyer", acceptance = 0.8 }

[strategy.augmentation.contract.vendor]
rate_per_month = { lead = 9, engineer = [{ month = 0, value = 4.2 }, { month = 24, value = 4 }] }
rate_rise_per_year = 0.05
minimum_headcount = 3
guarantee_days = 30
setup_fee = 10
termination_months = 1
oversight_month = [{ month = 0, value = 3 }, { month = 12, value = 2 }]

[strategy.augmentation.contract.buyer]
margin = [{ month = 0, value = 0.2 }]

[[factor]]
name = "panel"
key = ["organisation.vendor.hiring.staff.panel", "organisation.client.hiring.staff.panel"]
levels = { from = 1, to = 4, step = 1 }

[[factor]]
name = "sold"
key = "strategy.bot.transfer.1.month"
levels = [28, 30, 33]
also = { prepare_month = [25, 27, 30] }
"#;

/// Arguments with which everyone who is wanted in [`RICH`] stays wanted: no shocks, no exit.
pub(crate) const STEADY: [&str; 4] = ["--set", "demand.shock.per_year=0", "--set", "market.exit_hazard_per_year=0"];

/// The binary that Cargo has built for the tests.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_handover");

/// The result files that `handover run` always writes, including the manifest.
pub(crate) const RESULTS: [&str; 15] = [
    "scenario.toml",
    "replications.csv",
    "summary.csv",
    "quantiles.csv",
    "timeline.csv",
    "comparison.csv",
    "best.csv",
    "breakeven.csv",
    "goals.csv",
    "goals_timeline.csv",
    "costs.csv",
    "costs_by_year.csv",
    "employers.csv",
    "phases.csv",
    "manifest.json",
];

/// The commands.
pub(crate) const COMMANDS: [&str; 12] =
    ["new", "run", "sweep", "check", "trace", "merge", "status", "report", "verify", "schema", "completions", "man"];

/// Much longer than any command of the tests takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A separate folder, in which the program runs.
pub(crate) struct Folder(TempDir);

/// The output of a command, and its exit status; none if a signal killed it.
#[derive(Debug)]
pub(crate) struct Exit {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::with_prefix("handover-test-").expect("the system has a folder for temporary files"))
    }

    /// Returns a folder that holds `scenario.toml`.
    pub(crate) fn with(scenario: &str) -> Self {
        let folder = Self::new();
        folder.write("scenario.toml", scenario);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(path, content).expect("the file can be written");
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Returns all files below a folder of this folder, by relative path, in order.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let root = self.path(below);
        let mut files = Vec::new();
        walk(&root, &mut files);
        let relative = |path: &PathBuf| path.strip_prefix(&root).expect("it is below").display().to_string();
        let mut names: Vec<String> = files.iter().map(relative).collect();
        names.sort();
        names
    }

    /// Returns a command of the program, to be run in this folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(BINARY, arguments)
    }

    /// Returns the same for another binary.
    pub(crate) fn command_of(&self, binary: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary);
        command.current_dir(self.0.path()).args(arguments);
        // The results must not depend on the terminal of the tests.
        command
            .timeout(PATIENCE)
            .env("COLUMNS", "100")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env("RUST_BACKTRACE", "0");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Exit {
        run_to_end(&mut self.command(arguments))
    }

    /// Runs a command that must succeed.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> Exit {
        let told = self.run(arguments);
        assert_eq!(told.status, Some(0), "{arguments:?}: {}", told.err);
        told
    }
}

/// Runs a command to its end.
pub(crate) fn run_to_end(command: &mut Command) -> Exit {
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program speaks UTF-8");
    let err = match output.status.code() {
        Some(_) => text(output.stderr),
        None => format!("{}{}", text(output.stderr), output.status),
    };
    Exit { status: output.status.code(), out: text(output.stdout), err }
}

/// Asserts that two folders of a folder hold the same files with the same bytes.
#[track_caller]
pub(crate) fn assert_same_files(folder: &Folder, one: &str, other: &str) {
    let names = folder.files(one);
    assert_eq!(names, folder.files(other), "files of {one} and {other}");
    for name in names {
        let is_same = folder.bytes(&format!("{one}/{name}")) == folder.bytes(&format!("{other}/{name}"));
        assert!(is_same, "{name} of {other} is not that of {one}");
    }
}

/// Returns the manifest of a result folder without the checksums of its files.
pub(crate) fn manifest_of(folder: &Folder, out: &str) -> serde_json::Value {
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&folder.bytes(&format!("{out}/manifest.json"))).expect("it is JSON");
    let entries = manifest.as_object_mut().expect("an object");
    for key in ["files", "sha256"] {
        assert!(entries.shift_remove(key).is_some(), "{out}: {key}");
    }
    manifest
}

/// Returns whether tests are to be thorough, as they are at night: with all cases of which others take a part.
pub(crate) fn is_thorough() -> bool {
    std::env::var_os("HANDOVER_THOROUGH").is_some()
}

/// Returns whether a case is among those that this run tries: every third, unless it is thorough.
pub(crate) fn is_tried(case: usize) -> bool {
    is_thorough() || case.is_multiple_of(3)
}

/// Returns whether two folders hold the same files with the same bytes.
pub(crate) fn are_same_files(folder: &Folder, one: &str, other: &str) -> bool {
    let names = folder.files(one);
    let is_same = |name: &String| folder.bytes(&format!("{one}/{name}")) == folder.bytes(&format!("{other}/{name}"));
    names == folder.files(other) && names.iter().all(is_same)
}

/// Copies a folder of a folder.
pub(crate) fn copy(folder: &Folder, from: &str, to: &str) {
    for name in folder.files(from) {
        folder.write(&format!("{to}/{name}"), folder.bytes(&format!("{from}/{name}")));
    }
}

/// Runs a command, and kills it just before the n-th of some system calls: a name, or a pattern for `strace`. Returns
/// none if `strace` is missing or may not trace.
pub(crate) fn killed_at(folder: &Folder, (call, count): (&str, u32), arguments: &[&str]) -> Option<Exit> {
    injected(folder, &format!("{call}:signal=KILL:when={count}"), arguments)
}

/// Runs a command with a fault in some system calls, as `strace` writes it. Returns none if `strace` is missing or may not
/// trace.
pub(crate) fn injected(folder: &Folder, fault: &str, arguments: &[&str]) -> Option<Exit> {
    let (call, _) = fault.split_once(':')?;
    let trace = ["-f", "-qq", "-o", "strace.txt", "-e"];
    let can_trace = std::process::Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    if !can_trace.is_ok_and(|status| status.success()) {
        println!("skipped: strace cannot trace here");
        return None;
    }
    let (what, fault) = (format!("trace={call}"), format!("inject={fault}"));
    let told =
        run_to_end(&mut folder.command_of("strace", &[&trace[..], &[&what, "-e", &fault, BINARY], arguments].concat()));
    Some(told)
}

/// Adds all files below a folder.
pub(crate) fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// Returns a text with one passage replaced, which must be there.
pub(crate) fn edited(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the text has no {from:?}");
    text.replacen(from, to, 1)
}

/// Returns the output of `check` without the measured time.
pub(crate) fn without_seconds(told: &str) -> String {
    let line = |line: &str| match (line.split_once(" take about "), line.split_once(" on one thread")) {
        (Some((before, _)), Some((_, after))) => format!("{before} take about TIME on one thread{after}\n"),
        _ => format!("{line}\n"),
    };
    told.lines().map(line).collect()
}
