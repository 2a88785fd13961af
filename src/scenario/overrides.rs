//! Overrides: `a.b.0.c=VALUE` changes one value of the text and leaves the rest unchanged, including comments.

use std::ops::Range;

use toml_edit::{DocumentMut, Item, Key, TableLike, Value};

use crate::input::date::no_date;
use crate::input::document::{dotted, too_large};
use crate::input::{Diagnostic, Node, Overridden, Tree};

use super::dropped::dropped;
use super::paths::{self, BadPath, no_entry};

/// An override that cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--set {given:?}: {message}")]
pub struct BadOverride {
    /// The override as given.
    pub given: String,
    /// What is wrong with it.
    pub message: String,
}

/// A text changed by overrides.
pub(super) struct EditedText {
    pub(super) text: String,
    /// What overrides dropped from tables, with the keys that change only a number.
    pub(super) dropped: Vec<String>,
    /// The overrides with whole paths.
    pub(super) whole: Vec<String>,
    /// Overrides with unknown paths, which were not applied.
    pub(super) lost: Vec<Diagnostic>,
    overrides: Vec<Override>,
    changes: Vec<Change>,
}

/// The change of the text by one override: everything before and after one region is unchanged.
struct Change {
    prefix: usize,
    suffix: usize,
    before: usize,
    after: usize,
}

impl Change {
    fn between(before: &str, after: &str) -> Self {
        let (a, b) = (before.as_bytes(), after.as_bytes());
        let prefix = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let most = a.len().min(b.len()) - prefix;
        let suffix = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        Self { prefix, suffix, before: a.len(), after: b.len() }
    }

    /// Returns the place before the change of a place in the changed text. None if the change created it.
    fn undo(&self, place: &Range<usize>) -> Option<Range<usize>> {
        if place.end <= self.prefix {
            return Some(place.clone());
        }
        let begin = self.after - self.suffix;
        (place.start >= begin).then(|| place.start + self.before - self.after..place.end + self.before - self.after)
    }
}

struct Override {
    given: String,
    path: Vec<String>,
    /// The bytes of `given` that each part of the path occupies.
    parts: Vec<Range<usize>>,
    /// The byte of `given` at which the value starts.
    value_at: usize,
    /// The index of the first part of the path that was not in the text before.
    created_from: usize,
}

/// Applies overrides in their order.
pub(super) fn apply(text: &str, given: &[String]) -> Result<EditedText, BadOverride> {
    if given.is_empty() {
        return Ok(EditedText::of(text));
    }
    let refuse = |given: &str, message: String| BadOverride { given: given.to_owned(), message };
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| refuse(&given[0], error.message().to_owned()))?;
    let mut edited = EditedText::of(text);
    for given in given {
        let (mut set, value) = parse(given).map_err(|message| refuse(given, message))?;
        if let Err(lost) = set.find(&edited.text, &value) {
            edited.lost.push(set.diagnostic(lost));
            continue;
        }
        edited.whole.push(set.whole());
        edited.dropped.extend(dropped(document.as_item(), (given, &set.path), &value));
        set.created_from = insert(document.as_item_mut(), &set.path, value).map_err(|message| refuse(given, message))?;
        let text = document.to_string();
        edited.changes.push(Change::between(&edited.text, &text));
        edited.text = text;
        edited.overrides.push(set);
    }
    Ok(edited)
}

fn parse(given: &str) -> Result<(Override, Value), String> {
    let Some((key, value)) = split(given) else {
        return Err("expected KEY=VALUE, e.g. demand.engineer=80".into());
    };
    let keys = Key::parse(key).map_err(|_| format!("{key:?} is not a dotted key, e.g. strategy.bot.transfer.0.month"))?;
    let value_at = key.len() + 1 + (value.len() - value.trim_start().len());
    let parsed = value.trim().parse::<Value>().map_err(|_| not_a_value(value.trim()))?;
    let mut parts = Vec::new();
    let mut from = 0;
    for key in &keys {
        let shown = key.display_repr();
        let start = from + given[from..].find(shown.as_ref()).unwrap_or(0);
        from = start + shown.len();
        parts.push(start..from);
    }
    let path = keys.iter().map(|key| key.get().to_owned()).collect();
    Ok((Override { given: given.to_owned(), path, parts, value_at, created_from: usize::MAX }, parsed))
}

/// Splits an override at its first equals sign that is not in a quoted key.
pub(super) fn split(given: &str) -> Option<(&str, &str)> {
    let (mut quote, mut is_escaped) = (None, false);
    for (at, letter) in given.char_indices() {
        match quote {
            _ if is_escaped => is_escaped = false,
            Some('"') if letter == '\\' => is_escaped = true,
            Some(open) if letter == open => quote = None,
            None if letter == '=' => return Some((&given[..at], &given[at + 1..])),
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            _ => {}
        }
    }
    None
}

/// Returns the whole path and the value, as typed, of an override. None if it has none.
pub(super) fn path_and_value(given: &str) -> Option<(Vec<String>, String)> {
    let (set, _) = parse(given).ok().filter(|(set, _)| paths::is_whole(&set.path))?;
    let value = given[set.value_at..].trim().to_owned();
    Some((set.path, value))
}

/// Returns the message for a text that is not a TOML value.
pub(super) fn not_a_value(text: &str) -> String {
    let words = || text.split(|c: char| !(c.is_alphanumeric() || "-:.".contains(c)));
    if let Some(no_date) = no_date(text).or_else(|| words().find_map(no_date)) {
        return no_date;
    }
    if is_too_large(text) {
        return too_large(text);
    }
    let hint = if text.starts_with(['"', '[', '{']) { "" } else { "; a text needs quotes: '\"...\"'" };
    format!("{text:?} is not a TOML value{hint}")
}

/// Whether a text is a whole number that is too large for 64 bits.
fn is_too_large(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.starts_with('0')
        && digits.split('_').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_number && text.replace('_', "").parse::<i64>().is_err()
}

/// Inserts a value at a path. Returns the index of the first part of the path that was new.
fn insert(root: &mut Item, path: &[String], value: Value) -> Result<usize, String> {
    let Some((last, parents)) = path.split_last() else { return Err("the key is empty".into()) };
    let mut item = root;
    let mut created_from = usize::MAX;
    for (depth, part) in parents.iter().enumerate() {
        let here = || path[..depth].join(".");
        if is_list(item) {
            item = element(item, part, &here())?;
        } else {
            let Some(table) = item.as_table_like_mut() else { return Err(format!("`{}` is not a table", here())) };
            if !table.contains_key(part) {
                created_from = created_from.min(depth);
                table.insert(part, new_table(table));
            }
            item = table.get_mut(part).ok_or_else(|| format!("`{}` has no `{part}`", here()))?;
        }
    }
    let here = parents.join(".");
    if is_list(item) {
        let place = element(item, last, &here)?;
        if !place.is_value() {
            return Err(format!("`{here}.{last}` is a table: name a key of it"));
        }
        replace(place, value);
        return Ok(created_from);
    }
    let Some(table) = item.as_table_like_mut() else { return Err(format!("`{here}` is not a table")) };
    match table.get_mut(last) {
        Some(place) => replace(place, value),
        None => {
            created_from = created_from.min(path.len() - 1);
            table.insert(last, Item::Value(value));
        }
    }
    Ok(created_from)
}

fn is_list(item: &Item) -> bool {
    item.is_array() || item.is_array_of_tables()
}

/// Returns a table to insert into another one.
fn new_table(parent: &dyn TableLike) -> Item {
    let _ = parent;
    let mut table = toml_edit::Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn element<'i>(item: &'i mut Item, part: &str, here: &str) -> Result<&'i mut Item, String> {
    let count = item
        .as_array()
        .map_or_else(|| item.as_array_of_tables().map_or(0, toml_edit::ArrayOfTables::len), toml_edit::Array::len);
    let index: Option<usize> = part.parse().ok().filter(|&index| index < count);
    let Some(index) = index else {
        return Err(no_entry(here, count, part));
    };
    item.get_mut(index).ok_or_else(|| format!("`{here}` has no entry {index}"))
}

/// Replaces a value, and keeps the spaces and the comment around it.
fn replace(place: &mut Item, mut value: Value) {
    if let Some(old) = place.as_value() {
        *value.decor_mut() = old.decor().clone();
    }
    *place = Item::Value(value);
}

impl EditedText {
    /// Returns a text that no override has changed yet.
    fn of(text: &str) -> Self {
        let (dropped, whole, lost) = (Vec::new(), Vec::new(), Vec::new());
        Self { text: text.to_owned(), dropped, whole, lost, overrides: Vec::new(), changes: Vec::new() }
    }

    /// Gives each mistake its place in the original text, or in the override that caused it.
    pub(super) fn trace_back(&self, root: &Node, found: &mut [Diagnostic]) {
        // The last override of a key determines the text.
        let origins: Vec<Origin> = self.overrides.iter().rev().flat_map(|set| set.origins(root)).collect();
        for diagnostic in found {
            let place = &diagnostic.place;
            let inside = |origin: &&Origin| origin.place.start <= place.start && place.end <= origin.place.end;
            let original = self.changes.iter().rev().try_fold(place.clone(), |place, change| change.undo(&place));
            if let Some(Origin { place: whole, given, at }) = origins.iter().find(inside) {
                let start = at + place.start - whole.start;
                diagnostic.overridden = Some(Overridden { given: (*given).to_owned(), place: start..start + place.len() });
            } else if let Some(original) = original {
                diagnostic.place = original;
            } else if let Some(last) = self.overrides.last() {
                diagnostic.overridden = Some(Overridden { given: last.given.clone(), place: 0..last.given.len() });
            }
        }
    }
}

/// A place of the changed text that comes from an override, starting at byte `at` of it.
struct Origin<'o> {
    place: Range<usize>,
    given: &'o str,
    at: usize,
}

impl Override {
    /// Completes its path, if it is the tail of one.
    fn find(&mut self, text: &str, value: &Value) -> Result<(), BadPath> {
        if paths::is_whole(&self.path) {
            return Ok(());
        }
        let (root, _) = Node::parse(text);
        let Some(root) = root.section() else { return Ok(()) };
        let is_plain = !value.is_inline_table() && !value.is_array();
        let path = paths::whole(root, &self.path, is_plain)?;
        let missing = path.len() - self.path.len();
        self.parts.splice(0..0, vec![self.parts[0].clone(); missing]);
        self.path = path;
        Ok(())
    }

    /// Returns the override with its whole path.
    fn whole(&self) -> String {
        // A path that is already whole stays as given.
        let is_given = self.parts.windows(2).all(|pair| pair[0] != pair[1]);
        if is_given { self.given.clone() } else { format!("{}={}", dotted(&self.path), self.given[self.value_at..].trim()) }
    }

    fn diagnostic(&self, lost: BadPath) -> Diagnostic {
        let last = self.parts.last().map_or(0, |part| part.end);
        let whole = self.parts.first().map_or(0, |part| part.start)..last;
        let place = lost.part.and_then(|part| self.parts.get(part).cloned()).unwrap_or(whole);
        let overridden = Some(Overridden { given: self.given.clone(), place });
        Diagnostic { place: 0..0, key: lost.key, message: lost.message, help: lost.help, is_absence: false, overridden }
    }

    fn origins(&self, root: &Node) -> Vec<Origin<'_>> {
        let origin = |place: &Range<usize>, at| Origin { place: place.clone(), given: &self.given, at };
        let mut found = Vec::new();
        let mut node = root;
        for (depth, part) in self.path.iter().enumerate() {
            node = match &node.tree {
                Tree::List(list) => match part.parse::<usize>().ok().and_then(|index| list.get(index)) {
                    Some(item) => item,
                    None => return found,
                },
                Tree::Table(table) => {
                    let Some(entry) = table.entry(part) else { return found };
                    if depth >= self.created_from {
                        found.push(origin(&entry.place, self.parts[depth].start));
                    }
                    &entry.node
                }
                _ => return found,
            };
        }
        found.push(origin(&node.place, self.value_at));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, given: &str) -> Result<String, String> {
        let edited = apply(text, &[given.to_owned()]).map_err(|bad| bad.message)?;
        edited.lost.first().map_or(Ok(edited.text), |lost| Err(lost.title()))
    }

    #[test]
    fn one_value_changes_and_the_rest_stays_as_it_is() {
        let text = "# head\na = 1 # one\n[[s.t]]\nmonth = 24 # two\n";
        assert_eq!(set(text, "s.t.0.month=30").unwrap(), "# head\na = 1 # one\n[[s.t]]\nmonth = 30 # two\n");
        assert_eq!(set(text, "a = { b = 2 }").unwrap(), "# head\na = { b = 2 } # one\n[[s.t]]\nmonth = 24 # two\n");
        assert_eq!(
            set("x = [{ level = 1 }, { level = 2 }]\n", "x.1.level=3").unwrap(),
            "x = [{ level = 1 }, { level = 3 }]\n"
        );
    }

    #[test]
    fn keys_that_are_missing_are_added() {
        assert_eq!(set("a = 1\n", "seed=2").unwrap(), "a = 1\nseed = 2\n");
        let organisation = "[organisation.v]\nown = true\n";
        assert_eq!(set(organisation, "organisation.v.setup_days=3").unwrap(), format!("{organisation}setup_days = 3\n"));
        assert!(set("a = 1\n", "market.n.k=2").unwrap().contains("k = 2"));
        let inline = set("market = { a = 1 }\n", "market.b.c=2").unwrap();
        assert!(inline.parse::<DocumentMut>().is_ok() && inline.contains("c = 2"), "{inline}");
    }

    #[test]
    fn tails_of_paths_are_kept_as_whole_paths() {
        let text = "[organisation.v.hiring.staff]\n\"our own\" = { count = 5, each_handles = 8 }\n[[strategy.b.transfer]]\nmonth = 24\n";
        let given = ["month = 30", "'our own'.count=6", " organisation . v . own = true"].map(str::to_owned);
        let edited = apply(text, &given).expect("they fit");
        let whole = [
            "strategy.b.transfer.0.month=30",
            "organisation.v.hiring.staff.\"our own\".count=6",
            " organisation . v . own = true",
        ];
        assert_eq!(edited.whole, whole);
        assert_eq!(apply(text, &whole.map(str::to_owned)).expect("they fit").text, edited.text);
        assert!(set(text, "'our own'=6").unwrap_err().contains("it is a table: name a key of it, e.g. \"our own\".count"));
        assert!(set(text, "'our own'={ count = 6 }").is_ok(), "an override with a table knows that there is one");
    }

    #[test]
    fn a_quoted_key_may_contain_an_equals_sign() {
        let text = "[demand]\n\"=e\" = 3\n'a\\' = 1\n\"b\\\"=\" = 2\n";
        assert_eq!(set(text, "demand.\"=e\"=1").unwrap(), text.replace("\"=e\" = 3", "\"=e\" = 1"));
        assert_eq!(set(text, "demand.'=e' = 1").unwrap(), text.replace("\"=e\" = 3", "\"=e\" = 1"));
        assert_eq!(set(text, "demand.'a\\'=7").unwrap(), text.replace("'a\\' = 1", "'a\\' = 7"));
        assert_eq!(set(text, "demand.\"b\\\"=\"=7").unwrap(), text.replace("= 2", "= 7"));
        assert_eq!(set(text, "title='a=b'").unwrap().lines().filter(|line| line.contains("'a=b'")).count(), 1);
        // A quote that does not end leaves no equals sign outside.
        assert!(set(text, "demand.\"=e=1").unwrap_err().contains("KEY=VALUE"));
    }

    #[test]
    fn overrides_that_do_not_fit_say_why() {
        let text = "a = 1\ntitle = 'b'\n[[role]]\nx = 1\n";
        assert!(set(text, "a").unwrap_err().contains("KEY=VALUE"));
        assert!(set(text, "a=hello").unwrap_err().contains("a text needs quotes"));
        assert!(set(text, "title.b=1").unwrap_err().contains("`title` is not a table"));
        assert!(set(text, "role.1.x=1").unwrap_err().contains("one entry"));
        assert!(set(text, "role.0=1").unwrap_err().contains("is a table"));
        for (number, is_told) in
            [("99999999999999999999", true), ("-9_999_999_999_999_999_999", true), ("5-3", false), ("0_1", false)]
        {
            assert_eq!(set(text, &format!("a={number}")).unwrap_err().contains("too large a number"), is_told, "{number}");
        }
        for date in ["2027-02-29", "2027-13-01T08:00:00", "[{ joined = 2027-04-31 }]", "{ a = 1, b = 2027-01-00 }"] {
            assert!(set(text, &format!("a={date}")).unwrap_err().contains("is not a date: "), "{date}");
        }
        assert!(set(text, "=1").is_err() && set(text, "").is_err() && set(text, "..=1").is_err());
    }
}
