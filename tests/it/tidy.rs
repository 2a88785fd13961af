//! The rules of the house that a compiler does not check: who may use whom, where strangers live, sizes and first
//! lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use handover::random::Purpose;

use super::program::walk;

/// Crates and the rooms that may use them; `*` is every room.
const STRANGERS: [(&str, &[&str]); 31] = [
    ("annotate_snippets", &["input"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("comfy_table", &["report"]),
    ("csv", &["input", "report", "experiment"]),
    ("indicatif", &["cli"]),
    ("jiff", &["input", "world", "report", "scenario", "experiment", "front"]),
    ("libm", &["maths"]),
    ("maud", &["report"]),
    ("parquet", &["report"]),
    ("plotters", &["report"]),
    ("plotters_backend", &["report"]),
    ("rand", &["random"]),
    ("rayon", &["run", "experiment", "cli"]),
    ("resvg", &["report"]),
    ("rust_xlsxwriter", &["report"]),
    ("rustix", &["cli"]),
    ("ryu", &["report"]),
    ("postcard", &["run"]),
    ("serde", &["stats", "scenario", "run", "experiment", "cli"]),
    ("serde_json", &["input", "world", "scenario", "report", "experiment", "cli"]),
    ("sha2", &["run", "scenario", "report", "experiment", "cli"]),
    ("signal_hook", &["cli"]),
    ("strsim", &["input"]),
    ("tempfile", &["cli"]),
    ("terminal_size", &["cli"]),
    ("thiserror", &["*"]),
    ("toml", &["input"]),
    ("toml_edit", &["scenario", "front"]),
    ("unicode_normalization", &["scenario"]),
];

/// What touches the world outside: files, terminals, the environment, clocks. Only `cli` may.
const OUTSIDE: [&str; 11] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "std::time",
    "Instant::",
    "File::",
    "println!",
    "eprintln!",
    "print!",
    "io::stdout",
];

/// Lines of code that a file may have before its tests.
const LINES_AT_MOST: usize = 400;

/// A file of Rust, with its path from the root of the project.
struct Source {
    path: String,
    text: String,
    /// Whether it is compiled for tests only.
    is_test: bool,
}

impl Source {
    /// Returns the room that the file belongs to: `cli` for `src/cli/run.rs`, nothing for the files at the top.
    fn room(&self) -> Option<&str> {
        let (room, _) = self.path.strip_prefix("src/")?.split_once('/')?;
        Some(room)
    }

    /// Returns the lines, with their numbers, before the tests at the foot of the file.
    fn before_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let end = if self.is_test { 0 } else { tests };
        self.text[..end].lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Returns all lines without their comments, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, without_comment(line)))
    }
}

fn without_comment(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the paths below a folder of the project, from its root, with these endings; empty if there is no such
/// folder.
fn below(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    if root().join(folder).is_dir() {
        walk(&root().join(folder), &mut files);
    }
    let relative = |path: &PathBuf| path.strip_prefix(root()).expect("it is below").display().to_string();
    let mut files: Vec<String> = files.iter().map(relative).collect();
    files.retain(|path| endings.iter().any(|ending| path.ends_with(ending)));
    files.sort();
    files
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns all files of Rust below a folder of the project.
fn sources(folder: &str) -> Vec<Source> {
    let files: Vec<(String, String)> = below(folder, &[".rs"]).into_iter().map(|path| (path.clone(), read(&path))).collect();
    let is_for_tests = |path: &str| {
        let (folder, file) = path.rsplit_once('/').unwrap_or_default();
        let module = format!("#[cfg(test)]\nmod {};", file.trim_end_matches(".rs"));
        files.iter().any(|(other, text)| *other == format!("{folder}/mod.rs") && text.contains(&module))
    };
    let source =
        |(path, text): &(String, String)| Source { is_test: is_for_tests(path), path: path.clone(), text: text.clone() };
    files.iter().map(source).collect()
}

/// Returns whether a line uses a word as a path: not as the end of a longer word, nor below another module.
fn names_crate(line: &str, word: &str) -> bool {
    let path = format!("{word}::");
    let begins =
        |at: usize| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':');
    let is_used = line.match_indices(&path).any(|(at, _)| begins(at));
    is_used || line.trim_start().starts_with(&format!("use {word};")) || line.contains(&format!("extern crate {word}"))
}

/// Returns whether a line contains a word, and not only as the end of a longer one.
fn names_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

/// Rooms that a line names by a path from the crate's root.
fn rooms_named(line: &str) -> Vec<String> {
    let from_root = line.match_indices("crate::").map(|(at, _)| &line[at + "crate::".len()..]);
    let room = |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    from_root.map(room).collect()
}

/// Returns the floor of each room, from the table in the documentation of the crate.
fn floors() -> BTreeMap<String, i32> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("//! |")?.split('|').map(str::trim);
        let floor = cells.next()?.parse().ok()?;
        let room = cells.next()?.strip_prefix("[`")?.strip_suffix("`]")?;
        Some((room.to_owned(), floor))
    };
    read("src/lib.rs").lines().filter_map(row).collect()
}

fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn the_map_of_the_house_names_every_room() {
    let modules: BTreeSet<String> = read("src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned))
        .collect();
    let mapped: BTreeSet<String> = floors().into_keys().collect();
    assert_eq!(mapped, modules);
    let folders: BTreeSet<String> = sources("src").iter().filter_map(|source| source.room().map(str::to_owned)).collect();
    assert_eq!(folders, modules);
}

#[test]
fn a_room_uses_rooms_of_lower_floors_only() {
    let floors = floors();
    let mut found = Vec::new();
    for source in sources("src") {
        let Some(room) = source.room() else { continue };
        for (number, line) in source.code() {
            for other in rooms_named(line).into_iter().filter(|other| other != room) {
                match floors.get(&other) {
                    Some(floor) if *floor < floors[room] => {}
                    floor => found
                        .push(format!("{}:{number}: {other} (floor {floor:?}) from floor {}", source.path, floors[room])),
                }
            }
        }
    }
    assert_none(&found, "a room uses rooms of lower floors only");
}

#[test]
fn nobody_climbs_out_of_a_room_by_the_back_stairs() {
    // `super` from the top of a file leads to its room as long as there are no more of them than folders below `src`.
    let mut found = Vec::new();
    for source in sources("src") {
        let depth = source.path.matches('/').count() - 1 - usize::from(source.path.ends_with("/mod.rs"));
        for (number, line) in source.code() {
            let depth = depth + usize::from(line.starts_with("    use"));
            if line.contains("use super::") && line.matches("super::").count() > depth {
                found.push(format!("{}:{number}: {line}", source.path));
            }
        }
    }
    assert_none(&found, "what is outside of a room is named from the root of the crate");
}

/// The state of a process is a field of `Simulation`. Other processes go through its verbs.
#[test]
fn processes_leave_the_state_of_others_alone() {
    let list = read("src/model/mod.rs");
    let list = list.split("pub struct Simulation").nth(1).and_then(|rest| rest.split("\n}").next()).expect("its fields");
    let fields = list.lines().filter_map(|line| line.trim().split_once(": "));
    let states: Vec<(&str, &str)> = fields.filter_map(|(field, kind)| Some((field, kind.split_once("::")?.0))).collect();
    assert!(states.len() >= 6, "{states:?}");
    let mut found = Vec::new();
    for source in sources("src/model") {
        if source.path == "src/model/mod.rs" || source.path.starts_with("src/model/team/") {
            continue;
        }
        let is_own = |process: &str| {
            source.path == format!("src/model/{process}.rs") || source.path.starts_with(&format!("src/model/{process}/"))
        };
        for (number, line) in source.before_tests().map(|(number, line)| (number, without_comment(line))) {
            let mut others = states.iter().filter(|(_, process)| !is_own(process));
            if others.any(|(field, _)| line.contains(&format!("self.{field}."))) {
                found.push(format!("{}:{number}: {line}", source.path));
            }
        }
    }
    for (_, process) in states {
        let files = sources("src/model");
        let is_file = |source: &Source| source.path.starts_with(&format!("src/model/{process}"));
        assert!(files.iter().any(is_file), "no file for {process}");
    }
    assert_none(&found, "a process changes its own state and the team, and goes through the verbs of others");
}

#[test]
fn strangers_stay_in_their_rooms() {
    let mut found = Vec::new();
    for source in sources("src") {
        let room = source.room().unwrap_or("");
        for (number, line) in source.before_tests().map(|(number, line)| (number, without_comment(line))) {
            for (stranger, rooms) in STRANGERS {
                if names_crate(line, stranger) && !rooms.contains(&room) && !rooms.contains(&"*") {
                    found.push(format!("{}:{number}: {stranger} belongs in {rooms:?}", source.path));
                }
            }
        }
    }
    assert_none(&found, "each crate has its rooms");
}

#[test]
fn every_dependency_has_its_room() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("it is TOML");
    let names =
        |table: &str| manifest[table].as_table().expect("a table").keys().map(|name| name.replace('-', "_")).collect();
    let dependencies: Vec<String> = names("dependencies");
    let homeless: Vec<&String> = dependencies
        .iter()
        .filter(|name| !STRANGERS.iter().any(|(known, rooms)| known == name && !rooms.is_empty()))
        .collect();
    assert!(homeless.is_empty(), "{homeless:?} have no room in STRANGERS");
    let mut unused = Vec::new();
    for name in &dependencies {
        let is_used = |source: &Source| source.before_tests().any(|(_, line)| names_crate(line, name));
        if !sources("src").iter().any(is_used) {
            unused.push(name.clone());
        }
    }
    assert_none(&unused, "a dependency is used");
}

#[test]
fn who_uses_the_library_alone_compiles_neither_charts_nor_commands() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("it is TOML");
    let is_optional = |name: &str| {
        let tables = [&manifest["dependencies"], &manifest["target"]["cfg(unix)"]["dependencies"]];
        let named = |table: &&toml::Value| table.get(name).or_else(|| table.get(name.replace('_', "-"))).cloned();
        let found = tables.into_iter().find_map(|table| named(&table)).unwrap_or_else(|| panic!("{name} is no dependency"));
        found.get("optional").and_then(toml::Value::as_bool) == Some(true)
    };
    let wanted: BTreeSet<&str> = STRANGERS
        .iter()
        .filter(|(_, rooms)| *rooms == ["cli"] || ["plotters", "resvg", "parquet", "maud"].contains(&rooms[0]))
        .map(|(name, _)| *name)
        .collect();
    for name in wanted.into_iter().chain([
        "plotters",
        "plotters_backend",
        "resvg",
        "parquet",
        "rust_xlsxwriter",
        "maud",
        "comfy_table",
    ]) {
        assert!(is_optional(name), "{name}");
    }
    assert_eq!(manifest["features"]["default"].as_array().map(Vec::len), Some(2));
}

#[test]
fn random_numbers_come_from_our_own_room_even_in_its_tests() {
    // `rand` has the traits that connect our words and laws with the generators and laws of others.
    let is_foreign = |line: &str, is_ours: bool| {
        let foreign = ["rand_distr", "rand_core"].iter().any(|name| names_crate(line, name));
        foreign || (names_crate(line, "rand") && !is_ours)
    };
    let mut found = Vec::new();
    for source in sources("src") {
        let is_ours = source.room() == Some("random");
        found.extend(
            source
                .code()
                .filter(|(_, line)| is_foreign(line, is_ours))
                .map(|(number, line)| format!("{}:{number}: {line}", source.path)),
        );
    }
    assert_none(&found, "rand is for the room random, and rand_distr for tests/it");
}

#[test]
fn only_cli_touches_files_terminals_clocks_and_the_environment() {
    let mut found = Vec::new();
    // The front door opens scenario files, and a session waits for a limited time.
    let may = |source: &Source, line: &str| match source.path.as_str() {
        "src/front/read.rs" => line.contains("File"),
        "src/run/session.rs" => line.contains("Duration"),
        _ => false,
    };
    for source in sources("src").iter().filter(|source| source.room().is_some_and(|room| room != "cli")) {
        for (number, line) in source.before_tests().map(|(number, line)| (number, without_comment(line))) {
            if OUTSIDE.iter().any(|word| names_word(line, word)) && !may(source, line) {
                found.push(format!("{}:{number}: {line}", source.path));
            }
        }
    }
    assert_none(&found, "all input and output is in cli");
}

#[test]
fn no_clock_of_the_day_is_read() {
    let clocks = ["SystemTime", "Zoned::now", "Timestamp::now", ".modified()", ".accessed()", ".created()"];
    let mut found = Vec::new();
    for source in sources("src") {
        for (number, line) in source.before_tests().map(|(number, line)| (number, without_comment(line))) {
            if clocks.iter().any(|clock| line.contains(clock)) {
                found.push(format!("{}:{number}: {line}", source.path));
            }
        }
    }
    assert_none(&found, "a clock that jumps changes nothing");
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let mut found = Vec::new();
    for source in ["src", "tests", "benches"].iter().flat_map(|folder| sources(folder)) {
        let first = source.text.lines().next().unwrap_or_default();
        if first.strip_prefix("//! ").is_none_or(|purpose| purpose.len() <= 10) {
            found.push(format!("{}: {first}", source.path));
        }
    }
    assert_none(&found, "the first line of a file is `//!` and what it is for");
}

#[test]
fn no_file_grows_too_long() {
    let lines = |source: &Source| source.before_tests().count();
    let long =
        |source: &Source| (lines(source) > LINES_AT_MOST).then(|| format!("{}: {} lines", source.path, lines(source)));
    let found: Vec<String> = sources("src").iter().filter_map(long).collect();
    assert_none(&found, "a file has at most 400 lines before its tests");
}

#[test]
fn nothing_unfinished_is_left_behind() {
    let anywhere = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("db", "g!("),
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
    ];
    let in_tests = [concat!("#[igno", "re"), concat!("#[should_", "panic"), concat!("thread::sl", "eep")];
    let mut found = Vec::new();
    for source in ["src", "tests", "benches"].iter().flat_map(|folder| sources(folder)) {
        let tell = |number: usize, line: &str| format!("{}:{number}: {}", source.path, line.trim());
        let all = source.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        found.extend(
            all.clone().filter(|(_, line)| anywhere.iter().any(|word| line.contains(word))).map(|(n, line)| tell(n, line)),
        );
        if source.path.starts_with("src/") {
            let bare = |(_, line): &(usize, &str)| without_comment(line).contains(".unwrap()");
            found.extend(source.before_tests().filter(bare).map(|(number, line)| tell(number, line)));
        } else {
            found.extend(
                all.filter(|(_, line)| in_tests.iter().any(|word| line.contains(word))).map(|(n, line)| tell(n, line)),
            );
        }
    }
    assert_none(&found, "what is unfinished is not committed");
}

/// Text from strangers is made visible where it is printed, so nothing else may print. `usage.rs` lets clap print what
/// the user typed, and `progress.rs` prints numbers.
#[test]
fn only_one_file_prints() {
    let ways = ["println!", "print!(", "eprint", "stdout()", "stderr()"];
    let printers = ["src/cli/failure.rs", "src/cli/usage.rs", "src/cli/progress.rs"];
    let mut found = Vec::new();
    for source in sources("src").iter().filter(|source| !printers.contains(&source.path.as_str())) {
        let is_way = |line: &str| ways.iter().any(|way| without_comment(line).contains(way));
        let lines = source.before_tests().filter(|(_, line)| is_way(line) && !line.trim_start().starts_with("//"));
        found.extend(lines.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())));
    }
    assert_none(&found, "texts are printed by cli/failure.rs");
}

#[test]
fn no_file_knows_a_machine() {
    let paths =
        [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/tm", "p/"), concat!("C:", "\\")];
    let mut files: Vec<String> = ["src", "tests", "benches", "docs", "scenarios"]
        .iter()
        .flat_map(|folder| below(folder, &[".rs", ".md", ".toml", ".snap", ".sh", ".css", ".js"]))
        .collect();
    let others = ["README.md", "CHANGELOG.md", "Cargo.toml", "CITATION.cff", "pyproject.toml"];
    files.extend(others.map(str::to_owned).into_iter().filter(|file| root().join(file).exists()));
    files.extend(below("release", &[""]));
    let mut found = Vec::new();
    for file in files {
        for (index, line) in read(&file).lines().enumerate() {
            if paths.iter().any(|path| line.contains(path)) {
                found.push(format!("{file}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    assert_none(&found, "no file holds a path of somebody's machine");
}

#[test]
fn every_purpose_of_a_draw_has_a_name_and_a_number_of_its_own() {
    let mut names: Vec<String> = Vec::new();
    for source in sources("src").iter().filter(|source| source.room() != Some("random")) {
        for (number, line) in source.before_tests() {
            for (at, call) in without_comment(line).match_indices("Purpose::named(") {
                let argument = line[at + call.len()..].strip_prefix('"').and_then(|rest| rest.split_once('"'));
                let (name, _) = argument.unwrap_or_else(|| panic!("{}:{number}: a purpose is named in place", source.path));
                names.push(name.to_owned());
            }
        }
    }
    assert!(names.len() >= 10, "{names:?}");
    let is_plain = |name: &&String| {
        name.split('.').count() == 2 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.' || byte == b'_')
    };
    assert_eq!(names.iter().filter(is_plain).count(), names.len(), "a purpose is `process.what`: {names:?}");
    let mut numbers = BTreeMap::new();
    for name in names {
        let number = Purpose::named(name.clone().leak()).number();
        if let Some(other) = numbers.insert(number, name.clone()) {
            panic!("{name} and {other} have the same number {number}");
        }
    }
}
