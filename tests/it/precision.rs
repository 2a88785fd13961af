//! Sequential stopping: the same for any number of threads, the same as a run of that length, and intervals that keep
//! their promise.

use handover::response::ResponseId;
use handover::run::precision::{Precision, Quantity, Target};
use handover::run::{Session, Settings, SinglePoint};
use handover::stats::{Confidence, Interval};
use serde_json::Value as Json;

use super::program::{Folder, PLAIN, RICH, STEADY, manifest_of};
use super::support::{assert_estimate, scenario, team_of};

/// Runs RICH into a folder of this name. Returns the number of replications.
fn replications(folder: &Folder, out: &str, arguments: &[&str]) -> u64 {
    let wanted = ["run", "scenario.toml", "--charts", "none", "-q", "-o", out];
    folder.succeed(&[&wanted[..], &STEADY, arguments].concat());
    let manifest: Json = serde_json::from_slice(&folder.bytes(&format!("{out}/manifest.json"))).expect("it is JSON");
    manifest["replications"].as_u64().expect("a number")
}

/// Asserts that a run with precision gave what a plain run gives, except for the record in its manifest.
fn assert_same(folder: &Folder, one: &str, other: &str) {
    let manifest = |out: &str| -> Json {
        let mut manifest = manifest_of(folder, out);
        let asked = Json::as_object_mut(&mut manifest).and_then(|manifest| manifest.shift_remove("precision"));
        assert_eq!(asked.is_some(), out == other, "{out}: {asked:?}");
        manifest
    };
    assert_eq!(manifest(one), manifest(other));
    assert_eq!(folder.files(one), folder.files(other));
    for name in folder.files(one).into_iter().filter(|name| name != "manifest.json") {
        let is_same = folder.bytes(&format!("{one}/{name}")) == folder.bytes(&format!("{other}/{name}"));
        assert!(is_same, "{name} of {other} is not that of {one}");
    }
}

#[test]
fn a_run_takes_as_many_replications_with_any_threads_and_is_a_run_of_so_many() {
    let folder = Folder::with(RICH);
    let asked = [
        &["--precision", "0.02", "--response", "joins", "--response", "staffed_share:p50"][..],
        &["--precision", "0.013", "--response", "eight people by month 15", "--response", "client_cost"],
    ];
    for (index, asked) in asked.into_iter().enumerate() {
        let out = |threads: &str| format!("{index}-{threads}");
        let took = ["1", "2", "7"]
            .map(|threads| replications(&folder, &out(threads), &[asked, &["-n", "300", "--threads", threads]].concat()));
        assert!(took == [took[0]; 3] && took[0] > 512 && took[0] % 256 == 0, "{took:?}");
        replications(&folder, &out("n"), &["-n", &took[0].to_string()]);
        for threads in ["1", "2", "7"] {
            assert_same(&folder, &out("n"), &out(threads));
        }
    }
}

#[test]
fn a_run_that_does_not_get_precise_says_what_is_missing() {
    let folder = Folder::with(PLAIN);
    let wanted = ["run", "scenario.toml", "--charts", "none", "--precision", "0.001", "--max-replications", "700"];
    let told = folder.run(&[&wanted[..], &["--response", "staffed_day", "--response", "joins:p99.9"]].concat());
    assert_eq!(told.status, Some(5), "{}", told.err);
    for part in [
        "precision not reached: bot: staffed_day: ± ",
        " % of the mean, about ",
        "precision not reached: in_house: joins:p99.9: no half-width yet",
        "stopped after 700 replications; the goal was ± 0.1 %",
    ] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
    assert!(told.out.contains("700 replications"), "{}", told.out);
    let n = folder.succeed(&["run", "scenario.toml", "--charts", "none", "-n", "700", "-o", "n"]);
    assert_eq!(n.out.replace("n/report", "results/scenario/report"), told.out);
    assert_same(&folder, "n", "results/scenario");
}

#[test]
fn a_run_that_gets_precise_says_how_many_replications_it_took() {
    let folder = Folder::with(PLAIN);
    // No transfer in house, so that strategy is skipped.
    let wanted = ["--precision", "0.05", "--response", "transfer_day", "--response", "staffed_day"];
    let told = folder.succeed(&[&["run", "scenario.toml", "--charts", "none"], &wanted[..]].concat());
    assert!(told.err.contains("precision of ± 5 % reached after 512 replications"), "{}", told.err);
    assert!(told.out.contains("512 replications"), "{}", told.out);
}

#[test]
fn a_gate_that_is_not_met_weighs_more_than_precision() {
    let goal = "[[goal]]\nname = \"a: goal\"\nmeasure = \"headcount\"\nat_least = 5\nby_month = 2\nprobability = 0.999\n";
    let folder = Folder::with(&format!("{PLAIN}\n{goal}"));
    let wanted = ["--precision", "0.0001", "--max-replications", "600", "--response", "a: goal"];
    let told = folder.run(&[&["run", "scenario.toml", "--charts", "none"], &wanted[..]].concat());
    assert_eq!(told.status, Some(4), "{}", told.err);
    assert!(told.err.contains("gate not met: bot: a: goal:"), "{}", told.err);
    assert!(told.err.contains("precision not reached: bot: a: goal: ± "), "{}", told.err);
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say_in_spite_of_stopping() {
    // One seat: the first join comes after an exponential time of mean 5 days, and beyond 91 days with probability 1e-8.
    let stages = "stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 5 } }]";
    let scenario = scenario(&team_of(1, 3, &format!("[organisation.x.hiring]\n{stages}")));
    let confidence = Confidence::new(0.95).expect("a level");
    let targets = vec![Target { response: ResponseId::FIRST, what: Quantity::Mean }];
    let precision = Precision { half_width: 0.06, confidence, targets, at_most: 100_000 };
    let (scenario, session) = (std::sync::Arc::new(scenario), Session::default());
    let (mut covered, mut mean, mut took) = (0, 0.0, Vec::new());
    for seed in 0..1000 {
        let settings = Settings { seed, replications: 1, strategies: vec![0], independent: false };
        let experiment = SinglePoint::new(&scenario, &settings, Some(precision.clone()));
        let outcome = session.perform(experiment).expect("nobody stops it");
        let (results, verdict) = (outcome.results, outcome.verdict.expect("precision was asked for"));
        let tally = &results.strategies[0].response_tallies[0];
        let interval = Interval::mean(tally, confidence).expect("many values");
        covered += u32::from(interval.contains(5.0));
        mean += tally.mean().expect("many values") / 1000.0;
        assert!(verdict.is_precise() && interval.half_width() <= 0.06 * tally.mean().expect("many values"));
        took.push(verdict.replications);
    }
    let [least, most] = [took.iter().min(), took.iter().max()].map(|count| *count.expect("1000 runs"));
    assert!(least < most && most < 2048, "{least} to {most} replications: stopping has something to choose");
    assert!((930..=970).contains(&covered), "{covered} of 1000 intervals hold the mean");
    // Each mean has a standard error of about 0.06 / 1.96 = 3 %: that of 1000 of them is 0.1 %, so 2 % would be noticed.
    assert_estimate("mean of the means", mean, 5.0, 5.0 * 0.06 / 1.96 / 1000_f64.sqrt());
}
