//! Philox2x64-10: 128 random bits as a pure function of a counter and a key.
//!
//! Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3. It passes BigCrush, needs
//! no state, and every one of its 2^128 blocks costs the same. A processor of 64 bits computes a block by 10
//! multiplications, half as many as for blocks of four words of 32 bits.

/// Returns the block of random bits at `counter` under `key`.
#[inline]
#[must_use]
pub fn philox2x64_10(counter: [u64; 2], key: u64) -> [u64; 2] {
    KeySchedule::new(key).block(counter)
}

/// The keys of all rounds, computed once because many blocks share them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeySchedule([u64; ROUNDS]);

impl KeySchedule {
    pub(super) fn new(key: u64) -> Self {
        let mut keys = [key; ROUNDS];
        for at in 1..ROUNDS {
            keys[at] = keys[at - 1].wrapping_add(WEYL);
        }
        Self(keys)
    }

    /// Returns the key from which the keys of all rounds follow.
    pub(super) fn key(&self) -> u64 {
        self.0[0]
    }

    /// Returns the block of random bits at `counter`.
    #[inline]
    pub(super) fn block(&self, counter: [u64; 2]) -> [u64; 2] {
        self.0.iter().fold(counter, |block, &key| round(block, key))
    }
}

#[inline]
fn round([first, second]: [u64; 2], key: u64) -> [u64; 2] {
    let product = u128::from(first) * u128::from(MULTIPLIER);
    [(product >> u64::BITS) as u64 ^ key ^ second, product as u64]
}

const ROUNDS: usize = 10;
const MULTIPLIER: u64 = 0xD2B7_4407_B1CE_6E93;
const WEYL: u64 = 0x9E37_79B9_7F4A_7C15;

#[cfg(test)]
mod tests {
    use super::*;

    /// From the file `kat_vectors` of Random123 1.14.
    #[test]
    fn known_answers_of_random123() {
        let cases = [
            ([0; 2], 0, [0xca00_a045_9843_d731, 0x66c2_4222_c9a8_45b5]),
            ([u64::MAX; 2], u64::MAX, [0x65b0_21d6_0cd8_310f, 0x4d02_f322_2f86_df20]),
            (
                [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344],
                0xa409_3822_299f_31d0,
                [0x0a5e_742c_2997_341c, 0xb0f8_83d3_8000_de5d],
            ),
        ];
        for (counter, key, answer) in cases {
            assert_eq!(philox2x64_10(counter, key), answer);
        }
    }
}
