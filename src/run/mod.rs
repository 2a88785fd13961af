//! Runs: n replications of each strategy, in blocks that can be computed anywhere and are merged in their order.
//!
//! What is kept grows with the number of replications only by what exact quantiles need: per strategy and replication 8
//! bytes for each response and for begin and end of each phase, and 8 bytes a month for each month-end measure that is not
//! a whole number. Whole numbers are counted by value.

mod block;
pub mod break_even;
mod collected;
pub mod precision;
pub mod trace;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;

use rayon::ThreadPool;

use crate::random::seed_of_its_own;
use crate::scenario::Scenario;
use crate::world::Strategy;

use precision::{Precision, Verdict};

pub use block::{BLOCK_REPLICATIONS, Block, StrategyBlock, Worker};
pub use collected::{Collected, StrategyResults};

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

/// A run was told to stop before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped before the end")]
pub struct Stopped;

/// Simulates all replications of all strategies on the threads of a pool.
///
/// `done` hears how many replications are finished; `stop` ends the run early, within one replication.
///
/// ```
/// # let text = "title = 'T'\nstart = 2027-01-01\nhorizon_months = 12\ndemand.a = 3\nrole = [{ name = 'a' }]\n
/// # [strategy.s]\nemployer = 'x'\n[organisation.x.hiring]\nstages = [{ name = 'search', takes_days = 30 }]";
/// use handover::run::{Settings, run};
/// let scenario = handover::scenario::Scenario::parse(text, &[])?;
/// let settings = Settings { seed: 1, replications: 10, strategies: vec![0], independent: false };
/// let pool = rayon::ThreadPoolBuilder::new().build()?;
/// let results = run(&scenario, &settings, &pool, &Default::default(), |_| {})?;
/// assert_eq!(results.response(0, "first_join_day"), Some(&[30.0; 10][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If it was told to stop.
pub fn run(
    scenario: &Scenario,
    settings: &Settings,
    pool: &ThreadPool,
    stop: &AtomicBool,
    mut done: impl FnMut(u32),
) -> Result<Collected, Stopped> {
    let goes_on = |_: &Collected, replications| {
        done(replications);
        true
    };
    let (collected, replications) = run_while((scenario, settings), settings.replications, pool, stop, goes_on);
    if replications == settings.replications { Ok(collected) } else { Err(Stopped) }
}

/// Simulates until the results are as precise as asked for, or to the end that is set: [`precision`] says how.
///
/// The first judgement comes after the replications of the settings. `done` hears how many replications are finished, and
/// after how many precision is judged next.
///
/// # Errors
/// If it was told to stop.
pub fn run_until_precise(
    scenario: &Scenario,
    settings: &Settings,
    precision: &Precision,
    (pool, stop): (&ThreadPool, &AtomicBool),
    mut done: impl FnMut(u32, u32),
) -> Result<(Collected, Verdict), Stopped> {
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
    let (collected, _) = run_while((scenario, settings), precision.at_most, pool, stop, goes_on);
    verdict.map(|verdict| (collected, verdict)).ok_or(Stopped)
}

/// Simulates at most so many replications, block by block, for as long as `goes_on` says so of the blocks merged so far;
/// and how many replications were merged. Blocks that threads have computed beyond that are thrown away.
fn run_while(
    (scenario, settings): (&Scenario, &Settings),
    at_most: u32,
    pool: &ThreadPool,
    stop: &AtomicBool,
    goes_on: impl FnMut(&Collected, u32) -> bool,
) -> (Collected, u32) {
    let blocks = at_most.div_ceil(BLOCK_REPLICATIONS);
    let next = AtomicU32::new(0);
    let threads = pool.current_num_threads();
    let work = |finished: &mpsc::SyncSender<(u32, Block)>| {
        let mut worker = Worker::new(scenario, settings);
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= blocks {
                return;
            }
            let Some(block) = worker.compute(replications_of(index, at_most), stop) else { return };
            // The receiver is gone only if the run is over.
            if finished.send((index, block)).is_err() {
                return;
            }
        }
    };
    let (finished, received) = mpsc::sync_channel(2 * threads);
    pool.in_place_scope(|scope| {
        for _ in 0..threads {
            let (finished, work) = (finished.clone(), &work);
            scope.spawn(move |_| work(&finished));
        }
        drop(finished);
        merge(Collected::new(scenario, settings), received, at_most, goes_on)
    })
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

fn replications_of(block: u32, replications: u32) -> Range<u32> {
    let begin = block * BLOCK_REPLICATIONS;
    begin..replications.min(begin.saturating_add(BLOCK_REPLICATIONS))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let columns = strategy.responses.iter().chain(&strategy.phases).flatten().copied();
        let moments = strategy.response_tallies.iter().flat_map(|tally| [tally.mean(), tally.variance()]);
        let months = (1..=40).flat_map(|month| {
            (0..crate::response::MEASURES.len()).flat_map(move |measure| {
                let (tally, quantiles) = strategy.at_month(measure, month, &[0.05, 0.5]);
                [tally.mean(), tally.variance()].into_iter().flatten().chain(quantiles)
            })
        });
        columns.chain(moments.flatten()).chain(months).map(f64::to_bits).collect()
    }

    #[test]
    fn results_do_not_depend_on_the_number_of_threads() {
        let scenario = scenario();
        let settings = Settings { seed: 3, replications: 1100, strategies: vec![0], independent: false };
        let run =
            |threads| run(&scenario, &settings, &pool(threads), &AtomicBool::new(false), |_| {}).expect("nobody stops it");
        let one = bits(&run(1));
        assert!(one == bits(&run(2)) && one == bits(&run(7)));
    }

    #[test]
    fn blocks_computed_anywhere_merge_exactly() {
        let scenario = scenario();
        let settings = Settings { seed: 3, replications: 1100, strategies: vec![0], independent: false };
        let stop = AtomicBool::new(false);
        let whole = run(&scenario, &settings, &pool(2), &stop, |_| {}).expect("nobody stops it");
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
    fn the_first_replications_are_those_of_a_shorter_run() {
        let scenario = scenario();
        let column = |replications| {
            let settings = Settings { seed: 3, replications, strategies: vec![0], independent: false };
            let collected = run(&scenario, &settings, &pool(2), &AtomicBool::new(false), |_| {}).expect("nobody stops it");
            collected.response(0, "effective_fte_days").expect("it is a response").to_vec()
        };
        let longer = column(700);
        assert!(column(300).iter().zip(&longer).all(|(a, b)| a.to_bits() == b.to_bits()));
    }

    #[test]
    fn progress_rises_to_the_end_and_a_stop_is_heard() {
        let scenario = scenario();
        let settings = Settings { seed: 3, replications: 600, strategies: vec![0], independent: false };
        let mut seen = Vec::new();
        let done = run(&scenario, &settings, &pool(2), &AtomicBool::new(false), |done| seen.push(done));
        assert!(done.is_ok());
        assert_eq!(seen, [256, 512, 600]);
        let stopped = run(&scenario, &settings, &pool(2), &AtomicBool::new(true), |_| {});
        assert_eq!(stopped.err(), Some(Stopped));
    }
}
