//! Demand: how many people of a role are wanted.

use crate::input::number::Heads;
use crate::input::steps::Steps;

/// Wanted headcount of a role, in steps.
#[derive(Clone, Debug)]
pub struct Wanted(pub Steps<Heads>);

impl Wanted {
    /// Wanted headcount from each month at which it changes, rounded half up.
    pub fn steps(&self) -> impl Iterator<Item = (f64, u32)> + '_ {
        self.0.iter().map(|(month, heads)| (month, rounded(heads.value())))
    }
}

impl Wanted {
    /// Wanted headcount at a month.
    #[must_use]
    pub fn at(&self, month: f64) -> u32 {
        self.0.at(month).map_or(0, |heads| rounded(heads.value()))
    }
}

/// Rounds half up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "headcounts lie between 0 and a million")]
fn rounded(heads: f64) -> u32 {
    (heads + 0.5).floor() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_rounded_half_up() {
        assert_eq!([0.49, 0.5, 1.5, 2.5, 2.4999].map(rounded), [0, 1, 2, 3, 2]);
    }
}
