//! Goals: what a planner wants to reach, and by when.

use serde_json::{Value as Json, json};

use crate::input::diagnostic::name_help;
use crate::input::moment::MonthEnd;
use crate::input::months::FiscalYear;
use crate::input::name::Name;
use crate::input::number::{Probability, Quantity, Whole};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use super::HORIZON_MONTHS_AT_MOST;
use super::ids::RoleId;
use super::measure::{MEASURES, MeasureId};
use super::series::{ROLE_MEASURES, SeriesId};

/// `[[goal]]`: MODEL section 10.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// The quantity that is measured at month ends.
    pub measure: MeasureId,
    /// The role whose measure it is, and its name. None for all roles together.
    pub role: Option<(RoleId, String)>,
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

/// When a goal must be met. Month ends are given by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The bound must hold at this month end.
    At(u32),
    /// A lower bound must have held once up to this month end. An upper bound must hold at all month ends up to it.
    By(u32),
    /// The bound must hold for what is booked in this fiscal year, at its end.
    In(FiscalYear),
}

impl Due {
    /// Returns the number of the month end.
    #[must_use]
    pub fn month_end(self) -> u32 {
        match self {
            Self::At(month) | Self::By(month) => month,
            Self::In(year) => year.to,
        }
    }

    /// Returns the key that gives it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::At(_) => AT,
            Self::By(_) => BY,
            Self::In(_) => YEAR,
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
const YEAR: &str = "year";

impl Table for Goal {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let name = fields.required::<Name>("name", "the name of the goal, e.g. \"40 productive in month 24\"").into();
        let measure = fields.required("measure", "what is measured at each month end");
        let role: Option<RoleId> = fields.optional_or(
            "role",
            "all roles together",
            "the role whose measure it is; not every measure is kept by role",
        );
        let at_least: Option<Quantity> = fields.optional("at_least", "the measure must be at least this");
        let at_most: Option<Quantity> = fields.optional("at_most", "the measure must be at most this");
        let bound = match (at_least, at_most) {
            (None, Some(bound)) => Bound::AtMost(bound.value()),
            (bound, _) => Bound::AtLeast(bound.map_or(0.0, Quantity::value)),
        };
        let goal = Self {
            name,
            measure,
            role: role.map(|role| (role, name_of(role, fields))),
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
        refuse_none_or_several(fields, &["at_least", "at_most"], "give one of them: the bound of the measure");
        let help = "give `at_month` for \"in month 24\", `by_month` for \"at some point by month 24\", or `year` for what is \
                    booked in a fiscal year";
        refuse_none_or_several(fields, &[AT, BY, YEAR], help);
        goal.refuse_role(fields);
        goal.refuse_month(fields);
        goal.refuse_year(fields);
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
    let year: Option<Year> =
        fields.optional(YEAR, "the fiscal year, by the year in which it begins, whose `client_cost` the bound is for");
    let year = year.and_then(|year| i16::try_from(year.value()).ok());
    match (at, year) {
        (Some(end), _) => Due::At(end.0),
        // One that is over before the start is refused below.
        (_, Some(year)) => Due::In(fields.months().fiscal_year(year).unwrap_or(FiscalYear { year, from: 1, to: 0 })),
        _ => Due::By(by.map_or(0, |end| end.0)),
    }
}

/// A year of the calendar, as in a `start`.
type Year = Whole<1900, 2999>;

/// Returns the name of a role, as far as it could be read.
fn name_of(role: RoleId, fields: &Fields<'_, '_>) -> String {
    fields.names("role").get(usize::from(role.0)).cloned().flatten().unwrap_or_default()
}

/// Refuses a table that gives none or several of some keys.
fn refuse_none_or_several(fields: &mut Fields<'_, '_>, keys: &[&'static str], help: &str) {
    let given: Vec<&str> = keys.iter().copied().filter(|key| fields.has(key)).collect();
    match given.as_slice() {
        [] => {
            let (last, others) = keys.split_last().unwrap_or((&"", &[]));
            let others: Vec<String> = others.iter().map(|key| format!("`{key}`")).collect();
            let message = format!("neither {} nor `{last}` found", others.join(", "));
            fields.refuse_absence_of(keys, &message, help);
        }
        [first, others @ ..] => {
            for key in others {
                let help = "keep one of them, or split it into several goals";
                fields.refuse(key, format!("contradicts `{first}`"), Some(help.to_owned()));
            }
        }
    }
}

impl Goal {
    /// Whether it bounds a measure of all roles at month ends.
    #[must_use]
    pub fn is_on(&self, measure: MeasureId) -> bool {
        self.measure == measure && self.role.is_none() && !matches!(self.due, Due::In(_))
    }

    /// Returns the series that it bounds, in a scenario with a number of roles.
    #[must_use]
    pub fn series(&self, roles: usize) -> SeriesId {
        let of_role = self.role.as_ref().and_then(|(role, _)| SeriesId::of_role(self.measure, *role, roles));
        of_role.unwrap_or(self.measure.into())
    }

    fn refuse_role(&self, fields: &mut Fields<'_, '_>) {
        if fields.has_sound("role") && fields.has_sound("measure") && !ROLE_MEASURES.contains(&self.measure) {
            let name = self.measure.about().name;
            let kept = ROLE_MEASURES.map(|measure| format!("`{}`", measure.about().name)).join(", ");
            let help = format!("take `role` out, or choose one of {kept}");
            fields.refuse("role", format!("`{name}` is not kept by role"), Some(help));
        }
    }

    fn refuse_year(&self, fields: &mut Fields<'_, '_>) {
        if !fields.has_sound(YEAR) {
            return;
        }
        if fields.has_sound("measure") && self.measure != MeasureId::CLIENT_COST {
            let message = format!("`{}` has no amount by year: expected `client_cost`", self.measure.about().name);
            fields.refuse("measure", message, Some("give `at_month` in place of `year`".to_owned()));
        }
    }

    fn refuse_month(&self, fields: &mut Fields<'_, '_>) {
        let key = self.due.key();
        if !fields.has_sound(key) {
            return;
        }
        if self.due.month_end() < 1 {
            let message = match self.due {
                Due::In(_) => format!("that fiscal year is over before `start`, {}", fields.months().start),
                _ => "no month ends by then: expected the end of month 1 or a later one".to_owned(),
            };
            fields.refuse(key, message, None);
        } else if self.due.month_end() < self.for_months && key != YEAR {
            let months = self.for_months;
            let message = format!("only {} months end by then: expected {months} or more", self.due.month_end());
            let help = format!("`for_months` asks for {months} month ends in a row, the first of which is that of month 1");
            fields.refuse(key, message, Some(help));
        }
    }

    /// Refuses `for_months` if an upper bound must hold throughout, which implies it.
    fn refuse_for_months(&self, fields: &mut Fields<'_, '_>) {
        let (message, help) = match (self.bound, self.due) {
            (_, Due::In(_)) => ("has no meaning with `year`", "take it out"),
            (Bound::AtMost(_), Due::By(_)) => (
                "has no meaning with `at_most` and `by_month`, which ask for every month end up to that month",
                "take it out, or give `at_month` in place of `by_month`",
            ),
            _ => return,
        };
        if fields.has_sound(self.due.key()) && fields.has("for_months") {
            fields.refuse("for_months", message, Some(help.to_owned()));
        }
    }

    /// Returns when the goal is met, with the name of its measure: `headcount is at least 40 in month 24`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let of_role = self.role.as_ref().map_or_else(String::new, |(_, role)| format!(" of {role}"));
        format!("{}{of_role} is {}", self.measure.about().name, self.bound_in_words())
    }

    /// Returns the same for readers who do not know the names: `people present at least 40 in month 24`.
    #[must_use]
    pub fn meaning(&self) -> String {
        format!("{} {}", self.what(self.measure.about().help), self.bound_in_words())
    }

    /// Returns what is measured, given what its measure is called: `people present`, or `lead: people present`.
    #[must_use]
    pub fn what(&self, measure: &str) -> String {
        match (&self.role, self.due) {
            (_, Due::In(_)) => "client cost".to_owned(),
            (Some((_, role)), _) => format!("{role}: {measure}"),
            (None, _) => measure.to_owned(),
        }
    }

    fn bound_in_words(&self) -> String {
        let due = self.due_in_words(&format!("month {}", self.due.month_end()));
        match self.bound {
            Bound::AtLeast(bound) => format!("at least {bound}{due}"),
            Bound::AtMost(bound) => format!("at most {bound}{due}"),
        }
    }

    /// Returns when it must be met, as text that follows the bound. `month` is the name of the month in which it is due.
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
            (Due::In(year), _) => format!(" in fiscal year {}, which ends with {month}", year.year),
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
        let goal = |bound, due, for_months| {
            let (name, role) = ("g".to_owned(), None);
            Goal { name, measure: MeasureId::HEADCOUNT, role, bound, due, for_months, probability: None }
        };
        let words = |bound, due, for_months| goal(bound, due, for_months).in_words();
        let (least, most) = (Bound::AtLeast(40.0), Bound::AtMost(40.0));
        assert_eq!(words(least, Due::At(24), 1), "headcount is at least 40 in month 24");
        assert_eq!(words(most, Due::At(24), 1), "headcount is at most 40 in month 24");
        let row = "headcount is at least 40 for 3 month ends in a row, the last in month 24";
        assert_eq!(words(least, Due::At(24), 3), row);
        assert_eq!(words(least, Due::By(24), 1), "headcount is at least 40 at some point by month 24");
        let row = "headcount is at least 40 for 3 month ends in a row at some point by month 24";
        assert_eq!(words(least, Due::By(24), 3), row);
        assert_eq!(words(most, Due::By(24), 1), "headcount is at most 40 at every month end up to month 24");
        let of_lead = Goal { role: Some((RoleId(0), "lead".into())), ..goal(least, Due::At(24), 1) };
        assert_eq!(of_lead.in_words(), "headcount of lead is at least 40 in month 24");
        assert_eq!(of_lead.meaning(), "lead: people present at least 40 in month 24");
        let year = Due::In(FiscalYear { year: 2028, from: 13, to: 24 });
        let cost = Goal { measure: MeasureId::CLIENT_COST, ..goal(most, year, 1) };
        assert_eq!(cost.meaning(), "client cost at most 40 in fiscal year 2028, which ends with month 24");
    }
}
