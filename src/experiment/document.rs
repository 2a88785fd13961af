//! Documents: the answer to a question as data, and all output made from it.

use std::io::{self, Read, Write};

use serde_json::{Value as Json, json};

#[cfg(feature = "report")]
use crate::report::Page;
use crate::report::Table;

#[cfg(feature = "report")]
use super::charts::Drawing;
use super::format::Format;
use super::manifest::Manifest;
use super::matters::Matters;
use super::seal::Seal;
#[cfg(feature = "report")]
use super::table::write_parquet;
use super::table::{Reported, ResultTable, write_csv};

/// How a result file is written.
pub(super) enum Writing<D: 'static> {
    /// A table as CSV.
    Csv(&'static dyn ResultTable<D>),
    /// A table as Parquet.
    Parquet(&'static dyn ResultTable<D>),
    /// By a special function.
    Own(fn(&D, &mut dyn Write) -> io::Result<()>),
}

/// A result file of a kind of document.
pub struct ResultFile<D: 'static> {
    /// Its name.
    pub name: &'static str,
    /// Its format. All but CSV are written on request only.
    pub format: Format,
    pub(super) writing: Writing<D>,
}

impl<D: Reported + 'static> ResultFile<D> {
    pub(super) const fn csv(name: &'static str, table: &'static dyn ResultTable<D>) -> Self {
        Self { name, format: Format::Csv, writing: Writing::Csv(table) }
    }

    pub(super) const fn parquet(name: &'static str, table: &'static dyn ResultTable<D>) -> Self {
        Self { name, format: Format::Parquet, writing: Writing::Parquet(table) }
    }

    pub(super) const fn own(name: &'static str, write: fn(&D, &mut dyn Write) -> io::Result<()>) -> Self {
        Self { name, format: Format::Csv, writing: Writing::Own(write) }
    }

    /// The manifest of the results, as of a folder without other files.
    pub(super) const fn manifest() -> Self {
        Self::own("manifest.json", |document, out| {
            out.write_all(Seal::new(document.manifest(), Vec::new()).text().as_bytes())
        })
    }

    /// A file in a format that is written on request.
    #[cfg(feature = "report")]
    pub(super) const fn own_in(format: Format, name: &'static str, write: fn(&D, &mut dyn Write) -> io::Result<()>) -> Self {
        Self { name, format, writing: Writing::Own(write) }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Fails if the file cannot be written, or replications that it needs again are lost.
    pub fn write(&self, document: &D, out: &mut dyn Write) -> io::Result<()> {
        match self.writing {
            Writing::Csv(table) => write_csv(table, document, out),
            #[cfg(feature = "report")]
            Writing::Parquet(table) => write_parquet(table, document, out),
            #[cfg(not(feature = "report"))]
            Writing::Parquet(_) => Err(io::Error::other("Parquet needs the feature `report`")),
            Writing::Own(write) => write(document, out),
        }
    }
}

/// The statement of a document, in sentences for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The answer, in at most three sentences.
    pub verdict: Vec<String>,
    /// Further parts, each with its heading.
    pub parts: Vec<(&'static str, Vec<String>)>,
}

impl Statement {
    /// Returns the statement for programs.
    #[must_use]
    pub fn json(&self) -> Json {
        let part = |(title, sentences): (&str, &[String])| json!({ "title": title, "sentences": sentences });
        json!({ "verdict": self.verdict, "parts": self.spoken().map(part).collect::<Vec<_>>() })
    }

    /// Returns the parts that have sentences.
    pub fn spoken(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.parts
            .iter()
            .filter(|(_, sentences)| !sentences.is_empty())
            .map(|(title, sentences)| (*title, sentences.as_slice()))
    }
}

/// The answer to a question: result files, charts, sentences.
pub trait Document: Reported + Sized + 'static {
    /// The result files that a document of this kind can have, the manifest last.
    const FILES: &'static [ResultFile<Self>];
    /// The charts that can be drawn of it, in the order of the report.
    #[cfg(feature = "report")]
    const CHARTS: &'static [Drawing<Self>];

    /// Returns whether this document has one of its files.
    fn has(&self, _file: &str) -> bool {
        true
    }

    /// Returns the report.
    #[cfg(feature = "report")]
    fn page(&self) -> Page;

    /// Sets the smallest difference that words and colours show as a difference.
    fn set_matters(&mut self, matters: Matters);

    /// Returns a one-line description.
    fn heading(&self) -> String;

    /// Returns the tables that answer the question.
    fn key_tables(&self) -> Vec<Table>;

    /// Returns the tables of all responses.
    fn all_tables(&self) -> Vec<Table>;

    /// Returns the statement.
    fn statement(&self) -> Statement;

    /// Returns the summary for programs.
    fn json(&self) -> Json;

    /// Returns a sentence for each gate that is not met.
    fn gates_missed(&self) -> Vec<String>;

    /// Returns what is missing if some replications are not done.
    fn partial(&self) -> Option<String>;

    /// Reads a document back from its files; `open` opens a file by name.
    ///
    /// # Errors
    /// Fails if a file is missing, damaged, or does not match the others.
    fn read<R: Read>(open: impl Fn(&str) -> io::Result<R>) -> Result<Self, Unreadable>;
}

/// Why a result folder cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A file cannot be read.
    #[error("{file}: {cause}")]
    Io {
        /// Name of the file.
        file: String,
        /// Cause.
        cause: io::Error,
    },
    /// The content of a file is not valid.
    #[error("{file}: {message}")]
    Content {
        /// Name of the file.
        file: String,
        /// Reason.
        message: String,
    },
}

/// Loads the files of a folder.
pub(super) struct Folder<O>(pub(super) O);

impl<R: Read, O: Fn(&str) -> io::Result<R>> Folder<O> {
    pub(super) fn open(&self, file: &str) -> Result<R, Unreadable> {
        (self.0)(file).map_err(|cause| Unreadable::Io { file: file.to_owned(), cause })
    }

    pub(super) fn load(&self, file: &str) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = Vec::new();
        let read = self.open(file)?.read_to_end(&mut bytes);
        read.map_err(|cause| Unreadable::Io { file: file.to_owned(), cause })?;
        Ok(bytes)
    }

    /// Loads the manifest.
    pub(super) fn manifest(&self) -> Result<Manifest, Unreadable> {
        serde_json::from_slice(&self.load("manifest.json")?).map_err(|error| refuse("manifest.json", error))
    }

    /// Loads a table.
    pub(super) fn read<D>(&self, file: &str, table: &dyn ResultTable<D>, document: &mut D) -> Result<(), Unreadable> {
        table.read(document, &self.load(file)?).map_err(|message| refuse(file, message))
    }
}

/// Returns the failure of a file whose content is not valid.
pub(super) fn refuse(file: &str, message: impl ToString) -> Unreadable {
    Unreadable::Content { file: file.to_owned(), message: message.to_string() }
}

/// Describes each table of some files: what a row is about, and its columns with their meanings.
#[must_use]
pub fn tables_in_words<D>(files: &[ResultFile<D>]) -> Vec<TableInWords> {
    let table = |file: &ResultFile<D>| match file.writing {
        Writing::Csv(table) => {
            let (about, columns) = table.words();
            Some(TableInWords { file: file.name, about, columns })
        }
        _ => None,
    };
    files.iter().filter_map(table).collect()
}

/// Description of a result table.
#[derive(Clone, Debug)]
pub struct TableInWords {
    /// The CSV file.
    pub file: &'static str,
    /// What a row is about.
    pub about: &'static str,
    /// Each column with its meaning, in the order of the file.
    pub columns: Vec<(&'static str, &'static str)>,
}
