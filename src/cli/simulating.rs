//! Options of all commands that simulate.

use std::time::Duration;

use crate::run::Shard;
use crate::stats::Confidence;

use super::budget::Consent;
use super::execution::Execution;
use super::failure::Failure;
use super::output::Output;
use super::signals::Signals;
use super::usage;

/// Options of commands that simulate.
#[derive(Debug, clap::Args)]
pub(super) struct Simulating {
    /// Set the seed of all random numbers, 0 or more [default: from the scenario]
    #[arg(long, value_name = "S", value_parser = usage::seed, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
    /// Use independent random numbers for each strategy
    #[arg(long)]
    pub(super) independent: bool,
    /// Simulate only this strategy; repeatable [default: all]
    #[arg(long, value_name = "S")]
    pub(super) strategy: Vec<String>,
    /// Set the level of the confidence intervals
    #[arg(long, value_name = "LEVEL", default_value_t = Confidence::USUAL, value_parser = usage::confidence, allow_negative_numbers = true)]
    pub(super) confidence: Confidence,
    /// Succeed if the results already exist (interrupted runs always resume)
    #[arg(long)]
    pub(super) resume: bool,
    /// Compute shard K of N, K from 0, for `handover merge`; auto takes K from the job array
    #[arg(long, value_name = "K/N", allow_hyphen_values = true, value_parser = usage::shard)]
    pub(super) shard: Option<Shard>,
    /// Stop cleanly after this time, e.g. 90s, 30m or 1h30m, with status 3; run again to continue
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = usage::time)]
    pub(super) time_limit: Option<Duration>,
    /// Draw unknown numbers at random (not available yet)
    #[arg(long, hide = true)]
    uncertain: bool,
    #[command(flatten)]
    pub(super) consent: Consent,
    #[command(flatten)]
    pub(super) output: Output,
}

impl Simulating {
    /// Refuses options that do not exist yet.
    pub(super) fn check(&self) -> Result<(), Failure> {
        usage::refuse_uncertain(self.uncertain)
    }

    /// Returns what a simulation needs.
    pub(super) fn execution<'m>(&'m self, signals: &'m Signals) -> Execution<'m> {
        Execution { output: &self.output, signals, time_limit: self.time_limit }
    }
}
