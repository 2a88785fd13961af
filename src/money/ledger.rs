//! The ledger of one strategy: it hears every fact, and closes its books at each month end.
//!
//! Head-days run up in counters that are touched only when somebody comes or goes. A *segment* is a time in which no price
//! changes and the same organisation is in charge: what runs up in it is head-days times prices, booked when it ends.

use crate::engine::{Ticks, Time};
use crate::input::number::Amount;
use crate::input::steps::Steps;
use crate::model::{Cause, Fact, PersonId, Team};
use crate::world::{DAYS_PER_MONTH, MONTHS_PER_YEAR, OrganisationId, Strategy, World, month_instant};

use super::contract::{Account, InCharge, costs};
use super::heads::Heads;
use super::item::{Amounts, ITEMS, Item, Kind};
use super::organisation::Books;
use super::person::{Bonus, Bonuses, Known, People};
use super::price::{Normals, price};

/// What a month came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Month {
    /// What the client pays.
    pub client_cost: f64,
    /// The same by kind, in the order of [`Kind::ALL`].
    pub by_kind: [f64; Kind::ALL.len()],
    /// What vendors are paid under their contracts.
    pub contract_payments: f64,
    /// What employing costs the vendors that have a contract.
    pub vendor_cost: f64,
}

/// A line of a month's books.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// The organisation whose cost it is, or whose contract it belongs to.
    pub organisation: OrganisationId,
    /// What for.
    pub item: Item,
    /// How much; credits are negative.
    pub amount: f64,
    /// Whether the client pays it, as opposed to a vendor.
    pub client_pays: bool,
}

/// A segment that is over: from when to when, and what a day of each organisation's people of each role was billed at.
#[derive(Debug)]
struct Segments {
    bounds: Vec<(Time, Time)>,
    per_day: Vec<f64>,
}

/// The ledger; see the [module](self).
#[derive(Debug)]
pub struct Ledger {
    ends: Ticks,
    roles: usize,
    horizon_months: u32,
    strategy: Strategy,
    /// Whether anything costs anything at all.
    has_money: bool,
    has_volatility: bool,
    has_guarantee: bool,
    books: Vec<Books>,
    accounts: Vec<Option<Account>>,
    /// Instants within months at which a price changes, and how many have passed.
    cuts: Vec<Time>,
    cuts_passed: usize,
    segment_from: Time,
    segments: Segments,
    month: u32,
    normals: Normals,
    in_charge: usize,
    /// Who handed over in the latest transfer.
    sender: usize,
    headcount: Heads,
    wanted: Heads,
    people: People,
    bonuses: Bonuses,
    is_over: bool,
    days: Vec<f64>,
    closed: Month,
    closed_amounts: Vec<Amounts>,
}

impl Ledger {
    /// Prepares to keep the books of a strategy under a seed.
    #[must_use]
    pub fn new(world: &World, strategy: &Strategy, seed: u64) -> Self {
        let roles = world.roles.len();
        let books: Vec<Books> = world.organisations.iter().map(|about| Books::new(about, roles)).collect();
        let ids = || (0..).map(OrganisationId).take(books.len());
        let account = |id| strategy.contract(id).map(|contract| Account::new(contract, roles));
        let accounts: Vec<Option<Account>> = ids().map(account).collect();
        let organisations = world.organisations.len();
        Self {
            ends: world.month_ends(),
            roles,
            horizon_months: world.horizon_months,
            has_money: books.iter().any(Books::has_costs) || accounts.iter().any(Option::is_some),
            has_volatility: books.iter().any(Books::has_volatility),
            has_guarantee: accounts.iter().flatten().any(|account| account.contract.guarantee_days > 0.0),
            cuts: cuts(world, strategy),
            books,
            accounts,
            cuts_passed: 0,
            segment_from: Time::START,
            segments: Segments { bounds: Vec::new(), per_day: Vec::new() },
            month: 1,
            normals: Normals::new(seed),
            in_charge: usize::from(strategy.employer.0),
            sender: usize::from(strategy.employer.0),
            headcount: Heads::default(),
            wanted: Heads::default(),
            people: People::default(),
            bonuses: Bonuses::default(),
            is_over: false,
            days: vec![0.0; roles],
            closed: Month::default(),
            closed_amounts: vec![[0.0; ITEMS]; organisations],
            strategy: strategy.clone(),
        }
    }

    /// Forgets the replication before; the one of this number begins.
    pub fn start(&mut self, replication: u32) {
        self.books.iter_mut().for_each(Books::start);
        self.accounts.iter_mut().flatten().for_each(Account::start);
        (self.cuts_passed, self.segment_from) = (0, Time::START);
        self.segments.bounds.clear();
        self.segments.per_day.clear();
        self.normals.start(replication);
        self.in_charge = usize::from(self.strategy.employer.0);
        self.sender = self.in_charge;
        (self.headcount, self.wanted) = (Heads::default(), Heads::default());
        self.people.clear();
        self.bonuses.clear();
        self.is_over = false;
        self.closed = Month::default();
        self.begin_month(1);
    }

    /// The month closed last.
    #[must_use]
    pub fn month(&self) -> &Month {
        &self.closed
    }

    /// The books of the month closed last: what is not 0.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        let books = (0..).map(OrganisationId).zip(&self.books).zip(&self.closed_amounts);
        books.flat_map(|((organisation, books), amounts)| {
            let amounts = Item::ALL.iter().zip(amounts).filter(|&(_, &amount)| amount != 0.0);
            amounts.map(move |(&item, &amount)| {
                let client_pays = books.own || item >= Item::FeeMonth;
                Entry { organisation, item, amount, client_pays }
            })
        })
    }

    /// Hears a fact, which the team shows already.
    pub fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        if !self.has_money {
            return;
        }
        match fact {
            Fact::WasThere(seat, _) | Fact::Joined(seat) => {
                self.advance(now);
                let person = team.holder(seat);
                self.take_in(person, team, now);
                if let Fact::Joined(_) = fact {
                    let pipeline = usize::from(team.seat(seat).requisition.pipeline.0);
                    self.hire(person, pipeline);
                }
            }
            Fact::Left(person, cause) => {
                self.advance(now);
                self.see_off(person, cause, now);
            }
            Fact::NoticeGiven(person, cause) if cause.is_attrition() => self.look_at_guarantee(person, team, now),
            Fact::WantedChanged(..) => {
                self.advance(now);
                self.wanted.set(team.wanted().into(), now);
            }
            Fact::OrganisationStarted(organisation) => self.start_organisation(usize::from(organisation.0), now),
            Fact::OrganisationStopped(organisation) => {
                self.advance(now);
                self.close_segment(now);
                self.books[usize::from(organisation.0)].is_active = false;
            }
            Fact::TransferBegan(transfer) => self.hand_over(transfer.0, now),
            Fact::Accepted(person, transfer) => self.change_employer(person, transfer.0, now),
            Fact::MarketExited => self.exit(team, now),
            _ => {}
        }
    }

    /// Closes the books of a month (from 1).
    pub fn month_ended(&mut self, month: u32, _team: &Team, now: Time) {
        if !self.has_money {
            return;
        }
        self.advance(now);
        self.close_segment(now);
        for (account, books) in self.accounts.iter_mut().zip(&mut self.books) {
            if let Some(account) = account {
                account.close_month(books);
            }
        }
        self.closed = self.total();
        for (closed, books) in self.closed_amounts.iter_mut().zip(&self.books) {
            *closed = books.amounts;
        }
        if month < self.horizon_months {
            self.begin_month(month + 1);
        }
    }

    fn begin_month(&mut self, month: u32) {
        self.month = month;
        if month > 1 && self.has_volatility {
            self.normals.step(month);
        }
        let normals = self.normals.sum;
        self.books.iter_mut().for_each(|books| books.begin_month(month, normals));
        self.accounts.iter_mut().flatten().for_each(|account| account.begin_month(month));
    }

    fn total(&self) -> Month {
        let mut month = Month::default();
        for (books, account) in self.books.iter().zip(&self.accounts) {
            for (&item, &amount) in Item::ALL.iter().zip(&books.amounts) {
                let is_of_contract = item >= Item::FeeMonth;
                if is_of_contract || books.own {
                    month.by_kind[item.kind() as usize] += amount;
                }
                if is_of_contract && !matches!(item, Item::Oversight | Item::RetentionBonus) {
                    month.contract_payments += amount;
                }
            }
            month.vendor_cost += if account.is_some() { costs(books) } else { 0.0 };
        }
        month.client_cost = month.by_kind.iter().sum();
        month
    }

    /// Closes segments in which a price has changed by now, and pays bonuses that have fallen due before.
    fn advance(&mut self, now: Time) {
        while let Some(&cut) = self.cuts.get(self.cuts_passed).filter(|&&cut| cut <= now) {
            self.cuts_passed += 1;
            self.close_segment(cut);
        }
        while self.bonuses.is_due(now) {
            let Some(bonus) = self.bonuses.take_due(now) else { continue };
            let known = self.people.get(bonus.person);
            if known.is_present && known.order == bonus.order && !self.is_over {
                self.books[bonus.contract].amounts[Item::RetentionBonus as usize] += bonus.amount;
            }
        }
    }

    fn close_segment(&mut self, now: Time) {
        let from = self.segment_from;
        let charge = InCharge {
            days: now.days_since(from),
            head_days: self.headcount.take_days(now),
            wanted_days: self.wanted.take_days(now),
        };
        if self.has_guarantee && now > from {
            self.keep_segment(from, now);
        }
        for (position, (books, account)) in self.books.iter_mut().zip(&mut self.accounts).enumerate() {
            books.close_segment(from, now, &mut self.days);
            if let Some(account) = account {
                let is_in_charge = position == self.in_charge && !self.is_over;
                account.close_segment(from, &self.days, is_in_charge.then_some(charge), books);
            }
        }
        self.segment_from = now;
    }

    fn keep_segment(&mut self, from: Time, now: Time) {
        self.segments.bounds.push((from, now));
        for (books, account) in self.books.iter().zip(&self.accounts) {
            let per_day = |role| account.as_ref().map_or(0.0, |account| account.pay_per_day(books, role, from));
            self.segments.per_day.extend((0..self.roles).map(per_day));
        }
    }

    fn take_in(&mut self, person: PersonId, team: &Team, now: Time) {
        let about = team.person(person);
        let known = Known {
            employer: usize::from(about.employer.0),
            role: usize::from(about.seat.role.0),
            order: about.order,
            employed_from: now,
            is_present: true,
            is_guaranteed: false,
        };
        self.people.note(person, known);
        self.books[known.employer].heads[known.role].change(1.0, now);
        self.headcount.change(1.0, now);
    }

    fn hire(&mut self, person: PersonId, pipeline: usize) {
        let Known { employer, role, .. } = self.people.get(person);
        self.books[pipeline].book_salaries(Item::Hire, role, |cost| cost.hire);
        self.books[employer].book(Item::Onboarding, |cost| cost.onboarding);
    }

    fn see_off(&mut self, person: PersonId, cause: Cause, now: Time) {
        let Known { employer, role, is_guaranteed, employed_from, .. } = self.people.get(person);
        self.people.get_mut(person).is_present = false;
        self.books[employer].heads[role].change(-1.0, now);
        self.headcount.change(-1.0, now);
        if cause == Cause::Release {
            self.book_severance(employer, role);
        }
        if is_guaranteed {
            let billed = self.billed_since(employed_from, now, (employer, role));
            self.books[employer].amounts[Item::Guarantee as usize] -= billed;
        }
    }

    fn book_severance(&mut self, employer: usize, role: usize) {
        self.books[employer].book_salaries(Item::Severance, role, |cost| cost.severance_months / MONTHS_PER_YEAR);
    }

    fn look_at_guarantee(&mut self, person: PersonId, team: &Team, now: Time) {
        let known = self.people.get_mut(person);
        let Some(account) = &self.accounts[known.employer] else { return };
        let tenure_days = now.days() - team.person(person).joined_day;
        known.is_guaranteed = account.contract.guarantee_days > 0.0 && tenure_days <= account.contract.guarantee_days + 1e-9;
    }

    /// What was billed for one person of an organisation and role since they were employed.
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

    fn start_organisation(&mut self, organisation: usize, now: Time) {
        self.advance(now);
        self.close_segment(now);
        let books = &mut self.books[organisation];
        books.book(Item::Setup, |cost| cost.setup);
        // Whoever sets up again after a collapse is not paid for it by the client.
        if !std::mem::replace(&mut books.is_active, true) {
            self.book_fee(organisation, Item::SetupFee, |account| &account.contract.setup_fee, now);
        }
    }

    fn book_fee(&mut self, organisation: usize, item: Item, steps: fn(&Account) -> &Steps<Amount>, now: Time) {
        if let Some(account) = &self.accounts[organisation] {
            self.books[organisation].amounts[item as usize] += price(steps(account), now);
        }
    }

    fn hand_over(&mut self, transfer: u16, now: Time) {
        self.advance(now);
        self.close_segment(now);
        self.sender = self.in_charge;
        self.in_charge = usize::from(self.strategy.transfer(transfer).to.0);
        if self.strategy.is_listed(transfer) {
            self.book_fee(self.sender, Item::TransferFee, |account| &account.contract.transfer_fee, now);
        }
    }

    fn change_employer(&mut self, person: PersonId, transfer: u16, now: Time) {
        self.advance(now);
        if self.strategy.is_listed(transfer) {
            self.book_fee(self.sender, Item::TransferFeePerHead, |account| &account.contract.transfer_fee_per_head, now);
        }
        let to = usize::from(self.strategy.transfer(transfer).to.0);
        let known = self.people.get_mut(person);
        let (from, role, order) = (known.employer, known.role, known.order);
        (known.employer, known.employed_from) = (to, now);
        self.books[from].heads[role].change(-1.0, now);
        self.books[to].heads[role].change(1.0, now);
        let Some(Account { contract, .. }) = &self.accounts[from] else { return };
        let amount = price(&contract.retention_bonus, now);
        let due = now.after(contract.retention_months * DAYS_PER_MONTH);
        if amount > 0.0 && due < self.ends.at(self.ends.last) {
            self.bonuses.promise(Bonus { due: self.ends.snap(due), person, order, contract: from, amount });
        }
    }

    /// The client leaves: exit costs fall due, and nothing runs up any more.
    fn exit(&mut self, team: &Team, now: Time) {
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
            let Known { employer, role, .. } = self.people.get(person);
            self.book_severance(employer, role);
        }
        self.is_over = true;
    }
}

/// Instants at which a price or a number of staff changes, other than month ends.
fn cuts(world: &World, strategy: &Strategy) -> Vec<Time> {
    let staff = world.organisations.iter().filter_map(|about| about.hiring.as_ref()).flat_map(|hiring| &hiring.staff);
    let staff = staff.flat_map(|staff| staff.steps.iter().map(|(month, _)| month));
    let prices = strategy.contracts.iter().flat_map(|(_, contract)| Account::months(contract));
    let ends = world.month_ends();
    let within = |month: &f64| month.fract() > 0.0 && *month < f64::from(world.horizon_months);
    let mut cuts: Vec<Time> = staff.chain(prices).filter(within).map(|month| ends.snap(month_instant(month))).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}
