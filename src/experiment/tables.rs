//! The result tables, each with its rows and columns.

use std::borrow::Cow;

use crate::money::Kind as Cost;
use crate::report::cells::Kind;
use crate::response::{OUTCOMES, PHASES, ResponseId, SeriesId, Unit};

use super::estimates::{BOUNDED_SHARES, GIVEN, Results};
use super::reported::ReportedId;
use super::table::{Cell, CellValue, Column, CountedIn, TableOf, text, value};

pub(super) const REPLICATIONS: CountedIn = CountedIn::Name("replications");
const MONTHS: CountedIn = CountedIn::Name("months");
pub(super) const SHARE: CountedIn = CountedIn::Unit(Unit::Share);
const DAYS: CountedIn = CountedIn::Unit(Unit::Day);
const MONEY: CountedIn = CountedIn::Unit(Unit::Money);
pub(super) const BY_UNIT: CountedIn = CountedIn::Column("unit");
/// A number without a unit.
pub(super) const PLAIN: CountedIn = CountedIn::Name("ratio");
/// Meaning of the column `skewness` of a table of differences.
pub(super) const SKEWNESS_OF_DIFFERENCES: &str =
    "skewness of the differences; of a ratio that of what each replication adds to it";
/// Meaning of the column `interval`.
pub(super) const INTERVAL: &str =
    "method of that interval: `student`; `hall`, which corrects for skewness; of a probability `wilson`";

/// Returns every pair of two lists; the second changes faster.
pub(super) fn each<A: Copy, B>(
    first: impl IntoIterator<Item = A>,
    second: impl IntoIterator<Item = B> + Clone,
) -> impl Iterator<Item = (A, B)> {
    first.into_iter().flat_map(move |a| second.clone().into_iter().map(move |b| (a, b)))
}

pub(super) fn strategies(results: &Results) -> std::ops::Range<usize> {
    0..results.study.settings.strategies.len()
}

/// A column of numbers that identifies the row.
macro_rules! key {
    ($name:literal, $meaning:literal, $kind:ident, $counted_in:expr, |$results:pat_param, $row:ident| $cell:expr) => {
        Column {
            name: $name,
            meaning: $meaning,
            kind: Kind::$kind,
            counted_in: $counted_in,
            get: |$results, $row| Cell::$kind($cell),
            set: None,
        }
    };
}

macro_rules! of_estimate {
    ($name:literal, $meaning:expr, $kind:ident, $counted_in:expr, $($field:tt)+) => {
        value!($name, $meaning, $kind, $counted_in, results, row =>
            results.strategies[row.0].reported[row.1.position()].$($field)+)
    };
}

/// Each response of each strategy.
pub(super) const SUMMARY: TableOf<Results, (usize, ReportedId)> = TableOf {
    rows: |results| each(strategies(results), ReportedId::all(results.observations.about().len())).collect(),
    about: "A response of a strategy over all replications",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        text!("role", "its role; empty for all roles together", |results, row| results.reported_role(row.1)),
        text!("response", "the response or goal", |results, row| results.reported_in_role(row.1)),
        text!("unit", "its unit", |results, row| results.reported_unit(row.1)),
        text!("nature", "its nature: date, ratio or number", |results, row| results.about(row.1.parts().0).nature.name()),
        of_estimate!("n", "replications in which it is defined; of a date those that reach it", Count, REPLICATIONS, n),
        of_estimate!(
            "missing",
            "replications in which it is undefined; of a date those in which it never comes",
            Count,
            REPLICATIONS,
            missing
        ),
        of_estimate!(
            "mean",
            "estimate: of a date the mean of min(T, H), of a ratio the ratio of the means, else the mean",
            Number,
            BY_UNIT,
            mean
        ),
        of_estimate!(
            "sd",
            "standard deviation of what is averaged; of a ratio that of its values by replication",
            Number,
            BY_UNIT,
            sd
        ),
        of_estimate!("se", "standard error of the estimate", Number, BY_UNIT, se),
        of_estimate!("ci_low", "lower limit of its confidence interval", Number, BY_UNIT, low),
        of_estimate!("ci_high", "upper limit of its confidence interval", Number, BY_UNIT, high),
        of_estimate!("min", "least value", Number, BY_UNIT, min),
        of_estimate!("p5", "5 % quantile", Number, BY_UNIT, quantiles[0]),
        of_estimate!("p25", "25 % quantile", Number, BY_UNIT, quantiles[1]),
        of_estimate!("p50", "median", Number, BY_UNIT, quantiles[2]),
        of_estimate!("p75", "75 % quantile", Number, BY_UNIT, quantiles[3]),
        of_estimate!("p95", "95 % quantile", Number, BY_UNIT, quantiles[4]),
        of_estimate!("max", "greatest value", Number, BY_UNIT, max),
        of_estimate!("interval", INTERVAL, Text, CountedIn::Nothing, method),
        of_estimate!(
            "skewness",
            "skewness of what is averaged; of a ratio that of what each replication adds to it",
            Number,
            PLAIN,
            skewness
        ),
    ],
};

macro_rules! of_quantile {
    ($name:literal, $meaning:literal, $field:ident) => {
        value!($name, $meaning, Number, CountedIn::Column("response"), results, row =>
            results.strategies[row.0].quantiles[row.1.position()][row.2].$field)
    };
}

/// Quantiles of each response of each strategy, with distribution-free limits.
pub(super) const QUANTILES: TableOf<Results, (usize, ResponseId, usize)> = TableOf {
    rows: |results| {
        let about = results.observations.about();
        let responses = ResponseId::all(about.len()).filter(|id| super::estimates::has_quantiles(&about[id.position()]));
        each(each(strategies(results), responses), 0..BOUNDED_SHARES.len())
            .map(|((strategy, response), share)| (strategy, response, share))
            .collect()
    },
    about: "A quantile of a response of a strategy",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        text!("response", "the response or goal", |results, row| results.about(row.1).name.as_str()),
        key!("share", "the share of the replications below it", Number, SHARE, |_, row| BOUNDED_SHARES[row.2]),
        of_quantile!("value", "the quantile", value),
        of_quantile!(
            "ci_low",
            "lower limit of its confidence interval; empty if there are too few replications for one",
            low
        ),
        of_quantile!(
            "ci_high",
            "upper limit of its confidence interval; empty if there are too few replications for one",
            high
        ),
    ],
};

macro_rules! of_month {
    ($name:literal, $meaning:literal, $($field:tt)+) => {
        value!($name, $meaning, Number, CountedIn::Column("measure"), results, row =>
            results.strategies[row.0].timelines[row.1][row.3.position()][row.2 - 1].$($field)+)
    };
}

/// Each measure of each strategy at each month end.
pub(super) const TIMELINE: TableOf<Results, (usize, usize, usize, SeriesId)> = TableOf {
    rows: |results| {
        let given = each(strategies(results), 0..GIVEN.len());
        let is_there = |&(strategy, given): &(usize, usize)| given == 0 || results.study.may_end(strategy);
        let series = SeriesId::all(results.study.scenario.world.roles.len());
        each(each(given.filter(is_there), 1..=results.study.months()), series)
            .map(|(((strategy, given), month), series)| (strategy, given, month, series))
            .collect()
    },
    about: "A measure of a strategy at a month end",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        text!("role", "the role; empty for all roles together", |results, row| results.role_of(row.3)),
        text!(
            "given",
            "empty: all replications; `surviving`: those that neither market exit nor a collapse has ended by then, where that \
             may happen",
            |_, row| GIVEN[row.1]
        ),
        key!("month", "number of the month, from 1", Count, MONTHS, |_, row| row.2 as u64),
        key!("date", "its last day", Date, CountedIn::Nothing, |results, row| results.study.last_date(row.2)),
        text!("measure", "the measure", |_, row| row.3.measure().about().name),
        of_month!("mean", "mean", mean),
        of_month!("sd", "standard deviation", sd),
        of_month!("p5", "5 % quantile", quantiles[0]),
        of_month!("p25", "25 % quantile", quantiles[1]),
        of_month!("p50", "median", quantiles[2]),
        of_month!("p75", "75 % quantile", quantiles[3]),
        of_month!("p95", "95 % quantile", quantiles[4]),
    ],
};

macro_rules! of_goal {
    ($name:literal, $meaning:literal, $kind:ident, $($field:tt)+) => {
        value!($name, $meaning, $kind, SHARE, results, row =>
            results.strategies[row.0].goals[row.1].$($field)+)
    };
}

/// Each goal of each strategy.
pub(super) const GOALS: TableOf<Results, (usize, usize)> = TableOf {
    rows: |results| each(strategies(results), 0..results.study.goals().len()).collect(),
    about: "A goal of a strategy",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        text!("goal", "the goal", |results, row| results.study.goals()[row.1].name.as_str()),
        of_goal!("probability", "share of the replications in which it is met", Number, met.share),
        of_goal!("ci_low", "lower limit of its confidence interval", Number, met.low),
        of_goal!("ci_high", "upper limit of its confidence interval", Number, met.high),
        key!(
            "required",
            "probability that the lower limit must reach; empty if the goal is no gate",
            Number,
            SHARE,
            |results, row| results.study.goals()[row.1].probability.unwrap_or(f64::NAN)
        ),
        value!("met", "whether it does; empty if the goal is no gate", Flag, CountedIn::Nothing, results, row =>
            results.strategies[row.0].goals[row.1].is_gate_met),
    ],
};

macro_rules! of_goal_month {
    ($name:literal, $meaning:literal, $which:literal, $field:ident) => {
        value!($name, $meaning, Number, SHARE, results, row =>
            results.strategies[row.0].goals[row.1].months[row.2 - 1][$which].$field)
    };
}

/// Each goal of each strategy by month.
pub(super) const GOALS_TIMELINE: TableOf<Results, (usize, usize, usize)> = TableOf {
    rows: |results| {
        each(each(strategies(results), 0..results.study.goals().len()), 1..=results.study.months())
            .map(|((strategy, goal), month)| (strategy, goal, month))
            .collect()
    },
    about: "A goal of a strategy as of a month",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        text!("goal", "the goal", |results, row| results.study.goals()[row.1].name.as_str()),
        key!("month", "number of the month, from 1", Count, MONTHS, |_, row| row.2 as u64),
        key!("date", "its last day", Date, CountedIn::Nothing, |results, row| results.study.last_date(row.2)),
        of_goal_month!("holds", "share of the replications in which the bound holds at that month end", 0, share),
        of_goal_month!("holds_low", "lower limit of its confidence interval", 0, low),
        of_goal_month!("holds_high", "upper limit of its confidence interval", 0, high),
        of_goal_month!("met", "share of the replications in which the goal would be met were it due then", 1, share),
        of_goal_month!("met_low", "lower limit of its confidence interval", 1, low),
        of_goal_month!("met_high", "upper limit of its confidence interval", 1, high),
    ],
};

macro_rules! of_cost {
    ($name:literal, $meaning:literal, $field:ident) => {
        value!($name, $meaning, Number, MONEY, results, row =>
            results.strategies[row.0].costs[row.2][row.1 - 1].$field)
    };
}

/// Client cost of each strategy by month and kind.
pub(super) const COSTS: TableOf<Results, (usize, usize, usize)> = TableOf {
    rows: |results| {
        each(each(strategies(results), 1..=results.study.months()), 0..Cost::ALL.len())
            .map(|((strategy, month), kind)| (strategy, month, kind))
            .collect()
    },
    about: "Client cost of a strategy, of one kind in one month",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        key!("month", "number of the month, from 1", Count, MONTHS, |_, row| row.1 as u64),
        key!("date", "its last day", Date, CountedIn::Nothing, |results, row| results.study.last_date(row.1)),
        text!("kind", "the kind, as in the responses `cost_...`", |_, row| Cost::ALL[row.2].name()),
        of_cost!("mean", "mean", mean),
        of_cost!("sd", "standard deviation", sd),
    ],
};

macro_rules! of_year {
    ($name:literal, $meaning:literal, $($field:tt)+) => {
        value!($name, $meaning, Number, MONEY, results, row =>
            results.strategies[row.0].years[row.1].$($field)+)
    };
}

/// Client cost of each strategy by fiscal year.
pub(super) const COSTS_BY_YEAR: TableOf<Results, (usize, usize)> = TableOf {
    rows: |results| each(strategies(results), 0..results.study.fiscal_years().len()).collect(),
    about: "Client cost of a strategy in a fiscal year",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        key!("year", "the year in which it begins", Count, CountedIn::Nothing, |results, row| {
            results.study.fiscal_years()[row.1].year.unsigned_abs().into()
        }),
        key!("months", "how many of its months lie within the horizon", Count, MONTHS, |results, row| {
            let year = results.study.fiscal_years()[row.1];
            u64::from(year.to + 1 - year.from)
        }),
        key!("date", "the last day of the last of them", Date, CountedIn::Nothing, |results, row| {
            results.study.last_date(results.study.fiscal_years()[row.1].to as usize)
        }),
        of_year!("mean", "mean", mean),
        of_year!("p5", "5 % quantile", quantiles[0]),
        of_year!("p50", "median", quantiles[1]),
        of_year!("p95", "95 % quantile", quantiles[2]),
    ],
};

/// People of each strategy by employer and month, where there are several employers.
pub(super) const EMPLOYERS: TableOf<Results, (usize, usize, usize)> = TableOf {
    rows: |results| {
        let of_strategy = |strategy| each([strategy], 0..results.study.employers(strategy).len());
        each(strategies(results).flat_map(of_strategy), 1..=results.study.months())
            .map(|((strategy, employer), month)| (strategy, employer, month))
            .collect()
    },
    about: "The people of an organisation that takes part in a strategy with others, at a month end",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        text!("organisation", "the organisation", |results, row| {
            &results.study.scenario.world.organisation(results.study.employers(row.0)[row.1]).name
        }),
        key!("month", "number of the month, from 1", Count, MONTHS, |_, row| row.2 as u64),
        key!("date", "its last day", Date, CountedIn::Nothing, |results, row| results.study.last_date(row.2)),
        value!("mean", "people present whom it employs, on average", Number, CountedIn::Unit(Unit::People), results, row =>
            results.strategies[row.0].employed[row.1][row.2 - 1]),
    ],
};

macro_rules! of_phase {
    ($name:literal, $meaning:literal, $kind:ident, $counted_in:expr, $($field:tt)+) => {
        value!($name, $meaning, $kind, $counted_in, results, row =>
            results.strategies[row.0].phases[row.1].$($field)+)
    };
}

/// Each phase of each strategy.
pub(super) const PHASES_TABLE: TableOf<Results, (usize, usize)> = TableOf {
    rows: |results| each(strategies(results), 0..PHASES.len()).collect(),
    about: "A phase of a strategy",
    may_skip: false,
    columns: &[
        text!("strategy", "the strategy", |results, row| results.study.name(row.0)),
        text!("phase", "the phase", |_, row| PHASES[row.1]),
        of_phase!("n", "replications in which it took place", Count, REPLICATIONS, n),
        of_phase!("begin_p5", "5 % quantile of the day on which it begins", Number, DAYS, begin[0]),
        of_phase!("begin_p50", "median of the day on which it begins", Number, DAYS, begin[1]),
        of_phase!("begin_p95", "95 % quantile of the day on which it begins", Number, DAYS, begin[2]),
        of_phase!("end_p5", "5 % quantile of the day on which it ends", Number, DAYS, end[0]),
        of_phase!("end_p50", "median of the day on which it ends", Number, DAYS, end[1]),
        of_phase!("end_p95", "95 % quantile of the day on which it ends", Number, DAYS, end[2]),
    ],
};

impl Results {
    /// Returns the name of a row of the summary.
    #[must_use]
    pub fn reported_name(&self, reported: ReportedId) -> Cow<'_, str> {
        let (response, outcome) = reported.parts();
        let name = self.about(response).name.as_str();
        outcome.map_or(Cow::from(name), |outcome| Cow::from(format!("{name}_{}", OUTCOMES[outcome])))
    }

    /// Returns the role of a row of the summary. It is empty for all roles together.
    fn reported_role(&self, reported: ReportedId) -> &str {
        self.about(reported.parts().0).role.as_deref().unwrap_or_default()
    }

    /// Returns the name of a row of the summary beside that of its role.
    fn reported_in_role(&self, reported: ReportedId) -> Cow<'_, str> {
        match reported.parts() {
            (response, None) => Cow::from(self.about(response).name_in_role()),
            _ => self.reported_name(reported),
        }
    }

    /// Returns the role of a series. It is empty for all roles together.
    fn role_of(&self, series: SeriesId) -> &str {
        series.role().map_or("", |role| &self.study.scenario.world.role(role).name)
    }

    /// Returns the unit of a row of the summary.
    #[must_use]
    pub fn reported_unit(&self, reported: ReportedId) -> Cow<'_, str> {
        match reported.parts() {
            (_, Some(_)) => Cow::from(Unit::Share.name(&self.study.scenario.world.currency)),
            (response, None) => Cow::from(self.about(response).unit_name.as_str()),
        }
    }
}
