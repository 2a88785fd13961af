//! Encodes blocks as bytes and decodes them exactly, so that they can be stored and computed elsewhere.
//!
//! ```text
//! mark (16 bytes), SHA-256 of the rest (32 bytes), key, content, block
//! ```
//!
//! Key and block are encoded with `postcard`. Rows of numbers are little-endian doubles. Month-end values that are
//! whole numbers take as many bytes as each needs.

use std::cmp::Ordering;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::money::Kind;
use crate::response::{PHASES, SeriesId, columns};
use crate::scenario::Identity;
use crate::stats::Tally;
use crate::world::World;

use super::block::{Block, Content, Months};

/// First bytes of a stored block; the number is the version of the format.
const MARK: [u8; 16] = *b"handover block 5";
/// Bytes before the key.
const HEAD_BYTES: usize = MARK.len() + 32;
/// Largest whole number in a block: more people than any scenario has.
const LARGEST_WHOLE: f64 = (1 << 24) as f64;
/// Most events of one replication.
const MOST_EVENTS: u64 = 1 << 40;

/// Key of a block. Its replications are the same whichever machine computes them, and for whichever question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockKey {
    /// Identity of what is simulated.
    pub identity: Identity,
    /// Seed of the strategy.
    pub seed: u64,
    /// The replications.
    pub replications: Range<u32>,
}

impl BlockKey {
    fn order(&self) -> (Identity, u64, u32, u32) {
        (self.identity, self.seed, self.replications.start, self.replications.end)
    }
}

impl Ord for BlockKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl PartialOrd for BlockKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A stored block whose checksum is verified, before it is decoded.
#[derive(Clone, Debug)]
pub struct Sealed<'b> {
    /// Key.
    pub key: BlockKey,
    /// Content.
    pub content: Content,
    /// SHA-256 of key, content and block: equal for equal blocks.
    pub checksum: [u8; 32],
    block: &'b [u8],
}

impl<'b> Sealed<'b> {
    /// Opens stored bytes. Returns none if they are truncated or any bit has changed.
    #[must_use]
    pub fn open(bytes: &'b [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
        let checksum: [u8; 32] = Sha256::digest(rest).into();
        if head[..MARK.len()] != MARK || head[MARK.len()..] != checksum {
            return None;
        }
        let ((key, content), block) = postcard::take_from_bytes(rest).ok()?;
        Some(Self { key, content, checksum, block })
    }

    /// Decodes the block. Returns none if it does not have this shape.
    #[must_use]
    pub fn block(&self, shape: &Shape) -> Option<Block> {
        let (block, rest) = postcard::take_from_bytes::<Block>(self.block).ok()?;
        let is_it = rest.is_empty() && block.content() == self.content;
        (is_it && shape.fits(&block, self.key.replications.len())).then_some(block)
    }
}

/// Returns the bytes of a block, which [`Sealed::open`] reads.
#[must_use]
pub fn sealed(key: &BlockKey, block: &Block) -> Vec<u8> {
    let begun = postcard::to_extend(&(key, block.content()), vec![0; HEAD_BYTES]);
    let bytes = begun.and_then(|bytes| postcard::to_extend(block, bytes));
    let mut bytes = bytes.unwrap_or_else(|error| unreachable!("a block is plain data: {error}"));
    let checksum = Sha256::digest(&bytes[HEAD_BYTES..]);
    bytes[..MARK.len()].copy_from_slice(&MARK);
    bytes[MARK.len()..HEAD_BYTES].copy_from_slice(&checksum);
    bytes
}

/// How many numbers the blocks of a strategy hold.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    columns: usize,
    goals: usize,
    months: usize,
    roles: usize,
}

impl Shape {
    /// Returns the shape of all blocks of a world.
    #[must_use]
    pub fn new(world: &World) -> Self {
        Self {
            columns: columns(world).len(),
            goals: world.goals.len(),
            months: world.horizon_months as usize,
            roles: world.roles.len(),
        }
    }

    /// Returns how many series of month-end values there are.
    fn series(&self) -> usize {
        SeriesId::count(self.roles)
    }

    fn fits(&self, block: &Block, replications: usize) -> bool {
        let of_all = |tally: &Tally| tally.count().checked_add(tally.missing()) == Some(replications as u64);
        let tallies = |tallies: &[Tally], count: usize| tallies.len() == count && tallies.iter().all(of_all);
        block.replications == replications
            && block.events <= MOST_EVENTS.saturating_mul(replications as u64)
            && block.responses.len() == self.columns * replications
            && tallies(&block.response_tallies, self.columns)
            && block.months.as_ref().is_none_or(
                |Months { series, series_tallies, phases, goal_counts, survived, cost_tallies, employed_tallies }| {
                    let mut values = SeriesId::all(self.roles).zip(series.chunks((self.months * replications).max(1)));
                    let is_count = |value: &f64| (0.0..=LARGEST_WHOLE).contains(value) && value.fract() == 0.0;
                    series.len() == self.series() * self.months * replications
                        && values.all(|(series, values)| !series.is_whole() || values.iter().all(is_count))
                        && tallies(series_tallies, self.series() * self.months)
                        && phases.len() == 2 * PHASES.len() * replications
                        && goal_counts.len() == self.goals * 2 * self.months
                        && goal_counts.iter().all(|&count| count as usize <= replications)
                        && survived.len() == replications
                        && survived.iter().all(|&months| months as usize <= self.months)
                        && tallies(cost_tallies, Kind::ALL.len() * self.months)
                        && employed_tallies.len().is_multiple_of(self.months)
                        && tallies(employed_tallies, employed_tallies.len())
                },
            )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use crate::scenario::Scenario;

    use super::super::Worker;
    use super::*;

    fn scenario() -> Scenario {
        let goals = (0..3).map(|goal| format!("goal.{goal}.by_month=14"));
        let smaller: Vec<String> = goals.chain(["horizon_months=14".to_owned()]).collect();
        let text = include_str!("../../scenarios/sixty_engineers.toml");
        Scenario::parse(text, &smaller).expect("the scenario is good")
    }

    fn block(replications: u32) -> (Shape, BlockKey, Block) {
        let scenario = scenario();
        let block = Worker::new(&scenario, 1, 3).compute(0..replications, &AtomicBool::new(false));
        let key = BlockKey { identity: scenario.identity(1), seed: 3, replications: 0..replications };
        (Shape::new(&scenario.world), key, block.expect("nobody stops it"))
    }

    #[test]
    fn a_block_comes_back_to_the_bit() {
        for replications in [1, 2, 40] {
            let (shape, key, block) = block(replications);
            for content in [Content::Everything, Content::Responses] {
                let block = block.clone().with(content);
                let bytes = sealed(&key, &block);
                let opened = Sealed::open(&bytes).expect("it is whole");
                assert_eq!(opened.key, key);
                let back = opened.block(&shape).expect("it is a block of this shape");
                assert_eq!(back.content(), content);
                // NaN does not equal itself, but its bits do.
                assert!(sealed(&key, &back) == bytes);
                let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                assert!(bits(&back.responses) == bits(&block.responses) && back.events == block.events);
                if let (Some(back), Some(months)) = (back.months, block.months) {
                    assert!(bits(&back.series) == bits(&months.series) && bits(&back.phases) == bits(&months.phases));
                    assert!(back.cost_tallies == months.cost_tallies && back.goal_counts == months.goal_counts);
                }
            }
        }
    }

    #[test]
    fn whole_numbers_take_little_room() {
        let (shape, key, block) = block(40);
        let months = block.months.clone().expect("it has them");
        let (roles, all) = (shape.roles, shape.series());
        let whole = SeriesId::all(roles).filter(|series| series.is_whole()).count();
        let numbers = block.responses.len() + months.phases.len() + 40 * 14 * (all - whole);
        let tallies = block.response_tallies.len() + months.series_tallies.len() + months.cost_tallies.len();
        let bytes = sealed(&key, &block).len();
        // Counts, and a sum of two doubles, squares, cubes, least and greatest.
        let others = 8 * numbers + 52 * tallies + 1000;
        assert!(bytes < others + 2 * 40 * 14 * whole, "{bytes} bytes, {others} of them for others");
    }

    #[test]
    fn bytes_that_are_no_such_block_are_refused() {
        let (shape, key, block) = block(8);
        let bytes = sealed(&key, &block);
        // Flips a bit at each of these places, or cuts the end off there.
        for at in (0..bytes.len()).step_by(101).chain([15, 16, 47, 48]) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(Sealed::open(&changed).is_none(), "{at}");
            assert!(Sealed::open(&bytes[..at]).is_none(), "{at}");
        }
        let opened = Sealed::open(&bytes).expect("it is whole");
        for other in [Shape { months: 13, ..shape }, Shape { columns: 7, ..shape }, Shape { goals: 2, ..shape }] {
            assert!(opened.block(&other).is_none(), "{other:?}");
        }
        let of_more = sealed(&BlockKey { replications: 0..9, ..key.clone() }, &block);
        assert!(Sealed::open(&of_more).is_some_and(|opened| opened.block(&shape).is_none()));
        let mut halves = block.clone();
        halves.months.as_mut().expect("it has them").series[0] = 0.5;
        assert!(Sealed::open(&sealed(&key, &halves)).is_some_and(|opened| opened.block(&shape).is_none()));
    }

    #[test]
    fn no_bytes_make_it_panic_or_take_much_memory() {
        let (shape, key, block) = block(8);
        let bytes = sealed(&key, &block);
        // Changes each byte in turn in three ways, with a matching checksum. Most give other numbers, some no valid
        // block.
        let mut refused = 0;
        for at in (HEAD_BYTES..bytes.len()).step_by(7) {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                let checksum = Sha256::digest(&changed[HEAD_BYTES..]);
                changed[MARK.len()..HEAD_BYTES].copy_from_slice(&checksum);
                refused += usize::from(Sealed::open(&changed).and_then(|opened| opened.block(&shape)).is_none());
            }
        }
        assert!(refused > 300, "{refused}");
    }
}
