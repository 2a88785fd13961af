//! The responses that people look at first, and what each is called: one list for the report and the charts.

use crate::response::ResponseId;

/// A response that is shown before all others where it is defined.
#[derive(Clone, Copy)]
pub(super) struct KeyFigure {
    pub(super) response: ResponseId,
    /// What it is called.
    pub(super) title: &'static str,
    /// Whether strategies are compared in it by a chart.
    pub(super) is_compared: bool,
}

/// The key figures, in the order of the report; goals come before them.
pub(super) const KEY_FIGURES: [KeyFigure; 13] = [
    compared(ResponseId::STAFFED_DAY, "Team staffed"),
    compared(ResponseId::EFFECTIVE_DAY, "Output reached"),
    shown(ResponseId::STAFFED_SHARE, "Time with a full team"),
    compared(ResponseId::DELIVERED_FTE_DAYS, "Output delivered"),
    compared(ResponseId::LEAVES, "People who leave"),
    shown(ResponseId::OPEN_AT_END, "Requisitions still open at the end"),
    shown(ResponseId::TRANSFER_DAY, "Transfer"),
    shown(ResponseId::TROUGH_SHARE, "Lowest output after the transfer"),
    shown(ResponseId::RETAINED_12M, "Retained a year after the transfer"),
    compared(ResponseId::CLIENT_COST, "Client cost"),
    shown(ResponseId::CLIENT_COST_NPV, "Discounted client cost"),
    compared(ResponseId::COST_PER_FTE_MONTH, "Client cost per FTE-month delivered"),
    compared(ResponseId::NET_NPV, "Discounted value less cost"),
];

const fn shown(response: ResponseId, title: &'static str) -> KeyFigure {
    KeyFigure { response, title, is_compared: false }
}

const fn compared(response: ResponseId, title: &'static str) -> KeyFigure {
    KeyFigure { is_compared: true, ..shown(response, title) }
}
