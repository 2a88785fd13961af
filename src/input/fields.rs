//! Tables that are described once: a walker reads them, lists their keys, and continues after a mistake.

use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use super::diagnostic::{name_help, nearest};
use super::document::{Entry, Node, Section, Tree};
use super::months::{Moment, PlanMonths};
use super::reader::Reader;

/// A value of a scenario: it is read from a node and described by a JSON Schema.
pub trait Value: Sized {
    /// Reads the value. `None` after a mistake, which `reader` has recorded.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;

    /// Returns a replacement for a missing or wrong value, so that the search for mistakes can continue. It is never
    /// simulated.
    fn stand_in() -> Self;

    /// Returns the JSON Schema (2020-12) of the allowed values.
    fn schema() -> Json;
}

/// A table of a scenario. Its one function serves reading, the schema and the manual.
pub trait Table: Sized {
    /// Declares every key with its meaning, and returns the value that was read.
    fn fields(fields: &mut Fields<'_, '_>) -> Self;
}

impl Reader<'_> {
    /// Reads a table by its description. The node must be a table.
    pub fn table<T: Table>(&mut self, node: &Node) -> Option<T> {
        let Some(section) = node.section() else {
            self.expected(node, "a table: { key = value, ... }");
            return None;
        };
        Some(self.read_section(section, &node.place))
    }

    /// Reads a table by its description.
    pub fn read_section<T: Table>(&mut self, section: &Section, place: &Range<usize>) -> T {
        let mut fields = Fields::new(Mode::Read { section, place: place.clone(), reader: self });
        let value = T::fields(&mut fields);
        fields.refuse_unknown_keys();
        value
    }
}

/// One key of a table, as the schema and the manual show it.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// Its meaning, in a planner's words.
    pub help: &'static str,
    /// Whether it is required.
    pub required: bool,
    /// The default in words. Empty if the key is required.
    pub default: String,
    /// The JSON Schema of its value.
    pub schema: Json,
}

enum Mode<'a, 'n> {
    Read { section: &'a Section, place: Range<usize>, reader: &'a mut Reader<'n> },
    Describe,
}

/// Walks the keys of one table.
pub struct Fields<'a, 'n> {
    mode: Mode<'a, 'n>,
    keys: Vec<Key>,
    /// Keys whose values have mistakes.
    wrong: Vec<&'static str>,
    /// Words that are reserved for future keys.
    reserved: Vec<&'static str>,
}

impl<'a, 'n> Fields<'a, 'n> {
    fn new(mode: Mode<'a, 'n>) -> Self {
        Self { mode, keys: Vec::new(), wrong: Vec::new(), reserved: Vec::new() }
    }

    /// Declares a required key.
    pub fn required<T: Value>(&mut self, name: &'static str, help: &'static str) -> T {
        self.describe::<T>(name, help, true, String::new());
        self.refuse_missing(name, "missing, but required", help);
        self.read(name).unwrap_or_else(T::stand_in)
    }

    /// Declares an optional key without a default.
    pub fn optional<T: Value>(&mut self, name: &'static str, help: &'static str) -> Option<T> {
        self.describe::<T>(name, help, false, "none".to_owned());
        self.read(name)
    }

    /// Declares an optional key. `default` describes its default in words.
    pub fn optional_or<T: Value>(&mut self, name: &'static str, default: &str, help: &'static str) -> Option<T> {
        self.describe::<T>(name, help, false, default.to_owned());
        self.read(name)
    }

    /// Declares a key with a default.
    pub fn or<T: Value + ToString>(&mut self, name: &'static str, default: T, help: &'static str) -> T {
        self.describe::<T>(name, help, false, default.to_string());
        self.read(name).unwrap_or(default)
    }

    /// Declares a key that the format knows but this program does not support yet. It is refused, but not as unknown.
    pub fn not_yet(&mut self, name: &'static str, help: &'static str) {
        self.reserved.push(name);
        if let Mode::Read { section, reader, .. } = &mut self.mode
            && let Some(entry) = section.entry(name)
        {
            let message = "not available yet: this version only reserves the word";
            reader.under(format!(".{name}"), |reader| reader.refuse(&entry.place, message, Some(help.to_owned())));
        }
    }

    /// Records that the value of `name` contradicts the rest of the table.
    pub fn refuse(&mut self, name: &str, message: impl Into<String>, help: Option<String>) {
        if let Mode::Read { section, place, reader } = &mut self.mode {
            let at = section.get(name).map_or(place.clone(), |node| node.place.clone());
            let message = message.into();
            reader.under(format!(".{name}"), |reader| reader.refuse(&at, message, help));
        }
    }

    /// Records that a key is missing, unless it is given or misspelt.
    pub fn refuse_missing(&mut self, name: &str, message: &str, help: &str) {
        if let Mode::Read { section, place, reader } = &mut self.mode
            && section.entry(name).is_none()
        {
            let place = place.clone();
            reader.under(format!(".{name}"), |reader| {
                reader.note(&place, message.into(), Some(format!("`{name}`: {help}")), true);
            });
        }
    }

    /// Returns the names of one kind that the scenario declares. None of them while a table is only described.
    #[must_use]
    pub fn names(&self, kind: &str) -> &[Option<String>] {
        match &self.mode {
            Mode::Read { reader, .. } => reader.names(kind),
            Mode::Describe => &[],
        }
    }

    /// Records that none of several keys is given, one of which is required, unless one of them is misspelt. All keys of the
    /// table must have been declared before.
    pub fn refuse_absence_of(&mut self, names: &[&'static str], message: &str, help: &str) {
        let is_described = |entry: &&Entry| self.keys.iter().any(|key| key.name == entry.key);
        let is_meant = |entry: &Entry| nearest(&entry.key, names.iter().copied()).is_some();
        let Mode::Read { section, .. } = &self.mode else { return };
        if !section.entries.iter().filter(|entry| !is_described(entry)).any(is_meant) {
            self.refuse(names[0], message, Some(help.to_owned()));
        }
    }

    /// Records that a value, given as list, position and key, contradicts the rest of the table.
    pub fn refuse_item(
        &mut self,
        (list, index, name): (&str, usize, &str),
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let Mode::Read { section, place, reader } = &mut self.mode else { return };
        let item = section.get(list).and_then(|node| match &node.tree {
            Tree::List(items) => items.get(index)?.section()?.get(name),
            _ => None,
        });
        let at = item.map_or(place.clone(), |node| node.place.clone());
        let message = message.into();
        reader.under(format!(".{list}[{index}].{name}"), |reader| reader.refuse(&at, message, help));
    }

    /// Records that a value below this table, at a path of keys, contradicts the rest of the table.
    pub fn refuse_below(&mut self, path: &[&str], message: impl Into<String>, help: Option<String>) {
        let Mode::Read { section, place, reader } = &mut self.mode else { return };
        let mut at = place.clone();
        let mut below = Some(*section);
        for key in path {
            let Some(entry) = below.and_then(|below| below.entry(key)) else { break };
            at = entry.place.clone();
            below = entry.node.section();
        }
        let message = message.into();
        reader.under(format!(".{}", path.join(".")), |reader| reader.refuse(&at, message, help));
    }

    /// Returns the length of the list of this key. None if it is not a list.
    #[must_use]
    pub fn length_of(&self, name: &str) -> Option<usize> {
        let Mode::Read { section, .. } = &self.mode else { return None };
        section.get(name).and_then(|node| if let Tree::List(list) = &node.tree { Some(list.len()) } else { None })
    }

    /// Returns the months of the scenario. Those of any while a table is only described.
    #[must_use]
    pub fn months(&self) -> PlanMonths {
        if let Mode::Read { reader, .. } = &self.mode { reader.months() } else { PlanMonths::default() }
    }

    /// Returns the instant of a number of months.
    #[must_use]
    pub fn instant(&self, month: f64) -> Moment {
        Moment { month, day: self.months().day(month) }
    }

    /// Whether the table gives this key.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        matches!(&self.mode, Mode::Read { section, .. } if section.entry(name).is_some())
    }

    /// Whether this key is given with a valid value.
    #[must_use]
    pub fn has_sound(&self, name: &str) -> bool {
        self.has(name) && !self.is_wrong(name)
    }

    /// Whether the value of this key has recorded mistakes. Then the intended value is unknown.
    #[must_use]
    pub fn is_wrong(&self, name: &str) -> bool {
        self.wrong.contains(&name)
    }

    fn describe<T: Value>(&mut self, name: &'static str, help: &'static str, required: bool, default: String) {
        let schema = match self.mode {
            Mode::Describe => T::schema(),
            Mode::Read { .. } => Json::Null,
        };
        self.keys.push(Key { name, help, required, default, schema });
    }

    fn read<T: Value>(&mut self, name: &'static str) -> Option<T> {
        let Mode::Read { section, reader, .. } = &mut self.mode else { return None };
        let entry = section.entry(name)?;
        let before = reader.count();
        let value = reader.under(format!(".{name}"), |reader| T::read(&entry.node, reader));
        if reader.count() > before {
            self.wrong.push(name);
        }
        value
    }

    fn refuse_unknown_keys(self) {
        let Mode::Read { section, reader, .. } = self.mode else { return };
        let allowed: Vec<&str> = self.keys.iter().map(|key| key.name).collect();
        let is_known = |entry: &&Entry| allowed.contains(&entry.key.as_str()) || self.reserved.contains(&entry.key.as_str());
        for entry in section.entries.iter().filter(|entry| !is_known(entry)) {
            let help = name_help(&entry.key, &allowed);
            if let Some(meant) = nearest(&entry.key, allowed.iter().copied()) {
                reader.forgive_absence(meant);
            }
            reader.under(format!(".{}", entry.key), |reader| reader.refuse(&entry.place, "unknown key", help));
        }
    }
}

/// Returns the keys of a table, in the order of their declaration.
#[must_use]
pub fn keys_of<T: Table>() -> Vec<Key> {
    let mut fields = Fields::new(Mode::Describe);
    let _ = T::fields(&mut fields);
    fields.keys
}

/// Returns the JSON Schema of a table.
#[must_use]
pub fn schema_of<T: Table>() -> Json {
    let keys = keys_of::<T>();
    let mut properties = Map::new();
    for key in &keys {
        let mut schema = key.schema.clone();
        let default = if key.required { String::new() } else { format!(" Default: {}.", key.default) };
        schema["description"] = Json::String(format!("{}.{default}", key.help));
        properties.insert(key.name.to_owned(), schema);
    }
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

impl<T: Table> Value for T {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        reader.table(node)
    }

    fn stand_in() -> Self {
        T::fields(&mut Fields::new(Mode::Describe))
    }

    fn schema() -> Json {
        schema_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Names;

    #[derive(Debug, PartialEq)]
    struct Example {
        name: String,
        flags: Vec<bool>,
    }

    impl Table for Example {
        fn fields(fields: &mut Fields<'_, '_>) -> Self {
            Self {
                name: fields.required("name", "what it is called"),
                flags: fields.optional("flags", "its flags").unwrap_or_default(),
            }
        }
    }

    fn read(text: &str) -> (Option<Example>, Vec<String>) {
        let (node, _) = Node::parse(text);
        let names = Names::default();
        let mut reader = Reader::new(&names);
        let value = reader.table(&node);
        (value, reader.finish().iter().map(|d| format!("{} {}", d.title(), d.help.clone().unwrap_or_default())).collect())
    }

    #[test]
    fn a_valid_table_is_read_without_mistakes() {
        let (value, found) = read("name = \"x\"\nflags = [true, false]");
        assert_eq!(value, Some(Example { name: "x".into(), flags: vec![true, false] }));
        assert!(found.is_empty());
    }

    #[test]
    fn every_mistake_of_a_table_is_found_in_one_pass() {
        let (_, found) = read("flag = [true]\nflags = [1, true, \"a\"]\ncolour = 3");
        assert_eq!(found.len(), 5, "{found:#?}");
        assert_eq!(read("nam = \"x\"").1.len(), 1, "a misspelt key is a single mistake");
        assert!(found.iter().any(|text| text.contains("`flag`: unknown key") && text.contains("did you mean `flags`?")));
        assert!(found.iter().any(|text| text.contains("`flags[0]`: the number 1 found, expected true or false")));
        assert!(found.iter().any(|text| text.contains("`name`: missing")));
        assert!(found.iter().any(|text| text.contains("`colour`: unknown key")));
    }

    #[test]
    fn the_schema_lists_keys_with_their_meaning() {
        let schema = schema_of::<Example>();
        assert_eq!(schema["properties"]["name"]["description"], "what it is called.");
        assert_eq!(schema["required"], json!(["name"]));
        assert_eq!(schema["additionalProperties"], false);
    }
}
