//! Runs of more replications than all values can be kept of: quantiles by month are counted in cells, whatever cuts the run up.

use std::collections::BTreeMap;

use handover::run::EXACT_MONTHS_AT_MOST;
use handover::stats::Sketch;

use super::program::{Folder, assert_same_files};

/// Quick to simulate: three people who leave, and are sought again, in two strategies.
const SMALL: &str = r#"
    title = "Small"
    start = 2027-01-01
    horizon_months = 5
    role = [{ name = "clerk" }]
    demand = { clerk = 3 }
    [organisation.office]
    own = true
    hiring.stages = [{ name = "search", takes_days = { dist = "exponential", mean = 20 } }]
    attrition.tenure_days = { dist = "exponential", mean = 200 }
    onboarding = { waiting = 0.3, mentored = 0.5, mentored_days = 30, mentor_slots = 2, then = [] }
    cost.salary_per_year = { clerk = 60 }
    [strategy.direct]
    employer = "office"
"#;

/// Rows of the timeline by month and measure.
fn timeline(folder: &Folder, out: &str) -> BTreeMap<(String, String), Vec<f64>> {
    let text = folder.text(&format!("{out}/timeline.csv"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let numbers = cells[4..].iter().map(|cell| cell.parse().expect("a number")).collect();
        ((cells[1].to_owned(), cells[3].to_owned()), numbers)
    };
    text.lines().skip(1).map(row).collect()
}

fn error_told(folder: &Folder, out: &str) -> f64 {
    let manifest: serde_json::Value = serde_json::from_str(&folder.text(&format!("{out}/manifest.json"))).expect("JSON");
    manifest["timeline_quantile_error"].as_f64().expect("a number")
}

#[test]
fn beyond_the_limit_quantiles_by_month_are_near_and_the_rest_is_exact() {
    let folder = Folder::with(SMALL);
    let (few, many) = (EXACT_MONTHS_AT_MOST.to_string(), (EXACT_MONTHS_AT_MOST + 1).to_string());
    for replications in [&few, &many] {
        folder.succeed(&["run", "scenario.toml", "-n", replications, "-o", replications, "--charts", "none", "-q"]);
    }
    assert_eq!((error_told(&folder, &few), error_told(&folder, &many)), (0.0, Sketch::RELATIVE_ERROR));
    let (exact, near) = (timeline(&folder, &few), timeline(&folder, &many));
    let mut others = 0;
    for ((month, measure), exact) in exact {
        let near = &near[&(month.clone(), measure.clone())];
        // One replication more changes means and spreads by no more than one value can.
        assert!((exact[0] - near[0]).abs() <= 1e-3 * exact[0].abs().max(1e-3), "{month} {measure}: {exact:?} {near:?}");
        for (exact, near) in exact[2..].iter().zip(&near[2..]) {
            // And a quantile to the next value at most, which of so many is next to it.
            let apart = (exact - near).abs();
            assert!(apart <= (Sketch::RELATIVE_ERROR + 1e-3) * exact.abs(), "{month} {measure}: {exact} {near}");
            others += u32::from(apart > 0.0);
        }
    }
    assert!(others > 20, "hardly a quantile is another: {others}");
    let summary = folder.text(&format!("{many}/summary.csv"));
    assert!(summary.contains(&format!("direct,joins,people,{many},0,")), "{summary}");
}

#[test]
fn beyond_the_limit_shards_threads_and_precision_leave_no_trace() {
    let folder = Folder::with(SMALL);
    // The limit lies within a shard, and within a block.
    let replications = (EXACT_MONTHS_AT_MOST + 20_000).to_string();
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
    // A run that was not known to become so long keeps values until it does.
    let precise = ["run", "scenario.toml", "-n", "90000", "--precision", "0.000001", "--response", "client_cost"];
    let told =
        folder.run(&[&precise[..], &["--max-replications", &replications, "-o", "grown", "--charts", "none"]].concat());
    assert_eq!(told.status, Some(5), "{}", told.err);
    assert_same_files(&folder, "one", "grown");
}
