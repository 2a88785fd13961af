//! `manifest.json`: the description of a result folder, and how it is read back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::response::{MEASURES, Measure, ResponseColumn};
use crate::run::{Settings, quantile_error};
use crate::scenario::Scenario;
use crate::stats::Confidence;

use super::designed::DesignRecord;
use super::matters::Matters;
use super::origin::{Origin, Partial, PrecisionRecord};
use super::study::{Pairs, Study};

/// The description of a result folder: `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// Title of the scenario.
    pub title: String,
    /// The scenario as run, with overrides applied, as in `scenario.toml`.
    pub scenario: String,
    /// SHA-256 of the scenario.
    pub scenario_sha256: String,
    /// The overrides, each with its full path; absent if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Whether each strategy uses independent random numbers instead of common random numbers.
    pub independent: bool,
    /// Replications of each strategy.
    pub replications: u32,
    /// Level of the confidence intervals.
    pub confidence: f64,
    /// Largest relative error of a quantile in any file; 0 if quantiles are exact.
    pub quantile_error: f64,
    /// The requested precision, and the estimates that missed it; absent if none was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionRecord>,
    /// The missing replications; absent if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<Partial>,
    /// The design points; absent if there is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignRecord>,
    /// The strategies, in the order of the files.
    pub strategies: Vec<String>,
    /// The strategy that the others are compared with.
    pub baseline: String,
    /// Which pairs of strategies are compared: `all`, or those with the `baseline`.
    pub pairs: String,
    /// The command that reproduces these results from within the folder.
    pub command: String,
    /// Columns of `replications.csv`.
    pub responses: Vec<About>,
    /// Measures of `timeline.csv`.
    pub measures: Vec<About>,
}

/// A column: its name, unit, nature and meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Its nature: date, ratio or number.
    pub nature: String,
    /// What it means.
    pub meaning: String,
}

impl Manifest {
    /// Returns the manifest of a study.
    #[must_use]
    pub fn of(study: &Study) -> Self {
        let names = study.names();
        let currency = &study.scenario.world.currency;
        let column = |column: ResponseColumn| About {
            name: column.name,
            unit: column.unit_name,
            nature: column.nature.name().to_owned(),
            meaning: column.help,
        };
        let measure = |measure: &Measure| About {
            name: measure.name.into(),
            unit: measure.unit.name(currency),
            nature: "number".to_owned(),
            meaning: measure.help.into(),
        };
        Self {
            program: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            title: study.scenario.title.clone(),
            scenario: study.scenario.text().to_owned(),
            scenario_sha256: study.scenario.sha256(),
            overrides: study.scenario.overrides().to_vec(),
            seed: study.settings.seed,
            independent: study.settings.independent,
            replications: study.settings.replications,
            confidence: study.confidence.level(),
            quantile_error: quantile_error(study.settings.replications),
            precision: study.origin.precision.clone(),
            partial: study.origin.partial.clone(),
            design: None,
            strategies: names.iter().map(|&name| name.to_owned()).collect(),
            baseline: names.get(study.baseline).copied().unwrap_or_default().to_owned(),
            pairs: study.pairs.name().to_owned(),
            command: command(study),
            responses: study.columns().into_iter().map(column).collect(),
            measures: MEASURES.iter().map(measure).collect(),
        }
    }
}

/// Returns the command that reproduces a study from its `scenario.toml`.
fn command(study: &Study) -> String {
    let Settings { seed, replications, strategies, independent } = &study.settings;
    // No command leaves replications out. The complete run comes closest.
    let replications = study.origin.partial.as_ref().map_or(replications, |partial| &partial.of);
    let strategies = (strategies.len() < study.scenario.strategies.len()).then(|| study.names());
    let settings = settings_options((*replications, *seed), *independent, strategies, study.confidence);
    let mut command = format!("handover run scenario.toml{}{settings}", sets(study.scenario.overrides()));
    if study.baseline > 0 {
        command += &option("baseline", study.names()[study.baseline]);
    }
    if study.pairs != Pairs::of(study.settings.strategies.len()) {
        command += &option("pairs", study.pairs.name());
    }
    command
}

/// Returns the options for replications, seed, precision and all other settings that are not the default.
pub(super) fn settings_options(
    (replications, seed): (u32, u64),
    independent: bool,
    strategies: Option<Vec<&str>>,
    confidence: Confidence,
) -> String {
    let mut options = format!(" --replications {replications} --seed {seed}");
    if independent {
        options += " --independent";
    }
    strategies.into_iter().flatten().for_each(|name| options += &option("strategy", name));
    if confidence != Confidence::USUAL {
        options += &option("confidence", &confidence.level().to_string());
    }
    options
}

/// Returns the options of overrides. The scenario already contains them; repeating them changes nothing but records
/// them.
pub(super) fn sets(overrides: &[String]) -> String {
    overrides.iter().map(|set| option("set", set)).collect()
}

/// Returns an option with its value, which must not look like another option.
pub(super) fn option(name: &str, value: &str) -> String {
    let separator = if value.starts_with('-') { '=' } else { ' ' };
    format!(" --{name}{separator}{}", quoted(value))
}

/// Quotes a word for a shell.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.=".contains(&byte));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// Most replications of a run.
pub(super) const REPLICATIONS_AT_MOST: u32 = 1_000_000_000;

/// Returns the study that a manifest describes.
pub(super) fn study(scenario: impl Into<Arc<Scenario>>, manifest: &Manifest) -> Result<Study, String> {
    let scenario: Arc<Scenario> = scenario.into();
    let position = |name: &String| {
        let found = scenario.strategies.iter().position(|strategy| strategy.name == *name);
        found.ok_or_else(|| format!("the scenario has no strategy {name:?}"))
    };
    let strategies = manifest.strategies.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    if strategies.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err("its strategies are not those of the scenario, each once and in order".to_owned());
    }
    let replications = manifest.replications;
    if !(1..=REPLICATIONS_AT_MOST).contains(&replications) {
        return Err(format!("{replications} replications, expected 1 to {REPLICATIONS_AT_MOST}"));
    }
    let baseline = manifest.strategies.iter().position(|name| *name == manifest.baseline);
    let fits = |partial: &Partial| partial.replications == replications && partial.is_consistent();
    if !manifest.partial.as_ref().is_none_or(fits) {
        return Err("the replications of `partial` do not add up".to_owned());
    }
    let pairs = [Pairs::All, Pairs::Baseline].into_iter().find(|pairs| pairs.name() == manifest.pairs);
    Ok(Study {
        settings: Settings { seed: manifest.seed, replications, strategies, independent: manifest.independent },
        confidence: Confidence::new(manifest.confidence).map_err(|error| error.to_string())?,
        matters: Matters::USUAL,
        pairs: pairs.ok_or_else(|| format!("pairs {:?}, expected \"all\" or \"baseline\"", manifest.pairs))?,
        baseline: baseline.ok_or_else(|| format!("{:?} is not one of the strategies", manifest.baseline))?,
        origin: Origin { precision: manifest.precision.clone(), partial: manifest.partial.clone() },
        scenario,
    })
}
