//! Measures of the team at month ends, with their units.

/// A measure of the team at month ends. Goals refer to it, and results show it.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its name, as used in the files.
    pub name: &'static str,
    /// The unit in which it is counted.
    pub unit: Unit,
    /// What it means.
    pub help: &'static str,
    /// Whether it is always a whole number. Then counts of each value keep its quantiles exact.
    pub is_whole: bool,
}

/// A measure, by its position in [`MEASURES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeasureId(u8);

/// The month-end measures, in the order of the files.
pub const MEASURES: [Measure; 10] = [
    Measure { name: "wanted", unit: Unit::People, help: "wanted headcount", is_whole: true },
    Measure { name: "headcount", unit: Unit::People, help: "people present", is_whole: true },
    Measure { name: "effective_fte", unit: Unit::Fte, help: "effective output", is_whole: false },
    Measure { name: "delivered_fte_days", unit: Unit::FteDays, help: "output delivered so far", is_whole: false },
    Measure { name: "open_requisitions", unit: Unit::Requisitions, help: "open requisitions", is_whole: true },
    Measure { name: "joins", unit: Unit::People, help: "people who joined in the month", is_whole: true },
    Measure { name: "leaves", unit: Unit::People, help: "people who left in the month", is_whole: true },
    Measure {
        name: "knowledge",
        unit: Unit::Share,
        help: "what the people present know, as a share of what the wanted headcount could know",
        is_whole: false,
    },
    Measure { name: "month_cost", unit: Unit::Money, help: "client cost of the month", is_whole: false },
    Measure { name: "client_cost", unit: Unit::Money, help: "client cost so far", is_whole: false },
];

/// The unit of a measure or a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Days since day 0, or a length of time in days.
    Day,
    /// Days of work of one productive person.
    FteDays,
    /// Months of work of one productive person.
    FteMonths,
    /// Days of one person's presence.
    HeadDays,
    /// Days, summed over requisitions.
    RequisitionDays,
    /// Days, summed over units of hiring staff.
    UnitDays,
    /// Per person and year.
    PerYear,
    /// Productive people.
    Fte,
    /// People.
    People,
    /// Requisitions.
    Requisitions,
    /// Incidents.
    Incidents,
    /// A share or probability, 0 to 1.
    Share,
    /// Money.
    Money,
    /// Money per month of one productive person.
    MoneyPerFteMonth,
    /// Whether a goal is met: 1 or 0.
    Met,
    /// The position of an outcome in the list of outcomes.
    Outcome,
}

impl Unit {
    /// Returns the unit in words, as used in the files. `currency` is the label of amounts of money.
    #[must_use]
    pub fn name(self, currency: &str) -> String {
        let word = match self {
            Unit::Day => "days",
            Unit::FteDays => "FTE-days",
            Unit::FteMonths => "FTE-months",
            Unit::HeadDays => "head-days",
            Unit::RequisitionDays => "requisition-days",
            Unit::UnitDays => "unit-days",
            Unit::PerYear => "per year",
            Unit::Fte => "FTE",
            Unit::People => "people",
            Unit::Requisitions => "requisitions",
            Unit::Incidents => "incidents",
            Unit::Share => "share",
            Unit::Money => currency,
            Unit::MoneyPerFteMonth => return format!("{currency} per FTE-month"),
            Unit::Met => "met",
            Unit::Outcome => "outcome",
        };
        word.to_owned()
    }
}

impl MeasureId {
    /// The first measure.
    pub(super) const FIRST: Self = Self(0);
    /// Wanted headcount.
    pub const WANTED: Self = Self::known("wanted");
    /// People present.
    pub const HEADCOUNT: Self = Self::known("headcount");
    /// Effective output.
    pub const EFFECTIVE_FTE: Self = Self::known("effective_fte");
    /// Output delivered so far.
    pub const DELIVERED_FTE_DAYS: Self = Self::known("delivered_fte_days");
    /// Open requisitions.
    pub const OPEN_REQUISITIONS: Self = Self::known("open_requisitions");
    /// People who joined in the month.
    pub const JOINS: Self = Self::known("joins");
    /// People who left in the month.
    pub const LEAVES: Self = Self::known("leaves");
    /// Client cost of the month.
    pub const MONTH_COST: Self = Self::known("month_cost");
    /// Client cost so far.
    pub const CLIENT_COST: Self = Self::known("client_cost");

    /// Returns the measure with a name that is known at compile time.
    const fn known(name: &str) -> Self {
        let mut position = 0;
        while !is_same(MEASURES[position].name, name) {
            position += 1;
        }
        Self(position as u8)
    }

    /// Returns the measure this many further on.
    pub(super) fn after(self, measures: usize) -> Self {
        Self(self.0 + measures as u8)
    }

    /// Returns all measures, in the order of the files.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        (0..MEASURES.len() as u8).map(Self)
    }

    /// Returns the measure with this name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|id| id.about().name == name)
    }

    /// Returns its position in [`MEASURES`].
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }

    /// Returns its description.
    #[must_use]
    pub fn about(self) -> &'static Measure {
        &MEASURES[self.position()]
    }
}

/// Whether two texts are equal. Usable at compile time.
pub const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_found_at_its_position() {
        assert!(MeasureId::all().all(|id| MeasureId::named(id.about().name) == Some(id)));
        assert_eq!((MeasureId::WANTED.position(), MeasureId::CLIENT_COST.about().name), (0, "client_cost"));
        assert_eq!(MeasureId::named("headcounts"), None);
        assert!(is_same("day", "day") && !is_same("day", "days") && !is_same("day", "dax"));
    }
}
