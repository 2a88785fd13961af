//! Runs of a scenario.

use std::sync::Arc;

use crate::experiment::{Results, Study, Unknown};
use crate::run::{Session, Settings, SinglePoint};
use crate::scenario::Scenario;

use super::Error;
use super::options::{Options, option_methods};

/// A run of strategies of a scenario, like `handover run`.
#[derive(Clone, Debug)]
pub struct Run {
    scenario: Arc<Scenario>,
    options: Options,
}

impl Run {
    /// Returns a run of all strategies of a scenario, with its seed and number of replications.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let options = Options::new(scenario.seed, scenario.replications, Session::default());
        Self { scenario: Arc::new(scenario.clone()), options }
    }

    option_methods!();

    /// Simulates the run.
    ///
    /// # Errors
    /// Fails if a strategy does not exist, the level of confidence is not valid, there are no replications, or the
    /// session is stopped.
    pub fn perform(self) -> Result<Results, Error> {
        let confidence = self.options.confidence()?;
        let names: Vec<&str> = self.scenario.strategies.iter().map(|strategy| strategy.name.as_str()).collect();
        let mut strategies = Vec::new();
        for name in &self.options.strategies {
            strategies.push(names.iter().position(|known| known == name).ok_or_else(|| Unknown::strategy(name, &names))?);
        }
        if self.options.strategies.is_empty() {
            strategies = (0..names.len()).collect();
        }
        strategies.sort_unstable();
        strategies.dedup();
        let (seed, replications) = (self.options.seed, self.options.replications.max(1));
        let settings = Settings { seed, replications, strategies, independent: self.options.is_independent };
        let outcome = self.options.session.perform(SinglePoint::new(&self.scenario, &settings, None))?;
        let study = Study::new(self.scenario, settings, confidence, 0);
        Ok(Results::estimate(study, outcome.results).with_runs(outcome.runs))
    }
}
