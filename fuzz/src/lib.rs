//! Handles bytes from untrusted sources: one function for each kind, which must return whatever the bytes are.
//!
//! libFuzzer calls them (`fuzz_targets/`), and so does a test of the program (`tests/it/strangers.rs`), with the bytes that
//! the fuzzer found.

use std::collections::BTreeMap;
use std::io::{self, Cursor};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use handover::engine::Time;
use handover::experiment::{Document, Record, ResultFile, Results, Study};
use handover::model::{Fact, Observer, Simulation, Team};
use handover::report::{Theme, text};
use handover::run::{Block, BlockKey, Collected, Content, Sealed, Settings, Shape, Worker, sealed};
use handover::scenario::{PRESETS, Preset, Scenario, in_words, remarks};
use handover::stats::Confidence;
use sha2::{Digest, Sha256};

/// Events and facts after which a replication of an untrusted scenario ends.
const ENOUGH: u32 = 20_000;
/// The most seats with which a scenario is simulated.
const SEATS_AT_MOST: u32 = 500;

/// Counts facts and events, until there are enough.
#[derive(Default)]
struct Counter(u32);

impl Observer for Counter {
    fn start(&mut self, _replication: u32) {
        self.0 = 0;
    }

    fn held(&mut self, _team: &Team, _from: Time, _until: Time) {}

    fn passed(&mut self, _team: &Team, _from: Time, _until: Time) {
        self.0 += 1;
    }

    fn happened(&mut self, _fact: Fact, _team: &Team, _now: Time) {
        self.0 += 1;
    }

    fn month_ended(&mut self, _month: u32, _team: &Team, _now: Time) {}

    fn is_enough(&self) -> bool {
        self.0 > ENOUGH
    }
}

/// Handles a scenario: reads it, then describes and simulates it for a while, or renders its mistakes.
pub fn scenario(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Scenario::parse(text, &[]) {
        Ok(scenario) => use_scenario(&scenario),
        Err(refused) => drop(refused.to_string()),
    }
}

fn use_scenario(scenario: &Scenario) {
    assert!(!in_words(scenario).is_empty());
    let _ = (remarks(scenario), scenario.sha256());
    let world = &scenario.world;
    let is_small = world.demand_shock.is_none() && world.highest_wanted().0 <= SEATS_AT_MOST;
    for strategy in scenario.strategies.iter().take(3) {
        let initial: u64 = strategy.initial.iter().map(|initial| u64::from(initial.headcount)).sum();
        if is_small && initial <= u64::from(SEATS_AT_MOST) {
            Simulation::new(world, strategy, scenario.seed).replicate(0, &mut Counter::default());
        }
    }
}

/// Handles overrides, one per line, of the sample or of a preset, which the first byte selects.
pub fn overrides(bytes: &[u8]) {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
    let texts = TEXTS.get_or_init(|| PRESETS.iter().map(Preset::text).collect());
    let given: Vec<String> = text.lines().map(str::to_owned).collect();
    match Scenario::parse(texts.get(usize::from(first)).map_or(TEXT, String::as_str), &given) {
        Ok(scenario) => use_scenario(&scenario),
        Err(refused) => drop(refused.to_string()),
    }
}

/// A small scenario, and the files and blocks of a run of it.
struct Sample {
    study: Study,
    files: BTreeMap<&'static str, Vec<u8>>,
    blocks: Vec<Vec<u8>>,
}

/// Replications of the sample.
const REPLICATIONS: u32 = 3;

const TEXT: &str = "title = 'T'\nstart = 2027-01-01\nhorizon_months = 2\ndemand.a = 3\nrole = [{ name = 'a' }]\n\
    value_per_fte_month = 9\n\
    [[goal]]\nname = 'g'\nmeasure = 'headcount'\nat_least = 2\nby_month = 2\nprobability = 0.5\n\
    [strategy.s]\nemployer = 'x'\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 1\n[strategy.t]\nemployer = 'y'\n\
    [organisation.x.hiring]\nstages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 10 } }]\n\
    [organisation.y]\nlike = 'x'\nown = true\ncost.salary_per_year.a = 12\n";

fn sample() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let scenario = Scenario::parse(TEXT, &[]).expect("the sample is a scenario");
        let settings = Settings { seed: 1, replications: REPLICATIONS, strategies: vec![0, 1], independent: false };
        let block = |strategy: usize| {
            let block = Worker::new(&scenario, strategy, 1).compute(0..REPLICATIONS, &AtomicBool::new(false));
            let key = BlockKey { identity: scenario.identity(strategy), seed: 1, replications: 0..REPLICATIONS };
            sealed(&key, &block.expect("nobody stops it"))
        };
        let blocks: Vec<Vec<u8>> = (0..2).map(block).collect();
        let confidence = Confidence::new(0.95).expect("it is a level");
        let study = Study::new(scenario, settings, confidence, 0);
        let results = Results::estimate(study.clone(), collected(&study, &blocks).expect("they are blocks"));
        let file = |file: &ResultFile<Results>| {
            let mut bytes = Vec::new();
            file.write(&results, &mut bytes).expect("memory takes all");
            (file.name, bytes)
        };
        Sample { study, files: text_files().map(file).collect(), blocks }
    })
}

/// Returns the result files that are read back, including the manifest.
fn text_files() -> impl Iterator<Item = &'static ResultFile<Results>> {
    Results::FILES.iter().filter(|file| !file.is_parquet)
}

/// Returns the outcome of a run with only these blocks, one per strategy. None if the bytes are not such blocks.
fn collected(study: &Study, blocks: &[Vec<u8>]) -> Option<Collected> {
    let shape = Shape::new(&study.scenario.world);
    let block = |bytes: &Vec<u8>| Sealed::open(bytes)?.block(&shape);
    let blocks: Vec<Block> = blocks.iter().map(block).collect::<Option<_>>()?;
    let mut collected = Collected::new(&study.scenario, &study.settings, Content::Everything);
    let is_one = blocks.iter().all(|block| block.replications == REPLICATIONS as usize && block.months.is_some());
    is_one.then(|| {
        collected.add(&blocks);
        collected
    })
}

/// Applies edits to bytes. Each edit is a place (two bytes), the number of bytes to remove, the number to insert, and those
/// bytes.
fn edited(mut bytes: Vec<u8>, mut edits: &[u8]) -> Vec<u8> {
    while let [high, low, gone, come, rest @ ..] = edits {
        let at = usize::from(u16::from_be_bytes([*high, *low])).min(bytes.len());
        let end = (at + usize::from(*gone)).min(bytes.len());
        let (new, rest) = rest.split_at(usize::from(*come).min(rest.len()));
        bytes.splice(at..end, new.iter().copied());
        edits = rest;
    }
    bytes
}

/// Handles a result folder. The first byte selects the file of the sample to change, the others are its edits.
pub fn results(bytes: &[u8]) {
    let Some((&first, edits)) = bytes.split_first() else { return };
    let mut files = sample().files.clone();
    let count = text_files().count();
    let name = text_files().nth(usize::from(first) % count).map_or("", |file| file.name);
    let changed = edited(files.remove(name).unwrap_or_default(), edits);
    if name == "scenario.toml" {
        fit_manifest(&changed, &mut files);
    }
    files.insert(name, changed);
    let open = |name: &str| files.get(name).map(|bytes| Cursor::new(bytes.as_slice())).ok_or(io::ErrorKind::NotFound.into());
    match Results::read(open) {
        Ok(results) => use_results(&results, usize::from(first) / count),
        Err(error) => drop(error.to_string()),
    }
}

/// Gives the manifest the checksum of a changed scenario, as an attacker could change both.
fn fit_manifest(scenario: &[u8], files: &mut BTreeMap<&'static str, Vec<u8>>) {
    let Some(scenario) = std::str::from_utf8(scenario).ok().and_then(|text| Scenario::parse(text, &[]).ok()) else { return };
    let before = sample().study.scenario.sha256();
    if let Some(manifest) = files.get_mut("manifest.json") {
        *manifest = String::from_utf8_lossy(manifest).replace(&before, &scenario.sha256()).into_bytes();
    }
}

/// Uses results in every way, except that it draws only one chart, or the page, or neither, because drawing takes long.
fn use_results(results: &Results, chart: usize) {
    let _ = (results.json(), results.statement(), results.heading());
    let tables = results.key_tables().into_iter().chain(results.all_tables());
    tables.for_each(|table| drop(text::render(&table, 80)));
    let sink: &mut dyn io::Write = &mut io::sink();
    text_files().for_each(|file| file.write(results, &mut *sink).expect("nothing can fail"));
    match Results::CHARTS.get(chart).map(|drawing| (drawing.make)(results)) {
        Some(Ok(chart)) => drop(chart.svg(chart.size(800), Theme::Print)),
        Some(Err(_)) => {}
        None if chart == Results::CHARTS.len() => drop(results.page().html()),
        None => {}
    }
}

/// Bytes of a stored block before those that its checksum covers.
const HEAD_BYTES: usize = 48;

/// Handles a stored block. The first byte selects: the bytes as they are, a changed record of a study, or a changed block
/// with a matching checksum, which is merged.
pub fn block(bytes: &[u8]) {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let study = &sample().study;
    match first % 3 {
        0 => {
            let shape = Shape::new(&study.scenario.world);
            let _ = Sealed::open(rest).and_then(|sealed| sealed.block(&shape));
        }
        1 => {
            let here = Record::of(study, None);
            let Some(record) = Record::read(&edited(here.bytes(), rest)) else { return };
            let _ = (here.other_results(&record), record.other_results(&here), record.title(), record.shards());
            if let Ok(question) = record.question() {
                assert!(!question.stretches().is_empty());
            }
        }
        _ => {
            let mut blocks = sample().blocks.clone();
            let content = edited(blocks[0].split_off(HEAD_BYTES), rest);
            blocks[0].truncate(16);
            blocks[0].extend(Sha256::digest(&content));
            blocks[0].extend(content);
            let Some(collected) = collected(study, &blocks) else { return };
            use_results(&Results::estimate(study.clone(), collected), usize::from(first) / 3);
        }
    }
}
