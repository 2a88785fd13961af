//! Break-even: the first month from which one strategy has cost the client less than another, and stays so to the end.

use crate::response::MEASURES;

use super::block::StrategyBlock;

/// Ordered pairs of so many strategies, by position.
pub fn pairs(strategies: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..strategies).flat_map(move |one| (0..strategies).filter(move |&other| other != one).map(move |other| (one, other)))
}

/// For each ordered pair: the replications of the block that break even in each month, and those that never do.
pub(super) fn count(strategies: &[StrategyBlock], months: usize) -> Vec<Vec<u32>> {
    let count_pair = |(one, other): (usize, usize)| {
        let (one, other) = (&strategies[one], &strategies[other]);
        let mut counts = vec![0; months + 1];
        for replication in 0..one.replications {
            let is_below = |month: usize| cost(one, month, months)[replication] < cost(other, month, months)[replication];
            let stays_from = (0..months).rev().take_while(|&month| is_below(month)).last();
            counts[stays_from.unwrap_or(months)] += 1;
        }
        counts
    };
    pairs(strategies.len()).map(count_pair).collect()
}

/// Client cost so far at the end of a month (from 0), by replication.
fn cost(block: &StrategyBlock, month: usize, months: usize) -> &[f64] {
    let measure = MEASURES.iter().position(|measure| measure.name == "client_cost").unwrap_or(0);
    let from = (measure * months + month) * block.replications;
    &block.series[from..from + block.replications]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of one replication whose client cost so far is this.
    fn block(costs: &[f64]) -> StrategyBlock {
        let mut series = vec![0.0; (MEASURES.len() - 1) * costs.len()];
        series.extend(costs);
        StrategyBlock { series, ..StrategyBlock::empty(1) }
    }

    #[test]
    fn a_strategy_breaks_even_when_it_stays_below_to_the_end() {
        let (dear_first, even) = (block(&[5.0, 6.0, 7.0, 8.0]), block(&[2.0, 7.0, 7.0, 9.0]));
        // Below in months 2 and 4, equal in month 3: it stays below from month 4.
        let counts = count(&[dear_first, even], 4);
        assert_eq!(counts, [vec![0, 0, 0, 1, 0], vec![0, 0, 0, 0, 1]]);
    }

    #[test]
    fn costs_that_are_equal_never_break_even_and_lower_ones_do_at_once() {
        let same = count(&[block(&[1.0, 2.0]), block(&[1.0, 2.0])], 2);
        assert_eq!(same, [vec![0, 0, 1], vec![0, 0, 1]]);
        let lower = count(&[block(&[1.0, 2.0]), block(&[3.0, 4.0])], 2);
        assert_eq!(lower, [vec![1, 0, 0], vec![0, 0, 1]]);
    }

    #[test]
    fn client_cost_is_the_last_measure() {
        assert_eq!(MEASURES.last().map(|measure| measure.name), Some("client_cost"));
    }
}
