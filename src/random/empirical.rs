//! A distribution of observed values.

use super::tail::{Form, Tail};

/// Values in ascending order, each with the probability of a larger one.
///
/// These probabilities are multiples of 2^-53, rounded down. So 1 - p is exact for each, and the lower and the upper tail
/// always agree. No draw has a finer resolution.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observed {
    values: Vec<f64>,
    survivals: Vec<f64>,
    mean: f64,
    variance: f64,
}

impl Observed {
    /// Takes finite values >= 0 with finite weights >= 0, whose sum is finite and positive.
    pub(super) fn new(mut weighted: Vec<(f64, f64)>) -> Self {
        weighted.retain(|&(_, weight)| weight > 0.0);
        weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = weighted.iter().map(|&(_, weight)| weight).sum();
        let mean = weighted.iter().map(|&(value, weight)| value * (weight / total)).sum();
        let variance = weighted.iter().map(|&(value, weight)| (value - mean) * (value - mean) * (weight / total)).sum();
        let (mut values, mut survivals) = (Vec::with_capacity(weighted.len()), Vec::with_capacity(weighted.len()));
        let mut sum = 0.0;
        for (value, weight) in weighted {
            sum += weight;
            values.push(value);
            survivals.push(1.0 - round_up(sum / total));
        }
        if let Some(last) = survivals.last_mut() {
            *last = 0.0;
        }
        Observed { values, survivals, mean, variance }
    }

    /// Returns the first value whose survival satisfies the condition. All larger values then satisfy it too.
    fn first(&self, reached: impl Fn(f64) -> bool) -> f64 {
        let place = self.survivals.partition_point(|&survival| !reached(survival));
        self.values[place.min(self.values.len() - 1)]
    }
}

/// Rounds up to a multiple of 2^-53, at most 1.
fn round_up(probability: f64) -> f64 {
    const STEPS: f64 = (1_u64 << 53) as f64;
    ((probability * STEPS).ceil() / STEPS).min(1.0)
}

impl Form for Observed {
    fn at(&self, tail: Tail) -> f64 {
        match tail {
            Tail::Lower(p) => self.first(|survival| 1.0 - survival >= p),
            Tail::Upper(q) => self.first(|survival| survival <= q),
        }
    }
    fn survival(&self, t: f64) -> f64 {
        match self.values.partition_point(|&value| value <= t) {
            0 => 1.0,
            above => self.survivals[above - 1],
        }
    }
    fn mean(&self) -> f64 {
        self.mean
    }
    fn variance(&self) -> f64 {
        self.variance
    }
    fn maximum(&self) -> f64 {
        self.values[self.values.len() - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tails_agree_at_every_step() {
        let tenths = Observed::new((1..=10).map(|value| (f64::from(value), 1.0)).collect());
        for k in 1..10 {
            let value = f64::from(k);
            let survival = tenths.survival(value);
            let reached = tenths.at(Tail::above(survival));
            assert_eq!(reached.to_bits(), value.to_bits(), "from above: {reached}");
            let reached = tenths.at(Tail::below(1.0 - survival));
            assert_eq!(reached.to_bits(), value.to_bits(), "from below: {reached}");
            let reached = tenths.at(Tail::below(value / 10.0));
            assert_eq!(reached.to_bits(), value.to_bits(), "at {k} tenths: {reached}");
        }
    }

    #[test]
    fn values_without_weight_are_never_drawn_and_equal_values_add_up() {
        let law = Observed::new(vec![(9.0, 0.0), (4.0, 1.0), (2.0, 1.0), (4.0, 2.0), (1.0, 0.0)]);
        assert!((law.at(Tail::below(0.25)) - 2.0).abs() < 1e-15);
        assert!((law.at(Tail::below(0.250_001)) - 4.0).abs() < 1e-15);
        assert!((law.maximum() - 4.0).abs() < 1e-15);
        assert!((law.survival(2.0) - 0.75).abs() < 1e-15);
        assert!((law.mean() - 3.5).abs() < 1e-15);
        assert!((law.variance() - 0.75).abs() < 1e-15);
    }
}
