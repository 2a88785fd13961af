//! Leaving in words: why and when people give notice, in general and by role, and how long they stay after it.

use crate::input::duration::Duration;
use crate::world::{Attrition, DAYS_PER_YEAR, Surplus};

use super::Words;
use super::given::Given;
use super::given::Step::Key;
use super::phrases::{about_percent, after, days, number, percent, round, struck};

impl Words<'_> {
    pub(super) fn attrition(&mut self, attrition: &Attrition, name: &str) {
        let given = self.given(&[Key("organisation"), Key(name), Key("attrition")]);
        self.tenure(attrition, &given, 1);
        if attrition.early_hazard_per_year > 0.0 && attrition.early_days > 0.0 {
            self.early(attrition, 2);
        }
        if attrition.rotation_hazard_per_year > 0.0 {
            self.rotation(attrition, 2);
        }
        if attrition.burnout_hazard_per_year > 0.0 {
            self.burnout(attrition, 2);
        }
        let none = [
            ("early_hazard_per_year", "no early hazard"),
            ("rotation_hazard_per_year", "no rotation"),
            ("burnout_hazard_per_year", "no burnout"),
        ];
        for left_out in given.left_out(&none) {
            self.say(2, left_out);
        }
        self.notice(attrition, &given, 2);
        self.release(attrition, &given, 2);
        if given.has("replace_share") {
            self.replaced(attrition, 2);
        }
        for (role, of_role) in attrition.own() {
            let role = self.role(role);
            let path = [Key("organisation"), Key(name), Key("attrition"), Key("role"), Key(role)];
            let given = self.given(&path);
            self.attrition_of_role(of_role, role, &given);
        }
    }

    /// Describes what differs for a role: its own keys.
    fn attrition_of_role(&mut self, attrition: &Attrition, role: &str, given: &Given<'_>) {
        self.say(2, format!("for {role}, in place of that:"));
        if given.has("tenure_days") || given.has("attrition_per_year") {
            self.tenure(attrition, given, 3);
        }
        let has_early = given.has("early_hazard_per_year") || given.has("early_days");
        match attrition.early_hazard_per_year > 0.0 {
            true if has_early => self.early(attrition, 3),
            false if has_early => self.say(3, "no early hazard"),
            _ => {}
        }
        let has_rotation = given.has("rotation_hazard_per_year");
        match attrition.rotation_hazard_per_year > 0.0 {
            true if has_rotation => self.rotation(attrition, 3),
            false if has_rotation => self.say(3, "no rotation"),
            _ => {}
        }
        let has_burnout = given.has("burnout_hazard_per_year");
        match attrition.burnout_hazard_per_year > 0.0 {
            true if has_burnout => self.burnout(attrition, 3),
            false if has_burnout => self.say(3, "no burnout"),
            _ => {}
        }
        if given.has("leave_notice_days") || given.has("notice_level") {
            self.notice(attrition, given, 3);
        }
        if given.has("release_notice_days") || given.has("surplus") {
            self.release(attrition, given, 3);
        }
        if given.has("replace_share") {
            self.replaced(attrition, 3);
        }
    }

    fn tenure(&mut self, attrition: &Attrition, given: &Given<'_>, depth: usize) {
        match &attrition.tenure_days {
            Some(tenure) => {
                let gone = about_percent(1.0 - tenure.survival(DAYS_PER_YEAR));
                let half = round(tenure.quantile(0.5));
                self.say(depth, format!("people quit after {}", days(tenure)));
                self.say(
                    depth + 1,
                    format!("if nothing else happens, {gone} quit within a year, and half of them within {half} days"),
                );
                self.say(depth + 1, vacancies(tenure));
            }
            None if given.has("attrition_per_year") => self.say(depth, "nobody quits because of tenure"),
            None => self.say(depth, "nobody quits because of tenure (default)"),
        }
    }

    fn early(&mut self, attrition: &Attrition, depth: usize) {
        let (hazard, until) = (attrition.early_hazard_per_year, attrition.early_days);
        let gone = about_percent(struck(hazard, until));
        let (hazard, until) = (number(hazard), number(until));
        self.say(depth, format!("in their first {until} days, additionally at {hazard} a year: {gone} of them by then"));
    }

    fn rotation(&mut self, attrition: &Attrition, depth: usize) {
        let hazard = attrition.rotation_hazard_per_year;
        let gone = about_percent(struck(hazard, DAYS_PER_YEAR));
        self.say(depth, format!("their employer moves them elsewhere at {} a year: {gone} within a year", number(hazard)));
    }

    fn burnout(&mut self, attrition: &Attrition, depth: usize) {
        let hazard = attrition.burnout_hazard_per_year;
        let gone = about_percent(struck(hazard * 0.2, DAYS_PER_YEAR));
        self.say(depth, format!("burnout: {} a year times the missing share of the wanted output;", number(hazard)));
        self.say(depth + 1, format!("with a fifth missing that is {gone} within a year"));
    }

    fn notice(&mut self, attrition: &Attrition, given: &Given<'_>, depth: usize) {
        let mark = |key| if depth > 2 { "" } else { given.mark(key) };
        let leave = format!("{} they give notice{}", after(&attrition.leave_notice_days), mark("leave_notice_days"));
        self.say(depth, format!("they leave {leave}"));
        if attrition.leave_notice_days.maximum() > 0.0 {
            let level = format!("{} times their earlier output{}", number(attrition.notice_level), mark("notice_level"));
            self.say(depth + 1, format!("until then they produce {level}"));
        }
    }

    fn release(&mut self, attrition: &Attrition, given: &Given<'_>, depth: usize) {
        let mark = if depth > 2 { "" } else { given.mark("release_notice_days") };
        let released = format!("{} they get notice{mark}", after(&attrition.release_notice_days));
        self.say(depth, format!("people released because fewer are wanted leave {released}"));
        if attrition.surplus == Surplus::Wait {
            self.say(depth, "while it is in charge nobody is released: a surplus shrinks as people leave");
        } else if given.has("surplus") {
            self.say(depth, "while it is in charge a surplus is released");
        }
    }

    fn replaced(&mut self, attrition: &Attrition, depth: usize) {
        let share = percent(attrition.replace_share);
        self.say(depth, format!("{share} of the places of those who give notice or refuse a transfer are filled again"));
    }
}

/// Describes how many seats become vacant: the attrition rate as HR departments report it.
fn vacancies(tenure: &Duration) -> String {
    let vacant = round(100.0 * DAYS_PER_YEAR / tenure.mean());
    let always = if tenure.is_exponential() { "" } else { "in the long run, " };
    format!("{always}of 100 seats kept filled, {vacant} become vacant per year")
}
