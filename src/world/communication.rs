//! Communication: the output that people lose by talking to each other.

use crate::input::number::{Factor, Whole};
use crate::input::{Fields, Table, Value};

/// The loss of output by communication: `[communication]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Communication {
    /// Share of output lost per person squared (Abdel-Hamid and Madnick 1991: 0.0006).
    coefficient: f64,
    /// People per team. Infinite for a single team.
    team: f64,
}

impl Table for Communication {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            coefficient: fields
                .or(
                    "coefficient",
                    Factor::new(0.0).unwrap_or(Factor::stand_in()),
                    "share of output lost per head squared, e.g. 0.0006",
                )
                .value(),
            team: fields
                .optional_or::<Whole<1, 1_000_000>>(
                    "team",
                    "one team of any size",
                    "people per team: the loss is quadratic within teams and between teams",
                )
                .map_or(f64::INFINITY, |team| f64::from(team.count())),
        }
    }
}

impl Communication {
    /// Returns the share of output that remains with `headcount` people present: MODEL section 5, after Abdel-Hamid and
    /// Madnick (1991).
    #[must_use]
    pub fn factor(&self, headcount: u32) -> f64 {
        let people = f64::from(headcount);
        let within = people.min(self.team);
        let between = (people / self.team).max(1.0) - 1.0;
        (1.0 - self.coefficient * (within * within + between * between)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communication_loses_what_abdel_hamid_published() {
        let loss = Communication { coefficient: 0.0006, team: f64::INFINITY };
        for (people, percent) in [(5, 1.5), (10, 6.0), (15, 13.5), (20, 24.0), (25, 37.5), (30, 54.0)] {
            assert!((100.0 * (1.0 - loss.factor(people)) - percent).abs() < 1e-9, "{people} people");
        }
        assert!(loss.factor(1000).abs() < f64::EPSILON, "the factor is at least 0");
    }

    #[test]
    fn between_teams_the_loss_grows_with_their_number() {
        let loss = Communication { coefficient: 0.0006, team: 8.0 };
        // 60 people in 7.5 teams of 8: 1 - 0.0006 (64 + 6.5^2)
        assert!((loss.factor(60) - (1.0 - 0.0006 * (64.0 + 42.25))).abs() < 1e-12);
        assert!((loss.factor(5) - (1.0 - 0.0006 * 25.0)).abs() < 1e-12);
    }
}
