//! What the shipped program computes and what that costs: digests of blocks, instructions of a warm replication against
//! `benches/instructions.toml`, and how these grow with the team. It is a program by itself, because valgrind starts it again.
//!
//! `cargo test --profile bench --test instructions` builds it as it is shipped. Digests are checked in every profile,
//! instructions are counted in this one only. With `-- --renew` behind it, the counts become the new baseline.

mod digest;
#[path = "../benches/subject/grown.rs"]
mod grown;
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

use grown::{falls_and_rises, few_mentors, few_recruiters, in_proportion, sixty_engineers};
use instructions::{Count, Subject, count, profile, valgrind_version, was_replicated};

/// The strategies that are counted as they are.
const STRATEGIES: [(&str, &str); 4] =
    [("ramp100", "bot"), ("sixty_engineers", "bot"), ("sixty_engineers", "in_house"), ("sixty_engineers", "augmentation")];
/// Replications of them, and those before that warm the memory up.
const REPLICATIONS: u32 = 200;
const WARM_UP: u32 = 50;
/// A team that is counted in two sizes: what it is called, what is simulated, and the seats of the smaller one.
type Grown = (&'static str, fn(u32) -> Subject, u32);
const GROWN: [Grown; 5] = [
    ("in_proportion", in_proportion, 1_000),
    ("few_recruiters", few_recruiters, 1_000),
    ("few_mentors", few_mentors, 1_000),
    ("falls_and_rises", falls_and_rises, 1_000),
    ("sixty_engineers", sixty_engineers, 960),
];
/// The larger team has this many times the seats of the smaller one.
const LARGER: u32 = 10;
/// Replications of the smaller team and of the larger one, and those before that warm the memory up.
const REPLICATIONS_GROWN: [u32; 2] = [10, 1];
const WARM_UP_GROWN: u32 = 2;
/// How many times the instructions the larger team may take for each event or seat (opening a seat is work without an event).
/// A deeper heap adds a little; who looks through all seats, or a whole line, at each event adds more than that.
const GROWTH: f64 = 1.2;
/// Share of the baseline by which a count may differ from it.
const TOLERANCE: f64 = 0.05;
/// The argument with which this program checks digests and does nothing else.
const DIGESTS: &str = "digests";
/// The command that counts.
const COMMAND: &str = "cargo test --profile bench --test instructions";
/// What must be as it was for counts to be comparable: keys of the baseline.
const CIRCUMSTANCES: [&str; 3] = ["rustc", "target", "processor"];

/// What is counted, and how often.
struct Case {
    /// Its name in the baseline.
    name: String,
    subject: Subject,
    warm_up: u32,
    replications: u32,
}

impl Case {
    fn count(&self) -> Result<Count, String> {
        count(&self.subject, self.warm_up, self.replications, &self.profile())
    }

    /// Where the count leaves its profile.
    fn profile(&self) -> PathBuf {
        profile(&format!("{}-{}", self.name, self.subject.strategy))
    }

    /// The count as a line of text.
    fn told(&self, count: Count) -> String {
        let Count { events, instructions } = count;
        let (name, strategy, per_event) = (&self.name, self.subject.strategy, count.per_event());
        format!("{name}, {strategy}: {instructions:.0} in a replication, {per_event:.0} in each of {events:.1} events")
    }
}

fn main() -> ExitCode {
    if was_replicated() {
        return ExitCode::SUCCESS;
    }
    let has = |word: &str| std::env::args().any(|argument| argument == word);
    if has("--list") {
        println!("blocks_have_the_same_bits_in_every_profile: test");
        println!("a_replication_takes_no_more_instructions_than_it_did: test");
        return ExitCode::SUCCESS;
    }
    let outcome = if has("--renew") {
        renew()
    } else if has(DIGESTS) {
        check_digests()
    } else {
        check_all()
    };
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

/// Checks digests here and on an older processor, then instructions.
fn check_all() -> Result<String, String> {
    let digests = check_digests()?;
    check_older_processor()?;
    Ok(format!("{digests}, on an older processor too\n{}", check()?))
}

/// Compares the digests of blocks; says what was compared.
fn check_digests() -> Result<String, String> {
    digest::check().map(|()| "digests of blocks are as checked in".to_owned())
}

/// Does the same in another process, to which glibc gives the functions of an older processor.
fn check_older_processor() -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| format!("this program does not know its path: {error}"))?;
    let output = Command::new(program).arg(DIGESTS).env("GLIBC_TUNABLES", digest::OLD_PROCESSOR).output();
    let output = output.map_err(|error| format!("this program cannot be started again: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("on an older processor: {said}")) }
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
    let cases = cases();
    let counts = cases.iter().map(Case::count).collect::<Result<Vec<_>, _>>()?;
    let mut lines = Vec::new();
    let (mut has_grown, mut has_fallen) = (false, false);
    for (case, &count) in cases.iter().zip(&counts) {
        let (name, strategy) = (&case.name, case.subject.strategy);
        let before = baseline.get(name).and_then(|table| table.get(strategy)?.get("instructions")?.as_integer());
        let before = before.ok_or_else(|| format!("the baseline has no {name}.{strategy}; {COMMAND} -- --renew"))?;
        let change = count.instructions / before as f64 - 1.0;
        has_grown |= change > TOLERANCE;
        has_fallen |= change < -TOLERANCE;
        lines.push(format!("{}: {:+.1} % against the baseline", case.told(count), 100.0 * change));
        if change > TOLERANCE {
            lines.push(format!("  more than {:.0} %: callgrind_annotate {}", 100.0 * TOLERANCE, case.profile().display()));
        }
    }
    let growths = growths(&counts);
    lines.extend(growths.iter().map(|&(name, growth)| grows(name, growth)));
    let all = lines.join("\n");
    if let Some((name, growth)) = growths.into_iter().find(|&(_, growth)| growth > GROWTH) {
        return Err(format!("{}: at most {GROWTH} times are allowed\n{all}", grows(name, growth)));
    }
    if has_grown {
        return Err(format!("there are more than there were. If that is meant: {COMMAND} -- --renew\n{all}"));
    }
    let advice =
        if has_fallen { format!("fewer than there were: keep that by {COMMAND} -- --renew\n") } else { String::new() };
    Ok(format!("{advice}{all}"))
}

/// All that is counted: the strategies as they are, then each team in its two sizes.
fn cases() -> Vec<Case> {
    let plain = |&(scenario, strategy): &(&'static str, &'static str)| Case {
        name: scenario.to_owned(),
        subject: Subject { scenario, strategy, overrides: Vec::new() },
        warm_up: WARM_UP,
        replications: REPLICATIONS,
    };
    let mut cases: Vec<Case> = STRATEGIES.iter().map(plain).collect();
    for (name, grown, seats) in GROWN {
        for (seats, replications) in [seats, LARGER * seats].into_iter().zip(REPLICATIONS_GROWN) {
            let (name, subject) = (format!("{name}_{seats}"), grown(seats));
            cases.push(Case { name, subject, warm_up: WARM_UP_GROWN, replications });
        }
    }
    cases
}

/// For each team that is counted in two sizes: how many times the instructions for each event or seat the larger one takes.
fn growths(counts: &[Count]) -> Vec<(&'static str, f64)> {
    let pairs = counts[STRATEGIES.len()..].chunks(2);
    let growth = |((name, _, seats), pair): (Grown, &[Count])| {
        let each = |count: Count, seats: u32| count.instructions / (count.events + f64::from(seats));
        (name, each(pair[1], LARGER * seats) / each(pair[0], seats))
    };
    GROWN.into_iter().zip(pairs).map(growth).collect()
}

/// Counts and writes the baseline.
fn renew() -> Result<String, String> {
    if let Some(obstacle) = obstacle() {
        return Err(obstacle);
    }
    let mut text = format!(
        "# Instructions and events of one warm replication: means of {REPLICATIONS}, and of {} and {} where a name ends with the\n\
         # number of seats. Written by\n# {COMMAND} -- --renew\n\
         # They are comparable as long as the first {} agree.\n\n",
        REPLICATIONS_GROWN[0],
        REPLICATIONS_GROWN[1],
        CIRCUMSTANCES.len()
    );
    let here = circumstances()?;
    for key in CIRCUMSTANCES {
        text += &format!("{key} = {}\n", here[key]);
    }
    text += &format!("valgrind = {:?}\n", valgrind_version().unwrap_or_default());
    let mut counts = Vec::new();
    for case in cases() {
        let count = case.count()?;
        text += &format!(
            "\n[{}.{}]\ninstructions = {:.0}\nevents = {:.1}\nper_event = {:.0}\n",
            case.name,
            case.subject.strategy,
            count.instructions,
            count.events,
            count.per_event()
        );
        println!("{}", case.told(count));
        counts.push(count);
    }
    for (name, growth) in growths(&counts) {
        println!("{}", grows(name, growth));
    }
    fs::write(path(), text).map_err(|error| format!("{}: {error}", path().display()))?;
    Ok(format!("{} is renewed", path().display()))
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.toml")
}

/// How the instructions of a team grow with its seats, as a line of text.
fn grows(name: &str, growth: f64) -> String {
    format!("{name}, {LARGER} times the seats: {growth:.2} times the instructions for each event or seat")
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
