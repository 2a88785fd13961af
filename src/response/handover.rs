//! Handover at the first transfer: who accepted and stayed, how deep output fell and how soon it recovered.

use crate::engine::Time;
use crate::model::{Fact, PersonId, Team, TransferId};

use super::{Better, Frame, Group, Nature, Spec, Unit, threshold};

/// Days after accepting at which those still present count as retained.
const SIX_MONTHS_DAYS: f64 = 182.5;
const TWELVE_MONTHS_DAYS: f64 = 365.0;
/// Days from the first wave within which the lowest output is sought.
const TROUGH_WINDOW_DAYS: f64 = 180.0;
/// Share of the output before the transfer at which it counts as recovered.
const RECOVERED: f64 = 0.95;

#[derive(Debug)]
pub(super) struct Handover {
    horizon_days: f64,
    /// Number of planned transfers. The rescue is not among them.
    listed: usize,
    first: Option<TransferId>,
    transfer_day: f64,
    offered: u32,
    accepted: u32,
    latest_acceptance_day: f64,
    departed: [u32; 2],
    /// Day on which each person accepted, by number; NaN if they did not.
    accepted_day: Vec<f64>,
    /// Effective FTE of the latest state with a duration.
    effective_before: f64,
    trough: Trough,
}

/// The lowest output after the transfer, and when it recovered.
#[derive(Clone, Copy, Debug)]
struct Trough {
    /// Effective FTE just before the first wave.
    before: f64,
    lowest: f64,
    recovered_day: f64,
}

const NO_TROUGH: Trough = Trough { before: f64::NAN, lowest: f64::INFINITY, recovered_day: f64::INFINITY };

impl Handover {
    pub(super) fn new(frame: &Frame<'_>) -> Self {
        Self::of(frame.world.horizon_days(), frame.strategy.transfers.len())
    }

    fn of(horizon_days: f64, listed: usize) -> Self {
        Self {
            horizon_days,
            listed,
            first: None,
            transfer_day: f64::NAN,
            offered: 0,
            accepted: 0,
            latest_acceptance_day: f64::NAN,
            departed: [0; 2],
            accepted_day: Vec::new(),
            effective_before: 0.0,
            trough: NO_TROUGH,
        }
    }

    fn accept(&mut self, person: PersonId, now: Time) {
        self.offered += 1;
        self.accepted += 1;
        self.latest_acceptance_day = now.days();
        let index = person.0 as usize;
        if index >= self.accepted_day.len() {
            self.accepted_day.resize(index + 1, f64::NAN);
        }
        self.accepted_day[index] = now.days();
    }

    fn depart(&mut self, person: PersonId, now: Time) {
        let Some(accepted) = self.accepted_day.get_mut(person.0 as usize) else { return };
        // Numbers are reused: the next person with this number has not accepted. NaN compares as false.
        let days = now.days() - std::mem::replace(accepted, f64::NAN);
        self.departed[0] += u32::from(days <= SIX_MONTHS_DAYS);
        self.departed[1] += u32::from(days <= TWELVE_MONTHS_DAYS);
    }

    fn retained(&self, departed: u32, after_days: f64) -> f64 {
        if self.latest_acceptance_day + after_days <= self.horizon_days {
            1.0 - f64::from(departed) / f64::from(self.accepted)
        } else {
            f64::NAN
        }
    }

    fn trough_share(&self) -> f64 {
        if self.trough.before > 0.0 && self.trough.lowest.is_finite() {
            self.trough.lowest / self.trough.before
        } else {
            f64::NAN
        }
    }

    fn recovery_days(&self) -> f64 {
        let Trough { before, lowest, recovered_day } = self.trough;
        if before > 0.0 && lowest.is_finite() && lowest >= threshold(RECOVERED * before) {
            0.0
        } else if before > 0.0 {
            // Infinite if output never recovered.
            recovered_day - self.transfer_day
        } else {
            f64::NAN
        }
    }
}

impl Trough {
    /// Observes a state of the team after the first wave. Within the window it may be a new lowest.
    fn see(&mut self, effective: f64, from_day: f64, window_end_day: f64) {
        if from_day < window_end_day && effective < self.lowest {
            self.lowest = effective;
            self.recovered_day = f64::INFINITY;
        }
        if self.recovered_day.is_infinite() && effective >= threshold(RECOVERED * self.before) {
            self.recovered_day = from_day;
        }
    }
}

impl Group for Handover {
    const SPECS: &'static [Spec] = &[
        Spec {
            name: "transfer_day",
            unit: Unit::Day,
            nature: Nature::DATE,
            better: Better::Neither,
            help: "day of the first wave of the first transfer",
        },
        Spec {
            name: "offered",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Neither,
            help: "people who were offered the transfer",
        },
        Spec {
            name: "accepted",
            unit: Unit::People,
            nature: Nature::Number,
            better: Better::Neither,
            help: "people who accepted",
        },
        Spec {
            name: "retained_6m",
            unit: Unit::Share,
            nature: Nature::Number,
            better: Better::Higher,
            help: "share of those not departed 182.5 days after accepting",
        },
        Spec {
            name: "retained_12m",
            unit: Unit::Share,
            nature: Nature::Number,
            better: Better::Higher,
            help: "share of those not departed 365 days after accepting",
        },
        Spec {
            name: "trough_share",
            unit: Unit::Share,
            nature: Nature::Number,
            better: Better::Higher,
            help: "lowest effective FTE in the 180 days from the first wave, over its value just before",
        },
        Spec {
            name: "recovery_days",
            unit: Unit::Day,
            nature: Nature::Date { since: Some("transfer_day") },
            better: Better::Lower,
            help: "days from the first wave until effective FTE is 95 % of its value before again",
        },
    ];

    fn start(&mut self, _replication: u32) {
        self.first = None;
        (self.transfer_day, self.latest_acceptance_day) = (f64::NAN, f64::NAN);
        (self.offered, self.accepted, self.departed) = (0, 0, [0; 2]);
        self.accepted_day.clear();
        self.effective_before = 0.0;
        self.trough = NO_TROUGH;
    }

    #[inline]
    fn measured_interval(&mut self, team: &Team, from: Time, _until: Time) {
        let effective = team.effective_fte();
        if self.first.is_some() {
            self.trough.see(effective, from.days(), self.transfer_day + TROUGH_WINDOW_DAYS);
        }
        self.effective_before = effective;
    }

    #[inline(always)]
    fn happened(&mut self, fact: Fact, _team: &Team, now: Time) {
        match fact {
            Fact::TransferBegan(transfer) if self.first.is_none() && usize::from(transfer.0) < self.listed => {
                self.first = Some(transfer);
                self.transfer_day = now.days();
                self.trough.before = self.effective_before;
            }
            Fact::Accepted(person, transfer) if Some(transfer) == self.first => self.accept(person, now),
            Fact::Refused(_, transfer) if Some(transfer) == self.first => self.offered += 1,
            Fact::Left(person, _) => self.depart(person, now),
            _ => {}
        }
    }

    fn values(&self, values: &mut Vec<f64>) {
        let count = |count: u32| if self.first.is_some() { f64::from(count) } else { f64::NAN };
        values.extend([
            if self.first.is_none() && self.listed > 0 { f64::INFINITY } else { self.transfer_day },
            count(self.offered),
            count(self.accepted),
            self.retained(self.departed[0], SIX_MONTHS_DAYS),
            self.retained(self.departed[1], TWELVE_MONTHS_DAYS),
            self.trough_share(),
            self.recovery_days(),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trough_of(states: &[(f64, f64)]) -> Trough {
        let mut trough = Trough { before: 100.0, ..NO_TROUGH };
        states.iter().for_each(|&(effective, day)| trough.see(effective, day, 180.0));
        trough
    }

    #[test]
    fn recovery_counts_from_the_earliest_lowest_point() {
        // Falls to 90, recovers at day 40, falls lower at day 100, recovers at day 200.
        let trough = trough_of(&[
            (90.0, 0.0),
            (96.0, 40.0),
            (80.0, 100.0),
            (94.0, 150.0),
            (80.0, 160.0),
            (95.0, 200.0),
            (70.0, 300.0),
        ]);
        assert_eq!((trough.lowest, trough.recovered_day), (80.0, 200.0));
    }

    #[test]
    fn without_a_fall_below_95_percent_recovery_takes_no_time() {
        let trough = trough_of(&[(100.0, 0.0), (95.0, 10.0), (99.0, 50.0)]);
        let handover = Handover { trough, transfer_day: 0.0, ..Handover::of(1000.0, 1) };
        assert_eq!((handover.recovery_days(), handover.trough_share()), (0.0, 0.95));
    }
}
