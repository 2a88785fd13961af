//! Knowledge: it grows with tenure, and is read at month ends (MODEL section 5).

use crate::engine::Ticks;
use crate::maths::exp;

use super::Team;

/// What the people present do not know, in persons: the sum of exp(-tenure / `knowledge_days`).
///
/// From one month end to the next the shares of all people fall by the same factor, so only their sum is kept. A person's
/// share is added when they come and subtracted when they leave. Each fact and each month end adds a rounding error of at
/// most 2^-51 of the largest headcount.
#[derive(Debug)]
pub(super) struct Ignorance {
    knowledge_days: f64,
    months: Vec<Month>,
    /// The position of the next month end.
    next: usize,
    /// The sum at the next month end, if nobody else comes or leaves.
    sum: f64,
}

#[derive(Debug)]
struct Month {
    end_day: f64,
    /// The factor on every share until the month end after it.
    factor: f64,
}

impl Ignorance {
    pub(super) fn new(ends: Ticks, knowledge_days: f64) -> Self {
        Self::between((1..=ends.last).map(|month| ends.at(month).days()).collect(), knowledge_days)
    }

    /// Returns nobody's ignorance, for months of any length.
    fn between(mut end_days: Vec<f64>, knowledge_days: f64) -> Self {
        // Nobody asks for what comes after the last month end.
        end_days.extend(end_days.last().copied());
        let month = |pair: &[f64]| Month { end_day: pair[0], factor: exp((pair[0] - pair[1]) / knowledge_days) };
        Self { knowledge_days, months: end_days.windows(2).map(month).collect(), next: 0, sum: 0.0 }
    }

    pub(super) fn clear(&mut self) {
        (self.next, self.sum) = (0, 0.0);
    }

    /// Adds the share of a person who comes.
    fn add(&mut self, joined_day: f64) {
        self.sum += self.share(joined_day);
    }

    /// Subtracts the share of a person who leaves this many others.
    fn subtract(&mut self, joined_day: f64, others: u32) {
        self.sum = if others == 0 { 0.0 } else { self.sum - self.share(joined_day) };
    }

    /// Returns the share of all there is to know that a person will not know at the next month end.
    fn share(&self, joined_day: f64) -> f64 {
        exp((joined_day - self.months[self.next].end_day) / self.knowledge_days)
    }

    /// Ends a month. Returns what all people present know, in persons.
    fn end_month(&mut self, headcount: u32) -> f64 {
        let headcount = f64::from(headcount);
        let known = (headcount - self.sum).clamp(0.0, headcount);
        self.sum *= self.months[self.next].factor;
        self.next = (self.next + 1).min(self.months.len() - 1);
        known
    }
}

impl Team {
    /// Adds what a person who has come does not know.
    pub(super) fn enrol(&mut self, joined_day: f64) {
        self.ignorance.add(joined_day);
    }

    /// Removes what a person who has left did not know.
    pub(super) fn retire(&mut self, joined_day: f64) {
        self.ignorance.subtract(joined_day, self.headcount);
    }

    /// Computes knowledge at the next month end, which is now.
    pub(in crate::model) fn learn(&mut self) {
        let known = self.ignorance.end_month(self.headcount);
        self.knowledge = if self.wanted == 0 { 0.0 } else { known / f64::from(self.wanted) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DrawKey, Entity, Family, Purpose};

    const MONTHS: u32 = 1_200;

    /// The ends of months that are all alike, and of months of 28 to 31 days.
    fn ends() -> [Vec<f64>; 2] {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().cycle();
        let calendar = lengths.scan(0, |day, length| {
            *day += length;
            Some(f64::from(*day))
        });
        let alike = Ticks::new(12.0, 365.0, MONTHS);
        [(1..=MONTHS).map(|month| alike.at(month).days()).collect(), calendar.take(MONTHS as usize).collect()]
    }

    /// A hundred years of a team in which some 15 people join every month and one in twenty leaves, compared with the sum
    /// over all people at each month end.
    #[test]
    fn the_sum_stays_within_its_bound_however_many_come_and_go() {
        let family = Family::new(1, "knowledge");
        let luck = |month, number| {
            let draw = DrawKey::of(Purpose::named("test.knowledge"));
            family.pair(month, Entity { seat: number, requisition: 0 }, draw)
        };
        for (end_days, knowledge_days) in
            ends().into_iter().flat_map(|ends| [0.001, 20.0, 365.0, 1e12].map(|days| (ends.clone(), days)))
        {
            let mut ignorance = Ignorance::between(end_days.clone(), knowledge_days);
            let mut present: Vec<f64> = (0..300).map(|number| -3_000.0 * luck(0, number)[0]).collect();
            present.iter().for_each(|&joined_day| ignorance.add(joined_day));
            let (mut facts, mut largest, mut begin) = (present.len(), present.len(), 0.0);
            for (month, &end) in (1..).zip(&end_days) {
                for number in 0..30 {
                    let [at, chance] = luck(month, number);
                    if chance < 0.5 {
                        present.push(begin + (end - begin) * at);
                        ignorance.add(begin + (end - begin) * at);
                        facts += 1;
                    }
                }
                largest = largest.max(present.len());
                for number in (0..present.len()).rev().filter(|&number| luck(month, 100 + number as u32)[0] < 0.05) {
                    let joined_day = present.swap_remove(number);
                    ignorance.subtract(joined_day, present.len() as u32);
                    facts += 1;
                }
                let known: f64 = present.iter().map(|joined_day| 1.0 - exp((joined_day - end) / knowledge_days)).sum();
                let error = (ignorance.end_month(present.len() as u32) - known).abs();
                let bound = f64::EPSILON * 2.0 * (facts as f64 + f64::from(month)) * largest as f64;
                assert!(error <= bound, "{knowledge_days} days, month {month}: {error:e}, expected at most {bound:e}");
                assert!(error < 1e-9 * largest as f64, "{knowledge_days} days, month {month}: {error:e}");
                begin = end;
            }
            assert!(facts > 30_000, "{facts}");
        }
    }

    #[test]
    fn nobody_knows_nothing_and_the_next_person_starts_afresh() {
        let mut ignorance = Ignorance::between(vec![30.0, 61.0, 91.0], 365.0);
        for joined_day in [-1e12, -400.0, 0.1, 0.2, 0.3] {
            ignorance.add(joined_day);
        }
        for (joined_day, others) in [(0.2, 4), (-400.0, 3), (0.1, 2), (-1e12, 1), (0.3, 0)] {
            ignorance.subtract(joined_day, others);
        }
        assert_eq!(ignorance.end_month(0).to_bits(), 0.0_f64.to_bits());
        ignorance.add(45.0);
        let expected = 1.0 - exp(-16.0 / 365.0);
        assert_eq!(ignorance.end_month(1).to_bits(), expected.to_bits());
    }

    #[test]
    fn rounding_gives_nobody_less_than_nothing_or_more_than_everything() {
        let mut ignorance = Ignorance::between(vec![30.0], 365.0);
        ignorance.sum = 2.0 + 1e-12;
        assert_eq!(ignorance.end_month(2).to_bits(), 0.0_f64.to_bits());
        ignorance.sum = -1e-12;
        assert_eq!(ignorance.end_month(2).to_bits(), 2.0_f64.to_bits());
    }
}
