//! Whether and when a transfer takes place, in theory: options, and teams that must be ready.

use handover::maths::exp;
use handover::model::{Fact, TransferId};

use crate::support::{
    DAYS_PER_MONTH, Seen, assert_distribution, assert_mean, assert_near, assert_share, scenario, simulate, team_of, watch,
};

#[test]
fn options_are_taken_up_with_their_probability_and_one_given_up_ends_all() {
    // 0.9, then 0.9 * 0.8, then 0.9 * 0.8 * 0.7. The receivers' preparations depend on it too.
    const RUNS: usize = 110_000;
    let text = team_of(
        1,
        4,
        "[organisation.x]\n[organisation.y]\n[organisation.z]\n[[strategy.s.transfer]]\nto = 'y'\nmonth = 1\nexercise = 0.9\n\
         [[strategy.s.transfer]]\nto = 'z'\nmonth = 2\nexercise = 0.8\n[[strategy.s.transfer]]\nto = 'x'\nmonth = 3\nexercise = 0.7",
    );
    let (mut began, mut started) = ([0_usize; 3], 0_usize);
    watch(&scenario(&text), 0, u32::try_from(RUNS).unwrap(), |seen| match seen {
        Seen::Fact(Fact::TransferBegan(TransferId(transfer)), ..) => began[usize::from(transfer)] += 1,
        Seen::Fact(Fact::OrganisationStarted(_), ..) => started += 1,
        _ => {}
    });
    assert_share("first transfers", began[0], RUNS, 0.9);
    assert_share("second transfers", began[1], RUNS, 0.72);
    assert_share("third transfers", began[2], RUNS, 0.504);
    // x is there from the start, and prepares again at month 0 if the third is taken up: it is already active.
    assert_eq!(started, RUNS + began[0] + began[1]);
}

/// Returns the month of each transfer.
fn months(text: &str, replications: u32) -> Vec<f64> {
    let days = simulate(text, replications);
    let month = |day: &f64| {
        let month = (day / DAYS_PER_MONTH).round();
        assert_near("transfer_day", *day, month * DAYS_PER_MONTH, 1e-9);
        month
    };
    days.of("transfer_day").iter().map(month).collect()
}

fn expectation(probabilities: &[f64]) -> f64 {
    (0_u32..).zip(probabilities).map(|(month, probability)| f64::from(month) * probability).sum()
}

#[test]
fn a_team_of_one_that_stays_is_ready_at_the_month_end_after_joining_and_the_streak() {
    // Joining is exponential with mean 50 days: the month end after it is geometric, and two more follow.
    let text = team_of(
        1,
        60,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 50 } }]\n\
         [organisation.y]\n[[strategy.s.transfer]]\nto = 'y'\nready = { headcount_share = 1, for_months = 3, earliest_month = 4 }",
    );
    let vacant = |months: f64| exp(-months * DAYS_PER_MONTH / 50.0);
    // Month 4 is for all who join within two months.
    let law = |month: u32| match month {
        0..=3 => 0.0,
        4 => 1.0 - vacant(2.0),
        _ => vacant(f64::from(month) - 3.0) - vacant(f64::from(month) - 2.0),
    };
    let law: Vec<f64> = (0..60).map(law).collect();
    let months = months(&text, 20_000);
    assert_mean("month of the transfer", &months, expectation(&law));
    assert_distribution("month of the transfer", &months, &law);
}

#[test]
fn a_seat_that_comes_and_goes_is_ready_when_it_is_taken_at_two_month_ends_in_a_row() {
    // Vacant for 40 days and taken for 70, both exponential: at month ends a chain of two states. At month 9 the team
    // transfers as it is.
    let text = team_of(
        1,
        12,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 40 } }]\n\
         attrition.tenure_days = { dist = 'exponential', mean = 70 }\n\
         [organisation.y]\n[[strategy.s.transfer]]\nto = 'y'\nready = { headcount_share = 1, for_months = 2, latest_month = 9 }",
    );
    let (up, down) = (1.0 / 40.0, 1.0 / 70.0);
    let mixing = 1.0 - exp(-(up + down) * DAYS_PER_MONTH);
    let (to_taken, to_vacant) = (up / (up + down) * mixing, down / (up + down) * mixing);
    // The probabilities of a vacant seat, and of one taken at this month end and not at the one before, not ready so far.
    let (mut vacant, mut taken) = (1.0, 0.0);
    let mut law = vec![0.0];
    for _ in 1..=8 {
        law.push(taken * (1.0 - to_vacant));
        (vacant, taken) = (vacant * (1.0 - to_taken) + taken * to_vacant, vacant * to_taken);
    }
    law.push(vacant + taken);
    let months = months(&text, 40_000);
    assert_mean("month of the transfer", &months, expectation(&law));
    assert_distribution("month of the transfer", &months, &law);
    // With "extend" the teams that are not ready by then stay.
    let text = text.replace("latest_month = 9 }", "latest_month = 9 }\nif_not_ready = 'extend'");
    let results = simulate(&text, 80_000);
    let transferred = results.of("outcome").iter().filter(|&&outcome| (outcome - 1.0).abs() < 0.5).count();
    // Month end 9 comes before the latest month is over.
    let last = (vacant + taken) - (vacant * (1.0 - to_taken) + taken * to_vacant) - vacant * to_taken;
    assert_share("transfers", transferred, 80_000, law[..9].iter().sum::<f64>() + last);
    assert!(results.of("transfer_day").iter().filter(|day| day.is_infinite()).count() + transferred == 80_000);
}
