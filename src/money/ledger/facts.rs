//! The effect of each fact on the books.

use crate::engine::Time;
use crate::input::number::Amount;
use crate::input::steps::Steps;
use crate::model::{Cause, PersonId, Team};
use crate::money::contract::Account;
use crate::money::item::Item;
use crate::money::person::{Bonus, Known};
use crate::money::price::price;
use crate::world::{DAYS_PER_MONTH, MONTHS_PER_YEAR};

use super::Ledger;

impl Ledger {
    pub(super) fn add_person(&mut self, person: PersonId, team: &Team, now: Time) {
        let about = team.person(person);
        let known = Known {
            employer: usize::from(about.employer.0),
            role: usize::from(about.seat.role.0),
            order: about.order,
            employed_from: now,
            is_present: true,
            is_guaranteed: false,
            fte: about.fte,
            billed_before: 0.0,
        };
        self.people.note(person, known);
        self.books[known.employer].change((known.role, known.fte), 1.0, now);
        self.headcount.change(f64::from(u8::from(self.goes_by_charge[known.role])), now);
    }

    pub(super) fn hire(&mut self, person: PersonId, pipeline: usize) {
        let Known { employer, role, fte, .. } = self.people.get(person);
        self.books[pipeline].book_salaries(Item::Hire, (role, fte), |cost| cost.hire);
        self.books[employer].book(Item::Onboarding, |cost| cost.onboarding);
    }

    pub(super) fn remove_person(&mut self, person: PersonId, cause: Cause, now: Time) {
        let Known { employer, role, is_guaranteed, fte, .. } = self.people.get(person);
        self.people.get_mut(person).is_present = false;
        self.books[employer].change((role, fte), -1.0, now);
        self.headcount.change(-f64::from(u8::from(self.goes_by_charge[role])), now);
        if cause == Cause::Release {
            self.book_severance(employer, (role, fte));
        }
        if is_guaranteed {
            self.books[employer].amounts[Item::Guarantee as usize] -= self.billed_for(person, now);
        }
    }

    /// Moves a person from the books of a role to those of another.
    pub(super) fn change_role(&mut self, person: PersonId, to: usize, now: Time) {
        self.advance(now);
        let Known { employer, role, fte, .. } = self.people.get(person);
        let billed_before = if self.has_guarantee { self.billed_for(person, now) } else { 0.0 };
        let known = self.people.get_mut(person);
        (known.role, known.employed_from, known.billed_before) = (to, now, billed_before);
        self.books[employer].change((role, fte), -1.0, now);
        self.books[employer].change((to, fte), 1.0, now);
        let [before, after] = [role, to].map(|role| f64::from(u8::from(self.goes_by_charge[role])));
        self.headcount.change(after - before, now);
    }

    /// Returns what the current employer has billed for a person.
    fn billed_for(&self, person: PersonId, now: Time) -> f64 {
        let Known { employer, role, fte, employed_from, billed_before, .. } = self.people.get(person);
        billed_before + fte * self.billed_since(employed_from, now, (employer, role))
    }

    fn book_severance(&mut self, employer: usize, worker: (usize, f64)) {
        self.books[employer].book_salaries(Item::Severance, worker, |cost| cost.severance_months / MONTHS_PER_YEAR);
    }

    pub(super) fn check_guarantee(&mut self, person: PersonId, team: &Team, now: Time) {
        let known = self.people.get_mut(person);
        let Some(account) = &self.accounts[known.employer] else { return };
        let tenure_days = now.days() - team.person(person).joined_day;
        known.is_guaranteed = account.contract.guarantee_days > 0.0 && tenure_days <= account.contract.guarantee_days + 1e-9;
    }

    /// Returns what was billed for one person of an organisation and role since `from`.
    fn billed_since(&self, from: Time, now: Time, (organisation, role): (usize, usize)) -> f64 {
        let overlap = |begin: Time, end: Time| (end.min(now).days() - begin.max(from).days()).max(0.0);
        let mut billed = 0.0;
        let width = self.roles * self.books.len();
        for (index, &(begin, end)) in self.segments.bounds.iter().enumerate().rev() {
            if end <= from {
                break;
            }
            billed += overlap(begin, end) * self.segments.per_day[index * width + organisation * self.roles + role];
        }
        let Some(account) = &self.accounts[organisation] else { return billed };
        let per_day = account.pay_per_day(&self.books[organisation], role, self.segment_from);
        billed + overlap(self.segment_from, now) * per_day
    }

    pub(super) fn start_organisation(&mut self, organisation: usize, now: Time) {
        self.advance(now);
        self.close_segment(now);
        let books = &mut self.books[organisation];
        books.book(Item::Setup, |cost| cost.setup);
        // The client does not pay the set-up fee again after a collapse.
        if !std::mem::replace(&mut books.is_active, true) {
            self.book_fee(organisation, Item::SetupFee, |account| &account.contract.setup_fee, now);
        }
    }

    fn book_fee(&mut self, organisation: usize, item: Item, steps: fn(&Account) -> &Steps<Amount>, now: Time) {
        if let Some(account) = &self.accounts[organisation] {
            self.books[organisation].amounts[item as usize] += price(steps(account), now);
        }
    }

    pub(super) fn hand_over(&mut self, transfer: u16, now: Time) {
        self.advance(now);
        self.close_segment(now);
        self.sender = self.in_charge;
        self.in_charge = usize::from(self.strategy.transfer(transfer).to.0);
        if self.strategy.is_listed(transfer) {
            self.book_fee(self.sender, Item::TransferFee, |account| &account.contract.transfer_fee, now);
        }
    }

    pub(super) fn change_employer(&mut self, person: PersonId, transfer: u16, now: Time) {
        self.advance(now);
        if self.strategy.is_listed(transfer) {
            self.book_fee(self.sender, Item::TransferFeePerHead, |account| &account.contract.transfer_fee_per_head, now);
        }
        let Known { employer, role, fte, .. } = self.people.get(person);
        if let Some(account) = self.accounts[self.sender].as_ref().filter(|_| self.strategy.is_listed(transfer)) {
            let months = account.contract.transfer_fee_salary_months.at(now.days()).map_or(0.0, |months| months.value());
            let fee = months / MONTHS_PER_YEAR * self.books[employer].salary_per_year((role, fte));
            self.books[self.sender].amounts[Item::TransferFeePerHead as usize] += fee;
        }
        let to = usize::from(self.strategy.transfer(transfer).to.0);
        let known = self.people.get_mut(person);
        let (from, worker, order) = (known.employer, (known.role, known.fte), known.order);
        (known.employer, known.employed_from, known.billed_before) = (to, now, 0.0);
        self.books[from].change(worker, -1.0, now);
        self.books[to].change(worker, 1.0, now);
        let Some(Account { contract, .. }) = &self.accounts[from] else { return };
        let amount = price(&contract.retention_bonus, now);
        let due = now.after(contract.retention_months * DAYS_PER_MONTH);
        if amount > 0.0 && due < self.ends.at(self.ends.last) {
            self.bonuses.promise(Bonus { due: self.ends.snap(due), person, order, contract: from, amount });
        }
    }

    /// Books the client's market exit: exit costs are due, and nothing accrues any more.
    pub(super) fn exit(&mut self, team: &Team, now: Time) {
        self.advance(now);
        self.close_segment(now);
        if let Some(account) = &self.accounts[self.in_charge] {
            let amount = account.contract.termination_months * account.bill_before;
            self.books[self.in_charge].amounts[Item::Termination as usize] += amount;
        }
        for books in self.books.iter_mut().filter(|books| books.is_active) {
            books.book(Item::Exit, |cost| cost.exit);
            books.is_active = false;
        }
        for (person, _) in team.present() {
            let Known { employer, role, fte, .. } = self.people.get(person);
            self.book_severance(employer, (role, fte));
        }
        self.is_over = true;
    }
}
