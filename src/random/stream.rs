//! Keyed draws: random numbers that are identified by what they decide, not by a position in a sequence.

use super::philox::KeySchedule;

/// What a draw decides, by name: `Purpose::named("hiring.stage")`.
///
/// Only 16 bits of the name's hash are kept, so two names could collide. A test checks that no two purposes in the program
/// do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purpose(u16);

impl Purpose {
    /// Returns the purpose with this name.
    #[must_use]
    pub const fn named(name: &'static str) -> Purpose {
        let hash = fnv_1a(name);
        Purpose((hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48)) as u16)
    }

    /// Returns its number out of 65,536, for a test that no two purposes share one.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}

/// The n-th requisition of a seat, and the person that it brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Entity {
    /// The seat's number within its family.
    pub seat: u32,
    /// The requisition's number within its seat.
    pub requisition: u32,
}

impl Entity {
    /// Returns the entity with this running number, for instance an incident. Its family has no seats.
    #[inline]
    #[must_use]
    pub const fn numbered(number: u64) -> Entity {
        Entity { seat: (number >> u32::BITS) as u32, requisition: number as u32 }
    }
}

/// The key of one draw of an entity: its purpose, and which of that purpose's draws it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawKey {
    /// The index, and above it the purpose, as they are in the counter.
    which: u32,
    attempt: u32,
}

impl DrawKey {
    /// Returns the key of the first draw for this purpose.
    #[inline]
    #[must_use]
    pub const fn of(purpose: Purpose) -> DrawKey {
        DrawKey { which: (purpose.0 as u32) << u16::BITS, attempt: 0 }
    }

    /// Returns the same key for the index-th thing of its kind, for instance a stage.
    #[inline]
    #[must_use]
    pub const fn index(self, index: u16) -> DrawKey {
        DrawKey { which: self.which >> u16::BITS << u16::BITS | index as u32, ..self }
    }

    /// Returns the same key for this attempt, counted from 0.
    #[inline]
    #[must_use]
    pub const fn attempt(self, attempt: u32) -> DrawKey {
        DrawKey { attempt, ..self }
    }
}

/// Derives a seed from a seed and a name, for something that must share no luck with anything else. It is a hash of both.
#[must_use]
pub fn derived_seed(seed: u64, name: &str) -> u64 {
    finalise(finalise(seed.wrapping_add(GOLDEN_GAMMA)) ^ fnv_1a(name))
}

/// Bits of the counter for a seat, a requisition and an attempt.
const SEAT_BITS: u32 = 20;
const REQUISITION_BITS: u32 = 24;
const ATTEMPT_BITS: u32 = 20;
/// Bits of these numbers that do not fit into the counter.
const SEAT_UPPER_BITS: u32 = u32::BITS - SEAT_BITS;
const REQUISITION_UPPER_BITS: u32 = u32::BITS - REQUISITION_BITS;
const ATTEMPT_UPPER_BITS: u32 = u32::BITS - ATTEMPT_BITS;
const _: () = assert!(SEAT_BITS + REQUISITION_BITS + ATTEMPT_BITS == 2 * u32::BITS, "they fill two words of the counter");
const _: () = assert!(SEAT_BITS == ATTEMPT_BITS, "both are compared with their bits at once");
const _: () =
    assert!(SEAT_UPPER_BITS + REQUISITION_UPPER_BITS + ATTEMPT_UPPER_BITS == u32::BITS, "the upper bits fill a word");

/// All draws of one family of entities, for instance of a role, under one seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    keys: KeySchedule,
}

impl Family {
    /// Returns the family with this name under this seed. Under one seed, names with different hashes have different keys.
    /// Keys of different seeds are unrelated.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Family {
        Family { keys: KeySchedule::new(derived_seed(seed, name)) }
    }

    /// Returns the value of the draw, strictly inside (0, 1).
    #[inline]
    #[must_use]
    pub fn uniform(&self, replication: u32, entity: Entity, draw: DrawKey) -> f64 {
        self.pair(replication, entity, draw)[0]
    }

    /// Returns the value of the draw and a second, independent one, at no extra cost.
    ///
    /// The 128 bits of the counter are, from the lowest: replication 32, seat 20, requisition 24, attempt 20, index 16,
    /// purpose 16. The upper bits of larger numbers go into the key, so that no two draws share both.
    #[inline]
    #[must_use]
    pub fn pair(&self, replication: u32, entity: Entity, draw: DrawKey) -> [f64; 2] {
        self.block(replication, entity, draw).map(open_uniform)
    }

    #[inline]
    pub(super) fn block(&self, replication: u32, entity: Entity, draw: DrawKey) -> [u64; 2] {
        let upper = ((entity.seat | draw.attempt) >> SEAT_BITS) | (entity.requisition >> REQUISITION_BITS);
        if upper == 0 {
            self.keys.block(counter(replication, entity, draw))
        } else {
            self.block_of_large_numbers(replication, entity, draw)
        }
    }

    /// Returns the block if a number is too large for its field. For one family, different upper bits give different keys.
    #[cold]
    #[inline(never)]
    fn block_of_large_numbers(&self, replication: u32, entity: Entity, draw: DrawKey) -> [u64; 2] {
        let keys = KeySchedule::new(finalise(self.keys.key() ^ u64::from(upper_bits(entity, draw))));
        let seat = entity.seat & (u32::MAX >> SEAT_UPPER_BITS);
        let requisition = entity.requisition & (u32::MAX >> REQUISITION_UPPER_BITS);
        let attempt = draw.attempt & (u32::MAX >> ATTEMPT_UPPER_BITS);
        keys.block(counter(replication, Entity { seat, requisition }, draw.attempt(attempt)))
    }
}

/// Returns the counter of a draw whose numbers fit into their fields.
#[inline]
fn counter(replication: u32, entity: Entity, draw: DrawKey) -> [u64; 2] {
    let [seat, requisition, attempt, which] = [entity.seat, entity.requisition, draw.attempt, draw.which].map(u64::from);
    [
        u64::from(replication) | (seat << u32::BITS) | (requisition << (u32::BITS + SEAT_BITS)),
        (requisition >> (u32::BITS - SEAT_BITS)) | (attempt << ATTEMPT_UPPER_BITS) | (which << u32::BITS),
    ]
}

/// Returns the upper bits of a draw's numbers, which do not fit into its counter. They are 0 for nearly all draws.
#[inline]
fn upper_bits(entity: Entity, draw: DrawKey) -> u32 {
    let (seat, requisition) = (entity.seat >> SEAT_BITS, entity.requisition >> REQUISITION_BITS);
    let attempt = draw.attempt >> ATTEMPT_BITS;
    seat | (requisition << SEAT_UPPER_BITS) | (attempt << (SEAT_UPPER_BITS + REQUISITION_UPPER_BITS))
}

/// Computes (k + 1/2) / 2^52, where k is the upper 52 of the 64 bits.
///
/// The result is an odd multiple of 2^-53. It is never 0 or 1, so ln(u) and every quantile are finite. And 1 - u is another
/// such number, without rounding, so a distribution can be entered from either tail. With a 53rd bit, 1 - u would need
/// rounding.
#[inline]
pub(super) fn open_uniform(bits: u64) -> f64 {
    // The bits of 1 + k / 2^52, minus (1 - half a step). This is exact, and faster than an integer conversion.
    f64::from_bits(1.0_f64.to_bits() | (bits >> 12)) - (1.0 - f64::EPSILON / 2.0)
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo 1991): short, and usable at compile time.
const fn fnv_1a(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014; the constants are Stafford's variant 13). It is one to one, and
/// each input bit flips each output bit with a probability of about one half.
const fn finalise(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// 2^64 over the golden ratio, as in SplitMix64. It keeps seed 0 from mapping to 0.
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    const SEARCH: Purpose = Purpose::named("hiring.stage");
    const ENTITY: Entity = Entity { seat: 3, requisition: 5 };

    fn family() -> Family {
        Family::new(7, "engineer")
    }

    /// A change here changes every result: it is value-breaking.
    #[test]
    fn the_keys_never_change() {
        let draw = DrawKey::of(SEARCH).index(2).attempt(1);
        assert_eq!(SEARCH.number(), NUMBER);
        assert_eq!(family().keys, KeySchedule::new(KEY));
        assert_eq!(family().pair(11, ENTITY, draw).map(f64::to_bits), PAIR);
        assert_eq!(Family::new(0, "").uniform(0, Entity::default(), DrawKey::of(SEARCH)).to_bits(), FIRST);
    }
    const NUMBER: u16 = 64_323;
    const KEY: u64 = 4_003_386_648_654_635_354;
    const PAIR: [u64; 2] = [0x3feb_118f_5f29_8dd5, 0x3fee_357c_a149_f599];
    const FIRST: u64 = 0x3fe5_195b_e491_8b57;

    #[test]
    fn each_bit_of_each_coordinate_matters() {
        let mut seen = std::collections::BTreeSet::new();
        let draw = DrawKey::of(SEARCH);
        let mut note = |family: Family, replication, seat, requisition, draw| {
            let [first, second] = family.pair(replication, Entity { seat, requisition }, draw);
            assert!(seen.insert(first.to_bits()) && seen.insert(second.to_bits()), "{draw:?} of {seat}, {requisition}");
        };
        note(family(), 0, 0, 0, draw);
        for bit in 0..32 {
            note(family(), 1 << bit, 0, 0, draw);
            note(family(), 0, 1 << bit, 0, draw);
            note(family(), 0, 0, 1 << bit, draw);
            note(family(), 0, 0, 0, draw.attempt(1 << bit));
        }
        for bit in 0..16 {
            note(family(), 0, 0, 0, draw.index(1 << bit));
            note(family(), 0, 0, 0, DrawKey::of(Purpose(SEARCH.0 ^ (1 << bit))));
        }
        for seed in 0..100 {
            note(Family::new(seed, "tester"), 0, 0, 0, draw);
            note(Family::new(seed, "engineer2"), 0, 0, 0, draw);
        }
    }

    /// All combinations of numbers around the ends of the fields. Bits beyond the end of one field must not collide with
    /// another.
    #[test]
    fn numbers_beyond_their_fields_never_repeat_a_draw() {
        let around = |bits: u32| [0, 1, (1 << bits) - 1, 1 << bits, (1 << bits) + 1, 1 << 31, u32::MAX - 1, u32::MAX];
        let mut seen = std::collections::BTreeSet::new();
        for seat in around(SEAT_BITS) {
            for requisition in around(REQUISITION_BITS) {
                for attempt in around(ATTEMPT_BITS) {
                    for index in [0, 1, u16::MAX] {
                        let draw = DrawKey::of(SEARCH).index(index).attempt(attempt);
                        for value in family().pair(7, Entity { seat, requisition }, draw) {
                            assert!(seen.insert(value.to_bits()), "{draw:?} of {seat}, {requisition}");
                        }
                    }
                }
            }
        }
        assert_eq!(seen.len(), 8 * 8 * 8 * 3 * 2);
    }

    #[test]
    fn running_numbers_of_64_bits_are_distinct() {
        let numbers = (0..64).map(|bit| 1_u64 << bit).chain([0, u64::MAX]);
        let draws = numbers.map(|number| family().pair(0, Entity::numbered(number), DrawKey::of(SEARCH))[0].to_bits());
        assert_eq!(draws.collect::<std::collections::BTreeSet<_>>().len(), 66);
        assert_eq!(Entity::numbered(5), Entity { seat: 0, requisition: 5 });
    }

    #[test]
    fn one_minus_a_draw_is_exact_and_inside() {
        let ends = [open_uniform(0), open_uniform(u64::MAX)];
        let draws = (0..10_000).flat_map(|replication| family().pair(replication, ENTITY, DrawKey::of(SEARCH)));
        for u in ends.into_iter().chain(draws) {
            let rest = 1.0 - u;
            assert!(u > 0.0 && u < 1.0 && rest > 0.0 && rest < 1.0, "{u}");
            assert_eq!((1.0 - rest).to_bits(), u.to_bits());
            // Both are integer multiples of 2^-53, and these integers add up to 2^53.
            let steps = |x: f64| (x * (1_u64 << 53) as f64) as u64;
            assert_eq!(steps(u) + steps(rest), 1 << 53);
        }
    }

    /// 50,000 pairs along one coordinate, with all others fixed.
    fn along(name: &str) -> Vec<[f64; 2]> {
        let draw = DrawKey::of(SEARCH);
        let at = |i: u32| match name {
            "replication" => family().pair(i, ENTITY, draw),
            "seat" => family().pair(1, Entity { seat: i, ..ENTITY }, draw),
            "requisition" => family().pair(1, Entity { requisition: i, ..ENTITY }, draw),
            "attempt" => family().pair(1, ENTITY, draw.attempt(i)),
            // Half of them exceed their field.
            "large attempt" => family().pair(1, ENTITY, draw.attempt((1 << ATTEMPT_BITS) - 25_000 + i)),
            "upper bits" => family().pair(1, ENTITY, draw.attempt(i << 16)),
            "index" => family().pair(1, ENTITY, draw.index(i as u16)),
            "purpose" => family().pair(1, ENTITY, DrawKey::of(Purpose(i as u16))),
            _ => Family::new(u64::from(i), "engineer").pair(1, ENTITY, draw),
        };
        (0..50_000).map(at).collect()
    }

    const COORDINATES: [&str; 9] =
        ["replication", "seat", "requisition", "attempt", "large attempt", "upper bits", "index", "purpose", "seed"];

    /// Each statistic below has mean 0 and standard error 1 for independent uniform numbers. The probability that any of the
    /// 72 exceeds 4.5 is 5 in 10,000. A bias of 0.006 in the mean, or a correlation of 0.02, would be noticed.
    #[test]
    fn draws_are_uniform_and_uncorrelated_along_every_coordinate() {
        for name in COORDINATES {
            let pairs = along(name);
            let n = pairs.len() as f64;
            let centred = |i: usize, part: usize| (pairs[i][part] - 0.5) * 12_f64.sqrt();
            let sum = |of: &dyn Fn(usize) -> f64| (0..pairs.len() - 1).map(of).sum::<f64>() / n.sqrt();
            let statistics = [
                sum(&|i| centred(i, 0)),
                sum(&|i| centred(i, 1)),
                // The variance of the square is E z^4 - 1 = 9/5 - 1.
                sum(&|i| centred(i, 0) * centred(i, 0) - 1.0) / 0.8_f64.sqrt(),
                sum(&|i| centred(i, 1) * centred(i, 1) - 1.0) / 0.8_f64.sqrt(),
                sum(&|i| centred(i, 0) * centred(i, 1)),
                sum(&|i| centred(i, 0) * centred(i + 1, 0)),
                sum(&|i| centred(i, 1) * centred(i + 1, 1)),
                sum(&|i| centred(i, 1) * centred(i + 1, 0)),
            ];
            assert!(statistics.iter().all(|z| z.abs() < 4.5), "{name}: {statistics:?}");
        }
    }

    /// With 256 cells the statistic has mean 255 and variance 510. The bounds are about 4.5 standard errors away.
    #[test]
    fn pairs_fill_a_square_evenly_along_every_coordinate() {
        for name in COORDINATES {
            let pairs = along(name);
            let mut cells = [0.0; 256];
            for [first, second] in &pairs {
                cells[(first * 16.0) as usize * 16 + (second * 16.0) as usize] += 1.0;
            }
            let expected = pairs.len() as f64 / 256.0;
            let chi_square: f64 = cells.iter().map(|count: &f64| (count - expected) * (count - expected) / expected).sum();
            assert!((155.0..360.0).contains(&chi_square), "{name}: {chi_square}");
        }
    }
}
