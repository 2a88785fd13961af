//! A resource: some equal units, and those who wait for one, by rank and then first come first served.

use std::collections::VecDeque;

/// Units that entities of kind `T` seize and release.
#[derive(Debug)]
pub struct Resource<T> {
    capacity: u32,
    busy: u32,
    /// One line per rank; a lower rank is served first.
    lines: Vec<VecDeque<T>>,
    waiting: usize,
}

impl<T: Copy + PartialEq> Resource<T> {
    /// A resource with `capacity` units and a waiting line for each of `ranks` ranks.
    #[must_use]
    pub fn new(capacity: u32, ranks: usize) -> Self {
        Self { capacity, busy: 0, lines: (0..ranks).map(|_| VecDeque::new()).collect(), waiting: 0 }
    }

    /// Back to nobody served and nobody waiting, with `capacity` units; keeps its memory.
    pub fn clear(&mut self, capacity: u32) {
        self.capacity = capacity;
        self.busy = 0;
        self.waiting = 0;
        self.lines.iter_mut().for_each(VecDeque::clear);
    }

    /// Units that are busy: more than the capacity after that has fallen.
    #[must_use]
    pub fn busy(&self) -> u32 {
        self.busy
    }

    /// Changes the number of units; work under way goes on.
    pub fn set_capacity(&mut self, capacity: u32) {
        self.capacity = capacity;
    }

    /// Whether somebody waits.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.waiting > 0
    }

    /// Puts an entity at the end of the line of its rank.
    pub fn queue(&mut self, rank: usize, entity: T) {
        self.lines[rank].push_back(entity);
        self.waiting += 1;
    }

    /// Gives a free unit to the next in line; none if no unit is free or nobody waits.
    pub fn seize_next(&mut self) -> Option<T> {
        if self.waiting == 0 || self.busy >= self.capacity {
            return None;
        }
        let next = self.lines.iter_mut().find_map(VecDeque::pop_front)?;
        self.waiting -= 1;
        self.busy += 1;
        Some(next)
    }

    /// Frees a unit.
    ///
    /// # Panics
    /// If none is busy.
    pub fn release(&mut self) {
        assert!(self.busy > 0, "a unit was released when none was busy");
        self.busy -= 1;
    }

    /// Takes an entity out of the line of its rank; false if it does not wait there.
    pub fn renege(&mut self, rank: usize, entity: T) -> bool {
        let line = &mut self.lines[rank];
        let Some(position) = line.iter().position(|&other| other == entity) else { return false };
        line.remove(position);
        self.waiting -= 1;
        true
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
        assert_eq!(resource.busy(), 4);
        resource.release();
        assert_eq!(resource.seize_next(), Some('e'));
    }

    #[test]
    fn who_reneges_is_passed_over_and_the_order_stays() {
        let mut resource = Resource::new(9, 1);
        "abcd".chars().for_each(|entity| resource.queue(0, entity));
        assert!(resource.renege(0, 'b'));
        assert!(!resource.renege(0, 'b'));
        assert_eq!(std::iter::from_fn(|| resource.seize_next()).collect::<String>(), "acd");
        assert!(!resource.is_wanted());
    }

    #[test]
    fn a_fall_in_capacity_interrupts_nobody() {
        let mut resource = Resource::new(2, 1);
        "abc".chars().for_each(|entity| resource.queue(0, entity));
        resource.seize_next();
        resource.seize_next();
        resource.set_capacity(1);
        resource.release();
        assert_eq!((resource.busy(), resource.seize_next()), (1, None));
        resource.release();
        assert_eq!(resource.seize_next(), Some('c'));
    }
}
