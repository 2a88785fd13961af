//! Measures of the team at month ends, with their units.

/// A measure of the team at month ends: goals are about it, and results show it.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its name, as in the files.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it means.
    pub help: &'static str,
    /// Whether it is always a whole number: then a count of each value keeps its quantiles exact.
    pub is_whole: bool,
}

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

/// What a measure or a response is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Days since day 0, or a length of time in days.
    Day,
    /// Days of work of one productive person.
    FteDays,
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
    /// The unit in words, as the files give it; `currency` is the label of amounts of money.
    #[must_use]
    pub fn name(self, currency: &str) -> String {
        let word = match self {
            Unit::Day => "days",
            Unit::FteDays => "FTE-days",
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
