//! Runs of a scenario.

use std::sync::Arc;

use crate::experiment::{Results, Study, Unknown};
use crate::run::{Collecting, Session, Settings};
use crate::scenario::Scenario;
use crate::stats::Confidence;

use super::Error;

/// Level of the confidence intervals unless another is asked for.
const USUAL_LEVEL: f64 = 0.95;

/// A run of strategies of a scenario: what `handover run` does.
#[derive(Clone, Debug)]
pub struct Run {
    scenario: Arc<Scenario>,
    seed: u64,
    replications: u32,
    strategies: Vec<String>,
    is_independent: bool,
    level: f64,
    session: Session,
}

impl Run {
    /// All strategies of a scenario, with its seed and as many replications as it says.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            seed: scenario.seed,
            replications: scenario.replications,
            scenario: Arc::new(scenario.clone()),
            strategies: Vec::new(),
            is_independent: false,
            level: USUAL_LEVEL,
            session: Session::default(),
        }
    }

    /// Replications of each strategy.
    #[must_use]
    pub fn replications(self, replications: u32) -> Self {
        Self { replications, ..self }
    }

    /// The seed of all random numbers.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// A strategy that is simulated; can be given several times. Without, all are.
    #[must_use]
    pub fn strategy(mut self, name: impl Into<String>) -> Self {
        self.strategies.push(name.into());
        self
    }

    /// Gives each strategy luck of its own, rather than all of them the same.
    #[must_use]
    pub fn independent(self) -> Self {
        Self { is_independent: true, ..self }
    }

    /// The level of the confidence intervals, 0.95 unless another is asked for.
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// Carries it out in this session: on its threads, with its store.
    #[must_use]
    pub fn in_session(self, session: Session) -> Self {
        Self { session, ..self }
    }

    /// Simulates.
    ///
    /// # Errors
    /// If there is no strategy of a name, the level of confidence is none, there are no replications, or it was told to stop.
    pub fn perform(self) -> Result<Results, Error> {
        let confidence = Confidence::new(self.level)?;
        let names: Vec<&str> = self.scenario.strategies.iter().map(|strategy| strategy.name.as_str()).collect();
        let mut strategies = Vec::new();
        for name in &self.strategies {
            strategies.push(names.iter().position(|known| known == name).ok_or_else(|| Unknown::strategy(name, &names))?);
        }
        if self.strategies.is_empty() {
            strategies = (0..names.len()).collect();
        }
        strategies.sort_unstable();
        strategies.dedup();
        let (seed, replications) = (self.seed, self.replications.max(1));
        let settings = Settings { seed, replications, strategies, independent: self.is_independent };
        let outcome = self.session.perform(Collecting::new(&self.scenario, &settings, None))?;
        let study = Study::new(self.scenario, settings, confidence, 0);
        Ok(Results::estimate(study, outcome.collected).with_runs(outcome.runs))
    }
}
