//! Outcome: how a replication went as a whole.

use crate::engine::Time;
use crate::model::{Fact, Team};

use super::{Frame, Group, Spec, Unit};

/// The outcomes, the later ones winning over the earlier ones.
pub const OUTCOMES: [&str; 2] = ["completed", "transferred"];

#[derive(Debug)]
pub(super) struct Outcome {
    has_transferred: bool,
}

impl Outcome {
    pub(super) fn new(_frame: &Frame) -> Self {
        Self { has_transferred: false }
    }
}

impl Group for Outcome {
    const SPECS: &'static [Spec] = &[Spec {
        name: "outcome",
        unit: Unit::Outcome,
        help: "completed, or transferred if the first wave of a transfer took place",
    }];

    fn start(&mut self) {
        self.has_transferred = false;
    }

    fn happened(&mut self, fact: Fact, _team: &Team, _now: Time) {
        self.has_transferred |= matches!(fact, Fact::TransferBegan(_));
    }

    fn values(&self, _frame: &Frame, values: &mut Vec<f64>) {
        values.push(f64::from(u8::from(self.has_transferred)));
    }
}
