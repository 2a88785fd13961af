//! Goals: what a planner wants to reach, and by when.

use serde_json::{Value as Json, json};

use crate::input::diagnostic::name_help;
use crate::input::moment::MonthEnd;
use crate::input::name::Name;
use crate::input::number::{Probability, Quantity, Whole};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use super::HORIZON_MONTHS_AT_MOST;
use super::measure::{MEASURES, MeasureId};

/// `[[goal]]`: MODEL section 10.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// The quantity that is measured at month ends.
    pub measure: MeasureId,
    /// The bound that the measure must reach or not exceed.
    pub bound: Bound,
    /// When it must be met.
    pub due: Due,
    /// The number of consecutive month ends at which the bound must hold.
    pub for_months: u32,
    /// The probability that the lower confidence limit must reach. None if the goal is not a gate.
    pub probability: Option<f64>,
}

/// A bound, with its side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Holds if the measure is at least this.
    AtLeast(f64),
    /// Holds if the measure is at most this.
    AtMost(f64),
}

/// When a goal must be met, as the number of a month end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The bound must hold at this month end.
    At(u32),
    /// A lower bound must have held once up to this month end. An upper bound must hold at all month ends up to it.
    By(u32),
}

impl Due {
    /// Returns the number of the month end.
    #[must_use]
    pub fn month_end(self) -> u32 {
        let (Self::At(month) | Self::By(month)) = self;
        month
    }

    /// Returns the key that gives it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::At(_) => AT,
            Self::By(_) => BY,
        }
    }
}

impl Bound {
    /// Whether a value satisfies the bound, with a tolerance for rounding.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        let slack = |bound: f64| 1e-9 * bound.abs().max(1.0);
        match self {
            Self::AtLeast(bound) => value >= bound - slack(bound),
            Self::AtMost(bound) => value <= bound + slack(bound),
        }
    }
}

const AT: &str = "at_month";
const BY: &str = "by_month";

impl Table for Goal {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let name = fields.required::<Name>("name", "the name of the goal, e.g. \"40 productive in month 24\"").into();
        let measure = fields.required("measure", "what is measured at each month end");
        let at_least: Option<Quantity> = fields.optional("at_least", "the measure must be at least this");
        let at_most: Option<Quantity> = fields.optional("at_most", "the measure must be at most this");
        let bound = match (at_least, at_most) {
            (None, Some(bound)) => Bound::AtMost(bound.value()),
            (bound, _) => Bound::AtLeast(bound.map_or(0.0, Quantity::value)),
        };
        let goal = Self {
            name,
            measure,
            bound,
            due: read_due(fields),
            for_months: fields
                .optional_or::<ForMonths>("for_months", "1", "month ends in a row at which the bound must hold")
                .map_or(1, ForMonths::count),
            probability: fields
                .optional_or::<Probability>(
                    "probability",
                    "none: the goal is not a gate",
                    "the lower confidence limit of the probability of the goal must reach this, or the exit status is 4",
                )
                .map(Probability::value),
        };
        refuse_none_or_both(
            fields,
            ["at_least", "at_most"],
            ["give one of them: the bound of the measure", "keep one of the two, or split it into two goals"],
        );
        refuse_none_or_both(
            fields,
            [AT, BY],
            [
                "give `at_month` for \"in month 24\", or `by_month` for \"at some point by month 24\"",
                "keep one of the two, or split it into two goals",
            ],
        );
        goal.refuse_month(fields);
        goal.refuse_for_months(fields);
        goal
    }
}

/// Months in a row.
type ForMonths = Whole<1, { HORIZON_MONTHS_AT_MOST as i64 }>;

fn read_due(fields: &mut Fields<'_, '_>) -> Due {
    let at: Option<MonthEnd> = fields.optional(AT, "the month at whose end the bound must hold, or a date");
    let by: Option<MonthEnd> = fields.optional(
        BY,
        "the last month whose end counts, or a date: `at_least` must hold once by then, `at_most` at every month end up to then",
    );
    match at {
        Some(end) => Due::At(end.0),
        None => Due::By(by.map_or(0, |end| end.0)),
    }
}

/// Refuses a table that gives neither or both of two keys, with a help text for each case.
fn refuse_none_or_both(fields: &mut Fields<'_, '_>, keys: [&'static str; 2], [none, both]: [&str; 2]) {
    let [first, second] = keys;
    match keys.map(|key| fields.has(key)) {
        [true, true] => fields.refuse(second, format!("contradicts `{first}`"), Some(both.to_owned())),
        [false, false] => {
            fields.refuse_absence_of(&keys, &format!("neither `{first}` nor `{second}` found"), none);
        }
        _ => {}
    }
}

impl Goal {
    fn refuse_month(&self, fields: &mut Fields<'_, '_>) {
        let key = self.due.key();
        if !fields.has_sound(key) {
            return;
        }
        if self.due.month_end() < 1 {
            fields.refuse(key, "no month ends by then: expected the end of month 1 or a later one", None);
        } else if self.due.month_end() < self.for_months {
            let months = self.for_months;
            let message = format!("only {} months end by then: expected {months} or more", self.due.month_end());
            let help = format!("`for_months` asks for {months} month ends in a row, the first of which is that of month 1");
            fields.refuse(key, message, Some(help));
        }
    }

    /// Refuses `for_months` if an upper bound must hold throughout, which implies it.
    fn refuse_for_months(&self, fields: &mut Fields<'_, '_>) {
        let holds_throughout = matches!((self.bound, self.due), (Bound::AtMost(_), Due::By(_)));
        if holds_throughout && fields.has_sound(BY) && fields.has("for_months") {
            let message = "has no meaning with `at_most` and `by_month`, which ask for every month end up to that month";
            let help = "take it out, or give `at_month` in place of `by_month`";
            fields.refuse("for_months", message, Some(help.to_owned()));
        }
    }

    /// Returns when the goal is met, with the name of its measure: `headcount is at least 40 in month 24`.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} is {}", self.measure.about().name, self.bound_in_words())
    }

    /// Returns the same for readers who do not know the names: `people present at least 40 in month 24`.
    #[must_use]
    pub fn meaning(&self) -> String {
        format!("{} {}", self.measure.about().help, self.bound_in_words())
    }

    fn bound_in_words(&self) -> String {
        let due = self.due_in_words(&format!("month {}", self.due.month_end()));
        match self.bound {
            Bound::AtLeast(bound) => format!("at least {bound}{due}"),
            Bound::AtMost(bound) => format!("at most {bound}{due}"),
        }
    }

    /// Returns when it must be met, as text that follows the bound. `month` is the name of the month.
    #[must_use]
    pub fn due_in_words(&self, month: &str) -> String {
        let row = match self.for_months {
            1 => String::new(),
            months => format!(" for {months} month ends in a row"),
        };
        match (self.due, self.bound) {
            (Due::At(_), _) if row.is_empty() => format!(" in {month}"),
            (Due::At(_), _) => format!("{row}, the last in {month}"),
            (Due::By(_), Bound::AtLeast(_)) => format!("{row} at some point by {month}"),
            (Due::By(_), Bound::AtMost(_)) => format!(" at every month end up to {month}"),
        }
    }
}

impl Value for MeasureId {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Tree::Text(text) = &node.tree else {
            reader.expected(node, "the name of a measure");
            return None;
        };
        let measure = MeasureId::named(text);
        if measure.is_none() {
            let names = MEASURES.map(|measure| measure.name);
            reader.refuse(&node.place, format!("there is no measure named {text:?}"), name_help(text, &names));
        }
        measure
    }

    fn stand_in() -> Self {
        Self::HEADCOUNT
    }

    fn schema() -> Json {
        json!({ "enum": MEASURES.map(|measure| measure.name) })
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

    #[test]
    fn each_kind_of_goal_has_its_wording() {
        let words = |bound, due, for_months| {
            let goal = Goal { name: "g".into(), measure: MeasureId::HEADCOUNT, bound, due, for_months, probability: None };
            goal.in_words()
        };
        let (least, most) = (Bound::AtLeast(40.0), Bound::AtMost(40.0));
        assert_eq!(words(least, Due::At(24), 1), "headcount is at least 40 in month 24");
        assert_eq!(words(most, Due::At(24), 1), "headcount is at most 40 in month 24");
        let row = "headcount is at least 40 for 3 month ends in a row, the last in month 24";
        assert_eq!(words(least, Due::At(24), 3), row);
        assert_eq!(words(least, Due::By(24), 1), "headcount is at least 40 at some point by month 24");
        let row = "headcount is at least 40 for 3 month ends in a row at some point by month 24";
        assert_eq!(words(least, Due::By(24), 3), row);
        assert_eq!(words(most, Due::By(24), 1), "headcount is at most 40 at every month end up to month 24");
    }
}
