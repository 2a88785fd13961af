//! Result tables: each column is declared once, and rows are written as CSV, Parquet and JSON and read back.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use crate::report::cells::{Cells, Kind};
use crate::report::csv::{Field, Writer as CsvWriter, harmless};
use crate::report::number::write_exact;
#[cfg(feature = "report")]
use crate::report::parquet::Writer as ParquetWriter;
use crate::response::Unit;

use super::manifest::Manifest;

/// Rows of a group of a Parquet file: few enough for memory, many enough for speed.
pub(super) const GROUP: usize = 1 << 17;

/// A cell of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'r> {
    /// Text.
    Text(Cow<'r, str>),
    /// A number; NaN is undefined.
    Number(f64),
    /// A whole number.
    Count(u64),
    /// Yes, no, or neither.
    Flag(Option<bool>),
    /// A date.
    Date(Date),
    /// A number with its original text.
    Typed(Cow<'r, str>, f64),
}

/// Unit of the numbers of a column.
#[derive(Clone, Copy, Debug)]
pub(super) enum CountedIn {
    /// None: the column holds no numbers.
    Nothing,
    /// The same unit in every row.
    Unit(Unit),
    /// The same unit in every row, by name.
    Name(&'static str),
    /// The unit in another column, row by row.
    Column(&'static str),
}

/// A column of a report `R`; the key `K` identifies the row of a cell.
pub(super) struct Column<R: 'static, K: 'static> {
    /// Name.
    pub(super) name: &'static str,
    /// Meaning.
    pub(super) meaning: &'static str,
    /// Kind of its cells.
    pub(super) kind: Kind,
    /// Unit of its cells.
    pub(super) counted_in: CountedIn,
    /// Returns the cell of a row.
    pub(super) get: for<'r> fn(&'r R, &'r K) -> Cell<'r>,
    /// Stores a cell that was read; none for a column that identifies the row.
    pub(super) set: Option<fn(&mut R, &K, &str) -> bool>,
}

/// A column of text that identifies the row.
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

/// A column of values, with the place of each in the results. It must be a place, not a block, which would be a copy.
macro_rules! value {
    ($name:literal, $meaning:expr, $kind:ident, $counted_in:expr, $results:ident, $row:ident => $place:expr) => {
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

/// A value that a cell is written from and read into.
pub(super) trait CellValue: Sized {
    fn cell(&self) -> Cell<'static>;

    /// Reads a value from text. Returns whether it is valid.
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
    /// Returns the text of the cell in a CSV file.
    pub(super) fn csv(&self) -> String {
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
            Self::Typed(text, _) => text.to_string(),
        }
    }

    /// Returns the cell as JSON. JSON has no infinity, so it becomes the text of CSV.
    fn json(&self) -> Json {
        /// Below 2^53, every whole number is exact as a double.
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
            Self::Typed(_, value) => Self::Number(*value).json(),
        }
    }
}

/// The source of tables.
pub trait Reported: Sync {
    /// Returns the manifest.
    fn manifest(&self) -> Manifest;

    /// Returns the currency of amounts of money.
    fn currency(&self) -> &str;
}

/// A table with rows of one kind.
pub(super) struct TableOf<R: 'static, K: 'static> {
    /// Its rows, in the order of the files. For a file that is read, the rows that it may hold.
    pub(super) rows: fn(&R) -> Vec<K>,
    /// Description of a row.
    pub(super) about: &'static str,
    /// Whether a file may leave rows out.
    pub(super) may_skip: bool,
    /// Its columns.
    pub(super) columns: &'static [Column<R, K>],
}

/// A table with any kind of rows.
pub(super) trait ResultTable<R>: Sync {
    /// Returns the description of a row, and each column with its meaning.
    fn words(&self) -> (&'static str, Vec<(&'static str, &'static str)>);

    /// Returns name, kind and unit of its columns.
    fn head(&self, reported: &R) -> Vec<Head>;

    /// Passes its rows to `give`, one after the other.
    fn each(&self, reported: &R, give: &mut dyn FnMut(Vec<Cell<'_>>) -> io::Result<()>) -> io::Result<()>;

    /// Reads rows that were written as CSV, from a reader after the header.
    fn read_rows(&self, reported: &mut R, rows: &mut dyn Iterator<Item = Row>) -> Result<(), String>;

    /// Reads a CSV file.
    fn read(&self, reported: &mut R, bytes: &[u8]) -> Result<(), String> {
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().map_err(|error| error.to_string())?;
        if !header.iter().eq(self.head(reported).iter().map(|head| head.name.as_ref())) {
            return Err("its columns differ from those of this version".to_owned());
        }
        let mut broken = None;
        let mut rows = reader.records().map_while(|record| match record {
            Ok(record) => Some(Row::of(&record)),
            Err(error) => {
                broken = Some(error.to_string());
                None
            }
        });
        let read = self.read_rows(reported, &mut rows);
        broken.map_or(read, Err)
    }

    /// Returns its rows as JSON.
    fn json(&self, reported: &R) -> Vec<Json> {
        let (head, mut rows) = (self.head(reported), Vec::new());
        let add = &mut |cells: Vec<Cell<'_>>| {
            let cells = head.iter().zip(&cells).map(|(head, cell)| (head.name.to_string(), cell.json()));
            rows.push(Json::Object(cells.collect()));
            Ok(())
        };
        self.each(reported, add).unwrap_or_else(|error| unreachable!("memory takes all: {error}"));
        rows
    }
}

/// Head of a column: name, kind and unit.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) name: Cow<'static, str>,
    pub(super) meaning: Cow<'static, str>,
    pub(super) kind: Kind,
    pub(super) counted_in: CountedIn,
}

/// A row of a file.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Line number.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Row {
    fn of(record: &csv::StringRecord) -> Self {
        let line = record.position().map_or(0, csv::Position::line);
        Self { line, cells: record.iter().map(str::to_owned).collect() }
    }
}

/// Writes a table as CSV.
pub(super) fn write_csv<R>(table: &dyn ResultTable<R>, reported: &R, out: &mut dyn Write) -> io::Result<()> {
    let head = table.head(reported);
    let mut writer = CsvWriter::new(out, head.iter().map(|head| head.name.as_ref()))?;
    table.each(reported, &mut |cells| {
        let in_own_words = |cell: &&Cell<'_>| matches!(cell, Cell::Date(_) | Cell::Typed(..));
        let words: Vec<String> = cells.iter().filter(in_own_words).map(Cell::csv).collect();
        let mut words = words.iter();
        writer.row(cells.iter().map(|cell| match cell {
            Cell::Text(text) => Field::Text(text),
            Cell::Number(value) => Field::Number(*value),
            #[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
            Cell::Count(count) => Field::Number(*count as f64),
            Cell::Flag(flag) => flag.map_or(Field::Missing, |flag| Field::Text(if flag { "true" } else { "false" })),
            Cell::Date(_) | Cell::Typed(..) => words.next().map_or(Field::Missing, |words| Field::Plain(words)),
        }))
    })?;
    writer.finish()?.flush()
}

/// Writes a table as Parquet, with units and provenance in the metadata of the file.
#[cfg(feature = "report")]
pub(super) fn write_parquet<R: Reported>(table: &dyn ResultTable<R>, reported: &R, out: &mut dyn Write) -> io::Result<()> {
    let head = table.head(reported);
    let schema: Vec<(&str, Kind)> = head.iter().map(|head| (head.name.as_ref(), head.kind)).collect();
    let currency = reported.currency();
    let units = head.iter().filter_map(|head| Some((head.name.to_string(), head.counted_in.words(currency)?.into())));
    let mut writer = ParquetWriter::new(out, &schema, &metadata(reported, units.collect())?)?;
    let mut columns: Vec<Cells<'static>> = head.iter().map(|head| head.kind.empty()).collect();
    let mut rows = 0;
    table.each(reported, &mut |cells| {
        columns.iter_mut().zip(cells).for_each(|(column, cell)| put(column, cell));
        rows += 1;
        if rows == GROUP {
            writer.group(&columns)?;
            columns = head.iter().map(|head| head.kind.empty()).collect();
            rows = 0;
        }
        Ok(())
    })?;
    if rows > 0 {
        writer.group(&columns)?;
    }
    writer.finish()?.flush()
}

impl<R: Sync, K: Sync> ResultTable<R> for TableOf<R, K> {
    fn words(&self) -> (&'static str, Vec<(&'static str, &'static str)>) {
        (self.about, self.columns.iter().map(|column| (column.name, column.meaning)).collect())
    }

    fn head(&self, _: &R) -> Vec<Head> {
        let head = |column: &Column<R, K>| Head {
            name: Cow::Borrowed(column.name),
            meaning: Cow::Borrowed(column.meaning),
            kind: column.kind,
            counted_in: column.counted_in,
        };
        self.columns.iter().map(head).collect()
    }

    fn each(&self, reported: &R, give: &mut dyn FnMut(Vec<Cell<'_>>) -> io::Result<()>) -> io::Result<()> {
        let rows = (self.rows)(reported);
        rows.iter().try_for_each(|row| give(self.columns.iter().map(|column| (column.get)(reported, row)).collect()))
    }

    fn read_rows(&self, reported: &mut R, rows: &mut dyn Iterator<Item = Row>) -> Result<(), String> {
        let mut expected = (self.rows)(reported).into_iter();
        for Row { line, cells } in rows {
            let is_it = |row: &K| {
                let mut keys = self.columns.iter().zip(&cells).filter(|(column, _)| column.set.is_none());
                keys.all(|(column, cell)| (column.get)(reported, row).csv() == *cell)
            };
            let row = if self.may_skip { expected.find(is_it) } else { expected.next().filter(is_it) };
            let row = row.ok_or_else(|| format!("line {line}: not the row that should be here"))?;
            for (column, cell) in self.columns.iter().zip(&cells) {
                if column.set.is_some_and(|set| !set(reported, &row, cell)) {
                    return Err(format!("line {line}: {cell:?} is not a value of {}", column.name));
                }
            }
        }
        if self.may_skip || expected.next().is_none() { Ok(()) } else { Err("it ends before its last row".to_owned()) }
    }
}

impl CountedIn {
    /// Returns the unit for the metadata of a file; none for columns without numbers.
    pub(super) fn words(self, currency: &str) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Unit(unit) => Some(unit.name(currency)),
            Self::Name(name) => Some(name.to_owned()),
            Self::Column(column) => Some(format!("by row, see column {column}")),
        }
    }
}

/// Adds a cell to a column of its kind.
#[cfg(feature = "report")]
fn put(cells: &mut Cells<'static>, cell: Cell<'_>) {
    match (cells, cell) {
        (Cells::Text(texts), Cell::Text(text) | Cell::Typed(text, _)) => texts.push(Cow::Owned(text.into_owned())),
        (Cells::Number(numbers), Cell::Number(number) | Cell::Typed(_, number)) => numbers.to_mut().push(number),
        (Cells::Count(counts), Cell::Count(count)) => counts.push(count),
        (Cells::Flag(flags), Cell::Flag(flag)) => flags.push(flag),
        (Cells::Date(dates), Cell::Date(date)) => dates.push(Some(date)),
        (cells, cell) => unreachable!("a column of {:?} has a cell {cell:?}", cells.kind()),
    }
}

/// Returns the metadata of a Parquet file: the manifest, and the units of its columns of numbers.
pub(super) fn metadata<R: Reported>(reported: &R, units: Map<String, Json>) -> io::Result<[(&'static str, String); 2]> {
    Ok([
        ("handover.manifest", serde_json::to_string(&reported.manifest())?),
        ("handover.units", Json::Object(units).to_string()),
    ])
}
