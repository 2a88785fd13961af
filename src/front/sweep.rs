//! Sweeps over the levels of what can be decided.

use std::sync::Arc;

use crate::experiment::{SWEEP_AT_MOST, Sources, Sweep as Experiment, SweepStudy, Swept, Unknown};
use crate::run::{Memory, Session};
use crate::scenario::{Design, Scenario, Variation};
use crate::stats::Confidence;

use super::Error;

/// A sweep over the levels of what can be decided: what `handover sweep` does.
#[derive(Clone, Debug)]
pub struct Sweep {
    files: Vec<(String, Scenario)>,
    variation: Variation,
    seed: u64,
    replications: u32,
    strategies: Vec<String>,
    level: f64,
    session: Session,
}

impl Sweep {
    /// All factors of a scenario, unless told what varies.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            files: vec![("scenario".to_owned(), scenario.clone())],
            variation: Variation::default(),
            seed: scenario.seed,
            replications: 1024,
            strategies: Vec::new(),
            level: 0.95,
            // Points are compared once all are there.
            session: Session::default().store(Arc::new(Memory::default())),
        }
    }

    /// What varies, as the command line has it: `recruiters.count=2..10`, or the name of a factor; can be given several times.
    #[must_use]
    pub fn vary(mut self, what: impl Into<String>) -> Self {
        self.variation.vary.push(what.into());
        self
    }

    /// Varies each factor alone, rather than all combinations.
    #[must_use]
    pub fn one_at_a_time(mut self) -> Self {
        self.variation.one_at_a_time = true;
        self
    }

    /// Replications of each strategy at each point: 1,024 unless told otherwise.
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

    /// The level of the confidence intervals, 0.95 unless another is asked for.
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// Carries it out in this session: on its threads, with its store, which should keep blocks.
    #[must_use]
    pub fn in_session(self, session: Session) -> Self {
        Self { session, ..self }
    }

    /// Simulates every point.
    ///
    /// # Errors
    /// If what varies is not valid, some point is no valid scenario, or it was told to stop.
    pub fn perform(self) -> Result<Swept, Error> {
        let names: Vec<&str> = self.files[0].1.strategies.iter().map(|strategy| strategy.name.as_str()).collect();
        if let Some(unknown) = self.strategies.iter().find(|name| !names.contains(&name.as_str())) {
            return Err(Unknown::strategy(unknown, &names).into());
        }
        let design = Design::of(&self.files, &self.variation).map_err(Error::Variation)?;
        let study = SweepStudy {
            files: Arc::new(self.files),
            variation: self.variation,
            sources: Sources::default(),
            design: Arc::new(design),
            seed: self.seed,
            replications: self.replications.clamp(1, SWEEP_AT_MOST),
            strategies: self.strategies,
            independent: false,
            confidence: Confidence::new(self.level)?,
            responses: Vec::new(),
            keeps_replications: false,
        };
        let plan = Arc::new(study.plan().map_err(Error::Variation)?);
        Ok(self.session.perform(Experiment::new(study, plan))??)
    }
}
