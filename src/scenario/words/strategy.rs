//! A strategy in words: a short story in chronological order, and who pays what.

use crate::input::months::Moment;
use crate::world::{DAYS_PER_YEAR, Member, OrganisationId, Strategy, Surplus};

use super::Words;
use super::given::Step::{Item, Key};
use super::phrases::{about_percent, days, number, percent, round, row, struck, titled};

impl Words<'_> {
    pub(super) fn strategy(&mut self, strategy: &Strategy) {
        self.say(0, format!("strategy {}{}", strategy.name, titled(strategy.title.as_deref())));
        self.say(1, self.headline(strategy));
        self.beginning(strategy);
        self.payments(strategy, strategy.employer);
        let mut described = vec![strategy.employer];
        for (_, employer) in &strategy.employer_by_role.0 {
            if !described.contains(employer) {
                self.payments(strategy, *employer);
                described.push(*employer);
            }
        }
        for (index, transfer) in strategy.transfers.iter().enumerate() {
            self.transfer(transfer, index, strategy);
            if !described.contains(&transfer.to) {
                self.payments(strategy, transfer.to);
                described.push(transfer.to);
            }
        }
        self.risk(strategy);
        if let Some(rescue) = strategy.rescue.as_ref().filter(|rescue| !described.contains(&rescue.to)) {
            self.payments(strategy, rescue.to);
            described.push(rescue.to);
        }
        self.sum(strategy, &described);
        self.notes_on_strategy(strategy);
    }

    /// Returns the strategy in one sentence.
    fn headline(&self, strategy: &Strategy) -> String {
        let employer = self.name(strategy.employer);
        let is_there = !strategy.initial.is_empty() || strategy.people.0.iter().any(Member::is_present);
        let begins = if !is_there { "builds and runs the team" } else { "runs the existing team" };
        let receivers: Vec<&str> = strategy.transfers.iter().map(|transfer| self.name(transfer.to)).collect();
        match receivers.as_slice() {
            [] => format!("{employer} {begins} and keeps it: there is no transfer"),
            [one] => format!("{employer} {begins}, then hands it over to {one}"),
            many => format!("{employer} {begins}, then hands it over to {}", many.join(", which hands it over to ")),
        }
    }

    /// Describes day 0 and setting up.
    fn beginning(&mut self, strategy: &Strategy) {
        let employer = self.name(strategy.employer);
        let about = self.scenario.world.organisation(strategy.employer);
        let mark = self.given(&[Key("organisation"), Key(employer)]).mark("setup_days");
        let set_up = match about.setup.setup_days.maximum() {
            longest if longest > 0.0 => format!("is set up after {}{mark}", days(&about.setup.setup_days)),
            _ => format!("is set up at once{mark}"),
        };
        self.say(1, format!("day 0 ({}): {employer} takes charge and starts; it {set_up}", self.scenario.start()));
        for (index, initial) in strategy.initial.iter().enumerate() {
            let given = self.given(&[Key("strategy"), Key(&strategy.name), Key("initial"), Item(index)]);
            let tenure = format!("{}{}", days(&initial.tenure_days), given.mark("tenure_days"));
            let people = format!("{} of {}", initial.headcount, self.role(initial.role));
            self.say(2, format!("already present, past onboarding: {people}, joined {tenure} before"));
        }
        for (role, employer) in &strategy.employer_by_role.0 {
            let (role, employer) = (self.role(*role), self.name(*employer));
            self.say(2, format!("{role}: hired and employed by {employer} from the start to the end"));
        }
        self.people(strategy);
        if strategy.initial.is_empty() && !strategy.people.0.iter().any(Member::is_present) {
            self.say(2, "nobody is present at the start (default)");
        }
        if about.hiring.is_some() {
            self.say(2, format!("then {employer} hires until the wanted headcount is reached"));
        }
    }

    /// Describes exit, collapse and rescue.
    fn risk(&mut self, strategy: &Strategy) {
        if self.may_exit() {
            self.say(1, "if the venture fails, everyone leaves that day and everything is over: see market and goals");
        }
        let in_charge = in_charge(strategy);
        let hazard = |id: &OrganisationId| self.scenario.world.organisation(*id).failure_hazard_per_year;
        let failing: Vec<OrganisationId> = in_charge.iter().copied().filter(|id| hazard(id) > 0.0).collect();
        for id in &failing {
            let within = about_percent(struck(hazard(id), DAYS_PER_YEAR));
            let name = self.name(*id);
            self.say(1, format!("while {name} is in charge it may collapse ({within} within a year of being in charge)"));
            match &strategy.rescue {
                Some(rescue) if rescue.to != *id => {
                    let mark = self.given(&[Key("strategy"), Key(&strategy.name), Key("rescue")]).mark("acceptance");
                    let to = self.name(rescue.to);
                    let accept = format!("{} accept{mark}", percent(rescue.acceptance));
                    self.say(2, format!("then {to} makes everyone an offer that day; {accept}, the others leave at once"));
                    self.say(
                        2,
                        format!(
                            "{to} starts that day unless it is already active, and opens requisitions once it is set up"
                        ),
                    );
                }
                rescue => {
                    let why = if rescue.is_some() { "it is the rescuer itself" } else { "no rescue" };
                    self.say(2, format!("then everyone leaves that day, and it sets up again ({why})"));
                }
            }
        }
    }

    /// Returns when an organisation that starts at an instant is set up, on average.
    pub(super) fn set_up_about(&self, organisation: OrganisationId, prepare: Moment) -> String {
        let setup = &self.scenario.world.organisation(organisation).setup.setup_days;
        if setup.maximum() <= 0.0 {
            return "it is set up at once".to_owned();
        }
        let month = prepare.month + setup.mean() / crate::world::DAYS_PER_MONTH;
        format!("it is set up after {}, about month {}", days(setup), round(month))
    }

    /// Notes what to double-check about a subject.
    pub(super) fn second_look(&mut self, subject: &str, notes: &[String]) {
        self.notes.extend(notes.iter().map(|note| format!("{subject}: {note}")));
    }

    /// Returns a note for each role with more people at the start than wanted.
    pub(super) fn too_many_at_first(&self, strategy: &Strategy) -> Vec<String> {
        let world = &self.scenario.world;
        let there = |role| -> u64 {
            strategy.initial.iter().filter(|initial| initial.role == role).map(|initial| u64::from(initial.headcount)).sum()
        };
        let mut notes = Vec::new();
        for role in world.roles_by_priority() {
            let wanted = u64::from(world.demand[usize::from(role.0)].at(0.0));
            if there(role) > wanted {
                let surplus = there(role) - wanted;
                let attrition = world.organisation(strategy.employer).attrition_of(role);
                let fate = match attrition.map_or(Surplus::Release, |attrition| attrition.surplus) {
                    Surplus::Release => "they are released on day 0",
                    Surplus::Wait => "nobody is hired until as many have left",
                };
                notes.push(format!("{surplus} more of {} are present than wanted: {fate}", self.role(role)));
            }
        }
        notes
    }

    /// Returns the names of organisations in a row.
    pub(super) fn names(&self, organisations: &[OrganisationId]) -> String {
        row(&organisations.iter().map(|id| self.name(*id)).collect::<Vec<_>>())
    }

    /// Returns a number of days.
    pub(super) fn lag(days: f64) -> String {
        format!("{} days", number(days))
    }
}

/// Returns the organisations that may be in charge.
pub(super) fn in_charge(strategy: &Strategy) -> Vec<OrganisationId> {
    let mut all = vec![strategy.employer];
    for transfer in strategy.transfers.iter().chain(&strategy.rescue) {
        if !all.contains(&transfer.to) {
            all.push(transfer.to);
        }
    }
    all
}

/// Returns the organisation that hands over in a listed transfer.
pub(super) fn sender(strategy: &Strategy, transfer: usize) -> OrganisationId {
    transfer.checked_sub(1).map_or(strategy.employer, |before| strategy.transfers[before].to)
}
