//! The integral over time of a piecewise constant function.

use super::double::two_sum;

/// The compensated sum of value times duration, so that a million short steps lose nothing. It is the sum of Neumaier
/// (1974), with the error from Knuth's branch-free two-sum. A stretch of one value is a single term, even if the value is set
/// again, so that changes no bit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeIntegral {
    /// The integral over all stretches before the current one.
    area: Compensated,
    /// The current value, and the day since which it holds.
    value: f64,
    since_day: f64,
}

impl TimeIntegral {
    /// Sets the value of the function from a day on, which is not before the days set so far. It is 0 from day 0 to the
    /// first.
    #[inline]
    pub fn set(&mut self, value: f64, day: f64) {
        debug_assert!(day >= self.since_day, "the value {value} is set on day {day}, after day {}", self.since_day);
        if value.to_bits() != self.value.to_bits() {
            self.area = self.sum(day);
            (self.value, self.since_day) = (value, day);
        }
    }

    /// Returns the sum up to a day.
    #[inline]
    fn sum(&self, day: f64) -> Compensated {
        let mut area = self.area;
        area.add(self.value * (day - self.since_day));
        area
    }

    /// Returns the integral before the current value, and the day since which that holds.
    pub fn before_stretch(&self) -> (f64, f64) {
        (self.area.total(), self.since_day)
    }

    /// Returns the integral up to a day, in the unit of the value times days.
    pub fn total(&self, day: f64) -> f64 {
        self.sum(day).total()
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
        people.set(4.0, 5.0);
        people.set(7.0, 15.0);
        people.set(1.0, 15.0);
        assert_eq!(people.before_stretch(), (40.0, 15.0));
        assert_eq!(Some(people.total(35.0)), Some(60.0));
    }

    #[test]
    fn a_million_short_steps_lose_nothing() {
        // The steps are a power of 2, so all products are exact. A plain sum of them is off by 2e-12.
        let mut integral = TimeIntegral::default();
        let step = 1.0 / f64::from(1 << 20);
        for number in 0..500_000_u32 {
            integral.set(0.7, f64::from(2 * number) * step);
            integral.set(0.9, f64::from(2 * number + 1) * step);
        }
        assert_close(integral.total(1_000_000.0 * step), 800_000.0 * step, 3e-16);
    }

    #[test]
    fn setting_a_value_again_changes_no_bit() {
        let (mut whole, mut cut) = (TimeIntegral::default(), TimeIntegral::default());
        let end = 365.0 / 12.0 * 3.0;
        [(0.7, 0.0), (1.9, 30.1)].into_iter().for_each(|(value, day)| whole.set(value, day));
        for (value, day) in [(0.7, 0.0), (0.7, 0.3), (1.9, 30.1), (1.9, 33.3), (1.9, 77.7)] {
            cut.set(value, day);
            // Reading it in between changes nothing either.
            assert!(cut.total(end) > 0.0);
        }
        assert_eq!(cut.total(end).to_bits(), whole.total(end).to_bits());
    }

    #[test]
    fn large_terms_that_cancel_leave_the_small_ones() {
        let mut integral = TimeIntegral::default();
        (0..).zip([1.0, 1e100, 1.0, -1e100]).for_each(|(day, value)| integral.set(value, f64::from(day)));
        assert_eq!(Some(integral.total(4.0)), Some(2.0));
    }

    #[test]
    fn an_infinite_value_gives_an_infinite_total() {
        let mut integral = TimeIntegral::default();
        (0..).zip([1.0, f64::INFINITY, 1.0]).for_each(|(day, value)| integral.set(value, f64::from(day)));
        assert_eq!(Some(integral.total(3.0)), Some(f64::INFINITY));
    }
}
