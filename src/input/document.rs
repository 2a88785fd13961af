//! TOML text as a tree in which every key and value knows its place.

use std::ops::Range;

use toml::value::Datetime;

/// A value and the bytes of the text where it is.
#[derive(Clone, Debug)]
pub struct Node {
    /// The bytes of the text.
    pub place: Range<usize>,
    /// The value.
    pub tree: Tree,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub enum Tree {
    /// A string.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction or an exponent. It may be infinite or NaN.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A date, a time or both.
    Date(Datetime),
    /// An array.
    List(Vec<Node>),
    /// A table.
    Table(Section),
}

/// One key of a table, with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes of the key.
    pub place: Range<usize>,
    /// Its value.
    pub node: Node,
}

/// The entries of a table, in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Section {
    /// Returns the entry with this key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Returns the value of this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }
}

impl Node {
    /// Returns the table, if the value is one.
    #[must_use]
    pub fn section(&self) -> Option<&Section> {
        if let Tree::Table(section) = &self.tree { Some(section) } else { None }
    }

    /// Returns the number, whole or not, if the value is one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "whole numbers above 2^53 are refused by every range")]
    pub fn number(&self) -> Option<f64> {
        match self.tree {
            Tree::Whole(whole) => Some(whole as f64),
            Tree::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the value as it was typed in `text`, on one line.
    #[must_use]
    pub fn typed(&self, text: &str) -> String {
        let slice = text.get(self.place.clone()).unwrap_or_default();
        if self.is_inline(text) && !slice.contains('\n') {
            return slice.to_owned();
        }
        match &self.tree {
            Tree::List(list) => {
                let items: Vec<String> = list.iter().map(|item| item.typed(text)).collect();
                format!("[{}]", items.join(", "))
            }
            Tree::Table(section) if section.entries.is_empty() => "{}".to_owned(),
            Tree::Table(section) => {
                let entry = |entry: &Entry| format!("{} = {}", quoted(&entry.key, is_bare), entry.node.typed(text));
                format!("{{ {} }}", section.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            Tree::Text(words) => quoted(words, |_| false),
            _ => slice.to_owned(),
        }
    }

    /// Whether the value is in one piece in the text, and not below a heading.
    fn is_inline(&self, text: &str) -> bool {
        let begins = |with: char| text.get(self.place.clone()).is_some_and(|slice| slice.starts_with(with));
        match &self.tree {
            Tree::List(list) => begins('[') && list.iter().all(|item| item.is_inline(text)),
            Tree::Table(_) => begins('{'),
            _ => true,
        }
    }

    /// Returns a text that two values share if and only if they are equal: 1 and 1.0 are, and the order of keys does not
    /// matter.
    #[must_use]
    pub fn identity(&self) -> String {
        // Beyond this, an `f64` no longer represents every whole number.
        const EXACT: u64 = 1 << 53;
        match &self.tree {
            Tree::Text(text) => format!("{text:?}"),
            Tree::Whole(whole) if whole.unsigned_abs() > EXACT => whole.to_string(),
            Tree::Whole(_) | Tree::Number(_) => self.number().map_or_else(String::new, |number| (number + 0.0).to_string()),
            Tree::Flag(flag) => flag.to_string(),
            Tree::Date(date) => format!("date {date}"),
            Tree::List(list) => format!("[{}]", list.iter().map(Self::identity).collect::<Vec<_>>().join(",")),
            Tree::Table(section) => {
                let entry = |entry: &Entry| format!("{:?}={}", entry.key, entry.node.identity());
                let mut entries: Vec<String> = section.entries.iter().map(entry).collect();
                entries.sort();
                format!("{{{}}}", entries.join(","))
            }
        }
    }

    /// Returns the value for a message: `the text "six"`, `the number 7`.
    #[must_use]
    pub fn in_words(&self) -> String {
        match &self.tree {
            Tree::Text(text) => format!("the text {:?}", shortened(text)),
            Tree::Whole(whole) => format!("the number {whole}"),
            // If a whole number is expected, 2.0 must not look like one.
            Tree::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("the number {number:.1}"),
            Tree::Number(number) => format!("the number {}", crate::random::written(*number)),
            Tree::Flag(flag) => format!("the value {flag}"),
            Tree::Date(date) => format!("the date {date}"),
            Tree::List(list) => format!("a list of {}", list.len()),
            Tree::Table(_) => "a table".to_owned(),
        }
    }
}

/// Returns keys as a dotted path, in quotes if they need them.
#[must_use]
pub fn dotted<S: AsRef<str>>(keys: &[S]) -> String {
    keys.iter().map(|key| quoted(key.as_ref(), is_bare)).collect::<Vec<_>>().join(".")
}

/// Whether a key needs no quotes.
fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Returns a text in quotes, unless it is `plain`.
pub(crate) fn quoted(text: &str, plain: impl Fn(&str) -> bool) -> String {
    if plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            _ if character.is_control() => quoted += &format!("\\u{:04X}", u32::from(character)),
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

/// Returns the text, cut if it is too long for a message.
pub fn shortened(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(59).chain(['…']).collect() }
}

/// Returns the message for a whole number that is too large for 64 bits.
pub fn too_large(digits: &str) -> String {
    format!("{} is too large a number, expected {} to {}", shortened(digits), i64::MIN, i64::MAX)
}
