//! The verdict: which strategy to choose, and what it costs, in at most three sentences.

use crate::response::ResponseId;

use super::super::estimates::Results;
use super::{Reading, list, strategies};
use crate::report::dates::date_of;

/// Goals that the verdict on one strategy names.
const GOALS: usize = 2;

pub(super) struct Verdict {
    pub(super) sentences: Vec<String>,
    /// The goal whose numbers it gives.
    pub(super) goal: Option<usize>,
}

/// How strategies compare in a goal in which the one of the best value does not lead.
struct Conflict {
    goal: usize,
    /// How much more likely others meet it.
    gap: f64,
    leaders: Vec<usize>,
}

impl Reading<'_> {
    pub(super) fn verdict(&self) -> Verdict {
        if strategies(self.results).len() == 1 {
            return Verdict { sentences: self.alone(), goal: None };
        }
        let mut sentences = vec![self.on_value()];
        let [leader] = self.leaders[..] else { return self.among_equals(sentences) };
        let Some(Conflict { goal, leaders, .. }) = self.worst_conflict(leader) else {
            if !self.results.study.goals().is_empty() {
                sentences.push("No other strategy is likelier to meet any of the goals.".to_owned());
            }
            return Verdict { sentences, goal: None };
        };
        sentences.push(self.conflict(leader, goal, &leaders));
        sentences.push(self.alternative(&leaders));
        Verdict { sentences, goal: Some(goal) }
    }

    /// Returns which strategy is the best value, and what it costs.
    fn on_value(&self) -> String {
        let all = strategies(self.results).len();
        match self.leaders[..] {
            [] => "The strategies cannot be ranked: in some simulations they deliver nothing to compare.".to_owned(),
            [leader] => self.on_leader(leader),
            ref several if several.len() == all => {
                let names: Vec<&str> = several.iter().map(|&strategy| self.title(strategy)).collect();
                format!("{} are about the same in {}.", list(&names), self.yardstick())
            }
            ref several => {
                let values: Vec<String> = several.iter().map(|&strategy| self.with_value(strategy)).collect();
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                format!("{} are the best value, and about the same in {}.", list(&values), self.yardstick())
            }
        }
    }

    fn on_leader(&self, leader: usize) -> String {
        let (title, value) = (self.title(leader), self.amount(leader, self.value));
        let unit_cost = || self.amount(leader, ResponseId::COST_PER_FTE_MONTH);
        match self.value {
            ResponseId::NET_NPV if self.results.response(leader, self.value).mean < 0.0 => {
                format!("No strategy earns more than it costs; {title} loses least: {value} net, at {}.", unit_cost())
            }
            ResponseId::NET_NPV => format!("{title} is the best value: {value} net, at {}.", unit_cost()),
            ResponseId::COST_PER_FTE_MONTH => format!("{title} is the cheapest for what it delivers: {value}."),
            _ => format!("{title} delivers most: {value}."),
        }
    }

    fn yardstick(&self) -> &'static str {
        match self.value {
            ResponseId::NET_NPV => "net value",
            ResponseId::COST_PER_FTE_MONTH => "cost per FTE-month",
            _ => "output delivered",
        }
    }

    fn with_value(&self, strategy: usize) -> String {
        format!("{} ({})", self.title(strategy), self.amount(strategy, self.value))
    }

    /// Decides by goals if several strategies are the best value.
    fn among_equals(&self, mut sentences: Vec<String>) -> Verdict {
        let decides = |goal: &usize| {
            let leaders = self.results.leaders(ResponseId::goal(*goal));
            !leaders.is_empty() && leaders.len() < strategies(self.results).len()
        };
        let goal = (0..self.results.study.goals().len()).find(decides);
        match goal {
            Some(goal) => {
                let leaders = self.results.leaders(ResponseId::goal(goal));
                let likely: Vec<String> = leaders
                    .iter()
                    .map(|&strategy| format!("{} ({})", self.title(strategy), self.likely(strategy, goal)))
                    .collect();
                let likely: Vec<&str> = likely.iter().map(String::as_str).collect();
                let verb = if leaders.len() == 1 { "is" } else { "are" };
                let name = &self.results.study.goals()[goal].name;
                sentences.push(format!("{} {verb} the likeliest to meet \"{name}\".", list(&likely)));
            }
            None if !self.results.study.goals().is_empty() => {
                sentences.push("They are about equally likely to meet each goal.".to_owned());
            }
            None => {}
        }
        Verdict { sentences, goal }
    }

    /// Returns the goal in which a strategy compares worst with others.
    fn worst_conflict(&self, leader: usize) -> Option<Conflict> {
        let conflict = |goal: usize| {
            let leaders = self.results.leaders(ResponseId::goal(goal));
            let share = |strategy: usize| self.results.goal(strategy, goal).share;
            let best = leaders.iter().map(|&strategy| share(strategy)).fold(f64::NEG_INFINITY, f64::max);
            let is_behind = !leaders.is_empty() && !leaders.contains(&leader);
            is_behind.then(|| Conflict { goal, gap: best - share(leader), leaders })
        };
        let conflicts = (0..self.results.study.goals().len()).filter_map(conflict);
        // Of goals with the same gap, the first counts.
        conflicts.reduce(|worst, next| if next.gap > worst.gap { next } else { worst })
    }

    fn conflict(&self, leader: usize, goal: usize, leaders: &[usize]) -> String {
        let name = &self.results.study.goals()[goal].name;
        let others: Vec<&str> = leaders.iter().map(|&strategy| self.title(strategy)).collect();
        let verb = if others.len() == 1 { "does" } else { "do" };
        let (own, best) = (self.likely(leader, goal), self.likely(self.cheapest(leaders), goal));
        if self.results.goal(leader, goal).share > 0.0 {
            format!("But it meets \"{name}\" in only {own} of simulations; {} {verb} in {best}.", list(&others))
        } else {
            format!("But it never meets \"{name}\"; {} {verb} in {best} of simulations.", list(&others))
        }
    }

    /// Returns the best value among strategies that are likelier to meet a goal.
    fn alternative(&self, leaders: &[usize]) -> String {
        let choice = self.cheapest(leaders);
        let title = self.title(choice);
        if self.has_cost() {
            let cost = self.amount(choice, ResponseId::COST_PER_FTE_MONTH);
            format!("If that goal comes first, choose {title}, at {cost}.")
        } else {
            format!("If that goal comes first, choose {title}.")
        }
    }

    /// Returns the strategy of the best value among some; the first, if they are equal.
    fn cheapest(&self, among: &[usize]) -> usize {
        let sign = if self.value == ResponseId::COST_PER_FTE_MONTH { 1.0 } else { -1.0 };
        let value = |strategy: usize| sign * self.results.response(strategy, self.value).mean;
        among.iter().copied().min_by(|&one, &other| value(one).total_cmp(&value(other))).unwrap_or(0)
    }

    /// Returns what a single strategy reaches, and what it costs.
    fn alone(&self) -> Vec<String> {
        let (title, results) = (self.title(0), self.results);
        let delivered = self.amount(0, ResponseId::DELIVERED_FTE_MONTHS);
        let first = if self.has_cost() {
            let [cost, each] =
                [ResponseId::CLIENT_COST, ResponseId::COST_PER_FTE_MONTH].map(|response| self.amount(0, response));
            format!("{title} delivers {delivered} for {cost}: {each}.")
        } else {
            format!("{title} delivers {delivered}.")
        };
        let goal = |goal: usize| format!("\"{}\" in {}", results.study.goals()[goal].name, self.likely(0, goal));
        let mut unlikely: Vec<usize> = (0..results.study.goals().len()).collect();
        unlikely.sort_by(|&one, &other| share(results, one).total_cmp(&share(results, other)));
        let goals: Vec<String> = unlikely.into_iter().take(GOALS).map(goal).collect();
        let goals: Vec<&str> = goals.iter().map(String::as_str).collect();
        let met = (!goals.is_empty()).then(|| format!("It meets {} of simulations.", list(&goals)));
        [first].into_iter().chain(met.or_else(|| self.staffed_alone())).collect()
    }

    /// Returns when a single strategy is staffed.
    fn staffed_alone(&self) -> Option<String> {
        let estimate = self.results.response(0, ResponseId::STAFFED_DAY);
        let median = estimate.quantiles[2];
        let date = || date_of(self.results.study.scenario.start(), median).strftime("%b %Y");
        (estimate.n > 0).then(|| {
            if median.is_finite() {
                format!("Half of the simulations have the team staffed by {}.", date())
            } else {
                "Fewer than half of the simulations ever have the team staffed.".to_owned()
            }
        })
    }
}

fn share(results: &Results, goal: usize) -> f64 {
    results.goal(0, goal).share
}
