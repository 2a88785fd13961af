//! Limits of scenarios: everything that could be made huge has a bound, and a run that the machine cannot hold is
//! refused before it starts.

use serde_json::Value as Json;

use super::program::{Exit, Folder, PLAIN, edited, run_to_end};

/// Returns a run of a scenario that is refused, with its message.
fn refused(scenario: &str, arguments: &[&str]) -> String {
    let folder = Folder::with(scenario);
    let Exit { status, out, err } = folder.run(&[&["run", "scenario.toml", "-o", "out", "-q"], arguments].concat());
    assert_eq!((status, out.as_str()), (Some(2), ""), "{err}");
    assert!(!folder.path("out").exists() && err.len() < 20_000, "{err}");
    err
}

#[test]
fn names_and_entries_have_bounds_wherever_they_stand() {
    let roles = |count: usize| (0..count).map(|role| format!("[[role]]\nname = \"r{role}\"\n")).collect::<String>();
    let demand = PLAIN.replace("engineer = 5", "engineer = 5\nr69999 = 1");
    // The position of a role is a number of 16 bits.
    let message = refused(&format!("{demand}{}", roles(70_000)), &[]);
    assert!(message.contains("`role`: 70001 entries found, expected at most 1200"), "{message}");
    let message = refused(&format!("{PLAIN}{}", roles(1000)), &[]);
    assert!(message.contains("`role`: 1001 found, expected 1 to 1000"), "{message}");
    let goal = |goal| format!("[[goal]]\nname = \"g{goal}\"\nmeasure = \"headcount\"\nat_least = 1\nby_month = 1\n");
    let message = refused(&format!("{PLAIN}{}", (0..1001).map(goal).collect::<String>()), &[]);
    assert!(message.contains("`goal`: 1001 found, expected at most 1000"), "{message}");
    let steps: Vec<String> = (0..1201).map(|month| format!("{{ month = {month}, value = 1 }}")).collect();
    let message = refused(&edited(PLAIN, "engineer = 5", &format!("engineer = [{}]", steps.join(","))), &[]);
    assert!(message.contains("`demand.engineer`: 1201 entries found, expected at most 1200"), "{message}");
    let numbers = vec!["1"; 500_000].join(",");
    let law = format!("takes_days = {{ dist = \"empirical\", values = [{numbers}] }}");
    let message = refused(&edited(PLAIN, "takes_days = 30", &law), &[]);
    assert!(message.contains("values found in total, expected at most 500000"), "{message}");
}

#[test]
fn like_cannot_make_much_of_little() {
    let numbers = vec!["1"; 300_000].join(",");
    let law = format!("takes_days = {{ dist = \"empirical\", values = [{numbers}] }}");
    let message = refused(&edited(PLAIN, "takes_days = 30", &law), &[]);
    let expected =
        "`organisation.owner.like`: with everything that is taken over, there are more than 500000 values in total";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn products_and_sums_have_bounds_too() {
    let roles: String = (0..999).map(|role| format!("[[role]]\nname = \"r{role}\"\n")).collect();
    let organisations: String = (0..19).map(|number| format!("[organisation.o{number}]\nlike = \"owner\"\n")).collect();
    let message = refused(&format!("{PLAIN}{roles}{organisations}"), &[]);
    assert!(message.contains("`organisation`: roles times organisations are 21000, expected at most 20000"), "{message}");
    let people = "employer = \"builder\"\ninitial = [{ role = \"engineer\", headcount = 600000 }, { role = \"engineer\", \
                  headcount = 600000 }]";
    let message = refused(&edited(PLAIN, "employer = \"builder\"", people), &[]);
    let expected = "`strategy.bot.initial`: 1200000 people of the start, expected at most 1000000";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn a_run_that_is_too_large_is_refused_with_the_estimate_and_the_remedy() {
    let message = refused(PLAIN, &["-n", "1000000000"]);
    assert!(message.starts_with("error: this would take about "), "{message}");
    for part in ["of disk, but only", "are free", "reduce the replications (-n)", "--yes"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    // Candidates who fail at once, again and again.
    let endless =
        ["organisation.builder.hiring.stages.0.takes_days=0", "organisation.builder.hiring.stages.0.pass=0.000002"];
    let endless = ["--set", endless[0], "--set", endless[1], "--set", "demand.engineer=1000", "--threads", "1"];
    let message = refused(PLAIN, &[&endless[..], &["-n", "100000"]].concat());
    assert!(message.contains(", more than 24 hours"), "{message}");
    // A trace of that would take more memory than the machine has.
    let told = Folder::with(PLAIN).run(&[&["trace", "scenario.toml"], &endless[..6]].concat());
    assert!(told.status == Some(2) && told.err.contains(" of memory, but only "), "{}", told.err);
}

/// Few of the first replications have the shocks that make the largest team.
#[test]
fn the_team_that_shocks_may_make_needs_its_memory() {
    let folder = Folder::with(PLAIN);
    let memory = |factor: &str| {
        let shock = format!("demand.shock={{ per_year = 0.3, factor = {factor} }}");
        let told = folder.succeed(&["check", "scenario.toml", "--json", "--set", &shock, "--set", "demand.engineer=2000"]);
        let json: Json = serde_json::from_str(&told.out).expect("it is JSON");
        json["estimate"]["memory_bytes_on_one_thread"].as_f64().expect("a number")
    };
    let [steady, wild] = ["1", "400"].map(memory);
    assert!(wild > steady + 500e6, "{steady} and {wild}");
}

#[test]
fn a_sweep_needs_memory_and_disk_for_each_point() {
    let folder = Folder::with(PLAIN);
    let vary = ["demand.engineer=1..100", "organisation.builder.hiring.stages.0.pass=0.01..0.99:0.01"];
    let script = "ulimit -v 400000; exec \"$0\" \"$@\"";
    let arguments = ["sweep", "scenario.toml", "-n", "1", "-o", "out", "--threads", "1"];
    let vary = vary.iter().flat_map(|vary| ["--vary", vary]);
    let arguments: Vec<&str> = ["-c", script, super::program::BINARY].into_iter().chain(arguments).chain(vary).collect();
    let told = run_to_end(&mut folder.command_of("sh", &arguments));
    assert!(told.err.contains("sweep: 9,900 points, 19,800 replications of strategies, "), "{}", told.err);
    assert!(told.err.contains(" of memory, but only ") && told.status == Some(2), "{told:?}");
}

#[test]
fn whoever_says_yes_may_begin_it_and_a_limit_of_time_ends_it() {
    let folder = Folder::with(PLAIN);
    let arguments = ["run", "scenario.toml", "-o", "out", "-n", "1000000000", "--yes", "--time-limit", "1s", "-q"];
    let told = folder.run(&arguments);
    assert_eq!(told.status, Some(3), "{}", told.err);
    assert!(
        told.err.starts_with("time limit reached: ") && told.err.contains(" of 1,000,000,000 replications"),
        "{}",
        told.err
    );
}

#[test]
fn a_limit_of_time_ends_a_replication_that_would_not_end() {
    let folder = Folder::with(PLAIN);
    let sets = ["organisation.builder.hiring.stages.0.takes_days=0", "organisation.builder.hiring.stages.0.pass=0.000002"];
    let sets = ["--set", sets[0], "--set", sets[1], "--set", "demand.engineer=1000000", "--yes", "--time-limit", "1s"];
    let told = folder.run(&[&["run", "scenario.toml", "-o", "out"], &sets[..]].concat());
    assert_eq!(told.status, Some(3), "{}", told.err);
    assert!(told.err.ends_with("time limit reached: no results were written\n"), "{}", told.err);
}

#[test]
fn check_tells_what_a_run_will_take() {
    let folder = Folder::with(PLAIN);
    let told = folder.succeed(&["check", "scenario.toml", "--set", "replications=1000000"]).out;
    let estimate = told.lines().find(|line| line.starts_with("estimate: ")).unwrap_or_else(|| panic!("{told}"));
    assert!(estimate.starts_with("estimate: 1,000,000 replications of 2 strategies take about "), "{estimate}");
    let json = folder.succeed(&["check", "scenario.toml", "--json", "--set", "replications=1000000"]).out;
    let json: Json = serde_json::from_str(&json).expect("it is JSON");
    let number = |key: &str| json["estimate"][key].as_f64().unwrap_or_else(|| panic!("{key}: {json:#}"));
    // 24 month ends, and few events between them, for each strategy.
    assert!((48.0..480.0).contains(&number("events_per_replication")), "{json:#}");
    // 8 bytes for each of 46 responses, 10 bounds of phases, and 5 measures a month: on disk for all, in memory while exact.
    let bytes = |values: f64| 2.0 * 1e6 * 8.0 * values;
    assert!(number("memory_bytes_on_one_thread") < 100e6, "{json:#}");
    assert!((1.0..2.0).contains(&(number("disk_bytes") / bytes(46.0 + 10.0 + 5.0 * 24.0))), "{json:#}");
    let fewer = folder.succeed(&["check", "scenario.toml", "--json", "--set", "replications=100000"]).out;
    let fewer: Json = serde_json::from_str(&fewer).expect("it is JSON");
    let exact = fewer["estimate"]["memory_bytes_on_one_thread"].as_f64().expect("a number");
    assert!((1.0..1.4).contains(&(exact / (bytes(46.0 + 10.0 + 5.0 * 24.0) / 10.0))), "{fewer:#}");
    // Time is measured, so it is only known to be positive.
    assert!(number("seconds_on_one_thread") > 0.0, "{json:#}");
}
