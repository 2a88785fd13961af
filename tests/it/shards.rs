//! Shards: however a run is cut up, and in whatever order its parts are merged, the files are those of one run.

use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;

use handover::run::{Sealed, Shape, sealed};
use handover::scenario::Scenario;

use super::program::{BINARY, Exit, Folder, PLAIN, RICH, assert_same_files, copy, run_to_end};

/// Replications of these runs: 20 blocks, the last one short.
const MANY: &str = "5000";

fn shard(folder: &Folder, out: &str, shard: &str, more: &[&str]) -> Exit {
    folder.run(&[&["run", "scenario.toml", "-o", out, "-n", MANY, "--shard", shard][..], more].concat())
}

/// Computes these shards of this many, each into a separate folder. Returns the folders.
fn shards(folder: &Folder, of: u32, numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    let compute = |number: u32| {
        let out = format!("of_{of}/{number}");
        let told = shard(folder, &out, &format!("{number}/{of}"), &["-q"]);
        assert_eq!((told.status, told.err.as_str()), (Some(0), ""), "shard {number} of {of}");
        out
    };
    numbers.into_iter().map(compute).collect()
}

fn merge(folder: &Folder, folders: &[String], out: &str) -> Exit {
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    folder.run(&[&["merge"][..], &folders, &["-o", out, "--charts", "difference", "--chart-format", "svg"]].concat())
}

/// Returns the same by one run.
fn whole(folder: &Folder) -> Exit {
    folder.succeed(&["run", "scenario.toml", "-o", "whole", "-n", MANY, "--charts", "difference", "--chart-format", "svg"])
}

#[test]
fn any_number_of_shards_in_any_order_gives_the_files_of_one_run() {
    let folder = Folder::with(RICH);
    let whole = whole(&folder);
    for of in [1, 3, 7, 64] {
        // 64 shards of 20 blocks: most have nothing to do, and are still merged.
        let mut folders = shards(&folder, of, (0..of).rev());
        let half = folders.len() / 2;
        folders.rotate_left(half);
        let out = format!("merged_{of}");
        let merged = merge(&folder, &folders, &out);
        assert_eq!(merged.status, Some(0), "{}", merged.err);
        assert_eq!(merged.out.replace(&out, "whole"), whole.out, "the summary is that of one run");
        assert_same_files(&folder, "whole", &out);
    }
}

#[test]
fn shards_may_share_a_folder_and_be_computed_twice() {
    let folder = Folder::with(PLAIN);
    whole(&folder);
    for number in ["2/3", "0/3", "1/3", "0/3"] {
        let told = shard(&folder, "all", number, &[]);
        assert_eq!(told.status, Some(0), "{}", told.err);
        let said = told.err.lines().last().unwrap_or_default();
        assert!(
            said.ends_with("replications are done and kept in all; run `handover merge` when all shards are done"),
            "{said}"
        );
    }
    // Existing blocks are not computed again: a block has one file.
    let files = folder.files("all");
    let count = |ending: &str| files.iter().filter(|file| file.ends_with(ending)).count();
    // Twenty blocks of both strategies.
    assert_eq!((count(".block"), count(".json"), files.len()), (40, 1, 41), "{files:?}");
    // The same shard elsewhere: ignored.
    assert_eq!(shard(&folder, "again", "1/3", &[]).status, Some(0));
    let status = folder.run(&["status", "all", "again"]);
    assert_eq!(status.status, Some(0), "{}", status.err);
    assert!(status.out.contains("\n  duplicate blocks: 14\n"), "{}", status.out);
    assert_eq!(merge(&folder, &["all".into(), "again".into()], "out").status, Some(0));
    assert_same_files(&folder, "whole", "out");
    // Without --out the results are written where the blocks are, which stay; a plain run there also succeeds.
    let told = folder.run(&["merge", "all", "--charts", "none", "-q"]);
    assert_eq!((told.status, told.err.as_str()), (Some(0), ""));
    assert_eq!(folder.text("all/summary.csv"), folder.text("whole/summary.csv"));
    assert!(folder.files("all").iter().filter(|file| file.ends_with(".block")).count() == 40);
}

#[test]
fn a_run_goes_on_with_the_blocks_of_shards() {
    let folder = Folder::with(PLAIN);
    whole(&folder);
    assert_eq!(shard(&folder, "out", "1/3", &["-q"]).status, Some(0));
    let told =
        folder.run(&["run", "scenario.toml", "-o", "out", "-n", MANY, "--charts", "difference", "--chart-format", "svg"]);
    assert!(told.err.starts_with("resuming: 1,792 of 5,000 replications are done and kept in out"), "{}", told.err);
    assert_same_files(&folder, "whole", "out");
}

#[test]
fn what_is_missing_is_named_and_can_be_handed_to_a_job_array() {
    let folder = Folder::with(PLAIN);
    let folders = shards(&folder, 7, [0, 2, 3, 6]);
    let told = merge(&folder, &folders, "out");
    assert_eq!(told.status, Some(3), "{}", told.err);
    assert_eq!(
        told.err,
        "replications 512-1279,2816-4351 of 5000 are missing; `handover status` lists their shards, and \
         --partial writes results from the others\n"
    );
    assert!(!folder.path("out").exists(), "nothing is written");
    let arguments: Vec<&str> = ["status"].into_iter().chain(folders.iter().map(String::as_str)).collect();
    let status = folder.run(&arguments);
    assert_eq!(status.status, Some(3), "{}", status.err);
    assert!(status.out.contains("\n  missing replications: 512-1279,2816-4351\n"), "{}", status.out);
    assert!(status.out.contains("\n  missing shards of 7: --array=1,4-5\n"), "{}", status.out);
    let status = folder.run(&[&arguments[..], &["--json"]].concat());
    let json: Json = serde_json::from_str(&status.out).expect("it is JSON");
    assert_eq!(json["version"], 2);
    let run = &json["studies"][0];
    let missing = |first: u32, last: u32| serde_json::json!({ "point": 0, "first": first, "last": last });
    assert_eq!(run["missing"], serde_json::json!([missing(512, 1279), missing(2816, 4351)]));
    assert_eq!((&run["missing_shards"], &run["kept"]), (&"1,4-5".into(), &2696.into()));
    // Half a shard is missing too.
    let block = blocks(&folder, "of_7/3").remove(0);
    let mut bytes = fs::read(&block).expect("it can be read");
    bytes.truncate(bytes.len() - 1);
    fs::write(&block, bytes).expect("it can be written");
    let status = folder.run(&arguments);
    assert!(status.out.contains("--array=1,3-5\n"), "{}", status.out);
    assert!(status.out.contains("\n  truncated or damaged blocks: 1\n"), "{}", status.out);
}

/// Returns the blocks of a folder, in the order of their names.
fn blocks(folder: &Folder, out: &str) -> Vec<PathBuf> {
    let files = folder.files(out).into_iter().filter(|file| file.ends_with(".block"));
    files.map(|file| folder.path(&format!("{out}/{file}"))).collect()
}

/// Returns the lines of `replications.csv` of these replications, by their numbers.
fn rows(folder: &Folder, out: &str, is_there: impl Fn(u32) -> bool) -> Vec<String> {
    let text = folder.text(&format!("{out}/replications.csv"));
    let number = |line: &str| line.split(',').nth(1).and_then(|number| number.parse().ok()).expect("a number");
    text.lines().skip(1).filter(|line| is_there(number(line))).map(str::to_owned).collect()
}

fn merge_partial(folder: &Folder, folders: &[String], out: &str) -> Exit {
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let pictures = ["--charts", "difference", "--chart-format", "svg"];
    folder.run(&[&["merge", "--partial"][..], &folders, &["-o", out], &pictures].concat())
}

fn manifest(folder: &Folder, out: &str) -> Json {
    serde_json::from_slice(&folder.bytes(&format!("{out}/manifest.json"))).expect("it is JSON")
}

#[test]
fn partial_results_are_those_of_the_replications_that_are_there() {
    let folder = Folder::with(RICH);
    whole(&folder);
    let folders = shards(&folder, 7, 0..7);
    // Neither the first shard nor the last, and a hole.
    let there = [folders[1].clone(), folders[3].clone(), folders[4].clone()];
    let told = merge_partial(&folder, &there, "out");
    let is_there = |number: u32| (512..1280).contains(&number) || (2048..3584).contains(&number);
    let missing = "0 to 511, 1280 to 2047, 3584 to 4999";
    assert_eq!(told.status, Some(3), "{}", told.err);
    let said = format!(
        "partial results: 2,304 of 5,000 replications are done; missing: {missing}; merge again when more are there\n"
    );
    assert!(told.err.ends_with(&said), "{}", told.err);
    assert!(
        told.out.starts_with("Every key and every law: 2,304 of 5,000 replications of each of 3 strategies\n"),
        "{}",
        told.out
    );
    assert_eq!(rows(&folder, "out", |_| true), rows(&folder, "whole", is_there));
    let partial = manifest(&folder, "out");
    assert_eq!(partial["partial"], serde_json::json!({ "replications": 2304, "of": 5000, "missing": missing }));
    assert_eq!(partial["replications"], 2304);
    assert!(partial["command"].as_str().is_some_and(|command| command.contains(" --replications 5000 ")), "{partial}");
    assert!(manifest(&folder, "whole").get("partial").is_none(), "complete results say nothing of it");
    let sentence = format!("These results are partial: 2,304 of 5,000 replications are done; missing: {missing}.");
    assert!(folder.text("out/report.html").contains(&sentence));
    assert!(!folder.text("whole/report.html").contains("partial:"));
    // The report can be made again from the folder.
    let report = folder.bytes("out/report.html");
    folder.succeed(&["report", "out", "--charts", "difference", "--chart-format", "svg"]);
    assert!(report == folder.bytes("out/report.html"));
    let status = folder.run(&["status", "out"]);
    assert_eq!(status.status, Some(3), "{}", status.err);
    assert_eq!(status.out, format!("out: partial results, 2,304 of 5,000 replications are done; missing: {missing}\n"));
    // Fewer replications do not replace them; as many or more do, and all of them make the results of one run.
    let told = merge_partial(&folder, &there[1..], "out");
    assert!(told.status == Some(1) && told.err.contains("pass --force to overwrite"), "{}", told.err);
    assert_eq!(merge_partial(&folder, &there, "out").status, Some(3));
    assert_eq!(merge_partial(&folder, &folders[1..], "out").status, Some(3));
    assert_eq!(manifest(&folder, "out")["partial"]["missing"], "0 to 511");
    assert_eq!(merge_partial(&folder, &folders, "out").status, Some(0));
    assert_same_files(&folder, "whole", "out");
    let told = merge_partial(&folder, &there, "out");
    assert!(told.status == Some(1) && told.err.contains("pass --force to overwrite"), "{}", told.err);
}

#[test]
fn partial_results_without_a_hole_are_those_of_a_smaller_run() {
    let folder = Folder::with(PLAIN);
    let folders = shards(&folder, 3, [0]);
    assert_eq!(merge_partial(&folder, &folders, "out").status, Some(3));
    let some = manifest(&folder, "out")["replications"].to_string();
    folder.succeed(&["run", "scenario.toml", "-o", "small", "-n", &some, "--charts", "difference", "--chart-format", "svg"]);
    for name in folder.files("small").iter().filter(|name| !["manifest.json", "report.html"].contains(&name.as_str())) {
        assert!(folder.bytes(&format!("small/{name}")) == folder.bytes(&format!("out/{name}")), "{name}");
    }
}

/// Beyond 100,000 replications the rows are read from the blocks again.
#[test]
fn partial_results_of_a_long_run_have_the_rows_of_their_replications() {
    let folder = Folder::with(PLAIN);
    let n = ["run", "scenario.toml", "-n", "103000", "--set", "horizon_months=13", "--charts", "none", "-q"];
    folder.succeed(&[&n[..], &["-o", "whole"]].concat());
    for number in 1..100 {
        let shard = format!("{number}/100");
        folder.succeed(&[&n[..], &["-o", "all", "--shard", &shard]].concat());
    }
    let told = folder.run(&["merge", "all", "--partial", "--charts", "none", "-q"]);
    assert_eq!(told.status, Some(3), "{}", told.err);
    let partial = manifest(&folder, "all");
    assert!(partial["replications"].as_u64() > Some(100_000) && partial["quantile_error"].as_f64() > Some(0.0), "{partial}");
    let first = partial["partial"]["missing"].as_str().and_then(|missing| missing.strip_prefix("0 to ")?.parse().ok());
    let first: u32 = first.expect("the first shard is missing");
    let (all, there) = (rows(&folder, "all", |_| true), rows(&folder, "whole", |number| number > first));
    assert!(all == there, "{} and {} rows", all.len(), there.len());
}

#[test]
fn partial_results_in_the_folder_of_the_shards_are_no_obstacle() {
    let folder = Folder::with(PLAIN);
    let more = ["--charts", "none", "-q"];
    assert_eq!(shard(&folder, "all", "1/3", &more).status, Some(0));
    let partial = [&["merge", "all", "--partial"][..], &more].concat();
    assert_eq!(folder.run(&partial).status, Some(3));
    assert_eq!(folder.run(&partial).status, Some(3), "once more");
    let status = folder.run(&["status", "all"]);
    assert!(status.status == Some(3) && status.out.contains("missing shards of 3: --array=0,2\n"), "{}", status.out);
    for number in ["0/3", "2/3"] {
        let told = shard(&folder, "all", number, &more);
        assert_eq!(told.status, Some(0), "{}", told.err);
    }
    assert_eq!(folder.run(&["status", "all"]).status, Some(0), "all can be merged");
    folder.succeed(&[&["merge", "all"][..], &more].concat());
    folder.succeed(&[&["run", "scenario.toml", "-n", MANY, "-o", "whole"], &more[..]].concat());
    fs::remove_dir_all(folder.path("all/blocks")).expect("blocks stay");
    assert_same_files(&folder, "whole", "all");
}

#[test]
fn missing_replications_weigh_more_than_a_gate_and_both_are_told() {
    let goal = "[[goal]]\nname = \"g\"\nmeasure = \"headcount\"\nat_least = 5\nby_month = 1\nprobability = 1\n";
    let folder = Folder::with(&format!("{PLAIN}\n{goal}"));
    let folders = shards(&folder, 3, [0]);
    let told = merge_partial(&folder, &folders, "out");
    assert_eq!(told.status, Some(3), "{}", told.err);
    assert!(told.err.contains("gate not met: bot: g: ") && told.err.contains("partial results: "), "{}", told.err);
    // A shard of a run that has nothing to compute.
    folder.succeed(&["run", "scenario.toml", "-n", "300", "--shard", "0/3", "-o", "nothing", "-q"]);
    let told = merge_partial(&folder, &["nothing".into()], "none");
    assert_eq!(
        (told.status, told.err.as_str()),
        (Some(3), "none of the 300 replications is done yet; no results are written\n")
    );
    assert!(!folder.path("none").exists());
}

#[test]
fn shards_of_different_runs_are_never_put_together() {
    let folder = Folder::with(RICH);
    let first = shards(&folder, 3, [0]).remove(0);
    let others: [(&[&str], &str); 5] = [
        (&["--seed", "4"], "seed: "),
        (&["--set", "horizon_months=40"], "scenario, from line 5: `horizon_months = 36` here, `horizon_months = 40` there"),
        (&["--strategy", "bot"], "strategies: "),
        (&["--baseline", "in_house"], "baseline: bot here, in_house there"),
        (&["--confidence", "0.9"], "confidence: 0.95 here, 0.9 there"),
    ];
    for (number, (more, expected)) in others.into_iter().enumerate() {
        let out = format!("other_{number}");
        let told = shard(&folder, &out, "1/3", more);
        assert_eq!(told.status, Some(0), "{}", told.err);
        let told = merge(&folder, &[first.clone(), out], "out");
        assert_eq!(told.status, Some(2), "{more:?}: {}", told.err);
        assert!(
            told.err.contains(" belong to different studies: ") && told.err.contains(expected),
            "{more:?}: {}",
            told.err
        );
    }
    assert!(!folder.path("out").exists());
    // In the folder of another study a shard does no harm, but its content cannot be merged with it.
    assert_eq!(shard(&folder, "other_0", "0/3", &[]).status, Some(0));
    let told = folder.run(&["merge", "other_0"]);
    assert!(told.status == Some(2) && told.err.contains(" belong to different studies: seed: "), "{}", told.err);
    let status = folder.run(&["status", &first, "other_0"]);
    assert!(status.out.contains("missing shards of 3: --array=1-2\n"), "{}", status.out);
    assert!(status.out.contains("missing shards of 3: --array=0,2\n"), "{}", status.out);
}

#[test]
fn two_results_for_the_same_replications_are_refused() {
    let folder = Folder::with(PLAIN);
    let folders = shards(&folder, 3, [0, 1, 2]);
    // The same block, but with another content: only a fault could write it.
    let genuine = blocks(&folder, "of_3/0").remove(0);
    let bytes = fs::read(&genuine).expect("it can be read");
    let opened = Sealed::open(&bytes).expect("it is whole");
    let scenario = Scenario::parse(PLAIN, &[]).expect("it is a scenario");
    let mut block = opened.block(&Shape::new(&scenario.world)).expect("it is a block of this scenario");
    block.responses[0] += 1.0;
    copy(&folder, "of_3/0", "forged");
    let forged = blocks(&folder, "forged").remove(0);
    fs::write(forged, sealed(&opened.key, &block)).expect("it can be written");
    let told = merge(&folder, &[folders, vec!["forged".into()]].concat(), "out");
    assert_eq!(told.status, Some(2), "{}", told.err);
    let range = &opened.key.replications;
    let expected = format!("hold different results for replications {} to {}: ", range.start, range.end - 1);
    assert!(told.err.contains(&expected), "{}", told.err);
    assert!(!folder.path("out").exists());
}

#[test]
fn job_arrays_say_which_shard_it_is() {
    let folder = Folder::with(PLAIN);
    let run = |variables: &[(&str, &str)], of: &str| {
        let mut command =
            folder.command(&["run", "scenario.toml", "-o", "out", "-n", MANY, "--shard", &format!("auto/{of}")]);
        command.env_remove("SLURM_ARRAY_TASK_ID").env_remove("JOB_COMPLETION_INDEX");
        super::program::run_to_end(command.envs(variables.iter().copied()))
    };
    let told = run(&[("SLURM_ARRAY_TASK_ID", "3")], "4");
    assert!(told.status == Some(0) && told.err.starts_with("shard 3/4: 1,160 of 1,160 replications"), "{}", told.err);
    let told = run(&[("JOB_COMPLETION_INDEX", "0")], "4");
    assert!(told.status == Some(0) && told.err.starts_with("shard 0/4: 1,280 of 1,280 replications"), "{}", told.err);
    for (variables, message) in [
        (&[][..], "auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set"),
        (&[("SLURM_ARRAY_TASK_ID", "4")], "auto: SLURM_ARRAY_TASK_ID is \"4\": no shard 4 of 4"),
        (&[("SLURM_ARRAY_TASK_ID", "")], "auto: SLURM_ARRAY_TASK_ID is \"\": not a number"),
    ] {
        let told = run(variables, "4");
        assert!(told.status == Some(2) && told.err.contains(message), "{}", told.err);
    }
}

#[test]
fn folders_without_blocks_are_refused() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml", "-o", "done", "-n", "20", "--charts", "none", "-q"]);
    folder.write("empty/readme.txt", "nothing here");
    folder.write("strange/blocks/study-1.json", "this is no record");
    let cases: [(&[&str], &str); 6] = [
        (&["merge", "done"], "error: done: its results are complete, so there is nothing to merge"),
        (&["merge", "empty", "-o", "x"], "error: empty: expected a folder"),
        (&["merge", "nowhere", "-o", "x"], "error: nowhere: no such folder"),
        (&["merge", "strange", "-o", "x"], "error: strange/blocks/study-1.json: not a record of a study"),
        (&["merge", "done", "empty"], "error: pass --out with the folder for the results"),
        (&["status", "empty"], "error: no run found in empty"),
    ];
    for (arguments, message) in cases {
        let told = folder.run(arguments);
        assert!(told.status == Some(2) && told.err.starts_with(message), "{arguments:?}: {}", told.err);
    }
    let told = folder.succeed(&["status", "done", "strange"]);
    assert_eq!(told.out, "done: finished, 20 replications\nstrange/blocks/study-1.json: not a record of a study\n");
    // A finished folder is no place for a shard.
    let told = shard(&folder, "done", "0/2", &[]);
    assert!(told.status == Some(1) && told.err.contains("done already holds finished results"), "{}", told.err);
}

#[test]
fn a_shard_that_goes_between_status_and_merge_is_named() {
    let folder = Folder::with(PLAIN);
    let folders = shards(&folder, 3, [0, 1, 2]);
    let arguments: Vec<&str> = ["status"].into_iter().chain(folders.iter().map(String::as_str)).collect();
    folder.succeed(&arguments);
    fs::remove_dir_all(folder.path("of_3/1/blocks")).expect("it is there");
    let told = merge(&folder, &folders, "out");
    assert_eq!(told.status, Some(2), "{}", told.err);
    assert!(told.err.starts_with("error: of_3/1: expected a folder written by `handover run --shard`"), "{}", told.err);
    // Without its folder its replications are missing.
    let told = merge(&folder, &[folders[0].clone(), folders[2].clone()], "out");
    assert_eq!(told.status, Some(3), "{}", told.err);
    assert!(told.err.contains("are missing; `handover status` lists their shards"), "{}", told.err);
    assert!(!folder.path("out").exists());
    // Computed again, everything is as before.
    shards(&folder, 3, [1]);
    assert_eq!(merge(&folder, &folders, "out").status, Some(0));
}

/// Any number of shards in one folder needs few open files, and none looks at those of the others.
#[test]
fn shards_of_one_folder_do_not_weigh_on_each_other() {
    const SHARDS: u32 = 60;
    let folder = Folder::with(PLAIN);
    let replications = (256 * SHARDS).to_string();
    let plain = ["scenario.toml", "-n", &replications, "--charts", "none", "-q", "-o"];
    // Where strace can trace, it lists what each shard opens.
    let script = "ulimit -n 32; trace=$1; shift; \
                  if strace -qq -o /dev/null true 2>/dev/null; then strace -f -qq -e trace=open,openat,getdents64 -o $trace \"$0\" \"$@\"; \
                  else : > $trace; \"$0\" \"$@\"; fi";
    let limited = |trace: &str, arguments: &[&str]| {
        let told = run_to_end(&mut folder.command_of("sh", &[&["-c", script, BINARY, trace], arguments].concat()));
        assert_eq!(told.status, Some(0), "{arguments:?}: {}", told.err);
        folder.text(trace).lines().filter(|line| line.contains("out/") || line.contains("getdents64(")).count()
    };
    let opened: Vec<usize> = (0..SHARDS)
        .map(|shard| {
            limited("trace.txt", &[&["run"], &plain[..], &["out", "--shard", &format!("{shard}/{SHARDS}")]].concat())
        })
        .collect();
    let most = opened[1..].iter().max().expect("there are shards");
    assert!(*most <= opened[0] + 2, "what each shard opens: {opened:?}");
    limited("trace.txt", &["status", "out"]);
    limited("trace.txt", &["merge", "out", "--charts", "none", "-q"]);
    folder.succeed(&[&["run"], &plain[..], &["whole"]].concat());
    let _ = fs::remove_dir_all(folder.path("out/blocks"));
    assert_same_files(&folder, "whole", "out");
}
