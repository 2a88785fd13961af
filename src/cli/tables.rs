//! The formats in which result tables are written.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::experiment::Format;

use super::failure::Failure;

/// Formats of the result tables.
#[derive(Debug, clap::Args)]
pub(super) struct Tables {
    /// Write result tables in these formats; csv is required
    #[arg(long, value_name = "FORMAT,...", value_delimiter = ',', default_value = "csv")]
    format: Vec<Format>,
}

impl ValueEnum for Format {
    fn value_variants<'v>() -> &'v [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.help()))
    }
}

impl Tables {
    /// Refuses to leave out CSV.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.is_wanted(Format::Csv) {
            return Ok(());
        }
        let asked: String = self.format.iter().map(|format| format!(",{}", format.name())).collect();
        let message = "--format: csv is required, because charts and report are made from it";
        Err(Failure::Usage(format!("{message}; use --format csv{asked}")))
    }

    /// Returns whether files of this format are written.
    pub(super) fn is_wanted(&self, format: Format) -> bool {
        self.format.contains(&format)
    }
}
