//! Natures: what kind of quantity a response is. It decides which statistics are reported (MODEL section 11).

use std::borrow::Cow;

use crate::world::{World, is_same};

use super::{ALL, columns};

/// A response or goal, by its position among the [columns].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResponseId(u16);

/// What kind of quantity a response is; `R` names the responses it is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature<R = ResponseId> {
    /// A day, or infinity if it does not come within the horizon H. Quantiles cover all replications. All other
    /// statistics are of min(T, H). Days count from day 0, or from the date `since`; then min(T, H - since) takes its
    /// place.
    Date {
        /// Date from which days count; none for day 0.
        since: Option<R>,
    },
    /// A numerator over a denominator. The estimate is E\[numerator\] / E\[denominator\], not the mean of the ratios.
    Ratio(Ratio<R>),
    /// A number: its estimate is the mean.
    Number,
}

/// Components of a ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio<R = ResponseId> {
    /// Numerator.
    pub numerator: R,
    /// Denominator.
    pub denominator: R,
    /// Factor of the quotient.
    pub times: u16,
}

impl Ratio<&'static str> {
    /// Returns the ratio of two responses.
    pub(super) const fn of(numerator: &'static str, denominator: &'static str) -> Self {
        Self { numerator, denominator, times: 1 }
    }
}

impl<R> Nature<R> {
    /// A day that counts from day 0.
    pub(super) const DATE: Self = Self::Date { since: None };

    /// Returns its name in the files.
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
    /// Returns the same nature with the responses that the names refer to.
    pub(super) fn resolved(&self) -> Nature {
        self.map(ResponseId::known)
    }

    /// Returns the same nature with the responses that `find` returns for the names.
    pub(super) fn map(&self, find: impl Fn(&'static str) -> ResponseId) -> Nature {
        match self {
            Self::Date { since } => Nature::Date { since: since.map(find) },
            Self::Ratio(Ratio { numerator, denominator, times }) => {
                Nature::Ratio(Ratio { numerator: find(numerator), denominator: find(denominator), times: *times })
            }
            Self::Number => Nature::Number,
        }
    }
}

impl ResponseId {
    /// The first response.
    pub const FIRST: Self = Self(0);
    /// The day on which the team is staffed.
    pub const STAFFED_DAY: Self = Self::known("staffed_day");
    /// The day on which output is reached.
    pub const EFFECTIVE_DAY: Self = Self::known("effective_day");
    /// Output delivered, in months.
    pub const DELIVERED_FTE_MONTHS: Self = Self::known("delivered_fte_months");
    /// People who quit, per person and year.
    pub const ATTRITION_RATE: Self = Self::known("attrition_rate");
    /// Delivered output.
    pub const DELIVERED_FTE_DAYS: Self = Self::known("delivered_fte_days");
    /// Share of the time with a full team.
    pub const STAFFED_SHARE: Self = Self::known("staffed_share");
    /// People who joined.
    pub const JOINS: Self = Self::known("joins");
    /// People who quit.
    pub const QUITS: Self = Self::known("quits");
    /// Days of open requisitions.
    pub const VACANT_DAYS: Self = Self::known("vacant_days");
    /// Days of requisitions that wait for staff.
    pub const WAITING_STAFF_DAYS: Self = Self::known("waiting_staff_days");
    /// Days of people who wait for a mentor.
    pub const WAITING_MENTOR_DAYS: Self = Self::known("waiting_mentor_days");
    /// Wanted output.
    pub const WANTED_FTE_DAYS: Self = Self::known("wanted_fte_days");
    /// What is missing to the wanted output.
    pub const SHORTFALL_FTE_DAYS: Self = Self::known("shortfall_fte_days");
    /// People who leave.
    pub const LEAVES: Self = Self::known("leaves");
    /// Requisitions open at the horizon.
    pub const OPEN_AT_END: Self = Self::known("open_at_end");
    /// Vacant days per join.
    pub const VACANT_DAYS_PER_JOIN: Self = Self::known("vacant_days_per_join");
    /// Day of the first transfer.
    pub const TRANSFER_DAY: Self = Self::known("transfer_day");
    /// People who were offered the transfer.
    pub const OFFERED: Self = Self::known("offered");
    /// People who accepted.
    pub const ACCEPTED: Self = Self::known("accepted");
    /// Share retained a year after the transfer.
    pub const RETAINED_12M: Self = Self::known("retained_12m");
    /// Days until output recovers.
    pub const TROUGH_SHARE: Self = Self::known("trough_share");
    /// Days until output is back.
    pub const RECOVERY_DAYS: Self = Self::known("recovery_days");
    /// What the client pays.
    pub const CLIENT_COST: Self = Self::known("client_cost");
    /// Client cost, discounted.
    pub const CLIENT_COST_NPV: Self = Self::known("client_cost_npv");
    /// Client cost for each FTE-month delivered.
    pub const COST_PER_FTE_MONTH: Self = Self::known("cost_per_fte_month");
    /// Value less client cost, discounted.
    pub const NET_NPV: Self = Self::known("net_npv");
    /// The first of the responses that split client cost by kind.
    pub const FIRST_COST_KIND: Self = Self::known("cost_bills");
    /// Days of presence of all people.
    pub const HEAD_DAYS: Self = Self::known("head_days");
    /// The first of the responses that split `leaves` by cause.
    pub const FIRST_LEAVES_CAUSE: Self = Self::known("leaves_tenure");
    /// How a replication ended.
    pub const OUTCOME: Self = Self::known("outcome");

    /// Returns the response with a name that is known at compile time.
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

    /// Returns all responses and goals of a scenario with this number of columns, in the order of the files.
    pub fn all(columns: usize) -> impl Iterator<Item = Self> + Clone {
        (0..columns as u16).map(Self)
    }

    /// Returns the response this many columns further on.
    #[must_use]
    pub fn after(self, columns: usize) -> Self {
        Self(self.0 + columns as u16)
    }

    /// Returns the goal at a position among those of the scenario.
    #[must_use]
    pub fn goal(position: usize) -> Self {
        Self(ALL.iter().map(|group| group.len()).sum::<usize>() as u16).after(position)
    }

    /// Returns its position among the columns.
    #[must_use]
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}

/// Natures of all columns of a scenario, and its horizon. They determine how the values of replications are averaged.
#[derive(Clone, Debug)]
pub struct Rules {
    natures: Vec<Nature>,
    horizon_days: f64,
}

impl Rules {
    /// Returns the rules of a scenario's columns.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let natures = columns(world).into_iter().map(|column| column.nature).collect();
        Self { natures, horizon_days: world.horizon_days() }
    }

    /// Returns how many columns there are.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.natures.len()
    }

    /// Returns the nature of a response.
    #[must_use]
    pub fn nature(&self, response: ResponseId) -> Nature {
        self.natures[response.position()]
    }

    /// Returns the ratios, in the order of the columns.
    pub fn ratios(&self) -> impl Iterator<Item = (ResponseId, Ratio)> {
        let ratio = |(response, nature): (ResponseId, &Nature)| match nature {
            Nature::Ratio(ratio) => Some((response, *ratio)),
            _ => None,
        };
        ResponseId::all(self.natures.len()).zip(&self.natures).filter_map(ratio)
    }

    /// Returns the values of a response from which moments and differences are computed: min(T, H) for a date,
    /// otherwise the values as they are. `column` returns the values of a response by replication.
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

/// Returns the smaller of two values; NaN stays NaN.
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
