//! Runs with more replications than values can be kept: numbers are counted in cells, however the run is cut up.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use handover::experiment::{Document, Results, Study};
use handover::run::{Block, BlockKey, Content, EXACT_AT_MOST, Sealed, Session, Settings, Shape, SinglePoint, Store, sealed};
use handover::scenario::Scenario;
use handover::stats::{Confidence, Sketch};

use super::program::{Folder, assert_same_files};

/// The column of the standard deviation in `summary.csv`, after four words.
const SD: usize = 4;
/// Quick to simulate: three people who leave and are replaced, in two strategies.
const SMALL: &str = r#"
    title = "Small"
    start = 2027-01-01
    months = "equal"
    horizon_months = 5
    role = [{ name = "clerk" }]
    demand = { clerk = 3 }
    [organisation.office]
    own = true
    hiring.stages = [{ name = "search", takes_days = { dist = "exponential", mean = 20 } }]
    attrition.tenure_days = { dist = "exponential", mean = 200 }
    onboarding = { waiting = 0.3, mentored = 0.5, mentored_days = 30, mentor_slots = 2, then = [] }
    cost.salary_per_year = { clerk = 60 }
    [[goal]]
    name = "all there"
    measure = "headcount"
    at_least = 3
    by_month = 3
    [organisation.vendor]
    like = "office"
    own = false
    attrition.tenure_days = { dist = "exponential", mean = 300 }
    [strategy.direct]
    employer = "office"
    [strategy.bought]
    employer = "vendor"
    contract.vendor.cost_plus = 0.2
    [[strategy.bought.transfer]]
    to = "office"
    month = 3
    acceptance = 0.7
"#;

/// Returns the rows of a table by their first words, of which there is this number: the numbers that follow, NaN where
/// missing.
fn rows(folder: &Folder, file: &str, words: usize) -> BTreeMap<String, Vec<f64>> {
    let text = folder.text(file);
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let numbers = cells[words..].iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect();
        (cells[..words].join(","), numbers)
    };
    text.lines().skip(1).map(row).collect()
}

/// Returns the standard deviation of the response and strategy of a row of `best.csv`; 0 for the others.
fn deviation(summary: &BTreeMap<String, Vec<f64>>, row: &str) -> f64 {
    let (response, strategy) = row.split_once(',').expect("two words");
    let found = summary.iter().find(|(key, _)| key.starts_with(&format!("{strategy},,{response},")));
    found.map_or(0.0, |(_, numbers)| numbers[SD]).max(0.0)
}

fn error_told(folder: &Folder, out: &str) -> f64 {
    let manifest: serde_json::Value = serde_json::from_str(&folder.text(&format!("{out}/manifest.json"))).expect("JSON");
    manifest["quantile_error"].as_f64().expect("a number")
}

#[test]
fn beyond_the_limit_quantiles_are_near_and_the_rest_is_exact() {
    let folder = Folder::with(SMALL);
    let (few, many) = (EXACT_AT_MOST.to_string(), (EXACT_AT_MOST + 1).to_string());
    for replications in [&few, &many] {
        folder.succeed(&["run", "scenario.toml", "-n", replications, "-o", replications, "--charts", "none", "-q"]);
    }
    assert_eq!((error_told(&folder, &few), error_told(&folder, &many)), (0.0, Sketch::RELATIVE_ERROR));
    // Words at the start of a row, and numbers that one more replication hardly changes before quantiles come.
    let tables = [
        ("timeline.csv", 5, 2),
        ("summary.csv", 4, 8),
        ("quantiles.csv", 3, 0),
        ("comparison.csv", 4, 7),
        ("phases.csv", 2, 1),
        ("best.csv", 2, 3),
        ("goals.csv", 2, 3),
    ];
    let deviations = rows(&folder, &format!("{few}/summary.csv"), 4);
    for (table, words, exact_ones) in tables {
        let of = |out: &str| rows(&folder, &format!("{out}/{table}"), words);
        let (exact, near) = (of(&few), of(&many));
        assert_eq!(exact.keys().collect::<Vec<_>>(), near.keys().collect::<Vec<_>>());
        let mut others = 0;
        for (row, exact) in &exact {
            // The scale of a row: the spread of a difference may be large where its quantiles are small.
            let size = exact.iter().filter(|value| value.is_finite()).fold(0.0_f64, |size, value| size.max(value.abs()));
            // The limits of a difference may all be small, but one more replication adds one of its values.
            let size = if table == "best.csv" { size.max(10.0 * deviation(&deviations, row)) } else { size };
            for (at, (&exact, &near)) in exact.iter().zip(&near[row]).enumerate() {
                assert_eq!(exact.is_nan(), near.is_nan(), "{table} {row} {at}");
                let apart = (exact - near).abs();
                let allowed = if at < exact_ones {
                    // One more replication changes means and spreads by no more than one value can.
                    1e-3 * exact.abs() + 1e-5 * size
                } else {
                    // And a quantile at most to the next value, which is close among this many.
                    (Sketch::RELATIVE_ERROR + 1e-3) * exact.abs() + 2e-4 * size
                };
                let is_same = exact.is_nan() || exact.to_bits() == near.to_bits();
                assert!(is_same || apart <= allowed, "{table} {row} {at}: {exact} {near}");
                others += u32::from(at >= exact_ones && apart > 0.0);
            }
        }
        assert!(others > 5 || ["best.csv", "goals.csv"].contains(&table), "{table}: hardly a quantile is another: {others}");
    }
    let summary = folder.text(&format!("{many}/summary.csv"));
    assert!(summary.contains(&format!("direct,,joins,people,number,{many},0,")), "{summary}");
    // The rows of the replications are the same, except for the additional one.
    let replications = |out: &str| folder.text(&format!("{out}/replications.csv"));
    let (exact, all) = (replications(&few), replications(&many));
    let all: Vec<&str> = all.lines().collect();
    let of_direct: Vec<&str> = exact.lines().take(1 + EXACT_AT_MOST as usize).collect();
    assert!(all.len() == 1 + 2 * (EXACT_AT_MOST as usize + 1) && all[..of_direct.len()] == of_direct);
    assert_drawn_from_files(&folder, &many);
}

/// Asserts that charts and report of a long run, whose tables are in `out`, are made of its files alone.
fn assert_drawn_from_files(folder: &Folder, out: &str) {
    folder.succeed(&["run", "scenario.toml", "-n", out, "-o", "drawn", "--chart-format", "svg", "-q"]);
    folder.succeed(&["report", out, "--chart-format", "svg"]);
    assert_same_files(folder, "drawn", out);
    let page = folder.text("drawn/report.html");
    assert!(page.contains("% of the exact ones"), "the page does not say how near quantiles are");
}

#[test]
fn beyond_the_limit_shards_threads_and_precision_leave_no_trace() {
    let folder = Folder::with(SMALL);
    // The limit lies within a shard, and within a block.
    let replications = (EXACT_AT_MOST + 5_000).to_string();
    let run = |out: &str, more: &[&str]| {
        folder.succeed(&[&["run", "scenario.toml", "-n", &replications, "-o", out, "--charts", "none", "-q"], more].concat())
    };
    run("one", &["--threads", "1"]);
    run("two", &["--threads", "2"]);
    assert_same_files(&folder, "one", "two");
    for shard in ["2/3", "0/3", "1/3"] {
        run("shards", &["--shard", shard]);
    }
    folder.succeed(&["merge", "shards", "-o", "merged", "--charts", "none", "-q"]);
    assert_same_files(&folder, "one", "merged");
    // A run that was not planned to become this long keeps values until it does.
    let precise = ["run", "scenario.toml", "-n", "90000", "--precision", "0.000001", "--response", "client_cost"];
    let told =
        folder.run(&[&precise[..], &["--max-replications", &replications, "-o", "grown", "--charts", "none"]].concat());
    assert_eq!(told.status, Some(5), "{}", told.err);
    // The manifest records the requested precision.
    for out in ["one", "grown"] {
        std::fs::remove_file(folder.path(&format!("{out}/manifest.json"))).expect("it is there");
    }
    assert_same_files(&folder, "one", "grown");
}

/// Stores blocks as bytes, and loses every third of them when asked to.
#[derive(Default)]
struct Forgetting {
    kept: Mutex<BTreeMap<BlockKey, Vec<u8>>>,
    is_losing: AtomicBool,
    found: AtomicU32,
    lost: AtomicU32,
}

impl Store for Forgetting {
    fn find(&self, key: &BlockKey, _: Content, shape: &Shape) -> Option<Block> {
        let bytes = self.kept.lock().expect("nobody panics").get(key)?.clone();
        if self.is_losing.load(Ordering::Relaxed) && key.replications.start / 256 % 3 == 1 {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        self.found.fetch_add(1, Ordering::Relaxed);
        Sealed::open(&bytes)?.block(shape)
    }

    fn keep(&self, key: &BlockKey, block: &Block) -> io::Result<()> {
        self.kept.lock().expect("nobody panics").insert(key.clone(), sealed(key, block));
        Ok(())
    }
}

#[test]
fn rows_whose_block_is_lost_before_they_are_written_are_computed_again() {
    let scenario = Arc::new(Scenario::parse(SMALL, &[]).expect("it is a scenario"));
    let settings = Settings { seed: 1, replications: EXACT_AT_MOST + 300, strategies: vec![0, 1], independent: false };
    let store = Arc::new(Forgetting::default());
    let session = Session::default().store(Arc::clone(&store) as _);
    let outcome = session.perform(SinglePoint::new(&scenario, &settings, None)).expect("nobody stops it");
    let study = Study::new(scenario, settings, Confidence::new(0.95).expect("it is a level"), 0);
    let results = Results::estimate(study, outcome.results).with_runs(outcome.runs);
    let rows = || {
        let files = Results::FILES.iter().filter(|file| file.name.starts_with("replications."));
        let written = files.map(|file| {
            let mut bytes = Vec::new();
            file.write(&results, &mut bytes).expect("memory takes all");
            bytes
        });
        written.collect::<Vec<_>>()
    };
    let whole = rows();
    assert!(whole.len() == 2 && whole.iter().all(|bytes| bytes.len() > 1_000_000));
    let blocks = store.kept.lock().expect("nobody panics").len() as u32;
    // Two files, each from the blocks of both strategies.
    assert!(store.found.swap(0, Ordering::Relaxed) >= 2 * blocks);
    store.is_losing.store(true, Ordering::Relaxed);
    assert!(whole == rows(), "rows that were computed again are others");
    let (found, lost) = (store.found.load(Ordering::Relaxed), store.lost.load(Ordering::Relaxed));
    assert!(lost >= 2 * (blocks / 3) && found >= 2 * (blocks / 3), "{found} {lost} {blocks}");
}
