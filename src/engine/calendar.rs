//! The event calendar and its clock. Events leave in order of time, ties in order of scheduling, and a tick before both.
//!
//! It is a calendar queue (Brown 1988) that spans the whole replication. Time is cut into enough bins that few hold more
//! than one event, and one bit per bin says whether it holds any. Scheduling an event puts it in front of its bin's list.
//! Advancing looks for the next set bit. Only events that share a bin are sorted, in a heap, so a crowded bin never costs
//! more than a heap would. `benches/README.md` compares it with a heap of all events and with other structures.

use super::heap::{Heap, Key};
use super::time::{Ticks, Time};

/// Bins per event that was scheduled in the busiest replication so far. With fewer bins, more events share one.
const BINS_PER_EVENT: usize = 4;
const FEWEST_BINS: usize = 1 << 10;
const MOST_BINS: usize = 1 << 20;
const WORD: usize = u64::BITS as usize;

/// Marks the absence of a slot.
const NONE: u32 = u32::MAX;

/// A handle of one scheduled event, used to cancel it. It does no harm after the event has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    slot: u32,
    generation: u32,
}

impl Ticket {
    /// The ticket that names no event.
    pub const NONE: Ticket = Ticket { slot: NONE, generation: 0 };
}

/// The next step of a replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<E> {
    /// A tick, with its number.
    Tick(u32),
    /// An event that is due.
    Event(E),
    /// The end: the last tick has passed.
    End,
}

/// A pending event. A cancelled event leaves its slot in place, but empty.
#[derive(Clone, Copy, Debug)]
struct Slot<E> {
    key: Key,
    /// The next slot of the same bin, or the next free one.
    next: u32,
    generation: u32,
    event: Option<E>,
}

/// Pending events of one replication, and its clock.
#[derive(Debug)]
pub struct Calendar<E> {
    ticks: Ticks,
    /// Number and instant of the next tick.
    next_tick: u32,
    next_tick_at: Time,
    /// Instant of the last tick. Events that are due then or later never happen.
    end: Time,
    now: Time,
    slots: Vec<Slot<E>>,
    /// The first free slot, or `NONE`.
    free: u32,
    /// The first slot of each bin, or `NONE`.
    bins: Vec<u32>,
    /// One bit per bin: whether it holds any slot.
    holds: Vec<u64>,
    bins_per_day: f64,
    /// All bins before this one are empty. Events due before its start are in `due`.
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
            next_tick: 1,
            next_tick_at: ticks.at(1),
            end: ticks.at(ticks.last),
            now: Time::START,
            slots: Vec::new(),
            free: NONE,
            bins: Vec::new(),
            holds: Vec::new(),
            bins_per_day: 0.0,
            bin: 0,
            due: Heap::default(),
            scheduled: 0,
            most_scheduled: 0,
        };
        calendar.cut(FEWEST_BINS);
        calendar
    }

    /// Returns to the start with nothing pending, and keeps the memory. Earlier tickets must not be used again.
    pub fn clear(&mut self) {
        self.next_tick = 1;
        self.next_tick_at = self.ticks.at(1);
        self.now = Time::START;
        self.abandon();
        self.most_scheduled = self.most_scheduled.max(std::mem::take(&mut self.scheduled));
        let wanted = usize::try_from(self.most_scheduled).unwrap_or(MOST_BINS).saturating_mul(BINS_PER_EVENT);
        if wanted > self.bins.len() && self.bins.len() < MOST_BINS {
            self.cut(wanted.next_power_of_two().min(MOST_BINS));
        }
    }

    /// Cuts time into `bins` bins, a power of 2. Nothing may be pending.
    #[expect(clippy::cast_precision_loss, reason = "there are at most 2^20 bins")]
    fn cut(&mut self, bins: usize) {
        self.bins.resize(bins, NONE);
        self.holds.resize(bins / WORD, 0);
        self.bins_per_day = bins as f64 / self.end.days();
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
    pub fn schedule_at(&mut self, time: Time, event: E) -> Ticket {
        let time = if time < self.end { self.ticks.snap(time) } else { time };
        if time >= self.end {
            return Ticket::NONE;
        }
        assert!(
            time >= self.now,
            "an event was scheduled at day {}, but it is already day {}",
            time.days(),
            self.now.days()
        );
        self.scheduled += 1;
        let slot = self.occupy(event);
        let place = &mut self.slots[slot as usize];
        place.key = Key::new(time, self.scheduled, slot);
        let generation = place.generation;
        let bin = bin_of(time, self.bins_per_day, self.bins.len());
        if bin < self.bin {
            self.due.push(place.key);
        } else {
            place.next = std::mem::replace(&mut self.bins[bin], slot);
            self.holds[bin / WORD] |= 1 << (bin % WORD);
        }
        Ticket { slot, generation }
    }

    /// Schedules `event` in `days` days from now, which may be infinite.
    #[inline]
    pub fn schedule_in(&mut self, days: f64, event: E) -> Ticket {
        self.schedule_at(self.now.after(days), event)
    }

    /// Cancels an event. Does nothing if it has happened or was cancelled before.
    #[inline]
    pub fn cancel(&mut self, ticket: Ticket) {
        if let Some(slot) = self.slots.get_mut(ticket.slot as usize)
            && slot.generation == ticket.generation
        {
            slot.event = None;
        }
    }

    /// Cancels all pending events. Ticks continue.
    pub fn abandon(&mut self) {
        self.due.clear();
        while self.open_bin().is_some() {}
        self.bin = 0;
        self.slots.clear();
        self.free = NONE;
    }

    /// Advances the clock to the next step. At the same instant, the tick comes first, then events in order of scheduling.
    #[inline]
    pub fn advance(&mut self) -> Step<E> {
        loop {
            let (slot, time) = if self.due.is_empty() {
                let Some(first) = self.open_bin() else { return self.tick() };
                let Slot { key, next, .. } = &self.slots[first as usize];
                let time = key.time();
                if *next != NONE || time >= self.next_tick_at {
                    self.fall_due(first);
                    continue;
                }
                (first, time)
            } else {
                let key = self.due.first();
                if key.time() >= self.next_tick_at {
                    return self.tick();
                }
                self.due.pop();
                (key.slot(), key.time())
            };
            if let Some(event) = self.vacate(slot) {
                self.now = time;
                return Step::Event(event);
            }
        }
    }

    fn tick(&mut self) -> Step<E> {
        let number = self.next_tick;
        if number > self.ticks.last {
            return Step::End;
        }
        assert!(self.scheduled <= Key::MOST_NUMBERS, "more events in one replication than a key can number");
        self.now = self.next_tick_at;
        self.next_tick += 1;
        self.next_tick_at = self.ticks.at(self.next_tick);
        Step::Tick(number)
    }

    /// Empties the next bin that holds any slot, and returns its first slot.
    #[inline]
    fn open_bin(&mut self) -> Option<u32> {
        let mut word = self.bin / WORD;
        let mut holds = self.holds.get(word)? & (u64::MAX << (self.bin % WORD));
        while holds == 0 {
            word += 1;
            // If no bin is left, the next search starts at the end again.
            let Some(&next) = self.holds.get(word) else {
                self.bin = self.bins.len();
                return None;
            };
            holds = next;
        }
        let bin = word * WORD + holds.trailing_zeros() as usize;
        self.holds[word] &= !(1 << (bin % WORD));
        self.bin = bin + 1;
        Some(std::mem::replace(&mut self.bins[bin], NONE))
    }

    /// Moves all slots of a bin, starting at `first`, to `due`.
    fn fall_due(&mut self, first: u32) {
        let mut slot = first;
        while slot != NONE {
            let place = &self.slots[slot as usize];
            self.due.push(place.key);
            slot = place.next;
        }
    }

    #[inline]
    fn occupy(&mut self, event: E) -> u32 {
        if self.free == NONE {
            assert!(self.slots.len() < Key::MOST_SLOTS, "more events are pending than a key can address");
            let slot = u32::try_from(self.slots.len()).expect("the number of slots is bounded");
            self.slots.push(Slot { key: Key::NONE, next: NONE, generation: 1, event: Some(event) });
            return slot;
        }
        let slot = self.free;
        let place = &mut self.slots[slot as usize];
        self.free = place.next;
        place.event = Some(event);
        slot
    }

    #[inline]
    fn vacate(&mut self, slot: u32) -> Option<E> {
        let place = &mut self.slots[slot as usize];
        place.generation = place.generation.wrapping_add(1);
        place.next = std::mem::replace(&mut self.free, slot);
        place.event.take()
    }
}

/// Returns the bin of an instant. It is never before the bin of an earlier instant, because rounding keeps the order.
#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "instants are not negative, and before the end")]
fn bin_of(time: Time, bins_per_day: f64, bins: usize) -> usize {
    ((time.days() * bins_per_day) as u32 as usize).min(bins - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calendar() -> Calendar<u32> {
        Calendar::new(Ticks::new(1.0, 10.0, 3))
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
        assert_eq!(calendar.advance(), Step::Event(99));
        assert_eq!(calendar.advance(), Step::Tick(1));
        for event in 0..50 {
            assert_eq!(calendar.advance(), Step::Event(event));
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

    #[test]
    fn a_cancelled_event_never_happens_and_its_ticket_is_spent() {
        let mut calendar = calendar();
        let first = calendar.schedule_at(at(1.0), 1);
        calendar.cancel(first);
        let second = calendar.schedule_at(at(2.0), 2);
        calendar.cancel(first);
        calendar.cancel(Ticket::NONE);
        assert_eq!(calendar.advance(), Step::Event(2));
        calendar.schedule_at(at(3.0), 3);
        calendar.cancel(second);
        assert_eq!(calendar.advance(), Step::Event(3));
    }

    /// One operation on a calendar.
    #[derive(Clone, Debug)]
    enum Operation {
        /// Schedules an event this many tenths of a day from now.
        Schedule(u16),
        /// Cancels the n-th event scheduled in this replication, modulo their number.
        Cancel(usize),
        Advance,
        /// Starts the next replication.
        Clear,
    }

    fn operations() -> impl Strategy<Value = Vec<Operation>> {
        let operation = prop_oneof![
            // Many at the same instant, some close together, some far beyond the end.
            8 => prop_oneof![Just(0), 0_u16..10, 0_u16..320].prop_map(Operation::Schedule),
            2 => any::<usize>().prop_map(Operation::Cancel),
            5 => Just(Operation::Advance),
            1 => prop::bool::weighted(0.05).prop_map(|is_over| if is_over { Operation::Clear } else { Operation::Advance }),
        ];
        prop::collection::vec(operation, 0..600)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// Compares with a list of pending events that is searched for the earliest one at every step.
        #[test]
        fn events_leave_in_order_of_time_while_others_are_scheduled_and_cancelled(operations in operations()) {
            let mut calendar = calendar();
            let (mut pending, mut tickets, mut now, mut tick) = (Vec::new(), Vec::new(), Time::START, 1);
            for operation in operations {
                match operation {
                    Operation::Schedule(tenths) => {
                        let event = u32::try_from(tickets.len()).expect("there are few events");
                        let due = calendar.ticks.snap(now.after(f64::from(tenths) / 10.0));
                        tickets.push(calendar.schedule_in(f64::from(tenths) / 10.0, event));
                        if due < at(30.0) {
                            pending.push((due, event));
                        }
                    }
                    Operation::Cancel(event) if !tickets.is_empty() => {
                        let event = event % tickets.len();
                        calendar.cancel(tickets[event]);
                        pending.retain(|&(_, other)| other as usize != event);
                    }
                    Operation::Cancel(_) => {}
                    Operation::Advance => {
                        let next_tick = if tick > 3 { at(f64::INFINITY) } else { at(10.0 * f64::from(tick)) };
                        let next = pending.iter().copied().min().filter(|&(due, _)| due < next_tick);
                        let expected = match next {
                            Some((_, event)) => Step::Event(event),
                            None if tick > 3 => Step::End,
                            None => Step::Tick(tick),
                        };
                        prop_assert_eq!(calendar.advance(), expected);
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
                        tickets.clear();
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
                match calendar.advance() {
                    Step::Event(_) => taken += 1,
                    Step::Tick(_) => {}
                    Step::End => break,
                }
                assert!(calendar.now() >= before);
                before = calendar.now();
            }
            assert_eq!(taken, 5_000);
            calendar.clear();
            assert_eq!(calendar.bins.len() > bins, replication == 0);
        }
    }
}
