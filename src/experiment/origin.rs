//! The origin of results other than a fixed number of replications: a requested precision, or shards of which some are
//! missing.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::report::number::readable;

/// Where results come from, if not from a fixed number of replications.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The requested precision.
    pub precision: Option<PrecisionRecord>,
    /// The missing replications, if any.
    pub partial: Option<Partial>,
}

/// The precision requested of a run and the estimates that missed it, as on the command line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecord {
    /// The largest half-width allowed, as a share of the value.
    pub half_width: f64,
    /// The responses, goals and quantiles that must be precise.
    pub responses: Vec<String>,
    /// Fewest replications before precision is judged.
    pub first_replications: u32,
    /// Replications after which the run stops regardless.
    pub max_replications: u32,
    /// The estimates that are not precise enough; empty before the run has ended.
    pub missed: Vec<MissedPrecision>,
}

/// An estimate that misses the requested precision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MissedPrecision {
    /// The strategy.
    pub strategy: String,
    /// One of the responses of the record.
    pub response: String,
    /// Its half-width as a share of its value; none if there is no interval.
    pub half_width: Option<f64>,
}

/// Which replications results are based on, if some are missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    /// Replications of each strategy that are done.
    pub replications: u32,
    /// Replications of each strategy in the whole run.
    pub of: u32,
    /// The missing replications.
    pub missing: Missing,
}

/// Ranges of replications, as text such as `0 to 1023, 2048 to 2303`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Missing(Vec<Range<u32>>);

impl Partial {
    /// Returns the origin of a run without some ranges of its replications, which are in order and do not overlap.
    #[must_use]
    pub fn new(of: u32, missing: Vec<Range<u32>>) -> Self {
        let count: usize = missing.iter().map(Range::len).sum();
        Self { replications: of.saturating_sub(count as u32), of, missing: Missing(missing) }
    }

    /// Returns whether the numbers are consistent.
    pub(super) fn is_consistent(&self) -> bool {
        let ends = self.missing.0.iter().map(|range| range.end);
        let is_ordered = self.missing.0.windows(2).all(|pair| pair[0].end < pair[1].start);
        is_ordered && ends.max().is_none_or(|end| end <= self.of) && *self == Self::new(self.of, self.missing.0.clone())
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [replications, of] = [self.replications, self.of].map(|count| readable(count.into()));
        write!(out, "{replications} of {of} replications are done; missing: {}", String::from(self.missing.clone()))
    }
}

impl From<Missing> for String {
    fn from(missing: Missing) -> Self {
        let text = |range: &Range<u32>| format!("{} to {}", range.start, range.end.saturating_sub(1));
        missing.0.iter().map(text).collect::<Vec<_>>().join(", ")
    }
}

impl TryFrom<String> for Missing {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let range = |part: &str| {
            let (first, last) = part.split_once(" to ")?;
            let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
            (first <= last).then_some(first..last.checked_add(1)?)
        };
        let ranges = text.split(", ").map(range).collect::<Option<_>>();
        ranges.map(Self).ok_or_else(|| format!("{text:?} is not a list of replications: expected one such as \"0 to 1023\""))
    }
}

impl Origin {
    /// Returns the numbers of the replications in some rows of each strategy.
    pub(super) fn numbers(&self, rows: &Range<usize>) -> Vec<u32> {
        let missing = self.partial.as_ref().map_or(&[][..], |partial| &partial.missing.0);
        let mut missing = missing.iter().peekable();
        let mut skipped = 0;
        let number = |row: usize| {
            while let Some(hole) = missing.next_if(|hole| hole.start <= row as u32 + skipped) {
                skipped += hole.len() as u32;
            }
            row as u32 + skipped
        };
        rows.clone().map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_replications_are_read_as_they_are_written() {
        for (ranges, text) in
            [(vec![0..1024, 2048..2304], "0 to 1023, 2048 to 2303"), (vec![5..6, 256..512], "5 to 5, 256 to 511")]
        {
            let missing = Missing(ranges);
            assert_eq!(String::from(missing.clone()), text);
            assert_eq!(Missing::try_from(text.to_owned()), Ok(missing));
        }
        for text in ["", "0", "7 to 3", "0 to 4294967295", "0 to 3,5 to 6", "-1 to 3"] {
            assert!(Missing::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_that_do_not_fit_together_are_noticed() {
        let partial = |replications, of, missing| Partial { replications, of, missing: Missing(missing) };
        assert!(partial(3, 5, vec![1..2, 4..5]).is_consistent());
        let wrong = [
            partial(4, 5, vec![1..2, 4..5]),
            partial(3, 5, vec![4..5, 1..2]),
            partial(2, 5, vec![1..3, 2..4]),
            partial(3, 5, vec![1..2, 5..6]),
        ];
        wrong.iter().for_each(|partial| assert!(!partial.is_consistent(), "{partial:?}"));
    }
}
