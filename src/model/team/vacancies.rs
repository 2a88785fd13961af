//! The vacant seats of a role, lowest first: a set of seat numbers that is full from some number on.

const BITS: usize = u64::BITS as usize;

/// Seats that hold neither a staying person nor a requisition. All seats are vacant at first, without end.
#[derive(Debug, Default)]
pub(super) struct Vacancies {
    /// One bit per seat, set while it is taken; seats beyond are vacant.
    taken: Vec<u64>,
    /// No word before this one has a vacant seat.
    first: usize,
}

impl Vacancies {
    /// Makes all seats vacant; keeps its memory.
    pub(super) fn clear(&mut self) {
        self.taken.clear();
        self.first = 0;
    }

    /// Takes a seat.
    pub(super) fn fill(&mut self, number: u32) {
        let (word, bit) = place(number);
        if word >= self.taken.len() {
            self.taken.resize(word + 1, 0);
        }
        self.taken[word] |= bit;
        while self.taken.get(self.first) == Some(&u64::MAX) {
            self.first += 1;
        }
    }

    /// Makes a seat vacant again.
    pub(super) fn empty(&mut self, number: u32) {
        let (word, bit) = place(number);
        self.taken[word] &= !bit;
        self.first = self.first.min(word);
    }

    /// The vacant seats, lowest first, without end.
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
            Some(u32::try_from(word * BITS + bit).expect("a seat number fits"))
        })
    }

    /// The bits of a word whose seats are vacant.
    fn vacant(&self, word: usize) -> u64 {
        !self.taken.get(word).copied().unwrap_or(0)
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
