//! The random words of a draw as a generator of the `rand` crate, for distributions that take more than one number.

use std::convert::Infallible;

use rand::rand_core::utils::{fill_bytes_via_next_word, next_u64_via_u32};
use rand::{Rng, TryRng};

use super::distribution::Distribution;
use super::philox::philox2x64_10;
use super::stream::{DrawKey, Entity, Family, open_uniform};

/// An endless sequence of random words for one draw: [`Family::words`](super::Family::words).
///
/// The first block of 128 bits is the block of the draw. It also seeds all further blocks, which come from Philox2x64-10:
/// its first half is the key, and the block number and its second half are the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    seed: [u64; 2],
    /// The current block, its number, and how many of its words were used.
    block: [u32; 4],
    number: u64,
    used: usize,
}

impl Family {
    /// Returns the random words of the draw, as a generator of the `rand` crate. Use it for a distribution that takes more
    /// than two numbers, or that is not ours. The first value that a [`Distribution`](super::Distribution) takes from it
    /// equals the value of the draw, to the bit.
    ///
    /// ```
    /// use handover::random::{DrawKey, Entity, Family, Purpose};
    /// use rand_distr::{Distribution, Poisson};
    ///
    /// let visits = DrawKey::of(Purpose::named("example.visits"));
    /// let family = Family::new(1, "engineer");
    /// let poisson = Poisson::new(12.0)?;
    /// let in_replication = |replication| -> f64 {
    ///     poisson.sample(&mut family.words(replication, Entity { seat: 3, requisition: 0 }, visits))
    /// };
    /// assert_eq!(in_replication(7), in_replication(7), "it does not depend on earlier draws");
    /// let mean = (0..1000).map(in_replication).sum::<f64>() / 1000.0;
    /// assert!((mean - 12.0).abs() < 4.0 * (12.0_f64 / 1000.0).sqrt(), "within 4 standard errors: {mean}");
    /// # Ok::<(), rand_distr::PoissonError>(())
    /// ```
    #[must_use]
    pub fn words(&self, replication: u32, entity: Entity, draw: DrawKey) -> Words {
        Words::after(self.block(replication, entity, draw))
    }
}

impl Words {
    pub(super) fn after(seed: [u64; 2]) -> Self {
        Self { seed, block: halves(seed), number: 0, used: 0 }
    }

    fn next_block(&mut self) {
        let [key, half] = self.seed;
        self.number += 1;
        self.block = halves(philox2x64_10([self.number, half], key));
        self.used = 0;
    }
}

/// Returns the words of a block, the lower half of each 64 bits first.
fn halves([first, second]: [u64; 2]) -> [u32; 4] {
    [first as u32, (first >> u32::BITS) as u32, second as u32, (second >> u32::BITS) as u32]
}

impl TryRng for Words {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        if self.used == self.block.len() {
            self.next_block();
        }
        self.used += 1;
        Ok(self.block[self.used - 1])
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        next_u64_via_u32(self)
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(target, || self.try_next_u32())
    }
}

/// Draws the quantile of one uniform number, made of the next 64 bits.
///
/// ```
/// use handover::random::{Distribution, Weibull};
/// use rand::distr::Distribution as _;
/// use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
///
/// let stay = Distribution::weibull(Weibull { shape: 1.5, scale: 900.0 })?;
/// let generator = Xoshiro256PlusPlus::seed_from_u64(7);
/// let stays: Vec<f64> = stay.sample_iter(generator).take(1000).collect();
/// let mean = stays.iter().sum::<f64>() / 1000.0;
/// // Within 4 standard errors.
/// assert!((mean - 812.5).abs() < 4.0 * 551.7 / 1000_f64.sqrt(), "{mean}");
/// # Ok::<(), handover::random::Refusal>(())
/// ```
impl rand::distr::Distribution<f64> for Distribution {
    fn sample<R: Rng + ?Sized>(&self, generator: &mut R) -> f64 {
        self.quantile(open_uniform(generator.next_u64()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::RngExt as _;
    use rand::distr::Distribution as _;

    use super::super::{DrawKey, Entity, Family, Purpose, Weibull};
    use super::*;

    const ENTITY: Entity = Entity { seat: 3, requisition: 5 };
    const DRAW: DrawKey = DrawKey::of(Purpose::named("test.words"));

    fn words(replication: u32) -> Words {
        Family::new(7, "engineer").words(replication, ENTITY, DRAW)
    }

    #[test]
    fn the_same_key_gives_the_same_words_and_another_key_others() {
        let first = |words: Words| words.random_iter::<u32>().take(1000).collect::<Vec<_>>();
        assert_eq!(first(words(11)), first(words(11)));
        let others = [
            words(11),
            words(12),
            Family::new(8, "engineer").words(11, ENTITY, DRAW),
            Family::new(7, "tester").words(11, ENTITY, DRAW),
            Family::new(7, "engineer").words(11, Entity { seat: 4, ..ENTITY }, DRAW),
            Family::new(7, "engineer").words(11, ENTITY, DRAW.attempt(1 << 20)),
            Family::new(7, "engineer").words(11, ENTITY, DRAW.index(1)),
        ];
        let count = others.len();
        let seen: BTreeSet<u64> =
            others.into_iter().flat_map(|words| words.random_iter::<u64>().take(1000).collect::<Vec<_>>()).collect();
        assert_eq!(seen.len(), count * 1000, "no word of 64 bits comes twice");
    }

    /// A change here changes what users draw: it is value-breaking.
    #[test]
    fn the_words_never_change() {
        assert_eq!(words(11).random_iter::<u32>().take(6).collect::<Vec<_>>(), FIRST);
    }
    const FIRST: [u32; 6] = [3_723_802_021, 393_946_590, 3_698_570_876, 3_305_527_124, 3_652_037_305, 3_303_915_707];

    #[test]
    fn the_first_words_are_the_draw_and_give_its_quantile() {
        let family = Family::new(7, "engineer");
        let law = Distribution::weibull(Weibull { shape: 1.5, scale: 900.0 }).expect("the parameters are valid");
        for replication in 0..100 {
            let pair = family.pair(replication, ENTITY, DRAW).map(|u| law.quantile(u).to_bits());
            let mut words = words(replication);
            assert_eq!([law.sample(&mut words).to_bits(), law.sample(&mut words).to_bits()], pair);
        }
    }

    #[test]
    fn words_keep_their_order_however_they_are_read() {
        let (mut whole, mut halves, mut bytes) = (words(1), words(1), [0; 13]);
        words(1).fill_bytes(&mut bytes);
        for chunk in bytes.chunks(4) {
            let word = halves.next_u32().to_le_bytes();
            assert_eq!(chunk, &word[..chunk.len()]);
        }
        let mut halves = words(1);
        for _ in 0..10 {
            let (low, high) = (u64::from(halves.next_u32()), u64::from(halves.next_u32()));
            assert_eq!(whole.next_u64(), (high << 32) | low);
        }
    }

    /// Statistics with mean 0 and standard error 1 for independent uniform numbers. A bias of 0.006 would be noticed.
    #[test]
    fn numbers_of_one_draw_are_uniform_and_uncorrelated() {
        for replication in 0..8 {
            let centred: Vec<f64> = words(replication)
                .random_iter::<u64>()
                .take(50_000)
                .map(|bits| (open_uniform(bits) - 0.5) * 12_f64.sqrt())
                .collect();
            let sum = |terms: &mut dyn Iterator<Item = f64>| terms.sum::<f64>() / 50_000_f64.sqrt();
            let z = [
                sum(&mut centred.iter().copied()),
                // The variance of the square is E z^4 - 1 = 9/5 - 1.
                sum(&mut centred.iter().map(|z| z * z - 1.0)) / 0.8_f64.sqrt(),
                sum(&mut centred.windows(2).map(|pair| pair[0] * pair[1])),
                sum(&mut centred.windows(3).map(|three| three[0] * three[2])),
            ];
            assert!(z.iter().all(|z| z.abs() < 4.5), "{replication}: {z:?}");
        }
    }
}
