//! The integral over time of a piecewise constant function.

use super::double::two_sum;

/// The compensated sum of value times duration, so that a million short steps lose nothing. It is the sum of Neumaier
/// (1974), with the error from Knuth's branch-free two-sum. A stretch of one value is a single term, even if it is added in
/// several parts, so splitting it changes no bit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeIntegral {
    /// The integral over all stretches before the last.
    area: Compensated,
    /// The last stretch of one value: the value, and the days on which it starts and currently ends.
    value: f64,
    from_day: f64,
    until_day: f64,
}

impl TimeIntegral {
    /// Adds the time from one day to another, during which the function had this value.
    #[inline]
    pub fn hold(&mut self, value: f64, from_day: f64, until_day: f64) {
        debug_assert!(
            until_day >= from_day,
            "the value {value} starts on day {from_day} and ends before, on day {until_day}"
        );
        let goes_on = value.to_bits() == self.value.to_bits() && from_day.to_bits() == self.until_day.to_bits();
        if !goes_on {
            self.area = self.sum();
            (self.value, self.from_day) = (value, from_day);
        }
        self.until_day = until_day;
    }

    /// Returns the sum up to now.
    #[inline]
    fn sum(&self) -> Compensated {
        let mut area = self.area;
        area.add(self.value * (self.until_day - self.from_day));
        area
    }

    /// Returns the integral before the last stretch of one value, and the day on which that stretch starts.
    pub fn before_stretch(&self) -> (f64, f64) {
        (self.area.total(), self.from_day)
    }

    /// Returns the integral, in the unit of the value times days.
    pub fn total(&self) -> f64 {
        self.sum().total()
    }
}

/// A sum and the sum of its rounding errors. Unlike a [`Double`](super::double::Double), it combines them only at the end,
/// so there is one addition between a term and the next.
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
        people.hold(4.0, 0.0, 10.0);
        people.hold(7.0, 10.0, 10.0);
        people.hold(1.0, 10.0, 30.0);
        assert_eq!(people.before_stretch(), (40.0, 10.0));
        assert_eq!(Some(people.total()), Some(60.0));
    }

    #[test]
    fn a_million_short_steps_lose_nothing() {
        // The steps and products round by 2^-53 each. A plain sum of a million times 0.1 x 0.7 is off by about 1e-11. The
        // values alternate, so that each step is a term.
        let mut integral = TimeIntegral::default();
        (0..500_000).for_each(|_| {
            integral.hold(0.7, 0.0, 0.1);
            integral.hold(0.9, 0.0, 0.1);
        });
        assert_close(integral.total(), 80_000.0, 3e-16);
    }

    #[test]
    fn splitting_a_stretch_changes_no_bit() {
        let (mut whole, mut cut) = (TimeIntegral::default(), TimeIntegral::default());
        [(0.7, 0.0, 30.1), (1.9, 30.1, 365.0 / 12.0 * 3.0)]
            .into_iter()
            .for_each(|(value, from, until)| whole.hold(value, from, until));
        let parts =
            [(0.7, 0.0, 0.3), (0.7, 0.3, 30.1), (1.9, 30.1, 33.3), (1.9, 33.3, 77.7), (1.9, 77.7, 365.0 / 12.0 * 3.0)];
        for (value, from, until) in parts {
            cut.hold(value, from, until);
            // Reading it in between changes nothing either.
            assert!(cut.total() > 0.0);
        }
        assert_eq!(cut.total().to_bits(), whole.total().to_bits());
    }

    #[test]
    fn large_terms_that_cancel_leave_the_small_ones() {
        let mut integral = TimeIntegral::default();
        [1.0, 1e100, 1.0, -1e100].into_iter().for_each(|value| integral.hold(value, 0.0, 1.0));
        assert_eq!(Some(integral.total()), Some(2.0));
    }

    #[test]
    fn an_infinite_value_gives_an_infinite_total() {
        let mut integral = TimeIntegral::default();
        [1.0, f64::INFINITY, 1.0].into_iter().for_each(|value| integral.hold(value, 0.0, 1.0));
        assert_eq!(Some(integral.total()), Some(f64::INFINITY));
    }
}
