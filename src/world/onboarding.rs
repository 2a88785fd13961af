//! Onboarding: mentor slots, and how joiners become productive.

use serde_json::{Value as Json, json};

use crate::input::duration::Duration;
use crate::input::number::{Factor, Level, Whole};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

/// `[organisation.X.onboarding]`.
#[derive(Clone, Debug)]
pub struct Onboarding {
    /// Level of output while waiting for a mentor slot.
    pub waiting: f64,
    /// Level of output while holding a mentor slot.
    pub mentored: f64,
    /// How long a joiner holds a mentor slot.
    pub mentored_days: Duration,
    /// How many joiners may hold a slot at once.
    pub mentor_slots: Slots,
    /// FTE that each person being mentored takes away from the team.
    pub mentor_load: f64,
    /// Steps after mentoring.
    pub then: Vec<Step>,
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

impl Table for Onboarding {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            waiting: fields
                .required::<Level>("waiting", "level of output while waiting for a mentor slot (1 is full)")
                .value(),
            mentored: fields.required::<Level>("mentored", "level of output while being mentored (1 is full)").value(),
            mentored_days: fields.required("mentored_days", "days for which a joiner holds a mentor slot"),
            mentor_slots: fields
                .optional_or(
                    "mentor_slots",
                    "unlimited",
                    "people who can be mentored at once: a number, or { per_productive, at_least }",
                )
                .unwrap_or(Slots::Unlimited),
            mentor_load: fields
                .optional_or("mentor_load", "0", "FTE that each person being mentored takes away from the team")
                .map_or(0.0, Factor::value),
            then: fields
                .optional_or("then", "no steps", "steps after mentoring, each { level, days }, before level 1")
                .unwrap_or_default(),
        }
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
