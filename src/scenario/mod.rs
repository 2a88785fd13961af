//! A scenario: text that was read, checked and made ready to simulate.

mod bounds;
mod checks;
mod demand;
mod design;
mod dropped;
mod elsewhere;
mod explained;
mod factors;
mod identity;
mod like;
mod named;
mod overrides;
mod paths;
mod people_files;
mod presets;
mod quick;
mod references;
mod remarks;
mod schema;
mod words;

use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::input::date::StartDate;
use crate::input::document::dotted;
use crate::input::months::MonthLength;
use crate::input::name::Name;
use crate::input::number::{Amount, Growth, Heads, PositiveDays, Whole};
use crate::input::steps::Steps;
use crate::input::{Diagnostic, Diagnostics, Fields, Files, Node, Reader, Section, Table, Value};
use crate::report::number::hexadecimal;
use crate::world::{
    Communication, Factor, Goal, HORIZON_MONTHS_AT_MOST, Market, Operations, Organisation, Project, Role, Strategy, Wanted,
    World,
};

use demand::DemandTable;
use named::Named;
use quick::Tables;
use references::{CalendarMonth, names, plan_months};

pub use design::{Arrangement, BadVariation, Design, DesignFactor, DesignPoint, POINTS_AT_MOST, Variation, level_identity};
pub use identity::Identity;
pub use overrides::BadOverride;
pub use people_files::named_files;
pub use presets::{PRESETS, Preset, SCHEMA_FILE};
pub use remarks::remarks;
pub use schema::schema;
pub use words::{Line, in_words, notes};

/// The default number of replications.
const USUAL_REPLICATIONS: u32 = 10_000;
/// The default of `knowledge_days`.
const USUAL_KNOWLEDGE_DAYS: f64 = 365.0;

/// The help for `[[uncertain]]`, which is not available yet.
const NO_UNCERTAIN: &str = "remove the table; use a [[factor]] for a decision, and vary unknown numbers in the same way";

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
/// # Ok::<(), handover::scenario::Refusal>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scenario {
    contents: Contents,
    identities: Vec<Identity>,
    text: String,
    original: Arc<str>,
    overrides: Vec<String>,
    dropped: Vec<String>,
    /// The tables, for further overrides that replace plain values. None if such overrides must edit the text.
    tables: Option<Arc<Tables>>,
}

/// The contents of a scenario. They are read-only, because a change would not match the text and its checksum.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Its title.
    pub title: String,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The number of replications of each strategy.
    pub replications: u32,
    /// What all strategies have in common.
    pub world: World,
    /// The strategies, in the order of the file.
    pub strategies: Vec<Strategy>,
    /// The decisions under study, with whole paths, in the order of the file.
    pub factors: Vec<Factor>,
}

impl Deref for Scenario {
    type Target = Contents;

    fn deref(&self) -> &Contents {
        &self.contents
    }
}

/// The reason why a text is not a scenario.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refusal {
    /// An override could not be applied.
    #[error(transparent)]
    Override(#[from] BadOverride),
    /// The text has mistakes.
    #[error("{}", .0.render("scenario", false))]
    Mistakes(Box<Diagnostics>),
}

impl Contents {
    /// Returns the date of day 0.
    #[must_use]
    pub fn start(&self) -> Date {
        self.world.months.start
    }
}

impl Scenario {
    /// Reads a scenario after applying overrides (`a.b.0.c=VALUE`, with a TOML value) to its text.
    ///
    /// # Errors
    /// All mistakes of the text at once, each with its place, or the first override that does not apply.
    pub fn parse(text: &str, overrides: &[String]) -> Result<Self, Refusal> {
        Self::parse_with(text, overrides, &Files::new())
    }

    /// Returns the same for a scenario that [names files](named_files), given their texts. The text as run holds them.
    ///
    /// # Errors
    /// See [`Scenario::parse`].
    pub fn parse_with(text: &str, overrides: &[String], files: &Files) -> Result<Self, Refusal> {
        if !files.is_empty() {
            // Mistakes are told of the texts as they are.
            Self::parse_whole(text, overrides, files)?;
        }
        Self::parse_whole(&people_files::with_contents(text, files), overrides, &Files::new())
    }

    fn parse_whole(text: &str, overrides: &[String], files: &Files) -> Result<Self, Refusal> {
        let as_given = Node::parse(text);
        // A text with syntax errors cannot be overridden.
        let given = if as_given.1.is_empty() { overrides } else { &[] };
        let edited = overrides::apply(text, given)?;
        let (root, mut found) = if given.is_empty() { as_given } else { Node::parse(&edited.text) };
        let read = if bounds::hold(&root, &mut found) { Some(read(&root, (&edited.text, files), &mut found)) } else { None };
        if let (Some((read, resolved)), true) = (read, found.is_empty() && edited.lost.is_empty()) {
            let mut scenario = read.into_scenario(edited.text);
            scenario.identities = identity::identities(&resolved);
            scenario.original = text.into();
            scenario.overrides = edited.whole;
            scenario.dropped = edited.dropped;
            scenario.tables = Some(Arc::new(Tables::new(root)));
            return Ok(scenario);
        }
        edited.trace_back(&root, &mut found);
        found.extend(edited.lost);
        Err(Refusal::Mistakes(Box::new(Diagnostics::new(text.to_owned(), found))))
    }

    /// Returns this scenario with further overrides.
    ///
    /// # Errors
    /// See [`Scenario::parse`].
    pub fn with_overrides(&self, overrides: &[String]) -> Result<Self, Refusal> {
        let all: Vec<String> = self.overrides.iter().chain(overrides).cloned().collect();
        self.with_values(overrides, &all).map_or_else(|| Self::parse(&self.original, &all), Ok)
    }

    /// Returns the same if the overrides only replace plain values, without any mistake.
    fn with_values(&self, overrides: &[String], all: &[String]) -> Option<Self> {
        let (text, root) = self.tables.as_ref()?.with(&self.text, overrides)?;
        let mut found = Vec::new();
        let (read, resolved) = bounds::hold(&root, &mut found).then(|| read(&root, ("", &Files::new()), &mut found))?;
        if !found.is_empty() {
            return None;
        }
        let mut scenario = read.into_scenario(text);
        scenario.contents.factors.clone_from(&self.factors);
        let (original, identities) = (self.original.clone(), identity::identities(&resolved));
        Some(Self { original, identities, overrides: all.to_vec(), dropped: self.dropped.clone(), ..scenario })
    }

    /// Returns the text as run: the file's text, changed by the overrides.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the overrides that made this scenario, each with its whole path.
    #[must_use]
    pub fn overrides(&self) -> &[String] {
        &self.overrides
    }

    /// Returns this scenario as one that these overrides have made: what a result folder says of its text.
    #[must_use]
    pub(crate) fn made_by(self, overrides: &[String]) -> Self {
        Self { overrides: overrides.to_vec(), ..self }
    }

    /// Returns the whole path that a path means: itself, or the one path of the scenario that it is the tail of.
    ///
    /// ```
    /// # let text = handover::scenario::PRESETS[0].text();
    /// let scenario = handover::scenario::Scenario::parse(&text, &[])?;
    /// assert_eq!(scenario.whole_path("market.exit_hazard_per_year")?, "market.exit_hazard_per_year");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Says what the path could mean, if it means nothing or several things.
    pub fn whole_path(&self, path: &str) -> Result<String, String> {
        let parts = paths::parts(path).ok_or_else(|| format!("{path:?} is not a dotted key"))?;
        let (root, _) = Node::parse(&self.text);
        let path = paths::whole(root.section().unwrap_or(&Section::default()), &parts, false);
        path.map(|path| dotted(&path)).map_err(|lost| {
            let help = lost.help.map_or_else(String::new, |help| format!("; {help}"));
            format!("`{}`: {}{help}", lost.key, lost.message)
        })
    }

    /// Returns what overrides dropped by putting a plain value in the place of a table, each with what to write instead.
    #[must_use]
    pub fn dropped(&self) -> &[String] {
        &self.dropped
    }

    /// Returns the identity of a strategy, by its position: what its replications depend on.
    ///
    /// # Panics
    /// If there is no such strategy.
    #[must_use]
    pub fn identity(&self, strategy: usize) -> Identity {
        self.identities[strategy]
    }

    /// Returns the SHA-256 of the text as run, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        hexadecimal(&Sha256::digest(self.text.as_bytes()))
    }
}

/// The tables of a scenario after reading, before the checks that they are consistent.
struct Top {
    title: Name,
    start: StartDate,
    month_length: Option<MonthLength>,
    fiscal_year_starts: Option<CalendarMonth>,
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
    factors: Vec<Factor>,
}

impl Table for Top {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let title = fields.required("title", "the title of the scenario, of the report and of charts");
        let start = fields.required("start", "the date of day 0, e.g. 2027-01-01");
        let month_length = fields.optional_or(
            "months",
            "\"calendar\"",
            "how long months are: \"calendar\", as counted from the start, or \"equal\", 365/12 days each",
        );
        let fiscal_year_starts = fields.optional_or(
            "fiscal_year_starts",
            "the month of start",
            "the calendar month in which fiscal years begin, 1 to 12: for goals with `year`, and costs by year",
        );
        fields.not_yet("uncertain", NO_UNCERTAIN);
        Self {
            title,
            start,
            month_length,
            fiscal_year_starts,
            horizon_months: fields.required("horizon_months", "months to simulate"),
            seed: fields.optional_or(
                "seed",
                "1",
                "seed of all random numbers: the same seed gives the same results, to the bit",
            ),
            replications: fields.optional_or("replications", "10000", "independent executions of each strategy"),
            currency: fields.optional_or("currency", "\"EUR\"", "label of amounts of money"),
            roles: fields.required("role", "a kind of work"),
            demand: fields.required(
                "demand",
                "wanted headcount of each role: a number, steps [{ month, value }, ...], or { hires = [5, 8, 6] }",
            ),
            communication: fields.optional("communication", "output lost by communication between people"),
            operations: fields.optional("operations", "incidents, whose effort is subtracted from the output delivered"),
            project: fields.optional("project", "a piece of work that is complete when enough is delivered"),
            market: fields.optional("market", "the risk that the venture as a whole fails"),
            knowledge_days: fields.optional_or(
                "knowledge_days",
                "365",
                "days of tenure after which a person knows 63 % of all there is to know",
            ),
            value_per_fte_month: fields
                .optional("value_per_fte_month", "what a delivered FTE-month is worth; needed for net value"),
            discount_rate_per_year: fields.optional_or(
                "discount_rate_per_year",
                "0",
                "annual rate at which later money is discounted, for present values",
            ),
            goals: fields.optional("goal", "what to reach, and by when").unwrap_or_default(),
            organisations: fields.required("organisation", "the organisations that can employ people, by name"),
            strategies: fields.required("strategy", "the ways to build and run the team to compare, by name"),
            factors: fields.optional("factor", "a decision, with the levels to compare").unwrap_or_default(),
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
        let contents = Contents {
            title: self.title.into(),
            seed: self.seed.map_or(1, |seed| seed.value().unsigned_abs()),
            replications: self.replications.map_or(USUAL_REPLICATIONS, Whole::count),
            world: World {
                months: plan_months(self.start.0, self.month_length, self.fiscal_year_starts),
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
            factors: self.factors,
        };
        let (identities, overrides, dropped) = (Vec::new(), Vec::new(), Vec::new());
        Scenario { contents, identities, text, original: "".into(), overrides, dropped, tables: None }
    }
}

/// Reads all tables and checks that they are consistent. Adds mistakes to `found`. Also returns the tables as they were
/// read.
fn read(root: &Node, (text, files): (&str, &Files), found: &mut Vec<Diagnostic>) -> (Top, Section) {
    let empty = Section::default();
    let section = root.section().unwrap_or(&empty);
    let names = names(section).with_files(files);
    let mut reader = Reader::new(&names).of_text(text);
    let resolved = like::resolve(section, &mut reader);
    let place = root.place.start..root.place.start;
    let mut top: Top = reader.read_section(&resolved, &place);
    checks::fit_together(&top, &resolved, &mut reader);
    factors::settle(&mut top.factors, section, section, &mut reader);
    found.extend(reader.finish().into_iter().map(elsewhere::with_home));
    (top, resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_overrides_apply_on_top_of_the_first() {
        let set = |given: &str| [given.to_owned()];
        let text = include_str!("../../scenarios/ramp100.toml");
        let first = Scenario::parse(text, &set("demand.engineer=7")).expect("it fits");
        let second = first.with_overrides(&set("horizon_months=9")).expect("it fits");
        assert_eq!((second.world.highest_wanted().0, second.world.horizon_months), (7, 9));
        assert!(first.with_overrides(&set("demand.engineer=-1")).is_err());
    }
}
