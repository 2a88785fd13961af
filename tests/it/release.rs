//! What goes out with a release says the same as Cargo.toml.

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
