//! The front door for Rust programs: read a scenario, run it, query the results.
//!
//! ```
//! use handover::{CLIENT_COST, Run, Scenario, Sweep};
//!
//! let scenario = Scenario::read("scenarios/sixty_engineers.toml")?.with("demand.senior", 12)?;
//! let results = Run::of(&scenario).replications(300).perform()?;
//! let cheaper = results.difference("in_house", "bot", CLIENT_COST)?;
//! println!("bot costs {:.0}, in-house {:+.0} more", results["bot"].response(CLIENT_COST).mean(), cheaper.mean);
//!
//! let swept = Sweep::of(&scenario).vary("vendor.hiring.staff.recruiters.count=4..6").strategy("bot").replications(256).perform()?;
//! for point in 0..swept.points() {
//!     println!("{}: {:.0}", swept.levels(point), swept[point]["bot"].response(CLIENT_COST).mean());
//! }
//! # Ok::<(), handover::Error>(())
//! ```

mod options;
mod read;
mod run;
mod set;
mod sweep;

pub use read::Unread;
pub(crate) use read::{read_files, read_text, read_text_from, refuse_other_text};
pub use run::Run;
pub use set::Setting;
pub use sweep::Sweep;

use crate::experiment::Unknown;
use crate::input::Diagnostics;
use crate::run::Ended;
use crate::scenario::{BadVariation, Refusal};
use crate::stats::NotAConfidenceLevel;

/// Why a run, a sweep or a query failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error(transparent)]
    Unread(#[from] Unread),
    /// The file at this path is not a valid scenario.
    #[error("{}", .1.render(.0, false))]
    Mistakes(String, Box<Diagnostics>),
    /// The changed scenario is not valid.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// The requested variation is not valid.
    #[error("{}", BadVariation::render_all(.0, false))]
    Variation(Vec<BadVariation>),
    /// No strategy has that name, or the response cannot be compared.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// The level of confidence is not valid.
    #[error(transparent)]
    Confidence(#[from] NotAConfidenceLevel),
    /// The session ended early.
    #[error(transparent)]
    Ended(#[from] Ended),
    /// Replications that are needed again are lost.
    #[error(transparent)]
    Lost(#[from] std::io::Error),
}
