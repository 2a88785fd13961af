//! Roles: the kinds of work, and values that differ by role.

use serde_json::{Value as Json, json};

use crate::input::name::Name;
use crate::input::number::{Days, Factor, Probability, Whole};
use crate::input::{Fields, Node, Reader, Table, Value};

use super::ids::{RoleId, role_id};

/// A kind of work.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Productive weight of one person at level 1, in FTE.
    pub output: f64,
    /// Its rank among the priorities of all roles. 0 is hired first, and roles of equal priority share a rank.
    pub rank: usize,
    /// The priority as given. Lower is hired first.
    pub priority: i64,
    /// How its places are filled from another role.
    pub promotion: Option<Promotion>,
}

/// How places of a role are filled by people of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promotion {
    /// The role from which people come.
    pub from: RoleId,
    /// The least tenure of those who may come, in days.
    pub after_days: f64,
    /// The share of its requisitions that are filled so, if anyone may come.
    pub share: f64,
}

impl Table for Role {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            name: fields.required::<Name>("name", "the name of the role, e.g. \"engineer\"").into(),
            output: fields.or("output", Factor::stand_in(), "productive weight of one person at level 1, in FTE").value(),
            rank: 0,
            priority: fields
                .optional_or::<Whole<-1000, 1000>>("priority", "0", "roles with a lower number are hired first")
                .map_or(0, Whole::value),
            promotion: promotion(fields),
        }
    }
}

fn promotion(fields: &mut Fields<'_, '_>) -> Option<Promotion> {
    let from = fields.optional(
        "promote_from",
        "a role from which its places are filled first, by the person with the longest tenure there",
    );
    let after_days: Option<Days> =
        fields.optional_or("promote_after_days", "0", "least tenure of those who may be promoted, in days");
    let share: Option<Probability> =
        fields.optional_or("promote_share", "1", "share of its places that are filled so, if anyone may be promoted");
    for key in ["promote_after_days", "promote_share"] {
        if fields.has(key) && !fields.has("promote_from") {
            let help = "name the role with `promote_from`, or take it out";
            fields.refuse(key, "has no meaning without `promote_from`", Some(help.to_owned()));
        }
    }
    Some(Promotion {
        from: from?,
        after_days: after_days.map_or(0.0, Days::value),
        share: share.map_or(1.0, Probability::value),
    })
}

/// Values for some of the roles.
#[derive(Clone, Debug, PartialEq)]
pub struct ByRole<T>(pub Vec<(RoleId, T)>);

impl<T> Default for ByRole<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByRole<T> {
    /// Returns the value of a role, if it has one.
    #[must_use]
    pub fn get(&self, role: RoleId) -> Option<&T> {
        self.0.iter().find(|(given, _)| *given == role).map(|(_, value)| value)
    }
}

impl<T: Clone> ByRole<T> {
    /// Returns one value per role, with `other` for the roles without a value.
    #[must_use]
    pub fn spread(&self, roles: usize, other: &T) -> Vec<T> {
        let given = |role| self.0.iter().find(|(given, _)| *given == role_id(role)).map(|(_, value)| value.clone());
        (0..roles).map(|role| given(role).unwrap_or_else(|| other.clone())).collect()
    }
}

impl<T: Value> Value for ByRole<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let given = crate::input::values::by_name(node, reader, "role")?;
        Some(Self(given.into_iter().map(|(position, value)| (role_id(position), value)).collect()))
    }

    fn stand_in() -> Self {
        Self::default()
    }

    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": T::schema() })
    }
}

/// Values for some of the roles, with the names of these, so that a check of the whole table can say which is wrong.
pub(super) struct NamedByRole<T>(pub(super) Vec<(RoleId, String, T)>);

impl<T> Default for NamedByRole<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Value> Value for NamedByRole<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let names = reader.names("role");
        let given = crate::input::values::by_name(node, reader, "role")?;
        let named = |(position, value): (usize, T)| Some((role_id(position), names.get(position)?.clone()?, value));
        Some(Self(given.into_iter().filter_map(named).collect()))
    }

    fn stand_in() -> Self {
        Self::default()
    }

    fn schema() -> Json {
        ByRole::<T>::schema()
    }
}
