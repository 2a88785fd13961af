//! Sessions: how questions are computed, on which threads and with which store. No answer depends on them.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use rayon::prelude::*;

use crate::scenario::Scenario;

use super::block::{Block, Content, Part, Worker};
use super::encoding::Shape;
use super::plan::{Job, Plan, PlannedStrategy, Stretch, Work};
use super::store::{NoStore, Store};

/// A question that replications answer.
pub trait Experiment: Send {
    /// The answer.
    type Outcome;

    /// Returns what is simulated, and what is kept of it.
    fn plan(&self) -> (Arc<Plan>, Content);

    /// Returns which replications are needed next; empty if there are enough. It depends only on the blocks
    /// [taken](Self::take) so far, so resuming means asking again.
    fn next(&self) -> Vec<Stretch>;

    /// Takes a block, in the order in which blocks were requested.
    fn take(&mut self, job: &Job, block: Block);

    /// Returns the answer. Blocks that are needed again come from the runs.
    fn conclude(self, runs: Runs) -> Self::Outcome;
}

/// Jobs for each thread below which threads share every job.
const FEW: u64 = 4;
/// Fewest replications that are worth another thread.
const SMALLEST_PART: usize = 24;

/// Why a session ended early.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// The session was stopped.
    #[error("stopped before the end")]
    Stopped,
    /// A finished block could not be saved.
    #[error("cannot save a finished block: {0}")]
    NotKept(io::Error),
    /// Threads could not be started.
    #[error("cannot start threads: {0}")]
    NoThreads(String),
}

/// Progress of a session, in replications summed over strategies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Replications that are done.
    pub done: u64,
    /// Replications that are needed, as far as known.
    pub of: u64,
}

type Hear = Arc<dyn Fn(Progress) + Send + Sync>;

/// Computes the answers to questions.
#[derive(Clone)]
pub struct Session {
    threads: Option<usize>,
    store: Arc<dyn Store>,
    stop: Arc<AtomicBool>,
    progress: Option<Hear>,
}

impl fmt::Debug for Session {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Session").field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl Default for Session {
    /// Returns a session on the threads of the calling pool, or on one thread per core, that keeps nothing.
    fn default() -> Self {
        Self { threads: None, store: Arc::new(NoStore), stop: Arc::default(), progress: None }
    }
}

impl Session {
    /// Uses this number of threads, in a separate pool.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// Saves finished blocks in this store, and does not compute those that it already has.
    #[must_use]
    pub fn store(self, store: Arc<dyn Store>) -> Self {
        Self { store, ..self }
    }

    /// Stops within one replication once this is true.
    #[must_use]
    pub fn stop(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Reports progress.
    #[must_use]
    pub fn progress(self, hear: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { progress: Some(Arc::new(hear)), ..self }
    }

    /// Answers a question.
    ///
    /// # Errors
    /// Fails if the session is stopped, a finished block cannot be saved, or threads cannot be started.
    pub fn perform<E: Experiment>(&self, mut experiment: E) -> Result<E::Outcome, Ended>
    where
        E::Outcome: Send,
    {
        self.on_threads(|| {
            let (plan, content) = experiment.plan();
            let runs = Runs { plan, content, store: Arc::clone(&self.store) };
            let (mut before, taking) = (0, Mutex::new(&mut experiment));
            loop {
                let next = taking.lock().unwrap_or_else(PoisonError::into_inner).next();
                let work = Work::new(&runs.plan, next);
                if work.jobs() == 0 {
                    break;
                }
                self.carry_out(&runs, &work, before, |job, block| {
                    taking.lock().unwrap_or_else(PoisonError::into_inner).take(job, block);
                })?;
                before += work.amount();
            }
            Ok(experiment.conclude(runs))
        })?
    }

    /// Computes some blocks of a plan for the store alone, as a shard does.
    ///
    /// # Errors
    /// As for [`Session::perform`].
    pub fn fill(&self, plan: Arc<Plan>, content: Content, stretches: Vec<Stretch>) -> Result<(), Ended> {
        self.on_threads(|| {
            let work = Work::new(&plan, stretches);
            let runs = Runs { plan, content, store: Arc::clone(&self.store) };
            self.carry_out(&runs, &work, 0, |_, _| {})
        })?
    }

    fn on_threads<T: Send>(&self, carry_out: impl FnOnce() -> T + Send) -> Result<T, Ended> {
        let Some(threads) = self.threads else { return Ok(carry_out()) };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        Ok(pool.map_err(|error| Ended::NoThreads(error.to_string()))?.install(carry_out))
    }

    /// Loads or computes the blocks of jobs, saves those computed, and passes them to `take` in order.
    ///
    /// No thread waits for another. The one that finishes the next block takes it, and then the following blocks that
    /// are ready.
    fn carry_out(&self, runs: &Runs, work: &Work, before: u64, take: impl Fn(&Job, Block) + Sync) -> Result<(), Ended> {
        let (next, done) = (AtomicU64::new(0), AtomicU64::new(before));
        let failed = Mutex::new(None);
        let has_failed = AtomicBool::new(false);
        let is_over = || has_failed.load(Ordering::Relaxed) || self.stop.load(Ordering::Relaxed);
        // No more threads than jobs: where cores are few, idle threads slow down the others.
        let all_threads = rayon::current_num_threads();
        let threads = (all_threads as u64).min(work.jobs());
        // If there are few jobs, threads share each of them: otherwise some would have nothing to do at the end.
        let sharing = if work.jobs() < FEW * all_threads as u64 { all_threads } else { 1 };
        let order = InOrder::new(4 * threads, |number, block| {
            let Some(job) = work.job(number) else { return };
            take(&job, block);
            let done = done.fetch_add(job.replications.len() as u64, Ordering::Relaxed) + job.replications.len() as u64;
            if let Some(hear) = &self.progress {
                hear(Progress { done, of: before + work.amount() });
            }
        });
        let claim = || {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if is_over() { None } else { work.job(number).map(|job| (number, job)) }
        };
        let simulate = || {
            let mut claimed = claim();
            while let Some((_, Job { point, .. })) = claimed {
                // Made for the first block that is not in the store, because it takes as long as some replications.
                let scenario = LazyCell::new(|| runs.plan.scenario(point));
                let shape = LazyCell::new(|| Shape::new(&scenario.world));
                let mut workers: BTreeMap<usize, Worker<'_>> = BTreeMap::new();
                while let Some((number, job)) = claimed.take_if(|(_, job)| job.point == point) {
                    match runs.found_or_computed(&job, (&scenario, &shape), &mut workers, (&self.stop, sharing)) {
                        Ok(Some(block)) => order.put(number, block, is_over),
                        Ok(None) => return,
                        Err(error) => {
                            has_failed.store(true, Ordering::Relaxed);
                            failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                            return;
                        }
                    }
                    claimed = claim();
                }
            }
        };
        rayon::scope(|scope| (0..threads).for_each(|_| scope.spawn(|_| simulate())));
        if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(Ended::NotKept(error));
        }
        if order.given() == work.jobs() { Ok(()) } else { Err(Ended::Stopped) }
    }
}

/// What has been simulated, for code that needs it again.
#[derive(Clone)]
pub struct Runs {
    plan: Arc<Plan>,
    content: Content,
    store: Arc<dyn Store>,
}

impl fmt::Debug for Runs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Runs").field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl Runs {
    /// Returns what was simulated.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the block of a job again: as saved, or recomputed to the same bits.
    ///
    /// # Errors
    /// Fails if the block is recomputed and cannot be saved.
    pub fn block(&self, job: &Job) -> io::Result<Block> {
        self.block_of(job, &self.plan.scenario(job.point))
    }

    /// Returns the block of a job, for callers that have the scenario of the point, which takes a while to make.
    ///
    /// # Errors
    /// As for [`Runs::block`].
    pub fn block_of(&self, job: &Job, scenario: &Scenario) -> io::Result<Block> {
        let shape = Shape::new(&scenario.world);
        let found = self.store.find(&self.plan.key(job), self.content, &shape);
        let compute = || {
            let strategy = &self.plan.strategies(job.point)[job.strategy];
            let never = AtomicBool::new(false);
            Worker::new(scenario, strategy.position, strategy.seed).compute(job.replications.clone(), &never)
        };
        let block = found.or_else(compute).map(|block| block.with(self.content));
        block.ok_or_else(|| io::Error::other(format!("replications from {} on are lost", job.replications.start)))
    }

    /// Loads or computes a block. Returns none if stopped before the end.
    fn found_or_computed<'s>(
        &self,
        job: &Job,
        (scenario, shape): (
            &'s LazyCell<Arc<Scenario>, impl FnOnce() -> Arc<Scenario>>,
            &LazyCell<Shape, impl FnOnce() -> Shape>,
        ),
        workers: &mut BTreeMap<usize, Worker<'s>>,
        (stop, sharing): (&AtomicBool, usize),
    ) -> io::Result<Option<Block>> {
        let key = self.plan.key(job);
        if let Some(block) = self.store.find(&key, self.content, shape) {
            return Ok(Some(block.with(self.content)));
        }
        let strategy = &self.plan.strategies(job.point)[job.strategy];
        let worker = workers.entry(job.strategy);
        let worker = worker.or_insert_with(|| Worker::new(scenario, strategy.position, strategy.seed));
        let Some(block) = shared(worker, (scenario, strategy), &job.replications, (stop, sharing)) else { return Ok(None) };
        let block = block.with(self.content);
        self.store.keep(&key, &block)?;
        Ok(Some(block))
    }
}

/// Computes a block, on several threads if it is large enough. Returns none if stopped before the end.
fn shared(
    worker: &mut Worker<'_>,
    (scenario, strategy): (&Scenario, &PlannedStrategy),
    replications: &Range<u32>,
    (stop, sharing): (&AtomicBool, usize),
) -> Option<Block> {
    let parts = sharing.min(replications.len() / SMALLEST_PART);
    if parts < 2 {
        return worker.compute(replications.clone(), stop);
    }
    let bound = |part: usize| replications.start + (replications.len() * part / parts) as u32;
    let ranges: Vec<Range<u32>> = (0..parts).map(|part| bound(part)..bound(part + 1)).collect();
    let simulate =
        |range: &Range<u32>| Worker::new(scenario, strategy.position, strategy.seed).simulate(range.clone(), stop);
    let (first, others) = rayon::join(
        || worker.simulate(ranges[0].clone(), stop),
        || ranges[1..].par_iter().map(simulate).collect::<Option<Vec<Part>>>(),
    );
    let parts = [first?].into_iter().chain(others?).collect();
    Some(worker.block(parts))
}

/// Passes items on in order, from whichever thread has the next.
struct InOrder<T, G> {
    waiting: Mutex<Waiting<T>>,
    /// An item was passed on.
    moved: Condvar,
    /// How far ahead an item may be.
    ahead: u64,
    give: G,
}

struct Waiting<T> {
    /// Items that came early.
    early: BTreeMap<u64, T>,
    /// Number of the next item.
    next: u64,
}

/// Time after which a thread that is far ahead checks whether the session is over.
const LOOK: Duration = Duration::from_millis(20);

impl<T, G: Fn(u64, T)> InOrder<T, G> {
    fn new(ahead: u64, give: G) -> Self {
        let waiting = Mutex::new(Waiting { early: BTreeMap::new(), next: 0 });
        Self { waiting, moved: Condvar::new(), ahead, give }
    }

    /// Takes an item. Passes on all that are due, unless another thread is doing so and will.
    ///
    /// A thread that is far ahead waits here for those behind. They compute or pass on items and wait for nobody, so
    /// early items never take much memory.
    fn put(&self, number: u64, thing: T, is_over: impl Fn() -> bool) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.early.insert(number, thing);
        loop {
            let next = waiting.next;
            let Some(thing) = waiting.early.remove(&next) else { break };
            // Other threads may put theirs now, and see that the next item is not there.
            drop(waiting);
            (self.give)(next, thing);
            waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.next = next + 1;
            self.moved.notify_all();
        }
        while number >= waiting.next + self.ahead && !is_over() {
            let waited = self.moved.wait_timeout(waiting, LOOK);
            (waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Returns how many items have been passed on.
    fn given(&self) -> u64 {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_given_away_in_their_order_and_none_is_lost() {
        let given = Mutex::new(Vec::new());
        let next = AtomicU64::new(0);
        let order = InOrder::new(4, |number, thing: u64| given.lock().expect("nobody panics").push((number, thing)));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= 3000 {
                            break;
                        }
                        // Some take much longer than others.
                        (0..number % 7 * number % 13 * 50).for_each(|_| std::hint::spin_loop());
                        order.put(number, 2 * number, || false);
                    }
                });
            }
        });
        assert_eq!(order.given(), 3000);
        assert!(given.into_inner().expect("nobody panics").into_iter().eq((0..3000).map(|number| (number, 2 * number))));
    }

    #[test]
    fn whoever_is_far_ahead_is_let_go_when_all_is_over() {
        let order = InOrder::new(1, |_, ()| {});
        order.put(5, (), || true);
        assert_eq!(order.given(), 0);
    }
}
