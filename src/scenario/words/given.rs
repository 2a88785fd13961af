//! The keys that a table of the scenario gives, so that the words can say where a default applies.

use crate::input::{Node, Section, Tree};

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
pub(super) struct Given<'s>(Option<&'s Section>);

impl<'s> Given<'s> {
    pub(super) fn at(root: &'s Section, path: &[Step<'_>]) -> Self {
        let Some((first, rest)) = path.split_first() else { return Self(Some(root)) };
        let Step::Key(key) = first else { return Self(None) };
        let below = |node: Option<&'s Node>, step: &Step<'_>| match (step, &node?.tree) {
            (Step::Key(key), Tree::Table(section)) => section.get(key),
            (Step::Item(index), Tree::List(list)) => list.get(*index),
            _ => None,
        };
        Self(rest.iter().fold(root.get(key), below).and_then(Node::section))
    }

    fn get(&self, key: &str) -> Option<&'s Node> {
        self.0?.get(key)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the table gives any key but this.
    pub(super) fn has_others_than(&self, key: &str) -> bool {
        self.0.is_some_and(|section| section.entries.iter().any(|entry| entry.key != key))
    }

    /// Returns the number that the table gives for a key.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.number()
    }

    /// Returns the text that the table gives for a key.
    pub(super) fn text(&self, key: &str) -> Option<&'s str> {
        if let Tree::Text(text) = &self.get(key)?.tree { Some(text) } else { None }
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
