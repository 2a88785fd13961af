//! Risk in theory: the client's exit, collapses and rescues happen as often as their hazards say.

use handover::maths::exp;
use handover::model::Fact;
use statrs::distribution::{Binomial, Discrete, Poisson};

use crate::support::{Seen, assert_distribution, assert_mean, assert_share, at_months, scenario, simulate, team_of, watch};

const AT_ONCE: &str = "hiring.stages = [{ name = 'search', takes_days = 0 }]";

#[test]
fn the_day_on_which_the_client_leaves_is_exponential() {
    // 1.5 a year: with people wanted until that day or the horizon, (1 - exp(-1.5 * 2)) / 1.5 years on average.
    let text = team_of(
        3,
        24,
        &format!("market.exit_hazard_per_year = 1.5\n[organisation.x]\n{AT_ONCE}\n[strategy.t]\nemployer = 'x'"),
    );
    let results = simulate(&text, 90_000);
    let years = (1.0 - exp(-3.0)) / 1.5;
    assert_mean("wanted_fte_days", results.of("wanted_fte_days"), 3.0 * 365.0 * years);
    assert_mean("delivered_fte_days", results.of("delivered_fte_days"), 3.0 * 365.0 * years);
    let exited = results.of("outcome").iter().filter(|&&outcome| outcome > 3.5).count();
    assert_share("exits in two years", exited, 90_000, 1.0 - exp(-3.0));
    assert_eq!(results.of("leaves_exit").iter().filter(|&&leaves| leaves > 2.5).count(), exited);
    // All strategies meet the same exit.
    assert_eq!(results.of_strategy(0, "wanted_fte_days"), results.of_strategy(1, "wanted_fte_days"));
    let over = at_months(&text, 40_000, &[12], |team| f64::from(u8::from(team.is_over())));
    let by_month_12 = over[0].iter().filter(|&&over| over > 0.5).count();
    assert_share("exits in a year", by_month_12, 40_000, 1.0 - exp(-1.5));
}

#[test]
fn collapses_come_at_the_hazard_of_the_organisation_in_charge() {
    // 1 a year for half a year, then 2 a year for a year and a half: Poisson with mean 3.5. Joining takes no time, so
    // each collapse removes one person.
    let text = team_of(
        1,
        24,
        &format!(
            "[organisation.x]\n{AT_ONCE}\nfailure_hazard_per_year = 1\n[organisation.y]\n{AT_ONCE}\nfailure_hazard_per_year = 2\n\
             [[strategy.s.transfer]]\nto = 'y'\nmonth = 6"
        ),
    );
    let results = simulate(&text, 40_000);
    let collapses = results.of("leaves_collapse");
    assert_mean("leaves_collapse", collapses, 3.5);
    let law = Poisson::new(3.5).unwrap();
    assert_distribution("leaves_collapse", collapses, &(0..20).map(|leaves| law.pmf(leaves)).collect::<Vec<f64>>());
}

#[test]
fn each_collapse_draws_a_new_time_to_set_up_and_may_come_before_that_is_over() {
    // Down at rate 4 a year, whatever the state; up at rate 1/30 a day when down; down at first.
    let text = team_of(
        1,
        12,
        &format!(
            "[organisation.x]\n{AT_ONCE}\nfailure_hazard_per_year = 4\nsetup_days = {{ dist = 'exponential', mean = 30 }}"
        ),
    );
    let (down, up) = (4.0 / 365.0, 1.0 / 30.0);
    let months = [1, 3, 12];
    let samples = at_months(&text, 80_000, &months, |team| f64::from(team.headcount()));
    for (month, headcounts) in months.into_iter().zip(&samples) {
        let expected = up / (up + down) * (1.0 - exp(-(up + down) * f64::from(month) * 365.0 / 12.0));
        assert_mean(&format!("set up at month end {month}"), headcounts, expected);
    }
}

#[test]
fn a_rescue_is_accepted_by_each_with_its_probability() {
    // 12 a year: none in two years comes 4 times in 10^11.
    let text = team_of(
        60,
        24,
        &format!(
            "[organisation.x]\n{AT_ONCE}\nfailure_hazard_per_year = 12\n[organisation.r]\n{AT_ONCE}\n\
             [strategy.s.rescue]\nto = 'r'\nacceptance = 0.8"
        ),
    );
    let results = simulate(&text, 8_000);
    let refused = results.of("leaves_refusal");
    assert_mean("leaves_refusal", refused, 12.0);
    let law = Binomial::new(0.2, 60).unwrap();
    assert_distribution("leaves_refusal", refused, &(0..=60).map(|people| law.pmf(people)).collect::<Vec<f64>>());
    assert!(results.of("outcome").iter().all(|&outcome| (outcome - 3.0).abs() < f64::EPSILON));
    assert!(results.of("leaves_collapse").iter().all(|&leaves| leaves == 0.0));
}

#[test]
fn a_rescue_comes_once_unless_the_team_goes_over_to_somebody_frail_again() {
    // x and y may collapse, the rescuer r may not. x is rescued at rate 2 a year in the first half year; y takes over
    // at month 6 and is rescued at rate 3 a year in the half year after, whatever happened before.
    let text = team_of(
        1,
        12,
        &format!(
            "[organisation.x]\n{AT_ONCE}\nfailure_hazard_per_year = 2\n[organisation.y]\n{AT_ONCE}\nfailure_hazard_per_year = 3\n\
             [organisation.r]\n{AT_ONCE}\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 6\n[strategy.s.rescue]\nto = 'r'"
        ),
    );
    let mut rescues = [0_usize; 2];
    watch(&scenario(&text), 0, 60_000, |seen| {
        if let Seen::Fact(Fact::Collapsed(_), team, now) = seen {
            assert_eq!(team.headcount(), 1);
            rescues[usize::from(now.days() > 182.5)] += 1;
        }
    });
    assert_share("rescues of x", rescues[0], 60_000, 1.0 - exp(-1.0));
    assert_share("rescues of y", rescues[1], 60_000, 1.0 - exp(-1.5));
}
