//! The responses that people look at first, and what each is called: one list for the statement, the report and the charts.
//!
//! Without `cost_per_fte_month`: where a venture ends before much was delivered it is huge, so that a handful of replications
//! decides its mean. Its distribution is a chart.

/// A response that is shown before all others where it came about.
#[derive(Clone, Copy)]
pub(super) struct KeyFigure {
    pub(super) response: &'static str,
    /// What it is called.
    pub(super) title: &'static str,
    /// Whether strategies are compared in it by a chart.
    pub(super) is_compared: bool,
    /// Whether a decision is about it, so that the statement tells it.
    pub(super) is_told: bool,
}

impl KeyFigure {
    /// What it is called within a sentence.
    pub(super) fn words(&self) -> String {
        let mut letters = self.title.chars();
        letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
    }

    const fn told(self) -> Self {
        Self { is_told: true, ..self }
    }
}

/// The key figures, in the order of the report; goals come before them.
pub(super) const KEY_FIGURES: [KeyFigure; 11] = [
    compared("staffed_day", "Day on which the team is staffed").told(),
    compared("effective_day", "Day on which output is reached"),
    shown("staffed_share", "Time with a full team").told(),
    compared("delivered_fte_days", "Output delivered").told(),
    compared("leaves", "People who leave"),
    shown("transfer_day", "Day of the transfer"),
    shown("dip_share", "Lowest output after the transfer"),
    shown("retained_12m", "Retained a year after the transfer"),
    compared("client_cost", "Client cost").told(),
    shown("client_cost_npv", "Discounted client cost").told(),
    compared("net_npv", "Discounted value less cost").told(),
];

const fn shown(response: &'static str, title: &'static str) -> KeyFigure {
    KeyFigure { response, title, is_compared: false, is_told: false }
}

const fn compared(response: &'static str, title: &'static str) -> KeyFigure {
    KeyFigure { is_compared: true, ..shown(response, title) }
}
