//! The integral over time of a piecewise constant function.

use super::double::two_sum;

/// The sum of value times duration, compensated so that a million short steps lose nothing: the sum
/// of Neumaier (1974), its error taken by Knuth's branch-free two-sum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeIntegral {
    area: Compensated,
    days: Compensated,
}

impl TimeIntegral {
    /// The function has had a value for a time in days.
    #[inline]
    pub fn hold(&mut self, value: f64, days: f64) {
        debug_assert!(days >= 0.0, "{days} days is not a time to hold {value}");
        self.area.add(value * days);
        self.days.add(days);
    }

    /// The integral, in the unit of the value times days.
    pub fn total(&self) -> f64 {
        self.area.total()
    }

    /// The time held so far, in days.
    pub fn days(&self) -> f64 {
        self.days.total()
    }

    /// The integral over the time held, in the unit of the value; none before any time was held.
    pub fn time_average(&self) -> Option<f64> {
        (self.days() > 0.0).then(|| self.total() / self.days())
    }
}

/// A sum and the sum of its rounding errors. Unlike a [`Double`](super::double::Double) it is put
/// together only at the end, which leaves one addition between a term and the next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Compensated {
    sum: f64,
    errors: f64,
}

impl Compensated {
    #[inline]
    fn add(&mut self, term: f64) {
        let (sum, error) = two_sum(self.sum, term);
        self.sum = sum;
        self.errors += error;
    }

    fn total(self) -> f64 {
        // The error of an infinite sum is NaN.
        if self.sum.is_finite() { self.sum + self.errors } else { self.sum }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::assert_close;
    use super::*;

    #[test]
    fn an_integral_worked_by_hand() {
        let mut people = TimeIntegral::default();
        people.hold(4.0, 10.0);
        people.hold(7.0, 0.0);
        people.hold(1.0, 20.0);
        assert_eq!((Some(people.total()), people.time_average()), (Some(60.0), Some(2.0)));
    }

    #[test]
    fn no_time_has_no_average() {
        let mut people = TimeIntegral::default();
        assert_eq!(people.time_average(), None);
        people.hold(3.0, 0.0);
        assert_eq!((people.time_average(), Some(people.total())), (None, Some(0.0)));
    }

    #[test]
    fn a_million_short_steps_lose_nothing() {
        // The products round by 2^-53 each; a plain sum of a million times 0.1 x 0.7 is off by
        // about 1e-11.
        let mut integral = TimeIntegral::default();
        (0..1_000_000).for_each(|_| integral.hold(0.7, 0.1));
        assert_close(integral.total(), 70_000.0, 3e-16);
        assert_close(integral.time_average().expect("time"), 0.7, 4e-16);
    }

    #[test]
    fn large_terms_that_cancel_leave_the_small_ones() {
        let mut integral = TimeIntegral::default();
        [1.0, 1e100, 1.0, -1e100].into_iter().for_each(|value| integral.hold(value, 1.0));
        assert_eq!(Some(integral.total()), Some(2.0));
    }

    #[test]
    fn an_infinite_value_gives_an_infinite_total() {
        let mut integral = TimeIntegral::default();
        [1.0, f64::INFINITY, 1.0].into_iter().for_each(|value| integral.hold(value, 1.0));
        assert_eq!((Some(integral.total()), integral.time_average()), (Some(f64::INFINITY), Some(f64::INFINITY)));
    }
}
