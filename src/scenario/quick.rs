//! Overrides that only replace plain values, without reading the whole text again. The points of a study differ little, and
//! there may be thousands.

use std::ops::Range;
use std::sync::OnceLock;

use toml_edit::DocumentMut;

use crate::input::{Node, Tree};

use super::{overrides, paths};

/// The parsed tables of a scenario, to be changed and read again.
#[derive(Debug)]
pub(super) struct Tables {
    root: Node,
    /// Whether overrides leave the text unchanged except for the value that they replace.
    is_verbatim: OnceLock<bool>,
}

impl Tables {
    pub(super) fn new(root: Node) -> Self {
        Self { root, is_verbatim: OnceLock::new() }
    }

    /// Returns text and tables after overrides, without factors. None if an override does more than replace an existing
    /// plain value. The places in these tables are not those of the text.
    pub(super) fn with(&self, text: &str, given: &[String]) -> Option<(String, Node)> {
        let is_verbatim = || text.parse::<DocumentMut>().is_ok_and(|document| document.to_string() == text);
        if !*self.is_verbatim.get_or_init(is_verbatim) {
            return None;
        }
        let mut root = self.without_factors();
        let has_factors = self.root.section()?.get("factor").is_some();
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        for given in given {
            let (path, value) = overrides::path_and_value(given)?;
            let old = paths::at(self.root.section()?, &path).filter(|_| path[0] != "factor")?;
            // A shorter list may remove the key of a factor.
            if !is_plain(old) || has_factors && matches!(old.tree, Tree::List(_)) {
                return None;
            }
            changes.push((old.place.clone(), value.clone()));
            *at_mut(&mut root, &path)? = value_of(&value)?;
        }
        Some((changed(text, changes)?, root))
    }

    fn without_factors(&self) -> Node {
        let mut root = self.root.clone();
        if let Tree::Table(section) = &mut root.tree {
            section.entries.retain(|entry| entry.key != "factor");
        }
        root
    }
}

/// Whether a node contains no table.
fn is_plain(node: &Node) -> bool {
    match &node.tree {
        Tree::Table(_) => false,
        Tree::List(list) => list.iter().all(is_plain),
        _ => true,
    }
}

fn at_mut<'n>(root: &'n mut Node, path: &[String]) -> Option<&'n mut Node> {
    path.iter().try_fold(root, |node, part| match &mut node.tree {
        Tree::Table(table) => table.entries.iter_mut().find(|entry| entry.key == *part).map(|entry| &mut entry.node),
        Tree::List(list) => list.get_mut(part.parse::<usize>().ok()?),
        _ => None,
    })
}

fn value_of(value: &str) -> Option<Node> {
    let (root, found) = Node::parse(&format!("v = {value}"));
    root.section().filter(|_| found.is_empty())?.get("v").cloned()
}

/// Returns the text after changes at places that do not overlap.
fn changed(text: &str, mut changes: Vec<(Range<usize>, String)>) -> Option<String> {
    changes.sort_by_key(|(place, _)| place.start);
    let mut changed = String::with_capacity(text.len() + 64);
    let mut from = 0;
    for (place, value) in changes {
        if place.start < from {
            return None;
        }
        changed += &text[from..place.start];
        changed += &value;
        from = place.end;
    }
    Some(changed + &text[from..])
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;
    use super::*;

    const TEXT: &str = include_str!("../../scenarios/sixty_engineers.toml");

    fn quick(text: &str, given: &[&str]) -> Option<String> {
        let given: Vec<String> = given.iter().map(|&given| given.to_owned()).collect();
        let (root, _) = Node::parse(text);
        let quick = Tables::new(root).with(text, &given).map(|(text, _)| text);
        if let Some(quick) = &quick {
            let scenario = Scenario::parse(text, &given).expect("it is valid");
            assert_eq!(scenario.text(), quick, "{given:?}");
            let with = Scenario::parse(text, &[]).expect("it is valid").with_overrides(&given).expect("it is valid");
            assert_eq!((with.text(), with.overrides()), (quick.as_str(), scenario.overrides()));
            // Equal scenarios have equal debug output, except for the state for further overrides.
            let shown =
                |scenario: &Scenario| format!("{:?} {:?} {:?}", scenario.world, scenario.strategies, scenario.factors);
            assert_eq!(shown(&with), shown(&scenario));
        }
        quick
    }

    #[test]
    fn existing_values_are_replaced_with_the_same_text_as_by_overrides() {
        for given in [
            &["organisation.vendor.hiring.staff.recruiters.count=7"][..],
            &["strategy.bot.transfer.0.waves=[0.5, 0.5]", "title = 'Other'"],
            &["strategy.bot.transfer.0.waves.1 = 0.2", "strategy.bot.transfer.0.waves.2=0.4"],
            &["organisation.client.hiring.stages.1.takes_days.values=[ 15, 30.0, 60, 1_00 ]"],
            &["goal.1.by_month=30 ", "start=2028-02-29", "demand.lead.1.value=7"],
        ] {
            assert!(quick(TEXT, given).is_some(), "{given:?}");
        }
        let with_factor =
            format!("{TEXT}\n[[factor]]\nname = 'x'\nkey = 'strategy.bot.transfer.0.acceptance'\nlevels = [0.90]\n");
        assert!(quick(&with_factor, &["strategy.bot.transfer.0.acceptance=0.9"]).is_some());
        assert!(quick(&with_factor, &["strategy.bot.transfer.0.waves=[1]"]).is_none());
    }

    #[test]
    fn other_overrides_are_left_to_the_slow_path() {
        for given in [
            &["organisation.vendor.hiring.staff.recruiters=7"][..],
            &["demand.lead=7"],
            &["organisation.vendor.failure_hazard_per_year=0.1"],
            &["goal.0={ name = 'x' }"],
            &["acceptance=0.9"],
            &["strategy.bot.transfer.0.waves=[1]", "strategy.bot.transfer.0.waves.0=1"],
            &["seed"],
            &["seed=x"],
        ] {
            assert_eq!(quick(TEXT, given), None, "{given:?}");
        }
        assert_eq!(quick(&TEXT.replace('\n', "\r\n"), &["seed=2"]).map(|_| ()), None, "line ends that would be rewritten");
    }
}
