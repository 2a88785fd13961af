//! Presets: scenarios that come with the program as starting points. They are the files in `scenarios/`.

use super::explained::explained;

/// The file name of the JSON Schema in `#:schema`. The file is next to the scenario.
pub const SCHEMA_FILE: &str = "handover.schema.json";

/// A scenario to start from.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name, which is also its file name.
    pub name: &'static str,
    plain: &'static str,
}

macro_rules! presets {
    ($($name:literal)*) => {
        &[$(Preset { name: $name, plain: include_str!(concat!("../../scenarios/", $name, ".toml")) }),*]
    };
}

/// All presets, simplest first.
pub const PRESETS: &[Preset] = presets! {
    "bot_or_own"
    "support_desk"
    "shared_services"
    "sold_again"
    "growing_team"
    "own_leads"
};

impl Preset {
    /// Returns the question that it answers: the first line of its file.
    #[must_use]
    pub fn question(&self) -> &'static str {
        self.plain.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// Returns the text for a planner. Its first line tells editors where the schema is, and comments explain meaning and
    /// unit of each key.
    #[must_use]
    pub fn text(&self) -> String {
        format!("#:schema ./{SCHEMA_FILE}\n{}", explained(self.plain))
    }
}
