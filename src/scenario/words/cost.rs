//! The cost of employment of an organisation, in words.

use crate::world::{Cost, Organisation};

use super::Words;
use super::given::Step::Key;
use super::phrases::{growth, number, percent, steps};

/// The optional keys of a cost table, in words.
const LEFT_OUT: [(&str, &str); 13] = [
    ("salary_per_year", "no salaries"),
    ("overhead", "no overhead"),
    ("per_head_month", "nothing per head"),
    ("fixed_month", "no fixed cost"),
    ("staff_per_year", "hiring staff is free"),
    ("setup", "its start is free"),
    ("hire", "hiring is free"),
    ("onboarding", "onboarding is free"),
    ("severance_months", "no severance"),
    ("exit", "no cost of market exit"),
    ("wage_rise_per_year", "no rise of wages"),
    ("fx_volatility_per_year", "no volatility of the exchange rate"),
    ("fx_drift_per_year", "no drift of the exchange rate"),
];

impl Words<'_> {
    pub(super) fn cost(&mut self, cost: &Cost, organisation: &Organisation) {
        let given = self.given(&[Key("organisation"), Key(&organisation.name), Key("cost")]);
        let pays = if organisation.own { ", and the client pays it" } else { "" };
        self.say(1, format!("its cost of employment, in {}{pays}:", self.currency()));
        if given.has("salary_per_year") {
            let salaries = self.by_role(&cost.salary_per_year, |salary| steps(salary, |amount| number(amount.value())));
            self.say(2, format!("salary per person and year: {salaries}"));
        }
        if given.has("overhead") {
            self.say(2, format!("overhead: {} on top of salaries", percent(cost.overhead)));
        }
        if given.has("per_head_month") {
            self.say(2, format!("workplace and tools: {} per person and month", number(cost.per_head_month)));
        }
        if given.has("fixed_month") {
            self.say(2, format!("fixed: {} a month while it is active", number(cost.fixed_month)));
        }
        for (staff, amount) in &cost.staff_per_year {
            self.say(2, format!("hiring staff: {} a year for each of the {staff} while it is active", number(*amount)));
        }
        if given.has("setup") {
            self.say(2, format!("setting up: {} when it starts", number(cost.setup)));
        }
        if given.has("hire") {
            self.say(2, format!("hiring: {} of the annual salary of each person it hires", percent(cost.hire)));
        }
        if given.has("onboarding") {
            self.say(2, format!("onboarding: {} for each person who joins it", number(cost.onboarding)));
        }
        if given.has("severance_months") {
            let months = number(cost.severance_months);
            self.say(2, format!("severance: {months} monthly salaries to each person released, or present at market exit"));
        }
        if given.has("exit") {
            self.say(2, format!("market exit: {} if it is active then", number(cost.exit)));
        }
        if given.has("wage_rise_per_year") {
            let rise = percent(cost.wage_rise_per_year);
            self.say(2, format!("all of this rises by {rise} on each anniversary of the start"));
        }
        if given.has("fx_volatility_per_year") || given.has("fx_drift_per_year") {
            let volatility = format!("volatility {} a year", percent(cost.fx_volatility_per_year));
            let mean = match cost.fx_drift_per_year {
                drift if drift.abs() > 0.0 => format!("its mean {} a year", growth(drift)),
                _ => "its mean does not change".to_owned(),
            };
            self.say(2, format!("an exchange rate applies to all of this: {volatility}, {mean}"));
        }
        for left_out in given.left_out(&LEFT_OUT) {
            self.say(2, left_out);
        }
    }
}
