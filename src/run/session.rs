//! Sessions: how questions are carried out, on which threads, with which store; no answer depends on any of it.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::scenario::Scenario;

use super::block::{Block, Content, Worker};
use super::encoding::Shape;
use super::plan::{Job, Plan, Stretch, Work};
use super::store::{NoStore, Store};

/// A question that replications answer.
pub trait Experiment: Send {
    /// The answer.
    type Outcome;

    /// What is simulated, and what is kept of it.
    fn plan(&self) -> (Arc<Plan>, Content);

    /// Which replications are needed next; none if there are enough. It follows from what was [taken](Self::take) so far and
    /// from nothing else: resuming is asking again.
    fn next(&self) -> Vec<Stretch>;

    /// Takes a block, in the order in which they were asked for.
    fn take(&mut self, job: &Job, block: Block);

    /// The answer; blocks that are needed once more are found among the runs.
    fn conclude(self, runs: Runs) -> Self::Outcome;
}

/// Why a session ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// It was told to stop.
    #[error("stopped before the end")]
    Stopped,
    /// A finished block could not be kept.
    #[error("cannot save a finished block: {0}")]
    NotKept(io::Error),
    /// Threads cannot be started.
    #[error("cannot start threads: {0}")]
    NoThreads(String),
}

/// How far a session is, in replications of strategies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Those that are done.
    pub done: u64,
    /// Those that are needed, as far as it is known.
    pub of: u64,
}

type Hear = Arc<dyn Fn(Progress) + Send + Sync>;

/// How questions are carried out.
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
    /// On the threads of the pool that it is called in, or on one for each core; nothing is kept.
    fn default() -> Self {
        Self { threads: None, store: Arc::new(NoStore), stop: Arc::default(), progress: None }
    }
}

impl Session {
    /// On so many threads of its own.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// Finished blocks are kept there, and those that are there already are not computed again.
    #[must_use]
    pub fn store(self, store: Arc<dyn Store>) -> Self {
        Self { store, ..self }
    }

    /// Ends early, within one replication, once this is true.
    #[must_use]
    pub fn stop(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Says how far it is.
    #[must_use]
    pub fn progress(self, hear: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { progress: Some(Arc::new(hear)), ..self }
    }

    /// Answers a question.
    ///
    /// # Errors
    /// If it was told to stop, a finished block could not be kept, or threads could not be started.
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

    /// Computes some blocks of a plan for the store alone, as a shard of a question does.
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

    /// Finds or computes the blocks of jobs, keeps those computed, and gives them to `take` in their order.
    ///
    /// No thread waits for another: whoever finishes the next block takes it, and with it those after it that are there.
    fn carry_out(&self, runs: &Runs, work: &Work, before: u64, take: impl Fn(&Job, Block) + Sync) -> Result<(), Ended> {
        let (next, done) = (AtomicU64::new(0), AtomicU64::new(before));
        let failed = Mutex::new(None);
        let has_failed = AtomicBool::new(false);
        let is_over = || has_failed.load(Ordering::Relaxed) || self.stop.load(Ordering::Relaxed);
        // No more than there are jobs: where cores are few, threads with nothing to do keep the others from theirs.
        let threads = (rayon::current_num_threads() as u64).min(work.jobs());
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
                // Made for the first block that is not found: it takes as long as some replications.
                let scenario = LazyCell::new(|| runs.plan.scenario(point));
                let shape = LazyCell::new(|| Shape::new(&scenario.world));
                let mut workers: BTreeMap<usize, Worker<'_>> = BTreeMap::new();
                while let Some((number, job)) = claimed.take_if(|(_, job)| job.point == point) {
                    match runs.found_or_computed(&job, (&scenario, &shape), &mut workers, &self.stop) {
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

/// What has been simulated, for whoever needs it once more.
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
    /// What was simulated.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The block of a job once more: as it was kept, or computed again to the same bits.
    ///
    /// # Errors
    /// If it was computed again and cannot be kept.
    pub fn block(&self, job: &Job) -> io::Result<Block> {
        self.block_of(job, &self.plan.scenario(job.point))
    }

    /// The same for whoever has the scenario of the point at hand, which takes a while to make.
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

    /// None if told to stop before the end.
    fn found_or_computed<'s>(
        &self,
        job: &Job,
        (scenario, shape): (
            &'s LazyCell<Arc<Scenario>, impl FnOnce() -> Arc<Scenario>>,
            &LazyCell<Shape, impl FnOnce() -> Shape>,
        ),
        workers: &mut BTreeMap<usize, Worker<'s>>,
        stop: &AtomicBool,
    ) -> io::Result<Option<Block>> {
        let key = self.plan.key(job);
        if let Some(block) = self.store.find(&key, self.content, shape) {
            return Ok(Some(block.with(self.content)));
        }
        let strategy = &self.plan.strategies(job.point)[job.strategy];
        let worker = workers.entry(job.strategy);
        let worker = worker.or_insert_with(|| Worker::new(scenario, strategy.position, strategy.seed));
        let Some(block) = worker.compute(job.replications.clone(), stop) else { return Ok(None) };
        let block = block.with(self.content);
        self.store.keep(&key, &block)?;
        Ok(Some(block))
    }
}

/// Gives things away in their order, by whichever thread has the next.
struct InOrder<T, G> {
    waiting: Mutex<Waiting<T>>,
    /// Something was given away.
    moved: Condvar,
    /// How far whoever puts may be ahead.
    ahead: u64,
    give: G,
}

struct Waiting<T> {
    /// Things that came early.
    early: BTreeMap<u64, T>,
    /// The number of the next.
    next: u64,
}

/// After which time a thread that is far ahead looks whether all is over.
const LOOK: Duration = Duration::from_millis(20);

impl<T, G: Fn(u64, T)> InOrder<T, G> {
    fn new(ahead: u64, give: G) -> Self {
        let waiting = Mutex::new(Waiting { early: BTreeMap::new(), next: 0 });
        Self { waiting, moved: Condvar::new(), ahead, give }
    }

    /// Takes a thing; gives away all that can be given away, unless another thread is at it, which then does.
    ///
    /// Who is far ahead waits here for those behind, which compute or give things away and wait for nobody: so that what came
    /// early never takes much memory.
    fn put(&self, number: u64, thing: T, is_over: impl Fn() -> bool) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.early.insert(number, thing);
        loop {
            let next = waiting.next;
            let Some(thing) = waiting.early.remove(&next) else { break };
            // Others put theirs meanwhile, and find that the next is not there.
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

    /// How many have been given away.
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
