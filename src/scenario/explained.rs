//! A scenario with an explanation of every key at its first occurrence, taken from the description in the schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::input::{Node, Tree};

use super::schema;

/// The most characters of a line of explanation, unless a single word is longer.
const WIDTH: usize = 120;

/// Returns the text with comments above its lines. They give meaning and unit of each key and each distribution at its first
/// occurrence. If the text has no syntax errors, its meaning does not change.
pub(super) fn explained(text: &str) -> String {
    let (root, _) = Node::parse(text);
    let mut explained = Annotator { text, seen: BTreeSet::new(), remarks: BTreeMap::new() };
    explained.walk(&root, &schema(), "");
    explained.merged()
}

struct Annotator<'t> {
    text: &'t str,
    /// What has been explained so far: keys by their table in the schema, and distributions.
    seen: BTreeSet<String>,
    /// Comments by the byte at which the line below them starts.
    remarks: BTreeMap<usize, Vec<String>>,
}

impl Annotator<'_> {
    /// Explains the contents of a value. `path` is its path through the schema.
    fn walk(&mut self, node: &Node, schema: &Json, path: &str) {
        match &node.tree {
            Tree::Table(section) => {
                let dist = section.get("dist");
                for entry in &section.entries {
                    let key = entry.key.as_str();
                    let Some((below, is_key)) = below(schema, dist, key) else { continue };
                    let path = if is_key { format!("{path}.{key}") } else { format!("{path}.*") };
                    if key == "dist" {
                        self.explain(entry.place.start, law(&entry.node), law(&entry.node), below);
                    } else if is_key && dist.is_none() {
                        // The parameters of a distribution are explained together with it.
                        self.explain(entry.place.start, &path, key, below);
                    }
                    self.walk(&entry.node, below, &path);
                }
            }
            Tree::List(items) => {
                let Some(below) = alternatives(schema).find_map(|schema| schema.get("items")) else { return };
                items.iter().for_each(|item| self.walk(item, below, &format!("{path}[]")));
            }
            _ => {}
        }
    }

    /// Puts a comment above the line of a place, unless `id` was explained before.
    fn explain(&mut self, place: usize, id: &str, name: &str, schema: &Json) {
        let Some(meaning) = schema["description"].as_str() else { return };
        if !self.seen.insert(id.to_owned()) {
            return;
        }
        let line = self.text[..place].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = self.text[line..].chars().take_while(|c| *c == ' ').count();
        self.remarks.entry(line).or_default().push(wrapped(&format!("{name}: {}", meaning.trim_end_matches('.')), indent));
    }

    fn merged(&self) -> String {
        let mut merged = String::new();
        let mut from = 0;
        for (&line, remarks) in &self.remarks {
            merged.push_str(&self.text[from..line]);
            remarks.iter().for_each(|remark| merged.push_str(remark));
            from = line;
        }
        merged + &self.text[from..]
    }
}

/// Returns a comment, wrapped into lines.
fn wrapped(text: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let mut lines = vec![format!("{indent}#")];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if lines[last].chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{indent}#   {word}"));
        } else {
            lines[last] += &format!(" {word}");
        }
    }
    lines.join("\n") + "\n"
}

fn law(node: &Node) -> &str {
    if let Tree::Text(law) = &node.tree { law } else { "" }
}

/// Returns a schema, or its alternatives.
fn alternatives(schema: &Json) -> impl Iterator<Item = &Json> {
    let either = ["anyOf", "oneOf"].into_iter().flat_map(move |word| schema[word].as_array().into_iter().flatten());
    std::iter::once(schema).chain(either)
}

/// Returns the schema of a key, and whether the schema names the key. Otherwise the key is a name that the planner chose.
fn below<'s>(schema: &'s Json, dist: Option<&Node>, key: &str) -> Option<(&'s Json, bool)> {
    let fits = |schema: &&Json| dist.is_none_or(|dist| schema["properties"]["dist"]["const"] == *law(dist));
    let named = alternatives(schema).filter(fits).find_map(|schema| schema["properties"].get(key));
    let any = || alternatives(schema).map(|schema| &schema["additionalProperties"]).find(|schema| schema.is_object());
    named.map(|schema| (schema, true)).or_else(|| any().map(|schema| (schema, false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: &str = r#"title = "Desk" # ours
[organisation.a]
setup_days = { dist = "uniform", min = 1, max = 2 }
[organisation.b]
setup_days = { dist = "uniform", min = 3, max = 4 }
  [demand]
  agent = 5
"#;

    #[test]
    fn a_key_is_explained_at_its_first_occurrence_and_a_name_never() {
        let text = explained(DESK);
        let remarks: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with("# ")).collect();
        let named: Vec<&str> =
            remarks.iter().filter_map(|remark| remark.trim_start()[2..].split_once(": ")).map(|(name, _)| name).collect();
        assert_eq!(named, ["title", "organisation", "setup_days", "uniform", "demand"], "{text}");
        let above = |line: &str| text.lines().take_while(|other| *other != line).last().unwrap_or_default().to_owned();
        assert!(above("title = \"Desk\" # ours").starts_with("# title: the title of the scenario"), "{text}");
        assert!(above("  [demand]").starts_with("  # demand: "), "{text}");
        let unexplained: String =
            text.lines().filter(|line| !line.trim_start().starts_with('#')).map(|line| format!("{line}\n")).collect();
        assert_eq!(unexplained, DESK, "nothing else changes");
    }

    #[test]
    fn long_explanations_are_wrapped_between_words() {
        let text = wrapped(&"word ".repeat(60), 2);
        assert!(text.lines().count() > 2 && text.ends_with('\n'), "{text}");
        assert!(text.lines().all(|line| line.starts_with("  #") && line.chars().count() <= WIDTH), "{text}");
        assert_eq!(text.matches("word").count(), 60);
    }
}
