//! Keys that are unknown where they stand, and known in another table.

use serde_json::Value as Json;

use crate::input::Diagnostic;

use super::schema;

/// Names at most this many tables that have a key.
const HOMES_AT_MOST: usize = 3;

/// Returns a mistake with the tables that have its key, if it is unknown only where it stands.
pub(super) fn with_home(mistake: Diagnostic) -> Diagnostic {
    if mistake.message != "unknown key" {
        return mistake;
    }
    let key = mistake.key.rsplit('.').next().unwrap_or_default();
    let mut homes = Vec::new();
    collect(&schema(), key, &mut Vec::new(), &mut homes);
    if homes.is_empty() || homes.len() > HOMES_AT_MOST {
        return mistake;
    }
    let homes: Vec<String> = homes.iter().map(|home| format!("`{home}`")).collect();
    Diagnostic { help: Some(format!("it belongs to {}", homes.join(" or "))), ..mistake }
}

/// Adds the paths of all tables of a schema that have a key. Names that scenarios choose are capital letters.
fn collect(schema: &Json, key: &str, path: &mut Vec<String>, homes: &mut Vec<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        if properties.contains_key(key) && !path.is_empty() {
            homes.push(path.concat().trim_start_matches('.').to_owned());
        }
        for (name, below) in properties {
            within(format!(".{name}"), below, key, path, homes);
        }
    }
    if schema["additionalProperties"].is_object() {
        within(".X".to_owned(), &schema["additionalProperties"], key, path, homes);
    }
    if schema["items"].is_object() {
        within("[]".to_owned(), &schema["items"], key, path, homes);
    }
    for one in schema["oneOf"].as_array().into_iter().flatten() {
        collect(one, key, path, homes);
    }
}

fn within(step: String, schema: &Json, key: &str, path: &mut Vec<String>, homes: &mut Vec<String>) {
    path.push(step);
    collect(schema, key, path, homes);
    path.pop();
}
