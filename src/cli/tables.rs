//! Formats of result tables other than CSV.

use clap::ValueEnum;

use super::failure::Failure;

/// Formats of the result tables.
#[derive(Debug, clap::Args)]
pub(super) struct Tables {
    /// Write result tables in these formats; csv is required
    #[arg(long, value_name = "FORMAT,...", value_delimiter = ',', default_value = "csv")]
    format: Vec<Format>,
}

/// A format of result tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text; charts and report are made from it.
    Csv,
    /// Typed columns, with units and provenance in each file.
    Parquet,
}

impl Tables {
    /// Refuses to leave out CSV.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.format.contains(&Format::Csv) {
            return Ok(());
        }
        let message = "--format: csv is required, because charts and report are made from it; use --format csv,parquet";
        Err(Failure::Usage(message.into()))
    }

    /// Returns whether tables are also written as Parquet.
    pub(super) fn is_parquet_wanted(&self) -> bool {
        self.format.contains(&Format::Parquet)
    }
}
