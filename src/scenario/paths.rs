//! Paths to a value: a whole dotted path, or the unique tail of one.

use std::sync::LazyLock;

use serde_json::Value as Json;
use toml_edit::Key;

use crate::input::diagnostic::{name_help, nearest};
use crate::input::document::dotted;
use crate::input::{Node, Section, Tree};

use super::dropped::NUMBERS;
use super::schema::{schema, steps_below};

/// The start of the message about an unknown path.
pub(super) const UNKNOWN: &str = "unknown key";
/// The most paths that one message lists.
const LISTED_AT_MOST: usize = 10;
/// Top-level tables whose own keys are not values of the plan.
const OF_STUDIES: [&str; 2] = ["factor", "uncertain"];

static SCHEMA: LazyLock<Json> = LazyLock::new(schema);
static TOP_KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let properties = SCHEMA["properties"].as_object().into_iter().flatten();
    properties.map(|(key, _)| key.as_str()).collect()
});

/// The reason why a path is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadPath {
    /// The path that the message is about.
    pub(super) key: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The part of the given path that is at fault. None if it is the whole path.
    pub(super) part: Option<usize>,
}

/// Returns the parts of a dotted path. None if it is not one.
pub(super) fn parts(path: &str) -> Option<Vec<String>> {
    Some(Key::parse(path).ok()?.iter().map(|key| key.get().to_owned()).collect())
}

/// Whether a path is whole, that is, starts with a top-level key.
pub(super) fn is_whole(parts: &[String]) -> bool {
    let is_top = |first: &String| TOP_KEYS.contains(&first.as_str()) || OF_STUDIES.contains(&first.as_str());
    parts.first().is_some_and(is_top)
}

/// Returns the node at a whole path.
pub(super) fn at<'r>(root: &'r Section, parts: &[String]) -> Option<&'r Node> {
    let (first, rest) = parts.split_first()?;
    rest.iter().try_fold(root.get(first)?, |node, part| match &node.tree {
        Tree::Table(table) => table.get(part),
        Tree::List(list) => list.get(part.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Returns the whole path that a path means. `is_plain` says whether a plain value will be put there.
pub(super) fn whole(root: &Section, given: &[String], is_plain: bool) -> Result<Vec<String>, BadPath> {
    if is_whole(given) || at(root, given).is_some() {
        return Ok(given.to_vec());
    }
    let mut found: Vec<(Vec<String>, &Node)> = Vec::new();
    walk(root, &mut |path, node| {
        if let Some(tail) = tail_of(path, given.len())
            && tail.iter().zip(given).all(|(part, given)| part.name == *given)
        {
            found.push((names(path), node));
        }
    });
    match found.as_slice() {
        [] => Err(unknown(root, given)),
        [(path, node)] => match &node.tree {
            Tree::Table(table) if is_plain => Err(is_table(path, given, table)),
            _ => Ok(path.clone()),
        },
        several => Err(ambiguous(several, given)),
    }
}

/// Returns what is wrong with a whole path that need not be in the text: an unknown key, or a list that is too short.
pub(super) fn mistake(root: &Section, path: &[String]) -> Option<BadPath> {
    let mut schemas = vec![&*SCHEMA];
    let mut here = None;
    for (depth, part) in path.iter().enumerate() {
        let lost = |message: String, help| Some(BadPath { key: dotted(path), message, help, part: Some(depth) });
        let before = || dotted(&path[..depth]);
        let below: Vec<&Json> = schemas.iter().flat_map(|schema| steps_below(schema, part)).collect();
        if below.is_empty() {
            let keys = schemas.iter().flat_map(|schema| schema["properties"].as_object().into_iter().flatten());
            let keys: Vec<&str> = keys.map(|(key, _)| key.as_str()).collect();
            return lost(format!("there is no key `{part}` here"), name_help(part, &keys));
        }
        here = match (depth, here.map(|node: &Node| &node.tree)) {
            (0, _) => root.get(part),
            (_, Some(Tree::List(list))) => {
                let item = part.parse::<usize>().ok().and_then(|index| list.get(index));
                if item.is_none() {
                    return lost(no_entry(&before(), list.len(), part), None);
                }
                item
            }
            (_, Some(Tree::Table(table))) => table.get(part),
            (_, Some(_)) => return lost(format!("`{}` is not a table", before()), None),
            (_, None) if part.bytes().all(|byte| byte.is_ascii_digit()) => {
                return lost(format!("there is no `{}` in the file, so it has no entry {part}", before()), None);
            }
            (_, None) => None,
        };
        schemas = below;
    }
    None
}

/// Returns the message for a position that a list does not have.
pub(super) fn no_entry(list: &str, count: usize, part: &str) -> String {
    match count {
        0 => format!("`{list}` has no entries, so there is no {part:?}"),
        1 => format!("`{list}` has one entry: expected the number 0, not {part:?}"),
        _ => format!("`{list}` has {count} entries: expected a number from 0 to {}, not {part:?}", count - 1),
    }
}

/// A part of a path.
struct Part {
    name: String,
    /// Whether it is a position in a list.
    is_position: bool,
}

fn names(path: &[Part]) -> Vec<String> {
    path.iter().map(|part| part.name.clone()).collect()
}

/// Returns the last parts of a path if a user may mean them, that is, if they start with a key.
fn tail_of(path: &[Part], count: usize) -> Option<&[Part]> {
    let tail = &path[path.len().checked_sub(count)?..];
    tail.first().is_some_and(|first| !first.is_position).then_some(tail)
}

/// Visits every value of the plan in the tables, and every table or list with such values, along with its path.
fn walk<'r>(root: &'r Section, visit: &mut impl FnMut(&[Part], &'r Node)) {
    for entry in root.entries.iter().filter(|entry| !OF_STUDIES.contains(&entry.key.as_str())) {
        walk_node(&entry.node, &mut vec![Part { name: entry.key.clone(), is_position: false }], visit);
    }
}

fn walk_node<'r>(node: &'r Node, path: &mut Vec<Part>, visit: &mut impl FnMut(&[Part], &'r Node)) {
    visit(path, node);
    let below: Vec<(Part, &Node)> = match &node.tree {
        Tree::Table(table) => {
            let part = |key: &str| Part { name: key.to_owned(), is_position: false };
            table.entries.iter().map(|entry| (part(&entry.key), &entry.node)).collect()
        }
        Tree::List(list) => {
            let part = |index: usize| Part { name: index.to_string(), is_position: true };
            list.iter().enumerate().map(|(index, item)| (part(index), item)).collect()
        }
        _ => return,
    };
    for (part, node) in below {
        path.push(part);
        walk_node(node, path, visit);
        path.pop();
    }
}

fn is_table(path: &[String], given: &[String], table: &Section) -> BadPath {
    let named = NUMBERS.into_iter().find(|key| table.get(key).is_some());
    let key = named.or(table.entries.first().map(|entry| entry.key.as_str()));
    let example = key.map(|key| given.iter().map(String::as_str).chain([key]).collect::<Vec<_>>());
    let example = example.map_or_else(String::new, |parts| format!(", e.g. {}", dotted(&parts)));
    let message = format!("it is a table: name a key of it{example}");
    BadPath { key: dotted(path), message, help: None, part: None }
}

fn ambiguous(found: &[(Vec<String>, &Node)], given: &[String]) -> BadPath {
    let message = format!("{} keys of the scenario end like this: give more of the path", found.len());
    let listed: Vec<String> = found.iter().take(LISTED_AT_MOST).map(|(path, _)| format!("`{}`", dotted(path))).collect();
    let more = found.len() - listed.len();
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    let help = format!("one of {}{rest}", listed.join(", "));
    BadPath { key: dotted(given), message, help: Some(help), part: None }
}

/// Returns the error for an unknown path, with the nearest known ones as help.
fn unknown(root: &Section, given: &[String]) -> BadPath {
    let mut tails: Vec<(String, Vec<String>)> = Vec::new();
    walk(root, &mut |path, _| {
        if let Some(tail) = tail_of(path, given.len()) {
            tails.push((dotted(&names(tail)), names(path)));
        }
    });
    let key = dotted(given);
    let is_one = given.len() == 1;
    let tops = TOP_KEYS.iter().copied().filter(|_| is_one);
    let meant = nearest(&key, tails.iter().map(|(tail, _)| tail.as_str()).chain(tops.clone()));
    let paths = tails.iter().filter(|(tail, _)| Some(tail.as_str()) == meant).map(|(_, path)| dotted(path));
    let paths: Vec<String> = paths.take(LISTED_AT_MOST).map(|path| format!("`{path}`")).collect();
    let top_help = || name_help(&given[0], &TOP_KEYS);
    let help = match meant {
        Some(top) if tops.clone().any(|key| key == top) => top_help(),
        Some(_) => Some(format!("did you mean {}?", paths.join(" or "))),
        None => top_help(),
    };
    let more = if is_one { "" } else { ": no path of the scenario ends like this" };
    BadPath { key, message: format!("{UNKNOWN}{more}"), help, part: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title = 'x'\n[demand]\nlead = 2\n[organisation.vendor.hiring]\n\
        staff = { recruiters = { each_handles = 8, count = 5 }, panel = 2 }\nbench = { lead = 1 }\n\
        stages = [{ name = 'search', pass = 0.8 }, { name = 'notice', pass = 0.7 }]\n\
        [[strategy.bot.transfer]]\nto = 'client'\nmonth = 24\nwaves = [0.5, 0.5]\n\
        [[factor]]\nname = 'x'\nkey = 'month'\nlevels = [1]\n";

    fn meant_in(text: &str, path: &str) -> Result<String, BadPath> {
        let (root, _) = Node::parse(text);
        let root = root.section().unwrap();
        whole(root, &parts(path).unwrap(), true).map(|path| dotted(&path))
    }

    fn meant(path: &str) -> String {
        meant_in(TEXT, path).unwrap()
    }

    fn lost(path: &str) -> String {
        let lost = meant_in(TEXT, path).unwrap_err();
        format!("{}: {} ({})", lost.key, lost.message, lost.help.unwrap_or_default())
    }

    #[test]
    fn a_tail_means_the_only_path_with_this_end() {
        assert_eq!(meant("recruiters.count"), "organisation.vendor.hiring.staff.recruiters.count");
        assert_eq!(meant("month"), "strategy.bot.transfer.0.month");
        assert_eq!(meant("stages.1.pass"), "organisation.vendor.hiring.stages.1.pass");
        assert_eq!(meant("waves.0"), "strategy.bot.transfer.0.waves.0");
        assert_eq!(meant("panel"), "organisation.vendor.hiring.staff.panel");
    }

    #[test]
    fn a_path_that_begins_at_the_top_is_whole_and_may_be_new() {
        for path in ["demand.lead", "organisation.client.setup_days", "market.exit_hazard_per_year", "goal", "factor.0.key"]
        {
            assert_eq!(meant(path), path);
        }
    }

    #[test]
    fn unknown_and_ambiguous_paths_are_reported() {
        assert_eq!(
            lost("lead"),
            "lead: 2 keys of the scenario end like this: give more of the path (one of `demand.lead`, \
             `organisation.vendor.hiring.bench.lead`)"
        );
        assert_eq!(
            lost("recruiters"),
            "organisation.vendor.hiring.staff.recruiters: it is a table: name a key of it, e.g. recruiters.count ()"
        );
        assert_eq!(
            lost("recruters.count"),
            "recruters.count: unknown key: no path of the scenario ends like this (did you mean \
             `organisation.vendor.hiring.staff.recruiters.count`?)"
        );
        assert!(lost("zzz").starts_with("zzz: unknown key (allowed here: `"), "{}", lost("zzz"));
        assert!(lost("sead").starts_with("sead: unknown key (did you mean `seed`? allowed here: `"), "{}", lost("sead"));
        assert!(
            lost("stratgy.zzz.zzz").ends_with("(did you mean `strategy`? allowed here: ")
                || lost("stratgy.zzz.zzz").contains("`strategy`")
        );
        assert!(lost("0").starts_with("0: unknown key"), "a position alone is not a tail");
        let numbers: String = (0..12).map(|index| format!("[organisation.o{index}]\nsetup_days = 1\n")).collect();
        let several = meant_in(&numbers, "setup_days").unwrap_err();
        assert!(several.help.unwrap().ends_with("`organisation.o9.setup_days`, and 2 more"));
    }

    #[test]
    fn a_table_may_take_the_place_of_a_table() {
        let (root, _) = Node::parse(TEXT);
        let path = whole(root.section().unwrap(), &["recruiters".to_owned()], false).unwrap();
        assert_eq!(dotted(&path), "organisation.vendor.hiring.staff.recruiters");
    }

    #[test]
    fn unknown_paths_are_reported_before_a_value_is_inserted() {
        let (root, _) = Node::parse(TEXT);
        let said = |path: &str| {
            let lost = mistake(root.section().unwrap(), &parts(path).unwrap())?;
            Some(format!("{:?} {} {}", lost.part, lost.message, lost.help.unwrap_or_default()))
        };
        for path in [
            "organisation.vendor.setup_days",
            "organisation.vendor.hiring.staff.recruiters.count.0.value",
            "organisation.vendor.setup_days.mean",
            "strategy.bot.transfer.0.waves",
            "demand.shock.per_year",
            "strategy.bot.contract.vendor.fee_month",
        ] {
            let expected = path
                .contains("count.0")
                .then(|| "Some(6) `organisation.vendor.hiring.staff.recruiters.count` is not a table ".to_owned());
            assert_eq!(said(path), expected, "{path}");
        }
        let unknown = said("organisation.vendor.setup_dyas").unwrap();
        assert!(unknown.starts_with("Some(2) there is no key `setup_dyas` here did you mean `setup_days`?"), "{unknown}");
        assert_eq!(
            said("strategy.bot.transfer.3.month").unwrap(),
            "Some(3) `strategy.bot.transfer` has one entry: expected the number 0, not \"3\" "
        );
        assert_eq!(
            said("strategy.own.transfer.0.month").unwrap(),
            "Some(3) there is no `strategy.own.transfer` in the file, so it has no entry 0 "
        );
    }
}
