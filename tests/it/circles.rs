//! No circles between files: whatever a file uses, nothing of that uses the file, however far away.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::program::walk;

/// The path of a module, from the root of the crate.
type Module = Vec<String>;

/// The files of the crate by their modules, but for those that only hold others together.
fn files() -> BTreeMap<Module, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    let module = |path: &PathBuf| -> Module {
        let relative = path.strip_prefix(&root).expect("it is below").with_extension("");
        let mut parts: Module = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
            parts.pop();
        }
        parts
    };
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| (module(&path), path))
        .collect()
}

/// Code before the tests, without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("it can be read");
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The paths that a `use` names: `a::{b, c::d}` is two.
fn expanded(tree: &str) -> Vec<String> {
    let Some((before, rest)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in inner.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if letter == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| expanded(part)).map(|part| format!("{}{part}", before.trim())).collect()
}

/// All paths in code that begin at the crate or at a module above.
fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for statement in code.split(';') {
        if let Some((before, tree)) = statement.rsplit_once("use ")
            && before.trim_end().is_empty() | before.ends_with(['\n', ' ', ')'])
        {
            found.extend(expanded(tree));
        }
    }
    for begin in ["super::", "crate::"] {
        // Not `super::` within `super::super::`.
        for (at, _) in code.match_indices(begin).filter(|(at, _)| !code[..*at].ends_with("::")) {
            let path = code[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next();
            found.extend(path.map(str::to_owned));
        }
    }
    found
}

/// The file that a path leads to, from a module.
fn target(files: &BTreeMap<Module, PathBuf>, from: &Module, path: &str) -> Option<Module> {
    let mut full = from.clone();
    let mut is_relative = false;
    for part in path.split("::").map(str::trim) {
        match part {
            "crate" => full.clear(),
            "super" => drop(full.pop()),
            "self" => {}
            _ => full.push(part.to_owned()),
        }
        is_relative |= ["crate", "super", "self"].contains(&part);
    }
    if !is_relative {
        return None;
    }
    (1..=full.len()).rev().map(|length| full[..length].to_vec()).find(|module| files.contains_key(module))
}

#[test]
fn no_file_uses_itself_in_the_end() {
    let files = files();
    let holds_others = |module: &Module| files[module].ends_with("mod.rs") || module.is_empty();
    let mut uses: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, path) in files.iter().filter(|(module, _)| !holds_others(module)) {
        let targets = paths(&code(path)).into_iter().filter_map(|path| target(&files, module, &path));
        let targets = targets.filter(|target| target != module && !holds_others(target)).collect();
        uses.insert(module, targets);
    }
    assert!(uses.len() > 150 && uses.values().map(BTreeSet::len).sum::<usize>() > 300, "it finds who uses whom");
    // Whoever uses nobody that is left is no part of a circle.
    while let Some(done) = {
        let is_done = |(_, targets): &(&&Module, &BTreeSet<Module>)| !targets.iter().any(|target| uses.contains_key(target));
        uses.iter().find(is_done).map(|(module, _)| (*module).clone())
    } {
        uses.remove(&done);
    }
    // Nor is whoever nobody uses that is left.
    while let Some(done) = {
        let is_used = |module: &Module| uses.values().any(|targets| targets.contains(module));
        uses.keys().find(|module| !is_used(module)).map(|module| (*module).clone())
    } {
        uses.remove(&done);
    }
    let circles: Vec<String> = uses
        .iter()
        .map(|(module, targets)| {
            let targets: Vec<String> =
                targets.iter().filter(|target| uses.contains_key(target)).map(|target| target.join("::")).collect();
            format!("{} uses {}", module.join("::"), targets.join(", "))
        })
        .collect();
    assert!(circles.is_empty(), "files in circles:\n{}", circles.join("\n"));
}
