//! Break-even: the first month end from which one strategy stays ahead of another to the end (MODEL section 11).

use crate::engine::Ticks;
use crate::maths::{exp, ln_1p};
use crate::response::MeasureId;
use crate::world::{MONTHS_PER_YEAR, World};

use super::block::{Block, Months};

/// What it means to be ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Yardstick {
    /// More discounted net value so far.
    NetValue {
        /// Value of a delivered FTE-month.
        value_per_fte_month: f64,
        /// Discount factor of a month.
        discount_per_month: f64,
    },
    /// Less client cost so far per FTE-day delivered so far. A strategy that has delivered nothing or less is behind.
    UnitCost,
}

impl Yardstick {
    /// Returns net value if output has a value, else unit cost.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let discount_per_month = exp(-ln_1p(world.discount_rate_per_year) / MONTHS_PER_YEAR);
        world
            .value_per_fte_month
            .map_or(Self::UnitCost, |value_per_fte_month| Self::NetValue { value_per_fte_month, discount_per_month })
    }

    /// Returns its name in the files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NetValue { .. } => "net_value",
            Self::UnitCost => "unit_cost",
        }
    }

    /// Returns the merit of a strategy by the end of each month, by month, then replication. A higher merit is ahead.
    fn merits(self, (replications, by_month): (usize, &Months), ends: &Ticks) -> Vec<f64> {
        let months = ends.last as usize;
        let at = |measure: MeasureId, month: usize| {
            let from = (measure.position() * months + month) * replications;
            &by_month.series[from..from + replications]
        };
        let delivered = |month| at(MeasureId::DELIVERED_FTE_DAYS, month);
        match self {
            Self::UnitCost => {
                let merit = |(&cost, &days): (&f64, &f64)| if days > 0.0 { -cost / days } else { f64::NEG_INFINITY };
                (0..months)
                    .flat_map(|month| at(MeasureId::CLIENT_COST, month).iter().zip(delivered(month)).map(merit))
                    .collect()
            }
            Self::NetValue { value_per_fte_month, discount_per_month } => {
                let (mut discount, mut value, mut cost) = (1.0, vec![0.0; replications], vec![0.0; replications]);
                let mut merits = Vec::with_capacity(months * replications);
                let nothing = vec![0.0; replications];
                for (month, number) in (0..months).zip(1..) {
                    discount *= discount_per_month;
                    let before = if month == 0 { &nothing } else { delivered(month - 1) };
                    let month_cost = at(MeasureId::MONTH_COST, month);
                    for replication in 0..replications {
                        let fte_months = (delivered(month)[replication] - before[replication]) / ends.length_days(number);
                        value[replication] += discount * value_per_fte_month * fte_months;
                        cost[replication] += discount * month_cost[replication];
                        merits.push(value[replication] - cost[replication]);
                    }
                }
                merits
            }
        }
    }
}

/// Returns whether one merit exceeds another by more than rounding.
fn is_ahead(one: f64, other: f64) -> bool {
    let apart = one - other;
    apart.is_infinite() && apart > 0.0 || apart > 1e-12 * one.abs().max(other.abs())
}

/// Replications by the month in which each strategy breaks even with each other one.
#[derive(Clone, Debug)]
pub struct BreakEven {
    yardstick: Yardstick,
    strategies: usize,
    ends: Ticks,
    /// For each [pair](pairs): the replications of each month, then those of never.
    counts: Vec<u64>,
}

impl BreakEven {
    /// Returns empty counts for a number of strategies.
    #[must_use]
    pub fn new(world: &World, strategies: usize) -> Self {
        let ends = world.month_ends();
        let counts = vec![0; pairs(strategies).count() * (ends.last as usize + 1)];
        Self { yardstick: Yardstick::of(world), strategies, ends, counts }
    }

    /// Counts a block of each strategy. Does nothing if the blocks have no values by month.
    pub(super) fn add(&mut self, blocks: &[Block]) {
        if self.strategies < 2 {
            return;
        }
        let merits = |block: &Block| {
            block.months.as_ref().map(|by_month| self.yardstick.merits((block.replications, by_month), &self.ends))
        };
        let Some(merits) = blocks.iter().map(merits).collect::<Option<Vec<Vec<f64>>>>() else { return };
        let replications = blocks.first().map_or(0, |block| block.replications);
        let months = self.months();
        for ((one, other), counts) in pairs(self.strategies).zip(self.counts.chunks_mut(months + 1)) {
            let (one, other) = (&merits[one], &merits[other]);
            for replication in 0..replications {
                let at = |month: usize| month * replications + replication;
                let leads = |month: &usize| is_ahead(one[at(*month)], other[at(*month)]);
                let leads_from = (0..months).rev().take_while(leads).last();
                counts[leads_from.unwrap_or(months)] += 1;
            }
        }
    }

    /// Returns the replications in which a strategy breaks even with another in each month, then those in which it
    /// never does.
    #[must_use]
    pub fn counts(&self, (one, other): (usize, usize)) -> &[u64] {
        let position = one * (self.strategies - 1) + if other > one { other - 1 } else { other };
        let from = position * (self.months() + 1);
        &self.counts[from..=from + self.months()]
    }

    fn months(&self) -> usize {
        self.ends.last as usize
    }
}

/// Returns the ordered pairs of strategies, by position.
pub fn pairs(strategies: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..strategies).flat_map(move |one| (0..strategies).filter(move |&other| other != one).map(move |other| (one, other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::MEASURES;
    use crate::world::DAYS_PER_MONTH;

    /// Returns a block of one replication with these client costs and outputs by month.
    fn block(costs: &[f64], fte_days: &[f64]) -> Block {
        let months = costs.len();
        let so_far = |values: &[f64]| -> Vec<f64> {
            values
                .iter()
                .scan(0.0, |sum, value| {
                    *sum += value;
                    Some(*sum)
                })
                .collect()
        };
        let mut series = vec![0.0; MEASURES.len() * months];
        let measures = [
            (MeasureId::MONTH_COST, costs.to_vec()),
            (MeasureId::CLIENT_COST, so_far(costs)),
            (MeasureId::DELIVERED_FTE_DAYS, so_far(fte_days)),
        ];
        for (measure, values) in measures {
            series[measure.position() * months..][..months].copy_from_slice(&values);
        }
        let months = Some(Months { series, ..Months::default() });
        Block { replications: 1, responses: Vec::new(), response_tallies: Vec::new(), events: 0, months }
    }

    fn counted(yardstick: Yardstick, blocks: &[Block], months: usize) -> Vec<Vec<u64>> {
        let strategies = blocks.len();
        let counts = vec![0; pairs(strategies).count() * (months + 1)];
        let ends = Ticks::new(12.0, 365.0, u32::try_from(months).unwrap());
        let mut break_even = BreakEven { yardstick, strategies, ends, counts };
        break_even.add(blocks);
        pairs(strategies).map(|pair| break_even.counts(pair).to_vec()).collect()
    }

    #[test]
    fn a_unit_of_output_that_costs_less_to_the_end_breaks_even() {
        // Cost per FTE-day so far: 10, 6, 4, 3 against 5, 5, 5, 5: ahead from month 3.
        let own = block(&[10.0, 2.0, 0.0, 0.0], &[1.0, 1.0, 1.0, 1.0]);
        let rented = block(&[5.0, 5.0, 5.0, 5.0], &[1.0, 1.0, 1.0, 1.0]);
        let counts = counted(Yardstick::UnitCost, &[own, rented], 4);
        assert_eq!(counts, [vec![0, 0, 1, 0, 0], vec![0, 0, 0, 0, 1]]);
    }

    #[test]
    fn spending_nothing_because_nobody_is_there_breaks_nothing_even() {
        let (nobody, somebody) = (block(&[0.0, 0.0], &[0.0, 0.0]), block(&[9.0, 9.0], &[1.0, 1.0]));
        assert_eq!(counted(Yardstick::UnitCost, &[nobody, somebody], 2), [vec![0, 0, 1], vec![1, 0, 0]]);
        let less_than_nothing = block(&[0.0, 0.0], &[-1.0, 0.5]);
        let counts = counted(Yardstick::UnitCost, &[less_than_nothing, block(&[9.0, 9.0], &[1.0, 1.0])], 2);
        assert_eq!(counts, [vec![0, 0, 1], vec![1, 0, 0]]);
    }

    #[test]
    fn equal_is_not_ahead_nor_is_rounding() {
        let (one, other) = (block(&[0.1, 0.2], &[1.0, 1.0]), block(&[0.1, 0.2 + 1e-15], &[1.0, 1.0]));
        assert_eq!(counted(Yardstick::UnitCost, &[one, other], 2), [vec![0, 0, 1], vec![0, 0, 1]]);
    }

    #[test]
    fn with_a_value_of_output_net_value_decides() {
        // A month of work is worth 10, halved each month. One: 30.4 FTE-days a month for 12, 0: net -1, +1.5. Other: nothing.
        let yardstick = Yardstick::NetValue { value_per_fte_month: 10.0, discount_per_month: 0.5 };
        let (works, idle) = (block(&[12.0, 0.0], &[DAYS_PER_MONTH, DAYS_PER_MONTH]), block(&[0.0, 0.0], &[0.0, 0.0]));
        assert_eq!(counted(yardstick, &[works, idle], 2), [vec![0, 1, 0], vec![0, 0, 1]]);
    }

    #[test]
    fn each_pair_has_its_place() {
        let blocks = [3.0, 2.0, 1.0].map(|cost| block(&[cost], &[1.0]));
        let strategies = blocks.len();
        let ends = Ticks::new(12.0, 365.0, 1);
        let mut break_even = BreakEven { yardstick: Yardstick::UnitCost, strategies, ends, counts: vec![0; 12] };
        break_even.add(&blocks);
        for (one, other) in pairs(3) {
            assert_eq!(break_even.counts((one, other))[0], u64::from(one > other), "{one} {other}");
        }
    }
}
