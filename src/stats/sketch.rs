//! Quantiles of more values than can be kept: a histogram whose cells have the same relative width everywhere.

use std::collections::BTreeMap;

use super::quantile::{between, place};

/// Bits of the mantissa that select one of the 2048 cells of an octave.
const CELL_BITS: u32 = 11;
/// Cells of an octave.
const CELLS: usize = 1 << CELL_BITS;
/// Bits of a number below those that select its cell.
const REST_BITS: u32 = f64::MANTISSA_DIGITS - 1 - CELL_BITS;

/// How often numbers of each cell were seen. An octave, the numbers from one power of two to the next, has 2048 cells of
/// equal width. So the middle of a cell is within [`Sketch::RELATIVE_ERROR`] of every number in it. It is a histogram of
/// floating-point numbers by their leading bits, as HdrHistogram is for integers (Tene 2012).
///
/// The counts are exact, so the order of adding and merging does not matter. It takes at most 8 kB for each octave with
/// numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    /// Counts by octave, in ascending order of their numbers. The cells of a negative octave count from its far end.
    octaves: BTreeMap<u32, Cells>,
    total: u64,
    /// The smallest and the largest value. Quantiles stay within them, so those of a constant are exact.
    range: (f64, f64),
    /// Whether all values are whole numbers. Then a narrow cell determines its only value.
    is_whole: bool,
}

/// The counts of an octave: only of the cells with numbers as long as they are few, then of all cells.
#[derive(Clone, Debug, PartialEq)]
enum Cells {
    Few(Vec<(u16, u32)>),
    Many(Box<[u32]>),
}

impl Cells {
    /// Most cells that are listed. They take half the memory of all cells.
    const FEW: usize = CELLS / 4;

    fn add(&mut self, cell: usize, times: u32) {
        match self {
            Self::Few(seen) => match seen.binary_search_by_key(&cell, |(cell, _)| usize::from(*cell)) {
                Ok(at) => seen[at].1 += times,
                Err(_) if seen.len() == Self::FEW => {
                    let mut all: Box<[u32]> = vec![0; CELLS].into();
                    seen.iter().for_each(|&(cell, count)| all[usize::from(cell)] = count);
                    all[cell] += times;
                    *self = Self::Many(all);
                }
                Err(at) => seen.insert(at, (cell as u16, times)),
            },
            Self::Many(all) => all[cell] += times,
        }
    }

    fn count(&self, cell: usize) -> u32 {
        match self {
            Self::Few(seen) => seen.iter().find(|(seen, _)| usize::from(*seen) == cell).map_or(0, |(_, count)| *count),
            Self::Many(all) => all[cell],
        }
    }

    /// Returns the cells with numbers, in order, with their counts.
    fn seen(&self) -> impl Iterator<Item = (usize, u32)> {
        let (few, many) = match self {
            Self::Few(seen) => (seen.as_slice(), &[][..]),
            Self::Many(all) => (&[][..], &all[..]),
        };
        let few = few.iter().map(|&(cell, count)| (usize::from(cell), count));
        few.chain(many.iter().copied().enumerate().filter(|(_, count)| *count > 0))
    }
}

impl Default for Cells {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Default for Sketch {
    /// Returns an empty sketch.
    fn default() -> Sketch {
        Sketch { octaves: BTreeMap::new(), total: 0, range: (f64::INFINITY, f64::NEG_INFINITY), is_whole: true }
    }
}

impl Sketch {
    /// The largest error of a quantile, as a share of the exact one. If the quantile is between two values, it is a share of
    /// the larger one. Numbers below 1e-300 in size have an absolute error below 1e-300 instead.
    pub const RELATIVE_ERROR: f64 = 1.0 / (2 * CELLS) as f64;

    /// Adds values. NaN is missing and left out.
    pub fn add(&mut self, values: &[f64]) {
        let mut open: Option<(u32, Cells)> = None;
        // Adding zero turns -0.0 into 0.0.
        for value in values.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0) {
            self.see(value);
            let (octave, cell) = cell_of(value);
            // A value is mostly in the same octave as the one before.
            if open.as_ref().is_none_or(|(number, _)| *number != octave) {
                self.close(open.take());
                open = Some((octave, self.octaves.remove(&octave).unwrap_or_default()));
            }
            if let Some((_, cells)) = &mut open {
                cells.add(cell, 1);
                self.total += 1;
            }
        }
        self.close(open);
    }

    /// Adds a value several times. NaN is missing and left out.
    pub fn add_times(&mut self, value: f64, times: u64) {
        let value = value + 0.0;
        if times > 0 && !value.is_nan() {
            self.see(value);
            let (octave, cell) = cell_of(value);
            self.octaves.entry(octave).or_default().add(cell, times as u32);
            self.total += times;
        }
    }

    fn see(&mut self, value: f64) {
        self.range = (self.range.0.min(value), self.range.1.max(value));
        self.is_whole &= value.fract() == 0.0;
    }

    fn close(&mut self, open: Option<(u32, Cells)>) {
        self.octaves.extend(open);
    }

    /// Adds the counts of another sketch.
    pub fn merge(&mut self, other: &Sketch) {
        for (&octave, later) in &other.octaves {
            let cells = self.octaves.entry(octave).or_default();
            later.seen().for_each(|(cell, count)| cells.add(cell, count));
        }
        self.total += other.total;
        self.range = (self.range.0.min(other.range.0), self.range.1.max(other.range.1));
        self.is_whole &= other.is_whole;
    }

    /// Returns the number of values that are not missing.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Returns the exact smallest and largest value. None without values.
    pub fn range(&self) -> Option<(f64, f64)> {
        (self.total > 0).then_some(self.range)
    }

    /// Returns the quantiles for several `shares` (each 0 to 1), in their order. NaN (missing) without values.
    pub fn quantiles(&self, shares: &[f64]) -> Vec<f64> {
        shares.iter().map(|&p| self.quantile(p).unwrap_or(f64::NAN)).collect()
    }

    /// Returns the value below which a share `p` (0 to 1) lies, within the error. None without values.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let (rank, part) = place(self.total, p)?;
        let low = self.value_of(rank)?;
        Some(if part > 0.0 { between(low, self.value_of(rank + 1)?, part) } else { low })
    }

    /// Returns the value at a rank, from 0, in ascending order, within the error. None beyond the last.
    pub fn value_of(&self, rank: u64) -> Option<f64> {
        self.values_of([rank]).pop()
    }

    /// Returns the values at ascending ranks, from 0. Ranks beyond the last are left out.
    pub fn values_of(&self, ranks: impl IntoIterator<Item = u64>) -> Vec<f64> {
        let mut ranks = ranks.into_iter().peekable();
        let mut values = Vec::with_capacity(ranks.size_hint().0);
        let mut up_to = 0;
        for (&octave, cells) in &self.octaves {
            for (cell, count) in cells.seen() {
                up_to += u64::from(count);
                while ranks.next_if(|&rank| rank < up_to).is_some() {
                    values.push(self.value_in(octave, cell));
                }
            }
        }
        values
    }

    /// Returns how many values are in the cell of a value.
    pub fn count_of(&self, value: f64) -> u64 {
        let (octave, cell) = cell_of(value + 0.0);
        self.octaves.get(&octave).map_or(0, |cells| cells.count(cell).into())
    }

    /// Returns the value that represents a cell: its middle. If all values are whole and the cell contains at most one whole
    /// number, it is that number.
    fn value_in(&self, octave: u32, cell: usize) -> f64 {
        let middle = middle(octave, cell);
        let is_one = self.is_whole && middle.abs() < 2.0 * CELLS as f64;
        // A cell starts at the end that is nearer to zero, and its whole number is there.
        let value = if is_one { middle.abs().floor().copysign(middle) + 0.0 } else { middle };
        value.clamp(self.range.0, self.range.1)
    }
}

/// Maps a number to an integer with the same order: larger numbers have larger integers.
fn ordered(value: f64) -> u64 {
    let bits = value.to_bits();
    if value.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

/// Returns the octave of a number, and its cell in the octave, both in order of the numbers.
fn cell_of(value: f64) -> (u32, usize) {
    let cell = ordered(value) >> REST_BITS;
    ((cell >> CELL_BITS) as u32, cell as usize % CELLS)
}

/// Returns the middle of a cell. Zero and infinity are values in their own right.
fn middle(octave: u32, cell: usize) -> f64 {
    let cell = u64::from(octave) << CELL_BITS | cell as u64;
    let number = |ordered: u64| f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered });
    let (from, to) = (number(cell << REST_BITS), number((cell << REST_BITS) | ((1 << REST_BITS) - 1)));
    // Cells below the numbers of full precision count as zero, and cells beyond the largest number as infinity.
    if from == 0.0 || to == 0.0 {
        0.0
    } else if !from.is_finite() || !to.is_finite() {
        if from > 0.0 { f64::INFINITY } else { f64::NEG_INFINITY }
    } else {
        from + (to - from) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sample;
    use super::super::testing::seeded;
    use super::*;
    use proptest::prelude::*;

    fn sketched(values: &[f64]) -> Sketch {
        let mut sketch = Sketch::default();
        sketch.add(values);
        sketch
    }

    #[test]
    fn the_middle_of_a_cell_is_close_to_all_its_numbers() {
        let values =
            [1.0, 1.000_000_1, 1.5, 1.999_999_9, 2.0, 3.7e-200, 1e300, 0.1, 54.0, 123_456.789, f64::MAX, f64::MIN_POSITIVE];
        for value in values.into_iter().flat_map(|value| [value, -value]) {
            let (octave, cell) = cell_of(value);
            let apart = (middle(octave, cell) - value).abs() / value.abs();
            assert!(apart <= Sketch::RELATIVE_ERROR, "{value}: {apart}");
        }
        // This error is reached, so no smaller bound could be promised.
        let (octave, cell) = cell_of(1.0);
        assert!((middle(octave, cell) - 1.0) > 0.999 * Sketch::RELATIVE_ERROR);
    }

    #[test]
    fn zero_and_infinity_are_themselves() {
        for value in [0.0, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(sketched(&[value; 3]).quantile(0.5), Some(value));
        }
        assert_eq!(sketched(&[-0.0, 0.0]).octaves.len(), 1);
        assert_eq!(sketched(&[-0.0]).quantile(0.5), Some(0.0));
        assert!(sketched(&[5e-324, 1e-310]).quantile(0.5).is_some_and(|value| value < 1e-300));
    }

    #[test]
    fn a_constant_is_exact_and_quantiles_stay_within_the_extremes() {
        assert_eq!(sketched(&[54.0; 9]).quantiles(&[0.0, 0.3, 1.0]), [54.0; 3]);
        let sketch = sketched(&[54.0, 54.001, 54.002]);
        assert_eq!((sketch.quantile(0.0), sketch.quantile(1.0)), (Some(54.002), Some(54.002)));
        assert_eq!(Sketch::default().range, (f64::INFINITY, f64::NEG_INFINITY));
    }

    #[test]
    fn an_empty_sketch_has_no_quantile_and_missing_values_are_left_out() {
        assert_eq!(Sketch::default().quantile(0.5), None);
        let sketch = sketched(&[f64::NAN, 7.0, f64::NAN]);
        assert_eq!(sketch.total(), 1);
        assert!(sketch.quantiles(&[0.0, 1.0]).iter().all(|value| (value - 7.0).abs() < 7.0 * Sketch::RELATIVE_ERROR));
        assert!(Sketch::default().quantiles(&[0.5])[0].is_nan());
    }

    #[test]
    fn memory_follows_the_octaves_and_not_the_number_of_values() {
        let values: Vec<f64> = (0..100_000).map(|value| 64.0 + f64::from(value % 64_000) / 1000.0).collect();
        assert_eq!(sketched(&values).octaves.len(), 1);
    }

    #[test]
    fn few_and_many_cells_give_the_same_counts() {
        let values: Vec<f64> = (0..5000).map(|at| 1.0 + f64::from(at * 7 % 5000) / 5000.0).collect();
        for count in [1, Cells::FEW, Cells::FEW + 1, 5000] {
            let whole = sketched(&values[..count]);
            let mut merged = sketched(&values[count / 2..count]);
            merged.merge(&sketched(&values[..count / 2]));
            assert_eq!(whole, merged);
            let exact = Sample::of(values[..count].iter().copied()).quantiles(&[0.1, 0.5, 0.9]);
            let near = whole.quantiles(&[0.1, 0.5, 0.9]);
            assert!(exact.iter().zip(&near).all(|(exact, near)| (exact / near - 1.0).abs() <= Sketch::RELATIVE_ERROR));
        }
        assert!(matches!(sketched(&values).octaves.values().next(), Some(Cells::Many(_))));
        assert!(matches!(sketched(&values[..Cells::FEW]).octaves.values().next(), Some(Cells::Few(_))));
    }

    fn values() -> impl Strategy<Value = Vec<f64>> {
        let value =
            prop_oneof![4 => 0.0_f64..200.0, 3 => -1e6_f64..1e6, 1 => Just(0.0), 1 => Just(f64::NAN), 1 => 1e-6_f64..1e-3];
        prop::collection::vec(value, 1..300)
    }

    proptest! {
        #![proptest_config(seeded(400))]

        #[test]
        fn quantiles_are_within_the_error_of_those_of_a_sample(values in values(), p in 0.0_f64..=1.0) {
            let sample = Sample::of(values.iter().copied());
            let (exact, found) = (sample.quantile(p), sketched(&values).quantile(p));
            prop_assert_eq!(exact.is_some(), found.is_some());
            if let (Some(exact), Some(found), Some((rank, part))) = (exact, found, place(sample.count() as u64, p)) {
                let next = sample.sorted()[rank as usize + usize::from(part > 0.0)];
                let larger = sample.sorted()[rank as usize].abs().max(next.abs());
                prop_assert!((found - exact).abs() <= larger * Sketch::RELATIVE_ERROR * (1.0 + 1e-12), "{exact} {found}");
            }
        }

        #[test]
        fn merging_in_any_order_equals_adding_all(some in values(), others in values()) {
            let (mut ab, mut ba) = (sketched(&some), sketched(&others));
            ab.merge(&sketched(&others));
            ba.merge(&sketched(&some));
            let all = sketched(&[some, others].concat());
            prop_assert_eq!(&ab, &all);
            prop_assert_eq!(&ba, &all);
        }

        #[test]
        fn numbers_keep_their_order(a in any::<f64>(), b in any::<f64>()) {
            if a < b {
                prop_assert!(cell_of(a) <= cell_of(b));
            }
        }
    }
}
