//! Runs: n replications of each strategy, in blocks that can be computed anywhere and are merged in their order.
//!
//! What is kept in memory grows with the number of replications by what exact quantiles need, and up to [`EXACT_AT_MOST`]
//! replications only: per strategy and replication 8 bytes for each response, for begin and end of each phase, and for each
//! month-end measure of each month that is no whole number. Whole numbers are counted by value. In runs of more replications
//! all numbers are counted by their leading bits, and whoever needs the values again asks the store of blocks for them.

mod block;
pub mod break_even;
mod collected;
mod compared;
mod encoding;
pub mod journal;
mod observations;
pub mod precision;
mod shard;
pub mod size;
pub mod trace;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

use rayon::ThreadPool;

use crate::random::seed_of_its_own;
use crate::scenario::Scenario;
use crate::world::Strategy;

use precision::{Precision, Verdict};

pub use block::{BLOCK_REPLICATIONS, Block, StrategyBlock, Worker, blocks_of, replications_of};
pub use collected::{Collected, EXACT_AT_MOST, StrategyResults, quantile_error};
pub use encoding::Shape;
pub use observations::Observations;
pub use shard::Shard;

/// What a run computes: with the scenario, all that its results depend on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Replications of each strategy.
    pub replications: u32,
    /// Positions of the strategies to simulate.
    pub strategies: Vec<usize>,
    /// Whether each strategy has luck of its own, rather than all of them the same: common random numbers.
    pub independent: bool,
}

impl Settings {
    /// The seed of a strategy. One of its own depends on the strategy's name alone, not on which others run beside it.
    #[must_use]
    pub fn seed_of(&self, strategy: &Strategy) -> u64 {
        if self.independent { seed_of_its_own(self.seed, &strategy.name) } else { self.seed }
    }
}

/// Keeps blocks as they are finished, and knows those that were kept before.
///
/// Threads that simulate use it at the same time.
pub trait Store: Sync {
    /// The block of these replications, if it was kept before.
    fn find(&self, replications: &Range<u32>) -> Option<Block>;

    /// Keeps a finished block.
    ///
    /// # Errors
    /// If it cannot be kept; the run ends then.
    fn keep(&self, replications: &Range<u32>, block: &Block) -> io::Result<()>;
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct Forgetful;

impl Store for Forgetful {
    fn find(&self, _: &Range<u32>) -> Option<Block> {
        None
    }

    fn keep(&self, _: &Range<u32>, _: &Block) -> io::Result<()> {
        Ok(())
    }
}

/// Why a run ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// It was told to stop.
    #[error("stopped before the end")]
    Stopped,
    /// A finished block could not be kept.
    #[error("a finished block cannot be kept: {0}")]
    NotKept(io::Error),
}

/// How a run is carried out; its results do not depend on any of it.
#[derive(Clone, Copy)]
pub struct Means<'r> {
    /// The threads that simulate.
    pub pool: &'r ThreadPool,
    /// Ends the run early, within one replication.
    pub stop: &'r AtomicBool,
    /// Where finished blocks are kept.
    pub store: &'r dyn Store,
}

/// Simulates all replications of all strategies.
///
/// `done` hears how many replications are finished.
///
/// ```
/// # let text = "title = 'T'\nstart = 2027-01-01\nhorizon_months = 12\ndemand.a = 3\nrole = [{ name = 'a' }]\n
/// # [strategy.s]\nemployer = 'x'\n[organisation.x.hiring]\nstages = [{ name = 'search', takes_days = 30 }]";
/// use handover::run::{Forgetful, Means, Settings, run};
/// let scenario = handover::scenario::Scenario::parse(text, &[])?;
/// let settings = Settings { seed: 1, replications: 10, strategies: vec![0], independent: false };
/// let pool = rayon::ThreadPoolBuilder::new().build()?;
/// let means = Means { pool: &pool, stop: &Default::default(), store: &Forgetful };
/// let results = run(&scenario, &settings, means, |_| {})?;
/// assert_eq!(results.response(0, "first_join_day"), Some(&[30.0; 10][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If it was told to stop, or a finished block could not be kept.
pub fn run(
    scenario: &Scenario,
    settings: &Settings,
    means: Means<'_>,
    mut done: impl FnMut(u32),
) -> Result<Collected, Ended> {
    let goes_on = |_: &Collected, replications| {
        done(replications);
        true
    };
    let (collected, replications) = run_while((scenario, settings), settings.replications, means, goes_on)?;
    if replications == settings.replications { Ok(collected) } else { Err(Ended::Stopped) }
}

/// Simulates until the results are as precise as asked for, or to the end that is set: [`precision`] says how.
///
/// The first judgement comes after the replications of the settings. `done` hears how many replications are finished, and
/// after how many precision is judged next.
///
/// # Errors
/// If it was told to stop, or a finished block could not be kept.
pub fn run_until_precise(
    scenario: &Scenario,
    settings: &Settings,
    precision: &Precision,
    means: Means<'_>,
    mut done: impl FnMut(u32, u32),
) -> Result<(Collected, Verdict), Ended> {
    let mut check = precision.next_check(0, settings.replications);
    let mut verdict = None;
    let goes_on = |collected: &Collected, replications: u32| {
        if replications == check {
            let judged = precision.judge(collected, replications);
            let is_over = judged.is_precise() || replications == precision.at_most;
            verdict = is_over.then_some(judged);
            check = precision.next_check(replications, settings.replications);
        }
        done(replications, check);
        verdict.is_none()
    };
    let (collected, _) = run_while((scenario, settings), precision.at_most, means, goes_on)?;
    verdict.map(|verdict| (collected, verdict)).ok_or(Ended::Stopped)
}

/// Simulates the replications of some blocks only, for the store alone; `done` hears how many replications are finished.
///
/// # Errors
/// If it was told to stop, or a finished block could not be kept.
pub fn run_part(
    (scenario, settings): (&Scenario, &Settings),
    blocks: &Range<u32>,
    means: Means<'_>,
    mut done: impl FnMut(u32),
) -> Result<(), Ended> {
    let (mut finished, mut replications) = (0, 0);
    in_blocks((scenario, settings), (blocks, settings.replications), means, |received| {
        for (index, _) in &received {
            finished += 1;
            replications += replications_of(index, settings.replications).len() as u32;
            done(replications);
        }
    })?;
    if finished == blocks.len() { Ok(()) } else { Err(Ended::Stopped) }
}

/// Simulates at most so many replications, block by block, for as long as `goes_on` says so of the blocks merged so far;
/// and how many replications were merged. Blocks that threads have computed beyond that are thrown away.
fn run_while(
    (scenario, settings): (&Scenario, &Settings),
    at_most: u32,
    means: Means<'_>,
    goes_on: impl FnMut(&Collected, u32) -> bool,
) -> Result<(Collected, u32), Ended> {
    in_blocks((scenario, settings), (&(0..blocks_of(at_most)), at_most), means, |received| {
        merge(Collected::new(scenario, settings), received, at_most, goes_on)
    })
}

/// Finds or computes blocks on the threads of the pool, and keeps those computed; `take` receives them as they are finished.
/// When it ends, the threads do.
fn in_blocks<T>(
    (scenario, settings): (&Scenario, &Settings),
    (blocks, at_most): (&Range<u32>, u32),
    Means { pool, stop, store }: Means<'_>,
    take: impl FnOnce(mpsc::Receiver<(u32, Block)>) -> T,
) -> Result<T, Ended> {
    let next = AtomicU32::new(blocks.start);
    let not_kept = Mutex::new(None);
    let has_failed = AtomicBool::new(false);
    let work = |finished: &mpsc::SyncSender<(u32, Block)>| {
        // Made for the first block that is not found: it takes as long as some replications.
        let mut worker = None;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= blocks.end || has_failed.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed) {
                return;
            }
            let replications = replications_of(index, at_most);
            let block = match store.find(&replications) {
                Some(block) => block,
                None => {
                    let worker = worker.get_or_insert_with(|| Worker::new(scenario, settings));
                    let Some(block) = worker.compute(replications.clone(), stop) else { return };
                    if let Err(error) = store.keep(&replications, &block) {
                        has_failed.store(true, Ordering::Relaxed);
                        not_kept.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                        return;
                    }
                    block
                }
            };
            // The receiver is gone only if the run is over.
            if finished.send((index, block)).is_err() {
                return;
            }
        }
    };
    // No more than there are blocks: where cores are few, threads with nothing to do keep the others from theirs.
    let threads = pool.current_num_threads().min(blocks.len());
    let (finished, received) = mpsc::sync_channel(2 * threads);
    let taken = pool.in_place_scope(|scope| {
        for _ in 0..threads {
            let (finished, work) = (finished.clone(), &work);
            scope.spawn(move |_| work(&finished));
        }
        drop(finished);
        take(received)
    });
    let not_kept = not_kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    not_kept.map_or(Ok(taken), |error| Err(Ended::NotKept(error)))
}

/// Merges blocks in their order, so that sums do not depend on which thread was faster; and how many replications that are.
/// Its end takes the receiver away, which ends the threads.
#[expect(clippy::needless_pass_by_value, reason = "threads that wait for a place must hear that nobody takes their block")]
fn merge(
    mut collected: Collected,
    received: mpsc::Receiver<(u32, Block)>,
    at_most: u32,
    mut goes_on: impl FnMut(&Collected, u32) -> bool,
) -> (Collected, u32) {
    let mut early = BTreeMap::new();
    let (mut merged, mut replications) = (0, 0);
    for (index, block) in &received {
        early.insert(index, block);
        while let Some(block) = early.remove(&merged) {
            collected.add(&block);
            replications = replications_of(merged, at_most).end;
            merged += 1;
            if !goes_on(&collected, replications) {
                return (collected, replications);
            }
        }
    }
    (collected, replications)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Column;

    const TEXT: &str = include_str!("../../scenarios/ramp100.toml");

    fn scenario() -> Scenario {
        let smaller = ["demand.engineer=20", "horizon_months=40"].map(str::to_owned);
        Scenario::parse(TEXT, &smaller).expect("the scenario is good")
    }

    fn pool(threads: usize) -> ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
    }

    /// Everything that a run gave, in its last bits.
    fn bits(collected: &Collected) -> Vec<u64> {
        let strategy = &collected.strategies[0];
        let columns =
            collected.observations.columns(0).iter().chain(&strategy.phases).filter_map(Column::as_kept).flatten().copied();
        let moments = strategy.response_tallies.iter().flat_map(|tally| [tally.mean(), tally.variance()]);
        let months = (1..=40).flat_map(|month| {
            crate::response::MeasureId::all().flat_map(move |measure| {
                let (tally, quantiles) = strategy.at_month(measure, month, &[0.05, 0.5]);
                [tally.mean(), tally.variance()].into_iter().flatten().chain(quantiles)
            })
        });
        columns.chain(moments.flatten()).chain(months).map(f64::to_bits).collect()
    }

    /// A run on so many threads with this store.
    fn run_with(threads: usize, store: &dyn Store, settings: &Settings) -> Result<Collected, Ended> {
        let (pool, stop) = (pool(threads), AtomicBool::new(false));
        run(&scenario(), settings, Means { pool: &pool, stop: &stop, store }, |_| {})
    }

    fn run_on(threads: usize, settings: &Settings) -> Collected {
        run_with(threads, &Forgetful, settings).expect("nobody stops it")
    }

    fn settings(replications: u32) -> Settings {
        Settings { seed: 3, replications, strategies: vec![0], independent: false }
    }

    /// Keeps blocks as bytes, up to a number of them.
    struct Memory {
        shape: Shape,
        kept: Mutex<BTreeMap<u32, Vec<u8>>>,
        room_for: usize,
        found: AtomicU32,
    }

    impl Memory {
        fn new(room_for: usize) -> Self {
            let shape = Shape::new(&scenario(), &settings(1));
            Self { shape, kept: Mutex::default(), room_for, found: AtomicU32::new(0) }
        }
    }

    impl Store for Memory {
        fn find(&self, replications: &Range<u32>) -> Option<Block> {
            let kept = self.kept.lock().expect("nobody panics");
            let block = self.shape.decode(kept.get(&replications.start)?, replications.len())?;
            self.found.fetch_add(1, Ordering::Relaxed);
            Some(block)
        }

        fn keep(&self, replications: &Range<u32>, block: &Block) -> io::Result<()> {
            let mut kept = self.kept.lock().expect("nobody panics");
            if kept.len() == self.room_for {
                return Err(io::ErrorKind::StorageFull.into());
            }
            kept.insert(replications.start, block.encode());
            Ok(())
        }
    }

    #[test]
    fn results_do_not_depend_on_the_number_of_threads() {
        let one = bits(&run_on(1, &settings(1100)));
        assert!(one == bits(&run_on(2, &settings(1100))) && one == bits(&run_on(7, &settings(1100))));
    }

    #[test]
    fn blocks_computed_anywhere_merge_exactly() {
        let (scenario, settings, stop) = (scenario(), settings(1100), AtomicBool::new(false));
        let whole = run_on(2, &settings);
        // Each block by a worker of its own, the last block first.
        let mut blocks: Vec<Block> = (0..5)
            .rev()
            .filter_map(|index| Worker::new(&scenario, &settings).compute(replications_of(index, 1100), &stop))
            .collect();
        blocks.reverse();
        let mut merged = Collected::new(&scenario, &settings);
        blocks.iter().for_each(|block| merged.add(block));
        assert!(bits(&whole) == bits(&merged));
    }

    #[test]
    fn a_run_goes_on_from_any_blocks_that_were_kept() {
        let settings = settings(1100);
        let whole = bits(&run_on(2, &settings));
        let memory = Memory::new(6);
        assert!(whole == bits(&run_with(2, &memory, &settings).expect("there is room for all blocks")));
        for lost in [&[0, 1024][..], &[256, 512, 768], &[]] {
            lost.iter().for_each(|first| drop(memory.kept.lock().expect("nobody panics").remove(first)));
            memory.found.store(0, Ordering::Relaxed);
            assert!(whole == bits(&run_with(2, &memory, &settings).expect("there is room again")));
            assert_eq!(memory.found.load(Ordering::Relaxed) as usize, 5 - lost.len());
        }
        // The last block of a shorter run is none of a longer one.
        let longer = bits(&run_with(2, &memory, &Settings { replications: 1000, ..settings.clone() }).expect("room"));
        assert!(longer == bits(&run_on(1, &Settings { replications: 1000, ..settings })));
    }

    #[test]
    fn a_part_keeps_its_blocks_and_no_others() {
        let (settings, memory) = (settings(1100), Memory::new(5));
        let (pool, stop) = (pool(2), AtomicBool::new(false));
        let means = Means { pool: &pool, stop: &stop, store: &memory };
        let mut seen = Vec::new();
        run_part((&scenario(), &settings), &(3..5), means, |done| seen.push(done)).expect("nobody stops it");
        assert_eq!((seen.len(), seen.last()), (2, Some(&332)));
        assert_eq!(memory.kept.lock().expect("nobody panics").keys().copied().collect::<Vec<_>>(), [768, 1024]);
        stop.store(true, Ordering::Relaxed);
        assert!(matches!(run_part((&scenario(), &settings), &(0..3), means, |_| {}), Err(Ended::Stopped)));
    }

    #[test]
    fn a_block_that_cannot_be_kept_ends_the_run_and_loses_none_of_the_others() {
        for threads in [1, 2] {
            let memory = Memory::new(2);
            let ended = run_with(threads, &memory, &settings(2000)).err();
            assert!(matches!(ended, Some(Ended::NotKept(error)) if error.kind() == io::ErrorKind::StorageFull));
            assert_eq!(memory.kept.lock().expect("nobody panics").len(), 2);
        }
    }

    #[test]
    fn the_first_replications_are_those_of_a_shorter_run() {
        let column = |replications| {
            let collected = run_on(2, &settings(replications));
            collected.response(0, "effective_fte_days").expect("it is a response").to_vec()
        };
        let longer = column(700);
        assert!(column(300).iter().zip(&longer).all(|(a, b)| a.to_bits() == b.to_bits()));
    }

    #[test]
    fn progress_rises_to_the_end_and_a_stop_is_heard() {
        let (scenario, settings, pool) = (scenario(), settings(600), pool(2));
        let means = |stop| Means { pool: &pool, stop, store: &Forgetful };
        let (go, stop) = (AtomicBool::new(false), AtomicBool::new(true));
        let mut seen = Vec::new();
        let done = run(&scenario, &settings, means(&go), |done| seen.push(done));
        assert!(done.is_ok());
        assert_eq!(seen, [256, 512, 600]);
        let stopped = run(&scenario, &settings, means(&stop), |_| {});
        assert!(matches!(stopped, Err(Ended::Stopped)));
    }
}
