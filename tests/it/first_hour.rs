//! The first hour with the program: a preset, its schema, completions, manual pages, the version, and typing mistakes.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use handover::scenario::{PRESETS, SCHEMA_FILE, Scenario, notes};
use serde_json::Value as Json;

use super::lists::against_schema;
use super::program::{BINARY, COMMANDS, Folder, PLAIN, edited, run_to_end};

#[expect(dead_code, reason = "its `main` is for Cargo")]
#[path = "../../build.rs"]
mod build;

#[test]
fn every_preset_is_checked_without_a_note_fits_the_schema_and_runs() {
    for preset in PRESETS {
        let (folder, name) = (Folder::new(), preset.name);
        let told = folder.succeed(&["new", "--preset", name, "team.toml"]);
        assert_eq!(told.out, "");
        assert!(told.err.contains("handover check team.toml"), "{}", told.err);
        let text = folder.text("team.toml");
        assert_eq!(folder.succeed(&["new", "--preset", name]).out, text, "printed and written are the same");
        assert_eq!(against_schema(&text), [""; 0], "{name}");
        let notes = notes(&Scenario::parse(&text, &[]).expect("it is good"));
        assert!(notes.is_empty(), "{name}: {notes:?}");
        assert!(!folder.succeed(&["check", "team.toml"]).out.contains("second look"), "{name}");
        let told = folder.run(&["run", "team.toml", "-n", "3", "--charts", "none"]);
        assert!(matches!(told.status, Some(0 | 4)), "{name}: {}", told.err);
    }
}

#[test]
fn a_preset_is_a_scenario_of_the_project_with_every_key_explained() {
    let folder = Folder::new();
    for preset in PRESETS {
        let text = folder.succeed(&["new", "-p", preset.name]).out;
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(format!("#:schema ./{SCHEMA_FILE}").as_str()));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{}.toml", preset.name));
        let plain = std::fs::read_to_string(path).expect("it is there");
        assert_eq!(lines.next(), plain.lines().next(), "the question is the first thing to read");
        let parsed = |text: &str| text.parse::<toml::Table>().expect("it is TOML");
        assert_eq!(parsed(&text), parsed(&plain), "{}: comments change nothing", preset.name);
        let mut kept = text.lines();
        assert!(plain.lines().all(|line| kept.any(|other| other == line)), "{}: each line is kept", preset.name);
        for key in ["horizon_months", "takes_days", "pass", "salary_per_year", "cost_plus", "acceptance"] {
            let is_given = |line: &str| line.trim_start().starts_with(&format!("{key} = "));
            if text.lines().any(is_given) {
                let explained = text.matches(&format!("# {key}: ")).count();
                assert_eq!(explained, 1, "{}: {key} is explained once", preset.name);
            }
        }
    }
}

#[test]
fn the_plainest_preset_is_as_before() {
    insta::assert_snapshot!(Folder::new().succeed(&["new", "--preset", "bot_or_own"]).out);
}

#[test]
fn without_a_preset_they_are_listed() {
    let folder = Folder::new();
    let list = folder.succeed(&["new"]).out;
    assert_eq!(folder.succeed(&["new", "--list"]).out, list);
    insta::assert_snapshot!(list);
    folder.succeed(&["new", "first.toml"]);
    assert_eq!(folder.text("first.toml"), folder.succeed(&["new", "-p", PRESETS[0].name]).out);
}

#[test]
fn nothing_is_overwritten_by_a_new_scenario_unasked() {
    let folder = Folder::new();
    folder.write("team.toml", "mine");
    let told = folder.run(&["new", "-p", "support_desk", "team.toml"]);
    assert_eq!(told.status, Some(1));
    assert_eq!(told.err, "error: team.toml already exists; pass --force to overwrite, or choose another name\n");
    assert_eq!(folder.text("team.toml"), "mine");
    folder.succeed(&["new", "-p", "support-desk", "team.toml", "--force"]);
    assert!(folder.text("team.toml").contains("Support desk"));
    assert_eq!(folder.files(""), ["team.toml"]);
}

#[test]
fn the_schema_is_written_where_the_first_line_points_to() {
    let folder = Folder::new();
    folder.succeed(&["new", "--with-schema", "plans/one.toml"]);
    let schema = folder.text(&format!("plans/{SCHEMA_FILE}"));
    assert_eq!(schema, folder.succeed(&["schema"]).out);
    // An equal file is no conflict.
    folder.succeed(&["new", "--with-schema", "plans/two.toml"]);
    folder.write(&format!("plans/{SCHEMA_FILE}"), "{}");
    let told = folder.run(&["new", "--with-schema", "plans/three.toml"]);
    assert_eq!(told.status, Some(1));
    assert!(told.err.contains(&format!("plans/{SCHEMA_FILE} already exists")), "{}", told.err);
    assert!(!folder.path("plans/three.toml").exists(), "all or nothing is written");
}

#[test]
fn a_wrong_preset_is_told_the_nearest() {
    let folder = Folder::new();
    for (wrong, meant) in [("suport_desk", "support_desk"), ("Bot-Or-Own", "bot_or_own"), ("growing", "growing_team")] {
        let told = folder.run(&["new", "-p", wrong, "x.toml"]);
        assert_eq!(told.status, Some(2));
        assert!(told.err.contains(&format!("did you mean `{meant}`?")), "{}", told.err);
    }
    for file in [".", "no/such/../..", "/"] {
        assert_eq!(folder.run(&["new", "-p", "support_desk", file]).status, Some(2), "{file}");
    }
    assert_eq!(folder.files(""), [""; 0]);
}

#[test]
fn mistyped_commands_and_options_are_told_the_right_ones() {
    let folder = Folder::with(PLAIN);
    let typed = [
        ("ran scenario.toml", "did you mean 'handover run'?"),
        ("chek scenario.toml", "did you mean 'handover check'?"),
        ("validate scenario.toml", "did you mean 'handover check'?"),
        ("simulate scenario.toml", "did you mean 'handover run'?"),
        ("traec scenario.toml", "did you mean 'handover trace'?"),
        ("reprot results", "did you mean 'handover report'?"),
        ("shema", "did you mean 'handover schema'?"),
        ("init", "did you mean 'handover new'?"),
        ("version", "did you mean 'handover --version'?"),
        ("xyzzy", "the commands are new, run, sweep, check, trace, merge, status, report, verify, schema, completions, man"),
        ("scenario.toml", "to simulate a scenario: handover run scenario.toml"),
        ("--verison", "'--version'"),
        ("run scenario.toml --replication 5", "'--replications'"),
        ("run scenario.toml --thread 2", "'--threads'"),
        ("run scenario.toml --strategies bot", "'--strategy'"),
        ("run scenario.toml --output x", "'--out'"),
        ("run scenario.toml --chart all", "'--charts'"),
        ("run scenario.toml --presicion 0.1", "'--precision'"),
        ("run scenario.toml --quite", "'--quiet'"),
        ("trace scenario.toml --replications 3", "'--replication'"),
        ("check scenario.toml --strategy bot", "it is an option of 'handover run', 'handover sweep', 'handover trace'"),
        ("new --presets bot_or_own", "'--preset'"),
        ("completions bsh", "'bash'"),
        ("run scenario.toml -n 1e3", "expected a whole number from 1 to 1000000000"),
        ("run scenario", "did you mean scenario.toml?"),
    ];
    for (line, meant) in typed {
        let told = folder.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((told.status, told.out.as_str()), (Some(2), ""), "{line}: {}", told.err);
        assert!(told.err.contains(meant), "{line}: expected {meant}: {}", told.err);
    }
}

#[test]
fn completions_of_each_shell_know_every_command_and_option() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.succeed(&["completions", shell]).out;
        for word in COMMANDS.into_iter().chain(["replications", "with-schema", "chart-format"]) {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        folder.write("script", folder.succeed(&["completions", shell]).out);
        if Command::new(shell).arg("--version").stdout(Stdio::null()).status().is_err() {
            println!("skipped: there is no {shell} here");
            continue;
        }
        let told = run_to_end(&mut folder.command_of(shell, &[check, "script"]));
        assert_eq!((told.status, told.err.as_str()), (Some(0), ""), "{shell}");
    }
}

#[test]
fn bash_completes_an_option_that_is_begun() {
    let folder = Folder::new();
    folder.write("script", folder.succeed(&["completions", "bash"]).out);
    let complete = "source ./script; COMP_WORDS=(handover run --rep); COMP_CWORD=2; \
        _handover handover --rep run; echo \"${COMPREPLY[@]}\"";
    let told = run_to_end(&mut folder.command_of("bash", &["-c", complete]));
    assert_eq!(told.out, "--replications\n", "{}", told.err);
}

#[test]
fn manual_pages_are_written_for_each_command() {
    let folder = Folder::new();
    folder.succeed(&["man", "pages"]);
    let mut expected: Vec<String> = COMMANDS.iter().map(|command| format!("handover-{command}.1")).collect();
    expected.push("handover.1".to_owned());
    expected.sort();
    assert_eq!(folder.files("pages"), expected);
    assert_eq!(folder.succeed(&["man"]).out, folder.text("pages/handover.1"));
    for command in COMMANDS {
        let page = folder.text(&format!("pages/handover-{command}.1"));
        assert!(page.contains(&format!(".TH handover-{command} 1")), "{page}");
        let help = folder.succeed(&[command, "--help"]).out;
        let options = help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2);
        for option in options.map(|option| option.trim_end_matches([',', '.', ')'])) {
            assert!(page.contains(&option.replace('-', "\\-")), "{command}: {option}");
        }
    }
    assert_eq!(folder.run(&["man", "pages"]).status, Some(1), "pages are not overwritten unasked");
    folder.succeed(&["man", "pages", "--force"]);
}

/// Commits in a folder on a given day, with an empty configuration. Returns the hash.
fn commit(folder: &Folder, day: &str) -> String {
    let date = format!("{day}T12:00:00+0000");
    let mut git =
        folder.command_of("git", &["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]);
    git.args(["commit", "--quiet", "--allow-empty", "-m", day])
        .env("GIT_COMMITTER_DATE", &date)
        .env("GIT_AUTHOR_DATE", date);
    assert_eq!(run_to_end(&mut git).status, Some(0));
    run_to_end(&mut folder.command_of("git", &["rev-parse", "HEAD"])).out
}

fn has_git() -> bool {
    let has_git = Command::new("git").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !has_git {
        println!("skipped: there is no git here");
    }
    has_git
}

#[test]
fn the_version_names_the_commit_of_a_checkout_and_none_elsewhere() {
    let package = env!("CARGO_PKG_VERSION");
    let folder = Folder::new();
    assert_eq!(build::version(&folder.path("")), package, "no checkout");
    assert!(build::places_of_the_commit(&folder.path("")).is_empty());
    if !has_git() {
        return;
    }
    assert_eq!(run_to_end(&mut folder.command_of("git", &["init", "--quiet"])).status, Some(0));
    assert_eq!(build::version(&folder.path("")), package, "nothing is committed yet");
    let hash = commit(&folder, "2027-01-31");
    assert_eq!(build::version(&folder.path("")), format!("{package} ({} 2027-01-31)", &hash[..10]));
    let places = build::places_of_the_commit(&folder.path(""));
    assert!(places.iter().any(|place| place.ends_with("HEAD")) && places.iter().any(|place| place.ends_with("refs/heads")));
    let next = commit(&folder, "2027-02-01");
    assert_eq!(build::version(&folder.path("")), format!("{package} ({} 2027-02-01)", &next[..10]));
    // A package that is unpacked within a checkout is not part of it.
    folder.write("package/Cargo.toml", "");
    assert_eq!(build::version(&folder.path("package")), package);
}

/// Two checkouts that share a target folder each name their own commit, and building again does nothing.
#[test]
fn checkouts_that_share_a_target_folder_keep_their_versions() {
    if !has_git() {
        return;
    }
    let checkouts = [(); 2].map(|()| Folder::new());
    let target = Folder::new();
    let build = |folder: &Folder| {
        let mut cargo = folder.command_of("cargo", &["build", "--offline", "--verbose"]);
        cargo.env("CARGO_TARGET_DIR", target.path("")).env_remove("CARGO_MANIFEST_DIR");
        let built = run_to_end(&mut cargo);
        assert_eq!(built.status, Some(0), "{}", built.err);
        let version = run_to_end(&mut folder.command_of(&target.path("debug/package").display().to_string(), &[])).out;
        (built.err.contains("Running `"), version)
    };
    for (folder, day) in checkouts.iter().zip(["2027-01-31", "2027-02-01"]) {
        folder.write("Cargo.toml", "[package]\nname = \"package\"\nversion = \"1.2.3\"\nedition = \"2024\"\n");
        folder.write("build.rs", include_str!("../../build.rs"));
        folder.write("src/main.rs", "fn main() { print!(\"{}\", env!(\"HANDOVER_VERSION\")); }");
        assert_eq!(run_to_end(&mut folder.command_of("git", &["init", "--quiet"])).status, Some(0));
        let expected = format!("1.2.3 ({} {day})", &commit(folder, day)[..10]);
        assert_eq!(build(folder), (true, expected.clone()), "first");
        assert_eq!(build(folder), (false, expected), "again");
    }
}

#[test]
fn the_program_says_the_version_that_it_was_built_with() {
    let version = Folder::new().succeed(&["--version"]).out;
    assert_eq!(version, format!("handover {}\n", build::version(Path::new(env!("CARGO_MANIFEST_DIR")))));
}

#[test]
fn check_tells_as_json_what_it_tells_in_words() {
    let folder = Folder::with(PLAIN);
    let json: Json = serde_json::from_str(&folder.succeed(&["check", "scenario.toml", "--json", "--seed", "9"]).out)
        .expect("standard output is JSON");
    assert_eq!((&json["format"], &json["valid"], &json["seed"]), (&2.into(), &true.into(), &9.into()));
    assert_eq!((&json["title"], &json["start"]), (&"Five people".into(), &"2027-01-01".into()));
    assert_eq!(json["strategies"], serde_json::json!(["bot", "in_house"]));
    let mut said = String::new();
    for line in json["words"].as_array().expect("a list") {
        let depth = usize::try_from(line["depth"].as_u64().expect("a number")).expect("it is small");
        let gap = if depth == 0 && !said.is_empty() { "\n" } else { "" };
        let _ = writeln!(said, "{gap}{}{}", "  ".repeat(depth), line["text"].as_str().expect("a text"));
    }
    let words = folder.succeed(&["check", "scenario.toml", "--seed", "9"]).out;
    let (told, estimate) = words.split_once("\nestimate: ").expect("a run is estimated");
    assert_eq!(said, told);
    assert!(estimate.starts_with("20 replications of 2 strategies"));
    let notes =
        json["notes"].as_array().expect("a list").iter().map(|note| format!("  {}\n", note.as_str().expect("a text")));
    let last = format!("\n\nno mistakes found\n\nworth a second look:\n{}", notes.collect::<String>());
    assert!(estimate.ends_with(if json["notes"] == serde_json::json!([]) { "\n\nno mistakes found\n" } else { &last }));
}

#[test]
fn check_tells_mistakes_as_json_beside_the_words() {
    let wrong = edited(PLAIN, "pass = 0.75", "pass = 1.2");
    let folder = Folder::with(&edited(&wrong, "to = \"owner\"", "to = \"ownr\""));
    let told = folder.run(&["check", "scenario.toml", "--json", "--set", "seed=-1"]);
    assert_eq!(told.status, Some(2));
    assert!(told.err.contains("3 mistakes found"), "{}", told.err);
    let json: Json = serde_json::from_str(&told.out).expect("standard output is JSON");
    insta::assert_snapshot!(format!("{json:#}"));
}

#[test]
fn nothing_but_a_terminal_is_coloured() {
    let folder = Folder::with(&edited(PLAIN, "to = \"owner\"", "to = \"ownr\""));
    for arguments in [&["check", "scenario.toml"][..], &["chek"], &["run", "--help"], &["new"]] {
        for set in ["", "1"] {
            let told = run_to_end(folder.command(arguments).env("NO_COLOR", set));
            assert!(!told.out.contains('\u{1b}') && !told.err.contains('\u{1b}'), "{arguments:?}: {}{}", told.out, told.err);
        }
    }
    // A terminal, made by `script` of util-linux.
    let script = format!("{BINARY} check scenario.toml");
    let on_terminal = |no_colour: &str| {
        let mut command = folder.command_of("script", &["-qec", &script, "/dev/null"]);
        run_to_end(command.env("NO_COLOR", no_colour).env("TERM", "xterm").write_stdin(""))
    };
    if Command::new("script").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("skipped: there is no script here");
        return;
    }
    assert!(on_terminal("").out.contains("\u{1b}["), "a terminal is coloured");
    assert!(!on_terminal("1").out.contains("\u{1b}["), "unless NO_COLOR is set");
}
