//! A scenario: text that has been read, checked and made ready to simulate.

mod bounds;
mod checks;
mod dropped;
mod explained;
mod identity;
mod like;
mod months;
mod overrides;
mod presets;
mod remarks;
mod schema;
mod words;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::input::date::StartDate;
use crate::input::name::Name;
use crate::input::number::{Amount, Growth, Heads, PositiveDays, Whole};
use crate::input::steps::Steps;
use crate::input::values::by_name;
use crate::input::{Diagnostics, Fields, Names, Node, Reader, Section, Table, Tree, Value};
use crate::world::{
    ByRole, Communication, DemandShock, Goal, HORIZON_MONTHS_AT_MOST, Market, Operations, Organisation, Project, Role,
    Strategy, Wanted, World, role_id,
};

use serde_json::{Value as Json, json};

use months::EqualMonths;

pub use identity::Identity;
pub use overrides::BadOverride;
pub use presets::{PRESETS, Preset, SCHEMA_FILE};
pub use remarks::remarks;
pub use schema::schema;
pub use words::{Line, in_words, notes};

/// Replications where a scenario does not say.
const USUAL_REPLICATIONS: u32 = 10_000;
/// Knowledge where a scenario does not say.
const USUAL_KNOWLEDGE_DAYS: f64 = 365.0;

/// A checked input: once it exists, simulating it cannot fail.
///
/// ```
/// let text = r#"
///     title = "Ten people"
///     start = 2027-01-01
///     horizon_months = 24
///     demand.analyst = 10
///     role = [{ name = "analyst" }]
///     strategy.in_house.employer = "client"
///     organisation.client.hiring.stages = [{ name = "search", takes_days = { dist = "exponential", mean = 60 } }]
/// "#;
/// let scenario = handover::scenario::Scenario::parse(text, &[])?;
/// assert_eq!(scenario.strategies[0].name, "in_house");
/// # Ok::<(), handover::scenario::Refused>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub title: String,
    /// The date of day 0.
    pub start: Date,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Replications of each strategy.
    pub replications: u32,
    /// What all strategies have in common.
    pub world: World,
    /// The strategies, in the order of the file.
    pub strategies: Vec<Strategy>,
    identities: Vec<Identity>,
    text: String,
    original: String,
    overrides: Vec<String>,
    dropped: Vec<String>,
}

/// Why a text is not a scenario.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refused {
    /// An override could not be applied.
    #[error(transparent)]
    Override(#[from] BadOverride),
    /// The text has mistakes.
    #[error("{}", .0.render("scenario", false))]
    Mistakes(Box<Diagnostics>),
}

impl Scenario {
    /// Reads a scenario after applying overrides (`a.b.0.c=VALUE`, with a TOML value) to its text.
    ///
    /// # Errors
    /// All mistakes of the text at once, each with its place; or the first override that does not fit.
    pub fn parse(text: &str, overrides: &[String]) -> Result<Self, Refused> {
        // With mistakes of syntax there is nothing to override yet.
        let (_, broken) = Node::parse(text);
        let given = if broken.is_empty() { overrides } else { &[] };
        let edited = overrides::apply(text, given)?;
        let (root, mut found) = Node::parse(&edited.text);
        let read = if bounds::hold(&root, &mut found) { Some(read(&root, &mut found)) } else { None };
        if let (Some((read, resolved)), true) = (read, found.is_empty()) {
            let mut scenario = read.into_scenario(edited.text);
            scenario.identities = identity::identities(&resolved);
            scenario.original = text.to_owned();
            scenario.overrides = overrides.to_vec();
            scenario.dropped = edited.dropped;
            return Ok(scenario);
        }
        edited.trace_back(&root, &mut found);
        Err(Refused::Mistakes(Box::new(Diagnostics::new(text.to_owned(), found))))
    }

    /// This scenario with further overrides.
    ///
    /// # Errors
    /// As for [`Scenario::parse`].
    pub fn with(&self, overrides: &[String]) -> Result<Self, Refused> {
        let all: Vec<String> = self.overrides.iter().chain(overrides).cloned().collect();
        Self::parse(&self.original, &all)
    }

    /// The text as run: that of the file, changed by the overrides.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what overrides have dropped by putting a plain value in the place of a table, each with what to write instead.
    #[must_use]
    pub fn dropped(&self) -> &[String] {
        &self.dropped
    }

    /// What the replications of a strategy, by its position, depend on.
    ///
    /// # Panics
    /// If there is no such strategy.
    #[must_use]
    pub fn identity(&self, strategy: usize) -> Identity {
        self.identities[strategy]
    }

    /// SHA-256 of the text as run, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The tables of a scenario as they were read, before they are known to fit together.
struct Top {
    title: Name,
    start: StartDate,
    horizon_months: Whole<1, { HORIZON_MONTHS_AT_MOST as i64 }>,
    seed: Option<Whole<0, { i64::MAX }>>,
    replications: Option<Whole<1, 1_000_000_000>>,
    currency: Option<Name>,
    roles: Vec<Role>,
    demand: DemandTable,
    communication: Option<Communication>,
    operations: Option<Operations>,
    project: Option<Project>,
    market: Option<Market>,
    knowledge_days: Option<PositiveDays>,
    value_per_fte_month: Option<Amount>,
    discount_rate_per_year: Option<Growth>,
    goals: Vec<Goal>,
    organisations: Named<Organisation>,
    strategies: Named<Strategy>,
}

impl Table for Top {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let title = fields.required("title", "what the scenario is called; the title of report and charts");
        let start = fields.required("start", "the date of day 0, e.g. 2027-01-01");
        // There is one value so far, which holds without the key too.
        let _: Option<EqualMonths> =
            fields.optional_or("months", "\"equal\"", "how long months are: \"equal\", 365/12 days each");
        Self {
            title,
            start,
            horizon_months: fields.required("horizon_months", "months that are simulated; a month has 365/12 days"),
            seed: fields.optional_or(
                "seed",
                "1",
                "seed of all random numbers: the same seed gives the same results, to the bit",
            ),
            replications: fields.optional_or("replications", "10000", "independent executions of each strategy"),
            currency: fields.optional_or("currency", "\"EUR\"", "label of amounts of money"),
            roles: fields.required("role", "a kind of work"),
            demand: fields.required("demand", "wanted headcount of each role: a number, or steps [{ month, value }, ...]"),
            communication: fields.optional("communication", "output lost by talking to each other"),
            operations: fields.optional("operations", "incidents that take effort out of what is delivered"),
            project: fields.optional("project", "a piece of work that is complete when enough is delivered"),
            market: fields.optional("market", "the risk that the venture as a whole fails"),
            knowledge_days: fields.optional_or(
                "knowledge_days",
                "365",
                "days of tenure after which somebody knows 63 % of what there is to know",
            ),
            value_per_fte_month: fields
                .optional("value_per_fte_month", "what a delivered FTE-month is worth; needed for net value"),
            discount_rate_per_year: fields.optional_or(
                "discount_rate_per_year",
                "0",
                "by how much money of a year later is worth less, for present values",
            ),
            goals: fields.optional("goal", "what is to be reached, and by when").unwrap_or_default(),
            organisations: fields.required("organisation", "the organisations that can employ people, by name"),
            strategies: fields.required("strategy", "the ways to build and run the team that are compared, by name"),
        }
    }
}

impl Top {
    fn into_scenario(self, text: String) -> Scenario {
        let roles = checks::ranked(self.roles);
        let demand = self.demand.by_role.spread(roles.len(), &Steps::constant(Heads::stand_in()));
        let mut organisations = self.organisations.0;
        organisations.iter_mut().for_each(|(name, organisation)| organisation.name.clone_from(name));
        let mut strategies = self.strategies.0;
        strategies.iter_mut().for_each(|(name, strategy)| strategy.name.clone_from(name));
        Scenario {
            title: self.title.into(),
            start: self.start.0,
            seed: self.seed.map_or(1, |seed| seed.value().unsigned_abs()),
            replications: self.replications.map_or(USUAL_REPLICATIONS, Whole::count),
            world: World {
                horizon_months: self.horizon_months.count(),
                roles,
                demand: demand.into_iter().map(Wanted).collect(),
                demand_shock: self.demand.shock,
                communication: self.communication,
                operations: self.operations,
                project: self.project,
                market: self.market,
                knowledge_days: self.knowledge_days.map_or(USUAL_KNOWLEDGE_DAYS, PositiveDays::value),
                value_per_fte_month: self.value_per_fte_month.map(Amount::value),
                discount_rate_per_year: self.discount_rate_per_year.map_or(0.0, Growth::value),
                currency: self.currency.map_or("EUR".to_owned(), Into::into),
                goals: self.goals,
                organisations: organisations.into_iter().map(|(_, organisation)| organisation).collect(),
            },
            strategies: strategies.into_iter().map(|(_, strategy)| strategy).collect(),
            identities: Vec::new(),
            original: text.clone(),
            text,
            overrides: Vec::new(),
            dropped: Vec::new(),
        }
    }
}

/// `[demand]`: steps for each role, and the shocks that change them all.
struct DemandTable {
    by_role: ByRole<Steps<Heads>>,
    shock: Option<DemandShock>,
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
        shock["description"] = json!("events that change all that is wanted from then on. Default: none.");
        json!({
            "type": "object",
            "properties": { "shock": shock },
            "additionalProperties": Steps::<Heads>::schema(),
        })
    }
}

/// A table among the roles that is none of them can only be meant for the shocks: one mistake, not two.
fn refuse_tables_of_no_role(node: &mut Node, reader: &mut Reader<'_>) {
    let Tree::Table(section) = &mut node.tree else { return };
    section.entries.retain(|entry| {
        let is_role = reader.names("role").iter().any(|role| role.as_ref().is_none_or(|role| *role == entry.key));
        let is_meant_for_shocks = !is_role && entry.node.section().is_some();
        if is_meant_for_shocks {
            let help = "write `[demand.shock]` for shocks; what is wanted of a role is a number, or steps";
            reader.under(format!(".{}", entry.key), |reader| {
                reader.refuse(&entry.place, "a table found, and there is no role of that name", Some(help.to_owned()));
            });
        }
        !is_meant_for_shocks
    });
}

/// Tables by name: `[organisation.X]`, `[strategy.Y]`.
struct Named<T>(Vec<(String, T)>);

impl<T: Value> Value for Named<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(section) = node.section() else {
            reader.expected(node, "a table with a name for each entry");
            return None;
        };
        let mut named = Vec::new();
        for entry in &section.entries {
            let value = reader.under(format!(".{}", entry.key), |reader| {
                Name::check(&entry.key, &entry.place, reader);
                T::read(&entry.node, reader)
            });
            named.push((entry.key.clone(), value.unwrap_or_else(T::stand_in)));
        }
        Some(Self(named))
    }

    fn stand_in() -> Self {
        Self(Vec::new())
    }

    fn schema() -> Json {
        json!({ "type": "object", "minProperties": 1, "additionalProperties": T::schema() })
    }
}

/// Reads all tables and checks that they fit together; adds what is wrong to `found`. Beside them the tables as they were read.
fn read(root: &Node, found: &mut Vec<crate::input::Diagnostic>) -> (Top, Section) {
    let empty = Section::default();
    let section = root.section().unwrap_or(&empty);
    let names = names(section);
    let mut reader = Reader::new(&names);
    let resolved = like::resolve(section, &mut reader);
    let place = root.place.start..root.place.start;
    let top: Top = reader.read_section(&resolved, &place);
    checks::fit_together(&top, &resolved, &mut reader);
    found.extend(reader.finish());
    (top, resolved)
}

/// The names that tables refer to.
fn names(section: &Section) -> Names {
    let keys = |table: &str| -> Vec<Option<String>> {
        let table = section.get(table).and_then(Node::section);
        table.map_or_else(Vec::new, |table| table.entries.iter().map(|entry| Some(entry.key.clone())).collect())
    };
    let mut names = Names::default();
    names.add("organisation", keys("organisation"));
    names.add("strategy", keys("strategy"));
    names.add("role", role_names(section));
    names
}

fn role_names(section: &Section) -> Vec<Option<String>> {
    let Some(Node { tree: Tree::List(roles), .. }) = section.get("role") else { return vec![None] };
    let name = |role: &Node| match role.section().and_then(|role| role.get("name")) {
        Some(Node { tree: Tree::Text(name), .. }) => Some(name.clone()),
        _ => None,
    };
    roles.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_overrides_come_on_top_of_the_first() {
        let set = |given: &str| [given.to_owned()];
        let text = include_str!("../../scenarios/ramp100.toml");
        let first = Scenario::parse(text, &set("demand.engineer=7")).expect("it fits");
        let second = first.with(&set("horizon_months=9")).expect("it fits");
        assert_eq!((second.world.highest_wanted().0, second.world.horizon_months), (7, 9));
        assert!(first.with(&set("demand.engineer=-1")).is_err());
    }
}
