//! A scenario in plain words: what it means, and what each strategy will do.

use crate::input::duration::Duration;
use crate::report::number::percent;
use crate::world::{
    Attrition, Hiring, HiringAfter, Onboarding, Organisation, OrganisationId, Slots, StageTable, Strategy, Transfer,
};

use super::Scenario;

/// A line of the description, indented so many steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Steps of indentation: 0 is a heading.
    pub depth: usize,
    /// The text.
    pub text: String,
}

/// The scenario in plain words.
#[must_use]
pub fn in_words(scenario: &Scenario) -> Vec<Line> {
    let mut words = Words { scenario, lines: Vec::new() };
    words.overview();
    for index in 0..scenario.world.organisations.len() {
        words.organisation(&scenario.world.organisations[index]);
    }
    scenario.strategies.iter().for_each(|strategy| words.strategy(strategy));
    words.lines
}

struct Words<'s> {
    scenario: &'s Scenario,
    lines: Vec<Line>,
}

impl<'s> Words<'s> {
    fn say(&mut self, depth: usize, text: impl Into<String>) {
        self.lines.push(Line { depth, text: text.into() });
    }

    fn overview(&mut self) {
        let scenario = self.scenario;
        let months = scenario.world.horizon_months;
        self.say(0, scenario.title.clone());
        self.say(1, format!("{months} months from {}, a month being 365/12 days", scenario.start));
        self.say(1, format!("{} replications of each strategy with seed {}", scenario.replications, scenario.seed));
        for (role, wanted) in scenario.world.roles.iter().zip(&scenario.world.demand) {
            let steps: Vec<String> = wanted
                .steps()
                .map(|(month, heads)| if month > 0.0 { format!("{heads} from month {month}") } else { heads.to_string() })
                .collect();
            let output = format!("each puts out {} FTE at level 1", role.output);
            self.say(
                1,
                format!("{}: {} wanted; {output}; hired with priority {}", role.name, steps.join(", "), role.priority),
            );
        }
        match &scenario.world.communication {
            Some(loss) => {
                let (highest, _) = scenario.world.highest_wanted();
                let lost = 100.0 * (1.0 - loss.factor(highest));
                self.say(1, format!("communication costs {lost:.1} % of the output of {highest} people"));
            }
            None => self.say(1, "communication costs nothing (no [communication])"),
        }
    }

    fn organisation(&mut self, organisation: &Organisation) {
        let whose = if organisation.own { "belongs to the client" } else { "a vendor" };
        self.say(0, format!("organisation {}, {whose}", organisation.name));
        self.say(1, format!("is set up {} it starts", after(&organisation.setup.setup_days)));
        match &organisation.hiring {
            Some(hiring) => self.hiring(hiring),
            None => self.say(1, "does not hire: its requisitions stay open (no [hiring])"),
        }
        match &organisation.onboarding {
            Some(onboarding) => self.onboarding(onboarding),
            None => self.say(1, "whoever joins is productive at once (no [onboarding])"),
        }
        match &organisation.attrition {
            Some(attrition) => self.attrition(attrition),
            None => self.say(1, "nobody quits (no [attrition])"),
        }
    }

    fn hiring(&mut self, hiring: &Hiring) {
        self.say(1, "hires in stages:");
        for stage in &hiring.stages {
            self.stage(stage, hiring);
        }
        let tries: f64 = hiring.stages.iter().map(|stage| 1.0 / stage.pass).product();
        self.say(2, format!("{tries:.2} candidates begin for each who joins, on average"));
    }

    fn stage(&mut self, stage: &StageTable, hiring: &Hiring) {
        let staff = stage.staff.map_or("without staff".to_owned(), |position| {
            let staff = &hiring.staff[position];
            format!("each holding one of {} {}", staff.most_units(), staff.name)
        });
        let passes = format!("{} % pass", percent(stage.pass));
        self.say(2, format!("{}: {}; {staff}; {passes}", stage.name, days(&stage.takes_days)));
        for (role, takes) in &stage.takes_days_by_role.0 {
            self.say(3, format!("for {}: {}", self.scenario.world.role(*role).name, days(takes)));
        }
    }

    fn onboarding(&mut self, onboarding: &Onboarding) {
        let slots = match onboarding.mentor_slots {
            Slots::Unlimited => "as many as there are joiners".to_owned(),
            Slots::Fixed(slots) => slots.to_string(),
            Slots::PerProductive { per_productive, at_least } => {
                format!("{per_productive} for each productive person, at least {at_least}")
            }
        };
        self.say(1, format!("joiners wait for a mentor slot at level {}; slots: {slots}", onboarding.waiting));
        let load = onboarding.mentor_load;
        self.say(
            2,
            format!(
                "mentored at level {}: {}; each takes {load} FTE away",
                onboarding.mentored,
                days(&onboarding.mentored_days)
            ),
        );
        for step in &onboarding.then {
            self.say(2, format!("then at level {}: {}", step.level, days(&step.days)));
        }
        self.say(2, "then at level 1");
    }

    fn attrition(&mut self, attrition: &Attrition) {
        let tenure = attrition
            .tenure_days
            .as_ref()
            .map_or("nobody quits of their own tenure".to_owned(), |tenure| format!("people quit after {}", days(tenure)));
        self.say(1, tenure);
        if attrition.early_hazard_per_year > 0.0 {
            self.say(
                2,
                format!(
                    "in their first {} days also {} times a year",
                    attrition.early_days, attrition.early_hazard_per_year
                ),
            );
        }
        if attrition.rotation_hazard_per_year > 0.0 {
            self.say(2, format!("and are moved elsewhere {} times a year", attrition.rotation_hazard_per_year));
        }
        self.say(2, format!("they leave {} they give notice", after(&attrition.leave_notice_days)));
        if attrition.leave_notice_days.maximum() > 0.0 {
            self.say(2, format!("until then they put out {} times what they did", attrition.notice_level));
        }
    }

    fn strategy(&mut self, strategy: &Strategy) {
        self.say(0, format!("strategy {}", strategy.name));
        let employer = self.name(strategy.employer);
        self.say(1, format!("{employer} employs the team from the start"));
        if strategy.transfers.is_empty() {
            self.say(1, "there is no transfer");
        }
        strategy.transfers.iter().for_each(|transfer| self.transfer(transfer));
    }

    fn transfer(&mut self, transfer: &Transfer) {
        let to = self.name(transfer.to);
        self.say(
            1,
            format!(
                "in month {} the team goes over to {to}, which prepares from month {}",
                transfer.trigger.earliest_month(),
                transfer.prepare_month
            ),
        );
        self.say(2, "if that is not set up by then, on the day on which it is");
        let shares: Vec<String> = transfer.waves.iter().map(|share| format!("{} %", percent(*share))).collect();
        let gaps = if shares.len() > 1 { format!(", {} days apart", transfer.wave_gap_days) } else { String::new() };
        self.say(2, format!("waves: {}{gaps}, longest tenure first", shares.join(", ")));
        self.say(2, format!("{} % accept", percent(transfer.acceptance)));
        for (role, acceptance) in &transfer.acceptance_by_role.0 {
            self.say(3, format!("of {}: {} %", self.scenario.world.role(*role).name, percent(acceptance.value())));
        }
        self.say(2, format!("who refuses leaves {} they are asked", after(&transfer.refuser_stays_days)));
        if transfer.shock_hazard_per_year > 0.0 {
            let survive = 100.0 * crate::maths::exp(-transfer.shock_hazard_per_year * transfer.shock_days / 365.0);
            self.say(
                2,
                format!(
                    "the shock alone is survived by {survive:.1} % of the accepters, within {} days",
                    transfer.shock_days
                ),
            );
        }
        if transfer.disruption_days > 0.0 {
            self.say(
                2,
                format!("accepters work at {} of their level for {} days", transfer.disruption, transfer.disruption_days),
            );
        }
        let pipeline = match transfer.hiring_after {
            HiringAfter::Receiver => format!("{to} hires from then on"),
            HiringAfter::Sender => format!("the pipeline of before serves on; whoever joins joins {to}"),
        };
        self.say(2, pipeline);
    }

    fn name(&self, organisation: OrganisationId) -> &'s str {
        &self.scenario.world.organisation(organisation).name
    }
}

/// A duration in words, with its mean and its middle 90 %.
fn days(duration: &Duration) -> String {
    let (low, mean, high) = (duration.quantile(0.05), duration.mean(), duration.quantile(0.95));
    if high - low <= 1e-9 {
        format!("{} days", round(mean))
    } else {
        format!("{} days on average (90 %: {} to {})", round(mean), round(low), round(high))
    }
}

/// A duration that comes between an event and what follows from it.
fn after(duration: &Duration) -> String {
    if duration.maximum() > 0.0 { format!("{} after", days(duration)) } else { "as soon as".to_owned() }
}

/// A number of days with no more digits than a reader wants.
fn round(days: f64) -> f64 {
    if days >= 100.0 { days.round() } else { (10.0 * days).round() / 10.0 }
}
