//! The formats in which result tables are written.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::experiment::Format;

use super::failure::Failure;

/// In which formats the result tables are written.
#[derive(Debug, clap::Args)]
pub(super) struct Tables {
    /// Formats of the result tables: csv always, others beside it
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
    /// Refuses to go without CSV.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.is_wanted(Format::Csv) {
            return Ok(());
        }
        let asked: String = self.format.iter().map(|format| format!(",{}", format.name())).collect();
        let message = "--format: csv cannot be left out, as charts and report are made of it";
        Err(Failure::Usage(format!("{message}; give --format csv{asked}")))
    }

    /// Whether files of this format are to be written.
    pub(super) fn is_wanted(&self, format: Format) -> bool {
        self.format.contains(&format)
    }
}
