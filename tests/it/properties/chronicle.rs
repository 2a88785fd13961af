//! A chronicle of a replication: all states and departures, from which the responses of MODEL section 11 follow anew.

use std::collections::BTreeMap;

use handover::model::{Cause, Fact, SeatId};

use crate::support::Seen;

/// What the team was for a time.
struct State {
    from: f64,
    until: f64,
    headcount: f64,
    wanted: f64,
    effective: f64,
    wanted_fte: f64,
}

/// All that the responses need.
#[derive(Default)]
pub(super) struct Chronicle {
    states: Vec<State>,
    opened: BTreeMap<SeatId, f64>,
    /// Days to fill, by order of joining.
    fills: Vec<f64>,
    first_join: Option<f64>,
    causes: [f64; Cause::ALL.len()],
    transfer: Option<f64>,
    refused: f64,
    /// By order of joining: days of accepting and of departure.
    accepted: BTreeMap<u32, (f64, f64)>,
}

impl Chronicle {
    /// Writes down what is seen.
    pub(super) fn write(&mut self, seen: &Seen<'_>) {
        match seen {
            Seen::Start => *self = Self::default(),
            Seen::Held(team, from, until) => self.states.push(State {
                from: from.days(),
                until: until.days(),
                headcount: team.headcount().into(),
                wanted: team.wanted().into(),
                effective: team.effective_fte(),
                wanted_fte: team.wanted_fte(),
            }),
            Seen::Fact(Fact::RequisitionOpened(seat), _, now) => {
                self.opened.insert(*seat, now.days());
            }
            Seen::Fact(Fact::Joined(seat), _, now) => {
                self.first_join.get_or_insert(now.days());
                self.fills.push(now.days() - self.opened[seat]);
            }
            Seen::Fact(Fact::TransferBegan(_), _, now) => self.transfer = Some(now.days()),
            Seen::Fact(Fact::Refused(..), ..) => self.refused += 1.0,
            Seen::Fact(Fact::Accepted(person, _), team, now) => {
                self.accepted.insert(team.person(*person).order, (now.days(), f64::INFINITY));
            }
            Seen::Fact(Fact::Left(person, cause), team, now) => {
                self.causes[*cause as usize] += 1.0;
                if let Some((_, departed)) = self.accepted.get_mut(&team.person(*person).order) {
                    *departed = now.days();
                }
            }
            _ => {}
        }
    }

    /// The responses by name; NaN for an empty one.
    pub(super) fn responses(&self) -> Vec<(&'static str, f64)> {
        let [half, staffed] =
            [0.5, 0.9].map(|share| self.first_day(|state| state.headcount, share * self.highest(|state| state.wanted)));
        let effective = self.first_day(|state| state.effective, 0.9 * self.highest(|state| state.wanted_fte));
        let mut responses = vec![
            ("first_join_day", self.first_join.unwrap_or(f64::NAN)),
            ("half_staffed_day", half),
            ("staffed_day", staffed),
            ("effective_day", effective),
            ("effective_fte_days", self.integral(|state| state.effective)),
            ("delivered_fte_days", self.integral(|state| state.effective)),
            ("wanted_fte_days", self.integral(|state| state.wanted_fte)),
            ("shortfall_fte_days", self.integral(|state| (state.wanted_fte - state.effective).max(0.0))),
            ("staffed_share", self.staffed_share()),
            ("joins", self.fills.len() as f64),
            ("leaves", self.causes.iter().sum()),
            ("mean_fill_days", self.fills.iter().sum::<f64>() / self.fills.len() as f64),
            ("outcome", f64::from(u8::from(self.transfer.is_some()))),
        ];
        let names = ["leaves_tenure", "leaves_early", "leaves_rotation", "leaves_shock", "leaves_refusal"];
        responses.extend(names.into_iter().zip(self.causes));
        responses.extend(self.handover());
        responses
    }

    fn integral(&self, value: impl Fn(&State) -> f64) -> f64 {
        self.states.iter().map(|state| value(state) * (state.until - state.from)).sum()
    }

    fn highest(&self, value: impl Fn(&State) -> f64) -> f64 {
        self.states.iter().map(value).fold(0.0, f64::max)
    }

    fn first_day(&self, value: impl Fn(&State) -> f64, bound: f64) -> f64 {
        self.states.iter().find(|state| value(state) >= bound - 1e-8).map_or(f64::NAN, |state| state.from)
    }

    fn staffed_share(&self) -> f64 {
        let someone = |state: &State| f64::from(u8::from(state.wanted > 0.0));
        let staffed = |state: &State| someone(state) * f64::from(u8::from(state.headcount >= 0.95 * state.wanted - 1e-8));
        self.integral(staffed) / self.integral(someone)
    }

    fn handover(&self) -> Vec<(&'static str, f64)> {
        let (dip, recovery) = self.dip();
        let count = |count: f64| self.transfer.map_or(f64::NAN, |_| count);
        let accepted = self.accepted.len() as f64;
        vec![
            ("transfer_day", self.transfer.unwrap_or(f64::NAN)),
            ("offered", count(accepted + self.refused)),
            ("accepted", count(accepted)),
            ("retained_6m", self.retained(182.5)),
            ("retained_12m", self.retained(365.0)),
            ("dip_share", dip),
            ("recovery_days", recovery),
        ]
    }

    fn retained(&self, days: f64) -> f64 {
        let horizon = self.states.last().map_or(0.0, |state| state.until);
        if self.accepted.is_empty() || self.accepted.values().any(|(accepted, _)| accepted + days > horizon) {
            return f64::NAN;
        }
        let stayed = self.accepted.values().filter(|(accepted, departed)| departed - accepted > days).count();
        stayed as f64 / self.accepted.len() as f64
    }

    fn dip(&self) -> (f64, f64) {
        let day = self.transfer.unwrap_or(f64::NAN);
        let before = self.states.iter().rev().find(|state| state.until <= day).map_or(0.0, |state| state.effective);
        if self.transfer.is_none() || before <= 0.0 {
            return (f64::NAN, f64::NAN);
        }
        let after: Vec<&State> = self.states.iter().filter(|state| state.from >= day).collect();
        let lowest =
            after.iter().filter(|state| state.from < day + 180.0).map(|state| state.effective).fold(f64::INFINITY, f64::min);
        let bound = 0.95 * before - 1e-8;
        if lowest >= bound {
            return (lowest / before, 0.0);
        }
        let from_lowest = after.iter().skip_while(|state| state.effective > lowest);
        let recovered = from_lowest.clone().find(|state| state.effective >= bound);
        (lowest / before, recovered.map_or(f64::NAN, |state| state.from - day))
    }
}
