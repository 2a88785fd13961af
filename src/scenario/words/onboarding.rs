//! Joining in words: how joiners become productive, in general and by role.

use crate::world::{Onboarding, Slots};

use super::Words;
use super::given::Given;
use super::given::Step::Key;
use super::phrases::{days, number};

impl Words<'_> {
    pub(super) fn onboarding(&mut self, onboarding: &Onboarding, name: &str) {
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
        let slots = format!("slots: {slots}{}", given.mark("mentor_slots"));
        let load = format!("each takes {} FTE from the others{}", number(onboarding.mentor_load), given.mark("mentor_load"));
        match given.has("waiting") {
            true => self.say(1, format!("joiners wait for a mentor slot at level {}; {slots}", number(onboarding.waiting))),
            false => self.say(1, format!("joiners wait for a mentor slot at a level by role; {slots}")),
        }
        let mentored = match (given.has("mentored"), given.has("mentored_days")) {
            (true, true) => {
                format!("at level {}: {}", number(onboarding.mentored), days(&onboarding.mentored_days))
            }
            (true, false) => format!("at level {}, for a time by role", number(onboarding.mentored)),
            (false, true) => format!("at a level by role: {}", days(&onboarding.mentored_days)),
            (false, false) => "by role".to_owned(),
        };
        self.say(2, format!("mentored {mentored}; {load}"));
        self.steps(onboarding, 2, &given);
        for (role, of_role) in onboarding.own() {
            let role = self.role(role);
            let path = [Key("organisation"), Key(name), Key("onboarding"), Key("role"), Key(role)];
            let given = self.given(&path);
            self.onboarding_of_role(of_role, role, &given);
        }
    }

    /// Describes what differs for a role: its own keys.
    fn onboarding_of_role(&mut self, onboarding: &Onboarding, role: &str, given: &Given<'_>) {
        self.say(2, format!("for {role}, in place of that:"));
        if given.has("waiting") {
            self.say(3, format!("wait at level {}", number(onboarding.waiting)));
        }
        if given.has("mentored") || given.has("mentored_days") {
            let mentored = number(onboarding.mentored);
            self.say(3, format!("mentored at level {mentored}: {}", days(&onboarding.mentored_days)));
        }
        if given.has("then") {
            self.steps(onboarding, 3, given);
        }
    }

    fn steps(&mut self, onboarding: &Onboarding, depth: usize, given: &Given<'_>) {
        for step in &onboarding.then {
            self.say(depth, format!("then at level {}: {}", number(step.level), days(&step.days)));
        }
        let mark = if given.has("then") { "" } else { ", without further steps (default)" };
        self.say(depth, format!("then at level 1{mark}"));
    }
}
