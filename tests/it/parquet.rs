//! The result tables as Parquet, read back: every cell equals that of the CSV file, with units and provenance in each
//! file.

use std::fmt::Write as _;
use std::fs::File;

use handover::experiment::{Document, Format, ResultFile, Results, Study};
use handover::response::{ResponseColumn, ResponseId, Unit};
use handover::run::{Observations, Session, Settings, run};
use handover::scenario::Scenario;
use handover::stats::{Column, Confidence};
use jiff::ToSpan;
use jiff::civil::date;
use parquet::basic::Encoding;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::Value as Json;

use super::program::{Folder, PLAIN, RICH, edited, manifest_of};

/// Names of strategies and goals that CSV has to guard or quote, and a goal that is rarely met in time.
pub(crate) const ODD: &str = r#"
[strategy."=1+1, \"in house\""]
employer = "client"

[strategy."'größer.als'"]
employer = "client"

[[goal]]
name = "-1 or \"less\""
measure = "headcount"
at_most = 12
by_month = 36

[[goal]]
name = "a.b, ç"
measure = "client_cost"
at_most = 100
by_month = 36
probability = 0.99
"#;

/// Runs a scenario with tables in both formats; a gate may be missed.
fn results(scenario: &str, arguments: &[&str]) -> Folder {
    let folder = Folder::with(scenario);
    let told = folder.run(
        &[&["run", "scenario.toml", "-o", "out", "--charts", "none", "--format", "csv,parquet", "-q"], arguments].concat(),
    );
    assert!(matches!(told.status, Some(0 | 4)), "{}", told.err);
    folder
}

fn open(folder: &Folder, name: &str) -> SerializedFileReader<File> {
    let file = File::open(folder.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    SerializedFileReader::new(file).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn columns(file: &SerializedFileReader<File>) -> Vec<String> {
    let schema = file.metadata().file_metadata().schema_descr();
    schema.columns().iter().map(|column| column.name().to_owned()).collect()
}

fn rows(file: &SerializedFileReader<File>) -> Vec<Row> {
    file.get_row_iter(None).expect("the file has rows").collect::<Result<_, _>>().expect("the rows can be read")
}

/// Returns the value of a metadata key.
fn about(file: &SerializedFileReader<File>, key: &str) -> Json {
    let metadata = file.metadata().file_metadata().key_value_metadata().expect("the file has metadata");
    let values: Vec<&String> =
        metadata.iter().filter(|pair| pair.key == key).filter_map(|pair| pair.value.as_ref()).collect();
    assert_eq!(values.len(), 1, "{key} in {metadata:?}");
    serde_json::from_str(values[0]).unwrap_or_else(|error| panic!("{key}: {error}"))
}

/// Returns a text as in a CSV file, which no spreadsheet treats as a formula.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\'']) { format!("'{text}") } else { text.to_owned() }
}

/// Returns whether a cell of a Parquet file is that of the CSV file, to the bit.
fn agrees(field: &Field, cell: &str) -> bool {
    match field {
        Field::Null => cell.is_empty(),
        Field::Str(text) => cell == guarded(text),
        Field::Double(value) => cell.parse::<f64>().is_ok_and(|number| number.to_bits() == value.to_bits()),
        Field::Long(count) => cell == count.to_string(),
        Field::Bool(is_so) => cell == is_so.to_string(),
        Field::Date(days) => cell == (date(1970, 1, 1) + days.days()).to_string(),
        _ => false,
    }
}

/// Compares all tables with their CSV files. Returns how many cells are missing, dates and flags.
fn compare(folder: &Folder) -> [usize; 3] {
    let mut seen = [0; 3];
    for name in parquet_files() {
        let file = open(folder, &format!("out/{name}"));
        let bytes = folder.bytes(&format!("out/{}", name.replace(".parquet", ".csv")));
        let mut csv = csv::Reader::from_reader(bytes.as_slice());
        let header: Vec<String> = csv.headers().expect("there is a header").iter().map(str::to_owned).collect();
        assert_eq!(columns(&file).iter().map(|name| guarded(name)).collect::<Vec<_>>(), header, "{name}");
        let expected: Vec<csv::StringRecord> = csv.records().collect::<Result<_, _>>().expect("it is CSV");
        let found = rows(&file);
        assert_eq!(found.len(), expected.len(), "{name}");
        for (number, (row, expected)) in found.iter().zip(&expected).enumerate() {
            for ((column, field), cell) in row.get_column_iter().zip(expected) {
                assert!(agrees(field, cell), "{name}, row {number}, {column}: {field:?} is not {cell:?}");
                seen[0] += usize::from(matches!(field, Field::Null));
                seen[1] += usize::from(matches!(field, Field::Date(_)));
                seen[2] += usize::from(matches!(field, Field::Bool(_)));
            }
        }
    }
    seen
}

#[test]
fn every_table_has_a_parquet_file_that_says_so_in_its_name() {
    let csv: Vec<String> =
        Results::FILES.iter().filter_map(|file| file.name.strip_suffix(".csv").map(str::to_owned)).collect();
    let parquet: Vec<String> = parquet_files().filter_map(|name| name.strip_suffix(".parquet").map(str::to_owned)).collect();
    assert_eq!(parquet, csv);
    assert_eq!(parquet.len(), parquet_files().count());
}

#[test]
fn every_cell_is_that_of_the_csv_file_to_the_bit() {
    let folder = results(&format!("{RICH}{ODD}"), &["-n", "60"]);
    let [missing, dates, flags] = compare(&folder);
    assert!(missing > 100 && dates > 100 && flags > 10, "{missing} {dates} {flags}");
    let replications = rows(&open(&folder, "out/replications.parquet"));
    let strategies: Vec<&Field> =
        replications.iter().step_by(60).map(|row| row.get_column_iter().next().expect("a column").1).collect();
    let names =
        ["bot", "in_house", "augmentation", "=1+1, \"in house\"", "'größer.als'"].map(|name| Field::Str(name.into()));
    assert_eq!(strategies, names.iter().collect::<Vec<_>>());
    // One replication has neither spread nor intervals.
    let [missing, ..] = compare(&results(PLAIN, &["-n", "1"]));
    assert!(missing > 100, "{missing}");
}

#[test]
fn a_table_without_rows_has_its_columns() {
    let folder = results(PLAIN, &["-n", "2", "--strategy", "bot"]);
    compare(&folder);
    for name in ["goals", "goals_timeline", "comparison", "breakeven"] {
        let file = open(&folder, &format!("out/{name}.parquet"));
        assert_eq!((rows(&file).len(), file.num_row_groups()), (0, 0), "{name}");
        assert!(columns(&file).len() >= 4, "{name}");
    }
}

#[test]
fn columns_have_their_types_and_units() {
    let folder = results(&format!("{RICH}{ODD}"), &["-n", "3"]);
    let mut listed = String::new();
    for name in parquet_files() {
        let file = open(&folder, &format!("out/{name}"));
        let units = about(&file, "handover.units");
        let _ = writeln!(listed, "## {name}");
        for column in file.metadata().file_metadata().schema_descr().columns() {
            let basic = column.self_type().get_basic_info();
            let kind = match basic.logical_type_ref() {
                Some(logical) => format!("{logical:?}"),
                None => column.physical_type().to_string(),
            };
            let unit = units[column.name()].as_str().unwrap_or("");
            let _ = writeln!(listed, "{}: {} {kind} [{unit}]", column.name(), basic.repetition());
        }
        let unknown = units.as_object().expect("a table of units").keys().find(|key| !columns(&file).contains(key));
        assert_eq!(unknown, None, "{name}");
    }
    insta::assert_snapshot!(listed);
}

#[test]
fn each_file_says_where_it_comes_from_and_what_its_numbers_are_counted_in() {
    let folder = results(RICH, &["-n", "3", "--seed", "5", "--set", "currency=\"EUR\""]);
    let manifest: Json = serde_json::from_str(&folder.text("out/manifest.json")).expect("it is JSON");
    assert_eq!((&manifest["seed"], &manifest["replications"]), (&5.into(), &3.into()));
    for name in parquet_files() {
        let file = open(&folder, &format!("out/{name}"));
        assert_eq!(about(&file, "handover.manifest"), manifest_of(&folder, "out"), "{name}");
        let program = concat!("handover version ", env!("CARGO_PKG_VERSION"));
        assert_eq!(file.metadata().file_metadata().created_by(), Some(program), "{name}");
    }
    let units = about(&open(&folder, "out/replications.parquet"), "handover.units");
    assert_eq!(units["client_cost"], "EUR");
    let responses = manifest["responses"].as_array().expect("a list");
    let with_unit = responses.iter().filter(|response| response["name"] != "outcome");
    let expected =
        with_unit.map(|response| (response["name"].as_str().expect("a name").to_owned(), response["unit"].clone()));
    assert_eq!(units, Json::Object(expected.collect()));
}

#[test]
fn the_bytes_depend_neither_on_threads_nor_on_the_run_and_csv_not_on_parquet() {
    let folder = results(RICH, &["-n", "40", "--threads", "1"]);
    let run = |out: &str, more: &[&str]| {
        let run = ["run", "scenario.toml", "-n", "40", "-o", out, "--charts", "none"];
        folder.succeed(&[&run, more].concat());
    };
    run("again", &["--threads", "2", "--format", "parquet,csv"]);
    run("plain", &[]);
    for name in folder.files("out") {
        assert!(folder.bytes(&format!("out/{name}")) == folder.bytes(&format!("again/{name}")), "{name}");
        if !name.ends_with(".parquet") && name != "manifest.json" {
            assert!(folder.bytes(&format!("out/{name}")) == folder.bytes(&format!("plain/{name}")), "{name}");
        }
    }
    assert_eq!(folder.files("out"), folder.files("again"));
    assert!(!folder.files("plain").iter().any(|name| name.ends_with(".parquet")));
}

#[test]
fn parquet_files_of_an_earlier_run_give_way_even_to_a_run_without() {
    let folder = results(PLAIN, &["-n", "2"]);
    let run = ["run", "scenario.toml", "-n", "3", "-o", "out", "--charts", "none"];
    // Only a table is left, but it is still a result.
    let others = folder.files("out").into_iter().filter(|name| name != "costs.parquet");
    others.for_each(|name| std::fs::remove_file(folder.path(&format!("out/{name}"))).expect("it is there"));
    let told = folder.run(&run);
    assert_eq!(told.status, Some(1));
    assert!(told.err.contains("out already holds costs.parquet"), "{}", told.err);
    folder.succeed(&[&run, &["--force"][..]].concat());
    let files = folder.files("out");
    assert!(files.contains(&"costs.csv".to_owned()) && !files.iter().any(|name| name.ends_with(".parquet")), "{files:?}");
}

/// Returns the result files that are Parquet.
fn parquet_files() -> impl Iterator<Item = &'static str> {
    Results::FILES.iter().filter(|file| file.format == Format::Parquet).map(|file| file.name)
}

/// Returns results of any number of replications, without simulation: each response has these values, one after the
/// other.
fn invented(values: &[f64], replications: u32) -> Results {
    let scenario = Scenario::parse(&edited(PLAIN, "replications = 20", "replications = 1"), &[]).expect("a scenario");
    let settings = Settings { seed: 1, replications: 1, strategies: vec![0, 1], independent: false };
    let collected = run(&scenario, &settings, &Session::default()).expect("nobody stops it");
    let settings = Settings { replications, ..settings };
    let confidence = Confidence::new(0.95).expect("a level");
    let mut results = Results::estimate(Study::new(scenario, settings, confidence, 0), collected);
    let column = |column: ResponseColumn| {
        let values = if column.unit == Unit::Outcome { &[0.0, 1.0] } else { values };
        Column::Kept(values.iter().copied().cycle().take(replications as usize).collect())
    };
    let columns = || results.study.columns().into_iter().map(column).collect();
    results.observations = Observations::of_columns(&results.study.scenario, vec![columns(), columns()]);
    results
}

#[test]
fn many_replications_are_groups_of_rows_of_one_strategy_each() {
    const REPLICATIONS: u32 = (1 << 17) + 5;
    // Neither the sign of zero, nor a denormal number, nor NaN is lost.
    let values = [0.1, f64::NAN, -0.0, 5e-324, f64::MAX, f64::INFINITY, 1.0 / 3.0];
    let results = invented(&values, REPLICATIONS);
    let is_rows = |file: &&ResultFile<Results>| file.name == "replications.parquet";
    let file = Results::FILES.iter().find(is_rows).expect("it is a result file");
    let mut bytes = Vec::new();
    file.write(&results, &mut bytes).expect("memory takes everything");
    let folder = Folder::new();
    folder.write(file.name, bytes);
    let file = open(&folder, file.name);
    let groups: Vec<i64> = file.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
    assert_eq!(groups, [1 << 17, 5, 1 << 17, 5]);
    let is_by_dictionary = |encoding: &Encoding| *encoding == Encoding::RLE_DICTIONARY;
    let mut found = Vec::new();
    for (group, metadata) in file.metadata().row_groups().iter().enumerate() {
        assert!(metadata.column(0).encodings().any(|encoding| is_by_dictionary(&encoding)), "{:?}", metadata.column(0));
        let mut values: Vec<f64> = Vec::new();
        let mut levels = Vec::new();
        let reader = file.get_row_group(group).and_then(|group| group.get_column_reader(2)).expect("a column");
        let mut reader = parquet::column::reader::get_typed_column_reader::<parquet::data_type::DoubleType>(reader);
        reader.read_records(usize::MAX, Some(&mut levels), None, &mut values).expect("it can be read");
        let mut values = values.into_iter();
        found.extend(levels.iter().map(|&level| if level == 1 { values.next().expect("a value") } else { f64::NAN }));
    }
    let kept = |strategy| results.observations.values(strategy, ResponseId::FIRST).expect("they are kept");
    let expected = (0..2).flat_map(kept);
    let expected = expected.map(|value| value.to_bits());
    assert!(found.iter().map(|value| value.to_bits()).eq(expected));
}
