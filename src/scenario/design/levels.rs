//! Levels as typed on the command line: `2..10`, `0.6..0.9:0.1`, `13,19,25` or a TOML array.

use std::collections::BTreeSet;
use std::ops::Range;

use toml_edit::Value;

use crate::input::decimal::Decimal;
use crate::input::document::shortened;
use crate::input::{Node, Tree};
use crate::world::LEVELS_AT_MOST;

use super::super::overrides::not_a_value;
use super::bad::{Mistake, Mistakes, Origin};

/// Reads the levels, as typed, in a part of an argument. None after a mistake, which is recorded. `name` is the factor's
/// name.
pub(super) fn levels(origin: &Origin, name: &str, found: &mut Mistakes) -> Option<Vec<String>> {
    let text = &origin.text[origin.place.clone()];
    let items: Vec<Range<usize>> = split(text, ',').into_iter().map(|item| shifted(&item, origin.place.start)).collect();
    let levels = match items.as_slice() {
        [one] if origin.text[one.clone()].is_empty() => {
            let help = "write A..B, A..B:STEP, or values with commas between them";
            found.refuse(origin, Mistake::new(name, "no level found, expected at least one").help(help));
            return None;
        }
        [one] if is_range(&origin.text[one.clone()]) => {
            let steps = steps(&origin.text[one.clone()]);
            let steps =
                steps.map_err(|message| found.refuse(&origin.part(one.clone()), Mistake::new(name, message))).ok()?;
            return Some(steps);
        }
        [one] if origin.text[one.clone()].starts_with('[') => of_array(origin, one, name, found)?,
        several => of_values(origin, several, name, found)?,
    };
    if levels.len() > LEVELS_AT_MOST {
        let message = format!("{} levels found, expected at most {LEVELS_AT_MOST}", levels.len());
        found.refuse(origin, Mistake::new(name, message));
        return None;
    }
    unlike(levels, origin, name, found)
}

/// A level and its place.
type LevelWithPlace = (String, Range<usize>);

/// Reads the items of a TOML array.
fn of_array(origin: &Origin, place: &Range<usize>, name: &str, found: &mut Mistakes) -> Option<Vec<LevelWithPlace>> {
    const KEY: &str = "v = ";
    let _ = of_values(origin, std::slice::from_ref(place), name, found)?;
    let text = format!("{KEY}{}", &origin.text[place.clone()]);
    let (root, _) = Node::parse(&text);
    let Some(Node { tree: Tree::List(items), .. }) = root.section().and_then(|root| root.get("v")) else { return None };
    if items.is_empty() {
        found.refuse(&origin.part(place.clone()), Mistake::new(name, "an empty list found, expected at least one level"));
        return None;
    }
    let back = |item: &Node| {
        let start = place.start + item.place.start - KEY.len();
        start..start + item.place.len()
    };
    Some(items.iter().map(|item| (item.typed(&text), back(item))).collect())
}

/// Reads values, each of which must be a TOML value.
fn of_values(origin: &Origin, places: &[Range<usize>], name: &str, found: &mut Mistakes) -> Option<Vec<LevelWithPlace>> {
    let mut values = Vec::new();
    for place in places {
        match value(&origin.text[place.clone()]) {
            Ok(value) => values.push((value, place.clone())),
            Err(message) => found.refuse(&origin.part(place.clone()), Mistake::new(name, message)),
        }
    }
    (values.len() == places.len()).then_some(values)
}

/// Reads a TOML value. Returns it as typed, but on one line.
pub(super) fn value(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("nothing found, expected a value".to_owned());
    }
    if is_range(text) {
        return Err(format!("{:?} is not a TOML value; a range must be alone: A..B or A..B:STEP", shortened(text)));
    }
    text.parse::<Value>().map_err(|_| like_range(text).unwrap_or_else(|| not_a_value(text)))?;
    if !text.contains('\n') {
        return Ok(text.to_owned());
    }
    let text = format!("v = {text}");
    let (root, _) = Node::parse(&text);
    Ok(root.section().and_then(|root| root.get("v")).map_or_else(String::new, |node| node.typed(&text)))
}

/// Returns the message for a range as other programs write it, e.g. `3-9` or `3:9`.
fn like_range(text: &str) -> Option<String> {
    let signs: &[char] = &['-', ':'];
    let (from, to) = text.split_once(signs)?;
    let [from, to] = [from, to].map(|number| number.trim().parse::<f64>().ok().filter(|number| number.is_finite()));
    from.zip(to).map(|(from, to)| format!("{text:?} is not a value: a range is {from}..{to}"))
}

/// Returns a text that equal levels share, however they are typed.
#[must_use]
pub fn identity(level: &str) -> String {
    let (root, _) = Node::parse(&format!("v = {level}"));
    root.section().and_then(|root| root.get("v")).map_or_else(|| level.to_owned(), Node::identity)
}

fn unlike(levels: Vec<LevelWithPlace>, origin: &Origin, name: &str, found: &mut Mistakes) -> Option<Vec<String>> {
    let mut known = BTreeSet::new();
    let mut is_sound = true;
    for (level, place) in &levels {
        if !known.insert(identity(level)) {
            let message = format!("the level {} is listed already", shortened(level));
            found.refuse(&origin.part(place.clone()), Mistake::new(name, message).help("keep one of them"));
            is_sound = false;
        }
    }
    is_sound.then(|| levels.into_iter().map(|(level, _)| level).collect())
}

/// Whether a text is meant as a range.
fn is_range(text: &str) -> bool {
    !text.starts_with(['"', '\'', '[', '{']) && text.contains("..")
}

fn steps(text: &str) -> Result<Vec<String>, String> {
    let (from, rest) = text.split_once("..").unwrap_or((text, ""));
    let (to, step) = rest.split_once(':').unwrap_or((rest, "1"));
    let number = |text: &str| {
        let number = Decimal::parse(text.trim());
        number.ok_or_else(|| {
            format!("{:?} is not a number: expected A..B or A..B:STEP, e.g. 2..10 or 0.6..0.9:0.1", shortened(text))
        })
    };
    let levels = Decimal::steps(number(from)?, number(to)?, number(step)?, LEVELS_AT_MOST)?;
    Ok(levels.iter().map(ToString::to_string).collect())
}

/// Splits a text at signs outside quotes and brackets, and trims the parts.
pub(super) fn split(text: &str, sign: char) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in outside(text, sign) {
        parts.push(trimmed(text, start..at));
        start = at + sign.len_utf8();
    }
    parts.push(trimmed(text, start..text.len()));
    parts
}

/// Returns where a sign occurs outside quotes and brackets.
pub(super) fn outside(text: &str, sign: char) -> Vec<usize> {
    let (mut quote, mut depth, mut is_escaped) = (None, 0_usize, false);
    let mut found = Vec::new();
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some('"'), '\\') => is_escaped = true,
            (Some(open), _) => quote = Some(open).filter(|open| *open != character),
            (None, '"' | '\'') => quote = Some(character),
            (None, _) if character == sign && depth == 0 => found.push(at),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
    }
    found
}

/// Returns a part of a text without the spaces around it.
pub(super) fn trimmed(text: &str, part: Range<usize>) -> Range<usize> {
    let inner = &text[part.clone()];
    let start = part.start + (inner.len() - inner.trim_start().len());
    start..(start + inner.trim().len())
}

/// Returns a part of a text moved by some bytes.
pub(super) fn shifted(part: &Range<usize>, by: usize) -> Range<usize> {
    part.start + by..part.end + by
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let mut found = Mistakes::default();
        let levels = levels(&Origin::of("--vary", text), "x", &mut found);
        let said: Vec<String> = found
            .finish()
            .iter()
            .flat_map(|bad| bad.mistakes.all.iter())
            .map(|bad| format!("{:?} {}", &text[bad.place.clone()], bad.message))
            .collect();
        assert_eq!(levels.is_none(), !said.is_empty(), "{text}: {said:?}");
        levels.ok_or_else(|| said.join("; "))
    }

    #[test]
    fn levels_are_ranges_values_or_an_array() {
        let cases: [(&str, &[&str]); 9] = [
            ("2..5", &["2", "3", "4", "5"]),
            ("0.6 .. 0.9 : 0.1", &["0.6", "0.7", "0.8", "0.9"]),
            ("3..1:-1", &["3", "2", "1"]),
            ("13, 19,25.0", &["13", "19", "25.0"]),
            ("[1, 2, 'a,b']", &["1", "2", "'a,b'"]),
            ("[0.5, 0.5],[1]", &["[0.5, 0.5]", "[1]"]),
            ("'a..b',\"c,\\\"d\"", &["'a..b'", "\"c,\\\"d\""]),
            ("{ dist = 'uniform', min = 1, max = 2 }", &["{ dist = 'uniform', min = 1, max = 2 }"]),
            ("7", &["7"]),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn invalid_levels_are_reported_at_their_place() {
        assert_eq!(read("").unwrap_err(), "\"\" no level found, expected at least one");
        assert_eq!(
            read("1,,x").unwrap_err(),
            "\"\" nothing found, expected a value; \"x\" \"x\" is not a TOML value; a text needs quotes: '\"...\"'"
        );
        assert_eq!(read("1, 2, 1.0").unwrap_err(), "\"1.0\" the level 1.0 is listed already");
        assert_eq!(read("[1, 1]").unwrap_err(), "\"1\" the level 1 is listed already");
        assert_eq!(read("[]").unwrap_err(), "\"[]\" an empty list found, expected at least one level");
        assert!(read("[1, x]").unwrap_err().contains("is not a TOML value"));
        assert!(read("a..b").unwrap_err().contains("\"a\" is not a number"));
        assert!(read("1..").unwrap_err().contains("\"\" is not a number"));
        assert!(read("1..3,5").unwrap_err().contains("a range must be alone"));
        assert!(read("10..2").unwrap_err().contains("expected a step below 0"));
        assert!(read("1..5:0").unwrap_err().contains("a step of 0"));
        assert!(read("1..999999999").unwrap_err().contains("999999999 levels"));
        assert!(read(&vec!["7"; 1001].join(",")).unwrap_err().contains("1001 levels found"));
        assert!(read("1\nseed = 2").unwrap_err().contains("is not a TOML value"));
    }
}
