//! Queries results by the names of strategies, as library users do.

use std::ops::Index;

use crate::input::diagnostic::name_help;
use crate::response::ResponseId;

use super::estimates::{Difference, Estimate, Probability, Results, StrategyEstimates};
use super::reported::ReportedId;

impl Results {
    /// Returns the estimates of a strategy.
    ///
    /// # Errors
    /// Fails if no strategy of that name was simulated.
    pub fn strategy(&self, name: &str) -> Result<&StrategyEstimates, Unknown> {
        Ok(&self.strategies[self.position(name)?])
    }

    fn position(&self, name: &str) -> Result<usize, Unknown> {
        let names = self.study.names();
        names.iter().position(|known| *known == name).ok_or_else(|| Unknown::strategy(name, &names))
    }

    /// Returns a strategy less another in a response, by name.
    ///
    /// # Errors
    /// Fails if no strategy of that name was simulated, or the response is undefined in some replications and cannot be
    /// compared.
    pub fn difference(&self, one: &str, other: &str, response: ResponseId) -> Result<Difference, Unknown> {
        let pair = (self.position(one)?, self.position(other)?);
        self.difference_of(response, pair).ok_or_else(|| Unknown::Incomparable(self.about(response).name.clone()))
    }
}

impl Index<&str> for Results {
    type Output = StrategyEstimates;

    /// Returns the strategy with this name. For names that may be wrong, see [`Results::strategy`].
    ///
    /// # Panics
    /// Panics if no strategy of that name was simulated.
    fn index(&self, name: &str) -> &StrategyEstimates {
        self.strategy(name).unwrap_or_else(|unknown| panic!("{unknown}"))
    }
}

impl Estimate {
    /// Returns the estimate: the mean of min(T, H) for a date, the ratio of the means for a ratio, else the mean. NaN
    /// if undefined.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

/// Why a query of results failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No strategy of that name was simulated.
    #[error("no strategy {name:?} was simulated{help}")]
    Strategy {
        /// The name.
        name: String,
        /// The nearest valid name.
        help: String,
    },
    /// A response is undefined in some replications, so strategies cannot be compared by it.
    #[error("{0} is undefined in some replications, so strategies cannot be compared by it")]
    Incomparable(String),
}

impl Unknown {
    /// Returns the failure for a name that is not among the known ones.
    #[must_use]
    pub fn strategy(name: &str, known: &[&str]) -> Self {
        let help = name_help(name, known).map_or_else(String::new, |help| format!("; {help}"));
        Self::Strategy { name: name.to_owned(), help }
    }
}

impl StrategyEstimates {
    /// Returns the estimate of a response or goal.
    #[must_use]
    pub fn response(&self, response: ResponseId) -> &Estimate {
        &self.reported[ReportedId::of(response).position()]
    }

    /// Returns the probability of meeting a goal, by its position in the scenario.
    #[must_use]
    pub fn goal(&self, goal: usize) -> Probability {
        self.goals[goal].met
    }
}
