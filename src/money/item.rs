//! Items: the purposes for which money is spent.

/// A kind of client cost. All kinds add up to the client cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bills of vendors, minus credits.
    Bills,
    /// Fees for set-up, transfer and termination.
    Fees,
    /// Oversight of vendors.
    Oversight,
    /// Retention bonuses.
    Bonus,
    /// Salaries and overhead of own organisations.
    Pay,
    /// Workplaces and fixed cost of own organisations.
    Place,
    /// Hiring, onboarding and hiring staff of own organisations.
    Hiring,
    /// Set-up, severance and exit of own organisations.
    StartEnd,
}

impl Kind {
    /// All kinds, in the order of the responses.
    pub const ALL: [Kind; 8] =
        [Kind::Bills, Kind::Fees, Kind::Oversight, Kind::Bonus, Kind::Pay, Kind::Place, Kind::Hiring, Kind::StartEnd];

    /// Returns the word that files use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Bills => "bills",
            Kind::Fees => "fees",
            Kind::Oversight => "oversight",
            Kind::Bonus => "bonus",
            Kind::Pay => "pay",
            Kind::Place => "place",
            Kind::Hiring => "hiring",
            Kind::StartEnd => "start_end",
        }
    }
}

/// Defines the list of all items: first an organisation's own cost, then its contract.
macro_rules! items {
    ($($(#[$doc:meta])* $item:ident: $name:literal, $kind:ident;)*) => {
        /// A purpose for which money is spent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Item { $($(#[$doc])* $item,)* }

        impl Item {
            /// All items: first the cost of employment of an organisation, then its contract.
            pub const ALL: &'static [Item] = &[$(Item::$item),*];

            /// Returns the word that files use.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Item::$item => $name,)* }
            }

            /// Returns the kind of client cost that it is if the client pays it.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Item::$item => Kind::$kind,)* }
            }
        }
    };
}

items! {
    /// Salaries of the people present.
    Salary: "salary", Pay;
    /// The surcharge on salaries.
    Overhead: "overhead", Pay;
    /// Workplaces and tools of the people present.
    PerHead: "per_head", Place;
    /// Fixed cost while active.
    Fixed: "fixed", Place;
    /// Hiring staff.
    Staff: "staff", Hiring;
    /// A start of the organisation.
    Setup: "setup", StartEnd;
    /// People hired by its pipeline.
    Hire: "hire", Hiring;
    /// People hired into it.
    Onboarding: "onboarding", Hiring;
    /// Severance for people released, and at market exit.
    Severance: "severance", StartEnd;
    /// Market exit.
    Exit: "exit", StartEnd;
    /// The monthly fee of a contract.
    FeeMonth: "fee_month", Bills;
    /// People billed by rates.
    Rates: "rates", Bills;
    /// The cost of employment and the margin on it.
    CostPlus: "cost_plus", Bills;
    /// Head-days missing to the minimum headcount.
    Minimum: "minimum", Bills;
    /// Credit for a month with too few people.
    StaffingCredit: "staffing_credit", Bills;
    /// Credit for people who gave notice soon after joining.
    Guarantee: "guarantee", Bills;
    /// Fee for a start.
    SetupFee: "setup_fee", Fees;
    /// Fee for a transfer.
    TransferFee: "transfer_fee", Fees;
    /// Fee for each accepter.
    TransferFeePerHead: "transfer_fee_per_head", Fees;
    /// Fee for ending the contract at market exit.
    Termination: "termination", Fees;
    /// The client's cost of overseeing the vendor.
    Oversight: "oversight", Oversight;
    /// Bonus for each accepter who stayed, paid by the client.
    RetentionBonus: "retention_bonus", Bonus;
}

/// The number of items.
pub(super) const ITEMS: usize = Item::ALL.len();
/// The number of items that are an organisation's own cost. They come first.
pub(super) const COSTS: usize = Item::FeeMonth as usize;

/// An amount for each item.
pub(super) type Amounts = [f64; ITEMS];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_come_before_contracts_and_each_item_is_at_its_position() {
        assert!(Item::ALL.iter().enumerate().all(|(position, &item)| item as usize == position));
        assert_eq!(Item::ALL[..COSTS].last(), Some(&Item::Exit));
        let of_own = |item: &Item| matches!(item.kind(), Kind::Pay | Kind::Place | Kind::Hiring | Kind::StartEnd);
        assert!(Item::ALL[..COSTS].iter().all(of_own) && !Item::ALL[COSTS..].iter().any(of_own));
    }
}
