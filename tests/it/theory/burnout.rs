//! Burnout in theory: a hazard in proportion to the missing output.

use handover::maths::exp;
use handover::model::Cause;
use statrs::distribution::{Binomial, Discrete};

use super::markov::{Chain, expectation};
use crate::support::{
    DAYS_PER_MONTH, as_number, assert_distribution, assert_mean, assert_share, at_months, fates, scenario, simulate, team_of,
};

/// Everybody is permanently at half their output, and replaced at once: half of the wanted output is always missing.
const HALF: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]\n\
    onboarding = { waiting = 0, mentored = 0.5, mentored_days = 1e6 }";

#[test]
fn with_half_of_the_output_missing_people_burn_out_at_half_the_hazard() {
    // A hazard h of which half applies: S(t) = exp(-h t / 2), h = 1.6 a year.
    let text = team_of(1000, 13, &format!("[organisation.x]\n{HALF}\nattrition.burnout_hazard_per_year = 1.6"));
    let fates = fates(&scenario(&text), 0, 130);
    for day in [182.5, 365.0] {
        let stayed = fates.iter().filter(|fate| fate.day > day).count();
        assert_share(&format!("survivors after {day} days"), stayed, fates.len(), exp(-1.6 * 0.5 * day / 365.0));
    }
    assert!(fates.iter().all(|fate| fate.cause.is_none_or(|cause| cause == Cause::Burnout)));
}

#[test]
fn burnout_competes_with_the_other_causes_and_changes_with_the_employer() {
    // Burnout at 1 and then 3 a year, of which half applies; rotation at 0.5 a year in both.
    let text = team_of(
        1000,
        13,
        &format!(
            "[organisation.x]\n{HALF}\nattrition = {{ burnout_hazard_per_year = 1, rotation_hazard_per_year = 0.5 }}\n\
             [organisation.y]\n{HALF}\nattrition = {{ burnout_hazard_per_year = 3, rotation_hazard_per_year = 0.5 }}\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 6"
        ),
    );
    let fates = fates(&scenario(&text), 0, 400);
    let stayed = |day: f64| fates.iter().filter(|fate| fate.day > day).count();
    assert_share("survivors of the first half year", stayed(182.5), fates.len(), exp(-0.5));
    assert_share("survivors of the second", stayed(365.0), stayed(182.5), exp(-1.0));
    let in_halves = |cause: Cause, from: f64, until: f64| {
        fates.iter().filter(|fate| fate.cause == Some(cause) && fate.day > from && fate.day <= until).count()
    };
    let gone = fates.len() - stayed(182.5);
    assert_share("burnouts among those gone", in_halves(Cause::Burnout, 0.0, 182.5), gone, 0.5);
    let gone = stayed(182.5) - stayed(365.0);
    assert_share("burnouts among those gone later", in_halves(Cause::Burnout, 182.5, 365.0), gone, 0.75);
}

#[test]
fn each_who_leaves_makes_it_worse_for_the_others() {
    // Ten wanted, eight there, nobody hired: with n left, each leaves at hazard b (1 - n / 10), a pure death chain.
    const HAZARD_PER_DAY: f64 = 1.2 / 365.0;
    let text = team_of(
        10,
        12,
        "[organisation.x]\nattrition.burnout_hazard_per_year = 1.2\n[[strategy.s.initial]]\nrole = 'a'\nheadcount = 8",
    );
    let mut chain = Chain::new(9);
    for people in 1..=8 {
        let left = as_number(people);
        chain.add(people, people - 1, left * HAZARD_PER_DAY * (1.0 - left / 10.0));
    }
    let months = [3, 6, 12];
    let samples = at_months(&text, 40_000, &months, |team| f64::from(team.headcount()));
    for (month, headcounts) in months.into_iter().zip(&samples) {
        let law = chain.after(8, f64::from(month) * DAYS_PER_MONTH);
        let what = format!("headcount at month end {month}");
        assert_mean(&what, headcounts, expectation(&law, as_number));
        assert_distribution(&what, headcounts, &law);
    }
}

#[test]
fn nobody_burns_out_while_nothing_is_missing() {
    // Eight are wanted and there. With output 1.25 and notice served alongside successors there is more than is wanted.
    // Once nobody is wanted, nothing is missing however many are left.
    let text = team_of(
        8,
        24,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         attrition = { burnout_hazard_per_year = 50, tenure_days = 200, leave_notice_days = 40, release_notice_days = 300 }",
    )
    .replace("demand.a = 8", "demand.a = [{ month = 0, value = 8 }, { month = 12, value = 0 }]");
    let results = simulate(&text, 20);
    assert!(results.of("leaves_burnout").iter().all(|&leaves| leaves == 0.0));
    assert!(results.of("leaves_tenure").iter().all(|&leaves| leaves > 0.0));
}

#[test]
fn with_all_output_missing_the_hazard_is_that_of_the_scenario() {
    // No output is delivered, so the whole hazard applies, to each person independently.
    let text = team_of(
        20,
        12,
        "[organisation.x]\nattrition.burnout_hazard_per_year = 0.7\nonboarding = { waiting = 0, mentored = 0, mentored_days = 1e6 }\n\
         hiring.stages = [{ name = 'search', takes_days = 0 }]",
    );
    let scenario = scenario(&text);
    let fates = fates(&scenario, 0, 6_000);
    let stayed: Vec<f64> =
        fates.chunks(20).map(|team| as_number(team.iter().filter(|fate| fate.day > 300.0).count())).collect();
    let survival = exp(-0.7 * 300.0 / 365.0);
    assert_mean("survivors of 300 days", &stayed, 20.0 * survival);
    let law = Binomial::new(survival, 20).unwrap();
    assert_distribution("survivors of 300 days", &stayed, &(0..=20).map(|people| law.pmf(people)).collect::<Vec<f64>>());
}
