//! The commands that compute a sweep, or a point of it, again.

use super::super::manifest::{option, quoted, sets, settings_options};
use super::{PointId, SweepStudy, Swept};

/// Where the folder of a sweep has the file that `--with` named.
pub(super) const FACTORS: &str = "factors.toml";
/// Where it has the one that `--points` named.
pub(super) const DESIGN: &str = "design.csv";

impl SweepStudy {
    /// Whether its folder holds all that it was made of.
    pub(super) fn is_of_one_file(&self) -> bool {
        self.files.len() == 1
    }

    /// The command that computes the sweep again: from within its folder, or from where the files are if there are several.
    pub(super) fn command(&self) -> String {
        let variation = &self.variation;
        let mut command = format!("handover sweep {}", self.sources(&self.sources.files));
        variation.vary.iter().for_each(|vary| command += &option("vary", vary));
        for (name, given, own) in [("points", &variation.points, DESIGN), ("with", &variation.with, FACTORS)] {
            if let Some((path, _)) = given {
                command += &option(name, if self.is_of_one_file() { own } else { path });
            }
        }
        if variation.one_at_a_time {
            command += &option("design", "one-at-a-time");
        }
        if let Some(base) = &variation.base {
            command += &option("base", base);
        }
        command += &self.settings(&self.strategy_names(), self.names_of(|_| true).len());
        if !self.responses.is_empty() {
            command += &option("responses", &self.responses.join(","));
        }
        if self.keeps_replications {
            command += &option("keep", "replications");
        }
        command
    }

    /// The files of a command, and what is changed in all of them.
    fn sources(&self, files: &[String]) -> String {
        if self.is_of_one_file() {
            return "scenario.toml".to_owned() + &sets(self.scenario().overrides());
        }
        let files: Vec<String> = files.iter().map(|file| quoted(file)).collect();
        files.join(" ") + &sets(&self.sources.set)
    }

    /// The options of all strategies of which these are simulated.
    fn settings(&self, strategies: &[String], of: usize) -> String {
        let strategies = (strategies.len() < of).then(|| strategies.iter().map(String::as_str).collect());
        settings_options((self.replications, self.seed), self.independent, strategies, self.confidence)
    }
}

impl Swept {
    /// The command that runs a point alone.
    pub(super) fn command_of(&self, point: PointId) -> String {
        let (study, of_point) = (&self.study, &self.study.design.points[point]);
        let file = study.sources.files.get(of_point.file).cloned().unwrap_or_default();
        let sets: String = of_point.set.iter().map(|set| option("set", set)).collect();
        let of_run = &self.points[point].study;
        let names: Vec<String> = of_run.names().into_iter().map(str::to_owned).collect();
        let settings = study.settings(&names, of_run.scenario.strategies.len());
        format!("handover run {}{sets}{settings}", study.sources(&[file]))
    }
}
