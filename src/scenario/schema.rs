//! The JSON Schema of scenarios, generated from the same descriptions that read them.

use serde_json::{Value as Json, json};

use crate::input::fields::schema_of;

use super::Top;

/// Returns the JSON Schema (2020-12) for editors: every key with its meaning, its range and its default.
#[must_use]
pub fn schema() -> Json {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "handover scenario",
        "description": "How a team is built, run and handed over: roles, demand, organisations and strategies.",
    });
    if let (Json::Object(schema), Json::Object(top)) = (&mut schema, schema_of::<Top>()) {
        schema.extend(top);
    }
    schema
}

/// Returns the schemas below a key, or at a position, of a value.
pub(super) fn steps_below<'s>(schema: &'s Json, part: &str) -> Vec<&'s Json> {
    let is_position = part.bytes().all(|byte| byte.is_ascii_digit());
    let own =
        schema["properties"].get(part).or_else(|| schema.get("additionalProperties")).filter(|below| below.is_object());
    let item = schema.get("items").filter(|items| is_position && items.is_object());
    let choices = ["oneOf", "anyOf"].into_iter().flat_map(|word| schema[word].as_array().into_iter().flatten());
    own.into_iter().chain(item).chain(choices.flat_map(|choice| steps_below(choice, part))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(schema: &Json, path: &str, check: &mut impl FnMut(&Json, &str)) {
        check(schema, path);
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            walk(property, &format!("{path}.{key}"), check);
        }
        for part in ["items", "additionalProperties"] {
            if schema[part].is_object() {
                walk(&schema[part], &format!("{path}.{part}"), check);
            }
        }
        for (index, part) in schema["oneOf"].as_array().into_iter().flatten().enumerate() {
            walk(part, &format!("{path}<{index}>"), check);
        }
    }

    #[test]
    fn every_key_has_a_description() {
        let mut keys = 0;
        walk(&schema(), "", &mut |schema, path| {
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                keys += 1;
                assert!(property["description"].as_str().is_some_and(|help| help.len() > 5), "{path}.{key}");
            }
        });
        assert!(keys > 50, "{keys} keys");
    }
}
