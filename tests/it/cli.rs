//! The command line: what each command prints, what it leaves in the output folder when it succeeds, when it may not
//! write, and when it is interrupted.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::program::{BINARY, Folder, PLAIN, RESULTS, RICH, assert_same_files, edited, run_to_end, without_seconds};

/// [`PLAIN`] without chance: every number can be computed by hand.
const CERTAIN: [&str; 4] =
    ["--set", "organisation.builder.hiring.stages.0.pass=1", "--set", "strategy.bot.transfer.0.acceptance=1"];

/// Much more than a second, in which a signal must end a command: the machine may be busy.
const SOON: Duration = Duration::from_secs(10);

/// Returns the names in a folder that look like temporary files.
fn leftovers(folder: &Folder) -> Vec<String> {
    folder
        .files("")
        .into_iter()
        .filter(|name| name.contains(".tmp") || name.contains("/.") || name.starts_with('.'))
        .collect()
}

#[test]
fn help_tells_every_command_and_option() {
    let folder = Folder::new();
    let mut help = String::new();
    for arguments in [
        &["--help"][..],
        &["new", "--help"],
        &["run", "--help"],
        &["check", "--help"],
        &["trace", "--help"],
        &["report", "--help"],
        &["verify", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        help += &format!("######## handover {}\n{}\n", arguments.join(" "), folder.succeed(arguments).out);
    }
    insta::assert_snapshot!(help);
}

#[test]
fn check_tells_a_scenario_in_plain_words() {
    let words = [PLAIN, RICH].map(|scenario| {
        let told = Folder::with(scenario).succeed(&["check", "scenario.toml"]);
        assert_eq!(told.err, "");
        without_seconds(&told.out)
    });
    insta::assert_snapshot!(words.join("\n################################\n\n"));
}

#[test]
fn check_takes_overrides_and_a_seed_and_writes_nothing() {
    let folder = Folder::with(PLAIN);
    let told = folder.succeed(&["check", "scenario.toml", "--seed", "12345", "--set", "demand.engineer=7"]);
    assert!(told.out.contains("seed 12345") && told.out.contains("7 wanted"), "{}", told.out);
    assert_eq!(folder.files(""), ["scenario.toml"]);
}

#[test]
fn run_prints_a_summary_that_can_be_worked_out_by_hand() {
    let folder = Folder::with(PLAIN);
    let told = folder.succeed(&[&["run", "scenario.toml", "-o", "out"], &CERTAIN[..]].concat());
    insta::assert_snapshot!(told.out);
    assert_eq!(told.err, "");
}

/// The preset of three strategies fits both widths: the goals, at most ten key figures, no line that wraps.
#[test]
fn the_answer_of_three_strategies_fits_80_and_120_columns() {
    let folder = Folder::with(include_str!("../../scenarios/bot_or_own.toml"));
    for columns in ["80", "120"] {
        let arguments = ["run", "scenario.toml", "-n", "200", "--charts", "none", "-o", "out", "--force"];
        let told = run_to_end(folder.command(&arguments).env("COLUMNS", columns));
        assert_eq!(told.status, Some(0), "{}", told.err);
        let width = columns.parse().expect("a number");
        told.out.lines().for_each(|line| assert!(line.chars().count() <= width, "{columns}: {line}"));
        insta::assert_snapshot!(format!("answer_{columns}_columns"), told.out);
    }
}

#[test]
fn run_writes_all_its_files_and_leaves_no_other() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml"]);
    let files = folder.files("results/scenario");
    // There is no money in it, and no goal.
    let charts = ["attrition", "difference", "effective_fte", "employers", "handover", "headcount", "phases", "staffed_day"];
    let charts = charts.iter().flat_map(|name| ["png", "svg"].map(|format| format!("charts/{name}.{format}")));
    let mut expected: Vec<String> = RESULTS.iter().map(|name| (*name).to_owned()).collect();
    expected.extend(charts.chain(["report.html".to_owned()]));
    expected.sort();
    assert_eq!(files, expected);
    assert_eq!(folder.text("scenario.toml"), PLAIN, "the scenario is not touched");
    for name in files {
        let mode = fs::metadata(folder.path("results/scenario").join(&name)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o600, 0o600, "{name}");
        assert!(mode & 0o044 != 0, "{name} is for its owner only: {mode:o}");
    }
}

#[test]
fn quiet_says_nothing_and_json_only_json() {
    let folder = Folder::with(PLAIN);
    let told = folder.succeed(&["run", "scenario.toml", "-q", "--charts", "none"]);
    assert_eq!((told.out.as_str(), told.err.as_str()), ("", ""));
    let told = folder.succeed(&["run", "scenario.toml", "--charts", "none", "--json", "--force"]);
    let json: serde_json::Value = serde_json::from_str(&told.out).expect("standard output is JSON");
    assert_eq!(json["manifest"]["title"], "Five people");
}

/// A client that pays a vendor, and whose own centre costs nothing because it is not marked as its own.
const UNCOUNTED: &str =
    "organisation.owner.cost={ salary_per_year = { engineer = 40 }, staff_per_year = { recruiters = 30 } }";

#[test]
fn what_is_worth_a_second_look_is_said_before_the_simulation_and_at_the_head_of_the_report() {
    let folder = Folder::with(PLAIN);
    let sets = [
        "--set",
        UNCOUNTED,
        "--set",
        "strategy.bot.contract.builder={ rate_per_month = { engineer = 5 } }",
        "--set",
        "organisation.spare={ own = true }",
    ];
    let told = folder.succeed(&[&["run", "scenario.toml", "-o", "out"], &sets[..]].concat());
    let costs = "owner's costs are NOT counted: it has no contract and is not `own = true`";
    let notes: Vec<String> = [
        "organisation spare: takes part in no strategy: it has no effect".to_owned(),
        format!("strategy bot: {costs}"),
        format!("strategy in_house: {costs}"),
    ]
    .into();
    let lines: Vec<String> = notes.iter().map(|note| format!("note: {note}\n")).collect();
    assert_eq!(told.err, lines.concat());
    let page = folder.text("out/report.html");
    let (head, _) = page.split_once("</header>").expect("there is an answer");
    let head = head.replace("<code>", "`").replace("</code>", "`");
    for note in &notes {
        let escaped = note.replace('\'', "&#39;");
        assert!(head.contains(note) || head.contains(&escaped), "{note} is not at the head of the report");
    }
    let told = folder.succeed(&[&["run", "scenario.toml", "-o", "quiet", "-q"], &sets[..]].concat());
    assert_eq!(told.err, "");
    let told = folder.succeed(&[&["check", "scenario.toml", "--json"], &sets[..]].concat());
    let json: serde_json::Value = serde_json::from_str(&told.out).expect("standard output is JSON");
    assert_eq!(json["notes"], serde_json::json!(notes));
    folder.succeed(&["run", "scenario.toml", "-o", "plain"]);
    assert!(!folder.text("plain/report.html").contains("second look"), "there is nothing to note");
}

#[test]
fn costs_that_are_not_counted_are_noted_where_there_is_money_only() {
    let noted = |sets: &[&str]| {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        let told = Folder::with(PLAIN).succeed(&[&["check", "scenario.toml"], &sets[..]].concat());
        told.out.matches("costs are NOT counted").count()
    };
    let contract = "strategy.bot.contract.builder={ fee_month = 5 }";
    assert_eq!(noted(&[]), 0, "no money, no costs");
    assert_eq!(noted(&["value_per_fte_month=5"]), 3, "builder and owner in bot, owner in in_house");
    assert_eq!(noted(&[UNCOUNTED]), 3);
    assert_eq!(noted(&[contract]), 2, "the builder is paid");
    assert_eq!(noted(&[contract, "organisation.owner.own=true"]), 0);
    assert_eq!(noted(&[contract, "strategy.in_house.contract.owner={ fee_month = 1 }"]), 1);
}

#[test]
fn what_an_override_drops_of_a_table_is_told_with_the_key_that_keeps_it() {
    let staff = "organisation.builder.hiring.staff.recruiters";
    let scenario = PLAIN.replace("{ recruiters = 2 }", "{ recruiters = { count = 1, each_handles = 20 } }");
    let folder = Folder::with(&scenario);
    let (set, alone) = (format!("{staff}=5"), format!("{staff}.count=5"));
    let note = format!("--set {set} drops `each_handles = 20`; to change a number alone, set {staff}.count");
    for command in [&["check"][..], &["run", "-o", "a", "--charts", "none"], &["trace", "-o", "b"]] {
        let with = |set: &str| folder.succeed(&[command, &["scenario.toml", "--set", set]].concat()).err;
        assert_eq!(with(&set).matches(&format!("note: {note}\n")).count(), 1, "{command:?}");
        for other in folder.files("").iter().filter(|name| *name != "scenario.toml") {
            fs::remove_file(folder.path(other)).expect("it can be removed");
        }
        assert!(!with(&alone).contains("drops"), "{command:?}");
    }
    let told = folder.succeed(&["check", "scenario.toml", "--json", "--set", &set]);
    let json: serde_json::Value = serde_json::from_str(&told.out).expect("standard output is JSON");
    assert_eq!(json["notes"], serde_json::json!([note]));
    let told = folder.succeed(&["run", "scenario.toml", "-q", "-o", "c", "--charts", "none", "--set", &set]);
    assert_eq!(told.err, "");
}

#[test]
fn folders_are_made_as_deep_as_asked_for_and_names_may_be_odd() {
    let folder = Folder::new();
    folder.write("über alles.toml", PLAIN);
    folder.write("-dash.toml", PLAIN);
    folder.succeed(&["run", "über alles.toml", "-o", "a/b c/d", "--charts", "none"]);
    assert_eq!(folder.files("a/b c/d").len(), RESULTS.len());
    folder.succeed(&["run", "--charts", "none", "--", "-dash.toml"]);
    assert_eq!(folder.files("results/-dash").len(), RESULTS.len());
    folder.succeed(&["run", "über alles.toml", "--charts", "none", "-o", "out/"]);
    assert_eq!(folder.files("out").len(), RESULTS.len());
}

#[test]
fn names_of_files_need_not_be_unicode() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    let name = OsStr::from_bytes(b"sc\xffnario.toml");
    fs::write(folder.path("").join(name), PLAIN).expect("the file can be written");
    let mut command = folder.command(&["run"]);
    command.arg(name).args(["--charts", "none"]);
    let told = run_to_end(&mut command);
    assert_eq!(told.status, Some(0), "{}", told.err);
    assert_eq!(fs::read_dir(folder.path("results")).expect("there are results").count(), 1);
}

#[test]
fn the_last_override_of_a_key_holds_and_the_command_line_beats_the_file() {
    let folder = Folder::with(PLAIN);
    let sets = ["--set", "demand.engineer=7", "--set", "demand.engineer=3", "--set", "seed=5"];
    let manifest = |arguments: &[&str]| {
        folder.succeed(
            &[&["run", "scenario.toml", "--charts", "none", "--force", "-n", "2", "-o", "out"], arguments].concat(),
        );
        folder.text("out/manifest.json")
    };
    assert!(manifest(&sets).contains("\"seed\": 5"));
    assert!(folder.text("out/scenario.toml").contains("engineer = 3"));
    assert!(manifest(&[&sets[..], &["--seed", "6"]].concat()).contains("\"seed\": 6"));
}

#[test]
fn results_are_not_overwritten_unasked() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml", "-o", "out"]);
    folder.write("out/mine.txt", "not a result");
    let before: Vec<(String, Vec<u8>)> =
        folder.files("out").into_iter().map(|name| (name.clone(), folder.bytes(&format!("out/{name}")))).collect();
    let told = folder.run(&["run", "scenario.toml", "-o", "out", "--seed", "2"]);
    assert_eq!(told.status, Some(1), "{}", told.err);
    assert_eq!(told.out, "");
    assert!(told.err.contains("out already holds ") && told.err.contains("--force"), "{}", told.err);
    for (name, bytes) in &before {
        assert!(*bytes == folder.bytes(&format!("out/{name}")), "{name} has become another");
    }
    folder.succeed(&["run", "scenario.toml", "-o", "out", "--seed", "2", "--force", "--charts", "headcount"]);
    let files = folder.files("out");
    assert!(files.contains(&"mine.txt".to_owned()), "what is no result stays");
    assert!(!files.contains(&"charts/staffed_day.svg".to_owned()), "what is not of this run is gone: {files:?}");
    assert!(folder.text("out/manifest.json").contains("\"seed\": 2"));
}

#[test]
fn a_trace_is_not_overwritten_unasked() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["trace", "scenario.toml"]);
    assert_eq!(folder.files("results/scenario-trace"), ["ledger.csv", "seats.png", "seats.svg", "trace.csv"]);
    let told = folder.run(&["trace", "scenario.toml", "--replication", "1"]);
    assert_eq!(told.status, Some(1), "{}", told.err);
    assert!(told.err.contains("results/scenario-trace already holds ") && told.err.contains("--force"), "{}", told.err);
    folder.succeed(&["trace", "scenario.toml", "--replication", "1", "--force"]);
}

#[test]
fn a_folder_with_other_files_is_no_obstacle() {
    let folder = Folder::with(PLAIN);
    folder.write("out/notes.txt", "mine");
    folder.write("out/charts/mine.svg", "mine");
    folder.succeed(&["run", "scenario.toml", "-o", "out"]);
    assert_eq!((folder.text("out/notes.txt"), folder.text("out/charts/mine.svg")), ("mine".into(), "mine".into()));
}

#[test]
fn places_that_cannot_be_written_are_failures_that_name_them() {
    let folder = Folder::with(PLAIN);
    folder.write("file", "mine");
    symlink("/nowhere/at/all", folder.path("dangling")).expect("a link can be made");
    symlink("loop", folder.path("loop")).expect("a link can be made");
    let long = "x".repeat(300);
    for place in
        ["file", "file/below", "/proc/handover", "/proc/1/handover", "/sys/handover", "dangling", "loop", "/dev/null", &long]
    {
        for command in ["run", "trace"] {
            let told = folder.run(&[command, "scenario.toml", "-o", place]);
            assert_eq!(told.status, Some(1), "{command} {place}: {}", told.err);
            assert!(told.err.contains(place) && told.err.lines().count() == 1, "{command} {place}: {}", told.err);
            assert_eq!(told.out, "", "{command} {place}");
        }
    }
    assert_eq!(folder.text("file"), "mine");
    assert!(leftovers(&folder).is_empty(), "{:?}", leftovers(&folder));
}

#[test]
fn a_folder_in_the_place_of_a_file_is_not_removed() {
    let folder = Folder::with(PLAIN);
    folder.write("out/summary.csv/mine.txt", "mine");
    for arguments in [&["run", "scenario.toml", "-o", "out"][..], &["run", "scenario.toml", "-o", "out", "--force"]] {
        let told = folder.run(arguments);
        assert_eq!(told.status, Some(1), "{}", told.err);
        assert!(told.err.contains("summary.csv"), "{}", told.err);
    }
    assert_eq!(folder.files("out"), ["summary.csv/mine.txt"]);
}

/// Runs a script in which `$0` is the program and `/mnt` a separate file system. Returns none where that is not
/// allowed.
fn with_mount(options: &str, script: &str) -> Option<String> {
    let folder = Folder::with(PLAIN);
    fs::create_dir(folder.path("mnt")).expect("a folder can be made");
    let script = format!("mount -t tmpfs -o {options} none mnt && echo mounted && {{ {script}; }}");
    let told = run_to_end(&mut folder.command_of("unshare", &["--mount", "sh", "-c", &script, BINARY]));
    let told = format!("{}{}", told.out, told.err);
    told.strip_prefix("mounted\n").map(str::to_owned)
}

#[test]
fn a_file_system_without_space_is_a_failure_that_leaves_nothing() {
    let script = "\"$0\" run scenario.toml -o mnt/out -n 5000 --charts none --yes; echo status $?; find mnt -type f";
    // Enough for the scenario, but not for the replications.
    let Some(told) = with_mount("size=200k", script) else {
        println!("skipped: no file system can be mounted here");
        return;
    };
    assert!(told.contains("status 1\n"), "{told}");
    assert!(told.contains("cannot write to mnt/out/blocks: No space left on device (os error 28); no result"), "{told}");
    let left: Vec<&str> = told.lines().filter(|line| line.starts_with("mnt/")).collect();
    assert!(!left.iter().any(|name| name.contains(".tmp")), "{left:?}");
    assert!(!left.contains(&"mnt/out/replications.csv"), "half a file has a final name");
    assert!(!left.contains(&"mnt/out/manifest.json"), "the folder calls itself complete");
    assert!(!told.contains(".tmp"), "the message names a file that nobody knows: {told}");
}

/// Whatever a scenario file is called, its results stay in the folder for results.
#[test]
fn results_stay_in_their_folder_whatever_the_file_is_called() {
    let folder = Folder::new();
    for name in ["...toml", "..toml", "plan.toml"] {
        folder.write(name, PLAIN);
    }
    let run = |arguments: &[&str]| folder.succeed(&[&["run", "-n", "10", "-q", "--charts", "none"], arguments].concat());
    run(&["...toml"]);
    run(&["..toml"]);
    run(&["...toml", "plan.toml", "-o", "out"]);
    let mut folders: Vec<String> = Vec::new();
    for name in folder.files(".").into_iter().filter(|name| name.ends_with("manifest.json")) {
        folders.push(name.trim_start_matches("./").trim_end_matches("/manifest.json").to_owned());
    }
    folders.sort();
    assert_eq!(folders, ["out/...toml", "out/plan", "results/...toml", "results/..toml"]);
}

#[test]
fn a_limit_on_the_size_of_files_is_a_failure_with_a_message() {
    let folder = Folder::with(PLAIN);
    let script = "ulimit -f 8; \"$0\" run scenario.toml -o out -n 5000 --charts none";
    let told = run_to_end(&mut folder.command_of("sh", &["-c", script, BINARY]));
    assert_eq!(told.status, Some(1), "{}", told.err);
    assert!(told.err.contains("error: cannot write to out/blocks: File too large"), "{}", told.err);
    // Without the limit it continues.
    folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "5000", "--charts", "none"]);
}

#[test]
fn more_threads_than_blocks_cost_nothing() {
    let folder = Folder::with(PLAIN);
    let run = |out, threads| {
        folder.succeed(&["run", "scenario.toml", "-n", "600", "--threads", threads, "-o", out, "--charts", "none"]);
    };
    run("few", "1");
    run("many", "1024");
    assert_same_files(&folder, "few", "many");
}

#[test]
fn a_merge_that_has_no_room_is_refused_before_it_begins() {
    let merge = "\"$0\" merge parts -o mnt/out --charts none";
    let script = format!(
        "\"$0\" run scenario.toml -n 1000 --shard 0/1 -o parts -q; {merge}; echo status $?; find mnt -type f; {merge} --yes; echo status $?"
    );
    let Some(told) = with_mount("size=200k", &script) else {
        println!("skipped: no file system can be mounted here");
        return;
    };
    // With --yes, the run starts and fails to write.
    assert!(told.contains("status 2\nstatus 1\n"), "{told}");
    assert!(told.contains(" of disk, but only ") && told.contains(", or pass --yes to run it anyway"), "{told}");
    assert!(told.contains("No space left on device"), "{told}");
}

#[test]
fn a_read_only_file_system_is_a_failure_before_the_simulation() {
    let script = "\"$0\" run scenario.toml -o mnt/out -n 100000000 --yes; echo status $?; \"$0\" run scenario.toml -o mnt; echo status $?";
    let Some(told) = with_mount("ro", script) else {
        println!("skipped: no file system can be mounted here");
        return;
    };
    assert_eq!(told.matches("status 1\n").count(), 2, "{told}");
    assert!(told.contains("cannot write mnt/out: Read-only file system"), "{told}");
    assert!(told.contains("cannot write mnt: Read-only file system"), "{told}");
}

/// Starts a run that would take hours, and waits until it simulates.
fn long_run(folder: &Folder, arguments: &[&str]) -> Child {
    let mut command = Command::new(BINARY);
    command.current_dir(folder.path("")).args(["run", "scenario.toml", "-o", "out", "--yes"]).args(arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let begun = Instant::now();
    // The folder is made once the scenario has been read, just before the simulation.
    while !folder.path("out").exists() {
        assert!(begun.elapsed() < SOON, "the run does not begin");
        thread::yield_now();
    }
    child
}

/// Sends a signal. Returns how the command ended and what it printed, which must be soon.
fn interrupted(mut child: Child, signal: &str) -> (ExitStatus, String) {
    let kill = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status();
    assert!(kill.is_ok_and(|status| status.success()), "the signal is sent");
    let pid = child.id();
    let (ended, end) = mpsc::channel();
    let mut err = child.stderr.take().expect("it is a pipe");
    let waiting = thread::spawn(move || {
        let status = child.wait().expect("it can be waited for");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut err, &mut text).expect("the program speaks UTF-8");
        // The test may have given up.
        let _ = ended.send((status, text));
    });
    let end = end.recv_timeout(SOON);
    if end.is_err() {
        let _ = Command::new("sh").args(["-c", &format!("kill -KILL {pid}")]).status();
    }
    waiting.join().expect("it has ended");
    end.unwrap_or_else(|_| panic!("SIG{signal} did not end it within {SOON:?}"))
}

/// Returns whether blocks and their record are all there is beside the scenario, each of them whole.
fn has_blocks_only(folder: &Folder, out: &str) -> bool {
    let files = folder.files("").into_iter().filter(|file| file != "scenario.toml");
    files
        .into_iter()
        .all(|file| file.starts_with(&format!("{out}blocks/")) && [".block", ".json"].iter().any(|end| file.ends_with(end)))
}

#[test]
fn signals_end_a_long_run_soon_and_leave_finished_blocks_alone() {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        for arguments in [&["-n", "50000000"][..], &["-n", "50000000", "--threads", "2", "--quiet"]] {
            let folder = Folder::with(PLAIN);
            let (ended, said) = interrupted(long_run(&folder, arguments), signal);
            assert_eq!(ended.code(), Some(status), "{signal}: {said}");
            let kept = said.strip_prefix("interrupted: ").and_then(|said| said.split_once(" of 50,000,000 replications"));
            let nothing = said == "interrupted: no results were written\n";
            assert!(kept.is_some() || nothing, "{said}");
            assert!(has_blocks_only(&folder, "out/"), "{signal}: {said}");
        }
    }
}

#[test]
fn a_signal_ends_a_replication_of_an_enormous_team() {
    let folder = Folder::with(PLAIN);
    let sets = ["--set", "demand.engineer=1000000", "--set", "horizon_months=1200", "--set"];
    let child = long_run(&folder, &[&sets[..], &["organisation.builder.hiring.staff.recruiters=1000000"]].concat());
    let (ended, said) = interrupted(child, "INT");
    assert_eq!(ended.code(), Some(130), "{said}");
    assert_eq!(folder.files(""), ["scenario.toml"]);
}

#[test]
fn a_signal_while_results_are_written_leaves_no_half_of_them() {
    let folder = Folder::with(PLAIN);
    // Enough replications that writing them takes longer than the program waits after a signal.
    let child = long_run(&folder, &["-n", "300000", "--set", "horizon_months=13", "--charts", "none"]);
    let begun = Instant::now();
    let writes = || {
        let large = |name: &String| fs::metadata(folder.path(name)).is_ok_and(|file| file.len() > 100_000);
        folder.files("").iter().filter(|name| name.ends_with(".tmp") && !name.contains("/blocks/")).any(large)
    };
    while !writes() {
        assert!(begun.elapsed() < 6 * SOON, "no result is written");
        thread::yield_now();
    }
    let (ended, said) = interrupted(child, "INT");
    let files = folder.files("");
    assert_eq!(ended.code(), Some(130), "{said}");
    assert!(leftovers(&folder).is_empty(), "{files:?}");
    assert!(has_blocks_only(&folder, "out/"), "{files:?}");
    assert!(said.starts_with("interrupted: 300,000 of 300,000 replications are done and kept in out;"), "{said}");
}

#[test]
fn a_scenario_survives_an_interrupted_run_into_its_own_folder() {
    let folder = Folder::with(PLAIN);
    let mut command = Command::new(BINARY);
    command.current_dir(folder.path("")).args(["run", "scenario.toml", "-o", ".", "--force", "--yes", "-n", "50000000"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
    // How soon the folder shows that the run has begun depends on the program; a second is more than enough.
    let begun = Instant::now();
    while folder.path("scenario.toml").exists() && begun.elapsed() < Duration::from_secs(1) {
        thread::yield_now();
    }
    let (ended, said) = interrupted(child, "INT");
    assert_eq!(ended.code(), Some(130), "{said}");
    assert!(has_blocks_only(&folder, ""), "{:?}", folder.files(""));
    assert_eq!(folder.text("scenario.toml"), PLAIN);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::with(PLAIN);
    for arguments in
        [&["schema"][..], &["check", "scenario.toml"], &["run", "scenario.toml", "--charts", "none"], &["--help"]]
    {
        let mut command = Command::new(BINARY);
        command.current_dir(folder.path("")).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        // Nobody will read its output.
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        assert!(!said.contains("error") && !said.contains("panicked"), "{arguments:?}: {said}");
    }
    assert_eq!(folder.files("results/scenario").len(), RESULTS.len(), "the results are there all the same");
}

#[test]
fn a_reader_that_goes_away_harms_neither_status_nor_merge() {
    let folder = Folder::with(PLAIN);
    for shard in ["0/2", "1/2"] {
        folder.succeed(&["run", "scenario.toml", "-n", "600", "--shard", shard, "-o", &shard[..1], "-q"]);
    }
    let commands = ["status 0 1", "status 0 1 --json", "check scenario.toml --json", "merge 0 1 -o out --charts none"];
    for arguments in commands {
        // Closed from the start, and closed before anything is read.
        for closed in [">&-", "| true"] {
            let script = format!("{{ \"$0\" {arguments} --threads 1; echo status $? >&2; }} {closed}");
            let script = if arguments.starts_with("merge") {
                script.replace(" -o", " --force -o")
            } else {
                script.replace(" --threads 1", "")
            };
            let told = run_to_end(&mut folder.command_of("sh", &["-c", &script, BINARY]));
            assert!(!told.err.contains("panicked"), "{arguments} {closed}: {}", told.err);
            assert!(told.err.contains("status 0\n"), "{arguments} {closed}: {}", told.err);
        }
    }
    assert_eq!(folder.files("out").len(), RESULTS.len(), "the results are there all the same");
}

#[test]
fn merging_into_a_file_system_that_cannot_be_written_is_a_failure_that_leaves_the_shards() {
    let script = "\"$0\" run scenario.toml -n 300 --shard 0/1 -o 0 -q && cp -r 0 before && \"$0\" merge 0 -o mnt/out; \
                  echo status $?; diff -r 0 before && echo same";
    let Some(told) = with_mount("ro", script) else {
        println!("skipped: no file system can be mounted here");
        return;
    };
    assert!(told.contains("status 1\n") && told.contains("same\n"), "{told}");
    assert!(told.contains("cannot write mnt/out: Read-only file system"), "{told}");
}

#[test]
fn standard_output_that_is_full_is_a_failure() {
    let folder = Folder::with(PLAIN);
    let arguments = ["--help", "--version", "help run", "schema", "check scenario.toml", "run scenario.toml --charts none"];
    for arguments in arguments {
        let script = format!("\"$0\" {arguments} > /dev/full");
        let told = run_to_end(&mut folder.command_of("sh", &["-c", &script, BINARY]));
        assert_eq!(told.status, Some(1), "{arguments}: {}", told.err);
        assert!(told.err.contains("cannot write to standard output: No space left on device"), "{arguments}: {}", told.err);
    }
}

#[test]
fn messages_are_plain_where_there_is_no_terminal() {
    let folder = Folder::with(&edited(PLAIN, "seed = 1", "sead = 1"));
    for arguments in [&["run", "scenario.toml"][..], &["run", "--oops"], &["--help"]] {
        let told = folder.run(arguments);
        assert!(!told.err.contains('\u{1b}') && !told.out.contains('\u{1b}'), "{arguments:?}");
    }
}

#[test]
fn a_report_says_where_it_is_and_leaves_the_results_alone() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml", "-o", "out", "--charts", "none"]);
    assert_eq!(folder.files("out").len(), RESULTS.len());
    let tables = || RESULTS.into_iter().filter(|name| *name != "manifest.json");
    let before: Vec<_> = tables().map(|name| folder.bytes(&format!("out/{name}"))).collect();
    let told = folder.succeed(&["report", "out", "--charts", "headcount", "--chart-format", "svg"]);
    assert_eq!((told.out.as_str(), told.err.as_str()), ("", "charts and report: out\n"));
    assert!(folder.files("out").contains(&"charts/headcount.svg".to_owned()));
    assert!(tables().map(|name| folder.bytes(&format!("out/{name}"))).eq(before), "a result has become another");
    // The manifest has the checksums of the new pictures.
    assert!(folder.text("out/manifest.json").contains("charts/headcount.svg"));
    folder.succeed(&["status", "out"]);
}

#[test]
fn limits_of_what_a_scenario_may_ask_for_are_simulated() {
    let small: [&[&str]; 8] = [
        &["horizon_months=1"],
        &["horizon_months=1200", "start=2999-12-31"],
        &["strategy.bot.transfer.0.month=0"],
        &["strategy.bot.transfer.0.month=1e12"],
        &["role.0.output=0"],
        &["organisation.builder.hiring.stages.0.takes_days=0"],
        &["organisation.builder.hiring.stages.0.takes_days=1e9"],
        &["strategy.bot.transfer.0.acceptance=0"],
    ];
    let rich: [&[&str]; 16] = [
        &["demand.shock={ per_year = 1000, factor = 0 }"],
        &["demand.shock={ per_year = 3, factor = 2 }", "horizon_months=24", "goal=[]"],
        &["operations.incidents_per_month=100000", "horizon_months=2", "goal=[]"],
        &["operations.effort_days=1e9"],
        &["market.exit_hazard_per_year=1000000"],
        &["knowledge_days=1e-9"],
        &["value_per_fte_month=1e12", "discount_rate_per_year=-0.5"],
        &["organisation.vendor.failure_hazard_per_year=10000"],
        &["organisation.vendor.attrition.burnout_hazard_per_year=1000000"],
        &["organisation.vendor.hiring.bench={ engineer = 1000000 }"],
        &["organisation.vendor.hiring.brand={ start = 1000, hires = 1000000 }"],
        &["organisation.vendor.cost.fx_volatility_per_year=5", "organisation.vendor.cost.wage_rise_per_year=3"],
        &["strategy.bot.transfer.0.exercise=0"],
        &[
            "strategy.bot.transfer.0.ready={ headcount_share = 1, for_months = 1200 }",
            "strategy.bot.transfer.0.if_not_ready='transfer'",
        ],
        &["strategy.in_house.initial=[{ role = 'lead', headcount = 1000, tenure_days = 1e9 }]"],
        &["strategy.bot.rescue.acceptance=0", "organisation.vendor.failure_hazard_per_year=1"],
    ];
    let of_plain = small.into_iter().map(|sets| (PLAIN, sets));
    for (scenario, sets) in of_plain.chain(rich.into_iter().map(|sets| (RICH, sets))) {
        let folder = Folder::with(scenario);
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        let told = folder.run(&[&["run", "scenario.toml", "-n", "3", "-q", "--chart-format", "svg"], &sets[..]].concat());
        // A gate of RICH may be missed.
        assert!(told.status == Some(0) || (scenario == RICH && told.status == Some(4)), "{sets:?}: {}", told.err);
        let told = folder.run(&[&["trace", "scenario.toml"], &sets[..]].concat());
        assert_eq!(told.status, Some(0), "{sets:?}: {}", told.err);
    }
}
