//! An organisation in words: setting up, hiring, onboarding, leaving, failing.

use crate::maths::exp;
use crate::world::{Bench, Brand, DAYS_PER_YEAR, Hiring, Organisation, RoleId, Staff, StageTable};

use super::Words;
use super::given::Given;
use super::given::Step::{Item, Key};
use super::phrases::{about_percent, after, days, number, percent, round, row, steps, struck, titled};

/// The keys of an organisation that `like` may take from another.
const INHERITED: [&str; 7] = ["own", "setup_days", "failure_hazard_per_year", "hiring", "onboarding", "attrition", "cost"];

impl Words<'_> {
    pub(super) fn organisation(&mut self, organisation: &Organisation) {
        let name = &organisation.name;
        let given = self.given(&[Key("organisation"), Key(name)]);
        let whose = if organisation.own { "belongs to the client" } else { "a vendor" };
        let title = titled(organisation.title.as_deref());
        self.say(0, format!("organisation {name}{title}, {whose}{}", given.mark("own")));
        self.like(name, &given);
        let mark = given.mark("setup_days");
        self.say(1, format!("is set up {} it starts{mark}", after(&organisation.setup.setup_days)));
        match &organisation.hiring {
            Some(hiring) => self.hiring(hiring, name),
            None => self.say(1, "does not hire: its requisitions stay open (no [hiring])"),
        }
        match &organisation.onboarding {
            Some(onboarding) => self.onboarding(onboarding, name),
            None => self.say(1, "joiners are productive at once (no [onboarding])"),
        }
        match &organisation.attrition {
            Some(attrition) => self.attrition(attrition, name),
            None => self.say(1, "nobody quits, and released people leave at once (no [attrition])"),
        }
        match &organisation.cost {
            Some(cost) => self.cost(cost, organisation),
            None => self.say(1, "it has no cost of employment (no [cost])"),
        }
        let hazard = organisation.failure_hazard_per_year;
        let mark = given.mark("failure_hazard_per_year");
        if hazard > 0.0 {
            let within = about_percent(struck(hazard, DAYS_PER_YEAR));
            self.say(
                1,
                format!("may collapse while it is in charge: {} a year{mark}, {within} within a year", number(hazard)),
            );
        } else {
            self.say(1, format!("never collapses{mark}"));
        }
        self.notes_on_organisation(organisation);
    }

    /// Describes what it takes from another organisation.
    fn like(&mut self, name: &str, given: &Given<'_>) {
        let own = Given::at(self.as_written, &[Key("organisation"), Key(name)]);
        let Some(other) = own.text("like") else { return };
        let taken: Vec<&str> = INHERITED.into_iter().filter(|key| given.has(key) && !own.has(key)).collect();
        let taken = if taken.is_empty() { "nothing, because it gives everything itself".to_owned() } else { row(&taken) };
        self.say(1, format!("like {other}, from which it takes: {taken}"));
    }

    fn hiring(&mut self, hiring: &Hiring, name: &str) {
        let given = self.given(&[Key("organisation"), Key(name), Key("hiring")]);
        self.say(1, "hires in stages:");
        for (index, stage) in hiring.stages.iter().enumerate() {
            self.stage(stage, index, hiring, name);
        }
        for staff in &hiring.staff {
            self.say(2, capacity(staff));
        }
        if hiring.staff.is_empty() {
            self.say(2, "no staff (default): nobody waits for a recruiter");
        }
        let tries = self.for_roles(|role| format!("{:.2}", candidates_per_join(hiring, role)));
        self.say(2, format!("{tries} candidates per join, on average"));
        let days = self.for_roles(|role| round(mean_fill_days(hiring, role)));
        self.say(2, format!("mean days to fill, if nobody waits for staff: {days}"));
        match hiring.brand {
            Some(brand) => {
                let given = self.given(&[Key("organisation"), Key(name), Key("hiring"), Key("brand")]);
                self.brand(brand, given.number("hires").unwrap_or_default());
            }
            None => self.say(2, "a newcomer does not search longer (no brand)"),
        }
        match &hiring.bench {
            Some(bench) => self.bench(bench, &given),
            None => self.say(2, "there is no bench (default)"),
        }
    }

    fn stage(&mut self, stage: &StageTable, index: usize, hiring: &Hiring, name: &str) {
        let given = self.given(&[Key("organisation"), Key(name), Key("hiring"), Key("stages"), Item(index)]);
        let staff =
            stage.staff.map_or("uses no staff".to_owned(), |position| format!("uses {}", hiring.staff[position].name));
        let passes = format!("{} pass{}", percent(stage.pass), given.mark("pass"));
        self.say(2, format!("{}: {}; {staff}; {passes}", stage.name, days(&stage.takes_days)));
        for (role, takes) in &stage.takes_days_by_role.0 {
            self.say(3, format!("for {}: {}", self.role(*role), days(takes)));
        }
        for (role, pass) in &stage.pass_by_role.0 {
            self.say(3, format!("for {}: {} pass", self.role(*role), percent(pass.value())));
        }
        if given.has("on_fail") {
            self.say(3, format!("after a failure: back to {}", hiring.stages[stage.fails_to].name));
        }
    }

    /// Returns a value that is the same for all roles, or each distinct value with its roles.
    fn for_roles(&self, value: impl Fn(RoleId) -> String) -> String {
        let mut values: Vec<(String, Vec<&str>)> = Vec::new();
        for role in self.scenario.world.roles_by_priority() {
            let of_role = value(role);
            match values.iter_mut().find(|(known, _)| *known == of_role) {
                Some((_, roles)) => roles.push(self.role(role)),
                None => values.push((of_role, vec![self.role(role)])),
            }
        }
        let values: Vec<String> = match values.as_slice() {
            [(value, _)] => vec![value.clone()],
            many => many.iter().map(|(value, roles)| format!("{value} ({})", row(roles))).collect(),
        };
        row(&values)
    }

    fn brand(&mut self, brand: Brand, hires: f64) {
        let start = round(brand.factor(0));
        let later = round(1.0 + (brand.factor(0) - 1.0) * exp(-1.0));
        self.say(2, format!("a newcomer searches longer: the first stage takes {start} times as long at first,"));
        self.say(3, format!("{later} times after {} people have joined, and less and less after that", number(hires)));
    }

    fn bench(&mut self, bench: &Bench, given: &Given<'_>) {
        self.say(2, format!("on the bench at the start: {}", self.by_role(&bench.stock, ToString::to_string)));
        let ready = format!("{}{}", days(&bench.ready_days), given.mark("bench_ready_days"));
        let refill = format!("{}{}", days(&bench.refill_days), given.mark("bench_refill_days"));
        self.say(3, format!("they skip all stages and join after {ready}"));
        self.say(3, format!("each person taken is replaced after {refill}"));
    }
}

fn capacity(staff: &Staff) -> String {
    let one = |capacity: crate::world::Capacity| match capacity {
        capacity if capacity.count == capacity.units => format!("{}", capacity.count),
        capacity => format!("{} (for {} requisitions at once)", capacity.count, capacity.units),
    };
    format!("{}: {}", staff.name, steps(&staff.steps, one))
}

/// Returns the mean number of candidates for each person of a role who joins: one who passes, and all who fail.
fn candidates_per_join(hiring: &Hiring, role: RoleId) -> f64 {
    let begins = hiring.begins_per_join(role);
    let failures = begins.iter().zip(&hiring.stages).map(|(begins, stage)| begins * (1.0 - stage.pass_of(Some(role))));
    1.0 + failures.sum::<f64>()
}

/// Returns the mean time to fill without queues.
fn mean_fill_days(hiring: &Hiring, role: RoleId) -> f64 {
    let mean = |stage: &StageTable| stage.takes_days_by_role.get(role).unwrap_or(&stage.takes_days).mean();
    hiring.begins_per_join(role).iter().zip(&hiring.stages).map(|(begins, stage)| begins * mean(stage)).sum()
}
