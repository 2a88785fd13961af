//! Studies: what is simulated and how it is reported.

use std::sync::Arc;

use jiff::civil::Date;

use crate::input::months::FiscalYear;
use crate::report::dates::month_end_text;
use crate::response::{ResponseColumn, columns};
use crate::run::Settings;
use crate::run::break_even::pairs;
use crate::scenario::Scenario;
use crate::stats::Confidence;
use crate::world::{Goal, OrganisationId};

use super::Origin;
use super::matters::Matters;

/// Largest number of strategies for which all pairs are compared by default.
const ALL_PAIRS_AT_MOST: usize = 20;

/// A study: what is simulated and how it is reported.
#[derive(Clone, Debug)]
pub struct Study {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// What is computed.
    pub settings: Settings,
    /// Level of the confidence intervals.
    pub confidence: Confidence,
    /// The strategy, by position among those simulated, that the others are compared with.
    pub baseline: usize,
    /// Which pairs of strategies the result files compare.
    pub pairs: Pairs,
    /// The smallest difference that words and colours show as a difference. It affects no table and is not in the
    /// manifest.
    pub matters: Matters,
    /// Where its results come from, if not from a fixed number of replications.
    pub origin: Origin,
}

/// Which pairs of strategies the result files compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// Each strategy with each other one.
    All,
    /// Each strategy with the baseline.
    Baseline,
}

impl Pairs {
    /// Returns the default for a number of strategies.
    #[must_use]
    pub fn of(strategies: usize) -> Self {
        if strategies <= ALL_PAIRS_AT_MOST { Self::All } else { Self::Baseline }
    }

    /// Returns its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Baseline => "baseline",
        }
    }
}

impl Study {
    /// Returns a study whose result files compare the default pairs.
    #[must_use]
    pub fn new(scenario: impl Into<Arc<Scenario>>, settings: Settings, confidence: Confidence, baseline: usize) -> Self {
        let pairs = Pairs::of(settings.strategies.len());
        Self {
            scenario: scenario.into(),
            settings,
            confidence,
            baseline,
            pairs,
            matters: Matters::USUAL,
            origin: Origin::default(),
        }
    }

    /// Returns the names of the strategies simulated, in the order of the files.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        (0..self.settings.strategies.len()).map(|strategy| self.name(strategy)).collect()
    }

    /// Returns the name of a strategy, by its position among those simulated.
    #[must_use]
    pub fn name(&self, strategy: usize) -> &str {
        &self.scenario.strategies[self.settings.strategies[strategy]].name
    }

    /// Returns the title of a strategy, by its position among those simulated.
    #[must_use]
    pub fn title(&self, strategy: usize) -> &str {
        self.scenario.strategies[self.settings.strategies[strategy]].title()
    }

    /// Returns the titles of the strategies simulated, in the order of the files.
    #[must_use]
    pub fn titles(&self) -> Vec<&str> {
        (0..self.settings.strategies.len()).map(|strategy| self.title(strategy)).collect()
    }

    /// Returns the responses and goals, in the order of the files.
    #[must_use]
    pub fn columns(&self) -> Vec<ResponseColumn> {
        columns(&self.scenario.world)
    }

    /// Returns the pairs of strategies that the result files compare; the second is subtracted.
    #[must_use]
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let is_wanted = |pair: &(usize, usize)| self.pairs == Pairs::All || pair.1 == self.baseline;
        pairs(self.settings.strategies.len()).filter(is_wanted).collect()
    }

    /// Returns the goals of the scenario.
    pub(super) fn goals(&self) -> &[Goal] {
        &self.scenario.world.goals
    }

    /// Returns whether the venture may end before the horizon under a strategy, by its position among those simulated.
    pub(super) fn may_end(&self, strategy: usize) -> bool {
        self.scenario.world.may_end(&self.scenario.strategies[self.settings.strategies[strategy]])
    }

    /// Returns the number of months.
    pub(super) fn months(&self) -> usize {
        self.scenario.world.horizon_months as usize
    }

    /// Returns the fiscal years that lie within the horizon, the first and the last of them as far as they do.
    pub(super) fn fiscal_years(&self) -> Vec<FiscalYear> {
        self.scenario.world.months.fiscal_years(self.scenario.world.horizon_months).collect()
    }

    /// Returns the organisations that take part in a strategy, by its position among those simulated, if they are several.
    pub(super) fn employers(&self, strategy: usize) -> Vec<OrganisationId> {
        let strategy = &self.scenario.strategies[self.settings.strategies[strategy]];
        strategy.employers(self.scenario.world.organisations.len())
    }

    /// Returns the last date of a month, from 1.
    pub(super) fn last_date(&self, month: usize) -> Date {
        self.scenario.world.months.last_date(u32::try_from(month).unwrap_or(u32::MAX))
    }

    /// Returns the name of a month, from 1: `Dec 2027`.
    pub(super) fn month_name(&self, month: u32) -> String {
        month_end_text(self.scenario.start(), self.scenario.world.months.day(month.into()))
    }
}
