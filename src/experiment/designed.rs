//! A design as the manifest of a sweep has it: enough to ask the same once more.

use serde::{Deserialize, Serialize};

use crate::scenario::Design;

/// A design as the manifest of a sweep has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DesignRecord {
    /// Factors, levels and points.
    #[serde(flatten)]
    pub design: Design,
    /// The scenario files: labels, and what they hold.
    pub files: Vec<(String, String)>,
    /// The responses that are charted, goals aside; empty for the usual ones.
    pub responses: Vec<String>,
    /// Whether `replications.csv` is written.
    pub keeps_replications: bool,
}
