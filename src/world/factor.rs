//! Factors: the decisions under study, each with the levels to compare.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::input::decimal::Decimal;
use crate::input::document::shortened;
use crate::input::name::Name;
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

/// The most levels that a factor may have.
pub const LEVELS_AT_MOST: usize = 1000;

/// Column names of the result files, which a factor must not use.
const COLUMNS: [&str; 51] = [
    "replication",
    "parameter",
    "low",
    "base",
    "high",
    "mean_low",
    "mean_base",
    "mean_high",
    "change_low",
    "change_low_ci_low",
    "change_low_ci_high",
    "change_high",
    "change_high_ci_low",
    "change_high_ci_high",
    "swing",
    "point",
    "replications",
    "sha256",
    "set",
    "strategy",
    "response",
    "unit",
    "nature",
    "n",
    "missing",
    "mean",
    "sd",
    "se",
    "ci_low",
    "ci_high",
    "min",
    "p5",
    "p25",
    "p50",
    "p75",
    "p95",
    "max",
    "role",
    "goal",
    "probability",
    "required",
    "met",
    "share",
    "value",
    "mean_difference",
    "p_lower",
    "p_equal",
    "variance_ratio",
    "factor",
    "level",
    "effect",
];
/// The factor whose levels are the scenarios of a study.
pub const FILE: &str = "file";

/// `[[factor]]`: a decision under study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Its name.
    pub name: String,
    /// Dotted paths of the keys that are set to the level.
    pub keys: Vec<String>,
    /// Its levels as typed: each is a TOML value on one line.
    pub levels: Vec<String>,
    /// Dotted paths of further keys, each with its values, one per level.
    pub also: Vec<(String, Vec<String>)>,
}

/// Returns why a factor cannot have this name. None if it can.
#[must_use]
pub fn problem_of_name(name: &str) -> Option<String> {
    if name == FILE {
        return Some(format!("{name:?} names the factor whose levels are scenario files"));
    }
    if COLUMNS.contains(&name) {
        return Some(format!("{name:?} is a column of the result files already"));
    }
    let sign = name.chars().find(|sign| "=,:".contains(*sign))?;
    Some(format!("{:?} has a {sign:?}, which ends a name on the command line", shortened(name)))
}

impl Table for Factor {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let name = fields
            .required::<Name>("name", "the name of the factor: a column of the result files, and the label of an axis");
        let keys: Keys =
            fields.required("key", "the key that is set to a level, as in --set; with a list, every key is set");
        let levels: Levels = fields.required("levels", "the values to try: a list, or { from, to, step } for numbers");
        let also: Option<Also> = fields.optional_or(
            "also",
            "nothing else changes",
            "further keys to set, each with a list of values, one per level",
        );
        let factor =
            Self { name: name.into(), keys: keys.0, levels: levels.0, also: also.map_or_else(Vec::new, |also| also.0) };
        if let Some(problem) = problem_of_name(&factor.name).filter(|_| fields.has_sound("name")) {
            fields.refuse("name", problem, Some("choose another name".to_owned()));
        }
        if fields.has_sound("levels") && fields.has_sound("also") {
            let count = factor.levels.len();
            for (key, values) in factor.also.iter().filter(|(_, values)| values.len() != count) {
                let message = format!("{} values found, expected {count}: one for each of the `levels`", values.len());
                fields.refuse_below(&["also", key], message, None);
            }
        }
        factor
    }
}

/// One dotted path, or several.
struct Keys(Vec<String>);

impl Value for Keys {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.tree {
            Tree::Text(key) => Some(Self(vec![key.clone()])),
            Tree::List(list) if list.is_empty() => {
                reader.refuse(&node.place, "an empty list found, expected at least one dotted path", None);
                None
            }
            Tree::List(_) => Vec::<String>::read(node, reader).map(Self),
            _ => {
                reader.expected(node, "a text: a dotted path, or a list of them");
                None
            }
        }
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> Json {
        json!({ "oneOf": [
            { "type": "string" },
            { "type": "array", "minItems": 1, "items": { "type": "string" } },
        ] })
    }
}

/// The levels of a factor, as typed.
struct Levels(Vec<String>);

impl Value for Levels {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.tree {
            Tree::List(list) => {
                let before = reader.count();
                refuse_count(list, node, reader);
                refuse_twins(list, reader);
                (reader.count() == before).then(|| Self(list.iter().map(|item| reader.typed(item)).collect()))
            }
            Tree::Table(_) => {
                let before = reader.count();
                let steps: FromTo = reader.table(node)?;
                (reader.count() == before).then_some(Self(steps.0))
            }
            _ => {
                reader.expected(node, "a list of levels, or { from, to, step }");
                None
            }
        }
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> Json {
        json!({ "oneOf": [{ "type": "array", "minItems": 1, "maxItems": LEVELS_AT_MOST }, FromTo::schema()] })
    }
}

fn refuse_count(list: &[Node], node: &Node, reader: &mut Reader<'_>) {
    if list.is_empty() {
        reader.refuse(&node.place, "an empty list found, expected at least one level", None);
    } else if list.len() > LEVELS_AT_MOST {
        let message = format!("{} levels found, expected at most {LEVELS_AT_MOST}", list.len());
        reader.refuse(&node.place, message, None);
    }
}

fn refuse_twins(list: &[Node], reader: &mut Reader<'_>) {
    let mut known = BTreeSet::new();
    for (index, item) in list.iter().enumerate().filter(|(_, item)| !known.insert(item.identity())) {
        let message = format!("the level {} is listed already", shortened(&reader.typed(item)));
        let help = Some("keep one of them".to_owned());
        reader.under(format!("[{index}]"), |reader| reader.refuse(&item.place, message, help));
    }
}

/// `levels = { from, to, step }`.
struct FromTo(Vec<String>);

impl Table for FromTo {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let from: Decimal = fields.required("from", "the first level");
        let to: Decimal = fields.required("to", "the last level, if the steps reach it");
        let step: Decimal = fields.required("step", "from one level to the next; below 0 for falling levels");
        if !["from", "to", "step"].into_iter().all(|key| fields.has_sound(key)) {
            return Self(Vec::new());
        }
        let levels = Decimal::steps(from, to, step, LEVELS_AT_MOST);
        let levels = levels.unwrap_or_else(|problem| {
            fields.refuse("step", problem, None);
            Vec::new()
        });
        Self(levels.iter().map(ToString::to_string).collect())
    }
}

/// `also = { "KEY" = [...] }`.
struct Also(Vec<(String, Vec<String>)>);

impl Value for Also {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(section) = node.section() else {
            reader.expected(node, "a table with a list of values for each key");
            return None;
        };
        let before = reader.count();
        let mut also = Vec::new();
        for entry in &section.entries {
            reader.under(format!(".{}", entry.key), |reader| match &entry.node.tree {
                Tree::List(list) => {
                    also.push((entry.key.clone(), list.iter().map(|item| reader.typed(item)).collect()));
                }
                Tree::Table(_) => {
                    let help = "the whole path is one key, in quotes: { \"a.b.c\" = [1, 2] }";
                    let message = "a table found, expected a list of values, one for each level";
                    reader.refuse(&entry.place, message, Some(help.to_owned()));
                }
                _ => reader.expected(&entry.node, "a list of values, one for each level"),
            });
        }
        (reader.count() == before).then_some(Self(also))
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": { "type": "array" } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Names;

    fn read(text: &str) -> (Factor, Vec<String>) {
        let (node, found) = Node::parse(text);
        assert!(found.is_empty(), "{found:?}");
        let names = Names::default();
        let mut reader = Reader::new(&names).of_text(text);
        let factor = reader.table(&node).expect("it is a table");
        (factor, reader.finish().iter().map(crate::input::Diagnostic::title).collect())
    }

    fn mistakes(text: &str) -> Vec<String> {
        read(text).1
    }

    #[test]
    fn levels_stay_as_they_were_typed() {
        let (factor, found) = read(
            "name = 'team'\nkey = ['a.b', 'c']\nlevels = [1_000, 0.70, 'x', [1,2], { n = 1 }]\nalso = { 'd.0.e' = [1, 1, 2, 2, 3] }",
        );
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(factor.keys, ["a.b", "c"]);
        assert_eq!(factor.levels, ["1_000", "0.70", "'x'", "[1,2]", "{ n = 1 }"]);
        assert_eq!(factor.also, [("d.0.e".to_owned(), ["1", "1", "2", "2", "3"].map(str::to_owned).to_vec())]);
    }

    #[test]
    fn levels_in_steps_are_computed_in_decimals() {
        let (factor, found) = read("name = 'x'\nkey = 'a'\nlevels = { from = 0.7, to = 0.95, step = 0.1 }");
        assert_eq!((factor.levels, found), (["0.7", "0.8", "0.9"].map(str::to_owned).to_vec(), Vec::new()));
        let (factor, _) = read("name = 'x'\nkey = 'a'\nlevels = { from = 3, to = 1, step = -1 }");
        assert_eq!(factor.levels, ["3", "2", "1"]);
    }

    #[test]
    fn every_mistake_in_a_factor_is_reported() {
        let of_levels = |levels: &str| mistakes(&format!("name = 'x'\nkey = 'a'\nlevels = {levels}")).join("; ");
        assert_eq!(of_levels("[]"), "`levels`: an empty list found, expected at least one level");
        assert_eq!(of_levels("[1, 2, 1.0]"), "`levels[2]`: the level 1.0 is listed already");
        assert_eq!(of_levels("3"), "`levels`: the number 3 found, expected a list of levels, or { from, to, step }");
        assert_eq!(
            of_levels("{ from = 1, to = 2, step = 0 }"),
            "`levels.step`: a step of 0 never gets from one level to the next"
        );
        assert!(
            of_levels("{ from = 1, to = inf, step = 1 }")
                .starts_with("`levels.to`: the number inf found: expected one of 15")
        );
        assert_eq!(of_levels("{ from = 1 }").matches("missing").count(), 2);
        assert!(of_levels("{ from = 0, to = 1000, step = 1 }").contains("1001 levels"));
        let numbers = (0..1001).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(of_levels(&format!("[{numbers}]")), "`levels`: 1001 levels found, expected at most 1000");
        let rest = "\nkey = []\nlevels = [1, 2]\nalso = { a.b = [1, 2], c = 1, d = [1] }";
        let found = mistakes(&format!("name = 'mean'{rest}"));
        assert_eq!(
            found,
            [
                "`key`: an empty list found, expected at least one dotted path",
                "`also.a`: a table found, expected a list of values, one for each level",
                "`also.c`: the number 1 found, expected a list of values, one for each level",
                "`name`: \"mean\" is a column of the result files already",
            ]
        );
        assert_eq!(
            mistakes("name = 'a:b'\nkey = 'a'\nlevels = [1, 2]\nalso = { d = [1] }"),
            [
                "`name`: \"a:b\" has a ':', which ends a name on the command line",
                "`also.d`: 1 values found, expected 2: one for each of the `levels`",
            ]
        );
    }
}
