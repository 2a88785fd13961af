//! The record of a study, stored beside its blocks. It allows merging, and tells other studies apart.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::report::number::hexadecimal;
use crate::run::{Content, Experiment, Plan, Shard, SinglePoint, Stretch};
use crate::scenario::Scenario;

use super::Origin;
use super::manifest::{Manifest, REPLICATIONS_AT_MOST, study};
use super::study::Study;
use super::sweep::{Sweep, SweepStudy};

/// Most letters of a line that are shown.
const SHOWN: usize = 60;

/// A study, and the number of shards it was cut into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The study, in the form of the manifest of its results. With precision, it holds the first number of replications
    /// and no missed estimates.
    manifest: Manifest,
    /// The number of shards, if it is computed in shards.
    shards: Option<u32>,
}

impl Record {
    /// Returns the record of a study, or of a shard of it.
    #[must_use]
    pub fn of(study: &Study, shard: Option<Shard>) -> Self {
        Self::new(Manifest::of(study), shard)
    }

    /// Returns the record for the manifest of the results.
    #[must_use]
    pub fn new(manifest: Manifest, shard: Option<Shard>) -> Self {
        Self { manifest, shards: shard.map(Shard::of) }
    }

    /// Returns the record as text.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|error| unreachable!("a record is plain data: {error}"))
    }

    /// Returns the first 16 hexadecimal digits of the SHA-256 of the text.
    #[must_use]
    pub fn short(&self) -> String {
        hexadecimal(&Sha256::digest(self.bytes())[..8])
    }

    /// Returns the record of the study that produced finished results.
    #[must_use]
    pub fn of_results(manifest: Manifest) -> Self {
        Self { manifest, shards: None }
    }

    /// Reads a record back. Returns none if it is not in the format of this version, or its study or shards are not
    /// valid.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        let has_shards = record.shards.is_none_or(|of| Shard::new(0, of).is_ok());
        (has_shards && (1..=REPLICATIONS_AT_MOST).contains(&record.manifest.replications)).then_some(record)
    }

    /// Returns the title of the scenario.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.manifest.title
    }

    /// Returns the version of the program.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// Returns the seed of all random numbers.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.manifest.seed
    }

    /// Returns the names of the strategies.
    #[must_use]
    pub fn strategies(&self) -> &[String] {
        &self.manifest.strategies
    }

    /// Returns the SHA-256 of the scenario.
    #[must_use]
    pub fn scenario_sha256(&self) -> &str {
        &self.manifest.scenario_sha256
    }

    /// Returns the replications of each strategy.
    #[must_use]
    pub fn replications(&self) -> u32 {
        self.manifest.replications
    }

    /// Returns the number of shards, if the run was cut into shards.
    #[must_use]
    pub fn shards(&self) -> Option<u32> {
        self.shards
    }

    /// Returns how another run differs in ways that change its replications; empty if they are the same.
    #[must_use]
    pub fn other_values(&self, other: &Record) -> Vec<String> {
        let (here, there) = (&self.manifest, &other.manifest);
        let mut found = Vec::new();
        if here.scenario != there.scenario {
            found.push(other_text(&here.scenario, &there.scenario));
        }
        differ(&mut found, "seed", here.seed, there.seed);
        differ(&mut found, "version", &here.version, &there.version);
        differ(&mut found, "independent", here.independent, there.independent);
        differ(&mut found, "strategies", here.strategies.join(", "), there.strategies.join(", "));
        let points = |manifest: &Manifest| manifest.design.as_ref().map(|of| (of.design.clone(), of.files.clone()));
        if points(here) != points(there) {
            found.push("its design points differ".to_owned());
        }
        found
    }

    /// Returns how another run differs: in its values, their number, or how they are reported.
    #[must_use]
    pub fn other_results(&self, other: &Record) -> Vec<String> {
        let mut found = self.other_values(other);
        let (here, there) = (&self.manifest, &other.manifest);
        differ(&mut found, "replications", here.replications, there.replications);
        differ(&mut found, "confidence", here.confidence, there.confidence);
        differ(&mut found, "baseline", &here.baseline, &there.baseline);
        differ(&mut found, "pairs", &here.pairs, &there.pairs);
        let reported = |manifest: &Manifest| {
            let of = manifest.design.as_ref();
            of.map_or_else(String::new, |of| format!("{:?}, replications.csv: {}", of.responses, of.keeps_replications))
        };
        differ(&mut found, "responses", reported(here), reported(there));
        found
    }

    /// Returns whether finished results are those of this run.
    #[must_use]
    pub fn is_of(&self, results: &Manifest) -> bool {
        self.manifest == *results
    }

    /// Returns the question of the study.
    ///
    /// # Errors
    /// Fails if the record is inconsistent, or from another version.
    pub fn question(&self) -> Result<Question, String> {
        let here = env!("CARGO_PKG_VERSION");
        if self.manifest.version != here {
            return Err(format!("it was written by version {}, this is {here}", self.manifest.version));
        }
        if self.manifest.design.is_some() {
            let study = SweepStudy::of_manifest(&self.manifest)?;
            let plan = study.plan().map_err(|_| "a point is not a valid scenario in this version".to_owned())?;
            return Ok(Question::Sweep(Box::new(study), Arc::new(plan)));
        }
        let scenario = Scenario::parse(&self.manifest.scenario, &[]).map_err(|error| error.to_string())?;
        let scenario = scenario.made_by(&self.manifest.overrides);
        // Blocks belong to a fixed number of replications, whatever they were computed for.
        Ok(Question::Run(Box::new(Study { origin: Origin::default(), ..study(scenario, &self.manifest)? })))
    }
}

/// A question whose blocks are stored.
#[derive(Clone, Debug)]
pub enum Question {
    /// The strategies at one point.
    Run(Box<Study>),
    /// The strategies at each point of a design.
    Sweep(Box<SweepStudy>, Arc<Plan>),
}

impl Question {
    /// Returns what is simulated, and what of it is kept.
    #[must_use]
    pub fn plan(&self) -> (Arc<Plan>, Content) {
        match self {
            Self::Run(study) => SinglePoint::new(&study.scenario, &study.settings, None).plan(),
            Self::Sweep(study, plan) => Sweep::new(SweepStudy::clone(study), Arc::clone(plan)).plan(),
        }
    }

    /// Returns all replications that are needed.
    #[must_use]
    pub fn stretches(&self) -> Vec<Stretch> {
        match self {
            Self::Run(study) => SinglePoint::new(&study.scenario, &study.settings, None).next(),
            Self::Sweep(study, _) => study.stretches(),
        }
    }
}

fn differ<T: PartialEq + ToString>(found: &mut Vec<String>, what: &str, here: T, there: T) {
    if here != there {
        found.push(format!("{what}: {} here, {} there", cut(&here.to_string()), cut(&there.to_string())));
    }
}

/// Returns the first line in which two texts differ.
fn other_text(here: &str, there: &str) -> String {
    let pairs = here.lines().map(Some).chain([None]).zip(there.lines().map(Some).chain([None]));
    let differing = pairs.zip(1..).find(|((here, there), _)| here != there);
    let shown = |line: Option<&str>| line.map_or_else(|| "the end".to_owned(), |line| format!("`{}`", cut(line.trim())));
    match differing {
        Some(((here, there), number)) => {
            format!("scenario, from line {number}: {} here, {} there", shown(here), shown(there))
        }
        None => "scenario: white space only".to_owned(),
    }
}

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_show_where() {
        assert_eq!(other_text("a\nb = 1\nc", "a\nb = 2\nc"), "scenario, from line 2: `b = 1` here, `b = 2` there");
        assert_eq!(other_text("a", "a\nb"), "scenario, from line 2: the end here, `b` there");
        assert_eq!(other_text("a\r\n", "a\n"), "scenario: white space only");
        assert!(other_text(&"é".repeat(100), "b").contains("…` here"));
    }
}
