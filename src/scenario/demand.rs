//! `[demand]`: the wanted headcount of each role or its hires by month, and the shocks that change all of them.

use serde_json::{Value as Json, json};

use crate::input::months::Moment;
use crate::input::number::Heads;
use crate::input::steps::Steps;
use crate::input::values::by_name;
use crate::input::{Fields, Node, Reader, Table, Tree, Value};
use crate::world::{ByRole, DemandShock, HORIZON_MONTHS_AT_MOST, role_id};

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
        let by_role = by_name::<OfRole>(&node, reader, "role")?;
        let by_role = by_role.into_iter().map(|(position, OfRole(steps))| (role_id(position), steps)).collect();
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
            "additionalProperties": OfRole::schema(),
        })
    }
}

/// The wanted headcount of a role: a number, steps, or `{ hires = [5, 8, 6] }`.
struct OfRole(Steps<Heads>);

/// `{ hires = [5, 8, 6] }`: by how many people the wanted headcount rises at the beginning of each month.
struct Hires(Vec<Heads>);

impl Table for Hires {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let hires: Vec<Heads> = fields.required(
            "hires",
            "by how many people the wanted headcount rises at the beginning of the first month, of the second, and so on",
        );
        let months = HORIZON_MONTHS_AT_MOST as usize;
        if hires.len() > months || hires.is_empty() && fields.has_sound("hires") {
            fields.refuse("hires", format!("{} months found, expected 1 to {months}", hires.len()), None);
        }
        Self(hires)
    }
}

impl Value for OfRole {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Tree::Table(_) = node.tree else { return Steps::read(node, reader).map(Self) };
        let Hires(hires) = reader.table(node)?;
        let (months, mut wanted, mut steps) = (reader.months(), 0.0, Vec::new());
        for (month, hires) in (0_u32..).zip(hires).filter(|(month, hires)| *month == 0 || hires.value() > 0.0) {
            wanted += hires.value();
            let month = f64::from(month);
            let heads = Heads::new(wanted).map_err(|message| reader.refuse(&node.place, message, None)).ok()?;
            steps.push((Moment { month, day: months.day(month) }, heads));
        }
        Some(Self(if steps.is_empty() { Steps::stand_in() } else { Steps::of(steps) }))
    }

    fn stand_in() -> Self {
        Self(Steps::stand_in())
    }

    fn schema() -> Json {
        json!({ "anyOf": [Steps::<Heads>::schema(), Hires::schema()] })
    }
}

/// Refuses a table that is not a role, which can only be meant as the shocks. This makes one mistake, not two.
fn refuse_tables_of_no_role(node: &mut Node, reader: &mut Reader<'_>) {
    let Tree::Table(section) = &mut node.tree else { return };
    section.entries.retain(|entry| {
        let is_role = reader.names("role").iter().any(|role| role.as_ref().is_none_or(|role| *role == entry.key));
        let is_meant_for_shocks = !is_role && entry.node.section().is_some();
        if is_meant_for_shocks {
            let help = "write `[demand.shock]` for shocks; the demand for a role is a number, steps, or { hires = [...] }";
            reader.under(format!(".{}", entry.key), |reader| {
                reader.refuse(&entry.place, "a table found, but there is no role of that name", Some(help.to_owned()));
            });
        }
        !is_meant_for_shocks
    });
}
