//! The program as the tests run it: with its arguments, in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

/// A small scenario without chance but for who passes and who accepts.
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

/// A scenario with every key there is, every law of chance and a transfer in waves.
pub(crate) const RICH: &str = r#"title = "Every key and every law"
start = 2027-03-01
horizon_months = 36
seed = 7
replications = 400
currency = "kUSD"

[[role]]
name = "lead"
output = 1.2

[[role]]
name = "engineer"
priority = 1

[demand]
lead = 2
engineer = [{ month = 0, value = 4 }, { month = 6, value = 8 }]

[communication]
coefficient = 0.0006
team = 8

[organisation.vendor]
setup_days = { dist = "triangular", min = 14, mode = 21, max = 45 }

[organisation.vendor.hiring]
staff = { recruiters = { count = 2, each_handles = 2 }, panel = 3 }

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
leave_notice_days = { dist = "constant", value = 30 }
notice_level = 0.7

[organisation.client]
own = true
like = "vendor"
setup_days = { dist = "exponential", mean = 40 }

[organisation.client.attrition]
tenure_days = { dist = "lognormal", mean = 900, cv = 1.1 }

[strategy.bot]
employer = "vendor"

[[strategy.bot.transfer]]
to = "client"
month = 18
prepare_month = 10
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

[strategy.in_house]
employer = "client"

[strategy.augmentation]
employer = "vendor"
"#;

/// The binary that Cargo has built for the tests.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_handover");

/// The result files that `handover run` always writes, the manifest among them.
pub(crate) const RESULTS: [&str; 7] =
    ["scenario.toml", "replications.csv", "summary.csv", "timeline.csv", "comparison.csv", "phases.csv", "manifest.json"];

/// Far more than any command of the tests takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder of its own, in which the program runs.
pub(crate) struct Folder(TempDir);

/// What a command said, and its exit status; none if a signal killed it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::with_prefix("handover-test-").expect("the system has a folder for temporary files"))
    }

    /// A folder that holds `scenario.toml`.
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

    /// All files below a folder of this folder, by relative path, in order.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let root = self.path(below);
        let mut files = Vec::new();
        walk(&root, &mut files);
        let relative = |path: &PathBuf| path.strip_prefix(&root).expect("it is below").display().to_string();
        let mut names: Vec<String> = files.iter().map(relative).collect();
        names.sort();
        names
    }

    /// A command of the program, to be run in this folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(BINARY, arguments)
    }

    /// The same for another binary.
    pub(crate) fn command_of(&self, binary: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary);
        command.current_dir(self.0.path()).args(arguments);
        // What the tests expect must not hang on the terminal they are started from.
        command
            .timeout(PATIENCE)
            .env("COLUMNS", "100")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env("RUST_BACKTRACE", "0");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Told {
        tell(&mut self.command(arguments))
    }

    /// Runs a command that must succeed.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> Told {
        let told = self.run(arguments);
        assert_eq!(told.status, Some(0), "{arguments:?}: {}", told.err);
        told
    }
}

/// Runs a command to its end.
pub(crate) fn tell(command: &mut Command) -> Told {
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program speaks UTF-8");
    Told { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Adds all files below a folder.
pub(crate) fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// A text with one passage replaced, which must be there.
pub(crate) fn edited(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the text has no {from:?}");
    text.replacen(from, to, 1)
}
