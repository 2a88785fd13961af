//! Natures: what kind of quantity a response is, which decides what may be said of it (MODEL section 11).

use std::borrow::Cow;

use crate::world::{World, is_same};

use super::{ALL, columns};

/// A response or goal, by its position among the [columns].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResponseId(u16);

/// What kind of quantity a response is; `R` says which other responses it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature<R = ResponseId> {
    /// A day, or infinity for never within the horizon H. Its quantiles are over all replications; all else is said of
    /// min(T, H). Days are counted from day 0, or from the date `since`, and then min(T, H - since) takes its place.
    Date {
        /// The date from which days are counted; none for day 0.
        since: Option<R>,
    },
    /// A numerator over a denominator. The estimate is E\[numerator\] / E\[denominator\], not the mean of the ratios.
    Ratio(Ratio<R>),
    /// A number: its estimate is the mean.
    Number,
}

/// What a ratio is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio<R = ResponseId> {
    /// What stands above the line.
    pub numerator: R,
    /// What stands below it.
    pub denominator: R,
    /// What their quotient is multiplied by.
    pub times: u16,
}

impl Ratio<&'static str> {
    /// The ratio of two responses.
    pub(super) const fn of(numerator: &'static str, denominator: &'static str) -> Self {
        Self { numerator, denominator, times: 1 }
    }
}

impl<R> Nature<R> {
    /// A day counted from day 0.
    pub(super) const DATE: Self = Self::Date { since: None };

    /// Its name, as in the files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Date { .. } => "date",
            Self::Ratio(_) => "ratio",
            Self::Number => "number",
        }
    }
}

impl Nature<&'static str> {
    /// The same with the responses that the names mean.
    pub(super) fn resolved(&self) -> Nature {
        match self {
            Self::Date { since } => Nature::Date { since: since.map(ResponseId::known) },
            Self::Ratio(Ratio { numerator, denominator, times }) => Nature::Ratio(Ratio {
                numerator: ResponseId::known(numerator),
                denominator: ResponseId::known(denominator),
                times: *times,
            }),
            Self::Number => Nature::Number,
        }
    }
}

impl ResponseId {
    /// The first of all.
    pub const FIRST: Self = Self(0);
    /// The day on which the team is staffed.
    pub const STAFFED_DAY: Self = Self::known("staffed_day");
    /// The day on which output is reached.
    pub const EFFECTIVE_DAY: Self = Self::known("effective_day");
    /// Output delivered, in months.
    pub const DELIVERED_FTE_MONTHS: Self = Self::known("delivered_fte_months");
    /// People who quit, per person and year.
    pub const ATTRITION_RATE: Self = Self::known("attrition_rate");
    /// Output delivered.
    pub const DELIVERED_FTE_DAYS: Self = Self::known("delivered_fte_days");
    /// Share of the time with a full team.
    pub const STAFFED_SHARE: Self = Self::known("staffed_share");
    /// People who left.
    pub const LEAVES: Self = Self::known("leaves");
    /// Requisitions open at the horizon.
    pub const OPEN_AT_END: Self = Self::known("open_at_end");
    /// Days vacant for each who joined.
    pub const VACANT_DAYS_PER_JOIN: Self = Self::known("vacant_days_per_join");
    /// Day of the first transfer.
    pub const TRANSFER_DAY: Self = Self::known("transfer_day");
    /// People who were offered to go over.
    pub const OFFERED: Self = Self::known("offered");
    /// People who accepted.
    pub const ACCEPTED: Self = Self::known("accepted");
    /// Share retained a year after the transfer.
    pub const RETAINED_12M: Self = Self::known("retained_12m");
    /// Lowest output after the transfer.
    pub const TROUGH_SHARE: Self = Self::known("trough_share");
    /// Days until output is back.
    pub const RECOVERY_DAYS: Self = Self::known("recovery_days");
    /// What the client pays.
    pub const CLIENT_COST: Self = Self::known("client_cost");
    /// The same, discounted.
    pub const CLIENT_COST_NPV: Self = Self::known("client_cost_npv");
    /// Client cost for each FTE-month delivered.
    pub const COST_PER_FTE_MONTH: Self = Self::known("cost_per_fte_month");
    /// Value less client cost, discounted.
    pub const NET_NPV: Self = Self::known("net_npv");
    /// The first of the responses that divide client cost by kind.
    pub const FIRST_COST_KIND: Self = Self::known("cost_bills");
    /// Days of presence of all people.
    pub const HEAD_DAYS: Self = Self::known("head_days");
    /// The first of the responses that divide `leaves` by cause.
    pub const FIRST_LEAVES_CAUSE: Self = Self::known("leaves_tenure");
    /// How a replication ended.
    pub const OUTCOME: Self = Self::known("outcome");

    /// The response of a name that the program knows when it is compiled.
    const fn known(name: &str) -> Self {
        let (mut group, mut position) = (0, 0);
        while group < ALL.len() {
            let mut at = 0;
            while at < ALL[group].len() {
                if is_same(ALL[group][at].name, name) {
                    return Self(position);
                }
                (at, position) = (at + 1, position + 1);
            }
            group += 1;
        }
        panic!("no response has this name")
    }

    /// All responses and goals of a scenario with this number of columns, in the order of the files.
    pub fn all(columns: usize) -> impl Iterator<Item = Self> + Clone {
        (0..columns as u16).map(Self)
    }

    /// The response some columns further on.
    #[must_use]
    pub fn after(self, columns: usize) -> Self {
        Self(self.0 + columns as u16)
    }

    /// The goal at a position among those of the scenario.
    #[must_use]
    pub fn goal(position: usize) -> Self {
        Self(ALL.iter().map(|group| group.len()).sum::<usize>() as u16).after(position)
    }

    /// Its position among the columns.
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}

/// The natures of all columns of a scenario, and its horizon: how values of replications become what is averaged.
#[derive(Clone, Debug)]
pub struct Rules {
    natures: Vec<Nature>,
    horizon_days: f64,
}

impl Rules {
    /// The rules of a scenario's columns.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let ends = world.month_ends();
        let natures = columns(world).into_iter().map(|column| column.nature).collect();
        Self { natures, horizon_days: ends.at(ends.last).days() }
    }

    /// How many columns there are.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.natures.len()
    }

    /// The nature of a response.
    #[must_use]
    pub fn nature(&self, response: ResponseId) -> Nature {
        self.natures[response.position()]
    }

    /// The ratios, in the order of the columns.
    pub fn ratios(&self) -> impl Iterator<Item = (ResponseId, Ratio)> {
        let ratio = |(response, nature): (ResponseId, &Nature)| match nature {
            Nature::Ratio(ratio) => Some((response, *ratio)),
            _ => None,
        };
        ResponseId::all(self.natures.len()).zip(&self.natures).filter_map(ratio)
    }

    /// The values of a response of which moments and differences are taken: of a date min(T, H), of all else the values as
    /// they are. `column` gives the values of a response by replication.
    pub fn restricted<'v>(&self, response: ResponseId, column: impl Fn(ResponseId) -> &'v [f64]) -> Cow<'v, [f64]> {
        let values = column(response);
        let Nature::Date { since } = self.nature(response) else { return Cow::from(values) };
        if values.iter().all(|value| !value.is_infinite()) {
            return Cow::from(values);
        }
        match since {
            None => values.iter().map(|&day| at_most(day, self.horizon_days)).collect(),
            Some(since) => {
                let since = column(since);
                values.iter().zip(since).map(|(&days, since)| at_most(days, self.horizon_days - since)).collect()
            }
        }
    }
}

/// The lesser of two; what is undefined stays so.
fn at_most(value: f64, most: f64) -> f64 {
    if value > most { most } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::specs;

    #[test]
    fn what_a_nature_is_made_of_exists_and_has_no_such_nature_itself() {
        let natures: Vec<Nature> = specs().map(|spec| spec.nature.resolved()).collect();
        for nature in &natures {
            match nature {
                Nature::Ratio(ratio) => {
                    let parts = [ratio.numerator, ratio.denominator].map(|part| natures[part.position()]);
                    assert_eq!(parts, [Nature::Number; 2]);
                }
                Nature::Date { since: Some(since) } => assert_eq!(natures[since.position()], Nature::DATE),
                _ => {}
            }
        }
        assert_eq!(ResponseId::goal(0).position(), natures.len());
    }

    #[test]
    fn a_date_is_cut_at_the_horizon_and_days_since_another_at_what_is_left_of_it() {
        let rules = Rules { natures: vec![Nature::DATE, Nature::Date { since: Some(ResponseId(0)) }], horizon_days: 365.0 };
        let (never, undefined) = (f64::INFINITY, f64::NAN);
        let columns = [[200.0, never, 300.0, undefined], [50.0, undefined, never, undefined]];
        let cut = |id: u16| rules.restricted(ResponseId(id), |id| &columns[id.position()]).into_owned();
        assert_eq!((&cut(0)[..3], &cut(1)[2..3]), (&[200.0, 365.0, 300.0][..], &[65.0][..]));
        assert!(cut(0)[3].is_nan() && cut(1)[1].is_nan() && cut(1)[3].is_nan());
    }
}
