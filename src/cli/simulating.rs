//! The options of all commands that simulate.

use std::time::Duration;

use crate::run::Shard;
use crate::stats::Confidence;

use super::budget::Consent;
use super::failure::Failure;
use super::output::Output;
use super::session::Means;
use super::signals::Signals;
use super::usage;

/// How a command simulates, and where it leaves what.
#[derive(Debug, clap::Args)]
pub(super) struct Simulating {
    /// Seed of all random numbers, 0 or more [default: that of the scenario]
    #[arg(long, value_name = "S", value_parser = usage::seed, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
    /// Gives each strategy luck of its own, rather than all of them the same
    #[arg(long)]
    pub(super) independent: bool,
    /// Simulates this strategy only; can be given several times [default: all]
    #[arg(long, value_name = "S")]
    pub(super) strategy: Vec<String>,
    /// Level of the confidence intervals
    #[arg(long, value_name = "LEVEL", default_value_t = Confidence::USUAL, value_parser = usage::confidence, allow_negative_numbers = true)]
    pub(super) confidence: Confidence,
    /// Accepts results that are there already; what was interrupted is continued in any case
    #[arg(long)]
    pub(super) resume: bool,
    /// Computes part K of N of the replications, K from 0, for `handover merge`; K = auto asks the job array that this is
    /// part of
    #[arg(long, value_name = "K/N", allow_hyphen_values = true, value_parser = usage::shard)]
    pub(super) shard: Option<Shard>,
    /// Stops simulating in good order after this time, e.g. 90s, 30m or 1h30m, with status 3; the same command goes on
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = usage::time)]
    pub(super) time_limit: Option<Duration>,
    /// Draws what is not known: not yet
    #[arg(long, hide = true)]
    uncertain: bool,
    #[command(flatten)]
    pub(super) consent: Consent,
    #[command(flatten)]
    pub(super) output: Output,
}

impl Simulating {
    /// Refuses what is not there yet.
    pub(super) fn check(&self) -> Result<(), Failure> {
        usage::refuse_uncertain(self.uncertain)
    }

    /// What it simulates with.
    pub(super) fn means<'m>(&'m self, signals: &'m Signals) -> Means<'m> {
        Means { output: &self.output, signals, time_limit: self.time_limit }
    }
}
