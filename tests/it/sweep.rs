//! `handover sweep`: what happens at each point, known truths, and its three promises: the rows of a run, the same
//! files however it is cut up, and no finished work repeated.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value as Json;

use super::program::{BINARY, Exit, Folder, PLAIN, assert_same_files, copy, edited};

/// Sixty seats, searched for by recruiters: the headcount is a Markov chain with a known law.
const RECRUITERS: &str = r#"title = "Sixty seats"
start = 2027-01-01
months = "equal"
horizon_months = 18
role = [{ name = "a" }]
demand = { a = 60 }
[organisation.v.hiring]
staff = { recruiters = 6 }
stages = [{ name = "search", uses = "recruiters", takes_days = { dist = "exponential", mean = 30 }, pass = 0.7 }]
[organisation.v.attrition]
tenure_days = { dist = "exponential", mean = 900 }
[[goal]]
name = "54 by 18"
measure = "headcount"
at_least = 54
by_month = 18
probability = 0.9
[strategy.bot]
employer = "v"
"#;

/// No chance: cost = 10 salary (1 + overhead) (1 + cost_plus), and fees.
const CERTAIN: &str = r#"title = "Certain"
start = 2027-01-01
months = "equal"
horizon_months = 12
role = [{ name = "a" }]
demand = { a = 10 }
[organisation.v]
[organisation.v.cost]
salary_per_year = { a = 12000 }
overhead = 0.5
[organisation.v.hiring]
staff = { recruiters = 1 }
stages = [{ name = "search", uses = "recruiters", takes_days = 100000 }]
[strategy.bot]
employer = "v"
initial = [{ role = "a", headcount = 10 }]
[strategy.bot.contract.v]
cost_plus = 0.1
setup_fee = 500
oversight_month = 7
"#;

/// Returns the rows of a table by the names of its columns.
fn rows(folder: &Folder, file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(folder.bytes(file).leak() as &[u8]);
    reader.deserialize().map(|row| row.expect("it is a row")).collect()
}

/// Returns the number in a column of the first row that has these cells.
fn number(rows: &[BTreeMap<String, String>], cells: &[(&str, &str)], column: &str) -> f64 {
    let is_it = |row: &&BTreeMap<String, String>| cells.iter().all(|(name, cell)| row[*name] == *cell);
    let row = rows.iter().find(is_it).unwrap_or_else(|| panic!("no row {cells:?}"));
    row[column].parse().unwrap_or_else(|_| panic!("{cells:?}: {column} is {:?}", row[column]))
}

fn sweep(folder: &Folder, out: &str, more: &[&str]) -> Exit {
    folder.run(&[&["sweep", "scenario.toml", "-o", out, "--charts", "none"][..], more].concat())
}

fn swept(folder: &Folder, out: &str, more: &[&str]) -> Exit {
    let told = sweep(folder, out, more);
    assert_eq!(told.status, Some(0), "{}", told.err);
    told
}

const RANGE: [&str; 2] = ["--vary", "recruiters=4..9"];

#[test]
fn without_chance_costs_effects_and_interaction_are_exact() {
    let folder = Folder::with(CERTAIN);
    swept(&folder, "out", &["--vary", "overhead=0,0.5", "--vary", "cost_plus=0.1,0.2222", "-n", "3"]);
    let summary = rows(&folder, "out/summary.csv");
    for (point, cost) in [132_584.0, 147_248.0, 198_584.0, 220_580.0].into_iter().enumerate() {
        let mean = number(&summary, &[("point", &point.to_string()), ("response", "client_cost")], "mean");
        assert!((mean - cost).abs() < 1e-6, "{point}: {mean}");
    }
    let effects = rows(&folder, "out/effects.csv");
    let effect = |factor: &str, level: &str| {
        number(&effects, &[("response", "client_cost"), ("factor", factor), ("level", level)], "effect")
    };
    for (found, truth) in [
        (2.0 * effect("overhead", "0.5"), 69_666.0),
        (2.0 * effect("cost_plus", "0.2222"), 18_330.0),
        (effect("overhead:cost_plus", ""), 3_666.0),
        (effect("overhead", "0") + effect("overhead", "0.5"), 0.0),
    ] {
        assert!((found - truth).abs() < 1e-6, "{found}, expected {truth}");
    }
    let points = rows(&folder, "out/points.csv");
    assert_eq!(points[2]["set"], "organisation.v.cost.overhead=0.5 strategy.bot.contract.v.cost_plus=0.1");
    // The scenario's own values are those of the third point, so the others are compared with it.
    let differences = rows(&folder, "out/differences.csv");
    let apart = number(&differences, &[("point", "3"), ("response", "client_cost")], "mean_difference");
    assert!((apart - 21_996.0).abs() < 1e-6, "{apart}");
}

/// Means and probabilities of the Markov chain, computed from its generator. At 4,000 replications a headcount has a
/// standard error of at most 0.06 and a probability of 0.008; a bias of 2 % of a headcount is 12 of them, of a
/// probability 2.
#[test]
fn recruiters_have_the_headcount_and_the_probability_of_their_chain() {
    let folder = Folder::with(RECRUITERS);
    let told = swept(&folder, "out", &[&RANGE[..], &["-n", "4000"]].concat());
    let (goals, summary) = (rows(&folder, "out/goals.csv"), rows(&folder, "out/summary.csv"));
    let truths = [0.010222, 0.214263, 0.705649, 0.957661, 0.997077, 0.999855];
    for (recruiters, truth) in (4..).zip(truths) {
        let found = number(&goals, &[("recruiters", &i32::to_string(&recruiters))], "probability");
        let error = f64::sqrt(truth * (1.0 - truth) / 4000.0);
        assert!((found - truth).abs() < 4.0 * error + 1e-9, "{recruiters}: {found}, expected {truth}");
    }
    let heads = [38.279228, 47.552454, 54.265301, 56.722389, 57.181885, 57.251132];
    for (recruiters, truth) in (4..).zip(heads) {
        let cells = [("recruiters", &*i32::to_string(&recruiters)), ("response", "headcount_at_end")];
        let Some(row) = summary.iter().find(|row| row["recruiters"] == cells[0].1 && row["response"] == cells[1].1) else {
            continue;
        };
        let [mean, error] = ["mean", "se"].map(|column| row[column].parse::<f64>().expect("a number"));
        assert!((mean - truth).abs() < 4.0 * error, "{recruiters}: {mean} ± {error}, expected {truth}");
    }
    assert!(
        told.out.contains("bot: 3 of 6 points are shown to reach the 90 % that \"54 by 18\" requires, the first at"),
        "{}",
        told.out
    );
}

/// Survivors of two scales are nested, as their tenures are quantiles at the same random numbers: the difference is binomial,
/// Bin(40, S(900) - S(600)), and never negative.
#[test]
fn pairs_under_the_same_luck_have_the_law_of_their_difference() {
    let text = "title = 'Leavers'\nstart = 2027-01-01\nmonths = 'equal'\nhorizon_months = 12\nrole = [{ name = 'a' }]\ndemand.a = 40\n\
        strategy.bot = { employer = 'v', initial = [{ role = 'a', headcount = 40 }] }\n\
        [organisation.v]\nhiring.stages = [{ name = 'search', takes_days = 100000 }]\n\
        attrition.tenure_days = { dist = 'weibull', shape = 1.2, scale = 900 }\n";
    let folder = Folder::with(text);
    const N: f64 = 8000.0;
    swept(&folder, "out", &["--vary", "scale=600,900", "-n", "8000", "--base", "scale=900"]);
    let differences = rows(&folder, "out/differences.csv");
    let of = |column: &str| number(&differences, &[("scale", "600"), ("response", "leaves")], column);
    let (mean, variance) = (5.451_050, 4.708_202);
    assert!((of("mean_difference") - mean).abs() < 4.0 * f64::sqrt(variance / N), "{}", of("mean_difference"));
    // The variance of a sample variance of nearly normal values: 2 v^2 / n, so 2 % would be 1.3 of 4 errors; the mean notices 2 %.
    let found = of("se") * of("se") * N;
    assert!((found - variance).abs() < 4.0 * variance * f64::sqrt(2.0 / N), "{found}");
    assert!((of("variance_ratio") - 3.8135).abs() < 4.0 * 3.8135 * f64::sqrt(2.0 / N), "{}", of("variance_ratio"));
    assert!(of("p_lower") == 0.0 && of("p_equal") > 0.0);
}

/// Returns the lines of a table of a sweep that belong to a point, without the leading columns.
fn lines_of(text: &str, point: usize, width: usize) -> Vec<String> {
    let prefix = format!("{point},");
    let lines = text.lines().skip(1).filter(|line| line.starts_with(&prefix));
    lines.map(|line| line.splitn(width + 1, ',').nth(width).expect("more columns").to_owned()).collect()
}

/// The first promise.
#[test]
fn the_rows_of_a_point_are_those_of_a_run() {
    let folder =
        Folder::with(&format!("{PLAIN}\n[[goal]]\nname = \"all\"\nmeasure = \"headcount\"\nat_least = 5\nby_month = 12\n"));
    let vary = ["--vary", "demand.engineer=4,5", "--vary", "passes:organisation.builder.hiring.stages.0.pass=0.5,0.75"];
    swept(&folder, "out", &[&vary[..], &["-n", "300"]].concat());
    let points = rows(&folder, "out/points.csv");
    assert_eq!(points.len(), 4);
    for (number, point) in points.iter().enumerate() {
        let out = format!("run_{number}");
        let set: Vec<&str> = point["set"].split(' ').flat_map(|set| ["--set", set]).collect();
        folder.succeed(&[&["run", "scenario.toml", "-n", "300", "--charts", "none", "-q", "-o", &out][..], &set].concat());
        for file in ["summary.csv", "goals.csv", "quantiles.csv"] {
            let of_run: Vec<String> = folder.text(&format!("{out}/{file}")).lines().skip(1).map(str::to_owned).collect();
            assert!(lines_of(&folder.text(&format!("out/{file}")), number, 3) == of_run, "{file} of point {number}");
        }
        let manifest: Json = serde_json::from_slice(&folder.bytes(&format!("{out}/manifest.json"))).expect("JSON");
        assert_eq!(manifest["scenario_sha256"], *point["sha256"]);
    }
    // With rows for every replication, those are the run's as well.
    swept(&folder, "rows", &[&vary[..], &["-n", "300", "--keep", "replications"]].concat());
    let of_run: Vec<String> = folder.text("run_2/replications.csv").lines().skip(1).map(str::to_owned).collect();
    assert!(lines_of(&folder.text("rows/replications.csv"), 2, 3) == of_run);
}

/// The second promise: threads, shards and kills leave no trace.
#[test]
fn threads_shards_and_kills_leave_no_trace() {
    let folder = Folder::with(RECRUITERS);
    let more =
        |charts: &'static str| [&RANGE[..], &["-n", "2000", "--format", "csv,parquet", "--charts", charts, "-q"]].concat();
    let run = |out: &str, more: &[&str]| folder.run(&[&["sweep", "scenario.toml", "-o", out][..], more].concat());
    let drawn = more("goals,effects");
    assert_eq!(run("whole", &drawn).status, Some(0));
    let blocks = |out: &str| {
        copy(&folder, out, &format!("{out}_bare"));
        fs::remove_dir_all(folder.path(&format!("{out}_bare/blocks"))).expect("blocks stay");
    };
    blocks("whole");
    assert_eq!(run("one", &[&drawn[..], &["--threads", "1"]].concat()).status, Some(0));
    blocks("one");
    assert_same_files(&folder, "whole_bare", "one_bare");
    // Shards in any order, merged.
    for number in ["2", "0", "1"] {
        let told = run(&format!("shard_{number}"), &[&drawn[..], &["--shard", &format!("{number}/3")]].concat());
        assert_eq!((told.status, told.err.as_str()), (Some(0), ""), "{number}");
    }
    let told = folder.run(&["merge", "shard_0", "shard_2", "-o", "merged", "-q"]);
    assert!(told.status == Some(3) && told.err.starts_with("points 2-3 of 6 are incomplete"), "{}", told.err);
    let told = folder.run(&["status", "shard_0", "shard_2"]);
    assert!(told.out.contains("missing points: 2-3\n") && told.out.contains("--array=1\n"), "{}", told.out);
    let merge =
        ["merge", "shard_2", "shard_1", "shard_0", "-o", "merged", "--format", "csv,parquet", "--charts", "goals,effects"];
    folder.succeed(&merge);
    assert_same_files(&folder, "whole_bare", "merged");
    // Killed once it has some blocks, it resumes.
    let mut command = Command::new(BINARY);
    command.current_dir(folder.path("")).args(["sweep", "scenario.toml", "-o", "stopped"]).args(&drawn);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let kept =
        || folder.path("stopped/blocks").is_dir() && folder.files("stopped").iter().any(|file| file.ends_with(".block"));
    while !kept() && child.try_wait().expect("it can be waited for").is_none() {
        thread::yield_now();
    }
    let _ = child.kill();
    assert!(!child.wait().expect("it can be waited for").success(), "it was to take longer");
    assert_eq!(run("stopped", &drawn).status, Some(0));
    blocks("stopped");
    assert_same_files(&folder, "whole_bare", "stopped_bare");
    // The report is drawn again from the files alone.
    let report = folder.bytes("whole_bare/report.html");
    folder.succeed(&["report", "whole_bare", "--charts", "goals,effects"]);
    assert!(report == folder.bytes("whole_bare/report.html"));
    assert_same_files(&folder, "merged", "whole_bare");
}

#[test]
fn a_sweep_in_more_formats_lacks_no_table_that_it_does_not_have() {
    let folder = Folder::with(RECRUITERS);
    let formats: &[&str] = &["-n", "20", "--format", "csv,parquet", "--resume"];
    swept(&folder, "out", &[&RANGE[..], formats].concat());
    assert!(!folder.files("out").contains(&"tornado.parquet".to_owned()));
    let told = swept(&folder, "out", &[&RANGE[..], formats].concat());
    assert!(told.err.ends_with("the results were already complete\n"), "{}", told.err);
}

/// The third promise: more replications extend the existing ones.
#[test]
fn a_larger_sweep_goes_on_from_a_finished_folder() {
    let folder = Folder::with(RECRUITERS);
    swept(&folder, "out", &[&RANGE[..], &["-n", "512"]].concat());
    let blocks =
        |out: &str| -> Vec<String> { folder.files(out).into_iter().filter(|file| file.ends_with(".block")).collect() };
    let before = blocks("out");
    assert_eq!(before.len(), 12);
    let told = swept(&folder, "out", &[&RANGE[..], &["-n", "700"]].concat());
    assert!(told.err.contains("resuming: 3,072 of 4,200 replications are done and kept in out\n"), "{}", told.err);
    assert!(told.err.contains("out: extending the sweep from 512 to 700 replications at each point\n"), "{}", told.err);
    assert!(before.iter().all(|block| blocks("out").contains(block)) && blocks("out").len() == 18);
    swept(&folder, "whole", &[&RANGE[..], &["-n", "700"]].concat());
    for out in ["out", "whole"] {
        fs::remove_dir_all(folder.path(&format!("{out}/blocks"))).expect("blocks stay");
    }
    assert_same_files(&folder, "whole", "out");
    // Fewer would discard results.
    let told = sweep(&folder, "out", &[&RANGE[..], &["-n", "512"]].concat());
    assert!(told.status == Some(1) && told.err.contains("700 replications at each point, more than 512"), "{}", told.err);
    let told = swept(&folder, "out", &[&RANGE[..], &["-n", "700", "--resume"]].concat());
    assert!(told.err.ends_with("the results were already complete\n"), "{}", told.err);
}

#[test]
fn what_is_computed_serves_every_question() {
    let folder = Folder::with(RECRUITERS);
    let kept = |told: &Exit| told.err.lines().any(|line| line.starts_with("resuming: "));
    swept(&folder, "out", &[&RANGE[..], &["-n", "256"]].concat());
    // One more level: the six existing points are not computed again.
    let told = swept(&folder, "out", &["--vary", "recruiters=3..9", "-n", "256", "--force"]);
    assert!(told.err.contains("resuming: 1,536 of 1,792 replications are done and kept in out\n"), "{}", told.err);
    // A key that affects no strategy makes no new point.
    let elsewhere = format!("{RECRUITERS}\n[organisation.other]\nown = true\nsetup_days = 3\n");
    folder.write("scenario.toml", elsewhere);
    let told = swept(&folder, "other", &["--vary", "setup_days=1,2,3", "-n", "256"]);
    assert!(!kept(&told), "{}", told.err);
    assert_eq!(folder.files("other").iter().filter(|file| file.ends_with(".block")).count(), 1, "three points are one");
    assert_eq!(rows(&folder, "other/points.csv").len(), 3);
    // Whole blocks serve a run too, and those of a run serve a sweep.
    folder.write("scenario.toml", RECRUITERS);
    swept(&folder, "whole", &["--vary", "recruiters=6", "-n", "512", "--keep", "blocks"]);
    let sets = ["--set", "organisation.v.hiring.staff.recruiters=6"];
    fs::create_dir_all(folder.path("run")).expect("it is new");
    copy(&folder, "whole/blocks", "run/blocks");
    let told = folder.run(&[&["run", "scenario.toml", "-n", "512", "-o", "run", "--charts", "none"][..], &sets].concat());
    assert!(told.status == Some(4) && told.err.contains("resuming: 512 of 512 replications"), "{}", told.err);
}

#[test]
fn one_factor_at_a_time_gives_a_tornado() {
    let folder = Folder::with(CERTAIN);
    let more = ["--design", "one-at-a-time", "--vary", "overhead=0.25,0.75", "--vary", "cost_plus=0,0.2", "-n", "2"];
    let told = folder.succeed(&[&["sweep", "scenario.toml", "-o", "out"][..], &more].concat());
    let files = folder.files("out");
    assert!(files.contains(&"charts/tornado.svg".to_owned()) && files.contains(&"tornado.csv".to_owned()), "{files:?}");
    assert!(!files.contains(&"effects.csv".to_owned()) && !files.contains(&"charts/goals.svg".to_owned()), "{files:?}");
    let bars = rows(&folder, "out/tornado.csv");
    let of = |parameter: &str, column: &str| number(&bars, &[("response", "client_cost"), ("parameter", parameter)], column);
    // 120,000 * 0.25 * 1.1, and 180,000 * 0.1.
    for (found, truth) in [
        (of("overhead", "change_low"), -33_000.0),
        (of("overhead", "change_high"), 33_000.0),
        (of("cost_plus", "change_high"), 18_000.0),
        (of("cost_plus", "swing"), 36_000.0),
        (of("cost_plus", "mean_base"), 198_584.0),
    ] {
        assert!((found - truth).abs() < 1e-6, "{found}, expected {truth}");
    }
    assert!(
        told.out.contains("bot: client_cost changes most with overhead (by 66,000 EUR) and cost_plus (by 36,000 EUR)."),
        "{}",
        told.out
    );
    let report = folder.text("out/report.html");
    assert!(
        report.contains("handover run scenario.toml --set organisation.v.cost.overhead=0.25 --replications 2"),
        "the command of a point"
    );
}

#[test]
fn points_are_listed_by_a_file_or_are_scenario_files() {
    let folder = Folder::with(RECRUITERS);
    folder.write("design.csv", "recruiters,pass\n5,0.7\n6,0.8\n");
    let told = swept(&folder, "listed", &["--points", "design.csv", "-n", "20"]);
    assert!(told.out.contains("2 points"), "{}", told.out);
    assert!(folder.text("listed/points.csv").starts_with("point,recruiters,pass,replications,sha256,set\n0,5,0.7,20,"));
    // The plan of this month against that of last month, paired.
    folder.write("october.toml", RECRUITERS);
    folder.write("november.toml", edited(RECRUITERS, "recruiters = 6", "recruiters = 7"));
    let run = [
        "sweep",
        "october.toml",
        "november.toml",
        "-n",
        "256",
        "-o",
        "months",
        "--charts",
        "goals",
        "--chart-format",
        "svg",
    ];
    folder.succeed(&run);
    let goals = rows(&folder, "months/goals.csv");
    assert_eq!(goals.iter().map(|row| row["file"].as_str()).collect::<Vec<_>>(), ["october", "november"]);
    let apart = number(
        &rows(&folder, "months/differences.csv"),
        &[("file", "november"), ("response", "54 by 18")],
        "mean_difference",
    );
    assert!(apart > 0.1, "{apart}");
    let report = folder.bytes("months/report.html");
    folder.succeed(&["report", "months", "--charts", "goals", "--chart-format", "svg"]);
    assert!(report == folder.bytes("months/report.html"));
}

/// Runs a command like a shell, with more options, in a folder.
fn shell(folder: &Folder, place: &str, command: &str, more: &str) {
    let programs = Path::new(BINARY).parent().expect("it is in a folder");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let command = format!("{command} {more}");
    let done = Command::new("sh").args(["-c", &command]).current_dir(folder.path(place)).env("PATH", path).output();
    let done = done.expect("there is a shell");
    // A gate that is not met is an answer.
    assert!(matches!(done.status.code(), Some(0 | 4)), "{command}\n{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_recorded_command_computes_a_sweep_again() {
    let two = RECRUITERS.to_owned() + "[strategy.'two words']\nemployer = \"v\"\n";
    let folder = Folder::with(&two);
    folder.write("design.txt", "recruiters,pass\n5,0.7\n6,0.8\n");
    let with = "[[factor]]\nname = \"both\"\nkey = \"recruiters\"\nlevels = [5, 6]\nalso = { horizon_months = [18, 19] }\n";
    folder.write("more.txt", with);
    folder.write("second.toml", edited(&two, "recruiters = 6", "recruiters = 7"));
    let of_one: [&[&str]; 4] = [
        &["--vary", "crew size:recruiters=4..5", "--independent", "--strategy", "two words", "--confidence", "0.9"],
        &[
            "--vary",
            "recruiters=5..7",
            "--vary",
            "pass=0.6,0.7",
            "--design",
            "one-at-a-time",
            "--base",
            "recruiters=5,pass=0.7",
        ],
        &["--points", "design.txt", "--responses", "joins"],
        &["--with", "more.txt", "--set", "pass=0.8", "--keep", "replications", "--seed", "9"],
    ];
    let several: &[&str] = &["second.toml", "--set", "pass=0.8", "--vary", "recruiters=5,6"];
    for (options, place) in of_one.map(|options| (options, "there")).into_iter().chain([(several, ".")]) {
        let line =
            [&["sweep", "scenario.toml"], options, &["-n", "20", "-o", "there", "--charts", "none", "--force"]].concat();
        folder.succeed(&line);
        let manifest: Json = serde_json::from_slice(&folder.bytes("there/manifest.json")).expect("it is JSON");
        let command = manifest["command"].as_str().expect("it is a text");
        let again = folder.path("again");
        shell(&folder, place, command, &format!("-o '{}' --charts none --quiet", again.display()));
        for table in ["points.csv", "summary.csv", "goals.csv", "differences.csv", "manifest.json"] {
            let [one, other] = ["there", "again"].map(|out| folder.bytes(&format!("{out}/{table}")));
            assert!(one == other, "{command}: {table}");
        }
        // The command of a point gives its rows.
        folder.succeed(&["report", "there", "--charts", "effects"]);
        let page = folder.text("there/report.html").replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
        let (_, run) = page.rsplit_once("handover run ").expect("points have commands");
        let (run, _) = run.split_once('<').expect("it ends");
        shell(
            &folder,
            place,
            &format!("handover run {run}"),
            &format!("-o '{}' --charts none --quiet --force", again.display()),
        );
        let last = rows(&folder, "there/points.csv").last().map(|row| row["sha256"].clone());
        let alone: Json = serde_json::from_slice(&folder.bytes("again/manifest.json")).expect("it is JSON");
        assert_eq!(last.as_deref(), alone["scenario_sha256"].as_str(), "{run}");
        fs::remove_dir_all(again).expect("it goes");
        fs::remove_dir_all(folder.path("there")).expect("it goes");
    }
}

#[test]
fn points_with_other_horizons_are_compared_each_with_its_own() {
    let folder = Folder::with(RECRUITERS);
    swept(&folder, "all", &["--vary", "horizon_months=18,36", "--base", "horizon_months=18", "-n", "100"]);
    let summary = rows(&folder, "all/summary.csv");
    let mean = |point| number(&summary, &[("point", point), ("response", "staffed_day")], "mean");
    let found =
        number(&rows(&folder, "all/differences.csv"), &[("point", "1"), ("response", "staffed_day")], "mean_difference");
    assert!(found > 5.0 && (found - (mean("1") - mean("0"))).abs() < 1e-6, "{found}");
}

#[test]
fn a_factor_counts_however_its_own_level_is_typed() {
    let folder = Folder::with(&edited(RECRUITERS, "recruiters = 6", "recruiters = 0x6"));
    swept(&folder, "all", &["--vary", "recruiters=5,6", "--vary", "pass=0.7,0.8", "--design", "one-at-a-time", "-n", "20"]);
    let tornado = rows(&folder, "all/tornado.csv");
    assert!(tornado.iter().any(|row| row["parameter"] == "recruiters" && row["response"] == "54 by 18"));
}

#[test]
fn what_others_have_begun_and_what_others_have_written_stays() {
    let folder = Folder::with(
        &(RECRUITERS.to_owned() + "[strategy.more]\nemployer = \"v\"\ninitial = [{ role = \"a\", headcount = 3 }]\n"),
    );
    let run = |options: &[&str]| {
        folder.run(&[&["run", "scenario.toml", "-n", "300", "-o", "out", "--charts", "none"], options].concat())
    };
    // A shard leaves the blocks of the whole study.
    assert_eq!(run(&["--shard", "0/1"]).status, Some(0));
    assert_eq!(run(&["--strategy", "bot"]).status, Some(4), "the gate is not met");
    assert_eq!(folder.run(&["merge", "out", "-o", "whole", "--charts", "none"]).status, Some(4), "all blocks are there");
    // No file of others is replaced, whatever has started beside it.
    folder.succeed(&["sweep", "scenario.toml", RANGE[0], "recruiters=5,6", "-n", "20", "--shard", "0/1", "-o", "sweep"]);
    folder.write("sweep/summary.csv", "mine\n");
    let told = sweep(&folder, "sweep", &[RANGE[0], "recruiters=5,6", "-n", "20"]);
    assert_eq!((told.status, folder.text("sweep/summary.csv").as_str()), (Some(1), "mine\n"), "{}", told.err);
    let told = folder.run(&["merge", "sweep", "--charts", "none"]);
    assert_eq!((told.status, folder.text("sweep/summary.csv").as_str()), (Some(1), "mine\n"), "{}", told.err);
    // Nor the table that says what is simulated, even with --force.
    folder.write("table/points.csv", "recruiters\n5\n6\n");
    let told = sweep(&folder, "table", &["--points", "table/points.csv", "-n", "20", "--force"]);
    assert_eq!(told.status, Some(2), "{}", told.err);
    assert!(told.err.contains("points.csv would be overwritten"), "{}", told.err);
    // Results of one kind replace those of another.
    swept(&folder, "whole", &[RANGE[0], "recruiters=5,6", "-n", "20", "--force"]);
    assert!(!folder.path("whole/comparison.csv").exists());
}

#[test]
fn several_runs_have_a_folder_each() {
    let folder = Folder::new();
    folder.write("plans/a.toml", PLAIN);
    folder.write("plans/b.toml", edited(PLAIN, "seed = 1", "seed = 2"));
    let run = |more: &[&str]| {
        folder.run(&[&["run", "plans/a.toml", "plans/b.toml", "-n", "20", "--charts", "none", "-q"][..], more].concat())
    };
    assert_eq!(run(&[]).status, Some(0));
    for name in ["a", "b"] {
        let plan = format!("plans/{name}.toml");
        folder.succeed(&["run", &plan, "-n", "20", "--charts", "none", "-q", "-o", &format!("alone_{name}")]);
        assert_same_files(&folder, &format!("alone_{name}"), &format!("results/{name}"));
    }
    assert_eq!(run(&["-o", "there"]).status, Some(0));
    assert_same_files(&folder, "alone_b", "there/b");
    // The mistakes of all before anything is simulated.
    folder.write("plans/b.toml", edited(PLAIN, "seed = 1", "seed = -1"));
    let told = run(&["-o", "bad"]);
    assert!(told.status == Some(2) && told.err.contains("plans/b.toml") && !folder.path("bad").exists(), "{}", told.err);
    folder.write("other/a.toml", PLAIN);
    let told = folder.run(&["run", "plans/a.toml", "other/a.toml"]);
    assert!(told.status == Some(2) && told.err.contains("another scenario file has the same name"), "{}", told.err);
    folder.write("plans/b.toml", format!("currency = \"USD\"\n{PLAIN}"));
    let told = run(&["--json"]);
    assert!(told.status == Some(2) && told.err.contains("--json prints one object"), "{}", told.err);
    let told = folder.run(&["sweep", "plans/a.toml", "plans/b.toml", "-n", "20"]);
    assert!(told.status == Some(2) && told.err.contains("b counts in USD, a in EUR"), "{}", told.err);
}

#[test]
fn what_cannot_be_swept_is_told_at_once() {
    let folder = Folder::with(RECRUITERS);
    let cases: [(&[&str], &[&str]); 13] = [
        (&[], &["nothing", "--vary"]),
        (&["--vary", "recruitors=2..4", "--vary", "pass=0.5,0.5"], &["recruitors", "recruiters", "0.5"]),
        (&["--vary", "pass=0.5,1.5", "--vary", "recruiters=-1,2"], &["pass=1.5", "recruiters=-1"]),
        (&["--vary", "recruiters=2..20000000"], &["1000"]),
        (&["--vary", "recruiters=1..100", "--vary", "stay:tenure_days.mean=1..200"], &["10000"]),
        (&["--vary", "recruiters=2..4", "--base", "recruiters=7"], &["recruiters=7"]),
        (&["--vary", "recruiters=2..4", "--responses", "client_cots"], &["client_cots", "client_cost"]),
        (&["--vary", "recruiters=2..4", "--uncertain"], &["cannot draw unknown numbers"]),
        (&["--vary", "recruiters=2..4", "--base", "recruiters=2,recruiters=3"], &["two levels"]),
        (&["--vary", "recruiters=3-9"], &["3-9", "3..9"]),
        (&["--vary", "recruiters=2..4", "--responses", "outcome"], &["outcome"]),
        (&["--vary", "client_cost:recruiters=2..4", "--keep", "replications"], &["client_cost", "replications.csv"]),
        (&["--vary", "swing:recruiters=2..4"], &["swing", "column"]),
    ];
    for (more, expected) in cases {
        let told = sweep(&folder, "out", more);
        assert_eq!(told.status, Some(2), "{more:?}: {}", told.err);
        for part in expected {
            assert!(told.err.contains(part), "{more:?}: no {part:?} in {}", told.err);
        }
        assert!(!folder.path("out").exists(), "{more:?}");
    }
}

#[test]
fn a_sweep_says_what_it_takes_and_tells_programs_what_it_gave() {
    let folder = Folder::with(RECRUITERS);
    let told = swept(&folder, "out", &[&RANGE[..], &["-n", "256", "--json"]].concat());
    assert!(told.err.starts_with("sweep: 6 points, 1,536 replications of strategies, "), "{}", told.err);
    let json: Json = serde_json::from_str(&told.out).expect("it is JSON");
    assert_eq!((&json["format"], &json["points"][2]["recruiters"]), (&2.into(), &6.into()));
    assert_eq!(json["goals"].as_array().map(Vec::len), Some(6));
    assert_eq!(json["manifest"]["design"]["arrangement"], "all-combinations");
    let status = folder.succeed(&["status", "out"]);
    assert!(status.out.contains("out: finished, 6 points"), "{}", status.out);
}
