//! Checks that the keys of a `[[factor]]` are keys of the scenario and that factors have different names, which no single
//! factor can know.

use std::ops::Range;

use crate::input::document::dotted;
use crate::input::{Node, Reader, Section, Tree};
use crate::world::Factor;

use super::paths::{self, BadPath, UNKNOWN};

/// The most factors of a scenario, and of a study.
pub(super) const FACTORS_AT_MOST: usize = 20;
/// Keys about how a scenario is simulated, not about the plan.
const NO_DECISIONS: [&str; 5] = ["seed", "replications", "start", "factor", "uncertain"];

/// Completes the keys of the factors in `given` to whole paths in the scenario `root`, and records mistakes.
pub(super) fn settle(factors: &mut [Factor], given: &Section, root: &Section, reader: &mut Reader<'_>) {
    let Some(Node { tree: Tree::List(tables), place }) = given.get("factor") else { return };
    if tables.len() > FACTORS_AT_MOST {
        let message = format!("{} factors found, expected at most {FACTORS_AT_MOST}", tables.len());
        reader.under("factor".to_owned(), |reader| reader.refuse(place, message, None));
    }
    for index in 0..factors.len() {
        let (before, rest) = factors.split_at_mut(index);
        let (Some(factor), Some(table)) = (rest.first_mut(), tables.get(index).and_then(Node::section)) else { continue };
        reader.under(format!("factor[{index}]"), |reader| {
            if before.iter().any(|other| !factor.name.is_empty() && other.name == factor.name) {
                refuse_twin(factor, table, reader);
            }
            settle_keys(factor, table, root, reader);
        });
    }
}

fn refuse_twin(factor: &Factor, table: &Section, reader: &mut Reader<'_>) {
    let Some(name) = table.get("name") else { return };
    let message = format!("there is another factor named {:?}", factor.name);
    reader.under(".name".to_owned(), |reader| reader.refuse(&name.place, message, Some("choose another name".to_owned())));
}

fn settle_keys(factor: &mut Factor, table: &Section, root: &Section, reader: &mut Reader<'_>) {
    let mut known: Vec<Vec<String>> = Vec::new();
    let places = places_of_keys(table);
    for (key, (path, place)) in factor.keys.iter_mut().zip(places) {
        let found = key_of_factor(root, key, is_plain(&factor.levels));
        reader.under(path, |reader| settle_key(key, (found, &place), &mut known, reader));
    }
    let also = table.get("also").and_then(Node::section);
    for (key, values) in &mut factor.also {
        let Some(entry) = also.and_then(|also| also.entry(key)) else { continue };
        let found = key_of_factor(root, key, is_plain(values));
        reader.under(format!(".also.{key}"), |reader| settle_key(key, (found, &entry.place), &mut known, reader));
    }
}

/// Returns the keys of a factor as paths below its table, each with its place.
fn places_of_keys(table: &Section) -> Vec<(String, Range<usize>)> {
    match table.get("key") {
        Some(Node { tree: Tree::List(list), .. }) => {
            list.iter().enumerate().map(|(index, item)| (format!(".key[{index}]"), item.place.clone())).collect()
        }
        Some(node) => vec![(".key".to_owned(), node.place.clone())],
        None => Vec::new(),
    }
}

fn settle_key(
    key: &mut String,
    (found, place): (Result<Vec<String>, BadPath>, &Range<usize>),
    known: &mut Vec<Vec<String>>,
    reader: &mut Reader<'_>,
) {
    match found {
        Err(lost) => {
            let message = match lost.message.starts_with(UNKNOWN) {
                true => format!("`{}` is not a key of the scenario, nor the end of one", lost.key),
                false => format!("`{}`: {}", lost.key, lost.message),
            };
            reader.refuse(place, message, lost.help);
        }
        Ok(path) => {
            if let Some(other) = known.iter().find(|other| meet(other, &path)) {
                let (path, other) = (dotted(&path), dotted(other));
                let message = match path == other {
                    true => format!("`{path}` is set by this factor already"),
                    false => format!("`{path}` and `{other}`, which this factor sets too, contain each other"),
                };
                reader.refuse(place, message, None);
            }
            *key = dotted(&path);
            known.push(path);
        }
    }
}

/// Whether two paths lead to the same value, or one leads into the table of the other.
pub(super) fn meet(one: &[String], other: &[String]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

/// Whether any level is neither a table nor a list.
pub(super) fn is_plain(levels: &[String]) -> bool {
    levels.iter().any(|level| !level.starts_with(['{', '[']))
}

/// Returns the whole path of a key that is to be varied.
pub(super) fn key_of_factor(root: &Section, key: &str, is_plain: bool) -> Result<Vec<String>, BadPath> {
    let refuse = |message: &str| BadPath { key: key.to_owned(), message: message.to_owned(), help: None, part: None };
    let given = paths::parts(key).ok_or_else(|| refuse("this is not a dotted key, e.g. strategy.bot.transfer.0.month"))?;
    if given.first().is_some_and(|first| NO_DECISIONS.contains(&first.as_str())) {
        return Err(refuse("this is not a decision: it is about how the plan is simulated, not about the plan"));
    }
    let path = paths::whole(root, &given, is_plain)?;
    paths::mistake(root, &path).map_or(Ok(path), Err)
}
