//! A design as the manifest of a sweep has it: enough to ask the same once more.

use serde::{Deserialize, Serialize};

use crate::scenario::{Design, Variation};

/// Where the scenario files of a sweep were, for the command that computes it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// The paths of the files.
    pub files: Vec<String>,
    /// What `--set` changed in all of them.
    pub set: Vec<String>,
}

/// A design as the manifest of a sweep has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DesignRecord {
    /// Factors, levels and points.
    #[serde(flatten)]
    pub design: Design,
    /// What was asked to vary, in the words of the command line.
    pub variation: Variation,
    /// Where the files were, and the overrides of all of them, if there are several files; one file is in the folder.
    pub sources: Sources,
    /// The scenario files: labels, and what they hold.
    pub files: Vec<(String, String)>,
    /// The responses that are charted, goals aside; empty for the usual ones.
    pub responses: Vec<String>,
    /// Whether `replications.csv` is written.
    pub keeps_replications: bool,
}
