//! A run that ends early, for whatever reason, loses no finished block. Resuming it gives the bytes of a run that was
//! never interrupted.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::program::{
    BINARY, Exit, Folder, PLAIN, RICH, are_same_files, assert_same_files, copy, injected, is_thorough, killed_at, run_to_end,
};

/// Replications of the runs of these tests: many blocks, and a last one that is short.
const MANY: &str = "5000";
/// The seed of the plain scenario.
const SEED: u64 = 1;
/// Longest time that any run of these tests may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A change to the bytes of a block, and its name.
type Damage = (&'static str, fn(&mut Vec<u8>));

/// Returns the arguments of a run into a folder.
fn arguments<'a>(out: &'a str, replications: &'a str) -> Vec<&'a str> {
    let charts = ["--charts", "difference", "--chart-format", "svg", "-q"];
    // Some are never meant to end, or have no room on their disk.
    [&["run", "scenario.toml", "-o", out, "-n", replications, "--yes"][..], &charts].concat()
}

fn begin(folder: &Folder, arguments: &[&str]) -> Child {
    let mut command = Command::new(BINARY);
    command.current_dir(folder.path("")).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// Waits until a condition holds. Returns whether it did while the run was alive.
fn alive_until(child: &mut Child, mut holds: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !holds() {
        if child.try_wait().expect("it can be waited for").is_some() {
            return false;
        }
        assert!(begun.elapsed() < PATIENCE, "the run takes too long");
        thread::yield_now();
    }
    true
}

/// Returns the files of a folder with this ending, which may be gone the next moment.
fn listed(folder: &Folder, below: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path(below)).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

/// Returns the blocks of a result folder.
fn blocks(folder: &Folder, out: &str) -> Vec<PathBuf> {
    listed_blocks(folder, out, ".block")
}

/// Returns the blocks of a result folder whose names end in this way.
fn listed_blocks(folder: &Folder, out: &str, ending: &str) -> Vec<PathBuf> {
    let identities = fs::read_dir(folder.path(&format!("{out}/blocks"))).into_iter().flatten().flatten();
    let names = identities.map(|identity| identity.file_name().to_string_lossy().into_owned());
    let mut blocks: Vec<PathBuf> =
        names.flat_map(|identity| listed(folder, &format!("{out}/blocks/{identity}"), ending)).collect();
    blocks.sort();
    blocks
}

fn kept_bytes(folder: &Folder, out: &str) -> u64 {
    blocks(folder, out).iter().filter_map(|path| Some(fs::metadata(path).ok()?.len())).sum()
}

/// Leaves the first blocks of a killed run in `out`, among them the first two of each strategy. Blocks may be finished in any
/// order.
fn killed(folder: &Folder, out: &str, more: &[&str]) {
    let mut child = begin(folder, &[&arguments(out, "1000000"), more].concat());
    let first = ["-0-256.block", "-256-512.block"];
    let strategies = folder.text("scenario.toml").matches("\nemployer = ").count();
    let are_kept = || first.iter().all(|name| listed_blocks(folder, out, name).len() >= strategies);
    assert!(alive_until(&mut child, || kept_bytes(folder, out) > 3_000_000 && are_kept()), "it was to run for longer");
    child.kill().expect("it can be killed");
    child.wait().expect("it can be waited for");
}

#[test]
fn a_run_killed_at_fifty_moments_gives_the_files_of_one_that_was_not() {
    let folder = Folder::with(RICH);
    folder.succeed(&arguments("whole", MANY));
    // Multiples of the golden ratio are evenly spread between 0 and 1, however many there are.
    let luck = |kill: u32| (f64::from(kill) * 0.618_033_988_749_895).fract();
    let (mut kills, mut rounds, mut writing) = (0_u32, 0, 0);
    while kills < 50 || writing < 5 {
        rounds += 1;
        assert!(rounds < 200, "{kills} kills, {writing} of them while results were written");
        let out = format!("killed_{rounds}");
        // A slow machine needs more time to get to the end: each tenth kill of a round gives it half a second.
        let before = kills;
        loop {
            let patience = 1.0 + f64::from((kills - before) / 10);
            let begun = Instant::now();
            let mut child = begin(&folder, &arguments(&out, MANY));
            let share = luck(kills);
            // At any time of a run, or, every third time, while its results are written.
            let was_alive = if kills % 3 == 2 {
                let is_writing = || !listed(&folder, &out, ".tmp").is_empty();
                alive_until(&mut child, is_writing) && {
                    let seen = Instant::now();
                    alive_until(&mut child, || seen.elapsed().as_secs_f64() > 0.03 * patience * share)
                }
            } else {
                alive_until(&mut child, || begun.elapsed().as_secs_f64() > 0.5 * patience * share)
            };
            if !was_alive {
                break;
            }
            let _ = child.kill();
            if child.wait().expect("it can be waited for").success() {
                break;
            }
            writing += u32::from(kills % 3 == 2);
            kills += 1;
        }
        assert_same_files(&folder, "whole", &out);
        assert!(!folder.path(&format!("{out}/blocks")).exists(), "its blocks are gone");
    }
}

#[test]
fn what_was_kept_is_not_computed_again() {
    let folder = Folder::with(PLAIN);
    killed(&folder, "out", &[]);
    // Fewer replications than are kept: nothing is left to compute.
    let told = folder.run(&["run", "scenario.toml", "-o", "out", "-n", "512", "--charts", "none"]);
    assert_eq!(told.status, Some(0), "{}", told.err);
    // A block that the kill truncated is reported first.
    assert!(told.err.contains("resuming: 512 of 512 replications are done and kept in out"), "{}", told.err);
    folder.succeed(&["run", "scenario.toml", "-o", "whole", "-n", "512", "--charts", "none"]);
    without_blocks(&folder, "out");
    assert_same_files(&folder, "whole", "out");
}

/// Removes the blocks beside results.
fn without_blocks(folder: &Folder, out: &str) {
    fs::remove_dir_all(folder.path(&format!("{out}/blocks"))).expect("blocks are kept");
}

/// Returns the replications that `status` reports as done for a run of this many.
fn kept_of(folder: &Folder, out: &str, of: &str) -> u32 {
    let told = folder.run(&["status", out]).out;
    let line = told.lines().find(|line| line.contains(&format!(" of {of} replications are done")));
    let kept = line.and_then(|line| line.split_once(": ")?.1.split_once(" of ")).map(|(kept, _)| kept.replace(',', ""));
    kept.and_then(|kept| kept.parse().ok()).unwrap_or_else(|| panic!("no run of {of}: {told}"))
}

/// Runs some replications, the same number again, and more, on the way to a million.
#[test]
fn a_smaller_run_takes_nothing_from_a_larger_one() {
    let folder = Folder::with(PLAIN);
    let drawn = |out, n, charts| vec!["run", "scenario.toml", "-o", out, "-n", n, "--charts", charts];
    let plain = |out, n| drawn(out, n, "none");
    let run = |n| folder.run(&plain("out", n));
    for n in ["300", "700"] {
        folder.succeed(&plain(n, n));
    }
    killed(&folder, "out", &[]);
    let kept = kept_of(&folder, "out", "1,000,000");
    assert!(kept > 700, "{kept}");
    let more = |beyond: u32| {
        let beyond = handover::report::number::readable(beyond.into());
        format!("out keeps {beyond} more replications; a run with a larger -n resumes from them\n")
    };
    let kept_all = |what: &str| assert!(kept_of(&folder, "out", "1,000,000") >= kept, "{what}");
    let same = |n: &str| {
        copy(&folder, "out", &format!("look_{n}"));
        without_blocks(&folder, &format!("look_{n}"));
        assert_same_files(&folder, n, &format!("look_{n}"));
    };
    let first = run("300");
    assert!(first.status == Some(0) && first.err.contains(&more(kept - 300)), "{}", first.err);
    kept_all("a smaller run");
    same("300");
    let again = run("300");
    assert_eq!((again.status, &again.out), (Some(0), &first.out), "{}", again.err);
    assert!(
        again.err.contains("the results were already complete\n") && again.err.contains(&more(kept - 300)),
        "{}",
        again.err
    );
    kept_all("the same run again");
    let told = folder.run(&[&drawn("out", "300", "headcount")[..], &["--force"]].concat());
    assert!(told.status == Some(0) && folder.path("out/charts/headcount.svg").exists(), "{}", told.err);
    kept_all("the same run by force");
    // Still fewer would discard results.
    let told = run("200");
    assert!(told.status == Some(1) && told.err.contains("pass --force to overwrite"), "{}", told.err);
    let told = folder.run(&[&plain("out", "700")[..], &["--seed", "8"]].concat());
    assert!(told.status == Some(1) && told.err.contains("pass --force to overwrite"), "{}", told.err);
    let told = run("700");
    let said = "out: replacing the results of 300 replications with those of 700 replications of the same run\n";
    assert!(told.status == Some(0) && told.err.contains(said), "{}", told.err);
    kept_all("a larger run, but not the largest");
    same("700");
    // Only what the largest run has left can be resumed from, and it goes once the results are complete.
    let all = kept.div_ceil(256) * 256 + 2148;
    let all = all.to_string();
    let told = folder.succeed(&plain("out", &all));
    assert!(told.err.starts_with("resuming: "), "{}", told.err);
    assert!(!told.err.starts_with("resuming: 0 "), "{}", told.err);
    assert!(!folder.path("out/blocks").exists());
    folder.succeed(&plain("all", &all));
    assert_same_files(&folder, "all", "out");
}

/// Lets a run end, and restores the blocks that it had before: the state after a kill right before its end.
fn ended_with_blocks(folder: &Folder, out: &str, arguments: &[&str]) -> Option<i32> {
    let mut child = begin(folder, arguments);
    assert!(alive_until(&mut child, || kept_bytes(folder, out) > 1_000_000), "it was to run for longer");
    let blocks = format!("{out}/blocks");
    // A file that is just being written has no final name yet, and soon loses this one.
    for name in folder.files(&blocks).into_iter().filter(|name| !name.ends_with(".tmp")) {
        folder.write(&format!("kept_blocks/{name}"), folder.bytes(&format!("{blocks}/{name}")));
    }
    let status = child.wait().expect("it can be waited for").code();
    assert!(!folder.path(&blocks).exists(), "its blocks are gone");
    copy(folder, "kept_blocks", &blocks);
    status
}

/// Runs of every kind with their status and the message at their end.
const ENDS: [(&str, &[&str], i32, &str); 4] = [
    ("plain", &["-n", "20000"], 0, ""),
    (
        "precise",
        &["-n", "20000", "--precision", "0.5", "--response", "staffed_day"],
        0,
        "precision of ± 50 % reached after 20,224 replications",
    ),
    (
        "imprecise",
        &["-n", "512", "--precision", "0.00001", "--response", "joins", "--max-replications", "20000"],
        5,
        "precision not reached: bot: joins: ± ",
    ),
    (
        "gated",
        &["-n", "20000", "--set", "goal=[{name='g',measure='headcount',at_least=5,by_month=1,probability=1}]"],
        4,
        "gate not met: ",
    ),
];

#[test]
fn results_with_their_blocks_still_there_are_told_again() {
    let folder = Folder::with(PLAIN);
    for (out, more, status, said) in ENDS {
        let run = [&["run", "scenario.toml", "-o", out, "--charts", "none"], more].concat();
        assert_eq!(ended_with_blocks(&folder, out, &run), Some(status), "{out}");
        copy(&folder, out, &format!("{out}_killed"));
        for resume in [&[][..], &["--resume"]] {
            fs::remove_dir_all(folder.path(out)).expect("it is there");
            copy(&folder, &format!("{out}_killed"), out);
            let told = folder.run(&[&run[..], resume].concat());
            assert_eq!(told.status, Some(status), "{out}: {}", told.err);
            assert!(told.err.contains("the results were already complete\n"), "{out}: {}", told.err);
            assert!(
                told.err.contains(said) && told.out.contains(" replications of each of "),
                "{out}: {}{}",
                told.out,
                told.err
            );
            assert!(!folder.path(&format!("{out}/blocks")).exists(), "{out}");
        }
        // Without blocks it is an ordinary finished folder.
        let told = folder.run(&[&run[..], &["--resume"]].concat());
        assert_eq!(told.status, Some(status), "{out}: {}", told.err);
        assert!(told.err.contains(said), "{out}: {}", told.err);
        let told = folder.run(&run);
        assert!(told.status == Some(1) && told.err.contains("pass --force to overwrite"), "{out}: {}", told.err);
        fs::remove_dir_all(folder.path("kept_blocks")).expect("it is there");
    }
}

#[test]
fn another_precision_is_not_taken_for_the_one_that_was_reached() {
    let folder = Folder::with(PLAIN);
    let run = |more: &[&str]| {
        let wanted = ["run", "scenario.toml", "-o", "out", "--charts", "none", "--resume"];
        folder.run(&[&wanted[..], more].concat())
    };
    let wanted = ["--precision", "0.5", "--response", "staffed_day", "--max-replications", "5000"];
    let first = run(&wanted);
    let again = run(&wanted);
    assert_eq!((first.status, again.status, &again.out), (Some(0), Some(0), &first.out), "{}{}", first.err, again.err);
    for (position, value) in [(1, "0.4"), (3, "staffed_day:p50"), (3, "joins"), (5, "6000")] {
        let mut other = wanted;
        other[position] = value;
        let told = run(&other);
        assert!(told.status == Some(1) && told.err.contains("pass --force to overwrite"), "{other:?}: {}", told.err);
    }
    for other in [&["-n", "512"][..], &[&wanted[..], &["-n", "600"]].concat()] {
        let told = run(other);
        assert!(told.status == Some(1) && told.err.contains("pass --force to overwrite"), "{other:?}: {}", told.err);
    }
}

/// A run with precision that needs fewer replications than a finished folder has is not a larger run, whatever its
/// limit.
#[test]
fn results_do_not_give_way_to_a_run_that_turns_out_smaller() {
    let folder = Folder::with(PLAIN);
    let plain = ["run", "scenario.toml", "-o", "out", "--charts", "none", "-n"];
    killed(&folder, "out", &[]);
    folder.succeed(&[&plain[..], &["700"]].concat());
    copy(&folder, "out", "before");
    without_blocks(&folder, "before");
    let told = folder.run(&[&plain[..], &["20", "--precision", "0.5", "--response", "staffed_day"]].concat());
    assert_eq!(told.status, Some(1), "{}", told.err);
    assert!(told.err.contains("out holds results of 700 replications, but this run needed only 512; "), "{}", told.err);
    without_blocks(&folder, "out");
    assert_same_files(&folder, "before", "out");
}

/// The system calls that change a file system. A file that is opened but not yet written is like a missing one.
const CHANGES: &str = "/^(p?write|rename|unlink|mkdir|rmdir|fsync|fdatasync|ftruncate)";

/// A disk that cannot make the names of files safe is an error: results are not announced, and everything is kept.
#[test]
fn a_folder_that_cannot_be_synchronised_is_no_success() {
    let folder = Folder::with(PLAIN);
    let run = ["run", "scenario.toml", "-o", "out", "-n", "300", "--charts", "none"];
    folder.succeed(&["run", "scenario.toml", "-o", "whole", "-n", "300", "--charts", "none"]);
    for error in ["EIO", "ENOSPC"] {
        let Some(told) = injected(&folder, &format!("fsync:error={error}"), &run) else { return };
        assert_eq!((told.status, told.out.as_str()), (Some(1), ""), "{error}: {told:?}");
        let kept = "replications are done and kept in out; run the same command again to continue";
        assert!(told.err.contains("cannot write") && told.err.contains(kept), "{error}: {told:?}");
        folder.succeed(&run);
        assert_same_files(&folder, "whole", "out");
        fs::remove_dir_all(folder.path("out")).expect("it is there");
    }
    // Where folders cannot be synchronised at all, that is left to the system.
    let told = injected(&folder, "fsync:error=EINVAL", &run);
    assert!(told.is_none_or(|told| told.status == Some(0)));
}

/// Kills a command before every seventh of the calls that change its file system, and runs it again. It must end as if
/// nothing had happened. `before` is the content of its folder `out` at the start. A thorough run takes
/// every call.
fn survives_kills(folder: &Folder, before: Option<&str>, arguments: &[&str]) {
    let reset = || {
        let _ = fs::remove_dir_all(folder.path("out"));
        before.into_iter().for_each(|before| copy(folder, before, "out"));
    };
    reset();
    let whole: Exit = folder.run(arguments);
    copy(folder, "out", "uninterrupted");
    // Commands that change little have few calls: of the first seven, every second is tried.
    let [first, step] = if is_thorough() { [1, 1] } else { [2, 7] };
    let mut kills = 0;
    for count in (1..7).step_by(first).chain((7..).step_by(step)) {
        reset();
        let Some(killed) = killed_at(folder, (CHANGES, count), arguments) else { return };
        if killed.status.is_some() {
            assert_eq!(killed.status, whole.status, "{arguments:?}: {}", killed.err);
            break;
        }
        kills += 1;
        let place = format!("{arguments:?}, killed at change {count}");
        let is_over = folder.path("out").exists() && are_same_files(folder, "uninterrupted", "out");
        let again = folder.run(arguments);
        if is_over && again.status == Some(1) {
            // It had only its answer left to print, and the same command does not replace results.
            assert!(again.err.contains("pass --force"), "{place}: {}", again.err);
        } else {
            assert_eq!((again.status, &again.out), (whole.status, &whole.out), "{place}: {}", again.err);
        }
        assert_same_files(folder, "uninterrupted", "out");
    }
    assert!(kills > 2, "{arguments:?}: {kills} kills");
    fs::remove_dir_all(folder.path("uninterrupted")).expect("it is there");
}

#[test]
fn a_command_killed_at_any_change_of_its_files_succeeds_when_it_is_run_again() {
    let folder = Folder::with(PLAIN);
    let run = ["run", "scenario.toml", "-o", "out", "--charts", "none"];
    let chart = ["--charts", "difference", "--chart-format", "svg"];
    let precise = ["--precision", "0.5", "--response", "staffed_day"];
    let imprecise = ["--precision", "0.001", "--response", "joins", "--max-replications", "600"];
    // Results of another seed, with a chart that has no successor.
    folder.succeed(&[&["run", "scenario.toml", "-o", "other", "-n", "100", "--seed", "5"], &chart[..]].concat());
    folder.succeed(&["run", "scenario.toml", "-o", "shards/0", "-n", "600", "--shard", "0/2"]);
    let partial = folder.run(&["merge", "shards/0", "-o", "partial", "--charts", "none", "--partial"]);
    assert_eq!(partial.status, Some(3), "{}", partial.err);
    folder.succeed(&["run", "scenario.toml", "-o", "shards/1", "-n", "600", "--shard", "1/2"]);
    let merge = ["merge", "shards/0", "shards/1", "-o", "out", "--charts", "none"];
    // A smaller run, with blocks of the larger one that it was to be.
    folder.succeed(&["run", "scenario.toml", "-o", "small", "-n", "300", "--charts", "none"]);
    copy(&folder, "shards/0/blocks", "small/blocks");
    survives_kills(&folder, None, &[&run[..], &["-n", "600"]].concat());
    survives_kills(&folder, Some("other"), &[&run[..], &["-n", "600", "--force"]].concat());
    survives_kills(&folder, Some("small"), &[&run[..], &["-n", "600"]].concat());
    survives_kills(&folder, None, &[&run[..], &precise].concat());
    survives_kills(&folder, None, &[&run[..], &imprecise].concat());
    survives_kills(&folder, None, &merge);
    survives_kills(&folder, Some("partial"), &merge);
    survives_kills(&folder, None, &["merge", "shards/0", "-o", "out", "--charts", "none", "--partial"]);
    survives_kills(&folder, Some("other"), &[&["report", "out"][..], &chart].concat());
    let vary =
        ["sweep", "scenario.toml", "-o", "out", "-n", "100", "--charts", "none", "--vary", "transfer.0.acceptance=0.6,0.9"];
    survives_kills(&folder, None, &vary);
    for (shard, out) in ["shards/2", "shards/3"].iter().enumerate() {
        let shard = format!("{shard}/2");
        let vary = [&vary[..3], &[out], &vary[4..], &["--shard", &shard]].concat();
        folder.succeed(&vary);
    }
    survives_kills(&folder, None, &["merge", "shards/2", "shards/3", "-o", "out", "--charts", "none"]);
}

#[test]
fn signals_say_what_is_kept_and_the_same_command_goes_on() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&arguments("whole", "40000"));
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let mut child = begin(&folder, &arguments(signal, "40000"));
        assert!(alive_until(&mut child, || kept_bytes(&folder, signal) > 1_000_000), "it was to run for longer");
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status();
        assert!(sent.is_ok_and(|sent| sent.success()));
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{said}");
        let end = format!(" of 40,000 replications are done and kept in {signal}; run the same command again to continue\n");
        assert!(said.starts_with("interrupted: ") && said.ends_with(&end), "{said}");
        folder.succeed(&arguments(signal, "40000"));
        assert_same_files(&folder, "whole", signal);
    }
}

#[test]
fn a_limit_of_time_stops_in_good_order_until_all_is_done() {
    let folder = Folder::with(RICH);
    let replications = "12000";
    folder.succeed(&arguments("whole", replications));
    let mut stops = 0;
    loop {
        let told = folder.run(&[&arguments("out", replications)[..], &["--time-limit", "1s", "--threads", "1"]].concat());
        if told.status == Some(0) {
            break;
        }
        assert_eq!(told.status, Some(3), "{}", told.err);
        let end = " of 12,000 replications are done and kept in out; run the same command again to continue\n";
        assert!(told.err.starts_with("time limit reached: ") && told.err.ends_with(end), "{}", told.err);
        stops += 1;
        assert!(stops < 60, "it gets nowhere: {}", told.err);
    }
    assert!(stops > 0, "it was to take longer than a second");
    assert_same_files(&folder, "whole", "out");
}

/// Blocks are identified by their content, so those of something else do no harm and suffer none.
#[test]
fn blocks_of_something_else_are_left_alone() {
    let folder = Folder::with(RICH);
    killed(&folder, "out", &[]);
    let before = blocks(&folder, "out");
    let others: [&[&str]; 4] = [
        &["--seed", "77"],
        &["--independent", "--seed", "5"],
        &["--set", "horizon_months=40"],
        &["--set", "goal.0.at_least=3"],
    ];
    for (number, more) in others.into_iter().enumerate() {
        copy(&folder, "out", "other");
        let told = folder.succeed(&[&arguments("other", "600")[..], more].concat());
        assert!(!told.err.contains("resuming"), "{more:?}: {}", told.err);
        let left: Vec<_> = blocks(&folder, "other").iter().map(|path| path.file_name().map(ToOwned::to_owned)).collect();
        assert!(
            left.iter().eq(before.iter().map(|path| path.file_name().map(ToOwned::to_owned)).collect::<Vec<_>>().iter())
        );
        let whole = format!("whole_{number}");
        folder.succeed(&[&arguments(&whole, "600")[..], more].concat());
        without_blocks(&folder, "other");
        assert_same_files(&folder, &whole, "other");
        fs::remove_dir_all(folder.path("other")).expect("it is there");
    }
    // Changes that do not affect the simulation reuse them: fewer strategies, and a title.
    for more in [&["--strategy", "bot"][..], &["--set", "title='Another'"]] {
        copy(&folder, "out", "other");
        let told =
            folder.run(&[&["run", "scenario.toml", "-o", "other", "-n", "512", "--charts", "none"][..], more].concat());
        assert!(told.err.contains("resuming: 512 of 512 replications are done and kept in other"), "{more:?}: {}", told.err);
        fs::remove_dir_all(folder.path("other")).expect("it is there");
    }
}

#[test]
fn damaged_blocks_are_computed_again() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&arguments("whole", "2000"));
    let damages: [Damage; 4] = [
        ("flipped", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x10;
        }),
        ("truncated", |bytes| bytes.truncate(bytes.len() - bytes.len() / 3)),
        ("nothing", Vec::clear),
        ("zeros", |bytes| {
            let length = bytes.len();
            bytes[length / 3..].fill(0);
        }),
    ];
    let run = |out| ["run", "scenario.toml", "-o", out, "-n", "2000", "--charts", "difference", "--chart-format", "svg"];
    for (out, damage) in damages {
        killed(&folder, out, &[]);
        let block = blocks(&folder, out).into_iter().find(|path| path.ends_with(format!("{SEED}-0-256.block")));
        let block = block.expect("the first block is kept");
        let mut bytes = fs::read(&block).expect("it can be read");
        damage(&mut bytes);
        fs::write(&block, bytes).expect("it can be written");
        let status = folder.run(&["status", out]);
        assert!(status.out.contains("\n  truncated or damaged blocks: 1\n"), "{out}: {}", status.out);
        let told = folder.run(&run(out));
        assert_eq!(told.status, Some(0), "{out}: {}", told.err);
        let said = ".block: truncated or damaged; computed again\n";
        assert!(told.err.contains(said), "{out}: {}", told.err);
        let _ = fs::remove_dir_all(folder.path(&format!("{out}/blocks")));
        assert_same_files(&folder, "whole", out);
    }
}

/// A clock that jumps leaves files from the future, or from long ago.
#[test]
fn blocks_of_any_date_are_gone_on_with() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&arguments("whole", "2000"));
    for (out, years) in [("past", 0), ("future", 130)] {
        killed(&folder, out, &[]);
        let kept = kept_bytes(&folder, out);
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(years * 366 * 24 * 3600);
        for block in blocks(&folder, out) {
            let file = fs::File::options().write(true).open(&block).expect("it is there");
            file.set_modified(date).expect("it has a date");
        }
        let told = folder.run(&["status", out]);
        assert!(told.status == Some(3) && kept > 0 && !told.out.contains("damaged"), "{}{}", told.out, told.err);
        folder.succeed(&arguments(out, "2000"));
        let _ = fs::remove_dir_all(folder.path(&format!("{out}/blocks")));
        assert_same_files(&folder, "whole", out);
    }
}

#[test]
fn resume_is_content_with_results_that_are_complete_and_with_no_others() {
    let folder = Folder::with(PLAIN);
    let run = |more: &[&str]| folder.run(&[&["run", "scenario.toml", "-o", "out", "--charts", "none"][..], more].concat());
    let first = run(&["-n", "300", "--resume"]);
    assert_eq!(first.status, Some(0), "there is nothing to resume, and all to do: {}", first.err);
    let again = run(&["-n", "300", "--resume"]);
    assert_eq!((again.status, &again.out), (Some(0), &first.out));
    assert_eq!(again.err, "the results were already complete\n");
    for more in [&["-n", "400", "--resume"][..], &["-n", "300", "--resume", "--seed", "9"], &["-n", "300"]] {
        let told = run(more);
        assert_eq!(told.status, Some(1), "{more:?}");
        assert!(told.err.contains("pass --force to overwrite"), "{more:?}: {}", told.err);
    }
}

#[test]
fn two_runs_in_one_folder_at_once_do_no_harm() {
    let folder = Folder::with(PLAIN);
    for seed in ["1", "2"] {
        folder.succeed(&[&arguments(&format!("whole_{seed}"), "20000")[..], &["--seed", seed]].concat());
    }
    for round in 0..4 {
        let out = format!("same_{round}");
        let two = [(); 2].map(|()| begin(&folder, &[&arguments(&out, "20000")[..], &["--seed", "1"]].concat()));
        let ended = two.map(|child| child.wait_with_output().expect("it ends"));
        // The second may find the results of the first; both may also write the same.
        assert!(ended.iter().any(|output| output.status.success()), "{ended:?}");
        assert!(ended.iter().all(|output| matches!(output.status.code(), Some(0 | 1))), "{ended:?}");
        assert_same_files(&folder, "whole_1", &out);
        let out = format!("other_{round}");
        let two = ["1", "2"].map(|seed| begin(&folder, &[&arguments(&out, "20000")[..], &["--seed", seed]].concat()));
        let ended = two.map(|child| child.wait_with_output().expect("it ends").status.success());
        match ended {
            // What the other has computed stays, and harms nobody.
            [true, false] => {
                let _ = fs::remove_dir_all(folder.path(&format!("{out}/blocks")));
                assert_same_files(&folder, "whole_1", &out);
            }
            [false, true] => {
                let _ = fs::remove_dir_all(folder.path(&format!("{out}/blocks")));
                assert_same_files(&folder, "whole_2", &out);
            }
            [false, false] => panic!("neither has its results in the folder"),
            [true, true] => panic!("both say that their results are in one folder"),
        }
    }
}

/// With `--force` too, one of two different runs wins, whole, and the other says so.
#[test]
fn two_runs_by_force_in_one_folder_leave_the_results_of_one() {
    let folder = Folder::with(PLAIN);
    let charts = ["--charts", "difference,headcount", "--chart-format", "svg", "-q"];
    let run = |out: &str, seed: &str| -> Vec<String> {
        let run = ["run", "scenario.toml", "-o", out, "-n", "2000", "--seed", seed, "--force"];
        run.iter().chain(&charts).map(|&word| word.to_owned()).collect()
    };
    for seed in ["1", "2", "3"] {
        folder.succeed(&run(&format!("whole_{seed}"), seed).iter().map(String::as_str).collect::<Vec<_>>());
    }
    let mut winners = [0; 2];
    for round in 0..12 {
        let out = format!("race_{round}");
        copy(&folder, "whole_3", &out);
        let begin = |seed: &str| begin(&folder, &run(&out, seed).iter().map(String::as_str).collect::<Vec<_>>());
        let ended = ["1", "2"].map(begin).map(|child| child.wait_with_output().expect("it ends"));
        let is_whole = ["whole_1", "whole_2"].map(|whole| {
            let _ = fs::remove_dir_all(folder.path(&format!("{out}/blocks")));
            are_same_files(&folder, whole, &out)
        });
        let succeeded = [0, 1].map(|index: usize| ended[index].status.success());
        for index in [0, 1] {
            winners[index] += u32::from(is_whole[index]);
            // The second may have begun when the first had ended. Otherwise one alone succeeds, and its results are there.
            assert!(succeeded == [true; 2] || succeeded[index] == is_whole[index], "{round}: {ended:?}");
        }
        assert!(is_whole.contains(&true), "{round}: {ended:?}");
    }
    assert_eq!(winners.iter().sum::<u32>(), 12);
}

#[test]
fn a_folder_removed_meanwhile_costs_nothing_but_what_was_in_it() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&arguments("whole", "20000"));
    let mut child = begin(&folder, &arguments("out", "20000"));
    assert!(alive_until(&mut child, || kept_bytes(&folder, "out") > 1_000_000), "it was to run for longer");
    // The run may add a file while others are removed.
    while fs::remove_dir_all(folder.path("out")).is_err() {}
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_same_files(&folder, "whole", "out");
}

#[test]
fn a_full_disk_keeps_what_fitted_and_the_run_goes_on_when_there_is_room() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&arguments("whole", "3000"));
    fs::create_dir(folder.path("mnt")).expect("it is new");
    let run = arguments("mnt/out", "3000").join(" ").replacen("run ", "\"$0\" run ", 1);
    let script = format!(
        "mount -t tmpfs -o size=4m none mnt && echo mounted && {{ {run}; echo status $?; \"$0\" status mnt/out; \
         mount -o remount,size=60m mnt; {run}; echo status $?; cp -r mnt/out out; }}"
    );
    let told = run_to_end(&mut folder.command_of("unshare", &["--mount", "sh", "-c", &script, BINARY]));
    let told = format!("{}{}", told.out, told.err);
    if !told.starts_with("mounted\n") {
        println!("skipped: no file system can be mounted here");
        return;
    }
    assert!(told.contains("status 1\n") && told.contains("status 0\n"), "{told}");
    let message = "error: cannot write to mnt/out/blocks: No space left on device (os error 28); ";
    let kept = told
        .split_once(message)
        .and_then(|(_, rest)| rest.split_once(" of 3,000 replications are done and kept in mnt/out;"));
    let kept = kept.map(|(kept, _)| kept.replace(',', "")).and_then(|kept| kept.parse::<u32>().ok());
    assert!(kept.is_some_and(|kept| kept >= 256 && kept % 256 == 0), "{told}");
    assert_same_files(&folder, "whole", "out");
}

/// A separate file system in a file. The content of that file at an instant is what a power loss would leave: what the
/// system has only promised to write is not there. A copy of it is repaired, and the run resumes in it.
#[test]
fn a_loss_of_power_takes_neither_results_nor_the_blocks_of_a_run_that_has_ended() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&arguments("whole", "20000"));
    let run = arguments("mnt/out", "20000").join(" ").replacen("run ", "\"$0\" run ", 1);
    let script = format!(
        "mkdir mnt && truncate -s 600M disk && mkfs.ext4 -q disk && mount -o loop,commit=600 disk mnt && echo mounted && {{ \
         {{ {run} & }}; while [ \"$(ls mnt/out/blocks/*/*.block 2>/dev/null | wc -l)\" -lt 8 ]; do sleep 0.01; done; \
         kill -TERM $!; wait $!; echo first $?; cp disk early; {run}; echo second $?; cp disk late; umount mnt; \
         mount -o loop late mnt && cp -r mnt/out late.out; umount mnt; \
         mount -o loop early mnt && \"$0\" status mnt/out; {run}; echo third $?; cp -r mnt/out early.out; umount mnt; }}"
    );
    let told = run_to_end(&mut folder.command_of("unshare", &["--mount", "sh", "-c", &script, BINARY]));
    let told = format!("{}{}", told.out, told.err);
    if !told.starts_with("mounted\n") {
        println!("skipped: no file system can be mounted here");
        return;
    }
    assert!(["first 143\n", "second 0\n", "third 0\n"].iter().all(|status| told.contains(status)), "{told}");
    // As many as the run reported as saved.
    let kept = told
        .split_once("interrupted: ")
        .and_then(|(_, rest)| rest.split_once(" replications are done and kept in mnt/out;"));
    let kept = kept.map(|(kept, _)| format!("Five people: {kept} replications are done\n"));
    assert!(kept.is_some_and(|kept| told.contains(&kept)), "{told}");
    assert_same_files(&folder, "whole", "late.out");
    assert_same_files(&folder, "whole", "early.out");
}

/// The same while the run is working. It is halted, so the copy is of one instant, some seconds after the number of its
/// blocks was noted. Nothing but the run itself asks that system to write.
#[test]
fn a_loss_of_power_takes_no_block_that_is_older_than_some_seconds() {
    let folder = Folder::with(PLAIN);
    let run = arguments("mnt/out", "100000000").join(" ").replacen("run ", "\"$0\" run --threads 1 ", 1);
    let size = "find mnt/out/blocks -name '*.block' -size +0 | wc -l";
    let script = format!(
        "mkdir mnt && truncate -s 2G disk && mkfs.ext4 -q disk && mount -o loop,commit=600 disk mnt && echo mounted && {{ \
         {{ {run} & }}; while kill -0 $! && [ \"$({size} 2>/dev/null || echo 0)\" -lt 3 ]; do sleep 0.01; done; \
         noted=$({size}); sleep 10; kill -STOP $!; now=$({size}); cp --sparse=always disk early; kill -KILL $!; wait $!; umount mnt; \
         mount -o loop early mnt && echo noted $noted left $({size}) of $now; \"$0\" status mnt/out; \
         {run} --time-limit 2s; echo again $?; \"$0\" status mnt/out; umount mnt; rm disk early; }}"
    );
    let told = run_to_end(&mut folder.command_of("unshare", &["--mount", "sh", "-c", &script, BINARY]));
    let told = format!("{}{}", told.out, told.err);
    if !told.starts_with("mounted\n") {
        println!("skipped: no file system can be mounted here");
        return;
    }
    let number = |after: &str| {
        let (_, rest) = told.split_once(after)?;
        rest.split(|after: char| !after.is_ascii_digit() && after != ',').next()?.replace(',', "").parse::<u64>().ok()
    };
    let (noted, left, all) = (number("noted "), number(" left "), number(" of "));
    assert!(noted >= Some(3) && left >= noted && all >= left, "{told}");
    // The same command resumes from there.
    let (kept, later) = (number("Five people: "), number("again 3\nFive people: "));
    assert!(kept >= Some(256) && later >= kept, "{told}");
}
