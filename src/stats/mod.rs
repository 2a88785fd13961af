//! Statistics of columns of numbers. A column is any slice of `f64`. This room knows nothing about simulation.
//!
//! | for | use |
//! |---|---|
//! | mean and spread of a column, computed in blocks | [`Tally`] |
//! | quantiles of a column | [`Sample`], or [`quantiles_in_place`] if the column may be reordered |
//! | approximate quantiles of more numbers than can be kept | [`Sketch`]; [`Column`] holds either kind |
//! | mean, spread, quantiles of whole numbers, without keeping them | [`Counts`] |
//! | the integral over time of a step function | [`TimeIntegral`] |
//! | the confidence interval of a mean or a share | [`Interval`] |
//! | quantiles and their confidence limits | [`bounded_quantiles_in_place`], [`upper_rank`], [`lower_rank`], [`quantile_ranks`] |
//! | the difference of two columns that share their random numbers | [`Paired`] |
//! | which of several such columns is best | [`Best`] |
//! | the effects of factors in a full factorial design | [`Factorial`] |
//! | a ratio of two means, and the difference of two such ratios | [`Comoments`] |
//!
//! Two conventions hold everywhere. NaN is a missing value, left out and counted separately. A result that does not exist
//! (the mean of no values, the standard deviation of one) is `None`. No function here depends on threads or the platform:
//! the bits of a result depend only on the order of the values and of the merges.

mod best;
mod bounded;
mod column;
mod counts;
mod double;
mod factorial;
mod integral;
mod interval;
mod paired;
mod passes;
mod quantile;
mod rank;
mod ratio;
mod sketch;
mod tally;
#[cfg(test)]
mod testing;

pub use best::{Best, Wins};
pub use bounded::{BoundedQuantile, bounded_quantiles_in_place};
pub use column::Column;
pub use counts::Counts;
pub use factorial::{Factorial, FactorialBlock};
pub use integral::TimeIntegral;
pub use interval::{Confidence, Interval, NotAConfidenceLevel, is_skewed};
pub use paired::{CountedPairs, Paired};
pub use quantile::{Sample, quantiles_in_place};
pub use rank::{lower_rank, quantile_ranks, upper_rank};
pub use ratio::{Comoments, RatioEstimate, RatioPair};
pub use sketch::Sketch;
pub use tally::Tally;
