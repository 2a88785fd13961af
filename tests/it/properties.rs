//! Properties of random scenarios: what MODEL.md promises after every event, in every response, and of chance.

mod auditor;
mod chronicle;
mod pipelines;
mod plan;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use handover::model::Fact;
use handover::response::specs;
use handover::run::{Settings, StrategyBlock, Worker};
use handover::scenario::Scenario;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::{Seen, mean, scenario, simulate, team_of, text, watch};
use auditor::Auditor;
use chronicle::Chronicle;

/// Checks a property of so many random scenarios, always the same ones.
fn check(cases: u32, property: impl Fn(&str)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&plan::scenario(), |text| {
        property(&text);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn the_books_of_every_replication_balance_after_every_event() {
    check(1000, |text| {
        let scenario = scenario(text);
        for (position, strategy) in scenario.strategies.iter().enumerate() {
            let mut auditor = Auditor::new(&scenario.world, strategy);
            watch(&scenario, position, 2, |seen| match seen {
                Seen::Start => auditor = Auditor::new(&scenario.world, strategy),
                Seen::Held(team, from, until) => auditor.held(team, from, until),
                Seen::Fact(fact, team, now) => auditor.happened(fact, team, now),
                Seen::Month(month, team, now) => auditor.month_ended(month, team, now),
            });
        }
    });
}

#[test]
fn responses_are_what_a_chronicle_of_all_states_says() {
    check(500, |text| {
        let scenario = scenario(text);
        let results = simulate(text, 2);
        for strategy in 0..scenario.strategies.len() {
            let mut chronicles = Vec::new();
            watch(&scenario, strategy, 2, |seen| {
                if let Seen::Start = seen {
                    chronicles.push(Chronicle::default());
                }
                chronicles.last_mut().expect("it has started").write(&seen);
            });
            for (replication, chronicle) in chronicles.iter().enumerate() {
                let expected = chronicle.responses();
                assert_eq!(expected.len(), specs().count(), "a response is not checked");
                for (name, expected) in expected {
                    let value = results.of_strategy(strategy, name)[replication];
                    let agrees = (value - expected).abs() <= 1e-9 * expected.abs().max(1.0);
                    assert!(agrees || value.is_nan() && expected.is_nan(), "{name}: {value}, expected {expected}");
                }
            }
        }
    });
}

#[test]
fn responses_lie_within_their_ranges_and_add_up() {
    check(300, |text| {
        let scenario = scenario(text);
        let horizon = f64::from(scenario.world.horizon_months) * 365.0 / 12.0;
        let results = simulate(text, 2);
        for replication in 0..2 {
            let of = |name: &str| results.of(name)[replication];
            // An empty cell is within any range.
            let empty_or = |name: &str, holds: fn(f64, f64) -> bool, bound: f64| {
                assert!(of(name).is_nan() || bound.is_nan() || holds(of(name), bound), "{name}: {}", of(name));
            };
            let from_0_to = |value: f64, most: f64| (0.0..=most + 1e-9).contains(&value);
            ["staffed_share", "retained_6m", "retained_12m"].iter().for_each(|share| empty_or(share, from_0_to, 1.0));
            ["first_join_day", "half_staffed_day", "staffed_day", "effective_day", "transfer_day", "recovery_days"]
                .iter()
                .for_each(|day| empty_or(day, from_0_to, horizon));
            let order = [
                ("first_join_day", "half_staffed_day"),
                ("half_staffed_day", "staffed_day"),
                ("retained_12m", "retained_6m"),
                ("accepted", "offered"),
            ];
            order.iter().for_each(|(less, more)| empty_or(less, |less, more| less <= more, of(more)));
            assert!(of("shortfall_fte_days") <= of("wanted_fte_days") + 1e-9);
            assert!(of("shortfall_fte_days") >= of("wanted_fte_days") - of("effective_fte_days") - 1e-6);
            let causes = specs().filter(|spec| spec.name.starts_with("leaves_")).map(|spec| of(spec.name)).sum::<f64>();
            assert!((causes - of("leaves")).abs() < 1e-9 && of("leaves") <= of("joins"));
        }
        // By month, in the mean of the two replications.
        let months = scenario.world.horizon_months as usize;
        let sum = |measure: &str| results.months(measure, 1..=months).iter().sum::<f64>();
        for (measure, response) in [("joins", "joins"), ("leaves", "leaves")] {
            assert!((sum(measure) - mean(results.of(response))).abs() < 1e-9, "{measure} by month");
        }
        let at_the_end = |measure: &str| results.months(measure, months..=months)[0];
        assert!((at_the_end("headcount") - (sum("joins") - sum("leaves"))).abs() < 1e-9);
        assert!((at_the_end("delivered_fte_days") - mean(results.of("delivered_fte_days"))).abs() < 1e-6);
    });
}

/// The responses and month-end values of each replication of a block, to the bit.
fn by_replication(block: &StrategyBlock) -> Vec<Vec<u64>> {
    let columns = |values: &[f64], at: usize| -> Vec<u64> {
        values.iter().skip(at).step_by(block.replications).map(|value| value.to_bits()).collect()
    };
    let one = |at| [&block.responses, &block.series, &block.phases].iter().flat_map(|values| columns(values, at)).collect();
    (0..block.replications).map(one).collect()
}

/// What a worker computes for these replications of all strategies.
fn computed(worker: &mut Worker<'_>, replications: std::ops::Range<u32>) -> Vec<Vec<Vec<u64>>> {
    let block = worker.compute(replications, &AtomicBool::new(false)).expect("nobody stops it");
    block.strategies.iter().map(by_replication).collect()
}

fn settings(scenario: &Scenario) -> Settings {
    Settings { seed: scenario.seed, replications: 6, strategies: (0..scenario.strategies.len()).collect() }
}

/// Whether each replication gives the same alone, after others and in another block.
fn assert_replications_stand_alone(scenario: &Scenario) {
    let settings = settings(scenario);
    let mut reused = Worker::new(scenario, &settings);
    let together = computed(&mut reused, 0..6);
    // The same worker once more, the other way round.
    for replication in (0..6_u32).rev() {
        let after_others = computed(&mut reused, replication..replication + 1);
        let alone = computed(&mut Worker::new(scenario, &settings), replication..replication + 1);
        for strategy in 0..settings.strategies.len() {
            let expected = &together[strategy][replication as usize];
            assert!(&alone[strategy][0] == expected, "replication {replication} is another alone");
            assert!(&after_others[strategy][0] == expected, "replication {replication} is another after later ones");
        }
    }
}

#[test]
fn a_replication_gives_the_same_alone_after_others_and_in_another_block() {
    check(300, |text| assert_replications_stand_alone(&scenario(text)));
}

#[test]
fn a_transfer_that_waits_at_the_horizon_is_forgotten_by_the_next_replication() {
    // The receiver is set up on day 0 in half of the replications, and not within the horizon in the others.
    let text = team_of(
        5,
        12,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 10 }]\n[organisation.y]\nlike = 'x'\n\
         setup_days = { dist = 'empirical', values = [0, 5000] }\n\
         [[strategy.s.transfer]]\nto = 'y'\nmonth = 6\nprepare_month = 0",
    );
    let days = simulate(&text, 200).of("transfer_day").to_vec();
    assert!(days.iter().all(|day| day.is_nan() || (day - 182.5).abs() < 1e-9), "{days:?}");
    assert_replications_stand_alone(&scenario(&text));
}

/// How long people stayed, by seat and number of its requisition, in a strategy.
fn stays(scenario: &Scenario, strategy: usize) -> BTreeMap<(u16, u32, u32), f64> {
    let mut stays = BTreeMap::new();
    watch(scenario, strategy, 1, |seen| {
        if let Seen::Fact(Fact::NoticeGiven(person, _), team, now) = seen {
            let person = team.person(person);
            let key = (person.seat.role.0, person.seat.number, person.requisition);
            stays.insert(key, now.days() - person.joined_day);
        }
    });
    stays
}

#[test]
fn whom_the_nth_requisition_of_a_seat_brings_stays_as_long_under_every_strategy() {
    // Other recruiters, searches, failures and set-up, one employer less productive: people stay as long as elsewhere, but
    // for what rounding does to the difference of two days.
    let text = text(
        36,
        "role = [{ name = 'a' }, { name = 'b' }]\ndemand = { a = 20, b = 10 }\nstrategy.t.employer = 'y'\n\
         [organisation.x]\nhiring.staff.recruiters = 3\n\
         hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = { dist = 'lognormal', mean = 10, cv = 1 }, pass = 0.6 }]\n\
         [organisation.x.attrition]\ntenure_days = { dist = 'weibull', shape = 1.2, scale = 200 }\nrotation_hazard_per_year = 0.5\n\
         [organisation.y]\nlike = 'x'\nsetup_days = 33\nhiring.stages = [{ name = 'search', takes_days = 4 }, { name = 'notice', takes_days = 30 }]\n\
         onboarding = { waiting = 0, mentored = 0.5, mentored_days = 40, mentor_slots = 2 }",
    );
    let scenario = scenario(&text);
    let [here, there] = [0, 1].map(|strategy| stays(&scenario, strategy));
    let both: Vec<_> = here.iter().filter_map(|(key, days)| there.get(key).map(|other| (days, other))).collect();
    assert!(both.len() > 60, "{} people under both", both.len());
    for (days, other) in both {
        assert!((days - other).abs() < 1e-9, "{days} days and {other} days");
    }
}

#[test]
fn what_comes_beside_moves_nobodys_luck() {
    // Another role with staff of its own, an organisation and a strategy more: everything that happens to role a stays.
    let organisation = "[organisation.x]\nhiring.staff = { recruiters = 3, agents = 1 }\n\
         hiring.stages = [{ name = 'search', takes_days = { dist = 'gamma', mean = 20, cv = 0.5 }, pass = 0.7 }]\n\
         attrition.tenure_days = { dist = 'exponential', mean = 200 }\nattrition.leave_notice_days = { dist = 'uniform', min = 10, max = 60 }";
    let alone = text(24, &format!("role = [{{ name = 'a' }}]\ndemand.a = 12\n{organisation}"));
    let accompanied = text(
        24,
        &format!(
            "role = [{{ name = 'b', priority = -1 }}, {{ name = 'a' }}]\ndemand = {{ a = 12, b = 5 }}\nstrategy.r.employer = 'w'\n\
             [organisation.w]\nlike = 'x'\n{organisation}"
        ),
    );
    let log = |text: &str| {
        let scenario = scenario(text);
        let position = scenario.strategies.iter().position(|strategy| strategy.name == "s").unwrap();
        let mut log = Vec::new();
        watch(&scenario, position, 5, |seen| {
            let (seat, what, now) = match seen {
                Seen::Fact(Fact::Joined(seat), _, now) => (seat, "joined", now),
                Seen::Fact(Fact::StageBegan(seat, _), _, now) => (seat, "began", now),
                Seen::Fact(Fact::NoticeGiven(person, _), team, now) => (team.person(person).seat, "notice", now),
                Seen::Fact(Fact::Left(person, _), team, now) => (team.person(person).seat, "left", now),
                _ => return,
            };
            if scenario.world.role(seat.role).name == "a" {
                log.push((now.days().to_bits(), seat.number, what));
            }
        });
        log
    };
    let log_alone = log(&alone);
    assert!(log_alone.len() > 500, "{} lines", log_alone.len());
    assert_eq!(log_alone, log(&accompanied));
}

#[test]
fn seeds_and_replications_have_luck_of_their_own() {
    let text = |seed: u32| {
        let organisation =
            "[organisation.x]\nhiring.stages = [{ name = 's', takes_days = { dist = 'exponential', mean = 50 } }]";
        format!("seed = {seed}\n{}", team_of(3, 12, organisation))
    };
    let mut days: Vec<u64> = [1, 2, 3]
        .iter()
        .flat_map(|&seed| simulate(&text(seed), 500).of("mean_fill_days").to_vec())
        .map(f64::to_bits)
        .collect();
    days.sort_unstable();
    days.dedup();
    assert_eq!(days.len(), 1500, "no two replications are alike");
}
