//! The words of a chart: its heading, and sentences for people who cannot see it.

use std::fmt::Display;

use super::super::drawing::frame::{Key, Words, lines_of_keys};
use super::super::drawing::theme::LINE;

/// What stands above a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// What the chart shows: its finding.
    pub title: String,
    /// What is drawn, and in which unit; may be empty.
    pub subtitle: String,
    /// What else a reader must know; often empty.
    pub note: String,
}

impl Heading {
    /// A title alone.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// The same with a subtitle.
    #[must_use]
    pub fn with_subtitle(self, subtitle: impl Into<String>) -> Self {
        Self { subtitle: subtitle.into(), ..self }
    }

    /// The same with a note.
    #[must_use]
    pub fn with_note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// What is drawn of it, with this note.
    pub(super) fn words<'w>(&'w self, note: &'w str) -> Words<'w> {
        Words { title: &self.title, subtitle: &self.subtitle, note }
    }

    /// Height that it takes on a picture of this width in pixels, with the keys below it.
    pub(super) fn height(&self, width: u32, keys: &[Key]) -> f64 {
        let width = f64::from(width);
        let keys = if keys.is_empty() { 0.0 } else { lines_of_keys(width, keys) as f64 * LINE + 4.0 };
        self.words(&self.note).height(width) + keys
    }

    /// Title and subtitle in a sentence.
    pub(super) fn sentence(&self) -> String {
        let parts = [&self.title, &self.subtitle].into_iter().filter(|part| !part.is_empty());
        parts.map(|part| part.trim_end_matches('.')).collect::<Vec<_>>().join(". ")
    }
}

/// Returns a sentence about each: its name, then its description.
pub(super) fn sentences<'t, T, N: Display>(each: &'t [T], describe: impl Fn(&'t T) -> (N, String)) -> String {
    let sentence = |(name, words): (N, String)| format!("{name}: {words}.");
    let sentences: Vec<String> = each.iter().map(|one| sentence(describe(one))).collect();
    sentences.join(" ")
}
