//! Attrition: why and when people give notice, and how long they stay after it, in general and by role.

use serde_json::{Value as Json, json};

use crate::input::duration::{Duration, PositiveDuration};
use crate::input::number::{Days, Level, PerYear, Probability};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use super::DAYS_PER_YEAR;
use super::ids::RoleId;
use super::role::{ByRole, NamedByRole};

/// The least share of joiners who must stay for some time. Otherwise hiring and quitting could loop forever at one instant.
const LEAST_SHARE_THAT_STAYS: f64 = 1e-6;

/// `[organisation.X.attrition]`, for all roles or for one.
#[derive(Clone, Debug, PartialEq)]
pub struct Attrition {
    /// Time from joining to giving notice, given as a distribution or as an attrition rate.
    pub tenure_days: Option<Duration>,
    /// Additional hazard of giving notice while tenure is below `early_days`.
    pub early_hazard_per_year: f64,
    /// Days of tenure during which the early hazard applies.
    pub early_days: f64,
    /// Hazard that the employer moves the person elsewhere.
    pub rotation_hazard_per_year: f64,
    /// Hazard of giving notice if all wanted output were missing. It is proportional to the missing share.
    pub burnout_hazard_per_year: f64,
    /// Time from giving notice to leaving.
    pub leave_notice_days: Duration,
    /// Factor on output during the notice period.
    pub notice_level: f64,
    /// Time from release to leaving.
    pub release_notice_days: Duration,
    /// What happens to people when more are staying than are wanted, while the organisation is in charge.
    pub surplus: Surplus,
    /// The probability that the place of a person who gives notice or refuses a transfer is filled again.
    pub replace_share: f64,
    /// The same for the roles that have their own keys.
    by_role: ByRole<Attrition>,
}

/// What happens to people when more are staying than are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surplus {
    /// The newest of them are released.
    Release,
    /// Nobody is released: the surplus shrinks as people leave.
    Wait,
}

impl Value for Surplus {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.tree {
            Tree::Text(word) if word == "release" => Some(Self::Release),
            Tree::Text(word) if word == "wait" => Some(Self::Wait),
            _ => {
                reader.expected(node, "\"release\" or \"wait\"");
                None
            }
        }
    }

    fn stand_in() -> Self {
        Self::Release
    }

    fn schema() -> Json {
        json!({ "enum": ["release", "wait"] })
    }
}

impl Attrition {
    /// Returns what holds for a role.
    #[must_use]
    pub fn of(&self, role: RoleId) -> &Self {
        self.by_role.get(role).unwrap_or(self)
    }

    /// Returns what holds in general, then what holds for each role that has its own keys.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.own().map(|(_, attrition)| attrition))
    }

    /// Returns the roles that have their own keys, with what holds for them.
    pub fn own(&self) -> impl Iterator<Item = (RoleId, &Self)> {
        self.by_role.0.iter().map(|(role, attrition)| (*role, attrition))
    }

    /// Whether anybody ever gives notice, except after a transfer.
    #[must_use]
    pub fn has_quits(&self) -> bool {
        let hazards = [self.early_hazard_per_year, self.rotation_hazard_per_year, self.burnout_hazard_per_year];
        self.tenure_days.is_some() || hazards.iter().any(|hazard| *hazard > 0.0)
    }

    /// Whether a hazard of the first days has no days in which it applies.
    fn lacks_early_days(&self) -> bool {
        self.early_hazard_per_year > 0.0 && self.early_days <= 0.0
    }
}

impl Table for Attrition {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let general = Given::fields(fields, None);
        let roles: NamedByRole<OfRole> = fields
            .optional_or("role", "the same for all roles", "its own keys for each role named; each replaces the general one")
            .unwrap_or_default();
        let mut attrition = general.over(&Self::none());
        let of_role = |(role, _, OfRole(given)): &(RoleId, String, OfRole)| (*role, given.over(&attrition));
        let by_role = ByRole(roles.0.iter().map(of_role).collect());
        attrition.by_role = by_role;
        attrition.check_early_days(&roles, fields);
        attrition
    }
}

impl Attrition {
    /// Nobody quits, and there is no notice.
    fn none() -> Self {
        Self {
            tenure_days: None,
            early_hazard_per_year: 0.0,
            early_days: 0.0,
            rotation_hazard_per_year: 0.0,
            burnout_hazard_per_year: 0.0,
            leave_notice_days: Duration::zero(),
            notice_level: 1.0,
            release_notice_days: Duration::zero(),
            surplus: Surplus::Release,
            replace_share: 1.0,
            by_role: ByRole::default(),
        }
    }

    /// Refuses a hazard of the first days without such days, in general or for a role.
    fn check_early_days(&self, roles: &NamedByRole<OfRole>, fields: &mut Fields<'_, '_>) {
        if fields.is_wrong("early_days") || fields.is_wrong("role") {
            return;
        }
        let message = "has no effect without `early_days` above 0";
        let help = || Some("give `early_days`, the days of tenure in which it applies".to_owned());
        let is_useless = self.all().all(|attrition| attrition.early_days <= 0.0);
        if fields.has("early_hazard_per_year") && self.lacks_early_days() && is_useless {
            fields.refuse("early_hazard_per_year", message, help());
        }
        for (role, name, OfRole(given)) in &roles.0 {
            if given.early_hazard_per_year.is_some() && self.of(*role).lacks_early_days() {
                fields.refuse_below(&["role", name, "early_hazard_per_year"], message, help());
            }
        }
    }
}

/// The keys of one table, as far as it gives them.
#[derive(Clone, Debug)]
struct Given {
    /// How long people stay; none inside if nobody quits because of tenure.
    tenure_days: Option<Option<Duration>>,
    early_hazard_per_year: Option<f64>,
    early_days: Option<f64>,
    rotation_hazard_per_year: Option<f64>,
    burnout_hazard_per_year: Option<f64>,
    leave_notice_days: Option<Duration>,
    notice_level: Option<f64>,
    release_notice_days: Option<Duration>,
    surplus: Option<Surplus>,
    replace_share: Option<f64>,
}

impl Given {
    /// Declares the keys, with their own defaults or with one in place of all.
    fn fields(fields: &mut Fields<'_, '_>, default: Option<&str>) -> Self {
        let or = |own: &'static str| default.unwrap_or(own).to_owned();
        Self {
            tenure_days: tenure(fields, &or("none")),
            early_hazard_per_year: fields
                .optional_or(
                    "early_hazard_per_year",
                    &or("0"),
                    "additional hazard of giving notice in the first `early_days`, per year",
                )
                .map(PerYear::value),
            early_days: fields
                .optional_or("early_days", &or("0"), "days of tenure in which the early hazard applies")
                .map(Days::value),
            rotation_hazard_per_year: fields
                .optional_or(
                    "rotation_hazard_per_year",
                    &or("0"),
                    "hazard of being moved elsewhere by the employer, per year",
                )
                .map(PerYear::value),
            burnout_hazard_per_year: fields
                .optional_or(
                    "burnout_hazard_per_year",
                    &or("0"),
                    "hazard of giving notice if all wanted output were missing, per year; proportional to the missing share",
                )
                .map(PerYear::value),
            leave_notice_days: fields.optional_or("leave_notice_days", &or("0"), "days from giving notice to leaving"),
            notice_level: fields
                .optional_or("notice_level", &or("1"), "factor on output while serving notice")
                .map(Level::value),
            release_notice_days: fields.optional_or(
                "release_notice_days",
                &or("0"),
                "days from being released (when fewer people are wanted) to leaving",
            ),
            surplus: fields.optional_or(
                "surplus",
                &or("\"release\""),
                "if more people are staying than are wanted while it is in charge: \"release\" the newest, or \"wait\" until enough have left",
            ),
            replace_share: fields
                .optional_or(
                    "replace_share",
                    &or("1"),
                    "probability that the place of a person who gives notice or refuses a transfer is filled again",
                )
                .map(Probability::value),
        }
    }

    /// Returns these keys where they are given, and others elsewhere.
    fn over(&self, others: &Attrition) -> Attrition {
        Attrition {
            tenure_days: self.tenure_days.clone().unwrap_or_else(|| others.tenure_days.clone()),
            early_hazard_per_year: self.early_hazard_per_year.unwrap_or(others.early_hazard_per_year),
            early_days: self.early_days.unwrap_or(others.early_days),
            rotation_hazard_per_year: self.rotation_hazard_per_year.unwrap_or(others.rotation_hazard_per_year),
            burnout_hazard_per_year: self.burnout_hazard_per_year.unwrap_or(others.burnout_hazard_per_year),
            leave_notice_days: self.leave_notice_days.clone().unwrap_or_else(|| others.leave_notice_days.clone()),
            notice_level: self.notice_level.unwrap_or(others.notice_level),
            release_notice_days: self.release_notice_days.clone().unwrap_or_else(|| others.release_notice_days.clone()),
            surplus: self.surplus.unwrap_or(others.surplus),
            replace_share: self.replace_share.unwrap_or(others.replace_share),
            by_role: ByRole::default(),
        }
    }
}

/// `[organisation.X.attrition.role.R]`.
struct OfRole(Given);

impl Table for OfRole {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self(Given::fields(fields, Some("that of all roles")))
    }
}

/// Reads how long people stay, if it is given: as a distribution, or as the rate that HR departments report.
fn tenure(fields: &mut Fields<'_, '_>, default: &str) -> Option<Option<Duration>> {
    let law: Option<PositiveDuration> = fields.optional_or(
        "tenure_days",
        default,
        "days from joining to giving notice; without it nobody quits because of tenure",
    );
    let rate: Option<PerYear> = fields.optional_or(
        "attrition_per_year",
        default,
        "instead of tenure_days: leavers per year over average headcount (0.2 is 20 %), as a constant hazard; 0: nobody quits",
    );
    if fields.has("tenure_days") && fields.has("attrition_per_year") {
        let help = "keep one of the two: both say how long people stay".to_owned();
        fields.refuse("attrition_per_year", "contradicts `tenure_days`", Some(help));
    }
    let Some(PositiveDuration(law)) = law else {
        return rate.map(|rate| Duration::exponential(DAYS_PER_YEAR / rate.value()));
    };
    if law.survival(0.0) < LEAST_SHARE_THAT_STAYS {
        let message = "people would quit the moment they join, again and again: expected more than 0 days";
        fields.refuse("tenure_days", message, None);
    }
    Some(Some(law))
}
