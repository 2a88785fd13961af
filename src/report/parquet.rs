//! Parquet: typed columns, written in groups of rows, with their meaning in the metadata of the file.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::civil::{Date, date};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::cells::{Cells, Kind};

/// Writes group after group of rows, and keeps none of them. The same cells and metadata give the same bytes.
pub struct Writer<W: Write> {
    out: W,
    kinds: Vec<Kind>,
    file: SerializedFileWriter<Vec<u8>>,
}

impl<W: Write> Writer<W> {
    /// Starts a file with these columns, by name and kind, and with metadata: keys with their values.
    pub fn new(out: W, columns: &[(&str, Kind)], metadata: &[(&str, String)]) -> io::Result<Self> {
        let kinds = columns.iter().map(|(_, kind)| *kind).collect();
        let columns: Result<Vec<_>, _> = columns.iter().map(|&(name, kind)| column(name, kind)).collect();
        let schema = columns.and_then(|columns| Type::group_type_builder("table").with_fields(columns).build());
        let key_values = metadata.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()));
        let properties = WriterProperties::builder()
            .set_created_by(concat!(env!("CARGO_PKG_NAME"), " version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(key_values.collect()))
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk);
        let schema = schema.map_err(refused)?;
        let file = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties.build())).map_err(refused)?;
        Ok(Self { out, kinds, file })
    }

    /// Writes a group of rows: the cells of each column, equally many, in the order and of the kinds of the columns.
    pub fn group(&mut self, columns: &[Cells<'_>]) -> io::Result<()> {
        if !columns.iter().map(Cells::kind).eq(self.kinds.iter().copied()) {
            return Err(io::Error::other("cells of other kinds than their columns"));
        }
        let mut group = self.file.next_row_group().map_err(refused)?;
        columns.iter().try_for_each(|cells| cells.write(&mut group)).map_err(refused)?;
        group.close().map_err(refused)?;
        self.hand_over()
    }

    /// Writes the end of the file, and returns the target.
    pub fn finish(mut self) -> io::Result<W> {
        self.file.finish().map_err(refused)?;
        self.hand_over()?;
        Ok(self.out)
    }

    /// Passes on what has been written so far. Groups are made in memory.
    fn hand_over(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.out.write_all(self.file.inner())?;
        self.file.inner_mut().clear();
        Ok(())
    }
}

fn refused(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

/// Returns a column of the schema.
fn column(name: &str, kind: Kind) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Count => (Physical::INT64, None),
        Kind::Flag => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
    };
    let repetition = match kind {
        Kind::Text | Kind::Count => Repetition::REQUIRED,
        Kind::Number | Kind::Flag | Kind::Date => Repetition::OPTIONAL,
    };
    let builder = Type::primitive_type_builder(name, physical).with_logical_type(logical).with_repetition(repetition);
    builder.build().map(Arc::new)
}

impl Cells<'_> {
    fn write(&self, group: &mut SerializedRowGroupWriter<'_, Vec<u8>>) -> Result<(), ParquetError> {
        let too_many = || ParquetError::General("more columns than in the schema".to_owned());
        let column = group.next_column()?.ok_or_else(too_many)?;
        match self {
            Self::Text(texts) => {
                let texts: Vec<ByteArray> = texts.iter().map(|text| ByteArray::from(text.as_ref())).collect();
                write_all::<ByteArrayType>(column, &texts, None)
            }
            Self::Number(numbers) => {
                let present = |number: &f64| Some(*number).filter(|number| !number.is_nan());
                write_present::<DoubleType>(column, numbers.iter().map(present))
            }
            Self::Count(counts) => {
                let counts: Vec<i64> = counts.iter().map(|&count| count.cast_signed()).collect();
                write_all::<Int64Type>(column, &counts, None)
            }
            Self::Flag(flags) => write_present::<BoolType>(column, flags.iter().copied()),
            Self::Date(dates) => {
                let days = |date: &Option<Date>| date.map(days_since_1970);
                write_present::<Int32Type>(column, dates.iter().map(days))
            }
        }
    }
}

/// Returns the number by which Parquet represents a date.
fn days_since_1970(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

/// Writes cells of which some may be missing.
fn write_present<T: DataType>(
    column: SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let mut values = Vec::new();
    let levels: Vec<i16> = cells
        .map(|cell| {
            let level = i16::from(cell.is_some());
            values.extend(cell);
            level
        })
        .collect();
    write_all::<T>(column, &values, Some(&levels))
}

/// Writes the cells that are not missing. `levels` holds 1 for each row that has one, else 0.
fn write_all<T: DataType>(
    mut column: SerializedColumnWriter<'_>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;

    const COLUMNS: [(&str, Kind); 2] = [("name", Kind::Text), ("tenure", Kind::Number)];

    fn texts(texts: &[&'static str]) -> Cells<'static> {
        Cells::Text(texts.iter().map(|&text| Cow::Borrowed(text)).collect())
    }

    fn numbers(numbers: &[f64]) -> Cells<'_> {
        Cells::Number(Cow::Borrowed(numbers))
    }

    #[test]
    fn groups_that_are_not_of_the_columns_are_refused() {
        let group = |cells: &[Cells<'_>]| {
            let mut writer = Writer::new(Vec::new(), &COLUMNS, &[]).expect("memory takes all");
            writer.group(cells).is_ok()
        };
        assert!(group(&[texts(&["a", "b"]), numbers(&[1.0, f64::NAN])]));
        assert!(!group(&[texts(&["a", "b"]), numbers(&[1.0])]), "rows of different lengths");
        assert!(!group(&[numbers(&[1.0]), texts(&["a"])]), "kinds of other columns");
        assert!(!group(&[texts(&["a"])]), "a column too few");
    }

    #[test]
    fn what_is_written_group_by_group_is_one_file() {
        let metadata = [("seed", "7".to_owned())];
        let file = tempfile::tempfile().expect("the system has a folder for temporary files");
        let mut writer = Writer::new(file, &COLUMNS, &metadata).expect("the file takes all");
        for row in [[texts(&["a"]), numbers(&[0.5])], [texts(&["ß"]), numbers(&[f64::NAN])]] {
            writer.group(&row).expect("it is of the columns");
            assert!(writer.file.inner().is_empty(), "nothing is kept");
        }
        let file = SerializedFileReader::new(writer.finish().expect("the file takes all")).expect("it is Parquet");
        let rows: Vec<String> = file.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string()).collect();
        assert_eq!(rows, ["{name: \"a\", tenure: 0.5}", "{name: \"ß\", tenure: null}"]);
        let key_values = file.metadata().file_metadata().key_value_metadata().expect("metadata");
        assert_eq!(key_values, &vec![KeyValue::new("seed".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn dates_are_days_since_1970() {
        assert_eq!([date(1970, 1, 1), date(1969, 12, 31), date(2027, 3, 1)].map(days_since_1970), [0, -1, 20_878]);
        assert_eq!(days_since_1970(Date::MAX), 2_932_896);
    }
}
