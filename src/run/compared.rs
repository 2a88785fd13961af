//! The strategies of a long run, held against each other block by block, since their responses are not kept.

use crate::response::{Better, ResponseColumn, Unit, columns};
use crate::scenario::Scenario;
use crate::stats::{Confidence, CountedPairs, Paired, Wins};

use super::block::BLOCK_REPLICATIONS;

/// All responses of all strategies against each other.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    responses: Vec<Response>,
}

/// One response.
#[derive(Clone, Debug)]
struct Response {
    better: Better,
    /// Strategies 0 and 1, 0 and 2, 1 and 2, 0 and 3, ...; none of an outcome, of which there is no difference.
    pairs: Vec<CountedPairs>,
    wins: Wins,
}

impl Compared {
    /// Nothing yet, of so many strategies.
    pub(super) fn new(scenario: &Scenario, strategies: usize) -> Self {
        let pairs = strategies * strategies.saturating_sub(1) / 2;
        let response = |column: ResponseColumn| {
            let pairs = if column.unit == Unit::Outcome { 0 } else { pairs };
            Response { better: column.better, pairs: vec![CountedPairs::default(); pairs], wins: Wins::default() }
        };
        Self { responses: columns(&scenario.world).into_iter().map(response).collect() }
    }

    /// Adds rows that follow: the columns of each strategy. They are taken in pieces of blocks, as a run gives them.
    pub(super) fn add(&mut self, strategies: &[Vec<&[f64]>]) {
        for (position, response) in self.responses.iter_mut().enumerate() {
            let columns: Vec<&[f64]> = strategies.iter().map(|columns| columns[position]).collect();
            let rows = columns.first().map_or(0, |column| column.len());
            for begin in (0..rows).step_by(BLOCK_REPLICATIONS as usize) {
                let end = rows.min(begin + BLOCK_REPLICATIONS as usize);
                let block: Vec<&[f64]> = columns.iter().map(|column| &column[begin..end]).collect();
                response.add(&block);
            }
        }
    }

    /// The comparison of a strategy with another in a response; none without a replication in which both have it.
    pub(super) fn paired(&self, response: usize, (one, other): (usize, usize), confidence: Confidence) -> Option<Paired> {
        let of = |low, high| self.responses[response].pairs.get(place(low, high))?.paired(confidence);
        if one < other { of(one, other) } else { of(other, one).map(Paired::turned) }
    }

    /// How often each strategy was the best in a response.
    pub(super) fn wins(&self, response: usize) -> &Wins {
        &self.responses[response].wins
    }
}

impl Response {
    fn add(&mut self, block: &[&[f64]]) {
        for high in 1..block.len() {
            for low in 0..high {
                if let Some(pairs) = self.pairs.get_mut(place(low, high)) {
                    pairs.add(block[low], block[high]);
                }
            }
        }
        if self.better != Better::Neither && block.len() > 1 {
            self.wins.add(block, self.better == Better::Higher);
        }
    }
}

/// Where a pair of strategies stands.
fn place(low: usize, high: usize) -> usize {
    high * (high - 1) / 2 + low
}
