//! What an override drops if it puts a plain value in the place of a table.

use toml_edit::{Item, TableLike, Value};

/// The keys that can hold a plain value in place of their table. The first one that a table has is meant.
pub(super) const NUMBERS: [&str; 6] = ["count", "value", "mean", "median", "scale", "mode"];

/// Returns what an override, given as typed and as a path, drops from the table that it replaces. None if it drops nothing.
pub(super) fn dropped(root: &Item, (given, path): (&str, &[String]), value: &Value) -> Option<String> {
    if value.is_inline_table() || value.is_array() {
        return None;
    }
    let mut item = root;
    for part in path {
        item = match part.parse::<usize>() {
            Ok(index) if !item.is_table_like() => item.get(index)?,
            _ => item.get(part)?,
        };
    }
    let (below, table) = table_in(item)?;
    let key = toml_edit::Key::from;
    let here: Vec<String> = path.iter().cloned().chain(below).map(|part| key(part).to_string()).collect();
    message(given, &here.join("."), table)
}

/// Returns the table that an item is, or the first table among the values of steps, with the path to it.
fn table_in(item: &Item) -> Option<(Vec<String>, &dyn TableLike)> {
    if let Some(table) = item.as_table_like() {
        return Some((Vec::new(), table));
    }
    let count = item.as_array().map(toml_edit::Array::len).or(item.as_array_of_tables().map(toml_edit::ArrayOfTables::len));
    let of_step = |index: usize| {
        let table = item.get(index)?.get("value")?.as_table_like()?;
        Some((vec![index.to_string(), "value".to_owned()], table))
    };
    (0..count?).find_map(of_step)
}

/// Returns a message about what is dropped from a table, and which key changes only the number. None if the number is all
/// there is.
fn message(given: &str, path: &str, table: &dyn TableLike) -> Option<String> {
    let number = NUMBERS.into_iter().find(|key| table.contains_key(key));
    // A constant distribution is nothing but its value.
    let is_law_of_one = |key: &str, item: &Item| key == "dist" && item.as_str() == Some("constant");
    let dropped: Vec<String> = table
        .iter()
        .filter(|(key, item)| Some(*key) != number && !is_law_of_one(key, item))
        .map(|(key, item)| format!("`{key} = {}`", shown(item)))
        .collect();
    if dropped.is_empty() {
        return None;
    }
    let is_number = |item: &Item| item.is_integer() || item.is_float();
    let others = || table.iter().filter(|(_, item)| is_number(item)).map(|(key, _)| key).collect::<Vec<_>>();
    let keys: Vec<String> = number.map_or_else(others, |key| vec![key]).iter().map(|key| format!("{path}.{key}")).collect();
    let instead =
        if keys.is_empty() { String::new() } else { format!("; to change a number alone, set {}", keys.join(" or ")) };
    Some(format!("--set {given} drops {}{instead}", dropped.join(", ")))
}

/// Returns a value on one line, cut if it is long.
fn shown(item: &Item) -> String {
    const LONGEST: usize = 40;
    let text = item.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    if item.is_table_like() && !item.is_inline_table() {
        return "{ ... }".to_owned();
    }
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use toml_edit::{DocumentMut, Key};

    use super::*;

    fn said(text: &str, given: &str) -> Option<String> {
        let document: DocumentMut = text.parse().expect("it is TOML");
        let (key, value) = given.split_once('=').expect("it is an override");
        let path: Vec<String> = Key::parse(key).expect("it is a path").iter().map(|key| key.get().to_owned()).collect();
        dropped(document.as_item(), (given, &path), &value.parse().expect("it is a value"))
    }

    #[test]
    fn a_number_in_the_place_of_a_table_is_reported_with_what_it_drops() {
        let text = "[o.\"a b\".staff]\nr = { count = 1, each_handles = 20 }\n";
        assert_eq!(
            said(text, "o.\"a b\".staff.r=5").as_deref(),
            Some(
                "--set o.\"a b\".staff.r=5 drops `each_handles = 20`; to change a number alone, set \
                 o.\"a b\".staff.r.count"
            )
        );
        assert_eq!(said(text, "o.\"a b\".staff.r.count=5"), None);
        assert_eq!(said(text, "o.\"a b\".staff.r={ count = 5 }"), None, "an override with a table knows that there is one");
        assert_eq!(said(text, "o.\"a b\".staff.new=5"), None);
    }

    #[test]
    fn every_kind_of_table_is_reported() {
        let cases = [
            ("x = { dist = 'lognormal', mean = 30, cv = 0.6 }", "`dist = 'lognormal'`, `cv = 0.6`", "x.mean"),
            ("x = { dist = 'lognormal', median = 30, sigma = 1 }", "`dist = 'lognormal'`, `sigma = 1`", "x.median"),
            ("x = { dist = 'weibull', shape = 2, scale = 9 }", "`dist = 'weibull'`, `shape = 2`", "x.scale"),
            ("x = { dist = 'uniform', min = 1, max = 2 }", "`dist = 'uniform'`, `min = 1`, `max = 2`", "x.min or x.max"),
            ("x = { dist = 'exponential', mean = 3 }", "`dist = 'exponential'`", "x.mean"),
            (
                "x = { per_productive = 0.5, at_least = 2 }",
                "`per_productive = 0.5`, `at_least = 2`",
                "x.per_productive or x.at_least",
            ),
            ("[x]\ncount = 1\neach_handles = 8", "`each_handles = 8`", "x.count"),
            ("[[x]]\nmonth = 0\nvalue = { count = 1, each_handles = 8 }", "`each_handles = 8`", "x.0.value.count"),
            (
                "x = [{ month = 0, value = 4 }, { month = 6, value = { count = 1, each_handles = 8 } }]",
                "`each_handles = 8`",
                "x.1.value.count",
            ),
        ];
        for (text, drops, key) in cases {
            let expected = format!("--set x=5 drops {drops}; to change a number alone, set {key}");
            assert_eq!(said(text, "x=5"), Some(expected), "{text}");
        }
    }

    #[test]
    fn nothing_is_reported_if_nothing_is_lost() {
        for text in ["x = 4", "x = { count = 1 }", "x = { dist = 'constant', value = 3 }", "x = [{ month = 0, value = 4 }]"]
        {
            assert_eq!(said(text, "x=5"), None, "{text}");
        }
    }
}
