//! Gathers the results of one design point: for a number of replications, or until they are precise enough.

use std::sync::Arc;

use crate::scenario::Scenario;

use super::Settings;
use super::block::{Block, Content};
use super::plan::{Job, Plan, Stretch};
use super::precision::{Precision, Verdict};
use super::run_results::RunResults;
use super::session::{Ended, Experiment, Runs, Session};

/// Gathers the results of the strategies of a scenario.
#[derive(Debug)]
pub struct SinglePoint {
    plan: Arc<Plan>,
    replications: u32,
    results: RunResults,
    /// Blocks of the earlier strategies for the same replications.
    together: Vec<Block>,
    precision: Option<Precision>,
    verdict: Option<Verdict>,
}

/// The outcome of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// All results.
    pub results: RunResults,
    /// How precise it is, if precision was requested.
    pub verdict: Option<Verdict>,
    /// Source of its blocks.
    pub runs: Runs,
}

impl SinglePoint {
    /// Returns the experiment for the replications in the settings. With precision, it takes as many more as it needs,
    /// up to its limit.
    #[must_use]
    pub fn new(scenario: &Arc<Scenario>, settings: &Settings, precision: Option<Precision>) -> Self {
        Self {
            plan: Arc::new(Plan::of_one(Arc::clone(scenario), settings)),
            replications: settings.replications,
            results: RunResults::new(scenario, settings, Content::Everything),
            together: Vec::new(),
            precision,
            verdict: None,
        }
    }
}

impl Experiment for SinglePoint {
    type Outcome = Outcome;

    fn plan(&self) -> (Arc<Plan>, Content) {
        (Arc::clone(&self.plan), Content::Everything)
    }

    fn next(&self) -> Vec<Stretch> {
        let done = self.results.replications();
        let until = match (&self.precision, &self.verdict) {
            (None, _) => self.replications,
            (Some(_), Some(verdict)) => verdict.replications,
            (Some(precision), None) => precision.next_check(done, self.replications),
        };
        if done >= until { Vec::new() } else { vec![Stretch { point: 0, replications: done..until }] }
    }

    fn take(&mut self, _: &Job, block: Block) {
        self.together.push(block);
        if self.together.len() < self.plan.strategies(0).len() {
            return;
        }
        self.results.add(&self.together);
        self.together.clear();
        let done = self.results.replications();
        if let Some(precision) = &self.precision
            && precision.is_check(done, self.replications)
        {
            let judged = precision.judge(&self.results, done);
            self.verdict = (judged.is_precise() || done == precision.at_most).then_some(judged);
        }
    }

    fn conclude(self, runs: Runs) -> Outcome {
        Outcome { results: self.results, verdict: self.verdict, runs }
    }
}

/// Simulates all replications of all strategies of a scenario.
///
/// ```
/// # let text = "title = 'T'\nstart = 2027-01-01\nhorizon_months = 12\ndemand.a = 3\nrole = [{ name = 'a' }]\n
/// # [strategy.s]\nemployer = 'x'\n[organisation.x.hiring]\nstages = [{ name = 'search', takes_days = 30 }]";
/// use handover::run::{Session, Settings, run};
/// let scenario = handover::scenario::Scenario::parse(text, &[])?;
/// let settings = Settings { seed: 1, replications: 10, strategies: vec![0], independent: false };
/// let results = run(&scenario, &settings, &Session::default())?;
/// assert_eq!(results.response(0, "first_join_day"), Some(&[30.0; 10][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Fails if the session is stopped, or a finished block cannot be saved.
pub fn run(scenario: &Scenario, settings: &Settings, session: &Session) -> Result<RunResults, Ended> {
    Ok(session.perform(SinglePoint::new(&Arc::new(scenario.clone()), settings, None))?.results)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use crate::stats::Column;

    use super::super::store::{Memory, Store};
    use super::super::{BlockKey, Shape, Worker, replications_of};
    use super::*;

    const TEXT: &str = include_str!("../../scenarios/ramp100.toml");

    fn scenario() -> Scenario {
        let smaller = ["demand.engineer=20", "horizon_months=40"].map(str::to_owned);
        Scenario::parse(TEXT, &smaller).expect("the scenario is good")
    }

    /// Returns all results of a run, to the bit.
    fn bits(results: &RunResults) -> Vec<u64> {
        let strategy = &results.strategies[0];
        let columns =
            results.observations.columns(0).iter().chain(&strategy.phases).filter_map(Column::as_kept).flatten().copied();
        let moments = strategy.response_tallies.iter().flat_map(|tally| [tally.mean(), tally.variance()]);
        let months = (1..=40).flat_map(|month| {
            crate::response::SeriesId::all(1).flat_map(move |series| {
                let (tally, quantiles) = strategy.at_month(series, month, &[0.05, 0.5]);
                [tally.mean(), tally.variance()].into_iter().flatten().chain(quantiles)
            })
        });
        columns.chain(moments.flatten()).chain(months).map(f64::to_bits).collect()
    }

    fn run_on(threads: usize, settings: &Settings) -> RunResults {
        run(&scenario(), settings, &Session::default().threads(threads)).expect("nobody stops it")
    }

    fn settings(replications: u32) -> Settings {
        Settings { seed: 3, replications, strategies: vec![0], independent: false }
    }

    /// Keeps a limited number of blocks, and counts those it returns.
    struct Small {
        kept: Memory,
        room_for: u64,
        keeps: AtomicU64,
        found: AtomicU64,
    }

    impl Small {
        fn new(room_for: u64) -> Arc<Self> {
            let (keeps, found) = (AtomicU64::new(0), AtomicU64::new(0));
            Arc::new(Self { kept: Memory::default(), room_for, keeps, found })
        }
    }

    impl Store for Small {
        fn find(&self, key: &BlockKey, content: Content, shape: &Shape) -> Option<Block> {
            let found = self.kept.find(key, content, shape);
            self.found.fetch_add(u64::from(found.is_some()), Ordering::Relaxed);
            found
        }

        fn keep(&self, key: &BlockKey, block: &Block) -> io::Result<()> {
            if self.keeps.fetch_add(1, Ordering::Relaxed) >= self.room_for {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.kept.keep(key, block)
        }
    }

    #[test]
    fn results_do_not_depend_on_the_number_of_threads() {
        let one = bits(&run_on(1, &settings(1100)));
        assert!(one == bits(&run_on(2, &settings(1100))) && one == bits(&run_on(7, &settings(1100))));
    }

    #[test]
    fn a_run_within_a_pool_of_whoever_calls_it_ends() {
        use rayon::prelude::*;
        let whole = bits(&run_on(2, &settings(700)));
        let within = || bits(&run(&scenario(), &settings(700), &Session::default()).expect("nobody stops it"));
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
            assert!(pool.install(within) == whole, "{threads}");
            let many: Vec<bool> = pool.install(|| (0..6).into_par_iter().map(|_| within() == whole).collect());
            assert!(many.iter().all(|&same| same), "{threads}");
        }
    }

    #[test]
    fn blocks_computed_anywhere_merge_exactly() {
        let (scenario, settings, stop) = (scenario(), settings(1100), AtomicBool::new(false));
        let whole = run_on(2, &settings);
        // Each block with a new worker, the last block first.
        let mut blocks: Vec<Block> = (0..5)
            .rev()
            .filter_map(|index| Worker::new(&scenario, 0, 3).compute(replications_of(index, 1100), &stop))
            .collect();
        blocks.reverse();
        let mut merged = RunResults::new(&scenario, &settings, Content::Everything);
        blocks.iter().for_each(|block| merged.add(std::slice::from_ref(block)));
        assert!(bits(&merged) == bits(&whole));
    }

    #[test]
    fn what_a_run_could_keep_is_not_computed_again() {
        let store = Small::new(3);
        let session = Session::default().threads(2).store(Arc::clone(&store) as _);
        let ended = run(&scenario(), &settings(1100), &session);
        assert!(matches!(ended, Err(Ended::NotKept(_))));
        assert_eq!(store.found.load(Ordering::Relaxed), 0);
        let roomy = Arc::new(Small { kept: Memory::default(), room_for: 100, keeps: 0.into(), found: 0.into() });
        let session = Session::default().threads(2).store(Arc::clone(&roomy) as _);
        let first = run(&scenario(), &settings(700), &session).expect("there is room");
        assert!(bits(&first) == bits(&run_on(1, &settings(700))));
        // A larger run reuses the two whole blocks but not the third, which is short.
        let larger = run(&scenario(), &settings(1100), &session).expect("there is room");
        assert!(bits(&larger) == bits(&run_on(1, &settings(1100))));
        assert_eq!((roomy.found.load(Ordering::Relaxed), roomy.keeps.load(Ordering::Relaxed)), (2, 6));
    }

    #[test]
    fn a_run_that_is_stopped_says_so() {
        let stop = Arc::new(AtomicBool::new(true));
        let ended = run(&scenario(), &settings(1100), &Session::default().threads(2).stop(stop));
        assert!(matches!(ended, Err(Ended::Stopped)));
    }
}
