//! README and manual: their examples are run, the things they name exist, and all that exists is named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use handover::experiment::{Document, Format, Results};
use handover::money::{Item, Kind};
use handover::random::LAWS;
use handover::response::{MEASURES, OUTCOMES, PHASES, specs};
use handover::scenario::{Scenario, schema};
use serde_json::Value as Json;
use tempfile::TempDir;
use toml::{Table, Value};

use super::program::{COMMANDS, RESULTS, walk};
use super::reference::RENEW;

/// Pages of which only links are checked.
const OTHERS: [&str; 3] = ["CHANGELOG.md", "benches/README.md", "release/README.md"];
/// The contents of the book, which list every page of the manual.
const SUMMARY: &str = "docs/SUMMARY.md";
/// How a line of a shell block may begin.
const TRIED: [&str; 7] = ["handover ", "diff ", "for ", "make", "parallel ", "sh ", "snakemake"];
/// Why an example is not run: a tool is missing that the program itself does not need.
const REASONS: [&str; 9] = [
    "GNU parallel is not installed",
    "make is not installed",
    "snakemake is not installed",
    "Rscript is not installed",
    "python3 is not installed",
    "python3 has no pandas",
    "python3 has no distributed",
    "python3 has no duckdb",
    "python3 has no pyarrow",
];
/// Commands on the pages that this test does not run.
const NOT_TRIED: [&str; 3] = ["cargo test", "cargo doc", "cargo install"];
/// More replications than this would add nothing.
const REPLICATIONS: &str = "200";
/// A scenario into which fragments are inserted.
const BASE: &str = r#"
    title = "Base"
    start = 2027-01-01
    horizon_months = 36
    role = [{ name = "engineer" }, { name = "analyst" }]
    demand = { engineer = 50 }
    [organisation.vendor.hiring]
    staff = { recruiters = 5 }
    stages = [{ name = "search", uses = "recruiters", takes_days = 30 }]
    [organisation.client]
    [strategy.bot]
    employer = "vendor"
    transfer = [{ to = "client", month = 24 }]
"#;

/// A fenced block of a page.
struct Block {
    /// Page and line, for messages.
    place: String,
    /// The text after the opening fence.
    info: String,
    text: String,
}

impl Block {
    fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines().map(str::trim).filter(|line| !line.is_empty())
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (number, line) in read(page).lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            is_open = !is_open;
            if is_open {
                blocks.push(Block { place: format!("{page}:{}", number + 1), info: info.into(), text: String::new() });
            }
        } else if is_open && let Some(block) = blocks.last_mut() {
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
    assert!(!is_open, "{page}: a fence is not closed");
    blocks
}

/// Returns the pages of the manual whose commands and scenarios are run.
fn pages() -> Vec<String> {
    let mut files = Vec::new();
    walk(&root().join("docs"), &mut files);
    let relative = |path: PathBuf| path.strip_prefix(root()).expect("it is below").display().to_string();
    let mut pages: Vec<String> = files.into_iter().map(relative).collect();
    pages.retain(|page| page.ends_with(".md") && page != SUMMARY);
    pages.push("README.md".into());
    pages.sort();
    pages
}

fn manual() -> impl Iterator<Item = Block> {
    pages().into_iter().flat_map(|page| blocks(&page))
}

/// Returns the text between a heading that begins like this and the next of its level.
pub(crate) fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let start = text.find(&format!("\n{heading}")).unwrap_or_else(|| panic!("there is no heading {heading:?}")) + 1;
    let end = text[start + 1..].find("\n## ").map_or(text.len(), |end| start + 1 + end);
    &text[start..end]
}

fn assert_names<'n>(text: &str, what: &str, names: impl IntoIterator<Item = &'n str>) {
    let missing: Vec<&str> = names.into_iter().filter(|name| !text.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{what} not in the manual: {missing:?}");
}

#[test]
fn whole_scenarios_are_accepted() {
    for block in manual().filter(|block| block.info == "toml") {
        Scenario::parse(&block.text, &[]).unwrap_or_else(|error| panic!("{}: {error}", block.place));
    }
}

#[test]
fn fragments_fit_into_a_scenario() {
    for block in manual().filter(|block| block.info == "toml,fragment") {
        Scenario::parse(&completed(&block), &[]).unwrap_or_else(|error| panic!("{}: {error}", block.place));
    }
}

/// Returns the base scenario with a fragment inserted.
fn completed(block: &Block) -> String {
    let fragment: Table = block.text.parse().unwrap_or_else(|error| panic!("{}: {error}", block.place));
    let mut base: Table = BASE.parse().expect("the base is TOML");
    merge(&mut base, fragment);
    toml::to_string(&base).expect("a table can be written")
}

/// Tables are merged, roles are added, everything else is replaced.
fn merge(base: &mut Table, fragment: Table) {
    for (key, value) in fragment {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(base)), Value::Table(table)) => merge(base, table),
            (Some(Value::Array(base)), Value::Array(roles)) if key == "role" => base.extend(roles),
            (_, value) => drop(base.insert(key, value)),
        }
    }
}

/// An example that is not run, and why.
struct Skipped(&'static str);

#[test]
fn commands_do_what_the_pages_show() {
    let mut skipped = Vec::new();
    for page in pages() {
        let folder = workplace();
        let mut said = Ok(String::new());
        for block in blocks(&page) {
            let (language, expected) = block.info.split_once(',').unwrap_or((&block.info, ""));
            match (language, expected) {
                ("toml" | "make" | "snakemake" | "slurm", "") | ("toml", "factors") => save(&block, folder.path()),
                // tests/slurm.sh runs commands of Slurm; no test runs a manifest of Kubernetes.
                ("toml", "fragment") | ("text" | "yaml", "") | ("sh", "slurm") => {}
                ("csv", "") => {}
                ("text", "output") => said.iter().for_each(|said| check_output(&block, said)),
                ("sh", expected) => said = run_all(&block, expected, folder.path()),
                ("python" | "r" | "sql", "") => said = run_script(&block, language, folder.path()),
                _ => panic!("{}: {:?} is not known to this test", block.place, block.info),
            }
            if let (Err(Skipped(reason)), "sh" | "python" | "r" | "sql") = (&said, language)
                && expected != "slurm"
            {
                skipped.push((block.place.clone(), *reason));
            }
        }
    }
    for (place, reason) in &skipped {
        println!("{place}: not tried, {reason}");
        assert!(REASONS.contains(reason), "{place}: {reason}");
    }
}

/// Returns what a script needs, by language: the tool, and the module that it imports.
fn run_script(block: &Block, language: &str, folder: &Path) -> Result<String, Skipped> {
    let imports = |module: &str| language == "python" && block.text.contains(&format!("import {module}"));
    let (file, tool) = match language {
        "r" => ("script.R", "Rscript script.R"),
        "sql" => ("script.sql", "python3 -c 'import duckdb; print(duckdb.sql(open(\"script.sql\").read()))'"),
        _ => ("script.py", "python3 script.py"),
    };
    if language == "r" {
        needs("Rscript --version", "Rscript is not installed", folder)?;
    } else {
        needs("python3 --version", "python3 is not installed", folder)?;
    }
    if imports("pandas") {
        needs("python3 -c 'import pandas'", "python3 has no pandas", folder)?;
    }
    // Tables of PyArrow become those of pandas.
    if imports("pyarrow") {
        needs("python3 -c 'import pandas, pyarrow'", "python3 has no pyarrow", folder)?;
    }
    if block.text.contains("from dask.distributed import") {
        needs("python3 -c 'import distributed'", "python3 has no distributed", folder)?;
    }
    if language == "sql" || imports("duckdb") {
        needs("python3 -c 'import duckdb'", "python3 has no duckdb", folder)?;
    }
    fs::write(folder.join(file), &block.text).expect("a script");
    let output = shell(tool, folder);
    assert!(output.status.success(), "{}: {}", block.place, String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Checks that a command works which the program itself does not need.
fn needs(command: &str, otherwise: &'static str, folder: &Path) -> Result<(), Skipped> {
    if shell(command, folder).status.success() { Ok(()) } else { Err(Skipped(otherwise)) }
}

/// Returns a folder with the scenarios of the project, like a fresh clone.
fn workplace() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    fs::create_dir(folder.path().join("scenarios")).expect("an empty folder");
    for entry in fs::read_dir(root().join("scenarios")).expect("the scenarios") {
        let path = entry.expect("an entry").path();
        let text = quick(&fs::read_to_string(&path).expect("a scenario"));
        let name = path.file_name().expect("a name");
        fs::write(folder.path().join("scenarios").join(name), text).expect("a copy");
    }
    folder
}

/// Saves a scenario that begins with `# name.toml` under that name, and likewise rules that begin with `# Makefile` and
/// job scripts with `# name.sh` below their first line.
fn save(block: &Block, folder: &Path) {
    let first = block.text.lines().find(|line| !line.starts_with("#!")).unwrap_or_default();
    match first.strip_prefix("# ") {
        Some(name) if block.info == "toml,factors" => fs::write(folder.join(name), &block.text).expect("factors"),
        Some(name) if name.ends_with(".toml") => fs::write(folder.join(name), quick(&block.text)).expect("a scenario"),
        Some(name @ ("Makefile" | "Snakefile")) => fs::write(folder.join(name), &block.text).expect("rules"),
        Some(name) if block.info == "slurm" => fs::write(folder.join(name), &block.text).expect("a job script"),
        _ => assert!(block.info == "toml", "{}: it has no name to be saved under", block.place),
    }
}

fn quick(scenario: &str) -> String {
    let rest = scenario.lines().filter(|line| !line.starts_with("replications"));
    [&format!("replications = {REPLICATIONS}")].into_iter().map(String::as_str).chain(rest).collect::<Vec<_>>().join("\n")
}

/// Runs the commands of a block. Each must end with the status in its fence. Returns the output of the last.
fn run_all(block: &Block, expected: &str, folder: &Path) -> Result<String, Skipped> {
    let status = expected.strip_prefix("status=").map_or(0, |status| status.parse().expect("a status"));
    let mut said = String::new();
    for line in block.lines().filter(|line| !NOT_TRIED.iter().any(|other| line.starts_with(other))) {
        let line = line.replace("cargo run --release -- ", "handover ");
        assert!(TRIED.iter().any(|tried| line.starts_with(tried)), "{}: {line:?} is not tried", block.place);
        match line.split(' ').next() {
            Some("make") => needs("make --version", "make is not installed", folder)?,
            // Another program of that name behaves differently, and has no such option.
            Some("parallel") => needs("parallel --minversion 0", "GNU parallel is not installed", folder)?,
            Some("snakemake") => needs("snakemake --version", "snakemake is not installed", folder)?,
            _ => {}
        }
        let output = shell(&with_few_replications(&line), folder);
        said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
        assert_eq!(output.status.code(), Some(status), "{}: {line}\n{said}", block.place);
    }
    Ok(said)
}

fn with_few_replications(line: &str) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    // A command that is to be stopped must take long.
    let is_stopped = words.contains(&"--time-limit");
    for at in 1..words.len() {
        if !is_stopped && matches!(words[at - 1], "-n" | "--replications") && words[at].parse::<u32>().is_ok_and(|n| n > 200)
        {
            words[at] = REPLICATIONS;
        }
    }
    words.join(" ")
}

/// Runs a line as a shell would in which `handover` is installed.
fn shell(line: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_handover"));
    let mut path = vec![program.parent().expect("a folder").to_owned()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let path = std::env::join_paths(path).expect("a search path");
    Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("a shell")
}

/// Every line shown must be in the output of the command before it. A renewal puts the most similar line of the output in
/// the place of one that is not.
fn check_output(block: &Block, said: &str) {
    for line in block.lines() {
        if !said.contains(line) && std::env::var_os(RENEW).is_some() {
            let (page, _) = block.place.split_once(':').expect("a page and a line");
            let likeness = |other: &&str| (1e6 * strsim::normalized_levenshtein(line, other)) as u32;
            let nearest = said.lines().max_by_key(likeness).expect("it said something");
            fs::write(root().join(page), read(page).replacen(line, nearest.trim_end(), 1)).expect("the page");
            continue;
        }
        assert!(said.contains(line), "{}: {line:?} is not in:\n{said}", block.place);
    }
}

#[test]
fn links_lead_somewhere() {
    let book = root().join("docs").canonicalize().expect("the manual");
    for page in pages().into_iter().chain([SUMMARY].into_iter().chain(OTHERS).map(str::to_owned)) {
        let text = read(&page);
        let outside_code: String = text.split("```").step_by(2).collect();
        for link in outside_code.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            if link.starts_with("https://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { PathBuf::from(&page) } else { Path::new(&page).with_file_name("").join(file) };
            let target = root().join(target);
            assert!(target.exists(), "{page}: {link} leads nowhere");
            // The book holds the pages of its folder, and no more.
            let is_in_the_book = |path: &Path| path.canonicalize().is_ok_and(|path| path.starts_with(&book));
            assert!(!is_in_the_book(&root().join(&page)) || is_in_the_book(&target), "{page}: {link} leaves the book");
            if !anchor.is_empty() {
                let there = fs::read_to_string(&target).unwrap_or_default();
                assert!(anchors(&there).contains(anchor), "{page}: {link}: there is no such heading");
            }
        }
    }
}

/// Returns the anchors that headings have on the usual Markdown pages.
fn anchors(text: &str) -> BTreeSet<String> {
    let anchor = |heading: &str| {
        let kept = heading.trim().to_lowercase().replace(' ', "-");
        kept.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_')).collect()
    };
    text.lines().filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#'))).collect()
}

#[test]
fn the_book_has_every_page_once() {
    let summary = read(SUMMARY);
    let book: Table = read("book.toml").parse().expect("it is TOML");
    assert_eq!(book["book"]["src"].as_str(), Some("docs"));
    for page in pages().iter().filter_map(|page| page.strip_prefix("docs/")) {
        assert_eq!(summary.matches(&format!("]({page})")).count(), 1, "{SUMMARY}: {page}");
    }
    // Chapters are lists of links. Anything else is a title of a part or an empty line, as mdBook requires.
    let is_known = |line: &str| {
        line.is_empty() || line.starts_with("# ") || line.starts_with('[') || line.trim_start().starts_with("- [")
    };
    let unknown: Vec<&str> = summary.lines().filter(|line| !is_known(line)).collect();
    assert!(unknown.is_empty(), "{SUMMARY}: {unknown:?}");
}

#[test]
fn pictures_are_shown_and_small() {
    let pages: String = pages().iter().map(|page| read(page)).collect();
    for entry in fs::read_dir(root().join("docs/img")).expect("the pictures") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a plain name");
        assert!(pages.contains(&format!("img/{name})")), "{name} is on no page");
        assert!(entry.metadata().expect("its size").len() < 220_000, "{name} is too large for a page");
    }
}

/// Adds the keys of a schema with the default from their description; `required` for those that must be given.
pub(crate) fn keys(schema: &Json, found: &mut BTreeSet<(String, String)>) {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let help = property["description"].as_str().unwrap_or_default();
        let default = help.split_once(" Default: ").map_or("", |(_, default)| default.trim_end_matches('.'));
        // A distribution is described separately.
        if !schema["properties"]["dist"].is_object() {
            let default = if required.contains(&key.as_str()) { "required" } else { default };
            found.insert((key.clone(), default.to_owned()));
        }
        keys(property, found);
    }
    for part in ["items", "additionalProperties"].map(|part| &schema[part]) {
        if part.is_object() {
            keys(part, found);
        }
    }
    for choice in ["oneOf", "anyOf"] {
        schema[choice].as_array().into_iter().flatten().for_each(|one| keys(one, found));
    }
}

#[test]
fn every_key_is_in_the_manual_with_its_default() {
    let page = read("docs/scenario.md");
    let mut found = BTreeSet::new();
    keys(&schema(), &mut found);
    assert!(found.len() > 50, "{} keys", found.len());
    for (key, default) in found {
        let mut rows = page.lines().filter(|line| line.starts_with(&format!("| `{key}` |")));
        let shown = rows.any(|row| row.replace('`', "").trim_end_matches([' ', '|']).ends_with(&format!("| {default}")));
        assert!(shown, "docs/scenario.md: no row for `{key}` with the default {default:?}");
    }
}

#[test]
fn every_law_is_in_the_manual_with_its_parameters() {
    let page = read("docs/scenario.md");
    let section = section(&page, "## Distributions");
    for law in LAWS {
        for set in law.parameters {
            let mut rows = section.lines().filter(|line| line.starts_with(&format!("| `{}` |", law.name)));
            let names_all = |row: &str| set.iter().all(|parameter| row.contains(&format!("`{parameter}`")));
            assert!(rows.any(names_all), "docs/scenario.md: no row for {} by {set:?}", law.name);
        }
    }
}

#[test]
fn every_result_is_in_the_manual() {
    let page = read("docs/results.md");
    assert_names(section(&page, "## Responses"), "responses", specs().map(|spec| spec.name));
    assert_names(&page, "outcomes", OUTCOMES);
    assert_names(section(&page, "## Measures"), "measures", MEASURES.iter().map(|measure| measure.name));
    assert_names(section(&page, "## phases.csv"), "phases", PHASES);
    assert_names(section(&page, "## Charts"), "charts", Results::CHARTS.iter().map(|drawing| drawing.name));
    let files = Results::FILES.iter().filter(|file| file.format == Format::Csv);
    let files: Vec<&str> = files.map(|file| file.name).filter(|name| !page.contains(name)).collect();
    assert!(files.is_empty(), "files not in the manual: {files:?}");
}

#[test]
fn every_column_and_event_is_in_the_manual() {
    let page = read("docs/results.md");
    let folder = workplace();
    for line in ["run", "trace"] {
        // The first replications end early, when the client leaves the market.
        let options = if line == "run" { "-n 5 --charts none" } else { "--strategy bot --replication 5" };
        let line = format!("handover {line} scenarios/sixty_engineers.toml {options} -o run");
        assert!(shell(&line, folder.path()).status.success(), "{line}");
    }
    // The columns of replications.csv are those of the scenario's responses and goals.
    let tables = RESULTS.into_iter().filter(|name| name.ends_with(".csv") && *name != "replications.csv");
    for name in tables.chain(["trace.csv", "ledger.csv"]) {
        let text = fs::read_to_string(folder.path().join("run").join(name)).expect("a result file");
        let header = text.lines().next().unwrap_or_default();
        assert_names(section(&page, &format!("## {name}")), name, header.split(',').filter(|column| !column.is_empty()));
    }
    let trace = fs::read_to_string(folder.path().join("run/trace.csv")).expect("a trace");
    let events: BTreeSet<&str> = trace.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    assert!(events.len() > 20, "{events:?}");
    assert_names(section(&page, "## trace.csv"), "events", events);
    assert_names(section(&page, "## costs.csv"), "kinds", Kind::ALL.map(Kind::name));
    assert_names(section(&page, "## ledger.csv"), "items", Item::ALL.iter().map(|item| item.name()));
}

#[test]
fn every_command_and_option_is_in_the_manual() {
    let page = read("docs/command-line.md");
    let folder = workplace();
    for command in COMMANDS {
        let help = shell(&format!("handover {command} --help"), folder.path());
        let help = String::from_utf8(help.stdout).expect("plain text");
        let begins = |line: &&str| line.trim_start().starts_with('-');
        let named = |line| str::split_whitespace(line).take_while(|word| word.starts_with('-'));
        let options = help.lines().filter(begins).flat_map(named).map(|word| word.trim_end_matches(','));
        let options = options.filter(|option| option.starts_with("--") || option.len() == 2);
        assert_names(section(&page, &format!("## handover {command}")), command, options);
    }
}

#[test]
fn the_changelog_has_a_section_for_this_version() {
    assert!(read("CHANGELOG.md").contains(&format!("\n## [{}]", env!("CARGO_PKG_VERSION"))));
}
