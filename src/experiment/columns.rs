//! Rows of result files as typed columns: what a row of `rows.rs` serializes, field by field.

use std::borrow::Cow;
use std::fmt::Display;
use std::mem;

use jiff::civil::Date;
use serde::ser::{Error as _, Impossible, Serialize, SerializeStruct, Serializer};

use crate::report::parquet::Cells;

use super::rows::DATE;

/// A row that does not fit: a value that no cell is made of, or a cell of another kind than its column.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unfit(String);

impl serde::ser::Error for Unfit {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Columns by name, to which rows are added. The first row makes the columns, of the kinds of its cells.
#[derive(Debug, Default)]
pub(super) struct Columns {
    columns: Vec<(&'static str, Cells<'static>)>,
    /// The column of the next cell: its name and its position.
    name: &'static str,
    at: usize,
    /// Whether the next text is a date.
    is_date: bool,
}

impl Columns {
    /// The columns of rows: their names, and a cell for each row. Without rows they are there all the same, and empty.
    pub(super) fn of<R: Serialize + Default>(rows: &[R]) -> Result<Vec<(&'static str, Cells<'static>)>, Unfit> {
        let mut columns = Self::default();
        R::default().serialize(&mut columns)?;
        columns.columns.iter_mut().for_each(|(_, cells)| *cells = cells.kind().empty());
        rows.iter().try_for_each(|row| row.serialize(&mut columns))?;
        Ok(columns.columns)
    }

    /// Adds a cell to the column whose turn it is.
    fn put(&mut self, cell: Cells<'static>) -> Result<(), Unfit> {
        let Some((name, cells)) = self.columns.get_mut(self.at) else {
            self.columns.push((self.name, cell));
            return Ok(());
        };
        match (cells, cell) {
            (Cells::Text(texts), Cells::Text(text)) => texts.extend(text),
            (Cells::Number(numbers), Cells::Number(number)) => numbers.to_mut().extend(number.iter()),
            (Cells::Count(counts), Cells::Count(count)) => counts.extend(count),
            (Cells::Flag(flags), Cells::Flag(flag)) => flags.extend(flag),
            (Cells::Date(dates), Cells::Date(date)) => dates.extend(date),
            (cells, cell) => return Err(Unfit(format!("{name}: a {:?} in a column of {:?}", cell.kind(), cells.kind()))),
        }
        Ok(())
    }
}

impl SerializeStruct for &mut Columns {
    type Ok = ();
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unfit> {
        self.name = name;
        value.serialize(&mut **self)?;
        self.at += 1;
        Ok(())
    }

    fn end(self) -> Result<(), Unfit> {
        Ok(())
    }
}

/// Methods of a serializer for values that no cell is made of.
macro_rules! refused {
    ($($method:ident($($argument:ident: $type:ty),*) -> $ok:ty;)*) => {
        $(fn $method(self, $($argument: $type),*) -> Result<$ok, Unfit> {
            $(let _ = $argument;)*
            Err(Unfit(format!("{}: no cell is made by {}", self.name, stringify!($method))))
        })*
    };
}

/// A value of each kind of cell. Of what may be missing, numbers are NaN, and nothing else than flags is optional.
impl Serializer for &mut Columns {
    type Ok = ();
    type Error = Unfit;
    type SerializeStruct = Self;
    type SerializeSeq = Impossible<(), Unfit>;
    type SerializeTuple = Impossible<(), Unfit>;
    type SerializeTupleStruct = Impossible<(), Unfit>;
    type SerializeTupleVariant = Impossible<(), Unfit>;
    type SerializeMap = Impossible<(), Unfit>;
    type SerializeStructVariant = Impossible<(), Unfit>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unfit> {
        self.at = 0;
        Ok(self)
    }

    fn serialize_str(self, value: &str) -> Result<(), Unfit> {
        if !mem::take(&mut self.is_date) {
            return self.put(Cells::Text(vec![Cow::Owned(value.to_owned())]));
        }
        let date = Some(value).filter(|text| !text.is_empty()).map(str::parse::<Date>).transpose();
        self.put(Cells::Date(vec![date.map_err(Unfit::custom)?]))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unfit> {
        self.put(Cells::Number(Cow::Owned(vec![value])))
    }

    fn serialize_u32(self, value: u32) -> Result<(), Unfit> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Unfit> {
        self.put(Cells::Count(vec![value]))
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unfit> {
        self.put(Cells::Flag(vec![Some(value)]))
    }

    fn serialize_none(self) -> Result<(), Unfit> {
        self.put(Cells::Flag(vec![None]))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Unfit> {
        self.is_date = name == DATE;
        value.serialize(self)
    }

    refused! {
        serialize_i8(value: i8) -> ();
        serialize_i16(value: i16) -> ();
        serialize_i32(value: i32) -> ();
        serialize_i64(value: i64) -> ();
        serialize_u8(value: u8) -> ();
        serialize_u16(value: u16) -> ();
        serialize_f32(value: f32) -> ();
        serialize_char(value: char) -> ();
        serialize_bytes(value: &[u8]) -> ();
        serialize_unit() -> ();
        serialize_unit_struct(name: &'static str) -> ();
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> ();
        serialize_seq(length: Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(length: usize) -> Self::SerializeTuple;
        serialize_tuple_struct(name: &'static str, length: usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, length: usize) -> Self::SerializeTupleVariant;
        serialize_map(length: Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, length: usize) -> Self::SerializeStructVariant;
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<(), Unfit> {
        self.serialize_unit_variant(name, index, variant)
    }
}

#[cfg(test)]
mod tests {
    use crate::report::parquet::Kind;

    use super::super::rows::{GoalRow, TimelineRow};
    use super::*;

    #[test]
    fn a_column_is_as_its_field_is_in_every_row_and_without_rows() {
        let goals = [GoalRow { ci_low: f64::NAN, met: Some(true), ..GoalRow::default() }, GoalRow::default()];
        let kinds = |columns: Vec<(&'static str, Cells<'static>)>| -> Vec<(&str, Kind)> {
            columns.into_iter().map(|(name, cells)| (name, cells.kind())).collect()
        };
        let columns = Columns::of(&goals).expect("they are of one kind");
        assert_eq!(columns[6], ("met", Cells::Flag(vec![Some(true), None])));
        assert_eq!(kinds(columns), kinds(Columns::of::<GoalRow>(&[]).expect("there are none")));
    }

    #[test]
    fn texts_are_as_they_were_and_dates_are_dates() {
        let row = TimelineRow { strategy: "=1".into(), date: "2027-03-01".into(), ..TimelineRow::default() };
        let columns = Columns::of(&[row]).expect("it is good");
        assert_eq!(columns[0], ("strategy", Cells::Text(vec!["=1".into()])));
        assert_eq!(columns[2], ("date", Cells::Date(vec![Some(jiff::civil::date(2027, 3, 1))])));
        assert_eq!(columns[3], ("measure", Cells::Text(vec!["".into()])));
        let row = TimelineRow { date: "1 March".into(), ..TimelineRow::default() };
        assert!(Columns::of(&[row]).is_err());
    }

    #[test]
    fn a_row_that_no_column_fits_is_refused() {
        #[derive(Default, serde::Serialize)]
        struct Row {
            share: f32,
        }
        let error = Columns::of(&[Row::default()]).expect_err("single precision is not there");
        assert_eq!(error.to_string(), "share: no cell is made by serialize_f32");
    }
}
