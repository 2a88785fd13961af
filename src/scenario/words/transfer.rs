//! A transfer in words: when it starts, what happens then, and the damage it does.

use crate::report::number::readable;
use crate::world::{HiringAfter, Ready, Strategy, Transfer, Trigger};

use super::Words;
use super::given::Given;
use super::given::Step::{Item, Key};
use super::phrases::{about_percent, after, number, percent, row, struck};
use super::strategy::sender;

impl Words<'_> {
    pub(super) fn transfer(&mut self, transfer: &Transfer, index: usize, strategy: &Strategy) {
        let path = [Key("strategy"), Key(&strategy.name), Key("transfer"), Item(index)];
        let given = self.given(&path);
        let to = self.name(transfer.to);
        let by_default = if given.has("prepare_month") { "" } else { ", by default" };
        let prepare = format!("{}{by_default}", self.at(transfer.prepare));
        let before = strategy.transfers[..index].iter().map(|transfer| transfer.to);
        let again = [strategy.employer].into_iter().chain(before).any(|other| other == transfer.to);
        let starts = if again { "starts again, unless it is still active" } else { "starts" };
        self.say(1, format!("{prepare}: {to} {starts}"));
        self.say(2, self.set_up_about(transfer.to, transfer.prepare));
        let path = [path[0], path[1], path[2], path[3], Key("ready")];
        match &transfer.trigger {
            Trigger::At(at) => {
                self.say(1, format!("{}: the team transfers to {to}", self.at(*at)));
            }
            Trigger::Ready(ready) => self.ready(ready, (to, self.name(sender(strategy, index))), &given, &self.given(&path)),
        }
        self.say(2, format!("if {to} is not set up by then, as soon as it is"));
        self.say(2, format!("from that day on {to} is in charge and employs all joiners"));
        if index > 0 {
            self.say(2, "not before the previous transfer is complete");
        }
        if transfer.exercise < 1.0 {
            let taken = percent(transfer.exercise);
            self.say(
                2,
                format!("the client exercises this option with a probability of {taken}; if not, {to} never starts"),
            );
        } else {
            self.say(2, format!("the client always exercises this option{}", given.mark("exercise")));
        }
        self.waves(transfer, &given);
        self.answers(transfer, &given);
        self.aftermath(transfer, &given);
        let mark = given.mark("hiring_after");
        let pipeline = match transfer.hiring_after {
            HiringAfter::Receiver => format!("{to} hires from then on{mark}"),
            HiringAfter::Sender => {
                let sender = self.name(sender(strategy, index));
                format!("{sender} hires as before; joiners are employed by {to}")
            }
        };
        self.say(2, pipeline);
    }

    /// Describes what makes the team ready. `to` takes over from `from`.
    fn ready(&mut self, ready: &Ready, (to, from): (&str, &str), transfer: &Given<'_>, given: &Given<'_>) {
        let earliest = format!("{}{}", self.at(ready.earliest), given.mark("earliest_month"));
        self.say(1, format!("when the team is ready, not before {earliest}, it transfers to {to}; it is ready"));
        let for_months = match ready.for_months {
            1 => format!("at a month end{}", given.mark("for_months")),
            months => format!("at a month end and the {} before", months - 1),
        };
        self.say(2, format!("once {for_months}:"));
        if let Some(share) = ready.headcount_share {
            self.say(3, format!("headcount is at least {} of the wanted headcount", percent(share)));
        }
        if let Some(share) = ready.effective_share {
            self.say(3, format!("effective output is at least {} of the wanted output", percent(share)));
        }
        if let Some(share) = ready.knowledge_share {
            self.say(3, format!("knowledge is at least {}", percent(share)));
        }
        let none = [
            ("headcount_share", "share of headcount"),
            ("effective_share", "share of output"),
            ("knowledge_share", "knowledge"),
        ];
        for left_out in given.left_out(&none) {
            self.say(3, format!("not required: {left_out}"));
        }
        let mark = transfer.mark("if_not_ready");
        match ready.latest {
            None => {
                self.say(2, format!("there is no latest month (default): {from} stays in charge until the team is ready"))
            }
            Some(latest) if latest.extends => {
                let month = self.at(latest.at);
                self.say(2, format!("if not ready by {month}, it never transfers: {from} stays in charge"));
            }
            Some(latest) => self.say(2, format!("at the latest in {}, ready or not{mark}", self.at(latest.at))),
        }
    }

    fn waves(&mut self, transfer: &Transfer, given: &Given<'_>) {
        if transfer.waves.len() == 1 {
            self.say(2, format!("everyone is asked on that day, in one wave{}", given.mark("waves")));
            return;
        }
        let shares: Vec<String> = transfer.waves.iter().map(|share| percent(*share)).collect();
        let gap = format!("{}{}", Self::lag(transfer.wave_gap_days), given.mark("wave_gap_days"));
        self.say(2, format!("{} of the people are asked in waves {gap} apart, longest tenure first", row(&shares)));
    }

    fn answers(&mut self, transfer: &Transfer, given: &Given<'_>) {
        let accept = format!("{} accept{}", percent(transfer.acceptance), given.mark("acceptance"));
        let by_role = self.by_role(&transfer.acceptance_by_role, |share| percent(share.value()));
        let by_role = if by_role.is_empty() { by_role } else { format!(", except {by_role}") };
        self.say(2, format!("{accept}{by_role}"));
        let stays = format!("{} they are asked{}", after(&transfer.refuser_stays_days), given.mark("refuser_stays_days"));
        self.say(2, format!("people who refuse leave {stays}"));
    }

    fn aftermath(&mut self, transfer: &Transfer, given: &Given<'_>) {
        let (hazard, until) = (transfer.shock_hazard_per_year, transfer.shock_days);
        if hazard > 0.0 {
            let gone = about_percent(struck(hazard, until));
            self.say(
                2,
                format!(
                    "for {}, accepters give notice at {} a year more: {gone} of them by then",
                    Self::lag(until),
                    readable(hazard)
                ),
            );
        }
        if transfer.disruption_days > 0.0 {
            let factor = format!("{}{}", number(transfer.disruption), given.mark("disruption"));
            self.say(2, format!("for {}, accepters produce {factor} times as much", Self::lag(transfer.disruption_days)));
        }
        let none = [("shock_hazard_per_year", "no shock"), ("disruption_days", "no disruption")];
        for left_out in given.left_out(&none) {
            self.say(2, left_out);
        }
    }
}
