//! Sweeps over levels of factors.

use std::sync::Arc;

use crate::experiment::{SWEEP_AT_MOST, SWEEP_USUALLY, Sources, Sweep as Experiment, SweepStudy, Swept, Unknown};
use crate::run::{Memory, Session};
use crate::scenario::{Design, Scenario, Variation};

use super::Error;
use super::options::{Options, option_methods};

/// A sweep over levels of factors, like `handover sweep`.
#[derive(Clone, Debug)]
pub struct Sweep {
    files: Vec<(String, Scenario)>,
    variation: Variation,
    options: Options,
}

impl Sweep {
    /// Returns a sweep over all factors of a scenario, with 1,024 replications at each point. [`vary`](Self::vary)
    /// chooses other factors.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        // Points are compared once all are done.
        let session = Session::default().store(Arc::new(Memory::default()));
        Self {
            files: vec![("scenario".to_owned(), scenario.clone())],
            variation: Variation::default(),
            options: Options::new(scenario.seed, SWEEP_USUALLY, session),
        }
    }

    option_methods!();

    /// Varies a key as on the command line, such as `recruiters.count=2..10`, or a factor by name. Call it once per
    /// factor.
    #[must_use]
    pub fn vary(mut self, what: impl Into<String>) -> Self {
        self.variation.vary.push(what.into());
        self
    }

    /// Varies one factor at a time instead of all combinations.
    #[must_use]
    pub fn one_at_a_time(mut self) -> Self {
        self.variation.one_at_a_time = true;
        self
    }

    /// Simulates every point.
    ///
    /// # Errors
    /// Fails if the variation is not valid, a point is not a valid scenario, or the session is stopped.
    pub fn perform(self) -> Result<Swept, Error> {
        let names: Vec<&str> = self.files[0].1.strategies.iter().map(|strategy| strategy.name.as_str()).collect();
        if let Some(unknown) = self.options.strategies.iter().find(|name| !names.contains(&name.as_str())) {
            return Err(Unknown::strategy(unknown, &names).into());
        }
        let design = Design::of(&self.files, &self.variation).map_err(Error::Variation)?;
        let study = SweepStudy {
            files: Arc::new(self.files),
            variation: self.variation,
            sources: Sources::default(),
            design: Arc::new(design),
            seed: self.options.seed,
            replications: self.options.replications.clamp(1, SWEEP_AT_MOST),
            strategies: self.options.strategies.clone(),
            independent: self.options.is_independent,
            confidence: self.options.confidence()?,
            responses: Vec::new(),
            keeps_replications: false,
        };
        let plan = Arc::new(study.plan().map_err(Error::Variation)?);
        Ok(self.options.session.perform(Experiment::new(study, plan))??)
    }
}
