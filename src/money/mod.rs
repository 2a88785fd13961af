//! Money: what it costs each organisation to employ people, what vendors bill for it, and what the client pays (MODEL
//! section 9).
//!
//! The [`Ledger`] watches a replication and closes its books at each month end. Amounts are in the scenario's currency and
//! not discounted.

mod contract;
mod heads;
mod item;
mod ledger;
mod organisation;
mod person;
mod price;
#[cfg(test)]
mod tests;

pub use item::{Item, Kind};
pub use ledger::{Entry, Ledger, Month};
