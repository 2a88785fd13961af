//! Text as tables with places: what a scenario file says, where it says it, and what is wrong with it.
//!
//! Each table of a scenario is described once, by [`Table::fields`]. This one function reads the table, lists its keys for
//! the JSON Schema and the manual, and substitutes missing keys so that all mistakes are found in one pass. This room knows
//! tables, numbers, durations, months and names. It knows nothing about teams.

pub mod date;
pub mod decimal;
pub mod diagnostic;
pub mod document;
pub mod duration;
pub mod fields;
pub mod moment;
pub mod months;
pub mod name;
mod names;
pub mod number;
mod parse;
mod range;
mod reader;
pub mod sheet;
pub mod steps;
mod syntax;
pub mod values;

pub use diagnostic::{Diagnostic, Diagnostics, Overridden};
pub use document::{Entry, Node, Section, Tree};
pub use fields::{Fields, Table, Value};
pub use names::{Files, Names};
pub use reader::Reader;
