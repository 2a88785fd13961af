//! Initial people in theory: how long they stay, given their tenure.

use handover::maths::{exp, pow};
use statrs::distribution::{Binomial, Discrete};

use crate::support::{DAYS_PER_MONTH, assert_distribution, assert_mean, at_months, team_of};

const PEOPLE: u64 = 20;

/// Returns twenty people who are there from day 0 with a tenure, and not replaced.
fn found(tenure: &str, organisations: &str) -> String {
    team_of(
        20,
        12,
        &format!(
            "[organisation.x]\n{organisations}\n[[strategy.s.initial]]\nrole = 'a'\nheadcount = 20\ntenure_days = {tenure}"
        ),
    )
}

/// Compares the survivors after some months with a binomial law.
#[track_caller]
fn assert_survivors(text: &str, survival: &[(u32, f64)]) {
    let months: Vec<u32> = survival.iter().map(|(month, _)| *month).collect();
    let samples = at_months(text, 20_000, &months, |team| f64::from(team.headcount()));
    for (&(month, survival), left) in survival.iter().zip(&samples) {
        let what = format!("survivors after {month} months");
        assert_mean(&what, left, 20.0 * survival);
        let law = Binomial::new(survival, PEOPLE).expect("a probability");
        assert_distribution(&what, left, &(0..=PEOPLE).map(|people| law.pmf(people)).collect::<Vec<f64>>());
    }
}

fn days(month: u32) -> f64 {
    f64::from(month) * DAYS_PER_MONTH
}

#[test]
fn an_exponential_tenure_has_no_memory() {
    // Whatever the tenure: S(t) = exp(-t / 400).
    let text =
        found("{ dist = 'uniform', min = 0, max = 3000 }", "attrition.tenure_days = { dist = 'exponential', mean = 400 }");
    assert_survivors(&text, &[3, 6, 12].map(|month| (month, exp(-days(month) / 400.0))));
}

#[test]
fn a_weibull_tenure_remembers_what_they_have_outlived() {
    // S(a + t) / S(a) at a tenure of a days.
    for (shape, scale, age) in [(2.0, 500.0, 300.0), (0.7, 400.0, 500.0)] {
        let text = found(
            &age.to_string(),
            &format!("attrition.tenure_days = {{ dist = 'weibull', shape = {shape}, scale = {scale} }}"),
        );
        let hazard = |t: f64| pow(t / scale, shape);
        assert_survivors(&text, &[2, 6, 12].map(|month| (month, exp(hazard(age) - hazard(age + days(month))))));
    }
}

#[test]
fn the_early_hazard_is_over_for_those_of_long_tenure_and_continues_for_the_others() {
    // 2 a year while tenure is below 250 days: for 100 more days at a tenure of 150 days, not at all at 400 days.
    let early = "attrition = { early_hazard_per_year = 2, early_days = 250 }";
    let gone = exp(-2.0 * 100.0 / 365.0);
    let month_2 = exp(-2.0 * days(2) / 365.0);
    assert_survivors(&found("150", early), &[(2, month_2), (6, gone), (12, gone)]);
    let samples = at_months(&found("400", early), 500, &[12], |team| f64::from(team.headcount()));
    assert!(samples[0].iter().all(|&left| (left - 20.0).abs() < f64::EPSILON));
}

#[test]
fn their_luck_goes_over_to_the_receiver_with_them() {
    // A Weibull law at an age of 200 days until month 6; from then on the receiver's, given an age of 382.5 days.
    let text = found(
        "200",
        "attrition.tenure_days = { dist = 'weibull', shape = 1.5, scale = 900 }\n\
         [organisation.y]\nattrition.tenure_days = { dist = 'weibull', shape = 2.5, scale = 800 }\n\
         [[strategy.s.transfer]]\nto = 'y'\nmonth = 6",
    );
    let (old, new) = (|t: f64| pow(t / 900.0, 1.5), |t: f64| pow(t / 800.0, 2.5));
    let until_6 = old(200.0) - old(382.5);
    let until_12 = until_6 + new(382.5) - new(565.0);
    let until_9 = until_6 + new(382.5) - new(200.0 + days(9));
    assert_survivors(&text, &[(6, exp(until_6)), (9, exp(until_9)), (12, exp(until_12))]);
}

#[test]
fn people_of_ten_tenures_stay_each_by_what_they_have_outlived() {
    // Each stays a year on with probability S(a + 365) / S(a); how many do is Poisson-binomial.
    const TENURES: [u32; 10] = [30, 60, 90, 180, 365, 540, 730, 1000, 1500, 2000];
    let start = jiff::civil::date(2027, 1, 1);
    let joined = |days: u32| start.saturating_sub(jiff::Span::new().days(i64::from(days)));
    let people: Vec<String> = TENURES.iter().map(|&days| format!("{{ role = 'a', joined = {} }}", joined(days))).collect();
    let text = team_of(
        10,
        12,
        &format!(
            "[organisation.x]\nattrition.tenure_days = {{ dist = 'weibull', shape = 1.2, scale = 900 }}\n\
             [strategy.s]\nemployer = 'x'\npeople = [{}]",
            people.join(", ")
        ),
    )
    .replace("strategy.s.employer = 'x'\n", "");
    let samples = at_months(&text, 20_000, &[12], |team| f64::from(team.headcount()));
    let hazard = |days: f64| pow(days / 900.0, 1.2);
    let mut law = vec![1.0];
    for days in TENURES.map(f64::from) {
        let stays = exp(hazard(days) - hazard(days + 365.0));
        let next = vec![0.0; law.len() + 1];
        let before = std::mem::replace(&mut law, next);
        before.iter().enumerate().for_each(|(stayed, share)| {
            law[stayed] += share * (1.0 - stays);
            law[stayed + 1] += share * stays;
        });
    }
    let mean: f64 = law.iter().zip(0..).map(|(share, stayed)| share * f64::from(stayed)).sum();
    let square: f64 = law.iter().zip(0..).map(|(share, stayed)| share * f64::from(stayed * stayed)).sum();
    assert!((mean - 6.367_698).abs() < 1e-6 && (square - mean * mean - 2.290_598).abs() < 1e-6, "{mean} {square}");
    assert_mean("people who stay", &samples[0], mean);
    assert_distribution("people who stay", &samples[0], &law);
}
