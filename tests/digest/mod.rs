//! Digests of simulated blocks: the same bits, whatever profile the program is built in and whatever processor it runs on.
//!
//! They are checked in the profile of the tests (`tests/it/determinism.rs`) and in that of the benches, which is the one that
//! is shipped (`tests/instructions.rs`).

use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use handover::run::{Block, Worker};
use handover::scenario::Scenario;
use sha2::{Digest, Sha256};

/// With this, glibc believes that the processor has neither AVX2 nor fused multiply-add, and takes other versions of `exp`,
/// `log`, `pow` and `sin`, whose results sometimes differ in the last bit: an older machine, played on this one. It has no
/// effect on code that the compiler made or that calls `libm` by name, which is how the program computes.
pub(crate) const OLD_PROCESSOR: &str = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4";

/// Replications of each block: enough that transfers, collapses and shocks are among them.
const REPLICATIONS: u32 = 64;

/// A scenario, and the SHA-256 of what its first replications give. A change of a digest is value-breaking: say so in the
/// commit and in CHANGELOG.md.
struct Known {
    name: &'static str,
    text: &'static str,
    digest: &'static str,
}

const KNOWN: [Known; 2] = [
    Known {
        name: "ramp100",
        text: include_str!("../../scenarios/ramp100.toml"),
        digest: "f04395cc2a2eeb26f84d9a50c4364e450995bb71f61eafc206e7f0a3b4bc995e",
    },
    Known {
        name: "sixty_engineers",
        text: include_str!("../../scenarios/sixty_engineers.toml"),
        digest: "66ad73faef5bd077969c2501a2aba1f0fcf480ba100b2646b780f112f5bb45df",
    },
];

/// Simulates the scenarios and compares their digests with those that are checked in.
///
/// # Errors
/// Names every scenario whose digest differs, and the profile that this program was built in.
pub(crate) fn check() -> Result<(), String> {
    let mut differences = String::new();
    for Known { name, text, digest } in KNOWN {
        let found = digest_of(text);
        if found != digest {
            let _ = writeln!(differences, "{name}: SHA-256 {found}, expected {digest}");
        }
    }
    let profile = if cfg!(debug_assertions) { "with debug assertions" } else { "optimised" };
    if differences.is_empty() { Ok(()) } else { Err(format!("blocks of this program, built {profile}:\n{differences}")) }
}

fn digest_of(text: &str) -> String {
    let scenario = Scenario::parse(text, &[]).unwrap_or_else(|refused| panic!("{refused}"));
    let mut hash = Sha256::new();
    for strategy in 0..scenario.strategies.len() {
        let block = Worker::new(&scenario, strategy, scenario.seed).compute(0..REPLICATIONS, &AtomicBool::new(false));
        add(&block.expect("nobody stops it"), &mut hash);
    }
    hash.finalize().iter().fold(String::new(), |digest, byte| digest + &format!("{byte:02x}"))
}

/// Adds the bits of every value and of every sum.
fn add(block: &Block, hash: &mut Sha256) {
    let months = block.months.as_ref().expect("it has all");
    add_values(block, hash);
    for tally in block.response_tallies.iter().chain(&months.series_tallies).chain(&months.cost_tallies) {
        tally.to_bits().iter().for_each(|bits| hash.update(bits.to_le_bytes()));
    }
    hash.update(block.events.to_le_bytes());
}

/// Adds the bits of every value.
pub(crate) fn add_values(block: &Block, hash: &mut Sha256) {
    let months = block.months.as_ref().expect("it has all");
    for value in block.responses.iter().chain(&months.series).chain(&months.phases) {
        // All values that are missing are alike.
        let bits = if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() };
        hash.update(bits.to_le_bytes());
    }
}
