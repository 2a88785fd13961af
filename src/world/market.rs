//! The market: the risk that the venture as a whole fails.

use crate::input::number::PerYear;
use crate::input::{Fields, Table};

/// `[market]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Market {
    /// Hazard that the venture fails and the client leaves.
    pub exit_hazard_per_year: f64,
}

impl Table for Market {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            exit_hazard_per_year: fields
                .optional_or(
                    "exit_hazard_per_year",
                    "0",
                    "hazard that the venture fails and the client leaves the market, per year",
                )
                .map_or(0.0, PerYear::value),
        }
    }
}
