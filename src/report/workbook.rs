//! Excel workbooks: sheets of typed cells, each table under a header that stays in view and filters its rows.

use std::io::{self, Write};

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, IgnoreError, Workbook, Worksheet, XlsxError};

use super::cells::Kind;

/// Columns that a sheet can hold, and rows below the header.
pub const COLUMNS_AT_MOST: usize = 16_384;
/// The same for rows.
pub const ROWS_AT_MOST: u32 = 1_048_575;
/// UTF-16 units that a cell can hold.
const UNITS_AT_MOST: usize = 32_767;
/// Characters of the narrowest and of the widest column.
const WIDTHS: (usize, usize) = (8, 48);
/// Characters that the button of a filter takes beside the name of its column.
const FILTER_WIDTH: usize = 4;

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'v> {
    /// Words, never a formula; what is too long for a cell ends in an ellipsis.
    Text(&'v str),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A date, from 1900 on: Excel knows none before.
    Date(Date),
    /// An empty cell.
    Missing,
}

/// The head of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading<'h> {
    /// Its name.
    pub name: &'h str,
    /// What its cells are.
    pub kind: Kind,
    /// Whether its numbers are shares, shown as percentages.
    pub is_share: bool,
}

/// A sheet, filled row by row.
pub struct Sheet {
    /// None if what was written is more than a sheet can hold.
    worksheet: Option<Worksheet>,
    /// The characters that each column needs.
    widths: Vec<usize>,
    /// Whether it is a table, whose first row is its header.
    is_table: bool,
    /// Where the next row goes.
    next: u32,
    /// Rows that were given, but for headings.
    rows: u64,
}

impl Sheet {
    /// Begins a page of notes: rows of any length.
    ///
    /// # Errors
    /// If Excel does not take the name, as it is empty, too long (31 characters) or has one of `[]:*?/\`.
    pub fn notes(name: &str) -> io::Result<Self> {
        let mut worksheet = Worksheet::new();
        worksheet.set_name(name).map_err(refused)?;
        Ok(Self { worksheet: Some(worksheet), widths: Vec::new(), is_table: false, next: 0, rows: 0 })
    }

    /// Begins a table with these columns.
    ///
    /// # Errors
    /// If Excel does not take the name.
    pub fn table(name: &str, headings: &[Heading<'_>]) -> io::Result<Self> {
        let mut sheet = Self { is_table: true, ..Self::notes(name)? };
        if headings.len() > COLUMNS_AT_MOST {
            sheet.worksheet = None;
        }
        if let Some(worksheet) = &mut sheet.worksheet {
            let looks = (0_u16..).zip(headings).filter_map(|(column, heading)| Some((column, look(heading)?)));
            for (column, look) in looks {
                worksheet.set_column_format(column, &look).map_err(refused)?;
            }
        }
        sheet.heading(&headings.iter().map(|heading| heading.name).collect::<Vec<_>>())?;
        for (width, heading) in sheet.widths.iter_mut().zip(headings) {
            *width = (*width + FILTER_WIDTH).max(width_of(heading.kind));
        }
        Ok(sheet)
    }

    /// Writes a row of words in bold.
    ///
    /// # Errors
    /// If it has more columns than Excel takes.
    pub fn heading(&mut self, words: &[&str]) -> io::Result<()> {
        let bold = Format::new().set_bold();
        self.write(&words.iter().copied().map(Value::Text).collect::<Vec<_>>(), |worksheet, at, cell| match cell {
            Value::Text(text) if !text.is_empty() => {
                worksheet.write_string_with_format(at.0, at.1, fitting(text), &bold).map(drop)
            }
            _ => Ok(()),
        })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// If a number is not finite, or it has more columns than Excel takes.
    pub fn row(&mut self, cells: &[Value<'_>]) -> io::Result<()> {
        self.rows += 1;
        self.write(cells, put)
    }

    /// The rows written so far, without headings.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether a sheet can hold all that was written. What it cannot is counted and forgotten.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.worksheet.is_some()
    }

    fn write(
        &mut self,
        cells: &[Value<'_>],
        put: impl Fn(&mut Worksheet, (u32, u16), Value<'_>) -> Result<(), XlsxError>,
    ) -> io::Result<()> {
        if self.next > ROWS_AT_MOST {
            self.worksheet = None;
        }
        let Some(worksheet) = &mut self.worksheet else { return Ok(()) };
        self.widths.resize(self.widths.len().max(cells.len()), 0);
        let last = cells.len().saturating_sub(1);
        for ((column, cell), at) in cells.iter().enumerate().zip(0_u16..) {
            put(worksheet, (self.next, at), *cell).map_err(refused)?;
            // The last text of a row of notes may run on over empty cells.
            if let Value::Text(text) = cell
                && (self.is_table || column < last)
            {
                self.widths[column] = self.widths[column].max(text.chars().count() + 1);
            }
        }
        self.next += 1;
        Ok(())
    }

    /// The sheet with all that depends on what it holds; none if it does not fit.
    fn finished(self) -> Result<Option<Worksheet>, XlsxError> {
        let Some(mut worksheet) = self.worksheet else { return Ok(None) };
        for (width, column) in self.widths.iter().zip(0_u16..) {
            worksheet.set_column_width(column, (*width).clamp(WIDTHS.0, WIDTHS.1) as f64)?;
        }
        let columns = u16::try_from(self.widths.len()).unwrap_or(u16::MAX);
        if let (Some(last_column), Some(last_row)) = (columns.checked_sub(1), self.next.checked_sub(1)) {
            // Names and levels may look like numbers, and are meant as text.
            worksheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
            if self.is_table {
                worksheet.set_freeze_panes(1, 0)?.autofilter(0, 0, last_row, last_column)?.set_repeat_rows(0, 0)?;
            }
            // On paper all columns fit on one page.
            worksheet.set_landscape().set_print_fit_to_pages(1, 0);
        }
        Ok(Some(worksheet))
    }
}

/// How the cells of a column look, unless as Excel chooses.
fn look(heading: &Heading<'_>) -> Option<Format> {
    match heading.kind {
        Kind::Date => Some(Format::new().set_num_format("yyyy-mm-dd")),
        Kind::Number if heading.is_share => Some(Format::new().set_num_format("0.0%")),
        _ => None,
    }
}

/// The characters that cells of a kind need.
fn width_of(kind: Kind) -> usize {
    match kind {
        Kind::Text | Kind::Flag => 0,
        Kind::Count => 8,
        Kind::Number | Kind::Date => 12,
    }
}

/// Writes a cell that looks as its column does.
fn put(worksheet: &mut Worksheet, (row, column): (u32, u16), cell: Value<'_>) -> Result<(), XlsxError> {
    match cell {
        Value::Missing => Ok(worksheet),
        Value::Text(text) => worksheet.write_string(row, column, fitting(text)),
        Value::Number(number) if number.is_finite() => worksheet.write_number(row, column, number),
        Value::Number(number) => Err(XlsxError::ParameterError(format!("{number} is no number that Excel knows"))),
        Value::Flag(flag) => worksheet.write_boolean(row, column, flag),
        Value::Date(date) => worksheet.write_datetime(row, column, date),
    }
    .map(drop)
}

/// A text, cut to what a cell can hold.
fn fitting(text: &str) -> String {
    if text.len() <= UNITS_AT_MOST || text.encode_utf16().count() <= UNITS_AT_MOST {
        return text.to_owned();
    }
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units < UNITS_AT_MOST
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// Writes a workbook with this title and these sheets, but for those that do not fit. The same sheets give the same bytes.
///
/// # Errors
/// If two sheets have the same name, or the target takes no more.
pub fn write(title: &str, sheets: Vec<Sheet>, out: &mut dyn Write) -> io::Result<()> {
    let author = concat!(env!("CARGO_PKG_NAME"), " version ", env!("CARGO_PKG_VERSION"));
    let mut workbook = Workbook::new();
    // Nothing in a result file depends on the time of day.
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(refused)?;
    let properties = DocProperties::new().set_title(title).set_author(author);
    workbook.set_properties(&properties.set_creation_datetime(&created));
    for sheet in sheets {
        if let Some(worksheet) = sheet.finished().map_err(refused)? {
            workbook.push_worksheet(worksheet);
        }
    }
    out.write_all(&workbook.save_to_buffer().map_err(refused)?)
}

fn refused(error: XlsxError) -> io::Error {
    io::Error::other(error)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Range, Reader, Xlsx};
    use jiff::civil::date;

    use super::*;

    const HEADINGS: [Heading<'static>; 2] = [
        Heading { name: "name", kind: Kind::Text, is_share: false },
        Heading { name: "share", kind: Kind::Number, is_share: true },
    ];

    fn written(sheets: Vec<Sheet>) -> Xlsx<Cursor<Vec<u8>>> {
        let mut bytes = Vec::new();
        write("title", sheets, &mut bytes).expect("memory takes all");
        Xlsx::new(Cursor::new(bytes)).expect("it is a workbook")
    }

    /// The only sheet of a workbook, as it is read back.
    fn read(sheet: Sheet) -> Range<Data> {
        written(vec![sheet]).worksheet_range_at(0).expect("there is a sheet").expect("it can be read")
    }

    #[test]
    fn texts_are_texts_whatever_they_look_like() {
        let long = "ß".repeat(UNITS_AT_MOST + 1);
        let pairs = "𝕏".repeat(UNITS_AT_MOST / 2 + 1);
        let texts =
            ["=1+1", "+1", "-1", "@A1", "{=1}", "'x", " x ", "_x0041_", "https://x.y", "12", "1e5", "<&>\"", "\u{ffff}"];
        let mut sheet = Sheet::table("texts", &HEADINGS).expect("it is a name");
        for text in texts.into_iter().chain([long.as_str(), pairs.as_str()]) {
            sheet.row(&[Value::Text(text)]).expect("it is a row");
        }
        let found = read(sheet);
        let found: Vec<&str> =
            found.rows().skip(1).map(|row| if let Data::String(text) = &row[0] { text } else { "" }).collect();
        assert_eq!(found[..texts.len()], texts);
        assert_eq!(found[texts.len()], format!("{}…", "ß".repeat(UNITS_AT_MOST - 1)));
        assert_eq!(found[texts.len() + 1], format!("{}…", "𝕏".repeat(UNITS_AT_MOST / 2)));
    }

    #[test]
    fn numbers_flags_and_dates_have_their_types() {
        let mut sheet = Sheet::notes("types").expect("it is a name");
        let numbers = [0.1, -0.0, 5e-324, f64::MAX, 1.0 / 3.0, 9_007_199_254_740_993.0];
        sheet.row(&numbers.map(Value::Number)).expect("it is a row");
        sheet.row(&[Value::Flag(true), Value::Missing, Value::Flag(false)]).expect("it is a row");
        let found = read(sheet);
        for (cell, number) in found.rows().next().expect("a row").iter().zip(numbers) {
            assert!(matches!(cell, Data::Float(found) if found.to_bits() == number.to_bits()), "{cell:?} is not {number}");
        }
        assert_eq!(found.rows().nth(1).expect("a row")[..3], [Data::Bool(true), Data::Empty, Data::Bool(false)]);
        let dates = [date(1900, 1, 1), date(1900, 3, 1), date(2027, 2, 28), date(3099, 12, 31)];
        let headings = [Heading { name: "date", kind: Kind::Date, is_share: false }];
        let mut sheet = Sheet::table("dates", &headings).expect("it is a name");
        dates.iter().for_each(|date| sheet.row(&[Value::Date(*date)]).expect("it is a row"));
        let found = read(sheet);
        let found = found.rows().skip(1).map(|row| match &row[0] {
            Data::DateTime(found) if found.is_datetime() => found.to_ymd_hms_milli(),
            other => panic!("{other:?} is no date"),
        });
        let day = |date: &Date| (date.year() as u16, date.month() as u8, date.day() as u8, 0, 0, 0, 0);
        assert_eq!(found.collect::<Vec<_>>(), dates.iter().map(day).collect::<Vec<_>>());
    }

    #[test]
    fn what_excel_does_not_take_is_refused() {
        assert!(Sheet::notes(&"x".repeat(31)).is_ok() && Sheet::notes(&"x".repeat(32)).is_err());
        assert!(Sheet::notes("a/b").is_err() && Sheet::notes("").is_err());
        let mut sheet = Sheet::notes("x").expect("it is a name");
        assert!(sheet.row(&[Value::Number(f64::NAN)]).is_err() && sheet.row(&[Value::Number(f64::INFINITY)]).is_err());
        let twice = vec![sheet, Sheet::notes("X").expect("it is a name")];
        assert!(write("title", twice, &mut Vec::new()).is_err(), "Excel takes these for the same name");
    }

    #[test]
    fn a_table_that_is_too_large_is_counted_and_left_out() {
        let mut sheet = Sheet::table("long", &HEADINGS).expect("it is a name");
        sheet.next = ROWS_AT_MOST;
        sheet.row(&[Value::Text("the last")]).expect("it is a row");
        assert!(sheet.fits());
        sheet.row(&[Value::Text("one too many")]).expect("it is a row");
        sheet.row(&[]).expect("it is a row");
        assert_eq!((sheet.fits(), sheet.rows()), (false, 3));
        let wide = |columns: usize| Sheet::table("wide", &vec![HEADINGS[1]; columns]).expect("it is a name");
        let mut widest = wide(COLUMNS_AT_MOST + 1);
        widest.row(&[Value::Missing]).expect("it is a row");
        assert_eq!((widest.fits(), widest.rows()), (false, 1));
        let mut book = written(vec![sheet, widest, wide(COLUMNS_AT_MOST)]);
        assert_eq!(book.sheet_names(), ["wide"]);
        assert_eq!(book.worksheet_range("wide").expect("it can be read").width(), COLUMNS_AT_MOST);
    }
}
