//! The design in the manifest of a sweep: enough to run the sweep again.

use serde::{Deserialize, Serialize};

use crate::scenario::{Design, Variation};

/// Paths of the scenario files of a sweep, for the command that reproduces it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// The paths of the files.
    pub files: Vec<String>,
    /// Overrides by `--set` in all of them.
    pub set: Vec<String>,
}

/// The design in the manifest of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DesignRecord {
    /// Factors, levels and points.
    #[serde(flatten)]
    pub design: Design,
    /// The requested variation, as on the command line.
    pub variation: Variation,
    /// Paths of the files and their overrides, if there are several files. A single file is in the folder.
    pub sources: Sources,
    /// The scenario files: labels and contents.
    pub files: Vec<(String, String)>,
    /// Responses that are charted in addition to goals; empty for the default.
    pub responses: Vec<String>,
    /// Whether `replications.csv` is written.
    pub keeps_replications: bool,
}
