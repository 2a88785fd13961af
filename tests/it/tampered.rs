//! Result folders that were changed, or that come from strangers: nothing changed is accepted without a word, and nothing
//! hangs, grows without bound or leads out of the folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant};

use handover::experiment::{Manifest, Seal};

use super::program::{BINARY, Exit, Folder, PLAIN, RICH, copy, run_to_end};

/// Returns a folder with the results of a small run in `out`.
fn finished(scenario: &str) -> Folder {
    let folder = Folder::with(scenario);
    folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "30", "--charts", "headcount", "--chart-format", "svg"]);
    folder
}

fn run(folder: &Folder, more: &[&str]) -> Exit {
    let wanted = ["run", "scenario.toml", "-o", "out", "-n", "30", "--charts", "headcount", "--chart-format", "svg"];
    folder.run(&[&wanted[..], more].concat())
}

/// Asserts that every command that reads results says that one of them has changed.
fn assert_noticed(folder: &Folder, name: &str, what: &str) {
    // Pictures are drawn again.
    let is_picture = name.starts_with("charts/") || name == "report.html";
    for arguments in [&["status", "out"][..], &["report", "out"]].into_iter().take(if is_picture { 1 } else { 2 }) {
        let told = folder.run(arguments);
        assert!(matches!(told.status, Some(1 | 2)), "{arguments:?}: {name} {what}: {told:?}");
        assert!(format!("{}{}", told.out, told.err).contains(name), "{arguments:?}: {name} {what}: {told:?}");
    }
    let told = run(folder, &["--resume"]);
    assert!(matches!(told.status, Some(1 | 2)) && told.err.contains(name), "{name} {what}: {told:?}");
}

/// Every file, with one byte more, one less, another digit in its middle, and without it.
#[test]
fn every_change_of_every_file_is_noticed() {
    let folder = finished(RICH);
    copy(&folder, "out", "whole");
    for name in folder.files("whole") {
        let bytes = folder.bytes(&format!("whole/{name}"));
        let middle = (bytes.len() / 2..bytes.len()).find(|&at| bytes[at].is_ascii_digit()).unwrap_or(bytes.len() - 1);
        let mut other = bytes.clone();
        other[middle] = if other[middle] == b'7' { b'8' } else { b'7' };
        let changes =
            [("longer", [&bytes[..], b" "].concat()), ("shorter", bytes[..bytes.len() - 1].to_vec()), ("other", other)];
        for (what, changed) in changes {
            folder.write(&format!("out/{name}"), changed);
            assert_noticed(&folder, &name, what);
        }
        if name != "manifest.json" {
            fs::remove_file(folder.path(&format!("out/{name}"))).expect("it is there");
            assert_noticed(&folder, &name, "missing");
        }
        folder.write(&format!("out/{name}"), bytes);
    }
    folder.succeed(&["report", "out", "--charts", "headcount", "--chart-format", "svg"]);
    assert_eq!(run(&folder, &["--resume"]).status, Some(0));
}

/// What the report would print as the way to reproduce the results.
#[test]
fn a_manifest_with_another_seed_version_level_or_command_is_refused() {
    let folder = finished(PLAIN);
    let manifest = folder.text("out/manifest.json");
    let edits = [
        ("\"seed\": 1,", "\"seed\": 2,"),
        ("\"version\": \"0", "\"version\": \"9"),
        ("\"confidence\": 0.95", "\"confidence\": 0.99"),
        ("handover run scenario.toml", "handover run scenario.toml; rm"),
        ("\"baseline\": \"bot\"", "\"baseline\": \"bot\" "),
    ];
    for (from, to) in edits {
        assert!(manifest.contains(from), "{from}");
        folder.write("out/manifest.json", manifest.replacen(from, to, 1));
        for arguments in [&["report", "out"][..], &["status", "out"]] {
            let told = folder.run(arguments);
            let all = format!("{}{}", told.out, told.err);
            assert!(matches!(told.status, Some(1 | 2)) && all.contains("manifest.json was changed"), "{to}: {all}");
        }
        let told = run(&folder, &["--resume"]);
        assert!(told.err.contains("manifest.json was changed"), "{to}: {told:?}");
    }
}

/// The manifest of another version, with a checksum that fits.
#[test]
fn results_of_another_version_are_refused() {
    let folder = finished(PLAIN);
    let (seal, is_as_written) = Seal::read(&folder.text("out/manifest.json")).expect("it is a manifest");
    assert!(is_as_written);
    let manifest = Manifest { version: "9.9.9".to_owned(), ..seal.manifest };
    folder.write("out/manifest.json", Seal::new(manifest, seal.files).text());
    let told = folder.run(&["report", "out"]);
    assert!(told.status == Some(2) && told.err.contains("written by version 9.9.9"), "{told:?}");
    let told = run(&folder, &["--resume"]);
    assert!(told.status == Some(1) && told.err.contains("--force"), "{told:?}");
    folder.succeed(&["report", "out", "--unverified"]);
}

#[test]
fn changed_files_are_drawn_only_unverified_and_the_page_says_so() {
    let folder = finished(RICH);
    let summary = folder.text("out/summary.csv");
    assert!(summary.contains(",30,"), "a number of replications");
    folder.write("out/summary.csv", summary.replacen(",30,", ",31,", 1));
    let told = folder.run(&["report", "out"]);
    assert!(told.status == Some(2) && told.err.contains("--unverified"), "{told:?}");
    let manifest = folder.bytes("out/manifest.json");
    let drawn = folder.run(&["report", "out", "--unverified"]);
    if drawn.status == Some(0) {
        let page = folder.text("out/report.html");
        assert!(page.contains("Not verified") && page.contains("summary.csv was changed"));
    } else {
        assert!(drawn.err.contains("summary.csv"), "{drawn:?}");
    }
    assert_eq!(folder.bytes("out/manifest.json"), manifest, "what is not verified gets no new checksums");
    folder.write("out/goals.csv", folder.text("out/goals.csv") + "\n");
    folder.write("out/summary.csv", summary);
    folder.succeed(&["report", "out", "--unverified"]);
    let page = folder.text("out/report.html");
    assert!(page.contains("Not verified") && page.contains("goals.csv was changed"));
    assert!(folder.run(&["report", "out"]).err.contains("goals.csv was changed"), "it still shows");
}

/// Runs a command that must end by itself, within 900 MB of memory.
fn ends(folder: &Folder, arguments: &[&str]) -> Exit {
    let script = "ulimit -v 900000; exec \"$0\" \"$@\"";
    let told = run_to_end(&mut folder.command_of("sh", &[&["-c", script, BINARY], arguments].concat()));
    assert!(told.status.is_some_and(|status| status <= 3), "{arguments:?}: {told:?}");
    told
}

#[test]
fn pipes_and_links_in_a_result_folder_are_refused() {
    let folder = finished(PLAIN);
    copy(&folder, "out", "whole");
    folder.write("elsewhere/secret", "mine");
    for name in ["manifest.json", "replications.csv", "summary.csv", "scenario.toml"] {
        for kind in ["pipe", "link", "folder"] {
            let path = folder.path(&format!("out/{name}"));
            fs::remove_file(&path).expect("it is there");
            match kind {
                "pipe" => assert!(Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success())),
                "link" => symlink(folder.path(&format!("whole/{name}")), &path).expect("it is new"),
                _ => fs::create_dir(&path).expect("it is new"),
            }
            for arguments in [&["report", "out", "--unverified"][..], &["status", "out"], &["report", "out"]] {
                let told = ends(&folder, arguments);
                assert!(matches!(told.status, Some(1 | 2)), "{name} {kind} {arguments:?}: {told:?}");
                assert!(format!("{}{}", told.out, told.err).contains(name), "{name} {kind} {arguments:?}: {told:?}");
            }
            if kind == "folder" { fs::remove_dir(&path) } else { fs::remove_file(&path) }.expect("it is there");
            folder.write(&format!("out/{name}"), folder.bytes(&format!("whole/{name}")));
        }
    }
    // A folder of charts that leads elsewhere.
    fs::remove_dir_all(folder.path("out/charts")).expect("it is there");
    symlink(folder.path("elsewhere"), folder.path("out/charts")).expect("it is new");
    for arguments in [&["report", "out"][..], &["report", "out", "--unverified"]] {
        let told = ends(&folder, arguments);
        assert!(told.status != Some(0) && told.err.contains("out/charts is a link"), "{told:?}");
    }
    let told = run(&folder, &["--force"]);
    assert!(told.status == Some(1) && told.err.contains("out/charts is a link"), "{told:?}");
    assert_eq!(folder.files("elsewhere"), ["secret"]);
}

#[test]
fn pipes_and_links_among_blocks_are_damaged_blocks() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml", "-o", "out", "-n", "600", "--shard", "0/2"]);
    let block = folder.files("out/blocks").into_iter().find(|name| name.ends_with(".block")).expect("there are blocks");
    let path = folder.path(&format!("out/blocks/{block}"));
    let bytes = fs::read(&path).expect("it is there");
    for kind in ["pipe", "link", "folder"] {
        fs::remove_file(&path).expect("it is there");
        folder.write("elsewhere", &bytes);
        match kind {
            "pipe" => assert!(Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success())),
            "link" => symlink(folder.path("elsewhere"), &path).expect("it is new"),
            _ => fs::create_dir(&path).expect("it is new"),
        }
        let told = ends(&folder, &["status", "out"]);
        assert!(told.out.contains("truncated or damaged blocks: 1"), "{kind}: {told:?}");
        assert_eq!(ends(&folder, &["merge", "out", "-o", "merged"]).status, Some(3), "{kind}");
        if kind == "folder" { fs::remove_dir(&path) } else { fs::remove_file(&path) }.expect("it is there");
        fs::write(&path, &bytes).expect("it is new");
    }
    fs::rename(folder.path("out/blocks"), folder.path("elsewhere.blocks")).expect("it is there");
    symlink(folder.path("elsewhere.blocks"), folder.path("out/blocks")).expect("it is new");
    for arguments in [&["status", "out"][..], &["merge", "out", "-o", "merged"]] {
        assert!(ends(&folder, arguments).err.contains("out/blocks is a link"), "{arguments:?}");
    }
}

/// A file without ends of lines, as large as a disk allows, takes no more memory than a line may have.
#[test]
fn endless_lines_take_no_endless_memory() {
    let folder = finished(PLAIN);
    for name in ["replications.csv", "summary.csv", "manifest.json"] {
        let bytes = folder.bytes(&format!("out/{name}"));
        let file = fs::File::options().write(true).open(folder.path(&format!("out/{name}"))).expect("it is there");
        // Sparse: it takes no room. It is larger than the memory that a command may take.
        file.set_len(1 << 30).expect("it can grow");
        for arguments in [&["report", "out", "--unverified"][..], &["report", "out"], &["status", "out"]] {
            let told = ends(&folder, arguments);
            assert!(matches!(told.status, Some(1 | 2)), "{name} {arguments:?}: {told:?}");
        }
        folder.write(&format!("out/{name}"), bytes);
    }
}

/// Names of folders and what strangers wrote into manifests cannot control a terminal.
#[test]
fn nothing_of_strangers_reaches_the_terminal_raw() {
    let folder = finished(PLAIN);
    let evil = "e\u{1b}]0;owned\u{7}\u{202E}v\u{200B}il";
    copy(&folder, "out", evil);
    folder.write(&format!("{evil}/scenario.toml"), folder.text("scenario.toml"));
    let manifest = folder.text("out/manifest.json").replacen("Five people", "Five \\u001b[31m\\u202epeople", 1);
    // Comments may hold anything.
    folder.write("odd \u{1b}[2J.toml", "zz = 1 # \u{9b}2J\u{9b}31m \u{200E}\u{FEFF}\n");
    let plan = format!("{evil}/plan.toml");
    let paths = [
        vec!["status", evil],
        vec!["status", "--json", evil],
        vec!["report", evil],
        vec!["report", evil, "--unverified"],
        vec!["check", "missing/\u{1b}[31m\u{202E}.toml"],
        vec!["check", "odd \u{1b}[2J.toml"],
        vec!["check", "\u{1b}[2J", "--seed", "\u{1b}[2J"],
        vec!["run", "--\u{1b}[2J\u{9b}2J"],
        vec!["trace", "scenario.toml", "-o", evil],
        vec!["merge", evil],
        vec!["new", "--preset", "bot_or_own", &plan],
    ];
    for changed in [false, true] {
        if changed {
            folder.write(&format!("{evil}/manifest.json"), &manifest);
        }
        for arguments in &paths {
            let told = folder.run(arguments);
            let all = format!("{}{}", told.out, told.err);
            let is_raw = |letter: char| {
                (letter.is_control() && letter != '\n') || "\u{202E}\u{200B}\u{200E}\u{FEFF}".contains(letter)
            };
            assert!(!all.contains(is_raw), "{arguments:?}: {all:?}");
        }
    }
}

/// What is not among the results of a manifest does not pass for one.
#[test]
fn files_that_were_added_are_noticed() {
    let folder = finished(PLAIN);
    folder.write("out/summary.parquet", "forged");
    for arguments in [&["status", "out"][..], &["report", "out"], &["merge", "out"]] {
        let told = folder.run(arguments);
        let all = format!("{}{}", told.out, told.err);
        assert!(told.status != Some(0) && all.contains("summary.parquet was added"), "{arguments:?}: {all}");
    }
    let told = run(&folder, &["--resume", "--format", "csv,parquet"]);
    assert!(told.status != Some(0), "{told:?}");
    let told = run(&folder, &["--resume", "--shard", "0/1"]);
    assert!(told.status != Some(0) && told.err.contains("summary.parquet was added"), "{told:?}");
}

/// Partial results that somebody has edited are not replaced without a word.
#[test]
fn edited_partial_and_smaller_results_are_not_replaced_without_a_word() {
    let folder = Folder::with(PLAIN);
    folder.succeed(&["run", "scenario.toml", "-o", "shards", "-n", "600", "--shard", "0/2", "-q"]);
    let merge = ["merge", "shards", "-o", "out", "--charts", "none", "--partial"];
    assert_eq!(folder.run(&merge).status, Some(3));
    assert_eq!(folder.run(&merge).status, Some(3), "as long as nobody edits them");
    folder.write("out/summary.csv", folder.text("out/summary.csv") + "\n");
    let told = folder.run(&merge);
    assert!(told.status == Some(2) && told.err.contains("summary.csv was changed"), "{told:?}");
}

/// A manifest that cannot be shown as Unicode, and one whose folder breaks lines.
#[test]
fn odd_names_of_folders_harm_nothing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = finished(PLAIN);
    copy(&folder, "out", "two\nlines: finished, 7 replications");
    let told = folder.succeed(&["status", "two\nlines: finished, 7 replications"]);
    assert_eq!(told.out.lines().count(), 1, "{}", told.out);
    let odd = folder.path("").join(OsStr::from_bytes(b"bad\xff"));
    fs::rename(folder.path("out"), &odd).expect("it is there");
    for more in [&["status"][..], &["status", "--json"]] {
        let told = run_to_end(folder.command(more).arg(&odd));
        assert_eq!(told.status, Some(0), "{told:?}");
    }
}

/// Old files of any size and kind that are replaced by force cost no memory and hang nothing.
#[test]
fn old_files_that_are_replaced_are_not_read() {
    let folder = finished(PLAIN);
    let grow = |name: &str| {
        let file =
            fs::File::options().create(true).append(true).open(folder.path(&format!("out/{name}"))).expect("it opens");
        file.set_len(6 << 30).expect("it can grow");
    };
    let wanted = ["run", "scenario.toml", "-o", "out", "-n", "30", "--charts", "none", "--force", "-q"];
    grow("replications.csv");
    assert_eq!(ends(&folder, &wanted).status, Some(0));
    for name in ["summary.csv", "manifest.json"] {
        let path = folder.path(&format!("out/{name}"));
        fs::remove_file(&path).expect("it is there");
        assert!(Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()));
        assert_eq!(ends(&folder, &wanted).status, Some(0), "{name}");
    }
    grow(".handover-journal");
    assert_eq!(ends(&folder, &["report", "out"]).status, Some(1));
}

/// Results that are just getting their names are waited for, not taken for changed ones.
#[test]
fn status_waits_for_a_command_that_names_its_files() {
    let folder = finished(PLAIN);
    let summary = folder.bytes("out/summary.csv");
    folder.write("out/.handover-journal", "{}");
    folder.write("out/summary.csv", "of another run");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_millis(300) {
                std::thread::yield_now();
            }
            folder.write("out/summary.csv", summary);
            fs::remove_file(folder.path("out/.handover-journal")).expect("it is there");
        });
        let told = folder.run(&["status", "out"]);
        assert!(told.status == Some(0) && !told.out.contains("changed"), "{told:?}");
    });
}

#[test]
fn results_that_cannot_be_read_hide_no_others() {
    let folder = finished(PLAIN);
    for other in ["all/good", "all/torn", "all/folder"] {
        copy(&folder, "out", other);
    }
    let manifest = folder.bytes("out/manifest.json");
    folder.write("all/torn/manifest.json", &manifest[..100]);
    // What has no manifest, but a folder of its name, holds no results.
    fs::remove_file(folder.path("all/folder/manifest.json")).expect("it is there");
    fs::create_dir(folder.path("all/folder/manifest.json")).expect("it can be made");
    let told = folder.run(&["status", "all"]);
    assert_eq!(told.status, Some(1), "{told:?}");
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines[0], "all/good: finished, 30 replications", "{told:?}");
    assert!(lines.len() == 2 && lines[1].starts_with("all/torn/manifest.json: not a manifest of results: "), "{told:?}");
    let json: serde_json::Value = serde_json::from_str(&folder.run(&["status", "all", "--json"]).out).expect("it is JSON");
    assert_eq!((json["finished"].as_array().map(Vec::len), json["invalid"].as_array().map(Vec::len)), (Some(1), Some(1)));
}

/// The advice is the one that works.
#[test]
fn what_is_in_the_way_is_named_and_can_be_removed() {
    let folder = Folder::with(PLAIN);
    let shard = |shard| ["run", "scenario.toml", "-o", "out", "-n", "600", "-q", "--shard", shard, "--charts", "none"];
    folder.succeed(&shard("0/2"));
    let mut blocks = folder.files("out/blocks");
    blocks.retain(|name| name.ends_with(".block"));
    let block = format!("out/blocks/{}", blocks[0]);
    fs::remove_file(folder.path(&block)).expect("it is there");
    fs::create_dir(folder.path(&block)).expect("it can be made");
    let told = folder.run(&shard("0/2"));
    let expected = format!("error: {block} is a folder; remove it, and run the same command again\n");
    assert_eq!((told.status, told.err.as_str()), (Some(1), expected.as_str()));
    fs::remove_dir(folder.path(&block)).expect("it is there");
    folder.succeed(&shard("0/2"));
    // A journal that the program has not written.
    folder.write("out/.handover-journal", "{}");
    let told = folder.run(&["status", "out"]);
    let expected = "out/.handover-journal: lists other files than this command knows; remove it to continue\n";
    assert!(told.out.contains(expected), "{told:?}");
}
