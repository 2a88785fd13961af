//! The ledger of one strategy. It observes every fact, and closes its books at each month end.
//!
//! Head-days accrue in counters that change only when people come or go. A *segment* is a time in which no price changes and
//! the same organisation is in charge. Its amounts are head-days times prices, and are booked when it ends.

mod facts;

use crate::engine::{Ticks, Time};
use crate::model::{Fact, Team};
use crate::world::{OrganisationId, Strategy, World, role_id};

use super::contract::{Account, InCharge, costs};
use super::heads::Heads;
use super::item::{Amounts, ITEMS, Item, Kind};
use super::organisation::Books;
use super::person::{Bonuses, People};
use super::price::Normals;

/// The totals of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Month {
    /// What the client pays.
    pub client_cost: f64,
    /// The same, split by kind in the order of [`Kind::ALL`].
    pub by_kind: [f64; Kind::ALL.len()],
    /// What vendors are paid under their contracts.
    pub contract_payments: f64,
    /// The cost of employment of the vendors that have a contract.
    pub vendor_cost: f64,
}

/// One line in a month's books.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// The organisation whose cost it is, or whose contract it belongs to.
    pub organisation: OrganisationId,
    /// The purpose.
    pub item: Item,
    /// The amount. Credits are negative.
    pub amount: f64,
    /// Whether the client pays it, not a vendor.
    pub client_pays: bool,
}

/// Closed segments: their start and end, and the amount billed per day for a person of each role and organisation.
#[derive(Debug)]
struct Segments {
    bounds: Vec<(Time, Time)>,
    per_day: Vec<f64>,
}

/// The ledger of one strategy, reused for all replications.
#[derive(Debug)]
pub struct Ledger {
    ends: Ticks,
    roles: usize,
    strategy: Strategy,
    /// Whether there is any cost or contract at all.
    has_money: bool,
    has_volatility: bool,
    has_guarantee: bool,
    books: Vec<Books>,
    accounts: Vec<Option<Account>>,
    /// Instants within months at which a price changes, and how many of them have passed.
    cuts: Vec<Time>,
    cuts_passed: usize,
    segment_from: Time,
    segments: Segments,
    normals: Normals,
    in_charge: usize,
    /// The organisation that handed over in the latest transfer.
    sender: usize,
    /// People present and wanted of the roles that go by the organisation in charge.
    headcount: Heads,
    wanted: Heads,
    /// Whether each role does.
    goes_by_charge: Vec<bool>,
    people: People,
    bonuses: Bonuses,
    is_over: bool,
    days: Vec<f64>,
    closed: Month,
    closed_amounts: Vec<Amounts>,
}

impl Ledger {
    /// Returns the ledger of a strategy under a seed.
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
            has_money: books.iter().any(Books::has_costs) || accounts.iter().any(Option::is_some),
            has_volatility: books.iter().any(Books::has_volatility),
            has_guarantee: accounts.iter().flatten().any(|account| account.contract.guarantee_days > 0.0),
            cuts: cuts(world, strategy),
            books,
            accounts,
            cuts_passed: 0,
            segment_from: Time::START,
            segments: Segments { bounds: Vec::new(), per_day: Vec::new() },
            normals: Normals::new(seed),
            in_charge: usize::from(strategy.employer.0),
            sender: usize::from(strategy.employer.0),
            headcount: Heads::default(),
            wanted: Heads::default(),
            goes_by_charge: (0..roles).map(|role| strategy.employer_by_role.get(role_id(role)).is_none()).collect(),
            people: People::default(),
            bonuses: Bonuses::default(),
            is_over: false,
            days: vec![0.0; roles],
            closed: Month::default(),
            closed_amounts: vec![[0.0; ITEMS]; organisations],
            strategy: strategy.clone(),
        }
    }

    /// Starts the books of a replication, and clears those of the one before.
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

    /// Returns the month closed last.
    #[must_use]
    pub fn month(&self) -> &Month {
        &self.closed
    }

    /// Returns the lines of the month closed last, except those that are 0.
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

    /// Books a fact that the team already reflects.
    #[inline(always)]
    pub fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        if self.has_money {
            self.book(fact, team, now);
        }
    }

    #[inline(always)]
    fn book(&mut self, fact: Fact, team: &Team, now: Time) {
        match fact {
            Fact::WasThere { seat, .. } | Fact::Joined(seat) => {
                self.advance(now);
                let person = team.holder(seat);
                self.add_person(person, team, now);
                if let Fact::Joined(_) = fact {
                    let pipeline = usize::from(team.seat(seat).requisition.pipeline.0);
                    self.hire(person, pipeline);
                }
            }
            Fact::Left(person, cause) => {
                self.advance(now);
                self.remove_person(person, cause, now);
            }
            Fact::NoticeGiven(person, cause) if cause.is_attrition() => self.check_guarantee(person, team, now),
            Fact::WantedChanged(..) => {
                self.advance(now);
                self.wanted.set(self.wanted_in_charge(team).into(), now);
            }
            Fact::OrganisationStarted(organisation) => self.start_organisation(usize::from(organisation.0), now),
            Fact::OrganisationStopped(organisation) => {
                self.advance(now);
                self.close_segment(now);
                self.books[usize::from(organisation.0)].is_active = false;
            }
            Fact::TransferBegan(transfer) => self.hand_over(transfer.0, now),
            Fact::Promoted { person, to, .. } => self.change_role(person, usize::from(to.role.0), now),
            Fact::Accepted(person, transfer) => self.change_employer(person, transfer.0, now),
            Fact::MarketExited => self.exit(team, now),
            _ => {}
        }
    }

    /// Returns the wanted headcount of the roles that go by the organisation in charge.
    fn wanted_in_charge(&self, team: &Team) -> u32 {
        let others = self.goes_by_charge.iter().enumerate().filter(|(_, goes_by_charge)| !**goes_by_charge);
        team.wanted() - others.map(|(role, _)| team.wanted_in(role_id(role))).sum::<u32>()
    }

    /// Closes the books of a month (from 1).
    pub fn month_ended(&mut self, month: u32, now: Time) {
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
        if month < self.ends.last {
            self.begin_month(month + 1);
        }
    }

    fn begin_month(&mut self, month: u32) {
        if month > 1 && self.has_volatility {
            self.normals.step(month);
        }
        let normals = self.normals.sum;
        let days = self.ends.length_days(month);
        self.books.iter_mut().for_each(|books| books.begin_month(month, days, normals));
        self.accounts.iter_mut().flatten().for_each(|account| account.begin_month(month, days));
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

    /// Closes segments in which a price has changed by now, and pays the bonuses that were due before.
    fn advance(&mut self, now: Time) {
        while let Some(&cut) = self.cuts.get(self.cuts_passed).filter(|&&cut| cut <= now) {
            self.cuts_passed += 1;
            self.close_segment(cut);
        }
        while let Some(bonus) = self.bonuses.take_due(now) {
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
}

/// Returns the instants other than month ends at which a price or a number of staff changes.
fn cuts(world: &World, strategy: &Strategy) -> Vec<Time> {
    let staff = world.organisations.iter().filter_map(|about| about.hiring.as_ref()).flat_map(|hiring| &hiring.staff);
    let staff = staff.flat_map(|staff| staff.steps.iter().map(|(from, _)| from));
    let prices = strategy.contracts.iter().flat_map(|(_, contract)| Account::changes(contract));
    let salaries = world.organisations.iter().filter_map(|about| about.cost.as_ref());
    let salaries = salaries.flat_map(|cost| &cost.salary_per_year.0).flat_map(|(_, salary)| salary.iter());
    let salaries = salaries.map(|(from, _)| from);
    let ends = world.month_ends();
    let mut cuts: Vec<Time> = staff.chain(prices).chain(salaries).map(|from| ends.snap(Time::from_days(from.day))).collect();
    cuts.retain(|&cut| cut < ends.end() && (0..ends.last).all(|month| ends.at(month) != cut));
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}
