//! The tables that a planner reads as one Excel workbook, and a first sheet that says what the others hold.

use std::io::{self, Write};

use crate::report::number::readable;
use crate::report::workbook::{COLUMNS_AT_MOST, Heading, ROWS_AT_MOST, Sheet, Value, write as write_workbook};
use crate::response::Unit;

use super::document::Document;
use super::manifest::Manifest;
use super::table::{Cell, CountedIn, Head, ResultTable};

/// Result tables, each with the name of its sheet, which is also that of its CSV file.
pub(super) type Sheets<D> = [(&'static str, &'static dyn ResultTable<D>)];

/// Name of the sheet that explains the others.
const ABOUT: &str = "About";
/// What a cell says of a date that does not come within the horizon.
const NEVER: &str = "never";
/// What the first sheet says of the cells of the others.
const NOTES: [&str; 3] = [
    "Numbers are those of the CSV files, to the last digit. Days count from the start of the scenario.",
    "An empty cell is an undefined number. \"never\" is a date that does not come within the horizon.",
    "Single replications, and quantiles with confidence limits, are in CSV files only.",
];

/// Writes the sheets of those tables that the document has.
pub(super) fn write<D: Document>(
    document: &D,
    manifest: &Manifest,
    sheets: &Sheets<D>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut filled = Vec::new();
    for (name, table) in sheets.iter().filter(|(name, _)| document.has(name)) {
        let head = table.head(document);
        let sheet = fill(name, (*table, &head), document)?;
        filled.push(FilledSheet { name, about: table.words().0, head, sheet });
    }
    let mut all = vec![about(manifest, &filled, document.currency())?];
    all.extend(filled.into_iter().map(|filled| filled.sheet));
    write_workbook(&manifest.title, all, out)
}

/// A sheet with what it is about.
struct FilledSheet {
    name: &'static str,
    about: &'static str,
    head: Vec<Head>,
    sheet: Sheet,
}

impl FilledSheet {
    /// What a row is about; or, if the table is too large for a sheet, why there is none.
    fn line(&self) -> String {
        if self.sheet.fits() {
            return self.about.to_owned();
        }
        let (count, limit, what) = match self.head.len() {
            columns if columns > COLUMNS_AT_MOST => (columns as u64, COLUMNS_AT_MOST as u64, "columns"),
            _ => (self.sheet.rows(), ROWS_AT_MOST.into(), "rows"),
        };
        let [count, limit] = [count, limit].map(|number| readable(number as f64));
        format!("No sheet: it has {count} {what}, and Excel takes {limit}. Read {}.csv.", self.name)
    }
}

/// Makes the sheet of a table.
fn fill<D>(name: &str, (table, head): (&dyn ResultTable<D>, &[Head]), document: &D) -> io::Result<Sheet> {
    let is_share = |head: &Head| matches!(head.counted_in, CountedIn::Unit(Unit::Share));
    let headings = head.iter().map(|head| Heading { name: &head.name, kind: head.kind, is_share: is_share(head) });
    let mut sheet = Sheet::table(name, &headings.collect::<Vec<_>>())?;
    table.each(document, &mut |cells| sheet.row(&cells.iter().map(value).collect::<Vec<_>>()))?;
    Ok(sheet)
}

/// A cell as Excel has it, which knows no infinity.
fn value<'c>(cell: &'c Cell<'_>) -> Value<'c> {
    match cell {
        Cell::Text(text) => Value::Text(text),
        Cell::Number(number) | Cell::Typed(_, number) => match *number {
            number if number.is_nan() => Value::Missing,
            f64::INFINITY => Value::Text(NEVER),
            f64::NEG_INFINITY => Value::Text("-inf"),
            number => Value::Number(number),
        },
        Cell::Count(count) => Value::Number(*count as f64),
        Cell::Flag(flag) => flag.map_or(Value::Missing, Value::Flag),
        Cell::Date(date) => Value::Date(*date),
    }
}

/// Makes the first sheet: what was simulated, then the other sheets, their columns, responses and measures.
fn about(manifest: &Manifest, sheets: &[FilledSheet], currency: &str) -> io::Result<Sheet> {
    let mut about = Sheet::notes(ABOUT)?;
    about.heading(&[&manifest.title])?;
    about.row(&[])?;
    for (name, value) in facts(manifest) {
        about.row(&[Value::Text(name), Value::Text(&value)])?;
    }
    about.row(&[])?;
    for note in NOTES {
        about.row(&[Value::Text(note)])?;
    }
    about.row(&[])?;
    about.heading(&["sheet", "rows", "a row is"])?;
    for sheet in sheets {
        about.row(&[Value::Text(sheet.name), Value::Number(sheet.sheet.rows() as f64), Value::Text(&sheet.line())])?;
    }
    about.row(&[])?;
    about.heading(&["sheet", "column", "unit", "meaning"])?;
    for sheet in sheets.iter().filter(|sheet| sheet.sheet.fits()) {
        for head in &sheet.head {
            let unit = head.counted_in.words(currency).unwrap_or_default();
            // Meanings are written as Markdown has them.
            let meaning = head.meaning.replace('`', "");
            about.row(&[sheet.name, &head.name, &unit, &meaning].map(Value::Text))?;
        }
    }
    for (what, named) in [("response", &manifest.responses), ("measure", &manifest.measures)] {
        about.row(&[])?;
        about.heading(&[what, "nature", "unit", "meaning"])?;
        for one in named {
            about.row(&[&one.name, &one.nature, &one.unit, &one.meaning].map(|text| Value::Text(text)))?;
        }
    }
    Ok(about)
}

/// What was simulated, each fact with its name.
fn facts(manifest: &Manifest) -> Vec<(&'static str, String)> {
    let replications = readable(manifest.replications.into());
    let of_each = if manifest.design.is_some() { "of each strategy at each point" } else { "of each strategy" };
    let mut facts = vec![
        ("program", format!("{} {}", manifest.program, manifest.version)),
        ("seed", manifest.seed.to_string()),
        ("replications", format!("{replications} {of_each}")),
        ("strategies", manifest.strategies.join(", ")),
        ("confidence level", manifest.confidence.to_string()),
    ];
    facts.extend(manifest.partial.as_ref().map(|partial| ("partial results", partial.to_string())));
    facts.push(("command", manifest.command.clone()));
    facts.push(("scenario SHA-256", manifest.scenario_sha256.clone()));
    facts
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::report::cells::Kind;

    use super::*;

    fn head(columns: usize) -> Vec<Head> {
        let (name, meaning) = (Cow::Borrowed("x"), Cow::Borrowed("what x is"));
        vec![Head { name, meaning, kind: Kind::Number, counted_in: CountedIn::Nothing }; columns]
    }

    fn filled(columns: usize, rows: u32) -> FilledSheet {
        let headings = vec![Heading { name: "x", kind: Kind::Number, is_share: false }; columns];
        let mut sheet = Sheet::table("points", &headings).expect("it is a name");
        (0..rows).for_each(|_| sheet.row(&[]).expect("it is a row"));
        FilledSheet { name: "points", about: "A point", head: head(columns), sheet }
    }

    #[test]
    fn the_first_sheet_says_which_tables_are_too_large() {
        assert_eq!(filled(2, ROWS_AT_MOST).line(), "A point");
        let line = filled(2, ROWS_AT_MOST + 1).line();
        assert_eq!(line, "No sheet: it has 1,048,576 rows, and Excel takes 1,048,575. Read points.csv.");
        let line = filled(COLUMNS_AT_MOST + 1, 3).line();
        assert_eq!(line, "No sheet: it has 16,385 columns, and Excel takes 16,384. Read points.csv.");
    }

    #[test]
    fn what_excel_does_not_know_is_empty_or_in_words() {
        let cells = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.5].map(Cell::Number);
        let expected = [Value::Missing, Value::Text("never"), Value::Text("-inf"), Value::Number(-0.5)];
        assert_eq!(cells.iter().map(value).collect::<Vec<_>>(), expected);
        assert_eq!(value(&Cell::Flag(None)), Value::Missing);
        assert_eq!(value(&Cell::Typed(Cow::Borrowed("012"), 12.0)), Value::Number(12.0));
    }
}
