//! Things to double-check: keys that have no effect where they are, and missing amounts.

use crate::world::{Attrition, Billing, Contract, Organisation, OrganisationId, Strategy, Transfer};

use super::Words;
use super::given::Given;
use super::given::Step::{Item, Key};
use super::phrases::row;
use super::strategy::{in_charge, sender};

impl Words<'_> {
    pub(super) fn notes_on_organisation(&mut self, organisation: &Organisation) {
        let mut notes = Vec::new();
        let strategies = &self.scenario.strategies;
        let is_it = |id: OrganisationId| self.name(id) == organisation.name;
        let takes_part = |strategy: &Strategy| in_charge(strategy).into_iter().any(is_it);
        if !strategies.iter().any(takes_part) {
            notes.push("takes part in no strategy: it has no effect".to_owned());
        }
        let may_release =
            self.demand_may_fall() || strategies.iter().any(|strategy| !self.too_many_at_first(strategy).is_empty());
        self.notes_on_like(organisation, &mut notes);
        self.notes_on_hiring(organisation, &mut notes);
        self.notes_on_cost(organisation, may_release, &mut notes);
        if let Some(attrition) = &organisation.attrition {
            let given = self.given(&[Key("organisation"), Key(&organisation.name), Key("attrition")]);
            let is_without_hazard = attrition.all().all(|attrition| attrition.early_hazard_per_year <= 0.0);
            if given.has("early_days") && is_without_hazard {
                notes.push("early_days has no effect: there is no early hazard".to_owned());
            }
            if given.has("release_notice_days") && !may_release {
                notes.push("release_notice_days has no effect: nobody is released, as demand does not fall".to_owned());
            }
            let is_without_notice = attrition.all().all(|attrition| attrition.leave_notice_days.maximum() <= 0.0);
            if given.has("notice_level") && is_without_notice {
                notes.push(
                    "notice_level has no effect: nobody stays after giving notice (leave_notice_days is 0)".to_owned(),
                );
            }
        }
        self.second_look(&format!("organisation {}", organisation.name), &notes);
    }

    /// A table that only has keys by role looks like an addition to that of the other organisation, but replaces it.
    fn notes_on_like(&self, organisation: &Organisation, notes: &mut Vec<String>) {
        let own = Given::at(self.as_written, &[Key("organisation"), Key(&organisation.name)]);
        let Some(other) = own.text("like") else { return };
        for table in ["onboarding", "attrition"] {
            let keys = |root, name| Given::at(root, &[Key("organisation"), Key(name), Key(table)]);
            let (given, of_other) = (keys(self.as_written, &organisation.name), keys(self.resolved, other));
            if given.has("role") && !given.has_others_than("role") && of_other.has_others_than("role") {
                notes.push(format!("{table} has only keys by role: a table is used whole, so nothing of {other}'s applies"));
            }
        }
    }

    fn notes_on_hiring(&self, organisation: &Organisation, notes: &mut Vec<String>) {
        let Some(hiring) = &organisation.hiring else { return };
        for (position, staff) in hiring.staff.iter().enumerate() {
            if !hiring.stages.iter().any(|stage| stage.staff == Some(position)) {
                notes.push(format!("staff {} has no effect: no stage uses it", staff.name));
            }
        }
        if let Some(bench) = &hiring.bench {
            let is_wanted = |role: usize| self.scenario.world.demand[role].steps().any(|(_, heads)| heads > 0);
            for (role, _) in bench.stock.0.iter().filter(|(role, _)| !is_wanted(usize::from(role.0))) {
                notes.push(format!("bench of {} has no effect: they are never wanted", self.role(*role)));
            }
        }
    }

    fn notes_on_cost(&self, organisation: &Organisation, may_release: bool, notes: &mut Vec<String>) {
        let Some(cost) = &organisation.cost else { return };
        let given = self.given(&[Key("organisation"), Key(&organisation.name), Key("cost")]);
        let is_paid = |role| cost.salary_per_year.0.iter().any(|(paid, _)| *paid == role);
        let free = self.wanted_roles_without(is_paid);
        if !free.is_empty() {
            notes.push(format!("no salary for {}: they cost nothing except per-head costs", row(&free)));
        }
        let staff = organisation.hiring.as_ref().map_or(&[][..], |hiring| &hiring.staff);
        let is_unpaid = |name: &&str| !cost.staff_per_year.iter().any(|(paid, _)| paid == name);
        let unpaid: Vec<&str> = staff.iter().map(|staff| staff.name.as_str()).filter(is_unpaid).collect();
        if !unpaid.is_empty() {
            notes.push(format!("no cost of {} in staff_per_year: they are free", row(&unpaid)));
        }
        if given.has("severance_months") && !may_release && !self.may_exit() {
            notes.push(
                "severance_months has no effect: nobody is released and the client never leaves the market".to_owned(),
            );
        }
        if given.has("exit") && !self.may_exit() {
            notes.push("exit has no effect: the client never leaves the market".to_owned());
        }
    }

    pub(super) fn notes_on_strategy(&mut self, strategy: &Strategy) {
        let mut notes = self.too_many_at_first(strategy);
        for (index, transfer) in strategy.transfers.iter().enumerate() {
            self.notes_on_transfer(transfer, index, strategy, &mut notes);
        }
        for (vendor, contract) in &strategy.contracts {
            self.notes_on_contract(*vendor, contract, strategy, &mut notes);
        }
        for id in in_charge(strategy) {
            let organisation = self.scenario.world.organisation(id);
            if self.has_money() && !organisation.own && strategy.contract(id).is_none() {
                let name = &organisation.name;
                notes.push(format!("{name}'s costs are NOT counted: it has no contract and is not `own = true`"));
            }
        }
        let may_collapse = |id: &OrganisationId| self.scenario.world.organisation(*id).failure_hazard_per_year > 0.0;
        if let Some(rescue) = &strategy.rescue {
            let others: Vec<OrganisationId> = in_charge(strategy).into_iter().filter(|id| *id != rescue.to).collect();
            if !others.iter().any(may_collapse) {
                notes.push(format!("rescue has no effect: {} never collapses", self.names(&others)));
            }
        }
        self.second_look(&format!("strategy {}", strategy.name), &notes);
    }

    /// Whether anything in the scenario costs or is worth money.
    fn has_money(&self) -> bool {
        let world = &self.scenario.world;
        world.value_per_fte_month.is_some()
            || world.organisations.iter().any(|organisation| organisation.cost.is_some())
            || self.scenario.strategies.iter().any(|strategy| !strategy.contracts.is_empty())
    }

    fn notes_on_transfer(&self, transfer: &Transfer, index: usize, strategy: &Strategy, notes: &mut Vec<String>) {
        let given = self.given(&[Key("strategy"), Key(&strategy.name), Key("transfer"), Item(index)]);
        let mut note = |text: String| notes.push(format!("transfer to {}: {text}", self.name(transfer.to)));
        let (day, end) = (transfer.trigger.earliest().day, self.scenario.world.horizon_days());
        if day >= end {
            note(format!("it never takes place: the end is month {}", self.scenario.world.horizon_months));
            return;
        }
        if transfer.exercise <= 0.0 {
            note("it never takes place: exercise is 0".to_owned());
            return;
        }
        if transfer.waves.len() == 1 && given.has("wave_gap_days") {
            note("wave_gap_days has no effect: there is only one wave".to_owned());
        }
        let beyond = |wave: &usize| {
            let days = transfer.wave_gap_days * f64::from(u32::try_from(*wave).unwrap_or(u32::MAX));
            day + days >= end
        };
        let late = (0..transfer.waves.len()).filter(beyond).count();
        // A first share of 0 can only be intended: hiring moves, and the team stays.
        let is_meant = transfer.waves[..transfer.waves.len() - late].iter().all(|share| *share <= 0.0);
        if late > 0 && !is_meant {
            let from = self.name(sender(strategy, index));
            let late = if late == 1 { "the last wave comes".to_owned() } else { format!("the last {late} waves come") };
            note(format!("{late} after the end: those people stay with {from}"));
        }
        let none_refuses =
            transfer.acceptance >= 1.0 && transfer.acceptance_by_role.0.iter().all(|(_, share)| share.value() >= 1.0);
        if given.has("refuser_stays_days") && none_refuses {
            note("refuser_stays_days has no effect: nobody refuses".to_owned());
        }
        if given.has("shock_days") && transfer.shock_hazard_per_year <= 0.0 {
            note("shock_days has no effect: there is no shock_hazard_per_year".to_owned());
        }
        if given.has("disruption_days") && !given.has("disruption") {
            note("disruption_days has no effect: there is no disruption".to_owned());
        }
    }

    fn notes_on_contract(&self, vendor: OrganisationId, contract: &Contract, strategy: &Strategy, notes: &mut Vec<String>) {
        let name = self.name(vendor);
        let given = self.given(&[Key("strategy"), Key(&strategy.name), Key("contract"), Key(name)]);
        let about = self.scenario.world.organisation(vendor);
        let mut note = |text: &str| notes.push(format!("contract with {name}: {text}"));
        let hands_over = (0..strategy.transfers.len()).any(|transfer| sender(strategy, transfer) == vendor);
        let is_rescued = strategy.rescue.is_some() && about.failure_hazard_per_year > 0.0;
        for key in ["transfer_fee", "transfer_fee_per_head"] {
            if given.has(key) && !hands_over {
                note(&format!("{key} has no effect: {name} never hands over"));
            }
        }
        if given.has("retention_bonus") && !hands_over && !is_rescued {
            note(&format!("retention_bonus has no effect: {name} never hands over"));
        }
        if given.has("termination_months") && !self.may_exit() {
            note("termination_months has no effect: the client never leaves the market");
        }
        let gives_notice = about.attrition.iter().flat_map(Attrition::all).any(Attrition::has_quits);
        if given.has("guarantee_days") && !gives_notice {
            note(&format!("guarantee_days has no effect: nobody gives notice to {name}"));
        }
        match &contract.billing {
            Billing::CostPlus(_) if about.cost.is_none() => {
                note(&format!("cost_plus bills nothing: {name} has no cost of employment (no [cost])"));
            }
            Billing::CostPlus(_) if given.has("rate_rise_per_year") && !given.has("fee_month") => {
                note("rate_rise_per_year has no effect: there are neither rates nor a monthly fee");
            }
            Billing::Rates(rates) if given.has("rate_per_month") => {
                let unbilled = self.wanted_roles_without(|role| rates.0.iter().any(|(billed, _)| *billed == role));
                if !unbilled.is_empty() {
                    note(&format!("rate_per_month has no rate for {}: they are billed at 0", row(&unbilled)));
                }
            }
            _ => {}
        }
    }
}
