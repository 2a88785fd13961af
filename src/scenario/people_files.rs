//! Lists of people in files: a scenario names a file, and as run it holds the file's text.

use std::ops::Range;

use crate::input::document::quoted;
use crate::input::{Files, Node, Section, Tree};

/// Returns the names of the files that a scenario names, in the order of the text. None of them if the text has syntax
/// errors.
#[must_use]
pub fn named_files(text: &str) -> Vec<String> {
    // Few scenarios name a file.
    if !text.contains("people") {
        return Vec::new();
    }
    let (root, found) = Node::parse(text);
    let mut names: Vec<String> = Vec::new();
    for (_, name) in named(root.section().filter(|_| found.is_empty())) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Returns the text with the contents of its files in place of their names.
pub(super) fn with_contents(text: &str, files: &Files) -> String {
    let (root, _) = Node::parse(text);
    let mut whole = String::with_capacity(text.len() + files.values().map(String::len).sum::<usize>());
    let mut from = 0;
    let mut named = named(root.section());
    named.sort_by_key(|(place, _)| place.start);
    for (place, name) in named {
        let Some(content) = files.get(name) else { continue };
        whole += &text[from..place.start];
        whole += &as_value(content);
        from = place.end;
    }
    whole + &text[from..]
}

/// Returns where a scenario names a file, and the name.
fn named(root: Option<&Section>) -> Vec<(Range<usize>, &String)> {
    let strategies = root.and_then(|root| root.get("strategy")?.section());
    let people = strategies.into_iter().flat_map(|strategies| &strategies.entries).filter_map(|entry| {
        let node = entry.node.section()?.get("people")?;
        match &node.tree {
            Tree::Text(name) if !name.contains('\n') => Some((node.place.clone(), name)),
            _ => None,
        }
    });
    people.collect()
}

/// Returns a text of several lines as a TOML value.
fn as_value(content: &str) -> String {
    let lines = content.strip_prefix('\u{feff}').unwrap_or(content).replace("\r\n", "\n");
    // The name of a file has no line end, so the content of one must have.
    let lines = if lines.ends_with('\n') { lines } else { lines + "\n" };
    let is_plain =
        |text: &str| !text.contains("'''") && text.chars().all(|it| !it.is_control() || matches!(it, '\n' | '\t'));
    if is_plain(&lines) { format!("'''\n{lines}'''") } else { quoted(&lines, |_| false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contents_of_files_take_the_place_of_their_names() {
        let text = "strategy.a.people = \"x.csv\" # all\nstrategy.b.people = 'y'\nstrategy.c.people = 'role\\n'\n";
        assert_eq!(named_files(text), ["x.csv", "y", "role\\n"]);
        let files = Files::from([("x.csv".to_owned(), "role;joined\r\na;b".to_owned()), ("y".into(), "it's '''\n".into())]);
        let whole = with_contents(text, &files);
        assert_eq!(
            whole,
            "strategy.a.people = '''\nrole;joined\na;b\n''' # all\nstrategy.b.people = \"it's '''\\n\"\n\
             strategy.c.people = 'role\\n'\n"
        );
        assert_eq!(with_contents(&whole, &files), whole);
        assert_eq!(named_files("strategy.a.people = \"x.csv"), [""; 0]);
    }
}
