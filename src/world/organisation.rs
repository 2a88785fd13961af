//! Organisations: who can employ people, how they set up, hire, onboard and lose them, and what that costs.

use crate::input::diagnostic::name_help;
use crate::input::name::Name;
use crate::input::number::PerYear;
use crate::input::{Fields, Table};

use super::attrition::Attrition;
use super::cost::Cost;
use super::hiring::Hiring;
use super::ids::RoleId;
use super::onboarding::Onboarding;
use super::setup::Setup;

/// An organisation that can employ people. A missing table switches its process off.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
    /// Whether it belongs to the client.
    pub own: bool,
    /// How long it takes to set up.
    pub setup: Setup,
    /// How it hires. Without it, its requisitions stay open.
    pub hiring: Option<Hiring>,
    /// How joiners become productive. Without it, they are productive at once.
    pub onboarding: Option<Onboarding>,
    /// Why and when people leave. Without it, they stay.
    pub attrition: Option<Attrition>,
    /// What it costs to employ people. Without it, nothing.
    pub cost: Option<Cost>,
    /// Hazard that it collapses while it is in charge.
    pub failure_hazard_per_year: f64,
}

impl Table for Organisation {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        // The scenario resolves `like` before this table is read.
        let _: Option<String> =
            fields.optional("like", "another organisation, from which it takes every table and key not given here");
        let organisation = Self {
            name: String::new(),
            title: fields
                .optional_or("title", "its name", "what people call it; `like` does not take it over")
                .map(Name::into),
            own: fields
                .optional_or("own", "false", "true if the organisation belongs to the client, who then pays what it spends")
                .unwrap_or(false),
            setup: Setup::fields(fields),
            hiring: fields.optional("hiring", "how it hires; without this table its requisitions stay open"),
            onboarding: fields
                .optional("onboarding", "how joiners become productive; without this table they are productive at once"),
            attrition: fields.optional("attrition", "why and when people leave; without this table nobody quits"),
            cost: fields.optional("cost", "what it costs to employ people; without this table, nothing"),
            failure_hazard_per_year: fields
                .optional_or("failure_hazard_per_year", "0", "hazard that it collapses while it is in charge, per year")
                .map_or(0.0, PerYear::value),
        };
        organisation.check_staff(fields);
        organisation
    }
}

impl Organisation {
    /// Returns what people call it: its title, or its name without one.
    #[must_use]
    pub fn title(&self) -> &str {
        self.title.as_ref().unwrap_or(&self.name)
    }

    /// Returns how joiners of a role become productive.
    #[inline]
    #[must_use]
    pub fn onboarding_of(&self, role: RoleId) -> Option<&Onboarding> {
        self.onboarding.as_ref().map(|onboarding| onboarding.of(role))
    }

    /// Returns why and when people of a role leave.
    #[inline]
    #[must_use]
    pub fn attrition_of(&self, role: RoleId) -> Option<&Attrition> {
        self.attrition.as_ref().map(|attrition| attrition.of(role))
    }

    /// Refuses staff that is paid but never hires.
    fn check_staff(&self, fields: &mut Fields<'_, '_>) {
        // If the pipeline is invalid, its staff is unknown.
        let Some(cost) = self.cost.as_ref().filter(|_| !fields.is_wrong("hiring")) else { return };
        let staff = self.hiring.as_ref().map_or(&[][..], |hiring| &hiring.staff);
        for (name, _) in &cost.staff_per_year {
            let position = staff.iter().position(|staff| staff.name == *name);
            let is_used = |hiring: &Hiring| hiring.stages.iter().any(|stage| stage.staff == position);
            let (message, help) = if position.is_none() {
                let known: Vec<&str> = staff.iter().map(|staff| staff.name.as_str()).collect();
                (format!("staff {name:?} is paid and `hiring.staff` has none of that name"), name_help(name, &known))
            } else if !self.hiring.as_ref().is_some_and(is_used) {
                let help = format!("write `uses = {name:?}` in a stage, or take the cost out");
                (format!("staff {name:?} is paid and no stage of `hiring` uses it"), Some(help))
            } else {
                continue;
            };
            fields.refuse_below(&["cost", "staff_per_year", name], message, help);
        }
    }
}
