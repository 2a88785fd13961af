//! The event calendar and the clock: pending events in order of time, ties in the order of scheduling, ticks before both.
//!
//! A 4-ary heap of 16-byte keys (time, number in the order of scheduling, slot) over a slab of events. A cancelled event
//! leaves its slot at once and its key when it comes to the top.

use super::time::{Ticks, Time};

/// Children of a heap node: four 16-byte keys fill one cache line.
const ARITY: usize = 4;
/// Sorts after every key.
const SENTINEL: u128 = u128::MAX;

/// Names one scheduled event, to cancel it; outlives the event without harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    slot: u32,
    generation: u32,
}

impl Ticket {
    /// Names no event.
    pub const NONE: Ticket = Ticket { slot: u32::MAX, generation: 0 };
}

/// What comes next in a replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<E> {
    /// A tick, with its number.
    Tick(u32),
    /// An event falls due.
    Event(E),
    /// Nothing: the last tick has passed.
    End,
}

#[derive(Clone, Copy, Debug)]
struct Slot<E> {
    generation: u32,
    event: Option<E>,
}

/// Pending events of one replication, and its clock.
#[derive(Debug)]
pub struct Calendar<E> {
    ticks: Ticks,
    /// Number of the tick that comes next, and its instant.
    next_tick: u32,
    next_tick_at: Time,
    /// Instant of the last tick: what falls due then or later never happens.
    end: Time,
    now: Time,
    /// The keys, and above them at least as many sentinels as a node has children: every child can be looked at.
    heap: Vec<u128>,
    pending: usize,
    slots: Vec<Slot<E>>,
    free: Vec<u32>,
    /// Number that the next scheduled event gets.
    number: u32,
}

impl<E: Copy> Calendar<E> {
    /// An empty calendar at the start of a replication.
    #[must_use]
    pub fn new(ticks: Ticks) -> Self {
        Self {
            ticks,
            next_tick: 1,
            next_tick_at: ticks.at(1),
            end: ticks.at(ticks.last),
            now: Time::START,
            heap: vec![SENTINEL; ARITY],
            pending: 0,
            slots: Vec::new(),
            free: Vec::new(),
            number: 0,
        }
    }

    /// Back to the start with nothing pending; keeps its memory. Tickets of before must not be used again.
    pub fn clear(&mut self) {
        self.next_tick = 1;
        self.next_tick_at = self.ticks.at(1);
        self.now = Time::START;
        self.heap[..self.pending].fill(SENTINEL);
        self.pending = 0;
        self.slots.clear();
        self.free.clear();
        self.number = 0;
    }

    /// The clock.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// The end of the replication.
    #[must_use]
    pub fn end(&self) -> Time {
        self.end
    }

    /// Schedules `event` at an instant (not before now); one at or after the end never happens and is not kept.
    ///
    /// # Panics
    /// If the instant has passed.
    pub fn schedule_at(&mut self, time: Time, event: E) -> Ticket {
        if time >= self.end {
            return Ticket::NONE;
        }
        let time = self.ticks.snap(time);
        assert!(time >= self.now, "an event was scheduled at {} when it was {}", time.days(), self.now.days());
        if time >= self.end {
            return Ticket::NONE;
        }
        let ticket = self.occupy(event);
        let number = self.take_number();
        self.push(key(time, number, ticket.slot));
        ticket
    }

    /// Schedules `event` so many `days` from now; the days may be infinite.
    pub fn schedule_in(&mut self, days: f64, event: E) -> Ticket {
        self.schedule_at(self.now.after(days), event)
    }

    /// Takes an event off the calendar; one that has happened or was cancelled stays as it is.
    pub fn cancel(&mut self, ticket: Ticket) {
        if let Some(slot) = self.slots.get_mut(ticket.slot as usize)
            && slot.generation == ticket.generation
        {
            slot.event = None;
        }
    }

    /// Takes all events off the calendar; ticks go on.
    pub fn abandon(&mut self) {
        self.heap[..self.pending].fill(SENTINEL);
        self.pending = 0;
        self.slots.clear();
        self.free.clear();
    }

    /// The instant of the next step.
    pub fn peek(&mut self) -> Time {
        self.drop_cancelled();
        time_of(self.heap[0]).min(self.next_tick_at)
    }

    /// Advances the clock to the next step: a tick comes before events of the same instant, events in the order in
    /// which they were scheduled.
    pub fn advance(&mut self) -> Step<E> {
        // The sentinel lies beyond every tick.
        while time_of(self.heap[0]) < self.next_tick_at {
            let top = self.heap[0];
            self.pop();
            if let Some(event) = self.vacate(slot_of(top)) {
                self.now = time_of(top);
                return Step::Event(event);
            }
        }
        self.tick()
    }

    fn tick(&mut self) -> Step<E> {
        let number = self.next_tick;
        if number > self.ticks.last {
            return Step::End;
        }
        self.now = self.next_tick_at;
        self.next_tick += 1;
        self.next_tick_at = self.ticks.at(self.next_tick);
        Step::Tick(number)
    }

    fn drop_cancelled(&mut self) {
        while self.pending > 0 && self.slots[slot_of(self.heap[0]) as usize].event.is_none() {
            let top = self.heap[0];
            self.pop();
            self.vacate(slot_of(top));
        }
    }

    fn occupy(&mut self, event: E) -> Ticket {
        if let Some(slot) = self.free.pop() {
            let place = &mut self.slots[slot as usize];
            place.event = Some(event);
            return Ticket { slot, generation: place.generation };
        }
        let slot = u32::try_from(self.slots.len()).expect("fewer than 2^32 events fit into memory");
        self.slots.push(Slot { generation: 1, event: Some(event) });
        Ticket { slot, generation: 1 }
    }

    fn vacate(&mut self, slot: u32) -> Option<E> {
        let place = &mut self.slots[slot as usize];
        place.generation = place.generation.wrapping_add(1);
        self.free.push(slot);
        place.event.take()
    }

    fn take_number(&mut self) -> u32 {
        if self.number == u32::MAX {
            self.renumber();
        }
        self.number += 1;
        self.number
    }

    /// Numbers the pending events anew from 1 in their order, which is then a sorted heap.
    fn renumber(&mut self) {
        self.heap[..self.pending].sort_unstable();
        self.number = 0;
        for entry in &mut self.heap[..self.pending] {
            self.number += 1;
            *entry = key(time_of(*entry), self.number, slot_of(*entry));
        }
    }

    fn push(&mut self, entry: u128) {
        if self.pending + ARITY >= self.heap.len() {
            self.heap.resize(2 * self.heap.len(), SENTINEL);
        }
        self.pending += 1;
        self.sift_up(self.pending - 1, entry);
    }

    /// Takes the top away: the smallest children move up along one path, and the last key fills the hole that they leave.
    fn pop(&mut self) {
        self.pending -= 1;
        let last = std::mem::replace(&mut self.heap[self.pending], SENTINEL);
        if self.pending == 0 {
            return;
        }
        let mut hole = 0;
        while hole * ARITY + 1 < self.pending {
            let first = hole * ARITY + 1;
            let (child, entry) = least(&self.heap[first..first + ARITY]);
            self.heap[hole] = entry;
            hole = first + child;
        }
        self.sift_up(hole, last);
    }

    /// Puts a key where it belongs on the way from a hole to the top.
    fn sift_up(&mut self, mut hole: usize, entry: u128) {
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.heap[parent] <= entry {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = entry;
    }
}

/// The least of the children of a node, and its position among them.
#[inline]
fn least(children: &[u128]) -> (usize, u128) {
    let less = |a: (usize, u128), b: (usize, u128)| if b.1 < a.1 { b } else { a };
    let left = less((0, children[0]), (1, children[1]));
    let right = less((2, children[2]), (3, children[3]));
    less(left, right)
}

fn key(time: Time, number: u32, slot: u32) -> u128 {
    u128::from(time.sortable()) << 64 | u128::from(number) << 32 | u128::from(slot)
}

fn time_of(key: u128) -> Time {
    Time::from_sortable((key >> 64) as u64)
}

#[expect(clippy::cast_possible_truncation, reason = "the lowest quarter of a key is the slot")]
fn slot_of(key: u128) -> u32 {
    key as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calendar() -> Calendar<u32> {
        Calendar::new(Ticks { days: 10.0, every: 1.0, last: 3 })
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
        assert_eq!(calendar.peek(), at(2.0));
        calendar.cancel(first);
        calendar.cancel(Ticket::NONE);
        assert_eq!(calendar.advance(), Step::Event(2));
        calendar.schedule_at(at(3.0), 3);
        calendar.cancel(second);
        assert_eq!(calendar.advance(), Step::Event(3));
    }

    #[test]
    fn renumbering_keeps_the_order() {
        let mut calendar = calendar();
        calendar.number = u32::MAX - 5;
        for event in 0..20 {
            calendar.schedule_at(at(if event % 2 == 0 { 4.0 } else { 2.0 }), event);
        }
        let order: Vec<_> = (0..20).map(|_| calendar.advance()).collect();
        let expected: Vec<_> = (1..20).step_by(2).chain((0..20).step_by(2)).map(Step::Event).collect();
        assert_eq!(order, expected);
    }

    proptest! {
        #[test]
        fn events_leave_as_a_stable_sort_would_have_them(
            times in prop::collection::vec(0_u8..29, 0..200),
            cancelled in prop::collection::vec(any::<bool>(), 200),
        ) {
            let mut calendar = calendar();
            let tickets: Vec<_> =
                times.iter().zip(0..).map(|(&t, event)| calendar.schedule_at(at(f64::from(t) + 0.5), event)).collect();
            let mut expected = Vec::new();
            for ((&time, event), (ticket, &cancel)) in times.iter().zip(0_u32..).zip(tickets.iter().zip(&cancelled)) {
                if cancel { calendar.cancel(*ticket) } else { expected.push((time, event)) }
            }
            expected.sort_by_key(|&(time, _)| time);
            let mut order = Vec::new();
            let mut before = Time::START;
            loop {
                let due = calendar.peek();
                match calendar.advance() {
                    Step::Event(event) => order.push(event),
                    Step::Tick(_) => {}
                    Step::End => break,
                }
                prop_assert!(calendar.now() >= before && calendar.now() == due);
                before = calendar.now();
            }
            prop_assert_eq!(order, expected.into_iter().map(|(_, event)| event).collect::<Vec<_>>());
        }
    }
}
