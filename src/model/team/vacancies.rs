//! The vacant seats of a role, lowest first: a set of seat numbers that contains all numbers from some point on.

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

    /// Returns the vacant seats, lowest first, without end.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let mut word = self.first;
        let mut vacant = self.vacant(word);
        std::iter::from_fn(move || {
            while vacant == 0 {
                word += 1;
                vacant = self.vacant(word);
            }
            let bit = vacant.trailing_zeros() as usize;
            vacant &= vacant - 1;
            Some(u32::try_from(word * BITS + bit).expect("a seat number fits into 32 bits"))
        })
    }

    /// Returns the bits of the vacant seats in a word.
    fn vacant(&self, word: usize) -> u64 {
        !self.filled.get(word).copied().unwrap_or(0)
    }
}

fn place(number: u32) -> (usize, u64) {
    (number as usize / BITS, 1 << (number as usize % BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowest(vacancies: &Vacancies) -> Vec<u32> {
        vacancies.iter().take(3).collect()
    }

    #[test]
    fn the_lowest_vacant_seats_come_first() {
        let mut vacancies = Vacancies::default();
        assert_eq!(lowest(&vacancies), [0, 1, 2]);
        (0..200).for_each(|seat| vacancies.fill(seat));
        assert_eq!(lowest(&vacancies), [200, 201, 202]);
        vacancies.empty(130);
        vacancies.empty(7);
        assert_eq!(lowest(&vacancies), [7, 130, 200]);
        vacancies.fill(7);
        assert_eq!(lowest(&vacancies), [130, 200, 201]);
        vacancies.clear();
        assert_eq!(lowest(&vacancies), [0, 1, 2]);
    }
}
