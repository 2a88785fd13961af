//! Generated pages of the manual: each equals the output of the program, and nothing is missing.
//!
//! After a change of keys, responses, files, commands or known truths, `HANDOVER_RENEW=1 cargo test --test it renewed`
//! writes them again.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use serde_json::Value as Json;

use handover::experiment::{Document, Format, Results, tables_in_words};
use handover::money::{Item, Kind};
use handover::random::LAWS;
use handover::report::number::readable;
use handover::response::{Better, MEASURES, OUTCOMES, PHASES, specs};
use handover::scenario::schema;

use super::docs;
use super::program::Folder;

/// The environment variable that makes the tests write the pages instead of comparing them.
pub(crate) const RENEW: &str = "HANDOVER_RENEW";
/// The first lines of a generated page.
const MADE: &str = "This page is made from the program, and a test holds it against it.";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// Compares a page with the expected text, or writes it if requested.
fn settle(page: &str, text: &str) {
    if std::env::var_os(RENEW).is_some() {
        fs::write(root().join(page), text).unwrap_or_else(|error| panic!("{page}: {error}"));
        return;
    }
    let there = read(page);
    let differs = there.lines().zip(text.lines()).position(|(there, made)| there != made);
    let line = differs.unwrap_or_else(|| there.lines().count().min(text.lines().count()));
    let at = |text: &str| text.lines().nth(line).unwrap_or("the end").to_owned();
    assert!(
        there == text,
        "{page}:{}: it says\n  {}\nand the program says\n  {}\nIf the program is right: {RENEW}=1 cargo test --test it renewed",
        line + 1,
        at(&there),
        at(text)
    );
}

/// Returns a row of a table; a bar in a cell would end it.
fn row<S: AsRef<str>>(cells: &[S]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.as_ref().trim().replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn table<S: AsRef<str>>(heading: &[&str], rows: impl IntoIterator<Item = Vec<S>>) -> String {
    let mut text = row(heading) + &row(&vec!["---"; heading.len()]);
    rows.into_iter().for_each(|cells| text += &row(&cells));
    text + "\n"
}

fn code(word: &str) -> String {
    format!("`{word}`")
}

// ---- keys

/// A table of a scenario: its heading and its schema.
pub(crate) type KeyTable<'s> = (String, &'s Json);

/// Adds all tables of a schema with their own keys, except laws and steps, which are described once.
pub(crate) fn key_tables<'s>(path: &str, brackets: usize, schema: &'s Json, found: &mut Vec<KeyTable<'s>>) {
    let properties = schema["properties"].as_object();
    if let Some(properties) = properties.filter(|keys| !keys.contains_key("dist") && !is_step(schema)) {
        let heading = format!("{}{path}{}", "[".repeat(brackets), "]".repeat(brackets));
        // A table that may itself be given in steps is described once, by its richer form, which comes last.
        found.retain(|(known, _)| *known != heading);
        found.push((heading, schema));
        for (key, property) in properties {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            key_tables(&path, 1, property, found);
        }
    }
    key_tables_of(&schema["items"], path, 2, found);
    let placeholder = match path {
        "strategy" => "Y",
        _ if path == "organisation" || path.ends_with(".contract") => "X",
        _ if path.ends_with(".role") => "R",
        _ => "NAME",
    };
    key_tables_of(&schema["additionalProperties"], &format!("{path}.{placeholder}"), 1, found);
    for choice in ["oneOf", "anyOf"] {
        schema[choice].as_array().into_iter().flatten().for_each(|one| key_tables(path, brackets, one, found));
    }
}

fn key_tables_of<'s>(schema: &'s Json, path: &str, brackets: usize, found: &mut Vec<KeyTable<'s>>) {
    if schema.is_object() {
        key_tables(path, brackets, schema, found);
    }
}

/// Returns whether it is one step of a quantity in steps.
fn is_step(schema: &Json) -> bool {
    let keys: Vec<&str> = schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    keys == ["month", "value"]
}

/// Returns what a value may be, in words.
pub(crate) fn allowed(schema: &Json) -> String {
    let mut choices = Vec::new();
    choices_of(schema, &mut choices);
    if choices.iter().any(|one| one["properties"]["dist"].is_object()) {
        return format!("{}, or a [distribution](../scenario.md#distributions)", kind(choices[0]));
    }
    let mut words: Vec<String> = Vec::new();
    for word in choices.into_iter().map(kind) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(", or ")
}

/// The schemas of which a value must meet one.
fn choices_of<'s>(schema: &'s Json, found: &mut Vec<&'s Json>) {
    match ["oneOf", "anyOf"].iter().find_map(|choice| schema[*choice].as_array()) {
        Some(choices) => choices.iter().for_each(|one| choices_of(one, found)),
        None => found.push(schema),
    }
}

fn kind(schema: &Json) -> String {
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| code(&word.to_string())).collect::<Vec<_>>().join(", ");
    }
    match schema["type"].as_str() {
        Some("boolean") => "`true` or `false`".into(),
        Some("integer") => format!("a whole number{}", range(schema)),
        Some("number") => format!("a number{}", range(schema)),
        Some("string") if schema["format"] == "date" => {
            let year =
                |key: &str| schema[key].as_str().and_then(|date| date.split('-').next()).unwrap_or_default().to_owned();
            format!("a date, {} to {}", year("formatMinimum"), year("formatMaximum"))
        }
        Some("string") if schema["maxLength"].is_u64() => {
            format!("a text of {} to {} characters", schema["minLength"], schema["maxLength"])
        }
        Some("string") => "a text".into(),
        Some("array") if is_step(&schema["items"]) => "[steps](../scenario.md#quantities-in-steps)".into(),
        Some("array") if schema["items"]["properties"].is_object() => "a list of tables".into(),
        Some("array") if !schema["items"].is_object() => format!("a list{}, each any value", length(schema)),
        Some("array") => format!("a list{}, each {}", length(schema), allowed(&schema["items"])),
        Some("object") if schema["properties"].is_object() => "a table".into(),
        Some("object") => match &schema["additionalProperties"] {
            each if each["properties"].is_object() => "tables by name".into(),
            each => format!("a table by name, each {}", allowed(each)),
        },
        _ => panic!("what is allowed by {schema}?"),
    }
}

/// Returns how many items a list may have, if that is limited.
fn length(schema: &Json) -> String {
    let bound = |key: &str| schema[key].as_f64().map(readable);
    let both = bound("minItems").zip(bound("maxItems"));
    both.map_or_else(String::new, |(least, most)| format!(" of {least} to {most}"))
}

/// Returns the least and the greatest value, as far as there are any.
fn range(schema: &Json) -> String {
    let bound = |key: &str| schema[key].as_f64();
    // The page states at its top where numbers end that have no other end.
    let most = bound("maximum").filter(|&most| most < 1e12).map(readable);
    match (bound("minimum").map(readable), bound("exclusiveMinimum").map(readable), most) {
        (Some(least), _, Some(most)) => format!(", {least} to {most}"),
        (Some(least), _, None) => format!(", {least} or more"),
        (None, Some(least), Some(most)) => format!(", more than {least}, up to {most}"),
        (None, Some(least), None) => format!(", more than {least}"),
        (None, None, _) => String::new(),
    }
}

/// Returns the row of a key: its name, meaning, what is allowed, and its default.
fn key_row(key: &str, property: &Json, is_required: bool) -> Vec<String> {
    let help = property["description"].as_str().unwrap_or_else(|| panic!("{key} has no description"));
    let (meaning, default) = help.split_once(" Default: ").unwrap_or((help, ""));
    let default = if is_required { "required" } else { default };
    let cells = [meaning.trim_end_matches('.'), &allowed(property), default.trim_end_matches('.')];
    [code(key)].into_iter().chain(cells.map(str::to_owned)).collect()
}

/// Returns the row for keys that a scenario names itself, in a table that has others too.
fn any_name(schema: &Json) -> Option<Vec<String>> {
    let meaning = schema["description"].as_str().filter(|_| schema["additionalProperties"].is_object())?;
    Some(["a name", meaning.trim_end_matches('.'), "see its meaning", ""].map(str::to_owned).into())
}

fn keys_page() -> String {
    let schema = schema();
    let mut found = Vec::new();
    key_tables("", 0, &schema, &mut found);
    let mut text = format!(
        "# Keys of a scenario\n\n{MADE} It has every key as `handover schema` prints it; what the keys are for, \
         with examples, is in [scenario.md](../scenario.md), and what they do in [model.md](../model.md). Ranges include \
         their bounds, unless it says \"more than\". Days (durations aside), months and \
         amounts without an upper bound here end at 1e12.\n\n"
    );
    for (heading, schema) in found {
        let heading = if heading.is_empty() { "Top of the file".to_owned() } else { code(&heading) };
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let properties = schema["properties"].as_object().into_iter().flatten();
        let rows = properties.map(|(key, property)| key_row(key, property, required.contains(&Json::from(key.as_str()))));
        let rows = rows.chain(any_name(schema));
        let _ = write!(text, "## {heading}\n\n{}", table(&["key", "meaning", "allowed", "default"], rows));
    }
    let laws = LAWS.iter().flat_map(|law| {
        let optional = |name: &str| if law.optional.contains(&name) { " (may be left out)" } else { "" };
        let parameter = move |name: &&str| code(name) + optional(name);
        let parameters = move |set: &[&str]| set.iter().map(parameter).collect::<Vec<_>>().join(", ");
        law.parameters.iter().map(move |set| vec![code(law.name), parameters(set), law.words.to_owned()])
    });
    let _ = write!(
        text,
        "## Distributions\n\nOf `{{ dist = \"...\", ... }}`. What each law is: \
         [scenario.md](../scenario.md#distributions).\n\n{}",
        table(&["`dist`", "parameters", "meaning"], laws)
    );
    text.trim_end().to_owned() + "\n"
}

#[test]
fn keys_are_renewed() {
    let text = keys_page();
    let mut known = BTreeSet::new();
    docs::keys(&schema(), &mut known);
    let missing: Vec<&(String, String)> =
        known.iter().filter(|(key, _)| !is_key_of_steps(key) && !text.contains(&format!("\n| `{key}` |"))).collect();
    assert!(missing.is_empty(), "keys without a row: {missing:?}");
    settle("docs/reference/keys.md", &text);
}

/// Returns whether a key belongs to steps. Those are in [scenario.md](../scenario.md#quantities-in-steps), which
/// `docs.rs` checks.
fn is_key_of_steps(key: &str) -> bool {
    matches!(key, "month" | "value")
}

// ---- responses and measures

fn better(better: Better) -> &'static str {
    match better {
        Better::Lower => "low",
        Better::Higher => "high",
        Better::Neither => "",
    }
}

#[test]
fn responses_are_renewed() {
    let responses = specs().map(|spec| {
        [&code(spec.name), &spec.unit.name("money"), spec.nature.name(), better(spec.better), spec.help]
            .map(str::to_owned)
            .to_vec()
    });
    let measures = MEASURES
        .iter()
        .map(|measure| [&code(measure.name), &measure.unit.name("money"), measure.help].map(str::to_owned).to_vec());
    let words = |names: &[&str]| names.iter().map(|name| format!("- `{name}`\n")).collect::<String>();
    let text = format!(
        "# Responses and measures\n\n{MADE} The exact definitions are in [results.md](../results.md#responses); the same \
         words as here stand in every `manifest.json`.\n\n## Responses\n\nOne number each per strategy and replication: the \
         columns of `replications.csv`, in its order. A goal adds a column with its name (unit `met`). *Better* says which \
         values [best.csv](../results.md#bestcsv) takes for the best.\n\n{}## Values of the outcome\n\n{}\n\
         ## Measures at month ends\n\nThe column `measure` of `timeline.csv`. Each can be the `measure` of a \
         [goal](../scenario.md#goal).\n\n{}## Phases\n\nThe column `phase` of `phases.csv`; from when until when: \
         [results.md](../results.md#phasescsv).\n\n{}",
        table(&["response", "unit", "nature", "better", "meaning"], responses),
        words(&OUTCOMES),
        table(&["measure", "unit", "meaning"], measures),
        words(&PHASES),
    );
    settle("docs/reference/responses.md", &text);
}

// ---- files and columns

fn anchor(file: &str) -> String {
    format!("../results.md#{}", file.replace('.', ""))
}

#[test]
fn files_are_renewed() {
    let folder = Folder::new();
    let scenario = root().join("scenarios/sixty_engineers.toml").display().to_string();
    let run = folder.run(&["run", &scenario, "-n", "5", "--charts", "none", "-o", "run", "--quiet"]);
    assert!(matches!(run.status, Some(0 | 4)), "{}", run.err);
    folder.succeed(&["trace", &scenario, "-o", "trace"]);
    let header = |path: &str| -> Vec<String> {
        folder.text(path).lines().next().unwrap_or_default().split(',').map(str::to_owned).collect()
    };
    let known = tables_in_words(Results::FILES);
    let mut text = format!(
        "# Files and columns\n\n{MADE} What the numbers mean, with the statistics behind them: \
         [results.md](../results.md).\n\n`handover run` writes these files in this order, and `manifest.json` last. \
         The order of the columns is that of the file. With `--format csv,parquet` each table has a \
         [Parquet file](../results.md#parquet) beside it, and with `--format csv,xlsx` most of them have a sheet in \
         `results.xlsx`, an [Excel workbook](../results.md#excel).\n\n"
    );
    for file in Results::FILES.iter().filter(|file| file.format == Format::Csv).map(|file| file.name) {
        let _ = write!(text, "## {file}\n\n");
        let rows = known.iter().find(|rows| rows.file == file);
        match rows {
            Some(rows) => {
                let names: Vec<&str> = rows.columns.iter().map(|(name, _)| *name).collect();
                assert_eq!(header(&format!("run/{file}")), names, "{file}");
                let columns = rows.columns.iter().map(|(name, meaning)| vec![code(name), (*meaning).to_owned()]);
                let _ = write!(text, "{}. More: [{file}]({}).\n\n", rows.about, anchor(file));
                text += &table(&["column", "meaning"], columns);
            }
            None => text += &other_file(file),
        }
    }
    assert_eq!(known.iter().filter(|rows| text.contains(&format!("\n## {}\n", rows.file))).count(), known.len());
    let _ = write!(
        text,
        "## Charts\n\nIn `charts/`, as SVG and PNG; what each is made of: \
        [results.md](../results.md#charts-and-report).\n\n"
    );
    text +=
        &table(&["chart", "shows"], Results::CHARTS.iter().map(|chart| vec![code(chart.name), chart.caption.to_owned()]));
    text += "## trace.csv and ledger.csv\n\n`handover trace` writes them, with `seats.svg` and `seats.png`. Columns and \
        events: [trace.csv](../results.md#tracecsv), [ledger.csv](../results.md#ledgercsv).\n\n";
    let listed = |file: &str| header(&format!("trace/{file}")).iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
    text += &table(&["file", "columns"], ["trace.csv", "ledger.csv"].map(|file| vec![code(file), listed(file)]));
    let items = Item::ALL.iter().map(|item| vec![code(item.name()), code(item.kind().name())]);
    let kinds = Kind::ALL.map(|kind| code(kind.name())).join(", ");
    let _ = write!(
        text,
        "## Kinds and items of cost\n\nKinds, in `costs.csv`: {kinds}. Items, in `ledger.csv`, each part of a \
        kind:\n\n{}",
        table(&["item", "kind"], items)
    );
    settle("docs/reference/files.md", &(text.trim_end().to_owned() + "\n"));
}

/// Returns the description of a file without rows of a known kind.
fn other_file(file: &str) -> String {
    match file {
        "scenario.toml" => "The scenario as run, with every `--set` applied.\n\n".into(),
        "replications.csv" => "A row for each strategy and replication: `strategy`, `replication` (from 0), then the \
            [responses](responses.md#responses), then a column for each goal.\n\n"
            .into(),
        "manifest.json" => "What was run, and how to compute it again: \
            [manifest.json](../results.md#manifestjson-and-scenariotoml).\n\n"
            .into(),
        _ => panic!("{file}: neither a table nor words here"),
    }
}

// ---- commands and exit statuses

#[test]
fn commands_are_renewed() {
    let folder = Folder::new();
    let help = |command: &[&str]| {
        let told = folder.succeed(&[command, &["--help"]].concat());
        told.out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    };
    let all = help(&[]);
    let commands =
        all.lines().skip_while(|line| *line != "Commands:").skip(1).map_while(|line| line.split_whitespace().next());
    let mut text = format!(
        "# Commands\n\n{MADE} It has the help of each command and the exit statuses; what the options are for is in \
         [command-line.md](../command-line.md).\n\n```text\n{all}\n```\n\n"
    );
    let commands: Vec<&str> = commands.filter(|command| *command != "help").collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let _ = write!(text, "## handover {command}\n\n```text\n{}\n```\n\n", help(&[command]));
    }
    text += "## Exit statuses\n\nThey are in [command-line.md](../command-line.md#exit-status): ";
    let statuses = statuses();
    let _ = writeln!(text, "{}.", statuses.iter().map(u8::to_string).collect::<Vec<_>>().join(", "));
    let page = read("docs/command-line.md");
    let rows = page.split("\n## Exit status\n").nth(1).expect("a section").split("\n## ").next().unwrap_or_default().lines();
    let told: BTreeSet<u8> = rows.filter_map(|row| row.strip_prefix("| ")?.split(' ').next()?.parse().ok()).collect();
    assert_eq!(told, statuses, "docs/command-line.md tells the statuses of src/cli/failure.rs");
    settle("docs/reference/commands.md", &text);
}

/// Returns the exit statuses, read from the source of failures, and that of success.
fn statuses() -> BTreeSet<u8> {
    let source = read("src/cli/failure.rs");
    let body = source.split("fn status(").nth(1).and_then(|rest| rest.split("\n    }\n").next()).expect("the statuses");
    let of_arm = |arm: &str| match arm.trim().trim_end_matches(',') {
        // 128 and the number of the signal: SIGINT and SIGTERM.
        signal if signal.starts_with("128") => vec![128 + 2, 128 + 15],
        status => vec![status.parse().unwrap_or_else(|error| panic!("{status}: {error}"))],
    };
    body.split("=>").skip(1).map(|arm| arm.lines().next().unwrap_or_default()).flat_map(of_arm).chain([0]).collect()
}

// ---- validation

/// The page of known truths.
const VALIDATION: &str = "docs/validation.md";
/// Held while a part of that page is renewed.
static PAGE: Mutex<()> = Mutex::new(());

/// Compares the rows of the page with checks from `verify --json`: each check has exactly one row with the same
/// content.
pub(crate) fn assert_validation_page(checks: &[Json]) {
    let _alone = PAGE.lock();
    let mut page = read(VALIDATION);
    for check in checks {
        let name = check["name"].as_str().expect("a name");
        let begins = format!("\n| {name} |");
        assert_eq!(page.matches(&begins).count(), 1, "{VALIDATION}: {name:?} has one row");
        let at = page.find(&begins).expect("it is there") + 1;
        let end = at + page[at..].find('\n').expect("a line ends");
        page.replace_range(at..end, row(&check_cells(check)).trim_end());
    }
    let (tables, _) = page.split_once(TESTS[0]).expect("the part on tests begins");
    let of_table = |table: &str| table.lines().skip(2).take_while(|line| line.starts_with('|')).count();
    let rows: usize = tables.split("\n| check | truth |").skip(1).map(of_table).sum();
    assert_eq!(rows, checks.len(), "{VALIDATION} tells no check that there is not");
    settle(VALIDATION, &page);
}

/// Returns a check as the cells of a row: numbers rounded for reading, as many digits as the standard error has to show.
fn check_cells(check: &Json) -> Vec<String> {
    let number = |key: &str| check[key].as_f64();
    let digits = match number("standard_error") {
        Some(error) if error < 1e-3 => 6,
        Some(_) => 4,
        None => 2,
    };
    let fixed = |value: Option<f64>, digits: usize| value.map_or("–".to_owned(), |value| format!("{value:.digits$}"));
    vec![
        check["name"].as_str().unwrap_or_default().to_owned(),
        fixed(number("truth"), digits),
        fixed(number("value"), digits),
        fixed(number("standard_error"), 6),
        fixed(number("z"), 2),
        number("notices").map_or("any".to_owned(), |share| format!("{:.1} %", 100.0 * share)),
    ]
}

/// Begin and end of the part of the page that is generated from the tests.
const TESTS: [&str; 2] = ["<!-- made from tests/it/theory -->\n", "<!-- end -->"];

#[test]
fn tests_of_theory_are_renewed() {
    let _alone = PAGE.lock();
    let page = read(VALIDATION);
    let (before, rest) = page.split_once(TESTS[0]).expect("the part begins");
    let (_, after) = rest.split_once(TESTS[1]).expect("the part ends");
    let mut made = String::new();
    let mut count = 0;
    for module in read("tests/it/theory.rs").lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')) {
        let source = read(&format!("tests/it/theory/{module}.rs"));
        let rows = tests_of(&source);
        count += rows.len();
        let about: Vec<&str> = source.lines().map_while(|line| line.strip_prefix("//! ")).collect();
        let about = about.join(" ");
        let _ = write!(made, "### {module}\n\n{about}\n\n{}", table(&["what is tested", "what is known"], rows));
    }
    assert_eq!(count, count_of_tests(), "each test is told");
    assert!(!made.contains("|  |"), "each test says at its head what is known");
    settle(VALIDATION, &format!("{before}{}\n{made}{}{after}", TESTS[0], TESTS[1]));
}

/// Returns each test of a file: its name as a sentence, and the comment at its head.
fn tests_of(source: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = source.lines().collect();
    let is_test = |at: usize| at > 0 && lines[at - 1].trim() == "#[test]";
    let tell = |at: usize| {
        let name = lines[at].trim_start_matches("fn ").split('(').next().unwrap_or_default().replace('_', " ");
        let said = lines[at + 1..].iter().map_while(|line| line.strip_prefix("    // "));
        vec![name, said.collect::<Vec<_>>().join(" ").replace('*', "\\*")]
    };
    (0..lines.len()).filter(|&at| is_test(at)).map(tell).collect()
}

fn count_of_tests() -> usize {
    let files = fs::read_dir(root().join("tests/it/theory")).expect("the folder");
    let count = |path: std::path::PathBuf| fs::read_to_string(path).expect("a file").matches("#[test]").count();
    files.map(|entry| count(entry.expect("an entry").path())).sum()
}
