//! What is said of a chart: the heading above it, and sentences for those who do not see it.

use std::fmt::Display;

use super::super::drawing::frame::{Key, heading_height, lines_of_keys};
use super::super::drawing::theme::LINE;

/// What stands above a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// What is shown.
    pub title: String,
    /// What a reader must know, below the title; often empty.
    pub note: String,
}

impl Heading {
    /// A title without a note.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), note: String::new() }
    }

    /// The same with a note.
    #[must_use]
    pub fn with_note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// Height that it takes on a picture of this width in pixels, with the keys below it.
    pub(super) fn height(&self, width: u32, keys: &[Key]) -> f64 {
        let width = f64::from(width);
        heading_height(width, &self.title, &self.note) + lines_of_keys(width, keys) as f64 * LINE
    }
}

/// A sentence on each: its name, and what is said of it.
pub(super) fn sentences<'t, T, N: Display>(each: &'t [T], said: impl Fn(&'t T) -> (N, String)) -> String {
    let sentence = |(name, words): (N, String)| format!("{name}: {words}.");
    let sentences: Vec<String> = each.iter().map(|one| sentence(said(one))).collect();
    sentences.join(" ")
}
