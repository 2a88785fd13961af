//! The keys that a table of the scenario gives, so that the words can say where a default applies.

use crate::input::{Section, Tree};

/// The most omitted keys on one line.
const LEFT_OUT_AT_MOST: usize = 5;

/// A step of a path to a table: a key, or a position in a list.
#[derive(Clone, Copy)]
pub(super) enum Step<'k> {
    /// A key.
    Key(&'k str),
    /// A position in a list, from 0.
    Item(usize),
}

/// The keys that a table gives. Empty if there is no such table.
pub(super) struct Given(Section);

impl Given {
    pub(super) fn at(root: &Section, path: &[Step<'_>]) -> Self {
        let mut tree = Tree::Table(root.clone());
        for step in path {
            let below = match (step, tree) {
                (Step::Key(key), Tree::Table(section)) => section.get(key).map(|node| node.tree.clone()),
                (Step::Item(index), Tree::List(list)) => list.get(*index).map(|node| node.tree.clone()),
                _ => None,
            };
            tree = below.unwrap_or(Tree::Flag(false));
        }
        Self(if let Tree::Table(section) = tree { section } else { Section::default() })
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.entry(key).is_some()
    }

    /// Whether the table gives any key but this.
    pub(super) fn has_others_than(&self, key: &str) -> bool {
        self.0.entries.iter().any(|entry| entry.key != key)
    }

    /// Returns the number that the table gives for a key.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.0.get(key)?.number()
    }

    /// Returns the text that the table gives for a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        if let Tree::Text(text) = &self.0.get(key)?.tree { Some(text) } else { None }
    }

    /// Returns what to add to the words about a key: nothing if it is given.
    pub(super) fn mark(&self, key: &str) -> &'static str {
        if self.has(key) { "" } else { " (default)" }
    }

    /// Returns words for the omitted keys, in short lines: `no rotation, no burnout (defaults)`.
    pub(super) fn left_out(&self, keys: &[(&str, &str)]) -> Vec<String> {
        let words: Vec<&str> = keys.iter().filter(|(key, _)| !self.has(key)).map(|(_, words)| *words).collect();
        let line = |words: &[&str]| {
            let plural = if words.len() > 1 { "s" } else { "" };
            format!("{} (default{plural})", words.join(", "))
        };
        words.chunks(LEFT_OUT_AT_MOST).map(line).collect()
    }
}
