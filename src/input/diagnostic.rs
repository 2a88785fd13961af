//! Diagnostics: one for each mistake in a scenario, with its place, and how to show them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::report::escape;

/// Diagnostics beyond this number are only counted.
const SHOWN_AT_MOST: usize = 50;
/// For lines longer than this, only the part around the mistake is shown.
const LONGEST_LINE_SHOWN: usize = 400;
const SHOWN_AROUND: usize = 60;
/// The longest message shown, in characters.
const LONGEST_MESSAGE: usize = 600;
/// The longest key in a message, in characters.
const LONGEST_KEY: usize = 400;

/// One mistake in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The bytes of the text that are at fault.
    pub place: Range<usize>,
    /// The dotted path of the key at fault. Empty for a syntax error.
    pub key: String,
    /// What was found and what is expected: one line, lower case, no full stop.
    pub message: String,
    /// How to fix it, for instance the nearest valid name.
    pub help: Option<String>,
    /// Whether something is missing. Such a mistake may be only a consequence of an earlier one.
    pub is_absence: bool,
    /// Its place in an override, if it came from one.
    pub overridden: Option<Overridden>,
}

impl Diagnostic {
    /// Returns the message, with its key in front.
    #[must_use]
    pub fn title(&self) -> String {
        if self.key.is_empty() {
            return visible(&self.message);
        }
        // A long key must not displace the message.
        let mut key: String = self.key.chars().take(LONGEST_KEY).collect();
        key.push_str(if key.len() < self.key.len() { "…" } else { "" });
        visible(&format!("`{key}`: {}", self.message))
    }

    /// Returns what distinguishes this mistake from others at its place. An organisation that takes a table from another one
    /// repeats its mistakes under its own name.
    fn identity(&self) -> (usize, usize, String, String) {
        let inherited = self.key.strip_prefix("organisation.").and_then(|rest| rest.split_once('.'));
        let key = inherited.map_or(self.key.as_str(), |(_, key)| key);
        (self.place.start, self.place.end, self.message.clone(), key.to_owned())
    }

    /// Whether this is a syntax error of TOML.
    fn is_of_syntax(&self) -> bool {
        self.key.is_empty() && self.overridden.is_none()
    }
}

/// All mistakes of one scenario, with its text.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    /// The text of the scenario.
    pub text: String,
    /// The mistakes in order of their places.
    pub all: Vec<Diagnostic>,
}

/// A place in an override, as given on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overridden {
    /// The override, e.g. `demand.engineer=-1`.
    pub given: String,
    /// The bytes of the override that are at fault.
    pub place: Range<usize>,
}

impl Diagnostics {
    /// Sorts the mistakes by place, and drops duplicates and consequences of others.
    #[must_use]
    pub fn new(text: String, mut all: Vec<Diagnostic>) -> Self {
        let broken = broken_lines(&text, &all);
        // A value from a broken line is missing or wrong because the line is broken.
        all.retain(|found| {
            let before = broken.partition_point(|lines| lines.start <= found.place.start);
            let is_broken = broken[..before].last().is_some_and(|lines| found.place.start < lines.end);
            found.is_of_syntax() || (broken.is_empty() || !found.is_absence) && !is_broken
        });
        all.sort_by_key(|found| (found.overridden.is_some(), found.place.start, found.place.end));
        all.dedup_by(|later, earlier| {
            later.is_of_syntax() && earlier.is_of_syntax() && later.place.start == earlier.place.start
        });
        let mut reported = BTreeSet::new();
        all.retain(|found| reported.insert(found.identity()));
        Self { text, all }
    }

    /// Returns line and column (both from 1, columns in characters) of a byte of the text.
    #[must_use]
    pub fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..floor_boundary(&self.text, byte)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// Returns all mistakes for a reader, each with file, line, column, the underlined text and the remedy.
    #[must_use]
    pub fn render(&self, path: &str, colour: bool) -> String {
        let mut shown = self.render_each(path, colour);
        let (path, count) = (escape::visible(path), self.all.len());
        let _ = write!(
            shown,
            "{path}: {count} {} found, nothing was simulated",
            if count == 1 { "mistake" } else { "mistakes" }
        );
        shown
    }

    /// Returns the same without the number of mistakes. Each mistake ends with an empty line.
    #[must_use]
    pub fn render_each(&self, path: &str, colour: bool) -> String {
        let mut shown = String::new();
        for diagnostic in self.all.iter().take(SHOWN_AT_MOST) {
            shown.push_str(&self.render_one(diagnostic, path, colour));
            shown.push_str("\n\n");
        }
        let count = self.all.len();
        if count > SHOWN_AT_MOST {
            let _ = writeln!(shown, "... and {} more", count - SHOWN_AT_MOST);
        }
        shown
    }

    fn render_one(&self, diagnostic: &Diagnostic, path: &str, colour: bool) -> String {
        if let Some(Overridden { given, place }) = &diagnostic.overridden {
            return snippet(given, "--set", place.clone(), diagnostic, colour);
        }
        let (start, end) = self.line_bounds(diagnostic.place.start);
        if end - start > LONGEST_LINE_SHOWN {
            return self.render_cut(diagnostic, &escape::visible(path), &self.text[start..end]);
        }
        snippet(&self.text, path, diagnostic.place.clone(), diagnostic, colour)
    }

    /// Shows a mistake in a line that is too long to show whole.
    fn render_cut(&self, diagnostic: &Diagnostic, path: &str, line: &str) -> String {
        let (number, column) = self.line_and_column(diagnostic.place.start);
        let before = (column - 1).min(SHOWN_AROUND);
        let cut: String = line.chars().skip(column - 1 - before).take(before + SHOWN_AROUND).collect();
        let length =
            self.text[floor_boundary(&self.text, diagnostic.place.start)..].chars().take(diagnostic.place.len()).count();
        let marks = "^".repeat(length.clamp(1, SHOWN_AROUND));
        let gap = " ".repeat(number.to_string().len());
        let mut shown = format!("error: {}\n{gap}--> {path}:{number}:{column}\n{gap} |\n", diagnostic.title());
        let _ = write!(shown, "{number} | ...{}...\n{gap} | {}{marks}", visible(&cut), " ".repeat(3 + before));
        if let Some(help) = &diagnostic.help {
            let _ = write!(shown, "\n{gap} |\n{gap} = help: {}", visible(help));
        }
        shown
    }

    fn line_bounds(&self, byte: usize) -> (usize, usize) {
        let byte = floor_boundary(&self.text, byte);
        let start = self.text[..byte].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[byte..].find('\n').map_or(self.text.len(), |newline| byte + newline);
        (start, end)
    }
}

/// Returns the lines of each syntax error, as bytes of the text, in order.
fn broken_lines(text: &str, all: &[Diagnostic]) -> Vec<Range<usize>> {
    let lines = |found: &Diagnostic| {
        let (start, end) = (floor_boundary(text, found.place.start), floor_boundary(text, found.place.end));
        let begin = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        begin..text[end..].find('\n').map_or(text.len(), |newline| end + newline)
    };
    let mut broken: Vec<Range<usize>> = all.iter().filter(|found| found.is_of_syntax()).map(lines).collect();
    broken.sort_by_key(|lines| lines.start);
    broken
}

fn snippet(text: &str, path: &str, place: Range<usize>, diagnostic: &Diagnostic, colour: bool) -> String {
    let end = floor_boundary(text, first_line_end(text, &place));
    let start = floor_boundary(text, place.start.min(end));
    let title = diagnostic.title();
    // Neither the name of a file nor its text may control a terminal. The renderer replaces only some of what could.
    let path = escape::visible(path).replace(['\n', '\t'], " ");
    let excerpt = Snippet::source(text).path(path.as_str()).annotation(AnnotationKind::Primary.span(start..end));
    let title = Level::ERROR.primary_title(title.as_str());
    // An empty text has nothing to show.
    let mut group = if text.is_empty() { Group::with_title(title) } else { title.element(excerpt) };
    let help = diagnostic.help.as_deref().map(visible);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    escape::visible_but_colours(&renderer.decor_style(DecorStyle::Ascii).render(&[group]))
}

/// Returns a message with everything invisible shown, cut if it is too long.
#[must_use]
pub fn visible(text: &str) -> String {
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => escape::visible(&text[..end]) + "…",
        None => escape::visible(text),
    }
}

/// Returns the end of the underlined part: only the first line of a long place is underlined.
fn first_line_end(text: &str, place: &Range<usize>) -> usize {
    let (start, end) = (floor_boundary(text, place.start), floor_boundary(text, place.end));
    text[start..end.max(start)].find('\n').map_or(end, |newline| start + newline)
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// Returns the candidate nearest to `found`, if it is near enough to be meant.
#[must_use]
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (likeness(&found, &candidate.to_lowercase()), candidate))
        .filter(|&(likeness, _)| likeness >= 0.5)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// Returns how similar two names are, 0 to 1: by the letters to change, or because one abbreviates the other.
#[expect(clippy::cast_precision_loss, reason = "names are short")]
fn likeness(found: &str, candidate: &str) -> f64 {
    // If two candidates are equally near, the shorter is meant.
    let length_ratio = found.len().min(candidate.len()) as f64 / found.len().max(candidate.len()).max(1) as f64;
    let is_cut = found.len() >= 3 && (candidate.starts_with(found) || found.starts_with(candidate));
    // If one is so much longer, even with four bytes per letter, the two are not similar. It may be of any length.
    let letters = if length_ratio < 0.125 { 0.0 } else { strsim::normalized_damerau_levenshtein(found, candidate) };
    letters.max(if is_cut { 0.6 + 0.3 * length_ratio } else { 0.0 })
}

/// Lists at most this many names that are allowed.
const NAMED_AT_MOST: usize = 30;

/// Returns the help for a name that does not exist: the nearest valid one, and all of them if they are few.
#[must_use]
pub fn name_help(found: &str, allowed: &[&str]) -> Option<String> {
    let all = || allowed.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let meant = nearest(found, allowed.iter().copied()).map(|name| format!("did you mean `{name}`?"));
    match (meant, allowed.len()) {
        (meant, 0) => meant,
        (Some(meant), 1..=NAMED_AT_MOST) => Some(format!("{meant} allowed here: {}", all())),
        (None, 1..=NAMED_AT_MOST) => Some(format!("allowed here: {}", all())),
        (meant, _) => meant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(place: Range<usize>, message: &str) -> Diagnostic {
        Diagnostic { place, key: "a.b".into(), message: message.into(), help: None, is_absence: false, overridden: None }
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let found = Diagnostics::new("ab\ncäde\n".into(), vec![]);
        assert_eq!(found.line_and_column(0), (1, 1));
        assert_eq!(found.line_and_column(3), (2, 1));
        assert_eq!(found.line_and_column(6), (2, 3));
        assert_eq!(found.line_and_column(5), (2, 2), "a byte inside a character counts as that character");
        assert_eq!(found.line_and_column(999), (3, 1));
    }

    #[test]
    fn mistakes_are_sorted_and_reported_once() {
        let found =
            Diagnostics::new("x = 1\ny = 2\n".into(), vec![mistake(6..7, "b"), mistake(0..1, "a"), mistake(6..7, "b")]);
        assert_eq!(found.all.iter().map(|d| d.message.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn places_outside_the_text_or_inside_characters_do_not_panic() {
        for place in [0..0, 1..2, 3..3, 2..900, 900..901] {
            let shown = Diagnostics::new("ää\n".into(), vec![mistake(place, "odd")]).render("f.toml", false);
            assert!(shown.contains("odd"), "{shown}");
        }
    }

    #[test]
    fn the_nearest_name_is_suggested_only_when_it_is_near() {
        assert_eq!(nearest("recruters", ["mentors", "recruiters"]), Some("recruiters"));
        assert_eq!(nearest("bt", ["in_house", "bot"]), Some("bot"));
        assert_eq!(nearest("setup", ["own", "setup_days"]), Some("setup_days"));
        assert_eq!(nearest("zzz", ["mentors", "recruiters"]), None);
        assert_eq!(nearest("ramp", ["bad"]), None);
    }
}
