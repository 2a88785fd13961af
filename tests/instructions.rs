//! Instructions of a warm replication, held against `benches/instructions.toml`. It has a program of its own, because
//! valgrind starts it again.
//!
//! What is counted is the program as it is shipped, so this test does something in the profile of the benches only:
//! `cargo test --profile bench --test instructions`. With `-- --renew` behind it, the counts become the new baseline.

#[path = "../benches/subject/instructions.rs"]
mod instructions;
#[path = "../benches/subject/reference.rs"]
mod reference;
#[path = "../benches/subject/warm.rs"]
mod warm;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use toml::{Table, Value};

use instructions::{Count, Subject, count, profile, valgrind_version, was_replicated};

/// What is counted: scenarios with their strategies.
const SUBJECTS: [(&str, &str); 4] =
    [("ramp100", "bot"), ("sixty_engineers", "bot"), ("sixty_engineers", "in_house"), ("sixty_engineers", "augmentation")];
/// Replications that are counted, and those before them that warm the memory up.
const REPLICATIONS: u32 = 200;
const WARM_UP: u32 = 50;
/// Share of the baseline by which a count may differ from it.
const TOLERANCE: f64 = 0.05;
/// The command that counts.
const COMMAND: &str = "cargo test --profile bench --test instructions";
/// What must be as it was for counts to be comparable: keys of the baseline.
const CIRCUMSTANCES: [&str; 3] = ["rustc", "target", "processor"];

fn main() -> ExitCode {
    if was_replicated() {
        return ExitCode::SUCCESS;
    }
    let has = |word: &str| std::env::args().any(|argument| argument == word);
    if has("--list") {
        println!("a_replication_takes_no_more_instructions_than_it_did: test");
        return ExitCode::SUCCESS;
    }
    let outcome = if has("--renew") { renew() } else { check() };
    match outcome {
        Ok(said) => {
            println!("instructions: {said}");
            ExitCode::SUCCESS
        }
        Err(said) => {
            eprintln!("instructions: {said}");
            ExitCode::FAILURE
        }
    }
}

/// Why nothing can be counted here; none if it can.
fn obstacle() -> Option<String> {
    if cfg!(debug_assertions) {
        return Some(format!("the program is not compiled as it is shipped; {COMMAND}"));
    }
    valgrind_version().is_none().then(|| "valgrind is not installed".to_owned())
}

/// Counts and compares; what is to be said, or what is wrong.
fn check() -> Result<String, String> {
    if let Some(obstacle) = obstacle() {
        return Ok(format!("skipped: {obstacle}"));
    }
    let path = path();
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let baseline: Table = text.parse().map_err(|error| format!("{}: {error}", path.display()))?;
    let here = circumstances()?;
    for key in CIRCUMSTANCES {
        let then = baseline.get(key).and_then(Value::as_str).unwrap_or_default();
        let now = here[key].as_str().unwrap_or_default();
        if then != now {
            return Ok(format!("skipped: the baseline was counted with {key} {then:?}, and this is {now:?}"));
        }
    }
    let mut lines = Vec::new();
    let (mut has_grown, mut has_fallen) = (false, false);
    for (scenario, strategy) in SUBJECTS {
        let count = counted(scenario, strategy)?;
        let before = baseline.get(scenario).and_then(|table| table.get(strategy)?.get("instructions")?.as_integer());
        let before = before.ok_or_else(|| format!("the baseline has no {scenario}.{strategy}; {COMMAND} -- --renew"))?;
        let change = count.instructions / before as f64 - 1.0;
        has_grown |= change > TOLERANCE;
        has_fallen |= change < -TOLERANCE;
        lines.push(format!("{}: {:+.1} % against the baseline", told(scenario, strategy, count), 100.0 * change));
        if change > TOLERANCE {
            let profile = profile(&format!("{scenario}-{strategy}"));
            lines.push(format!("  more than {:.0} %: callgrind_annotate {}", 100.0 * TOLERANCE, profile.display()));
        }
    }
    let all = lines.join("\n");
    if has_grown {
        return Err(format!("there are more than there were. If that is meant: {COMMAND} -- --renew\n{all}"));
    }
    let advice =
        if has_fallen { format!("fewer than there were: keep that by {COMMAND} -- --renew\n") } else { String::new() };
    Ok(format!("{advice}{all}"))
}

/// Counts and writes the baseline.
fn renew() -> Result<String, String> {
    if let Some(obstacle) = obstacle() {
        return Err(obstacle);
    }
    let mut text = format!(
        "# Instructions and events of one warm replication, means of {REPLICATIONS}. Written by\n# {COMMAND} -- --renew\n\
         # They are comparable as long as the first {} agree.\n\n",
        CIRCUMSTANCES.len()
    );
    let here = circumstances()?;
    for key in CIRCUMSTANCES {
        text += &format!("{key} = {}\n", here[key]);
    }
    text += &format!("valgrind = {:?}\n", valgrind_version().unwrap_or_default());
    for (scenario, strategy) in SUBJECTS {
        let count = counted(scenario, strategy)?;
        text += &format!(
            "\n[{scenario}.{strategy}]\ninstructions = {:.0}\nevents = {:.1}\nper_event = {:.0}\n",
            count.instructions,
            count.events,
            count.per_event()
        );
        println!("{}", told(scenario, strategy, count));
    }
    fs::write(path(), text).map_err(|error| format!("{}: {error}", path().display()))?;
    Ok(format!("{} is renewed", path().display()))
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.toml")
}

fn counted(scenario: &'static str, strategy: &'static str) -> Result<Count, String> {
    let subject = Subject { scenario, strategy, overrides: Vec::new() };
    count(&subject, WARM_UP, REPLICATIONS, &profile(&format!("{scenario}-{strategy}")))
}

fn told(scenario: &str, strategy: &str, count: Count) -> String {
    let Count { events, instructions } = count;
    let per_event = count.per_event();
    format!("{scenario}, {strategy}: {instructions:.0} in a replication, {per_event:.0} in each of {events:.1} events")
}

/// What counts depend on besides this project: the compiler, and what it compiles for.
fn circumstances() -> Result<Table, String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(|error| format!("rustc cannot be started: {error}"))?;
    let about = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |key: &str| about.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().to_owned();
    // Every x86-64 processor has what is asked for here, unless a newer one was asked for.
    let processor = if cfg!(target_feature = "sse3") { "special" } else { "generic" };
    let entries = [("rustc", line("rustc ")), ("target", line("host: ")), ("processor", processor.to_owned())];
    Ok(entries.into_iter().map(|(key, value)| (key.to_owned(), Value::String(value))).collect())
}
