//! Shards: a run cut into parts that different machines compute.

use std::fmt;
use std::ops::Range;

use super::block::blocks_of;

/// One of several parts of a run.
///
/// ```
/// use handover::run::Shard;
/// let shard = Shard::new(1, 3)?;
/// // 2,000 replications are 8 blocks.
/// assert_eq!(shard.blocks(2000), 2..5);
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

    /// A shard by its number, from 0, among so many.
    ///
    /// # Errors
    /// If there is no such shard.
    pub fn new(index: u32, of: u32) -> Result<Self, String> {
        if of == 0 || of > Self::MOST {
            return Err(format!("{of} shards: expected 1 to {}", Self::MOST));
        }
        if index >= of {
            return Err(format!("there is no shard {index} of {of}: the first is 0, the last {}", of - 1));
        }
        Ok(Self { index, of })
    }

    /// Its number, from 0.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many there are.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// The blocks that it computes of a run of so many replications; none if there are more shards than blocks. The shards
    /// of a run share out all of its blocks, as evenly as can be.
    #[must_use]
    pub fn blocks(self, replications: u32) -> Range<u32> {
        let blocks = u64::from(blocks_of(replications));
        let begin = |index: u32| (u64::from(index) * blocks / u64::from(self.of)) as u32;
        begin(self.index)..begin(self.index + 1)
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
    fn the_shards_of_a_run_share_out_its_blocks_evenly() {
        for (replications, of) in [(1, 1), (1000, 3), (10_000, 7), (10_000, 64), (700, 5), (1_000_000_000, 1_000_000)] {
            let shards = (0..of).map(|index| Shard::new(index, of).expect("it is one of them").blocks(replications));
            let (mut next, mut fewest, mut most) = (0, u32::MAX, 0);
            for blocks in shards {
                assert_eq!(blocks.start, next);
                next = blocks.end;
                let count = blocks.end - blocks.start;
                (fewest, most) = (fewest.min(count), most.max(count));
            }
            assert_eq!(next, blocks_of(replications));
            assert!(most - fewest <= 1, "{fewest} to {most}");
        }
    }

    #[test]
    fn numbers_of_shards_begin_at_0() {
        assert_eq!(Shard::new(3, 3), Err("there is no shard 3 of 3: the first is 0, the last 2".into()));
        assert!(Shard::new(0, 0).is_err() && Shard::new(0, Shard::MOST + 1).is_err() && Shard::new(2, 3).is_ok());
    }
}
