//! Tables as comma-separated values, as spreadsheets save them: read by the names of their columns, with the line of each
//! mistake.

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;

use super::diagnostic::{name_help, nearest};

/// Mistakes beyond this number are only counted.
const TOLD_AT_MOST: usize = 20;
/// What may stand between cells.
const DELIMITERS: [u8; 3] = *b",;\t";

/// A column that a table may have.
#[derive(Clone, Copy, Debug)]
pub struct SheetColumn {
    /// Its name in the first line.
    pub name: &'static str,
    /// Whether the table must have it.
    pub required: bool,
}

/// What is wrong with a table, and in which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetMistake {
    /// The line, from 1.
    pub line: u64,
    /// What was found and what is expected.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
}

impl SheetMistake {
    /// Returns a mistake without a line: that of a cell, before the row is known.
    #[must_use]
    pub fn new(message: impl Into<String>, help: Option<String>) -> Self {
        Self { line: 0, message: message.into(), help }
    }
}

/// The cells of a row that are asked for.
#[derive(Debug)]
pub struct Row<'r> {
    record: &'r StringRecord,
    columns: &'r [SheetColumn],
    /// The position of each column in the file.
    places: &'r [Option<usize>],
    has_decimal_comma: bool,
}

impl Row<'_> {
    /// Returns the text of a column, by its position among those asked for. It is empty if the cell or column is missing.
    #[must_use]
    pub fn text(&self, column: usize) -> &str {
        self.places[column].and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    /// Returns a date; none if the cell is empty.
    ///
    /// # Errors
    /// Says what was found if it is not a date as in 2027-01-31.
    pub fn date(&self, column: usize) -> Result<Option<Date>, SheetMistake> {
        let text = self.text(column);
        let has_form = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        match text.parse::<Date>() {
            _ if text.is_empty() => Ok(None),
            Ok(date) if has_form => Ok(Some(date)),
            _ => {
                let message =
                    format!("{}: {text:?} is not a date, expected one such as 2027-01-31", self.columns[column].name);
                Err(SheetMistake::new(message, None))
            }
        }
    }

    /// Returns a number; none if the cell is empty. Between semicolons, the decimal point may be a comma.
    ///
    /// # Errors
    /// Says what was found if it is not a number.
    pub fn number(&self, column: usize) -> Result<Option<f64>, SheetMistake> {
        let text = self.text(column);
        let plain = if self.has_decimal_comma { text.replacen(',', ".", 1) } else { text.to_owned() };
        match plain.parse::<f64>().ok().filter(|number| number.is_finite()) {
            _ if text.is_empty() => Ok(None),
            Some(number) => Ok(Some(number)),
            None => Err(SheetMistake::new(format!("{}: {text:?} is not a number", self.columns[column].name), None)),
        }
    }
}

/// Reads a table with these columns, in any order, and passes each row that is not empty to `read`.
///
/// # Errors
/// Returns all mistakes, the first twenty with their lines: of the table, and those that `read` finds in a row.
pub fn read_rows<T>(
    text: &str,
    columns: &[SheetColumn],
    mut read: impl FnMut(&Row<'_>) -> Result<T, SheetMistake>,
) -> Result<Vec<T>, Vec<SheetMistake>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let delimiter = delimiter_of(text.lines().next().unwrap_or_default());
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut mistakes = Mistakes::default();
    if !reader.read_record(&mut record).unwrap_or(false) {
        mistakes.add(1, SheetMistake::new("no columns found", None));
        return Err(mistakes.finish());
    }
    let width = record.len();
    let places = places_of(&record, columns, &mut mistakes);
    if mistakes.count > 0 {
        return Err(mistakes.finish());
    }
    let mut rows = Vec::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                mistakes.add(line, SheetMistake::new(format!("cannot be read: {error}"), None));
                break;
            }
        }
        if record.iter().all(str::is_empty) {
            continue;
        }
        let row = Row { record: &record, columns, places: &places, has_decimal_comma: delimiter == b';' };
        match shape_of(&record, width).map_or_else(|| read(&row), Err) {
            Ok(row) => rows.push(row),
            Err(mistake) => mistakes.add(record.position().map_or(0, csv::Position::line), mistake),
        }
    }
    if mistakes.count > 0 { Err(mistakes.finish()) } else { Ok(rows) }
}

/// Returns what stands between the cells of a first line.
fn delimiter_of(first_line: &str) -> u8 {
    let count = |delimiter: &u8| first_line.bytes().filter(|byte| byte == delimiter).count();
    // If there is none, there is only one column. The first of those that are equally frequent is meant.
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Returns the position of each column in the file.
fn places_of(header: &StringRecord, columns: &[SheetColumn], mistakes: &mut Mistakes) -> Vec<Option<usize>> {
    let allowed: Vec<&str> = columns.iter().map(|column| column.name).collect();
    for (position, name) in header.iter().enumerate() {
        if !allowed.contains(&name) {
            let message = format!("there is no column {name:?}");
            mistakes.add(1, SheetMistake::new(message, name_help(name.trim(), &allowed)));
        } else if header.iter().take(position).any(|other| other == name) {
            mistakes.add(1, SheetMistake::new(format!("column {name:?} is there twice"), None));
        }
    }
    let place = |column: &SheetColumn| header.iter().position(|name| name == column.name);
    // A column that is misspelt is one mistake, not two.
    let is_meant =
        |column: &SheetColumn| header.iter().any(|name| nearest(name.trim(), allowed.iter().copied()) == Some(column.name));
    let missing = columns.iter().filter(|column| column.required && place(column).is_none() && !is_meant(column));
    for column in missing {
        let message = format!("column {:?} is missing", column.name);
        mistakes.add(1, SheetMistake::new(message, Some("the first line names the columns".to_owned())));
    }
    columns.iter().map(place).collect()
}

/// Returns what is wrong with the cells of a row, whatever they mean.
fn shape_of(record: &StringRecord, width: usize) -> Option<SheetMistake> {
    if record.len() > width {
        return Some(SheetMistake::new(format!("{} cells found, expected {width}", record.len()), None));
    }
    let cell = record.iter().find(|cell| cell.trim() != *cell)?;
    Some(SheetMistake::new(format!("blanks around {:?}", cell.trim()), Some(format!("found: {cell:?}"))))
}

/// Mistakes found so far.
#[derive(Debug, Default)]
struct Mistakes {
    told: Vec<SheetMistake>,
    count: usize,
}

impl Mistakes {
    fn add(&mut self, line: u64, mistake: SheetMistake) {
        self.count += 1;
        if self.told.len() < TOLD_AT_MOST {
            self.told.push(SheetMistake { line, ..mistake });
        }
    }

    fn finish(mut self) -> Vec<SheetMistake> {
        let more = self.count - self.told.len();
        if let Some(last) = self.told.last_mut().filter(|_| more > 0) {
            last.message += &format!("; {more} more mistakes follow");
        }
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [SheetColumn; 3] = [
        SheetColumn { name: "role", required: true },
        SheetColumn { name: "joined", required: true },
        SheetColumn { name: "fte", required: false },
    ];

    type Read = (String, Option<Date>, Option<f64>);

    fn read(text: &str) -> Result<Vec<Read>, Vec<String>> {
        let row = |row: &Row<'_>| Ok((row.text(0).to_owned(), row.date(1)?, row.number(2)?));
        read_rows(text, &COLUMNS, row).map_err(|mistakes| {
            mistakes.into_iter().map(|mistake| format!("{}: {}", mistake.line, mistake.message)).collect()
        })
    }

    #[test]
    fn columns_are_found_by_name_whatever_stands_between_them() {
        let row = |role: &str, fte: Option<f64>| (role.to_owned(), Some(Date::constant(2027, 1, 31)), fte);
        assert_eq!(read("role,joined\nlead,2027-01-31\n"), Ok(vec![row("lead", None)]));
        assert_eq!(read("\u{feff}joined;fte;role\r\n2027-01-31;0,5;\"a;b\"\r\n;;\r\n"), Ok(vec![row("a;b", Some(0.5))]));
        assert_eq!(read("role\tjoined\tfte\n\nlead\t2027-01-31\t0.5"), Ok(vec![row("lead", Some(0.5))]));
        assert_eq!(read("role,joined,fte\nlead,2027-01-31"), Ok(vec![row("lead", None)]));
    }

    #[test]
    fn each_mistake_is_told_with_its_line() {
        let found = |text: &str| read(text).expect_err("it has mistakes");
        assert_eq!(found(""), ["1: no columns found"]);
        assert_eq!(found("rôle,joined,joined\n"), ["1: there is no column \"rôle\"", "1: column \"joined\" is there twice"]);
        let text = "role,joined,fte\na,31.01.2027,\nb ,2027-01-31,1\nc,2027-01-31,half\nd,2027-02-30,1\ne,2027-01-31,1,2\n";
        assert_eq!(
            found(text),
            [
                "2: joined: \"31.01.2027\" is not a date, expected one such as 2027-01-31",
                "3: blanks around \"b\"",
                "4: fte: \"half\" is not a number",
                "5: joined: \"2027-02-30\" is not a date, expected one such as 2027-01-31",
                "6: 4 cells found, expected 3",
            ]
        );
        let many = format!("role,joined\n{}", "a,b\n".repeat(25));
        let many = found(&many);
        assert_eq!((many.len(), many[19].ends_with("; 5 more mistakes follow")), (20, true));
    }
}
