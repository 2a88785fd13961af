//! The reader that values and tables are read with.

use std::ops::Range;

use super::diagnostic::{Diagnostic, name_help};
use super::document::{Node, Tree};
use super::months::PlanMonths;
use super::names::Names;

/// Reads nodes and records their mistakes.
#[derive(Debug)]
pub struct Reader<'n> {
    names: &'n Names,
    text: &'n str,
    path: Vec<String>,
    found: Vec<Diagnostic>,
}

impl<'n> Reader<'n> {
    /// Returns a reader that knows these names.
    #[must_use]
    pub fn new(names: &'n Names) -> Self {
        Self { names, text: "", path: Vec::new(), found: Vec::new() }
    }

    /// Returns the same reader for nodes of `text`, whose values can be returned as typed.
    #[must_use]
    pub fn of_text(self, text: &'n str) -> Self {
        Self { text, ..self }
    }

    /// Returns a value as it was typed, on one line.
    #[must_use]
    pub fn typed(&self, node: &Node) -> String {
        node.typed(self.text)
    }

    /// Returns the recorded mistakes.
    #[must_use]
    pub fn finish(self) -> Vec<Diagnostic> {
        self.found
    }

    /// Returns the names of one kind that the scenario declares.
    #[must_use]
    pub fn names(&self, kind: &str) -> &'n [Option<String>] {
        self.names.of(kind)
    }

    /// Returns the months of the scenario.
    #[must_use]
    pub fn months(&self) -> PlanMonths {
        self.names.months
    }

    /// Returns the text of a file that the scenario names.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&'n str> {
        self.names.files.get(name).map(String::as_str)
    }

    /// Records a mistake at a place, under the current key.
    pub fn refuse(&mut self, place: &Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.note(place, message.into(), help, false);
    }

    /// Returns the dotted path of the current key.
    #[must_use]
    pub fn key(&self) -> String {
        self.path.concat().trim_start_matches('.').to_owned()
    }

    pub(super) fn note(&mut self, place: &Range<usize>, message: String, help: Option<String>, is_absence: bool) {
        let key = self.key();
        self.found.push(Diagnostic { place: place.clone(), key, message, help, is_absence, overridden: None });
    }

    /// Drops the mistake that a key of the current table is missing, because it is misspelt: that is one mistake, not two.
    pub(super) fn forgive_absence(&mut self, key: &str) {
        let missing = format!("{}.{key}", self.path.concat());
        let missing = missing.trim_start_matches('.');
        self.found.retain(|diagnostic| !(diagnostic.is_absence && diagnostic.key == missing));
    }

    /// Reads below `key` (`.name` or `[index]`).
    pub fn under<T>(&mut self, key: String, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key);
        let value = read(self);
        self.path.pop();
        value
    }

    /// Returns the number of mistakes recorded so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// Records that a node is not what was expected.
    pub fn expected(&mut self, node: &Node, what: &str) {
        self.refuse(&node.place, format!("{} found, expected {what}", node.in_words()), None);
    }

    /// Returns the position of the name in `node` among the declared names of `kind`.
    pub fn reference(&mut self, node: &Node, kind: &str) -> Option<usize> {
        let Tree::Text(name) = &node.tree else {
            self.expected(node, &format!("the name of one {kind}"));
            return None;
        };
        self.position(name, &node.place, kind)
    }

    /// Returns the position of `name`, found at `place`, among the declared names of `kind`.
    pub fn position(&mut self, name: &str, place: &Range<usize>, kind: &str) -> Option<usize> {
        let names = self.names(kind);
        let position = names.iter().position(|known| known.as_deref() == Some(name));
        // A name that could not be read may be the intended one.
        if position.is_none() && names.iter().all(Option::is_some) {
            let allowed: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
            self.refuse(place, format!("there is no {kind} named {name:?}"), name_help(name, &allowed));
        }
        position
    }
}
