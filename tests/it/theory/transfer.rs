//! Transfer in theory: who accepts, who survives the shock, and how tenure and hazards carry over to the receiver.

use handover::maths::{exp, ln, pow};
use handover::model::{Cause, Fact};
use handover::world::RoleId;
use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

use crate::support::{
    DAYS_PER_MONTH, Fate, Seen, as_number, assert_distribution, assert_estimate, assert_mean, assert_near, assert_share,
    at_months, fates, scenario, simulate, team_of, text, watch,
};

/// Returns a team that is there on day 0 and transfers from `x` to `y`; seats are filled again at once.
fn handed_over(people: u32, months: u32, (sender, receiver, transfer): (&str, &str, &str)) -> String {
    team_of(
        people,
        months,
        &format!(
            "[organisation.x]\nhiring.stages = [{{ name = 'search', takes_days = 0 }}]\n{sender}\n\
             [organisation.y]\nhiring.stages = [{{ name = 'search', takes_days = 0 }}]\n{receiver}\n\
             [[strategy.s.transfer]]\nto = 'y'\n{transfer}"
        ),
    )
}

#[test]
fn acceptances_are_binomial() {
    // Binomial(60, 0.93). An acceptance that is 2 % too low puts P(at least 57) 50 standard errors off.
    let results = simulate(&handed_over(60, 2, ("", "", "month = 1\nacceptance = 0.93")), 20_000);
    let accepted = results.of("accepted");
    assert!(results.of("offered").iter().all(|&offered| (offered - 60.0).abs() < f64::EPSILON));
    assert_mean("accepted", accepted, 60.0 * 0.93);
    let law = Binomial::new(0.93, 60).unwrap();
    assert_distribution("accepted", accepted, &(0..=60).map(|people| law.pmf(people)).collect::<Vec<f64>>());
    for (least, known) in [(54, 0.8750), (57, 0.3873)] {
        assert_near("the binomial tail known from elsewhere", law.sf(least - 1), known, 5e-5);
        let hits = as_number(accepted.iter().filter(|&&people| people >= f64::from(u32::try_from(least).unwrap())).count());
        let error = (known * (1.0 - known) / 20_000.0).sqrt();
        assert_estimate(&format!("at least {least} accept"), hits / 20_000.0, law.sf(least - 1), error);
    }
}

#[test]
fn roles_accept_with_their_own_probability() {
    // 0.4 and 1 for two roles, 0.7 for the third, which has no own value.
    let text = text(
        2,
        "role = [{ name = 'a' }, { name = 'b' }, { name = 'c' }]\ndemand = { a = 200, b = 200, c = 200 }\n\
         [organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n[organisation.y]\n\
         [[strategy.s.transfer]]\nto = 'y'\nmonth = 1\nacceptance = 0.7\nacceptance_by_role = { a = 0.4, c = 1 }",
    );
    let mut answers = [[0_usize; 2]; 3];
    watch(&scenario(&text), 0, 1000, |seen| {
        let (person, accepts, team) = match seen {
            Seen::Fact(Fact::Accepted(person, _), team, _) => (person, 1, team),
            Seen::Fact(Fact::Refused(person, _), team, _) => (person, 0, team),
            _ => return,
        };
        let RoleId(role) = team.person(person).seat.role;
        answers[usize::from(role)][accepts] += 1;
    });
    for ([refused, accepted], probability) in answers.into_iter().zip([0.4, 0.7, 1.0]) {
        assert_eq!(refused + accepted, 200_000);
        assert_share("acceptances of a role", accepted, refused + accepted, probability);
    }
}

#[test]
fn the_shock_alone_is_survived_exponentially_while_it_lasts() {
    // S(d) = exp(-h d) for h = 0.6 a year, up to 200 days.
    let text = handed_over(60, 20, ("", "", "month = 1\nshock_hazard_per_year = 0.6\nshock_days = 200"));
    let results = simulate(&text, 2_500);
    assert_mean("retained_6m", results.of("retained_6m"), exp(-0.6 * 182.5 / 365.0));
    assert_mean("retained_12m", results.of("retained_12m"), exp(-0.6 * 200.0 / 365.0));
    let gone = 60.0 * (1.0 - exp(-0.6 * 200.0 / 365.0));
    let law = Binomial::new(gone / 60.0, 60).unwrap();
    assert_distribution(
        "leaves_shock",
        results.of("leaves_shock"),
        &(0..=60).map(|people| law.pmf(people)).collect::<Vec<f64>>(),
    );
    assert_eq!(results.of("leaves"), results.of("leaves_shock"));
}

#[test]
fn who_serves_notice_is_retained_until_departure() {
    // The shock causes notices of 30 days, so those departed after 182.5 days gave notice in the first 152.5.
    let transfer = "month = 1\nshock_hazard_per_year = 0.6\nshock_days = 200";
    let results = simulate(&handed_over(60, 20, ("", "attrition.leave_notice_days = 30", transfer)), 2_500);
    assert_mean("retained_6m", results.of("retained_6m"), exp(-0.6 * 152.5 / 365.0));
    assert_mean("retained_12m", results.of("retained_12m"), exp(-0.6 * 200.0 / 365.0));
}

#[test]
fn refusers_overlap_for_as_long_as_they_stay_on() {
    // A refuser is replaced at once, and present for an exponential time of mean 60 alongside the successor.
    let transfer = "month = 1\nacceptance = 0.6\nrefuser_stays_days = { dist = 'exponential', mean = 60 }";
    let samples =
        at_months(&handed_over(50, 3, ("", "", transfer)), 14_000, &[1, 2, 3], |team| f64::from(team.headcount()) - 50.0);
    assert!(samples[0].iter().all(|&beside| beside == 0.0), "month end 1 comes before the transfer");
    for (months, beside) in [(1.0, &samples[1]), (2.0, &samples[2])] {
        let present = 0.4 * exp(-months * DAYS_PER_MONTH / 60.0);
        let law = Binomial::new(present, 50).unwrap();
        let what = format!("refusers present {months} months after the transfer");
        assert_mean(&what, beside, 50.0 * present);
        assert_distribution(&what, beside, &(0..=50).map(|people| law.pmf(people)).collect::<Vec<f64>>());
    }
}

#[test]
fn a_receiver_that_is_not_set_up_delays_the_transfer() {
    // It starts 6 months before month 8, on day 60.8, and is set up 100 to 300 days later, before day 243.3 or after it.
    let text = handed_over(1, 13, ("", "setup_days = { dist = 'uniform', min = 100, max = 300 }", "month = 8"));
    let results = simulate(&text, 30_000);
    let (from, until, due) = (2.0 * DAYS_PER_MONTH + 100.0, 2.0 * DAYS_PER_MONTH + 300.0, 8.0 * DAYS_PER_MONTH);
    let in_time = (due - from) / (until - from);
    let days = results.of("transfer_day");
    assert_mean("transfer_day", days, due * in_time + (1.0 - in_time) * f64::midpoint(due, until));
    let exact = days.iter().filter(|&&day| (day - due).abs() < 1e-9).count();
    assert!(days.iter().all(|&day| day > due - 1e-9), "no transfer comes before its month");
    let error = (in_time * (1.0 - in_time) / 30_000.0).sqrt();
    assert_estimate("transfers in time", as_number(exact) / 30_000.0, in_time, error);
}

/// Returns two strategies with the same sender: `s` keeps the team, `t` hands it over at month 6 to an organisation
/// that differs.
fn kept_and_handed_over(people: u32, months: u32, (old, new): (&str, &str)) -> String {
    let attrition = |law: &str| if law.is_empty() { String::new() } else { format!("attrition.tenure_days = {{ {law} }}") };
    let text = handed_over(people, months, (&attrition(old), &attrition(new), "month = 6"));
    text.replace("[[strategy.s.transfer]]", "[strategy.t]\nemployer = 'x'\n[[strategy.t.transfer]]")
}

const TRANSFER_DAY: f64 = 182.5;

/// A law with its cumulative hazard, -ln S(t).
type Law = (&'static str, fn(f64) -> f64);

const NEVER: Law = ("", |_| 0.0);
const EXPONENTIAL_300: Law = ("dist = 'exponential', mean = 300", |t| t / 300.0);
const EXPONENTIAL_700: Law = ("dist = 'exponential', mean = 700", |t| t / 700.0);
const WEIBULL: Law = ("dist = 'weibull', shape = 1.7, scale = 600", |t| pow(t / 600.0, 1.7));
const UNIFORM: Law = ("dist = 'uniform', min = 50, max = 900", |t| if t <= 50.0 { 0.0 } else { -ln((900.0 - t) / 850.0) });

#[test]
fn time_to_quit_goes_over_with_the_luck_that_somebody_has() {
    // S_new(T) = S_new(a) q / S_old(a), and q = S_old of the time to quit without a transfer: person by person, the
    // cumulative hazard from the transfer on is the same under both laws.
    for (old, new) in
        [(EXPONENTIAL_300, EXPONENTIAL_700), (WEIBULL, EXPONENTIAL_300), (EXPONENTIAL_300, WEIBULL), (UNIFORM, WEIBULL)]
    {
        let scenario = scenario(&kept_and_handed_over(200, 400, (old.0, new.0)));
        let mut compared = 0;
        for (kept, gone_over) in fates(&scenario, 0, 5).iter().zip(&fates(&scenario, 1, 5)) {
            if kept.day <= TRANSFER_DAY {
                assert_eq!(kept, gone_over, "what comes before the transfer is as without it");
                continue;
            }
            let (under_old, under_new) = (old.1(kept.day) - old.1(TRANSFER_DAY), new.1(gone_over.day) - new.1(TRANSFER_DAY));
            assert_near(
                &format!("{} to {}, {kept:?} {gone_over:?}", old.0, new.0),
                under_new,
                under_old,
                1e-9 * under_old + 1e-11,
            );
            assert_eq!(gone_over.cause, Some(Cause::Tenure));
            compared += 1;
        }
        assert!(compared > 450, "{compared} people were there at the transfer");
    }
}

#[test]
fn after_a_transfer_people_stay_by_the_conditional_law_of_the_receiver() {
    // S_old(a) S_new(t) / S_new(a), at a time at which a bias of 2 % of the survivors can be noticed.
    for (old, new) in [(EXPONENTIAL_700, EXPONENTIAL_300), (WEIBULL, EXPONENTIAL_700), (NEVER, WEIBULL), (UNIFORM, NEVER)] {
        let scenario = scenario(&kept_and_handed_over(1000, 13, (old.0, new.0)));
        let fates = fates(&scenario, 1, 160);
        for day in [250.0, 365.0] {
            let expected = exp(-old.1(TRANSFER_DAY) - new.1(day) + new.1(TRANSFER_DAY));
            let stayed = fates.iter().filter(|fate| fate.day > day).count();
            assert_share(&format!("{} to {}: survivors of day {day}", old.0, new.0), stayed, fates.len(), expected);
        }
    }
}

#[test]
fn people_whom_the_receivers_law_cannot_keep_quit_on_the_day() {
    // A law that ends at 150 days, and people who have been there for longer.
    let short = "dist = 'uniform', min = 20, max = 150";
    let scenario = scenario(&kept_and_handed_over(500, 8, (EXPONENTIAL_300.0, short)));
    let fates = fates(&scenario, 1, 1);
    let there: Vec<&Fate> = fates.iter().filter(|fate| fate.day >= TRANSFER_DAY).collect();
    assert!(there.len() > 200, "{} people were there at the transfer", there.len());
    assert!(there.iter().all(|fate| (fate.day - TRANSFER_DAY).abs() < 1e-9 && fate.cause == Some(Cause::Tenure)));
}

/// Returns what happens to people and requisitions, to the bit, without offers.
fn log_of(scenario: &handover::scenario::Scenario, strategy: usize) -> Vec<(u64, String)> {
    let mut log = Vec::new();
    watch(scenario, strategy, 20, |seen| {
        if let Seen::Fact(fact, _, now) = seen
            && matches!(
                fact,
                Fact::Joined(_) | Fact::NoticeGiven(..) | Fact::Left(..) | Fact::RequisitionOpened(_) | Fact::StageBegan(..)
            )
        {
            log.push((now.days().to_bits(), format!("{fact:?}")));
        }
    });
    log
}

#[test]
fn a_transfer_to_an_identical_organisation_changes_nothing() {
    // With the same law, T does not change: the same log, to the bit.
    let organisation = "hiring.staff.recruiters = 3\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = { dist = 'lognormal', mean = 20, cv = 0.6 }, pass = 0.8 }]\n\
         onboarding = { waiting = 0.2, mentored = 0.5, mentored_days = { dist = 'uniform', min = 20, max = 70 }, mentor_slots = 4 }\n\
         [organisation.x.attrition]\ntenure_days = { dist = 'lognormal', median = 300, sigma = 1.1 }\n\
         early_hazard_per_year = 0.5\nearly_days = 300\nrotation_hazard_per_year = 0.2\nleave_notice_days = 30\nnotice_level = 0.7";
    let text = team_of(
        40,
        36,
        &format!(
            "[organisation.x]\n{organisation}\n[organisation.y]\nlike = 'x'\n[strategy.t]\nemployer = 'x'\n\
             [[strategy.t.transfer]]\nto = 'y'\nmonth = 10.3\nwaves = [0.5, 0.5]\nwave_gap_days = 17\nhiring_after = 'sender'"
        ),
    );
    let scenario = scenario(&text);
    assert_eq!(log_of(&scenario, 0), log_of(&scenario, 1));
    // The responses too, except those of the handover itself.
    let results = simulate(&text, 50);
    for response in ["effective_fte_days", "leaves", "leaves_tenure", "leaves_early", "leaves_rotation", "mean_fill_days"] {
        let [kept, gone_over] = [0, 1].map(|strategy| results.of_strategy(strategy, response));
        let same = kept.iter().zip(gone_over).all(|(a, b)| (a - b).abs() <= 1e-12 * a.abs());
        assert!(same, "{response}: {kept:?} {gone_over:?}");
    }
}

/// Returns the probability of each cause under hazards that are constant in pieces: (until day, hazard per day of each
/// cause).
fn shares_of_causes(pieces: &[(f64, [f64; 4])]) -> [f64; 4] {
    let (mut from, mut staying, mut shares) = (0.0, 1.0, [0.0; 4]);
    for &(until, hazards) in pieces {
        let all: f64 = hazards.iter().sum();
        let gone = staying * (1.0 - exp(-all * (until - from)));
        shares.iter_mut().zip(hazards).for_each(|(share, hazard)| *share += gone * hazard / all);
        staying -= gone;
        from = until;
    }
    shares
}

#[test]
fn hazards_become_those_of_the_receiver_and_the_shock_is_added() {
    // Competing hazards that are constant in pieces.
    let text = handed_over(
        1000,
        14,
        (
            "attrition = { tenure_days = { dist = 'exponential', mean = 500 }, rotation_hazard_per_year = 0.5, \
             early_hazard_per_year = 1.5, early_days = 100 }",
            "attrition = { tenure_days = { dist = 'exponential', mean = 300 }, rotation_hazard_per_year = 1.5, \
             early_hazard_per_year = 1.0, early_days = 200 }",
            "month = 2\nshock_hazard_per_year = 2.5\nshock_days = 120",
        ),
    );
    let fates = fates(&scenario(&text), 0, 400);
    let day = 2.0 * DAYS_PER_MONTH;
    let shares = shares_of_causes(&[
        (day, [1.0 / 500.0, 0.5 / 365.0, 1.5 / 365.0, 0.0]),
        (day + 120.0, [1.0 / 300.0, 1.5 / 365.0, 1.0 / 365.0, 2.5 / 365.0]),
        (200.0, [1.0 / 300.0, 1.5 / 365.0, 1.0 / 365.0, 0.0]),
        (400.0, [1.0 / 300.0, 1.5 / 365.0, 0.0, 0.0]),
    ]);
    for (cause, expected) in [Cause::Tenure, Cause::Rotation, Cause::Early, Cause::Shock].into_iter().zip(shares) {
        let hits = fates.iter().filter(|fate| fate.cause == Some(cause) && fate.day <= 400.0).count();
        assert_share(&format!("{cause:?}"), hits, fates.len(), expected);
    }
}

#[test]
fn a_hazard_that_only_one_of_the_two_has_begins_or_ends_with_the_transfer() {
    // The people of `s` get rotation, those of `u` lose it.
    let text = team_of(
        1000,
        14,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n[organisation.y]\nlike = 'x'\n\
         attrition.rotation_hazard_per_year = 2.0\n[strategy.u]\nemployer = 'y'\n\
         [[strategy.s.transfer]]\nto = 'y'\nmonth = 6\n[[strategy.u.transfer]]\nto = 'x'\nmonth = 6",
    );
    let scenario = scenario(&text);
    let [came, went] = [0, 1].map(|strategy| fates(&scenario, strategy, 100));
    assert!(came.iter().all(|fate| fate.day > TRANSFER_DAY));
    assert!(went.iter().all(|fate| fate.day < TRANSFER_DAY || fate.day.is_infinite()));
    let gone = |fates: &[Fate], day: f64| fates.iter().filter(|fate| fate.day <= day).count();
    assert_share("rotation after it came", gone(&came, 400.0), came.len(), 1.0 - exp(-2.0 * (400.0 - TRANSFER_DAY) / 365.0));
    assert_share("rotation before it went", gone(&went, 400.0), went.len(), 1.0 - exp(-2.0 * 0.5));
}
