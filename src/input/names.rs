//! What tables of a scenario refer to elsewhere in it.

use std::collections::BTreeMap;

use super::months::PlanMonths;

/// The texts of files that a scenario names, by the names that it gives them.
pub type Files = BTreeMap<String, String>;

/// What tables refer to: names by kind, `("role", ["lead", "engineer"])`, the months of the scenario, and
/// the files that it names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_kind: Vec<(&'static str, Vec<Option<String>>)>,
    pub(super) months: PlanMonths,
    pub(super) files: Files,
}

impl Names {
    /// Adds the names of one kind, in their order. None stands for a name that could not be read.
    pub fn add(&mut self, kind: &'static str, names: Vec<Option<String>>) {
        self.by_kind.push((kind, names));
    }

    /// Returns the same names in a scenario with these months.
    #[must_use]
    pub fn with_months(self, months: PlanMonths) -> Self {
        Self { months, ..self }
    }

    /// Returns the same names in a scenario that names these files.
    #[must_use]
    pub fn with_files(self, files: &Files) -> Self {
        Self { files: files.clone(), ..self }
    }

    /// Returns the names of one kind.
    #[must_use]
    pub fn of(&self, kind: &str) -> &[Option<String>] {
        self.by_kind.iter().find(|(known, _)| *known == kind).map_or(&[], |(_, names)| names)
    }
}
