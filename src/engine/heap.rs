//! A heap of keys: the least comes first.

use super::time::Time;

/// Children of a node: four 16-byte keys fill one cache line.
const ARITY: usize = 4;
const SLOT_BITS: u32 = 28;
const NUMBER_BITS: u32 = u64::BITS - SLOT_BITS;

/// The sort key of a pending event: its time, then its number in order of scheduling. It also names the event's slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u128);

impl Key {
    /// Sorts after every other key.
    pub const NONE: Key = Key(u128::MAX);

    /// Events that one replication may schedule. Reaching this number would take a day.
    pub const MOST_NUMBERS: u64 = 1 << NUMBER_BITS;
    /// Events that may be pending at once.
    pub const MOST_SLOTS: usize = 1 << SLOT_BITS;

    /// Returns the key of an event. `number` must be below [`Key::MOST_NUMBERS`] and `slot` below [`Key::MOST_SLOTS`].
    #[must_use]
    #[inline]
    pub fn new(time: Time, number: u64, slot: u32) -> Self {
        Self(u128::from(time.sortable()) << 64 | u128::from(number << SLOT_BITS | u64::from(slot)))
    }

    /// Returns the time at which the event is due.
    #[must_use]
    #[inline]
    pub fn time(self) -> Time {
        Time::from_sortable((self.0 >> 64) as u64)
    }

    /// Returns the slot of the event.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits of a key are the slot")]
    pub fn slot(self) -> u32 {
        self.0 as u32 & ((1 << SLOT_BITS) - 1)
    }
}

/// A 4-ary heap.
#[derive(Debug)]
pub struct Heap {
    /// The keys, followed by at least `ARITY` times [`Key::NONE`], so that every node has all its children.
    keys: Vec<Key>,
    len: usize,
}

impl Default for Heap {
    fn default() -> Self {
        Self { keys: vec![Key::NONE; 4 * ARITY], len: 0 }
    }
}

impl Heap {
    /// Removes all keys, and keeps the memory.
    pub fn clear(&mut self) {
        self.keys[..self.len].fill(Key::NONE);
        self.len = 0;
    }

    /// Whether it holds no key.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the least key, or [`Key::NONE`] if the heap is empty.
    #[must_use]
    #[inline]
    pub fn first(&self) -> Key {
        self.keys[0]
    }

    /// Inserts a key.
    #[inline]
    pub fn push(&mut self, key: Key) {
        if self.len + ARITY >= self.keys.len() {
            self.keys.resize(2 * self.keys.len(), Key::NONE);
        }
        self.len += 1;
        self.sift_up(self.len - 1, key);
    }

    /// Removes the least key. The smallest children move up along one path, and the last key fills the hole that they leave.
    /// # Panics
    /// If it is empty.
    #[inline]
    pub fn pop(&mut self) {
        self.len -= 1;
        let last = std::mem::replace(&mut self.keys[self.len], Key::NONE);
        if self.len == 0 {
            return;
        }
        let mut hole = 0;
        while hole * ARITY + 1 < self.len {
            let first = hole * ARITY + 1;
            let (child, key) = least(&self.keys[first..first + ARITY]);
            self.keys[hole] = key;
            hole = first + child;
        }
        self.sift_up(hole, last);
    }

    /// Moves a key from a hole towards the top until it is in order.
    #[inline]
    fn sift_up(&mut self, mut hole: usize, key: Key) {
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

/// Returns the least of a node's children, with its position among them.
#[inline]
fn least(children: &[Key]) -> (usize, Key) {
    let less = |a: (usize, Key), b: (usize, Key)| if b.1 < a.1 { b } else { a };
    let left = less((0, children[0]), (1, children[1]));
    let right = less((2, children[2]), (3, children[3]));
    less(left, right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_leave_in_order(days in prop::collection::vec(0_u8..20, 0..300), pops in prop::collection::vec(any::<bool>(), 300)) {
            let mut heap = Heap::default();
            let mut sorted: Vec<Key> = Vec::new();
            for ((&days, number), pop) in days.iter().zip(1_u32..).zip(pops) {
                let key = Key::new(Time::from_days(days.into()), number.into(), number);
                heap.push(key);
                sorted.push(key);
                sorted.sort();
                if pop {
                    prop_assert_eq!(heap.first(), sorted.remove(0));
                    heap.pop();
                }
            }
            for key in sorted {
                prop_assert_eq!((heap.is_empty(), heap.first()), (false, key));
                heap.pop();
            }
            prop_assert!(heap.is_empty());
        }
    }
}
