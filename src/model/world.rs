//! What a replication simulates: the roles, the organisations and the strategy, checked and ready.

use crate::engine::{Ticks, Time};
use crate::input::name::Name;
use crate::input::number::{Factor, Whole};
use crate::input::{Fields, Node, Reader, Table, Value};
use serde_json::{Value as Json, json};

use super::fact::{OrganisationId, RoleId};
use super::{attrition, demand, hiring, onboarding, setup, transfer};

/// Days in `MONTHS_PER_YEAR` months.
pub const DAYS_PER_YEAR: f64 = 365.0;
/// Months in a year.
pub const MONTHS_PER_YEAR: f64 = 12.0;

/// The instant that lies so many months after the start.
#[must_use]
pub fn month_instant(month: f64) -> Time {
    Time::from_days(month * DAYS_PER_YEAR / MONTHS_PER_YEAR)
}

/// A kind of work.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Productive weight of one person at level 1, in FTE.
    pub output: f64,
    /// Its place among the priorities of all roles: 0 is hired first; roles of equal priority share a rank.
    pub rank: usize,
    /// The priority as given: lower is hired first.
    pub priority: i64,
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
        }
    }
}

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

/// The role at a position.
pub(super) fn role_id(position: usize) -> RoleId {
    RoleId(u16::try_from(position).expect("a scenario has fewer than 65536 roles"))
}

/// The organisation at a position.
pub(super) fn organisation_id(position: usize) -> OrganisationId {
    OrganisationId(u16::try_from(position).expect("a scenario has fewer than 65536 organisations"))
}

/// A value for every role, one for some roles and another for the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct ByRole<T>(pub Vec<(RoleId, T)>);

impl<T> Default for ByRole<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone> ByRole<T> {
    /// The value of each of so many roles, `other` where none is given.
    #[must_use]
    pub fn spread(&self, roles: usize, other: &T) -> Vec<T> {
        let given = |role| self.0.iter().find(|(given, _)| *given == role_id(role)).map(|(_, value)| value.clone());
        (0..roles).map(|role| given(role).unwrap_or_else(|| other.clone())).collect()
    }
}

impl<T: Value> Value for ByRole<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let given = crate::input::fields::by_name(node, reader, "role")?;
        Some(Self(given.into_iter().map(|(position, value)| (role_id(position), value)).collect()))
    }

    fn stand_in() -> Self {
        Self::default()
    }

    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": T::schema() })
    }
}

/// Loss of output by talking to each other: `[communication]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Communication {
    /// Share lost per person squared (Abdel-Hamid and Madnick 1991: 0.0006).
    coefficient: f64,
    /// People per team; infinite for one team.
    team: f64,
}

impl Table for Communication {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            coefficient: fields
                .or(
                    "coefficient",
                    Factor::new(0.0).unwrap_or(Factor::stand_in()),
                    "share of output lost per head squared, e.g. 0.0006",
                )
                .value(),
            team: fields
                .optional_or::<Whole<1, 1_000_000>>(
                    "team",
                    "one team of any size",
                    "people per team: the loss is quadratic within teams and between teams",
                )
                .map_or(f64::INFINITY, |team| f64::from(team.count())),
        }
    }
}

impl Communication {
    /// The share of output that is left with so many people present: MODEL section 5, after Abdel-Hamid and Madnick (1991).
    #[must_use]
    pub fn factor(&self, headcount: u32) -> f64 {
        let people = f64::from(headcount);
        let within = people.min(self.team);
        let between = (people / self.team).max(1.0) - 1.0;
        (1.0 - self.coefficient * (within * within + between * between)).max(0.0)
    }
}

/// An organisation that can employ people. A table that it does not have switches that process off.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Whether it belongs to the client.
    pub own: bool,
    /// How long it takes to set up.
    pub setup: setup::Parameters,
    /// How it hires; none: its requisitions stay open.
    pub hiring: Option<hiring::Parameters>,
    /// How joiners become productive; none: they are so at once.
    pub onboarding: Option<onboarding::Parameters>,
    /// Why and when people leave; none: they stay.
    pub attrition: Option<attrition::Parameters>,
}

impl Table for Organisation {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        fields.not_yet(&["cost", "failure_hazard_per_year"]);
        // The scenario has resolved it before the table is read.
        let _: Option<String> =
            fields.optional("like", "takes every table and key that is not given here from this other organisation");
        Self {
            name: String::new(),
            own: fields
                .optional_or("own", "false", "true if the organisation belongs to the client, who then pays what it spends")
                .unwrap_or(false),
            setup: setup::Parameters::fields(fields),
            hiring: fields.optional("hiring", "how it hires; without this table its requisitions stay open"),
            onboarding: fields
                .optional("onboarding", "how joiners become productive; without this table they are productive at once"),
            attrition: fields.optional("attrition", "why and when people leave; without this table nobody quits"),
        }
    }
}

/// A way to build and run the team: an employer and its transfers.
#[derive(Clone, Debug)]
pub struct Strategy {
    /// Its name.
    pub name: String,
    /// The organisation in charge from the start.
    pub employer: OrganisationId,
    /// Transfers, in the order in which they take place.
    pub transfers: Vec<transfer::Parameters>,
}

impl Table for Strategy {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        fields.not_yet(&["initial", "rescue", "contract"]);
        Self {
            name: String::new(),
            employer: fields.required("employer", "the organisation in charge from the start"),
            transfers: fields
                .optional("transfer", "a handover of people and control to another organisation")
                .unwrap_or_default(),
        }
    }
}

/// All that the strategies of a scenario have in common.
#[derive(Clone, Debug)]
pub struct World {
    /// Months until the end.
    pub horizon_months: u32,
    /// The roles.
    pub roles: Vec<Role>,
    /// Wanted headcount of each role.
    pub demand: Vec<demand::Wanted>,
    /// Loss of output by communication.
    pub communication: Option<Communication>,
    /// The organisations.
    pub organisations: Vec<Organisation>,
}

impl World {
    /// The month ends of a replication.
    #[must_use]
    pub fn month_ends(&self) -> Ticks {
        Ticks { days: DAYS_PER_YEAR, every: MONTHS_PER_YEAR, last: self.horizon_months }
    }

    /// An organisation.
    #[must_use]
    pub fn organisation(&self, id: OrganisationId) -> &Organisation {
        &self.organisations[usize::from(id.0)]
    }

    /// A role.
    #[must_use]
    pub fn role(&self, id: RoleId) -> &Role {
        &self.roles[usize::from(id.0)]
    }

    /// Ids of the roles in the order in which they hire: by priority, then as in the scenario.
    #[must_use]
    pub fn roles_by_priority(&self) -> Vec<RoleId> {
        let mut roles: Vec<RoleId> = (0..self.roles.len()).map(role_id).collect();
        roles.sort_by_key(|&role| (self.role(role).rank, role));
        roles
    }

    /// Number of distinct priorities.
    #[must_use]
    pub fn ranks(&self) -> usize {
        self.roles.iter().map(|role| role.rank + 1).max().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communication_loses_what_abdel_hamid_published() {
        let loss = Communication { coefficient: 0.0006, team: f64::INFINITY };
        for (people, percent) in [(5, 1.5), (10, 6.0), (15, 13.5), (20, 24.0), (25, 37.5), (30, 54.0)] {
            assert!((100.0 * (1.0 - loss.factor(people)) - percent).abs() < 1e-9, "{people} people");
        }
        assert!(loss.factor(1000).abs() < f64::EPSILON, "the factor is at least 0");
    }

    #[test]
    fn between_teams_the_loss_grows_with_their_number() {
        let loss = Communication { coefficient: 0.0006, team: 8.0 };
        // 60 people in 7.5 teams of 8: 1 - 0.0006 (64 + 6.5^2)
        assert!((loss.factor(60) - (1.0 - 0.0006 * (64.0 + 42.25))).abs() < 1e-12);
        assert!((loss.factor(5) - (1.0 - 0.0006 * 25.0)).abs() < 1e-12);
    }
}
