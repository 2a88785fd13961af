//! Blocks as bytes and back, to the bit: so they can be kept, and computed elsewhere.
//!
//! The bytes hold numbers alone, in the order of the fields and little-endian: how many there are of each follows from
//! scenario and settings. Month-end values that are whole numbers take as many bytes as their range needs.

use crate::money::Kind;
use crate::response::{MEASURES, PHASES, columns};
use crate::scenario::Scenario;
use crate::stats::Tally;

use super::Settings;
use super::block::{Block, StrategyBlock, is_whole};
use super::break_even::pairs;

/// Most that a whole number in a block can be: more people than any scenario has.
const LARGEST_WHOLE: u32 = 1 << 24;
/// Most events of one replication.
const MOST_EVENTS: u64 = 1 << 40;

/// How many numbers the blocks of a run hold.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    strategies: usize,
    columns: usize,
    goals: usize,
    months: usize,
}

impl Shape {
    /// The shape of all blocks of a run.
    #[must_use]
    pub fn new(scenario: &Scenario, settings: &Settings) -> Self {
        Self {
            strategies: settings.strategies.len(),
            columns: columns(&scenario.world).len(),
            goals: scenario.world.goals.len(),
            months: scenario.world.horizon_months as usize,
        }
    }

    /// The block that these bytes were made of, if it has this shape and so many replications.
    #[must_use]
    pub fn decode(&self, bytes: &[u8], replications: usize) -> Option<Block> {
        let mut source = Source { bytes, replications };
        let strategies = (0..self.strategies).map(|_| self.strategy(&mut source)).collect::<Option<_>>()?;
        let counts = |_| source.counts(self.months + 1);
        let break_even = pairs(self.strategies).map(counts).collect::<Option<_>>()?;
        source.bytes.is_empty().then_some(Block { strategies, break_even })
    }

    fn strategy(&self, source: &mut Source<'_>) -> Option<StrategyBlock> {
        let events = u64::from_le_bytes(source.take()?);
        if events > MOST_EVENTS.saturating_mul(source.replications as u64) {
            return None;
        }
        // In the order in which they were written.
        Some(StrategyBlock {
            replications: source.replications,
            responses: source.columns(self.columns)?,
            response_tallies: source.tallies(self.columns)?,
            series: source.series(self.months)?,
            series_tallies: source.tallies(MEASURES.len() * self.months)?,
            phases: source.columns(2 * PHASES.len())?,
            goal_counts: source.counts(2 * self.goals * self.months)?,
            cost_tallies: source.tallies(Kind::ALL.len() * self.months)?,
            events,
        })
    }
}

impl Block {
    /// The bytes of the block; [`Shape::decode`] gives it back.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for strategy in &self.strategies {
            bytes.extend(strategy.events.to_le_bytes());
            numbers(&mut bytes, &strategy.responses);
            tallies(&mut bytes, &strategy.response_tallies);
            series(&mut bytes, &strategy.series, strategy.replications);
            tallies(&mut bytes, &strategy.series_tallies);
            numbers(&mut bytes, &strategy.phases);
            counts(&mut bytes, &strategy.goal_counts);
            tallies(&mut bytes, &strategy.cost_tallies);
        }
        self.break_even.iter().for_each(|months| counts(&mut bytes, months));
        bytes
    }
}

fn numbers(bytes: &mut Vec<u8>, values: &[f64]) {
    bytes.extend(values.iter().flat_map(|value| value.to_bits().to_le_bytes()));
}

fn counts(bytes: &mut Vec<u8>, counts: &[u32]) {
    bytes.extend(counts.iter().flat_map(|count| count.to_le_bytes()));
}

fn tallies(bytes: &mut Vec<u8>, tallies: &[Tally]) {
    bytes.extend(tallies.iter().flat_map(Tally::to_bits).flat_map(u64::to_le_bytes));
}

/// Month-end values: those of measures that are whole as the least of them and what the others are above it.
fn series(bytes: &mut Vec<u8>, series: &[f64], replications: usize) {
    let months = series.len() / replications / MEASURES.len();
    for (position, values) in series.chunks(replications).enumerate() {
        if is_whole(position / months) {
            whole(bytes, values);
        } else {
            numbers(bytes, values);
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole measures count people")]
fn whole(bytes: &mut Vec<u8>, values: &[f64]) {
    let of = |value: f64| value as u32;
    let (least, most) =
        values.iter().fold((u32::MAX, 0), |(least, most), &value| (least.min(of(value)), most.max(of(value))));
    let width = (0..4).find(|width| (most - least) >> (8 * width) == 0).unwrap_or(4);
    bytes.extend(least.to_le_bytes());
    bytes.push(width as u8);
    for &value in values {
        bytes.extend(&(of(value) - least).to_le_bytes()[..width]);
    }
}

/// Bytes of a block that are read from the front; none wherever they cannot be what was written.
struct Source<'b> {
    bytes: &'b [u8],
    replications: usize,
}

impl<'b> Source<'b> {
    fn cut(&mut self, length: usize) -> Option<&'b [u8]> {
        let (cut, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(cut)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.cut(N)?.try_into().ok()
    }

    fn words<const N: usize>(&mut self, count: usize) -> Option<impl Iterator<Item = [u8; N]> + use<'b, N>> {
        let (words, _) = self.cut(count.checked_mul(N)?)?.as_chunks::<N>();
        Some(words.iter().copied())
    }

    fn columns(&mut self, columns: usize) -> Option<Vec<f64>> {
        let words = self.words(columns.checked_mul(self.replications)?)?;
        Some(words.map(|word| f64::from_bits(u64::from_le_bytes(word))).collect())
    }

    /// Counts of replications.
    fn counts(&mut self, count: usize) -> Option<Vec<u32>> {
        let counts: Vec<u32> = self.words(count)?.map(u32::from_le_bytes).collect();
        counts.iter().all(|&count| count as usize <= self.replications).then_some(counts)
    }

    fn tallies(&mut self, count: usize) -> Option<Vec<Tally>> {
        let mut words = self.words(count.checked_mul(7)?)?.map(u64::from_le_bytes);
        let mut tally = || {
            let mut bits = [0; 7];
            bits.iter_mut().zip(&mut words).for_each(|(bits, word)| *bits = word);
            Tally::from_bits(bits, self.replications as u64)
        };
        (0..count).map(|_| tally()).collect()
    }

    fn series(&mut self, months: usize) -> Option<Vec<f64>> {
        let mut series = Vec::new();
        for position in 0..MEASURES.len() * months {
            if is_whole(position / months) {
                self.whole(&mut series)?;
            } else {
                series.extend(self.columns(1)?);
            }
        }
        Some(series)
    }

    fn whole(&mut self, series: &mut Vec<f64>) -> Option<()> {
        let least = u32::from_le_bytes(self.take()?);
        let [width] = self.take()?;
        let width = usize::from(width);
        if width > 4 || least > LARGEST_WHOLE {
            return None;
        }
        for _ in 0..self.replications {
            let mut above = [0; 4];
            above[..width].copy_from_slice(self.cut(width)?);
            let value = least.checked_add(u32::from_le_bytes(above)).filter(|&value| value <= LARGEST_WHOLE)?;
            series.push(f64::from(value));
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::super::Worker;
    use super::*;

    fn study() -> (Scenario, Settings) {
        let goals = (0..3).map(|goal| format!("goal.{goal}.by_month=14"));
        let smaller: Vec<String> = goals.chain(["horizon_months=14".to_owned()]).collect();
        let text = include_str!("../../scenarios/sixty_engineers.toml");
        let scenario = Scenario::parse(text, &smaller).expect("the scenario is good");
        let settings = Settings { seed: 3, replications: 40, strategies: vec![0, 1], independent: false };
        (scenario, settings)
    }

    fn block(replications: u32) -> (Shape, Block) {
        let (scenario, settings) = study();
        let block = Worker::new(&scenario, &settings).compute(0..replications, &AtomicBool::new(false));
        (Shape::new(&scenario, &settings), block.expect("nobody stops it"))
    }

    #[test]
    fn a_block_comes_back_to_the_bit() {
        for replications in [1, 2, 40] {
            let (shape, block) = block(replications);
            let bytes = block.encode();
            let back = shape.decode(&bytes, replications as usize).expect("it is a block of this shape");
            // NaN is no value that equals itself, its bits do.
            assert!(back.encode() == bytes);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            for (one, other) in back.strategies.iter().zip(&block.strategies) {
                assert!(bits(&one.series) == bits(&other.series) && bits(&one.responses) == bits(&other.responses));
                assert!(bits(&one.phases) == bits(&other.phases) && one.cost_tallies == other.cost_tallies);
                assert!(one.goal_counts == other.goal_counts && one.events == other.events);
            }
            assert_eq!(back.break_even, block.break_even);
        }
    }

    #[test]
    fn bytes_that_are_no_such_block_are_refused() {
        let (shape, block) = block(8);
        let bytes = block.encode();
        assert!(shape.decode(&bytes, 7).is_none() && shape.decode(&bytes, 9).is_none());
        assert!(shape.decode(&bytes[..bytes.len() - 1], 8).is_none() && shape.decode(&[], 8).is_none());
        assert!(shape.decode(&[&bytes[..], &[0]].concat(), 8).is_none());
        assert!((Shape { months: 13, ..shape }).decode(&bytes, 8).is_none());
        assert!((Shape { strategies: 1, ..shape }).decode(&bytes, 8).is_none());
    }

    #[test]
    fn whole_numbers_take_the_bytes_that_their_range_needs() {
        let length = |values: &[f64]| {
            let mut bytes = Vec::new();
            whole(&mut bytes, values);
            let mut source = Source { bytes: &bytes, replications: values.len() };
            let mut back = Vec::new();
            source.whole(&mut back).expect("they were written so");
            assert_eq!(back, values);
            bytes.len() - 5
        };
        assert_eq!(length(&[7.0, 7.0, 7.0]), 0);
        assert_eq!(length(&[1000.0, 1255.0]), 2);
        assert_eq!(length(&[1000.0, 1256.0]), 4);
        assert_eq!(length(&[0.0, 70_000.0]), 6);
        assert_eq!(length(&[0.0, 16_777_216.0]), 8);
    }

    #[test]
    fn no_bytes_make_it_panic_or_take_much_memory() {
        let (shape, block) = block(8);
        let bytes = block.encode();
        // Each byte in turn, in three ways: most give other numbers, some no block at all.
        let mut refused = 0;
        for at in (0..bytes.len()).step_by(7) {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                refused += usize::from(shape.decode(&changed, 8).is_none());
            }
        }
        assert!(refused > 1000, "{refused}");
    }
}
