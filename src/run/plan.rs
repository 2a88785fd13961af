//! Plans: strategies at design points, with common random numbers.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::scenario::{Identity, Scenario};

use super::block::{blocks_of, replications_of};
use super::encoding::BlockKey;
use super::{BLOCK_REPLICATIONS, Settings};

/// The number of a design point, from 0.
pub type PointId = usize;

/// A strategy of a design point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedStrategy {
    /// Position in the scenario of the point.
    pub position: usize,
    /// Seed.
    pub seed: u64,
    /// Identity of all else that its replications depend on.
    pub identity: Identity,
}

/// The design points of a question: the strategies of each, and a function that makes its scenario.
///
/// A scenario is made when its point is simulated and dropped afterwards, so even many points take little memory.
pub struct Plan {
    points: Vec<Vec<PlannedStrategy>>,
    scenario: Box<dyn Fn(PointId) -> Arc<Scenario> + Send + Sync>,
    /// Scenarios in use, or in use a moment ago.
    made: Mutex<Vec<(PointId, Weak<Scenario>)>>,
}

impl fmt::Debug for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Plan").field("points", &self.points).finish_non_exhaustive()
    }
}

impl Plan {
    /// Returns a plan of a single point: some strategies of a scenario.
    #[must_use]
    pub fn of_one(scenario: Arc<Scenario>, settings: &Settings) -> Self {
        let strategies = planned(&scenario, settings);
        Self::new(vec![strategies], move |_| Arc::clone(&scenario))
    }

    /// Returns a plan of points: the strategies of each, and a function that makes the scenario of a point.
    #[must_use]
    pub fn new(
        points: Vec<Vec<PlannedStrategy>>,
        scenario: impl Fn(PointId) -> Arc<Scenario> + Send + Sync + 'static,
    ) -> Self {
        Self { points, scenario: Box::new(scenario), made: Mutex::default() }
    }

    /// Returns the number of points.
    #[must_use]
    pub fn points(&self) -> usize {
        self.points.len()
    }

    /// Returns the strategies of a point.
    #[must_use]
    pub fn strategies(&self, point: PointId) -> &[PlannedStrategy] {
        &self.points[point]
    }

    /// Returns the scenario of a point.
    #[must_use]
    pub fn scenario(&self, point: PointId) -> Arc<Scenario> {
        let find = |made: &[(PointId, Weak<Scenario>)]| {
            made.iter().find(|(known, _)| *known == point).and_then(|(_, scenario)| scenario.upgrade())
        };
        if let Some(scenario) = find(&self.made.lock().unwrap_or_else(PoisonError::into_inner)) {
            return scenario;
        }
        // Made outside the lock. Two threads may do it at once, but that costs less than waiting.
        let scenario = (self.scenario)(point);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.retain(|(_, scenario)| scenario.strong_count() > 0);
        made.push((point, Arc::downgrade(&scenario)));
        scenario
    }

    /// Returns the key of the block of a job.
    #[must_use]
    pub fn key(&self, job: &Job) -> BlockKey {
        let PlannedStrategy { seed, identity, .. } = self.points[job.point][job.strategy];
        BlockKey { identity, seed, replications: job.replications.clone() }
    }
}

/// Returns the strategies that settings choose from a scenario.
#[must_use]
pub fn planned(scenario: &Scenario, settings: &Settings) -> Vec<PlannedStrategy> {
    let strategy = |&position: &usize| PlannedStrategy {
        position,
        seed: settings.seed_of(&scenario.strategies[position]),
        identity: scenario.identity(position),
    };
    settings.strategies.iter().map(strategy).collect()
}

/// The unit of work: a block of replications of one strategy at one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The point.
    pub point: PointId,
    /// Position of the strategy among those of the point.
    pub strategy: usize,
    /// The replications.
    pub replications: Range<u32>,
}

/// Replications of all strategies of a point, starting at a block boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The point.
    pub point: PointId,
    /// The replications.
    pub replications: Range<u32>,
}

impl Stretch {
    /// Returns the number of blocks of each strategy.
    #[must_use]
    pub fn blocks(&self) -> u32 {
        blocks_of(self.replications.end) - self.replications.start / BLOCK_REPLICATIONS
    }

    /// Returns the replications of one of its blocks, from 0.
    fn block(&self, block: u32) -> Range<u32> {
        replications_of(self.replications.start / BLOCK_REPLICATIONS + block, self.replications.end)
    }
}

/// Stretches as a list of jobs: block by block, and within a block strategy by strategy. So jobs that belong together
/// are adjacent.
#[derive(Clone, Debug)]
pub struct Work {
    stretches: Vec<Stretch>,
    /// Strategies of each stretch, and jobs up to its end.
    ends: Vec<(u64, u64)>,
}

impl Work {
    /// Returns the jobs of some stretches.
    #[must_use]
    pub fn new(plan: &Plan, stretches: Vec<Stretch>) -> Self {
        let mut end = 0;
        let of = |stretch: &Stretch| {
            let strategies = plan.strategies(stretch.point).len() as u64;
            end += strategies * u64::from(stretch.blocks());
            (strategies, end)
        };
        let ends = stretches.iter().map(of).collect();
        Self { stretches, ends }
    }

    /// Returns the number of jobs.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        self.ends.last().map_or(0, |&(_, end)| end)
    }

    /// Returns a job by its number.
    #[must_use]
    pub fn job(&self, number: u64) -> Option<Job> {
        let place = self.ends.partition_point(|&(_, end)| end <= number);
        let (stretch, &(strategies, end)) = (self.stretches.get(place)?, self.ends.get(place)?);
        let within = number - (end - strategies * u64::from(stretch.blocks()));
        let replications = stretch.block((within / strategies) as u32);
        Some(Job { point: stretch.point, strategy: (within % strategies) as usize, replications })
    }

    /// Returns all jobs in their order.
    pub fn iter(&self) -> impl Iterator<Item = Job> {
        (0..self.jobs()).map_while(|number| self.job(number))
    }

    /// Returns the number of replications, summed over strategies.
    #[must_use]
    pub fn amount(&self) -> u64 {
        let of = |(stretch, (strategies, _)): (&Stretch, &(u64, u64))| strategies * stretch.replications.len() as u64;
        self.stretches.iter().zip(&self.ends).map(of).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_come_point_by_point_and_block_by_block() {
        let text = include_str!("../../scenarios/sixty_engineers.toml");
        let scenario = Arc::new(Scenario::parse(text, &[]).expect("it is a scenario"));
        let settings = Settings { seed: 1, replications: 600, strategies: vec![0, 2], independent: false };
        let strategies = planned(&scenario, &settings);
        let plan = Plan::new(vec![strategies; 3], move |_| Arc::clone(&scenario));
        let stretches = vec![
            Stretch { point: 1, replications: 256..600 },
            Stretch { point: 0, replications: 0..0 },
            Stretch { point: 2, replications: 0..10 },
        ];
        let work = Work::new(&plan, stretches);
        let jobs: Vec<(usize, usize, Range<u32>)> =
            work.iter().map(|job| (job.point, job.strategy, job.replications)).collect();
        let expected =
            [(1, 0, 256..512), (1, 1, 256..512), (1, 0, 512..600), (1, 1, 512..600), (2, 0, 0..10), (2, 1, 0..10)];
        assert_eq!(jobs, expected);
        assert_eq!((work.jobs(), work.amount(), work.job(6)), (6, 708, None));
    }
}
