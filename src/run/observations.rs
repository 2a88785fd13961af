//! Responses of all replications by strategy, and comparisons of strategies.

use std::borrow::Cow;

use crate::response::{Nature, Ratio, ResponseColumn, ResponseId, Rules, columns};
use crate::scenario::Scenario;
use crate::stats::{Best, Column, Comoments, Confidence, Paired, RatioEstimate, RatioPair, Wins};

use super::block::{BLOCK_REPLICATIONS, Block};
use super::comparison::{Comparison, with_ratios};

/// Responses by strategy and replication. They are kept, or counted if there are too many.
#[derive(Clone, Debug)]
pub struct Observations {
    about: Vec<ResponseColumn>,
    rules: Rules,
    /// By strategy and response. A day that never comes is infinite; undefined is NaN.
    columns: Vec<Vec<Column>>,
    /// Comparison of the strategies, once values are no longer kept.
    comparison: Option<Comparison>,
}

impl Observations {
    /// Returns empty observations, with room for a number of replications, or for counting only.
    #[must_use]
    pub fn new(scenario: &Scenario, strategies: usize, room: Option<usize>) -> Self {
        let (about, rules) = (columns(&scenario.world), Rules::new(&scenario.world));
        let column = || room.map_or_else(Column::counted, |room| Column::Kept(Vec::with_capacity(room)));
        let columns = (0..strategies).map(|_| (0..rules.columns()).map(|_| column()).collect()).collect();
        let comparison = room.is_none().then(|| Comparison::new(&about, strategies));
        Self { about, rules, columns, comparison }
    }

    /// Returns observations of columns by strategy and response. Counted columns cannot be compared.
    #[must_use]
    pub fn of_columns(scenario: &Scenario, columns: Vec<Vec<Column>>) -> Self {
        Self { columns, ..Self::new(scenario, 0, Some(0)) }
    }

    /// Returns the same responses without any values.
    #[must_use]
    pub fn without_values(self) -> Self {
        let columns = self.columns.iter().map(|columns| vec![Column::Kept(Vec::new()); columns.len()]).collect();
        Self { columns, comparison: None, ..self }
    }

    /// Adds a block of each strategy.
    pub(super) fn add(&mut self, blocks: &[Block]) {
        if let Some(comparison) = &mut self.comparison {
            let columns: Vec<Vec<&[f64]>> =
                blocks.iter().map(|block| block.responses.chunks(block.replications).collect()).collect();
            comparison.add(&self.rules, &columns);
        }
        for (columns, block) in self.columns.iter_mut().zip(blocks) {
            for (column, values) in columns.iter_mut().zip(block.responses.chunks(block.replications)) {
                column.add(values);
            }
        }
    }

    /// Counts values and compares strategies block by block from now on.
    pub(super) fn stop_keeping(&mut self) {
        let mut comparison = Comparison::new(&self.about, self.columns.len());
        let kept: Vec<Vec<&[f64]>> =
            self.columns.iter().map(|columns| columns.iter().filter_map(Column::as_kept).collect()).collect();
        comparison.add(&self.rules, &kept);
        self.comparison = Some(comparison);
        self.columns.iter_mut().flatten().for_each(Column::stop_keeping);
    }

    /// Returns the number of strategies.
    #[must_use]
    pub fn strategies(&self) -> usize {
        self.columns.len()
    }

    /// Returns the descriptions of the responses.
    #[must_use]
    pub fn about(&self) -> &[ResponseColumn] {
        &self.about
    }

    /// Returns the rules of the responses.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Returns the values of a response of a strategy, by its position among those simulated.
    #[must_use]
    pub fn column(&self, strategy: usize, response: ResponseId) -> &Column {
        &self.columns[strategy][response.position()]
    }

    /// Returns all responses of a strategy.
    #[must_use]
    pub fn columns(&self, strategy: usize) -> &[Column] {
        &self.columns[strategy]
    }

    /// Returns the values by replication; none if there are too many to keep.
    #[must_use]
    pub fn values(&self, strategy: usize, response: ResponseId) -> Option<&[f64]> {
        self.column(strategy, response).as_kept()
    }

    /// Returns whether a response has a value, or is never, in every replication of a strategy.
    #[must_use]
    pub fn is_defined(&self, strategy: usize, response: ResponseId) -> bool {
        let column = self.column(strategy, response);
        column.present() == column.len()
    }

    /// Returns a strategy less another in a response, replication by replication: of min(T, H) for a date, and for a
    /// ratio the difference of the two estimates, with shares and quantiles over the replications that define both.
    /// Returns none if a date or number is undefined in some replication of either, or a ratio in all.
    #[must_use]
    pub fn difference(&self, response: ResponseId, pair: (usize, usize), confidence: Confidence) -> Option<Paired> {
        let nature = self.rules.nature(response);
        if !matches!(nature, Nature::Ratio(_)) && [pair.0, pair.1].iter().any(|&one| !self.is_defined(one, response)) {
            return None;
        }
        if let Some(comparison) = &self.comparison {
            return comparison.difference(response, pair, confidence);
        }
        let (one, other) = (self.restricted(pair.0, response)?, self.restricted(pair.1, response)?);
        let paired = Paired::of(&one, &other, confidence);
        match nature {
            Nature::Ratio(ratio) => self
                .ratios(ratio, pair)?
                .difference(ratio.times.into(), confidence)
                .map(|found| with_ratios(paired, found, one.len())),
            _ => paired,
        }
    }

    /// Returns how each strategy compares with the best of the others in a response, for which higher or lower values
    /// are better. Returns none if it is undefined somewhere. Ratios have no probability of being best.
    #[must_use]
    pub fn best(&self, response: ResponseId, confidence: Confidence, higher: bool) -> Option<Vec<Best>> {
        let nature = self.rules.nature(response);
        let strategies = self.columns.len();
        if !matches!(nature, Nature::Ratio(_)) && !(0..strategies).all(|strategy| self.is_defined(strategy, response)) {
            return None;
        }
        if let Some(comparison) = &self.comparison {
            return comparison.best(response, confidence, higher);
        }
        let restricted = (0..strategies).map(|strategy| self.restricted(strategy, response));
        let columns: Vec<Cow<'_, [f64]>> = restricted.collect::<Option<_>>()?;
        let interval = |one: usize, other: usize, each: Confidence| match nature {
            Nature::Ratio(ratio) => self.ratios(ratio, (one, other))?.difference(ratio.times.into(), each)?.0.interval,
            _ => Paired::interval_of(&columns[one], &columns[other], each),
        };
        let best = Best::of_intervals(strategies, confidence, higher, interval);
        if let Nature::Ratio(_) = nature {
            return best.iter().all(|best| best.difference.is_some()).then_some(best);
        }
        let mut wins = Wins::default();
        wins.add(&columns.iter().map(AsRef::as_ref).collect::<Vec<_>>(), higher);
        Some(Best::with_wins(best, &wins))
    }

    /// Returns the values from which moments and differences are computed; none if they are not kept.
    #[must_use]
    pub fn restricted(&self, strategy: usize, response: ResponseId) -> Option<Cow<'_, [f64]>> {
        self.values(strategy, response)?;
        Some(self.rules.restricted(response, |part| self.values(strategy, part).unwrap_or_default()))
    }

    /// Numerators and denominators of two strategies; none if they are not kept.
    fn ratios(&self, ratio: Ratio, (one, other): (usize, usize)) -> Option<RatioPair> {
        let parts = [(one, ratio.numerator), (one, ratio.denominator), (other, ratio.numerator), (other, ratio.denominator)];
        let mut columns = [&[][..]; 4];
        for (column, (strategy, part)) in columns.iter_mut().zip(parts) {
            *column = self.values(strategy, part)?;
        }
        let mut moments = RatioPair::default();
        for begin in (0..columns[0].len()).step_by(BLOCK_REPLICATIONS as usize) {
            let end = columns[0].len().min(begin + BLOCK_REPLICATIONS as usize);
            moments.add(columns.map(|column| &column[begin..end]));
        }
        Some(moments)
    }
}

/// Ratios of one strategy, updated block by block.
#[derive(Clone, Debug)]
pub(super) struct Ratios(Vec<(ResponseId, Ratio, Comoments<2>)>);

impl Ratios {
    pub(super) fn new(rules: &Rules) -> Self {
        Self(rules.ratios().map(|(response, ratio)| (response, ratio, Comoments::default())).collect())
    }

    pub(super) fn add(&mut self, block: &Block) {
        for (_, ratio, moments) in &mut self.0 {
            moments.add([block.response(ratio.numerator), block.response(ratio.denominator)]);
        }
    }

    pub(super) fn estimate(&self, response: ResponseId, confidence: Confidence) -> Option<RatioEstimate> {
        let (_, ratio, moments) = self.0.iter().find(|(known, ..)| *known == response)?;
        moments.ratio(ratio.times.into(), confidence)
    }
}
