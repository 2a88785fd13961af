//! Which strategies lead in a response, by differences that are sure and large enough to matter.

use crate::response::{Better, ResponseId, Unit};

use super::estimates::{Difference, Results};

/// The smallest difference that matters: as a share of the larger value, or, of shares, as a difference of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matters(f64);

impl Matters {
    /// One percent; of shares one percentage point.
    pub const USUAL: Self = Self(0.01);

    /// Returns the limit for a share of 0 to 1; none for another number.
    #[must_use]
    pub fn new(share: f64) -> Option<Self> {
        (0.0..=1.0).contains(&share).then_some(Self(share))
    }

    /// Whether two values differ by enough to matter.
    fn is_large(self, (one, other): (f64, f64), is_share: bool) -> bool {
        let scale = if is_share { 1.0 } else { one.abs().max(other.abs()) };
        (one - other).abs() >= self.0 * scale && (one - other).abs() > 0.0
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_percent_of_the_larger_value_matters_and_one_point_of_a_share() {
        let matters = Matters::USUAL;
        assert!(matters.is_large((100.0, 99.0), false) && !matters.is_large((100.0, 99.01), false));
        assert!(matters.is_large((-100.0, -98.0), false) && !matters.is_large((0.0, 0.0), false));
        assert!(matters.is_large((0.5, 0.51), true) && !matters.is_large((0.5, 0.509), true));
        assert!(Matters::new(0.0).is_some_and(|all| all.is_large((1.0, 1.000_001), false)));
        assert_eq!((Matters::new(-0.1), Matters::new(f64::NAN)), (None, None));
    }
}
