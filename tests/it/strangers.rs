//! Bytes from strangers: inputs kept from fuzzing (`fuzz/`, `docs/promises.md`) are fed to the same functions.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use super::program::walk;

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "the package of the fuzz targets makes them public")]
mod handled;

/// Feeds each file of a folder to a function, and reports the names of those that it did not survive.
fn replay(folder: &str, handle: fn(&[u8])) {
    let mut files: Vec<PathBuf> = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    assert!(files.len() >= 4, "{folder}: {files:?}");
    let bytes = |path: &PathBuf| fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let failed: Vec<PathBuf> = files.into_iter().filter(|path| catch_unwind(|| handle(&bytes(path))).is_err()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn scenarios_are_read_told_and_simulated_or_refused() {
    replay("scenarios", handled::scenario);
    replay("tests/it/broken", handled::scenario);
}

#[test]
fn overrides_are_applied_or_refused() {
    replay("fuzz/seeds/overrides", handled::overrides);
}

#[test]
fn result_folders_are_read_and_drawn_or_refused() {
    replay("fuzz/seeds/results", handled::results);
}

#[test]
fn blocks_are_read_and_merged_or_refused() {
    replay("fuzz/seeds/block", handled::block);
}

#[test]
fn the_dictionary_has_every_key() {
    let dictionary =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/scenario.dict")).expect("it is there");
    let mut missing = Vec::new();
    keys(&handover::scenario::schema(), &mut |key| {
        if !dictionary.contains(&format!("\"{key} = \"")) {
            missing.push(key.to_owned());
        }
    });
    assert!(missing.is_empty(), "fuzz/scenario.dict lacks {missing:?}");
}

/// Passes on all keys that a schema describes.
fn keys(schema: &serde_json::Value, tell: &mut impl FnMut(&str)) {
    if let Some(properties) = schema["properties"].as_object() {
        properties.keys().for_each(|key| tell(key));
    }
    match schema {
        serde_json::Value::Object(entries) => entries.values().for_each(|value| keys(value, tell)),
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, tell)),
        _ => {}
    }
}
