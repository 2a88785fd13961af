//! The rows of the result files, as they are written and read back. A number that is missing is NaN here, empty there.
//!
//! A format that people may read gets cells: exact numbers, harmless texts. Any other gets the values as they are.

use serde::{Deserialize, Serialize};

/// A response of a strategy over all replications: `summary.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SummaryRow {
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// The response.
    #[serde(with = "text")]
    pub response: String,
    /// Its unit.
    pub unit: String,
    /// Replications in which it came about.
    pub n: u64,
    /// Replications in which it did not.
    pub missing: u64,
    /// Mean.
    #[serde(with = "number")]
    pub mean: f64,
    /// Standard deviation.
    #[serde(with = "number")]
    pub sd: f64,
    /// Standard error of the mean.
    #[serde(with = "number")]
    pub se: f64,
    /// Lower limit of the confidence interval of the mean.
    #[serde(with = "number")]
    pub ci_low: f64,
    /// Upper limit of the confidence interval of the mean.
    #[serde(with = "number")]
    pub ci_high: f64,
    /// Least value.
    #[serde(with = "number")]
    pub min: f64,
    /// 5 % quantile.
    #[serde(with = "number")]
    pub p5: f64,
    /// 25 % quantile.
    #[serde(with = "number")]
    pub p25: f64,
    /// Median.
    #[serde(with = "number")]
    pub p50: f64,
    /// 75 % quantile.
    #[serde(with = "number")]
    pub p75: f64,
    /// 95 % quantile.
    #[serde(with = "number")]
    pub p95: f64,
    /// Greatest value.
    #[serde(with = "number")]
    pub max: f64,
}

/// A quantile of a response of a strategy: `quantiles.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuantileRow {
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// The response.
    pub response: String,
    /// The share of the replications below it.
    #[serde(with = "number")]
    pub share: f64,
    /// The quantile.
    #[serde(with = "number")]
    pub value: f64,
    /// Lower limit of its confidence interval; missing if there are too few replications for one.
    #[serde(with = "number")]
    pub ci_low: f64,
    /// Upper limit of its confidence interval; missing if there are too few replications for one.
    #[serde(with = "number")]
    pub ci_high: f64,
}

/// A measure of a strategy at a month end: `timeline.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimelineRow {
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// Number of the month, from 1.
    pub month: u32,
    /// The date on which it ends.
    #[serde(with = "date")]
    pub date: String,
    /// The measure.
    pub measure: String,
    /// Mean.
    #[serde(with = "number")]
    pub mean: f64,
    /// Standard deviation.
    #[serde(with = "number")]
    pub sd: f64,
    /// 5 % quantile.
    #[serde(with = "number")]
    pub p5: f64,
    /// 25 % quantile.
    #[serde(with = "number")]
    pub p25: f64,
    /// Median.
    #[serde(with = "number")]
    pub p50: f64,
    /// 75 % quantile.
    #[serde(with = "number")]
    pub p75: f64,
    /// 95 % quantile.
    #[serde(with = "number")]
    pub p95: f64,
}

/// A response of two strategies under the same luck: `comparison.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ComparisonRow {
    /// The response.
    #[serde(with = "text")]
    pub response: String,
    /// Its unit.
    pub unit: String,
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// The strategy that is subtracted.
    #[serde(with = "text")]
    pub baseline: String,
    /// Replications in which both have it.
    pub n: u64,
    /// Mean of the differences, replication by replication.
    #[serde(with = "number")]
    pub mean_difference: f64,
    /// Standard error of that mean.
    #[serde(with = "number")]
    pub se: f64,
    /// Lower limit of the confidence interval of that mean.
    #[serde(with = "number")]
    pub ci_low: f64,
    /// Upper limit of the confidence interval of that mean.
    #[serde(with = "number")]
    pub ci_high: f64,
    /// Share of replications in which the strategy is lower.
    #[serde(with = "number")]
    pub p_lower: f64,
    /// Share of replications in which both are equal.
    #[serde(with = "number")]
    pub p_equal: f64,
    /// 5 % quantile of the differences.
    #[serde(with = "number")]
    pub p5: f64,
    /// Median of the differences.
    #[serde(with = "number")]
    pub p50: f64,
    /// 95 % quantile of the differences.
    #[serde(with = "number")]
    pub p95: f64,
    /// How many times the variance of the mean difference would be as large without common random numbers.
    #[serde(with = "number")]
    pub variance_ratio: f64,
}

/// How a strategy stands to the best of the others in a response or goal: `best.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BestRow {
    /// The response or goal.
    #[serde(with = "text")]
    pub response: String,
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// Share of the replications in which it is the best of those that have a value.
    #[serde(with = "number")]
    pub p_best: f64,
    /// Lower limit of the difference of its mean to the best mean of the others, for all strategies at once.
    #[serde(with = "number")]
    pub mcb_low: f64,
    /// Upper limit of that difference.
    #[serde(with = "number")]
    pub mcb_high: f64,
}

/// When a strategy breaks even with another: `breakeven.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BreakEvenRow {
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// The strategy that it is compared with.
    #[serde(with = "text")]
    pub baseline: String,
    /// Number of the month from which its client cost so far is lower, to the end; or `never`.
    pub month: String,
    /// Share of the replications.
    #[serde(with = "number")]
    pub share: f64,
}

/// A goal of a strategy: `goals.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GoalRow {
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// The goal.
    #[serde(with = "text")]
    pub goal: String,
    /// Share of the replications in which it is met.
    #[serde(with = "number")]
    pub probability: f64,
    /// Lower limit of its confidence interval.
    #[serde(with = "number")]
    pub ci_low: f64,
    /// Upper limit of its confidence interval.
    #[serde(with = "number")]
    pub ci_high: f64,
    /// Probability that the lower limit must reach; missing if the goal is no gate.
    #[serde(with = "number")]
    pub required: f64,
    /// Whether it does; none if the goal is no gate.
    pub met: Option<bool>,
}

/// A goal of a strategy as of a month: `goals_timeline.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GoalMonthRow {
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// The goal.
    #[serde(with = "text")]
    pub goal: String,
    /// Number of the month, from 1.
    pub month: u32,
    /// The date on which it ends.
    #[serde(with = "date")]
    pub date: String,
    /// Share of the replications in which the goal is met by then.
    #[serde(with = "number")]
    pub probability: f64,
    /// Lower limit of its confidence interval.
    #[serde(with = "number")]
    pub ci_low: f64,
    /// Upper limit of its confidence interval.
    #[serde(with = "number")]
    pub ci_high: f64,
}

/// Client cost of a strategy, of one kind in one month: `costs.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CostRow {
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// Number of the month, from 1.
    pub month: u32,
    /// The date on which it ends.
    #[serde(with = "date")]
    pub date: String,
    /// The kind, as in the responses `cost_...`.
    pub kind: String,
    /// Mean.
    #[serde(with = "number")]
    pub mean: f64,
    /// Standard deviation.
    #[serde(with = "number")]
    pub sd: f64,
}

/// A phase of a strategy: `phases.csv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PhaseRow {
    /// The strategy.
    #[serde(with = "text")]
    pub strategy: String,
    /// The phase.
    pub phase: String,
    /// Replications in which it took place.
    pub n: u64,
    /// 5 % quantile of the day on which it begins.
    #[serde(with = "number")]
    pub begin_p5: f64,
    /// Median of the day on which it begins.
    #[serde(with = "number")]
    pub begin_p50: f64,
    /// 95 % quantile of the day on which it begins.
    #[serde(with = "number")]
    pub begin_p95: f64,
    /// 5 % quantile of the day on which it ends.
    #[serde(with = "number")]
    pub end_p5: f64,
    /// Median of the day on which it ends.
    #[serde(with = "number")]
    pub end_p50: f64,
    /// 95 % quantile of the day on which it ends.
    #[serde(with = "number")]
    pub end_p95: f64,
}

/// Numbers as cells: exact, and empty for NaN.
mod number {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Whole numbers up to here have no other double near them.
    const WHOLE_BELOW: f64 = 9_007_199_254_740_992.0;

    #[expect(
        clippy::cast_possible_truncation,
        clippy::trivially_copy_pass_by_ref,
        reason = "whole and small; serde asks for it"
    )]
    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        let is_whole = value.fract() == 0.0 && value.abs() < WHOLE_BELOW;
        if !serializer.is_human_readable() {
            serializer.serialize_f64(*value)
        } else if value.is_nan() {
            serializer.serialize_none()
        } else if is_whole && (*value != 0.0 || value.is_sign_positive()) {
            serializer.serialize_i64(*value as i64)
        } else {
            serializer.serialize_f64(*value)
        }
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<f64, D::Error> {
        let value = Option::<f64>::deserialize(deserializer).map_err(D::Error::custom)?;
        Ok(value.unwrap_or(f64::NAN))
    }
}

/// Names as cells that no spreadsheet takes for a formula.
mod text {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::report::csv::{harmless, original};

    pub(super) fn serialize<S: Serializer>(value: &str, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&harmless(value))
        } else {
            serializer.serialize_str(value)
        }
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<String, D::Error> {
        Ok(original(&String::deserialize(deserializer)?))
    }
}

/// What a text that is a date is called where it is serialized.
pub(super) const DATE: &str = "Date";

/// Dates as their texts, marked as dates.
mod date {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(super::DATE, value)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }
}
