//! The mistakes in a request for variation, for a reader: the input with the part at fault underlined.

use std::fmt;
use std::ops::Range;

use crate::input::{Diagnostic, Diagnostics};

/// The most points whose mistakes are shown.
const POINTS_SHOWN: usize = 20;

/// An input with mistakes that says what to vary: an argument, a file, or the levels of a point.
#[derive(Clone, Debug)]
pub struct BadVariation {
    /// Its source: an option such as `--vary`, the label of a file, or `point 7`.
    pub source: String,
    /// The number of the point, if the point is not a valid scenario.
    pub point: Option<usize>,
    /// The text and its mistakes. The text is empty if something is missing.
    pub mistakes: Diagnostics,
}

impl BadVariation {
    /// Returns its mistakes for a reader, each with the underlined text, the remedy and an empty line.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        self.mistakes.render_each(&self.source, colour)
    }

    /// Returns the mistakes of several inputs, of at most 20 points, and their number.
    #[must_use]
    pub fn render_all(all: &[Self], colour: bool) -> String {
        let mut shown = String::new();
        let (points, others): (Vec<&Self>, Vec<&Self>) = all.iter().partition(|bad| bad.point.is_some());
        for bad in others.iter().chain(points.iter().take(POINTS_SHOWN)) {
            shown += &bad.render(colour);
        }
        if points.len() > POINTS_SHOWN {
            let more = points.len() - POINTS_SHOWN;
            shown +=
                &format!("... and {more} more {} no valid scenario\n\n", if more == 1 { "point is" } else { "points are" });
        }
        let count: usize = all.iter().map(|bad| bad.mistakes.all.len()).sum();
        shown + &format!("{count} {} found, nothing was simulated", if count == 1 { "mistake" } else { "mistakes" })
    }
}

impl fmt::Display for BadVariation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for BadVariation {}

/// A place in an input: an option or a file, its text, and bytes of it.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) source: String,
    pub(super) text: String,
    pub(super) place: Range<usize>,
}

impl Origin {
    /// Returns the whole of a text.
    pub(super) fn of(source: &str, text: &str) -> Self {
        Self { source: source.to_owned(), text: text.to_owned(), place: 0..text.len() }
    }

    /// Returns an empty place.
    pub(super) fn nowhere() -> Self {
        Self::of("", "")
    }

    /// Returns a part of the same text.
    pub(super) fn part(&self, place: Range<usize>) -> Self {
        Self { place, ..self.clone() }
    }
}

/// A mistake: its key, the message, and the remedy.
pub(super) struct Mistake {
    pub(super) key: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Mistake {
    pub(super) fn new(key: &str, message: impl Into<String>) -> Self {
        Self { key: key.to_owned(), message: message.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// All mistakes, grouped by the text that they are in.
#[derive(Default)]
pub(super) struct Mistakes(Vec<BadVariation>);

impl Mistakes {
    pub(super) fn refuse(&mut self, origin: &Origin, mistake: Mistake) {
        let Mistake { key, message, help } = mistake;
        let place = origin.place.clone();
        let diagnostic = Diagnostic { place, key, message, help, is_absence: false, overridden: None };
        let known = self.0.iter_mut().find(|bad| bad.source == origin.source && bad.mistakes.text == origin.text);
        match known {
            Some(bad) => bad.mistakes.all.push(diagnostic),
            None => self.add(&origin.source, Diagnostics { text: origin.text.clone(), all: vec![diagnostic] }),
        }
    }

    /// Adds the mistakes of a file.
    pub(super) fn add(&mut self, source: &str, mistakes: Diagnostics) {
        self.0.push(BadVariation { source: source.to_owned(), point: None, mistakes });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all mistakes, with texts in the order of their first mistake and mistakes in the order of their places.
    pub(super) fn finish(mut self) -> Vec<BadVariation> {
        for bad in &mut self.0 {
            bad.mistakes.all.sort_by_key(|found| (found.place.start, found.place.end));
        }
        self.0
    }
}
