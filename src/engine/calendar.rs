//! The event calendar and its clock. Events leave in order of time, ties in order of scheduling, and a tick before both.
//!
//! It is a calendar queue (Brown 1988) that spans the whole replication. Time is cut into bins, equally many for each unit
//! of the ticks, so no bin lies on both sides of a tick. There are enough bins that few hold more than one event, and one
//! bit per bin says whether it holds any. Scheduling an event puts it in front of its bin's list. Advancing looks for the
//! next set bit. Only events that share a bin are sorted, in a heap, so a crowded bin never costs more than a heap would.
//! `benches/README.md` compares it with a heap of all events and with other structures.
//!
//! Nothing is ever cancelled. The code that schedules an event keeps its [`Slot`], and forgets it if the event
//! must not happen. An event that nobody waits for any more still leaves when it is due, but the clock does not stop for it.

use super::heap::{Heap, Key};
use super::time::{Ticks, Time};

/// Bins per event that was scheduled in the busiest replication so far. With fewer bins, more events share one.
const BINS_PER_EVENT: usize = 4;
const MOST_BINS: usize = 1 << 20;
const WORD: usize = u64::BITS as usize;
/// An instant further than this from the edge of a bin, as a share of its width, is not near a tick. The margin exceeds
/// the rounding error of any place, and the tolerance of ticks in any bin.
const NEAR: f64 = 1e-3;

/// Marks the absence of a slot.
const NONE: u32 = u32::MAX;

/// Where a pending event is kept. Once the event has left, another may be kept there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(u32);

impl Slot {
    /// The slot of no event.
    pub const NONE: Slot = Slot(NONE);
}

/// An event that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due<E> {
    /// The event.
    pub event: E,
    /// Where it was kept.
    pub slot: Slot,
    /// When it happens. The clock shows it after [`Calendar::reach`].
    pub time: Time,
}

/// The next step of a replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<E> {
    /// A tick, with its number. The clock shows it.
    Tick(u32),
    /// An event that is due.
    Event(Due<E>),
    /// The end: the last tick has passed.
    End,
}

/// A pending event, or a free entry.
#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    time: Time,
    /// Its number in order of scheduling.
    number: u64,
    /// The next entry of the same bin, or the next free one.
    next: u32,
    event: E,
}

/// Pending events of one replication, and its clock.
#[derive(Debug)]
pub struct Calendar<E> {
    ticks: Ticks,
    now: Time,
    entries: Vec<Entry<E>>,
    /// The first free entry, or `NONE`.
    free: u32,
    /// The first entry of each bin, of no meaning if its bit is not set.
    bins: Vec<u32>,
    /// One bit per bin: whether it holds any entry.
    holds: Vec<u64>,
    bins_per_unit: usize,
    bins_per_day: f64,
    /// The number of bins.
    places: f64,
    /// Ticks so far.
    tick: u32,
    /// The word of the next bin that may hold an entry. All words before it are empty.
    word: usize,
    /// The word of the first bin after the next tick.
    word_of_tick: usize,
    /// The bits in that word of the bins before the tick.
    before_tick: u64,
    /// All bins before this one are empty. What falls into them is in `due`.
    bin: usize,
    due: Heap,
    /// Events scheduled in this replication, and the most in any replication before.
    scheduled: u64,
    most_scheduled: u64,
}

impl<E: Copy> Calendar<E> {
    /// Returns an empty calendar at the start of a replication.
    #[must_use]
    pub fn new(ticks: Ticks) -> Self {
        let mut calendar = Self {
            ticks,
            now: Time::START,
            entries: Vec::new(),
            free: NONE,
            bins: Vec::new(),
            holds: Vec::new(),
            bins_per_unit: 0,
            bins_per_day: 0.0,
            places: 0.0,
            tick: 0,
            word: 0,
            word_of_tick: 0,
            before_tick: 0,
            bin: 0,
            due: Heap::default(),
            scheduled: 0,
            most_scheduled: 0,
        };
        calendar.cut(calendar.bins_per_unit_of(calendar.ticks.last as usize * WORD));
        calendar.rewind();
        calendar
    }

    /// Returns to the start with nothing pending, and keeps the memory. Earlier slots mean nothing any more.
    pub fn clear(&mut self) {
        self.abandon();
        self.most_scheduled = self.most_scheduled.max(std::mem::take(&mut self.scheduled));
        let wanted = usize::try_from(self.most_scheduled).unwrap_or(MOST_BINS).saturating_mul(BINS_PER_EVENT).min(MOST_BINS);
        let bins_per_unit = self.bins_per_unit_of(wanted);
        if bins_per_unit > self.bins_per_unit {
            self.cut(bins_per_unit);
        }
        self.rewind();
    }

    /// Returns how many bins a unit has if there are about this many in all.
    fn bins_per_unit_of(&self, bins: usize) -> usize {
        bins.div_ceil(self.ticks.units(self.ticks.last) as usize).next_power_of_two()
    }

    /// Cuts each unit of the ticks into this many bins. Nothing may be pending.
    #[expect(clippy::cast_precision_loss, reason = "there are at most some 2^20 bins")]
    fn cut(&mut self, bins_per_unit: usize) {
        let bins = self.ticks.units(self.ticks.last) as usize * bins_per_unit;
        self.bins_per_unit = bins_per_unit;
        // The last tick may need a word of its own, in which all bins are empty.
        self.holds.resize(bins / WORD + 1, 0);
        self.bins.resize(bins, NONE);
        self.places = bins as f64;
        self.bins_per_day = self.places / self.ticks.end().days();
    }

    fn rewind(&mut self) {
        self.now = Time::START;
        (self.tick, self.word, self.bin) = (0, 0, 0);
        self.await_tick(1);
    }

    /// Returns the first bin after a tick.
    fn bin_after(&self, tick: u32) -> usize {
        self.ticks.units(tick) as usize * self.bins_per_unit
    }

    fn await_tick(&mut self, tick: u32) {
        let bin = self.bin_after(tick);
        self.word_of_tick = bin / WORD;
        self.before_tick = (1 << (bin % WORD)) - 1;
    }

    /// Returns the current time.
    #[must_use]
    #[inline]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Schedules `event` at `time`, which must not be before now. An event at or after the end is dropped, as it never
    /// happens.
    ///
    /// # Panics
    /// If `time` has passed.
    #[inline]
    pub fn schedule_at(&mut self, time: Time, event: E) -> Slot {
        let place = time.days() * self.bins_per_day;
        if place >= self.places {
            return Slot::NONE;
        }
        let (bin, past) = split(place);
        if (past - 0.5).abs() > 0.5 - NEAR {
            return self.schedule_near(time, event);
        }
        self.put(time, bin, event)
    }

    /// Schedules `event` in `days` days from now, which may be infinite.
    #[inline]
    pub fn schedule_in(&mut self, days: f64, event: E) -> Slot {
        self.schedule_at(self.now.after(days), event)
    }

    /// Schedules an event near the edge of a bin, which may be a tick.
    #[cold]
    #[inline(never)]
    fn schedule_near(&mut self, time: Time, event: E) -> Slot {
        let end = self.ticks.end();
        let time = if time < end { self.ticks.snap(time) } else { time };
        if time >= end {
            return Slot::NONE;
        }
        // From the edge of a unit on, which may be a tick, it is a bin after that edge, whatever rounding says.
        let (bin, _) = split(time.days() * self.bins_per_day);
        let number = (bin + self.bins_per_unit / 2) / self.bins_per_unit;
        let first = number * self.bins_per_unit;
        let is_after = u32::try_from(number).is_ok_and(|number| time >= self.ticks.edge(number));
        let bin = if is_after { bin.max(first) } else { bin.min(first.saturating_sub(1)) };
        self.put(time, bin.min(self.bins.len() - 1), event)
    }

    #[inline]
    fn put(&mut self, time: Time, bin: usize, event: E) -> Slot {
        assert!(
            time >= self.now,
            "an event was scheduled at day {}, but it is already day {}",
            time.days(),
            self.now.days()
        );
        self.scheduled += 1;
        let (word, bit) = (bin / WORD, 1_u64 << (bin % WORD));
        let is_empty = self.holds[word] & bit == 0;
        let next = if is_empty { NONE } else { self.bins[bin] };
        let slot = self.occupy(Entry { time, number: self.scheduled, next, event });
        if bin < self.bin {
            self.due.push(Key::new(time, self.scheduled, slot));
        } else {
            self.bins[bin] = slot;
            self.holds[word] |= bit;
        }
        Slot(slot)
    }

    #[inline]
    fn occupy(&mut self, entry: Entry<E>) -> u32 {
        let slot = self.free;
        if let Some(place) = self.entries.get_mut(slot as usize) {
            self.free = place.next;
            *place = entry;
            return slot;
        }
        self.add(entry)
    }

    #[cold]
    fn add(&mut self, entry: Entry<E>) -> u32 {
        assert!(self.entries.len() < Key::MOST_SLOTS, "more events are pending than a key can address");
        let slot = u32::try_from(self.entries.len()).expect("the number of entries is bounded");
        self.entries.push(entry);
        slot
    }

    /// Drops all pending events. Ticks continue.
    pub fn abandon(&mut self) {
        self.due.clear();
        self.holds.fill(0);
        self.entries.clear();
        self.free = NONE;
    }

    /// Returns the next step. At the same instant, the tick comes first, then events in order of scheduling.
    #[inline]
    pub fn advance(&mut self) -> Step<E> {
        let slot = if self.due.is_empty() {
            loop {
                let holds = self.holds[self.word];
                if self.word == self.word_of_tick && holds & self.before_tick == 0 {
                    return self.tick();
                }
                if holds != 0 {
                    break self.open(holds);
                }
                self.word += 1;
            }
        } else {
            let slot = self.due.first().slot();
            self.due.pop();
            slot
        };
        let entry = &mut self.entries[slot as usize];
        entry.next = std::mem::replace(&mut self.free, slot);
        Step::Event(Due { event: entry.event, slot: Slot(slot), time: entry.time })
    }

    /// Sets the clock to the time of an event that happens.
    #[inline]
    pub fn reach(&mut self, time: Time) {
        self.now = time;
    }

    fn tick(&mut self) -> Step<E> {
        if self.tick == self.ticks.last {
            return Step::End;
        }
        assert!(self.scheduled <= Key::MOST_NUMBERS, "more events in one replication than a key can number");
        self.tick += 1;
        self.now = self.ticks.at(self.tick);
        self.bin = self.bin_after(self.tick);
        if self.tick < self.ticks.last {
            self.await_tick(self.tick + 1);
        }
        Step::Tick(self.tick)
    }

    /// Empties the first bin of the current word, whose bits these are, and returns the entry that is due first.
    #[inline]
    fn open(&mut self, holds: u64) -> u32 {
        let bin = self.word * WORD + holds.trailing_zeros() as usize;
        self.holds[self.word] = holds & (holds - 1);
        self.bin = bin + 1;
        let first = self.bins[bin];
        if self.entries[first as usize].next == NONE { first } else { self.sort(first) }
    }

    /// Moves all entries of a bin, starting at `first`, to `due`, and takes the one that is due first.
    #[inline(never)]
    fn sort(&mut self, first: u32) -> u32 {
        let mut slot = first;
        while slot != NONE {
            let entry = &self.entries[slot as usize];
            self.due.push(Key::new(entry.time, entry.number, slot));
            slot = entry.next;
        }
        let first = self.due.first().slot();
        self.due.pop();
        first
    }
}

/// Returns the bin of a place, and how far it is into the bin. A bin is never before that of an earlier instant, because
/// rounding keeps the order.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "places are not negative, and there are some 2^20 of them"
)]
fn split(place: f64) -> (usize, f64) {
    let bin = place as i64;
    (bin as usize, place - bin as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calendar() -> Calendar<u32> {
        Calendar::new(Ticks::new(1.0, 10.0, 3))
    }

    /// Returns the next step, and sets the clock to it.
    fn next(calendar: &mut Calendar<u32>) -> Step<u32> {
        let step = calendar.advance();
        if let Step::Event(due) = step {
            calendar.reach(due.time);
        }
        step
    }

    /// Takes the next event that is still awaited.
    fn awaited(calendar: &mut Calendar<u32>, is_awaited: impl Fn(Due<u32>) -> bool) -> Step<u32> {
        loop {
            match calendar.advance() {
                Step::Event(due) if !is_awaited(due) => {}
                Step::Event(due) => {
                    calendar.reach(due.time);
                    return Step::Event(due);
                }
                step => return step,
            }
        }
    }

    #[track_caller]
    fn assert_event(step: Step<u32>, expected: u32) {
        assert!(matches!(step, Step::Event(Due { event, .. }) if event == expected), "{step:?}, expected {expected}");
    }

    fn at(days: f64) -> Time {
        Time::from_days(days)
    }

    #[test]
    fn ties_leave_in_order_of_scheduling_and_after_the_tick() {
        let mut calendar = calendar();
        for event in 0..50 {
            calendar.schedule_at(at(10.0), event);
        }
        calendar.schedule_at(at(9.0), 99);
        assert_event(next(&mut calendar), 99);
        assert_eq!(calendar.advance(), Step::Tick(1));
        for event in 0..50 {
            assert_event(next(&mut calendar), event);
        }
        assert_eq!(calendar.now(), at(10.0));
    }

    #[test]
    fn the_last_tick_ends_the_replication() {
        let mut calendar = calendar();
        calendar.schedule_at(at(30.0), 1);
        calendar.schedule_at(at(30.0 - 0.5e-9), 2);
        calendar.schedule_in(f64::INFINITY, 3);
        for tick in 1..=3 {
            assert_eq!(calendar.advance(), Step::Tick(tick));
        }
        assert_eq!(calendar.advance(), Step::End);
        assert_eq!(calendar.advance(), Step::End);
        assert_eq!(calendar.now(), at(30.0));
    }

    /// The clock does not stop for an event that nobody waits for, and its slot serves the next one.
    #[test]
    fn who_forgets_a_slot_is_left_alone() {
        let mut calendar = calendar();
        let first = calendar.schedule_at(at(1.0), 1);
        let second = calendar.schedule_at(at(2.0), 2);
        let step = awaited(&mut calendar, |due| due.slot == second);
        assert_event(step, 2);
        assert_eq!(calendar.now(), at(2.0));
        let slots = [calendar.schedule_at(at(3.0), 3), calendar.schedule_at(at(4.0), 4)];
        assert!(slots.contains(&first) && slots.contains(&second));
        assert_eq!(calendar.schedule_at(at(30.0), 5), Slot::NONE);
        assert_eq!(awaited(&mut calendar, |_| false), Step::Tick(1));
        assert_eq!(calendar.now(), at(10.0));
    }

    /// Bins end at ticks, whatever rounding says: what is due just before a tick comes before it.
    #[test]
    fn no_event_crosses_a_tick() {
        no_event_crosses(Ticks::new(12.0, 365.0, 1200));
        let lengths = [31, 28, 31, 30, 29].into_iter().cycle().take(1200);
        let ends = lengths.scan(0, |day, length| {
            *day += length;
            Some(*day)
        });
        no_event_crosses(Ticks::on_days([0].into_iter().chain(ends)));
    }

    fn no_event_crosses(ticks: Ticks) {
        let ends: Vec<f64> = (1..1200).map(|month| ticks.at(month).days()).collect();
        let mut calendar = Calendar::new(ticks);
        for (end, event) in ends.iter().zip(0..) {
            for days in [-1e-6, -2e-9, -0.9e-9, 0.0, 0.9e-9, 2e-9, 1e-6] {
                calendar.schedule_at(at(end + days), event);
            }
        }
        for month in 1..=1200 {
            let (before, after) = if month == 1200 { (0, 0) } else { (2, 5) };
            for _ in 0..before {
                assert_event(next(&mut calendar), month - 1);
            }
            assert_eq!(next(&mut calendar), Step::Tick(month));
            for _ in 0..after {
                assert_event(next(&mut calendar), month - 1);
            }
        }
        assert_eq!(next(&mut calendar), Step::End);
    }

    /// One operation on a calendar.
    #[derive(Clone, Debug)]
    enum Operation {
        /// Schedules an event this many tenths of a day from now.
        Schedule(u16),
        /// Stops waiting for the n-th event scheduled in this replication, modulo their number.
        Forget(usize),
        Advance,
        /// Starts the next replication.
        Clear,
    }

    fn operations() -> impl Strategy<Value = Vec<Operation>> {
        let operation = prop_oneof![
            // Many at the same instant, some close together, some far beyond the end.
            8 => prop_oneof![Just(0), 0_u16..10, 0_u16..320].prop_map(Operation::Schedule),
            2 => any::<usize>().prop_map(Operation::Forget),
            5 => Just(Operation::Advance),
            1 => prop::bool::weighted(0.05).prop_map(|is_over| if is_over { Operation::Clear } else { Operation::Advance }),
        ];
        prop::collection::vec(operation, 0..600)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// Compares with a list of pending events that is searched for the earliest one at every step.
        #[test]
        fn events_leave_in_order_of_time_while_others_are_scheduled_and_forgotten(
            operations in operations(),
            ends in prop::sample::select(vec![[10, 20, 30], [3, 28, 30], [1, 2, 30]]),
        ) {
            let is_regular = ends == [10, 20, 30];
            let ticks = if is_regular { Ticks::new(1.0, 10.0, 3) } else { Ticks::on_days([0].into_iter().chain(ends)) };
            let mut calendar = Calendar::new(ticks);
            let (mut pending, mut slots, mut now, mut tick) = (Vec::new(), Vec::new(), Time::START, 1);
            for operation in operations {
                match operation {
                    Operation::Schedule(tenths) => {
                        let event = u32::try_from(slots.len()).expect("there are few events");
                        let due = calendar.ticks.snap(now.after(f64::from(tenths) / 10.0));
                        slots.push(calendar.schedule_in(f64::from(tenths) / 10.0, event));
                        if due < at(30.0) {
                            pending.push((due, event));
                        }
                    }
                    Operation::Forget(event) if !slots.is_empty() => {
                        let event = event % slots.len();
                        slots[event] = Slot::NONE;
                        pending.retain(|&(_, other)| other as usize != event);
                    }
                    Operation::Forget(_) => {}
                    Operation::Advance => {
                        let next_tick = ends.get(tick as usize - 1).map_or(at(f64::INFINITY), |&day| at(day.into()));
                        let next = pending.iter().copied().min().filter(|&(due, _)| due < next_tick);
                        let expected = match next {
                            Some((_, event)) => Ok(event),
                            None if tick > 3 => Err(Step::End),
                            None => Err(Step::Tick(tick)),
                        };
                        let found = match awaited(&mut calendar, |due| slots[due.event as usize] == due.slot) {
                            Step::Event(due) => Ok(due.event),
                            step => Err(step),
                        };
                        prop_assert_eq!(found, expected);
                        match next {
                            Some((due, event)) => {
                                now = due;
                                pending.retain(|&(_, other)| other != event);
                            }
                            None if tick > 3 => {}
                            None => (now, tick) = (next_tick, tick + 1),
                        }
                        prop_assert_eq!(calendar.now(), now);
                    }
                    Operation::Clear => {
                        calendar.clear();
                        pending.clear();
                        slots.clear();
                        (now, tick) = (Time::START, 1);
                    }
                }
            }
        }
    }

    #[test]
    fn a_record_number_of_events_gets_more_bins_in_the_next_replication() {
        let mut calendar = calendar();
        for replication in 0..3 {
            let bins = calendar.bins.len();
            for event in 0..5_000_u32 {
                calendar.schedule_at(at(f64::from(event * 7919 % 5_000) / 200.0), event);
            }
            let mut before = Time::START;
            let mut taken = 0;
            loop {
                match next(&mut calendar) {
                    Step::Event(_) => taken += 1,
                    Step::Tick(_) => {}
                    Step::End => break,
                }
                assert!(calendar.now() >= before);
                before = calendar.now();
            }
            assert_eq!(taken, 5_000);
            calendar.clear();
            assert_eq!(calendar.bins.len() > bins, replication == 0, "{bins}");
        }
    }
}
