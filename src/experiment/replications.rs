//! Reads the responses of replications again: from memory, or for a long run from its blocks.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::ops::Range;

use rayon::prelude::*;

use crate::report::cells::{Cells, Kind};
use crate::report::csv::{Field, Writer, original};
#[cfg(feature = "report")]
use crate::report::parquet::Writer as ParquetWriter;
use crate::response::{OUTCOMES, ResponseColumn, Unit};
use crate::run::{BLOCK_REPLICATIONS, EXACT_AT_MOST, Job, replications_of};
use crate::stats::Column;

use super::estimates::Results;
use super::study::Study;
use super::table::{GROUP, metadata};

impl Results {
    /// Returns the responses of some replications of a strategy, by its position: one column each.
    ///
    /// The rows start at a block boundary, and end at one or at the last replication.
    ///
    /// # Errors
    /// Fails if replications that are not kept can neither be loaded nor recomputed.
    pub(super) fn replications(&self, strategy: usize, rows: &Range<usize>) -> io::Result<Vec<Cow<'_, [f64]>>> {
        let kept =
            self.observations.columns(strategy).iter().map(|column| Some(column.as_kept()?.get(rows.clone())?.into()));
        kept.collect::<Option<_>>().map_or_else(|| self.load(strategy, rows), Ok)
    }

    fn load(&self, strategy: usize, rows: &Range<usize>) -> io::Result<Vec<Cow<'_, [f64]>>> {
        let block_rows = BLOCK_REPLICATIONS as usize;
        let mut columns = vec![Vec::with_capacity(rows.len()); self.observations.columns(strategy).len()];
        for index in rows.start / block_rows..rows.end.div_ceil(block_rows) {
            let replications = replications_of(index as u32, self.study.settings.replications);
            let runs = self.runs.as_ref().ok_or_else(|| io::Error::other("the replications are not kept"))?;
            let block = runs.block(&Job { point: 0, strategy, replications: replications.clone() })?;
            for (column, values) in columns.iter_mut().zip(block.responses.chunks(replications.len())) {
                column.extend_from_slice(values);
            }
        }
        Ok(columns.into_iter().map(Cow::from).collect())
    }
}

/// Collects rows of replications in columns that are kept or counted.
#[derive(Debug)]
struct ColumnBuilder {
    columns: Vec<Column>,
    rows: Vec<Vec<f64>>,
}

impl ColumnBuilder {
    /// Rows collected before they are counted.
    const WAITING: usize = 4096;

    /// Returns a number of columns whose values are counted or kept.
    fn new(columns: usize, is_counted: bool) -> Self {
        let column = || if is_counted { Column::counted() } else { Column::Kept(Vec::new()) };
        Self { columns: (0..columns).map(|_| column()).collect(), rows: vec![Vec::new(); columns] }
    }

    /// Adds a value to a column.
    fn push(&mut self, column: usize, value: f64) {
        let waiting = &mut self.rows[column];
        waiting.push(value);
        if waiting.len() == Self::WAITING {
            self.columns[column].add(waiting);
            waiting.clear();
        }
    }

    /// Returns the columns.
    fn finish(mut self) -> Vec<Column> {
        self.columns.iter_mut().zip(&self.rows).for_each(|(column, waiting)| column.add(waiting));
        self.columns
    }
}

/// Returns the names of the columns of the replications.
fn header(columns: &[ResponseColumn]) -> impl Iterator<Item = &str> {
    ["strategy", "replication"].into_iter().chain(columns.iter().map(|column| column.name.as_str()))
}

/// Rows are formatted in parallel, in groups, and written in order. Formatting numbers takes longer than anything else
/// once all replications are done.
pub(super) fn write_csv(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    write_header(results, &[], out)?;
    write_rows(results, &[], out)?;
    out.flush()
}

/// Writes the names of the columns, after these.
pub(super) fn write_header(results: &Results, before: &[String], out: &mut dyn Write) -> io::Result<()> {
    let about = results.study.columns();
    Writer::new(&mut *out, before.iter().map(String::as_str).chain(header(&about)))?.finish().map(drop)
}

/// Writes a row for each strategy and replication, after cells that are the same in all of them.
pub(super) fn write_rows(results: &Results, before: &[String], out: &mut dyn Write) -> io::Result<()> {
    const ROWS: usize = 512;
    const PIECES: usize = 64;
    let about = results.study.columns();
    let units: Vec<Unit> = about.iter().map(|column| column.unit).collect();
    let all = results.study.settings.replications as usize;
    for (strategy, name) in results.study.names().into_iter().enumerate() {
        let rows = |piece: usize| -> io::Result<Vec<u8>> {
            let mut writer = Writer::without_header(Vec::new());
            let begin = piece * ROWS;
            let columns = results.replications(strategy, &(begin..all.min(begin + ROWS)))?;
            let count = columns.first().map_or(0, |column| column.len());
            for (row, number) in results.study.origin.numbers(&(begin..begin + count)).into_iter().enumerate() {
                let cell = |(column, &unit): (&Cow<'_, [f64]>, &Unit)| field(column[row], unit);
                let before = before.iter().map(|cell| Field::Plain(cell));
                let keys = [Field::Text(name), Field::Number(number.into())];
                writer.row(before.chain(keys).chain(columns.iter().zip(&units).map(cell)))?;
            }
            writer.finish()
        };
        let pieces: Vec<usize> = (0..all.div_ceil(ROWS)).collect();
        for pieces in pieces.chunks(PIECES) {
            let made: Vec<io::Result<Vec<u8>>> = pieces.par_iter().map(|&piece| rows(piece)).collect();
            made.into_iter().try_for_each(|piece| out.write_all(&piece?))?;
        }
    }
    Ok(())
}

fn field(value: f64, unit: Unit) -> Field<'static> {
    match unit {
        Unit::Outcome => Field::Text(outcome(value)),
        _ => Field::Number(value),
    }
}

/// Returns the name of an outcome.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an outcome is its position")]
fn outcome(value: f64) -> &'static str {
    OUTCOMES.get(value as usize).copied().unwrap_or_default()
}

/// Each strategy has separate row groups, so reading one strategy does not read the others.
#[cfg(feature = "report")]
pub(super) fn write_parquet(results: &Results, out: &mut dyn Write) -> io::Result<()> {
    let about = results.study.columns();
    let kinds = [Kind::Text, Kind::Count].into_iter().chain(about.iter().map(kind));
    let schema: Vec<(&str, Kind)> = header(&about).zip(kinds).collect();
    let with_unit = about.iter().filter(|column| kind(column) == Kind::Number);
    let units = with_unit.map(|column| (column.name.clone(), column.unit_name.clone().into())).collect();
    let mut writer = ParquetWriter::new(out, &schema, &metadata(results, units)?)?;
    let replications = results.study.settings.replications as usize;
    for (strategy, name) in results.study.names().into_iter().enumerate() {
        for begin in (0..replications).step_by(GROUP) {
            let rows = begin..replications.min(begin + GROUP);
            let columns = results.replications(strategy, &rows)?;
            let mut cells = vec![Cells::Text(vec![Cow::Borrowed(name); rows.len()])];
            cells.push(Cells::Count(results.study.origin.numbers(&rows).into_iter().map(u64::from).collect()));
            cells.extend(columns.iter().zip(&about).map(|(values, column)| match kind(column) {
                Kind::Text => Cells::Text(values.iter().map(|&value| outcome(value).into()).collect()),
                _ => Cells::Number(Cow::Borrowed(values)),
            }));
            writer.group(&cells)?;
        }
    }
    writer.finish()?.flush()
}

/// Returns the kind of values of a response.
fn kind(column: &ResponseColumn) -> Kind {
    if column.unit == Unit::Outcome { Kind::Text } else { Kind::Number }
}

pub(super) fn read_csv(reader: impl Read, study: &Study) -> Result<Vec<Vec<Column>>, String> {
    let columns = study.columns();
    let names = study.names();
    let replications = study.settings.replications;
    let gathered = || ColumnBuilder::new(columns.len(), replications > EXACT_AT_MOST);
    let mut responses: Vec<ColumnBuilder> = names.iter().map(|_| gathered()).collect();
    let mut reader = csv::Reader::from_reader(reader);
    let headers = reader.headers().map_err(|error| error.to_string())?;
    if !headers.iter().map(original).eq(header(&columns)) {
        return Err("its columns differ from those of this version".into());
    }
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(|error| error.to_string())? {
        let line = row.position().map_or(0, csv::Position::line);
        let name = original(row.get(0).unwrap_or_default());
        let strategy = names.iter().position(|known| *known == name);
        let strategy = strategy.ok_or_else(|| format!("line {line}: unknown strategy {name:?}"))?;
        for (position, (cell, about)) in row.iter().skip(2).zip(&columns).enumerate() {
            let value = value(cell, about.unit);
            let value = value.ok_or_else(|| format!("line {line}: {cell:?} is not a value of {}", about.name))?;
            responses[strategy].push(position, value);
        }
    }
    let responses: Vec<Vec<Column>> = responses.into_iter().map(ColumnBuilder::finish).collect();
    if responses.iter().any(|strategy| strategy[0].len() != u64::from(replications)) {
        return Err(format!("expected {replications} rows for each strategy"));
    }
    Ok(responses)
}

fn value(cell: &str, unit: Unit) -> Option<f64> {
    match unit {
        Unit::Outcome => {
            OUTCOMES.iter().zip(0_u8..).find(|(outcome, _)| **outcome == cell).map(|(_, position)| position.into())
        }
        _ if cell.is_empty() => Some(f64::NAN),
        _ => cell.parse().ok(),
    }
}
