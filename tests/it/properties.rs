//! Properties of random scenarios: what MODEL.md promises after every event, in every response, and about chance.

mod auditor;
mod by_role;
mod chronicle;
mod digests;
mod more;
mod organisations;
mod people;
mod pipelines;
mod plan;
mod windows;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use handover::maths::{exp, ln};
use handover::model::{Fact, TransferId};
use handover::money::Kind;
use handover::response::{MEASURES, Nature, ResponseColumn, SeriesId, Unit, columns, specs};
use handover::run::{Block, Months, Worker};
use handover::scenario::Scenario;
use handover::world::ROLE_MEASURES;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::program::is_thorough;
use crate::support::{Seen, mean, scenario, simulate, team_of, text, watch};
use auditor::Auditor;
use chronicle::Chronicle;

/// Checks a property of this many random scenarios, always the same ones.
fn check(cases: u32, property: impl Fn(&str)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&more::scenario(), |text| {
        property(&text);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Checks the books of a scenario after every event of some replications.
fn audit(text: &str) {
    let scenario = scenario(text);
    for (position, strategy) in scenario.strategies.iter().enumerate() {
        let mut auditor = Auditor::new(&scenario.world, strategy);
        watch(&scenario, position, 2, |seen| match seen {
            Seen::Start => auditor = Auditor::new(&scenario.world, strategy),
            Seen::Held(team, from, until) => auditor.held(team, from, until),
            Seen::Measured(team, from, until) => auditor.measured(team, (from, until)),
            Seen::Fact(fact, team, now) => auditor.happened(fact, team, now),
            Seen::Month(month, team, now) => auditor.month_ended(month, team, now),
        });
    }
}

#[test]
fn the_books_of_every_replication_balance_after_every_event() {
    check(if is_thorough() { 1000 } else { 600 }, audit);
}

/// Two transfers at one instant: nobody stays with the first receiver as long as this person has been there, so they
/// give notice that day, though the second receiver has no law of tenure.
#[test]
fn whose_time_has_come_quits_whoever_takes_them_over_at_that_instant() {
    audit(
        "title = 'Handed on'\nstart = 2027-01-01\nmonths = 'equal'\nhorizon_months = 13\ndemand.z = 1\nrole = [{ name = 'z' }]\n\
         [organisation.x]\nhiring.stages = [{ name = 's', takes_days = 0 }]\n\
         [organisation.y]\n\
         [organisation.short]\nattrition.tenure_days = { dist = 'uniform', min = 15, max = 15 }\n\
         [strategy.s]\nemployer = 'x'\n\
         [[strategy.s.transfer]]\nto = 'short'\nmonth = 9.37\nacceptance = 1\n\
         [[strategy.s.transfer]]\nto = 'y'\nready = { headcount_share = 0.8, for_months = 1, earliest_month = 8 }\nacceptance = 1\n",
    );
}

/// All kinds of facts, and rare causes and turns.
const HAPPENINGS: [&str; 48] = [
    "OrganisationStarted",
    "OrganisationReady",
    "OrganisationStopped",
    "Collapsed",
    "MarketExited",
    "DemandShocked",
    "WantedChanged",
    "WasThere",
    "HadGivenNotice",
    "OfferSigned",
    "Promoted",
    "RequisitionOpened",
    "RequisitionCancelled",
    "BenchTaken",
    "BenchRefilled",
    "CapacityChanged",
    "StageQueued",
    "StageBegan",
    "CandidateFailed",
    "RequisitionMoved",
    "Joined",
    "MentoringBegan",
    "PhaseReached",
    "NoticeGiven",
    "PlaceLapsed",
    "Released",
    "Left",
    "OptionDropped",
    "TransferExtended",
    "TransferLapsed",
    "TransferBegan",
    "Accepted",
    "Refused",
    "DisruptionEnded",
    "TransferCompleted",
    "Incident",
    "left: tenure",
    "left: early",
    "left: rotation",
    "left: burnout",
    "left: shock",
    "left: refusal",
    "left: release",
    "left: exit",
    "left: collapse",
    "a rescue",
    "a third transfer",
    "a requisition waits for a rescuer",
];

#[test]
fn random_scenarios_bring_about_all_that_can_happen() {
    let counts = RefCell::new(BTreeMap::<String, u32>::new());
    let count = |what: String| *counts.borrow_mut().entry(what).or_default() += 1;
    check(500, |text| {
        let scenario = scenario(text);
        for (position, strategy) in scenario.strategies.iter().enumerate() {
            watch(&scenario, position, 1, |seen| {
                let Seen::Fact(fact, team, _) = seen else { return };
                count(format!("{fact:?}").split(['(', ' ']).next().unwrap_or_default().to_owned());
                match fact {
                    Fact::Left(_, cause) => count(format!("left: {}", cause.name())),
                    Fact::TransferBegan(transfer) if !strategy.is_listed(transfer.0) => count("a rescue".to_owned()),
                    Fact::TransferBegan(TransferId(2)) => count("a third transfer".to_owned()),
                    Fact::RequisitionMoved(_, to) if !team.is_ready(to) => {
                        count("a requisition waits for a rescuer".to_owned())
                    }
                    _ => {}
                }
            });
        }
    });
    let counts = counts.into_inner();
    assert!(counts.keys().all(|seen| HAPPENINGS.contains(&seen.as_str())), "something is not in the list: {counts:?}");
    for what in HAPPENINGS {
        let times = counts.get(what).copied().unwrap_or(0);
        assert!(times >= 10, "{what}: {times} times in all");
    }
}

/// Returns whether a unit is not money: the chronicle knows no prices.
fn is_told(unit: Unit) -> bool {
    !matches!(unit, Unit::Money | Unit::MoneyPerFteMonth)
}

/// Asserts that a value is as expected, or empty as expected.
#[track_caller]
fn assert_agrees(what: &str, value: f64, expected: f64) {
    let is_same = value.to_bits() == expected.to_bits() || value.is_nan() && expected.is_nan();
    let agrees = (value - expected).abs() <= 1e-9 * expected.abs().max(1.0);
    assert!(is_same || agrees && value.is_finite(), "{what}: {value}, expected {expected}");
}

/// Returns a worker for each strategy.
fn workers(scenario: &Scenario) -> Vec<Worker<'_>> {
    (0..scenario.strategies.len()).map(|strategy| Worker::new(scenario, strategy, scenario.seed)).collect()
}

/// Returns the blocks of some replications, by strategy.
fn blocks_of(workers: &mut [Worker<'_>], replications: std::ops::Range<u32>) -> Vec<Block> {
    let compute = |worker: &mut Worker<'_>| worker.compute(replications.clone(), &AtomicBool::new(false));
    workers.iter_mut().map(|worker| compute(worker).expect("nobody stops it")).collect()
}

/// Returns the same for the first replications.
fn block(scenario: &Scenario, replications: u32) -> Vec<Block> {
    blocks_of(&mut workers(scenario), 0..replications)
}

/// Returns what a block holds by month.
fn of_months(block: &Block) -> &Months {
    block.months.as_ref().expect("it has everything")
}

/// Returns the month-end values of a measure in a replication of a block.
fn months_of(block: &Block, measure: &str, months: usize, replication: usize) -> Vec<f64> {
    let position = MEASURES.iter().position(|about| about.name == measure).expect("there is such a measure");
    let series = &of_months(block).series;
    let at = |month| series[(position * months + month) * block.replications + replication];
    (0..months).map(at).collect()
}

/// Returns a response or goal in a replication of a block.
fn response_of(block: &Block, columns: &[ResponseColumn], name: &str, replication: usize) -> f64 {
    let position = columns.iter().position(|column| column.name == name).expect("there is such a response");
    block.responses[position * block.replications + replication]
}

#[test]
fn responses_are_what_a_chronicle_of_all_states_says() {
    check(500, |text| {
        let scenario = scenario(text);
        let block = block(&scenario, 2);
        let columns = columns(&scenario.world);
        let goals = scenario.world.goals.iter().filter(|goal| is_told(goal.measure.about().unit)).count();
        let told = specs().filter(|spec| is_told(spec.unit)).count() + goals;
        for (strategy, values) in block.iter().enumerate() {
            let mut chronicles = Vec::new();
            watch(&scenario, strategy, 2, |seen| {
                if let Seen::Start = seen {
                    chronicles.push(Chronicle::new(&scenario.world, &scenario.strategies[strategy]));
                }
                chronicles.last_mut().expect("it has started").write(&seen);
            });
            for (replication, chronicle) in chronicles.iter().enumerate() {
                let expected = chronicle.responses();
                assert_eq!(expected.len(), told, "a response is not checked");
                for (name, expected) in expected {
                    assert_agrees(name, response_of(values, &columns, name, replication), expected);
                }
                assert_months_agree(values, chronicle.months(), replication);
                if scenario.world.roles.len() > 1 {
                    assert_roles_agree(&scenario, values, chronicle, replication);
                }
            }
        }
    });
}

/// Asserts that all measures except money equal those of a chronicle at each month end.
fn assert_months_agree(block: &Block, expected: &[BTreeMap<&str, f64>], replication: usize) {
    for measure in MEASURES.iter().filter(|measure| is_told(measure.unit)) {
        let values = months_of(block, measure.name, expected.len(), replication);
        for (month, (value, expected)) in values.iter().zip(expected).enumerate() {
            assert_agrees(&format!("{} of month {}", measure.name, month + 1), *value, expected[measure.name]);
        }
    }
}

/// Asserts that the responses of each role, and its measures at month ends, equal those of a chronicle.
fn assert_roles_agree(scenario: &Scenario, block: &Block, chronicle: &Chronicle<'_>, replication: usize) {
    let (columns, roles) = (columns(&scenario.world), scenario.world.roles.len());
    let expected = chronicle.by_role.responses();
    assert_eq!(columns.iter().filter(|column| column.role.is_some()).count(), expected.len(), "a response is not checked");
    for (name, expected) in expected {
        assert_agrees(&name, response_of(block, &columns, &name, replication), expected);
    }
    let months = scenario.world.horizon_months as usize;
    for series in SeriesId::all(roles) {
        let Some(role) = series.role() else { continue };
        let position = ROLE_MEASURES.iter().position(|measure| *measure == series.measure()).expect("it is kept by role");
        let values = &of_months(block).series[series.position() * months * block.replications..];
        for (month, expected) in chronicle.by_role.months(role).iter().enumerate() {
            let value = values[month * block.replications + replication];
            assert_agrees(&format!("{} of {role:?}", series.measure().about().name), value, expected[position]);
        }
    }
}

#[test]
fn money_adds_up_in_every_replication() {
    check(400, |text| {
        let scenario = scenario(text);
        let columns = columns(&scenario.world);
        let months = scenario.world.horizon_months as usize;
        for (block, strategy) in block(&scenario, 2).iter().zip(&scenario.strategies) {
            for replication in 0..2 {
                let of = |name: &str| response_of(block, &columns, name, replication);
                // Sums of amounts of either sign agree relative to the size of their parts.
                let near = |what: &str, value: f64, expected: f64| {
                    let largest = specs().filter(|spec| spec.unit == Unit::Money).map(|spec| of(spec.name).abs());
                    let slack = 1e-9 * largest.fold(1.0, f64::max);
                    assert!((value - expected).abs() <= slack, "{what} of {}: {value}, expected {expected}", strategy.name);
                };
                let kinds = Kind::ALL.map(|kind| of(&format!("cost_{}", kind.name())));
                near("the sum of the kinds", kinds.iter().sum(), of("client_cost"));
                let by_month = months_of(block, "month_cost", months, replication);
                let so_far = months_of(block, "client_cost", months, replication);
                let mut sum = 0.0;
                for (cost, so_far) in by_month.iter().zip(so_far) {
                    sum += cost;
                    near("client cost so far", so_far, sum);
                }
                near("the sum of the months", sum, of("client_cost"));
                near("the dearest month", by_month.iter().copied().fold(f64::NEG_INFINITY, f64::max), of("peak_month_cost"));
                let yearly = 1.0 + scenario.world.discount_rate_per_year;
                let discounted =
                    by_month.iter().zip(1..).map(|(cost, month)| cost * exp(-ln(yearly) * f64::from(month) / 12.0));
                near("what months cost, discounted", discounted.sum(), of("client_cost_npv"));
                let delivered = of("delivered_fte_months");
                if delivered > 0.0 {
                    assert_agrees("cost_per_fte_month", of("cost_per_fte_month"), of("client_cost") / delivered);
                } else {
                    assert!(of("cost_per_fte_month").is_nan());
                }
                let value = discounted_value(&scenario, &months_of(block, "delivered_fte_days", months, replication));
                assert!(value.is_nan() == of("value_npv").is_nan() && value.is_nan() == of("net_npv").is_nan());
                if !value.is_nan() {
                    near("the value", of("value_npv"), value);
                    near("the net value", of("net_npv"), of("value_npv") - of("client_cost_npv"));
                }
            }
            check_costs_by_kind(block, months);
        }
    });
}

/// Returns the discounted value of the output delivered by each month end; NaN if output has no value.
fn discounted_value(scenario: &Scenario, delivered_fte_days: &[f64]) -> f64 {
    let yearly = 1.0 + scenario.world.discount_rate_per_year;
    let value = scenario.world.value_per_fte_month.unwrap_or(f64::NAN);
    let (mut before, ends) = (0.0, scenario.world.month_ends());
    let of_month = |(delivered, month): (&f64, u32)| {
        let of_month = (delivered - std::mem::replace(&mut before, *delivered)) / ends.length_days(month);
        value * of_month * exp(-ln(yearly) * f64::from(month) / 12.0)
    };
    delivered_fte_days.iter().zip(1..).map(of_month).sum()
}

/// Asserts that the kinds of a month's client cost add up to it, in the mean of the replications.
fn check_costs_by_kind(block: &Block, months: usize) {
    let by_replication: Vec<Vec<f64>> =
        (0..block.replications).map(|replication| months_of(block, "month_cost", months, replication)).collect();
    for month in 0..months {
        let kind = |kind: usize| {
            of_months(block).cost_tallies[kind * months + month].mean().expect("a month costs something or nothing")
        };
        let expected = by_replication.iter().map(|costs| costs[month]).sum::<f64>() / by_replication.len() as f64;
        let (sum, largest) =
            (0..Kind::ALL.len()).map(kind).fold((0.0, 1.0_f64), |(sum, largest), of| (sum + of, largest.max(of.abs())));
        assert!((sum - expected).abs() <= 1e-9 * largest, "the kinds of month {}: {sum}, expected {expected}", month + 1);
    }
}

#[test]
fn responses_lie_within_their_ranges_and_add_up() {
    check(300, |text| {
        let scenario = scenario(text);
        let horizon = scenario.world.horizon_days();
        let initial = f64::from(scenario.strategies[0].initial.iter().map(|initial| initial.headcount).sum::<u32>())
            + scenario.strategies[0].people.0.iter().filter(|member| member.is_present()).count() as f64;
        let results = simulate(text, 2);
        for replication in 0..2 {
            let of = |name: &str| results.of(name)[replication];
            // An empty cell is within any range.
            let empty_or = |name: &str, holds: fn(f64, f64) -> bool, bound: f64| {
                assert!(of(name).is_nan() || bound.is_nan() || holds(of(name), bound), "{name}: {}", of(name));
            };
            let from_0_to = |value: f64, most: f64| (0.0..=most + 1e-9).contains(&value);
            ["staffed_share", "retained_6m", "retained_12m"].iter().for_each(|share| empty_or(share, from_0_to, 1.0));
            scenario.world.goals.iter().for_each(|goal| empty_or(&goal.name, from_0_to, 1.0));
            let dates = specs().filter(|spec| matches!(spec.nature, Nature::Date { .. }));
            dates.for_each(|day| {
                empty_or(day.name, |day, most| day.is_infinite() || (0.0..=most + 1e-9).contains(&day), horizon)
            });
            empty_or("mean_fill_days", from_0_to, horizon);
            assert!(of("fill_days") <= of("vacant_days") + 1e-6 && of("quits") <= of("leaves"));
            let order = [
                ("half_staffed_day", "staffed_day"),
                ("retained_12m", "retained_6m"),
                ("accepted", "offered"),
                ("delivered_fte_days", "effective_fte_days"),
                ("shortfall_fte_days", "wanted_fte_days"),
            ];
            order.iter().for_each(|(less, more)| empty_or(less, |less, more| less <= more + 1e-9, of(more)));
            assert!(of("shortfall_fte_days") >= of("wanted_fte_days") - of("effective_fte_days") - 1e-6);
            let causes = specs().filter(|spec| spec.name.starts_with("leaves_")).map(|spec| of(spec.name)).sum::<f64>();
            assert!((causes - of("leaves")).abs() < 1e-9 && of("leaves") <= initial + of("joins"));
        }
        // By month, in the mean of the two replications.
        let months = scenario.world.horizon_months as usize;
        let sum = |measure: &str| results.months(measure, 1..=months).iter().sum::<f64>();
        for (measure, response) in [("joins", "joins"), ("leaves", "leaves")] {
            assert!((sum(measure) - mean(results.of(response))).abs() < 1e-9, "{measure} by month");
        }
        let at_the_end = |measure: &str| results.months(measure, months..=months)[0];
        assert!((at_the_end("headcount") - (initial + sum("joins") - sum("leaves"))).abs() < 1e-9);
        assert!((at_the_end("delivered_fte_days") - mean(results.of("delivered_fte_days"))).abs() < 1e-6);
    });
}

/// Returns the responses and month-end values of each replication of a block, to the bit.
fn by_replication(block: &Block) -> Vec<Vec<u64>> {
    let columns = |values: &[f64], at: usize| -> Vec<u64> {
        values.iter().skip(at).step_by(block.replications).map(|value| value.to_bits()).collect()
    };
    let months = of_months(block);
    let one =
        |at| [&block.responses, &months.series, &months.phases].iter().flat_map(|values| columns(values, at)).collect();
    (0..block.replications).map(one).collect()
}

/// Returns the blocks of these replications, by strategy.
fn computed(workers: &mut [Worker<'_>], replications: std::ops::Range<u32>) -> Vec<Vec<Vec<u64>>> {
    blocks_of(workers, replications).iter().map(by_replication).collect()
}

/// Asserts that each replication gives the same alone, after others and in another block.
fn assert_replications_stand_alone(scenario: &Scenario) {
    let mut reused = workers(scenario);
    let together = computed(&mut reused, 0..6);
    // The same worker again, in reverse order.
    for replication in (0..6_u32).rev() {
        let after_others = computed(&mut reused, replication..replication + 1);
        let alone = computed(&mut workers(scenario), replication..replication + 1);
        for strategy in 0..scenario.strategies.len() {
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
    assert!(days.iter().all(|day| day.is_infinite() || (day - 182.5).abs() < 1e-9), "{days:?}");
    assert_replications_stand_alone(&scenario(&text));
}

/// Returns how long people stayed, by seat and number of its requisition, in a strategy.
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
    // Other recruiters, searches, failures and set-up, and one employer that is less productive: people stay as long as
    // elsewhere, except for rounding of the difference of two days.
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
