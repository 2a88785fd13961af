//! Means with their confidence intervals on a page, with exact numbers for programs.

use maud::{Markup, html};

use super::breaks::breakable;
use super::number::{CORRECTED, exact, readable, short_percent};

/// Means with their confidence intervals, with exact numbers for programs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimates {
    /// Heads of the columns after the first.
    pub columns: Vec<String>,
    /// The estimated quantities.
    pub rows: Vec<EstimateRow>,
}

/// An estimated quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EstimateRow {
    /// Its name.
    pub name: String,
    /// Its unit, and where to find more.
    pub note: String,
    /// Whether it is a share, shown in percent.
    pub is_share: bool,
    /// Text before the share of the replications that an estimate covers.
    pub share_word: &'static str,
    /// An estimate for each column; none if undefined.
    pub cells: Vec<Option<Estimate>>,
}

/// A mean with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Lower and upper limits of its interval; `NaN` if there is none.
    pub limits: [f64; 2],
    /// Whether the interval is corrected for skewness.
    pub is_corrected: bool,
    /// The share of the replications that the mean covers.
    pub of: f64,
}

impl Estimates {
    pub(super) fn html(&self) -> Markup {
        let row = |row: &EstimateRow| {
            html! {
                th scope="row" { (row.name) " " span.note { (row.note) } }
                @for cell in &row.cells { td.right { (cell.map_or(html! { "–" }, |cell| cell.html(row))) } }
            }
        };
        html! {
            div.table tabindex="0" {
                table.estimates {
                    thead { tr { th scope="col" {} @for column in &self.columns { th.right scope="col" { (breakable(column)) } } } }
                    tbody { @for estimated in &self.rows { tr { (row(estimated)) } } }
                }
            }
        }
    }
}

impl Estimate {
    fn html(&self, row: &EstimateRow) -> Markup {
        let number = |value: f64| {
            let shown = if row.is_share { short_percent(value) } else { readable(value) };
            html! { data value=(exact(value)) { (shown) } }
        };
        let [low, high] = self.limits;
        // Rounded down: what is missing somewhere is not 100 %.
        let share = short_percent((1e4 * self.of).floor() / 1e4);
        html! {
            b { (number(self.mean)) }
            @if low.is_finite() && high.is_finite() {
                span.interval { (number(low)) " to " (number(high)) @if self.is_corrected { " " (CORRECTED) } }
            }
            @if self.of < 1.0 { span.interval { (row.share_word) " " (share) } }
        }
    }
}
