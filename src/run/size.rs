//! Estimates the size of a run before it starts: how much happens in it, and how much memory and disk it takes.
//!
//! A scenario alone does not show how much happens in it. So a few replications are simulated, with all observers of a
//! run. Events are counted, not timed: a caller with a clock divides the time that [`Size::of`] took by
//! [`Size::probed_steps`]. `docs/reproducibility.md` says how good the estimates are.

use std::cell::Cell;

use crate::engine::Time;
use crate::model::{Fact, Observer, Simulation, Team, highest_shock};
use crate::money::Kind;
use crate::response::{PHASES, Responses, SeriesId, columns};
use crate::scenario::Scenario;
use crate::stats::Tally;
use crate::world::{DAYS_PER_MONTH, HEADCOUNT_AT_MOST, World};

use super::block::BLOCK_REPLICATIONS;
use super::{EXACT_AT_MOST, Settings, blocks_of};

/// Replications simulated of each strategy, and strategies at most.
const REPLICATIONS: u32 = 8;
const STRATEGIES: usize = 32;
/// Events and facts after which one replication is cut short, and after which no more are simulated.
const STEPS_OF_ONE: u64 = 1_000_000;
const STEPS_OF_ALL: u64 = 2_000_000;

/// Replications whose shocks to demand are looked at.
const SHOCKED: u32 = 20_000;
/// Most people and open requisitions of a strategy: as many again may be leaving as stay.
const MOST_PLACES: f64 = 2.0 * HEADCOUNT_AT_MOST as f64;

/// Bytes of the program, its fonts and a chart that is being drawn.
const PROGRAM_BYTES: f64 = 30e6;
/// Bytes for each person and open requisition, in each strategy that a thread simulates. Records take 500 of them; memory
/// that grows by doubling, events to come and people who have left take the rest. Measured: 1,375 for a team of a million.
const PLACE_BYTES: f64 = 1400.0;
/// Bytes for a role of an organisation and for each stage of its hiring, in each strategy that a thread simulates.
const CELL_BYTES: f64 = 64.0;
/// Bytes of the counts of a number in a long run: some octaves of 8 kB each. For the difference of two strategies,
/// which may be small or large and of either sign.
const SKETCH_BYTES: f64 = 64e3;
const DIFFERENCE_BYTES: f64 = 256e3;
/// Bytes for each response of a strategy at a design point, in memory and in result files.
const POINT_BYTES: f64 = 1200.0;
const POINT_TEXT_BYTES: f64 = 460.0;
/// Bytes of a result row in memory, of a number as text, and of a number.
const ROW_BYTES: f64 = 300.0;
const TEXT_BYTES: f64 = 8.0;
const BYTES: f64 = size_of::<f64>() as f64;
/// Bytes of the moments of one column in a block, and of the position of a block.
const TALLY_BYTES: f64 = size_of::<Tally>() as f64;
const PLACE_OF_BLOCK_BYTES: f64 = 160.0;

/// The size of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Replications of each strategy.
    pub replications: u32,
    /// Strategies.
    pub strategies: usize,
    /// Events of a replication, of all strategies together.
    pub events: f64,
    /// Events and facts of a replication, of all strategies together.
    steps: f64,
    /// Events and facts that were simulated for the estimate.
    pub probed_steps: f64,
    /// Bytes that the run keeps, whatever the number of threads.
    kept_bytes: f64,
    /// Further bytes for each thread.
    thread_bytes: f64,
    /// Bytes on disk during the run, including results.
    pub disk_bytes: f64,
    /// Bytes of the results alone.
    pub result_bytes: f64,
    /// Bytes of blocks that hold responses alone.
    pub response_bytes: f64,
    /// Bytes that a sweep keeps for a design point, in memory and in its result files.
    pub point_bytes: [f64; 2],
}

impl Size {
    /// Returns the estimates the size of a run.
    #[must_use]
    pub fn of(scenario: &Scenario, settings: &Settings) -> Self {
        let probed = ProbeResult::new(scenario, settings);
        let widths = Widths::of(scenario, settings);
        let replications = f64::from(settings.replications);
        Self {
            replications: settings.replications,
            strategies: settings.strategies.len(),
            events: probed.events,
            steps: probed.steps,
            probed_steps: probed.simulated as f64,
            kept_bytes: PROGRAM_BYTES + widths.kept_bytes(settings.replications) + widths.reported_bytes(),
            // Two copies of a response are sorted at a time.
            thread_bytes: 2.0 * f64::from(settings.replications.min(EXACT_AT_MOST)) * BYTES
                + probed.places * PLACE_BYTES
                + widths.worker_bytes(&scenario.world, settings.replications),
            disk_bytes: widths.block_bytes_of(settings.replications) + widths.result_bytes(settings.replications),
            result_bytes: widths.result_bytes(settings.replications),
            response_bytes: replications * widths.strategies * widths.columns * BYTES,
            point_bytes: [POINT_BYTES, POINT_TEXT_BYTES].map(|bytes| bytes * widths.strategies * widths.columns),
        }
    }

    /// Returns the size of a part of the run that only saves blocks and keeps nothing in memory, as a shard does.
    #[must_use]
    pub fn of_blocks(self) -> Self {
        Self { kept_bytes: PROGRAM_BYTES, ..self }
    }

    /// Returns the events and facts of the whole run.
    #[must_use]
    pub fn all_steps(&self) -> f64 {
        f64::from(self.replications) * self.steps
    }

    /// Returns the bytes of memory that one replication takes when it is traced.
    #[must_use]
    pub fn trace_bytes(&self) -> f64 {
        PROGRAM_BYTES + self.thread_bytes + self.steps * ROW_BYTES
    }

    /// Returns the bytes of memory on this number of threads.
    #[must_use]
    pub fn memory_bytes(&self, threads: usize) -> f64 {
        self.kept_bytes + threads as f64 * self.thread_bytes
    }
}

/// How many numbers a replication has.
struct Widths {
    strategies: f64,
    columns: f64,
    months: f64,
    any: f64,
    whole: f64,
    goals: f64,
    /// How often month-end values are counted in a long run.
    givens: f64,
}

impl Widths {
    fn of(scenario: &Scenario, settings: &Settings) -> Self {
        let series = SeriesId::all(scenario.world.roles.len());
        let whole = series.clone().filter(|series| series.is_whole()).count();
        Self {
            strategies: settings.strategies.len() as f64,
            columns: columns(&scenario.world).len() as f64,
            months: f64::from(scenario.world.horizon_months),
            any: (series.count() - whole) as f64,
            whole: whole as f64,
            goals: scenario.world.goals.len() as f64,
            givens: 1.0 + f64::from(u8::from(scenario.strategies.iter().any(|strategy| scenario.world.may_end(strategy)))),
        }
    }

    /// Returns the bytes that a run of this many replications keeps for the quantiles of all strategies.
    fn kept_bytes(&self, replications: u32) -> f64 {
        let is_long = replications > EXACT_AT_MOST;
        let of_number = if is_long { SKETCH_BYTES } else { f64::from(replications) * BYTES };
        let of_differences = if is_long { self.pairs() / 2.0 * self.columns * DIFFERENCE_BYTES } else { 0.0 };
        let of_blocks = f64::from(blocks_of(replications)) * PLACE_OF_BLOCK_BYTES;
        let givens = if is_long { self.givens } else { 1.0 };
        let numbers = self.strategies * (self.columns + 2.0 * PHASES.len() as f64 + givens * self.months * self.any);
        numbers * of_number + of_differences + of_blocks
    }

    /// Returns the bytes on disk of a replication of all strategies.
    fn block_bytes(&self) -> f64 {
        let numbers = self.columns + 2.0 * PHASES.len() as f64 + self.months * self.any;
        self.strategies * (BYTES * numbers + self.months * self.whole)
    }

    /// Returns the ordered pairs of strategies.
    fn pairs(&self) -> f64 {
        self.strategies * (self.strategies - 1.0)
    }

    /// Returns the bytes of all reported rows except the replications.
    fn reported_bytes(&self) -> f64 {
        let rows = self.pairs() * (self.columns + self.months)
            + self.strategies * (6.0 * self.columns + self.months * (self.any + self.whole + Kind::ALL.len() as f64))
            + self.strategies * self.goals * self.months;
        rows * ROW_BYTES
    }

    /// Returns the bytes of moments and counts in a block.
    fn moment_bytes(&self) -> f64 {
        let moments = self.columns + self.months * (self.any + self.whole + Kind::ALL.len() as f64);
        self.strategies * (moments * TALLY_BYTES + 2.0 * self.goals * self.months * 4.0) + self.pairs() * self.months * 4.0
    }

    /// Returns the bytes that a thread computes with, except the team: blocks in work or waiting, and tables of the
    /// scenario.
    fn worker_bytes(&self, world: &World, replications: u32) -> f64 {
        let rows = f64::from(replications.min(BLOCK_REPLICATIONS));
        let values = self.columns + 2.0 * PHASES.len() as f64 + self.months * (self.any + self.whole);
        let block = self.strategies * rows * values * BYTES + self.moment_bytes();
        let costs = rows * self.months * Kind::ALL.len() as f64 * BYTES;
        let books = (world.roles.len() * world.organisations.len()) as f64;
        let stages = world.organisations.iter().filter_map(|organisation| organisation.hiring.as_ref());
        let stages = stages.map(|hiring| hiring.stages.len()).max().unwrap_or(0) as f64;
        let tables = books * ((1.0 + stages) * CELL_BYTES + self.months * BYTES);
        // Two wait for each one that is computed.
        3.0 * block + costs + self.strategies * tables
    }

    /// Returns the bytes of the blocks that are kept during a run.
    fn block_bytes_of(&self, replications: u32) -> f64 {
        f64::from(blocks_of(replications)) * self.moment_bytes() + f64::from(replications) * self.block_bytes()
    }

    /// Returns the bytes of the results on disk.
    fn result_bytes(&self, replications: u32) -> f64 {
        f64::from(replications) * self.strategies * self.columns * TEXT_BYTES + self.reported_bytes()
    }
}

/// Measurements of a few replications, for all strategies together.
#[derive(Debug, Default)]
struct ProbeResult {
    /// Events of a replication.
    events: f64,
    /// Events and facts of a replication.
    steps: f64,
    /// Most people and open requisitions at once.
    places: f64,
    /// Events and facts that were simulated.
    simulated: u64,
    /// The highest shock to demand under the latest seed. Strategies usually share one.
    shock: Option<(u64, f64)>,
}

impl ProbeResult {
    fn new(scenario: &Scenario, settings: &Settings) -> Self {
        let mut probed = Self::default();
        let mut strategies = 0.0;
        // Spread over the list, to include strategies of all kinds.
        let stride = settings.strategies.len().div_ceil(STRATEGIES).max(1);
        for &strategy in settings.strategies.iter().step_by(stride) {
            probed.add(scenario, strategy, settings);
            strategies += 1.0;
            if probed.simulated >= STEPS_OF_ALL {
                break;
            }
        }
        let share = settings.strategies.len() as f64 / f64::max(strategies, 1.0);
        Self { events: probed.events * share, steps: probed.steps * share, places: probed.places * share, ..probed }
    }

    /// Returns the highest shock under a seed, which is computed unless it is that of the strategy before.
    fn highest_shock(&mut self, seed: u64, compute: impl FnOnce() -> f64) -> f64 {
        let known = self.shock.filter(|&(known, _)| known == seed);
        let (_, shock) = *self.shock.insert(known.unwrap_or_else(|| (seed, compute())));
        shock
    }

    fn add(&mut self, scenario: &Scenario, strategy: usize, settings: &Settings) {
        let horizon = f64::from(scenario.world.horizon_months) * DAYS_PER_MONTH;
        let strategy = &scenario.strategies[strategy];
        let seed = settings.seed_of(strategy);
        let mut simulation = Simulation::new(&scenario.world, strategy, seed);
        let mut probe = Probe::new(Responses::new(&scenario.world, strategy, seed));
        let (mut events, mut steps, mut simulated) = (0.0, 0.0, 0);
        for replication in 0..REPLICATIONS {
            simulation.replicate(replication, &mut probe);
            let [of_one, steps_of_one] = probe.of_all(horizon);
            events += of_one;
            steps += steps_of_one;
            simulated += 1;
            self.simulated += probe.steps();
            if self.simulated >= STEPS_OF_ALL {
                break;
            }
        }
        self.events += events / f64::from(simulated);
        self.steps += steps / f64::from(simulated);
        // The largest team may not be among the few replications that were simulated. The shocks of all say how large it is.
        let highest = |replications| highest_shock(&scenario.world, seed, replications);
        let times = self.highest_shock(seed, || highest(settings.replications.min(SHOCKED))) / highest(simulated);
        self.places += (probe.places as f64 * times.max(1.0)).min(MOST_PLACES);
    }
}

/// Counts what happens in a replication while the responses observe it, and cuts it short when it has seen enough.
#[derive(Debug)]
struct Probe {
    responses: Responses,
    events: Cell<u64>,
    facts: u64,
    /// Facts before the first event: a start that does not repeat.
    opening: Cell<Option<u64>>,
    places: u64,
    day: f64,
}

impl Probe {
    fn new(responses: Responses) -> Self {
        Self { responses, events: Cell::new(0), facts: 0, opening: Cell::new(None), places: 0, day: 0.0 }
    }

    fn steps(&self) -> u64 {
        self.events.get() + self.facts
    }

    /// Returns the events, and the events and facts, of a whole replication, extrapolated from the simulated part.
    fn of_all(&self, horizon: f64) -> [f64; 2] {
        let opening = self.opening.get().unwrap_or(0) as f64;
        // A replication that does not get past its first day is extrapolated from it.
        let times = (horizon / self.day.max(1.0)).max(1.0);
        let (events, steps) = (self.events.get() as f64, self.steps() as f64);
        [events * times, opening + (steps - opening) * times]
    }
}

impl Observer for Probe {
    fn start(&mut self, replication: u32) {
        self.events.set(0);
        self.opening.set(None);
        (self.facts, self.day) = (0, 0.0);
        self.responses.start(replication);
    }

    fn measured_interval(&mut self, team: &Team, from: Time, until: Time) {
        self.responses.measured_interval(team, from, until);
    }

    fn state_interval(&mut self, team: &Team, from: Time, until: Time) {
        self.day = until.days();
        self.responses.state_interval(team, from, until);
    }

    fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        self.facts += 1;
        // Also in the middle of an instant: there may be no end of it before the replication is cut short.
        self.places = self.places.max(u64::from(team.headcount()) + u64::from(team.open_requisitions()));
        self.responses.happened(fact, team, now);
    }

    fn month_ended(&mut self, month: u32, team: &Team, now: Time) {
        self.responses.month_ended(month, team, now);
    }

    fn is_done(&self) -> bool {
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
        assert!((more.all_steps() / plain.all_steps() - 10.0).abs() < 1e-6 && more.disk_bytes > 5.0 * plain.disk_bytes);
        let (longer, ..) = size(RAMP, &["horizon_months=120"], 1000);
        assert!(longer.all_steps() > 1.2 * plain.all_steps() && longer.memory_bytes(1) > plain.memory_bytes(1));
        let (larger, ..) = size(RAMP, &["demand.engineer=10000"], 1000);
        assert!(larger.memory_bytes(1) > plain.memory_bytes(1) + 1e6);
        assert!(plain.memory_bytes(8) > plain.memory_bytes(1));
    }

    #[test]
    fn what_never_ends_is_seen_to_be_large_without_being_waited_for() {
        // Candidates fail at once: a hundred thousand tries for each join.
        let stages = "[{ name = 'a', takes_days = 0, pass = 0.00001 }]";
        let (endless, ..) = size(RAMP, &[&format!("organisation.builder.hiring.stages={stages}")], 1000);
        assert!(endless.all_steps() > 1e11, "{endless:?}");
    }
}
