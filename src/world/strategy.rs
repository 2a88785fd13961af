//! Strategies: an employer, its initial people, its transfers, its contracts and its rescue.

use crate::input::duration::Duration;
use crate::input::name::Name;
use crate::input::number::{Probability, Whole};
use crate::input::{Fields, Table};

use super::contract::{Contract, Contracts};
use super::ids::{OrganisationId, RoleId, organisation_id};
use super::people::People;
use super::role::ByRole;
use super::transfer::Transfer;

/// A way to build and run the team: an employer and its transfers.
#[derive(Clone, Debug)]
pub struct Strategy {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
    /// The organisation in charge from the start.
    pub employer: OrganisationId,
    /// Organisations that employ the people of a role from the start to the end, whatever is handed over.
    pub employer_by_role: ByRole<OrganisationId>,
    /// People who are present from the start.
    pub initial: Vec<Initial>,
    /// People one by one: those present from the start, and those with a signed offer.
    pub people: People,
    /// Transfers, in the order in which they take place.
    pub transfers: Vec<Transfer>,
    /// The transfer that takes place if the organisation in charge collapses.
    pub rescue: Option<Transfer>,
    /// The contracts of the client with vendors.
    pub contracts: Vec<(OrganisationId, Contract)>,
}

/// `[[strategy.Y.initial]]`: people who are present from the start, past onboarding.
#[derive(Clone, Debug)]
pub struct Initial {
    /// Their role.
    pub role: RoleId,
    /// Their number.
    pub headcount: u32,
    /// Time since they joined.
    pub tenure_days: Duration,
}

impl Table for Initial {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            role: fields.required("role", "their role"),
            headcount: fields.required::<Whole<0, 1_000_000>>("headcount", "how many they are").count(),
            tenure_days: fields.or("tenure_days", Duration::zero(), "days since they joined"),
        }
    }
}

/// `[strategy.Y.rescue]`.
struct Rescue {
    to: OrganisationId,
    acceptance: f64,
}

impl Table for Rescue {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            to: fields.required("to", "the organisation that takes over everyone if the one in charge collapses"),
            acceptance: fields
                .optional_or("acceptance", "1", "probability that a person accepts the offer")
                .map_or(1.0, Probability::value),
        }
    }
}

impl Table for Strategy {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            name: String::new(),
            title: fields
                .optional_or("title", "its name", "what people call it, in charts, tables and sentences")
                .map(Name::into),
            employer: fields.required("employer", "the organisation in charge from the start"),
            employer_by_role: fields
                .optional_or(
                    "employer_by_role",
                    "the organisation in charge",
                    "who hires and employs the people of a role, from the start to the end: { lead = \"client\" }",
                )
                .unwrap_or_default(),
            initial: fields
                .optional_or("initial", "nobody", "people present from the start, past onboarding")
                .unwrap_or_default(),
            people: fields
                .optional_or(
                    "people",
                    "nobody",
                    "people one by one, present at the start or with a signed offer: [{ role, joined, last_day, fte }, ...], \
                     or a CSV file with these columns",
                )
                .unwrap_or_default(),
            transfers: fields
                .optional("transfer", "a handover of people and control to another organisation")
                .unwrap_or_default(),
            rescue: fields
                .optional_or("rescue", "none: everyone leaves", "who takes over if the organisation in charge collapses")
                .map(|rescue: Rescue| Transfer::rescue(rescue.to, rescue.acceptance)),
            contracts: fields
                .optional("contract", "what the client pays a vendor, by its name")
                .map_or_else(Vec::new, |Contracts(contracts)| contracts),
        }
    }
}

impl Strategy {
    /// Returns what people call it: its title, or its name without one.
    #[must_use]
    pub fn title(&self) -> &str {
        self.title.as_ref().unwrap_or(&self.name)
    }

    /// Returns a transfer by its position. The rescue follows the transfers of the list.
    ///
    /// # Panics
    /// If there is no transfer at this position.
    #[must_use]
    pub fn transfer(&self, position: u16) -> &Transfer {
        let listed = self.transfers.get(usize::from(position));
        listed.or(self.rescue.as_ref()).expect("the position is that of a transfer of the strategy")
    }

    /// Whether a position is that of a listed transfer, not of the rescue.
    #[must_use]
    pub fn is_listed(&self, position: u16) -> bool {
        usize::from(position) < self.transfers.len()
    }

    /// Returns the contract with an organisation.
    #[must_use]
    pub fn contract(&self, with: OrganisationId) -> Option<&Contract> {
        self.contracts.iter().find(|(vendor, _)| *vendor == with).map(|(_, contract)| contract)
    }

    /// Whether an organisation takes part in the strategy.
    #[must_use]
    pub fn involves(&self, organisation: OrganisationId) -> bool {
        self.may_take_charge(organisation) || self.employer_by_role.0.iter().any(|(_, employer)| *employer == organisation)
    }

    /// Returns the organisations that take part, among this many, if they are several.
    #[must_use]
    pub fn employers(&self, organisations: usize) -> Vec<OrganisationId> {
        let all = (0..organisations).map(organisation_id).filter(|organisation| self.involves(*organisation));
        let all: Vec<OrganisationId> = all.collect();
        if all.len() > 1 { all } else { Vec::new() }
    }

    /// Whether an organisation is ever in charge.
    #[must_use]
    pub fn may_take_charge(&self, organisation: OrganisationId) -> bool {
        let receives = |transfer: &Transfer| transfer.to == organisation;
        self.employer == organisation || self.transfers.iter().chain(&self.rescue).any(receives)
    }
}
