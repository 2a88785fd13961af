//! Truths about staying: survivors, renewals of seats, and the share of time a seat is taken.

use crate::maths::{exp, pow};
use crate::stats::Tally;

use super::{Case, CaseRun, Check, binomial, team_of};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case { replications: 100_000, texts: survivors, checks: check_survivors },
    Case { replications: 600, texts: renewals, checks: check_renewals },
    Case { replications: 200, texts: availability, checks: check_availability },
    Case { replications: 60_000, texts: nested, checks: check_nested },
];

const DAYS_PER_MONTH: f64 = 365.0 / 12.0;
/// Months, and the renewals of a seat by then.
const RENEWALS: [(u32, f64); 4] = [(12, 0.2026), (24, 0.3579), (36, 0.5014), (60, 0.7713)];

/// Twenty people who are there at the start, without successors within the horizon.
fn survivors() -> Vec<String> {
    let rest = "[[strategy.s.initial]]\nrole = 'a'\nheadcount = 20\n[organisation.x]\n\
        attrition.tenure_days = { dist = 'weibull', shape = 0.8, scale = 500 }\n\
        hiring.stages = [{ name = 'search', takes_days = 1e6 }]";
    vec![team_of(20, 12, rest)]
}

fn check_survivors(runs: &[CaseRun]) -> Vec<Check> {
    let stayed = exp(-pow(365.0 / 500.0, 0.8));
    Check::mean_and_variance("survivors of 20 after a year", &runs[0].at_month("headcount", 12), &binomial(20, stayed))
        .into()
}

/// Two points with common random numbers: survivors of the shorter tenure survive the longer one.
fn nested() -> Vec<String> {
    let text = |scale: u32| {
        let rest = format!(
            "[[strategy.s.initial]]\nrole = 'a'\nheadcount = 40\n[organisation.x]\n\
             attrition.tenure_days = {{ dist = 'weibull', shape = 1.2, scale = {scale} }}\n\
             hiring.stages = [{{ name = 'search', takes_days = 1e6 }}]"
        );
        team_of(40, 12, &rest)
    };
    [600, 900].map(text).into()
}

/// So the difference is binomial, whatever the two have in common.
fn check_nested(runs: &[CaseRun]) -> Vec<Check> {
    let survival = |scale: f64| exp(-pow(365.0 / scale, 1.2));
    let law = binomial(40, survival(900.0) - survival(600.0));
    let [one, other] = [0, 1].map(|at| runs[at].response("leaves"));
    let differences: Vec<f64> = one.iter().zip(other).map(|(one, other)| one - other).collect();
    Check::mean_and_variance("leavers of 40 under the same luck, scale 600 less 900", &Tally::of(&differences), &law).into()
}

/// Seats that are filled again at once.
fn renewals() -> Vec<String> {
    let scale = 90.597 * DAYS_PER_MONTH;
    let rest = format!(
        "[organisation.x]\nattrition.tenure_days = {{ dist = 'weibull', shape = 0.8, scale = {scale} }}\n\
         hiring.stages = [{{ name = 'search', takes_days = 0 }}]"
    );
    RENEWALS.iter().map(|&(months, _)| team_of(1000, months, &rest)).collect()
}

fn check_renewals(runs: &[CaseRun]) -> Vec<Check> {
    let check = |(run, (months, truth)): (&CaseRun, (u32, f64))| {
        let per_seat: Vec<f64> = run.response("leaves").iter().map(|leaves| leaves / 1000.0).collect();
        Check::mean(format!("renewals per seat by month {months}"), &Tally::of(&per_seat), truth)
    };
    runs.iter().zip(RENEWALS).map(check).collect()
}

/// Returns the same replications over 25 and over 100 years: after five mean cycles the start is forgotten.
fn availability() -> Vec<String> {
    let (stay, vacant) = (60.468 * DAYS_PER_MONTH, 3.5 * DAYS_PER_MONTH);
    let rest = format!(
        "[organisation.x]\nattrition.tenure_days = {{ dist = 'gamma', mean = {stay}, cv = 0.8 }}\n\
         hiring.stages = [{{ name = 'search', takes_days = {{ dist = 'lognormal', mean = {vacant}, cv = 0.7 }} }}]"
    );
    [300, 1200].into_iter().map(|months| team_of(100, months, &rest)).collect()
}

fn check_availability(runs: &[CaseRun]) -> Vec<Check> {
    let [early, whole] = [0, 1].map(|at| runs[at].response("effective_fte_days"));
    let head_days = 100.0 * 900.0 * DAYS_PER_MONTH;
    let taken: Vec<f64> = whole.iter().zip(early).map(|(whole, early)| (whole - early) / head_days).collect();
    let vacant: Vec<f64> = taken.iter().map(|taken| 1.0 - taken).collect();
    vec![
        Check::mean("share of time a seat is taken", &Tally::of(&taken), 0.945_285),
        Check::mean("share of time a seat is vacant", &Tally::of(&vacant), 1.0 - 0.945_285),
    ]
}
