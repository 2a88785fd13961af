//! Experiments and their reports: estimates, result files, charts and the report page.
//!
//! A [`Document`] holds what its result files hold and no more. So charts and report are the same, whether they are
//! made right after the simulation or later from a result folder.

#[cfg(feature = "report")]
mod charts;
mod compare;
mod designed;
mod digest;
mod document;
mod estimates;
mod estimating;
mod figures;
mod format;
mod manifest;
mod matters;
mod method;
mod origin;
#[cfg(feature = "report")]
mod page;
mod pair_tables;
mod queries;
mod record;
mod replications;
mod reported;
mod seal;
#[cfg(feature = "report")]
mod seats;
mod standing;
mod statement;
mod study;
mod summary;
mod sweep;
mod table;
mod tables;
mod verify;
#[cfg(feature = "report")]
mod workbook;

#[cfg(feature = "report")]
pub use charts::{ChartOrReason, Drawing};
pub use designed::{DesignRecord, Sources};
pub use document::{Document, ResultFile, Statement, TableInWords, Unreadable, tables_in_words};
pub use estimates::{Difference, Estimate, Probability, Results, StrategyEstimates};
pub use format::Format;
pub use manifest::{About, Manifest};
pub use matters::Matters;
pub use method::{CORRECTED, Method};
pub use origin::{MissedPrecision, Origin, Partial, PrecisionRecord};
pub use queries::Unknown;
pub use record::{Question, Record};
pub use reported::ReportedId;
pub use seal::{FileRecord, Seal};
#[cfg(feature = "report")]
pub use seats::{seat_chart, write_ledger, write_trace};
pub use study::{Pairs, Study};
pub use sweep::{SWEEP_AT_MOST, SWEEP_USUALLY, Sweep, SweepStudy, Swept};
pub use verify::{CASES, Case, CaseRun, Check, check_table, checks_as_json};
