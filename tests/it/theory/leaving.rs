//! Leaving in theory: survivors, competing risks, notice periods, renewals of seats, and how long seats are vacant.

use handover::maths::{exp, ln, normal_survival, pow};
use handover::model::{Cause, Fact};
use handover::response::specs;
use statrs::distribution::{Binomial, Discrete, Poisson};

use crate::support::{
    DAYS_PER_MONTH, Fate, Results, Seen, as_number, assert_distribution, assert_mean, assert_near, assert_share, at_months,
    fates, scenario, simulate, team_of, text, watch,
};

/// Joining takes no time: a seat is filled again at once.
const AT_ONCE: &str = "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n";

fn those_who_stay_past(fates: &[Fate], day: f64) -> usize {
    fates.iter().filter(|fate| fate.day > day).count()
}

#[test]
fn people_stay_as_long_as_their_tenure_distribution_says() {
    // Each law with its survival function after 200 and 400 days.
    type Survival = fn(f64) -> f64;
    let laws: [(&str, Survival); 4] = [
        ("dist = 'exponential', mean = 600", |t| exp(-t / 600.0)),
        ("dist = 'weibull', shape = 1.5, scale = 500", |t| exp(-pow(t / 500.0, 1.5))),
        ("dist = 'lognormal', median = 350, sigma = 0.8", |t| normal_survival(ln(t / 350.0) / 0.8)),
        ("dist = 'uniform', min = 100, max = 700", |t| (700.0 - t) / 600.0),
    ];
    for (law, survival) in laws {
        let text = team_of(1000, 14, &format!("{AT_ONCE}attrition.tenure_days = {{ {law} }}"));
        let fates = fates(&scenario(&text), 0, 200);
        assert_eq!(fates.len(), 200_000);
        for day in [200.0, 400.0] {
            let what = format!("survivors of {law} after {day} days");
            assert_share(&what, those_who_stay_past(&fates, day), fates.len(), survival(day));
        }
    }
}

#[test]
fn survivors_of_a_team_are_binomial() {
    // Binomial with S(365) = exp(-(365 / 500)^0.8): people of a team are independent.
    const PEOPLE: usize = 10;
    let law = "{ dist = 'weibull', shape = 0.8, scale = 500 }";
    let text = team_of(10, 13, &format!("{AT_ONCE}attrition.tenure_days = {law}"));
    let fates = fates(&scenario(&text), 0, 20_000);
    let stayed: Vec<f64> = fates.chunks(PEOPLE).map(|team| as_number(those_who_stay_past(team, 365.0))).collect();
    let law = Binomial::new(exp(-pow(365.0 / 500.0, 0.8)), 10).unwrap();
    let probabilities: Vec<f64> = (0..=10).map(|people| law.pmf(people)).collect();
    assert_distribution("survivors of ten after a year", &stayed, &probabilities);
}

#[test]
fn whichever_cause_comes_first_decides() {
    // Constant hazards compete: while all three apply, a cause has its share of those who give notice; the early one ends
    // on day 120, and from then on two are left.
    let text = team_of(
        1000,
        24,
        &format!(
            "{AT_ONCE}attrition = {{ tenure_days = {{ dist = 'exponential', mean = 400 }}, rotation_hazard_per_year = 0.9, \
             early_hazard_per_year = 2.0, early_days = 120 }}"
        ),
    );
    let fates = fates(&scenario(&text), 0, 240);
    let gone = |day: f64, cause: Cause| fates.iter().filter(|fate| fate.day <= day && fate.cause == Some(cause)).count();
    let (tenure, rotation, early) = (1.0 / 400.0, 0.9 / 365.0, 2.0 / 365.0);
    let all = tenure + rotation + early;
    let stayed = exp(-all * 120.0);
    assert_share("early leavers", gone(120.0, Cause::Early), fates.len(), (1.0 - stayed) * early / all);
    assert_eq!(gone(730.0, Cause::Early), gone(120.0, Cause::Early), "nobody leaves early after 120 days");
    let later = stayed * (1.0 - exp(-(tenure + rotation) * (730.0 - 120.0)));
    for (cause, hazard) in [(Cause::Tenure, tenure), (Cause::Rotation, rotation)] {
        let expected = (1.0 - stayed) * hazard / all + later * hazard / (tenure + rotation);
        assert_share(&format!("{cause:?} in two years"), gone(730.0, cause), fates.len(), expected);
    }
}

#[test]
fn departures_come_one_notice_period_after_a_poisson_process() {
    // Seats that are filled again at once give notice at a constant rate. A person who does so leaves 30 days later, so
    // departures are counted over 30 days less.
    let text = team_of(
        50,
        36,
        &format!(
            "{AT_ONCE}attrition = {{ tenure_days = {{ dist = 'exponential', mean = 500 }}, rotation_hazard_per_year = 0.5, \
             leave_notice_days = 30 }}"
        ),
    );
    let results = simulate(&text, 2_500);
    let days = 1095.0;
    assert_mean("leaves_tenure", results.of("leaves_tenure"), 50.0 * (days - 30.0) / 500.0);
    assert_mean("leaves_rotation", results.of("leaves_rotation"), 50.0 * (days - 30.0) * 0.5 / 365.0);
    assert_mean("joins", results.of("joins"), 50.0 + 50.0 * days * (1.0 / 500.0 + 0.5 / 365.0));
}

#[test]
fn those_who_serve_notice_are_poisson_beside_a_full_team() {
    // Notice is given at rate 20 / 100 a day and served for an exponential time of mean 40: an M/M/infinity queue.
    let text = team_of(
        20,
        6,
        &format!(
            "{AT_ONCE}attrition = {{ tenure_days = {{ dist = 'exponential', mean = 100 }}, \
             leave_notice_days = {{ dist = 'exponential', mean = 40 }} }}"
        ),
    );
    let months = [1, 6];
    let samples = at_months(&text, 25_000, &months, |team| f64::from(team.headcount() - 20));
    for (month, serving) in months.into_iter().zip(&samples) {
        let expected = 20.0 / 100.0 * 40.0 * (1.0 - exp(-f64::from(month) * DAYS_PER_MONTH / 40.0));
        let what = format!("people serving notice at the end of month {month}");
        assert_mean(&what, serving, expected);
        let law = Poisson::new(expected).unwrap();
        assert_distribution(&what, serving, &(0..40).map(|people| law.pmf(people)).collect::<Vec<f64>>());
    }
}

/// Expected renewals by a time without vacancies, by the Riemann-Stieltjes method (Xie 1989, equation 8) in steps of
/// 1/20 of a month.
fn renewals(months: usize, survival: impl Fn(f64) -> f64) -> f64 {
    const STEPS: usize = 20;
    let gone = |steps: f64| 1.0 - survival(steps / as_number(STEPS));
    let mut expected = vec![0.0];
    for step in 1..=months * STEPS {
        let through = |earlier: usize| gone(as_number(step - earlier) + 0.5);
        let sum: f64 = (1..step).map(|earlier| (expected[earlier] - expected[earlier - 1]) * through(earlier)).sum();
        let last = gone(0.5);
        expected.push((gone(as_number(step)) + sum - expected[step - 1] * last) / (1.0 - last));
    }
    expected[months * STEPS]
}

#[test]
fn seats_that_are_filled_at_once_renew_as_the_renewal_equation_says() {
    // M(t) = F(t) + integral of M(t - u) dF(u), solved numerically.
    const SCALE_MONTHS: f64 = 90.597;
    let scale_days = SCALE_MONTHS * DAYS_PER_MONTH;
    let law = format!("{{ dist = 'weibull', shape = 0.8, scale = {scale_days} }}");
    let text = team_of(1000, 60, &format!("{AT_ONCE}attrition.tenure_days = {law}"));
    let months = [12, 24, 36, 60];
    let samples = at_months(&text, 800, &months, |team| f64::from(team.leaves()) / 1000.0);
    // Known to four digits from elsewhere.
    for ((month, left), known) in months.into_iter().zip(&samples).zip([0.2026, 0.3579, 0.5014, 0.7713]) {
        let expected = renewals(month as usize, |months| exp(-pow(months / SCALE_MONTHS, 0.8)));
        assert_near("renewals by a numerical solution", expected, known, 6e-5);
        assert_mean(&format!("renewals of a seat by month {month}"), left, expected);
    }
}

#[test]
fn in_the_long_run_seats_are_taken_for_the_share_that_alternating_renewal_gives() {
    // 60.468 / (60.468 + 3.5) of the time, whatever the laws.
    let (stay, vacant) = (60.468 * DAYS_PER_MONTH, 3.5 * DAYS_PER_MONTH);
    let text = team_of(
        100,
        1200,
        &format!(
            "[organisation.x]\nhiring.stages = [{{ name = 'search', takes_days = {{ dist = 'lognormal', mean = {vacant}, cv = 0.7 }} }}]\n\
             attrition.tenure_days = {{ dist = 'gamma', mean = {stay}, cv = 0.8 }}"
        ),
    );
    let mut vacant_share = Vec::new();
    let mut months = 0.0;
    watch(&scenario(&text), 0, 200, |seen| match seen {
        Seen::Start => {
            vacant_share.push(0.0);
            months = 0.0;
        }
        // After 25 years, five mean cycles, the start is forgotten.
        Seen::Month(month, team, _) if month > 300 => {
            months += 1.0;
            *vacant_share.last_mut().expect("it has started") += (100.0 - f64::from(team.headcount())) / 100.0 / 900.0;
        }
        _ => {}
    });
    assert_near("months seen", months, 900.0, 0.0);
    assert_near("availability", stay / (stay + vacant), 0.945_285, 5e-7);
    assert_mean("share of time that a seat is vacant", &vacant_share, 1.0 - 0.945_285);
}

#[test]
fn an_attrition_rate_is_leavers_in_a_year_over_the_average_headcount() {
    // 500 seats that are filled again at once: quits are Poisson with 0.2 * 500 a year.
    let initial = "[[strategy.s.initial]]\nrole = 'a'\nheadcount = 500\n";
    let text = team_of(500, 12, &format!("{AT_ONCE}attrition.attrition_per_year = 0.2\n{initial}"));
    let results = simulate(&text, 1500);
    assert_mean("people who quit in a year", results.of("leaves"), 100.0);
}

#[test]
fn roles_lose_people_each_at_its_own_rate() {
    // A seat is filled at the rate m and vacated at the rate h: filled at first, it is vacated in t days
    // h (m t / (h + m) + h (1 - exp(-(h + m) t)) / (h + m)^2) times on average. 36 seats at 0.616 a year, 88 at 0.366.
    let text = text(
        24,
        "role = [{ name = 'small' }, { name = 'large' }]\ndemand = { small = 36, large = 88 }\n\
         strategy.s.initial = [{ role = 'small', headcount = 36 }, { role = 'large', headcount = 88 }]\n\
         [organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 30 } }]\n\
         attrition.role = { small.attrition_per_year = 0.616, large.attrition_per_year = 0.366 }",
    );
    let results = simulate(&text, 4000);
    let mut expected = 0.0;
    for (role, seats, per_year) in [("small", 36.0, 0.616), ("large", 88.0, 0.366)] {
        let (h, m, days) = (per_year / 365.0, 1.0 / 30.0, 730.0);
        let both: f64 = h + m;
        let vacated = seats * h * (m * days / both + h * (1.0 - exp(-both * days)) / (both * both));
        assert_mean(&format!("people of {role} who leave"), results.of(&format!("leaves[{role}]")), vacated);
        assert_near("of a year, as is known", vacated / 2.0, if role == "small" { 21.1 } else { 31.3 }, 0.1);
        expected += vacated;
    }
    assert_mean("people who leave", results.of("leaves"), expected);
}

#[test]
fn an_attrition_rate_is_the_exponential_law_to_the_last_bit() {
    // A constant hazard of r a year is the exponential law with mean 365 / r days; without one, nobody quits.
    let initial = "[[strategy.s.initial]]\nrole = 'a'\nheadcount = 20\ntenure_days = 300\n\
                   [organisation.y]\nlike = 'x'\nattrition.tenure_days = 700\n\
                   [[strategy.s.transfer]]\nto = 'y'\nmonth = 20";
    let of = |attrition: &str| simulate(&team_of(30, 36, &format!("{AT_ONCE}attrition.{attrition}\n{initial}")), 50);
    let same = [
        ("attrition_per_year = 0.2", "tenure_days = { dist = 'exponential', mean = 1825 }"),
        ("attrition_per_year = 0.73", "tenure_days = { dist = 'exponential', mean = 500 }"),
        ("attrition_per_year = 0", "notice_level = 1"),
        ("attrition_per_year = 5e-324", "notice_level = 1"),
    ];
    for (rate, law) in same {
        let (rate_gives, law_gives) = (of(rate), of(law));
        for spec in specs() {
            let bits = |results: &Results| results.of(spec.name).iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&rate_gives), bits(&law_gives), "{rate}: {}", spec.name);
        }
    }
}

#[test]
fn leavers_of_two_roles_are_those_of_alternating_renewal() {
    // A seat is held for 365 / rate days and vacant for 30, on average: in a year n * rate / (1 + rate * 30 / 365) leave.
    let text = text(
        240,
        "role = [{ name = 'small' }, { name = 'large' }]\ndemand = { small = 36, large = 88 }\n\
         [organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 30 } }]\n\
         attrition = { attrition_per_year = 0.616, role.large.attrition_per_year = 0.366 }\n\
         [[strategy.s.initial]]\nrole = 'small'\nheadcount = 36\n\
         [[strategy.s.initial]]\nrole = 'large'\nheadcount = 88",
    );
    let mut leavers: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    watch(&scenario(&text), 0, 260, |seen| match seen {
        Seen::Start => leavers.iter_mut().for_each(|of_role| of_role.push(0.0)),
        // After a year the full start is forgotten: its excess falls by half every three weeks.
        Seen::Fact(Fact::Left(person, _), team, now) if now.days() >= 365.0 => {
            let role = usize::from(team.person(person).seat.role.0);
            *leavers[role].last_mut().expect("it has started") += 1.0 / 19.0;
        }
        _ => {}
    });
    let expected = [(36.0, 0.616, 21.1), (88.0, 0.366, 31.3)];
    for (role, (leavers, (seats, rate, known))) in ["small", "large"].into_iter().zip(leavers.iter().zip(expected)) {
        let expected: f64 = seats * rate / (1.0 + rate * 30.0 / 365.0);
        assert_near("leavers by a pocket calculator", expected, known, 0.05);
        assert_mean(&format!("leavers a year from {role} accounts"), leavers, expected);
    }
}

#[test]
fn each_hazard_of_a_role_replaces_the_general_one() {
    // Constant hazards add up, each the role's where it has one, and the early one for 100 days.
    let general = "attrition_per_year = 0.5, early_hazard_per_year = 1, early_days = 100, rotation_hazard_per_year = 0.4";
    for key in ["attrition_per_year = 1", "early_hazard_per_year = 2", "rotation_hazard_per_year = 1"] {
        let text = text(
            7,
            &format!(
                "role = [{{ name = 'a' }}, {{ name = 'b' }}]\ndemand = {{ a = 0, b = 1000 }}\n{AT_ONCE}\
                 attrition = {{ {general}, role.b = {{ {key} }} }}"
            ),
        );
        let fates = fates(&scenario(&text), 0, 200);
        let rate = |name: &str, otherwise: f64| {
            let (given, value) = key.split_once(" = ").expect("a key and its value");
            if given == name { value.parse().expect("a number") } else { otherwise }
        };
        let all = rate("attrition_per_year", 0.5) + rate("rotation_hazard_per_year", 0.4);
        let expected = exp(-(180.0 * all + 100.0 * rate("early_hazard_per_year", 1.0)) / 365.0);
        assert_share(key, those_who_stay_past(&fates, 180.0), fates.len(), expected);
    }
}

/// A team of 246 of whom 207 are wanted, and nobody is released.
fn too_many(months: u32) -> String {
    team_of(
        207,
        months,
        &format!(
            "{AT_ONCE}attrition = {{ attrition_per_year = 0.05, surplus = 'wait' }}\n\
             cost = {{ salary_per_year.a = 24, severance_months = 6 }}\nown = true\n\
             [[strategy.s.initial]]\nrole = 'a'\nheadcount = 246"
        ),
    )
}

#[test]
fn a_surplus_that_waits_shrinks_as_people_leave() {
    // 246 exp(-0.05 t) people after t years, without severance, and 207 after the sum of 365 / (0.05 n) days.
    let samples = at_months(&too_many(12), 3000, &[12], |team| f64::from(team.headcount()));
    let expected = 246.0 * exp(-0.05);
    assert_near("people after a year", expected, 234.0, 0.05);
    assert_mean("people after a year", &samples[0], expected);
    // With n people, one leaves after 365 / (0.05 n) days on average. From then on each is replaced.
    let (mut days, mut is_there) = (Vec::new(), false);
    watch(&scenario(&too_many(90)), 0, 3000, |seen| match seen {
        Seen::Start => is_there = false,
        Seen::Fact(Fact::Released(_), ..) => panic!("somebody is released"),
        Seen::Fact(Fact::Left(..), team, now) if team.headcount() == 207 && !is_there => {
            is_there = true;
            days.push(now.days());
        }
        Seen::Held(team, ..) => assert!(team.headcount() >= 207 && (!is_there || team.headcount() == 207)),
        _ => {}
    });
    assert_eq!(days.len(), 3000);
    let expected: f64 = (208..=246).map(|people| 365.0 / (0.05 * f64::from(people))).sum();
    assert_near("years until nobody is too many", expected / 365.0, 3.45, 0.01);
    assert_mean("days until nobody is too many", &days, expected);
    let results = simulate(&too_many(12), 20);
    for (cost, salary) in results.of("cost_start_end").iter().zip(results.of("cost_pay")) {
        assert_near("severance", *cost, 0.0, 0.0);
        assert!(*salary > 0.0);
    }
}

#[test]
fn places_that_are_not_filled_again_are_lost_one_by_one() {
    // Each of 100 places is lost at the rate 0.5 * (1 - 0.4) a year: the team after two years is binomial.
    let initial = "[[strategy.s.initial]]\nrole = 'a'\nheadcount = 100";
    let attrition = "attrition = { attrition_per_year = 0.5, replace_share = 0.4 }";
    let text = team_of(100, 24, &format!("{AT_ONCE}{attrition}\n{initial}"));
    let samples = at_months(&text, 6000, &[24], |team| f64::from(team.headcount()));
    let left = exp(-0.6);
    assert_mean("places after two years", &samples[0], 100.0 * left);
    let law = Binomial::new(left, 100).unwrap();
    let probabilities: Vec<f64> = (0..=100).map(|places| law.pmf(places)).collect();
    assert_distribution("places after two years", &samples[0], &probabilities);
}
