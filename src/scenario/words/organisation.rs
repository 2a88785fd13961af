//! An organisation in words: setting up, hiring, onboarding, leaving, failing.

use crate::input::duration::Duration;
use crate::maths::exp;
use crate::world::{
    Attrition, Bench, Brand, DAYS_PER_YEAR, Hiring, Onboarding, Organisation, RoleId, Slots, Staff, StageTable,
};

use super::Words;
use super::given::Given;
use super::given::Step::{Item, Key};
use super::phrases::{about_percent, after, days, in_steps, number, percent, round, row, struck, titled};

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
    fn like(&mut self, name: &str, given: &Given) {
        let own = Given::at(&self.as_written, &[Key("organisation"), Key(name)]);
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
        let tries: f64 = hiring.stages.iter().map(|stage| 1.0 / stage.pass).product();
        self.say(2, format!("{tries:.2} candidates per join, on average"));
        self.fill_days(hiring);
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
    }

    /// Describes how long filling a requisition takes on average without waiting, for each distinct length.
    fn fill_days(&mut self, hiring: &Hiring) {
        let mut lengths: Vec<(String, Vec<&str>)> = Vec::new();
        for role in self.scenario.world.roles_by_priority() {
            let length = round(mean_fill_days(hiring, role));
            match lengths.iter_mut().find(|(known, _)| *known == length) {
                Some((_, roles)) => roles.push(self.role(role)),
                None => lengths.push((length, vec![self.role(role)])),
            }
        }
        let lengths: Vec<String> = match lengths.as_slice() {
            [(length, _)] => vec![length.clone()],
            many => many.iter().map(|(length, roles)| format!("{length} ({})", row(roles))).collect(),
        };
        self.say(2, format!("mean days to fill, if nobody waits for staff: {}", row(&lengths)));
    }

    fn brand(&mut self, brand: Brand, hires: f64) {
        let start = round(brand.factor(0));
        let later = round(1.0 + (brand.factor(0) - 1.0) * exp(-1.0));
        self.say(2, format!("a newcomer searches longer: the first stage takes {start} times as long at first,"));
        self.say(3, format!("{later} times after {} people have joined, and less and less after that", number(hires)));
    }

    fn bench(&mut self, bench: &Bench, given: &Given) {
        self.say(2, format!("on the bench at the start: {}", self.by_role(&bench.stock, ToString::to_string)));
        let ready = format!("{}{}", days(&bench.ready_days), given.mark("bench_ready_days"));
        let refill = format!("{}{}", days(&bench.refill_days), given.mark("bench_refill_days"));
        self.say(3, format!("they skip all stages and join after {ready}"));
        self.say(3, format!("each person taken is replaced after {refill}"));
    }

    fn onboarding(&mut self, onboarding: &Onboarding, name: &str) {
        let given = self.given(&[Key("organisation"), Key(name), Key("onboarding")]);
        let slots = match onboarding.mentor_slots {
            Slots::Unlimited => "unlimited".to_owned(),
            Slots::Fixed(slots) => slots.to_string(),
            Slots::PerProductive { per_productive, at_least } => {
                let table = self.given(&[Key("organisation"), Key(name), Key("onboarding"), Key("mentor_slots")]);
                let at_least = format!("at least {at_least}{}", table.mark("at_least"));
                format!("{} for each person at level 1, {at_least}", number(per_productive))
            }
        };
        let slots = format!("{slots}{}", given.mark("mentor_slots"));
        self.say(1, format!("joiners wait for a mentor slot at level {}; slots: {slots}", number(onboarding.waiting)));
        let load = format!("each takes {} FTE from the others{}", number(onboarding.mentor_load), given.mark("mentor_load"));
        let mentored = number(onboarding.mentored);
        self.say(2, format!("mentored at level {mentored}: {}; {load}", days(&onboarding.mentored_days)));
        for step in &onboarding.then {
            self.say(2, format!("then at level {}: {}", number(step.level), days(&step.days)));
        }
        self.say(2, format!("then at level 1{}", if given.has("then") { "" } else { ", without further steps (default)" }));
    }

    fn attrition(&mut self, attrition: &Attrition, name: &str) {
        let given = self.given(&[Key("organisation"), Key(name), Key("attrition")]);
        match &attrition.tenure_days {
            Some(tenure) => {
                let gone = about_percent(1.0 - tenure.survival(DAYS_PER_YEAR));
                let half = round(tenure.quantile(0.5));
                self.say(1, format!("people quit after {}", days(tenure)));
                self.say(
                    2,
                    format!("if nothing else happens, {gone} quit within a year, and half of them within {half} days"),
                );
                self.say(2, vacancies(tenure));
            }
            None if given.has("attrition_per_year") => self.say(1, "nobody quits because of tenure"),
            None => self.say(1, "nobody quits because of tenure (default)"),
        }
        if attrition.early_hazard_per_year > 0.0 {
            let (hazard, until) = (attrition.early_hazard_per_year, attrition.early_days);
            let gone = about_percent(struck(hazard, until));
            self.say(
                2,
                format!(
                    "in their first {} days, additionally at {} a year: {gone} of them by then",
                    number(until),
                    number(hazard)
                ),
            );
        }
        if attrition.rotation_hazard_per_year > 0.0 {
            let hazard = attrition.rotation_hazard_per_year;
            let gone = about_percent(struck(hazard, DAYS_PER_YEAR));
            self.say(2, format!("their employer moves them elsewhere at {} a year: {gone} within a year", number(hazard)));
        }
        if attrition.burnout_hazard_per_year > 0.0 {
            let hazard = attrition.burnout_hazard_per_year;
            let gone = about_percent(struck(hazard * 0.2, DAYS_PER_YEAR));
            self.say(2, format!("burnout: {} a year times the missing share of the wanted output;", number(hazard)));
            self.say(3, format!("with a fifth missing that is {gone} within a year"));
        }
        let none = [
            ("early_hazard_per_year", "no early hazard"),
            ("rotation_hazard_per_year", "no rotation"),
            ("burnout_hazard_per_year", "no burnout"),
        ];
        for left_out in given.left_out(&none) {
            self.say(2, left_out);
        }
        let leave = format!("{} they give notice{}", after(&attrition.leave_notice_days), given.mark("leave_notice_days"));
        self.say(2, format!("they leave {leave}"));
        if attrition.leave_notice_days.maximum() > 0.0 {
            let level =
                format!("{} times their earlier output{}", number(attrition.notice_level), given.mark("notice_level"));
            self.say(3, format!("until then they produce {level}"));
        }
        let released =
            format!("{} they get notice{}", after(&attrition.release_notice_days), given.mark("release_notice_days"));
        self.say(2, format!("people released because fewer are wanted leave {released}"));
    }
}

/// Describes how many seats become vacant: the attrition rate as HR departments report it.
fn vacancies(tenure: &Duration) -> String {
    let vacant = round(100.0 * DAYS_PER_YEAR / tenure.mean());
    let always = if tenure.is_exponential() { "" } else { "in the long run, " };
    format!("{always}of 100 seats kept filled, {vacant} become vacant per year")
}

fn capacity(staff: &Staff) -> String {
    let one = |capacity: crate::world::Capacity| match capacity {
        capacity if capacity.count == capacity.units => format!("{}", capacity.count),
        capacity => format!("{} (for {} requisitions at once)", capacity.count, capacity.units),
    };
    let steps: Vec<(f64, String)> = staff.steps.iter().map(|(month, capacity)| (month, one(capacity))).collect();
    format!("{}: {}", staff.name, in_steps(&steps))
}

/// Returns the mean time to fill without queues. Each try repeats the stages up to the one that it fails.
fn mean_fill_days(hiring: &Hiring, role: RoleId) -> f64 {
    let mean = |stage: &StageTable| -> f64 {
        let of_role = stage.takes_days_by_role.0.iter().find(|(given, _)| *given == role).map(|(_, takes)| takes);
        let takes: &Duration = of_role.unwrap_or(&stage.takes_days);
        takes.mean()
    };
    let (mut reached, mut days) = (1.0, 0.0);
    for stage in &hiring.stages {
        days += reached * mean(stage);
        reached *= stage.pass;
    }
    days / reached
}
