//! Organisations: who can employ people, and how they set up, hire, onboard and lose them.

use crate::input::{Fields, Table};

use super::attrition::Attrition;
use super::hiring::Hiring;
use super::onboarding::Onboarding;
use super::setup::Setup;

/// An organisation that can employ people. A table that it does not have switches that process off.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Whether it belongs to the client.
    pub own: bool,
    /// How long it takes to set up.
    pub setup: Setup,
    /// How it hires; none: its requisitions stay open.
    pub hiring: Option<Hiring>,
    /// How joiners become productive; none: they are so at once.
    pub onboarding: Option<Onboarding>,
    /// Why and when people leave; none: they stay.
    pub attrition: Option<Attrition>,
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
            setup: Setup::fields(fields),
            hiring: fields.optional("hiring", "how it hires; without this table its requisitions stay open"),
            onboarding: fields
                .optional("onboarding", "how joiners become productive; without this table they are productive at once"),
            attrition: fields.optional("attrition", "why and when people leave; without this table nobody quits"),
        }
    }
}
