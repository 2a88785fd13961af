//! CSV: exact numbers, missing values as empty cells, and no text that a spreadsheet would execute.

use std::io::{self, Write};

use super::number::write_exact;

/// One cell of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    /// Text.
    Text(&'a str),
    /// A number or date as text.
    Plain(&'a str),
    /// A number, written so that it reads back as the same double; `NaN` is missing.
    Number(f64),
    /// No value.
    Missing,
}

/// Writes row after row, and keeps none of them.
pub struct Writer<W: Write> {
    inner: csv::Writer<W>,
    field: String,
}

impl<W: Write> Writer<W> {
    /// Returns a writer that starts with a row of names.
    pub fn new<'n>(out: W, header: impl IntoIterator<Item = &'n str>) -> io::Result<Self> {
        let mut writer = Self::without_header(out);
        writer.row(header.into_iter().map(Field::Text))?;
        Ok(writer)
    }

    /// Returns a writer for a target that already has its header.
    pub fn without_header(out: W) -> Self {
        Self { inner: csv::Writer::from_writer(out), field: String::new() }
    }

    /// Writes one row, which must have as many fields as the header.
    pub fn row<'f>(&mut self, fields: impl IntoIterator<Item = Field<'f>>) -> io::Result<()> {
        for field in fields {
            self.field.clear();
            match field {
                Field::Text(text) => write_harmless(text, &mut self.field),
                Field::Plain(text) => self.field.push_str(text),
                Field::Number(value) => write_exact(value, &mut self.field),
                Field::Missing => {}
            }
            self.inner.write_field(self.field.as_bytes())?;
        }
        Ok(self.inner.write_record(None::<&[u8]>)?)
    }

    /// Writes what is still in the buffer, and returns the target.
    pub fn finish(self) -> io::Result<W> {
        self.inner.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Appends the text as a cell that no spreadsheet treats as a formula (OWASP, "CSV injection"). Puts a quote before a
/// text that starts like a formula, also with full-width signs, or with a quote.
fn write_harmless(text: &str, into: &mut String) {
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\'']) {
        into.push('\'');
    }
    into.push_str(text);
}

/// Returns a text as a cell that no spreadsheet treats as a formula.
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut cell = String::new();
    write_harmless(text, &mut cell);
    cell
}

/// Returns the text from which [`harmless`] made this cell.
#[must_use]
pub fn original(cell: &str) -> String {
    cell.strip_prefix('\'').unwrap_or(cell).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::table::{Cell, Column, Table};
    use super::*;

    impl<'a> From<&'a Cell> for Field<'a> {
        fn from(cell: &'a Cell) -> Self {
            match cell {
                Cell::Text(text) => Self::Text(text),
                Cell::Number(value) => Self::Number(*value),
                Cell::Lines(..) | Cell::Empty => Self::Missing,
            }
        }
    }

    /// Writes `table`: a header of names with units, then its rows.
    fn write_table<W: Write>(table: &Table, out: W) -> io::Result<W> {
        let header: Vec<String> = table.columns.iter().map(Column::heading).collect();
        let mut writer = Writer::new(out, header.iter().map(String::as_str))?;
        for row in &table.rows {
            writer.row((0..header.len()).map(|index| row.get(index).map_or(Field::Missing, Field::from)))?;
        }
        writer.finish()
    }

    fn text_of(table: &Table) -> String {
        String::from_utf8(write_table(table, Vec::new()).expect("memory takes all")).expect("CSV is UTF-8")
    }

    #[test]
    fn numbers_are_exact_and_missing_values_empty() {
        let table = Table {
            title: "not written".to_string(),
            columns: vec![Column::text("name"), Column::number("tenure", "days"), Column::number("share", "")],
            rows: vec![vec!["a, \"b\"".into(), 0.1.into(), Cell::Empty], vec!["c".into(), f64::NAN.into()]],
        };
        assert_eq!(text_of(&table), "name,tenure (days),share\n\"a, \"\"b\"\"\",0.1,\nc,,\n");
    }

    #[test]
    fn no_text_is_a_formula_and_no_number_is_touched() {
        let row = ["=1+1", "+1", "-1", "@A1", "\tx"].map(Cell::from).to_vec();
        let columns = (0..6).map(|index| Column::text(index.to_string())).collect();
        let table = Table { title: String::new(), columns, rows: vec![[row, vec![(-1.0).into()]].concat()] };
        assert!(text_of(&table).ends_with("\n'=1+1,'+1,'-1,'@A1,'\tx,-1\n"), "{}", text_of(&table));
    }

    #[test]
    fn harmless_texts_can_be_read_back() {
        for text in ["a", "=1", "＝1", "'=1", "''", "", "-x"] {
            assert_eq!(original(&harmless(text)), text);
        }
    }

    #[test]
    fn rows_of_another_length_are_refused() {
        let mut writer = Writer::new(Vec::new(), ["a", "b"]).expect("memory takes all");
        assert!(writer.row([Field::Number(1.0)]).is_err());
    }
}
