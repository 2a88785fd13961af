//! Effects in a full factorial design under common random numbers: what each level of a factor changes, replication by
//! replication.

use super::Tally;

/// Effects of factor levels on a response, from blocks of replications at every point.
///
/// The points are all combinations of levels, and the first factor varies slowest. For each replication, the effect of a
/// level is the mean over the points with this level minus the mean over all points. For two factors with two levels each,
/// the interaction A:B is half the difference between the effects of B at the two levels of A (Box, Hunter and Hunter 2005,
/// *Statistics for Experimenters*, chapter 5).
#[derive(Clone, Debug)]
pub struct Factorial {
    /// The number of levels of each factor.
    levels: Vec<usize>,
    /// For each factor and level: the mean at that level, and its effect.
    by_level: Vec<Vec<(Tally, Tally)>>,
    interactions: Vec<((usize, usize), Tally)>,
}

/// Sums of a block over the points added so far, replication by replication.
#[derive(Clone, Debug)]
pub struct FactorialBlock {
    all: Vec<f64>,
    by_level: Vec<Vec<Vec<f64>>>,
    /// For each pair of two-level factors: sums with the sign of the interaction.
    signed: Vec<((usize, usize), Vec<f64>)>,
}

impl Factorial {
    /// Returns an empty table of effects for factors with these numbers of levels.
    #[must_use]
    pub fn new(levels: Vec<usize>) -> Self {
        let by_level = levels.iter().map(|&count| vec![(Tally::default(), Tally::default()); count]).collect();
        let interactions = pairs(&levels).map(|pair| (pair, Tally::default())).collect();
        Self { levels, by_level, interactions }
    }

    /// Returns the level of each factor at a point.
    pub fn levels_at(&self, point: usize) -> impl Iterator<Item = usize> {
        let strides = (0..self.levels.len()).map(|factor| self.levels[factor + 1..].iter().product::<usize>());
        strides.zip(&self.levels).map(move |(stride, &count)| point / stride % count)
    }

    /// Returns an empty block of `replications` replications.
    #[must_use]
    pub fn block(&self, replications: usize) -> FactorialBlock {
        let nothing = || vec![0.0; replications];
        FactorialBlock {
            all: nothing(),
            by_level: self.levels.iter().map(|&count| vec![nothing(); count]).collect(),
            signed: pairs(&self.levels).map(|pair| (pair, nothing())).collect(),
        }
    }

    /// Adds the values of a point to a block.
    pub fn add_point(&self, block: &mut FactorialBlock, point: usize, values: &[f64]) {
        let levels: Vec<usize> = self.levels_at(point).collect();
        add(&mut block.all, values, 1.0);
        for (sums, &level) in block.by_level.iter_mut().zip(&levels) {
            add(&mut sums[level], values, 1.0);
        }
        for ((a, b), sums) in &mut block.signed {
            add(sums, values, if levels[*a] == levels[*b] { 1.0 } else { -1.0 });
        }
    }

    /// Adds a block that has all points.
    pub fn add_block(&mut self, block: &FactorialBlock) {
        let points: usize = self.levels.iter().product();
        for ((tallies, sums), &count) in self.by_level.iter_mut().zip(&block.by_level).zip(&self.levels) {
            let of_level = (points / count) as f64;
            for ((mean, effect), sums) in tallies.iter_mut().zip(sums) {
                let means: Vec<f64> = sums.iter().map(|sum| sum / of_level).collect();
                let effects = means.iter().zip(&block.all).map(|(mean, all)| mean - all / points as f64);
                mean.merge(&Tally::of(&means));
                effect.merge(&Tally::of(&effects.collect::<Vec<_>>()));
            }
        }
        for ((_, tally), (_, sums)) in self.interactions.iter_mut().zip(&block.signed) {
            // A quarter of the points has each combination of two levels, so this is half the signed sum of their means.
            let values: Vec<f64> = sums.iter().map(|sum| 2.0 * sum / points as f64).collect();
            tally.merge(&Tally::of(&values));
        }
    }

    /// Returns the mean response at a level of a factor, over all points with that level, and its effect.
    #[must_use]
    pub fn level(&self, factor: usize, level: usize) -> &(Tally, Tally) {
        &self.by_level[factor][level]
    }

    /// Returns the interactions of two-level factors, with the numbers of the two factors.
    #[must_use]
    pub fn interactions(&self) -> &[((usize, usize), Tally)] {
        &self.interactions
    }
}

/// Returns all pairs of factors that have two levels each.
fn pairs(levels: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let two = move |factor: &usize| levels[*factor] == 2;
    (0..levels.len()).filter(two).flat_map(move |a| (a + 1..levels.len()).filter(two).map(move |b| (a, b)))
}

fn add(sums: &mut [f64], values: &[f64], sign: f64) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += sign * value);
}

#[cfg(test)]
mod tests {
    use super::super::testing::assert_close;
    use super::*;

    fn of(levels: &[usize], points: &[&[f64]]) -> Factorial {
        let mut factorial = Factorial::new(levels.to_vec());
        let mut block = factorial.block(points[0].len());
        for (point, values) in points.iter().enumerate() {
            factorial.add_point(&mut block, point, values);
        }
        factorial.add_block(&block);
        factorial
    }

    /// Responses from the guide of the Kotlin Simulation Library (Rossetti), at (-,-) (+,-) (-,+) (+,+) of factors A and B.
    /// B varies slowest.
    #[test]
    fn published_responses_have_their_published_effects() {
        let factorial = of(&[2, 2], &[&[120.34], &[127.87], &[125.49], &[139.94]]);
        let main = |factor: usize| 2.0 * factorial.level(factor, 1).1.mean().expect("a value");
        assert_close(main(1), 10.99, 1e-12);
        assert_close(main(0), 8.61, 1e-12);
        let [((0, 1), interaction)] = factorial.interactions() else { panic!("one pair") };
        assert_close(interaction.mean().expect("a value"), 3.46, 1e-11);
        let mean = (0..2).map(|level| factorial.level(0, level).0.mean().expect("a value")).sum::<f64>() / 2.0;
        assert_close(mean, 128.41, 1e-12);
    }

    #[test]
    fn effects_of_three_levels_sum_to_zero_and_spread_over_replications() {
        // Two replications of 2 x 3 points. The second factor adds 0, 1, 5 and 0, 3, 6.
        let points: Vec<[f64; 2]> = (0..2)
            .flat_map(|a| [[0.0, 0.0], [1.0, 3.0], [5.0, 6.0]].map(|b: [f64; 2]| b.map(|b| b + 10.0 * f64::from(a))))
            .collect();
        let points: Vec<&[f64]> = points.iter().map(|point| &point[..]).collect();
        let factorial = of(&[2, 3], &points);
        let effect = |factor, level| factorial.level(factor, level).1;
        let effects: Vec<f64> = (0..3).map(|level| effect(1, level).mean().expect("values")).collect();
        assert_close(effects[0], -2.5, 1e-12);
        assert_close(effects[1], -0.5, 1e-12);
        assert_close(effects.iter().sum::<f64>() + 1.0, 1.0, 1e-12);
        // -2 and -3 for the first level: their standard deviation is the square root of one half.
        assert_close(effect(1, 0).sd().expect("two values"), 0.5_f64.sqrt(), 1e-12);
        assert_close(effect(0, 1).mean().expect("values"), 5.0, 1e-12);
        assert_eq!(effect(0, 1).sd(), Some(0.0));
        assert!(factorial.interactions().is_empty(), "factors of three levels have no interactions");
        assert_eq!(factorial.levels_at(4).collect::<Vec<_>>(), [1, 1]);
    }
}
