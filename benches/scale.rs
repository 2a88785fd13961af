//! The tables of `benches/README.md`: how time and memory grow with the team, the horizon and the replications.
//!
//! `cargo bench --bench scale` prints all of them. Names of tables after `--` select some. Other words there are meant for
//! other benches, and then nothing is printed.

#[path = "subject/grown.rs"]
mod grown;
#[path = "subject/hold.rs"]
mod hold;
#[path = "subject/instructions.rs"]
mod instructions;
#[path = "subject/parts.rs"]
mod parts;
#[path = "subject/pending.rs"]
mod pending;
#[path = "subject/reference.rs"]
mod reference;
#[path = "subject/warm.rs"]
mod warm;
#[path = "subject/whole.rs"]
mod whole;

use std::time::Instant;

use grown::{falls_and_rises, few_mentors, few_recruiters, in_proportion, sixty_engineers};
use instructions::{Subject, count, profile, valgrind_version, was_replicated};
use parts::part_rows;
use pending::calendar_rows;
use reference::scenario;
use warm::Replications;
use whole::{Run, whole};

/// A table: its name, its head, and the function that prints its rows.
type Table = (&'static str, &'static str, fn());

const TABLES: [Table; 6] = [
    ("parts", "| bench | time | of each element |\n| --- | --- | --- |", parts),
    (
        "calendars",
        "| model | times | pending | calendar of bins | heap of four | heap of two | sorted list | tree |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |",
        calendars,
    ),
    (
        "team",
        "| case | seats | events | time per replication | per event | instructions per event |\n\
         | --- | --- | --- | --- | --- | --- |",
        team,
    ),
    (
        "horizon",
        "| scenario | years | events | time per replication | per event | instructions per event |\n\
         | --- | --- | --- | --- | --- | --- |",
        horizon,
    ),
    (
        "whole",
        "| scenario | threads | charts | wall time, median of 3 | processor time | peak memory | replications a second |\n\
         | --- | --- | --- | --- | --- | --- | --- |",
        whole_program,
    ),
    (
        "replications",
        "| replications | threads | wall time | processor time | peak memory | replications a second |\n\
         | --- | --- | --- | --- | --- | --- |",
        replications,
    ),
];

/// How often a time is measured. The shortest counts, because a busy machine can only add to it.
const TIMES: u32 = 10;
/// The least number of events simulated for each time.
const EVENTS: f64 = 50_000.0;
/// The same when counting instructions, which takes fifty times as long.
const EVENTS_COUNTED: f64 = 5_000.0;

fn main() {
    if was_replicated() {
        return;
    }
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    for (name, head, rows) in TABLES {
        if arguments.is_empty() || arguments.iter().any(|argument| argument == name) {
            println!("\n{name}\n\n{head}");
            rows();
        }
    }
}

fn parts() {
    part_rows().iter().for_each(|row| println!("{row}"));
}

fn calendars() {
    calendar_rows().for_each(|row| println!("{row}"));
}

/// Measures teams of growing size. In some cases everything that serves the team grows too, in others queues grow instead.
fn team() {
    for seats in [10, 30, 100, 300, 1_000, 3_000, 10_000] {
        measure("in proportion", seats, &in_proportion(seats));
    }
    for (case, grown) in [
        ("few recruiters", few_recruiters as fn(u32) -> Subject),
        ("few mentors", few_mentors),
        ("demand falls and rises", falls_and_rises),
    ] {
        for seats in [100, 1_000, 10_000] {
            measure(case, seats, &grown(seats));
        }
    }
    for seats in [60, 960, 9_600] {
        measure("`sixty_engineers`, bot", seats, &sixty_engineers(seats));
    }
}

fn horizon() {
    for years in [1, 2, 5, 10, 20] {
        let mut subject = in_proportion(100);
        subject.overrides.extend([format!("horizon_months={}", 12 * years), "strategy.bot.transfer.0.month=6".to_owned()]);
        measure("`ramp100`", years, &subject);
    }
}

/// Measures and counts replications of a subject, and prints them as a row.
fn measure(case: &str, size: u32, subject: &Subject) {
    let overrides: Vec<&str> = subject.overrides.iter().map(String::as_str).collect();
    let scenario = scenario(subject.scenario, &overrides);
    let position =
        scenario.strategies.iter().position(|known| known.name == subject.strategy).expect("the strategy is known");
    let mut warm = Replications::new(&scenario, position);
    let first = (0..3).map(|_| warm.replicate()).sum::<u64>() as f64 / 3.0;
    let enough = |events: f64| (events / first).ceil() as u32;
    let (mut best, mut events, mut replications) = (f64::INFINITY, 0, 0);
    for _ in 0..TIMES {
        let begin = Instant::now();
        let more: u64 = (0..enough(EVENTS)).map(|_| warm.replicate()).sum();
        best = best.min(begin.elapsed().as_secs_f64() / more as f64);
        events += more;
        replications += enough(EVENTS);
    }
    let events = events as f64 / f64::from(replications);
    let few = enough(EVENTS_COUNTED);
    let instructions = match valgrind_version() {
        Some(_) => count(subject, few, 2 * few, &profile("scale")).map(|count| format!("{:.0}", count.per_event())),
        None => Ok("not counted".to_owned()),
    };
    println!(
        "| {case} | {} | {} | {} | {} | {} |",
        whole::grouped(size.into()),
        whole::grouped(events.round() as u64),
        parts::readable(best * events),
        parts::readable(best),
        instructions.unwrap_or_else(|error| error),
    );
}

/// Measures everything that a run does, except charts, with more and more replications.
fn replications() {
    for replications in [1_000, 10_000, 100_000, 1_000_000] {
        for threads in [1, 2] {
            let run = Run { scenario: "ramp100", replications, threads, charts: "none" };
            let cells = whole(&run, 1);
            println!("| {} | {threads} | {cells} |", whole::grouped(replications.into()));
        }
    }
}

/// Measures both scenarios as they are.
fn whole_program() {
    for scenario in ["ramp100", "sixty_engineers"] {
        for threads in [1, 2] {
            for charts in ["none", "all"] {
                let cells = whole(&Run { scenario, replications: 10_000, threads, charts }, 3);
                println!("| `{scenario}` | {threads} | {charts} | {cells} |");
            }
        }
    }
}
