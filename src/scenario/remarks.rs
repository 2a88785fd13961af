//! Remarks: the comments of a scenario, where authors give the sources of their numbers.

use toml_edit::{DocumentMut, Item, RawString, TableLike, Value};

use super::Scenario;

/// Returns the comments of a scenario, each with the key that it is above or beside.
#[must_use]
pub fn remarks(scenario: &Scenario) -> Vec<(String, String)> {
    let mut remarks = Vec::new();
    if let Ok(document) = scenario.text().parse::<DocumentMut>() {
        walk(document.as_table(), "", &mut remarks);
    }
    remarks
}

fn walk(table: &dyn TableLike, path: &str, remarks: &mut Vec<(String, String)>) {
    for (name, item) in table.iter() {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let above = table.key(name).and_then(|key| text(key.leaf_decor().prefix()));
        note(&path, above, remarks);
        match item {
            Item::Value(value) => walk_value(value, &path, remarks),
            Item::Table(table) => {
                note(&path, text(table.decor().prefix()), remarks);
                walk(table, &path, remarks);
            }
            Item::ArrayOfTables(tables) => {
                for (index, table) in tables.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    note(&path, text(table.decor().prefix()), remarks);
                    walk(table, &path, remarks);
                }
            }
            Item::None => {}
        }
    }
}

fn walk_value(value: &Value, path: &str, remarks: &mut Vec<(String, String)>) {
    note(path, text(value.decor().suffix()), remarks);
    if let Some(table) = value.as_inline_table() {
        walk(table, path, remarks);
    }
    let Some(array) = value.as_array() else { return };
    let mut before = path.to_owned();
    for (index, element) in array.iter().enumerate() {
        let path = format!("{path}[{index}]");
        // Text after the comma, on the line of an element, belongs to that element and not to the next.
        let (beside, above) = text(element.decor().prefix()).and_then(|around| around.split_once('\n')).unzip();
        note(&before, beside, remarks);
        note(&path, above, remarks);
        walk_value(element, &path, remarks);
        before = path;
    }
    note(&before, text(Some(array.trailing())), remarks);
}

fn text(around: Option<&RawString>) -> Option<&str> {
    around.and_then(RawString::as_str)
}

/// Adds the comments in the text around a key.
fn note(path: &str, around: Option<&str>, remarks: &mut Vec<(String, String)>) {
    let comments = around.unwrap_or_default().lines().filter_map(|line| line.trim().strip_prefix('#'));
    let words =
        comments.filter(|comment| !comment.starts_with(':')).map(|comment| comment.trim_matches([' ', '-', '#', '=']));
    let text = words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        remarks.push((path.to_owned(), text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_returned_with_their_keys() {
        let text = "#:schema handover.json\n# A study.\ntitle = 'a # b' # its name\n\n# --- the team ---\n[demand]\na = [ # of all\n  \
                    { month = 0, value = 1 }, # first\n  # then\n  { month = 6, value = 2 } # last\n]\n[[role]]\n# of\nname = 'a'\n";
        let mut remarks = Vec::new();
        walk(text.parse::<DocumentMut>().expect("it is TOML").as_table(), "", &mut remarks);
        let remarks: Vec<(&str, &str)> = remarks.iter().map(|(key, words)| (key.as_str(), words.as_str())).collect();
        let expected = [
            ("title", "A study."),
            ("title", "its name"),
            ("demand", "the team"),
            ("demand.a", "of all"),
            ("demand.a[0]", "first"),
            ("demand.a[1]", "then"),
            ("demand.a[1]", "last"),
            ("role[0].name", "of"),
        ];
        assert_eq!(remarks, expected);
    }
}
