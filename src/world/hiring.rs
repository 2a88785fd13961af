//! Hiring: the stages of a pipeline and the staff that they use.

use serde_json::{Value as Json, json};

use crate::input::duration::Duration;
use crate::input::name::Name;
use crate::input::number::{Chance, Factor, PositiveHeads, Whole};
use crate::input::steps::Steps;
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use crate::maths::exp;

use super::ids::RoleId;
use super::role::ByRole;

/// The most candidates that may start for each one who joins, on average. With more, hiring would practically never end.
const CANDIDATES_AT_MOST: f64 = 1e6;
/// The tries of a stage have 32-bit numbers. Their count is geometric at worst, and exceeds a thousand times its mean with
/// probability exp(-1000).
const _: () =
    assert!(1000.0 * CANDIDATES_AT_MOST < u32::MAX as f64, "the tries of a stage could exceed their 32-bit numbers");

/// Most stages that a pipeline may have.
const STAGES_AT_MOST: usize = 64;

/// `[organisation.X.hiring]`.
#[derive(Clone, Debug)]
pub struct Hiring {
    /// The hiring staff: names, and how many requisitions they can work on at once.
    pub staff: Vec<Staff>,
    /// The stages, in order.
    pub stages: Vec<StageTable>,
    /// How much longer a newcomer to the market searches.
    pub brand: Option<Brand>,
    /// People ready to start.
    pub bench: Option<Bench>,
}

/// Staff of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Staff {
    /// Its name, e.g. `recruiters`.
    pub name: String,
    /// Their number and their capacity, in steps. Zero before the first step.
    pub steps: Steps<Capacity>,
}

/// The size of a staff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// The number of members, which determines the cost.
    pub count: u32,
    /// Requisitions that all of them together can work on at once.
    pub units: u32,
}

impl Staff {
    /// Returns the most requisitions that they can ever work on at once.
    #[must_use]
    pub fn most_units(&self) -> u32 {
        self.steps.iter().map(|(_, capacity)| capacity.units).max().unwrap_or(0)
    }
}

/// `brand`: a newcomer to a market searches longer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brand {
    start: f64,
    hires: f64,
}

impl Table for Brand {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            start: fields
                .required::<Factor>("start", "factor on the length of the first stage before anybody has joined")
                .value(),
            hires: fields.required::<PositiveHeads>("hires", "joins after which 63 % of the excess is gone").value(),
        }
    }
}

impl Brand {
    /// Returns the factor on the length of the first stage after `joined` joins: MODEL section 3.
    #[must_use]
    pub fn factor(&self, joined: u32) -> f64 {
        1.0 + (self.start - 1.0) * exp(-f64::from(joined) / self.hires)
    }
}

/// `bench`: people of each role who are ready to start.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The number of people per role at the start.
    pub stock: ByRole<u32>,
    /// Time from taking a person to their joining.
    pub ready_days: Duration,
    /// Time from taking a person until there is a replacement.
    pub refill_days: Duration,
}

impl Bench {
    fn fields(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let stock: Option<ByRole<Whole<0, 1_000_000>>> =
            fields.optional_or("bench", "nobody", "per role, people who are ready to start, e.g. { engineer = 4 }");
        let ready_days =
            fields.or("bench_ready_days", Duration::zero(), "days from taking a person from the bench to joining");
        let refill_days = fields.or(
            "bench_refill_days",
            Duration::zero(),
            "days from taking a person from the bench until there is a replacement",
        );
        for key in ["bench_ready_days", "bench_refill_days"] {
            if fields.has(key) && !fields.has("bench") {
                fields.refuse(key, "has no effect without `bench`", Some("give `bench`, people per role".into()));
            }
        }
        let count = |(role, heads): &(RoleId, Whole<0, 1_000_000>)| (*role, heads.count());
        stock.map(|stock| Self { stock: ByRole(stock.0.iter().map(count).collect()), ready_days, refill_days })
    }
}

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub struct StageTable {
    /// Its name.
    pub name: String,
    /// Its length.
    pub takes_days: Duration,
    /// Its length for some roles.
    pub takes_days_by_role: ByRole<Duration>,
    /// The probability that a candidate passes.
    pub pass: f64,
    /// The same for some roles.
    pub pass_by_role: ByRole<Chance>,
    /// The name of the stage to which the requisition of a failed candidate returns.
    on_fail: Option<String>,
    /// The position of that stage.
    pub fails_to: usize,
    /// The name of the staff of which it holds one unit.
    uses: Option<String>,
    /// The position of the staff of which it holds one unit.
    pub staff: Option<usize>,
}

impl Table for Hiring {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let staff: Option<StaffTable> =
            fields.optional_or("staff", "no staff", "named capacities that stages use, e.g. { recruiters = 6 }");
        // Staff that could not be read still exists.
        let is_known = staff.is_some() || !fields.has("staff");
        let staff = staff.map_or_else(Vec::new, |StaffTable(staff)| staff);
        let mut stages: Vec<StageTable> =
            fields.required("stages", "the stages that a requisition passes, in order, until somebody joins");
        let given = fields.length_of("stages");
        if let Some(given) = given.filter(|given| !(1..=STAGES_AT_MOST).contains(given)) {
            fields.refuse("stages", format!("{given} stages found, expected 1 to {STAGES_AT_MOST}"), None);
        }
        for index in 0..stages.len() {
            stages[index].fails_to = match_failure(&stages, index, fields);
        }
        refuse_endless_search(&stages, fields);
        for (index, stage) in stages.iter_mut().enumerate().filter(|_| is_known) {
            stage.staff = match_staff(stage, index, &staff, fields);
        }
        let brand = fields.optional("brand", "how much longer a newcomer to the market searches: { start, hires }");
        Self { staff, stages, brand, bench: Bench::fields(fields) }
    }
}

/// Refuses stages that so few candidates pass that hiring would practically never end, in general or for a role.
fn refuse_endless_search(stages: &[StageTable], fields: &mut Fields<'_, '_>) {
    let roles = stages.iter().flat_map(|stage| &stage.pass_by_role.0).map(|(role, _)| Some(*role));
    let most = |role| begins_per_join(stages, role).into_iter().fold(0.0, f64::max);
    // With very small probabilities the product exceeds the range of numbers.
    let candidates = std::iter::once(None).chain(roles).map(most).fold(0.0, f64::max).min(f64::MAX);
    if candidates > CANDIDATES_AT_MOST {
        let message =
            format!("{candidates:.3e} candidates would start for each one who joins, expected at most {CANDIDATES_AT_MOST}");
        fields.refuse("stages", message, Some("raise `pass` of the stages".into()));
    }
}

/// Returns how often each stage begins for each person who joins, on average: for a role, or for those that have no values
/// by role.
///
/// A stage is passed once, and again for each failure that leads from a later stage back to it or to one before it.
fn begins_per_join(stages: &[StageTable], role: Option<RoleId>) -> Vec<f64> {
    let mut begins = vec![0.0; stages.len()];
    for index in (0..stages.len()).rev() {
        let returns = |later: &usize| stages[*later].fails_to <= index;
        let failures = |later: usize| begins[later] * (1.0 - stages[later].pass_of(role));
        let passes = 1.0 + (index + 1..stages.len()).filter(returns).map(failures).sum::<f64>();
        begins[index] = passes / stages[index].pass_of(role);
    }
    begins
}

impl Hiring {
    /// Returns how often each stage begins for each person of a role who joins, on average.
    #[must_use]
    pub fn begins_per_join(&self, role: RoleId) -> Vec<f64> {
        begins_per_join(&self.stages, Some(role))
    }
}

impl StageTable {
    /// Returns the probability that a candidate for a role passes. Without a role, for those that have no value by role.
    #[must_use]
    pub fn pass_of(&self, role: Option<RoleId>) -> f64 {
        role.and_then(|role| self.pass_by_role.get(role)).map_or(self.pass, |pass| pass.value())
    }
}

/// Returns the position of the stage to which a failed candidate's requisition returns: the first, unless the stage names
/// itself or an earlier one.
fn match_failure(stages: &[StageTable], index: usize, fields: &mut Fields<'_, '_>) -> usize {
    let Some(on_fail) = stages[index].on_fail.as_deref() else { return 0 };
    let is_named = |position: &usize| stages[*position].name == on_fail;
    let positions: Vec<usize> = (0..=index).filter(is_named).collect();
    let (message, help) = match positions.as_slice() {
        [position] => return *position,
        [] if stages.iter().any(|stage| stage.name == on_fail) => {
            let help = "after a failure a requisition stays in its stage or returns to an earlier one";
            (format!("{on_fail:?} is a later stage: expected this stage or an earlier one"), Some(help.to_owned()))
        }
        [] => {
            let names: Vec<&str> = stages[..=index].iter().map(|stage| stage.name.as_str()).collect();
            let message = format!("there is no stage named {on_fail:?} up to here");
            (message, crate::input::diagnostic::name_help(on_fail, &names))
        }
        _ => (format!("several stages up to here are named {on_fail:?}"), Some("give them different names".to_owned())),
    };
    fields.refuse_item(("stages", index, "on_fail"), message, help);
    0
}

/// Returns the position of the staff that a stage uses. It must exist and have a capacity.
fn match_staff(stage: &StageTable, index: usize, staff: &[Staff], fields: &mut Fields<'_, '_>) -> Option<usize> {
    let uses = stage.uses.as_deref()?;
    let position = staff.iter().position(|staff| staff.name == uses);
    match position.map(|position| staff[position].most_units()) {
        None => {
            let names: Vec<&str> = staff.iter().map(|staff| staff.name.as_str()).collect();
            let help = crate::input::diagnostic::name_help(uses, &names);
            fields.refuse_item(("stages", index, "uses"), format!("there is no staff named {uses:?}"), help);
        }
        Some(0) => {
            let message = format!("staff {uses:?} has a capacity of 0: the stage can never begin");
            let help = format!("give {uses:?} a number (times `each_handles`) of 1 or more, or take `uses` out");
            fields.refuse_item(("stages", index, "uses"), message, Some(help));
        }
        Some(_) => {}
    }
    position
}

impl Table for StageTable {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let pass: Chance = fields
            .optional_or(
                "pass",
                "1",
                "probability that the candidate passes; after a failure the requisition returns to the stage `on_fail`",
            )
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
            pass_by_role: fields
                .optional_or("pass_by_role", "pass for every role", "probability that a candidate for some roles passes")
                .unwrap_or_default(),
            on_fail: fields.optional_or(
                "on_fail",
                "the first stage",
                "the stage to which the requisition returns after a failure: the name of this stage or of an earlier one",
            ),
            fails_to: 0,
            uses: fields.optional("uses", "the staff that works on the stage, one unit for its whole duration"),
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
                read_capacity(&entry.node, reader)
            };
            let before = reader.count();
            let steps = reader.under(format!(".{}", entry.key), read);
            // An invalid entry still exists, because a stage may use it.
            let is_sound = reader.count() == before;
            let steps = steps.filter(|_| is_sound).unwrap_or_else(|| Steps::constant(Capacity::stand_in()));
            staff.push(Staff { name: entry.key.clone(), steps });
        }
        Some(Self(staff))
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": { "anyOf": [Steps::<Capacity>::schema(), Group::<Steps<Count>>::schema()] } })
    }
}

/// The number of members of one staff.
type Count = Whole<0, 1_000_000>;

/// `{ count, each_handles }`. The count has steps, or is a number if the group is itself one of several steps.
struct Group<C> {
    count: C,
    each_handles: Factor,
}

impl<C: Value> Table for Group<C> {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            count: fields.required("count", "how many there are"),
            each_handles: fields.or("each_handles", Factor::stand_in(), "requisitions that each member can work on at once"),
        }
    }
}

/// Reads a number, `{ count, each_handles }`, or steps of either.
fn read_capacity(node: &Node, reader: &mut Reader<'_>) -> Option<Steps<Capacity>> {
    match node.tree {
        Tree::Table(_) => {
            let group: Group<Steps<Count>> = reader.table(node)?;
            Some(group.count.map(|count| capacity(count, group.each_handles)))
        }
        _ => Steps::read(node, reader),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 1e9, not negative")]
fn capacity(count: Count, each_handles: Factor) -> Capacity {
    // A product, for instance of 3 and 2.4, may be slightly below its exact value.
    let units = f64::from(count.count()) * each_handles.value();
    Capacity { count: count.count(), units: (units + 1e-9).floor() as u32 }
}

impl Value for Capacity {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Tree::Table(_) = node.tree {
            let group: Group<Count> = reader.table(node)?;
            return Some(capacity(group.count, group.each_handles));
        }
        Count::read(node, reader).map(|count| Self { count: count.count(), units: count.count() })
    }

    fn stand_in() -> Self {
        Self { count: 1, units: 1 }
    }

    fn schema() -> Json {
        json!({ "oneOf": [Count::schema(), Group::<Count>::schema()] })
    }
}
