//! Compares strategies response by response and block by block, for runs too long to keep their responses.

use std::borrow::Cow;

use crate::response::{Better, Nature, ResponseColumn, ResponseId, Rules, Unit};
use crate::stats::{Best, Confidence, CountedPairs, Paired, RatioEstimate, RatioPair, Wins};

use super::block::BLOCK_REPLICATIONS;

/// Comparison of all strategies in all responses.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    strategies: usize,
    replications: usize,
    responses: Vec<Response>,
}

/// Comparison in one response.
#[derive(Clone, Debug)]
struct Response {
    nature: Nature,
    better: Better,
    /// Strategies 0 and 1, 0 and 2, 1 and 2, 0 and 3, ...; empty for an outcome, which has no differences.
    pairs: Vec<CountedPairs>,
    /// The same for numerators and denominators, if it is a ratio.
    ratios: Vec<RatioPair>,
    wins: Wins,
}

impl Comparison {
    /// Returns an empty comparison for a number of strategies.
    pub(super) fn new(columns: &[ResponseColumn], strategies: usize) -> Self {
        let pairs = strategies * strategies.saturating_sub(1) / 2;
        let response = |column: &ResponseColumn| {
            let pairs = if column.unit == Unit::Outcome { 0 } else { pairs };
            let ratios = if matches!(column.nature, Nature::Ratio(_)) { pairs } else { 0 };
            Response {
                nature: column.nature,
                better: column.better,
                pairs: vec![CountedPairs::default(); pairs],
                ratios: vec![RatioPair::default(); ratios],
                wins: Wins::default(),
            }
        };
        let responses = columns.iter().map(response).collect();
        Self { strategies, replications: 0, responses }
    }

    /// Adds the next rows: the columns of each strategy. They are processed in pieces of a block, as a run delivers
    /// them.
    pub(super) fn add(&mut self, rules: &Rules, strategies: &[Vec<&[f64]>]) {
        let rows = strategies.first().and_then(|columns| columns.first()).map_or(0, |column| column.len());
        self.replications += rows;
        for begin in (0..rows).step_by(BLOCK_REPLICATIONS as usize) {
            let end = rows.min(begin + BLOCK_REPLICATIONS as usize);
            for (id, response) in ResponseId::all(self.responses.len()).zip(&mut self.responses) {
                let column = |strategy: usize, id: ResponseId| &strategies[strategy][id.position()][begin..end];
                let restricted = |strategy| rules.restricted(id, |part| column(strategy, part));
                let block: Vec<Cow<'_, [f64]>> = (0..strategies.len()).map(restricted).collect();
                response.add(&block.iter().map(AsRef::as_ref).collect::<Vec<_>>(), column);
            }
        }
    }

    /// Returns the comparison of a strategy with another in a response; none if no replication defines it for both.
    pub(super) fn difference(
        &self,
        response: ResponseId,
        (one, other): (usize, usize),
        confidence: Confidence,
    ) -> Option<Paired> {
        let about = &self.responses[response.position()];
        let of = |low, high| {
            let paired = about.pairs.get(place(low, high))?.paired(confidence);
            let Nature::Ratio(ratio) = about.nature else { return paired };
            let found = about.ratios.get(place(low, high))?.difference(ratio.times.into(), confidence)?;
            Some(with_ratios(paired, found, self.replications))
        };
        if one < other { of(one, other) } else { of(other, one).map(Paired::reversed) }
    }

    /// Returns how each strategy compares with the best of the others in a response; none if two of them cannot be
    /// compared.
    pub(super) fn best(&self, response: ResponseId, confidence: Confidence, higher: bool) -> Option<Vec<Best>> {
        let interval = |one, other, each| self.difference(response, (one, other), each)?.interval;
        let best = Best::of_intervals(self.strategies, confidence, higher, interval);
        let about = &self.responses[response.position()];
        if let Nature::Ratio(_) = about.nature {
            return best.iter().all(|best| best.difference.is_some()).then_some(best);
        }
        Some(Best::with_wins(best, &about.wins))
    }
}

impl Response {
    fn add<'v>(&mut self, block: &[&[f64]], column: impl Fn(usize, ResponseId) -> &'v [f64]) {
        for (low, high) in (1..block.len()).flat_map(|high| (0..high).map(move |low| (low, high))) {
            if let Some(pairs) = self.pairs.get_mut(place(low, high)) {
                pairs.add(block[low], block[high]);
            }
            if let (Nature::Ratio(ratio), Some(pairs)) = (self.nature, self.ratios.get_mut(place(low, high))) {
                let (above, below) = (ratio.numerator, ratio.denominator);
                pairs.add([column(low, above), column(low, below), column(high, above), column(high, below)]);
            }
        }
        let is_counted = self.better != Better::Neither && !matches!(self.nature, Nature::Ratio(_));
        if is_counted && block.len() > 1 {
            self.wins.add(block, self.better == Better::Higher);
        }
    }
}

/// Returns the comparison of per-replication ratios, with its mean replaced by the difference of the ratios over all
/// rows.
pub(super) fn with_ratios(
    paired: Option<Paired>,
    (ratio, variance_ratio): (RatioEstimate, Option<f64>),
    rows: usize,
) -> Paired {
    let none = f64::NAN;
    let nothing = Paired {
        n: 0,
        missing: 0,
        mean_difference: None,
        se: None,
        interval: None,
        skewness: None,
        p_lower: none,
        p_equal: none,
        p5: none,
        p50: none,
        p95: none,
        variance_ratio: None,
    };
    let (mean_difference, RatioEstimate { se, interval, skewness, .. }) = (Some(ratio.value), ratio);
    let found = Paired { n: rows as u64, missing: 0, mean_difference, se, interval, skewness, ..paired.unwrap_or(nothing) };
    Paired { variance_ratio, ..found }
}

/// Returns the position of a pair of strategies.
fn place(low: usize, high: usize) -> usize {
    high * (high - 1) / 2 + low
}
