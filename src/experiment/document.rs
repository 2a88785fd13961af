//! Documents: the answer to a question as data, with all that is made of it.

use std::io::{self, Read, Write};

use serde_json::{Value as Json, json};

#[cfg(feature = "report")]
use crate::report::Page;
use crate::report::Table;

#[cfg(feature = "report")]
use super::charts::Drawing;
use super::matters::Matters;
#[cfg(feature = "report")]
use super::table::write_parquet;
use super::table::{Reported, ResultTable, write_csv};

/// How a result file is written.
pub(super) enum Writing<D: 'static> {
    /// A table as CSV.
    Csv(&'static dyn ResultTable<D>),
    /// A table as Parquet.
    Parquet(&'static dyn ResultTable<D>),
    /// In a way of its own.
    Own(fn(&D, &mut dyn Write) -> io::Result<()>),
}

/// A result file of a kind of document.
pub struct ResultFile<D: 'static> {
    /// Its name.
    pub name: &'static str,
    /// Whether it is written only where Parquet is asked for.
    pub is_parquet: bool,
    pub(super) writing: Writing<D>,
}

impl<D: Reported + 'static> ResultFile<D> {
    pub(super) const fn csv(name: &'static str, table: &'static dyn ResultTable<D>) -> Self {
        Self { name, is_parquet: false, writing: Writing::Csv(table) }
    }

    pub(super) const fn parquet(name: &'static str, table: &'static dyn ResultTable<D>) -> Self {
        Self { name, is_parquet: true, writing: Writing::Parquet(table) }
    }

    pub(super) const fn own(name: &'static str, write: fn(&D, &mut dyn Write) -> io::Result<()>) -> Self {
        Self { name, is_parquet: false, writing: Writing::Own(write) }
    }

    #[cfg(feature = "report")]
    pub(super) const fn own_parquet(name: &'static str, write: fn(&D, &mut dyn Write) -> io::Result<()>) -> Self {
        Self { is_parquet: true, ..Self::own(name, write) }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// If it cannot be written, or replications that it needs once more are lost.
    pub fn write(&self, document: &D, out: &mut dyn Write) -> io::Result<()> {
        match self.writing {
            Writing::Csv(table) => write_csv(table, document, out),
            #[cfg(feature = "report")]
            Writing::Parquet(table) => write_parquet(table, document, out),
            #[cfg(not(feature = "report"))]
            Writing::Parquet(_) => Err(io::Error::other("Parquet belongs to the feature `report`, which is off")),
            Writing::Own(write) => write(document, out),
        }
    }
}

/// What a document says, in sentences for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The answer, in at most three sentences.
    pub verdict: Vec<String>,
    /// What else there is to say, part by part, each with its heading.
    pub parts: Vec<(&'static str, Vec<String>)>,
}

impl Statement {
    /// Returns the statement for programs.
    #[must_use]
    pub fn json(&self) -> Json {
        let part = |(title, sentences): (&str, &[String])| json!({ "title": title, "sentences": sentences });
        json!({ "verdict": self.verdict, "parts": self.spoken().map(part).collect::<Vec<_>>() })
    }

    /// Returns the parts that say something.
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

    /// Whether this document has one of its files.
    fn has(&self, _file: &str) -> bool {
        true
    }

    /// The report.
    #[cfg(feature = "report")]
    fn page(&self) -> Page;

    /// Sets the smallest difference that words and colours call a difference.
    fn set_matters(&mut self, matters: Matters);

    /// What it is about, in a line.
    fn heading(&self) -> String;

    /// The tables that answer the question.
    fn key_tables(&self) -> Vec<Table>;

    /// Tables of all that is known.
    fn all_tables(&self) -> Vec<Table>;

    /// What it says, in sentences.
    fn statement(&self) -> Statement;

    /// The summary for programs.
    fn json(&self) -> Json;

    /// Gates of goals that are not met, each in a sentence.
    fn gates_missed(&self) -> Vec<String>;

    /// What is missing, if not all replications were there.
    fn partial(&self) -> Option<String>;

    /// Reads a document back from its files: `open` opens the file of a name.
    ///
    /// # Errors
    /// If a file is missing, damaged, or does not fit to the others.
    fn read<R: Read>(open: impl Fn(&str) -> io::Result<R>) -> Result<Self, Unreadable>;
}

/// Why a result folder cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A file cannot be read at all.
    #[error("{file}: {cause}")]
    Io {
        /// Its name.
        file: String,
        /// What happened.
        cause: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{file}: {message}")]
    Content {
        /// Its name.
        file: String,
        /// What is wrong.
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

    /// Loads a table.
    pub(super) fn read<D>(&self, file: &str, table: &dyn ResultTable<D>, document: &mut D) -> Result<(), Unreadable> {
        table.read(document, &self.load(file)?).map_err(|message| refuse(file, message))
    }
}

/// A file does not hold what it should.
pub(super) fn refuse(file: &str, message: impl ToString) -> Unreadable {
    Unreadable::Content { file: file.to_owned(), message: message.to_string() }
}

/// What a row of each table of some files is about, and its columns with their meanings.
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

/// What a result table says of itself.
#[derive(Clone, Debug)]
pub struct TableInWords {
    /// The CSV file.
    pub file: &'static str,
    /// What a row is about.
    pub about: &'static str,
    /// Each column and what it means, in the order of the file.
    pub columns: Vec<(&'static str, &'static str)>,
}
