//! The rows of a summary.

use crate::response::{OUTCOMES, ResponseId};

/// A row of the summary: a response or goal, or the share of one of the [`OUTCOMES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportedId(usize);

impl ReportedId {
    /// Returns the row of a response or goal; for the outcome, its first row.
    #[must_use]
    pub fn of(response: ResponseId) -> Self {
        let position = response.position();
        Self(if position > ResponseId::OUTCOME.position() { position + OUTCOMES.len() - 1 } else { position })
    }

    /// Returns the row of the share of an outcome.
    #[must_use]
    pub fn outcome(outcome: usize) -> Self {
        Self(ResponseId::OUTCOME.position() + outcome)
    }

    /// Returns all rows of a scenario with this number of columns, in the order of the files.
    pub(super) fn all(columns: usize) -> impl Iterator<Item = Self> + Clone {
        (0..columns + OUTCOMES.len() - 1).map(Self)
    }

    /// Returns its position among the rows of a strategy.
    pub(super) fn position(self) -> usize {
        self.0
    }

    /// Returns the response or goal of the row, and the outcome whose share it is.
    pub(super) fn parts(self) -> (ResponseId, Option<usize>) {
        let first = ResponseId::OUTCOME.position();
        match self.0.checked_sub(first) {
            None => (ResponseId::FIRST.after(self.0), None),
            Some(outcome) if outcome < OUTCOMES.len() => (ResponseId::OUTCOME, Some(outcome)),
            Some(beyond) => (ResponseId::OUTCOME.after(beyond + 1 - OUTCOMES.len()), None),
        }
    }
}
