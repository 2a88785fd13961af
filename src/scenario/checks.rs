//! Checks that the tables of a scenario are consistent, which no single table can know.

use std::ops::Range;

use crate::input::number::Heads;
use crate::input::steps::Steps;
use crate::input::{Node, Reader, Section, Tree};
use crate::response;
use crate::world::{ByRole, Due, HEADCOUNT_AT_MOST, HORIZON_MONTHS_AT_MOST, Organisation, OrganisationId, Role, Strategy};

use super::Top;

/// The most transfers of a strategy. A person may be affected by the disruption of each.
const TRANSFERS_AT_MOST: usize = 60;
/// The longest horizon, as a scenario writes it.
const HORIZON: i64 = HORIZON_MONTHS_AT_MOST as i64;
/// The most roles, organisations, strategies and goals.
const NAMES_AT_MOST: usize = 1000;
/// The most roles times organisations, since the books have a column for each. And the most roles times organisations times
/// stages of the longest pipeline, since each has a length. With these limits a strategy needs megabytes for them, not
/// gigabytes.
const BOOKS_AT_MOST: usize = 20_000;
const LENGTHS_AT_MOST: usize = 500_000;

/// Records everything that is inconsistent.
pub(super) fn fit_together(top: &Top, tables: &Section, reader: &mut Reader<'_>) {
    check_roles(tables, reader);
    check_promotions(&top.roles, tables, reader);
    check_counts(tables, reader);
    check_products(top, tables, reader);
    check_demand(&top.demand.by_role, tables, reader);
    check_goals(top, tables, reader);
    for (name, strategy) in &top.strategies.0 {
        let given = tables.get("strategy").and_then(|node| node.section()?.get(name)?.section());
        let Some(given) = given else { continue };
        reader.under(format!("strategy.{name}"), |reader| {
            check_initial(strategy, given, reader);
            check_transfers(strategy, given, reader);
            check_rescue(strategy, given, reader);
            check_contracts(strategy, top, given, reader);
        });
    }
}

/// Assigns each role its rank among the priorities.
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

/// Checks that no role is filled from itself in the end.
fn check_promotions(roles: &[Role], tables: &Section, reader: &mut Reader<'_>) {
    let from = |role: usize| Some(usize::from(roles.get(role)?.promotion?.from.0));
    let Some(Node { tree: Tree::List(given), .. }) = tables.get("role") else { return };
    for (index, role) in given.iter().enumerate() {
        let mut below = (0..roles.len()).scan(index, |role, _| {
            *role = from(*role)?;
            Some(*role)
        });
        let Some(node) =
            role.section().and_then(|role| role.get("promote_from")).filter(|_| below.any(|role| role == index))
        else {
            continue;
        };
        let message = format!("people of {:?} would be promoted into it again", roles[index].name);
        let help = Some("break the circle of `promote_from`".to_owned());
        reader.under(format!("role[{index}].promote_from"), |reader| reader.refuse(&node.place, message, help));
        return;
    }
}

fn check_counts(tables: &Section, reader: &mut Reader<'_>) {
    for key in ["role", "organisation", "strategy", "goal"] {
        let Some(node) = tables.get(key) else { continue };
        let count = match &node.tree {
            Tree::List(list) => list.len(),
            Tree::Table(table) => table.entries.len(),
            _ => continue,
        };
        let place = first_line(&node.place);
        if key == "goal" && count > NAMES_AT_MOST {
            let message = format!("{count} found, expected at most {NAMES_AT_MOST}");
            reader.under(key.into(), |reader| reader.refuse(&place, message, None));
        } else if key != "goal" && !(1..=NAMES_AT_MOST).contains(&count) {
            let message = format!("{count} found, expected 1 to {NAMES_AT_MOST}");
            let help = (count == 0).then(|| format!("add a {key}"));
            reader.under(key.into(), |reader| reader.refuse(&place, message, help));
        }
    }
}

/// Checks the size of what is stored per role and organisation, even if there are few of each.
fn check_products(top: &Top, tables: &Section, reader: &mut Reader<'_>) {
    let (roles, organisations) = (top.roles.len(), top.organisations.0.len());
    let stages = |(_, organisation): &(String, Organisation)| organisation.hiring.as_ref().map_or(0, |h| h.stages.len());
    let stages = top.organisations.0.iter().map(stages).max().unwrap_or(0);
    let Some(node) = tables.get("organisation") else { return };
    let (product, of, most) = (roles * organisations, "roles times organisations", BOOKS_AT_MOST);
    let (longer, of_longer) = (product * stages, "roles times organisations times stages of the longest pipeline");
    let found =
        [(product, of, most), (longer, of_longer, LENGTHS_AT_MOST)].into_iter().find(|&(found, _, most)| found > most);
    if let Some((found, of, most)) = found {
        let message = format!("{of} are {found}, expected at most {most}");
        let help = Some("merge similar roles or organisations".to_owned());
        reader.under("organisation".into(), |reader| reader.refuse(&first_line(&node.place), message, help));
    }
}

/// Checks that no more people are present at the start than may be wanted.
fn check_initial(strategy: &Strategy, given: &Section, reader: &mut Reader<'_>) {
    let initial: u64 = strategy.initial.iter().map(|initial| u64::from(initial.headcount)).sum();
    let people = initial + strategy.people.0.len() as u64;
    let Some(node) = given.get("initial").filter(|_| people > u64::from(HEADCOUNT_AT_MOST)) else { return };
    let message = format!("{people} people of the start, expected at most {HEADCOUNT_AT_MOST}");
    reader.under(".initial".into(), |reader| reader.refuse(&first_line(&node.place), message, None));
}

fn first_line(place: &Range<usize>) -> Range<usize> {
    place.start..place.end.max(place.start)
}

fn check_demand(demand: &ByRole<Steps<Heads>>, tables: &Section, reader: &mut Reader<'_>) {
    let Some(node) = tables.get("demand") else { return };
    let names = reader.names("role");
    let mut most = 0.0;
    for (role, steps) in &demand.0 {
        if names[usize::from(role.0)].is_some() {
            most += steps.iter().map(|(_, heads)| heads.value()).fold(0.0, f64::max);
        }
    }
    let read_all = node
        .section()
        .is_some_and(|table| table.entries.iter().filter(|entry| entry.key != "shock").count() == demand.0.len());
    if (most <= 0.0 && read_all) || most > f64::from(HEADCOUNT_AT_MOST) {
        let message = format!("{most} people wanted at most, expected more than 0, up to {HEADCOUNT_AT_MOST}");
        reader.under("demand".into(), |reader| reader.refuse(&node.place, message, None));
    }
}

fn check_goals(top: &Top, tables: &Section, reader: &mut Reader<'_>) {
    let Some(Node { tree: Tree::List(given), .. }) = tables.get("goal") else { return };
    // If the horizon could not be read, no month is refused.
    let is_read = tables.get("horizon_months").is_some_and(|node| matches!(node.tree, Tree::Whole(1..=HORIZON)));
    let horizon = if is_read { top.horizon_months.count() } else { u32::MAX };
    for (index, (goal, given)) in top.goals.iter().zip(given).enumerate() {
        let place = |key: &str| given.section().and_then(|goal| goal.get(key)).map(|node| node.place.clone());
        let mut refuse = |key: &str, message: String, help: Option<String>| {
            let Some(place) = place(key) else { return };
            reader.under(format!("goal[{index}].{key}"), |reader| reader.refuse(&place, message, help));
        };
        // A name that could not be read is empty.
        if !goal.name.is_empty() && top.goals[..index].iter().any(|other| other.name == goal.name) {
            refuse("name", format!("there is another goal named {:?}", goal.name), Some("choose another name".into()));
        } else if ["strategy", "replication"].contains(&goal.name.as_str())
            || response::response_columns(&top.roles).any(|name| name == goal.name)
        {
            refuse(
                "name",
                format!("{:?} names a column of the results already", goal.name),
                Some("choose another name".into()),
            );
        }
        if goal.due.month_end() > horizon {
            let end = goal.due.month_end();
            let (what, earlier) = match goal.due {
                Due::In(_) => (format!("month {end}, the last of that fiscal year,"), "year"),
                _ => (format!("month {end}"), "month"),
            };
            let message = format!("{what} is after the end of the simulation, month {horizon}");
            refuse(goal.due.key(), message, Some(format!("raise `horizon_months`, or choose an earlier {earlier}")));
        }
    }
}

fn check_transfers(strategy: &Strategy, given: &Section, reader: &mut Reader<'_>) {
    let Some(Node { tree: Tree::List(list), place }) = given.get("transfer") else { return };
    if list.len() > TRANSFERS_AT_MOST {
        let message = format!("{} transfers found, expected at most {TRANSFERS_AT_MOST}", list.len());
        reader.under(".transfer".into(), |reader| reader.refuse(&first_line(place), message, None));
    }
    let mut in_charge = given.get("employer");
    let mut employer = strategy.employer;
    for (index, (item, transfer)) in list.iter().zip(&strategy.transfers).enumerate() {
        let to = item.section().and_then(|item| item.get("to"));
        if transfer.to == employer && [to, in_charge].iter().all(|name| name.is_some_and(|name| is_known(name, reader))) {
            refuse_receiver(&format!(".transfer[{index}].to"), to, reader);
        }
        (employer, in_charge) = (transfer.to, to);
    }
}

fn refuse_receiver(key: &str, to: Option<&Node>, reader: &mut Reader<'_>) {
    let Some(to) = to else { return };
    reader.under(key.to_owned(), |reader| {
        let name = if let Tree::Text(name) = &to.tree { name.as_str() } else { "it" };
        let message = format!("{name:?} is in charge already, so it has nothing to take over");
        reader.refuse(&to.place, message, Some("name another organisation".into()));
    });
}

/// Refuses a rescuer that is always in charge itself, because it can never be the rescue.
fn check_rescue(strategy: &Strategy, given: &Section, reader: &mut Reader<'_>) {
    let to = given.get("rescue").and_then(|rescue| rescue.section()?.get("to"));
    let is_in_charge = |to: OrganisationId| strategy.transfers.is_empty() && strategy.employer == to;
    let names = [to, given.get("employer")];
    if strategy.rescue.as_ref().is_some_and(|rescue| is_in_charge(rescue.to))
        && names.iter().all(|name| name.is_some_and(|name| is_known(name, reader)))
    {
        refuse_receiver(".rescue.to", to, reader);
    }
}

fn check_contracts(strategy: &Strategy, top: &Top, given: &Section, reader: &mut Reader<'_>) {
    for (vendor, _) in &strategy.contracts {
        let Some((name, organisation)) = top.organisations.0.get(usize::from(vendor.0)) else { continue };
        let entry = given.get("contract").and_then(|contracts| contracts.section()?.entry(name));
        let Some(entry) = entry else { continue };
        let (message, help) = if organisation.own {
            ("belongs to the client, who pays what it spends and has no contract with it", "take the contract out")
        } else if strategy.involves(*vendor) || reader.count() > 0 {
            // If a name is misspelt elsewhere, this vendor may be the intended one.
            continue;
        } else {
            ("takes no part in this strategy: it is never in charge", "take the contract out, or name the vendor meant")
        };
        let message = format!("{name:?} {message}");
        reader.under(format!(".contract.{name}"), |reader| reader.refuse(&entry.place, message, Some(help.to_owned())));
    }
}

fn is_known(node: &Node, reader: &Reader<'_>) -> bool {
    matches!(&node.tree, Tree::Text(name) if reader.names("organisation").contains(&Some(name.clone())))
}
