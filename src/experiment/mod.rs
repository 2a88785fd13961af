//! What is reported of a run: estimates, result files, charts and the report page.
//!
//! [`Results`] hold what the result files hold and no more, so charts and report come out the same whether they are made
//! right after the simulation or, later, from a result folder alone.

mod charts;
mod estimates;
mod estimating;
mod figures;
pub mod files;
mod label;
mod origin;
mod page;
mod pair_tables;
mod replications;
mod seats;
mod statement;
mod study;
mod summary;
mod table;
mod tables;
mod verify;

pub use charts::{CHARTS, ChartOrReason, Drawing};
pub use estimates::{Difference, Estimate, Probability, ReportedId, Results};
pub use files::{FILES, Manifest, TABLES};
pub use label::Label;
pub use origin::{MissedPrecision, Origin, Partial, PrecisionRecord};
pub use page::page;
pub use replications::Source;
pub use seats::{seat_chart, write_ledger, write_trace};
pub use statement::statement;
pub use study::{Pairs, Study};
pub use summary::{as_json, summary_table};
pub use verify::{CASES, Case, Check, Found, check_table, checks_as_json};
