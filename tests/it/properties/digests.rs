//! Digests of random scenarios: a change of the engine that is meant to change no value changes no bit, whatever keys a
//! scenario has and however many events fall on one instant.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use handover::run::Worker;
use handover::scenario::Scenario;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sha2::{Digest, Sha256};

use super::{more, plan};
use crate::digest::add_values;
use crate::program::is_tried;

/// The digests that are checked in: one in each line, of a group of scenarios.
const FILE: &str = "tests/digest/random.txt";
/// With this, they are written again. That is value-breaking: say so in the commit and in CHANGELOG.md.
const RENEW: &str = "HANDOVER_RENEW_DIGESTS";
/// Scenarios in a group, groups of any scenarios, and groups of scenarios without chance in their durations.
const OF_GROUP: usize = 20;
const GROUPS: usize = 100;
const GROUPS_OF_TIES: usize = 10;
/// Groups of scenarios with more keys.
const GROUPS_OF_MORE: usize = 20;
/// Replications of each strategy.
const REPLICATIONS: u32 = 3;
/// Durations in place of those of chance, in turn: many events then fall on one instant, some of them on a month end.
const CONSTANTS: [&str; 5] = ["10", "30.416666666666668", "20", "91.25", "0"];

/// Returns the text with each law of durations replaced by a constant.
fn without_laws(text: &str) -> String {
    let (mut constant, mut rest, mut laws) = (String::new(), text, 0);
    while let Some(begin) = rest.find("{ dist") {
        let end = begin + rest[begin..].find('}').expect("a law ends") + 1;
        constant += &rest[..begin];
        constant += CONSTANTS[laws % CONSTANTS.len()];
        laws += 1;
        rest = &rest[end..];
    }
    constant + rest
}

/// Adds the values of all strategies of a scenario. One that is not valid adds its text alone.
fn add(text: &str, hash: &mut Sha256) -> bool {
    let Ok(scenario) = Scenario::parse(text, &[]) else { return false };
    for strategy in 0..scenario.strategies.len() {
        let block = Worker::new(&scenario, strategy, scenario.seed).compute(0..REPLICATIONS, &AtomicBool::new(false));
        let block = block.expect("nobody stops it");
        add_values(&block, hash);
        hash.update(block.events.to_le_bytes());
    }
    true
}

#[test]
fn random_scenarios_have_the_bits_that_they_had() {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (random, with_more) = (plan::scenario(), more::scenario());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let known = fs::read_to_string(&path).unwrap_or_default();
    let is_renewed = std::env::var_os(RENEW).is_some();
    let (mut lines, mut wrong, mut valid) = (Vec::new(), Vec::new(), 0);
    for group in 0..GROUPS + GROUPS_OF_TIES + GROUPS_OF_MORE {
        let has_more = group >= GROUPS + GROUPS_OF_TIES;
        let text = |runner: &mut TestRunner| match has_more {
            true => with_more.new_tree(runner).expect("it is random").current(),
            false => random.new_tree(runner).expect("it is random").current(),
        };
        let texts: Vec<String> = (0..OF_GROUP).map(|_| text(&mut runner)).collect();
        if !is_renewed && !is_tried(group) {
            continue;
        }
        let has_ties = group >= GROUPS && !has_more;
        let mut hash = Sha256::new();
        for text in texts {
            let text = if has_ties { without_laws(&text) } else { text };
            valid += usize::from(add(&text, &mut hash));
        }
        let digest: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let kind = match (has_ties, has_more) {
            (true, _) => "ties",
            (_, true) => "more",
            _ => "any",
        };
        let line = format!("{group:03} {kind} {digest}");
        if known.lines().nth(group) != Some(line.as_str()) {
            wrong.push(line.clone());
        }
        lines.push(line);
    }
    assert!(20 * valid >= 19 * OF_GROUP * lines.len(), "{valid} scenarios are valid, of {}", OF_GROUP * lines.len());
    if is_renewed {
        fs::write(&path, lines.join("\n") + "\n").expect("it can be written");
        return;
    }
    assert!(
        wrong.is_empty(),
        "{} of {} groups of scenarios have other values:\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}
