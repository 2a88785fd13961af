//! Runs simulations for commands. Blocks are saved as they are finished, so a command that ends early keeps them, and
//! says so.

use std::sync::Arc;
use std::time::Duration;

use crate::run::{Content, Ended, Experiment, Plan, Session, Store, Stretch};

use super::failure::Failure;
use super::output::Output;
use super::progress;
use super::signals::Signals;
use super::study_blocks::StudyBlocks;

/// What a command needs to run a simulation.
#[derive(Clone, Copy)]
pub(super) struct Execution<'m> {
    /// Threads and messages.
    pub(super) output: &'m Output,
    /// Signals that end it early.
    pub(super) signals: &'m Signals,
    /// Time after which it stops cleanly.
    pub(super) time_limit: Option<Duration>,
}

impl Execution<'_> {
    /// Answers a question and saves its blocks.
    pub(super) fn perform<E: Experiment>(self, experiment: E, blocks: &Arc<StudyBlocks>) -> Result<E::Outcome, Failure>
    where
        E::Outcome: Send,
    {
        let (plan, _) = experiment.plan();
        self.keeping(blocks, || self.with_bar(&plan, Arc::clone(blocks) as _, |session| session.perform(experiment)))
    }

    /// Computes the blocks of a shard.
    pub(super) fn fill(
        self,
        (plan, content): (Arc<Plan>, Content),
        stretches: Vec<Stretch>,
        blocks: &Arc<StudyBlocks>,
    ) -> Result<(), Failure> {
        let fill = |session: &Session| session.fill(Arc::clone(&plan), content, stretches);
        self.keeping(blocks, || self.with_bar(&plan, Arc::clone(blocks) as _, fill))
    }

    /// Answers a question whose blocks are all stored.
    pub(super) fn assemble<E: Experiment>(self, experiment: E, store: Arc<dyn Store>) -> Result<E::Outcome, Failure>
    where
        E::Outcome: Send,
    {
        let (plan, _) = experiment.plan();
        let assembled = self.with_bar(&plan, store, |session| session.perform(experiment));
        assembled.map_err(|_| self.signals.failure())
    }

    fn with_bar<T>(self, plan: &Plan, store: Arc<dyn Store>, carry_out: impl FnOnce(&Session) -> T) -> T {
        let (bar, strategies) = (progress::bar(0, self.output.quiet), plan.strategies(0).len().max(1) as u64);
        let shown = bar.clone();
        let session = Session::default().store(store).stop(self.signals.stop()).progress(move |progress| {
            shown.set_length(progress.of / strategies);
            shown.set_position(progress.done / strategies);
        });
        let done = carry_out(&session);
        bar.finish_and_clear();
        done
    }

    /// Simulates, and if that ends early, says what is kept.
    fn keeping<T>(self, blocks: &Arc<StudyBlocks>, simulate: impl FnOnce() -> Result<T, Ended>) -> Result<T, Failure> {
        blocks.resuming().iter().for_each(|said| self.output.say(said));
        let last_words = Arc::clone(blocks);
        self.signals.leave(move || last_words.last_words());
        let limit = self.time_limit.map(|time| self.signals.limit(time)).transpose()?;
        limit.iter().for_each(|limit| blocks.report_to(limit.milestones()));
        let simulated = simulate();
        drop(limit);
        blocks.lost().iter().for_each(|said| self.output.say(said));
        simulated.map_err(|ended| {
            let failure = match ended {
                Ended::Stopped => match self.signals.failure() {
                    Failure::Partial(words) if !blocks.has_saved() && blocks.has_begun() => {
                        Failure::Partial(format!("{words} with a longer limit: no block was finished in this one"))
                    }
                    failure => failure,
                },
                Ended::NotKept(error) => blocks.failure(&error),
                Ended::NoThreads(error) => Failure::Output(error),
            };
            // If this fails, the blocks still outlive the program.
            let _ = blocks.abandon();
            failure
        })
    }
}
