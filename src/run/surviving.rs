//! Month-end values of the replications in which the venture has not ended by then.

use crate::response::SeriesId;
use crate::stats::{Column, Counts, Tally, quantiles_in_place};

use super::block::Months;
use super::month_values::Values;

/// The values of one strategy.
#[derive(Clone, Debug)]
pub(super) struct Surviving {
    months: usize,
    /// Month ends that each replication survives, while values are kept.
    survived: Vec<u32>,
    series: Vec<Series>,
}

/// One series at one month end.
#[derive(Clone, Debug)]
struct Series {
    tally: Tally,
    values: Survivors,
}

#[derive(Clone, Debug)]
enum Survivors {
    Whole(Counts),
    /// Computed from the values, which are kept elsewhere.
    Kept,
    Counted(Column),
}

impl Surviving {
    /// Returns an empty set for a number of roles and months, whose values are kept elsewhere or counted.
    pub(super) fn new((roles, months): (usize, usize), is_kept: bool) -> Self {
        let values = |series: SeriesId| match (series.is_whole(), is_kept) {
            (true, _) => Survivors::Whole(Counts::default()),
            (false, true) => Survivors::Kept,
            (false, false) => Survivors::Counted(Column::counted()),
        };
        let empty = |series: SeriesId| Series { tally: Tally::default(), values: values(series) };
        let by_month = |series: SeriesId| (0..months).map(move |_| empty(series));
        Self { months, survived: Vec::new(), series: SeriesId::all(roles).flat_map(by_month).collect() }
    }

    /// Adds the survivors of a block.
    pub(super) fn add(&mut self, block: &Months, replications: usize) {
        let is_kept = self.series.iter().any(|series| matches!(series.values, Survivors::Kept));
        let first_end = block.survived.iter().copied().min().unwrap_or(0) as usize;
        let mut survivors = Vec::with_capacity(replications);
        let columns = block.series.chunks(replications).zip(&block.series_tallies).enumerate();
        for (series, (at, (values, tally))) in self.series.iter_mut().zip(columns) {
            let month = at % self.months + 1;
            if month <= first_end {
                series.tally.merge(tally);
                series.values.add(values);
            } else {
                survivors.clear();
                survivors.extend(of_survivors(values, &block.survived, month));
                series.tally.merge(&Tally::of(&survivors));
                series.values.add(&survivors);
            }
        }
        if is_kept {
            self.survived.extend(&block.survived);
        }
    }

    /// Counts from now on, starting with what `kept` holds, series by series.
    pub(super) fn stop_keeping<'v>(&mut self, kept: impl Iterator<Item = &'v Values>) {
        for (at, (series, values)) in self.series.iter_mut().zip(kept).enumerate() {
            if let (Survivors::Kept, Values::Any(values)) = (&series.values, values) {
                let survivors: Vec<f64> =
                    of_survivors(values.as_kept().unwrap_or_default(), &self.survived, at % self.months + 1).collect();
                let mut counted = Column::counted();
                counted.add(&survivors);
                series.values = Survivors::Counted(counted);
            }
        }
        self.survived = Vec::new();
    }

    /// Returns moments and quantiles of the series at a position. `values` are its values, if they are kept.
    pub(super) fn at(&self, at: usize, values: &Values, shares: &[f64]) -> (Tally, Vec<f64>) {
        let Series { tally, values: survivors } = &self.series[at];
        let quantiles = match (survivors, values) {
            (Survivors::Whole(counts), _) => {
                shares.iter().map(|&share| counts.quantile(share).unwrap_or(f64::NAN)).collect()
            }
            (Survivors::Counted(column), _) => column.quantiles(shares),
            (Survivors::Kept, Values::Any(column)) => {
                let kept = column.as_kept().unwrap_or_default();
                let mut found: Vec<f64> = of_survivors(kept, &self.survived, at % self.months + 1).collect();
                quantiles_in_place(&mut found, shares)
            }
            (Survivors::Kept, Values::Whole(_)) => vec![f64::NAN; shares.len()],
        };
        (*tally, quantiles)
    }
}

impl Survivors {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole measures count people")]
    fn add(&mut self, survivors: &[f64]) {
        match self {
            Self::Whole(counts) => survivors.iter().for_each(|&value| counts.add(value as u32)),
            Self::Kept => {}
            Self::Counted(column) => column.add(survivors),
        }
    }
}

/// Returns the values of the replications that survive a month end (from 1).
fn of_survivors<'v>(values: &'v [f64], survived: &'v [u32], month: usize) -> impl Iterator<Item = f64> + 'v {
    values.iter().zip(survived).filter(move |(_, survived)| **survived as usize >= month).map(|(&value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::super::{Session, Settings, run};
    use crate::response::MeasureId;
    use crate::scenario::Scenario;

    /// Ten people from the start, who stay until the client leaves the market. All ten survivors are there at every
    /// month end.
    const TEN: &str = "title = 'T'\nstart = 2027-01-01\nmonths = 'equal'\nhorizon_months = 24\ndemand.a = 10\nrole = [{ name = 'a' }]\n\
        market.exit_hazard_per_year = 1.0\n[organisation.o]\nown = true\ncost.fixed_month = 5\n\
        [strategy.s]\nemployer = 'o'\ninitial = [{ role = 'a', headcount = 10 }]\n";

    #[test]
    fn no_survivor_is_without_people_or_cost() {
        let scenario = Scenario::parse(TEN, &[]).expect("the scenario is good");
        for replications in [600, 100_200] {
            let settings = Settings { seed: 1, replications, strategies: vec![0], independent: false };
            let results = run(&scenario, &settings, &Session::default()).expect("nobody stops it");
            let strategy = &results.strategies[0];
            for month in [1, 12, 24] {
                let (tally, quantiles) =
                    strategy.surviving_at(MeasureId::HEADCOUNT, month, &[0.0, 1.0]).expect("it may end");
                assert_eq!((tally.mean(), quantiles), (Some(10.0), vec![10.0, 10.0]), "month {month}");
                // exp(-month / 12) survive: 4 standard errors.
                let share = tally.count() as f64 / f64::from(replications);
                let truth = crate::maths::exp(-(month as f64) / 12.0);
                let error = (truth * (1.0 - truth) / f64::from(replications)).sqrt();
                assert!((share - truth).abs() < 4.0 * error, "{share} in month {month}");
                let (cost, quantiles) =
                    strategy.surviving_at(MeasureId::MONTH_COST, month, &[0.0, 1.0]).expect("it may end");
                assert!((cost.mean().expect("some survive") - 5.0).abs() < 1e-9);
                assert!(quantiles.iter().all(|cost| (cost - 5.0).abs() < 0.01), "{quantiles:?}");
            }
        }
        let safe = Scenario::parse(TEN, &["market.exit_hazard_per_year=0".to_owned()]).expect("the scenario is good");
        let settings = Settings { seed: 1, replications: 10, strategies: vec![0], independent: false };
        let results = run(&safe, &settings, &Session::default()).expect("nobody stops it");
        assert!(results.strategies[0].surviving_at(MeasureId::HEADCOUNT, 1, &[0.5]).is_none(), "nothing ends it");
    }
}
