//! How large a run is, before it is begun: how long it takes, and how much memory and disk.
//!
//! A scenario alone does not tell how much happens in it, so some replications are looked at, and no more of them than a
//! second's worth: how much happened is counted, not timed, so that the same scenario has the same size on every machine. Each
//! formula has its home here; `docs/reproducibility.md` says how good they are.

use std::cell::Cell;

use crate::engine::Time;
use crate::model::{Fact, Observer, Simulation, Team};
use crate::money::Kind;
use crate::response::{MEASURES, PHASES, columns};
use crate::scenario::Scenario;
use crate::world::{DAYS_PER_MONTH, World};

use super::block::{BLOCK_REPLICATIONS, is_whole};
use super::{EXACT_AT_MOST, Settings, blocks_of};

/// Replications that are looked at, of each of so many strategies at most.
const REPLICATIONS: u32 = 8;
const STRATEGIES: usize = 32;
/// Events and facts after which a replication has been looked at long enough, and all of them together have.
const STEPS_OF_ONE: u64 = 1_000_000;
const STEPS_OF_ALL: u64 = 2_000_000;

/// Seconds for an event or fact, and for a month end with its measures: of `ramp100` and the like on one thread, all that
/// comes after the simulation included (`benches/README.md`).
const SECONDS_PER_STEP: f64 = 50e-9;
const SECONDS_PER_MONTH: f64 = 200e-9;
/// Bytes of a team with which an event takes twice as long as with a small one, since it is no longer near the processor; and
/// how many times as long it takes at most.
const CACHE_BYTES: f64 = 32e6;
const SLOWER_AT_MOST: f64 = 10.0;

/// Bytes of the program itself, its fonts and what a chart takes while it is drawn.
const PROGRAM_BYTES: f64 = 30e6;
/// Bytes for somebody who is there or an open requisition, in each strategy that a thread simulates.
const PLACE_BYTES: f64 = 500.0;
/// Bytes for a role of an organisation, and for the length of a stage of one, in each strategy that a thread simulates.
const BOOK_BYTES: f64 = 64.0;
const LENGTH_BYTES: f64 = 64.0;
/// Bytes that count a number in a long run, of a month-end measure or a response: some octaves of 8 kB each; and those that
/// count the difference of two strategies, which may be small or large, of either sign.
const SKETCH_BYTES: f64 = 64e3;
const DIFFERENCE_BYTES: f64 = 256e3;
/// Bytes that tell where a block is kept.
const PLACE_OF_BLOCK_BYTES: f64 = 160.0;
/// Copies of a response that each thread sorts at a time.
const SORTED_COPIES: f64 = 2.0;
/// Bytes of a block's moments of one column.
const TALLY_BYTES: f64 = 56.0;
/// Bytes of a row of a comparison or of a month in memory; that of a value as text.
const ROW_BYTES: f64 = 300.0;
const TEXT_BYTES: f64 = 8.0;
const BYTES: f64 = 8.0;

/// How large a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Replications of each strategy.
    pub replications: u32,
    /// Strategies.
    pub strategies: usize,
    /// Events of a replication, of all strategies together.
    pub events: f64,
    /// The same with the facts that they bring about.
    steps: f64,
    /// Seconds that all of it takes on one thread.
    pub seconds: f64,
    /// Bytes that the run keeps, whatever the number of threads.
    kept_bytes: f64,
    /// Bytes that each thread needs besides.
    thread_bytes: f64,
    /// Bytes on disk while the run is under way, results included.
    pub disk_bytes: f64,
    /// Bytes of the results alone.
    pub result_bytes: f64,
    /// Bytes of blocks that hold responses alone.
    pub response_bytes: f64,
}

impl Size {
    /// The size of a run.
    #[must_use]
    pub fn of(scenario: &Scenario, settings: &Settings) -> Self {
        let looked = Looked::at(scenario, settings);
        let widths = Widths::of(scenario, settings);
        let replications = f64::from(settings.replications);
        let months = f64::from(scenario.world.horizon_months);
        let slower = 1.0 + looked.places / widths.strategies * PLACE_BYTES / CACHE_BYTES;
        let seconds =
            looked.steps * SECONDS_PER_STEP * slower.min(SLOWER_AT_MOST) + widths.strategies * months * SECONDS_PER_MONTH;
        Self {
            replications: settings.replications,
            strategies: settings.strategies.len(),
            events: looked.events,
            steps: looked.steps,
            seconds: replications * seconds,
            kept_bytes: PROGRAM_BYTES + widths.kept_bytes(settings.replications) + widths.reported_bytes(),
            thread_bytes: SORTED_COPIES * f64::from(settings.replications.min(EXACT_AT_MOST)) * BYTES
                + looked.places * PLACE_BYTES
                + widths.worker_bytes(&scenario.world, settings.replications),
            disk_bytes: widths.block_bytes_of(settings.replications) + widths.result_bytes(settings.replications),
            result_bytes: widths.result_bytes(settings.replications),
            response_bytes: replications * widths.strategies * widths.columns * BYTES,
        }
    }

    /// The size of a part of the run that leaves blocks only, and keeps nothing in memory, as a shard does.
    #[must_use]
    pub fn of_blocks(self) -> Self {
        Self { kept_bytes: PROGRAM_BYTES, ..self }
    }

    /// Bytes of memory that one replication takes when it is traced.
    #[must_use]
    pub fn trace_bytes(&self) -> f64 {
        PROGRAM_BYTES + self.thread_bytes + self.steps * ROW_BYTES
    }

    /// Bytes of memory on so many threads.
    #[must_use]
    pub fn memory_bytes(&self, threads: usize) -> f64 {
        self.kept_bytes + threads as f64 * self.thread_bytes
    }
}

/// How many numbers a replication gives.
struct Widths {
    strategies: f64,
    columns: f64,
    months: f64,
    any: f64,
    whole: f64,
    goals: f64,
}

impl Widths {
    fn of(scenario: &Scenario, settings: &Settings) -> Self {
        let whole = (0..MEASURES.len()).filter(|&measure| is_whole(measure)).count();
        Self {
            strategies: settings.strategies.len() as f64,
            columns: columns(&scenario.world).len() as f64,
            months: f64::from(scenario.world.horizon_months),
            any: (MEASURES.len() - whole) as f64,
            whole: whole as f64,
            goals: scenario.world.goals.len() as f64,
        }
    }

    /// Bytes that a run of so many replications keeps for the quantiles of all strategies.
    fn kept_bytes(&self, replications: u32) -> f64 {
        let is_long = replications > EXACT_AT_MOST;
        let of_number = if is_long { SKETCH_BYTES } else { f64::from(replications) * BYTES };
        let of_differences = if is_long { self.pairs() / 2.0 * self.columns * DIFFERENCE_BYTES } else { 0.0 };
        let of_blocks = f64::from(blocks_of(replications)) * PLACE_OF_BLOCK_BYTES;
        let numbers = self.strategies * (self.columns + 2.0 * PHASES.len() as f64 + self.months * self.any);
        numbers * of_number + of_differences + of_blocks
    }

    /// Bytes of a replication of all strategies on disk.
    fn block_bytes(&self) -> f64 {
        let numbers = self.columns + 2.0 * PHASES.len() as f64 + self.months * self.any;
        self.strategies * (BYTES * numbers + self.months * self.whole)
    }

    /// Ordered pairs of strategies.
    fn pairs(&self) -> f64 {
        self.strategies * (self.strategies - 1.0)
    }

    /// Bytes of all rows that are reported but the replications.
    fn reported_bytes(&self) -> f64 {
        let rows = self.pairs() * (self.columns + self.months)
            + self.strategies * (6.0 * self.columns + self.months * (MEASURES.len() + Kind::ALL.len()) as f64)
            + self.strategies * self.goals * self.months;
        rows * ROW_BYTES
    }

    /// Bytes of the moments in a block, and of what it counts.
    fn moment_bytes(&self) -> f64 {
        let moments = self.columns + self.months * (MEASURES.len() + Kind::ALL.len()) as f64;
        self.strategies * (moments * TALLY_BYTES + 2.0 * self.goals * self.months * 4.0) + self.pairs() * self.months * 4.0
    }

    /// Bytes of what a thread computes with, the team aside: blocks that it computes or that wait, and tables of the scenario.
    fn worker_bytes(&self, world: &World, replications: u32) -> f64 {
        let rows = f64::from(replications.min(BLOCK_REPLICATIONS));
        let values = self.columns + 2.0 * PHASES.len() as f64 + self.months * MEASURES.len() as f64;
        let block = self.strategies * rows * values * BYTES + self.moment_bytes();
        let costs = rows * self.months * Kind::ALL.len() as f64 * BYTES;
        let books = (world.roles.len() * world.organisations.len()) as f64;
        let stages = world.organisations.iter().filter_map(|organisation| organisation.hiring.as_ref());
        let stages = stages.map(|hiring| hiring.stages.len()).max().unwrap_or(0) as f64;
        let tables = books * (BOOK_BYTES + stages * LENGTH_BYTES) + self.months * books * BYTES;
        // Two wait for each that is computed.
        3.0 * block + costs + self.strategies * tables
    }

    /// Bytes of the blocks that are kept while a run is under way.
    fn block_bytes_of(&self, replications: u32) -> f64 {
        f64::from(blocks_of(replications)) * self.moment_bytes() + f64::from(replications) * self.block_bytes()
    }

    /// Bytes of the results on disk.
    fn result_bytes(&self, replications: u32) -> f64 {
        f64::from(replications) * self.strategies * self.columns * TEXT_BYTES + self.reported_bytes()
    }
}

/// What some replications showed, for all strategies together.
#[derive(Debug, Default)]
struct Looked {
    /// Events of a replication.
    events: f64,
    /// Events and facts of a replication.
    steps: f64,
    /// Most people and open requisitions at once.
    places: f64,
}

impl Looked {
    fn at(scenario: &Scenario, settings: &Settings) -> Self {
        let horizon = f64::from(scenario.world.horizon_months) * DAYS_PER_MONTH;
        let mut looked = Self::default();
        let (mut left, mut strategies) = (STEPS_OF_ALL, 0.0);
        // Every so many of many strategies, so that those that are looked at are of all kinds.
        let stride = settings.strategies.len().div_ceil(STRATEGIES).max(1);
        for &strategy in settings.strategies.iter().step_by(stride) {
            let strategy = &scenario.strategies[strategy];
            let mut simulation = Simulation::new(&scenario.world, strategy, settings.seed_of(strategy));
            let mut scout = Scout::default();
            let (mut events, mut steps, mut places) = (0.0, 0.0, 0_u64);
            let mut replications = 0;
            for replication in 0..REPLICATIONS {
                simulation.replicate(replication, &mut scout);
                let [one_events, one_steps] = scout.of_all(horizon);
                events += one_events;
                steps += one_steps;
                places = places.max(scout.places);
                replications += 1;
                left = left.saturating_sub(scout.steps());
                if left == 0 {
                    break;
                }
            }
            looked.events += events / f64::from(replications);
            looked.steps += steps / f64::from(replications);
            looked.places += places as f64;
            strategies += 1.0;
            if left == 0 {
                break;
            }
        }
        let share = settings.strategies.len() as f64 / f64::max(strategies, 1.0);
        Self { events: looked.events * share, steps: looked.steps * share, places: looked.places * share }
    }
}

/// Counts what happens in a replication, until it is enough.
#[derive(Debug, Default)]
struct Scout {
    events: Cell<u64>,
    facts: u64,
    /// What had happened when the first event was due: a beginning that is not repeated.
    opening: Cell<Option<u64>>,
    places: u64,
    day: f64,
}

impl Scout {
    fn steps(&self) -> u64 {
        self.events.get() + self.facts
    }

    /// Events, and events and facts, of a whole replication, by the part of it that was seen.
    fn of_all(&self, horizon: f64) -> [f64; 2] {
        let opening = self.opening.get().unwrap_or(0) as f64;
        // One that does not get beyond its first day would go on like that, for all that is known.
        let times = (horizon / self.day.max(1.0)).max(1.0);
        let (events, steps) = (self.events.get() as f64, self.steps() as f64);
        [events * times, opening + (steps - opening) * times]
    }
}

impl Observer for Scout {
    fn start(&mut self, _replication: u32) {
        *self = Self { places: self.places, ..Self::default() };
    }

    fn held(&mut self, _team: &Team, _from: Time, _until: Time) {}

    fn passed(&mut self, team: &Team, _from: Time, until: Time) {
        self.places = self.places.max(u64::from(team.headcount()) + u64::from(team.open_requisitions()));
        self.day = until.days();
    }

    fn happened(&mut self, _fact: Fact, _team: &Team, _now: Time) {
        self.facts += 1;
    }

    fn month_ended(&mut self, _month: u32, _team: &Team, _now: Time) {}

    fn is_enough(&self) -> bool {
        let opening = self.opening.get().unwrap_or(self.facts);
        self.opening.set(Some(opening));
        self.events.set(self.events.get() + 1);
        self.steps() - opening > STEPS_OF_ONE
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::super::{Block, BlockKey, Worker, sealed};
    use super::*;

    fn size(text: &str, sets: &[&str], replications: u32) -> (Size, Scenario, Settings) {
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        let scenario = Scenario::parse(text, &sets).expect("the scenario is good");
        let strategies = (0..scenario.strategies.len()).collect();
        let settings = Settings { seed: scenario.seed, replications, strategies, independent: false };
        (Size::of(&scenario, &settings), scenario, settings)
    }

    const RAMP: &str = include_str!("../../scenarios/ramp100.toml");
    const SIXTY: &str = include_str!("../../scenarios/sixty_engineers.toml");

    #[test]
    fn events_and_blocks_are_what_they_turn_out_to_be() {
        for text in [RAMP, SIXTY] {
            let (size, scenario, settings) = size(text, &[], 64);
            let block = |&strategy: &usize| {
                let block = Worker::new(&scenario, strategy, scenario.seed).compute(0..64, &AtomicBool::new(false));
                block.expect("nobody stops it")
            };
            let blocks: Vec<Block> = settings.strategies.iter().map(block).collect();
            let events: u64 = blocks.iter().map(|block| block.events).sum();
            let times = size.events * 64.0 / events as f64;
            assert!((0.8..1.25).contains(&times), "{times}");
            let key = |strategy| BlockKey { identity: scenario.identity(strategy), seed: 1, replications: 0..64 };
            let bytes: usize = blocks.iter().enumerate().map(|(at, block)| sealed(&key(at), block).len()).sum();
            let results =
                64.0 * size.strategies as f64 * 46.0 * TEXT_BYTES + Widths::of(&scenario, &settings).reported_bytes();
            let times = (size.disk_bytes - results) / bytes as f64;
            assert!((0.7..1.5).contains(&times), "{times}");
        }
    }

    #[test]
    fn the_size_grows_with_what_is_asked_for() {
        let (plain, ..) = size(RAMP, &[], 1000);
        let (more, ..) = size(RAMP, &[], 10_000);
        assert!((more.seconds / plain.seconds - 10.0).abs() < 1e-6 && more.disk_bytes > 5.0 * plain.disk_bytes);
        let (longer, ..) = size(RAMP, &["horizon_months=120"], 1000);
        assert!(longer.seconds > 1.2 * plain.seconds && longer.memory_bytes(1) > plain.memory_bytes(1));
        let (larger, ..) = size(RAMP, &["demand.engineer=10000"], 1000);
        assert!(larger.memory_bytes(1) > plain.memory_bytes(1) + 1e6);
        assert!(plain.memory_bytes(8) > plain.memory_bytes(1));
    }

    #[test]
    fn what_never_ends_is_seen_to_be_large_without_being_waited_for() {
        // Candidates who fail in no time: a hundred thousand tries for each who joins.
        let stages = "[{ name = 'a', takes_days = 0, pass = 0.00001 }]";
        let (endless, ..) = size(RAMP, &[&format!("organisation.builder.hiring.stages={stages}")], 1000);
        assert!(endless.seconds > 3600.0, "{endless:?}");
    }
}
