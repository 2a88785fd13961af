//! Roles and organisations by their position in the scenario.

use serde_json::{Value as Json, json};

use crate::input::{Node, Reader, Value};

/// A role, by its position in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleId(pub u16);

/// An organisation, by its position in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrganisationId(pub u16);

impl Value for RoleId {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        reader.reference(node, "role").map(role_id)
    }

    fn stand_in() -> Self {
        RoleId(0)
    }

    fn schema() -> Json {
        json!({ "type": "string" })
    }
}

impl Value for OrganisationId {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        reader.reference(node, "organisation").map(organisation_id)
    }

    fn stand_in() -> Self {
        OrganisationId(0)
    }

    fn schema() -> Json {
        json!({ "type": "string" })
    }
}

/// Returns the role at a position.
///
/// # Panics
/// If there are more than 65536 roles, which no checked scenario has.
pub fn role_id(position: usize) -> RoleId {
    RoleId(u16::try_from(position).expect("a scenario has fewer than 65536 roles"))
}

/// Returns the organisation at a position.
///
/// # Panics
/// If there are more than 65536 organisations, which no checked scenario has.
pub(super) fn organisation_id(position: usize) -> OrganisationId {
    OrganisationId(u16::try_from(position).expect("a scenario has fewer than 65536 organisations"))
}
