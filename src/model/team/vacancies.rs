//! The vacant seats of a role: a set of seat numbers that contains all numbers from some point on.

const BITS: usize = u64::BITS as usize;

/// The seats with neither a staying person nor a requisition. At first all seats are vacant, without end.
#[derive(Debug, Default)]
pub(super) struct Vacancies {
    /// One bit per seat, set if it is filled. Seats beyond the end are vacant.
    filled: Vec<u64>,
    /// No word before this one has a vacant seat.
    first: usize,
}

impl Vacancies {
    /// Makes all seats vacant, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.filled.clear();
        self.first = 0;
    }

    /// Marks a seat as filled.
    pub(super) fn fill(&mut self, number: u32) {
        let (word, bit) = place(number);
        if word >= self.filled.len() {
            self.filled.resize(word + 1, 0);
        }
        self.filled[word] |= bit;
        while self.filled.get(self.first) == Some(&u64::MAX) {
            self.first += 1;
        }
    }

    /// Marks a seat as vacant.
    pub(super) fn empty(&mut self, number: u32) {
        let (word, bit) = place(number);
        self.filled[word] &= !bit;
        self.first = self.first.min(word);
    }

    /// Returns the lowest vacant seat.
    pub(super) fn lowest(&self) -> u32 {
        let vacant = self.filled.get(self.first).map_or(0, |word| word.trailing_ones() as usize);
        u32::try_from(self.first * BITS + vacant).expect("a seat number fits into 32 bits")
    }
}

fn place(number: u32) -> (usize, u64) {
    (number as usize / BITS, 1 << (number as usize % BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_vacant_seats_come_first() {
        let mut vacancies = Vacancies::default();
        assert_eq!(vacancies.lowest(), 0);
        (0..200).for_each(|seat| vacancies.fill(seat));
        assert_eq!(vacancies.lowest(), 200);
        vacancies.empty(130);
        vacancies.empty(7);
        assert_eq!(vacancies.lowest(), 7);
        vacancies.fill(7);
        assert_eq!(vacancies.lowest(), 130);
        vacancies.fill(130);
        (200..320).for_each(|seat| vacancies.fill(seat));
        assert_eq!(vacancies.lowest(), 320);
        vacancies.clear();
        assert_eq!(vacancies.lowest(), 0);
    }
}
