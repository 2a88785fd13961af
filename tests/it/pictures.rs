//! The pictures of the manual: each is what the program draws of the scenario that its page runs, and no other is there.
//!
//! After a change of charts or of results, `HANDOVER_RENEW=1 cargo test --test it renewed` draws them again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::program::Folder;

/// The variable of the environment that has the pictures drawn instead of compared.
const RENEW: &str = "HANDOVER_RENEW";

/// Where a scenario is: a file of the project, or the block of the tutorial that begins with this line.
#[derive(Clone, Copy)]
enum Source {
    File(&'static str),
    Tutorial(&'static str),
}

const SIXTY: Source = Source::File("scenarios/sixty_engineers.toml");
const RAMP: Source = Source::File("scenarios/ramp100.toml");
const TEAM: Source = Source::Tutorial("# my-team.toml");

/// Each picture, and the scenario and the chart that it shows.
const CHARTS: [(&str, Source, &str); 7] = [
    ("sixty_output", SIXTY, "effective_fte"),
    ("sixty_cost", SIXTY, "month_cost"),
    ("sixty_phases", SIXTY, "phases"),
    ("sixty_difference", SIXTY, "difference"),
    ("effective_fte", RAMP, "effective_fte"),
    ("staffed_day", RAMP, "staffed_day"),
    ("headcount_two", TEAM, "headcount"),
];
/// The picture of the trace of the tutorial.
const SEATS: &str = "seats";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn picture(name: &str) -> PathBuf {
    root().join(format!("docs/img/{name}.png"))
}

fn text(source: Source) -> String {
    match source {
        Source::File(path) => fs::read_to_string(root().join(path)).expect("a scenario"),
        Source::Tutorial(begin) => {
            let tutorial = fs::read_to_string(root().join("docs/tutorial.md")).expect("the tutorial");
            let mut blocks = tutorial.split("```").filter_map(|block| block.strip_prefix("toml\n"));
            blocks.find(|block| block.starts_with(begin)).expect("a scenario to type").to_owned()
        }
    }
}

/// Compares a picture with what the program has drawn, or replaces it if that was asked for.
fn settle(name: &str, drawn: &[u8]) {
    if std::env::var_os(RENEW).is_some() {
        fs::write(picture(name), drawn).unwrap_or_else(|error| panic!("{name}: {error}"));
        return;
    }
    let there = fs::read(picture(name)).unwrap_or_default();
    assert!(
        there == drawn,
        "{name} is not what the program draws. Look at it, then: {RENEW}=1 cargo test --test it renewed"
    );
}

/// PNG has the same bytes on the same platform only.
const IS_PLATFORM_OF_THE_PICTURES: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

#[test]
fn the_pictures_of_the_manual_are_renewed() {
    if !IS_PLATFORM_OF_THE_PICTURES {
        return;
    }
    for source in [SIXTY, RAMP, TEAM] {
        let text = text(source);
        let folder = Folder::with(&text);
        let of_it = CHARTS.iter().filter(|(_, other, _)| self::text(*other) == text);
        let charts: BTreeSet<&str> = of_it.clone().map(|(_, _, chart)| *chart).collect();
        let charts: Vec<&str> = charts.into_iter().collect();
        folder.succeed(&["run", "scenario.toml", "-o", "out", "-q", "--chart-format", "png", "--charts", &charts.join(",")]);
        for (name, _, chart) in of_it {
            settle(name, &folder.bytes(&format!("out/charts/{chart}.png")));
        }
    }
    let folder = Folder::with(&text(TEAM));
    folder.succeed(&["trace", "scenario.toml", "--strategy", "bot", "--replication", "5", "-o", "trace"]);
    settle(SEATS, &folder.bytes("trace/seats.png"));
}

#[test]
fn every_picture_of_the_manual_is_one_that_can_be_renewed() {
    let known: BTreeSet<String> =
        CHARTS.iter().map(|(name, ..)| *name).chain([SEATS]).map(|name| format!("{name}.png")).collect();
    let files = fs::read_dir(root().join("docs/img")).expect("the pictures");
    let there: BTreeSet<String> =
        files.map(|file| file.expect("an entry").file_name().into_string().expect("a plain name")).collect();
    assert_eq!(there, known);
}
