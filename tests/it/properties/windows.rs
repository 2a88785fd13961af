//! Windows of time: when everything that has begun must end, by the bounds of its distribution.

use std::collections::BTreeMap;

use handover::engine::Time;
use handover::input::duration::Duration;
use handover::model::{PersonId, SeatId, TransferId};
use handover::world::OrganisationId;

/// How far rounding, and month ends that include what is close to them, may move an instant.
pub(super) const TOLERANCE_DAYS: f64 = 1e-6;

/// A process with a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timed {
    Setup(OrganisationId),
    Stage(SeatId),
    Bench(SeatId),
    Phase(PersonId),
    Tenure(PersonId),
    Leaving(PersonId),
    Disruption(PersonId, TransferId),
}

/// The earliest and the latest end of each process under way, in days.
#[derive(Default)]
pub(super) struct Windows(BTreeMap<Timed, (f64, f64)>);

/// Returns the bounds of a duration; the lower bound of one that varies is taken as zero.
pub(super) fn bounds(days: &Duration) -> (f64, f64) {
    days.fixed().map_or((0.0, days.maximum()), |days| (days, days))
}

/// Returns whether a state lasts no longer than a rounding error.
pub(super) fn is_moment(from: Time, until: Time) -> bool {
    until.days_since(from) < TOLERANCE_DAYS
}

impl Windows {
    /// Starts a process that takes a duration times a factor.
    pub(super) fn begin(&mut self, what: Timed, now: Time, days: &Duration, factor: f64) {
        let (least, greatest) = bounds(days);
        self.begin_between(what, (now.days() + least * factor, now.days() + greatest * factor));
    }

    /// Starts a process that ends between two days.
    pub(super) fn begin_between(&mut self, what: Timed, days: (f64, f64)) {
        assert!(self.0.insert(what, days).is_none(), "{what:?} is under way already");
    }

    /// Ends a process in its window.
    pub(super) fn end(&mut self, what: Timed, now: Time) {
        let window = self.0.remove(&what);
        let (earliest, latest) = window.unwrap_or_else(|| panic!("{what:?} ends, and is not under way"));
        let is_within = now.days() >= earliest - TOLERANCE_DAYS && now.days() <= latest + TOLERANCE_DAYS;
        assert!(is_within, "{what:?} ends on day {}, expected {earliest} to {latest}", now.days());
    }

    /// Returns whether something is under way that must end by now.
    pub(super) fn is_due(&self, what: Timed, now: Time) -> bool {
        self.0.get(&what).is_some_and(|(_, latest)| *latest <= now.days() + TOLERANCE_DAYS)
    }

    /// Cuts a process short, if it is under way.
    pub(super) fn drop(&mut self, what: Timed) {
        self.0.remove(&what);
    }

    /// Ends all processes.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Checks a state with a duration: nothing should have ended before its end.
    pub(super) fn held(&self, until: Time) {
        for (what, (_, latest)) in &self.0 {
            assert!(until.days() <= latest + TOLERANCE_DAYS, "{what:?} goes on at day {}, due by {latest}", until.days());
        }
    }
}
