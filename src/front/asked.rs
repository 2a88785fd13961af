//! What runs and sweeps can be told alike.

use crate::run::Session;
use crate::stats::{Confidence, NotAConfidenceLevel};

/// How a question is answered: replications, seed, strategies, luck and level, in a session.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) seed: u64,
    pub(super) replications: u32,
    pub(super) strategies: Vec<String>,
    pub(super) is_independent: bool,
    pub(super) level: f64,
    pub(super) session: Session,
}

impl Asked {
    /// All strategies under the same luck, at the usual level.
    pub(super) fn new(seed: u64, replications: u32, session: Session) -> Self {
        let level = Confidence::USUAL.level();
        Self { seed, replications, strategies: Vec::new(), is_independent: false, level, session }
    }

    pub(super) fn confidence(&self) -> Result<Confidence, NotAConfidenceLevel> {
        Confidence::new(self.level)
    }
}

/// The methods by which it is told, for a type with a field `asked`.
macro_rules! asked_by_methods {
    () => {
        /// Replications of each strategy, at each point if there are several.
        #[must_use]
        pub fn replications(mut self, replications: u32) -> Self {
            self.asked.replications = replications;
            self
        }

        /// The seed of all random numbers.
        #[must_use]
        pub fn seed(mut self, seed: u64) -> Self {
            self.asked.seed = seed;
            self
        }

        /// A strategy that is simulated; can be given several times. Without, all are.
        #[must_use]
        pub fn strategy(mut self, name: impl Into<String>) -> Self {
            self.asked.strategies.push(name.into());
            self
        }

        /// Gives each strategy its own luck, rather than all of them the same.
        #[must_use]
        pub fn independent(mut self) -> Self {
            self.asked.is_independent = true;
            self
        }

        /// The level of the confidence intervals, 0.95 unless another is asked for.
        #[must_use]
        pub fn confidence(mut self, level: f64) -> Self {
            self.asked.level = level;
            self
        }

        /// Carries it out in this session: on its threads, with its store, which should keep blocks for a sweep.
        #[must_use]
        pub fn in_session(mut self, session: $crate::run::Session) -> Self {
            self.asked.session = session;
            self
        }
    };
}
pub(super) use asked_by_methods;
