//! Replications of a strategy in warm memory, with all responses and month-end measures, as a run computes them.

use std::hint::black_box;

use handover::model::Simulation;
use handover::response::Responses;
use handover::scenario::Scenario;

/// One replication after another, each with different random numbers.
#[derive(Debug)]
pub(crate) struct Replications<'s> {
    simulation: Simulation<'s>,
    responses: Responses,
    values: Vec<f64>,
    goals: Vec<u32>,
    next: u32,
}

impl<'s> Replications<'s> {
    /// Prepares the replications of a strategy, given by its position in the scenario.
    pub(crate) fn new(scenario: &'s Scenario, strategy: usize) -> Self {
        let (world, strategy) = (&scenario.world, &scenario.strategies[strategy]);
        Self {
            simulation: Simulation::new(world, strategy, scenario.seed),
            responses: Responses::new(world, strategy, scenario.seed),
            values: Vec::new(),
            goals: vec![0; 2 * world.goals.len() * world.horizon_months as usize],
            next: 0,
        }
    }

    /// Simulates the next replication and reads all its outcomes. Returns the number of its events. It is never inlined, so
    /// that all programs that measure it compile it alike.
    #[inline(never)]
    pub(crate) fn replicate(&mut self) -> u64 {
        let events = self.simulation.replicate(self.next, &mut self.responses);
        self.values.clear();
        self.responses.values(&mut self.values);
        self.responses.phases(&mut self.values);
        self.responses.count_goals(&mut self.goals);
        black_box((self.values.last(), self.responses.series(), self.responses.costs()));
        self.next = self.next.wrapping_add(1);
        events
    }
}
