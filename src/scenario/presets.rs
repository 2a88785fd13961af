//! Presets: scenarios that come with the program, to start from. They are those in `scenarios/`.

use super::explained::explained;

/// What `#:schema` calls the file of the JSON Schema: it lies beside the scenario.
pub const SCHEMA_FILE: &str = "handover.schema.json";

/// A scenario to start from.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name, which is also that of its file.
    pub name: &'static str,
    plain: &'static str,
}

macro_rules! presets {
    ($($name:literal)*) => {
        &[$(Preset { name: $name, plain: include_str!(concat!("../../scenarios/", $name, ".toml")) }),*]
    };
}

/// All presets, the plainest first.
pub const PRESETS: &[Preset] = presets! {
    "bot_or_own"
    "support_desk"
    "shared_services"
    "sold_again"
    "growing_team"
};

impl Preset {
    /// What is asked with it: the first line of its file.
    #[must_use]
    pub fn question(&self) -> &'static str {
        self.plain.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// The scenario as a planner gets it: editors find the schema by its first line, and comments tell the meaning and unit
    /// of each key.
    #[must_use]
    pub fn text(&self) -> String {
        format!("#:schema ./{SCHEMA_FILE}\n{}", explained(self.plain))
    }
}
