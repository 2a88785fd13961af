//! The identity of a strategy: a number that is equal if its replications depend on the same values.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::input::{Entry, Node, Section, Tree};
use crate::report::number::hexadecimal;

/// Top-level keys that no replication depends on, or that are handled separately.
const ELSEWHERE: [&str; 7] = ["title", "seed", "replications", "factor", "uncertain", "organisation", "strategy"];

/// The SHA-256 of everything that the replications of a strategy depend on, except the seed: all values that affect it, and
/// the version of the program.
///
/// Titles, comments, other strategies, and organisations that do not take part in this one are left out. So results of a
/// strategy remain usable if anything else changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity([u8; 32]);

impl Identity {
    /// Returns its first 16 hexadecimal digits.
    #[must_use]
    pub fn short(&self) -> String {
        hexadecimal(&self.0[..8])
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Identity({})", self.short())
    }
}

/// Returns the identity of each strategy of a scenario in which `like` is resolved.
pub(super) fn identities(scenario: &Section) -> Vec<Identity> {
    let entries = |key: &str| scenario.get(key).and_then(Node::section).map_or(&[][..], |section| &section.entries);
    let organisations = entries("organisation");
    let mut common = Sha256::new();
    add(&mut common, env!("CARGO_PKG_VERSION"));
    let entry = |hash: &mut Sha256, entry: &Entry| {
        add(hash, &entry.key);
        add(hash, &entry.node.identity());
    };
    let mut top: Vec<&Entry> = scenario.entries.iter().filter(|entry| !ELSEWHERE.contains(&entry.key.as_str())).collect();
    top.sort_by(|one, other| one.key.cmp(&other.key));
    top.into_iter().for_each(|found| entry(&mut common, found));
    // The draws of an organisation depend on its position.
    organisations.iter().for_each(|organisation| add(&mut common, &organisation.key));
    let identity = |strategy: &Entry| {
        let mut hash = common.clone();
        let involved = organisations.iter().filter(|organisation| names(&strategy.node, &organisation.key));
        involved.for_each(|organisation| {
            add(&mut hash, &organisation.key);
            add(&mut hash, &untitled(&organisation.node).identity());
        });
        add(&mut hash, &untitled(&strategy.node).identity());
        Identity(hash.finalize().into())
    };
    entries("strategy").iter().map(identity).collect()
}

/// Returns the same table without its title.
fn untitled(node: &Node) -> Node {
    let mut node = node.clone();
    if let Tree::Table(section) = &mut node.tree {
        section.entries.retain(|entry| entry.key != "title");
    }
    node
}

/// Whether a name occurs anywhere in a value, as a key or as a text. So no organisation that takes part is left out.
fn names(node: &Node, name: &str) -> bool {
    match &node.tree {
        Tree::Text(text) => text == name,
        Tree::List(list) => list.iter().any(|node| names(node, name)),
        Tree::Table(section) => section.entries.iter().any(|entry| entry.key == name || names(&entry.node, name)),
        _ => false,
    }
}

/// Adds a text with its length, so that different sequences of texts never give the same bytes.
fn add(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

#[cfg(test)]
mod tests {
    use super::super::Scenario;

    const SIXTY: &str = include_str!("../../scenarios/sixty_engineers.toml");

    fn shorts(text: &str, sets: &[&str]) -> Vec<String> {
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        let scenario = Scenario::parse(text, &sets).expect("it is a scenario");
        (0..scenario.strategies.len()).map(|strategy| scenario.identity(strategy).short()).collect()
    }

    #[test]
    fn an_identity_changes_with_what_affects_its_strategy_and_with_nothing_else() {
        let plain = shorts(SIXTY, &[]);
        assert!(plain.iter().all(|one| plain.iter().filter(|other| *other == one).count() == 1), "{plain:?}");
        let commented = format!("# a comment\n{SIXTY}");
        assert_eq!(shorts(&commented, &["title='Another'", "seed=5", "replications=7"]), plain);
        assert_eq!(shorts(SIXTY, &["strategy.bot.title='BOT'", "organisation.vendor.title='Vendor'"]), plain);
        assert_eq!(shorts(SIXTY, &["operations.incidents_per_month=10.0"]), plain);
        let changed =
            |set: &str| -> Vec<bool> { shorts(SIXTY, &[set]).iter().zip(&plain).map(|(one, other)| one != other).collect() };
        assert_eq!(changed("knowledge_days=300"), [true; 3]);
        assert_eq!(changed("goal.0.at_least=7"), [true; 3]);
        assert_eq!(changed("strategy.bot.transfer.0.acceptance=0.5"), [true, false, false]);
        assert_eq!(changed("organisation.vendor.hiring.staff.recruiters.count=9"), [true, false, true]);
    }
}
