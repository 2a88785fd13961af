//! `like = "Y"`: an organisation takes every table and key that it does not give itself from another.

use std::collections::BTreeSet;

use crate::input::{Entry, Node, Reader, Section, Tree};

/// The tables with every `like` of an organisation resolved; one that cannot be is noted and left out.
pub(super) fn resolve(section: &Section, reader: &mut Reader<'_>) -> Section {
    let mut resolved = section.clone();
    let Some(entry) = resolved.entries.iter_mut().find(|entry| entry.key == "organisation") else { return resolved };
    let Tree::Table(organisations) = &mut entry.node.tree else { return resolved };
    let given = organisations.clone();
    for organisation in &mut organisations.entries {
        let path = format!("organisation.{}.like", organisation.key);
        let inherited = reader.under(path, |reader| ancestors(organisation, &given, reader));
        if let Tree::Table(own) = &mut organisation.node.tree {
            for ancestor in inherited {
                take_missing(own, ancestor);
            }
        }
    }
    resolved
}

/// The tables that an organisation inherits from, the nearest first.
fn ancestors<'s>(organisation: &Entry, all: &'s Section, reader: &mut Reader<'_>) -> Vec<&'s Section> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([organisation.key.clone()]);
    let mut like = organisation.node.section().and_then(|own| own.get("like"));
    while let Some(Node { tree: Tree::Text(name), place }) = like {
        let Some(position) = reader.position(name, place, "organisation") else { break };
        if !seen.insert(name.clone()) {
            reader.refuse(
                place,
                format!("{name:?} takes its tables from itself in the end"),
                Some("break the circle of `like`".into()),
            );
            break;
        }
        let Some(ancestor) = all.entries[position].node.section() else { break };
        found.push(ancestor);
        like = ancestor.get("like");
    }
    found
}

fn take_missing(own: &mut Section, from: &Section) {
    for entry in &from.entries {
        if own.entry(&entry.key).is_none() {
            own.entries.push(entry.clone());
        }
    }
}
