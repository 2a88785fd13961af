//! Hiring in theory: seats filled with and without scarce recruiters, tries per join, time to fill.

use handover::engine::Time;
use handover::maths::exp;
use handover::model::{Fact, Observer, Simulation, Team};
use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

use super::markov::{Chain, expectation};
use crate::support::{
    DAYS_PER_MONTH, Seen, as_number, assert_distribution, assert_estimate, assert_mean, assert_near, assert_share,
    assert_variance, at_months, scenario, simulate, team_of, text, watch,
};

/// Recruiters who work on requisitions for an exponential time and find somebody with some probability, and people who stay
/// for an exponential time.
struct Repair {
    seats: u32,
    recruiters: u32,
    stage_days: f64,
    pass: f64,
    tenure_days: f64,
}

impl Repair {
    fn text(&self, months: u32) -> String {
        let Repair { recruiters, stage_days, pass, tenure_days, .. } = self;
        team_of(
            self.seats,
            months,
            &format!(
                "[organisation.x]\nhiring.staff.recruiters = {recruiters}\n\
                 hiring.stages = [{{ name = 'search', uses = 'recruiters', pass = {pass}, takes_days = {{ dist = 'exponential', mean = {stage_days} }} }}]\n\
                 attrition.tenure_days = {{ dist = 'exponential', mean = {tenure_days} }}"
            ),
        )
    }

    /// Returns the rate at which people join when this many are there. Each recruiter at work finishes at rate 1 /
    /// mean, and passes with probability p. A candidate who fails goes to the tail of the queue, which changes nothing:
    /// as many requisitions are open, as many recruiters at work, and all remaining times are exponential as before.
    /// The passes are the remaining ends, a Poisson process thinned by p. So the queue is that of a service of mean /
    /// p.
    fn join_rate(&self, people: usize) -> f64 {
        let open = self.seats as usize - people;
        as_number(open.min(self.recruiters as usize)) * self.pass / self.stage_days
    }

    /// Returns the distribution of the headcount after this many days, the machine-repair queue M/M/c//N: a birth-death
    /// chain.
    fn headcount_after(&self, days: f64) -> Vec<f64> {
        let seats = self.seats as usize;
        let mut chain = Chain::new(seats + 1);
        for people in 0..seats {
            chain.add(people, people + 1, self.join_rate(people));
            chain.add(people + 1, people, as_number(people + 1) / self.tenure_days);
        }
        chain.after(0, days)
    }

    /// Returns the distribution of the headcount in the long run: detailed balance, in product form.
    fn headcount_in_the_long_run(&self) -> Vec<f64> {
        let seats = self.seats as usize;
        let mut weights = vec![1.0];
        for people in 0..seats {
            weights.push(weights[people] * self.join_rate(people) * self.tenure_days / as_number(people + 1));
        }
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / sum).collect()
    }
}

fn mean_and_sd(distribution: &[f64]) -> (f64, f64) {
    let mean = expectation(distribution, as_number);
    let square = expectation(distribution, |people| as_number(people) * as_number(people));
    (mean, (square - mean * mean).sqrt())
}

#[test]
fn seats_filled_without_scarce_staff_are_independent_and_the_headcount_is_binomial() {
    // Each seat is vacant for an exponential time of mean 1/l and taken for one of mean 1/m.
    const SEATS: u32 = 12;
    let (l, m) = (1.0 / 60.0, 1.0 / 200.0);
    let text = team_of(
        SEATS,
        12,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 60 } }]\n\
         attrition.tenure_days = { dist = 'exponential', mean = 200 }",
    );
    let months = [1, 3, 6, 12];
    let samples = at_months(&text, 60_000, &months, |team| f64::from(team.headcount()));
    for (month, headcounts) in months.into_iter().zip(&samples) {
        let taken = l / (l + m) * (1.0 - exp(-(l + m) * f64::from(month) * DAYS_PER_MONTH));
        let (what, seats) = (format!("headcount at the end of month {month}"), f64::from(SEATS));
        assert_mean(&what, headcounts, seats * taken);
        assert_variance(&what, headcounts, seats * taken * (1.0 - taken));
        let law = Binomial::new(taken, SEATS.into()).unwrap();
        let probabilities: Vec<f64> = (0..=SEATS.into()).map(|people| law.pmf(people)).collect();
        assert_distribution(&what, headcounts, &probabilities);
    }
}

#[test]
fn a_hundred_seats_and_six_recruiters_are_the_machine_repair_queue() {
    // The queue M/M/6//100 on the way up: the whole law of the headcount by uniformisation.
    let repair = Repair { seats: 100, recruiters: 6, stage_days: 30.0, pass: 0.7125, tenure_days: 846.590_272_4 };
    let results = at_months(&repair.text(61), 4_000, &[12, 60], |team| f64::from(team.headcount()));
    // Expected headcount and its standard deviation after 365 and 1825 days, computed elsewhere by a matrix exponential.
    for (headcounts, days, mean, sd) in
        [(&results[0], 365.0, 42.251_785, 6.500_137), (&results[1], 1825.0, 93.842_078, 3.665_288)]
    {
        let ours = mean_and_sd(&repair.headcount_after(days));
        assert_near("mean by uniformisation", ours.0, mean, 1e-6);
        assert_near("standard deviation by uniformisation", ours.1, sd, 1e-6);
        assert_mean(&format!("headcount on day {days}"), headcounts, mean);
        assert_distribution(&format!("headcount on day {days}"), headcounts, &repair.headcount_after(days));
    }
}

#[test]
fn a_small_team_with_two_recruiters_is_in_each_state_as_often_as_the_chain_says() {
    // The queue M/M/2//8: the law of the headcount on the way up by uniformisation, and in the long run by detailed balance.
    let repair = Repair { seats: 8, recruiters: 2, stage_days: 20.0, pass: 0.8, tenure_days: 150.0 };
    let months = [1, 3, 9, 36];
    let samples = at_months(&repair.text(36), 74_000, &months, |team| f64::from(team.headcount()));
    for (month, headcounts) in months.into_iter().zip(&samples) {
        let what = format!("headcount at the end of month {month}");
        let distribution = repair.headcount_after(f64::from(month) * DAYS_PER_MONTH);
        let (mean, sd) = mean_and_sd(&distribution);
        assert_mean(&what, headcounts, mean);
        assert_variance(&what, headcounts, sd * sd);
        assert_distribution(&what, headcounts, &distribution);
    }
    // After three years the start is forgotten, to the 9th digit.
    let (transient, stationary) = (repair.headcount_after(1095.0), repair.headcount_in_the_long_run());
    assert!(transient.iter().zip(&stationary).all(|(a, b)| (a - b).abs() < 1e-9), "{transient:?} {stationary:?}");
    assert_distribution("headcount in the long run", &samples[3], &stationary);
}

#[test]
fn tries_per_join_are_geometric() {
    // Without attrition each of 1000 seats is filled once. A candidate passes both stages with 0.8 * 0.9 = 0.72.
    let text = team_of(
        1000,
        60,
        "[organisation.x]\nhiring.stages = [\n\
         { name = 'search', takes_days = 5, pass = 0.8 },\n{ name = 'notice', takes_days = 2, pass = 0.9 }]",
    );
    let mut searches = Vec::new();
    let mut notices = Vec::new();
    let mut first = 0;
    watch(&scenario(&text), 0, 60, |seen| match seen {
        Seen::Start => {
            first = searches.len();
            searches.resize(first + 1000, 0.0);
            notices.resize(first + 1000, 0.0);
        }
        Seen::Fact(Fact::StageBegan(seat, stage), ..) => {
            let tries = if stage.index == 0 { &mut searches } else { &mut notices };
            tries[first + seat.number as usize] += 1.0;
        }
        Seen::Month(60, team, _) => assert_eq!(team.headcount(), 1000),
        _ => {}
    });
    assert_mean("searches per join", &searches, 1.0 / 0.72);
    assert_mean("notice periods per join", &notices, 1.0 / 0.9);
    let geometric = |pass: f64| {
        let mut rest = 1.0;
        let probability = |tries: u32| {
            let here = if tries == 0 { 0.0 } else { rest * pass };
            rest -= here;
            here
        };
        (0..30).map(probability).collect::<Vec<f64>>()
    };
    assert_distribution("searches per join", &searches, &geometric(0.72));
    assert_distribution("notice periods per join", &notices, &geometric(0.9));
}

#[test]
fn the_time_to_fill_is_the_sum_over_the_stages_of_mean_length_times_expected_tries() {
    // A search is tried 1 / (0.75 * 0.95) times, a notice period, which only 0.75 of the searches come to, 1 / 0.95 times;
    // by Wald's identity the lengths of the tries add up to their mean times the expected number.
    let text = text(
        300,
        "role = [{ name = 'a' }, { name = 'b' }]\ndemand = { a = 400, b = 400 }\n\
         [[organisation.x.hiring.stages]]\nname = 'search'\npass = 0.75\n\
         takes_days = { dist = 'lognormal', mean = 30, cv = 0.6 }\ntakes_days_by_role.b = { dist = 'gamma', mean = 50, cv = 0.4 }\n\
         [[organisation.x.hiring.stages]]\nname = 'notice'\npass = 0.95\n\
         takes_days = { dist = 'uniform', min = 30, max = 90 }\ntakes_days_by_role.a = 20",
    );
    let mut fill_days = [Vec::new(), Vec::new()];
    watch(&scenario(&text), 0, 100, |seen| {
        if let Seen::Fact(Fact::Joined(seat), team, now) = seen {
            let opened_at = team.seat(seat).requisition.opened_at;
            fill_days[usize::from(seat.role.0)].push(now.days_since(opened_at));
        }
    });
    let (searches, notices) = (1.0 / (0.75 * 0.95), 1.0 / 0.95);
    let expected = [30.0 * searches + 20.0 * notices, 50.0 * searches + 60.0 * notices];
    for (days, expected) in fill_days.iter().zip(expected) {
        assert_eq!(days.len(), 40_000, "all seats of all replications are filled");
        assert_mean("days to fill", days, expected);
    }
    let results = simulate(&text, 100);
    assert_mean("mean_fill_days", results.of("mean_fill_days"), f64::midpoint(expected[0], expected[1]));
}

#[test]
fn staff_that_handles_several_requisitions_counts_several_times() {
    // 2 recruiters for 2.5 requisitions each are 5 units: of 8 seats, with searches of 10 days, 5 are filled on day 10.
    let text = |staff: &str| {
        let organisation = "hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }]";
        team_of(8, 1, &format!("[organisation.x]\nhiring.staff.recruiters = {staff}\n{organisation}"))
    };
    let of_teams = simulate(&text("{ count = 2, each_handles = 2.5 }"), 1);
    let of_five = simulate(&text("5"), 1);
    assert_near("mean fill days", of_teams.one("mean_fill_days"), (5.0 * 10.0 + 3.0 * 20.0) / 8.0, 1e-12);
    assert_near("mean fill days", of_five.one("mean_fill_days"), of_teams.one("mean_fill_days"), 0.0);
}

#[test]
fn candidates_pass_as_often_in_each_stage_and_try() {
    // The k-th try of a stage has its own luck: the share that fails is the same for each.
    let text = team_of(
        1000,
        120,
        "[organisation.x]\nhiring.stages = [\n{ name = 'search', takes_days = 1, pass = 0.4 },\n\
         { name = 'talks', takes_days = 1, pass = 0.4 }]",
    );
    // By stage and try; the third cell is for all later tries.
    let mut begun = [[0_usize; 3]; 2];
    let mut failed = [[0_usize; 3]; 2];
    let mut tries = vec![[0_usize; 2]; 1000];
    watch(&scenario(&text), 0, 250, |seen| match seen {
        Seen::Start => tries.fill([0; 2]),
        Seen::Fact(Fact::StageBegan(seat, stage), ..) => {
            let stage = usize::from(stage.index);
            let attempt = &mut tries[seat.number as usize][stage];
            *attempt += 1;
            begun[stage][(*attempt - 1).min(2)] += 1;
        }
        Seen::Fact(Fact::CandidateFailed(seat, stage), ..) => {
            let stage = usize::from(stage.index);
            failed[stage][(tries[seat.number as usize][stage] - 1).min(2)] += 1;
        }
        _ => {}
    });
    for stage in 0..2 {
        for attempt in 0..3 {
            let (failed, begun) = (failed[stage][attempt], begun[stage][attempt]);
            assert_share(&format!("failures of try {attempt} of stage {stage}"), failed, begun, 0.6);
        }
    }
}

/// Seats, and the pass of their only stage, at which a try in a million brings somebody: the least that a scenario may ask for.
const RARE_SEATS: u32 = 24;
const RARE_PASS: f64 = 1e-6;

/// Returns tries at seats that are filled by one try in a million, until all are filled, the horizon of a hundred years
/// has come or a number of tries is reached; and the seats that are then vacant.
fn rare_tries(seats: u32, takes_days: &str, tries_at_most: u64) -> (u64, u32) {
    struct Tries {
        begun: u64,
        at_most: u64,
        vacant: u32,
    }
    impl Observer for Tries {
        fn start(&mut self, _replication: u32) {}

        fn measured_interval(&mut self, _team: &Team, _from: Time, _until: Time) {}

        fn month_ended(&mut self, _month: u32, _team: &Team, _now: Time) {}

        fn happened(&mut self, fact: Fact, team: &Team, _now: Time) {
            self.begun += u64::from(matches!(fact, Fact::StageBegan(..)));
            self.vacant = team.open_requisitions();
        }

        fn is_done(&self) -> bool {
            self.begun >= self.at_most
        }
    }
    let stage = format!("{{ name = 'search', takes_days = {takes_days}, pass = {RARE_PASS} }}");
    let scenario = scenario(&team_of(seats, 1200, &format!("[organisation.x]\nhiring.stages = [{stage}]")));
    let mut tries = Tries { begun: 0, at_most: tries_at_most, vacant: 0 };
    Simulation::new(&scenario.world, &scenario.strategies[0], 7).replicate(0, &mut tries);
    (tries.begun, tries.vacant)
}

#[test]
fn no_try_of_a_long_search_has_the_luck_of_an_earlier_one() {
    // A seat stays vacant if 3,650,000 tries fail, with probability exp(-3.65) = 2.6 %. More than 5 of 24 do with a
    // chance of 1 in 36,000. If tries repeated after 2^20, 35 % would stay vacant: 8.4 on average.
    let never = exp(-36_500.0 / 0.01 * RARE_PASS);
    let (tries, vacant) = rare_tries(RARE_SEATS, "0.01", u64::MAX);
    let beyond = 1.0 - Binomial::new(never, RARE_SEATS.into()).expect("a probability").cdf(5);
    assert!(beyond < 1.0 / 20_000.0, "{beyond}");
    assert!(vacant <= 5, "{vacant} of {RARE_SEATS} seats are vacant after 100 years");
    // Tries of a seat are geometric, cut at the horizon: the mean is (1 - never) / pass. Uncut, sd and mean are the same.
    let mean = tries as f64 / f64::from(RARE_SEATS);
    assert_estimate("tries", mean, (1.0 - never) / RARE_PASS, 1.0 / RARE_PASS / f64::from(RARE_SEATS).sqrt());
}

#[test]
fn a_search_that_takes_no_time_ends_however_rarely_somebody_passes() {
    // The sum of 8 geometric numbers of mean 10^6: it exceeds 4 times its mean with a chance of 1 in 9 million.
    let (tries, vacant) = rare_tries(8, "0", 32_000_000);
    assert_eq!(vacant, 0, "seats are vacant after {tries} tries");
}

/// Returns the mean days to fill a seat in pipelines of these stages, without scarce staff.
fn fill_days(stages: &str, replications: u32) -> Vec<f64> {
    let text = team_of(100, 240, &format!("[organisation.x]\nhiring.stages = [{stages}]"));
    let results = simulate(&text, replications);
    assert!(results.of("joins").iter().all(|&joins| (joins - 100.0).abs() < 0.5), "all seats are filled in 20 years");
    results.of("mean_fill_days").to_vec()
}

#[test]
fn what_is_approved_once_is_not_approved_again_after_a_failure() {
    // Two weeks of approval once, then search and offer of 49 days until somebody is found: 14 + 49 / p. If every
    // failure needs a new approval, (14 + 49) / p.
    let stages = |keys: &str| {
        format!("{{ name = 'approval', takes_days = 14 }}, {{ name = 'search', takes_days = 49, pass = 0.7{keys} }}")
    };
    let cases = [
        ("", 90.0),
        (", on_fail = 'approval'", 90.0),
        (", on_fail = 'search'", 84.0),
        (", on_fail = 'search', pass_by_role = { a = 0.5 }", 112.0),
    ];
    for (keys, expected) in cases {
        assert_mean(&format!("days to fill{keys}"), &fill_days(&stages(keys), 800), expected);
    }
}

#[test]
fn a_stage_begins_again_for_each_failure_that_leads_back_to_it() {
    // The third stage begins 1 / 0.5 times, half of them in vain: (1 + 2 * 0.5) / 0.6 begins of the second, which a
    // failure never leaves, and 1 / 0.8 of the first.
    let stages = "{ name = 'approval', takes_days = 10, pass = 0.8 }, \
                  { name = 'search', takes_days = 20, pass = 0.6, on_fail = 'search' }, \
                  { name = 'offer', takes_days = 30, pass = 0.5, on_fail = 'search' }";
    let expected = 10.0 * 1.25 + 20.0 * 2.0 / 0.6 + 30.0 * 2.0;
    assert_mean("days to fill through three stages", &fill_days(stages, 1500), expected);
}
