//! From when on a difference matters.

/// The smallest difference that matters: as a share of the larger value, or, of shares, as a difference of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matters(f64);

impl Matters {
    /// One percent; of shares one percentage point.
    pub const USUAL: Self = Self(0.01);

    /// Returns the limit for a share of 0 to 1; none for another number.
    #[must_use]
    pub fn new(share: f64) -> Option<Self> {
        (0.0..=1.0).contains(&share).then_some(Self(share))
    }

    /// Whether two values differ by enough to matter.
    pub(super) fn is_large(self, (one, other): (f64, f64), is_share: bool) -> bool {
        let scale = if is_share { 1.0 } else { one.abs().max(other.abs()) };
        (one - other).abs() >= self.0 * scale && (one - other).abs() > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_percent_of_the_larger_value_matters_and_one_point_of_a_share() {
        let matters = Matters::USUAL;
        assert!(matters.is_large((100.0, 99.0), false) && !matters.is_large((100.0, 99.01), false));
        assert!(matters.is_large((-100.0, -98.0), false) && !matters.is_large((0.0, 0.0), false));
        assert!(matters.is_large((0.5, 0.51), true) && !matters.is_large((0.5, 0.509), true));
        assert!(Matters::new(0.0).is_some_and(|all| all.is_large((1.0, 1.000_001), false)));
        assert_eq!((Matters::new(-0.1), Matters::new(f64::NAN)), (None, None));
    }
}
