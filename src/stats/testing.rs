//! Shared by the tests of this room: a seeded generator, and a comparison with a stated tolerance.

use proptest::test_runner::{Config, RngSeed};

/// Fails unless `found` is within `relative` of `expected`, relative to `expected`.
pub(super) fn assert_close(found: f64, expected: f64, relative: f64) {
    let error = (found - expected).abs();
    assert!(error <= relative * expected.abs(), "{found} is not within {relative} of {expected}: off by {error:e}");
}

/// Returns a configuration for `cases` cases of a property with a fixed seed, so that every test run is the same.
pub(super) fn seeded(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(20_261_122), failure_persistence: None, ..Config::default() }
}

/// SplitMix64 (Steele, Lea and Flood 2014): ten lines, the same on every platform.
pub(super) struct Generator(pub(super) u64);

impl Generator {
    /// Returns the next 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number strictly between 0 and 1.
    pub(super) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    /// Returns a standard normal number, by inversion.
    pub(super) fn normal(&mut self) -> f64 {
        crate::maths::normal_quantile(self.uniform())
    }
}
