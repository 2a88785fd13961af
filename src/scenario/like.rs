//! `like = "Y"`: an organisation takes every table and key that it does not give itself from another one.

use crate::input::{Entry, Node, Reader, Section, Tree};

use super::bounds::{VALUES_AT_MOST, values_in, values_of};

/// Returns the tables with every `like` of an organisation resolved. One that cannot be resolved is recorded and left
/// unchanged.
pub(super) fn resolve(section: &Section, reader: &mut Reader<'_>) -> Section {
    let mut resolved = section.clone();
    let mut values = values_of(section);
    let Some(entry) = resolved.entries.iter_mut().find(|entry| entry.key == "organisation") else { return resolved };
    let Tree::Table(organisations) = &mut entry.node.tree else { return resolved };
    let parents: Vec<Option<usize>> = organisations.entries.iter().map(|entry| parent(entry, reader)).collect();
    for position in in_order(&parents, organisations, reader) {
        let Some(parent) = parents[position] else { continue };
        let (own, from) = (&organisations.entries[position], &organisations.entries[parent]);
        let (Some(of_own), Some(of_from)) = (own.node.section(), from.node.section()) else { continue };
        values += inherited(of_own, of_from).map(|entry| values_in(&entry.node)).sum::<usize>();
        if values > VALUES_AT_MOST {
            refuse_size(own, reader);
            break;
        }
        let more: Vec<Entry> = inherited(of_own, of_from).cloned().collect();
        if let Tree::Table(own) = &mut organisations.entries[position].node.tree {
            own.entries.extend(more);
        }
    }
    resolved
}

/// Returns the position of the organisation that another one is like.
fn parent(organisation: &Entry, reader: &mut Reader<'_>) -> Option<usize> {
    let Some(Node { tree: Tree::Text(name), place }) = organisation.node.section()?.get("like") else { return None };
    reader.under(format!("organisation.{}.like", organisation.key), |reader| reader.position(name, place, "organisation"))
}

/// Returns positions in an order such that each comes after its parent. Circles are recorded and left out.
fn in_order(parents: &[Option<usize>], organisations: &Section, reader: &mut Reader<'_>) -> Vec<usize> {
    let mut order = Vec::new();
    let mut is_done = vec![false; parents.len()];
    for start in 0..parents.len() {
        let mut path: Vec<usize> = Vec::new();
        let mut next = Some(start);
        while let Some(position) = next.filter(|&position| !is_done[position]) {
            is_done[position] = true;
            path.push(position);
            next = parents[position];
        }
        if let Some(&last) = path.last()
            && let Some(circle) = next.and_then(|next| path.iter().position(|&position| position == next))
        {
            refuse_circle(&organisations.entries[last], reader);
            path.truncate(circle);
        }
        order.extend(path.into_iter().rev());
    }
    order
}

fn refuse_circle(organisation: &Entry, reader: &mut Reader<'_>) {
    let Some(like) = organisation.node.section().and_then(|own| own.get("like")) else { return };
    reader.under(format!("organisation.{}.like", organisation.key), |reader| {
        let message = format!("{:?} takes its tables from itself", organisation.key);
        reader.refuse(&like.place, message, Some("break the circle of `like`".into()));
    });
}

fn refuse_size(organisation: &Entry, reader: &mut Reader<'_>) {
    let Some(like) = organisation.node.section().and_then(|own| own.get("like")) else { return };
    reader.under(format!("organisation.{}.like", organisation.key), |reader| {
        let message = format!("with everything that is taken over, there are more than {VALUES_AT_MOST} values in total");
        reader.refuse(&like.place, message, Some("let fewer organisations take over large tables".into()));
    });
}

/// Returns the entries of another table that this one does not have, except the title.
fn inherited<'f>(own: &Section, from: &'f Section) -> impl Iterator<Item = &'f Entry> {
    let own: std::collections::BTreeSet<&str> = own.entries.iter().map(|entry| entry.key.as_str()).collect();
    from.entries.iter().filter(move |entry| entry.key != "title" && !own.contains(entry.key.as_str()))
}
