//! Formats of result files: CSV, which is always written, and those that are written on request.

/// A format of result files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV, with the JSON and TOML that belong to it: charts and report are made of them.
    Csv,
    /// Parquet, a file for each table.
    Parquet,
    /// Excel, one workbook of the tables that people read.
    Xlsx,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Parquet, Self::Xlsx];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
        }
    }

    /// What it is good for, in a line.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Csv => "Text; charts and report are made of it",
            Self::Parquet => "Typed columns, with units and provenance in each file",
            Self::Xlsx => "One Excel workbook with the tables that a planner reads",
        }
    }
}
