//! Which strategies lead in a response, by differences that are sure and large enough to matter.

use crate::response::{Better, ResponseId, Unit};

use super::estimates::{Difference, Results};

impl Results {
    /// Returns a strategy less another in a response, if the difference matters: its interval excludes 0, and it is large.
    pub(super) fn mattering(&self, response: ResponseId, (one, other): (usize, usize)) -> Option<Difference> {
        let difference = self.difference_of(response, (one, other))?;
        let excludes_zero = difference.low > 0.0 || difference.high < 0.0;
        (excludes_zero && self.differ(response, (one, other))).then_some(difference)
    }

    /// Whether the estimates of two strategies differ by enough to matter.
    fn differ(&self, response: ResponseId, (one, other): (usize, usize)) -> bool {
        let is_share = matches!(self.about(response).unit, Unit::Share | Unit::Met);
        let means = (self.response(one, response).mean, self.response(other, response).mean);
        self.study.matters.is_large(means, is_share)
    }

    /// Returns the strategies that none is better than by a difference that matters: all of them if nothing sets them apart,
    /// and none if the response has no better side or is undefined somewhere.
    pub(super) fn leaders(&self, response: ResponseId) -> Vec<usize> {
        let strategies = 0..self.study.settings.strategies.len();
        let Some(candidates) = self.candidates(response) else { return Vec::new() };
        let higher = self.about(response).better == Better::Higher;
        let mean = |strategy: usize| self.response(strategy, response).mean;
        let order =
            |a: &usize, b: &usize| if higher { mean(*b).total_cmp(&mean(*a)) } else { mean(*a).total_cmp(&mean(*b)) };
        let Some(best) = candidates.iter().copied().min_by(order) else { return strategies.collect() };
        strategies.filter(|strategy| candidates.contains(strategy) || !self.differ(response, (*strategy, best))).collect()
    }

    /// Whether a strategy is one of those that lead in a response, and not all do.
    pub(super) fn is_ahead(&self, response: ResponseId, strategy: usize) -> bool {
        let leaders = self.leaders(response);
        leaders.len() < self.study.settings.strategies.len() && leaders.contains(&strategy)
    }

    /// Returns the strategies than which no other is significantly better in a response, by multiple comparisons with the
    /// best (Hsu 1984); none if it is not ranked.
    fn candidates(&self, response: ResponseId) -> Option<Vec<usize>> {
        let best = self.best(response).filter(|best| best.iter().all(|best| !best.low.is_nan()))?;
        // Whose limits end at 0 and lie on the bad side of it, others are better.
        let higher = self.about(response).better == Better::Higher;
        let may_be_best = |strategy: &usize| {
            let (low, high) = (best[*strategy].low, best[*strategy].high);
            if higher { high > 0.0 || low >= 0.0 } else { low < 0.0 || high <= 0.0 }
        };
        Some((0..best.len()).filter(may_be_best).collect())
    }
}
