//! The same scenario, seed and number of replications give the same bytes, whatever the threads, the other strategies,
//! the later replications, the processor or the build of the program.

use std::process::Command;

use handover::random::LAWS;

use super::digest::{self, OLD_PROCESSOR};
use super::program::{Folder, PLAIN, RICH, assert_same_files, edited, run_to_end};

/// Returns the rows of `replications.csv` of one strategy, or of all.
fn replications(folder: &Folder, out: &str, strategy: &str) -> Vec<String> {
    let text = folder.text(&format!("{out}/replications.csv"));
    text.lines().skip(1).filter(|line| line.starts_with(strategy)).map(str::to_owned).collect()
}

/// Runs a scenario into a folder of this name, without charts.
fn simulate(folder: &Folder, out: &str, arguments: &[&str]) {
    folder.succeed(&[&["run", "scenario.toml", "-o", out, "--charts", "none", "-q"], arguments].concat());
}

#[test]
fn the_scenario_of_these_tests_uses_every_law_and_a_transfer() {
    for law in LAWS {
        assert!(RICH.contains(&format!("dist = \"{}\"", law.name)), "{}", law.name);
    }
    for part in
        ["[[strategy.bot.transfer]]", "rescue = ", "bench = ", "[market]", "[demand.shock]", "fx_volatility_per_year = "]
    {
        assert!(RICH.contains(part), "{part}");
    }
}

#[test]
fn every_file_is_the_same_whatever_the_threads() {
    let folder = Folder::with(RICH);
    for threads in ["1", "2", "7"] {
        folder.succeed(&["run", "scenario.toml", "-o", threads, "-n", "1100", "--threads", threads, "-q"]);
    }
    assert_same_files(&folder, "1", "2");
    assert_same_files(&folder, "1", "7");
}

#[test]
fn every_file_is_the_same_the_next_time() {
    let folder = Folder::with(RICH);
    for out in ["one", "two"] {
        folder.succeed(&["run", "scenario.toml", "-o", out, "-n", "50", "-q"]);
        folder.succeed(&["trace", "scenario.toml", "-o", &format!("{out}/trace"), "--replication", "3"]);
    }
    assert_same_files(&folder, "one", "two");
}

#[test]
fn the_first_of_many_replications_are_those_of_a_shorter_run() {
    let folder = Folder::with(RICH);
    simulate(&folder, "long", &["-n", "1000"]);
    simulate(&folder, "short", &["-n", "300"]);
    simulate(&folder, "one", &["-n", "1"]);
    for strategy in ["bot,", "in_house,", "augmentation,"] {
        let [long, short, one] = ["long", "short", "one"].map(|out| replications(&folder, out, strategy));
        assert_eq!((long.len(), short.len(), one.len()), (1000, 300, 1));
        assert!(long[..300] == short, "{strategy}");
        assert_eq!(long[..1], one);
    }
}

#[test]
fn a_strategy_alone_is_what_it_is_among_others() {
    let folder = Folder::with(RICH);
    simulate(&folder, "all", &["-n", "300"]);
    for strategy in ["bot", "in_house", "augmentation"] {
        simulate(&folder, strategy, &["-n", "300", "--strategy", strategy]);
        let alone = replications(&folder, strategy, "");
        assert!(replications(&folder, "all", &format!("{strategy},")) == alone, "{strategy}");
        for file in
            ["summary.csv", "quantiles.csv", "timeline.csv", "goals.csv", "goals_timeline.csv", "costs.csv", "phases.csv"]
        {
            let rows = |out: &str| -> Vec<String> {
                let text = folder.text(&format!("{out}/{file}"));
                text.lines().filter(|line| line.starts_with(&format!("{strategy},"))).map(str::to_owned).collect()
            };
            assert!(rows("all") == rows(strategy), "{file} of {strategy}");
        }
    }
}

#[test]
fn the_order_in_which_strategies_are_asked_for_changes_nothing() {
    let folder = Folder::with(RICH);
    simulate(&folder, "one", &["-n", "20", "--strategy", "bot", "--strategy", "in_house"]);
    simulate(&folder, "other", &["-n", "20", "--strategy", "in_house", "--strategy", "bot", "--strategy", "bot"]);
    assert_same_files(&folder, "one", "other");
}

#[test]
fn another_seed_is_other_luck_wherever_it_is_given() {
    let folder = Folder::with(RICH);
    simulate(&folder, "file", &["-n", "50"]);
    simulate(&folder, "option", &["-n", "50", "--seed", "7"]);
    simulate(&folder, "set", &["-n", "50", "--set", "seed=8"]);
    simulate(&folder, "other", &["-n", "50", "--seed", "8"]);
    let rows = |out: &str| replications(&folder, out, "");
    assert!(rows("file") == rows("option"));
    assert!(rows("set") == rows("other"));
    let same = rows("file").iter().zip(rows("other")).filter(|(one, other)| *one == other).count();
    assert_eq!(same, 0, "of 150 replications");
}

#[test]
fn what_is_not_used_and_how_things_are_called_changes_nothing() {
    let base = replications_of(RICH);
    let idle = "[organisation.idle]\nlike = \"vendor\"\nsetup_days = { dist = \"exponential\", mean = 9 }\n\n[organisation.vendor]\n";
    let others = [
        // An organisation that nobody uses, before those that are used.
        edited(RICH, "[organisation.vendor]\n", idle),
        // A role that nobody wants, before those that are wanted.
        edited(
            &edited(RICH, "[[role]]\n", "[[role]]\nname = \"tester\"\n\n[[role]]\n"),
            "[demand]\n",
            "[demand]\ntester = 0\n",
        ),
        // A strategy before the others.
        edited(RICH, "[strategy.bot]\n", "[strategy.another]\nemployer = \"client\"\n\n[strategy.bot]\n"),
        // Staff that no stage uses. If there were any, `staff_days` would count them.
        edited(RICH, "panel = 3 }", "panel = 3, sourcers = 0 }"),
        // Initial people of whom there are none, before those who are there.
        edited(RICH, "initial = [\n", "initial = [\n  { role = \"engineer\", headcount = 0 },\n"),
        // Other names, other words, other space.
        edited(RICH, "title = \"Every key and every law\"", "title = 'Another'"),
        RICH.replace("vendor", "partner").replace("recruiters", "sourcers"),
        edited(RICH, "name = \"search\"", "name = \"look for somebody\""),
        RICH.replace('\n', "\r\n").replace(" = ", "=   "),
        edited(RICH, "currency = \"kUSD\"\n", ""),
        // Changes without effect.
        edited(RICH, "wave_gap_days = 30", "wave_gap_days = 30.0"),
        edited(RICH, "acceptance_by_role = { lead = 0.95 }", "acceptance_by_role = { lead = 0.95, engineer = 0.9 }"),
    ];
    for other in &others {
        assert!(base == replications_of(other), "{other}");
    }
}

fn replications_of(scenario: &str) -> Vec<Vec<String>> {
    let folder = Folder::with(scenario);
    simulate(&folder, "out", &["-n", "60"]);
    let text = folder.text("out/replications.csv");
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("rows");
    // What is told of a role that nobody wants is told of no other.
    let is_told: Vec<bool> = rows[0].iter().map(|column| !column.ends_with("[tester]")).collect();
    let of = |strategy: &str| {
        let of_strategy = rows.iter().filter(|row| &row[0] == strategy);
        of_strategy
            .flat_map(|row| row.iter().zip(&is_told).filter(|(_, told)| **told).map(|(cell, _)| cell.to_owned()))
            .collect()
    };
    ["bot", "in_house", "augmentation"].map(of).to_vec()
}

#[test]
fn strategies_that_do_the_same_have_the_same_luck() {
    let (_, augmentation) = RICH.split_once("[strategy.augmentation]\n").expect("it is the last strategy");
    let augmentation = augmentation.split("[[factor]]").next().unwrap_or_default();
    let twin = augmentation.replace("strategy.augmentation", "strategy.twin");
    let folder = Folder::with(&format!("{RICH}\n[strategy.twin]\n{twin}"));
    simulate(&folder, "out", &["-n", "200"]);
    let twins = ["augmentation,", "twin,"].map(|strategy| {
        let rows = replications(&folder, "out", strategy);
        rows.iter().filter_map(|row| row.strip_prefix(strategy).map(str::to_owned)).collect::<Vec<_>>()
    });
    assert_eq!(twins[0], twins[1]);
}

#[test]
fn strategies_part_only_when_they_begin_to_differ() {
    // Until its receiver hires, build-operate-transfer equals augmentation with the same people.
    let (before, after) = RICH.split_once("employer_by_role = ").expect("a strategy has this key");
    let (_, after) = after.split_once("rescue = ").expect("and then this one");
    let folder = Folder::with(&format!("{before}rescue = {after}"));
    simulate(&folder, "out", &["-n", "200"]);
    let firsts = ["bot,", "augmentation,"].map(|strategy| {
        let rows = replications(&folder, "out", strategy);
        rows.iter().map(|row| row.split(',').nth(2).unwrap_or_default().to_owned()).collect::<Vec<_>>()
    });
    assert_eq!(firsts[0], firsts[1], "day of the first join");
}

/// Returns what `awk` computes with the C library on this processor, or on one that glibc is set to treat as older.
fn computed_by_awk(tunables: Option<&str>) -> Option<Vec<u8>> {
    let program = "BEGIN { for (i = 1; i < 20000; i++) printf \"%.17g %.17g\\n\", exp(i / 700.3), log(i / 3.7) }";
    let mut command = Command::new("awk");
    command.arg(program).env_remove("GLIBC_TUNABLES");
    tunables.map(|tunables| command.env("GLIBC_TUNABLES", tunables));
    command.output().ok().filter(|output| output.status.success()).map(|output| output.stdout)
}

#[test]
fn every_file_is_the_same_on_an_older_processor() {
    if computed_by_awk(None).is_none_or(|today| computed_by_awk(Some(OLD_PROCESSOR)) == Some(today)) {
        println!("skipped in part: the C library of this machine does not hear {OLD_PROCESSOR}");
    }
    let folder = Folder::with(RICH);
    for (out, tunables) in [("today", None), ("older", Some(OLD_PROCESSOR))] {
        for command in [["run", "scenario.toml", "-n", "300", "-o"], ["trace", "scenario.toml", "--seed", "3", "-o"]] {
            let mut command = folder.command(&command);
            command.arg(out).arg("--force").env_remove("GLIBC_TUNABLES");
            tunables.map(|tunables| command.env("GLIBC_TUNABLES", tunables));
            let told = run_to_end(&mut command);
            assert_eq!(told.status, Some(0), "{}", told.err);
        }
    }
    assert_same_files(&folder, "today", "older");
}

#[test]
fn blocks_have_the_same_bits_in_every_profile_and_on_every_processor() {
    digest::check().unwrap_or_else(|differences| panic!("{differences}"));
}

#[test]
fn the_surroundings_of_a_run_change_nothing() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml", "-o", "plain", "-q"]);
    let mut command = folder.command(&["run", "scenario.toml", "-o", "odd"]);
    let variables = [("LC_ALL", "de_DE.UTF-8"), ("LANG", "tr_TR"), ("TZ", "Asia/Kolkata"), ("RAYON_NUM_THREADS", "3")];
    for (name, value) in
        variables.into_iter().chain([("SOURCE_DATE_EPOCH", "1"), ("FONTCONFIG_PATH", "/nowhere"), ("HOME", "/nowhere")])
    {
        command.env(name, value);
    }
    let told = run_to_end(&mut command);
    assert_eq!(told.status, Some(0), "{}", told.err);
    assert_same_files(&folder, "plain", "odd");
    // A copy of the scenario under another name, from another folder.
    folder.write("deep/er/copy.toml", PLAIN);
    folder.succeed(&["run", "deep/er/copy.toml", "-o", "copy", "-q"]);
    assert_same_files(&folder, "plain", "copy");
}
