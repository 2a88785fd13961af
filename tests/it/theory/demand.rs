//! Demand in theory: shocks that come as a Poisson process and compound.

use handover::maths::exp;
use handover::model::Fact;
use statrs::distribution::{Discrete, Poisson};

use crate::support::{
    Seen, as_number, assert_distribution, assert_mean, assert_near, at_months, scenario, simulate, text, watch,
};

/// Nobody is ever set up, so only demand happens.
const NOBODY: &str = "[organisation.x]\nsetup_days = 1e6";
/// Twice a year; the factor has a mean of 1.1.
const SHOCK: &str = "demand.shock = { per_year = 2, factor = { dist = 'triangular', min = 0.7, mode = 1.0, max = 1.6 } }";

#[test]
fn shocks_compound_to_the_mean_of_a_product_of_poisson_many_factors() {
    // E[f^N] over a Poisson number N with mean r t is exp(r t (E f - 1)). Half a person is negligible against 100,000.
    let text = text(36, &format!("role = [{{ name = 'a' }}]\ndemand.a = 100_000\n{SHOCK}\n{NOBODY}"));
    let months = [12, 36];
    let samples = at_months(&text, 40_000, &months, |team| f64::from(team.wanted()));
    for (month, wanted) in months.into_iter().zip(&samples) {
        let expected = 1e5 * exp(2.0 * f64::from(month) / 12.0 * 0.1);
        assert_mean(&format!("wanted headcount at month end {month}"), wanted, expected);
    }
    // The factors apply to demand that begins later too, and to wanted output with it: half a year at 1, half at 3
    // times as much.
    let rising =
        text.replace("demand.a = 100_000", "demand.a = [{ month = 6, value = 50_000 }, { month = 12, value = 150_000 }]");
    let results = simulate(&rising.replace("horizon_months = 36", "horizon_months = 18"), 30_000);
    let integral = |from: f64, until: f64| 365.0 * (exp(0.2 * until) - exp(0.2 * from)) / 0.2;
    let expected = 50_000.0 * integral(0.5, 1.0) + 150_000.0 * integral(1.0, 1.5);
    assert_mean("wanted_fte_days", results.of("wanted_fte_days"), expected);
}

#[test]
fn every_shock_multiplies_the_unrounded_demand_of_all_roles() {
    // At each month end the wanted headcount is that of the file times all factors so far, rounded role by role; the shocks of three
    // years are Poisson with mean 6.
    let text = text(
        36,
        &format!(
            "role = [{{ name = 'a' }}, {{ name = 'b', output = 0.5 }}]\n\
             demand.a = 2.4\ndemand.b = [{{ month = 9, value = 7 }}]\n{SHOCK}\n{NOBODY}"
        ),
    );
    let (mut factor, mut numbers, mut number) = (1.0, Vec::new(), 0.0);
    watch(&scenario(&text), 0, 20_000, |seen| match seen {
        Seen::Start => (factor, number) = (1.0, 0.0),
        Seen::Fact(Fact::DemandShocked(by), ..) => {
            factor *= by;
            number += 1.0;
        }
        Seen::Month(month, team, _) => {
            let rounded = |heads: f64| (heads * factor + 0.5 + 1e-9).floor();
            let (a, b) = (rounded(2.4), if month > 9 { rounded(7.0) } else { 0.0 });
            assert_near("wanted headcount", team.wanted().into(), a + b, 0.0);
            assert_near("wanted output", team.wanted_fte(), a + 0.5 * b, 1e-12);
            if month == 36 {
                numbers.push(number);
            }
        }
        _ => {}
    });
    // The shocks of three years.
    assert_mean("shocks", &numbers, 6.0);
    let law = Poisson::new(6.0).unwrap();
    assert_distribution("shocks", &numbers, &(0..25).map(|shocks| law.pmf(shocks)).collect::<Vec<f64>>());
}

#[test]
fn without_notice_a_team_that_is_hired_and_released_at_once_is_as_large_as_wanted() {
    // Surplus people are released, missing people are hired; both in no time.
    let text = text(
        24,
        &format!(
            "role = [{{ name = 'a' }}]\ndemand.a = 20\n{SHOCK}\n[organisation.x]\n\
             hiring.stages = [{{ name = 'search', takes_days = 0 }}]"
        ),
    );
    let (mut joined, mut released) = (0.0, 0.0);
    let mut months = 0;
    watch(&scenario(&text), 0, 2_000, |seen| match seen {
        Seen::Start => (joined, released) = (0.0, 0.0),
        Seen::Fact(Fact::Joined(_), ..) => joined += 1.0,
        Seen::Fact(Fact::Released(_), ..) => released += 1.0,
        Seen::Month(_, team, _) => {
            assert_eq!((team.headcount(), team.open_requisitions()), (team.wanted(), 0));
            assert_near("joined less released", joined - released, team.wanted().into(), 0.0);
            months += 1;
        }
        _ => {}
    });
    assert_near("months", as_number(months), 48_000.0, 0.0);
}
