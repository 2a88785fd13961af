//! Philox4x32-10: 128 random bits as a pure function of a counter and a key.
//!
//! Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3. It passes BigCrush, needs
//! no state, and every one of its 2^128 blocks costs the same.

/// Returns the block of random bits at `counter` under `key`.
#[inline]
#[must_use]
pub fn philox4x32_10(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    KeySchedule::new(key).block(counter)
}

/// The keys of all rounds, computed once because many blocks share them. This saves a fifth of the instructions of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeySchedule([[u32; 2]; ROUNDS]);

impl KeySchedule {
    pub(super) fn new(key: [u32; 2]) -> Self {
        let mut keys = [key; ROUNDS];
        for at in 1..ROUNDS {
            keys[at] = [keys[at - 1][0].wrapping_add(WEYL[0]), keys[at - 1][1].wrapping_add(WEYL[1])];
        }
        Self(keys)
    }

    /// Returns the key from which the keys of all rounds follow.
    pub(super) fn key(&self) -> [u32; 2] {
        self.0[0]
    }

    /// Returns the block of random bits at `counter`.
    #[inline]
    pub(super) fn block(&self, counter: [u32; 4]) -> [u32; 4] {
        self.0.iter().fold(counter, |block, &key| round(block, key))
    }
}

#[inline]
fn round(block: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let (high_0, low_0) = product(MULTIPLIER[0], block[0]);
    let (high_1, low_1) = product(MULTIPLIER[1], block[2]);
    [high_1 ^ block[1] ^ key[0], low_1, high_0 ^ block[3] ^ key[1], low_0]
}

/// Returns the high and the low half of the product.
#[inline]
fn product(a: u32, b: u32) -> (u32, u32) {
    let whole = u64::from(a) * u64::from(b);
    ((whole >> 32) as u32, whole as u32)
}

const ROUNDS: usize = 10;
const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

#[cfg(test)]
mod tests {
    use super::*;

    /// From the file `kat_vectors` of Random123 1.14.
    #[test]
    fn known_answers_of_random123() {
        let cases = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, answer) in cases {
            assert_eq!(philox4x32_10(counter, key), answer);
        }
    }
}
