//! A scenario in plain words: what it means, what each strategy does, and which defaults apply.

mod attrition;
mod contract;
mod cost;
mod decisions;
mod doubts;
mod given;
mod notes;
mod onboarding;
mod organisation;
mod people;
mod phrases;
mod strategy;
mod transfer;
mod wanted;

use crate::input::months::Moment;
use crate::input::{Node, Reader, Section};
use crate::world::{ByRole, OrganisationId, RoleId};

use super::{Scenario, like};
use given::{Given, Step};
use phrases::{number, short};

/// A line of the description, with its indentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Steps of indentation. 0 is a heading.
    pub depth: usize,
    /// The text.
    pub text: String,
}

/// Returns the scenario in plain words.
#[must_use]
pub fn in_words(scenario: &Scenario) -> Vec<Line> {
    words(scenario).0
}

/// Returns everything to double-check, each with its organisation or strategy, so that it can be read alone.
#[must_use]
pub fn notes(scenario: &Scenario) -> Vec<String> {
    words(scenario).1
}

/// Returns the description and what is worth a second look.
fn words(scenario: &Scenario) -> (Vec<Line>, Vec<String>) {
    let (root, _) = Node::parse(scenario.text());
    let as_written = root.section().cloned().unwrap_or_default();
    let names = super::names(&as_written);
    // The scenario was read without mistakes, so the reader finds none now.
    let resolved = like::resolve(&as_written, &mut Reader::new(&names));
    let (lines, notes) = (Vec::new(), Vec::new());
    let mut words = Words { scenario, as_written: &as_written, resolved: &resolved, lines, notes };
    words.frame();
    words.wanted();
    words.goals();
    scenario.world.organisations.iter().for_each(|organisation| words.organisation(organisation));
    scenario.strategies.iter().for_each(|strategy| words.strategy(strategy));
    words.decisions();
    words.doubts();
    (words.lines, words.notes)
}

struct Words<'s> {
    scenario: &'s Scenario,
    /// The tables as they are in the file.
    as_written: &'s Section,
    /// The same with every `like` resolved.
    resolved: &'s Section,
    lines: Vec<Line>,
    /// What is worth a second look, each with its subject.
    notes: Vec<String>,
}

impl<'s> Words<'s> {
    fn say(&mut self, depth: usize, text: impl Into<String>) {
        self.lines.push(Line { depth, text: text.into() });
    }

    /// Returns what the table at a path gives, itself or by `like`.
    fn given(&self, path: &[Step<'_>]) -> Given<'s> {
        Given::at(self.resolved, path)
    }

    fn name(&self, organisation: OrganisationId) -> &'s str {
        &self.scenario.world.organisation(organisation).name
    }

    fn role(&self, role: RoleId) -> &'s str {
        &self.scenario.world.role(role).name
    }

    fn currency(&self) -> &'s str {
        &self.scenario.world.currency
    }

    /// Returns an instant with its date: `month 24 (2029-01-01)`.
    fn at(&self, at: Moment) -> String {
        format!("month {} ({})", short(at.month), self.scenario.world.months.date(at.day))
    }

    /// Returns a month with its last day: `month 24 (to 2028-12-31)`.
    fn month(&self, month: u32) -> String {
        format!("month {} (to {})", number(month.into()), self.scenario.world.months.last_date(month))
    }

    /// Returns the values of some roles: `lead 60, engineer 22`.
    fn by_role<T>(&self, values: &ByRole<T>, say: impl Fn(&T) -> String) -> String {
        let one = |(role, value): &(RoleId, T)| format!("{} {}", self.role(*role), say(value));
        values.0.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Returns the names of the roles that are wanted at some time and for which `has` is false.
    fn wanted_roles_without(&self, has: impl Fn(RoleId) -> bool) -> Vec<&'s str> {
        let world = &self.scenario.world;
        let is_wanted = |role: &RoleId| world.demand[usize::from(role.0)].steps().any(|(_, heads)| heads > 0);
        world
            .roles_by_priority()
            .into_iter()
            .filter(is_wanted)
            .filter(|&role| !has(role))
            .map(|role| self.role(role))
            .collect()
    }

    /// Whether the wanted headcount may fall.
    fn demand_may_fall(&self) -> bool {
        let falls = |demand: &crate::world::Wanted| {
            let steps: Vec<u32> = demand.steps().map(|(_, heads)| heads).collect();
            steps.windows(2).any(|pair| pair[1] < pair[0])
        };
        let world = &self.scenario.world;
        let shrinks = |shock: &crate::world::DemandShock| shock.per_year > 0.0 && shock.factor.quantile(1e-9) < 1.0;
        world.demand.iter().any(falls) || world.demand_shock.as_ref().is_some_and(shrinks)
    }

    /// Whether the client may leave the market.
    fn may_exit(&self) -> bool {
        self.scenario.world.market.is_some_and(|market| market.exit_hazard_per_year > 0.0)
    }
}
