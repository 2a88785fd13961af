//! `[demand]`: the wanted headcount of each role, and the shocks that change all of them.

use serde_json::{Value as Json, json};

use crate::input::number::Heads;
use crate::input::steps::Steps;
use crate::input::values::by_name;
use crate::input::{Node, Reader, Tree, Value};
use crate::world::{ByRole, DemandShock, role_id};

/// `[demand]`: steps for each role, and the shocks that change all of them.
pub(super) struct DemandTable {
    pub(super) by_role: ByRole<Steps<Heads>>,
    pub(super) shock: Option<DemandShock>,
}

impl Value for DemandTable {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut node = node.clone();
        let mut shock = None;
        if let Tree::Table(section) = &mut node.tree
            && let Some(position) = section.entries.iter().position(|entry| entry.key == "shock")
        {
            let entry = section.entries.remove(position);
            shock = reader.under(".shock".into(), |reader| DemandShock::read(&entry.node, reader));
        }
        refuse_tables_of_no_role(&mut node, reader);
        let by_role = by_name::<Steps<Heads>>(&node, reader, "role")?;
        let by_role = by_role.into_iter().map(|(position, steps)| (role_id(position), steps)).collect();
        Some(Self { by_role: ByRole(by_role), shock })
    }

    fn stand_in() -> Self {
        Self { by_role: ByRole::default(), shock: None }
    }

    fn schema() -> Json {
        let mut shock = DemandShock::schema();
        shock["description"] = json!("events that change all later wanted headcounts. Default: none.");
        json!({
            "type": "object",
            "properties": { "shock": shock },
            "additionalProperties": Steps::<Heads>::schema(),
        })
    }
}

/// Refuses a table that is not a role, which can only be meant as the shocks. This makes one mistake, not two.
fn refuse_tables_of_no_role(node: &mut Node, reader: &mut Reader<'_>) {
    let Tree::Table(section) = &mut node.tree else { return };
    section.entries.retain(|entry| {
        let is_role = reader.names("role").iter().any(|role| role.as_ref().is_none_or(|role| *role == entry.key));
        let is_meant_for_shocks = !is_role && entry.node.section().is_some();
        if is_meant_for_shocks {
            let help = "write `[demand.shock]` for shocks; the demand for a role is a number, or steps";
            reader.under(format!(".{}", entry.key), |reader| {
                reader.refuse(&entry.place, "a table found, but there is no role of that name", Some(help.to_owned()));
            });
        }
        !is_meant_for_shocks
    });
}
