//! Markov chains in continuous time: the state of a chain after a time, by uniformisation (Jensen 1953).

use handover::maths::exp;

/// A chain on states 0, 1, 2, ...
pub(super) struct Chain {
    states: usize,
    moves: Vec<(usize, usize, f64)>,
}

impl Chain {
    /// Returns a chain of this many states without transitions.
    pub(super) fn new(states: usize) -> Self {
        Self { states, moves: Vec::new() }
    }

    /// Lets the chain move from one state to another at a rate per day.
    pub(super) fn add(&mut self, from: usize, to: usize, rate: f64) {
        if rate > 0.0 {
            self.moves.push((from, to, rate));
        }
    }

    /// Returns the probability of each state after this many days.
    pub(super) fn after(&self, start: usize, days: f64) -> Vec<f64> {
        let mut exits = vec![0.0; self.states];
        self.moves.iter().for_each(|&(from, _, rate)| exits[from] += rate);
        let fastest = exits.iter().copied().fold(0.0, f64::max);
        // In pieces short enough that exp(-fastest * piece) is an ordinary number.
        let pieces = (fastest * days / 50.0).ceil().max(1.0);
        let mut state = vec![0.0; self.states];
        state[start] = 1.0;
        for _ in 0..pieces as u32 {
            state = self.piece(&state, fastest, days / pieces);
        }
        state
    }

    fn piece(&self, start: &[f64], fastest: f64, days: f64) -> Vec<f64> {
        let jumps = fastest * days;
        let mut weight = exp(-jumps);
        let mut power = start.to_vec();
        let mut sum: Vec<f64> = power.iter().map(|p| p * weight).collect();
        // Poisson weights beyond mean + 12 standard deviations + 30 are below 1e-18.
        let last = (jumps + 12.0 * jumps.sqrt() + 30.0).ceil() as u32;
        for jump in 1..=last {
            power = self.step(&power, fastest);
            weight *= jumps / f64::from(jump);
            sum.iter_mut().zip(&power).for_each(|(sum, p)| *sum += p * weight);
        }
        sum
    }

    fn step(&self, before: &[f64], fastest: f64) -> Vec<f64> {
        let mut after = before.to_vec();
        for &(from, to, rate) in &self.moves {
            let moved = before[from] * rate / fastest;
            after[from] -= moved;
            after[to] += moved;
        }
        after
    }
}

/// Returns the mean of a number whose value in each state is given.
pub(super) fn expectation(probabilities: &[f64], value: impl Fn(usize) -> f64) -> f64 {
    probabilities.iter().enumerate().map(|(state, probability)| probability * value(state)).sum()
}

#[test]
fn two_states_relax_as_the_textbook_says() {
    // P(up at t) = l / (l + m) (1 - exp(-(l + m) t)), from down.
    let mut chain = Chain::new(2);
    chain.add(0, 1, 0.03);
    chain.add(1, 0, 0.01);
    for days in [0.5, 10.0, 300.0, 5000.0] {
        let expected = 0.75 * (1.0 - exp(-0.04 * days));
        assert!((chain.after(0, days)[1] - expected).abs() < 1e-13, "after {days} days");
    }
}
