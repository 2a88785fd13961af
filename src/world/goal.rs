//! Goals: what a planner wants to reach, and by when.

use serde_json::{Value as Json, json};

use crate::input::diagnostic::name_help;
use crate::input::name::Name;
use crate::input::number::{Months, Probability, Quantity};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

/// `[[goal]]`: MODEL section 10.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// What is measured at month ends.
    pub measure: GoalMeasure,
    /// The bound, and on which side of it the measure must lie.
    pub bound: Bound,
    /// The last month whose end counts.
    pub by_month: f64,
    /// The probability that the lower confidence limit must reach, if the goal is a gate.
    pub probability: Option<f64>,
}

/// The side of a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Met when the measure is at least this at some month end.
    AtLeast(f64),
    /// Met when the measure is at most this at every month end.
    AtMost(f64),
}

impl Bound {
    /// Whether a value lies on the right side, for what rounding may do to both.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        let slack = |bound: f64| 1e-9 * bound.abs().max(1.0);
        match self {
            Self::AtLeast(bound) => value >= bound - slack(bound),
            Self::AtMost(bound) => value <= bound + slack(bound),
        }
    }
}

/// A measure that a goal may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoalMeasure {
    /// Its name, as in `timeline.csv`.
    pub name: &'static str,
}

/// The measures that goals may be about.
const GOAL_MEASURES: [&str; 5] = ["headcount", "effective_fte", "delivered_fte_days", "knowledge", "client_cost"];

impl Table for Goal {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let name = fields.required::<Name>("name", "what the goal is called, e.g. \"40 productive by month 24\"").into();
        let measure = fields.required("measure", "what is measured at each month end");
        let at_least: Option<Quantity> =
            fields.optional("at_least", "met when the measure is at least this at some month end");
        let at_most: Option<Quantity> =
            fields.optional("at_most", "met when the measure is at most this at every month end");
        let bound = match (at_least, at_most) {
            (None, Some(bound)) => Bound::AtMost(bound.value()),
            (bound, _) => Bound::AtLeast(bound.map_or(0.0, Quantity::value)),
        };
        let goal = Self {
            name,
            measure,
            bound,
            by_month: fields.required::<Months>("by_month", "the last month whose end counts").value(),
            probability: fields
                .optional_or::<Probability>(
                    "probability",
                    "none: the goal is no gate",
                    "the lower confidence limit of meeting the goal must reach this, else the exit status is 4",
                )
                .map(Probability::value),
        };
        match (fields.has("at_least"), fields.has("at_most")) {
            (true, true) => {
                let help = "keep one of the two, or make two goals of it".to_owned();
                fields.refuse("at_most", "contradicts `at_least`", Some(help));
            }
            (false, false) => {
                let message = "neither `at_least` nor `at_most` found";
                fields.refuse_absence_of(&["at_least", "at_most"], message, "give one of them: the bound of the measure");
            }
            _ => {}
        }
        if fields.has_sound("by_month") && goal.by_month < 1.0 {
            fields.refuse("by_month", format!("no month ends by month {}: expected 1 or more", goal.by_month), None);
        }
        goal
    }
}

impl Goal {
    /// What it asks for, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Self { measure: GoalMeasure { name }, by_month, .. } = self;
        match self.bound {
            Bound::AtLeast(bound) => format!("1 if {name} is at least {bound} at some month end up to month {by_month}"),
            Bound::AtMost(bound) => format!("1 if {name} is at most {bound} at every month end up to month {by_month}"),
        }
    }
}

impl Value for GoalMeasure {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Tree::Text(text) = &node.tree else {
            reader.expected(node, "the name of a measure");
            return None;
        };
        let name = GOAL_MEASURES.into_iter().find(|name| name == text);
        if name.is_none() {
            reader.refuse(&node.place, format!("no goal can be about {text:?}"), name_help(text, &GOAL_MEASURES));
        }
        name.map(|name| Self { name })
    }

    fn stand_in() -> Self {
        Self { name: GOAL_MEASURES[0] }
    }

    fn schema() -> Json {
        json!({ "enum": GOAL_MEASURES })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_holds_up_to_rounding() {
        assert!(Bound::AtLeast(0.3).holds(0.1 + 0.2 - 1e-12) && !Bound::AtLeast(0.3).holds(0.299));
        assert!(Bound::AtMost(0.3).holds(0.1 + 0.2) && !Bound::AtMost(0.3).holds(0.301));
    }
}
