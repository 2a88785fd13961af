//! Money: what employing people costs each organisation, what vendors bill for it, and what the client pays (MODEL section
//! 9).
//!
//! The [`Ledger`] watches a replication and closes its books at each month end. Amounts are in the scenario's currency, and
//! undiscounted.

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
