//! Options that runs and sweeps share.

use crate::run::Session;
use crate::stats::{Confidence, NotAConfidenceLevel};

/// Options of a run or sweep: replications, seed, strategies, common random numbers, level and session.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub(super) seed: u64,
    pub(super) replications: u32,
    pub(super) strategies: Vec<String>,
    pub(super) is_independent: bool,
    pub(super) level: f64,
    pub(super) session: Session,
}

impl Options {
    /// Returns the options for all strategies with common random numbers at the usual level.
    pub(super) fn new(seed: u64, replications: u32, session: Session) -> Self {
        let level = Confidence::USUAL.level();
        Self { seed, replications, strategies: Vec::new(), is_independent: false, level, session }
    }

    pub(super) fn confidence(&self) -> Result<Confidence, NotAConfidenceLevel> {
        Confidence::new(self.level)
    }
}

/// Methods that set these options, for a type with a field `options`.
macro_rules! option_methods {
    () => {
        /// Sets the replications of each strategy, at each point if there are several.
        #[must_use]
        pub fn replications(mut self, replications: u32) -> Self {
            self.options.replications = replications;
            self
        }

        /// Sets the seed of all random numbers.
        #[must_use]
        pub fn seed(mut self, seed: u64) -> Self {
            self.options.seed = seed;
            self
        }

        /// Adds a strategy to simulate. Call it once per strategy; without it, all are simulated.
        #[must_use]
        pub fn strategy(mut self, name: impl Into<String>) -> Self {
            self.options.strategies.push(name.into());
            self
        }

        /// Uses independent random numbers for each strategy.
        #[must_use]
        pub fn independent(mut self) -> Self {
            self.options.is_independent = true;
            self
        }

        /// Sets the level of the confidence intervals; the default is 0.95.
        #[must_use]
        pub fn confidence(mut self, level: f64) -> Self {
            self.options.level = level;
            self
        }

        /// Runs in this session, on its threads and with its store. For a sweep, the store should keep blocks.
        #[must_use]
        pub fn in_session(mut self, session: $crate::run::Session) -> Self {
            self.options.session = session;
            self
        }
    };
}
pub(super) use option_methods;
