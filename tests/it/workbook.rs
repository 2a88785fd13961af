//! The result tables as an Excel workbook, read back: cell by cell what the CSV files hold, and what they mean.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use handover::experiment::{Document, Results, Swept, tables_in_words};
use serde_json::Value as Json;

use super::parquet::ODD;
use super::program::{Folder, PLAIN, RICH};

/// Tables for statistics programs, which the workbook leaves out.
const LEFT_OUT: [&str; 1] = ["quantiles"];

type Book = Xlsx<Cursor<Vec<u8>>>;

/// Carries out a command that writes CSV files and a workbook; a gate may be missed.
fn results(scenario: &str, arguments: &[&str]) -> Folder {
    let folder = Folder::with(scenario);
    let formats = ["-o", "out", "--charts", "none", "--format", "csv,xlsx", "-q"];
    let told = folder.run(&[arguments, &formats].concat());
    assert!(matches!(told.status, Some(0 | 4)), "{}", told.err);
    folder
}

fn open(folder: &Folder, path: &str) -> Book {
    Xlsx::new(Cursor::new(folder.bytes(path))).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A part of a workbook, which is a ZIP archive of XML.
fn part(folder: &Folder, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(folder.bytes("out/results.xlsx"))).expect("it is an archive");
    let mut text = String::new();
    archive.by_name(name).expect("it is in the archive").read_to_string(&mut text).expect("it is text");
    text
}

/// A text as a CSV file has it, which no spreadsheet takes for a formula.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\'']) { format!("'{text}") } else { text.to_owned() }
}

/// Whether a cell of the workbook is that of the CSV file, a number to the bit.
fn agrees(cell: &Data, csv: &str) -> bool {
    match cell {
        Data::Empty => csv.is_empty(),
        Data::String(text) if text == "never" => csv == "inf" || csv == "never",
        Data::String(text) => csv == guarded(text),
        Data::Float(number) => csv.parse::<f64>().is_ok_and(|parsed| parsed.to_bits() == number.to_bits()),
        Data::Bool(is_so) => csv == is_so.to_string(),
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            csv == format!("{year:04}-{month:02}-{day:02}")
        }
        _ => false,
    }
}

/// Compares all sheets but the first with their CSV files; says how many cells are empty, numbers, never, dates and flags.
fn compare(folder: &Folder) -> [usize; 5] {
    let mut seen = [0; 5];
    let mut book = open(folder, "out/results.xlsx");
    for name in book.sheet_names().into_iter().skip(1) {
        let sheet = book.worksheet_range(&name).expect("it can be read");
        let bytes = folder.bytes(&format!("out/{name}.csv"));
        let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let expected: Vec<csv::StringRecord> = csv.records().collect::<Result<_, _>>().expect("it is CSV");
        assert_eq!(sheet.height(), expected.len(), "{name}");
        for (row, expected) in (0_u32..).zip(&expected) {
            for (column, csv) in (0_u32..).zip(expected) {
                let cell = sheet.get_value((row, column)).unwrap_or(&Data::Empty);
                assert!(agrees(cell, csv), "{name}, row {row}, column {column}: {cell:?} is not {csv:?}");
                let kinds = [
                    cell == &Data::Empty,
                    matches!(cell, Data::Float(_)),
                    csv == "inf",
                    matches!(cell, Data::DateTime(_)),
                    matches!(cell, Data::Bool(_)),
                ];
                seen.iter_mut().zip(kinds).for_each(|(seen, is_it)| *seen += usize::from(is_it));
            }
        }
    }
    seen
}

#[test]
fn every_table_but_those_for_statistics_programs_has_a_sheet() {
    let tables = |files: Vec<&'static str>| -> BTreeSet<String> {
        let names = files.into_iter().map(|file| file.trim_end_matches(".csv").to_owned());
        names.filter(|name| !LEFT_OUT.contains(&name.as_str())).collect()
    };
    let sheets = |folder: &Folder| {
        let names = open(folder, "out/results.xlsx").sheet_names();
        assert_eq!(names[0], "About");
        names.into_iter().skip(1).collect::<BTreeSet<String>>()
    };
    let of_run = tables(tables_in_words(Results::FILES).iter().map(|table| table.file).collect());
    assert_eq!(sheets(&results(PLAIN, &["run", "scenario.toml", "-n", "2"])), of_run);
    let vary = ["sweep", "scenario.toml", "-n", "2", "--vary", "builder.hiring.staff.recruiters=1..3"];
    let all = sheets(&results(PLAIN, &vary));
    let alone = sheets(&results(PLAIN, &[&vary[..], &["--design", "one-at-a-time"]].concat()));
    let of_sweep = tables(tables_in_words(Swept::FILES).iter().map(|table| table.file).collect());
    assert_eq!(all.union(&alone).cloned().collect::<BTreeSet<_>>(), of_sweep);
    assert!(all.contains("effects") && !all.contains("tornado") && !alone.contains("effects"));
}

#[test]
fn every_cell_is_that_of_the_csv_file_to_the_bit() {
    let folder = results(&format!("{RICH}{ODD}"), &["run", "scenario.toml", "-n", "60"]);
    let seen = compare(&folder);
    assert!(seen.iter().all(|&count| count > 10) && seen[1] > 10_000, "{seen:?}");
    // One replication has neither spread nor intervals, and one strategy is compared with none.
    let seen = compare(&results(PLAIN, &["run", "scenario.toml", "-n", "1", "--strategy", "bot"]));
    assert!(seen[0] > 100, "{seen:?}");
}

#[test]
fn every_cell_of_a_sweep_is_that_of_the_csv_file_to_the_bit() {
    let vary = ["--vary", "builder.hiring.staff.recruiters=1..3", "--vary", "title=\"=a\",\"2\""];
    for design in ["all-combinations", "one-at-a-time"] {
        let run = ["sweep", "scenario.toml", "-n", "20", "--design", design];
        let seen = compare(&results(PLAIN, &[&run[..], &vary].concat()));
        assert!(seen[1] > 1000, "{seen:?}");
    }
}

#[test]
fn names_are_never_formulas() {
    let folder = results(&format!("{RICH}{ODD}"), &["run", "scenario.toml", "-n", "3", "--set", "title=\"=2+2\""]);
    let mut book = open(&folder, "out/results.xlsx");
    let goals = book.worksheet_range("goals").expect("it can be read");
    let names: BTreeSet<String> = goals.rows().flat_map(|row| row[..2].to_vec()).map(|cell| cell.to_string()).collect();
    assert!(names.contains("=1+1, \"in house\"") && names.contains("-1 or \"less\""), "{names:?}");
    let about = book.worksheet_range("About").expect("it can be read");
    assert_eq!(about.get_value((0, 0)), Some(&Data::String("=2+2".to_owned())));
    for sheet in 1..=book.sheet_names().len() {
        let xml = part(&folder, &format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(xml.contains("<sheetData>") && !xml.contains("<f>"), "sheet {sheet}");
    }
}

#[test]
fn tables_have_a_header_that_stays_and_filters_and_dates_look_like_dates() {
    let folder = results(RICH, &["run", "scenario.toml", "-n", "3"]);
    let names = open(&folder, "out/results.xlsx").sheet_names();
    let sheet = |name: &str| {
        let number = names.iter().position(|known| known == name).expect("there is such a sheet") + 1;
        part(&folder, &format!("xl/worksheets/sheet{number}.xml"))
    };
    let xml = sheet("goals_timeline");
    assert!(xml.contains("state=\"frozen\"") && xml.contains("<autoFilter ref=\"A1:J"), "{}", &xml[..1000]);
    assert!(!sheet("About").contains("<autoFilter"));
    let styles = part(&folder, "xl/styles.xml");
    for format in ["yyyy-mm-dd", "0.0%"] {
        assert!(styles.contains(&format!("formatCode=\"{format}\"")), "{styles}");
    }
    assert!(part(&folder, "docProps/core.xml").contains(">2000-01-01T00:00:00Z<"));
}

#[test]
fn the_first_sheet_says_what_was_simulated_and_what_the_others_hold() {
    let folder = results(RICH, &["run", "scenario.toml", "-n", "3", "--seed", "18446744073709551615"]);
    let mut book = open(&folder, "out/results.xlsx");
    let about = book.worksheet_range("About").expect("it can be read");
    let line = |row: &[Data]| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    let lines: Vec<String> = about.rows().map(|row| line(row).trim_end_matches(" | ").to_owned()).collect();
    let first_column = lines.iter().position(|line| line == "sheet | column | unit | meaning").expect("columns are listed");
    let is_stable = |line: &&String| !line.starts_with("scenario SHA-256 | ") && !line.starts_with("program | ");
    insta::assert_snapshot!(lines[..first_column].iter().filter(is_stable).cloned().collect::<Vec<_>>().join("\n"));
    let manifest: Json = serde_json::from_str(&folder.text("out/manifest.json")).expect("it is JSON");
    let entry = |list: &str| -> Vec<String> {
        let named = manifest[list].as_array().expect("a list").iter();
        let line =
            |one: &Json| ["name", "nature", "unit", "meaning"].map(|key| one[key].as_str().expect("a text")).join(" | ");
        named.map(line).collect()
    };
    let column = |(sheet, column): (&str, &str)| format!("{sheet} | {column} | ");
    let tables = tables_in_words(Results::FILES).into_iter().filter(|table| table.file != "quantiles.csv");
    let columns = tables.flat_map(|table| {
        table.columns.into_iter().map(move |(name, _)| column((table.file.trim_end_matches(".csv"), name)))
    });
    let expected: Vec<String> = columns.chain(entry("responses")).chain(entry("measures")).collect();
    let missing: Vec<&String> = expected.iter().filter(|start| !lines.iter().any(|line| line.starts_with(*start))).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(lines.contains(&"costs | mean | kUSD | mean".to_owned()));
    let told = "breakeven | month |  | number of the month from which it is ahead, to the end; or never";
    assert!(lines.contains(&told.to_owned()));
}

#[test]
fn the_bytes_depend_neither_on_threads_nor_on_shards_and_an_older_workbook_gives_way() {
    let folder = results(RICH, &["run", "scenario.toml", "-n", "600", "--threads", "1"]);
    let run = ["run", "scenario.toml", "-n", "600", "--charts", "none", "-q"];
    let again = |out: &str, more: &[&str]| {
        let told = folder.run(&[&run[..], &["-o", out], more].concat());
        assert!(matches!(told.status, Some(0 | 4)), "{}", told.err);
    };
    again("again", &["--threads", "2", "--format", "xlsx,csv"]);
    let book = folder.bytes("out/results.xlsx");
    assert!(book == folder.bytes("again/results.xlsx"));
    again("one", &["--shard", "0/2"]);
    again("other", &["--shard", "1/2"]);
    let told = folder.run(&["merge", "one", "other", "-o", "merged", "--charts", "none", "-q", "--format", "csv,xlsx"]);
    assert!(matches!(told.status, Some(0 | 4)), "{}", told.err);
    assert!(book == folder.bytes("merged/results.xlsx"));
    again("again", &["--force"]);
    assert!(!folder.files("again").contains(&"results.xlsx".to_owned()));
}
