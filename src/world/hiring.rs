//! Hiring: the stages of a pipeline and the staff that they use.

use serde_json::{Value as Json, json};

use crate::input::duration::Duration;
use crate::input::name::Name;
use crate::input::number::{Chance, Factor, Whole};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use super::role::ByRole;

/// Candidates that may begin for each who joins, on average: beyond, hiring would never end for practical purposes.
const CANDIDATES_AT_MOST: f64 = 1e6;

/// Most stages that a pipeline may have.
const STAGES_AT_MOST: usize = 64;

/// `[organisation.X.hiring]`.
#[derive(Clone, Debug)]
pub struct Hiring {
    /// Staff that stages use: names and how many requisitions they can work on at once.
    pub staff: Vec<Staff>,
    /// The stages, in order.
    pub stages: Vec<StageTable>,
}

/// Staff of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Staff {
    /// Its name, e.g. `recruiters`.
    pub name: String,
    /// Requisitions that all of it can work on at once.
    pub capacity: u32,
}

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub struct StageTable {
    /// Its name.
    pub name: String,
    /// How long it takes.
    pub takes_days: Duration,
    /// How long it takes for some roles.
    pub takes_days_by_role: ByRole<Duration>,
    /// Probability that the candidate passes.
    pub pass: f64,
    /// The staff of which it holds one unit, by name.
    uses: Option<String>,
    /// The staff of which it holds one unit, by position.
    pub staff: Option<usize>,
}

impl Table for Hiring {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        fields.not_yet(&["brand", "bench", "bench_ready_days", "bench_refill_days"]);
        let staff: Option<StaffTable> =
            fields.optional_or("staff", "no staff", "named capacities that stages use, e.g. { recruiters = 6 }");
        // Staff that could not be read is there all the same.
        let is_known = staff.is_some() || !fields.has("staff");
        let staff = staff.map_or_else(Vec::new, |StaffTable(staff)| staff);
        let mut stages: Vec<StageTable> =
            fields.required("stages", "the stages that a requisition passes, in order, until somebody joins");
        let given = fields.length_of("stages");
        if let Some(given) = given.filter(|given| !(1..=STAGES_AT_MOST).contains(given)) {
            fields.refuse("stages", format!("{given} stages found, expected 1 to {STAGES_AT_MOST}"), None);
        }
        let candidates: f64 = stages.iter().map(|stage| 1.0 / stage.pass).product();
        if candidates.is_finite() && candidates > CANDIDATES_AT_MOST {
            let message =
                format!("{candidates:.3e} candidates would begin for each who joins, expected {CANDIDATES_AT_MOST} at most");
            fields.refuse("stages", message, Some("raise `pass` of the stages".into()));
        }
        for (index, stage) in stages.iter_mut().enumerate().filter(|_| is_known) {
            stage.staff = match_staff(stage, index, &staff, fields);
        }
        Self { staff, stages }
    }
}

/// The position of the staff that a stage uses, which must exist and have a capacity.
fn match_staff(stage: &StageTable, index: usize, staff: &[Staff], fields: &mut Fields<'_, '_>) -> Option<usize> {
    let uses = stage.uses.as_deref()?;
    let position = staff.iter().position(|staff| staff.name == uses);
    match position.map(|position| staff[position].capacity) {
        None => {
            let names: Vec<&str> = staff.iter().map(|staff| staff.name.as_str()).collect();
            let help = crate::input::diagnostic::name_help(uses, &names);
            fields.refuse_item(("stages", index, "uses"), format!("there is no staff named {uses:?}"), help);
        }
        Some(0) => {
            let message = format!("staff {uses:?} has a capacity of 0: the stage can never begin");
            fields.refuse_item(("stages", index, "uses"), message, None);
        }
        Some(_) => {}
    }
    position
}

impl Table for StageTable {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let pass: Chance = fields
            .optional_or("pass", "1", "probability that the candidate passes; who fails returns to the first stage")
            .unwrap_or_else(Chance::stand_in);
        Self {
            name: fields.required::<Name>("name", "the name of the stage, e.g. \"search\"").into(),
            takes_days: fields.required("takes_days", "how long the stage takes, in days"),
            takes_days_by_role: fields
                .optional_or(
                    "takes_days_by_role",
                    "takes_days for every role",
                    "how long the stage takes for some roles, in days",
                )
                .unwrap_or_default(),
            pass: pass.value(),
            uses: fields.optional("uses", "the staff of which the stage holds one unit for its whole duration"),
            staff: None,
        }
    }
}

/// `staff = { recruiters = 6, agencies = { count = 2, each_handles = 8 } }`.
struct StaffTable(Vec<Staff>);

impl Value for StaffTable {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(section) = node.section() else {
            reader.expected(node, "a table of named capacities, e.g. { recruiters = 6 }");
            return None;
        };
        let mut staff = Vec::new();
        for entry in &section.entries {
            let read = |reader: &mut Reader<'_>| {
                Name::check(&entry.key, &entry.place, reader);
                Capacity::read(&entry.node, reader)
            };
            let capacity = reader.under(format!(".{}", entry.key), read);
            // One that could not be read is there all the same: a stage may use it.
            staff.push(Staff { name: entry.key.clone(), capacity: capacity.map_or(1, |capacity| capacity.0) });
        }
        Some(Self(staff))
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": Capacity::schema() })
    }
}

struct Capacity(u32);

/// `{ count, each_handles }`.
struct Team {
    count: Whole<0, 1_000_000>,
    each_handles: Factor,
}

impl Table for Team {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            count: fields.required("count", "how many there are"),
            each_handles: fields.or("each_handles", Factor::stand_in(), "requisitions on which each works at once"),
        }
    }
}

impl Value for Capacity {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 1e9, not negative")]
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.tree {
            Tree::Table(_) => {
                let team: Team = reader.table(node)?;
                // The product of, say, 3 and 2.4 falls a hair short of what it should be.
                let capacity = f64::from(team.count.count()) * team.each_handles.value();
                Some(Self((capacity + 1e-9).floor() as u32))
            }
            Tree::List(_) => {
                reader.refuse(
                    &node.place,
                    "capacities in steps are not supported yet by this version",
                    Some("give one number".into()),
                );
                None
            }
            _ => Whole::<0, 1_000_000>::read(node, reader).map(|count| Self(count.count())),
        }
    }

    fn stand_in() -> Self {
        Self(1)
    }

    fn schema() -> Json {
        json!({ "oneOf": [Whole::<0, 1_000_000>::schema(), Team::schema()] })
    }
}
