//! Results asked by the names of strategies, as programs do.

use std::ops::Index;

use crate::input::diagnostic::name_help;
use crate::response::ResponseId;

use super::estimates::{Difference, Estimate, Probability, ReportedId, Results, StrategyEstimates};

impl Results {
    /// The strategy of a name.
    ///
    /// # Errors
    /// If no strategy of that name was simulated.
    pub fn strategy(&self, name: &str) -> Result<&StrategyEstimates, Unknown> {
        Ok(&self.strategies[self.position(name)?])
    }

    fn position(&self, name: &str) -> Result<usize, Unknown> {
        let names = self.study.names();
        names.iter().position(|known| *known == name).ok_or_else(|| Unknown::strategy(name, &names))
    }

    /// A strategy less another in a response, by their names.
    ///
    /// # Errors
    /// If no strategy of that name was simulated, or the response cannot be compared: it is undefined in some replications.
    pub fn difference(&self, one: &str, other: &str, response: ResponseId) -> Result<Difference, Unknown> {
        let pair = (self.position(one)?, self.position(other)?);
        self.difference_of(response, pair).ok_or_else(|| Unknown::Incomparable(self.about(response).name.clone()))
    }
}

impl Index<&str> for Results {
    type Output = StrategyEstimates;

    /// The strategy of a name; see [`Results::strategy`] for names that may be wrong.
    ///
    /// # Panics
    /// If no strategy of that name was simulated.
    fn index(&self, name: &str) -> &StrategyEstimates {
        self.strategy(name).unwrap_or_else(|unknown| panic!("{unknown}"))
    }
}

impl Estimate {
    /// The estimate: of a date the mean of min(T, H), of a ratio the ratio of the means, else the mean. NaN if undefined.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

/// What results do not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No strategy of that name was simulated.
    #[error("no strategy {name:?} was simulated{help}")]
    Strategy {
        /// The name.
        name: String,
        /// What may have been meant.
        help: String,
    },
    /// A response is undefined in some replications, so strategies cannot be compared in it.
    #[error("{0} is undefined in some replications, so strategies cannot be compared by it")]
    Incomparable(String),
}

impl Unknown {
    /// There is no strategy of that name among those known.
    #[must_use]
    pub fn strategy(name: &str, known: &[&str]) -> Self {
        let help = name_help(name, known).map_or_else(String::new, |help| format!("; {help}"));
        Self::Strategy { name: name.to_owned(), help }
    }
}

impl StrategyEstimates {
    /// What the replications say of a response or goal.
    #[must_use]
    pub fn response(&self, response: ResponseId) -> &Estimate {
        &self.reported[ReportedId::of(response).position()]
    }

    /// How likely a goal is met, by its position in the scenario.
    #[must_use]
    pub fn goal(&self, goal: usize) -> Probability {
        self.goals[goal].met
    }
}
