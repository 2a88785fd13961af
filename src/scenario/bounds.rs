//! Size limits of a text as a whole. Larger texts are refused before they are examined further, so that no input can make
//! time or memory explode.

use crate::input::{Diagnostic, Entry, Node, Section, Tree};

/// The most values of a scenario, including tables, lists, and everything that organisations take from others by `like`.
pub(super) const VALUES_AT_MOST: usize = 500_000;
/// The most entries of a table or a list. A list of numbers, such as observations, is limited only by the number of values.
/// A quantity may change in each month of the longest horizon.
const ENTRIES_AT_MOST: usize = 1200;
/// The most people of a list in the scenario itself. A list as comma-separated values may be longer.
const PEOPLE_AT_MOST: usize = 100_000;

/// Records what is too large. Returns whether everything has an acceptable size.
pub(super) fn hold(root: &Node, found: &mut Vec<Diagnostic>) -> bool {
    let before = found.len();
    let values = values_in(root);
    if values > VALUES_AT_MOST {
        let start = root.place.start;
        refuse(
            (start..start, String::new()),
            format!("{values} values found in total, expected at most {VALUES_AT_MOST}"),
            found,
        );
    }
    entries(root, "", found);
    found.len() == before
}

/// Returns the number of values in a node, including itself.
pub(super) fn values_in(node: &Node) -> usize {
    match &node.tree {
        Tree::List(list) => 1 + list.iter().map(values_in).sum::<usize>(),
        Tree::Table(section) => values_of(section),
        _ => 1,
    }
}

/// Returns the number of values in a table, including itself.
pub(super) fn values_of(section: &Section) -> usize {
    1 + section.entries.iter().map(|entry| values_in(&entry.node)).sum::<usize>()
}

fn entries(node: &Node, key: &str, found: &mut Vec<Diagnostic>) {
    let count = match &node.tree {
        Tree::List(list) if list.iter().all(|item| item.number().is_some()) => return,
        Tree::List(list) => list.len(),
        Tree::Table(section) => section.entries.len(),
        _ => return,
    };
    let most = if key.ends_with(".people") { PEOPLE_AT_MOST } else { ENTRIES_AT_MOST };
    if count > most {
        let start = node.place.start;
        let message = format!("{count} entries found, expected at most {most}");
        return refuse((start..start, key.to_owned()), message, found);
    }
    match &node.tree {
        Tree::List(list) => {
            list.iter().enumerate().for_each(|(index, item)| entries(item, &format!("{key}[{index}]"), found));
        }
        Tree::Table(section) => {
            section.entries.iter().for_each(|entry| entries(&entry.node, &below(key, entry), found));
        }
        _ => {}
    }
}

/// Returns the key of an entry of a table.
fn below(key: &str, entry: &Entry) -> String {
    if key.is_empty() { entry.key.clone() } else { format!("{key}.{}", entry.key) }
}

fn refuse((place, key): (std::ops::Range<usize>, String), message: String, found: &mut Vec<Diagnostic>) {
    found.push(Diagnostic { place, key, message, help: None, is_absence: false, overridden: None });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Vec<String> {
        let (root, mut found) = Node::parse(text);
        assert!(found.is_empty(), "{found:?}");
        let holds = hold(&root, &mut found);
        assert_eq!(holds, found.is_empty());
        found.iter().map(Diagnostic::title).collect()
    }

    #[test]
    fn lists_and_tables_have_a_limit_and_lists_of_numbers_a_higher_one() {
        let list = |item: &str, count: usize| format!("a = [{}]\n", [item].repeat(count).join(","));
        assert!(refused(&list("{ x = 1 }", 1200)).is_empty() && refused(&list("1", 50_000)).is_empty());
        assert_eq!(refused(&list("{ x = 1 }", 1201)), ["`a`: 1201 entries found, expected at most 1200"]);
        let table: String = (0..1201).map(|key| format!("k{key} = 1\n")).collect();
        assert_eq!(refused(&format!("[a.b]\n{table}")), ["`a.b`: 1201 entries found, expected at most 1200"]);
    }

    #[test]
    fn values_are_counted_at_any_depth() {
        // The document, the list, and its numbers.
        let numbers = |count: usize| format!("a = [{}]", ["1"].repeat(count).join(","));
        assert!(refused(&numbers(VALUES_AT_MOST - 2)).is_empty());
        let message = format!("{} values found in total, expected at most {VALUES_AT_MOST}", VALUES_AT_MOST + 1);
        assert_eq!(refused(&numbers(VALUES_AT_MOST - 1)), [message]);
    }
}
