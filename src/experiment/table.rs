//! Result tables: what each column is, declared once, and how rows are written as CSV, Parquet and JSON, and read back.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use crate::report::csv::{Field, Writer as CsvWriter, harmless};
use crate::report::number::write_exact;
use crate::report::parquet::{Cells, Kind, Writer as ParquetWriter};
use crate::response::Unit;

use super::estimates::Results;
use super::files::Manifest;
use super::study::Study;

/// A cell of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'r> {
    /// Words.
    Text(Cow<'r, str>),
    /// A number; NaN is undefined.
    Number(f64),
    /// A whole number.
    Count(u64),
    /// Yes or no, or neither.
    Flag(Option<bool>),
    /// A date.
    Date(Date),
}

/// What the numbers of a column are counted in.
#[derive(Clone, Copy, Debug)]
pub(super) enum CountedIn {
    /// Nothing: it holds no numbers.
    Nothing,
    /// The same in every row.
    Unit(Unit),
    /// The same in every row, by its name.
    Name(&'static str),
    /// What this other column says, row by row.
    Column(&'static str),
}

/// A column: `K` says which row a cell is in.
pub(super) struct Column<K: 'static> {
    /// Its name.
    pub(super) name: &'static str,
    /// What it means.
    pub(super) meaning: &'static str,
    /// What its cells are.
    pub(super) kind: Kind,
    /// What they are counted in.
    pub(super) counted_in: CountedIn,
    /// The cell of a row.
    pub(super) get: for<'r> fn(&'r Results, &'r K) -> Cell<'r>,
    /// Takes what was read; none of a column that says which row it is.
    pub(super) set: Option<fn(&mut Results, &K, &str) -> bool>,
}

/// A column of words that says which row it is.
macro_rules! text {
    ($name:literal, $meaning:literal, |$results:pat_param, $row:ident| $text:expr) => {
        Column {
            name: $name,
            meaning: $meaning,
            kind: Kind::Text,
            counted_in: CountedIn::Nothing,
            get: |$results, $row| Cell::Text(Cow::from($text)),
            set: None,
        }
    };
}

/// A column of values: the place in the results where each is kept. It must be a place and no block, which would be a copy.
macro_rules! value {
    ($name:literal, $meaning:literal, $kind:ident, $counted_in:expr, $results:ident, $row:ident => $place:expr) => {
        Column {
            name: $name,
            meaning: $meaning,
            kind: Kind::$kind,
            counted_in: $counted_in,
            get: |$results, $row| CellValue::cell(&$place),
            set: Some(|$results, $row, text| CellValue::read(&mut $place, text)),
        }
    };
}

pub(super) use {text, value};

/// What a cell is made of, and read into.
pub(super) trait CellValue: Sized {
    fn cell(&self) -> Cell<'static>;

    /// Whether the text is such a value.
    fn read(&mut self, text: &str) -> bool;
}

impl CellValue for f64 {
    fn cell(&self) -> Cell<'static> {
        Cell::Number(*self)
    }

    fn read(&mut self, text: &str) -> bool {
        let value = if text.is_empty() { Some(f64::NAN) } else { text.parse().ok() };
        value.map(|value| *self = value).is_some()
    }
}

impl CellValue for u64 {
    fn cell(&self) -> Cell<'static> {
        Cell::Count(*self)
    }

    fn read(&mut self, text: &str) -> bool {
        text.parse().map(|value| *self = value).is_ok()
    }
}

impl CellValue for Option<bool> {
    fn cell(&self) -> Cell<'static> {
        Cell::Flag(*self)
    }

    fn read(&mut self, text: &str) -> bool {
        let value = if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
        value.map(|value| *self = value).is_some()
    }
}

impl Cell<'_> {
    /// The text of the cell in a CSV file.
    fn csv(&self) -> String {
        match self {
            Self::Text(text) => harmless(text),
            Self::Number(value) => {
                let mut text = String::new();
                write_exact(*value, &mut text);
                text
            }
            Self::Count(count) => count.to_string(),
            Self::Flag(flag) => flag.map_or_else(String::new, |flag| flag.to_string()),
            Self::Date(date) => date.to_string(),
        }
    }

    /// The cell as JSON, which knows no infinity: that is the text that CSV has.
    fn json(&self) -> Json {
        /// Whole numbers up to here have no other double near them: 2^53.
        const WHOLE_BELOW: f64 = 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
        match self {
            Self::Number(value) if value.is_nan() => Json::Null,
            Self::Number(value) if value.is_infinite() => self.csv().into(),
            Self::Number(value) if value.fract() == 0.0 && value.abs() < WHOLE_BELOW => (*value as i64).into(),
            Self::Number(value) => (*value).into(),
            Self::Count(count) => (*count).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Text(text) => text.as_ref().into(),
            Self::Date(_) => self.csv().into(),
        }
    }
}

/// A table with rows of one kind.
pub(super) struct TableOf<K: 'static> {
    /// Its rows, in the order of the files; of a file that is read, those that may be in it.
    pub(super) rows: fn(&Results) -> Vec<K>,
    /// What a row is about.
    pub(super) about: &'static str,
    /// Whether a file may leave rows out.
    pub(super) may_skip: bool,
    /// Its columns.
    pub(super) columns: &'static [Column<K>],
}

/// A table, whatever its rows are.
pub(super) trait ResultTable: Sync {
    /// What a row is about, and each column with its meaning.
    fn words(&self) -> (&'static str, Vec<(&'static str, &'static str)>);

    /// Writes it as CSV.
    fn csv(&self, results: &Results, out: &mut dyn Write) -> io::Result<()>;

    /// Writes it as Parquet, with units and provenance in the metadata of the file.
    fn parquet(&self, results: &Results, out: &mut dyn Write) -> io::Result<()>;

    /// Its rows as JSON.
    fn json(&self, results: &Results) -> Vec<Json>;

    /// Reads what CSV was written.
    fn read(&self, results: &mut Results, bytes: &[u8]) -> Result<(), String>;
}

impl<K: Sync> ResultTable for TableOf<K> {
    fn words(&self) -> (&'static str, Vec<(&'static str, &'static str)>) {
        (self.about, self.columns.iter().map(|column| (column.name, column.meaning)).collect())
    }

    fn csv(&self, results: &Results, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = CsvWriter::new(out, self.columns.iter().map(|column| column.name))?;
        for row in (self.rows)(results) {
            let cells: Vec<Cell<'_>> = self.columns.iter().map(|column| (column.get)(results, &row)).collect();
            let dates: Vec<String> = cells.iter().filter(|cell| matches!(cell, Cell::Date(_))).map(Cell::csv).collect();
            let mut dates = dates.iter();
            writer.row(cells.iter().map(|cell| match cell {
                Cell::Text(text) => Field::Text(text),
                Cell::Number(value) => Field::Number(*value),
                #[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
                Cell::Count(count) => Field::Number(*count as f64),
                Cell::Flag(flag) => flag.map_or(Field::Missing, |flag| Field::Text(if flag { "true" } else { "false" })),
                Cell::Date(_) => dates.next().map_or(Field::Missing, |date| Field::Text(date)),
            }))?;
        }
        writer.finish()?.flush()
    }

    fn parquet(&self, results: &Results, out: &mut dyn Write) -> io::Result<()> {
        let schema: Vec<(&str, Kind)> = self.columns.iter().map(|column| (column.name, column.kind)).collect();
        let currency = &results.study.scenario.world.currency;
        let units = self
            .columns
            .iter()
            .filter_map(|column| Some((column.name.to_owned(), column.counted_in.words(currency)?.into())));
        let mut writer = ParquetWriter::new(out, &schema, &metadata(&results.study, units.collect())?)?;
        let rows = (self.rows)(results);
        let mut cells: Vec<Cells<'_>> = self.columns.iter().map(|column| column.kind.empty()).collect();
        for row in &rows {
            for (cells, column) in cells.iter_mut().zip(self.columns) {
                put(cells, (column.get)(results, row));
            }
        }
        if !rows.is_empty() {
            writer.group(&cells)?;
        }
        writer.finish()?.flush()
    }

    fn json(&self, results: &Results) -> Vec<Json> {
        let row = |row: K| {
            let cells = self.columns.iter().map(|column| (column.name.to_owned(), (column.get)(results, &row).json()));
            Json::Object(cells.collect())
        };
        (self.rows)(results).into_iter().map(row).collect()
    }

    fn read(&self, results: &mut Results, bytes: &[u8]) -> Result<(), String> {
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().map_err(|error| error.to_string())?;
        if !header.iter().eq(self.columns.iter().map(|column| column.name)) {
            return Err("its columns are not those of this version".to_owned());
        }
        let mut rows = (self.rows)(results).into_iter();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| error.to_string())? {
            let line = record.position().map_or(0, csv::Position::line);
            let is_it = |row: &K| {
                let keys = self.columns.iter().zip(&record).filter(|(column, _)| column.set.is_none());
                keys.into_iter().all(|(column, cell)| (column.get)(results, row).csv() == cell)
            };
            let row = if self.may_skip { rows.find(is_it) } else { rows.next().filter(is_it) };
            let row = row.ok_or_else(|| format!("line {line}: not the row that should be here"))?;
            for (column, cell) in self.columns.iter().zip(&record) {
                if column.set.is_some_and(|set| !set(results, &row, cell)) {
                    return Err(format!("line {line}: {cell:?} is not a value of {}", column.name));
                }
            }
        }
        if self.may_skip || rows.next().is_none() { Ok(()) } else { Err("it ends before its last row".to_owned()) }
    }
}

impl CountedIn {
    /// What the metadata of a file say; nothing of what holds no numbers.
    fn words(self, currency: &str) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Unit(unit) => Some(unit.name(currency)),
            Self::Name(name) => Some(name.to_owned()),
            Self::Column(column) => Some(format!("by row, see column {column}")),
        }
    }
}

/// Adds a cell to a column of its kind.
fn put<'r>(cells: &mut Cells<'r>, cell: Cell<'r>) {
    match (cells, cell) {
        (Cells::Text(texts), Cell::Text(text)) => texts.push(text),
        (Cells::Number(numbers), Cell::Number(number)) => numbers.to_mut().push(number),
        (Cells::Count(counts), Cell::Count(count)) => counts.push(count),
        (Cells::Flag(flags), Cell::Flag(flag)) => flags.push(flag),
        (Cells::Date(dates), Cell::Date(date)) => dates.push(Some(date)),
        (cells, cell) => unreachable!("a column of {:?} has a cell {cell:?}", cells.kind()),
    }
}

/// What a Parquet file says of itself: the manifest of the run, and the units of its columns of numbers.
pub(super) fn metadata(study: &Study, units: Map<String, Json>) -> io::Result<[(&'static str, String); 2]> {
    let manifest = serde_json::to_string(&Manifest::of(study))?;
    Ok([("handover.manifest", manifest), ("handover.units", Json::Object(units).to_string())])
}
