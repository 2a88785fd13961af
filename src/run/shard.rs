//! Shards: parts of a question that different machines compute.

use std::fmt;

use super::block::{BLOCK_REPLICATIONS, blocks_of};
use super::plan::{PointId, Stretch};

/// One of several parts of a question.
///
/// ```
/// use handover::run::{Shard, Stretch};
/// let shard = Shard::new(1, 3)?;
/// // 2,000 replications of one point are 8 blocks.
/// assert_eq!(shard.stretches(1, 2000), [Stretch { point: 0, replications: 512..1280 }]);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    of: u32,
}

impl Shard {
    /// Most shards of a run.
    pub const MOST: u32 = 1_000_000;

    /// Returns a shard by its number, from 0, and the number of shards.
    ///
    /// # Errors
    /// Fails if there is no such shard.
    pub fn new(index: u32, of: u32) -> Result<Self, String> {
        if of == 0 || of > Self::MOST {
            return Err(format!("{of} shards: expected 1 to {}", Self::MOST));
        }
        if index >= of {
            return Err(format!("no shard {index} of {of}: expected 0 to {}", of - 1));
        }
        Ok(Self { index, of })
    }

    /// Returns its number, from 0.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// Returns the number of shards.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// Returns the replications that this shard computes, given the replications at each point and the points; empty if
    /// there are more shards than blocks.
    ///
    /// The blocks of all points, one point after the other, are distributed as evenly as possible. The strategies of a
    /// block stay together, so any set of shards can be compared.
    #[must_use]
    pub fn stretches(self, points: usize, replications: u32) -> Vec<Stretch> {
        let blocks = u64::from(blocks_of(replications));
        let begin = |index: u32| u64::from(index) * blocks * points as u64 / u64::from(self.of);
        let (begin, end) = (begin(self.index), begin(self.index + 1));
        let stretch = |point: PointId| {
            let of_point = point as u64 * blocks;
            // Within the blocks of one point, which are fewer than 2^32.
            let [first, last] = [begin, end].map(|at| (at.clamp(of_point, of_point + blocks) - of_point) as u32);
            let at = |block: u32| block.saturating_mul(BLOCK_REPLICATIONS).min(replications);
            Stretch { point, replications: at(first)..at(last) }
        };
        let points = (begin / blocks.max(1)) as usize..end.div_ceil(blocks.max(1)) as usize;
        points.map(stretch).filter(|stretch| !stretch.replications.is_empty()).collect()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_out_all_blocks_evenly() {
        let cases = [(1, 1, 1), (1, 1000, 3), (1, 10_000, 7), (1, 10_000, 64), (1, 700, 5), (1, 1_000_000_000, 1_000_000)];
        for (points, replications, of) in cases.into_iter().chain([(5, 700, 4), (100, 1024, 7), (3, 1, 8)]) {
            let (mut next, mut fewest, mut most) = ((0, 0), u32::MAX, 0);
            for index in 0..of {
                let mut blocks = 0;
                for stretch in Shard::new(index, of).expect("it is one of them").stretches(points, replications) {
                    assert_eq!((stretch.point, stretch.replications.start), next, "{points} {replications} {of}");
                    let end = stretch.replications.end;
                    next = if end == replications { (stretch.point + 1, 0) } else { (stretch.point, end) };
                    blocks += stretch.blocks();
                }
                (fewest, most) = (fewest.min(blocks), most.max(blocks));
            }
            assert_eq!(next, (points, 0));
            assert!(most - fewest <= 1, "{fewest} to {most}");
        }
    }

    #[test]
    fn numbers_of_shards_begin_at_0() {
        assert_eq!(Shard::new(3, 3), Err("no shard 3 of 3: expected 0 to 2".into()));
        assert!(Shard::new(0, 0).is_err() && Shard::new(0, Shard::MOST + 1).is_err() && Shard::new(2, 3).is_ok());
    }
}
