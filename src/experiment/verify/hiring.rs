//! Truths about hiring: seats with and without scarce recruiters, and tries per join.

use crate::maths::exp;

use super::{Case, CaseRun, Check, binomial, moment, team_of};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case { replications: 200_000, texts: free, checks: check_free },
    Case { replications: 100_000, texts: scarce, checks: check_scarce },
    Case { replications: 3_000, texts: hundred, checks: check_hundred },
    Case { replications: 4_000, texts: tries, checks: check_tries },
    Case { replications: 50_000, texts: swept, checks: check_swept },
];

const DAYS_PER_MONTH: f64 = 365.0 / 12.0;

fn exponential(mean: f64) -> String {
    format!("{{ dist = 'exponential', mean = {mean} }}")
}

/// Seats without queues are taken or vacant independently of each other.
fn free() -> Vec<String> {
    let (search, stay) = (exponential(60.0), exponential(200.0));
    let rest = format!(
        "[organisation.x]\nattrition.tenure_days = {stay}\nhiring.stages = [{{ name = 'search', takes_days = {search} }}]"
    );
    vec![team_of(12, 6, &rest)]
}

fn check_free(runs: &[CaseRun]) -> Vec<Check> {
    let (l, m) = (1.0 / 60.0, 1.0 / 200.0);
    let of_month = |month: u32| {
        let taken = l / (l + m) * (1.0 - exp(-(l + m) * f64::from(month) * DAYS_PER_MONTH));
        let name = format!("binomial headcount, month {month}");
        Check::mean_and_variance(&name, &runs[0].at_month("headcount", month as usize), &binomial(12, taken))
    };
    [1, 6].into_iter().flat_map(of_month).collect()
}

/// Recruiters of sixty seats, each with the mean headcount at month 18 and the probability of 54 at some month end up
/// to then: from the generator of the Markov chain, computed elsewhere.
const SWEPT: [(u32, f64, f64); 3] = [(6, 54.265_301, 0.705_649), (7, 56.722_389, 0.957_661), (8, 57.181_885, 0.997_077)];

/// Returns the points of a sweep over recruiters.
fn swept() -> Vec<String> {
    let (search, stay) = (exponential(30.0), exponential(900.0));
    let text = |&(recruiters, ..): &(u32, f64, f64)| {
        let rest = format!(
            "goal = [{{ name = 'there', measure = 'headcount', at_least = 54, by_month = 18 }}]\n\
             [organisation.x]\nattrition.tenure_days = {stay}\nhiring.staff.recruiters = {recruiters}\n\
             hiring.stages = [{{ name = 'search', uses = 'recruiters', pass = 0.7, takes_days = {search} }}]"
        );
        team_of(60, 18, &rest)
    };
    SWEPT.iter().map(text).collect()
}

fn check_swept(runs: &[CaseRun]) -> Vec<Check> {
    let of_point = |(run, &(recruiters, heads, likely)): (&CaseRun, &(u32, f64, f64))| {
        let name = |what: &str| format!("sweep, {recruiters} recruiters: {what}");
        [
            Check::mean(name("headcount, month 18"), &run.at_month("headcount", 18), heads),
            Check::share(name("54 by month 18"), run.response("there"), |met| met > 0.5, likely),
        ]
    };
    runs.iter().zip(&SWEPT).flat_map(of_point).collect()
}

/// Returns seats with few recruiters: the machine-repair queue. A search of 4 days that succeeds with 0.8 equals
/// one of 5.
fn repair(seats: u32, recruiters: u32, months: u32, [search, pass, stay]: [f64; 3]) -> Vec<String> {
    let (search, stay) = (exponential(search), exponential(stay));
    let rest = format!(
        "[organisation.x]\nattrition.tenure_days = {stay}\nhiring.staff.recruiters = {recruiters}\n\
         hiring.stages = [{{ name = 'search', uses = 'recruiters', pass = {pass}, takes_days = {search} }}]"
    );
    vec![team_of(seats, months, &rest)]
}

fn scarce() -> Vec<String> {
    repair(8, 2, 8, [4.0, 0.8, 30.0])
}

fn check_scarce(runs: &[CaseRun]) -> Vec<Check> {
    // Detailed balance: n people are joined at rate min(8 - n, 2) / 5 a day, n + 1 leave at rate (n + 1) / 30. After 8 months the start
    // is forgotten.
    let mut law = vec![1.0];
    for people in 0..8_u32 {
        let weight = law.last().copied().unwrap_or(1.0);
        law.push(weight * f64::from((8 - people).min(2)) / 5.0 * 30.0 / f64::from(people + 1));
    }
    let sum: f64 = law.iter().sum();
    law.iter_mut().for_each(|weight| *weight /= sum);
    Check::mean_and_variance("machine repair M/M/2//8", &runs[0].at_month("headcount", 8), &law).into()
}

fn hundred() -> Vec<String> {
    repair(100, 6, 60, [30.0, 0.7125, 846.590_272_4])
}

fn check_hundred(runs: &[CaseRun]) -> Vec<Check> {
    // Computed elsewhere by a matrix exponential.
    let of_month = |(month, truth): (usize, f64)| {
        Check::mean(format!("M/M/6//100, headcount in month {month}"), &runs[0].at_month("headcount", month), truth)
    };
    [(12, 42.251_785), (60, 93.842_078)].into_iter().map(of_month).collect()
}

/// Returns seats whose candidates pass both stages with 0.8 * 0.9 = 0.72; each try takes 10 days.
fn tries() -> Vec<String> {
    let stages = "{ name = 'search', takes_days = 10, pass = 0.8 }, { name = 'offer', takes_days = 0, pass = 0.9 }";
    vec![team_of(100, 24, &format!("[organisation.x.hiring]\nstages = [{stages}]"))]
}

fn check_tries(runs: &[CaseRun]) -> Vec<Check> {
    let tries: Vec<f64> = runs[0].response("mean_fill_days").iter().map(|days| days / 10.0).collect();
    // By month end 1 three tries are over.
    let law = binomial(100, 1.0 - 0.28 * 0.28 * 0.28);
    let joined = runs[0].at_month("headcount", 1);
    vec![
        Check::mean("tries per join, geometric", &crate::stats::Tally::of(&tries), 1.0 / 0.72),
        Check::mean("seats filled within three tries", &joined, moment(&law, 0.0, 1)),
    ]
}
