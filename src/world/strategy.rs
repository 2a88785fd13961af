//! Strategies: an employer and its transfers.

use crate::input::{Fields, Table};

use super::ids::OrganisationId;
use super::transfer::Transfer;

/// A way to build and run the team: an employer and its transfers.
#[derive(Clone, Debug)]
pub struct Strategy {
    /// Its name.
    pub name: String,
    /// The organisation in charge from the start.
    pub employer: OrganisationId,
    /// Transfers, in the order in which they take place.
    pub transfers: Vec<Transfer>,
}

impl Table for Strategy {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        fields.not_yet(&["initial", "rescue", "contract"]);
        Self {
            name: String::new(),
            employer: fields.required("employer", "the organisation in charge from the start"),
            transfers: fields
                .optional("transfer", "a handover of people and control to another organisation")
                .unwrap_or_default(),
        }
    }
}
