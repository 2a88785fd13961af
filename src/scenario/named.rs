//! Tables that a scenario gives by name.

use serde_json::{Value as Json, json};

use crate::input::name::Name;
use crate::input::{Node, Reader, Value};

/// Tables by name: `[organisation.X]`, `[strategy.Y]`.
pub(super) struct Named<T>(pub(super) Vec<(String, T)>);

impl<T: Value> Value for Named<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(section) = node.section() else {
            reader.expected(node, "a table with a name for each entry");
            return None;
        };
        let mut named = Vec::new();
        for entry in &section.entries {
            let value = reader.under(format!(".{}", entry.key), |reader| {
                Name::check(&entry.key, &entry.place, reader);
                T::read(&entry.node, reader)
            });
            named.push((entry.key.clone(), value.unwrap_or_else(T::stand_in)));
        }
        Some(Self(named))
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> Json {
        json!({ "type": "object", "minProperties": 1, "additionalProperties": T::schema() })
    }
}
