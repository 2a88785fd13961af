//! The bench and the brand in theory.

use handover::maths::exp;

use super::markov::{Chain, expectation};
use crate::support::{DAYS_PER_MONTH, as_number, assert_distribution, assert_mean, at_months, simulate, team_of};

#[test]
fn a_seat_with_a_bench_is_a_chain_of_what_it_holds_and_how_many_are_ready() {
    // A seat is taken for 60 days. A person from the bench is ready after 10, a search takes 80. Each of two empty
    // places on the bench is filled after 150. All exponential.
    const BENCH: usize = 2;
    let exponential = |mean: f64| format!("{{ dist = 'exponential', mean = {mean} }}");
    let text = team_of(
        1,
        12,
        &format!(
            "[organisation.x]\nattrition.tenure_days = {}\n[organisation.x.hiring]\nbench.a = {BENCH}\n\
             bench_ready_days = {}\nbench_refill_days = {}\nstages = [{{ name = 'search', takes_days = {} }}]",
            exponential(60.0),
            exponential(10.0),
            exponential(150.0),
            exponential(80.0)
        ),
    );
    let [taken, on_the_way, searched] = [0, 1, 2].map(|kind| move |stock: usize| kind * (BENCH + 1) + stock);
    let mut chain = Chain::new(3 * (BENCH + 1));
    for stock in 0..=BENCH {
        chain.add(on_the_way(stock), taken(stock), 1.0 / 10.0);
        chain.add(searched(stock), taken(stock), 1.0 / 80.0);
        let opened = if stock > 0 { on_the_way(stock - 1) } else { searched(0) };
        chain.add(taken(stock), opened, 1.0 / 60.0);
        for kind in [taken(stock), on_the_way(stock), searched(stock)].into_iter().filter(|_| stock < BENCH) {
            chain.add(kind, kind + 1, as_number(BENCH - stock) / 150.0);
        }
    }
    let months = [1, 3, 12];
    let samples = at_months(&text, 70_000, &months, |team| f64::from(team.headcount()));
    for (month, headcounts) in months.into_iter().zip(&samples) {
        // On day 0 one of the two is taken.
        let law = chain.after(on_the_way(BENCH - 1), f64::from(month) * DAYS_PER_MONTH);
        let present = expectation(&law, |state| if state <= BENCH { 1.0 } else { 0.0 });
        assert_mean(&format!("headcount at month end {month}"), headcounts, present);
    }
}

#[test]
fn a_full_bench_is_used_up_one_by_one() {
    // Thirty are wanted and five are on the bench, which come after 20 days and are not replaced. The others are
    // searched for exponentially: by month end 1 five and a binomial number of 25.
    let text = team_of(
        30,
        2,
        "[organisation.x.hiring]\nbench.a = 5\nbench_ready_days = 20\nbench_refill_days = 1e6\n\
         stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 50 } }]",
    );
    let samples = at_months(&text, 20_000, &[1, 2], |team| f64::from(team.headcount()));
    for (month, headcounts) in (1..=2).zip(&samples) {
        let found = 1.0 - exp(-f64::from(month) * DAYS_PER_MONTH / 50.0);
        assert_mean("headcount", headcounts, 5.0 + 25.0 * found);
        let law = statrs::distribution::Binomial::new(found, 25).unwrap();
        let searched: Vec<f64> = headcounts.iter().map(|headcount| headcount - 5.0).collect();
        let pmf = |people| statrs::distribution::Discrete::pmf(&law, people);
        assert_distribution("headcount without the bench", &searched, &(0..=25).map(pmf).collect::<Vec<f64>>());
    }
}

#[test]
fn a_newcomer_finds_each_of_its_first_people_sooner_than_the_one_before() {
    // One recruiter: the search for the n-th takes 20 (1 + 1.5 exp(-(n - 1) / 3)) days on average.
    let text = team_of(
        6,
        60,
        "[organisation.x.hiring]\nstaff.recruiters = 1\nbrand = { start = 2.5, hires = 3 }\n\
         stages = [{ name = 'search', uses = 'recruiters', takes_days = { dist = 'lognormal', mean = 20, cv = 0.6 } }]",
    );
    let results = simulate(&text, 40_000);
    let search = |joined: u32| 20.0 * (1.0 + 1.5 * exp(-f64::from(joined) / 3.0));
    assert_mean("first_join_day", results.of("first_join_day"), search(0));
    assert_mean("half_staffed_day", results.of("half_staffed_day"), (0..3).map(search).sum());
    assert_mean("staffed_day", results.of("staffed_day"), (0..6).map(search).sum());
}
