//! What the tables of a scenario refer to elsewhere in it: names, and the months.

use jiff::civil::Date;

use crate::input::date::StartDate;
use crate::input::months::{MonthLength, PlanMonths};
use crate::input::number::Whole;
use crate::input::{Names, Node, Reader, Section, Tree, Value};

/// Returns the names that tables refer to.
pub(super) fn names(section: &Section) -> Names {
    let keys = |table: &str| -> Vec<Option<String>> {
        let table = section.get(table).and_then(Node::section);
        table.map_or_else(Vec::new, |table| table.entries.iter().map(|entry| Some(entry.key.clone())).collect())
    };
    let mut names = Names::default().with_months(months(section));
    names.add("organisation", keys("organisation"));
    names.add("strategy", keys("strategy"));
    names.add("role", role_names(section));
    names
}

/// A month of the calendar, from 1.
pub(super) type CalendarMonth = Whole<1, 12>;

pub(super) fn plan_months(
    start: Date,
    length: Option<MonthLength>,
    fiscal_year_starts: Option<CalendarMonth>,
) -> PlanMonths {
    let months = PlanMonths::new(start, length.unwrap_or(MonthLength::Calendar));
    let first = fiscal_year_starts.and_then(|month| i8::try_from(month.value()).ok());
    PlanMonths { fiscal_year_starts: first.unwrap_or(months.fiscal_year_starts), ..months }
}

/// Returns the months of a scenario, as far as they are given without mistakes.
fn months(section: &Section) -> PlanMonths {
    let names = Names::default();
    let mut reader = Reader::new(&names);
    let start = section.get("start").and_then(|node| StartDate::read(node, &mut reader));
    let length = section.get("months").and_then(|node| MonthLength::read(node, &mut reader));
    let first = section.get("fiscal_year_starts").and_then(|node| CalendarMonth::read(node, &mut reader));
    plan_months(start.unwrap_or_else(StartDate::stand_in).0, length, first)
}

fn role_names(section: &Section) -> Vec<Option<String>> {
    let Some(Node { tree: Tree::List(roles), .. }) = section.get("role") else { return vec![None] };
    let name = |role: &Node| match role.section().and_then(|role| role.get("name")) {
        Some(Node { tree: Tree::Text(name), .. }) => Some(name.clone()),
        _ => None,
    };
    roles.iter().map(name).collect()
}
