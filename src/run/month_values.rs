//! Values of a measure at a month end: counted if they are whole, kept or counted otherwise.

use crate::stats::{Column, Counts};

/// All values of one measure at one month end.
#[derive(Clone, Debug)]
pub(super) enum Values {
    Whole(Counts),
    Any(Column),
}

impl Values {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole measures count people")]
    pub(super) fn add(&mut self, values: &[f64]) {
        match self {
            Values::Whole(counts) => values.iter().for_each(|&value| counts.add(value as u32)),
            Values::Any(column) => column.add(values),
        }
    }

    pub(super) fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        match self {
            Values::Whole(counts) => shares.iter().map(|&share| counts.quantile(share).unwrap_or(f64::NAN)).collect(),
            Values::Any(column) => column.quantiles(shares),
        }
    }
}
