//! Keyed draws: random numbers that are named by what they decide, not taken from a sequence.

use super::philox::philox4x32_10;

/// What a draw decides, by name: `Purpose::named("hiring.stage")`.
///
/// Only 16 bits of the name's hash are kept, so two names may meet: the list of all purposes has a test that none do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purpose(u16);

impl Purpose {
    /// The purpose of that name.
    #[must_use]
    pub const fn named(name: &'static str) -> Purpose {
        let hash = fnv_1a(name);
        Purpose((hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48)) as u16)
    }

    /// Its number among the 65,536 there are, for a test that no two purposes share one.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}

/// The n-th requisition of a seat, and whoever it brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Entity {
    /// The seat's number within its family; the lowest 20 bits count.
    pub seat: u32,
    /// The requisition's number within its seat; the lowest 24 bits count.
    pub requisition: u32,
}

/// One draw of an entity: its purpose, and which of that purpose's draws it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    purpose: Purpose,
    index: u16,
    attempt: u32,
}

impl Draw {
    /// The first draw for that purpose.
    #[inline]
    #[must_use]
    pub const fn of(purpose: Purpose) -> Draw {
        Draw { purpose, index: 0, attempt: 0 }
    }

    /// The same for the index-th thing of its kind, for instance a stage.
    #[inline]
    #[must_use]
    pub const fn index(self, index: u16) -> Draw {
        Draw { index, ..self }
    }

    /// The same for the attempt-th try; the lowest 20 bits count.
    #[inline]
    #[must_use]
    pub const fn attempt(self, attempt: u32) -> Draw {
        Draw { attempt, ..self }
    }
}

/// All draws of one family of entities, for instance of a role, under one seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    key: [u32; 2],
}

impl Family {
    /// The family of that name under that seed. Under one seed, names whose hashes differ have different keys, and keys of
    /// different seeds have no relation.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Family {
        let key = finalise(finalise(seed.wrapping_add(GOLDEN_GAMMA)) ^ fnv_1a(name));
        Family { key: [key as u32, (key >> 32) as u32] }
    }

    /// The draw's value, strictly inside (0, 1).
    #[inline]
    #[must_use]
    pub fn uniform(&self, replication: u32, entity: Entity, draw: Draw) -> f64 {
        self.pair(replication, entity, draw)[0]
    }

    /// The draw's value and a second one, independent of it, at no further cost.
    ///
    /// The 128 bits of the counter are, from the lowest: replication 32, seat 20, requisition 24, attempt 20, index 16,
    /// purpose 16. A number too large for its field loses its upper bits, and so repeats the draw of a smaller one: a million
    /// seats, attempts or 16 million requisitions of one seat are out of reach.
    #[inline]
    #[must_use]
    pub fn pair(&self, replication: u32, entity: Entity, draw: Draw) -> [f64; 2] {
        let seat = entity.seat & 0xF_FFFF;
        let requisition = entity.requisition & 0xFF_FFFF;
        let counter = [
            replication,
            seat | (requisition << 20),
            (requisition >> 12) | (draw.attempt << 12),
            u32::from(draw.index) | (u32::from(draw.purpose.0) << 16),
        ];
        let [a, b, c, d] = philox4x32_10(counter, self.key);
        [open_uniform(a, b), open_uniform(c, d)]
    }
}

/// (k + 1/2) / 2^52, where k is made of the upper 52 of the 64 bits.
///
/// It is an odd multiple of 2^-53: never 0 nor 1, so ln(u) and every quantile is finite, and 1 - u is another number of the
/// same kind, without rounding, so that a law may be entered from either tail. A 53rd bit would break the second half.
#[inline]
fn open_uniform(low: u32, high: u32) -> f64 {
    const STEP: f64 = 1.0 / (1_u64 << 52) as f64;
    let k = ((u64::from(high) << 32) | u64::from(low)) >> 12;
    (k as f64 + 0.5) * STEP
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo 1991): short, and possible at compile time.
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

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014; the constants are Stafford's variant 13): one to one, and each
/// bit of the input turns each bit of the output with a chance of about one half.
const fn finalise(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// 2^64 over the golden ratio, as in SplitMix64; it keeps seed 0 from standing still.
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
