//! Client cost by fiscal year, replication by replication.

use crate::input::months::FiscalYear;
use crate::response::{MeasureId, SeriesId};
use crate::stats::{Column, Tally};
use crate::world::World;

use super::block::Months;

/// Client cost of one strategy in each fiscal year.
#[derive(Clone, Debug)]
pub(super) struct Years {
    months: usize,
    years: Vec<(FiscalYear, Tally, Column)>,
}

impl Years {
    /// Returns no values of the fiscal years of a world, to be kept or counted as in `column`.
    pub(super) fn new(world: &World, column: impl Fn() -> Column) -> Self {
        let years = world.months.fiscal_years(world.horizon_months);
        let years = years.map(|year| (year, Tally::default(), column())).collect();
        Self { months: world.horizon_months as usize, years }
    }

    /// Adds the replications of a block.
    pub(super) fn add(&mut self, block: &Months, replications: usize) {
        let first = SeriesId::from(MeasureId::MONTH_COST).position() * self.months;
        for (year, tally, column) in &mut self.years {
            let mut costs = vec![0.0; replications];
            for month in year.from..=year.to {
                let of_month = &block.series[(first + month as usize - 1) * replications..][..replications];
                costs.iter_mut().zip(of_month).for_each(|(cost, of_month)| *cost += of_month);
            }
            tally.merge(&Tally::of(&costs));
            column.add(&costs);
        }
    }

    pub(super) fn stop_keeping(&mut self) {
        self.years.iter_mut().for_each(|(_, _, column)| column.stop_keeping());
    }

    /// Returns each year with the moments and quantiles of its cost.
    pub(super) fn estimates(&self, shares: &[f64]) -> Vec<(Tally, Vec<f64>)> {
        self.years.iter().map(|(_, tally, column)| (*tally, column.quantiles(shares))).collect()
    }
}
