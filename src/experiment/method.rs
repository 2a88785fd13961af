//! Methods: how the confidence interval of an estimate was computed.

use std::borrow::Cow;

use crate::stats::{Interval, is_skewed};

use super::table::{Cell, CellValue};

/// The method of a confidence interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// There is no interval.
    #[default]
    None,
    /// Student's t, for a mean.
    Student,
    /// Hall's transformation, for the mean of skewed values.
    Hall,
    /// Wilson's score, for a probability.
    Wilson,
}

/// The note on intervals with the mark of a corrected one, for people.
pub const CORRECTED: &str =
    "≈: interval corrected for skewness, because a few extreme replications decide the mean. More replications (-n) help.";

/// The methods with their names in files.
const NAMES: [(Method, &str); 4] =
    [(Method::None, ""), (Method::Student, "student"), (Method::Hall, "hall"), (Method::Wilson, "wilson")];

impl Method {
    /// Returns the method of the interval of a mean of `n` values with this skewness.
    pub(super) fn of_mean(interval: Option<Interval>, n: u64, skewness: Option<f64>) -> Self {
        match interval {
            None => Self::None,
            Some(_) if skewness.is_some_and(|skewness| is_skewed(n, skewness)) => Self::Hall,
            Some(_) => Self::Student,
        }
    }

    /// Whether the interval is corrected for skewness, so that the mean is not in its middle.
    pub(crate) fn is_corrected(self) -> bool {
        self == Self::Hall
    }
}

impl CellValue for Method {
    fn cell(&self) -> Cell<'static> {
        let name = NAMES.iter().find(|(method, _)| method == self).map_or("", |(_, name)| name);
        Cell::Text(Cow::Borrowed(name))
    }

    fn read(&mut self, text: &str) -> bool {
        let known = NAMES.iter().find(|(_, name)| *name == text);
        known.map(|(method, _)| *self = *method).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_read_as_they_are_written() {
        for (method, name) in NAMES {
            let mut read = Method::default();
            assert_eq!(method.cell().csv(), name);
            assert!(read.read(name) && read == method);
            assert!(!read.read("Student") && read == method);
        }
    }

    #[test]
    fn the_method_of_a_mean_follows_from_number_and_skewness() {
        let interval = Some(Interval { low: 0.0, high: 1.0 });
        let methods =
            [(None, 200, Some(9.0)), (interval, 200, None), (interval, 200, Some(-2.83)), (interval, 201, Some(2.83))];
        let methods = methods.map(|(interval, n, skewness)| Method::of_mean(interval, n, skewness));
        assert_eq!(methods, [Method::None, Method::Student, Method::Hall, Method::Student]);
    }
}
