//! Survival: how long a venture lasts before market exit, or a collapse that nobody rescues, ends it.

use crate::model::Fact;
use crate::world::Strategy;

#[derive(Debug)]
pub(super) struct Survival {
    /// Transfers of the list: the rescue comes after them.
    listed: usize,
    has_ended: bool,
    months: u32,
}

impl Survival {
    pub(super) fn new(strategy: &Strategy) -> Self {
        Self { listed: strategy.transfers.len(), has_ended: false, months: 0 }
    }

    pub(super) fn start(&mut self) {
        (self.has_ended, self.months) = (false, 0);
    }

    #[inline(always)]
    pub(super) fn happened(&mut self, fact: Fact) {
        match fact {
            Fact::MarketExited | Fact::Collapsed(_) => self.has_ended = true,
            // A rescue follows the collapse at the same instant.
            Fact::TransferBegan(transfer) if usize::from(transfer.0) >= self.listed => self.has_ended = false,
            _ => {}
        }
    }

    pub(super) fn month_ended(&mut self) {
        self.months += u32::from(!self.has_ended);
    }

    /// Returns the number of month ends before the end.
    pub(super) fn months(&self) -> u32 {
        self.months
    }
}
