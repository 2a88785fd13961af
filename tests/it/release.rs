//! What goes out with a release says the same as Cargo.toml, and its scripts are whole. They are run by hand: a build takes
//! minutes and needs the Python Package Index.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use toml::{Table, Value};

use super::docs::read;

fn package() -> Table {
    let manifest: Table = read("Cargo.toml").parse().expect("it is TOML");
    manifest["package"].as_table().expect("a table").clone()
}

/// The texts of a list.
fn texts(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect()
}

/// What a key of `CITATION.cff` holds, which is YAML of the plainest kind: a text on its line, or lines that are indented.
fn cited(key: &str) -> Vec<String> {
    let text = read("CITATION.cff");
    let mut lines = text.lines().skip_while(|line| !line.starts_with(&format!("{key}:")));
    let first = lines.next().unwrap_or_else(|| panic!("no {key} in CITATION.cff"));
    let first = first[key.len() + 1..].trim().trim_start_matches(">-").to_owned();
    let more = lines.take_while(|line| line.starts_with(' ')).map(|line| line.trim().trim_start_matches("- ").to_owned());
    [first].into_iter().chain(more).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_citation_is_of_this_version() {
    let package = package();
    assert_eq!(cited("version"), [env!("CARGO_PKG_VERSION")]);
    assert_eq!(cited("title"), [env!("CARGO_PKG_NAME")]);
    assert_eq!((cited("cff-version"), cited("type")), (vec!["1.2.0".to_owned()], vec!["software".to_owned()]));
    assert_eq!(cited("authors"), ["name: The handover developers"]);
    assert_eq!(cited("license").join(" OR "), env!("CARGO_PKG_LICENSE"));
    assert_eq!(cited("keywords"), texts(&package["keywords"]));
    assert!(cited("abstract").join(" ").starts_with(env!("CARGO_PKG_DESCRIPTION")));
}

#[test]
fn the_wheel_is_told_the_same_as_the_crate() {
    let package = package();
    let python: Table = read("pyproject.toml").parse().expect("it is TOML");
    let project = &python["project"];
    for key in ["description", "license", "readme", "keywords"] {
        assert_eq!(project[key], package[key], "{key}");
    }
    assert_eq!((texts(&project["dynamic"]), project.get("version")), (vec!["version"], None));
    assert_eq!(python["tool"]["maturin"]["bindings"].as_str(), Some("bin"));
    let missing: Vec<&str> = texts(&project["license-files"])
        .into_iter()
        .filter(|file| !Path::new(env!("CARGO_MANIFEST_DIR")).join(file).is_file())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_scripts_of_a_release_can_be_read_and_what_they_copy_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for script in ["build", "check", "notices"] {
        let path = root.join("release").join(script);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o111, 0o111, "release/{script} cannot be run");
        }
        if script == "notices" || Command::new("bash").arg("--version").output().is_err() {
            continue;
        }
        let told = Command::new("bash").arg("-n").arg(&path).output().expect("there is bash");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    }
    let build = fs::read_to_string(root.join("release/build")).expect("it is there");
    let copies = build.lines().filter_map(|line| line.strip_prefix("cp "));
    let words = copies.flat_map(|line| line.split(' ').map(str::to_owned)).filter(|word| !word.contains(['"', '$']));
    let words: BTreeSet<String> = words.collect();
    let missing: Vec<&String> = words.iter().filter(|word| !root.join(word).is_file()).collect();
    assert!(missing.is_empty() && words.len() >= 7, "{missing:?} of {words:?}");
}
