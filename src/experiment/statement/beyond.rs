//! The rest of the statement: other goals, risks, and what to look at next.

use crate::report::number::{percent_within, readable, short_percent};
use crate::response::{EXITED, EXTENDED, RESCUED, ResponseId, Unit};
use crate::world::Bound;

use super::super::digest::two_digits;
use super::super::estimates::{BAD_CASE, Estimate};
use super::super::reported::ReportedId;
use super::{Reading, list, rounded, strategies, with_unit};

/// A goal above this probability is within reach.
const WITHIN_REACH: f64 = 0.9;
/// From this share of the wanted output on, what is missing is worth an explanation.
const SHORT: f64 = 0.02;
/// From these shares of their time on, requisitions wait for staff, and people for mentors, for too long.
const HELD_UP_BY_STAFF: f64 = 0.2;
const HELD_UP_BY_MENTORS: f64 = 0.05;
/// From this many leavers for each joiner on, most of what is hired only replaces people.
const REPLACING: f64 = 0.5;
/// Most replications worth proposing.
const REPLICATIONS_AT_MOST: f64 = 1e8;

impl Reading<'_> {
    /// Returns the probability of each goal under each strategy, except one goal, the likeliest strategy first.
    pub(super) fn goals(&self, but: Option<usize>) -> Vec<String> {
        let others = (0..self.results.study.goals().len()).filter(|goal| Some(*goal) != but);
        others.map(|goal| self.goal(goal)).collect()
    }

    fn goal(&self, goal: usize) -> String {
        let about = &self.results.study.goals()[goal];
        let shares: Vec<(&str, f64, String)> = strategies(self.results)
            .map(|strategy| {
                let met = self.results.goal(strategy, goal);
                let gate =
                    about.probability.map_or("", |required| if met.low >= required { ", enough" } else { ", not enough" });
                (self.title(strategy), met.share, format!("{}{gate}", self.likely(strategy, goal)))
            })
            .collect();
        let required =
            about.probability.map_or_else(String::new, |required| format!(" ({} required)", short_percent(required)));
        format!("\"{}\"{required} is met in {}.", about.name, by_strategy(shares, true))
    }

    /// Returns what can go wrong: early ends, rescues, teams that are never ready, expensive outcomes, and losses at
    /// the handover.
    pub(super) fn risks(&self) -> Vec<String> {
        let outcome = |outcome: usize, verb: &str| {
            let share = |strategy: usize| self.results.reported(strategy, ReportedId::outcome(outcome));
            let shares: Vec<(&str, f64, String)> = strategies(self.results)
                .map(|strategy| (self.title(strategy), share(strategy).mean, percent_of(share(strategy))))
                .collect();
            let happens = shares.iter().any(|(_, share, _)| *share > 0.0);
            happens.then(|| format!("{verb} in {}.", by_strategy(shares, false)))
        };
        let outcomes = [
            outcome(EXITED, "The client leaves the market early"),
            outcome(RESCUED, "The team has to be rescued"),
            outcome(EXTENDED, "The team is never ready for its transfer"),
        ];
        let may_differ =
            strategies(self.results).any(|strategy| self.results.response(strategy, ResponseId::CLIENT_COST).sd > 0.0);
        let bad_case = may_differ.then(|| self.bad_case());
        let handovers = strategies(self.results).filter_map(|strategy| self.handover(strategy));
        outcomes.into_iter().flatten().chain(bad_case).chain(handovers).collect()
    }

    /// Returns what the client pays in a bad case.
    fn bad_case(&self) -> String {
        let unit = &self.results.about(ResponseId::CLIENT_COST).unit_name;
        let cost = |strategy: usize| {
            let bound = self.results.bad_case(strategy, ResponseId::CLIENT_COST);
            let cost = rounded(bound.value, (bound.high - bound.low) / 2.0);
            format!("{cost} {unit} with {}", self.title(strategy))
        };
        let costs: Vec<String> = strategies(self.results).map(cost).collect();
        let costs: Vec<&str> = costs.iter().map(String::as_str).collect();
        format!("One simulation in {} costs the client more than {}.", readable(1.0 / (1.0 - BAD_CASE)), list(&costs))
    }

    /// Returns what the transfer of a strategy does to its people and their output, if it has one.
    fn handover(&self, strategy: usize) -> Option<String> {
        let response = |response: ResponseId| self.results.response(strategy, response);
        let (accepted, offered) = (response(ResponseId::ACCEPTED), response(ResponseId::OFFERED));
        let accept = (offered.mean > 0.0).then(|| {
            let [accepted, offered] =
                [accepted, offered].map(|estimate| rounded(estimate.mean, (estimate.high - estimate.low) / 2.0));
            format!("{accepted} of {offered} people accept the transfer")
        });
        let trough = response(ResponseId::TROUGH_SHARE);
        let dip = (trough.n > 0).then(|| format!("output falls to {} of what it was", percent_of(trough)));
        let retained = response(ResponseId::RETAINED_12M);
        let stay = (retained.n > 0).then(|| {
            format!("{} are still there a year later", with_unit(self.results.about(ResponseId::RETAINED_12M), retained))
        });
        let values: Vec<String> = [accept, dip, stay].into_iter().flatten().collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        (!values.is_empty()).then(|| format!("{}: {}, on average.", self.title(strategy), list(&values)))
    }

    /// Returns what would change the answer, or make it more certain.
    pub(super) fn next(&self) -> Vec<String> {
        let goals = self.results.study.goals();
        let wanted = |goal: usize| goals[goal].probability.unwrap_or(WITHIN_REACH);
        let best = |goal: usize| {
            strategies(self.results).map(|strategy| self.results.goal(strategy, goal).share).fold(0.0, f64::max)
        };
        let missed = (0..goals.len()).filter(|&goal| best(goal) < wanted(goal));
        let worst = missed.min_by(|&one, &other| (best(one) - wanted(one)).total_cmp(&(best(other) - wanted(other))));
        let vary = worst.map(|goal| {
            let (name, wanted) = (&goals[goal].name, short_percent(wanted(goal)));
            let how = if self.results.study.scenario.factors.is_empty() {
                "Look for a plan that does: `handover sweep FILE --vary KEY=LEVELS`."
            } else {
                "Look for a plan that does among the factors of the scenario: `handover sweep FILE`."
            };
            format!("No strategy meets \"{name}\" in {wanted} of simulations. {how}")
        });
        let settled = (0..goals.len()).filter_map(|goal| self.settled(goal));
        self.bottleneck().into_iter().chain(vary).chain(settled).chain(self.more_replications()).collect()
    }

    /// Returns what holds the plan up under the strategy that others are compared with: staff, mentors, or neither.
    fn bottleneck(&self) -> Option<String> {
        let strategy = self.reference();
        let mean = |response: ResponseId| self.results.response(strategy, response).mean;
        let share = |part: ResponseId, of: ResponseId| if mean(of) > 0.0 { mean(part) / mean(of) } else { 0.0 };
        if share(ResponseId::SHORTFALL_FTE_DAYS, ResponseId::WANTED_FTE_DAYS) < SHORT {
            return None;
        }
        let staff = share(ResponseId::WAITING_STAFF_DAYS, ResponseId::VACANT_DAYS);
        let mentors = share(ResponseId::WAITING_MENTOR_DAYS, ResponseId::HEAD_DAYS);
        let reason = if staff >= HELD_UP_BY_STAFF {
            "hiring staff holds the plan up"
        } else if mentors >= HELD_UP_BY_MENTORS {
            "mentors hold the plan up"
        } else if share(ResponseId::QUITS, ResponseId::JOINS) >= REPLACING {
            "what is missing is people who leave faster than a search takes"
        } else {
            "what is missing is the time that searches and onboarding take"
        };
        Some(format!(
            "With {}, requisitions wait {} of their time for hiring staff, and people {} of theirs for a mentor: {reason}.",
            self.title(strategy),
            short_percent((100.0 * staff).round() / 100.0),
            short_percent((100.0 * mentors).round() / 100.0),
        ))
    }

    /// Returns that a budget decides nothing, if every simulation meets it or none does.
    fn settled(&self, goal: usize) -> Option<String> {
        let about = &self.results.study.goals()[goal];
        let shares = || strategies(self.results).map(|strategy| self.results.goal(strategy, goal).share);
        let is_budget = about.measure.about().unit == Unit::Money && matches!(about.bound, Bound::AtMost(_));
        if !is_budget {
            None
        } else if shares().all(|share| share >= 1.0) {
            Some(format!("\"{}\" holds in every simulation, so it tells no strategies apart: is it too high?", about.name))
        } else if shares().all(|share| share <= 0.0) {
            Some(format!("\"{}\" holds in no simulation, so it tells no strategies apart: is it too low?", about.name))
        } else {
            None
        }
    }

    /// Returns how many replications would separate the best two in value, if they are not separated yet.
    fn more_replications(&self) -> Option<String> {
        let [one, other] = self.leaders[..] else { return None };
        let difference = self.results.difference_of(self.value, (one, other))?;
        let half_width = (difference.high - difference.low) / 2.0;
        let is_open = difference.low <= 0.0 && difference.high >= 0.0 && difference.mean.abs() > 0.0 && half_width > 0.0;
        let times = half_width * half_width / (difference.mean * difference.mean);
        let wanted = f64::from(self.results.study.settings.replications) * times;
        (is_open && wanted < REPLICATIONS_AT_MOST).then(|| {
            let wanted = readable(two_digits(wanted));
            let [one, other] = [one, other].map(|strategy| self.title(strategy));
            format!(
                "About {wanted} replications (-n) would tell {one} and {other} apart, if they differ as much as it seems."
            )
        })
    }
}

fn percent_of(estimate: &Estimate) -> String {
    percent_within(estimate.mean, (estimate.high - estimate.low) / 2.0)
}

/// Returns the share of each strategy, with equal shares together: `17 % of simulations`, or `79 % of simulations with
/// BOT and 0 % with in-house`.
fn by_strategy(mut shares: Vec<(&str, f64, String)>, is_sorted: bool) -> String {
    if is_sorted {
        shares.sort_by(|one, other| other.1.total_cmp(&one.1));
    }
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, _, share) in shares {
        match groups.iter_mut().find(|(known, _)| *known == share) {
            Some((_, names)) => names.push(name),
            None => groups.push((share, vec![name])),
        }
    }
    if let [(share, _)] = &groups[..] {
        return format!("{share} of simulations");
    }
    let of = |index: usize| if index == 0 { " of simulations" } else { "" };
    let groups = groups.iter().enumerate();
    let names: Vec<String> =
        groups.map(|(index, (share, names))| format!("{share}{} with {}", of(index), list(names))).collect();
    names.join(", ")
}
