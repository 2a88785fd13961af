//! Luck in theory: a draw for one purpose, person or replication says nothing about any other.

use std::collections::BTreeMap;

use handover::maths::exp;
use handover::model::{Fact, Phase};

use crate::support::{Seen, as_number, assert_share, fates, mean, scenario, team_of, text, watch};

/// Asserts that two samples of one length are uncorrelated: with n pairs the correlation has a standard error of
/// 1/sqrt(n). With 20,000 pairs 4 of them are 0.028, and a correlation of 0.045 would be noticed in 99 % of the cases.
#[track_caller]
fn assert_uncorrelated(what: &str, pairs: &[(f64, f64)]) {
    assert!(pairs.len() >= 20_000, "{what}: {} pairs", pairs.len());
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let product = |f: fn(f64, f64) -> f64| pairs.iter().map(|&(a, b)| f(a - mean_a, b - mean_b)).sum::<f64>();
    let correlation = product(|a, b| a * b) / (product(|a, _| a * a) * product(|_, b| b * b)).sqrt();
    let error = 1.0 / as_number(pairs.len()).sqrt();
    assert!(correlation.abs() < 4.0 * error, "{what}: a correlation of {correlation}, standard error {error}");
}

#[test]
fn the_length_of_a_search_says_nothing_of_its_end_and_nothing_of_the_next() {
    // Correlations of 0, as everywhere in this file.
    let text = team_of(
        500,
        60,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'uniform', min = 1, max = 9 }, pass = 0.5 }]",
    );
    let mut lengths: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    let mut begun = BTreeMap::new();
    let (mut ends, mut neighbours) = (Vec::new(), Vec::new());
    watch(&scenario(&text), 0, 45, |seen| match seen {
        Seen::Start => lengths.clear(),
        Seen::Fact(Fact::StageBegan(seat, _), _, now) => {
            begun.insert(seat.number, now);
        }
        Seen::Fact(fact @ (Fact::CandidateFailed(seat, _) | Fact::Joined(seat)), _, now) => {
            let length = now.days_since(begun[&seat.number]);
            ends.push((length, if matches!(fact, Fact::Joined(_)) { 1.0 } else { 0.0 }));
            let earlier = lengths.entry(seat.number).or_default();
            neighbours.extend(earlier.last().map(|&before| (before, length)));
            earlier.push(length);
        }
        _ => {}
    });
    assert_uncorrelated("length and success of a search", &ends);
    assert_uncorrelated("lengths of a search and the next", &neighbours);
}

#[test]
fn what_a_requisition_and_whom_it_brings_draw_are_independent() {
    // Onboarding is over before anybody quits, so every length is seen.
    let text = team_of(
        250,
        60,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'uniform', min = 5, max = 50 } }]\n\
         [organisation.x.onboarding]\nwaiting = 0\nmentored = 0.5\nmentored_days = { dist = 'uniform', min = 5, max = 50 }\n\
         then = [{ level = 0.8, days = { dist = 'uniform', min = 5, max = 50 } }]\n\
         [organisation.x.attrition]\ntenure_days = { dist = 'uniform', min = 150, max = 900 }\n\
         leave_notice_days = { dist = 'uniform', min = 5, max = 50 }",
    );
    // Days of: opening, joining, the step, full productivity, notice, departure; by the first requisition of each seat.
    let mut days: Vec<[f64; 6]> = Vec::new();
    let mut first = 0;
    watch(&scenario(&text), 0, 80, |seen| {
        let Seen::Fact(fact, team, now) = seen else {
            if let Seen::Start = seen {
                first = days.len();
                days.resize(first + 250, [0.0; 6]);
            }
            return;
        };
        let of_seat = |seat: handover::model::SeatId| (seat.number, team.seat(seat).requisitions);
        let of_person = |person| (team.person(person).seat.number, team.person(person).requisition);
        let ((seat, requisition), position) = match fact {
            Fact::RequisitionOpened(seat) => (of_seat(seat), 0),
            Fact::Joined(seat) => (of_seat(seat), 1),
            Fact::PhaseReached(person, Phase::Then(_)) => (of_person(person), 2),
            Fact::PhaseReached(person, _) => (of_person(person), 3),
            Fact::NoticeGiven(person, _) => (of_person(person), 4),
            Fact::Left(person, _) => (of_person(person), 5),
            _ => return,
        };
        if requisition == 1 {
            days[first + seat as usize][position] = now.days();
        }
    });
    let lengths = [("search", 0, 1), ("mentoring", 1, 2), ("step", 2, 3), ("tenure", 1, 4), ("notice", 4, 5)];
    for (position, (one, from, until)) in lengths.into_iter().enumerate() {
        for (other, other_from, other_until) in lengths.into_iter().skip(position + 1) {
            let pair = |days: &[f64; 6]| (days[until] - days[from], days[other_until] - days[other_from]);
            assert_uncorrelated(&format!("{one} and {other}"), &days.iter().map(pair).collect::<Vec<_>>());
        }
    }
}

#[test]
fn people_are_independent_of_those_beside_and_after_them_and_in_other_replications() {
    // Correlations of 0 between times to quit.
    let text = text(
        60,
        "role = [{ name = 'a' }, { name = 'b' }]\ndemand = { a = 100, b = 100 }\n\
         [organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         attrition.tenure_days = { dist = 'uniform', min = 100, max = 900 }",
    );
    // Tenure by replication, role, seat and requisition; the first two of each seat end within five years.
    let mut stays: BTreeMap<(u32, u16, u32, u32), f64> = BTreeMap::new();
    let mut replication = 0;
    watch(&scenario(&text), 0, 210, |seen| match seen {
        Seen::Start => replication += 1,
        Seen::Fact(Fact::NoticeGiven(person, _), team, now) if team.person(person).requisition <= 2 => {
            let person = team.person(person);
            let key = (replication, person.seat.role.0, person.seat.number, person.requisition);
            stays.insert(key, now.days() - person.joined_day);
        }
        _ => {}
    });
    assert_eq!(stays.len(), 210 * 200 * 2);
    let pairs = |step: (u32, u16, u32, u32)| -> Vec<(f64, f64)> {
        let beside = |(key, days): (&(u32, u16, u32, u32), &f64)| {
            let other = (key.0 + step.0, key.1 + step.1, key.2 + step.2, key.3 + step.3);
            stays.get(&other).map(|other| (*days, *other))
        };
        stays.iter().filter_map(beside).collect()
    };
    assert_uncorrelated("a replication and the next", &pairs((1, 0, 0, 0)));
    assert_uncorrelated("a role and the next", &pairs((0, 1, 0, 0)));
    assert_uncorrelated("a seat and the next", &pairs((0, 0, 1, 0)));
    assert_uncorrelated("the holder of a seat and the successor", &pairs((0, 0, 0, 1)));
    assert_uncorrelated("the holder of a seat and the successor beside", &pairs((0, 0, 1, 1)));
}

#[test]
fn whether_somebody_accepts_says_nothing_of_how_long_they_stay() {
    // Both organisations have the same law without memory. Of those who accept on day 182.5, as many are left on day
    // 365 as are left on day 182.5 of those who are there on day 0.
    let text = team_of(
        1000,
        13,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 0 }]\n\
         attrition.tenure_days = { dist = 'exponential', mean = 400 }\n[organisation.y]\nlike = 'x'\n\
         [[strategy.s.transfer]]\nto = 'y'\nmonth = 6\nacceptance = 0.5",
    );
    let fates = fates(&scenario(&text), 0, 300);
    let survival = exp(-182.5 / 400.0);
    let past = |day: f64| fates.iter().filter(|fate| fate.day > day).count();
    let at_the_transfer = fates.iter().filter(|fate| fate.day >= 182.5).count();
    assert_share("people at the transfer", at_the_transfer, fates.len(), survival);
    assert_share("accepters", past(182.5), at_the_transfer, 0.5);
    assert_share("accepters who are left", past(365.0), past(182.5), survival);
}
