//! The latest measurements of criterion, read from its folder of samples.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

/// Returns a row for each bench: its name, the time of its shortest sample, and the time per element.
pub(crate) fn part_rows() -> Vec<String> {
    // The folder for temporary files of benches is next to that of criterion.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder is below target");
    let mut found = Vec::new();
    find(&target.join("criterion"), &mut found);
    let mut rows: Vec<String> = found.iter().filter_map(|folder| row(folder)).collect();
    rows.sort();
    rows
}

/// Adds all folders with the newest samples of a bench.
fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()) {
        if path.ends_with("new") { found.push(path) } else { find(&path, found) }
    }
}

fn row(folder: &Path) -> Option<String> {
    let read = |file: &str| serde_json::from_str::<Json>(&fs::read_to_string(folder.join(file)).ok()?).ok();
    let (about, sample) = (read("benchmark.json")?, read("sample.json")?);
    let numbers = |key: &str| Some(sample.get(key)?.as_array()?.iter().filter_map(Json::as_f64).collect::<Vec<f64>>());
    let times = numbers("times")?.into_iter().zip(numbers("iters")?).map(|(time, iterations)| time / iterations);
    let seconds = times.fold(f64::INFINITY, f64::min) / 1e9;
    let elements = about.get("throughput").and_then(|throughput| throughput.get("Elements")?.as_f64());
    let each = elements.filter(|&elements| elements > 1.0).map_or_else(String::new, |elements| readable(seconds / elements));
    Some(format!("| `{}` | {} | {each} |", about.get("full_id")?.as_str()?, readable(seconds)))
}

/// Formats a time with three figures and its unit.
pub(crate) fn readable(seconds: f64) -> String {
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];
    let (unit, name) = units.into_iter().find(|&(unit, _)| seconds >= unit).unwrap_or((1e-9, "ns"));
    let value = seconds / unit;
    let decimals = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.decimals$} {name}")
}
