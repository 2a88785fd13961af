//! Parses TOML text into a tree, and collects syntax errors.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::diagnostic::Diagnostic;
use super::document::{Entry, Node, Section, Tree, too_large};
use super::syntax;

impl Node {
    /// Parses a whole document. Returns the syntax errors along with what could be read in spite of them.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<Diagnostic>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut found = syntax::mistakes(text, &errors);
        let tree = Tree::Table(section(table.get_ref(), &mut found));
        (Self { place: 0..text.len(), tree }, found)
    }
}

fn section(table: &DeTable<'_>, found: &mut Vec<Diagnostic>) -> Section {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            place: key.span(),
            node: Node { place: value.span(), tree: tree(value.get_ref(), &value.span(), found) },
        })
        .collect();
    entries.sort_by_key(|entry| entry.place.start);
    Section { entries }
}

fn tree(value: &DeValue<'_>, place: &Range<usize>, found: &mut Vec<Diagnostic>) -> Tree {
    let mut refuse = |message: String| {
        found.push(Diagnostic {
            place: place.clone(),
            key: String::new(),
            message,
            help: None,
            is_absence: false,
            overridden: None,
        });
        Tree::Whole(0)
    };
    match value {
        // The parser has already reported that these are not numbers.
        DeValue::Integer(digits) if digits.as_str().is_empty() => Tree::Whole(0),
        DeValue::Float(digits) if digits.as_str().is_empty() => Tree::Whole(0),
        DeValue::String(text) => Tree::Text(text.to_string()),
        DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
            .map_or_else(|_| refuse(too_large(digits.as_str())), Tree::Whole),
        DeValue::Float(digits) => {
            digits.as_str().parse().map_or_else(|_| refuse(format!("{digits} is not a number")), Tree::Number)
        }
        DeValue::Boolean(flag) => Tree::Flag(*flag),
        DeValue::Datetime(date) => Tree::Date(*date),
        DeValue::Array(list) => Tree::List(
            list.iter().map(|item| Node { place: item.span(), tree: tree(item.get_ref(), &item.span(), found) }).collect(),
        ),
        DeValue::Table(table) => Tree::Table(section(table, found)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::dotted;
    use super::*;

    #[test]
    fn nested_lists_are_read_to_the_depth_in_the_manual() {
        let parse = |depth: usize| Node::parse(&format!("a = {}{}", "[".repeat(depth), "]".repeat(depth))).1;
        assert!(parse(80).is_empty());
        assert!(parse(81).iter().any(|found| found.message == "nested deeper than 80 levels"));
    }

    #[test]
    fn a_key_with_too_many_parts_is_found_where_it_stands() {
        let key = vec!["a"; 90].join(".");
        for line in [format!("{key} = 1"), format!("[{key}]"), format!("[[{key}]]")] {
            let text = format!("title = 'x'\n{line}\n");
            let (_, found) = Node::parse(&text);
            let deep = found.iter().find(|found| found.message == "nested deeper than 80 levels").expect("it is refused");
            assert_eq!(deep.place.start, text.find('\n').unwrap() + 1, "{line}");
        }
    }

    #[test]
    fn keys_and_values_know_their_places_and_keep_their_order() {
        let text = "[b]\ny = 1_000\nx = [0.5, \"t\"]\n[a]\n";
        let (node, found) = Node::parse(text);
        assert!(found.is_empty());
        let root = node.section().unwrap();
        assert_eq!(root.entries.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        let b = root.get("b").unwrap().section().unwrap();
        assert_eq!(&text[b.entries[0].place.clone()], "y");
        assert_eq!(b.get("y").unwrap().number(), Some(1000.0));
        let Tree::List(list) = &b.get("x").unwrap().tree else { panic!("x is a list") };
        assert_eq!(&text[list[1].place.clone()], "\"t\"");
    }

    #[test]
    fn several_syntax_errors_are_found_in_one_pass() {
        let (_, found) = Node::parse("d = 99999999999999999999\na = 1\na = 2\nb = \n[c\n");
        assert!(found.len() >= 3, "{found:?}");
        assert!(found.iter().any(|diagnostic| diagnostic.message.contains("too large")), "{found:?}");
    }

    fn value(text: &str) -> (Node, String) {
        let (root, found) = Node::parse(text);
        assert!(found.is_empty(), "{found:?}");
        let node = root.section().unwrap().get("a").unwrap().clone();
        let typed = node.typed(text);
        (node, typed)
    }

    #[test]
    fn a_value_is_kept_as_it_was_typed_but_on_one_line() {
        assert_eq!(value("a = 0x1F # one").1, "0x1F");
        assert_eq!(value("a = [0.70, { x.y = 1_000 }]").1, "[0.70, { x.y = 1_000 }]");
        assert_eq!(value("a = [ # first\n  0.70,\n  'b',\n]").1, "[0.70, 'b']");
        assert_eq!(value("a = '''x\ny'''").1, "\"x\\ny\"");
        let tables = "[[a]]\nx = 1\n\"b c\" = []\n[a.d]\ne = true\n";
        assert_eq!(value(tables).1, "[{ x = 1, \"b c\" = [], d = { e = true } }]");
        assert_eq!(dotted(&["b", "a \"b\\\u{1b}"]), "b.\"a \\\"b\\\\\\u001B\"");
    }

    #[test]
    fn equal_values_are_equal_however_they_are_written() {
        let identity = |text: &str| value(text).0.identity();
        for (one, other) in [
            ("a = 1", "a = 1.0"),
            ("a = -0.0", "a = 0"),
            ("a = { x = 1, y = 'b' }", "a = { y = \"b\", x = 1e0 }"),
            ("a = [1, 2]", "a = [\n1.0, 2 ]"),
        ] {
            assert_eq!(identity(one), identity(other), "{one}");
        }
        for (one, other) in [
            ("a = 1", "a = '1'"),
            ("a = true", "a = 'true'"),
            ("a = 2027-01-01", "a = '2027-01-01'"),
            ("a = 9007199254740993", "a = 9007199254740992"),
            ("a = ['b', 'c']", "a = ['b,c']"),
        ] {
            assert_ne!(identity(one), identity(other), "{one}");
        }
    }

    #[test]
    fn odd_texts_do_not_panic() {
        for text in ["", "\u{feff}", "[", "[[[[", "a.b.c.d", "= = =", "\"", "a = 0x", "a = 1e999", "[a]\n[a]\n[[a]]"] {
            let _ = Node::parse(text);
        }
    }
}
