//! What one table cannot know: that the tables of a scenario fit together.

use std::ops::Range;

use crate::input::number::Heads;
use crate::input::steps::Steps;
use crate::input::{Node, Reader, Section, Tree};
use crate::world::OrganisationId;
use crate::world::{ByRole, Role};

use super::Top;

/// Most people that may be wanted at once.
const HEADCOUNT_AT_MOST: f64 = 1e6;
/// Most roles, and most organisations.
const NAMES_AT_MOST: usize = 1000;

/// Notes whatever does not fit together.
pub(super) fn fit_together(top: &Top, tables: &Section, reader: &mut Reader<'_>) {
    check_roles(tables, reader);
    check_counts(tables, reader);
    check_demand(&top.demand.0, tables, reader);
    for (name, strategy) in &top.strategies.0 {
        check_transfers(name, strategy.employer, &strategy.transfers, (tables, reader));
    }
}

/// Gives each role its rank among the priorities.
pub(super) fn ranked(mut roles: Vec<Role>) -> Vec<Role> {
    let mut priorities: Vec<i64> = roles.iter().map(|role| role.priority).collect();
    priorities.sort_unstable();
    priorities.dedup();
    for role in &mut roles {
        role.rank = priorities.iter().position(|&priority| priority == role.priority).unwrap_or(0);
    }
    roles
}

fn check_roles(tables: &Section, reader: &mut Reader<'_>) {
    let Some(Node { tree: Tree::List(roles), .. }) = tables.get("role") else { return };
    let names = reader.names("role");
    for (index, role) in roles.iter().enumerate() {
        let Some(name) = role.section().and_then(|role| role.get("name")) else { continue };
        let key = format!("role[{index}].name");
        let Some(given) = &names[index] else { continue };
        if names[..index].iter().flatten().any(|other| other == given) {
            reader.under(key, |reader| reader.refuse(&name.place, format!("there is another role named {given:?}"), None));
        } else if given == "shock" {
            reader.under(key, |reader| reader.refuse(&name.place, "\"shock\" names a table of [demand], not a role", None));
        }
    }
}

fn check_counts(tables: &Section, reader: &mut Reader<'_>) {
    for (key, singular) in [("role", "role"), ("organisation", "organisation"), ("strategy", "strategy")] {
        let Some(node) = tables.get(key) else { continue };
        let count = match &node.tree {
            Tree::List(list) => list.len(),
            Tree::Table(table) => table.entries.len(),
            _ => continue,
        };
        let place = first_line(&node.place);
        if count == 0 || count > NAMES_AT_MOST {
            let message = format!("{count} found, expected 1 to {NAMES_AT_MOST}");
            let help = (count == 0).then(|| format!("add a {singular}"));
            reader.under(key.into(), |reader| reader.refuse(&place, message, help));
        }
    }
}

fn first_line(place: &Range<usize>) -> Range<usize> {
    place.start..place.end.max(place.start)
}

fn check_demand(demand: &ByRole<Steps<Heads>>, tables: &Section, reader: &mut Reader<'_>) {
    let Some(node) = tables.get("demand") else { return };
    let names = reader.names("role");
    let mut most = 0.0;
    for (role, steps) in &demand.0 {
        let Some(name) = &names[usize::from(role.0)] else { continue };
        let heads: Vec<f64> = steps.iter().map(|(_, heads)| heads.value()).collect();
        most += heads.iter().copied().fold(0.0, f64::max);
        if heads.windows(2).any(|pair| pair[1] < pair[0]) {
            let place =
                node.section().and_then(|table| table.get(name)).map_or(node.place.clone(), |steps| steps.place.clone());
            let help = "let the wanted headcount of each role stay or rise".to_owned();
            reader.under(format!("demand.{name}"), |reader| {
                reader.refuse(&place, "demand that falls is not supported yet by this version", Some(help))
            });
        }
    }
    let read_all = node.section().is_some_and(|table| table.entries.len() == demand.0.len());
    if (most <= 0.0 && read_all) || most > HEADCOUNT_AT_MOST {
        let message = format!("{most} people wanted at most, expected more than 0, up to {HEADCOUNT_AT_MOST}");
        reader.under("demand".into(), |reader| reader.refuse(&node.place, message, None));
    }
}

fn check_transfers(
    strategy: &str,
    employer: OrganisationId,
    transfers: &[crate::world::Transfer],
    (tables, reader): (&Section, &mut Reader<'_>),
) {
    let node = |key: &str| tables.get("strategy")?.section()?.get(strategy)?.section()?.get(key);
    let Some(Node { tree: Tree::List(given), .. }) = node("transfer") else { return };
    for (index, item) in given.iter().enumerate() {
        let key = format!("strategy.{strategy}.transfer[{index}]");
        if index > 0 {
            reader.under(key, |reader| {
                reader.refuse(&item.place, "more than one transfer is not supported yet by this version", None);
            });
            continue;
        }
        let Some(to) = item.section().and_then(|item| item.get("to")) else { continue };
        if transfers.get(index).is_some_and(|transfer| transfer.to == employer)
            && is_known(to, reader)
            && node("employer").is_some_and(|employer| is_known(employer, reader))
        {
            let message = "the organisation that takes over is in charge already";
            reader.under(format!("{key}.to"), |reader| {
                reader.refuse(&to.place, message, Some("name another organisation".into()))
            });
        }
    }
}

fn is_known(node: &Node, reader: &Reader<'_>) -> bool {
    matches!(&node.tree, Tree::Text(name) if reader.names("organisation").contains(&Some(name.clone())))
}
