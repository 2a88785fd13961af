//! Onboarding: mentor slots, and how joiners become productive.

use serde_json::{Value as Json, json};

use crate::input::duration::Duration;
use crate::input::number::{Factor, Level, Whole};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use super::ids::RoleId;
use super::role::ByRole;

/// `[organisation.X.onboarding]`, for all roles or for one.
#[derive(Clone, Debug)]
pub struct Onboarding {
    /// Level of output while waiting for a mentor slot.
    pub waiting: f64,
    /// Level of output while holding a mentor slot.
    pub mentored: f64,
    /// How long a joiner holds a mentor slot.
    pub mentored_days: Duration,
    /// How many joiners may hold a slot at once, of all roles together.
    pub mentor_slots: Slots,
    /// FTE that each person being mentored takes away from the team.
    pub mentor_load: f64,
    /// Steps after mentoring.
    pub then: Vec<Step>,
    /// The same for the roles that have their own keys.
    by_role: ByRole<Onboarding>,
}

/// A step after mentoring.
#[derive(Clone, Debug)]
pub struct Step {
    /// Level in this step.
    pub level: f64,
    /// Its length.
    pub days: Duration,
}

/// How many joiners may be mentored at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slots {
    /// Everyone.
    Unlimited,
    /// A fixed number.
    Fixed(u32),
    /// A number for each staying person at level 1, with a minimum.
    PerProductive {
        /// Slots for each staying person at level 1.
        per_productive: f64,
        /// The minimum number of slots.
        at_least: u32,
    },
}

impl Onboarding {
    /// Returns the load of one person being mentored, in units of 1 / `units_per_fte` FTE.
    #[expect(clippy::cast_possible_truncation, reason = "a factor has an upper bound")]
    pub fn mentor_load_units(&self, units_per_fte: f64) -> i64 {
        (self.mentor_load * units_per_fte).round() as i64
    }
}

impl Onboarding {
    /// Returns what holds for a role.
    #[must_use]
    pub fn of(&self, role: RoleId) -> &Self {
        self.by_role.get(role).unwrap_or(self)
    }

    /// Returns the roles that have their own keys, with what holds for them.
    pub fn own(&self) -> impl Iterator<Item = (RoleId, &Self)> {
        self.by_role.0.iter().map(|(role, onboarding)| (*role, onboarding))
    }
}

impl Table for Onboarding {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let general = Given::fields(fields, [NEEDED, NEEDED, NEEDED, "no steps"]);
        let mentor_slots = fields
            .optional_or(
                "mentor_slots",
                "unlimited",
                "people who can be mentored at once: a number, or { per_productive, at_least }",
            )
            .unwrap_or(Slots::Unlimited);
        let mentor_load = fields
            .optional_or("mentor_load", "0", "FTE that each person being mentored takes away from the team")
            .map_or(0.0, Factor::value);
        let roles: ByRole<OfRole> = fields
            .optional_or("role", "the same for all roles", "its own keys for each role named; each replaces the general one")
            .unwrap_or_default();
        general.refuse_gaps(&roles, fields);
        // What no key gives is never used, because each role has its own.
        let by_role = ByRole::default();
        let none = Self {
            waiting: 1.0,
            mentored: 1.0,
            mentored_days: Duration::zero(),
            mentor_slots,
            mentor_load,
            then: Vec::new(),
            by_role,
        };
        let mut onboarding = general.over(&none);
        let of_role = |(role, OfRole(given)): &(RoleId, OfRole)| (*role, given.over(&onboarding));
        let by_role = ByRole(roles.0.iter().map(of_role).collect());
        onboarding.by_role = by_role;
        onboarding
    }
}

/// The default of a key that must be given.
const NEEDED: &str = "none: give it here, or for every role";

/// The keys that may differ by role, as far as a table gives them.
#[derive(Clone, Debug)]
struct Given {
    waiting: Option<f64>,
    mentored: Option<f64>,
    mentored_days: Option<Duration>,
    then: Option<Vec<Step>>,
}

impl Given {
    fn fields(fields: &mut Fields<'_, '_>, defaults: [&str; 4]) -> Self {
        let [waiting, mentored, mentored_days, then] = defaults;
        Self {
            waiting: fields
                .optional_or("waiting", waiting, "level of output while waiting for a mentor slot (1 is full)")
                .map(Level::value),
            mentored: fields
                .optional_or("mentored", mentored, "level of output while being mentored (1 is full)")
                .map(Level::value),
            mentored_days: fields.optional_or("mentored_days", mentored_days, "days for which a joiner holds a mentor slot"),
            then: fields.optional_or("then", then, "steps after mentoring, each { level, days }, before level 1"),
        }
    }

    /// Refuses keys that are given neither here nor for every role.
    fn refuse_gaps(&self, roles: &ByRole<OfRole>, fields: &mut Fields<'_, '_>) {
        let named = fields.names("role").len();
        let is_everywhere =
            |is_given: fn(&Self) -> bool| roles.0.iter().filter(|(_, OfRole(given))| is_given(given)).count() >= named;
        let gaps = [
            ("waiting", is_everywhere(|given| given.waiting.is_some())),
            ("mentored", is_everywhere(|given| given.mentored.is_some())),
            ("mentored_days", is_everywhere(|given| given.mentored_days.is_some())),
        ];
        for (key, is_everywhere) in gaps {
            if !(fields.has(key) || is_everywhere || fields.is_wrong("role")) {
                let message = "missing: it is given neither for all roles nor for every role";
                fields.refuse_missing(key, message, "give it here, or in the table of each role");
            }
        }
    }

    /// Returns these keys where they are given, and others elsewhere.
    fn over(&self, others: &Onboarding) -> Onboarding {
        Onboarding {
            waiting: self.waiting.unwrap_or(others.waiting),
            mentored: self.mentored.unwrap_or(others.mentored),
            mentored_days: self.mentored_days.clone().unwrap_or_else(|| others.mentored_days.clone()),
            mentor_slots: others.mentor_slots,
            mentor_load: others.mentor_load,
            then: self.then.clone().unwrap_or_else(|| others.then.clone()),
            by_role: ByRole::default(),
        }
    }
}

/// `[organisation.X.onboarding.role.R]`.
struct OfRole(Given);

impl Table for OfRole {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self(Given::fields(fields, ["that of all roles"; 4]))
    }
}

impl Table for Step {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            level: fields.required::<Level>("level", "level of output in this step (1 is full)").value(),
            days: fields.required("days", "length of the step in days"),
        }
    }
}

/// `{ per_productive, at_least }`.
struct PerProductive {
    per_productive: Factor,
    at_least: u32,
}

impl Table for PerProductive {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            per_productive: fields
                .required("per_productive", "slots for each staying person at level 1; the sum is rounded down"),
            at_least: fields
                .optional_or::<Whole<0, 1_000_000>>("at_least", "0", "the minimum number of slots")
                .map_or(0, Whole::count),
        }
    }
}

impl Value for Slots {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Tree::Table(_) = node.tree {
            let table: PerProductive = reader.table(node)?;
            return Some(Self::PerProductive { per_productive: table.per_productive.value(), at_least: table.at_least });
        }
        Whole::<0, 1_000_000>::read(node, reader).map(|slots| Self::Fixed(slots.count()))
    }

    fn stand_in() -> Self {
        Self::Unlimited
    }

    fn schema() -> Json {
        json!({ "oneOf": [Whole::<0, 1_000_000>::schema(), PerProductive::schema()] })
    }
}
