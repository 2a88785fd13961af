//! The tables of `benches/README.md`: how time and memory grow with the team, the horizon and the replications.
//!
//! `cargo bench --bench scale` prints all of them; names of tables behind `--` choose some. What else stands there is meant
//! for other benches, and then nothing is printed.

#[path = "subject/instructions.rs"]
mod instructions;
#[path = "subject/parts.rs"]
mod parts;
#[path = "subject/reference.rs"]
mod reference;
#[path = "subject/warm.rs"]
mod warm;
#[path = "subject/whole.rs"]
mod whole;

use std::time::Instant;

use instructions::{Subject, count, profile, valgrind_version, was_replicated};
use parts::part_rows;
use reference::scenario;
use warm::Replications;
use whole::{Run, whole};

/// A table: its name, its head, and what prints its rows.
type Table = (&'static str, &'static str, fn());

const TABLES: [Table; 5] = [
    ("parts", "| bench | time | of each element |\n| --- | --- | --- |", parts),
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

/// How often a time is taken; the shortest counts, because a busy machine only ever adds to it.
const TIMES: u32 = 10;
/// Events that are simulated at least each time.
const EVENTS: f64 = 50_000.0;
/// The same where instructions are counted, which takes fifty times as long.
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

/// The team grows; in some cases all that serves it grows too, in others lines grow instead.
fn team() {
    for seats in [10, 30, 100, 300, 1_000, 3_000, 10_000] {
        measure("in proportion", seats, &ramp100(seats, share(seats, 0.06), share(seats, 0.12)));
    }
    for seats in [100, 1_000, 10_000] {
        measure("few recruiters", seats, &ramp100(seats, 6, 12));
    }
    for seats in [100, 1_000, 10_000] {
        measure("few mentors", seats, &ramp100(seats, share(seats, 0.06), 12));
    }
    for seats in [100, 1_000, 10_000] {
        let mut subject = ramp100(seats, share(seats, 0.06), share(seats, 0.12));
        let wanted = |year: u32| if year.is_multiple_of(2) { seats } else { seats / 10 };
        let year = |year: u32| format!("{{ month = {}, value = {} }}", 12 * year, wanted(year));
        let years: Vec<String> = (0..5).map(year).collect();
        subject.overrides.push(format!("demand.engineer=[{}]", years.join(", ")));
        measure("demand falls and rises", seats, &subject);
    }
    for factor in [1, 16, 160] {
        measure("`sixty_engineers`, bot", 60 * factor, &sixty_engineers(factor));
    }
}

fn horizon() {
    for years in [1, 2, 5, 10, 20] {
        let mut subject = ramp100(100, 6, 12);
        subject.overrides.extend([format!("horizon_months={}", 12 * years), "strategy.bot.transfer.0.month=6".to_owned()]);
        measure("`ramp100`", years, &subject);
    }
}

fn share(seats: u32, share: f64) -> u32 {
    (f64::from(seats) * share).ceil() as u32
}

/// `ramp100` with another headcount, and so many recruiters and mentor slots.
fn ramp100(seats: u32, recruiters: u32, mentor_slots: u32) -> Subject {
    let overrides = vec![
        format!("demand.engineer={seats}"),
        format!("organisation.builder.hiring.staff.recruiters={recruiters}"),
        format!("organisation.builder.onboarding.mentor_slots={mentor_slots}"),
    ];
    Subject { scenario: "ramp100", strategy: "bot", overrides }
}

/// `sixty_engineers` with so many times the headcount, recruiters, mentor slots and bench.
fn sixty_engineers(factor: u32) -> Subject {
    let times = |value: u32| value * factor;
    let steps = |values: &[u32]| {
        let step = |(at, &value): (usize, &u32)| format!("{{ month = {}, value = {} }}", 6 * at, times(value));
        let steps: Vec<String> = values.iter().enumerate().map(step).collect();
        format!("[{}]", steps.join(", "))
    };
    let overrides = vec![
        format!("demand.lead={}", steps(&[2, 6])),
        format!("demand.senior={}", steps(&[6, 12, 18])),
        format!("demand.engineer={}", steps(&[8, 24, 36])),
        format!("organisation.vendor.hiring.staff.recruiters.count={}", times(5)),
        format!("organisation.client.hiring.staff.recruiters.count={}", times(4)),
        format!("organisation.vendor.onboarding.mentor_slots.at_least={}", times(6)),
        format!("organisation.vendor.hiring.bench.senior={}", times(2)),
        format!("organisation.vendor.hiring.bench.engineer={}", times(4)),
    ];
    Subject { scenario: "sixty_engineers", strategy: "bot", overrides }
}

/// Times and counts replications of a subject, and prints them as a row.
fn measure(case: &str, size: u32, subject: &Subject) {
    let overrides: Vec<&str> = subject.overrides.iter().map(String::as_str).collect();
    let scenario = scenario(subject.scenario, &overrides);
    let position = scenario.strategies.iter().position(|known| known.name == subject.strategy).expect("it is known");
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

/// All that a run does but for the charts, with more and more replications.
fn replications() {
    for replications in [1_000, 10_000, 100_000, 1_000_000] {
        for threads in [1, 2] {
            let run = Run { scenario: "ramp100", replications, threads, charts: "none" };
            let cells = whole(&run, 1);
            println!("| {} | {threads} | {cells} |", whole::grouped(replications.into()));
        }
    }
}

/// Both scenarios as they are.
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
