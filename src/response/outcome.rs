//! Outcome: how a replication went as a whole.

use crate::engine::Time;
use crate::model::{Fact, Team};

use super::{Better, Frame, Group, Nature, Spec, Unit};

/// The outcomes. A later one overrides an earlier one.
pub const OUTCOMES: [&str; 5] = ["completed", "transferred", "extended", "rescued", "exited"];
/// Position of `extended` among them.
pub const EXTENDED: usize = 2;
/// Position of `rescued` among them.
pub const RESCUED: usize = 3;
/// Position of `exited` among them.
pub const EXITED: usize = 4;

#[derive(Debug)]
pub(super) struct Outcome {
    /// Number of planned transfers. The rescue comes after them.
    listed: usize,
    /// Position of the current outcome.
    position: u8,
}

impl Outcome {
    pub(super) fn new(frame: &Frame<'_>) -> Self {
        Self { listed: frame.strategy.transfers.len(), position: 0 }
    }
}

impl Group for Outcome {
    const SPECS: &'static [Spec] = &[Spec {
        name: "outcome",
        unit: Unit::Outcome,
        nature: Nature::Number,
        better: Better::Neither,
        help: "the last that applies of: completed; transferred (a transfer of the list began); extended (not ready by the latest month); rescued; exited (the client left the market)",
    }];

    fn start(&mut self, _replication: u32) {
        self.position = 0;
    }

    #[inline(always)]
    fn happened(&mut self, fact: Fact, _team: &Team, _now: Time) {
        let position = match fact {
            Fact::TransferBegan(transfer) if usize::from(transfer.0) < self.listed => 1,
            Fact::TransferExtended(_) => 2,
            Fact::TransferBegan(_) => 3,
            Fact::MarketExited => 4,
            _ => return,
        };
        self.position = self.position.max(position);
    }

    fn values(&self, values: &mut Vec<f64>) {
        values.push(self.position.into());
    }
}
