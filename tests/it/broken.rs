//! Broken scenarios as files: `broken/` holds one for each mistake that people make, named by its kind.
//!
//! In a file with `# wrong` the mistake is in that line.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::lists::against_schema;
use super::program::{BINARY, Exit, Folder, run_to_end, walk};

/// Kinds of mistakes: the first part of the name of a file, and whether a schema can detect them.
const KINDS: [(&str, bool); 7] = [
    ("contradiction", false),
    ("key", true),
    ("range", true),
    ("reference", false),
    ("syntax", false),
    ("text", false),
    ("type", true),
];

/// Mistakes that a schema cannot detect, although it detects others of their kind.
const BEYOND_SCHEMA: [&str; 1] = [
    // For a schema, a date is text with a note on its format.
    "range_start_too_far_away",
];

/// Returns the broken scenarios of a kind: names and bytes.
fn broken(kind: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<PathBuf> = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/broken"), &mut files);
    let name = |path: &PathBuf| path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
    files.retain(|path| name(path).starts_with(&format!("{kind}_")));
    files.sort();
    files.iter().map(|path| (name(path), fs::read(path).expect("it can be read"))).collect()
}

/// Returns the message for a broken scenario. Each mistake must name its place and, if it has one, its key.
fn told(name: &str, bytes: &[u8]) -> String {
    let (folder, file) = (Folder::new(), format!("{name}.toml"));
    folder.write(&file, bytes);
    let begun = Instant::now();
    let Exit { status, out, err } = folder.run(&["run", &file, "-o", "out"]);
    // Generous, because the machine may be busy.
    assert!(begun.elapsed() < Duration::from_secs(10), "{name}: {:?}", begun.elapsed());
    assert_eq!((status, out.as_str()), (Some(2), ""), "{name}: {err}");
    assert!(!err.contains("panicked") && !folder.path("out").exists(), "{name}: {err}");
    let mistakes: Vec<&str> = err.split("error: ").skip(1).collect();
    let text = String::from_utf8_lossy(bytes);
    let wrong = text.lines().position(|line| line.contains("# wrong")).map(|index| index + 1);
    assert!(!mistakes.is_empty(), "{name}: {err}");
    let mut lines = Vec::new();
    // A file that is plainly something else has no place.
    if err.contains(", expected a scenario: ") {
        return err;
    }
    for mistake in &mistakes {
        let place = mistake.split(&format!("--> {file}:")).nth(1).and_then(|rest| rest.split(':').next());
        lines.push(place.and_then(|line| line.parse().ok()).unwrap_or_else(|| panic!("{name} has no place: {err}")));
        // A syntax error has no key other than what is underlined.
        let has_key = mistake.starts_with('`') && mistake.contains("`: ");
        assert!(has_key || ["syntax", "text", "key_with"].iter().any(|kind| name.starts_with(kind)), "{name}: {mistake}");
        assert!(mistake.contains('^'), "{name} underlines nothing: {mistake}");
    }
    assert!(wrong.is_none_or(|line| lines.contains(&line)), "{name}: {wrong:?} is not among {lines:?}\n{err}");
    err
}

#[test]
fn every_broken_scenario_is_told_its_place_key_and_remedy() {
    let mut count = 0;
    for (kind, _) in KINDS {
        let files = broken(kind);
        count += files.len();
        let said: String = files.iter().map(|(name, bytes)| format!("{}\n", told(name, bytes))).collect();
        insta::assert_snapshot!(format!("broken_{kind}"), said);
    }
    assert!(count >= 80, "{count} files");
}

#[test]
fn the_schema_refuses_all_that_a_schema_can_know() {
    for (kind, can_know) in KINDS {
        for (name, bytes) in broken(kind) {
            let text = String::from_utf8(bytes).expect("it is text");
            let is_toml = text.parse::<toml::Table>().is_ok();
            assert_eq!(is_toml, kind != "syntax" && !is_no_toml(&name), "{name}");
            if is_toml {
                let knows = kind == "text" || (can_know && !BEYOND_SCHEMA.contains(&name.as_str()));
                assert_eq!(!against_schema(&text).is_empty(), knows, "{name}: {:?}", against_schema(&text));
            }
        }
    }
}

/// Returns whether a file that is not of kind `syntax` is not valid TOML either.
fn is_no_toml(name: &str) -> bool {
    ["key_with_letters_that_only_look_alike", "text_no_break_space", "text_vertical_tab", "text_zero_byte"].contains(&name)
}

#[test]
fn a_hundred_megabytes_of_brackets_are_refused_soon_and_in_little_memory() {
    let folder = Folder::new();
    let mut file = fs::File::create(folder.path("brackets.toml")).expect("a file can be made");
    let brackets = "[".repeat(1 << 20);
    (0..100).for_each(|_| file.write_all(brackets.as_bytes()).expect("there is space"));
    let begun = Instant::now();
    // A limit of 200 MB of address space: more would end the program.
    let script = "ulimit -v 200000; exec \"$0\" check brackets.toml";
    let Exit { status, out, err } = run_to_end(&mut folder.command_of("sh", &["-c", script, BINARY]));
    assert_eq!((status, out.as_str()), (Some(2), ""), "{err}");
    assert_eq!(err, "error: brackets.toml: is larger than 10 MiB, too large for a scenario\n");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn what_cannot_be_read_is_named_with_the_reason() {
    let folder = Folder::new();
    // Anyone can open it, but nobody can read it.
    let Exit { status, out, err } = folder.run(&["check", "/proc/self/mem"]);
    assert_eq!((status, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.starts_with("error: /proc/self/mem: cannot be read: "), "{err}");
    let Exit { status, err, .. } = folder.run(&["check", "."]);
    assert_eq!(status, Some(2), "{err}");
    assert!(err.contains("is a folder, expected a file"), "{err}");
}
