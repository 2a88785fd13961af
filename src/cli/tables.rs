//! The result tables in formats other than CSV.

use clap::ValueEnum;

use crate::experiment::{Results, TABLES};

use super::failure::Failure;
use super::folder::Folder;
use super::signals::Signals;

/// In which formats the result tables are written.
#[derive(Debug, clap::Args)]
pub(super) struct Tables {
    /// Formats of the result tables: csv always, parquet beside it
    #[arg(long, value_name = "FORMAT,...", value_delimiter = ',', default_value = "csv")]
    format: Vec<Format>,
}

/// A format of result tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text; charts and report are made of it.
    Csv,
    /// Typed columns, with units and provenance in each file.
    Parquet,
}

impl Tables {
    /// Refuses to go without CSV.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.format.contains(&Format::Csv) {
            return Ok(());
        }
        let message = "--format: csv cannot be left out, as charts and report are made of it; give --format csv,parquet";
        Err(Failure::Usage(message.into()))
    }

    /// Writes the tables in the formats that were asked for, CSV aside.
    pub(super) fn write(&self, results: &Results, folder: &mut Folder, signals: &Signals) -> Result<(), Failure> {
        let wanted = TABLES.iter().filter(|_| self.is_parquet_wanted());
        for (name, write) in wanted {
            folder.write(name, signals, |out| write(results, out))?;
        }
        Ok(())
    }

    /// Names of the files that are asked for, CSV aside.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &'static str> {
        TABLES.iter().filter(|_| self.is_parquet_wanted()).map(|(name, _)| *name)
    }

    fn is_parquet_wanted(&self) -> bool {
        self.format.contains(&Format::Parquet)
    }
}

/// Names of all files that these may have.
pub(super) fn file_names() -> impl Iterator<Item = String> {
    TABLES.iter().map(|(name, _)| (*name).to_owned())
}
