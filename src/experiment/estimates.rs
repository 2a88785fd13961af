//! From what a run gave to what is said of it: estimates with their precision.

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::money::Kind;
use crate::response::{Better, MEASURES, OUTCOMES, PHASES, ResponseColumn, Unit, columns};
use crate::run::{Collected, Settings, StrategyResults};
use crate::scenario::Scenario;
use crate::stats::{Column, Confidence, Interval, Paired, Tally};
use crate::world::month_instant;

use super::rows::{
    BestRow, BreakEvenRow, ComparisonRow, CostRow, GoalMonthRow, GoalRow, PhaseRow, QuantileRow, SummaryRow, TimelineRow,
};
use super::{Origin, Source, best, costs, goals, quantiles};

const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
const PHASE_SHARES: [f64; 3] = [0.05, 0.5, 0.95];

/// What is studied, and how it is reported.
#[derive(Clone, Debug)]
pub struct Study {
    /// The scenario.
    pub scenario: Scenario,
    /// What was computed.
    pub settings: Settings,
    /// Level of the confidence intervals.
    pub confidence: Confidence,
    /// The strategy (by position among those simulated) that the others are compared with.
    pub baseline: usize,
    /// What its results come from, if not from a fixed number of replications.
    pub origin: Origin,
}

/// All that the result files of a study hold.
#[derive(Clone, Debug)]
pub struct Results {
    /// What was studied.
    pub study: Study,
    /// The values of each response by strategy, response and replication; NaN where it did not come about.
    pub responses: Vec<Vec<Column>>,
    /// Where these are found again, if they are too many to be kept.
    pub source: Source,
    /// Each response of each strategy.
    pub summary: Vec<SummaryRow>,
    /// Quantiles of each response of each strategy.
    pub quantiles: Vec<QuantileRow>,
    /// Each measure of each strategy at each month end.
    pub timeline: Vec<TimelineRow>,
    /// Each pair of strategies.
    pub comparison: Vec<ComparisonRow>,
    /// How each strategy stands to the best of the others in each response.
    pub best: Vec<BestRow>,
    /// When each strategy breaks even with each other one.
    pub break_even: Vec<BreakEvenRow>,
    /// Each goal of each strategy.
    pub goals: Vec<GoalRow>,
    /// The same by month.
    pub goal_months: Vec<GoalMonthRow>,
    /// Client cost of each strategy by month and kind.
    pub costs: Vec<CostRow>,
    /// Each phase of each strategy.
    pub phases: Vec<PhaseRow>,
}

impl Study {
    /// Names of the strategies simulated, in the order of the files.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.settings.strategies.iter().map(|&position| self.scenario.strategies[position].name.as_str()).collect()
    }

    /// The responses and goals, in the order of the files.
    #[must_use]
    pub fn columns(&self) -> Vec<ResponseColumn> {
        columns(&self.scenario.world)
    }
}

impl Results {
    /// Estimates all that is reported.
    #[must_use]
    pub fn estimate(study: Study, collected: Collected) -> Self {
        let names = study.names();
        let each = || names.iter().zip(&collected.strategies);
        let summary = each().flat_map(|(name, results)| summarise(name, results, &study)).collect();
        let quantiles = each().flat_map(|(name, results)| quantiles::quantiles(name, results, &study)).collect();
        let timeline = each().flat_map(|(name, results)| follow(name, results, &study.scenario)).collect();
        let phases = each().flat_map(|(name, results)| phases(name, results)).collect();
        let comparison = compare(&study, &collected);
        let best = best::best(&study, &collected);
        let break_even = best::break_even(&study, &collected);
        let goals = each().flat_map(|(name, results)| goals::reached(name, results, &study)).collect();
        let goal_months = each().flat_map(|(name, results)| goals::by_month(name, results, &study)).collect();
        let costs = each().flat_map(|(name, results)| costs::by_month(name, results, &study)).collect();
        let responses = collected.strategies.into_iter().map(|strategy| strategy.responses).collect();
        Self {
            study,
            responses,
            source: Source::default(),
            summary,
            quantiles,
            timeline,
            comparison,
            best,
            break_even,
            goals,
            goal_months,
            costs,
            phases,
        }
    }
}

impl Results {
    /// The same results, whose replications are found in the blocks of a store.
    #[must_use]
    pub fn with_source(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// The first file whose rows are not those of the study, if there is one.
    pub(super) fn incomplete_file(&self) -> Option<&'static str> {
        let names = self.study.names();
        let responses: Vec<String> = self.study.columns().iter().flat_map(reported).collect();
        let summary =
            pairs(&names, &responses).eq(self.summary.iter().map(|row| (row.strategy.as_str(), row.response.as_str())));
        let months: Vec<(u32, &str)> = (1..=self.study.scenario.world.horizon_months)
            .flat_map(|month| MEASURES.iter().map(move |measure| (month, measure.name)))
            .collect();
        let timeline = names
            .iter()
            .flat_map(|name| months.iter().map(|&(month, measure)| (*name, month, measure)))
            .eq(self.timeline.iter().map(|row| (row.strategy.as_str(), row.month, row.measure.as_str())));
        let phases: Vec<String> = PHASES.iter().map(|&phase| phase.to_owned()).collect();
        let phases = pairs(&names, &phases).eq(self.phases.iter().map(|row| (row.strategy.as_str(), row.phase.as_str())));
        let compared = self.study.columns().iter().filter(|column| column.unit != Unit::Outcome).count()
            * names.len()
            * names.len().saturating_sub(1);
        let others = names.len() * names.len().saturating_sub(1);
        let wished = self.study.columns().iter().filter(|column| column.better != Better::Neither).count();
        let best = if names.len() > 1 { wished * names.len() } else { 0 };
        let goals = names.len() * self.study.scenario.world.goals.len();
        let months_count = self.study.scenario.world.horizon_months as usize;
        let checks = [
            ("summary.csv", summary),
            ("quantiles.csv", self.quantiles.len() == quantiles::rows(&self.study)),
            ("timeline.csv", timeline),
            ("phases.csv", phases),
            ("comparison.csv", self.comparison.len() == compared),
            ("best.csv", self.best.len() == best),
            ("breakeven.csv", self.break_even.len() == others * (months_count + 1)),
            ("goals.csv", self.goals.len() == goals),
            ("goals_timeline.csv", self.goal_months.len() == goals * months_count),
            ("costs.csv", self.costs.len() == names.len() * months_count * Kind::ALL.len()),
        ];
        checks.into_iter().find(|(_, is_whole)| !is_whole).map(|(file, _)| file)
    }
}

/// Each of some names with each of some others, the second changing first.
fn pairs<'a>(names: &'a [&'a str], others: &'a [String]) -> impl Iterator<Item = (&'a str, &'a str)> {
    names.iter().flat_map(move |name| others.iter().map(move |other| (*name, other.as_str())))
}

/// The rows of the summary that report a response.
fn reported(column: &ResponseColumn) -> Vec<String> {
    match column.unit {
        Unit::Outcome => OUTCOMES.iter().map(|outcome| format!("{}_{outcome}", column.name)).collect(),
        _ => vec![column.name.clone()],
    }
}

/// The share that a number of replications is of all of them.
#[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
pub(super) fn share_of(count: u64, all: u64) -> f64 {
    count as f64 / all as f64
}

/// The date on which a month ends.
pub(super) fn month_end(start: Date, month: u32) -> Date {
    date_of(start, month_instant(month.into()).days())
}

/// Days that are more than the calendar has, in both directions, and that a span of days can still hold.
const DAYS_AT_MOST: f64 = 7_300_000.0;

/// The date of an instant; the last that the calendar has, if it lies beyond, as only in what strangers have written.
#[expect(clippy::cast_possible_truncation, reason = "days beyond the calendar are cut")]
pub(super) fn date_of(start: Date, days: f64) -> Date {
    start.checked_add((days.floor().clamp(-DAYS_AT_MOST, DAYS_AT_MOST) as i64).days()).unwrap_or(Date::MAX)
}

fn summarise(name: &str, results: &StrategyResults, study: &Study) -> Vec<SummaryRow> {
    let rows = |(position, column): (usize, &ResponseColumn)| {
        let (values, tally) = (&results.responses[position], &results.response_tallies[position]);
        let interval = match column.unit {
            Unit::Outcome => return summarise_outcomes(name, column, values, study),
            Unit::Met => Some(Interval::proportion(values.count_of(1.0), values.len(), study.confidence)),
            _ => Interval::mean(tally, study.confidence),
        };
        vec![summary_row((name, column.name.clone(), column.unit_name.clone()), tally, values, interval)]
    };
    study.columns().par_iter().enumerate().flat_map_iter(rows).collect()
}

/// The share of each outcome.
fn summarise_outcomes(name: &str, column: &ResponseColumn, values: &Column, study: &Study) -> Vec<SummaryRow> {
    let row = |(outcome, position): (&str, u8)| {
        let (hits, tally) = hits(values, position.into());
        let interval = Interval::proportion(values.count_of(position.into()), values.len(), study.confidence);
        let unit = Unit::Share.name(&study.scenario.world.currency);
        summary_row((name, format!("{}_{outcome}", column.name), unit), &tally, &hits, Some(interval))
    };
    OUTCOMES.into_iter().zip(0..).map(row).collect()
}

/// For each value 1 where it is the one wanted, else 0; and their moments.
#[expect(clippy::float_cmp, reason = "outcomes are small whole numbers")]
fn hits(values: &Column, wanted: f64) -> (Column, Tally) {
    if let Some(values) = values.as_kept() {
        let hits: Vec<f64> = values.iter().map(|&value| f64::from(u8::from(value == wanted))).collect();
        let tally = Tally::of(&hits);
        return (Column::Kept(hits), tally);
    }
    let (all, hits) = (values.len(), values.count_of(wanted));
    (Column::of_counts(&[(0.0, all - hits), (1.0, hits)]), Tally::of_ones(hits, all))
}

fn summary_row(
    (name, response, unit): (&str, String, String),
    tally: &Tally,
    values: &Column,
    interval: Option<Interval>,
) -> SummaryRow {
    let quantiles = values.quantiles(&SHARES);
    let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
    SummaryRow {
        strategy: name.to_owned(),
        response,
        unit,
        n: tally.count(),
        missing: tally.missing(),
        mean: or_nan(tally.mean()),
        sd: or_nan(tally.sd()),
        se: or_nan(tally.standard_error()),
        ci_low: or_nan(interval.map(|interval| interval.low)),
        ci_high: or_nan(interval.map(|interval| interval.high)),
        min: or_nan(tally.min()),
        p5: quantiles[0],
        p25: quantiles[1],
        p50: quantiles[2],
        p75: quantiles[3],
        p95: quantiles[4],
        max: or_nan(tally.max()),
    }
}

fn follow(name: &str, results: &StrategyResults, scenario: &Scenario) -> Vec<TimelineRow> {
    let months: Vec<u32> = (1..=scenario.world.horizon_months).collect();
    let row = |month: u32, measure: usize| {
        let (tally, quantiles) = results.at_month(measure, month as usize, &SHARES);
        TimelineRow {
            strategy: name.to_owned(),
            month,
            date: month_end(scenario.start, month).to_string(),
            measure: MEASURES[measure].name.to_owned(),
            mean: tally.mean().unwrap_or(f64::NAN),
            sd: tally.sd().unwrap_or(f64::NAN),
            p5: quantiles[0],
            p25: quantiles[1],
            p50: quantiles[2],
            p75: quantiles[3],
            p95: quantiles[4],
        }
    };
    months.par_iter().flat_map_iter(|&month| (0..MEASURES.len()).map(move |measure| row(month, measure))).collect()
}

fn phases(name: &str, results: &StrategyResults) -> Vec<PhaseRow> {
    let row = |(phase, days): (&&str, &[Column])| {
        let (begin, end) = (days[0].quantiles(&PHASE_SHARES), days[1].quantiles(&PHASE_SHARES));
        PhaseRow {
            strategy: name.to_owned(),
            phase: (*phase).to_owned(),
            n: days[0].present(),
            begin_p5: begin[0],
            begin_p50: begin[1],
            begin_p95: begin[2],
            end_p5: end[0],
            end_p50: end[1],
            end_p95: end[2],
        }
    };
    PHASES.iter().zip(results.phases.chunks(2)).map(row).collect()
}

fn compare(study: &Study, collected: &Collected) -> Vec<ComparisonRow> {
    let (names, confidence) = (study.names(), study.confidence);
    let rows = |(response, column): (usize, &ResponseColumn)| {
        let mut rows = Vec::new();
        for (strategy, name) in names.iter().enumerate() {
            for (baseline, other) in names.iter().enumerate().filter(|&(baseline, _)| baseline != strategy) {
                let paired = collected.paired(response, (strategy, baseline), confidence);
                rows.push(comparison_row(column, (name, other), paired.as_ref()));
            }
        }
        rows
    };
    let columns = study.columns();
    columns.par_iter().enumerate().filter(|(_, column)| column.unit != Unit::Outcome).flat_map_iter(rows).collect()
}

fn comparison_row(column: &ResponseColumn, (strategy, baseline): (&str, &str), paired: Option<&Paired>) -> ComparisonRow {
    let number = |value: fn(&Paired) -> Option<f64>| paired.and_then(value).unwrap_or(f64::NAN);
    ComparisonRow {
        response: column.name.clone(),
        unit: column.unit_name.clone(),
        strategy: strategy.to_owned(),
        baseline: baseline.to_owned(),
        n: paired.map_or(0, |paired| paired.n),
        mean_difference: number(|paired| paired.mean_difference),
        se: number(|paired| paired.se),
        ci_low: number(|paired| paired.interval.map(|interval| interval.low)),
        ci_high: number(|paired| paired.interval.map(|interval| interval.high)),
        p_lower: number(|paired| Some(paired.p_lower)),
        p_equal: number(|paired| Some(paired.p_equal)),
        p5: number(|paired| Some(paired.p5)),
        p50: number(|paired| Some(paired.p50)),
        p95: number(|paired| Some(paired.p95)),
        variance_ratio: number(|paired| paired.variance_ratio),
    }
}
