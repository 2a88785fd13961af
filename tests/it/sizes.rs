//! Sizes that no planner could mean: they are refused at the door, and texts for people show no infinity, nothing that is
//! not a number, and no number of dozens of digits.

use super::program::Folder;

/// A century of the largest amounts, rises, drifts and volatilities that a scenario may have.
const LARGEST: &str = "title = 'Largest'\nstart = 2027-01-01\nmonths = 'equal'\nhorizon_months = 1200\nreplications = 40\n\
    discount_rate_per_year = -0.5\nvalue_per_fte_month = 1e12\nrole = [{ name = 'engineer' }]\n\
    demand.engineer = 3\n[organisation.client]\nown = true\n\
    cost = { salary_per_year = { engineer = 1e12 }, overhead = 10, wage_rise_per_year = 3, fx_volatility_per_year = 5, \
    fx_drift_per_year = 3 }\n\
    hiring.stages = [{ name = 'search', takes_days = { dist = 'lognormal', mean = 1e12, cv = 1 } }]\n\
    attrition.tenure_days = { dist = 'exponential', mean = 1e12 }\n\
    [organisation.other]\nown = true\ncost.salary_per_year = { engineer = 1e12 }\n\
    hiring.stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 30 } }]\n\
    [strategy.own]\nemployer = 'client'\ninitial = [{ role = 'engineer', headcount = 2 }]\n\
    [strategy.other]\nemployer = 'other'\n";

/// Asserts that a text says no number that people cannot read.
#[track_caller]
fn assert_readable(what: &str, text: &str) {
    for word in text.split(|letter: char| letter.is_whitespace() || "()<>\"':;".contains(letter)) {
        let plain = word.trim_matches(|letter: char| letter.is_ascii_punctuation() || letter == '±');
        assert!(!["inf", "NaN", "nan"].contains(&plain) && !plain.contains('∞'), "{what}: {word}");
        let is_number = !plain.is_empty() && plain.chars().all(|letter| letter.is_ascii_digit() || ",.".contains(letter));
        let digits = plain.chars().filter(char::is_ascii_digit).count();
        assert!(!is_number || digits <= 16, "{what}: {word}");
    }
}

#[test]
fn the_largest_sizes_are_said_in_words_and_no_variance_overflows() {
    let folder = Folder::with(LARGEST);
    let checked = folder.succeed(&["check", "scenario.toml"]);
    assert_readable("check", &(checked.out + &checked.err));
    let told = folder.succeed(&["run", "scenario.toml", "-o", "out", "--all", "--charts", "none"]);
    assert_readable("run", &(told.out + &told.err));
    let summary = folder.bytes("out/summary.csv");
    let mut reader = csv::Reader::from_reader(summary.as_slice());
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|known| known == name).expect("a column");
    for row in reader.records() {
        let row = row.expect("a row");
        let [mean, sd, se] = ["mean", "sd", "se"].map(|name| &row[place(name)]);
        let n: u64 = row[place("n")].parse().expect("a number");
        assert!(!mean.contains("inf"), "{row:?}");
        assert!(mean.is_empty() || n < 2 || !(sd.is_empty() || se.is_empty()), "{row:?}");
    }
    let told = folder.run(&[
        "run",
        "scenario.toml",
        "-o",
        "out2",
        "--charts",
        "none",
        "--precision",
        "1e-6",
        "--response",
        "client_cost",
        "--max-replications",
        "600",
    ]);
    assert_eq!(told.status, Some(5), "{}", told.err);
    assert_readable("precision", &told.err);
}

#[test]
fn sizes_beyond_any_plan_are_refused_with_their_range() {
    let folder = Folder::with(LARGEST);
    for (set, expected) in [
        ("organisation.other.hiring.stages.0.takes_days=1e300", "1e300 is out of range: expected 0 or more, at most 1e12"),
        (
            "organisation.other.attrition.tenure_days={ dist = 'weibull', shape = 0.004, scale = 30 }",
            "its mean is more than any number: expected at most 1e12",
        ),
        ("organisation.other.attrition.tenure_days={ dist = 'weibull', shape = 0.05, scale = 30 }", "its mean is 7.30e19: "),
        (
            "organisation.other.hiring.stages.0.takes_days={ dist = 'lognormal', mean = 30, cv = 1e200 }",
            "its standard deviation is ",
        ),
        ("organisation.other.cost.salary_per_year.engineer=1e300", "1e300 is not an amount of money: expected 0 or more"),
        ("discount_rate_per_year=-0.999999", "-0.999999 is not a relative change per year: expected -0.5 to 3"),
    ] {
        let told = folder.run(&["check", "scenario.toml", "--set", set]);
        assert_eq!(told.status, Some(2), "{set}: {}", told.out);
        assert!(told.err.contains(expected), "{set}: {}", told.err);
    }
}

#[test]
fn a_role_may_have_an_equals_sign_in_its_name() {
    let folder = Folder::with(
        &LARGEST.replace("name = 'engineer'", "name = '=e'").replace("engineer", "'=e'").replace("''=e''", "'=e'"),
    );
    folder.succeed(&["check", "scenario.toml", "--set", "demand.\"=e\"=1"]);
}
