//! Designs of an event calendar: that of the program against four others, under the hold model.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt::Debug;
use std::time::{Duration, Instant};

use handover::engine::{Calendar, Ticks};
use handover::random::Distribution;

use super::hold::{END_DAYS, Hold, MEAN_DAYS, Pending, Times};
use super::whole::grouped;

/// Events pending at the start of a replication.
const PENDING: [u32; 4] = [30, 300, 3_000, 30_000];
/// A law of the time to an event: its name, and times drawn of it.
type Law = (&'static str, fn() -> Times);
const LAWS: [Law; 3] = [("spread", spread), ("ties", ties), ("soon or far", soon_or_far)];
/// How often a time is taken, unless that takes too long; the shortest counts.
const SAMPLES: u32 = 10;
const LONG: Duration = Duration::from_secs(1);
/// Events that are taken at least each time, and that all designs are checked with.
const EVENTS: u64 = 50_000;
const EVENTS_CHECKED: u64 = 5_000;

/// Cells of the table, row by row: the model, the law, the number of events, and nanoseconds an event of each design.
///
/// # Panics
/// If not all designs take the same events in the same order.
pub(crate) fn calendar_rows() -> impl Iterator<Item = String> {
    let models = [("hold", false), ("hold and cancel", true)];
    let laws = models.into_iter().flat_map(|model| LAWS.map(|law| (model, law)));
    let all = laws.flat_map(|(model, law)| PENDING.map(|pending| (model, law, pending)));
    all.map(|((model, cancels), (law, times), pending)| {
        let hold = || Hold { times: times(), pending, cancels };
        let orders = [
            order(bins(), hold()),
            order(Lazy::<Quaternary>::default(), hold()),
            order(Lazy::<Binary>::default(), hold()),
            order(Sorted::default(), hold()),
            order(Tree::default(), hold()),
        ];
        assert!(orders.iter().all(|other| *other == orders[0]), "designs differ in the order of {law}, {pending} pending");
        let cells = [
            nanoseconds(bins(), hold()),
            nanoseconds(Lazy::<Quaternary>::default(), hold()),
            nanoseconds(Lazy::<Binary>::default(), hold()),
            nanoseconds(Sorted::default(), hold()),
            nanoseconds(Tree::default(), hold()),
        ];
        let cells = cells.map(|cell| if cell < 100.0 { format!("{cell:.1}") } else { grouped(cell.round() as u64) });
        format!("| {model} | {law} | {} | {} |", grouped(pending.into()), cells.join(" | "))
    })
}

/// Far apart, as in `ramp100`.
fn spread() -> Times {
    let law = Distribution::exponential(MEAN_DAYS).expect("the mean is above 0");
    Times::draw(move |uniform, _| law.quantile(uniform))
}

/// All at few instants: whole multiples of 228 days, the next four of which are equally likely.
fn ties() -> Times {
    Times::draw(|uniform, _| (4.0 * uniform).ceil() * (MEAN_DAYS / 2.5))
}

/// Three in four in a tenth of the mean, on average, and the others far ahead.
fn soon_or_far() -> Times {
    let soon = MEAN_DAYS / 10.0;
    let [soon, far] = [soon, (MEAN_DAYS - 0.75 * soon) / 0.25].map(|mean| Distribution::exponential(mean).expect("above 0"));
    Times::draw(move |uniform, choice| if choice < 0.75 { soon.quantile(uniform) } else { far.quantile(uniform) })
}

/// The events in their order, with their instants.
fn order<P: Pending>(mut calendar: P, mut hold: Hold) -> Vec<(u64, u32)> {
    let mut order = Vec::new();
    let events = EVENTS_CHECKED.max(4 * u64::from(hold.pending));
    hold.take(&mut calendar, events, |at, event| order.push((at.to_bits(), event)));
    order
}

/// Nanoseconds an event, after replications that warm the memory up.
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

/// The calendar of the program, without month ends.
fn bins() -> Calendar<u32> {
    Calendar::new(Ticks::new(1.0, END_DAYS, 1))
}

/// What events are sorted by: instant, number in the order of scheduling, slot.
fn key(at: f64, number: u32, slot: u32) -> u128 {
    u128::from(at.to_bits()) << 64 | u128::from(number) << 32 | u128::from(slot)
}

fn days_of(key: u128) -> f64 {
    f64::from_bits((key >> 64) as u64)
}

/// Keys of which the least comes first.
trait Keys: Debug + Default {
    fn clear(&mut self);
    fn push(&mut self, key: u128);
    fn pop(&mut self) -> Option<u128>;
}

/// Events in slots, with their keys apart; one that is cancelled leaves its key until that comes first.
#[derive(Debug, Default)]
struct Lazy<K> {
    keys: K,
    /// The generation of each slot, and its event.
    slots: Vec<(u32, Option<u32>)>,
    free: Vec<u32>,
    number: u32,
}

impl<K: Keys> Pending for Lazy<K> {
    type Handle = (u32, u32);

    fn clear(&mut self) {
        self.keys.clear();
        self.slots.clear();
        self.free.clear();
        self.number = 0;
    }

    fn schedule(&mut self, at: f64, event: u32) -> (u32, u32) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push((0, None));
            self.slots.len() as u32 - 1
        });
        let (generation, place) = &mut self.slots[slot as usize];
        *place = Some(event);
        self.number += 1;
        self.keys.push(key(at, self.number, slot));
        (slot, *generation)
    }

    fn cancel(&mut self, (slot, generation): (u32, u32)) {
        if let Some((known, event)) = self.slots.get_mut(slot as usize)
            && *known == generation
        {
            *event = None;
        }
    }

    fn take(&mut self) -> Option<(f64, u32)> {
        loop {
            let key = self.keys.pop()?;
            let slot = key as u32;
            let (generation, event) = &mut self.slots[slot as usize];
            *generation += 1;
            self.free.push(slot);
            if let Some(event) = event.take() {
                return Some((days_of(key), event));
            }
        }
    }
}

/// The heap of the standard library.
type Binary = BinaryHeap<Reverse<u128>>;

impl Keys for Binary {
    fn clear(&mut self) {
        self.clear();
    }

    fn push(&mut self, key: u128) {
        self.push(Reverse(key));
    }

    fn pop(&mut self) -> Option<u128> {
        self.pop().map(|Reverse(key)| key)
    }
}

/// Children of a node: four keys of 16 bytes fill one cache line.
const ARITY: usize = 4;

/// A heap whose nodes have four children. Above its keys are at least as many that sort after all, so that every child can be
/// looked at.
#[derive(Debug, Default)]
struct Quaternary {
    keys: Vec<u128>,
    len: usize,
}

impl Keys for Quaternary {
    fn clear(&mut self) {
        self.keys[..self.len].fill(u128::MAX);
        self.len = 0;
    }

    fn push(&mut self, key: u128) {
        if self.len + ARITY >= self.keys.len() {
            self.keys.resize(2 * (self.len + ARITY), u128::MAX);
        }
        self.len += 1;
        self.sift_up(self.len - 1, key);
    }

    fn pop(&mut self) -> Option<u128> {
        self.len = self.len.checked_sub(1)?;
        let top = self.keys[0];
        let last = std::mem::replace(&mut self.keys[self.len], u128::MAX);
        if self.len == 0 {
            return Some(top);
        }
        let mut hole = 0;
        while hole * ARITY + 1 < self.len {
            let first = hole * ARITY + 1;
            let (child, key) = least(&self.keys[first..first + ARITY]);
            self.keys[hole] = key;
            hole = first + child;
        }
        self.sift_up(hole, last);
        Some(top)
    }
}

impl Quaternary {
    fn sift_up(&mut self, mut hole: usize, key: u128) {
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.keys[parent] <= key {
                break;
            }
            self.keys[hole] = self.keys[parent];
            hole = parent;
        }
        self.keys[hole] = key;
    }
}

/// The least of the children of a node, and its position among them.
#[inline]
fn least(children: &[u128]) -> (usize, u128) {
    let less = |a: (usize, u128), b: (usize, u128)| if b.1 < a.1 { b } else { a };
    less(less((0, children[0]), (1, children[1])), less((2, children[2]), (3, children[3])))
}

/// A list with the next event at its end, whose places are found by halving.
#[derive(Debug, Default)]
struct Sorted {
    events: Vec<(u128, u32)>,
    number: u32,
}

impl Pending for Sorted {
    type Handle = u128;

    fn clear(&mut self) {
        self.events.clear();
        self.number = 0;
    }

    fn schedule(&mut self, at: f64, event: u32) -> u128 {
        self.number += 1;
        let key = key(at, self.number, 0);
        self.events.insert(self.events.partition_point(|&(other, _)| other > key), (key, event));
        key
    }

    fn cancel(&mut self, key: u128) {
        if let Ok(position) = self.events.binary_search_by(|(other, _)| key.cmp(other)) {
            self.events.remove(position);
        }
    }

    fn take(&mut self) -> Option<(f64, u32)> {
        self.events.pop().map(|(key, event)| (days_of(key), event))
    }
}

/// The sorted tree of the standard library.
#[derive(Debug, Default)]
struct Tree {
    events: BTreeMap<u128, u32>,
    number: u32,
}

impl Pending for Tree {
    type Handle = u128;

    fn clear(&mut self) {
        self.events.clear();
        self.number = 0;
    }

    fn schedule(&mut self, at: f64, event: u32) -> u128 {
        self.number += 1;
        let key = key(at, self.number, 0);
        self.events.insert(key, event);
        key
    }

    fn cancel(&mut self, key: u128) {
        self.events.remove(&key);
    }

    fn take(&mut self) -> Option<(f64, u32)> {
        self.events.pop_first().map(|(key, event)| (days_of(key), event))
    }
}
