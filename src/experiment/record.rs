//! What a study is, beside the blocks that were kept of it: so that it can be merged, and others can be told from it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::run::{Collecting, Content, Experiment, Plan, Shard, Stretch};
use crate::scenario::Scenario;

use super::Origin;
use super::manifest::{Manifest, REPLICATIONS_AT_MOST, study};
use super::study::Study;
use super::sweep::{Sweep, SweepStudy};

/// Letters of a checksum, or of a line, that are shown.
const SHOWN: usize = 60;

/// What a study is, and into how many shards it was cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The study, as the manifest of its results will have it; if it asks for precision, with the first replications, and with
    /// nothing that missed it.
    manifest: Manifest,
    /// How many shards there are, if it is computed in shards.
    shards: Option<u32>,
}

impl Record {
    /// The record of a study, or of a shard of it.
    #[must_use]
    pub fn of(study: &Study, shard: Option<Shard>) -> Self {
        Self::new(Manifest::of(study), shard)
    }

    /// The same by the manifest that its results will have.
    #[must_use]
    pub fn new(manifest: Manifest, shard: Option<Shard>) -> Self {
        Self { manifest, shards: shard.map(Shard::of) }
    }

    /// The record as text.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|error| unreachable!("a record is plain data: {error}"))
    }

    /// The first 16 hexadecimal digits of the SHA-256 of the text.
    #[must_use]
    pub fn short(&self) -> String {
        Sha256::digest(self.bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The record of the study that gave finished results.
    #[must_use]
    pub fn of_results(manifest: Manifest) -> Self {
        Self { manifest, shards: None }
    }

    /// Reads a record back; none if it is none of this version's form, or of a study or shards that cannot be.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        let has_shards = record.shards.is_none_or(|of| Shard::new(0, of).is_ok());
        (has_shards && (1..=REPLICATIONS_AT_MOST).contains(&record.manifest.replications)).then_some(record)
    }

    /// Title of the scenario.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.manifest.title
    }

    /// Version of the program.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// Seed of all random numbers.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.manifest.seed
    }

    /// Names of the strategies.
    #[must_use]
    pub fn strategies(&self) -> &[String] {
        &self.manifest.strategies
    }

    /// SHA-256 of the scenario.
    #[must_use]
    pub fn scenario_sha256(&self) -> &str {
        &self.manifest.scenario_sha256
    }

    /// Replications of each strategy.
    #[must_use]
    pub fn replications(&self) -> u32 {
        self.manifest.replications
    }

    /// How many shards the run was cut into, if it was.
    #[must_use]
    pub fn shards(&self) -> Option<u32> {
        self.shards
    }

    /// In what another run differs so that its replications may be others; empty if they are the same.
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
            found.push("its design points are others".to_owned());
        }
        found
    }

    /// In what another run differs: in its values, how many there are, or how they are reported.
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

    /// Whether finished results are those of this run.
    #[must_use]
    pub fn is_of(&self, results: &Manifest) -> bool {
        self.manifest == *results
    }

    /// What is asked.
    ///
    /// # Errors
    /// If the record does not fit together, or is that of another version.
    pub fn question(&self) -> Result<Question, String> {
        let here = env!("CARGO_PKG_VERSION");
        if self.manifest.version != here {
            return Err(format!("it is of version {}, this is {here}", self.manifest.version));
        }
        if self.manifest.design.is_some() {
            let study = SweepStudy::of_manifest(&self.manifest)?;
            let plan = study.plan().map_err(|_| "a point is no valid scenario of this version".to_owned())?;
            return Ok(Question::Sweep(Box::new(study), Arc::new(plan)));
        }
        let scenario = Scenario::parse(&self.manifest.scenario, &[]).map_err(|error| error.to_string())?;
        let scenario = scenario.made_by(&self.manifest.overrides);
        // Blocks are those of a fixed number of replications, whatever they were computed for.
        Ok(Question::Run(Box::new(Study { origin: Origin::default(), ..study(scenario, &self.manifest)? })))
    }
}

/// A question whose blocks are kept.
#[derive(Clone, Debug)]
pub enum Question {
    /// What strategies give.
    Run(Box<Study>),
    /// What happens at each point of a design.
    Sweep(Box<SweepStudy>, Arc<Plan>),
}

impl Question {
    /// What is simulated, and what of it is kept.
    #[must_use]
    pub fn plan(&self) -> (Arc<Plan>, Content) {
        match self {
            Self::Run(study) => Collecting::new(&study.scenario, &study.settings, None).plan(),
            Self::Sweep(study, plan) => Sweep::new(SweepStudy::clone(study), Arc::clone(plan)).plan(),
        }
    }

    /// All replications that are needed.
    #[must_use]
    pub fn stretches(&self) -> Vec<Stretch> {
        match self {
            Self::Run(study) => Collecting::new(&study.scenario, &study.settings, None).next(),
            Self::Sweep(study, _) => study.stretches(),
        }
    }
}

fn differ<T: PartialEq + ToString>(found: &mut Vec<String>, what: &str, here: T, there: T) {
    if here != there {
        found.push(format!("{what}: {} here, {} there", cut(&here.to_string()), cut(&there.to_string())));
    }
}

/// The first line in which two texts differ.
fn other_text(here: &str, there: &str) -> String {
    let pairs = here.lines().map(Some).chain([None]).zip(there.lines().map(Some).chain([None]));
    let differing = pairs.zip(1..).find(|((here, there), _)| here != there);
    let shown = |line: Option<&str>| line.map_or_else(|| "the end".to_owned(), |line| format!("`{}`", cut(line.trim())));
    match differing {
        Some(((here, there), number)) => {
            format!("scenario, from line {number}: {} here, {} there", shown(here), shown(there))
        }
        None => "scenario: its white space".to_owned(),
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
        assert_eq!(other_text("a\r\n", "a\n"), "scenario: its white space");
        assert!(other_text(&"é".repeat(100), "b").contains("…` here"));
    }
}
