//! Multiple comparisons with the best: how far each of several columns is from the best of the others.

use super::{Confidence, Interval, Paired};

/// How one column compares with the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Best {
    /// The share (0 to 1) of rows in which this column has the best value. Missing values are left out, and ties share a
    /// row. None if no row has a value.
    pub p_best: Option<f64>,
    /// The limits of the difference between its mean and the best mean of the others. They hold for all columns at once. A
    /// column that equals this one in every complete row is not a rival, and without rivals the limits are 0. None below two
    /// complete rows.
    pub difference: Option<(f64, f64)>,
}

impl Best {
    /// Compares columns of equal length row by row. `higher` says whether higher is better.
    ///
    /// The limits are those of Hsu (1984) for multiple comparisons with the best, constrained to contain 0. They follow from
    /// Student's t intervals of all paired differences, at the level that Bonferroni's inequality requires, because columns
    /// that share their random numbers are not independent and may have unequal variances.
    #[must_use]
    pub fn of(columns: &[&[f64]], confidence: Confidence, higher: bool) -> Vec<Best> {
        let mut wins = Wins::default();
        wins.add(columns, higher);
        let interval = |one: usize, other: usize, each| Paired::interval_of(columns[one], columns[other], each);
        Best::with_wins(Best::of_intervals(columns.len(), confidence, higher, interval), &wins)
    }

    /// Compares columns by the intervals of their paired differences, without the shares of being best.
    ///
    /// `interval` is called once per pair, with the lower index first.
    #[must_use]
    pub fn of_intervals(
        columns: usize,
        confidence: Confidence,
        higher: bool,
        interval: impl Fn(usize, usize, Confidence) -> Option<Interval>,
    ) -> Vec<Best> {
        let each = simultaneous(confidence, columns * columns.saturating_sub(1) / 2);
        let mut of_column: Vec<Option<Vec<Interval>>> = vec![Some(Vec::new()); columns];
        for (one, other) in (1..columns).flat_map(|other| (0..other).map(move |one| (one, other))) {
            let interval = interval(one, other, each);
            let reversed = interval.map(|Interval { low, high }| Interval { low: 0.0 - high, high: 0.0 - low });
            for (column, interval) in [(one, interval), (other, reversed)] {
                of_column[column] = of_column[column].take().zip(interval).map(|(mut all, interval)| {
                    all.push(interval);
                    all
                });
            }
        }
        let best = |intervals: Option<Vec<Interval>>| Best {
            p_best: None,
            difference: intervals.map(|intervals| limits(&intervals, higher)),
        };
        of_column.into_iter().map(best).collect()
    }

    /// Adds the share of rows that each column won.
    #[must_use]
    pub fn with_wins(best: Vec<Best>, wins: &Wins) -> Vec<Best> {
        let with = |(index, best): (usize, Best)| Best { p_best: wins.share(index), ..best };
        best.into_iter().enumerate().map(with).collect()
    }
}

/// How often each of several columns was the best in a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wins {
    /// Rows won by each column. Ties share a row.
    wins: Vec<f64>,
    /// Rows with at least one value.
    decided: u64,
}

/// Returns the level at which each of several intervals must hold so that all hold at once at `confidence`.
#[expect(clippy::cast_precision_loss, reason = "pairs of columns are few")]
fn simultaneous(confidence: Confidence, intervals: usize) -> Confidence {
    let error = (1.0 - confidence.level()) / intervals.max(1) as f64;
    Confidence::new(1.0 - error).unwrap_or(confidence)
}

/// Returns the limits of the difference between a column and the best of the others, from the intervals of its difference to
/// each of them. It works as if higher were better, and restores the sign at the end.
fn limits(intervals: &[Interval], higher: bool) -> (f64, f64) {
    let sign = if higher { 1.0 } else { -1.0 };
    let (mut low, mut high) = (f64::INFINITY, f64::INFINITY);
    for interval in intervals {
        if interval.low == 0.0 && interval.high == 0.0 {
            continue;
        }
        let (from, to) = if higher { (interval.low, interval.high) } else { (-interval.high, -interval.low) };
        (low, high) = (low.min(from), high.min(to));
    }
    if !low.is_finite() {
        return (0.0, 0.0);
    }
    let (low, high) = (low.min(0.0), high.max(0.0));
    let (low, high) = (sign * low, sign * high);
    (low.min(high) + 0.0, low.max(high) + 0.0)
}

impl Wins {
    /// Adds further rows of columns of equal length.
    #[expect(clippy::cast_precision_loss, reason = "columns are few")]
    pub fn add(&mut self, columns: &[&[f64]], higher: bool) {
        let rows = columns.first().map_or(0, |column| column.len());
        self.wins.resize(columns.len(), 0.0);
        for row in 0..rows {
            let values = || columns.iter().map(move |column| column[row]).filter(|value| !value.is_nan());
            let best = values().reduce(|a, b| if (a > b) == higher { a } else { b });
            let Some(best) = best else { continue };
            self.decided += 1;
            let share = 1.0 / values().filter(|value| value.total_cmp(&best).is_eq()).count() as f64;
            for (wins, column) in self.wins.iter_mut().zip(columns) {
                *wins += if column[row].total_cmp(&best).is_eq() { share } else { 0.0 };
            }
        }
    }

    /// Returns the share (0 to 1) of rows that a column won, out of the rows with a value. None if there are none.
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^32")]
    fn share(&self, column: usize) -> Option<f64> {
        (self.decided > 0).then(|| self.wins[column] / self.decided as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Generator, assert_close};
    use super::*;

    const MISSING: f64 = f64::NAN;

    fn level(level: f64) -> Confidence {
        Confidence::new(level).expect("a valid level")
    }

    #[test]
    fn shares_of_being_best_match_a_count_by_hand() {
        // Rows: a wins; a and b tie; only b has a value; none has a value.
        let (a, b) = ([3.0, 2.0, MISSING, MISSING], [1.0, 2.0, 5.0, MISSING]);
        let best = Best::of(&[&a, &b], level(0.95), true);
        assert_close(best[0].p_best.expect("rows"), 1.5 / 3.0, 1e-15);
        assert_close(best[1].p_best.expect("rows"), 1.5 / 3.0, 1e-15);
        let lowest = Best::of(&[&a, &b], level(0.95), false);
        assert_close(lowest[0].p_best.expect("rows"), 0.5 / 3.0, 1e-15);
        assert_eq!(Best::of(&[&[MISSING][..], &[MISSING]], level(0.95), true)[0].p_best, None);
    }

    #[test]
    fn two_columns_have_the_interval_of_their_difference_cut_at_0() {
        let (a, b) = ([5.0, 7.0, 9.0, 8.0], [1.0, 2.0, 4.0, 2.0]);
        let interval = Paired::of(&a, &b, level(0.9)).expect("pairs").interval.expect("two pairs");
        let best = Best::of(&[&a, &b], level(0.9), true);
        // a is better in all rows, so its limits start at 0, and those of b end at 0.
        assert_eq!(best[0].difference, Some((0.0, interval.high)));
        assert_eq!(best[1].difference, Some((-interval.high, 0.0)));
        let lowest = Best::of(&[&a, &b], level(0.9), false);
        assert_eq!(lowest[0].difference, Some((0.0, interval.high)));
        assert_eq!(lowest[1].difference, Some((-interval.high, 0.0)));
    }

    #[test]
    fn equal_columns_are_not_rivals_and_compare_alike_with_the_others() {
        let (a, b) = ([5.0, 7.0, 9.0, 8.0], [5.0, 6.0, 9.0, 9.0]);
        let limits = |columns: &[&[f64]], higher| -> Vec<(f64, f64)> {
            let best = Best::of(columns, level(0.9), higher).into_iter();
            best.map(|best| best.difference.expect("complete rows")).collect()
        };
        for higher in [true, false] {
            let three = limits(&[&a, &b, &a], higher);
            assert_eq!(three[0], three[2]);
            assert!(
                three.iter().all(|(low, high)| *low < 0.0 && *high > 0.0),
                "no column is separated from the others: {three:?}"
            );
            // Values missing in one of them do not separate them either.
            let missing = [MISSING, 7.0, 9.0, 8.0];
            assert_eq!(limits(&[&a, &missing], higher), [(0.0, 0.0); 2]);
        }
    }

    /// In 2,000 experiments with three columns, two of them equally good, all three intervals hold at once in at least 90 %
    /// (Bonferroni gives more). With limits of half the width they would not, so the test can fail.
    #[test]
    fn all_limits_hold_at_once_as_often_as_they_should() {
        let truth: [f64; 3] = [1.0, 1.0, 0.6];
        let to_best = |index: usize| {
            let others = (0..3).filter(|&other| other != index).map(|other| truth[other]);
            truth[index] - others.fold(f64::NEG_INFINITY, f64::max)
        };
        let mut generator = Generator(11);
        let (mut held, mut half) = (0, 0);
        for _ in 0..2000 {
            let mut columns = [[0.0; 20]; 3];
            for row in 0..20 {
                let common = generator.normal();
                for (column, mean) in columns.iter_mut().zip(truth) {
                    column[row] = mean + common + generator.normal();
                }
            }
            let best = Best::of(&[&columns[0], &columns[1], &columns[2]], level(0.9), true);
            let holds = |scale: f64| {
                best.iter().enumerate().all(|(index, best)| {
                    let (low, high) = best.difference.expect("rows");
                    (scale * low..=scale * high).contains(&to_best(index))
                })
            };
            held += u32::from(holds(1.0));
            half += u32::from(holds(0.4));
        }
        // 90 % minus 4 standard errors of 2,000 experiments.
        assert!(f64::from(held) / 2000.0 > 0.9 - 4.0 * (0.09_f64 / 2000.0).sqrt(), "{held} of 2000");
        assert!(half < held && f64::from(half) / 2000.0 < 0.9, "{half} of 2000 with narrow limits");
    }
}
