//! Plain values: texts, flags, lists, and values by name.

use serde_json::{Value as Json, json};

use super::document::{Node, Tree};
use super::fields::Value;
use super::reader::Reader;

impl Value for String {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Tree::Text(text) = &node.tree {
            return Some(text.clone());
        }
        reader.expected(node, "a text in quotes");
        None
    }

    fn stand_in() -> Self {
        String::new()
    }

    fn schema() -> Json {
        json!({ "type": "string" })
    }
}

impl Value for bool {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Tree::Flag(flag) = node.tree {
            return Some(flag);
        }
        reader.expected(node, "true or false");
        None
    }

    fn stand_in() -> Self {
        false
    }

    fn schema() -> Json {
        json!({ "type": "boolean" })
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Tree::List(list) = &node.tree else {
            let is_one_of_several = node.section().is_some() && T::schema()["type"] == "object";
            let key = reader.key();
            let help = format!("write [[{key}]] with two brackets, once for each, or {} = [{{ ... }}]", last_part(&key));
            let help = is_one_of_several.then_some(help);
            reader.refuse(&node.place, format!("{} found, expected a list", node.in_words()), help);
            return None;
        };
        let read =
            |reader: &mut Reader<'_>, (index, item)| reader.under(format!("[{index}]"), |reader| T::read(item, reader));
        let items: Vec<Option<T>> = list.iter().enumerate().map(|indexed| read(reader, indexed)).collect();
        items.into_iter().collect()
    }

    fn stand_in() -> Self {
        Vec::new()
    }

    fn schema() -> Json {
        json!({ "type": "array", "items": T::schema() })
    }
}

/// Returns the last part of a dotted key.
fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// Reads a table with a value for each name of one kind. Returns the values with the positions of the names.
pub fn by_name<T: Value>(node: &Node, reader: &mut Reader<'_>, kind: &str) -> Option<Vec<(usize, T)>> {
    let Some(section) = node.section() else {
        reader.expected(node, &format!("a table with a key for each {kind}"));
        return None;
    };
    let mut values = Vec::new();
    for entry in &section.entries {
        reader.under(format!(".{}", entry.key), |reader| {
            let position = reader.position(&entry.key, &entry.place, kind);
            let value = T::read(&entry.node, reader);
            values.extend(position.zip(value));
        });
    }
    Some(values)
}
