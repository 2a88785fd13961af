//! A resource: a number of equal units, and a waiting line by rank, then first come, first served.

use std::collections::VecDeque;

/// Units that entities of kind `T` seize and release.
#[derive(Debug)]
pub struct Resource<T> {
    capacity: u32,
    /// Busy units. They exceed the capacity for a while after it was reduced.
    busy: u32,
    /// One line per rank; a lower rank is served first.
    lines: Vec<Line<T>>,
    waiting: usize,
}

/// A place in the waiting line of a rank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(u32);

/// The waiting line of one rank. An entity that gives up leaves a gap, so that no search is needed.
#[derive(Debug)]
struct Line<T> {
    places: VecDeque<Option<T>>,
    /// The place of the first entry.
    first: u32,
}

impl<T: Copy> Line<T> {
    fn pop(&mut self) -> Option<T> {
        while let Some(place) = self.places.pop_front() {
            self.first = self.first.wrapping_add(1);
            if place.is_some() {
                return place;
            }
        }
        None
    }
}

impl<T: Copy> Resource<T> {
    /// Returns a resource with `capacity` free units and a waiting line for each of `ranks` ranks.
    #[must_use]
    pub fn new(capacity: u32, ranks: usize) -> Self {
        let line = |_| Line { places: VecDeque::new(), first: 0 };
        Self { capacity, busy: 0, lines: (0..ranks).map(line).collect(), waiting: 0 }
    }

    /// Empties the resource, sets its capacity, and keeps the memory.
    pub fn clear(&mut self, capacity: u32) {
        self.capacity = capacity;
        self.busy = 0;
        self.waiting = 0;
        for line in &mut self.lines {
            line.places.clear();
            line.first = 0;
        }
    }

    /// Changes the number of units. Busy units are not interrupted.
    #[inline]
    pub fn set_capacity(&mut self, capacity: u32) {
        self.capacity = capacity;
    }

    /// Whether any entity waits.
    #[must_use]
    #[inline]
    pub fn is_wanted(&self) -> bool {
        self.waiting > 0
    }

    /// Whether an entity waits and a unit is free.
    #[must_use]
    #[inline]
    pub fn is_ready(&self) -> bool {
        self.waiting > 0 && self.busy < self.capacity
    }

    /// Appends an entity to the line of its rank, and returns its place.
    #[expect(clippy::cast_possible_truncation, reason = "places are counted modulo 2^32, and fewer wait")]
    #[inline]
    pub fn queue(&mut self, rank: usize, entity: T) -> Place {
        let line = &mut self.lines[rank];
        let place = Place(line.first.wrapping_add(line.places.len() as u32));
        line.places.push_back(Some(entity));
        self.waiting += 1;
        place
    }

    /// Gives a free unit to the next entity in line. Returns none if no unit is free or no entity waits.
    #[inline]
    pub fn seize_next(&mut self) -> Option<T> {
        if !self.is_ready() {
            return None;
        }
        let next = self.lines.iter_mut().find_map(Line::pop)?;
        self.waiting -= 1;
        self.busy += 1;
        Some(next)
    }

    /// Seizes a unit for an entity that does not wait, even if none is free.
    pub fn seize(&mut self) {
        self.busy += 1;
    }

    /// Frees a busy unit.
    ///
    /// # Panics
    /// If no unit is busy.
    #[inline]
    pub fn release(&mut self) {
        assert!(self.busy > 0, "a unit was released, but none is busy");
        self.busy -= 1;
    }

    /// Removes the entity that waits in this place from the line of its rank.
    ///
    /// # Panics
    /// If no entity waits there.
    pub fn renege(&mut self, rank: usize, place: Place) {
        let line = &mut self.lines[rank];
        let position = place.0.wrapping_sub(line.first) as usize;
        let left = line.places.get_mut(position).and_then(Option::take);
        assert!(left.is_some(), "nobody waits in the place to be vacated");
        self.waiting -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_ranks_come_first_and_each_rank_in_order_of_arrival() {
        let mut resource = Resource::new(4, 2);
        for (rank, entity) in [(1, 'a'), (0, 'b'), (1, 'c'), (0, 'd'), (1, 'e')] {
            resource.queue(rank, entity);
        }
        let served: String = std::iter::from_fn(|| resource.seize_next()).collect();
        assert_eq!(served, "bdac");
        assert_eq!(resource.busy, 4);
        resource.release();
        assert_eq!(resource.seize_next(), Some('e'));
    }

    #[test]
    fn entities_that_renege_are_skipped_and_the_order_stays() {
        let mut resource = Resource::new(9, 1);
        let places: Vec<Place> = "abcde".chars().map(|entity| resource.queue(0, entity)).collect();
        assert_eq!(resource.seize_next(), Some('a'));
        resource.renege(0, places[1]);
        resource.renege(0, places[3]);
        let last = resource.queue(0, 'f');
        assert_eq!((resource.seize_next(), resource.is_wanted()), (Some('c'), true));
        resource.renege(0, last);
        assert_eq!((resource.seize_next(), resource.seize_next()), (Some('e'), None));
        assert!(!resource.is_wanted());
    }

    #[test]
    #[should_panic(expected = "nobody waits in the place")]
    fn an_entity_cannot_renege_twice() {
        let mut resource = Resource::new(0, 1);
        let place = resource.queue(0, 'a');
        resource.renege(0, place);
        resource.renege(0, place);
    }

    #[test]
    fn a_reduced_capacity_interrupts_nobody() {
        let mut resource = Resource::new(2, 1);
        for entity in "abc".chars() {
            resource.queue(0, entity);
        }
        resource.seize_next();
        resource.seize_next();
        resource.set_capacity(1);
        resource.release();
        assert_eq!((resource.busy, resource.seize_next()), (1, None));
        resource.release();
        assert_eq!(resource.seize_next(), Some('c'));
    }
}
