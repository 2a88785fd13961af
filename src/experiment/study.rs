//! What is studied, and how it is reported.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::response::{ResponseColumn, columns};
use crate::run::Settings;
use crate::run::break_even::pairs;
use crate::scenario::Scenario;
use crate::stats::Confidence;
use crate::world::{Goal, month_instant};

use super::Origin;
use super::matters::Matters;

/// Strategies up to which all pairs are compared unless another choice is made.
const ALL_PAIRS_AT_MOST: usize = 20;

/// What is studied, and how it is reported.
#[derive(Clone, Debug)]
pub struct Study {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// What was computed.
    pub settings: Settings,
    /// Level of the confidence intervals.
    pub confidence: Confidence,
    /// The strategy (by position among those simulated) that the others are compared with.
    pub baseline: usize,
    /// Which pairs of strategies the result files compare.
    pub pairs: Pairs,
    /// The smallest difference that words and colours call a difference. It reaches no table, and is in no manifest.
    pub matters: Matters,
    /// What its results come from, if not from a fixed number of replications.
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
    /// The usual choice for a number of strategies.
    #[must_use]
    pub fn of(strategies: usize) -> Self {
        if strategies <= ALL_PAIRS_AT_MOST { Self::All } else { Self::Baseline }
    }

    /// Its name, as the command line has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Baseline => "baseline",
        }
    }
}

impl Study {
    /// A study whose result files compare the usual pairs.
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

    /// Names of the strategies simulated, in the order of the files.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        (0..self.settings.strategies.len()).map(|strategy| self.name(strategy)).collect()
    }

    /// The name of a strategy, by its position among those simulated.
    #[must_use]
    pub fn name(&self, strategy: usize) -> &str {
        &self.scenario.strategies[self.settings.strategies[strategy]].name
    }

    /// Returns what people call a strategy, by its position among those simulated.
    #[must_use]
    pub fn title(&self, strategy: usize) -> &str {
        self.scenario.strategies[self.settings.strategies[strategy]].title()
    }

    /// Returns what people call the strategies simulated, in the order of the files.
    #[must_use]
    pub fn titles(&self) -> Vec<&str> {
        (0..self.settings.strategies.len()).map(|strategy| self.title(strategy)).collect()
    }

    /// The responses and goals, in the order of the files.
    #[must_use]
    pub fn columns(&self) -> Vec<ResponseColumn> {
        columns(&self.scenario.world)
    }

    /// The pairs of strategies that the result files compare: the second is subtracted.
    #[must_use]
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let is_wanted = |pair: &(usize, usize)| self.pairs == Pairs::All || pair.1 == self.baseline;
        pairs(self.settings.strategies.len()).filter(is_wanted).collect()
    }

    /// The goals of the scenario.
    pub(super) fn goals(&self) -> &[Goal] {
        &self.scenario.world.goals
    }

    /// Whether the venture may end before the horizon under a strategy, by its position among those simulated.
    pub(super) fn may_end(&self, strategy: usize) -> bool {
        self.scenario.world.may_end(&self.scenario.strategies[self.settings.strategies[strategy]])
    }

    /// How many months there are.
    pub(super) fn months(&self) -> usize {
        self.scenario.world.horizon_months as usize
    }

    /// The date on which a month (from 1) ends.
    pub(super) fn month_end(&self, month: usize) -> Date {
        #[expect(clippy::cast_precision_loss, reason = "months are few")]
        date_of(self.scenario.start, month_instant(month as f64).days())
    }
}

/// Days that are more than the calendar has, in both directions, and that a span of days can still hold.
const DAYS_AT_MOST: f64 = 7_300_000.0;

/// The date of an instant; the last that the calendar has, if it lies beyond, as only in what strangers have written.
#[expect(clippy::cast_possible_truncation, reason = "days beyond the calendar are cut")]
pub(super) fn date_of(start: Date, days: f64) -> Date {
    start.checked_add((days.floor().clamp(-DAYS_AT_MOST, DAYS_AT_MOST) as i64).days()).unwrap_or(Date::MAX)
}
