//! Designs of an event calendar: that of the program and four others, under the hold model.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt::Debug;
use std::time::{Duration, Instant};

use handover::engine::{Calendar, Heap, Key, Ticks, Time};
use handover::random::Distribution;

use super::hold::{END_DAYS, Hold, MEAN_DAYS, Pending, Times};
use super::whole::grouped;

/// Events pending at the start of a replication.
const PENDING: [u32; 4] = [30, 300, 3_000, 30_000];
/// A distribution of the time to an event: its name, and times drawn from it.
type Law = (&'static str, fn() -> Times);
const LAWS: [Law; 3] = [("spread", spread), ("ties", ties), ("soon or far", soon_or_far)];
/// How often a time is measured, unless that takes too long. The shortest counts.
const SAMPLES: u32 = 10;
const LONG: Duration = Duration::from_secs(1);
/// The least number of events per time, and the number with which all designs are checked.
const EVENTS: u64 = 50_000;
const EVENTS_CHECKED: u64 = 5_000;

/// Returns the rows of the table: the distribution, the number of events, and nanoseconds per event for each
/// design.
///
/// # Panics
/// If not all designs take the same events in the same order.
pub(crate) fn calendar_rows() -> impl Iterator<Item = String> {
    let all = LAWS.into_iter().flat_map(|law| PENDING.map(|pending| (law, pending)));
    all.map(|((law, times), pending)| {
        let hold = || Hold { times: times(), pending };
        let orders = [
            order(bins(), hold()),
            order(Apart::<Quaternary>::default(), hold()),
            order(Apart::<Binary>::default(), hold()),
            order(Sorted::default(), hold()),
            order(Tree::default(), hold()),
        ];
        assert!(orders.iter().all(|other| *other == orders[0]), "designs differ in the order of {law}, {pending} pending");
        let cells = [
            nanoseconds(bins(), hold()),
            nanoseconds(Apart::<Quaternary>::default(), hold()),
            nanoseconds(Apart::<Binary>::default(), hold()),
            nanoseconds(Sorted::default(), hold()),
            nanoseconds(Tree::default(), hold()),
        ];
        let cells = cells.map(|cell| if cell < 100.0 { format!("{cell:.1}") } else { grouped(cell.round() as u64) });
        format!("| {law} | {} | {} |", grouped(pending.into()), cells.join(" | "))
    })
}

/// Returns times far apart, as in `ramp100`.
fn spread() -> Times {
    let law = Distribution::exponential(MEAN_DAYS).expect("the mean is above 0");
    Times::draw(move |uniform, _| law.quantile(uniform))
}

/// Returns times at few instants: whole multiples of 228 days, the next four of which are equally likely.
fn ties() -> Times {
    Times::draw(|uniform, _| (4.0 * uniform).ceil() * (MEAN_DAYS / 2.5))
}

/// Returns times of which three in four average a tenth of the mean, and the others are far ahead.
fn soon_or_far() -> Times {
    let soon = MEAN_DAYS / 10.0;
    let [soon, far] = [soon, (MEAN_DAYS - 0.75 * soon) / 0.25].map(|mean| Distribution::exponential(mean).expect("above 0"));
    Times::draw(move |uniform, choice| if choice < 0.75 { soon.quantile(uniform) } else { far.quantile(uniform) })
}

/// Returns the events in their order, with their instants.
fn order<P: Pending>(mut calendar: P, mut hold: Hold) -> Vec<(u64, u32)> {
    let mut order = Vec::new();
    let events = EVENTS_CHECKED.max(4 * u64::from(hold.pending));
    hold.take(&mut calendar, events, |at, event| order.push((at.to_bits(), event)));
    order
}

/// Returns nanoseconds per event, after replications that warm up the memory.
fn nanoseconds<P: Pending>(mut calendar: P, mut hold: Hold) -> f64 {
    let events = EVENTS.max(10 * u64::from(hold.pending));
    hold.take(&mut calendar, events, |_, _| {});
    let (begin, mut best, mut samples) = (Instant::now(), f64::INFINITY, 0);
    while samples < SAMPLES && (samples == 0 || begin.elapsed() < LONG) {
        let begin = Instant::now();
        hold.take(&mut calendar, events, |_, _| {});
        best = best.min(begin.elapsed().as_secs_f64());
        samples += 1;
    }
    1e9 * best / events as f64
}

/// Returns the calendar of the program, without month ends.
fn bins() -> Calendar<u32> {
    Calendar::new(Ticks::new(1.0, END_DAYS, 1))
}

fn key(at: f64, number: u32, slot: u32) -> Key {
    Key::new(Time::from_days(at), number.into(), slot)
}

/// A collection of keys that returns the least first.
trait Keys: Debug + Default {
    fn clear(&mut self);
    fn push(&mut self, key: Key);
    fn pop(&mut self) -> Option<Key>;
}

/// Events in slots, with their keys stored separately.
#[derive(Debug, Default)]
struct Apart<K> {
    keys: K,
    /// The event of each slot.
    slots: Vec<u32>,
    free: Vec<u32>,
    number: u32,
}

impl<K: Keys> Pending for Apart<K> {
    fn clear(&mut self) {
        self.keys.clear();
        self.slots.clear();
        self.free.clear();
        self.number = 0;
    }

    fn schedule(&mut self, at: f64, event: u32) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(0);
            self.slots.len() as u32 - 1
        });
        self.slots[slot as usize] = event;
        self.number += 1;
        self.keys.push(key(at, self.number, slot));
    }

    fn take(&mut self) -> Option<(f64, u32)> {
        let key = self.keys.pop()?;
        self.free.push(key.slot());
        Some((key.time().days(), self.slots[key.slot() as usize]))
    }
}

/// The heap of the standard library.
type Binary = BinaryHeap<Reverse<Key>>;

impl Keys for Binary {
    fn clear(&mut self) {
        self.clear();
    }

    fn push(&mut self, key: Key) {
        self.push(Reverse(key));
    }

    fn pop(&mut self) -> Option<Key> {
        self.pop().map(|Reverse(key)| key)
    }
}

/// The heap that the program uses for events in the same bin.
type Quaternary = Heap;

impl Keys for Quaternary {
    fn clear(&mut self) {
        self.clear();
    }

    fn push(&mut self, key: Key) {
        self.push(key);
    }

    fn pop(&mut self) -> Option<Key> {
        let key = (!self.is_empty()).then(|| self.first())?;
        self.pop();
        Some(key)
    }
}

/// A list with the next event at its end, in which places are found by bisection.
#[derive(Debug, Default)]
struct Sorted {
    events: Vec<(Key, u32)>,
    number: u32,
}

impl Pending for Sorted {
    fn clear(&mut self) {
        self.events.clear();
        self.number = 0;
    }

    fn schedule(&mut self, at: f64, event: u32) {
        self.number += 1;
        let key = key(at, self.number, 0);
        self.events.insert(self.events.partition_point(|&(other, _)| other > key), (key, event));
    }

    fn take(&mut self) -> Option<(f64, u32)> {
        self.events.pop().map(|(key, event)| (key.time().days(), event))
    }
}

/// The sorted tree of the standard library.
#[derive(Debug, Default)]
struct Tree {
    events: BTreeMap<Key, u32>,
    number: u32,
}

impl Pending for Tree {
    fn clear(&mut self) {
        self.events.clear();
        self.number = 0;
    }

    fn schedule(&mut self, at: f64, event: u32) {
        self.number += 1;
        self.events.insert(key(at, self.number, 0), event);
    }

    fn take(&mut self) -> Option<(f64, u32)> {
        self.events.pop_first().map(|(key, event)| (key.time().days(), event))
    }
}
